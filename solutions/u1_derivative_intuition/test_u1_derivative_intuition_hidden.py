"""Hidden tests of `u1_derivative_intuition`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. Where the learner's Dual is not the question, the
functions handed in need no arithmetic of it (`curve`): an early slip costs once. Inputs are drawn from
`grader.testing.inputs`, so that they hold both signs, zero, ties and all sizes.
"""

import numpy as np
import pytest
from kit import formula, variant

from grader.testing import (
    Handle,
    Hint,
    Recognised,
    StudentError,
    answer,
    array,
    axes,
    choices,
    curves,
    inline,
    inputs,
    kind_of,
    letter,
    levels,
    listed,
    number,
    symbolic,
)

SOMEBODY_ELSES = "right for other numbers than yours. Does the notebook greet you by your name in the course?"


def others(exercise, choices, student):
    """The numbers of everybody else: who works under another name than the course knows gets those."""
    own = variant(exercise, choices, student=student.id)
    return [choice for choice in choices if choice != own]


# ---------------------------------------------------------------------------------------------- average_rate

CUBICS = choices(__file__)["CUBICS"]


@pytest.mark.task("average_rate", weight=2)
def test_rise_over_run(student):
    """The rate is the change of f divided by the change of its input; short runs and ends at 0 are runs as well."""
    ends = [*zip(inputs.numbers(11, 5), inputs.numbers(12, 5), strict=True), (0, 1.7183), (-2.4142, 0)]
    ends.append((2.5, 2.5 + 2**-12))
    cases = []
    for m, (a, b) in zip(inputs.numbers(13, 16, low=2, high=6, whole=False), [*ends, *ends], strict=True):
        if a != b:  # twice the same ends, with another function
            cases.append((inline("m * x + x * x + 20 * x", m=m), a, b, m + 20 + a + b))
    found = student.in_turn(*(("average_rate", f, a, b) for f, a, b, _ in cases))
    for got, (*_, rate) in zip(found, cases, strict=True):
        number(got, rate)
    for a, b in ((0.0, 2**-60), (2.5, 2.5 + 2**-45), (-1.0, -1.0 - 2**-40)):
        try:
            number(student.average_rate(inline("4 * x"), a, b), 4, rel=0.1)  # a run, however short and rounded
        except StudentError as error:
            if error.kind != "ValueError":
                raise
            raise Recognised(
                "However short, a run is a run. Only where a equals b there is none: what does your `if` compare?"
            ) from error


@pytest.mark.task("average_rate")
def test_a_falling_function_has_a_negative_rate(student):
    """Where f falls, the rate is negative: the sign tells which way f goes."""
    fs = (inline("5 - 2.5 * x"), inline("1 - x * x * x"))
    found = student.in_turn(*(("average_rate", f, -1.0, 3.0) for f in fs))
    for rate, expected in zip(found, (-2.5, -7.0), strict=True):
        number(rate, expected)


@pytest.mark.task("average_rate")
def test_back_at_the_same_height_the_rate_is_zero(student):
    """Where f ends at the height where it began, there is a run but no rise, and the rate is 0."""
    fs = (inline("x * x - 3 * x"), inline("x * x - 3"))
    elsewhere, none = student.in_turn(*(("average_rate", f, -1.75, 1.75) for f in fs))
    assert abs(number(elsewhere)) > 1e-3  # else "0, always" would earn this
    number(none, 0)


@pytest.mark.task("average_rate")
def test_the_order_of_the_two_inputs_does_not_matter(student):
    """From right to left the run is negative and the rate is the same."""
    found = student.in_turn(*(("average_rate", f, 6.0, 1.0) for f in (inline("x**2 + x"), inline("4 - 3 * x"))))
    for rate, expected in zip(found, (8.0, -3.0), strict=True):
        number(rate, expected)


@pytest.mark.task("average_rate")
def test_no_step_is_refused(student):
    """If a equals b there is no run: a ValueError."""
    number(student.average_rate(lambda x: x + 1, 2.5, 4.0))  # else raising it always would earn this
    for place in (2.5, 0, -3):
        with student.raises("ValueError"):
            student.average_rate(lambda x: x + 1, place, place)


@pytest.mark.task("average_rate")
def test_only_the_two_ends_are_asked(student):
    """f is asked at a and at b, and nowhere else."""
    asked = []

    def f(x):
        asked.append(x)
        return 2 * x

    found = student.average_rate(f, 1.25, 3.5)
    if set(asked) != {1.25, 3.5}:
        raise Hint("average_rate: f should be called at a and at b, and nowhere else.")
    assert number(found)  # else calling it for nothing would earn this


@pytest.mark.task("average_rate")
def test_the_rate_of_a_square_on_paper(student):
    """rate_of_square: the rate of x^2 from a to a + h, without a division."""
    wrong = {
        "2a": "rate_of_square: what became of the h? Multiply out (a + h)^2 once more, and divide every term by h.",
        "2a*h + h^2": "rate_of_square: that is the change; how many units of input did it take?",
        "2a - h": "rate_of_square: look at the sign of h. Is (a + h)^2 larger or smaller than a^2 + 2*a*h?",
        "2a + 1": "rate_of_square: h*h divided by h is not 1.",
        "h": "rate_of_square: (a + h)^2 is not a^2 + h^2. Draw the square with its two strips.",
    }
    symbolic(student, "rate_of_square", "2*a + h", ["a", "h"], wrong=wrong, form="no division")


