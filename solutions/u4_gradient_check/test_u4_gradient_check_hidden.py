"""Hidden tests of `u4_gradient_check`. A docstring is what the student reads: words, never a hidden number.

Where one task builds on another, the student's own functions are tried first; if that fails, the test is repeated with
right ones in their place, so that an early slip costs once (`follow_through`). Which of the backward passes are wrong
and what the graphs' slopes are is known on this side only. Where a test depends on how a function is called, the far
side calls back; the other functions are sent as text (`inline`).
"""

import functools
import itertools
import math

import numpy as np
import pytest
import sympy
from kit import variant, walks
from kit.symbolic import Add, Div, Mul, Neg, Num, Pow, Sub, Var, walk

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
    letter,
    listed,
    number,
    parse,
    symbolic,
)


def follow_through(student, body, **right):
    """`body()`, with the student's own work of earlier tasks; if that fails and the work is wrong, with `right` ones.

    These run on this side, as callbacks: nothing of an answer ever reaches the far side. They take their values from
    the test itself, whatever they are given, so they may only stand in for wrong work: otherwise they would forgive a
    right function that is called with the wrong things. They are taken away again, so that no other test meets them.
    """
    try:
        body()
    except (AssertionError, StudentError):
        if all(works(student, name) for name in right):
            raise
        put = student.function("globals().update({name: value})", "name, value")
        theirs = {name: student.value(name) for name in right if student.has(name)}
        try:
            for name, function in right.items():
                put.apply(name, function)
            body()
        finally:
            for name, function in theirs.items():
                put.apply(name, function)


def works(student, name):
    """Whether the student's own function does what later tasks need of it."""
    try:
        return PROBES[name](student)
    except (AssertionError, StudentError, TypeError, ValueError):
        return False


def nudges_well(student):
    """Right slopes of a curve, two calls for each entry, and the array as it was, to the last bit."""
    X, asked = np.array([[1.37, -2.91, 0.3], [0.0, 4.7e-3, 2.2]]), []

    def f(Z):
        asked.append(np.array(Z))
        return float((Z * Z).sum())

    slopes, after = student.eval("(lambda X: (numerical_gradient(f, X), X))(X)", f=f, X=X)
    steps = {round(float(np.abs(Z - X).max()), 9) for Z in asked}
    return (
        np.allclose(slopes, 2 * X, rtol=1e-6, atol=1e-8)
        and np.array_equal(after, X)
        and (len(asked) == 2 * X.size and steps == {1e-5})
    )


def compares_well(student):
    """Relative errors of tiny, large, equal and zero entries, and of arrays of several axes."""
    pairs = [(np.array([1e-4, 2.0, 0.0]), np.array([1.01e-4, 2.0, 0.0])), (np.eye(2), -np.eye(2)), (3e-9, 3e-9)]
    return all(math.isclose(student.relative_error(a, b), worst(a, b), rel_tol=1e-9) for a, b in pairs)


PROBES = {
    "forward_diff": lambda student: math.isclose(student.forward_diff(lambda x: x**3, 1.5, 0.25), 7.9375),
    "central_diff": lambda student: math.isclose(student.central_diff(lambda x: x**3, 1.5, 0.25), 6.8125),
    "numerical_gradient": nudges_well,
    "relative_error": compares_well,
}


def differences(f):
    """Right difference quotients; they take their values from this test's own f, whatever is handed to them."""
    return {
        "forward_diff": lambda handed, x, h: (f(x + h) - f(x)) / h,
        "central_diff": lambda handed, x, h: (f(x + h) - f(x - h)) / (2 * h),
    }


def nudged(*passes, loss=None):
    """A right numerical_gradient: it knows X among the params of the `passes` by its values, and nudges a copy."""

    def numerical_gradient(handed, X, h=1e-5):
        one, name = next(
            (shown, name) for shown in passes for name, values in shown.params.items() if np.array_equal(values, X)
        )
        slopes = np.zeros(one.params[name].shape)
        for at in np.ndindex(slopes.shape):
            for sign in (1, -1):
                params = {key: np.array(values) for key, values in one.params.items()}
                params[name][at] += sign * h
                slopes[at] += sign * float((loss or one.loss)(params)) / (2 * h)
        return slopes

    return {"numerical_gradient": numerical_gradient, "relative_error": worst}


