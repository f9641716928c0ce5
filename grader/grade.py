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
import gc
import hashlib
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from grader import __version__, manifest, notebooks, pytest_plugin
from grader.budget import Budget
from grader.diagnose import Casebook
from grader.errors import GraderError
from grader.inside.confine import LINUX
from grader.inside.wire import Frames, WireError
from grader.pytest_plugin import Ran
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from grader.sandbox import Lane, probe
from grader.student import seconds_from_now
from grader.submission import JailedSubmission
from grader.symbolic import worker as symbolic_worker
from grader.turns import Room

WORKER_MEMORY = 4 << 30  # bytes that a worker may take on top of what it starts with, whatever a submission sends
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
                [sys.executable, "-m", "grader.grade", str(course.root), *map(str, numbers)],
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
        longest = 900.0  # and our own computing
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


def fault_report(unit: manifest.Unit, student: str, staff: str) -> Report:
    """A report that says that we failed: no point is decided, a person must look."""
    problem = "Something went wrong on our side; it costs you nothing, and a teacher has been told."
    test = TestResult("engine", "", 1.0, Outcome.INTERNAL, says="This could not be graded.", staff=staff)
    return _all_tasks_alike(unit, student, Level.L0, problem, points=None, test=test)


def unreadable_report(unit: manifest.Unit, student: str, problem: str, level: Level) -> Report:
    """A report on a submission that is no notebook: zero points, and the reason."""
    says = "There is no notebook to grade."
    test = TestResult("submission", "", 1.0, Outcome.MISSING, says=says, hint=problem)
    return _all_tasks_alike(unit, student, level, problem, points=0.0, test=test)


def held_report(unit: manifest.Unit, student: str, reason: str, level: Level = Level.L0) -> Report:
    """A report on a submission that is held back: nothing of it was run, no point is decided, a person must look.

    `level` is that of the class.
    """
    says, hint = "Your submission was not graded.", f"{reason}. A teacher will look at it."
    test = TestResult("submission", "", 1.0, Outcome.UNDECIDED, says=says, hint=hint)
    return _all_tasks_alike(unit, student, level, f"Held back: {reason}.", points=None, test=test)


def _all_tasks_alike(
    unit: manifest.Unit, student: str, level: Level, problem: str, *, points: float | None, test: TestResult
) -> Report:
    """A report on what never met a hidden test: every task has these `points`, and this one `test`."""
    tasks = tuple(
        TaskResult(task.id, task.title, points, task.points, (msgspec.structs.replace(test, task=task.id),))
        for task in unit.tasks
    )
    return Report(student, unit.id, tasks, level, problem, engine=__version__, timestamp=now())


def now() -> str:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


# ---------------------------------------------------------------------------------------------- inside the worker


def work(root: Path, frames: Frames, room: Room) -> None:
    """The worker: take up one unit after the other, and grade what comes over `frames`, until it ends."""
    course = manifest.load(root)
    symbolic_worker.warm()
    order = _next(frames)
    if not order:
        return
    stubs = [unit.exercises_dir / f"{unit.id}.py" for unit in course.units]
    sympy = any("sympy" in path.read_text(encoding="utf-8") for path in stubs if path.is_file())
    with Lane(Level(order["level"]), sympy=sympy) as lane:
        order = _next(frames)
        while order:
            order = _grade_unit(course.unit(order["unit"]), frames, room, lane)


def _next(frames: Frames) -> dict[str, Any]:
    """The next order; nothing when the near side has hung up."""
    try:
        return frames.receive()
    except (EOFError, OSError):
        return {}


def _grade_unit(unit: manifest.Unit, frames: Frames, room: Room, lane: Lane) -> dict[str, Any]:
    """Grade submissions of `unit`; answers the order that is none, if there is one more. Raises GraderError."""
    folder = Path(unit.solutions_dir)
    tests_hash = hash_folder(folder)
    order: dict[str, Any] = {}

    def body(run: pytest_plugin.Run) -> None:
        nonlocal order
        casebook = Casebook(folder, run)
        unsound = casebook.unsound()
        if unsound:
            raise GraderError(f"{unit.id}: the reference fails its own hidden tests:\n  " + "\n  ".join(unsound))
        gc.collect()
        gc.freeze()  # neither what stays as long as this unit nor what the last one left is walked over again and again
        frames.send({"op": "ready"})
        while "student" in (order := _next(frames)):
            started = time.perf_counter()
            try:
                with room.among_others():
                    report = _grade_one(unit, order, run, casebook, lane, tests_hash, room)
            except Exception as error:
                report = fault_report(unit, order["student"], f"{type(error).__name__}: {error}")
            elapsed = (time.perf_counter() - started) * 1e3
            frames.send(msgspec.to_builtins(msgspec.structs.replace(report, milliseconds=round(elapsed, 1))))

    pytest_plugin.serve([folder / f"test_{unit.id}_hidden.py"], body)
    return order


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


