"""Every case by itself, with ifs and loops; for numbers of the student in JUPYTERHUB_USER."""

from pathlib import Path

import matplotlib.pyplot as plt
from kit import formula, variant

from grader.testing import choices

LISTS = choices(str(Path(__file__).parents[1] / "reference.py"))

CUBICS = LISTS["CUBICS"]
mine = variant("average_rate", CUBICS)
my_f = formula(mine["f"])


def average_rate(f, a, b):
    if a == b:
        raise ValueError("a and b are equal")
    return (f(b) - f(a)) / (b - a)


my_rate = (my_f(mine["b"]) - my_f(mine["a"])) / (mine["b"] - mine["a"])
rate_of_square = "2a + h"
rate_of_mine = "3a^2 + 3a*h + h^2 + " + f"({mine['c']})"

product_real = "a c"
product_inf = "a d + b c"


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
        if isinstance(other, Dual):
            return Dual(self.real + other.real, self.inf + other.inf)
        return Dual(self.real + other, self.inf)

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        if isinstance(other, Dual):
            return Dual(self.real - other.real, self.inf - other.inf)
        return Dual(self.real - other, self.inf)

    def __rsub__(self, other):
        return Dual(other - self.real, -self.inf)


def times(p, q):
    if isinstance(q, Dual):
        return Dual(p.real * q.real, p.real * q.inf + p.inf * q.real)
    return Dual(p.real * q, p.inf * q)


Dual.__mul__ = Dual.__rmul__ = times


def smaller(p, q):
    if isinstance(q, Dual):
        return p.real < q.real
    return p.real < q


def equal(p, q):
    if isinstance(q, Dual):
        return p.real == q.real
    return p.real == q


def size(p):
    if p.real >= 0:
        return Dual(p.real, p.inf)
    return Dual(-p.real, -p.inf)


Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

reciprocal_inf = "-1/x^2"


def divide(p, q):
    a, b = (p.real, p.inf) if isinstance(p, Dual) else (p, 0)
    c, d = (q.real, q.inf) if isinstance(q, Dual) else (q, 0)
    if c == 0:
        raise ZeroDivisionError("the real part of the divisor is 0")
    return Dual(a / c, (b * c - a * d) / (c * c))


def power(p, n):
    result = Dual(1, 0)
    for _ in range(abs(n)):
        result = result * p
    return result if n >= 0 else divide(1, result)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


def slope(f, x):
    y = f(Dual(x, 1))
    if isinstance(y, Dual):
        return y.inf
    return 0.0


def has_kink(f, x0, h=1e-6):
    """True if the slopes a hair to the left and a hair to the right of x0 disagree."""
    return abs(slope(f, x0 - h) - slope(f, x0 + h)) > 0.001


CURVES = LISTS["CURVES"]
under_lens = variant("microscope", CURVES)
lens_f, lens_x0 = formula(under_lens["f"]), under_lens["x0"]


def microscope(f, x0, widths):
    result = []
    for w in widths:
        _, ax = plt.subplots()
        xs = [x0 - w / 2 + w * i / 50 for i in range(51)]
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ends = [x0 - w / 2, x0 + w / 2]
            ax.plot(ends, [f(x0) + slope(f, x0) * (x - x0) for x in ends], label="tangent")
        ax.plot([x0], [f(x0)], "o")
        result.append(ax)
    return result


my_tangent = f"{slope(lens_f, lens_x0)}*x + ({lens_f(lens_x0) - slope(lens_f, lens_x0) * lens_x0})"

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
    _, axes = plt.subplots(2)
    axes[0].plot(xs, [f(x) for x in xs])
    axes[1].plot(xs, [slope(f, x) for x in xs])
    axes[1].plot(xs, [0 for _ in xs])
    return axes[0], axes[1]


WALKS = LISTS["WALKS"]
walk = variant("signal", WALKS)
walk_f = formula(walk["f"])

my_prediction = [-1 if slope(walk_f, x) > 0 else 1 if slope(walk_f, x) < 0 else 0 for x in walk["at"]]


def signal(f, x):
    s = slope(f, x)
    if s == 0:
        return 0
    return -1 if s > 0 else 1


zero_means = "c"
