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
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError, Unavailable
from grader.grading import sqlite_words
from grader.nbgrader import extensions, gradebook_rows
from grader.nbgrader.changes import Agree, Change, UnitStanding, unit_standings, write
from grader.printable import one_line
from grader.results import LastGrading, Report

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

LOCK_SECONDS = 30

_COMMENTS = """
select bc.name as cell, c.manual_comment as said
from comment c
join base_cell bc on bc.id = c.cell_id
join submitted_notebook sn on sn.id = c.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id
join assignment a on a.id = sa.assignment_id
where a.name = :unit and sa.student_id = :student and c.manual_comment is not null and c.manual_comment != ''
"""


def config_of(folder: Path) -> Any:
    """The settings in the course's own nbgrader_config.py. Raises GraderError, with the line, if it cannot be run."""
    from traitlets.config.loader import Config, PyFileConfigLoader

    path = CourseFolder(folder).config
    if not path.is_file():
        return Config()
    try:
        return PyFileConfigLoader(path.name, path=str(folder)).load_config()
    except (Exception, SystemExit) as error:  # it is a program, in which anything may go wrong
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        said = one_line(f"{type(error).__name__}: {error}", 300)
        where = f"{path}:{line}" if line else path
        raise GraderError(f"{where}: {said}. nbgrader stops at it too: mend this file.") from None


def gradebook_url(folder: Path) -> str:
    """The URL of the course's gradebook: gradebook.db, or `CourseDirectory.db_url`."""
    return str(config_of(folder).CourseDirectory.get("db_url", f"sqlite:///{CourseFolder(folder).gradebook.resolve()}"))


def gradebook_file(folder: Path) -> Path | None:
    """The gradebook's file, or None if it is not a file."""
    return sqlite_file(gradebook_url(folder))


def sqlite_file(url: str) -> Path | None:
    """The file behind a gradebook's URL, or None if it is not a file."""
    return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None


class Damaged(GraderError):
    """The gradebook's file is not a database, or is broken inside."""


def wait_for_gradebook(path: Path | None, *, seconds: float = LOCK_SECONDS) -> None:
    """Wait until the gradebook can be written. Raises Damaged, or Unavailable, naming who holds it."""
    if path is None or not path.exists():
        return
    ends = time.monotonic() + seconds
    while True:
        try:
            with contextlib.closing(sqlite3.connect(path, timeout=min(1.0, seconds), isolation_level=None)) as db:
                db.execute("BEGIN IMMEDIATE")
                db.execute("ROLLBACK")
            return
        except sqlite3.DatabaseError as error:
            if not sqlite_words.is_busy(error) or sqlite_words.no_locks_in(path.parent):
                raise database_problem(str(path), path, error) from None
            if time.monotonic() >= ends:
                raise Unavailable(
                    f"{path}: locked by another program for {seconds:g} s ({error}). {_who_holds(path)} "
                    "Nothing was written; run the same command again."
                ) from None


def database_problem(where: str, path: Path | None, error: BaseException | None) -> GraderError:
    """What an error of the gradebook's database means, and what to do."""
    if not isinstance(error, sqlite3.Error) or path is None:
        said = " ".join(str(error).split())
        return Unavailable(f"{where}: {said}; nothing was written. Run the same command again.")
    if sqlite_words.is_damage(error) or (path.exists() and not path.is_file()):
        said = " ".join(str(error).split()) if path.is_file() else "it is not a file"
        return Damaged(
            f"{where}: damaged ({said}); nothing was written, and what is graded is kept. `grader restore` lists the "
            "copies that were kept before each write. Restoring one moves the damaged file aside."
        )
    said = f"{sqlite_words.why(str(error), path)}. Nothing was written; run the same command again."
    return Unavailable(f"{where}: {said}".replace("?.", "?"))


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


