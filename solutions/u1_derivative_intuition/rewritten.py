"""The known mistakes in other words: renamed, restructured, looped or vectorised, as another student would write them.

Each is written as in the notebook, with nothing but the notebook's names, and `pasted` puts it in place of the
reference's answers. tests/course measures how many of them are still named.
"""

import inspect
import textwrap
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module, rewritten

REFERENCE = Path(__file__).with_name("reference.py")
_names = load_module(REFERENCE)  # so that what is written below reads as in the notebook
Dual, as_dual, divide, slope, has_kink = (_names[name] for name in ("Dual", "as_dual", "divide", "slope", "has_kink"))


def pasted(*functions):
    """The reference's names with these functions in place of the reference's; `__add__` and the like go into Dual."""
    names = load_module(REFERENCE)
    for function in functions:
        exec(textwrap.dedent(inspect.getsource(function)), names)  # noqa: S102 - functions of this file
    dual = names["Dual"]
    for name in [function.__name__ for function in functions if function.__name__.startswith("__")]:
        setattr(dual, name, names.pop(name))
        if name in ("__add__", "__mul__"):
            setattr(dual, name.replace("__", "__r", 1), getattr(dual, name))
    dual.__truediv__ = names["divide"]
    dual.__rtruediv__ = lambda self, other: names["divide"](other, self)
    dual.__pow__ = names["power"]
    return names


# ---------------------------------------------------------------------------------------------- average_rate


@rewritten("change_only")
def the_change():
    def average_rate(f, a, b):
        start = f(a)
        end = f(b)
        change = end - start
        return change

    return pasted(average_rate)


@rewritten("change_only_but_no_run_refused")
def the_change_with_a_guard():
    def average_rate(f, a, b):
        if b - a == 0:
            raise ValueError("a and b must differ")
        values = [f(x) for x in (a, b)]
        return values[1] - values[0]

    return pasted(average_rate)


@rewritten("run_over_rise")
def upside_down():
    def average_rate(f, a, b):
        if a != b:
            up = f(b) - f(a)
            return (b - a) * up**-1
        raise ValueError

    return pasted(average_rate)


@rewritten("sign_dropped")
def a_distance_by_a_distance():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("nothing to divide by")
        return np.abs(f(b) - f(a)) / np.abs(b - a)

    return pasted(average_rate)


@rewritten("run_without_its_sign")
def run_is_a_distance():
    def average_rate(f, a, b):
        run = max(a, b) - min(a, b)
        if run == 0:
            raise ValueError("no run")
        return (f(b) - f(a)) / run

    return pasted(average_rate)


@rewritten("rise_backwards")
def old_minus_new():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("same place")
        y1, y2 = f(a), f(b)
        return np.subtract(y1, y2) / np.subtract(b, a)

    return pasted(average_rate)


@rewritten("no_run_divides_by_zero")
def unguarded():
    def average_rate(f, a, b):
        rise, run = f(b) - f(a), b - a
        return rise / run

    return pasted(average_rate)


@rewritten("no_run_gives_zero")
def nothing_when_standing_still():
    def average_rate(f, a, b):
        try:
            return (f(b) - f(a)) / (b - a)
        except ZeroDivisionError:
            return 0

    return pasted(average_rate)


@rewritten("stops_on_the_way")
def many_small_rates():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        n = 10
        total = 0
        for i in range(n):
            here, there = a + (b - a) * i / n, a + (b - a) * (i + 1) / n
            total += (f(there) - f(here)) / (there - here)
        return total / n

    return pasted(average_rate)


@rewritten("rate_of_square_without_h")
def square_at_a():
    return {"rate_of_square": "a + a"}


@rewritten("rate_of_square_not_divided")
def square_change():
    return {"rate_of_square": "h(2a + h)"}


@rewritten("rate_of_square_not_simplified")
def square_with_a_fraction():
    return {"rate_of_square": "(2*a*h + h*h)/h"}


@rewritten("rate_of_mine_without_the_line")
def cube_alone():
    return {"rate_of_mine": "3a(a + h) + h^2"}


# ------------------------------------------------------- dual_plus_minus, dual_times, dual_compare


@rewritten("reversed_minus")
def minus_from_either_side():
    def __rsub__(self, other):
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    return pasted(__rsub__)


