"""Gather what a feedback page may say: the report, the gradebook, the student's code, the lessons and the map."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from grader import results
from grader.course import concepts, manifest, notebooks
from grader.course.folder import CourseFolder
from grader.course.progress import PASS, Standing, standings
from grader.errors import GraderError
from grader.files import write_named
from grader.grading.ledger import Ledger
from grader.nbgrader.gradebook import keep_open
from grader.nbgrader.gradebook_place import gradebook_url, sqlite_file
from grader.report.feedback_page import Feedback, Mark, RestsOn, feedback_page
from grader.report.handing_in import HandingIn
from grader.report.lessons import lessons
from grader.report.measured_slopes import slopes_for
from grader.results import Report

_GRADES = """
select cell.name, grade.auto_score, grade.manual_score, grade.extra_credit,
       coalesce(graded.max_score, task.max_score, 0)
from grade join base_cell cell on cell.id = grade.cell_id
left join grade_cells graded on graded.id = cell.id left join task_cells task on task.id = cell.id
where grade.notebook_id = :notebook
"""
_COMMENTS = """
select cell.name, comment.manual_comment from comment join base_cell cell on cell.id = comment.cell_id
where comment.notebook_id = :notebook and comment.manual_comment is not null
"""
_NOTEBOOKS = """
select mine.id, mine.late_submission_penalty, submitted.timestamp, assignment.duedate, submitted.extension
from submitted_notebook mine join submitted_assignment submitted on submitted.id = mine.assignment_id
join assignment on assignment.id = submitted.assignment_id
where submitted.student_id = :student and assignment.name = :unit
"""


def write_feedback_page(folder: Path, unit_id: str, student: str, path: Path, *, root: Path) -> None:
    """Write the feedback page of one submission into the file `path`. Raises GraderError if it is not graded."""
    manifest.load(root).unit(unit_id)
    page = page_of(folder, unit_id, student, root=root)
    if page is None:
        report = CourseFolder(folder).report(unit_id, student)
        raise GraderError(f"{report}: no such report; run `grader grade {unit_id}`")
    write_named(path, page)


def page_of(folder: Path, unit_id: str, student: str, *, root: Path, db_url: str = "") -> str | None:
    """The feedback page of a graded submission; None if there is no report of it, or no such unit in the course.

    Raises GraderError if the manifest or the report cannot be read.
    """
    course = _course(root, _changed(root))
    path = CourseFolder(folder).report(unit_id, student)
    if not path.is_file() or unit_id not in {unit.id for unit in course.units}:
        return None
    return feedback_page(gathered(course, folder, results.read(path), db_url=db_url or gradebook_url(folder)))


def gathered(course: manifest.Course, folder: Path, report: Report, *, db_url: str) -> Feedback:
    """Everything that the page of `report` may say: with gradebook, code and lessons."""
    unit, layout = course.unit(report.unit), CourseFolder(folder)
    answers, added, begins = _code(layout.autograded(report.student, unit.id) / unit.notebook_name)
    found = _from_gradebook(db_url, unit, report)
    return Feedback(
        report=report,
        course=course.title,
        unit=unit.title,
        code=answers,
        added=added,
        cell_begins=begins,
        lessons=lessons(layout.released_notebook(unit.id)),
        bases=_bases(course, unit, folder, report, found.marks),
        slopes=slopes_for(course, unit, report.student),
        marks=found.marks,
        others=found.others,
        penalty=found.penalty,
        seconds_late=found.seconds_late,
        handing_in=HandingIn(found.due or unit.due, unit.policies, _attempts_left(layout, unit, report.student)),
    )


def _attempts_left(layout: CourseFolder, unit: manifest.Unit, student: str) -> int | None:
    """The attempts that `grader watch` still grades; None if there is no limit."""
    if not unit.policies.attempts or not layout.ledger.is_file():
        return unit.policies.attempts or None
    with Ledger(layout.ledger) as ledger:
        used, _ = ledger.attempts(unit.id).get(student, (0, ""))
    return max(0, unit.policies.attempts - used)


@functools.lru_cache(maxsize=4)
def _course(root: Path, changed: int) -> manifest.Course:
    return manifest.load(root)


def _changed(root: Path) -> int:
    """When the manifest was changed; 0 if there is none."""
    with contextlib.suppress(OSError):
        return (root / "course" / "course.toml").stat().st_mtime_ns
    return 0


def answers_of(notebook: Path) -> dict[str, str]:
    """The student's answers by task, from the canonical notebook; nothing if it cannot be read."""
    return _code(notebook)[0]