def hash_folder(folder: Path) -> str:
    """SHA-256 over the names and bytes of the Python files in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _grade_one(
    unit: manifest.Unit,
    order: dict[str, Any],
    run: pytest_plugin.Run,
    casebook: Casebook,
    lane: Lane,
    tests_hash: str,
    room: Room,
) -> Report:
    student = order["student"]
    path = Path(order["notebook"])
    try:
        submission = notebooks.read_submission(path)
    except notebooks.SubmissionProblem as error:
        return unreadable_report(unit, student, str(error), lane.level)
    release = json.loads(Path(order["release"]).read_text(encoding="utf-8"))
    cells = [(cell.number, cell.source) for cell in notebooks.code_cells(release, submission)]
    task_of = {ran.result.name: ran.result.task for ran in casebook.reference}
    one_process = {task.id for task in unit.tasks if task.one_process}
    budget = Budget()
    run_of = JailedSubmission(
        lane, unit.limits, student, cells, budget=budget, tasks=task_of, one_process=one_process
    )
    try:
        problem = run_of.open()
        ran = run_of.run(run)
    finally:
        run_of.close()
    stubs = _untouched(release, submission)
    by_task: dict[str, list[Ran]] = {}
    for case in ran:
        by_task.setdefault(case.result.task, []).append(case)
    tasks = tuple(
        _task_result(task, by_task.get(task.id, []), casebook, student, untouched=task.id in stubs)
        for task in unit.tasks
    )
    return Report(
        student=student,
        unit=unit.id,
        tasks=tasks,
        level=lane.level,
        problem=problem,
        submission_hash=hashlib.sha256(json.dumps(cells).encode()).hexdigest(),
        tests_hash=tests_hash,
        engine=__version__,
        timestamp=now(),
    )


def _untouched(release: dict[str, Any], submission: dict[str, Any]) -> set[str]:
    """The tasks whose answer is still the stub, as the canonical notebook has it."""

    def answers(notebook: dict[str, Any]) -> dict[str, str]:
        cells = [cell for cell in notebook["cells"] if notebooks.grade_id(cell) and notebooks.is_answer(cell)]
        return {notebooks.grade_id(cell): notebooks.source_of(cell).strip() for cell in cells}

    theirs = answers(notebooks.canonical_notebook(release, submission))
    return {task for task, stub in answers(release).items() if theirs[task] == stub}


def _task_result(
    task: manifest.Task, ran: list[Ran], casebook: Casebook, student: str, *, untouched: bool
) -> TaskResult:
    results = [case.result for case in ran]
    total = sum(result.weight for result in results)
    earned = sum(result.weight for result in results if result.outcome is Outcome.PASSED)
    if not results or any(result.outcome in (Outcome.INTERNAL, Outcome.UNDECIDED) for result in results):
        points = None
    else:
        points = round(task.points * earned / total, 4)
    if untouched and earned < total:
        stub = "This is still the stub: write your answer in place of the dots."
        results = [
            msgspec.structs.replace(result, outcome=Outcome.MISSING, hint=stub, line="")
            if result.outcome in (Outcome.WRONG, Outcome.ERROR, Outcome.MISSING)
            else result
            for result in results
        ]
        named = None
    else:
        named = casebook.diagnose(task.id, ran, student)
    return TaskResult(
        task=task.id,
        title=task.title,
        points=points,
        max_points=task.points,
        tests=tuple(results),
        diagnosis=named.name if named else "",
        explanation=named.says if named else "",
    )


def main(arguments: list[str]) -> None:
    """The entry of a worker process: root, the descriptors of the socket and of the room, perhaps a core."""
    root, fd, room, *core = arguments
    if core:
        with contextlib.suppress(OSError):  # it may be gone
            os.sched_setaffinity(0, map(int, core))
    frames = Frames(socket.socket(fileno=int(fd)))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if LINUX else 0
    with contextlib.suppress(ValueError, OSError):  # it may be lower already
        resource.setrlimit(resource.RLIMIT_AS, (size + WORKER_MEMORY, hard))
    try:
        work(Path(root), frames, Room(int(room)))
    except GraderError as error:
        frames.send({"fault": str(error)})


if __name__ == "__main__":
    main(sys.argv[1:])
