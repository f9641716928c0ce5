"""Hidden tests of `derivative_intuition`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. Where the learner's Dual is not the question, the
functions handed in need no arithmetic of it (`Dual(x.real + 1, 5 * x.inf)`): an early slip costs once.
"""

import random
import re

import numpy as np
import pytest
from kit import formula, variant

from grader.testing import Handle, Hint, Recognised, answer, axes, choices, kind_of, letter, listed, number, symbolic

SOMEBODY_ELSES = "right for other numbers than yours. Does the notebook greet you by your name in the course?"


def others(exercise, choices, student):
    """The numbers of everybody else: who works under another name than the course knows gets those."""
    own = variant(exercise, choices, student=student.id)
    return [one for one in choices if one != own]


# ---------------------------------------------------------------------------------------------- average_rate

CUBICS = choices(__file__)["CUBICS"]


@pytest.mark.task("average_rate")
def test_rise_over_run(student):
    """The rate is the change of f divided by the change of its input."""
    rng = random.Random(11)  # noqa: S311 - the same inputs every time
    cases = []
    for _ in range(5):
        m, a = rng.uniform(2, 6), rng.uniform(-3, 3)
        b = a + rng.uniform(1.5, 4)
        cases.append((student.average_rate(lambda x, m=m: m * x + x * x + 20 * x, a, b), m + 20 + a + b))
    for found, rate in cases:
        number(found, rate)


@pytest.mark.task("average_rate")
def test_a_falling_function_has_a_negative_rate(student):
    """Where f falls, the rate is negative: the sign tells which way f goes."""
    number(student.average_rate(lambda x: 5 - 2.5 * x, -1.0, 3.0), -2.5)


@pytest.mark.task("average_rate")
def test_the_order_of_the_two_inputs_does_not_matter(student):
    """From right to left the run is negative and the rate is the same."""
    number(student.average_rate(lambda x: x**2 + x, 6.0, 1.0), 8.0)


@pytest.mark.task("average_rate")
def test_no_step_is_refused(student):
    """If a equals b there is no run: a ValueError."""
    number(student.average_rate(lambda x: x + 1, 2.5, 4.0))  # else raising it always would earn this
    with student.raises("ValueError"):
        student.average_rate(lambda x: x + 1, 2.5, 2.5)


@pytest.mark.task("average_rate")
def test_only_the_two_ends_are_asked(student):
    """f is asked at a and at b, and nowhere else."""
    asked = []

    def f(x):
        asked.append(x)
        return 2 * x

    student.average_rate(f, 1.25, 3.5)
    assert set(asked) == {1.25, 3.5}


@pytest.mark.task("average_rate")
def test_the_rate_of_a_square_on_paper(student):
    """rate_of_square: the rate of x^2 from a to a + w, without a division."""
    wrong = {
        "2a": "rate_of_square: what became of the w? Multiply out (a + w)^2 once more, and divide every term by w.",
        "2a*w + w^2": "rate_of_square: that is the change; how many units of input did it take?",
        "2a - w": "rate_of_square: look at the sign of w. Is (a + w)^2 larger or smaller than a^2 + 2*a*w?",
        "2a + 1": "rate_of_square: w*w divided by w is not 1.",
        "w": "rate_of_square: (a + w)^2 is not a^2 + w^2. Draw the square with its two strips.",
    }
    symbolic(student, "rate_of_square", "2*a + w", ["a", "w"], wrong=wrong)
    without_division(student, "rate_of_square")


@pytest.mark.task("average_rate")
def test_the_rate_of_your_own_function_on_paper(student):
    """rate_of_mine: the rate of your own function from a to a + w, without a division."""
    c = variant("average_rate", CUBICS, student=student.id)["c"]
    wrong = {
        "3a^2 + 3a*w + w^2": "rate_of_mine: your function has two terms. How fast does the second one change?",
        f"3a^2 + ({c})": "rate_of_mine: what became of the w? The step has not shrunk to nothing yet.",
        f"3a^2*w + 3a*w^2 + w^3 + ({c})*w": "rate_of_mine: that is the change; how many units of input did it take?",
        f"w^2 + ({c})": "rate_of_mine: (a + w)^3 is not a^3 + w^3. Multiply out (a + w)*(a + w)*(a + w).",
    }
    for other in others("average_rate", CUBICS, student):
        wrong[f"3a^2 + 3a*w + w^2 + ({other['c']})"] = f"rate_of_mine: {SOMEBODY_ELSES}"
    symbolic(student, "rate_of_mine", f"3a^2 + 3a*w + w^2 + ({c})", ["a", "w"], wrong=wrong)
    without_division(student, "rate_of_mine")


