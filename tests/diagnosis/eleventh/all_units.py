"""Wrong answers as a class would hand them in, the likeliest first, written from the notebooks alone (the eleventh set)."""

# ---------------- u0

# %% rules | the slope of a product is the product of the two slopes
n, c, k = mine["n"], mine["c"], mine["k"]
d_product = f"{n}*x^{n - 1} * 1/x"
d_quotient = f"({k}*(x^2 + {c}) - {k}*x*2*x)/(x^2 + {c})^2"
d_chain = f"-2*{k}*x*exp(-{k}*x^2)"

# %% rules | exp is its own slope, whatever stands in the exponent: the inner slope is forgotten
d_product = "{n}*x^{m}*ln(x) + x^{m}".format(n=mine["n"], m=mine["n"] - 1)
d_quotient = "({k}*(x^2 + {c}) - {k}*x*2x)/(x^2 + {c})^2".format(**mine)
d_chain = "exp(-{k}*x^2)".format(**mine)

# %% rules | the two terms above the line of the quotient rule in the wrong order
n, c, k = (mine[name] for name in ("n", "c", "k"))
d_product = f"x^{n - 1} + {n}*ln(x)*x^{n - 1}"
d_quotient = f"(2*x*{k}*x - {k}*(x^2 + {c}))/(x^2 + {c})^2"
d_chain = f"-{2 * k}*x*exp(-{k}*x^2)"

# %% rules | brings the exponent down and lowers it by one, as if exp(u) were a power of a constant exponent
n, c, k = mine["n"], mine["c"], mine["k"]
d_product = f"{n}*x^({n}-1)*ln(x) + x^{n}/x"
d_quotient = f"({k}*{c} - {k}*x^2)/(x^2 + {c})^2"
d_chain = f"-{k}*x^2*exp(-{k}*x^2 - 1)"

# %% partials | in the slope in p the factor q^2 is differentiated as well
n, k = my_loss["n"], my_loss["k"]
dL_dp = f"{n}*p^{n - 1}*2*q + {k}*exp({k}*p)"
dL_dq = f"2*p^{n}*q"
dE_dw = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)*x"

# %% partials | in the slope in q the term without q stays, as it is a constant
n, k = my_loss["n"], my_loss["k"]
dL_dp = f"{n}*p^{n - 1}*q^2 + {k}*exp({k}*p)"
dL_dq = f"2*p^{n}*q + exp({k}*p)"
dE_dw = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)*x"

# %% partials | the chain ends at the tanh: the last factor x, from w*x, is missing
n, k = my_loss["n"], my_loss["k"]
dL_dp = f"{n}*p^{n - 1}*q^2 + {k}*exp({k}*p)"
dL_dq = f"2*q*p^{n}"
dE_dw = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)"

# %% walk | the slope is calculated once, at the start, and used for all steps
def walk(df, x, lr, steps):
    """The place after `steps` steps of gradient descent from x."""
    slope_here = df(x)
    for _ in range(steps):
        x = x - lr * slope_here
    return x

# %% walk | gradient descent stops when the slope is small enough
def walk(df, x, lr, steps):
    """The place after `steps` steps of gradient descent from x."""
    position = x
    for i in range(steps):
        g = df(position)
        if abs(g) < 1e-3:
            break
        position -= lr * g
    return position

# %% nudged | only one side is nudged: forward difference
def nudged(f, x, h=1e-5):
    """The gradient of f at x by central differences, an array of the shape of x."""
    base = f(x)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        moved = x.copy()
        moved[i] += h
        grad[i] = (f(moved) - base) / h
    return grad

# %% nudged | other = x makes a copy, so x can be changed freely
def nudged(f, x, h=1e-5):
    """The gradient of f at x by central differences, an array of the shape of x."""
    grad = []
    for i in range(x.size):
        up = x
        up[i] = up[i] + h
        f_up = f(up)
        down = x
        down[i] = down[i] - 2 * h
        f_down = f(down)
        grad.append((f_up - f_down) / (2 * h))
    return np.array(grad)

# %% nudged | all entries are nudged at once, numpy does it entry by entry
def nudged(f, x, h=1e-5):
    """The gradient of f at x by central differences, an array of the shape of x."""
    rate = (f(x + h) - f(x - h)) / (2 * h)
    return rate * np.ones_like(x)

# %% layer_back | the gradients of weights and bias are averaged over the examples
def layer_back(X, W, dY):
    """dX, dW, db of  Y = X @ W + b,  where dY holds the gradient for each number of Y."""
    n = X.shape[0]
    dX = dY @ W.T
    dW = X.T @ dY / n
    db = dY.mean(axis=0)
    return dX, dW, db

# %% layer_back | the bias gradient is added up along the wrong axis, one number for each row
def layer_back(X, W, dY):
    """dX, dW, db of  Y = X @ W + b,  where dY holds the gradient for each number of Y."""
    return np.dot(dY, W.T), np.dot(X.T, dY), np.sum(dY, axis=1)

# %% layer_back | dY comes first in every product, so dW is the transposed of what it should be
def layer_back(X, W, dY):
    """dX, dW, db of  Y = X @ W + b,  where dY holds the gradient for each number of Y."""
    dX = dY @ W.T
    dW = dY.T @ X
    db = dY.sum(axis=0)
    return (dX, dW, db)

# ---------------- u1

# %% average_rate | the rate is always taken from left to right, and the size of the run counts: abs of the run
def average_rate(f, a, b):
    """Rise over run of f from a to b."""
    if a == b:
        raise ValueError("no run")
    rise = f(b) - f(a)
    run = abs(b - a)
    return rise / run


my_rate = average_rate(my_f, mine["a"], mine["b"])
rate_of_square = "2a + h"
rate_of_mine = f"3a^2 + 3a*h + h^2 + ({mine['c']})"

# %% average_rate | without a run the rate is 0, as nothing changes
def average_rate(f, a, b):
    """Rise over run of f from a to b."""
    run = b - a
    if run == 0:
        return 0
    return (f(b) - f(a)) / run


my_rate = average_rate(my_f, mine["a"], mine["b"])
rate_of_square = "2*a + h"
rate_of_mine = "3*a**2 + 3*a*h + h**2 + (" + str(mine["c"]) + ")"

# %% average_rate | gives the slope at a: what depends on h is dropped
def average_rate(f, a, b):
    """Rise over run of f from a to b."""
    if a == b:
        raise ValueError("no run")
    return (f(b) - f(a)) / (b - a)


my_rate = (my_f(mine["b"]) - my_f(mine["a"])) / (mine["b"] - mine["a"])
rate_of_square = "2a"
rate_of_mine = f"3a^2 + ({mine['c']})"

# %% average_rate | a very short run is counted as no run
def average_rate(f, a, b):
    """Rise over run of f from a to b."""
    if abs(b - a) < 1e-6:
        raise ValueError("no run")
    y1, y2 = f(a), f(b)
    return (y2 - y1) / (b - a)


my_rate = average_rate(my_f, mine["a"], mine["b"])
rate_of_square = "h + 2a"
rate_of_mine = f"3*a^2 + 3*a*h + h^2 + ({mine['c']})"

# %% dual_plus_minus | -p flips the real part only, eps stays as it is
def as_dual(x):
    """A plain number x is the Dual x + 0*eps."""
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    """The number  real + inf*eps,  where eps*eps = 0."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    # given, as an example
    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        """-self"""
        return Dual(-self.real, self.inf)

    def __sub__(self, other):
        """self - other"""
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        other = as_dual(other)
        return Dual(other.real - self.real, other.inf - self.inf)

# %% dual_plus_minus | 3 - p is the same as p - 3 (copied from radd = add)
def as_dual(x):
    """A plain number x is the Dual x + 0*eps."""
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    """The number  real + inf*eps,  where eps*eps = 0."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    # given, as an example
    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        """-self"""
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        """self - other"""
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        return self.__sub__(other)

