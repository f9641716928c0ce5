"""Small functions put together, reduce and generators."""

import math
from fractions import Fraction
from functools import reduce
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_pair = variant("two_directions", choices(str(Path(__file__).parents[1] / "reference.py"))["PAIRS"])


def _sum_of(p, q):
    p, q = (tuple(map(Fraction, text.strip("()").split(", "))) for text in (p, q))
    return "+".join(f"{a}*ln({a}) - {a}*ln({b})" for a, b in zip(p, q, strict=True) if a)


def _distribution(p):
    if any(share < 0 for share in p) or abs(math.fsum(p) - 1) > 1e-6:
        raise ValueError("not a distribution")
    return p.tolist()


def _surprise(q):
    return -math.log(q) if q > 0 else math.inf


def cross_entropy(p, q):
    return math.fsum(a * _surprise(b) for a, b in zip(_distribution(p), _distribution(q), strict=True) if a)


def entropy(p):
    return cross_entropy(p, p)


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


my_forward, my_reverse = _sum_of(my_pair["p"], my_pair["q"]), _sum_of(my_pair["q"], my_pair["p"])
infinite_way, my_finite = "b", _sum_of(my_pair["u"], my_pair["v"])
kl_bells = "((s1^2 - s2^2) + (m2 - m1)^2)/(2*s2^2) - ln(s1/s2)"
d_m2 = "2*(m2 - m1)/(2*s2^2)"


def kl_gauss(m1, s1, m2, s2):
    return (np.square(s1) - np.square(s2) + np.square(m2 - m1)) / (2 * np.square(s2)) - np.log(s1 / s2)


to_standard = "(e^l - 1)/2 + (m^2 - l)/2"


def _log_q(x, mu, sigma):
    return -math.log(sigma) - math.log(math.tau) / 2 - ((x - mu) / sigma) ** 2 / 2


def fit(direction, x, p):
    dx = x[1] - x[0]
    mean = math.fsum(x * p) * dx
    spread = math.sqrt(math.fsum((x - mean) ** 2 * p) * dx)

    def cost(bell):
        log_q = _log_q(x, *bell)
        return float((np.exp(log_q) * (log_q - np.log(p))).sum() * dx)

    def around(bell, wide):
        mu, sigma = bell
        steps = [(mu + a * wide, sigma * math.exp(b * wide / sigma)) for a in (-1, 0, 1) for b in (-1, 0, 1)]
        return min(steps, key=cost)

    def lowest_from(mu):
        return reduce(around, [spread * 0.8**k for k in range(3, 40)], (mu, spread / 2))

    if direction == "forward":
        return [mean, spread]
    if direction == "reverse":
        return min((lowest_from(mu) for mu in np.linspace(mean - 2 * spread, mean + 2 * spread, 9)), key=cost)
    raise ValueError(f"{direction}?")


def overlay(x, p):
    _, ax = plt.subplots(figsize=(5, 3))
    bells = {direction: np.exp(_log_q(x, *fit(direction, x, p))) for direction in ("forward", "reverse")}
    for label, heights in {"P": p, **bells}.items():
        ax.plot(list(x), list(heights), label=label)
    ax.legend()
    return ax


cover = "sqrt(s*s + d*d)"
price = "ln(n)"
forward_slope = "(q - p)*1"
reverse_slope = "-q*(K + ln(p/q))"


def _log_softmax(z):
    return z - z.max() - math.log(math.fsum(np.exp(z - z.max())))


def dforward(logits, p):
    return np.exp(_log_softmax(np.asarray(logits, dtype=float))) - p


def dreverse(logits, p):
    if not all(p):
        raise ValueError("p has a zero")
    ratio = _log_softmax(np.asarray(logits, dtype=float)) - np.log(p)
    q = np.exp(_log_softmax(np.asarray(logits, dtype=float)))
    return q * ratio - q * float(q @ ratio)


def kl_estimate(samples, logp, logq):
    values = logp(samples) - logq(samples)
    mean = math.fsum(values) / len(values)
    return [mean, math.sqrt(math.fsum((values - mean) ** 2)) / len(values)]


to_estimate, only_data = "a", "b"
