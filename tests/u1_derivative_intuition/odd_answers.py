"""Right answers of `u1_derivative_intuition` in styles that nobody would expect: each must keep all points of its task.

The part of a name before the double underscore is the task. They were written from the notebook's text alone.
"""

import functools
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module

REFERENCE = Path(__file__).parents[2] / "solutions" / "u1_derivative_intuition" / "reference.py"


def own_names(*wanted, **changed):
    """A fresh reference, from which some names are handed in beside those that are changed."""
    fresh = load_module(REFERENCE)
    return {name: fresh[name] for name in wanted} | changed


# ---------------------------------------------------------------------------------------------- average_rate


def average_rate__with_numpy_differences():
    def average_rate(f, a, b):
        if not b - a:
            raise ValueError
        return np.diff([f(a), f(b)])[0] / np.diff([a, b])[0]

    return {"average_rate": average_rate}


def average_rate__its_own_kind_of_value_error():
    class NoRun(ValueError):
        pass

    def average_rate(f, a, b):
        try:
            return -(f(a) - f(b)) / (b - a)
        except ZeroDivisionError:
            raise NoRun(f"{a} and {b} are the same") from None

    return {"average_rate": average_rate}


def average_rate__from_left_to_right():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("no run")
        left, right = sorted((a, b))
        return (f(right) - f(left)) * (1 / (right - left))

    return {"average_rate": average_rate}


def average_rate__factored_by_hand():
    c = load_module(REFERENCE)["mine"]["c"]
    return {"rate_of_square": "a + (a + h)", "rate_of_mine": f"(a+h)^2 + a(a+h) + a² + {c}"}


def average_rate__with_decimals_and_a_number_of_numpy():
    names = load_module(REFERENCE)
    return {"rate_of_square": " 2(a + 0.5h) ", "my_rate": np.float64(names["my_rate"])}


def average_rate__as_a_line_through_two_points():
    def average_rate(f, a, b):
        if a == b:
            raise ValueError("a vertical line")
        (steepness, _) = np.linalg.solve([[a, 1.0], [b, 1.0]], [f(a), f(b)])
        return float(steepness)

    return {"average_rate": average_rate}


# ------------------------------------------------------- dual_plus_minus, dual_times, dual_compare


def class_of(**methods):
    """The reference with another class Dual."""

    class Dual:
        def __init__(self, real, inf=0):
            self.real, self.inf = real, inf

        def __gt__(self, other):
            return as_dual(other) < self

        def __le__(self, other):
            return self < other or self == other

        def __ge__(self, other):
            return self > other or self == other

    def as_dual(x):
        return x if isinstance(x, Dual) else Dual(x, 0)

    for name, method in methods.items():
        setattr(Dual, name, method)
    Dual.__radd__, Dual.__rmul__ = Dual.__add__, Dual.__mul__
    return {"Dual": Dual, "as_dual": as_dual}


def dual_times__as_matrices():
    def matrix(x):
        return np.array([[x.real, x.inf], [0, x.real]]) if hasattr(x, "inf") else x * np.eye(2)

    def of(m):
        return own["Dual"](m[0, 0], m[0, 1])

    own = class_of(
        __add__=lambda self, other: of(matrix(self) + matrix(other)),
        __neg__=lambda self: of(-matrix(self)),
        __sub__=lambda self, other: of(matrix(self) - matrix(other)),
        __rsub__=lambda self, other: of(matrix(other) - matrix(self)),
        __mul__=lambda self, other: of(matrix(self) @ matrix(other)),
        __abs__=lambda self: of(matrix(self) * (1 - 2 * (self.real < 0))),
        __eq__=lambda self, other: (matrix(self) == matrix(other))[0, 0],
        __lt__=lambda self, other: (matrix(self) < matrix(other))[0, 0],
    )
    return own


