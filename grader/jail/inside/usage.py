"""The total resource usage of a submission's processes: CPU time, memory, and the files below its home."""

from __future__ import annotations

import contextlib
import os
import time

from .processes import read_proc, stat_of

FILES_LIMIT = 4096
DEPTH_LIMIT = 64  # nested folders; below a path too long for the kernel, nothing could be counted
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


class Usage:
    """What all processes of a submission have used, including those that have ended.

    `queued_seconds` is how long they waited for a processor; a process that waits for one is not idle.
    """

    def __init__(self) -> None:
        self.counted = time.monotonic()
        self._last: dict[tuple[int, int], tuple[float, float]] = {}  # by process and its start time

    @property
    def cpu_seconds(self) -> float:
        return sum(cpu for cpu, _ in self._last.values())

    @property
    def queued_seconds(self) -> float:
        return sum(queued for _, queued in self._last.values())

    def count(self, pids: list[int]) -> None:
        """Update the usage of the processes that are alive."""
        self.counted = time.monotonic()
        for pid in pids:
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = stat_of(pid)
                cpu = (int(fields[11]) + int(fields[12])) / TICKS
                self._last[pid, int(fields[19])] = cpu, _queued(pid)


def _queued(pid: int) -> float:
    """How long the process waited for a processor, in seconds; 0 if the kernel does not count that."""
    try:
        return int(read_proc(f"/proc/{pid}/schedstat").split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def memory_of(pids: list[int], limit: int) -> int:
    """Total bytes held by these processes. Page sharing is considered only if the plain sum exceeds `limit`."""
    plain = sum(pages_of(pid, 1) for pid in pids)
    return plain if plain <= limit else sum(_proportional(pid) for pid in pids)


def _proportional(pid: int) -> int:
    """The process's proportional share of its pages, or all of them if the share is hidden."""
    try:
        for line in read_proc(f"/proc/{pid}/smaps_rollup").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    except (OSError, IndexError, ValueError):
        pass
    return pages_of(pid, 1)


def pages_of(pid: int, column: int) -> int:
    """A column of statm, in bytes: 0 is the address space, 1 the resident memory."""
    try:
        return int(read_proc(f"/proc/{pid}/statm").split()[column]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def too_much_below(folder: str, limit: int) -> bool:
    """Whether there are more bytes or files than one submission may leave. Stops early, and skips other mounts.

    A folder that cannot be read counts as too much.
    """
    size = files = 0
    hidden: list[OSError] = []
    with contextlib.suppress(OSError):
        device = os.lstat(folder).st_dev
        for where, folders, names in os.walk(folder, onerror=hidden.append):
            if any(not isinstance(error, FileNotFoundError) for error in hidden):
                return True
            if where.count("/") - folder.count("/") > DEPTH_LIMIT:
                return True
            for name in (*list(folders), *names):
                with contextlib.suppress(OSError):
                    found = os.lstat(f"{where}/{name}")
                    if found.st_dev == device:
                        files += 1
                        size += found.st_blocks * 512
                    elif name in folders:
                        folders.remove(name)
                if size > limit or files > FILES_LIMIT:
                    return True
    return any(not isinstance(error, FileNotFoundError) for error in hidden)
