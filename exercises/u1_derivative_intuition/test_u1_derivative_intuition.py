"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import pytest
from kit.check import chosen, close, drawn, kind_of, noted, shown, typed
from kit.hints import Question
from kit.measured import slope_of, value_of

HINTS = {
    "average_rate": [
        "A rate is rise divided by run. Which two numbers does f give you, and how far apart are a and b?",
        'First  if a == b: raise ValueError("no run").  Then work out rise = f(b) - f(a) and run = b - a.\n'
        "For rate_of_square write down f(a + h) - f(a) with f(x) = x**2, and multiply out (a + h)**2.",
        "return rise / run.  On paper: (a + h)**2 - a**2 = 2*a*h + h**2. Divide each of the two terms by h.\n"
        "For a cube: (a + h)**3 = a**3 + 3*a**2*h + 3*a*h**2 + h**3. Do not forget the second term of your function.",
    ],
    "dual_plus_minus": [
        "Every method makes a new Dual(..., ...): the first number is the real part, the second the part with eps.",
        "A minus turns both parts around, so -(a + b*eps) has the parts -a and -b.\n"
        "In __sub__, other may be a plain number: begin with  other = as_dual(other),  as __add__ does.",
        "p - q is p + (-q), and you have + and - already. In __rsub__ the plain number comes first:\n"
        "take  as_dual(other)  and subtract self from it.",
    ],
    "dual_times": [
        "Look at (2 + 3*eps)*(5 + 7*eps) in the text: where do the 10, the 14 and the 15 come from?",
        "a*c has no eps. a*d and b*c have one. b*d has two, and eps*eps = 0.",
        "In times, begin with  q = as_dual(q).  Now a, b, c, d are p.real, p.inf, q.real, q.inf.\n"
        "Return Dual(your first formula, your second formula).",
    ],
    "dual_divide_power": [
        "Solve (u + v*eps)*(c + d*eps) = a + b*eps as in the text: first for u, then for v.",
        "Without eps: u*c = a. In front of eps: u*d + v*c = b. So u = a/c, and v = ... For power, multiply in a loop.",
        "v = (b - u*d)/c. Begin divide with  p, q = as_dual(p), as_dual(q).\n"
        "power: start with Dual(1, 0), multiply it abs(n) times by p, and if n < 0 divide 1 by the result.",
    ],
    "dual_compare": [
        "Only the real parts decide. q may be a plain number: what turns it into a Dual?",
        "smaller: compare p.real with as_dual(q).real. size: if p.real < 0, give -p, otherwise p.",
        "For the first, begin with  q = as_dual(q)  and return p.real < q.real. The second has == instead of <.",
    ],
    "slope": [
        "Which Dual is x + eps? Its real part is x; how many eps does it have?",
        "y = f(Dual(x, 1)).  The answer is y.inf, if y is a Dual.",
        "y = f(Dual(x, 1)), once. Then return y.inf if isinstance(y, Dual), and 0 otherwise.",
    ],
    "microscope": [
        "Draw one panel first: from where to where do the xs go, and how high is the tangent at x?",
        "For each width: xs = np.linspace(x0 - width/2, x0 + width/2, 101).tolist().\n"
        "The curve's ys are [f(x) for x in xs].\n"
        "The tangent's ys are [f(x0) + slope(f, x0)*(x - x0) for x in xs].",
        "figure, panels = plt.subplots(1, len(widths), squeeze=False)\n"
        "for ax, width in zip(panels[0], widths):  plot the curve with label='f';\n"
        "if not has_kink(f, x0), plot the tangent\n"
        "with label='tangent'; ax.set_xlim(x0 - width/2, x0 + width/2).  At the end: return list(panels[0]).",
    ],
    "pair_plot": [
        "For matching, look at the left end of each graph: does it climb or fall there, and how steeply?",
        "figure, (upper, lower) = plt.subplots(2, 1).  Which two lists of heights do you draw?",
        "upper.plot(xs, [f(x) for x in xs]); lower.plot(xs, [slope(f, x) for x in xs]); lower.axhline(0);\n"
        "return upper, lower",
    ],
    "signal": [
        "If f climbs to the right, its slope is positive. Which way is down, then?",
        "Ask your slope once:  s = slope(f, x).  Down is against the sign of s.",
        "if s > 0: return -1.  If s < 0: return +1.  Otherwise 0.\n"
        "For zero_means, think of the top of a hill: what is the slope there?",
    ],
}
RECALL = {
    1: Question("-2", "The number in front of eps is the slope: at 4 the value is 7, and it falls.", "See section 6."),
    2: Question(
        "b", "At the top the curve is level for an instant.", "See section 8: what does the slope do on a hill?"
    ),
    3: Question("b", "eps is not zero; its square is too small to count.", "See section 2: what goes, what stays?"),
}
SLOPES = {
    "rate_of_square": value_of(lambda a, h: ((a + h) * (a + h) - a * a) / h, a=(-3, 3), h=0.5),
    "rate_of_mine": value_of(lambda a, h, my_f: (my_f(a + h) - my_f(a)) / h, a=(-2, 2), h=0.5),
    "reciprocal_inf": slope_of(lambda x: 1 / x, x=(0.4, 3)),
}


