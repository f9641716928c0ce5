"""The syntax tree of a typed answer: small frozen nodes in the order typed, for use with `match`.

A `Vector` of vectors is a matrix. `Diff` is a derivative not yet worked out. `FunctionCall` holds one of FUNCTIONS or
an unknown function: f, f', f''.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

FUNCTIONS = (
    *("exp", "ln", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid", "abs"),
    *("cbrt", "sec", "csc", "cot", "asin", "acos", "atan", "asinh", "acosh", "atanh", "sech", "csch", "coth"),
    *("softplus", "relu", "swish", "sign", "erf", "max", "min"),
)


@dataclass(frozen=True, slots=True)
class Num:
    """An exact number, never negative as parsed."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Var:
    """A declared variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """e or pi."""

    name: Literal["e", "pi"]


@dataclass(frozen=True, slots=True)
class Neg:
    """-inner."""

    inner: Tree


@dataclass(frozen=True, slots=True)
class Add:
    """left + right."""

    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Sub:
    """left - right."""

    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Mul:
    """left * right."""

    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Div:
    """left / right."""

    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Pow:
    """base ^ exponent."""

    base: Tree
    exponent: Tree


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """name(arguments)."""

    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """[entries]."""

    entries: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """The derivative of `body` by `variable`, not worked out."""

    body: Tree
    variable: str


Tree: TypeAlias = Num | Var | Const | Neg | Add | Sub | Mul | Div | Pow | FunctionCall | Vector | Diff


def children(tree: Tree) -> tuple[Tree, ...]:
    """The direct subtrees of this node, in the order they were typed."""
    if isinstance(tree, (Num, Var, Const)):  # a tuple, which isinstance takes in half the time of a union
        return ()
    if isinstance(tree, (Add, Sub, Mul, Div)):
        return tree.left, tree.right
    if isinstance(tree, Pow):
        return tree.base, tree.exponent
    if isinstance(tree, Neg):
        return (tree.inner,)
    if isinstance(tree, FunctionCall):
        return tree.arguments
    return (tree.body,) if isinstance(tree, Diff) else tree.entries


def with_children(tree: Tree, parts: tuple[Tree, ...]) -> Tree:
    """The same node with other subtrees, as many as `children(tree)` returns."""
    match tree:
        case Num() | Var() | Const():
            return tree
        case Add() | Sub() | Mul() | Div() | Pow():
            return type(tree)(*parts)
        case Neg():
            return Neg(parts[0])
        case Diff(_, variable):
            return Diff(parts[0], variable)
        case FunctionCall(name):
            return FunctionCall(name, parts)
        case Vector():
            return Vector(parts)


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and all its subtrees, in preorder."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(children(node))


def names(tree: Tree) -> frozenset[str]:
    """The variables in a tree."""
    return frozenset(node.name for node in walk(tree) if isinstance(node, Var))