def worst(a, b):
    """The largest relative error of the entries."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / np.where(size == 0, 1.0, size)))


# ---------------------------------------------------------------------------------------- finite_differences


def black_box(f, asked=None):
    """f, for plain numbers only: a step into the complex plane would be another method. `asked` collects its inputs."""

    def called(x):
        if isinstance(x, complex) or getattr(x, "dtype", np.dtype(float)).kind not in "iuf":
            raise Hint("f takes plain numbers only, or an array of them; something else was handed to it.")
        if asked is not None:
            asked.append(x)
        return f(x)

    return called


LINE_AND_SQUARE = "slope * float(x) + bend * float(x) * float(x)"  # of plain numbers only
SLOPES = [(-1.0, 3.0), (2.12345678e-7, -3.3456789e-7), (4e6, 1e6), (0.0, 0.0)]  # of x, and of x*x
OTHER_SLOPES = [(1.75, -2.5), (-3.87654321e-7, 2.23456789e-7), (-7e6, 3e6), (0.0, 0.0)]
OTHER_RUNS = [(1.25, 0.375), (-2.75, 0.25), (0.625, -0.125), (0, 0.75), (-1.0, 3)]
RUNS = [(1.5, 0.5), (-2.25, 0.125), (0.75, -0.5), (0, 0.25), (3.0, 2)]


@pytest.mark.task("finite_differences")
def test_forward_difference(student):
    """The forward difference is rise over run from x to x + h: up, down or level, for large h and to the left."""
    cases = [(slope, bend, x, h) for slope, bend in SLOPES for x, h in RUNS]
    found = over_runs(student, "forward_diff", cases)
    for got, (slope, bend, x, h) in zip(found, cases, strict=True):
        number(got, slope + bend * (2 * x + h), abs=1e-9 * abs(bend), what="forward_diff")


def over_runs(student, name, cases):
    """What `name` says in each case (slope, bend, x, h)."""
    lines = [inline(LINE_AND_SQUARE, slope=slope, bend=bend) for slope, bend, _, _ in cases]
    return student.in_turn(*((name, f, x, h) for f, (_, _, x, h) in zip(lines, cases, strict=True)))


@pytest.mark.task("finite_differences")
def test_central_difference(student):
    """The central difference is rise over run from x - h to x + h: exact for squares, whatever h is."""
    cases = [(slope, bend, x, h) for slope, bend in OTHER_SLOPES for x, h in OTHER_RUNS]
    found = over_runs(student, "central_diff", cases)
    for got, (slope, bend, x, _) in zip(found, cases, strict=True):
        number(got, slope + bend * 2 * x, abs=1e-9 * abs(bend), what="central_diff")
    number(student.central_diff(lambda x: x * x * x, 0.5, 0.25), 0.8125, what="central_diff")


@pytest.mark.task("finite_differences")
def test_errors_when_h_is_halved(student):
    """When h is halved, the forward error is halved, and the central error is a quarter."""
    for name, times in [("forward_diff", 2), ("central_diff", 4)]:
        found = student.in_turn(*((name, inline("math.sin(x)"), 0.7, h) for h in (0.02, 0.01)))
        errors = [number(got) - math.cos(0.7) for got in found]
        assert errors[0] / errors[1] == pytest.approx(times, rel=0.02)


@pytest.mark.task("finite_differences")
def test_f_is_called_twice(student):
    """Each of the two calls f exactly twice, at the two ends of its run; with the whole array, if x is one."""
    X = np.array([1.25, -0.5, 1.25])
    for name, start in [("forward_diff", 0.0), ("central_diff", -0.5)]:
        for x in (1.25, X):
            asked = []
            found = getattr(student, name)(black_box(lambda x: x * x * x, asked), x, 0.5)
            ends = [x + start, x + 0.5]
            right = (ends[1] ** 3 - ends[0] ** 3) / (0.5 - start)
            array(found, right, what=name) if x is X else number(found, right, what=name)
            if len(asked) != 2:
                raise Hint(f"{name}: f should be called exactly twice.")
            assert all(any(np.array_equal(end, place) for place in asked) for end in ends)


@pytest.mark.task("finite_differences")
def test_whole_numbers_and_arrays(student):
    """x may be a whole number or an array, of whole numbers too: then each entry gets its own slope."""
    X = np.array([[3, -1, 2], [5, 4, -2]])
    cube, square = inline("x * x * x"), inline("x * x")
    for name in ("forward_diff", "central_diff"):
        found = student.in_turn(*((name, cube, x, 1e-5) for x in (3, X, X[0] + 0.5)), (name, square, X, 0.5))
        number(found[0], 27.0, rel=1e-4, what=name)
        array(found[1], 3.0 * X * X, rel=1e-4, what=name)
        array(found[2], 3.0 * (X[0] + 0.5) ** 2, rel=1e-4, what=name)
        beside = 0.5 if name == "forward_diff" else 0.0  # with this h the difference of a square is not its slope
        array(found[3], 2.0 * X + beside, what=name)


@pytest.mark.task("finite_differences")
def test_x_is_left_as_it_was(student):
    """An array x holds afterwards what it held before."""
    X = np.array([1.5, -0.25, 3.0])
    for name in ("forward_diff", "central_diff"):
        f = black_box(lambda x: x * x)
        slopes, after = student.eval(f"(lambda x: ({name}(f, x, 0.25), x))(x)", f=f, x=X)
        array(slopes, 2 * X + (0.25 if name == "forward_diff" else 0.0), what=name)
        if not np.array_equal(after, X):
            raise Hint(f"{name}: afterwards x is not what it was. `x += h` works on the caller's array.")


@pytest.mark.task("finite_differences")
def test_the_cube_on_paper(student):
    """central_of_cube: the central difference of x^3, without a division."""
    name = "central_of_cube"
    wrong = {
        "3x^2": f"{name}: that is the slope. The difference is not exact: what is left of the h*h*h?",
        "3x^2 + 3x*h + h^2": f"{name}: that is the forward difference. Where does the central one start?",
        "3x^2 + h": f"{name}: what is h*h*h divided by h?",
        "3x^2*h + h^3": f"{name}: divide by the run. How wide is it, from x - h to x + h?",
        "6x^2 + 2h^2": f"{name}: divide by the run. How wide is it, from x - h to x + h?",
        "6x^2*h + 2h^3": f"{name}: that is the rise. Divide it by the run, which is 2*h.",
        "3x^2 - h^2": f"{name}: (x - h)^3 ends with -h*h*h, and it is subtracted. Which sign does it get?",
        "3x^2*h^2 + h^4": f"{name}: / 2*h divides by 2 and then *multiplies* by h.",
    }
    symbolic(student, name, "3x^2 + h^2", ["x", "h"], wrong=wrong, domain={"x": (1.0, 4.0), "h": (1.0, 4.0)})
    if not all(map(is_polynomial, walk(parse(student.value(name), ["x", "h"]).tree))):
        raise Hint(f"{name}: the value is right. Go on until no division is left in it, and no negative power.")


def is_polynomial(node):
    """Whether a node of a typed answer leaves a polynomial one: no division, in whatever form it is written."""
    match node:
        case Num() | Var() | Add() | Sub() | Mul() | Neg() | Div(Num(), Num()):
            return True
        case Pow(_, Num(power)):
            return power.denominator == 1
    return False


# ----------------------------------------------------------------------------------------------- error_curve

BENDS = choices(__file__)["BENDS"]
HS = [10 ** (-2 * k / 3) for k in range(26)]  # from 1 down to 2e-17
MIXED = HS[1::2] + HS[::2][::-1]
PLACE = 0.8


bent = inline("x * x * x - 2 / (1 + x * x)")  # as exact in arrays as in floats: no exp, no sin
slope_of_bent = inline("3 * x * x + 4 * x / ((1 + x * x) * (1 + x * x))")


def true_errors(name, hs=HS, x=PLACE):
    behind = {"forward": 0, "central": 1}[name]
    quotients = [(bent(x + h) - bent(x - behind * h)) / ((1 + behind) * h) for h in hs]
    return np.abs(np.array(quotients) - slope_of_bent(x))


def drawing(student, f=bent, df=slope_of_bent, x=PLACE, hs=HS):
    return axes(student, student.error_curve(f, df, x, hs), what="error_curve")


def labelled(picture, label):
    """The points of what is labelled so, sorted by h."""
    found = curves(picture, label)
    if not found:
        raise Hint(f'error_curve: there is nothing with the label "{label}" in the Axes.')
    return found[0].xy


def line_is_right(student, name):
    def body():
        hs = MIXED if name == "forward" else np.array(HS[::-1][4:])  # a list or an array, in any order
        drawn, order = labelled(drawing(student, hs=hs), name), np.argsort(hs)
        steps, errors = np.asarray(hs)[order], true_errors(name, hs)[order]
        assert drawn.shape == (len(steps), 2)
        assert np.allclose(drawn[:, 0], steps, rtol=1e-9, atol=0)
        assert np.allclose(drawn[:, 1], errors, rtol=1e-6, atol=2e-14)
        right_hand = (steps > 0.9e-3) & (steps < 0.11)
        steep = np.polyfit(np.log10(drawn[right_hand, 0]), np.log10(drawn[right_hand, 1]), 1)[0]
        assert steep == pytest.approx({"forward": 1, "central": 2}[name], abs=0.1)

    follow_through(student, body, **differences(bent))


@pytest.mark.task("error_curve")
def test_the_forward_line(student):
    """The line "forward" shows the size of the error of the forward difference, for every h."""
    line_is_right(student, "forward")


@pytest.mark.task("error_curve")
def test_the_central_line(student):
    """The line "central" shows the size of the error of the central difference, for every h."""
    line_is_right(student, "central")


@pytest.mark.task("error_curve")
def test_both_axes_are_logarithmic_and_labelled(student):
    """Both axes are logarithmic, and each has a label."""

    def body():
        nonlocal picture
        picture = drawing(student, hs=HS[::3])
        drawn = {name: labelled(picture, name) for name in ("forward", "central")}
        right = {name: np.sort(true_errors(name, HS[::3])) for name in drawn}
        near = [
            xy.shape == (9, 2) and np.allclose(np.sort(xy[:, 1]), right[name], rtol=1e-6, atol=2e-14)
            for name, xy in drawn.items()
        ]
        assert any(near), "neither line is right"  # empty axes earn nothing

    picture = None
    follow_through(student, body, **differences(bent))
    if "log" not in (picture.xscale, picture.yscale):
        raise Hint("error_curve: seventeen powers of ten on one axis. On which kind of axis can one see them all?")
    if (picture.xscale, picture.yscale) != ("log", "log"):
        raise Hint("error_curve: one of the axes is logarithmic, and the other is not yet.")
    if not (picture.xlabel.strip() and picture.ylabel.strip()):
        raise Hint("error_curve: what is drawn against what? Each axis needs a label.")


@pytest.mark.task("error_curve")
def test_an_error_of_zero_is_drawn(student):
    """Where the error is 0, the point is drawn at 1e-17 and not left out; hs holds afterwards what it held before."""
    hs = [0.25, 0.5, 0.0625, 0.125]

    source = "(lambda hs: (error_curve(f, df, 1.5, hs), hs))(hs)"

    def body():
        found = student.eval(source, f=inline("x * x"), df=inline("2 * x"), hs=hs)
        drawn_in, after = listed(found, 2)
        picture = axes(student, drawn_in, what="error_curve")
        for name, right in [("forward", np.sort(hs)), ("central", np.full(4, 1e-17))]:
            drawn = labelled(picture, name)
            assert drawn.shape == (4, 2)
            assert np.allclose(drawn[:, 1], right, rtol=1e-6, atol=0)
        if after != hs:
            raise Hint("error_curve: afterwards hs is not what it was. Do you sort a copy?")

    follow_through(student, body, **differences(lambda x: x * x))


@pytest.mark.task("error_curve")
def test_the_best_h_is_marked(student):
    """The dots "best forward" and "best central" stand where each line is lowest."""

    def body():
        picture = drawing(student)
        for name in ("forward", "central"):
            dot, errors = labelled(picture, f"best {name}"), true_errors(name)
            if len(dot) != 1:
                raise Hint(f'error_curve: "best {name}" should be one dot, on the lowest point of its line.')
            h, error = dot[0]
            lowest = HS[int(np.argmin(errors))]
            assert lowest / 30 <= h <= lowest * 30
            assert errors.min() / 1.001 <= max(error, 1e-17) <= max(100 * errors.min(), 1e-10)
            near = int(np.argmin(np.abs(np.log(HS) - np.log(h))))  # a dot at a guess would be about there, too
            assert np.allclose([h, error], [HS[near], errors[near]], rtol=1e-6, atol=2e-14)

    follow_through(student, body, **differences(bent))


def the_left_side_is_understood(student):
    found = student.value("left_side")
    return isinstance(found, str) and found.strip().lower() == "b"


@pytest.mark.task("error_curve", weight=0.25)
def test_the_error_at_a_tiny_h(student):
    """error_at_1e_17: a wrong prediction costs nothing if left_side is right."""
    own = variant("error_curve", BENDS, student=student.id)
    slope = abs(eval(own["df"], {"x": own["x"]}))  # noqa: S307 - our own text
    found = number(answer(student, "error_at_1e_17"), what="error_at_1e_17")
    if abs(found - slope) > 0.006 + 0.01 * slope and not the_left_side_is_understood(student):
        raise Hint("error_at_1e_17: if x + h is x, how large is the difference? And how far is that from the slope?")


@pytest.mark.task("error_curve", weight=0.25)  # a letter can be guessed
def test_why_the_error_grows_on_the_left(student):
    """left_side: why the error grows where h gets very small."""
    asks = {
        "a": "left_side: closer to x the curve is straighter: look through the microscope. What else gets worse?",
        "c": "left_side: h*h is tiny there, and of no weight. What becomes of the digits of f(x + h) - f(x)?",
        "d": "left_side: read the left half of your own figure. Where is the error smallest?",
    }
    letter(student, "left_side", "b", asks)


# ---------------------------------------------------------------------------------------- numerical_gradient


def mixing(seed, size):
    """A function that mixes all entries of its input, and its gradient."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=size), rng.normal(size=size)
    f = inline("float((a @ np.ravel(X)) ** 2 + np.sin(b * np.ravel(X)).sum())", "X", a=a, b=b)

    def gradient(X):
        x = np.asarray(X, dtype=float).ravel()
        return (2 * (a @ x) * a + b * np.cos(b * x)).reshape(np.shape(X))

    return f, gradient


