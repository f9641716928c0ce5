"""Hidden tests of `mlp_training`. A docstring is what the student reads: words, never a hidden number.

Theory of operation. The truth is computed here, by a forward pass of our own and a complex step through it, which has
no rounding to speak of. What the learner wrote is tried as it stands. Where it fails, it is tried once more with ours
in the place of what it builds on (`standing_in`: callbacks under the same names), so that a slip in `forward` costs
its points in `forward` and not again in `train`. For the second engine, our `Tape` stands in the place of the learner's
`Value`: over there are shells with a number, and the graph grows here, where nobody can touch it.
"""

import contextlib
import functools
import math
from itertools import pairwise

import numpy as np
import pytest
from kit import variant
from kit.data import moons

from grader.testing import Hint, StudentError, answer, array, axes, choices, letter, listed, number, symbolic

ODD = (AssertionError, StudentError)  # what an answer that is not right yet may end in


# ----------------------------------------------------------------------------------------- a net of our own


def net_of(seed, *sizes):
    """Weights and biases at random, none of them special."""
    rng = np.random.default_rng(seed)
    shapes = pairwise(sizes)
    return [(rng.normal(size=(i, o)) / np.sqrt(i), rng.normal(scale=0.5, size=o)) for i, o in shapes]


def outputs(params, X):
    """Each layer's input, and the output."""
    inputs = [np.asarray(X)]
    for W, b in params[:-1]:
        inputs.append(np.tanh(np.einsum("ni,io->no", inputs[-1], W) + b))
    W, b = params[-1]
    return inputs, np.einsum("ni,io->no", inputs[-1], W) + b


def true_slopes(params, loss):
    """The slope of loss(params) by every number in params, by a complex step: exact to rounding."""
    slopes = []
    for at, pair in enumerate(params):
        both = []
        for which in (0, 1):
            table = np.empty(pair[which].shape)
            for place in np.ndindex(table.shape):
                moved = [[np.array(part, dtype=complex) for part in one] for one in params]
                moved[at][which][place] += 1e-30j
                table[place] = loss(moved).imag / 1e-30
            both.append(table)
        slopes.append(tuple(both))
    return slopes


def true_mse(params, X, Y):
    """The mean squared error; complex numbers welcome."""
    return ((outputs(params, X)[1] - Y) ** 2).mean()


def trained(params, X, Y, lr, steps):
    """Our own training: the params after `steps` steps, and all losses."""
    losses = [float(true_mse(params, X, Y))]
    for _ in range(steps):
        slopes = true_slopes(params, lambda moved: true_mse(moved, X, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes, strict=True)]
        losses.append(float(true_mse(params, X, Y)))
    return params, losses


# What is the same for every student is computed once: nothing of it is changed, and what is handed over is a copy.


@functools.cache
def lesson(seed, n, *sizes):
    """A net, and inputs and targets for it."""
    rng = np.random.default_rng(seed)
    return net_of(seed, *sizes), rng.normal(size=(n, sizes[0])), rng.normal(size=(n, sizes[-1]))


@functools.cache
def lesson_slopes(seed, n, *sizes):
    """The true slopes of the mean squared error of a lesson."""
    net, X, Y = lesson(seed, n, *sizes)
    return true_slopes(net, lambda moved: true_mse(moved, X, Y))


@functools.cache
def lesson_trained(seed, n, sizes, lr, steps):
    """Our own training in a lesson: the params at the end, and all losses."""
    return trained(*lesson(seed, n, *sizes), lr, steps)


# ------------------------------------------------------------------------ ours in the place of the learner's

SWAP = """(lambda kept: lambda: [space.update(old) for space, old in kept] and None)(
    [(space, [{name: space.get(name) for name in names}, space.update(names)][0])
     for space in (globals(), getattr(function, '__globals__', {}))])"""


@contextlib.contextmanager
def standing_in(student, name, **ours):
    """While it lasts, the student's function `name` finds ours under these names."""
    restore = student.function(SWAP, "function, names").apply(student.value(name), ours)
    try:
        yield
    finally:
        restore.apply()


def once_more(student, name, attempt, **ours):
    """`attempt()`, and where it fails, again with ours standing in for what the student's `name` builds on."""
    try:
        return attempt()
    except ODD:
        with standing_in(student, name, **ours):
            return attempt()


def our_layer(X, W, b):
    """The layer of unit 3."""
    return X @ W + b


def our_vjp(X, W, b, dY):
    """Its way back."""
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def our_net():
    """forward, backward, mse, dmse and init_params of ours, for functions that are built on them."""
    kept = []

    def forward(params, X):
        inputs, out = outputs(params, X)
        kept.append(inputs)
        return out, len(kept) - 1

    def backward(params, cache, dout):
        slopes = []
        for (W, _), a in zip(reversed(params), reversed(kept[cache]), strict=True):
            slopes.append((a.T @ dout, dout.sum(axis=0)))
            dout = dout @ W.T * (1 - a * a)
        return slopes[::-1]

    def init_params(sizes, rng):
        return [(W, 0 * b) for W, b in net_of(1, *sizes)]

    return {
        "forward": forward,
        "backward": backward,
        "init_params": init_params,
        "mse": lambda P, Y: float(np.mean((P - Y) ** 2)),
        "dmse": lambda P, Y: 2 * (P - Y) / P.size,
    }


# ---------------------------------------------------------------------------------- what came back, in words


def shapes_of(params):
    return [(W.shape, b.shape) for W, b in params]


def pairs(found, shapes, names=("dW", "db")):
    """`found` as a list of pairs of arrays in these shapes."""
    made = []
    for at, (item, wanted) in enumerate(zip(listed(found, len(shapes)), shapes, strict=True), start=1):
        two = listed(item, 2, what=f"layer {at}")
        made.append(
            tuple(
                array(one, shape=shape, what=f"{name} of layer {at}")
                for one, shape, name in zip(two, wanted, names, strict=True)
            )
        )
    return made


