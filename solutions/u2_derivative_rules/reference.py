"""The reference answers of `u2_derivative_rules`, with the variants of the student called "reference"."""

import math

import matplotlib.pyplot as plt
import numpy as np
from kit import formula, variant

from grader.testing import choices

# ------------------------------------------------------------------------------- brought from u1_derivative_intuition


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
        # (a + b*eps)*(c + d*eps) = a*c + (a*d + b*c)*eps
        return Dual(self.real * other.real, self.real * other.inf + self.inf * other.real)

    def __abs__(self):
        return -self if self.real < 0 else self

    def __eq__(self, other):
        return self.real == as_dual(other).real

    def __lt__(self, other):
        return self.real < as_dual(other).real

    def __gt__(self, other):
        return as_dual(other) < self

    def __le__(self, other):
        return self < other or self == other

    def __ge__(self, other):
        return self > other or self == other

    __radd__ = __add__
    __rmul__ = __mul__


def divide(p, q):
    """p / q, where each is a Dual or a plain number."""
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    return Dual(u, (p.inf - u * q.inf) / q.real)


def power(p, n):
    """The Dual p to the whole number n."""
    result = Dual(1, 0)
    for _ in range(abs(n)):
        result = result * p
    return divide(1, result) if n < 0 else result


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


def slope(f, x):
    """The eps part of f(x + eps)."""
    return as_dual(f(Dual(x, 1))).inf


# ---------------------------------------------------------------------------------------------- poly_derivative

POLYNOMIALS = choices(__file__)["POLYNOMIALS"]
my_polynomial = variant("poly_derivative", POLYNOMIALS, student="reference")


def poly_derivative(c):
    # the power rule, term by term: c[k] * x**k has the slope k*c[k] * x**(k - 1)
    slopes = [k * c[k] for k in range(1, len(c))]
    return slopes or [0]


d_square = "2x"
d_cube = "3x^2"
d_reciprocal = "-1/x^2"
d_root = "1/(2 sqrt(x))"
my_derivative = " + ".join(f"({k * a})*x^{k - 1}" for k, a in enumerate(my_polynomial["c"]) if k)

# ------------------------------------------------------------------------------------------------- product_rule

PRODUCTS = choices(__file__)["PRODUCTS"]
my_factors = variant("product_rule", PRODUCTS, student="reference")


def dproduct(f, df, g, dg):
    def slope_of_product(x):
        return df(x) * g(x) + f(x) * dg(x)  # two strips; the corner is eps*eps = 0

    return slope_of_product


my_product = "{n}*x^({n} - 1)*(sqrt(x) + {c}) + x^{n}/(2 sqrt(x))".format(**my_factors)

# ------------------------------------------------------------------------------------------------ quotient_rule

QUOTIENTS = choices(__file__)["QUOTIENTS"]
my_fraction = variant("quotient_rule", QUOTIENTS, student="reference")
dq_by_hand = "(df - q*dg)/g"


def dquotient(f, df, g, dg):
    def slope_of_quotient(x):
        return (df(x) * g(x) - f(x) * dg(x)) / g(x) ** 2

    return slope_of_quotient


my_quotient = "({a}*(x^2 + {c}) - ({a}x + {b})*2x)/(x^2 + {c})^2".format(**my_fraction)

# ------------------------------------------------------------------------------------------------- exp_by_steps

BASES = choices(__file__)["BASES"]
my_base = variant("exp_by_steps", BASES, student="reference")["a"]


def grow(x, n):
    y = 1
    for _ in range(n):
        y += y * (x / n)
    return y


d_power = f"{my_base}^x * ln({my_base})"
d_ln = "1/x"

# ----------------------------------------------------------------------------------------------- dual_functions


def exp(x):
    if not isinstance(x, Dual):
        return math.exp(x)
    y = math.exp(x.real)
    return Dual(y, y * x.inf)


def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), x.inf / x.real)


def sin(x):
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.cos(x.real) * x.inf)


def cos(x):
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), -math.sin(x.real) * x.inf)


