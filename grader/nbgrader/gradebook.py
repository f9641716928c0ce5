"""nbgrader's gradebook: where it is, which process holds it, and how a whole class is written in one transaction.

We write automatic scores, comments and late penalties; anything that people wrote (manual scores, extra credit,
comments) stays. Importing nbgrader takes seconds, so the functions here import it only when called.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import Unavailable
from grader.nbgrader import gradebook_rows
from grader.results import Outcome, Report, TaskResult

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

LOCK_SECONDS = 30
_INDEXES = {
    "grade": "notebook_id",
    "submitted_notebook": "assignment_id",
    "submitted_assignment": "student_id",
    "comment": "notebook_id",
}


def config_of(folder: Path) -> Any:
    """The settings in the course's own nbgrader_config.py."""
    from traitlets.config.loader import Config, PyFileConfigLoader

    path = CourseFolder(folder).config
    if not path.is_file():
        return Config()
    return PyFileConfigLoader(path.name, path=str(folder)).load_config()


def gradebook_url(folder: Path) -> str:
    """The URL of the course's gradebook: gradebook.db, or `CourseDirectory.db_url`."""
    return str(config_of(folder).CourseDirectory.get("db_url", f"sqlite:///{CourseFolder(folder).gradebook.resolve()}"))


def gradebook_file(folder: Path) -> Path | None:
    """The gradebook's file, or None if it is not a file."""
    return sqlite_file(gradebook_url(folder))


def sqlite_file(url: str) -> Path | None:
    """The file behind a gradebook's URL, or None if it is not a file."""
    return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None


def wait_for_gradebook(path: Path | None, *, seconds: float = LOCK_SECONDS) -> None:
    """Wait until the gradebook can be written. Raises Unavailable that names the processes holding it."""
    if path is None or not path.exists():
        return
    ends = time.monotonic() + seconds
    while True:
        connection = sqlite3.connect(path, timeout=min(1.0, seconds), isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            return
        except sqlite3.OperationalError as error:
            if time.monotonic() >= ends:
                raise Unavailable(
                    f"{path}: locked by another program for {seconds:g} s ({error}). {_who_holds(path)} "
                    "Nothing was written; run the same command again."
                ) from None
        finally:
            connection.close()


def _who_holds(path: Path) -> str:
    """The processes that have the file open, as far as this user may see."""
    wanted = path.resolve()
    holders = []
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        with contextlib.suppress(OSError):
            if any(link.resolve() == wanted for link in (process / "fd").iterdir()):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                holders.append(f"process {process.name} ({command[:80]}, of {process.owner()})")
    if holders:
        return f"It is open in {'; '.join(holders)}."
    return "Ask whoever has formgrader, nbgrader or a database tool open on it."


def open_gradebook(url: str) -> Gradebook:
    """nbgrader's gradebook, but waiting for a lock as long as we do, unlike nbgrader's own commands."""
    from nbgrader.api import Gradebook

    patch_alembic_version()
    patient = url.startswith("sqlite:") and "?" not in url
    return Gradebook(f"{url}?timeout={LOCK_SECONDS}" if patient else url)


def patch_alembic_version() -> None:
    """Make nbgrader call alembic directly for the version of a new gradebook, instead of running `alembic` by name.

    Then alembic need not be on the PATH, and we save the seconds that it takes to import nbgrader once more.
    """
    import nbgrader.api
    from nbgrader.dbutil import ALEMBIC_DIR

    def current_head() -> str:
        from alembic.script import ScriptDirectory

        return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())

    nbgrader.api.get_alembic_version = current_head


def not_on_the_roster(folder: Path, students: Iterable[str]) -> list[str]:
    """Those of `students` who are not on the course's roster, in order; empty if there is no roster.

    A roster exists once the gradebook has a student with a name or e-mail, or one who has never handed in. Otherwise
    nbgrader and our engine create students themselves, and anybody may put folders with any name into the exchange.
    `c.Autograde.create_student` overrides this: True admits everyone, False only known students.
    """
    path, lets_in = gradebook_file(folder), config_of(folder).Autograde.get("create_student", None)
    if lets_in or (lets_in is None and path is not None and not path.exists()):
        return []
    known = gradebook_rows.students(path)
    if known is None:
        with open_gradebook(gradebook_url(folder)) as gradebook:
            known = {
                student.id: bool(student.first_name or student.last_name or student.email or not student.submissions)
                for student in gradebook.students
            }
    listed = lets_in is False or any(known.values())
    return [student for student in sorted(students) if listed and student not in known]


