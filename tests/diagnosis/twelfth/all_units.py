"""Wrong answers as a class would hand them in, the likeliest first, written from the notebooks alone (the twelfth set)."""

# ---------------- u0
# %% rules | the inner slope of -k*x^2 is taken to be -k, the x of the inside is forgotten
n, c, k = mine["n"], mine["c"], mine["k"]
d_product = f"{n}*x^{n - 1}*ln(x) + x^{n - 1}"
d_quotient = f"({k}*(x^2 + {c}) - {k}*x*2*x) / (x^2 + {c})^2"
d_chain = f"-{k}*exp(-{k}*x^2)"

# %% partials | the chain for w stops at the tanh: the factor x of the innermost product is forgotten
n, k = my_loss["n"], my_loss["k"]
dL_dp = f"{n}*p^{n - 1}*q^2 + {k}*exp({k}*p)"
dL_dq = f"2*p^{n}*q"
dE_dw = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)"

# %% walk | the slope is taken once, at the start, and used for all steps
def walk(df, x, lr, steps):
    slope_here = df(x)
    for _ in range(steps):
        x = x - lr * slope_here
    return x

# %% nudged | up = x makes a second array, so both nudges can be made at the same time
def nudged(f, x, h=1e-5):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        before = x[i]
        up = x
        up[i] = before + h
        down = x
        down[i] = before - h
        grad[i] = (f(up) - f(down)) / (2 * h)
        x[i] = before
    return grad

# %% layer_back | the bias gradient is the average over the examples, not the sum
def layer_back(X, W, dY):
    dX = dY @ W.T
    dW = X.T @ dY
    db = np.mean(dY, axis=0)
    return dX, dW, db

# ---------------- u1
# %% average_rate | the rate with letters is already the one at a: h may be put to 0 and dropped
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    rise = f(b) - f(a)
    run = b - a
    return rise / run


my_rate = my_rate
rate_of_square = "2a"
rate_of_mine = f"3a^2 + ({mine['c']})"

# %% average_rate | a power of a sum is the sum of the powers
def average_rate(f, a, b):
    run = b - a
    if run == 0:
        raise ValueError("no run")
    return (f(b) - f(a)) / run


my_rate = my_rate
rate_of_square = "h"
rate_of_mine = f"h^2 + ({mine['c']})"

# %% dual_plus_minus | a minus sign flips the real part only, the rate stays as it is
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

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, self.inf)

    def __sub__(self, other):
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        other = as_dual(other)
        return Dual(other.real - self.real, other.inf - self.inf)

# %% dual_plus_minus | subtracting is the same in both orders, so __rsub__ can be __sub__
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

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        return self + (-as_dual(other))

    def __rsub__(self, other):
        return self - other

# %% dual_times | multiplies part by part: real times real, inf times inf
product_real = "a*c"
product_inf = "b*d"


def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real, p.inf * q.inf)


Dual.__mul__ = Dual.__rmul__ = times

# %% dual_divide_power | loses the minus when the eps part of the divisor is brought to the other side
reciprocal_inf = "1/x^2"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    v = (p.inf + u * q.inf) / q.real
    return Dual(u, v)


def power(p, n):
    result = Dual(1, 0)
    for _ in range(abs(n)):
        result = result * p
    return result if n >= 0 else Dual(1 / result.real, -result.inf / result.real**2)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_divide_power | one formula n*x^(n-1) does for every n, also for n = 0 at the real part 0
reciprocal_inf = "-1/x^2"


def divide(p, q):
    p = as_dual(p)
    q = as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real - p.real * q.inf) / (q.real * q.real))


def power(p, n):
    return Dual(p.real**n, n * p.real ** (n - 1) * p.inf)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_compare | abs makes the real part positive and leaves the rate as it was
def smaller(p, q):
    return as_dual(p).real < as_dual(q).real


def equal(p, q):
    return as_dual(p).real == as_dual(q).real


def size(p):
    return Dual(abs(p.real), p.inf)


Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# %% microscope | the tangent is height plus slope times x, not times the distance from x0
def microscope(f, x0, widths):
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, width in zip(panels[0], widths):
        xs = np.linspace(x0 - width / 2, x0 + width / 2, 101)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            m = slope(f, x0)
            ax.plot(xs, [f(x0) + m * float(x) for x in xs], label="tangent")
        ax.set_xlim(x0 - width / 2, x0 + width / 2)
    return list(panels[0])


my_tangent = f"({lens_f(lens_x0)}) + ({slope(lens_f, lens_x0)})*x"

# %% microscope | the window reaches a whole width to each side of x0
def microscope(f, x0, widths):
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    kink = has_kink(f, x0)
    for i in range(len(widths)):
        ax = panels[0][i]
        left, right = x0 - widths[i], x0 + widths[i]
        xs = np.linspace(left, right, 101).tolist()
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not kink:
            ax.plot(xs, [f(x0) + slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(left, right)
    return list(panels[0])


my_tangent = my_tangent

# %% pair_plot | the line at height 0 belongs to the curve of f, in the upper panel
matching = matching


def pair_plot(f, xs):
    figure, (upper, lower) = plt.subplots(2, 1)
    upper.plot(xs, [f(x) for x in xs])
    upper.axhline(0)
    lower.plot(xs, [slope(f, x) for x in xs])
    return upper, lower

# %% signal | moves along the sign of the slope, which is the way up
my_prediction = my_prediction


def signal(f, x):
    s = slope(f, x)
    if s > 0:
        return 1
    elif s < 0:
        return -1
    return 0


zero_means = "c"

# %% signal | a slope of 0 means that the bottom has been reached
my_prediction = my_prediction


def signal(f, x):
    s = slope(f, x)
    return -1 if s > 0 else 1 if s < 0 else 0


zero_means = "a"

# %% signal | a very small slope counts as level
my_prediction = my_prediction


def signal(f, x):
    s = slope(f, x)
    if abs(s) < 1e-6:
        return 0
    return -1 if s > 0 else 1


zero_means = "c"

# ---------------- u2
# %% poly_derivative | multiplies by the power, but leaves each term at its old power
d_square = "2x"
d_cube = "3x^2"
d_reciprocal = "-1/x^2"
d_root = "1/(2*sqrt(x))"
my_derivative = my_derivative


def poly_derivative(c):
    return [k * c[k] for k in range(len(c))]

# %% poly_derivative | puts x instead of sqrt(x) back in for r
d_square = "2*x"
d_cube = "3*x**2"
d_reciprocal = "-1/x**2"
d_root = "1/(2*x)"
my_derivative = my_derivative


def poly_derivative(c):
    out = []
    for k, coefficient in enumerate(c):
        if k > 0:
            out.append(k * coefficient)
    return out if out else [0]

# %% product_rule | the slope of a product is the product of the slopes
my_product = f"{my_factors['n']}*x^{my_factors['n'] - 1} * 1/(2*sqrt(x))"


def dproduct(f, df, g, dg):
    def rate(x):
        return df(x) * dg(x)

    return rate

# %% quotient_rule | the denominator under the rule is g, not g squared
dq_by_hand = "(df - q*dg)/g"
my_quotient = my_quotient


def dquotient(f, df, g, dg):
    return lambda x: (df(x) * g(x) - f(x) * dg(x)) / g(x)

# %% exp_by_steps | each step adds x/n of the coin at the beginning, not of what is there
def grow(x, n):
    y = 1
    for _ in range(n):
        y += x / n
    return y


d_power = f"ln({my_base}) * {my_base}^x"
d_ln = "1/x"

# %% exp_by_steps | uses the power rule for a power whose exponent is x
def grow(x, n):
    y = 1.0
    for step in range(n):
        y += y * (x / n)
    return y


d_power = f"x*{my_base}^(x - 1)"
d_ln = "1/x"

# %% dual_functions | gives back the slope at x.real, and forgets how fast x itself moves
def sqrt(x):
    """The square root of a Dual or of a plain number (given)."""
    if not isinstance(x, Dual):
        return math.sqrt(x)
    r = math.sqrt(x.real)
    return Dual(r, 1 / (2 * r) * x.inf)


def exp(x):
    if not isinstance(x, Dual):
        return math.exp(x)
    e = math.exp(x.real)
    return Dual(e, e)


def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), 1 / x.real)


