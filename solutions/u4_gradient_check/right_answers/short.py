"""As short as it gets: numpy, lambdas, comprehensions, recursion."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import sympy
from kit import formula, variant, walks

from grader.testing import choices

GIVEN = choices(str(Path(__file__).parents[1] / "reference.py"))


def forward_diff(f, x, h):
    return np.subtract(f(x + h), f(x)) / h


def central_diff(f, x, h):
    return np.subtract(f(x + h), f(x - h)) / h / 2


central_of_cube = "3x^2 + h^2"

bend = variant("error_curve", GIVEN["BENDS"])
error_at_1e_17 = 0  # a wrong prediction, with the right explanation
left_side = " b "


def error_curve(f, df, x, hs):
    ax = plt.subplots()[1]
    hs = np.asarray(hs)
    for name, diff in {"forward": forward_diff, "central": central_diff}.items():
        errors = np.fmax(np.abs([diff(f, x, float(h)) - df(x) for h in hs]), 1e-17)
        ax.loglog(hs, errors, label=name)
        ax.scatter(hs[errors.argmin()], errors.min(), label=f"best {name}")
    ax.set(xlabel="$h$", ylabel="error")
    return ax


def numerical_gradient(f, X, h=1e-5):
    def one(Z):
        y = np.asarray(f(Z))
        if y.size > 1:
            raise ValueError("one number")
        return float(y.reshape(()))

    def nudge(i):
        E = np.zeros(X.size)
        E[i] = h
        E = E.reshape(X.shape)
        return (one(X + E) - one(X - E)) / 2 / h

    return np.array([nudge(i) for i in range(X.size)]).reshape(X.shape)


def relative_error(a, b):
    a, b = map(np.asarray, (a, b))
    assert_same = a.shape == b.shape
    if not assert_same:
        raise ValueError
    with np.errstate(invalid="ignore"):
        return np.where((a == 0) & (b == 0), 0, np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))).max()


def gradient_check(loss, grads, params):
    if loss() - loss():
        raise ValueError
    result = {}
    for name, old in [*params.items()]:
        result[name] = relative_error(
            grads[name], numerical_gradient(lambda Z, name=name: (params.update({name: Z}), loss())[1], old)
        )
        params[name] = old
    return result


kink_forward, kink_central, kink_true = 0.5, 0.5, 0.5  # wrong predictions, with the right explanation
at_a_kink = "C"


def safe(pre, step):
    return ~((pre - step <= 0) & (pre + step >= 0))


surface = variant("random_directions", GIVEN["SURFACES"])
L = formula(surface["L"], "w0, w1")
w0, w1, v0, v1, s = sympy.symbols("w0 w1 v0 v1 s")
slope_along = str(sympy.expand(sympy.diff(L(w0 + s * v0, w1 + s * v1), s).subs(s, 0)))


def directional_check(loss, grads, params, rng, h=1e-5):
    old = dict(params)
    v = {k: rng.choice([-1.0, 1.0], x.shape) for k, x in old.items()}

    def at(step):
        params.update({k: old[k] + step * v[k] for k in old})
        return loss()

    numeric = (at(h) - at(-h)) / (2 * h)
    params.update(old)
    return relative_error(numeric, sum((grads[k] * v[k]).sum() for k in v))


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
    def build(x, y):
        z = x + y
        t = z.tanh()
        return (t, z)["stack" not in Broken.backward.__name__] * (z, t)["stack" not in Broken.backward.__name__]

    return np.array([0.3, 0.4]), build


class Value(Broken):
    def backward(self):
        done = {}

        def above(node):
            for before, _ in node.edges:
                if before not in done:
                    above(before)
            done[node] = True

        above(self)
        self.grad = 1
        [setattr(b, "grad", b.grad + m * n.grad) for n in reversed(done) for b, m in n.edges]
