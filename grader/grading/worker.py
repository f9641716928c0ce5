"""The far side of a worker: load a unit, then grade one submission after another.

Before each test, its name and the seconds that its submission has left are written to a file, which the near side reads
if this process dies during the test.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import msgspec
from kit.variants import edition_of

from grader import __version__
from grader.course import manifest, matching, notebooks
from grader.course.data import files_beside, working_beside
from grader.course.elsewhere import work_elsewhere
from grader.course.folder import released_folder
from grader.course.matching import Matched
from grader.course.notebooks import Json
from grader.course.packages import preloaded
from grader.diagnosis.casebook import Casebook
from grader.errors import GraderError
from grader.files import read_text
from grader.grading.basis import hash_folder
from grader.grading.earlier_slips import EarlierSlips
from grader.grading.messages import (
    LEFT_BYTES,
    NAME_BYTES,
    TO_WORKER,
    Done,
    Enter,
    Fault,
    Graded,
    Order,
    TakeUp,
    UnitReady,
    WorkerOrder,
)
from grader.grading.names import AnotherName, right_for_another_name, worked_as
from grader.grading.remarks import Remarks, cells_to_send, given_cells, moments_to_send
from grader.grading.shown_calls import Shown, shown_calls
from grader.grading.submission import JailedSubmission
from grader.grading.verdict import (
    fault_report,
    now,
    pending_added_later,
    pending_elsewhere,
    pending_for,
    result_by_hand,
    task_result,
    unreadable_report,
    with_another_answer,
)
from grader.jail.channel import OnCallback
from grader.jail.inside import garbage
from grader.jail.inside.messages import Apply, Call, Reply, Request
from grader.jail.inside.usage import pages_of
from grader.jail.inside.wire import Frames
from grader.jail.lane import Lane
from grader.results import Level, Outcome, Report, TaskResult
from grader.testing import plugin
from grader.testing.budget import SECONDS, Budget, OverBudget
from grader.testing.plugin import OpenStudent, TestRun
from grader.testing.student import Student

WORKER_MEMORY = 4 << 30  # bytes that a worker may allocate after it has started, whatever a submission sends
WORN_BYTES = 1 << 30  # a worker that uses more than this after a submission is replaced
SECONDS_TO_END = 2  # after the near side has hung up; then its lane, which ends with it, leaves only a folder


def work(root: Path, frames: Frames, current: int) -> None:
    """The worker's main loop: load one unit after another and grade the orders from `frames` until it is closed."""
    course = manifest.load(root)
    order = _next(frames)
    if not isinstance(order, Enter):
        return
    stubs = [stub for unit in course.units for stub in unit.stubs]
    sympy = any("sympy" in read_text(path) for path in stubs if path.is_file())
    lane_of_the_course = Lane(
        order.level,
        wait=False,  # it warms up while we load the first unit
        sympy=sympy,
        kit_folder=course.kit_dir,
        imports=preloaded(course),
    )
    lane_of_the_course.edition = course.edition
    with edition_of(course.edition), lane_of_the_course as lane:
        order = _next(frames)
        while isinstance(order, TakeUp):
            order = _grade_unit(course.unit(order.unit), order.release, frames, current, lane)


def _next(frames: Frames) -> WorkerOrder | None:
    """The next order; None when the near side has closed the connection."""
    try:
        return frames.receive(TO_WORKER)
    except (EOFError, OSError):
        return None


