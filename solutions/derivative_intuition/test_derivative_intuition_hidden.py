"""Hidden tests of `derivative_intuition`. A docstring is what the student reads: words, never a hidden number."""

import numpy as np
import pytest
from kit import pictures, variant

from grader import expect

PARABOLA = "x * x + 3 * x"


def near(found, expected, rel=1e-9):
    assert isinstance(found, int | float), f"a number was expected, got {found!r}"
    assert found == pytest.approx(expected, rel=rel, abs=1e-12)


# ---------------------------------------------------------------------------------------------- average_rate


@pytest.mark.task("average_rate")
def test_rise_over_run(student):
    """The rate is the change of f divided by the change of its input."""
    near(student.average_rate(lambda x: x**3 - 2 * x, 1.5, 4.0), (64 - 8 - 1.5**3 + 3) / 2.5)


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
    """If a equals b there is no step: a ValueError."""
    with student.raises("ValueError"):
        student.average_rate(lambda x: x, 2.0, 2.0)


@pytest.mark.task("average_rate")
def test_only_the_two_ends_are_asked(student):
    """f is asked only at a and at b."""
    asked = []
    student.average_rate(lambda x: asked.append(x) or 2 * x, 1.25, 3.5)
    assert asked
    assert set(asked) <= {1.25, 3.5}


@pytest.mark.task("average_rate")
def test_the_rate_of_a_square_on_paper(student):
    """rate_of_square: the rate of x^2 between a and a + w."""
    expect.symbolic(
        student,
        "rate_of_square",
        "2a + w",
        ["a", "w"],
        wrong={
            "2a": "What became of the w? Multiply out (a + w)^2 once more, and divide every term by w.",
            "2a w + w^2": "That is the change; how many units of input did it take?",
            "2a - w": "Look at the sign of w: is (a + w)^2 larger or smaller than a^2 + 2a w?",
        },
    )


@pytest.mark.task("average_rate")
def test_the_students_own_rate(student):
    """my_rate: the rate of your own function between your own two inputs."""
    choices = [(2, 1, 4), (3, 1, 5), (4, 2, 5), (5, 2, 4), (2, 3, 7), (3, 2, 6)]
    k, a, b = variant("average_rate", choices, student=student.id)
    found = student.value("my_rate")
    if found == (b * b + k * b) - (a * a + k * a):
        raise expect.Hint("my_rate: that is the change; how many units of input did it take?")
    near(found, a + b + k)


# ------------------------------------------------------------------------------------------- dual_plus_times


def dual(student, real, inf):
    return student.Dual(real, inf)


def parts(student, source, real, inf, **names):
    found = student.eval(f"(lambda d: (d.real, d.inf))({source})", **names)
    assert isinstance(found, tuple)
    near(found[0], real)
    near(found[1], inf)