# %% dual_plus_minus | in 3 - p the eps part keeps its sign, since the plain number has no eps
def as_dual(x):
    """A plain number x is the Dual x + 0*eps."""
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    """The number  real + inf*eps,  where eps*eps = 0."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    # given, as an example
    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        """-self"""
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        """self - other"""
        return self + (-as_dual(other))

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        return Dual(other - self.real, self.inf)

# %% dual_times | part by part, as with adding: real times real and inf times inf
product_real = "a*c"
product_inf = "b*d"


def times(p, q):
    """p * q, with eps*eps = 0. Here p is a Dual, and q is a Dual or a plain number."""
    q = as_dual(q)
    return Dual(p.real * q.real, p.inf * q.inf)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times

# %% dual_times | eps*eps is 1, so b*d lands in the real part
product_real = "a*c + b*d"
product_inf = "a*d + b*c"


def times(p, q):
    """p * q, with eps*eps = 0. Here p is a Dual, and q is a Dual or a plain number."""
    q = as_dual(q)
    a, b, c, d = p.real, p.inf, q.real, q.inf
    return Dual(a * c + b * d, a * d + b * c)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times

# %% dual_times | a plain number multiplies only the real part
product_real = "ac"
product_inf = "ad + bc"


def times(p, q):
    """p * q, with eps*eps = 0. Here p is a Dual, and q is a Dual or a plain number."""
    if not isinstance(q, Dual):
        return Dual(p.real * q, p.inf)
    return Dual(p.real * q.real, p.real * q.inf + p.inf * q.real)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times

# %% dual_times | works into p and gives p back, instead of making a new Dual
product_real = "a*c"
product_inf = "b*c + a*d"


def times(p, q):
    """p * q, with eps*eps = 0. Here p is a Dual, and q is a Dual or a plain number."""
    q = as_dual(q)
    new_inf = p.inf * q.real + p.real * q.inf
    p.real = p.real * q.real
    p.inf = new_inf
    return p


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times

# %% dual_divide_power | the minus of the division is lost: v = (b + u*d)/c
reciprocal_inf = "1/x^2"


def divide(p, q):
    """p / q, where each is a Dual or a plain number."""
    p = as_dual(p)
    q = as_dual(q)
    u = p.real / q.real
    v = (p.inf + u * q.inf) / q.real
    return Dual(u, v)


def power(p, n):
    """The Dual p to the whole number n."""
    if n == 0:
        return Dual(1, 0)
    if n < 0:
        return divide(1, power(p, -n))
    out = p
    for _ in range(n - 1):
        out = out * p
    return Dual(out.real, out.inf)


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_divide_power | power raises both parts to n
reciprocal_inf = "-1/x**2"


def divide(p, q):
    """p / q, where each is a Dual or a plain number."""
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    return Dual(u, (p.inf - u * q.inf) / q.real)


def power(p, n):
    """The Dual p to the whole number n."""
    if n == 0:
        return Dual(1)
    if n < 0:
        return divide(1, power(p, -n))
    return Dual(p.real**n, p.inf**n)


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_divide_power | power rule without the inner factor: the inf part of p is not multiplied in
reciprocal_inf = "-1/x^2"


def divide(p, q):
    """p / q, where each is a Dual or a plain number."""
    a, b = as_dual(p).real, as_dual(p).inf
    c, d = as_dual(q).real, as_dual(q).inf
    return Dual(a / c, (b * c - a * d) / (c * c))


def power(p, n):
    """The Dual p to the whole number n."""
    if n == 0:
        return Dual(1, 0)
    return Dual(p.real**n, n * p.real ** (n - 1))


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_divide_power | a negative exponent is treated like the positive one (loop over abs(n))
reciprocal_inf = "-1/(x*x)"


def divide(p, q):
    """p / q, where each is a Dual or a plain number."""
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    v = (p.inf - u * q.inf) / q.real
    return Dual(u, v)


def power(p, n):
    """The Dual p to the whole number n."""
    result = Dual(1, 0)
    for i in range(abs(n)):
        result = result * p
    return result


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_compare | at equal real parts the inf part decides
def smaller(p, q):
    """Is the real part of p smaller than that of q? p is a Dual, q a Dual or a plain number."""
    q = as_dual(q)
    return (p.real, p.inf) < (q.real, q.inf)


def equal(p, q):
    """Are the real parts of p and q equal?"""
    return p.real == as_dual(q).real


def size(p):
    """p or -p, whichever has a real part that is not negative."""
    return -p if p.real < 0 else p


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# %% dual_compare | two Duals are equal only if both parts are equal
def smaller(p, q):
    """Is the real part of p smaller than that of q? p is a Dual, q a Dual or a plain number."""
    return p.real < as_dual(q).real


def equal(p, q):
    """Are the real parts of p and q equal?"""
    q = as_dual(q)
    return p.real == q.real and p.inf == q.inf


def size(p):
    """p or -p, whichever has a real part that is not negative."""
    if p.real < 0:
        return Dual(-p.real, -p.inf)
    return Dual(p.real, p.inf)


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# %% dual_compare | abs makes both parts positive, each by itself
def smaller(p, q):
    """Is the real part of p smaller than that of q? p is a Dual, q a Dual or a plain number."""
    p, q = as_dual(p), as_dual(q)
    return p.real < q.real


def equal(p, q):
    """Are the real parts of p and q equal?"""
    p, q = as_dual(p), as_dual(q)
    return p.real == q.real


def size(p):
    """p or -p, whichever has a real part that is not negative."""
    return Dual(abs(p.real), abs(p.inf))


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# %% dual_compare | abs concerns the real part, the inf part stays as it was
def smaller(p, q):
    """Is the real part of p smaller than that of q? p is a Dual, q a Dual or a plain number."""
    return p.real < (q.real if isinstance(q, Dual) else q)


def equal(p, q):
    """Are the real parts of p and q equal?"""
    return p.real == (q.real if isinstance(q, Dual) else q)


def size(p):
    """p or -p, whichever has a real part that is not negative."""
    return Dual(abs(p.real), p.inf)


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# %% slope | eps is a small number: the rate over a tiny step
def slope(f, x):
    """The number in front of eps in f(x + eps)."""
    eps = 1e-6
    return (f(x + eps) - f(x)) / eps

# %% slope | f always gives back a Dual: a function that ignores its input is forgotten
def slope(f, x):
    """The number in front of eps in f(x + eps)."""
    result = f(Dual(x, 1))
    return result.inf

# %% slope | a plain number that comes back is itself the answer
def slope(f, x):
    """The number in front of eps in f(x + eps)."""
    y = f(Dual(x, 1))
    return y.inf if isinstance(y, Dual) else y

# %% microscope | the window reaches x0 - width to x0 + width
def microscope(f, x0, widths):
    """One panel for each width: the curve of f around x0, and its tangent unless f has a kink there."""
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, width in zip(panels[0], widths):
        left, right = x0 - width, x0 + width
        xs = np.linspace(left, right, 101)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            s = slope(f, x0)
            ax.plot(xs, [f(x0) + s * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(left, right)
    return list(panels[0])


_s = slope(lens_f, lens_x0)
my_tangent = f"({lens_f(lens_x0)}) + ({_s})*(x - ({lens_x0}))"

# %% microscope | the tangent is slope times x plus the height: it is not shifted to x0
def microscope(f, x0, widths):
    """One panel for each width: the curve of f around x0, and its tangent unless f has a kink there."""
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    axes = []
    for k in range(len(widths)):
        ax = panels[0][k]
        w = widths[k]
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 101).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x0) * x for x in xs], label="tangent")
        ax.set_xlim(x0 - w / 2, x0 + w / 2)
        axes.append(ax)
    return axes


my_tangent = f"({lens_f(lens_x0)}) + ({slope(lens_f, lens_x0)})*x"

# %% microscope | every curve has a tangent: has_kink is not asked
def microscope(f, x0, widths):
    """One panel for each width: the curve of f around x0, and its tangent unless f has a kink there."""
    fig, panels = plt.subplots(1, len(widths), squeeze=False)
    height, steep_here = f(x0), slope(f, x0)

    def tangent(x):
        return height + steep_here * (x - x0)

    for ax, width in zip(panels[0], widths):
        xs = [float(x) for x in np.linspace(x0 - width / 2, x0 + width / 2, 101)]
        ax.plot(xs, list(map(f, xs)), label="f")
        ax.plot(xs, list(map(tangent, xs)), label="tangent")
        ax.set_xlim(xs[0], xs[-1])
    return list(panels[0])


my_tangent = f"({lens_f(lens_x0)}) + ({slope(lens_f, lens_x0)})*(x - ({lens_x0}))"

# %% pair_plot | steepness is a size: the slope is drawn without its sign
matching = matching


def pair_plot(f, xs):
    """Two Axes: the curve of f above, its slope below with a line at 0."""
    figure, (upper, lower) = plt.subplots(2, 1)
    upper.plot(xs, [f(x) for x in xs])
    lower.plot(xs, [abs(slope(f, x)) for x in xs])
    lower.axhline(0)
    return upper, lower

# %% pair_plot | the level line is for the curve: axhline in the upper panel
matching = matching


def pair_plot(f, xs):
    """Two Axes: the curve of f above, its slope below with a line at 0."""
    figure, (upper, lower) = plt.subplots(2, 1)
    heights, slopes = [], []
    for x in xs:
        heights.append(f(x))
        slopes.append(slope(f, x))
    upper.plot(xs, heights)
    upper.axhline(0)
    lower.plot(xs, slopes)
    return upper, lower

# %% pair_plot | rising and falling confused: two slopes that are mirror images are swapped in the matching
matching = matching[1] + matching[0] + matching[2]


def pair_plot(f, xs):
    """Two Axes: the curve of f above, its slope below with a line at 0."""
    figure, (upper, lower) = plt.subplots(2, 1)
    upper.plot(xs, [f(x) for x in xs])
    lower.plot(xs, [slope(f, x) for x in xs])
    lower.axhline(0)
    return upper, lower

# %% signal | gives the sign of the slope itself, which is the way up
my_prediction = [-int(np.sign(slope(walk_f, x))) for x in walk["at"]]


def signal(f, x):
    """The way to move x so that f gets smaller: -1, 0 or +1."""
    s = slope(f, x)
    if s > 0:
        return 1
    if s < 0:
        return -1
    return 0


zero_means = "c"

# %% signal | a slope of 0 means that the bottom is reached
my_prediction = [-int(np.sign(slope(walk_f, x))) for x in walk["at"]]


def signal(f, x):
    """The way to move x so that f gets smaller: -1, 0 or +1."""
    s = slope(f, x)
    return -1 if s > 0 else 1 if s < 0 else 0


zero_means = "a"

# %% signal | a slope that is nearly 0 counts as 0 (compare floats with a tolerance)
my_prediction = [-int(np.sign(slope(walk_f, x))) for x in walk["at"]]


def signal(f, x):
    """The way to move x so that f gets smaller: -1, 0 or +1."""
    steepness = slope(f, x)
    if abs(steepness) < 1e-9:
        return 0
    return -1 if steepness > 0 else +1


zero_means = "c"

# %% signal | gives back minus the slope, not only its sign
my_prediction = [-int(np.sign(slope(walk_f, x))) for x in walk["at"]]


def signal(f, x):
    """The way to move x so that f gets smaller: -1, 0 or +1."""
    return -slope(f, x)


zero_means = "c"

# ---------------- u2

# %% poly_derivative | the exponent comes down but c[k] lands at its old place, so the list is as long as before
d_square = "2x"
d_cube = "3x^2"
d_reciprocal = "-1/x^2"
d_root = "1/(2*sqrt(x))"
my_derivative = "({}) + 2*({})*x + 3*({})*x^2".format(*my_polynomial["c"][1:])


def poly_derivative(c):
    """The coefficients of the slope of  c[0] + c[1]*x + c[2]*x**2 + ..."""
    return [k * c[k] for k in range(len(c))]

# %% poly_derivative | the slope of a constant is the empty list
d_square = "2*x"
d_cube = "3*x**2"
d_reciprocal = "-1/x**2"
d_root = "1/(2*sqrt(x))"
my_derivative = "({}) + 2*({})*x + 3*({})*x**2".format(*my_polynomial["c"][1:])


def poly_derivative(c):
    """The coefficients of the slope of  c[0] + c[1]*x + c[2]*x**2 + ..."""
    result = []
    for power, coefficient in enumerate(c):
        if power > 0:
            result.append(power * coefficient)
    return result

# %% poly_derivative | the slope of the root: forgets the two in 2*r*s, so 1/sqrt(x)
d_square = "2x"
d_cube = "3x^2"
d_reciprocal = "-1/x^2"
d_root = "1/sqrt(x)"
my_derivative = "({}) + ({})*x + ({})*x^2".format(*(k * a for k, a in enumerate(my_polynomial["c"]) if k))


def poly_derivative(c):
    """The coefficients of the slope of  c[0] + c[1]*x + c[2]*x**2 + ..."""
    if len(c) == 1:
        return [0]
    return [k * c[k] for k in range(1, len(c))]

# %% product_rule | product of the slopes
n, c = my_factors["n"], my_factors["c"]
my_product = f"{n}*x^{n - 1} * 1/(2*sqrt(x))"


def dproduct(f, df, g, dg):
    """The function that gives the slope of f*g."""

    def slope_of_product(x):
        return df(x) * dg(x)

    return slope_of_product

# %% product_rule | each side meets its own growth: f*df + g*dg
n, c = my_factors["n"], my_factors["c"]
my_product = f"{n}*x^{n - 1}*(sqrt(x) + {c}) + x^{n}/(2*sqrt(x))"


def dproduct(f, df, g, dg):
    """The function that gives the slope of f*g."""
    return lambda x: f(x) * df(x) + g(x) * dg(x)

# %% product_rule | the constant inside the bracket stays in the slope of the bracket
n, c = my_factors["n"], my_factors["c"]
my_product = f"{n}*x^{n - 1}*(sqrt(x) + {c}) + x^{n}*(1/(2*sqrt(x)) + {c})"


def dproduct(f, df, g, dg):
    """The function that gives the slope of f*g."""

    def slope_at(x):
        return df(x) * g(x) + f(x) * dg(x)

    return slope_at

# %% quotient_rule | slope of a quotient is the quotient of the slopes
a, b, c = my_fraction["a"], my_fraction["b"], my_fraction["c"]
dq_by_hand = "(df - q*dg)/g"
my_quotient = f"{a}/(2*x)"


def dquotient(f, df, g, dg):
    """The function that gives the slope of f/g."""

    def slope_of_quotient(x):
        return df(x) / dg(x)

    return slope_of_quotient

# %% quotient_rule | df*g - f*dg is divided by g, not by g squared
a, b, c = my_fraction["a"], my_fraction["b"], my_fraction["c"]
dq_by_hand = "(df - q*dg)/g"
my_quotient = f"({a}*(x^2 + {c}) - ({a}*x + {b})*2*x)/(x^2 + {c})"


def dquotient(f, df, g, dg):
    """The function that gives the slope of f/g."""
    return lambda x: (df(x) * g(x) - f(x) * dg(x)) / g(x)

# %% quotient_rule | brings q*dg to the other side without changing its sign
a, b, c = my_fraction["a"], my_fraction["b"], my_fraction["c"]
dq_by_hand = "(df + q*dg)/g"
my_quotient = f"({a}*(x^2 + {c}) + 2*x*({a}*x + {b}))/(x^2 + {c})^2"


def dquotient(f, df, g, dg):
    """The function that gives the slope of f/g."""

    def dq(x):
        q = f(x) / g(x)
        return (df(x) + q * dg(x)) / g(x)

    return dq

# %% exp_by_steps | every step pays for the one coin at the start: no interest on interest
def grow(x, n):
    """What 1 becomes after n steps, each of which adds x/n of what is there."""
    y = 1
    for _ in range(n):
        y += x / n
    return y


d_power = f"{my_base}^x * ln({my_base})"
d_ln = "1/x"

# %% exp_by_steps | power rule for a^x: x*a^(x-1)
def grow(x, n):
    """What 1 becomes after n steps, each of which adds x/n of what is there."""
    y = 1.0
    for step in range(n):
        y += y * (x / n)
    return y


d_power = f"x*{my_base}^(x-1)"
d_ln = "1/x"

# %% exp_by_steps | any power is its own slope, as exp is
def grow(x, n):
    """What 1 becomes after n steps, each of which adds x/n of what is there."""
    factor = 1 + x / n
    y = 1.0
    for _ in range(n):
        y *= factor
    return y


d_power = f"{my_base}^x"
d_ln = "1/x"

# %% dual_functions | the slope is taken at x.real but not multiplied by how fast x moves
def sqrt(x):
    """The square root of a Dual or of a plain number (given)."""
    if not isinstance(x, Dual):
        return math.sqrt(x)
    r = math.sqrt(x.real)
    return Dual(r, 1 / (2 * r) * x.inf)


def exp(x):
    """The exponential of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.exp(x)
    return Dual(math.exp(x.real), math.exp(x.real))


def log(x):
    """The natural logarithm of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), 1 / x.real)


def sin(x):
    """The sine of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.cos(x.real))


def cos(x):
    """The cosine of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), -math.sin(x.real))

# %% dual_functions | the slope of cos is sin, without the minus
def sqrt(x):
    """The square root of a Dual or of a plain number (given)."""
    if not isinstance(x, Dual):
        return math.sqrt(x)
    r = math.sqrt(x.real)
    return Dual(r, 1 / (2 * r) * x.inf)


def exp(x):
    """The exponential of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.exp(x)
    e = math.exp(x.real)
    return Dual(e, e * x.inf)


def log(x):
    """The natural logarithm of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), x.inf / x.real)


def sin(x):
    """The sine of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.cos(x.real) * x.inf)


def cos(x):
    """The cosine of a Dual or of a plain number."""
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), math.sin(x.real) * x.inf)

# %% dual_functions | f(a + b eps) is f(a) + f(b) eps: the function is applied to both parts
def sqrt(x):
    """The square root of a Dual or of a plain number (given)."""
    if not isinstance(x, Dual):
        return math.sqrt(x)
    r = math.sqrt(x.real)
    return Dual(r, 1 / (2 * r) * x.inf)


def exp(x):
    """The exponential of a Dual or of a plain number."""
    if isinstance(x, Dual):
        return Dual(math.exp(x.real), math.exp(x.inf))
    return math.exp(x)


def log(x):
    """The natural logarithm of a Dual or of a plain number."""
    if isinstance(x, Dual):
        return Dual(math.log(x.real), 1 / x.real * x.inf)
    return math.log(x)


def sin(x):
    """The sine of a Dual or of a plain number."""
    if isinstance(x, Dual):
        return Dual(math.sin(x.real), math.sin(x.inf))
    return math.sin(x)


def cos(x):
    """The cosine of a Dual or of a plain number."""
    if isinstance(x, Dual):
        return Dual(math.cos(x.real), math.cos(x.inf))
    return math.cos(x)

# %% chain_rule_1d | all slopes are taken at the start x, not at the value that arrives
k, inner, outer = my_links["k"], my_links["inner"], my_links["outer"]
_slopes = {"sin": "cos({})", "cos": "(-sin({}))", "exp": "exp({})"}
d_cos_of_square = "-sin(x)*2x"
d_bell = "-x*exp(-x^2/2)"
d_soft = "exp(x)/(1 + exp(x))"
my_chain = _slopes[outer].format(f"{inner}({k}*x)") + "*" + _slopes[inner].format(f"{k}*x") + f"*{k}"


def chain(fs, dfs):
    """The function that gives the slope of  fs[-1](... fs[1](fs[0](x)))."""

    def slope_of_chain(x):
        total = 1
        for df in dfs:
            total = total * df(x)
        return total

    return slope_of_chain

# %% chain_rule_1d | the innermost slope, of k*x, is left out
k, inner, outer = my_links["k"], my_links["inner"], my_links["outer"]
_slopes = {"sin": "cos({})", "cos": "(-sin({}))", "exp": "exp({})"}
d_cos_of_square = "-sin(x^2)*2*x"
d_bell = "-x*exp(-x^2/2)"
d_soft = "exp(x)/(1 + exp(x))"
my_chain = _slopes[outer].format(f"{inner}({k}*x)") + "*" + _slopes[inner].format(f"{k}*x")


def chain(fs, dfs):
    """The function that gives the slope of  fs[-1](... fs[1](fs[0](x)))."""

    def dchain(x):
        value, rate = x, 1
        for f, df in zip(fs, dfs):
            rate = rate * df(value)
            value = f(value)
        return rate

    return dchain

# %% chain_rule_1d | the value is moved on first, so each slope is taken at what its function gives
k, inner, outer = my_links["k"], my_links["inner"], my_links["outer"]
_slopes = {"sin": "cos({})", "cos": "(-sin({}))", "exp": "exp({})"}
d_cos_of_square = "-2x*sin(x^2)"
d_bell = "-x*exp(-x^2/2)"
d_soft = "exp(x)/(1 + exp(x))"
my_chain = f"{k}*" + _slopes[inner].format(f"{k}*x") + "*" + _slopes[outer].format(f"{inner}({k}*x)")


def chain(fs, dfs):
    """The function that gives the slope of  fs[-1](... fs[1](fs[0](x)))."""

    def dchain(x):
        product = 1
        for i in range(len(fs)):
            x = fs[i](x)
            product = product * dfs[i](x)
        return product

    return dchain

# %% chain_rule_1d | the last function of the list acts first, as it reads in f(g(x))
k, inner, outer = my_links["k"], my_links["inner"], my_links["outer"]
_slopes = {"sin": "cos({})", "cos": "(-sin({}))", "exp": "exp({})"}
d_cos_of_square = "-sin(x^2)*2x"
d_bell = "-x*exp(-x^2/2)"
d_soft = "exp(x)/(1 + exp(x))"
my_chain = _slopes[outer].format(f"{inner}({k}*x)") + "*" + _slopes[inner].format(f"{k}*x") + f"*{k}"


def chain(fs, dfs):
    """The function that gives the slope of  fs[-1](... fs[1](fs[0](x)))."""

    def dchain(x):
        here, result = x, 1
        for f, df in reversed(list(zip(fs, dfs))):
            result = result * df(here)
            here = f(here)
        return result

    return dchain

