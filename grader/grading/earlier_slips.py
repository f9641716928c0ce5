"""A slip in an earlier task costs its points only once: tests that build on it are rerun with right work in its place.

Only failed tests are rerun, each in a separate process, and only if their task builds on a task that lost points or on
work brought from an earlier unit. A test that passes then counts as passed, and the student is told which earlier work
was in the way. A test that still fails is judged without the earlier slip, so that the slip is not diagnosed twice.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Container

from grader.course.earlier import BROUGHT, Earlier, earlier_work
from grader.course.manifest import Unit
from grader.results import Outcome
from grader.testing.authoring import load_module
from grader.testing.plugin import OpenStudent, Run, TestRun
from grader.testing.stand_ins import StandIns
from grader.testing.student import Student

FAILED = (Outcome.WRONG, Outcome.ERROR)


class EarlierSlips:
    """Knows what a unit's tasks build on, and reruns their hidden tests without the slips in it."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._titles = {task.id: task.title for task in unit.tasks}

    @functools.cached_property
    def _work(self) -> dict[str, Earlier]:
        return earlier_work(self._unit)

    def better(
        self, ran: list[TestRun], run: Run, student_apart: OpenStudent, untouched: Container[str] = ()
    ) -> tuple[list[TestRun], dict[str, str]]:
        """`ran`, updated with the reruns on right earlier work, and a note for each task that gained from it."""
        lost = {case.result.task for case in ran if case.result.outcome is not Outcome.PASSED}
        again = {
            case.result.name: self._work[case.result.task]
            for case in ran
            if case.result.outcome in FAILED
            and case.result.task not in untouched
            and any(owner in (*lost, BROUGHT) for owner in self._work[case.result.task].owners.values())
            and any(entry.verb != "value" for entry in case.transcript)
        }
        if not again:
            return ran, {}
        used: dict[str, set[str]] = {}
        retried = {case.result.name: case for case in run(self._opening(student_apart, again, used), tests=again)}
        notes: dict[str, set[str]] = {}
        made = []
        for case in ran:
            other = retried.get(case.result.name)
            if other is not None and used.get(case.result.name):
                if other.result.outcome is Outcome.PASSED:
                    notes.setdefault(case.result.task, set()).update(used[case.result.name])
                    case = other
                elif other.result.outcome is Outcome.WRONG:
                    case = other
            made.append(case)
        return made, {task: self._says(task, names, lost) for task, names in notes.items()}

    def _opening(
        self, student_apart: OpenStudent, work: dict[str, Earlier], used: dict[str, set[str]]
    ) -> Callable[[str], Student]:
        def open_with_stand_ins(test: str) -> Student:
            student = student_apart(test)
            stand_ins = StandIns(load_module(self._unit.reference), *work[test])
            used[test] = stand_ins.used
            student.at_first(lambda: stand_ins.stand_in(student))
            return student

        return open_with_stand_ins

    def _says(self, task: str, used: set[str], lost: set[str]) -> str:
        """The note that says which earlier work was in the way."""
        owners = self._work[task].owners
        to_blame = sorted(name for name in used if owners[name] in (*lost, BROUGHT)) or sorted(used)
        names = " and ".join(f"`{name}`" for name in to_blame)
        titles = list(dict.fromkeys(self._titles[owners[name]] for name in to_blame if owners[name] != BROUGHT))
        where = f" Look at “{'” and “'.join(titles)}” again." if titles else " It comes from an earlier unit."
        return f"With a right {names} in place of yours, this passes more checks, and that counts.{where}"
