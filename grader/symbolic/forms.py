"""The form of an answer, decided on the tree as it was typed. Value first, form second: two messages.

    >>> from kit.symbolic import parse
    >>> bool(in_form(parse("(x+1)(x-1)", ["x"]), "factored"))
    True
    >>> in_form(parse("(x+1)(x-1)", ["x"]), "expanded").says
    'A product with a sum in it is still there: can you multiply out (x + 1)*(x - 1)?'

Forms: `expanded`, `factored`, `single fraction`, `lowest terms`, `no derivative`, `in terms of s, x`, and `like …`, the
same up to order and grouping. For `factored` and `lowest terms` everything that is no sum, product or whole power
(`cos(x)`, `e^x`) counts as one more variable of a polynomial.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import msgspec
from kit.symbolic import Answer, Tree, parse, to_text

from grader.symbolic.balls import rational
from grader.symbolic.derivative import ONE, factors, names, neg, terms

_MOST_TERMS, _MOST_DEGREE = 2000, 60


class Form(msgspec.Struct, frozen=True):
    """Whether the form holds, and if not, what to say to the student."""

    holds: bool
    says: str = ""

    def __bool__(self) -> bool:
        return self.holds


def in_form(answer: Answer | str, form: str, variables: tuple[str, ...] = ()) -> Form:
    """Whether `answer` is written in the form; ValueError for a form that there is not."""
    if isinstance(answer, str):
        answer = parse(answer, variables)
    if form.startswith("like "):
        wanted = parse(form.removeprefix("like "), answer.variables).tree
        return _form(_canonical(answer.tree) == _canonical(wanted), "Write it in the form asked for.")
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
    left = _find(tree, lambda t: t[0] == "diff" or (t[0] == "call" and t[1].endswith("'")))
    return _form(left is None, f"A derivative is still to be worked out: what is {to_text(left or tree)} ?")


def _expanded(tree: Tree) -> Form:
    open_product = _find(tree, _multiplies_a_sum, outside_calls=True)
    says = f"A product with a sum in it is still there: can you multiply out {to_text(open_product or tree)}?"
    return _form(open_product is None, says)


def _multiplies_a_sum(tree: Tree) -> bool:
    def is_sum(part: Tree) -> bool:
        return part[0] in ("+", "-") or (part[0] == "neg" and is_sum(part[1]))

    if tree[0] == "*":
        return is_sum(tree[1]) or is_sum(tree[2])
    if tree[0] == "neg":
        return is_sum(tree[1])
    if tree[0] == "/":
        return is_sum(tree[1]) and rational(tree[2]) is not None
    n = rational(tree[2]) if tree[0] == "^" else None
    return n is not None and n.denominator == 1 and n > 1 and tree[1][0] in ("+", "-", "*", "neg")


def _single_fraction(tree: Tree) -> Form:
    body = tree[1] if tree[0] == "neg" else tree
    parts = list(body[1:]) if body[0] == "/" else [body]
    another = next((found for part in parts if (found := _find(part, _divides, outside_calls=True)) is not None), None)
    return _form(another is None, f"Bring it to one fraction: {to_text(another or tree)} is still one by itself.")


def _divides(tree: Tree) -> bool:
    n = rational(tree[2]) if tree[0] == "^" else None
    return tree[0] == "/" or (n is not None and n < 0)


def _lowest_terms(tree: Tree) -> Form:
    single = _single_fraction(tree)
    if not single:
        return single
    body = tree[1] if tree[0] == "neg" else tree
    if body[0] != "/":
        return Form(True)
    above, below = _polynomials(body[1], body[2])
    if above is None or below is None:
        return Form(True)
    common = above.gcd(below)
    return _form(common.is_one() or (-common).is_one(), "Above and below the line a common factor is left: which one?")


def _factored(tree: Tree) -> Form:
    body = tree[1] if tree[0] == "neg" else tree
    for factor in [part for side in (body[1:] if body[0] == "/" else (body,)) for part in factors(side)]:
        inner, n = factor, Fraction(1)
        if factor[0] == "^" and (found := rational(factor[2])) is not None:
            inner, n = factor[1], found
        if inner[0] == "*" and n != 1:
            continue
        (polynomial,) = _polynomials(inner)
        if inner[0] not in ("+", "-") or polynomial is None or polynomial.is_constant():
            continue
        content, pieces = polynomial.factor()
        if abs(int(content)) != 1 or sum(count for _, count in pieces) > 1:
            return Form(False, f"This can be taken apart further: which factor do the terms of {to_text(inner)} share?")
    return Form(True)


def _find(tree: Tree, wanted: Any, outside_calls: bool = False) -> Tree | None:
    if wanted(tree):
        return tree
    if outside_calls and tree[0] == "call":
        return None
    parts = tree[1:2] if outside_calls and tree[0] == "^" else tree[1:]
    found = (_find(part, wanted, outside_calls) for part in parts if isinstance(part, tuple))
    return next((part for part in found if part is not None), None)


def _canonical(tree: Tree) -> Any:
    """A key that is the same for trees that differ in order and grouping only."""
    kind = tree[0]
    if kind in ("+", "-"):
        parts = [(_canonical(t if s > 0 else neg(t))) for s, t in terms(tree)]
        return ("+", tuple(sorted(parts, key=repr)))
    if kind in ("*", "/", "neg"):
        sign, above, below = _flat(tree)
        signed: Any = ("*", tuple(sorted(above, key=repr)), tuple(sorted(below, key=repr)))
        if len(above) == 1 and not below:
            signed = above[0]
        return signed if sign > 0 else ("neg", signed)
    if kind == "call" and tree[1] == "exp":
        return ("^", ("const", "e"), _canonical(tree[2]))
    return (kind, *(_canonical(part) if isinstance(part, tuple) else part for part in tree[1:]))


def _flat(tree: Tree) -> tuple[int, list[Any], list[Any]]:
    if tree[0] == "neg":
        sign, above, below = _flat(tree[1])
        return -sign, above, below
    if tree[0] in ("*", "/"):
        one, above, below = _flat(tree[1])
        other, more, less = _flat(tree[2])
        if tree[0] == "/":
            more, less = less, more
        return one * other, above + more, below + less
    return 1, ([] if tree == ONE else [_canonical(tree)]), []


# ------------------------------------------------------------------------------------------------------- polynomials


def _polynomials(*trees: Tree) -> list[Any]:
    """The trees as flint polynomials over the integers with common generators; None for what is none."""
    kernels: dict[Any, str] = {}
    for tree in trees:
        _collect(tree, kernels)
    context = flint.fmpq_mpoly_ctx.get(sorted(set(kernels.values())) or ["x"], flint.Ordering.lex)
    whole = flint.fmpz_mpoly_ctx.get(sorted(set(kernels.values())) or ["x"], flint.Ordering.lex)
    found = []
    for tree in trees:
        polynomial = _polynomial(tree, kernels, context)
        if polynomial is not None:
            coefficients = polynomial.to_dict()
            scale = 1
            for value in coefficients.values():
                scale = scale * int(value.q) // _gcd(scale, int(value.q))
            polynomial = whole.from_dict({key: int((value * scale).p) for key, value in coefficients.items()})
        found.append(polynomial)
    return found


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def _is_arithmetic(tree: Tree) -> bool:
    if tree[0] in ("+", "-", "*", "neg"):
        return True
    if tree[0] == "/":
        return rational(tree[2]) is not None
    n = rational(tree[2]) if tree[0] == "^" else None
    return n is not None and n.denominator == 1 and 0 <= n <= _MOST_DEGREE


def _collect(tree: Tree, kernels: dict[Any, str]) -> None:
    if rational(tree) is not None:
        return
    if _is_arithmetic(tree):
        for part in tree[1:2] if tree[0] == "^" else tree[1:]:
            _collect(part, kernels)
    else:
        kernels.setdefault(_canonical(tree), f"k{len(kernels)}")


def _polynomial(tree: Tree, kernels: dict[Any, str], context: Any) -> Any:
    value = rational(tree)
    if value is not None:
        return context.constant(flint.fmpq(value.numerator, value.denominator))
    if not _is_arithmetic(tree):
        return context.gen(sorted(set(kernels.values())).index(kernels[_canonical(tree)]))
    first = _polynomial(tree[1], kernels, context)
    if first is None:
        return None
    if tree[0] == "neg":
        return -first
    if tree[0] == "^":
        n = int(rational(tree[2]) or 0)
        return first**n if _small(first, n) else None
    second = _polynomial(tree[2], kernels, context)
    if second is None:
        return None
    if tree[0] == "/":
        return first / second
    if tree[0] == "*":
        return first * second if len(first) * len(second) <= _MOST_TERMS and _small(first, 1) else None
    return first + second if tree[0] == "+" else first - second


def _small(polynomial: Any, n: int) -> bool:
    degree = max((sum(int(d) for d in key) for key in polynomial.to_dict()), default=0)
    return degree * max(n, 1) <= _MOST_DEGREE and len(polynomial) ** min(n, 4) <= _MOST_TERMS


_FORMS = {
    "expanded": _expanded,
    "factored": _factored,
    "single fraction": _single_fraction,
    "lowest terms": _lowest_terms,
    "no derivative": _no_derivative,
}
