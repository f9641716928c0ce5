"""The log of a student's grades, in the terminal: who got what, when, by which tests, and what a person changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.grading.ledger import GradeInLog, LogEntry
from grader.printable import LONGEST_LINE, one_line
from grader.report.table import points_of_task
from grader.results import Outcome, TaskResult

_HASH = 12  # digits shown of a hash


def history_lines(log: Sequence[tuple[LogEntry, GradeInLog | None]]) -> Iterator[str]:
    """The lines that tell a student's log, oldest first."""
    for entry, graded in log:
        when = entry.at.replace("T", " ").removesuffix("+00:00")
        yield f"{entry.id}  {when} UTC  {entry.unit}  {entry.kind}: {one_line(entry.says, LONGEST_LINE)}"
        if graded is not None:
            yield from _told(graded)


def _told(graded: GradeInLog) -> Iterator[str]:
    report, parts = graded.report, graded.basis.parts
    engine, _, source = parts.get("engine", "").partition(" ")
    yield (
        f"    level {report.level}, variant of {one_line(report.student)} in edition {parts.get('edition', '?')}, "
        f"engine {engine} ({source[:_HASH]})"
    )
    submission, basis = graded.submission[:_HASH], graded.basis.hash[:_HASH]
    yield f"    submission {submission}, rests on {basis} ({len(parts)} files and facts)"
    if report.problem:
        yield f"    {one_line(report.problem, LONGEST_LINE)}"
    for task in report.tasks:
        yield f"    {task.task}: {points_of_task(task)}/{task.max_points:g}{_failed(task)}"


def _failed(task: TaskResult) -> str:
    failed = [f"{test.name} {test.outcome}" for test in task.tests if test.outcome is not Outcome.PASSED]
    looks = [f"looks like {one_line(task.diagnosis)}"] if task.diagnosis else []
    said = ", ".join([f"{len(task.tests) - len(failed)} of {len(task.tests)} tests passed", *failed, *looks])
    return f" ({said})" if task.tests else ""
