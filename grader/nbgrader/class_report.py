"""`grader report`: the class page of a unit or of the course, from reports, gradebook and answers."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader import results
from grader.course import manifest, notebooks
from grader.course.folder import CourseFolder
from grader.errors import GraderError
from grader.grading.names import stored_outputs
from grader.nbgrader import collection
from grader.nbgrader.collection import STAMP, small_file
from grader.nbgrader.feedback_facts import answers_of
from grader.nbgrader.gradebook import open_gradebook
from grader.nbgrader.gradebook_place import gradebook_file
from grader.report import class_page
from grader.report.class_facts import UnitFacts, unit_facts
from grader.report.similarity import AlikePair, similar
from grader.results import Report

_BY_HAND = """
select submitted.student_id, cell.name, grade.manual_score from grade join base_cell cell on cell.id = grade.cell_id
join submitted_notebook mine on mine.id = grade.notebook_id
join submitted_assignment submitted on submitted.id = mine.assignment_id
join assignment on assignment.id = submitted.assignment_id
where assignment.name = :unit and grade.manual_score is not null
"""


_COUNTS = """
select submitted.student_id, mine.id, coalesce(mine.late_submission_penalty, 0),
       sum(coalesce(grade.manual_score, grade.auto_score, 0) + coalesce(grade.extra_credit, 0))
from submitted_notebook mine join submitted_assignment submitted on submitted.id = mine.assignment_id
join assignment on assignment.id = submitted.assignment_id join grade on grade.notebook_id = mine.id
where assignment.name = :unit group by submitted.student_id, mine.id, mine.late_submission_penalty
"""


def write_class_report(course: manifest.Course, folder: Path, unit_id: str, path: Path | None = None) -> Path:
    """Write the class page of one unit; return where. Raises GraderError if no submission has been graded."""
    unit, layout = course.unit(unit_id), CourseFolder(folder)
    facts = facts_of(unit, folder, alike=True)
    if facts is None:
        raise GraderError(
            f"{layout.reports(unit_id)}: no submission of {unit_id} has been graded; run `grader grade {unit_id}`"
        )
    examples = {(group.example, group.task) for group in facts.unrecognised}
    answers = functools.cache(lambda student: answers_of(layout.autograded(student, unit_id) / unit.notebook_name))
    code = {(student, task): answers(student).get(task, "") for student, task in sorted(examples)}
    written = path or layout.class_page(unit_id)
    class_page.write_class_page(facts, written, code=code)
    return written


def write_course_report(course: manifest.Course, folder: Path, path: Path | None = None) -> Path:
    """Write the page of the whole course; return where. Raises GraderError if nothing has been graded."""
    units = [facts for unit in course.units if (facts := facts_of(unit, folder)) is not None]
    if not units:
        raise GraderError(f"{CourseFolder(folder).reports()}: nothing has been graded; run `grader grade <unit>`")
    written = path or CourseFolder(folder).course_page
    class_page.write_course_page(course, units, written)
    return written


def facts_of(unit: manifest.Unit, folder: Path, *, alike: bool = False) -> UnitFacts | None:
    """What is known about the class in `unit`, with scores given by hand; None if there is no report.

    With `alike`, answers are compared with each other.

    Raises GraderError if a report cannot be read.
    """
    layout = CourseFolder(folder)
    reports = [_read(layout.report(unit.id, student), unit) for student in layout.students_with_reports(unit.id)]
    if not reports:
        return None
    students = [report.student for report in reports]
    reports, counts = _from_gradebook(reports, folder, unit.id)
    return unit_facts(
        unit.id,
        unit.title,
        reports,
        counts=counts,
        gives={task.id: task.gives for task in unit.tasks},
        handed_in={report.student: _handed_in(layout.autograded(report.student, unit.id)) for report in reports},
        due=unit.due,
        hints={student: _hints(layout.submitted(student, unit.id) / unit.notebook_name) for student in students},
        pairs=_pairs(unit, layout, students) if alike else (),
    )


def _hints(notebook: Path) -> frozenset[str]:
    """The tasks with an open hint in a submitted notebook; none if it cannot be read."""
    try:
        cells = notebooks.read_submission(notebook)["cells"]
    except GraderError:
        return frozenset()
    found = (stored.get("hint") for stored in stored_outputs(cells))
    tasks = (hint.get("task") for hint in found if isinstance(hint, dict))
    return frozenset(task for task in tasks if isinstance(task, str))


def _pairs(unit: manifest.Unit, layout: CourseFolder, students: Sequence[str]) -> list[AlikePair]:
    """The students whose answers are alike beyond what was released and what the reference has."""
    answers = {
        (student, task): source
        for student in students
        for task, source in answers_of(layout.autograded(student, unit.id) / unit.notebook_name).items()
    }
    given = answers_of(layout.released_notebook(unit.id))
    right = answers_of(layout.source(unit.id) / unit.notebook_name)
    return similar(answers, {task: f"{given.get(task, '')}\n{right.get(task, '')}" for task in {*given, *right}})


def _read(path: Path, unit: manifest.Unit) -> Report:
    try:
        return results.read(path)
    except OSError as error:
        raise GraderError(f"{path}: expected a report, got {error}. Run `grader grade {unit.id}` again.") from None


def _handed_in(autograded: Path) -> datetime | None:
    moment = collection.read_moment(small_file(autograded / STAMP).strip())
    return moment.replace(tzinfo=UTC) if moment else None


def _from_gradebook(reports: Sequence[Report], folder: Path, unit_id: str) -> tuple[list[Report], dict[str, float]]:
    """The reports with the scores that a person has set in place of ours, and what counts for each student."""
    path = gradebook_file(folder)
    if path is not None and not path.exists():
        return list(reports), {}
    from sqlalchemy import text

    with open_gradebook(folder) as gradebook:
        rows = gradebook.db.execute(text(_BY_HAND), {"unit": unit_id}).all()
        counts: dict[str, float] = {}
        for student, _, penalty, score in gradebook.db.execute(text(_COUNTS), {"unit": unit_id}):
            counts[student] = counts.get(student, 0.0) + score - penalty
    scores = {(student, name.removeprefix("test_")): score for student, name, score in rows}
    marked = [
        msgspec.structs.replace(
            report,
            tasks=tuple(
                msgspec.structs.replace(task, points=scores.get((report.student, task.task), task.points))
                for task in report.tasks
            ),
        )
        for report in reports
    ]
    return marked, counts
