"""How long a submission may keep us waiting: only time in which neither side is busy is charged to its `Budget`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from grader.jail.channel import seconds_from_now
from grader.testing.budget import Budget

LOOK_SECONDS = 0.5  # between two checks of who was busy, unless a wait ends earlier
LEAST_MORE_SECONDS = 0.1  # the smallest extension of a deadline
QUEUED = Path("/proc/self/schedstat")


class Patience:
    """The waits for one submission. `theirs()` is how long its processes have been busy, in seconds."""

    def __init__(self, budget: Budget, theirs: Callable[[], float]) -> None:
        self._budget, self._theirs = budget, theirs
        self._looked = (time.monotonic(), 0.0, 0.0)  # the time, and how long we and the submission had been busy
        self.share = self._idle = self._until = 0.0  # current wait: idle time allowed, idle time so far, latest end

    def restart(self) -> None:
        """The submission's processes are new: none of them has been busy yet."""
        self._looked = (time.monotonic(), _busy_seconds(), 0.0)

    def begin(self, most: float) -> float:
        """Start a wait and return its deadline if all of it is idle; it can be extended to `most` seconds from now."""
        if time.monotonic() - self._looked[0] > LOOK_SECONDS:
            self.settle()
        self.share, self._idle = self._budget.waiting_share(most), 0.0
        self._until = seconds_from_now(most)
        return seconds_from_now(self.share)

    def more(self) -> float | None:
        """A later deadline for the current wait, extended by the time that was not idle; None if none is left."""
        self._idle += self.settle()
        left = self.share - self._idle
        if left <= 0 or time.monotonic() >= self._until:
            return None
        return min(seconds_from_now(max(left, LEAST_MORE_SECONDS)), self._until)

    def settle(self) -> float:
        """Charge the time since the last check in which neither side was busy; returns it in seconds."""
        before, self._looked = self._looked, (time.monotonic(), _busy_seconds(), self._theirs())
        passed, ours, theirs = (new - old for new, old in zip(self._looked, before, strict=True))
        idle = max(0.0, passed - max(0.0, ours) - max(0.0, theirs))
        self._budget.waited(idle)
        return idle


def _busy_seconds() -> float:
    """How long this process has computed or waited for a CPU."""
    try:
        queued = int(QUEUED.read_bytes().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):  # the kernel does not report it
        queued = 0.0
    return time.process_time() + queued
