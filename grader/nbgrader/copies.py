"""Copies of the gradebook: one is kept before each write to a gradebook that has grades, and can be restored.

`gradebook.open_gradebook` keeps them, for all commands of ours; `nbgrader autograde` keeps one for all its students.
A copy is made with SQLite's backup, which waits for writers and never sees half a transaction, and is checked before it
counts. The newest `KEPT` stay, and the first of each of the last `DAYS` days with a copy: `grader watch` makes many in
an hour. A gradebook that is not a SQLite file has its server's backups.
"""

from __future__ import annotations

import contextlib
import filecmp
import itertools
import os
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader.course.folder import CourseFolder
from grader.errors import GraderError, Unavailable, did_you_mean
from grader.grading.sqlite_words import is_damage
from grader.nbgrader.gradebook_place import Damaged, database_problem, gradebook_file, wait_for_gradebook

KEPT, DAYS = 20, 14
_GRADES = "select count(*) from grade where auto_score is not null or manual_score is not null"
_SUBMISSIONS = "select count(distinct notebook_id) from grade where auto_score is not null or manual_score is not null"


class Copy(msgspec.Struct, frozen=True):
    """One copy of the gradebook."""

    path: Path
    graded: int  # submissions with a score

    @property
    def name(self) -> str:
        """The name by which it is restored."""
        return self.path.stem


def ready_to_write(folder: Path) -> None:
    """Wait until the gradebook can be written, and keep a copy of it if it has grades. Raises Unavailable."""
    path = gradebook_file(folder)
    wait_for_gradebook(path)
    keep_copy(folder)


def keep_copy(folder: Path) -> Path | None:
    """Copy the gradebook; None if it has no grades, is not a file, or is the same as the newest copy.

    Raises Unavailable if the copy cannot be written or read back; then nothing else may be written either.
    """
    path, place = gradebook_file(folder), CourseFolder(folder).copies
    if path is None or not path.is_file() or not _count(path, _GRADES):
        return None
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        part = place / ".copy.part"
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            _copy(path, part)
            before = _paths(folder)
            if before and filecmp.cmp(part, before[-1], shallow=False):
                return None
            target = place / f"{_next_name(before)}.db"
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        for old in _surplus(_paths(folder)):
            old.unlink()
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise database_problem(str(path), path, error) from None
        why = error.strerror if isinstance(error, OSError) else error
        raise Unavailable(
            f"{place}: the gradebook could not be copied there ({why}), so nothing was written. What is "
            "graded is kept: make room, or allow writing there, and run the same command again."
        ) from None
    return target


def copies(folder: Path) -> list[Copy]:
    """All copies, oldest first. Raises GraderError if the gradebook is not a file."""
    _file(folder)
    return [Copy(path, _count(path, _SUBMISSIONS)) for path in _paths(folder)]


def restore(folder: Path, name: str) -> Path | None:
    """Put a copy in place of the gradebook, which becomes a copy itself; returns its path. Raises GraderError.

    A damaged gradebook cannot be copied: it is moved aside instead.
    """
    path = _file(folder)
    there = {path.stem: path for path in _paths(folder)}
    if name not in there:
        meant = did_you_mean(name, there)
        known = ", ".join(there) or "none yet; one is kept before each write"
        raise GraderError(" ".join(filter(None, [f"no copy {name!r}.", meant, f"There are: {known}"])))
    if _damage(there[name]):
        raise GraderError(f"{there[name]}: damaged ({_damage(there[name])}); nothing was changed. Restore another copy")
    if _is_damaged(path):
        return _put_in_place(there[name], path)
    replaced = keep_copy(folder)
    try:
        _copy(there[name], path)
    except sqlite3.Error as error:
        raise Unavailable(f"{path}: {error}; nothing was changed") from None
    return replaced


def _is_damaged(path: Path) -> bool:
    """Whether what is in the gradebook's place is not a sound database. Raises Unavailable if it cannot be written."""
    try:
        wait_for_gradebook(path)
    except Damaged:
        return True
    return path.exists() and bool(_damage(path))


def _put_in_place(copy: Path, path: Path) -> Path:
    """Move a damaged gradebook aside, with the files that SQLite keeps beside it, for a copy; returns where it is."""
    part = path.with_name(f".{path.name}.new")
    try:
        part.unlink(missing_ok=True)
        _copy(copy, part)
        if path.is_file():
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        taken = {other.name for other in path.parent.iterdir()}
        names = (f"{path.name}.damaged{f'-{number}' if number else ''}" for number in itertools.count())
        aside = next(name for name in names if name not in taken)
        for suffix in ("-journal", "-wal", "-shm"):  # they would be applied to the copy
            if path.name + suffix in taken:
                path.with_name(path.name + suffix).rename(path.with_name(aside + suffix))
        path.rename(path.with_name(aside))
        part.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"{path}: the copy could not be put there ({error}). Run the same command again") from None
    finally:
        part.unlink(missing_ok=True)
    return path.with_name(aside)


def _file(folder: Path) -> Path:
    path = gradebook_file(folder)
    if path is None:
        raise GraderError(
            f"{CourseFolder(folder).config}: this gradebook is on a server, so no copies are kept here. Its server "
            "makes copies and restores them (`pg_dump`, `pg_restore`)"
        )
    return path


def _copy(source: Path, target: Path) -> None:
    """Copy a database and check the copy. Raises sqlite3.Error, which leaves an existing `target` as it was."""
    with contextlib.closing(sqlite3.connect(source, timeout=30)) as old:
        with contextlib.closing(sqlite3.connect(target, timeout=30)) as new:
            old.backup(new)
        if said := _damage(target):
            raise sqlite3.DatabaseError(said)


def _damage(path: Path) -> str:
    """What is wrong with a database; "" if nothing is."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as db:
            (said,) = db.execute("pragma quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if said == "ok" else str(said)


def _count(path: Path, query: str) -> int:
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as db:
            return int(db.execute(query).fetchone()[0])
    except sqlite3.DatabaseError:
        return 0


def _paths(folder: Path) -> list[Path]:
    """The copies, oldest first: their numbers count up, because clocks jump."""
    return sorted(CourseFolder(folder).copies.glob("[0-9]*.db"), key=lambda path: int(path.stem.partition("-")[0]))


def _surplus(paths: list[Path]) -> list[Path]:
    """Those of the copies, oldest first, that need not be kept."""
    first = {path.stem.partition("-")[2][:10]: path for path in reversed(paths)}  # by day
    kept = {*paths[-KEPT:], *sorted(first.values(), key=paths.index)[-DAYS:]}
    return [path for path in paths if path not in kept]


def _next_name(before: list[Path]) -> str:
    number = int(before[-1].stem.partition("-")[0]) + 1 if before else 1
    return f"{number}-{datetime.now(UTC):%Y-%m-%dT%H.%M.%S}"
