"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import functools
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kind_of, typed
from kit.hints import Question
from kit.measured import slope_at, slope_of, value_of

HINTS = {
    "mse": [
        "Square each difference, and average over all entries: np.mean does both axes at once.",
        "Nudge one p: only its own term moves. The square gives 2*(p - y). By how many entries is the sum divided?",
        "slope_of_entry is 2*(p - y)/(n*k). In code, the number of entries is P.size. Compare the shapes first.",
    ],
    "init_params": [
        "zip(sizes, sizes[1:]) gives the pairs (din, dout).",
        "rng.normal(size=(din, dout)) / np.sqrt(din), and np.zeros(dout).\n"
        "A layer has din*dout weights and dout biases.",
        "For the letters: what comes in at the second layer if all first weights are 0?\n"
        "And what comes back to the first?",
    ],
    "forward": [
        "Go through the layers in a loop. What is kept for the way back, and where is there no tanh?",
        "Keep a list of what came into each layer. z = a @ W + b; a = np.tanh(z), except after the last one.",
        "for at, (W, b) in enumerate(params): kept.append(a); z = a @ W + b;\n"
        "a = z if at == len(params) - 1 else np.tanh(z).  Return a, kept.",
    ],
    "backward": [
        "Go through the layers from the last to the first. Which two stations does each one have?",
        "At a layer: dW = a.T @ dY, db = dY.sum(axis=0), and dY @ W.T goes on. Before the next layer, times the\n"
        "slope of tanh: 1 - a**2, where a is what came into this layer.",
        "If your pairs come out in the wrong order: you find the last layer first. Put each new pair at the front.",
    ],
    "train": [
        "Copy the params first, then steps times: forward, loss, backward, update.",
        "The update makes new arrays: [(W - lr*dW, b - lr*db) for (W, b), (dW, db) in zip(params, slopes)].",
        "After the loop, one more forward and one more loss: losses has steps + 1 numbers.",
    ],
    "moons": [
        "It is your train with another loss. Which shape has y, and which shape have the scores?",
        "y = y[:, None]. p = 1/(1 + np.exp(-out)). The slope of the mean loss in the scores is (p - y)/n.",
        "slope_of_log_loss is p - y. For the plot: the grid of `circle`, with forward(params, places)[0] as values.",
    ],
    "two_engines": [
        "Make a Value of every weight and bias, keep them in nested lists, and compute row by row, neuron by neuron.",
        "A neuron: start with its bias Value, and add W[i][j] * a[i] for each input. tanh, except in the last layer.",
        "Sum (out - y)**2 over all rows and outputs, divide by their number, call backward() once, and read the grads.",
    ],
    "fit_digits": [
        "Start from your `fit`. Which lines know about two classes, and which look at all rows?",
        "In each step: rows = rng.integers(len(X), size=32), then forward on X[rows], and ce with y[rows].",
        "loss, dscores = ce(scores, y[rows]); backward(params, cache, dscores) gives the slopes. Write the loss down,\n"
        "then move: (W - lr*dW, b - lr*db). Start from init_params([64, 64, 10], rng).",
    ],
    "own_digit": [
        'A text of several lines stands between three quotes: """ ... """. drawing.split() gives its lines.',
        "Two loops: for each line, for each character in it, one number. Which number belongs to which character?",
        'np.array([{"#": 1.0, "+": 0.5, ".": 0.0}[mark] for line in drawing.split() for mark in line])',
    ],
}
RECALL = {
    1: Question("b", "Zeros come in at the second layer, and zeros come back to the first.", "See section 2."),
    2: Question("b", "Only points that it has never seen can tell.", "See section 8: what are the 360 for?"),
    3: Question("b", "One answer for each array tells you where to look.", "See section 5 of unit 4."),
}


def log_loss(z, y):
    """The loss of one point with the score z."""
    p = 1 / (1 + math.exp(-z))
    return -y * math.log(p) - (1 - y) * math.log(1 - p)


SLOPES = {
    "slope_of_entry": slope_of(lambda p, y, n, k: (p - y) ** 2 / (n * k), p=(-2, 4), y=1, n=2, k=5),
    "slope_of_log_loss": value_of(
        lambda p, y: slope_at(lambda z: log_loss(z, y), math.log(p / (1 - p))), p=(0.02, 0.98), y=1
    ),
}
from kit.data import digits, moons

T = 0.7615941559557649  # tanh(1)


# Nets small enough to follow with a finger; made anew for each check, since a slip may write into them.
def zero_inside():
    """For x = 2 every sum before tanh is 0, and tanh(0) is 0."""
    return [(np.array([[0.5]]), np.array([-1.0])), (np.array([[3.0]]), np.array([1.0]))]


def line():
    """A net of one layer."""
    return [(np.array([[2.0, 0.0], [1.0, -1.0], [0.0, 3.0]]), np.array([10.0, 20.0]))]


def net_of(*sizes, seed=0):
    """A net of these sizes."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(i, o)) / np.sqrt(i), rng.normal(size=o)) for i, o in pairwise(sizes)]


def two(call, got, names):
    """`call` gave two things."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert isinstance(got, tuple | list), f"`{call}` gave one thing; it should give two: {names}."
    assert len(got) == 2, f"`{call}` should give two things: {names}. It gave {len(got)}."
    return got


