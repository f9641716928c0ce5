"""The waits for a submission, charged to its `Budget`: as waiting only while neither side is busy, and as computing."""

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
    """The waits for one submission. `usage()` is how long its processes have computed, and waited for a CPU."""

    def __init__(self, budget: Budget, usage: Callable[[], tuple[float, float]]) -> None:
        self._budget, self._usage = budget, usage
        self._looked = (time.monotonic(), _busy_seconds(), 0.0)  # the time, and how long we and it had been busy
        self._ours = time.process_time()  # our CPU time when we looked last
        self.computed = 0.0  # the CPU time of the submission's processes then
        self.share = self._idle = self._until = 0.0  # current wait: idle time allowed, idle time so far, latest end

    def restart(self) -> None:
        """The submission's processes are new: none of them has been busy yet."""
        self._looked, self.computed = (time.monotonic(), _busy_seconds(), 0.0), 0.0

    def ended(self, computed: float) -> None:
        """The submission's processes have ended; `computed` is all that they have computed."""
        self._charge(computed)
        self.computed = 0.0

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
        computed, queued = self._usage()
        self._charge(computed)
        before, self._looked = self._looked, (time.monotonic(), _busy_seconds(), computed + queued)
        passed, ours, theirs = (new - old for new, old in zip(self._looked, before, strict=True))
        idle = max(0.0, passed - max(0.0, ours) - max(0.0, theirs))
        self._budget.waited(idle)
        return idle

    def _charge(self, computed: float) -> None:
        """Charge our CPU time and the submission's, which is `computed` in total."""
        before, self._ours, self.computed = (
            self._ours + self.computed,
            time.process_time(),
            max(self.computed, computed),
        )
        self._budget.computed(self._ours + self.computed - before)


def _busy_seconds() -> float:
    """How long this process has computed or waited for a CPU."""
    try:
        queued = int(QUEUED.read_bytes().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):  # the kernel does not report it
        queued = 0.0
    return time.process_time() + queued
