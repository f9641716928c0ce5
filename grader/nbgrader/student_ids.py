"""The rules for a student's id, and a safe name for anything else."""

from __future__ import annotations

import hashlib
import os
import re
import urllib.parse

LONGEST_ID = 200  # bytes: a file's name has at most 255, and some of ours add to the id
FINDINGS = "collection.json"  # lies in quarantine/<unit>/ beside the students' folders
IDS = (
    ": at most 100 letters, digits, _ and @; after the first also spaces and . + -"
    f" (at most {LONGEST_ID} bytes; not {FINDINGS})"
)
_STUDENT = re.compile(r"[\w@](?:[\w.@+ -]{0,98}[\w.@+-])?")


def is_student_id(name: str) -> bool:
    """Whether a folder or a file can have the name `name` for a student, wherever we keep one for each student."""
    if not _STUDENT.fullmatch(name) or len(os.fsencode(name)) > LONGEST_ID:
        return False
    return not name.casefold().startswith(FINDINGS)  # the file itself, and while it is being written


def safe_name(student: str) -> str:
    """The name itself if it can be a student's id; otherwise a valid one, always the same for a given name."""
    if is_student_id(student):
        return student
    digest = hashlib.sha256(os.fsencode(student)).hexdigest()[:8]
    return f"odd-{re.sub('[^a-z0-9]', '', urllib.parse.quote(os.fsencode(student)).lower())[:40]}-{digest}"


def in_utf8(path: str) -> str:
    """A path that can be written into a file as UTF-8: bytes that are not UTF-8 appear as \\xff."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
