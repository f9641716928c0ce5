"""One submission in a lane: its cells run once, then each hidden test that needs one gets a fresh fork of their state.

The tests of a task with `one_process` share a fork, because starting and ending a fork costs more than most tests. This
costs no student points: a test that fails in a process that has already answered another test is rerun in a separate
process, and a process answers no further test after one second, which it gets on top of each test's limit. Sharing
gives no advantage either, as long as no such test passes in what another test asks for; `grader audit` checks that.

The limit that counts is CPU time: per process (enforced by the kernel) and for all processes together (`CPU_LIMITS`,
and what is left of the submission's `Budget`).
The wall limits are generous, and most waiting is free. Only idle time, when neither side computes or waits for a CPU,
is charged to the submission's `Budget`. So a sleeping notebook costs the class half a minute, and a busy machine costs
a student nothing. A submission that still hits a wall limit is marked `slow`, and is regraded when no other submission
is running (`grade`).
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.grading.own_words import OwnWords, failed_cell
from grader.jail.channel import Died, FrameChannel, OutOfTime, order_to_run, seconds_from_now
from grader.jail.inside.wire import Frames, WireError
from grader.jail.lane import Lane, ResourceLimits
from grader.results import Outcome
from grader.testing.budget import Budget
from grader.testing.plugin import OpenStudent, Run, TestRun
from grader.testing.student import Student

MAX_REOPENINGS = 3  # how many cells that end the process are left out before the notebook is given up
OPENED_LIMIT = 256 << 10  # bytes of one message from the notebook's own process; messages to it have no such limit
ANSWER_SECONDS = 10  # to fork, and to end a test's process
SHARE_AFTER_LOOP = 4  # after one test of a task uses up its CPU time, the task's others get only 1/4 of it
SHARED_SECONDS = 1  # after which a process answers no further test; an integer, like the kernel's CPU limit
TICKS = 0.05  # seconds of tolerance: the kernel counts user and system CPU time in ticks of 1/100 s
CPU_LIMITS = 10  # CPU time of all processes of a submission together, as a multiple of one test's limit
LOOK_SECONDS = 0.5  # between two checks of who was busy, unless a wait ends earlier
LEAST_MORE_SECONDS = 0.1  # the smallest extension of a deadline


_QUEUED = Path("/proc/self/schedstat")


class JailedSubmission:
    """One submission in a lane: its cells run once, and then fresh forks of their state answer the hidden tests.

    A cell that ends the process (an endless loop, `os._exit`, too much memory) is left out and the others are rerun,
    so it costs its own task, not the whole notebook. `tasks` maps each test to its task, and `one_process` holds the
    tasks whose tests share a fork. With `moments` and `given` (see `order_to_run`), each test sees the names as they
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
        one_process: Container[str] = (),
        moments: Sequence[tuple[str, int, int, Sequence[str], Sequence[str]]] = (),
        given: Sequence[int] = (),
    ) -> None:
        self._budget = budget or Budget()
        self.cpu_seconds_left = CPU_LIMITS * limits.cpu_seconds if cpu_seconds_left is None else cpu_seconds_left
        self.slow = False  # whether a wall limit stopped it
        self.lane_was_lost = False  # whether its lane had to be discarded: by its doing, or because someone killed it
        self._lane, self._limits, self._id, self._cells = lane, limits, student, list(cells)
        self._jailed: Any = None
        self._frames: Frames | None = None
        self._gone: Exception | None = None
        self._process: FrameChannel | None = None
        self._last_process: FrameChannel | None = None  # not closed yet
        self._process_task: str | None = None  # the task whose tests the process answers
        self._process_seconds = 0.0  # time that the process has spent on finished tests
        self._not_the_first: set[str] = set()  # the tests whose process had answered another test before
        self._moments, self._given = moments, given  # as in order_to_run
        self._at_end = False  # whether to use the functions as they are at the end of the notebook
        self._texts: dict[str, Any] = {}  # the globals that are strings, at the end of the notebook
        self._other_texts: dict[str, Any] = {}  # by task, the strings that were different at its check
        self.facts: Any = None  # names that the far side says were bound elsewhere; not validated yet
        self.failed: set[int] = set()  # the numbers of the cells that raised, or ended the process
        self._current = ""
        self._values: dict[tuple[str | None, bool, str], dict[str, Any]] = {}  # replies for globals already read
        self.words = OwnWords(self._cells)
        # When we looked last, how long we and the submission had been busy, and the CPU time of us and of it.
        self._looked, self._counted = (time.monotonic(), _busy_seconds(), 0.0), (time.process_time(), 0.0)
        self._share = self._idle = self._until = 0.0  # current wait: idle time allowed, idle time so far, latest end
        self._test_began: float | None = None  # when the current test got its process
        self._tasks, self._one_process = tasks or {}, one_process
        self._looping: set[str] = set()  # tasks with a test that used up its CPU time

    def open(self) -> str:
        """Run the cells. Returns what went wrong, in words for the student ("" if nothing)."""
        troubles: list[str] = []
        for _ in range(MAX_REOPENINGS + 1):
            last = self._try_open(troubles)
            if last is None:
                break
            self._cells = [cell for cell in self._cells if cell[0] != last]
        return " ".join(troubles)

    def _try_open(self, troubles: list[str]) -> int | None:
        """Run the cells once. Returns the number of the cell that ended the process; None when done or given up."""
        self._begin_wait(self._limits.wall_seconds)
        if self.cpu_seconds_left <= 0 or self._share <= 0:
            self._gone = OutOfTime("cpu" if self.cpu_seconds_left <= 0 else "wall")
            troubles.append("The notebook used up all of its time.")
            return None
        self._jailed = self._lane.open(self._limits, cpu_seconds_in_all=self._cpu_seconds_in_all())
        self._looked, self._counted = (time.monotonic(), _busy_seconds(), 0.0), (self._counted[0], 0.0)
        deadline = self._begin_wait(self._limits.wall_seconds)
        frames = self._frames = Frames(self._jailed.sock, limit=OPENED_LIMIT)
        self._gone = None
        current: int | None = None
        try:
            order = order_to_run(self._cells, self._id, tasks=self._moments, given=self._given)
            frames.send(order, deadline=deadline)
            while True:
                message = self._receive(frames, deadline)
                if message.get("op") == "cell" and type(message.get("number")) is int:
                    current = message["number"]
                elif message.get("op") == "opened":
                    self._note_opened(message, troubles)
                    return None
                else:
                    raise WireError("not an answer to `open`")
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
            troubles.append("The notebook could not be run.")
            return None
        troubles.append(f"Cell {current} {why}, so it was left out.")
        self.failed.add(current)
        return current

    def _note_opened(self, message: dict[str, Any], troubles: list[str]) -> None:
        """Record which cells failed, and what the far side reports about the globals."""
        errors, texts, others = message.get("errors"), message.get("texts"), message.get("other_texts")
        errors = [error for error in errors[:20] if type(error) is dict] if type(errors) is list else []
        troubles += map(failed_cell, errors)
        self.failed.update(error["number"] for error in errors if type(error.get("number")) is int)
        self._texts = texts if type(texts) is dict else {}
        self._other_texts = others if type(others) is dict else {}
        self.facts = message.get("facts")

    def run(self, run: Run) -> list[TestRun]:
        """Run the hidden tests. Except for timeouts, a failure counts only if it recurs in a separate process."""
        ran = run(self.student)
        timed_out = {case.result.name for case in ran if case.result.outcome is Outcome.TIMEOUT}
        passed = {case.result.name for case in ran if case.result.outcome is Outcome.PASSED}
        failed = {self._tasks.get(test) for test in self._not_the_first - passed - timed_out}
        # Rerun all of the task's tests, including those that passed: otherwise a single test would get a second guess.
        again = {test for test in self._not_the_first - timed_out if self._tasks.get(test) in failed}
        return _again(ran, run, again, self.student_apart)

    def student(self, test: str) -> Student:
        """A student for a hidden test; it reuses the fork of the task's previous test if they share one."""
        self._finish_test()
        process, task = self._process, self._tasks.get(test)
        if process is not None and not (
            process.usable
            and task == self._process_task
            and self._may_share(task)
            and self._process_seconds <= SHARED_SECONDS
        ):
            self._end_process()
        self._current = test
        return Student(_ChannelOfTest(self), self._id, self._budget, shown_type=self.words.type_name)

    def run_otherwise(
        self, run: Run, tests: Container[str], *, at_end: bool = False, student: str = ""
    ) -> list[TestRun]:
        """Rerun hidden tests with the functions as they are at the end, or as if another `student` had submitted.

        For another student, the run stops at the first failure.
        """
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

    def _may_share(self, task: str | None) -> bool:
        return task is not None and task in self._one_process and task not in self._looping

    def text(self, name: Any) -> str | None:
        """The global `name` as it counts for the current test, if it is a string."""
        others = self._other_texts.get(str(self._tasks.get(self._current)))
        found = others[name] if type(others) is dict and name in others else self._texts.get(name)
        return found if type(found) is str else None

    def read_once(self, name: str, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The first reply for the global `name`: reading it again would allow a second guess.

        An object stays on the far side and is requested each time, but it must remain an object.
        """
        place = (self._tasks.get(self._current), self._at_end, name)
        known = self._values.get(place)
        if known is not None and not _holds_an_object(known):
            return known
        told = ask()
        if known is None:
            self._values[place] = told
        elif not _holds_an_object(told):
            return _changes(name)
        return told

    def in_own_words(self, reply: dict[str, Any]) -> dict[str, Any]:
        """A reply from a test's process, without words that may come from the test (`own_words`)."""
        if type(error := reply.get("error")) is dict:
            return {**reply, "error": self.words.told(error)}
        return {**reply, "near": self.words.name(reply.get("near"))} if "missing" in reply else reply

    def process(self) -> FrameChannel:
        """The process of the current test. Raises Died, OutOfTime."""
        if self._gone is not None:
            raise self._gone
        self._begin_wait(self._limits.wall_seconds)
        if self._share <= 0:  # a submission that sleeps in every test would hold up the class
            self.slow = True
            raise OutOfTime("wall")
        self._test_began = time.monotonic()
        if self._process is None:
            self._process = FrameChannel(self._fork(), more_time=self._more_time)
            self._process_task, self._process_seconds = self._tasks.get(self._current), 0.0
        else:
            self._not_the_first.add(self._current)
        self._process.deadline = self._begin_wait(self._limits.wall_seconds)
        return self._process

    def _begin_wait(self, most: float) -> float:
        """Start a wait and return its deadline if all of it is idle; it can be extended to `most` seconds from now."""
        if time.monotonic() - self._looked[0] > LOOK_SECONDS:
            self._settle()
        self._share, self._idle = self._budget.waiting_share(most), 0.0
        self._until = seconds_from_now(most)
        return seconds_from_now(self._share)

    def _more_time(self) -> float | None:
        """A later deadline for the current wait, extended by the time that was not idle; None if none is left."""
        self._idle += self._settle()
        left = self._share - self._idle
        if left <= 0 or time.monotonic() >= self._until:
            return None
        return min(seconds_from_now(max(left, LEAST_MORE_SECONDS)), self._until)

    def _settle(self) -> float:
        """Charge the time since the last check in which neither side was busy; returns it in seconds."""
        computed = queued = 0.0
        if self._jailed is not None:
            computed, queued = self._jailed.usage(cpu_seconds_in_all=self._cpu_seconds_in_all())
        self._charge_computing(computed)
        before, self._looked = self._looked, (time.monotonic(), _busy_seconds(), computed + queued)
        passed, ours, theirs = (new - old for new, old in zip(self._looked, before, strict=True))
        idle = max(0.0, passed - max(0.0, ours) - max(0.0, theirs))
        self._budget.waited(idle)
        return idle

    def _charge_computing(self, theirs: float) -> None:
        """Charge our CPU time and that of the submission's processes, of which `theirs` is the total so far."""
        before, self._counted = self._counted, (time.process_time(), max(self._counted[1], theirs))
        self._budget.computed(sum(self._counted) - sum(before))

    def _cpu_seconds_in_all(self) -> float:
        """The most CPU time that the submission's processes may use in total since its cells were last started."""
        return min(self.cpu_seconds_left, self._counted[1] + self._budget.seconds_left)

    def _receive(self, frames: Frames, deadline: float) -> dict[str, Any]:
        """The next frame from the notebook's own process. Raises what `Frames.receive` raises."""
        while True:
            try:
                return frames.receive(deadline)
            except TimeoutError:
                later = self._more_time()
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
        order = {
            "op": "fork",
            "cpu_seconds": self._cpu_seconds(),
            "spare_seconds": SHARED_SECONDS if self._may_share(self._tasks.get(self._current)) else 0,
            "task": self._tasks.get(self._current),
            "at_end": self._at_end,
        }
        try:
            self._frames.send(order, fds=[theirs.fileno()], deadline=self._begin_wait(ANSWER_SECONDS))
        except (TimeoutError, OSError, WireError) as error:
            self._gone = self._no_answer(error)
            return "gone"
        how: str = self._jailed.next_process()
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
        self._try_open([])

    def _finish_test(self) -> None:
        if self._test_began is not None:
            self._process_seconds += time.monotonic() - self._test_began
            self._test_began = None

    def _end_process(self) -> None:
        """Release the current process. Its socket stays open until it is killed, so that it does not exit by itself."""
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
        self._charge_computing(jailed.cpu_seconds)
        self._counted = (self._counted[0], 0.0)
        return str(how)


def _busy_seconds() -> float:
    """How long this process has computed or waited for a CPU."""
    try:
        queued = int(_QUEUED.read_bytes().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):  # the kernel does not report it
        queued = 0.0
    return time.process_time() + queued


class _ChannelOfTest:
    """The channel of one hidden test. It gets a process only when a request needs one.

    Typed answers are strings that are already known, so tests that only read them need no process. Any other global is
    read in a process that has heard of no other test, and no text once it has heard of this one: a hint quotes what was
    typed. If the process ends too early, the owner says why.
    """

    def __init__(self, owner: JailedSubmission) -> None:
        self._owner = owner
        self._process: FrameChannel | None = None
        self._told = False  # whether the process knows anything of this test

    def request(self, message: dict[str, Any], on_callback: Any) -> dict[str, Any]:
        if message["op"] == "value":
            return self._owner.read_once(message["name"], lambda: self._request(message, on_callback))
        return self._request(message, on_callback)

    def _request(self, message: dict[str, Any], on_callback: Any) -> dict[str, Any]:
        reads = message["op"] == "value"
        if reads and (text := self._owner.text(message["name"])) is not None:
            return {"ok": text}
        if self._process is None:
            if reads:
                self._owner._end_process()
            self._process = self._owner.process()
            message = {**message, "another_test": self._process.used}
        self._told = self._told or message["op"] not in ("value", "has")
        try:
            reply = self._process.request(message, on_callback)
            if reads and self._told and type(reply.get("ok")) is str:
                return _changes(message["name"])
            return self._owner.in_own_words(reply)
        except OutOfTime:
            self._owner.slow = True
            raise
        except Died:
            ended = self._owner.how_it_ended()
            if ended is None:
                raise
            raise ended from None


def _changes(name: str) -> dict[str, Any]:
    return {"error": {"kind": "TypeError", "message": f"{name} changes"}}


def _holds_an_object(data: Any) -> bool:
    """Whether wire data contains a handle to an object on the far side."""
    if type(data) is dict:
        return data.get("t") == "handle" or any(map(_holds_an_object, data.values()))
    return type(data) is list and any(map(_holds_an_object, data))


def _again(ran: list[TestRun], run: Run, names: Container[str], open_student: OpenStudent) -> list[TestRun]:
    """`ran`, with the tests in `names` rerun."""
    if not names:
        return ran
    again = {case.result.name: case for case in run(open_student, tests=names)}
    return [again.get(case.result.name, case) for case in ran]