@pytest.mark.task("numerical_gradient", weight=2)
def test_slopes_of_a_matrix(student):
    """Each entry of a matrix gets its own slope, also where f mixes all of them."""
    for seed, shape in [(1, (3, 4)), (2, (1, 5))]:
        f, gradient = mixing(seed, shape[0] * shape[1])
        X = np.random.default_rng(seed + 50).normal(size=shape)
        array(student.numerical_gradient(f, X), gradient(X), rel=1e-6, abs=1e-8, what="numerical_gradient")
    X = inputs.array(53, (2, 4))  # zero and equal entries; a level entry, tiny slopes, huge ones
    for scale in (1.0, 1e-7, 1e6):
        slopes = scale * np.array([[0.0, 1.25, -3.5, 0.5], [2.0, 0.0, -0.75, 1.5]])
        found = student.numerical_gradient(inline("float((slopes * X).sum())", "X", slopes=slopes), X)
        array(found, slopes, rel=1e-6, abs=1e-8 * scale, what="numerical_gradient")


@pytest.mark.task("numerical_gradient")
def test_other_shapes(student):
    """Arrays of any shape: a row of numbers, a single number, a block."""
    for seed, shape in [(3, (4,)), (4, ()), (5, (2, 1, 3))]:
        f, gradient = mixing(seed, int(np.prod(shape)))
        X = np.array(np.random.default_rng(seed + 50).normal(size=shape))
        array(student.numerical_gradient(f, X), gradient(X), rel=1e-6, abs=1e-8, what="numerical_gradient")


@pytest.mark.task("numerical_gradient")
def test_whole_numbers(student):
    """An array of whole numbers has slopes as well, and they are floats."""
    f, gradient = mixing(6, 6)
    X = np.array([[3, -1, 2], [0, 4, -2]])
    slopes, after = student.eval("(lambda X: (numerical_gradient(f, X), X))(X)", f=f, X=X)
    array(slopes, gradient(X), rel=1e-6, abs=1e-8, what="numerical_gradient")
    still_as_it_was(after, X)


def still_as_it_was(after, X):
    if not np.array_equal(after, X):
        if isinstance(after, np.ndarray) and after.shape == X.shape and np.allclose(after, X, rtol=1e-9, atol=1e-9):
            raise Recognised("Adding h and taking it off again does not give back exactly what was there. Keep it?")
        raise Hint("numerical_gradient: afterwards X is not exactly what it was. Is the old number kept, and put back?")


@pytest.mark.task("numerical_gradient")
def test_a_view(student):
    """X may be a view, such as a matrix on its side."""
    f, gradient = mixing(7, 8)
    A = np.random.default_rng(57).normal(size=(2, 4))
    array(student.eval("numerical_gradient(f, A.T)", f=f, A=A), gradient(A.T), rel=1e-6, abs=1e-8)


@pytest.mark.task("numerical_gradient")
def test_two_calls_for_each_entry(student):
    """f is called twice for each entry, with an array of the shape of X in which only that entry is nudged."""
    X = np.random.default_rng(8).normal(size=(3, 2))
    asked = []
    found = student.numerical_gradient(lambda Z: asked.append(np.array(Z)) or float((Z * Z).sum()), X)
    array(found, 2 * X, rel=1e-6, abs=1e-8, what="numerical_gradient")
    if len(asked) != 12:
        raise Hint("numerical_gradient: f should be called exactly twice for each entry of X.")
    assert all(Z.shape == X.shape for Z in asked)
    moved = [tuple(map(int, np.argwhere(abs(Z - X) > 1e-9).ravel())) for Z in asked]
    assert sorted(moved) == sorted(2 * list(np.ndindex(3, 2)))


@pytest.mark.task("numerical_gradient")
def test_the_given_h_is_used(student):
    """The nudge is the h that was given, to both sides; without one it is 1e-5."""
    X = np.array([0.5, -1.25, 2.0])
    found = student.numerical_gradient(inline("float((Z * Z * Z).sum())", "Z"), X, 0.25)
    array(found, 3 * X * X + 0.0625, what="numerical_gradient")
    steps = []
    student.numerical_gradient(lambda Z: steps.append(np.abs(Z - X).max()) or 1.5, X)
    assert np.allclose(steps, 1e-5, rtol=1e-6)


@pytest.mark.task("numerical_gradient")
def test_x_is_exactly_what_it_was(student):
    """Afterwards X is what it was before, to the last bit; and so is a gradient, when another one is computed."""
    f, gradient = mixing(9, 10)
    X = np.random.default_rng(59).normal(size=(2, 5)) * 3.7
    slopes, after = student.eval("(lambda X: (numerical_gradient(f, X), X))(X)", f=f, X=X)
    array(slopes, gradient(X), rel=1e-6, abs=1e-8, what="numerical_gradient")
    still_as_it_was(after, X)
    both = "[numerical_gradient(f, X), numerical_gradient(lambda X: 0.0, X)]"
    first, _ = listed(student.eval(both, f=f, X=X), 2)
    if isinstance(first, np.ndarray) and not first.any():
        raise Hint("numerical_gradient: asked a second time, it changes the gradient that it gave before.")


@pytest.mark.task("numerical_gradient")
def test_x_is_put_back_when_f_raises(student):
    """If f raises an error, X is put back and the error goes on."""
    X = np.array([0.3, -1.7, 0.9, 2.2])
    right = student.numerical_gradient(inline("float((Z * Z).sum())", "Z"), X)
    array(right, 2 * X, rel=1e-6, abs=1e-8, what="numerical_gradient")
    for last in (3, 6):
        calls = []

        def f(Z, calls=calls, last=last):
            calls.append(not np.array_equal(Z, X))
            if len(calls) == last:
                raise FloatingPointError("f stops here")
            return float(Z.sum())

        box = student.eval("__import__('types').SimpleNamespace(X=X)", X=X)
        with student.raises("FloatingPointError"):
            student.eval("numerical_gradient(f, box.X)", f=f, box=box)
        assert len(calls) == last
        assert any(calls)  # there was something to put back
        assert np.allclose(box.get("X"), X, rtol=1e-12)  # whether to the last bit is asked above


