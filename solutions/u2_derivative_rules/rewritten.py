"""Mistakes of `u2_derivative_rules` in other words: as other students would write them, they must still be named.

Those that use only what the notebook has (np, plt, math, other answers) stand as nested functions, ready to be pasted.
"""

import functools
import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module, rewritten

REFERENCE = Path(__file__).with_name("reference.py")

# ------------------------------------------------------------------------------------------- poly_derivative


@rewritten("keeps_the_constant")
def keeps_the_constant():
    def poly_derivative(c):
        result = [c[0]]
        for power, factor in enumerate(c):
            if power > 0:
                result.append(factor * power)
        return result

    return {"poly_derivative": poly_derivative}


@rewritten("stays_in_the_old_places")
def stays_in_the_old_places():
    def poly_derivative(c):
        return (np.array(c) * np.arange(len(c))).tolist()

    return {"poly_derivative": poly_derivative}


@rewritten("multiplies_by_k_plus_one")
def multiplies_by_k_plus_one():
    def poly_derivative(c):
        out = []
        k = 2
        for a in c[1:]:
            out.append(k * a)
            k += 1
        if not out:
            return [0]
        return out

    return {"poly_derivative": poly_derivative}


@rewritten("only_moves_the_coefficients")
def only_moves_the_coefficients():
    def poly_derivative(c):
        return [a for k, a in enumerate(c) if k >= 1] if len(c) > 1 else [0]

    return {"poly_derivative": poly_derivative}


@rewritten("multiplies_by_the_new_place")
def multiplies_by_the_new_place():
    def poly_derivative(c):
        if len(c) == 1:
            return [0]
        return [place * a for place, a in enumerate(c[1:])]

    return {"poly_derivative": poly_derivative}


@rewritten("nothing_for_a_constant")
def nothing_for_a_constant():
    def poly_derivative(c):
        d = []
        for k in range(len(c) - 1):
            d.append((k + 1) * c[k + 1])
        return d

    return {"poly_derivative": poly_derivative}


@rewritten("leaves_zeros_out")
def leaves_zeros_out():
    def poly_derivative(c):
        d = [0] if len(c) == 1 else []
        for k in range(1, len(c)):
            if c[k]:
                d.append(k * c[k])
        return d

    return {"poly_derivative": poly_derivative}


@rewritten("highest_power_first")
def highest_power_first():
    return {"poly_derivative": lambda c: np.polyder(np.array(c)).tolist() if len(c) > 1 else [0]}


@rewritten("gives_back_an_array")
def gives_back_an_array():
    def poly_derivative(c):
        if len(c) == 1:
            return np.array([0])
        d = np.zeros(len(c) - 1)
        for k in range(1, len(c)):
            d[k - 1] = k * c[k]
        return d

    return {"poly_derivative": poly_derivative}


@rewritten("writes_into_what_it_gets")
def writes_into_what_it_gets():
    def poly_derivative(c):
        k = 0
        while k < len(c):
            c[k] *= k
            k += 1
        if len(c) == 1:
            return [0]
        return list(c[1:])

    return {"poly_derivative": poly_derivative}


# ---------------------------------------------------------------------------------------------- product_rule


@rewritten("product_of_the_slopes")
def product_of_the_slopes():
    def dproduct(f, df, g, dg):
        def slope_there(x):
            result = 1
            for rate in (df, dg):
                result = result * rate(x)
            return result

        return slope_there

    return {"dproduct": dproduct}


@rewritten("only_the_first_strip")
def only_the_first_strip():
    def dproduct(f, df, g, dg):
        def strip(x):
            height, growth = g(x), df(x)
            return growth * height

        return strip

    return {"dproduct": dproduct}


@rewritten("only_the_second_strip")
def only_the_second_strip():
    def dproduct(f, df, g, dg):
        return lambda place: dg(place) * f(place)

    return {"dproduct": dproduct}


