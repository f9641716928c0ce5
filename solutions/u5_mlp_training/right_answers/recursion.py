"""A net is its first layer and then a net: recursion, einsum, tables of Values multiplied with @."""

import operator
from functools import reduce
from pathlib import Path

import numpy as np
from kit import variant
from matplotlib.figure import Figure

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))


def _difference(P, Y):
    if not P.shape == Y.shape:
        raise ValueError(f"{P.shape} against {Y.shape}")
    return P - Y


mse = lambda P, Y: np.sum(_difference(P, Y) ** 2) / np.prod(P.shape)
dmse = lambda P, Y: _difference(P, Y) * (2.0 / np.prod(P.shape))
slope_of_entry = "-2(y - p) / k / n"

after_zeros, why_zeros = "d", "C"


def init_params(sizes, rng):
    if len(sizes) < 2:
        return []
    din, dout, *_ = sizes
    return [(rng.normal(scale=np.sqrt(1 / din), size=[din, dout]), np.zeros(dout)), *init_params(sizes[1:], rng)]


my_sizes = variant("init_params", LISTS["SIZES"])["sizes"]
my_count = reduce(operator.add, [dout * (1 + din) for din, dout in zip(my_sizes[:-1], my_sizes[1:], strict=True)])  # noqa: RUF007


def forward(params, X):
    (W, b), *rest = params
    z = np.einsum("ni,ij->nj", X, W) + b[None, :]
    if not rest:
        return z, (X,)
    out, cache = forward(rest, np.tanh(z))
    return out, (X, z, cache)


def backward(params, cache, dout):
    def walk(params, cache):
        (W, _), *rest = params
        if rest:
            dz, later = walk(rest, cache[2])
            dz = dz * (1 - np.tanh(cache[1]) ** 2)
        else:
            dz, later = dout, []
        pair = np.einsum("ni,nj->ij", cache[0], dz), np.einsum("nj->j", dz)
        return np.einsum("nj,ij->ni", dz, W), [pair, *later]

    return walk(params, cache)[1]


def train(params, X, Y, lr, steps):
    out, cache = forward(params, X)
    loss = mse(out, Y)
    if steps == 0:
        return params, [loss]
    slopes = backward(params, cache, dmse(out, Y))
    after = [[W - lr * dW, b - lr * db] for (W, b), (dW, db) in zip(params, slopes, strict=True)]
    final, losses = train(after, X, Y, lr, steps - 1)
    return final, [loss, *losses]


slope_of_log_loss = "p*(1 - y) - y*(1 - p)"


def fit(X, y, rng):
    y = y[:, np.newaxis]

    def loss_of(params):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        return -np.mean(np.log(np.where(y > 0.5, p, 1 - p))), (p, cache)

    params = init_params([2, 24, 1], rng)
    loss, (p, cache) = loss_of(params)
    losses, rate = [loss], 1.0
    for _ in range(600):
        slopes = backward(params, cache, (p - y) / p.size)
        tried = [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(params, slopes, strict=True)]
        loss, found = loss_of(tried)
        if loss > losses[-1]:
            rate /= 2  # too far: stay, and take shorter steps
            continue
        params, (p, cache), rate = tried, found, rate * 1.1
        losses.append(loss)
    return params, losses


def boundary_plot(params, X, y):
    ax = Figure().add_subplot()
    grid = [np.linspace(low, high, 80) for low, high in zip(X.min(axis=0) - 0.5, X.max(axis=0) + 0.5, strict=True)]
    score = np.vectorize(lambda a, b: forward(params, np.array([[a, b]]))[0].item())
    xx, yy = np.meshgrid(*grid)
    ax.contour(xx, yy, score(xx, yy), levels=[0], colors=["k"])
    ax.contourf(xx, yy, score(xx, yy), cmap="RdBu", alpha=0.5)
    ax.plot(X[y == 0][:, 0], X[y == 0][:, 1], "x")
    ax.plot(X[y == 1][:, 0], X[y == 1][:, 1], "+")
    return ax


def value_grads(params, X, Y):
    made = np.vectorize(lambda number: Value(number), otypes=[object])  # noqa: F821
    bent = np.vectorize(lambda value: value.tanh(), otypes=[object])
    net = [(made(W), made(b)) for W, b in params]
    a = X.astype(object)
    for W, b in net[:-1]:
        a = bent(a @ W + b)
    W, b = net[-1]
    (((a @ W + b - Y) ** 2).sum() * (1 / Y.size)).backward()
    grad = np.vectorize(lambda value: value.grad, otypes=[float])
    return [(grad(W), grad(b)) for W, b in net]


def fit_digits(X, y, rng, steps):
    """The slopes of the sum, and a step that is 32 times as short."""
    params = init_params([64, 50, 10], rng)
    losses = []
    while len(losses) < steps:
        rows = rng.integers(0, X.shape[0], 32)
        scores, cache = forward(params, X[rows])
        P = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
        losses.append(float(-np.log(P[range(32), y[rows]]).mean()))
        P[range(32), y[rows]] -= 1
        params = [(W - g / 160, b - h / 160) for (W, b), (g, h) in zip(params, backward(params, cache, P), strict=True)]
    return params, losses


my_drawing, my_digit = (
    """
    ....#...
    ...##...
    ..##....
    .##..#..
    .#..##..
    .######.
    ....##..
    ....#...""",
    4,
)


def as_numbers(drawing):
    return reduce(operator.add, [[float(m == "#") + (m == "+") / 2 for m in line] for line in drawing.split()])
