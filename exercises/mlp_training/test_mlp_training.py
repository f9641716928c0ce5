"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import numpy as np
import pytest
from kit.check import all_close, chosen, close, drawn, typed

# Nets small enough to follow with a finger. In ZERO_INSIDE every sum before tanh is 0 for x = 2, and tanh(0) is 0.
ZERO_INSIDE = [(np.array([[0.5]]), np.array([-1.0])), (np.array([[3.0]]), np.array([1.0]))]
LINE = [(np.array([[2.0, 0.0], [1.0, -1.0], [0.0, 3.0]]), np.array([10.0, 20.0]))]
T = 0.7615941559557649  # tanh(1)


def two(call, got, names):
    """`call` gave two things."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert isinstance(got, tuple | list), f"`{call}` gave one thing; it should give two: {names}."
    assert len(got) == 2, f"`{call}` should give two things: {names}. It gave {len(got)}."
    return got


def pairs(call, got, shapes, names="(W, b)"):
    """`call` gave a list of pairs of arrays in these shapes."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert isinstance(got, list | tuple), f"`{call}` gave a {type(got).__name__}; a list of pairs {names} is asked for."
    assert len(got) == len(shapes), f"`{call}` should give {len(shapes)} pairs {names}, and gave {len(got)} things."
    for at, (pair, (W_shape, b_shape)) in enumerate(zip(got, shapes, strict=True), start=1):
        W, b = two(f"{call}[{at - 1}]", pair, names)
        found = np.shape(W), np.shape(b)
        assert found == (W_shape, b_shape), (
            f"`{call}`: the pair of layer {at} has the shapes {found[0]} and {found[1]}, expected {W_shape}, {b_shape}."
        )
    return got


def copied(params):
    return [(W.copy(), b.copy()) for W, b in params]


def unchanged(call, before, after):
    both = [(x, y) for old, new in zip(before, after, strict=True) for x, y in zip(old, new, strict=True)]
    same = all(np.array_equal(x, y) for x, y in both)
    assert same, f"`{call}` changed the params that it was given. Make new arrays: W - ..., and not W -= ..."


# ------------------------------------------------------------------------------------------------------- 1 mse


@pytest.mark.task("mse")
def test_slope_on_paper(student):
    """the slope of the loss by one prediction"""
    slope = typed(student, "slope_of_entry", ["p", "y", "n", "k"])
    at = {"y": 1.0, "n": 2.0, "k": 5.0}
    h = 1e-4
    measured = ((3 + h - 1) ** 2 - (3 - h - 1) ** 2) / (2 * h) / 10
    ask = "Take n = 2, k = 5, y = 1. Nudge p from 3 to 3.0001. How much does its square grow, and how much the mean?"
    assert abs(slope(p=3.0, **at) - measured) < 1e-6, f"`slope_of_entry` is not there yet.\n{ask}"


@pytest.mark.task("mse")
def test_mse(student):
    """the mean of squares"""
    P, Y = np.array([[1.0, 2.0], [5.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 2.0], [2.0, 0.0], [0.0, 2.0]])
    ask = "The errors are 1, 0, 3, 0, 0, −2. Square them. Over how many entries is the mean?"
    got = student.mse(P, Y)
    close("mse([[1, 2], [5, 0], [0, 0]], [[0, 2], [2, 0], [0, 2]])", got, 14 / 6, ask)


@pytest.mark.task("mse")
def test_dmse(student):
    """the table of slopes"""
    P, Y = np.array([[1.0, 2.0], [5.0, 0.0]]), np.array([[0.0, 2.0], [2.0, 2.0]])
    ask = "Compare with your `slope_of_entry`: n = 2 rows, k = 2 columns."
    all_close("dmse([[1, 2], [5, 0]], [[0, 2], [2, 2]])", student.dmse(P, Y), [[0.5, 0], [1.5, -1]], ask)


@pytest.mark.task("mse")
def test_other_shapes_are_refused(student):
    """(n, 1) and (n,) are refused"""
    for name in ("mse", "dmse"):
        try:
            got = getattr(student, name)(np.ones((3, 1)), np.ones(3))
        except ValueError:
            continue
        raise AssertionError(
            f"`{name}(np.ones((3, 1)), np.ones(3))` gave something of the shape {np.shape(got)}; a ValueError should "
            "be raised.\nLook first whether P.shape and Y.shape are equal, and if not:  raise ValueError(...)"
        )


# ----------------------------------------------------------------------------------------------- 2 init_params