@rewritten("strips_subtracted")
def strips_subtracted():
    def dproduct(f, df, g, dg):
        def slope_there(x):
            minus = -f(x) * dg(x)
            return minus + g(x) * df(x)

        return slope_there

    return {"dproduct": dproduct}


@rewritten("sum_of_the_slopes")
def sum_of_the_slopes():
    class Sum:
        def __init__(self, one, other):
            self.one, self.other = one, other

        def __call__(self, x):
            return self.one(x) + self.other(x)

    return {"dproduct": lambda f, df, g, dg: Sum(df, dg)}


@rewritten("strips_of_the_wrong_length")
def strips_of_the_wrong_length():
    def dproduct(f, df, g, dg):
        def slope_there(x):
            return sum(side(x) * rate(x) for side, rate in [(g, dg), (f, df)])

        return slope_there

    return {"dproduct": dproduct}


@rewritten("corner_counted")
def corner_counted():
    def dproduct(f, df, g, dg):
        # (f + df)(g + dg) - f*g
        def slope_there(x):
            return (f(x) + df(x)) * (g(x) + dg(x)) - f(x) * g(x)

        return slope_there

    return {"dproduct": dproduct}


@rewritten("product_measured_by_steps")
def product_measured_by_steps():
    def dproduct(f, df, g, dg):
        def area(x):
            return f(x) * g(x)

        def slope_there(x):
            step = 1e-6
            return (area(x + step) - area(x - step)) / step / 2

        return slope_there

    return {"dproduct": dproduct}


# --------------------------------------------------------------------------------------------- quotient_rule


@rewritten("numerator_the_wrong_way_round")
def numerator_the_wrong_way_round():
    def dquotient(f, df, g, dg):
        def slope_there(x):
            above, below = f(x), g(x)
            return above * dg(x) / below**2 - df(x) / below

        return slope_there

    return {"dquotient": dquotient}


@rewritten("plus_as_in_the_product")
def plus_as_in_the_product():
    def dquotient(f, df, g, dg):
        def slope_there(x):
            q = f(x) / g(x)
            return (df(x) + q * dg(x)) / g(x)

        return slope_there

    return {"dquotient": dquotient}


@rewritten("divided_only_once")
def divided_only_once():
    def dquotient(f, df, g, dg):
        return lambda x: df(x) - f(x) / g(x) * dg(x)

    return {"dquotient": dquotient}


@rewritten("quotient_of_the_slopes")
def quotient_of_the_slopes():
    def dquotient(f, df, g, dg):
        def slope_there(x):
            old = np.seterr(all="ignore")
            result = np.asarray(df(x)) / np.asarray(dg(x))
            np.seterr(**old)
            return result

        return slope_there

    return {"dquotient": dquotient}


@rewritten("brackets_forgotten")
def brackets_forgotten():
    def dquotient(f, df, g, dg):
        def slope_there(x):
            first = df(x) * g(x)
            second = f(x) * dg(x)
            return first - second / (g(x) * g(x))

        return slope_there

    return {"dquotient": dquotient}


@rewritten("below_stands_still")
def below_stands_still():
    def dquotient(f, df, g, dg):
        return lambda x: df(x) * (1 / g(x))

    return {"dquotient": dquotient}


@rewritten("quotient_measured_by_steps")
def quotient_measured_by_steps():
    def dquotient(f, df, g, dg):
        def slope_there(x, h=1e-6):
            left, right = (f(at) / g(at) for at in (x - h, x + h))
            return (right - left) / (2 * h)

        return slope_there

    return {"dquotient": dquotient}


# ---------------------------------------------------------------------------------------------- exp_by_steps


@rewritten("grows_by_the_same_amount")
def grows_by_the_same_amount():
    def grow(x, n):
        total = 1
        for step in [x / n] * n:
            total += step
        return total

    return {"grow": grow}


@rewritten("calls_exp")
def calls_exp():
    return {"grow": lambda x, n: float(np.e**x)}


