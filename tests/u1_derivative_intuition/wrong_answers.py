"""Wrong answers of `u1_derivative_intuition` that look right from most sides: each must lose points in its task.

The part before the double underscore is the task. Where it is followed by `trick`, nobody worked for the answer (a
constant, an echo, a drawing of anything, a general method in place of what is taught), and it gets a twentieth of
the task at most. They were written from the notebook's text alone.
"""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module

REFERENCE = Path(__file__).parents[2] / "solutions" / "u1_derivative_intuition" / "reference.py"
names = load_module(REFERENCE)
Right, as_dual, right_slope, has_kink = names["Dual"], names["as_dual"], names["slope"], names["has_kink"]


def dual_with(**methods):
    """The reference's Dual with some methods exchanged, and the functions that must be about the same class."""
    fresh = load_module(REFERENCE)
    for name, method in methods.items():
        setattr(fresh["Dual"], name, method)
    if "__add__" in methods:
        fresh["Dual"].__radd__ = methods["__add__"]
    if "__mul__" in methods:
        fresh["Dual"].__rmul__ = methods["__mul__"]
    return {name: fresh[name] for name in ("Dual", "as_dual", "divide", "power", "slope", "has_kink", "signal")}


# ---------------------------------------------------------------------------------------------- average_rate


def average_rate__level_functions_are_refused():
    def average_rate(f, a, b):
        if f(a) == f(b):
            raise ValueError("no change")
        return (f(b) - f(a)) / (b - a)

    return {"average_rate": average_rate}


def average_rate__zero_as_an_end_is_refused():
    def average_rate(f, a, b):
        if not a or not b or a == b:
            raise ValueError("no run")
        return (f(b) - f(a)) / (b - a)

    return {"average_rate": average_rate}


def average_rate__short_runs_are_refused():
    def average_rate(f, a, b):
        if abs(b - a) < 1e-3:
            raise ValueError("no run")
        return (f(b) - f(a)) / (b - a)

    return {"average_rate": average_rate}


def average_rate__remembers_heights_by_place():
    heights = {}

    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        for x in (a, b):
            if x not in heights:
                heights[x] = f(x)
        return (heights[b] - heights[a]) / (b - a)

    return {"average_rate": average_rate}


def average_rate__rounded():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        return round((f(b) - f(a)) / (b - a), 6)

    return {"average_rate": average_rate}


def average_rate__whole_division():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        return (f(b) - f(a)) // (b - a)

    return {"average_rate": average_rate}


def average_rate__never_negative():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        return max(0, (f(b) - f(a)) / (b - a))

    return {"average_rate": average_rate}


def average_rate__slope_in_the_middle():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        middle = (a + b) / 2
        return (f(middle + 1e-6) - f(middle - 1e-6)) / 2e-6

    return {"average_rate": average_rate}


def average_rate__size_of_the_rise():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        return abs(f(b) - f(a)) / (b - a)

    return {"average_rate": average_rate}


def average_rate__a_division_in_disguise_as_a_power():
    return {"rate_of_square": "((a+h)**2-a**2)*h**-1"}


def average_rate__a_division_in_disguise_as_a_power_of_a_difference():
    return {"rate_of_square": "((a+h)**2-a**2)*h**(1-2)"}


def average_rate__a_division_in_disguise_as_a_raised_letter():
    return {"rate_of_square": "((a+h)^2-a^2)*h⁻¹"}


def average_rate__a_division_in_disguise_as_an_exponential():
    return {"rate_of_square": "((a+h)^2-a^2)*exp(-ln(h))"}


def average_rate__a_division_in_disguise_as_a_power_of_a_power():
    return {"rate_of_square": "((a+h)^2-a^2)*h*(h^2)^(-1)"}


def average_rate__a_division_in_disguise_as_a_root():
    return {"rate_of_square": "((a+h)^2-a^2)*h*(h^4)^(-0.5)"}


# ------------------------------------------------------- dual_plus_minus, dual_times, dual_compare


def dual_times__rounded():
    def __mul__(self, other):
        other = own["as_dual"](other)
        real, inf = self.real * other.real, self.real * other.inf + self.inf * other.real
        return own["Dual"](round(real, 6), round(inf, 6))

    own = dual_with(__mul__=__mul__)
    return own


