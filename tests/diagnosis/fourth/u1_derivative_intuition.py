# Wrong answers to the tasks of `u1_derivative_intuition`, a fourth set; see ../fresh/README.md.

# %% average_rate | the rise is divided by the middle of the interval
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    rise = f(b) - f(a)
    return rise / ((a + b) / 2)


# %% average_rate | f of the difference: f(b - a) in place of f(b) - f(a)
def average_rate(f, a, b):
    if b == a:
        raise ValueError("no run")
    return f(b - a) / (b - a)


# %% average_rate | the length of the run without its sign: from right to left comes out wrong
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    return (f(b) - f(a)) / abs(b - a)


# %% average_rate | a rate of 0 in place of the error where there is no run
def average_rate(f, a, b):
    run = b - a
    if run == 0:
        return 0
    return (f(b) - f(a)) / run


# %% average_rate | the number: the rise alone, not divided by the run
my_rate = 88

# %% average_rate | the number: run over rise
my_rate = 2 / 88

# %% average_rate | letters: the slope at a, the part with w dropped
rate_of_square = "2a"

# %% average_rate | letters: the rise is not divided by w
rate_of_square = "2ah + h^2"

# %% average_rate | letters: (a+w)^3 taken as a^3 + w^3
rate_of_mine = "h^2 - 5"

# %% average_rate | letters: the linear term of the cubic keeps its a (and loses its sign)
rate_of_mine = "3a^2 + 3ah + h^2 + 5"

# %% average_rate | two slips: (a+w)^3 without the 3s, and a lost -5
rate_of_mine = "a^2 + ah + h^2"


# %% dual_plus_minus | the minus reaches only the real part
class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, self.inf)

    def __sub__(self, other):
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        return as_dual(other) - self


# %% dual_plus_minus | 3 - p is written as p - 3
class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        return self + (-as_dual(other))

    def __rsub__(self, other):
        return self.__sub__(other)


# %% dual_plus_minus | 3 - p: the inf part of p stays as it is
class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        return Dual(other - self.real, self.inf)


# %% dual_plus_minus | minus changes the Dual in place
class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__

    def __neg__(self):
        self.real *= -1
        self.inf *= -1
        return self

    def __sub__(self, other):
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        return as_dual(other).__sub__(self)


# %% dual_plus_minus | p - 3 also takes the 3 off the inf part
class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        if not isinstance(other, Dual):
            other = Dual(other, other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        return as_dual(other) - self


# %% dual_plus_minus | plain numbers are not turned into Duals in p - 3
class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        return Dual(other - self.real, -self.inf)


# %% dual_times | part by part, real with real and inf with inf
product_inf = "b*d"


def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real, p.inf * q.inf)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times


# %% dual_times | the strips are subtracted
def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real, p.real * q.inf - p.inf * q.real)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times


# %% dual_times | the corner is kept in the real part, as for i*i with plus
def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real + p.inf * q.inf, p.real * q.inf + p.inf * q.real)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times


# %% dual_times | letters: real parts pair with their own inf parts
product_inf = "ab + cd"

# %% dual_times | letters: the corner bd is not dropped
product_inf = "ad + bc + bd"


# %% dual_times | a plain number scales only the real part
def times(p, q):
    if isinstance(q, Dual):
        return Dual(p.real * q.real, p.real * q.inf + p.inf * q.real)
    return Dual(p.real * q, p.inf)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times


# %% dual_times | two slips: letters with a minus, and code without the second strip
product_inf = "ad - bc"


def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real, p.inf * q.real)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times


# %% dual_divide_power | the minus of the reciprocal is lost
reciprocal_inf = "1/x^2"

# %% dual_divide_power | the reciprocal: only one x below
reciprocal_inf = "-1/x"


# %% dual_divide_power | division part by part
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, p.inf / q.inf)


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | the two products above are exchanged: the wrong sign of the inf part
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.real * q.inf - p.inf * q.real) / (q.real * q.real))


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | below stands the divisor, not its square
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real - p.real * q.inf) / q.real)


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | one factor too few: power multiplies n - 1 times
def power(p, n):
    if n < 0:
        return 1 / power(p, -n)
    out = Dual(1, 0)
    for _ in range(n - 1):
        out = out * p
    return out


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | the inf part of a power without the inside's own inf
def power(p, n):
    if n == 0:
        return Dual(1, 0)
    return Dual(p.real**n, n * p.real ** (n - 1))


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | the inf part is raised to the power, too
def power(p, n):
    return Dual(p.real**n, p.inf**n)


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | a negative power is the negative of the power
def power(p, n):
    if n < 0:
        return -power(p, -n)
    out = Dual(1, 0)
    for _ in range(n):
        out = out * p
    return out


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | two slips: division without the square below, and power(p, 0) is p
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real - p.real * q.inf) / q.real)


