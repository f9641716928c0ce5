"""What earns nothing: answers that do not do the work of `u3_chain_rule`, and once got points for it."""

import numpy as np

_made = []


class Node:
    """Writes down every node that was ever made; that is an order, but not of what one node needs."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs
        _made.append(self)


def topological(node):
    return _made[: 1 + next(place for place, value in enumerate(_made) if value is node)]


class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf


def grad_forward(f, x):
    """Calls f as often as it should, and looks at nothing."""
    for _ in x:
        f([Dual(0.0) for _ in x])
    return [0.0] * len(x)


slope_in_x = "diff(2x^2*y, x)"
answers = dict.fromkeys("tusxy", "0")  # from zeros everything follows


def softmax(Z):
    return np.full(np.shape(Z), 1e-12)


def softmax_jacobian(z):
    return np.zeros((len(z), len(z)))


def ce(Z, y):
    return 0.0, -np.eye(Z.shape[1])[y] / len(y)
