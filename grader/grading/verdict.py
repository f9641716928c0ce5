"""Verdicts: from the outcomes of hidden tests to points, and the four kinds of report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from grader import __version__
from grader.course import manifest
from grader.course.elsewhere import ANOTHER_ANSWER
from grader.printable import LONGEST_LINE, printable
from grader.results import BY_HAND, Level, Outcome, Report, TaskResult, TestResult

if TYPE_CHECKING:  # `grader grade` needs neither for a class that is graded already, and they take long to import
    from grader.diagnosis.casebook import Casebook
    from grader.diagnosis.slips import Slip
    from grader.grading.shown_calls import Shown
    from grader.testing.plugin import TestRun

_STUB = "This is still the stub: write your answer in place of the dots."


def fault_report(unit: manifest.Unit, student: str, staff: str) -> Report:
    """A report on a failure of ours: all points stay pending until someone reviews them."""
    problem = "Something went wrong on our side; it costs you nothing, and a teacher has been told."
    test = TestResult("engine", "", 1.0, Outcome.INTERNAL, says="This could not be graded.", staff=staff)
    return _all_tasks_alike(unit, student, Level.L0, problem, points=None, test=test)


def unreadable_report(unit: manifest.Unit, student: str, problem: str, level: Level) -> Report:
    """A report on a submission that is not a notebook: zero points, and the reason."""
    says = "There is no notebook to grade."
    test = TestResult("submission", "", 1.0, Outcome.MISSING, says=says, hint=problem)
    return _all_tasks_alike(unit, student, level, problem, points=0.0, test=test)


def held_report(unit: manifest.Unit, student: str, reason: str, level: Level = Level.L0) -> Report:
    """A report on a quarantined submission: nothing was run, and all points stay pending until someone reviews it.

    `level` is the isolation level of the class.
    """
    says, hint = "Your submission was not graded.", f"{reason}. A teacher will look at it."
    test = TestResult("submission", "", 1.0, Outcome.UNDECIDED, says=says, hint=hint)
    return _all_tasks_alike(unit, student, level, f"Held back: {reason}.", points=None, test=test)


def _all_tasks_alike(
    unit: manifest.Unit, student: str, level: Level, problem: str, *, points: float | None, test: TestResult
) -> Report:
    """A report on a submission that never reached a hidden test: every task gets these `points` and this one `test`."""
    tasks = tuple(
        TaskResult(
            task.id, task.title, points, task.points, (msgspec.structs.replace(test, task=task.id),), bonus=task.bonus
        )
        for task in unit.tasks
    )
    needed = unit.pass_at * unit.points
    return Report(student, unit.id, tasks, level, problem, engine=__version__, timestamp=now(), needed=needed)


def now() -> str:
    """The current time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def task_result(
    task: manifest.Task,
    ran: list[TestRun],
    casebook: Casebook,
    student: str,
    *,
    untouched: bool = False,
    notes: tuple[str, ...] = (),
    explained: frozenset[str] = frozenset(),
    shown: Shown | None = None,
) -> TaskResult:
    """The verdict on a task. The `notes` already say why the `explained` tests failed; the others are diagnosed."""
    results = [case.result for case in ran]
    total = sum(result.weight for result in results)
    earned = sum(result.weight for result in results if result.outcome is Outcome.PASSED)
    if not results or any(result.outcome in (Outcome.INTERNAL, Outcome.UNDECIDED) for result in results):
        points = None
    else:
        points = round(task.points * earned / total, 4)
    named = None
    if untouched and earned < total:
        results = [_of_a_stub(result) for result in results]
    else:
        named, problem = _diagnosed(task, ran, casebook, student, explained)
        if problem:
            staff = printable(f"{results[0].staff} No diagnosis: {problem}".strip()[:LONGEST_LINE])
            results[0] = msgspec.structs.replace(results[0], staff=staff)
    return TaskResult(
        task=task.id,
        title=task.title,
        points=points,
        max_points=task.points,
        tests=tuple(results),
        diagnosis=named.name if named else "",
        explanation=named.says if named else "",
        example=shown.example if shown and earned < total else "",
        shown=shown.drawn if shown and earned < total else (),
        notes=notes,
        bonus=task.bonus,
    )


def _of_a_stub(result: TestResult) -> TestResult:
    """What a failed test says of an answer that was never written."""
    if result.outcome not in (Outcome.WRONG, Outcome.ERROR, Outcome.MISSING):
        return result
    return msgspec.structs.replace(result, outcome=Outcome.MISSING, hint=_STUB, line="")


