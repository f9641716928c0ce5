"""What one submission may cost the trusted side: bytes transferred, our own CPU time and memory, seconds of waiting.

Theory of operation. A hidden test is ours, but the submission decides what it works on: how often the test's functions
are called back, with how large arrays, and how large an answer is. So each submission has one `Budget`. The `Student`
of a test charges the bytes transferred; the plugin runs the test `within` limits on CPU time and memory; and the total
time spent waiting for the submission's process is limited. A test gets at most half of the time that is left, so the
budget never runs out completely, and a right answer, which needs a hundredth of it, is still graded after a wasteful
one. Exceeding a limit raises `OverBudget`, which counts against the student: the reference passed the same test.

A timer that raises in the main thread stops our computing. If the thread is inside one long call of C code, the kernel
kills this process some seconds later (RLIMIT_CPU), and the parent process knows which test was running.

All of it together may take `SECONDS`, whatever the unit's limits are: that is how long one submission can hold up a
worker of an otherwise idle machine, its regrade included.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import signal
import time
from collections.abc import Iterator
from types import FrameType

from grader.jail.inside.usage import pages_of

TEST_BYTES = 32 << 20  # transferred in one test, both directions together; the course's own tests stay below 0.3 MB
SUBMISSION_BYTES = 128 << 20
LEAST_BYTES = 2 << 20  # guaranteed to each test, however much the others have used
LARGE_BYTES = 1 << 20
CALL_BYTES = 4 << 20  # passed to a function of the test in one call
TRANSCRIPT_BYTES = 8 << 20  # answers kept for one submission until its mistakes are named
COMPUTING_SECONDS = 8.0  # our CPU time for all tests of one submission; the course's own tests need 0.6
LEAST_COMPUTING_SECONDS = 0.25  # guaranteed to each test, however much the others have used
DIAGNOSIS_SECONDS = 10.0  # our CPU time to compare the wrong answers of one submission with those of known mistakes
LEAST_DIAGNOSIS_SECONDS = 0.25  # for each task, however much the others have used
MOST_SECONDS_BEFORE_DIAGNOSIS = 70.0  # to run the known mistakes takes up to half a minute more
LONG_CALL_SECONDS = 6  # extra, before an uninterruptible call of C code is killed together with its process
HEADROOM_BYTES = 512 << 20  # memory for one test, on top of what the process holds when the test begins
SECONDS = 100.0  # CPU time of the submission and ours, and waiting, in all its attempts: what it costs an idle machine
WAITING_SECONDS = 30.0  # waiting for a submission while it is idle and not waiting for a CPU
WAITING_SECONDS_ALONE = 45.0  # when it is regraded alone, after all others
LEAST_WAITING_SECONDS = 1.0
LEAST_SECONDS = 2.0  # for an attempt after one that ended our worker
_TICK_SECONDS = 0.5  # after which the timer raises again, in case the first exception was swallowed
_TICKS_CLOCK = ~0 << 3  # of this process: CPUCLOCK_PROF in the kernel's include/linux/posix-timers_types.h


class OverBudget(BaseException):
    """The submission made us compute or store more than one test may. Not an Exception, so that no test catches it.

    `by` is "bytes", "computing" or "memory".
    """

    def __init__(self, by: str) -> None:
        super().__init__(f"over the budget of {by}")
        self.by = by


class Budget:
    """What one submission has left. `unlimited` is for our own code: the reference and the mistakes."""

    def __init__(
        self, *, waiting_seconds: float = WAITING_SECONDS, seconds_left: float = SECONDS, unlimited: bool = False
    ) -> None:
        self._limited = not unlimited
        self._bytes_left: float = SUBMISSION_BYTES
        self._test_bytes = self._test_bytes_left = math.inf if unlimited else TEST_BYTES
        self._computing_left = COMPUTING_SECONDS
        self._waiting_left = waiting_seconds
        self.seconds_left = seconds_left  # of CPU time and waiting together
        self.computed_seconds = 0.0  # the CPU time in it
        self.transcript_bytes_left = TRANSCRIPT_BYTES
        self.memory_ran_out = False  # in some test: this process may be left in a bad state

    def begin_test(self) -> None:
        """Set the byte budget of the next test."""
        if self._limited:
            self._test_bytes = self._test_bytes_left = min(TEST_BYTES, max(LEAST_BYTES, self._bytes_left / 2))

    @property
    def test_was_large(self) -> bool:
        """Whether this test transferred so much that it is worth collecting garbage at once."""
        return self._limited and self._test_bytes - self._test_bytes_left > LARGE_BYTES

    def charge(self, size: int) -> None:
        """Charge `size` transferred bytes. Raises OverBudget."""
        self._bytes_left -= min(size, self._test_bytes_left)
        self._test_bytes_left -= size
        if self._test_bytes_left < 0:
            self._test_bytes_left = 0.0
            raise OverBudget("bytes")

    @contextlib.contextmanager
    def within(self) -> Iterator[None]:
        """Limit our CPU time and memory for one test. Main thread only. Raises OverBudget."""
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
        """How long one test may keep us waiting; 0 when the budget is used up."""
        if self._waiting_left <= 0 or self.seconds_left <= 0:
            return 0.0
        return min(most, max(LEAST_WAITING_SECONDS, self._waiting_left / 2), self.seconds_left)

    def waited(self, seconds: float) -> None:
        """Charge the seconds that we waited while the submission was idle."""
        self._waiting_left -= seconds
        self.seconds_left -= seconds

    def computed(self, seconds: float) -> None:
        """Charge CPU time, ours or that of the submission's processes."""
        self.computed_seconds += seconds
        self.seconds_left -= seconds

    @property
    def allows_another_attempt(self) -> bool:
        """Whether what is left is enough to compute everything once more."""
        return self.seconds_left >= self.computed_seconds


@contextlib.contextmanager
def _headroom(size: int) -> Iterator[None]:
    """Let this process grow by at most `size` bytes; allocating more raises MemoryError."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    now = pages_of(os.getpid(), 0)  # 0: not Linux
    lower = now + size
    if now and (before[0] == resource.RLIM_INFINITY or lower < before[0]):
        resource.setrlimit(resource.RLIMIT_AS, (lower, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _counted_by_limit() -> float:
    """This process's CPU time as RLIMIT_CPU counts it, in ticks of the clock.

    `time.process_time` is the scheduler's count. Once a process has computed for long they are many seconds apart,
    and a limit set by the wrong one would end the process at once.
    """
    try:
        return time.clock_gettime(_TICKS_CLOCK)
    except OSError:  # not Linux
        return time.process_time()


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise OverBudget here after so many seconds of CPU time; if that is impossible, the process is killed."""
    armed = True

    def ring(number: int, frame: FrameType | None) -> None:
        if armed:
            raise OverBudget("computing")

    before = resource.getrlimit(resource.RLIMIT_CPU)
    handler = signal.signal(signal.SIGPROF, ring)
    last = math.ceil(_counted_by_limit() + seconds) + LONG_CALL_SECONDS
    if before[0] == resource.RLIM_INFINITY or last < before[0]:
        resource.setrlimit(resource.RLIMIT_CPU, (last, before[1]))
    signal.setitimer(signal.ITIMER_PROF, seconds, _TICK_SECONDS)
    try:
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        # A last signal may still be on its way to another thread, and by default it would end the process.
        signal.signal(signal.SIGPROF, signal.SIG_IGN if handler is signal.SIG_DFL else handler)
        resource.setrlimit(resource.RLIMIT_CPU, before)