def agree(found, truth, rows, rel=1e-8):
    """The slopes, layer by layer; a Hint says which are right, and how the others are off."""
    right, wrong, ratios = [], [], []
    for at, (mine, theirs) in enumerate(zip(found, truth, strict=True), start=1):
        for name, one, true in zip(("dW", "db"), mine, theirs, strict=True):
            place = f"{name} of layer {at}"
            if np.allclose(one, true, rtol=rel, atol=rel * np.abs(true).max()):
                right.append(place)
                continue
            wrong.append(place)
            ratio = float((one * true).sum() / (true * true).sum())
            ratios.append(ratio if np.allclose(one, ratio * true, rtol=1e-6, atol=1e-9) else math.nan)
    if wrong:
        raise Hint(" ".join([_off(ratios, rows), _where(right, wrong)]).strip())


def parallel(found, true, rel=1e-8):
    """Whether one is the other, but perhaps for a factor."""
    ratios = found / true
    return bool(ratios.all()) and np.ptp(ratios) < rel * np.abs(ratios).max()


def some_parallel(found, truth, rel=1e-8):
    """Whether the slopes of some weights or biases are right, but perhaps for a factor."""
    both = [(x, y) for one, two in zip(found, truth or [], strict=False) for x, y in zip(one, two, strict=True)]
    return any(parallel(x, y, rel) for x, y in both)


def _off(ratios, rows):
    known = {
        -1.0: "They are exactly turned around: where does the minus come from?",
        2.0: "They are exactly twice what they should be.",
        0.5: "They are exactly half of what they should be.",
        float(rows): "They are off by exactly n, the number of rows: which side takes the mean?",
        1 / rows: "They are off by exactly 1/n, n the number of rows: the mean belongs to the loss, and only once.",
        0.0: "They are all 0.",
    }
    return next((says for ratio, says in known.items() if np.allclose(ratios, ratio, rtol=1e-6, atol=1e-9)), "")


def _where(right, wrong):
    if not right:
        return "No layer's slopes are right yet: begin with the last layer."
    return f"{', '.join(right)}: right. Not yet: {', '.join(wrong)}. What lies between them?"


# ------------------------------------------------------------------------------------------------------ mse


def tables(seed, *shape):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape), rng.normal(size=shape)


@pytest.mark.task("mse", weight=2)
def test_mse_is_the_mean_over_all_entries(student):
    """mse: the mean of the squared errors over all entries, rows and columns, is one plain number."""
    cases = [tables(1, 5, 3), tables(2, 7, 2), tables(3, 1, 4), tables(4, 6, 1), tables(5, 6)]
    for found, (P, Y) in [(student.mse(P, Y), (P, Y)) for P, Y in cases]:
        number(found, float(((P - Y) ** 2).sum() / P.size))


@functools.cache
def true_dmse(seed, *shape):
    P, Y = tables(seed, *shape)
    return true_slopes([(P, Y)], lambda moved: ((moved[0][0] - Y) ** 2).mean())[0][0]


@pytest.mark.task("mse", weight=2)
def test_dmse_is_the_slope_of_each_entry(student):
    """dmse: how fast the mean grows with each prediction, in a table of their shape."""
    cases = [(6, 5, 3), (7, 7, 2), (8, 1, 4), (9, 6, 1), (10, 6)]
    found = [student.dmse(*tables(*case)) for case in cases]
    for slopes, case in zip(found, cases, strict=True):
        P, Y = tables(*case)
        agree([(array(slopes, shape=P.shape), Y)], [(true_dmse(*case), Y)], len(P))


@pytest.mark.task("mse")
def test_other_shapes_raise_a_value_error(student):
    """Predictions of the shape (n, 1) and targets of the shape (n,) are refused, and so are any two shapes."""
    P, Y = tables(11, 4, 2)
    number(student.mse(P, Y))
    array(student.dmse(P, Y), shape=P.shape)
    for one, other in [((5, 1), (5,)), ((4,), (4, 1)), ((3, 2), (1, 2)), ((3, 2), (2,)), ((6,), ())]:
        for name in ("mse", "dmse"):
            with student.raises("ValueError"):
                getattr(student, name)(np.ones(one), np.zeros(other))


@pytest.mark.task("mse")
def test_perfect_predictions_and_whole_numbers(student):
    """Where all predictions are right the loss is 0 and so are the slopes; whole numbers are welcome."""
    P = np.array([[1, -2], [3, 4], [0, 5]])
    found = [student.mse(P, P), student.dmse(P, P), student.mse(P, 0 * P), student.dmse(P, 0 * P)]
    number(found[0], 0)
    array(found[1], 0.0 * P)
    assert number(found[2]) > 0
    assert np.array_equal(np.sign(array(found[3], shape=P.shape)), np.sign(P))


@pytest.mark.task("mse")
def test_mse_and_dmse_change_nothing(student):
    """Predictions and targets stay as they were."""
    P, Y = tables(12, 4, 3)
    found = []
    for name, shape in [("mse", ()), ("dmse", P.shape)]:
        made, *after = student.eval(f"({name}(P, Y), P, Y)", P=P, Y=Y)
        found.append(array(made, shape=shape, what=name))
        assert np.array_equal(after, [P, Y])
    # else anything would earn this; whether both are right is asked above
    assert np.isclose(found[0], ((P - Y) ** 2).mean()) or parallel(found[1], P - Y)


@pytest.mark.task("mse", weight=2)
def test_the_slope_of_one_entry_on_paper(student):
    """slope_of_entry: the slope of the loss by one prediction."""
    wrong = {
        "(p - y)/(n*k)": "slope_of_entry: the square has a slope of its own. Where is its 2?",
        "2*(p - y)/n": "slope_of_entry: which mean does the text ask for? Over how many entries?",
        "2*(p - y)": "slope_of_entry: that is the slope of one square. And of the mean of n*k squares?",
        "2*(y - p)/(n*k)": "slope_of_entry: say p is above y. Does the loss grow or shrink if p grows?",
        "(p - y)^2/(n*k)": "slope_of_entry: that is its part of the loss. How fast does it change with p?",
        "2*p/(n*k)": "slope_of_entry: what became of the target?",
    }
    symbolic(
        student,
        "slope_of_entry",
        "2*(p - y)/(n*k)",
        ["p", "y", "n", "k"],
        wrong=wrong,
        question="(p - y)^2/(n*k)",
        variable="p",
        form="no derivative",
    )


