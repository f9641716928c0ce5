"""Hidden tests of `u2_derivative_rules`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. The functions handed in are black boxes of this
side, and their slopes are deliberately *not* their slopes: so it shows whether the given ones are used. Inputs are
drawn from `grader.testing.inputs`, so that they hold both signs, zero, ties and all sizes. The learner's Dual of the
first unit is never asked to calculate: an early slip costs once.
"""

import itertools
import math

import numpy as np
import pytest
from kit import variant

from grader.testing import (
    Handle,
    Hint,
    Missing,
    Recognised,
    StudentError,
    Undecided,
    answer,
    array,
    axes,
    choices,
    curves,
    inline,
    inputs,
    kind_of,
    letter,
    listed,
    number,
    symbolic,
)

POSITIVE = {"x": (0.1, 9)}


def at(found, x, *, what):
    """What the function that came back gives at x."""
    if isinstance(found, Handle) and found.is_callable:
        return found.apply(x)
    if callable(found):  # one of the functions that were handed in
        return found(x)
    raise Hint(f"{what} should give back a function of x. Is the `return` of its last line there?")


def all_at(student, found, places, *, what):
    """What each of the functions that came back gives at its place. The last one is asked first."""
    if not all(isinstance(f, Handle) and f.is_callable for f in found):
        return [at(f, x, what=what) for f, x in zip(found, places, strict=True)]
    return student.in_turn(*reversed(list(zip(found, places, strict=True))))[::-1]


# ------------------------------------------------------------------------------------------- poly_derivative

POLYNOMIALS = choices(__file__)["POLYNOMIALS"]
COEFFICIENTS = [
    *([*inputs.numbers(201 + size, size)] for size in (3, 5, 8, 12)),
    [7.5, -2.0],
    [2.5, 2.5, 2.5, -2.5],
    inputs.magnitudes(202, 6),
]


def derived(c):
    return [k * c[k] for k in range(1, len(c))] or [0]


@pytest.mark.task("poly_derivative", weight=2)
def test_every_term_by_the_power_rule(student):
    """Each coefficient of the slope comes from one term of the polynomial, by the power rule; two may be equal."""
    array(student.poly_derivative([4.0, -1.5, 0.25]), [-1.5, 0.5], what="poly_derivative")
    found = student.eval("[poly_derivative(c) for c in cs]", cs=COEFFICIENTS)  # all of them are alive together
    for got, c in zip(listed(found, len(COEFFICIENTS)), COEFFICIENTS, strict=True):
        array(got, derived(c), what="poly_derivative", abs=0)


@pytest.mark.task("poly_derivative")
def test_a_constant_has_the_zero_polynomial(student):
    """The slope of a constant is the polynomial [0]."""
    found = student.in_turn(*(("poly_derivative", c) for c in ([3.0, 2.0, 6.5], [4.5], [-2], [0])))
    array(found[0], [2, 13])  # else "[0], always" would earn this
    for got in found[1:]:
        array(got, [0], what="poly_derivative of a constant")


@pytest.mark.task("poly_derivative")
def test_zeros_stay_in_their_places(student):
    """A coefficient that is 0 keeps its place, also the last one, and also where all are 0."""
    given = ([2.0, 0.0, 0.0, 5.0, 0.0], [0.0, 0.0, 7.0], [0.0, 0.0, 0.0], [3, 0])
    found = student.in_turn(*(("poly_derivative", c) for c in given))
    for got, expected in zip(found, ([0, 0, 15, 0], [0, 14], [0, 0], [0]), strict=True):
        array(got, expected, what="poly_derivative")


@pytest.mark.task("poly_derivative")
def test_a_list_for_a_list_a_tuple_and_an_array(student):
    """The coefficients may come as a list, a tuple or an array; a list is given back."""
    given = [[2.0, -3.0, 5.0], (4.0, 1.5, -2.0, 3.0), np.array([6.0, 2.0, -7.0])]
    for c, got in zip(given, student.in_turn(*(("poly_derivative", c) for c in given)), strict=True):
        listed(got, len(c) - 1, what="poly_derivative")
        array(got, derived(c))
        if not isinstance(got, list):
            raise Hint("poly_derivative should give back a list. (`list(...)` makes one of a tuple or an array.)")


@pytest.mark.task("poly_derivative")
def test_the_coefficients_stay_as_they_were(student):
    """The list that poly_derivative is given is the same afterwards."""
    got, after = student.eval("(lambda c: [poly_derivative(c), c])([3.0, -2.0, 4.0, 6.0])")
    assert after == [3.0, -2.0, 4.0, 6.0]
    array(got, derived(after))


@pytest.mark.task("poly_derivative")
def test_square_and_cube_on_paper(student):
    """d_square and d_cube: the eps parts of the powers of x + eps."""
    symbolic(student, "d_square", "2x", ["x"], question="x^2", variable="x", form="no derivative")
    symbolic(student, "d_cube", "3x^2", ["x"], question="x^3", variable="x", form="no derivative")


@pytest.mark.task("poly_derivative")
def test_reciprocal_and_root_on_paper(student):
    """d_reciprocal and d_root: found by what dividing, and what a root, means."""
    wrong = {
        "1/sqrt(x)": "d_root: multiply out (r + s*eps)^2 once more. How often does r*s*eps come up?",
        "sqrt(x)/2": "d_root: 1/2*sqrt(x) is half of the root. If the root belongs below, what needs brackets?",
    }
    symbolic(student, "d_reciprocal", "-1/x^2", ["x"], question="1/x", variable="x", form="no derivative")
    symbolic(
        student,
        "d_root",
        "1/(2 sqrt(x))",
        ["x"],
        domain=POSITIVE,
        question="sqrt(x)",
        variable="x",
        wrong=wrong,
        form="no derivative",
    )


@pytest.mark.task("poly_derivative")
def test_your_own_polynomial_on_paper(student):
    """my_derivative: the slope of your own polynomial."""
    c = variant("poly_derivative", POLYNOMIALS, student=student.id)["c"]
    text = " + ".join(f"({k * a})*x^{k - 1}" for k, a in enumerate(c) if k)
    wrong = {
        f"({c[0]}) + {text}": "my_derivative: what does the constant term add to the change?",
        " + ".join(f"({a})*x^{k - 1}" for k, a in enumerate(c) if k): "my_derivative: the powers came down by one. "
        "What else does the power rule do with the exponent?",
        f"x*({text})": "my_derivative: x^k brings down k. Which power of x is left?",
    }
    asked = " + ".join(f"({a})*x^{k}" for k, a in enumerate(c))
    symbolic(student, "my_derivative", text, ["x"], question=asked, variable="x", wrong=wrong, form="no derivative")


# ---------------------------------------------------------------------------------------------- product_rule

PRODUCTS = choices(__file__)["PRODUCTS"]


def sides(seed, *, below=False):
    """[(f, df, g, dg)]: functions that have nothing to do with one another, of every sign; `below`: g is never 0."""
    ones = inputs.functions(seed, 5)
    others = inputs.functions(seed + 1, 3 if below else 5, nonzero=below)
    return [(*pair, *others[(place + turn) % len(others)]) for turn in (0, 1) for place, pair in enumerate(ones)]


