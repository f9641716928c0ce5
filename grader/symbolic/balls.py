"""Evaluate trees at exact points as balls (Arb): a midpoint and a proved error bound.

Trees become a `Program`, a flat list of steps in which equal parts are computed once. `Program.at(point)` returns one
ball per tree. It raises `Undefined` if there is no real value, and `Unclear` if this precision cannot decide (a divisor
whose ball contains zero).

A *careful* evaluation also refuses to lose anything. If one term of a sum is so small relative to the other that it
starts after an eighth of the digits, that is `Unclear` too; if two terms cancel to half of the digits, their sum is
zero. Otherwise `(x + h) - x` would be zero for a tiny `h`, and a ball around zero would agree with everything. It is an
eighth because a difference quotient with step h has an error of the order of a power of h, which must remain visible.
"""

from __future__ import annotations

import functools
import hashlib
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from flint import arb, ctx, fmpq
from kit.symbolic import FUNCTIONS, Add, Const, Div, FunctionCall, Mul, Neg, Num, Pow, Sub, Tree, Var, walk

Point: TypeAlias = Mapping[str, fmpq]  # exact values of the variables

_FAR = arb(2) ** 20  # the largest argument for the exponential
_HUGE = arb(2) ** 2000  # the largest argument for the sine


class Undefined(Exception):
    """The tree has no real value at this point."""


class Unclear(Exception):
    """This precision is too low to decide."""


class TooLarge(Exception):
    """There may be a value, but it is too large to compute."""


class Instruction(NamedTuple):
    """One operation: a function of the ball `a`, or of the balls `a` and `b`."""

    function: Callable[..., arb]
    a: int
    b: int | None


class Program:
    """Trees without vectors or derivatives, compiled for evaluation at many points.

    The balls are numbered: first the leaves, then one per step.
    """

    def __init__(self, *trees: Tree) -> None:
        leaves = (node for tree in trees for node in walk(tree) if isinstance(node, Num | Var | Const))
        self.leaves = list(dict.fromkeys(leaves))
        self.variables = sorted(leaf.name for leaf in self.leaves if isinstance(leaf, Var))
        self.steps: list[Instruction] = []
        self._leaf = {leaf: number for number, leaf in enumerate(self.leaves)}
        self._known: dict[tuple[str, int, int | None], int] = {}
        self._places = [(number, leaf.name) for number, leaf in enumerate(self.leaves) if isinstance(leaf, Var)]
        self._at_precision: dict[int, list[arb]] = {}
        self.results = [self._add(tree) for tree in trees]

    def at(self, point: Point, careful: bool = False) -> list[arb]:
        """One ball per tree, at the precision of `flint.ctx`. Raises Undefined, Unclear or TooLarge."""
        balls = list(self._numbers())
        for number, name in self._places:
            balls[number] = arb(point[name])
        for function, a, b in self.steps:
            if b is None:
                balls.append(function(balls[a]))
            elif careful and function in _SUMS:
                balls.append(_careful(function(balls[a], balls[b]), balls[a], balls[b]))
            else:
                balls.append(function(balls[a], balls[b]))
        return [balls[number] for number in self.results]

    def _numbers(self) -> list[arb]:
        """The balls of the leaves at this precision, the same at every point but for the variables."""
        if ctx.prec not in self._at_precision:
            self._at_precision[ctx.prec] = [_leaf(leaf) for leaf in self.leaves]
        return self._at_precision[ctx.prec]

    def _add(self, tree: Tree) -> int:
        match tree:
            case Num() | Var() | Const():
                return self._leaf[tree]
            case Neg(inner):
                return self._step("neg", operator.neg, inner)
            case Add(a, b):
                return self._step("+", operator.add, a, b)
            case Sub(a, b):
                return self._step("-", operator.sub, a, b)
            case Mul(a, b):
                return self._step("*", operator.mul, a, b)
            case Div(a, b):
                return self._step("/", _divide, a, b)
            case Pow(base, exponent):
                return self._power(base, exponent)
            case FunctionCall(name, (a, *more)):
                return self._step(name, _CALLS.get(name) or _unknown(name), a, *more)
        raise TypeError(f"a {type(tree).__name__} has no value")

    def _power(self, base: Tree, exponent: Tree) -> int:
        if base == Const("e"):
            return self._step("exp", _exp, exponent)
        constant = rational(exponent)
        if constant is not None and constant.denominator == 1:
            n = int(constant)
            return self._step(f"^{n}", _whole_power(n), base)
        return self._step("^", _real_power, base, exponent)

    def _step(self, name: str, function: Callable[..., arb], *parts: Tree) -> int:
        a, b = [*(self._add(part) for part in parts), None][:2]
        assert a is not None
        key = (name, a, b)
        if key not in self._known:
            self._known[key] = len(self.leaves) + len(self.steps)
            self.steps.append(Instruction(function, a, b))
        return self._known[key]


