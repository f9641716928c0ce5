"""The reference answers of `u5_mlp_training`; first what a student brings from earlier units, then the tasks."""

import math

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

# --------------------------------------------------------------------------- brought from units 3 and 4


def layer(X, W, b):
    return X @ W + b


def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)


def ce(Z, y):
    Z = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = float(np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[rows, y]))
    dZ = P.copy()
    dZ[rows, y] -= 1
    return loss, dZ / len(y)


def numerical_gradient(f, X, h=1e-5):
    X = np.array(X, dtype=float)
    slopes = np.empty(X.shape)
    for place in np.ndindex(X.shape):
        kept = X[place]
        X[place] = kept + h
        above = f(X)
        X[place] = kept - h
        below = f(X)
        X[place] = kept
        slopes[place] = (above - below) / (2 * h)
    return slopes


def gradient_check(loss, grads, params):
    errors = {}
    for name, kept in params.items():

        def nudged(X, name=name, kept=kept):
            params[name] = X
            try:
                return loss()
            finally:
                params[name] = kept

        measured = numerical_gradient(nudged, kept)
        size = np.linalg.norm(measured) + np.linalg.norm(grads[name])
        errors[name] = float(np.linalg.norm(measured - grads[name]) / size) if size else 0.0
    return errors


class Value:
    """A number that remembers what it was made of, so that `backward` can tell everything its gradient."""

    def __init__(self, data, parts=()):
        self.data, self.grad = data, 0.0
        self.parts = parts  # (what it was made of, the local derivative)

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, n):
        return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

    def exp(self):
        return Value(math.exp(self.data), ((self, math.exp(self.data)),))

    def log(self):
        return Value(math.log(self.data), ((self, 1 / self.data),))

    def tanh(self):
        a = math.tanh(self.data)
        return Value(a, ((self, 1 - a * a),))

    def relu(self):
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + other * -1

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return self**-1 * other

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                waiting.append((node, True))
                waiting += [(part, False) for part, _ in node.parts]
        for node in order:
            node.grad = 0.0 if node.parts else node.grad
        self.grad += 1.0
        for node in reversed(order):
            for part, local in node.parts:
                part.grad += local * node.grad


# ------------------------------------------------------------------------------------------------- 1 mse


def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError(f"predictions of shape {P.shape}, targets of shape {Y.shape}: make them alike first")
    return float(np.mean((P - Y) ** 2))


def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError(f"predictions of shape {P.shape}, targets of shape {Y.shape}: make them alike first")
    return 2 * (P - Y) / P.size


slope_of_entry = "2*(p - y)/(n*k)"

# ----------------------------------------------------------------------------------------- 2 init_params

SIZES = choices(__file__)["SIZES"]
my_sizes = variant("init_params", SIZES, student="reference")["sizes"]


def init_params(sizes, rng):
    params = []
    for at in range(len(sizes) - 1):
        din, dout = sizes[at], sizes[at + 1]
        W = rng.normal(size=(din, dout)) / np.sqrt(din)
        b = np.zeros(dout)
        params.append((W, b))
    return params


my_count = sum(W.size + b.size for W, b in init_params(my_sizes, np.random.default_rng(0)))
after_zeros = "a"
why_zeros = "c"

# --------------------------------------------------------------------------------------------- 3 forward


def forward(params, X):
    cache = [X]  # the input of every layer: backward needs them
    for W, b in params[:-1]:
        cache.append(np.tanh(layer(cache[-1], W, b)))
    W, b = params[-1]
    return layer(cache[-1], W, b), cache


# -------------------------------------------------------------------------------------------- 4 backward


def backward(params, cache, dY):
    grads = []
    for (W, b), a in zip(reversed(params), reversed(cache), strict=True):
        da, dW, db = vjp_linear(a, W, b, dY)
        grads.append((dW, db))
        # a = tanh(z) has the slope 1 - a**2: through it, to the layer below
        dY = da * (1 - a**2)
    return grads[::-1]


# ----------------------------------------------------------------------------------------------- 5 train


def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        P, cache = forward(params, X)
        losses.append(mse(P, Y))
        grads = backward(params, cache, dmse(P, Y))
        # new arrays: whoever called keeps the start
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
    P, _ = forward(params, X)
    losses.append(mse(P, Y))
    return params, losses


# ----------------------------------------------------------------------------------------------- 6 moons

MOONS = choices(__file__)["MOONS"]
my_moons = variant("moons", MOONS, student="reference")

slope_of_log_loss = "p - y"


def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    lr, steps = 1.0, 1000
    y = y[:, None]  # (n, 1), as the scores
    losses = []
    for step in range(steps + 1):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))
        if step == steps:
            return params, losses
        grads = backward(params, cache, (p - y) / len(X))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    xx, yy = np.meshgrid(np.linspace(low[0], high[0], 101), np.linspace(low[1], high[1], 101))
    z, _ = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))
    zz = z.reshape(xx.shape)
    ax.contourf(xx, yy, zz, levels=[-np.inf, 0, np.inf], colors=["tab:blue", "tab:orange"], alpha=0.2)
    ax.contour(xx, yy, zz, levels=[0], colors="black")
    ax.scatter(X[y == 0, 0], X[y == 0, 1], s=12, label="0")
    ax.scatter(X[y == 1, 0], X[y == 1, 1], s=12, label="1")
    ax.legend()
    return ax


# ----------------------------------------------------------------------------------------- 7 two_engines


def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total = Value(0.0)
    for x, y in zip(X.tolist(), Y.tolist(), strict=True):
        a = x
        for number, (W, b) in enumerate(net, start=1):
            z = []
            for j in range(len(b)):
                s = b[j]
                for i in range(len(a)):
                    s = s + W[i][j] * a[i]
                z.append(s)
            a = z if number == len(net) else [s.tanh() for s in z]
        for p, target in zip(a, y, strict=True):
            total = total + (p - target) ** 2
    loss = total / Y.size
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]


# ------------------------------------------------------------------------------------------ 8 fit_digits


def fit_digits(X, y, rng, steps):
    params = init_params([64, 64, 10], rng)
    lr, batch = 0.2, 32
    losses = []
    for _ in range(steps):
        rows = rng.integers(len(X), size=batch)
        scores, cache = forward(params, X[rows])
        loss, dscores = ce(scores, y[rows])
        grads = backward(params, cache, dscores)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        losses.append(loss)
    return params, losses


# ------------------------------------------------------------------------------------------- 9 own_digit

my_drawing = """
.######.
.....##.
.....#..
..#####.
....##..
...##...
...##...
...#....
"""
my_digit = 7


def as_numbers(drawing):
    ink = {"#": 1.0, "+": 0.5, ".": 0.0}
    return np.array([ink[mark] for line in drawing.split() for mark in line])
