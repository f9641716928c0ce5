"""The form of an answer, checked on the tree as typed. Value first, form second: two separate messages.

    >>> from kit.symbolic import parse
    >>> bool(in_form(parse("(x+1)(x-1)", ["x"]), "factored"))
    True
    >>> in_form(parse("(x+1)(x-1)", ["x"]), "expanded").says
    'A product with a sum in it is still there: can you multiply out (x + 1)*(x - 1)?'

Forms: `expanded`, `factored`, `single fraction`, `lowest terms`, `no derivative`, `no division`, `no exp`, `in terms of
s, x`, and `like …`, the same up to order and grouping. For `factored` and `lowest terms`, anything other than a sum,
product or integer power (`cos(x)`, `e^x`) counts as another variable of a polynomial.
"""

from __future__ import annotations

from collections.abc import Callable

import flint
import msgspec
from kit.symbolic import (
    Add,
    Answer,
    Const,
    Diff,
    Div,
    FunctionCall,
    Mul,
    Neg,
    Num,
    Pow,
    Sub,
    Tree,
    children,
    names,
    parse,
    to_text,
    walk,
)

from grader.symbolic.algebra import factors, product, terms
from grader.symbolic.balls import rational
from grader.symbolic.polynomials import canonical, polynomials


class Form(msgspec.Struct, frozen=True):
    """Whether the answer has the form, and if not, what to tell the student."""

    holds: bool
    says: str = ""

    def __bool__(self) -> bool:
        return self.holds


def in_form(answer: Answer | str, form: str, variables: tuple[str, ...] = ()) -> Form:
    """Whether `answer` is written in this form. Raises ValueError for an unknown form."""
    if isinstance(answer, str):
        answer = parse(answer, variables)
    if form.startswith("like "):
        wanted = parse(form.removeprefix("like "), answer.variables).tree
        return _form(canonical(answer.tree) == canonical(wanted), "Write it in the form asked for.")
    if form.startswith("in terms of "):
        allowed = {name.strip() for name in form.removeprefix("in terms of ").removesuffix(" only").split(",")}
        allowed = {part for name in allowed for part in name.split(" and ")}
        return _terms_of(answer.tree, {name.strip() for name in allowed})
    if form not in _FORMS:
        raise ValueError(f"form: expected one of {', '.join(_FORMS)}, like …, in terms of …; got {form!r}")
    return _FORMS[form](answer.tree)


def _form(holds: bool, says: str) -> Form:
    return Form(True) if holds else Form(False, says)


def _terms_of(tree: Tree, allowed: set[str]) -> Form:
    extra = sorted(names(tree) - allowed)
    return _form(not extra, f"Write it with {', '.join(sorted(allowed))} only: can you do without {', '.join(extra)}?")


def _no_derivative(tree: Tree) -> Form:
    left = _find(tree, lambda t: isinstance(t, Diff) or (isinstance(t, FunctionCall) and t.name.endswith("'")))
    return _form(left is None, f"A derivative is still to be worked out: what is {to_text(left or tree)} ?")


def _no_division(tree: Tree) -> Form:
    """Only sums, products and nonnegative integer powers: `w^-1`, `w^(1-2)` and `exp(-ln(w))` are divisions too."""

    def divides(part: Tree) -> bool:
        if isinstance(part, Pow):
            exponent = rational(part.exponent)
            return exponent is None or exponent < 0 or exponent.denominator != 1
        return isinstance(part, (Div, FunctionCall))

    return _form(_find(tree, divides) is None, "Go on until no division is left in it.")


def _no_exp(tree: Tree) -> Form:
    def raises_e(part: Tree) -> bool:
        match part:
            case FunctionCall("exp") | Pow(Const("e")):
                return True
        return False

    left = _find(tree, raises_e)
    return _form(left is None, f"Work it out until no exp is left: what becomes of {to_text(left or tree)}?")


def _expanded(tree: Tree) -> Form:
    open_product = _find(tree, _multiplies_a_sum, outside_calls=True)
    says = f"A product with a sum in it is still there: can you multiply out {to_text(open_product or tree)}?"
    return _form(open_product is None, says)


def _is_sum(tree: Tree) -> bool:
    return isinstance(tree, Add | Sub) or (isinstance(tree, Neg) and _is_sum(tree.inner))


def _multiplies_a_sum(tree: Tree) -> bool:
    match tree:
        case Mul(a, b):
            return _is_sum(a) or _is_sum(b)
        case Neg(inner):
            return _is_sum(inner)
        case Div(above, below):
            return _is_sum(above) and rational(below) is not None
        case Pow(Add() | Sub() | Mul() | Neg(), exponent):
            n = rational(exponent)
            return n is not None and n.denominator == 1 and n > 1
    return False


