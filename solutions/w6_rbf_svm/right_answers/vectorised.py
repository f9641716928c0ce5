"""Array operations throughout: einsum, broadcasting, cumulative products."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

REFERENCE = str(Path(__file__).parents[1] / "reference.py")
my_line = variant("margin", choices(REFERENCE)["LINES"])
my_gamma = variant("decision", choices(REFERENCE)["GAMMAS"])


def margin(w, b, X, y):
    if not np.any(w):
        raise ValueError("w is 0")
    return np.einsum("nd,d,n->n", X, w, y) / np.sqrt(np.dot(w, w)) + b * y / np.sqrt(np.dot(w, w))


my_margin = f"-({np.dot(my_line['w'], my_line['point']) + my_line['b']})*{np.dot(my_line['w'], my_line['w'])}^(-1/2)"


def hinge(w, b, X, y, C):
    slack = np.clip(1 - y * (X @ w + b), 0, None)
    active = np.where(slack > 0, y, 0.0)
    return np.square(w).sum() / 2 + C * slack.sum(), w - C * np.einsum("n,nd->d", active, X), -C * active.sum()


slope_on_street = "(-y) x"
slope_beyond = "0*x"
middle_term = "x1 x2 y1 y2 + x1 x2 y1 y2"


def lift(X):
    return np.hypot(1, [0, 1, 0]) * X[:, [0, 0, 1]] * X[:, [0, 1, 1]]


def circle_plane(r):
    return np.array([3.0, 0.0, 3.0]), -3.0 * r * r


def rbf_kernel(X, Y, gamma):
    difference = np.expand_dims(X, 1) - np.expand_dims(Y, 0)
    return np.exp(-gamma * np.einsum("nmd,nmd->nm", difference, difference))


gamma_of_width = "1/2 * s^(-2)"


def decision(alpha, y, X, gamma, Xnew):
    held = alpha > 0
    return rbf_kernel(Xnew, X[held], gamma).dot(alpha[held] * y[held])


half_way = f"(ln(2)/{my_gamma})^(1/2)"
spikes = "c"


def bump_plot(alpha, y, X, gamma):
    ax = plt.figure().add_subplot()
    (left, bottom), (right, top) = X.min(axis=0) - 0.2, X.max(axis=0) + 0.2
    yy, xx = np.mgrid[bottom:top:150j, left:right:150j]
    f = decision(alpha, y, X, gamma, np.stack([xx, yy], axis=-1).reshape(-1, 2)).reshape(xx.shape)
    ax.contourf(xx, yy, f > 0, alpha=0.2)
    ax.contour(xx, yy, f, levels=[0.0])
    ax.scatter(*X.T, c=y)
    ax.scatter(*X[alpha > 0].T, s=90, facecolors="none", edgecolors="k", label="Support vectors")
    ax.legend()
    return ax


d_alpha1 = "1 - y1 y2 k a2 - a1"
two_alike = "1/(k+1)"


def fit_dual(K, y, C, steps):
    """With momentum off and a slightly shorter step: the norm of Q is its largest eigenvalue."""
    Q = y[:, None] * K * y
    step, alpha = 0.999 / np.linalg.norm(Q, 2), np.zeros_like(y, dtype=float)
    for _ in range(steps):
        alpha = np.minimum(np.maximum(alpha - step * (Q.dot(alpha) - 1), 0), C)
    return alpha


feature_two = "g x^2 sqrt(2) / e^(g x^2)"


def taylor_rbf(x, y, gamma, order):
    ratio = 2 * gamma * np.multiply.outer(x, y)
    terms = np.concatenate([np.ones((1, *ratio.shape)), ratio / np.arange(1, order + 1).reshape(-1, 1, 1)])
    return np.cumprod(terms, axis=0).sum(axis=0) * np.exp(-gamma * (x[:, None] ** 2 + y**2))
