"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kind_of, noted, typed
from kit.hints import Question
from kit.measured import slope_at, value_of

HINTS = {
    "finite_differences": [
        "Rise over run, twice. From where to where does each of the two go?",
        "The run of the central difference is 2*h. On paper: (x + h)^3 = x^3 + 3x^2 h + 3x h^2 + h^3.",
        "(x + h)^3 - (x - h)^3 = 6x^2 h + 2h^3. Divide each of the two terms by 2*h.\n"
        "In code, mind the brackets: /(2*h).",
    ],
    "error_curve": [
        "Compute two lists first: for every h, abs(difference - true slope), once forward and once central.",
        "ax.plot(hs, errors, label='forward'), ax.set_xscale('log'), ax.set_yscale('log'), ax.set_xlabel('h').\n"
        "An error of 0 is drawn at 1e-17: max(error, 1e-17).",
        "The best point of a line: k = errors.index(min(errors)), then ax.plot([hs[k]], [errors[k]], 'o',\n"
        "label='best ...').",
    ],
    "numerical_gradient": [
        "For one entry: keep the old number, nudge up, call f, nudge down, call f, put the old number back.",
        "Whole numbers cannot be nudged in place: work on np.array(X, dtype=float), unless X holds floats already.\n"
        "Then nudge X itself, since f may read it from elsewhere.",
        "for index in np.ndindex(X.shape): old = X[index]; try: X[index] = old + h; up = f(X); X[index] = old - h;\n"
        "down = f(X); finally: X[index] = old. The slope is (up - down)/(2*h).",
    ],
    "relative_error": [
        "Make arrays of both, and compare their shapes first.",
        "np.abs(a - b) and np.maximum(np.abs(a), np.abs(b)), entry by entry. Where is the second 0?",
        "Only where both are 0. Put a 1 there before you divide: np.where(size == 0, 1, size). Then take the largest.",
    ],
    "judge": [
        "For each name: the nudged gradient of params[name], compared with grads[name].",
        "numerical_gradient(lambda X: loss(), params[name]) works if your function nudges the array itself.\n"
        "Are all errors near 1? Then it nudges a copy, which loss() never reads.",
        "First = loss(), second = loss(); if they differ, raise a ValueError. Then\n"
        "{name: relative_error(grads[name], numerical_gradient(lambda X: loss(), params[name])) for name in params}",
    ],
    "kinks": [
        "Draw relu, mark x, and go one step to the right and one to the left. How high is relu at each place?",
        "Central: rise from x - step to x + step, divided by 2*step. For safe: how far is each number from 0?",
        "safe: np.abs(pre) > step. For the letter: which of the two numbers is the true slope?",
    ],
    "random_directions": [
        "On paper: each partial derivative of L, times how fast that weight moves, added up.",
        "Draw one array for each name: v[name] = rng.standard_normal(params[name].shape).\n"
        "Keep copies of the old arrays.",
        "Put params[name] = old + h*v, call loss(), then old - h*v, call loss(),\n"
        "and put the old ones back in a finally.",
    ],
    "find_the_bug": [
        "Take a node that is made from others and used twice. In which order does your backward treat it?",
        "s = a*a; L = s*s + s, or s + s*s: try both orders, and print the slopes beside numbers that you nudged.",
        "The repair is unit 3: a topological order, backwards; each node adds its grad * slope to each of its inputs.",
    ],
}
RECALL = {
    1: Question("100", "Its error is h*h: a tenth of h is a hundredth of h*h.", "See section 1: is it h or h*h?"),
    2: Question("0.5", "abs(2 - 1)/2.", "See section 4: divide by the larger of the two."),
    3: Question("b", "A nudge runs along both paths at once.", "See section 3 of unit 3."),
}


def along(L, w0, w1, v0, v1):
    """The slope of L along (v0, v1), measured."""
    return slope_at(lambda s: L(w0 + s * v0, w1 + s * v1), 0)


SLOPES = {
    "central_of_cube": value_of(lambda x, h: ((x + h) ** 3 - (x - h) ** 3) / (2 * h), x=(-2, 2), h=1),
    "slope_along": value_of(along, w0=(-2, 2), w1=1, v0=3, v1=-2),
}
from kit.symbolic import Add, Div, Mul, Neg, Num, Pow, Sub, Var, parse, walk

# -------------------------------------------------------------------------------------------- finite_differences