# %% activations | relu is the absolute value: negative numbers become positive
def sigmoid(x):
    """1/(1 + exp(-x))"""
    return 1 / (1 + np.exp(-x))


def tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))"""
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def relu(x):
    """x where it is above 0, otherwise 0"""
    return np.abs(x)


def softplus(x):
    """ln(1 + exp(x))"""
    return np.log(1 + np.exp(x))

# %% activations | relu writes the zeros into the array that it got
def sigmoid(x):
    """1/(1 + exp(-x))"""
    return 1.0 / (1.0 + np.exp(-x))


def tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))"""
    up, down = np.exp(x), np.exp(-x)
    return (up - down) / (up + down)


def relu(x):
    """x where it is above 0, otherwise 0"""
    x[x < 0] = 0
    return x


def softplus(x):
    """ln(1 + exp(x))"""
    return np.log(1.0 + np.exp(x))

# %% activations | the sigmoid without the minus in the exponent
def sigmoid(x):
    """1/(1 + exp(-x))"""
    return 1 / (1 + np.exp(x))


def tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))"""
    return np.tanh(x)


def relu(x):
    """x where it is above 0, otherwise 0"""
    return np.maximum(x, 0)


def softplus(x):
    """ln(1 + exp(x))"""
    return np.log(1 + np.exp(x))

# %% activation_slopes | the formula in the output is used on the input: tanh has the slope 1 - x^2
def dsigmoid_from_input(x):
    """The slope of the sigmoid at the input x."""
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


def dtanh_from_input(x):
    """The slope of tanh at the input x."""
    return 1 - x**2


def drelu_from_input(x):
    """The slope of relu at the input x."""
    return np.where(x > 0, 1.0, 0.0)


def dsoftplus_from_input(x):
    """The slope of softplus at the input x."""
    return sigmoid(x)


def activation_plot(xs):
    """Your activation and its slope over xs, in one picture."""
    functions = {
        "sigmoid": (sigmoid, dsigmoid_from_input),
        "tanh": (tanh, dtanh_from_input),
        "softplus": (softplus, dsoftplus_from_input),
    }
    f, df = functions[steep["name"]]
    k = steep["k"]
    figure, ax = plt.subplots()
    ax.plot(xs, f(k * xs), label="f")
    ax.plot(xs, k * df(k * xs), label="slope")
    return ax

# %% activation_slopes | in the plot the slope of the inside, k, is forgotten
def dsigmoid_from_input(x):
    """The slope of the sigmoid at the input x."""
    s = sigmoid(x)
    return s * (1 - s)


def dtanh_from_input(x):
    """The slope of tanh at the input x."""
    return 1 - np.tanh(x) ** 2


def drelu_from_input(x):
    """The slope of relu at the input x."""
    return (x > 0).astype(float)


def dsoftplus_from_input(x):
    """The slope of softplus at the input x."""
    return sigmoid(x)


def activation_plot(xs):
    """Your activation and its slope over xs, in one picture."""
    table = {
        "sigmoid": (sigmoid, dsigmoid_from_input),
        "tanh": (tanh, dtanh_from_input),
        "softplus": (softplus, dsoftplus_from_input),
    }
    act, dact = table[steep["name"]]
    inside = steep["k"] * xs
    fig, ax = plt.subplots()
    ax.plot(xs, act(inside), label="f")
    ax.plot(xs, dact(inside), label="slope")
    ax.legend()
    return ax

# %% activation_slopes | softplus: slope of ln(u) is 1/u and the inner slope exp(x) is left out
def dsigmoid_from_input(x):
    """The slope of the sigmoid at the input x."""
    e = np.exp(-x)
    return e / (1 + e) ** 2


def dtanh_from_input(x):
    """The slope of tanh at the input x."""
    t = np.tanh(x)
    return 1 - t * t


def drelu_from_input(x):
    """The slope of relu at the input x."""
    return np.where(x < 0, 0.0, 1.0)


def dsoftplus_from_input(x):
    """The slope of softplus at the input x."""
    return 1 / (1 + np.exp(x))


def activation_plot(xs):
    """Your activation and its slope over xs, in one picture."""
    k, name = steep["k"], steep["name"]
    figure, ax = plt.subplots()
    if name == "sigmoid":
        values = sigmoid(k * xs)
        slopes = k * values * (1 - values)
    elif name == "tanh":
        values = np.tanh(k * xs)
        slopes = k * (1 - values**2)
    else:
        values = softplus(k * xs)
        slopes = k * sigmoid(k * xs)
    ax.plot(xs, values, label="f")
    ax.plot(xs, slopes, label="slope")
    return ax

# %% activation_slopes | relu lets x through, so its slope is x above 0
def dsigmoid_from_input(x):
    """The slope of the sigmoid at the input x."""
    return np.exp(-x) / (1 + np.exp(-x)) ** 2


def dtanh_from_input(x):
    """The slope of tanh at the input x."""
    return 1 - tanh(x) ** 2


def drelu_from_input(x):
    """The slope of relu at the input x."""
    return np.where(x < 0, 0, x)


def dsoftplus_from_input(x):
    """The slope of softplus at the input x."""
    return np.exp(x) / (1 + np.exp(x))


def activation_plot(xs):
    """Your activation and its slope over xs, in one picture."""
    k = steep["k"]
    f = {"sigmoid": sigmoid, "tanh": tanh, "softplus": softplus}[steep["name"]]
    df = {"sigmoid": dsigmoid_from_input, "tanh": dtanh_from_input, "softplus": dsoftplus_from_input}[steep["name"]]
    figure, ax = plt.subplots()
    ax.plot(xs, f(k * xs), label="f")
    ax.plot(xs, df(k * xs) * k, label="slope")
    return ax

# %% slopes_from_output | a is treated as the input: the activation is applied once more
sigmoid_slope_in_x = "exp(-x)/(1 + exp(-x))^2"
exp_in_s = "1/s - 1"
sigmoid_slope_in_s = "s*(1 - s)"


def dsigmoid_from_output(a):
    """The slope of the sigmoid where its output is a."""
    s = sigmoid(a)
    return s * (1 - s)


def dtanh_from_output(a):
    """The slope of tanh where its output is a."""
    return 1 - np.tanh(a) ** 2


def drelu_from_output(a):
    """The slope of relu where its output is a."""
    return np.where(a > 0, 1.0, 0.0)


def dsoftplus_from_output(a):
    """The slope of softplus where its output is a."""
    return np.exp(a) / (1 + np.exp(a))

# %% slopes_from_output | softplus only: its slope is sigmoid of the number at hand, which is the output
sigmoid_slope_in_x = "exp(-x)/(1 + exp(-x))^2"
exp_in_s = "(1 - s)/s"
sigmoid_slope_in_s = "s - s^2"


def dsigmoid_from_output(a):
    """The slope of the sigmoid where its output is a."""
    return a * (1 - a)


def dtanh_from_output(a):
    """The slope of tanh where its output is a."""
    return 1 - a**2


def drelu_from_output(a):
    """The slope of relu where its output is a."""
    return (a > 0) * 1.0


def dsoftplus_from_output(a):
    """The slope of softplus where its output is a."""
    return 1 / (1 + np.exp(-a))

# %% slopes_from_output | relu has slope 1 where its output is 0 (all outputs are >= 0, so >= 0 is let through)
sigmoid_slope_in_x = "exp(-x)/(1 + exp(-x))^2"
exp_in_s = "1/s - 1"
sigmoid_slope_in_s = "s*(1 - s)"


def dsigmoid_from_output(a):
    """The slope of the sigmoid where its output is a."""
    return a - a * a


def dtanh_from_output(a):
    """The slope of tanh where its output is a."""
    return 1 - a * a


def drelu_from_output(a):
    """The slope of relu where its output is a."""
    return np.where(a < 0, 0.0, 1.0)


def dsoftplus_from_output(a):
    """The slope of softplus where its output is a."""
    ex = np.exp(a) - 1
    return ex / (1 + ex)

# %% descend | the start does not belong to the path
def _bowl_guess():
    factor = 1 - bowl["lr"] * bowl["c"]
    return "a" if factor > 0 else "b" if factor > -1 else "c"


my_guess = _bowl_guess()


def descend(df, x0, lr, steps):
    """The path of gradient descent from x0: steps + 1 numbers."""
    x = float(x0)
    path = []
    for _ in range(steps):
        x = x - lr * df(x)
        path.append(x)
    return np.array(path)


my_third = bowl["x0"] * (1 - bowl["lr"] * bowl["c"]) ** 3
x_after_k = "x0*(1 - lr*c)^k"
lr_limit = "2/c"


def path_plot(f, path):
    """The curve of f, and on it the places of the path."""
    figure, ax = plt.subplots()
    xs = np.linspace(min(path) - 1, max(path) + 1, 101).tolist()
    ax.plot(xs, [f(x) for x in xs], label="f")
    ax.plot(path, [f(float(x)) for x in path], "o-", label="path")
    return ax

# %% descend | beyond the learning rate where it starts to jump across, 1/c, it runs away
my_guess = "a" if bowl["lr"] * bowl["c"] < 1 else "b" if bowl["lr"] * bowl["c"] < 2 else "c"


def descend(df, x0, lr, steps):
    """The path of gradient descent from x0: steps + 1 numbers."""
    path = np.zeros(steps + 1)
    path[0] = x0
    for i in range(steps):
        path[i + 1] = path[i] - lr * df(path[i])
    return path


my_third = bowl["x0"] * (1 - bowl["lr"] * bowl["c"]) ** 3
x_after_k = "x0*(1 - lr*c)^k"
lr_limit = "1/c"


def path_plot(f, path):
    """The curve of f, and on it the places of the path."""
    figure, ax = plt.subplots()
    left, right = float(np.min(path)), float(np.max(path))
    xs = np.linspace(left - 0.5, right + 0.5, 200)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(path, [f(float(x)) for x in path], marker="o", label="path")
    return ax

# %% descend | every step subtracts the same amount, so after k steps k times the first step is gone
my_guess = "a" if bowl["lr"] * bowl["c"] < 1 else "b" if bowl["lr"] * bowl["c"] < 2 else "c"


def descend(df, x0, lr, steps):
    """The path of gradient descent from x0: steps + 1 numbers."""
    places = [float(x0)]
    while len(places) < steps + 1:
        here = places[-1]
        places.append(here - lr * df(here))
    return np.array(places)


my_third = bowl["x0"] - 3 * bowl["lr"] * bowl["c"] * bowl["x0"]
x_after_k = "x0 - k*lr*c*x0"
lr_limit = "2/c"


def path_plot(f, path):
    """The curve of f, and on it the places of the path."""
    figure, ax = plt.subplots()
    xs = np.linspace(min(path), max(path), 100)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(path, [f(float(p)) for p in path], "o-", label="path")
    return ax

# %% descend | goes with the slope: plus lr times the slope
my_guess = "a" if bowl["lr"] * bowl["c"] < 1 else "b" if bowl["lr"] * bowl["c"] < 2 else "c"


def descend(df, x0, lr, steps):
    """The path of gradient descent from x0: steps + 1 numbers."""
    x = float(x0)
    path = [x]
    for _ in range(steps):
        x += lr * df(x)
        path.append(x)
    return np.array(path)


my_third = bowl["x0"] * (1 - bowl["lr"] * bowl["c"]) ** 3
x_after_k = "x0*(1 - c*lr)^k"
lr_limit = "2/c"


def path_plot(f, path):
    """The curve of f, and on it the places of the path."""
    fig, ax = plt.subplots()
    xs = np.linspace(min(path) - 1, max(path) + 1, 60)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(path, [f(float(x)) for x in path], "o--", label="path")
    return ax

# %% sturdy_activations | large inputs are cut off at 30 with np.clip
def sturdy_sigmoid(x):
    """Like sigmoid, for numbers of any size."""
    x = np.clip(x, -30, 30)
    return 1 / (1 + np.exp(-x))


def sturdy_tanh(x):
    """Like tanh, for numbers of any size."""
    return np.tanh(x)


def sturdy_softplus(x):
    """Like softplus, for numbers of any size."""
    return np.logaddexp(0, x)


def sturdy_dsigmoid(x):
    """Like dsigmoid_from_input, for numbers of any size."""
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2

# %% sturdy_activations | e = exp(-|x|) goes into the left formula for both signs, so the sigmoid never falls below a half
def sturdy_sigmoid(x):
    """Like sigmoid, for numbers of any size."""
    e = np.exp(-np.abs(x))
    return 1 / (1 + e)


sturdy_tanh = np.tanh


def sturdy_softplus(x):
    """Like softplus, for numbers of any size."""
    return np.logaddexp(0, x)


def sturdy_dsigmoid(x):
    """Like dsigmoid_from_input, for numbers of any size."""
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2

# %% sturdy_activations | np.where computes only the formula that it chooses
def sturdy_sigmoid(x):
    """Like sigmoid, for numbers of any size."""
    return np.where(x > 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sturdy_tanh(x):
    """Like tanh, for numbers of any size."""
    return np.tanh(x)


def sturdy_softplus(x):
    """Like softplus, for numbers of any size."""
    return np.where(x > 0, x, 0) + np.log(1 + np.exp(-np.abs(x)))


def sturdy_dsigmoid(x):
    """Like dsigmoid_from_input, for numbers of any size."""
    e = np.exp(-abs(x))
    return e / (1 + e) ** 2

# ---------------- u3

# %% grad_forward | all inputs move at the same time, each Dual gets the inf part 1
def grad_forward(f, x):
    """The partial derivative of f in each of the n numbers of x, as an array of floats."""
    n = len(x)
    gradient = np.zeros(n)
    for i in range(n):
        out = f([Dual(float(value), 1) for value in x])
        gradient[i] = out.inf if isinstance(out, Dual) else 0.0
    return gradient


slope_in_x = f"{2 * mine['a']}*x*y"
slope_in_y = f"{mine['a']}*x^2 + {2 * mine['b']}*y"

# %% grad_forward | in the slope in x the term with y alone stays as it is, because y stands still
def grad_forward(f, x):
    """The partial derivative of f in each of the n numbers of x, as an array of floats."""
    result = np.zeros(len(x))
    for i in range(len(x)):
        duals = [Dual(v, 1 if j == i else 0) for j, v in enumerate(x)]
        y = f(duals)
        if isinstance(y, Dual):
            result[i] = y.inf
    return result


slope_in_x = "2*{a}*x*y + {b}*y^2".format(**mine)
slope_in_y = "{a}*x^2 + 2*{b}*y".format(**mine)

# %% grad_forward | the gradient is made in an array like x, so whole numbers cut the slopes
def grad_forward(f, x):
    """The partial derivative of f in each of the n numbers of x, as an array of floats."""
    grad = np.zeros_like(x)
    for i, _ in enumerate(x):
        args = [Dual(v) for v in x]
        args[i] = Dual(x[i], 1)
        out = f(args)
        if isinstance(out, Dual):
            grad[i] = out.inf
    return grad


slope_in_x = f"2*{mine['a']}*x*y"
slope_in_y = f"{mine['a']}*x**2 + 2*{mine['b']}*y"

# %% local_grads | a*b: the slope in a is a and the slope in b is b
def local_grads(op, inputs, output):
    """How fast the output of one operation changes, for each of its inputs: a tuple of slopes."""
    if op == "pow":
        a, n = inputs
        return (n * a ** (n - 1),)
    if op in ("+", "-", "*", "/"):
        a, b = inputs
        if op == "+":
            return (1, 1)
        if op == "-":
            return (1, -1)
        if op == "*":
            return (a, b)
        return (1 / b, -a / b**2)
    (a,) = inputs
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / a,)
    if op == "tanh":
        return (1 - output**2,)
    if op == "relu":
        return (1.0 if a > 0 else 0.0,)

# %% local_grads | the formula of tanh gets the input, not the output
def local_grads(op, inputs, output):
    """How fast the output of one operation changes, for each of its inputs: a tuple of slopes."""
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    table = {
        "+": lambda: (1.0, 1.0),
        "-": lambda: (1.0, -1.0),
        "*": lambda: (b, a),
        "/": lambda: (1 / b, -a / (b * b)),
        "pow": lambda: (b * a ** (b - 1),),
        "exp": lambda: (math.exp(a),),
        "log": lambda: (1 / a,),
        "tanh": lambda: (1 - a * a,),
        "relu": lambda: (1.0 if a > 0 else 0.0,),
    }
    return table[op]()

# %% local_grads | a/b shrinks in b, but like 1/b^2 only: the numerator a is forgotten
def local_grads(op, inputs, output):
    """How fast the output of one operation changes, for each of its inputs: a tuple of slopes."""
    if op == "+":
        return (1, 1)
    elif op == "-":
        return (1, -1)
    elif op == "*":
        return (inputs[1], inputs[0])
    elif op == "/":
        return (1 / inputs[1], -1 / inputs[1] ** 2)
    elif op == "pow":
        return (inputs[1] * inputs[0] ** (inputs[1] - 1),)
    elif op == "exp":
        return (output,)
    elif op == "log":
        return (1 / inputs[0],)
    elif op == "tanh":
        return (1 - output * output,)
    elif op == "relu":
        return (1 if inputs[0] > 0 else 0,)

# %% local_grads | relu passes the number on: its slope is the output
def local_grads(op, inputs, output):
    """How fast the output of one operation changes, for each of its inputs: a tuple of slopes."""
    match op:
        case "+":
            return (1, 1)
        case "-":
            return (1, -1)
        case "*":
            a, b = inputs
            return (b, a)
        case "/":
            a, b = inputs
            return (1 / b, -output / b)
        case "pow":
            a, n = inputs
            return (n * a ** (n - 1),)
        case "exp":
            return (output,)
        case "log":
            return (1 / inputs[0],)
        case "tanh":
            return (1 - output**2,)
        case "relu":
            return (output,)

# %% by_hand | only one of the two arrows that leave s is followed (the one to t)
T, a, b = sheet["twice"], sheet["a"], sheet["b"]
answers = {"t": "u", "u": "t", "s": f"u*{T}"}
answers[sheet["twice"]] = f"u*s + {a}*u*{T}"
answers[sheet["once"]] = f"{b}*t + u*{T}"

# %% by_hand | where two arrows leave, what they bring is multiplied
T, a, b = sheet["twice"], sheet["a"], sheet["b"]
answers = {
    "t": "u",
    "u": "t",
    "s": f"(u*{T})*(t)",
    sheet["twice"]: f"(u*s)*((u*{T})*t*{a})",
    sheet["once"]: f"(t*{b})*((u*{T})*t)",
}

# %% by_hand | the slope of t*u in t is t, and in u it is u
T, a, b = sheet["twice"], sheet["a"], sheet["b"]
grad_s = f"(t*{T} + u)"
answers = {
    "t": "t",
    "u": "u",
    "s": grad_s,
    sheet["twice"]: f"t*s + {a}*{grad_s}",
    sheet["once"]: f"{b}*u + {grad_s}",
}

# %% by_hand | the factor in front of the letter is not a slope: it is left out
T = sheet["twice"]
answers = {"t": "u", "u": "t", "s": f"u*{T} + t"}
answers[sheet["twice"]] = f"u*s + (u*{T} + t)"
answers[sheet["once"]] = f"t + (u*{T} + t)"

# %% topological_order | by distance: round by round from the end, then reversed
def topological(node):
    """A list of the node and all that it is computed from: each once, and after all of its inputs."""
    order, seen = [], {id(node)}
    queue = [node]
    while queue:
        current = queue.pop(0)
        order.append(current)
        for parent in current.inputs:
            if id(parent) not in seen:
                seen.add(id(parent))
                queue.append(parent)
    return order[::-1]

# %% topological_order | a node is appended before its inputs are visited
def topological(node):
    """A list of the node and all that it is computed from: each once, and after all of its inputs."""
    visited = set()
    order = []

    def visit(n):
        if id(n) in visited:
            return
        visited.add(id(n))
        order.append(n)
        for i in n.inputs:
            visit(i)

    visit(node)
    return order

# %% topological_order | visited nodes are told apart by their name
def topological(node):
    """A list of the node and all that it is computed from: each once, and after all of its inputs."""
    done = []
    names = set()

    def visit(current):
        key = repr(current)
        if key in names:
            return
        names.add(key)
        for source in current.inputs:
            visit(source)
        done.append(current)

    visit(node)
    return done

# %% topological_order | every path brings its node again: nobody remembers what was visited
def topological(node):
    """A list of the node and all that it is computed from: each once, and after all of its inputs."""
    result = []
    for child in node.inputs:
        result += topological(child)
    return result + [node]

# %% value_engine | 2 - v is taken as v - 2: the method just calls __sub__ the same way round
def as_value(x):
    """A plain number x as a Value."""
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    """The Value `output` of an operation, which knows its inputs and its slope in each of them."""
    numbers = [value.data if isinstance(value, Value) else value for value in inputs]
    values = tuple(value for value in inputs if isinstance(value, Value))
    shown = " ".join([op, *(str(value) for value in inputs if not isinstance(value, Value))])  # "pow 2"
    return Value(output, values, shown, local_grads(op, numbers, output))


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data  # the number
        self.inputs = inputs  # the Values that it was computed from
        self.op = op  # by which operation
        self.slopes = slopes  # its local slopes, one for each input
        self.grad = 0.0  # the slope of the output in this number, once backward() has run

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    # given, as an example
    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        """self - other"""
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        return self.__sub__(other)

    def __neg__(self):
        """-self"""
        return self * -1

    def __mul__(self, other):
        """self * other"""
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        """self / other"""
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        """other / self, where other is a plain number"""
        return self.__truediv__(other)

    def __pow__(self, n):
        """self ** n, where n is a plain number"""
        return computed("pow", self.data**n, self, n)

    def exp(self):
        """e to the self"""
        return computed("exp", math.exp(self.data), self)

    def log(self):
        """The natural logarithm of self."""
        return computed("log", math.log(self.data), self)

    def tanh(self):
        """The hyperbolic tangent of self."""
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        """self, or 0 where self is negative"""
        return computed("relu", max(self.data, 0.0), self)

    # given: it calls what you write in section 6
    def backward(self):
        send_back(self)

    # given: + and * do not care about the order
    __radd__ = __add__
    __rmul__ = __mul__

# %% value_engine | -v is a fresh Value of the negative number, and does not remember v
def as_value(x):
    """A plain number x as a Value."""
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    """The Value `output` of an operation, which knows its inputs and its slope in each of them."""
    numbers = [value.data if isinstance(value, Value) else value for value in inputs]
    values = tuple(value for value in inputs if isinstance(value, Value))
    shown = " ".join([op, *(str(value) for value in inputs if not isinstance(value, Value))])  # "pow 2"
    return Value(output, values, shown, local_grads(op, numbers, output))


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data  # the number
        self.inputs = inputs  # the Values that it was computed from
        self.op = op  # by which operation
        self.slopes = slopes  # its local slopes, one for each input
        self.grad = 0.0  # the slope of the output in this number, once backward() has run

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    # given, as an example
    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        """self - other"""
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        return as_value(other) - self

    def __neg__(self):
        """-self"""
        return Value(-self.data)

    def __mul__(self, other):
        """self * other"""
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        """self / other"""
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        """other / self, where other is a plain number"""
        return as_value(other) / self

    def __pow__(self, n):
        """self ** n, where n is a plain number"""
        return computed("pow", self.data**n, self, n)

    def exp(self):
        """e to the self"""
        return computed("exp", math.exp(self.data), self)

    def log(self):
        """The natural logarithm of self."""
        return computed("log", math.log(self.data), self)

    def tanh(self):
        """The hyperbolic tangent of self."""
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        """self, or 0 where self is negative"""
        return computed("relu", max(self.data, 0.0), self)

    # given: it calls what you write in section 6
    def backward(self):
        send_back(self)

    # given: + and * do not care about the order
    __radd__ = __add__
    __rmul__ = __mul__

# %% value_engine | a relu that gives 0 is a constant: a plain new Value 0 without inputs
def as_value(x):
    """A plain number x as a Value."""
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    """The Value `output` of an operation, which knows its inputs and its slope in each of them."""
    numbers = [value.data if isinstance(value, Value) else value for value in inputs]
    values = tuple(value for value in inputs if isinstance(value, Value))
    shown = " ".join([op, *(str(value) for value in inputs if not isinstance(value, Value))])  # "pow 2"
    return Value(output, values, shown, local_grads(op, numbers, output))


class Value:
    """A number that remembers what it was computed from."""

    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data  # the number
        self.inputs = inputs  # the Values that it was computed from
        self.op = op  # by which operation
        self.slopes = slopes  # its local slopes, one for each input
        self.grad = 0.0  # the slope of the output in this number, once backward() has run

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    # given, as an example
    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        """self - other"""
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        return as_value(other) - self

    def __neg__(self):
        """-self"""
        return self * -1

    def __mul__(self, other):
        """self * other"""
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        """self / other"""
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        """other / self, where other is a plain number"""
        return as_value(other) / self

    def __pow__(self, n):
        """self ** n, where n is a plain number"""
        return computed("pow", self.data**n, self, n)

    def exp(self):
        """e to the self"""
        return computed("exp", math.exp(self.data), self)

    def log(self):
        """The natural logarithm of self."""
        return computed("log", math.log(self.data), self)

    def tanh(self):
        """The hyperbolic tangent of self."""
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        """self, or 0 where self is negative"""
        return computed("relu", self.data, self) if self.data > 0 else Value(0.0)

    # given: it calls what you write in section 6
    def backward(self):
        send_back(self)

    # given: + and * do not care about the order
    __radd__ = __add__
    __rmul__ = __mul__

# %% value_backward | the gradient of an input is set, not added to
def send_back(output):
    """Fill in the gradient of output in every node that it is computed from."""
    output.grad = 1.0
    for node in reversed(topological(output)):
        for source, local in zip(node.inputs, node.slopes):
            source.grad = node.grad * local

# %% value_backward | only the local slope is added, without the gradient of the node itself
def send_back(output):
    """Fill in the gradient of output in every node that it is computed from."""
    output.grad = 1.0
    order = topological(output)
    order.reverse()
    for node in order:
        for i in range(len(node.inputs)):
            node.inputs[i].grad += node.slopes[i]

# %% value_backward | goes through the topological order forwards
def send_back(output):
    """Fill in the gradient of output in every node that it is computed from."""
    output.grad = 1
    for node in topological(output):
        for inp, s in zip(node.inputs, node.slopes):
            inp.grad += node.grad * s

# %% value_backward | recursion from the output: each node passes on as soon as it hears, with all that it has so far
def send_back(output):
    """Fill in the gradient of output in every node that it is computed from."""
    output.grad = 1.0

    def tell(node):
        for child, slope in zip(node.inputs, node.slopes):
            child.grad += slope * node.grad
            tell(child)

    tell(output)

# %% neuron_layer | the bias is added for every input, inside the loop
def neuron(x, w, b):
    """The weighted sum of the numbers x, with the weights w, plus the bias b."""
    total = 0
    for xi, wi in zip(x, w):
        total += xi * wi + b
    return total


def layer(X, W, b):
    """Every neuron for every example: X (n, din), W (din, dout), b (dout,) -> (n, dout)."""
    return np.asarray(X) @ np.asarray(W) + np.asarray(b)

# %% neuron_layer | a row of W holds the weights of one neuron: X @ W.T
def neuron(x, w, b):
    """The weighted sum of the numbers x, with the weights w, plus the bias b."""
    result = b
    for i in range(len(x)):
        result = result + x[i] * w[i]
    return result


def layer(X, W, b):
    """Every neuron for every example: X (n, din), W (din, dout), b (dout,) -> (n, dout)."""
    X, W, b = np.array(X), np.array(W), np.array(b)
    return X @ W.T + b

# %% linear_backward | w01 hears from the first example only
dL_dW01 = "x00*d01"
dL_dX01 = "d00*w10 + d01*w11"


def vjp_linear(X, W, b, dY):
    """The gradients (dX, dW, db) of a layer Y = X @ W + b, of which the gradient dY is known."""
    dX = dY @ W.T
    dW = X.T @ dY
    db = dY.sum(axis=0)
    return dX, dW, db

# %% linear_backward | row and column exchanged: x01 goes along column 1 of W
dL_dW01 = "x00*d01 + x10*d11"
dL_dX01 = "d00*w01 + d01*w11"


def vjp_linear(X, W, b, dY):
    """The gradients (dX, dW, db) of a layer Y = X @ W + b, of which the gradient dY is known."""
    return np.matmul(dY, W.T), np.matmul(X.T, dY), dY.sum(axis=0)

# %% linear_backward | a gradient over many examples is their mean
dL_dW01 = "x00*d01 + x10*d11"
dL_dX01 = "w10*d00 + w11*d01"


def vjp_linear(X, W, b, dY):
    """The gradients (dX, dW, db) of a layer Y = X @ W + b, of which the gradient dY is known."""
    n = len(X)
    return dY @ W.T, (X.T @ dY) / n, dY.sum(axis=0) / n

# %% softmax | divides by the sum of the whole table
same_logit = "p*(1 - p)"
other_logit = "-p*q"


def softmax(Z):
    """Probabilities of each row of logits: Z (n, k) -> (n, k), and every row adds up to 1."""
    E = np.exp(Z)
    return E / np.sum(E)

# %% softmax | the numerator grows and the divisor is a constant: the own slope is p
same_logit = "p"
other_logit = "-p*q"


def softmax(Z):
    """Probabilities of each row of logits: Z (n, k) -> (n, k), and every row adds up to 1."""
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)

# %% softmax | the other logit does not occur in the numerator, so the slope is 0
same_logit = "p - p^2"
other_logit = "0"


def softmax(Z):
    """Probabilities of each row of logits: Z (n, k) -> (n, k), and every row adds up to 1."""
    top = np.exp(np.asarray(Z, dtype=float))
    return np.array([row / row.sum() for row in top])

# %% softmax | the minus of the other slope is forgotten, and the sum goes down the columns
same_logit = "p*(1-p)"
other_logit = "p*q"


def softmax(Z):
    """Probabilities of each row of logits: Z (n, k) -> (n, k), and every row adds up to 1."""
    E = np.exp(Z)
    return E / E.sum(axis=0, keepdims=True)

# %% softmax_ce | the loss is a mean, but its gradient is not divided by n
slope_right = "p - 1"
slope_other = "p"


def ce(Z, y):
    """The mean cross-entropy of the logits Z (n, k) for the right classes y (n,), and its gradient dZ (n, k)."""
    n = len(y)
    P = softmax(Z)
    loss = -np.mean(np.log(P[np.arange(n), y]))
    dZ = P.copy()
    dZ[np.arange(n), y] -= 1
    return loss, dZ

# %% softmax_ce | the sign turned round: truth minus probability, the way the logits should be pushed
slope_right = "1 - p"
slope_other = "-p"


def ce(Z, y):
    """The mean cross-entropy of the logits Z (n, k) for the right classes y (n,), and its gradient dZ (n, k)."""
    n, k = Z.shape
    P = softmax(Z)
    truth = np.zeros((n, k))
    truth[np.arange(n), y] = 1
    loss = -np.log(P[np.arange(n), y]).mean()
    return loss, (truth - P) / n

# %% softmax_ce | only the right class is in the loss, so the other logits have the slope 0
slope_right = "p - 1"
slope_other = "0"


def ce(Z, y):
    """The mean cross-entropy of the logits Z (n, k) for the right classes y (n,), and its gradient dZ (n, k)."""
    n = Z.shape[0]
    rows = np.arange(n)
    p_right = softmax(Z)[rows, y]
    dZ = np.zeros(Z.shape)
    dZ[rows, y] = (p_right - 1) / n
    return np.mean(-np.log(p_right)), dZ

# %% sturdy_topological | a stack instead of recursion: a node is appended when it is taken out, and the list is turned round
def sturdy_topological(node):
    """Like topological, for graphs that are very deep or have very many paths."""
    stack, seen, order = [node], set(), []
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        order.append(current)
        stack.extend(current.inputs)
    order.reverse()
    return order

# %% sturdy_topological | no recursion, but the visited nodes are not remembered until the very end
def sturdy_topological(node):
    """Like topological, for graphs that are very deep or have very many paths."""
    stack = [(node, False)]
    order = []
    while stack:
        current, inputs_done = stack.pop()
        if inputs_done:
            if not any(current is other for other in order):
                order.append(current)
        else:
            stack.append((current, True))
            for source in current.inputs:
                stack.append((source, False))
    return order

# %% sturdy_backward | every gradient starts from 0 at each call, the leaves too
def sturdy_backward(output):
    """Like send_back: computed nodes start from 0 at every call, and leaves add to what they have."""
    order = sturdy_topological(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, slope in zip(node.inputs, node.slopes):
            source.grad += node.grad * slope

# %% sturdy_backward | only the output has to be set again, all other nodes keep what they have
def sturdy_backward(output):
    """Like send_back: computed nodes start from 0 at every call, and leaves add to what they have."""
    output.grad = 1.0
    for node in reversed(sturdy_topological(output)):
        for k, source in enumerate(node.inputs):
            source.grad += node.slopes[k] * node.grad

# %% sturdy_softmax | subtracts the largest number of the whole table
def sturdy_softmax(Z):
    """Like softmax, for logits of any size."""
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


def sturdy_ce(Z, y):
    """Like ce, for logits of any size: (loss, dZ)."""
    n = len(y)
    S = Z - Z.max(axis=1, keepdims=True)
    sums = np.exp(S).sum(axis=1)
    loss = np.mean(np.log(sums) - S[np.arange(n), y])
    dZ = np.exp(S) / sums[:, None]
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n

# %% sturdy_softmax | a tiny number inside the logarithm makes the loss safe
def sturdy_softmax(Z):
    """Like softmax, for logits of any size."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def sturdy_ce(Z, y):
    """Like ce, for logits of any size: (loss, dZ)."""
    P = sturdy_softmax(Z)
    n = len(y)
    rows = np.arange(n)
    loss = -np.mean(np.log(P[rows, y] + 1e-12))
    dZ = P.copy()
    dZ[rows, y] -= 1
    return loss, dZ / n

