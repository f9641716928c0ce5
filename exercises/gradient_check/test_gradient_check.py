"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import numpy as np
import pytest
from kit.check import all_close, chosen, close, drawn, typed

# -------------------------------------------------------------------------------------------- finite_differences


@pytest.mark.task("finite_differences")
def test_two_differences(student):
    """rise over run, from x to x + h and from x - h to x + h"""
    ask = "How wide is the run? In Python `a / 2*h` means (a/2)*h: put the run in parentheses."
    close("forward_diff(lambda x: x*x, 3, 0.5)", student.forward_diff(lambda x: x * x, 3, 0.5), 6.5, ask)
    close("central_diff(lambda x: x*x, 3, 0.5)", student.central_diff(lambda x: x * x, 3, 0.5), 6.0, ask)


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


@pytest.mark.task("finite_differences")
def test_cube_on_paper(student):
    """the central difference of x**3"""
    difference = typed(student, "central_of_cube", ["x", "h"])
    assert "/" not in student.value("central_of_cube"), "`central_of_cube`: go on until there is no division left."
    for x, h in [(2, 1), (1, 3)]:
        right = ((x + h) ** 3 - (x - h) ** 3) / (2 * h)
        ask = f"Put x = {x}, h = {h} into your text, and compare with ({x + h}**3 - ({x - h})**3) / {2 * h}."
        assert abs(difference(x=x, h=h) - right) < 1e-9, f"`central_of_cube` is not there yet. {ask}"


# --------------------------------------------------------------------------------------------------- error_curve


def points(ax, label):
    found = [line.get_xydata() for line in ax.get_lines() if line.get_label().strip().lower() == label]
    found += [np.asarray(dots.get_offsets()) for dots in ax.collections if dots.get_label().strip().lower() == label]
    assert found, f'There is nothing with the label "{label}" in the Axes.'
    return found[0]


def drawing(student, f, df, x, hs):
    return drawn("error_curve(f, df, x, hs)", student.error_curve(f, df, x, hs), 1)[0]


@pytest.mark.task("error_curve")
def test_two_lines(student):
    """the two lines, for f = x*x*x at x = 2, where the slope is 12"""
    import matplotlib.pyplot as plt

    try:
        ax = drawing(student, lambda x: x * x * x, lambda x: 3 * x * x, 2.0, [0.5, 0.25, 0.125])
        for label, errors in [("forward", [3.25, 1.5625, 0.765625]), ("central", [0.25, 0.0625, 0.015625])]:
            xy = points(ax, label)
            assert len(xy) == 3, f'"{label}" has {len(xy)} points; there are 3 numbers in hs.'
            for h, error in zip([0.5, 0.25, 0.125], errors, strict=True):
                got = [y for x, y in xy if abs(x - h) < 1e-12]
                assert got, f'"{label}" has no point at h = {h}. Is h what goes along the axis?'
                assert abs(got[0] - error) < 1e-9, f'"{label}" is at {got[0]:g} for h = {h}; the error is {error:g}.'
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
    finally:
        plt.close("all")


@pytest.mark.task("error_curve")
def test_answers(student):
    """a prediction and a letter"""
    got = student.value("error_at_1e_17")
    close("error_at_1e_17", got, got)
    chosen(student, "left_side")


# -------------------------------------------------------------------------------------------- numerical_gradient


@pytest.mark.task("numerical_gradient")
def test_each_entry(student):
    """each entry has its own slope"""
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = student.numerical_gradient(lambda X: X[0, 0] * X[0, 1] + 5 * X[1, 0], X)
    ask = "f = X[0, 0]*X[0, 1] + 5*X[1, 0]. Nudge one entry at a time, and put it back before the next."
    all_close("numerical_gradient(f, X)", got, [[2, 1], [5, 0]], ask, rel=1e-6)
    assert X.tolist() == [[1, 2], [3, 4]], (
        f"X was changed: now it is {X.tolist()}. Keep the old number and put it back."
    )


@pytest.mark.task("numerical_gradient")
def test_whole_numbers_and_views(student):
    """whole numbers, a single number, and a view"""
    ask = "In an array of whole numbers X[0] + h is cut off again. In what kind of array can you nudge?"
    got = student.numerical_gradient(lambda X: (X * X).sum(), np.array([3, -1]))
    all_close("numerical_gradient(lambda X: (X*X).sum(), np.array([3, -1]))", got, [6, -2], ask, rel=1e-6)
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
        raise AssertionError("f raised an error, and nobody heard of it: let it go on.")
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
    close("relative_error(0.0, 0.0)", student.relative_error(0.0, 0.0), 0.0, "0 beside 0 agrees.")


@pytest.mark.task("relative_error")
def test_errors_of_arrays(student):
    """the worst entry of an array, however small it is"""
    a, b = np.array([6.0, 0.001, 0.0]), np.array([6.0, 0.002, 0.0])
    ask = "Each entry by its own size; and then the largest of these errors."
    close("relative_error([6, 0.001, 0], [6, 0.002, 0])", student.relative_error(a, b), 0.5, ask)
    close("the same, all divided by 10**8", student.relative_error(a * 1e-8, b * 1e-8), 0.5, ask)


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
    assert isinstance(got, dict), f"`gradient_check` gave a {type(got).__name__}; a dict was expected."
    assert set(got) == set(params), f"The names in the dict are {sorted(got)}; expected are {sorted(params)}."
    for name, error in got.items():
        close(f'gradient_check(loss, grads, params)["{name}"]', error, error)
    return got


