"""Short, with numpy; typed answers in another form."""

from fractions import Fraction
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_pair = variant("two_directions", choices(str(Path(__file__).parents[1] / "reference.py"))["PAIRS"])


def _terms(p, q):
    p, q = ([Fraction(share) for share in text.strip("()").split(", ")] for text in (p, q))
    return " - ".join(f"{a}*ln(({b})/({a}))" for a, b in zip(p, q, strict=True) if a)


my_forward = "-" + _terms(my_pair["p"], my_pair["q"])
my_reverse = "-" + _terms(my_pair["q"], my_pair["p"])
infinite_way = "B"
my_finite = "-" + _terms(my_pair["u"], my_pair["v"])


def entropy(p):
    if (np.asarray(p) < 0).any() or not np.isclose(np.sum(p), 1, rtol=0, atol=1e-6):
        raise ValueError("no distribution")
    return -np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1)), 0))


def cross_entropy(p, q):
    entropy(p), entropy(q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.sum(np.where(p > 0, p * np.log(q), 0))


def kl(p, q):
    entropy(p), entropy(q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nansum(p * np.log(p / q))


kl_bells = "1/2*(s1/s2)^2 + ((m1-m2)/s2)^2/2 - ln(s1) + ln(s2) - 0.5"
d_m2 = "-(m1 - m2)/s2/s2"


def kl_gauss(m1, s1, m2, s2):
    r = (s1 / s2) ** 2
    return 0.5 * (r - 1 - np.log(r) + ((m1 - m2) / s2) ** 2)


to_standard = "0.5*(exp(l) - l - 1 + m^2)"


def fit(direction, x, p):
    w = p * (x[1] - x[0])
    mu = x @ w
    sigma = ((x - mu) ** 2 @ w) ** 0.5
    if direction == "forward":
        return np.array([mu, sigma])
    if direction != "reverse":
        raise ValueError(direction)
    m = np.linspace(x[0], x[-1], 25)  # descent from many places at once; s is the logarithm of sigma
    s = np.full(25, np.log(sigma / 3))
    m, s = np.concatenate([m, m]), np.concatenate([s, s + 1.0])
    lowest, highest = np.log(2 * (x[1] - x[0])), np.log((x[-1] - x[0]) / 4)
    for _ in range(300):
        q, ratio = _bells(x, p, m, s)
        z = (x - m[:, None]) / np.exp(s)[:, None]
        m = np.clip(m - 0.15 * np.clip(np.exp(s) * (q * ratio * z).sum(axis=1), -1, 1), x[0], x[-1])
        s = np.clip(s - 0.1 * np.clip((q * ratio * (z**2 - 1)).sum(axis=1), -1, 1), lowest, highest)
    q, ratio = _bells(x, p, m, s)
    best = np.argmin((q * ratio).sum(axis=1))
    return np.array([m[best], np.exp(s[best])])


def _bells(x, p, m, s):
    log_q = -np.log(2 * np.pi) / 2 - s[:, None] - ((x - m[:, None]) / np.exp(s)[:, None]) ** 2 / 2
    return np.exp(log_q) * (x[1] - x[0]), log_q - np.log(p)


def overlay(x, p):
    ax = plt.figure().add_subplot()
    ax.plot(x, p, label="p")
    for name in ("reverse", "forward"):
        m, s = fit(name, x, p)
        ax.plot(x, np.exp(-(((x - m) / s) ** 2) / 2) / s / np.sqrt(2 * np.pi), "--", label=name)
    return ax


cover = "(s^2 + d^2)^0.5"
price = "-ln(1/n)"
forward_slope = "-p + q"
reverse_slope = "q*ln(q) - q*ln(p) - q*K"


def dforward(logits, p):
    e = np.exp(logits - logits.max())
    return e / e.sum() - p


def dreverse(logits, p):
    if p.min() == 0:
        raise ValueError("infinite")
    e = np.exp(logits - logits.max())
    log_q = logits - logits.max() - np.log(e.sum())
    q = np.exp(log_q)
    J = np.diag(q) - np.outer(q, q)
    return J @ (log_q - np.log(p))


def kl_estimate(samples, logp, logq):
    values = logp(samples) - logq(samples)
    return values.mean(), values.std(ddof=1) / np.sqrt(values.size)


to_estimate = "a"
only_data = "B"
