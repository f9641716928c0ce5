"""Trees as integer polynomials, to find factors and common factors; and a canonical form up to order.

Anything other than a sum, a product or an integer power (`cos(x)`, `e^x`) becomes another variable of the polynomial,
a kernel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TypeAlias, Union

import flint
from kit.symbolic import Add, Div, FunctionCall, Mul, Neg, Pow, Sub, Tree, children

from grader.symbolic.algebra import ONE, E, exponent_of_e, terms
from grader.symbolic.balls import rational

_MOST_TERMS, _MOST_DEGREE = 2000, 60


def polynomials(*trees: Tree) -> list[flint.fmpz_mpoly | None]:
    """Each tree times its least common denominator, all with the same generators; None if a polynomial is too large."""
    kernels: dict[Key, str] = {}
    for tree in trees:
        _collect(tree, kernels)
    generators = list(kernels.values()) or ["x"]
    context = flint.fmpq_mpoly_ctx.get(generators, flint.Ordering.lex)
    whole = flint.fmpz_mpoly_ctx.get(generators, flint.Ordering.lex)
    found: list[flint.fmpz_mpoly | None] = []
    for tree in trees:
        polynomial = _polynomial(tree, kernels, context)
        if polynomial is None:
            found.append(None)
            continue
        coefficients = polynomial.to_dict()
        scale = math.lcm(*(int(value.q) for value in coefficients.values()))
        found.append(whole.from_dict({key: int((value * scale).p) for key, value in coefficients.items()}))
    return found


def _is_arithmetic(tree: Tree) -> bool:
    match tree:
        case Add() | Sub() | Mul() | Neg():
            return True
        case Div(_, below):
            return rational(below) is not None
        case Pow(_, exponent):
            n = rational(exponent)
            return n is not None and n.denominator == 1 and 0 <= n <= _MOST_DEGREE
    return False


def _collect(tree: Tree, kernels: dict[Key, str]) -> None:
    if rational(tree) is not None:
        return
    if _is_arithmetic(tree):
        for part in (tree.base,) if isinstance(tree, Pow) else children(tree):
            _collect(part, kernels)
    else:
        kernels.setdefault(canonical(tree), f"k{len(kernels)}")


def _polynomial(tree: Tree, kernels: dict[Key, str], context: flint.fmpq_mpoly_ctx) -> flint.fmpq_mpoly | None:
    value = rational(tree)
    if value is not None:
        return context.constant(flint.fmpq(value.numerator, value.denominator))
    if not _is_arithmetic(tree):
        return context.gen(list(kernels).index(canonical(tree)))
    match tree:
        case Neg(inner):
            polynomial = _polynomial(inner, kernels, context)
            return None if polynomial is None else -polynomial
        case Pow(base, exponent):
            polynomial, n = _polynomial(base, kernels, context), int(rational(exponent) or 0)
            return polynomial**n if polynomial is not None and _small(polynomial, n) else None
    a, b = (_polynomial(part, kernels, context) for part in children(tree))
    if a is None or b is None:
        return None
    match tree:
        case Div():
            return a / b
        case Mul():
            return a * b if len(a) * len(b) <= _MOST_TERMS and _small(a, 1) else None
        case Add():
            return a + b
    return a - b


def _small(polynomial: flint.fmpq_mpoly, n: int) -> bool:
    degree = max((sum(int(d) for d in key) for key in polynomial.to_dict()), default=0)
    return degree * max(n, 1) <= _MOST_DEGREE and len(polynomial) ** min(n, 4) <= _MOST_TERMS


# ------------------------------------------------------------------------------------------ the same up to order

Key: TypeAlias = Tree | tuple[Union[str, "Key"], ...]


def canonical(tree: Tree) -> Key:
    """A key that is equal for trees that differ only in order and grouping."""
    match tree:
        case Add() | Sub():
            return ("+", *_sorted(canonical(term if sign > 0 else Neg(term)) for sign, term in terms(tree)))
        case Mul() | Div() | Neg():
            signs, above, below = _flat(tree)
            key = above[0] if len(above) == 1 and not below else ("*", *_sorted(above), "/", *_sorted(below))
            return ("neg", str(signs), key) if signs else key
    exponent = exponent_of_e(tree)
    if exponent is not None:
        return ("^", E, canonical(exponent))
    parts = children(tree)
    if not parts:
        return tree
    return (tree.name if isinstance(tree, FunctionCall) else type(tree).__name__, *map(canonical, parts))


def _sorted(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=repr)


def _flat(tree: Tree) -> tuple[int, list[Key], list[Key]]:
    """The number of minus signs in a product, its numerator factors, and its denominator factors."""
    match tree:
        case Neg(inner):
            signs, above, below = _flat(inner)
            return signs + 1, above, below
        case Mul(a, b):
            (signs, above, below), (more_signs, more, less) = _flat(a), _flat(b)
            return signs + more_signs, above + more, below + less
        case Div(a, b):  # the 1 in 1/b does not count as a factor
            signs, above, below = (0, [], []) if a == ONE else _flat(a)
            more_signs, less, more = _flat(b)
            return signs + more_signs, above + more, below + less
    return 0, [canonical(tree)], []
