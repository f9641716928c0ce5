"""Grade one submission or a whole class.

Theory of operation. A *worker* is a process of its own, one for each core, with one lane. It takes up a unit (collects
its hidden tests, proves that the reference passes them) and then one submission of it after the other, over a socket
(frames, as everywhere); what it learns of the unit's mistakes it keeps until it takes up another. A submission's cells
run once in the lane; every hidden test, or every task's tests, talk to a fresh fork of the state after the last cell.

Several units are graded by the same workers, each at a unit of its own as long as there are enough: a lane, and what
is learned of mistakes, costs seconds.

Nobody waits for anybody. A submission that only a wall limit stopped, or that we failed at, is put aside: when all
others are done it is graded once more, alone, and that is the last word. A worker that has failed or run out of memory
is replaced at once, so the next submission meets a fresh one. What fails alone as well is our fault: it costs no point,
and a person looks.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.course import manifest
from grader.errors import GraderError
from grader.grading.verdict import Graded, fault_report
from grader.grading.worker import NAME_BYTES, Order
from grader.jail.channel import seconds_from_now
from grader.jail.inside.confine import LINUX
from grader.jail.inside.wire import Frames, WireError
from grader.jail.self_test import probe
from grader.results import Level, Report
from grader.testing.budget import WAITING_SECONDS, WAITING_SECONDS_ALONE

MAX_GIVEN_UP = 3  # tests of one submission that may end a worker before a person looks
OnReport = Callable[[Report], None]


class Batch(NamedTuple):
    """What was handed in for one unit: (student, notebook); and the released notebook, whose cells it must hold."""

    unit: str
    submissions: Sequence[tuple[str, Path]]
    release: Path


def grade_submission(course: manifest.Course, unit_id: str, student: str, notebook: Path, release: Path) -> Report:
    """Grade one notebook. A worker is kept warm for the next call. Raises GraderError."""

    def fresh() -> Worker:
        level = level_for_grading()
        worker = _warm[course.root] = Worker(course)
        worker.enter(level)
        return worker

    worker = _warm.get(course.root)
    if worker is None or not worker.alive():
        worker = fresh()
    worker, graded = _grade(worker, fresh, unit_id, student, notebook, release)
    return _once_more_alone(worker, fresh, graded, unit_id, student, notebook, release)[1]


def grade_class(
    course: manifest.Course,
    unit_id: str,
    submissions: Sequence[tuple[str, Path]],
    release: Path,
    *,
    workers: int | None = None,
    on_report: OnReport | None = None,
) -> list[Report]:
    """Grade `submissions` (student, notebook) on all cores; reports in the order given. Raises GraderError."""
    batch = Batch(unit_id, submissions, release)
    return grade_batches(course, [batch], workers=workers, on_report=on_report)[0]


def grade_batches(
    course: manifest.Course,
    batches: Sequence[Batch],
    *,
    workers: int | None = None,
    on_report: OnReport | None = None,
) -> list[list[Report]]:
    """Grade several units' submissions on all cores; reports in the order given. Raises GraderError."""
    cores = usable_cores()
    count = min(workers or len(cores), sum(len(batch.submissions) for batch in batches))
    waiting = Waiting([len(batch.submissions) for batch in batches])
    reports: dict[tuple[int, int], Report] = {}
    aside: dict[tuple[int, int], Graded] = {}
    faults: list[Exception] = []
    lock = threading.Lock()

    def new_worker(number: int) -> Worker:
        # As many as there are cores keep to one each: a worker and its submission take turns, which costs less on one
        # core than on two. Fewer may go where there is room.
        return Worker(course, core=cores[number % len(cores)] if count >= len(cores) else None)

    def fresh(number: int) -> Worker:
        worker = new_worker(number)
        worker.enter(level)
        return worker

    def done(place: tuple[int, int], report: Report) -> None:
        reports[place] = report
        if on_report:
            on_report(report)

    def work(number: int, worker: Worker) -> None:
        try:
            try:
                worker.enter(level)
                last: int | None = None
                while not faults and (place := waiting.take(last)):
                    last, at = place
                    unit, submissions, release = batches[last]
                    worker, graded = _grade(worker, lambda: fresh(number), unit, *submissions[at], release)
                    with lock:
                        if graded.again:
                            aside[place] = graded
                        else:
                            done(place, graded.report)
            finally:
                worker.close()
        except Exception as error:
            faults.append(error)

    with contextlib.ExitStack() as started:
        staff = [new_worker(number) for number in range(count)]
        for worker in staff:
            started.callback(worker.close)
        level = level_for_grading() if count else Level.L0  # tried while the workers start
        threads = [threading.Thread(target=work, args=place) for place in enumerate(staff)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]
    alone: Worker | None = None
    try:
        for place in sorted(aside):
            unit, submissions, release = batches[place[0]]
            alone = alone or fresh(0)
            alone, report = _once_more_alone(
                alone, lambda: fresh(0), aside[place], unit, *submissions[place[1]], release
            )
            done(place, report)
    finally:
        if alone is not None:
            alone.close()
    return [[reports[at, number] for number in range(len(batch.submissions))] for at, batch in enumerate(batches)]


