"""`hint("task")` gives the next of a task's hints; `recall(1, "b")` checks a question at the end of a unit.

Both are authored in the unit's `test_<unit>.py`, beside the public checks: `HINTS` maps a task to its ladder of hints
(a nudge, then the idea, then nearly the answer), and `RECALL` maps a number to a `Question`. Neither costs anything.
The hints that were opened are saved in the metadata of the output, so that the class page can count them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from kit.check import modules_of_checks
from kit.variants import STORED_AS, print_or_display

_opened: dict[str, int] = {}  # task -> how many of its hints this kernel has shown


class Question(NamedTuple):
    """A recall question: the `right` answer, what to say `because` it is right, and where to `look` if it is not."""

    right: str
    because: str
    look: str


def hint(task: str, folder: str | Path | None = None) -> None:
    """Show the next hint for `task`, below those shown before. Hints cost nothing."""
    if os.environ.get("KIT_GRADING"):
        return
    ladders = _authored("HINTS", folder)
    if task not in ladders:
        print(f'There are no hints for "{task}". There are hints for: {", ".join(ladders) or "nothing"}.')
        return
    ladder = ladders[task]
    _opened[task] = step = min(_opened.get(task, 0) + 1, len(ladder))
    lines = [f"Hint {number} of {len(ladder)}. {text}" for number, text in enumerate(ladder[:step], start=1)]
    lines.append("Run this cell again for the next one." if step < len(ladder) else "That was the last one.")
    print_or_display("\n".join(lines), {STORED_AS: {"hint": {"task": task, "step": step}}})


def recall(number: int, answer: object, folder: str | Path | None = None) -> None:
    """Say whether `answer` answers recall question `number`, and why."""
    if os.environ.get("KIT_GRADING"):
        return
    questions = _authored("RECALL", folder)
    if number not in questions:
        print(f"There is no question {number}. There are: {', '.join(map(str, questions)) or 'none'}.")
        return
    question = questions[number]
    said = "" if answer is ... else str(answer).strip().lower()
    if said in ("", "?"):
        print(f"{number}: write your answer between the quotes, then run this cell again.")
    elif said == question.right.lower():
        print(f"{number}: ✓ {question.because}")
    else:
        print(f"{number}: {said} is not it. {question.look}")


def _authored(name: str, folder: str | Path | None) -> dict[Any, Any]:
    """What the public checks beside the notebook define under `name`."""
    found: dict[Any, Any] = {}
    for names in modules_of_checks(folder):
        for key, value in names.get(name, {}).items():
            found.setdefault(key, value)
    return found