def pairs(call, got, shapes, names="(W, b)"):
    """`call` gave a list of pairs of arrays in these shapes."""
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert isinstance(got, list | tuple), f"`{call}` gave {kind_of(got)}; it should be a list of pairs {names}."
    assert len(got) == len(shapes), (
        f"`{call}` gave {len(got)} pairs {names}; it should be {len(shapes)}, one for each layer."
    )
    for at, (pair, (W_shape, b_shape)) in enumerate(zip(got, shapes, strict=True), start=1):
        W, b = two(f"{call}[{at - 1}]", pair, names)
        found = np.shape(W), np.shape(b)
        assert found == (W_shape, b_shape), (
            f"`{call}`: the pair of layer {at} has the shapes {found[0]} and {found[1]}, expected {W_shape}, {b_shape}."
        )
    return got


def copied(params):
    return [(W.copy(), b.copy()) for W, b in params]


def alike(one, other):
    """Two nets, number by number."""
    both = [(x, y) for mine, theirs in zip(one, other, strict=True) for x, y in zip(mine, theirs, strict=True)]
    return all(np.array_equal(x, y) for x, y in both)


def unchanged(call, before, after):
    same = alike(before, after)
    assert same, f"`{call}` changed the params that it was given. Make new arrays: W - ..., and not W -= ..."


# ------------------------------------------------------------------------------------------------------- 1 mse


@pytest.mark.task("mse")
def test_slope_on_paper(student):
    """the slope of the loss in one prediction"""
    slope = typed(student, "slope_of_entry", ["p", "y", "n", "k"])
    h = 1e-4
    for p, y, n, k in [(3.0, 1.0, 2, 5), (-1.0, 0.5, 4, 3), (0.0, 0.7, 1, 6)]:
        measured = ((p + h - y) ** 2 - (p - h - y) ** 2) / (2 * h) / (n * k)
        got = slope(p=p, y=y, n=float(n), k=float(k))
        ask = f"Nudge p from {p:g} to {p + h:g}. How much does its square (p - y)**2 grow, and how much the mean?"
        agrees("slope_of_entry", got, measured, f"p = {p:g}, y = {y:g}, n = {n}, k = {k}", ask)


@pytest.mark.task("mse")
def test_mse(student):
    """the mean of squares"""
    P, Y = np.array([[1.0, 2.0], [5.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 2.0], [2.0, 0.0], [0.0, 2.0]])
    ask = "The errors are 1, 0, 3, 0, 0, −2. Square them. Over how many entries is the mean?"
    got = student.mse(P.copy(), Y.copy())
    close("mse([[1, 2], [5, 0], [0, 0]], [[0, 2], [2, 0], [0, 2]])", got, 14 / 6, ask)
    ask = "There are 2*2*3 entries: arrays of any shape are welcome."
    close("mse(np.ones((2, 2, 3)), np.zeros((2, 2, 3)))", student.mse(np.ones((2, 2, 3)), np.zeros((2, 2, 3))), 1, ask)
    for size in (1e6, 1e-6):
        got = student.mse(size * P, size * Y)
        assert abs(got / size**2 - 14 / 6) < 1e-9, (
            f"With all numbers {size:g} times as large the loss should be {size**2:g} times as large: "
            f"{14 / 6 * size**2:.10g}. `mse` gave {got:.10g}. Is something rounded, or cut off?"
        )


@pytest.mark.task("mse")
def test_dmse(student):
    """the table of slopes"""
    P, Y = np.array([[1.0, 2.0], [5.0, 0.0]]), np.array([[0.0, 2.0], [2.0, 2.0]])
    right = np.array([[0.5, 0], [1.5, -1]])
    ask = "Compare with your `slope_of_entry`: n = 2 rows, k = 2 columns."
    first = student.dmse(P.copy(), Y.copy())
    all_close("dmse([[1, 2], [5, 0]], [[0, 2], [2, 2]])", first, right, ask)
    got = student.dmse(np.array([3, 1]), np.array([1.5, 1.0]))
    all_close("dmse([3, 1], [1.5, 1])", got, [1.5, 0], "Predictions may be whole numbers. Are the slopes, too?")
    for size in (1e9, 1e-12):
        got = np.asarray(student.dmse(size * P, size * Y)) / size
        all_close(f"dmse(P, Y) / {size:g}, where all numbers are {size:g} times as large", got, right, "Is it cut off?")
    all_close("dmse([[1, 2], [5, 0]], [[0, 2], [2, 2]]) after more calls", first, right, "Make a new table each time.")


@pytest.mark.task("mse")
def test_nothing_is_changed(student):
    """P and Y stay as they were"""
    for name in ("mse", "dmse"):
        P, Y = np.array([[1.0, 2.0]]), np.array([[0.5, 3.0]])
        getattr(student, name)(P, Y)
        same = P.tolist() == [[1.0, 2.0]] and Y.tolist() == [[0.5, 3.0]]
        assert same, f"`{name}(P, Y)` changed what it was given. Make new arrays: P - Y, and not P -= Y."


