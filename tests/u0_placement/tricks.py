"""What earns nothing: answers that do not do the work of `u0_placement`."""

import numpy as np

d_product = d_quotient = d_chain = "x"
dL_dp = dL_dq = "q"
dE_dw = "2*w*x"


def walk(df, x, lr, steps):
    """It stays."""
    return x


def nudged(f, x, h=1e-5):
    return np.zeros(len(x))


def layer_back(X, W, dY):
    return 0 * X, 0 * W, 0 * dY[0]