# ---------------------------------------------------------------------------------------------- init_params

SIZES = choices(__file__)["SIZES"]


def generator(student, seed):
    """A numpy generator over there, made by the plain recipe of the text."""
    return student.eval("__import__('numpy').random.default_rng(seed)", seed=seed)


def started(student, sizes, seed=3):
    shapes = [((i, o), (o,)) for i, o in pairwise(sizes)]
    return pairs(student.init_params(sizes, generator(student, seed)), shapes, ("W", "b"))


@pytest.mark.task("init_params", weight=2)
def test_one_pair_for_each_layer(student):
    """A pair (W, b) for each layer, W of the shape (din, dout) and b of the shape (dout,), for one layer or many."""
    for sizes in ([4, 2], [3, 5, 2], [2, 7, 3, 1], [6, 5, 4, 3, 2], [1, 2, 3, 4, 5, 6]):
        started(student, sizes)


@pytest.mark.task("init_params", weight=2)
def test_spread_of_the_weights(student):
    """In wide layers and in narrow ones, the weights lie around 0, with the spread 1/√din."""
    sizes = [200, 60, 10, 150, 6]  # 5 standard errors of the spread of 600 weights are 0.14 of it
    for (W, _), din in zip(started(student, sizes), sizes[:-1], strict=True):
        assert np.std(W) == pytest.approx(1 / np.sqrt(din), rel=0.2)
        assert abs(W.mean()) < 5 / np.sqrt(din * W.size)


@pytest.mark.task("init_params")
def test_weights_are_normal_and_all_different(student):
    """No two weights are the same, and their distribution is the normal one, with few far out."""
    ((W, _),) = started(student, [120, 90])
    near = [np.mean(np.abs(W) < times * np.std(W)) for times in (1, 2)]
    assert len(np.unique(W)) == W.size
    assert near == pytest.approx([0.6827, 0.9545], abs=5 * 0.5 / np.sqrt(W.size))


@pytest.mark.task("init_params")
def test_biases_start_at_zero(student):
    """All biases are 0, and the weights are not."""
    for W, b in started(student, [3, 6, 4, 2]):
        assert not b.any()
        assert W.any()


@pytest.mark.task("init_params", weight=2)
def test_all_chance_comes_from_rng(student):
    """The same seed makes the same net, another seed or a second call another one; nothing else is drawn or seeded."""
    shapes = [((3, 4), (4,)), ((4, 2), (2,))]
    rng = generator(student, 5)
    made = [student.init_params([3, 4, 2], one) for one in (rng, rng, generator(student, 5), generator(student, 6))]
    first, second, again, other = ([W for W, _ in pairs(one, shapes, ("W", "b"))] for one in made)
    assert all(np.array_equal(one, same) for one, same in zip(first, again, strict=True))
    assert not any(np.array_equal(one, same) for one, same in zip(first, second, strict=True))
    assert not any(np.array_equal(one, same) for one, same in zip(first, other, strict=True))
    text = "(random.seed(9), init_params([3, 4, 2], rng), random.random())[2]"
    rest = student.eval(text, random=student.eval("__import__('numpy').random"), rng=generator(student, 5))
    assert rest == np.random.RandomState(9).random()


@pytest.mark.task("init_params")
def test_sizes_stay_as_they_were(student):
    """The list of sizes is not changed."""
    made, after = student.eval("(init_params(sizes, rng), sizes)", sizes=[3, 4, 2], rng=generator(student, 5))
    pairs(made, [((3, 4), (4,)), ((4, 2), (2,))], ("W", "b"))
    assert after == [3, 4, 2]


@pytest.mark.task("init_params", weight=2)
def test_how_many_numbers_your_net_learns(student):
    """my_count: the weights and the biases of all layers of your net."""
    found = number(answer(student, "my_count"), what="my_count")
    sizes = variant("init_params", SIZES, student=student.id)["sizes"]
    weights = sum(i * o for i, o in pairwise(sizes))
    if found == weights:
        raise Hint("my_count: each layer has biases, too.")
    if found == weights + sum(sizes):
        raise Hint("my_count: the inputs have no bias. Which units have one?")
    assert found == weights + sum(sizes[1:])


ZEROS = {
    "a": "why_zeros: at 0 tanh is at its steepest; look at the slope there. What comes in at the second layer?",
    "b": "why_zeros: the targets are not 0, and the predictions are. Is there nothing to gain?",
    "d": "why_zeros: how large is the slope of a weight of the last layer, if tanh(0) comes in?",
}


@pytest.mark.task("init_params", weight=2)
def test_why_zeros_never_learn(student):
    """why_zeros: a weight's slope is what comes in times what comes back."""
    letter(student, "why_zeros", "c", ZEROS)


@pytest.mark.task("init_params")
def test_prediction_about_zeros(student):
    """after_zeros: a wrong prediction costs nothing if why_zeros is right."""
    if _chosen(student, "why_zeros") != "c" or _chosen(student, "after_zeros") not in ("a", "b", "c", "d"):
        asks = {
            "b": "after_zeros: to become any number, a weight needs a slope. What is multiplied to make it?",
            "c": "after_zeros: into the second layer goes tanh(0). What is a slope that has it as a factor?",
            "d": "after_zeros: two hidden units that start alike get the same slopes. What would ever part them?",
        }
        letter(student, "after_zeros", "a", asks)


def _chosen(student, name):
    found = answer(student, name)
    return found.strip().lower() if isinstance(found, str) else ""


# -------------------------------------------------------------------------------------------------- forward

FIRST_OF_TWO = "(lambda made: made[0] if isinstance(made, (tuple, list)) and len(made) == 2 else None)"


def out_of(student, net, X):
    found = student.eval(f"{FIRST_OF_TWO}(forward(net, X))", net=net, X=X)
    if found is None:
        raise Hint("forward should give two things: `return out, cache`.")
    return found