@pytest.mark.task("mse")
def test_other_shapes_are_refused(student):
    """(n, 1) and (n,) are refused"""
    for name in ("mse", "dmse"):
        for P, Y in [((3, 1), (3,)), ((3, 2), (1, 2))]:  # shapes
            try:
                got = getattr(student, name)(np.ones(P), np.ones(Y))
            except ValueError:
                continue
            raise AssertionError(
                f"`{name}(np.ones({P}), np.ones({Y}))` gave something of the shape {np.shape(got)}; a ValueError "
                "should be raised.\nLook first whether P.shape and Y.shape are equal; if not:  raise ValueError(...)"
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
    sizes = [2, 5, 5, 5, 3]
    got = student.init_params(sizes, np.random.default_rng(0))
    assert sizes == [2, 5, 5, 5, 3], "`init_params` changed the list of sizes. Read it only."
    pairs("init_params([2, 5, 5, 5, 3], rng)", got, [((i, o), (o,)) for i, o in pairwise(sizes)])
    for _, b in got:
        assert not np.any(b), "The biases start at 0."
    arrays = {id(part) for pair in got for part in pair}
    assert len(arrays) == 8, "The same array stands for two layers. Make a new one for each."


@pytest.mark.task("init_params")
def test_spread(student):
    """the weights are random, around 0, and of the right spread"""
    for din, dout in [(400, 100), (1, 20_000), (3, 8_000)]:
        ((W, _),) = student.init_params([din, dout], np.random.default_rng(0))
        spread, middle = float(np.std(W)), float(np.mean(W))
        assert spread > 0, "All weights of a layer are alike. Draw them from `rng`."
        assert abs(middle) < 0.1 * spread, f"The weights should lie around 0; their mean is {middle:.3f}."
        assert abs(spread * np.sqrt(din) - 1) < 0.03, (
            f"Where {din} numbers come in, the spread of W is {spread:.3f}, expected 1/√{din} = "
            f"{1 / np.sqrt(din):.3g}. By what do you divide?"
        )
        inside = float(np.mean(np.abs(W) < 1 / np.sqrt(din)))
        assert abs(inside - 0.683) < 0.02, (
            f"{inside:.0%} of the weights lie within one spread; of normal random numbers it is 68%. "
            "Are they drawn with `rng.normal`?"
        )
        same = len(np.unique(W)) == W.size and not np.array_equal(W, np.round(W, 8))
        assert same, "Some weights are the same number. Are they rounded, or cut off?"


@pytest.mark.task("init_params")
def test_chance_comes_from_rng(student):
    """the same seed, the same net; the next call, another one"""
    rng, before = np.random.default_rng(7), np.random.get_state()[1].tolist()
    first, second = student.init_params([3, 2], rng)[0][0], student.init_params([3, 2], rng)[0][0]
    again = student.init_params([3, 2], np.random.default_rng(7))[0][0]
    ask = "Does all chance come from `rng`?"
    assert np.array_equal(first, again), f"Two generators with the same seed gave two nets. {ask}"
    assert not np.array_equal(first, second), "The second call with the same `rng` gave the same weights again."
    assert np.random.get_state()[1].tolist() == before, f"Something was drawn or seeded with np.random. {ask}"


@pytest.mark.task("init_params")
def test_count(student):
    """how many numbers your net learns"""
    got = student.value("my_count")
    close("my_count", got, got)
    sizes = student.my_sizes
    by_hand = sum(np.size(W) + np.size(b) for W, b in student.init_params(list(sizes), np.random.default_rng(0)))
    assert got == by_hand, (
        f"You say {got}; a net of {sizes} has another number of them.\n"
        f"How many entries has the first W, which is {sizes[0]} by {sizes[1]}, and how many has its b?"
    )


# --------------------------------------------------------------------------------------------------- 3 forward


@pytest.mark.task("forward")
def test_one_layer(student):
    """a net of one layer: weighted sums, and no tanh after them"""
    ask = "With W = [[2, 0], [1, -1], [0, 3]], b = [10, 20] and the row 1, 2, 3: what is done to the sums after that?"
    for row in ([1.0, 2.0, 3.0], [1, 2, 3]):
        out, _ = two("forward(params, X)", student.forward(line(), np.array([row])), "out, cache")
        all_close("forward([(W, b)], X)[0]", out, [[14, 27]], ask)
    for size in (1e3, 1e-6):
        out, _ = student.forward([(np.array([[size]]), np.array([0.0]))], np.array([[1.5], [-1.0]]))
        ask = f"W is [[{size:g}]], and X is [[1.5], [-1]]. Is something rounded, or cut off?"
        all_close(f"forward([(W, b)], X)[0] / {size:g}", np.asarray(out) / size, [[1.5], [-1]], ask)


@pytest.mark.task("forward")
def test_two_layers(student):
    """tanh between two layers"""
    net = [(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.0, -1.0])), (np.array([[10.0], [1.0]]), np.array([5.0]))]
    out, _ = two("forward(params, X)", student.forward(net, np.array([[1.0, 1.0]])), "out, cache")
    ask = "Both sums before tanh are 1, and tanh(1) is 0.7615941560. Then 10 of the one, 1 of the other, and 5."
    all_close("forward(params, X)[0]", out, [[5 + 11 * T]], ask)
    far = [(np.array([[7.0]]), np.array([0.0])), (np.array([[1e6]]), np.array([0.0]))]
    out, _ = student.forward(far, np.array([[1.0]]))
    ask = "The sum before tanh is 7, and tanh(7) is 0.9999983369. It is never quite 1."
    all_close("forward(params, [[1]])[0] / 1e6", np.asarray(out) / 1e6, [[math.tanh(7)]], ask)


