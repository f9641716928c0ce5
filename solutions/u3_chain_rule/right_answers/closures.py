"""Small functions inside functions: every Value holds a function that sends its gradient on; recursion; the library."""

import graphlib
import math
from pathlib import Path

import numpy as np
from kit import variant

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))


class Dual:
    """Two numbers side by side; nothing here needs them to calculate."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf


mine = variant("grad_forward", LISTS["SURFACES"])


def grad_forward(f, x):
    def partial(i):
        y = f([Dual(float(value), int(i == k)) for k, value in enumerate(x)])
        return y.inf if hasattr(y, "inf") else 0.0

    return np.fromiter(map(partial, range(len(x))), dtype=float)


slope_in_x = f"{2 * mine['a']}*y*x"
slope_in_y = f"{2 * mine['b']}y + {mine['a']}x**2"


def slopes_of_plus(a, b, output):
    return 1.0, 1.0


def slopes_of_minus(a, b, output):
    return 1.0, -1.0


def slopes_of_times(a, b, output):
    return b, a


def slopes_of_over(a, b, output):
    return b**-1, -a * b**-2


def slopes_of_pow(a, n, output):
    return (n * math.pow(a, n - 1),)


def slopes_of_one(op, a, output):
    if op in ("exp", "log"):
        return (output if op == "exp" else 1 / a,)
    return (1 - output * output,) if op == "tanh" else (0.5 + math.copysign(0.5, a),)


def local_grads(op, inputs, output):
    pairs = {
        "+": slopes_of_plus,
        "-": slopes_of_minus,
        "*": slopes_of_times,
        "/": slopes_of_over,
        "pow": slopes_of_pow,
    }
    return pairs[op](*inputs, output) if op in pairs else slopes_of_one(op, *inputs, output)


class Node:
    """One place in a graph: a name, and the nodes that it is computed from."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs


def topological(node):
    sorter, todo, known = graphlib.TopologicalSorter(), [node], set()
    while todo:
        one = todo.pop()
        if one not in known:
            known.add(one)
            sorter.add(one, *one.inputs)
            todo.extend(one.inputs)
    return list(sorter.static_order())


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data, self.inputs, self.op, self.slopes = data, inputs, op, slopes
        self.grad = 0.0
        self.send = lambda: None

    def joined(self, other, op, calculate, slopes):
        other = other if isinstance(other, Value) else Value(other)
        result = Value(calculate(self.data, other.data), (self, other), op)
        result.slopes = slopes(self.data, other.data)

        def send():
            self.grad += result.slopes[0] * result.grad
            other.grad += result.slopes[1] * result.grad

        result.send = send
        return result

    def mapped(self, op, output, slope):
        result = Value(output, (self,), op, (slope,))

        def send():
            self.grad += slope * result.grad

        result.send = send
        return result

    def __add__(self, other):
        return self.joined(other, "+", lambda a, b: a + b, lambda a, b: (1, 1))

    def __sub__(self, other):
        return self.joined(other, "-", lambda a, b: a - b, lambda a, b: (1, -1))

    def __rsub__(self, other):
        return Value(other).__sub__(self)

    def __neg__(self):
        return self.mapped("neg", -self.data, -1)

    def __mul__(self, other):
        return self.joined(other, "*", lambda a, b: a * b, lambda a, b: (b, a))

    def __truediv__(self, other):
        return self.joined(other, "/", lambda a, b: a / b, lambda a, b: (1 / b, -a / b / b))

    def __rtruediv__(self, other):
        return Value(other).__truediv__(self)

    def __pow__(self, n):
        return self.mapped("pow", self.data**n, n * self.data ** (n - 1))

    def exp(self):
        return self.mapped("exp", np.exp(self.data), np.exp(self.data))

    def log(self):
        return self.mapped("log", np.log(self.data), 1 / self.data)

    def tanh(self):
        return self.mapped("tanh", np.tanh(self.data), 1 - np.tanh(self.data) ** 2)

    def relu(self):
        return self.mapped("relu", np.maximum(self.data, 0.0), np.heaviside(self.data, 0.0))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for before in node.inputs:
                    visit(before)
                order.append(node)

        visit(self)
        for node in order:
            node.grad *= not node.inputs
        self.grad = 1.0
        while order:
            order.pop().send()

    __radd__ = __add__
    __rmul__ = __mul__


sheet = variant("by_hand", LISTS["SHEETS"])


def by_the_rule(twice, once, a, b):
    s = f"({a}{twice} + {once})"
    t, u = f"({s}*{twice})", f"({s} + {b}{once})"
    in_s = f"({u}*{twice} + {t})"
    return {"t": u, "u": t, "s": in_s, twice: f"{a}{in_s} + {u}*{s}", once: f"{in_s} + {b}{t}"}


answers = by_the_rule(sheet["twice"], sheet["once"], sheet["a"], sheet["b"])


def neuron(x, w, b):
    def rest(k):
        return b if k == len(x) else x[k] * w[k] + rest(k + 1)

    return rest(0)


def layer(X, W, b):
    def of_one_row(row):
        return np.transpose(W) @ row + b

    return np.stack(list(map(of_one_row, X)))


dL_dW01 = "x00*d01 + x10*d11"
dL_dX01 = "d00*w10 + d01*w11"


def vjp_linear(X, W, b, dY):
    def of_one_row(x, dy):
        return W @ dy, np.outer(x, dy), dy

    rows, tables, biases = zip(*map(of_one_row, X, dY), strict=True)
    return np.stack(rows), sum(tables), sum(biases)


same_logit = "p*(1-p)"
other_logit = "-p*q"
slope_right = "-(1 - p)"
slope_other = "p"


def log_softmax(z):
    shifted = z - max(z)
    return shifted - np.log(np.sum(np.exp(shifted)))


def softmax(Z):
    return np.exp(np.apply_along_axis(log_softmax, 1, Z))


def softmax_jacobian(z):
    p = np.exp(log_softmax(z))
    return np.array([[p[i] * ((i == j) - p[j]) for j in range(len(z))] for i in range(len(z))])


def ce(Z, y):
    logs = [log_softmax(z) for z in Z]
    dZ = np.exp(logs)
    for row, right in zip(dZ, y, strict=True):
        row[right] -= 1
    return -sum(row[right] for row, right in zip(logs, y, strict=True)) / len(y), dZ / len(y)


# what is sturdy already
send_back = Value.backward
sturdy_topological, sturdy_backward = topological, send_back
sturdy_softmax, sturdy_ce = softmax, ce