def forwards(student, net, X):
    """The student's `out` is ours."""
    _, right = outputs(net, X)
    once_more(student, "forward", lambda: array(out_of(student, net, X), right), layer=our_layer)


@pytest.mark.task("forward")
def test_forward_by_hand(student):
    """Two inputs, two hidden units, one output: as computed by hand."""
    net = [
        (np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([0.5, -0.5])),
        (np.array([[1.5], [-2.0]]), np.array([0.75])),
    ]
    x, y = 0.8, -0.3
    by_hand = 1.5 * math.tanh(0.5 * x + 2 * y + 0.5) - 2 * math.tanh(-x + 0.25 * y - 0.5) + 0.75
    once_more(student, "forward", lambda: array(out_of(student, net, np.array([[x, y]])), [[by_hand]]), layer=our_layer)


@pytest.mark.task("forward")
def test_one_layer_is_weighted_sums(student):
    """A net of one layer is weighted sums and nothing else."""
    forwards(student, net_of(21, 3, 2), np.random.default_rng(21).normal(size=(5, 3)))
    forwards(student, net_of(22, 4, 1), np.random.default_rng(22).normal(size=(3, 4)))


@pytest.mark.task("forward", weight=2)
def test_many_layers(student):
    """Two, three and four layers of different sizes."""
    for seed, n, sizes in [(23, 5, (3, 4, 2)), (24, 7, (2, 5, 4, 3)), (25, 3, (4, 6, 3, 5, 2))]:
        forwards(student, net_of(seed, *sizes), np.random.default_rng(seed).normal(size=(n, sizes[0])))


@pytest.mark.task("forward")
def test_the_output_can_be_any_number(student):
    """The last layer has no tanh: outputs may be far from 0."""
    net = [(3 * W, 9 * b) for W, b in net_of(26, 3, 5, 2)]
    forwards(student, net, np.random.default_rng(26).normal(size=(4, 3)))


@pytest.mark.task("forward")
def test_a_single_row(student):
    """One row goes in, and one row comes out, also where there is a single output."""
    forwards(student, net_of(27, 3, 4, 2), np.random.default_rng(27).normal(size=(1, 3)))
    forwards(student, net_of(28, 2, 3, 1), np.random.default_rng(28).normal(size=(1, 2)))
    forwards(student, net_of(29, 2, 4, 3, 1), np.random.default_rng(29).normal(size=(6, 2)))


@pytest.mark.task("forward")
def test_forward_changes_nothing(student):
    """params and X stay as they were, and a second call gives the same."""
    net, X = net_of(30, 3, 4, 2), np.random.default_rng(30).normal(size=(5, 3))
    text = f"({FIRST_OF_TWO}(forward(net, X)), {FIRST_OF_TWO}(forward(net, X)), net, X)"

    def attempt():
        one, two, net_after, X_after = student.eval(text, net=net, X=X)
        one = array(one, shape=(5, 2))
        assert np.ptp(one) > 0
        assert is_a_net(student, net, X)  # else what came in, given back, would earn this
        assert np.array_equal(one, array(two))
        assert same_net(net_after, net)
        assert np.array_equal(X_after, X)

    once_more(student, "forward", attempt, layer=our_layer)


def is_a_net(student, net, X):
    """Whether it does not matter what a unit says to which nobody listens: so it is in every net, whatever its slip."""
    rng = np.random.default_rng(19)
    if np.allclose(out_of(student, net, X), out_of(student, net, X[:, ::-1] + 1)):
        return False  # it looks at no X at all
    for at in range(len(net)):
        unit = int(rng.integers(len(net[at][0])))
        found = []
        for _ in range(2):
            layers, rows = [(W.copy(), b.copy()) for W, b in net], X.copy()
            layers[at][0][unit] = 0
            says = rows[:, unit] if at == 0 else layers[at - 1][0][:, unit]
            says[:] = rng.normal(size=says.shape)
            found.append(array(out_of(student, layers, rows), shape=(len(X), len(net[-1][1]))))
        if not np.allclose(*found):
            return False
    return True


def same_net(found, net):
    kept = pairs(found, shapes_of(net), ("W", "b"))
    return all(np.array_equal(x, y) for one, two in zip(kept, net, strict=True) for x, y in zip(one, two, strict=True))


# ------------------------------------------------------------------------------------------------- backward


def slopes_of(student, net, X, dout):
    text = "backward(net, forward(net, X)[1], dout)"
    return pairs(student.eval(text, net=net, X=X, dout=dout), shapes_of(net))


@functools.cache
def way_back(seed, n, *sizes, scale=1.0):
    """A net, its inputs, what comes back to its outputs, and the true slopes."""
    net, X, dout = lesson(seed, n, *sizes)
    dout = scale * dout
    return net, X, dout, true_slopes(net, lambda moved: (outputs(moved, X)[1] * dout).sum())


def backwards(student, seed, n, *sizes, scale=1.0):
    """The student's slopes are the true ones: of the true net, or, where `forward` has a slip, of the student's own."""
    net, X, dout, truth = way_back(seed, n, *sizes, scale=scale)

    def attempt():
        agree(slopes_of(student, net, X, dout), truth, n)

    try:
        once_more(student, "backward", attempt, layer=our_layer, vjp_linear=our_vjp)
    except ODD:
        theirs = slopes_of_a_net_with_a_slip(student, net, X, dout)
        if theirs is None:
            raise
        agree(slopes_of(student, net, X, dout), theirs, n, rel=1e-5)


