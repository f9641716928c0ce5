"""What went wrong with a whole submission, said once and with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from grader.results import Outcome, Report

WHOLE_FILE = ("submission", "engine")  # tests that stand for the whole submission: `grading.verdict` writes them
_STUB = "This is still the stub"


class Banner(msgspec.Struct, frozen=True):
    """One message for the whole page. With `whole_file`, no task has anything to add to it."""

    title: str
    says: str
    do: str
    whole_file: bool = False
    more: tuple[str, ...] = ()  # what often follows from `says`, folded away


def banner_of(report: Report, cell_begins: Sequence[str] = ()) -> Banner | None:
    """The banner of a report, or None if every task speaks for itself. `cell_begins` are the first lines of cells."""
    tests = [test for task in report.tasks for test in task.tests]
    names = {test.name for test in tests}
    if report.problem.startswith("Held back: "):
        does = "You need not do anything now. If you know what went wrong, hand in again: the newest submission counts."
        return Banner("Held back until a teacher has looked at it", report.problem, does, whole_file=True)
    if names == {"engine"}:
        return Banner(
            "We could not grade this", report.problem, "You need not do anything: wait for us.", whole_file=True
        )
    if "submission" in names:
        return Banner("This file could not be graded", report.problem, _what_to_do(report.problem), whole_file=True)
    if tests and all(test.outcome is Outcome.MISSING and test.hint.startswith(_STUB) for test in tests):
        does = (
            "Is this the notebook that you worked in? Write your answers in place of the dots, save it (Ctrl+S), run "
            "the checks, and hand it in again."
        )
        return Banner("Every task is still untouched", report.problem, does, whole_file=True)
    return _of_cells(report, cell_begins) if report.problem else None


def _of_cells(report: Report, cell_begins: Sequence[str]) -> Banner:
    """The cells that failed: the first one, and below it those that may have failed because of it."""

    def begins(cell: re.Match[str]) -> str:
        number = int(cell[1])
        first = cell_begins[number - 1][:80].replace("`", "'") if 0 < number <= len(cell_begins) else ""
        return f"{cell[0]} (`{first}`)" if first else cell[0]

    problems = [part.strip() for part in re.split(r"(?=\bCell \d+ )", report.problem) if part.strip()]
    first, *more = [re.sub(r"^Cell (\d+)", begins, problem) for problem in problems]
    lost = any(task.points is None or task.points < task.max_points for task in report.tasks)
    does = "Fix that first: what stands below it may depend on it." if lost else "It cost you no points."
    does += " In JupyterLab, Run All Cells shows it again."
    title = "Your notebook does not run from top to bottom"
    return Banner(title, first, does, more=tuple(more))


def _what_to_do(problem: str) -> str:
    if "There is no file" in problem:
        return "Give the notebook the name that it came with, put it back into its folder, and hand in again."
    if "no cells" in problem:
        return "Open the notebook, see that your answers are in it, save it (Ctrl+S), and hand in again."
    if "Clear its outputs" in problem or "the most that is read" in problem or "more than" in problem:
        return "In JupyterLab: Edit, Clear Outputs of All Cells. Save it, and hand in again."
    return (
        "Open it in JupyterLab. If that works, save it (Ctrl+S) and hand in again. If not, fetch the assignment once "
        "more, copy your answers into it, and hand that in."
    )