def sin(x):
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.cos(x.real))


def cos(x):
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), -math.sin(x.real))

# %% chain_rule_1d | all slopes are taken at the x that goes in
d_cos_of_square = "-sin(x^2) * 2x"
d_bell = "-x * exp(-x^2/2)"
d_soft = "exp(x)/(1 + exp(x))"
my_chain = my_chain


def chain(fs, dfs):
    def total(x):
        result = 1
        for df in dfs:
            result = result * df(x)
        return result

    return total

# %% activations | the logarithm of a sum is the sum of the logarithms
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def tanh(x):
    return np.tanh(x)


def relu(x):
    return np.maximum(x, 0)


def softplus(x):
    return np.log(1) + np.log(np.exp(x))

# %% activation_slopes | 1 - t^2 is used with the input in place of the output of tanh
def dsigmoid_from_input(x):
    e = np.exp(-x)
    return e / (1 + e) ** 2


def dtanh_from_input(x):
    return 1 - x**2


def drelu_from_input(x):
    return np.where(x > 0, 1.0, 0.0)


def dsoftplus_from_input(x):
    return 1 / (1 + np.exp(-x))


def activation_plot(xs):
    k = steep["k"]
    if steep["name"] == "sigmoid":
        f, df = sigmoid, dsigmoid_from_input
    elif steep["name"] == "tanh":
        f, df = np.tanh, lambda z: 1 - np.tanh(z) ** 2
    else:
        f, df = softplus, dsoftplus_from_input
    figure, ax = plt.subplots()
    ax.plot(xs, f(k * xs), label="f")
    ax.plot(xs, k * df(k * xs), label="slope")
    ax.legend()
    return ax

# %% activation_slopes | the inner number k does not change the slope, only the place
def dsigmoid_from_input(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s)


def dtanh_from_input(x):
    return 1 - np.tanh(x) ** 2


def drelu_from_input(x):
    return (x > 0) * 1.0


def dsoftplus_from_input(x):
    return np.exp(x) / (1 + np.exp(x))


def activation_plot(xs):
    pairs = {
        "sigmoid": (sigmoid, dsigmoid_from_input),
        "tanh": (tanh, dtanh_from_input),
        "softplus": (softplus, dsoftplus_from_input),
    }
    f, df = pairs[steep["name"]]
    inside = steep["k"] * xs
    _, ax = plt.subplots()
    ax.plot(xs, f(inside), label="f")
    ax.plot(xs, df(inside), label="slope")
    return ax

# %% slopes_from_output | the output is sent through the activation once more
sigmoid_slope_in_x = "exp(-x)/(1 + exp(-x))^2"
exp_in_s = "1/s - 1"
sigmoid_slope_in_s = "s*(1 - s)"


def dsigmoid_from_output(a):
    s = sigmoid(a)
    return s * (1 - s)


def dtanh_from_output(a):
    return 1 - np.tanh(a) ** 2


def drelu_from_output(a):
    return np.where(relu(a) > 0, 1.0, 0.0)


def dsoftplus_from_output(a):
    return sigmoid(a)

# %% descend | k steps take off k times what the first step takes off
my_guess = my_guess