def without_division(student, name):
    if re.search(r"/|÷|\\frac|(\*\*|\^)\s*\(?\s*-", student.value(name)):
        raise Recognised(f"{name}: the value is right. Go on until no division is left in it.")


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
    if found != pytest.approx(rate) and any(found == pytest.approx(one) for one in of_others):
        raise Hint(f"my_rate: {SOMEBODY_ELSES}")
    number(found, rate)


# ------------------------------------------------------------------------------------------- dual_plus_times


def duals(student, *cases, **names):
    """Each (source, real, inf): `source`, evaluated over there, is a Dual with these two plain parts.

    All are evaluated before any is judged: the whole pattern of what is wrong tells which mistake it was.
    """
    found = [student.eval(source, **names) for source, _, _ in cases]
    parts = [(one.get("real"), one.get("inf")) if is_dual(one) else None for one in found]
    for one, got, (_, real, inf) in zip(found, parts, cases, strict=True):
        if got is None:
            raise Hint(f"A Dual was expected, and {kind_of(one)} came back.")
        number(got[0], real, what="real")
        number(got[1], inf, what="inf")


def is_dual(found):
    return isinstance(found, Handle) and found.type_name == "Dual"


@pytest.mark.task("dual_plus_times")
def test_sums(student):
    """Sums add both parts; a plain number may stand on either side."""
    d = student.Dual(2.5, -4.0)
    duals(student, ("d + Dual(1.25, 7.0)", 3.75, 3.0), ("d + 3", 5.5, -4.0), ("3 + d", 5.5, -4.0), d=d)


@pytest.mark.task("dual_plus_times")
def test_differences(student):
    """Differences subtract both parts, and the minus sign turns both around."""
    d = student.Dual(2.5, -4.0)
    duals(student, ("d - Dual(1.25, 7.0)", 1.25, -11.0), ("d - 3", -0.5, -4.0), ("-d", -2.5, 4.0), d=d)


@pytest.mark.task("dual_plus_times")
def test_a_number_minus_a_dual(student):
    """A plain number minus a Dual: mind the order, and the sign of the eps part."""
    duals(student, ("3 - d", 0.5, 4.0), d=student.Dual(2.5, -4.0))


@pytest.mark.task("dual_plus_times", weight=2)
def test_products(student):
    """Products multiply out, with eps*eps = 0; also three and more of them."""
    d = student.Dual(2.5, -4.0)
    duals(
        student,
        ("d * Dual(3.0, 7.0)", 7.5, 5.5),
        ("d * d * d", 15.625, -75.0),
        ("d * Dual(3, 7) * Dual(-2, 5) * Dual(4, 1)", -60.0, 91.0),
        d=d,
    )


@pytest.mark.task("dual_plus_times")
def test_a_number_times_a_dual(student):
    """A plain number times a Dual multiplies both parts, from either side."""
    d = student.Dual(2.5, -4.0)
    duals(student, ("d * 3", 7.5, -12.0), ("3 * d", 7.5, -12.0), d=d)


@pytest.mark.task("dual_plus_times")
def test_operands_stay_as_they_were(student):
    """No operation changes the numbers that it is given."""
    d, e = student.Dual(-2, 3), student.Dual(5, 7)
    duals(student, ("d + e", 3, 10), d=d, e=e)
    student.eval("[d + e, d - e, 2 - d, d * e, d * 4, d + 1, -d, abs(d), abs(e), d < e, d == e] and None", d=d, e=e)
    assert (d.get("real"), d.get("inf"), e.get("real"), e.get("inf")) == (-2, 3, 5, 7)


@pytest.mark.task("dual_plus_times")
def test_absolute_value(student):
    """abs turns both parts around where the real part is negative, and neither where it is positive."""
    duals(student, ("abs(Dual(-2.5, 4.0))", 2.5, -4.0), ("abs(Dual(1.5, -6.0))", 1.5, -6.0))


