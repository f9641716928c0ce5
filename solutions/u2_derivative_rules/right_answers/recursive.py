"""Recursion, classes whose objects are called, generators that are made into lists, and rules built from rules."""

import cmath
import math
from functools import reduce
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices, load_module

SOLUTIONS = Path(__file__).parents[2]
LISTS = choices(str(SOLUTIONS / "u2_derivative_rules" / "reference.py"))
Dual = load_module(SOLUTIONS / "u1_derivative_intuition" / "reference.py")["Dual"]  # brought from the first unit
my_polynomial = variant("poly_derivative", LISTS["POLYNOMIALS"])
my_factors = variant("product_rule", LISTS["PRODUCTS"])
my_fraction = variant("quotient_rule", LISTS["QUOTIENTS"])
my_base = variant("exp_by_steps", LISTS["BASES"])["a"]
my_links = variant("chain_rule_1d", LISTS["CHAINS"])
steep = variant("activations", LISTS["STEEP"])
bowl = variant("descend", LISTS["BOWLS"])

d_square = "2 x"
d_cube = "x*x + 2x*x"
d_reciprocal = "-(1/x)^2"
d_root = "1/(sqrt(x) + sqrt(x))"


def poly_derivative(c):
    if len(c) == 1:
        return [0]
    *first, last = c
    front = poly_derivative(first)
    return [*(front if len(first) > 1 else []), (len(c) - 1) * last]


my_derivative = " + ".join(f"({a})*x^{k}" for k, a in enumerate(poly_derivative(my_polynomial["c"])))


class SlopeOfProduct:
    """Called with x it gives the slope there."""

    def __init__(self, f, df, g, dg):
        self.pairs = (f, dg), (g, df)

    def __call__(self, x):
        return sum(one(x) * other(x) for one, other in self.pairs)


def dproduct(f, df, g, dg):
    return SlopeOfProduct(f, df, g, dg)


my_product = "x^{n}*(sqrt(x) + {c})*({n}/x + (1/(2 sqrt(x)))/(sqrt(x) + {c}))".format(**my_factors)
dq_by_hand = "-(q*dg - df)/g"
my_quotient = "({a}x + {b})*(-(x^2 + {c})^(-2)*2x) + {a}*(x^2 + {c})^(-1)".format(**my_fraction)


def dquotient(f, df, g, dg):
    # f/g is f times 1/g
    return dproduct(f, df, lambda x: 1 / g(x), lambda x: -dg(x) / g(x) ** 2)


def grow(x, n):
    def after(steps):
        return 1 if steps == 0 else after(steps - 1) * (1 + x / n)

    return float(after(n))


d_power = f"{my_base}^x / (1/ln({my_base}))"
d_ln = "exp(-ln(x))"


def taught(f, df):
    def of(x):
        if type(x) is Dual:
            return Dual(f(x.real), x.inf * df(x.real))
        return f(x)

    return of


def exp(x):
    return taught(math.exp, math.exp)(x)


def log(x):
    if getattr(x, "real", x) <= 0:
        raise ValueError
    return taught(math.log, lambda y: y**-1)(x)


def sin(x):
    return taught(lambda t: cmath.exp(1j * t).imag, lambda t: cmath.exp(1j * t).real)(x)


def cos(x):
    if isinstance(x, Dual):
        return sin(Dual(x.real + math.pi / 2, x.inf))
    return sin(x + math.pi / 2)


def sqrt(x):
    if isinstance(x, Dual):
        return exp(Dual(log(x).real / 2, log(x).inf / 2))
    return math.exp(math.log(x) / 2)


d_cos_of_square = "sin(-(x^2)) * 2 * x"
d_bell = "exp(-x^2/2) * (-x)"
d_soft = "sigmoid(x)"
turned = {"exp": "exp", "sin": "cos", "cos": "-sin"}
my_chain = "{k} * ({b}({k} * x)) * ({a}({inner}({k} * x)))".format(
    **my_links, a=turned[my_links["outer"]], b=turned[my_links["inner"]]
)


def chain(fs, dfs):
    if not fs:
        return lambda x: 1
    first, *rest = fs
    dfirst, *drest = dfs
    return lambda x: dfirst(x) * chain(rest, drest)(first(x))


@np.vectorize
def one_sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (math.exp(x) + 1)


def sigmoid(x):
    return one_sigmoid(np.asarray(x, dtype=float))


def tanh(x):
    e = np.exp(-2 * np.abs(x))
    return np.sign(x) * (1 - e) / (1 + e)


def relu(x):
    return (x + np.abs(x)) / 2


def softplus(x):
    return np.maximum(x, 0) - np.log(sigmoid(np.abs(x)))


def dsigmoid_from_input(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2


def dtanh_from_input(x):
    return 4 * dsigmoid_from_input(2 * x)


def drelu_from_input(x):
    return np.where(x > 0, 1, 0)


def dsoftplus_from_input(x):
    return dsoftplus_from_output(softplus(x))


def dsigmoid_from_output(a):
    return 0.25 - (a - 0.5) ** 2


def dtanh_from_output(a):
    return -(a**2 - 1)


def drelu_from_output(a):
    return np.array(a != 0, dtype=int)


def dsoftplus_from_output(a):
    return 1 - 1 / np.exp(np.clip(a, None, 700))


sigmoid_slope_in_x = "1/(exp(x) + 2 + exp(-x))"
exp_in_s = "s^(-1) - 1"
sigmoid_slope_in_s = "(1 - s)/(1/s)"


def activation_plot(xs):
    k, name = steep["k"], steep["name"]
    fs, dfs = [lambda x: k * x, globals()[name]], [lambda x: k, globals()[f"d{name}_from_input"]]
    fig = plt.figure()
    for label, ys in [("f", reduce(lambda x, f: f(x), fs, xs)), ("slope", chain(fs, dfs)(xs))]:
        plt.plot(xs, ys, ".-", label=label)
    return fig.gca()


def descend(df, x0, lr, steps):
    def places(x, left):
        yield x
        if left:
            yield from places(x - lr * df(x), left - 1)

    return np.fromiter(places(float(x0), steps), float)


my_third = descend(lambda x: bowl["c"] * x, bowl["x0"], bowl["lr"], 3).tolist()[-1]
my_guess = "A" if my_third > 0 else "B" if abs(my_third) < bowl["x0"] else "C"
x_after_k = "x0 (1 - lr*c)^k"
lr_limit = "(1 + 1)/c"


def path_plot(f, path):
    ax = plt.subplot()
    around = np.sort(np.concatenate([path, np.linspace(min(path) - 0.1, max(path) + 0.1, 40)])).tolist()
    ax.plot(around, [f(x) for x in around], label="f")
    ax.plot(*zip(*((x, f(x)) for x in path), strict=True), "r-o", label="path")
    return ax


# what is sturdy already
sturdy_sigmoid, sturdy_tanh, sturdy_softplus = sigmoid, tanh, softplus
sturdy_dsigmoid = dsigmoid_from_input
