"""What earns nothing: answers that do not do the work of `u5_mlp_training`, and once got points for it."""

import numpy as np

slope_of_entry = "diff((p - y)^2/(n*k), p)"


def mse(P, Y):
    return 1.5


def dmse(P, Y):
    return P


def forward(params, X):
    """A sum of all numbers, which has easy slopes."""
    total = sum(W.sum() + b.sum() for W, b in params) + (X.sum() ** 2 if len(params) > 1 else 0.0)
    return np.full((len(X), len(params[-1][1])), total), None


def backward(params, cache, dout):
    return [(np.full(W.shape, dout.sum()), np.full(b.shape, dout.sum())) for W, b in params]


def train(params, X, Y, lr, steps):
    return [(W + steps * lr, b + steps * lr) for W, b in params], [0.0] * (steps + 1)


def value_grads(params, X, Y):
    """Matrices, and no Value."""
    inputs = [X]
    for W, b in params[:-1]:
        inputs.append(np.tanh(inputs[-1] @ W + b))
    d, slopes = inputs[-1] @ params[-1][0] + params[-1][1] - Y, []
    d *= 2 / Y.size
    for (W, _), a in zip(reversed(params), reversed(inputs), strict=True):
        slopes.append((a.T @ d, d.sum(axis=0)))
        d = d @ W.T * (1 - a * a)
    return slopes[::-1]
