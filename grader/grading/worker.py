"""The far side of a worker: take up a unit, then grade one submission after the other."""

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
from grader.grading.lock import Room
from grader.grading.submission import JailedSubmission
from grader.grading.verdict import fault_report, now, task_result, unreadable_report
from grader.jail.inside.confine import LINUX
from grader.jail.inside.wire import Frames
from grader.jail.lane import Lane
from grader.results import Level, Report
from grader.symbolic import worker as symbolic_worker
from grader.testing import plugin
from grader.testing.plugin import Ran

WORKER_MEMORY = 4 << 30  # bytes that a worker may take on top of what it starts with, whatever a submission sends


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
                with room.among_others():
                    report = _grade_one(unit, order, run, casebook, lane, tests_hash, room)
            except Exception as error:
                report = fault_report(unit, order["student"], f"{type(error).__name__}: {error}")
            elapsed = (time.perf_counter() - started) * 1e3
            frames.send(msgspec.to_builtins(msgspec.structs.replace(report, milliseconds=round(elapsed, 1))))

    plugin.serve([folder / f"test_{unit.id}_hidden.py"], body)
    return order


def hash_folder(folder: Path) -> str:
    """SHA-256 over the names and bytes of the Python files in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _grade_one(
    unit: manifest.Unit,
    order: dict[str, Any],
    run: plugin.Run,
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
    run_of = JailedSubmission(
        lane, unit.limits, student, cells, tasks=task_of, one_process=one_process, alone=room.alone
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
        task_result(task, by_task.get(task.id, []), casebook, student, untouched=task.id in stubs)
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
