"""Arrays and broadcasting throughout, as short as it gets."""

from pathlib import Path

import numpy as np
from kit import variant

from grader.testing import choices

my_f = variant("two_estimators", choices(str(Path(__file__).parents[1] / "reference.py"))["FUNCTIONS"])


def draw_slope(draw, p, seed, h):
    return float(np.diff([draw(at, np.random.default_rng(seed)) for at in (p - h, p + h)])[0]) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    left, right = np.random.default_rng(seed), np.random.default_rng(seed)
    table = np.array([[draw(p - h, left), draw(p + h, right)] for _ in range(n)])
    return np.diff(table.mean(axis=0))[0] / (2 * h)


dual_says = "b"


def reparam(mu, logvar, eps):
    return mu + eps * np.sqrt(np.exp(logvar))


def reparam_back(mu, logvar, eps, dz):
    return dz.copy(), 0.5 * dz * (reparam(mu, logvar, eps) - mu)


dz_dl = "n/2*sqrt(e^l)"


def score_grad(f, mu, n, rng):
    z = rng.normal(mu, 1, n)
    values = f(z) * (z - mu)
    return values.mean(), values.std() / n**0.5


def path_grad(df, mu, n, rng):
    values = df(rng.normal(mu, 1.0, size=n))
    return values.mean(), np.sqrt(values.var() / n)


d_log = "z/s^2 - mu/s^2"
d_mean = f"{my_f['b']} + {2 * my_f['a']}mu"


def gumbel(rng, shape):
    return -np.log(-np.log(rng.random(shape).clip(1e-300)))


def gumbel_max(logits, g):
    return (logits + g).argmax(-1)


def gumbel_softmax(logits, tau, g):
    x = (logits + g) / tau
    x = x - x.max(1)[:, None]
    return np.exp(x - np.log(np.exp(x).sum(1))[:, None])


own_slope = "yi/tau - yi^2/tau"
other_slope = "-yj/tau*yi"


def gumbel_softmax_back(y, tau, dy):
    return (y * dy - y * np.einsum("nk,nk->n", y, dy)[:, None]) / tau


def train_choice(rewards, lr, steps, tau, rng):
    k = len(rewards)
    logits, history = np.zeros((1, k)), np.zeros(steps)
    for step in range(steps):
        y = gumbel_softmax(logits, tau, gumbel(rng, (64, k)))
        history[step] = (y * rewards).sum() / 64
        logits = logits + lr / 64 * gumbel_softmax_back(y, tau, np.broadcast_to(rewards, (64, k))).sum(0)
    return logits[0], history


tau_tiny = "b"
