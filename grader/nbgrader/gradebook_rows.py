"""What the gradebook holds, read straight from its file: importing nbgrader would take longer than grading a class.

Only for gradebooks that are SQLite files, as nbgrader makes them; for others the functions return None.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

_OF_THE_UNIT = """
from {table} t join base_cell c on c.id = t.cell_id join submitted_notebook n on n.id = t.notebook_id
join submitted_assignment s on s.id = n.assignment_id join assignment a on a.id = s.assignment_id
where a.name = ? order by s.student_id, c.name
"""
_GRADES = "select s.student_id, c.name, t.auto_score, t.needs_manual_grade, t.manual_score, t.extra_credit" + (
    _OF_THE_UNIT.format(table="grade")
)
_COMMENTS = "select s.student_id, c.name, t.auto_comment, t.manual_comment" + _OF_THE_UNIT.format(table="comment")
_SUBMISSIONS = """
select s.student_id, s.timestamp, s.extension, n.late_submission_penalty, a.duedate
from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id
join assignment a on a.id = s.assignment_id where a.name = ? order by 1
"""
_CELLS = """
select c.name, c.type, g.max_score from base_cell c left join grade_cells g on g.id = c.id
join notebook b on b.id = c.notebook_id join assignment a on a.id = b.assignment_id where a.name = ? order by 1, 2
"""


class UnitRows(NamedTuple):
    """What the gradebook holds about one unit."""

    digest: str  # of everything that a grade there depends on or consists of
    by_hand: list[tuple[str, str, str, object]]  # (student, cell, field, value) of what people wrote


def unit_rows(path: Path | None, unit_id: str) -> UnitRows | None:
    """The rows of one unit; None if the gradebook is not a file, or not yet one of nbgrader."""
    digest, by_hand = hashlib.sha256(), list[tuple[str, str, str, object]]()
    try:
        with _reading(path) as db:
            for row in db.execute(_GRADES, (unit_id,)):
                digest.update(repr(row).encode())
                by_hand += [
                    (*row[:2], field, value)
                    for field, value in zip(("manual score", "extra credit"), row[4:], strict=True)
                    if value is not None
                ]
            for row in db.execute(_COMMENTS, (unit_id,)):
                digest.update(repr(row).encode())
                by_hand += [(*row[:2], "comment", row[3])] if row[3] else []
            for row in db.execute(_SUBMISSIONS, (unit_id,)):
                digest.update(repr(row).encode())
                by_hand += [(row[0], "", "extension", row[2])] if row[2] is not None else []
            for row in db.execute(_CELLS, (unit_id,)):
                digest.update(repr(row).encode())
    except _NotNbgraders:
        return None
    return UnitRows(digest.hexdigest(), by_hand)


def students(path: Path | None) -> dict[str, bool] | None:
    """Every student in the gradebook, and whether an instructor listed them: with a name, or before any submission."""
    query = (
        "select id, coalesce(first_name, '') || coalesce(last_name, '') || coalesce(email, '') != '' "
        "or id not in (select student_id from submitted_assignment where student_id is not null) from student"
    )
    try:
        with _reading(path) as db:
            return {str(student): bool(listed) for student, listed in db.execute(query)}
    except _NotNbgraders:
        return None


def due_dates(path: Path | None) -> dict[str, datetime | None] | None:
    """The due date of each unit in the gradebook, in UTC without a zone."""
    try:
        with _reading(path) as db:
            rows = db.execute("select name, duedate from assignment").fetchall()
            return {str(name): datetime.fromisoformat(due) if due else None for name, due in rows}
    except _NotNbgraders:
        return None


class _NotNbgraders(Exception):
    """There is no such file, or it lacks nbgrader's tables."""


@contextlib.contextmanager
def _reading(path: Path | None) -> Iterator[sqlite3.Connection]:
    if path is None or not path.is_file():
        raise _NotNbgraders
    db = sqlite3.connect(path, timeout=30)
    try:
        yield db
    except sqlite3.DatabaseError:
        raise _NotNbgraders from None  # nbgrader will say it
    finally:
        db.close()
