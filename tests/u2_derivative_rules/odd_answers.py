"""Right answers of `u2_derivative_rules` in styles that nobody would expect: each must keep all points of its task.

The part of a name before the double underscore is the task. They were written from the notebook's text alone.
"""

import cmath
import functools
import math
import operator
from itertools import accumulate, pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module

REFERENCE = Path(__file__).parents[2] / "solutions" / "u2_derivative_rules" / "reference.py"
right = load_module(REFERENCE)
Dual = right["Dual"]

# ------------------------------------------------------------------------------------------- poly_derivative


def poly_derivative__with_numpy():
    return {"poly_derivative": lambda c: (np.arange(1, len(c)) * np.asarray(c)[1:]).tolist() or [0]}


def poly_derivative__with_numpys_polynomials():
    return {"poly_derivative": lambda c: list(np.polynomial.Polynomial(c).deriv().coef)}


def poly_derivative__with_a_matrix():
    def poly_derivative(c):
        n = len(c)
        return [float(x) for x in np.diag(range(1, n), 1)[: n - 1] @ np.asarray(c)] if n > 1 else [0.0]

    return {"poly_derivative": poly_derivative}


def poly_derivative__recursive():
    def poly_derivative(c, k=1):
        first, *rest = c
        del first
        if not rest:
            return [] if k > 1 else [0]
        return [k * rest[0], *poly_derivative(rest, k + 1)]

    return {"poly_derivative": poly_derivative}


def poly_derivative__by_repeated_addition():
    def poly_derivative(c):
        found = []
        for k, a in enumerate(c):
            if k:
                found.append(sum([a] * k))
        return found if found else [0 * c[0]]

    return {"poly_derivative": poly_derivative, "d_root": "x^(-1/2)/2", "d_reciprocal": "-x⁻²", "d_square": "x + x"}


# ---------------------------------------------------------------------------------------------- product_rule


def product_rule__as_a_class():
    class dproduct:
        def __init__(self, *four):
            self.four = four

        def __call__(self, x):
            f, df, g, dg = (function(x) for function in self.four)
            return np.dot([f, g], [dg, df]) if np.ndim(x) == 0 else f * dg + g * df

    return {"dproduct": dproduct}


def product_rule__as_a_partial():
    def slope(f, df, g, dg, x):
        return sum((f(x) * dg(x), g(x) * df(x)))

    return {"dproduct": lambda *four: functools.partial(slope, *four)}


def product_rule__with_duals():
    def dproduct(f, df, g, dg):
        def slope(x):
            return (Dual(f(x), df(x)) * Dual(g(x), dg(x))).inf

        return slope

    return {"dproduct": dproduct}


def product_rule__by_three_squares():
    def dproduct(f, df, g, dg):
        return lambda x: ((df(x) + g(x)) ** 2 - (df(x) - g(x)) ** 2 + (f(x) + dg(x)) ** 2 - (f(x) - dg(x)) ** 2) / 4

    return {"dproduct": dproduct}


def product_rule__element_by_element():
    def dproduct(f, df, g, dg):
        def at(x):
            return df(x) * g(x) + f(x) * dg(x)

        return lambda x: np.vectorize(at, otypes=[float])(x) if np.ndim(x) else at(x)

    return {"dproduct": dproduct}


# --------------------------------------------------------------------------------------------- quotient_rule


def quotient_rule__in_two_fractions():
    return {"dquotient": lambda f, df, g, dg: lambda x: df(x) / g(x) - f(x) / g(x) * dg(x) / g(x)}


def quotient_rule__by_the_product_rule():
    def dquotient(f, df, g, dg):
        return right["dproduct"](f, df, lambda x: 1 / g(x), lambda x: -dg(x) / g(x) ** 2)

    return {"dquotient": dquotient}


def quotient_rule__by_dq():
    def dquotient(f, df, g, dg):
        def slope(x):
            q, below = f(x) / g(x), g(x)
            return (df(x) - q * dg(x)) / below

        return slope

    return {"dquotient": dquotient, "dq_by_hand": "df/g - dg*q/g"}


def quotient_rule__with_duals():
    return {"dquotient": lambda f, df, g, dg: lambda x: right["divide"](Dual(f(x), df(x)), Dual(g(x), dg(x))).inf}


def quotient_rule__as_a_method():
    class Quotient:
        def __init__(self, *four):
            self.four = four

        def at(self, x):
            f, df, g, dg = (function(x) for function in self.four)
            return np.divide(df * g - f * dg, np.square(g))

    return {"dquotient": lambda *four: Quotient(*four).at}


# ---------------------------------------------------------------------------------------------- exp_by_steps


def exp_by_steps__as_a_power():
    return {"grow": lambda x, n: (1 + x / n) ** n}


def exp_by_steps__as_a_product():
    return {"grow": lambda x, n: math.prod([1 + x / n] * n)}


