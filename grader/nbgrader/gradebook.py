"""nbgrader's gradebook: how it is opened, and how a whole class is written in one transaction.

We write automatic scores, comments and late penalties; anything that people wrote (manual scores, extra credit,
comments) stays. Importing nbgrader takes seconds, so the functions here import it only when called.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError
from grader.nbgrader import extensions, gradebook_rows
from grader.nbgrader.changes import Agree, Change, UnitStanding, unit_standings, write
from grader.nbgrader.copies import ready_to_write
from grader.nbgrader.gradebook_place import (
    LOCK_SECONDS,
    config_of,
    database_problem,
    gradebook_file,
    gradebook_url,
    sqlite_file,
    who_holds,
)
from grader.results import LastGrading, Report

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

_ONLY_READS = re.compile(r"\s*(select|pragma|explain)\b", re.IGNORECASE)
_COMMENTS = """
select bc.name as cell, c.manual_comment as said
from comment c
join base_cell bc on bc.id = c.cell_id
join submitted_notebook sn on sn.id = c.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id
join assignment a on a.id = sa.assignment_id
where a.name = :unit and sa.student_id = :student and c.manual_comment is not null and c.manual_comment != ''
"""


@contextlib.contextmanager
def open_gradebook(folder: Path, url: str = "", *, copy: bool = True) -> Iterator[Gradebook]:
    """The course's gradebook (or that at `url`); it waits for a lock as long as we do, unlike nbgrader's own commands.

    Before the first write a copy is kept, here so that no writer can forget it. Without `copy` none is: where nothing
    will be kept, or one copy is enough for many students. Raises Damaged, and Unavailable if it cannot be read, copied
    or written.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import DatabaseError, OperationalError

    url = url or gradebook_url(folder)
    path = sqlite_file(url)
    try:
        with keep_open(url) as gradebook:
            if copy:
                _copy_before_the_first_write(gradebook, folder)
            yield gradebook
    except DatabaseError as error:
        if not isinstance(error, OperationalError) and type(error.orig) is not sqlite3.DatabaseError:
            raise
        where = str(path) if path else make_url(url).render_as_string()  # without its password
        held = f" {who_holds(path)}" if path and "locked" in str(error) else ""
        problem = database_problem(where, path, error.orig)
        raise type(problem)(f"{problem}{held}") from None


def _copy_before_the_first_write(gradebook: Gradebook, folder: Path) -> None:
    """Keep a copy when the first statement comes that is not only a question: then nothing is locked yet."""
    from sqlalchemy import event

    ready = False

    def before(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal ready
        if not ready and not _ONLY_READS.match(statement):
            ready_to_write(folder)
            ready = True

    event.listen(gradebook.engine, "before_cursor_execute", before)


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
        with open_gradebook(folder) as gradebook:
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

    The caller has kept a copy. `then` is called before the commit, and may still fail. `last` is what the last grading
    found. The penalties of `units` are computed again: all units share the budget of late days.
    """
    until = extensions.read(folder)

    def change(gradebook: Gradebook) -> None:
        _save_rows(unit, reports, stamps, gradebook, last or {})
        settle(folder, gradebook, units or [unit], until)

    return write(
        lambda: open_gradebook(folder, copy=False),
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
        with open_gradebook(folder) as gradebook:
            known = {row.name: row.duedate for row in gradebook.assignments}
    now = as_in_gradebook(unit.due) if unit.due else None
    return None if known.get(unit.id, now) == now else (known[unit.id], now)


def add_students(folder: Path, facts: Mapping[str, Mapping[str, str]]) -> tuple[int, int]:
    """Add students, or set their names and e-mails, in one transaction; blanks change nothing.

    Returns how many were added and how many changed.
    """
    from nbgrader.api import Student

    added = changed = 0
    with open_gradebook(folder) as gradebook:
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
    with open_gradebook(folder) as gradebook:
        return unit_standings(gradebook, units)


def by_hand(folder: Path, unit: str, student: str) -> tuple[UnitStanding | None, dict[str, str]]:
    """A student's grade in a unit as the gradebook has it (None if it has none), and people's comments by task."""
    path = gradebook_file(folder)
    if path is not None and not path.exists():
        return None, {}
    with open_gradebook(folder) as gradebook:
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
