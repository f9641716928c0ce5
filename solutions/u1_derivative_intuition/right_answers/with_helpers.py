"""With helper functions, mirror images, repeated squaring, lists and tuples."""

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
    try:
        return float(f(b) - f(a)) / float(b - a)
    except ZeroDivisionError:
        raise ValueError("no run") from None


my_rate = (my_f(mine["b"]) - my_f(mine["a"])) / (mine["b"] - mine["a"])
rate_of_square = "a + (a + h)"
rate_of_mine = f"a^2 + a(a + h) + (a + h)^2 + ({mine['c']})"

product_real = "a*c"
product_inf = "a*d + c*b"


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
        return self.combine(other, lambda a, b, c, d: (a + c, b + d))

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        return self.combine(0, lambda a, b, c, d: (c - a, d - b))

    def __sub__(self, other):
        return self.combine(other, lambda a, b, c, d: (a - c, b - d))

    def __rsub__(self, other):
        return self.combine(other, lambda a, b, c, d: (c - a, d - b))

    def combine(self, other, rule):
        """A Dual with the two parts that the rule makes of the four."""
        other = as_dual(other)
        return Dual(*rule(self.real, self.inf, other.real, other.inf))


def times(p, q):
    return p.combine(q, lambda a, b, c, d: (a * c, a * d + b * c))


Dual.__mul__ = Dual.__rmul__ = times


def smaller(p, q):
    return (p - q).real < 0


def equal(p, q):
    return (p - q).real == 0


def size(p):
    return max(p, -p)


Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


reciprocal_inf = "-1/(x*x)"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    q_mirrored = Dual(q.real, -q.inf)  # q times its mirror image is a plain number
    top = p * q_mirrored
    return Dual(top.real / q.real**2, top.inf / q.real**2)


def power(p, n):
    if n == 0:
        return Dual(1, 0)
    half = power(p, abs(n) // 2)
    whole = half * half * (p if n % 2 else 1)
    return whole if n > 0 else divide(1, whole)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


def slope(f, x):
    return as_dual(f(Dual(x, 1.0))).inf


def has_kink(f, x0, h=1e-6):
    """True if the slopes a hair to the left and a hair to the right of x0 disagree."""
    return abs(slope(f, x0 - h) - slope(f, x0 + h)) > 0.001


CURVES = LISTS["CURVES"]
under_lens = variant("microscope", CURVES)
lens_f, lens_x0 = formula(under_lens["f"]), under_lens["x0"]


def microscope(f, x0, widths):
    def draw(w):
        ax = plt.figure().gca()
        xs = (x0 + w * np.linspace(-0.5, 0.5, 61)).tolist()
        lines = {"f": f}
        if not has_kink(f, x0):
            lines["tangent"] = lambda x: slope(f, x0) * x + (f(x0) - slope(f, x0) * x0)
        for label, line in lines.items():
            ax.plot(xs, list(map(line, xs)), label=label)
        ax.set(xlim=(xs[0], xs[-1]), xlabel="x")
        ax.legend()
        return ax

    return [draw(w) for w in widths]


my_tangent = f"({lens_f(lens_x0)}) - ({slope(lens_f, lens_x0)})*(({lens_x0}) - x)"

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
    upper = plt.subplot(211)
    lower = plt.subplot(212, sharex=upper)
    for ax, ys in [(upper, map(f, xs)), (lower, (slope(f, x) for x in xs))]:
        ax.plot(xs, list(ys), "-o")
        ax.axhline(0, lw=0.5)
    return [upper, lower]


WALKS = LISTS["WALKS"]
walk = variant("signal", WALKS)
walk_f = formula(walk["f"])

my_prediction = tuple((slope(walk_f, x) < 0) - (slope(walk_f, x) > 0) for x in walk["at"])


def signal(f, x):
    s = slope(f, x)
    return int(s < 0) - int(s > 0)


zero_means = "c"
