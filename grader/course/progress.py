"""What a student has passed, read from the reports of a course folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from grader import results
from grader.course.concepts import Step
from grader.course.folder import CourseFolder
from grader.errors import GraderError, did_you_mean
from grader.results import Outcome, TaskResult

PASS = 0.7  # the share of the points needed to pass, for a task and for a unit


class Standing(StrEnum):
    """How far a student has got with one task."""

    PASSED = "passed"
    KNOWN = "known (placement)"
    BELOW = "not yet passed"
    UNDECIDED = "a person decides"
    UNGRADED = "not graded"


def standings(
    folder: Path, student: str, steps: Iterable[Step], shown_by: Mapping[str, Iterable[str]] | None = None
) -> dict[str, Standing]:
    """How far `student` has got with each of `steps`, by name.

    `shown_by` names, for a task, the placement tasks that also show it is known. Raises GraderError for a student
    without any report.
    """
    steps = tuple(steps)
    shown = {step.name: tuple((shown_by or {}).get(step.name, ())) for step in steps}
    _expect_known(folder, student)
    placements = {name.partition("/")[0] for names in shown.values() for name in names}
    graded = {
        f"{unit}/{task.task}": standing_of(task)
        for unit in {step.unit.id for step in steps} | placements
        for task in _tasks(folder, unit, student)
    }
    found = {step.name: graded.get(step.name, Standing.UNGRADED) for step in steps}
    known = {name for name, by in shown.items() if any(graded.get(task) is Standing.PASSED for task in by)}
    return {
        name: Standing.KNOWN if name in known and standing is not Standing.PASSED else standing
        for name, standing in found.items()
    }


def standing_of(task: TaskResult) -> Standing:
    """How far a student has got with a graded task."""
    if task.points is None:
        return Standing.UNDECIDED
    if not task.max_points:  # practice: its checks decide
        return Standing.PASSED if all(test.outcome is Outcome.PASSED for test in task.tests) else Standing.BELOW
    return Standing.PASSED if task.points >= PASS * task.max_points - 1e-9 else Standing.BELOW


def _tasks(folder: Path, unit: str, student: str) -> tuple[TaskResult, ...]:
    path = CourseFolder(folder).report(unit, student)
    try:
        return results.read(path).tasks
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise GraderError(
            f"{path}: expected a report of grading, got what cannot be read ({error}). Run `grader grade {unit}` again."
        ) from None


def _expect_known(folder: Path, student: str) -> None:
    """Raise GraderError for an unknown student: a typo must not look like a student who has passed nothing."""
    known = CourseFolder(folder).students_with_reports()
    if student in known:
        return
    everyone = f"Students with reports: {', '.join(known) or 'none; run `grader grade`'}."
    meant = did_you_mean(student, known, otherwise=everyone)
    raise GraderError(f"{CourseFolder(folder).reports()}: no report of {student!r}. {meant}")