def slopes_of(student, name, fours, places):
    """What `name(f, df, g, dg)` says at each place. All are made before any is used, and used in another order."""
    made = student.in_turn(*((name, *four) for four in fours))
    return all_at(student, made, places, what=name)


def with_itself(student, name, f, df, places):
    """What `name(f, df, f, df)` says, where both sides are one and the same object."""
    made = student.eval(f"{name}(f, df, f, df)", f=f, df=df)
    return all_at(student, [made] * len(places), places, what=name)


def on_its_own_array(student, name, x):
    """The result, and x afterwards, where both functions return the very array that they are given."""
    same, two, three = (student.function(source) for source in ("x", "2.0", "3.0"))
    source = f"(lambda slope, x: [slope(x), x])({name}(f, df, f, dg), x)"
    return listed(student.eval(source, f=same, df=two, dg=three, x=x), 2)


PLACES = inputs.numbers(211, 10, low=-2, high=2)


@pytest.mark.task("product_rule", weight=3)
def test_two_strips_with_the_given_slopes(student):
    """The slope of a product is made of two strips, from the four functions that are given; sides may be 0 or below."""
    fours = sides(212)
    found = slopes_of(student, "dproduct", fours, PLACES)
    for got, (f, df, g, dg), x in zip(found, fours, PLACES, strict=True):
        number(got, df(x) * g(x) + f(x) * dg(x), what="dproduct(f, df, g, dg)(x)")


@pytest.mark.task("product_rule")
def test_the_same_function_twice(student):
    """The square of a function is a product, too."""
    f, df = inputs.functions(213, 2)[1]
    for got, x in zip(with_itself(student, "dproduct", f, df, (0.8, -1.4)), (0.8, -1.4), strict=True):
        number(got, 2 * f(x) * df(x))


@pytest.mark.task("product_rule")
def test_a_product_of_arrays(student):
    """An array goes in and stays as it was, an array of the same shape comes out; a side may stay a plain number."""
    f, df, g, dg = sides(214)[2]
    fours = [(f, df, g, dg), (f, df, g, dg), (lambda x: 4.0, lambda x: 0.0, g, dg)]
    places = [inputs.array(215, (2, 3)), inputs.whole_array(216, (4,)), inputs.array(217, (3,))]
    found = slopes_of(student, "dproduct", fours, places)
    for got, (f, df, g, dg), x in zip(found, fours, places, strict=True):
        array(got, df(x) * g(x) + f(x) * dg(x))
    got, after = on_its_own_array(student, "dproduct", places[0])
    if not np.array_equal(after, places[0]):
        raise Hint("dproduct: the array x holds something else afterwards. Calculate in a new one.")
    array(got, 5 * places[0])


@pytest.mark.task("product_rule", weight=2)
def test_your_own_product_on_paper(student):
    """my_product: the slope of your own product."""
    own = variant("product_rule", PRODUCTS, student=student.id)
    n, c = own["n"], own["c"]
    right = f"{n}*x^{n - 1}*(sqrt(x) + {c}) + x^{n}/(2 sqrt(x))"
    wrong = {
        f"{n}*x^{n - 1}/(2 sqrt(x))": "my_product: draw the rectangle: which strips grow?",
        f"{n}*x^{n - 1}*(sqrt(x) + {c})": "my_product: that is one strip. The other side grows as well.",
        f"x^{n}/(2 sqrt(x))": "my_product: that is one strip. The other side grows as well.",
        f"{n}*x^{n - 1} + 1/(2 sqrt(x))": "my_product: you added the speeds of the sides. How long is each strip?",
    }
    symbolic(
        student,
        "my_product",
        right,
        ["x"],
        domain=POSITIVE,
        question=f"x^{n}*(sqrt(x) + {c})",
        variable="x",
        wrong=wrong,
        form="no derivative",
    )


# --------------------------------------------------------------------------------------------- quotient_rule

QUOTIENTS = choices(__file__)["QUOTIENTS"]


@pytest.mark.task("quotient_rule", weight=3)
def test_a_quotient_with_the_given_slopes(student):
    """The slope of a quotient, from the four functions that are given; what is below may be negative."""
    fours = sides(221, below=True)
    found = slopes_of(student, "dquotient", fours, PLACES)
    for got, (f, df, g, dg), x in zip(found, fours, PLACES, strict=True):
        number(got, (df(x) * g(x) - f(x) * dg(x)) / g(x) ** 2, what="dquotient(f, df, g, dg)(x)")


@pytest.mark.task("quotient_rule")
def test_where_one_part_stands_still(student):
    """What is below stands still; what is above is 0 for a moment; what is above stands still."""
    (f, df), (g, dg) = inputs.functions(222, 1)[0], inputs.functions(223, 2, nonzero=True)[1]
    still = at(student.dquotient(f, df, g, lambda x: 0.0), 1.6, what="dquotient")
    empty = at(student.dquotient(lambda x: 0.0, df, g, dg), 1.6, what="dquotient")
    above = at(student.dquotient(lambda x: 3.0, lambda x: 0.0, g, dg), 1.6, what="dquotient")
    number(still, df(1.6) / g(1.6))
    number(empty, df(1.6) / g(1.6))
    number(above, -3 * dg(1.6) / g(1.6) ** 2)


@pytest.mark.task("quotient_rule")
def test_a_function_divided_by_itself(student):
    """A function divided by itself is 1, and that has the slope 0; by its negative twin it is -1."""
    (f, df), (g, dg) = inputs.functions(224, 3)[2], inputs.functions(225, 2, nonzero=True)[1]
    other = at(student.dquotient(f, df, g, dg), 0.7, what="dquotient")
    same = with_itself(student, "dquotient", g, dg, (0.7, -1.2))
    twin = at(student.dquotient(lambda x: -g(x), lambda x: -dg(x), g, dg), 0.7, what="dquotient")
    number(other, (df(0.7) * g(0.7) - f(0.7) * dg(0.7)) / g(0.7) ** 2)  # else "0, always" would earn this
    for got in (*same, twin):
        number(got, 0)


@pytest.mark.task("quotient_rule")
def test_a_quotient_of_arrays(student):
    """An array goes in and stays as it was, an array of the same shape comes out; a part may stay a plain number."""
    (f, df), (g, dg) = inputs.functions(226, 3)[2], inputs.functions(227, 2, nonzero=True)[1]
    fours = [(f, df, g, dg), (f, df, g, dg), (f, df, lambda x: -2.0, lambda x: 0.0)]
    places = [inputs.array(228, (3, 2)), inputs.whole_array(229, (4,)), inputs.array(230, (3,))]
    found = slopes_of(student, "dquotient", fours, places)
    for got, (f, df, g, dg), x in zip(found, fours, places, strict=True):
        array(got, (df(x) * g(x) - f(x) * dg(x)) / g(x) ** 2)
    x = inputs.array(231, (5,), low=0.5, high=3, zero=False)
    got, after = on_its_own_array(student, "dquotient", x)
    if not np.array_equal(after, x):
        raise Hint("dquotient: the array x holds something else afterwards. Calculate in a new one.")
    array(got, -1 / x)