def exp_by_steps__recursive_by_halves():
    def grow(x, n):
        def times(k):
            return 1 if k == 0 else times(k // 2) ** 2 * ((1 + x / n) if k % 2 else 1)

        return times(n)

    return {"grow": grow}


def exp_by_steps__with_numpy():
    return {"grow": lambda x, n: np.prod(np.full(n, 1 + x / n))}


def exp_by_steps__accumulated():
    def grow(x, n):
        *_, y = accumulate(range(n), lambda y, _: y + y * x / n, initial=1.0)
        return y

    return {"grow": grow, "d_ln": "x^-1", "d_power": f"ln({right['my_base']}) · {right['my_base']}^x"}


# -------------------------------------------------------------------------------------------- dual_functions

SLOPES = {
    "exp": math.exp,
    "log": lambda x: 1 / x,
    "sin": math.cos,
    "cos": lambda x: -math.sin(x),
    "sqrt": lambda x: 1 / (2 * math.sqrt(x)),
}


def dual_functions__one_for_all():
    def of(name):
        def function(x):
            if isinstance(x, Dual):
                return Dual(getattr(math, name)(x.real), SLOPES[name](x.real) * x.inf)
            return getattr(math, name)(x)

        return function

    return {name: of(name) for name in SLOPES} | {"Dual": Dual}


def dual_functions__with_numbers_of_numpy():
    def of(name):
        def function(x):
            if not isinstance(x, Dual):
                return np.float64(getattr(math, name)(x))
            return Dual(np.float64(getattr(math, name)(x.real)), np.float64(SLOPES[name](x.real)) * x.inf)

        return function

    return {name: of(name) for name in SLOPES} | {"Dual": Dual}


def dual_functions__by_a_complex_step():
    """Exact, and it shows that the meaning of the eps part is understood: the text does not say how."""

    def of(name):
        def function(x):
            if not isinstance(x, Dual):
                return getattr(math, name)(x)
            real = getattr(math, name)(x.real)
            return Dual(real, getattr(cmath, name)(complex(x.real, 1e-30)).imag / 1e-30 * x.inf)

        return function

    return {name: of(name) for name in SLOPES} | {"Dual": Dual}


def dual_functions__roots_and_cosines_from_others():
    def exp(x):
        return Dual(math.exp(x.real), math.exp(x.real) * x.inf) if isinstance(x, Dual) else math.exp(x)

    def log(x):
        return Dual(math.log(x.real), x.inf / x.real) if isinstance(x, Dual) else math.log(x)

    def sin(x):
        return Dual(math.sin(x.real), math.cos(x.real) * x.inf) if isinstance(x, Dual) else math.sin(x)

    def cos(x):
        if isinstance(x, Dual):
            return sin(Dual(x.real + math.pi / 2, x.inf))
        return math.cos(x)

    def sqrt(x):
        return exp(Dual(math.log(x.real) / 2, x.inf / (2 * x.real))) if isinstance(x, Dual) else x**0.5

    return {"exp": exp, "log": log, "sin": sin, "cos": cos, "sqrt": sqrt, "Dual": Dual}


def dual_functions__dispatched():
    def of(name):
        function = functools.singledispatch(lambda x: getattr(math, name)(x))
        function.register(Dual, lambda d: Dual(getattr(math, name)(d.real), d.inf * SLOPES[name](d.real)))
        return function

    return {name: of(name) for name in SLOPES} | {"Dual": Dual}


# --------------------------------------------------------------------------------------------- chain_rule_1d


def chain_rule_1d__values_first():
    def chain(fs, dfs):
        def slope(x):
            values = list(accumulate(fs[:-1], lambda value, f: f(value), initial=x))
            return functools.reduce(operator.mul, (df(value) for df, value in zip(dfs, values, strict=False)), 1)

        return slope

    return {"chain": chain}


def chain_rule_1d__recursive():
    def chain(fs, dfs):
        if not fs:
            return lambda x: 1
        (f, *later), (df, *later_slopes) = fs, dfs
        return lambda x: df(x) * chain(later, later_slopes)(f(x))

    return {"chain": chain}


def chain_rule_1d__from_the_back():
    def chain(fs, dfs):
        fs, dfs = tuple(fs), tuple(dfs)

        def slope(x):
            values = [x]
            for f in fs:
                values.append(f(values[-1]))
            rate = 1.0
            for k in reversed(range(len(dfs))):
                rate = dfs[k](values[k]) * rate
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__as_a_class():
    class chain:
        def __init__(self, fs, dfs):
            self.links = list(zip(fs, dfs, strict=True))

        def __call__(self, x):
            rate = np.ones(np.shape(x))
            for f, df in self.links:
                rate = rate * df(x)
                x = f(x)
            return rate[()]

    return {"chain": chain}


def chain_rule_1d__a_generator_of_rates():
    def chain(fs, dfs):
        def rates(x):
            for f, df in zip(fs, dfs, strict=True):
                yield df(x)
                x = f(x)

        return lambda x: math.prod(rates(x))

    return {"chain": chain, "d_soft": "1/(1 + e^-x)", "d_bell": "-x·e^(-x²/2)", "d_cos_of_square": "-sin(x²)·2x"}


# ----------------------------------------------------------------------------------------------- activations


def activation_slopes__by_tanh_of_half():
    sigmoid = lambda x: 0.5 * (1 + np.tanh(np.asarray(x) / 2))
    return {"sigmoid": sigmoid, "dsoftplus_from_input": sigmoid}


def activations__masks():
    def sigmoid(x):
        x = np.array(x, dtype=float)
        found = np.empty(x.shape)
        up = x >= 0
        found[up] = 1 / (1 + np.exp(-x[up]))
        grown = np.exp(x[~up])
        found[~up] = grown / (1 + grown)
        return found

    def softplus(x):
        return np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x)))

    return {"sigmoid": sigmoid, "softplus": softplus, "relu": lambda x: (np.abs(x) + x) / 2}


