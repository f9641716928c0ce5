"""The reference answers of `u1_derivative_intuition`, with the variants of the student called "reference"."""

import matplotlib.pyplot as plt
import numpy as np
from kit import formula, variant

from grader.testing import choices

# ------------------------------------------------------------------------------------------------ 1 average_rate

CUBICS = choices(__file__)["CUBICS"]
mine = variant("average_rate", CUBICS, student="reference")
my_f = formula(mine["f"])


def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run, no rate: a and b are the same")
    rise = f(b) - f(a)
    run = b - a
    return rise / run


my_rate = average_rate(my_f, mine["a"], mine["b"])
rate_of_square = "2*a + h"
rate_of_mine = f"3*a**2 + 3*a*h + h**2 + ({mine['c']})"

# --------------------------------------------------------------------------------------------- 2 dual_plus_minus


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

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        return self + -as_dual(other)

    def __rsub__(self, other):
        return as_dual(other) - self


# -------------------------------------------------------------------------------------------------- 3 dual_times


def times(p, q):
    q = as_dual(q)
    # (a + b*eps)*(c + d*eps) = a*c + (a*d + b*c)*eps
    return Dual(p.real * q.real, p.real * q.inf + p.inf * q.real)


Dual.__mul__ = Dual.__rmul__ = times


product_real = "a*c"
product_inf = "a*d + b*c"

# ------------------------------------------------------------------------------------------- 4 dual_divide_power


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    v = (p.inf - u * q.inf) / q.real  # so that (u + v*eps)*q = p
    return Dual(u, v)


def power(p, n):
    if n == 0:
        return Dual(1, 0)
    return Dual(p.real**n, n * p.real ** (n - 1) * p.inf)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

reciprocal_inf = "-1/x**2"

# ------------------------------------------------------------------------------------------------ 5 dual_compare


def smaller(p, q):
    return p.real < as_dual(q).real


def equal(p, q):
    return p.real == as_dual(q).real


def size(p):
    return -p if p.real < 0 else p


Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# ------------------------------------------------------------------------------------------------------- 6 slope


def slope(f, x):
    y = f(Dual(x, 1))
    return y.inf if isinstance(y, Dual) else 0


# -------------------------------------------------------------------------------------------------- 7 microscope


def has_kink(f, x0, h=1e-6):
    """True if the slopes a hair to the left and a hair to the right of x0 disagree."""
    return abs(slope(f, x0 - h) - slope(f, x0 + h)) > 0.001


CURVES = choices(__file__)["CURVES"]
under_lens = variant("microscope", CURVES, student="reference")
lens_f, lens_x0 = formula(under_lens["f"]), under_lens["x0"]


def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), figsize=(3.4 * len(widths), 3), squeeze=False, layout="constrained")
    kink = has_kink(f, x0)
    for ax, width in zip(panels[0], widths, strict=True):
        left, right = x0 - width / 2, x0 + width / 2
        xs = np.linspace(left, right, 101).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not kink:
            y0, steepness = f(x0), slope(f, x0)
            ax.plot(xs, [y0 + steepness * (x - x0) for x in xs], "--", label="tangent")
        ax.set_xlim(left, right)
        ax.set_title(f"width {width:g}")
        ax.legend()
    return list(panels[0])


my_tangent = f"({lens_f(lens_x0)}) + ({slope(lens_f, lens_x0)})*(x - ({lens_x0}))"

# --------------------------------------------------------------------------------------------------- 8 pair_plot

TRIPLES = choices(__file__)["TRIPLES"]
puzzle = variant("pair_plot", TRIPLES, student="reference")


def pair_plot(f, xs):
    _, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(6, 4.5), layout="constrained")
    above.plot(xs, [f(x) for x in xs])
    above.set_ylabel("f")
    below.plot(xs, [slope(f, x) for x in xs])
    below.axhline(0, color="gray")
    below.set_ylabel("slope of f")
    return above, below


matching = "".join("abc"[sorted(puzzle, key=lambda text: slope(formula(text), -3)).index(text)] for text in puzzle)

# ------------------------------------------------------------------------------------------------------ 9 signal

WALKS = choices(__file__)["WALKS"]
walk = variant("signal", WALKS, student="reference")
walk_f = formula(walk["f"])


def signal(f, x):
    steepness = slope(f, x)
    if steepness > 0:
        return -1
    if steepness < 0:
        return 1
    return 0


my_prediction = [(slope(walk_f, x) < 0) - (slope(walk_f, x) > 0) for x in walk["at"]]
zero_means = "c"