@pytest.mark.task("quotient_rule")
def test_dq_on_paper(student):
    """dq_by_hand: the product rule, solved for the quotient's own slope."""
    wrong = {
        "(df + q*dg)/g": "dq_by_hand: q*dg goes to the other side. With which sign?",
        "df/g - q*dg": "dq_by_hand: divide *everything* on the other side by g.",
        "df - q*dg": "dq_by_hand: what stands in front of dq? Divide by it.",
        "df/dg": "dq_by_hand: dq*g + q*dg = df has two terms on the left. What became of q*dg?",
    }
    letters = ["df", "dg", "q", "g"]
    symbolic(student, "dq_by_hand", "(df - q*dg)/g", letters, wrong=wrong, form="in terms of df, dg, q, g")


@pytest.mark.task("quotient_rule", weight=2)
def test_your_own_quotient_on_paper(student):
    """my_quotient: the slope of your own quotient."""
    own = variant("quotient_rule", QUOTIENTS, student=student.id)
    a, b, c = own["a"], own["b"], own["c"]
    top, bottom = f"({a}x + {b})", f"(x^2 + {c})"
    wrong = {
        f"{a}/(2x)": "my_quotient: the slope of a quotient is no quotient of slopes. Start from q*g = f.",
        f"({top}*2x - {a}*{bottom})/{bottom}^2": "my_quotient: let only the part below grow. Must the quotient shrink?",
        f"({a}*{bottom} - {top}*2x)/{bottom}": "my_quotient: check with 1 above. What is below is squared.",
        f"({a}*{bottom} + {top}*2x)/{bottom}^2": "my_quotient: let only the part below grow. Must the quotient shrink?",
    }
    symbolic(
        student,
        "my_quotient",
        f"({a}*{bottom} - {top}*2x)/{bottom}^2",
        ["x"],
        question=f"{top}/{bottom}",
        variable="x",
        wrong=wrong,
        form="no derivative",
    )


# ---------------------------------------------------------------------------------------------- exp_by_steps

BASES = choices(__file__)["BASES"]


def grown(x, n):
    y = 1.0
    for _ in range(n):
        y += y * (x / n)
    return y


@pytest.mark.task("exp_by_steps", weight=2)
def test_a_few_steps(student):
    """Each of the n steps adds x/n of what is there; also a single step."""
    cases = [(0.7, 1), (1.3, 2), (2.5, 3), (0.4, 5), (3, 7), (0.7, 4), (1, 12)]
    found = student.in_turn(*(("grow", x, n) for x, n in cases))
    for got, (x, n) in zip(found, cases, strict=True):
        number(got, grown(x, n), what="grow")


@pytest.mark.task("exp_by_steps")
def test_a_negative_growth(student):
    """Where x is negative, each step takes something away, in proportion to what is there."""
    cases = [(-0.6, 1), (-1.7, 4), (-5.0, 2), (-2, 6), (-5.0, 3), (-4, 1), (-4, 4), (-20.0, 40), (-7.5, 5)]
    found = student.in_turn(*(("grow", x, n) for x, n in cases))
    for got, (x, n) in zip(found, cases, strict=True):
        number(got, grown(x, n), what="grow", abs=0)


@pytest.mark.task("exp_by_steps")
def test_no_growth(student):
    """With x = 0 nothing is added: 1 stays 1. With any other x it does not."""
    some, *none = student.in_turn(("grow", 0.5, 4), ("grow", 0, 3), ("grow", 0.0, 8))
    number(some, grown(0.5, 4))
    for got in none:
        number(got, 1)


@pytest.mark.task("exp_by_steps", weight=2)
def test_twice_the_steps_halve_the_gap(student):
    """With twice as many steps, half of the gap to exp is left."""
    for x in (1.2, -2.4, 2.9):
        few, many = (math.exp(x) - number(student.grow(x, n), what="grow") for n in (300, 600))
        assert many != 0
        assert 1.9 < few / many < 2.1
        assert abs(few) < 0.04 * math.exp(x)  # and it is exp that is approached


@pytest.mark.task("exp_by_steps")
def test_your_own_power_on_paper(student):
    """d_power: the slope of your own power."""
    a = variant("exp_by_steps", BASES, student=student.id)["a"]
    wrong = {
        f"x*{a}^(x - 1)": "d_power: the power rule is for x below and a number above. Here it is the other way round.",
        f"{a}^x": "d_power: only exp is its own slope. With which factor is x multiplied in exp(x*ln(a))?",
        f"{a}^x * ln(x)": "d_power: the logarithm of what? In a^x = exp(x*ln(a)), what is multiplied by x?",
        f"{a}*{a}^x": "d_power: in exp(x*ln(a)), is x multiplied by a, or by ln(a)?",
        f"{a}^x / ln({a})": "d_power: exp(x*ln(a) + eps*ln(a)): does eps*ln(a) multiply or divide?",
    }
    symbolic(
        student,
        "d_power",
        f"{a}^x * ln({a})",
        ["x"],
        question=f"{a}^x",
        variable="x",
        wrong=wrong,
        form="no derivative",
    )


@pytest.mark.task("exp_by_steps")
def test_the_logarithm_on_paper(student):
    """d_ln: the slope of the logarithm, by swapping input and output."""
    wrong = {
        "exp(-x)": "d_ln: exp(y)*s = 1 gives s in terms of y. What is exp(y), in terms of x?",
        "ln(x)/x": "d_ln: exp is its own slope, and ln is not. In exp(y)*s = 1 there is no ln(x): solve it for s.",
        "1/ln(x)": "d_ln: exp(y)*s = 1, and exp(y) is not ln(x). What is it?",
        "exp(x)": "d_ln: that is the slope of exp. In its mirror image, what has become of rise and run?",
        "x": "d_ln: a step of y takes x along x times as far. And a step of x takes y along how far?",
    }
    symbolic(
        student,
        "d_ln",
        "1/x",
        ["x"],
        domain=POSITIVE,
        question="ln(x)",
        variable="x",
        wrong=wrong,
        form="no derivative",
    )


# -------------------------------------------------------------------------------------------- dual_functions


def dual_parts(student, *sources):
    """real and inf of each Dual that comes out. All are made before any is read, so that they are alive together."""
    made = ", ".join(sources)
    found = student.eval(f"[['Dual', r.real, r.inf] if r.__class__.__name__ == 'Dual' else r for r in ({made},)]")
    for source, parts in zip(sources, listed(found, len(sources)), strict=True):
        name = source.partition("(")[0]
        if parts is None:
            raise Hint(f"{name}: None came back. Is there still a `...`, or is a `return` missing?")
        if not isinstance(parts, list) or parts[:1] != ["Dual"]:
            raise Hint(f"{name} of a Dual should be a Dual, and {kind_of(parts)} came back.")
    return [(real, inf) for _, real, inf in found]