def dual_times__only_whole_numbers_beside_a_dual():
    def __mul__(self, other):
        other = own["Dual"](other, 0) if isinstance(other, int) else other
        if isinstance(other, float):
            return own["Dual"](self.real * other, self.inf)
        return own["Dual"](self.real * other.real, self.real * other.inf + self.inf * other.real)

    own = dual_with(__mul__=__mul__)
    return own


def dual_times__plus_nothing_is_the_same_number():
    def __mul__(self, other):
        other = own["as_dual"](other)
        if other.real == 0:
            return own["Dual"](0, 0)
        return own["Dual"](self.real * other.real, self.real * other.inf + self.inf * other.real)

    own = dual_with(__mul__=__mul__)
    return own


def dual_compare__equal_when_close():
    own = dual_with(__eq__=lambda self, other: abs(self.real - getattr(other, "real", other)) < 1e-6)
    return own


def dual_compare__equal_when_the_sizes_are():
    return dual_with(__eq__=lambda self, other: abs(self.real) == abs(getattr(other, "real", other)))


def dual_compare__smaller_in_size():
    return dual_with(__lt__=lambda self, other: abs(self.real) < abs(getattr(other, "real", other)))


def dual_compare__smaller_by_a_margin():
    return dual_with(__lt__=lambda self, other: self.real < getattr(other, "real", other) - 1e-9)


def dual_plus_minus__minus_gives_one_object_for_all():
    def __neg__(self):
        own["Dual"].minus.real, own["Dual"].minus.inf = -self.real, -self.inf
        return own["Dual"].minus

    own = dual_with(__neg__=__neg__)
    own["Dual"].minus = own["Dual"](0, 0)
    return own


def dual_times__products_share_one_object():
    def __mul__(self, other):
        other, kept = own["as_dual"](other), own["Dual"].kept
        real, inf = self.real * other.real, self.real * other.inf + self.inf * other.real
        kept.real, kept.inf = real, inf
        return kept

    own = dual_with(__mul__=__mul__)
    own["Dual"].kept = own["Dual"](0, 0)
    return own


def dual_compare__size_of_both_parts():
    return dual_with(__abs__=lambda self: type(self)(abs(self.real), abs(self.inf)))


def dual_compare__size_gives_itself_a_sign():
    return dual_with(__abs__=lambda self: type(self)(abs(self.real), -abs(self.inf) if self.real < 0 else self.inf))


def dual_plus_minus__sum_keeps_the_larger_speed():
    def __add__(self, other):
        other = own["as_dual"](other)
        return own["Dual"](self.real + other.real, max(self.inf, other.inf))

    own = dual_with(__add__=__add__)
    return own


def dual_plus_minus__difference_of_speeds_by_size():
    def __sub__(self, other):
        other = own["as_dual"](other)
        return own["Dual"](self.real - other.real, abs(self.inf) - abs(other.inf))

    own = dual_with(__sub__=__sub__)
    return own


def dual_times__a_square_is_twice_itself():
    def __mul__(self, other):
        if other is self:
            return own["Dual"](self.real**2, 2 * self.inf)
        other = own["as_dual"](other)
        return own["Dual"](self.real * other.real, self.real * other.inf + self.inf * other.real)

    own = dual_with(__mul__=__mul__)
    return own


def dual_times__large_speeds_are_cut():
    def __mul__(self, other):
        other = own["as_dual"](other)
        inf = self.real * other.inf + self.inf * other.real
        return own["Dual"](self.real * other.real, max(-1e3, min(1e3, inf)))

    own = dual_with(__mul__=__mul__)
    return own


def dual_plus_minus__minus_forgets_the_speed_of_a_zero():
    return dual_with(__neg__=lambda self: type(self)(-self.real, -self.inf) if self.real else type(self)(0, self.inf))


# ----------------------------------------------------------------------------------------- dual_divide_power


def dual_divide_power__by_relative_changes():
    def divide(p, q):
        p, q = own["as_dual"](p), own["as_dual"](q)
        u = p.real / q.real
        return own["Dual"](u, u * (p.inf / p.real - q.inf / q.real) if p.real else 0)

    own = load_module(REFERENCE)
    own["Dual"].__truediv__ = divide
    own["Dual"].__rtruediv__ = lambda self, other: divide(other, self)
    return {"Dual": own["Dual"], "divide": divide}


