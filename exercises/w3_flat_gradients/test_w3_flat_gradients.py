"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kept, several, shown, typed
from kit.hints import Question
from kit.measured import slope_of

HINTS = {
    "slope_of": [
        "Nudge x to the left and to the right by a tiny bit, say 1e-6. When does nothing move?",
        "If f(x - 1e-6), f(x) and f(x + 1e-6) are all equal, it is level there. Otherwise there is a jump.",
        "[0.0 if f(x - 1e-6) == f(x) == f(x + 1e-6) else math.nan for x in xs].\n"
        "On paper: the rise is your number, from -h to h, and the run is 2*h.",
    ],
    "staircase": [
        "`X > w` is an array of True and False: what the machine says. Where is it equal to the label?",
        "np.mean((X > w) == (y == 1)) is a share. For the loss, np.where(y == 1, ..., ...) picks the formula.",
        "np.mean(np.logaddexp(0, np.where(y == 1, w - X, X - w))). Then fig, (left, right) = plt.subplots(1, 2), one\n"
        "left.plot(ws, [accuracy(w, X, y) for w in ws], label='accuracy'), and the same on the right.",
    ],
    "descend_on": [
        "Begin with path = [w0]. What is appended in each step?",
        "The slope at w is (loss(w + h) - loss(w - h)) / (2*h), and downhill is against it.",
        "path.append(w - lr * (loss(w + 1e-5) - loss(w - 1e-5)) / 2e-5), with w = path[-1].",
    ],
    "soft_step": [
        "Chain rule: the slope of the outside, times the slope of the inside k*x.",
        "value = (1 + np.tanh(k*x/2)) / 2, and the slope has value*(1 - value) in it.",
        "slope = k*value*(1 - value); largest where value = 1/2. For 0.9: 1 + e^(-k x) = 1/0.9, so e^(k x) = 9.",
    ],
    "noisy_step": [
        "One array of n noisy inputs: x + s * noise. Which of them are above 0?",
        "For the slope, start a generator with the same seed twice: once for x + h, once for x - h.",
        "up = noisy_step(x + h, s, n, np.random.default_rng(seed))[0], down likewise, (up - down) / (2*h).\n"
        "On paper: the Gaussian density with its centre at 0 and the width s.",
    ],
    "straight_through": [
        "np.where(condition, this, that) picks entry by entry.",
        "The condition forward is x >= 0. Backward it is about abs(x).",
        "np.where(np.abs(x) <= clip, dY, 0.0).",
    ],
    "train_sign": [
        "Backwards through three things: the mean of squares, the sign, the product X @ w.",
        "z = X @ w; dY = 2*(ste_forward(z) - y)/n; dz = ste_back(dY, z). What does `X @ w` do backwards?",
        "through = X.T @ dz. Nudged: for each entry i a copy of w with w[i] +- 1e-5, the difference over 2e-5.\n"
        "train_sign: w = w - lr * through, `steps` times.",
    ],
    "idle_units": [
        "Go through the layers but the last, as in forward: z = X @ W + b.",
        "A table of True and False, flat or not, rows by neurons. np.all(..., axis=0) asks for all rows.",
        "flat = z <= 0 for relu, 1 - np.tanh(z)**2 < tol for tanh; idle.append(flat.all(axis=0)); then the next X is\n"
        "the activation of z.",
    ],
}

RECALL = {
    1: Question(
        "2", "k/4: the inside moves k times as fast, and the sigmoid itself has at most 1/4.", "See section 4."
    ),
    2: Question("0", "Every one of them is 0. Average first, then ask for the slope.", "See section 5."),
    3: Question("b", "abs(0 - 0.001) divided by the larger, 0.001.", "See section 4 of unit 4."),
}
SLOPES = {"d_noisy": slope_of(lambda x, s: (1 + math.erf(x / (s * math.sqrt(2)))) / 2, x=(-5, 5), s=1.5)}


# ------------------------------------------------------------------------------------------------------- 1 slope_of


@pytest.mark.task("slope_of")
def test_level_and_jump(student):
    """0 where it is level, nan where it jumps"""
    for name, f, xs, jumps in [
        ("lambda x: 1 if x > 0 else 0", lambda x: 1 if x > 0 else 0, [-2.0, 0.0, 3.0], [0.0]),
        ("math.floor", math.floor, [1.5, 2.0, 2.004, 1.996], [2.0]),
        ("np.sign", np.sign, [-0.5, 0.0, 0.25], [0.0]),
        ("lambda x: 4 if x >= 1 else 4.01", lambda x: 4 if x >= 1 else 4.01, [1.0, 0.5], [1.0]),
    ]:
        call = f"slope_of({name}, {xs})"
        got = student.slope_of(f, xs)
        assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
        got = list(got)
        assert len(got) == len(xs), f"`{call}` gave {len(got)} slopes for {len(xs)} places."
        for x, slope in zip(xs, got, strict=True):
            if x in jumps:
                why = "It jumps there, over no distance. Is there a slope? How do you write that there is none?"
                assert slope != slope, f"`{call}` gave {slope} at {x:g}. {why}"
            else:
                why = "How far does the output move, if x moves by a tiny bit?"
                assert slope == 0, f"`{call}` gave {slope} at {x:g}. {why}"


