"""What SQLite's errors mean, in words that say what to do."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

_LITTLE = 1 << 20  # bytes; SQLite reports a lack of room for the index of its write-ahead log as an I/O error


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another program holds a lock, so that waiting helps."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault: it is not a database, is broken inside, or has other tables."""
    other_tables = ("no such table", "no such column", "already exists")
    return type(error) is sqlite3.DatabaseError or any(words in str(error) for words in other_tables)


def why(said: str, path: Path) -> str:
    """What an operational error of the database at `path` means, and what to do."""
    said = " ".join(said.split())
    for file in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))):
        if os.path.lexists(file) and not file.is_file() and not file.is_symlink():
            what = "a folder" if file.is_dir() else "a pipe or a device"
            return f"{file.name} is {what}, not a file. Move it away"
    if "readonly" in said or "unable to open" in said:
        return f"cannot be written ({said}). Do you have permission to write it, and in {path.parent}?"
    if ("locked" in said or "I/O" in said) and no_locks_in(path.parent):
        return f"this file system does not support SQLite's locks ({said}). Use a local disk"
    if "full" in said or ("I/O" in said and _is_full(path.parent)):
        return f"the disk is full ({said}). Make room"
    if "I/O" in said:
        return f"the disk cannot be read or written ({said}). Is it full, over your quota, or failing?"
    if "locking protocol" in said or "write-ahead" in said:
        return f"this file system does not support SQLite's locks ({said}). Use a local disk"
    return said


def no_locks_in(folder: Path) -> bool:
    """Whether a file system refuses locks, which SQLite calls busy or an I/O error. Tried on a separate file."""
    with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=folder) as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)
    return False


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LITTLE
    except OSError:
        return False