@pytest.mark.task("finite_differences")
def test_two_differences(student):
    """rise over run, from x to x + h and from x - h to x + h"""
    ask = "How wide is the run? In Python `a / 2*h` means (a/2)*h: put the run in parentheses."
    close("forward_diff(lambda x: x*x, 3, 0.5)", student.forward_diff(lambda x: x * x, 3, 0.5), 6.5, ask)
    close("central_diff(lambda x: x*x, 3, 0.5)", student.central_diff(lambda x: x * x, 3, 0.5), 6.0, ask)
    shown, cube = "lambda x: x*x*x", lambda x: x * x * x
    for x, h in [(1.2345, 0.5), (-3.0, 0.25), (20.0, 1.0), (0.5, -0.5)]:
        forward, central = 3 * x * x + 3 * x * h + h * h, 3 * x * x + h * h
        ask = "From where to where does it run?" + (" A run to the left is negative." if h < 0 else "")
        close(f"forward_diff({shown}, {x}, {h})", student.forward_diff(cube, x, h), forward, ask)
        close(f"central_diff({shown}, {x}, {h})", student.central_diff(cube, x, h), central, ask)
    for name in ("forward_diff", "central_diff"):
        difference = getattr(student, name)
        close(f"{name}(lambda x: 5.0, 2.0, 0.5)", difference(lambda x: 5.0, 2.0, 0.5), 0.0, "Nothing rises: no slope.")
        falling = difference(lambda x: 1 - 2 * x, 2.0, 0.5)
        close(f"{name}(lambda x: 1 - 2*x, 2.0, 0.5)", falling, -2.0, "A fall is a negative rise.")
        tiny = difference(lambda x: 3 * x, 2.0, 2.0**-20)
        close(f"{name}(lambda x: 3*x, 2.0, 2**-20)", tiny, 3.0, "Use the h that you are given.")


@pytest.mark.task("finite_differences")
def test_differences_of_arrays(student):
    """an array of inputs gives an array of slopes, and is left as it was"""
    for name, expected in [("forward_diff", [2.5, 4.5]), ("central_diff", [2.0, 4.0])]:
        x = np.array([1.0, 2.0])
        got = getattr(student, name)(lambda x: x * x, x, 0.5)
        all_close(f"{name}(lambda x: x*x, np.array([1.0, 2.0]), 0.5)", got, expected)
        assert x.tolist() == [1, 2], f"`{name}` changed its x to {x}. `x += h` works on the caller's array."


@pytest.mark.task("finite_differences")
def test_calls_of_each_difference(student):
    """f is called twice"""
    for name in ("forward_diff", "central_diff"):
        asked = []
        getattr(student, name)(lambda x, asked=asked: asked.append(x) or 2 * x, 1.0, 0.5)
        assert len(asked) == 2, f"`{name}` called f {len(asked)} times, at {asked}. Twice is enough."
        ends = {"forward_diff": {1.0, 1.5}, "central_diff": {0.5, 1.5}}[name]
        assert set(map(float, asked)) == ends, f"`{name}` called f at {asked}; the run ends at {sorted(ends)}."
        asked.clear()
        getattr(student, name)(lambda x, asked=asked: asked.append(x) or 2 * x, np.array([1.0, 2.0]), 0.5)
        assert len(asked) == 2, f"`{name}` called f {len(asked)} times for an array. Hand over all of it, twice."


@pytest.mark.task("finite_differences")
def test_cube_on_paper(student):
    """the central difference of x**3"""
    difference = typed(student, "central_of_cube", ["x", "h"])
    tree = parse(student.value("central_of_cube"), ["x", "h"]).tree
    assert all(map(is_polynomial, walk(tree))), (
        "`central_of_cube`: go on until no division and no negative power is left."
    )
    for x, h in [(2, 1), (1, 3)]:
        right = ((x + h) ** 3 - (x - h) ** 3) / (2 * h)
        ask = f"That is ({x + h}**3 - ({x - h})**3) / {2 * h}. What is left over besides 3*x**2 when you multiply out?"
        agrees("central_of_cube", difference(x=x, h=h), right, f"x = {x}, h = {h}", ask, rel=1e-9)


def is_polynomial(node):
    """Whether a piece of a typed answer has no division in it, in whatever form it is written."""
    match node:
        case Num() | Var() | Add() | Sub() | Mul() | Neg() | Div(Num(), Num()):
            return True
        case Pow(_, Num(power)):
            return power.denominator == 1
    return False


