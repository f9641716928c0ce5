"""Hidden tests of `w3_flat_gradients`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. All results of a test are made in one expression
where a shared result could pass. Truths are computed here, never by the student's own functions. The noise is seeded
and its order is settled in the text, so the means of the noisy steps are compared exactly: there are no false alarms.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from kit import variant

from grader.testing import Hint, Recognised, array, axes, choices, inputs, letter, listed, number, symbolic, unchanged

# -------------------------------------------------------------------------------------------------- slope_of

STEPS = [  # a function, and places where it is level or jumps
    ("lambda x: 3 if x > -1.5 else -2", [-4.0, -1.5, 0.0, 12.5], [1]),
    ("lambda x: __import__('math').floor(2 * x)", [0.75, 1.25, 1.5, -0.5, -0.498], [2, 3]),
    ("round", [0.5, 2.5, 2.0, -1.5, 0.497], [0, 1, 3]),
    ("lambda x: 0.001 if x >= 0.25 else 0.0", [0.25, 0.248, 7.0], [0]),
    ("lambda x: 2.5 if x > -0.75 else 2.5 + 2**-50", [-0.75, 0.5, -0.752], [0]),
    ("np.sign", [0.0, -0.004, 3.0], [0]),
    ("lambda x: 8.5", [0.0, 1.0], []),
]


def slopes(student):
    """The slopes that came back, as floats, with the places at which each function jumps."""
    source = ", ".join(f"list(slope_of({f}, {xs}))" for f, xs, _ in STEPS)
    for got, (_, xs, jumps) in zip(listed(student.eval(f"[{source}]"), len(STEPS)), STEPS, strict=True):
        found = listed(got, len(xs), what="slope_of")
        if not all(isinstance(number, int | float) for number in found):
            raise Hint("slope_of: each slope should be a number, or math.nan.")
        yield [float(number) for number in found], jumps


@pytest.mark.task("slope_of", weight=2)
def test_level_places(student):
    """Where the function is level, also close to a jump, the slope is exactly 0."""
    at_jumps = []
    for found, jumps in slopes(student):
        assert all(number == 0 for place, number in enumerate(found) if place not in jumps)
        at_jumps += [found[place] for place in jumps]
    assert any(at_jumps)  # always 0 is not an answer


@pytest.mark.task("slope_of", weight=2)
def test_jumps(student):
    """At a jump, high or low, there is no slope: nan."""
    for found, jumps in slopes(student):
        assert all(math.isnan(found[place]) for place in jumps)
        assert not all(map(math.isnan, found))  # always nan is not an answer
    if listed(student.eval("slope_of(round, [])"), what="slope_of"):
        raise Hint("slope_of: no places, no slopes: an empty list should come back.")


@pytest.mark.task("slope_of")
def test_the_difference_across_the_jump(student):
    """across_jump: the central difference over your own jump."""
    height = variant("slope_of", choices(__file__)["HEIGHTS"], student=student.id)["height"]
    wrong = {
        f"{height}/h": "across_jump: from -h to h, how wide is the run?",
        f"{height}": "across_jump: that is the rise. Over which run?",
        f"{height}/2*h": "across_jump: a narrower run, does it make the rate larger or smaller?",
        "1/(2*h)": "across_jump: how high is your own jump?",
        "0": "across_jump: both points are level, but they are not at the same height.",
    }
    symbolic(student, "across_jump", f"{height}/(2*h)", ["h"], domain={"h": (0.01, 2.0)}, wrong=wrong)


# ------------------------------------------------------------------------------------------------- staircase

KNOBS = [
    (0.5, np.array([2.0, -1.0, 0.5, 3.0, 0.75]), np.array([1, 0, 1, 0, 1])),
    (-3.0, np.array([1.5]), np.array([0])),
    (4.25, inputs.array(701, (9,)) + 3, np.array([0, 1, 1, 0, 0, 0, 1, 0, 1])),
    (1.1, inputs.array(702, (6,)), np.array([1, 1, 0, 1, 1, 1])),
]


def share(w, X, y):
    return float(np.mean((w < X) == (y == 1)))


def cost(w, X, y):
    return float(np.mean(np.logaddexp(0, np.where(y == 1, w - X, X - w))))


@pytest.mark.task("staircase", weight=2)
def test_the_share_of_right_answers(student):
    """The accuracy: the share of right answers, where a point exactly on the knob counts as 0."""
    found = listed(student.eval("[accuracy(*args) for args in given]", given=KNOBS), len(KNOBS))
    for got, case in zip(found, KNOBS, strict=True):
        number(got, share(*case), what="accuracy")


@pytest.mark.task("staircase", weight=2)
def test_the_log_loss(student):
    """The log-loss: the mean of what each point costs, with natural logarithms."""
    found = listed(student.eval("[log_loss(*args) for args in given]", given=KNOBS), len(KNOBS))
    for got, case in zip(found, KNOBS, strict=True):
        number(got, cost(*case), what="log_loss")


@pytest.mark.task("staircase")
def test_points_far_from_the_knob(student):
    """A point that is far away and on the wrong side costs its distance, and is not infinite."""
    far = (12.0, np.array([900.0, -850.0, 12.5]), np.array([0, 1, 1]))
    number(student.log_loss(*far), cost(*far), what="log_loss")


@pytest.mark.task("staircase", weight=2)
def test_two_panels(student):
    """The accuracy on the left and the log-loss on the right, at each of the settings, as they are."""
    for (_, X, y), ws in zip(KNOBS[:3:2], (np.linspace(-2, 5, 15), np.array([3.0, 0.0, 5.5])), strict=True):
        panes = listed(student.staircase(ws, X, y), 2, what="staircase")
        for pane, label, right in zip(panes, ("accuracy", "log-loss"), (share, cost), strict=True):
            ax = axes(student, pane, what="staircase")
            fitting = [
                xy
                for line in ax.lines
                if line.label.strip().lower() == label and (xy := np.asarray(line.xy)).shape == (len(ws), 2)
            ]
            if any(np.allclose(xy[:, 0] - xy[0, 0], range(len(ws))) for xy in fitting):
                raise Recognised("staircase: you draw over the number of each setting: 0, 1, 2. Where are the ws?")
            fitting = [xy for xy in fitting if np.allclose(xy[:, 0], ws)]
            if not fitting:
                raise Hint(f'staircase: there is no line labelled "{label}" with a point at each of the ws.')
            array(fitting[0][:, 1], [right(w, X, y) for w in ws], what=label)


# ------------------------------------------------------------------------------------------------ descend_on


def walked(slope, w, lr, steps):
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - lr * slope(path[-1]))
    return path


VALLEYS = [  # the loss, its slope, w0, lr, steps
    ("lambda w: (w - 2) ** 2", lambda w: 2 * (w - 2), -1.5, 0.15, 6),
    ("lambda w: w ** 4 - w", lambda w: 4 * w**3 - 1, 0.9, 0.05, 4),
    ("lambda w: np.exp(-w)", lambda w: -math.exp(-w), 0.3, 0.5, 3),
    ("lambda w: 5 * w", lambda w: 5, 2.0, 0.3, 1),
    ("lambda w: 2**-40 * (w - 1) ** 2", lambda w: 2**-39 * (w - 1), 2.5, 2.0**37, 4),
    ("lambda w: 5 * w", lambda w: 5, 2.5, 0.3, 0),
]


@pytest.mark.task("descend_on", weight=3)
def test_the_path_down_a_valley(student):
    """The path: the start, and each place after a step against the measured slope."""
    source = ", ".join(f"descend_on({loss}, {w0}, {lr}, {steps})" for loss, _, w0, lr, steps in VALLEYS)
    for got, (_, slope, w0, lr, steps) in zip(listed(student.eval(f"[{source}]"), len(VALLEYS)), VALLEYS, strict=True):
        array(listed(got, what="descend_on"), walked(slope, w0, lr, steps), rel=1e-8, abs=1e-8, what="descend_on")


@pytest.mark.task("descend_on", weight=3)
def test_nothing_moves_on_a_level_piece(student):
    """On a staircase the path stays exactly where it was, also a little away from a jump."""
    source = (
        "[descend_on(lambda w: 0 if w > 1.5 else 1, 1.4999, 0.7, 5), "
        "descend_on(lambda w: __import__('math').floor(w), 3.0002, 100.0, 2), "
        "descend_on(lambda w: 3 * w, 0.7, 0.4, 2)]"
    )
    *level, sloping = listed(student.eval(source), 3)
    for got, w0, steps in zip(level, (1.4999, 3.0002), (5, 2), strict=True):
        found = array(listed(got, what="descend_on"), shape=(steps + 1,), what="descend_on")
        assert np.all(found == w0)
    assert listed(sloping, 3, what="descend_on")[-1] != 0.7  # never to move is not an answer


@pytest.mark.task("descend_on", weight=0.3)
def test_what_would_make_it_move(student):
    """larger_lr: what makes descent on the accuracy move."""
    asks = {
        "a": "what is 10 times 0?",
        "b": "where is it after one step of length 0, and where after a million of them?",
        "c": "the slope was measured exactly. What is it?",
    }
    letter(student, "larger_lr", "d", asks)


# ------------------------------------------------------------------------------------------------- soft_step

SOFT = [(inputs.array(711, (5,), low=-2, high=2), 1.35), (np.array([0.0]), 6.0), (inputs.array(712, (2, 3)), 0.4)]


def softened(student, at):
    found = listed(student.eval("[soft_step(*args) for args in given]", given=SOFT), len(SOFT))
    return [
        (listed(got, 2, what="soft_step")[at], 1 / (1 + np.exp(-k * x)), k)
        for got, (x, k) in zip(found, SOFT, strict=True)
    ]


@pytest.mark.task("soft_step", weight=2)
def test_the_value(student):
    """The value of the soft step, for arrays of any shape, and x is left as it was."""
    for got, value, _ in softened(student, 0):
        array(got, value, what="value")
    x = np.array([1.0, -0.5, 0.25])
    array(listed(unchanged(student, "soft_step(x, 3.0)", x=x), 2)[0], 1 / (1 + np.exp(-3 * x)), what="value")


@pytest.mark.task("soft_step", weight=3)
def test_the_slope(student):
    """The slope of the soft step: the sharpness is part of it."""
    for got, value, k in softened(student, 1):
        array(got, k * value * (1 - value), what="slope")


@pytest.mark.task("soft_step")
def test_a_sharp_step_far_away(student):
    """A very sharp step far from the jump: finite, and without an overflow on the way."""
    source = "np.errstate(over='raise', invalid='raise')(soft_step)(x, 1000)"
    got = listed(student.eval(source, x=np.array([-10.0, 10.0, 0.0])), 2, what="soft_step")
    array(got[0], [0, 1, 0.5], what="value")
    array(got[1], [0, 0, 250], what="slope")


@pytest.mark.task("soft_step")
def test_the_largest_slope(student):
    """steepest: the largest slope of the soft step."""
    wrong = {
        "1/4": "steepest: the inside is k*x. What does the chain rule say?",
        "k": "steepest: at the middle value*(1 - value) is not 1. What is it?",
        "k/2": "steepest: value*(1 - value), with 1/2 for both?",
        "4/k": "steepest: does a sharper step get steeper?",
    }
    symbolic(student, "steepest", "k/4", ["k"], domain={"k": (0.2, 9.0)}, wrong=wrong)


@pytest.mark.task("soft_step")
def test_where_it_is_nearly_on(student):
    """nearly_on: where the soft step reaches 0.9."""
    wrong = {
        "ln(9)*k": "nearly_on: a sharper step, does it get there sooner or later?",
        "ln(9)": "nearly_on: where is the k?",
        "-ln(9)/k": "nearly_on: is that to the left or to the right of the jump?",
        "ln(0.9)/k": "nearly_on: 1 + e^(-k*x) = 1/0.9. What is e^(-k*x)?",
        "ln(10)/k": "nearly_on: 0.9 is 1/(1 + e^(-k*x)), and not 1 - e^(-k*x). What is e^(k*x)?",
        "9/k": "nearly_on: e^(k*x) = 9. How do you get k*x out of the exponent?",
        "8/(5*k)": "nearly_on: the slope becomes smaller further out. Solve 1/(1 + e^(-k*x)) = 0.9.",
        "18/(5*k)": "nearly_on: the step is not a line, and at 0 it is at one half. Solve 1/(1 + e^(-k*x)) = 0.9.",
        "0.9/k": "nearly_on: the step is not a line. Solve 1/(1 + e^(-k*x)) = 0.9.",
    }
    symbolic(student, "nearly_on", "ln(9)/k", ["k"], domain={"k": (0.2, 9.0)}, wrong=wrong)


# ------------------------------------------------------------------------------------------------ noisy_step

SHAKEN = [(0.4, 1.6, 200, 21), (-0.7, 0.5, 350, 22), (1.3, 3.0, 1, 23), (0.0, 2.2, 75, 24)]


def shaken(x, s, n, seed):
    return x + s * np.random.default_rng(seed).standard_normal(n) > 0


def means(student, at):
    source = "[noisy_step(x, s, n, np.random.default_rng(seed)) for x, s, n, seed in given]"
    found = listed(student.eval(source, given=SHAKEN), len(SHAKEN))
    return [
        (listed(got, 2, what="noisy_step")[at], shaken(*case), case[2]) for got, case in zip(found, SHAKEN, strict=True)
    ]


@pytest.mark.task("noisy_step", weight=2)
def test_the_mean_of_noisy_steps(student):
    """The mean of the steps, with the noise from the generator that was given."""
    for got, on, _ in means(student, 0):
        number(got, float(np.mean(on)), what="mean")


@pytest.mark.task("noisy_step")
def test_its_standard_error(student):
    """The standard error of the mean: the deviation of the results, over the root of their number."""
    for got, on, n in means(student, 1):
        number(got, float(np.std(on)) / math.sqrt(n), what="error")


@pytest.mark.task("noisy_step")
def test_fresh_noise_in_each_call(student):
    """A generator that is used twice gives two different means."""
    twice = "noisy_step(0.2, 1.4, 500, rng)[0], noisy_step(0.2, 1.4, 500, rng)[0]"
    source = f"(lambda rng: [{twice}])(np.random.default_rng(31))"
    rng = np.random.default_rng(31)
    right = [float(np.mean(0.2 + 1.4 * rng.standard_normal(500) > 0)) for _ in range(2)]
    for got, expected in zip(listed(student.eval(source), 2), right, strict=True):
        number(got, expected, what="mean")


@pytest.mark.task("noisy_step", weight=3)
def test_the_slope_of_the_mean(student):
    """The slope of the mean by a central difference, with the same noise on both sides."""
    cases = [(0.3, 1.2, 3000, 41, 0.25), (-0.8, 0.6, 2000, 42, 0.1), (0.5, 2.5, 4000, 43, 0.5)]
    found = listed(student.eval("[sampled_slope(*args) for args in given]", given=cases), len(cases))
    for got, (x, s, n, seed, h) in zip(found, cases, strict=True):
        right = float(np.mean(shaken(x + h, s, n, seed)) - np.mean(shaken(x - h, s, n, seed))) / (2 * h)
        bell = math.exp(-((x / s) ** 2) / 2) / (s * math.sqrt(2 * math.pi))
        assert abs(right - bell) < 0.1  # our own numbers: the slope that was sampled is near the true one
        number(got, right, what="sampled_slope")


@pytest.mark.task("noisy_step", weight=2)
def test_the_slope_of_the_true_average(student):
    """d_noisy: the slope of the true average is the density of the noise."""
    wrong = {
        "e^(-x^2/2)/sqrt(2*pi)": "d_noisy: how wide is the noise?",
        "e^(-x^2/(2*s^2))/sqrt(2*pi)": "d_noisy: a wider bell is lower. Which factor is missing in front?",
        "e^(-x^2/s^2)/(s*sqrt(2*pi))": "d_noisy: in the exponent of the bell there is a 2 below.",
        "e^(-x^2/(2*s))/(s*sqrt(2*pi))": "d_noisy: is the width squared in the exponent?",
        "e^(-x^2/(2*s^2))": "d_noisy: the area under a density is 1. Which factor stands in front?",
        "0": "d_noisy: that is the slope of a single step. Average first, then ask for the slope.",
    }
    symbolic(student, "d_noisy", "e^(-x^2/(2*s^2))/(s*sqrt(2*pi))", ["x", "s"], domain={"s": (0.4, 3.0)}, wrong=wrong)


# ------------------------------------------------------------------------------------------ straight_through

PASSING = [
    (inputs.array(721, (7,)), np.array([0.25, -0.5, 3.0, -1.0, 1.0, 0.0, -2.5]), 1),
    (inputs.array(722, (2, 4)), inputs.array(723, (2, 4), low=-3, high=3), 2.25),
    (inputs.array(724, (3,)), np.array([0.5, -0.5, 0.75]), 0.5),
]


@pytest.mark.task("straight_through", weight=2)
def test_forward_is_the_sign(student):
    """Forward: exactly 1 or -1, with the sign of 0 as it was settled."""
    given = [x for _, x, _ in PASSING] + [np.array([0.0, -1e-300, 1e-300])]
    found = listed(student.eval("[ste_forward(x) for x in given]", given=given), len(given))
    for got, x in zip(found, given, strict=True):
        array(got, np.where(x >= 0, 1, -1), what="ste_forward")


@pytest.mark.task("straight_through", weight=3)
def test_what_passes_back(student):
    """Backward: the upstream gradient within the clip, the ends included, and nothing outside."""
    found = listed(student.eval("[ste_back(*args) for args in given]", given=PASSING), len(PASSING))
    for got, (dY, x, clip) in zip(found, PASSING, strict=True):
        array(got, np.where(np.abs(x) <= clip, dY, 0), what="ste_back")


@pytest.mark.task("straight_through")
def test_nothing_given_changes(student):
    """dY and x are left as they were, and without a clip it is 1."""
    dY, x, _ = PASSING[0]
    got = unchanged(student, "ste_back(dY, x)", dY=dY, x=x)
    array(got, np.where(np.abs(x) <= 1, dY, 0), what="ste_back")
    array(unchanged(student, "ste_forward(x)", x=x), np.where(x >= 0, 1, -1), what="ste_forward")


# ------------------------------------------------------------------------------------------------ train_sign


def passed(X, y, w):
    z = X @ w
    return X.T @ np.where(np.abs(z) <= 1, 2 * (np.where(z >= 0, 1, -1) - y) / len(y), 0)


def labelled(seed, n, d):
    """n examples with d inputs, the signs of a neuron that can fit them, and weights to start from that are wrong."""
    rng = np.random.default_rng(seed)
    X, w = rng.uniform(-1, 1, (n, d)), rng.uniform(0.5, 1.5, d) * rng.choice([-1, 1], d)
    X = X[np.abs(X @ w) > 0.25]
    return X, np.where(X @ w > 0, 1.0, -1.0), -0.2 * w * rng.uniform(0.5, 1.5, d)


SETS = [labelled(730 + place, n, d) for place, (n, d) in enumerate([(9, 2), (14, 3), (6, 4), (20, 2), (12, 3)])]


def both(student, at):
    found = listed(student.eval("[sign_gradients(*args) for args in given]", given=SETS), len(SETS))
    return [(listed(got, 2, what="sign_gradients")[at], case) for got, case in zip(found, SETS, strict=True)]


@pytest.mark.task("train_sign", weight=0.35)
def test_the_nudged_gradient(student):
    """nudged: the true slope of the loss, which a gradient check would find."""
    # It weighs little, because zeros are right and need no work.
    for got, (_, _, w) in both(student, 0):
        array(got, np.zeros(len(w)), what="nudged")
    for got, (_, _, w) in both(student, 1):
        assert np.any(array(got, shape=w.shape, what="through"))  # zeros for both would not be an answer


@pytest.mark.task("train_sign", weight=4)
def test_the_straight_through_gradient(student):
    """through: the gradient of the mean loss, as if the sign were the identity within the clip."""
    for got, case in both(student, 1):
        array(got, passed(*case), what="through")
    wide = (np.array([[2.0, 1.0], [0.5, -0.25], [-1.0, 3.0]]), np.array([-1.0, -1.0, 1.0]), np.array([0.9, -0.6]))
    got = listed(student.sign_gradients(*wide), 2, what="sign_gradients")
    array(got[1], passed(*wide), what="through")


@pytest.mark.task("train_sign", weight=2)
def test_the_first_steps(student):
    """The weights after no step, one and a few, and nothing that was given changes."""
    X, y, w = SETS[1]
    for steps in (0, 1, 4):
        right = w
        for _ in range(steps):
            right = right - 0.2 * passed(X, y, right)
        got = unchanged(student, f"train_sign(X, y, w, 0.2, {steps})", X=X, y=y, w=w)
        array(got, right, what="train_sign")


@pytest.mark.task("train_sign")
def test_the_neuron_learns(student):
    """After training the neuron gets all the targets right, on each of five data sets."""
    source = "[[train_sign(*args, 0.1, steps) for steps in (1, 300)] for args in given]"
    for got, (X, y, w) in zip(listed(student.eval(source, given=SETS), len(SETS)), SETS, strict=True):
        first, last = (array(part, shape=w.shape, what="train_sign") for part in listed(got, 2))
        assert np.array_equal(np.where(X @ last >= 0, 1, -1), y)
        assert not np.array_equal(np.where(X @ first >= 0, 1, -1), y)  # -w, or least squares, would be right at once


@pytest.mark.task("train_sign", weight=0.35)
def test_what_a_red_check_means(student):
    """verdict: what to do about the red gradient check."""
    asks = {
        "a": "the true slope is 0. What would a green ste_back pass, and what would the neuron learn from it?",
        "b": "a larger h reaches over the jump. Is what you measure then a slope?",
    }
    letter(student, "verdict", "c", asks, letters="abc")


# ------------------------------------------------------------------------------------------------ idle_units


def net(seed, *sizes, shift=0.0, scale=1.0):
    rng = np.random.default_rng(seed)
    return [(scale * rng.normal(0, 1, (din, dout)), rng.normal(shift, 1, dout)) for din, dout in pairwise(sizes)]


def flat(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        idle.append((z <= 0 if act == "relu" else 1 - np.tanh(z) ** 2 < tol).all(axis=0))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle


ROWS = np.random.default_rng(740).normal(0, 1, (6, 3))
RELU = [(net(seed, 3, 5, 4, 2, shift=-1.2), ROWS, 0.5, "relu") for seed in (741, 742, 743)]
EXACTLY_ZERO = (np.array([[1.0, 0.0, -1.0], [-2.0, 1.0, 0.0]]), np.array([0.0, -1.0, 0.0]))  # off, not negative
RELU.append(([EXACTLY_ZERO, *net(749, 3, 2)], np.array([[1.0, 1.0], [2.0, 1.0], [-1.0, 1.0]]), 0.5, "relu"))
FROM_BELOW = [  # both of the second layer are off, but only for relu's own outputs: not for z, nor for larger ones
    (np.array([[1.0, -1.0]]), np.zeros(2)),
    (np.array([[1.0, 0.0], [0.0, -1.0]]), np.array([-0.5, -0.1])),
    *net(750, 2, 1),
]
RELU.append((FROM_BELOW, np.array([[0.2], [0.4]]), 0.5, "relu"))
BARELY_ON = (np.array([[1.0, 2.0, -1.0]]), np.array([-0.4 + 2**-40, -1.5, -0.5]))  # on in the last row, however little
RELU.append(([BARELY_ON, *net(751, 3, 1)], np.array([[-0.2], [-0.3], [0.4]]), 0.5, "relu"))
TANH = [
    (net(seed, 3, 6, 5, 1, scale=2.0, shift=1.0), ROWS[:2], tol, "tanh")
    for seed, tol in ((744, 0.2), (745, 0.6), (746, 0.05))
]


def found_idle(student, nets):
    found = listed(student.eval("[idle_units(*args) for args in given]", given=nets), len(nets))
    for got, net in zip(found, nets, strict=True):
        right = flat(*net)
        for layer, expected in zip(listed(got, len(right), what="idle_units"), right, strict=True):
            yield np.array(listed(layer, len(expected), what="idle_units")), expected


@pytest.mark.task("idle_units", weight=3)
def test_dead_relus(student):
    """relu: off on every row, in each hidden layer; off on some rows only is not idle."""
    for got, expected in found_idle(student, RELU):
        assert got.astype(float).tolist() == expected.astype(float).tolist()


@pytest.mark.task("idle_units", weight=3)
def test_saturated_tanhs(student):
    """tanh: the slope is below tol on every row, in each hidden layer."""
    for got, expected in found_idle(student, TANH):
        assert got.astype(float).tolist() == expected.astype(float).tolist()


@pytest.mark.task("idle_units")
def test_no_hidden_layer(student):
    """A net of a single layer has no hidden neuron, and the last layer never counts."""
    if listed(student.idle_units(net(747, 3, 2), ROWS, 0.1, "tanh"), what="idle_units"):
        raise Hint("idle_units: a single layer has no activation, so there is no hidden neuron: an empty list.")
    (layer,) = listed(student.idle_units(net(748, 3, 4, 2, shift=-2.5), ROWS, 0.1, "relu"), 1, what="idle_units")
    right = flat(net(748, 3, 4, 2, shift=-2.5), ROWS, 0.1, "relu")[0]
    assert np.array(listed(layer, 4)).astype(float).tolist() == right.astype(float).tolist()