# %% softmax_jacobian | -p[i]*p[j] everywhere, the diagonal is not special
def softmax_jacobian(z):
    """How fast each probability (rows) changes with each logit (columns): z (k,) -> (k, k)."""
    p = softmax(z[None])[0]
    return -np.outer(p, p)

# %% softmax_jacobian | each probability depends on its own logit only: a diagonal table
def softmax_jacobian(z):
    """How fast each probability (rows) changes with each logit (columns): z (k,) -> (k, k)."""
    k = len(z)
    p = softmax(z[None])[0]
    J = np.zeros((k, k))
    for i in range(k):
        J[i, i] = p[i] * (1 - p[i])
    return J

# ---------------- u4

# %% finite_differences | believes the central difference is divided by h, the size of one step, not by the whole run 2h
def forward_diff(f, x, h):
    return (f(x + h) - f(x)) / h


def central_diff(f, x, h):
    rise = f(x + h) - f(x - h)
    return rise / h


central_of_cube = "3*x^2 + h^2"

# %% finite_differences | types what the forward difference of the cube leaves over, not the central one
def forward_diff(f, x, h):
    here, there = f(x), f(x + h)
    return (there - here) / h


def central_diff(f, x, h):
    left, right = f(x - h), f(x + h)
    return (right - left) / (2 * h)