@pytest.mark.task("dual_plus_times")
def test_comparisons_look_at_the_real_part(student):
    """Comparing, with plain numbers and with Duals, looks at the real parts only."""
    d = student.Dual(2.5, -4.0)
    true = [
        "d < 3",
        "d > 2",
        "d <= 2.5",
        "d >= 2.5",
        "d == 2.5",
        "3 > d",
        "d < Dual(2.75, -9.0)",
        "d == Dual(2.5, 8.0)",
    ]
    false = ["d < 2", "d > 3", "d < 2.5", "d == 3", "d > Dual(2.5, -5.0)", "d < Dual(2.5, 9.0)", "d == Dual(1.0, -4.0)"]
    found = [student.eval(f"bool({one})", d=d) for one in true + false]
    assert found == [True] * len(true) + [False] * len(false)


@pytest.mark.task("dual_plus_times")
def test_the_product_on_paper(student):
    """product_real and product_inf: (a + b*eps)*(c + d*eps), multiplied out."""
    names = ["a", "b", "c", "d"]
    symbolic(student, "product_real", "a*c", names)
    wrong = {
        "b*d": "product_inf: b*d stands beside eps*eps, and eps*eps = 0. What stands beside a single eps?",
        "a*d + b*c + b*d": "product_inf: eps*eps = 0: the term b*d*eps*eps is gone, not small.",
        "a*d": "product_inf: there are two strips. Which other product has exactly one eps?",
        "b*c": "product_inf: there are two strips. Which other product has exactly one eps?",
    }
    symbolic(student, "product_inf", "a*d + b*c", names, wrong=wrong)


# ----------------------------------------------------------------------------------------- dual_divide_power


@pytest.mark.task("dual_divide_power", weight=2)
def test_quotients(student):
    """A quotient of two Duals, multiplied back, gives what was divided."""
    duals(
        student,
        ("divide(Dual(6.0, 5.0), Dual(2.0, 3.0))", 3.0, -2.0),
        ("divide(Dual(-1.5, 2.0), Dual(-4.0, 0.5))", 0.375, -0.453125),
        ("Dual(6.0, 5.0) / Dual(2.0, 3.0)", 3.0, -2.0),
    )


@pytest.mark.task("dual_divide_power")
def test_quotients_with_plain_numbers(student):
    """A plain number may stand above or below."""
    duals(
        student,
        ("divide(Dual(6.0, 5.0), 2)", 3.0, 2.5),
        ("divide(2, Dual(4.0, 3.0))", 0.5, -0.375),
        ("Dual(6, 5) / 4", 1.5, 1.25),
        ("3 / Dual(2.0, -4.0)", 1.5, 3.0),
    )


@pytest.mark.task("dual_divide_power")
def test_dividing_by_real_part_zero(student):
    """Dividing by a real part 0 raises a ZeroDivisionError."""
    assert is_dual(student.divide(student.Dual(1.0, 1.0), student.Dual(4.0, 2.0)))  # else raising it always would do
    with student.raises("ZeroDivisionError"):
        student.divide(student.Dual(1.0, 1.0), student.Dual(0.0, 2.0))
    with student.raises("ZeroDivisionError"):
        student.eval("Dual(3, 2) / 0")


@pytest.mark.task("dual_divide_power", weight=2)
def test_powers(student):
    """A power is a repeated product, in both parts."""
    duals(
        student,
        ("power(Dual(2.0, 5.0), 3)", 8.0, 60.0),
        ("power(Dual(-1.5, 2.0), 2)", 2.25, -6.0),
        ("Dual(2.0, 5.0) ** 5", 32.0, 400.0),
    )


@pytest.mark.task("dual_divide_power")
def test_powers_at_zero(student):
    """Where the real part is 0, the powers 1 and 0 still have a rate."""
    duals(
        student,
        ("power(Dual(0.0, 3.0), 1)", 0.0, 3.0),
        ("power(Dual(0.0, 3.0), 0)", 1.0, 0.0),
        ("power(Dual(4, 3), 0)", 1, 0),
    )


@pytest.mark.task("dual_divide_power")
def test_negative_powers(student):
    """A negative power is 1 divided by the power, and cannot be taken where the real part is 0."""
    duals(student, ("power(Dual(2.0, 3.0), -2)", 0.25, -0.75), ("power(Dual(4, 3), -1)", 0.25, -0.1875))
    with student.raises("ZeroDivisionError"):
        student.power(student.Dual(0.0, 1.0), -2)


