"""Grade a whole class.

Theory of operation. A *worker* is a separate process with one lane; there is one per core. It loads a unit (collects
the hidden tests, checks that the reference passes them) and then grades that unit's submissions one after another. It
talks to us in frames over a socket, and keeps what it learns about the unit's mistakes until it loads another unit. A
submission's cells run once in the lane; each hidden test, or all tests of one task, run against a fresh fork of the
state after the last cell.

The same workers grade several units, each worker on a different unit while there are enough: starting a lane, and
learning a unit's mistakes, takes seconds.

No submission waits for another. A submission that was stopped only by a wall limit, or that failed through our fault,
is put aside, regraded alone when all others are done, and that result is final. A worker that failed or ran out of
memory is replaced at once, so the next submission gets a fresh one. If the regrade fails too, it is our fault: it costs
no points, and the task stays pending until someone reviews it.
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

import msgspec

from grader.course import manifest
from grader.environment import python_path
from grader.errors import GraderError
from grader.grading.batch import Batch, OnBegin, OnReport
from grader.grading.messages import FROM_WORKER, LEFT_BYTES, NAME_BYTES, Done, Enter, Fault, Graded, Order, TakeUp
from grader.grading.verdict import fault_report
from grader.jail.channel import seconds_from_now
from grader.jail.folders import remove_left_lanes
from grader.jail.inside.confine import LINUX
from grader.jail.inside.wire import Frames, WireError
from grader.jail.self_test import probe
from grader.results import Level, Report
from grader.testing.budget import (
    COMPUTING_SECONDS,
    LEAST_SECONDS,
    LONG_CALL_SECONDS,
    SECONDS,
    WAITING_SECONDS,
    WAITING_SECONDS_ALONE,
)

STALLED_SECONDS = 20 * SECONDS  # for a worker to return one report
MAX_GIVEN_UP = 3  # tests of one submission that may kill a worker before the submission is left for review


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
    on_begin: OnBegin | None = None,
    keep: bool = True,
) -> list[list[Report]]:
    """Grade several units' submissions on all cores; reports in the order given. Raises GraderError.

    `on_begin` is called whenever a worker takes up a submission, `on_report` once for each, when its report is final.
    Unless `keep`, nothing is returned: the reports of a large class do not fit into memory.
    """
    remove_left_lanes()
    try:
        return _ClassInProgress(course, batches, workers, on_report, on_begin, keep).grade()
    finally:
        remove_left_lanes()


class _ClassInProgress:
    """The submissions of some batches, while workers grade them. A place is (batch, index in it)."""

    def __init__(
        self,
        course: manifest.Course,
        batches: Sequence[Batch],
        workers: int | None,
        on_report: OnReport | None,
        on_begin: OnBegin | None,
        keep: bool,
    ) -> None:
        self._course, self._batches, self._keep = course, batches, keep
        self._on_report, self._on_begin = on_report or (lambda _: None), on_begin or (lambda *_: None)
        self._cores = usable_cores()
        self._count = min(workers or len(self._cores), sum(len(batch.submissions) for batch in batches))
        self._level = Level.L0
        self._waiting = Waiting([len(batch.submissions) for batch in batches])
        self._reports: dict[tuple[int, int], Report] = {}
        self._aside: dict[tuple[int, int], Graded | None] = {}  # to grade alone, and the first attempt if there was one
        self._faults: list[BaseException] = []
        self._workers: list[Worker] = []
        self._lock = threading.Lock()

    def grade(self) -> list[list[Report]]:
        """Grade everything. Raises GraderError, and whatever a callback raises."""
        try:
            staff = [self._new_worker(number) for number in range(self._count)]
            self._level = level_for_grading() if self._count else Level.L0  # probed while the workers start
            threads = [threading.Thread(target=self._work, args=place) for place in enumerate(staff)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if self._faults:
                raise self._faults[0]
            self._grade_alone()
        except BaseException as error:  # Ctrl-C among others: nobody takes up another submission
            self._faults.append(error)
            for worker in self._workers:
                worker.hang_up()
            raise
        finally:
            for worker in self._workers:
                worker.close()
        if not self._keep:
            return []
        sizes = enumerate(len(batch.submissions) for batch in self._batches)
        return [[self._reports[at, number] for number in range(size)] for at, size in sizes]

    def _new_worker(self, number: int) -> Worker:
        # With a worker for every core, each is pinned to one: a worker and its submission take turns, which is cheaper
        # on one core than on two. Fewer workers are not pinned.
        cores = self._cores
        worker = Worker(self._course, core=cores[number % len(cores)] if self._count >= len(cores) else None)
        self._workers.append(worker)
        return worker

    def _fresh(self, number: int) -> Worker:
        if self._faults:
            raise self._faults[0]
        worker = self._new_worker(number)
        worker.enter(self._level)
        return worker

    def _work(self, number: int, worker: Worker) -> None:
        """What the thread of one worker does."""
        try:
            try:
                worker.enter(self._level)
                last: int | None = None
                while not self._faults and (place := self._waiting.take(last)):
                    last = place[0]
                    worker = self._take_up(place, number, worker)
            finally:
                worker.close()
        except BaseException as error:
            self._faults.append(error)

    def _take_up(self, place: tuple[int, int], number: int, worker: Worker) -> Worker:
        """Grade one submission, or set it aside. Returns the worker for the next."""
        batch, (student, notebook) = self._at(place)
        if student in batch.alone:
            self._aside[place] = None
            return worker
        self._on_begin(batch.unit, student, self._level, False)
        worker, graded = grade_once(worker, lambda: self._fresh(number), batch.unit, student, notebook, batch.release)
        with self._lock:
            if graded.again:
                self._aside[place] = graded
            else:
                self._done(place, graded.report)
        return worker

    def _grade_alone(self) -> None:
        """Grade what was set aside, one after another."""
        worker: Worker | None = None
        for place in sorted(self._aside):
            batch, (student, notebook) = self._at(place)
            what = (batch.unit, student, notebook, batch.release)
            worker = worker or self._fresh(0)
            self._on_begin(batch.unit, student, self._level, True)
            graded = self._aside[place]
            if graded is None:
                worker, graded = grade_once(worker, lambda: self._fresh(0), *what)
            worker, report = regrade_alone(worker, lambda: self._fresh(0), graded, *what)
            self._done(place, report)

    def _at(self, place: tuple[int, int]) -> tuple[Batch, tuple[str, Path]]:
        batch = self._batches[place[0]]
        return batch, batch.submissions[place[1]]

    def _done(self, place: tuple[int, int], report: Report) -> None:
        if not self._faults:  # what ended because we are stopping is not a grade
            if self._keep:
                self._reports[place] = report
            self._on_report(report)


def grade_once(
    worker: Worker,
    fresh: Callable[[], Worker],
    unit_id: str,
    student: str,
    notebook: Path,
    release: Path,
    *,
    before: Graded | None = None,
) -> tuple[Worker, Graded]:
    """Grade one submission. Returns the worker for the next and the result. `fresh` starts one. Raises GraderError."""
    if not worker.alive():
        worker = fresh()
    try:
        worker.take_up(unit_id, release)
    except GraderError:  # may be left over from earlier submissions; if the unit is at fault, it fails again
        worker = fresh()
        worker.take_up(unit_id, release)
    graded = worker.grade(unit_id, student, notebook, release, before=before)
    if graded.worn:
        worker.close()
    return worker, graded


def regrade_alone(
    worker: Worker,
    fresh: Callable[[], Worker],
    graded: Graded,
    unit_id: str,
    student: str,
    notebook: Path,
    release: Path,
) -> tuple[Worker, Report]:
    """The final report on a submission; it is regraded if the first attempt was slow, or failed through our fault."""
    while graded.again:
        if graded.report.our_fault:
            worker.close()
        worker, later = grade_once(worker, fresh, unit_id, student, notebook, release, before=graded)
        if len(later.gave_up) in (len(graded.gave_up), MAX_GIVEN_UP):
            return worker, later.report
        graded = later
    return worker, graded.report


def usable_cores() -> list[int]:
    """The cores that this process may run on."""
    return sorted(os.sched_getaffinity(0)) if LINUX else [*range(os.cpu_count() or 1)]


class Waiting:
    """The submissions that no worker has taken yet, for batches of the given sizes."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._left = [deque(range(size)) for size in sizes]
        self._workers = [0] * len(sizes)  # how many are on each batch
        self._lock = threading.Lock()

    def take(self, last: int | None) -> tuple[int, int] | None:
        """(batch, index in it) for a worker that was on the batch `last`; None when all are taken.

        A worker stays on its batch until it is used up, then moves to the one with the fewest workers: loading a unit
        takes a second.
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
    """The near side of one worker process. With a `core`, the process and its children are pinned to it."""

    def __init__(self, course: manifest.Course, *, core: int | None = None) -> None:
        self._course, self._unit = course, ""
        ours, theirs = socket.socketpair()
        self._frames = Frames(ours)
        self._current = tempfile.TemporaryFile()  # noqa: SIM115 - the current test's name; kept with the worker
        fds = [theirs.fileno(), self._current.fileno()]
        numbers = [*fds, *([] if core is None else [core])]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            [sys.executable, "-m", "grader.grading.worker", str(course.root), *map(str, numbers)],
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            # The reference gets a variant too, and draws without a display.
            env={**os.environ, "JUPYTERHUB_USER": "reference", "MPLBACKEND": "Agg", "PYTHONPATH": python_path()},
            process_group=0,  # Ctrl-C is for us alone: we end the workers, in order
        )
        theirs.close()

    def enter(self, level: Level) -> None:
        """Start a lane of `level`; call this once, before anything else."""
        with contextlib.suppress(OSError):  # the next request will notice that the process is gone
            self._frames.send(Enter(level))

    def alive(self) -> bool:
        """Whether the process can take another submission."""
        return self._process.poll() is None and self._frames.sock.fileno() >= 0

    def take_up(self, unit_id: str, release: Path) -> None:
        """Load a unit to grade its submissions, with the files released with it.

        Raises GraderError if the unit itself cannot be graded.
        """
        if unit_id == self._unit:
            return
        try:
            self._frames.send(TakeUp(unit_id, str(release)))
            reply = self._frames.receive(FROM_WORKER, seconds_from_now(300))
        except (EOFError, OSError) as error:
            self.close()
            raise GraderError(f"the worker for {unit_id} did not start ({type(error).__name__})") from None
        if isinstance(reply, Fault):
            self.close()
            raise GraderError(reply.says)
        self._unit = unit_id

    def grade(
        self, unit_id: str, student: str, notebook: Path, release: Path, *, before: Graded | None = None
    ) -> Graded:
        """Grade one notebook. Raises GraderError for problems with the unit, never for a submission.

        `before` is the result of the previous attempt when the submission is regraded alone.
        """
        self.take_up(unit_id, release)
        unit = self._course.unit(unit_id)
        gave_up = before.gave_up if before else ()
        order = Order(
            student,
            str(notebook),
            str(release),
            waiting_seconds=WAITING_SECONDS_ALONE if before else WAITING_SECONDS,
            cpu_seconds_left=before.cpu_seconds_left if before else None,
            seconds_left=before.seconds_left if before else SECONDS,
            gave_up=gave_up,
        )
        try:
            self._frames.send(order)
            # The worker's own limits end it long before this, except on a stalled machine.
            reply = self._frames.receive(FROM_WORKER, seconds_from_now(STALLED_SECONDS))
            if not isinstance(reply, Done):
                raise WireError(f"it replied {reply}")
            return msgspec.structs.replace(reply.graded, gave_up=gave_up)
        except (EOFError, OSError, WireError) as error:
            test = os.pread(self._current.fileno(), NAME_BYTES, 0).decode(errors="replace").strip()
            left = os.pread(self._current.fileno(), LEFT_BYTES, NAME_BYTES)  # empty before the first test
            self.close()
            report = fault_report(unit, student, f"the worker broke down: {type(error).__name__}: {error}")
            if self._process.returncode == -signal.SIGXCPU:  # while our own code was computing for a test
                gave_up = (*gave_up, test)
            seconds_left = min(order.seconds_left, float(left or SECONDS)) - COMPUTING_SECONDS / 2 - LONG_CALL_SECONDS
            return Graded(report, worn=True, gave_up=gave_up, seconds_left=max(LEAST_SECONDS, seconds_left))

    def hang_up(self) -> None:
        """Tell the process, and whoever waits for its answer, that nothing more will be asked."""
        with contextlib.suppress(OSError):
            self._frames.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the process and all its children."""
        self.hang_up()
        self._frames.sock.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._current.close()


_probing = threading.Lock()


def level_for_grading() -> Level:
    """The best isolation level that works here, or GRADER_LEVEL if set. Raises GraderError if that does not work.

    Below L1, official grading is refused unless GRADER_ALLOW_L0=1.
    """
    wanted = os.environ.get("GRADER_LEVEL", "")
    if wanted not in ("", *Level):
        raise GraderError(f"GRADER_LEVEL={wanted}: expected one of {', '.join(Level)}, or nothing for the best")
    with _probing:  # whoever comes second is told what the first has found
        level, reasons = probe((Level(wanted),)) if wanted else probe()
    if wanted and level != wanted:
        raise GraderError(f"GRADER_LEVEL={wanted}, which does not hold on this machine: {'; '.join(reasons)}")
    if level is Level.L0 and os.environ.get("GRADER_ALLOW_L0") != "1":
        raise GraderError(
            "\n  ".join(["this machine cannot isolate students' code, so official grading is refused:", *reasons])
            + "\nRun `grader doctor`; to grade without isolation anyway, set GRADER_ALLOW_L0=1."
        )
    return level