def descend(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        path.append(path[-1] - lr * df(path[-1]))
    return np.array(path)


my_third = bowl["x0"] * (1 - 3 * bowl["lr"] * bowl["c"])
x_after_k = "x0*(1 - k*lr*c)"
lr_limit = "2/c"


def path_plot(f, path):
    figure, ax = plt.subplots()
    xs = np.linspace(min(path), max(path), 100)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(path, [f(float(x)) for x in path], "o-", label="path")
    return ax

# %% descend | it runs away as soon as it jumps across the bottom
my_guess = my_guess


def descend(df, x0, lr, steps):
    x = float(x0)
    places = [x]
    for i in range(steps):
        x = x - lr * df(x)
        places.append(x)
    return np.array(places)


my_third = my_third
x_after_k = "x0*(1 - lr*c)^k"
lr_limit = "1/c"


def path_plot(f, path):
    fig, ax = plt.subplots()
    grid = np.linspace(np.min(path) - 1, np.max(path) + 1, 201)
    ax.plot(grid, [f(float(g)) for g in grid], label="f")
    ax.plot(path, [f(float(p)) for p in path], ".-", label="path")
    ax.legend()
    return ax

# %% sturdy_activations | np.where computes only the fraction that it chooses
def sturdy_sigmoid(x):
    return np.where(x > 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def sturdy_tanh(x):
    return np.tanh(x)


def sturdy_softplus(x):
    return np.logaddexp(0, x)


def sturdy_dsigmoid(x):
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2

# ---------------- u3
# %% grad_forward | every call lets all the inputs move at the same time
def grad_forward(f, x):
    n = len(x)
    grad = np.zeros(n)
    for i in range(n):
        y = f([Dual(value, 1) for value in x])
        grad[i] = y.inf if isinstance(y, Dual) else 0
    return grad


slope_in_x = slope_in_x
slope_in_y = slope_in_y

# %% local_grads | 1 - t^2 is used with the input of tanh instead of its output
def local_grads(op, inputs, output):
    a = inputs[0]
    if op == "pow":
        n = inputs[1]
        return (n * a ** (n - 1),)
    if op in "+-*/":
        b = inputs[1]
        return {"+": lambda: (1, 1), "-": lambda: (1, -1), "*": lambda: (b, a), "/": lambda: (1 / b, -a / b**2)}[op]()
    if op == "exp":
        return (output,)
    if op == "log":
        return (1 / a,)
    if op == "tanh":
        return (1 - a**2,)
    if op == "relu":
        return (1.0 if a > 0 else 0.0,)

# %% by_hand | a letter with two arrows hears only on the direct one, not on the one that goes through s
a, b, twice, once = sheet["a"], sheet["b"], sheet["twice"], sheet["once"]
answers = {
    "t": "u",
    "u": "t",
    "s": f"u*{twice} + t",
    twice: "u*s",
    once: f"{b}*t",
}

# %% topological_order | two nodes with the same name are the same node
def topological(node):
    order = []
    visited = set()

    def visit(n):
        if n.name in visited:
            return
        visited.add(n.name)
        for i in n.inputs:
            visit(i)
        order.append(n)

    visit(node)
    return order

# %% topological_order | a node is appended as soon as it is reached, and the whole list is turned round at the end
def topological(node):
    order, seen = [], set()

    def visit(n):
        if id(n) not in seen:
            seen.add(id(n))
            order.append(n)
            for before in n.inputs:
                visit(before)

    visit(node)
    return order[::-1]

# %% value_engine | in 2 - v and 2 / v the Value still comes first
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
        self.data = data
        self.inputs = inputs
        self.op = op
        self.slopes = slopes
        self.grad = 0.0

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __neg__(self):
        return self * -1

    def __mul__(self, other):
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __pow__(self, n):
        return computed("pow", self.data**n, self, n)

    def exp(self):
        return computed("exp", math.exp(self.data), self)

    def log(self):
        return computed("log", math.log(self.data), self)

    def tanh(self):
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        return computed("relu", max(self.data, 0), self)

    def backward(self):
        send_back(self)

    __radd__ = __add__
    __rmul__ = __mul__

# %% value_backward | sets the gradient of an input instead of adding to it
def send_back(output):
    output.grad = 1.0
    for node in reversed(topological(output)):
        for source, local in zip(node.inputs, node.slopes):
            source.grad = node.grad * local

# %% neuron_layer | the bias is added for every input, not once
def neuron(x, w, b):
    total = 0
    for xi, wi in zip(x, w):
        total = total + (xi * wi + b)
    return total


def layer(X, W, b):
    return np.array(X) @ np.array(W) + np.array(b)

# %% linear_backward | w01 hears from the first example only
dL_dW01 = "x00*d01"
dL_dX01 = "d00*w10 + d01*w11"


def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.sum(axis=0)

# %% linear_backward | gradients of W and b are averaged over the examples
dL_dW01 = "x00*d01 + x10*d11"
dL_dX01 = "w10*d00 + w11*d01"


def vjp_linear(X, W, b, dY):
    n = X.shape[0]
    dX = dY @ W.T
    dW = X.T @ dY / n
    db = dY.sum(axis=0) / n
    return (dX, dW, db)

# %% softmax | divides by the sum of the whole table instead of the sum of each row
same_logit = "p*(1 - p)"
other_logit = "-p*q"


def softmax(Z):
    E = np.exp(Z)
    return E / E.sum()

# %% softmax_ce | the loss is a mean, but its gradient is not divided by n
slope_right = "p - 1"
slope_other = "p"


def ce(Z, y):
    n = len(Z)
    P = softmax(Z)
    loss = -np.mean(np.log(P[np.arange(n), y]))
    dZ = P.copy()
    dZ[np.arange(n), y] -= 1
    return loss, dZ

# %% softmax_ce | the gradient is the direction in which the logit should move (1 - p up, p down)
slope_right = "1 - p"
slope_other = "-p"


def ce(Z, y):
    n, k = Z.shape
    P = softmax(Z)
    truth = np.eye(k)[y]
    loss = float(-np.log(P[np.arange(n), y]).mean())
    return loss, (truth - P) / n

# %% sturdy_topological | each node is noted when it is first taken from the list, and the list is reversed at the end
def sturdy_topological(node):
    found, seen, waiting = [], {id(node)}, [node]
    while waiting:
        n = waiting.pop()
        found.append(n)
        for before in n.inputs:
            if id(before) not in seen:
                seen.add(id(before))
                waiting.append(before)
    found.reverse()
    return found

# %% sturdy_backward | every node starts from 0 at each call, the leaves as well
def sturdy_backward(output):
    order = sturdy_topological(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for source, local in zip(node.inputs, node.slopes):
            source.grad += node.grad * local

# %% sturdy_softmax | subtracts the largest number of the whole table from all the rows
def sturdy_softmax(Z):
    E = np.exp(Z - np.max(Z))
    return E / E.sum(axis=1, keepdims=True)


def sturdy_ce(Z, y):
    n = len(Z)
    shifted = Z - np.max(Z)
    sums = np.exp(shifted).sum(axis=1)
    loss = np.mean(np.log(sums) - shifted[np.arange(n), y])
    dZ = sturdy_softmax(Z)
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n

# %% softmax_jacobian | a probability depends on its own logit only
def softmax_jacobian(z):
    p = softmax(z[None])[0]
    k = len(z)
    J = np.zeros((k, k))
    for i in range(k):
        J[i, i] = p[i] * (1 - p[i])
    return J

# ---------------- u4
# %% finite_differences | the central difference is divided by h, although the run is 2h
def forward_diff(f, x, h):
    return (f(x + h) - f(x)) / h


def central_diff(f, x, h):
    return (f(x + h) - f(x - h)) / h


central_of_cube = "6x^2 + 2h^2"

# %% error_curve | the best h is the smallest one
error_at_1e_17 = error_at_1e_17


def error_curve(f, df, x, hs):
    hs = list(hs)
    truth = df(x)
    figure, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        errors = [max(abs(diff(f, x, h) - truth), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        best = hs.index(min(hs))
        ax.plot([hs[best]], [errors[best]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    ax.legend()
    return ax


left_side = "b"

# %% error_curve | the error grows at tiny h because h*h is not 0 as it was for eps
error_at_1e_17 = error_at_1e_17


def error_curve(f, df, x, hs):
    fig, ax = plt.subplots()
    for label, difference in {"forward": forward_diff, "central": central_diff}.items():
        err = np.array([abs(difference(f, x, h) - df(x)) for h in hs])
        err[err == 0] = 1e-17
        ax.plot(hs, err, label=label)
        i = int(np.argmin(err))
        ax.plot([hs[i]], [err[i]], "o", label=f"best {label}")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("step h")
    ax.set_ylabel("error of the difference")
    return ax


left_side = "c"

# %% numerical_gradient | putting the entry back in the normal course is enough, an error of f needs no care
def numerical_gradient(f, X, h=1e-5):
    if X.dtype.kind != "f":
        X = np.array(X, dtype=float)
    G = np.zeros(X.shape)
    for place in np.ndindex(X.shape):
        old = X[place]
        X[place] = old + h
        right = np.asarray(f(X)).item()
        X[place] = old - h
        left = np.asarray(f(X)).item()
        X[place] = old
        G[place] = (right - left) / (2 * h)
    return G

# %% relative_error | a tiny number in the divisor avoids 0/0 and changes nothing else
def relative_error(a, b):
    a = np.array(a, dtype=float)
    b = np.array(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} and {b.shape}")
    bigger = np.maximum(abs(a), abs(b)) + 1e-8
    return float((abs(a - b) / bigger).max())

# %% judge | nudges a copy of each parameter, which loss() never reads
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("the loss changes by itself")
    errors = {}
    for name in params:
        nudged = numerical_gradient(lambda X: loss(), params[name].copy())
        errors[name] = relative_error(grads[name], nudged)
    return errors

# %% kinks | safe means that relu is on; a number far below 0 is not safe
kink_forward = kink_forward
kink_central = kink_central
kink_true = kink_true


def safe(pre, step):
    return np.asarray(pre) > step


at_a_kink = "c"

# %% kinks | the judge is always right, so the backward pass has to be changed
kink_forward = kink_forward
kink_central = kink_central
kink_true = kink_true


def safe(pre, step):
    pre = np.array(pre)
    return (pre - step > 0) | (pre + step < 0)


at_a_kink = "a"

# %% random_directions | draws one number for each array, so all entries of an array move equally fast
slope_along = slope_along


def directional_check(loss, grads, params, rng):
    h = 1e-5
    old = {name: params[name].copy() for name in params}
    v = {name: rng.standard_normal() for name in params}
    for name in params:
        params[name][...] = old[name] + h * v[name]
    up = loss()
    for name in params:
        params[name][...] = old[name] - h * v[name]
    down = loss()
    for name in params:
        params[name][...] = old[name]
    said = sum(np.sum(grads[name] * v[name]) for name in params)
    return relative_error((up - down) / (2 * h), said)

# %% find_the_bug | the gradient is passed on once for each path instead of once for each node
failing_graph = failing_graph


class Value(Broken):
    """The engine, repaired."""

    def backward(self):
        def pass_on(node, g):
            node.grad += g
            for source, slope in node.edges:
                pass_on(source, g * slope)

        pass_on(self, 1.0)

# %% find_the_bug | reusing an input that was typed in is enough to make the broken engine fail
def failing_graph():
    def build(a, b):
        return a * b + b

    return [2.0, 3.0], build


class Value(Broken):
    """The engine, repaired."""

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for source, _ in node.edges:
                    visit(source)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for source, slope in node.edges:
                source.grad += node.grad * slope

# ---------------- u5
# %% mse | the mean is taken over the n rows only, the k columns are forgotten
slope_of_entry = "2*(p - y)/n"


def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes differ")
    return float(np.sum((P - Y) ** 2) / P.shape[0])


def dmse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes differ")
    return 2 * (P - Y) / P.shape[0]

# %% init_params | the spread of the weights is 1 over the number of outputs, under the root
after_zeros = "a"
why_zeros = "c"


def init_params(sizes, rng):
    params = []
    for din, dout in zip(sizes[:-1], sizes[1:]):
        W = rng.normal(size=(din, dout)) / np.sqrt(dout)
        params.append((W, np.zeros(dout)))
    return params


my_count = my_count

# %% init_params | tanh lets nothing through at 0, and biases start at 0 so they are not counted as learned
after_zeros = "a"
why_zeros = "a"


def init_params(sizes, rng):
    net = []
    for at in range(len(sizes) - 1):
        din, dout = sizes[at], sizes[at + 1]
        net.append((rng.normal(size=(din, dout)) / din**0.5, np.zeros(dout)))
    return net


my_count = sum(i * o for i, o in zip(my_sizes, my_sizes[1:]))

# %% backward | the kept outputs of tanh are taken for what went into it: the slope is 1 - tanh(a)^2
def forward(params, X):
    cache = [X]
    a = X
    for W, b in params[:-1]:
        a = np.tanh(a @ W + b)
        cache.append(a)
    W, b = params[-1]
    return a @ W + b, cache


def backward(params, cache, dY):
    slopes = []
    for at in range(len(params) - 1, -1, -1):
        came_in = cache[at]
        W, b = params[at]
        slopes.insert(0, (came_in.T @ dY, dY.sum(axis=0)))
        if at > 0:
            dY = (dY @ W.T) * (1 - np.tanh(came_in) ** 2)
    return slopes

# %% backward | the way back also goes through a tanh after the last layer
def forward(params, X):
    inputs = []
    out = X
    for i, (W, b) in enumerate(params):
        inputs.append(out)
        out = out @ W + b
        if i < len(params) - 1:
            out = np.tanh(out)
    return out, (inputs, out)


def backward(params, cache, dY):
    inputs, out = cache
    came_out = inputs[1:] + [np.tanh(out)]
    result = []
    d = dY
    for (W, b), x, a in reversed(list(zip(params, inputs, came_out))):
        d = d * (1 - a**2)
        result.append((x.T @ d, d.sum(axis=0)))
        d = d @ W.T
    return result[::-1]

# %% train | losses has one number for each step, that of the returned net is not needed
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        slopes = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes)]
    return params, losses

# %% train | a copy of the list is enough to leave the arrays of the caller alone
def train(params, X, Y, lr, steps):
    params = list(params)
    losses = []
    for step in range(steps + 1):
        out, cache = forward(params, X)
        losses.append(float(mse(out, Y)))
        if step == steps:
            break
        for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y))):
            W -= lr * dW
            b -= lr * db
    return params, losses

# %% moons | the slope in the probability is the slope in the score, the sigmoid is left out of the chain
slope_of_log_loss = "-y/p + (1 - y)/(1 - p)"


def fit(X, y, rng):
    y = y[:, None]
    params = init_params([2, 16, 1], rng)
    losses = []
    for step in range(1001):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))))
        if step < 1000:
            dz = (p - y) / len(X)
            params = [(W - 1.0 * dW, b - 1.0 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, dz))]
    return params, losses