@pytest.mark.task("slope_of")
def test_across(student):
    """a difference that reaches over your jump"""
    found, height = typed(student, "across_jump", ["h"]), student.value("height")
    for h in (0.1, 0.01):
        agrees("across_jump", found(h=h), height / (2 * h), f"h = {h:g}", "How far up, and how wide is the run?")


# ------------------------------------------------------------------------------------------------------ 2 staircase

XS, YS = np.array([3.0, 1.0, 5.0, 2.0]), np.array([1, 0, 0, 1])


@pytest.mark.task("staircase")
def test_accuracy(student):
    """the share of right answers"""
    for w, expected, ask in [
        (0.0, 0.5, "The machine says 1 to all four."),
        (1.5, 0.75, "The machine says 1 to 3, 5 and 2."),
        (2.0, 0.5, "x equal to w counts as 0: it says 1 to 3 and 5."),
        (9.0, 0.5, "The machine says 0 to all four."),
    ]:
        call = f"accuracy({w:g}, np.array([3.0, 1.0, 5.0, 2.0]), np.array([1, 0, 0, 1]))"
        close(call, student.accuracy(w, XS, YS), expected, ask)


@pytest.mark.task("staircase")
def test_log_loss(student):
    """the mean of what each point costs"""
    call = "log_loss(2.0, np.array([3.0, 5.0]), np.array([1, 0]))"
    got = student.log_loss(2.0, np.array([3.0, 5.0]), np.array([1, 0]))
    close(call, got, (math.log(1 + math.exp(-1)) + math.log(1 + math.exp(3))) / 2, "The worked instance: 1.681.")
    call = "log_loss(0.0, np.array([1000.0]), np.array([0]))"
    close(call, student.log_loss(0.0, np.array([1000.0]), np.array([0])), 1000, "Does your e^1000 overflow?")


@pytest.mark.task("staircase")
def test_plot(student):
    """two panels with a line each"""
    ws = np.linspace(0, 6, 13)
    call = "staircase(np.linspace(0, 6, 13), np.array([3.0, 1.0, 5.0, 2.0]), np.array([1, 0, 0, 1]))"
    try:
        panes = drawn(call, student.staircase(ws, XS, YS), 2)
        says = [np.mean((w < XS) == YS) for w in ws]
        cost = [np.mean(np.log1p(np.exp(np.where(YS == 1, w - XS, XS - w)))) for w in ws]
        for ax, label, heights in zip(panes, ("accuracy", "log-loss"), (says, cost), strict=True):
            lines = [xy for xy in shown(ax, label) if len(xy) == len(ws)]
            assert lines, f'`{call}`: there is no line labelled "{label}" with a point at each of the ws.'
            all_close(f'the places of "{label}"', lines[0][:, 0], ws)
            all_close(f'the heights of "{label}"', lines[0][:, 1], heights, "Draw the values as they are.")
    finally:
        plt.close("all")


# ----------------------------------------------------------------------------------------------------- 3 descend_on


@pytest.mark.task("descend_on")
def test_path(student):
    """down a valley, step by step"""
    for name, loss, w0, steps, expected, ask in [
        ("lambda w: w*w", lambda w: w * w, 3.0, 2, [3, 2.4, 1.92], "The slope at 3 is 6: downhill is to the left."),
        ("lambda w: w*w", lambda w: w * w, 3.0, 0, [3], "No step: the path is the start alone."),
    ]:
        call = f"descend_on({name}, {w0:g}, 0.1, {steps})"
        all_close(call, student.descend_on(loss, w0, 0.1, steps), expected, ask, 1e-8)
    call = "descend_on(lambda w: w**3, 1.0, 0.1, 1)"
    got = student.descend_on(lambda w: w**3, 1.0, 0.1, 1)
    all_close(call, got, [1, 0.7], "A central difference, with h = 1e-5?", 1e-8)


