"""What a student should know about how the notebook was read, and which of its functions count.

A task is graded with the names as they were at its check (`jail.inside.moments`). If a function is redefined further
down and the task does not pass, its tests are rerun with the functions as they are at the end, and the better result
counts: a student who fixes a function in a new cell loses nothing. Typed answers and letters are read only once.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.course.matching import Matched, begins
from grader.grading.submission import JailedSubmission
from grader.jail.inside.messages import Fact, TaskCells
from grader.results import Outcome
from grader.testing.plugin import Run, TestRun

UNFINISHED = (Outcome.INTERNAL, Outcome.UNDECIDED)


class Remarks:
    """The remarks on one submission. `facts` come from the far side; those that contradict the notebook are dropped."""

    def __init__(self, matched: Matched, facts: Iterable[Fact]) -> None:
        self._matched = matched
        self._cells = {cell.number: cell for cell in matched.cells}
        self.at_end: set[str] = set()  # tasks graded with the functions as they are at the end
        self._facts = [fact for fact in facts if self._matters(fact)]

    def _matters(self, fact: Fact) -> bool:
        cell, asked = self._cells.get(fact.cell), self._matched.asked.get(fact.task)
        if cell is None or asked is None or not fact.name.isidentifier():
            return False
        if fact.what == "elsewhere":
            return fact.name in asked.names
        if fact.what == "changed for another task":
            return fact.callable and cell.origin != "release"
        return cell.origin != "release" and (fact.name in asked.names or fact.callable)

    def better(self, ran: list[TestRun], submission: JailedSubmission, run: Run) -> list[TestRun]:
        """`ran`, with rerun results for tasks that do better with the functions as they are at the end."""
        changed = {
            fact.task
            for fact in self._facts
            if fact.what.startswith("changed") and fact.callable and self._matched.asked[fact.task].functions
        }
        lost = {case.result.task for case in ran if case.result.outcome is not Outcome.PASSED}
        again = {case.result.name for case in ran if case.result.task in changed & lost}
        if not again:
            return ran
        at_end = {case.result.name: case for case in submission.run_otherwise(run, again, at_end=True)}
        for task in sorted(changed & lost):
            before = [case for case in ran if case.result.task == task]
            after = [at_end.get(case.result.name, case) for case in before]
            if any(case.result.outcome in UNFINISHED for case in (*before, *after)):
                continue
            if passed_weight(after) > passed_weight(before):
                self.at_end.add(task)
        return [at_end[case.result.name] if case.result.task in self.at_end else case for case in ran]

    def of(self, task: str) -> tuple[str, ...]:
        """The remarks on a task."""
        said = list(self._matched.notes.get(task, ()))
        for fact in self._facts:
            if fact.task == task and fact.what != "changed for another task":
                said.append(self._says(fact, "end" if task in self.at_end and fact.callable else "check"))
        return tuple(dict.fromkeys(said))

    def _says(self, fact: Fact, counts: str) -> str:
        where = begins(self._cells[fact.cell].source)
        if fact.what == "elsewhere":
            return f"`{fact.name}` is written in {where}. That counts."
        if counts == "end":
            return f"`{fact.name}` is written again further down, in {where}. That counts: it passes more checks."
        return f"`{fact.name}` is changed further down, in {where}. What it was at the check of this task counts."


def passed_weight(ran: Iterable[TestRun]) -> float:
    """The total weight of the tests that passed."""
    return sum(case.result.weight for case in ran if case.result.outcome is Outcome.PASSED)


def cells_to_send(matched: Matched) -> list[tuple[int, str]]:
    """The (number, source) cells for the far side; entries with the same number are pieces of one cell."""
    return [(cell.number, piece) for cell in matched.cells for piece in cell.pieces or (cell.source,)]


def moments_to_send(matched: Matched) -> list[TaskCells]:
    """For each task, its cells and the names that it asks for."""
    return [
        TaskCells(task, matched.answers[task], check, tuple(asked.functions), tuple(asked.values))
        for task, check in matched.checks.items()
        for asked in [matched.asked[task]]
    ]


def given_cells(matched: Matched) -> list[int]:
    """The numbers of the cells that come from the release."""
    return [cell.number for cell in matched.cells if cell.origin == "release"]