@pytest.mark.task("forward")
def test_three_layers(student):
    """tanh after every layer but the last, and rows that know nothing of each other"""
    net = [(np.array([[1.0]]), np.array([0.0])) for _ in range(3)]
    out, _ = student.forward(net, np.array([[1.0]]))
    ask = "All three weights are 1, and all biases 0: tanh(1) is 0.7615941560, and the tanh of that is 0.6420149920."
    all_close("forward(params, [[1]])[0]", out, [[math.tanh(T)]], ask)
    net, X = net_of(3, 4, 4, 2), np.array([[1, 0, -2], [0, 3, 1], [2, -1, 0], [1, 1, -1], [0, 0, 0]])
    whole = np.array(student.forward(copied(net), X.copy())[0], dtype=float)
    X = X.astype(float)
    together = np.array(student.forward(copied(net), X.copy())[0], dtype=float)
    all_close("forward(params, X)[0], for whole numbers", whole, together, "(expected: as for the same as floats)")
    for row in range(5):
        alone, _ = student.forward(copied(net), X[row : row + 1].copy())
        ask = f"(expected: what you gave for this row among five)\nRow {row} alone gives something else. Why?"
        all_close("forward(params, X[row:row+1])[0]", alone, together[row : row + 1], ask)


@pytest.mark.task("forward")
def test_forward_leaves_params_alone(student):
    """nothing is changed, also where all layers are of one width"""
    net, X = net_of(2, 2, 2, 2), np.array([[2.0, -1.0], [3.0, 0.5]])
    kept, X_kept = copied(net), X.copy()
    first, _ = student.forward(net, X)
    before = np.array(first, dtype=float)
    unchanged("forward(params, X)", kept, net)
    assert np.array_equal(X, X_kept), "`forward` changed X. Make new arrays."
    second, _ = student.forward(net_of(2, 2, 2, 2, seed=1), X)
    same = np.array_equal(first, before)
    assert same, "The `out` of one call changed when `forward` was called again. Make new arrays in each call."
    assert not np.array_equal(second, before), "Another net gave the same `out` for the same X. What does it remember?"


# -------------------------------------------------------------------------------------------------- 4 backward


def slopes(student, net, X, dY):
    _, cache = two("forward(params, X)", student.forward(net, X), "out, cache")
    shapes = [(W.shape, b.shape) for W, b in net]
    return pairs("backward(params, cache, dY)", student.backward(net, cache, dY), shapes, "(dW, db)")


@pytest.mark.task("backward")
def test_the_layer_alone(student):
    """one layer: what unit 3 says"""
    X, dY = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]]), np.array([[1.0, 10.0], [2.0, 0.0]])
    ((dW, db),) = slopes(student, line(), X, dY)
    ask = "W[i, j] takes from input i to output j: multiply these two, and add up over the rows."
    all_close("dW of a single layer", dW, [[1, 10], [4, 20], [1, 30]], ask)
    all_close("db of a single layer", db, [3, 10], "b is the same for all rows: add up.")


@pytest.mark.task("backward")
def test_through_an_open_tanh(student):
    """two layers, and a tanh with nothing to bend"""
    (dW1, db1), (dW2, db2) = slopes(student, zero_inside(), np.array([[2.0]]), np.array([[1.0]]))
    turned = [float(np.ravel(slope)[0]) for slope in (dW1, db1, dW2, db2)] == [0, 1, 6, 3]
    assert not turned, "The slopes are right, and the list is the wrong way round: the first layer comes first."
    ask = "x = 2 gives z = 0 and a = 0, and tanh has the slope 1 at 0. Walk back from dY = 1."
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
def test_every_slope(student):
    """three layers of different sizes, and of one size: every slope as your own forward says when it is nudged"""
    for sizes, far in [((3, 4, 2, 3), 1), ((2, 2, 2), 1), ((2, 3, 1), 4)]:
        net, X = net_of(*sizes), far * np.random.default_rng(2).normal(size=(5, sizes[0]))
        dY = np.random.default_rng(3).normal(size=(5, sizes[-1]))
        got = slopes(student, copied(net), X.copy(), dY.copy())
        for at, pair in enumerate(net):
            for which, name in enumerate(("dW", "db")):
                measured = nudged(student, net, at, which, X, dY)
                ask = f"(expected: measured with your `forward`, for a net {' > '.join(map(str, sizes))} and 5 rows)"
                all_close(f"{name} of layer {at + 1}", got[at][which], measured, ask, rel=1e-6)
                assert np.shape(got[at][which]) == pair[which].shape


