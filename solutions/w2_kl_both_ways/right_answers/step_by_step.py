"""Every case by itself, with loops over plain numbers; the search tries every bell of a grid, then a finer one."""

import math
from fractions import Fraction
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_pair = variant("two_directions", choices(str(Path(__file__).parents[1] / "reference.py"))["PAIRS"])


def _written(p, q):
    p = [Fraction(share) for share in p.strip("()").split(", ")]
    q = [Fraction(share) for share in q.strip("()").split(", ")]
    parts = []
    for i in range(len(p)):
        if p[i] > 0:
            parts.append(f"{p[i]}*(ln({p[i]}) - ln({q[i]}))")
    return " + ".join(parts)


def _check(p):
    total = 0.0
    for share in p:
        if share < 0:
            raise ValueError("negative")
        total += float(share)
    if abs(total - 1) > 1e-6:
        raise ValueError("does not add up to 1")


def entropy(p):
    _check(p)
    total = 0.0
    for share in p:
        if share > 0:
            total -= float(share) * math.log(share)
    return total


def cross_entropy(p, q):
    _check(p)
    _check(q)
    total = 0.0
    for i in range(len(p)):
        if p[i] == 0:
            continue
        if q[i] == 0:
            return math.inf
        total -= float(p[i]) * math.log(q[i])
    return total


def kl(p, q):
    _check(p)
    _check(q)
    total = 0.0
    for i in range(len(p)):
        if p[i] > 0:
            if q[i] == 0:
                return float("inf")
            total += float(p[i]) * math.log(p[i] / q[i])
    return total


my_forward = _written(my_pair["p"], my_pair["q"])
my_reverse = _written(my_pair["q"], my_pair["p"])
infinite_way = "b"
my_finite = _written(my_pair["u"], my_pair["v"])

kl_bells = "ln(s2) - ln(s1) - 1/2 + s1^2/(2*s2^2) + (m1 - m2)^2/(2*s2^2)"
d_m2 = "m2/s2^2 - m1/s2^2"


def kl_gauss(m1, s1, m2, s2):
    variance1 = s1 * s1
    variance2 = s2 * s2
    apart = m1 - m2
    return np.log(s2) - np.log(s1) + (variance1 + apart * apart) / variance2 / 2 - 0.5


to_standard = "m^2/2 + e^l/2 - l/2 - 1/2"


def _density(x, mu, sigma):
    return np.exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))


def _reverse_kl(x, p, mu, sigma):
    q = _density(x, mu, sigma)
    log_q = -((x - mu) ** 2) / (2 * sigma**2) - math.log(sigma * math.sqrt(2 * math.pi))
    return float(np.sum(q * (log_q - np.log(p))) * (x[1] - x[0]))


def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    dx = x[1] - x[0]
    mean = float(sum(x * p)) * dx
    spread = math.sqrt(float(sum((x - mean) ** 2 * p)) * dx)
    if direction == "forward":
        return mean, spread
    best = (math.inf, 0.0, 1.0)
    for mu in np.arange(x[0], x[-1], spread / 6):
        for sigma in np.linspace(2 * dx, 1.5 * spread, 12):
            best = min(best, (_reverse_kl(x, p, mu, sigma), float(mu), float(sigma)))
    step = spread / 12
    while step > 0.002:
        cost, mu, sigma = best
        for mu2 in (mu - step, mu, mu + step):
            for sigma2 in (sigma - step, sigma, sigma + step):
                if sigma2 >= 2 * dx:
                    best = min(best, (_reverse_kl(x, p, mu2, sigma2), mu2, sigma2))
        if best[0] == cost:
            step = step / 2
    return best[1], best[2]


def overlay(x, p):
    _, ax = plt.subplots()
    ax.plot(x, p, color="grey", label="p")
    mu, sigma = fit("forward", x, p)
    ax.plot(x, _density(x, mu, sigma), label="forward")
    ax.axvline(mu, lw=0.5)
    mu, sigma = fit("reverse", x, p)
    ax.plot(x, _density(x, mu, sigma), label="reverse")
    ax.legend()
    return ax


cover = "sqrt(((d^2 + s^2) + (d^2 + s^2))/2)"
price = "ln(1/(1/n))"
forward_slope = "q - p"
reverse_slope = "q*(ln(q) - ln(p) - K)"


def _logs(logits):
    top = max(logits)
    below = math.log(sum(math.exp(z - top) for z in logits))
    return [float(z - top) - below for z in logits]


def dforward(logits, p):
    return [math.exp(number) - float(p[i]) for i, number in enumerate(_logs(logits))]


def dreverse(logits, p):
    if min(p) <= 0:
        raise ValueError("p has a zero")
    log_q = _logs(logits)
    total = 0.0
    for i in range(len(p)):
        total += math.exp(log_q[i]) * (log_q[i] - math.log(p[i]))
    slopes = np.zeros(len(p))
    for i in range(len(p)):
        slopes[i] = math.exp(log_q[i]) * (log_q[i] - math.log(p[i]) - total)
    return slopes


def kl_estimate(samples, logp, logq):
    values = [float(number) for number in logp(samples) - logq(samples)]
    n = len(values)
    mean = sum(values) / n
    variance = sum((number - mean) ** 2 for number in values) / (n - 1)
    return mean, math.sqrt(variance / n)


to_estimate = "a"
only_data = "b"