@pytest.mark.task("dual_divide_power")
def test_the_reciprocal_on_paper(student):
    """reciprocal_inf: what stands beside eps in 1/(x + eps)."""
    wrong = {
        "1/x^2": "reciprocal_inf: make x a little larger. Does 1/x grow or shrink?",
        "-1/x": "reciprocal_inf: multiply (1/x + v*eps) by (x + eps). Which v makes the eps part vanish?",
        "1": "reciprocal_inf: 1/(x + eps) is not 1/x + 1/eps. Multiply back and compare.",
        "ln(x)": "reciprocal_inf: multiply (1/x + v*eps) by (x + eps). Does your v make the eps part vanish?",
        "1/x": "reciprocal_inf: that stands alone. What stands beside eps?",
    }
    symbolic(
        student, "reciprocal_inf", "-1/x^2", ["x"], wrong=wrong, question="1/x", variable="x", form="no derivative"
    )


# ----------------------------------------------------------------------------------------------------- slope


def slopes(student, *cases, rel=1e-6):
    """Each (source, x, expected): the slope of a function of x; all are asked for before any is judged."""
    found = [student.slope(student.function(source), x) for source, x, _ in cases]
    for one, (_, _, expected) in zip(found, cases, strict=True):
        value = number(one)
        if value != pytest.approx(expected, rel=rel) and value == pytest.approx(expected, rel=1e-3):
            raise Recognised("Close, and not exact. eps is not a small float: which number stands for x + eps?")
        number(value, expected, rel=rel)


@pytest.mark.task("slope")
def test_what_stands_beside_eps(student):
    """slope(f, x) is what stands beside eps in f(x + eps)."""
    slopes(student, ("Dual(x.real + 40, 7 * x.inf)", 2.5, 7), ("Dual(1000 * x.real, -0.5 * x.inf)", -3.0, -0.5))


@pytest.mark.task("slope")
def test_exact_slopes(student):
    """Slopes of formulas are exact, also at large x."""
    slopes(student, ("x * x + 3 * x", 2.5, 8.0), ("x * x * x", -1.5, 6.75), ("2 * x * x - x", 1e6, 4e6 - 1), rel=1e-12)


@pytest.mark.task("slope")
def test_a_constant_has_slope_zero(student):
    """A function that ignores its input has the slope 0."""
    assert student.slope(student.function("5 * x"), 3.0) != 0  # else "0, always" would earn this
    slopes(student, ("7", 3.0, 0), ("2.5", -1.0, 0))


@pytest.mark.task("slope")
def test_f_is_called_once_with_a_dual(student):
    """f is called once, and with a Dual."""
    asked, given = [], student.Dual(40.0, 7.0)

    def f(x):  # on our side of the wire: what it counts cannot be made up
        asked.append(x)
        return given

    student.slope(f, 1.5)
    assert len(asked) == 1
    if not is_dual(asked[0]):
        raise Hint(f"f was given {kind_of(asked[0])}. Which number stands for x + eps?")
    number(asked[0].get("real"), 1.5)


@pytest.mark.task("slope")
def test_functions_with_branches(student):
    """Functions with an if inside work as well."""
    bent = "2 * x if x > 0 else -3 * x"
    slopes(student, (bent, 1.5, 2.0), (bent, -1.5, -3.0))


# ------------------------------------------------------------------------------------------------ microscope

CURVES = choices(__file__)["CURVES"]
WIDTHS = [2.0, 0.5, 0.05]


def lens(student):
    """The student's own curve: its text, x0, f(x0), and the slope there."""
    return seen(variant("microscope", CURVES, student=student.id))


def seen(own):
    """A curve of the list (all are p*x^3 + q*x): its text, x0, f(x0), and the slope there."""
    f, x0 = formula(own["f"]), own["x0"]
    q = (8 * f(1) - f(2)) / 6
    return own["f"], f, x0, 3 * (f(1) - q) * x0 * x0 + q


def panels(student, source, x0, widths):
    found = listed(student.microscope(student.function(source), x0, widths), len(widths), what="microscope")
    return [axes(student, ax, what="microscope") for ax in found]


def curves(panel, f, x0, width):
    """The lines whose points, in the window, are those of f, and reach from its left end to its right end."""
    found = []
    for one in panel.lines:
        x, y = one.xy.T
        inside = (x >= x0 - width * 0.501) & (x <= x0 + width * 0.501)
        if inside.sum() >= 20 and spans(x[inside], x0, width):
            truth = np.array([f(value) for value in x[inside]])
            if np.allclose(y[inside], truth, rtol=1e-9, atol=1e-9 * max(1, np.abs(truth).max())):
                found.append(one)
    return found