@pytest.mark.task("dual_plus_times")
def test_sums(student):
    """Sums add both parts; plain numbers may stand on either side."""
    d = dual(student, 2.5, -4.0)
    parts(student, "d + Dual(1.25, 7.0)", 3.75, 3.0, d=d)
    parts(student, "d + 3", 5.5, -4.0, d=d)
    parts(student, "3 + d", 5.5, -4.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_differences(student):
    """Differences subtract both parts."""
    d = dual(student, 2.5, -4.0)
    parts(student, "d - Dual(1.25, 7.0)", 1.25, -11.0, d=d)
    parts(student, "d - 3", -0.5, -4.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_a_number_minus_a_dual(student):
    """A plain number minus a Dual: its eps part changes sign."""
    parts(student, "3 - d", 0.5, 4.0, d=dual(student, 2.5, -4.0))


@pytest.mark.task("dual_plus_times", weight=2)
def test_products(student):
    """Products multiply out, with eps*eps = 0."""
    d = dual(student, 2.5, -4.0)
    parts(student, "d * Dual(3.0, 7.0)", 7.5, 5.5, d=d)
    parts(student, "d * d * d", 15.625, -75.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_a_number_times_a_dual(student):
    """A plain number times a Dual multiplies both parts."""
    d = dual(student, 2.5, -4.0)
    parts(student, "d * 3", 7.5, -12.0, d=d)
    parts(student, "3 * d", 7.5, -12.0, d=d)


@pytest.mark.task("dual_plus_times")
def test_operands_stay_as_they_were(student):
    """No operation changes the numbers that it is given."""
    found = student.eval(
        "[(d + e, d - e, 2 - d, d * e) and (d.real, d.inf, e.real, e.inf)][0]",
        d=dual(student, 2, 3),
        e=dual(student, 5, 7),
    )
    assert found == (2, 3, 5, 7)
    kinds = student.eval("[type(x.inf).__name__ for x in (d + 1, 1 - d, d * d)]", d=dual(student, 2, 3))
    assert set(kinds) <= {"int", "float"}


@pytest.mark.task("dual_plus_times")
def test_the_product_on_paper(student):
    """product_real and product_inf: (a + b eps)(c + d eps), multiplied out."""
    names = ["a", "b", "c", "d"]
    expect.symbolic(student, "product_real", "a c", names)
    expect.symbolic(
        student,
        "product_inf",
        "a d + b c",
        names,
        wrong={
            "b d": "b*d stands beside eps*eps, and eps*eps = 0. What stands beside a single eps?",
            "a d + b c + b d": "b*d*eps*eps is gone, not small: eps*eps = 0.",
        },
    )


# ----------------------------------------------------------------------------------------- dual_divide_power


@pytest.mark.task("dual_divide_power", weight=2)
def test_quotients(student):
    """A quotient, multiplied back, gives what was divided."""
    parts(student, "divide(Dual(6.0, 5.0), Dual(2.0, 3.0))", 3.0, -2.0)
    parts(student, "divide(Dual(-1.5, 2.0), Dual(-4.0, 0.5))", 0.375, -0.453125)


@pytest.mark.task("dual_divide_power")
def test_quotients_with_plain_numbers(student):
    """A plain number may stand above or below."""
    parts(student, "divide(Dual(6.0, 5.0), 2)", 3.0, 2.5)
    parts(student, "divide(2, Dual(4.0, 3.0))", 0.5, -0.375)


@pytest.mark.task("dual_divide_power")
def test_dividing_by_real_part_zero(student):
    """Dividing by a real part 0 raises ZeroDivisionError."""
    with student.raises("ZeroDivisionError"):
        student.divide(student.Dual(1.0, 1.0), student.Dual(0.0, 2.0))


@pytest.mark.task("dual_divide_power", weight=2)
def test_powers(student):
    """A power is a repeated product, in both parts."""
    parts(student, "power(Dual(2.0, 5.0), 3)", 8.0, 60.0)
    parts(student, "power(Dual(-1.5, 2.0), 2)", 2.25, -6.0)


@pytest.mark.task("dual_divide_power")
def test_powers_at_zero(student):
    """At real part 0 the powers 1 and 0 still have a rate."""
    parts(student, "power(Dual(0.0, 3.0), 1)", 0.0, 3.0)
    parts(student, "power(Dual(0.0, 3.0), 0)", 1.0, 0.0)


@pytest.mark.task("dual_divide_power")
def test_negative_powers(student):
    """A negative power is one over the power."""
    parts(student, "power(Dual(2.0, 3.0), -2)", 0.25, -0.75)


@pytest.mark.task("dual_divide_power")
def test_the_reciprocal_on_paper(student):
    """reciprocal_inf: what stands beside eps in 1/(x + eps)."""
    expect.symbolic(
        student,
        "reciprocal_inf",
        "-1/x^2",
        ["x"],
        wrong={
            "1/x^2": "Make x a little larger: does 1/x grow or shrink?",
            "-1/x": "Multiply back: (x + eps)(1/x + q eps). Which q makes the eps part vanish?",
            "ln(x)": "Multiply back: does (x + eps)(1/x + q eps) give 1 with your q?",
        },
    )


# ----------------------------------------------------------------------------------------------------- slope


@pytest.mark.task("slope", weight=2)
def test_exact_slopes(student):
    """The slope is what stands beside eps in f(x + eps), exactly."""
    near(student.slope(student.function(PARABOLA), 2.5), 8.0, rel=1e-12)
    near(student.slope(student.function("(x * x - 1) / (x + 3)"), 1e6), 1 - 8 / (1e6 + 3) ** 2, rel=1e-12)


@pytest.mark.task("slope")
def test_a_constant_has_slope_zero(student):
    """A function that ignores its input has slope 0."""
    assert student.slope(student.function("7"), 3.0) == 0


@pytest.mark.task("slope")
def test_f_is_called_once_with_a_dual(student):
    """f is called once, and with a Dual."""
    f = student.function("x * x * x")
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

CUBIC = "x * x * x - 2 * x"
WIDTHS = [2.0, 0.2, 0.02]


def panels(student, source, x0, widths):
    found = student.microscope(student.function(source), x0, widths)
    items = found if isinstance(found, list | tuple) else found.items()
    assert len(items) == len(widths), f"{len(items)} pictures for {len(widths)} widths"
    return [student.axes(item) for item in items]


def line(axes, label):
    found = [one.xy for one in axes.lines if one.label == label]
    if not found:
        raise expect.Hint(f'There is no line with the label "{label}" in a picture where one belongs.')
    return found[0]


@pytest.mark.task("microscope", weight=2)
def test_every_window_has_the_asked_width(student):
    """Each picture shows f from x0 - w/2 to x0 + w/2."""
    for axes, width in zip(panels(student, CUBIC, 1.5, WIDTHS), WIDTHS, strict=True):
        xy = line(axes, "f")
        assert len(xy) >= 100
        assert xy[:, 0].min() == pytest.approx(1.5 - width / 2)
        assert xy[:, 0].max() == pytest.approx(1.5 + width / 2)


@pytest.mark.task("microscope")
def test_the_curve_is_f(student):
    """The curve's points are f's."""
    for axes in panels(student, CUBIC, 1.5, WIDTHS):
        x, y = line(axes, "f").T
        assert np.allclose(y, x**3 - 2 * x, rtol=1e-9)


@pytest.mark.task("microscope", weight=2)
def test_the_tangent_touches_the_curve(student):
    """The tangent passes through (x0, f(x0)) with the slope of f there."""
    for axes in panels(student, CUBIC, 1.5, WIDTHS):
        x, y = line(axes, "tangent").T
        assert np.allclose(y, 0.375 + 4.75 * (x - 1.5), rtol=1e-9, atol=1e-12)


@pytest.mark.task("microscope")
def test_no_tangent_at_a_kink(student):
    """At a kink the two sides disagree about the slope: no tangent is drawn."""
    for axes in panels(student, "abs(x - 1)", 1.0, [1.0, 0.1]):
        assert line(axes, "f").size
        assert not [one for one in axes.lines if one.label == "tangent"]


# ------------------------------------------------------------------------------------------------- pair_plot

XS = np.linspace(-2.0, 2.5, 46)


def pair(student):
    found = student.pair_plot(student.function("x * x * x / 3 - x"), XS)
    assert isinstance(found, tuple | list), "two Axes were expected"
    upper, lower = found
    return student.axes(upper), student.axes(lower)


def has_curve(axes, y):
    return any(
        len(one.xy) == len(XS) and np.allclose(one.xy, np.column_stack([XS, y]), atol=1e-9) for one in axes.lines
    )


@pytest.mark.task("pair_plot")
def test_the_upper_panel_shows_f(student):
    """The upper panel shows f over xs."""
    assert has_curve(pair(student)[0], XS**3 / 3 - XS)


@pytest.mark.task("pair_plot", weight=2)
def test_the_lower_panel_shows_the_slope(student):
    """The lower panel shows how fast f changes, not rescaled."""
    assert has_curve(pair(student)[1], XS**2 - 1)


@pytest.mark.task("pair_plot")
def test_there_is_a_zero_line(student):
    """The lower panel has a horizontal line at zero."""
    lines = [one.xy for one in pair(student)[1].lines]
    assert any(len(xy) >= 2 and np.all(xy[:, 1] == 0) for xy in lines)


@pytest.mark.task("pair_plot")
def test_the_students_own_graph(student):
    """my_graph: the letter of the slope that belongs to your curve."""
    curve, order = variant("pair_plot", pictures.ORDERS, student=student.id)
    found = student.value("my_graph")
    if not isinstance(found, str) or found.strip().lower() not in ("a", "b", "c"):
        raise expect.Hint("my_graph is one of the letters a, b, c, between quotes.")
    if found.strip().lower() != "abc"[order.index(curve)]:
        raise expect.Hint("Where your curve climbs, is the slope that you chose above zero?")


# ---------------------------------------------------------------------------------------------------- signal


@pytest.mark.task("signal", weight=2)
def test_against_the_slope(student):
    """To get smaller, go against the slope: left where f climbs, right where it falls."""
    valley = student.function("(x - 1) * (x - 1) * 5")
    assert student.signal(valley, 2.5) == -1
    assert student.signal(valley, -3.0) == 1
    assert student.signal(student.function("-4 * x"), 0.5) == 1


@pytest.mark.task("signal")
def test_flat_means_no_advice(student):
    """A valley, a hilltop and a level place all give 0."""
    for source in ("x * x", "-x * x", "x * x * x"):
        assert student.signal(student.function(source), 0.0) == 0


@pytest.mark.task("signal")
def test_a_step_tells_nobody_where_to_go(student):
    """A step function gives 0 on either side of its jump."""
    step = student.function("0 if x < 1 else 1")
    assert student.signal(step, 0.5) == 0
    assert student.signal(step, 4.0) == 0


@pytest.mark.task("signal")
def test_the_slope_of_a_step(student):
    """step_slope: the slope of a step away from its jump."""
    near(student.value("step_slope"), 0.0)
