# Right answers in unusual styles, written from the units' texts alone. All of them must keep every point.

# %% average_rate | a division of differences with numpy, refused first
def average_rate(f, a, b):
    if not (b - a):
        raise ValueError("no run")
    ends = [f(x) for x in (a, b)]
    return np.diff(ends)[0] / (b - a)


my_rate = (5**3 - 25 - (3**3 - 15)) / 2
rate_of_square = r"\frac{2a + h}{1}".replace(r"\frac{", "(").replace("}{1}", ")")
rate_of_mine = "h² + 3a(a+h) − 5"

# %% average_rate | a lambda, and Unicode
average_rate = lambda f, a, b: (f(a) - f(b)) / (a - b) if a != b else (_ for _ in ()).throw(ValueError("no run"))
my_rate = np.float64(44)
rate_of_square = "h+a·2"
rate_of_mine = "3·a² + 3·a·h + h² − 5"


# %% dual_plus_minus | the methods are added from outside, minus by adding the negative
def _neg(self):
    return Dual(*(-v for v in (self.real, self.inf)))


Dual.__neg__ = _neg
Dual.__sub__ = lambda self, other: self + -as_dual(other)
Dual.__rsub__ = lambda self, other: -self + other

# %% dual_times | with type() and unpacking
product_real = "a c"
product_inf = "b*c + a*d"


def times(p, q):
    match q:
        case Dual():
            c, d = q.real, q.inf
        case _:
            c, d = q, 0
    return Dual(p.real * c, p.real * d + c * p.inf)


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times


# %% dual_divide_power | by the reciprocal, power by squaring
reciprocal_inf = "-x^(-2)"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    return Dual(u, (p.inf - u * q.inf) / q.real)


def power(p, n):
    if n < 0:
        return divide(Dual(1, 0), power(p, -n))
    result, factor = Dual(1, 0), Dual(p.real, p.inf)
    while n:
        if n % 2:
            result = times(result, factor)
        factor = times(factor, factor)
        n //= 2
    return result


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_divide_power | the formula n*a^(n-1), with 0 apart
reciprocal_inf = "(-1)/(x*x)"


def power(p, n):
    if n == 0:
        return Dual(1)
    return Dual(p.real**n, n * p.real ** (n - 1) * p.inf)


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power


# %% dual_compare | with operators from the operator module
import operator


def smaller(p, q):
    return operator.lt(p.real, getattr(q, "real", q))


def equal(p, q):
    return bool(p.real == as_dual(q).real)


def size(p):
    sign = -1 if p.real < 0 else 1
    return Dual(sign * p.real, sign * p.inf)


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other


# %% slope | getattr with a default would read a number's own attribute: isinstance instead
def slope(f, x):
    y = f(Dual(x, inf=1))
    return 0 if not isinstance(y, Dual) else y.inf


# %% slope | try and except
def slope(f, x):
    result = f(Dual(x, 1.0))
    try:
        return result.inf
    except AttributeError:
        return 0.0


# %% microscope | add_subplot, fill, step by step; more decoration
def microscope(f, x0, widths):
    fig = plt.figure(figsize=(3 * len(widths), 3))
    axes = []
    for number, w in enumerate(widths):
        ax = fig.add_subplot(1, len(widths), number + 1)
        xs = [x0 - w / 2 + w * k / 40 for k in range(41)]
        ax.plot(xs, [f(x) for x in xs], "k-", lw=2, label="f")
        if not has_kink(f, x0):
            m = slope(f, x0)
            ends = [x0 - w / 2, x0 + w / 2]
            ax.plot(ends, [f(x0) + m * (e - x0) for e in ends], "r--", label="tangent")
        ax.scatter([x0], [f(x0)])
        ax.set(xlim=(x0 - w / 2, x0 + w / 2), title=f"width {w}")
        ax.grid(True)
        axes.append(ax)
    return axes


my_tangent = "15x + 16"


