"""Every case by itself, with loops over plain numbers; the typed answers written out in full."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_valley = variant("valley_plot", choices(str(Path(__file__).parents[1] / "reference.py"))["VALLEYS"])

nll_of_one = "0.5*ln(2*pi) + ln(sigma) + (y - mu)*(y - mu)/(2*sigma*sigma)"


def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError(f"sigma is {sigma}")
    total = 0.0
    centres = np.broadcast_to(mu, np.shape(y))
    for value, centre in zip(y, centres, strict=True):
        total += 0.5 * math.log(2 * math.pi)
        total += math.log(sigma)
        total += (float(value) - float(centre)) ** 2 / (2 * sigma**2)
    return total


def valley_plot(y, mus, sigma):
    _, ax = plt.subplots()
    upper, lower = [], []
    for mu in mus:
        upper.append(gaussian_nll(y, mu, sigma))
        lower.append(sum((value - mu) ** 2 for value in y) / (2 * sigma**2))
    ax.plot(mus, upper, "o-", label="nll")
    ax.plot(mus, lower, "x--", label="squared error")
    ax.axvline(sum(y) / len(y), color="grey")
    return ax


gap = "n*ln(sigma) + n/2*ln(2*pi)"
d_mu = "-(y - mu)/sigma^2"
d_sigma = "(sigma^2 - (y - mu)^2)/sigma^3"


def mle(y):
    n = len(y)
    mu = 0.0
    for value in y:
        mu += float(value) / n
    spread = 0.0
    for value in y:
        spread += (float(value) - mu) ** 2
    return mu, spread / n


my_mu = sum(my_valley["y"]) / 4
my_sigma2 = sum((number - my_mu) ** 2 for number in my_valley["y"]) / 4


def fit_line(x, y, lr, steps, sigma):
    a, b = 0.0, 0.0
    n = len(x)
    for _ in range(steps):
        da, db = 0.0, 0.0
        for xi, yi in zip(x, y, strict=True):
            error = a * float(xi) + b - float(yi)
            da += error * float(xi) / (n * sigma**2)
            db += error / (n * sigma**2)
        a = a - lr * da
        b = b - lr * db
    return a, b


with_twice_sigma = "c"
laplace_nll = "ln(2) + ln(b) + abs(y - m)/b"
label_nll = "-(y*ln(p) + (1 - y)*ln(1 - p))"


def best_location(y, noise):
    if noise == "gauss":
        return mle(y)[0]
    if noise != "laplace":
        raise ValueError(noise)
    ordered = sorted(float(value) for value in y)
    return ordered[len(ordered) // 2]


d_s = "1 - ((y - mu)/e^s)^2"


def hetero_nll(y, mu, log_sigma):
    n = len(y)
    loss, dmu, ds = 0.0, np.zeros(n), np.zeros(n)
    for i in range(n):
        weight = math.exp(-2 * log_sigma[i])
        missed = float(y[i] - mu[i])
        loss += (log_sigma[i] + 0.5 * missed * missed * weight) / n
        dmu[i] = -missed * weight / n
        ds[i] = (1 - missed * missed * weight) / n
    return float(loss), dmu, ds