@rewritten("reversed_minus_keeps_inf")
def only_the_real_part_is_subtracted():
    def __rsub__(self, other):
        result = Dual(self.real, self.inf)
        result.real = other - result.real
        return result

    return pasted(__rsub__)


@rewritten("minus_keeps_inf")
def minus_on_the_real_part():
    def __neg__(self):
        return Dual(self.real * -1, self.inf)

    return pasted(__neg__)


@rewritten("number_leaves_inf_alone")
def number_times_the_real_part():
    def __mul__(self, other):
        if not isinstance(other, Dual):
            return Dual(other * self.real, self.inf)
        a, b, c, d = self.real, self.inf, other.real, other.inf
        return Dual(a * c, b * c + a * d)

    return pasted(__mul__)


@rewritten("keeps_eps_eps")
def all_four_products():
    def __mul__(self, other):
        q = as_dual(other)
        everything = (self.real + self.inf) * (q.real + q.inf)
        return Dual(self.real * q.real, everything - self.real * q.real)

    return pasted(__mul__)


@rewritten("product_of_inf_parts")
def each_part_with_its_own():
    def __mul__(self, other):
        other = as_dual(other)
        parts = [x * y for x, y in zip((self.real, self.inf), (other.real, other.inf), strict=True)]
        return Dual(*parts)

    return pasted(__mul__)


@rewritten("only_one_strip")
def one_strip():
    def __mul__(self, other):
        factor = other.real if isinstance(other, Dual) else other
        return Dual(factor * self.real, factor * self.inf)

    return pasted(__mul__)


@rewritten("adds_in_place")
def plus_into_self():
    def __add__(self, other):
        if isinstance(other, Dual):
            self.real += other.real
            self.inf += other.inf
        else:
            self.real += other
        return self

    return pasted(__add__)


@rewritten("number_added_to_both_parts")
def plus_everywhere():
    def __add__(self, other):
        c, d = (other.real, other.inf) if type(other) is Dual else (other, other)
        return Dual(c + self.real, d + self.inf)

    return pasted(__add__)


@rewritten("sum_forgets_the_other_inf")
def plus_in_the_real_part():
    def __add__(self, other):
        if isinstance(other, Dual):
            other = other.real
        return Dual(self.real + other, self.inf)

    return pasted(__add__)


@rewritten("abs_leaves_inf_alone")
def abs_of_the_real_part():
    def __abs__(self):
        if self.real < 0:
            return Dual(-self.real, self.inf)
        return Dual(self.real, self.inf)

    return pasted(__abs__)


@rewritten("abs_of_both_parts")
def abs_of_each():
    def __abs__(self):
        return Dual(max(self.real, -self.real), max(self.inf, -self.inf))

    return pasted(__abs__)


@rewritten("equal_only_in_both_parts")
def equal_in_everything():
    def __eq__(self, other):
        if not isinstance(other, Dual):
            return self.real == other and self.inf == 0
        return self.real == other.real and self.inf == other.inf

    return pasted(__eq__)


@rewritten("smaller_in_either_part")
def eps_breaks_the_tie():
    def __lt__(self, other):
        other = as_dual(other)
        if self.real == other.real:
            return self.inf < other.inf
        return self.real < other.real

    return pasted(__lt__)


@rewritten("product_on_paper_of_inf_parts")
def d_times_b():
    return {"product_inf": "d*b"}


@rewritten("product_on_paper_keeps_eps_eps")
def three_products():
    return {"product_inf": "b(c + d) + a*d"}


# ----------------------------------------------------------------------------------------- dual_divide_power


@rewritten("divides_part_by_part")
def each_part_by_its_own():
    def divide(p, q):
        p = as_dual(p)
        if isinstance(q, Dual):
            return Dual(p.real / q.real, p.inf / q.inf)
        return Dual(p.real / q, p.inf / q)

    return pasted(divide)


@rewritten("quotient_with_the_wrong_sign")
def the_two_terms_swapped():
    def divide(p, q):
        p, q = as_dual(p), as_dual(q)
        above = p.real * q.inf - p.inf * q.real
        return Dual(p.real / q.real, above / q.real / q.real)

    return pasted(divide)


@rewritten("quotient_divided_only_once")
def without_the_square():
    def divide(p, q):
        p, q = as_dual(p), as_dual(q)
        u = p.real / q.real
        return Dual(u, p.inf - u * q.inf)

    return pasted(divide)


