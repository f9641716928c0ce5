"""Extensions: which student may hand in later, and until when.

nbgrader keeps an extension in the row of a submission, as a span from the due date. A student may need one before there
is a submission, and it must not move with the due date, so ours are dates in a file; the rows are set from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.course.folder import CourseFolder
from grader.course.manifest import Unit
from grader.errors import GraderError
from grader.files import write_atomically

Extensions = dict[str, dict[str, datetime]]  # unit -> student -> until


def read(folder: Path) -> Extensions:
    """All extensions of a course folder. Raises GraderError if the file is damaged."""
    path = CourseFolder(folder).extensions
    if not path.is_file():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=Extensions)
    except msgspec.MsgspecError as error:
        raise GraderError(f"{path}: expected dates by unit and student ({error}); restore it from a copy") from None


def write(folder: Path, extensions: Extensions) -> None:
    """Replace the file."""
    kept = {unit: dict(sorted(given.items())) for unit, given in sorted(extensions.items()) if given}
    write_atomically(CourseFolder(folder).extensions, msgspec.json.format(msgspec.json.encode(kept), indent=1))


def parse_until(text: str, option: str = "--until") -> datetime:
    """A date (its last minute counts) or a date with a time; UTC if no zone is given. Raises GraderError."""
    try:
        until = datetime.fromisoformat(text.strip())
    except ValueError:
        raise GraderError(f"{option} {text}: expected a date, such as 2026-12-31 or 2026-12-31T18:00+01:00") from None
    if len(text.strip()) <= 10:
        until = until.replace(hour=23, minute=59)
    return until if until.tzinfo else until.replace(tzinfo=UTC)


def check_until(unit: Unit, until: datetime) -> None:
    """Raises GraderError if an extension of `unit` until then would extend nothing."""
    if unit.due is None:
        raise GraderError(f"{unit.id} has no due date in course/course.toml, so there is nothing to extend")
    if until <= unit.due:
        raise GraderError(
            f"--until {until:%Y-%m-%d %H:%M %Z}: {unit.id} is due {unit.due:%Y-%m-%d %H:%M %Z}, which is not earlier; "
            "an extension ends after the due date"
        )


def set_extension(submission: Any, unit: Unit, until: Mapping[str, datetime]) -> None:
    """Set the extension of a submission's row, if its student has one in `until`."""
    ends = until.get(submission.student_id)
    if ends is not None and unit.due is not None:
        submission.extension = max(ends - unit.due, ends - ends)
