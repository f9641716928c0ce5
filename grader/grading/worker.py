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
from grader.course import manifest, matching, notebooks
from grader.course.elsewhere import work_elsewhere
from grader.course.matching import Matched
from grader.diagnosis.casebook import Casebook
from grader.errors import GraderError
from grader.grading.lock import Room
from grader.grading.names import right_for_another_name, worked_as
from grader.grading.remarks import Remarks, cells_to_send, given_cells, moments_to_send
from grader.grading.submission import JailedSubmission
from grader.grading.verdict import (
    fault_report,
    now,
    pending_elsewhere,
    pending_for,
    task_result,
    unreadable_report,
)
from grader.jail.inside.confine import LINUX
from grader.jail.inside.wire import Frames
from grader.jail.lane import Lane
from grader.results import Level, Outcome, Report, TaskResult
from grader.symbolic import worker as symbolic_worker
from grader.testing import plugin

WORKER_MEMORY = 4 << 30  # bytes that a worker may take on top of what it starts with, whatever a submission sends


# ---------------------------------------------------------------------------------------------- inside the worker


def work(root: Path, frames: Frames, room: Room) -> None:
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

    plugin.serve([unit.hidden_tests], body)
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
    student, path = order["student"], Path(order["notebook"])
    release = json.loads(Path(order["release"]).read_text(encoding="utf-8"))
    elsewhere = work_elsewhere(path, release) if path.name == f"{unit.id}.ipynb" else {}
    try:
        submission = notebooks.read_submission(path)
    except notebooks.SubmissionProblem as error:
        report = unreadable_report(unit, student, str(error), lane.level)
        tasks = [
            pending_elsewhere(task, elsewhere[task.task]) if task.task in elsewhere else task for task in report.tasks
        ]
        return msgspec.structs.replace(report, tasks=tuple(tasks))
    matched = matching.match(release, submission)
    seen = _Seen(unit, student, matched, elsewhere, worked_as(submission))
    cells = cells_to_send(matched)
    handed_in = JailedSubmission(
        lane,
        unit.limits,
        student,
        cells,
        tasks={ran.result.name: ran.result.task for ran in casebook.reference},
        one_process={task.id for task in unit.tasks if task.one_process},
        alone=room.alone,
        moments=moments_to_send(matched),
        given=given_cells(matched),
    )
    try:
        problem = handed_in.open()
        ran = _run_tests(seen, handed_in, run, casebook)
    finally:
        handed_in.close()
    seen.faults = _faults_of_ours(handed_in.failed, matched, release, student, unit, lane)
    return Report(
        student=student,
        unit=unit.id,
        tasks=tuple(_verdict(seen, task, ran[task.id], casebook) for task in unit.tasks),
        level=lane.level,
        problem=problem,
        worked_as=seen.worked_as,
        submission_hash=hashlib.sha256(json.dumps(cells).encode()).hexdigest(),
        tests_hash=tests_hash,
        engine=__version__,
        timestamp=now(),
    )


class _Seen:
    """What is known of one submission besides the outcomes of its tests."""

    def __init__(
        self,
        unit: manifest.Unit,
        student: str,
        matched: Matched,
        elsewhere: dict[str, tuple[str, ...]],
        worked_as: str,
    ) -> None:
        self.unit, self.student, self.matched = unit, student, matched
        self.elsewhere, self.worked_as = elsewhere, worked_as
        self.faults: list[str] = []  # given cells that fail by our own fault
        self.another_name: dict[str, str] = {}  # task -> what to say where it is right for another name
        self.notes: dict[str, tuple[str, ...]] = {}


def _run_tests(
    seen: _Seen, handed_in: JailedSubmission, run: plugin.Run, casebook: Casebook
) -> dict[str, list[plugin.Ran]]:
    """The outcomes of the hidden tests, by task."""
    remarks = Remarks(seen.matched, handed_in.facts)
    ran = remarks.better(handed_in.run(run), handed_in, run)
    by_task = {task.id: [case for case in ran if case.result.task == task.id] for task in seen.unit.tasks}
    for task, cases in by_task.items():
        said = right_for_another_name(task, cases, casebook, handed_in, run, mine=seen.student, stored=seen.worked_as)
        seen.another_name[task] = said
        seen.notes[task] = tuple(filter(None, (said, *remarks.of(task))))
    return by_task


def _verdict(seen: _Seen, task: manifest.Task, ran: list[plugin.Ran], casebook: Casebook) -> TaskResult:
    """The verdict on one task."""
    untouched, explained = task.id in seen.matched.untouched, bool(seen.another_name[task.id])
    result = task_result(
        task, ran, casebook, seen.student, untouched=untouched, notes=seen.notes[task.id], explained=explained
    )
    if untouched and task.id in seen.elsewhere:
        return pending_elsewhere(result, seen.elsewhere[task.id])
    if seen.faults and not untouched and result.points != result.max_points:
        says = "A cell that was given to you does not run. That is our fault: it costs you nothing."
        return pending_for(result, "given_cells", Outcome.INTERNAL, says, staff="; ".join(seen.faults))
    return result


def _faults_of_ours(
    failed: set[int], matched: Matched, release: dict[str, Any], student: str, unit: manifest.Unit, lane: Lane
) -> list[str]:
    """The given cells that failed, and fail in the untouched release as well; in words, for staff."""
    if not failed & set(given_cells(matched)):
        return []
    pristine = matching.match(release, {"cells": release["cells"]})
    ours = JailedSubmission(lane, unit.limits, student, cells_to_send(pristine), given=given_cells(pristine))
    try:
        said = ours.open()
    finally:
        ours.close()
    ids = {cell.number: cell.id for cell in pristine.cells}
    fail = {ids[number] for number in ours.failed & set(given_cells(pristine))}
    both = [cell for cell in matched.cells if cell.number in failed and cell.origin == "release" and cell.id in fail]
    return [f"{matching.begins(cell.source)} of the release: {said}" for cell in both]


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
