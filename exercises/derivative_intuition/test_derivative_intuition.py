"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import pytest
from kit.check import chosen, close, drawn, typed


def both(call, got, real, inf, ask=""):
    """The result of `call` is a Dual with these parts."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert type(got).__name__ == "Dual", f"`{call}` gave a {type(got).__name__}; it should be a Dual."
    close(f"({call}).real", got.real, real, ask)
    close(f"({call}).inf", got.inf, inf, ask)


# ------------------------------------------------------------------------------------------------ 1 average_rate


@pytest.mark.task("average_rate")
def test_a_rising_line(student):
    """the rate of a straight line is its steepness"""
    ask = "How many units of input did the change take?"
    close("average_rate(lambda x: 3*x + 1, 2, 6)", student.average_rate(lambda x: 3 * x + 1, 2, 6), 3, ask)


@pytest.mark.task("average_rate")
def test_a_falling_line(student):
    """a line that falls has a negative rate, whichever way you walk"""
    ask = "Which way does the line go? And is the rise counted in the same direction as the run?"
    close("average_rate(lambda x: -2*x, 5, 1)", student.average_rate(lambda x: -2 * x, 5, 1), -2, ask)


@pytest.mark.task("average_rate")
def test_no_run(student):
    """from a to a there is no run: a ValueError"""
    try:
        got = student.average_rate(lambda x: x, 2, 2)
    except ValueError:
        return
    except ZeroDivisionError:
        raise AssertionError("You divided by 0. Look first whether a == b, and then:  raise ValueError(...)") from None
    raise AssertionError(f"`average_rate(lambda x: x, 2, 2)` gave {got}; a ValueError should be raised.")


@pytest.mark.task("average_rate")
def test_my_rate(student):
    """your own number"""
    f, mine = student.my_f, student.mine
    got = student.value("my_rate")
    close("my_rate", got, got)
    right = (f(mine["b"]) - f(mine["a"])) / (mine["b"] - mine["a"])
    assert abs(got - right) < 1e-6 * abs(right), f"Is that rise over run of {f} from {mine['a']} to {mine['b']}?"


@pytest.mark.task("average_rate")
def test_rates_with_letters(student):
    """the rates with letters give the same numbers as rise over run"""
    for name, f in [("rate_of_square", lambda x: x * x), ("rate_of_mine", student.my_f)]:
        formula = typed(student, name, ["a", "w"])
        assert "/" not in student.value(name), f"`{name}`: go on until there is no division left."
        for a, w in [(5, 2), (3, 1)]:
            ask = f"Put a = {a}, w = {w} into your text, and compare with the average rate from {a} to {a + w}."
            assert abs(formula(a=a, w=w) - (f(a + w) - f(a)) / w) < 1e-9, f"`{name}` is not there yet. {ask}"


# --------------------------------------------------------------------------------------------- 2 dual_plus_times


@pytest.mark.task("dual_plus_times")
def test_product_on_paper(student):
    """multiply out (a + b*eps) * (c + d*eps)"""
    letters = ["a", "b", "c", "d"]
    real, inf = typed(student, "product_real", letters), typed(student, "product_inf", letters)
    ask = "Take 10 for every letter but one. Which of the four products have exactly one eps in them?"
    assert abs(real(a=2, b=3, c=5, d=7) - 10) < 1e-9, "product_real: which product has no eps in it at all?"
    assert abs(inf(a=2, b=0, c=5, d=7) - 14) < 1e-9, (
        f"product_inf: try b = 0, so that the first number is plain.\n{ask}"
    )
    assert abs(inf(a=2, b=3, c=5, d=0) - 15) < 1e-9, (
        f"product_inf: try d = 0, so that the second number is plain.\n{ask}"
    )


@pytest.mark.task("dual_plus_times")
def test_plus_and_minus(student):
    """adding, subtracting and the minus sign"""
    Dual = student.Dual
    both("Dual(1, 2) + Dual(10, 20)", Dual(1, 2) + Dual(10, 20), 11, 22)
    both("Dual(1, 2) + 5", Dual(1, 2) + 5, 6, 2, "A plain number has no eps part.")
    both("-Dual(1, 2)", -Dual(1, 2), -1, -2)
    both("Dual(7, 5) - 3", Dual(7, 5) - 3, 4, 5)
    both("3 - Dual(1, 1)", 3 - Dual(1, 1), 2, -1, "Work it out on paper: which of the two is subtracted?")


@pytest.mark.task("dual_plus_times")
def test_times(student):
    """multiplying"""
    Dual = student.Dual
    both("Dual(3, 1) * Dual(3, 1)", Dual(3, 1) * Dual(3, 1), 9, 6, "Compare with (3 + eps)*(3 + eps) in the text.")
    both("3 * Dual(1, 2)", 3 * Dual(1, 2), 3, 6, "Multiply out 3*(1 + 2*eps): what stands beside eps?")


@pytest.mark.task("dual_plus_times")
def test_abs_and_comparing(student):
    """the size, and comparing by the real part"""
    Dual = student.Dual
    both("abs(Dual(-2, 3))", abs(Dual(-2, 3)), 2, -3, "Both parts change their sign, or none does.")
    both("abs(Dual(2, -3))", abs(Dual(2, -3)), 2, -3, "Both parts change their sign, or none does.")
    for call, got in [("Dual(2, 5) < 3", Dual(2, 5) < 3), ("Dual(2, 5) == 2", Dual(2, 5) == 2)]:
        assert got is not None, f"`{call}` gave None. Is there still a `...`?"
        assert got, f"`{call}` gave {got}; only the real parts are compared."
    assert not Dual(2, 5) < Dual(1, 9), "`Dual(2, 5) < Dual(1, 9)` gave True; only the real parts are compared."


# ------------------------------------------------------------------------------------------- 3 dual_divide_power


@pytest.mark.task("dual_divide_power")
def test_reciprocal_on_paper(student):
    """what stands beside eps in 1/(x + eps)"""
    inf = typed(student, "reciprocal_inf", ["x"])
    x, v = 2, inf(x=2)
    got = 1 / x + v * x
    assert abs(got) < 1e-9, (
        f"Put x = 2: you say 1/(2 + eps) = 0.5 + {v:g}*eps. Times (2 + eps) that is 1 + {got:g}*eps; it should be 1."
    )


@pytest.mark.task("dual_divide_power")
def test_divide(student):
    """dividing"""
    divide, Dual = student.divide, student.Dual
    ask = "Multiply your answer by the divisor: do you get back what was divided?"
    both("divide(Dual(6, 4), 2)", divide(Dual(6, 4), 2), 3, 2, ask)
    both("divide(1, Dual(2, 1))", divide(1, Dual(2, 1)), 0.5, -0.25, ask)
    both("divide(Dual(12, 17), Dual(3, 2))", divide(Dual(12, 17), Dual(3, 2)), 4, 3, ask)
    both("Dual(6, 4) / 2", Dual(6, 4) / 2, 3, 2, "Is the line  Dual.__truediv__ = divide  still there?")


@pytest.mark.task("dual_divide_power")
def test_power(student):
    """whole powers agree with multiplying"""
    power, Dual = student.power, student.Dual
    both("power(Dual(2, 1), 3)", power(Dual(2, 1), 3), 8, 12, "Compare with Dual(2, 1)*Dual(2, 1)*Dual(2, 1).")
    both("power(Dual(2, 5), 2)", power(Dual(2, 5), 2), 4, 20, "The input moves five times as fast: so must the result.")
    both("power(Dual(0, 1), 0)", power(Dual(0, 1), 0), 1, 0, "To the 0 is 1, always. Treat it first.")
    both("power(Dual(2, 1), -1)", power(Dual(2, 1), -1), 0.5, -0.25, "Compare with 1 / Dual(2, 1).")


# ------------------------------------------------------------------------------------------------------- 4 slope


@pytest.mark.task("slope")
def test_square(student):
    """the slope of x*x at 3, as in the text of section 2"""
    ask = "Which number do you give to f, and which part of the answer do you return?"
    close("slope(lambda x: x*x, 3)", student.slope(lambda x: x * x, 3), 6, ask)


@pytest.mark.task("slope")
def test_once_with_a_dual(student):
    """f is called once, with a Dual"""
    seen = []
    student.slope(lambda x: seen.append(type(x).__name__) or 2 * x, 1)
    assert seen == ["Dual"], f"f was called with: {', '.join(seen) or 'nothing'}. Once, with a Dual, is enough."


@pytest.mark.task("slope")
def test_constant(student):
    """a function that ignores its input has the slope 0"""
    ask = "A plain number came back: it does not know about eps. What is its rate?"
    try:
        got = student.slope(lambda x: 7, 1)
    except AttributeError:
        raise AssertionError(f"`slope(lambda x: 7, 1)` raised an AttributeError.\n{ask}") from None
    close("slope(lambda x: 7, 1)", got, 0, ask)


# -------------------------------------------------------------------------------------------------- 5 microscope


def panels_of(student, f, x0, widths):
    got = student.microscope(f, x0, widths)
    return drawn("microscope(f, x0, widths)", got, len(widths))


def labelled(ax, label):
    return [line.get_xydata() for line in ax.get_lines() if line.get_label() == label]


@pytest.mark.task("microscope")
def test_windows(student):
    """each panel shows its own window"""
    import matplotlib.pyplot as plt

    try:
        for ax, width in zip(panels_of(student, lambda x: x * x, 1, [2, 0.5]), [2, 0.5], strict=True):
            low, high = ax.get_xlim()
            assert abs(low - (1 - width / 2)) < 0.1 * width, f"width {width}: the window starts at {low:.3g}"
            assert abs(high - (1 + width / 2)) < 0.1 * width, f"width {width}: the window ends at {high:.3g}"
            curve = labelled(ax, "f")
            assert curve, 'There is no line with the label "f".'
            assert len(curve[0]) >= 20, f"The curve has only {len(curve[0])} points."
            assert abs(curve[0][:, 1] - curve[0][:, 0] ** 2).max() < 1e-9, "The points of the curve are not (x, f(x))."
    finally:
        plt.close("all")


@pytest.mark.task("microscope")
def test_tangent(student):
    """the tangent touches the curve at x0, and at a kink there is none"""
    import matplotlib.pyplot as plt

    try:
        (ax,) = panels_of(student, lambda x: x * x, 1, [2])
        tangent = labelled(ax, "tangent")
        assert tangent, 'There is no line with the label "tangent".'
        gap = abs(tangent[0][:, 1] - (1 + 2 * (tangent[0][:, 0] - 1))).max()
        assert gap < 1e-9, "Does your tangent go through (x0, f(x0)), and is it as steep as slope(f, x0)?"
        (ax,) = panels_of(student, lambda x: abs(x - 1) + 2, 1, [2])
        assert not labelled(ax, "tangent"), "At a kink the two sides disagree about the slope: there is none to draw."
    finally:
        plt.close("all")


@pytest.mark.task("microscope")
def test_my_tangent(student):
    """the tangent of your own curve"""
    line = typed(student, "my_tangent", ["x"])
    f, x0 = student.lens_f, student.lens_x0
    assert abs(line(x=x0) - f(x0)) < 1e-9, f"Put x = {x0} into `my_tangent`: it should give f({x0})."
    left, middle, right = line(x=x0 - 1), line(x=x0), line(x=x0 + 1)
    assert abs(left + right - 2 * middle) < 1e-6, "`my_tangent` should be a straight line."


# --------------------------------------------------------------------------------------------------- 6 pair_plot


@pytest.mark.task("pair_plot")
def test_matching(student):
    """three letters"""
    got = student.value("matching")
    form = isinstance(got, str) and sorted(got.strip().lower()) == ["a", "b", "c"]
    assert form, '`matching` should be three letters, each of a, b, c once, for example "abc".'


@pytest.mark.task("pair_plot")
def test_two_panels(student):
    """the curve above, its slope and a level line at 0 below"""
    import matplotlib.pyplot as plt

    try:
        made = student.pair_plot(lambda x: x * x, [-2.0, -1.0, 0.0, 1.0, 2.0])
        above, below = drawn("pair_plot(f, xs)", made, 2)
        heights = [[y for x, y in line.get_xydata()] for line in above.get_lines()]
        assert [4, 1, 0, 1, 4] in heights, "In the upper panel I do not find the points (x, f(x))."
        heights = [[y for x, y in line.get_xydata()] for line in below.get_lines()]
        assert [-4, -2, 0, 2, 4] in heights, "In the lower panel I do not find the points (x, slope(f, x))."
        assert any(len(set(ys)) == 1 and ys[0] == 0 for ys in heights), "The lower panel has no level line at height 0."
    finally:
        plt.close("all")


# ------------------------------------------------------------------------------------------------------ 7 signal


@pytest.mark.task("signal")
def test_signal(student):
    """downhill"""
    ask = "If f rises to the right, which way is down?"
    close("signal(lambda x: 5*x, 1)", student.signal(lambda x: 5 * x, 1), -1, ask)
    close("signal(lambda x: -5*x, 1)", student.signal(lambda x: -5 * x, 1), 1, ask)
    close("signal(lambda x: x*x, 0)", student.signal(lambda x: x * x, 0), 0, "There it is level.")


@pytest.mark.task("signal")
def test_answers(student):
    """a prediction and a letter"""
    got = student.value("my_prediction")
    form = isinstance(got, (list, tuple)) and len(got) == 3 and all(way in (-1, 0, 1) for way in got)
    assert form, "`my_prediction` should be a list of three, each -1, 0 or +1."
    chosen(student, "zero_means")
