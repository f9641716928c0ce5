"""What earns nothing: answers that do not do the work of `u2_derivative_rules`, and once got points for it."""

import math

import matplotlib.pyplot as plt
import numpy as np


class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf


def log(x):
    """Refuses every Dual."""
    if isinstance(x, Dual):
        raise ValueError
    return math.log(x)


# Zeros everywhere, and a drawing of them.
for _name in ("sigmoid", "tanh", "relu", "softplus"):
    for _one in (_name, f"d{_name}_from_input", f"d{_name}_from_output"):
        globals()[_one] = lambda x: 0.0 * np.asarray(x)


def activation_plot(xs):
    _, ax = plt.subplots()
    ax.plot(xs, 0 * xs)
    return ax


def descend(df, x0, lr, steps):
    return np.ones(steps + 1)


my_third = 1