@contextlib.contextmanager
def open_gradebook(url: str) -> Iterator[Gradebook]:
    """nbgrader's gradebook, but waiting for a lock as long as we do, unlike nbgrader's own commands.

    Raises Damaged, and Unavailable if it cannot be read or written.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import DatabaseError, OperationalError

    path = sqlite_file(url)
    try:
        with keep_open(url) as gradebook:
            yield gradebook
    except DatabaseError as error:
        if not isinstance(error, OperationalError) and type(error.orig) is not sqlite3.DatabaseError:
            raise
        where = str(path) if path else make_url(url).render_as_string()  # without its password
        held = f" {_who_holds(path)}" if path and "locked" in str(error) else ""
        problem = database_problem(where, path, error.orig)
        raise type(problem)(f"{problem}{held}") from None


def keep_open(url: str) -> Gradebook:
    """`open_gradebook` for those who keep it open; the database's exceptions are not explained."""
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

    A roster exists once `grader roster` has taken one over, or the gradebook has a student with a name or e-mail, or
    one who has never handed in. Otherwise
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
    listed = lets_in is False or CourseFolder(folder).roster.is_file() or any(known.values())
    return [student for student in sorted(students) if listed and student not in known]


def save_class(
    folder: Path,
    unit: manifest.Unit,
    reports: Iterable[Report],
    *,
    stamps: Mapping[str, datetime.datetime | None],
    then: Callable[[], None],
    last: Mapping[str, LastGrading] | None = None,
    units: Sequence[manifest.Unit] = (),
    new_work: Iterable[str] = (),
    agree: Agree | None = None,
    dry_run: bool = False,
) -> list[Change]:
    """Write every report's rows in one transaction; return the grades that change (see `changes.write`).

    `then` is called before the commit, and may still fail. `last` is what the last grading found. The penalties of
    `units` are computed again: all units share the budget of late days.
    """
    url, until = gradebook_url(folder), extensions.read(folder)

    def change(gradebook: Gradebook) -> None:
        _save_rows(unit, reports, stamps, gradebook, last or {})
        settle(folder, gradebook, units or [unit], until)

    return write(
        lambda: open_gradebook(url),
        change,
        agree=agree,
        units={unit.id, *(other.id for other in units)},
        new_work=[(unit.id, student) for student in new_work],
        then=then,
        dry_run=dry_run,
    )


def _save_rows(
    unit: manifest.Unit,
    reports: Iterable[Report],
    stamps: Mapping[str, datetime.datetime | None],
    gradebook: Gradebook,
    last: Mapping[str, LastGrading],
) -> None:
    from nbgrader.api import MissingEntry

    from grader.nbgrader import class_rows

    try:
        assignment = gradebook.find_assignment(unit.id)
    except MissingEntry:
        raise GraderError(
            f"the gradebook has no unit {unit.id}: is it new, or was it emptied? Nothing was written, and what is "
            f"graded is kept. `grader restore` lists older copies; `grader build {unit.id}` makes its rows again."
        ) from None
    db = gradebook.db.connection()
    class_rows.add_indexes(db)
    class_rows.write_class(db, assignment.id, reports, stamps=stamps, last=last)


def settle(folder: Path, gradebook: Gradebook, units: Sequence[manifest.Unit], until: extensions.Extensions) -> None:
    """Set due dates, extensions and late penalties of these units as the manifest and the extensions say."""
    from nbgrader.api import Assignment, SubmittedAssignment

    session = gradebook.db
    there = {row.name: row for row in session.query(Assignment)}
    for unit in units:
        if unit.id in there:
            assignment, given = there[unit.id], until.get(unit.id, {})
            set_due(assignment, unit)
            mine = session.query(SubmittedAssignment).filter_by(assignment_id=assignment.id)
            for submission in mine.filter(SubmittedAssignment.student_id.in_(given)) if given else ():
                extensions.set_extension(submission, unit, given)
    session.flush()
    for unit in units:
        if unit.id in there:
            _assign_penalties(folder, gradebook, there[unit.id])
    session.flush()


def set_due(assignment: Any, unit: manifest.Unit) -> None:
    """Set the manifest's due date, if it gives one: the manifest wins over a date set elsewhere."""
    if unit.due is not None:
        assignment.duedate = as_in_gradebook(unit.due)


def as_in_gradebook(moment: datetime.datetime) -> datetime.datetime:
    """A moment in UTC without a zone, as the gradebook has it."""
    return moment.astimezone(datetime.UTC).replace(tzinfo=None)


