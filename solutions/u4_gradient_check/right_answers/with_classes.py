"""Closures, context managers and classes, and an engine written anew."""

import contextlib
import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import formula, variant, walks

from grader.testing import choices

GIVEN = choices(str(Path(__file__).parents[1] / "reference.py"))


class Stencil:
    """A difference: a sum of weight * f(x + place * h), divided by h."""

    def __init__(self, **weights):
        self.weights = [(float(place.replace("m", "-").strip("p")), weight) for place, weight in weights.items()]

    def __call__(self, f, x, h):
        return sum(weight * f(x + place * h) for place, weight in self.weights) / h


forward_diff = Stencil(p1=1.0, p0=-1.0)
central_diff = Stencil(p1=0.5, m1=-0.5)
central_of_cube = "h**2 + x**2 + 2*x**2"

bend = variant("error_curve", GIVEN["BENDS"])
error_at_1e_17 = f_error = round(abs(formula(bend["df"])(bend["x"])), 2)


def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    truth = df(x)

    def draw(name, diff):
        errors = sorted((float(h), max(1e-17, abs(diff(f, x, float(h)) - truth))) for h in hs)
        ax.plot(*zip(*errors, strict=True), marker=".", label=name.upper())
        h, e = min(errors, key=lambda pair: pair[1])
        ax.axvline(h, ls=":")
        ax.scatter([h], [e], s=60, label=f"Best {name}")

    draw("forward", forward_diff)
    draw("central", central_diff)
    ax.set(xscale="log", yscale="log")
    ax.set_xlabel("h")
    ax.set_ylabel("|difference - slope|")
    return ax


left_side = "b"


@contextlib.contextmanager
def moved(array, place, to):
    """The entry has another value for a while."""
    kept = array[place].copy()
    array[place] = to
    try:
        yield kept
    finally:
        array[place] = kept


def numerical_gradient(f, X, h=1e-5):
    Z = X if np.issubdtype(X.dtype, np.floating) else np.array(X, float)
    slopes = np.empty_like(Z)
    walker = np.nditer(Z, flags=["multi_index", "zerosize_ok"])
    for _ in walker:
        at = walker.multi_index
        here = float(Z[at])
        values = []
        for to in (here + h, here - h):
            with moved(Z, at, to):
                values.append(np.ravel(f(Z)))
        up, down = values
        if len(up) != 1:
            raise ValueError(f"f gave {len(up)} numbers")
        slopes[at] = (up[0] - down[0]) / (2 * h)
    return slopes


def relative_error(a, b):
    a, b = np.array(a, float), np.array(b, float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    if np.isnan(a).any() or np.isnan(b).any():
        return float("inf")
    sizes = np.max([abs(a), abs(b)], axis=0)
    counted = sizes > 0
    return float(np.max(abs(a - b)[counted] / sizes[counted], initial=0.0))


class Judge:
    def __init__(self, loss, params):
        self.loss, self.params = loss, params

    def deterministic(self):
        return len({float(self.loss()) for _ in range(2)}) == 1

    def slope(self, name):
        P, found = self.params[name], {}
        for at in np.ndindex(P.shape):
            ends = []
            for to in (P[at] + 1e-5, P[at] - 1e-5):
                with moved(P, at, to):
                    ends.append(self.loss())
            found[at] = (ends[0] - ends[1]) / 2e-5
        return np.reshape(list(found.values()), P.shape)


def gradient_check(loss, grads, params):
    judge = Judge(loss, params)
    if not judge.deterministic():
        raise ValueError("dice")
    return {name: relative_error(judge.slope(name), grads[name]) for name in params}


offset = variant("kinks", GIVEN["KINKS"])["offset"]


def relu(x):
    return max(x, 0.0)


kink_forward = relu(offset + 1) - relu(offset)
kink_central = (relu(offset + 1) - relu(offset - 1)) / 2
kink_true = 1.0


def safe(pre, step):
    return np.sign(pre - step) * np.sign(pre + step) > 0


at_a_kink = "c"

surface = variant("random_directions", GIVEN["SURFACES"])
L = formula(surface["L"], "w0, w1")
slope_along = {
    "w0*w0*w1 + 3*w1": "v0*2*w0*w1 + v1*(w0*w0 + 3)",
    "w0*w1*w1 - 2*w0": "v0*(w1*w1 - 2) + v1*2*w0*w1",
    "2*w0*w0 - w0*w1*w1": "v0*(4*w0 - w1*w1) - v1*2*w0*w1",
    "w0*w0*w0 + 2*w0*w1": "v0*(3*w0*w0 + 2*w1) + v1*2*w0",
    "w1*w1*w1 - 3*w0*w1": "-v0*3*w1 + 3*v1*(w1*w1 - w0)",
    "w0*w0*w1 - 4*w0": "v0*(2*w0*w1 - 4) + v1*w0*w0",
}[surface["L"]]


def directional_check(loss, grads, params, rng):
    kept = {name: np.array(values) for name, values in params.items()}
    v = {name: rng.uniform(-1, 1, values.shape) for name, values in kept.items()}

    def along(s):
        for name, values in params.items():
            np.copyto(values, kept[name] + s * v[name])
        return loss()

    try:
        measured = central_diff(along, 0.0, 1e-5)
    finally:
        for name, values in params.items():
            np.copyto(values, kept[name])
    return relative_error(measured, np.sum([np.vdot(grads[name], v[name]) for name in v]))


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


Broken.backward = getattr(walks, variant("find_the_bug", GIVEN["WALKS"]))


def failing_graph():
    stacked = Broken.backward is walks.from_a_stack

    class Build:
        def __call__(self, a):
            inner = 2.0 * a
            outer = inner * 3.0
            return outer + inner if stacked else inner + outer

    return (1.25,), Build()


class Value:
    """Written anew: a node knows when it was made, and the newest goes first."""

    made = 0

    def __init__(self, data, edges=()):
        Value.made += 1
        self.number = Value.made
        self.data, self.grad, self.edges = data, 0.0, list(edges)

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    __radd__ = __add__
    __rmul__ = __mul__

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t**2)])

    def backward(self):
        found, new = {self}, {self}
        while new:
            new = {before for node in new for before, _ in node.edges} - found
            found |= new
        self.grad = 1.0
        for node in sorted(found, key=lambda node: -node.number):
            for before, slope in node.edges:
                before.grad += slope * node.grad