@rewritten("one_step_too_many")
def one_step_too_many():
    def grow(x, n):
        y, k = 1, 0
        while k <= n:
            y *= 1 + x / n
            k += 1
        return y

    return {"grow": grow}


@rewritten("one_step_too_few")
def one_step_too_few():
    def grow(x, n):
        y = 1
        for _ in range(1, n):
            y += y * (x / n)
        return y

    return {"grow": grow}


@rewritten("whole_growth_in_each_step")
def whole_growth_in_each_step():
    return {"grow": lambda x, n: (1 + x) ** n}


@rewritten("starts_from_nothing")
def starts_from_nothing():
    def grow(x, n):
        y = 0
        k = n
        while k:
            y, k = y * (1 + x / n), k - 1
        return y

    return {"grow": grow}


@rewritten("forgets_what_was_there")
def forgets_what_was_there():
    return {"grow": lambda x, n: (x / n) ** n}


@rewritten("returns_in_the_loop")
def returns_in_the_loop():
    def grow(x, n):
        y = 1
        for _ in range(n):
            y += y * (x / n)
            return y

    return {"grow": grow}


@rewritten("steps_of_one_nth")
def steps_of_one_nth():
    def grow(x, n):
        one_unit = math.prod([1 + 1 / n] * n)
        return one_unit**x

    return {"grow": grow}


# -------------------------------------------------------------------------------------------- dual_functions


def lifted(inf, names=("exp", "log", "sin", "cos", "sqrt")):
    """The reference's functions, with another part beside eps: inf(name, real, inf, right)."""
    given = load_module(REFERENCE)
    Dual = given["Dual"]

    def make(name):
        right = given[name]

        def of(x):
            value = right(x)
            if type(x) is Dual:
                value.inf = inf(name, x.real, x.inf, value)
            return value

        return of

    return given | {name: make(name) for name in names}


@rewritten("inner_speed_forgotten")
def inner_speed_forgotten():
    return lifted(lambda name, real, inf, value: value.inf / inf)


@rewritten("inner_speed_added")
def inner_speed_added():
    return lifted(lambda name, real, inf, value: value.inf / inf + inf)


@rewritten("inner_speed_alone")
def inner_speed_alone():
    return lifted(lambda name, real, inf, value: inf)


@rewritten("cosine_without_minus")
def cosine_without_minus():
    return lifted(lambda name, real, inf, value: -value.inf, ["cos"])


@rewritten("sine_is_its_own_slope")
def sine_is_its_own_slope():
    return lifted(lambda name, real, inf, value: value.real * inf, ["sin"])


@rewritten("root_slope_without_the_two")
def root_slope_without_the_two():
    return lifted(lambda name, real, inf, value: real**-0.5 * inf, ["sqrt"])


@rewritten("log_divides_by_its_output")
def log_divides_by_its_output():
    return lifted(lambda name, real, inf, value: inf * value.real**-1, ["log"])


@rewritten("exp_by_the_power_rule")
def exp_by_the_power_rule():
    return lifted(lambda name, real, inf, value: inf * real * value.real / math.e, ["exp"])


@rewritten("log_gives_nan")
def log_gives_nan():
    given = load_module(REFERENCE)
    right, Dual = given["log"], given["Dual"]

    def log(x):
        try:
            return right(x)
        except ValueError:
            nan = float("nan")
            return Dual(nan, nan) if isinstance(x, Dual) else nan

    given["log"] = log
    return given


# --------------------------------------------------------------------------------------------- chain_rule_1d


@rewritten("every_rate_at_x")
def every_rate_at_x():
    def chain(fs, dfs):
        def slope_there(x):
            rate = 1
            for df in dfs:
                rate = rate * df(x)
            return rate

        return slope_there

    return {"chain": chain}


