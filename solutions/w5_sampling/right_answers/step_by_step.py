"""Every case by itself, with loops over plain numbers; the typed answers written out in full."""

import math
from pathlib import Path

import numpy as np
from kit import variant

from grader.testing import choices

my_f = variant("two_estimators", choices(str(Path(__file__).parents[1] / "reference.py"))["FUNCTIONS"])


def draw_slope(draw, p, seed, h):
    rng = np.random.default_rng(seed)
    right = draw(p + h, rng)
    rng = np.random.default_rng(seed)
    left = draw(p - h, rng)
    return (right - left) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    total_right = 0.0
    rng = np.random.default_rng(seed)
    for _ in range(n):
        total_right += draw(p + h, rng)
    total_left = 0.0
    rng = np.random.default_rng(seed)
    for _ in range(n):
        total_left += draw(p - h, rng)
    return (total_right / n - total_left / n) / (2 * h)


dual_says = " B "


def reparam(mu, logvar, eps):
    z = np.empty(mu.shape)
    for place in np.ndindex(mu.shape):
        sigma = math.sqrt(math.exp(logvar[place]))
        z[place] = mu[place] + sigma * eps[place]
    return z


def reparam_back(mu, logvar, eps, dz):
    dmu = np.empty(mu.shape)
    dlogvar = np.empty(mu.shape)
    for place in np.ndindex(mu.shape):
        sigma = math.exp(0.5 * logvar[place])
        dmu[place] = dz[place]
        dlogvar[place] = dz[place] * eps[place] * 0.5 * sigma
    return dmu, dlogvar


dz_dl = "1/2 * n * exp(l/2)"


def score_grad(f, mu, n, rng):
    noise = rng.standard_normal(n)
    values = []
    for shake, result in zip(noise, f(noise + mu), strict=True):
        values.append(result * shake)
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / n
    return float(mean), math.sqrt(variance) / math.sqrt(n)


def path_grad(df, mu, n, rng):
    values = df(np.array([mu + shake for shake in rng.standard_normal(n)]))
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / n
    return mean, math.sqrt(variance / n)


d_log = "-2*(z - mu)*(-1)/(2*s^2)"
d_mean = f"{my_f['a']}*2*mu + {my_f['b']}*1"


def gumbel(rng, shape):
    u = rng.random(shape)
    u[u == 0] = 1e-300
    return -np.log(-np.log(u))


def gumbel_max(logits, g):
    if logits.ndim == 1:
        best = 0
        for side in range(len(logits)):
            if logits[side] + g[side] > logits[best] + g[best]:
                best = side
        return best
    return [gumbel_max(row, noise) for row, noise in zip(logits, g, strict=True)]


def gumbel_softmax(logits, tau, g):
    rows = []
    for row, noise in zip(logits, g, strict=True):
        noisy = [(one + other) / tau for one, other in zip(row, noise, strict=True)]
        raised = [math.exp(score - max(noisy)) for score in noisy]
        rows.append([power / sum(raised) for power in raised])
    return np.array(rows)


own_slope = "(yi - yi^2)/tau"
other_slope = "-(yi*yj)/tau"


def gumbel_softmax_back(y, tau, dy):
    n, k = y.shape
    gradient = np.zeros((n, k))
    for row in range(n):
        for j in range(k):
            for i in range(k):
                slope = y[row, i] * (1 - y[row, i]) if i == j else -y[row, i] * y[row, j]
                gradient[row, j] += dy[row, i] * slope / tau
    return gradient


def train_choice(rewards, lr, steps, tau, rng):
    k = len(rewards)
    logits = np.zeros(k)
    history = []
    for _ in range(steps):
        y = gumbel_softmax([logits] * 64, tau, gumbel(rng, (64, k)))
        history.append(sum(float(np.dot(row, rewards)) for row in y) / 64)
        gradient = gumbel_softmax_back(y, tau, np.array([rewards] * 64))
        logits = logits + lr * sum(gradient) / 64
    return logits, history


tau_tiny = "b"
