"""The reference answers of `w4_lora_from_scratch`, with the variants of the student called "reference"."""

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices


def forward(params, X):
    """From unit 5: (out, cache), with tanh after every layer but the last."""
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.tanh(cache[-1] @ W + b))
    W, b = params[-1]
    return cache[-1] @ W + b, cache


def backward(params, cache, dout):
    """From unit 5: a list of (dW, db), the first layer first."""
    grads = []
    for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
        grads.append((a.T @ dout, dout.sum(axis=0)))
        dout = dout @ W.T * (1 - a**2)
    return grads[::-1]


my_layer = variant("outer_products", choices(__file__)["SIZES"])
my_values = variant("best_rank", choices(__file__)["VALUES"])


def outer_products(B, A):
    """The r tables (dout, din) that add up to B @ A: each is one column of B times one row of A."""
    return [np.outer(B[:, k], A[k]) for k in range(len(A))]


def count(dout, din, r):
    """(full, lora): how many numbers the whole table has, and how many B and A have together."""
    return dout * din, r * (dout + din)


break_even = "dout*din/(dout + din)"
my_largest_rank = (my_layer["dout"] * my_layer["din"] - 1) // (my_layer["dout"] + my_layer["din"])


def lora_forward(X, W, A, B, alpha):
    """The layer with its thin correction: X (n, din), W (dout, din), A (r, din), B (dout, r) -> (n, dout)."""
    return X @ W.T + alpha / len(A) * (X @ A.T) @ B.T


slope_a = "g*s*b*x"
slope_b = "g*s*a*x"


def lora_backward(X, W, A, B, alpha, dY):
    """(dA, dB): the slopes of the loss by A and by B, when those by the output are dY (n, dout)."""
    dY = alpha / len(A) * dY
    return (dY @ B).T @ X, dY.T @ (X @ A.T)


both_zero = "a"


def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    """(A, B, losses): `steps` steps of descent on the mean squared error; W stays frozen."""
    A, B = rng.normal(size=(r, W.shape[1])) / np.sqrt(W.shape[1]), np.zeros((len(W), r))
    losses = []
    for _ in range(steps):
        error = lora_forward(X, W, A, B, alpha) - Y
        losses.append(float(np.mean(error**2)))
        dA, dB = lora_backward(X, W, A, B, alpha, 2 * error / Y.size)
        A, B = A - lr * dA, B - lr * dB
    return A, B, [*losses, float(np.mean((lora_forward(X, W, A, B, alpha) - Y) ** 2))]


alpha_doubled = "c"


def merge(W, A, B, alpha):
    """One table (dout, din) that does what W and the correction do together."""
    return W + alpha / len(A) * B @ A


def unmerge(W2, A, B, alpha):
    """The table W from which `merge` made W2."""
    return W2 - alpha / len(A) * B @ A


def best_rank(D, r):
    """(B, A), (m, r) and (r, n): the thin tables whose product is as close to D (m, n) as rank r can be."""
    U, values, V = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] * values[:r], V[:r]


def tail(D):
    """What rank 0, 1, 2, ..., min(m, n) leave of D (m, n): the sum of the squares of the remaining singular values."""
    squares = np.linalg.svd(D, compute_uv=False) ** 2
    return np.array([squares[r:].sum() for r in range(len(squares) + 1)])


def rank_plot(D):
    """The Axes with what each rank leaves of D, over the rank."""
    _, ax = plt.subplots()
    left = tail(D)
    ax.plot(range(len(left)), left, "o-", label="left over")
    ax.set(xlabel="rank r", ylabel="squared error left over")
    return ax


my_rest = sum(value**2 for value in my_values["values"][my_values["r"] :])
