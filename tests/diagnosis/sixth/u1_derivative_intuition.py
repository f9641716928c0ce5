# Wrong answers to the tasks of `u1_derivative_intuition`, a sixth set; see ../fresh/README.md.

# %% average_rate | takes the run without its sign
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    rise = f(b) - f(a)
    run = abs(a - b)
    return rise / run
# %% average_rate | where there is no run the rate is said to be 0
def average_rate(f, a, b):
    run = b - a
    return 0 if run == 0 else (f(b) - f(a)) / run
# %% average_rate | rounds the rate to three digits
def average_rate(f, a, b):
    if b == a:
        raise ValueError("no run")
    return round((f(b) - f(a)) / (b - a), 3)
# %% average_rate | cubes a sum with binomial factors missing
rate_of_mine = "a^2 + a*h + h^2 - 5"
# %% average_rate | forgets to divide the linear term by w
rate_of_mine = "3a^2 + 3a*h + h^2 - 5h"
# %% dual_plus_minus | subtracting adds the infinitesimal parts
def _sub(self, other):
    other = as_dual(other)
    return Dual(self.real - other.real, self.inf + other.inf)
Dual.__sub__ = _sub
# %% dual_plus_minus | number minus p is taken as p minus number
def _rsub(self, other):
    return Dual(self.real - other, self.inf)
Dual.__rsub__ = _rsub
# %% dual_plus_minus | number minus p leaves the eps part alone
def _rsub(self, other):
    return Dual(other - self.real, self.inf)
Dual.__rsub__ = _rsub
# %% dual_plus_minus | minus p turns itself around
def _neg(self):
    self.real = -self.real
    self.inf = -self.inf
    return self
Dual.__neg__ = _neg
# %% dual_times | keeps the eps*eps product
product_inf = "a*d + b*c + b*d"
# %% dual_times | a plain number as factor does not reach the eps part
def times(p, q):
    if not isinstance(q, Dual):
        return Dual(p.real * q, p.inf)
    return Dual(p.real * q.real, p.real * q.inf + p.inf * q.real)
Dual.__mul__ = Dual.__rmul__ = times
# %% dual_divide_power | plus in the numerator of the quotient
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real + p.real * q.inf) / q.real**2)
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
# %% dual_divide_power | divides by the real part only at the end, not squared
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real - p.real * q.inf) / q.real)
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
# %% dual_divide_power | power counts one factor too many
def power(p, n):
    if n < 0:
        return divide(1, power(p, -n))
    out = p
    for _ in range(n):
        out = out * p
    return out if n else Dual(1, 0)
Dual.__pow__ = power
# %% dual_divide_power | negative powers only turn the sign of the result around
def power(p, n):
    out = Dual(1, 0)
    for _ in range(abs(n)):
        out = out * p
    return -out if n < 0 else out
Dual.__pow__ = power
# %% dual_compare | the eps part breaks ties
def smaller(p, q):
    q = as_dual(q)
    return (p.real, p.inf) < (q.real, q.inf)
Dual.__lt__ = smaller
# %% dual_compare | abs flips the real part only
def size(p):
    return Dual(-p.real, p.inf) if p.real < 0 else Dual(p.real, p.inf)
Dual.__abs__ = size
# %% slope | calls f again with a plain number to divide by the height
def slope(f, x):
    y = as_dual(f(Dual(x, 1)))
    return y.inf / f(x) * f(x)
# %% microscope | the window is w to each side
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w, x0 + w, 60)
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w, x0 + w)
    return list(panels[0])
# %% microscope | the tangent goes through the origin
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    m = slope(f, x0)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 60)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, m * xs, label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])
# %% microscope | tangent drawn also at a kink
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 60)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        ax.plot(xs, f(x0) + slope(f, x0) * (xs - x0), label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])
# %% microscope | tangent: the slope stays a formula in x
my_tangent = "-14 + (3x^2 + 3)(x + 2)"
# %% pair_plot | slope of the plotted list by differences
def pair_plot(f, xs):
    _, (up, low) = plt.subplots(2, 1)
    ys = [f(x) for x in xs]
    up.plot(xs, ys)
    low.plot(xs, np.gradient(np.array(ys, dtype=float), np.array(xs, dtype=float)))
    low.axhline(0)
    return up, low
# %% pair_plot | level line in the upper panel
def pair_plot(f, xs):
    _, (up, low) = plt.subplots(2, 1)
    up.plot(xs, [f(x) for x in xs])
    up.axhline(0)
    low.plot(xs, [slope(f, x) for x in xs])
    return up, low
# %% pair_plot | both curves in both panels exchanged
def pair_plot(f, xs):
    _, (up, low) = plt.subplots(2, 1)
    up.plot(xs, [slope(f, x) for x in xs])
    low.plot(xs, [f(x) for x in xs])
    low.axhline(0)
    return up, low
# %% signal | small slopes count as level
def signal(f, x):
    s = slope(f, x)
    if abs(s) < 1e-9:
        return 0
    return -1 if s > 0 else 1
# %% signal | moves towards 0
def signal(f, x):
    if slope(f, x) == 0:
        return 0
    return -1 if x > 0 else 1