@rewritten("last_function_first")
def last_function_first():
    def chain(fs, dfs):
        fs, dfs = fs[::-1], dfs[::-1]

        def slope_there(x):
            if not fs:
                return 1
            values = [x]
            for f in fs[:-1]:
                values.append(f(values[-1]))
            return np.prod([df(value) for df, value in zip(dfs, values, strict=True)], axis=0)

        return slope_there

    return {"chain": chain}


@rewritten("rates_added")
def rates_added():
    def chain(fs, dfs):
        def slope_there(x):
            rates = []
            for f, df in zip(fs, dfs, strict=True):
                rates.append(df(x))
                x = f(x)
            return sum(rates) if rates else 1

        return slope_there

    return {"chain": chain}


@rewritten("rate_after_the_function")
def rate_after_the_function():
    def chain(fs, dfs):
        def slope_there(x):
            def step(state, pair):
                value, rate = state
                value = pair[0](value)
                return value, rate * pair[1](value)

            return functools.reduce(step, zip(fs, dfs, strict=True), (x, 1))[1]

        return slope_there

    return {"chain": chain}


@rewritten("slope_of_the_slope")
def slope_of_the_slope():
    def chain(fs, dfs):
        def slope_there(x):
            return functools.reduce(lambda value, df: df(value), dfs, x) if len(dfs) else 1

        return slope_there

    return {"chain": chain}


@rewritten("only_the_last_rate")
def only_the_last_rate():
    def chain(fs, dfs):
        def slope_there(x):
            rate = 1
            for f, df in zip(fs, dfs, strict=True):
                rate = df(x)
                x = f(x)
            return rate

        return slope_there

    return {"chain": chain}


@rewritten("empty_chain_has_slope_zero")
def empty_chain_has_slope_zero():
    def chain(fs, dfs):
        def slope_there(x):
            rate = None
            for f, df in zip(fs, dfs, strict=True):
                rate = df(x) if rate is None else rate * df(x)
                x = f(x)
            return 0 if rate is None else rate

        return slope_there

    return {"chain": chain}


@rewritten("empty_chain_crashes")
def empty_chain_crashes():
    def chain(fs, dfs):
        def slope_there(x):
            rates = [dfs[0](x)]
            for k in range(1, len(fs)):
                x = fs[k - 1](x)
                rates.append(dfs[k](x))
            return math.prod(rates)

        return slope_there

    return {"chain": chain}


@rewritten("starts_again_for_each_link")
def starts_again_for_each_link():
    def chain(fs, dfs):
        def arriving(k, x):
            return x if k == 0 else fs[k - 1](arriving(k - 1, x))

        def slope_there(x):
            result = 1
            for k in range(len(dfs)):
                result = result * dfs[k](arriving(k, x))
            return result

        return slope_there

    return {"chain": chain}


@rewritten("uses_the_lists_up")
def uses_the_lists_up():
    def chain(fs, dfs):
        def slope_there(x):
            result = 1
            for _ in range(len(fs)):
                df = dfs[0]
                del dfs[0]
                result = df(x) * result
                x = fs[0](x)
                del fs[0]
            return result

        return slope_there

    return {"chain": chain}


@rewritten("value_of_the_chain")
def value_of_the_chain():
    def chain(fs, dfs):
        def value_there(x):
            return functools.reduce(lambda value, f: f(value), fs, x) if fs else 1

        return value_there

    return {"chain": chain}


# ----------------------------------------------------------------------------------------------- activations


@rewritten("input_taken_for_the_output")
def input_taken_for_the_output():
    def dsigmoid_from_input(x):
        return x - x * x

    return {"dsigmoid_from_input": dsigmoid_from_input}


@rewritten("sigmoid_applied_twice")
def sigmoid_applied_twice():
    def dsigmoid_from_output(a):
        s = 1 / (1 + np.exp(-a))
        return s * (1 - s)

    return {"dsigmoid_from_output": dsigmoid_from_output}