def save_class(
    folder: Path,
    unit: manifest.Unit,
    reports: Sequence[Report],
    *,
    stamps: Mapping[str, datetime.datetime | None],
    then: Callable[[], None],
) -> None:
    """Write every report's rows in one transaction; `then` is called before the commit, and may still fail."""
    from sqlalchemy.exc import OperationalError

    url = gradebook_url(folder)
    try:
        with open_gradebook(url) as gradebook:
            session = gradebook.db
            try:
                for table, column in _INDEXES.items():
                    session.execute(_sql(f"CREATE INDEX IF NOT EXISTS grader_{table}_{column} ON {table} ({column})"))
                _save_rows(folder, unit, reports, stamps, gradebook)
                then()
                session.commit()
            except BaseException:
                session.rollback()
                raise
    except OperationalError as error:
        held = _who_holds(path) if "locked" in str(error) and (path := gradebook_file(folder)) else ""
        raise Unavailable(f"{url}: {error.orig}; nothing was written. {held} Run the same command again.") from None


def _save_rows(
    folder: Path,
    unit: manifest.Unit,
    reports: Sequence[Report],
    stamps: Mapping[str, datetime.datetime | None],
    gradebook: Gradebook,
) -> None:
    from nbgrader.api import Student

    session = gradebook.db
    with session.no_autoflush:
        assignment = gradebook.find_assignment(unit.id)
        set_due(assignment, unit)
        known = {student.id for student in session.query(Student)}
        session.add_all(Student(id=report.student) for report in reports if report.student not in known)
        present = _submission_rows(session, assignment)
        for report in reports:
            submission = present.get(report.student) or _new_submission(assignment, report.student)
            submission.timestamp = stamps[report.student]
            save_rows(submission, unit.id, report)
            session.add(submission)
    session.flush()
    _assign_penalties(folder, session, assignment)


def set_due(assignment: Any, unit: manifest.Unit) -> None:
    """Set the manifest's due date if the gradebook has none; a date set by an instructor stays."""
    if assignment.duedate is None and unit.due is not None:
        assignment.duedate = unit.due.astimezone(datetime.UTC).replace(tzinfo=None)


def _assign_penalties(folder: Path, session: Any, assignment: Any) -> None:
    """Assign late penalties as nbgrader's own preprocessor does, with the plugin that the course configures."""
    from nbgrader.preprocessors import AssignLatePenalties

    stock = AssignLatePenalties(config=config_of(folder))
    stock.init_plugin()
    for submission in assignment.submissions:
        late = submission.total_seconds_late
        for notebook in submission.notebooks:
            penalty = None
            if late > 0:
                session.refresh(notebook)  # the database computes its score
                penalty = stock.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
            notebook.late_submission_penalty = None if penalty is None else stock._check_late_penalty(notebook, penalty)


def _sql(text: str) -> Any:
    from sqlalchemy import text as sql

    return sql(text)


def _submission_rows(session: Any, assignment: Any) -> dict[str, Any]:
    """The rows of the submissions in the gradebook, by student, with their grades and comments."""
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import selectinload

    notebooks_of = selectinload(SubmittedAssignment.notebooks)
    rows = (
        session.query(SubmittedAssignment)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .options(notebooks_of.selectinload(SubmittedNotebook.grades))
        .options(notebooks_of.selectinload(SubmittedNotebook.comments))
    )
    return {row.student_id: row for row in rows}


def _new_submission(assignment: Any, student: str) -> Any:
    """A submission with a row for each cell, as nbgrader creates it."""
    from nbgrader.api import Comment, Grade, SubmittedAssignment, SubmittedNotebook

    submission = SubmittedAssignment(assignment=assignment, student_id=student)
    for notebook in assignment.notebooks:
        submitted = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            Grade(cell=cell, notebook=submitted)
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            Comment(cell=cell, notebook=submitted)
    return submission


def save_rows(submission: Any, unit_id: str, report: Report) -> None:
    """Write one report into the rows of its submission: automatic scores and comments only."""
    tasks = {task.task: task for task in report.tasks}
    for notebook in submission.notebooks:
        if notebook.name != unit_id:
            continue
        for row in notebook.grades:
            task = tasks.get(row.name.removeprefix("test_"))
            row.auto_score = task.points if task else None  # a cell unknown to us is for a person to grade
            if task and task.bonus and task.points is not None:  # its cell has no points: they come on top
                row.auto_score, row.extra_credit = 0.0, task.points
            row.needs_manual_grade = row.auto_score is None or row.manual_score is not None
        for comment in notebook.comments:
            task = tasks.get(comment.name)
            if task is not None:
                comment.auto_comment = _comment(task)


def _comment(task: TaskResult) -> str | None:
    """The comment shown beside the answer in formgrader and in the feedback."""
    if task.tests and all(test.outcome is Outcome.MISSING for test in task.tests):
        return "No response."
    return task.explanation or None
