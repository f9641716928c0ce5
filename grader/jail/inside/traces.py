"""Everything that a test's process could leave to the next, other than the stopped process's own memory.

Memory is private: the system call filter refuses anything shared. That leaves the files in the home, the state of
inherited descriptors, and pending signals. They are compared, not cleaned: if they differ, the process is discarded.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Container
from typing import NoReturn

from .processes import read_proc

_ORDERS_WAITING = re.compile(r"^scm_fds:.*\n", re.MULTILINE)  # in its own socket, to which only the grader writes
_CHILD_ENDED = 1 << (signal.SIGCHLD - 1)


def traces(pid: int, home: str, own: Container[int]) -> list[object] | None:
    """What others could have changed of the stopped process `pid`; equal lists mean that nothing changed.

    `own` are the inodes of its socket to the grader and its pipe to the zygote. None if this cannot be determined: it
    is running, or it holds another pipe, socket or the like, whose content cannot be inspected.
    """
    try:
        found = [*_signals(pid), *_descriptors(pid, own), *_files(f"/proc/{pid}/root{home}")]
    except OSError:
        return None
    return None if None in found else found


def _signals(pid: int) -> list[object]:
    """The pending signals of each thread; None for a thread that is not stopped: something has resumed it."""
    found: list[object] = []
    for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - names, not paths
        lines = read_proc(f"/proc/{pid}/task/{thread}/status").splitlines()
        facts = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        waiting = (int(facts["SigPnd"], 16) | int(facts["ShdPnd"], 16)) & ~_CHILD_ENDED
        found.append((thread, waiting) if facts["State"].startswith("T") else None)
    return found


def _descriptors(pid: int, own: Container[int]) -> list[object]:
    """Each open descriptor: its position, flags and locks, when its file changed; None if the content is hidden."""
    found: list[object] = []
    for fd in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - names, not paths
        target = os.readlink(f"/proc/{pid}/fd/{fd}")  # noqa: PTH115 - may not be a path
        facts = os.stat(f"/proc/{pid}/fd/{fd}")  # noqa: PTH116 - follows the link, whatever its target
        if not target.startswith("/") and facts.st_ino not in own:
            return [None]
        changed = (facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns) if target.startswith("/") else ()
        state = read_proc(f"/proc/{pid}/fdinfo/{fd}")
        found.append((fd, target, changed, _ORDERS_WAITING.sub("", state)))
    return found


def _files(home: str) -> list[object]:
    """Everything in the home, with all times, including access (where it is recorded): a read can carry a message."""
    found: list[object] = []
    for where, folders, names in os.walk(home, onerror=_refuse):
        for name in (".", *folders, *names):
            facts = os.lstat(f"{where}/{name}")
            read = facts.st_atime_ns if name in names else 0  # our own walk changes a folder's access time
            times = (facts.st_mtime_ns, facts.st_ctime_ns, read)
            found.append((where, name, facts.st_ino, facts.st_mode, facts.st_nlink, facts.st_size, *times))
    return found


def _refuse(error: OSError) -> NoReturn:
    raise error