def activation_slopes__cut_where_exp_ends():
    sigmoid = lambda x: 1 / (1 + np.exp(-np.clip(x, -700, 700)))
    return {"sigmoid": sigmoid, "dsigmoid_from_input": lambda x: sigmoid(x) * sigmoid(-np.asarray(x, dtype=float))}


def activation_slopes__element_by_element():
    def each(function):
        return lambda x: np.array([function(float(number)) for number in np.ravel(x)]).reshape(np.shape(x))

    return {
        "tanh": each(math.tanh),
        "relu": each(lambda x: x if x > 0 else 0),
        "sigmoid": each(lambda x: 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x))),
        "drelu_from_output": each(lambda a: float(a != 0)),
        "dtanh_from_input": each(lambda x: 1 - math.tanh(x) ** 2),
        "dsoftplus_from_output": each(lambda a: -math.expm1(-a)),
    }


def activation_slopes__half_at_the_kink():
    return {
        "drelu_from_input": lambda x: np.heaviside(x, 0.5),
        "drelu_from_output": lambda a: np.sign(a),
        "dtanh_from_output": lambda a: (1 - a) * (1 + a),
        "sigmoid_slope_in_x": "1/(1+e^-x) - 1/(1+e^-x)^2",
        "exp_in_s": "1/s - 1",
        "sigmoid_slope_in_s": "s - s²",
    }


def slopes_from_output__by_a_logarithm_of_the_output():
    """Divides by zero on the way to the right limit, which is not an overflow."""

    def dsigmoid_from_output(a):
        a = np.asarray(a, dtype=float)
        x = np.log(a) - np.log1p(-a)  # -inf and inf at the two ends
        return np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2

    return {"dsigmoid_from_output": dsigmoid_from_output}


def activation_slopes__dots_for_the_plot():
    name, k = right["steep"]["name"], right["steep"]["k"]

    def activation_plot(xs):
        ax = plt.figure().add_subplot()
        ax.scatter(xs, right[name](k * xs), label="f")
        ax.plot(xs, right[f"d{name}_from_input"](k * xs) * k, "o", label="slope")
        ax.axhline(0, color="gray")
        return ax

    return {"activation_plot": activation_plot}


# --------------------------------------------------------------------------------------------------- descend


def descend__into_an_array():
    def descend(df, x0, lr, steps):
        path = np.empty(steps + 1)
        path[0] = x0
        for k in range(steps):
            path[k + 1] = path[k] - lr * df(path[k])
        return path

    return {"descend": descend}


def descend__accumulated():
    def descend(df, x0, lr, steps):
        return np.fromiter(accumulate(range(steps), lambda x, _: x - lr * df(x), initial=float(x0)), dtype=float)

    return {"descend": descend}


def descend__recursive():
    def descend(df, x0, lr, steps):
        x = float(x0)
        if steps == 0:
            return np.array([x])
        return np.concatenate([[x], descend(df, x - lr * df(x), lr, steps - 1)])

    return {"descend": descend}


def descend__as_a_list():
    def descend(df, x0, lr, steps):
        path = [x0 * 1.0]
        while len(path) <= steps:
            path += [path[-1] - df(path[-1]) * lr]
        return path

    return {"descend": descend, "lr_limit": "2c^-1", "x_after_k": "x0*(1-c*lr)^k"}


def descend__with_a_step_that_counts():
    def descend(df, x0, lr, steps):
        x, path = np.float64(x0), np.zeros(steps + 1)
        for k in range(steps + 1):
            path[k] = x
            if k < steps:
                x = x - lr * df(x)
        return path

    return {"descend": descend}


def descend__dots_on_a_curve_from_right_to_left():
    def path_plot(f, path):
        ax = plt.figure().add_subplot()
        xs = np.linspace(np.max(path) + 1, np.min(path) - 1, 60)
        ax.plot(xs, np.vectorize(f, otypes=[float])(xs), label="f")
        ax.scatter(path, [f(float(x)) for x in path], label="path")
        ax.axvline(path[0], color="gray")
        return ax

    return {"path_plot": path_plot}


def descend__a_line_for_each_step():
    def path_plot(f, path):
        ax = plt.figure().add_subplot()
        low, high = min(path), max(path)
        xs = [low + (high - low) * k / 20 for k in range(21)]
        ax.plot(xs, list(map(f, xs)), label="f")
        ax.plot(path, list(map(f, path)), "o-", label="path")
        for here, there in pairwise(path):
            ax.plot([here, there], [0, 0], color="gray")
        return ax

    return {"path_plot": path_plot}
