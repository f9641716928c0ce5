"""The reference answers of `w6_rbf_svm`, with the variants of the student called "reference"."""

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

my_line = variant("margin", choices(__file__)["LINES"])
my_gamma = variant("decision", choices(__file__)["GAMMAS"])


def margin(w, b, X, y):
    """The signed distances (n,) of the points X (n, d) from the line w.x + b = 0: positive on the right side."""
    size = np.linalg.norm(w)
    if size == 0:
        raise ValueError("w = 0 gives no line")
    return y * (X @ w + b) / size


my_margin = "-({0}*{2} + {1}*{3} + ({4}))/sqrt({0}^2 + {1}^2)".format(*my_line["w"], *my_line["point"], my_line["b"])


def hinge(w, b, X, y, C):
    """(loss, dw, db): half w.w plus C times the sum of max(0, 1 - y (w.x + b)), with its slopes."""
    missing = 1 - y * (X @ w + b)
    pushes = C * y * (missing > 0)
    return 0.5 * w @ w + C * np.maximum(0, missing).sum(), w - pushes @ X, -pushes.sum()


slope_on_street = "-y*x"
slope_beyond = "0"

middle_term = "2*x1*y1*x2*y2"


def lift(X):
    """The points X (n, 2) as rows of three numbers (n, 3), so that lift(x).lift(y) = (x.y)**2."""
    return np.column_stack([X[:, 0] ** 2, np.sqrt(2) * X[:, 0] * X[:, 1], X[:, 1] ** 2])


def circle_plane(r):
    """(w, b), w (3,): the plane in the lift that is the circle of radius r. Positive is outside."""
    return np.array([1.0, 0.0, 1.0]), -(float(r) ** 2)


def rbf_kernel(X, Y, gamma):
    """How alike each point of X (n, d) is to each of Y (m, d): e^(-gamma * squared distance), (n, m)."""
    return np.exp(-gamma * ((X[:, None, :] - Y[None, :, :]) ** 2).sum(axis=2))


gamma_of_width = "1/(2s^2)"


def decision(alpha, y, X, gamma, Xnew):
    """The sum (m,) of the signed bumps on the points X (n, d), at each of the places Xnew (m, d)."""
    return rbf_kernel(Xnew, X, gamma) @ (alpha * y)


half_way = f"sqrt(ln(2)/{my_gamma})"
spikes = "c"


def bump_plot(alpha, y, X, gamma):
    """Axes with the points X (n, 2), the support vectors among them, and the line where the decision is 0."""
    _, ax = plt.subplots()
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    xx, yy = np.meshgrid(np.linspace(low[0], high[0], 101), np.linspace(low[1], high[1], 101))
    f = decision(alpha, y, X, gamma, np.column_stack([xx.ravel(), yy.ravel()]))
    ax.contour(xx, yy, f.reshape(xx.shape), levels=[0], colors="black")
    ax.scatter(X[y > 0, 0], X[y > 0, 1], s=14, label="1")
    ax.scatter(X[y < 0, 0], X[y < 0, 1], s=14, label="-1")
    held = X[alpha > 0]
    ax.scatter(held[:, 0], held[:, 1], s=70, facecolors="none", edgecolors="black", label="support vectors")
    ax.legend()
    return ax


d_alpha1 = "1 - a1 - y1*y2*k*a2"
two_alike = "1/(1+k)"


def fit_dual(K, y, C, steps):
    """alpha (n,): gradient ascent on the dual from zeros, clipped to 0..C in each step."""
    Q = K * np.outer(y, y)
    lr = 1 / np.linalg.eigvalsh(Q)[-1]
    alpha = np.zeros(len(y))
    for _ in range(steps):
        alpha = np.clip(alpha + lr * (1 - Q @ alpha), 0, C)
    return alpha


feature_two = "sqrt(2)*g*x^2*e^(-g x^2)"


def taylor_rbf(x, y, gamma, order):
    """The RBF kernel (n, m) of numbers x (n,) and y (m,), with the powers of 2*gamma*x*y up to `order` only."""
    t = 2 * gamma * np.outer(x, y)
    term = total = np.ones(t.shape)
    for k in range(1, order + 1):
        term = term * t / k
        total = total + term
    return total * np.exp(-gamma * np.add.outer(np.square(x), np.square(y)))