def spans(x, x0, width):
    return bool(x.min() <= x0 - 0.47 * width and x.max() >= x0 + 0.47 * width)


@pytest.mark.task("microscope")
def test_every_window_has_the_asked_width(student):
    """Each panel shows x from x0 - w/2 to x0 + w/2, with x0 in the middle."""
    source, _, x0, _ = lens(student)
    for panel, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        low, high = panel.xlim
        assert low == pytest.approx(x0 - width / 2, abs=0.06 * width)
        assert high == pytest.approx(x0 + width / 2, abs=0.06 * width)


@pytest.mark.task("microscope")
def test_the_curve_is_f(student):
    """Each panel holds the curve: at least 20 points (x, f(x)), from one end of the window to the other."""
    source, f, x0, _ = lens(student)
    for panel, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        assert curves(panel, f, x0, width)


@pytest.mark.task("microscope", weight=2)
def test_the_tangent_touches_the_curve(student):
    """The tangent passes through (x0, f(x0)), is as steep as f is there, and goes across the window."""
    source, f, x0, slope = lens(student)
    for panel, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        assert any(
            len(one.xy) >= 2
            and spans(one.xy[:, 0], x0, width)
            and np.allclose(one.xy[:, 1], f(x0) + slope * (one.xy[:, 0] - x0), rtol=1e-9, atol=1e-9)
            for one in panel.lines
        )


@pytest.mark.task("microscope")
def test_the_gap_shrinks_with_the_width(student):
    """Zoomed in ten times, the gap between curve and tangent takes up ten times less of the window."""
    shares = []
    for panel, width in zip(panels(student, "x * x + x", 1.0, [1.0, 0.1]), [1.0, 0.1], strict=True):
        by_label = {one.label: one.xy for one in panel.lines}
        if not {"f", "tangent"} <= by_label.keys():
            raise Hint('The two lines need the labels "f" and "tangent".')
        curve, line = by_label["f"], by_label["tangent"]
        tangent = np.interp(curve[:, 0], line[:, 0], line[:, 1])
        shares.append(np.abs(curve[:, 1] - tangent).max() / width)
    assert shares[0] == pytest.approx(10 * shares[1], rel=1e-3)
    assert shares[0] == pytest.approx(0.25, rel=1e-3)


@pytest.mark.task("microscope")
def test_no_tangent_at_a_kink(student):
    """At a kink the curve is drawn, and no tangent."""
    for panel in panels(student, "x * x + x", 1.0, [1.0]):
        assert len(panel.lines) > 1  # else "no tangent, ever" would earn this
    for panel in panels(student, "abs(x - 1) + 3", 1.0, [1.0, 0.1]):
        assert any(one.label == "f" for one in panel.lines)
        for one in panel.lines:
            x, y = one.xy[np.argsort(one.xy[:, 0], kind="stable")].T
            is_the_curve = np.allclose(y, np.abs(x - 1) + 3)
            passes = np.ptp(x) > 0 and x[0] <= 1 <= x[-1] and np.isclose(np.interp(1.0, x, y), 3, atol=1e-3)
            assert one.label != "tangent"
            assert is_the_curve or not passes  # a tangent by another name


