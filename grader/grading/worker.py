"""The far side of a worker: take up a unit, then grade one submission after the other.

Before each test its name is written to a file that the near side reads should this process end in the middle of it.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import resource
import socket
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from grader import __version__
from grader.course import manifest, notebooks
from grader.diagnosis.casebook import Casebook
from grader.errors import GraderError
from grader.grading.submission import JailedSubmission
from grader.grading.verdict import Graded, fault_report, now, task_result, unreadable_report
from grader.jail.inside.confine import LINUX
from grader.jail.inside.wire import Frames
from grader.jail.lane import Lane
from grader.results import Level, Outcome, Report
from grader.symbolic import worker as symbolic_worker
from grader.testing import plugin
from grader.testing.budget import WAITING_SECONDS, Budget, OverBudget
from grader.testing.plugin import OpenStudent, Ran
from grader.testing.student import Student

WORKER_MEMORY = 4 << 30  # bytes that a worker may take on top of what it starts with, whatever a submission sends
WORN_BYTES = 1 << 30  # that it holds after a submission: it is replaced
NAME_BYTES = 200  # of the current test


class Order(msgspec.Struct, frozen=True):
    """Grade one submission. The rest is said when it is graded once more, alone."""

    student: str
    notebook: str
    release: str
    waiting_seconds: float = WAITING_SECONDS
    cpu_seconds_left: float | None = None
    gave_up: tuple[str, ...] = ()


def work(root: Path, frames: Frames, current: int) -> None:
    """The worker: take up one unit after the other, and grade what comes over `frames`, until it ends."""
    course = manifest.load(root)
    symbolic_worker.warm()
    order = _next(frames)
    if not order:
        return
    stubs = [unit.stub for unit in course.units]
    sympy = any("sympy" in path.read_text(encoding="utf-8") for path in stubs if path.is_file())
    with Lane(Level(order["level"]), sympy=sympy) as lane:
        order = _next(frames)
        while order:
            order = _grade_unit(course.unit(order["unit"]), frames, current, lane)


def _next(frames: Frames) -> dict[str, Any]:
    """The next order; nothing when the near side has hung up."""
    try:
        return frames.receive()
    except (EOFError, OSError):
        return {}


def _grade_unit(unit: manifest.Unit, frames: Frames, current: int, lane: Lane) -> dict[str, Any]:
    """Grade submissions of `unit`; answers the order that is none, if there is one more. Raises GraderError."""
    folder = Path(unit.solutions_dir)
    tests_hash = hash_folder(folder)
    order: dict[str, Any] = {}

    def body(run: plugin.Run) -> None:
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
                graded = grade_one(unit, msgspec.convert(order, Order), run, casebook, lane, tests_hash, current)
            except (Exception, OverBudget) as error:
                report = fault_report(unit, order["student"], f"{type(error).__name__}: {error}")
                graded = Graded(report, worn=True)
            elapsed = round((time.perf_counter() - started) * 1e3, 1)
            report = msgspec.structs.replace(graded.report, milliseconds=elapsed)
            frames.send(msgspec.to_builtins(msgspec.structs.replace(graded, report=report)))

    plugin.serve([unit.hidden_tests], body)
    return order


def hash_folder(folder: Path) -> str:
    """SHA-256 over the names and bytes of the Python files in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def grade_one(
    unit: manifest.Unit,
    order: Order,
    run: plugin.Run,
    casebook: Casebook,
    lane: Lane,
    tests_hash: str = "",
    current: int | None = None,
) -> Graded:
    """Grade one submission. `current` is the descriptor of the file for the name of the current test."""
    student = order.student
    try:
        submission = notebooks.read_submission(Path(order.notebook))
    except notebooks.SubmissionProblem as error:
        return Graded(unreadable_report(unit, student, str(error), lane.level))
    release = json.loads(Path(order.release).read_text(encoding="utf-8"))
    cells = [(cell.number, cell.source) for cell in notebooks.code_cells(release, submission)]
    task_of = {ran.result.name: ran.result.task for ran in casebook.reference}
    one_process = {task.id for task in unit.tasks if task.one_process}
    budget = Budget(waiting_seconds=order.waiting_seconds)
    run_of = JailedSubmission(
        lane,
        unit.limits,
        student,
        cells,
        budget=budget,
        cpu_seconds_left=order.cpu_seconds_left,
        tasks=task_of,
        one_process=one_process,
    )
    try:
        problem = run_of.open()
        ran = run_of.run(_watched(run, current, order.gave_up))
    finally:
        run_of.close()
    stubs = _untouched(release, submission)
    by_task: dict[str, list[Ran]] = {}
    for case in ran:
        by_task.setdefault(case.result.task, []).append(case)
    tasks = tuple(
        task_result(task, by_task.get(task.id, []), casebook, student, untouched=task.id in stubs)
        for task in unit.tasks
    )
    report = Report(
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
    return Graded(
        report,
        slow=run_of.slow and any(case.result.outcome is not Outcome.PASSED for case in ran),
        cpu_seconds_left=max(unit.limits.cpu_seconds, run_of.cpu_seconds_left),
        worn=budget.memory_ran_out or report.our_fault or _memory(1) > WORN_BYTES,
    )


def _watched(run: plugin.Run, current: int | None, gave_up: tuple[str, ...]) -> plugin.Run:
    """`run`, but each test is announced before it begins, and ends at once if it had to be given up before."""

    def run_watched(open_student: OpenStudent, **which: Any) -> list[Ran]:
        def announce(test: str) -> Student:
            if current is not None:
                os.pwrite(current, test.encode()[:NAME_BYTES].ljust(NAME_BYTES), 0)
            if test in gave_up:
                return Student(_GivenUp(), "")
            return open_student(test)

        return run(announce, **which)

    return run_watched


class _GivenUp:
    """The channel of a test in which our own computing could not be stopped."""

    def request(self, message: dict[str, Any], on_callback: Any) -> dict[str, Any]:
        raise OverBudget("computing")


def _memory(column: int) -> int:
    """From statm: 0 is this process's address space, 1 what is resident, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[column]) * resource.getpagesize() if LINUX else 0


def _untouched(release: dict[str, Any], submission: dict[str, Any]) -> set[str]:
    """The tasks whose answer is still the stub, as the canonical notebook has it."""

    def answers(notebook: dict[str, Any]) -> dict[str, str]:
        cells = [cell for cell in notebook["cells"] if notebooks.grade_id(cell) and notebooks.is_answer(cell)]
        return {notebooks.grade_id(cell): notebooks.source_of(cell).strip() for cell in cells}

    theirs = answers(notebooks.canonical_notebook(release, submission))
    return {task for task, stub in answers(release).items() if theirs[task] == stub}


def main(arguments: list[str]) -> None:
    """The entry of a worker process: root, the descriptors of the socket and of the current test, perhaps a core."""
    root, fd, current, *core = arguments
    if core:
        with contextlib.suppress(OSError):  # it may be gone
            os.sched_setaffinity(0, map(int, core))
    frames = Frames(socket.socket(fileno=int(fd)))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):  # it may be lower already
        resource.setrlimit(resource.RLIMIT_AS, (_memory(0) + WORKER_MEMORY, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump of this process would hold every secret
    try:
        work(Path(root), frames, int(current))
    except GraderError as error:
        frames.send({"fault": str(error)})


if __name__ == "__main__":
    main(sys.argv[1:])
