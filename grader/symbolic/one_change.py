"""Which single change of the right formula makes a typed answer: a sign, a term, a factor, an exponent, a letter?

For answers that no rule of differentiation explains, and formulas that are not slopes at all. The sentence says what
kind of change it is, and never where: the student finds the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kit.symbolic import (
    Add,
    Answer,
    Div,
    FunctionCall,
    Mul,
    Neg,
    Num,
    Pow,
    Sub,
    Tree,
    Var,
    Vector,
    children,
    names,
    walk,
)
from kit.symbolic import with_children as rebuilt

from grader.symbolic.diagnose import Looks
from grader.symbolic.equivalent import Decision, Domain, same

MOST_NODES = 60  # of the right formula: nobody asks for a longer one
SIGN = "One sign is wrong; the rest is right. Which term should add, and which take away?"
WHOLE_SIGN = "The sign of the whole answer is wrong: this is minus the right answer."
TERM_MISSING = "One term is missing; the rest is right."
TERM_ADDED = "One term is too many; the rest is right."
FACTOR_MISSING = "One factor is missing, above or below a fraction bar; the rest is right."
NOT_DIVIDED = "Something is not divided by what belongs below it; the rest is right."
FACTOR_OF_TWO = "It is off by a factor of 2 everywhere. Where does a 2 belong, or not belong?"
EXPONENT = "One exponent is wrong, or missing; the rest is right. What should be squared?"
NUMBER = "One number is wrong; the rest is right."
LETTER = "One letter stands where another one belongs; the rest is right."
EXCHANGED = "Two letters have changed places."
UPSIDE_DOWN = "A fraction is upside down; the rest is right."
BRACKETS = "Look at the brackets: what is divided, and by what? In a/b*c only b is below."
FUNCTION = "A function is missing, such as a logarithm or a root; the rest is right."
_TWO, _HALF = Num(Fraction(2)), Num(Fraction(1, 2))


def one_change(answer: Answer, right: Answer, domain: Domain | None = None) -> str:
    """What to tell the student whose `answer` is the right formula but for one change; "" if it is not."""
    if isinstance(right.tree, Vector) or isinstance(answer.tree, Vector):
        return ""
    if sum(1 for _ in walk(right.tree)) > MOST_NODES or sum(1 for _ in walk(answer.tree)) > MOST_NODES:
        return ""
    looks = Looks(answer.tree, domain or {})
    for says, changed in _changed(right.tree, right.variables):
        if looks.like(changed) and same(answer.tree, changed, domain).decision is Decision.PROVED:
            return says
    looks = Looks(right.tree, domain or {})
    for shorter in _without_a_term(answer.tree):
        if looks.like(shorter) and same(right.tree, shorter, domain).decision is Decision.PROVED:
            return TERM_ADDED
    return ""


def _changed(right: Tree, variables: tuple[str, ...]) -> Iterator[tuple[str, Tree]]:
    """Every formula that one change makes of the right one, with its sentence; first those of the whole formula."""
    if not names(right) and not any(isinstance(node, FunctionCall) for node in walk(right)):
        return  # a fraction: every other one is "one change" of it
    yield WHOLE_SIGN, Neg(right)
    yield FACTOR_OF_TWO, Mul(_TWO, right)
    yield FACTOR_OF_TWO, Mul(_HALF, right)
    used = sorted(names(right))
    for at, name in enumerate(used):
        for other in used[at + 1 :]:
            yield EXCHANGED, _renamed(right, {name: other, other: name})
    yield from _inside(right, variables)


def _inside(tree: Tree, variables: tuple[str, ...]) -> Iterator[tuple[str, Tree]]:
    """The changes of one node, of this tree or deeper."""
    yield from _of_node(tree, variables)
    parts = children(tree)
    for at, part in enumerate(parts):
        for says, changed in _inside(part, variables):
            yield says, rebuilt(tree, (*parts[:at], changed, *parts[at + 1 :]))


def _of_node(node: Tree, variables: tuple[str, ...]) -> Iterator[tuple[str, Tree]]:
    match node:
        case Add(left, right):
            yield from [(SIGN, Sub(left, right)), (SIGN, Sub(right, left))]
            yield from [(TERM_MISSING, left), (TERM_MISSING, right)]
        case Sub(left, right):
            yield SIGN, Add(left, right)
            yield SIGN, Neg(Add(left, right))
            yield SIGN, Sub(right, left)
            yield TERM_MISSING, left
            yield TERM_MISSING, Neg(right)
        case Neg(inner):
            yield SIGN, inner
        case Mul(left, right):
            yield from [(FACTOR_MISSING, left), (FACTOR_MISSING, right)]
        case Div(left, right):
            yield NOT_DIVIDED, left
            yield UPSIDE_DOWN, Div(right, left)
            yield from _of_brackets(left, right)
        case Pow(base, exponent):
            yield EXPONENT, base
            yield SIGN, Pow(base, Neg(exponent))
            yield from ((EXPONENT, Pow(base, Num(Fraction(n)))) for n in (2, 3) if isinstance(exponent, Num))
        case FunctionCall(_, (argument,)):
            yield FUNCTION, argument
        case Num(number):
            changed = {2 * number, number / 2, number + 1, number - 1, Fraction(1)} - {number}
            yield from ((NUMBER, Num(other)) for other in sorted(changed))
        case Var(name):
            yield from ((LETTER, Var(other)) for other in variables if other != name)
            yield EXPONENT, Pow(node, _TWO)


def _of_brackets(above: Tree, below: Tree) -> Iterator[tuple[str, Tree]]:
    """`a/(b*c)` read as `a/b*c`, and `(a + b)/c` as `a + b/c`; a denominator that lost one of its factors."""
    match below:
        case Mul(left, right):
            yield from [(BRACKETS, Mul(Div(above, left), right)), (BRACKETS, Mul(Div(above, right), left))]
    match above:
        case Add(left, right):
            yield BRACKETS, Add(left, Div(right, below))
        case Sub(left, right):
            yield BRACKETS, Sub(left, Div(right, below))


def _without_a_term(tree: Tree) -> Iterator[Tree]:
    match tree:
        case Add(left, right) | Sub(left, right):
            yield left
            yield right if isinstance(tree, Add) else Neg(right)
            for shorter in _without_a_term(left):
                yield type(tree)(shorter, right)
        case Neg(inner):
            yield from map(Neg, _without_a_term(inner))


def _renamed(tree: Tree, other: dict[str, str]) -> Tree:
    if isinstance(tree, Var):
        return Var(other.get(tree.name, tree.name))
    return rebuilt(tree, tuple(_renamed(part, other) for part in children(tree)))