def sqrt(x):
    if not isinstance(x, Dual):
        return math.sqrt(x)
    root = math.sqrt(x.real)
    return Dual(root, x.inf / (2 * root))


# ------------------------------------------------------------------------------------------------ chain_rule_1d

CHAINS = choices(__file__)["CHAINS"]
my_links = variant("chain_rule_1d", CHAINS, student="reference")


def chain(fs, dfs):
    def slope_of_chain(x):
        rate = 1
        for f, df in zip(fs, dfs, strict=True):
            rate = rate * df(x)  # at the value that arrives here
            x = f(x)
        return rate

    return slope_of_chain


d_cos_of_square = "-2x sin(x^2)"
d_bell = "-x exp(-x^2/2)"
d_soft = "exp(x)/(1 + exp(x))"
my_chain = "({d_outer}({inner}({k}x))) * ({d_inner}({k}x)) * {k}".format(
    **my_links,
    d_outer={"exp": "exp", "sin": "cos", "cos": "-sin"}[my_links["outer"]],
    d_inner={"exp": "exp", "sin": "cos", "cos": "-sin"}[my_links["inner"]],
)

# -------------------------------------------------------------------------------------------------- activations

STEEP = choices(__file__)["STEEP"]
steep = variant("activations", STEEP, student="reference")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def tanh(x):
    return np.tanh(x)


def relu(x):
    return np.maximum(x, 0)


def softplus(x):
    return np.log(1 + np.exp(x))


def dsigmoid_from_input(x):
    s = sigmoid(x)
    return s * (1 - s)


def dtanh_from_input(x):
    return 1 - np.tanh(x) ** 2


def drelu_from_input(x):
    return (x > 0) * 1.0


def dsoftplus_from_input(x):
    return sigmoid(x)


def dsigmoid_from_output(a):
    return a * (1 - a)


def dtanh_from_output(a):
    return 1 - a**2


def drelu_from_output(a):
    return (a > 0) * 1.0


def dsoftplus_from_output(a):
    return 1 - np.exp(-a)


sigmoid_slope_in_x = "exp(-x)/(1 + exp(-x))^2"
exp_in_s = "(1 - s)/s"
sigmoid_slope_in_s = "s*(1 - s)"


def activation_plot(xs):
    k, name = steep["k"], steep["name"]
    f = {"sigmoid": sigmoid, "tanh": tanh, "softplus": softplus}[name]
    df = {"sigmoid": dsigmoid_from_input, "tanh": dtanh_from_input, "softplus": dsoftplus_from_input}[name]
    _, ax = plt.subplots()
    ax.plot(xs, f(k * xs), label="f")
    ax.plot(xs, k * df(k * xs), label="slope")
    ax.legend()
    return ax


# ------------------------------------------------------------------------------------------------------ descend

BOWLS = choices(__file__)["BOWLS"]
bowl = variant("descend", BOWLS, student="reference")
bowl_f = formula(f"{bowl['c']}*x*x/2")
my_guess = "a" if bowl["c"] * bowl["lr"] < 1 else "b" if bowl["c"] * bowl["lr"] < 2 else "c"


def descend(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        x = path[-1]
        path.append(x - lr * df(x))
    return np.array(path)


my_third = (1 - bowl["lr"] * bowl["c"]) ** 3 * bowl["x0"]
x_after_k = "(1 - lr*c)^k * x0"
lr_limit = "2/c"


def path_plot(f, path):
    _, ax = plt.subplots()
    xs = np.linspace(min(path), max(path), 101)
    ax.plot(xs, [f(x) for x in xs], label="f")
    ax.plot(path, [f(x) for x in path], "o-", label="path")
    ax.legend()
    return ax


# ------------------------------------------------------------------------------------------- sturdy_activations


def sturdy_sigmoid(x):
    e = np.exp(-np.abs(x))  # at most 1: it cannot overflow
    return np.where(x < 0, e, 1) / (1 + e)


def sturdy_tanh(x):
    return np.tanh(x)


def sturdy_softplus(x):
    return np.logaddexp(0, x)  # ln(exp(0) + exp(x)), without overflow


def sturdy_dsigmoid(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2