# %% microscope | the curve as many dots with scatter
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, w in zip(panels[0], widths):
        xs = np.linspace(x0 - w / 2, x0 + w / 2, 200)
        ax.scatter(xs, [f(float(x)) for x in xs], s=2, label="f")
        if not has_kink(f, x0):
            ax.plot(xs, f(x0) + slope(f, x0) * (xs - x0), label="tangent")
        ax.set_xlim(xs[0], xs[-1])
    return panels[0].tolist()


my_tangent = "-14+15*(x-(-2))"


# %% pair_plot | hlines for the level line, sharex
def pair_plot(f, xs):
    _, both = plt.subplots(nrows=2, ncols=1, sharex=True)
    both[0].plot(xs, list(map(f, xs)))
    both[1].plot(xs, [slope(f, x) for x in xs], color="orange")
    both[1].hlines(0, min(xs), max(xs), linestyles="dotted")
    return both[0], both[1]


# %% pair_plot | the level line by plot
def pair_plot(f, xs):
    figure, axes = plt.subplots(2, 1)
    axes[0].plot(xs, [f(x) for x in xs], ".-")
    axes[1].plot(xs, [slope(f, x) for x in xs], ".-")
    axes[1].plot([xs[0], xs[-1]], [0, 0], "k:")
    return list(axes)


# %% signal | comparing two truths
def signal(f, x):
    s = slope(f, x)
    return (s < 0) - (s > 0)


# %% signal | minus the sign by numpy
def signal(f, x):
    return -int(np.sign(slope(f, x)))


# %% poly_derivative | enumerate, and typed answers as negative powers
d_square = "x+x"
d_cube = "3x·x"
d_reciprocal = "-1*x**-2"
d_root = "0.5*x^(-0.5)"
my_derivative = "-18x²+14x+3"


def poly_derivative(c):
    return [k * ck for k, ck in enumerate(c)][1:] or [0]


# %% poly_derivative | numpy inside, a list out
d_root = "1/2/sqrt(x)"


def poly_derivative(c):
    if len(c) < 2:
        return [0]
    return (np.arange(1, len(c)) * np.array(c)[1:]).tolist()


# %% product_rule | a callable class
class dproduct:
    def __init__(self, f, df, g, dg):
        self.parts = f, df, g, dg

    def __call__(self, x):
        f, df, g, dg = self.parts
        return g(x) * df(x) + f(x) * dg(x)


my_product = "9/2*x^(7/2) + 12x^3"

# %% quotient_rule | by q: (df - q dg)/g
dq_by_hand = "df/g - q*dg/g"
my_quotient = "5/(x^2+2) - (5x+4)*2x/(x^2+2)^2"


def dquotient(f, df, g, dg):
    def d(x):
        q = f(x) / g(x)
        return (df(x) - q * dg(x)) / g(x)

    return d


# %% quotient_rule | product of f and 1/g
def dquotient(f, df, g, dg):
    return lambda x: df(x) * g(x) ** -1.0 + f(x) * (-dg(x) * g(x) ** -2.0)


# %% exp_by_steps | in one line by reduce, the powers by e
from functools import reduce


def grow(x, n):
    return reduce(lambda y, _: y + y * (x / n), range(n), 1)


d_power = "ln(5)*e^(x*ln(5))"
d_ln = "x^-1"


# %% dual_functions | with match
def exp(x):
    match x:
        case Dual(real=a, inf=b):
            return Dual(math.exp(a), b * math.exp(a))
    return math.exp(x)


def log(x):
    return Dual(math.log(x.real), x.inf / x.real) if isinstance(x, Dual) else math.log(x)


def sin(x):
    return Dual(math.sin(x.real), math.cos(x.real) * x.inf) if isinstance(x, Dual) else math.sin(x)


def cos(x):
    return Dual(math.cos(x.real), -x.inf * math.sin(x.real)) if isinstance(x, Dual) else math.cos(x)


