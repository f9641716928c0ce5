"""What is said while a class is graded: bars with rate and remaining time for people, or JSON lines for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.printable import one_line, printable
from grader.results import Report

ChangedGrade = tuple[str, str, float, float, Sequence[str]]  # unit, student, points before and now, why


class GradingProgress(Protocol):
    """Follows a run. Use as a context manager."""

    def plan(self, unit: str, to_grade: int, graded: int) -> None:
        """A unit has so many submissions to grade, and so many that are graded already."""

    def report(self, report: Report) -> None:
        """A submission has been graded."""

    def stop(self) -> None:
        """Say nothing more, because someone is asked a question."""

    def changes(self, changes: Sequence[ChangedGrade], *, written: bool) -> None:
        """These grades that stood changed; or they would, if they are not `written`."""

    def __enter__(self) -> GradingProgress: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None: ...


class Bars:
    """A bar for each unit, gone when all is done."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            transient=True,
        )
        self._tasks: dict[str, Any] = {}

    def plan(self, unit: str, to_grade: int, graded: int) -> None:
        self._tasks[unit] = self._bars.add_task(f"grading {one_line(unit)}", total=to_grade + graded, completed=graded)

    def report(self, report: Report) -> None:
        if report.unit in self._tasks:
            self._bars.advance(self._tasks[report.unit])

    def stop(self) -> None:
        self._bars.stop()

    def changes(self, changes: Sequence[ChangedGrade], *, written: bool) -> None:
        """People get a table, when the bars are gone."""

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._bars.stop()


class _Rate(ProgressColumn):
    """Submissions a second, lately."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s" if speed >= 1 else f"{60 * speed:.0f}/min")


class JsonLines:
    """One JSON object a line on standard output: `plan`, `graded`, `change`, and at the end `done` or `stopped`."""

    def __init__(self) -> None:
        self._graded = 0

    def plan(self, unit: str, to_grade: int, graded: int) -> None:
        self._say(event="plan", unit=unit, to_grade=to_grade, graded=graded)

    def report(self, report: Report) -> None:
        self._graded += 1
        pending = [task.task for task in report.tasks if task.points is None]
        self._say(
            event="graded",
            unit=report.unit,
            student=report.student,
            points=report.points,
            max_points=report.max_points,
            pending=pending,
            our_fault=report.our_fault,
            level=str(report.level),
            milliseconds=report.milliseconds,
        )

    def stop(self) -> None:
        """Nothing is drawn that could be in the way."""

    def changes(self, changes: Sequence[ChangedGrade], *, written: bool) -> None:
        for unit, student, before, after, why in changes:
            facts = {"from": round(before, 4), "to": round(after, 4), "why": list(why)}
            self._say(event="change", unit=unit, student=student, **facts, written=written)

    def __enter__(self) -> JsonLines:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if error is None:
            self._say(event="done", graded=self._graded)
        else:
            self._say(event="stopped", graded=self._graded, says=printable(str(error)) or type(error).__name__)

    def _say(self, **facts: Any) -> None:
        sys.stdout.write(json.dumps(facts) + "\n")  # ASCII only: no name can steer a terminal
        sys.stdout.flush()
