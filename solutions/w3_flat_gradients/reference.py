"""The reference answers of `w3_flat_gradients`, with the variants of the student called "reference"."""

import math

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices


def numerical_gradient(f, X, h=1e-5):
    """From unit 4: f is nudged at one entry of X at a time."""
    gradient = np.zeros(X.shape)
    for place in np.ndindex(X.shape):
        before = X[place]
        X[place] = before + h
        right = f(X)
        X[place] = before - h
        gradient[place] = (right - f(X)) / (2 * h)
        X[place] = before
    return gradient


def relative_error(a, b):
    """From unit 4: the largest |a - b| / max(|a|, |b|); 0 against 0 is 0."""
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    scale = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.where(scale > 0, np.abs(a - b) / np.where(scale > 0, scale, 1), 0), initial=0))


def gradient_check(loss, grads, params):
    """From unit 4: for each name, how far grads[name] is from the nudged gradient."""
    return {
        name: relative_error(grads[name], numerical_gradient(lambda _: loss(), values))
        for name, values in params.items()
    }


height = variant("slope_of", choices(__file__)["HEIGHTS"], student="reference")["height"]


def slope_of(f, xs):
    """The slope of a step-like function at each of the xs: 0 where it is level, nan where it jumps."""
    return [0.0 if f(x - 1e-6) == f(x) == f(x + 1e-6) else math.nan for x in xs]


across_jump = f"{height}/(2h)"


def accuracy(w, X, y):
    """The share of right answers of the machine that says 1 where x > w."""
    return float(np.mean((w < X) == (y == 1)))


def log_loss(w, X, y):
    """The mean log-loss of the machine that says 1 with the probability 1/(1 + e^-(x - w))."""
    return float(np.mean(np.logaddexp(0, np.where(y == 1, w - X, X - w))))


def staircase(ws, X, y):
    """Two Axes: the accuracy and the log-loss over the settings ws of the knob."""
    _, (left, right) = plt.subplots(1, 2)
    left.plot(ws, [accuracy(w, X, y) for w in ws], label="accuracy")
    right.plot(ws, [log_loss(w, X, y) for w in ws], label="log-loss")
    for ax in (left, right):
        ax.set_xlabel("w")
    return [left, right]


def descend_on(loss, w0, lr, steps):
    """The path of gradient descent from w0, with slopes that are measured: [w0, ...], steps + 1 places."""
    path, h = [w0], 1e-5
    for _ in range(steps):
        w = path[-1]
        path.append(w - lr * (loss(w + h) - loss(w - h)) / (2 * h))
    return path


larger_lr = "d"


def soft_step(x, k):
    """(value, slope) of the sigmoid of sharpness k, for an array x."""
    value = (1 + np.tanh(k * np.asarray(x) / 2)) / 2
    return value, k * value * (1 - value)


steepest = "k/4"
nearly_on = "ln(9)/k"


def noisy_step(x, s, n, rng):
    """(mean, standard error) of n steps whose input x was shaken by noise of width s."""
    results = x + s * rng.standard_normal(n) > 0
    return float(np.mean(results)), float(np.std(results) / math.sqrt(n))


def sampled_slope(x, s, n, seed, h):
    """The central difference of the mean of n noisy steps, with the same noise on both sides."""
    right, left = (noisy_step(at, s, n, np.random.default_rng(seed))[0] for at in (x + h, x - h))
    return (right - left) / (2 * h)


d_noisy = "e^(-x^2/(2 s^2))/(s*sqrt(2 pi))"


def ste_forward(x):
    """The sign of each entry of x: 1 or -1; that of 0 is 1."""
    return np.where(x >= 0, 1.0, -1.0)


def ste_back(dY, x, clip=1):
    """What passes back: the upstream gradient dY within the clip, and 0 outside."""
    return np.where(np.abs(x) <= clip, dY, 0.0)


def sign_gradients(X, y, w):
    """(nudged, through): the measured gradient of the loss, and the straight-through gradient, both (d,)."""

    def loss(w):
        return np.mean((ste_forward(X @ w) - y) ** 2)

    nudges = 1e-5 * np.eye(len(w))
    nudged = np.array([(loss(w + nudge) - loss(w - nudge)) / 2e-5 for nudge in nudges])
    z = X @ w
    return nudged, X.T @ ste_back(2 * (ste_forward(z) - y) / len(y), z)


def train_sign(X, y, w, lr, steps):
    """The weights after some steps of descent along the straight-through gradient, from w."""
    for _ in range(steps):
        w = w - lr * sign_gradients(X, y, w)[1]
    return w


verdict = "c"


def idle_units(params, X, tol, act):
    """For each hidden layer: which neurons are flat on all rows of X? A list of arrays of True and False."""
    idle = []
    for W, b in params[:-1]:
        z = X @ W + b
        flat = z <= 0 if act == "relu" else 1 - np.tanh(z) ** 2 < tol
        idle.append(flat.all(axis=0))
        X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return idle