# %% chain_rule_1d | recursion from the front
def chain(fs, dfs):
    fs, dfs = tuple(fs), tuple(dfs)

    def d(x):
        product = 1
        value = x
        for place in range(len(dfs)):
            product = product * dfs[place](value)
            if place + 1 < len(fs):
                value = fs[place](value)
        return product

    return d


d_cos_of_square = "-2x sin(x²)"
d_bell = "-x/exp(x^2/2)"
d_soft = "1 - 1/(1+e^x)"
my_chain = "-5*exp(cos(5x))*sin(5x)"

# %% chain_rule_1d | answers with backslashes
d_cos_of_square = r"-2x\sin(x^2)"
d_bell = r"-x e^{-\frac{x^2}{2}}"
d_soft = r"\frac{e^x}{1+e^x}"
my_chain = r"-5\sin(5x)\,e^{\cos(5x)}"


# %% activations | piece by piece with a mask
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    out = np.empty_like(x)
    above = x >= 0
    out[above] = 1 / (1 + np.exp(-x[above]))
    e = np.exp(x[~above])
    out[~above] = e / (1 + e)
    return out


def tanh(x):
    return 2 * sigmoid(2 * np.asarray(x)) - 1


def relu(x):
    return np.where(np.asarray(x) > 0, x, 0)


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


# %% activation_slopes | from the functions above, with a plot in pyplot style
def dsigmoid_from_input(x):
    return 0.25 / np.cosh(np.clip(np.asarray(x, dtype=float) / 2, -300, 300)) ** 2


def dtanh_from_input(x):
    return (1 - np.tanh(x)) * (1 + np.tanh(x))


def drelu_from_input(x):
    return np.heaviside(x, 0.5)


def dsoftplus_from_input(x):
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))


def activation_plot(xs):
    plt.figure()
    plt.plot(xs, np.tanh(2 * np.asarray(xs)), "b.", label="f")
    plt.plot(xs, 2 * (1 - np.tanh(2 * np.asarray(xs)) ** 2), "g--", label="slope")
    plt.legend()
    return plt.gca()


# %% slopes_from_output | from sums, expm1
sigmoid_slope_in_x = "1/(e^x + 2 + e^(-x))"
exp_in_s = "1/s - 1"
sigmoid_slope_in_s = "s - s^2"


def dsigmoid_from_output(a):
    return a - np.square(a)


def dtanh_from_output(a):
    return (1 + a) * (1 - a)


def drelu_from_output(a):
    return (np.asarray(a) > 0).astype(float)


def dsoftplus_from_output(a):
    return -np.expm1(-np.asarray(a, dtype=float))


# %% descend | a preallocated array; formulas spelled differently
def descend(df, x0, lr, steps):
    path = np.empty(steps + 1)
    path[0] = x0
    for k in range(steps):
        path[k + 1] = path[k] - lr * df(path[k])
    return path


my_third = 3 * (-0.6) ** 3
x_after_k = "(1-c*lr)^k * x0"
lr_limit = "2c^-1"


# %% descend | the path drawn with scatter and a separate line
def path_plot(f, path):
    _, ax = plt.subplots()
    low, high = min(path), max(path)
    margin = (high - low) or 1
    xs = np.linspace(low - margin, high + margin, 300)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(path, [f(float(x)) for x in path], marker="o", ls=":", label="path")
    ax.set_xlabel("x")
    ax.legend()
    return ax


# %% grad_forward | an array filled in place; answers grouped
def grad_forward(f, x):
    n = len(x)
    grad = np.zeros(n)
    for i, row in enumerate(np.eye(n)):
        y = f([Dual(float(v), float(r)) for v, r in zip(x, row)])
        grad[i] = y.inf if isinstance(y, Dual) else 0
    return grad


slope_in_x = "2*2xy"
slope_in_y = "2(x^2+3y)"


