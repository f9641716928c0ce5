# Wrong answers to the tasks of `u1_derivative_intuition`, written from the unit's text alone; see README.md.

# %% average_rate | the run is counted from the wrong end, the rise is not
def average_rate(f, a, b):
    if a == b:
        raise ValueError
    return (f(b) - f(a)) / (a - b)

# %% average_rate | the distance between the ends is taken without its sign
def average_rate(f, a, b):
    if a == b:
        raise ValueError("a and b are the same")
    return (f(b) - f(a)) / abs(b - a)

# %% average_rate | no ValueError where there is no run
def average_rate(f, a, b):
    rise = f(b) - f(a)
    run = b - a
    return rise / run

# %% average_rate | 0 instead of an error where there is no run
def average_rate(f, a, b):
    if b - a == 0:
        return 0
    return (f(b) - f(a)) / (b - a)

# %% average_rate | brackets forgotten: only f(a) is divided
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    return f(b) - f(a) / b - a

# %% average_rate | run per rise
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    rise = f(b) - f(a)
    run = b - a
    return run / rise

# %% average_rate | the average of the two heights
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    return (f(a) + f(b)) / 2

# %% average_rate | whole-number division
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    return (f(b) - f(a)) // (b - a)

# %% average_rate | only the width-free part: the slope in place of the average rate
rate_of_square = "2*a"

# %% average_rate | (a + h)^2 is a^2 + h^2
rate_of_square = "h"

# %% average_rate | rounds the rate to two decimals
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    return round((f(b) - f(a)) / (b - a), 2)

# %% dual_times | the infinitesimal parts are multiplied like the real ones
def mul(self, other):
    other = as_dual(other)
    return Dual(self.real * other.real, self.inf * other.inf)
Dual.__mul__ = Dual.__rmul__ = mul

# %% dual_times | a minus between the two products
def mul(self, other):
    other = as_dual(other)
    return Dual(self.real * other.real, self.real * other.inf - self.inf * other.real)
Dual.__mul__ = Dual.__rmul__ = mul

# %% dual_times | complex numbers: eps*eps is -1
def mul(self, other):
    other = as_dual(other)
    return Dual(self.real * other.real - self.inf * other.inf, self.real * other.inf + self.inf * other.real)
Dual.__mul__ = Dual.__rmul__ = mul

# %% dual_times | eps*eps is kept
def mul(self, o):
    o = as_dual(o)
    return Dual(self.real * o.real, self.real * o.inf + self.inf * o.real + self.inf * o.inf)
Dual.__mul__ = Dual.__rmul__ = mul

# %% dual_plus_minus | minus changes only the real part
def neg(self):
    return Dual(-self.real, self.inf)
Dual.__neg__ = neg

# %% dual_plus_minus | subtracting adds the infinitesimal parts
def sub(self, other):
    other = as_dual(other)
    return Dual(self.real - other.real, self.inf + other.inf)
Dual.__sub__ = sub

# %% dual_plus_minus | 3 - p is computed as p - 3
def rsub(self, other):
    return self - other
Dual.__rsub__ = rsub

# %% dual_plus_minus | 3 - p keeps the sign of the infinitesimal part
def rsub(self, other):
    return Dual(other - self.real, self.inf)
Dual.__rsub__ = rsub

# %% dual_compare | abs of each part separately
def absolute(self):
    return Dual(abs(self.real), abs(self.inf))
Dual.__abs__ = absolute

# %% dual_compare | abs leaves the infinitesimal part alone
def absolute(self):
    return Dual(abs(self.real), self.inf)
Dual.__abs__ = absolute

# %% dual_compare | equal only if both parts are
def equal(self, other):
    other = as_dual(other)
    return self.real == other.real and self.inf == other.inf
Dual.__eq__ = equal

# %% dual_compare | smaller compares the two parts in turn, as tuples do
def less(self, other):
    other = as_dual(other)
    return (self.real, self.inf) < (other.real, other.inf)
Dual.__lt__ = less

# %% dual_plus_minus | plain numbers are not made Duals
def add(self, other):
    return Dual(self.real + other.real, self.inf + other.inf)
Dual.__add__ = Dual.__radd__ = add

# %% dual_plus_minus | changes itself instead of making a new Dual
def add(self, other):
    other = as_dual(other)
    self.real += other.real
    self.inf += other.inf
    return self
Dual.__add__ = Dual.__radd__ = add

# %% dual_divide_power | part by part
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, p.inf / q.inf)
Dual.__truediv__ = divide

# %% dual_divide_power | the quotient rule with a plus
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real + p.real * q.inf) / q.real**2)
Dual.__truediv__ = divide

# %% dual_divide_power | the divisor is not squared
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real - p.real * q.inf) / q.real)
Dual.__truediv__ = divide

# %% dual_divide_power | numerator the wrong way round
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.real * q.inf - p.inf * q.real) / q.real**2)
Dual.__truediv__ = divide

# %% dual_divide_power | both parts divided by the real part of the divisor
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, p.inf / q.real)
Dual.__truediv__ = divide

# %% dual_divide_power | the power is applied to both parts
def power(p, n):
    if n == 0:
        return Dual(1, 0)
    return Dual(p.real**n, p.inf**n)
Dual.__pow__ = power