def boundary_plot(params, X, y):
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 100),
                         np.linspace(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5, 100))
    z, _ = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    ax.contour(xx, yy, z.reshape(xx.shape), levels=[0])
    return ax

# %% moons | the boundary is where the score is 0.5
slope_of_log_loss = "p - y"


def fit(X, y, rng):
    target = y.reshape(-1, 1)
    net = init_params([2, 16, 1], rng)
    losses = []

    def loss_and_slopes(net):
        score, cache = forward(net, X)
        p = 1 / (1 + np.exp(-score))
        loss = float(np.mean(-target * np.log(p) - (1 - target) * np.log(1 - p)))
        return loss, backward(net, cache, (p - target) / len(target))

    for _ in range(1000):
        loss, slopes = loss_and_slopes(net)
        losses.append(loss)
        net = [(W - dW, b - db) for (W, b), (dW, db) in zip(net, slopes)]
    losses.append(loss_and_slopes(net)[0])
    return net, losses


def boundary_plot(params, X, y):
    low, high = X.min(axis=0) - 0.3, X.max(axis=0) + 0.3
    xx, yy = np.meshgrid(np.linspace(low[0], high[0], 80), np.linspace(low[1], high[1], 80))
    places = np.column_stack([xx.ravel(), yy.ravel()])
    score = forward(params, places)[0].reshape(xx.shape)
    figure, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    ax.contour(xx, yy, score, levels=[0.5])
    return ax