# %% local_grads | match statements, 1 - tanh by cosh
def local_grads(op, inputs, output):
    match op, *inputs:
        case "+", _, _:
            return 1.0, 1.0
        case "-", _, _:
            return 1.0, -1.0
        case "*", a, b:
            return b, a
        case "/", a, b:
            return 1 / b, -output / b
        case "pow", a, n:
            return (n * a ** (n - 1),)
        case "exp", _:
            return (output,)
        case "log", a:
            return (a**-1.0,)
        case "tanh", _:
            return ((1 - output) * (1 + output),)
        case "relu", a:
            return (float(output > 0),)


# %% by_hand | everything multiplied out in x and y only
answers = dict(t="(3y+x)+5x", u="y(3y+x)", s="y(s+5x) + s*y", x="y*u + 6t", y="3uy + 3t + u s")

# %% by_hand | with names of boxes, spaces, unicode
answers = {"t": "u", "u": "t", "s": "u y + t", "x": "(u y + t) + 5 t", "y": "3·(u·y + t) + u·s"}


# %% topological_order | an iterative walk with iterators
def topological(node):
    order, seen, stack = [], {id(node)}, [(node, iter(node.inputs))]
    while stack:
        here, rest = stack[-1]
        for entry in rest:
            if id(entry) not in seen:
                seen.add(id(entry))
                stack.append((entry, iter(entry.inputs)))
                break
        else:
            order.append(here)
            stack.pop()
    return order


# %% topological_order | Kahn's way: count the users, take the end first, reverse
def topological(node):
    nodes, todo = {id(node): node}, [node]
    while todo:
        for before in todo.pop().inputs:
            if id(before) not in nodes:
                nodes[id(before)] = before
                todo.append(before)
    users = {key: 0 for key in nodes}
    for value in nodes.values():
        for i in value.inputs:
            users[id(i)] += 1
    order, free = [], [node]
    while free:
        one = free.pop()
        order.append(one)
        for i in one.inputs:
            users[id(i)] -= 1
            if not users[id(i)]:
                free.append(i)
    order.reverse()
    return order


# %% neuron_layer | einsum; a loop from the bias
def neuron(x, w, b):
    total = b
    for k in range(len(w)):
        total = total + w[k] * x[k]
    return total


def layer(X, W, b):
    return np.einsum("ij,jk->ik", np.array(X), np.array(W)) + np.reshape(b, (1, -1))


# %% linear_backward | einsum, other order of letters
dL_dW01 = "d01*x00 + d11*x10"
dL_dX01 = "w10 d00 + w11 d01"


def vjp_linear(X, W, b, dY):
    dX = np.einsum("ik,jk->ij", dY, W)
    dW = sum(np.outer(x, d) for x, d in zip(X, dY))
    return (dX, dW, np.ones(len(dY)) @ dY)


# %% softmax | by logaddexp.reduce; formulas grouped differently
same_logit = "p - p^2"
other_logit = "-q p"


def softmax(Z):
    Z = np.asarray(Z, dtype=float)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])


def softmax_jacobian(z):
    p = softmax(np.asarray(z, dtype=float)[None, :])[0]
    return p[:, None] * (np.eye(len(p)) - p[None, :])


# %% softmax_ce | log-sum-exp by logaddexp.reduce; formulas grouped differently
slope_right = "-(1-p)"
slope_other = "p^1"


def ce(Z, y):
    Z = np.asarray(Z, dtype=float)
    rows = np.arange(Z.shape[0])
    top = np.logaddexp.reduce(Z, axis=1)
    onehot = np.zeros_like(Z)
    onehot[rows, y] = 1
    return np.mean(top - (Z * onehot).sum(axis=1)), (softmax(Z) - onehot) / len(Z)


# %% value_engine | minus through times; nodes kept in a dict
def backward(self):
    order = topological(self)
    for node in order:
        if len(node.inputs):
            node.grad = 0
    self.grad = 1
    for node in order[::-1]:
        for k in range(len(node.inputs)):
            node.inputs[k].grad = node.inputs[k].grad + node.grad * node.slopes[k]