@rewritten("divisor_stands_still")
def by_the_real_part():
    def divide(p, q):
        divisor = q.real if isinstance(q, Dual) else q
        p = as_dual(p)
        return Dual(p.real / divisor, p.inf / divisor)

    return pasted(divide)


@rewritten("dividing_by_zero_gives_zero")
def zero_if_it_cannot_be_divided():
    def divide(p, q):
        p, q = as_dual(p), as_dual(q)
        try:
            return Dual(p.real / q.real, (p.inf * q.real - p.real * q.inf) / q.real**2)
        except ZeroDivisionError:
            return Dual(0.0, 0.0)

    def power(p, n):
        if n < 0:
            return divide(1, power(p, -n))
        return p * power(p, n - 1) if n else Dual(1, 0)

    return pasted(divide, power)


@rewritten("power_without_the_inner_speed")
def the_rule_without_b():
    def power(p, n):
        if n == 0:
            return as_dual(1)
        below = p.real ** (n - 1)
        return Dual(below * p.real, below * n)

    return pasted(power)


@rewritten("zero_to_the_minus_one")
def the_rule_for_every_n():
    def power(p, n):
        a, b = p.real, p.inf
        speed = n * b * a ** (n - 1)
        return Dual(a**n, speed)

    return pasted(power)


@rewritten("power_zero_is_a_plain_one")
def one_is_one():
    def power(p, n):
        if n == 0:
            return 1
        return Dual(p.real**n, n * p.real ** (n - 1) * p.inf)

    return pasted(power)


@rewritten("powers_part_by_part")
def each_part_to_the_n():
    def power(p, n):
        if n == 0:
            return Dual(1)
        real = inf = 1
        for _ in range(abs(n)):
            real, inf = real * p.real, inf * p.inf
        return Dual(real, inf) if n > 0 else Dual(1 / real, 1 / inf)

    return pasted(power)


@rewritten("power_without_the_n")
def the_term_once():
    def power(p, n):
        return Dual(p.real**n, p.inf * p.real**n / p.real) if n not in (0, 1) else Dual(p.real, p.inf) if n else Dual(1)

    return pasted(power)


@rewritten("negative_powers_ignored")
def a_loop_that_does_not_run():
    def power(p, n):
        answer, count = as_dual(1), 0
        while count < n:
            answer, count = p * answer, count + 1
        return answer

    return pasted(power)


@rewritten("reciprocal_on_paper_without_minus")
def one_over_x_times_x():
    return {"reciprocal_inf": "1/(x*x)"}


# ----------------------------------------------------------------------------------------------------- slope


@rewritten("forward_difference")
def a_small_step():
    def slope(f, x):
        h = 1e-7
        there, here = f(x + h), f(x)
        return (there - here) / h

    return pasted(slope)


@rewritten("forward_difference")
def a_small_step_both_ways():
    def slope(f, x):
        h = 0.0001
        return (f(x + h) - f(x - h)) / (2 * h)

    return pasted(slope)


@rewritten("constant_crashes")
def trusting():
    def slope(f, x):
        moved = f(Dual(x, 1.0))
        return moved.inf

    return pasted(slope)


@rewritten("value_instead_of_slope")
def where_f_is():
    def slope(f, x):
        y = f(Dual(x, 1))
        if isinstance(y, Dual):
            return y.real
        return y

    return pasted(slope)


@rewritten("input_without_eps")
def standing_still():
    def slope(f, x):
        y = f(as_dual(x))
        return getattr(y, "inf", 0)

    return pasted(slope)


@rewritten("whole_dual")
def everything_comes_back():
    def slope(f, x):
        eps = Dual(0, 1)
        return f(eps + x)

    return pasted(slope)


@rewritten("called_twice")
def asked_again():
    def slope(f, x):
        p = Dual(x, 1)
        if not isinstance(f(p), Dual):
            return 0
        return f(p).inf

    return pasted(slope)


@rewritten("divided_by_x")
def per_x():
    def slope(f, x):
        y = as_dual(f(Dual(x, 1)))
        return y.inf / x

    return pasted(slope)


# ------------------------------------------------------------------------------------------------ microscope