def slopes_of_a_net_with_a_slip(student, net, X, dout):
    """Slopes of the student's own `forward`, measured, where it has a slip and is a net all the same; else None.

    A net uses every one of its numbers, layer after layer, and with a hidden layer it is bent. What is less, such as a
    sum of all numbers, would be too easy.
    """

    def out(params, X):
        return array(out_of(student, params, X), shape=dout.shape)

    found = out(net, X)
    if np.allclose(found, outputs(net, X)[1]):
        return None
    measured, h = [], 1e-5
    for at, pair in enumerate(net):
        both = []
        for which in (0, 1):
            table = np.empty(pair[which].shape)
            for place in np.ndindex(table.shape):
                sums = []
                for step in (h, -h):
                    moved = [[part.copy() for part in one] for one in net]
                    moved[at][which][place] += step
                    sums.append((out([tuple(one) for one in moved], X) * dout).sum())
                table[place] = (sums[0] - sums[1]) / (2 * h)
            both.append(table)
        measured.append(tuple(both))
    uses_all = all(np.abs(part).max() > 1e-6 for both in measured for part in both)
    straight = np.allclose(out(net, 2 * X) - found, found - out(net, 0 * X))
    return measured if uses_all and (len(net) == 1 or not straight) and is_a_net(student, net, X) else None


@pytest.mark.task("backward", weight=2)
def test_back_through_one_layer(student):
    """One layer: its slopes are those of unit 3, for any dout."""
    backwards(student, 31, 6, 4, 3)
    backwards(student, 32, 5, 3, 1, scale=7.0)


@pytest.mark.task("backward", weight=3)
def test_back_through_two_layers(student):
    """Two layers of different sizes, with a tanh between them."""
    backwards(student, 33, 6, 3, 5, 2)
    backwards(student, 34, 3, 4, 2, 7, scale=0.2)


@pytest.mark.task("backward", weight=2)
def test_back_through_three_and_four_layers(student):
    """Three and four layers, all of different sizes: every bend counts once."""
    backwards(student, 35, 7, 3, 5, 4, 2)
    backwards(student, 36, 8, 2, 6, 4, 5, 3)


@pytest.mark.task("backward")
def test_back_from_a_single_row_and_through_equal_sizes(student):
    """A single row; and layers that are all of one size, where a wrong transpose fits."""
    backwards(student, 37, 1, 3, 4, 2)
    backwards(student, 38, 3, 3, 3, 3)


@pytest.mark.task("backward")
def test_back_from_the_loss(student):
    """From the mean squared error back to every weight and bias."""
    net, X, Y = lesson(39, 5, 3, 4, 2)

    def attempt():
        out = array(out_of(student, net, X), shape=Y.shape)
        agree(slopes_of(student, net, X, 2 * (out - Y) / Y.size), lesson_slopes(39, 5, 3, 4, 2), len(X))

    try:
        once_more(student, "backward", attempt, layer=our_layer, vjp_linear=our_vjp)
    except ODD:
        dout = 2 * (outputs(net, X)[1] - Y) / Y.size
        theirs = slopes_of_a_net_with_a_slip(student, net, X, dout)
        if theirs is None:
            raise
        agree(slopes_of(student, net, X, dout), theirs, len(X), rel=1e-5)


@pytest.mark.task("backward")
def test_backward_changes_nothing(student):
    """params and dout stay as they were, and a second call with the same cache gives the same."""
    net, X, dout, truth = way_back(40, 5, 3, 4, 2)
    text = "(lambda cache: (backward(net, cache, dout), backward(net, cache, dout), net, dout))(forward(net, X)[1])"

    def attempt():
        one, two, net_after, dout_after = student.eval(text, net=net, X=X, dout=dout)
        one, two = pairs(one, shapes_of(net)), pairs(two, shapes_of(net))
        # else any arrays would earn this; whether all are right is asked elsewhere
        assert some_parallel(one, truth) or some_parallel(one, slopes_of_a_net_with_a_slip(student, net, X, dout), 1e-5)
        assert same_net(two, one)
        assert same_net(net_after, net)
        assert np.array_equal(dout_after, dout)

    once_more(student, "backward", attempt, layer=our_layer, vjp_linear=our_vjp)


# ---------------------------------------------------------------------------------------------------- train


def after(student, net, X, Y, lr, steps):
    """What the student's `train` gives: params in the right shapes, and a list of numbers."""
    made = student.train(net, X, Y, lr, steps)
    if not isinstance(made, list | tuple) or len(made) != 2:
        raise Hint("train should give two things: `return params, losses`.")
    params = pairs(made[0], shapes_of(net), ("W", "b"))
    return params, [number(loss, what="losses") for loss in listed(made[1], what="losses")]


def trains(student, seed, n, sizes, lr, steps, losses=False):
    net, X, Y = lesson(seed, n, *sizes)
    right, true_losses = lesson_trained(seed, n, sizes, lr, steps)

    def attempt():
        params, said = after(student, net, X, Y, lr, steps)
        if losses:
            listed(said, steps + 1, what="losses")
            array(said, true_losses, rel=1e-8)
        else:
            for one, two in zip(params, right, strict=True):
                for x, y in zip(one, two, strict=True):
                    array(x, y, rel=1e-8, abs=1e-8)

    once_more(student, "train", attempt, **our_net())


@pytest.mark.task("train", weight=2)
def test_one_step(student):
    """After one step every weight and bias has gone lr times its slope, downhill."""
    trains(student, 51, 6, (3, 4, 2), 0.3, 1)
    trains(student, 52, 5, (2, 1), 0.05, 1)


@pytest.mark.task("train", weight=2)
def test_two_and_fifty_steps(student):
    """Each step starts where the last one ended, with slopes of its own."""
    trains(student, 53, 7, (3, 5, 2), 0.2, 2)
    trains(student, 54, 4, (2, 3, 1), 0.1, 50)


@pytest.mark.task("train", weight=2)
def test_losses_from_before_the_first_step_to_after_the_last(student):
    """losses: steps + 1 numbers, from the loss before the first step to that of the net which is returned."""
    trains(student, 55, 6, (3, 4, 2), 0.3, 3, losses=True)
    trains(student, 56, 5, (2, 4, 3, 1), 0.1, 1, losses=True)


@pytest.mark.task("train")
def test_no_step_and_no_rate(student):
    """Without a step, or with a learning rate of 0, the net stays what it is, and so does its loss."""
    net, X, Y = lesson(57, 5, 3, 2, 4)
    moved = once_more(student, "train", lambda: after(student, net, X, Y, 0.3, 1)[0], **our_net())
    assert not same_net(moved, net)  # else the net, as it came, would earn this
    trains(student, 57, 5, (3, 2, 4), 0.3, 0)
    trains(student, 58, 5, (3, 2, 4), 0.0, 3)
    trains(student, 57, 5, (3, 2, 4), 0.3, 0, losses=True)
    trains(student, 58, 5, (3, 2, 4), 0.0, 3, losses=True)