@pytest.mark.task("numerical_gradient")
def test_one_number_out(student):
    """f may give one number in an array; more than one number is a ValueError."""
    X = np.array([0.5, -1.25, 2.0])
    for shape in [(1,), (1, 1)]:
        found = student.numerical_gradient(inline("np.reshape((Z * Z).sum(), shape)", "Z", shape=shape), X)
        array(found, 2 * X, rel=1e-6, what="numerical_gradient")
    with student.raises("ValueError"):
        student.numerical_gradient(inline("Z * Z", "Z"), X)
    with student.raises("ValueError"):
        student.numerical_gradient(inline("Z[:2]", "Z"), X[None, :].repeat(4, axis=0))


# -------------------------------------------------------------------------------------------- relative_error


@pytest.mark.task("relative_error")
def test_two_numbers(student):
    """The error of two numbers is their distance by the larger of the two sizes; which comes first does not matter."""
    pairs = [(4.0, 5.0, 0.2), (5.0, 4.0, 0.2), (-0.75, -0.6, 0.2), (8, 0.0, 1.0), (0.0, -2, 1.0), (2.5, 2.5, 0.0)]
    pairs += [(3.0, 3.0 + 3 * 2.0**-36, 2.0**-36), (8, 6, 0.25), (7e-5, 7e-5 * (1 - 2.0**-20), 2.0**-20)]
    cases = [(*pair, expected) for a, b, expected in pairs for pair in ((a, b), (b, a))]
    found = student.in_turn(*(("relative_error", a, b) for a, b, _ in cases))
    for got, (_, _, expected) in zip(found, cases, strict=True):
        number(got, expected, rel=1e-4, abs=0, what="relative_error")


@pytest.mark.task("relative_error")
def test_a_turned_sign(student):
    """Two numbers of opposite sign are further apart than the larger is from 0, in an array too."""
    a = np.array([[1.5, -2.0, 0.25], [3.0, 4.5, -6.0]])
    found = student.in_turn(*(("relative_error", *pair) for pair in ((a, -a), (2.5, -2.5), (2.5, -1.25))))
    for got, expected in zip(found, (2.0, 2.0, 1.5), strict=True):
        number(got, expected, what="relative_error")


@pytest.mark.task("relative_error")
def test_the_worst_entry_counts(student):
    """One wrong entry among many right ones is what counts, small as it may be beside the others."""
    rng = np.random.default_rng(10)
    a = rng.normal(size=(6, 7)) + 4
    a[2, 3] = 1e-3
    b = a.copy()
    b[2, 3] = 1.25e-3
    whole = np.array([[3, -4], [0, 5]])
    cases = [
        (a, b, 0.2),
        (a[:, 0], a[:, 0] * np.array([1, 1, 1, 1, 1, 0.9]), 0.1),
        (a, a * (1 - 2.0**-30), 2.0**-30),  # all of them a little off
        (whole, np.array([[3, -5], [0, 5]]), 0.2),
        (whole[0], np.array([3.0, -4.5]), 1 / 9),
        (np.array([2.0, 1.0]), np.array([1.0, 2.0]), 0.5),
    ]
    found = student.in_turn(*(("relative_error", one, other) for one, other, _ in cases))
    for got, (_, _, expected) in zip(found, cases, strict=True):
        number(got, expected, rel=1e-4 if expected < 1e-3 else 1e-9, abs=0, what="relative_error")


@pytest.mark.task("relative_error")
def test_small_numbers_are_numbers_too(student):
    """However small all the numbers are, the relative error is the same."""
    a, b = np.array([6.0, 1e-3, -2.0]), np.array([6.0, 1.25e-3, -2.0])
    for scale in (1e-8, 1e-20):
        number(student.relative_error(scale * a, scale * b), 0.2, what="relative_error")


@pytest.mark.task("relative_error")
def test_zero_beside_zero(student):
    """0 beside 0 agrees, alone or among other entries."""
    assert (
        number(student.relative_error(2.0, 1.0), what="relative_error") == 0.5
    )  # otherwise "0, always" would earn this
    found = [
        student.relative_error(0.0, 0.0),
        student.relative_error(np.zeros((2, 3)), np.zeros((2, 3))),
        student.relative_error(np.array([0.0, 4.0]), np.array([0.0, 5.0])),
    ]
    for got, expected in zip(found, [0.0, 0.0, 0.2], strict=True):
        number(got, expected, what="relative_error")


@pytest.mark.task("relative_error")
def test_different_shapes_are_refused(student):
    """Arrays of different shapes are not compared: a ValueError."""
    a = np.array([1.0, 2.0, 3.0])
    number(student.relative_error(a, a + 1), 0.5, what="relative_error")
    for other in (a[:, None], a[:2], a[None, :], np.array(2.0)):
        with student.raises("ValueError"):
            student.relative_error(a, other)


@pytest.mark.task("relative_error")
def test_nan_never_agrees(student):
    """Where nan stands, the result is nan or inf, whichever side and place it is in."""
    number(student.relative_error(2.0, 1.0), 0.5, what="relative_error")  # otherwise "nan, always" would earn this
    pairs = []
    for place, side in itertools.product((0, 1, 3), (0, 1)):
        pairs.append([np.array([1.0, 2.5, -3.0, 4.0]), np.array([1.0, 2.0, -3.0, 4.0])])
        pairs[-1][side][place] = np.nan
    for found in student.in_turn(*(("relative_error", *pair) for pair in pairs)):
        if isinstance(found, bool) or not isinstance(found, int | float):
            number(found, what="relative_error")
        assert math.isnan(found) or math.isinf(found)


@pytest.mark.task("relative_error")
def test_the_arguments_are_left_alone(student):
    """Both arrays hold afterwards what they held before."""
    a, b = np.array([0.0, -4.0, 2.0]), np.array([0.0, -5.0, 2.0])
    found, *after = student.eval("(lambda a, b: (relative_error(a, b), a, b))(a, b)", a=a, b=b)
    number(found, 0.2, what="relative_error")
    if not np.array_equal(after, [a, b]):
        raise Hint("relative_error: afterwards an array is not what it was. Do you write into what you were given?")


# ----------------------------------------------------------------------------------------------------- judge


LOSS = """(lambda H: float(((H / (np.sqrt((H * H).mean(axis=1, keepdims=True) + 0.03) if rms else 1)
    @ params['W2'] + params['b2'] - Y) ** 2).mean()))(
    (np.tanh if tanh else lambda A: np.maximum(A, 0))(X @ params['W1'] + params['b1']))"""


