"""Was an answer right for another name's numbers?

Variants are made from the student's name. A notebook written as "root" and submitted as "zoe" contains answers that are
right, but for root's numbers. The student should be told that, not that they cannot multiply out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kit.variants import STORED_AS

from grader.course.notebooks import Json
from grader.diagnosis.casebook import Casebook
from grader.grading.submission import JailedSubmission
from grader.jail.channel import plain_text
from grader.results import Outcome
from grader.testing.plugin import Run, TestRun

USUAL = ("root", "jovyan")  # default names when none is set
PROBES = tuple(f"somebody-{number}" for number in range(24))  # made-up names, enough to cover most variants


class AnotherName(NamedTuple):
    """The note for the student, and the failed tests that it explains; both empty if it is not another name."""

    note: str = ""
    tests: frozenset[str] = frozenset()


def worked_as(submission: Json) -> str:
    """The name under which a notebook was last run, as the kit's `greet` stored it in an output; "" if unknown.

    A student who sets the name in a new cell and greets again leaves both names: the lower one is the later one.
    """
    names = [stored.get("name") for stored in stored_outputs(submission["cells"])]
    names = [name for name in names if isinstance(name, str) and name.strip()]
    return plain_text(names[-1], 60).replace("\n", " ") if names else ""


def stored_outputs(cells: Sequence[object]) -> Iterator[dict[str, object]]:
    """What the kit's `greet` and `hint` stored in the outputs of a notebook; whatever is malformed is left out."""
    for cell in cells:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else []:
            metadata = output.get("metadata") if isinstance(output, dict) else None
            stored = metadata.get(STORED_AS) if isinstance(metadata, dict) else None
            if isinstance(stored, dict):
                yield stored


def right_for_another_name(
    task: str,
    ran: Iterable[TestRun],
    casebook: Casebook,
    submission: JailedSubmission,
    run: Run,
    *,
    mine: str,
    stored: str,
) -> AnotherName:
    """The note if all wrong variant answers would be right for another name.

    Any letter is right for some name, so letters are checked only against the name stored in the notebook.
    """
    failing = {case.result.name: case for case in ran if case.result.outcome is not Outcome.PASSED}
    wrong = [name for name, case in failing.items() if case.result.outcome is Outcome.WRONG]
    varying = casebook.depends_on_name(task, wrong, mine) if wrong else frozenset()
    if not varying:
        return AnotherName()
    tells = any(_tells_something(failing[name]) for name in varying)
    quick = all(entry.verb == "value" for name in varying for entry in failing[name].transcript)
    names = [stored] if stored and stored != mine else []
    names += [name for name in (*USUAL, *(PROBES if quick else ())) if tells and name != mine]
    for name in names:
        again = submission.run_otherwise(run, varying, student=name)
        if all(case.result.outcome is Outcome.PASSED for case in again):
            whose = f"the name {name!r}" if name == stored else "another name"
            what = "answered" if varying == failing.keys() else "answered with numbers of your own"
            return AnotherName(
                f"What you {what} would be right for the numbers of {whose}. Yours are made from {mine!r}, the name "
                "under which this was handed in: run the notebook under it, and look at your numbers again.",
                varying,
            )
    return AnotherName()


def _tells_something(case: TestRun) -> bool:
    """Whether an answer is more than a letter."""
    return any(not (isinstance(entry.value, str) and len(entry.value.strip()) <= 1) for entry in case.transcript)