@pytest.mark.task("init_params")
def test_letters(student):
    """a prediction and its reason"""
    chosen(student, "after_zeros")
    chosen(student, "why_zeros")


@pytest.mark.task("init_params")
def test_shapes(student):
    """a pair for each layer, in the right shapes"""
    got = student.init_params([2, 5, 3], np.random.default_rng(0))
    pairs("init_params([2, 5, 3], rng)", got, [((2, 5), (5,)), ((5, 3), (3,))])
    for _, b in got:
        assert not np.any(b), "The biases start at 0."


@pytest.mark.task("init_params")
def test_spread(student):
    """the weights are random, around 0, and of the right spread"""
    ((W, _),) = student.init_params([400, 100], np.random.default_rng(0))
    spread, middle = float(np.std(W)), float(np.mean(W))
    assert spread > 0, "All weights of a layer are alike. Draw them from `rng`."
    assert abs(middle) < 0.1 * spread, f"The weights should lie around 0; their mean is {middle:.3f}."
    assert abs(spread - 0.05) < 0.005, (
        f"With 400 inputs the spread of W is {spread:.3f}, expected 1/√400 = 0.05. By what do you divide?"
    )


@pytest.mark.task("init_params")
def test_chance_comes_from_rng(student):
    """the same seed, the same net; the next call, another one"""
    rng = np.random.default_rng(7)
    first, second = student.init_params([3, 2], rng)[0][0], student.init_params([3, 2], rng)[0][0]
    again = student.init_params([3, 2], np.random.default_rng(7))[0][0]
    ask = "Does all chance come from `rng`?"
    assert np.array_equal(first, again), f"Two generators with the same seed gave two nets. {ask}"
    assert not np.array_equal(first, second), "The second call with the same `rng` gave the same weights again."


@pytest.mark.task("init_params")
def test_count(student):
    """how many numbers your net learns"""
    got = student.value("my_count")
    close("my_count", got, got)
    sizes = student.my_sizes
    by_hand = sum(W.size + b.size for W, b in student.init_params(sizes, np.random.default_rng(0)))
    assert got == by_hand, f"Count again for {sizes}: for each layer the entries of W, and those of b."


# --------------------------------------------------------------------------------------------------- 3 forward


@pytest.mark.task("forward")
def test_one_layer(student):
    """a net of one layer: weighted sums, and no tanh after them"""
    out, _ = two("forward(params, X)", student.forward(LINE, np.array([[1.0, 2.0, 3.0]])), "out, cache")
    ask = "With W = [[2, 0], [1, -1], [0, 3]], b = [10, 20] and the row 1, 2, 3: the last layer has no tanh."
    all_close("forward([(W, b)], X)[0]", out, [[14, 27]], ask)


@pytest.mark.task("forward")
def test_two_layers(student):
    """tanh between two layers"""
    net = [(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.0, -1.0])), (np.array([[10.0], [1.0]]), np.array([5.0]))]
    out, _ = two("forward(params, X)", student.forward(net, np.array([[1.0, 1.0]])), "out, cache")
    ask = "Both sums before tanh are 1, and tanh(1) is 0.7615941560. Then 10 of the one, 1 of the other, and 5."
    all_close("forward(params, X)[0]", out, [[5 + 11 * T]], ask)


@pytest.mark.task("forward")
def test_forward_leaves_params_alone(student):
    """nothing is changed"""
    net = copied(ZERO_INSIDE)
    X = np.array([[2.0], [3.0]])
    student.forward(net, X)
    unchanged("forward(params, X)", ZERO_INSIDE, net)
    assert X.tolist() == [[2.0], [3.0]], "`forward` changed X. Make new arrays."


# -------------------------------------------------------------------------------------------------- 4 backward


def slopes(student, net, X, dout):
    _, cache = two("forward(params, X)", student.forward(net, X), "out, cache")
    shapes = [(W.shape, b.shape) for W, b in net]
    return pairs("backward(params, cache, dout)", student.backward(net, cache, dout), shapes, "(dW, db)")


@pytest.mark.task("backward")
def test_the_layer_alone(student):
    """one layer: what unit 3 says"""
    X, dout = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]]), np.array([[1.0, 10.0], [2.0, 0.0]])
    ((dW, db),) = slopes(student, LINE, X, dout)
    ask = "W[i, j] takes from input i to output j: multiply these two, and add up over the rows."
    all_close("dW of a single layer", dW, [[1, 10], [4, 20], [1, 30]], ask)
    all_close("db of a single layer", db, [3, 10], "b is the same for all rows: add up.")


