"""Known mistakes of `w3_flat_gradients`: what each does, and what to ask."""

import math

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices, mistake, wrong_function

# -------------------------------------------------------------------------------------------------- slope_of


@wrong_function("slope_of", says="That is how high the jump is. It happens over no distance: is there a slope at all?")
def slope_of_the_size_of_the_jump(f, xs):
    return [float(f(x + 1e-6) - f(x - 1e-6)) for x in xs]


@wrong_function("slope_of", says="1/(2h) grows without end as h shrinks. Is that a slope?")
def slope_of_a_difference_across(f, xs):
    return [float(f(x + 1e-6) - f(x - 1e-6)) / 2e-6 for x in xs]


@wrong_function("slope_of", says="Level on both sides, and yet it jumps: is there a slope right at the jump?")
def slope_of_zero_everywhere(f, xs):
    return [0.0 for x in xs]


@wrong_function("slope_of", says="The jump is not at this place, only near it. How far does your nudge reach?")
def slope_of_reaches_too_far(f, xs):
    return [0.0 if f(x - 0.1) == f(x) == f(x + 0.1) else math.nan for x in xs]


@wrong_function("slope_of", says="You look to one side only. On which side of a jump may the value at it belong?")
def slope_of_looks_right_only(f, xs):
    return [0.0 if f(x) == f(x + 1e-6) else math.nan for x in xs]


@wrong_function("slope_of", says="Infinite is what the difference grows towards. There is no slope at a jump: nan.")
def slope_of_infinite(f, xs):
    return [0.0 if f(x - 1e-6) == f(x) == f(x + 1e-6) else math.inf for x in xs]


@wrong_function("slope_of", says="The jump is a small one, but it is a jump. Compare the values, not their distance.")
def slope_of_misses_small_jumps(f, xs):
    return [0.0 if abs(f(x + 1e-6) - f(x - 1e-6)) < 0.05 else math.nan for x in xs]


across_without_the_two = mistake(
    "slope_of", {"across_jump": "3/h"}, says="across_jump: from -h to h, how wide is the run?"
)
across_nothing = mistake(
    "slope_of",
    {"across_jump": "0"},
    says="across_jump: both points are level, but they are not at the same height.",
)

# ------------------------------------------------------------------------------------------------- staircase


@wrong_function(
    "staircase", replaces="accuracy", says="Is x equal to w above the knob? The text says that it counts as 0."
)
def accuracy_counts_the_knob(w, X, y):
    return float(np.mean((w <= X) == (y == 1)))


@wrong_function("staircase", replaces="accuracy", says="A share lies between 0 and 1. Divide by the number of points.")
def accuracy_counts(w, X, y):
    return float(np.sum((w < X) == (y == 1)))


@wrong_function("staircase", replaces="accuracy", says="On which side of the knob does the machine say 1?")
def accuracy_other_side(w, X, y):
    return float(np.mean((w > X) == (y == 1)))


@wrong_function("staircase", replaces="accuracy", says="That is the share of wrong answers.")
def accuracy_wrong_answers(w, X, y):
    return float(np.mean((w < X) != (y == 1)))


@wrong_function("staircase", replaces="accuracy", says="A 0 that was rightly called 0 is a right answer as well.")
def accuracy_of_ones_only(w, X, y):
    return float(np.mean((w < X) & (y == 1)))


@wrong_function("staircase", replaces="log_loss", says="This is the sum. The text asks for the mean.")
def log_loss_the_sum(w, X, y):
    return float(np.sum(np.logaddexp(0, np.where(y == 1, w - X, X - w))))


@wrong_function(
    "staircase", replaces="log_loss", says="Which of the two costs little: a 1 above the knob, or one below it?"
)
def log_loss_labels_swapped(w, X, y):
    return float(np.mean(np.logaddexp(0, np.where(y == 1, X - w, w - X))))


@wrong_function(
    "staircase",
    replaces="log_loss",
    says="A point far away: p becomes 0 or 1, and its logarithm is gone. np.logaddexp?",
)
def log_loss_clipped(w, X, y):
    with np.errstate(over="ignore"):
        p = np.clip(1 / (1 + np.exp(-(X - w))), 1e-12, 1 - 1e-12)
    return float(-np.mean(np.where(y == 1, np.log(p), np.log(1 - p))))