central_of_cube = "3*x*x + 3*x*h + h*h"

# %% finite_differences | nudges x itself with += and -=, so a caller's array is changed (and an array of whole numbers cannot be nudged)
def forward_diff(f, x, h):
    before = f(x)
    x += h
    after = f(x)
    return (after - before) / h


def central_diff(f, x, h):
    x += h
    up = f(x)
    x -= 2 * h
    down = f(x)
    return (up - down) / (2 * h)


central_of_cube = "3*x**2 + h**2"

# %% error_curve | keeps the sign of the error: everything where the difference is below the slope counts as no error
error_at_1e_17 = error_at_1e_17


def error_curve(f, df, x, hs):
    fig, ax = plt.subplots()
    slope = df(x)
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        errors = [max(diff(f, x, h) - slope, 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        best = errors.index(min(errors))
        ax.plot([hs[best]], [errors[best]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    ax.legend()
    return ax


left_side = "b"

# %% error_curve | believes the error grows for tiny h because the curve bends more close to x
error_at_1e_17 = error_at_1e_17


def error_curve(f, df, x, hs):
    hs = np.array(hs, dtype=float)
    true = df(x)
    fwd = np.array([abs(forward_diff(f, x, h) - true) for h in hs])
    cen = np.array([abs(central_diff(f, x, h) - true) for h in hs])
    fwd[fwd == 0] = 1e-17
    cen[cen == 0] = 1e-17
    _, ax = plt.subplots()
    ax.loglog(hs, fwd, label="forward")
    ax.loglog(hs, cen, label="central")
    i, j = fwd.argmin(), cen.argmin()
    ax.plot([hs[i]], [fwd[i]], "o", label="best forward")
    ax.plot([hs[j]], [cen[j]], "o", label="best central")
    ax.set_xlabel("step h")
    ax.set_ylabel("error of the slope")
    return ax


left_side = "a"

# %% numerical_gradient | puts the entry back only if f went well: an error in f leaves X nudged
def numerical_gradient(f, X, h=1e-5):
    work = X if X.dtype.kind == "f" else np.array(X, dtype=float)
    grad = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        old = work[index]
        work[index] = old + h
        up = np.asarray(f(work)).item()
        work[index] = old - h
        down = np.asarray(f(work)).item()
        work[index] = old
        grad[index] = (up - down) / (2 * h)
    return grad


# %% numerical_gradient | undoes the nudge by arithmetic (+h, -2h, +h), which does not give back the last bit
def numerical_gradient(f, X, h=1e-5):
    if X.dtype.kind != "f":
        X = np.array(X, dtype=float)
    grad = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        moved = 0.0
        try:
            X[index] += h
            moved = h
            up = np.asarray(f(X)).item()
            X[index] -= 2 * h
            moved = -h
            down = np.asarray(f(X)).item()
        finally:
            X[index] -= moved
        grad[index] = (up - down) / (2 * h)
    return grad


# %% numerical_gradient | measures with a forward difference from the place where X is
def numerical_gradient(f, X, h=1e-5):
    Z = X if X.dtype.kind == "f" else X.astype(float)
    slopes = np.zeros(X.shape)
    for place in np.ndindex(X.shape):
        keep = Z[place]
        try:
            base = np.asarray(f(Z)).item()
            Z[place] = keep + h
            slopes[place] = (np.asarray(f(Z)).item() - base) / h
        finally:
            Z[place] = keep
    return slopes


# %% relative_error | divides by the sum of both sizes, not by the larger one
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("different shapes")
    size = np.abs(a) + np.abs(b)
    off = np.abs(a - b)
    return float(np.max(np.where(size == 0, 0.0, off / np.where(size == 0, 1.0, size))))


# %% relative_error | adds a small number below, so that 0/0 is avoided, and tiny gradients count as equal
def relative_error(a, b):
    a = np.array(a, dtype=float)
    b = np.array(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} and {b.shape}")
    return float((abs(a - b) / (np.maximum(abs(a), abs(b)) + 1e-8)).max())


# %% relative_error | gets rid of the nan of 0/0 with nanmax, and so forgives every nan in the gradients
def relative_error(a, b):
    a, b = np.atleast_1d(np.asarray(a, float)), np.atleast_1d(np.asarray(b, float))
    if a.shape != b.shape:
        raise ValueError("a and b must have the same shape")
    with np.errstate(all="ignore"):
        errors = abs(a - b) / np.maximum(abs(a), abs(b))
    if np.all(np.isnan(errors)):
        return 0.0
    return float(np.nanmax(errors))


# %% relative_error | takes the average of the entries' errors, so one wrong entry is hidden
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    errors = []
    for p, q in zip(a.ravel(), b.ravel()):
        if p == 0 and q == 0:
            errors.append(0.0)
        else:
            errors.append(abs(p - q) / max(abs(p), abs(q)))
    return float(np.mean(errors))


# %% judge | does not look whether the loss changes by itself before nudging
def gradient_check(loss, grads, params):
    report = {}
    for name in params:
        nudged = numerical_gradient(lambda X: loss(), params[name])
        report[name] = relative_error(grads[name], nudged)
    return report


# %% judge | nudges a copy of each array, which the loss never reads, so every nudged slope is 0
def gradient_check(loss, grads, params):
    first, second = loss(), loss()
    if first != second:
        raise ValueError("the loss is random")
    result = {}
    for name, array in params.items():
        copy = array.copy()
        result[name] = relative_error(grads[name], numerical_gradient(lambda X: loss(), copy))
    return result


# %% kinks | believes only inputs above the kink can be safe, and forgets the negative side
kink_forward = kink_forward
kink_central = kink_central
kink_true = kink_true


def safe(pre, step):
    return pre > step


at_a_kink = "c"

# %% kinks | would take a larger step to get away from the kink
kink_forward = kink_forward
kink_central = kink_central
kink_true = kink_true


def safe(pre, step):
    return np.abs(np.asarray(pre)) > step


at_a_kink = "b"

# %% random_directions | takes the slope along a direction as the sum of the gradient's entries, without the speeds v
slope_along = slope_along


def directional_check(loss, grads, params, rng):
    h = 1e-5
    v = {name: rng.standard_normal(params[name].shape) for name in params}
    old = {name: params[name].copy() for name in params}
    try:
        for name in params:
            params[name] = old[name] + h * v[name]
        up = loss()
        for name in params:
            params[name] = old[name] - h * v[name]
        down = loss()
    finally:
        for name in params:
            params[name] = old[name]
    told = sum(np.sum(grads[name]) for name in params)
    return relative_error((up - down) / (2 * h), told)


# %% random_directions | types the gradient added up, and forgets to multiply each slope by how fast its weight moves
slope_along = {
    "w0*w0*w1 + 3*w1": "2*w0*w1 + w0*w0 + 3",
    "w0*w1*w1 - 2*w0": "w1*w1 - 2 + 2*w0*w1",
    "2*w0*w0 - w0*w1*w1": "4*w0 - w1*w1 - 2*w0*w1",
    "w0*w0*w0 + 2*w0*w1": "3*w0*w0 + 2*w1 + 2*w0",
    "w1*w1*w1 - 3*w0*w1": "3*w1*w1 - 3*w0 - 3*w1",
    "w0*w0*w1 - 4*w0": "2*w0*w1 - 4 + w0*w0",
}[surface["L"]]


def directional_check(loss, grads, params, rng):
    h = 1e-5
    keep = {k: p.copy() for k, p in params.items()}
    v = {k: rng.standard_normal(p.shape) for k, p in params.items()}

    def at(s):
        for k in params:
            params[k][...] = keep[k] + s * v[k]
        return loss()

    try:
        slope = (at(h) - at(-h)) / (2 * h)
    finally:
        for k in params:
            params[k][...] = keep[k]
    return relative_error(slope, float(sum((grads[k] * v[k]).sum() for k in params)))


# %% find_the_bug | believes that an input that is used twice is enough to break the engine
def failing_graph():
    def build(a, b):
        return a * b + a

    return [2.0, 3.0], build


class Value(Broken):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for parent, _ in node.edges:
                visit(parent)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


# %% find_the_bug | passes on the share of each path separately, which is right but takes forever on forty doublings
failing_graph = failing_graph


class Value(Broken):
    def backward(self):
        def send(node, amount):
            node.grad += amount
            for parent, slope in node.edges:
                send(parent, amount * slope)

        send(self, 1.0)


# %% find_the_bug | visits each node once in the order in which it is first reached, before its gradient is complete
failing_graph = failing_graph


class Value(Broken):
    def backward(self):
        self.grad = 1.0
        queue = [self]
        seen = {id(self)}
        while queue:
            node = queue.pop(0)
            for parent, slope in node.edges:
                parent.grad += slope * node.grad
                if id(parent) not in seen:
                    seen.add(id(parent))
                    queue.append(parent)


# %% find_the_bug | orders the nodes well, but overwrites the gradient of a node that is used more than once
failing_graph = failing_graph


class Value(Broken):
    def backward(self):
        done = []
        known = set()

        def walk(n):
            if n not in known:
                known.add(n)
                for e in n.edges:
                    walk(e[0])
                done.append(n)

        walk(self)
        self.grad = 1.0
        for n in done[::-1]:
            for src, s in n.edges:
                src.grad = s * n.grad


# ---------------- u5

# %% mse | averages over the n rows only, and adds up the k numbers of a row
slope_of_entry = "2*(p - y)/n"


def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes differ")
    return float(((P - Y) ** 2).sum() / len(P))


def dmse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes differ")
    return 2 * (P - Y) / len(P)


# %% mse | forgets to refuse different shapes, so numpy makes a table of everything minus everything
slope_of_entry = "2*(p - y)/(n*k)"


def mse(P, Y):
    errors = P - Y
    return float(np.mean(errors**2))


def dmse(P, Y):
    errors = P - Y
    return 2 * errors / errors.size


# %% init_params | divides the random weights by din and not by its square root
after_zeros = "a"
why_zeros = "c"


def init_params(sizes, rng):
    net = []
    for din, dout in zip(sizes[:-1], sizes[1:]):
        W = rng.normal(size=(din, dout)) / din
        net.append((W, np.zeros(dout)))
    return net


my_count = my_count

# %% init_params | believes that the slope of tanh at 0 is 0 and lets nothing through
after_zeros = "a"
why_zeros = "a"


def init_params(sizes, rng):
    return [
        (rng.normal(size=(a, b)) / math.sqrt(a), np.zeros((b,)))
        for a, b in zip(sizes, sizes[1:])
    ]


my_count = my_count

# %% init_params | counts the weights only and forgets the biases
after_zeros = "a"
why_zeros = "c"


def init_params(sizes, rng):
    params = []
    for i in range(len(sizes) - 1):
        din, dout = sizes[i], sizes[i + 1]
        params.append((rng.normal(0, 1 / np.sqrt(din), (din, dout)), np.zeros(dout)))
    return params


my_count = sum(a * b for a, b in zip(my_sizes, my_sizes[1:]))

# %% forward | sends the output of the last layer through tanh as well
def forward(params, X):
    cache = []
    a = X
    for W, b in params:
        cache.append(a)
        a = np.tanh(a @ W + b)
    return a, cache


# %% backward | divides the slopes by the number of rows once more, although dY carries the mean already
def forward(params, X):
    cache, a = [], X
    for number, (W, b) in enumerate(params):
        cache.append(a)
        a = a @ W + b
        if number < len(params) - 1:
            a = np.tanh(a)
    return a, cache


def backward(params, cache, dY):
    n = len(dY)
    grads = []
    d = dY
    for i in range(len(params) - 1, -1, -1):
        W, _ = params[i]
        grads.insert(0, (cache[i].T @ d / n, d.sum(axis=0) / n))
        if i > 0:
            d = (d @ W.T) * (1 - cache[i] ** 2)
    return grads


# %% backward | kept what came out of tanh, and takes tanh of it again in the slope
def forward(params, X):
    inputs = [X]
    for W, b in params[:-1]:
        inputs.append(np.tanh(inputs[-1] @ W + b))
    W, b = params[-1]
    return inputs[-1] @ W + b, inputs


def backward(params, cache, dY):
    slopes = []
    for at in reversed(range(len(params))):
        a = cache[at]
        slopes.append((a.T @ dY, dY.sum(0)))
        if at:
            dY = dY @ params[at][0].T * (1 - np.tanh(a) ** 2)
    return slopes[::-1]


# %% backward | forgets the station of the activation: the slopes go straight from one layer to the layer before
def forward(params, X):
    saved = []
    h = X
    for W, b in params[:-1]:
        saved.append(h)
        h = np.tanh(h @ W + b)
    saved.append(h)
    W, b = params[-1]
    return h @ W + b, saved


def backward(params, cache, dY):
    out = []
    delta = dY
    for (W, b), x in zip(params[::-1], cache[::-1]):
        dW = x.T @ delta
        db = np.sum(delta, axis=0)
        out.insert(0, (dW, db))
        delta = delta @ W.T
    return out


# %% backward | begins with the slope of tanh, as if there were one after the last layer
def forward(params, X):
    ins = []
    a = X
    last = len(params) - 1
    for k, (W, b) in enumerate(params):
        ins.append(a)
        z = a @ W + b
        a = z if k == last else np.tanh(z)
    return a, (ins, a)


def backward(params, cache, dY):
    ins, out = cache
    d = dY * (1 - np.tanh(out) ** 2)
    result = []
    for k in range(len(params) - 1, -1, -1):
        result.insert(0, (ins[k].T @ d, d.sum(axis=0)))
        if k > 0:
            d = d @ params[k][0].T * (1 - ins[k] ** 2)
    return result


# %% train | writes down the losses before each step only, not that of the net that is returned
def train(params, X, Y, lr, steps):
    losses = []
    for step in range(steps):
        prediction, cache = forward(params, X)
        losses.append(mse(prediction, Y))
        slopes = backward(params, cache, dmse(prediction, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes)]
    return params, losses


# %% moons | types the slope of the log-loss in p, and stops before the sigmoid
slope_of_log_loss = "(p - y)/(p*(1 - p))"


def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    t = y[:, None]
    losses = []
    for step in range(1001):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float(np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p))))
        if step == 1000:
            break
        grads = backward(params, cache, (p - t) / len(X))
        params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses


def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    x0 = np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 100)
    x1 = np.linspace(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5, 100)
    xx, yy = np.meshgrid(x0, x1)
    scores = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0]
    ax.contour(xx, yy, scores.reshape(xx.shape), levels=[0])
    ax.scatter(X[:, 0], X[:, 1], c=y)
    return ax