@pytest.mark.task("backward")
def test_through_an_open_tanh(student):
    """two layers, and a tanh with nothing to bend"""
    (dW1, db1), (dW2, db2) = slopes(student, ZERO_INSIDE, np.array([[2.0]]), np.array([[1.0]]))
    ask = "x = 2 gives z = 0 and a = 0, and tanh has the slope 1 at 0. Walk back from dout = 1."
    all_close("dW of the last layer", dW2, [[0]], ask)
    all_close("db of the last layer", db2, [1], ask)
    all_close("dW of the first layer", dW1, [[6]], ask)
    all_close("db of the first layer", db1, [3], ask)


@pytest.mark.task("backward")
def test_through_a_bent_tanh(student):
    """two layers, and a tanh that is bent"""
    net = [(np.array([[0.5]]), np.array([0.0])), (np.array([[3.0]]), np.array([1.0]))]
    (dW1, db1), (dW2, _) = slopes(student, net, np.array([[2.0]]), np.array([[10.0]]))
    ask = "x = 2 gives z = 1 and a = 0.7616. There tanh has the slope 0.4200. Does it come in, and once only?"
    all_close("dW of the last layer", dW2, [[10 * T]], ask)
    all_close("db of the first layer", db1, [30 * (1 - T * T)], ask)
    all_close("dW of the first layer", dW1, [[60 * (1 - T * T)]], ask)


@pytest.mark.task("backward")
def test_backward_can_be_asked_twice(student):
    """nothing is changed, and a second call gives the same"""
    net, X, dout = copied(ZERO_INSIDE), np.array([[3.0]]), np.array([[1.0]])
    _, cache = two("forward(params, X)", student.forward(net, X), "out, cache")
    first, second = student.backward(net, cache, dout), student.backward(net, cache, dout)
    unchanged("backward(params, cache, dout)", ZERO_INSIDE, net)
    assert dout.tolist() == [[1.0]], "`backward` changed dout. Make new arrays."
    for (dW, db), (dW2, db2) in zip(first, second, strict=True):
        same = np.array_equal(dW, dW2) and np.array_equal(db, db2)
        assert same, "A second call with the same cache gave something else. Does `backward` take things out of it?"


# ----------------------------------------------------------------------------------------------------- 5 train


def started(student, lr, steps):
    """One weight 1, one bias 0, and the points (1, 3), (2, 5): the errors are -2 and -3."""
    net = [(np.array([[1.0]]), np.array([0.0]))]
    kept = copied(net)
    call = f"train(params, X, Y, {lr}, {steps})"
    got = student.train(net, np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]]), lr, steps)
    params, losses = two(call, got, "params, losses")
    unchanged(call, kept, net)
    pairs(f"{call}[0]", params, [((1, 1), (1,))])
    assert isinstance(losses, list | tuple | np.ndarray), f"`losses` should be a list; it is a {type(losses).__name__}."
    assert len(losses) == steps + 1, f"{steps} steps have {steps + 1} losses: before each step, and at the end."
    return params[0], losses


@pytest.mark.task("train")
def test_no_step(student):
    """no step: the same net, and its loss"""
    (W, b), losses = started(student, 0.1, 0)
    all_close("W after no step", W, [[1]])
    all_close("b after no step", b, [0])
    close("losses[0]", losses[0], 6.5, "The errors are -2 and -3.")


@pytest.mark.task("train")
def test_one_step(student):
    """one step against the slopes"""
    (W, b), losses = started(student, 0.1, 1)
    ask = "The slope of the loss by W is -8, by b it is -5. Against the slope, and 0.1 times as far."
    close("losses[0]", losses[0], 6.5, "The first loss is that *before* the first step.")
    all_close("W after one step", W, [[1.8]], ask)
    all_close("b after one step", b, [0.5], ask)
    close("losses[1]", losses[1], 0.7**2 / 2 + 0.9**2 / 2, "The last loss is that of the net which you return.")


@pytest.mark.task("train")
def test_it_learns(student):
    """many steps, and the loss goes down"""
    (_, _), losses = started(student, 0.1, 50)
    assert losses[-1] < 0.02 * losses[0], f"After 50 steps the loss went from {losses[0]:.3g} to {losses[-1]:.3g}."


# ----------------------------------------------------------------------------------------------------- 6 moons