def dual_plus_minus__everything_from_add_and_times():
    def __add__(self, other):
        other = own["as_dual"](other)
        return type(self)(self.real + other.real, self.inf + other.inf)

    def __mul__(self, other):
        other = own["as_dual"](other)
        return type(self)(self.real * other.real, sum([self.real * other.inf, self.inf * other.real]))

    own = class_of(
        __add__=__add__,
        __mul__=__mul__,
        __neg__=lambda self: self * -1,
        __sub__=lambda self, other: self + other * -1,
        __rsub__=lambda self, other: -1 * self + other,
        __abs__=lambda self: self * (-1 if self.real < 0 else 1),
        __eq__=lambda self, other: not (self.real < getattr(other, "real", other) or self.real > other.real),
        __lt__=lambda self, other: (self - other).real < 0,
    )
    return own


def dual_compare__a_total_ordering_and_slots():
    @functools.total_ordering
    class Dual:
        __slots__ = ("inf", "real")

        def __init__(self, real, inf=0):
            self.real, self.inf = real, inf

        def __add__(self, o):
            match o:
                case Dual():
                    return Dual(self.real + o.real, self.inf + o.inf)
                case _:
                    return Dual(self.real + o, self.inf)

        def __neg__(self):
            return Dual(0 - self.real, 0 - self.inf)

        def __sub__(self, o):
            return self + (-o)

        def __rsub__(self, o):
            return (-self) + o

        def __mul__(self, o):
            if isinstance(o, (int, float)):
                return Dual(o * self.real, o * self.inf)
            return Dual(self.real * o.real, self.inf * o.real + o.inf * self.real)

        def __abs__(self):
            return -self if self < 0 else Dual(self.real, self.inf)

        def __eq__(self, o):
            return self.real == (o.real if isinstance(o, Dual) else o)

        def __lt__(self, o):
            return self.real < (o.real if isinstance(o, Dual) else o)

        __radd__, __rmul__ = __add__, __mul__

    return {"Dual": Dual}


def dual_plus_minus__floats_always():
    class Dual:
        def __init__(self, real, inf=0):
            self.real, self.inf = float(real), float(inf)

        __add__ = lambda p, q: Dual(p.real + D(q).real, p.inf + D(q).inf)
        __mul__ = lambda p, q: Dual(p.real * D(q).real, p.real * D(q).inf + p.inf * D(q).real)
        __neg__ = lambda p: Dual(-p.real, -p.inf)
        __sub__ = lambda p, q: Dual(p.real - D(q).real, p.inf - D(q).inf)
        __rsub__ = lambda p, q: D(q) - p
        __abs__ = lambda p: p if p.real >= 0 else -p
        __eq__ = lambda p, q: p.real == D(q).real
        __lt__ = lambda p, q: p.real < D(q).real
        __gt__ = lambda p, q: p.real > D(q).real
        __le__ = lambda p, q: p.real <= D(q).real
        __ge__ = lambda p, q: p.real >= D(q).real
        __radd__, __rmul__ = __add__, __mul__

    D = lambda x: x if isinstance(x, Dual) else Dual(x)
    return {"Dual": Dual}


def dual_times__typed_with_other_signs():
    return {"product_real": "ca", "product_inf": "(a·d) + (c × b)"}


# ----------------------------------------------------------------------------------------- dual_divide_power


def with_division(divide, power):
    """The reference with these two, which get the class and as_dual."""
    fresh = load_module(REFERENCE)
    Dual, as_dual = fresh["Dual"], fresh["as_dual"]
    made = {"divide": lambda p, q: divide(Dual, as_dual, p, q), "power": lambda p, n: power(Dual, as_dual, p, n)}
    Dual.__truediv__ = made["divide"]
    Dual.__rtruediv__ = lambda self, other: made["divide"](other, self)
    Dual.__pow__ = made["power"]
    return {"Dual": Dual, "as_dual": as_dual} | made


def conjugate(Dual, as_dual, p, q):
    p, q = as_dual(p), as_dual(q)
    product = p * Dual(q.real, -q.inf)
    return Dual(product.real / q.real**2, product.inf / q.real**2)


