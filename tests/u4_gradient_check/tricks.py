"""What earns nothing: answers that do not do the work of `u4_gradient_check`, and once got points for it."""

import math

import matplotlib.pyplot as plt


def relative_error(a, b):
    return math.nan


def gradient_check(loss, grads, params):
    return dict.fromkeys(params, 0.0)


def numerical_gradient(f, X, h=1e-5):
    """Calls f often enough, and nudges nothing."""
    for _ in range(2 * X.size):
        f(X)
    return 0.0 * X


def error_curve(f, df, x, hs):
    """Dots where theory puts them."""
    _, ax = plt.subplots()
    ax.set(xscale="log")
    ax.plot([1e-8], [1e-8], "o", label="best forward")
    ax.plot([1e-5], [1e-10], "o", label="best central")
    return ax