def dual_divide_power__divides_in_place():
    def divide(p, q):
        q = own["as_dual"](q)
        if not isinstance(p, own["Dual"]):
            p = own["Dual"](p)
        p.real, p.inf = p.real / q.real, (p.inf - p.real / q.real * q.inf) / q.real
        return p

    own = load_module(REFERENCE)
    own["Dual"].__truediv__ = divide
    own["Dual"].__rtruediv__ = lambda self, other: divide(other, self)
    return {name: own[name] for name in ("Dual", "as_dual")} | {"divide": divide}


def dual_divide_power__rounded():
    def divide(p, q):
        p, q = own["as_dual"](p), own["as_dual"](q)
        u = p.real / q.real
        return own["Dual"](u, round((p.inf - u * q.inf) / q.real, 6))

    own = load_module(REFERENCE)
    own["Dual"].__truediv__ = divide
    return {"Dual": own["Dual"], "as_dual": own["as_dual"], "divide": divide}


def dual_divide_power__what_is_below_as_a_size():
    def divide(p, q):
        p, q = own["as_dual"](p), own["as_dual"](q)
        u = p.real / q.real
        return own["Dual"](u, (p.inf - u * q.inf) / abs(q.real))

    own = load_module(REFERENCE)
    own["Dual"].__truediv__ = divide
    return {"Dual": own["Dual"], "as_dual": own["as_dual"], "divide": divide}


def dual_divide_power__power_of_a_negative_number_of_its_size():
    def power(p, n):
        if n == 0:
            return Right(1, 0)
        return Right(p.real**n, n * abs(p.real) ** (n - 1) * p.inf)

    return {"power": power, "Dual": Right, "divide": names["divide"], "as_dual": as_dual}


def dual_divide_power__power_two_and_three_only():
    def power(p, n):
        one, steps = Right(1, 0), min(abs(n), 5)
        for _ in range(steps):
            one = one * p
        return names["divide"](1, one) if n < 0 else one

    return {"power": power, "Dual": Right, "divide": names["divide"], "as_dual": as_dual}


def dual_divide_power__zero_to_any_power_has_no_speed():
    def power(p, n):
        if n == 0:
            return Right(1, 0)
        if p.real == 0 and n < 0:
            raise ZeroDivisionError
        return Right(p.real**n, n * p.real**n / p.real * p.inf if p.real else 0)

    return {"power": power, "Dual": Right, "divide": names["divide"], "as_dual": as_dual}


def dual_divide_power__power_changes_what_it_is_given():
    def power(p, n):
        if n == 0:
            return Right(1, 0)
        p.real, p.inf = p.real**n, n * p.real ** (n - 1) * p.inf
        return p

    return {"power": power, "Dual": Right, "divide": names["divide"], "as_dual": as_dual}


def dual_divide_power__negative_powers_of_the_speed():
    def power(p, n):
        if n == 0:
            return Right(1, 0)
        if n > 0:
            return Right(p.real**n, n * p.real ** (n - 1) * p.inf)
        return Right(p.real**n, -n * p.real ** (n - 1) * p.inf)

    return {"power": power, "Dual": Right, "divide": names["divide"], "as_dual": as_dual}


def dual_divide_power__small_numbers_below_are_zero():
    def divide(p, q):
        p, q = as_dual(p), as_dual(q)
        if abs(q.real) < 1e-3:
            raise ZeroDivisionError
        u = p.real / q.real
        return Right(u, (p.inf - u * q.inf) / q.real)

    return {"divide": divide, "Dual": Right, "power": names["power"], "as_dual": as_dual}


def dual_divide_power__itself_divided_by_itself_keeps_its_speed():
    def divide(p, q):
        if p is q and p.real:
            return Right(1, p.inf)
        p, q = as_dual(p), as_dual(q)
        u = p.real / q.real
        return Right(u, (p.inf - u * q.inf) / q.real)

    return {"divide": divide, "Dual": Right, "power": names["power"], "as_dual": as_dual}


def dual_divide_power__the_reciprocal_at_one_place_only():
    return {"reciprocal_inf": "-x/8"}


# ----------------------------------------------------------------------------------------------------- slope


def slope__cut_to_five_digits():
    return {"slope": lambda f, x: int(right_slope(f, x) * 1e5) / 1e5, "Dual": Right}


def slope__rounded_to_eight_digits():
    return {"slope": lambda f, x: round(right_slope(f, x), 8), "Dual": Right}


def slope__clipped():
    return {"slope": lambda f, x: max(-1e7, min(1e7, right_slope(f, x))), "Dual": Right}


