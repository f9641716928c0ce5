"""Which known mistake explains a submission best, or which two together?

A mistake is named if it explains every wrong part. The match must also be strong evidence (three uneven numbers do not
agree by accident), or the submission must show everything that the mistake does. If no single mistake explains all,
one that explains most is named as well, provided that the submission shows all of it: something else is wrong too. Two
or three mistakes are named if each explains what the others do not, and together they explain everything; of an array,
each may explain its own entries. Otherwise nothing is named: a wrong diagnosis is worse than none.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from grader.diagnosis import evidence
from grader.diagnosis.evidence import STRONG, Fit
from grader.testing.authoring import Mistake
from grader.testing.plugin import TestRun

Fares = Callable[[Mistake], dict[str, TestRun]]  # runs a mistake on the tests in question
MOST = 24  # mistakes considered for groups
MOST_AT_ONCE = 3  # known mistakes that one answer may hold


def closest(
    mistakes: Sequence[Mistake],
    failing: dict[str, TestRun],
    fares: Fares,
    right: dict[str, TestRun],
    *,
    whole_only: bool = False,
    pairs_only: bool = False,
) -> tuple[Mistake, ...]:
    """The mistake that explains the `failing` tests best, or several; () if none does.

    `right` has the reference's runs.

    With `whole_only`, only a mistake that explains everything, at least one part of it with strong evidence (many
    changes lead to the same few True and False); with `pairs_only`, only two.
    """
    ours = evidence.of_cases(failing, right)
    fits = [(known, evidence.fit(ours, evidence.of_cases(fares(known), right))) for known in mistakes]
    fits = [(known, found) for known, found in fits if found.explained or found.partly]
    if pairs_only:
        return _several(fits, failing, 2)
    alike = {known.name: _end_alike(fares(known), failing) for known, _ in fits}
    ranked = sorted(fits, key=lambda fit: (_rank(fit[0], fit[1], failing), alike[fit[0].name]), reverse=True)
    whole = [known for known, found in ranked if not found.missed and _sure(known, found, failing)]
    if whole_only:
        whole = [
            known
            for known, found in ranked
            if not (found.missed or found.spared) and max(found.explained.values(), default=0.0) >= STRONG
        ]
    if whole and _ambiguous(whole[0], [fit for fit in fits if alike[fit[0].name] == alike[whole[0].name]], failing):
        return ()
    if whole or whole_only:
        return tuple(whole[:1])
    return _several(fits, failing, MOST_AT_ONCE) or tuple(
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
    """Whether a mistake that explains only part of the failures can still be named.

    What it alone gets wrong counts against it, except in a test where the submission has something wrong besides.
    """
    if found.weight < 2 * STRONG or len(found.missed) > len(found.explained):
        return False
    return not found.spared or (not found.astray and found.whole_tests_only)


def _of_other_tests(known: Mistake, found: Fit, failing: dict[str, TestRun]) -> bool:
    """Whether a mistake explains all that it does itself, by strong evidence, and the rest is in other tests."""
    own = set(known.fails)
    missed = {place[0] for place in found.missed}
    shown = bool(own) and own <= failing.keys() and not own & missed
    return shown and not found.spared and max(found.explained.values(), default=0.0) >= STRONG


def _several(fits: Sequence[tuple[Mistake, Fit]], failing: dict[str, TestRun], most: int) -> tuple[Mistake, ...]:
    """Two mistakes that together explain what neither explains alone, or up to `most`; () if there are none."""
    strongest = sorted((found.strength for _, found in fits if not found.spared), reverse=True)[:MOST]
    whole = [fit for fit in fits if not fit[1].spared and fit[1].strength >= strongest[-1]][:MOST]
    for count in range(2, most + 1):
        best: tuple[float, tuple[Mistake, ...]] = (0.0, ())
        for group in itertools.combinations(whole, count):
            found = [fit for _, fit in group]
            if not _explain_all(found) or len({known.says for known, _ in group}) < count:
                continue
            least = min(_weight(fit, [*found[:at], *found[at + 1 :]]) for at, fit in enumerate(found))
            if least > best[0] and (least >= STRONG or _only_ones(group, fits, failing)):
                best = (least, tuple(known for known, _ in group))
        if best[1]:
            return best[1]
    return ()


def _only_ones(
    group: Sequence[tuple[Mistake, Fit]], fits: Sequence[tuple[Mistake, Fit]], failing: dict[str, TestRun]
) -> bool:
    """Whether only one of a group is there on weak evidence: wrong answers that no other mistake explains."""
    weak = [(known, found) for known, found in group if found.strength < STRONG]
    return len(weak) == 1 and not any(
        _extra(known, failing)
        or all(len(place) == 1 for place in mine.explained)  # it only ends a test in the same line
        or any(mine.explained.keys() <= found.explained.keys() and other.says != known.says for other, found in fits)
        for known, mine in weak
    )


def _explain_all(fits: Sequence[Fit]) -> bool:
    """Whether some fit explains each part, or each entry of it."""
    left = frozenset.intersection(*(found.missed for found in fits))
    for place in left:
        shared = [found.partly[place] for found in fits if place in found.partly]
        if not shared or len(set().union(*(part.entries for part in shared))) < shared[0].of:
            return False
    return True


def _weight(found: Fit, others: Sequence[Fit]) -> float:
    """The weight of what a mistake explains and the `others` do not, entries of arrays included."""
    weight = sum(
        value for place, value in found.explained.items() if not any(place in other.explained for other in others)
    )
    for place, shared in found.partly.items():
        if any(place in other.explained for other in others):
            continue
        theirs = {at for other in others if place in other.partly for at in other.partly[place].entries}
        weight += max((value for at, value in shared.entries.items() if at not in theirs), default=0.0)
    return weight