@rewritten("tanh_input_taken_for_the_output")
def tanh_input_taken_for_the_output():
    def dtanh_from_input(x):
        return (1 - x) * (1.0 + x)

    return {"dtanh_from_input": dtanh_from_input}


@rewritten("tanh_applied_twice")
def tanh_applied_twice():
    def dtanh_from_output(a):
        return 1 / np.cosh(a) ** 2

    return {"dtanh_from_output": dtanh_from_output}


@rewritten("slope_of_tanh_as_of_the_sigmoid")
def slope_of_tanh_as_of_the_sigmoid():
    return {"dtanh_from_output": lambda a: a - np.square(a)}


@rewritten("slope_of_the_sigmoid_has_one_factor")
def slope_of_the_sigmoid_has_one_factor():
    return {"dsigmoid_from_output": lambda a: -a + 1.0}


@rewritten("sigmoid_overflows")
def sigmoid_overflows():
    def sigmoid(x):
        e = np.exp(-1.0 * x)
        return (1 + e) ** -1.0

    return {"sturdy_sigmoid": sigmoid}


@rewritten("softplus_overflows")
def softplus_overflows():
    def softplus(x):
        return np.log1p(np.exp(x))

    return {"sturdy_softplus": softplus}


@rewritten("tanh_overflows")
def tanh_overflows():
    def tanh(x):
        up, down = np.exp(x), np.exp(-x)
        return (up - down) / (up + down)

    return {"sturdy_tanh": tanh}


@rewritten("relu_writes_into_its_input")
def relu_writes_into_its_input():
    def relu(x):
        np.maximum(x, 0, out=x)
        return x

    return {"relu": relu}


@rewritten("relu_for_its_slope")
def relu_for_its_slope():
    return {"drelu_from_input": lambda x: x * (x > 0)}


@rewritten("softplus_slope_at_its_output")
def softplus_slope_at_its_output():
    def dsoftplus_from_output(a):
        return np.exp(a - np.logaddexp(0, a))

    return {"dsoftplus_from_output": dsoftplus_from_output}


@rewritten("cut_to_whole_numbers")
def cut_to_whole_numbers():
    def sigmoid(x):
        out = np.zeros_like(x)
        small = np.exp(-np.abs(x))
        np.copyto(out, np.where(x < 0, small / (1 + small), 1 / (1 + small)), casting="unsafe")
        return out

    return {"sigmoid": sigmoid}


@rewritten("plot_without_the_inner_speed")
def plot_without_the_inner_speed():
    names = load_module(REFERENCE)

    def activation_plot(xs):
        name, k = names["steep"]["name"], names["steep"]["k"]
        ax = plt.figure().gca()
        inside = [k * x for x in xs]
        ax.plot(xs, names[f"d{name}_from_output"](names[name](np.array(inside))), "g--", label="slope")
        ax.plot(xs, names[name](np.array(inside)), "b", label="f")
        return ax

    return {"activation_plot": activation_plot}


# --------------------------------------------------------------------------------------------------- descend


@rewritten("climbs")
def climbs():
    def descend(df, x0, lr, steps):
        path = np.zeros(steps + 1)
        path[0] = x0
        for k in range(steps):
            path[k + 1] = path[k] + df(path[k]) * lr
        return path

    return {"descend": descend}


@rewritten("learning_rate_forgotten")
def learning_rate_forgotten():
    def descend(df, x0, lr, steps):
        x = float(x0)
        path = [x]
        while len(path) < steps + 1:
            x = x - df(x)
            path.append(x)
        return np.array(path)

    return {"descend": descend}


@rewritten("steps_of_one_length")
def steps_of_one_length():
    def descend(df, x0, lr, steps):
        x, path = float(x0), [float(x0)]
        for _ in range(steps):
            slope_here = df(x)
            if slope_here > 0:
                x -= lr
            elif slope_here < 0:
                x += lr
            path.append(x)
        return np.array(path)

    return {"descend": descend}