# %% two_engines | the sum of the squares is divided by the number of rows only
def value_grads(params, X, Y):
    net = []
    for W, b in params:
        net.append(([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]))
    loss = 0
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for at, (W, b) in enumerate(net):
            z = []
            for j in range(len(b)):
                total = b[j]
                for i in range(len(a)):
                    total = total + W[i][j] * a[i]
                z.append(total)
            a = z if at == len(net) - 1 else [v.tanh() for v in z]
        for out, target in zip(a, y):
            loss = loss + (out - float(target)) ** 2
    loss = loss / len(X)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% fit_digits | losses should show the progress, so it holds the loss on all rows
def fit_digits(X, y, rng, steps):
    params = init_params([64, 64, 10], rng)
    losses = []
    for _ in range(steps):
        losses.append(float(ce(forward(params, X)[0], y)[0]))
        rows = rng.integers(len(X), size=32)
        scores, cache = forward(params, X[rows])
        loss, dZ = ce(scores, y[rows])
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, dZ))]
    return params, losses

# %% own_digit | the drawing is read column by column
my_drawing = my_drawing
my_digit = my_digit


def as_numbers(drawing):
    ink = {"#": 1.0, "+": 0.5, ".": 0.0}
    lines = drawing.split()
    return np.array([ink[lines[row][column]] for column in range(8) for row in range(8)])

# ---------------- w1
# %% gaussian_nll | the likelihood is multiplied out first, and the logarithm taken of the product
nll_of_one = "ln(sigma) + ln(2*pi)/2 + (y - mu)^2/(2*sigma^2)"


def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be above 0")
    density = np.exp(-((y - mu) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    likelihood = np.prod(density)
    return float(-np.log(likelihood))

# %% valley_plot | the gap is that of one measurement, it does not grow with n
def valley_plot(y, mus, sigma):
    figure, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label="nll")
    ax.plot(mus, [np.sum((y - mu) ** 2) / (2 * sigma**2) for mu in mus], label="squared error")
    ax.legend()
    return ax


gap = "ln(sigma) + ln(2*pi)/2"

# %% mle | the variance is divided by n - 1
d_mu = "-(y - mu)/sigma^2"
d_sigma = "1/sigma - (y - mu)^2/sigma^3"


def mle(y):
    y = np.asarray(y, dtype=float)
    return float(np.mean(y)), float(np.var(y, ddof=1))


my_mu = float(np.mean(my_valley["y"]))
my_sigma2 = float(np.var(my_valley["y"], ddof=1))

# %% mle | the inner slope of y - mu with respect to mu is 1
d_mu = "(y - mu)/sigma^2"
d_sigma = "1/sigma - (y - mu)^2/sigma^3"


def mle(y):
    mu = np.mean(y)
    return float(mu), float(np.mean((np.asarray(y) - mu) ** 2))


my_mu = my_mu
my_sigma2 = my_sigma2

# %% fit_line | a moves first, and b is moved with the new a
def fit_line(x, y, lr, steps, sigma):
    a, b = 0.0, 0.0
    for _ in range(steps):
        a = a + lr * np.mean((y - a * x - b) * x) / sigma**2
        b = b + lr * np.mean(y - a * x - b) / sigma**2
    return float(a), float(b)


with_twice_sigma = "c"

# %% fit_line | with twice the sigma a step is half as long, the slope is divided by sigma only once
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for i in range(steps):
        miss = y - (a * x + b)
        da = -np.mean(miss * x) / sigma
        db = -np.mean(miss) / sigma
        a, b = a - lr * da, b - lr * db
    return a, b


with_twice_sigma = "b"

# %% best_location | the median is what stands in the middle of the list, as it was handed over
laplace_nll = "ln(2*b) + abs(y - m)/b"
label_nll = "-y*ln(p) - (1 - y)*ln(1 - p)"


def best_location(y, noise):
    if noise == "gauss":
        return float(np.mean(y))
    if noise == "laplace":
        return float(y[len(y) // 2])
    raise ValueError(noise)

# %% best_location | a label costs -ln p only where it is 1, a label 0 costs nothing
laplace_nll = "ln(2b) + |y - m|/b"
label_nll = "-y*ln(p)"


def best_location(y, noise):
    ways = {"gauss": np.mean, "laplace": np.median}
    if noise not in ways:
        raise ValueError("unknown noise")
    return float(ways[noise](y))

# %% hetero_nll | the slopes are those of the single points, the n of the mean is forgotten
d_s = "1 - (y - mu)^2*exp(-2s)"


def hetero_nll(y, mu, log_sigma):
    w = np.exp(-2.0 * log_sigma)
    loss = np.mean(log_sigma + (y - mu) ** 2 / 2 * w)
    dmu = -(y - mu) * w
    ds = 1 - (y - mu) ** 2 * w
    return float(loss), dmu, ds

# ---------------- w2
# %% kl | outcomes with q = 0 are left out like those with p = 0
def checked(*distributions):
    for d in distributions:
        if np.any(np.asarray(d) < 0) or abs(np.sum(d) - 1) > 1e-6:
            raise ValueError("not a distribution")


def entropy(p):
    p = np.asarray(p, dtype=float)
    checked(p)
    p = p[p > 0]
    return float(-np.sum(p * np.log(p)))


def cross_entropy(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    checked(p, q)
    both = (p > 0) & (q > 0)
    return float(-np.sum(p[both] * np.log(q[both])))


def kl(p, q):
    return cross_entropy(p, q) - entropy(p)

# %% kl | a tiny number added everywhere cures the zeros and changes nothing else
TINY = 1e-12


def must_be_distribution(p):
    if (p < 0).any() or abs(p.sum() - 1) > 1e-6:
        raise ValueError("probabilities must add up to 1")


def entropy(p):
    must_be_distribution(p)
    return float(-(p * np.log(p + TINY)).sum())


def cross_entropy(p, q):
    must_be_distribution(p)
    must_be_distribution(q)
    return float(-(p * np.log(q + TINY)).sum())


def kl(p, q):
    must_be_distribution(p)
    must_be_distribution(q)
    return float((p * np.log((p + TINY) / (q + TINY))).sum())

# %% two_directions | reverse only turns the ratios upside down, the weights in front stay p
p1, p2 = my_pair["p"].strip("()").split(", ")
q1, q2 = my_pair["q"].strip("()").split(", ")
my_forward = f"({p1})*ln(({p1})/({q1})) + ({p2})*ln(({p2})/({q2}))"
my_reverse = f"({p1})*ln(({q1})/({p1})) + ({p2})*ln(({q2})/({p2}))"
infinite_way = "b"
my_finite = my_finite

# %% kl_gauss | the average of (x - m2)^2 is s1^2 wherever it is measured from
kl_bells = "ln(s2/s1) - 1/2 + s1^2/(2*s2^2)"
d_m2 = "0"


def kl_gauss(m1, s1, m2, s2):
    out = np.log(np.asarray(s2) / np.asarray(s1)) - 1 / 2 + np.asarray(s1) ** 2 / (2 * np.asarray(s2) ** 2)
    out = out + 0 * (np.asarray(m1) - np.asarray(m2))
    return out if out.ndim else float(out)


to_standard = "-l/2 - 1/2 + exp(l)/2"

# %% one_bell | one start in the middle is enough: going downhill ends at the lowest place
def bell(x, mu, sigma):
    return np.exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))


def reverse_kl(x, p, mu, sigma):
    q = bell(x, mu, sigma)
    log_q = -((x - mu) ** 2) / (2 * sigma**2) - np.log(sigma * np.sqrt(2 * np.pi))
    return np.sum(q * (log_q - np.log(p))) * (x[1] - x[0])


def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    dx = x[1] - x[0]
    mu = np.sum(p * x) * dx
    sigma = np.sqrt(np.sum(p * (x - mu) ** 2) * dx)
    if direction == "forward":
        return float(mu), float(sigma)
    widest = (x[-1] - x[0]) / 4
    sigma = min(sigma, widest)
    step = 0.1
    best = reverse_kl(x, p, mu, sigma)
    while step > 1e-4:
        moved = False
        for dmu, dsigma in [(step, 0), (-step, 0), (0, step), (0, -step)]:
            m, s = mu + dmu, sigma + dsigma
            if x[0] <= m <= x[-1] and 2 * dx <= s <= widest:
                value = reverse_kl(x, p, m, s)
                if value < best:
                    best, mu, sigma, moved = value, m, s, True
        if not moved:
            step /= 2
    return float(mu), float(sigma)


def overlay(x, p):
    _, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for direction in ("forward", "reverse"):
        ax.plot(x, bell(x, *fit(direction, x, p)), label=direction)
    ax.legend()
    return ax


cover = "sqrt(d^2 + s^2)"
price = "ln(n)"

# %% one_bell | widths add up: the covering bell is as wide as distance plus width
def density(x, mu, sigma):
    return np.exp(-((x - mu) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))


def fit(direction, x, p):
    dx = x[1] - x[0]
    if direction == "forward":
        mu = (p * x).sum() * dx
        return float(mu), float(np.sqrt((p * (x - mu) ** 2).sum() * dx))
    if direction != "reverse":
        raise ValueError("forward or reverse")
    log_p = np.log(p)
    low, high = 2 * dx, (x[-1] - x[0]) / 4

    def search(mus, sigmas):
        best = (np.inf, 0.0, 1.0)
        s = sigmas[:, None]
        for mu in mus:
            log_q = -((x - mu) ** 2) / (2 * s**2) - np.log(s * math.sqrt(2 * math.pi))
            values = (np.exp(log_q) * (log_q - log_p)).sum(axis=1) * dx
            k = int(np.argmin(values))
            if values[k] < best[0]:
                best = (values[k], mu, sigmas[k])
        return best

    _, mu, sigma = search(x, np.linspace(low, high, 60))
    reach_mu, reach_sigma = dx, (high - low) / 59
    for _ in range(12):
        mus = np.clip(np.linspace(mu - reach_mu, mu + reach_mu, 7), x[0], x[-1])
        sigmas = np.clip(np.linspace(sigma - reach_sigma, sigma + reach_sigma, 7), low, high)
        _, mu, sigma = search(mus, sigmas)
        reach_mu, reach_sigma = reach_mu / 2, reach_sigma / 2
    return float(mu), float(sigma)


def overlay(x, p):
    figure, ax = plt.subplots()
    ax.plot(x, p, label="p")
    ax.plot(x, density(x, *fit("forward", x, p)), label="forward")
    ax.plot(x, density(x, *fit("reverse", x, p)), label="reverse")
    ax.legend()
    return ax


cover = "d + s"
price = "ln(n)"

# %% kl_slopes | the reverse slope is that of q*ln(q/p) in q, the way of q through the softmax is left out
forward_slope = "q - p"
reverse_slope = "ln(q/p) + 1"


def log_softmax(z):
    z = np.asarray(z, dtype=float)
    z = z - z.max()
    return z - np.log(np.sum(np.exp(z)))


def dforward(logits, p):
    return np.exp(log_softmax(logits)) - p


def dreverse(logits, p):
    if np.any(np.asarray(p) == 0):
        raise ValueError("infinite KL")
    return log_softmax(logits) - np.log(p) + 1

# %% kl_estimate | the standard error is the standard deviation of the values
def kl_estimate(samples, logp, logq):
    values = np.asarray(logp(samples)) - np.asarray(logq(samples))
    return float(np.mean(values)), float(np.std(values))


to_estimate = "a"
only_data = "b"

# ---------------- w3
# %% slope_of | it jumps only if the value a hair to the right differs from the value at the place
def slope_of(f, xs):
    slopes = []
    for x in xs:
        slopes.append(math.nan if f(x + 1e-6) != f(x) else 0)
    return slopes


across_jump = across_jump

# %% staircase | the logarithm of the probability is taken as it stands, far away too
def accuracy(w, X, y):
    said = (X > w).astype(int)
    return float(np.mean(said == y))


def log_loss(w, X, y):
    p = 1 / (1 + np.exp(-(X - w)))
    return float(np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p))))


