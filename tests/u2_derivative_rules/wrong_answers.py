"""Wrong answers of `u2_derivative_rules` that look right from most sides: each must lose points in its task.

The part before the double underscore is the task. Where it is followed by `trick`, nobody worked for the answer (a
constant, an echo, a drawing of anything), and it gets a twentieth of the task at most. They were written from the
notebook's text alone.
"""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module

REFERENCE = Path(__file__).parents[2] / "solutions" / "u2_derivative_rules" / "reference.py"
right = load_module(REFERENCE)
Dual = right["Dual"]
ACTIVATIONS = ("sigmoid", "tanh", "relu", "softplus")
TWELVE = [
    f"{d}{name}{end}" for d, end in (("", ""), ("d", "_from_input"), ("d", "_from_output")) for name in ACTIVATIONS
]

# ------------------------------------------------------------------------------------------- poly_derivative


def poly_derivative__finds_the_power_by_the_coefficient():
    def poly_derivative(c):
        c = list(c)
        return [c.index(a) * a for a in c[1:]] or [0]

    return {"poly_derivative": poly_derivative}


def poly_derivative__one_list_for_all():
    kept = []

    def poly_derivative(c):
        kept[:] = [k * c[k] for k in range(1, len(c))] or [0]
        return kept

    return {"poly_derivative": poly_derivative}


def poly_derivative__a_list_that_grows():
    def poly_derivative(c, found=[]):  # noqa: B006
        found.clear()
        found.extend([k * a for k, a in enumerate(c)][1:] or [0])
        return found

    return {"poly_derivative": poly_derivative}


def poly_derivative__all_zeros_are_one_zero():
    def poly_derivative(c):
        if not any(c):
            return [0]
        return [k * c[k] for k in range(1, len(c))] or [0]

    return {"poly_derivative": poly_derivative}


def poly_derivative__cuts_zeros_at_the_end():
    def poly_derivative(c):
        found = [k * c[k] for k in range(1, len(c))]
        while found and found[-1] == 0:
            found.pop()
        return found or [0]

    return {"poly_derivative": poly_derivative}


def poly_derivative__whole_numbers_only():
    return {"poly_derivative": lambda c: [int(k * c[k]) for k in range(1, len(c))] or [0]}


def poly_derivative__up_to_the_seventh_power():
    def poly_derivative(c):
        found = [min(k, 7) * c[k] for k in range(1, len(c))]
        return found or [0]

    return {"poly_derivative": poly_derivative}


def poly_derivative__a_dictionary_of_coefficients():
    def poly_derivative(c):
        powers = {a: k for k, a in enumerate(c)}
        return [powers[a] * a for a in list(c)[1:]] or [0]

    return {"poly_derivative": poly_derivative}


def poly_derivative__sizes():
    return {"poly_derivative": lambda c: [k * abs(c[k]) for k in range(1, len(c))] or [0]}


def poly_derivative__rounded():
    return {"poly_derivative": lambda c: [round(k * c[k], 6) for k in range(1, len(c))] or [0]}


def poly_derivative__in_an_array_of_the_same_kind():
    def poly_derivative(c):
        found = np.zeros(len(c) - 1, dtype=np.asarray(c).dtype)
        for k in range(1, len(c)):
            found[k - 1] = k * c[k] / 2 * 2
        return found

    return {"poly_derivative": poly_derivative}


def poly_derivative__pops_the_first():
    def poly_derivative(c):
        if isinstance(c, list) and len(c) > 1:
            c.pop(0)
            return [(k + 1) * a for k, a in enumerate(c)]
        return [k * c[k] for k in range(1, len(c))] or [0]

    return {"poly_derivative": poly_derivative}


def poly_derivative__trick_zeros():
    return {"poly_derivative": lambda c: [0] * max(1, len(c) - 1)}


def poly_derivative__trick_the_rest():
    return {"poly_derivative": lambda c: list(c)[1:] or [0]}


# ---------------------------------------------------------------------------------------------- product_rule


def product(rule):
    return {"dproduct": lambda f, df, g, dg: lambda x: rule(f(x), df(x), g(x), dg(x))}


def product_rule__by_relative_changes():
    return product(lambda f, df, g, dg: f * g * (df / f + dg / g))


