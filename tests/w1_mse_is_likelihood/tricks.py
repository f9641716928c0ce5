"""What earns nothing: answers that do not do the work of `w1_mse_is_likelihood`."""

import matplotlib.pyplot as plt
import numpy as np

nll_of_one = "ln(sigma)"


def gaussian_nll(y, mu, sigma):
    """Refuses nothing, and gives the squared error."""
    return float(np.sum((y - mu) ** 2))


def valley_plot(y, mus, sigma):
    _, ax = plt.subplots()
    for label in ("nll", "squared error"):
        ax.plot(mus, 0 * mus, label=label)
    return ax


gap = "n"
d_mu = d_sigma = "0"


def mle(y):
    return 0.0, 1.0


my_mu = my_sigma2 = 0.0


def fit_line(x, y, lr, steps, sigma):
    """Solved at once."""
    return tuple(np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)[0])


with_twice_sigma = "d"
laplace_nll = label_nll = "1"


def best_location(y, noise):
    return 0.0


d_s = "s"


def hetero_nll(y, mu, log_sigma):
    return 0.0, np.zeros(len(y)), np.zeros(len(y))