def moved_due_date(
    folder: Path, unit: manifest.Unit
) -> tuple[datetime.datetime | None, datetime.datetime | None] | None:
    """The due date in the gradebook and that of the manifest, if they differ and the unit is in the gradebook."""
    path = gradebook_file(folder)
    if path is not None and not path.exists():
        return None
    known = gradebook_rows.due_dates(path)
    if known is None:
        with open_gradebook(gradebook_url(folder)) as gradebook:
            known = {row.name: row.duedate for row in gradebook.assignments}
    now = as_in_gradebook(unit.due) if unit.due else None
    return None if known.get(unit.id, now) == now else (known[unit.id], now)


def add_students(folder: Path, facts: Mapping[str, Mapping[str, str]]) -> tuple[int, int]:
    """Add students, or set their names and e-mails, in one transaction; blanks change nothing.

    Returns how many were added and how many changed.
    """
    from nbgrader.api import Student

    added = changed = 0
    wait_for_gradebook(gradebook_file(folder))
    with open_gradebook(gradebook_url(folder)) as gradebook:
        known = {student.id: student for student in gradebook.students}
        for student, values in facts.items():
            given = {key: value for key, value in values.items() if value}
            if student not in known:
                gradebook.db.add(Student(id=student, **given))
                added += 1
            elif any(getattr(known[student], key) != value for key, value in given.items()):
                for key, value in given.items():
                    setattr(known[student], key, value)
                changed += 1
        gradebook.db.commit()
    return added, changed


def all_standings(folder: Path, units: Sequence[str] | None = None) -> dict[tuple[str, str], UnitStanding]:
    """Every grade in the course's gradebook, by (unit, student); {} if there is no gradebook yet."""
    path = gradebook_file(folder)
    if path is not None and not path.exists():
        return {}
    with open_gradebook(gradebook_url(folder)) as gradebook:
        return unit_standings(gradebook, units)


def by_hand(folder: Path, unit: str, student: str) -> tuple[UnitStanding | None, dict[str, str]]:
    """A student's grade in a unit as the gradebook has it (None if it has none), and people's comments by task."""
    path = gradebook_file(folder)
    if path is not None and not path.exists():
        return None, {}
    with open_gradebook(gradebook_url(folder)) as gradebook:
        rows = gradebook.db.execute(_sql(_COMMENTS), {"unit": unit, "student": student})
        comments = {row.cell: row.said for row in rows}
        return unit_standings(gradebook, [unit]).get((unit, student)), comments


def _assign_penalties(folder: Path, gradebook: Gradebook, assignment: Any) -> None:
    """Assign late penalties as nbgrader's own preprocessor does, with the plugin that the course configures."""
    from nbgrader.api import SubmittedNotebook
    from nbgrader.preprocessors import AssignLatePenalties

    from grader.nbgrader.class_rows import late_notebooks

    session = gradebook.db
    late = late_notebooks(session.connection(), assignment.id, assignment.duedate)
    if not late:
        return
    stock = AssignLatePenalties(config=config_of(folder))
    stock.gradebook, stock.assignment_id = gradebook, assignment.name
    stock.init_plugin()
    for work in late:  # the database computes its score
        notebook = session.get(SubmittedNotebook, work.id, populate_existing=True)
        penalty = stock.plugin_inst.late_submission_penalty(work.student, notebook.score, work.seconds)
        notebook.late_submission_penalty = None if penalty is None else stock._check_late_penalty(notebook, penalty)


def _sql(text: str) -> Any:
    from sqlalchemy import text as sql

    return sql(text)


def save_rows(submission: Any, report: Report, last: LastGrading | None = None) -> None:
    """Write one report into the rows of its submission: automatic scores and comments only.

    `last` is what the grading before this one found.
    """
    from grader.nbgrader.class_rows import values_of_comment, values_of_grade

    tasks = {task.task: task for task in report.tasks}
    for notebook in submission.notebooks:
        for row in notebook.grades:
            for name, value in values_of_grade(row, tasks.get(row.name.removeprefix("test_")), last).items():
                setattr(row, name, value)
        for row in notebook.comments:
            for name, value in values_of_comment(tasks.get(row.name)).items():
                setattr(row, name, value)