@rewritten("step_without_the_place")
def step_without_the_place():
    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for k in range(steps):
            path.append(0 - df(path[k]) * lr)
        return np.array(path)

    return {"descend": descend}


@rewritten("start_left_out")
def start_left_out():
    def descend(df, x0, lr, steps):
        path = np.zeros(steps)
        x = float(x0)
        for k in range(steps):
            x -= lr * df(x)
            path[k] = x
        return path

    return {"descend": descend}


@rewritten("end_left_out")
def end_left_out():
    def descend(df, x0, lr, steps):
        places = [float(x0)][:steps]
        for _ in range(steps):
            there = places[-1] - lr * df(places[-1])
            if len(places) < steps:
                places.append(there)
        return np.array(places)

    return {"descend": descend}


@rewritten("only_the_end")
def only_the_end():
    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for _ in range(steps):
            path.append(path[-1] - lr * df(path[-1]))
        return path[-1]

    return {"descend": descend}


@rewritten("slope_of_the_start")
def slope_of_the_start():
    def descend(df, x0, lr, steps):
        slopes = [df(float(x0)) for _ in range(steps)]
        return float(x0) - lr * np.cumsum([0.0, *slopes])

    return {"descend": descend}


@rewritten("path_of_whole_numbers")
def path_of_whole_numbers():
    def descend(df, x0, lr, steps):
        path = np.array([x0] * (steps + 1))
        for k in range(1, steps + 1):
            path[k] = path[k - 1] - lr * df(path[k - 1])
        return path

    return {"descend": descend}


@rewritten("same_array_each_time")
def same_array_each_time():
    def descend(df, x0, lr, steps):
        here = x0
        path = []
        path.append(here)
        for _ in range(steps):
            change = lr * df(here)
            here -= change
            path.append(here)
        return np.array(path)

    return {"descend": descend}


@rewritten("asks_once_too_often")
def asks_once_too_often():
    def descend(df, x0, lr, steps):
        path = [float(x0)]
        for _ in range(steps + 1):
            path.append(path[-1] - lr * df(path[-1]))
        return np.array(path[:-1])

    return {"descend": descend}


@rewritten("path_on_the_axis")
def path_on_the_axis():
    def path_plot(f, path):
        _, ax = plt.subplots()
        xs = np.linspace(min(path), max(path), 60).tolist()
        ax.plot(path, np.zeros(len(path)), "rx-", label="path")
        ax.plot(xs, [f(x) for x in xs], label="f")
        return ax

    return {"path_plot": path_plot}


# ------------------------------------------------------------------------------------------ found by wrong answers


@rewritten("power_found_by_the_coefficient")
def where_the_number_stands():
    def poly_derivative(c):
        numbers = list(c)
        result = []
        for number in numbers[1:]:
            result.append(number * numbers.index(number))
        return result if result else [0]

    return {"poly_derivative": poly_derivative}


@rewritten("one_list_for_every_call")
def a_list_that_is_kept():
    def poly_derivative(c, result=[]):  # noqa: B006
        result.clear()
        for k in range(1, len(c)):
            result.append(c[k] * k)
        if not result:
            result.append(0)
        return result

    return {"poly_derivative": poly_derivative}


@rewritten("product_by_relative_changes")
def percent_and_percent():
    def dproduct(f, df, g, dg):
        def slope(x):
            area = f(x) * g(x)
            return area * (df(x) / f(x)) + area * (dg(x) / g(x))

        return slope

    return {"dproduct": dproduct}


@rewritten("only_the_last_product")
def four_names_for_everybody():
    def dproduct(f, df, g, dg):
        dproduct.f, dproduct.df, dproduct.g, dproduct.dg = f, df, g, dg
        return lambda x: dproduct.df(x) * dproduct.g(x) + dproduct.f(x) * dproduct.dg(x)

    return {"dproduct": dproduct}


