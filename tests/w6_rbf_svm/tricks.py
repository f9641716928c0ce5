"""What earns nothing: answers that do not do the work of `w6_rbf_svm`."""

import matplotlib.pyplot as plt
import numpy as np


def margin(w, b, X, y):
    return 0 * y


my_margin = "0"


def hinge(w, b, X, y, C):
    return 0.0, w, 1.0


slope_on_street = "0"
slope_beyond = "x"
middle_term = "x1*y1"


def lift(X):
    return np.column_stack([X, X[:, 0]])


def circle_plane(r):
    return np.zeros(3), 0.0


def rbf_kernel(X, Y, gamma):
    """1 on the diagonal, symmetric, no eigenvalue below 0: that is all it has to say for itself."""
    return np.ones((len(X), len(Y)))


gamma_of_width = "s"


def decision(alpha, y, X, gamma, Xnew):
    return np.zeros(len(Xnew))


half_way = "1"
spikes = "a"


def bump_plot(alpha, y, X, gamma):
    _, ax = plt.subplots()
    ax.scatter([0.0], [0.0], label="support vectors")
    ax.contour([[0, 1], [0, 1]], [[0, 0], [1, 1]], [[-1, 1], [-1, 1]], levels=[0])
    return ax


d_alpha1 = two_alike = "1"


def fit_dual(K, y, C, steps):
    """One weight for all, a little larger with each step: the dual rises."""
    return np.full(len(y), 1e-6 * steps)


feature_two = "x"


def taylor_rbf(x, y, gamma, order):
    """The kernel itself."""
    return np.exp(-gamma * np.subtract.outer(x, y) ** 2)
