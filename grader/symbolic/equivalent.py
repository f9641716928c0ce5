"""Are two answers the same function? Differences are proved by balls at exact points, never by floats and a tolerance.

Theory of operation. Both trees are evaluated with ball arithmetic (Arb, through python-flint) at exact rational points,
which are chosen by a hash of both answers so that nobody can type an answer that targets them. Each value comes with a
proved error bound, so two disjoint balls *prove* that the answers differ, with the point as witness. If balls overlap
but are wide, the precision is increased. Balls agree only if each is narrow relative to its own size, or both are zero.

Agreement at enough points counts as equal, provided that the first few also agree in a careful evaluation, which loses
no term next to a larger one (see `balls`). A point where one side is undefined says nothing about the other points.
But if one answer is undefined at nearly all points where the other has a value, they are different. If there are never
enough points, the result is undecided, and someone has to review it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, StrEnum
from fractions import Fraction

import msgspec
from flint import arb, ctx, fmpq
from kit.symbolic import Answer, Tree, Vector, parse, to_text

from grader.symbolic.balls import Point, Program, TooLarge, Unclear, Undefined, half_the_digits
from grader.symbolic.derivative import resolved

PRECISIONS = (64, 256, 1024)  # bits; each is tried if the one before could not decide
CAREFUL_PRECISIONS = (1024, 4096)  # bits of a careful evaluation; until one point agrees, only the last is used
ENOUGH = 8  # points of agreement
_CAREFUL = 3  # how many of these are evaluated carefully
_FIRST, _MOST, _STEPS = 26, 200, 60_000  # points always tried, points at most, evaluation steps at most
_SCALES = [(1, 1), (1, 5), (3, 1), (1, 1), (1, 1000), (10, 1), (1, 30)]  # numerator and denominator
_SCALES += [(2, 1), (100, 1), (1, 2), (6, 1), (1000, 1), (20_000, 1)]
NO_VALUE = "the answer has no value where the other has one"
NO_VALUE_EXPECTED = "the answer has a value where the other has none"
NOTHING_COMPUTED = "no value of the answer can be computed"

Domain = Mapping[str, tuple[float | None, float | None]]


class Decision(StrEnum):
    """The result of comparing two answers."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class AtPoint(Enum):
    """The result of the comparison at one point."""

    EQUAL = 1
    DIFFERENT = 2
    SILENT = 3


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
    """Whether two answers agree wherever both are defined. `domain` maps variables to (low, high). Deterministic.

    >>> equivalent("2x cos(x^2)", "cos(x*x)*(x + x)", ["x"]).decision.value
    'proved'
    >>> equivalent("cos(x^2)", "2x cos(x^2)", ["x"]).decision.value
    'refuted'
    """
    names = tuple(variables)
    typed, right = (side if isinstance(side, Answer) else parse(side, names) for side in (answer, expected))
    return same(typed.tree, right.tree, domain, seed=seed)


def same(left: Tree, right: Tree, domain: Domain | None = None, *, seed: str = "") -> Verdict:
    """`equivalent` for two trees."""
    if left == right:
        return Verdict(Decision.PROVED, "same text")
    if (pairs := _paired(left, right)) is None:
        return Verdict(Decision.REFUTED, "another shape: not the same number of entries")
    verdicts = []
    for a, b in pairs:
        verdicts.append(_same(resolved(a), resolved(b), domain or {}, seed))
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