def teaches(student, name, slope, *places):
    """Values and slopes of one function, at Duals whose eps part is not 1."""
    if not student.has(name):
        getattr(student, name)(1.0)  # raises Missing
    cases = list(zip(places, itertools.cycle([3.0, -2.5, 0.5, 0, 1]), strict=False))
    found = dual_parts(student, *(f"{name}(Dual({x}, {speed}))" for x, speed in cases))
    for (real, inf), (x, speed) in zip(found, cases, strict=True):
        number(real, getattr(math, name)(x), what=f"the real part of {name}", abs=1e-15)
        number(inf, slope(x) * speed, what=f"the eps part of {name}", abs=1e-15)


@pytest.mark.task("dual_functions")
def test_exp_of_a_dual(student):
    """exp of a Dual: its value, and its slope times the speed of the inside."""
    teaches(student, "exp", math.exp, 0.7, -1.6, 0, -30.5, 60.25, 2)


@pytest.mark.task("dual_functions")
def test_log_of_a_dual(student):
    """log of a Dual: its value, and its slope times the speed of the inside."""
    teaches(student, "log", lambda x: 1 / x, 2.6, 0.4, 3e-19, 7, 1, 4e8)


@pytest.mark.task("dual_functions")
def test_sine_and_cosine_of_a_dual(student):
    """sin and cos of a Dual: their values, and their slopes times the speed of the inside."""
    teaches(student, "sin", math.cos, 0.8, 2.4, -1.1, 5.5, 0, -4, 0)
    teaches(student, "cos", lambda x: -math.sin(x), 0.8, 2.4, -1.1, 5.5, 0, -4, 0)


@pytest.mark.task("dual_functions")
def test_root_of_a_dual(student):
    """sqrt of a Dual: its value, and its slope times the speed of the inside."""
    number(student.exp(0.5), math.exp(0.5))  # else the given root would earn this
    teaches(student, "sqrt", lambda x: 0.5 / math.sqrt(x), 2.3, 0.3, 5e-7, 9, 1, 3e8)


@pytest.mark.task("dual_functions")
def test_plain_numbers_stay_plain(student):
    """A plain number goes in, a plain number comes out; whole numbers, too."""
    names = ("exp", "log", "sin", "cos", "sqrt")
    dual_parts(student, *(f"{name}(Dual(1.7, 2.0))" for name in names))  # else those of `math` would earn this
    cases = [(name, x) for name in names for x in (1.7, 2, 1, 3e-9)]
    found = student.in_turn(*cases)
    for got, (name, x) in zip(found, cases, strict=True):
        number(got, getattr(math, name)(x), what=f"{name} of a plain number")


@pytest.mark.task("dual_functions")
def test_no_logarithm_at_or_below_zero(student):
    """At 0 and below there is no logarithm: a ValueError, for plain numbers and for Duals."""
    number(student.log(2.5), math.log(2.5))  # else a log that always refuses would earn this,
    dual_parts(student, "log(Dual(2.5, 1.0))")  # or one that refuses every Dual
    for source in ("log(0.0)", "log(-1.5)", "log(Dual(0.0, 2.0))", "log(Dual(-2.5, 1.0))"):
        with student.raises("ValueError"):
            student.eval(source)