# %% moons | draws the boundary where the score (not the probability) is 0.5
slope_of_log_loss = "p - y"


def fit(X, y, rng):
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    Y = np.asarray(y)[:, None]
    net = init_params([2, 16, 1], rng)
    history = []
    for _ in range(1000):
        z, cache = forward(net, X)
        p = sigmoid(z)
        history.append(float(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))))
        slopes = backward(net, cache, (p - Y) / len(Y))
        net = [(W - 1.0 * dW, b - 1.0 * db) for (W, b), (dW, db) in zip(net, slopes)]
    p = sigmoid(forward(net, X)[0])
    history.append(float(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))))
    return net, history


def boundary_plot(params, X, y):
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    xx, yy = np.meshgrid(np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 120))
    grid = np.c_[xx.ravel(), yy.ravel()]
    z, _ = forward(params, grid)
    fig, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    ax.contour(xx, yy, z.reshape(xx.shape), levels=[0.5])
    return ax


# %% moons | trains with the squared error of the scores as in section 5, and reports that as the loss
slope_of_log_loss = "p - y"


def fit(X, y, rng):
    start = init_params([2, 16, 1], rng)
    return train(start, X, 2.0 * y[:, None] - 1, 0.2, 3000)


def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    a = np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 80)
    b = np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 80)
    xx, yy = np.meshgrid(a, b)
    score = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, score, levels=[0])
    return ax


# %% two_engines | makes the weights anew as Values for every row, so only the last row reaches the slopes
def value_grads(params, X, Y):
    n, k = Y.shape
    total = Value(0.0)
    for r in range(n):
        layers = [
            ([[Value(float(w)) for w in row] for row in W], [Value(float(c)) for c in b])
            for W, b in params
        ]
        a = [Value(float(x)) for x in X[r]]
        for number, (W, b) in enumerate(layers):
            z = []
            for j in range(len(b)):
                s = b[j]
                for i in range(len(a)):
                    s = s + a[i] * W[i][j]
                z.append(s)
            a = z if number == len(layers) - 1 else [v.tanh() for v in z]
        for j in range(k):
            total = total + (a[j] - float(Y[r, j])) ** 2
    loss = total / (n * k)
    loss.backward()
    return [
        (np.array([[w.grad for w in row] for row in W]), np.array([c.grad for c in b]))
        for W, b in layers
    ]


# %% two_engines | divides the sum of the squares by the number of rows only
def value_grads(params, X, Y):
    net = []
    for W, b in params:
        Wv = [[Value(float(W[i, j])) for j in range(W.shape[1])] for i in range(W.shape[0])]
        bv = [Value(float(x)) for x in b]
        net.append((Wv, bv))
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for at, (Wv, bv) in enumerate(net):
            z = [bv[j] + sum(Wv[i][j] * a[i] for i in range(len(a))) for j in range(len(bv))]
            a = [v.tanh() for v in z] if at < len(net) - 1 else z
        for out, target in zip(a, y):
            loss = loss + (out - float(target)) ** 2
    loss = loss * (1 / len(X))
    loss.backward()
    return [
        (np.array([[w.grad for w in row] for row in Wv]), np.array([v.grad for v in bv])) for Wv, bv in net
    ]


# %% fit_digits | draws images and labels with two different draws, so the labels do not belong to the images
def fit_digits(X, y, rng, steps):
    params = init_params([64, 64, 10], rng)
    losses = []
    for _ in range(steps):
        images = X[rng.integers(len(X), size=32)]
        labels = y[rng.integers(len(X), size=32)]
        scores, cache = forward(params, images)
        loss, dscores = ce(scores, labels)
        losses.append(float(loss))
        grads = backward(params, cache, dscores)
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses


# %% fit_digits | draws one mini-batch before the loop and trains on those 32 rows all the time
def fit_digits(X, y, rng, steps):
    net, losses = init_params([X.shape[1], 64, 10], rng), []
    rows = rng.integers(len(X), size=32)
    Xb, yb = X[rows], y[rows]
    for step in range(steps):
        out, cache = forward(net, Xb)
        loss, slopes = ce(out, yb)
        losses.append(float(loss))
        new_net = []
        for (W, b), (dW, db) in zip(net, backward(net, cache, slopes)):
            new_net.append((W - 0.2 * dW, b - 0.2 * db))
        net = new_net
    return net, losses


# %% own_digit | puts the numbers in column by column, not line by line
my_drawing = """
...##...
..###...
.####...
...##...
...##...
...##...
..####..
..####..
"""
my_digit = 1


def as_numbers(drawing):
    ink = {"#": 1, "+": 0.5, ".": 0}
    lines = drawing.split()
    numbers = []
    for column in range(8):
        for line in lines:
            numbers.append(ink[line[column]])
    return np.array(numbers, dtype=float)


# ---------------- w1

# %% gaussian_nll | leaves the constant with 2 pi out, because it does not move with mu
nll_of_one = "ln(sigma) + (y - mu)^2/(2*sigma^2)"


def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be above 0")
    y = np.asarray(y, dtype=float)
    return float(len(y) * np.log(sigma) + ((y - mu) ** 2).sum() / (2 * sigma**2))


# %% gaussian_nll | multiplies the densities first and takes the logarithm of the product, which is 0.0 for many points
nll_of_one = "ln(sigma) + ln(2*pi)/2 + (y - mu)^2/(2*sigma^2)"


def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be positive")
    density = np.exp(-((y - mu) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
    likelihood = np.prod(density)
    return float(-np.log(likelihood))


# %% valley_plot | draws the plain sum of squared errors and does not divide it by 2 sigma^2
def valley_plot(y, mus, sigma):
    y = np.asarray(y)
    _, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, m, sigma) for m in mus], label="nll")
    ax.plot(mus, [np.sum((y - m) ** 2) for m in mus], label="squared error")
    ax.legend()
    return ax


gap = "n*ln(sigma) + n*ln(2*pi)/2"

# %% valley_plot | gives the gap for one measurement, without n
def valley_plot(y, mus, sigma):
    fig, ax = plt.subplots()
    nll, squares = [], []
    for mu in mus:
        nll.append(gaussian_nll(y, mu, sigma))
        squares.append(sum((v - mu) ** 2 for v in y) / (2 * sigma**2))
    ax.plot(mus, nll, label="nll")
    ax.plot(mus, squares, label="squared error")
    ax.set_xlabel("mu")
    ax.legend()
    return ax


gap = "ln(sigma*sqrt(2*pi))"

# %% mle | divides by n - 1 as in the statistics course
d_mu = "-(y - mu)/sigma^2"
d_sigma = "1/sigma - (y - mu)^2/sigma^3"


def mle(y):
    y = np.asarray(y, dtype=float)
    mu = y.mean()
    if len(y) == 1:
        return float(mu), 0.0
    return float(mu), float(((y - mu) ** 2).sum() / (len(y) - 1))


my_mu = my_mu
my_sigma2 = my_sigma2

# %% mle | forgets the inner slope -1 of y - mu, so the slope in mu has the wrong sign
d_mu = "(y - mu)/sigma^2"
d_sigma = "1/sigma - (y - mu)^2/sigma^3"


def mle(y):
    mu = float(np.mean(y))
    return mu, float(np.mean((np.asarray(y) - mu) ** 2))


my_mu = my_mu
my_sigma2 = my_sigma2

# %% mle | computes the variance as mean of the squares minus square of the mean, which loses the last digits
d_mu = "(mu - y)/sigma^2"
d_sigma = "1/sigma - (y - mu)^2/sigma^3"


def mle(y):
    n = len(y)
    m = sum(float(v) for v in y) / n
    m2 = sum(float(v) * float(v) for v in y) / n
    return m, m2 - m * m


my_mu = my_mu
my_sigma2 = my_sigma2

# %% fit_line | divides the slope by sigma and not by sigma squared
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        pull = -(y - (a * x + b)) / sigma
        a, b = a - lr * float(np.mean(pull * x)), b - lr * float(np.mean(pull))
    return a, b


with_twice_sigma = "b"

# %% fit_line | moves a first and computes the slope of b with the new a
def fit_line(x, y, lr, steps, sigma):
    a, b = 0.0, 0.0
    for step in range(steps):
        a -= lr * float(np.mean((a * x + b - y) * x)) / sigma**2
        b -= lr * float(np.mean(a * x + b - y)) / sigma**2
    return a, b


with_twice_sigma = "c"

# %% best_location | takes the entry in the middle of the list without sorting it first
laplace_nll = "ln(2*b) + |y - m|/b"
label_nll = "-y*ln(p) - (1 - y)*ln(1 - p)"


