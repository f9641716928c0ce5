"""What one submission may cost the trusted side: bytes that cross, our own computing, seconds of waiting.

Theory of operation. A hidden test is ours, but a submission chooses what it works with: how often its functions are
called back, with arrays of which size, how large an answer is. So each submission has one `Budget`. The `Student` of a
test charges what crosses; the plugin runs the test `within` limits on CPU time and memory; the submission's own
process may keep us waiting for a while in all. A test gets at most half of the time that is left, so nothing ever runs
out completely, and a right answer, which needs a hundredth, is still graded after a wasteful one. What goes over a
limit raises `OverBudget`, which is the student's outcome: the reference passed the same test.

Our computing is stopped by a timer that raises in the main thread. Should it be inside one long call of C code, the
kernel ends this process some seconds later (RLIMIT_CPU), and whoever started it knows which test that was.
"""

from __future__ import annotations

import contextlib
import math
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

TEST_BYTES = 32 << 20  # what crosses in one test, in both directions; the course's own tests stay below 0.3 MB
SUBMISSION_BYTES = 128 << 20
LEAST_BYTES = 2 << 20  # for a test, however much the others have used
LARGE_BYTES = 1 << 20
CALL_BYTES = 4 << 20  # what a function of the test is handed in one call
TRANSCRIPT_BYTES = 8 << 20  # answers that are kept of one submission, until its mistakes are named
COMPUTING_SECONDS = 8.0  # of our CPU time for all tests of one submission; the course's need 0.6
LEAST_COMPUTING_SECONDS = 0.25  # for a test, however much the others have used
LONG_CALL_SECONDS = 6  # more, before a call of C code that nothing interrupts is ended together with its process
HEADROOM_BYTES = 512 << 20  # of memory for one test, on top of what the process holds when it begins
WAITING_SECONDS = 30.0  # for a submission that neither computes nor could have
WAITING_SECONDS_ALONE = 45.0  # when it is graded once more, after everybody else
LEAST_WAITING_SECONDS = 1.0
_TICK_SECONDS = 0.5  # after which the timer raises once more, should the first have been swallowed
_STATM, _PAGE = Path("/proc/self/statm"), resource.getpagesize()


class OverBudget(BaseException):
    """The submission made us compute, or keep, more than one test may cost. Not an Exception: no test may catch it.

    `by` is "bytes", "computing" or "memory".
    """

    def __init__(self, by: str) -> None:
        super().__init__(f"over the budget of {by}")
        self.by = by


class Budget:
    """What is left for one submission. Without limits (`unlimited`) for what is ours: the reference, the mistakes."""

    def __init__(self, *, waiting_seconds: float = WAITING_SECONDS, unlimited: bool = False) -> None:
        self._limited = not unlimited
        self._bytes_left: float = SUBMISSION_BYTES
        self._test_bytes = self._test_bytes_left = math.inf if unlimited else TEST_BYTES
        self._computing_left = COMPUTING_SECONDS
        self._waiting_left = waiting_seconds
        self.transcript_bytes_left = TRANSCRIPT_BYTES
        self.memory_ran_out = False  # in some test: this process may be the worse for it

    def begin_test(self) -> None:
        """The next test has a budget of bytes of its own."""
        if self._limited:
            self._test_bytes = self._test_bytes_left = min(TEST_BYTES, max(LEAST_BYTES, self._bytes_left / 2))

    @property
    def test_was_large(self) -> bool:
        """Whether more has crossed in this test than is worth keeping until the next collection of garbage."""
        return self._limited and self._test_bytes - self._test_bytes_left > LARGE_BYTES

    def charge(self, size: int) -> None:
        """So many bytes have crossed, or were made to cross. Raises OverBudget."""
        self._bytes_left -= min(size, self._test_bytes_left)
        self._test_bytes_left -= size
        if self._test_bytes_left < 0:
            self._test_bytes_left = 0.0
            raise OverBudget("bytes")

    @contextlib.contextmanager
    def within(self) -> Iterator[None]:
        """Compute for one test, or for naming one task's mistake, in the main thread. Raises OverBudget."""
        if not self._limited:
            yield
            return
        began = time.process_time()
        seconds = max(LEAST_COMPUTING_SECONDS, self._computing_left / 2)
        try:
            with _headroom(HEADROOM_BYTES), _alarm(seconds):
                yield
        except MemoryError:
            self.memory_ran_out = True
            raise OverBudget("memory") from None
        finally:
            self._computing_left -= time.process_time() - began

    def waiting_share(self, most: float) -> float:
        """How long one test may keep us waiting; 0 when all is used up."""
        if self._waiting_left <= 0:
            return 0.0
        return min(most, max(LEAST_WAITING_SECONDS, self._waiting_left / 2))

    def waited(self, seconds: float) -> None:
        """We have waited for so long while the submission did nothing."""
        self._waiting_left -= seconds


@contextlib.contextmanager
def _headroom(size: int) -> Iterator[None]:
    """So much memory more than this process has now: what asks for more gets a MemoryError."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    try:
        now = int(_STATM.read_bytes().split()[0]) * _PAGE
    except OSError:  # not Linux
        now = -1
    lower = now + size
    if now >= 0 and (before[0] == resource.RLIM_INFINITY or lower < before[0]):
        resource.setrlimit(resource.RLIMIT_AS, (lower, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise OverBudget here after so many seconds of CPU time; end the process where that cannot be."""
    armed = True

    def ring(number: int, frame: FrameType | None) -> None:
        if armed:
            raise OverBudget("computing")

    before = resource.getrlimit(resource.RLIMIT_CPU)
    handler = signal.signal(signal.SIGPROF, ring)
    last = math.ceil(time.process_time() + seconds) + LONG_CALL_SECONDS
    if before[0] == resource.RLIM_INFINITY or last < before[0]:
        resource.setrlimit(resource.RLIMIT_CPU, (last, before[1]))
    signal.setitimer(signal.ITIMER_PROF, seconds, _TICK_SECONDS)
    try:
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
        resource.setrlimit(resource.RLIMIT_CPU, before)