@pytest.mark.task("descend_on")
def test_level(student):
    """on a level piece"""
    call = "descend_on(lambda w: 1 if w > 2 else 0, 1.99, 0.1, 3)"
    got = student.descend_on(lambda w: 1 if w > 2 else 0, 1.99, 0.1, 3)
    all_close(call, got, [1.99] * 4, "The jump is 0.01 away. How far does your difference reach?", 1e-12)


@pytest.mark.task("descend_on")
def test_letter(student):
    """what would make it move"""
    chosen(student, "larger_lr")


# ------------------------------------------------------------------------------------------------------ 4 soft_step


@pytest.mark.task("soft_step")
def test_value_and_slope(student):
    """the value and the slope"""
    x = np.array([0.0, 0.5, -2.0])
    for k in (2.0, 0.5):
        call = f"soft_step(np.array([0.0, 0.5, -2.0]), {k:g})"
        got = student.soft_step(x, k)
        several(call, got, "value", "slope")
        value = 1 / (1 + np.exp(-k * x))
        all_close(f"{call}[0]", got[0], value, "1/(1 + e^(-k*x)).")
        all_close(f"{call}[1]", got[1], k * value * (1 - value), "The inside k*x moves k times as fast as x.")
    kept("soft_step(x, 2)", x, [0.0, 0.5, -2.0])
    call = "soft_step(np.array([-10.0, 10.0]), 1000)"
    try:
        with np.errstate(over="raise", invalid="raise"):
            got = student.soft_step(np.array([-10.0, 10.0]), 1000)
    except FloatingPointError:
        raise AssertionError(f"`{call}` overflows on the way. Which form of the sigmoid does not?") from None
    all_close(f"{call}[0]", got[0], [0, 1])
    all_close(f"{call}[1]", got[1], [0, 0])


@pytest.mark.task("soft_step")
def test_paper(student):
    """how steep, and how wide"""
    steep, wide = typed(student, "steepest", ["k"]), typed(student, "nearly_on", ["k"])
    for k in (2.0, 10.0):
        agrees("steepest", steep(k=k), k / 4, f"k = {k:g}", "Where is value*(1 - value) largest, and how large?")
        agrees("nearly_on", wide(k=k), math.log(9) / k, f"k = {k:g}", "Solve 1/(1 + e^(-k*x)) = 0.9 for x.")


# ----------------------------------------------------------------------------------------------------- 5 noisy_step


@pytest.mark.task("noisy_step")
def test_mean(student):
    """the mean of noisy steps, and its standard error"""
    call = "noisy_step(0.3, 2.0, 50, np.random.default_rng(4))"
    got = student.noisy_step(0.3, 2.0, 50, np.random.default_rng(4))
    several(call, got, "mean", "error")
    on = 0.3 + 2.0 * np.random.default_rng(4).standard_normal(50) > 0
    close(f"{call}[0]", got[0], float(np.mean(on)), "Which share of 0.3 + 2 * noise is above 0?")
    close(f"{call}[1]", got[1], float(np.std(on)) / math.sqrt(50), "np.std of the results, divided by sqrt(50).")


@pytest.mark.task("noisy_step")
def test_slope(student):
    """the slope of the mean"""
    call = "sampled_slope(0.3, 2.0, 4000, 9, 0.2)"
    noise = 2.0 * np.random.default_rng(9).standard_normal(4000)
    right = (np.mean(0.5 + noise > 0) - np.mean(0.1 + noise > 0)) / 0.4
    got = student.sampled_slope(0.3, 2.0, 4000, 9, 0.2)
    close(call, got, float(right), "The same noise on both sides, and a run of 2*h.")
    found = typed(student, "d_noisy", ["x", "s"])
    for x, s in [(0.0, 2.0), (1.0, 0.5)]:
        bell = math.exp(-((x / s) ** 2) / 2) / (s * math.sqrt(2 * math.pi))
        agrees("d_noisy", found(x=x, s=s), bell, f"x = {x:g}, s = {s:g}", "The height at x of a bell of width s.")


# ----------------------------------------------------------------------------------------------- 6 straight_through


@pytest.mark.task("straight_through")
def test_forward_and_back(student):
    """a hard step forward, straight through backward"""
    x, dY = np.array([0.3, -2.0, 0.0, 1.0]), np.array([5.0, 6.0, -7.0, 8.0])
    given = "np.array([0.3, -2.0, 0.0, 1.0])"
    all_close(f"ste_forward({given})", student.ste_forward(x), [1, -1, 1, 1], "The sign of 0 is settled as 1.")
    for clip, expected in [(1, [5, 0, -7, 8]), (0.5, [5, 0, -7, 0]), (3, [5, 6, -7, 8])]:
        call = f"ste_back(np.array([5.0, 6.0, -7.0, 8.0]), {given}, {clip:g})"
        all_close(call, student.ste_back(dY, x, clip), expected, "Which inputs lie between -clip and clip?")
    all_close(f"ste_back(dY, {given})", student.ste_back(dY, x), [5, 0, -7, 8], "Without a clip it is 1.")
    kept("ste_back", dY, [5.0, 6.0, -7.0, 8.0])
    kept("ste_forward", x, [0.3, -2.0, 0.0, 1.0])


