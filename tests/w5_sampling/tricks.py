"""What earns nothing: answers that do not do the work of `w5_sampling`."""

import numpy as np


def draw_slope(draw, p, seed, h):
    return 1.0


def mean_slope(draw, p, n, seed, h):
    return 1.0


dual_says = "c"


def reparam(mu, logvar, eps):
    return mu + eps


def reparam_back(mu, logvar, eps, dz):
    return 1.0 + 0 * dz, eps


dz_dl = "1"


def score_grad(f, mu, n, rng):
    return 2 * mu, 1.0


def path_grad(df, mu, n, rng):
    return 2 * mu, 1.0


d_log = d_mean = "1"


def gumbel(rng, shape):
    return np.zeros(shape)


def gumbel_max(logits, g):
    return np.zeros(np.shape(logits)[:-1], dtype=int)


def gumbel_softmax(logits, tau, g):
    return np.full(np.shape(logits), 1 / np.shape(logits)[1])


own_slope = other_slope = "1"


def gumbel_softmax_back(y, tau, dy):
    return dy


def train_choice(rewards, lr, steps, tau, rng):
    """Names the arm with the largest reward, and is nearly sure of it."""
    return 7.0 * (rewards == np.max(rewards)) - 1.0, [float(np.max(rewards))] * (steps + 1)


tau_tiny = "c"