def power(p, n):
    if n < 0:
        return divide(1, power(p, -n))
    out = p
    for _ in range(n - 1):
        out = out * p
    return out


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_compare | the inf part decides as well where the real parts are equal
def smaller(p, q):
    q = as_dual(q)
    return (p.real, p.inf) < (q.real, q.inf)


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


# %% dual_compare | equal asks for both parts
def equal(p, q):
    q = as_dual(q)
    return p.real == q.real and p.inf == q.inf


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


# %% dual_compare | abs of each part by itself
def size(p):
    return Dual(abs(p.real), abs(p.inf))


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


# %% dual_compare | abs changes the sign of the real part only
def size(p):
    if p.real < 0:
        return Dual(-p.real, p.inf)
    return p


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


# %% dual_compare | smaller is smaller or equal
def smaller(p, q):
    return p.real <= as_dual(q).real


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


# %% dual_compare | two slips: equal by both parts, abs of the parts
def equal(p, q):
    q = as_dual(q)
    return p.real == q.real and p.inf == q.inf


def size(p):
    return Dual(abs(p.real), abs(p.inf))


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


# %% slope | the value is returned, not the slope
def slope(f, x):
    y = f(Dual(x, 1))
    return y.real if isinstance(y, Dual) else y


# %% slope | a plain number back: the number itself is taken for the slope
def slope(f, x):
    y = f(Dual(x, 1))
    if isinstance(y, Dual):
        return y.inf
    return y


# %% slope | a tiny number in place of 1 as the inf part, not divided out
def slope(f, x):
    y = f(Dual(x, 1e-6))
    return y.inf if isinstance(y, Dual) else 0


# %% microscope | the window is x0 - w to x0 + w: twice too wide
def microscope(f, x0, widths):
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w, x0 + w, 101)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w, x0 + w)
    return list(panels[0])


# %% microscope | the tangent passes through the origin: slope times x
def microscope(f, x0, widths):
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 101)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, f(x0) + slope(f, x0) * xs, label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])


# %% microscope | a tangent is drawn at a kink, too
def microscope(f, x0, widths):
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 101)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        ax.plot(xs, f(x0) + slope(f, x0) * (xs - x0), label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])


# %% microscope | the slope is taken anew at every x of the tangent
def microscope(f, x0, widths):
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 101).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
    return list(panels[0])


# %% microscope | letters: the height at the start is left out
my_tangent = "15(x + 2)"

# %% microscope | letters: x - x0 with a negative x0 becomes x - 2
my_tangent = "-14 + 15(x - 2)"

# %% microscope | letters: f(x0) + slope * x
my_tangent = "-14 + 15x"


# %% pair_plot | above and below exchanged
def pair_plot(f, xs):
    figure, (upper, lower) = plt.subplots(2, 1)
    upper.plot(xs, [slope(f, x) for x in xs])
    lower.plot(xs, [f(x) for x in xs])
    lower.axhline(0)
    return upper, lower


# %% pair_plot | the line at height 0 is in the upper panel
def pair_plot(f, xs):
    figure, (upper, lower) = plt.subplots(2, 1)
    upper.plot(xs, [f(x) for x in xs])
    upper.axhline(0, color="gray")
    lower.plot(xs, [slope(f, x) for x in xs])
    return upper, lower


# %% pair_plot | the lower panel shows the rise from point to point, not the slope
def pair_plot(f, xs):
    figure, (upper, lower) = plt.subplots(2, 1)
    ys = [f(x) for x in xs]
    upper.plot(xs, ys)
    lower.plot(xs[1:], [b - a for a, b in zip(ys, ys[1:])])
    lower.axhline(0)
    return upper, lower


# %% pair_plot | side by side in place of one below the other
def pair_plot(f, xs):
    figure, (upper, lower) = plt.subplots(1, 2)
    upper.plot(xs, [f(x) for x in xs])
    lower.plot(xs, [slope(f, x) for x in xs])
    lower.axhline(0)
    return upper, lower


# %% signal | the sign of the value in place of the slope
def signal(f, x):
    y = f(x)
    if y > 0:
        return -1
    if y < 0:
        return 1
    return 0


# %% signal | small slopes count as 0
def signal(f, x):
    s = slope(f, x)
    if abs(s) < 1e-6:
        return 0
    return -1 if s > 0 else 1


# %% signal | a level place counts as downhill to the right
def signal(f, x):
    return -1 if slope(f, x) > 0 else 1


# %% signal | two slips: uphill, and level means a kink
zero_means = "d"


def signal(f, x):
    return int(np.sign(slope(f, x)))
