"""Grant an extension, and compute the late penalties that follow from it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course import manifest
from grader.errors import GraderError
from grader.files import undisturbed
from grader.nbgrader import extensions, students
from grader.nbgrader.changes import Agree, Change, write
from grader.nbgrader.gradebook import open_gradebook, settle
from grader.printable import one_line

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


def extend(
    course: manifest.Course,
    folder: Path,
    unit: manifest.Unit,
    student: str,
    until: datetime | None,
    *,
    agree: Agree | None = None,
) -> list[Change]:
    """Set the end of a student's extension, or remove it (None); return the grades that change. Raises GraderError."""
    students.find(folder, student)
    given = extensions.read(folder)
    mine = given.setdefault(unit.id, {})
    if until is not None:
        extensions.check_until(unit, until)
        mine[student] = until
    elif mine.pop(student, None) is None:
        raise GraderError(f"{one_line(student)} has no extension of {unit.id}; see `grader extend --list`")

    def change(gradebook: Gradebook) -> None:
        from nbgrader.api import SubmittedAssignment

        if until is None:
            for submission in gradebook.db.query(SubmittedAssignment).filter_by(student_id=student):
                if submission.assignment.name == unit.id:
                    submission.extension = None
        settle(folder, gradebook, course.units if unit.policies.late_days else [unit], given)

    with undisturbed():
        return write(lambda: open_gradebook(folder), change, agree=agree, then=lambda: extensions.write(folder, given))
