"""The rows of a whole class in nbgrader's gradebook, with a few statements for a few hundred students at a time.

nbgrader's own objects cost a millisecond for each cell of each student. These are the same tables, with the same values
in new rows (a test compares). A row that is right already is left alone, so that one new submission costs little in a
large class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count, islice
from secrets import randbits
from time import time_ns
from typing import Any, NamedTuple

import sqlalchemy as sql
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from grader.results import LastGrading, Outcome, Report, TaskResult

Values = dict[str, Any]  # the new values of some columns of a row

AT_ONCE = 500  # students whose rows are in memory
_CELLS, _NOTEBOOKS, _STUDENTS = BaseCell.__table__, Notebook.__table__, Student.__table__
_SUBMISSIONS, _SUBMITTED = SubmittedAssignment.__table__, SubmittedNotebook.__table__
_GRADES, _COMMENTS = Grade.__table__, Comment.__table__
_INDEXES = {
    "grade": "notebook_id",
    "submitted_notebook": "assignment_id",
    "submitted_assignment": "student_id",
    "comment": "notebook_id",
}


# ------------------------------------------------------------------------------------------------ what a row must say


def values_of_grade(row: Any, task: TaskResult | None, last: LastGrading | None) -> Values:
    """What the row of a grade cell must say. A cell unknown to us (no `task`) is for a person to grade.

    `last` is what the grading before this one found: a cell that a person has graded is shown to a person again only
    if its answer has changed since.
    """
    values: Values = {"auto_score": task.points if task else None}
    if task and task.bonus and task.points is not None:  # its cell has no points: they come on top
        values = {"auto_score": 0.0}
        if row is None or row.manual_score is None:
            values["extra_credit"] = task.points
    score = values["auto_score"]
    if row is None or row.manual_score is None:
        values["needs_manual_grade"] = score is None
    elif _answer_changed(task, last, row.auto_score != score):
        values["needs_manual_grade"] = True
    return values


def _answer_changed(task: TaskResult | None, last: LastGrading | None, otherwise: bool) -> bool:
    """Whether the student's answer differs from the one before; `otherwise` if that grading does not say."""
    before = next((old.answer for old in last.tasks if task and old.task == task.task), "") if last else ""
    return before != task.answer if task and before and task.answer else otherwise


def values_of_comment(task: TaskResult | None) -> Values:
    """What the row of an answer's comment must say, as formgrader and the feedback show it."""
    if task is None:
        return {}
    missing = task.tests and all(test.outcome is Outcome.MISSING for test in task.tests)
    return {"auto_comment": "No response." if missing else task.explanation or None}


# ------------------------------------------------------------------------------------------------ a class


class _Cell(NamedTuple):
    """One cell of the unit, in the gradebook."""

    id: str
    name: str
    graded: bool  # a grade belongs to it
    answered: bool  # a comment belongs to it


def add_indexes(db: sql.Connection) -> None:
    """Add the indexes that nbgrader's tables lack: without them its export takes time that grows with the square."""
    for table, column in _INDEXES.items():
        db.execute(sql.text(f"CREATE INDEX IF NOT EXISTS grader_{table}_{column} ON {table} ({column})"))


def write_class(
    db: sql.Connection,
    assignment: str,
    reports: Iterable[Report],
    *,
    stamps: Mapping[str, datetime | None],
    last: Mapping[str, LastGrading],
) -> None:
    """Write the rows of `reports` (automatic scores and comments only) for the assignment with this id."""
    known = set(db.scalars(sql.select(_STUDENTS.c.id)))
    notebooks = _cells_of(db, assignment)
    left = iter(reports)
    while some := list(islice(left, AT_ONCE)):
        _insert(db, _STUDENTS, [{"id": report.student} for report in some if report.student not in known])
        _Rows(db, assignment, notebooks, [report.student for report in some]).write(some, stamps, last)


def _cells_of(db: sql.Connection, assignment: str) -> dict[str, list[_Cell]]:
    """The cells of each notebook of the assignment, by the notebook's id."""
    mine = sql.select(_NOTEBOOKS.c.id).where(_NOTEBOOKS.c.assignment_id == assignment).order_by(_NOTEBOOKS.c.name)
    found: dict[str, list[_Cell]] = {notebook: [] for notebook in db.scalars(mine)}
    for row in db.execute(sql.select(_CELLS).where(_CELLS.c.notebook_id.in_(found)).order_by(_CELLS.c.name)):
        graded, answered = row.type in ("GradeCell", "TaskCell"), row.type in ("SolutionCell", "TaskCell")
        found[row.notebook_id].append(_Cell(row.id, row.name, graded, answered))
    return found