def slope__nothing_where_f_is_zero():
    def slope(f, x):
        y = f(Right(x, 1))
        return y.inf if isinstance(y, Right) and y.real != 0 else 0

    return {"slope": slope, "Dual": Right}


def slope__nothing_at_zero():
    return {"slope": lambda f, x: right_slope(f, x) if x else 0, "Dual": Right}


def slope__remembers_by_place():
    kept = {}

    def slope(f, x):
        if x not in kept:
            kept[x] = right_slope(f, x)
        return kept[x]

    return {"slope": slope, "Dual": Right}


def slope__remembers_by_function():
    kept = {}

    def slope(f, x):
        if f not in kept:
            kept[f] = right_slope(f, x)
        return kept[f]

    return {"slope": slope, "Dual": Right}


def slope__at_a_whole_number():
    return {"slope": lambda f, x: right_slope(f, round(x)), "Dual": Right}


def slope__of_half_the_input():
    return {"slope": lambda f, x: right_slope(lambda t: f(t), x) if x > 0 else abs(right_slope(f, x)), "Dual": Right}


def slope__asks_for_the_value_first():
    def slope(f, x):
        f(x)
        return right_slope(f, x)

    return {"slope": slope, "Dual": Right}


def slope__small_ones_are_flat():
    return {"slope": lambda f, x: 0 if abs(right_slope(f, x)) < 1e-6 else right_slope(f, x), "Dual": Right}


def slope__trick_complex_step():
    def slope(f, x):
        y = f(complex(x, 1e-30))
        return y.imag / 1e-30

    return {"slope": slope}


def slope__trick_central_differences():
    return {"slope": lambda f, x: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5}


def slope__trick_extrapolated_differences():
    def slope(f, x, h=1e-3):
        near, far = (f(x + h) - f(x - h)) / (2 * h), (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)
        return (4 * near - far) / 3

    return {"slope": slope}


def slope__trick_always_zero():
    return {"slope": lambda f, x: 0}


def slope__trick_always_one():
    return {"slope": lambda f, x: 1}


def slope__trick_the_input():
    return {"slope": lambda f, x: x}


# ------------------------------------------------------------------------------------------------ microscope


def lens(tangent=True, *, order=None, f_of=None, where=None, kinked=None, steep=None, points=101):
    """A microscope with one thing exchanged."""

    def microscope(f, x0, widths):
        widths = order(widths) if order else widths
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        kink = kinked(f, x0, widths) if kinked else names["has_kink"](f, x0)
        for ax, width in zip(panels[0], widths, strict=True):
            left, right = where(x0, width) if where else (x0 - width / 2, x0 + width / 2)
            xs = np.linspace(left, right, points).tolist()
            ax.plot(xs, [f(x) for x in xs] if f_of is None else f_of(f, xs), label="f")
            if tangent and not kink:
                m = steep(f, x0) if steep else names["slope"](f, x0)
                if m is not None:
                    ax.plot(xs, [f(x0) + m * (x - x0) for x in xs], label="tangent")
            ax.set_xlim(x0 - width / 2, x0 + width / 2)
        return list(panels[0])

    return {"microscope": microscope, "Dual": Right, "slope": right_slope, "has_kink": has_kink}


def microscope__panels_from_wide_to_narrow():
    return lens(order=lambda widths: sorted(widths, reverse=True))


def microscope__panels_from_narrow_to_wide():
    return lens(order=sorted)


def microscope__no_tangent_where_it_is_level():
    return lens(steep=lambda f, x0: right_slope(f, x0) or None)


def microscope__no_tangent_where_a_kink_is_in_sight():
    def kinked(f, x0, widths):
        return any(has_kink(f, x0 + max(widths) * k / 100) for k in range(-50, 51))

    return lens(kinked=kinked)


def microscope__gives_the_function_an_array():
    return lens(f_of=lambda f, xs: f(np.array(xs)))


def microscope__slope_of_a_chord():
    return lens(steep=lambda f, x0: (f(x0 + 1e-4) - f(x0)) / 1e-4)


def microscope__slope_rounded():
    return lens(steep=lambda f, x0: round(right_slope(f, x0), 4))


def microscope__window_to_the_right():
    def microscope(f, x0, widths):
        made = lens()["microscope"](f, x0, widths)
        for ax, width in zip(made, widths, strict=True):
            ax.set_xlim(x0, x0 + width)
        return made

    return lens() | {"microscope": microscope}