@rewritten("same_window")
def one_window_for_all():
    def microscope(f, x0, widths):
        axes = []
        half = max(widths) / 2
        for _ in widths:
            _fig, ax = plt.subplots()
            xs = np.linspace(x0 - half, x0 + half, 50)
            ax.plot(xs, [f(float(x)) for x in xs], label="f")
            if not has_kink(f, x0):
                ax.plot(xs, f(x0) + slope(f, x0) * (xs - x0), label="tangent")
            ax.set_xlim(x0 - half, x0 + half)
            axes.append(ax)
        return axes

    return pasted(microscope)


@rewritten("window_twice_as_wide")
def w_to_each_side():
    def microscope(f, x0, widths):
        _fig, panels = plt.subplots(1, len(widths), squeeze=False)
        for i, w in enumerate(widths):
            ax = panels[0][i]
            xs = [x0 - w + 2 * w * j / 60 for j in range(61)]
            ax.plot(xs, [f(x) for x in xs], "b", label="f")
            if not has_kink(f, x0):
                ends = [x0 - w, x0 + w]
                ax.plot(ends, [f(x0) + slope(f, x0) * (x - x0) for x in ends], "r", label="tangent")
            ax.set_xlim(x0 - w, x0 + w)
        return list(panels[0])

    return pasted(microscope)


@rewritten("window_starts_at_x0")
def only_to_the_right():
    def microscope(f, x0, widths):
        out = []
        for w in widths:
            ax = plt.figure().add_subplot()
            xs = np.linspace(x0, x0 + w, 40).tolist()
            ax.plot(xs, list(map(f, xs)), label="f")
            if not has_kink(f, x0):
                s, y = slope(f, x0), f(x0)
                ax.plot(xs, [y + s * (x - x0) for x in xs], label="tangent")
            ax.set_xlim(x0, x0 + w)
            out.append(ax)
        return out

    return pasted(microscope)


@rewritten("tangent_through_the_origin")
def a_line_through_zero():
    def microscope(f, x0, widths):
        _fig, panels = plt.subplots(1, len(widths), squeeze=False)
        steep = slope(f, x0)
        for ax, w in zip(panels[0], widths, strict=True):
            xs = np.linspace(x0 - w / 2, x0 + w / 2, 80)
            ax.plot(xs, [f(x) for x in xs.tolist()], label="f")
            if not has_kink(f, x0):
                ax.plot(xs, steep * xs, label="tangent")
            ax.set_xlim(x0 - w / 2, x0 + w / 2)
        return list(panels[0])

    return pasted(microscope)


@rewritten("tangent_counted_from_zero")
def the_line_of_school():
    def microscope(f, x0, widths):
        axes = []
        for w in widths:
            _fig, ax = plt.subplots()
            left, right = x0 - w / 2, x0 + w / 2
            xs = np.linspace(left, right, 33).tolist()
            ax.plot(xs, [f(x) for x in xs], label="f")
            if not has_kink(f, x0):
                m, b = slope(f, x0), f(x0)
                ax.plot([left, right], [m * left + b, m * right + b], label="tangent")
            ax.set_xlim(left, right)
            axes += [ax]
        return axes

    return pasted(microscope)


@rewritten("tangent_at_the_kink")
def always_a_tangent():
    def microscope(f, x0, widths):
        axes = []
        for w in widths:
            _fig, ax = plt.subplots()
            xs = [x0 + w * (i / 40 - 0.5) for i in range(41)]
            ys = []
            line = []
            for x in xs:
                ys.append(f(x))
                line.append(f(x0) + slope(f, x0) * (x - x0))
            ax.plot(xs, ys, label="f")
            ax.plot(xs, line, label="tangent")
            ax.set_xlim(xs[0], xs[-1])
            axes.append(ax)
        return axes

    return pasted(microscope)


@rewritten("no_curve")
def the_tangent_alone():
    def microscope(f, x0, widths):
        _fig, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, w in zip(panels[0], widths, strict=True):
            ends = np.array([x0 - w / 2, x0 + w / 2])
            if not has_kink(f, x0):
                ax.plot(ends, f(x0) + slope(f, x0) * (ends - x0), label="tangent")
            ax.set_xlim(*ends)
        return list(panels[0])

    return pasted(microscope)


