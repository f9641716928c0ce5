"""What earns nothing: answers that do not do the work of `w3_flat_gradients`."""

import matplotlib.pyplot as plt
import numpy as np


def slope_of(f, xs):
    return [0.0 for x in xs]


across_jump = "h"


def accuracy(w, X, y):
    return 1.0


def log_loss(w, X, y):
    return 0.0


def staircase(ws, X, y):
    _, axes = plt.subplots(1, 2)
    for ax, label in zip(axes, ("accuracy", "log-loss"), strict=True):
        ax.plot(ws, 0 * ws, label=label)
    return list(axes)


def descend_on(loss, w0, lr, steps):
    return [w0] * (steps + 1)


larger_lr = "a"


def soft_step(x, k):
    return x, 0 * x + 1


steepest = nearly_on = "1"


def noisy_step(x, s, n, rng):
    return 2.0, 2.0


def sampled_slope(x, s, n, seed, h):
    return 0.0


d_noisy = "s"


def ste_forward(x):
    return np.zeros(np.shape(x))


def ste_back(dout, x, clip=1):
    return 0 * x


def sign_gradients(X, y, w):
    return w, w


def train_sign(X, y, w, lr, steps):
    """The start is nearly the opposite of what fits."""
    return -w


verdict = "a"


def idle_units(params, X, tol, act):
    return [np.full(3, 2)]