Value.backward = backward
Value.__neg__ = lambda self: self * -1
Value.__sub__ = lambda self, other: self + (-as_value(other))
Value.__rsub__ = lambda self, other: as_value(other) - self
Value.__rtruediv__ = lambda self, other: as_value(other) / self


# %% finite_differences | walrus and reversed subtraction; factored
def forward_diff(f, x, h):
    return -(f(x) - f(x + h)) / h


def central_diff(f, x, h):
    return (f(x + h) - f(x - h)) / h / 2


central_of_cube = "h*h + 3*x*x"


# %% error_curve | loglog, scatter for the dots, set() for the labels
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    true = df(x)
    for rate, name in [(forward_diff, "forward"), (central_diff, "central")]:
        errors = np.maximum([abs(rate(f, x, h) - true) for h in hs], 1e-17)
        ax.loglog(hs, errors, ".-", label=name)
        at = errors.argmin()
        ax.plot(hs[at], errors[at], marker="o", ls="", label="best " + name)
    ax.set(xlabel="step h", ylabel="how far off")
    ax.legend()
    return ax


# %% numerical_gradient | a dictionary of copies; flat iteration
def numerical_gradient(f, X, h=1e-5):
    grad = np.zeros(np.shape(X))
    base = np.array(X, dtype=np.float64)
    for at in np.ndindex(base.shape):
        values = []
        for sign in (+1, -1):
            moved = base.copy()
            moved[at] = base[at] + sign * h
            y = np.asarray(f(moved))
            if y.size != 1:
                raise ValueError("f must give one number")
            values.append(float(y.reshape(())))
        grad[at] = (values[0] - values[1]) / (2 * h)
    return grad


# %% relative_error | a loop in plain Python
def relative_error(a, b):
    if np.shape(a) != np.shape(b):
        raise ValueError(f"{np.shape(a)} beside {np.shape(b)}")
    worst = 0.0
    for p, q in zip(np.ravel(a), np.ravel(b)):
        p, q = float(p), float(q)
        if p != p or q != q:
            return math.nan
        if p == q:
            continue
        worst = max(worst, abs(p - q) / max(abs(p), abs(q)))
    return worst


# %% judge | another array under the name
def gradient_check(loss, grads, params):
    first, second = loss(), loss()
    if first != second:
        raise ValueError("the loss changes by itself")
    result = {}
    for name in list(params):
        original = params[name]
        nudged = np.empty(original.shape)
        try:
            for at in np.ndindex(original.shape):
                ends = []
                for step in (1e-5, -1e-5):
                    moved = np.array(original, dtype=float)
                    moved[at] += step
                    params[name] = moved
                    ends.append(float(loss()))
                nudged[at] = (ends[0] - ends[1]) / 2e-5
        finally:
            params[name] = original
        result[name] = relative_error(np.asarray(grads[name], dtype=float), nudged)
    return result


# %% kinks | by comparing products
kink_forward = 1
kink_central = 1.3 / 2
kink_true = 1.0
at_a_kink = "C"


def safe(pre, step):
    pre = np.asarray(pre)
    return np.logical_or(pre > step, pre < -step)


# %% random_directions | all draws first, a dict put under the names
slope_along = "4w0*v0 - w1^2*v0 - 2w0*w1*v1"


def directional_check(loss, grads, params, rng):
    h = 1e-5
    keep = dict(params)
    v = {name: rng.uniform(-1, 1, np.shape(value)) for name, value in keep.items()}

    def at(s):
        for name, value in keep.items():
            params[name] = value + s * v[name]
        return float(loss())

    try:
        measured = (at(h) - at(-h)) / (2 * h)
    finally:
        params.update(keep)
    said = sum((grads[name] * v[name]).sum() for name in keep)
    return relative_error(measured, float(said))


# %% find_the_bug | Kahn's way in backward
def failing_graph():
    def build(a):
        b = a * a
        c = b + a
        return b * c

    return (1.5,), build