# %% dual_divide_power | the slope of the power without the speed of p
def power(p, n):
    if n == 0:
        return Dual(1, 0)
    return Dual(p.real**n, n * p.real ** (n - 1))
Dual.__pow__ = power

# %% dual_divide_power | the exponent is not lowered
def power(p, n):
    if n == 0:
        return Dual(1, 0)
    return Dual(p.real**n, n * p.real**n * p.inf)
Dual.__pow__ = power

# %% dual_divide_power | one factor too many
def power(p, n):
    result = p
    for _ in range(abs(n)):
        result = result * p
    return result if n >= 0 else divide(1, result)
Dual.__pow__ = power

# %% dual_divide_power | negative exponents are not turned into a division
def power(p, n):
    result = Dual(1, 0)
    for _ in range(n):
        result = result * p
    return result
Dual.__pow__ = power

# %% dual_divide_power | the sign of the reciprocal lost
reciprocal_inf = "1/x**2"

# %% dual_divide_power | the reciprocal part by part
reciprocal_inf = "1"

# %% slope | gives back the whole Dual
def slope(f, x):
    return f(Dual(x, 1))

# %% slope | reads the real part
def slope(f, x):
    y = f(Dual(x, 1))
    return y.real if isinstance(y, Dual) else 0

# %% slope | nothing is done about a plain number
def slope(f, x):
    return f(Dual(x, 1)).inf

# %% slope | no eps: the input does not move
def slope(f, x):
    y = f(Dual(x))
    return y.inf if isinstance(y, Dual) else 0

# %% slope | divides by x
def slope(f, x):
    y = f(Dual(x, 1))
    return y.inf / x if isinstance(y, Dual) else 0

# %% slope | a small step instead of eps
def slope(f, x):
    h = 1e-6
    return (f(x + h) - f(x)) / h

# %% slope | a plain result is taken for the slope
def slope(f, x):
    y = f(Dual(x, 1))
    return y.inf if isinstance(y, Dual) else y

# %% slope | x moves as fast as it is large
def slope(f, x):
    y = f(Dual(x, x))
    return y.inf if isinstance(y, Dual) else 0

# %% microscope | from x0 - w to x0 + w
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w, x0 + w, 50).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w, x0 + w)
    return list(panels[0])

# %% microscope | the tangent goes through the origin
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 50).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [slope(f, x0) * x for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])

# %% microscope | the tangent is not shifted to x0
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 50).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * x for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])

# %% microscope | the slope at every x instead of at x0
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 50).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])

# %% microscope | a tangent at the kink, too
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 40).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])

# %% microscope | widths are sorted
def microscope(f, x0, widths):
    widths = sorted(widths, reverse=True)
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 40).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])

# %% microscope | my_tangent without the shift by x0
my_tangent = f"({lens_f(lens_x0)}) + ({slope(lens_f, lens_x0)})*x"

# %% pair_plot | f below, slope above
def pair_plot(f, xs):
    _, (top, bottom) = plt.subplots(2, 1)
    bottom.plot(xs, [f(x) for x in xs])
    top.plot(xs, [slope(f, x) for x in xs])
    top.axhline(0)
    return top, bottom

# %% pair_plot | the level line is missing
def pair_plot(f, xs):
    _, (top, bottom) = plt.subplots(2, 1)
    top.plot(xs, [f(x) for x in xs])
    bottom.plot(xs, [slope(f, x) for x in xs])
    return top, bottom

# %% pair_plot | the level line is drawn in the upper panel
def pair_plot(f, xs):
    _, (top, bottom) = plt.subplots(2, 1)
    top.plot(xs, [f(x) for x in xs])
    top.axhline(0)
    bottom.plot(xs, [slope(f, x) for x in xs])
    return top, bottom

# %% pair_plot | differences of neighbouring heights, not divided by the step
def pair_plot(f, xs):
    _, (top, bottom) = plt.subplots(2, 1)
    ys = [f(x) for x in xs]
    top.plot(xs, ys)
    bottom.plot(xs[1:], np.diff(ys))
    bottom.axhline(0)
    return top, bottom

# %% pair_plot | f is drawn twice
def pair_plot(f, xs):
    _, (top, bottom) = plt.subplots(2, 1)
    top.plot(xs, [f(x) for x in xs])
    bottom.plot(xs, [f(x) for x in xs])
    bottom.axhline(0)
    return top, bottom

# %% signal | uphill
def signal(f, x):
    s = slope(f, x)
    return 1 if s > 0 else -1 if s < 0 else 0

# %% signal | the slope itself, turned around
def signal(f, x):
    return -slope(f, x)

# %% signal | by the height, not by the slope
def signal(f, x):
    y = f(x)
    return -1 if y > 0 else 1 if y < 0 else 0

# %% signal | never 0
def signal(f, x):
    if slope(f, x) > 0:
        return -1
    return 1

# %% signal | small slopes count as level
def signal(f, x):
    s = slope(f, x)
    if abs(s) < 0.01:
        return 0
    return -1 if s > 0 else 1

# %% signal | towards 0
def signal(f, x):
    return -1 if x > 0 else 1 if x < 0 else 0

# %% signal | 0 is taken for the valley
zero_means = "a"

# %% signal | always 1
def signal(f, x):
    return 1
