"""One student: everything about their grades, a late start, a new name, and leaving.

A student who joins late needs nothing: their submissions are collected and graded like all others, and nobody else's
grade is touched. Students who leave keep their rows, so that nothing is lost, and are left out of exports. A new id
moves all folders and rows together. Variants are made from the id, so work from before is graded under the id it was
made with.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader.course.folder import CourseFolder
from grader.errors import GraderError, did_you_mean
from grader.files import undisturbed, write_atomically
from grader.nbgrader.gradebook import open_gradebook
from grader.nbgrader.gradebook_place import gradebook_file
from grader.nbgrader.student_ids import safe_name
from grader.printable import one_line


class Alias(msgspec.Struct, frozen=True):
    """An id that a student had until a moment (in UTC, without a zone)."""

    old: str
    until: datetime


class Aliases(msgspec.Struct):
    """What changed about students during the term."""

    renamed: dict[str, list[Alias]] = {}  # by the current id
    left: dict[str, datetime] = {}


def read(folder: Path) -> Aliases:
    """The changes recorded for a course folder. Raises GraderError if the file is damaged."""
    path = CourseFolder(folder).students
    try:
        return msgspec.json.decode(path.read_bytes(), type=Aliases) if path.is_file() else Aliases()
    except msgspec.MsgspecError as error:
        raise GraderError(f"{path}: expected what changed about students ({error}); restore it from a copy") from None


def _write(folder: Path, aliases: Aliases) -> None:
    write_atomically(CourseFolder(folder).students, msgspec.json.format(msgspec.json.encode(aliases), indent=1))


def id_at(aliases: Aliases, student: str, moment: datetime | None) -> str:
    """The id that `student` had at a moment, under which the work was made."""
    for alias in aliases.renamed.get(student, []):
        if moment is not None and moment < alias.until:
            return alias.old
    return student


def id_now(aliases: Aliases, name: str, moment: datetime) -> str:
    """The current id of the student who was called `name` at a moment; that id may be another student's today."""
    given_up = [(alias.until, now) for now, of in aliases.renamed.items() for alias in of if alias.old == name]
    return min((past for past in given_up if moment < past[0]), default=(moment, name))[1]


def known(folder: Path) -> list[str]:
    """Everybody with a row in the gradebook, or with a folder of submissions."""
    layout = CourseFolder(folder)
    found = {path.name for path in layout.all_submitted.iterdir()} if layout.all_submitted.is_dir() else set()
    path = gradebook_file(folder)
    if path is not None and not path.exists():
        return sorted(found)
    with open_gradebook(folder) as gradebook:
        return sorted(found | {student.id for student in gradebook.students})


def find(folder: Path, student: str) -> str:
    """`student`, if there is one. Raises a GraderError that suggests the nearest id."""
    everybody = known(folder)
    if student in everybody:
        return student
    advice = f"{len(everybody)} are known; students who have not handed in yet are added with `grader roster FILE`."
    meant = did_you_mean(student, everybody, otherwise=advice)
    raise GraderError(f"{one_line(student)}: no such student. {meant}")


def rename(folder: Path, old: str, new: str) -> list[str]:
    """Give a student another id in all folders and in the gradebook; return what was moved. Raises GraderError."""
    from nbgrader.api import Student, SubmittedAssignment

    find(folder, old)
    if safe_name(new) != new or not re.fullmatch(r"[^/\0]{1,100}", new):
        raise GraderError(f"{new!a:.120}: cannot be a student's id: letters, digits and . _ @ + - and spaces inside")
    if new in known(folder):
        raise GraderError(f"{one_line(new)}: is another student already; nothing was changed")
    moved: list[tuple[Path, Path]] = []
    with undisturbed(), open_gradebook(folder) as gradebook:
        try:
            row = gradebook.db.get(Student, old)
            if row is not None:
                facts = {key: getattr(row, key) for key in ("first_name", "last_name", "email", "lms_user_id")}
                gradebook.db.add(Student(id=new, **facts))
                gradebook.db.flush()
                for submission in gradebook.db.query(SubmittedAssignment).filter_by(student_id=old):
                    submission.student_id = new
                gradebook.db.flush()
                gradebook.db.expire_all()
                gradebook.db.delete(gradebook.db.get(Student, old))
                gradebook.db.flush()
            for path in list(CourseFolder(folder).of_student(old)):
                target = path.with_name(f"{new}{path.suffix if path.is_file() else ''}")
                path.rename(target)
                moved.append((path, target))
            _note_the_new_id(folder, old, new)
            gradebook.db.commit()
        except BaseException:
            gradebook.db.rollback()
            for path, target in reversed(moved):
                target.rename(path)
            raise
    return [str(target.relative_to(folder)) for _, target in moved]


def _note_the_new_id(folder: Path, old: str, new: str) -> None:
    from grader.nbgrader import extensions

    aliases = read(folder)
    earlier = aliases.renamed.pop(old, [])
    aliases.renamed[new] = [*earlier, Alias(old, datetime.now(UTC).replace(tzinfo=None))]
    if old in aliases.left:
        aliases.left[new] = aliases.left.pop(old)
    given = extensions.read(folder)
    if any(old in students for students in given.values()):
        renamed = {unit: {new if who == old else who: until for who, until in by.items()} for unit, by in given.items()}
        extensions.write(folder, renamed)
    _write(folder, aliases)


def leave(folder: Path, student: str, *, back: bool = False) -> None:
    """Note that a student has left (or is `back`): exports leave them out, and nothing is deleted."""
    aliases = read(folder)
    find(folder, student)
    if back:
        aliases.left.pop(student, None)
    else:
        aliases.left.setdefault(student, datetime.now(UTC).replace(tzinfo=None))
    _write(folder, aliases)