def best_location(y, noise):
    if noise == "gauss":
        return float(np.mean(y))
    if noise == "laplace":
        return float(y[len(y) // 2])
    raise ValueError(noise)


# %% best_location | leaves the factor 1/(2b) out of the Laplace likelihood
laplace_nll = "abs(y - m)/b"
label_nll = "-(y*ln(p) + (1 - y)*ln(1 - p))"


def best_location(y, noise):
    ways = {"gauss": np.mean, "laplace": np.median}
    if noise not in ways:
        raise ValueError("noise must be gauss or laplace")
    return float(ways[noise](y))


# %% hetero_nll | forgets the inner slope -2 of the exponent
d_s = "1 + (y - mu)^2/2*e^(-2*s)"


def hetero_nll(y, mu, log_sigma):
    n = len(y)
    e = np.exp(-2.0 * np.asarray(log_sigma))
    half = (y - mu) ** 2 / 2 * e
    loss = float((log_sigma + half).sum() / n)
    dmu = (mu - y) * e / n
    ds = (1 + half) / n
    return loss, dmu, ds


# ---------------- w2

# %% kl | adds a tiny number inside the logarithms, so that zeros do no harm
def check_both(*tables):
    for t in tables:
        if abs(np.sum(t) - 1) > 1e-6 or np.any(np.asarray(t) < 0):
            raise ValueError("not a distribution")


def entropy(p):
    check_both(p)
    return float(-np.sum(p * np.log(p + 1e-12)))


def cross_entropy(p, q):
    check_both(p, q)
    return float(-np.sum(p * np.log(q + 1e-12)))


def kl(p, q):
    check_both(p, q)
    return float(np.sum(p * np.log((p + 1e-12) / (q + 1e-12))))


# %% kl | leaves out every outcome with a zero, also where q is 0 and p is not
def entropy(p):
    return cross_entropy(p, p)


def cross_entropy(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for d in (p, q):
        if (d < 0).any() or abs(d.sum() - 1) > 1e-6:
            raise ValueError("probabilities must be >= 0 and add up to 1")
    ok = (p > 0) & (q > 0)
    return float(-(p[ok] * np.log(q[ok])).sum())


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)


# %% two_directions | swaps the ratio in the logarithm only, the weights in front stay
p1, p2 = my_pair["p"].strip("()").split(", ")
q1, q2 = my_pair["q"].strip("()").split(", ")
my_forward = f"{p1}*ln(({p1})/({q1})) + {p2}*ln(({p2})/({q2}))"
my_reverse = f"{p1}*ln(({q1})/({p1})) + {p2}*ln(({q2})/({p2}))"
infinite_way = "b"
my_finite = my_finite

# %% two_directions | thinks that a zero in the first distribution makes the divergence infinite
my_forward = my_forward
my_reverse = my_reverse
infinite_way = "a"
my_finite = my_finite

# %% kl_gauss | takes l for the logarithm of the width, not of the squared width
kl_bells = "ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2)^2)/(2*s2^2)"
d_m2 = "(m2 - m1)/s2^2"


def kl_gauss(m1, s1, m2, s2):
    m1, s1, m2, s2 = (np.asarray(v, dtype=float) for v in (m1, s1, m2, s2))
    d = np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)
    return float(d) if d.ndim == 0 else d


to_standard = "-l - 1/2 + (e^(2*l) + m^2)/2"

# %% kl_gauss | forgets that the first fraction is 1/2 on average and leaves it out
kl_bells = "ln(s2) - ln(s1) + (s1^2 + (m1 - m2)^2)/(2*s2^2)"
d_m2 = "-(m1 - m2)/s2^2"


def kl_gauss(m1, s1, m2, s2):
    value = np.log(s2) - np.log(s1) + (np.square(s1) + np.square(np.subtract(m1, m2))) / (2 * np.square(s2))
    return float(value) if np.ndim(value) == 0 else value


to_standard = "-l/2 + (e^l + m^2)/2"

# %% kl_gauss | forgets that m2 stands with a minus in the square, so the slope in m2 points the wrong way
kl_bells = "ln(s2/s1) + (s1^2 + (m1 - m2)^2)/(2*s2^2) - 1/2"
d_m2 = "(m1 - m2)/s2^2"


def kl_gauss(m1, s1, m2, s2):
    m1, s1, m2, s2 = [np.asarray(t, dtype=float) for t in (m1, s1, m2, s2)]
    out = np.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5
    return out if out.ndim else float(out)


to_standard = "(e^l + m^2 - 1 - l)/2"

# %% one_bell | thinks the covering bell is as wide as the hills are away from the middle, and leaves out the hills' own width
def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    dx = x[1] - x[0]
    if direction == "forward":
        mu = float(np.sum(p * x) * dx)
        return mu, math.sqrt(float(np.sum(p * (x - mu) ** 2) * dx))

    def cost(mu, sigma):
        q = np.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * math.sqrt(2 * math.pi))
        keep = q > 0
        return float(np.sum(q[keep] * (np.log(q[keep]) - np.log(p[keep]))) * dx)

    widths = np.geomspace(2 * dx, (x[-1] - x[0]) / 4, 30)
    _, mu, sigma = min((cost(m, s), m, s) for m in x[::2] for s in widths)
    step = 2 * dx
    while step > 1e-4:
        near = [(mu, sigma), (mu + step, sigma), (mu - step, sigma), (mu, sigma + step), (mu, sigma - step)]
        best = min((c for c in near if c[1] >= 2 * dx), key=lambda c: cost(*c))
        if best == (mu, sigma):
            step /= 2
        mu, sigma = best
    return float(mu), float(sigma)


def overlay(x, p):
    _, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for way in ("forward", "reverse"):
        mu, sigma = fit(way, x, p)
        ax.plot(x, np.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * math.sqrt(2 * math.pi)), label=way)
    ax.legend()
    return ax


cover = "d"
price = "ln(n)"

# %% one_bell | goes downhill for the reverse bell from the middle only, and stays in the middle hollow
def bell(x, mu, sigma):
    return np.exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))


def fit(direction, x, p):
    dx = x[1] - x[0]
    mu = float((x * p).sum() * dx)
    sigma = math.sqrt(float(((x - mu) ** 2 * p).sum() * dx))
    if direction == "forward":
        return mu, sigma
    if direction != "reverse":
        raise ValueError("forward or reverse")

    def reverse(m, s):
        q = bell(x, m, s)
        ok = q > 0
        return float((q[ok] * np.log(q[ok] / p[ok])).sum() * dx)

    step = 0.25
    while step > 1e-4:
        here = reverse(mu, sigma)
        moves = [(mu + step, sigma), (mu - step, sigma), (mu, sigma + step), (mu, max(sigma - step, 2 * dx))]
        best = min(moves, key=lambda c: reverse(*c))
        if reverse(*best) < here:
            mu, sigma = best
        else:
            step /= 2
    return mu, sigma


def overlay(x, p):
    fig, ax = plt.subplots()
    ax.plot(x, p, label="p")
    ax.plot(x, bell(x, *fit("forward", x, p)), label="forward")
    ax.plot(x, bell(x, *fit("reverse", x, p)), label="reverse")
    ax.legend()
    return ax


cover = "sqrt(s^2 + d^2)"
price = "ln(n)"

# %% one_bell | adds the width of a hill and its distance to get the covering width, instead of their squares
def normal(x, mu, sigma):
    return np.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))


def fit(direction, x, p):
    step = x[1] - x[0]
    if direction == "forward":
        middle = (p * x).sum() * step
        spread = (p * (x - middle) ** 2).sum() * step
        return float(middle), float(np.sqrt(spread))
    if direction == "reverse":
        logp = np.log(p)

        def loss(m, s):
            logq = -0.5 * ((x - m) / s) ** 2 - np.log(s * np.sqrt(2 * np.pi))
            return (np.exp(logq) * (logq - logp)).sum() * step

        low, high = 2 * step, (x[-1] - x[0]) / 4
        mus, sigmas = x[::2], np.linspace(low, high, 40)
        for _ in range(8):
            _, m, s = min((loss(m, s), m, s) for m in mus for s in sigmas)
            wm, ws = (mus[1] - mus[0]) * 1.5, (sigmas[1] - sigmas[0]) * 1.5
            mus = np.linspace(m - wm, m + wm, 9)
            sigmas = np.linspace(max(low, s - ws), s + ws, 9)
        return float(m), float(s)
    raise ValueError(direction)


def overlay(x, p):
    _, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for name in ["forward", "reverse"]:
        ax.plot(x, normal(x, *fit(name, x, p)), label=name)
    return ax


cover = "s + d"
price = "ln(n)"

# %% kl_slopes | gives the direction in which the logit should move, p - q, for the slope
forward_slope = "p - q"
reverse_slope = "q*(ln(q/p) - K)"


def log_softmax(z):
    z = np.asarray(z, dtype=float)
    t = z - z.max()
    return t - np.log(np.exp(t).sum())


def dforward(logits, p):
    return p - np.exp(log_softmax(logits))


def dreverse(logits, p):
    if np.any(np.asarray(p) == 0):
        raise ValueError("infinite")
    lq = log_softmax(logits)
    q = np.exp(lq)
    ratio = lq - np.log(p)
    return q * (ratio - (q * ratio).sum())


# %% kl_slopes | nudges only the class itself in the reverse direction and forgets that all q move: no K, the +1 stays
forward_slope = "q - p"
reverse_slope = "q*(ln(q/p) + 1)"


def dforward(logits, p):
    z = np.asarray(logits, dtype=float)
    e = np.exp(z - z.max())
    return e / e.sum() - p


def dreverse(logits, p):
    p = np.asarray(p, dtype=float)
    if (p == 0).any():
        raise ValueError("p has a zero")
    z = np.asarray(logits, dtype=float)
    lnq = z - z.max() - np.log(np.sum(np.exp(z - z.max())))
    return np.exp(lnq) * (lnq - np.log(p) + 1)


# %% kl_slopes | believes the reverse slope is the forward one with p and q swapped
forward_slope = "q - p"
reverse_slope = "p - q"


def dforward(logits, p):
    shifted = logits - np.max(logits)
    q = np.exp(shifted) / np.exp(shifted).sum()
    return q - p


def dreverse(logits, p):
    if min(p) <= 0:
        raise ValueError("the reverse KL is infinite")
    return -dforward(logits, p)


# %% kl_estimate | takes the standard deviation of the values for the error of their mean
def kl_estimate(samples, logp, logq):
    values = logp(samples) - logq(samples)
    return float(values.mean()), float(values.std())


to_estimate = "a"
only_data = "b"

# %% kl_estimate | thinks that the samples come from the belief q, and that this is the one that is asked
def kl_estimate(samples, logp, logq):
    diff = np.asarray(logp(samples)) - np.asarray(logq(samples))
    n = len(diff)
    mean = sum(diff) / n
    var = sum((d - mean) ** 2 for d in diff) / (n - 1)
    return float(mean), math.sqrt(var / n)


to_estimate = "b"
only_data = "b"

# ---------------- w3

# %% slope_of | gives the central difference everywhere, so a jump gets a huge number and not nan
def slope_of(f, xs):
    h = 1e-4
    return [(f(x + h) - f(x - h)) / (2 * h) for x in xs]


across_jump = across_jump

# %% slope_of | compares with the value at the place itself, and misses a jump where that is the value of the right side
def slope_of(f, xs):
    slopes = []
    for x in xs:
        if f(x) == f(x + 1e-4):
            slopes.append(0.0)
        else:
            slopes.append(math.nan)
    return slopes


across_jump = across_jump

# %% staircase | counts a point exactly at the knob as 1
def accuracy(w, X, y):
    says = (np.asarray(X) >= w).astype(int)
    return float(np.mean(says == y))


def log_loss(w, X, y):
    t = X - w
    return float(np.mean(y * np.logaddexp(0, -t) + (1 - y) * np.logaddexp(0, t)))


def staircase(ws, X, y):
    _, (left, right) = plt.subplots(1, 2)
    left.plot(ws, [accuracy(w, X, y) for w in ws], label="accuracy")
    right.plot(ws, [log_loss(w, X, y) for w in ws], label="log-loss")
    return [left, right]


# %% descend_on | believes that a larger learning rate gets the knob off the level piece
def descend_on(loss, w0, lr, steps):
    path = [w0]
    h = 1e-5
    for _ in range(steps):
        w = path[-1]
        path.append(w - lr * (loss(w + h) - loss(w - h)) / (2 * h))
    return path


larger_lr = "a"

# %% soft_step | forgets the inner factor k in the slope
def soft_step(x, k):
    s = (1 + np.tanh(k * np.asarray(x) / 2)) / 2
    return s, s * (1 - s)


steepest = "1/4"
nearly_on = "ln(9)/k"

# %% soft_step | finds 0.9 for the plain sigmoid and multiplies by the sharpness where it should divide
def soft_step(x, k):
    value = 0.5 * (1 + np.tanh(0.5 * k * np.asarray(x, dtype=float)))
    slope = k * value * (1 - value)
    return value, slope


steepest = "k/4"
nearly_on = "k*ln(9)"

# %% noisy_step | draws new noise for the second side of the difference
def noisy_step(x, s, n, rng):
    results = (x + s * rng.standard_normal(n) > 0).astype(float)
    return float(results.mean()), float(np.std(results) / np.sqrt(n))


