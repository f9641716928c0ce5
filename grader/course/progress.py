"""What a student has passed, read from the reports of a course folder."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import msgspec

from grader import results
from grader.course.concepts import Step
from grader.course.folder import CourseFolder
from grader.errors import GraderError, did_you_mean
from grader.results import Outcome, TaskResult

PASS = 0.7  # the share of the points needed to pass, for a task and for a unit


class TaskProgress(StrEnum):
    """How far a student has got with one task."""

    PASSED = "passed"
    BELOW = "not yet passed"
    UNDECIDED = "a person decides"
    UNGRADED = "not graded"


def standings(folder: Path, student: str, steps: Iterable[Step]) -> dict[str, TaskProgress]:
    """How far `student` has got with each of `steps`, by name. Raises GraderError for a student without any report."""
    steps = tuple(steps)
    _expect_known(folder, student)
    graded = {
        f"{unit}/{task.task}": task
        for unit in {step.unit.id for step in steps}
        for task in _tasks(folder, unit, student)
    }
    return {step.name: _standing(graded.get(step.name)) for step in steps}


def _standing(task: TaskResult | None) -> TaskProgress:
    if task is None:
        return TaskProgress.UNGRADED
    if task.points is None:
        return TaskProgress.UNDECIDED
    if not task.max_points:  # practice: its checks decide
        return TaskProgress.PASSED if all(test.outcome is Outcome.PASSED for test in task.tests) else TaskProgress.BELOW
    return TaskProgress.PASSED if task.points >= PASS * task.max_points - 1e-9 else TaskProgress.BELOW


def _tasks(folder: Path, unit: str, student: str) -> tuple[TaskResult, ...]:
    path = CourseFolder(folder).report(unit, student)
    try:
        return results.read(path).tasks
    except FileNotFoundError:
        return ()
    except (OSError, msgspec.DecodeError) as error:
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