def _single_fraction(tree: Tree) -> Form:
    body = tree.inner if isinstance(tree, Neg) else tree
    parts = children(body) if isinstance(body, Div) else (body,)
    another = next((found for part in parts if (found := _find(part, _divides, outside_calls=True)) is not None), None)
    return _form(another is None, f"Bring it to one fraction: {to_text(another or tree)} is still one by itself.")


def _divides(tree: Tree) -> bool:
    n = rational(tree.exponent) if isinstance(tree, Pow) else None
    return isinstance(tree, Div) or (n is not None and n < 0)


def _lowest_terms(tree: Tree) -> Form:
    single = _single_fraction(tree)
    if not single:
        return single
    body = tree.inner if isinstance(tree, Neg) else tree
    if not isinstance(body, Div):
        return Form(True)
    if all(isinstance(term, Neg) or sign < 0 for sign, term in terms(body.right)) or _signs(body.right):
        return Form(False, "A minus sign stands below the line: can it go?")
    if any(isinstance(part, Num) and part.value.denominator > 1 for part in walk(body)):
        return Form(False, "Write it with whole numbers above and below the line, without decimals.")
    above, below = polynomials(body.left, body.right)
    if above is None or below is None:
        return Form(True)
    common = above.gcd(below)
    return _form(common.is_one() or (-common).is_one(), "Above and below the line a common factor is left: which one?")


def _factored(tree: Tree) -> Form:
    body = tree.inner if isinstance(tree, Neg) else tree
    for factor in [part for side in (children(body) if isinstance(body, Div) else (body,)) for part in factors(side)]:
        raised = isinstance(factor, Pow) and rational(factor.exponent) is not None
        inner = factor.base if isinstance(factor, Pow) and raised else factor
        (polynomial,) = polynomials(inner)
        if not isinstance(inner, Add | Sub) or polynomial is None or polynomial.is_constant():
            continue
        content, pieces = polynomial.factor()
        if abs(int(content)) != 1 or sum(count for _, count in pieces) > 1:
            return Form(False, f"This can be taken apart further. {_how_to_factor(inner, polynomial)}")
    return _no_hidden_factor(body)


def _how_to_factor(tree: Tree, polynomial: flint.fmpz_mpoly) -> str:
    content, powers = (
        abs(int(polynomial.content())),
        [min(column) for column in zip(*polynomial.to_dict(), strict=True)],
    )
    if content > 1 or any(powers):
        return f"Which factor do the terms of {to_text(tree)} share?"
    return f"For which values is {to_text(tree)} zero, or which square is in it?"


def _no_hidden_factor(body: Tree) -> Form:
    """A fraction inside a sum must not cancel with the factors next to the sum, as in y*(y - 5 + 6/y)."""
    above = factors(body.left if isinstance(body, Div) else body)
    for factor in above:
        beside = product(part for part in above if part is not factor)
        for node in walk(factor) if isinstance(factor, Add | Sub) else ():
            below = _below(node)
            if below is None:
                continue
            outside, divisor = polynomials(beside, below)
            if outside is not None and divisor is not None and not outside.gcd(divisor).is_constant():
                return Form(
                    False, f"Multiply out the fraction in {to_text(factor)} first: which factor is then shared?"
                )
    return Form(True)


def _below(tree: Tree) -> Tree | None:
    """The denominator of a fraction, or the base of a negative power; None for anything else."""
    match tree:
        case Div(_, below):
            return below
        case Pow(base, exponent) if (n := rational(exponent)) is not None and n < 0:
            return base
    return None


def _signs(tree: Tree) -> int:
    """The number of negated factors in a product."""
    return sum(isinstance(part, Neg) for part in factors(tree))


def _find(tree: Tree, wanted: Callable[[Tree], bool], outside_calls: bool = False) -> Tree | None:
    if wanted(tree):
        return tree
    if outside_calls and isinstance(tree, FunctionCall):
        return None
    parts = (tree.base,) if outside_calls and isinstance(tree, Pow) else children(tree)
    found = (_find(part, wanted, outside_calls) for part in parts)
    return next((part for part in found if part is not None), None)


_FORMS = {
    "expanded": _expanded,
    "factored": _factored,
    "single fraction": _single_fraction,
    "lowest terms": _lowest_terms,
    "no derivative": _no_derivative,
    "no division": _no_division,
    "no exp": _no_exp,
}
