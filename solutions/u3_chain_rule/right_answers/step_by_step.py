"""Every case by itself, with ifs and loops over plain numbers; for the student in JUPYTERHUB_USER."""

import math
from pathlib import Path

import numpy as np
from kit import variant

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))


class Dual:
    """Two numbers side by side; nothing here needs them to calculate."""

    def __init__(self, real, inf=0):
        self.real = real
        self.inf = inf


mine = variant("grad_forward", LISTS["SURFACES"])


def grad_forward(f, x):
    slopes = []
    for which in range(len(x)):
        moved = []
        for place in range(len(x)):
            if place == which:
                moved.append(Dual(x[place], 1))
            else:
                moved.append(Dual(x[place], 0))
        result = f(moved)
        if isinstance(result, Dual):
            slopes.append(float(result.inf))
        else:
            slopes.append(0.0)
    return np.array(slopes)


slope_in_x = f"{mine['a']}x*y + {mine['a']}x*y"
slope_in_y = f"{mine['a']}x^2 + {mine['b']}y*2"


def local_grads(op, inputs, output):
    if op == "+":
        return (1, 1)
    elif op == "-":
        return (1, -1)
    elif op == "*":
        return (inputs[1], inputs[0])
    elif op == "/":
        return (1 / inputs[1], -output / inputs[1])
    elif op == "pow":
        return (inputs[1] * inputs[0] ** (inputs[1] - 1),)
    elif op == "exp":
        return (math.exp(inputs[0]),)
    elif op == "log":
        return (1 / inputs[0],)
    elif op == "tanh":
        return (1 / math.cosh(inputs[0]) ** 2,)
    elif op == "relu":
        if output > 0:
            return (1,)
        return (0,)


class Node:
    """One place in a graph: a name, and the nodes that it is computed from."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs


def topological(node):
    # who uses whom, then take away what waits for nobody
    found = {id(node): node}
    todo = [node]
    while todo:
        for value in todo.pop().inputs:
            if id(value) not in found:
                found[id(value)] = value
                todo.append(value)
    users = {key: [] for key in found}
    waits = {}
    for key, value in found.items():
        waits[key] = len(value.inputs)
        for before in value.inputs:
            users[id(before)].append(key)
    ready = [key for key in found if waits[key] == 0]
    order = []
    while ready:
        key = ready.pop()
        order.append(found[key])
        for user in users[key]:
            waits[user] -= 1
            if waits[user] == 0:
                ready.append(user)
    return order


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data
        self.inputs = inputs
        self.op = op
        self.slopes = slopes
        self.grad = 0.0

    def __add__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data + other.data, (self, other), "+", (1.0, 1.0))

    def __sub__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data - other.data, (self, other), "-", (1.0, -1.0))

    def __rsub__(self, other):
        return Value(other - self.data, (self,), "-", (-1.0,))

    def __neg__(self):
        return Value(-self.data, (self,), "neg", (-1.0,))

    def __mul__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data * other.data, (self, other), "*", (other.data, self.data))

    def __truediv__(self, other):
        if not isinstance(other, Value):
            other = Value(other)
        slopes = (1 / other.data, -self.data / other.data**2)
        return Value(self.data / other.data, (self, other), "/", slopes)

    def __rtruediv__(self, other):
        return Value(other / self.data, (self,), "/", (-other / self.data**2,))

    def __pow__(self, n):
        return Value(self.data**n, (self,), f"pow {n}", (n * self.data ** (n - 1),))

    def exp(self):
        result = math.exp(self.data)
        return Value(result, (self,), "exp", (result,))

    def log(self):
        return Value(math.log(self.data), (self,), "log", (1 / self.data,))

    def tanh(self):
        result = math.tanh(self.data)
        return Value(result, (self,), "tanh", (1 - result * result,))

    def relu(self):
        if self.data > 0:
            return Value(self.data, (self,), "relu", (1.0,))
        return Value(0.0, (self,), "relu", (0.0,))

    def backward(self):
        order = topological(self)
        for node in order:
            if len(node.inputs) > 0:
                node.grad = 0.0
        self.grad = 1.0
        for place in range(len(order) - 1, -1, -1):
            node = order[place]
            for k in range(len(node.inputs)):
                node.inputs[k].grad = node.inputs[k].grad + node.grad * node.slopes[k]

    __radd__ = __add__
    __rmul__ = __mul__


sheet = variant("by_hand", LISTS["SHEETS"])
# everything multiplied out as far as s, t and u
answers = {
    "t": "u",
    "u": "t",
    "s": f"t + u*{sheet['twice']}",
    sheet["twice"]: f"u*s + {sheet['a']}*t + {sheet['a']}*u*{sheet['twice']}",
    sheet["once"]: f"{1 + sheet['b']}t + u*{sheet['twice']}",
}


def neuron(x, w, b):
    total = b
    for k in range(len(x)):
        total += x[k] * w[k]
    return total


def layer(X, W, b):
    X, W, b = np.array(X), np.array(W), np.array(b)
    Y = np.zeros((X.shape[0], W.shape[1]))
    for i in range(X.shape[0]):
        for j in range(W.shape[1]):
            Y[i, j] = neuron(X[i], W[:, j], b[j])
    return Y


dL_dW01 = "d01*x00 + d11*x10"
dL_dX01 = "w10*d00 + w11*d01"


def vjp_linear(X, W, b, dY):
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i in range(X.shape[0]):
        for j in range(W.shape[1]):
            db[j] += dY[i, j]
            for k in range(X.shape[1]):
                dX[i, k] += dY[i, j] * W[k, j]
                dW[k, j] += dY[i, j] * X[i, k]
    return dX, dW, db


same_logit = "p - p^2"
other_logit = "-(q p)"
slope_right = "-1 + p"
slope_other = "p"


def softmax(Z):
    P = np.zeros(Z.shape)
    for i in range(Z.shape[0]):
        largest = max(Z[i])
        total = 0.0
        for j in range(Z.shape[1]):
            P[i, j] = math.exp(Z[i, j] - largest)
            total += P[i, j]
        for j in range(Z.shape[1]):
            P[i, j] /= total
    return P


def softmax_jacobian(z):
    p = softmax(np.array([z]))[0]
    J = np.zeros((len(z), len(z)))
    for i in range(len(z)):
        for j in range(len(z)):
            if i == j:
                J[i, j] = p[i] * (1 - p[i])
            else:
                J[i, j] = -p[i] * p[j]
    return J


def ce(Z, y):
    n, k = Z.shape
    P = softmax(Z)
    loss = 0.0
    dZ = np.zeros((n, k))
    for i in range(n):
        largest = max(Z[i])
        loss += math.log(sum(math.exp(z - largest) for z in Z[i])) + largest - Z[i, y[i]]
        for j in range(k):
            dZ[i, j] = (P[i, j] - (1 if j == y[i] else 0)) / n
    return loss / n, dZ


# what is sturdy already
send_back = Value.backward
sturdy_topological, sturdy_backward = topological, send_back
sturdy_softmax, sturdy_ce = softmax, ce