# --------------------------------------------------------------------------------------------------- error_curve


def points(ax, label):
    """What is drawn under a label, by plot, scatter or errorbar."""
    found = [line.get_xydata() for line in ax.get_lines() if line.get_label().strip().lower() == label]
    found += [np.asarray(dots.get_offsets()) for dots in ax.collections if dots.get_label().strip().lower() == label]
    found += [bars[0].get_xydata() for bars in ax.containers if str(bars.get_label()).strip().lower() == label]
    assert found, f'There is nothing with the label "{label}" in the Axes.'
    return found[0]


def drawing(student, f, df, x, hs):
    return drawn("error_curve(f, df, x, hs)", student.error_curve(f, df, x, hs), 1)[0]


@pytest.mark.task("error_curve")
def test_two_lines(student):
    """the two lines, for f = x*x*x at x = 2, where the slope is 12"""
    import matplotlib.pyplot as plt

    try:
        hs = [0.25, 0.5, 0.125]
        for sign in (1, -1):
            cube = lambda x, sign=sign: sign * x * x * x
            ax = drawing(student, cube, lambda x, sign=sign: sign * 3 * x * x, 2.0, hs)
            for label, errors in [("forward", [1.5625, 3.25, 0.765625]), ("central", [0.0625, 0.25, 0.015625])]:
                xy = points(ax, label)
                assert len(xy) == 3, f'"{label}" has {len(xy)} points; there are 3 numbers in hs.'
                for h, error in zip(hs, errors, strict=True):
                    got = [y for x, y in xy if abs(x - h) < 1e-12]
                    assert got, f'"{label}" has no point at h = {h}. Is h what goes along the axis?'
                    near = abs(got[0] - error) < 1e-9
                    assert near, f'"{label}" is at {got[0]:g} for h = {h}; the error is {error:g}.'
                    # f = -x*x*x has the same errors: they have no sign
            assert hs == [0.25, 0.5, 0.125], "Your function changed the list `hs` that it was given. Sort a copy."
    finally:
        plt.close("all")


@pytest.mark.task("error_curve")
def test_axes(student):
    """logarithmic axes with labels, errors of 0, and the best h"""
    import matplotlib.pyplot as plt

    try:
        ax = drawing(student, lambda x: x * x, lambda x: 2 * x, 1.0, [0.5, 0.25])
        scales = ax.get_xscale(), ax.get_yscale()
        assert scales == ("log", "log"), f"The axes are {scales[0]} and {scales[1]}; both should be logarithmic."
        assert ax.get_xlabel(), "The lower axis needs a label: ax.set_xlabel(...)."
        assert ax.get_ylabel(), "The upright axis needs a label: ax.set_ylabel(...)."
        xy = points(ax, "central")
        assert len(xy) == 2, "For x*x the central error is 0: draw these points as well, at 1e-17."
        assert abs(xy[:, 1] - 1e-17).max() < 1e-20, "For x*x the central error is 0: draw it at 1e-17."
        best = points(ax, "best forward")
        assert best.shape == (1, 2), 'A "best forward" is one dot: plot a single point.'
        assert abs(best[0] - [0.25, 0.25]).max() < 1e-9, '"best forward" should be on the lowest point of "forward".'
        assert points(ax, "best central").shape == (1, 2), 'A "best central" is one dot: plot a single point.'
        ax = drawing(student, lambda x: x * x * x, lambda x: 3 * x * x, 2.0, [1e-15, 1e-5, 1e-8, 0.1])
        for label in ("forward", "central"):
            (_, best), errors = points(ax, f"best {label}")[0], points(ax, label)[:, 1]
            assert best == errors.min(), (
                f'"best {label}" should be where "{label}" is lowest; smallest h is not best h.'
            )
    finally:
        plt.close("all")


@pytest.mark.task("error_curve")
def test_answers(student):
    """a prediction and a letter"""
    got = student.value("error_at_1e_17")
    close("error_at_1e_17", got, got)
    noted(student, "error_at_1e_17")
    chosen(student, "left_side")


# -------------------------------------------------------------------------------------------- numerical_gradient


