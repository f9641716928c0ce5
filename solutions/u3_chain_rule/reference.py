"""The reference answers of `u3_chain_rule`, with the variants of the student called "reference"."""

import math

import numpy as np
from kit import variant

from grader.testing import choices

# ------------------------------------------------------------------------------------------ brought from unit 1


def as_dual(x):
    """A plain number x is the Dual x + 0*eps."""
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    """The number  real + inf*eps,  where eps*eps = 0."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        return self + -as_dual(other)

    def __rsub__(self, other):
        return as_dual(other) - self

    def __mul__(self, other):
        other = as_dual(other)
        return Dual(self.real * other.real, self.real * other.inf + self.inf * other.real)

    __radd__ = __add__
    __rmul__ = __mul__


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    return Dual(u, (p.inf - u * q.inf) / q.real)


def power(p, n):
    return Dual(p.real**n, n * p.real ** (n - 1) * p.inf) if n else Dual(1, 0)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# ------------------------------------------------------------------------------------------------ 1 grad_forward

SURFACES = choices(__file__)["SURFACES"]
mine = variant("grad_forward", SURFACES, student="reference")


def surface(v):
    """Your own function of two numbers, v = [x, y]."""
    x, y = v
    return mine["a"] * x * x * y + mine["b"] * y * y


def grad_forward(f, x):
    slopes = np.zeros(len(x))
    for i in range(len(x)):
        moving = [Dual(value, 1 if k == i else 0) for k, value in enumerate(x)]
        y = f(moving)
        slopes[i] = y.inf if isinstance(y, Dual) else 0
    return slopes


slope_in_x = f"{2 * mine['a']}*x*y"
slope_in_y = f"{mine['a']}*x**2 + {2 * mine['b']}*y"

# ------------------------------------------------------------------------------------------------- 2 local_grads


def local_grads(op, inputs, output):
    if op == "+":
        return 1.0, 1.0
    if op == "-":
        return 1.0, -1.0
    if op == "*":
        a, b = inputs
        return b, a
    if op == "/":
        a, b = inputs
        return 1 / b, -a / b**2
    if op == "pow":
        a, n = inputs
        return (n * a ** (n - 1),)
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / inputs[0],)
    if op == "tanh":
        return (1 - output**2,)
    return (1.0 if inputs[0] > 0 else 0.0,)  # relu


# ------------------------------------------------------------------------------------------- 4 topological_order


class Node:
    """One place in a graph: a name, and the nodes that it is computed from."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs

    def __repr__(self):
        return self.name


def topological(node):
    order, seen = [], set()

    def visit(one):
        if id(one) not in seen:
            seen.add(id(one))
            for before in one.inputs:
                visit(before)
            order.append(one)

    visit(node)
    return order


# ------------------------------------------------------------------------------------------------ 5 value_engine


def as_value(x):
    """A plain number x as a separate Value."""
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    """The Value `output` of an operation, which knows its inputs and its slope in each of them."""
    numbers = [given.data if isinstance(given, Value) else given for given in inputs]
    values = tuple(given for given in inputs if isinstance(given, Value))
    shown = " ".join([op, *(str(given) for given in inputs if not isinstance(given, Value))])  # "pow 2"
    return Value(output, values, shown, local_grads(op, numbers, output))


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data  # the number
        self.inputs = inputs  # the Values that it was computed from
        self.op = op  # by which operation
        self.slopes = slopes  # its local slopes, one for each input
        self.grad = 0.0  # the slope of the output in this number, once backward() has run

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        return as_value(other) - self

    def __neg__(self):
        return 0 - self

    def __mul__(self, other):
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __pow__(self, n):
        return computed("pow", self.data**n, self, n)

    def exp(self):
        return computed("exp", math.exp(self.data), self)

    def log(self):
        return computed("log", math.log(self.data), self)

    def tanh(self):
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        return computed("relu", self.data if self.data > 0 else 0.0, self)

    def backward(self):
        send_back(self)

    __radd__ = __add__
    __rmul__ = __mul__


# ---------------------------------------------------------------------------------------------- 6 value_backward


def send_back(output):
    output.grad = 1.0
    for node in reversed(topological(output)):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope


# ----------------------------------------------------------------------------------------------------- 3 by_hand

SHEETS = choices(__file__)["SHEETS"]
sheet = variant("by_hand", SHEETS, student="reference")

# s = a*twice + once,  t = s*twice,  u = s + b*once,  L = t*u
answers = {
    "t": "u",
    "u": "t",
    "s": f"u*{sheet['twice']} + t",
    sheet["twice"]: f"{sheet['a']}*(u*{sheet['twice']} + t) + u*s",
    sheet["once"]: f"u*{sheet['twice']} + t + {sheet['b']}*t",
}

# ------------------------------------------------------------------------------------------------ 7 neuron_layer


def neuron(x, w, b):
    total = b
    for value, weight in zip(x, w, strict=True):
        total = total + value * weight
    return total


def layer(X, W, b):
    return np.asarray(X) @ np.asarray(W) + np.asarray(b)


# --------------------------------------------------------------------------------------------- 8 linear_backward

dL_dW01 = "x00*d01 + x10*d11"
dL_dX01 = "d00*w10 + d01*w11"


def vjp_linear(X, W, b, dY):
    dX = dY @ W.T
    dW = X.T @ dY
    db = dY.sum(axis=0)
    return dX, dW, db


# ----------------------------------------------------------------------------------------------------- 9 softmax

same_logit = "p*(1 - p)"
other_logit = "-p*q"


def softmax(Z):
    powers = np.exp(Z)
    return powers / powers.sum(axis=1, keepdims=True)


# ------------------------------------------------------------------------------------------------- 10 softmax_ce

slope_right = "p - 1"
slope_other = "p"


def ce(Z, y):
    n = len(Z)
    loss = np.mean(np.log(np.exp(Z).sum(axis=1)) - Z[np.arange(n), y])
    dZ = softmax(Z)
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n


# ------------------------------------------------------------------------------------------ 11 made to last


def sturdy_topological(node):
    order, seen, waiting = [], set(), [(node, False)]
    while waiting:
        current, inputs_done = waiting.pop()
        if inputs_done:
            order.append(current)
        elif id(current) not in seen:
            seen.add(id(current))
            waiting.append((current, True))  # comes back when all of its inputs are in the list
            waiting += [(before, False) for before in current.inputs]
    return order


def sturdy_backward(output):
    order = sturdy_topological(output)
    for node in order:
        if node.inputs:
            node.grad = 0.0  # leaves keep what they have
    output.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes, strict=True):
            before.grad += node.grad * slope


def sturdy_softmax(Z):
    powers = np.exp(Z - Z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def sturdy_ce(Z, y):
    n = len(Z)
    shifted = Z - Z.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(n), y])
    dZ = sturdy_softmax(Z)
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n


def softmax_jacobian(z):
    p = softmax(z[None, :])[0]
    return np.diag(p) - np.outer(p, p)
