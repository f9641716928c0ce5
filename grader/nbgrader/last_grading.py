"""What the last grading of a unit changed, from the reports that it replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from grader import results
from grader.course.folder import CourseFolder
from grader.errors import GraderError, did_you_mean
from grader.nbgrader.changes import Change
from grader.printable import one_line
from grader.results import Report, TaskResult


def differences(folder: Path, unit: str, renamed: Mapping[str, str] | None = None) -> list[Change]:
    """The students whose points in a unit the last grading changed. Raises GraderError if it was never graded.

    `renamed` has the current ids of tasks that had other ids before.
    """
    layout = CourseFolder(folder)
    students = layout.students_with_reports(unit)
    if not students:
        units = [path.name for path in layout.reports().iterdir()] if layout.reports().is_dir() else []
        meant = did_you_mean(unit, units, otherwise="Run `grader grade` first.")
        raise GraderError(f"{layout.reports(unit)}: no reports on {one_line(unit)}. {meant}")
    found = []
    for student in students:
        path = layout.last_report(unit, student)
        if path.is_file():
            last, now = results.read(path), results.read(layout.report(unit, student))
            what = tuple(_what(last, now, renamed or {}))
            if what:
                found.append(Change(unit, student, last.points, now.points, (*what, f"({_why(last, now)})")))
    return found


def _what(last: Report, now: Report, renamed: Mapping[str, str]) -> Iterator[str]:
    before = {renamed.get(task.task, task.task): task for task in last.tasks}
    for task in now.tasks:
        old = before.pop(task.task, None)
        if old is None or (old.points, old.max_points) != (task.points, task.max_points):
            yield f"{task.task}: {_shown(old)} -> {_shown(task)}"
    for gone, task in before.items():
        yield f"{gone}: {_shown(task)} -> not there"


def _shown(task: TaskResult | None) -> str:
    if task is None:
        return "not there"
    return f"{'pending' if task.points is None else f'{task.points:.4g}'} of {task.max_points:g}"


def _why(last: Report, now: Report) -> str:
    """By which change: new work, other tests, another engine, other points."""
    reasons = []
    if last.file_hash != now.file_hash:
        reasons.append("other work was handed in")
    if last.tests_hash != now.tests_hash:
        reasons.append("the hidden tests or the reference changed")
    if last.engine != now.engine:
        reasons.append(f"graded by version {now.engine} instead of {last.engine}")
    if [(task.task, task.max_points) for task in last.tasks] != [(task.task, task.max_points) for task in now.tasks]:
        reasons.append("the unit's tasks or points changed")
    return "; ".join(reasons) or "the same work and the same tests: a person decided, or the unit was released again"