@pytest.mark.task("numerical_gradient")
def test_each_entry(student):
    """each entry has its own slope"""
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = student.numerical_gradient(lambda X: X[0, 0] * X[0, 1] + 5 * X[1, 0], X)
    ask = "f = X[0, 0]*X[0, 1] + 5*X[1, 0]. Nudge one entry at a time, and put it back before the next."
    all_close("numerical_gradient(f, X)", got, [[2, 1], [5, 0]], ask, rel=1e-6)
    if not np.any(student.numerical_gradient(lambda _: X.sum(), X)):  # f reads the caller's array, as a loss() does
        student.notes.append("Your function nudges a copy of X. The judge of section 5 needs X itself to move.")
    assert X.tolist() == [[1, 2], [3, 4]], (
        f"X was changed: now it is {X.tolist()}. Keep the old number and put it back."
    )
    X, slopes = np.array([[2.0, 0.0, 2.0]]), np.array([[0.0, -1.0 / 3, 7000.0]])
    got = student.numerical_gradient(lambda X: (slopes * X).sum(), X)
    ask = "f = -X[0, 1]/3 + 7000*X[0, 2]. Every entry by itself, also where it is 0, or equal to another one."
    all_close("numerical_gradient(f, np.array([[2.0, 0.0, 2.0]]))", got, slopes, ask, rel=1e-8)
    first = got.copy()
    tiny = student.numerical_gradient(lambda X: (slopes * X).sum() * 1e-8, X)
    all_close(
        "the same for f * 1e-8, and the result * 1e8", tiny * 1e8, slopes, "Small slopes are slopes, too.", rel=1e-6
    )
    assert np.array_equal(got, first), "A second call changed what the first had given. Make a new array in each call."


@pytest.mark.task("numerical_gradient")
def test_whole_numbers_and_views(student):
    """whole numbers, a single number, and a view"""
    ask = "An array of whole numbers cuts X[0] + h off to a whole number. In what kind of array can you nudge?"
    got = student.numerical_gradient(lambda X: (X * X).sum() / 4, np.array([3, -1]))
    all_close("numerical_gradient(lambda X: (X*X).sum()/4, np.array([3, -1]))", got, [1.5, -0.5], ask, rel=1e-6)
    got = student.numerical_gradient(lambda X: X * X, np.array(3.0))
    all_close("numerical_gradient(lambda X: X*X, np.array(3.0))", got, 6.0, rel=1e-6)
    A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    got = student.numerical_gradient(lambda X: X[2, 0] * X[0, 1], A.T)
    ask = "f = X[2, 0]*X[0, 1]. Do you nudge X itself, or a copy that f never sees?"
    all_close("numerical_gradient(f, A.T)", got, [[0, 3], [0, 0], [4, 0]], ask, rel=1e-6)


@pytest.mark.task("numerical_gradient")
def test_calls_for_each_entry(student):
    """two calls for each entry, with arrays of the shape of X"""
    shapes = []
    student.numerical_gradient(lambda X: shapes.append(np.shape(X)) or X.sum(), np.ones((2, 3)))
    assert len(shapes) == 12, f"For 6 entries f was called {len(shapes)} times; 12 were expected."
    assert set(shapes) == {(2, 3)}, f"f was given the shapes {set(shapes)}; X has the shape (2, 3)."
    got = student.numerical_gradient(lambda X: X[0] * X[0] * X[0], np.array([3.0]), 0.5)
    all_close(
        "numerical_gradient(lambda X: X[0]**3, np.array([3.0]), 0.5)", got, [27.25], "Nudge by the h that is given."
    )
    student.if_it_raises = "f may give an array with one number in it: np.asarray(y).item() takes it out of y."
    got = student.numerical_gradient(lambda X: X * X, np.array([3.0]))
    all_close(
        "numerical_gradient(lambda X: X*X, np.array([3.0]))", got, [6], "One number in an array will do.", rel=1e-6
    )


@pytest.mark.task("numerical_gradient")
def test_trouble(student):
    """what happens when f raises an error, or gives more than one number"""
    X = np.array([0.1, 0.2])

    def f(X):
        raise KeyError("f broke down")

    try:
        student.numerical_gradient(f, X)
    except KeyError:
        assert X.tolist() == [0.1, 0.2], "f raised an error, and X was left nudged. `finally:` runs in any case."
    else:
        raise AssertionError("f raised an error, and it was swallowed: let it go on to the caller.")
    try:
        got = student.numerical_gradient(lambda X: X * X, X)
    except ValueError:
        return
    except TypeError:
        got = "a TypeError"
    raise AssertionError(f"f gave two numbers; a ValueError was expected, and there came {got}.")


