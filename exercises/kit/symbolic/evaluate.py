"""Evaluate a tree in floats, or convert it to the equivalent sympy expression."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from kit.symbolic.render import to_text
from kit.symbolic.tree import FUNCTIONS, Add, Const, Diff, Div, FunctionCall, Mul, Neg, Num, Pow, Sub, Tree, Var, Vector


class StillToDerive(ValueError):
    """The answer contains a derivative that the learner should have worked out."""


_CALLS: dict[str, Callable[..., float]] = {
    "ln": math.log,
    "abs": abs,
    "max": max,
    "min": min,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "swish": lambda x: x / (1 + math.exp(-x)),
    "softplus": lambda x: math.log(1 + math.exp(x)),
    "relu": lambda x: max(x, 0.0),
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "cbrt": lambda x: math.copysign(abs(x) ** (1 / 3), x),
    "sec": lambda x: 1 / math.cos(x),
    "csc": lambda x: 1 / math.sin(x),
    "cot": lambda x: 1 / math.tan(x),
    "sech": lambda x: 1 / math.cosh(x),
    "csch": lambda x: 1 / math.sinh(x),
    "coth": lambda x: 1 / math.tanh(x),
}
_CALLS |= {name: getattr(math, name) for name in FUNCTIONS if name not in _CALLS}


def value(tree: Tree, values: Mapping[str, float]) -> float:
    """The value of the tree for these `values` of the variables.

    Raises StillToDerive for a derivative, ArithmeticError or ValueError if there is no real value, KeyError for an
    unknown function or variable, TypeError for a vector.
    """
    match tree:
        case Num(number):
            return float(number)
        case Var(name):
            return values[name]
        case Const(name):
            return math.e if name == "e" else math.pi
        case Neg(inner):
            return -value(inner, values)
        case Add(a, b):
            return value(a, values) + value(b, values)
        case Sub(a, b):
            return value(a, values) - value(b, values)
        case Mul(a, b):
            return value(a, values) * value(b, values)
        case Div(a, b):
            return value(a, values) / value(b, values)
        case Pow(a, b):
            raised: float | complex = value(a, values) ** value(b, values)
            if isinstance(raised, complex):
                raise ValueError("a negative number has no real power with such an exponent")
            return raised
        case FunctionCall(name, arguments):
            return _CALLS[name](*[value(part, values) for part in arguments])
        case Diff():
            raise StillToDerive(f"a derivative is still to be worked out: what is {to_text(tree)} ?")
        case Vector():
            raise TypeError("a list has no single value")


def to_sympy(tree: Tree) -> Any:
    """The tree as a sympy expression, all variables real. Built with constructors only: no typed name is looked up."""
    import sympy

    match tree:
        case Num(number):
            return sympy.Rational(number.numerator, number.denominator)
        case Var(name):
            return sympy.Symbol(name, real=True)
        case Const(name):
            return sympy.E if name == "e" else sympy.pi
        case Neg(inner):
            return -to_sympy(inner)
        case Add(a, b):
            return to_sympy(a) + to_sympy(b)
        case Sub(a, b):
            return to_sympy(a) - to_sympy(b)
        case Mul(a, b):
            return to_sympy(a) * to_sympy(b)
        case Div(a, b):
            return to_sympy(a) / to_sympy(b)
        case Pow(a, b):
            return to_sympy(a) ** to_sympy(b)
        case FunctionCall(name, arguments):
            return _sympy_call(name, [to_sympy(part) for part in arguments])
        case Diff(body, name):
            return sympy.Derivative(to_sympy(body), sympy.Symbol(name, real=True))
        case Vector(entries):
            items = [to_sympy(part) for part in entries]
            return items if any(isinstance(item, list) for item in items) else sympy.Tuple(*items)


def _sympy_call(name: str, arguments: list[Any]) -> Any:
    import sympy

    x = arguments[0]
    match name:
        case "ln":
            return sympy.log(x)
        case "abs":
            return sympy.Abs(x)
        case "sigmoid":
            return 1 / (1 + sympy.exp(-x))
        case "softplus":
            return sympy.log(1 + sympy.exp(x))
        case "relu":
            return sympy.Max(x, 0)
        case "swish":
            return x / (1 + sympy.exp(-x))
        case "max":
            return sympy.Max(*arguments)
        case "min":
            return sympy.Min(*arguments)
    return getattr(sympy, name)(x) if name in FUNCTIONS else sympy.Function(name, real=True)(x)
