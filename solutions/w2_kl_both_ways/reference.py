"""The reference answers of `w2_kl_both_ways`, with the variants of the student called "reference"."""

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_pair = variant("two_directions", choices(__file__)["PAIRS"], student="reference")


def entropy(p):
    """The average surprise of somebody who knows p (k,), in nats."""
    return cross_entropy(p, p)


def cross_entropy(p, q):
    """The average surprise of somebody who believes q (k,) in a world p (k,), in nats."""
    for shares in (p, q):
        if np.min(shares) < 0 or abs(np.sum(shares) - 1) > 1e-6:
            raise ValueError("not a distribution")
    asked = p > 0
    if np.any(q[asked] == 0):
        return np.inf
    return -float(np.sum(p[asked] * np.log(q[asked])))


def kl(p, q):
    """The extra surprise from believing q (k,) in a world p (k,), in nats."""
    return cross_entropy(p, q) - entropy(p)


my_forward = " + ".join(
    f"({a})*ln(({a})/({b}))"
    for a, b in zip(my_pair["p"][1:-1].split(", "), my_pair["q"][1:-1].split(", "), strict=True)
    if a != "0"
)
my_reverse = " + ".join(
    f"({a})*ln(({a})/({b}))"
    for a, b in zip(my_pair["q"][1:-1].split(", "), my_pair["p"][1:-1].split(", "), strict=True)
    if a != "0"
)
infinite_way = "b"
my_finite = " + ".join(
    f"({a})*ln(({a})/({b}))"
    for a, b in zip(my_pair["u"][1:-1].split(", "), my_pair["v"][1:-1].split(", "), strict=True)
    if a != "0"
)

kl_bells = "ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2)^2)/(2 s2^2)"
d_m2 = "(m2 - m1)/s2^2"


def kl_gauss(m1, s1, m2, s2):
    """KL of the bell (m1, s1) and the bell (m2, s2), where s1 and s2 are standard deviations."""
    return np.log(s2 / s1) - 1 / 2 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)


to_standard = "(e^l + m^2 - 1 - l)/2"


def fit(direction, x, p):
    """(mu, sigma) of the bell with the lowest KL to the density p (n,) on the grid x (n,), forward or reverse."""
    dx = x[1] - x[0]
    mu = float(np.sum(x * p) * dx)
    sigma = float(np.sqrt(np.sum((x - mu) ** 2 * p) * dx))
    if direction == "forward":
        return mu, sigma
    if direction != "reverse":
        raise ValueError(f"unknown direction: {direction}")
    mus, sigmas = np.meshgrid(np.linspace(x[0], x[-1], 31), np.geomspace(2 * dx, 2 * sigma, 15))
    for _ in range(7):  # the lowest of all these bells, then all around it, in steps of a third
        z = (x - mus[..., None]) / sigmas[..., None]
        log_q = -np.log(sigmas[..., None] * np.sqrt(2 * np.pi)) - z**2 / 2
        costs = np.sum(np.exp(log_q) * (log_q - np.log(p)), axis=-1)
        best = np.unravel_index(np.argmin(costs), costs.shape)
        mu, sigma = float(mus[best]), float(sigmas[best])
        wide, high = (mus[0, 1] - mus[0, 0]) / 3, (sigmas[1, 0] / sigmas[0, 0]) ** (1 / 3)
        mus, sigmas = np.meshgrid(mu + wide * np.arange(-4, 5), sigma * high ** np.arange(-4.0, 5.0))
    return mu, sigma


def overlay(x, p):
    """Axes with the density p over the grid x, and the best bells in both directions."""
    _, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for direction in ("forward", "reverse"):
        mu, sigma = fit(direction, x, p)
        z = (x - mu) / sigma
        ax.plot(x, np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / sigma, label=direction)
    ax.legend()
    return ax


cover = "sqrt(d^2 + s^2)"
price = "ln(n)"
forward_slope = "q - p"
reverse_slope = "q*(ln(q/p) - K)"


def dforward(logits, p):
    """The slopes (k,) of KL(p || softmax(logits)) with respect to the logits (k,)."""
    raised = np.exp(logits - np.max(logits))
    return raised / np.sum(raised) - p


def dreverse(logits, p):
    """The slopes (k,) of KL(softmax(logits) || p) with respect to the logits (k,)."""
    if np.any(p == 0):
        raise ValueError("p is 0 where q is not")
    lowered = logits - np.max(logits)
    log_q = lowered - np.log(np.sum(np.exp(lowered)))
    q, ratio = np.exp(log_q), log_q - np.log(p)
    return q * (ratio - np.sum(q * ratio))


def kl_estimate(samples, logp, logq):
    """(mean, standard error) of ln p - ln q over the samples (n,): an estimate of KL(p || q) if they come from p."""
    extra = logp(samples) - logq(samples)
    return float(np.mean(extra)), float(np.std(extra) / np.sqrt(len(samples)))


to_estimate = "a"
only_data = "b"
