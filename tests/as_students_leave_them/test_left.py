"""Nobody loses earned points silently, whatever happened to the cells of their notebook."""

import json
import re

import pytest
from kit import variant

from grader.course import build, manifest
from grader.grading import pool
from grader.report.feedback_cell import feedback_outputs
from grader.results import Outcome
from tests.as_students_leave_them.notebooks_left import CUBICS, LEFT, TASKS, UNIT, Left, cell, hand_in

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


@pytest.mark.parametrize(
    "name",
    ["an_older_copy_beside", "old_format", "windows", "no_metadata", "worked_under_the_right_name", "right_for_nobody"],
)
def test_notebooks_in_their_place_get_no_notes(name, reports):
    assert [task.notes for task in reports[name].tasks] == [()] * len(TASKS)
    assert "was run under" not in feedback_outputs(reports[name].tasks[0], reports[name])[0]["data"]["text/plain"]


def test_what_is_right_for_another_name_gets_no_other_explanation(reports):
    for name in ("worked_as_root", "worked_as_noether_and_it_says_so", "worked_under_a_name_that_nobody_knows"):
        assert reports[name].tasks[0].diagnosis == "", name


def test_a_slip_beside_numbers_of_another_name_is_named_all_the_same(reports):
    assert reports["worked_as_noether_and_slipped"].tasks[0].diagnosis == "run_without_its_sign"


@pytest.mark.parametrize("another", ["root", "noether", "zora"])
def test_the_names_of_these_students_have_other_numbers(another):
    """Or else the tests above would say nothing."""
    for student in LEFT:
        if student.lost and student.name.startswith("worked_"):
            assert variant("average_rate", CUBICS, student=student.name) != variant(
                "average_rate", CUBICS, student=another
            )


BROKEN = "import no_such_module\nimport math"


def test_a_given_cell_that_fails_by_itself_is_our_fault(course, tmp_path):
    """Right answers are right, untouched ones are untouched, and a teacher decides about all others."""
    released = build.stub_notebook(course.unit(UNIT))
    place = next(n for n, cell in enumerate(released["cells"]) if "rise_over_run" in "".join(cell["source"]))
    released["cells"][place] |= {"cell_type": "code", "source": BROKEN, "outputs": [], "execution_count": None}
    release = tmp_path / "release.ipynb"
    release.write_text(json.dumps(released), encoding="utf-8")
    kinds = {
        "right": lambda notebook, folder: None,
        "wrong": lambda notebook, folder: cell(notebook, "signal").update(source="def signal(f, x):\n    return 5"),
        "stub": lambda notebook, folder: notebook.update(cells=released["cells"]),
    }
    handed_in = []
    for name, edit in kinds.items():
        edit.__name__ = name
        handed_in.append((name, hand_in(Left(edit, [], [], {}), released, tmp_path)))
    right, wrong, stub = pool.grade_class(course, UNIT, handed_in, release)
    assert right.points == right.max_points
    assert [task.task for task in wrong.tasks if task.points is None] == ["signal"]
    says = feedback_outputs(wrong.tasks[-1], wrong)[0]["data"]["text/plain"]
    assert "That is our fault" in says
    assert "no_such_module" in wrong.tasks[-1].tests[-1].staff
    assert stub.points == 0
    assert [task.task for task in stub.tasks if task.points is None] == []


def test_a_given_cell_that_fails_by_the_students_doing_is_not_our_fault(reports):
    report = reports["an_answer_cell_deleted"]
    assert "raised" in report.problem
    assert not any(test.name == "given_cells" for task in report.tasks for test in task.tests)