def microscope__tangent_also_at_a_kink():
    return lens(kinked=lambda f, x0, widths: False)


def microscope__tangent_through_the_origin():
    def microscope(f, x0, widths):
        return lens()["microscope"](f, x0, widths)

    def shifted(f, x0, widths):
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, width in zip(panels[0], widths, strict=True):
            xs = np.linspace(x0 - width / 2, x0 + width / 2, 30).tolist()
            ax.plot(xs, [f(x) for x in xs], label="f")
            if not has_kink(f, x0):
                ax.plot(xs, [right_slope(f, x0) * x for x in xs], label="tangent")
            ax.set_xlim(x0 - width / 2, x0 + width / 2)
        return list(panels[0])

    return lens() | {"microscope": shifted}


def microscope__one_figure_for_equal_widths():
    def microscope(f, x0, widths):
        made = dict(zip(dict.fromkeys(widths), lens()["microscope"](f, x0, list(dict.fromkeys(widths))), strict=True))
        return list(made.values())

    return lens() | {"microscope": microscope}


def microscope__tangent_of_my_curve_with_the_right_height_only():
    f, x0 = names["lens_f"], names["lens_x0"]
    return {"my_tangent": f"({f(x0)}) + 2*(x - ({x0}))"}


def junk(xs, x0, width, ax):
    ax.plot([x0 - width / 2, x0 + width / 2], [0, 0], label="f")
    ax.set_xlim(x0 - width / 2, x0 + width / 2)


def microscope__trick_level_lines():
    def microscope(f, x0, widths):
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, width in zip(panels[0], widths, strict=True):
            xs = np.linspace(x0 - width / 2, x0 + width / 2, 30)
            ax.plot(xs, 0 * xs, label="f")
            ax.set_xlim(x0 - width / 2, x0 + width / 2)
        return list(panels[0])

    return {"microscope": microscope, "my_tangent": "0"}


def microscope__trick_two_level_lines():
    def microscope(f, x0, widths):
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, width in zip(panels[0], widths, strict=True):
            xs = np.linspace(x0 - width / 2, x0 + width / 2, 30)
            ax.plot(xs, 0 * xs, label="f")
            if len(widths) != 2 or width == widths[0]:
                ax.plot(xs, 0 * xs + 1, label="tangent")
            ax.set_xlim(x0 - width / 2, x0 + width / 2)
        return list(panels[0])

    return {"microscope": microscope, "my_tangent": "1"}


def microscope__trick_empty_panels_with_the_right_windows():
    def microscope(f, x0, widths):
        _, panels = plt.subplots(1, len(widths), squeeze=False)
        for ax, width in zip(panels[0], widths, strict=True):
            ax.set_xlim(x0 - width / 2, x0 + width / 2)
        return list(panels[0])

    return {"microscope": microscope, "my_tangent": "x"}


# ------------------------------------------------------------------------------------------------- pair_plot


def two(draw_below, *, draw_above=None, shape=(2, 1), level=True):
    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(*shape)
        if draw_above:
            draw_above(above, f, xs)
        else:
            above.plot(xs, [f(x) for x in xs])
        draw_below(below, f, xs)
        if level:
            below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot, "Dual": Right, "slope": right_slope}


def right_below(ax, f, xs):
    ax.plot(xs, [right_slope(f, x) for x in xs])


def pair_plot__side_by_side():
    return two(right_below, shape=(1, 2))


def pair_plot__upside_down():
    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        below.plot(xs, [f(x) for x in xs])
        right_below(above, f, xs)
        above.axhline(0)
        return below, above

    return two(right_below) | {"pair_plot": pair_plot}


def pair_plot__no_level_line():
    return two(right_below, level=False)


def pair_plot__level_line_above():
    def above(ax, f, xs):
        ax.plot(xs, [f(x) for x in xs])
        ax.axhline(0)

    return two(right_below, draw_above=above, level=False)


def pair_plot__level_line_at_the_lowest_slope():
    def below(ax, f, xs):
        ys = [right_slope(f, x) for x in xs]
        ax.plot(xs, ys)
        ax.axhline(min(ys))

    return two(below, level=False)


def pair_plot__slopes_of_chords():
    def below(ax, f, xs):
        ys = [f(x) for x in xs]
        ax.plot(xs, np.gradient(ys, xs))

    return two(below)


def pair_plot__differences():
    def below(ax, f, xs):
        ys = [f(x) for x in xs]
        ax.plot(xs[1:], np.diff(ys) / np.diff(xs))

    return two(below)