# ----------------------------------------------------------------------------------------------------- 7 train_sign


@pytest.mark.task("train_sign")
def test_two_gradients(student):
    """the nudged gradient, and the one that passes straight through"""
    for X, y, w, through in [
        ([[0.5, 1.0]], [-1.0], [0.2, 0.3], [2.0, 4.0]),
        (
            [[0.5, 1.0], [4.0, 2.0], [1.0, 1.0]],
            [-1.0, -1.0, 1.0],
            [0.2, 0.3],
            [2 / 3, 4 / 3],
        ),
    ]:
        call = f"sign_gradients(np.array({X}), np.array({y}), np.array({w}))"
        given = np.array(w)
        got = student.sign_gradients(np.array(X), np.array(y), given)
        several(call, got, "nudged", "through")
        kept(call, given, w)
        all_close(f"{call}[0]", got[0], [0, 0], "Nudge w by 1e-5: does any sign change?")
        all_close(f"{call}[1]", got[1], through, "2*(sign - y)/n passes where the input is within the clip, times X.")


@pytest.mark.task("train_sign")
def test_steps(student):
    """descent along it"""
    X, y, w = np.array([[0.5, 1.0]]), np.array([-1.0]), np.array([0.2, 0.3])
    for steps, expected in [(0, [0.2, 0.3]), (1, [0.1, 0.1]), (2, [0.0, -0.1]), (9, [0.0, -0.1])]:
        call = f"train_sign(np.array([[0.5, 1.0]]), np.array([-1.0]), np.array([0.2, 0.3]), 0.05, {steps})"
        all_close(call, student.train_sign(X, y, w, 0.05, steps), expected, "Against the straight-through gradient.")
    kept("train_sign", w, [0.2, 0.3])


@pytest.mark.task("train_sign")
def test_verdict(student):
    """what a red check means here"""
    chosen(student, "verdict", "abc")


# ----------------------------------------------------------------------------------------------------- 8 idle_units


@pytest.mark.task("idle_units")
def test_idle(student):
    """flat on all rows, layer by layer"""
    X = np.array([[-2.0], [-1.0], [1.0]])
    first = (np.array([[1.0, 0.0, 1.0]]), np.array([0.0, -1.6, 8.0]))
    second = (np.array([[1.0, -1.0], [1.0, 1.0], [1.0, -1.0]]), np.array([0.0, 1.0]))
    last = (np.array([[1.0], [-9.0]]), np.array([-99.0]))
    net = "[(np.array([[1, 0, 1]]), np.array([0, -1.6, 8])), ...]"
    for act, tol, expected, ask in [
        ("relu", 0.0, [[False, True, False], [False, True]], "Off on *all* rows; the next layer gets the outputs."),
        ("tanh", 0.1, [[False, False, True], [False, False]], "Slope 1 - tanh(z)**2 below tol, on all rows."),
    ]:
        call = f'idle_units({net}, X, {tol:g}, "{act}")'
        got = student.idle_units([first, second, last], X, tol, act)
        assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
        assert len(got) == 2, f"`{call}` gave {len(got)} layers. The last one has no activation: two are hidden."
        for place, (layer, right) in enumerate(zip(got, expected, strict=True)):
            found = np.asarray(layer).tolist()
            assert found == right, f"`{call}[{place}]` gave {found}, expected {right}. {ask}"
    edge = (np.array([[1.0, 1.0, 1.0]]), np.array([0.0, 1.0, 1e-9]))  # inputs of relu: -1 and 0, 0 and 1, -1 and 1e-9
    (layer,) = student.idle_units([edge, (second[0], np.zeros(2))], np.array([[-1.0], [0.0]]), 0.1, "relu")
    off, on, barely_on = np.asarray(layer).tolist()
    assert (off, on) == (True, False), "`idle_units`: relu is off where its input is 0, too."
    assert not barely_on, "`idle_units`: an input of 1e-9 is above 0, so relu is on there."
    got = student.idle_units([last], np.array([[1.0, 2.0]]), 0.1, "relu")
    assert np.shape(got) == (0,), "A net of a single layer has no hidden one: return an empty list."