class Pass:
    """A network, its loss, and a backward pass of it: right, or with one `bug`.

    Inputs, a hidden layer of tanh or relu, perhaps every row of it divided by its root mean square, outputs, and the
    mean squared error.
    """

    def __init__(self, seed, *, sizes=(5, 2, 3, 2), bug="", hidden="tanh", rms=False):
        self.rng = np.random.default_rng(seed)
        n, din, h, dout = sizes
        self.X, self.Y = self.rng.normal(size=(n, din)), self.rng.normal(size=(n, dout))
        self.params = {
            name: self.rng.normal(size=shape)
            for name, shape in [("W1", (din, h)), ("b1", (h,)), ("W2", (h, dout)), ("b2", (dout,))]
        }
        self.bug, self.hidden, self.rms = bug, hidden, rms
        self.inline_loss = inline(LOSS, "params", X=self.X, Y=self.Y, tanh=hidden == "tanh", rms=rms)

    def forward(self, params, eps=0.03):
        A = self.X @ params["W1"] + params["b1"]
        H = np.tanh(A) if self.hidden == "tanh" else np.where(A.real > 0, A, 0)
        size = np.sqrt((H * H).mean(axis=1, keepdims=True) + eps) if self.rms else np.ones((len(H), 1))
        N = H / size
        return A, H, size, N, N @ params["W2"] + params["b2"]

    def loss(self, params):
        P = self.forward(params)[-1]
        return ((P - self.Y) ** 2).mean()

    def grads(self):
        """What the backward pass gives, with its bug."""
        bug, W2 = self.bug, self.params["W2"]
        A, H, size, N, P = self.forward(self.params, *([1e-5] if bug == "another eps" else []))
        dP = 2 * (P - self.Y) / (self.Y.shape[1] if bug == "factor n" else self.Y.size)
        dW2, db2 = N.T @ dP, dP.sum(axis=0)
        if bug == "updated too early":
            W2 = W2 - 0.3 * dW2
        dN = dP @ (W2 if bug == "transposed" else W2.T)
        dH = (dN - N * (dN * N).mean(axis=1, keepdims=True)) / size if self.rms else dN
        inner = 1 - H * H if self.hidden == "tanh" else (A > 0).astype(float)
        dA = dH if bug == "no hidden derivative" else dH * inner
        db1 = dA.sum(axis=0)
        if bug == "one entry":
            db1[1] += 0.005
        return {"W1": self.X.T @ dA, "b1": db1, "W2": dW2, "b2": db2}

    def slopes(self):
        """The true gradient, by a step into the complex plane: exact, and independent of any backward pass."""
        found = {name: np.zeros(values.shape) for name, values in self.params.items()}
        for name, values in self.params.items():
            for index in np.ndindex(values.shape):
                moved = {key: value.astype(complex) for key, value in self.params.items()}
                moved[name][index] += 1e-30j
                found[name][index] = self.loss(moved).imag / 1e-30
        return found

    @functools.cached_property
    def wrong_names(self):
        slopes, grads = self.slopes(), self.grads()
        return {name for name in slopes if worst(slopes[name], grads[name]) > 1e-9}


a_pass = functools.cache(Pass)  # the same for every student: it is computed once, and what is handed over is a copy


JUDGE = (
    """(lambda params, grads: (gradient_check(lambda: loss_of(params), grads, params), params, grads))(params, grads)"""
)


def judged(student, one, loss=None, grads=None):
    """What the student's judge says of a pass, name by name; and the params and grads afterwards."""
    loss_of = loss or one.inline_loss
    grads = one.grads() if grads is None else grads
    found, params, grads = student.eval(JUDGE, loss_of=loss_of, params=one.params, grads=grads)
    if not isinstance(found, dict):
        number(found, what="gradient_check") if found is None else None
        raise Hint("gradient_check: a dict was expected, with an error for each name of params.")
    if set(found) != set(one.params):
        raise Hint("gradient_check: the dict should have the names of params, all of them and no others.")
    errors = {name: found[name] for name in one.params}
    for error in errors.values():
        if isinstance(error, bool) or not isinstance(error, int | float):
            number(error, what="gradient_check")
    return errors, params, grads


def tells_apart(student, passes):
    """Every name is believed or not, as it should be, in all of the passes; right and wrong ones are among them."""

    def body():
        found = [judged(student, shown)[0] for shown in passes]
        for shown, errors in zip(passes, found, strict=True):
            assert {name for name, error in errors.items() if not error < 1e-5} == shown.wrong_names

    assert {bool(shown.bug) for shown in passes} == {True, False}
    follow_through(student, body, **nudged(*passes))


@pytest.mark.task("judge")
def test_one_wrong_entry(student):
    """Believed are the right ones; not believed: passes in which one entry of one bias is a little off."""
    tells_apart(
        student,
        [
            a_pass(102, bug="one entry"),
            a_pass(103),
            a_pass(104, sizes=(4, 2, 3, 3), bug="one entry", hidden="relu"),
            a_pass(105, sizes=(4, 2, 3, 3), hidden="relu"),
        ],
    )


@pytest.mark.task("judge")
def test_a_transpose_that_fits(student):
    """Believed are the right ones; not believed: passes with a matrix on its side, where the shapes fit anyway."""
    tells_apart(
        student,
        [
            a_pass(201, sizes=(5, 1, 2, 2)),
            a_pass(202, sizes=(5, 1, 2, 2), bug="transposed"),
            a_pass(203, sizes=(3, 4, 2, 2), bug="transposed"),
            a_pass(204, sizes=(3, 4, 2, 2)),
        ],
    )


@pytest.mark.task("judge")
def test_a_missing_derivative(student):
    """Believed are the right ones; not believed: passes that forget the slope of the hidden layer."""
    tells_apart(
        student,
        [
            a_pass(302, bug="no hidden derivative"),
            a_pass(303, sizes=(1, 2, 3, 2)),
            a_pass(304, sizes=(4, 3, 2, 1)),
            a_pass(305, sizes=(4, 3, 2, 1), bug="no hidden derivative"),
        ],
    )


@pytest.mark.task("judge")
def test_a_factor_too_many(student):
    """Believed are the right ones; not believed: passes that are off by the number of examples."""
    tells_apart(
        student,
        [
            a_pass(405, sizes=(4, 1, 3, 2)),
            a_pass(402, sizes=(4, 1, 3, 2), bug="factor n"),
            a_pass(403, sizes=(6, 3, 2, 2), hidden="relu", bug="factor n"),
            a_pass(404, sizes=(1, 3, 2, 2)),
        ],
    )


@pytest.mark.task("judge")
def test_loss_and_gradient_of_different_formulas(student):
    """Believed are the right ones; not believed: passes for a loss that is a little different from the one called."""
    tells_apart(
        student,
        [
            a_pass(501, rms=True),
            a_pass(502, rms=True, bug="another eps"),
            a_pass(503, rms=True, sizes=(4, 2, 3, 1), bug="another eps"),
            a_pass(504, rms=True, sizes=(4, 2, 3, 1)),
        ],
    )


@pytest.mark.task("judge")
def test_weights_that_moved_too_early(student):
    """Believed are the right ones; not believed: passes that use a weight after it was updated."""
    tells_apart(
        student,
        [
            a_pass(601, bug="updated too early"),
            a_pass(602, sizes=(7, 1, 3, 2)),
            a_pass(605, sizes=(2, 2, 3, 1), bug="updated too early"),
            a_pass(608, sizes=(2, 2, 3, 1), rms=True),
        ],
    )


@pytest.mark.task("judge")
def test_the_errors_themselves(student):
    """The dict holds the relative errors, as plain numbers, for each name its own."""

    one = a_pass(102)

    def body():
        grads = one.grads()
        grads["W1"], grads["b2"] = grads["W1"] * 1.25, -grads["b2"]
        errors, _, _ = judged(student, one, grads=grads)
        number(errors["W1"], 0.2, rel=1e-4, what="gradient_check")
        number(errors["b2"], 2.0, rel=1e-4, what="gradient_check")
        assert errors["b1"] < 1e-5
        assert errors["W2"] < 1e-5

    follow_through(student, body, **nudged(one))
    slight_errors(student)


def slight_errors(student):
    """A small entry beside large ones, off by a hundredth; entries in another order; every error in its own size."""
    slopes = {"w": np.array([1e-4, 2.0, -3e-6, 0.0, 0.75]), "b": np.array([[0.5, 0.5], [-1.5, 4e-5]])}
    one = Slope(slopes)

    def body():
        for name, place, factor in [("w", 0, 1.01), ("w", 2, 0.99), ("b", (1, 1), 1.001), ("b", (0, 0), 1.00004)]:
            grads = one.grads()
            grads[name][place] *= factor
            errors, _, _ = judged(student, one, grads=grads)
            other = "b" if name == "w" else "w"
            number(errors[name], 1 - min(factor, 1 / factor), rel=0.05, abs=0, what="gradient_check")
            assert errors[other] < 1e-5
        errors, _, _ = judged(student, one, grads={"w": one.grads()["w"][[1, 0, 2, 3, 4]], "b": -one.grads()["b"]})
        number(errors["w"], 1 - 1e-4 / 2, rel=1e-6, what="gradient_check")
        number(errors["b"], 2.0, rel=1e-4, what="gradient_check")

    follow_through(student, body, **nudged(one))


SUM = "math.fsum(float((slopes[name] * params[name]).sum()) for name in slopes)"