# ------------------------------------------------------------------------------------------------ relative_error


@pytest.mark.task("relative_error")
def test_two_numbers(student):
    """two numbers"""
    ask = "abs(a - b) / max(abs(a), abs(b))"
    close("relative_error(4.0, 5.0)", student.relative_error(4.0, 5.0), 0.2, ask)
    close("relative_error(-3.0, 3.0)", student.relative_error(-3.0, 3.0), 2.0, ask)
    close("relative_error(5.0, 4.0)", student.relative_error(5.0, 4.0), 0.2, ask)
    close("relative_error(-4.0, -5.0)", student.relative_error(-4.0, -5.0), 0.2, ask)
    close("relative_error(0.0, 2.0)", student.relative_error(0.0, 2.0), 1.0, ask)
    slight = student.relative_error(1.0, 1.0 + 2.0**-30)
    close(
        "relative_error(1, 1 + 2**-30) * 2**30", slight * 2.0**30, 1 / (1 + 2.0**-30), "A small error is an error, too."
    )
    close("relative_error(0.0, 0.0)", student.relative_error(0.0, 0.0), 0.0, "By what do you divide here?")


@pytest.mark.task("relative_error")
def test_errors_of_arrays(student):
    """the worst entry of an array, however small it is"""
    a, b = np.array([6.0, 0.001, 0.0]), np.array([6.0, 0.002, 0.0])
    ask = "Each entry by its own size; and then the largest of these errors."
    close("relative_error([6, 0.001, 0], [6, 0.002, 0])", student.relative_error(a, b), 0.5, ask)
    close("the same, all divided by 10**8", student.relative_error(a * 1e-8, b * 1e-8), 0.5, ask)
    close("the same, all divided by 10**40", student.relative_error(a * 1e-40, b * 1e-40), 0.5, ask)
    same = a.tolist() == [6.0, 0.001, 0.0] and b.tolist() == [6.0, 0.002, 0.0]
    assert same, "Your function changed an array that it was given."
    whole = student.relative_error(np.array([3, 4, 8]), np.array([4, 5, 8]))
    close("relative_error([3, 4, 8], [4, 5, 8])", whole, 0.25, "The largest of the errors.")


@pytest.mark.task("relative_error")
def test_refused(student):
    """different shapes, and nan"""
    a = np.array([1.0, 2.0, 3.0])
    try:
        got = student.relative_error(a, a[:, None])
    except ValueError:
        pass
    else:
        raise AssertionError(f"The shapes (3,) and (3, 1) were compared, with {got}; a ValueError should be raised.")
    got = student.relative_error(np.array([np.nan, 1.0]), np.array([1.0, 1.0]))
    assert got is not None, "With a nan in it, `relative_error` gave None."
    assert not np.isfinite(got), (
        f"With a nan in it, the result was {got}. Python's own max() loses nan; np.max keeps it."
    )


# --------------------------------------------------------------------------------------------------------- judge


def small_world():
    """Two parameters, their loss, and its gradient."""
    params = {"w": np.array([[1.5, -0.5, 2.0]]), "b": np.array([0.25, 1.0])}
    grads = {"w": 2 * params["w"] * params["b"].sum(), "b": np.full(2, (params["w"] ** 2).sum())}
    calls = []

    def loss():
        calls.append(1)
        return float((params["w"] ** 2).sum() * params["b"].sum())

    return loss, grads, params, calls


def errors_of(student, loss, grads, params):
    got = student.gradient_check(loss, grads, params)
    assert got is not None, "`gradient_check` gave None. Is there still a `...`, or is the `return` missing?"
    assert isinstance(got, dict), f"`gradient_check` gave {kind_of(got)}; a dict was expected."
    assert set(got) == set(params), f"The names in the dict are {sorted(got)}; expected are {sorted(params)}."
    for name, error in got.items():
        close(f'gradient_check(loss, grads, params)["{name}"]', error, error)
    return got


