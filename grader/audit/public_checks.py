"""What the public checks say about the known mistakes: a student whose wrong answer gets a tick moves on with it.

The public checks cannot catch every mistake: a check as thorough as the hidden tests would give the answer away. So in
each task at most one mistake in ten may pass (one, if there are fewer than ten), each with a reason in
`ticked_mistakes.json`, next to the mistakes. Answers that are only noted get no tick, and are not counted.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence

import msgspec
from kit.check import is_satisfied, verdict

from grader.audit.finding import Finding
from grader.course import manifest
from grader.errors import GraderError
from grader.testing.authoring import Mistake, load_module

SHARE = 0.1  # the share of a task's mistakes that may get a tick


def ticked_mistakes(unit: manifest.Unit, mistakes: Sequence[Mistake]) -> Iterator[Finding]:
    """The reason for each known mistake that gets a tick, and how many there are."""
    reasons = _reasons(unit)
    ticked = [known for known in mistakes if is_ticked(unit, known)]
    for known in ticked:
        reason = reasons.get(known.name, "")
        says = reason or "gets a tick, and no reason is given"
        yield Finding(f"tick for {known.name}", known.task, bool(reason), says)
    for name in reasons.keys() - {known.name for known in ticked}:
        yield Finding(f"tick for {name}", "", False, "gets no tick any more: drop its reason")
    for task in unit.tasks:
        known_here = [known for known in mistakes if known.task == task.id]
        count = sum(known.task == task.id for known in ticked)
        most = max(1, int(SHARE * len(known_here)))
        yield Finding("ticks", task.id, count <= most, f"{count} of {len(known_here)} mistakes get a tick")


def is_ticked(unit: manifest.Unit, known: Mistake) -> bool:
    """Whether `check(task)` finds no fault with a notebook with this mistake."""
    names = load_module(unit.reference)
    changed = known.names(unit.mistakes)
    names.update(changed)
    with contextlib.redirect_stdout(io.StringIO()):
        return is_satisfied(verdict(known.task, names, unit.exercises_dir), changed)


def _reasons(unit: manifest.Unit) -> dict[str, str]:
    path = unit.solutions_dir / "ticked_mistakes.json"
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except msgspec.DecodeError as error:
        raise GraderError(f"{path}: expected a reason for each mistake, got what cannot be read ({error})") from None
