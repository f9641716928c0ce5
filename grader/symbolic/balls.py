"""The values of trees at exact points, as balls (Arb): a midpoint and a proved bound on the error.

A tree becomes a `Program`, a flat list of steps in which equal parts are computed once. `Program.at(point)` gives one
ball for each tree, or raises `Undefined` where mathematics has no real value, or `Unclear` where this precision cannot
tell (a divisor whose ball holds zero).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb, fmpq
from kit.symbolic import FUNCTIONS, Tree

Step = tuple[Callable[..., Any] | None, Any, Any]
_FAR = arb(2) ** 20  # the exponential of more says nothing
_HUGE = arb(2) ** 200  # the sine of more says nothing


class Undefined(Exception):
    """There is no real value at this point."""


class Unclear(Exception):
    """At this precision nothing can be said."""


class Program:
    """Trees without lists and derivatives, made ready to be evaluated at many points."""

    def __init__(self, *trees: Tree) -> None:
        self.steps: list[Step] = []
        self._index: dict[tuple[Any, ...], int] = {}
        self.results = [self._add(tree) for tree in trees]
        self.variables = sorted(key[1] for key in self._index if key[0] == "var")

    def at(self, point: Mapping[str, Fraction]) -> list[Any]:
        """The balls of the trees, at the precision of `flint.ctx`."""
        values: list[Any] = []
        for function, a, b in self.steps:
            if function is None:
                values.append(_exact(a) if b is None else _exact(point[b]))
            elif b is None:
                values.append(function(values[a]))
            else:
                values.append(function(values[a], values[b]))
        return [values[index] for index in self.results]

    def _add(self, tree: Tree) -> int:
        kind = tree[0]
        if kind == "num":
            return self._step(("num", tree[1]), None, tree[1], None)
        if kind == "var":
            return self._step(("var", tree[1]), None, None, tree[1])
        if kind == "const":
            one = self._step(("num", Fraction(1)), None, Fraction(1), None)
            return self._step(tree, _pi if tree[1] == "pi" else arb.exp, one, None)
        if kind == "^":
            return self._power(tree)
        if kind == "call":
            function = _CALLS.get(tree[1]) or _unknown(tree[1])
            parts = [self._add(part) for part in tree[2:]]
            return self._step((tree[1], *parts), function, parts[0], parts[1] if len(parts) > 1 else None)
        function = _OPERATIONS[kind]
        parts = [self._add(part) for part in tree[1:]]
        return self._step((kind, *parts), function, parts[0], parts[1] if len(parts) > 1 else None)

    def _power(self, tree: Tree) -> int:
        if tree[1] == ("const", "e"):
            exponent = self._add(tree[2])
            return self._step(("exp", exponent), _exp, exponent, None)
        base, constant = self._add(tree[1]), rational(tree[2])
        if constant is not None and constant.denominator == 1:
            n = int(constant)
            return self._step(("^n", base, n), _whole_power(n), base, None)
        exponent = self._add(tree[2])
        return self._step(("^", base, exponent), _real_power, base, exponent)

    def _step(self, key: tuple[Any, ...], function: Callable[..., Any] | None, a: Any, b: Any) -> int:
        if key not in self._index:
            self._index[key] = len(self.steps)
            self.steps.append((function, a, b))
        return self._index[key]


def rational(tree: Tree) -> Fraction | None:
    """The exact value of a tree of numbers and + - * /; None for anything else."""
    kind = tree[0]
    if kind == "num":
        return Fraction(tree[1])
    if kind == "neg":
        inner = rational(tree[1])
        return None if inner is None else -inner
    if kind in ("+", "-", "*", "/"):
        a = rational(tree[1])
        b = None if a is None else rational(tree[2])
        if a is None or b is None or (kind == "/" and not b):
            return None
        return a + b if kind == "+" else a - b if kind == "-" else a * b if kind == "*" else a / b
    return None


def _exact(value: Fraction) -> Any:
    return arb(fmpq(value.numerator, value.denominator))


def _pi(_: Any) -> Any:
    return arb.pi()


def _divide(a: Any, b: Any) -> Any:
    if b.contains(0):
        raise Undefined if b.is_zero() else Unclear
    return a / b


def _whole_power(n: int) -> Callable[[Any], Any]:
    def power(base: Any) -> Any:
        return base**n if n >= 0 else _divide(arb(1), base**-n)

    return power


def _real_power(base: Any, exponent: Any) -> Any:
    if base > 0:
        return _exp(exponent * base.log())
    if base.is_zero() and exponent > 0:
        return base
    raise Undefined if base <= 0 else Unclear


def _exp(x: Any) -> Any:
    if not abs(x) < _FAR:
        raise Undefined
    return x.exp()


def _within(function: Callable[[Any], Any], low: int | None, high: int | None) -> Callable[[Any], Any]:
    def bounded(x: Any) -> Any:
        if (low is not None and x < low) or (high is not None and x > high):
            raise Undefined
        return function(x)

    return bounded


def _near(function: Callable[[Any], Any], limit: Any) -> Callable[[Any], Any]:
    def near(x: Any) -> Any:
        if not abs(x) < limit:
            raise Undefined
        return function(x)

    return near


def _ln(x: Any) -> Any:
    if x > 0:
        return x.log()
    raise Undefined if x <= 0 else Unclear


def _sqrt(x: Any) -> Any:
    if x >= 0:
        return x.sqrt()
    raise Undefined if x < 0 else Unclear


def _cbrt(x: Any) -> Any:
    if x >= 0:
        return x.root(3)
    if x < 0:
        return -((-x).root(3))
    raise Unclear


def _sign(x: Any) -> Any:
    if x > 0 or x < 0 or x.is_zero():
        return x.sgn()
    raise Unclear


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + _exp(-x))


def _unknown(name: str) -> Callable[[Any], Any]:
    """A stand-in for an unknown function f, f', f'': one smooth function for each name, and its derivatives."""
    if name.rstrip("'") in FUNCTIONS:
        raise KeyError(name)
    digest = hashlib.sha256(name.rstrip("'").encode()).digest()
    speed, shift, bend = (Fraction(97 + digest[i], 151) for i in range(3))
    order = name.count("'")

    def value(x: Any) -> Any:
        if not abs(x) < _HUGE:
            raise Undefined
        turned = (x * _exact(speed) + _exact(shift) + arb.pi() * order / 2).sin() * _exact(speed) ** order
        cubic = (x**3, 3 * x**2, 6 * x, arb(6))[order] if order < 4 else arb(0)
        return turned + cubic * _exact(bend)

    return value


