"""The rules of differentiation, each of which can be broken by its label, at one place or everywhere.

Theory of operation. A rule calls `self.hit(label, ...)` wherever a person could break it. If no rule is set to be
wrong, `hit` returns False and collects the places; otherwise it returns True at the given place, or at all places of
the label. A rule that can be broken in two ways under one label (u'v - uv' and uv' - u'v) has two `form`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kit.symbolic import Add, Diff, Div, FunctionCall, Mul, Neg, Pow, Sub, Tree, Var, Vector, children, names, walk

from grader.symbolic.algebra import (
    ONE,
    TWO,
    ZERO,
    E,
    add,
    as_activation,
    call,
    div,
    exact_number,
    exponent_of_e,
    factors,
    less_one,
    mul,
    neg,
    power,
    product,
    square,
    sub,
    terms,
    total,
)
from grader.symbolic.balls import rational
from grader.symbolic.functions import CALL_SLIPS, OUTER_DERIVATIVE, SIGMOID_SLIPS, Outer

EVERYWHERE = -1


class Site(NamedTuple):
    """Where a rule is broken: the label, the form, and the number of the place (or EVERYWHERE)."""

    label: str
    form: int
    number: int


class Place(NamedTuple):
    """A place where a rule could be broken, and the parts of the question found there."""

    label: str
    form: int
    parts: dict[str, Tree]


class Rules:
    """Differentiation with respect to `variable`, with all rules right except the one that is `wrong`."""

    def __init__(self, variable: str, wrong: Site | None = None) -> None:
        self.x = Var(variable)
        self.wrong, self.count = wrong, 0
        self.within = 0  # how many functions and exponents enclose the current place
        self.places: list[Place] = []

    def hit(self, label: str, u: Tree, v: Tree | None = None, *, f: Tree | None = None, form: int = 0) -> bool:
        """Whether the rule `label` is broken here; `u`, `v` and `f` are the parts of the question at this place."""
        if self.wrong is None:
            parts = {name: part for name, part in (("u", u), ("v", v), ("f", f)) if part is not None}
            self.places.append(Place(label, form, parts))
            return False
        if (label, form) != (self.wrong.label, self.wrong.form):
            return False
        self.count += 1
        return self.wrong.number in (EVERYWHERE, self.count - 1)

    def depends(self, tree: Tree) -> bool:
        if self.wrong is not None and self.wrong.label == "other-variables-not-constant":
            return any(isinstance(node, Var) for node in walk(tree))
        return self.x in walk(tree)

    def d(self, tree: Tree) -> Tree:
        """The derivative of a tree. Raises TypeError for a vector."""
        match tree:
            case Diff(body, variable):
                return self.d(Rules(variable).d(body))
            case Add() | Sub():
                return self.sum(tree)
            case Vector():
                raise TypeError("a vector is differentiated entry by entry")
        if not self.depends(tree):
            return ZERO
        match tree:
            case Neg(inner):
                slope = self.d(inner)
                return slope if self.hit("lost-minus-term", inner) else neg(slope)
            case Mul():
                return self.product(tree)
            case Div(u, v):
                return self.quotient(u, v)
            case Pow(u, n):
                return self.power(u, n)
            case FunctionCall(name, (u, *more)):
                return self.call(name, u, more)
        return tree if self.hit("derivative-of-variable-is-itself", tree) else ONE

    def inner(self, tree: Tree) -> Tree:
        """The derivative of a function's argument or of an exponent."""
        self.within += 1
        slope = self.d(tree)
        self.within -= 1
        return slope

    def sum(self, tree: Tree) -> Tree:
        slopes = ZERO
        for place, (sign, term) in enumerate(terms(tree)):
            if self.depends(term):
                slope = self.d(term)
                if self.hit("sum-term-dropped", term):
                    continue
                if self.hit("not-differentiated-term", term):
                    slope = term
                if place and sign < 0 and self.hit("sign-between-terms", term):
                    sign = 1
            else:
                slope = ZERO
                if self.hit("constant-kept", term):
                    slope = term
                elif names(term) and self.hit("other-variable-term-differentiated", term):
                    for name in sorted(names(term)):
                        slope = add(slope, Rules(name).d(term))
            slopes = add(slopes, slope) if sign > 0 else sub(slopes, slope)
        return slopes

    def product(self, tree: Tree) -> Tree:
        parts = factors(tree)
        plain = [part for part in parts if not names(part)]
        others = [part for part in parts if names(part) and not self.depends(part)]
        moving = [part for part in parts if self.depends(part)]
        slope = self.moving(moving, product(plain + others))
        if plain and self.hit("coefficient-dropped", product(plain), product(moving)):
            plain = []
        if plain and self.mean(plain, product(moving)):
            plain = []
        if others and self.hit("other-variable-factor-dropped", product(others), product(moving)):
            others = []
        if (plain or others) and self.hit("constant-factor-differentiated", product(plain + others), product(moving)):
            return ZERO
        if any(isinstance(part, Neg) for part in plain + others) and self.hit("lost-minus-term", tree):
            plain, others = (
                [part.inner if isinstance(part, Neg) else part for part in fixed] for fixed in (plain, others)
            )
        return mul(product(plain + others), slope)

    def mean(self, plain: list[Tree], u: Tree) -> bool:
        value = rational(product(plain))
        counted = (
            value is not None and value.numerator == 1 and value.denominator > 1 and _is_loss(u) and not self.within
        )
        return counted and self.hit("mean-factor-dropped", u)

    def moving(self, parts: list[Tree], constant: Tree = ONE) -> Tree:
        """The derivative of a product whose factors all contain the variable; the caller multiplies by `constant`."""
        if len(parts) == 1:
            return self.d(parts[0])
        u, v = parts[0], product(parts[1:])
        du, dv = self.d(u), self.moving(parts[1:])
        if self.hit("product-of-derivatives", u, v):
            return mul(du, dv)
        if self.hit("product-same-pair", u, v):
            return add(mul(du, u), mul(dv, v))
        if self.hit("product-minus", u, v):
            return sub(mul(du, v), mul(u, dv))
        if self.hit("product-minus", u, v, form=1):
            return sub(mul(u, dv), mul(du, v))
        if self.hit("product-first-term-only", u, v):
            return mul(du, v)
        if self.hit("product-second-term-only", u, v):
            return mul(u, dv)
        if self.hit("product-as-sum", u, v):
            return add(du, dv)
        if constant != ONE and self.hit("product-as-sum", u, v, form=1):  # the constant taken as part of u only
            return add(du, div(dv, constant))
        if names(u) - {self.x.name} and self.hit("other-variable-factor-constant", u, v):
            return mul(u, dv)
        if names(v) - {self.x.name} and self.hit("other-variable-factor-constant", v, u, form=1):
            return mul(du, v)
        return add(mul(du, v), mul(u, dv))

    def quotient(self, u: Tree, v: Tree) -> Tree:
        if not self.depends(v):
            return self.over_constant(u, v)
        special = self.written_out(Div(u, v)) or self.softmax(u, v)
        if special is not None:
            return special
        du, dv = self.d(u), self.d(v)
        if self.depends(u):
            if self.hit("quotient-of-derivatives", u, v):
                return div(du, dv)
            if self.hit("quotient-denominator-u-squared", u, v):
                return div(sub(mul(du, v), mul(u, dv)), square(u))
            if self.hit("quotient-plus", u, v):
                return div(add(mul(du, v), mul(u, dv)), square(v))
        if self.hit("quotient-denominator-not-squared", u, v):
            return div(sub(mul(du, v), mul(u, dv)), v)
        if self.hit("quotient-no-denominator", u, v):
            return sub(mul(du, v), mul(u, dv))
        if self.depends(u):  # for a constant u, swapping the order only flips the sign
            if self.hit("quotient-order", u, v):
                return div(sub(mul(u, dv), mul(du, v)), square(v))
            return div(sub(mul(du, v), mul(u, dv)), square(v))
        return self.reciprocal(u, v, dv)

    def reciprocal(self, c: Tree, v: Tree, dv: Tree) -> Tree:
        if self.hit("reciprocal-of-derivative", c, v):
            return div(c, dv)
        if self.hit("reciprocal-to-log", c, v):
            return mul(c, call("ln", v))
        if self.hit("reciprocal-sign", c, v):
            return div(mul(c, dv), square(v))
        base, n = (v.base, rational(v.exponent)) if isinstance(v, Pow) else (v, Fraction(1))
        if n is not None:
            slope = self.d(base) if base is not v else dv
            wrong = self.power_slips(base, -n, slope)
            if wrong is not None:
                return mul(c, wrong)
        chained = self.chain(lambda t: div(c, t), lambda t: neg(div(c, square(t))), v, dv)
        return neg(div(mul(c, dv), square(v))) if chained is None else chained

    def over_constant(self, u: Tree, v: Tree) -> Tree:
        du = self.d(u)
        match u, v:
            case FunctionCall("ln", (inside,)), FunctionCall("ln", (base,)) if not names(v):
                if self.hit("log-base-missing", inside, base):
                    return du
        of_a_log = isinstance(v, FunctionCall) and v.name == "ln" and not names(v)
        if not names(v) and not of_a_log and self.hit("coefficient-dropped", div(ONE, v), u):
            return du
        if _is_loss(u) and not self.within and self.hit("mean-factor-dropped", u):
            return du
        if names(v) and self.hit("other-variable-factor-dropped", v, u):
            return du
        if self.hit("constant-factor-differentiated", div(ONE, v), u):
            return ZERO
        return div(du, v)

    def power_slips(self, u: Tree, n: Fraction, du: Tree) -> Tree | None:
        if self.hit("power-no-coefficient", u, exact_number(n)):
            return mul(power(u, exact_number(n - 1)), du)
        if self.hit("power-exponent-kept", u, exact_number(n)):
            return mul(mul(exact_number(n), power(u, exact_number(n))), du)
        if self.hit("power-exponent-up", u, exact_number(n)):
            return mul(mul(exact_number(n), power(u, exact_number(n + 1))), du)
        return None

    def power(self, u: Tree, n: Tree) -> Tree:
        if not self.depends(n):
            return self.fixed_power(u, n)
        if not self.depends(u):
            return self.exponential(u, n)
        du, dn = self.d(u), self.d(n)
        if self.hit("power-rule-on-variable-exponent", u, n):
            return mul(mul(n, power(u, less_one(n))), du)
        if self.hit("exp-rule-on-variable-base", u, n):
            return mul(power(u, n), call("ln", u))
        if dn != ONE and self.hit("exp-rule-on-variable-base", u, n, form=1):
            return mul(mul(power(u, n), call("ln", u)), dn)
        return mul(power(u, n), add(mul(dn, call("ln", u)), div(mul(n, du), u)))

    def fixed_power(self, u: Tree, n: Tree) -> Tree:
        du, value = self.d(u), rational(n)
        if value == 2 and isinstance(u, Sub) and not self.within:  # inside a function or an exponent it is not a loss
            wrong = self.squared_error(u, du)
            if wrong is not None:
                return wrong
        if value is not None and value.denominator == 2 and (split := self.root_split(u, value)) is not None:
            return split
        if value == -1 and (special := self.written_out(Div(ONE, u))) is not None:
            return special
        if value is not None:
            wrong = self.power_slips(u, value, du)
            if wrong is not None:
                return wrong
            if value < 0:
                v = power(u, exact_number(-value))
                dv = mul(mul(exact_number(-value), power(u, exact_number(-value - 1))), du)
                if self.hit("reciprocal-of-derivative", ONE, v):
                    return div(ONE, dv)
                if value == -1 and self.hit("reciprocal-to-log", ONE, v):
                    return call("ln", u)
                if self.hit("reciprocal-sign", ONE, v):
                    return div(dv, square(v))
        elif self.hit("power-no-coefficient", u, n):
            return mul(power(u, less_one(n)), du)
        chained = self.chain(lambda t: power(t, n), lambda t: mul(n, power(t, less_one(n))), u, du)
        return mul(mul(n, power(u, less_one(n))), du) if chained is None else chained

    def squared_error(self, u: Sub, slope: Tree) -> Tree | None:
        a, b = u.left, u.right
        if self.hit("mse-sign", a, b):
            return mul(mul(TWO, sub(b, a)), slope)
        kept, target = (a, b) if self.depends(a) else (b, a)
        if not self.depends(target) and self.hit("mse-target-dropped", target, kept):
            return mul(mul(TWO, kept), self.d(kept))
        return None

    def exponential(self, a: Tree, v: Tree) -> Tree:
        dv = self.inner(v)
        natural = a == E
        log = ONE if natural else call("ln", a)
        if self.hit("exp-as-power", a, v):
            return mul(mul(v, power(a, less_one(v))), dv)
        if self.hit("power-rule-on-variable-exponent", a, v):
            return mul(v, power(a, less_one(v)))
        if not natural and self.hit("exp-missing-log", a, v):
            return mul(power(a, v), dv)
        chained = self.chain(lambda t: power(a, t), lambda t: mul(power(a, t), log), v, dv)
        return mul(mul(power(a, v), log), dv) if chained is None else chained

    def call(self, name: str, u: Tree, more: Sequence[Tree]) -> Tree:
        if name in ("max", "min"):
            da, db = self.inner(u), self.inner(more[0])
            sign = call("sign", sub(u, more[0]) if name == "max" else sub(more[0], u))
            return div(add(add(da, db), mul(sign, sub(da, db))), TWO)
        du = self.inner(u)
        wrong = self.call_slips(name, u, du)
        if wrong is not None:
            return wrong
        outer = OUTER_DERIVATIVE.get(name) or (lambda t: call(name + "'", t))
        chained = self.chain(lambda t: call(name, t), outer, u, du)
        return mul(outer(u), du) if chained is None else chained

    def call_slips(self, name: str, u: Tree, du: Tree) -> Tree | None:
        if name == "exp" and self.hit("exp-as-power", E, u):
            return mul(mul(u, call("exp", less_one(u))), du)
        if name == "exp" and self.hit("power-rule-on-variable-exponent", E, u):
            return mul(u, call("exp", less_one(u)))
        if name == "ln" and isinstance(u, Add) and self.hit("log-of-sum-split", u):
            return total([div(self.d(part), part) for _, part in terms(u)])
        if name == "sqrt":
            if (split := self.root_split(u, Fraction(1, 2))) is not None:
                return split
            if (slipped := self.power_slips(u, Fraction(1, 2), du)) is not None:
                return slipped
        if name == "sigmoid" and (slipped := self.sigmoid_slips(u, du)) is not None:
            return slipped
        for label, wrong in CALL_SLIPS.get(name, {}).items():
            if self.hit(label, u=u):
                return mul(wrong(u), du)
        return None

    def root_split(self, u: Tree, value: Fraction) -> Tree | None:
        if value != Fraction(1, 2) or not isinstance(u, Add | Sub) or not self.hit("root-of-sum-split", u):
            return None
        return total(self.d(_root(part)) for _, part in terms(u))

    def sigmoid_slips(self, u: Tree, du: Tree) -> Tree | None:
        for label, wrong in SIGMOID_SLIPS.items():
            if self.hit(label, u=u):
                return mul(wrong(call("sigmoid", u)), du)
        if self.hit("sigmoid-derivative-of-activated-value", u):
            return mul(mul(u, sub(ONE, u)), du)
        return None

    def written_out(self, tree: Tree) -> Tree | None:
        """The broken derivative of a sigmoid or tanh written with exponentials; None if no rule is broken here."""
        known = as_activation(tree)
        if known is None:
            return None
        name, (u,) = known.name, known.arguments
        du = self.inner(u)
        slipped = self.call_slips(name, u, du)
        if slipped is not None:
            return slipped
        return self.chain(lambda t: call(name, t), OUTER_DERIVATIVE[name], u, du)

    def softmax(self, u: Tree, v: Tree) -> Tree | None:
        """The broken derivative of e^a/(e^a + e^b + …) with respect to one exponent; None if no rule is broken here."""
        parts = [part for sign, part in terms(v) if sign > 0]
        own = exponent_of_e(u)
        if own is None or len(parts) < 2 or u not in parts or any(exponent_of_e(part) is None for part in parts):
            return None
        share = div(u, v)
        if self.depends(u):
            if self.hit("softmax-denominator-constant", u, v):
                return mul(share, Rules(self.x.name).d(own))
            if self.hit("softmax-numerator-constant", u, v):
                return neg(square(share))
            return None
        others = total(part for part in parts if self.depends(part))
        if self.hit("softmax-diagonal-only", u, v):
            return ZERO
        if self.hit("softmax-diagonal-formula-off-diagonal", u, v):
            return mul(share, sub(ONE, share))
        if self.hit("softmax-off-diagonal-sign", u, v):
            return mul(share, div(others, v))
        return None

    def chain(self, f: Outer, df: Outer, g: Tree, dg: Tree) -> Tree | None:
        """The broken forms of f(g(x))'; None if no rule is broken here."""
        x = self.x
        if isinstance(f(g), FunctionCall) and f(g) != df(g) and self.hit("function-is-its-own-slope", g, f=f(g)):
            return mul(f(g), dg)
        if self.hit("chain-inner-factor-wrong", g, f=f(g)):
            return mul(df(g), x)
        if g == x:
            return None
        if self.hit("chain-no-inner", g, f=f(g)):
            return df(g)
        if self.hit("chain-inner-undifferentiated", g, f=f(g)):
            return mul(df(g), g)
        if self.hit("outer-kept-inner-differentiated", g, f=f(g)):
            return f(dg)
        if self.hit("chain-outer-at-x", g, f=f(g)):
            return mul(df(x), dg)
        if self.hit("chain-at-inner-derivative", g, f=f(g)):
            return df(dg)
        if self.hit("chain-inner-only", g, f=f(g)):
            return dg
        if self.hit("chain-outer-at-x-no-inner", g, f=f(g)):
            return df(x)
        if self.hit("chain-as-product", g, f=f(g)):
            return add(mul(df(x), g), mul(f(x), dg))
        return None


def has_squared_error(tree: Tree) -> bool:
    """Whether the tree contains a squared difference outside functions and exponents."""
    match tree:
        case FunctionCall():
            return False
        case Pow(base, exponent):
            return (exponent == TWO and isinstance(base, Sub)) or has_squared_error(base)
    return any(map(has_squared_error, children(tree)))


def _root(tree: Tree) -> Tree:
    return tree.base if isinstance(tree, Pow) and tree.exponent == TWO else call("sqrt", tree)


def _is_loss(tree: Tree) -> bool:
    return has_squared_error(tree) or isinstance(tree, Add | Sub)