def nudged(student, net, at, which, X, dY):
    """The slopes by one array of the net, measured."""
    table, h = np.empty(net[at][which].shape), 1e-5
    for place in np.ndindex(table.shape):
        sums = []
        for step in (h, -h):
            moved = copied(net)
            moved[at][which][place] += step
            sums.append((np.asarray(student.forward(moved, X.copy())[0]) * dY).sum())
        table[place] = (sums[0] - sums[1]) / (2 * h)
    return table


@pytest.mark.task("backward")
def test_backward_can_be_asked_twice(student):
    """nothing is changed, each cache is its own, and a second call gives the same"""
    net, other = net_of(2, 2, 2), net_of(2, 2, 2, seed=1)
    X, dY = np.array([[3.0, -1.0], [0.5, 2.0]]), np.array([[1.0, -2.0], [0.5, 0.25]])
    kept = copied(net)
    _, cache = two("forward(params, X)", student.forward(net, X), "out, cache")
    given = student.backward(net, cache, dY)
    first = copied([map(np.asarray, pair) for pair in given])
    student.backward(other, student.forward(other, X)[1], dY)
    assert alike(given, first), "The slopes of one call changed with the next. Make new arrays in each call."
    second = student.backward(net, cache, dY)
    unchanged("backward(params, cache, dY)", kept, net)
    assert dY.tolist() == [[1.0, -2.0], [0.5, 0.25]], "`backward` changed dY. Make new arrays."
    assert alike(first, second), (
        "A second call with the same cache gave something else. Does `backward` take things out of it, or does a later "
        "`forward` write into it?"
    )
    for size in (1e6, 1e-12):
        for mine, theirs in zip(student.backward(net, cache, size * dY), first, strict=True):
            for part, right in zip(mine, theirs, strict=True):
                ask = f"(expected: {size:g} times the slopes)\nIs something rounded, or cut off?"
                all_close(f"the slopes for {size:g} times dY, divided by it", np.asarray(part) / size, right, ask)
    whole = np.array([[1, 2], [0, -1]]), np.array([[1, 0], [-2, 1]])
    got, as_floats = (slopes(student, copied(net), *(table.astype(kind) for table in whole)) for kind in (int, float))
    for mine, theirs in zip(got, as_floats, strict=True):
        for part, right in zip(mine, theirs, strict=True):
            all_close("the slopes for whole numbers", part, right, "(expected: as for the same numbers as floats)")


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
    assert isinstance(losses, list | tuple | np.ndarray), f"`losses` should be a list; it is {kind_of(losses)}."
    assert len(losses) == steps + 1, (
        f"With steps = {steps}, `losses` has the length {len(losses)}; it should be {steps + 1}: the loss before the "
        "first step, and the loss after each.\nWhere is each of them written down?"
    )
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
    ask = "The slope of the loss in W is -8, in b it is -5. Against the slope, and 0.1 times as far."
    close("losses[0]", losses[0], 6.5, "The first loss is that *before* the first step.")
    all_close("W after one step", W, [[1.8]], ask)
    all_close("b after one step", b, [0.5], ask)
    close("losses[1]", losses[1], 0.7**2 / 2 + 0.9**2 / 2, "The last loss is that of the net which you return.")


@pytest.mark.task("train")
def test_one_step_of_all_layers(student):
    """two layers: every weight and bias takes its step, with the slopes of the start"""
    net, rng = net_of(2, 3, 2), np.random.default_rng(4)
    X, Y = rng.normal(size=(5, 2)), rng.normal(size=(5, 2))
    out, cache = student.forward(copied(net), X)
    grads = student.backward(copied(net), cache, student.dmse(out, Y))
    params, _ = two("train(params, X, Y, 0.5, 1)", student.train(copied(net), X, Y, 0.5, 1), "params, losses")
    for at, (pair, before, slope) in enumerate(zip(params, net, grads, strict=True), start=1):
        for name, got, start, d in zip("Wb", pair, before, slope, strict=True):
            ask = f"(expected: {name} - 0.5 * d{name}, with the slope that your `backward` gives for the start)"
            all_close(f"{name} of layer {at} after one step", got, start - 0.5 * np.asarray(d), ask)
    for _ in range(2):
        again, _ = student.train(copied(net), X, Y, 0.5, 1)
        assert alike(again, params), "Trained again from the same start, another net came. What does `train` keep?"


@pytest.mark.task("train")
def test_steep_and_flat(student):
    """all steps are made in full, where it is steep and where it is nearly flat"""
    for size in (1e6, 1e-6):
        ask = f"All numbers are {size:g} times as large as above. Is a slope rounded or cut off, or a step left out?"
        net = [(np.array([[size]]), np.array([0.0]))]
        params, losses = student.train(net, np.array([[1.0], [2.0]]), size * np.array([[3.0], [5.0]]), 0.1, 3)
        (W, b), said = started(student, 0.1, 3)
        all_close(f"W / {size:g} after three steps", np.asarray(params[0][0]) / size, W, ask)
        all_close(f"b / {size:g} after three steps", np.asarray(params[0][1]) / size, b, ask)
        all_close(f"losses / {size:g}**2", np.array(losses, dtype=float) / size**2, said, ask)