@pytest.mark.task("train")
def test_train_changes_nothing_of_the_caller(student):
    """The caller's params, X and Y stay as they were: trained twice from one start, the result is the same."""
    net, X, Y = lesson(59, 6, 3, 4, 2)
    right, true_losses = lesson_trained(59, 6, (3, 4, 2), 0.3, 4)
    text = "(train(net, X, Y, 0.3, 4), train(net, X, Y, 0.3, 4), net, X, Y)"

    def attempt():
        one, two, *kept = student.eval(text, net=net, X=X, Y=Y)
        params, losses = listed(one, 2)
        one = pairs(params, shapes_of(net), ("W", "b"))
        assert not any(np.array_equal(W, V) for (W, _), (V, _) in zip(one, net, strict=True))
        learned = all(
            np.allclose(x, y) for mine, ours in zip(one, right, strict=True) for x, y in zip(mine, ours, strict=True)
        )
        first = number(listed(losses, what="losses")[0], what="losses")
        assert learned or np.isclose(first, true_losses[0])  # else any other net would earn this
        assert same_net(listed(two, 2)[0], one)
        assert same_net(kept[0], net)
        assert np.array_equal(kept[1], X)
        assert np.array_equal(kept[2], Y)

    once_more(student, "train", attempt, **our_net())


# ---------------------------------------------------------------------------------------------------- moons

MOONS = choices(__file__)["MOONS"]


@pytest.mark.task("moons", weight=2)
def test_slope_of_the_log_loss_on_paper(student):
    """slope_of_log_loss: the slope of one point's loss by its score."""
    wrong = {
        "y - p": "slope_of_log_loss: the class is 1, and the score grows. Does the loss grow or shrink?",
        "-y/p + (1 - y)/(1 - p)": "slope_of_log_loss: that is the slope by p. And p depends on the score.",
        "p*(1 - p)": "slope_of_log_loss: that is the slope of the sigmoid. The loss comes after it.",
        "(p - y)/(p*(1 - p))": "slope_of_log_loss: that is the slope by p. And p depends on the score.",
        "(p - y)*p*(1 - p)": "slope_of_log_loss: the slope of the sigmoid once, and that of the logarithm?",
        "2*(p - y)": "slope_of_log_loss: that would be a square. Which loss does the text ask for?",
        "p": "slope_of_log_loss: that is right for points of class 0. And for class 1?",
        "p - 1": "slope_of_log_loss: that is right for points of class 1. And for class 0?",
    }
    symbolic(student, "slope_of_log_loss", "p - y", ["p", "y"], wrong=wrong, variable="p", form="no derivative")


def fitted(student, X, y, seed):
    """What the student's `fit` gives: params of some net from two inputs to one output, and a list of numbers."""
    made = student.fit(X, y, generator(student, seed))
    if not isinstance(made, list | tuple) or len(made) != 2:
        raise Hint("fit should give two things: `return params, losses`.")
    layers = [listed(pair, 2, what="each pair of params") for pair in listed(made[0], what="params")]
    params = [(array(W, what="W"), array(b, what="b")) for W, b in layers]
    sizes = [2, *(len(b) for _, b in params if b.ndim == 1)]
    fits = [((i, o), (o,)) for i, o in pairwise(sizes)]
    if not params or shapes_of(params) != fits or sizes[-1] != 1:
        raise Hint("The params should be a net from two inputs to one output: check the shapes of each W and b.")
    return params, [number(loss, what="losses") for loss in listed(made[1], what="losses")]


def learns(student, seed, swapped=False):
    """A net trained on moons of the student's kind is right on new ones; where classes are swapped, anew."""
    own = variant("moons", MOONS, student=student.id)
    X, y = moons(120, np.random.default_rng(1000 + seed), **own)
    X_new, y_new = moons(2000, np.random.default_rng(2000 + seed), **own)
    if swapped:
        y, y_new = 1 - y, 1 - y_new

    def attempt():
        params, _ = fitted(student, X, y, seed)
        share = np.mean((outputs(params, X_new)[1][:, 0] > 0) == (y_new == 1))
        if share < 0.05:
            raise Hint(
                "It tells the moons apart, and calls each by the other's name: class 1 is where the score is > 0."
            )
        if share < 0.6:
            raise Hint("It is right on about half of new points, as by guessing. Do the first losses fall at all?")
        if share < 0.95:
            raise Hint(
                "It learned something, and not enough. Is there a bend in it? Are the steps too small, or too few?"
            )

    once_more(student, "fit", attempt, **our_net())


@pytest.mark.task("moons")
def test_right_on_new_moons(student):
    """Trained on one set of points, your net is right on new ones."""
    learns(student, 1)


@pytest.mark.task("moons")
def test_right_on_new_moons_again(student):
    """The same with other points and another seed, and class 0 called class 1."""
    learns(student, 2, swapped=True)


@pytest.mark.task("moons")
def test_right_on_new_moons_once_more(student):
    """And once more."""
    learns(student, 3, swapped=True)


@pytest.mark.task("moons", weight=2)
def test_the_loss_falls_and_is_that_of_the_net(student):
    """The losses fall, and the last one is the mean log-loss of the net that is returned."""
    X, y = moons(40, np.random.default_rng(61), **variant("moons", MOONS, student=student.id))

    def attempt():
        params, losses = fitted(student, X, y, 4)
        signed = outputs(params, X)[1][:, 0] * (1 - 2 * y)  # by how much the score is on the wrong side
        if len(losses) < 2 or not losses[-1] < losses[0]:
            raise Hint("losses: at least the first and the last loss are asked for, and the last should be smaller.")
        number(losses[-1], float(np.logaddexp(0, signed).mean()), rel=1e-6, abs=1e-9)
        assert losses[0] > 0.2

    once_more(student, "fit", attempt, **our_net())