@pytest.mark.task("average_rate")
def test_the_rate_of_your_own_function_on_paper(student):
    """rate_of_mine: the rate of your own function from a to a + h, without a division."""
    c = variant("average_rate", CUBICS, student=student.id)["c"]
    wrong = {
        "3a^2 + 3a*h + h^2": "rate_of_mine: your function has two terms. How fast does the second one change?",
        f"3a^2 + ({c})": "rate_of_mine: what became of the h? The step has not shrunk to nothing yet.",
        f"3a^2*h + 3a*h^2 + h^3 + ({c})*h": "rate_of_mine: that is the change; how many units of input did it take?",
        f"a^2 + a*h + h^2 + ({c})": "rate_of_mine: how often does a*a*h come up in (a + h)*(a + h)*(a + h)?",
        f"3a^2 + 3a*h + h^2 + ({c})*h": "rate_of_mine: every term of the change is divided by h, the last one too.",
        f"h^2 + ({c})": "rate_of_mine: (a + h)^3 is not a^3 + h^3. Multiply out (a + h)*(a + h)*(a + h).",
    }
    for other in others("average_rate", CUBICS, student):
        wrong[f"3a^2 + 3a*h + h^2 + ({other['c']})"] = f"rate_of_mine: {SOMEBODY_ELSES}"
    right = f"3a^2 + 3a*h + h^2 + ({c})"
    symbolic(student, "rate_of_mine", right, ["a", "h"], wrong=wrong, form="no division")


@pytest.mark.task("average_rate")
def test_the_students_own_rate(student):
    """my_rate: the rate of your own function from your own a to your own b."""

    def rate_of(one):
        return one["a"] ** 2 + one["a"] * one["b"] + one["b"] ** 2 + one["c"]

    mine = variant("average_rate", CUBICS, student=student.id)
    a, b, rate = mine["a"], mine["b"], rate_of(mine)
    found = number(answer(student, "my_rate"), what="my_rate")
    if found == pytest.approx(rate * (b - a)):
        raise Hint("my_rate: that is the change; how many units of input did it take?")
    if found == pytest.approx(-rate):
        raise Hint("my_rate: mind the sign. Are the rise and the run counted in the same direction?")
    of_others = [rate_of(other) for other in others("average_rate", CUBICS, student)]
    if found != pytest.approx(rate) and any(found == pytest.approx(of_another) for of_another in of_others):
        raise Hint(f"my_rate: {SOMEBODY_ELSES}")
    number(found, rate)


# ------------------------------------------------------- dual_plus_minus, dual_times, dual_compare


def duals(student, *cases):
    """Each (source, real, inf): `source`, evaluated over there, is a Dual with these two plain parts.

    All are evaluated at once, so that they are alive together: what is kept in one place for all of them shows, and
    the whole pattern of what is wrong tells which mistake it was.
    """
    made = ", ".join(f"({source})" for source, _, _ in cases)
    parts = student.eval(f"[['Dual', r.real, r.inf] if r.__class__.__name__ == 'Dual' else r for r in ({made},)]")
    for (_, real, inf), found in zip(cases, listed(parts, len(cases)), strict=True):
        if not isinstance(found, list) or found[:1] != ["Dual"]:
            raise Hint(f"A Dual was expected, and {kind_of(found)} came back.")
        number(found[1], real, what="real")
        number(found[2], inf, what="inf")


def is_dual(found):
    return isinstance(found, Handle) and found.type_name == "Dual"


def drawn(seed, count=7, **options):
    """`count` Duals as pairs (real, inf): both signs, zeros, ties, whole numbers; then two that are tiny and huge."""
    small, large = sorted(inputs.magnitudes(seed, 6, smallest=-6, largest=6), key=abs)[::5]
    ordinary = zip(inputs.numbers(seed, count, **options), inputs.numbers(seed + 1, count), strict=True)
    return [*ordinary, (small, large), (large, large / 3)]


def plus(p, q):
    return p[0] + q[0], p[1] + q[1]


def minus(p, q):
    return p[0] - q[0], p[1] - q[1]


def times(p, q):
    return p[0] * q[0], p[0] * q[1] + p[1] * q[0]


def over(p, q):
    return p[0] / q[0], (p[1] - p[0] / q[0] * q[1]) / q[0]


def each(operator, rule, firsts, seconds):
    """A case for each two Duals, and for a Dual with a plain number on either side (numbers: not a pair)."""

    def text(p):
        return f"Dual{p}" if isinstance(p, tuple) else repr(p)

    def pair(p):
        return p if isinstance(p, tuple) else (p, 0)

    return [(f"{text(p)} {operator} {text(q)}", *rule(pair(p), pair(q))) for p, q in zip(firsts, seconds, strict=True)]


PLAIN = [3, 2.375, 0, -1.0625, -2, 1, 0.0]


@pytest.mark.task("dual_plus_minus")
def test_sums(student):
    """Sums add both parts; a plain number may stand on either side."""
    duals(student, ("Dual(2.5, 1) - Dual(1, 4)", 1.5, -3))  # else the given sum would earn this
    sums = each("+", plus, drawn(101), drawn(103))
    plain = each("+", plus, drawn(105)[:7], PLAIN) + each("+", plus, PLAIN, drawn(107)[:7])
    duals(student, *sums, *plain, ("(lambda d: d + d)(Dual(-1.3125, 2.75))", -2.625, 5.5))


@pytest.mark.task("dual_plus_minus")
def test_differences(student):
    """Differences subtract both parts, and the minus sign turns both around."""
    turned = [(f"-Dual{p}", -p[0], -p[1]) for p in drawn(109)]
    plain = each("-", minus, drawn(111)[:7], PLAIN)
    same = ("(lambda d: d - d)(Dual(-1.3125, 2.75))", 0, 0)
    duals(student, *each("-", minus, drawn(113), drawn(115)), *plain, *turned, same)