@pytest.mark.task("microscope")
def test_your_own_tangent_on_paper(student):
    """my_tangent: the tangent of your own curve at your own x0."""
    _, f, x0, slope = lens(student)
    wrong = {
        f"({slope})*x": "my_tangent: put your x0 into it. Does it give f(x0)?",
        f"({f(x0)}) + ({slope})*x": "my_tangent: put your x0 into it. Does it give f(x0)?",
        f"({slope})*(x - ({x0}))": "my_tangent: put your x0 into it. Does it give f(x0)?",
        f"({f(x0)}) + ({slope})*(x + ({x0}))": "my_tangent: at x = x0 you have gone nowhere yet. Mind its sign.",
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


XS = [-2.0, -1.75, -1.0, -0.5, 0.25, 0.5, 1.0, 1.5, 2.5]


def pair(student):
    found = listed(student.pair_plot(student.function("x * x * x - 2 * x * x"), XS), 2, what="pair_plot")
    return [axes(student, ax, what="pair_plot") for ax in found]


def has_curve(panel, expected):
    points = np.column_stack([XS, expected])
    drawn = [one.xy for one in [*panel.lines, *panel.scatters]]
    return any(xy.shape == points.shape and np.allclose(xy, points, rtol=1e-9, atol=1e-9) for xy in drawn)


@pytest.mark.task("pair_plot")
def test_the_upper_panel_shows_f(student):
    """The upper panel shows f over xs."""
    above, _ = pair(student)
    assert has_curve(above, [x * x * x - 2 * x * x for x in XS])


@pytest.mark.task("pair_plot", weight=2)
def test_the_lower_panel_shows_the_slope(student):
    """The lower panel shows how fast f changes, over the same xs and not rescaled."""
    _, below = pair(student)
    assert has_curve(below, [3 * x * x - 4 * x for x in XS])


@pytest.mark.task("pair_plot")
def test_there_is_a_zero_line(student):
    """The lower panel has a level line at height 0."""
    _, below = pair(student)
    assert any(len(one.xy) >= 2 and np.all(one.xy[:, 1] == 0) for one in below.lines)


@pytest.mark.task("pair_plot", weight=2)
def test_three_graphs_and_their_slopes(student):
    """matching: which slope belongs to which of your three graphs."""
    order = order_of_slopes([formula(text) for text in variant("pair_plot", TRIPLES, student=student.id)])
    found = answer(student, "matching")
    letters = "".join(found).replace(" ", "").replace(",", "").lower() if isinstance(found, str | list | tuple) else ""
    if sorted(letters) != ["a", "b", "c"]:
        raise Hint('matching: three letters are asked for, each of a, b, c once, for example "abc".')
    if letters == "abc":
        raise Recognised("matching: look at what each slope says, not at the order. Where does graph 1 climb?")
    if letters != "".join("abc"[order.index(number)] for number in range(3)):
        raise Hint("matching: take one graph. Where does it climb, and which slope is above zero exactly there?")


# ---------------------------------------------------------------------------------------------------- signal

WALKS = choices(__file__)["WALKS"]


def signals(student, *cases):
    """Each (source, x, expected); all are asked for before any is judged."""
    found = [student.signal(student.function(source), x) for source, x, _ in cases]
    for one, (_, _, expected) in zip(found, cases, strict=True):
        number(one, expected)


@pytest.mark.task("signal", weight=2)
def test_against_the_slope(student):
    """To get smaller, go against the slope: left where f climbs, right where it falls."""
    signals(
        student,
        ("(x - 1) * (x - 1) * 5", 2.5, -1),
        ("(x - 1) * (x - 1) * 5", -3.0, 1),
        ("-4 * x", 0.5, 1),
        ("0.125 * x", -2.0, -1),
    )


@pytest.mark.task("signal")
def test_flat_means_no_advice(student):
    """A valley, a hilltop and a ledge all give 0, and a slanted line does not."""
    assert student.signal(student.function("5 * x"), 2.0) != 0
    signals(student, ("x * x - 4 * x", 2.0, 0), ("6 * x - x * x", 3.0, 0), ("x * x * x", 0.0, 0))


@pytest.mark.task("signal")
def test_a_step_tells_nobody_where_to_go(student):
    """A step function, and any that gives back a plain whole number, gives 0 on either side of its jump."""
    assert student.signal(student.function("5 * x"), 2.0) != 0  # else "0, always" would earn this
    signals(student, ("0 if x < 1 else 1", 0.5, 0), ("0 if x < 1 else 1", 4.0, 0), ("3", 2.0, 0))


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
        raise Hint("my_prediction: a list of three is asked for, each of them -1, 0 or +1.")
    f, h = formula(own["f"]), 1e-4
    slopes = [(f(x + h) - f(x - h)) / (2 * h) for x in own["at"]]
    right = [0 if abs(s) < 1e-3 else -1 if s > 0 else 1 for s in slopes]
    if found != right and not zero_is_understood(student):
        raise Hint("my_prediction: look at each place again. If you step to the right, does the curve go up or down?")


@pytest.mark.task("signal")
def test_what_zero_means(student):
    """zero_means: what is known about a place where signal says 0."""
    asks = {
        "a": "a hilltop is flat, too. Is 0 then a sign of success, or no advice?",
        "b": "a valley is flat, too. Is 0 then a sign of failure, or no advice?",
        "d": "at a kink the two sides disagree. Is f level there?",
    }
    letter(student, "zero_means", "c", asks)