@pytest.mark.task("moons", weight=2)
def test_fit_takes_chance_from_rng_and_changes_nothing(student):
    """The same seed gives the same net, another seed another one; X and y stay as they were."""
    X, y = moons(16, np.random.default_rng(62), **variant("moons", MOONS, student=student.id))

    def attempt():
        made, *kept = student.eval("(fit(X, y, rng), X, y)", X=X, y=y, rng=generator(student, 5))
        assert np.array_equal(kept[0], X)
        assert np.array_equal(kept[1], y)
        first = numbers_of(listed(made, 2)[0])
        again, other = (numbers_of(fitted(student, X, y, seed)[0]) for seed in (5, 6))
        assert np.array_equal(first, again)
        assert len(first) != len(other) or not np.allclose(first, other)

    once_more(student, "fit", attempt, **{name: of for name, of in our_net().items() if name != "init_params"})


def numbers_of(params):
    """All numbers of a net, in one row."""
    return np.concatenate([np.ravel(part) for pair in listed(params) for part in listed(pair, 2)])


def bent(seed):
    """A net whose score is 0 on a bent line across the data, and data on both sides of it."""
    rng = np.random.default_rng(seed)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    net = [
        (turn @ np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([0.2, 0.0])),
        (np.array([[0.9], [-1.3]]), np.array([0.15])),
    ]
    X = rng.uniform([-2.5, -1.0], [2.0, 3.0], size=(30, 2))
    return net, X, (outputs(net, X)[1][:, 0] + 0.3 * rng.normal(size=30) > 0).astype(float)


def wave(seed):
    """A net whose score is 0 on a wave along wide and low data, from one side to the other."""
    rng = np.random.default_rng(seed)
    net = [(np.array([[1.0, 0.0], [0.0, 0.25]]), np.zeros(2)), (np.array([[-0.8], [4.0]]), np.array([0.1]))]
    X = rng.uniform([-4.0, -1.0], [4.0, 1.2], size=(30, 2))
    return net, X, (outputs(net, X)[1][:, 0] > 0).astype(float)


def drawing(student, net, X, y):
    return axes(student, student.boundary_plot(net, X, y))


def xy_of(lines):
    found = [np.asarray(one.xy, dtype=float) for one in lines]
    return np.concatenate([np.empty((0, 2)), *(xy for xy in found if xy.ndim == 2 and xy.shape[1] == 2)])


@pytest.mark.task("moons")
def test_the_figure_shows_every_point(student):
    """Every point of X is a dot in the figure, in its place."""
    net, X, y = bent(63)

    def attempt():
        dots = xy_of([*(shown := drawing(student, net, X, y)).scatters, *shown.lines])
        assert all(np.isclose(dots, point, atol=1e-9).all(axis=1).any() for point in X)

    once_more(student, "boundary_plot", attempt, **our_net())


@pytest.mark.task("moons", weight=3)
def test_the_boundary_is_where_the_score_is_zero(student):
    """The line runs where the score is 0, and nowhere else, across all of the data."""
    for net, X, y in (bent(64), wave(65)):
        once_more(
            student,
            "boundary_plot",
            lambda net=net, X=X, y=y: _on_the_boundary(student, net, X, y),
            **our_net(),
        )


def _on_the_boundary(student, net, X, y):
    drawn = drawing(student, net, X, y).contours
    if not drawn:
        raise Hint("No line made with `ax.contour` was found. (`ax.contourf` fills areas: draw the line as well.)")
    low, high = X.min(axis=0), X.max(axis=0)
    size = float((high - low).max())
    grid = np.stack(np.meshgrid(*(np.linspace(low[i], high[i], 301) for i in (0, 1))), axis=-1)
    above = outputs(net, grid.reshape(-1, 2))[1].reshape(301, 301) > 0
    true = np.concatenate([grid[:, 1:][above[:, 1:] != above[:, :-1]], grid[1:][above[1:] != above[:-1]]])
    for one in drawn:
        line = xy_of([one])
        inside = line[((line >= low) & (line <= high)).all(axis=1)]
        if len(inside) < 20:
            continue
        apart = np.linalg.norm(inside[:, None] - true[None], axis=2)
        if apart.min(axis=1).max() < 0.02 * size and apart.min(axis=0).max() < 0.06 * size:
            return
    raise Hint(
        "The line is not where the score is 0. Is the score asked for at every place of a fine grid that covers X?"
    )


# ---------------------------------------------------------------------------------------------- two_engines


def stretched(data, times=1000):
    """By how much a leaf of a Tape overstates its slope, so that no other way to the slopes gives the same."""
    return 1 + 0.2 * np.sin(times * data)


class Tape:
    """An engine with the operations of the student's Value. What is computed over there is kept, and counted, here."""

    def __init__(self, times=1000):
        self.times = times
        self.data, self.grads, self.parts = [], [], []  # of each number; parts: (which number, local slope)
        self.products = self.walks = 0

    def leaf(self, data):
        """A number that is made of no other."""
        return self._keep(float(data), [])

    def operation(self, kind, a, b):
        """Two numbers, joined."""
        x, y = self.data[a], self.data[b]
        self.products += kind in "*/**"
        value, dx, dy = {
            "+": lambda: (x + y, 1.0, 1.0),
            "-": lambda: (x - y, 1.0, -1.0),
            "*": lambda: (x * y, y, x),
            "/": lambda: (x / y, 1 / y, -x / (y * y)),
            "**": lambda: (x**y, y * x ** (y - 1), x**y * math.log(x) if x > 0 else 0.0),
        }[kind]()
        return self._keep(value, [(a, dx), (b, dy)])

    def function(self, kind, a):
        """A function of one number."""
        x = self.data[a]
        value, dx = {
            "neg": lambda: (-x, -1.0),
            "tanh": lambda: (math.tanh(x), 1 - math.tanh(x) ** 2),
            "relu": lambda: (max(x, 0.0), float(x > 0)),
            "exp": lambda: (math.exp(x), math.exp(x)),
            "log": lambda: (math.log(x), 1 / x),
        }[kind]()
        return self._keep(value, [(a, dx)])

    def backward(self, root):
        """Leaves gain the slopes of `root`; what lies between has those of this walk."""
        self.walks += 1
        slopes = {root: 1.0}
        for node in range(root, -1, -1):  # what was made later stands later: this is an order
            slope = slopes.get(node, 0.0)
            for part, local in self.parts[node]:
                slopes[part] = slopes.get(part, 0.0) + local * slope
        for node, slope in slopes.items():
            self.grads[node] = (
                slope if self.parts[node] else self.grads[node] + slope * stretched(self.data[node], self.times)
            )

    def value(self, node):
        """Its number."""
        return self.data[node]

    def grad(self, node):
        """Its slope."""
        return self.grads[node]

    def set_grad(self, node, slope):
        """The slope, set by hand."""
        self.grads[node] = float(slope)

    def _keep(self, value, parts):
        self.data.append(float(value))
        self.grads.append(0.0)
        self.parts.append(parts)
        return len(self.data) - 1