@pytest.mark.task("dual_plus_minus")
def test_a_number_minus_a_dual(student):
    """A plain number minus a Dual: mind the order, and the sign of the eps part."""
    duals(student, *each("-", minus, PLAIN, drawn(117)[:7]))


@pytest.mark.task("dual_times", weight=2)
def test_products(student):
    """Products multiply out, with eps*eps = 0; also three and more of them."""
    p, q, r, t = (2.5, -4.0), (3, 7), (-2, 5), (4.1875, 1)
    duals(
        student,
        *each("*", times, drawn(119), drawn(121)),
        ("(lambda d: d * d)(Dual(2.5, -4.0))", *times(p, p)),
        ("(lambda d: d * d * d)(Dual(2.5, -4.0))", *times(times(p, p), p)),
        (f"Dual{p} * Dual{q} * Dual{r} * Dual{t}", *times(times(times(p, q), r), t)),
    )


@pytest.mark.task("dual_times")
def test_a_number_times_a_dual(student):
    """A plain number times a Dual multiplies both parts, from either side."""
    duals(student, *each("*", times, drawn(123)[:7], PLAIN), *each("*", times, PLAIN, drawn(125)[:7]))


def stay_as_they_were(student, used):
    """The Duals d = -2 + 3*eps and e = 5 + 7*eps after the work `used`, which is a list."""
    left = student.eval(f"(lambda d, e: ({used} and None) or [d.real, d.inf, e.real, e.inf])(Dual(-2, 3), Dual(5, 7))")
    if left != [-2, 3, 5, 7]:
        raise Hint("An operation has changed a Dual that it was given. Give back a new one: `Dual(...)`.")


@pytest.mark.task("dual_plus_minus")
def test_what_is_added_or_subtracted_stays_as_it_was(student):
    """Neither a sum nor a difference changes the numbers that it is given."""
    duals(student, ("Dual(-2, 3) - Dual(5, 7)", -7, -4))  # else giving back what came would earn this
    stay_as_they_were(student, "[d + e, d - e, 2 - d, d + 1, -d]")


@pytest.mark.task("dual_times", weight=0.5)
def test_what_is_multiplied_stays_as_it_was(student):
    """A product does not change the numbers that it is given."""
    duals(student, ("Dual(-2, 3) * Dual(5, 7)", -10, 1))  # else giving back what came would earn this
    stay_as_they_were(student, "[d * e, d * 4, 4 * e]")


@pytest.mark.task("dual_compare", weight=0.5)
def test_what_is_compared_stays_as_it_was(student):
    """Neither comparing nor abs changes the numbers that it is given."""
    duals(student, ("abs(Dual(-2, 3))", 2, -3))  # else giving back what came would earn this
    stay_as_they_were(student, "[abs(d), abs(e), d < e, d == e]")


@pytest.mark.task("dual_compare")
def test_absolute_value(student):
    """abs turns both parts around where the real part is negative, and neither where it is positive."""
    cases = [p for p in drawn(127, zero=False) if p[0]]
    duals(student, *((f"abs(Dual{p})", *(p if p[0] > 0 else (-p[0], -p[1]))) for p in cases))


@pytest.mark.task("dual_compare")
def test_comparisons_look_at_the_real_part(student):
    """Comparing, with plain numbers and with Duals, looks at the real parts only."""
    reals = [2.5, 2.5 + 2**-30, 3, -4.0, 0, 1e-12, -2.5]
    infs = inputs.numbers(129, len(reals))
    cases = []
    for x, y, v, w in zip(reals, reals[1:] + reals[:1], infs, infs[1:] + infs[:1], strict=True):
        for one, other, speed in ((x, y, w), (y, x, w), (x, x, w)):
            for word, holds in (("<", one < other), (">", one > other), ("==", one == other)):
                cases.append((f"Dual({one}, {v}) {word} Dual({other}, {speed})", holds))
        cases += [(f"Dual({x}, {v}) < {y}", x < y), (f"{y} < Dual({x}, {v})", y < x), (f"Dual({x}, {v}) == {x}", True)]
        cases += [(f"Dual({x}, {v}) <= {y}", x <= y), (f"Dual({x}, {v}) >= {x}", True)]
    found = student.eval("[bool(r) for r in (" + ", ".join(source for source, _ in cases) + ",)]")
    assert found == [holds for _, holds in cases]


@pytest.mark.task("dual_times")
def test_the_product_on_paper(student):
    """product_real and product_inf: (a + b*eps)*(c + d*eps), multiplied out."""
    names = ["a", "b", "c", "d"]
    symbolic(student, "product_real", "a*c", names)
    wrong = {
        "b*d": "product_inf: b*d is the factor of eps*eps, and eps*eps = 0. What is the factor of a single eps?",
        "a*d + b*c + b*d": "product_inf: eps*eps = 0: the term b*d*eps*eps is gone, not small.",
        "a*d": "product_inf: there are two strips. Which other product has exactly one eps?",
        "b*c": "product_inf: there are two strips. Which other product has exactly one eps?",
    }
    symbolic(student, "product_inf", "a*d + b*c", names, wrong=wrong)


# ----------------------------------------------------------------------------------------- dual_divide_power


BELOW = [-2.5, 4, 0.375, 2.5, -1, 1.0625, -2.5]  # no zero: of plain numbers, and of real parts


def dividends(seed):
    return [*drawn(seed)[:7], (3e-4, 70.0), (6e4, -3e3), (-2.5, 1.5)]