class Value(Broken):
    def backward(self):
        users, todo, seen = {}, [self], {id(self)}
        while todo:
            for before, _ in todo.pop().edges:
                users[id(before)] = users.get(id(before), 0) + 1
                if id(before) not in seen:
                    seen.add(id(before))
                    todo.append(before)
        self.grad, ready = 1.0, [self]
        while ready:
            node = ready.pop()
            for before, s in node.edges:
                before.grad += node.grad * s
                users[id(before)] -= 1
                if users[id(before)] == 0:
                    ready.append(before)


# %% mse | with numpy functions only
slope_of_entry = "(2p - 2y)/(k n)"


def mse(P, Y):
    if np.shape(P) != np.shape(Y):
        raise ValueError("not the same shape")
    return np.square(np.subtract(P, Y)).mean().item()


def dmse(P, Y):
    if np.shape(P) != np.shape(Y):
        raise ValueError("not the same shape")
    return np.subtract(P, Y) * (2.0 / np.size(P))


# %% init_params | rng.standard_normal and scale; a loop
def init_params(sizes, rng):
    params = []
    for k in range(1, len(sizes)):
        W = rng.normal(loc=0.0, scale=sizes[k - 1] ** -0.5, size=(sizes[k - 1], sizes[k]))
        params.append((W, 0 * W[0]))
    return params


my_count = 38.0
after_zeros = "A"


# %% forward | recursion; a cache of functions
def forward(params, X):
    *hidden, (W, b) = params
    a, cache = X, []
    for V, c in hidden:
        cache.append(a)
        a = np.tanh(np.dot(a, V) + c)
    cache.append(a)
    return np.dot(a, W) + b, cache


def backward(params, cache, dout):
    result = []
    for (W, b), a in zip(reversed(params), reversed(cache)):
        result.append((np.dot(np.transpose(a), dout), np.sum(dout, axis=0)))
        dout = np.dot(dout, np.transpose(W)) * (1 - a**2)
    return list(reversed(result))


# %% train | a while loop and deep copies
def train(params, X, Y, lr, steps):
    import copy

    net, losses = copy.deepcopy(params), []
    while True:
        out, cache = forward(net, X)
        losses.append(float(mse(out, Y)))
        if len(losses) == steps + 1:
            return net, losses
        for at, (dW, db) in enumerate(backward(net, cache, dmse(out, Y))):
            W, b = net[at]
            net[at] = (W - lr * dW, b - lr * db)


# %% moons | softplus in the loss; contourf as well
slope_of_log_loss = "p(1-y) - y(1-p)"


def boundary_plot(params, X, y):
    fig, ax = plt.subplots(1, 1)
    lo, hi = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    gx, gy = np.meshgrid(np.linspace(lo[0], hi[0], 120), np.linspace(lo[1], hi[1], 90))
    score, _ = forward(params, np.c_[gx.ravel(), gy.ravel()])
    score = score.reshape(gx.shape)
    ax.contourf(gx, gy, score, levels=20, alpha=0.3)
    ax.contour(gx, gy, score, levels=[0], colors="k")
    for label in (0, 1):
        ax.scatter(*X[y == label].T, label=f"class {label}")
    return ax


# %% two_engines | sums in pairs
def value_grads(params, X, Y):
    def add(parts):
        while len(parts) > 1:
            parts = [sum(parts[i : i + 2][1:], parts[i]) for i in range(0, len(parts), 2)]
        return parts[0]

    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    squares = []
    for x, t in zip(np.asarray(X).tolist(), np.asarray(Y).tolist()):
        for at, (W, b) in enumerate(net):
            x = [add([W[i][j] * x[i] for i in range(len(x))]) + b[j] for j in range(len(b))]
            if at + 1 < len(net):
                x = [z.tanh() for z in x]
        squares += [(o - v) * (o - v) for o, v in zip(x, t)]
    (add(squares) * (1 / len(squares))).backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]


