"""The roster: students with their names and their ids in other systems, from a CSV file.

Only `student` is needed: the id that the student hands in under. The other columns are those of COLUMNS, in any order.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import msgspec

from grader.course.folder import CourseFolder
from grader.errors import GraderError, did_you_mean
from grader.exports.cells import read_csv
from grader.nbgrader import students
from grader.nbgrader.student_ids import safe_name
from grader.printable import one_line

UNIQUE = ("student", "email", "canvas_id", "canvas_login", "sis_id", "moodle_id", "gradescope_sid")
COLUMNS = (*UNIQUE, "first_name", "last_name", "section")


class Person(msgspec.Struct, frozen=True):
    """One line of the roster."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    canvas_login: str = ""
    sis_id: str = ""
    moodle_id: str = ""
    gradescope_sid: str = ""

    @property
    def sort_name(self) -> str:
        """The name with the family name first, as Canvas writes it."""
        return ", ".join(filter(None, (self.last_name, self.first_name))) or self.student


def read(path: Path) -> dict[str, Person]:
    """The people in a roster, by student. Raises GraderError with every fault: lines, columns, ids given twice."""
    try:
        heads, rows = read_csv(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        saved = 'it is not a CSV file in UTF-8; save it as "CSV UTF-8"'
        why = error.strerror if isinstance(error, OSError) else saved
        raise GraderError(f"{path}: cannot be read: {why}") from None
    if not rows:
        raise GraderError(f"{path}: no students in it; expected a line of heads ({', '.join(COLUMNS)}), then one each")
    problems = [
        f"{path}: column {one_line(head)}: unknown. {did_you_mean(head, COLUMNS, otherwise=f'Known: {known}')}"
        for head in heads
        if head not in COLUMNS and (known := ", ".join(COLUMNS))
    ]
    problems += [f"{path}: column {head}: appears twice" for head in COLUMNS if heads.count(head) > 1]
    if "student" not in heads:
        problems.append(f"{path}: no column `student` with the ids that students hand in under")
    if not problems:
        problems = list(_wrong_lines(path, rows))
    if problems:
        raise GraderError("\n".join(problems))
    return {row["student"]: msgspec.convert(row, Person) for row in rows.values()}


def of_folder(folder: Path) -> dict[str, Person]:
    """The people on a course folder's roster, by their current ids; {} if it has none. Raises GraderError."""
    path = CourseFolder(folder).roster
    people = read(path) if path.is_file() else {}
    for student, aliases in students.read(folder).renamed.items():
        for alias in aliases:
            if alias.old in people and student not in people:
                people[student] = msgspec.structs.replace(people.pop(alias.old), student=student)
    return people


def _wrong_lines(path: Path, rows: dict[int, dict[str, str]]) -> Iterable[str]:
    seen: dict[tuple[str, str], int] = {}
    for line, row in rows.items():
        student = row.get("student", "")
        if not student or safe_name(student) != student:
            wanted = "letters, digits, . _ @ + -; up to 100"
            yield f"{path}: line {line}: {student[:80]!a} cannot be a student's id ({wanted})"
        for column in UNIQUE:
            if value := row.get(column):
                first = seen.setdefault((column, value.casefold()), line)  # no other system tells Ada from ada
                if first != line:
                    yield f"{path}: line {line}: {column} {one_line(value, 80)} is in line {first} already"