@pytest.mark.task("dual_functions", weight=2)
def test_functions_inside_functions(student):
    """Functions inside functions: the speed is handed on from one to the next."""
    cases = [
        ("exp(sin(Dual(x, v)))", lambda x: math.exp(math.sin(x)), 0.6, 1.0),
        ("exp(sin(Dual(x, v)))", lambda x: math.exp(math.sin(x)), -2.1, -0.5),
        ("sqrt(exp(cos(Dual(x, v))))", lambda x: math.sqrt(math.exp(math.cos(x))), 1.3, 2.0),
        ("log(sqrt(Dual(x, v)))", lambda x: math.log(math.sqrt(x)), 2.7, -1.5),
        ("cos(log(sqrt(exp(Dual(x, v)))))", lambda x: math.cos(math.log(math.sqrt(math.exp(x)))), 0.9, 0.5),
    ]
    found = dual_parts(student, *(f"(lambda x, v: {source})({x}, {v})" for source, _, x, v in cases))
    for (real, inf), (_, f, x, v) in zip(found, cases, strict=True):
        number(real, f(x))
        number(inf, v * (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, rel=1e-7)  # an independent truth: central differences


@pytest.mark.task("dual_functions")
def test_the_dual_stays_as_it_was(student):
    """The Dual that a function is given is the same afterwards."""
    names = ("exp", "log", "sin", "cos", "sqrt")
    for (real, _), name in zip(dual_parts(student, *(f"{name}(Dual(1.5, 2.0))" for name in names)), names, strict=True):
        number(real, getattr(math, name)(1.5))
    used = "[exp(d), log(d), sin(d), cos(d), sqrt(d)]"
    left = student.eval(f"(lambda d: ({used} and None) or [d.real, d.inf])(Dual(1.5, 2.0))")
    if left != [1.5, 2.0]:
        raise Hint("A function has changed the Dual that it was given. Give back a new one: `Dual(...)`.")


# --------------------------------------------------------------------------------------------- chain_rule_1d

CHAINS = choices(__file__)["CHAINS"]


def links(seed, count):
    """`count` functions and as many slopes of both signs, which have nothing to do with one another."""
    pairs = inputs.functions(seed, 2 * count)
    sizes = inputs.numbers(seed, 2 * count, low=0.4, high=1.6, whole=False)
    fs = [inline("size * x + 0.1 * f(x)", size=size, f=f) for (f, _), size in zip(pairs, sizes, strict=True)]
    return fs[:count], [df for _, df in pairs if df(1.0) != df(2.0)][:count]  # no rate that is always 0


def chained(fs, dfs, x):
    rate = 1
    for f, df in zip(fs, dfs, strict=True):
        rate, x = rate * df(x), f(x)
    return rate


@pytest.mark.task("chain_rule_1d", weight=3)
def test_rates_at_the_values_that_arrive(student):
    """Rates multiply; fs[0] acts first, and each slope is taken at the value that arrives there."""
    (f, g, h), (df, _, dh) = links(40, 3)
    still = ([f, g, h], [df, inline("0.0 * x"), dh])  # in the middle nothing moves
    small = ([f, g, h, f], [inline("2e-5"), inline("-3e-4 * x"), inline("5e6 + x"), df])
    cases = [(links(41, 1), 1.4), (links(42, 2), 0.7), (links(43, 3), -0.8), (still, 0.6), (small, -1.3)]
    made = student.in_turn(*(("chain", fs, dfs) for (fs, dfs), _ in cases))
    found = all_at(student, made, [x for _, x in cases], what="chain")
    for got, ((fs, dfs), x) in zip(found, cases, strict=True):
        number(got, chained(fs, dfs, x), what="chain(fs, dfs)(x)")


@pytest.mark.task("chain_rule_1d")
def test_ten_links(student):
    """A chain of ten functions, some of which come twice."""
    fs, dfs = links(44, 4)
    order = (0, 1, 0, 2, 3, 3, 1, 0, 2, 0)
    names = {f"f{k}": f for k, f in enumerate(fs)} | {f"df{k}": df for k, df in enumerate(dfs)}
    listing = f"[{', '.join(f'f{k}' for k in order)}], [{', '.join(f'df{k}' for k in order)}]"
    other = [f"df{(k + place) % 4}" for place, k in enumerate(order)]  # the same function with another slope
    found = [
        at(student.eval(f"chain({listing})", **names), 0.6, what="chain"),
        at(
            student.eval(f"chain([{', '.join(f'f{k}' for k in order)}], [{', '.join(other)}])", **names),
            0.6,
            what="chain",
        ),
    ]
    number(found[0], chained([fs[k] for k in order], [dfs[k] for k in order], 0.6))
    number(found[1], chained([fs[k] for k in order], [names[name] for name in other], 0.6))


@pytest.mark.task("chain_rule_1d")
def test_an_empty_chain(student):
    """An empty chain gives back what it is given: its slope is 1. A chain with links has another."""
    fs, dfs = links(45, 2)
    some = at(student.chain(fs, dfs), 1.9, what="chain")
    none = at(student.chain([], []), 4.5, what="chain")
    number(some, chained(fs, dfs, 1.9))
    number(none, 1)


@pytest.mark.task("chain_rule_1d")
def test_each_function_is_asked_once(student):
    """Each function is called at most once for a slope."""
    fs, dfs = links(46, 5)
    calls = [0] * 5

    def counting(k):
        def f(x):
            calls[k] += 1
            return fs[k](x)

        return f

    got = at(student.chain([counting(k) for k in range(5)], dfs), 0.9, what="chain")
    number(got, chained(fs, dfs, 0.9))
    if max(calls) > 1:
        raise Hint("One of the functions was called more than once for one slope. Keep the value that arrived.")


@pytest.mark.task("chain_rule_1d")
def test_again_and_again(student):
    """The function that chain gives back works again and again, and the two lists stay as they were."""
    (f, g), (df, dg) = links(47, 2)
    made, lengths = student.eval(
        "(lambda fs, dfs: [chain(fs, dfs), [fs, dfs]])([f, g], [df, dg])", f=f, g=g, df=df, dg=dg
    )
    found = all_at(student, [made] * 3, (0.5, -1.2, 2.5), what="chain")
    for got, x in zip(found, (0.5, -1.2, 2.5), strict=True):
        number(got, chained([f, g], [df, dg], x))
    assert [len(pair) for pair in lengths] == [2, 2]


@pytest.mark.task("chain_rule_1d")
def test_a_chain_of_arrays(student):
    """An array goes in and stays as it was, an array of the same shape comes out."""
    fs, dfs = links(48, 3)
    for x in (inputs.array(49, (2, 4), low=-2, high=2), inputs.whole_array(50, (5,))):
        array(at(student.chain(fs, dfs), x, what="chain"), chained(fs, dfs, x))
    x = inputs.array(51, (5,))
    itself, rate = student.function("x"), student.function("0 * x + 3.0")
    source = "(lambda slope, x: [slope(x), x])(chain([f, f], [f, df]), x)"
    got, after = listed(student.eval(source, f=itself, df=rate, x=x), 2)
    if not np.array_equal(after, x):
        raise Hint("chain: the array x holds something else afterwards. Calculate in a new one.")
    array(got, 3 * x)


@pytest.mark.task("chain_rule_1d", weight=2)
def test_three_chains_on_paper(student):
    """d_cos_of_square, d_bell and d_soft: the outside at the inside, times the inside."""
    symbolic(student, "d_cos_of_square", "-2x sin(x^2)", ["x"], question="cos(x^2)", variable="x", form="no derivative")
    symbolic(student, "d_bell", "-x exp(-x^2/2)", ["x"], question="exp(-x^2/2)", variable="x", form="no derivative")
    symbolic(
        student,
        "d_soft",
        "exp(x)/(1 + exp(x))",
        ["x"],
        question="ln(1 + exp(x))",
        variable="x",
        wrong={"1/(1 + exp(x))": "d_soft: that is the outside. How fast does the inside, 1 + exp(x), change?"},
        form="no derivative",
    )


@pytest.mark.task("chain_rule_1d", weight=2)
def test_your_own_chain_on_paper(student):
    """my_chain: the slope of your own chain, which has three links."""
    own = variant("chain_rule_1d", CHAINS, student=student.id)
    outer, inner, k = own["outer"], own["inner"], own["k"]
    slopes = {"exp": "exp", "sin": "cos", "cos": "-sin"}
    right = f"({slopes[outer]}({inner}({k}x))) * ({slopes[inner]}({k}x)) * {k}"
    wrong = {
        f"({slopes[outer]}({inner}({k}x))) * ({slopes[inner]}({k}x))": "my_chain: how fast does the innermost link go?",
        f"({slopes[outer]}({slopes[inner]}({k}x)))*{k}": "my_chain: the slope of the outside is taken at the inside, "
        "not at the inside's slope.",
        f"({slopes[outer]}(x)) * ({slopes[inner]}(x)) * {k}": "my_chain: which value arrives at each link? Is it x?",
    }
    symbolic(
        student,
        "my_chain",
        right,
        ["x"],
        domain={"x": (-1, 1)},
        question=f"{outer}({inner}({k}x))",
        variable="x",
        wrong=wrong,
        form="no derivative",
    )


# ----------------------------------------------------------------------------------------------- activations

STEEP = choices(__file__)["STEEP"]
NAMES = ("sigmoid", "tanh", "relu", "softplus")
X = np.array([[-3.2, -0.4, 0.9], [2.5, -1.7, 0.3], [-20.0, 0.9, 20.0]])
WITH_ZERO = np.concatenate([X, [[0.0, -8.25, 0.0]]])


def truth(name, x):
    """The activation, written so that nothing overflows."""
    x = np.asarray(x, dtype=float)
    small = np.exp(-np.abs(x))
    return {
        "sigmoid": np.where(x > 0, 1, small) / (1 + small),
        "tanh": np.sign(x) * (1 - small**2) / (1 + small**2),
        "relu": np.where(x > 0, x, 0),
        "softplus": np.where(x > 0, x, 0) + np.log1p(small),
    }[name]


def slope_of(name, x):
    """Its slope, written with the input."""
    x = np.asarray(x, dtype=float)
    small = np.exp(-np.abs(x))
    bell = small / (1 + small) ** 2
    twice = small**2
    return {
        "sigmoid": bell,
        "tanh": 4 * twice / (1 + twice) ** 2,
        "relu": np.where(x > 0, 1.0, 0.0),
        "softplus": truth("sigmoid", x),
    }[name]


def same(got, name, expected, abs=1e-15):
    if isinstance(got, bool) or (isinstance(got, np.ndarray) and got.dtype.kind == "b"):
        raise Hint(f"{name}: True and False came back. Make numbers of them: `(x > 0) * 1.0`.")
    array(got, expected, what=name, abs=abs)


def all_same(student, names, given, expected):
    """Call everything first, then compare: so that a known mistake is seen whole."""
    found = student.in_turn(*zip(names, given, strict=True))
    for got, name, right in zip(found, names, expected, strict=True):
        same(got, name, right)


@pytest.mark.task("activations")
def test_sigmoid_and_tanh(student):
    """The values of sigmoid and tanh."""
    names = ["sigmoid", "tanh"]
    all_same(student, names, [WITH_ZERO, WITH_ZERO], [truth(name, WITH_ZERO) for name in names])


@pytest.mark.task("activations")
def test_relu_and_softplus(student):
    """The values of relu and softplus."""
    names = ["relu", "softplus"]
    all_same(student, names, [WITH_ZERO, WITH_ZERO], [truth(name, WITH_ZERO) for name in names])


@pytest.mark.task("activation_slopes")
def test_slope_of_the_sigmoid(student):
    """The slope of the sigmoid, from its input."""
    all_same(student, ["dsigmoid_from_input"], [WITH_ZERO], [slope_of("sigmoid", WITH_ZERO)])


@pytest.mark.task("slopes_from_output")
def test_slope_of_the_sigmoid_from_its_output(student):
    """The slope of the sigmoid, from its output."""
    all_same(student, ["dsigmoid_from_output"], [truth("sigmoid", WITH_ZERO)], [slope_of("sigmoid", WITH_ZERO)])


@pytest.mark.task("activation_slopes")
def test_slope_of_tanh(student):
    """The slope of tanh, from its input."""
    all_same(student, ["dtanh_from_input"], [WITH_ZERO], [slope_of("tanh", WITH_ZERO)])


@pytest.mark.task("slopes_from_output")
def test_slope_of_tanh_from_its_output(student):
    """The slope of tanh, from its output."""
    all_same(student, ["dtanh_from_output"], [truth("tanh", WITH_ZERO)], [slope_of("tanh", WITH_ZERO)])


@pytest.mark.task("activation_slopes")
def test_slope_of_softplus(student):
    """The slope of softplus, from its input."""
    all_same(student, ["dsoftplus_from_input"], [WITH_ZERO], [slope_of("softplus", WITH_ZERO)])


@pytest.mark.task("slopes_from_output")
def test_slope_of_softplus_from_its_output(student):
    """The slope of softplus, from its output."""
    x = 0.875 * WITH_ZERO + 0.03  # other tests hand over and ask for the outputs at WITH_ZERO and at 0
    all_same(student, ["dsoftplus_from_output"], [truth("softplus", x)], [slope_of("softplus", x)])


@pytest.mark.task("activation_slopes")
def test_slope_of_relu(student):
    """The slope of relu, from its input; at the kink anything from 0 to 1."""
    all_same(student, ["drelu_from_input"], [X], [slope_of("relu", X)])
    kink = array(student.drelu_from_input(np.array([0.0, 2.0])), shape=(2,), what="drelu_from_input")
    assert 0 <= kink[0] <= 1


@pytest.mark.task("slopes_from_output")
def test_slope_of_relu_from_its_output(student):
    """The slope of relu, from its output."""
    all_same(student, ["drelu_from_output"], [truth("relu", X)], [slope_of("relu", X)])


# The same questions for the activations and for both forms of their slopes: the kind is the ending of the names.


def named(kind):
    return [f"d{name}{kind}" if kind else name for name in NAMES]


def given_to(kind, name, x):
    return truth(name, x) if kind == "_from_output" else x


def right_of(kind, name, x):
    return slope_of(name, x) if kind else truth(name, x)


def other_arrays(student, kind):
    for x in (np.array([-3, 1, 2, -1]), np.array(0.7), np.array([[[-1.5, 2.0]], [[0.25, -0.75]], [[1.0, 3.0]]])):
        # The output of sigmoid is the slope of softplus, which is therefore asked before anybody has been told it.
        cases = sorted(zip(named(kind), NAMES, strict=True), key=lambda case: case[1] != "softplus")
        calls = [(called, given_to(kind, name, x)) for called, name in cases]
        found = [*student.in_turn(calls[0]), *student.in_turn(*calls[1:])]
        for got, (called, name) in zip(found, cases, strict=True):
            same(got, called, right_of(kind, name, x))


def arrays_stay(student, kind):
    x, y = np.array([-2.5, 0.25, 0.75]), np.array([1.5, -0.5, 2.25])
    source, right = "(lambda x, y: [{0}(x), x, {0}(y)])(x, y)", 0
    for name, called in zip(NAMES, named(kind), strict=True):
        one, other = given_to(kind, name, x), given_to(kind, name, y)
        got, after, second = student.eval(source.format(called), x=one, y=other)
        got = array(got, shape=(3,), what=called)
        if not np.array_equal(after, one):
            raise Hint(f"{called} has changed the array that it was given. Work on a new one.")
        first, then = right_of(kind, name, x), right_of(kind, name, y)
        if np.array_equal(got, second) and np.allclose(second, then) and not np.allclose(first, then):
            raise Hint(
                f"{called}: a second call has changed what the first one gave back. Make a new array in each call."
            )
        right += np.allclose(got, first)
    assert right >= 3  # else any other array would earn this; which of them are right is asked elsewhere


@pytest.mark.task("activations", weight=0.5)
def test_whole_numbers_and_other_shapes(student):
    """Arrays of whole numbers, arrays without dimensions and with three of them are arrays as well."""
    other_arrays(student, "")


@pytest.mark.task("activations", weight=0.5)
def test_arrays_stay_as_they_were(student):
    """The array that a function is given is the same afterwards, and what came back stays when it is called again."""
    arrays_stay(student, "")


@pytest.mark.task("activation_slopes", weight=0.5)
def test_whole_numbers_and_other_shapes_of_the_slopes(student):
    """Arrays of whole numbers, arrays without dimensions and with three of them are arrays as well."""
    other_arrays(student, "_from_input")


@pytest.mark.task("activation_slopes", weight=0.5)
def test_arrays_stay_as_they_were_of_the_slopes(student):
    """The array that a function is given is the same afterwards, and what came back stays when it is called again."""
    arrays_stay(student, "_from_input")


@pytest.mark.task("slopes_from_output", weight=0.5)
def test_whole_numbers_and_other_shapes_from_the_output(student):
    """Arrays of whole numbers, arrays without dimensions and with three of them are arrays as well."""
    other_arrays(student, "_from_output")


@pytest.mark.task("slopes_from_output", weight=0.5)
def test_arrays_stay_as_they_were_from_the_output(student):
    """The array that a function is given is the same afterwards, and what came back stays when it is called again."""
    arrays_stay(student, "_from_output")


@pytest.mark.task("slopes_from_output")
def test_the_slope_of_the_sigmoid_on_paper(student):
    """sigmoid_slope_in_x, exp_in_s and sigmoid_slope_in_s: three steps from the quotient rule to the output."""
    symbolic(
        student,
        "sigmoid_slope_in_x",
        "exp(-x)/(1 + exp(-x))^2",
        ["x"],
        question="1/(1 + exp(-x))",
        variable="x",
        form="no derivative",
    )
    inside = {"s": (0.02, 0.98)}
    wrong = {
        "1/s": "exp_in_s: 1/s is 1 + exp(-x). And exp(-x) alone?",
        "s/(1 - s)": "exp_in_s: that is exp(x). What is exp(-x)?",
        "1 - 1/s": "exp_in_s: exp is never below 0, and s is below 1. Look at the sign.",
        "s - 1": "exp_in_s: take s = 1/(1 + exp(-x)) upside down first.",
        "1 - s": "exp_in_s: take s = 1/(1 + exp(-x)) upside down first.",
    }
    symbolic(student, "exp_in_s", "(1 - s)/s", ["s"], domain=inside, wrong=wrong)
    wrong = {
        "s^2*(1 - s)": "sigmoid_slope_in_s: 1/(1 + exp(-x))^2 is s^2. And exp(-x) is not 1 - s: look at exp_in_s.",
        "1 - s": "sigmoid_slope_in_s: exp(-x)/(1 + exp(-x))^2: how often does s stand in the second factor?",
        "(1 - s)/s": "sigmoid_slope_in_s: that is exp(-x). What is it divided by?",
        "s*(s - 1)": "sigmoid_slope_in_s: the sigmoid climbs everywhere. Which sign has yours?",
        "1 - s^2": "sigmoid_slope_in_s: that is the slope of another activation, in terms of its output.",
    }
    symbolic(student, "sigmoid_slope_in_s", "s*(1 - s)", ["s"], domain=inside, wrong=wrong, form="in terms of s")


@pytest.mark.task("activation_slopes")
def test_your_own_plot(student):
    """activation_plot: your activation, with the number in it, and its slope, over xs."""
    own = variant("activations", STEEP, student=student.id)
    name, k = own["name"], own["k"]
    xs = np.linspace(-1.5, 2, 29)
    made = axes(student, student.activation_plot(xs), what="activation_plot")
    drawn = [line.xy for line in curves(made)]

    def shown(heights):
        points = np.column_stack([xs, heights])
        return any(xy.shape == points.shape and np.allclose(xy, points, rtol=1e-9, atol=1e-9) for xy in drawn)

    def own_slip(source):  # a slip in one of the functions has cost its points already
        heights = array(student.eval(source, x=k * xs), shape=xs.shape, what="activation_plot")
        return np.ptp(heights) > 0 and shown(heights)  # else "0, always" would earn this

    value_is_right, slope_is_right = shown(truth(name, k * xs)), shown(k * slope_of(name, k * xs))
    if not value_is_right and not (slope_is_right and own_slip(f"{name}(x)")):
        raise Hint("activation_plot: no line has the points (x, activation) of yours. Is it the one with your number?")
    if not slope_is_right and not (value_is_right and own_slip(f"{k} * d{name}_from_input(x)")):
        raise Hint("activation_plot: no line has the points (x, slope) of yours. The inside moves, too: how fast?")


# --------------------------------------------------------------------------------------------------- descend

BOWLS = choices(__file__)["BOWLS"]


def walked(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        path.append(path[-1] - lr * df(path[-1]))
    return np.array(path)


@pytest.mark.task("descend", weight=3)
def test_every_step_goes_against_the_slope(student):
    """Each step goes against the slope at the place where one stands, lr times its size."""
    cases = [
        (inline("math.sin(x) + 0.5 * x"), 2.3, 0.35, 6),
        (inline("x**3 - 2"), -0.7, 0.15, 9),
        (inline("1e-5 * (x - 1)"), 2.25, 3e4, 5),  # nearly level, and a large lr
        (inline("4e4 * (x + 0.5)"), 1.75, 1e-5, 5),  # steep, and a small one
        (inline("0.75 * x"), -1.5, 2.5, 4),  # across, and away
        (inline("1.0 / (1 + x * x)"), 0.5, 0.02, 120),
    ]
    found = student.in_turn(*(("descend", *case) for case in cases))
    for got, case in zip(found, cases, strict=True):
        array(got, walked(*case), what="descend", abs=0)


@pytest.mark.task("descend")
def test_the_start_counts(student):
    """The path begins at x0 and has steps + 1 numbers; without a step it is x0 alone."""
    found = student.in_turn(*(("descend", lambda x: 2.5, 4.5, 0.2, steps) for steps in (3, 1, 0)))
    for got, right in zip(found, ([4.5, 4.0, 3.5, 3.0], [4.5, 4.0], [4.5]), strict=True):
        array(got, right, what="descend")


@pytest.mark.task("descend")
def test_at_the_bottom_it_stays_and_the_path_goes_on(student):
    """From the bottom no step leads away, and the path has its steps + 1 numbers all the same."""
    array(student.descend(inline("2 * (x - 1.5)"), 2.5, 0.25, 2), [2.5, 2.0, 1.75], what="descend")
    array(student.descend(inline("2 * (x - 1.5)"), 1.5, 0.25, 4), [1.5] * 5, what="descend")
    array(student.descend(inline("x"), 3.0, 1.0, 3), [3, 0, 0, 0], what="descend")


@pytest.mark.task("descend", weight=0.5)
def test_two_paths(student):
    """A second path leaves the first one as it is."""
    source = "[descend(df, 2.5, 0.25, 3), descend(df, -1.0, 0.25, 3)]"
    found = listed(student.eval(source, df=lambda x: 2 * x - 1), 2)
    for got, x0 in zip(found, (2.5, -1.0), strict=True):
        array(got, walked(lambda x: 2 * x - 1, x0, 0.25, 3), what="descend")


@pytest.mark.task("descend")
def test_df_is_asked_once_for_each_step(student):
    """df is called once for each step, at the place where one stands."""
    asked = []

    def df(x):
        asked.append(float(x))
        return 0.5 * x + 1

    got = student.descend(df, 3.5, 0.4, 5)
    array(got, walked(lambda x: 0.5 * x + 1, 3.5, 0.4, 5))
    if len(asked) != 5:
        raise Hint("descend: df should be called exactly once for each step. Keep its answer in a variable.")
    assert np.allclose(asked, got[:-1])


@pytest.mark.task("descend")
def test_from_a_whole_number(student):
    """A whole number to start from cuts nothing off the places that follow."""
    df = inline("0.3 * x")
    array(student.descend(df, 7, 0.25, 4), walked(df, 7, 0.25, 4), what="descend")


@pytest.mark.task("descend")
def test_from_an_array_without_dimensions(student):
    """An x0 that is an array without dimensions stays as it was, and each entry of the path is a separate number."""
    got, x0 = student.eval("(lambda x0: [descend(lambda x: 3 * x, x0, 0.1, 4), x0])(x0)", x0=np.array(2.5))
    if isinstance(got, list):
        got = np.array([float(x) for x in got if isinstance(x, int | float | np.ndarray) and np.ndim(x) == 0])
    array(got, walked(lambda x: 3 * x, 2.5, 0.1, 4), what="descend")
    number(x0, 2.5)


@pytest.mark.task("descend")
def test_against_the_closed_form(student):
    """In a bowl every step multiplies by the same factor, whether it comes closer or runs away; lr = 0 stays."""
    cases = [(1.5, 0.3, 4.0, 8), (2.5, 0.7, -1.5, 7), (3.0, 0.9, 0.25, 6), (2.0, 0.0, 1.5, 3)]
    found = student.in_turn(*(("descend", inline("c * x", c=c), x0, lr, steps) for c, lr, x0, steps in cases))
    for got, (c, lr, x0, steps) in zip(found, cases, strict=True):
        array(got, x0 * (1 - lr * c) ** np.arange(steps + 1), what="descend")


def limit_is_known(student):
    try:
        symbolic(student, "lr_limit", "2/c", ["c"], domain={"c": (0.1, 9)})
    except (Hint, Undecided, Missing):  # its own test says what is wrong with it
        return False
    return True


@pytest.mark.task("descend", weight=0.5)
def test_guess(student):
    """my_guess: what happens in your own bowl. A wrong guess costs nothing if lr_limit is right."""
    own = variant("descend", BOWLS, student=student.id)
    factor = own["lr"] * own["c"]
    asks = dict.fromkeys("abc", "by which factor does a step multiply x? Is it negative, and is its size below 1?")
    try:
        letter(student, "my_guess", "a" if factor < 1 else "b" if factor < 2 else "c", asks, letters="abc")
    except Hint:
        answer(student, "my_guess")
        if not limit_is_known(student):
            raise


@pytest.mark.task("descend")
def test_three_steps_in_your_own_bowl(student):
    """my_third: where you are in your own bowl after three steps."""
    own = variant("descend", BOWLS, student=student.id)
    found = number(answer(student, "my_third"), what="my_third")
    factor = 1 - own["lr"] * own["c"]
    for steps in (2, 4):
        if np.isclose(found, own["x0"] * factor**steps):
            raise Hint("my_third: count the steps once more. The start is the place after none.")
    if not np.isclose(found, own["x0"] * factor**3, rtol=1e-6):
        # A slip in descend has cost its points already; but a path that asks nobody for a slope is none.
        paths = [student.descend(lambda x, c=c: c * own["c"] * x, own["x0"], own["lr"], 3) for c in (1, 0.5)]
        one, other = (array(path, shape=(4,), what="descend") for path in paths)
        assert np.isclose(found, one[3]), "another number"
        assert one[0] == own["x0"]
        assert one[3] != other[3]


@pytest.mark.task("descend")
def test_the_bowl_on_paper(student):
    """x_after_k: in a bowl, the place after k steps."""
    names = ["x0", "lr", "c", "k"]
    wrong = {
        "(1 - lr*c*k)*x0": "x_after_k: the second step multiplies what the first one left. Do k factors add up?",
        "(1 - lr)^k * x0": "x_after_k: the slope of c*x^2/2 is c*x. Where is the c?",
        "(1 + lr*c)^k * x0": "x_after_k: you go *against* the slope. Which sign is that?",
        "(lr*c)^k * x0": "x_after_k: x - lr*c*x is x times which factor?",
        "(1 - lr*c) * x0": "x_after_k: that is one step. And k of them?",
        "(1 - lr*c)^k": "x_after_k: where did you start?",
    }
    domain = {"x0": (0.5, 9), "lr": (0.05, 0.9), "c": (0.1, 0.9), "k": (1, 9)}
    symbolic(student, "x_after_k", "(1 - lr*c)^k * x0", names, domain=domain, wrong=wrong)


@pytest.mark.task("descend")
def test_the_limit_of_the_learning_rate(student):
    """lr_limit: beyond which learning rate the bowl is left."""
    wrong = {
        "1/c": "lr_limit: there one step lands exactly at the bottom. Beyond it you jump across: is that further away?",
        "c/2": "lr_limit: a bowl that bends more, larger c: must the rate be larger or smaller?",
        "2c": "lr_limit: a bowl that bends more, larger c: must the rate be larger or smaller?",
        "2": "lr_limit: that is so for c = 1. And for other bowls?",
        "c": "lr_limit: a bowl that bends more, larger c: must the rate be larger or smaller?",
    }
    symbolic(student, "lr_limit", "2/c", ["c"], domain={"c": (0.1, 9)}, wrong=wrong)


WRONG_PATHS = {  # the points that a wrong path has for the place x, reached after k steps, and its height y
    "The places of the path are on the axis. How high is the curve there?": lambda k, x, y: (x, 0),
    "Along the axis your path has the numbers of the steps. At which x is each of its points?": lambda k, x, y: (k, y),
    "Along the axis your path has the numbers of the steps. Where is it, and how high is the curve there?": (
        lambda k, x, y: (k, x)
    ),
}


@pytest.mark.task("descend", weight=1.5)
def test_the_path_on_the_curve(student):
    """path_plot: the curve over the whole stretch, one number at a time, and on it the path's places in their order."""
    path = [2.5, -1.5, 0.75, 3.25, -1.5, -0.25]
    one_number = student.function("x * x * x - 2 * x if x < 9 else 0")  # asks one number whether it is below 9
    made = axes(student, student.path_plot(one_number, np.array(path)), what="path_plot")
    by_label = {line.label.strip().lower(): line.xy for line in curves(made, as_drawn=True)}
    if not {"f", "path"} <= by_label.keys():
        raise Hint('path_plot: the two lines need the labels "f" and "path".')

    def f(x):
        return x**3 - 2 * x

    for says, point in WRONG_PATHS.items():
        wrong = [point(k, x, f(x)) for k, x in enumerate(path)]
        if by_label["path"].shape == (6, 2) and np.allclose(by_label["path"], wrong):
            raise Recognised(says)
    array(by_label["path"], [[x, f(x)] for x in path], what='the points of "path"')
    x, y = by_label["f"].T
    if len(x) < 20 or x.min() > -1.5 + 1e-9 or x.max() < 3.25 - 1e-9:
        raise Hint("path_plot: the curve needs 20 points or more, from one end of the path to the other.")
    assert np.allclose(y, f(x), rtol=1e-9, atol=1e-9)


# ---------------------------------------------------------------------------------------- sturdy_activations

FAR = np.array([-1000.0, -300.0, -45.0, 45.0, 300.0, 1000.0])
STURDY = ("sigmoid", "tanh", "softplus", "dsigmoid")


def right_sturdy(name, x):
    return slope_of("sigmoid", x) if name == "dsigmoid" else truth(name, x)


def quietly(student, name, x):
    """The student's name(x), where an overflow is an error. (Dividing by zero on the way to a right limit is none.)"""
    quiet = '__import__("numpy").errstate(over="raise", invalid="ignore", divide="ignore")'
    try:
        return student.eval(f"{quiet}({name})(x)", x=x)
    except StudentError as error:
        if error.kind not in ("FloatingPointError", "OverflowError"):
            raise
        raise Hint(f"{name}: an overflow, for a large input. Which number is given to exp there?") from None


@pytest.mark.task("sturdy_activations", weight=3)
def test_large_inputs(student):
    """All four are right up to 1000 and down to -1000, and nothing overflows."""
    found = {name: quietly(student, f"sturdy_{name}", FAR) for name in STURDY}
    for name, got in found.items():
        same(got, f"sturdy_{name}", right_sturdy(name, FAR), abs=1e-18)  # cut off at 30 is more than sigmoid(-45)


@pytest.mark.task("sturdy_activations")
def test_inputs_as_before(student):
    """Small inputs, 0 and whole numbers: the same as before."""
    for x in (0.96875 * WITH_ZERO, np.array([-4, 5, 6, -5]), np.array(0.65)):  # other tests hand over these outputs
        all_same(student, [f"sturdy_{name}" for name in STURDY], [x] * 4, [right_sturdy(name, x) for name in STURDY])