@rewritten("microscope_returns_nothing")
def drawn_and_forgotten():
    def microscope(f, x0, widths):
        for w in widths:
            xs = np.linspace(x0 - w / 2, x0 + w / 2, 50).tolist()
            plt.figure()
            plt.plot(xs, [f(x) for x in xs], label="f")
            plt.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")

    return pasted(microscope)


# ------------------------------------------------------------------------------------------------- pair_plot


@rewritten("f_again_below")
def twice_the_same():
    def pair_plot(f, xs):
        _fig, axes = plt.subplots(2)
        ys = [f(x) for x in xs]
        for ax in axes:
            ax.plot(xs, ys)
        axes[1].axhline(0, color="black")
        return axes[0], axes[1]

    return pasted(pair_plot)


@rewritten("f_shifted_below")
def f_from_its_start():
    def pair_plot(f, xs):
        _fig, (top, bottom) = plt.subplots(2, 1)
        ys = np.array([f(x) for x in xs])
        top.plot(xs, ys)
        bottom.plot(xs, ys - ys[0])
        bottom.plot(xs, [0] * len(xs))
        return top, bottom

    return pasted(pair_plot)


@rewritten("slope_rescaled")
def between_minus_one_and_one():
    def pair_plot(f, xs):
        _fig, (top, bottom) = plt.subplots(2, 1)
        ss = np.array([slope(f, x) for x in xs], dtype=float)
        ss /= np.abs(ss).max()
        top.plot(xs, [f(x) for x in xs])
        bottom.plot(xs, ss)
        bottom.axhline(0)
        return top, bottom

    return pasted(pair_plot)


@rewritten("rates_from_point_to_point")
def vectorised_rates():
    def pair_plot(f, xs):
        _fig, (top, bottom) = plt.subplots(2, 1)
        xs = np.array(xs)
        ys = np.array([f(x) for x in xs.tolist()])
        top.plot(xs, ys)
        bottom.plot(xs[:-1], np.diff(ys) / np.diff(xs))
        bottom.axhline(0)
        return top, bottom

    return pasted(pair_plot)


@rewritten("no_zero_line")
def no_guide():
    def pair_plot(f, xs):
        fig = plt.figure()
        top, bottom = fig.add_subplot(211), fig.add_subplot(212)
        top.plot(xs, [f(x) for x in xs])
        bottom.plot(xs, [slope(f, x) for x in xs])
        return [top, bottom]

    return pasted(pair_plot)


@rewritten("panels_swapped")
def lower_first():
    def pair_plot(f, xs):
        _fig, axes = plt.subplots(2, 1, sharex=True)
        axes[0].plot(xs, [f(x) for x in xs])
        axes[1].plot(xs, [slope(f, x) for x in xs])
        axes[1].axhline(0, color="k", lw=1)
        return axes[1], axes[0]

    return pasted(pair_plot)


@rewritten("matched_in_order")
def a_b_c():
    return {"matching": "A, B, C"}


# ---------------------------------------------------------------------------------------------------- signal


@rewritten("uphill")
def with_the_slope():
    def signal(f, x):
        s = slope(f, x)
        if s > 0:
            return 1
        elif s < 0:
            return -1
        return 0

    return pasted(signal)


@rewritten("the_slope_itself")
def how_steep():
    def signal(f, x):
        y = f(Dual(x, 1))
        return y.inf if isinstance(y, Dual) else 0

    return pasted(signal)


@rewritten("minus_the_slope")
def how_steep_downhill():
    def signal(f, x):
        return 0 - slope(f, x)

    return pasted(signal)


@rewritten("never_silent")
def left_or_right():
    def signal(f, x):
        rises = slope(f, x) > 0
        return -1 if rises else +1

    return pasted(signal)


@rewritten("looks_at_the_height")
def below_or_above_zero():
    def signal(f, x):
        y = f(x)
        return int(-np.sign(y))

    return pasted(signal)


@rewritten("zero_read_as_arrived")
def arrived():
    return {"zero_means": "A"}


# ------------------------------------------------------------------------------------------ found by wrong answers


@rewritten("rise_without_its_sign")
def how_much_it_changes():
    def average_rate(f, a, b):
        if b == a:
            raise ValueError("there is no run")
        change = f(b) - f(a)
        if change < 0:
            change = -change
        return change / (b - a)

    return pasted(average_rate)