def _same(left: Tree, right: Tree, domain: Domain, seed: str) -> Verdict:
    program = Program(left, right)
    places = sample_points(program.variables, domain, _seed(left, right, program.variables, domain, seed))
    most = min(_MOST, max(_FIRST, _STEPS // (len(program.steps) + 1))) if program.variables else 1
    agreed, silent, before = 0, [], ctx.prec
    try:
        for number, point in zip(range(most), places, strict=False):
            outcome = _compare(program, point, agreed)
            if outcome is AtPoint.DIFFERENT:
                return Verdict(Decision.REFUTED, "disjoint balls", _shown(point))
            if outcome is AtPoint.SILENT:
                silent.append(point)
            agreed += outcome is AtPoint.EQUAL
            if agreed >= ENOUGH and number + 1 >= _FIRST:
                break
        if agreed >= ENOUGH or (agreed and not program.variables):
            return Verdict(Decision.PROVED, f"agreement at {agreed} point{'s' * (agreed > 1)}")
        return (
            _by_their_domains(left, right, silent)
            or (not agreed and _by_its_noise(left, right, silent))
            or Verdict(Decision.UNDECIDED, f"only {agreed} points could be compared")
        )
    finally:
        ctx.prec = before


def _by_their_domains(left: Tree, right: Tree, silent: list[Point]) -> Verdict | None:
    """REFUTED if one side is undefined at many of these points where the other has a value; None otherwise."""
    lacking: dict[str, list[Point]] = {NO_VALUE: [], NO_VALUE_EXPECTED: []}
    sides = Program(left), Program(right)
    for point in silent[:_FIRST]:
        match [_has_value(side, point) for side in sides]:
            case [False, True]:
                lacking[NO_VALUE].append(point)
            case [True, False]:
                lacking[NO_VALUE_EXPECTED].append(point)
    for rule, witnesses in lacking.items():
        if len(witnesses) >= (ENOUGH if witnesses and witnesses[0] else 1):
            return Verdict(Decision.REFUTED, rule, _shown(witnesses[0]))
    return None


def _by_its_noise(left: Tree, right: Tree, silent: list[Point]) -> Verdict | None:
    """REFUTED if nothing is known of the answer's value where the other has one, and is not 0; None otherwise.

    What hides it is 0/0, the sign of 0, or numbers that cancel and are far larger than the rest. Nobody who has the
    right answer writes that, and it must not turn a wrong one into one that a person looks at.
    """
    answer, other, lacking = Program(left), Program(right), []
    for point in silent[:_FIRST]:
        expected = _ball(other, point)
        if expected is not None and not expected.contains(0) and _narrow(expected):
            found = _ball(answer, point)
            if found is None or not _narrow(found):
                lacking.append(point)
    if len(lacking) < (ENOUGH if lacking and lacking[0] else 1):
        return None
    return Verdict(Decision.REFUTED, NOTHING_COMPUTED, _shown(lacking[0]))


def _ball(program: Program, point: Point) -> arb | None:
    """The value at this point with the most digits; None if there is none, or none is known."""
    ctx.prec = CAREFUL_PRECISIONS[-1]
    try:
        (ball,) = program.at(point)
    except (Undefined, Unclear, TooLarge):
        return None
    return ball if ball.is_finite() else None


def _has_value(program: Program, point: Point) -> bool | None:
    """Whether the program has a value at this point; None if unknown."""
    ctx.prec = PRECISIONS[-1]
    try:
        (ball,) = program.at(point, careful=True)
    except Undefined:
        return False
    except (Unclear, TooLarge):
        return None
    return True if ball.is_finite() else None


def _shown(point: Point) -> dict[str, str]:
    return {name: str(value) for name, value in point.items()}


def _seed(left: Tree, right: Tree, variables: list[str], domain: Domain, seed: str) -> int:
    both = sorted((to_text(left), to_text(right)))
    return int.from_bytes(hashlib.sha256(repr((both, variables, sorted(domain.items()), seed)).encode()).digest()[:8])


def sample_points(variables: list[str], domain: Domain, seed: int) -> Iterator[Point]:
    """Small, negative, near-zero, moderate and large points; variables in `domain` stay within their bounds.

    Each coordinate has a different denominator, so that no factor that can be typed makes all of them integers.
    """
    chance = random.Random(seed)  # noqa: S311 - points, not secrets
    number = 0
    while True:
        point = {}
        for name in variables:
            below = chance.getrandbits(44) | 1
            above = chance.randrange(1, below)
            pick = chance.random()
            turn = number // 2 if number < 2 * len(_SCALES) or pick < 0.5 else int(pick * 1000)
            up, down = _SCALES[turn % len(_SCALES)]
            size = fmpq(up * (50 * above + below), down * 50 * below)  # from 1/50 to 51/50 of the scale
            low, high = domain.get(name, (None, None))
            if low is not None and high is not None:
                bottom, top = _fraction(low), _fraction(high)
                point[name] = bottom + (top - bottom) * fmpq(above, below)
            elif low is not None:
                point[name] = _fraction(low) + size
            elif high is not None:
                point[name] = _fraction(high) - size
            else:
                alone = len(variables) == 1 or chance.random() < 0.5
                point[name] = -size if number % 2 and alone else size
        number += 1
        yield point


def _fraction(bound: float) -> fmpq:
    exact = Fraction(str(bound))
    return fmpq(exact.numerator, exact.denominator)


def _compare(program: Program, point: Point, agreed: int) -> AtPoint:
    """The outcome at this point, after `agreed` points that agree: the first few must also agree carefully."""
    outcome = AtPoint.SILENT
    for bits in PRECISIONS:
        ctx.prec = bits
        try:
            a, b = program.at(point)
        except (Undefined, TooLarge):
            return AtPoint.SILENT
        except Unclear:
            continue
        outcome = _told(a, b)
        if outcome is not AtPoint.SILENT:
            break
    if outcome is AtPoint.DIFFERENT or (outcome is AtPoint.EQUAL and agreed >= _CAREFUL):
        return outcome
    return _compare_carefully(program, point, agreed)


def _compare_carefully(program: Program, point: Point, agreed: int) -> AtPoint:
    """EQUAL only if no term was lost on the way; DIFFERENT only if proved."""
    for bits in CAREFUL_PRECISIONS if agreed else CAREFUL_PRECISIONS[-1:]:
        ctx.prec = bits
        try:
            if _told(*program.at(point)) is AtPoint.DIFFERENT:
                return AtPoint.DIFFERENT
            if _told(*program.at(point, careful=True)) is AtPoint.EQUAL:
                return AtPoint.EQUAL
        except (Undefined, TooLarge):
            return AtPoint.SILENT
        except Unclear:
            continue
    return AtPoint.SILENT


def _told(a: arb, b: arb) -> AtPoint:
    """DIFFERENT if the balls are disjoint; EQUAL if they overlap and each is narrow or zero; otherwise SILENT."""
    if not (a.is_finite() and b.is_finite()):
        return AtPoint.SILENT
    if not a.overlaps(b):
        return AtPoint.DIFFERENT
    return AtPoint.EQUAL if _narrow(a) and _narrow(b) else AtPoint.SILENT


def _narrow(ball: arb) -> bool:
    return bool(ball.is_zero() or ball.rad() < ball.abs_lower() * half_the_digits())