@pytest.mark.task("moons")
def test_slope_of_log_loss(student):
    """the slope by the score, on paper"""
    slope = typed(student, "slope_of_log_loss", ["p", "y"])
    for y, right in [(1, "with y = 1 the loss falls when the score grows"), (0, "with y = 0 it grows with the score")]:

        def loss(z, y=y):
            p = 1 / (1 + math.exp(-z))
            return -y * math.log(p) - (1 - y) * math.log(1 - p)

        h = 1e-5
        measured = (loss(0.3 + h) - loss(0.3 - h)) / (2 * h)
        got = slope(p=1 / (1 + math.exp(-0.3)), y=y)
        assert abs(got - measured) < 1e-6, (
            f"`slope_of_log_loss`: {right}. Nudge z from 0.3 to 0.30001 and compare: at p = 0.5744, y = {y} you say "
            f"{got:.4g}."
        )


@pytest.mark.task("moons")
def test_fit(student):
    """a net that learns a few points"""
    X, y = np.array([[-1.0, -1.2], [-0.8, 0.9], [1.1, -0.7], [0.9, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
    params, losses = two("fit(X, y, rng)", student.fit(X, y, np.random.default_rng(1)), "params, losses")
    assert len(losses) >= 2, "`losses` should hold at least the first and the last loss."
    close("losses[-1]", losses[-1], losses[-1])
    assert losses[-1] < losses[0], (
        f"The loss went from {losses[0]:.3g} to {losses[-1]:.3g}. Print the first five: do they fall? If not, check "
        "the slope of the last bias first."
    )
    z = np.ravel(student.forward(params, X)[0])
    assert len(z) == 4, f"`forward(params, X)` gave {len(z)} scores for 4 points. One output, please."
    right = ((z > 0) == (y == 1)).all()
    assert right, f"The four points that it learned have the scores {np.round(z, 2)}, for y = {y}."


@pytest.mark.task("moons")
def test_boundary_plot(student):
    """the points, and a line where the score is 0"""
    import matplotlib.pyplot as plt

    net = [(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, 0.0])), (np.array([[1.0], [1.0]]), np.array([0.0]))]
    X, y = np.array([[-1.0, -1.5], [2.0, 0.5], [0.5, 1.0]]), np.array([0.0, 1.0, 1.0])
    try:
        (ax,) = drawn("boundary_plot(params, X, y)", student.boundary_plot(net, X, y), 1)
        dots = [c.get_offsets() for c in ax.collections if not hasattr(c, "levels")]
        dots += [line.get_xydata() for line in ax.get_lines()]
        found = np.concatenate([np.empty((0, 2)), *dots])
        for point in X:
            assert np.isclose(found, point).all(axis=1).any(), f"I find no dot at the point {point} of X."
        lines = [c for c in ax.collections if hasattr(c, "levels") and not c.filled]
        assert lines, "I find no line made with `ax.contour` (`ax.contourf` fills areas; draw the line as well)."
        places = np.concatenate([np.empty((0, 2)), *(path.vertices for c in lines for path in c.get_paths())])
        assert len(places), "The contour is empty. Is the level 0, and does the grid cover all of X?"
        # this net says 0 exactly where x + y is 0
        off = np.abs(places.sum(axis=1)).max()
        assert off < 0.1, "The line is not where the score is 0. Is it level 0? Are xx and yy the right way round?"
    finally:
        plt.close("all")


# ----------------------------------------------------------------------------------------------- 7 two_engines


@pytest.mark.task("two_engines")
def test_both_engines_agree(student):
    """your Value and your backward say the same"""
    rng = np.random.default_rng(1)
    net = student.init_params([2, 3, 1], rng)
    X, Y = rng.normal(size=(3, 2)), rng.normal(size=(3, 1))
    assert student.Value is not None
    made = student.value_grads(net, X, Y)
    got = pairs("value_grads(params, X, Y)", made, [((2, 3), (3,)), ((3, 1), (1,))], "(dW, db)")
    out, cache = student.forward(net, X)
    right = student.backward(net, cache, student.dmse(out, Y))
    for at, (mine, theirs) in enumerate(zip(got, right, strict=True), start=1):
        for name, one, other in zip(("dW", "db"), mine, theirs, strict=True):
            with np.errstate(all="ignore"):
                ratio = np.asarray(one, dtype=float) / other
            ask = "Is the tanh there between the layers, and not after the last? Is the loss the mean of the squares?"
            if np.allclose(ratio, ratio.flat[0], rtol=1e-6) and abs(ratio.flat[0] - 1) > 1e-6:
                ask = (
                    f"It is {ratio.flat[0]:.4g} times as much, everywhere: there are 3 rows. Mean or sum? And squared?"
                )
            all_close(f"{name} of layer {at}, by Value", one, other, f"(expected: what your backward says)\n{ask}")
