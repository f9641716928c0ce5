"""Whose turn it is in a course folder: one command at a time grades, collects or changes a term there.

The turn is a lock that the kernel keeps on a file, and releases when the process ends, however it ends. The file's
text says who holds it. Text without a lock was left by a run that was killed: the next one takes the turn over, and
says so.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import getpass
import os
import shlex
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader.course.folder import CourseFolder
from grader.errors import GraderError, Unavailable
from grader.printable import one_line

_NOT_HELD = (errno.EAGAIN, errno.EACCES)
OnNews = Callable[[str], None]


class Holder(msgspec.Struct, frozen=True):
    """The holder of the turn, and their purpose."""

    what: str
    pid: int
    host: str
    user: str
    since: str

    def __str__(self) -> str:
        since = self.since.replace("T", " ").removesuffix("+00:00")
        text = f"{self.user} on {self.host} (process {self.pid}), {self.what}, since {since} UTC"
        return one_line(text, 400)


@contextlib.contextmanager
def turn(
    folder: Path, what: str, *, wait: bool = False, news: OnNews | None = None, lock: Path | None = None
) -> Iterator[None]:
    """Hold the turn in `folder` for `what` ("grading unit_1"). Raises a GraderError that names the holder.

    With `wait`, wait for the turn instead. `news` gets a line when we wait, or take over from a run that was killed.
    With another file as `lock` it is the turn to do something that others may work beside.
    """
    if not folder.is_dir():
        raise GraderError(f"{folder}: no such course folder; make it with `grader init {shlex.quote(str(folder))}`")
    path = lock or CourseFolder(folder).turn
    news = news or (lambda _: None)
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o664)
    except OSError as error:
        raise Unavailable(
            f"{path}: {error.strerror}; nothing was done. Do you have permission to write there?"
        ) from None
    try:
        _take(fd, path, wait, news, "One is enough." if lock else "Run the command again later, or with --wait.")
        if left := _read(fd):
            news(f"an earlier run did not end properly ({left}); what it had not saved is done again now")
        here = Holder(what, os.getpid(), socket.gethostname(), _user(), datetime.now(UTC).isoformat(timespec="seconds"))
        try:
            _write(fd, msgspec.json.encode(here))
        except OSError as error:
            raise Unavailable(f"{path}: cannot be written ({error.strerror}); nothing was done. Make room") from None
        try:
            yield
        finally:
            _write(fd, b"")
    finally:
        os.close(fd)


def _take(fd: int, path: Path, wait: bool, news: OnNews, advice: str) -> None:
    told = False
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in _NOT_HELD:
                raise Unavailable(
                    f"{path}: this file system has no locks ({error.strerror}); use another one"
                ) from None
        holder = _read(fd) or "somebody"
        if not wait:
            raise Unavailable(f"{path.parent}: {holder} is at work there. Nothing was changed. {advice}")
        if not told:
            news(f"waiting: {holder} is at work in {path.parent}")
            told = True
        time.sleep(0.2)


def _read(fd: int) -> Holder | None:
    with contextlib.suppress(msgspec.MsgspecError):  # half written: the holder has only just begun
        return msgspec.json.decode(os.pread(fd, 4000, 0), type=Holder)
    return None


def _write(fd: int, text: bytes) -> None:
    os.ftruncate(fd, 0)
    os.pwrite(fd, text, 0)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"user {os.getuid()}"