class Slope:
    """A loss that is a plain sum of slopes * params, so that each slope is what was chosen, however small."""

    def __init__(self, slopes):
        self.slopes = slopes
        self.params = {name: np.full(values.shape, 1e-3) for name, values in slopes.items()}
        for values in self.params.values():
            values.flat[-1] = 0.0
        self.params["w"][0] = 2e-3  # no two arrays are equal
        self.loss = self.inline_loss = inline(SUM, "params", slopes=slopes)

    def grads(self):
        return {name: values.copy() for name, values in self.slopes.items()}


@pytest.mark.task("judge")
def test_params_and_grads_are_left_alone(student):
    """Afterwards params and grads hold exactly what they held before."""

    one = a_pass(204, sizes=(3, 4, 2, 2))

    def body():
        grads = one.grads()
        errors, params, after = judged(student, one)
        wrong, _, _ = judged(student, one, grads={**grads, "W2": 2 * grads["W2"]})
        assert max(errors.values()) < 1e-5
        assert {name for name, error in wrong.items() if not error < 1e-5} == {"W2"}  # a guess would not earn this
        assert set(params) == set(after) == set(grads)
        for what, now, before in (("params", params, one.params), ("grads", after, grads)):
            if not all(np.array_equal(now[name], before[name]) for name in before):
                raise Hint(f"gradient_check: afterwards {what} does not hold exactly what it held before.")

    follow_through(student, body, **nudged(one))


@pytest.mark.task("judge")
def test_two_calls_for_each_entry_and_two_more(student):
    """The loss is called twice untouched, and twice for each entry, with that entry alone nudged by 1e-5."""

    one = a_pass(304, sizes=(4, 3, 2, 1))
    seen = []

    def loss(params):
        seen.append({name: np.array(values, dtype=float) for name, values in params.items()})
        return float(one.loss(params))

    def body():
        seen.clear()
        judged(student, one, loss)
        moves = []
        for params in seen:
            moved = [
                (name, *index) for name in params for index in np.argwhere(abs(params[name] - one.params[name]) > 1e-9)
            ]
            moves.append(tuple(map(str, moved[0])) if len(moved) == 1 else len(moved))
            for name in params:
                assert np.abs(params[name] - one.params[name]).max() < 1.1e-5
        places = {(name, *map(str, at)) for name, values in one.params.items() for at in np.ndindex(values.shape)}
        assert moves.count(0) == 2
        assert all(moves.count(place) == 2 for place in places)
        assert len(moves) == 2 + 2 * len(places)

    follow_through(student, body, **nudged(one, loss=loss))


@pytest.mark.task("judge")
def test_a_loss_that_throws_dice_is_refused(student):
    """A loss that gives two values for the same params is refused with a ValueError; any other is not."""

    one = a_pass(404, sizes=(1, 3, 2, 2))

    def body():
        assert max(judged(student, one)[0].values()) < 1e-5
        dice = np.random.default_rng(12)
        for spread in (0.5, 1e-9):  # a little is too much: divided by h it is a slope
            with student.raises("ValueError"):
                judged(student, one, lambda params, s=spread: float(one.loss(params) * dice.uniform(1 - s, 1 + s)))

    follow_through(student, body, **nudged(one))


# ----------------------------------------------------------------------------------------------------- kinks

KINKS = choices(__file__)["KINKS"]


def truths(found, shape):
    """`found` as an array of True and False."""
    if isinstance(found, list | tuple):
        found = np.array(found)
    if not isinstance(found, np.ndarray):
        found = array(found, shape=shape, what="safe")
    if found.dtype != bool:
        raise Hint("safe: an array of True and False was expected, and numbers came back.")
    if found.shape != shape:
        raise Hint("safe: the answer should have the shape of pre, one True or False for each entry.")
    return found


@pytest.mark.task("kinks", weight=1.25)
def test_safe_is_farther_than_a_step_from_zero(student):
    """Safe is what lies farther than a step from 0, on either side; just inside is not."""
    pre = np.array([[0.0101, -0.0099, 0.5, -2.0], [0.0099, -0.0101, 0.001, 3.0], [-0.001, 0.02, -0.02, -0.0095]])
    wanted = np.abs(pre) > 0.01
    found = [student.safe(pre, 0.01), student.safe(pre * 1e-3, 1e-5), student.safe(pre[:1], 0.01)]
    for got, expected in zip(found, [wanted, wanted, wanted[:1]], strict=True):
        assert np.array_equal(truths(got, expected.shape), expected)


@pytest.mark.task("kinks")
def test_zero_is_not_safe_and_pre_is_left_alone(student):
    """A number at exactly 0 is not safe, and pre holds afterwards what it held before."""
    pre = np.array([[0.0, 1.5], [-1.5, -0.0], [0.75, -0.25]])
    found, after = student.eval("(lambda pre: (safe(pre, 0.5), pre))(pre)", pre=pre)
    assert np.array_equal(truths(found, (3, 2)), [[False, True], [True, False], [True, False]])
    assert np.array_equal(after, pre)


def the_kink_is_understood(student):
    found = student.value("at_a_kink")
    return isinstance(found, str) and found.strip().lower() == "c"


@pytest.mark.task("kinks", weight=0.125)
def test_predictions_at_the_kink(student):
    """kink_forward, kink_central, kink_true: wrong predictions cost nothing if at_a_kink is right."""
    offset = variant("kinks", KINKS, student=student.id)["offset"]
    right = {"kink_forward": 1.0, "kink_central": (1 + offset) / 2, "kink_true": 1.0}
    found = {name: number(answer(student, name), what=name) for name in right}
    if the_kink_is_understood(student):
        return
    ask = {
        "kink_forward": "kink_forward: x and x + step both lie above 0. How much does relu rise between them?",
        "kink_central": "kink_central: what is relu at x - step? How long is the run from there to x + step?",
        "kink_true": "kink_true: x is above 0, however little. How steep is relu there?",
    }
    for name, expected in right.items():
        if abs(found[name] - expected) > 1e-3:
            raise Hint(ask[name])


@pytest.mark.task("kinks", weight=0.125)  # a letter can be guessed
def test_what_to_do_at_a_kink(student):
    """at_a_kink: what to do when a nudge has crossed a kink."""
    asks = {
        "a": "at_a_kink: which of the two is the slope of relu at x? Is the backward pass wrong at all?",
        "b": "at_a_kink: a larger step crosses more kinks, not fewer. What else can be moved?",
        "d": "at_a_kink: what else would the judge then let pass?",
    }
    letter(student, "at_a_kink", "c", asks)


# ----------------------------------------------------------------------------------------- random_directions

SURFACES = choices(__file__)["SURFACES"]
DIRECTION = """(lambda params, grads: (directional_check(lambda: loss_of(params), grads, params, rng), params, grads))(
    params, grads)"""


VALLEY = "(lambda p: float(p @ A @ p / 2 + c @ p))(np.concatenate([np.ravel(params[name]) for name in names]))"
SOME = """[(lambda params, grads: directional_check(lambda: loss_of(params), grads, params, rng))(params, grads)
    for params, grads in copies]"""


class Valley:
    """A loss that is a square of its params: a nudge along a line has no error."""

    def __init__(self, seed, shapes=(("W", (3, 4)), ("b", (4,)), ("s", ()))):
        rng = np.random.default_rng(seed)
        self.params = {name: np.array(rng.normal(size=shape)) for name, shape in shapes}
        self.size = sum(values.size for values in self.params.values())
        half = rng.normal(size=(self.size, self.size)) / self.size
        self.A, self.c = half @ half.T, rng.normal(size=self.size)
        self.loss = inline(VALLEY, "params", names=list(self.params), A=self.A, c=self.c)

    def grads(self):
        p = np.concatenate([values.ravel() for values in self.params.values()])
        g, found = self.A @ p + self.c, {}
        for name, values in self.params.items():
            found[name], g = g[: values.size].reshape(values.shape).copy(), g[values.size :]
        return found


def errors_of(student, one, rng, grads, times):
    """The errors that the student's check finds in that many calls."""
    copies = [(one.params, grads)] * times
    found = listed(student.eval(SOME, loss_of=one.loss, copies=copies, rng=rng), times, what="directional_check")
    return [number(error, what="directional_check") for error in found]