def divisors(seed):
    return [*zip(BELOW, inputs.numbers(seed, 7), strict=True), (-7e-5, 3e-4), (6e5, -2e-4), (5e-13, 2e-13)]


@pytest.mark.task("dual_divide_power", weight=2)
def test_quotients(student):
    """A quotient of two Duals, multiplied back, gives what was divided."""
    by_name = [(f"divide(Dual{p}, Dual{q})", *over(p, q)) for p, q in zip(dividends(131), divisors(133), strict=True)]
    same = ("(lambda d: divide(d, d))(Dual(-1.5, 2.0))", 1, 0)
    duals(student, *by_name, same, *each("/", over, dividends(135), divisors(137)))


@pytest.mark.task("dual_divide_power")
def test_quotients_with_plain_numbers(student):
    """A plain number may stand above or below."""
    above = [(f"divide({p}, Dual{q})", *over((p, 0), q)) for p, q in zip(PLAIN, divisors(139), strict=False)]
    below = [(f"divide(Dual{p}, {q})", *over(p, (q, 0))) for p, q in zip(drawn(141), BELOW, strict=False)]
    operators = each("/", over, drawn(143)[:7], BELOW) + each("/", over, PLAIN, divisors(145)[:7])
    duals(student, *above, *below, *operators)


@pytest.mark.task("dual_divide_power")
def test_dividing_by_real_part_zero(student):
    """Dividing by a real part 0 raises a ZeroDivisionError."""
    assert is_dual(student.divide(student.Dual(1.0, 1.0), student.Dual(4.0, 2.0)))  # else raising it always would do
    for source in ("divide(Dual(1.0, 1.0), Dual(0.0, 2.0))", "Dual(3, 2) / 0", "divide(Dual(0, 3), Dual(0, 2))"):
        with student.raises("ZeroDivisionError"):
            student.eval(source)


def raised(p, n):
    """p to the n, by what it means."""
    product = (1, 0)
    for _ in range(abs(n)):
        product = times(product, p)
    return product if n >= 0 else over((1, 0), product)


@pytest.mark.task("dual_divide_power", weight=2)
def test_powers(student):
    """A power is a repeated product, in both parts."""
    exponents = [3, 2, 1, 5, 4, 7, 12, 2, 3]
    duals(
        student,
        *((f"power(Dual{p}, {n})", *raised(p, n)) for p, n in zip(drawn(147), exponents, strict=True)),
        ("Dual(2.0, 5.0) ** 5", 32.0, 400.0),
        ("Dual(-1.5, 2.0) ** 3", *raised((-1.5, 2.0), 3)),
        ("Dual(-1.5, 2.0) ** 2", *raised((-1.5, 2.0), 2)),
    )


@pytest.mark.task("dual_divide_power")
def test_powers_at_zero(student):
    """Where the real part is 0, the powers 1 and 0 still have a rate."""
    duals(
        student,
        ("power(Dual(0.0, 3.0), 1)", 0.0, 3.0),
        ("power(Dual(0.0, 3.0), 0)", 1.0, 0.0),
        ("power(Dual(0, -2.5), 2)", 0, 0),
        ("power(Dual(0, 4), 5)", 0, 0),
        ("power(Dual(4, 3), 0)", 1, 0),
        ("power(Dual(-2.5, 3), 0)", 1, 0),
    )


@pytest.mark.task("dual_divide_power")
def test_negative_powers(student):
    """A negative power is 1 divided by the power, and cannot be taken where the real part is 0."""
    exponents = [-1, -2, -3, -5, -1, -2, -4]
    bases = divisors(149)[: len(exponents)]
    duals(student, *((f"power(Dual{p}, {n})", *raised(p, n)) for p, n in zip(bases, exponents, strict=True)))
    for source in ("power(Dual(0.0, 1.0), -2)", "power(Dual(0, 3), -1)"):
        with student.raises("ZeroDivisionError"):
            student.eval(source)


@pytest.mark.task("dual_divide_power", weight=0.5)
def test_what_is_divided_and_raised_stays_as_it_was(student):
    """Neither dividing nor a power changes the numbers that it is given."""
    used = "[divide(d, e), divide(2, e), d / e, power(e, -2), power(d, 1), power(e, 0)]"
    source = (
        f"(lambda d, e: [{used}, divide(d, 2).real, divide(e, 2).real, power(d, 3).real, d.real, d.inf, e.real, e.inf])"
    )
    _, half, other_half, cube, *left = listed(student.eval(f"{source}(Dual(-2, 3), Dual(5, 7))"), 8)
    number(half, -1)
    number(other_half, 2.5)  # else giving back what came would earn this
    number(cube, -8)
    if left != [-2, 3, 5, 7]:
        raise Hint("divide or power has changed a Dual that it was given. Give back a new one: `Dual(...)`.")


@pytest.mark.task("dual_divide_power")
def test_the_reciprocal_on_paper(student):
    """reciprocal_inf: the eps part of 1/(x + eps)."""
    wrong = {
        "1/x^2": "reciprocal_inf: make x a little larger. Does 1/x grow or shrink?",
        "-1/x": "reciprocal_inf: multiply (1/x + v*eps) by (x + eps). Which v makes the eps part vanish?",
        "1": "reciprocal_inf: 1/(x + eps) is not 1/x + 1/eps. Multiply back and compare.",
        "ln(x)": "reciprocal_inf: multiply (1/x + v*eps) by (x + eps). Does your v make the eps part vanish?",
        "1/x": "reciprocal_inf: that is the real part. What is the factor of eps?",
    }
    symbolic(
        student, "reciprocal_inf", "-1/x^2", ["x"], wrong=wrong, question="1/x", variable="x", form="no derivative"
    )