def both(call, got, real, inf, ask=""):
    """The result of `call` is a Dual with these parts."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert type(got).__name__ == "Dual", f"`{call}` gave {got!r}, {kind_of(got)}; it should be a Dual."
    close(f"({call}).real", got.real, real, ask)
    close(f"({call}).inf", got.inf, inf, ask)


def as_they_were(call, names, before):
    """The Duals that `call` was given have the parts that they had."""
    for name, (dual, real, inf) in zip(names, before, strict=True):
        now = dual.real, dual.inf
        assert now == (real, inf), f"After `{call}`, `{name}` is another number: {now}. Give back a new one: Dual(...)."


# ------------------------------------------------------------------------------------------------ 1 average_rate


@pytest.mark.task("average_rate")
def test_a_rising_line(student):
    """the rate of a straight line is its steepness"""
    ask = "How many units of input did the change take?"
    close("average_rate(lambda x: 3*x + 1, 2, 6)", student.average_rate(lambda x: 3 * x + 1, 2, 6), 3, ask)
    close("average_rate(lambda x: x*x/7, 0, 2)", student.average_rate(lambda x: x * x / 7, 0, 2), 2 / 7, ask)
    asked = []
    student.average_rate(lambda x: asked.append(x) or 2.0 * x, 1.0, 4.0)
    assert set(asked) == {1, 4}, "`f` was called somewhere else than at a and at b. Only these two places count."


@pytest.mark.task("average_rate")
def test_a_falling_line(student):
    """a line that falls has a negative rate, whichever way you walk"""
    ask = "Which way does the line go? And is the rise counted in the same direction as the run?"
    close("average_rate(lambda x: -2*x, 5, 1)", student.average_rate(lambda x: -2 * x, 5, 1), -2, ask)
    close("average_rate(lambda x: -2*x, 1, 5)", student.average_rate(lambda x: -2 * x, 1, 5), -2, ask)
    ask = "f ends as high as it began: there is a run, and the rise is 0."
    close("average_rate(lambda x: x*x, -2, 2)", student.average_rate(lambda x: x * x, -2, 2), 0, ask)


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
    a, b = mine["a"], mine["b"]
    assert abs(got - right) < 1e-6 * abs(right), (
        f"`my_rate` is {got:g}, which does not fit {f}.\nWhat are f({a}) and f({b}), and how far is it from {a} to {b}?"
    )


@pytest.mark.task("average_rate")
def test_rates_with_letters(student):
    """the rates with letters give the same numbers as rise over run"""
    for name, f in [("rate_of_square", lambda x: x * x), ("rate_of_mine", student.my_f)]:
        formula = typed(student, name, ["a", "h"])
        assert not divides(student.value(name)), (
            f"`{name}`: go on until no division is left. What do all the terms above the line have in common?"
        )
        for a, h in [(5, 2), (-3, 0.5)]:
            got, right = formula(a=a, h=h), (f(a + h) - f(a)) / h
            assert abs(got - right) < 1e-9, (
                f"Put a = {a}, h = {h}: `{name}` gives {got:g}; the rate from {a} to {a + h} is {right:g}.\n"
                "Write down f(a + h) - f(a) once more. Which term is missing, or too much?"
            )


def divides(text):
    """Whether a division is written: `/`, a power that is not a whole number, or hidden in a function."""
    from kit.symbolic import Div, FunctionCall, Num, Pow, children, parse

    def somewhere(tree):
        whole = isinstance(tree, Pow) and isinstance(tree.exponent, Num) and tree.exponent.value.denominator == 1
        return (
            isinstance(tree, Div | FunctionCall)
            or (isinstance(tree, Pow) and not whole)
            or any(map(somewhere, children(tree)))
        )

    return somewhere(parse(text, ["a", "h"]).tree)


# --------------------------------------------------------------------------------------------- 2 dual_plus_minus


@pytest.mark.task("dual_plus_minus")
def test_minus(student):
    """the minus sign, and subtracting"""
    Dual = student.Dual
    both("-Dual(1, 2)", -Dual(1, 2), -1, -2, "Both parts change their sign.")
    both("Dual(7, 5) - Dual(3, -4)", Dual(7, 5) - Dual(3, -4), 4, 9, "Both parts are subtracted: what is 5 - (-4)?")
    both("Dual(7, 5) - 3", Dual(7, 5) - 3, 4, 5, "A plain number has no eps part.")
    first, second = -Dual(1, 2), -Dual(10, 20)
    both("-Dual(1, 2), after -Dual(10, 20)", first, -1, -2, "Does each call make a new Dual?")
    both("-Dual(10, 20)", second, -10, -20)


@pytest.mark.task("dual_plus_minus")
def test_number_first(student):
    """a plain number minus a Dual"""
    got = 3 - student.Dual(1, 1)
    both("3 - Dual(1, 1)", got, 2, -1, "You predicted 3 - (1 + eps): which of the two is subtracted?")
    both("0 - Dual(-2, 5)", 0 - student.Dual(-2, 5), 2, -5)


@pytest.mark.task("dual_plus_minus")
def test_plus(student):
    """adding still works, and nothing is changed"""
    Dual = student.Dual
    both("Dual(1, 2) + Dual(10, 20)", Dual(1, 2) + Dual(10, 20), 11, 22)
    both("5 + Dual(1, 2)", 5 + Dual(1, 2), 6, 2, "Is the line  __radd__ = __add__  still in the class?")
    p, q = Dual(1, 2), Dual(10, 20)
    for call, run in [("p + q", lambda: p + q), ("p - q", lambda: p - q), ("-p", lambda: -p), ("3 - p", lambda: 3 - p)]:
        run()
        as_they_were(call, ["p", "q"], [(p, 1, 2), (q, 10, 20)])


# -------------------------------------------------------------------------------------------------- 3 dual_times


@pytest.mark.task("dual_times")
def test_product_on_paper(student):
    """multiply out (a + b*eps) * (c + d*eps)"""
    letters = ["a", "b", "c", "d"]
    real, inf = typed(student, "product_real", letters), typed(student, "product_inf", letters)
    for a, c in [(2, 5), (-3, 4)]:
        got = real(a=a, b=3, c=c, d=7)
        assert abs(got - a * c) < 1e-9, (
            f"product_real: ({a} + 3*eps)*({c} + 7*eps) has {a * c} without eps; you say {got:g}.\n"
            "Which of the four products has no eps in it at all?"
        )
    for b, d, right in [(0, 7, 14), (3, 0, 15), (3, 7, 29)]:
        got = inf(a=2, b=b, c=5, d=d)
        assert abs(got - right) < 1e-9, (
            f"product_inf: (2 + {b}*eps)*(5 + {d}*eps) has {right}*eps in it; you say {got:g}*eps.\n"
            + ("What becomes of the part with eps*eps?" if b and d else "Which products have exactly one eps in them?")
        )


@pytest.mark.task("dual_times")
def test_times(student):
    """multiplying two Duals"""
    Dual = student.Dual
    both("Dual(3, 1) * Dual(3, 1)", Dual(3, 1) * Dual(3, 1), 9, 6, "Compare with (3 + eps)*(3 + eps) in section 2.")
    both("Dual(2, 3) * Dual(5, 7)", Dual(2, 3) * Dual(5, 7), 10, 29, "Compare with the example in the text.")
    both("Dual(0, 3) * Dual(2, 5)", Dual(0, 3) * Dual(2, 5), 0, 6, "Multiply out (0 + 3*eps)*(2 + 5*eps).")


@pytest.mark.task("dual_times")
def test_times_a_number(student):
    """multiplying with a plain number, on either side"""
    Dual = student.Dual
    both("Dual(1, 2) * -0.5", Dual(1, 2) * -0.5, -0.5, -1, "Multiply out (1 + 2*eps)*(-0.5): how many eps?")
    both("3 * Dual(1, 2)", 3 * Dual(1, 2), 3, 6, "Multiply out 3*(1 + 2*eps): how many eps?")
    p, q = Dual(1, 2), Dual(10, 20)
    _ = p * q, p * 3
    as_they_were("p * q, p * 3", ["p", "q"], [(p, 1, 2), (q, 10, 20)])


# ------------------------------------------------------------------------------------------- 4 dual_divide_power


@pytest.mark.task("dual_divide_power")
def test_reciprocal_on_paper(student):
    """the number in front of eps in 1/(x + eps)"""
    inf = typed(student, "reciprocal_inf", ["x"])
    for x in (2, -4):
        v = inf(x=x)
        got = 1 / x + v * x
        assert abs(got) < 1e-9, (
            f"Put x = {x}: you say 1/({x} + eps) = {1 / x:g} + {v:g}*eps. "
            f"Times ({x} + eps), that is 1 + {got:g}*eps; it should be 1 + 0*eps.\n"
            "If x grows, does 1/x grow or shrink?"
        )


@pytest.mark.task("dual_divide_power")
def test_divide(student):
    """dividing"""
    divide, Dual = student.divide, student.Dual
    ask = "Multiply your answer by the divisor: do you get back what was divided?"
    both("divide(Dual(6, 4), 2)", divide(Dual(6, 4), 2), 3, 2, ask)
    both("divide(1, Dual(2, 1))", divide(1, Dual(2, 1)), 0.5, -0.25, ask)
    both("divide(Dual(12, 17), Dual(3, 2))", divide(Dual(12, 17), Dual(3, 2)), 4, 3, ask)
    both("divide(Dual(6, 4), Dual(-2, 1))", divide(Dual(6, 4), Dual(-2, 1)), -3, -3.5, ask)
    both("divide(Dual(0, 6), Dual(2, 5))", divide(Dual(0, 6), Dual(2, 5)), 0, 3, ask)
    both("Dual(6, 4) / 2", Dual(6, 4) / 2, 3, 2, "Is the line  Dual.__truediv__ = divide  still there?")
    p, q = Dual(6, 4), Dual(2, 5)
    _ = divide(p, q), divide(p, 2)
    as_they_were("divide(p, q), divide(p, 2)", ["p", "q"], [(p, 6, 4), (q, 2, 5)])


@pytest.mark.task("dual_divide_power")
def test_dividing_by_zero(student):
    """where the real part of the divisor is 0: a ZeroDivisionError"""
    for call, run in [
        ("divide(Dual(1, 1), Dual(0, 2))", lambda: student.divide(student.Dual(1, 1), student.Dual(0, 2))),
        ("power(Dual(0, 1), -1)", lambda: student.power(student.Dual(0, 1), -1)),
    ]:
        try:
            got = run()
        except ZeroDivisionError:
            continue
        raise AssertionError(f"`{call}` gave {got}; a ZeroDivisionError should be raised.")


@pytest.mark.task("dual_divide_power")
def test_power(student):
    """whole powers agree with multiplying"""
    power, Dual = student.power, student.Dual
    both("power(Dual(2, 1), 3)", power(Dual(2, 1), 3), 8, 12, "Compare with Dual(2, 1)*Dual(2, 1)*Dual(2, 1).")
    both("power(Dual(2, 5), 2)", power(Dual(2, 5), 2), 4, 20, "The input moves five times as fast: so must the result.")
    both("power(Dual(-2, 1), 3)", power(Dual(-2, 1), 3), -8, 12, "Compare with Dual(-2, 1)*Dual(-2, 1)*Dual(-2, 1).")
    both("power(Dual(0, 3), 1)", power(Dual(0, 3), 1), 0, 3, "To the 1 it is the number itself.")
    both("power(Dual(0, 1), 0)", power(Dual(0, 1), 0), 1, 0, "To the 0 is 1, always. Treat it first.")
    both("power(Dual(2, 1), -1)", power(Dual(2, 1), -1), 0.5, -0.25, "Compare with 1 / Dual(2, 1).")
    both("power(Dual(2, 1), -2)", power(Dual(2, 1), -2), 0.25, -0.25, "Compare with 1 / (Dual(2, 1)*Dual(2, 1)).")
    p = Dual(2, 5)
    power(p, 3)
    as_they_were("power(p, 3)", ["p"], [(p, 2, 5)])


# ------------------------------------------------------------------------------------------------ 5 dual_compare


def compared(call, got, right):
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert bool(got) == right, f"`{call}` gave {got}; only the real parts are compared, and their sign counts."


@pytest.mark.task("dual_compare")
def test_smaller(student):
    """which of two is smaller"""
    Dual = student.Dual
    compared("Dual(2, 5) < 3", Dual(2, 5) < 3, True)
    compared("Dual(2, 5) < Dual(1, 9)", Dual(2, 5) < Dual(1, 9), False)
    compared("Dual(2, 5) < Dual(2, 9)", Dual(2, 5) < Dual(2, 9), False)
    compared("Dual(9, 1) < Dual(2, 5)", Dual(9, 1) < Dual(2, 5), False)
    compared("Dual(2, 5) < -3", Dual(2, 5) < -3, False)


@pytest.mark.task("dual_compare")
def test_equal(student):
    """whether two are equal"""
    Dual = student.Dual
    compared("Dual(2, 5) == 2", Dual(2, 5) == 2, True)
    compared("Dual(2, 5) == Dual(2, 9)", Dual(2, 5) == Dual(2, 9), True)
    compared("Dual(2, 5) == -2", Dual(2, 5) == -2, False)
    compared("Dual(2, 5) == Dual(3, 5)", Dual(2, 5) == Dual(3, 5), False)


@pytest.mark.task("dual_compare")
def test_size(student):
    """abs of a Dual"""
    for real, inf in [(-2, 3), (2, -3), (-2, -3)]:
        sign = -1 if real < 0 else 1
        call = f"abs(Dual({real}, {inf}))"
        both(call, abs(student.Dual(real, inf)), sign * real, sign * inf, "Both parts change their sign, or none does.")


# ------------------------------------------------------------------------------------------------------- 6 slope


@pytest.mark.task("slope")
def test_square(student):
    """the slope of x*x at 3, as in the text of section 2"""
    ask = "Which Dual do you give to f, and which part of its result do you return?"
    close("slope(lambda x: x*x, 3)", student.slope(lambda x: x * x, 3), 6, ask)
    close("slope(lambda x: x*x - 9, 3)", student.slope(lambda x: x * x - 9, 3), 6, "Here f is 0, but it is not level.")
    close("slope(lambda x: x*x, -1.5)", student.slope(lambda x: x * x, -1.5), -3, ask)
    close("slope(lambda x: x*4/7, 0)", student.slope(lambda x: x * 4 / 7, 0), 4 / 7, "Exact: nothing is rounded.")
    tiny = student.slope(lambda x: x * 3e-7, 2)
    assert abs(tiny - 3e-7) < 1e-15, f"`slope(lambda x: x*3e-7, 2)` gave {tiny}, expected 3e-07. Nothing is rounded."


@pytest.mark.task("slope")
def test_once_with_a_dual(student):
    """f is called once, with a Dual"""
    seen = []
    student.slope(lambda x: seen.append(type(x).__name__) or 2 * x, 1)
    assert seen == ["Dual"], f"f was called with: {', '.join(seen) or 'nothing'}. Once, with a Dual, is enough."


@pytest.mark.task("slope")
def test_constant(student):
    """a function that ignores its input has the slope 0"""
    ask = "f gave back a plain number, which has no inf part. How fast does it change?"
    try:
        got = student.slope(lambda x: 7, 1)
    except AttributeError:
        raise AssertionError(f"`slope(lambda x: 7, 1)` raised an AttributeError.\n{ask}") from None
    close("slope(lambda x: 7, 1)", got, 0, ask)


# -------------------------------------------------------------------------------------------------- 7 microscope


def panels_of(student, f, x0, widths):
    got = student.microscope(f, x0, widths)
    return drawn("microscope(f, x0, widths)", got, len(widths))


def bent(x):
    """|x - 1| + 2, for one number at a time."""
    return x + 1 if x > 1 else 3 - x


@pytest.mark.task("microscope")
def test_windows(student):
    """each panel shows its own window"""
    import matplotlib.pyplot as plt

    try:
        widths = [0.5, 2, 1]
        for ax, width in zip(panels_of(student, lambda x: x * x, 1, widths), widths, strict=True):
            low, high = ax.get_xlim()
            assert abs(low - (1 - width / 2)) < 0.1 * width, f"width {width}: the window starts at {low:.3g}"
            assert abs(high - (1 + width / 2)) < 0.1 * width, f"width {width}: the window ends at {high:.3g}"
            curve = shown(ax, "f")
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
        for x0, steep in [(1, 2), (0, 0), (-0.3, -0.6)]:
            (ax,) = panels_of(student, lambda x: x * x, x0, [2])
            tangent = shown(ax, "tangent")
            assert tangent, f'f = x*x, x0 = {x0}: there is no line with the label "tangent".'
            gap = abs(tangent[0][:, 1] - (x0 * x0 + steep * (tangent[0][:, 0] - x0))).max()
            assert gap < 1e-9, "Does your tangent go through (x0, f(x0)), and is it as steep as slope(f, x0)?"
        (ax,) = panels_of(student, bent, 1, [2])
        assert not shown(ax, "tangent"), "At a kink the two sides disagree about the slope: there is none to draw."
        (ax,) = panels_of(student, bent, 1.5, [2])
        assert shown(ax, "tangent"), "A kink elsewhere in the window does not matter: at x0 there is a tangent."
    finally:
        plt.close("all")


@pytest.mark.task("microscope")
def test_my_tangent(student):
    """the tangent of your own curve"""
    line = typed(student, "my_tangent", ["x"])
    f, x0 = student.lens_f, student.lens_x0
    assert abs(line(x=x0) - f(x0)) < 1e-9, (
        f"Put x = {x0}: `my_tangent` gives {line(x=x0):g}; it should be {f(x0):g}.\n"
        "At which height does the curve pass x0?"
    )
    left, middle, right = line(x=x0 - 1), line(x=x0), line(x=x0 + 1)
    assert abs(left + right - 2 * middle) < 1e-6, (
        f"Put x = {x0 - 1}, {x0} and {x0 + 1}: `my_tangent` gives {left:g}, {middle:g} and {right:g}; on a straight "
        f"line the middle one would be {(left + right) / 2:g}.\nIs x multiplied by itself in it?"
    )
    steep = (f(x0 + 1e-4) - f(x0 - 1e-4)) / 2e-4
    assert abs(right - middle - steep) < 1e-4 * max(1, abs(steep)), (
        f"`my_tangent` goes through the right point, and from x0 to x0 + 1 it changes by {right - middle:g}. "
        f"How steep is f there? Ask slope(lens_f, {x0})."
    )


# --------------------------------------------------------------------------------------------------- 8 pair_plot


@pytest.mark.task("pair_plot")
def test_matching(student):
    """three letters"""
    got = student.value("matching")
    letters = "".join(got).lower().strip() if isinstance(got, str | list | tuple) else ""
    assert sorted(letters) == ["a", "b", "c"], (
        '`matching` should be three letters, each of a, b, c once, for example "abc".'
    )
    noted(student, "matching")


@pytest.mark.task("pair_plot")
def test_two_panels(student):
    """the curve above, its slope and a level line at 0 below"""
    import matplotlib.pyplot as plt

    try:
        made = student.pair_plot(lambda x: x * x / 2, [-2.0, -1.0, 0.0, 1.0, 2.0])
        above, below = drawn("pair_plot(f, xs)", made, 2)
        places = [ax.get_position().y0 for ax in (above, below)]
        assert places[0] > places[1], "f should stand above and its slope below it: plt.subplots(2, 1)."
        heights = [[y for x, y in line] for line in shown(above)]
        assert [2, 0.5, 0, 0.5, 2] in heights, "In the upper panel I do not find the points (x, f(x))."
        heights = [[y for x, y in line] for line in shown(below)]
        assert [-2, -1, 0, 1, 2] in heights, "In the lower panel I do not find the points (x, slope(f, x))."
        assert any(len(set(ys)) == 1 and ys[0] == 0 for ys in heights), "The lower panel has no level line at height 0."
    finally:
        plt.close("all")


# ------------------------------------------------------------------------------------------------------ 9 signal


@pytest.mark.task("signal")
def test_signal(student):
    """downhill"""
    ask = "If f rises to the right, which way is down?"
    close("signal(lambda x: 5*x, 1)", student.signal(lambda x: 5 * x, 1), -1, ask)
    close("signal(lambda x: -5*x, 1)", student.signal(lambda x: -5 * x, 1), 1, ask)
    close("signal(lambda x: x*x, 0)", student.signal(lambda x: x * x, 0), 0, "There it is level.")
    close("signal(lambda x: x*x + 1, -2)", student.signal(lambda x: x * x + 1, -2), 1, ask)
    close(
        "signal(lambda x: x*x - 4, 2)", student.signal(lambda x: x * x - 4, 2), -1, "Here f is 0, but it is not level."
    )
    little = "Also where it falls very little."
    close("signal(lambda x: -x*1e-12, 0)", student.signal(lambda x: -x * 1e-12, 0), 1, little)
    seen = set()
    student.signal(lambda x: seen.add(type(x).__name__) or 2 * x, 1)
    assert seen == {"Dual"}, (
        f"f was called with: {', '.join(sorted(seen)) or 'nothing'}. Ask your slope, which gives it a Dual."
    )
    close("signal(lambda x: 7, 1)", student.signal(lambda x: 7, 1), 0, "7 is as small as it gets, wherever you go.")


@pytest.mark.task("signal")
def test_answers(student):
    """a prediction and a letter"""
    got = student.value("my_prediction")
    form = isinstance(got, (list, tuple)) and len(got) == 3 and all(way in (-1, 0, 1) for way in got)
    assert form, "`my_prediction` should be a list of three, each -1, 0 or +1."
    noted(student, "my_prediction")
    chosen(student, "zero_means")