def _inverse(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: _divide(arb(1), function(x))


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divide,
    "neg": lambda a: -a,
}
_CALLS: dict[str, Callable[..., Any]] = {
    "exp": _exp,
    "ln": _ln,
    "sqrt": _sqrt,
    "cbrt": _cbrt,
    "abs": abs,
    "sign": _sign,
    "sigmoid": _sigmoid,
    "swish": lambda x: x * _sigmoid(x),
    "softplus": lambda x: (1 + _exp(x)).log(),
    "relu": lambda x: x.max(arb(0)),
    "max": lambda a, b: a.max(b),
    "min": lambda a, b: a.min(b),
    "sin": _near(arb.sin, _HUGE),
    "cos": _near(arb.cos, _HUGE),
    "tan": _near(arb.tan, _HUGE),
    "sec": _inverse(_near(arb.cos, _HUGE)),
    "csc": _inverse(_near(arb.sin, _HUGE)),
    "cot": _inverse(_near(arb.tan, _HUGE)),
    "sinh": _near(arb.sinh, _FAR),
    "cosh": _near(arb.cosh, _FAR),
    "tanh": _near(arb.tanh, _FAR),
    "sech": _inverse(_near(arb.cosh, _FAR)),
    "csch": _inverse(_near(arb.sinh, _FAR)),
    "coth": _inverse(_near(arb.tanh, _FAR)),
    "asin": _within(arb.asin, -1, 1),
    "acos": _within(arb.acos, -1, 1),
    "atan": arb.atan,
    "asinh": arb.asinh,
    "acosh": _within(arb.acosh, 1, None),
    "atanh": _within(arb.atanh, -1, 1),
    "erf": _near(arb.erf, _FAR),
}