@rewritten("quotient_divided_and_multiplied_again")
def no_brackets_below():
    def dquotient(f, df, g, dg):
        def slope(x):
            top = df(x) * g(x) - dg(x) * f(x)
            return top / g(x) * g(x)

        return slope

    return {"dquotient": dquotient}


@rewritten("quotient_by_relative_changes")
def percent_less_percent():
    def dquotient(f, df, g, dg):
        def slope(x):
            quotient = f(x) / g(x)
            return quotient * (df(x) / f(x)) - quotient * (dg(x) / g(x))

        return slope

    return {"dquotient": dquotient}


@rewritten("stops_when_little_changes")
def until_it_settles():
    def grow(x, n):
        y, before, k = 1.0, None, 0
        while k < n and (before is None or abs(y - before) > 1e-6):
            before = y
            y = y + y * x / n
            k += 1
        return y

    return {"grow": grow}


@rewritten("slope_found_by_the_function")
def a_table_of_slopes():
    def chain(fs, dfs):
        def slope(x):
            total = 1
            for f in fs:
                total = total * dfs[fs.index(f)](x)
                x = f(x)
            return total

        return slope

    return {"chain": chain}


@rewritten("sigmoid_input_cut_off")
def between_minus_thirty_and_thirty():
    def sigmoid(x):
        x = np.minimum(np.maximum(x, -30.0), 30.0)
        return np.exp(x) / (1 + np.exp(x))

    return {"sturdy_sigmoid": sigmoid}


@rewritten("relu_slope_as_a_sign")
def up_or_down():
    def drelu_from_input(x):
        return np.where(x > 0, 1.0, np.where(x < 0, -1.0, 0.0))

    return {"drelu_from_input": drelu_from_input}


@rewritten("tanh_slope_with_a_plus")
def one_and_a_square():
    def dtanh_from_output(a):
        return np.square(a) + 1

    return {"dtanh_from_output": dtanh_from_output}


@rewritten("stops_near_the_bottom")
def while_it_is_steep():
    def descend(df, x0, lr, steps):
        x, path = float(x0), [float(x0)]
        for _ in range(steps):
            s = df(x)
            if -0.01 < s < 0.01:
                return np.array(path)
            x = x - s * lr
            path.append(x)
        return np.array(path)

    return {"descend": descend}


@rewritten("slopes_cut_off")
def no_steeper_than_ten():
    def descend(df, x0, lr, steps):
        path = np.zeros(steps + 1)
        path[0] = x0
        for k in range(steps):
            path[k + 1] = path[k] - lr * np.clip(df(path[k]), -10, 10)
        return path

    return {"descend": descend}


@rewritten("moves_in_place_of_places")
def each_move_kept():
    def descend(df, x0, lr, steps):
        at, path = float(x0), [float(x0)]
        for _ in range(steps):
            change = -lr * df(at)
            at += change
            path.append(change)
        return np.array(path)

    return {"descend": descend}


@rewritten("heights_over_the_steps")
def numbers_of_the_steps():
    def path_plot(f, path):
        ax = plt.figure().add_subplot()
        xs = np.linspace(np.min(path) - 0.5, np.max(path) + 0.5, 80)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        for_each_step = [f(float(x)) for x in path]
        ax.plot(np.arange(len(for_each_step)), for_each_step, marker="o", label="path")
        return ax

    return {"path_plot": path_plot}


@rewritten("tanh_of_the_square")
def square_before_tanh():
    def dtanh_from_input(x):
        t = np.tanh(np.square(x))
        return 1 - t

    return {"dtanh_from_input": dtanh_from_input}


@rewritten("softplus_slope_without_the_inside")
def one_over_the_inside():
    return {"dsoftplus_from_input": lambda x: np.power(1 + np.exp(x), -1.0)}


@rewritten("square_taken_of_x")
def g_of_the_square():
    def dquotient(f, df, g, dg):
        def slope(x):
            top = g(x) * df(x) - dg(x) * f(x)
            return top / g(x * x)

        return slope

    return {"dquotient": dquotient}
