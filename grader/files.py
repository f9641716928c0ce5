"""Write files atomically: a file, or several files and folders together, appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.errors import GraderError

_PROCESSES = Path("/proc/self/ns/pid")  # process numbers mean something only within this namespace
_STOPS = (signal.SIGINT, signal.SIGTERM)
_delayed: list[tuple[dict[int, Any], list[int]]] = []  # by each `undisturbed` that is at work: handlers before, heard


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write a temporary file and rename it to `path`: readers never see a partial file; a failure leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    except OSError as error:
        error.filename = str(path)  # the name that a person knows
        raise
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def read_text(path: Path) -> str:
    """The text of a file that the instructor wrote, with or without the mark of some editors at its start.

    Raises GraderError if it is not UTF-8.
    """
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise GraderError(f"{path}:{line}: not UTF-8, which all files of a course are; save it as UTF-8") from None


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Delay Ctrl-C and SIGTERM until the block is done, so that what belongs together is written together."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread hears signals
        yield
        return
    heard: list[int] = []
    before = _set_handlers(dict.fromkeys(_STOPS, lambda number, _: heard.append(number)))
    _delayed.append((before, heard))
    try:
        yield
    finally:
        _delayed.pop()
        _set_handlers(before)
    _hear(heard)


@contextlib.contextmanager
def disturbed() -> Iterator[None]:
    """Within `undisturbed`: let Ctrl-C and SIGTERM, and those that came before, end a question to a person at once."""
    if not _delayed or threading.current_thread() is not threading.main_thread():
        yield
        return
    outermost = _delayed[0][0]
    delaying = _set_handlers(outermost)
    try:
        for _, heard in _delayed:
            _hear(heard)
        yield
    finally:
        _set_handlers(delaying)


def _set_handlers(handlers: Mapping[int, Any]) -> dict[int, Any]:
    """Set the handlers of signals; return those before. Those that Python has not set (None) are left alone."""
    return {number: signal.signal(number, new) for number, new in handlers.items() if new is not None}


def _hear(heard: list[int]) -> None:
    """Let signals that came meanwhile do what they do."""
    while heard:
        signal.raise_signal(heard.pop(0))


def write_named(path: Path, content: str) -> None:
    """`write_atomically` into a file that a person has named. Raises GraderError if it cannot be written."""
    try:
        write_atomically(path, content)
    except OSError as error:
        raise GraderError(f"{path}: cannot be written ({error.strerror}); name another file") from None


class Swap:
    """Stage new files with `new`, then `put` everything in place; an exception restores the old ones.

    Everything that takes disk space is written before anything changes; `put` only renames.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Path, Path]] = []
        self._put: list[Path] = []
        self._old: list[tuple[Path, Path]] = []

    def new(self, target: Path) -> Path:
        """Where to stage the file or folder that will become `target`."""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.new")
        remove(part)
        self._waiting.append((part, target))
        return part

    def put(self) -> None:
        """Put everything in its place."""
        for part, target in self._waiting:
            old = target.with_name(f".{target.name}.old")
            discard(old)
            if os.path.lexists(target):
                target.rename(old)
                self._old.append((old, target))
            part.rename(target)
            self._put.append(target)

    def __enter__(self) -> Swap:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if kind is not None:
            for target in self._put:
                remove(target)
            for old, target in self._old:
                old.rename(target)
        for part, _ in self._waiting:
            remove(part)
        for old, _ in self._old:
            discard(old)


def put_back(target: Path) -> None:
    """Undo what a `Swap` that was killed did to `target`: the old one returns, even if the new one is in its place.

    The transaction that goes with the new one may not have been committed, so the next run compares with the old one.
    """
    old, part = target.with_name(f".{target.name}.old"), target.with_name(f".{target.name}.new")
    if os.path.lexists(old):
        remove(target)
        old.rename(target)
    remove(part)
    remove(_going(old))


def discard(old: Path) -> None:
    """Remove what `put_back` would put back. Killed at any instant, it leaves all of it there or none."""
    remove(_going(old))
    if os.path.lexists(old):
        old.rename(_going(old))
        remove(_going(old))


def _going(old: Path) -> Path:
    return old.with_name(f"{old.name}.gone")


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def scratch_prefix() -> str:
    """How the temporary folders of our processes are called, before the process number.

    What a killed process has left is found by it, and removed when the next lane starts.
    """
    return f"lane-{_PROCESSES.stat().st_ino if _PROCESSES.exists() else 0}-"