def dice(student, seed):
    return student.eval("__import__('numpy').random.default_rng(seed)", seed=seed)


def looks(student, one, rng, grads=None):
    """One call of the student's check: what it said, the params at each call of the loss, and afterwards."""
    seen = []

    def loss_of(params):
        seen.append({name: np.array(values, dtype=float) for name, values in params.items()})
        return one.loss(params)

    grads = one.grads() if grads is None else grads
    found, params, after = student.eval(DIRECTION, loss_of=loss_of, params=one.params, grads=grads, rng=rng)
    return number(found, what="directional_check"), seen, params, after


def is_the_error(student, one, rng):
    """One call with wrong grads; the error that comes back is that of the direction which was taken."""
    wrong = {name: values * 1.3 + 0.1 for name, values in one.grads().items()}
    found, seen, params, after = looks(student, one, rng, wrong)
    assert len(seen) == 2
    rise = one.loss(seen[0]) - one.loss(seen[1])
    expected = sum(np.sum(wrong[name] * (seen[0][name] - seen[1][name])) for name in wrong)
    assert found == pytest.approx(worst(rise, expected), rel=1e-4, abs=1e-6)
    return seen, params, after, wrong


@pytest.mark.task("random_directions")
def test_right_passes_are_believed_and_a_wrong_entry_is_heard(student):
    """Right passes are believed at every call; a pass with one wrong entry is heard, at every call but a rare one."""

    def body():
        one, rng = Valley(21), dice(student, 3)
        wrong = one.grads()
        wrong["W"][1, 2] += 0.05
        right = errors_of(student, one, rng, one.grads(), 20)
        heard = errors_of(student, one, rng, wrong, 20)
        assert max(right) < 1e-6
        assert sum(error > 1e-6 for error in heard) >= 19

    follow_through(student, body, relative_error=worst)


@pytest.mark.task("random_directions")
def test_errors_that_cancel_are_heard(student):
    """Errors that add up to nothing are heard as well, in most directions."""

    def body():
        one, rng = Valley(22), dice(student, 4)
        wrong = one.grads()
        wrong["W"] += 0.02 * np.array([[1, -1, 0, 0], [0, 3, 0, -3], [0, 0, 0, 0]])
        wrong["b"] += 0.02 * np.array([7, 0, 0, -7])
        heard = errors_of(student, one, rng, wrong, 20)
        assert max(errors_of(student, one, rng, one.grads(), 3)) < 1e-6
        assert sum(error > 1e-6 for error in heard) >= 10  # random signs: 17.5 of 20, standard error 1.5

    follow_through(student, body, relative_error=worst)


@pytest.mark.task("random_directions")
def test_the_error_itself(student):
    """Returns the relative error between the slope along the direction and the sum of grads * v."""

    def body():
        one, rng = Valley(23, (("W", (2, 3)), ("b", (3,)))), dice(student, 5)
        for _ in range(4):
            is_the_error(student, one, rng)

    follow_through(student, body, relative_error=worst)


@pytest.mark.task("random_directions")
def test_two_calls_with_everything_moved(student):
    """The loss is called exactly twice, with every entry of every param moved: once along v, once against it."""

    def body():
        one = Valley(24)
        seen, _, _, _ = is_the_error(student, one, dice(student, 6))
        for name, values in one.params.items():
            there, back = seen[0][name] - values, seen[1][name] - values
            assert np.all(there != 0)
            assert np.allclose(there, -back, rtol=1e-4, atol=1e-9)
            assert np.abs(there).max() < 1e-3
        moves = np.concatenate([np.ravel(seen[0][name] - one.params[name]) for name in one.params])
        assert np.ptp(moves) > 1e-7  # not all the same
        if not moves.min() < 0 < moves.max():
            raise Recognised("All numbers of your direction have one sign: can it go down as well as up?")

    follow_through(student, body, relative_error=worst)


@pytest.mark.task("random_directions")
def test_new_directions_that_can_be_repeated(student):
    """Each call draws a new direction from rng, and from nothing else: the same seed gives the same ones."""

    def body():
        one, rng = Valley(25), dice(student, 7)
        student.eval("__import__('numpy').random.seed(9)")
        runs = [is_the_error(student, one, which)[0][0]["W"] for which in (rng, rng, dice(student, 7))]
        untouched = student.eval("__import__('numpy').random.random_sample(3)")
        assert not np.allclose(runs[0], runs[1], rtol=0, atol=1e-9)
        assert np.allclose(runs[0], runs[2], rtol=0, atol=1e-14)
        assert np.array_equal(untouched, np.random.RandomState(9).random_sample(3))

    follow_through(student, body, relative_error=worst)


@pytest.mark.task("random_directions")
def test_params_and_grads_stay_as_they_were(student):
    """Afterwards params and grads hold exactly what they held before."""

    def body():
        is_the_error(student, Valley(26), dice(student, 8))
        one = Valley(27)
        one.params["W"] *= 10.0 ** np.arange(-9, 3).reshape(3, 4)  # what is added and taken off again is not the same
        grads = one.grads()
        _, seen, params, after = looks(student, one, dice(student, 8), {name: g.copy() for name, g in grads.items()})
        assert not np.array_equal(seen[0]["W"], one.params["W"])  # it did move them
        for what, now, before in (("params", params, one.params), ("grads", after, grads)):
            if not all(np.array_equal(now[name], before[name]) for name in before):
                raise Hint(f"directional_check: afterwards {what} does not hold exactly what it held before.")

    follow_through(student, body, relative_error=worst)


@pytest.mark.task("random_directions", weight=1.5)
def test_the_slope_along_a_line_on_paper(student):
    """slope_along: the slope of your own L along (v0, v1)."""
    w0, w1, v0, v1 = sympy.symbols("w0 w1 v0 v1")
    own = sympy.sympify(variant("random_directions", SURFACES, student=student.id)["L"])  # our own text
    by_w0, by_w1 = own.diff(w0), own.diff(w1)
    name = "slope_along"
    wrong = {
        str(by_w0 + by_w1): f"{name}: w0 moves at the speed v0, and w1 at the speed v1. Where are they?",
        str(by_w0 * v1 + by_w1 * v0): f"{name}: which of the two moves at the speed v0?",
        str(by_w0 * v0): f"{name}: w1 moves as well. What does it contribute?",
        str(by_w1 * v1): f"{name}: w0 moves as well. What does it contribute?",
        str(by_w0 * v0 - by_w1 * v1): f"{name}: what each weight contributes is added up. Check the signs.",
        str(by_w0 * v0 * by_w1 * v1): f"{name}: what each weight contributes is added up, not multiplied.",
        str((by_w0 * v0 + by_w1 * v1) / 2): f"{name}: add the two, and do not average.",
        str(
            own.subs({w0: v0, w1: v1}, simultaneous=True)
        ): f"{name}: that is L itself at another place. How fast does it move?",
    }
    right = str(by_w0 * v0 + by_w1 * v1)
    symbolic(student, name, right, ["w0", "w1", "v0", "v1"], wrong=wrong, form="no derivative")


# ---------------------------------------------------------------------------------------------- find_the_bug

WALKS = choices(__file__)["WALKS"]
MOST, FEW = 10, 3  # operations
# A node that writes down how it was made. What comes back is only a list of operations: their slopes are computed here.
TRACE = """(lambda tape: (lambda Node: (lambda inputs, build: (
    (lambda nodes: (len(nodes), (lambda out: getattr(out, 'at', None))(build(*nodes)), tape))
    ([Node(x, ('input', 0, 0)) for x in inputs])))(*failing_graph()))(type('Node', (), dict(
    __init__=lambda self, data, made: (setattr(self, 'data', data), setattr(self, 'at', len(tape)),
                                       tape.append((*made, data)), None)[3],
    node=lambda self, other: other if hasattr(other, 'at') else type(self)(getattr(other, 'data', other),
                                                                           ('number', 0, 0)),
    __add__=lambda a, b: (lambda b: type(a)(a.data + b.data, ('+', a.at, b.at)))(a.node(b)),
    __radd__=lambda a, b: a + b,
    __mul__=lambda a, b: (lambda b: type(a)(a.data * b.data, ('*', a.at, b.at)))(a.node(b)),
    __rmul__=lambda a, b: a * b,
    tanh=lambda a: type(a)(__import__('math').tanh(a.data), ('tanh', a.at, a.at)),
))))([])"""


