"""Hidden tests of `derivative_intuition`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. Where the learner's Dual is not the question, the
functions handed in need no arithmetic of it (`Dual(x.real + 1, 5 * x.inf)`): an early slip costs once.
"""

import random
import re

import numpy as np
import pytest
from kit import variant

from grader.expect import Hint, symbolic
from grader.notebooks import choices
from grader.student import Handle


def near(found, expected, rel=1e-9):
    """A plain number, and that one."""
    if found is None:
        raise Hint("None came back. Is there still a `...`, or is a `return` missing?")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise Hint("A plain number was expected, and something else came back.")
    if found != found:
        raise Hint("nan came back, which is no number. Was something like 0/0 computed on the way?")
    assert found == pytest.approx(expected, rel=rel, abs=1e-12)


def answer(student, name):
    """A typed answer that is more than `...`."""
    found = student.value(name)
    if found is None or isinstance(found, Handle):
        raise Hint(f"{name}: nothing is written here yet.")
    return found


# ---------------------------------------------------------------------------------------------- average_rate

CUBICS = choices(__file__)["CUBICS"]


@pytest.mark.task("average_rate")
def test_rise_over_run(student):
    """The rate is the change of f divided by the change of its input."""
    rng = random.Random(11)  # noqa: S311 - the same inputs every time
    for _ in range(5):
        m, a = rng.uniform(2, 6), rng.uniform(-3, 3)
        b = a + rng.uniform(1.5, 4)
        near(student.average_rate(lambda x, m=m: m * x + x * x + 20 * x, a, b), m + 20 + a + b)


@pytest.mark.task("average_rate")
def test_a_falling_function_has_a_negative_rate(student):
    """Where f falls, the rate is negative: the sign tells which way f goes."""
    near(student.average_rate(lambda x: 5 - 2.5 * x, -1.0, 3.0), -2.5)


@pytest.mark.task("average_rate")
def test_the_order_of_the_two_inputs_does_not_matter(student):
    """From right to left the run is negative and the rate is the same."""
    near(student.average_rate(lambda x: x**2 + x, 6.0, 1.0), 8.0)


@pytest.mark.task("average_rate")
def test_no_step_is_refused(student):
    """If a equals b there is no run: a ValueError."""
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
    symbolic(student, "rate_of_mine", f"3a^2 + 3a*w + w^2 + ({c})", ["a", "w"], wrong=wrong)
    without_division(student, "rate_of_mine")


def without_division(student, name):
    if re.search(r"/|÷|\\frac|(\*\*|\^)\s*\(?\s*-", student.value(name)):
        raise Hint(f"{name}: the value is right. Go on until no division is left in it.")


@pytest.mark.task("average_rate")
def test_the_students_own_rate(student):
    """my_rate: the rate of your own function from your own a to your own b."""
    mine = variant("average_rate", CUBICS, student=student.id)
    a, b, c = mine["a"], mine["b"], mine["c"]
    found = answer(student, "my_rate")
    rate = a * a + a * b + b * b + c
    if found == rate * (b - a):
        raise Hint("my_rate: that is the change; how many units of input did it take?")
    near(found, rate)


# ------------------------------------------------------------------------------------------- dual_plus_times


def parts(student, source, real, inf, **names):
    """`source`, evaluated over there, is a Dual with these two plain parts."""
    found = student.eval(source, **names)
    if found is None:
        raise Hint("None came back. Is there still a `...`, or is a `return` missing?")
    if not isinstance(found, Handle) or found.type_name != "Dual":
        raise Hint("A Dual was expected, and something else came back.")
    near(found.get("real"), real)
    near(found.get("inf"), inf)