@pytest.mark.task("judge")
def test_verdicts(student):
    """right gradients are believed, and a single wrong entry is not"""
    student.if_it_raises = "numerical_gradient gives its f an array, and `loss` takes none: hand it  lambda X: loss()"
    loss, grads, params, _ = small_world()
    got = errors_of(student, loss, grads, params)
    ask = "Do numerical_gradient and relative_error pass their checks? Is the array in params itself nudged?"
    assert max(got.values()) < 1e-5, f"These gradients are right, and your judge says {got}.\n{ask}"
    grads["b"][1] *= 1.01
    got = errors_of(student, loss, grads, params)
    assert got["b"] > 1e-5, f'One entry of grads["b"] is wrong, and your judge says {got}.'
    assert got["w"] < 1e-5, f'Only grads["b"] is wrong, and your judge says {got}. An answer for each name!'
    assert abs(got["b"] - 0.01 / 1.01) < 1e-4, f"The relative error in b is 0.0099, and your judge says {got['b']:.4g}."
    grads["w"] *= -1
    got = errors_of(student, loss, grads, params)
    assert abs(got["w"] - 2) < 1e-4, f'Now all of grads["w"] has the wrong sign: error 2. Your judge says {got}.'
    assert abs(got["b"] - 0.01 / 1.01) < 1e-4, f"Both are wrong now, and your judge says {got}."


@pytest.mark.task("judge")
def test_small_slopes_beside_large_ones(student):
    """one small slope of six is off"""
    slopes = np.array([2.0, 1e-4, -0.5, 3.0, 1.0, -2e-6])
    params = {"w": np.array([0.1, 0.2, 0.0, -0.1, 0.2, 0.1])}
    for place in (1, 5):
        grads = {"w": slopes.copy()}
        grads["w"][place] *= 1.01
        given = grads["w"].copy()
        got = errors_of(student, lambda: float((slopes * params["w"]).sum()), grads, params)
        assert abs(got["w"] - 0.01 / 1.01) < 1e-4, (
            f"The slopes are {slopes.tolist()}, and the one at {place} is off by a hundredth; your judge says {got}.\n"
            "Each entry by its own size, and of these errors the largest."
        )
        assert np.array_equal(grads["w"], given), "Your judge changed the grads that it was given."
    got = errors_of(student, lambda: float((slopes * params["w"]).sum()), {"w": slopes[::-1].copy()}, params)
    assert got["w"] > 0.5, f"The right slopes in the wrong places, and your judge says {got}."


@pytest.mark.task("judge")
def test_calls_and_params(student):
    """how often the loss is called, and what params holds afterwards"""
    loss, grads, params, calls = small_world()
    before = {name: values.copy() for name, values in params.items()}
    errors_of(student, loss, grads, params)
    assert len(calls) == 12, f"For 5 entries the loss was called {len(calls)} times; 2 + 2*5 were expected."
    seen = []
    errors_of(student, lambda: seen.append(np.append(params["w"], params["b"])) or loss(), grads, params)
    far = max(np.abs(point - np.append(before["w"], before["b"])).max() for point in seen)
    assert abs(far - 1e-5) < 1e-8, f"The largest nudge was {far:.3g}; 1e-5 was expected."
    same = all(np.array_equal(params[name], before[name]) for name in before)
    assert same, "params is not exactly what it was before."


@pytest.mark.task("judge")
def test_dice(student):
    """a loss that throws dice is refused"""
    _, grads, params, _ = small_world()
    dice = np.random.default_rng(1)
    for spread in (1.0, 1e-6):
        try:
            student.gradient_check(lambda spread=spread: 2 + spread * dice.normal(), grads, params)
        except ValueError:
            continue
        raise AssertionError(
            "This loss gives another value at each call. Compare loss() with loss(), and raise ValueError."
        )


# --------------------------------------------------------------------------------------------------------- kinks


@pytest.mark.task("kinks")
def test_predictions(student):
    """three predictions, as numbers"""
    for name in ("kink_forward", "kink_central", "kink_true"):
        got = student.value(name)
        close(name, got, got)
        noted(student, name)


@pytest.mark.task("kinks")
def test_safe(student):
    """safe is what no nudge can carry across 0"""
    pre = np.array([[0.5, -0.3, 0.0], [0.2, -0.1, 2.0]])
    given = pre.copy()
    got = student.safe(pre, 0.25)
    assert got is not None, "`safe` gave None. Is there still a `...`, or is the `return` missing?"
    got = np.asarray(got)
    assert got.dtype == bool, f"`safe` gave an array of {got.dtype}; True and False were expected."
    right = [[True, True, False], [False, False, True]]
    ask = "How far is each number from 0, on whichever side?"
    assert got.tolist() == right, f"`safe({given.tolist()}, 0.25)` gave {got.tolist()}, expected {right}.\n{ask}"
    assert np.array_equal(pre, given), "Your function changed the `pre` that it was given."
    got = np.asarray(student.safe(given / 100, 0.0025)).tolist()
    assert got == right, f"`safe({(given / 100).tolist()}, 0.0025)` gave {got}, expected {right}.\n{ask}"


