"""Small functions put together, comprehensions and reduce."""

import math
from functools import reduce
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

REFERENCE = str(Path(__file__).parents[1] / "reference.py")
my_line = variant("margin", choices(REFERENCE)["LINES"])
my_gamma = variant("decision", choices(REFERENCE)["GAMMAS"])


def dot(a, b):
    return math.fsum(p * q for p, q in zip(a, b, strict=True))


def margin(w, b, X, y):
    size = math.sqrt(dot(w, w))
    if not size:
        raise ValueError(w)
    return np.array([label * (dot(w, x) + b) / size for x, label in zip(X, y, strict=True)])


my_margin = "-({0}*{2} + {1}*{3} + ({4}))/sqrt({0}^2 + {1}^2)".format(*my_line["w"], *my_line["point"], my_line["b"])


def hinge(w, b, X, y, C):
    pairs = [(x, label, 1 - label * (dot(w, x) + b)) for x, label in zip(X, y, strict=True)]
    pushing = [pair for pair in pairs if pair[2] > 0]
    dw = reduce(lambda total, one: total - C * one[1] * one[0], pushing, np.array(w, dtype=float))
    return dot(w, w) / 2 + C * math.fsum(pair[2] for pair in pushing), dw, -C * math.fsum(pair[1] for pair in pushing)


slope_on_street = "-(x y)"
slope_beyond = "0"
middle_term = "2 x1 x2 y1 y2"


def lift(X):
    return np.array([(p * p, math.sqrt(2) * p * q, q * q) for p, q in X])


def circle_plane(r):
    return np.array([1 / r**2, 0, 1 / r**2]), -1.0


def likeness(x, y, gamma):
    return math.exp(-gamma * math.dist(x, y) ** 2)


def rbf_kernel(X, Y, gamma):
    return np.array([[likeness(x, y, gamma) for y in Y] for x in X])


gamma_of_width = "(2 s^2)^-1"


def decision(alpha, y, X, gamma, Xnew):
    return np.array([dot(np.multiply(alpha, y), row) for row in rbf_kernel(Xnew, X, gamma)])


half_way = f"sqrt(ln(2))/sqrt({my_gamma})"
spikes = "c"


def bump_plot(alpha, y, X, gamma):
    fig, ax = plt.subplots()
    xs, ys = (np.linspace(column.min() - 0.1, column.max() + 0.1, 50) for column in X.T)
    ax.contour(xs, ys, [decision(alpha, y, X, gamma, [(p, q) for p in xs]) for q in ys], levels=[0])
    ax.scatter(X[:, 0], X[:, 1], c=["b" if label > 0 else "r" for label in y], s=9)
    ax.scatter(*zip(*(x for x, weight in zip(X, alpha, strict=True) if weight), strict=True), label="support vectors")
    fig.tight_layout()
    return ax


d_alpha1 = "1 - (a1 + a2 k y1 y2)"
two_alike = "1/(1 + k)"


def fit_dual(K, y, C, steps):
    Q = np.array([[p * q * k for q, k in zip(y, row, strict=True)] for p, row in zip(y, K, strict=True)])
    lr = 1 / np.linalg.eigh(Q)[0].max()
    return reduce(lambda alpha, _: np.clip(alpha + lr * (1 - Q @ alpha), 0, C), range(steps), np.zeros(len(y)))


feature_two = "2^(1/2) g x^2 e^(-g x^2)"


def taylor_rbf(x, y, gamma, order):
    def entry(p, q):
        terms = reduce(lambda done, k: [*done, done[-1] * 2 * gamma * p * q / k], range(1, order + 1), [1.0])
        return math.exp(-gamma * (p * p + q * q)) * math.fsum(terms)

    return np.array([[entry(p, q) for q in y] for p in x])
