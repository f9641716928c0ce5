"""Every case by itself: loops, lists, copies, ifs."""

import copy
import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import formula, variant, walks

from grader.testing import choices

GIVEN = choices(str(Path(__file__).parents[1] / "reference.py"))


def forward_diff(f, x, h):
    here = f(x)
    there = f(x + h)
    rise = there - here
    return rise / h


def central_diff(f, x, h):
    left = x - h
    right = x + h
    run = h + h
    return (f(right) - f(left)) / run


central_of_cube = "h*h + 3*x*x"

bend = variant("error_curve", GIVEN["BENDS"])
error_at_1e_17 = abs(formula(bend["df"])(bend["x"]))


def error_curve(f, df, x, hs):
    fig = plt.figure()
    ax = fig.add_subplot()
    forward, central = [], []
    for h in hs:
        error = forward_diff(f, x, h) - df(x)
        if error < 0:
            error = -error
        if error == 0:
            error = 1e-17
        forward.append(error)
        error = central_diff(f, x, h) - df(x)
        if error < 0:
            error = -error
        if error == 0:
            error = 1e-17
        central.append(error)
    ax.plot(hs, forward, "b.-", label="forward")
    ax.plot(hs, central, "r.-", label="central")
    best = forward.index(min(forward))
    ax.plot(hs[best], forward[best], "bo", label="best forward")
    best = central.index(min(central))
    ax.plot(hs[best], central[best], "ro", label="best central")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("step h")
    ax.set_ylabel("how wrong")
    ax.legend()
    return ax


left_side = "B"


def numerical_gradient(f, X, h=1e-5):
    gradient = np.zeros(X.shape, dtype=float)
    for index in np.ndindex(X.shape):
        nudged = X.astype(float)
        nudged[index] = X[index] + h
        up = f(nudged)
        nudged[index] = X[index] - h
        down = f(nudged)
        if np.size(up) != 1:
            raise ValueError("f gives more than one number")
        gradient[index] = (np.sum(up) - np.sum(down)) / (2 * h)
    return gradient


def relative_error(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"{np.shape(a)} beside {np.shape(b)}")
    worst = 0.0
    for x, y in zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True):
        if math.isnan(x) or math.isnan(y):
            return math.nan
        if x == y == 0:
            continue
        error = abs(x - y) / max(abs(x), abs(y))
        if error > worst:
            worst = error
    return worst


def gradient_check(loss, grads, params):
    first = loss()
    second = loss()
    if first != second:
        raise ValueError("two calls, two values")
    answers = {}
    for name in list(params):
        original = params[name]

        def loss_with(values, name=name):
            params[name] = values
            return loss()

        try:
            nudged = numerical_gradient(loss_with, original)
        finally:
            params[name] = original
        answers[name] = relative_error(nudged, grads[name])
    return answers


offset = variant("kinks", GIVEN["KINKS"])["offset"]
kink_forward = 1
kink_central = 0.5 + offset / 2
kink_true = 1


def safe(pre, step):
    answer = []
    for row in pre:
        answer.append([])
        for number in row:
            answer[-1].append(bool(number >= step or number <= -step))
    return np.array(answer)


at_a_kink = "c"

surface = variant("random_directions", GIVEN["SURFACES"])
L = formula(surface["L"], "w0, w1")
slope_along = {
    "w0*w0*w1 + 3*w1": "2w0*w1*v0 + w0*w0*v1 + 3v1",
    "w0*w1*w1 - 2*w0": "w1*w1*v0 - 2v0 + 2w0*w1*v1",
    "2*w0*w0 - w0*w1*w1": "4w0*v0 - w1*w1*v0 - 2w0*w1*v1",
    "w0*w0*w0 + 2*w0*w1": "3w0*w0*v0 + 2w1*v0 + 2w0*v1",
    "w1*w1*w1 - 3*w0*w1": "3w1*w1*v1 - 3w1*v0 - 3w0*v1",
    "w0*w0*w1 - 4*w0": "2w0*w1*v0 - 4v0 + w0*w0*v1",
}[surface["L"]]


def directional_check(loss, grads, params, rng):
    h = 1e-5
    saved = copy.deepcopy(params)
    v = {}
    for name in saved:
        v[name] = rng.normal(size=np.shape(saved[name]))
    for name in saved:
        params[name] = saved[name] + h * v[name]
    up = loss()
    for name in saved:
        params[name] = saved[name] - h * v[name]
    down = loss()
    for name in saved:
        params[name] = saved[name]
    expected = 0
    for name in saved:
        expected = expected + np.sum(grads[name] * v[name])
    return relative_error((up - down) / (2 * h), expected)


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
    inputs = [2.0]
    name = Broken.backward.__name__
    if name in ("send_again", "whenever_reached"):

        def build(a):
            twice = a + a
            return twice * twice

    elif name == "two_levels":

        def build(a):
            return ((a * 0.25).tanh() * 3.0).tanh()

    elif name == "from_a_stack":

        def build(a):
            b = a * 0.5
            c = b * 0.5
            return c + b

    else:

        def build(a):
            b = a * 0.5
            c = b * 0.5
            return b + c

    return inputs, build


class Value(Broken):
    def backward(self):
        order = []
        stack = [(self, False)]
        done = set()
        while stack:
            node, finished = stack.pop()
            if finished:
                order.append(node)
            elif id(node) not in done:
                done.add(id(node))
                stack.append((node, True))
                for before, _ in node.edges:
                    stack.append((before, False))
        self.grad = 1.0
        for node in order[::-1]:
            for before, slope in node.edges:
                before.grad = before.grad + slope * node.grad
