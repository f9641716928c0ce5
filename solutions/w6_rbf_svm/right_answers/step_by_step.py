"""Plain loops and small steps, as somebody writes who thinks of one point at a time."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices

REFERENCE = str(Path(__file__).parents[1] / "reference.py")
my_line = variant("margin", choices(REFERENCE)["LINES"])
my_gamma = variant("decision", choices(REFERENCE)["GAMMAS"])


def margin(w, b, X, y):
    total = 0.0
    for entry in w:
        total += entry * entry
    if total == 0:
        raise ValueError("There is no line.")
    result = []
    for x, label in zip(X, y, strict=True):
        score = b
        for entry, number in zip(w, x, strict=True):
            score = score + entry * number
        result.append(label * score / math.sqrt(total))
    return result


score = my_line["b"]
for entry, number in zip(my_line["w"], my_line["point"], strict=True):
    score += entry * number
my_margin = f"-{score} / sqrt({my_line['w'][0]}^2 + {my_line['w'][1]}^2)"


def hinge(w, b, X, y, C):
    loss = 0.0
    for entry in w:
        loss += entry**2 / 2
    dw, db = [float(entry) for entry in w], 0.0
    for x, label in zip(X, y, strict=True):
        missing = 1 - label * (sum(entry * number for entry, number in zip(w, x, strict=True)) + b)
        if missing > 0:
            loss += C * missing
            db -= C * label
            for place in range(len(dw)):
                dw[place] -= C * label * x[place]
    return float(loss), np.array(dw), float(db)


slope_on_street = "-x*y"
slope_beyond = "0"
middle_term = "2(x1 y1)(x2 y2)"


def lift(X):
    rows = []
    for first, second in X:
        rows.append([second**2, first**2, -math.sqrt(2) * first * second])
    return np.array(rows)


def circle_plane(r):
    return [1, 1, 0], -(r**2)


def rbf_kernel(X, Y, gamma):
    table = np.zeros((len(X), len(Y)))
    for i in range(len(X)):
        for j in range(len(Y)):
            squared = 0.0
            for place in range(X.shape[1]):
                squared += float(X[i, place] - Y[j, place]) ** 2
            table[i, j] = math.exp(-gamma * squared)
    return table


gamma_of_width = "0.5/s^2"


def decision(alpha, y, X, gamma, Xnew):
    result = []
    for new in Xnew:
        total = 0.0
        for weight, label, x in zip(alpha, y, X, strict=True):
            if weight > 0:
                total += weight * label * math.exp(-gamma * float(((new - x) ** 2).sum()))
        result.append(total)
    return result


half_way = f"sqrt(-ln(1/2)/{my_gamma})"
spikes = "C"


def bump_plot(alpha, y, X, gamma):
    _, ax = plt.subplots()
    xs = np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 60)
    ys = np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 60)
    table = []
    for y_place in ys:
        table.append(decision(alpha, y, X, gamma, np.array([[x_place, y_place] for x_place in xs])))
    ax.contour(xs, ys, np.array(table), levels=[-1, 0, 1], colors=["grey", "black", "grey"])
    for x, label in zip(X, y, strict=True):
        ax.plot([x[0]], [x[1]], "b." if label > 0 else "r.")
    for x, weight in zip(X, alpha, strict=True):
        if weight > 0:
            ax.plot([x[0]], [x[1]], "ko", fillstyle="none", label="support vectors")
    return ax


d_alpha1 = "1 - (2 a1 + 2 y1 y2 k a2)/2"
two_alike = "(1 + k)^(-1)"


def fit_dual(K, y, C, steps):
    n = len(y)
    Q = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            Q[i, j] = y[i] * y[j] * K[i, j]
    lr = 1 / max(np.linalg.eigvalsh(Q))
    alpha = [0.0] * n
    for _ in range(steps):
        slopes = 1 - Q @ alpha
        alpha = [min(max(weight + lr * slope, 0.0), C) for weight, slope in zip(alpha, slopes, strict=True)]
    return np.array(alpha)


feature_two = "e^(-g x^2) * sqrt((2g)^2/2) * x^2"


def taylor_rbf(x, y, gamma, order):
    table = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        for j in range(len(y)):
            term = math.exp(-gamma * (x[i] ** 2 + y[j] ** 2))
            table[i, j] = term
            for k in range(order):
                term = term * 2 * gamma * x[i] * y[j] / (k + 1)
                table[i, j] += term
    return table
