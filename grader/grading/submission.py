"""One submission in a lane: its cells run once, then each hidden test that needs one gets a fresh fork of their state.

The tests of a task with `one_process` share a fork, because starting and ending a fork costs more than most tests. This
costs no student points: a test that fails in a process that has already answered another test is rerun in a separate
process, and a process answers no further test after one second, which it gets on top of each test's limit. Sharing
gives no advantage either, as long as no such test passes in what another test asks for; `grader audit` checks that.

The limit that counts is CPU time: per process (enforced by the kernel) and for all processes together (`CPU_LIMITS`,
and what is left of the submission's `Budget`).
The wall limits are generous, and most waiting is free. Only idle time, when neither side computes or waits for a CPU,
is charged to the submission's `Budget` (`patience`). So a sleeping notebook costs the class half a minute, and a busy
machine costs a student nothing. A submission that still hits a wall limit is marked `slow`, and is regraded when no
other submission is running (`pool`).
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

import msgspec

from grader.grading.own_words import OwnWords, failed_cell
from grader.grading.patience import Patience
from grader.jail.channel import Died, FrameChannel, OnCallback, OutOfTime
from grader.jail.inside.messages import (
    FROM_NOTEBOOK,
    Apply,
    Call,
    Fact,
    Fork,
    Has,
    InTurn,
    NotebookReply,
    Opened,
    Plain,
    Raised,
    Reply,
    Request,
    Returned,
    RunCells,
    TaskCells,
    Value,
)
from grader.jail.inside.moments import FACTS_LIMIT
from grader.jail.inside.session import ERRORS_LIMIT
from grader.jail.inside.wire import Frames, WireError, holds_a_reference
from grader.jail.lane import Jailed, Lane, ResourceLimits
from grader.results import Outcome
from grader.testing.budget import Budget
from grader.testing.plugin import OpenStudent, Run, TestRun
from grader.testing.student import Known, Student

MAX_REOPENINGS = 3  # how many cells that end the process are left out before the notebook is given up
OPENED_LIMIT = 256 << 10  # bytes of one message from the notebook's own process; messages to it have no such limit
ANSWER_SECONDS = 10  # to fork, and to end a test's process
SHARE_AFTER_LOOP = 4  # after one test of a task uses up its CPU time, the task's others get only 1/4 of it
SHARED_SECONDS = 1  # after which a process answers no further test; an integer, like the kernel's CPU limit
TICKS = 0.05  # seconds of tolerance: the kernel counts user and system CPU time in ticks of 1/100 s
CPU_LIMITS = 10  # CPU time of all processes of a submission together, as a multiple of one test's limit


class JailedSubmission:
    """One submission in a lane: its cells run once, and then fresh forks of their state answer the hidden tests.

    A cell that ends the process (an endless loop, `os._exit`, too much memory) is left out and the others are rerun,
    so it costs its own task, not the whole notebook. `tasks` maps each test to its task, and `sharing` holds the tests
    that may share a fork with others. With `moments` and `given` (see `RunCells`), each test sees the names as they
    were when its task was checked.
    """

    def __init__(
        self,
        lane: Lane,
        limits: ResourceLimits,
        student: str,
        cells: Iterable[tuple[int, str]],
        *,
        budget: Budget | None = None,
        cpu_seconds_left: float | None = None,
        tasks: Mapping[str, str] | None = None,
        sharing: Container[str] = (),
        moments: Sequence[TaskCells] = (),
        given: Sequence[int] = (),
    ) -> None:
        self._budget = budget or Budget()
        self.cpu_seconds_left = CPU_LIMITS * limits.cpu_seconds if cpu_seconds_left is None else cpu_seconds_left
        self.slow = False  # whether a wall limit stopped it
        self.lane_was_lost = False  # whether its lane had to be discarded: by its doing, or because someone killed it
        self._lane, self._limits, self._id, self._cells = lane, limits, student, list(cells)
        self._jailed: Jailed | None = None
        self._frames: Frames | None = None
        self._gone: Exception | None = None
        self._process: FrameChannel | None = None
        self._last_process: FrameChannel | None = None  # not closed yet
        self._process_test = ""  # the test for which the process was forked
        self._process_seconds = 0.0  # time that the process has spent on finished tests
        self._not_the_first: set[str] = set()  # the tests whose process had answered another test before
        self._moments, self._given = moments, given  # as in RunCells
        self._at_end = False  # whether to use the functions as they are at the end of the notebook
        self._plain: Mapping[str, Plain] = {}  # the plain globals that are known, at the end of the notebook
        self._other_plain: Mapping[str, Mapping[str, Plain | None]] = {}  # by task, those that differed at its check
        self.facts: list[Fact] = []  # what the far side says of names that were bound elsewhere
        self._troubles: list[str] = []  # what went wrong while the cells ran, in words for the student
        self.failed: set[int] = set()  # the numbers of the cells that raised, or ended the process
        self._current = ""
        self._values: dict[tuple[str | None, str], Reply] = {}  # replies for globals already read
        self._known: dict[str, Known] = {}  # by task, what `Student.once` has made in this process
        self.words = OwnWords(self._cells)
        self._patience = Patience(self._budget, self._usage)
        self._test_began: float | None = None  # when the current test got its process
        self._tasks, self._sharing = tasks or {}, sharing
        self._looping: set[str] = set()  # tasks with a test that used up its CPU time

    def open(self) -> str:
        """Run the cells. Returns what went wrong, in words for the student ("" if nothing)."""
        self._troubles.clear()
        for _ in range(MAX_REOPENINGS + 1):
            last = self._try_open()
            if last is None:
                break
            self._cells = [cell for cell in self._cells if cell[0] != last]
        return " ".join(self._troubles)

    def _try_open(self) -> int | None:
        """Run the cells once. Returns the number of the cell that ended the process; None when done or given up."""
        self._patience.begin(self._limits.wall_seconds)
        if self.cpu_seconds_left <= 0 or self._patience.share <= 0:
            self._gone = OutOfTime("cpu" if self.cpu_seconds_left <= 0 else "wall")
            self._troubles.append("The notebook used up all of its time.")
            return None
        self._jailed = self._lane.open(self._limits, cpu_seconds_in_all=self._cpu_seconds_in_all())
        self._patience.restart()
        deadline = self._patience.begin(self._limits.wall_seconds)
        frames = self._frames = Frames(self._jailed.sock, limit=OPENED_LIMIT)
        self._gone = None
        current: int | None = None
        try:
            order = RunCells(self._id, self._cells, list(self._moments), list(self._given))
            frames.send(order, deadline=deadline)
            while True:
                message = self._receive(frames, deadline)
                if isinstance(message, Opened):
                    self._note_opened(message)
                    return None
                current = message.number
        except TimeoutError:
            self.slow = True
            why = "was still running when its time was up"
        except (EOFError, OSError):
            why = "ended the process (time, memory, or a call that leaves Python)"
        except WireError:
            why = "answered in a way that cannot be read"
        self._end()
        self._gone = Died(f"cell {current} {why}")
        if current is None or len(self._cells) == 0 or current not in {number for number, _ in self._cells}:
            self._troubles.append("The notebook could not be run.")
            return None
        self._troubles.append(f"Cell {current} {why}, so it was left out.")
        self.failed.add(current)
        return current

    def _note_opened(self, message: Opened) -> None:
        """Record which cells failed, and what the far side reports about the globals."""
        for number, error in message.errors[:ERRORS_LIMIT]:
            self._troubles.append(failed_cell(number, error))
            self.failed.add(number)
        self._plain = {name: value for name, value in message.plain.items() if not holds_a_reference(value)}
        self._other_plain = {
            task: {name: None if holds_a_reference(value) else value for name, value in values.items()}
            for task, values in message.other_plain.items()
        }
        self.facts = message.facts[:FACTS_LIMIT]

    def run(self, run: Run, untouched: frozenset[str] = frozenset()) -> list[TestRun]:
        """Run the hidden tests. A failure must recur in a separate process, but for timeouts and `untouched` tasks."""
        ran = run(self.student)
        timed_out = {case.result.name for case in ran if case.result.outcome is Outcome.TIMEOUT}
        passed = {case.result.name for case in ran if case.result.outcome is Outcome.PASSED}
        failed = {self._tasks.get(test, "") for test in self._not_the_first - passed - timed_out} - untouched
        # Rerun all of the task's tests, including those that passed: otherwise a single test would get a second guess.
        again = {test for test in self._not_the_first - timed_out if self._tasks.get(test, "") in failed}
        return _again(ran, run, again, self.student_apart)

    def student(self, test: str) -> Student:
        """A student for a hidden test; it reuses the fork of the previous test if they may share one."""
        self._finish_test()
        process = self._process
        if process is not None and not (
            process.usable
            and self._may_share(test)
            and self._may_share(self._process_test)
            and self._process_seconds <= SHARED_SECONDS
        ):
            self._end_process()
        self._current = test
        known = self._known.setdefault(self._tasks.get(test, test), {})
        self._not_the_first |= {test} if known else set()  # it may look at the same thing as a test before it
        return Student(_ChannelOfTest(self), self._id, self._budget, shown_type=self.words.type_name, known=known)

    def run_otherwise(
        self, run: Run, tests: Container[str], *, at_end: bool = False, student: str = ""
    ) -> list[TestRun]:
        """Rerun hidden tests with the functions as they are at the end, or for another `student`, until one fails."""
        mine, self._id, self._at_end = self._id, student or self._id, at_end
        try:
            return run(self.student_apart, tests=tests, until_failure=bool(student))
        finally:
            self._id, self._at_end = mine, False
            self._end_process()

    def student_apart(self, test: str) -> Student:
        """A student for a hidden test, in a separate fork."""
        self._end_process()
        return self.student(test)

    def _may_share(self, test: str) -> bool:
        return test in self._sharing and self._tasks.get(test) not in self._looping

    def plain(self, name: str) -> Plain | None:
        """The global `name` as it counts for the current test, if it is plain (`Opened`)."""
        others = self._other_plain.get(self._tasks.get(self._current, ""), {})
        return others[name] if name in others else self._plain.get(name)

    def read_once(self, name: str, ask: Callable[[], Reply]) -> Reply:
        """The first reply for the global `name`: reading it again would allow a second guess.

        An object stays on the far side and is requested each time, but it must remain an object.
        """
        place = (self._tasks.get(self._current), name)
        known = self._values.get(place)
        if known is not None and not _is_an_object(known):
            return known
        told = ask()
        if known is None:
            self._values[place] = told
        elif not _is_an_object(told):
            return _changes(name)
        return told

    def process(self) -> FrameChannel:
        """The process of the current test. Raises Died, OutOfTime."""
        if self._gone is not None:
            raise self._gone
        self._patience.begin(self._limits.wall_seconds)
        if self._patience.share <= 0:  # a submission that sleeps in every test would hold up the class
            self.slow = True
            raise OutOfTime("wall")
        self._test_began = time.monotonic()
        if self._process is None:
            self._process = FrameChannel(self._fork(), more_time=self._patience.more)
            self._process_test, self._process_seconds = self._current, 0.0
        else:
            self._not_the_first.add(self._current)
        self._process.deadline = self._patience.begin(self._limits.wall_seconds)
        return self._process

    def _usage(self) -> tuple[float, float]:
        """How long its processes have computed, and how long they waited for a CPU."""
        if self._jailed is None:
            return 0.0, 0.0
        return self._jailed.usage(cpu_seconds_in_all=self._cpu_seconds_in_all())

    def _cpu_seconds_in_all(self) -> float:
        """The most CPU time that the submission's processes may use in total since its cells were last started."""
        return min(self.cpu_seconds_left, self._patience.computed + self._budget.seconds_left)

    def _receive(self, frames: Frames, deadline: float) -> NotebookReply:
        """The next frame from the notebook's own process. Raises what `Frames.receive` raises."""
        while True:
            try:
                return frames.receive(FROM_NOTEBOOK, deadline)
            except TimeoutError:
                later = self._patience.more()
                if later is None:
                    raise
                deadline = later

    def _fork(self) -> Frames:
        """A fresh process that knows nothing about any test. Raises Died, OutOfTime."""
        for _ in range(2):
            ours, theirs = socket.socketpair()
            with theirs:
                how = self._ask_for_a_fork(theirs)
            if how == "forked":
                return Frames(ours)
            ours.close()
            if how != "changed":
                break
            self._open_again()  # a test has left something behind: rerun the cells
        self._gone = self._gone or self._no_answer(TimeoutError() if how == "late" else EOFError())
        raise self._gone

    def _ask_for_a_fork(self, theirs: socket.socket) -> str:
        """Request a fresh fork that answers over `theirs`. Returns "gone", or the status from `Jailed.next_process`."""
        if self._gone is not None or self._jailed is None or self._frames is None:
            return "gone"
        task = self._tasks.get(self._current)
        spare = SHARED_SECONDS if self._may_share(self._current) else 0
        order = Fork(self._cpu_seconds(), spare, task, at_end=self._at_end)
        try:
            self._frames.send(order, fds=[theirs.fileno()], deadline=self._patience.begin(ANSWER_SECONDS))
        except (TimeoutError, OSError, WireError) as error:
            self._gone = self._no_answer(error)
            return "gone"
        how = self._jailed.next_process()
        self._hang_up()
        return how

    def _cpu_seconds(self) -> int:
        """The current test's CPU limit: lower after a timeout in its task, or each of its tests would use all of it."""
        whole = int(self._limits.cpu_seconds)
        looping = self._tasks.get(self._current) in self._looping
        return max(1, whole // SHARE_AFTER_LOOP) if looping else whole

    def how_it_ended(self) -> Exception | None:
        """After a lost connection: OutOfTime if the CPU limit ended the test's process; None otherwise.

        SIGKILL is ambiguous: it comes from the memory watch, or from the CPU limit if the process ignores SIGXCPU.
        """
        if self._gone is not None or self._jailed is None:
            return self._gone if isinstance(self._gone, OutOfTime) else None
        facts = self._jailed.how_the_test_ended(patience=0.5)
        if facts is None:
            self._gone = self._no_answer(EOFError())
            return self._gone if isinstance(self._gone, OutOfTime) else None
        ended_by, used = facts
        most = self._cpu_seconds() + (SHARED_SECONDS if self._current in self._not_the_first else 0)
        killed = ended_by == signal.SIGKILL and used > most - TICKS
        if not killed and ended_by != signal.SIGXCPU:
            return None
        if task := self._tasks.get(self._current):
            self._looping.add(task)
        return OutOfTime("cpu")

    def _open_again(self) -> None:
        self.close()
        self._try_open()

    def _finish_test(self) -> None:
        if self._test_began is not None:
            self._process_seconds += time.monotonic() - self._test_began
            self._test_began = None

    def _end_process(self) -> None:
        """Release the current process. Its socket stays open until it is killed, so that it does not exit by itself."""
        self._known = {}
        if self._process is not None:
            self._hang_up()
            self._last_process, self._process = self._process, None

    def _hang_up(self) -> None:
        if self._last_process is not None:
            self._last_process.close()
            self._last_process = None

    def _no_answer(self, error: Exception) -> Exception:
        """The exception to raise when the submission's own process does not answer: it is gone, or too slow."""
        if isinstance(error, TimeoutError):
            self.slow = True
            return OutOfTime("wall")
        if self._end() == "cpu":
            return OutOfTime("cpu")
        return Died(f"the notebook's process is gone ({type(error).__name__})")

    def close(self) -> None:
        """End the submission and all its processes."""
        self._end_process()
        self._hang_up()
        self._end()

    def _end(self) -> str:
        """End the notebook's own process and its children. Returns how it ended, as reported by `Jailed.kill`."""
        if self._jailed is None:
            return ""
        jailed, self._jailed = self._jailed, None
        how = jailed.kill()
        self.lane_was_lost |= how == "anomaly"
        self.cpu_seconds_left -= jailed.cpu_seconds
        self._patience.ended(jailed.cpu_seconds)
        return how


class _ChannelOfTest:
    """The channel of one hidden test. It gets a process only when a request needs one.

    Typed answers are strings and numbers that are already known, so tests that only read them need no process. Any
    other global is read in a process that has heard of no other test, and no text once it has heard of this one: a hint
    quotes what was typed. If the process ends too early, the owner says why.
    """

    def __init__(self, owner: JailedSubmission) -> None:
        self._owner = owner
        self._process: FrameChannel | None = None
        self._told = False  # whether the process knows anything of this test

    def request(self, request: Request, on_callback: OnCallback) -> Reply:
        if isinstance(request, Value):
            return self._owner.read_once(request.name, lambda: self._read(request, on_callback))
        self._told = self._told or not isinstance(request, Has)
        return self._send(request, on_callback)[0]

    def in_turn(self, calls: Sequence[Call | Apply], on_callback: OnCallback) -> Sequence[Reply]:
        self._told = True
        return self._send(InTurn(list(calls)), on_callback)

    def _read(self, request: Value, on_callback: OnCallback) -> Reply:
        if (known := self._owner.plain(request.name)) is not None:
            return Returned(known)
        if self._process is None:
            self._owner._end_process()
        reply = self._send(request, on_callback)[0]
        if self._told and isinstance(reply, Returned) and type(reply.value) is str:
            return _changes(request.name)
        return reply

    def _send(self, request: Request | InTurn, on_callback: OnCallback) -> list[Reply]:
        if self._process is None:
            self._process = self._owner.process()
            if self._process.used:
                begins = self._owner._tasks.get(self._owner._current, "")
                request = msgspec.structs.replace(request, begins=begins)
        try:
            return [self._owner.words.reply(reply) for reply in self._process.exchange(request, on_callback)]
        except OutOfTime:
            self._owner.slow = True
            raise
        except Died:
            ended = self._owner.how_it_ended()
            if ended is None:
                raise
            raise ended from None


def _changes(name: str) -> Reply:
    return Raised("TypeError", f"{name} changes")


def _is_an_object(reply: Reply) -> bool:
    return isinstance(reply, Returned) and holds_a_reference(reply.value)


def _again(ran: list[TestRun], run: Run, names: Container[str], open_student: OpenStudent) -> list[TestRun]:
    """`ran`, with the tests in `names` rerun."""
    if not names:
        return ran
    again = {case.result.name: case for case in run(open_student, tests=names)}
    return [again.get(case.result.name, case) for case in ran]
