"""The reference answers of `u0_placement`, with the variants of the student called "reference"."""

import numpy as np
from kit import variant

from grader.testing import choices

mine = variant("rules", choices(__file__)["RULES"])
my_loss = variant("partials", choices(__file__)["LOSSES"])

# ------------------------------------------------------------------------------------------------------------- rules

d_product = "{n}*x^({n} - 1)*ln(x) + x^({n} - 1)".format(**mine)
d_quotient = "{k}*({c} - x^2)/(x^2 + {c})^2".format(**mine)
d_chain = "-2*{k}*x*exp(-{k}*x^2)".format(**mine)

# ---------------------------------------------------------------------------------------------------------- partials

dL_dp = "{n}*p^({n} - 1)*q^2 + {k}*exp({k}*p)".format(**my_loss)
dL_dq = "2*p^{n}*q".format(**my_loss)
dE_dw = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)*x"

# -------------------------------------------------------------------------------------------------------------- walk


def walk(df, x, lr, steps):
    """The place after `steps` steps of gradient descent from x."""
    for _ in range(steps):
        x = x - lr * df(x)
    return x


# ------------------------------------------------------------------------------------------------------------ nudged


def nudged(f, x, h=1e-5):
    """The gradient of f at x by central differences, an array of the shape of x."""
    gradient = np.zeros(len(x))
    for k in range(len(x)):
        up, down = x.copy(), x.copy()
        up[k] += h
        down[k] -= h
        gradient[k] = (f(up) - f(down)) / (2 * h)
    return gradient


# -------------------------------------------------------------------------------------------------------- layer_back


def layer_back(X, W, dY):
    """dX, dW, db of  Y = X @ W + b,  where dY holds the gradient for each number of Y."""
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)
