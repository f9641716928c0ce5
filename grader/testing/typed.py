"""What to tell a student about a wrong typed formula: its value at one point, and the right value there.

The point is chosen for this sentence and used nowhere else. Nothing is shown if one value would give the answer away,
as for a constant or a single variable.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from kit.symbolic import Answer, Num, Vector, names, walk

from grader.symbolic.equivalent import Domain

_PLAIN = (2.0, 3.0, 0.5, 4.0, 0.2, -1.0, 5.0, 6.0, -2.0, 0.1)  # single digits: what a person would plug in
_CLOSE, _TRIES = 0.01, 12


def at_a_point(name: str, answer: Answer, right: Answer, domain: Domain | None, slope: bool) -> str:
    """A sentence such as "At x = 2 it gives 0.25; the slope there is -0.25."; "" if nothing can be shown."""
    if sum(1 for _ in walk(right.tree)) < 3 or not names(right.tree):
        return ""
    for point in _points(name, right.variables, domain or {}):
        given, wanted = _value(answer, point), _value(right, point)
        if given is None or wanted is None or f"{given:.4g}" == f"{wanted:.4g}":
            continue
        used = names(right.tree) | names(answer.tree)
        at = ", ".join(f"{letter} = {value:g}" for letter, value in point.items() if letter in used)
        what = "the slope there is" if slope else "the right answer gives"
        return f"At {at} it gives {given:.4g}; {what} {wanted:.4g}."
    return ""


def is_rounded(name: str, answer: Answer, right: Answer, domain: Domain | None) -> bool:
    """Whether the answer contains a decimal and is within 1 % of the right one at every point tried."""
    if not any(isinstance(node, Num) and node.value.denominator > 1 for node in walk(answer.tree)):
        return False
    pairs = [(_value(answer, point), _value(right, point)) for point in _points(name, right.variables, domain or {})]
    known = [(given, wanted) for given, wanted in pairs if given is not None and wanted is not None]
    return len(known) > 1 and all(abs(given - wanted) <= _CLOSE * abs(wanted) for given, wanted in known)


def _value(answer: Answer, point: Mapping[str, float]) -> float | None:
    if isinstance(answer.tree, Vector):
        return None
    try:
        value = answer.at(**point)
    except (ArithmeticError, ValueError, TypeError, KeyError):
        return None
    return value if (math.isfinite(value) and 1e-6 < abs(value) < 1e6) or value == 0 else None


def _points(name: str, variables: Sequence[str], domain: Domain) -> Iterator[dict[str, float]]:
    """Points inside the domain: always the same for a given question, and a different number for each variable."""
    start = hashlib.sha256(name.encode()).digest()[0]
    for turn in range(_TRIES):
        yield {
            letter: _inside(_PLAIN[(start + turn + 3 * place) % len(_PLAIN)], *domain.get(letter, (None, None)))
            for place, letter in enumerate(variables)
        }


def _inside(value: float, low: float | None, high: float | None) -> float:
    """A plain number between the bounds, near `value` if possible."""
    if low is not None and high is not None:
        share = Fraction(1 + round(abs(value) * 10) % 9, 10)
        return round(float(Fraction(str(low)) + share * (Fraction(str(high)) - Fraction(str(low)))), 2)
    if low is not None and value <= low:
        return low + abs(value)
    return high - abs(value) if high is not None and value >= high else value