def staircase(ws, X, y):
    figure, (left, right) = plt.subplots(1, 2)
    left.plot(ws, [accuracy(w, X, y) for w in ws], label="accuracy")
    right.plot(ws, [log_loss(w, X, y) for w in ws], label="log-loss")
    return [left, right]

# %% descend_on | a large enough learning rate gets off the level piece
def descend_on(loss, w0, lr, steps):
    path = [w0]
    for _ in range(steps):
        w = path[-1]
        slope = (loss(w + 1e-5) - loss(w - 1e-5)) / 2e-5
        path.append(w - lr * slope)
    return path


larger_lr = "a"

# %% descend_on | where the slope is 0 the walk is over, and the path ends there
def descend_on(loss, w0, lr, steps):
    h = 1e-5
    w = w0
    path = [w]
    for _ in range(steps):
        slope = (loss(w + h) - loss(w - h)) / (2 * h)
        if slope == 0:
            break
        w = w - lr * slope
        path.append(w)
    return path


larger_lr = "d"

# %% soft_step | the slope is s*(1 - s), the factor k of the inside is forgotten
def soft_step(x, k):
    x = np.asarray(x, dtype=float)
    s = (1 + np.tanh(k * x / 2)) / 2
    return s, s * (1 - s)


steepest = "1/4"
nearly_on = "ln(9)/k"

# %% noisy_step | both sides get their own noise from one generator
def noisy_step(x, s, n, rng):
    eps = rng.standard_normal(n)
    results = np.where(x + s * eps > 0, 1.0, 0.0)
    return float(results.mean()), float(np.std(results) / np.sqrt(n))