# %% slope_of | array of nan by where
def slope_of(f, xs):
    xs = np.asarray(xs, dtype=float)
    return np.array([0.0 if f(float(x) - 4e-4) == f(float(x) + 4e-4) else np.nan for x in xs])


across_jump = "4.5*h^-1"


# %% staircase | step drawn with ax.step; loops in Python
def accuracy(w, X, y):
    right = 0
    for x, label in zip(X, y):
        right += int(x > w) == label
    return right / len(X)


def log_loss(w, X, y):
    signs = 2 * np.asarray(y) - 1
    return np.logaddexp(0, -signs * (np.asarray(X) - w)).mean()


def staircase(ws, X, y):
    _, axes = plt.subplots(1, 2)
    axes[0].step(ws, [accuracy(w, X, y) for w in ws], where="post", label="accuracy")
    axes[1].plot(ws, [log_loss(w, X, y) for w in ws], "-.", label="log-loss")
    return axes


# %% descend_on | an array with preallocated places
def descend_on(loss, w0, lr, steps):
    path = np.zeros(steps + 1)
    path[0] = w0
    for k in range(steps):
        w = path[k]
        path[k + 1] = w - lr * ((loss(w + 1e-5) - loss(w - 1e-5)) / 2e-5)
    return list(path)


larger_lr = "D"


# %% soft_step | exp of minus the size
def soft_step(x, k):
    z = k * np.asarray(x, dtype=float)
    e = np.exp(-abs(z))
    return np.where(z >= 0, 1, e) / (1 + e), k * e / (1 + e) ** 2


steepest = "0.25k"
nearly_on = "2ln(3)/k"


# %% noisy_step | bools averaged
def noisy_step(x, s, n, rng):
    on = (x + s * rng.standard_normal(n)) > 0
    return np.mean(on), np.std(on) * n**-0.5


d_noisy = "exp(-(x/s)^2/2)/(s sqrt(2pi))"


# %% straight_through | products with truth tables
def ste_forward(x):
    return 2.0 * (np.asarray(x) >= 0) - 1


def ste_back(dout, x, clip=1):
    return dout * ((x >= -clip) & (x <= clip))


# %% train_sign | nudged by a loop over the identity
def sign_gradients(X, y, w):
    def loss(v):
        return ((ste_forward(X @ v) - y) ** 2).mean()

    nudged = np.array([(loss(w + e) - loss(w - e)) / 2e-5 for e in 1e-5 * np.eye(len(w))])
    z = X @ w
    return nudged, (2 / len(y)) * ste_back(ste_forward(z) - y, z) @ X


# %% idle_units | slopes of each activation in a dict
def idle_units(params, X, tol, act):
    apply = {"relu": lambda z: z.clip(0), "tanh": np.tanh}[act]
    flat = {"relu": lambda z: z <= 0, "tanh": lambda z: 1 - np.tanh(z) ** 2 < tol}[act]
    answers, a = [], np.asarray(X, dtype=float)
    for W, b in params[: len(params) - 1]:
        z = a @ W + b
        answers.append(np.all(flat(z), axis=0))
        a = apply(z)
    return answers


# %% kl | masked logs with where=
def _checked(p):
    p = np.array(p, dtype=float)
    if np.any(p < 0) or not np.isclose(p.sum(), 1, rtol=0, atol=1e-6):
        raise ValueError("not a distribution")
    return p


def cross_entropy(p, q):
    p, q = _checked(p), _checked(q)
    total = 0.0
    for a, b in zip(p, q):
        if a > 0:
            total += -a * np.log(b) if b > 0 else np.inf
    return float(total)


def entropy(p):
    return cross_entropy(p, p)


def kl(p, q):
    p, q = _checked(p), _checked(q)
    return sum((a * np.log(a / b) if b > 0 else np.inf) for a, b in zip(p, q) if a > 0)