def _grade_unit(unit: manifest.Unit, release: str, frames: Frames, current: int, lane: Lane) -> WorkerOrder | None:
    """Grade submissions of `unit`; returns the first order that is not a submission (None at the end).

    The reference works beside the same files as the submissions: those of the release.

    Raises GraderError.
    """
    folder = Path(unit.solutions_dir)
    tests_hash = hash_folder(folder)
    order: WorkerOrder | None = None

    def body(run: plugin.Run) -> None:
        nonlocal order
        casebook = Casebook(folder, run)
        unsound = casebook.unsound()
        if unsound:
            lines = "\n  ".join(unsound)
            advice = f"\nThey run against {unit.reference} too, which needs every name that they use; mend either"
            raise GraderError(f"{unit.id}: the reference fails its own hidden tests:\n  {lines}{advice}")
        lane.wait_until_warm()
        garbage.keep_what_is_there()  # for the whole unit
        frames.send(UnitReady())
        while isinstance(order := _next(frames), Order):
            started = time.perf_counter()
            try:
                graded = grade_one(unit, order, run, casebook, lane, tests_hash, current)
            except (Exception, OverBudget) as error:
                report = fault_report(unit, order.student, f"{type(error).__name__}: {error}")
                graded = Graded(report, worn=True)
            elapsed = round((time.perf_counter() - started) * 1e3, 1)
            report = msgspec.structs.replace(graded.report, milliseconds=elapsed)
            frames.send(Done(msgspec.structs.replace(graded, report=report)))

    with working_beside(unit, released_folder(Path(release))):
        plugin.run_inside_pytest([unit.hidden_tests], body)
    return order


def grade_one(
    unit: manifest.Unit,
    order: Order,
    run: plugin.Run,
    casebook: Casebook,
    lane: Lane,
    tests_hash: str = "",
    current: int | None = None,
) -> Graded:
    """Grade one submission. `current` is the file descriptor for the current test's record."""
    student, path, release = order.student, Path(order.notebook), notebooks.read_whole(Path(order.release))
    _share_files(unit, order.release, lane)
    elsewhere = work_elsewhere(path, release) if path.name == unit.notebook_name else {}
    try:
        submission, unread = notebooks.read_handed_in(path, release)
    except notebooks.SubmissionProblem as error:
        return Graded(_unreadable(unit, student, str(error), lane.level, elsewhere))
    seen = _Seen(unit, student, matching.match_cells(release, submission), elsewhere, worked_as(submission))
    budget = Budget(waiting_seconds=order.waiting_seconds, seconds_left=order.seconds_left)
    handed_in = JailedSubmission(
        lane,
        unit.limits,
        student,
        cells_to_send(seen.matched),
        budget=budget,
        cpu_seconds_left=order.cpu_seconds_left,
        tasks={ran.result.name: ran.result.task for ran in casebook.reference},
        sharing={ran.result.name for ran in casebook.reference if unit.one_process and not ran.alone},
        moments=moments_to_send(seen.matched),
        given=given_cells(seen.matched),
    )
    with contextlib.closing(handed_in):
        problem = f"{unread} {handed_in.open()}".strip()
        ran = _run_tests(seen, handed_in, _watched(run, current, order.gave_up, budget), casebook)
    seen.faults = _faults_of_ours(handed_in.failed, seen.matched, release, student, unit, lane)
    casebook.begin(used=SECONDS - budget.seconds_left)
    report = _report(seen, ran, casebook, level=lane.level, problem=problem, tests_hash=tests_hash)
    lost = any(case.result.outcome is not Outcome.PASSED for cases in ran.values() for case in cases)
    return Graded(
        report,
        slow=lost and earns_another_attempt(handed_in, budget, unit.limits.cpu_seconds),
        cpu_seconds_left=max(report.our_fault * unit.limits.cpu_seconds, handed_in.cpu_seconds_left),
        seconds_left=budget.seconds_left,
        worn=budget.memory_ran_out or report.our_fault or pages_of(os.getpid(), 1) > WORN_BYTES,
    )


def _share_files(unit: manifest.Unit, release: str, lane: Lane) -> None:
    """Have the lane hand the released files to the next submission."""
    files = released_folder(Path(release)) or unit.exercises_dir
    lane.share(files, files_beside(unit, files))


def _unreadable(
    unit: manifest.Unit, student: str, problem: str, level: Level, elsewhere: dict[str, dict[str, str]]
) -> Report:
    """The report on an unreadable notebook; tasks with work in another notebook next to it are pending."""
    report = unreadable_report(unit, student, problem, level)
    tasks = [pending_elsewhere(task, elsewhere[task.task]) if task.task in elsewhere else task for task in report.tasks]
    return msgspec.structs.replace(report, tasks=tuple(tasks))


