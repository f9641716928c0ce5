"""Which known mistake explains a submission best, or which two together?

A mistake is named where it explains every part that is wrong. It must then either say enough (three uneven numbers are
no accident), or fit in all that it does itself. Where no single one does, a mistake that explains most, and of which
all is there, is named as well: something else is wrong besides. Two are named where each explains what the other does
not, and together they leave nothing. In all other cases nothing is said: a wrong diagnosis costs more than none.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from grader.diagnosis import evidence
from grader.diagnosis.evidence import STRONG, Fit
from grader.testing.authoring import Mistake
from grader.testing.plugin import Ran

Fares = Callable[[Mistake], dict[str, Ran]]  # how a mistake fares in the tests in question
MOST = 24  # mistakes of which pairs are tried


def closest(
    mistakes: Sequence[Mistake],
    failing: dict[str, Ran],
    fares: Fares,
    right: dict[str, Ran],
    *,
    whole_only: bool = False,
) -> tuple[Mistake, ...]:
    """The mistake that explains the `failing` tests best, or two; () if none does. `right` is the reference there.

    With `whole_only` one that explains everything, by parts that say enough, and nothing less.
    """
    ours = evidence.of_cases(failing, right)
    fits = [(known, evidence.fit(ours, evidence.of_cases(fares(known), right))) for known in mistakes]
    fits = [(known, found) for known, found in fits if found.explained]
    ranked = sorted(fits, key=lambda fit: _rank(fit[0], fit[1], failing), reverse=True)
    whole = [known for known, found in ranked if not found.missed and _sure(known, found, failing)]
    if whole_only:
        whole = [known for known, found in ranked if not (found.missed or found.spared) and found.weight >= STRONG]
    if whole or whole_only:
        return tuple(whole[:1])
    return _two(fits) or tuple(known for known, found in ranked[:1] if _most(found))


def _rank(known: Mistake, found: Fit, failing: dict[str, Ran]) -> tuple[float, ...]:
    """The better a mistake explains, the larger."""
    return -len(found.missed), len(found.explained), -_extra(known, failing), -found.spared, found.weight


def _extra(known: Mistake, failing: dict[str, Ran]) -> int:
    """How many tests the mistake fails and the submission passes."""
    return len(set(known.fails) - failing.keys())


def _sure(known: Mistake, found: Fit, failing: dict[str, Ran]) -> bool:
    """Whether a mistake that explains everything is the one."""
    return (found.weight >= STRONG and not found.fickle) or not (found.spared or _extra(known, failing))


def _most(found: Fit) -> bool:
    """Whether a mistake that explains only some is there all the same."""
    return found.weight >= 2 * STRONG and len(found.missed) <= len(found.explained) and not found.spared


def _two(fits: Sequence[tuple[Mistake, Fit]]) -> tuple[Mistake, ...]:
    """Two mistakes that explain together what neither explains alone; () if there are none."""
    whole = [(known, found) for known, found in fits if found.weight >= STRONG and not found.spared][:MOST]
    best: tuple[float, tuple[Mistake, ...]] = (0.0, ())
    for (one, mine), (other, theirs) in itertools.combinations(whole, 2):
        apart = (mine.explained.keys() - theirs.explained.keys(), theirs.explained.keys() - mine.explained.keys())
        weights = [
            sum(found.explained[place] for place in own) for found, own in zip((mine, theirs), apart, strict=True)
        ]
        if mine.missed & theirs.missed or min(weights) < STRONG or one.says == other.says:
            continue
        if min(weights) > best[0]:
            best = (min(weights), (one, other))
    return best[1]
