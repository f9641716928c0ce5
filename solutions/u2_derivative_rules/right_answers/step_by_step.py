"""Every case by itself, with ifs and loops over plain numbers; the typed answers written out in full."""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import formula, variant

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))
my_polynomial = variant("poly_derivative", LISTS["POLYNOMIALS"])
my_factors = variant("product_rule", LISTS["PRODUCTS"])
my_fraction = variant("quotient_rule", LISTS["QUOTIENTS"])
my_base = variant("exp_by_steps", LISTS["BASES"])["a"]
my_links = variant("chain_rule_1d", LISTS["CHAINS"])
steep = variant("activations", LISTS["STEEP"])
bowl = variant("descend", LISTS["BOWLS"])
bowl_f = formula(f"{bowl['c']}*x*x/2")


class Dual:
    """The given one: nothing was brought from the first unit."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"


d_square = "x + x"
d_cube = "3*x*x"
d_reciprocal = "-x^(-2)"
d_root = "0.5/sqrt(x)"
_, _b, _c, _d = my_polynomial["c"]
my_derivative = f"{_b} + 2*({_c})*x + 3*({_d})*x**2"


def poly_derivative(c):
    if len(c) == 1:
        return [0]
    result = []
    power = 1
    while power < len(c):
        result.append(c[power] * power)
        power += 1
    return result


my_product = "x^{n}*{n}/x*(sqrt(x) + {c}) + x^{n}*0.5*x^(-0.5)".format(**my_factors)


def dproduct(f, df, g, dg):
    def slope(x):
        strip_above = f(x) * dg(x)
        strip_beside = g(x) * df(x)
        return strip_above + strip_beside

    return slope


dq_by_hand = "df/g - q*dg/g"
my_quotient = "{a}/(x^2 + {c}) - 2x*({a}x + {b})/(x^2 + {c})^2".format(**my_fraction)


def dquotient(f, df, g, dg):
    def slope(x):
        q = f(x) / g(x)
        return (df(x) - q * dg(x)) / g(x)

    return slope


def grow(x, n):
    y = 1.0
    step = 0
    while step < n:
        y = y + y * (x / n)
        step = step + 1
    return y


d_power = f"ln({my_base}) * exp(x ln({my_base}))"
d_ln = "x^(-1)"


def exp(x):
    if isinstance(x, Dual):
        return Dual(math.exp(x.real), math.exp(x.real) * x.inf)
    else:
        return math.exp(x)


def log(x):
    if isinstance(x, Dual):
        if x.real <= 0:
            raise ValueError("no logarithm at or below 0")
        return Dual(math.log(x.real), x.inf * (1 / x.real))
    else:
        if x <= 0:
            raise ValueError("no logarithm at or below 0")
        return math.log(x)


def sin(x):
    if isinstance(x, Dual):
        return Dual(math.sin(x.real), x.inf * math.cos(x.real))
    else:
        return math.sin(x)


def cos(x):
    if isinstance(x, Dual):
        return Dual(math.cos(x.real), -x.inf * math.sin(x.real))
    else:
        return math.cos(x)


def sqrt(x):
    if isinstance(x, Dual):
        return Dual(x.real**0.5, x.inf * 0.5 / x.real**0.5)
    else:
        return x**0.5


d_cos_of_square = "-sin(x^2)*2x"
d_bell = "-x*exp(-x*x/2)"
d_soft = "1/(1 + exp(-x))"
if my_links["inner"] == "exp":
    _sign, _turned = ("", "cos") if my_links["outer"] == "sin" else ("-", "sin")
    my_chain = "{0}{1}(exp({2}x)) * {2} exp({2}x)".format(_sign, _turned, my_links["k"])
elif my_links["inner"] == "sin":
    my_chain = "{0} cos({0}x) exp(sin({0}x))".format(my_links["k"])
else:
    my_chain = "-{0} sin({0}x) exp(cos({0}x))".format(my_links["k"])


def chain(fs, dfs):
    def slope(x):
        arriving = [x]
        for f in fs[:-1]:
            arriving.append(f(arriving[-1]))
        result = 1.0
        for i in range(len(dfs)):
            result = result * dfs[i](arriving[i])
        return result

    return slope


def sigmoid(x):
    result = np.zeros(x.shape)
    up = x >= 0
    result[up] = 1 / (1 + np.exp(-x[up]))
    result[~up] = np.exp(x[~up]) / (1 + np.exp(x[~up]))
    return result


def tanh(x):
    return 2 * sigmoid(2 * x) - 1


def relu(x):
    result = np.array(x, dtype=float)
    result[result < 0] = 0
    return result


def softplus(x):
    return relu(x) + np.log1p(np.exp(-abs(x)))


def dsigmoid_from_input(x):
    return sigmoid(x) * sigmoid(-x)


def dtanh_from_input(x):
    return 1 - tanh(x) * tanh(x)


def drelu_from_input(x):
    result = np.zeros(x.shape)
    result[x > 0] = 1
    result[x == 0] = 0.5
    return result


def dsoftplus_from_input(x):
    return sigmoid(x)


def dsigmoid_from_output(a):
    return a - a * a


def dtanh_from_output(a):
    return (1 - a) * (1 + a)


def drelu_from_output(a):
    result = np.zeros(a.shape)
    result[a > 0] = 1
    return result


def dsoftplus_from_output(a):
    return (np.exp(np.minimum(a, 700)) - 1) / np.exp(np.minimum(a, 700))


sigmoid_slope_in_x = "exp(-x) * (1 + exp(-x))^(-2)"
exp_in_s = "1/s - 1"
sigmoid_slope_in_s = "s - s^2"


def activation_plot(xs):
    k = steep["k"]
    _, ax = plt.subplots()
    if steep["name"] == "sigmoid":
        ax.plot(xs, sigmoid(k * xs), label="f")
        ax.plot(xs, k * dsigmoid_from_input(k * xs), label="slope")
    elif steep["name"] == "tanh":
        ax.plot(xs, tanh(k * xs), label="f")
        ax.plot(xs, k * dtanh_from_input(k * xs), label="slope")
    else:
        ax.plot(xs, softplus(k * xs), label="f")
        ax.plot(xs, k * dsoftplus_from_input(k * xs), label="slope")
    ax.axhline(0)
    return ax


if bowl["lr"] * bowl["c"] < 1:
    my_guess = "a"
elif bowl["lr"] * bowl["c"] < 2:
    my_guess = "b"
else:
    my_guess = "c"


def descend(df, x0, lr, steps):
    path = np.zeros(steps + 1)
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - lr * df(path[k])
    return path


my_third = descend(lambda x: bowl["c"] * x, bowl["x0"], bowl["lr"], 3)[3]
x_after_k = "x0*(1 - c*lr)^k"
lr_limit = "2/c"


def path_plot(f, path):
    _, ax = plt.subplots()
    low, high = min(path) - 1, max(path) + 1
    xs = [low + (high - low) * i / 50 for i in range(51)]
    ax.plot(xs, [f(x) for x in xs], label="f")
    ax.plot(path, [f(float(x)) for x in path], marker="o", label="path")
    return ax


# what is sturdy already
sturdy_sigmoid, sturdy_tanh, sturdy_softplus = sigmoid, tanh, softplus
sturdy_dsigmoid = dsigmoid_from_input
