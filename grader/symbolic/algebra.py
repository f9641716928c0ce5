"""Build trees and take them apart: sums without zeros, products without ones, terms and factors in order."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from kit.symbolic import Add, Const, Div, FunctionCall, Mul, Neg, Num, Pow, Sub, Tree

from grader.symbolic.balls import rational

ZERO: Tree = Num(Fraction(0))
ONE: Tree = Num(Fraction(1))
TWO: Tree = Num(Fraction(2))
E: Tree = Const("e")


def add(a: Tree, b: Tree) -> Tree:
    """a + b, without zeros."""
    return b if a == ZERO else a if b == ZERO else Add(a, b)


def sub(a: Tree, b: Tree) -> Tree:
    """a - b, without zeros."""
    return a if b == ZERO else neg(b) if a == ZERO else Sub(a, b)


def neg(a: Tree) -> Tree:
    """-a, without a double sign."""
    return ZERO if a == ZERO else a.inner if isinstance(a, Neg) else Neg(a)


def mul(a: Tree, b: Tree) -> Tree:
    """a * b, without ones; zero if either is zero."""
    if ZERO in (a, b):
        return ZERO
    return b if a == ONE else a if b == ONE else Mul(a, b)


def div(a: Tree, b: Tree) -> Tree:
    """a / b; zero if a is zero."""
    return ZERO if a == ZERO and b != ZERO else a if b == ONE else Div(a, b)


def power(a: Tree, b: Tree) -> Tree:
    """a ^ b, without an exponent of one."""
    return a if b == ONE else ONE if b == ZERO else Pow(a, b)


def square(a: Tree) -> Tree:
    """a ^ 2."""
    return Pow(a, TWO)


def call(name: str, *arguments: Tree) -> Tree:
    """name(arguments)."""
    return FunctionCall(name, arguments)


def exact_number(value: Fraction | int) -> Tree:
    """The tree of an exact rational, as it would be typed."""
    if value < 0:
        return Neg(exact_number(-value))
    whole = Num(Fraction(value.numerator))
    return whole if value.denominator == 1 else Div(whole, Num(Fraction(value.denominator)))


def less_one(n: Tree) -> Tree:
    """n - 1, simplified if n is a number."""
    value = rational(n)
    return sub(n, ONE) if value is None else exact_number(value - 1)


def terms(tree: Tree, sign: int = 1) -> list[tuple[int, Tree]]:
    """The terms of a sum with their signs, in order."""
    match tree:
        case Add(a, b):
            return terms(a, sign) + terms(b, sign)
        case Sub(a, b):
            return terms(a, sign) + terms(b, -sign)
    return [(sign, tree)]


def factors(tree: Tree) -> list[Tree]:
    """The factors of a product, in order."""
    return factors(tree.left) + factors(tree.right) if isinstance(tree, Mul) else [tree]


def product(parts: Iterable[Tree]) -> Tree:
    """The product of factors; one if there are none."""
    tree = ONE
    for part in parts:
        tree = mul(tree, part)
    return tree


def total(parts: Iterable[Tree]) -> Tree:
    """The sum of terms; zero if there are none."""
    tree = ZERO
    for part in parts:
        tree = add(tree, part)
    return tree


def exponent_of_e(tree: Tree) -> Tree | None:
    """The a of e^a or exp(a); None for anything else."""
    match tree:
        case Pow(Const("e"), a) | FunctionCall("exp", (a,)):
            return a
    return None


def negated(tree: Tree) -> Tree:
    """-tree; a minus on the first factor is removed instead: 4x for -4x, which is parsed as (-4)*x."""
    match tree:
        case Neg(inner):
            return inner
        case Mul(Neg() | Mul() | Div() as a, b) if negated(a) != Neg(a):
            return Mul(negated(a), b)
        case Div(Neg() | Mul() | Div() as a, b) if negated(a) != Neg(a):
            return Div(negated(a), b)
    return Neg(tree)


def as_activation(tree: Tree) -> FunctionCall | None:
    """The sigmoid or tanh that a fraction such as 1/(1 + e^(-x)) or e^x/(1 + e^x) equals; None if neither."""
    match tree:
        case Div(above, Add(a, b)) if ONE in (a, b):
            raised = b if a == ONE else a
            exponent = exponent_of_e(raised)
            if exponent is not None and above in (ONE, raised):
                return FunctionCall("sigmoid", (exponent if above == raised else negated(exponent),))
        case Div(Sub(a, b), Add(c, d)) if (a, b) == (c, d):
            up, down = exponent_of_e(a), exponent_of_e(b)
            if up is not None and down is not None and up in (negated(down), Neg(down)):
                return FunctionCall("tanh", (up,))
    return None
