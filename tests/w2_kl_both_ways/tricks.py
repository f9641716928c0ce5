"""What earns nothing: answers that do not do the work of `w2_kl_both_ways`."""

import matplotlib.pyplot as plt
import numpy as np


def entropy(p):
    return 0.0


def cross_entropy(p, q):
    return 0.0


def kl(p, q):
    """Never below 0, and 0 for p and p: that is all it has to say for itself."""
    return float(np.sum((p - q) ** 2))


my_forward = my_reverse = my_finite = "0"
infinite_way = "a"
kl_bells = d_m2 = to_standard = "0"


def kl_gauss(m1, s1, m2, s2):
    return 0.0


def fit(direction, x, p):
    """So wide that nothing of it can be seen."""
    return 0.0, 1e300


def overlay(x, p):
    _, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for label in ("forward", "reverse"):
        ax.plot(x, 0 * x, label=label)
    return ax


cover = price = "1"
forward_slope = reverse_slope = "0"


def dforward(logits, p):
    return np.zeros(len(p))


def dreverse(logits, p):
    return np.zeros(len(p))


def kl_estimate(samples, logp, logq):
    return 0.0, 0.0


to_estimate = only_data = "d"