@pytest.mark.task("judge")
def test_verdicts(student):
    """right gradients are believed, and a single wrong entry is not"""
    loss, grads, params, _ = small_world()
    got = errors_of(student, loss, grads, params)
    ask = "Do numerical_gradient and relative_error pass their checks? Is the array in params itself nudged?"
    assert max(got.values()) < 1e-5, f"These gradients are right, and your judge says {got}.\n{ask}"
    grads["b"][1] *= 1.01
    got = errors_of(student, loss, grads, params)
    assert got["b"] > 1e-5, f'One entry of grads["b"] is wrong, and your judge says {got}.'
    assert got["w"] < 1e-5, f'Only grads["b"] is wrong, and your judge says {got}. An answer for each name!'


@pytest.mark.task("judge")
def test_calls_and_params(student):
    """how often the loss is called, and what params holds afterwards"""
    loss, grads, params, calls = small_world()
    before = {name: values.copy() for name, values in params.items()}
    errors_of(student, loss, grads, params)
    assert len(calls) == 12, f"For 5 entries the loss was called {len(calls)} times; 2 + 2*5 were expected."
    same = all(np.array_equal(params[name], before[name]) for name in before)
    assert same, "params is not exactly what it was before."


@pytest.mark.task("judge")
def test_dice(student):
    """a loss that throws dice is refused"""
    _, grads, params, _ = small_world()
    dice = np.random.default_rng(1)
    try:
        student.gradient_check(lambda: dice.normal(), grads, params)
    except ValueError:
        return
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


@pytest.mark.task("kinks")
def test_safe(student):
    """safe is what no nudge can carry across 0"""
    pre = np.array([[0.5, -0.5, 0.0], [0.1, -0.1, 2.0]])
    got = student.safe(pre, 0.25)
    assert got is not None, "`safe` gave None. Is there still a `...`, or is the `return` missing?"
    got = np.asarray(got)
    assert got.dtype == bool, f"`safe` gave an array of {got.dtype}; True and False were expected."
    right = [[True, True, False], [False, False, True]]
    ask = "How far is each number from 0, on whichever side?"
    assert got.tolist() == right, f"`safe({pre.tolist()}, 0.25)` gave {got.tolist()}, expected {right}.\n{ask}"


@pytest.mark.task("kinks")
def test_letter(student):
    """what to do at a kink"""
    chosen(student, "at_a_kink")


# --------------------------------------------------------------------------------------------- random_directions


@pytest.mark.task("random_directions")
def test_slope_along(student):
    """the slope of your own L along (u, w)"""
    slope = typed(student, "slope_along", ["p", "q", "u", "w"])
    L, s = student.L, 1e-5
    for p, q, u, w in [(1, 2, 1, 0), (1, 2, 0, 1), (2, 1, 3, -2)]:
        nudged = (L(p + s * u, q + s * w) - L(p - s * u, q - s * w)) / (2 * s)
        got = slope(p=p, q=q, u=u, w=w)
        ask = (
            f"At p = {p}, q = {q}, with u = {u}, w = {w}, the nudged slope is {nudged:.4g}; your text gives {got:.4g}."
        )
        assert abs(got - nudged) < 1e-5 * max(1, abs(nudged)), f"`slope_along` is not there yet. {ask}"


@pytest.mark.task("random_directions")
def test_right_and_wrong(student):
    """right gradients are believed, a wrong one is heard"""
    rng = np.random.default_rng(3)
    loss, grads, params, calls = small_world()
    before = {name: values.copy() for name, values in params.items()}
    got = student.directional_check(loss, grads, params, rng)
    close("directional_check(loss, grads, params, rng)", got, got)
    ask = "Compare (L(p + h*v) - L(p - h*v)) / (2*h) with the sum of grads * v over all the params."
    assert got < 1e-6, f"These gradients are right, and your check says {got:g}.\n{ask}"
    assert len(calls) == 2, f"The loss was called {len(calls)} times; twice was expected."
    same = all(np.array_equal(params[name], before[name]) for name in before)
    assert same, "params is not exactly what it was before. Keep copies, and put them back."
    grads["b"][1] += 0.5
    got = student.directional_check(loss, grads, params, rng)
    assert got > 1e-6, f'One entry of grads["b"] is wrong, and your check says {got:g}. Is `b` moved as well?'


@pytest.mark.task("random_directions")
def test_directions_are_new(student):
    """a new direction at each call, drawn from rng"""
    loss, grads, params, _ = small_world()
    seen = []

    def watched():
        seen.append(np.concatenate([np.ravel(params["w"]), params["b"]]))
        return loss()

    rng = np.random.default_rng(5)
    for one in (rng, rng, np.random.default_rng(5)):
        student.directional_check(watched, grads, params, one)
    assert np.ptp(seen[0] - seen[1]) > 0, "All the weights move by the same amount. Draw the direction from rng."
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
    assert isinstance(out, engine), f"`build` should return a node, and gave a {type(out).__name__}."
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