@pytest.mark.task("kinks")
def test_letter(student):
    """what to do at a kink"""
    chosen(student, "at_a_kink")


# --------------------------------------------------------------------------------------------- random_directions


@pytest.mark.task("random_directions")
def test_slope_along(student):
    """the slope of your own L along (v0, v1)"""
    slope = typed(student, "slope_along", ["w0", "w1", "v0", "v1"])
    L, s = student.L, 1e-5
    for w0, w1, v0, v1 in [(1, 2, 1, 0), (1, 2, 0, 1), (2, 1, 3, -2)]:
        nudged = (L(w0 + s * v0, w1 + s * v1) - L(w0 - s * v0, w1 - s * v1)) / (2 * s)
        got = slope(w0=w0, w1=w1, v0=v0, v1=v1)
        ask = "What does each of the two weights contribute: which slope, times which speed?"
        agrees("slope_along", got, nudged, f"w0 = {w0}, w1 = {w1}, v0 = {v0}, v1 = {v1}", ask, rel=1e-5)


@pytest.mark.task("random_directions")
def test_right_and_wrong(student):
    """right gradients are believed, a wrong one is heard"""
    rng = np.random.default_rng(3)
    loss, grads, params, calls = small_world()
    before = {name: values.copy() for name, values in params.items()}
    given = {name: values.copy() for name, values in grads.items()}
    got = student.directional_check(loss, grads, params, rng)
    same = all(np.array_equal(grads[name], given[name]) for name in given)
    assert same, "Your function changed the grads that it was given."
    close("directional_check(loss, grads, params, rng)", got, got)
    ask = "Compare (loss with +h*v, minus loss with -h*v) / (2*h) with the sum of grads * v over all the params."
    assert got < 1e-6, f"These gradients are right, and your check says {got:g}.\n{ask}"
    assert len(calls) == 2, f"The loss was called {len(calls)} times; twice was expected."
    same = all(np.array_equal(params[name], before[name]) for name in before)
    assert same, "params is not exactly what it was before. Keep copies, and put them back."
    grads["b"][1] += 0.5
    got = student.directional_check(loss, grads, params, rng)
    assert got > 1e-6, f'One entry of grads["b"] is wrong, and your check says {got:g}. Is `b` moved as well?'


@pytest.mark.task("random_directions")
def test_directions_are_new(student):
    """a new direction at each call, drawn from rng, with every entry moved by its own amount"""
    slopes = {"w": np.linspace(-0.02, 0.09, 12).reshape(3, 4), "b": np.array([0.05, -0.03, 0.01, 0.04])}
    params = {"w": np.full((3, 4), 0.5), "b": np.ones(4)}
    start, seen = np.append(params["w"], params["b"]), []
    wrong = {name: values * 1.25 + 0.01 for name, values in slopes.items()}

    def watched():
        seen.append(np.append(params["w"], params["b"]))
        return float(sum((slopes[name] * params[name]).sum() for name in slopes))

    rng = np.random.default_rng(5)
    for dice in (rng, rng, np.random.default_rng(5)):
        got = student.directional_check(watched, wrong, params, dice)
        v = seen[-2] - seen[-1]
        along, said = (v @ np.append(gradient["w"], gradient["b"]) for gradient in (slopes, wrong))
        right = abs(along - said) / max(abs(along), abs(said))
        assert abs(got - right) < 1e-5, (
            f"These grads are wrong: the relative error is {right:.5f}, and you say {got:.5f}."
        )
    for ends in ("there", "back"):
        moved = seen[("there", "back").index(ends)] - start
        assert np.ptp(moved[:12]) > 1e-7, "All entries of w move by the same amount. Draw a number for each."
        assert moved.min() < 0 < moved.max(), "All entries move to the same side. Draw numbers of either sign."
    assert not np.allclose(seen[0], seen[2], rtol=0, atol=1e-9), "The second call took the same direction as the first."
    assert np.allclose(seen[0], seen[4], rtol=0, atol=1e-12), (
        "The same seed gave another direction. Draw from rng only."
    )


