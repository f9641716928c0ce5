"""Nobody loses earned points silently, whatever happened to the cells of their notebook."""

import json
import re

import pytest

from grader.course import build, manifest
from grader.grading import pool
from grader.report.feedback_cell import feedback_outputs
from grader.results import Outcome
from tests.as_students_leave_them.notebooks_left import LEFT, TASKS, UNIT, hand_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reports(tmp_path_factory, request):
    """The reports on all of them, by name."""
    place = tmp_path_factory.mktemp("class")
    course = manifest.load(request.config.rootpath)
    released = build.stub_notebook(course.unit(UNIT))
    release = place / "release.ipynb"
    release.write_text(json.dumps(released), encoding="utf-8")
    handed_in = [(student.name, hand_in(student, released, place)) for student in LEFT]
    return {report.student: report for report in pool.grade_class(course, UNIT, handed_in, release)}


@pytest.mark.parametrize("student", LEFT, ids=lambda student: student.name)
def test_points_are_given_pending_or_lost_as_they_should_be(student, reports):
    report = reports[student.name]
    assert [task.task for task in report.tasks] == TASKS
    odd = {task.task: task.points for task in report.tasks if task.points != task.max_points}
    detail = {test.name: (test.outcome, test.hint) for task in report.tasks for test in task.tests if task.task in odd}
    detail = {name: facts for name, facts in detail.items() if facts[0] is not Outcome.PASSED}
    assert [name for name, points in odd.items() if points is None] == student.pending, (report.problem, detail)
    assert [name for name, points in odd.items() if points is not None] == student.lost, (report.problem, detail)


@pytest.mark.parametrize("student", LEFT, ids=lambda student: student.name)
def test_the_feedback_says_what_was_done(student, reports):
    report = reports[student.name]
    pages = {task.task: feedback_outputs(task, report)[0]["data"] for task in report.tasks}
    for task, says in student.says.items():
        for form in ("text/html", "text/plain"):
            assert re.search(says, pages[task][form], re.DOTALL), pages[task][form]


def test_notebooks_in_their_place_get_no_notes(reports):
    for name in ("an_older_copy_beside", "old_format", "windows", "no_metadata"):
        assert [task.notes for task in reports[name].tasks] == [()] * len(TASKS), name