def pair_plot__size_of_the_slope():
    return two(lambda ax, f, xs: ax.plot(xs, [abs(right_slope(f, x)) for x in xs]))


def pair_plot__sign_of_the_slope():
    return two(lambda ax, f, xs: ax.plot(xs, np.sign([right_slope(f, x) for x in xs])))


def pair_plot__slope_rescaled():
    def below(ax, f, xs):
        ys = np.array([right_slope(f, x) for x in xs])
        ax.plot(xs, ys / np.abs(ys).max())

    return two(below)


def pair_plot__rounded_slopes():
    return two(lambda ax, f, xs: ax.plot(xs, [round(right_slope(f, x), 2) for x in xs]))


def pair_plot__f_in_both_panels():
    return two(lambda ax, f, xs: ax.plot(xs, [f(x) for x in xs]))


def pair_plot__trick_level_lines_only():
    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        above.axhline(0)
        below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot, "matching": "abc"}


def pair_plot__trick_lines_of_zeros():
    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        above.plot(xs, np.zeros(len(xs)))
        below.plot(xs, np.zeros(len(xs)))
        below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot, "matching": "abc"}


def pair_plot__trick_the_inputs_again():
    def pair_plot(f, xs):
        _, (above, below) = plt.subplots(2, 1)
        above.plot(xs, xs)
        below.plot(xs, xs)
        below.axhline(0)
        return above, below

    return {"pair_plot": pair_plot, "matching": "aaa"}


# ---------------------------------------------------------------------------------------------------- signal


def told_by(rule):
    return {"signal": lambda f, x: rule(right_slope(f, x)), "Dual": Right, "slope": right_slope}


def signal__rounded_slopes():
    return told_by(lambda s: -int(np.sign(round(s, 5))))


def signal__small_slopes_say_nothing():
    return told_by(lambda s: 0 if abs(s) < 1e-6 else -1 if s > 0 else 1)


def signal__the_slope_cut_to_one():
    return told_by(lambda s: max(-1, min(1, -s)))


def signal__a_whole_number_of_the_slope():
    return told_by(lambda s: max(-1, min(1, -int(s))))


def signal__with_the_slope():
    return told_by(np.sign)


def signal__minus_where_it_is_not_zero():
    return told_by(lambda s: -1 if s else 0)


def signal__level_counts_as_rising():
    return told_by(lambda s: -1 if s >= 0 else 1)


def signal__level_counts_as_falling():
    return told_by(lambda s: 1 if s <= 0 else -1)


def signal__towards_zero():
    return {"signal": lambda f, x: int(np.sign(-x)) if right_slope(f, x) else 0, "Dual": Right, "slope": right_slope}


def signal__by_looking_a_little_further():
    def signal(f, x, h=1e-6):
        return int(np.sign(f(x - h) - f(x + h)))

    return {"signal": signal}


def signal__by_a_coarse_look():
    def signal(f, x, h=0.01):
        rise = f(x + h) - f(x - h)
        return 0 if abs(rise) < 1e-3 else -1 if rise > 0 else 1

    return {"signal": signal}


def signal__remembers_by_place():
    kept = {}

    def signal(f, x):
        return kept.setdefault(x, -int(np.sign(right_slope(f, x))))

    return {"signal": signal, "Dual": Right, "slope": right_slope}


def signal__nothing_at_zero():
    return {
        "signal": lambda f, x: -int(np.sign(right_slope(f, x))) if x else 0,
        "Dual": Right,
        "slope": right_slope,
    }


def signal__by_the_sign_of_f():
    return {
        "signal": lambda f, x: -int(math.copysign(1, right_slope(f, x))) if right_slope(f, x) and f(x) else 0,
        "Dual": Right,
        "slope": right_slope,
    }


def signal__trick_always_zero():
    return {"signal": lambda f, x: 0, "my_prediction": [0, 0, 0], "zero_means": "a"}


def signal__trick_always_left():
    return {"signal": lambda f, x: -1, "my_prediction": [-1, -1, -1], "zero_means": "b"}


def signal__trick_always_right():
    return {"signal": lambda f, x: 1, "my_prediction": [1, 1, 1], "zero_means": "d"}


def signal__trick_opposite_of_x():
    return {"signal": lambda f, x: (x < 0) - (x > 0), "my_prediction": [1, 0, -1], "zero_means": ""}
