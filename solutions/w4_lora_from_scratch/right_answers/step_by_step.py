"""Everything number by number, in plain loops; the typed answers written out in full."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

REFERENCE = str(Path(__file__).parents[1] / "reference.py")
my_layer = variant("outer_products", choices(REFERENCE)["SIZES"])
my_values = variant("best_rank", choices(REFERENCE)["VALUES"])


def outer_products(B, A):
    tables = []
    for k in range(A.shape[0]):
        table = np.zeros((B.shape[0], A.shape[1]))
        for i in range(B.shape[0]):
            for j in range(A.shape[1]):
                table[i, j] = B[i, k] * A[k, j]
        tables.append(table)
    return tables


def count(dout, din, r):
    full = dout * din
    in_b = dout * r
    in_a = r * din
    return full, in_b + in_a


break_even = "(dout*din)/(din + dout)"
my_largest_rank = max(r for r in range(100) if r * sum(my_layer.values()) < math.prod(my_layer.values()))


def lora_forward(X, W, A, B, alpha):
    r = A.shape[0]
    Y = np.zeros((X.shape[0], W.shape[0]))
    for n in range(X.shape[0]):
        hidden = [sum(X[n, i] * A[k, i] for i in range(X.shape[1])) for k in range(r)]
        for o in range(W.shape[0]):
            frozen = sum(X[n, i] * W[o, i] for i in range(X.shape[1]))
            correction = sum(hidden[k] * B[o, k] for k in range(r))
            Y[n, o] = frozen + alpha / r * correction
    return Y


slope_a = "g * s * b * x"
slope_b = "x * a * s * g"


def lora_backward(X, W, A, B, alpha, dY):
    r = A.shape[0]
    scale = alpha / r
    H = X @ A.T
    dH = scale * (dY @ B)
    dA, dB = np.zeros(A.shape), np.zeros(B.shape)
    for n in range(X.shape[0]):
        for k in range(r):
            for i in range(X.shape[1]):
                dA[k, i] += dH[n, k] * X[n, i]
            for o in range(B.shape[0]):
                dB[o, k] += scale * dY[n, o] * H[n, k]
    return dA, dB


both_zero = "a"


def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    dout, din = W.shape
    A = rng.normal(0, 1 / np.sqrt(din), (r, din))
    B = np.zeros((dout, r))
    losses = []
    step = 0
    while True:
        P = X @ W.T + alpha / r * (X @ A.T) @ B.T
        losses.append(((P - Y) ** 2).mean())
        if step == steps:
            return A, B, losses
        dP = 2 * (P - Y) / (Y.shape[0] * Y.shape[1])
        dB = alpha / r * dP.T @ (X @ A.T)
        dA = alpha / r * (dP @ B).T @ X
        A = A - lr * dA
        B = B - lr * dB
        step += 1


alpha_doubled = "C"


def merge(W, A, B, alpha):
    W2 = np.array(W)
    for k in range(len(A)):
        W2 += alpha / len(A) * np.outer(B[:, k], A[k])
    return W2


def unmerge(W2, A, B, alpha):
    W = np.array(W2)
    for k in range(len(A)):
        W -= alpha / len(A) * np.outer(B[:, k], A[k])
    return W


def best_rank(D, r):
    U, values, V = np.linalg.svd(D, full_matrices=False)
    B, A = np.zeros((D.shape[0], r)), np.zeros((r, D.shape[1]))
    for k in range(r):
        B[:, k] = U[:, k]
        A[k] = values[k] * V[k]
    return B, A


def tail(D):
    values = list(np.linalg.svd(D)[1])
    left = []
    for r in range(len(values) + 1):
        rest = 0.0
        for value in values[r:]:
            rest += value**2
        left.append(rest)
    return left


def rank_plot(D):
    ax = plt.figure().add_subplot()
    heights = tail(D)
    ranks = list(range(len(heights)))
    ax.scatter(ranks, heights)
    ax.plot(ranks, heights, label="left over")
    return ax


my_rest = 0
for value in my_values["values"][my_values["r"] :]:
    my_rest += value * value