# ----------------------------------------------------------------------------------------------------- slope


GIVEN_A_NUMBER = "(_ for _ in ()).throw(TypeError('f was given a plain number: which number stands for x + eps?'))"


def curve(height, rate, *, plain=True):
    """The source of a function of x which needs no arithmetic of Dual: `height` and `rate` are of the plain number t.

    It may be given plain numbers, too, unless `plain` is False.
    """
    value = height if plain else GIVEN_A_NUMBER
    return f"(lambda t: x.__class__({height}, ({rate}) * x.inf) if hasattr(x, 'inf') else {value})(x.real)"


def slopes(student, *cases, rel=1e-9):
    """Each (source, x, expected): the slope of a function of x; all are computed before any is judged."""
    found = student.eval("[" + ", ".join(f"slope(lambda x: {source}, {x!r})" for source, x, _ in cases) + "]")
    for part, (_, _, expected) in zip(listed(found, len(cases)), cases, strict=True):
        value = number(part)
        if value != pytest.approx(expected, rel=rel, abs=0) and is_rounded(value, expected):
            raise Recognised("The eps part is exact, however small or large. Why round it?")
        if value != pytest.approx(expected, rel=rel) and value == pytest.approx(expected, rel=1e-3):
            raise Recognised("Close, and not exact. eps is not a small float: which number stands for x + eps?")
        number(value, expected, rel=rel, abs=0)


def is_rounded(value, exact):
    """Whether a number was rounded, or cut, to two decimals or more."""
    decimals = next((d for d in range(2, 13) if value == round(value, d)), None)
    return decimals is not None and abs(value - exact) < 10.0**-decimals and (value != 0 or abs(exact) < 1e-2)


def a_slope(student):
    """What neither "0, always" nor a small step gives: asked where the test's own question needs no work."""
    assert abs(number(student.slope(student.function(curve("t * t", "2 * t", plain=False)), -1.3125))) > 1e-3


@pytest.mark.task("slope")
def test_what_stands_beside_eps(student):
    """slope(f, x) is the eps part of f(x + eps), tiny or huge, also where x or f(x) is 0."""
    number(student.slope(student.function(curve("40 + t", "7", plain=False)), 2.5), 7)
    rates = [7, *inputs.magnitudes(151), *inputs.numbers(152, 8, zero=False)]
    places = [*inputs.numbers(153, len(rates) - 2), 0, -3.0]
    cases = [
        (curve(f"t - {x!r}" if k % 3 else "1000 * t", repr(rate), plain=False), x, rate)
        for k, (rate, x) in enumerate(zip(rates, places, strict=True))
    ]
    slopes(student, *cases)


@pytest.mark.task("slope")
def test_exact_slopes(student):
    """Slopes of formulas are exact, also at large x."""
    cases = [("x * x + 3 * x", 2.718, 8.436), ("x * x * x", -1.4142, 3 * 1.4142**2), ("2 * x * x - x", 1e6, 4e6 - 1)]
    only_duals = f"if hasattr(x, 'inf') else {GIVEN_A_NUMBER}"
    slopes(student, *((f"({source}) {only_duals}", x, expected) for source, x, expected in cases), rel=1e-12)
    both = student.eval("(lambda f: [slope(f, 1.5), slope(f, -0.75), slope(f, 1.5)])(lambda x: x * x * x)")
    for found, expected in zip(listed(both, 3), (6.75, 1.6875, 6.75), strict=True):
        number(found, expected)


@pytest.mark.task("slope")
def test_a_constant_has_slope_zero(student):
    """A function that ignores its input has the slope 0."""
    a_slope(student)
    for found in listed(student.eval("[slope(lambda x: 7, 3.0), slope(lambda x: 2.5, -1), slope(lambda x: 0, 2)]"), 3):
        number(found, 0)


@pytest.mark.task("slope")
def test_f_is_called_once_with_a_dual(student):
    """f is called once, and with a Dual."""
    asked, given = [], student.Dual(40.0, 7.0)

    def f(x):  # on our side of the wire: what it counts cannot be made up
        asked.append(x)
        return given

    student.slope(f, 1.5)
    if any(map(is_dual, asked)) and not all(map(is_dual, asked)):
        raise Recognised("Once is enough: f(x + eps) has the height beside the rate. Why is f asked a second time?")
    a_slope(student)
    if len(asked) != 1:
        raise Hint("slope: f should be called exactly once.")
    if not is_dual(asked[0]):
        raise Hint(f"f was given {kind_of(asked[0])}. Which number stands for x + eps?")
    number(asked[0].get("real"), 1.5)


@pytest.mark.task("slope")
def test_functions_with_branches(student):
    """Functions with an if inside work as well."""
    bent = f"(2 * x if x > 0 else -3 * x) if hasattr(x, 'inf') else {GIVEN_A_NUMBER}"
    slopes(student, (bent, 1.5, 2.0), (bent, -1.5, -3.0))


# ------------------------------------------------------------------------------------------------ microscope

CURVES = choices(__file__)["CURVES"]
WIDTHS = [0.5, 2.0, 0.05, 2.0]


def lens(student):
    """The student's own curve: its source, f, x0, and the slope there."""
    _, f, x0, slope = seen(variant("microscope", CURVES, student=student.id))
    q = (8 * f(1) - f(2)) / 6
    return curve(f"{f(1) - q} * t**3 + {q} * t", f"{3 * (f(1) - q)} * t * t + {q}"), f, x0, slope


