"""How large a tree is: powers that nobody can compute, or that no learner would type, are refused before they are made.

`constant` and `height` are rough, and never too small by much: they decide what is read, not what is right.
"""

from __future__ import annotations

import math

from kit.symbolic.tree import Add, Call, Const, Div, Mul, Neg, Num, Pow, Sub, Tree, Var, children


def constant(tree: Tree) -> float | None:
    """A rough value of a tree without variables, inf for what is too large; None with variables."""
    match tree:
        case Num(value):
            return float(value)
        case Const(name):
            return math.e if name == "e" else math.pi
        case Neg(inner):
            known = constant(inner)
            return None if known is None else -known
        case Call("exp", (inner,)):
            known = constant(inner)
            return None if known is None else math.exp(min(known, 700.0))
        case Add(left, right) | Sub(left, right) | Mul(left, right) | Div(left, right) | Pow(left, right):
            a, b = constant(left), constant(right)
            return None if a is None or b is None else _computed(tree, a, b)
    return None


def _computed(tree: Add | Sub | Mul | Div | Pow, a: float, b: float) -> float:
    value: float | complex
    try:
        match tree:
            case Add():
                value = a + b
            case Sub():
                value = a - b
            case Mul():
                value = a * b
            case Div():
                value = a / b
            case Pow():
                value = a**b
    except (OverflowError, ZeroDivisionError):
        return math.inf
    return value if isinstance(value, float) and value == value else math.inf


def height(tree: Tree) -> float:
    """A bound, roughly, on the bits or the degree that a tree written out would have."""
    match tree:
        case Num(value):
            return max(1.0, math.log2(max(2, abs(value.numerator), value.denominator)))
        case Var() | Const():
            return 1.0
        case Pow(base, exponent):
            known = constant(exponent)
            return height(base) if known is None else height(base) * max(1.0, abs(known))
        case Mul(a, b) | Div(a, b):
            return height(a) + height(b)
    return max(map(height, children(tree)))