SHELL = """(lambda cls: (lambda of, new: [
    setattr(cls, '__init__', lambda self, data=0.0, *rest, **named: setattr(self, 'node', leaf(float(data)))),
    [setattr(cls, f'__{name}__', lambda self, other, kind=kind: new(operation(kind, self.node, of(other))))
     or setattr(cls, f'__r{name}__', lambda self, other, kind=kind: new(operation(kind, of(other), self.node)))
     for name, kind in dict(add='+', sub='-', mul='*', truediv='/', pow='**').items()],
    [setattr(cls, name, lambda self, kind=kind: new(one(kind, self.node)))
     for name, kind in dict(__neg__='neg', tanh='tanh', relu='relu', exp='exp', log='log').items()],
    setattr(cls, '__repr__', lambda self: f'Value({value(self.node)})'),
    setattr(cls, 'backward', lambda self: backward(self.node)),
    setattr(cls, 'data', property(lambda self: value(self.node))),
    setattr(cls, 'grad', property(lambda self: grad(self.node), lambda self, slope: set_grad(self.node, slope))),
] and cls)(
    lambda x: x.node if isinstance(x, cls) else leaf(float(x)),
    lambda node: [made := object.__new__(cls), setattr(made, 'node', node)][0],
))(type('Value', (), {}))"""


def by_values(student, net, X, Y, times=1000):
    """The student's slopes, with a tape of ours in the place of Value; and that tape."""
    with taped(student, times) as tape:
        return student.value_grads(net, X, Y), tape


@contextlib.contextmanager
def taped(student, times=1000):
    """While it lasts, `Value` in the student's `value_grads` is a shell around a new tape."""
    tape = Tape(times)
    names = {"leaf": tape.leaf, "operation": tape.operation, "one": tape.function, "backward": tape.backward}
    shell = student.eval(SHELL, **names, value=tape.value, grad=tape.grad, set_grad=tape.set_grad)
    with standing_in(student, "value_grads", Value=shell):
        yield tape


def values_agree(student, seed, n, *sizes):
    net, X, Y = lesson(seed, n, *sizes)
    found, tape = by_values(student, net, X, Y)
    slopes = pairs(found, shapes_of(net))
    at_work(tape, net, n)
    truth = lesson_slopes(seed, n, *sizes)
    leaves = [(dW * stretched(W), db * stretched(b)) for (dW, db), (W, b) in zip(truth, net, strict=True)]
    agree(slopes, leaves, n, rel=1e-12)


def at_work(tape, net, rows):
    """The tape was used, and each row met each weight."""
    if not tape.data:
        raise Hint("value_grads made no Value at all. Is it built with `Value(...)`, inside the function?")
    if not tape.walks:
        raise Hint("Nobody asked for `.backward()`.")
    assert tape.products >= rows * sum(W.size for W, _ in net)


@pytest.mark.task("two_engines", weight=2)
def test_agreement_for_one_output(student):
    """Two inputs, three hidden units, one output: the slopes agree to twelve digits."""
    values_agree(student, 71, 5, 2, 3, 1)


@pytest.mark.task("two_engines", weight=2)
def test_agreement_for_two_outputs(student):
    """Three inputs, four hidden units, two outputs: the slopes agree to twelve digits."""
    values_agree(student, 72, 3, 3, 4, 2)


@pytest.mark.task("two_engines")
def test_agreement_for_other_depths(student):
    """One layer, and three layers; one row alone."""
    values_agree(student, 73, 4, 3, 2)
    values_agree(student, 74, 3, 2, 3, 4, 2)
    values_agree(student, 75, 1, 2, 3, 1)


@pytest.mark.task("two_engines", weight=2)
def test_each_row_meets_each_weight(student):
    """The slopes come from a graph of Values, which grows with the rows: each row is multiplied by each weight."""
    tapes = []
    for n in (2, 6):
        net, X, Y = lesson(76, n, 2, 3, 1)
        found, tape = by_values(student, net, X, Y)
        pairs(found, shapes_of(net))
        tapes.append(tape)
    at_work(tapes[0], net, 2)
    weights = sum(W.size for W, _ in net)
    assert tapes[1].products - tapes[0].products >= 4 * weights


@pytest.mark.task("two_engines")
def test_value_grads_changes_nothing(student):
    """params, X and Y stay as they were, and a second call gives the same."""
    net, X, Y = lesson(77, 3, 2, 3, 2)
    once, tape = by_values(student, net, X, Y)
    once = pairs(once, shapes_of(net))
    at_work(tape, net, 3)
    assert not same_net(by_values(student, net, X, Y, times=900)[0], once)  # else slopes from elsewhere would earn this
    assert all(np.ptp(part) > 0 for pair in once for part in pair)
    assert not same_net(once, net)
    with taped(student):
        again, *kept = student.eval("(value_grads(net, X, Y), net, X, Y)", net=net, X=X, Y=Y)
    assert same_net(again, once)
    assert same_net(kept[0], net)
    assert np.array_equal(kept[1], X)
    assert np.array_equal(kept[2], Y)