@wrong_function("staircase", replaces="log_loss", says="What does a point with the label 0 cost?")
def log_loss_of_ones_only(w, X, y):
    return float(np.mean(np.where(y == 1, np.logaddexp(0, w - X), 0)))


@wrong_function("staircase", replaces="log_loss", says="Natural logarithms, please: ln, not the logarithm to base 2.")
def log_loss_in_bits(w, X, y):
    return float(np.mean(np.logaddexp(0, np.where(y == 1, w - X, X - w)))) / math.log(2)


def right_accuracy(w, X, y):
    return float(np.mean((w < X) == (y == 1)))


def right_log_loss(w, X, y):
    return float(np.mean(np.logaddexp(0, np.where(y == 1, w - X, X - w))))


def two_panels(ws, first, second):
    _, (left, right) = plt.subplots(1, 2)
    left.plot(ws, first, label="accuracy")
    right.plot(ws, second, label="log-loss")
    return [left, right]


@wrong_function("staircase", says="You smoothed the staircase. Plot the raw values: the steps are the message.")
def staircase_fitted(ws, X, y):
    shares = [right_accuracy(w, X, y) for w in ws]
    return two_panels(ws, np.polyval(np.polyfit(ws, shares, 2), ws), [right_log_loss(w, X, y) for w in ws])


@wrong_function("staircase", says="Which panel is which? Look at the labels.")
def staircase_swapped(ws, X, y):
    return two_panels(ws, [right_log_loss(w, X, y) for w in ws], [right_accuracy(w, X, y) for w in ws])


@wrong_function("staircase", says="Per cent? A share lies between 0 and 1.")
def staircase_in_per_cent(ws, X, y):
    return two_panels(ws, [100 * right_accuracy(w, X, y) for w in ws], [right_log_loss(w, X, y) for w in ws])


# ------------------------------------------------------------------------------------------------ descend_on


@wrong_function("descend_on", says="You used a difference that reached over a jump. How small is h to be?")
def descend_on_wide_nudge(loss, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - lr * (loss(path[-1] + 0.1) - loss(path[-1] - 0.1)) / 0.2)
    return path


@wrong_function("descend_on", says="Which way is downhill? Look at the sign of your step.")
def descend_on_uphill(loss, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] + lr * (loss(path[-1] + 1e-5) - loss(path[-1] - 1e-5)) / 2e-5)
    return path


@wrong_function("descend_on", says="From w - h to w + h: how wide is the run?")
def descend_on_half_the_run(loss, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - lr * (loss(path[-1] + 1e-5) - loss(path[-1] - 1e-5)) / 1e-5)
    return path


@wrong_function("descend_on", says="This is a forward difference. The text asks for a central one.")
def descend_on_forward(loss, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - lr * (loss(path[-1] + 1e-5) - loss(path[-1])) / 1e-5)
    return path


@wrong_function("descend_on", says="The path begins with w0. Is it in your list?")
def descend_on_without_the_start(loss, w0, lr, steps):
    path = []
    for _ in range(steps):
        w0 = w0 - lr * (loss(w0 + 1e-5) - loss(w0 - 1e-5)) / 2e-5
        path.append(w0)
    return path


@wrong_function("descend_on", says="The slope is measured once, at the start. Is it the same after a step?")
def descend_on_one_slope(loss, w0, lr, steps):
    slope = (loss(w0 + 1e-5) - loss(w0 - 1e-5)) / 2e-5
    return [w0 - lr * slope * step for step in range(steps + 1)]