@pytest.mark.task("train")
def test_it_learns(student):
    """many steps, and the loss goes down; with too large a rate it goes up, and the steps are made all the same"""
    (_, _), losses = started(student, 0.1, 50)
    assert losses[-1] < 0.02 * losses[0], f"After 50 steps the loss went from {losses[0]:.3g} to {losses[-1]:.3g}."
    (W, _), losses = started(student, 1.0, 3)
    assert losses[0] < losses[1] < losses[2] < losses[3], "With lr = 1.0 each step jumps too far, and the losses grow."
    all_close("W after 3 steps of 1.0", W, [[237]], "The slopes in W are -8, 47 and -275. Are all steps made?")
    (W, _), losses = started(student, 0.0, 2)
    all_close("W after two steps with lr = 0", W, [[1]], "A rate of 0 moves nothing.")


# ----------------------------------------------------------------------------------------------------- 6 moons


@pytest.mark.task("moons")
def test_slope_of_log_loss(student):
    """the slope in the score, on paper"""
    slope = typed(student, "slope_of_log_loss", ["p", "y"])
    for y, ask in [
        (1, "With y = 1, does the loss fall or grow when the score grows?"),
        (0, "With y = 0 only -ln(1 - p) is left. Does it fall or grow when the score grows?"),
    ]:

        def loss(z, y=y):
            p = 1 / (1 + math.exp(-z))
            return -y * math.log(p) - (1 - y) * math.log(1 - p)

        h = 1e-5
        measured = (loss(0.3 + h) - loss(0.3 - h)) / (2 * h)
        got = slope(p=1 / (1 + math.exp(-0.3)), y=y)
        agrees("slope_of_log_loss", got, measured, f"p = 0.5744, y = {y} (the score 0.3)", ask)


@pytest.mark.task("moons")
def test_fit(student):
    """a net that learns moons like yours, and starts with numbers from rng"""
    student.if_it_raises = (
        "Is `y` a column where it meets the scores? It is (n,) and they are (n, 1); y[:, None] is (n, 1)."
    )
    X, y = moons(60, np.random.default_rng(8), **student.my_moons)
    kept, rng = (X.copy(), y.copy()), np.random.default_rng(1)
    params, losses = two("fit(X, y, rng)", student.fit(X, y, rng), "params, losses")
    same = np.array_equal(X, kept[0]) and np.array_equal(y, kept[1])
    assert same, "`fit` changed X or y. Make new arrays."
    assert len(losses) >= 2, "`losses` should hold at least the first and the last loss."
    close("losses[-1]", losses[-1], losses[-1])
    assert losses[-1] < losses[0], (
        f"The loss went from {losses[0]:.3g} to {losses[-1]:.3g}. Print the first five: do they fall? If not, check "
        "the slope of the last bias first."
    )
    z = np.ravel(student.forward(params, X)[0])
    assert len(z) == 60, f"`forward(params, X)` gave {len(z)} scores for 60 points. One output, please."
    right = int(((z > 0) == (y == 1)).sum())
    assert right >= 57, f"Of the 60 points that it learned, it is right on {right}. It should be right on at least 57."
    loss = float(np.logaddexp(0, np.where(y == 1, -z, z)).mean())
    ask = "(expected: the mean of -ln(p) where y is 1 and -ln(1 - p) where y is 0, for the net that you return)"
    assert abs(losses[-1] - loss) < 1e-6 * max(1, loss), (
        f"`losses[-1]` is {losses[-1]:.6g}, expected {loss:.6g}.\n{ask}"
    )
    drawn_from_rng = rng.bit_generator.state != np.random.default_rng(1).bit_generator.state
    assert drawn_from_rng, "`fit` drew nothing from `rng`. Where do the first weights come from?"


@pytest.mark.task("moons")
def test_boundary_plot(student):
    """the points, and a line where the score is 0"""
    import matplotlib.pyplot as plt

    # a net that says 0 on a bent line from the left of all points to their right
    net = [(np.array([[1.0, 0.0], [0.0, 0.5]]), np.array([0.3, 0.0])), (np.array([[1.0], [3.0]]), np.array([-0.2]))]
    X, y = np.array([[-2.5, -1.5], [2.0, 1.5], [0.5, 1.0]]), np.array([0.0, 1.0, 1.0])
    try:
        (ax,) = drawn("boundary_plot(params, X, y)", student.boundary_plot(net, X, y), 1)
        dots = [c.get_offsets() for c in ax.collections if not hasattr(c, "levels")]
        dots += [line.get_xydata() for line in ax.get_lines()]
        found = np.concatenate([np.empty((0, 2)), *dots])
        for point in X:
            assert np.isclose(found, point).all(axis=1).any(), f"I find no dot at the point {point} of X."
        sets = [c for c in ax.collections if hasattr(c, "levels") and not c.filled]
        assert sets, "I find no line made with `ax.contour` (`ax.contourf` fills areas; draw the line as well)."
        problems = [_off_the_boundary(student, net, X, contours) for contours in sets]
        assert None in problems, problems[0]
    finally:
        plt.close("all")


def _off_the_boundary(student, net, X, contours):
    """What keeps one call of `contour` from showing where the score is 0; None if nothing does."""
    if len(contours.levels) > 3:
        return f"A contour of {len(contours.levels)} heights does not show which of them is 0. Ask for levels=[0]."
    lines = [path.vertices for path in contours.get_paths() if len(path.vertices)]
    if not lines:
        return "The contour is empty. Is the level 0, and does the grid cover all of X?"
    off = [float(np.abs(student.forward(net, places)[0]).max()) for places in lines]
    places = lines[off.index(min(off))]
    if min(off) > 0.05:
        return "The line is not where the score is 0. Is it level 0? Are xx and yy the right way round?"
    if places[:, 0].min() > X[0, 0] + 0.05 or places[:, 0].max() < X[1, 0] - 0.05:
        return "The line ends among the points. Does the grid cover all of X?"
    if len(places) < 48:
        return "The line is coarse. Has the grid 50 × 50 places or more?"
    return None


# ----------------------------------------------------------------------------------------------- 7 two_engines


@pytest.mark.task("two_engines")
def test_both_engines_agree(student):
    """your Value and your backward say the same"""
    rng = np.random.default_rng(1)
    for sizes in [(2, 3, 1), (2, 2, 2)]:
        net, X, Y = net_of(*sizes), rng.normal(size=(3, 2)), rng.normal(size=(3, sizes[-1]))
        made, count = counted(student, net, X, Y)
        shapes = [((i, o), (o,)) for i, o in pairwise(sizes)]
        got = pairs("value_grads(params, X, Y)", made, shapes, "(dW, db)")
        leaves = sum(W.size + b.size for W, b in net)
        assert count is None or count >= leaves, (
            f"`value_grads` made {count} Values for a net of {leaves} weights and biases. Each of them becomes a "
            "`Value(...)`, and each row is multiplied by each weight."
        )
        out, cache = student.forward(net, X)
        right = student.backward(net, cache, student.dmse(out, Y))
        for at, (mine, theirs) in enumerate(zip(got, right, strict=True), start=1):
            for name, found, other in zip(("dW", "db"), mine, theirs, strict=True):
                same_slopes(f"{name} of layer {at}, by Value", found, np.asarray(other), len(X))


def counted(student, net, X, Y):
    """What value_grads gives, and how many Values it made; None where Value is not a class."""
    made = student.Value
    if not isinstance(made, type):
        return student.value_grads(net, X, Y), None
    count, plain = 0, made.__init__

    def init(self, *args, **named):
        nonlocal count
        count += 1
        plain(self, *args, **named)

    made.__init__ = init
    try:
        return student.value_grads(net, X, Y), count
    finally:
        made.__init__ = plain


def same_slopes(what, found, other, rows):
    """The slopes by Value are those by matrices; if not, say by which factor they differ."""
    with np.errstate(all="ignore"):
        ratio = np.asarray(found, dtype=float) / other
    ask = "Is the tanh there between the layers, and not after the last? Is the loss the mean of the squares?"
    if np.allclose(ratio, ratio.flat[0], rtol=1e-6) and abs(ratio.flat[0] - 1) > 1e-6:
        ask = (
            f"It is {ratio.flat[0]:.4g} times as much, everywhere: there are {rows} rows. Mean or sum, and over what? "
            "And squared?"
        )
    all_close(what, found, other, f"(expected: what your backward says)\n{ask}")


# ------------------------------------------------------------------------------------------------ 8 fit_digits


@functools.cache
def real_digits():
    """(X, y) to learn from, (X, y) held back, as in the notebook."""
    return digits(str(Path(__file__).with_name("digits.csv.gz")))


def reader(student, seed, steps=150):
    """A net that the student's fit_digits trains on 500 digits, which are called by other names; and those names."""
    (X, y), _ = real_digits()
    names = np.random.default_rng(seed).permutation(10)
    made = student.fit_digits(X[:500].copy(), names[y[:500]], np.random.default_rng(seed), steps)
    params, losses = two("fit_digits(X, y, rng, steps)", made, "params, losses")
    return params, losses, names