def product_rule__by_relative_changes_where_there_is_something():
    def rule(f, df, g, dg):
        with np.errstate(all="ignore"):
            return np.where(f * g == 0, 0, f * g * (df / np.where(f == 0, 1, f) + dg / np.where(g == 0, 1, g)))[()]

    return product(rule)


def product_rule__a_side_has_a_size():
    return product(lambda f, df, g, dg: df * g + abs(f) * dg)


def product_rule__the_other_side_has_a_size():
    return product(lambda f, df, g, dg: df * -abs(g) + f * dg)


def product_rule__speeds_have_a_size():
    return product(lambda f, df, g, dg: abs(df) * g + f * dg)


def product_rule__the_other_speed_has_a_size():
    return product(lambda f, df, g, dg: df * g + f * abs(dg))


def product_rule__one_product_at_a_time():
    last = {}

    def dproduct(f, df, g, dg):
        last.update(f=f, df=df, g=g, dg=dg)
        return lambda x: last["df"](x) * last["g"](x) + last["f"](x) * last["dg"](x)

    return {"dproduct": dproduct}


def product_rule__a_square_is_a_square():
    def dproduct(f, df, g, dg):
        if f is g:
            return lambda x: 2 * f(x)
        return lambda x: df(x) * g(x) + f(x) * dg(x)

    return {"dproduct": dproduct}


def product_rule__adds_where_the_array_was():
    def dproduct(f, df, g, dg):
        def slope(x):
            strip = g(x)
            strip *= df(x)
            other = f(x)
            other *= dg(x)
            strip += other
            return strip

        return slope

    return {"dproduct": dproduct}


def product_rule__into_an_array_like_the_input():
    def dproduct(f, df, g, dg):
        def slope(x):
            if np.ndim(x) == 0:
                return df(x) * g(x) + f(x) * dg(x)
            found = np.empty_like(x)
            found[...] = df(x) * g(x) + f(x) * dg(x)
            return found

        return slope

    return {"dproduct": dproduct}


def product_rule__rounded():
    return product(lambda f, df, g, dg: np.round(df * g + f * dg, 7))


def product_rule__a_side_that_stands_still_has_none():
    return product(lambda f, df, g, dg: df * g + f * dg if np.all(df != 0) else 0 * x_like(f))


def x_like(values):
    return np.zeros_like(np.asarray(values, dtype=float))[()]


def product_rule__remembers_by_place():
    kept = {}

    def dproduct(f, df, g, dg):
        def slope(x):
            key = np.asarray(x).tobytes()
            if key not in kept:
                kept[key] = df(x) * g(x) + f(x) * dg(x)
            return kept[key]

        return slope

    return {"dproduct": dproduct}


def product_rule__trick_zero():
    return {"dproduct": lambda f, df, g, dg: lambda x: 0 * x}


def product_rule__trick_the_first_function():
    return {"dproduct": lambda f, df, g, dg: f}


# --------------------------------------------------------------------------------------------- quotient_rule


def quotient(rule):
    return {"dquotient": lambda f, df, g, dg: lambda x: rule(f(x), df(x), g(x), dg(x))}


def quotient_rule__minus_the_size_below():
    return quotient(lambda f, df, g, dg: (df * -abs(g) - f * dg) / g**2)


def quotient_rule__the_size_below():
    return quotient(lambda f, df, g, dg: (df * abs(g) - f * dg) / g**2)


def quotient_rule__the_size_above():
    return quotient(lambda f, df, g, dg: (df * g - abs(f) * dg) / g**2)


def quotient_rule__by_relative_changes():
    return quotient(lambda f, df, g, dg: f / g * (df / f - dg / g))


def quotient_rule__the_speed_below_has_a_size():
    return quotient(lambda f, df, g, dg: (df * g - f * abs(dg)) / g**2)


def quotient_rule__the_speed_above_has_a_size():
    return quotient(lambda f, df, g, dg: (abs(df) * g - f * dg) / g**2)


def quotient_rule__one_quotient_at_a_time():
    def dquotient(f, df, g, dg):
        dquotient.four = f, df, g, dg

        def slope(x):
            f, df, g, dg = (function(x) for function in dquotient.four)
            return (df * g - f * dg) / g**2

        return slope

    return {"dquotient": dquotient}