@wrong_function("descend_on", says="A slope of 0 is a slope of 0. Why should it move?")
def descend_on_never_zero(loss, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        slope = (loss(path[-1] + 1e-5) - loss(path[-1] - 1e-5)) / 2e-5
        path.append(path[-1] - lr * (slope if slope != 0 else 1e-3))
    return path


# ------------------------------------------------------------------------------------------------- soft_step


def soft(x, k):
    return (1 + np.tanh(k * np.asarray(x) / 2)) / 2


@wrong_function("soft_step", says="The inside is k*x: what does the chain rule say?")
def soft_step_slope_without_k(x, k):
    value = soft(x, k)
    return value, value * (1 - value)


@wrong_function("soft_step", says="The sharpness stands inside, with x: a step still goes from 0 to 1.")
def soft_step_k_outside(x, k):
    value = soft(x, 1)
    return k * value, k * value * (1 - value)


@wrong_function("soft_step", says="Far from the jump e^(-k*x) overflows. Choose the form by sign, or use tanh.")
def soft_step_overflows(x, k):
    value = 1 / (1 + np.exp(-k * x))
    return value, k * value * (1 - value)


@wrong_function("soft_step", says="Does it go up or down as x grows?")
def soft_step_downwards(x, k):
    value = soft(-np.asarray(x), k)
    return value, -k * value * (1 - value)


@wrong_function("soft_step", says="tanh(k*x/2): where is your 2? It is twice as sharp as it should be.")
def soft_step_twice_as_sharp(x, k):
    value = soft(x, 2 * k)
    return value, 2 * k * value * (1 - value)


@wrong_function("soft_step", says="1 - a**2 is the slope of tanh. What is that of the sigmoid?")
def soft_step_slope_of_tanh(x, k):
    value = soft(x, k)
    return value, k * (1 - value**2)


steepest_without_k = mistake(
    "soft_step", {"steepest": "1/4"}, says="steepest: the inside is k*x. What does the chain rule say?"
)
steepest_is_k = mistake(
    "soft_step", {"steepest": "k"}, says="steepest: at the middle value*(1 - value) is not 1. What is it?"
)
nearly_on_times_k = mistake(
    "soft_step", {"nearly_on": "k*ln(9)"}, says="nearly_on: a sharper step, does it get there sooner or later?"
)
nearly_on_left = mistake(
    "soft_step", {"nearly_on": "-ln(9)/k"}, says="nearly_on: is that to the left or to the right of the jump?"
)

# ------------------------------------------------------------------------------------------------ noisy_step


def mean_and(on, error):
    return float(np.mean(on)), float(error)


@wrong_function(
    "noisy_step", says="That is how much single results scatter. The mean of n scatters less: by which factor?"
)
def noisy_step_deviation(x, s, n, rng):
    on = x + s * rng.standard_normal(n) > 0
    return mean_and(on, np.std(on))


@wrong_function("noisy_step", says="Divided by n? The error of a mean shrinks with the root of n.")
def noisy_step_error_over_n(x, s, n, rng):
    on = x + s * rng.standard_normal(n) > 0
    return mean_and(on, np.std(on) / n)


@wrong_function("noisy_step", says="How wide is your noise? Where is s?")
def noisy_step_without_s(x, s, n, rng):
    on = x + rng.standard_normal(n) > 0
    return mean_and(on, np.std(on) / math.sqrt(n))


@wrong_function("noisy_step", says="s is the width of the noise, not its square: multiply once.")
def noisy_step_s_squared(x, s, n, rng):
    on = x + s**2 * rng.standard_normal(n) > 0
    return mean_and(on, np.std(on) / math.sqrt(n))


@wrong_function("noisy_step", says='Every call gives the same "random" numbers. Use the generator that you are given.')
def noisy_step_own_generator(x, s, n, rng):
    on = x + s * np.random.default_rng(0).standard_normal(n) > 0
    return mean_and(on, np.std(on) / math.sqrt(n))


@wrong_function("noisy_step", says="The text asks for noise from a bell: rng.standard_normal. This is even noise.")
def noisy_step_even_noise(x, s, n, rng):
    on = x + s * rng.uniform(-1, 1, n) > 0
    return mean_and(on, np.std(on) / math.sqrt(n))


@wrong_function("noisy_step", says="The noise is added before the step. What does yours shake?")
def noisy_step_shakes_the_output(x, s, n, rng):
    results = (x > 0) + s * rng.standard_normal(n)
    return mean_and(results, np.std(results) / math.sqrt(n))


def on_share(x, s, noise):
    return np.mean(x + s * noise > 0)


@wrong_function(
    "noisy_step", replaces="sampled_slope", says="Each single slope is 0: average first, then ask for the slope."
)
def sampled_slope_of_each(x, s, n, seed, h):
    return 0.0


@wrong_function(
    "noisy_step", replaces="sampled_slope", says="Use the same noise on both sides: otherwise you measure the noise."
)
def sampled_slope_new_noise(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    right = on_share(x + h, s, rng.standard_normal(n))
    return float(right - on_share(x - h, s, rng.standard_normal(n))) / (2 * h)


@wrong_function("noisy_step", replaces="sampled_slope", says="From x - h to x + h: how wide is the run?")
def sampled_slope_half_the_run(x, s, n, seed, h):
    noise = np.random.default_rng(seed).standard_normal(n)
    return float(on_share(x + h, s, noise) - on_share(x - h, s, noise)) / h


@wrong_function(
    "noisy_step", replaces="sampled_slope", says="This is a forward difference. The text asks for a central one."
)
def sampled_slope_forward(x, s, n, seed, h):
    noise = np.random.default_rng(seed).standard_normal(n)
    return float(on_share(x + h, s, noise) - on_share(x, s, noise)) / h


@wrong_function(
    "noisy_step",
    replaces="sampled_slope",
    says="The true slope is right on average. The text asks for the measured one.",
)
def sampled_slope_the_bell(x, s, n, seed, h):
    return math.exp(-((x / s) ** 2) / 2) / (s * math.sqrt(2 * math.pi))


d_noisy_narrow = mistake(
    "noisy_step",
    {"d_noisy": "e^(-x^2/(2 s^2))/sqrt(2 pi)"},
    says="d_noisy: a wider bell is lower. Which factor is missing in front?",
)
d_noisy_zero = mistake(
    "noisy_step",
    {"d_noisy": "0"},
    says="d_noisy: that is the slope of a single step. Average first, then ask for the slope.",
)
d_noisy_without_the_two = mistake(
    "noisy_step",
    {"d_noisy": "e^(-x^2/s^2)/(s*sqrt(2 pi))"},
    says="d_noisy: in the exponent of the bell there is a 2 below.",
)

# ------------------------------------------------------------------------------------------ straight_through


@wrong_function(
    "straight_through", replaces="ste_forward", says="The sign of 0 was settled as 1. What does np.sign say of it?"
)
def ste_forward_zero_at_zero(x):
    return np.sign(x)


@wrong_function("straight_through", replaces="ste_forward", says="-1 or 1, not 0 or 1.")
def ste_forward_zero_or_one(x):
    return np.where(x >= 0, 1.0, 0.0)


@wrong_function("straight_through", replaces="ste_forward", says="Forward the step is hard: -1 or 1, nothing between.")
def ste_forward_soft(x):
    return np.tanh(x)


@wrong_function("straight_through", replaces="ste_back", says="Outside the clip nothing should pass.")
def ste_back_all_passes(dY, x, clip=1):
    return np.array(dY)


@wrong_function(
    "straight_through", replaces="ste_back", says="You pass the sign back. What comes from above, dY, is to pass."
)
def ste_back_passes_the_sign(dY, x, clip=1):
    return np.where(np.abs(x) <= clip, np.where(x >= 0, 1.0, -1.0), 0.0)


@wrong_function("straight_through", replaces="ste_back", says="The clip looks at x, the input, not at dY.")
def ste_back_clips_dout(dY, x, clip=1):
    return np.clip(dY, -clip, clip)


@wrong_function("straight_through", replaces="ste_back", says="The ends of the clip are included.")
def ste_back_without_the_ends(dY, x, clip=1):
    return np.where(np.abs(x) < clip, dY, 0.0)


@wrong_function(
    "straight_through", replaces="ste_back", says="You looked at one side only: how about inputs below -clip?"
)
def ste_back_one_side(dY, x, clip=1):
    return np.where(x <= clip, dY, 0.0)


@wrong_function("straight_through", replaces="ste_back", says="The clip is an argument. Where do you use it?")
def ste_back_clip_one(dY, x, clip=1):
    return np.where(np.abs(x) <= 1, dY, 0.0)


@wrong_function(
    "straight_through",
    replaces="ste_back",
    says="That is the true slope, and nothing learns from it. Pretend it was the identity.",
)
def ste_back_true_slope(dY, x, clip=1):
    return np.zeros_like(dY)


@wrong_function(
    "straight_through",
    replaces="ste_back",
    says="The identity has the slope 1, whatever the sign of x. What do you multiply by?",
)
def ste_back_times_sign(dY, x, clip=1):
    return np.where(np.abs(x) <= clip, dY * np.where(x >= 0, 1, -1), 0.0)


@wrong_function("straight_through", replaces="ste_back", says="The caller's dY has changed. Work on a copy.")
def ste_back_in_place(dY, x, clip=1):
    dY[np.abs(x) > clip] = 0
    return dY


# ------------------------------------------------------------------------------------------------ train_sign


def sign(z):
    return np.where(z >= 0, 1.0, -1.0)


def through(X, y, w, n=None, factor=2.0, clip=1.0):
    z = X @ w
    return X.T @ np.where(np.abs(z) <= clip, factor * (sign(z) - y), 0) / (n or len(y))


@wrong_function(
    "train_sign", replaces="sign_gradients", says="You made the check green. It must be red: the true slope is 0."
)
def sign_gradients_copied(X, y, w):
    return through(X, y, w), through(X, y, w)


@wrong_function(
    "train_sign",
    replaces="sign_gradients",
    says="That is the true slope twice. Straight through, the sign counts as the identity.",
)
def sign_gradients_both_zero(X, y, w):
    return np.zeros(len(w)), np.zeros(len(w))


@wrong_function("train_sign", replaces="sign_gradients", says="The loss is the mean. Where is the 1/n in its slope?")
def sign_gradients_of_the_sum(X, y, w):
    return np.zeros(len(w)), through(X, y, w, n=1)


@wrong_function("train_sign", replaces="sign_gradients", says="The slope of a square brings a 2.")
def sign_gradients_without_the_two(X, y, w):
    return np.zeros(len(w)), through(X, y, w, factor=1.0)


@wrong_function("train_sign", replaces="sign_gradients", says="Outside the clip nothing should pass.")
def sign_gradients_without_the_clip(X, y, w):
    return np.zeros(len(w)), through(X, y, w, clip=math.inf)


@wrong_function(
    "train_sign", replaces="sign_gradients", says="What is compared with y: the input of the sign, or its output?"
)
def sign_gradients_of_the_line(X, y, w):
    return np.zeros(len(w)), X.T @ np.where(np.abs(X @ w) <= 1, 2 * (X @ w - y), 0) / len(y)


@wrong_function(
    "train_sign",
    replaces="sign_gradients",
    says="Output minus target, or target minus output? Which way does the square grow?",
)
def sign_gradients_uphill(X, y, w):
    return np.zeros(len(w)), -through(X, y, w)


@wrong_function(
    "train_sign",
    replaces="sign_gradients",
    says="Which of the two comes first, the nudged gradient or the one straight through?",
)
def sign_gradients_swapped(X, y, w):
    return through(X, y, w), np.zeros(len(w))


@wrong_function("train_sign", says="Downhill is against the gradient. Look at the sign of your step.")
def train_sign_uphill(X, y, w, lr, steps):
    for _ in range(steps):
        w = w + lr * through(X, y, w)
    return w


@wrong_function(
    "train_sign", says="Along the nudged gradient nothing moves: it is 0. Which of the two is to be followed?"
)
def train_sign_stays(X, y, w, lr, steps):
    return np.array(w)


@wrong_function("train_sign", says="The caller's w has changed: `-=` writes into it. Make a new array.")
def train_sign_in_place(X, y, w, lr, steps):
    for _ in range(steps):
        w -= lr * through(X, y, w)
    return w


@wrong_function("train_sign", says="`steps` steps: how many do you take?")
def train_sign_one_step(X, y, w, lr, steps):
    return w - lr * through(X, y, w)


# ------------------------------------------------------------------------------------------------ idle_units


def layers(params, X, tol, act, over, last=False):
    idle = []
    for W, b in params if last else params[:-1]:
        z = X @ W + b
        idle.append(over(z <= 0 if act == "relu" else 1 - np.tanh(z) ** 2 < tol))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle


def all_rows(flat):
    return flat.all(axis=0)


@wrong_function("idle_units", says="Idle means flat for all of the data. You look at one row.")
def idle_units_first_row(params, X, tol, act):
    return layers(params, X, tol, act, lambda flat: flat[0])


@wrong_function("idle_units", says="Flat on some rows only is not idle. On how many rows must it be?")
def idle_units_any_row(params, X, tol, act):
    return layers(params, X, tol, act, lambda flat: flat.any(axis=0))


@wrong_function("idle_units", says="Flat on the average is not flat on every row. Which rows does each neuron hear?")
def idle_units_on_the_average(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        idle.append(z.mean(axis=0) <= 0 if act == "relu" else np.mean(1 - np.tanh(z) ** 2, axis=0) < tol)
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle


@wrong_function("idle_units", says="A relu that is barely on does pass something on. Off means 0 or below.")
def idle_units_barely_on(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        idle.append((z <= 1e-6 if act == "relu" else 1 - np.tanh(z) ** 2 < tol).all(axis=0))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle


@wrong_function("idle_units", says="That is one answer for each row. Which axis are the neurons?")
def idle_units_of_the_rows(params, X, tol, act):
    return layers(params, X, tol, act, lambda flat: flat.all(axis=1))


@wrong_function("idle_units", says="The last layer has no activation, so nothing there is idle.")
def idle_units_counts_the_last(params, X, tol, act):
    return layers(params, X, tol, act, all_rows, last=True)


@wrong_function("idle_units", says="True means idle. Which ones did you mark?")
def idle_units_the_busy_ones(params, X, tol, act):
    return layers(params, X, tol, act, lambda flat: ~flat.all(axis=0))


@wrong_function("idle_units", says="The second layer gets what the first one puts out: after its activation.")
def idle_units_without_activation(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        X = X @ W + b
        idle.append((X <= 0 if act == "relu" else 1 - np.tanh(X) ** 2 < tol).all(axis=0))
    return idle


@wrong_function("idle_units", says="For tanh it is the slope, 1 - tanh(z)**2, that is compared with tol.")
def idle_units_output_near_one(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        idle.append((z <= 0 if act == "relu" else np.abs(np.tanh(z)) > 1 - tol).all(axis=0))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle


@wrong_function("idle_units", says="An average is not all rows: one row with a slope is enough to hear something.")
def idle_units_on_average(params, X, tol, act):
    return layers(params, X, tol, act, lambda flat: flat.mean(axis=0) > 0.5)


@wrong_function("idle_units", says="The biases: where did they go?")
def idle_units_without_bias(params, X, tol, act):
    return layers([(W, 0 * b) for W, b in params], X, tol, act, all_rows)


# ------------------------------------------------------------------------------------------------ neighbouring forms


@wrong_function("slope_of", says="At a jump the difference depends on h: is that a slope?")
def slope_of_by_a_central_difference(f, xs):
    return [(f(x + 1e-4) - f(x - 1e-4)) / 2e-4 for x in xs]


@wrong_function("slope_of", says="Your two cases have changed places: where is it level, and where does it jump?")
def slope_of_cases_exchanged(f, xs):
    return [math.nan if f(x - 1e-4) == f(x + 1e-4) else 0.0 for x in xs]


across_half_the_jump = mistake("slope_of", lambda: {"across_jump": f"{jump()}/2"},
    says="across_jump: by which run must the rise be divided? It has h in it.")


def jump():
    return variant("slope_of", choices(__file__)["HEIGHTS"])["height"]


@wrong_function("staircase", replaces="log_loss",
    says="The logarithm of a probability is negative. Which sign makes a loss of it?")
def log_loss_without_the_minus(w, X, y):
    return -right_log_loss(w, X, y)


@wrong_function("staircase", replaces="log_loss",
    says="A point far away: p becomes 0 or 1, and its logarithm is gone. np.logaddexp?")
def log_loss_overflows(w, X, y):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-(X - w)))
        return float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)))


@wrong_function("noisy_step", says="Draw once: the mean and its error belong to the same steps.")
def noisy_step_draws_twice(x, s, n, rng):
    mean = np.mean(x + s * rng.standard_normal(n) > 0)
    return float(mean), float(np.std(x + s * rng.standard_normal(n) > 0) / math.sqrt(n))


@wrong_function("noisy_step", says="That is the step of the mean. Step first, each of the n, and then take the mean.")
def noisy_step_of_the_mean(x, s, n, rng):
    shaken = x + s * rng.standard_normal(n)
    return float(np.mean(shaken) > 0), float(np.std(shaken) / math.sqrt(n))


d_noisy_grows = mistake("noisy_step", {"d_noisy": "e^(x^2/(2 s^2))/(s*sqrt(2 pi))"},
    says="d_noisy: far from the jump hardly anything flips. Which sign has the exponent?")


@wrong_function("soft_step", says="Two things are asked for: the value and the slope, as a pair.")
def soft_step_value_alone(x, k):
    return (1 + np.tanh(k * np.asarray(x) / 2)) / 2


@wrong_function("straight_through", replaces="ste_forward", says="The sign of 0 was settled as 1. Which one is yours?")
def ste_forward_minus_at_zero(x):
    return np.where(x > 0, 1.0, -1.0)


@wrong_function("straight_through", replaces="ste_back", says="Inside the clip it passes. Which way is yours?")
def ste_back_outside_only(dY, x, clip=1):
    return np.where(np.abs(x) > clip, dY, 0.0)


@wrong_function("straight_through", replaces="ste_back",
    says="The identity has the slope 1. What do you multiply dY by?")
def ste_back_times_x(dY, x, clip=1):
    return np.where(np.abs(x) <= clip, dY * x, 0.0)


@wrong_function("descend_on", says="On level ground the path stays where it is, and still has all its places.")
def descend_on_stops_on_level_ground(loss, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        slope = (loss(path[-1] + 1e-5) - loss(path[-1] - 1e-5)) / 2e-5
        if slope == 0:
            break
        path.append(path[-1] - lr * slope)
    return path


@wrong_function("descend_on", says="Return the whole path, from w0 on. Where are the places on the way?")
def descend_on_only_the_end(loss, w0, lr, steps):
    for _ in range(steps):
        w0 = w0 - lr * (loss(w0 + 1e-5) - loss(w0 - 1e-5)) / 2e-5
    return w0


@wrong_function("idle_units", says="relu is off where its input is 0 *or* below. What does yours say at exactly 0?")
def idle_units_on_at_zero(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        idle.append((z < 0 if act == "relu" else 1 - np.tanh(z) ** 2 < tol).all(axis=0))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle


@wrong_function("idle_units", says="tol is a limit for the slope, 1 - tanh(z)^2. What do you compare it with?")
def idle_units_by_the_output(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        idle.append((z <= 0 if act == "relu" else np.abs(np.tanh(z)) < tol).all(axis=0))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle


@wrong_function("soft_step", says="A larger k is a sharper step: is the inside k*x, or x/k?")
def soft_step_of_x_over_k(x, k):
    value = (1 + np.tanh(np.asarray(x) / k / 2)) / 2
    return value, value * (1 - value) / k


@wrong_function("noisy_step", says="The noise is added to x. What does yours do where x is 0?")
def noisy_step_multiplied(x, s, n, rng):
    steps = (x * s * rng.standard_normal(n) > 0).astype(float)
    return float(np.mean(steps)), float(np.std(steps) / np.sqrt(n))


@wrong_function("noisy_step", says="np.std as it is divides by n. Did you ask for n - 1?")
def noisy_step_of_one_fewer(x, s, n, rng):
    steps = (x + s * rng.standard_normal(n) > 0).astype(float)
    return float(np.mean(steps)), float(np.std(steps) / np.sqrt(n - 1)) if n > 1 else math.nan


@wrong_function("straight_through", replaces="ste_back", says="Straight through: within the clip all of dY passes.")
def ste_back_of_a_tanh(dY, x, clip=1):
    return dY * (1 - np.tanh(x) ** 2)


@wrong_function("idle_units", says="tol is for tanh. Where is relu off: at 0, or at tol?")
def idle_units_relu_below_tol(params, X, tol, act):
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        idle.append((z <= tol if act == "relu" else 1 - np.tanh(z) ** 2 < tol).all(axis=0))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle
