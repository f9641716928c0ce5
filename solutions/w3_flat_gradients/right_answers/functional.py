"""Small functions put together, generators and reduce."""

import math
from functools import reduce
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

height = variant("slope_of", choices(str(Path(__file__).parents[1] / "reference.py"))["HEIGHTS"])["height"]


def slope_of(f, xs):
    return [(0.0, math.nan)[len({float(f(x - 1e-7)), float(f(x)), float(f(x + 1e-7))}) > 1] for x in xs]


across_jump = f"({height}/2)*h^-1"


def accuracy(w, X, y):
    return sum((x > w) == bool(label) for x, label in zip(X, y, strict=True)) / len(y)


def log_loss(w, X, y):
    return math.fsum(np.logaddexp(0, -t if label else t) for t, label in zip(X - w, y, strict=True)) / len(y)


def staircase(ws, X, y):
    axes = [plt.subplots()[1] for _ in range(2)]
    for ax, (name, f) in zip(axes, {"accuracy": accuracy, "log-loss": log_loss}.items(), strict=True):
        ax.plot(list(ws), [f(w, X, y) for w in ws], label=name, lw=3)
    return axes


def descend_on(loss, w0, lr, steps):
    def further(path, _):
        w = path[-1]
        return [*path, w - lr * (loss(w + 1e-5) - loss(w - 1e-5)) / (2 * 1e-5)]

    return reduce(further, range(steps), [w0])


larger_lr = "d"


def soft_step(x, k):
    small = np.exp(-np.abs(k * np.asarray(x, dtype=float)))
    value = np.where(np.asarray(x) >= 0, 1, small) / (1 + small)
    return value, k * small / (1 + small) ** 2


steepest = "k/2^2"
nearly_on = "ln(0.9/0.1)/k"


def results(x, s, noise):
    return np.heaviside(x + s * noise, 0.0)


def noisy_step(x, s, n, rng):
    found = results(x, s, rng.standard_normal(n))
    return found.mean().item(), found.std().item() / n**0.5


def sampled_slope(x, s, n, seed, h):
    noise = np.random.default_rng(seed).standard_normal(n)
    return float((results(x + h, s, noise) - results(x - h, s, noise)).mean() / h / 2)


d_noisy = "e^(-0.5*(x/s)^2)/(sqrt(2pi)*s)"


def ste_forward(x):
    return np.copysign(1.0, np.where(x == 0, 1.0, x))


def ste_back(dout, x, clip=1):
    return np.select([x < -clip, x > clip], [0.0, 0.0], dout)


def sign_gradients(X, y, w):
    def loss(w):
        return float(np.square(ste_forward(X @ w) - y).mean())

    def nudge(i, h):
        return w + h * (np.arange(len(w)) == i)

    z = X @ w
    dz = ste_back(2 / len(y) * (ste_forward(z) - y), z)
    return [(loss(nudge(i, 1e-5)) - loss(nudge(i, -1e-5))) / 2e-5 for i in range(len(w))], dz @ X


def train_sign(X, y, w, lr, steps):
    return reduce(lambda w, _: w - lr * sign_gradients(X, y, w)[1], range(steps), w)


verdict = "C"


def idle_units(params, X, tol, act):
    bend, slope = {
        "relu": (lambda z: np.maximum(0, z), lambda z: np.where(z > 0, 1.0, -1.0)),
        "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2 - tol),
    }[act]
    inputs = [X]
    for W, b in params[:-1]:
        inputs.append(bend(inputs[-1] @ W + b))
    return [(slope(x @ W + b) < 0).all(0) for x, (W, b) in zip(inputs, params[:-1], strict=False)]