def _grade(
    worker: Worker,
    fresh: Callable[[], Worker],
    unit_id: str,
    student: str,
    notebook: Path,
    release: Path,
    *,
    before: Graded | None = None,
) -> tuple[Worker, Graded]:
    """What came of one submission, and the worker for the next. `fresh` gives another one. Raises GraderError."""
    if not worker.alive():
        worker = fresh()
    try:
        worker.take_up(unit_id)
    except GraderError:  # it may be what the submissions before this one left; if it is the unit, it is so twice
        worker = fresh()
        worker.take_up(unit_id)
    graded = worker.grade(unit_id, student, notebook, release, before=before)
    if graded.worn:
        worker.close()
    return worker, graded


def _once_more_alone(
    worker: Worker,
    fresh: Callable[[], Worker],
    graded: Graded,
    unit_id: str,
    student: str,
    notebook: Path,
    release: Path,
) -> tuple[Worker, Report]:
    """The last word on a submission: that of a second time where the first was slow, or our fault."""
    while graded.again:
        if graded.report.our_fault:
            worker.close()
        worker, later = _grade(worker, fresh, unit_id, student, notebook, release, before=graded)
        if len(later.gave_up) in (len(graded.gave_up), MAX_GIVEN_UP):
            return worker, later.report
        graded = later
    return worker, graded.report


def usable_cores() -> list[int]:
    """The cores that this process may run on."""
    return sorted(os.sched_getaffinity(0)) if LINUX else [*range(os.cpu_count() or 1)]


class Waiting:
    """What no worker has taken yet of some batches with so many submissions each."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._left = [deque(range(size)) for size in sizes]
        self._workers = [0] * len(sizes)  # how many are at each batch
        self._lock = threading.Lock()

    def take(self, last: int | None) -> tuple[int, int] | None:
        """(batch, number in it) for a worker that was at the batch `last`; None when all is taken.

        Of the same batch as long as it lasts, then of one that the fewest are at: to take up a unit costs a second.
        """
        with self._lock:
            if last is not None and not self._left[last]:
                self._workers[last] -= 1
                last = None
            if last is None:
                left = [at for at, numbers in enumerate(self._left) if numbers]
                if not left:
                    return None
                last = min(left, key=lambda at: (self._workers[at], -len(self._left[at])))
                self._workers[last] += 1
            return last, self._left[last].popleft()


class Worker:
    """The near side of one worker process. With a `core` it and all that it starts keep to that one."""

    def __init__(self, course: manifest.Course, *, core: int | None = None) -> None:
        self._course, self._unit = course, ""
        ours, theirs = socket.socketpair()
        self._frames = Frames(ours)
        self._current = tempfile.TemporaryFile()  # noqa: SIM115 - the name of the current test, as long as the worker
        fds = [theirs.fileno(), self._current.fileno()]
        numbers = [*fds, *([] if core is None else [core])]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", "grader.grading.worker", str(course.root), *map(str, numbers)],
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # The reference gets a variant too, and draws without a screen.
            env={**os.environ, "JUPYTERHUB_USER": "reference", "MPLBACKEND": "Agg"},
        )
        theirs.close()

    def enter(self, level: Level) -> None:
        """Have a lane of `level` started, once and before all else."""
        with contextlib.suppress(OSError):  # a process that is gone is noticed by what is asked of it next
            self._frames.send({"level": level})

    def alive(self) -> bool:
        """Whether the process can take another submission."""
        return self._process.poll() is None and self._frames.sock.fileno() >= 0

    def take_up(self, unit_id: str) -> None:
        """Get ready for submissions of a unit. Raises GraderError where the unit itself cannot be graded."""
        if unit_id == self._unit:
            return
        try:
            self._frames.send({"unit": unit_id})
            answer = self._frames.receive(seconds_from_now(300))
        except (EOFError, OSError) as error:
            self.close()
            raise GraderError(f"the worker for {unit_id} did not start ({type(error).__name__})") from None
        if "fault" in answer:
            self.close()
            raise GraderError(str(answer["fault"]))
        self._unit = unit_id

    def grade(
        self, unit_id: str, student: str, notebook: Path, release: Path, *, before: Graded | None = None
    ) -> Graded:
        """What comes of one notebook. Raises GraderError for what is wrong with the unit, never for a submission.

        `before` is what came of it the first time; now it is alone.
        """
        self.take_up(unit_id)
        unit = self._course.unit(unit_id)
        gave_up = before.gave_up if before else ()
        order = Order(
            student,
            str(notebook),
            str(release),
            waiting_seconds=WAITING_SECONDS_ALONE if before else WAITING_SECONDS,
            cpu_seconds_left=before.cpu_seconds_left if before else None,
            gave_up=gave_up,
        )
        try:
            self._frames.send(msgspec.to_builtins(order))
            # Its own limits end it long before, but on a machine that hardly moves.
            reply = self._frames.receive(seconds_from_now(600 + 100 * unit.limits.cpu_seconds))
            return msgspec.structs.replace(msgspec.convert(reply, Graded), gave_up=gave_up)
        except (EOFError, OSError, WireError, msgspec.ValidationError) as error:
            test = os.pread(self._current.fileno(), NAME_BYTES, 0).decode(errors="replace").strip()
            self.close()
            report = fault_report(unit, student, f"the worker broke down: {type(error).__name__}: {error}")
            if self._process.returncode == -signal.SIGXCPU:  # in the middle of computing for a test
                gave_up = (*gave_up, test)
            return Graded(report, worn=True, gave_up=gave_up)

    def close(self) -> None:
        """End the process and everything that it started."""
        self._frames.sock.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._current.close()


_warm: dict[Path, Worker] = {}


def level_for_grading() -> Level:
    """The best rung that holds here, or the one that GRADER_LEVEL names, if it holds. Raises GraderError.

    Below L1 official grading is refused unless GRADER_ALLOW_L0 says otherwise.
    """
    wanted = os.environ.get("GRADER_LEVEL", "")
    if wanted not in ("", *Level):
        raise GraderError(f"GRADER_LEVEL={wanted}: expected one of {', '.join(Level)}, or nothing for the best")
    level, reasons = probe((Level(wanted),)) if wanted else probe()
    if wanted and level != wanted:
        raise GraderError(f"GRADER_LEVEL={wanted}, which does not hold on this machine: {'; '.join(reasons)}")
    if level is Level.L0 and os.environ.get("GRADER_ALLOW_L0") != "1":
        raise GraderError(
            "\n  ".join(["this machine cannot isolate students' code, so official grading is refused:", *reasons])
            + "\nRun `grader doctor`; to grade without isolation all the same, set GRADER_ALLOW_L0=1."
        )
    return level