def earns_another_attempt(handed_in: JailedSubmission, budget: Budget, cpu_limit: float) -> bool:
    """Whether a submission that lost points may have lost them to a busy machine, and has the time to try again.

    With less than one `cpu_limit` (seconds) left, another attempt would only cost it more points.
    """
    hindered = handed_in.slow or handed_in.lane_was_lost
    return hindered and budget.allows_another_attempt and handed_in.cpu_seconds_left >= cpu_limit


def _report(
    seen: _Seen, ran: dict[str, list[TestRun]], casebook: Casebook, *, level: Level, problem: str, tests_hash: str
) -> Report:
    cells = json.dumps(cells_to_send(seen.matched))
    return Report(
        student=seen.student,
        unit=seen.unit.id,
        tasks=tuple(_verdict(seen, task, ran[task.id], casebook) for task in seen.unit.tasks),
        level=level,
        problem=problem,
        worked_as=seen.worked_as,
        submission_hash=hashlib.sha256(cells.encode()).hexdigest(),
        tests_hash=tests_hash,
        engine=__version__,
        timestamp=now(),
        needed=seen.unit.pass_at * seen.unit.points,
    )


def _watched(run: plugin.Run, current: int | None, gave_up: tuple[str, ...], budget: Budget) -> plugin.Run:
    """`run`, but each test is recorded before it starts, and a test in `gave_up` fails at once."""

    def run_watched(open_student: OpenStudent, **which: object) -> list[TestRun]:
        def announce(test: str) -> Student:
            if current is not None:
                left = f"{budget.seconds_left:{LEFT_BYTES}.3f}"
                os.pwrite(current, test.encode()[:NAME_BYTES].ljust(NAME_BYTES) + left.encode(), 0)
            if test in gave_up:
                return Student(_GivenUp(), "")
            return open_student(test)

        return run(announce, **which)

    return run_watched


class _GivenUp:
    """The channel of a test that was given up because our own computing could not be stopped."""

    def request(self, request: Request, on_callback: OnCallback) -> Reply:
        raise OverBudget("computing")

    def in_turn(self, calls: Sequence[Call | Apply], on_callback: OnCallback) -> Sequence[Reply]:
        raise OverBudget("computing")


class _Seen:
    """What is known about one submission besides the outcomes of its tests."""

    def __init__(
        self,
        unit: manifest.Unit,
        student: str,
        matched: Matched,
        elsewhere: dict[str, dict[str, str]],
        worked_as: str,
    ) -> None:
        self.unit, self.student, self.matched = unit, student, matched
        self.elsewhere, self.worked_as = elsewhere, worked_as
        self.faults: list[str] = []  # given cells that fail through our fault
        self.another_name: dict[str, AnotherName] = {}  # task -> the note if its answer is right for another name
        self.notes: dict[str, tuple[str, ...]] = {}
        self.shown: dict[str, Shown] = {}  # task -> what the feedback shows of its public calls


def _run_tests(
    seen: _Seen, handed_in: JailedSubmission, run: plugin.Run, casebook: Casebook
) -> dict[str, list[plugin.TestRun]]:
    """The outcomes of the hidden tests, by task."""
    remarks = Remarks(seen.matched, handed_in.facts)
    ran = remarks.better(handed_in.run(run, seen.matched.untouched), handed_in, run)
    ran, in_the_way = EarlierSlips(seen.unit).better(ran, run, handed_in.student_apart, seen.matched.untouched)
    by_task = {task.id: [case for case in ran if case.result.task == task.id] for task in seen.unit.tasks}
    for task, cases in by_task.items():
        asked = [] if task in seen.matched.untouched else cases
        said = right_for_another_name(task, asked, casebook, handed_in, run, mine=seen.student, stored=seen.worked_as)
        seen.another_name[task] = said
        seen.notes[task] = tuple(filter(None, (said.note, in_the_way.get(task), *remarks.of(task))))
        if task not in seen.matched.untouched and task not in remarks.at_end:
            others = [case for case in cases if case.result.name not in said.tests]
            seen.shown[task] = shown_calls(seen.unit, task, others, handed_in)
    return by_task