def sampled_slope(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    right, _ = noisy_step(x + h, s, n, rng)
    left, _ = noisy_step(x - h, s, n, rng)
    return (right - left) / (2 * h)


d_noisy = "exp(-x^2/(2*s^2))/(s*sqrt(2*pi))"

# %% noisy_step | the height of a bell in the middle is 1/sqrt(2 pi) for every width
def noisy_step(x, s, n, rng):
    steps = (x + s * rng.standard_normal(n) > 0) * 1.0
    return float(np.mean(steps)), float(np.std(steps) / math.sqrt(n))


def sampled_slope(x, s, n, seed, h):
    up = noisy_step(x + h, s, n, np.random.default_rng(seed))[0]
    down = noisy_step(x - h, s, n, np.random.default_rng(seed))[0]
    return (up - down) / (2 * h)


d_noisy = "exp(-x^2/(2*s^2))/sqrt(2*pi)"

# %% train_sign | a red check always means that the backward pass has to be mended
def sign_loss(X, y, w):
    return np.mean((ste_forward(X @ w) - y) ** 2)


def straight(X, y, w):
    z = X @ w
    dout = 2 * (ste_forward(z) - y) / len(y)
    return X.T @ ste_back(dout, z)


def sign_gradients(X, y, w):
    h = 1e-5
    nudged = np.zeros(len(w))
    for i in range(len(w)):
        up, down = np.array(w, dtype=float), np.array(w, dtype=float)
        up[i] += h
        down[i] -= h
        nudged[i] = (sign_loss(X, y, up) - sign_loss(X, y, down)) / (2 * h)
    return nudged, straight(X, y, w)


def train_sign(X, y, w, lr, steps):
    w = np.array(w, dtype=float)
    for _ in range(steps):
        w = w - lr * straight(X, y, w)
    return w


verdict = "a"

# %% train_sign | the pushes of the examples are added up, the n of the mean is left out
def sign_gradients(X, y, w):
    def loss(v):
        return np.mean((ste_forward(X @ v) - y) ** 2)

    unit = np.eye(len(w)) * 1e-5
    nudged = np.array([(loss(w + e) - loss(w - e)) / 2e-5 for e in unit])
    z = X @ w
    through = ste_back(2 * (ste_forward(z) - y), z) @ X
    return nudged, through


def train_sign(X, y, w, lr, steps):
    w = np.array(w, dtype=float)
    for step in range(steps):
        w = w - lr * sign_gradients(X, y, w)[1]
    return w


verdict = "c"

# %% idle_units | a neuron is idle as soon as it is flat on one row
def idle_units(params, X, tol, act):
    idle = []
    a = X
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            idle.append(np.any(z <= 0, axis=0))
            a = np.maximum(z, 0)
        else:
            a = np.tanh(z)
            idle.append(np.any(1 - a**2 < tol, axis=0))
    return idle

# ---------------- w4
# %% outer_products | the largest rank with fewer numbers is the break-even rank rounded up
def outer_products(B, A):
    return [np.outer(B[:, k], A[k]) for k in range(A.shape[0])]


def count(dout, din, r):
    return dout * din, r * (dout + din)


break_even = "dout*din/(dout + din)"
my_largest_rank = int(my_layer["dout"] * my_layer["din"] / (my_layer["dout"] + my_layer["din"])) + 1

# %% lora_forward | builds the large table B @ A first
def lora_forward(X, W, A, B, alpha):
    r = A.shape[0]
    delta = alpha / r * (B @ A)
    return X @ (W + delta).T

# %% lora_backward | the scale belongs to forward only, the slopes come without it
slope_a = "g*b*x"
slope_b = "g*a*x"


def lora_backward(X, W, A, B, alpha, dY):
    H = X @ A.T
    dB = dY.T @ H
    dH = dY @ B
    dA = dH.T @ X
    return dA, dB


both_zero = "a"

# %% train_lora | both tables start at random, so that none of them stands still
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    dout, din = W.shape
    A = rng.normal(size=(r, din)) / np.sqrt(din)
    B = rng.normal(size=(dout, r)) / np.sqrt(r)
    losses = []
    for step in range(steps + 1):
        out = lora_forward(X, W, A, B, alpha)
        losses.append(float(np.mean((out - Y) ** 2)))
        if step < steps:
            dA, dB = lora_backward(X, W, A, B, alpha, 2 * (out - Y) / Y.size)
            A, B = A - lr * dA, B - lr * dB
    return A, B, losses


alpha_doubled = "c"

# %% train_lora | twice the alpha needs half the lr, alpha works only once
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    A = rng.normal(size=(r, W.shape[1])) / np.sqrt(W.shape[1])
    B = np.zeros((W.shape[0], r))
    losses = []
    for _ in range(steps):
        miss = lora_forward(X, W, A, B, alpha) - Y
        losses.append(float((miss**2).mean()))
        dA, dB = lora_backward(X, W, A, B, alpha, 2 * miss / miss.size)
        A = A - lr * dA
        B = B - lr * dB
    losses.append(float(((lora_forward(X, W, A, B, alpha) - Y) ** 2).mean()))
    return A, B, losses


alpha_doubled = "b"

# %% best_rank | each of the two thin tables gets the sizes
def best_rank(D, r):
    U, values, V = np.linalg.svd(D, full_matrices=False)
    B = U[:, :r] * values[:r]
    A = values[:r, None] * V[:r]
    return B, A


def tail(D):
    values = np.linalg.svd(D, compute_uv=False)
    return [float(np.sum(values[r:] ** 2)) for r in range(len(values) + 1)]


def rank_plot(D):
    left_over = tail(D)
    _, ax = plt.subplots()
    ax.plot(range(len(left_over)), left_over, "o-", label="left over")
    ax.legend()
    return ax


my_rest = sum(v**2 for v in my_values["values"][my_values["r"]:])

# %% best_rank | what is left is the sum of the dropped singular values, not of their squares
def best_rank(D, r):
    U, values, V = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] * values[:r], V[:r]


def tail(D):
    values = np.linalg.svd(D)[1]
    rest = [values.sum()]
    for v in values:
        rest.append(rest[-1] - v)
    return np.array(rest)


def rank_plot(D):
    figure, ax = plt.subplots()
    rest = tail(D)
    ax.plot(np.arange(len(rest)), rest, label="left over")
    return ax


my_rest = sum(my_values["values"][my_values["r"]:])

# ---------------- w5
# %% one_draw | one generator serves both sides, one after the other
def draw_slope(draw, p, seed, h):
    rng = np.random.default_rng(seed)
    return (draw(p + h, rng) - draw(p - h, rng)) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    rng = np.random.default_rng(seed)
    right = sum(draw(p + h, rng) for _ in range(n)) / n
    left = sum(draw(p - h, rng) for _ in range(n)) / n
    return (right - left) / (2 * h)


dual_says = "b"

# %% one_draw | the same luck means a new generator with the same seed for every draw
def draw_slope(draw, p, seed, h):
    up = draw(p + h, np.random.default_rng(seed))
    down = draw(p - h, np.random.default_rng(seed))
    return (up - down) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    slopes = [draw_slope(draw, p, seed, h) for _ in range(n)]
    return sum(slopes) / n


dual_says = "b"

# %% reparam | sigma is e^logvar, without the half
def reparam(mu, logvar, eps):
    return mu + np.exp(logvar) * eps


def reparam_back(mu, logvar, eps, dz):
    return dz * np.ones_like(mu, dtype=float), dz * eps * np.exp(logvar)


dz_dl = "exp(l)*n"

# %% two_estimators | the score of a bell of width s is divided by s, not by s squared
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = f(z) * (z - mu)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(n))


def path_grad(df, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = df(z)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(n))