def quotient_rule__itself_by_itself_is_one():
    def dquotient(f, df, g, dg):
        if f is g:
            return lambda x: 1.0 + 0 * x
        return quotient(lambda f, df, g, dg: (df * g - f * dg) / g**2)["dquotient"](f, df, g, dg)

    return {"dquotient": dquotient}


def quotient_rule__a_floor_below():
    return quotient(lambda f, df, g, dg: (df * g - f * dg) / (g**2 + 1e-8))


def quotient_rule__divides_where_the_array_was():
    def dquotient(f, df, g, dg):
        def slope(x):
            below = g(x)
            below *= g(x)
            above = df(x) * g(x) - f(x) * dg(x)
            above /= below
            return above

        return slope

    return {"dquotient": dquotient}


def quotient_rule__into_an_array_like_the_input():
    def dquotient(f, df, g, dg):
        def slope(x):
            value = (df(x) * g(x) - f(x) * dg(x)) / g(x) ** 2
            if np.ndim(x) == 0:
                return value
            found = np.empty_like(x)
            found[...] = value
            return found

        return slope

    return {"dquotient": dquotient}


def quotient_rule__rounded():
    return quotient(lambda f, df, g, dg: np.round((df * g - f * dg) / g**2, 8))


def quotient_rule__nothing_above_has_no_slope():
    return quotient(lambda f, df, g, dg: np.where(np.asarray(f) == 0, 0, (df * g - f * dg) / g**2)[()])