def rational(tree: Tree) -> Fraction | None:
    """The exact value of a tree made of numbers and + - * /; None for anything else."""
    match tree:
        case Num(value):
            return value
        case Neg(inner):
            known = rational(inner)
            return None if known is None else -known
        case Add(left, right) | Sub(left, right) | Mul(left, right) | Div(left, right):
            a = rational(left)
            b = None if a is None else rational(right)
            if a is None or b is None:
                return None
            match tree:
                case Add():
                    return a + b
                case Sub():
                    return a - b
                case Mul():
                    return a * b
                case Div():
                    return a / b if b else None
    return None


_SUMS = (operator.add, operator.sub)


def _careful(total: arb, a: arb, b: arb) -> arb:
    """The sum or difference `total` of a and b, or zero if they cancel.

    Raises Unclear if one is so small that it would be lost next to the other.
    """
    if a.is_zero() or b.is_zero():
        return total
    larger = max(a.abs_lower(), b.abs_lower())
    if min(a.abs_upper(), b.abs_upper()) < larger * _power_of_two(-(ctx.prec // 8)):
        raise Unclear
    return arb(0) if total.contains(0) and total.rad() < larger * half_the_digits() else total


def half_the_digits() -> arb:
    """The relative size below which a term is invisible next to another in half of the digits."""
    return _power_of_two(-(ctx.prec // 2))


@functools.cache
def _power_of_two(exponent: int) -> arb:
    return arb(2) ** exponent


def _leaf(leaf: Num | Var | Const) -> arb:
    match leaf:
        case Num(value):
            return _exact(value)
        case Const("e"):
            return arb(1).exp()
        case Const():
            return arb.pi()
    return arb(0)  # a variable, filled in at each point


def _exact(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


def _divide(a: arb, b: arb) -> arb:
    if b.contains(0):
        raise Undefined if b.is_zero() else Unclear
    return a / b


def _whole_power(n: int) -> Callable[[arb], arb]:
    def power(base: arb) -> arb:
        return base**n if n >= 0 else _divide(arb(1), base**-n)

    return power


def _real_power(base: arb, exponent: arb) -> arb:
    if base > 0:
        return _exp(exponent * base.log())
    if base.is_zero() and exponent > 0:
        return base
    raise Undefined if base <= 0 else Unclear


def _exp(x: arb) -> arb:
    _within_reach(x, _FAR)
    return x.exp()


def _within_reach(x: arb, limit: arb) -> None:
    if not x.abs_upper() < limit:
        raise TooLarge if x.abs_lower() > limit else Unclear


def _within(function: Callable[[arb], arb], low: int | None, high: int | None) -> Callable[[arb], arb]:
    def bounded(x: arb) -> arb:
        if (low is not None and x < low) or (high is not None and x > high):
            raise Undefined
        return function(x)

    return bounded


def _near(function: Callable[[arb], arb], limit: arb) -> Callable[[arb], arb]:
    def near(x: arb) -> arb:
        _within_reach(x, limit)
        return function(x)

    return near


def _ln(x: arb) -> arb:
    if x > 0:
        return x.log()
    raise Undefined if x <= 0 else Unclear


def _sqrt(x: arb) -> arb:
    if x >= 0:
        return x.sqrt()
    raise Undefined if x < 0 else Unclear


def _cbrt(x: arb) -> arb:
    if x >= 0:
        return x.root(3)
    if x < 0:
        return -((-x).root(3))
    raise Unclear


def _sign(x: arb) -> arb:
    if x > 0 or x < 0 or x.is_zero():
        return x.sgn()
    raise Unclear


def _sigmoid(x: arb) -> arb:
    return 1 / (1 + _exp(-x))


def _unknown(name: str) -> Callable[[arb], arb]:
    """A stand-in for an unknown function f, f', f'': one smooth function per name, and its derivatives."""
    if name.rstrip("'") in FUNCTIONS:
        raise KeyError(name)
    digest = hashlib.sha256(name.rstrip("'").encode()).digest()
    speed, shift, bend = (Fraction(97 + digest[i], 151) for i in range(3))
    order = name.count("'")

    def value(x: arb) -> arb:
        _within_reach(x, _HUGE)
        turned = (x * _exact(speed) + _exact(shift) + arb.pi() * order / 2).sin() * _exact(speed) ** order
        cubic = (x**3, 3 * x**2, 6 * x, arb(6))[order] if order < 4 else arb(0)
        return turned + cubic * _exact(bend)

    return value


def _inverse(function: Callable[[arb], arb]) -> Callable[[arb], arb]:
    return lambda x: _divide(arb(1), function(x))


_CALLS: dict[str, Callable[..., arb]] = {
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