# %% two_directions | as differences of logarithms
my_forward = "2/5*(ln(8) - ln(15)) + 3/5*ln(12/5)"
my_reverse = "(3*ln(15/8) + ln(5/12))/4"
my_finite = "ln(3)"
infinite_way = "B"

# %% kl_gauss | logs apart; halves in front
kl_bells = "ln(s2) - ln(s1) + ((s1/s2)^2 + ((m1 - m2)/s2)^2 - 1)/2"
d_m2 = "-(m1-m2)/s2²"
to_standard = "1/2*(m^2 + exp(l) - l - 1)"


def kl_gauss(m1, s1, m2, s2):
    r, z = np.divide(s1, s2), np.subtract(m1, m2) / s2
    return -np.log(r) + (r * r + z * z - 1) / 2


# %% kl_slopes | with scipy-like helpers
forward_slope = "-(p - q)"
reverse_slope = "q ln(q/p) - q K"


def dforward(logits, p):
    z = np.asarray(logits, dtype=float)
    return np.exp(z - np.logaddexp.reduce(z)) - p


def dreverse(logits, p):
    if np.min(p) <= 0:
        raise ValueError("p has a zero: infinite")
    z = np.asarray(logits, dtype=float)
    logq = z - np.logaddexp.reduce(z)
    q = np.exp(logq)
    r = logq - np.log(p)
    return q * (r - q @ r)


# %% kl_estimate | ddof 1, var
def kl_estimate(samples, logp, logq):
    d = np.asarray(logp(samples)) - logq(samples)
    return d.mean(), (d.var(ddof=1) / d.size) ** 0.5


# %% gaussian_nll | ln of the whole front at once
nll_of_one = "ln(sigma*sqrt(2pi)) + 1/2*((y-mu)/sigma)^2"


def gaussian_nll(y, mu, sigma):
    if not sigma > 0:
        raise ValueError("sigma must be above 0")
    z = (np.asarray(y) - mu) / sigma
    return len(z) * math.log(sigma * math.sqrt(2 * math.pi)) + 0.5 * float(z @ z)


# %% valley_plot | scatter and line, a legend
def valley_plot(y, mus, sigma):
    _, ax = plt.subplots()
    y = np.asarray(y)
    ax.plot(mus, [gaussian_nll(y, m, sigma) for m in mus], "o", label="nll")
    ax.plot(mus, [((y - m) ** 2).sum() / 2 / sigma**2 for m in mus], "--", label="squared error")
    ax.axhline(0, lw=0.5)
    return ax


gap = "n/2*ln(2pi*sigma^2)"

# %% mle | shifted by the first
d_mu = "(mu-y)/sigma²"
d_sigma = "(sigma^2 - (y-mu)^2)/sigma^3"


def mle(y):
    y = np.asarray(y, dtype=float)
    mu = y[0] + (y - y[0]).mean()
    return mu, ((y - mu) ** 2).mean()


# %% fit_line | a vector of two
def fit_line(x, y, lr, steps, sigma):
    A = np.column_stack([x, np.ones(len(x))])
    theta = np.zeros(2)
    for _ in range(steps):
        theta = theta - lr * A.T @ (A @ theta - y) / (len(x) * sigma**2)
    return tuple(theta)


# %% best_location | sorted by hand, an entry below the middle
def best_location(y, noise):
    if noise == "gauss":
        return sum(y) / len(y)
    if noise == "laplace":
        return sorted(y)[(len(y) - 1) // 2]
    raise ValueError(f"unknown noise {noise!r}")


laplace_nll = "abs(m - y)/b + ln(2) + ln(b)"
label_nll = "-ln(p)*y - (1-y)*ln(1-p)"

# %% hetero_nll | through z = (y - mu)/sigma
d_s = "1 - ((y-mu)/e^s)^2"


def hetero_nll(y, mu, log_sigma):
    n = len(y)
    z = (y - mu) * np.exp(-log_sigma)
    return np.mean(log_sigma + z * z / 2).item(), -z * np.exp(-log_sigma) / n, (1 - z * z) / n