@pytest.mark.task("fit_digits")
def test_losses_of_the_mini_batches(student):
    """a loss for each step: the cross-entropy of that mini-batch"""
    _, losses, _ = reader(student, 1, steps=3)
    assert len(losses) == 3, f"With steps = 3 `losses` holds {len(losses)} numbers; it should be one for each step."
    close("losses[0]", losses[0], losses[0])
    (X, y), _ = real_digits()
    X, y = np.tile(X[:1], (40, 1)), np.tile(y[:1], 40)  # 40 times the same digit: each mini-batch is the same
    params, losses = student.fit_digits(X, y, np.random.default_rng(2), 1)
    _, again = student.fit_digits(X, y, np.random.default_rng(2), 2)
    z = np.asarray(student.forward(params, X[:1])[0], dtype=float)
    assert z.shape == (1, 10), f"For one image the net gives scores of the shape {z.shape}, expected (1, 10)."
    assert again[0] == losses[0], "The same seed gave another start. Does all chance come from `rng`?"
    right = float(np.log(np.exp(z[0] - z.max()).sum()) + z.max() - z[0, y[0]])
    ask = (
        "(expected: the cross-entropy after one step; all 40 rows here are the same digit, so each mini-batch is, too)"
        "\nIs each loss that of the rows of its own step, before anything moves?"
    )
    close("losses[1]", again[1], right, ask)
    (X, y), _ = real_digits()
    params, _, names = reader(student, 1, steps=1)
    Z = np.asarray(student.forward(params, X[:500])[0], dtype=float)
    of_all = np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(500), names[y[:500]]])
    assert not np.isclose(reader(student, 1, steps=2)[1][1], of_all, rtol=1e-9, atol=0), (
        "losses[1] is the loss on all 500 rows. Which rows does that step look at?"
    )


@pytest.mark.task("fit_digits")
def test_another_seed_another_net(student):
    """all chance comes from rng, and X and y stay as they were"""
    X, y = (part[:60].copy() for part in real_digits()[0])
    kept = X.copy(), y.copy()
    nets = [student.fit_digits(X, y, np.random.default_rng(seed), 2)[0] for seed in (1, 2)]
    same = np.array_equal(X, kept[0]) and np.array_equal(y, kept[1])
    assert same, "`fit_digits` changed the X or the y that it was given. Make new arrays."
    first, other = (np.asarray(net[0][0]) for net in nets)
    assert first.shape != other.shape or not np.array_equal(first, other), (
        "Two generators with different seeds gave the same net. Does all chance come from `rng`?"
    )


@pytest.mark.task("fit_digits")
def test_it_reads(student):
    """it reads digits that it has never seen, whatever they are called"""
    params, _, names = reader(student, 3)
    _, (X, y) = real_digits()
    right = int((np.asarray(student.forward(params, X)[0]).argmax(axis=1) == names[y]).sum())
    assert right >= 306, (
        f"After 150 steps on 500 digits it reads {right} of 360 others; it should be at least 306.\n"
        "Do the losses fall? Are new rows drawn in each step? Do X[rows] and y[rows] use the same rows?"
    )


# ------------------------------------------------------------------------------------------------- 9 own_digit

EXAMPLE = "..###... .##.##.. .....#.. ....##.. ...##... ..##.... .#####.. .#####.."


@pytest.mark.task("own_digit")
def test_a_drawing_becomes_numbers(student):
    """64 numbers, row by row"""
    lines = ["#......+", "........", ".+......", "........", "........", "........", "........", "......#."]
    student.if_it_raises = (
        "The line ends are characters of the text, too: drawing.split() gives the lines without them."
    )
    right = np.zeros(64)
    right[[0, 7, 17, 62]] = 1, 0.5, 0.5, 1
    for text in ("\n".join(lines), "\n  " + "\n  ".join(lines) + "\n"):
        ask = "Ink is at the places 0 and 62, grey at 7 and 17: the first line first, from left to right."
        all_close("as_numbers(drawing)", student.as_numbers(text), right, ask)


@pytest.mark.task("own_digit")
def test_a_digit_of_your_own(student):
    """your drawing has eight lines of eight characters, and your nets read it"""
    drawing, digit = student.value("my_drawing"), student.value("my_digit")
    assert isinstance(drawing, str), '`my_drawing` is not a text yet: write it between three quotes, """ ... """.'
    lines = drawing.split()
    assert len(lines) == 8, f"`my_drawing` has {len(lines)} line{'s' * (len(lines) != 1)}; it should be 8."
    for at, line in enumerate(lines, start=1):
        assert len(line) == 8, f"Line {at} of `my_drawing` has {len(line)} characters, expected 8: {line}"
        assert set(line) <= set("#+."), f"Line {at} of `my_drawing` has other characters than # + . in it: {line}"
    assert lines != EXAMPLE.split(), "That is the 2 of the text. Draw one of your own."
    whole = isinstance(digit, int) and not isinstance(digit, bool) and 0 <= digit <= 9
    assert whole, "`my_digit` should be a whole number from 0 to 9: which digit did you draw?"
    image, said = np.array([[{"#": 1.0, "+": 0.5, ".": 0.0}[mark] for line in lines for mark in line]]), []
    for seed in (4, 5, 6):
        params, _, names = reader(student, seed)
        said.append(int(np.argsort(names)[np.asarray(student.forward(params, image)[0]).argmax()]))
    assert said.count(digit) == 3, (
        f"You drew a {digit}. Three nets, trained by your `fit_digits`, read it as {said[0]}, {said[1]} and {said[2]}."
        f"\nIs it a {digit} that you drew? Then draw it larger, in the middle, as in the images at the top. "
        "(When it is graded, two of three are enough.)"
    )
