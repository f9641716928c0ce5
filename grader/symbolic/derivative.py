"""Differentiate a tree by the rules, or with one named rule broken at one place or everywhere.

`derivative(tree, "x")` is right. `broken(tree, "x")` lists what a person would write who breaks one rule: each rule
asks `self.hit(label, ...)` where it could be broken; the first run collects these sites, later runs break one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from kit.symbolic import Tree, to_text

from grader.symbolic.balls import rational

Outer = Callable[[Tree], Tree]
ZERO: Tree = ("num", Fraction(0))
ONE: Tree = ("num", Fraction(1))
TWO: Tree = ("num", Fraction(2))
HALF: Tree = ("/", ONE, TWO)
_EVERYWHERE = -1


class Broken(NamedTuple):
    """What comes out when the rule `label` is broken at one place; `parts` are the texts of what stands there."""

    label: str
    tree: Tree
    parts: dict[str, str]


def derivative(tree: Tree, variable: str) -> Tree:
    """The derivative, lightly tidied; entry by entry for a list."""
    if tree[0] == "list":
        return ("list", *(derivative(part, variable) for part in tree[1:]))
    return _Rules(variable).d(tree)


def resolved(tree: Tree) -> Tree:
    """The tree with every `diff(…, x)` carried out."""
    if tree[0] == "diff":
        return derivative(resolved(tree[1]), tree[2])
    return tuple(resolved(part) if isinstance(part, tuple) else part for part in tree)


def broken(tree: Tree, variable: str, everywhere: bool = False) -> Iterator[Broken]:
    """Every derivative with one rule broken, at one site and, where there are several, at all."""
    rules = _Rules(variable)
    rules.d(tree)
    if names(tree) - {variable}:
        rules.hit("other-variables-not-constant", u=tree)
    numbers: dict[str, int] = {}
    for label, parts in rules.sites:
        number = numbers.get(label, 0)
        numbers[label] = number + 1
        if not everywhere:
            yield Broken(label.split("#")[0], _Rules(variable, label, number).d(tree), parts)
    for label, count in numbers.items():
        if count > 1 or everywhere:
            parts = next(parts for found, parts in rules.sites if found == label)
            yield Broken(label.split("#")[0], _Rules(variable, label, _EVERYWHERE).d(tree), parts)


def names(tree: Tree) -> frozenset[str]:
    """The variables of a tree."""
    if tree[0] == "var":
        return frozenset((tree[1],))
    found: frozenset[str] = frozenset()
    for part in tree[1:]:
        if isinstance(part, tuple):
            found |= names(part)
    return found


# ------------------------------------------------------------------------------------------------- building trees


def add(a: Tree, b: Tree) -> Tree:
    """a + b, without zeros."""
    return b if a == ZERO else a if b == ZERO else ("+", a, b)


def sub(a: Tree, b: Tree) -> Tree:
    """a - b, without zeros."""
    return a if b == ZERO else neg(b) if a == ZERO else ("-", a, b)


def neg(a: Tree) -> Tree:
    """-a, without a double sign."""
    return ZERO if a == ZERO else a[1] if a[0] == "neg" else ("neg", a)


def mul(a: Tree, b: Tree) -> Tree:
    """a * b, without ones; zero if one is zero."""
    if ZERO in (a, b):
        return ZERO
    return b if a == ONE else a if b == ONE else ("*", a, b)


def div(a: Tree, b: Tree) -> Tree:
    """a / b; zero if a is zero."""
    return ZERO if a == ZERO and b != ZERO else a if b == ONE else ("/", a, b)


def power(a: Tree, b: Tree) -> Tree:
    """a ^ b, without an exponent of one."""
    return a if b == ONE else ONE if b == ZERO else ("^", a, b)


def square(a: Tree) -> Tree:
    """a ^ 2."""
    return ("^", a, TWO)


def call(name: str, *parts: Tree) -> Tree:
    """name(parts)."""
    return ("call", name, *parts)


def _less(n: Tree, by: int = 1) -> Tree:
    value = rational(n)
    return sub(n, ("num", Fraction(by))) if value is None else number(value - by)


def number(value: Fraction) -> Tree:
    """An exact rational as it would be typed."""
    if value < 0:
        return ("neg", number(-value))
    whole = ("num", Fraction(value.numerator))
    return whole if value.denominator == 1 else ("/", whole, ("num", Fraction(value.denominator)))


def terms(tree: Tree, sign: int = 1) -> list[tuple[int, Tree]]:
    """The terms of a sum with their signs, in order."""
    if tree[0] == "+" or tree[0] == "-":
        return terms(tree[1], sign) + terms(tree[2], sign if tree[0] == "+" else -sign)
    return [(sign, tree)]


def factors(tree: Tree) -> list[Tree]:
    """The factors of a product, in order."""
    return factors(tree[1]) + factors(tree[2]) if tree[0] == "*" else [tree]


def product(parts: list[Tree]) -> Tree:
    """The product of factors; one if there are none."""
    tree = ONE
    for part in parts:
        tree = mul(tree, part)
    return tree


# ------------------------------------------------------------------------------------------------------- the rules


class _Rules:
    def __init__(self, variable: str, wrong: str = "", site: int = 0) -> None:
        self.x: Tree = ("var", variable)
        self.wrong, self.site, self.count = wrong, site, 0
        self.sites: list[tuple[str, dict[str, str]]] = []

    def hit(self, label: str, **parts: Tree) -> bool:
        """Whether the rule `label` is broken here."""
        if not self.wrong:
            self.sites.append((label, {name: to_text(part) for name, part in parts.items()}))
            return False
        if label != self.wrong:
            return False
        self.count += 1
        return self.site in (_EVERYWHERE, self.count - 1)

    def depends(self, tree: Tree) -> bool:
        if self.wrong == "other-variables-not-constant":
            return bool(names(tree))
        return self.x[1] in names(tree)

    def d(self, tree: Tree) -> Tree:
        """The derivative of a tree."""
        kind = tree[0]
        if kind == "diff":
            return self.d(resolved(tree))
        if kind == "+" or kind == "-":
            return self.sum(tree)
        if not self.depends(tree):
            return ZERO
        if kind == "var":
            return tree if self.hit("derivative-of-variable-is-itself", u=tree) else ONE
        if kind == "neg":
            inner = self.d(tree[1])
            return inner if self.hit("lost-minus-term", u=tree[1]) else neg(inner)
        if kind == "*":
            return self.product(tree)
        if kind == "/":
            return self.quotient(tree[1], tree[2])
        if kind == "^":
            return self.power(tree[1], tree[2])
        return self.call(tree[1], tree[2], tree[3:])

    def sum(self, tree: Tree) -> Tree:
        total = ZERO
        parts = terms(tree)
        for place, (sign, term) in enumerate(parts):
            if self.depends(term):
                slope = self.d(term)
                if self.hit("sum-term-dropped", u=term):
                    continue
                if self.hit("not-differentiated-term", u=term):
                    slope = term
                if place and sign < 0 and self.hit("sign-between-terms", u=term):
                    sign = 1
            else:
                slope = ZERO
                if self.hit("constant-kept", u=term):
                    slope = term
                elif names(term) and self.hit("other-variable-term-differentiated", u=term):
                    for name in sorted(names(term)):
                        slope = add(slope, derivative(term, name))
            total = add(total, slope) if sign > 0 else sub(total, slope)
        return total

    def product(self, tree: Tree) -> Tree:
        parts = factors(tree)
        signs = sum(part[0] == "neg" and not self.depends(part) for part in parts)
        plain = [part for part in parts if not names(part)]
        others = [part for part in parts if names(part) and not self.depends(part)]
        moving = [part for part in parts if self.depends(part)]
        slope = self.moving(moving, product(plain + others))
        if slope is None:
            return self._as_sum
        if plain and self.hit("coefficient-dropped", u=product(plain), v=product(moving)):
            plain = []
        if plain and self.mean(plain, product(moving)):
            plain = []
        if others and self.hit("other-variable-factor-dropped", u=product(others), v=product(moving)):
            others = []
        if (plain or others) and self.hit(
            "constant-factor-differentiated", u=product(plain + others), v=product(moving)
        ):
            return ZERO
        if signs and self.hit("lost-minus-term", u=tree):
            plain = [part[1] if part[0] == "neg" else part for part in plain]
        return mul(product(plain + others), slope)

    def mean(self, plain: list[Tree], u: Tree) -> bool:
        value = rational(product(plain))
        counted = value is not None and value.numerator == 1 and value.denominator > 1 and _is_loss(u)
        return counted and self.hit("mean-factor-dropped", u=u)

    def moving(self, parts: list[Tree], constant: Tree) -> Tree | None:
        """The derivative of a product of factors that all hold the variable."""
        if len(parts) == 1:
            return self.d(parts[0])
        u, v = parts[0], product(parts[1:])
        du, dv = self.d(u), self.moving(parts[1:], ONE) or ZERO
        here = {"u": u, "v": v}
        if self.hit("product-of-derivatives", **here):
            return mul(du, dv)
        if self.hit("product-same-pair", **here):
            return add(mul(du, u), mul(dv, v))
        if self.hit("product-minus", **here):
            return sub(mul(du, v), mul(u, dv))
        if self.hit("product-minus#2", **here):
            return sub(mul(u, dv), mul(du, v))
        if self.hit("product-first-term-only", **here):
            return mul(du, v)
        if self.hit("product-second-term-only", **here):
            return mul(u, dv)
        if self.hit("product-as-sum", **here):
            return add(du, dv)
        if constant != ONE and self.hit("product-as-sum#2", **here):
            self._as_sum = add(mul(constant, du), dv)
            return None
        if names(u) - {self.x[1]} and self.hit("other-variable-factor-constant", **here):
            return mul(u, dv)
        if names(v) - {self.x[1]} and self.hit("other-variable-factor-constant#2", u=v, v=u):
            return mul(du, v)
        return add(mul(du, v), mul(u, dv))

    _as_sum: Tree = ZERO

    def quotient(self, u: Tree, v: Tree) -> Tree:
        if not self.depends(v):
            return self.over_constant(u, v)
        special = self.sigmoid_written_out(u, v) or self.softmax(u, v)
        if special is not None:
            return special
        du, dv = self.d(u), self.d(v)
        here = {"u": u, "v": v}
        if self.depends(u):
            if self.hit("quotient-of-derivatives", **here):
                return div(du, dv)
            if self.hit("quotient-denominator-u-squared", **here):
                return div(sub(mul(du, v), mul(u, dv)), square(u))
            if self.hit("quotient-plus", **here):
                return div(add(mul(du, v), mul(u, dv)), square(v))
        if self.hit("quotient-denominator-not-squared", **here):
            return div(sub(mul(du, v), mul(u, dv)), v)
        if self.hit("quotient-no-denominator", **here):
            return sub(mul(du, v), mul(u, dv))
        if self.hit("quotient-order", **here):
            return div(sub(mul(u, dv), mul(du, v)), square(v))
        if self.depends(u):
            return div(sub(mul(du, v), mul(u, dv)), square(v))
        return self.reciprocal(u, v, dv)

    def reciprocal(self, c: Tree, v: Tree, dv: Tree) -> Tree:
        here = {"u": c, "v": v}
        if self.hit("reciprocal-of-derivative", **here):
            return div(c, dv)
        if self.hit("reciprocal-to-log", **here):
            return mul(c, call("ln", v))
        if self.hit("reciprocal-sign", **here):
            return div(mul(c, dv), square(v))
        base, n = (v[1], rational(v[2])) if v[0] == "^" else (v, Fraction(1))
        if n is not None:
            slope = self.d(base) if base is not v else dv
            wrong = self.power_slips(base, -n, slope)
            if wrong is not None:
                return mul(c, wrong)
        chained = self.chain(lambda t: div(c, t), lambda t: neg(div(c, square(t))), v, dv)
        return neg(div(mul(c, dv), square(v))) if chained is None else chained

    def over_constant(self, u: Tree, v: Tree) -> Tree:
        du = self.d(u)
        base = v[0] == "call" and v[1] == "ln" and not names(v)
        if base and u[0] == "call" and u[1] == "ln" and self.hit("log-base-missing", u=u[2], v=v[2]):
            return du
        if not names(v) and not base and self.hit("coefficient-dropped", u=div(ONE, v), v=u):
            return du
        if _is_loss(u) and self.hit("mean-factor-dropped", u=u):
            return du
        if names(v) and self.hit("other-variable-factor-dropped", u=v, v=u):
            return du
        if self.hit("constant-factor-differentiated", u=div(ONE, v), v=u):
            return ZERO
        return div(du, v)

    def power_slips(self, u: Tree, n: Fraction, du: Tree) -> Tree | None:
        here = {"u": u, "v": number(n)}
        if self.hit("power-no-coefficient", **here):
            return mul(power(u, number(n - 1)), du)
        if self.hit("power-exponent-kept", **here):
            return mul(mul(number(n), power(u, number(n))), du)
        if self.hit("power-exponent-up", **here):
            return mul(mul(number(n), power(u, number(n + 1))), du)
        return None

    def power(self, u: Tree, n: Tree) -> Tree:
        if not self.depends(n):
            return self.fixed_power(u, n)
        if not self.depends(u):
            return self.exponential(u, n)
        du, dn = self.d(u), self.d(n)
        here = {"u": u, "v": n}
        if self.hit("power-rule-on-variable-exponent", **here):
            return mul(mul(n, power(u, _less(n))), du)
        if self.hit("exp-rule-on-variable-base", **here):
            return mul(power(u, n), call("ln", u))
        if dn != ONE and self.hit("exp-rule-on-variable-base#2", **here):
            return mul(mul(power(u, n), call("ln", u)), dn)
        return mul(power(u, n), add(mul(dn, call("ln", u)), div(mul(n, du), u)))

    def fixed_power(self, u: Tree, n: Tree) -> Tree:
        du, value = self.d(u), rational(n)
        if value == 2 and u[0] == "-":
            wrong = self.squared_error(u, du)
            if wrong is not None:
                return wrong
        if value is not None and value.denominator == 2 and (split := self.root_split(u, value)) is not None:
            return split
        if value is not None:
            wrong = self.power_slips(u, value, du)
            if wrong is not None:
                return wrong
            if value < 0:
                v = power(u, number(-value))
                dv = mul(mul(number(-value), power(u, number(-value - 1))), du)
                if self.hit("reciprocal-of-derivative", u=ONE, v=v):
                    return div(ONE, dv)
                if value == -1 and self.hit("reciprocal-to-log", u=ONE, v=v):
                    return call("ln", u)
                if self.hit("reciprocal-sign", u=ONE, v=v):
                    return div(dv, square(v))
        elif self.hit("power-no-coefficient", u=u, v=n):
            return mul(power(u, _less(n)), du)
        chained = self.chain(lambda t: power(t, n), lambda t: mul(n, power(t, _less(n))), u, du)
        return mul(mul(n, power(u, _less(n))), du) if chained is None else chained

    def squared_error(self, u: Tree, slope: Tree) -> Tree | None:
        a, b = u[1], u[2]
        if self.hit("mse-sign", u=a, v=b):
            return mul(mul(TWO, sub(b, a)), slope)
        kept, target = (a, b) if self.depends(a) else (b, a)
        if not self.depends(target) and self.hit("mse-target-dropped", u=target, v=kept):
            return mul(mul(TWO, kept), self.d(kept))
        return None

    def exponential(self, a: Tree, v: Tree) -> Tree:
        dv, here = self.d(v), {"u": a, "v": v}
        natural = a == ("const", "e")
        log = ONE if natural else call("ln", a)
        if self.hit("exp-as-power", **here):
            return mul(mul(v, power(a, _less(v))), dv)
        if self.hit("power-rule-on-variable-exponent", **here):
            return mul(v, power(a, _less(v)))
        if not natural and self.hit("exp-missing-log", **here):
            return mul(power(a, v), dv)
        chained = self.chain(lambda t: power(a, t), lambda t: mul(power(a, t), log), v, dv)
        return mul(mul(power(a, v), log), dv) if chained is None else chained

    def call(self, name: str, u: Tree, more: tuple[Tree, ...]) -> Tree:
        if name in ("max", "min"):
            da, db = self.d(u), self.d(more[0])
            sign = call("sign", sub(u, more[0]) if name == "max" else sub(more[0], u))
            return div(add(add(da, db), mul(sign, sub(da, db))), TWO)
        du = self.d(u)
        wrong = self.call_slips(name, u, du)
        if wrong is not None:
            return wrong
        outer = OUTER.get(name) or (lambda t: call(name + "'", t))
        chained = self.chain(lambda t: call(name, t), outer, u, du)
        return mul(outer(u), du) if chained is None else chained

    def call_slips(self, name: str, u: Tree, du: Tree) -> Tree | None:
        if name == "exp" and self.hit("exp-as-power", u=("const", "e"), v=u):
            return mul(mul(u, call("exp", _less(u))), du)
        if name == "exp" and self.hit("power-rule-on-variable-exponent", u=("const", "e"), v=u):
            return mul(u, call("exp", _less(u)))
        if name == "ln" and u[0] == "+" and self.hit("log-of-sum-split", u=u):
            return _sum([div(self.d(part), part) for _, part in terms(u)])
        if name == "sqrt":
            if (split := self.root_split(u, Fraction(1, 2))) is not None:
                return split
            if (slipped := self.power_slips(u, Fraction(1, 2), du)) is not None:
                return slipped
        if name == "sigmoid" and (slipped := self.sigmoid_slips(u, du)) is not None:
            return slipped
        for label, wrong in SLIPS.get(name, {}).items():
            if self.hit(label, u=u):
                return mul(wrong(u), du)
        return None

    def root_split(self, u: Tree, value: Fraction) -> Tree | None:
        if value != Fraction(1, 2) or u[0] not in ("+", "-") or not self.hit("root-of-sum-split", u=u):
            return None
        return _sum(
            [self.d(part[1] if part[0] == "^" and part[2] == TWO else call("sqrt", part)) for _, part in terms(u)]
        )

    def sigmoid_slips(self, u: Tree, du: Tree) -> Tree | None:
        for label, wrong in SIGMOID_SLIPS.items():
            if self.hit(label, u=u):
                return mul(wrong(call("sigmoid", u)), du)
        if self.hit("sigmoid-derivative-of-activated-value", u=u):
            return mul(mul(u, sub(ONE, u)), du)
        return None

    def sigmoid_written_out(self, u: Tree, v: Tree) -> Tree | None:
        if u != ONE or v[0] != "+" or ONE not in v[1:]:
            return None
        power_of_e = v[2] if v[1] == ONE else v[1]
        exponent = _exponent(power_of_e)
        if exponent is None or exponent[0] != "neg":
            return None
        return self.sigmoid_slips(exponent[1], self.d(exponent[1]))

    def softmax(self, u: Tree, v: Tree) -> Tree | None:
        """e^a/(e^a + e^b + …), by one of the exponents."""
        parts = [part for sign, part in terms(v) if sign > 0]
        if _exponent(u) is None or len(parts) < 2 or u not in parts or any(_exponent(part) is None for part in parts):
            return None
        own, share = self.depends(u), div(u, v)
        if own:
            if self.hit("softmax-denominator-constant", u=u, v=v):
                return mul(share, derivative(_exponent(u) or u, self.x[1]))
            if self.hit("softmax-numerator-constant", u=u, v=v):
                return neg(square(share))
            return None
        others = _sum([part for part in parts if self.depends(part)])
        if self.hit("softmax-diagonal-only", u=u, v=v):
            return ZERO
        if self.hit("softmax-diagonal-formula-off-diagonal", u=u, v=v):
            return mul(share, sub(ONE, share))
        if self.hit("softmax-off-diagonal-sign", u=u, v=v):
            return mul(share, div(others, v))
        return None

    def chain(self, f: Outer, df: Outer, g: Tree, dg: Tree) -> Tree | None:
        """The broken forms of f(g(x))' ; None if the rule is kept."""
        here = {"u": g, "f": f(g)}
        x = self.x
        if self.hit("chain-inner-factor-wrong", **here):
            return mul(df(g), x)
        if g == x:
            return None
        if self.hit("chain-no-inner", **here):
            return df(g)
        if self.hit("chain-inner-undifferentiated", **here):
            return mul(df(g), g)
        if self.hit("outer-kept-inner-differentiated", **here):
            return f(dg)
        if self.hit("chain-outer-at-x", **here):
            return mul(df(x), dg)
        if self.hit("chain-at-inner-derivative", **here):
            return df(dg)
        if self.hit("chain-inner-only", **here):
            return dg
        if self.hit("chain-outer-at-x-no-inner", **here):
            return df(x)
        if self.hit("chain-as-product", **here):
            return add(mul(df(x), g), mul(f(x), dg))
        return None