def by_squaring(Dual, as_dual, p, n):
    if n < 0:
        return 1 / by_squaring(Dual, as_dual, p, -n)
    if n == 0:
        return Dual(1)
    half = by_squaring(Dual, as_dual, p, n // 2)
    return half * half * p if n % 2 else half * half


def by_reciprocal(Dual, as_dual, p, q):
    q = as_dual(q)
    return as_dual(p) * Dual(1 / q.real, -q.inf / q.real / q.real)


def by_reduce(Dual, as_dual, p, n):
    product = functools.reduce(lambda so_far, _: so_far * p, range(abs(n)), Dual(1.0, 0.0))
    return product if n >= 0 else Dual(1, 0) / product


def by_equations(Dual, as_dual, p, q):
    p, q = as_dual(p), as_dual(q)
    if not q.real:
        raise ZeroDivisionError("the real part below is 0")
    u, v = np.linalg.solve([[q.real, 0.0], [q.inf, q.real]], [p.real, p.inf])
    return Dual(float(u), float(v))


def by_formula(Dual, as_dual, p, n):
    return Dual(p.real**n, n * p.real ** (n - 1) * p.inf if n else 0)


def dual_divide_power__conjugate_and_squaring():
    return with_division(conjugate, by_squaring)


def dual_divide_power__reciprocal_and_reduce():
    return with_division(by_reciprocal, by_reduce)


def dual_divide_power__equations_and_formula():
    return with_division(by_equations, by_formula)


def dual_divide_power__plain_numbers_stay_plain():
    def divide(Dual, as_dual, p, q):
        if not isinstance(p, Dual) and not isinstance(q, Dual):
            return p / q
        return conjugate(Dual, as_dual, p, q)

    return with_division(divide, by_squaring)


def dual_divide_power__typed_as_a_negative_power():
    return {"reciprocal_inf": "-x^-2"}


# ----------------------------------------------------------------------------------------------------- slope


def slope__getattr():
    names = own_names("Dual")
    return names | {"slope": lambda f, x: getattr(f(names["Dual"](x, 1)), "inf", 0)}


def slope__twice_as_fast():
    names = own_names("Dual", "as_dual")
    return names | {"slope": lambda f, x: names["as_dual"](f(names["Dual"](x, 2))).inf / 2}


def slope__tries():
    names = own_names("Dual")

    def slope(f, x):
        y = f(names["Dual"](x, 1.0))
        try:
            return float(y.inf)
        except AttributeError:
            return 0.0

    return names | {"slope": slope}


def slope__keyword_and_numpy():
    names = own_names("Dual")
    return names | {"slope": lambda f, x: np.asarray(getattr(f(names["Dual"](real=x, inf=1)), "inf", 0.0))[()]}


def slope__vars():
    names = own_names("Dual")

    def slope(f, x):
        match f(names["Dual"](x, 1)):
            case int() | float():
                return 0
            case y:
                return vars(y)["inf"]

    return names | {"slope": slope}


# ------------------------------------------------------------------------------------------------ microscope


def lens(panels_for, draw, *, kinked=True):
    names = own_names("Dual", "slope", "has_kink")

    def microscope(f, x0, widths):
        made = panels_for(len(widths))
        for ax, width in zip(made, widths, strict=True):
            xs = np.linspace(x0 - width / 2, x0 + width / 2, 41).tolist()
            draw(ax, xs, [f(x) for x in xs], "f")
            if not names["has_kink"](f, x0):
                m = names["slope"](f, x0)
                draw(ax, xs, [f(x0) + m * (x - x0) for x in xs], "tangent")
            ax.set_xlim(xs[0], xs[-1])
        return made

    return names | {"microscope": microscope}


def in_a_row(count):
    return list(plt.subplots(1, count, squeeze=False)[1][0])


def microscope__dots_for_the_curve():
    def draw(ax, xs, ys, label):
        if label == "f":
            ax.scatter(xs, ys, label=label)
        else:
            ax.plot([xs[0], xs[-1]], [ys[0], ys[-1]], label=label)

    return lens(in_a_row, draw)


def microscope__dots_for_both():
    return lens(in_a_row, lambda ax, xs, ys, label: ax.scatter(xs, ys, label=label))


def microscope__a_figure_for_each_panel_from_right_to_left():
    return lens(
        lambda count: tuple(plt.figure().add_subplot() for _ in range(count)),
        lambda ax, xs, ys, label: ax.plot(xs[::-1], ys[::-1], "x-", label=label),
    )


def microscope__an_array_of_axes_one_under_the_other():
    return lens(
        lambda count: np.array(plt.subplots(count, 1, squeeze=False)[1][:, 0]),
        lambda ax, xs, ys, label: ax.plot(np.array(xs), np.array(ys), label=label),
    )


def microscope__with_guides_and_error_bars():
    def draw(ax, xs, ys, label):
        if label == "f":
            ax.errorbar(xs, ys, label=label)
            ax.axvline(xs[20], color="gray")
            ax.axhline(ys[20], color="gray")
            ax.plot([xs[20]], [ys[20]], "o")
        else:
            ax.plot(xs, ys, label=label)

    return lens(in_a_row, draw)


def microscope__spaces_and_capitals_in_the_labels():
    return lens(in_a_row, lambda ax, xs, ys, label: ax.plot(xs, ys, label=f" {label.capitalize()} "))


def microscope__typed_expanded():
    names = load_module(REFERENCE)
    f, x0 = names["lens_f"], names["lens_x0"]
    m = names["slope"](f, x0)
    return {"my_tangent": f"{m}x + {f(x0) - m * x0}".replace("+ -", "- ")}


# ------------------------------------------------------------------------------------------------- pair_plot


def two(axes, draw, level):
    names = own_names("Dual", "slope")

    def pair_plot(f, xs):
        above, below = axes()
        draw(above, xs, [f(x) for x in xs])
        draw(below, xs, [names["slope"](f, x) for x in xs])
        level(below, xs)
        return [above, below]

    return names | {"pair_plot": pair_plot}


def stacked():
    return plt.subplots(2)[1]


def line(ax, xs, ys):
    ax.plot(xs, ys)


def pair_plot__level_by_hlines():
    return two(stacked, line, lambda ax, xs: ax.hlines(0, xs[0], xs[-1], colors="gray"))


def pair_plot__level_by_plot():
    return two(stacked, line, lambda ax, xs: ax.plot([xs[0], xs[-1]], [0, 0], "k:"))


def pair_plot__level_by_zeros():
    return two(stacked, line, lambda ax, xs: ax.plot(xs, np.zeros(len(xs))))


def pair_plot__dots():
    return two(stacked, lambda ax, xs, ys: ax.scatter(xs, ys), lambda ax, xs: ax.axhline(0, ls="--"))


def pair_plot__a_mosaic():
    def axes():
        made = plt.figure().subplot_mosaic("f;s")
        return made["f"], made["s"]

    return two(axes, lambda ax, xs, ys: ax.plot(np.array(xs), ys, "o-"), lambda ax, xs: ax.axhline(y=0))


def pair_plot__placed_by_hand():
    def axes():
        figure = plt.figure()
        return figure.add_axes([0.1, 0.6, 0.8, 0.35]), figure.add_axes([0.1, 0.1, 0.8, 0.35])

    return two(axes, lambda ax, xs, ys: ax.errorbar(xs, ys), lambda ax, xs: ax.axhline())


def pair_plot__letters_in_a_list():
    return {"matching": list(load_module(REFERENCE)["matching"].upper())}


# ---------------------------------------------------------------------------------------------------- signal


def says(rule):
    names = own_names("Dual", "slope")
    return names | {"signal": lambda f, x: rule(names["slope"](f, x))}


def signal__numpy():
    return says(lambda s: -np.sign(s))


def signal__comparisons():
    return says(lambda s: (s < 0) - (s > 0))


def signal__divided_by_its_size():
    return says(lambda s: -s / abs(s) if s else 0)


def signal__a_table():
    return says(lambda s: {(True, False): 1, (False, True): -1, (False, False): 0}[s < 0, s > 0])


def signal__tuple_and_capital():
    names = load_module(REFERENCE)
    return {"my_prediction": tuple(map(float, names["my_prediction"])), "zero_means": " C "}
