"""Take over a roster: into the course folder for exports, and into nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path

from grader.course.folder import CourseFolder
from grader.exports import roster
from grader.files import undisturbed, write_atomically
from grader.nbgrader.gradebook import add_students


def take_over(file: Path, folder: Path) -> tuple[int, int]:
    """Read `file`, keep it as the course folder's roster, and give the gradebook its names.

    Returns how many students were added, and how many have another name or e-mail now. Nobody is removed: students
    who are not on a new roster may have grades. Raises GraderError.
    """
    people = roster.read(file)
    with undisturbed():
        facts = {
            who.student: {"first_name": who.first_name, "last_name": who.last_name, "email": who.email}
            for who in people.values()
        }
        done = add_students(folder, facts)
        target = CourseFolder(folder).roster
        if not target.exists() or target.resolve() != file.resolve():
            write_atomically(target, file.read_bytes())
    return done