class _Rows:
    """The rows of some students: what is there, and what is to be inserted or changed."""

    def __init__(
        self, db: sql.Connection, assignment: str, notebooks: Mapping[str, list[_Cell]], students: Sequence[str]
    ) -> None:
        self._db, self._assignment, self._notebooks = db, assignment, notebooks
        mine = (_SUBMISSIONS.c.assignment_id == assignment) & _SUBMISSIONS.c.student_id.in_(students)
        columns = (_SUBMISSIONS.c.id, _SUBMISSIONS.c.student_id, _SUBMISSIONS.c.timestamp)
        self._submissions = {row.student_id: row for row in db.execute(sql.select(*columns).where(mine))}
        ids = [row.id for row in self._submissions.values()]
        theirs = sql.select(_SUBMITTED).where(_SUBMITTED.c.assignment_id.in_(ids))
        self._submitted = {(row.assignment_id, row.notebook_id): row.id for row in db.execute(theirs)}
        self._grades, self._comments = self._there(_GRADES), self._there(_COMMENTS)
        # Ascending, like UUIDs of version 7. Random ones land all over the index, which takes three times as long.
        self._ids = count(time_ns() // 10**6 << 80 | randbits(79))
        self._new: dict[Any, list[Values]] = {}
        self._changed: dict[tuple[Any, tuple[str, ...]], list[Values]] = {}

    def _there(self, table: Any) -> dict[tuple[str, str], Any]:
        query = sql.select(table).where(table.c.notebook_id.in_(list(self._submitted.values())))
        return {(row.notebook_id, row.cell_id): row for row in self._db.execute(query)}

    def write(
        self, reports: Sequence[Report], stamps: Mapping[str, datetime | None], last: Mapping[str, LastGrading]
    ) -> None:
        """Write everything in `reports`, the rows that others refer to first."""
        for report in reports:
            self._take_up(report, stamps[report.student], last.get(report.student))
        for table in (_SUBMISSIONS, _SUBMITTED, _GRADES, _COMMENTS):
            _insert(self._db, table, self._new.get(table, []))
        for (table, names), rows in self._changed.items():
            values: Values = {name: sql.bindparam(f"new_{name}") for name in names}
            self._db.execute(sql.update(table).where(table.c.id == sql.bindparam("row")).values(values), rows)

    def _take_up(self, report: Report, stamp: datetime | None, last: LastGrading | None) -> None:
        there = self._submissions.get(report.student)
        if there is None:
            new = {"assignment_id": self._assignment, "student_id": report.student, "timestamp": stamp}
            submission = self._insert(_SUBMISSIONS, **new)
        else:
            submission = there.id
            self._update(_SUBMISSIONS, there, {"timestamp": stamp})
        tasks = {task.task: task for task in report.tasks}
        for notebook, cells in self._notebooks.items():
            submitted = self._submitted.get((submission, notebook)) or self._insert(
                _SUBMITTED, assignment_id=submission, notebook_id=notebook, flagged=False
            )
            for cell in cells:
                place = (submitted, cell.id)
                if cell.graded:
                    row = self._grades.get(place)
                    self._set(_GRADES, place, row, values_of_grade(row, tasks.get(_task_of(cell.name)), last))
                if cell.answered:
                    self._set(_COMMENTS, place, self._comments.get(place), values_of_comment(tasks.get(cell.name)))

    def _set(self, table: Any, place: tuple[str, str], row: Any, values: Values) -> None:
        if row is not None:
            self._update(table, row, values)
        else:
            empty = {"extra_credit": None} if table is _GRADES else {"auto_comment": None}
            self._insert(table, notebook_id=place[0], cell_id=place[1], **{**empty, **values})

    def _insert(self, table: Any, **values: Any) -> str:
        row = {"id": f"{next(self._ids):032x}", **values}
        self._new.setdefault(table, []).append(row)
        return str(row["id"])

    def _update(self, table: Any, row: Any, values: Values) -> None:
        differ = {name: value for name, value in values.items() if getattr(row, name) != value}
        if differ:
            new = {f"new_{name}": value for name, value in differ.items()}
            self._changed.setdefault((table, tuple(differ)), []).append({"row": row.id, **new})


def _task_of(cell: str) -> str:
    return cell.removeprefix("test_")


def _insert(db: sql.Connection, table: Any, rows: Sequence[Values]) -> None:
    if not rows:
        return
    statement = sql.insert(table)
    if table in (_GRADES, _COMMENTS) and db.dialect.name == "sqlite":  # plain values: SQLAlchemy need not look at each
        compiled = statement.compile(dialect=db.dialect, column_keys=list(rows[0]))
        names = compiled.positiontup or []
        db.exec_driver_sql(str(compiled), [tuple(row[name] for name in names) for row in rows])
    else:
        db.execute(statement, rows)


# ------------------------------------------------------------------------------------------------ late penalties


class Late(NamedTuple):
    """One notebook of a late submission."""

    id: str
    student: str
    seconds: float


def late_notebooks(db: sql.Connection, assignment: str, due: datetime | None) -> list[Late]:
    """The notebooks of the assignment that came after `due` and the student's extension. Others lose their penalty."""
    columns = (
        _SUBMITTED.c.id,
        _SUBMITTED.c.late_submission_penalty,
        _SUBMISSIONS.c.student_id,
        _SUBMISSIONS.c.timestamp,
        _SUBMISSIONS.c.extension,
    )
    joined = sql.join(_SUBMITTED, _SUBMISSIONS, _SUBMITTED.c.assignment_id == _SUBMISSIONS.c.id)
    late, free = [], []
    mine = sql.select(*columns).select_from(joined).where(_SUBMISSIONS.c.assignment_id == assignment)
    for row in db.execute(mine.order_by(_SUBMISSIONS.c.student_id)):
        ends = None if due is None else due if row.extension is None else due + row.extension
        seconds = (row.timestamp - ends).total_seconds() if ends is not None and row.timestamp is not None else 0.0
        if seconds > 0:
            late.append(Late(row.id, row.student_id, seconds))
        elif row.late_submission_penalty is not None:
            free.append({"row": row.id})
    if free:
        cleared = sql.update(_SUBMITTED).where(_SUBMITTED.c.id == sql.bindparam("row"))
        db.execute(cleared.values(late_submission_penalty=None), free)
    return late
