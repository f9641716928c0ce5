"""Which known mistake explains a submission best, or which two together?

A mistake is named if it explains every wrong part. The match must also be strong evidence (three uneven numbers do not
agree by accident), or the submission must show everything that the mistake does. If no single mistake explains all,
one that explains most is named as well, provided that the submission shows all of it: something else is wrong too. Two
mistakes are named if each explains what the other does not, and together they explain everything. Otherwise nothing is
named: a wrong diagnosis is worse than none.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from grader.diagnosis import evidence
from grader.diagnosis.evidence import STRONG, Fit
from grader.testing.authoring import Mistake
from grader.testing.plugin import TestRun

Fares = Callable[[Mistake], dict[str, TestRun]]  # runs a mistake on the tests in question
MOST = 24  # mistakes considered for pairs


def closest(
    mistakes: Sequence[Mistake],
    failing: dict[str, TestRun],
    fares: Fares,
    right: dict[str, TestRun],
    *,
    whole_only: bool = False,
    pairs_only: bool = False,
) -> tuple[Mistake, ...]:
    """The mistake that explains the `failing` tests best, or two; () if none does. `right` has the reference's runs.

    With `whole_only`, only a mistake that explains everything, at least one part of it with strong evidence (many
    changes lead to the same few True and False); with `pairs_only`, only two.
    """
    ours = evidence.of_cases(failing, right)
    fits = [(known, evidence.fit(ours, evidence.of_cases(fares(known), right))) for known in mistakes]
    fits = [(known, found) for known, found in fits if found.explained]
    if pairs_only:
        return _two(fits)
    alike = {known.name: _end_alike(fares(known), failing) for known, _ in fits}
    ranked = sorted(fits, key=lambda fit: (_rank(fit[0], fit[1], failing), alike[fit[0].name]), reverse=True)
    whole = [known for known, found in ranked if not found.missed and _sure(known, found, failing)]
    if whole_only:
        whole = [
            known
            for known, found in ranked
            if not (found.missed or found.spared) and max(found.explained.values()) >= STRONG
        ]
    if whole and _ambiguous(whole[0], [fit for fit in fits if alike[fit[0].name] == alike[whole[0].name]], failing):
        return ()
    if whole or whole_only:
        return tuple(whole[:1])
    return _two(fits) or tuple(
        known for known, found in ranked[:1] if _most(found) or _of_other_tests(known, found, failing)
    )


def _rank(known: Mistake, found: Fit, failing: dict[str, TestRun]) -> tuple[float, ...]:
    """A sort key: larger for a better explanation."""
    return -len(found.missed), len(found.explained), -_extra(known, failing), -found.spared, found.weight


def _extra(known: Mistake, failing: dict[str, TestRun]) -> int:
    """How many tests the mistake fails but the submission passes."""
    return len(set(known.fails) - failing.keys())


def _ambiguous(best: Mistake, fits: Sequence[tuple[Mistake, Fit]], failing: dict[str, TestRun]) -> bool:
    """Whether the evidence for the best explanation is weak, and as good for another one."""
    ranks = {known.name: _rank(known, found, failing) for known, found in fits}
    weak = {known.name for known, found in fits if found.weight < STRONG}
    return best.name in weak and any(
        known.says != best.says and known.name != best.name and ranks[known.name] == ranks[best.name]
        for known, _ in fits
    )


def _end_alike(runs: dict[str, TestRun], failing: dict[str, TestRun]) -> bool:
    """Whether a mistake ends the tests as the submission does: an exception is not a wrong answer."""
    return all(runs[test].result.outcome is case.result.outcome for test, case in failing.items() if test in runs)


def _sure(known: Mistake, found: Fit, failing: dict[str, TestRun]) -> bool:
    """Whether a mistake that explains everything can be named with confidence."""
    return (found.weight >= STRONG and not found.fickle) or not (found.spared or _extra(known, failing))


def _most(found: Fit) -> bool:
    """Whether a mistake that explains only part of the failures can still be named."""
    return found.weight >= 2 * STRONG and len(found.missed) <= len(found.explained) and not found.spared


def _of_other_tests(known: Mistake, found: Fit, failing: dict[str, TestRun]) -> bool:
    """Whether a mistake explains all that it does itself, by strong evidence, and the rest is in other tests."""
    own = set(known.fails)
    missed = {place[0] for place in found.missed}
    shown = bool(own) and own <= failing.keys() and not own & missed
    return shown and not found.spared and max(found.explained.values()) >= STRONG


def _two(fits: Sequence[tuple[Mistake, Fit]]) -> tuple[Mistake, ...]:
    """Two mistakes that together explain what neither explains alone; () if there are none."""
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
