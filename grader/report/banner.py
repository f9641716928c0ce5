"""What went wrong with a whole submission, said once and with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from grader.results import Outcome, Report, TestResult

WHOLE_FILE = ("submission", "engine")  # tests that stand for the whole submission: `grading.verdict` writes them
STUB = "This is still the stub"
HELD = "Held back: "
_ANOTHER_FILE = re.compile(r"^(?!Cell \d).*\.ipynb\b")  # a unit may have several notebooks
_CLEAR = "In JupyterLab: Edit, Clear Outputs of All Cells. Save it, and hand in again."


class Banner(msgspec.Struct, frozen=True):
    """One message for the whole page. With `whole_file`, no task has anything to add to it."""

    title: str
    says: str
    do: str
    whole_file: bool = False
    more: tuple[str, ...] = ()  # what often follows from `says`, folded away
    first: bool = False  # whether it is what to fix before all tasks
    told: frozenset[str] = frozenset()  # hints of tasks that the banner tells for all of them

    def tells(self, test: TestResult) -> bool:
        """Whether nothing is left to say about a test."""
        adds = test.outcome in (Outcome.UNDECIDED, Outcome.INTERNAL) and test.name not in WHOLE_FILE
        return self.whole_file and not (adds and test.hint not in self.told)


def banner_of(report: Report, cell_begins: Sequence[str] = ()) -> Banner | None:
    """The banner of a report, or None if every task speaks for itself. `cell_begins` are the first lines of cells."""
    tests = [test for task in report.tasks for test in task.tests]
    names = {test.name for test in tests}
    if report.problem.startswith(HELD):
        why = report.problem.removeprefix(HELD)
        says = f"{why[:1].upper()}{why[1:]}"
        return Banner("Held back until a teacher has looked at it", says, _about_held(why), whole_file=True)
    if names == {"engine"}:
        return Banner(
            "We could not grade this", report.problem, "You need not do anything: wait for us.", whole_file=True
        )
    if "submission" in names:
        told = _same_everywhere(report)
        says = " ".join((report.problem, *told))
        return Banner(
            "This file could not be graded", says, _what_to_do(report.problem), whole_file=True, told=frozenset(told)
        )
    if tests and all(test.outcome is Outcome.MISSING and test.hint.startswith(STUB) for test in tests):
        does = (
            "Is this the notebook that you worked in? Write your answers in place of the dots, save it (Ctrl+S), run "
            "the checks, and hand it in again."
        )
        return Banner("Every task is still untouched", report.problem, does, whole_file=True)
    return _of_cells(report, cell_begins) if report.problem.strip() else None


def _of_cells(report: Report, cell_begins: Sequence[str]) -> Banner:
    """The cells that failed: the first one, and below it those that may have failed because of it."""

    def begins(cell: re.Match[str]) -> str:
        number = int(cell[1])
        first = cell_begins[number - 1][:80].replace("`", "'") if 0 < number <= len(cell_begins) else ""
        return f"{cell[0]} (`{first}`)" if first else cell[0]

    problems = [part.strip() for part in re.split(r"(?=\bCell \d+ )", report.problem) if part.strip()]
    first, *more = [re.sub(r"^Cell (\d+)", begins, problem) for problem in problems]
    if _ANOTHER_FILE.search(first):
        title = "One of your notebooks could not be read"
        return Banner(title, first, _what_to_do(first), more=tuple(more), first=True)
    lost = any(task.points is None or task.points < task.max_points for task in report.tasks)
    does = "Fix that first: what stands below it may depend on it." if lost else "It cost you no points."
    does += " In JupyterLab, Run All Cells shows it again."
    title = "Your notebook does not run from top to bottom"
    return Banner(title, first, does, more=tuple(more), first=lost)


def _same_everywhere(report: Report) -> tuple[str, ...]:
    """What is pending in each task with the same words, such as work in another notebook."""
    hints = [{test.hint for test in task.tests if test.outcome is Outcome.UNDECIDED} for task in report.tasks]
    return tuple(sorted(set.intersection(*hints) - {""})) if len(hints) > 1 else ()


def _about_held(why: str) -> str:
    if " MB, more than" in why:
        return f"A figure in an output is probably far too big. {_CLEAR}"
    return "You need not do anything now. If you know what went wrong, hand in again: the newest submission counts."


def _what_to_do(problem: str) -> str:
    if "There is no file" in problem:
        return "Give the notebook the name that it came with, put it back into its folder, and hand in again."
    if "no cells" in problem:
        return "Open the notebook, see that your answers are in it, save it (Ctrl+S), and hand in again."
    if "Clear its outputs" in problem or "the most that is read" in problem or "more than" in problem:
        return _CLEAR
    if re.search(r" is an? [a-zA-Z ]+, not a notebook", problem):
        return "Hand in the notebook itself, the file whose name ends in .ipynb, and not what you exported from it."
    return (
        "Open it in JupyterLab. If that works, save it (Ctrl+S) and hand in again. If not, fetch the assignment once "
        "more, copy your answers into it, and hand that in."
    )
