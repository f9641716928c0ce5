"""One submission in a lane: its cells run once, then a fresh fork of their state for each hidden test that needs one.

The tests of a task with `one_process` follow each other in one fork: a fork and its end cost more than most tests.
Nobody is the worse for it: what fails in a process that had answered another test before is run again in one of its
own, and a process is left after a second, which it has on top of the limit of each test. Nor does anybody get more by
it, as long as no such test hands over what another one asks for; `grader audit` looks for that.

Judged is CPU time; the wall limit is generous. What ran into the wall limit only (a busy machine, or a sleeping
submission) is run again while nobody else grades: the notebook's cells once, and then each such test.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from grader.jail.channel import Died, FrameChannel, OutOfTime, order_to_run, plain_text, seconds_from_now
from grader.jail.inside.wire import Frames, WireError
from grader.jail.lane import Lane, Limits
from grader.results import Outcome
from grader.testing.plugin import OpenStudent, Ran, Run
from grader.testing.student import Student

MAX_REOPENINGS = 3  # how many cells that end the process are left out before the rest is given up
OPENED_LIMIT = 256 << 10  # bytes that a notebook's own process may say at once
ANSWER_SECONDS = 10  # to fork, and to end a test's process
SHARE_AFTER_LOOP = 4  # of the CPU time: a task that has used it up in one test has so little in its others
SHARED_SECONDS = 1  # after which a process answers no further test; whole, as the kernel's limit of CPU time is
MAX_WALLS = 10  # how many times the wall limit all tests of one submission may take together
MAX_WALLS_ALONE = 3  # the same for those that are run again alone, while the class waits


def longest_seconds(limits: Limits) -> float:
    """The most wall time of a submission: opening (and opening again), all tests, and those again that hit the wall."""
    return (MAX_REOPENINGS + 3 + MAX_WALLS + MAX_WALLS_ALONE) * limits.wall_seconds


class JailedSubmission:
    """One submission in a lane: its cells run once, and then fresh forks of their state answer the hidden tests.

    A cell that ends the process (an endless loop, `os._exit`, too much memory) is left out and the others are run
    again: it costs what it was to answer, not the whole notebook. `tasks` says to which task each test belongs, and
    `one_process` holds those whose tests share a fork. With `moments` and `given` (see `order_to_run`) the names are in
    each test as they were when its task was checked.
    """

    def __init__(
        self,
        lane: Lane,
        limits: Limits,
        student: str,
        cells: Iterable[tuple[int, str]],
        *,
        tasks: Mapping[str, str] | None = None,
        one_process: Container[str] = (),
        alone: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext,
        moments: Sequence[tuple[str, int, int, Sequence[str], Sequence[str]]] = (),
        given: Sequence[int] = (),
    ) -> None:
        self._alone, self._opened_alone = alone, False
        self._lane, self._limits, self._id, self._cells = lane, limits, student, list(cells)
        self._jailed: Any = None
        self._frames: Frames | None = None
        self._gone: Exception | None = None
        self._process: FrameChannel | None = None
        self._process_task: str | None = None  # the task whose tests it answers
        self._process_seconds = 0.0  # how long it has worked for tests that are over
        self._not_the_first: set[str] = set()  # the tests whose process had answered another before
        self._moments, self._given = moments, given  # as in order_to_run
        self._at_end = False  # whether functions count as they are at the end of the notebook
        self._texts: dict[str, Any] = {}  # the globals that are plain texts, at the end of the notebook
        self._other_texts: dict[str, Any] = {}  # and by task, what differs from them there
        self.facts: Any = None  # what the far side says was bound elsewhere; nothing of it is checked yet
        self.failed: set[int] = set()  # the numbers of the cells that raised, or ended the process
        self._wall_hit: set[str] = set()
        self._current = ""
        self._time_left = MAX_WALLS * limits.wall_seconds
        self._test_began: float | None = None  # when the current test came to its process
        self._tasks, self._one_process = tasks or {}, one_process
        self._looping: set[str] = set()  # tasks of which a test has used its CPU time up

    def open(self) -> str:
        """Run the cells. Answers what befell them, in words for the student ("" if nothing)."""
        troubles: list[str] = []
        for _ in range(MAX_REOPENINGS + 1):
            last = self._try_open(troubles)
            if last is None:
                break
            self._cells = [cell for cell in self._cells if cell[0] != last]
        return " ".join(troubles)

    def _try_open(self, troubles: list[str]) -> int | None:
        """None when done (or given up), else the number of the cell that ended the process."""
        limits = self._limits
        self._jailed = self._lane.open(limits)
        self._frames = Frames(self._jailed.sock, limit=OPENED_LIMIT)
        self._gone = None
        current: int | None = None
        deadline = seconds_from_now(limits.wall_seconds)
        try:
            order = order_to_run(self._cells, self._id, tasks=self._moments, given=self._given)
            self._frames.send(order, deadline=deadline)
            while True:
                message = self._frames.receive(deadline)
                if message.get("op") == "cell" and type(message.get("number")) is int:
                    current = message["number"]
                elif message.get("op") == "opened":
                    self._note_opened(message, troubles)
                    return None
                else:
                    raise WireError("not an answer to `open`")
        except TimeoutError:
            if not self._opened_alone:  # the wall limit only: it may be the machine that was slow
                self._opened_alone = True
                self._jailed.kill()
                with self._alone():
                    return self._try_open(troubles)
            why = "was still running when its time was up"
        except (EOFError, OSError):
            why = "ended the process (time, memory, or a call that leaves Python)"
        except WireError:
            why = "answered in a way that cannot be read"
        self._jailed.kill()
        self._gone = Died(f"cell {current} {why}")
        if current is None or len(self._cells) == 0 or current not in {number for number, _ in self._cells}:
            troubles.append("The notebook could not be run.")
            return None
        troubles.append(f"Cell {current} {why}, so it was left out.")
        self.failed.add(current)
        return current

    def _note_opened(self, message: dict[str, Any], troubles: list[str]) -> None:
        """The cells have run: which failed, and what is known of the globals."""
        errors, texts, others = message.get("errors"), message.get("texts"), message.get("other_texts")
        errors = [error for error in errors[:20] if type(error) is dict] if type(errors) is list else []
        troubles += map(_told, errors)
        self.failed.update(error["number"] for error in errors if type(error.get("number")) is int)
        self._texts = texts if type(texts) is dict else {}
        self._other_texts = others if type(others) is dict else {}
        self.facts = message.get("facts")

    def run(self, run: Run) -> list[Ran]:
        """Run the hidden tests: a failure is believed where the test had a process, or the whole machine, to itself."""
        ran = run(self.student)
        timed_out = {case.result.name for case in ran if case.result.outcome is Outcome.TIMEOUT}
        passed = {case.result.name for case in ran if case.result.outcome is Outcome.PASSED}
        ran = _again(ran, run, self._not_the_first - passed - timed_out, self.student_apart)
        return self._again_if_only_the_wall_was_hit(ran, run)

    def student(self, test: str) -> Student:
        """A student for a hidden test: over the fork that answered the task's test before, if they share one."""
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
        return Student(_ChannelOfTest(self), self._id)

    def run_at_end(self, run: Run, tests: Container[str]) -> list[Ran]:
        """Run hidden tests with the functions as they are at the end of the notebook."""
        self._end_process()
        self._at_end = True
        try:
            return run(self.student, tests=tests)
        finally:
            self._end_process()
            self._at_end = False

    def run_as(self, student: str, run: Run, tests: Container[str]) -> list[Ran]:
        """Run hidden tests as if `student` had handed this in."""
        mine, self._id = self._id, student
        try:
            return run(self.student, tests=tests)
        finally:
            self._id = mine

    def student_apart(self, test: str) -> Student:
        """A student for a hidden test, over a fork of its own."""
        self._end_process()
        return self.student(test)

    def _may_share(self, task: str | None) -> bool:
        return task is not None and task in self._one_process and task not in self._looping

    def text(self, name: Any) -> str | None:
        """The global `name` if it is a plain text, as it counts for the current test."""
        others = self._other_texts.get(str(self._tasks.get(self._current)))
        found = others[name] if type(others) is dict and name in others else self._texts.get(name)
        return found if type(found) is str else None

    def process(self) -> FrameChannel:
        """The process of the current test. Raises Died, OutOfTime."""
        if self._gone is not None:
            if isinstance(self._gone, OutOfTime):
                self.note_wall()
            raise self._gone
        if self._time_left <= 0:  # sleeping through each test would hold up the class
            self.note_wall()
            raise OutOfTime("wall")
        self._test_began = time.monotonic()
        if self._process is None:
            self._process = FrameChannel(self._fork())
            self._process_task, self._process_seconds = self._tasks.get(self._current), 0.0
        else:
            self._not_the_first.add(self._current)
        self._process.deadline = seconds_from_now(min(self._limits.wall_seconds, self._time_left))
        return self._process

    def _fork(self) -> Frames:
        """A fresh process. Raises Died, OutOfTime."""
        assert self._frames is not None
        ours, theirs = socket.socketpair()
        try:
            deadline = seconds_from_now(ANSWER_SECONDS)
            spare = SHARED_SECONDS if self._may_share(self._tasks.get(self._current)) else 0
            order = {
                "op": "fork",
                "cpu_seconds": self._cpu_seconds(),
                "spare_seconds": spare,
                "task": self._tasks.get(self._current),
                "at_end": self._at_end,
            }
            self._frames.send(order, fds=[theirs.fileno()], deadline=deadline)
            if self._frames.receive(deadline).get("op") != "forked":
                raise WireError("not an answer to `fork`")
        except (TimeoutError, EOFError, OSError, WireError) as error:
            ours.close()
            self._gone = self._no_answer(error)
            raise self._gone from None
        finally:
            theirs.close()
        return Frames(ours)

    def _cpu_seconds(self) -> int:
        """What the current test may use: less after an endless loop in its task, or each of them would take it all."""
        whole = int(self._limits.cpu_seconds)
        looping = self._tasks.get(self._current) in self._looping
        return max(1, whole // SHARE_AFTER_LOOP) if looping else whole

    def how_it_ended(self) -> Exception | None:
        """After a broken conversation: did the CPU limit end the test's process?

        It is killed by the watch over its memory as well, and if it takes no notice of the limit, by that.
        """
        status = self._reap(patience=0.5) or {}
        used = status.get("cpu_seconds")
        most = self._cpu_seconds() + (SHARED_SECONDS if self._current in self._not_the_first else 0)
        killed = status.get("signal") == signal.SIGKILL and type(used) is float and used >= most
        if not killed and status.get("signal") != signal.SIGXCPU:
            return None
        if task := self._tasks.get(self._current):
            self._looping.add(task)
        return OutOfTime("cpu")

    def note_wall(self) -> None:
        """The current test ran into the wall limit."""
        self._wall_hit.add(self._current)

    def _again_if_only_the_wall_was_hit(self, ran: list[Ran], run: Run) -> list[Ran]:
        """A busy machine must not cost a student points: what only exceeded the wall limit is run once more, alone."""
        names = self._wall_hit & {case.result.name for case in ran if case.result.outcome is Outcome.TIMEOUT}
        if not names:
            return ran
        with self._alone():
            self._time_left = MAX_WALLS_ALONE * self._limits.wall_seconds
            if self._gone is not None:
                self._open_again()
            return _again(ran, run, names, self.student_apart)

    def _open_again(self) -> None:
        self.close()
        self._opened_alone = True
        self._try_open([])

    def _finish_test(self) -> None:
        if self._test_began is not None:
            worked = time.monotonic() - self._test_began
            self._test_began = None
            self._time_left -= worked
            self._process_seconds += worked

    def _end_process(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None

    def _reap(self, *, patience: float) -> dict[str, Any] | None:
        if self._frames is None or self._gone is not None:
            return None
        try:
            deadline = seconds_from_now(ANSWER_SECONDS)
            self._frames.send({"op": "reap", "patience": patience}, deadline=deadline)
            reply: dict[str, Any] = self._frames.receive(deadline)
            if reply.get("op") != "reaped":
                raise WireError("not an answer to `reap`")
            return reply
        except (TimeoutError, EOFError, OSError, WireError) as error:
            self._gone = self._no_answer(error)
            return None

    def _no_answer(self, error: Exception) -> Exception:
        """The submission's own process does not answer: it is gone, or slower than we wait."""
        if isinstance(error, TimeoutError):
            self.note_wall()
            return OutOfTime("wall")
        return Died(f"the notebook's process is gone ({type(error).__name__})")

    def close(self) -> None:
        """End the submission and everything that it started."""
        self._end_process()
        if self._jailed is not None:
            self._jailed.kill()


class _ChannelOfTest:
    """The channel of one hidden test, which comes to a process when something is asked that needs one.

    A typed answer is a text that is known, which a test of formulas only reads. When the process ends too early, the
    submission is asked why.
    """

    def __init__(self, owner: JailedSubmission) -> None:
        self._owner = owner
        self._process: FrameChannel | None = None

    def request(self, message: dict[str, Any], on_callback: Any) -> dict[str, Any]:
        if self._process is None:
            if message["op"] == "value" and (text := self._owner.text(message["name"])) is not None:
                return {"ok": text}
            self._process = self._owner.process()
            message = {**message, "another_test": self._process.used}
        try:
            return self._process.request(message, on_callback)
        except OutOfTime:
            self._owner.note_wall()
            raise
        except Died:
            ended = self._owner.how_it_ended()
            if ended is None:
                raise
            raise ended from None


def _again(ran: list[Ran], run: Run, names: Container[str], open_student: OpenStudent) -> list[Ran]:
    """`ran`, with those of these names run once more."""
    if not names:
        return ran
    again = {case.result.name: case for case in run(open_student, tests=names)}
    return [again.get(case.result.name, case) for case in ran]


def _told(facts: dict[str, Any]) -> str:
    """What the far side says of a cell that failed, for the student."""
    number = facts.get("number") if type(facts.get("number")) is int else "?"
    return f"Cell {number} raised {plain_text(facts.get('kind'), 60)}: {plain_text(facts.get('message'), 200)}."
