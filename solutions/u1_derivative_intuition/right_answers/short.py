"""As short as it gets: recursion, numpy, getattr, dots instead of lines."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from kit import formula, variant

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))

CUBICS = LISTS["CUBICS"]
mine = variant("average_rate", CUBICS)
my_f = formula(mine["f"])


def average_rate(f, a, b):
    if not b - a:
        raise ValueError
    return np.subtract(f(b), f(a)) / np.subtract(b, a)


my_rate = average_rate(my_f, mine["a"], mine["b"])
rate_of_square = "h + a + a"
rate_of_mine = f"3*a*(a + h) + h**2 - ({-mine['c']})"

product_real = "c*a"
product_inf = "b*c + d*a"


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
        return Dual(self.real + as_dual(other).real, self.inf + as_dual(other).inf)

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        return Dual(0 - self.real, 0 - self.inf)

    def __sub__(self, other):
        return self + -as_dual(other)

    def __rsub__(self, other):
        return -self + other


def times(p, q):
    a, b, c, d = p.real, p.inf, as_dual(q).real, as_dual(q).inf
    return Dual(a * c, a * d + b * c)


Dual.__mul__ = Dual.__rmul__ = times


def smaller(p, q):
    return as_dual(q).real - p.real > 0


def equal(p, q):
    return not p.real - as_dual(q).real


def size(p):
    return p * (-1 if p < 0 else 1)


Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

reciprocal_inf = "-x^-2"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    one_over_q = Dual(1 / q.real, -q.inf / q.real**2)
    return p * one_over_q


def power(p, n):
    if n < 0:
        return divide(1, power(p, -n))
    return p * power(p, n - 1) if n else Dual(1)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


def slope(f, x):
    return getattr(f(Dual(x, 1)), "inf", 0)


def has_kink(f, x0, h=1e-6):
    """True if the slopes a hair to the left and a hair to the right of x0 disagree."""
    return abs(slope(f, x0 - h) - slope(f, x0 + h)) > 0.001


CURVES = LISTS["CURVES"]
under_lens = variant("microscope", CURVES)
lens_f, lens_x0 = formula(under_lens["f"]), under_lens["x0"]


def microscope(f, x0, widths):
    fig = plt.figure()
    axes = [fig.add_subplot(len(widths), 1, row + 1) for row in range(len(widths))]
    for ax, w in zip(axes, widths, strict=True):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 200)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, f(x0) + slope(f, x0) * (xs - x0), label="tangent")
        ax.axvline(x0, color="gray")
        ax.margins(x=0)
    return axes


my_tangent = f"{slope(lens_f, lens_x0)}(x - ({lens_x0})) + ({lens_f(lens_x0)})"

TRIPLES = LISTS["TRIPLES"]
puzzle = variant("pair_plot", TRIPLES)

matching = "".join(
    "abc"[
        sorted(formula(curve)(-2.99) - formula(curve)(-3) for curve in puzzle).index(
            formula(text)(-2.99) - formula(text)(-3)
        )
    ]
    for text in puzzle
)


def pair_plot(f, xs):
    fig = plt.figure()
    upper, lower = fig.subplots(2, 1)
    upper.scatter(xs, [f(float(x)) for x in xs])
    lower.scatter(xs, [slope(f, float(x)) for x in xs])
    lower.axhline()
    return upper, lower


WALKS = LISTS["WALKS"]
walk = variant("signal", WALKS)
walk_f = formula(walk["f"])

my_prediction = [int(-np.sign(slope(walk_f, x))) for x in walk["at"]]


def signal(f, x):
    return -np.sign(slope(f, x))


zero_means = "c"