class Node:
    """A node of a graph that is rebuilt here from what the student's build wrote down."""

    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges = data, 0.0, edges


def rebuilt(tape):
    nodes = []
    for op, i, j, data in tape:
        if op in ("input", "number"):
            nodes.append(Node(float(data)))
            continue
        a, b = nodes[i], nodes[j]
        if op == "+":
            nodes.append(Node(a.data + b.data, [(a, 1.0), (b, 1.0)]))
        elif op == "*":
            nodes.append(Node(a.data * b.data, [(a, b.data), (b, a.data)]))
        else:
            t = math.tanh(a.data)
            nodes.append(Node(t, [(a, 1 - t * t)]))
    return nodes


def in_order(nodes, out):
    """The right way back: the list was written in the order in which the nodes were made."""
    nodes[out].grad = 1.0
    for node in reversed(nodes[: out + 1]):
        for before, slope in node.edges:
            before.grad += slope * node.grad


def traced(student, times):
    """The operations of the student's failing graph: how many inputs, which node came back, and the list of nodes."""
    inputs = inputs_of(student)
    traces = listed(student.eval(f"[{TRACE} for _ in range(times)]", times=times), times)
    return [checked(trace, inputs) for trace in traces]


def inputs_of(student):
    """How many inputs the student's failing graph has. Raises Hint if it is not a list of numbers and a function."""
    found = student.failing_graph()
    form = isinstance(found, tuple | list) and len(found) == 2
    if not form or not isinstance(found[1], Handle) or not found[1].is_callable:
        number(found, what="failing_graph") if found is None else None
        raise Hint("failing_graph: return (inputs, build): a list of numbers, and a function (not called yet).")
    inputs = list(found[0]) if isinstance(found[0], list | tuple | np.ndarray) else []
    if not 1 <= len(inputs) <= 4 or not all(isinstance(x, int | float) and math.isfinite(x) for x in inputs):
        raise Hint("failing_graph: the inputs should be a list of one to four plain numbers.")
    return len(inputs)


def checked(trace, inputs):
    """One trace of a failing graph. Raises Hint if its build is not made of the nodes that it was given."""
    count, out, tape = trace
    if type(out) is not int:
        raise Hint("failing_graph: build should return the node that it ends with.")
    good = isinstance(tape, list) and count == inputs and 0 <= out < len(tape)
    for at, made in enumerate(tape if good else []):
        known = made[0] in ("input", "number", "+", "*", "tanh")
        good = (
            good
            and known
            and isinstance(made[3], int | float)
            and all(type(place) is int and (0 <= place < at or made[0] in ("input", "number")) for place in made[1:3])
        )
    if not good:
        raise Hint("failing_graph: build it from +, * and tanh of the nodes, and from plain numbers.")
    return count, out, tape


def is_wrong_for_the_broken_engine(student, most):
    """Whether the student's own broken engine gets the slopes of this graph's inputs wrong; in 20 of 20 builds."""
    broken = getattr(walks, variant("find_the_bug", WALKS, student=student.id))
    for count, out, tape in traced(student, 20):
        operations = sum(made[0] in ("+", "*", "tanh") for made in tape)
        if operations > most:
            raise Hint(
                f"failing_graph: more than {most} operations. What can be left out, so that it still goes wrong?"
            )
        right, wrong = rebuilt(tape), rebuilt(tape)
        in_order(right, out)
        broken(wrong[out])
        pairs = [(one.grad, other.grad) for one, other in zip(right[:count], wrong[:count], strict=True)]
        if not any(abs(a - b) > 1e-3 * max(abs(a), abs(b)) for a, b in pairs):
            used = [place for made in tape if made[0] in ("+", "*") for place in made[1:3]]
            twice = {tape[place][0] for place in used if used.count(place) > 1}
            if twice == {"input"}:
                raise Recognised(
                    "failing_graph: only inputs are used twice here, and an input passes nothing on. "
                    "Reuse a node that was itself made from others, or make the way back longer."
                )
            raise Hint(
                "failing_graph: your broken engine gets all slopes of this graph right. Reuse a node that was itself "
                "made from others, or let two ways to a node have different lengths, and mind which comes first."
            )


@pytest.mark.task("find_the_bug", weight=2)
def test_the_graph_shows_the_bug(student):
    """Your broken engine gets the slopes of your graph wrong, every time it is built."""
    is_wrong_for_the_broken_engine(student, MOST)


@pytest.mark.task("find_the_bug")
def test_the_graph_is_small(student):
    """A graph of at most three operations shows the bug."""
    is_wrong_for_the_broken_engine(student, FEW)


BACK = """[(lambda nodes: (
    [nodes.append(nodes[i] + nodes[j] if op == '+' else nodes[i] * nodes[j] if op == '*' else nodes[i].tanh())
     for op, i, j in tape],
    nodes[-1].backward(),
    [node.grad for node in nodes],
    [node.data for node in nodes])[2:])([Value(x) for x in inputs]) for inputs, tape in graphs]"""


def graph(rng, inputs, operations):
    """Random operations, each on any two of the nodes before it; the last one adds up two of the last few."""
    tape = []
    for number_ in range(operations):
        op = "+*t"[rng.integers(3)]
        tape.append((op, int(rng.integers(inputs + number_)), int(rng.integers(inputs + number_))))
    last = inputs + operations
    return [*tape, ("+", last - 1, last - 2)]


def go_back_right(student, *graphs):
    """The numbers and slopes of all nodes of the graphs (inputs, operations) are right."""
    found = listed(student.eval(BACK, graphs=graphs), len(graphs), what="Value")
    for (grads, data), (numbers, tape) in zip(found, graphs, strict=True):
        names = {"t": "tanh"}
        nodes = rebuilt([("input", 0, 0, x) for x in numbers] + [(names.get(op, op), i, j, 0.0) for op, i, j in tape])
        in_order(nodes, len(nodes) - 1)
        array(grads, [node.grad for node in nodes], rel=1e-9, abs=1e-12, what="Value: the .grad of the nodes")
        array(data, [node.data for node in nodes], rel=1e-12, what="Value: the .data of the nodes")


@pytest.mark.task("find_the_bug")
def test_the_repaired_engine_on_small_graphs(student):
    """The repaired engine is right where nodes are used twice, and where ways have different lengths."""
    go_back_right(
        student,
        ([0.75, -1.25], [("*", 0, 1), ("+", 2, 1)]),
        ([0.75, -1.25], [("*", 0, 1), ("t", 2, 2), ("+", 2, 3)]),
        ([0.75, -1.25], [("*", 0, 1), ("t", 2, 2), ("+", 3, 2)]),
        ([0.75, 0.5, -1.5], [("*", 0, 1), ("*", 3, 3), ("t", 4, 4), ("+", 3, 5), ("*", 6, 2)]),
        ([0.6], [("t", 0, 0), ("t", 1, 1), ("t", 2, 2), ("+", 3, 1), ("*", 4, 0)]),
        ([0.75, 1e-8], [("t", 0, 0), ("*", 1, 2)]),  # a slope may be small, and is passed on all the same
    )


@functools.cache  # the same for all submissions
def random_graphs():
    rng = np.random.default_rng(30)
    graphs = []
    for _ in range(120):
        inputs = int(rng.integers(1, 4))
        graphs.append((rng.uniform(-1.2, 1.2, inputs).tolist(), graph(rng, inputs, int(rng.integers(2, 9)))))
    return graphs


@pytest.mark.task("find_the_bug")
def test_the_repaired_engine_on_random_graphs(student):
    """The repaired engine is right for a hundred and twenty random graphs, in every node."""
    go_back_right(student, *random_graphs())


@pytest.mark.task("find_the_bug")
def test_the_repaired_engine_on_deep_graphs(student):
    """Each node passes on once: forty doublings in a row end at once, and two hundred operations are not too deep."""
    doublings = [("+", node, node) for node in range(40)]
    deep = [("*", 0, 0), *(("t", 1, 1) if k % 50 == 0 else ("+", k, 0) for k in range(1, 200))]
    go_back_right(student, ([0.75], doublings), ([0.9], deep))