def _sum(parts: list[Tree]) -> Tree:
    total = ZERO
    for part in parts:
        total = add(total, part)
    return total


def _exponent(tree: Tree) -> Tree | None:
    """The a of e^a or exp(a)."""
    if tree[0] == "^" and tree[1] == ("const", "e"):
        return tuple(tree[2])
    return tuple(tree[2]) if tree[:2] == ("call", "exp") else None


def has_squared_error(tree: Tree) -> bool:
    """Whether a squared difference stands in the tree."""
    if tree[0] == "^" and tree[2] == TWO and tree[1][0] == "-":
        return True
    return any(has_squared_error(part) for part in tree[1:] if isinstance(part, tuple))


def _is_loss(tree: Tree) -> bool:
    return has_squared_error(tree) or tree[0] in ("+", "-")


OUTER: dict[str, Outer] = {
    "exp": lambda u: call("exp", u),
    "ln": lambda u: div(ONE, u),
    "sqrt": lambda u: div(ONE, mul(TWO, call("sqrt", u))),
    "cbrt": lambda u: div(ONE, mul(("num", Fraction(3)), square(call("cbrt", u)))),
    "abs": lambda u: div(u, call("abs", u)),
    "sign": lambda u: ZERO,
    "sin": lambda u: call("cos", u),
    "cos": lambda u: neg(call("sin", u)),
    "tan": lambda u: add(ONE, square(call("tan", u))),
    "sec": lambda u: mul(call("sec", u), call("tan", u)),
    "csc": lambda u: neg(mul(call("csc", u), call("cot", u))),
    "cot": lambda u: neg(square(call("csc", u))),
    "sinh": lambda u: call("cosh", u),
    "cosh": lambda u: call("sinh", u),
    "tanh": lambda u: sub(ONE, square(call("tanh", u))),
    "sech": lambda u: neg(mul(call("sech", u), call("tanh", u))),
    "csch": lambda u: neg(mul(call("csch", u), call("coth", u))),
    "coth": lambda u: neg(square(call("csch", u))),
    "asin": lambda u: div(ONE, call("sqrt", sub(ONE, square(u)))),
    "acos": lambda u: neg(div(ONE, call("sqrt", sub(ONE, square(u))))),
    "atan": lambda u: div(ONE, add(ONE, square(u))),
    "asinh": lambda u: div(ONE, call("sqrt", add(ONE, square(u)))),
    "acosh": lambda u: div(ONE, call("sqrt", sub(square(u), ONE))),
    "atanh": lambda u: div(ONE, sub(ONE, square(u))),
    "sigmoid": lambda u: mul(call("sigmoid", u), sub(ONE, call("sigmoid", u))),
    "softplus": lambda u: call("sigmoid", u),
    "swish": lambda u: add(call("sigmoid", u), mul(call("swish", u), sub(ONE, call("sigmoid", u)))),
    "relu": lambda u: div(add(ONE, call("sign", u)), TWO),
    "erf": lambda u: mul(div(TWO, call("sqrt", ("const", "pi"))), call("exp", neg(square(u)))),
}
SLIPS: dict[str, dict[str, Outer]] = {
    "ln": {"log-to-one-over-log": lambda u: div(ONE, call("ln", u)), "log-derivative-flipped": lambda u: u},
    "cos": {"sign-cos": lambda u: call("sin", u)},
    "sin": {"sign-sin": lambda u: neg(call("cos", u))},
    "tan": {"tan-as-sec": lambda u: call("sec", u)},
    "tanh": {
        "tanh-no-square": lambda u: sub(ONE, call("tanh", u)),
        "tanh-plus": lambda u: add(ONE, square(call("tanh", u))),
        "tanh-as-sigmoid": lambda u: mul(call("tanh", u), sub(ONE, call("tanh", u))),
        "tanh-derivative-of-activated-value": lambda u: sub(ONE, square(u)),
    },
    "asin": {
        "inverse-trig-as-reciprocal": lambda u: neg(div(call("cos", u), square(call("sin", u)))),
        "inverse-trig-sign": lambda u: div(ONE, call("sqrt", add(ONE, square(u)))),
    },
    "acos": {
        "inverse-trig-as-reciprocal": lambda u: div(call("sin", u), square(call("cos", u))),
        "inverse-trig-sign": lambda u: neg(div(ONE, call("sqrt", add(ONE, square(u))))),
    },
    "atan": {
        "inverse-trig-as-reciprocal": lambda u: neg(div(ONE, square(call("sin", u)))),
        "inverse-trig-sign": lambda u: div(ONE, sub(ONE, square(u))),
    },
    "abs": {"abs-ignored": lambda u: ONE},
}
SIGMOID_SLIPS: dict[str, Outer] = {
    "sigmoid-s-times-one-plus-s": lambda s: mul(s, add(ONE, s)),
    "sigmoid-one-minus-s": lambda s: sub(ONE, s),
    "sigmoid-s-squared": square,
    "sigmoid-s-times-one-minus-s-squared": lambda s: mul(s, sub(ONE, square(s))),
    "sigmoid-as-tanh": lambda s: sub(ONE, square(s)),
}