def _code(notebook: Path) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """From the canonical notebook: answers by task, the code cells that were added, and how each cell begins."""
    try:
        cells = notebooks.read_whole(notebook)["cells"]
    except (OSError, ValueError, KeyError):
        return {}, (), ()
    answers = {notebooks.grade_id(cell): notebooks.source_of(cell) for cell in cells if notebooks.is_answer(cell)}
    new = [cell for cell in cells if cell.get("cell_type") == "code" and str(cell.get("id", "")).startswith("added-")]
    begins = (
        next((line.strip() for line in notebooks.source_of(cell).splitlines() if line.strip()), "") for cell in cells
    )
    return answers, tuple(map(notebooks.source_of, new)), tuple(begins)


# ---------------------------------------------------------------------------------------------------------- gradebook


class _Found(msgspec.Struct, frozen=True):
    """What the gradebook says about one submission."""

    marks: dict[str, Mark] = {}
    others: dict[str, Mark] = {}
    penalty: float = 0.0
    seconds_late: float = 0.0
    due: datetime | None = None


_opened = functools.lru_cache(maxsize=2)(keep_open)  # its queries are compiled once; each page reads afresh


def _from_gradebook(db_url: str, unit: manifest.Unit, report: Report) -> _Found:
    """Scores and comments of people, late penalty and due date; nothing if the submission has no row."""
    from sqlalchemy import text

    path = sqlite_file(db_url)
    if path is not None and not path.exists():  # opening it would make an empty one
        return _Found()
    session = _opened(db_url).db
    try:
        rows = session.execute(text(_NOTEBOOKS), {"student": report.student, "unit": unit.id}).all()
        if not rows:
            return _Found()
        _, _, handed_in, due, extension = rows[0]
        penalty = sum(row[1] or 0.0 for row in rows)
        grades: list[Any] = []
        comments: dict[str, str] = {}
        for notebook, *_ in rows:
            grades += session.execute(text(_GRADES), {"notebook": notebook}).all()
            comments |= dict(tuple(row) for row in session.execute(text(_COMMENTS), {"notebook": notebook}))
    finally:
        session.remove()
    ends = _moment(due, extension)
    sent = _moment(handed_in)
    late = (sent - ends).total_seconds() if sent and ends else 0.0
    mine, others = {}, {}
    tasks = {task.task: task for task in report.tasks}
    for name, auto, manual, extra, most in grades:
        task = name.removeprefix("test_")
        points = manual if manual is not None else auto
        mark = Mark(points, most, manual is not None, extra or 0.0, comments.get(task) or comments.get(name) or "")
        if task in tasks and tasks[task].bonus:  # a row of no points, with what was earned as extra credit
            got = None if tasks[task].points is None and extra is None else (points or 0.0) + mark.extra
            mine[task] = replace(mark, points=got, max_points=tasks[task].max_points, extra=0.0, bonus=True)
        elif task in tasks:
            mine[task] = mark
        else:
            others[name.removeprefix("test_").replace("_", " ")] = mark
    return _Found(mine, others, penalty, max(0.0, late), ends)


def _moment(value: Any, extension: Any = None) -> datetime | None:
    """A time of the gradebook, in UTC; the database may give it as text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return None
    if isinstance(extension, str):  # SQLAlchemy stores an interval as a moment after the epoch
        extension = datetime.fromisoformat(extension) - datetime(1970, 1, 1)
    return value.replace(tzinfo=UTC) + (extension if isinstance(extension, timedelta) else timedelta())


# --------------------------------------------------------------------------------------------------- what it rests on


def _bases(
    course: manifest.Course, unit: manifest.Unit, folder: Path, report: Report, marks: Mapping[str, Mark]
) -> dict[str, tuple[RestsOn, ...]]:
    """For each task that lost points, the concepts it needs and how far the student has got with each."""
    givers = concepts.givers(course)
    lost = [task for task in unit.tasks if _lost(report, task.id, marks)]
    needed = {need: givers[need] for task in lost for need in task.needs if need in givers}
    known = standings(folder, report.student, needed.values(), concepts.shown_by(course)) if needed else {}
    known |= {
        step.name: _by_hand(marks[step.task.id], known[step.name])
        for step in needed.values()
        if step.unit.id == unit.id and step.task.id in marks
    }

    def basis(need: str) -> RestsOn:
        step = needed[need]
        here = step.task.id if step.unit.id == unit.id else ""
        return RestsOn(need.replace("-", " "), step.task.title, known[step.name], here)

    return {task.id: tuple(basis(need) for need in task.needs if need in needed) for task in lost}


def _lost(report: Report, task_id: str, marks: Mapping[str, Mark]) -> bool:
    points: Iterator[tuple[float | None, float]] = (
        (marks[task.task].points, marks[task.task].max_points) if task.task in marks else (task.points, task.max_points)
        for task in report.tasks
        if task.task == task_id
    )
    return any(got is not None and got < most - 1e-9 for got, most in points)


def _by_hand(mark: Mark, otherwise: Standing) -> Standing:
    if mark.points is None:
        return otherwise
    return Standing.PASSED if mark.points >= PASS * mark.max_points - 1e-9 else Standing.BELOW
