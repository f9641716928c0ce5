"""The reference answers of `u4_gradient_check`, with the variants of the student called "reference"."""

import math

import matplotlib.pyplot as plt
import numpy as np
from kit import formula, variant, walks

from grader.testing import choices

# ------------------------------------------------------------------------------------------ 1 finite_differences


def forward_diff(f, x, h):
    return (f(x + h) - f(x)) / h


def central_diff(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


central_of_cube = "3*x**2 + h**2"

# ------------------------------------------------------------------------------------------------- 2 error_curve

BENDS = choices(__file__)["BENDS"]
bend = variant("error_curve", BENDS, student="reference")
bend_f, bend_df, bend_x = formula(bend["f"]), formula(bend["df"]), bend["x"]

error_at_1e_17 = round(abs(bend_df(bend_x)), 2)  # the difference is 0, so all of the slope is missing


def error_curve(f, df, x, hs):
    _, ax = plt.subplots(figsize=(6, 4), layout="constrained")
    slope = df(x)
    for name, difference in [("forward", forward_diff), ("central", central_diff)]:
        errors = [max(abs(difference(f, x, h) - slope), 1e-17) for h in hs]
        best = int(np.argmin(errors))
        ax.plot(hs, errors, label=name)
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set(xscale="log", yscale="log", xlabel="h", ylabel="error")
    ax.legend()
    return ax


left_side = "b"

# ------------------------------------------------------------------------------------------ 3 numerical_gradient


def numerical_gradient(f, X, h=1e-5):
    work = X if X.dtype == float else X.astype(float)
    gradient = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        before = work[index]
        try:
            work[index] = before + h
            up = np.asarray(f(work))
            work[index] = before - h
            down = np.asarray(f(work))
        finally:
            work[index] = before
        # .item() raises a ValueError where there is more than one number
        gradient[index] = (up.item() - down.item()) / (2 * h)
    return gradient


# ---------------------------------------------------------------------------------------------- 4 relative_error


def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("two arrays of different shapes cannot be compared")
    size = np.maximum(np.abs(a), np.abs(b))
    # 0 beside 0: the error is 0, whatever it is divided by
    return float(np.max(np.abs(a - b) / np.where(size == 0, 1.0, size)))


# ------------------------------------------------------------------------------------------------------- 5 judge


def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("this loss throws dice: it cannot be nudged")
    return {
        name: relative_error(grads[name], numerical_gradient(lambda nudged: loss(), values))
        for name, values in params.items()
    }


# ------------------------------------------------------------------------------------------------------- 6 kinks

offset = variant("kinks", choices(__file__)["KINKS"], student="reference")["offset"]
kink_forward = 1.0
kink_central = (1 + offset) / 2
kink_true = 1.0


def safe(pre, step):
    return np.abs(pre) > step


at_a_kink = "c"

# ------------------------------------------------------------------------------------------- 7 random_directions

SURFACES = choices(__file__)["SURFACES"]
surface = variant("random_directions", SURFACES, student="reference")
L = formula(surface["L"], "w0, w1")
slope_along = {
    "w0*w0*w1 + 3*w1": "2*w0*w1*v0 + (w0^2 + 3)*v1",
    "w0*w1*w1 - 2*w0": "(w1^2 - 2)*v0 + 2*w0*w1*v1",
    "2*w0*w0 - w0*w1*w1": "(4*w0 - w1^2)*v0 - 2*w0*w1*v1",
    "w0*w0*w0 + 2*w0*w1": "(3*w0^2 + 2*w1)*v0 + 2*w0*v1",
    "w1*w1*w1 - 3*w0*w1": "-3*w1*v0 + (3*w1^2 - 3*w0)*v1",
    "w0*w0*w1 - 4*w0": "(2*w0*w1 - 4)*v0 + w0^2*v1",
}[surface["L"]]


def directional_check(loss, grads, params, rng):
    h = 1e-5
    before = {name: values.copy() for name, values in params.items()}
    v = {name: rng.standard_normal(values.shape) for name, values in params.items()}
    losses = []
    try:
        for way in (h, -h):
            for name in params:
                params[name][...] = before[name] + way * v[name]
            losses.append(loss())
    finally:
        for name in params:
            params[name][...] = before[name]
    nudged = (losses[0] - losses[1]) / (2 * h)
    expected = sum(np.sum(grads[name] * v[name]) for name in params)
    return relative_error(nudged, expected)


# ------------------------------------------------------------------------------------------------ 8 find_the_bug


class Broken:
    """A number in a graph. Its .edges are the pairs (input, slope) that it was made from."""

    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges = data, 0.0, edges

    def __add__(self, other):
        other = self.node(other)
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = self.node(other)
        return type(self)(self.data * other.data, [(self, other.data), (other, self.data)])

    def tanh(self):
        t = math.tanh(self.data)
        return type(self)(t, [(self, 1 - t * t)])

    def node(self, other):
        return other if isinstance(other, Broken) else type(self)(other)

    __radd__, __rmul__ = __add__, __mul__


WALKS = choices(__file__)["WALKS"]
Broken.backward = getattr(walks, variant("find_the_bug", WALKS, student="reference"))


def failing_graph():
    def build(a, b):
        inner = a * b  # used twice, once directly and once through another node
        return inner.tanh() + inner if Broken.backward is walks.from_a_stack else inner + inner.tanh()

    return [0.5, 1.5], build


class Value(Broken):
    """The engine, repaired."""

    def backward(self):
        nodes, users = [self], {self: 0}
        for node in nodes:
            for before, _ in node.edges:
                if before not in users:
                    users[before] = 0
                    nodes.append(before)
                users[before] += 1
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            for before, slope in node.edges:
                before.grad += slope * node.grad
                users[before] -= 1
                if users[before] == 0:  # all of its users have reported: its gradient is complete
                    ready.append(before)