def _verdict(seen: _Seen, task: manifest.Task, ran: list[plugin.TestRun], casebook: Casebook) -> TaskResult:
    """The verdict on one task."""
    untouched, explained = task.id in seen.matched.untouched, seen.another_name[task.id].tests
    if task.by_hand:
        by_hand = result_by_hand(task, untouched=untouched, notes=seen.notes[task.id])
        return msgspec.structs.replace(by_hand, answer=seen.matched.answer_hash(task.id))
    result = task_result(
        task,
        ran,
        casebook,
        seen.student,
        untouched=untouched,
        notes=seen.notes[task.id],
        explained=explained,
        shown=seen.shown.get(task.id, Shown()),
    )
    result = msgspec.structs.replace(result, answer=seen.matched.answer_hash(task.id))
    if untouched and task.id in seen.matched.absent:
        return pending_added_later(result)
    if untouched and task.id in seen.elsewhere:
        return pending_elsewhere(result, seen.elsewhere[task.id])
    if not untouched and result.points not in (None, result.max_points):
        others = [name for name, answer in seen.elsewhere.get(task.id, {}).items() if answer != result.answer]
        result = with_another_answer(result, others)
    if seen.faults and not untouched and result.points != result.max_points:
        says = "A cell that was given to you does not run. That is our fault: it costs you nothing."
        return pending_for(result, "given_cells", Outcome.INTERNAL, says, staff="; ".join(seen.faults))
    return result


def _faults_of_ours(
    failed: set[int], matched: Matched, release: Json, student: str, unit: manifest.Unit, lane: Lane
) -> list[str]:
    """The given cells that failed and also fail in the untouched release, described for staff."""
    if not failed & set(given_cells(matched)):
        return []
    pristine = matching.match_cells(release, {"cells": release["cells"]})
    ours = JailedSubmission(lane, unit.limits, student, cells_to_send(pristine), given=given_cells(pristine))
    try:
        said = ours.open()
    finally:
        ours.close()
    ids = {cell.number: cell.id for cell in pristine.cells}
    fail = {ids[number] for number in ours.failed & set(given_cells(pristine))}
    both = [cell for cell in matched.cells if cell.number in failed and cell.origin == "release" and cell.id in fail]
    return [f"{matching.begins(cell.source)} of the release: {said}" for cell in both]


def _end_with_the_near_side(fd: int) -> None:
    """End this process soon after the near side has hung up or was killed, even in the middle of a submission."""
    connection = select.poll()
    connection.register(fd, getattr(select, "POLLRDHUP", select.POLLHUP))
    connection.poll()
    time.sleep(SECONDS_TO_END)  # idle, it ends properly by itself
    os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Entry point of a worker. Arguments: root, file descriptors of the socket and the current test, maybe a core."""
    root, fd, current, *core = arguments
    garbage.collect_rarely()
    garbage.end_quickly()
    if core:
        with contextlib.suppress(OSError):  # the core may be gone
            os.sched_setaffinity(0, map(int, core))
    frames = Frames(socket.socket(fileno=int(fd)))
    threading.Thread(target=_end_with_the_near_side, args=[int(fd)], daemon=True).start()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):  # the limit may already be lower
        resource.setrlimit(resource.RLIMIT_AS, (pages_of(os.getpid(), 0) + WORKER_MEMORY, hard))
    # Known mistakes and tests compute with a wrong answer's nan; numpy would say so on the instructor's terminal.
    warnings.simplefilter("ignore", RuntimeWarning)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump of this process would contain every secret
    try:
        work(Path(root), frames, int(current))
    except ConnectionError:  # the near side has hung up
        return
    except GraderError as error:
        frames.send(Fault(str(error)))
    except OSError as error:  # a file or folder of the course is missing, or this machine refuses something
        frames.send(Fault(f"{error.filename or root}: {error.strerror or error}"))


if __name__ == "__main__":
    main(sys.argv[1:])