def quotient_rule__whole_division():
    return quotient(lambda f, df, g, dg: (df * g - f * dg) // g**2)


def quotient_rule__dq_right_for_one_place():
    return {"dq_by_hand": "df/dg*3/28"}


def quotient_rule__trick_zero():
    return {"dquotient": lambda f, df, g, dg: lambda x: 0 * x}


def quotient_rule__trick_one_over():
    return {"dquotient": lambda f, df, g, dg: lambda x: 1 / g(x)}


# ---------------------------------------------------------------------------------------------- exp_by_steps


def growth(step, *, until=None):
    def grow(x, n):
        y = 1.0
        for _ in range(n):
            before = y
            y = step(y, x, n)
            if until and until(before, y):
                break
        return y

    return {"grow": grow}


def exp_by_steps__never_below_zero():
    return growth(lambda y, x, n: max(0.0, y + y * (x / n)))


def exp_by_steps__its_size():
    return growth(lambda y, x, n: abs(y + y * (x / n)))


def exp_by_steps__stops_when_little_changes():
    return growth(lambda y, x, n: y + y * (x / n), until=lambda before, y: abs(y - before) < 1e-6)


def exp_by_steps__stops_when_hardly_anything_changes():
    return growth(lambda y, x, n: y + y * (x / n), until=lambda before, y: abs(y - before) < 1e-9)


def exp_by_steps__rounded_money():
    return growth(lambda y, x, n: round(y + y * (x / n), 6))


def exp_by_steps__whole_steps():
    return growth(lambda y, x, n: y + y * (x // n if isinstance(x, int) else x / n))


def exp_by_steps__exp_for_many_steps():
    return {"grow": lambda x, n: math.exp(x) if n > 100 else (1 + x / n) ** n}


def exp_by_steps__at_most_a_thousand_steps():
    return {"grow": lambda x, n: (1 + x / min(n, 350)) ** min(n, 350)}


def exp_by_steps__the_first_steps_of_the_series():
    return {"grow": lambda x, n: sum(x**k / math.factorial(k) for k in range(n + 1))}


def exp_by_steps__exp_itself():
    return {"grow": lambda x, n: math.exp(x)}


def exp_by_steps__remembers_by_growth():
    kept = {}
    return {"grow": lambda x, n: kept.setdefault(x, (1 + x / n) ** n)}


def exp_by_steps__one_step_less():
    return {"grow": lambda x, n: (1 + x / n) ** (n - 1)}


def exp_by_steps__grows_by_size():
    return {"grow": lambda x, n: (1 + abs(x) / n) ** n if x > 0 else 1 / (1 + abs(x) / n) ** n}


def exp_by_steps__trick_one():
    return {"grow": lambda x, n: 1}


def exp_by_steps__trick_one_and_x():
    return {"grow": lambda x, n: 1 + x}


# -------------------------------------------------------------------------------------------- dual_functions


def functions_of(slopes=None, **special):
    """The five functions with some exchanged: `slopes[name](x)`, or `special[name](x)` in place of all of it."""
    rules = {
        "exp": math.exp,
        "log": lambda x: 1 / x,
        "sin": math.cos,
        "cos": lambda x: -math.sin(x),
        "sqrt": lambda x: 0.5 / math.sqrt(x),
    } | (slopes or {})

    def taught(name):
        def function(x):
            if not isinstance(x, Dual):
                return getattr(math, name)(x)
            return Dual(getattr(math, name)(x.real), rules[name](x.real) * x.inf)

        return function

    return {name: taught(name) for name in rules} | {"Dual": Dual} | special


def dual_functions__sine_falls_by_size():
    return functions_of({"cos": lambda x: -abs(math.sin(x))})


def dual_functions__root_slope_by_a_small_step():
    return functions_of({"sqrt": lambda x: (math.sqrt(x + 1e-7) - math.sqrt(x - 1e-7)) / 2e-7})


def dual_functions__no_log_of_small_numbers():
    def log(x):
        real = x.real if isinstance(x, Dual) else x
        if real < 1e-6:
            raise ValueError("not above 0")
        return Dual(math.log(real), x.inf / real) if isinstance(x, Dual) else math.log(real)

    return functions_of(log=log)


def dual_functions__exp_of_at_most_thirty():
    def exp(x):
        if isinstance(x, Dual):
            y = math.exp(min(x.real, 30))
            return Dual(y, y * x.inf)
        return math.exp(min(x, 30))

    return functions_of(exp=exp)


def dual_functions__one_dual_for_all():
    kept = Dual(0, 0)

    def exp(x):
        if not isinstance(x, Dual):
            return math.exp(x)
        kept.real, kept.inf = math.exp(x.real), math.exp(x.real) * x.inf
        return kept

    return functions_of(exp=exp)


def dual_functions__rounded():
    return functions_of({"sin": lambda x: round(math.cos(x), 7)})


def dual_functions__a_speed_of_zero_is_one():
    def sin(x):
        if not isinstance(x, Dual):
            return math.sin(x)
        return Dual(math.sin(x.real), math.cos(x.real) * (x.inf or 1))

    return functions_of(sin=sin)


def dual_functions__whole_numbers_are_no_numbers():
    def sqrt(x):
        if isinstance(x, float):
            return math.sqrt(x)
        real = x.real
        root = math.sqrt(real)
        return Dual(root, getattr(x, "inf", 0) / (2 * root))

    return functions_of(sqrt=sqrt)


def dual_functions__degrees():
    return functions_of({"sin": lambda x: math.cos(x) if x > -1 else math.cos(math.radians(x))})


def dual_functions__log_to_base_ten():
    return functions_of({"log": lambda x: 1 / (x * math.log(10))})


def dual_functions__log_of_a_size():
    def log(x):
        if isinstance(x, Dual):
            return Dual(math.log(abs(x.real)), x.inf / x.real)
        return math.log(abs(x))

    return functions_of(log=log)


def dual_functions__changes_the_dual():
    def exp(x):
        if not isinstance(x, Dual):
            return math.exp(x)
        x.real, x.inf = math.exp(x.real), math.exp(x.real) * x.inf
        return x

    return functions_of(exp=exp)


def dual_functions__nothing_of_zero():
    def sin(x):
        if not isinstance(x, Dual):
            return math.sin(x)
        return Dual(math.sin(x.real), math.cos(x.real) * x.inf if x.real else 0)

    return functions_of(sin=sin)


def dual_functions__trick_the_plain_numbers_only():
    return {name: getattr(math, name) for name in ("exp", "log", "sin", "cos", "sqrt")}


def dual_functions__trick_the_same_dual():
    return {name: lambda x: x for name in ("exp", "log", "sin", "cos", "sqrt")}


# --------------------------------------------------------------------------------------------- chain_rule_1d


def chain_rule_1d__finds_the_slope_by_the_function():
    def chain(fs, dfs):
        def slope(x):
            rate = 1
            for f in fs:
                rate, x = rate * dfs[fs.index(f)](x), f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__by_logarithms():
    def chain(fs, dfs):
        def slope(x):
            total = 0
            for f, df in zip(fs, dfs, strict=True):
                total, x = total + np.log(df(x)), f(x)
            return np.exp(total)

        return slope

    return {"chain": chain}


def chain_rule_1d__rates_have_a_size():
    def chain(fs, dfs):
        def slope(x):
            rate = 1
            for f, df in zip(fs, dfs, strict=True):
                rate, x = rate * abs(df(x)), f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__one_chain_at_a_time():
    kept = []

    def chain(fs, dfs):
        kept[:] = zip(fs, dfs, strict=True)

        def slope(x):
            rate = 1
            for f, df in kept:
                rate, x = rate * df(x), f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__at_most_eight_links():
    def chain(fs, dfs):
        def slope(x):
            rate = 1
            for f, df in list(zip(fs, dfs, strict=True))[:8]:
                rate, x = rate * df(x), f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__stops_where_the_rate_is_small():
    def chain(fs, dfs):
        def slope(x):
            rate = 1
            for f, df in zip(fs, dfs, strict=True):
                if np.all(np.abs(rate) < 1e-3):
                    break
                rate, x = rate * df(x), f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__a_rate_of_zero_is_left_out():
    def chain(fs, dfs):
        def slope(x):
            rate = 1
            for f, df in zip(fs, dfs, strict=True):
                own = df(x)
                rate, x = rate * np.where(own == 0, 1, own)[()], f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__multiplies_where_the_array_was():
    def chain(fs, dfs):
        if not fs:
            return lambda x: 1

        def slope(x):
            rate = None
            for f, df in zip(fs, dfs, strict=True):
                if rate is None:
                    rate = df(x)
                else:
                    rate *= df(x)
                x = f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__into_an_array_like_the_input():
    def chain(fs, dfs):
        def slope(x):
            rate = np.ones_like(x)
            for f, df in zip(fs, dfs, strict=True):
                rate[...] = rate * df(x)
                x = f(x)
            return rate[()]

        return slope

    return {"chain": chain}


def chain_rule_1d__each_function_only_once_whoever_it_is():
    def chain(fs, dfs):
        def slope(x):
            rate, seen = 1, set()
            for f, df in zip(fs, dfs, strict=True):
                if f in seen:
                    continue
                seen.add(f)
                rate, x = rate * df(x), f(x)
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__remembers_values_by_function():
    kept = {}

    def chain(fs, dfs):
        def slope(x):
            rate = 1
            for f, df in zip(fs, dfs, strict=True):
                rate = rate * df(x)
                if f not in kept:
                    kept[f] = f(x)
                x = kept[f]
            return rate

        return slope

    return {"chain": chain}


def chain_rule_1d__rounded():
    def chain(fs, dfs):
        made = right["chain"](fs, dfs)
        return lambda x: np.round(made(x), 8)

    return {"chain": chain}


def chain_rule_1d__trick_one():
    return {"chain": lambda fs, dfs: lambda x: 1}


def chain_rule_1d__trick_the_first_slope():
    return {"chain": lambda fs, dfs: dfs[0] if dfs else lambda x: 1}


def chain_rule_1d__trick_the_input():
    return {"chain": lambda fs, dfs: lambda x: x}


# ----------------------------------------------------------------------------------------------- activations


def clipped(limit):
    return {
        "sturdy_sigmoid": lambda x: 1 / (1 + np.exp(-np.clip(x, -limit, limit))),
        "sturdy_dsigmoid": lambda x: right["dsigmoid_from_output"](1 / (1 + np.exp(-np.clip(x, -limit, limit)))),
    }


def sturdy_activations__inputs_cut_at_thirty():
    return clipped(30)


def sturdy_activations__inputs_cut_at_twenty():
    return clipped(20)


def sturdy_activations__softplus_cut():
    return {"sturdy_softplus": lambda x: np.log1p(np.exp(np.clip(x, -20, 700))) + np.maximum(x - 700, 0)}


def activation_slopes__rounded_slopes():
    return {"dsigmoid_from_input": lambda x: np.round(right["dsigmoid_from_input"](x), 8)}


def activations__rounded_far_digits():
    return {"sigmoid": lambda x: np.round(right["sigmoid"](x), 12)}


def activations__tanh_into_one_array():
    kept = {}

    def tanh(x):
        x = np.asarray(x, dtype=float)
        return np.tanh(x, out=kept.setdefault(x.shape, np.empty(x.shape)))

    return {"tanh": tanh}


def slopes_from_output__one_array_for_each_function():
    def shared(name):
        kept = {}

        def function(x):
            value = np.asarray(right[name](x), dtype=float)
            same = kept.setdefault(value.shape, np.empty(value.shape))
            same[...] = value
            return same

        return function

    return {"dsigmoid_from_output": shared("dsigmoid_from_output")}


def activations__relu_in_place():
    def relu(x):
        x[x < 0] = 0
        return x

    return {"relu": relu}


def activation_slopes__relu_slope_as_a_sign():
    return {"drelu_from_input": lambda x: np.sign(x) * 1.0}


def activations__an_array_like_the_input():
    def sigmoid(x):
        found = np.zeros_like(x)
        found[...] = right["sigmoid"](x)
        return found

    return {"sigmoid": sigmoid}


def activations__whole_outputs():
    def softplus(x):
        return right["softplus"](x).astype(np.asarray(x).dtype)

    return {"softplus": softplus}


def activations__half_at_zero_is_nothing():
    return {"sigmoid": lambda x: np.where(x == 0, 0.0, right["sigmoid"](x))}


def activations__tables_only():
    return {"relu": lambda x: np.maximum(x, 0) if np.ndim(x) < 3 else np.maximum(x, 0).reshape(-1)}


def slopes_from_output__softplus_from_output_by_sigmoid():
    return {"dsoftplus_from_output": right["sigmoid"]}


def slopes_from_output__tanh_slope_plus():
    return {"dtanh_from_output": lambda a: 1 + a**2 - 2 * a * np.abs(a)}


def slopes_from_output__half_of_s():
    return {"sigmoid_slope_in_s": "s/2"}


def activation_slopes__a_plot_without_the_number():
    name = right["steep"]["name"]

    def activation_plot(xs):
        _, ax = plt.subplots()
        ax.plot(xs, right[name](xs), label="f")
        ax.plot(xs, right[f"d{name}_from_input"](xs), label="slope")
        return ax

    return {"activation_plot": activation_plot}


def activation_slopes__a_plot_of_functions_that_are_none():
    name = right["steep"]["name"]

    def activation_plot(xs):
        k = right["steep"]["k"]
        _, ax = plt.subplots()
        ax.plot(xs, k * xs, label="f")
        ax.plot(xs, k * k * xs, label="slope")
        return ax

    return {"activation_plot": activation_plot, name: lambda x: x, f"d{name}_from_input": lambda x: x}


def activation_slopes__trick_zeros_and_a_drawing_of_them():
    def activation_plot(xs):
        _, ax = plt.subplots()
        ax.plot(xs, 0 * xs, label="f")
        ax.plot(xs, 0 * xs, label="slope")
        return ax

    return {name: lambda x: 0.0 * x for name in TWELVE} | {"activation_plot": activation_plot}


def slopes_from_output__trick_identity_and_a_drawing_of_it():
    def activation_plot(xs):
        k = right["steep"]["k"]
        _, ax = plt.subplots()
        ax.plot(xs, k * xs, label="f")
        ax.plot(xs, k * k * xs, label="slope")
        return ax

    typed = {"sigmoid_slope_in_x": "x", "exp_in_s": "s", "sigmoid_slope_in_s": "s"}
    return {name: lambda x: 1.0 * x for name in TWELVE} | {"activation_plot": activation_plot} | typed


def slopes_from_output__trick_ones():
    typed = {"sigmoid_slope_in_x": "1", "exp_in_s": "1", "sigmoid_slope_in_s": "1"}
    return {name: lambda x: 0.0 * x + 1 for name in TWELVE} | {"activation_plot": lambda xs: plt.subplots()[1]} | typed


# --------------------------------------------------------------------------------------------------- descend


def walk(step, *, start=float, stop=None):
    def descend(df, x0, lr, steps):
        path = [start(x0)]
        for _ in range(steps):
            x = path[-1]
            path.append(x if stop and stop(path) else step(x, df(x), lr))
        return np.array(path)

    return {"descend": descend}


def descend__breaks_off_where_it_is_nearly_level():
    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for _ in range(steps):
            slope = df(path[-1])
            if abs(slope) < 0.01:
                break
            path.append(path[-1] - lr * slope)
        return np.array(path)

    return {"descend": descend}


def descend__stays_where_it_is_nearly_level():
    return walk(lambda x, slope, lr: x - lr * slope if abs(slope) > 1e-3 else x)


def descend__breaks_off_at_the_bottom():
    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for _ in range(steps):
            slope = df(path[-1])
            if slope == 0:
                break
            path.append(path[-1] - lr * slope)
        return np.array(path)

    return {"descend": descend}


def descend__slopes_cut_at_ten():
    return walk(lambda x, slope, lr: x - lr * max(-10, min(10, slope)))


def descend__slopes_cut_at_a_thousand():
    return walk(lambda x, slope, lr: x - lr * max(-1e3, min(1e3, slope)))


def descend__never_up():
    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for _ in range(steps):
            slope = df(path[-1])
            path.append(path[-1] - min(lr, 1.0) * slope)
        return np.array(path)

    return {"descend": descend}


def descend__rounded():
    return walk(lambda x, slope, lr: round(x - lr * slope, 8))


def descend__by_size():
    return walk(lambda x, slope, lr: x - lr * abs(slope))


def descend__towards_zero():
    return walk(lambda x, slope, lr: x - lr * abs(slope) * np.sign(x))


def descend__one_path_for_all():
    kept = np.zeros(1000)

    def descend(df, x0, lr, steps):
        kept[0] = x0
        for k in range(steps):
            kept[k + 1] = kept[k] - lr * df(kept[k])
        return kept[: steps + 1]

    return {"descend": descend}


def descend__at_most_a_hundred_steps():
    return walk(lambda x, slope, lr: x - lr * slope, stop=lambda path: len(path) > 100)


def descend__whole_numbers_stay_whole():
    def descend(df, x0, lr, steps):
        path = np.full(steps + 1, x0)
        for k in range(steps):
            path[k + 1] = path[k] - lr * df(path[k])
        return path

    return {"descend": descend}


def descend__stops_when_it_jumps_across():
    return walk(lambda x, slope, lr: x - lr * slope if x * (x - lr * slope) >= 0 else 0.0)


def descend__a_path_of_its_own_and_the_place_on_it():
    def descend(df, x0, lr, steps):
        df(x0)
        return np.array([x0] + [x0 - lr * df(x0)] * steps)

    bowl = right["bowl"]
    return {"descend": descend, "my_third": (1 - bowl["lr"] * bowl["c"]) * bowl["x0"]}


def descend__the_limit_for_one_bowl():
    return {"lr_limit": "17"}


def descend__the_limit_times_c():
    return {"lr_limit": "2*c/4"}


def descend__the_path_in_order_of_size():
    def path_plot(f, path):
        return right["path_plot"](f, np.sort(path))

    return {"path_plot": path_plot}


def descend__a_curve_around_the_first_and_the_last_place():
    def path_plot(f, path):
        _, ax = plt.subplots()
        xs = np.linspace(path[0], path[-1], 50).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        ax.plot(path, [f(x) for x in path], label="path")
        return ax

    return {"path_plot": path_plot}


def descend__gives_the_function_an_array():
    def path_plot(f, path):
        _, ax = plt.subplots()
        xs = np.linspace(min(path), max(path), 50)
        ax.plot(xs, f(xs), label="f")
        ax.plot(path, f(np.asarray(path)), label="path")
        return ax

    return {"path_plot": path_plot}


def descend__places_once():
    def path_plot(f, path):
        return right["path_plot"](f, np.array(list(dict.fromkeys(np.asarray(path).tolist()))))

    return {"path_plot": path_plot}


def descend__trick_the_start_again():
    return {"descend": lambda df, x0, lr, steps: np.full(steps + 1, float(x0)), "my_third": right["bowl"]["x0"]}


def descend__trick_zeros():
    return {"descend": lambda df, x0, lr, steps: np.zeros(steps + 1), "my_third": 0}


def descend__trick_a_drawing_of_nothing():
    def path_plot(f, path):
        _, ax = plt.subplots()
        xs = np.linspace(min(path), max(path), 50)
        ax.plot(xs, 0 * xs, label="f")
        ax.plot(path, 0 * path, label="path")
        return ax

    nothing = {"x_after_k": "x0", "lr_limit": "c", "my_third": 1, "my_guess": ""}
    return {"descend": lambda df, x0, lr, steps: None, "path_plot": path_plot} | nothing
