"""Small functions put together, reduce and generators; the slopes are written through other slopes."""

import math
from functools import reduce
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_valley = variant("valley_plot", choices(str(Path(__file__).parents[1] / "reference.py"))["VALLEYS"])

nll_of_one = "-(-ln(sigma) - ln(sqrt(2*pi)) - (mu - y)^2/2/sigma^2)"


def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError
    misses = (np.asarray(y) - mu).tolist()
    return math.fsum(math.log(sigma) + math.log(math.tau) / 2 + (number / sigma) ** 2 / 2 for number in misses)


def valley_plot(y, mus, sigma):
    _, ax = plt.subplots(figsize=(5, 3))
    square = [math.fsum((number - mu) ** 2 for number in y) / 2 / sigma / sigma for mu in mus]
    ax.plot(list(mus), square, label="Squared error")
    ax.plot(list(mus), [gaussian_nll(y, mu, sigma) for mu in mus], label="NLL", lw=3)
    ax.legend()
    return ax


gap = "n*(ln(sigma) + 0.5 ln(2pi))"
d_mu = "-((y - mu)/sigma)*(1/sigma)"
d_sigma = "sigma^-1 - (y - mu)^2*sigma^-3"


def mle(y):
    mean = reduce(lambda total, one: total + one, y.tolist(), 0.0) / len(y)
    return mean, reduce(lambda total, one: total + (one - mean) ** 2, y.tolist(), 0.0) / len(y)


my_mu, my_sigma2 = mle(np.array(my_valley["y"]))


def fit_line(x, y, lr, steps, sigma):
    def step(ab, _):
        error = (ab[0] * x + ab[1] - y) / sigma / sigma
        return ab[0] - lr * (error * x).mean(), ab[1] - lr * error.mean()

    return reduce(step, range(steps), (0.0, 0.0))


with_twice_sigma = "c"
laplace_nll = "|m - y|/b - ln(1/(2*b))"
label_nll = "(y - 1)*ln(1 - p) - y*ln(p)"


def best_location(y, noise):
    if noise == "gauss":
        return math.fsum(y) / len(y)
    if noise == "laplace":
        ordered = np.sort(y)
        return (ordered[(len(y) - 1) // 2] + ordered[len(y) // 2]) / 2
    raise ValueError(f"{noise}?")


d_s = "1 - (mu - y)^2*exp(-2s)"


def hetero_nll(y, mu, log_sigma):
    sigma = np.exp(log_sigma)
    misses = (mu - y) / sigma
    return (np.log(sigma) + misses**2 / 2).mean().item(), misses / sigma / y.size, (1 - misses**2) / y.size