d_log = "(z - mu)/s"
d_mean = f"2*{my_f['a']}*mu + {my_f['b']}"

# %% two_estimators | d_mean is the average itself, its slope is not taken any more
def summary(values):
    return float(values.mean()), float(values.std() / math.sqrt(len(values)))


def score_grad(f, mu, n, rng):
    noise = rng.standard_normal(n)
    return summary(f(mu + noise) * noise)


def path_grad(df, mu, n, rng):
    return summary(df(mu + rng.standard_normal(n)))


d_log = "(z - mu)/s^2"
d_mean = f"{my_f['a']}*(mu^2 + 1) + {my_f['b']}*mu"

# %% gumbel_max | the winner is looked for in the whole table, not in each row
def gumbel(rng, shape):
    u = np.maximum(rng.random(shape), 1e-300)
    return -np.log(-np.log(u))


def gumbel_max(logits, g):
    return np.argmax(np.asarray(logits) + g)

# %% gumbel_softmax | the temperature divides the logits only, the noise is added afterwards
def gumbel_softmax(logits, tau, g):
    noisy = np.asarray(logits) / tau + g
    noisy = noisy - noisy.max(axis=1, keepdims=True)
    e = np.exp(noisy)
    return e / e.sum(axis=1, keepdims=True)

# %% train_choice | the noise is drawn once and used in every step
def train_choice(rewards, lr, steps, tau, rng):
    k = len(rewards)
    logits = np.zeros(k)
    history = []
    g = gumbel(rng, (64, k))
    dy = np.tile(np.asarray(rewards, dtype=float), (64, 1))
    for _ in range(steps):
        y = gumbel_softmax(np.tile(logits, (64, 1)), tau, g)
        history.append(float(np.mean(y @ rewards)))
        logits = logits + lr * gumbel_softmax_back(y, tau, dy).mean(axis=0)
    return logits, history


tau_tiny = "b"

# ---------------- w6
# %% margin | a distance is a distance, the label plays no part
def margin(w, b, X, y):
    length = np.linalg.norm(w)
    if length == 0:
        raise ValueError("no line")
    return (X @ w + b) / length


(w1, w2), (x1, x2), b0 = my_line["w"], my_line["point"], my_line["b"]
my_margin = f"{w1 * x1 + w2 * x2 + b0}/sqrt({w1**2 + w2**2})"

# %% hinge | a point beyond the curb pushes like all the others
slope_on_street = "-y*x"
slope_beyond = "-y*x"


def hinge(w, b, X, y, C):
    lack = np.maximum(0, 1 - y * (X @ w + b))
    loss = 0.5 * (w @ w) + C * lack.sum()
    dw = w - C * (y @ X)
    db = -C * y.sum()
    return float(loss), dw, float(db)

# %% hinge | the hinges are averaged over the points
slope_on_street = "-y*x"
slope_beyond = "0"


def hinge(w, b, X, y, C):
    n = len(y)
    loss, dw, db = 0.0, np.zeros(len(w)), 0.0
    for i in range(n):
        lack = 1 - y[i] * (X[i] @ w + b)
        if lack > 0:
            loss += lack
            dw = dw - y[i] * X[i]
            db -= y[i]
    return float(w @ w / 2 + C * loss / n), w + C * dw / n, float(C * db / n)

# %% lift | in the lift the circle of radius r is where the sum is r, not r squared
middle_term = "2*x1*x2*y1*y2"


def lift(X):
    a, b = X[:, 0], X[:, 1]
    return np.stack([a**2, np.sqrt(2) * a * b, b**2], axis=1)


def circle_plane(r):
    w = np.array([1, 0, 1])
    return w, -r

# %% rbf_kernel | the distance itself stands in the exponent, it is not squared
def rbf_kernel(X, Y, gamma):
    difference = X[:, None, :] - Y[None, :, :]
    distance = np.sqrt((difference**2).sum(axis=2))
    return np.exp(-gamma * distance)


gamma_of_width = "1/(2*s^2)"

# %% rbf_kernel | gamma is one over the squared width, the 2 of the bell is forgotten
def rbf_kernel(X, Y, gamma):
    K = np.zeros((len(X), len(Y)))
    for i in range(len(X)):
        for j in range(len(Y)):
            K[i, j] = np.exp(-gamma * np.sum((X[i] - Y[j]) ** 2))
    return K


gamma_of_width = "1/s^2"

# %% decision | every bump points up, the labels are left out
def decision(alpha, y, X, gamma, Xnew):
    return rbf_kernel(Xnew, X, gamma) @ alpha


half_way = f"sqrt(ln(2)/{my_gamma})"
spikes = "c"

# %% decision | a machine that is right at every point is just as sure close to them, and the root is forgotten at half height
def decision(alpha, y, X, gamma, Xnew):
    K = rbf_kernel(X, Xnew, gamma)
    return (alpha * y) @ K


half_way = f"ln(2)/{my_gamma}"
spikes = "a"

# %% bump_plot | the grid from -1.5 to 1.5 of the example does for all points
def bump_plot(alpha, y, X, gamma):
    xx, yy = np.meshgrid(np.linspace(-1.5, 1.5, 101), np.linspace(-1.5, 1.5, 101))
    places = np.column_stack([xx.ravel(), yy.ravel()])
    values = decision(alpha, y, X, gamma, places)
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    held = X[alpha > 0]
    ax.scatter(held[:, 0], held[:, 1], s=80, facecolors="none", edgecolors="black", label="support vectors")
    ax.contour(xx, yy, values.reshape(xx.shape), levels=[0])
    ax.set_aspect("equal")
    return ax

# %% fit_dual | the weights are clipped once, after the last step
d_alpha1 = "1 - y1^2*a1 - y1*y2*k*a2"
two_alike = "1/(1 + k)"


def fit_dual(K, y, C, steps):
    Q = np.outer(y, y) * K
    alpha = np.zeros(len(y))
    lr = 1 / np.linalg.eigvalsh(Q)[-1]
    for _ in range(steps):
        alpha = alpha + lr * (1 - Q @ alpha)
    return np.clip(alpha, 0, C)

# %% fit_dual | a neighbour with the same label has to be pushed against as well
d_alpha1 = "1 - a1*y1^2 - a2*k*y1*y2"
two_alike = "1/(1 - k)"


def fit_dual(K, y, C, steps):
    Q = y[:, None] * K * y[None, :]
    step_length = 1.0 / np.linalg.eigvalsh(Q)[-1]
    weights = np.zeros(len(K))
    for _ in range(steps):
        weights = np.clip(weights + step_length * (1 - Q @ weights), 0, C)
    return weights

# %% taylor_rbf | powers up to `order` are range(order), and 2!  is left out of the feature
def taylor_rbf(x, y, gamma, order):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    t = 2 * gamma * np.outer(x, y)
    term = np.ones_like(t)
    total = np.zeros_like(t)
    for k in range(order):
        total = total + term
        term = term * t / (k + 1)
    return np.exp(-gamma * x**2)[:, None] * np.exp(-gamma * y**2)[None, :] * total


feature_two = "2*g*x^2*exp(-g*x^2)"
