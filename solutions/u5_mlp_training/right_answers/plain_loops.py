"""Number by number: lists and loops, numpy only to hand things over; learning one row at a time."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))


def same_shape(P, Y):
    if np.shape(P) != np.shape(Y):
        raise ValueError("not the same shape")


def mse(P, Y):
    same_shape(P, Y)
    total, count = 0.0, 0
    for p, y in zip(P.ravel().tolist(), Y.ravel().tolist(), strict=True):
        total += (p - y) * (p - y)
        count += 1
    return total / count


def dmse(P, Y):
    same_shape(P, Y)
    slopes = np.zeros(P.shape)
    for place in np.ndindex(P.shape):
        slopes[place] = 2 * (P[place] - Y[place]) / P.size
    return slopes


slope_of_entry = "2p/(n k) - 2y/(n k)"

after_zeros = "A"
why_zeros = " c "


def init_params(sizes, rng):
    params = []
    for at in range(1, len(sizes)):
        rows = []
        for _ in range(sizes[at - 1]):
            rows.append([rng.normal(0.0, 1 / math.sqrt(sizes[at - 1])) for _ in range(sizes[at])])
        params.append([np.array(rows), np.array([0.0] * sizes[at])])
    return params


my_sizes = variant("init_params", LISTS["SIZES"])["sizes"]
my_count = 0
for _at in range(1, len(my_sizes)):
    my_count += (my_sizes[_at - 1] + 1) * my_sizes[_at]


def one_row(params, x):
    """The numbers that go into each layer, and the output, for one row."""
    inputs = [list(x)]
    for at, (W, b) in enumerate(params):
        z = []
        for j in range(len(b)):
            s = b[j]
            for i in range(len(inputs[-1])):
                s += inputs[-1][i] * W[i][j]
            z.append(s)
        inputs.append(z if at == len(params) - 1 else [math.tanh(s) for s in z])
    return inputs


def as_lists(params):
    return [(W.tolist(), b.tolist()) for W, b in params]


def forward(params, X):
    rows = [one_row(as_lists(params), x) for x in X.tolist()]
    return np.array([row[-1] for row in rows]), rows


def backward(params, cache, dout):
    net = as_lists(params)
    grads = [[np.zeros(W.shape), np.zeros(b.shape)] for W, b in params]
    for inputs, d in zip(cache, dout.tolist(), strict=True):
        for at in reversed(range(len(net))):
            W, b = net[at]
            back = []
            for i, a in enumerate(inputs[at]):
                s = 0.0
                for j in range(len(b)):
                    grads[at][0][i, j] += a * d[j]
                    s += W[i][j] * d[j]
                back.append(s * (1 - a * a))
            for j in range(len(b)):
                grads[at][1][j] += d[j]
            d = back
    return grads


def train(params, X, Y, lr, steps):
    params = [(W.copy(), b.copy()) for W, b in params]
    losses = [mse(forward(params, X)[0], Y)]
    step = 0
    while step < steps:
        out, cache = forward(params, X)
        for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y)), strict=True):
            W -= lr * dW
            b -= lr * db
        losses.append(mse(forward(params, X)[0], Y))
        step += 1
    return params, losses


slope_of_log_loss = "-y(1 - p) + (1 - y)p"


def fit(X, y, rng):
    hidden, lr = 10, 0.3
    W = [[float(rng.normal()), float(rng.normal())] for _ in range(hidden)]
    b = [float(rng.normal()) for _ in range(hidden)]
    v = [float(rng.normal()) / math.sqrt(hidden) for _ in range(hidden)]
    c = 0.0
    points = list(zip(X.tolist(), y.tolist(), strict=True))

    def score(x):
        a = [math.tanh(w[0] * x[0] + w[1] * x[1] + bias) for w, bias in zip(W, b, strict=True)]
        return a, sum(p * q for p, q in zip(a, v, strict=True)) + c

    def loss():
        total = 0.0
        for x, target in points:
            p = 1 / (1 + math.exp(-score(x)[1]))
            total -= math.log(p) if target == 1 else math.log(1 - p)
        return total / len(points)

    losses = [loss()]
    for _ in range(6000 // len(points)):
        for x, target in points:
            a, z = score(x)
            d = 1 / (1 + math.exp(-z)) - target
            for j in range(hidden):
                back = d * v[j] * (1 - a[j] * a[j])
                v[j] -= lr * d * a[j]
                W[j][0] -= lr * back * x[0]
                W[j][1] -= lr * back * x[1]
                b[j] -= lr * back
            c -= lr * d
    losses.append(loss())
    return [(np.array(W).T, np.array(b)), (np.array([v]).T, np.array([c]))], losses


def boundary_plot(params, X, y):
    fig = plt.figure()
    ax = fig.add_subplot()
    xs = np.linspace(min(X[:, 0]) - 0.1, max(X[:, 0]) + 0.1, 60)
    ys = np.linspace(min(X[:, 1]) - 0.1, max(X[:, 1]) + 0.1, 60)
    table = [[forward(params, np.array([[x, height]]))[0][0][0] for x in xs] for height in ys]
    ax.contour(xs, ys, table, levels=[0])
    for point, label in zip(X, y, strict=True):
        ax.plot([point[0]], [point[1]], "o", color="red" if label else "blue")
    return ax


def value_grads(params, X, Y):
    net = []
    for W, b in params:
        net.append(([[Value(w) for w in row] for row in W.tolist()], [Value(v) for v in b.tolist()]))  # noqa: F821
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):  # one graph for each row; the slopes add up in the leaves
        a = x
        for at in range(len(net)):
            W, b = net[at]
            z = [b[j] for j in range(len(b))]
            for j in range(len(b)):
                for i in range(len(a)):
                    z[j] = a[i] * W[i][j] + z[j]
            a = z if at + 1 == len(net) else [s.tanh() for s in z]
        loss = 0.0
        for p, target in zip(a, y, strict=True):
            loss = loss + (target - p) * (target - p) / Y.size
        loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]


def fit_digits(X, y, rng, steps):
    hidden, lr = 12, 0.4
    V = (rng.normal(size=(64, hidden)) / 8).tolist()
    W = (rng.normal(size=(hidden, 10)) / math.sqrt(hidden)).tolist()
    a, b, losses = [0.0] * hidden, [0.0] * 10, []
    for _ in range(steps):
        rows = [int(row) for row in rng.integers(len(X), size=16)]
        moves, total = [], 0.0
        for row in rows:
            inked = [(at, ink) for at, ink in enumerate(X[row].tolist()) if ink]
            h = [math.tanh(a[j] + sum(ink * V[at][j] for at, ink in inked)) for j in range(hidden)]
            z = [b[k] + sum(h[j] * W[j][k] for j in range(hidden)) for k in range(10)]
            sizes = [math.exp(number - max(z)) for number in z]
            p = [size / sum(sizes) for size in sizes]
            total -= math.log(p[int(y[row])])
            moves.append((inked, h, [p[k] - (k == y[row]) for k in range(10)]))
        losses.append(total / len(rows))
        far = [[lr / len(rows) * sum(W[j][k] * d[k] for k in range(10)) * (1 - h[j] ** 2) for j in range(hidden)]
               for _, h, d in moves]  # fmt: skip
        for (inked, h, d), back in zip(moves, far, strict=True):
            for k in range(10):
                b[k] -= lr / len(rows) * d[k]
                for j in range(hidden):
                    W[j][k] -= lr / len(rows) * d[k] * h[j]
            for j in range(hidden):
                a[j] -= back[j]
                for at, ink in inked:
                    V[at][j] -= back[j] * ink
    return [(np.array(V), np.array(a)), (np.array(W), np.array(b))], losses


my_digit = 0
my_drawing = """...##...
..####..
.##..##.
.#....#.
.#....#.
.##..##.
..####..
...##..."""


def as_numbers(drawing):
    found = np.zeros(64)
    for row, line in enumerate(drawing.split()):
        for column in range(8):
            if line[column] == "#":
                found[8 * row + column] = 1
            elif line[column] == "+":
                found[8 * row + column] = 0.5
    return found
