"""Where nbgrader's gradebook is, which process holds its file, and what an error of its database means."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
import traceback
from pathlib import Path
from typing import Any

from grader.course.folder import CourseFolder
from grader.errors import GraderError, Unavailable
from grader.grading import sqlite_words
from grader.printable import one_line

LOCK_SECONDS = 30


def config_of(folder: Path) -> Any:
    """The settings in the course's own nbgrader_config.py. Raises GraderError, with the line, if it cannot be run."""
    from traitlets.config.loader import Config, PyFileConfigLoader

    path = CourseFolder(folder).config
    if not path.is_file():
        return Config()
    try:
        return PyFileConfigLoader(path.name, path=str(folder)).load_config()
    except (Exception, SystemExit) as error:  # it is a program, in which anything may go wrong
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        said = one_line(f"{type(error).__name__}: {error}", 300)
        where = f"{path}:{line}" if line else path
        raise GraderError(f"{where}: {said}. nbgrader stops at it too: mend this file.") from None


def gradebook_url(folder: Path) -> str:
    """The URL of the course's gradebook: gradebook.db, or `CourseDirectory.db_url`."""
    return str(config_of(folder).CourseDirectory.get("db_url", f"sqlite:///{CourseFolder(folder).gradebook.resolve()}"))


def gradebook_file(folder: Path) -> Path | None:
    """The gradebook's file, or None if it is not a file."""
    return sqlite_file(gradebook_url(folder))


def sqlite_file(url: str) -> Path | None:
    """The file behind a gradebook's URL, or None if it is not a file."""
    return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite:///") else None


class Damaged(GraderError):
    """The gradebook's file is not a database, or is broken inside."""


def wait_for_gradebook(path: Path | None, *, seconds: float = LOCK_SECONDS) -> None:
    """Wait until the gradebook can be written. Raises Damaged, or Unavailable, naming who holds it."""
    if path is None or not path.exists():
        return
    ends = time.monotonic() + seconds
    while True:
        try:
            with contextlib.closing(sqlite3.connect(path, timeout=min(1.0, seconds), isolation_level=None)) as db:
                db.execute("BEGIN IMMEDIATE")
                db.execute("ROLLBACK")
            return
        except sqlite3.DatabaseError as error:
            if not sqlite_words.is_busy(error) or sqlite_words.no_locks_in(path.parent):
                raise database_problem(str(path), path, error) from None
            if time.monotonic() >= ends:
                raise Unavailable(
                    f"{path}: locked by another program for {seconds:g} s ({error}). {who_holds(path)} "
                    "Nothing was written; run the same command again."
                ) from None


def database_problem(where: str, path: Path | None, error: BaseException | None) -> GraderError:
    """What an error of the gradebook's database means, and what to do."""
    if not isinstance(error, sqlite3.Error) or path is None:
        said = " ".join(str(error).split())
        return Unavailable(f"{where}: {said}; nothing was written. Run the same command again.")
    if sqlite_words.is_damage(error) or (path.exists() and not path.is_file()):
        said = " ".join(str(error).split()) if path.is_file() else "it is not a file"
        return Damaged(
            f"{where}: damaged ({said}); nothing was written, and what is graded is kept. `grader restore` lists the "
            "copies that were kept before each write. Restoring one moves the damaged file aside."
        )
    said = f"{sqlite_words.why(str(error), path)}. Nothing was written; run the same command again."
    return Unavailable(f"{where}: {said}".replace("?.", "?"))


def who_holds(path: Path) -> str:
    """The processes that have the file open, as far as this user may see."""
    wanted = path.resolve()
    holders = []
    for process in Path("/proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        with contextlib.suppress(OSError):
            if any(link.resolve() == wanted for link in (process / "fd").iterdir()):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                holders.append(f"process {process.name} ({command[:80]}, of {process.owner()})")
    if holders:
        return f"It is open in {'; '.join(holders)}."
    return "Ask whoever has formgrader, nbgrader or a database tool open on it."
