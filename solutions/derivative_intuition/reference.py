"""The reference of the unit `derivative_intuition`."""

import matplotlib.pyplot as plt
import numpy as np
from kit import pictures, variant


def as_dual(x):
    return x if isinstance(x, Dual) else Dual(x, 0.0)


def average_rate(f, a, b):
    """Change of f per unit of its input, between a and b."""
    if a == b:
        raise ValueError("no step, no rate: a equals b")
    return (f(b) - f(a)) / (b - a)


rate_of_square = "2a + w"

k, start, stop = variant("average_rate", [(2, 1, 4), (3, 1, 5), (4, 2, 5), (5, 2, 4), (2, 3, 7), (3, 2, 6)])

my_rate = average_rate(lambda x: x * x + k * x, start, stop)


class Dual:
    """real + inf*eps, with eps*eps = 0."""

    def __init__(self, real, inf):
        self.real, self.inf = real, inf

    def __add__(self, other):
        """self + other"""
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    def __sub__(self, other):
        """self - other"""
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        """other - self"""
        return as_dual(other) - self

    def __mul__(self, other):
        """self * other"""
        other = as_dual(other)
        # (a + b eps)(c + d eps) = ac + (ad + bc) eps
        return Dual(self.real * other.real, self.real * other.inf + self.inf * other.real)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return 0 - self

    def __abs__(self):
        return -self if self.real < 0 else self

    def __lt__(self, other):
        return self.real < as_dual(other).real

    def __gt__(self, other):
        return self.real > as_dual(other).real


product_real = "a*c"

product_inf = "a*d + b*c"


def divide(a, b):
    """a / b for dual numbers."""
    a, b = as_dual(a), as_dual(b)
    if b.real == 0:
        raise ZeroDivisionError("the real part of the divisor is 0")
    p = a.real / b.real
    q = (a.inf - p * b.inf) / b.real  # from (p + q eps)*b = a
    return Dual(p, q)


def power(a, n):
    """a ** n for a dual number a and a whole number n."""
    if n == 0:
        return Dual(1.0, 0.0)
    if n < 0:
        return divide(1.0, power(a, -n))
    return Dual(a.real**n, n * a.real ** (n - 1) * a.inf)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

reciprocal_inf = "-1/x^2"


def slope(f, x):
    """The derivative of f at x: what stands beside eps in f(x + eps)."""
    y = f(Dual(x, 1.0))
    return y.inf if isinstance(y, Dual) else 0.0


def microscope(f, x0, widths):
    """One Axes per width: f around x0, with its tangent unless there is a kink at x0."""
    near = min(widths) / 1000
    kink = abs(slope(f, x0 + near) - slope(f, x0 - near)) > 0.01
    _, panels = plt.subplots(1, len(widths), figsize=(4 * len(widths), 3), squeeze=False)
    for axes, width in zip(panels[0], widths, strict=True):
        xs = np.linspace(x0 - width / 2, x0 + width / 2, 101)
        axes.plot(xs, [f(float(x)) for x in xs], label="f")
        if not kink:
            axes.plot(xs, f(x0) + slope(f, x0) * (xs - x0), "--", label="tangent")
        axes.set_title(f"{width:g} wide")
        axes.legend()
    return list(panels[0])


def pair_plot(f, xs):
    """(upper, lower): f over xs, and its slope with a zero line."""
    _, (upper, lower) = plt.subplots(2, 1, sharex=True)
    upper.plot(xs, [f(float(x)) for x in xs], label="f")
    lower.plot(xs, [slope(f, float(x)) for x in xs], color="tab:red", label="slope of f")
    lower.axhline(0, color="gray")
    upper.legend()
    lower.legend()
    return upper, lower


my_graph = "abc"[variant("pair_plot", pictures.ORDERS)[1].index(variant("pair_plot", pictures.ORDERS)[0])]


def signal(f, x):
    """-1, 0 or +1: the way to move x so that f gets smaller."""
    s = slope(f, x)
    return -1 if s > 0 else 1 if s < 0 else 0


step_slope = 0.0
