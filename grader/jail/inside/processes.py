"""The processes of a lane, as the kernel lists them: their parents, whether they have ended, and how to end them."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time

END_SECONDS = 2  # time for killed processes to disappear
_MOST = 1 << 16  # bytes of one read from /proc


def read_proc(path: str) -> str:
    """The text of a file in /proc. Raises OSError.

    The zygote reads some 40 of them for each test: `Path.read_text` takes three times as many system calls. It also
    fails on the name of a process that is not UTF-8, and a submission may choose that name.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        found = os.read(fd, _MOST)
        while part := os.read(fd, _MOST):  # a list may come page by page
            found += part
    finally:
        os.close(fd)
    return found.decode(errors="replace")


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state (the third) on. Raises OSError if there is no such process."""
    return read_proc(f"/proc/{pid}/stat").rpartition(")")[2].split()


def number_in_namespace(pid: int) -> int:
    """The number of a process in its own pid namespace."""
    lines = read_proc(f"/proc/{pid}/status").splitlines()
    return next(int(line.split()[-1]) for line in lines if line.startswith("NSpid:"))


def is_running(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    try:
        return stat_of(pid)[0] not in "ZX"
    except OSError:
        return False


def wait_for_end(pid: int, seconds: float) -> bool:
    """Whether the process, which need not be our child, ends within `seconds`."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([fd], [], [], seconds)[0])
    finally:
        os.close(fd)


def own_children_of(pid: int) -> list[int]:
    """The children of the main thread of `pid`, including zombies."""
    try:
        return [*map(int, read_proc(f"/proc/{pid}/task/{pid}/children").split())]
    except OSError:
        return []


def end_all_but(spared: int) -> bool:
    """Kill everything below this process but `spared`, which must not be running meanwhile. False if something is left.

    Several processes may be a fork bomb: they are stopped before they are killed, as in `kill_descendants`.
    """
    deadline = time.monotonic() + END_SECONDS
    stopped: set[int] = set()
    while others := [pid for pid in children_of(os.getpid()) if pid != spared and is_running(pid)]:
        if time.monotonic() > deadline:
            return False
        new = set(others) - stopped if len(others) > 1 else set()
        stopped |= new
        for pid in others:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP if new else signal.SIGKILL)
        if not new:
            for pid in others:
                wait_for_end(pid, max(0.0, deadline - time.monotonic()))
    for pid in own_children_of(os.getpid()):  # orphans that became our children
        if pid != spared:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
    return True


def process_ids() -> list[int]:
    try:
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]  # noqa: PTH208 - names, not paths
    except OSError:
        return []


def children_of(pid: int) -> list[int]:
    """Every process below `pid`, from the kernel's own lists (cheap: it reads no other process)."""
    found: list[int] = []
    wave = [pid]
    while wave:
        below: list[int] = []
        for parent in wave:
            try:
                for task in os.listdir(f"/proc/{parent}/task"):  # noqa: PTH208 - names, not paths
                    below += map(int, read_proc(f"/proc/{parent}/task/{task}/children").split())
            except OSError:
                continue
        found += below
        wave = below
    return found


def descendants(ancestor: int) -> list[int]:
    """Every process below `ancestor`, including zombies, found by scanning all processes."""
    parents: dict[int, int] = {}
    for pid in process_ids():
        with contextlib.suppress(OSError, IndexError, ValueError):
            parents[pid] = int(stat_of(pid)[1])
    found: list[int] = []
    wave = {ancestor}
    while wave:
        wave = {pid for pid, parent in parents.items() if parent in wave}
        found.extend(wave)
    return found


def kill_descendants() -> int:
    """Stop, kill and reap until nothing is left below this process. Returns how many are left after two seconds.

    A fork bomb grows back into the gap that each killed process leaves. A stopped process no longer forks, but still
    counts towards the limit. So all are stopped first, and killed once a scan finds no new ones.
    """
    left = descendants(os.getpid())
    deadline = time.monotonic() + 2
    stopped: set[int] = set()
    while left and time.monotonic() < deadline:
        new = set(left) - stopped
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP if new else signal.SIGKILL)
        if new:
            stopped |= new
            left = descendants(os.getpid())
            continue
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        left = descendants(os.getpid())
        if left:
            time.sleep(0.002)
    return len(left)