@pytest.mark.task("dual_plus_times")
def test_sums(student):
    """Sums add both parts; a plain number may stand on either side."""
    d = student.Dual(2.5, -4.0)
    parts(student, "d + Dual(1.25, 7.0)", 3.75, 3.0, d=d)
    parts(student, "d + 3", 5.5, -4.0, d=d)
    parts(student, "3 + d", 5.5, -4.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_differences(student):
    """Differences subtract both parts, and the minus sign turns both around."""
    d = student.Dual(2.5, -4.0)
    parts(student, "d - Dual(1.25, 7.0)", 1.25, -11.0, d=d)
    parts(student, "d - 3", -0.5, -4.0, d=d)
    parts(student, "-d", -2.5, 4.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_a_number_minus_a_dual(student):
    """A plain number minus a Dual: mind the order, and the sign of the eps part."""
    parts(student, "3 - d", 0.5, 4.0, d=student.Dual(2.5, -4.0))


@pytest.mark.task("dual_plus_times", weight=2)
def test_products(student):
    """Products multiply out, with eps*eps = 0; also three and more of them."""
    d = student.Dual(2.5, -4.0)
    parts(student, "d * Dual(3.0, 7.0)", 7.5, 5.5, d=d)
    parts(student, "d * d * d", 15.625, -75.0, d=d)
    parts(student, "d * Dual(3, 7) * Dual(-2, 5) * Dual(4, 1)", -60.0, 91.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_a_number_times_a_dual(student):
    """A plain number times a Dual multiplies both parts, from either side."""
    d = student.Dual(2.5, -4.0)
    parts(student, "d * 3", 7.5, -12.0, d=d)
    parts(student, "3 * d", 7.5, -12.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_operands_stay_as_they_were(student):
    """No operation changes the numbers that it is given."""
    d, e = student.Dual(-2, 3), student.Dual(5, 7)
    parts(student, "d + e", 3, 10, d=d, e=e)
    student.eval("[d + e, d - e, 2 - d, d * e, d * 4, d + 1, -d, abs(d), abs(e), d < e, d == e] and None", d=d, e=e)
    assert (d.get("real"), d.get("inf"), e.get("real"), e.get("inf")) == (-2, 3, 5, 7)


@pytest.mark.task("dual_plus_times")
def test_absolute_value(student):
    """abs turns both parts around where the real part is negative, and neither where it is positive."""
    parts(student, "abs(Dual(-2.5, 4.0))", 2.5, -4.0)
    parts(student, "abs(Dual(1.5, -6.0))", 1.5, -6.0)


@pytest.mark.task("dual_plus_times")
def test_comparisons_look_at_the_real_part(student):
    """Comparing, with plain numbers and with Duals, looks at the real parts only."""
    d = student.Dual(2.5, -4.0)
    for true in (
        "d < 3",
        "d > 2",
        "d <= 2.5",
        "d >= 2.5",
        "d == 2.5",
        "3 > d",
        "d < Dual(2.75, -9.0)",
        "d == Dual(2.5, 8.0)",
    ):
        assert student.eval(f"bool({true})", d=d) is True
    for false in (
        "d < 2",
        "d > 3",
        "d < 2.5",
        "d == 3",
        "d > Dual(2.5, -5.0)",
        "d < Dual(2.5, 9.0)",
        "d == Dual(1.0, -4.0)",
    ):
        assert student.eval(f"bool({false})", d=d) is False


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
    parts(student, "divide(Dual(6.0, 5.0), Dual(2.0, 3.0))", 3.0, -2.0)
    parts(student, "divide(Dual(-1.5, 2.0), Dual(-4.0, 0.5))", 0.375, -0.453125)
    parts(student, "Dual(6.0, 5.0) / Dual(2.0, 3.0)", 3.0, -2.0)


@pytest.mark.task("dual_divide_power")
def test_quotients_with_plain_numbers(student):
    """A plain number may stand above or below."""
    parts(student, "divide(Dual(6.0, 5.0), 2)", 3.0, 2.5)
    parts(student, "divide(2, Dual(4.0, 3.0))", 0.5, -0.375)
    parts(student, "Dual(6, 5) / 4", 1.5, 1.25)
    parts(student, "3 / Dual(2.0, -4.0)", 1.5, 3.0)


@pytest.mark.task("dual_divide_power")
def test_dividing_by_real_part_zero(student):
    """Dividing by a real part 0 raises a ZeroDivisionError."""
    with student.raises("ZeroDivisionError"):
        student.divide(student.Dual(1.0, 1.0), student.Dual(0.0, 2.0))


@pytest.mark.task("dual_divide_power", weight=2)
def test_powers(student):
    """A power is a repeated product, in both parts."""
    parts(student, "power(Dual(2.0, 5.0), 3)", 8.0, 60.0)
    parts(student, "power(Dual(-1.5, 2.0), 2)", 2.25, -6.0)
    parts(student, "Dual(2.0, 5.0) ** 5", 32.0, 400.0)


@pytest.mark.task("dual_divide_power")
def test_powers_at_zero(student):
    """Where the real part is 0, the powers 1 and 0 still have a rate."""
    parts(student, "power(Dual(0.0, 3.0), 1)", 0.0, 3.0)
    parts(student, "power(Dual(0.0, 3.0), 0)", 1.0, 0.0)
    parts(student, "power(Dual(4, 3), 0)", 1, 0)


@pytest.mark.task("dual_divide_power")
def test_negative_powers(student):
    """A negative power is 1 divided by the power, and cannot be taken where the real part is 0."""
    parts(student, "power(Dual(2.0, 3.0), -2)", 0.25, -0.75)
    parts(student, "power(Dual(4, 3), -1)", 0.25, -0.1875)
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
    symbolic(student, "reciprocal_inf", "-1/x^2", ["x"], wrong=wrong, question="1/x", variable="x")


# ----------------------------------------------------------------------------------------------------- slope


@pytest.mark.task("slope")
def test_what_stands_beside_eps(student):
    """slope(f, x) is what stands beside eps in f(x + eps)."""
    near(student.slope(student.function("Dual(x.real + 40, 7 * x.inf)"), 2.5), 7)
    near(student.slope(student.function("Dual(1000 * x.real, -0.5 * x.inf)"), -3.0), -0.5)


@pytest.mark.task("slope")
def test_exact_slopes(student):
    """Slopes of formulas are exact, also at large x."""
    near(student.slope(student.function("x * x + 3 * x"), 2.5), 8.0, rel=1e-12)
    near(student.slope(student.function("x * x * x"), -1.5), 6.75, rel=1e-12)
    near(student.slope(student.function("2 * x * x - x"), 1e6), 4e6 - 1, rel=1e-12)


@pytest.mark.task("slope")
def test_a_constant_has_slope_zero(student):
    """A function that ignores its input has the slope 0."""
    assert student.slope(student.function("5 * x"), 3.0) != 0  # else "0, always" would earn this
    near(student.slope(student.function("7"), 3.0), 0)
    near(student.slope(student.function("2.5"), -1.0), 0)


@pytest.mark.task("slope")
def test_f_is_called_once_with_a_dual(student):
    """f is called once, and with a Dual."""
    f = student.function("Dual(x.real, 3 * x.inf) if isinstance(x, Dual) else 3 * x")
    student.slope(f, 1.5)
    assert f.get("calls") == 1
    assert f.get("last_types") == ["Dual"]


@pytest.mark.task("slope")
def test_functions_with_branches(student):
    """Functions with an if inside work as well."""
    f = student.function("2 * x if x > 0 else -3 * x")
    near(student.slope(f, 1.5), 2.0)
    near(student.slope(f, -1.5), -3.0)


# ------------------------------------------------------------------------------------------------ microscope

CURVES = choices(__file__)["CURVES"]
WIDTHS = [2.0, 0.5, 0.05]


def lens(student):
    """The student's own curve: its text, x0, f(x0), and the slope there (all are p*x^3 + q*x)."""
    own = variant("microscope", CURVES, student=student.id)
    f, x0 = (lambda x: eval(own["f"], {"x": x})), own["x0"]  # noqa: S307 - our own text
    q = (8 * f(1) - f(2)) / 6
    return own["f"], f, x0, 3 * (f(1) - q) * x0 * x0 + q


def panels(student, source, x0, widths):
    found = student.microscope(student.function(source), x0, widths)
    if found is None:
        raise Hint("microscope gave back None. Is the `return` missing?")
    items = list(found) if isinstance(found, list | tuple) else found.items()
    if len(items) != len(widths):
        raise Hint("microscope should give back a list with one Axes for each width.")
    return [student.axes(item) for item in items]


def curves(axes, f, x0, width):
    """The lines whose points, in the window, are those of f, and reach from its left end to its right end."""
    found = []
    for one in axes.lines:
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
    for axes, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        low, high = axes.xlim
        assert low == pytest.approx(x0 - width / 2, abs=0.06 * width)
        assert high == pytest.approx(x0 + width / 2, abs=0.06 * width)


@pytest.mark.task("microscope")
def test_the_curve_is_f(student):
    """Each panel holds the curve: at least 20 points (x, f(x)), from one end of the window to the other."""
    source, f, x0, _ = lens(student)
    for axes, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        assert curves(axes, f, x0, width)


@pytest.mark.task("microscope", weight=2)
def test_the_tangent_touches_the_curve(student):
    """The tangent passes through (x0, f(x0)), is as steep as f is there, and goes across the window."""
    source, f, x0, slope = lens(student)
    for axes, width in zip(panels(student, source, x0, WIDTHS), WIDTHS, strict=True):
        assert any(
            len(one.xy) >= 2
            and spans(one.xy[:, 0], x0, width)
            and np.allclose(one.xy[:, 1], f(x0) + slope * (one.xy[:, 0] - x0), rtol=1e-9, atol=1e-9)
            for one in axes.lines
        )


@pytest.mark.task("microscope")
def test_the_gap_shrinks_with_the_width(student):
    """Zoomed in ten times, the gap between curve and tangent takes up ten times less of the window."""
    shares = []
    for axes, width in zip(panels(student, "x * x + x", 1.0, [1.0, 0.1]), [1.0, 0.1], strict=True):
        by_label = {one.label: one.xy for one in axes.lines}
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
    for axes in panels(student, "abs(x - 1) + 3", 1.0, [1.0, 0.1]):
        assert any(one.label == "f" for one in axes.lines)
        for one in axes.lines:
            x, y = one.xy.T
            on_the_curve = np.allclose(y, np.abs(x - 1) + 3)
            level_or_upright = one.label != "tangent" and (len(x) < 2 or np.ptp(x) == 0 or not np.any(np.isclose(y, 3)))
            assert one.label != "tangent"
            assert on_the_curve or level_or_upright


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
    symbolic(student, "my_tangent", f"({f(x0)}) + ({slope})*(x - ({x0}))", ["x"], wrong=wrong)


# ------------------------------------------------------------------------------------------------- pair_plot

TRIPLES = choices(__file__)["TRIPLES"]
XS = [-2.0, -1.75, -1.0, -0.5, 0.25, 0.5, 1.0, 1.5, 2.5]


def pair(student):
    found = student.pair_plot(student.function("x * x * x - 2 * x * x"), XS)
    items = list(found) if isinstance(found, list | tuple) else found.items() if isinstance(found, Handle) else []
    if len(items) != 2:
        raise Hint("pair_plot should give back two Axes: the upper one and the lower one.")
    return student.axes(items[0]), student.axes(items[1])


def has_curve(axes, expected):
    points = np.column_stack([XS, expected])
    drawn = [one.xy for one in [*axes.lines, *axes.scatters]]
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
    order = variant("pair_plot", TRIPLES, student=student.id)["order"]
    found = answer(student, "matching")
    letters = "".join(found).replace(" ", "").replace(",", "").lower() if isinstance(found, str | list | tuple) else ""
    if sorted(letters) != ["a", "b", "c"]:
        raise Hint('matching: three letters are asked for, each of a, b, c once, for example "abc".')
    if letters != "".join("abc"[order.index(number)] for number in range(3)):
        raise Hint("matching: take one graph. Where does it climb, and which slope is above zero exactly there?")


# ---------------------------------------------------------------------------------------------------- signal

WALKS = choices(__file__)["WALKS"]


def says(student, source, x, expected):
    found = student.signal(student.function(source), x)
    near(found, found)
    assert found == expected


@pytest.mark.task("signal", weight=2)
def test_against_the_slope(student):
    """To get smaller, go against the slope: left where f climbs, right where it falls."""
    says(student, "(x - 1) * (x - 1) * 5", 2.5, -1)
    says(student, "(x - 1) * (x - 1) * 5", -3.0, 1)
    says(student, "-4 * x", 0.5, 1)
    says(student, "0.125 * x", -2.0, -1)


@pytest.mark.task("signal")
def test_flat_means_no_advice(student):
    """A valley, a hilltop and a ledge all give 0, and a slanted line does not."""
    assert student.signal(student.function("5 * x"), 2.0) != 0
    says(student, "x * x - 4 * x", 2.0, 0)
    says(student, "6 * x - x * x", 3.0, 0)
    says(student, "x * x * x", 0.0, 0)


@pytest.mark.task("signal")
def test_a_step_tells_nobody_where_to_go(student):
    """A step function, and any that gives back a plain whole number, gives 0 on either side of its jump."""
    assert student.signal(student.function("5 * x"), 2.0) != 0  # else "0, always" would earn this
    says(student, "0 if x < 1 else 1", 0.5, 0)
    says(student, "0 if x < 1 else 1", 4.0, 0)
    says(student, "3", 2.0, 0)


def zero_is_understood(student):
    found = student.value("zero_means")
    return isinstance(found, str) and found.strip().lower() == "c"


@pytest.mark.task("signal")
def test_prediction(student):
    """my_prediction: a wrong one costs nothing if zero_means is right."""
    own = variant("signal", WALKS, student=student.id)
    found = answer(student, "my_prediction")
    if not isinstance(found, list | tuple) or len(found) != 3 or not all(way in (-1, 0, 1) for way in found):
        raise Hint("my_prediction: a list of three is asked for, each of them -1, 0 or +1.")

    def f(x):
        return eval(own["f"], {"x": x})  # noqa: S307 - our own text

    h = 1e-4
    slopes = [(f(x + h) - f(x - h)) / (2 * h) for x in own["at"]]
    right = [0 if abs(s) < 1e-3 else -1 if s > 0 else 1 for s in slopes]
    if list(found) != right and not zero_is_understood(student):
        raise Hint("my_prediction: look at each place again. If you step to the right, does the curve go up or down?")


@pytest.mark.task("signal")
def test_what_zero_means(student):
    """zero_means: what is known about a place where signal says 0."""
    found = answer(student, "zero_means")
    if isinstance(found, str) and found.strip().lower() == "a":
        raise Hint("zero_means: a hilltop is flat, too. Is 0 then a sign of success, or no advice?")
    if not zero_is_understood(student):
        raise Hint("zero_means: where have you seen signal say 0? Name a valley, a hilltop and a step.")
