"""The reference answers of `w1_mse_is_likelihood`, with the variants of the student called "reference"."""

import math

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_valley = variant("valley_plot", choices(__file__)["VALLEYS"], student="reference")
nll_of_one = "ln(sigma) + ln(2 pi)/2 + (y - mu)^2/(2 sigma^2)"


def gaussian_nll(y, mu, sigma):
    """The negative log-likelihood of all measurements y (n,) for the guess mu and the width sigma, as one number."""
    if sigma <= 0:
        raise ValueError("sigma must be above 0")
    return float(np.sum(math.log(sigma) + math.log(2 * math.pi) / 2 + ((y - mu) / sigma) ** 2 / 2))


def valley_plot(y, mus, sigma):
    """Axes with the lines "nll" and "squared error" over the guesses mus."""
    _, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label="nll")
    ax.plot(mus, [np.sum((y - mu) ** 2) / (2 * sigma**2) for mu in mus], label="squared error")
    ax.set_xlabel("mu")
    ax.legend()
    return ax


gap = "n*(ln(sigma) + ln(2 pi)/2)"
d_mu = "(mu - y)/sigma^2"
d_sigma = "1/sigma - (y - mu)^2/sigma^3"


def mle(y):
    """The pair (mu, sigma2) that makes the likelihood of the measurements y (n,) largest."""
    mu = float(np.mean(y))
    return mu, float(np.mean((y - mu) ** 2))


my_mu = mle(np.array(my_valley["y"]))[0]
my_sigma2 = mle(np.array(my_valley["y"]))[1]


def fit_line(x, y, lr, steps, sigma):
    """(a, b) after some steps of gradient descent on the mean NLL of the line a*x + b, from (0, 0)."""
    a = b = 0.0
    for _ in range(steps):
        error = (a * x + b - y) / sigma**2
        a, b = a - lr * float(np.mean(error * x)), b - lr * float(np.mean(error))
    return a, b


with_twice_sigma = "c"
laplace_nll = "ln(2b) + |y - m|/b"
label_nll = "-y*ln(p) - (1 - y)*ln(1 - p)"


def best_location(y, noise):
    """The most likely location of the measurements y (n,), for the noise "gauss" or "laplace"."""
    if noise == "gauss":
        return float(np.mean(y))
    if noise == "laplace":
        return float(np.median(y))
    raise ValueError(f"unknown noise: {noise}")


d_s = "1 - (y - mu)^2*e^(-2*s)"


def hetero_nll(y, mu, log_sigma):
    """(loss, dmu, dlog_sigma): the mean NLL without its constant, and its slopes; all inputs have shape (n,)."""
    missed, weight = y - mu, np.exp(-2 * log_sigma)
    loss = float(np.mean(log_sigma + missed**2 / 2 * weight))
    return loss, -missed * weight / len(y), (1 - missed**2 * weight) / len(y)
