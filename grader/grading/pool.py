"""Grade one submission or a whole class.

Theory of operation. A *worker* is a process of its own, one for each core, with one lane. It takes up a unit (collects
its hidden tests, proves that the reference passes them) and then one submission of it after the other, over a socket
(frames, as everywhere); what it learns of the unit's mistakes it keeps until it takes up another. A submission's cells
run once in the lane; every hidden test, or every task's tests, talk to a fresh fork of the state after the last cell.

Several units are graded by the same workers, each at a unit of its own as long as there are enough: a lane, and what
is learned of mistakes, costs seconds.

A submission that only a busy machine made slow is run again, while no other worker grades (`submission`, `turns`).

A worker that dies is our fault: its submission gets a report that says so, costs no point, and the class goes on.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from grader.course import manifest
from grader.errors import GraderError
from grader.grading.submission import longest_seconds
from grader.grading.verdict import fault_report
from grader.jail.channel import seconds_from_now
from grader.jail.inside.confine import LINUX
from grader.jail.inside.wire import Frames, WireError
from grader.jail.self_test import probe
from grader.results import Level, Report

OnReport = Callable[[Report], None]


class Batch(NamedTuple):
    """What was handed in for one unit: (student, notebook); and the released notebook, whose cells it must hold."""

    unit: str
    submissions: Sequence[tuple[str, Path]]
    release: Path


def grade_submission(course: manifest.Course, unit_id: str, student: str, notebook: Path, release: Path) -> Report:
    """Grade one notebook. A worker is kept warm for the next call. Raises GraderError."""
    worker = _warm.get(course.root)
    if worker is None or not worker.alive():
        level = level_for_grading()
        worker = _warm[course.root] = Worker(course)
        worker.enter(level)
    return worker.grade(unit_id, student, notebook, release)


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
    faults: list[Exception] = []
    lock = threading.Lock()
    room = tempfile.TemporaryFile()  # noqa: SIM115 - closed when all workers are done

    def new_worker(number: int) -> Worker:
        # As many as there are cores keep to one each: a worker and its submission take turns, which costs less on one
        # core than on two. Fewer may go where there is room.
        return Worker(course, room=room, core=cores[number % len(cores)] if count >= len(cores) else None)

    def work(number: int, worker: Worker) -> None:
        try:
            try:
                worker.enter(level)
                last: int | None = None
                while not faults and (place := waiting.take(last)):
                    last, at = place
                    if not worker.alive():
                        worker = new_worker(number)
                        worker.enter(level)
                    unit, submissions, release = batches[last]
                    report = worker.grade(unit, *submissions[at], release)
                    with lock:
                        reports[place] = report
                        if on_report:
                            on_report(report)
            finally:
                worker.close()
        except Exception as error:
            faults.append(error)

    with room, contextlib.ExitStack() as started:
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
    return [[reports[at, number] for number in range(len(batch.submissions))] for at, batch in enumerate(batches)]


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
    """The near side of one worker process. `room` is a file that all workers of a class share, for `turns`.

    With a `core` it and all that it starts keep to that one.
    """

    def __init__(self, course: manifest.Course, *, room: IO[bytes] | None = None, core: int | None = None) -> None:
        self._course, self._unit = course, ""
        ours, theirs = socket.socketpair()
        self._frames = Frames(ours)
        with contextlib.nullcontext(room) if room else tempfile.TemporaryFile() as shared:
            fds = [theirs.fileno(), shared.fileno()]
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
        return self._process.poll() is None

    def take_up(self, unit_id: str) -> None:
        """Get ready for submissions of a unit. Raises GraderError where the unit itself cannot be graded."""
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

    def grade(self, unit_id: str, student: str, notebook: Path, release: Path) -> Report:
        """The report on one notebook. Raises GraderError for what is wrong with the unit, never for a submission."""
        if unit_id != self._unit:
            self.take_up(unit_id)
        unit = self._course.unit(unit_id)
        longest = longest_seconds(unit.limits) + 300  # and our own computing
        longest *= 1 + (os.cpu_count() or 1)  # it may have to wait until the other workers are done
        try:
            self._frames.send({"student": student, "notebook": str(notebook), "release": str(release)})
            reply = self._frames.receive(seconds_from_now(longest))
            return msgspec.convert(reply, Report)
        except (EOFError, OSError, WireError, msgspec.ValidationError) as error:
            self.close()
            return fault_report(unit, student, f"the worker broke down: {type(error).__name__}: {error}")

    def close(self) -> None:
        """End the process and everything that it started."""
        self._frames.sock.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


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
