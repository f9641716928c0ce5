"""Verdicts: from the outcomes of hidden tests to points, and the four kinds of report."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from grader import __version__
from grader.course import manifest
from grader.diagnosis.casebook import Casebook
from grader.jail.channel import plain_text
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from grader.testing.plugin import TestRun


class Graded(msgspec.Struct, frozen=True):
    """What a worker says of one submission: the report, and whether that is the last word."""

    report: Report
    slow: bool = False  # a wall limit cost it something: it is graded once more, when nobody else is
    cpu_seconds_left: float | None = None  # that its processes may use then; all of them if None
    worn: bool = False  # the worker has failed or run out of memory, so that it grades nobody else
    gave_up: tuple[str, ...] = ()  # tests in which nothing but the end of the worker stopped our own computing

    @property
    def again(self) -> bool:
        """Whether it is to be graded once more, alone."""
        return self.slow or self.report.our_fault


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


def task_result(
    task: manifest.Task,
    ran: list[TestRun],
    casebook: Casebook,
    student: str,
    *,
    untouched: bool = False,
    notes: tuple[str, ...] = (),
    explained: bool = False,
) -> TaskResult:
    """The verdict on a task. `explained` if the `notes` say already why it was lost: then no mistake is looked for."""
    results = [case.result for case in ran]
    total = sum(result.weight for result in results)
    earned = sum(result.weight for result in results if result.outcome is Outcome.PASSED)
    if not results or any(result.outcome in (Outcome.INTERNAL, Outcome.UNDECIDED) for result in results):
        points = None
    else:
        points = round(task.points * earned / total, 4)
    named = None
    if untouched and earned < total:
        stub = "This is still the stub: write your answer in place of the dots."
        results = [
            msgspec.structs.replace(result, outcome=Outcome.MISSING, hint=stub, line="")
            if result.outcome in (Outcome.WRONG, Outcome.ERROR, Outcome.MISSING)
            else result
            for result in results
        ]
    elif not explained:
        named = casebook.diagnose(task.id, ran, student)
    return TaskResult(
        task=task.id,
        title=task.title,
        points=points,
        max_points=task.points,
        tests=tuple(results),
        diagnosis=named.name if named else "",
        explanation=named.says if named else "",
        notes=notes,
    )


def pending_for(
    result: TaskResult, name: str, outcome: Outcome, says: str, hint: str = "", staff: str = ""
) -> TaskResult:
    """A task as it is, but that a teacher decides its points, for the reason that `says` and `hint` give."""
    test = TestResult(name, result.task, 0.0, outcome, says=says, hint=hint, staff=staff)
    return msgspec.structs.replace(result, points=None, tests=(*result.tests, test), diagnosis="", explanation="")


def pending_elsewhere(result: TaskResult, names: tuple[str, ...]) -> TaskResult:
    """A task of which nothing is written in the notebook, but something in the notebooks `names` beside it."""
    shown = ", ".join(plain_text(name, 60) for name in names)
    says = "There is work on this task in another notebook."
    hint = f"It is in {shown}, beside the notebook that is graded. A teacher will look at it."
    return pending_for(result, "elsewhere", Outcome.UNDECIDED, says, hint)