# -------------------------------------------------------------------------------------------------- find_the_bug


def graph_of(student):
    found = student.failing_graph()
    assert found is not None, "`failing_graph` gave None. Is there still a `...`, or is the `return` missing?"
    form = isinstance(found, tuple | list) and len(found) == 2 and callable(found[1])
    assert form, "`failing_graph` should return two things: a list of numbers, and a function (not called yet)."
    inputs, build = found
    assert 1 <= len(inputs) <= 4, f"There are {len(inputs)} inputs; one to four were expected."
    return [float(x) for x in inputs], build


def slopes(engine, inputs, build):
    """The slopes of the inputs as the engine says, as nudging says, and the number of operations."""
    nodes = [engine(x) for x in inputs]
    out = build(*nodes)
    assert isinstance(out, engine), f"`build` should return a node, and gave {kind_of(out)}."
    made, waiting = {id(out): out}, [out]
    for node in waiting:
        for before, _ in node.edges:
            if id(before) not in made:
                made[id(before)] = before
                waiting.append(before)
    out.backward()
    h, nudged = 1e-6, []
    for at in range(len(inputs)):
        ends = [[x + way * h * (at == i) for i, x in enumerate(inputs)] for way in (1, -1)]
        up, down = (build(*map(engine, end)).data for end in ends)
        nudged.append((up - down) / (2 * h))
    return [node.grad for node in nodes], nudged, sum(1 for node in waiting if node.edges)


@pytest.mark.task("find_the_bug")
def test_the_graph(student):
    """your graph shows the bug"""
    for _ in range(5):  # it must fail every time
        inputs, build = graph_of(student)
        got, nudged, operations = slopes(student.Broken, inputs, build)
        wrong = [abs(a - b) > 1e-3 * max(abs(a), abs(b)) for a, b in zip(got, nudged, strict=True)]
        ask = "Reuse a node that was itself made from others, or let two ways to it have different lengths."
        assert any(wrong), f"The broken engine is right here: it says {got}, and nudging says the same.\n{ask}"
    if operations > 3:
        student.notes.append(f"{operations} operations. With three at most, you get the last point as well.")
    assert operations <= 10, f"{operations} operations are more than ten. What can be left out?"


@pytest.mark.task("find_the_bug")
def test_the_repair(student):
    """the repaired engine agrees with nudging"""
    ask = "When does a node pass on its .grad? Have all of its users reported by then? Is it passed on only once?"
    for text, build in [
        ("a * b + b", lambda a, b: a * b + b),
        ("c = a * b;  c + c.tanh()", lambda a, b: (lambda c: c + c.tanh())(a * b)),
        ("c = a * b;  c.tanh() + c", lambda a, b: (lambda c: c.tanh() + c)(a * b)),
        ("c = a * b;  d = c * c;  d * c + d", lambda a, b: (lambda c: (lambda d: d * c + d)(c * c))(a * b)),
        ("c = a * b;  c.tanh().tanh().tanh()", lambda a, b: (a * b).tanh().tanh().tanh()),
        ("your own graph", graph_of(student)[1]),
    ]:
        inputs = graph_of(student)[0] if text == "your own graph" else [0.5, 1.5]
        got, nudged, _ = slopes(student.Value, inputs, build)
        for a, b in zip(got, nudged, strict=True):
            close_enough = abs(a - b) <= 1e-6 * max(1, abs(b))
            assert close_enough, f"For {text} at {inputs} Value says {got}, and nudging {nudged}.\n{ask}"


@pytest.mark.task("find_the_bug")
def test_each_node_passes_on_once(student):
    """twelve doublings, and thousands of ways through them"""
    looks = []

    class Watched(student.Value):
        """A node that notes how often it is asked what it was made from."""

        @property
        def edges(self):
            looks.append(self)
            assert len(looks) < 1000, "13 nodes were asked a thousand times for their edges. Does each pass on once?"
            return self._edges

        @edges.setter
        def edges(self, pairs):
            self._edges = pairs

    x = node = Watched(0.25)
    for _ in range(12):
        node = node + node
    node.backward()
    close("x.grad", x.grad, 4096, "That was x + x, doubled again and again, twelve times.")
