# Wrong answers to the tasks of `u1_derivative_intuition`, written after the fresh ones; see ../fresh/README.md.

# %% average_rate | the values at both ends are added
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    return (f(b) + f(a)) / (b - a)

# %% average_rate | the mean of the two values
def average_rate(f, a, b):
    if a == b:
        raise ValueError
    return (f(a) + f(b)) / 2

# %% average_rate | the function of the run
def average_rate(f, a, b):
    if a == b:
        raise ValueError
    return f(b - a) / (b - a)

# %% dual_plus_minus | the constant is added to both parts
class Dual(Dual):
    def __add__(self, other):
        if isinstance(other, Dual):
            return Dual(self.real + other.real, self.inf + other.inf)
        return Dual(self.real + other, self.inf + other)
    __radd__ = __add__

# %% dual_times | real part of the product has the infinitesimal corner
class Dual(Dual):
    def __mul__(self, other):
        o = as_dual(other)
        return Dual(self.real * o.real + self.inf * o.inf, self.real * o.inf + self.inf * o.real)
    __rmul__ = __mul__

# %% dual_plus_minus | rsub the same as sub
class Dual(Dual):
    def __rsub__(self, other):
        return self - other

# %% dual_compare | abs of both parts separately
class Dual(Dual):
    def __abs__(self):
        return Dual(abs(self.real), abs(self.inf))

# %% dual_divide_power | numerator of the quotient added instead of subtracted
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real + p.real * q.inf) / (q.real * q.real))


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)

# %% dual_divide_power | power rule without lowering the exponent
def power(p, n):
    p = as_dual(p)
    return Dual(p.real ** n, n * p.real ** n * p.inf)


Dual.__pow__ = power

# %% slope | eps of size x
def slope(f, x):
    out = f(Dual(x, x))
    return out.inf if isinstance(out, Dual) else 0

# %% slope | a plain number comes back as itself
def slope(f, x):
    out = f(Dual(x, 1))
    if isinstance(out, Dual):
        return out.inf
    return out

# %% microscope | window twice as wide
def microscope(f, x0, widths):
    fig, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w, x0 + w, 50)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w, x0 + w)
    return list(panels[0])

# %% microscope | tangent as steep at every x as the curve there
def microscope(f, x0, widths):
    fig, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = [x0 - w / 2 + w * k / 40 for k in range(41)]
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])

# %% pair_plot | the slope is measured between neighbours
def pair_plot(f, xs):
    fig, (top, bottom) = plt.subplots(2, 1, sharex=True)
    ys = [f(x) for x in xs]
    top.plot(xs, ys)
    bottom.plot(xs[:-1], [(ys[k + 1] - ys[k]) / (xs[k + 1] - xs[k]) for k in range(len(xs) - 1)])
    bottom.axhline(0)
    return top, bottom

# %% signal | the direction of the slope, uphill
def signal(f, x):
    s = slope(f, x)
    if s > 0:
        return 1
    elif s < 0:
        return -1
    return 0