@rewritten("no_rise_is_refused")
def nothing_changes():
    def average_rate(f, a, b):
        rise = f(b) - f(a)
        if rise == 0:
            raise ValueError(f"f is the same at {a} and {b}")
        return rise / (b - a)

    return pasted(average_rate)


@rewritten("divided_and_multiplied_again")
def without_brackets_below():
    def divide(p, q):
        p, q = as_dual(p), as_dual(q)
        top = p.inf * q.real - p.real * q.inf
        return Dual(p.real / q.real, top / q.real * q.real)

    return pasted(divide)


@rewritten("quotient_by_relative_changes")
def in_percent():
    def divide(p, q):
        p = as_dual(p)
        q = as_dual(q)
        quotient = p.real / q.real
        percent = p.inf / p.real - q.inf / q.real
        return Dual(quotient, quotient * percent)

    return pasted(divide)


@rewritten("slope_rounded")
def four_digits():
    def slope(f, x):
        y = as_dual(f(Dual(x, 1)))
        return round(y.inf, 4)

    return pasted(slope)


@rewritten("no_tangent_where_it_is_level")
def only_if_there_is_a_slope():
    def microscope(f, x0, widths):
        _, rows = plt.subplots(1, len(widths), squeeze=False)
        m = slope(f, x0)
        for k, w in enumerate(widths):
            ax = rows[0][k]
            x = [x0 - w / 2 + w * i / 60 for i in range(61)]
            ax.plot(x, [f(t) for t in x], label="f")
            if m and not has_kink(f, x0):
                ax.plot(x, [f(x0) + m * (t - x0) for t in x], label="tangent")
            ax.set_xlim(x0 - w / 2, x0 + w / 2)
        return list(rows[0])

    return pasted(microscope)


@rewritten("side_by_side")
def left_and_right():
    def pair_plot(f, xs):
        _, axes = plt.subplots(ncols=2)
        axes[0].plot(xs, [f(x) for x in xs])
        axes[1].plot(xs, [slope(f, x) for x in xs])
        axes[1].axhline(0, color="k")
        return axes[0], axes[1]

    return pasted(pair_plot)


@rewritten("small_slopes_say_nothing")
def nearly_level():
    def signal(f, x):
        s = slope(f, x)
        if s > 1e-5:
            return -1
        elif s < -1e-5:
            return 1
        return 0

    return pasted(signal)


@rewritten("looks_to_both_sides")
def which_side_is_lower():
    def signal(f, x):
        a, b = f(x - 0.001), f(x + 0.001)
        if a < b:
            return -1
        return 1 if b < a else 0

    return pasted(signal)


@rewritten("short_runs_refused")
def nearly_equal_ends_refused():
    def average_rate(f, a, b):
        if np.isclose(a, b):
            raise ValueError("a and b must not be equal")
        rise = f(b) - f(a)
        return rise / (b - a)

    return pasted(average_rate)


@rewritten("reversed_minus_number_moves")
def number_with_an_eps():
    def __rsub__(self, other):
        number = Dual(other, 1)
        return Dual(number.real - self.real, number.inf - self.inf)

    return pasted(__rsub__)


@rewritten("secant_for_the_tangent")
def line_between_the_ends():
    def microscope(f, x0, widths):
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, width in zip(panels[0], widths, strict=True):
            left, right = x0 - width / 2, x0 + width / 2
            xs = np.linspace(left, right, 50)
            ax.plot(xs, [f(float(x)) for x in xs], label="f")
            if not has_kink(f, x0):
                ax.plot([left, right], [f(left), f(right)], label="tangent")
            ax.set_xlim(left, right)
        return list(panels[0])

    return pasted(microscope)


@rewritten("slope_without_its_sign")
def how_steep_either_way():
    def pair_plot(f, xs):
        _, (top, bottom) = plt.subplots(2, 1, sharex=True)
        top.plot(xs, [f(x) for x in xs])
        steep = []
        for x in xs:
            s = slope(f, x)
            steep.append(s if s > 0 else -s)
        bottom.plot(xs, steep)
        bottom.axhline(0, color="gray")
        return top, bottom

    return pasted(pair_plot)


@rewritten("looks_at_the_real_part")
def sign_of_the_height():
    def signal(f, x):
        y = as_dual(f(Dual(x, 1)))
        if y.real == 0:
            return 0
        return -1 if y.real > 0 else 1

    return pasted(signal)
