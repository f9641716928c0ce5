"""Short, with numpy and matrix products."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

height = variant("slope_of", choices(str(Path(__file__).parents[1] / "reference.py"))["HEIGHTS"])["height"]


def slope_of(f, xs):
    left, right = (np.array([f(x + nudge) for x in xs], dtype=float) for nudge in (-1e-5, 1e-5))
    return np.where(left == right, 0.0, np.nan)


across_jump = f"{height}/2*1/h"


def accuracy(w, X, y):
    return np.mean((w < X) == y)


def log_loss(w, X, y):
    return np.logaddexp(0, (1 - 2 * y) * (X - w)).mean()


def staircase(ws, X, y):
    _, panes = plt.subplots(1, 2)
    s = np.asarray(X)[None, :] - np.asarray(ws)[:, None]
    panes[0].plot(ws, ((s > 0) == y).mean(axis=1), label="accuracy", drawstyle="default")
    panes[1].plot(ws, np.logaddexp(0, np.where(y, -s, s)).mean(axis=1), label="log-loss")
    return panes


def descend_on(loss, w0, lr, steps):
    path = np.full(steps + 1, float(w0))
    for i in range(steps):
        path[i + 1] = path[i] - lr * (loss(path[i] + 1e-5) - loss(path[i] - 1e-5)) / 2e-5
    return path


larger_lr = "D"


def soft_step(x, k):
    t = np.tanh(k * np.asarray(x, dtype=float) / 2)
    return 0.5 + 0.5 * t, k / 4 * (1 - t * t)


steepest = "k*1/2*1/2"
nearly_on = "2*ln(3)/k"


def noisy_step(x, s, n, rng):
    on = x + rng.normal(0, s, n) > 0
    p = on.mean()
    return p, np.sqrt(p * (1 - p) / n)


def sampled_slope(x, s, n, seed, h):
    z = x + s * np.random.default_rng(seed).standard_normal(n)
    return (np.mean(z + h > 0) - np.mean(z - h > 0)) / (2 * h)


d_noisy = "exp(-(x/s)^2/2)/sqrt(2*pi*s^2)"


def ste_forward(x):
    return 2 * (x >= 0) - 1


def ste_back(dout, x, clip=1):
    return dout * (abs(x) <= clip)


def sign_gradients(X, y, w):
    def loss(w):
        return np.mean((ste_forward(X @ w) - y) ** 2)

    nudged = [(loss(w + e) - loss(w - e)) / 2e-5 for e in np.eye(len(w)) * 1e-5]
    z = X @ w
    return nudged, ste_back(ste_forward(z) - y, z) @ X * 2 / len(y)


def train_sign(X, y, w, lr, steps):
    w = w.copy()
    for _ in range(steps):
        w -= lr * sign_gradients(X, y, w)[1]
    return w


verdict = "c"


def idle_units(params, X, tol, act):
    relu, result = act == "relu", []
    for W, b in params[:-1]:
        z = X @ W + b
        X = z.clip(0) if relu else np.tanh(z)
        result.append(np.all(z <= 0 if relu else tol > (1 - X**2), axis=0))
    return result