def seen(own):
    """A curve of the list (all are p*x^3 + q*x): its text, x0, f(x0), and the slope there."""
    f, x0 = formula(own["f"]), own["x0"]
    q = (8 * f(1) - f(2)) / 6
    return own["f"], f, x0, 3 * (f(1) - q) * x0 * x0 + q


def panels(student, source, x0, widths):
    def drawn():
        found = listed(student.microscope(student.function(source), x0, widths), len(widths), what="microscope")
        return [axes(student, ax, what="microscope") for ax in found]

    return student.once((source, x0, *widths), drawn)


def drawn_in(panel):
    """All that can be read as a curve, in the order of x."""
    return [(line.label.strip().lower(), line.xy.T) for line in curves(panel)]


def has_curve(panel, f, x0, width, label=None):
    """Whether points of f stand in the window, at least 20 and from its left end to its right end."""
    for own, (x, y) in drawn_in(panel):
        inside = (x >= x0 - width * 0.501) & (x <= x0 + width * 0.501)
        if label in (None, own) and inside.sum() >= 20 and spans(x[inside], x0, width):
            truth = np.array([f(value) for value in x[inside]])
            if np.allclose(y[inside], truth, rtol=1e-9, atol=1e-9 * max(1, np.abs(truth).max())):
                return True
    return False


def spans(x, x0, width):
    return bool(x.min() <= x0 - 0.47 * width and x.max() >= x0 + 0.47 * width)


def has_tangent(panel, height, slope, x0, width):
    return any(
        len(x) >= 2 and spans(x, x0, width) and np.allclose(y, height + slope * (x - x0), rtol=1e-9, atol=1e-9)
        for _, (x, y) in drawn_in(panel)
    )


@pytest.mark.task("microscope")
def test_every_window_has_the_asked_width(student):
    """Each panel shows the curve from x0 - width/2 to x0 + width/2, x0 in the middle, in the order of the widths."""
    source, f, x0, _ = lens(student)
    for panel, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        low, high = panel.xlim
        assert low == pytest.approx(x0 - width / 2, abs=0.06 * width)
        assert high == pytest.approx(x0 + width / 2, abs=0.06 * width)
        assert has_curve(panel, f, x0, width)  # else empty panels would earn this


@pytest.mark.task("microscope")
def test_the_curve_is_f(student):
    """Each panel holds the curve: at least 20 points (x, f(x)), from one end of the window to the other."""
    source, f, x0, _ = lens(student)
    for panel, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        assert has_curve(panel, f, x0, width)


@pytest.mark.task("microscope", weight=2)
def test_the_tangent_touches_the_curve(student):
    """The tangent passes through (x0, f(x0)), is as steep as f is there, and goes across the window."""
    source, f, x0, slope = lens(student)
    cases = [(source, x0, f(x0), slope), (curve("0.7071 * t * t - t", "1.4142 * t - 1"), -1.6, 3.410176, -3.26272)]
    shown = (WIDTHS, [0.5])
    drawn = [panels(student, source, x0, widths) for (source, x0, _, _), widths in zip(cases, shown, strict=True)]
    for made, (_, x0, height, slope), widths in zip(drawn, cases, shown, strict=True):
        for panel, width in zip(made, widths, strict=True):
            assert has_tangent(panel, height, slope, x0, width)


@pytest.mark.task("microscope", weight=0.5)
def test_a_level_tangent_is_drawn_and_a_kink_elsewhere_is_none_at_x0(student):
    """Where f is level the tangent is a level line; and where a kink is in sight, but not at x0, there is a tangent."""
    level = curve("(t - 1.5) * (t - 1.5) + 2", "2 * (t - 1.5)")
    bent = curve("abs(t - 1) + 3", "1 if t > 1 else -1")
    drawn = [panels(student, source, x0, [2.0]) for source, x0 in ((level, 1.5), (bent, 1.5))]
    for made, height, slope, x0 in zip(drawn, (2.0, 3.5), (0.0, 1.0), (1.5, 1.5), strict=True):
        for panel, width in zip(made, [2.0], strict=True):
            if not any(label == "tangent" for label, _ in drawn_in(panel)):
                raise Hint('microscope: there is no line with the label "tangent", and f has no kink at x0.')
            assert has_tangent(panel, height, slope, x0, width)


@pytest.mark.task("microscope")
def test_the_gap_shrinks_with_the_width(student):
    """Zoomed in ten times, the gap between curve and tangent takes up ten times less of the window."""
    shares = []
    for panel, width in zip(panels(student, curve("t * t + t", "2 * t + 1"), 1.0, [1.0, 0.1]), [1.0, 0.1], strict=True):
        by_label = dict(drawn_in(panel))
        if not {"f", "tangent"} <= by_label.keys():
            raise Hint('The two lines need the labels "f" and "tangent".')
        x, y = by_label["f"]
        shares.append(np.abs(y - np.interp(x, *by_label["tangent"])).max() / width)
    assert shares[0] == pytest.approx(10 * shares[1], rel=1e-3)
    assert shares[0] == pytest.approx(0.25, rel=1e-3)


@pytest.mark.task("microscope")
def test_no_tangent_at_a_kink(student):
    """At a kink the curve is drawn, from one plain number at a time, and no tangent."""
    for panel in panels(student, curve("t * t + t", "2 * t + 1"), 1.0, [1.0, 0.1]):
        assert len(drawn_in(panel)) > 1  # else "no tangent, ever" would earn this
    bent = curve("4 - t if t < 1 else t + 2", "-1 if t < 1 else 1")  # asks one number whether it is below 1
    for panel, width in zip(panels(student, bent, 1.0, [1.0, 0.1]), [1.0, 0.1], strict=True):
        assert has_curve(panel, lambda x: abs(x - 1) + 3, 1.0, width, "f")
        for label, (x, y) in drawn_in(panel):
            assert label != "tangent"
            is_the_curve, is_a_guide = np.allclose(y, np.abs(x - 1) + 3), np.ptp(y) == 0
            passes = np.ptp(x) > 0 and x[0] <= 1 <= x[-1] and np.isclose(np.interp(1.0, x, y), 3, atol=1e-3)
            assert is_the_curve or is_a_guide or not passes  # a tangent by another name


@pytest.mark.task("microscope")
def test_your_own_tangent_on_paper(student):
    """my_tangent: the tangent of your own curve at your own x0."""
    _, f, x0, slope = lens(student)
    level, steep_third = f(1) - (f(2) - 2 * f(1)) / 6, (f(2) - 2 * f(1)) / 6  # the curves are c*x^3 + b*x
    wrong = {
        f"({slope})*x": "my_tangent: put your x0 into it. Does it give f(x0)?",
        f"({f(x0)}) + ({slope})*x": "my_tangent: put your x0 into it. Does it give f(x0)?",
        f"({slope})*(x - ({x0}))": "my_tangent: put your x0 into it. Does it give f(x0)?",
        f"({f(x0)}) + ({slope})*(x + ({x0}))": "my_tangent: at x = x0 you have gone nowhere yet. Mind its sign.",
        f"({f(x0)}) + (3*({steep_third})*x^2 + ({level}))*(x - ({x0}))": "my_tangent: a line is equally steep "
        "everywhere. Which number is the slope at x0?",
        f"{slope}": "my_tangent: that is how steep the line is. How high is it at x?",
    }
    for other in others("microscope", CURVES, student):
        _, g, there, steep = seen(other)
        wrong[f"({g(there)}) + ({steep})*(x - ({there}))"] = f"my_tangent: {SOMEBODY_ELSES}"
    symbolic(student, "my_tangent", f"({f(x0)}) + ({slope})*(x - ({x0}))", ["x"], wrong=wrong, form="no derivative")


# ------------------------------------------------------------------------------------------------- pair_plot

TRIPLES = choices(__file__)["TRIPLES"]


def order_of_slopes(functions, low=-3.0):
    """Which function's slope `pictures.match` draws first, second, ...; in the kit it would be the answer."""
    return sorted(range(len(functions)), key=lambda number: functions[number](low + 1e-3) - functions[number](low))


XS = [-2.0, -1.75, -1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 1.5, 2.5]
HEIGHTS = [x**3 - 1.7 * x * x for x in XS]
SLOPES = [3 * x * x - 3.4 * x for x in XS]


def pair(student):
    """The two panels that the student draws, and where each stands."""

    def drawn():
        found = listed(student.pair_plot(student.function(curve("t**3 - 1.7 * t * t", "3 * t * t - 3.4 * t")), XS), 2)
        above, below = [axes(student, ax, what="pair_plot") for ax in found]
        places = "[[ax.get_position().x0, ax.get_position().y0] for ax in (p, q)]"
        return above, below, array(student.eval(places, p=found[0], q=found[1]), shape=(2, 2))

    return student.once("pair", drawn)


def has_points(panel, heights):
    points = np.array([XS, heights])
    return any(xy.shape == points.shape and np.allclose(xy, points, rtol=1e-9, atol=1e-9) for _, xy in drawn_in(panel))


@pytest.mark.task("pair_plot")
def test_the_upper_panel_shows_f(student):
    """The upper panel shows f over xs, and stands above the other one."""
    above, _, ((left, upper), (right, lower)) = pair(student)
    if upper <= lower or abs(left - right) > 0.3:
        raise Hint("pair_plot: f should stand above and its slope below, one under the other: plt.subplots(2, 1).")
    assert has_points(above, HEIGHTS)


@pytest.mark.task("pair_plot", weight=2)
def test_the_lower_panel_shows_the_slope(student):
    """The lower panel shows how fast f changes, over the same xs and not rescaled."""
    _, below, _ = pair(student)
    if has_points(below, SLOPES):
        return
    for factor in rescaled(below, SLOPES):
        if factor < 0:
            raise Recognised("Your lower curve is upside down. Where f climbs, is its slope above or below zero?")
        if factor > 0:
            raise Recognised("Do not rescale the slope: the number matters, not only the shape.")
    raise AssertionError("the slope is not there")


def rescaled(panel, heights):
    """For each curve of a panel that has the right heights times one factor, this factor."""
    for _, (x, y) in drawn_in(panel):
        if y.shape == (len(XS),) and np.allclose(x, XS):
            factor = np.abs(y).max() / np.abs(heights).max() * (1 if y[0] * heights[0] > 0 else -1)
            if np.allclose(y, factor * np.array(heights), rtol=1e-9, atol=1e-9):
                yield factor


@pytest.mark.task("pair_plot")
def test_there_is_a_zero_line(student):
    """The lower panel has a level line at height 0, below or above which the slope is seen."""
    _, below, _ = pair(student)
    assert has_points(below, SLOPES)  # else a level line alone would earn this
    assert any(abs(height) < 1e-9 for height in levels(below))


def runs_against(f, g):
    """Whether f falls nearly everywhere where g climbs, and climbs where it falls."""
    places = np.arange(-2.95, 3, 0.1)
    return np.mean([(f(x + 1e-6) - f(x)) * (g(x + 1e-6) - g(x)) < 0 for x in places]) > 0.8


@pytest.mark.task("pair_plot", weight=2)
def test_three_graphs_and_their_slopes(student):
    """matching: which slope belongs to which of your three graphs."""
    order = order_of_slopes([formula(text) for text in variant("pair_plot", TRIPLES, student=student.id)])
    found = answer(student, "matching")
    letters = "".join(found).replace(" ", "").replace(",", "").lower() if isinstance(found, str | list | tuple) else ""
    if sorted(letters) != ["a", "b", "c"]:
        raise Hint('matching: type three letters, each of a, b, c once, for example "abc".')
    if letters == "abc":
        raise Recognised("matching: look at what each slope says, not at the order. Where does graph 1 climb?")
    right = "".join("abc"[order.index(number)] for number in range(3))
    if letters == "".join("abc"[number] for number in order) != right:
        raise Recognised("matching: you tell for each slope its graph. Graph 1 comes first: which slope is its own?")
    functions = [formula(text) for text in variant("pair_plot", TRIPLES, student=student.id)]
    if any(runs_against(f, functions[order["abc".index(said)]]) for f, said in zip(functions, letters, strict=True)):
        raise Recognised(
            "matching: where one graph climbs, the slope that you chose is below zero. Which of the two means downhill?"
        )
    if letters != right:
        raise Hint("matching: take one graph. Where does it climb, and which slope is above zero exactly there?")


# ---------------------------------------------------------------------------------------------------- signal

WALKS = choices(__file__)["WALKS"]


def asked_of_signal(student, *cases):
    """What signal says in each case (source, x, ...) of functions that take a Dual only; all are computed at once."""
    elsewhere = number(student.signal(student.function(curve("t", "5", plain=False)), 2.0))
    assert abs(elsewhere) > 1e-3  # else "0, always" would do
    found = student.eval("[" + ", ".join(f"signal(lambda x: {source}, {x!r})" for source, x, *_ in cases) + "]")
    return listed(found, len(cases))


def signals(student, *cases):
    """Each (source, x, expected); all are computed before any is judged."""
    for part, (_, _, expected) in zip(asked_of_signal(student, *cases), cases, strict=True):
        number(part, expected)


@pytest.mark.task("signal", weight=2)
def test_against_the_slope(student):
    """To get smaller, go against the slope: left where f climbs, right where it falls, however little it does."""
    rates = [0.125, -4.0, *inputs.magnitudes(161), 1e-12, -3e-11, *inputs.numbers(162, 6, zero=False)]
    cases = zip(rates, [*inputs.numbers(163, len(rates) - 2), 0, 0], strict=True)
    cases = [(curve(f"t - {x!r}", repr(s), plain=False), x, -1 if s > 0 else 1, abs(s)) for s, x in cases]
    found = asked_of_signal(student, *cases)
    wrong = [(way, size) for way, (*_, expected, size) in zip(found, cases, strict=True) if number(way) != expected]
    right = [size for way, (*_, expected, size) in zip(found, cases, strict=True) if number(way) == expected]
    if wrong and all(way == 0 for way, _ in wrong) and max(size for _, size in wrong) < min(right, default=0):
        raise Recognised("However little f climbs, it climbs. From which size on does your signal call a slope level?")
    assert not wrong


@pytest.mark.task("signal")
def test_flat_means_no_advice(student):
    """A valley, a hilltop and a ledge all give 0, and a slanted line does not."""
    valley, hilltop = curve("t * t - 4 * t", "2 * t - 4", plain=False), curve("6 * t - t * t", "6 - 2 * t", plain=False)
    signals(student, (valley, 2.0, 0), (hilltop, 3.0, 0), (curve("t**3", "3 * t * t", plain=False), 0.0, 0))


@pytest.mark.task("signal")
def test_a_step_tells_nobody_where_to_go(student):
    """A step function, and any that gives back a plain whole number, gives 0 on either side of its jump."""
    signals(student, ("0 if x.real < 1 else 1", 0.5, 0), ("0 if x.real < 1 else 1", 4.0, 0), ("3", 2.0, 0))


def zero_is_understood(student):
    found = student.value("zero_means")
    return isinstance(found, str) and found.strip().lower() == "c"


@pytest.mark.task("signal")
def test_prediction(student):
    """my_prediction: a wrong one costs nothing if zero_means is right."""
    own = variant("signal", WALKS, student=student.id)
    ways = listed(answer(student, "my_prediction"), 3, what="my_prediction")
    found = [number(way, what="my_prediction") for way in ways]
    if not set(found) <= {-1, 0, 1}:
        raise Hint("my_prediction: give a list of three, each of them -1, 0 or +1.")
    f, h = formula(own["f"]), 1e-4
    slopes = [(f(x + h) - f(x - h)) / (2 * h) for x in own["at"]]
    right = [0 if abs(s) < 1e-3 else -1 if s > 0 else 1 for s in slopes]
    if found != right and not zero_is_understood(student):
        raise Hint("my_prediction: look at each place again. If you step to the right, does the curve go up or down?")


@pytest.mark.task("signal", weight=0.25)  # one letter of four: a guess is not to earn more than a twentieth
def test_what_zero_means(student):
    """zero_means: what is known about a place where signal says 0."""
    asks = {
        "a": "a hilltop is flat, too. Is 0 then a sign of success, or no advice?",
        "b": "a valley is flat, too. Is 0 then a sign of failure, or no advice?",
        "d": "at a kink the two sides disagree. Is f level there?",
    }
    letter(student, "zero_means", "c", asks)