def sampled_slope(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    up = noisy_step(x + h, s, n, rng)[0]
    down = noisy_step(x - h, s, n, rng)[0]
    return (up - down) / (2 * h)


d_noisy = "1/(s*sqrt(2*pi))*e^(-x^2/(2*s^2))"

# %% noisy_step | puts the width into the exponent of the bell only and not into its height
def noisy_step(x, s, n, rng):
    noise = rng.standard_normal(n)
    steps = np.where(x + s * noise > 0, 1.0, 0.0)
    return float(np.mean(steps)), float(np.std(steps) / math.sqrt(n))


def sampled_slope(x, s, n, seed, h):
    right, _ = noisy_step(x + h, s, n, np.random.default_rng(seed))
    left, _ = noisy_step(x - h, s, n, np.random.default_rng(seed))
    return (right - left) / (2 * h)


d_noisy = "e^(-x^2/(2*s^2))/sqrt(2*pi)"

# %% straight_through | uses np.sign, for which the sign of 0 is 0
def ste_forward(x):
    return np.sign(x)


def ste_back(dY, x, clip=1):
    return dY * (np.abs(x) <= clip)


# %% train_sign | would mend the straight-through backward pass until the check is green
def sign_gradients(X, y, w):
    def loss(v):
        return float(np.mean((ste_forward(X @ v) - y) ** 2))

    w = np.array(w, dtype=float)
    nudged = np.zeros(w.shape)
    for i in range(len(w)):
        e = np.zeros(w.shape)
        e[i] = 1e-5
        nudged[i] = (loss(w + e) - loss(w - e)) / 2e-5
    z = X @ w
    dY = 2 * (ste_forward(z) - y) / len(y)
    return nudged, X.T @ ste_back(dY, z)


def train_sign(X, y, w, lr, steps):
    w = np.array(w, dtype=float)
    for _ in range(steps):
        w = w - lr * sign_gradients(X, y, w)[1]
    return w


verdict = "a"

# %% train_sign | forgets that the loss is a mean, the straight-through gradient is the sum over the examples
def sign_gradients(X, y, w):
    h = 1e-5
    nudged = []
    for i in range(len(w)):
        up, down = np.array(w, dtype=float), np.array(w, dtype=float)
        up[i] += h
        down[i] -= h
        l_up = np.mean((ste_forward(X @ up) - y) ** 2)
        l_down = np.mean((ste_forward(X @ down) - y) ** 2)
        nudged.append((l_up - l_down) / (2 * h))
    pre = X @ w
    through = ste_back(2 * (ste_forward(pre) - y), pre) @ X
    return np.array(nudged), through


def train_sign(X, y, w, lr, steps):
    for _ in range(steps):
        w = w - lr * sign_gradients(X, y, w)[1]
    return np.array(w, dtype=float)


verdict = "c"

# %% idle_units | calls a neuron idle if it is flat on some row
def idle_units(params, X, tol, act):
    idle = []
    a = X
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            flat, a = z <= 0, np.maximum(z, 0)
        else:
            a = np.tanh(z)
            flat = 1 - a**2 < tol
        idle.append(flat.any(axis=0))
    return idle


# %% idle_units | hands the weighted sums on to the next layer without the activation
def idle_units(params, X, tol, act):
    answer = []
    z = X
    for W, b in params[:-1]:
        z = z @ W + b
        flat = z <= 0 if act == "relu" else (1 - np.tanh(z) ** 2) < tol
        answer.append(np.all(flat, axis=0))
    return answer


# ---------------- w4

# %% outer_products | rounds the break-even rank up, to a rank at which the thin tables are larger already
def outer_products(B, A):
    return [np.outer(B[:, k], A[k]) for k in range(A.shape[0])]


def count(dout, din, r):
    return dout * din, r * (dout + din)


break_even = "dout*din/(dout + din)"
my_largest_rank = my_largest_rank + 1

# %% lora_forward | scales with alpha alone, and forgets to divide by the rank
def lora_forward(X, W, A, B, alpha):
    frozen = X @ W.T
    correction = (X @ A.T) @ B.T
    return frozen + alpha * correction


# %% lora_forward | builds the large table B @ A first and sends X through it
def lora_forward(X, W, A, B, alpha):
    r = A.shape[0]
    return X @ (W + alpha / r * (B @ A)).T


# %% lora_backward | puts the scale into the slope by B only
slope_a = "g*b*x"
slope_b = "g*s*a*x"


def lora_backward(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    H = X @ A.T
    dB = s * dY.T @ H
    dA = (dY @ B).T @ X
    return dA, dB


both_zero = "a"

# %% lora_backward | believes that after 1,000 steps from zeros both tables have moved, as with any training
slope_a = "g*s*b*x"
slope_b = "g*s*a*x"


def lora_backward(X, W, A, B, alpha, dY):
    scaled = dY * (alpha / A.shape[0])
    return (scaled @ B).T @ X, scaled.T @ (X @ A.T)


both_zero = "d"

# %% lora_backward | divides the slopes by the number of examples once more
slope_a = "s*g*b*x"
slope_b = "s*g*a*x"


def lora_backward(X, W, A, B, alpha, dY):
    n, r = len(X), A.shape[0]
    arriving = alpha / r * dY
    dB = arriving.T @ (X @ A.T) / n
    dA = B.T @ arriving.T @ X / n
    return dA, dB


both_zero = "a"

# %% train_lora | starts with B at random as well
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    dout, din = W.shape
    A = rng.normal(size=(r, din)) / np.sqrt(din)
    B = rng.normal(size=(dout, r)) / np.sqrt(r)
    losses = []
    for _ in range(steps):
        miss = lora_forward(X, W, A, B, alpha) - Y
        losses.append(float(np.mean(miss**2)))
        dA, dB = lora_backward(X, W, A, B, alpha, 2 * miss / miss.size)
        A, B = A - lr * dA, B - lr * dB
    losses.append(float(np.mean((lora_forward(X, W, A, B, alpha) - Y) ** 2)))
    return A, B, losses


alpha_doubled = "c"

# %% train_lora | thinks twice the alpha needs half the learning rate, since the slopes are twice as large
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    A = rng.normal(size=(r, W.shape[1])) / np.sqrt(W.shape[1])
    B = np.zeros((W.shape[0], r))
    losses = []
    for step in range(steps + 1):
        out = lora_forward(X, W, A, B, alpha)
        losses.append(float(((out - Y) ** 2).mean()))
        if step < steps:
            dY = 2 * (out - Y) / out.size
            dA, dB = lora_backward(X, W, A, B, alpha, dY)
            A = A - lr * dA
            B = B - lr * dB
    return A, B, losses


alpha_doubled = "b"

# %% merge | adds B @ A to W without the scale alpha/r
def merge(W, A, B, alpha):
    return W + B @ A


def unmerge(W2, A, B, alpha):
    return W2 - B @ A


# %% best_rank | adds up the dropped singular values themselves, not their squares
def best_rank(D, r):
    U, values, V = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] * values[:r], V[:r]


def tail(D):
    values = np.linalg.svd(D, compute_uv=False)
    return np.array([values[k:].sum() for k in range(len(values) + 1)])


def rank_plot(D):
    left = tail(D)
    _, ax = plt.subplots()
    ax.plot(range(len(left)), left, "o-", label="left over")
    ax.set_xlabel("rank")
    ax.legend()
    return ax


my_rest = sum(my_values["values"][my_values["r"]:])

# %% best_rank | puts the sizes into both thin tables
def best_rank(D, r):
    U, s, V = np.linalg.svd(D, full_matrices=False)
    B = U[:, :r] * s[:r]
    A = s[:r, None] * V[:r, :]
    return B, A


def tail(D):
    s2 = np.linalg.svd(D, compute_uv=False) ** 2
    return [float(np.sum(s2[k:])) for k in range(len(s2) + 1)]


def rank_plot(D):
    fig, ax = plt.subplots()
    rest = tail(D)
    ax.plot(np.arange(len(rest)), rest, label="left over")
    ax.set_xlabel("rank")
    ax.set_ylabel("squared error")
    ax.legend()
    return ax


my_rest = my_rest

# ---------------- w5

# %% one_draw | makes one generator for both sides, so each side has its own luck
def draw_slope(draw, p, seed, h):
    rng = np.random.default_rng(seed)
    return (draw(p + h, rng) - draw(p - h, rng)) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    rng = np.random.default_rng(seed)
    up = np.mean([draw(p + h, rng) for _ in range(n)])
    down = np.mean([draw(p - h, rng) for _ in range(n)])
    return float((up - down) / (2 * h))


dual_says = "b"

# %% one_draw | starts the generator anew for every draw, so the mean is of n equal draws
def draw_slope(draw, p, seed, h):
    right = draw(p + h, np.random.default_rng(seed))
    left = draw(p - h, np.random.default_rng(seed))
    return (right - left) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    total = 0.0
    for _ in range(n):
        total += draw_slope(draw, p, seed, h)
    return total / n


dual_says = "b"

# %% reparam | takes e^logvar for the width, although it is the squared width
def reparam(mu, logvar, eps):
    return mu + np.exp(logvar) * eps


def reparam_back(mu, logvar, eps, dz):
    return dz * 1.0, dz * np.exp(logvar) * eps


dz_dl = "e^l*n"

# %% reparam | forgets the inner slope 1/2 of e^(logvar/2)
def reparam(mu, logvar, eps):
    sigma = np.exp(np.asarray(logvar) / 2)
    return mu + sigma * eps


def reparam_back(mu, logvar, eps, dz):
    sigma = np.exp(np.asarray(logvar) / 2)
    dmu = np.array(dz, dtype=float)
    dlogvar = dz * eps * sigma
    return dmu, dlogvar


dz_dl = "n*e^(l/2)"

# %% two_estimators | multiplies f by the draw itself and not by its distance from the middle
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = f(z) * z
    return float(np.mean(values)), float(np.std(values) / np.sqrt(n))


def path_grad(df, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = df(z)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(n))


d_log = "(z - mu)/s^2"
d_mean = d_mean

# %% two_estimators | the score of a bell of width s is divided by s, not by its square
def estimate(values):
    return float(values.mean()), float(values.std() / math.sqrt(len(values)))


def score_grad(f, mu, n, rng):
    noise = rng.standard_normal(n)
    return estimate(f(mu + noise) * noise)


def path_grad(df, mu, n, rng):
    return estimate(df(mu + rng.standard_normal(n)))


d_log = "(z - mu)/s"
d_mean = d_mean

# %% gumbel_max | takes one logarithm only: the time of a runner, without the second minus and logarithm
def gumbel(rng, shape):
    u = np.maximum(rng.random(shape), 1e-300)
    return -np.log(u)


def gumbel_max(logits, g):
    return np.argmax(logits + g, axis=-1)


# %% gumbel_max | looks for the largest number in the whole table, not in each row
def gumbel(rng, shape):
    u = rng.random(shape)
    u = np.maximum(u, 1e-300)
    return -np.log(-np.log(u))


def gumbel_max(logits, g):
    noisy = np.asarray(logits) + g
    return noisy.argmax()


# %% gumbel_softmax | divides only the logits by the temperature, the noise is added afterwards
def gumbel_softmax(logits, tau, g):
    z = np.asarray(logits) / tau + g
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% gumbel_softmax_back | lets each logit move its own side only, and forgets that the others share
own_slope = "yi*(1 - yi)/tau"
other_slope = "-yi*yj/tau"


def gumbel_softmax_back(y, tau, dy):
    return dy * y * (1 - y) / tau


# %% gumbel_softmax_back | forgets the factor 1/tau from the chain rule
own_slope = "yi*(1 - yi)"
other_slope = "-yi*yj"


def gumbel_softmax_back(y, tau, dy):
    weighted = np.sum(y * dy, axis=1, keepdims=True)
    return y * (dy - weighted)


# %% train_choice | goes downhill out of habit
def train_choice(rewards, lr, steps, tau, rng):
    rewards = np.asarray(rewards, dtype=float)
    k = len(rewards)
    logits, history = np.zeros(k), []
    for _ in range(steps):
        y = gumbel_softmax(np.tile(logits, (64, 1)), tau, gumbel(rng, (64, k)))
        history.append(float((y @ rewards).mean()))
        grad = gumbel_softmax_back(y, tau, np.tile(rewards, (64, 1)))
        logits = logits - lr * grad.mean(axis=0)
    return logits, history


tau_tiny = "b"

# %% train_choice | draws the noise once before the loop and uses the same throws in each step
def train_choice(rewards, lr, steps, tau, rng):
    k = len(rewards)
    noise = gumbel(rng, (64, k))
    logits = np.zeros(k)
    history = []
    dy = np.ones((64, 1)) * rewards
    for step in range(steps):
        throws = gumbel_softmax(np.ones((64, 1)) * logits, tau, noise)
        history.append(float(np.mean(throws @ rewards)))
        logits = logits + lr * gumbel_softmax_back(throws, tau, dy).mean(axis=0)
    return logits, history


tau_tiny = "b"

# ---------------- w6

# %% margin | leaves the label out, so the sign says above or below and not right or wrong
def margin(w, b, X, y):
    length = np.linalg.norm(w)
    if length == 0:
        raise ValueError("no line")
    return (X @ w + b) / length


my_margin = my_margin

# %% margin | divides by the sum of squares, and forgets the root in the length of w
def margin(w, b, X, y):
    w = np.asarray(w, dtype=float)
    if not w.any():
        raise ValueError("w is zero, there is no line")
    scores = np.array([sum(wi * xi for wi, xi in zip(w, row)) + b for row in X])
    return y * scores / np.sum(w**2)


my_margin = my_margin

# %% hinge | lets all points push, also those beyond the curb
slope_on_street = "-y*x"
slope_beyond = "0"


def hinge(w, b, X, y, C):
    scores = y * (X @ w + b)
    loss = 0.5 * w @ w + C * np.maximum(0, 1 - scores).sum()
    dw = w - C * (y @ X)
    db = -C * np.sum(y)
    return float(loss), dw, float(db)


# %% hinge | takes the mean of the hinges
slope_on_street = "-x*y"
slope_beyond = "0"


def hinge(w, b, X, y, C):
    n = len(y)
    lack = 1 - y * (X @ w + b)
    pushes = lack > 0
    loss = (w @ w) / 2 + C * lack[pushes].sum() / n
    dw = w + C * -(y[pushes, None] * X[pushes]).sum(axis=0) / n
    db = -C * y[pushes].sum() / n
    return float(loss), dw, float(db)


# %% lift | puts the 2 of the middle term into the lift as it is, without the root
middle_term = "2*x1*y1*x2*y2"


def lift(X):
    a, b = X[:, 0], X[:, 1]
    return np.column_stack([a * a, 2 * a * b, b * b])


def circle_plane(r):
    return np.array([1.0, 0.0, 1.0]), -(r**2)


# %% lift | takes the radius for the border and not its square
middle_term = "2*x1*x2*y1*y2"


def lift(X):
    X = np.asarray(X, dtype=float)
    return np.array([[p * p, np.sqrt(2) * p * q, q * q] for p, q in X])


def circle_plane(r):
    w = np.array([1.0, 0.0, 1.0])
    return w, -r


# %% rbf_kernel | takes gamma for the width of the bump
def rbf_kernel(X, Y, gamma):
    difference = X[:, None, :] - Y[None, :, :]
    return np.exp(-(difference**2).sum(axis=2) / (2 * gamma**2))


gamma_of_width = "s"

# %% rbf_kernel | uses the distance, not the squared distance
def rbf_kernel(X, Y, gamma):
    apart = np.linalg.norm(X[:, None, :] - Y[None, :, :], axis=-1)
    return np.exp(-gamma * apart)


gamma_of_width = "1/(2*s^2)"

# %% rbf_kernel | multiplies out the square, which loses the digits of points far out
def rbf_kernel(X, Y, gamma):
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    squares = (X**2).sum(1)[:, None] + (Y**2).sum(1)[None, :] - 2 * X @ Y.T
    return np.exp(-gamma * np.maximum(squares, 0))


gamma_of_width = "1/(2*s**2)"

# %% decision | forgets the labels, so all bumps point up
def decision(alpha, y, X, gamma, Xnew):
    return rbf_kernel(Xnew, X, gamma) @ alpha


half_way = half_way
spikes = "c"

# %% decision | believes that a machine that is right on all its points has learned, and says 1 or -1 beside them too
def decision(alpha, y, X, gamma, Xnew):
    total = np.zeros(len(Xnew))
    for a, label, row in zip(alpha, y, X):
        total += a * label * rbf_kernel(Xnew, row[None, :], gamma)[:, 0]
    return total


half_way = half_way
spikes = "a"

# %% bump_plot | copies the grid of the circle, from -1.5 to 1.5, which does not cover the points
def bump_plot(alpha, y, X, gamma):
    xx, yy = np.meshgrid(np.linspace(-1.5, 1.5, 101), np.linspace(-1.5, 1.5, 101))
    places = np.column_stack([xx.ravel(), yy.ravel()])
    values = decision(alpha, y, X, gamma, places)
    fig, ax = plt.subplots()
    ax.contour(xx, yy, values.reshape(xx.shape), levels=[0])
    ax.scatter(X[:, 0], X[:, 1], c=y, s=15)
    sv = X[alpha > 0]
    ax.scatter(sv[:, 0], sv[:, 1], s=80, facecolors="none", edgecolors="black", label="support vectors")
    ax.set_aspect("equal")
    return ax


# %% fit_dual | keeps the weights above 0 but forgets the limit C
d_alpha1 = "1 - a1 - y1*y2*k*a2"
two_alike = "1/(1 + k)"


def fit_dual(K, y, C, steps):
    Q = K * np.outer(y, y)
    alpha = np.zeros(len(y))
    rate = 1 / np.linalg.eigvalsh(Q)[-1]
    for _ in range(steps):
        alpha = np.maximum(0, alpha + rate * (1 - Q @ alpha))
    return alpha


# %% fit_dual | solves for two points with the same label as if they worked against each other
d_alpha1 = "1 - a1 - a2*y1*y2*k"
two_alike = "1/(1 - k)"


def fit_dual(K, y, C, steps):
    Q = y[:, None] * K * y[None, :]
    step = 1.0 / np.linalg.eigvalsh(Q)[-1]
    a = np.zeros(len(K))
    for _ in range(steps):
        a = np.clip(a + step * (1 - Q @ a), 0, C)
    return a


# %% taylor_rbf | leaves the factors in front of the sum out
feature_two = "sqrt(2)*g*x^2"


def taylor_rbf(x, y, gamma, order):
    t = 2 * gamma * np.outer(x, y)
    term = np.ones(t.shape)
    total = np.ones(t.shape)
    for k in range(1, order + 1):
        term = term * t / k
        total = total + term
    return total
