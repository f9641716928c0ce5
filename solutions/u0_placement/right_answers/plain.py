"""Right, as somebody writes it who knows numpy well and likes names."""

from pathlib import Path

import numpy as np
from kit import variant

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))
mine = variant("rules", LISTS["RULES"])
my_loss = variant("partials", LISTS["LOSSES"])
d_product = "x^{n}/x + {n}*ln(x)*x^{n}/x".format(**mine)
d_quotient = "({k}*{c} - {k}*x^2)/(x^2 + {c})^2".format(**mine)
d_chain = "-2*{k}*x*e^(-{k}*x^2)".format(**mine)
dL_dp = "{k}*e^({k}*p) + {n}*q*q*p^({n}-1)".format(**my_loss)
dL_dq = "q*p^{n} + q*p^{n}".format(**my_loss)
dE_dw = "2*x*tanh(w*x)*(1 - tanh(w*x)^2) - 2*x*y*(1 - tanh(w*x)^2)"


def walk(df, x, lr, steps):
    places = [x]
    for _ in range(steps):
        places.append(places[-1] - lr * df(places[-1]))
    return places[-1]


def nudged(f, x, h=1e-5):
    gradient = np.empty_like(x)
    for k, _ in enumerate(x):
        nudge = np.zeros_like(x)
        nudge[k] = h
        gradient[k] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


def layer_back(X, W, dY):
    dX = np.matmul(dY, np.transpose(W))
    dW = np.matmul(np.transpose(X), dY)
    ones = np.ones(len(X))
    return dX, dW, ones @ dY
