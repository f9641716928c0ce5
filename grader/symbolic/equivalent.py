"""Are two answers the same function? Proved different by balls at exact points, never by doubles and a tolerance.

Both trees are evaluated with ball arithmetic (Arb, through python-flint) at seeded exact rational points: each value
comes with a proved error bound, so two disjoint balls *prove* that the answers differ, with the point as witness. A
point where a side is undefined says nothing. Agreement at enough points, at a precision of hundreds of bits, counts as
equal. What never gives enough points is undecided: a person looks, and it costs nothing until then.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any

import flint
import msgspec
from kit.symbolic import Answer, Tree

PRECISIONS = (128, 512)  # bits; the second where the first could not tell
ENOUGH = 8
_POINTS = 24


class Decision(StrEnum):
    """What was decided."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


class Verdict(msgspec.Struct, frozen=True):
    """The decision, the rule that made it, and for DIFFERENT the point that proves it."""

    decision: Decision
    rule: str
    witness: dict[str, str] | None = None


class _Undefined(Exception):
    """No value at this point."""


def equivalent(
    answer: Answer,
    expected: Answer,
    variables: Sequence[str],
    domain: Mapping[str, tuple[float, float]] | None = None,
) -> Verdict:
    """Whether two answers agree wherever both are defined; `domain` gives (low, high) for a variable."""
    if answer.tree == expected.tree:
        return Verdict(Decision.EQUAL, "same text")
    seed = int.from_bytes(hashlib.sha256(repr((expected.tree, tuple(variables))).encode()).digest()[:8], "big")
    agreed = 0
    for point in _points(variables, domain or {}, random.Random(seed)):  # noqa: S311 - points, not secrets
        outcome = _compare(answer.tree, expected.tree, point)
        if outcome is False:
            return Verdict(Decision.DIFFERENT, "disjoint balls", {name: str(value) for name, value in point.items()})
        agreed += outcome is True
    if agreed >= ENOUGH or (not variables and agreed):
        return Verdict(Decision.EQUAL, f"agreement at {agreed} points")
    return Verdict(Decision.UNDECIDED, f"only {agreed} points could be compared")


def _points(
    variables: Sequence[str], domain: Mapping[str, tuple[float, float]], chance: random.Random
) -> list[dict[str, Fraction]]:
    scales = (Fraction(1, 7), Fraction(1), Fraction(3), Fraction(11))
    points = []
    for number in range(_POINTS):
        point = {}
        for name in variables:
            share = Fraction(chance.randrange(1, 9973), 9973)
            if name in domain:
                low, high = (Fraction(str(bound)) for bound in domain[name])
                point[name] = low + (high - low) * share
            else:
                sign = -1 if chance.random() < 0.5 and number % 3 else 1
                point[name] = sign * scales[number % 4] * (share + Fraction(1, 50))
        points.append(point)
    return points


def _compare(one: Tree, other: Tree, point: dict[str, Fraction]) -> bool | None:
    for bits in PRECISIONS:
        with flint.ctx.workprec(bits):
            try:
                a, b = _value(one, point), _value(other, point)
            except _Undefined:
                return None
            difference = a - b
            if not difference.is_finite():
                return None
            if not difference.contains(0):
                return False
            size = max(abs(a).upper(), abs(b).upper(), flint.arb(1))
            if difference.rad() < size * flint.arb(2) ** (-bits // 2):
                return True
    return None


def _value(tree: Tree, point: dict[str, Fraction]) -> Any:
    """The ball of a tree at a point. Raises _Undefined."""
    kind = tree[0]
    if kind == "num":
        return _exact(tree[1])
    if kind == "var":
        return _exact(point[tree[1]])
    if kind == "const":
        return flint.arb.pi() if tree[1] == "pi" else flint.arb(1).exp()
    if kind == "neg":
        return -_value(tree[1], point)
    if kind == "call":
        return _call(tree[1], _value(tree[2], point))
    left = _value(tree[1], point)
    if kind == "^":
        return _power(left, tree[2], point)
    right = _value(tree[2], point)
    if kind == "/":
        if right.contains(0):
            raise _Undefined
        return left / right
    return {"+": left.__add__, "-": left.__sub__, "*": left.__mul__}[kind](right)


def _exact(value: Fraction) -> Any:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _call(name: str, x: Any) -> Any:
    if abs(x) > 5000 and name in ("exp", "sinh", "cosh", "sigmoid"):
        raise _Undefined
    if name == "ln" and not x > 0:
        raise _Undefined
    if name == "sqrt" and not x >= 0:
        raise _Undefined
    if name == "sigmoid":
        return 1 / (1 + (-x).exp())
    if name == "abs":
        return abs(x)
    if name == "ln":
        return x.log()
    return getattr(x, name)()


def _power(base: Any, exponent: Tree, point: dict[str, Fraction]) -> Any:
    sign = 1
    while exponent[0] == "neg":
        exponent, sign = exponent[1], -sign
    if exponent[0] == "num" and exponent[1].denominator == 1:
        n = sign * int(exponent[1])
        if n < 0 and base.contains(0):
            raise _Undefined
        return base ** abs(n) if n >= 0 else 1 / base ** abs(n)
    power = _value(exponent, point) * sign
    if not base > 0:
        raise _Undefined
    exact = abs(power * base.log())
    if exact > 5000:
        raise _Undefined
    return (power * base.log()).exp()
