"""Limits on a tree's size: numbers and powers that no learner would type are refused before anything is computed.

Otherwise an answer could hide an error behind a number so small or so large that the difference disappears.
"""

from __future__ import annotations

import math

from kit.symbolic.evaluate import value
from kit.symbolic.tree import (
    Const,
    Diff,
    Div,
    FunctionCall,
    Mul,
    Num,
    Pow,
    Tree,
    Var,
    Vector,
    children,
    walk,
    with_children,
)

LARGEST = 1e60  # limit on constants; 1/LARGEST is the smallest
MAX_EXPONENT, MAX_HEIGHT = 1000, 20_000


class Extreme(Exception):
    """A number or a power is outside the accepted range."""


def depth(tree: Tree) -> int:
    """The depth in nodes. Does not recurse: it is the bound for everything that does."""
    levels, row = 0, [tree]
    while row:
        levels, row = levels + 1, [part for node in row for part in children(node)]
    return levels


def can_be_differentiated(tree: Tree, most: int) -> bool:
    """Whether the tree has at most `most` nodes, and at most one derivative that is not worked out."""
    nodes = list(walk(tree))
    return len(nodes) <= most and sum(isinstance(node, Diff) for node in nodes) <= 1


def constant(tree: Tree) -> float | None:
    """The value in floats of a tree without variables; None if it has variables or no value.

    Raises Extreme if the tree or a part of it is outside the accepted range.
    """
    if isinstance(tree, Var):
        return None
    parts = [constant(part) for part in children(tree)]
    known = [part for part in parts if part is not None]
    if isinstance(tree, Vector | Diff) or len(known) < len(parts):
        return None
    # Replace the parts by their values, so that each is computed once.
    letters = "ab"[: len(parts)]
    plain = with_children(tree, tuple(Var(letter) for letter in letters))
    try:
        found = value(plain, dict(zip(letters, known, strict=True)))
    except OverflowError:
        raise Extreme from None
    except (ArithmeticError, ValueError, KeyError):
        return None
    vanished = not found and all(known) and isinstance(tree, Mul | Div | Pow)
    if vanished or (isinstance(tree, FunctionCall) and tree.name == "exp" and not found):
        raise Extreme
    if found and not 1 / LARGEST <= abs(found) <= LARGEST:
        raise Extreme
    return found


def height(tree: Tree) -> float:
    """A rough bound on the bits or the degree of the expanded tree. Raises Extreme."""
    match tree:
        case Num(number):
            return max(1.0, math.log2(max(2, abs(number.numerator), number.denominator)))
        case Var() | Const():
            return 1.0
        case Pow(base, exponent):
            known = constant(exponent)
            if known is not None and abs(known) > MAX_EXPONENT:
                raise Extreme
            found = height(base) if known is None else height(base) * max(1.0, abs(known))
        case Mul(a, b) | Div(a, b):
            found = height(a) + height(b)
        case _:
            found = max(map(height, children(tree)))
    if found > MAX_HEIGHT:
        raise Extreme
    return found
