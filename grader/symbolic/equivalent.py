"""Are two answers the same function? Proved different by balls at exact points, never by doubles and a tolerance.

Theory of operation. Both trees are evaluated with ball arithmetic (Arb, through python-flint) at seeded exact rational
points: each value comes with a proved bound on its error, so two disjoint balls *prove* that the answers differ, with
the point as witness. A point where a side is undefined says nothing. Where balls overlap but are wide, the precision
grows. Agreement at enough points, the first of them at 1024 bits, counts as equal. What never gives enough points goes
to sympy in a process that can be killed (`worker`); what that cannot prove is undecided: a person looks, at no cost.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction

import flint
import msgspec
from kit.symbolic import Answer, Tree, Vector, parse, to_text

from grader.symbolic.balls import Program, Unclear, Undefined
from grader.symbolic.derivative import resolved
from grader.symbolic.worker import proves_equal

PRECISIONS = (64, 256, 1024)  # bits, each where the one before could not tell
ENOUGH = 8  # points of agreement
_FIRST, _MOST, _STEPS = 26, 78, 60_000  # points always tried, at most, and steps of evaluation in all
_SCALES = [Fraction(1), Fraction(1, 5), Fraction(3), Fraction(1), Fraction(1, 1000), Fraction(10), Fraction(1, 30)]
_SCALES += [Fraction(2), Fraction(100), Fraction(1, 2), Fraction(6), Fraction(1000), Fraction(20_000)]

Domain = Mapping[str, tuple[float | None, float | None]]


class Decision(StrEnum):
    """What was decided."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Verdict(msgspec.Struct, frozen=True):
    """The decision, the rule that made it, and for REFUTED the point that proves it."""

    decision: Decision
    rule: str
    witness: dict[str, str] | None = None


def equivalent(
    answer: Answer | str,
    expected: Answer | str,
    variables: Iterable[str] = (),
    domain: Domain | None = None,
    *,
    seed: str = "",
) -> Verdict:
    """Whether two answers agree wherever both are defined; `domain` gives (low, high) for a variable. Repeats exactly.

    >>> equivalent("2x cos(x^2)", "cos(x*x)*(x + x)", ["x"]).decision.value
    'proved'
    >>> equivalent("cos(x^2)", "2x cos(x^2)", ["x"]).decision.value
    'refuted'
    """
    names = tuple(variables)
    typed, right = (side if isinstance(side, Answer) else parse(side, names) for side in (answer, expected))
    return same(typed.tree, right.tree, domain, seed=seed)


def same(left: Tree, right: Tree, domain: Domain | None = None, *, seed: str = "", prove: bool = True) -> Verdict:
    """`equivalent` for two trees; without `prove`, sympy is not asked."""
    if left == right:
        return Verdict(Decision.PROVED, "same text")
    if (pairs := _paired(left, right)) is None:
        return Verdict(Decision.REFUTED, "another shape: not the same number of entries")
    verdicts = []
    for a, b in pairs:
        verdicts.append(_same(resolved(a), resolved(b), domain or {}, seed, prove))
        if verdicts[-1].decision is Decision.REFUTED:
            return verdicts[-1]
    unsure = [verdict for verdict in verdicts if verdict.decision is Decision.UNDECIDED]
    return (unsure or verdicts)[-1]


def _paired(left: Tree, right: Tree) -> list[tuple[Tree, Tree]] | None:
    """The entries of two vectors, pair by pair; None if their shapes differ."""
    match left, right:
        case Vector(), Vector():
            if len(left.entries) != len(right.entries):
                return None
            found: list[tuple[Tree, Tree]] = []
            for a, b in zip(left.entries, right.entries, strict=True):
                inner = _paired(a, b)
                if inner is None:
                    return None
                found += inner
            return found
        case (Vector(), _) | (_, Vector()):
            return None
    return [(left, right)]


def _same(left: Tree, right: Tree, domain: Domain, seed: str, prove: bool) -> Verdict:
    program = Program(left, right)
    agreed = 0
    where = points(program.variables, domain, _seed(left, right, program.variables, domain, seed))
    most = min(_MOST, max(_FIRST, _STEPS // (len(program.steps) + 1))) if program.variables else 1
    before = flint.ctx.prec
    try:
        for number, point in zip(range(most), where, strict=False):
            outcome = _compare(program, point, PRECISIONS[-1:] if agreed == 0 and not number else PRECISIONS)
            if outcome is False:
                return Verdict(Decision.REFUTED, "disjoint balls", {name: str(value) for name, value in point.items()})
            agreed += outcome is True
            if agreed >= ENOUGH and number + 1 >= _FIRST:
                break
    finally:
        flint.ctx.prec = before
    if agreed >= ENOUGH or (agreed and not program.variables):
        return Verdict(Decision.PROVED, f"agreement at {agreed} point{'s' * (agreed > 1)}")
    if prove and proves_equal(left, right):
        return Verdict(Decision.PROVED, "sympy's proof")
    return Verdict(Decision.UNDECIDED, f"only {agreed} points could be compared")


def _seed(left: Tree, right: Tree, variables: list[str], domain: Domain, seed: str) -> int:
    both = sorted((to_text(left), to_text(right)))
    return int.from_bytes(hashlib.sha256(repr((both, variables, sorted(domain.items()), seed)).encode()).digest()[:8])


def points(variables: list[str], domain: Domain, seed: int) -> Iterable[dict[str, Fraction]]:
    """Small, negative, near-zero, moderate and far points; a variable of the domain stays inside it."""
    chance = random.Random(seed)  # noqa: S311 - points, not secrets
    number = 0
    while True:
        point = {}
        for name in variables:
            share = Fraction(chance.randrange(1, 9973), 9973)
            pick = chance.random()
            turn = number // 2 if number < 2 * len(_SCALES) or pick < 0.5 else int(pick * 1000)
            scale = _SCALES[turn % len(_SCALES)]
            size = scale * (share + Fraction(1, 50))
            low, high = domain.get(name, (None, None))
            if low is not None and high is not None:
                bottom, top = _fraction(low), _fraction(high)
                point[name] = bottom + (top - bottom) * share
            elif low is not None:
                point[name] = _fraction(low) + size
            elif high is not None:
                point[name] = _fraction(high) - size
            else:
                alone = len(variables) == 1 or chance.random() < 0.5
                point[name] = -size if number % 2 and alone else size
        number += 1
        yield point


def _fraction(bound: float) -> Fraction:
    return Fraction(str(bound))


def _compare(program: Program, point: dict[str, Fraction], precisions: tuple[int, ...]) -> bool | None:
    """True: they agree; False: proved to differ; None: this point says nothing."""
    spread: flint.arb | None = None
    for bits in precisions:
        flint.ctx.prec = bits
        try:
            a, b = program.at(point)
            difference = a - b
        except Undefined:
            return None
        except Unclear:
            continue
        if not difference.is_finite():
            continue
        if not difference.contains(0):
            return False
        width = difference.rad()
        if width.is_zero():
            return True
        small = flint.arb(2) ** -(bits // 2)
        if width < small * max(a.abs_lower(), b.abs_lower()):
            return True
        if spread is not None and width < spread * small:  # both are zero here, as far as ever more bits can tell
            return True
        spread = width if len(precisions) > 1 else None
        if len(precisions) == 1:
            return _compare(program, point, PRECISIONS)
    return None