def _diagnosed(
    task: manifest.Task, ran: list[TestRun], casebook: Casebook, student: str, explained: frozenset[str]
) -> tuple[Slip | None, str]:
    """The diagnosis of all but the `explained` tests, and why there is none although there should be one.

    Whether the fault is ours or lies in odd answers of the student's, the points stand.
    """
    try:
        return casebook.diagnose(task.id, [case for case in ran if case.result.name not in explained], student), ""
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def result_by_hand(task: manifest.Task, *, untouched: bool, notes: tuple[str, ...] = ()) -> TaskResult:
    """A free text: its points are pending until a teacher has read it; nothing written is worth nothing."""
    says, outcome = "A teacher reads this answer and grades it.", Outcome.UNDECIDED
    if not task.points:  # nobody has to decide about practice
        says, outcome = "This text is practice: it is not graded.", Outcome.PASSED
    if untouched:
        says, outcome = "Nothing is written here.", Outcome.MISSING
    rubric = f"What the points are for: {'; '.join(task.rubric)}." if task.rubric else ""
    test = TestResult(BY_HAND, task.id, 1.0, outcome, says=says, hint=rubric)
    points = 0.0 if untouched or not task.points else None
    return TaskResult(task.id, task.title, points, task.points, (test,), notes=notes, bonus=task.bonus)


def pending_for(
    result: TaskResult, name: str, outcome: Outcome, says: str, hint: str = "", staff: str = ""
) -> TaskResult:
    """`result` with its points pending until a teacher decides, for the reason in `says` and `hint`."""
    test = TestResult(name, result.task, 0.0, outcome, says=says, hint=hint, staff=staff)
    return msgspec.structs.replace(
        result, points=None, tests=(*result.tests, test), diagnosis="", explanation="", example="", shown=()
    )


def pending_elsewhere(result: TaskResult, names: Iterable[str]) -> TaskResult:
    """`result`, pending: the task is empty in this notebook, but has work in the other notebooks `names`."""
    says = "There is work on this task in another notebook."
    hint = f"It is in {_listed(names)}, beside the notebook that is graded. A teacher will look at it."
    return pending_for(result, "elsewhere", Outcome.UNDECIDED, says, hint)


def with_another_answer(result: TaskResult, names: Collection[str]) -> TaskResult:
    """`result`, with a note on the other notebooks `names` that hold different answers. The grade stands."""
    if not names:
        return result
    note = f"{ANOTHER_ANSWER}{_listed(names)}, which was not graded."
    return msgspec.structs.replace(result, notes=(note, *result.notes))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(printable(name[:60]) for name in names)


ADDED_LATER = "added_later"  # the name of the entry that says so among a task's tests


def pending_added_later(result: TaskResult) -> TaskResult:
    """`result`, pending: the task was added to the unit after its first release, and this notebook lacks its cell."""
    says = "This task was added later and is not in the notebook that you handed in."
    return pending_for(result, ADDED_LATER, Outcome.UNDECIDED, says, "A teacher will decide about it.")


def excused(report: Report, added: Mapping[str, datetime], unit: manifest.Unit, handed_in: datetime | None) -> Report:
    """`report`, with the tasks excused that the manifest excuses: added (at the times `added`) after it was handed in.

    An excused task counts neither way: it gets the share of its points that the other tasks earned, without bonus tasks
    and those graded by hand. While any of those is pending, so is the excused one. An excused bonus task adds nothing.
    """
    free = {
        task.task
        for task in report.tasks
        if any(test.name == ADDED_LATER for test in task.tests)
        and any(known.id == task.task and known.added_later == "excused" for known in unit.tasks)
        and handed_in is not None
        and task.task in added
        and handed_in < added[task.task]
    }
    by_hand = {task.id for task in unit.tasks if task.by_hand}
    others = [task for task in report.tasks if task.task not in free | by_hand and not task.bonus]
    in_all = sum(task.max_points for task in others)
    if not free or not in_all or any(task.points is None for task in others):
        return report
    share = sum(task.points or 0.0 for task in others) / in_all
    note = "You handed in before this task was added, so it counts neither for you nor against you."
    return msgspec.structs.replace(
        report,
        tasks=tuple(
            msgspec.structs.replace(
                task, points=0.0 if task.bonus else round(share * task.max_points, 4), tests=(), notes=(note,)
            )
            if task.task in free
            else task
            for task in report.tasks
        ),
    )
