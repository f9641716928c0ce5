"""Wrong answers, one misunderstanding each, written from the task texts alone (the ninth set)."""

# ---------------------------------------------------------------- u0
# %% rules | the slope of a product is taken as the product of the two slopes
n, c, k = mine["n"], mine["c"], mine["k"]
d_product = f"{n}*x^{n - 1} * (1/x)"
d_quotient = f"({k}*(x^2 + {c}) - {k}*x*2*x)/(x^2 + {c})^2"
d_chain = f"-{2 * k}*x*exp(-{k}*x^2)"

# %% rules | treats exp like a power: the exponent comes down in front and is made one smaller
n, c, k = mine["n"], mine["c"], mine["k"]
d_product = f"{n}*x^{n - 1}*ln(x) + x^{n - 1}"
d_quotient = f"({k}*(x^2 + {c}) - 2*{k}*x^2)/(x^2 + {c})^2"
d_chain = f"-{k}*x^2 * exp(-{k}*x^2 - 1)"

# %% partials | in the chain for E, the slope of the inside w*x is taken with respect to x, so it is w
n, k = my_loss["n"], my_loss["k"]
dL_dp = f"{n}*p^{n - 1}*q^2 + {k}*exp({k}*p)"
dL_dq = f"2*p^{n}*q"
dE_dw = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)*w"

# %% walk | the learning rate is made smaller with every step
def walk(df, x, lr, steps):
    here = x
    for i in range(1, steps + 1):
        here = here - lr / i * df(here)
    return here

# %% nudged | believes that up = x makes a copy, so both nudges go into the same array
def nudged(f, x, h=1e-5):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        up = x
        down = x
        up[i] = x[i] + h
        down[i] = x[i] - h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad

# %% layer_back | uses the formula for weights that are stored as (outputs, inputs), so dW comes out transposed
def layer_back(X, W, dY):
    dX = dY @ W.T
    dW = dY.T @ X
    db = dY.sum(axis=0)
    return dX, dW, db

# ---------------------------------------------------------------- u1
# %% average_rate | a run from right to left is taken as no run at all
def average_rate(f, a, b):
    run = b - a
    if run <= 0:
        raise ValueError("no run")
    return (f(b) - f(a)) / run


my_rate = (my_f(mine["b"]) - my_f(mine["a"])) / (mine["b"] - mine["a"])
rate_of_square = "2*a + h"
rate_of_mine = f"3*a^2 + 3*a*h + h^2 + ({mine['c']})"

# %% dual_plus_minus | the minus is put on the real part only; the rate keeps its sign
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
        return self + (-as_dual(other))

    def __rsub__(self, other):
        return as_dual(other) + (-self)

# %% dual_times | a plain number is made a Dual with a 1 in front of eps, as if it moved too
product_real = "a*c"
product_inf = "a*d + b*c"


def times(p, q):
    if not isinstance(q, Dual):
        q = Dual(q, 1)
    return Dual(p.real * q.real, p.real * q.inf + p.inf * q.real)


Dual.__mul__ = Dual.__rmul__ = times

# %% dual_divide_power | the power rule gives the inf part, but how fast p itself moves (p.inf) is left out
reciprocal_inf = "-1/x^2"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    v = (p.inf - u * q.inf) / q.real
    return Dual(u, v)


def power(p, n):
    if n == 0:
        return Dual(1, 0)
    if n < 0:
        return divide(1, power(p, -n))
    return Dual(p.real**n, n * p.real ** (n - 1))


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_divide_power | a negative power is taken as minus the power
reciprocal_inf = "-1/(x*x)"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    return Dual(p.real / q.real, (p.inf * q.real - p.real * q.inf) / q.real**2)


def power(p, n):
    out = Dual(1, 0)
    for i in range(abs(n)):
        out = out * p
    if n < 0:
        return Dual(-out.real, -out.inf)
    return out


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_compare | where the real parts are equal, the infinitesimal parts decide, as with words in a dictionary
def smaller(p, q):
    q = as_dual(q)
    return (p.real, p.inf) < (q.real, q.inf)


def equal(p, q):
    q = as_dual(q)
    return (p.real, p.inf) == (q.real, q.inf)


def size(p):
    if p.real < 0:
        return -p
    return p


Dual.__lt__, Dual.__eq__, Dual.__abs__ = smaller, equal, size

# %% slope | gives f a plain number first to see whether a Dual comes back, so every slope is 0
def slope(f, x):
    y = f(x)
    if isinstance(y, Dual):
        return f(Dual(x, 1)).inf
    return 0

# %% microscope | in the tangent, the slope is taken at each x instead of at x0
def microscope(f, x0, widths):
    figure, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, width in zip(panels[0], widths):
        xs = [float(x) for x in np.linspace(x0 - width / 2, x0 + width / 2, 101)]
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - width / 2, x0 + width / 2)
    return list(panels[0])


my_tangent = f"{lens_f(lens_x0)} + ({slope(lens_f, lens_x0)})*(x - ({lens_x0}))"

# %% pair_plot | below stand the rises from point to point, not divided by the run
matching = "".join("abc"[sorted(puzzle, key=lambda t: formula(t)(-2.999) - formula(t)(-3.0)).index(t)] for t in puzzle)


def pair_plot(f, xs):
    figure, (upper, lower) = plt.subplots(2, 1)
    ys = [f(x) for x in xs]
    upper.plot(xs, ys)
    lower.plot(xs, np.gradient(np.array(ys, dtype=float)))
    lower.axhline(0)
    return upper, lower

# %% signal | very small slopes are treated as 0
my_prediction = [-int(np.sign(slope(walk_f, x))) for x in walk["at"]]


def signal(f, x):
    steep = slope(f, x)
    if abs(steep) < 1e-8:
        return 0
    return -1 if steep > 0 else 1


zero_means = "c"

# ---------------------------------------------------------------- u2
# %% poly_derivative | zeros are left out of the result
_c = my_polynomial["c"]
d_square = "2*x"
d_cube = "3*x^2"
d_reciprocal = "-x^(-2)"
d_root = "1/2/sqrt(x)"
my_derivative = f"({_c[1]}) + 2*({_c[2]})*x + 3*({_c[3]})*x^2"


def poly_derivative(c):
    slopes = [k * a for k, a in enumerate(c)]
    slopes = [s for s in slopes if s != 0]
    return slopes or [0]

# %% product_rule | f*dg is read as "f of dg": one function is put into the other
_n, _c = my_factors["n"], my_factors["c"]
my_product = f"{_n}*x^{_n - 1}*(sqrt(x) + {_c}) + x^{_n}/(2*sqrt(x))"


def dproduct(f, df, g, dg):
    return lambda x: f(dg(x)) + g(df(x))

# %% quotient_rule | in solving for dq only one of the two terms is divided by g
_a, _b, _c = my_fraction["a"], my_fraction["b"], my_fraction["c"]
dq_by_hand = "df - q*dg/g"
my_quotient = f"{_a} - ({_a}*x + {_b})/(x^2 + {_c})*2*x/(x^2 + {_c})"


def dquotient(f, df, g, dg):
    def slope_of_quotient(x):
        q = f(x) / g(x)
        return df(x) - q * dg(x) / g(x)

    return slope_of_quotient

# %% exp_by_steps | simple interest: every step adds x/n of the start, not of what is there
def grow(x, n):
    y = 1
    for _ in range(n):
        y += x / n
    return y


d_power = f"{my_base}^x * ln({my_base})"
d_ln = "1/x"

# %% dual_functions | applies the function to both parts of the Dual
def sqrt(x):
    if not isinstance(x, Dual):
        return math.sqrt(x)
    r = math.sqrt(x.real)
    return Dual(r, 1 / (2 * r) * x.inf)


def exp(x):
    if not isinstance(x, Dual):
        return math.exp(x)
    return Dual(math.exp(x.real), math.exp(x.inf))


def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), x.inf / x.real)


def sin(x):
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.sin(x.inf))


def cos(x):
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), math.cos(x.inf))

# %% chain_rule_1d | moves on to the next value first and then takes the slope there, one link too late
_slope = {"exp": "exp({})", "sin": "cos({})", "cos": "(-sin({}))"}
_k, _in = my_links["k"], my_links["inner"]
d_cos_of_square = "-2*x*sin(x^2)"
d_bell = "-x*exp(-x^2/2)"
d_soft = "exp(x)/(1 + exp(x))"
my_chain = _slope[my_links["outer"]].format(f"{_in}({_k}*x)") + "*" + _slope[_in].format(f"{_k}*x") + f"*{_k}"


def chain(fs, dfs):
    def total(x):
        value, slope = x, 1.0
        for f, df in zip(fs, dfs):
            value = f(value)
            slope = slope * df(value)
        return slope

    return total

# %% chain_rule_1d | only the outermost function is differentiated; the inner slopes are forgotten
_slope = {"exp": "exp({})", "sin": "cos({})", "cos": "(-sin({}))"}
d_cos_of_square = "-sin(x^2)"
d_bell = "exp(-x^2/2)"
d_soft = "1/(1 + exp(x))"
my_chain = _slope[my_links["outer"]].format(f"{my_links['inner']}({my_links['k']}*x)")


def chain(fs, dfs):
    def slope_at(x):
        if not fs:
            return 1
        u = x
        for f in fs[:-1]:
            u = f(u)
        return dfs[-1](u)

    return slope_at

# %% activations | results go into np.zeros_like(x), which cuts the fractions off for whole numbers
def _each(formula_, x):
    out = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        out[i] = formula_(x[i])
    return out


def sigmoid(x):
    return _each(lambda t: 1 / (1 + math.exp(-t)), x)


def tanh(x):
    return _each(math.tanh, x)


def relu(x):
    return _each(lambda t: max(t, 0), x)


def softplus(x):
    return _each(lambda t: math.log(1 + math.exp(t)), x)

# %% activation_slopes | in the plot the slope of the inside k*x is forgotten
def dsigmoid_from_input(x):
    e = np.exp(-x)
    return e / (1 + e) ** 2


def dtanh_from_input(x):
    return 1 - np.tanh(x) ** 2


def drelu_from_input(x):
    return np.where(x > 0, 1.0, 0.0)


def dsoftplus_from_input(x):
    return 1 / (1 + np.exp(-x))


def activation_plot(xs):
    f = {"sigmoid": sigmoid, "tanh": tanh, "softplus": softplus}[steep["name"]]
    df = {"sigmoid": dsigmoid_from_input, "tanh": dtanh_from_input, "softplus": dsoftplus_from_input}[steep["name"]]
    figure, ax = plt.subplots()
    ax.plot(xs, f(steep["k"] * xs), label="f")
    ax.plot(xs, df(steep["k"] * xs), label="slope")
    ax.legend()
    return ax

# %% activation_slopes | the formulas s*(1 - s) and 1 - t*t are used with the input itself
def dsigmoid_from_input(x):
    return x * (1 - x)


def dtanh_from_input(x):
    return 1 - x**2


def drelu_from_input(x):
    return (x > 0) * 1.0


def dsoftplus_from_input(x):
    return np.exp(x) / (1 + np.exp(x))


def activation_plot(xs):
    k, name = steep["k"], steep["name"]
    u = k * xs
    s, t = 1 / (1 + np.exp(-u)), np.tanh(u)
    ys, slopes = {
        "sigmoid": (s, s * (1 - s)),
        "tanh": (t, 1 - t * t),
        "softplus": (np.log(1 + np.exp(u)), s),
    }[name]
    _, ax = plt.subplots()
    ax.plot(xs, ys, label="f")
    ax.plot(xs, k * slopes, label="slope")
    return ax

# %% slopes_from_output | the output is sent through the activation once more
sigmoid_slope_in_x = "exp(-x)/(1 + exp(-x))^2"
exp_in_s = "1/s - 1"
sigmoid_slope_in_s = "s*(1 - s)"


def dsigmoid_from_output(a):
    s = sigmoid(a)
    return s * (1 - s)


def dtanh_from_output(a):
    return 1 - tanh(a) ** 2


def drelu_from_output(a):
    return np.where(relu(a) > 0, 1.0, 0.0)


def dsoftplus_from_output(a):
    return 1 - np.exp(-a)

# %% descend | the path is an array filled with x0: with a whole x0 every place is cut down to a whole number
my_guess = "a" if bowl["lr"] * bowl["c"] < 1 else "b" if bowl["lr"] * bowl["c"] < 2 else "c"


def descend(df, x0, lr, steps):
    path = np.full(steps + 1, x0)
    for i in range(steps):
        path[i + 1] = path[i] - lr * df(path[i])
    return path


my_third = bowl["x0"] * (1 - bowl["lr"] * bowl["c"]) ** 3
x_after_k = "x0*(1 - lr*c)^k"
lr_limit = "2/c"


def path_plot(f, path):
    figure, ax = plt.subplots()
    left, right = min(path) - 1, max(path) + 1
    xs = np.linspace(left, right, 200).tolist()
    ax.plot(xs, [f(x) for x in xs], label="f")
    ax.plot([float(x) for x in path], [f(float(x)) for x in path], "o-", label="path")
    return ax

# %% descend | in the picture the path stands over the number of the step instead of over x
my_guess = "a" if bowl["lr"] * bowl["c"] < 1 else "b" if bowl["lr"] * bowl["c"] < 2 else "c"


def descend(df, x0, lr, steps):
    places = [float(x0)]
    for i in range(steps):
        places.append(places[-1] - lr * df(places[-1]))
    return np.array(places)


my_third = float(bowl["x0"] * (1 - bowl["lr"] * bowl["c"]) ** 3)
x_after_k = "x0*(1 - c*lr)^k"
lr_limit = "2/c"


def path_plot(f, path):
    _, ax = plt.subplots()
    xs = [float(x) for x in np.linspace(min(path) - 1, max(path) + 1, 100)]
    ax.plot(xs, [f(x) for x in xs], label="f")
    ax.plot(range(len(path)), [f(float(x)) for x in path], "o-", label="path")
    return ax

# ---------------------------------------------------------------- u3
# %% grad_forward | the result has the type of x, so for whole numbers the slopes are cut down to whole numbers
def grad_forward(f, x):
    grad = np.zeros_like(np.array(x))
    for i in range(len(x)):
        inputs = [Dual(value, 1 if j == i else 0) for j, value in enumerate(x)]
        out = f(inputs)
        grad[i] = out.inf if isinstance(out, Dual) else 0
    return grad


slope_in_x = f"2*{mine['a']}*x*y"
slope_in_y = f"{mine['a']}*x*x + {2 * mine['b']}*y"

# %% local_grads | tanh: applies tanh to the output once more before squaring
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    rules = {
        "+": lambda: (1.0, 1.0),
        "-": lambda: (1.0, -1.0),
        "*": lambda: (b, a),
        "/": lambda: (1 / b, -a / b**2),
        "pow": lambda: (b * a ** (b - 1),),
        "exp": lambda: (math.exp(a),),
        "log": lambda: (1 / a,),
        "tanh": lambda: (1 - math.tanh(output) ** 2,),
        "relu": lambda: (float(a > 0),),
    }
    return rules[op]()

# %% local_grads | the slope of the logarithm is 1 over its output instead of 1 over its input
def local_grads(op, inputs, output):
    match op:
        case "+":
            return 1, 1
        case "-":
            return 1, -1
        case "*":
            return inputs[1], inputs[0]
        case "/":
            return 1 / inputs[1], -output / inputs[1]
        case "pow":
            a, n = inputs
            return (n * a ** (n - 1),)
        case "exp":
            return (output,)
        case "log":
            return (1 / output,)
        case "tanh":
            return (1 - output * output,)
        case "relu":
            return (1 if output > 0 else 0,)

# %% by_hand | what arrives on two arrows is multiplied and not added
_tw, _on, _a, _b = sheet["twice"], sheet["once"], sheet["a"], sheet["b"]
answers = {
    "t": "u",
    "u": "t",
    "s": f"(u*{_tw})*t",
    _tw: f"((u*{_tw})*t*{_a})*(u*s)",
    _on: f"((u*{_tw})*t)*(t*{_b})",
}

# %% topological_order | goes by distance, level by level, and turns the list around at the end
def topological(node):
    order, waiting = [], [node]
    seen = {id(node)}
    while waiting:
        here = waiting.pop(0)
        order.append(here)
        for before in here.inputs:
            if id(before) not in seen:
                seen.add(id(before))
                waiting.append(before)
    return order[::-1]

# %% topological_order | the set of visited nodes is a default value, which is kept from one call to the next
def topological(node, seen=set()):
    if id(node) in seen:
        return []
    seen.add(id(node))
    order = []
    for before in node.inputs:
        order = order + topological(before, seen)
    return order + [node]

# %% value_engine | -v is a fresh Value that remembers nothing
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

    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        return as_value(other) - self

    def __neg__(self):
        return Value(-self.data)

    def __mul__(self, other):
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __pow__(self, n):
        return computed("pow", self.data**n, self, n)

    def exp(self):
        return computed("exp", math.exp(self.data), self)

    def log(self):
        return computed("log", math.log(self.data), self)

    def tanh(self):
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        return computed("relu", max(self.data, 0.0), self)

    def backward(self):
        send_back(self)

    __radd__ = __add__
    __rmul__ = __mul__

# %% value_engine | the exponent n is made a Value too, so that v**n remembers two inputs
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

    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        return as_value(other) - self

    def __neg__(self):
        return self * -1

    def __mul__(self, other):
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __pow__(self, n):
        n = as_value(n)
        return computed("pow", self.data**n.data, self, n)

    def exp(self):
        return computed("exp", math.exp(self.data), self)

    def log(self):
        return computed("log", math.log(self.data), self)

    def tanh(self):
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        return computed("relu", max(self.data, 0.0), self)

    def backward(self):
        send_back(self)

    __radd__ = __add__
    __rmul__ = __mul__

# %% value_backward | every node sends on as soon as it hears something, along every path, with its total so far
def send_back(output):
    output.grad = 1.0

    def send(node):
        for k, before in enumerate(node.inputs):
            before.grad += node.grad * node.slopes[k]
            send(before)

    send(output)

# %% neuron_layer | the bias is added once for every input
def neuron(x, w, b):
    total = 0
    for xi, wi in zip(x, w):
        total += xi * wi + b
    return total


def layer(X, W, b):
    return np.array(X) @ np.array(W) + np.array(b)

# %% linear_backward | the transposed table is forgotten in dX, and the letters follow the same wrong way
dL_dW01 = "x00*d01 + x10*d11"
dL_dX01 = "d00*w01 + d01*w11"


def vjp_linear(X, W, b, dY):
    dX = dY @ W
    dW = X.T @ dY
    db = dY.sum(axis=0)
    return dX, dW, db

# %% linear_backward | a weight is thought to hear only from the first example, the one in row 0
dL_dW01 = "x00*d01"
dL_dX01 = "d00*w10 + d01*w11"


def vjp_linear(X, W, b, dY):
    dX = dY @ W.T
    dW = np.outer(X[0], dY[0])
    db = dY[0].copy()
    return dX, dW, db

# %% softmax | the sum below the line is treated as a constant that does not move
same_logit = "p"
other_logit = "0"


def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)

# %% softmax_ce | stops at the slope in the probability, -1/p, and does not go on to the logit
slope_right = "-1/p"
slope_other = "0"


def ce(Z, y):
    n = len(Z)
    P = softmax(Z)
    picked = P[np.arange(n), y]
    dZ = np.zeros(Z.shape)
    dZ[np.arange(n), y] = -1 / picked / n
    return -np.mean(np.log(picked)), dZ

# %% softmax_ce | P[:, y] is thought to pick one number from each row
slope_right = "p - 1"
slope_other = "p"


def ce(Z, y):
    n, k = Z.shape
    P = softmax(Z)
    loss = -np.mean(np.log(P[:, y]))
    onehot = np.zeros((n, k))
    onehot[:, y] = 1
    return loss, (P - onehot) / n

# %% sturdy_topological | a node is marked as visited when it is put on the stack, which is too early where it is used later again
def sturdy_topological(node):
    order = []
    seen = {id(node)}
    todo = [(node, False)]
    while todo:
        here, done = todo.pop()
        if done:
            order.append(here)
            continue
        todo.append((here, True))
        for before in here.inputs:
            if id(before) not in seen:
                seen.add(id(before))
                todo.append((before, False))
    return order

# %% sturdy_backward | a computed node is set to 0 after it has passed its gradient on, so that it holds nothing afterwards
def sturdy_backward(output):
    output.grad = 1.0
    for node in reversed(sturdy_topological(output)):
        for before, slope in zip(node.inputs, node.slopes):
            before.grad += node.grad * slope
        if node.inputs:
            node.grad = 0.0

# %% sturdy_softmax | the largest number of the whole table is subtracted, not that of each row
def sturdy_softmax(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


def sturdy_ce(Z, y):
    n = len(y)
    D = Z - Z.max()
    E = np.exp(D)
    loss = np.mean(np.log(E.sum(axis=1)) - D[np.arange(n), y])
    dZ = E / E.sum(axis=1, keepdims=True)
    dZ[np.arange(n), y] -= 1
    return loss, dZ / n

# %% softmax_jacobian | p*(1 - q) is used for every pair, also for two different classes
def softmax_jacobian(z):
    p = softmax(z[None])[0]
    k = len(p)
    J = np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            J[i, j] = p[i] * (1 - p[j])
    return J

# ---------------------------------------------------------------- u4
# %% finite_differences | the middle step goes from x - h/2 to x + h/2
def forward_diff(f, x, h):
    return (f(x + h) - f(x)) / h


def central_diff(f, x, h):
    left, right = x - h / 2, x + h / 2
    return (f(right) - f(left)) / h


central_of_cube = "3*x^2 + h^2/4"

# %% error_curve | the best h is thought to be the smallest one
error_at_1e_17 = round(abs(bend_df(bend_x)), 2)


def error_curve(f, df, x, hs):
    figure, ax = plt.subplots()
    true = df(x)
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        errors = [max(abs(diff(f, x, h) - true), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        best = int(np.argmin(hs))
        ax.plot([hs[best]], [errors[best]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    ax.legend()
    return ax


left_side = "b"

# %% numerical_gradient | puts an entry back by adding h again, which does not give the old number to the last bit
def numerical_gradient(f, X, h=1e-5):
    if X.dtype.kind != "f":
        X = np.array(X, dtype=float)
    grad = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        try:
            X[index] += h
            up = np.asarray(f(X)).item()
            X[index] -= 2 * h
            down = np.asarray(f(X)).item()
        finally:
            X[index] += h
        grad[index] = (up - down) / (2 * h)
    return grad

# %% numerical_gradient | walks along X.reshape(-1), which for a view such as A.T is a copy
def numerical_gradient(f, X, h=1e-5):
    if X.dtype.kind == "i":
        X = np.array(X, dtype=float)
    flat = X.reshape(-1)
    slopes = []
    for k in range(flat.size):
        old = flat[k]
        try:
            flat[k] = old + h
            up = np.asarray(f(X)).item()
            flat[k] = old - h
            down = np.asarray(f(X)).item()
        finally:
            flat[k] = old
        slopes.append((up - down) / (2 * h))
    return np.array(slopes, dtype=float).reshape(X.shape)

# %% relative_error | the largest difference divided by the largest number: a wrong small entry is hidden by a large one
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("different shapes")
    size = max(np.max(np.abs(a)), np.max(np.abs(b)))
    if size == 0:
        return 0.0
    return float(np.max(np.abs(a - b)) / size)

# %% relative_error | a nan is never larger than the worst so far, so the loop passes over it
def relative_error(a, b):
    a = np.asarray(a, dtype=float)
    b = np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("a and b must have the same shape")
    worst = 0.0
    for p, q in zip(a.flat, b.flat):
        larger = max(abs(p), abs(q))
        if larger > 0:
            worst = max(worst, abs(p - q) / larger)
    return float(worst)

# %% judge | all entries of an array are nudged together, and compared with the sum of its gradient
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random loss")
    h = 1e-5
    result = {}
    for name in params:
        old = params[name]
        params[name] = old + h
        up = loss()
        params[name] = old - h
        down = loss()
        params[name] = old
        result[name] = relative_error(np.sum(grads[name]), (up - down) / (2 * h))
    return result

# %% kinks | relu is thought to be dangerous on its flat side too, so only numbers above step are safe
kink_forward = 1
kink_central = (offset + 1) / 2
kink_true = 1


def safe(pre, step):
    return np.asarray(pre) > step


at_a_kink = "c"

# %% random_directions | one random number for each array, so all its entries move alike
_d0, _d1 = {
    "w0*w0*w1 + 3*w1": ("2*w0*w1", "w0^2 + 3"),
    "w0*w1*w1 - 2*w0": ("w1^2 - 2", "2*w0*w1"),
    "2*w0*w0 - w0*w1*w1": ("4*w0 - w1^2", "-2*w0*w1"),
    "w0*w0*w0 + 2*w0*w1": ("3*w0^2 + 2*w1", "2*w0"),
    "w1*w1*w1 - 3*w0*w1": ("-3*w1", "3*w1^2 - 3*w0"),
    "w0*w0*w1 - 4*w0": ("2*w0*w1 - 4", "w0^2"),
}[surface["L"]]
slope_along = f"({_d0})*v0 + ({_d1})*v1"


def directional_check(loss, grads, params, rng):
    h = 1e-5
    v = {name: rng.standard_normal() for name in params}
    old = {name: params[name].copy() for name in params}
    for name in params:
        params[name] = old[name] + h * v[name]
    up = loss()
    for name in params:
        params[name] = old[name] - h * v[name]
    down = loss()
    for name in params:
        params[name] = old[name]
    said = sum(np.sum(grads[name] * v[name]) for name in params)
    return relative_error((up - down) / (2 * h), said)

# %% random_directions | goes back along the direction by adding h*v again, which is not exactly the old place
_d0, _d1 = {
    "w0*w0*w1 + 3*w1": ("2*w0*w1", "w0^2 + 3"),
    "w0*w1*w1 - 2*w0": ("w1^2 - 2", "2*w0*w1"),
    "2*w0*w0 - w0*w1*w1": ("4*w0 - w1^2", "-2*w0*w1"),
    "w0*w0*w0 + 2*w0*w1": ("3*w0^2 + 2*w1", "2*w0"),
    "w1*w1*w1 - 3*w0*w1": ("-3*w1", "3*w1^2 - 3*w0"),
    "w0*w0*w1 - 4*w0": ("2*w0*w1 - 4", "w0^2"),
}[surface["L"]]
slope_along = f"v0*({_d0}) + v1*({_d1})"


def directional_check(loss, grads, params, rng):
    h = 1e-5
    v = {name: rng.standard_normal(p.shape) for name, p in params.items()}

    def move(distance):
        for name in params:
            params[name] += distance * v[name]

    move(h)
    up = loss()
    move(-2 * h)
    down = loss()
    move(h)
    expected = sum((grads[name] * v[name]).sum() for name in params)
    return relative_error((up - down) / (2 * h), expected)

# %% find_the_bug | believes that reusing an input is enough to bring the bug out
def failing_graph():
    def build(a):
        return a * a + a

    return [3.0], build


class Value(Broken):
    """The engine, repaired."""

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for before, _ in node.edges:
                visit(before)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for before, slope in node.edges:
                before.grad += slope * node.grad

# %% find_the_bug | the order is one by which nodes are first met from the end, not one in which all users come before
def failing_graph():
    def build(a):
        s = a * a
        t = s.tanh()
        return t * s if Broken.backward.__name__ == "from_a_stack" else s * t

    return [0.7], build


class Value(Broken):
    """The engine, repaired."""

    def backward(self):
        order = []

        def collect(node):
            if not any(node is other for other in order):
                order.append(node)
                for before, _ in node.edges:
                    collect(before)

        collect(self)
        self.grad = 1.0
        for node in order:
            for before, slope in node.edges:
                before.grad += slope * node.grad

# ---------------------------------------------------------------- u5
# %% mse | compares how many numbers there are, not the shapes, so (n, 1) and (n,) go through
slope_of_entry = "2*(p - y)/(n*k)"


def mse(P, Y):
    if P.size != Y.size:
        raise ValueError("P and Y do not match")
    return float(np.mean((P - Y) ** 2))


def dmse(P, Y):
    if P.size != Y.size:
        raise ValueError("P and Y do not match")
    return 2 * (P - Y) / P.size

# %% init_params | a bias is counted for every neuron, the inputs included
after_zeros = "a"
why_zeros = "c"


def init_params(sizes, rng):
    return [
        (rng.normal(size=(sizes[i], sizes[i + 1])) / np.sqrt(sizes[i]), np.zeros(sizes[i + 1]))
        for i in range(len(sizes) - 1)
    ]


my_count = sum(a * b for a, b in zip(my_sizes, my_sizes[1:])) + sum(my_sizes)

# %% forward | each layer gets the raw sums of the one before; tanh is only noted in the cache
def forward(params, X):
    cache = []
    z = X
    for i, (W, b) in enumerate(params):
        cache.append(z)
        z = z @ W + b
        if i < len(params) - 1:
            cache.append(np.tanh(z))
    return z, cache

# %% backward | the cache holds what went into tanh, but the slope is computed as if it were the output
def forward(params, X):
    """(out, cache): tanh after every layer but the last; the cache holds the inputs of the layers and the sums z."""
    inputs, sums = [], []
    a = X
    for W, b in params:
        inputs.append(a)
        z = a @ W + b
        sums.append(z)
        a = np.tanh(z)
    return sums[-1], (inputs, sums)


def backward(params, cache, dY):
    inputs, sums = cache
    grads = []
    for i in reversed(range(len(params))):
        W, b = params[i]
        if i < len(params) - 1:
            dY = dY * (1 - sums[i] ** 2)
        grads.insert(0, (inputs[i].T @ dY, dY.sum(axis=0)))
        dY = dY @ W.T
    return grads

# %% backward | tanh is not met on the way back: only the layers pass the slopes on
def forward(params, X):
    """(out, cache): tanh after every layer but the last; the cache holds what came in at each layer."""
    came_in = []
    a = X
    for k, (W, b) in enumerate(params):
        came_in.append(a)
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
    return a, came_in


def backward(params, cache, dY):
    grads = []
    for (W, b), a in zip(reversed(params), reversed(cache)):
        grads.insert(0, (a.T @ dY, dY.sum(axis=0)))
        dY = dY @ W.T
    return grads

# %% train | W -= ... changes the arrays of the caller; list(params) copies the list only
def train(params, X, Y, lr, steps):
    params = list(params)
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y))):
            W -= lr * dW
            b -= lr * db
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | the slopes are computed once and used in all steps
def train(params, X, Y, lr, steps):
    out, cache = forward(params, X)
    grads = backward(params, cache, dmse(out, Y))
    losses = [mse(out, Y)]
    for _ in range(steps):
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% moons | the boundary is drawn where the score, not the probability, is 0.5
slope_of_log_loss = "p - y"


def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    Y = np.asarray(y, float)[:, None]

    def log_loss(z):
        return float(np.mean(np.logaddexp(0, z) - Y * z))

    losses = []
    for _ in range(1000):
        z, cache = forward(params, X)
        losses.append(log_loss(z))
        dz = (1 / (1 + np.exp(-z)) - Y) / len(Y)
        params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, backward(params, cache, dz))]
    losses.append(log_loss(forward(params, X)[0]))
    return params, losses


def boundary_plot(params, X, y):
    xs = np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 80)
    ys = np.linspace(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5, 80)
    xx, yy = np.meshgrid(xs, ys)
    scores, _ = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))
    fig, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    ax.contour(xx, yy, scores.reshape(xx.shape), levels=[0.5])
    return ax

# %% moons | makes another generator, with a fixed seed, so that the result is always the same
slope_of_log_loss = "p - y"


def fit(X, y, rng):
    rng = np.random.default_rng(0)
    params = init_params([2, 16, 1], rng)
    target = y.reshape(-1, 1)
    losses = []
    for i in range(1000):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float((-target * np.log(p) - (1 - target) * np.log(1 - p)).mean()))
        slopes = backward(params, cache, (p - target) / len(X))
        params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, slopes)]
    p = 1 / (1 + np.exp(-forward(params, X)[0]))
    losses.append(float((-target * np.log(p) - (1 - target) * np.log(1 - p)).mean()))
    return params, losses


def boundary_plot(params, X, y):
    (x0, y0), (x1, y1) = X.min(0) - 0.2, X.max(0) + 0.2
    xx, yy = np.meshgrid(np.linspace(x0, x1, 120), np.linspace(y0, y1, 120))
    z = forward(params, np.c_[xx.ravel(), yy.ravel()])[0].reshape(xx.shape)
    _, ax = plt.subplots()
    ax.contour(xx, yy, z, levels=[0])
    ax.scatter(X[:, 0], X[:, 1], c=y)
    return ax

# %% two_engines | new Values for the weights are made for every row, and only those of the last row are read
def value_grads(params, X, Y):
    n, k = np.shape(Y)
    loss = 0
    for x, y in zip(X, Y):
        net = []
        for W, b in params:
            net.append(([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]))
        a = [float(v) for v in x]
        for at, (W, b) in enumerate(net):
            out = []
            for j in range(len(b)):
                z = b[j]
                for i, v in enumerate(a):
                    z = z + W[i][j] * v
                out.append(z.tanh() if at < len(net) - 1 else z)
            a = out
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2 / (n * k)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% fit_digits | the mini-batch is drawn once, before the loop, and stays the same
def fit_digits(X, y, rng, steps):
    params = init_params([64, 64, 10], rng)
    rows = rng.integers(len(X), size=32)
    losses = []
    for _ in range(steps):
        scores, cache = forward(params, X[rows])
        loss, dZ = ce(scores, y[rows])
        losses.append(float(loss))
        grads = backward(params, cache, dZ)
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses

# %% fit_digits | the rows of the images and the rows of the labels are drawn separately
def fit_digits(X, y, rng, steps):
    params = init_params([64, 64, 10], rng)
    losses = []
    for step in range(steps):
        images = X[rng.integers(len(X), size=32)]
        labels = y[rng.integers(len(X), size=32)]
        scores, cache = forward(params, images)
        loss, dZ = ce(scores, labels)
        losses.append(float(loss))
        params = [
            (W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, dZ))
        ]
    return params, losses

# %% own_digit | every character of the text counts, the line ends too
my_drawing = """
..####..
.##..##.
.#....#.
.#....#.
.#....#.
.#....#.
.##..##.
..####..
"""
my_digit = 0


def as_numbers(drawing):
    numbers = []
    for character in drawing:
        if character == "#":
            numbers.append(1)
        elif character == "+":
            numbers.append(0.5)
        else:
            numbers.append(0)
    return np.array(numbers)

# ---------------------------------------------------------------- w1
# %% gaussian_nll | the constant with ln(sigma) and ln(2 pi) is added once and not for each measurement
nll_of_one = "ln(sigma*sqrt(2*pi)) + (y - mu)^2/(2*sigma^2)"


def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    errors = np.asarray(y) - mu
    return float(math.log(sigma * math.sqrt(2 * math.pi)) + np.sum(errors**2) / (2 * sigma**2))

# %% valley_plot | the squared error is drawn as a mean
def valley_plot(y, mus, sigma):
    figure, ax = plt.subplots()
    nll, squares = [], []
    for mu in mus:
        nll.append(gaussian_nll(y, mu, sigma))
        squares.append(np.mean((y - mu) ** 2) / (2 * sigma**2))
    ax.plot(mus, nll, label="nll")
    ax.plot(mus, squares, label="squared error")
    return ax


gap = "n*(ln(sigma) + ln(2*pi)/2)"

# %% mle | mean of the squares minus square of the mean, which loses all digits far out
d_mu = "(mu - y)/sigma^2"
d_sigma = "1/sigma - (y - mu)^2/sigma^3"


def mle(y):
    y = np.asarray(y, dtype=float)
    mu = y.mean()
    return float(mu), float((y**2).mean() - mu**2)


my_mu = sum(my_valley["y"]) / 4
my_sigma2 = sum((v - my_mu) ** 2 for v in my_valley["y"]) / 4

# %% fit_line | b is moved with the slope at the new a
def fit_line(x, y, lr, steps, sigma):
    a, b = 0.0, 0.0
    for _ in range(steps):
        a -= lr * np.mean((a * x + b - y) * x) / sigma**2
        b -= lr * np.mean(a * x + b - y) / sigma**2
    return a, b


with_twice_sigma = "c"

# %% best_location | y.sort() is thought to give a sorted copy, but it sorts the array that was given
laplace_nll = "ln(2b) + |y - m|/b"
label_nll = "-(y*ln(p) + (1 - y)*ln(1 - p))"


def best_location(y, noise):
    if noise not in ("gauss", "laplace"):
        raise ValueError("unknown noise")
    if noise == "gauss":
        return float(y.mean())
    y.sort()
    return float(y[(len(y) - 1) // 2])

# %% best_location | the wide tails of Laplace noise: the location is thought to be half way between the smallest and the largest
laplace_nll = "ln(2*b) + |y - m|/b"
label_nll = "-y*ln(p) - (1 - y)*ln(1 - p)"


def best_location(y, noise):
    if noise == "gauss":
        return float(sum(y) / len(y))
    elif noise == "laplace":
        return float((min(y) + max(y)) / 2)
    else:
        raise ValueError("noise must be gauss or laplace")

# %% hetero_nll | the slopes are those of each point's own loss: the 1/n of the mean is missing
d_s = "1 - (y - mu)^2*exp(-2*s)"


def hetero_nll(y, mu, log_sigma):
    w = np.exp(-2 * log_sigma)
    miss = y - mu
    loss = np.mean(log_sigma + miss**2 / 2 * w)
    return float(loss), -miss * w, 1 - miss**2 * w

# ---------------------------------------------------------------- w2
# %% kl | leaves out every outcome where one of the two is 0, also where q is 0 and p is not
def _checked(p):
    p = np.asarray(p, dtype=float)
    if abs(p.sum() - 1) > 1e-6 or (p < 0).any():
        raise ValueError("not a distribution")
    return p


def entropy(p):
    p = _checked(p)
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


def cross_entropy(p, q):
    p, q = _checked(p), _checked(q)
    keep = (p > 0) & (q > 0)
    return float(-(p[keep] * np.log(q[keep])).sum())


def kl(p, q):
    p, q = _checked(p), _checked(q)
    keep = (p > 0) & (q > 0)
    return float((p[keep] * np.log(p[keep] / q[keep])).sum())

# %% two_directions | for the other direction only the ratio in the logarithm is turned around; the weights stay
def _side(name):
    return [part.strip() for part in my_pair[name].strip("()").split(",")]


_p, _q, _u, _v = _side("p"), _side("q"), _side("u"), _side("v")
my_forward = " + ".join(f"{a}*ln(({a})/({b}))" for a, b in zip(_p, _q))
my_reverse = " + ".join(f"{a}*ln(({b})/({a}))" for a, b in zip(_p, _q))
infinite_way = "b"
my_finite = " + ".join(f"{a}*ln(({a})/({b}))" for a, b in zip(_u[:2], _v[:2]))

# %% kl_gauss | l is taken for ln(s), not for the logarithm of the squared width
kl_bells = "ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2)^2)/(2*s2^2)"
d_m2 = "(m2 - m1)/s2^2"


def kl_gauss(m1, s1, m2, s2):
    out = np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)
    return out if np.ndim(out) else float(out)


to_standard = "-l - 1/2 + (exp(2*l) + m^2)/2"

# %% kl_gauss | the average of (x - m2)^2 is taken as (m1 - m2)^2 alone: the spread of bell 1 is left out
kl_bells = "ln(s2/s1) - 1/2 + (m1 - m2)^2/(2*s2^2)"
d_m2 = "-(m1 - m2)/s2^2"


def kl_gauss(m1, s1, m2, s2):
    value = np.log(s2) - np.log(s1) - 1 / 2 + (m1 - m2) ** 2 / (2 * s2**2)
    if np.ndim(value) == 0:
        return float(value)
    return value


to_standard = "-l/2 - 1/2 + m^2/2"

# %% one_bell | reverse: goes downhill once, from the mean and the spread of p, and stays in the hollow nearby
def _bell(x, mu, sigma):
    return np.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))


def _reverse_kl(x, p, mu, sigma):
    dx = x[1] - x[0]
    q = _bell(x, mu, sigma)
    lnq = -(((x - mu) / sigma) ** 2) / 2 - np.log(sigma * np.sqrt(2 * np.pi))
    return float(np.sum(q * (lnq - np.log(p))) * dx)


def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    dx = x[1] - x[0]
    mu = float(np.sum(p * x) * dx)
    sigma = float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))
    if direction == "forward":
        return mu, sigma
    low, high = 2 * dx, (x[-1] - x[0]) / 4
    step = 0.1
    best = _reverse_kl(x, p, mu, sigma)
    while step > 0.002:
        tries = [(mu + step, sigma), (mu - step, sigma), (mu, sigma + step), (mu, sigma - step)]
        tries = [(m, s) for m, s in tries if low <= s <= high and x[0] <= m <= x[-1]]
        values = [_reverse_kl(x, p, m, s) for m, s in tries]
        k = int(np.argmin(values))
        if values[k] < best - 1e-12:
            best, (mu, sigma) = values[k], tries[k]
        else:
            step /= 2
    return float(mu), float(sigma)


def overlay(x, p):
    _, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for direction in ("forward", "reverse"):
        ax.plot(x, _bell(x, *fit(direction, x, p)), label=direction)
    ax.legend()
    return ax


cover = "sqrt(s^2 + d^2)"
price = "ln(n)"

# %% kl_slopes | in the reverse slope the +1 is kept, although it cancels against the slopes that add up to 0
forward_slope = "q - p"
reverse_slope = "q*(ln(q/p) + 1 - K)"


def _log_softmax(z):
    z = np.asarray(z, dtype=float)
    z = z - z.max()
    return z - np.log(np.sum(np.exp(z)))


def dforward(logits, p):
    return np.exp(_log_softmax(logits)) - p


def dreverse(logits, p):
    if np.any(np.asarray(p) == 0):
        raise ValueError("the reverse KL is infinite")
    lnq = _log_softmax(logits)
    q = np.exp(lnq)
    ratio = lnq - np.log(p)
    K = np.sum(q * ratio)
    return q * (ratio + 1 - K)

# %% kl_estimate | every sample is weighted with its p once more, although it was drawn from p
def kl_estimate(samples, logp, logq):
    lp, lq = logp(samples), logq(samples)
    values = np.exp(lp) * (lp - lq)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))


to_estimate = "a"
only_data = "b"

# ---------------------------------------------------------------- w3
# %% slope_of | looks only to the right of a place, and so misses a jump where the value already belongs to the right side
def slope_of(f, xs):
    slopes = []
    for x in xs:
        if f(x) != f(x + 1e-6):
            slopes.append(math.nan)
        else:
            slopes.append(0)
    return slopes


across_jump = f"{height}/(2*h)"

# %% staircase | the two costs are exchanged: label 1 gets ln(1 + e^(x - w))
def accuracy(w, X, y):
    right = sum(1 for x, label in zip(X, y) if (1 if x > w else 0) == label)
    return right / len(X)


def log_loss(w, X, y):
    costs = []
    for x, label in zip(X, y):
        costs.append(np.logaddexp(0, x - w) if label == 1 else np.logaddexp(0, w - x))
    return float(sum(costs) / len(costs))


def staircase(ws, X, y):
    _, (a, b) = plt.subplots(1, 2, figsize=(9, 3))
    a.plot(ws, [accuracy(w, X, y) for w in ws], label="accuracy")
    b.plot(ws, [log_loss(w, X, y) for w in ws], label="log-loss")
    return [a, b]

# %% descend_on | stops where the slope is 0: the path ends there and is too short
def descend_on(loss, w0, lr, steps):
    h = 1e-5
    path = [w0]
    for _ in range(steps):
        w = path[-1]
        slope = (loss(w + h) - loss(w - h)) / (2 * h)
        if slope == 0:
            break
        path.append(w - lr * slope)
    return path


larger_lr = "d"

# %% soft_step | goes on with the steepest slope along a straight line until 0.9
def soft_step(x, k):
    value = (1 + np.tanh(k * np.asarray(x, dtype=float) / 2)) / 2
    return value, k * value * (1 - value)


steepest = "k/4"
nearly_on = "8/(5*k)"

# %% noisy_step | one generator for both sides, so the left side has other noise than the right
def noisy_step(x, s, n, rng):
    steps = np.where(x + s * rng.standard_normal(n) > 0, 1.0, 0.0)
    return float(steps.mean()), float(np.std(steps) / np.sqrt(n))


def sampled_slope(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    right = noisy_step(x + h, s, n, rng)[0]
    left = noisy_step(x - h, s, n, rng)[0]
    return (right - left) / (2 * h)


d_noisy = "exp(-x^2/(2*s^2))/(s*sqrt(2*pi))"

# %% straight_through | clips the message instead of the input: dY is cut to -clip..clip
def ste_forward(x):
    return np.where(np.asarray(x) >= 0, 1.0, -1.0)


def ste_back(dY, x, clip=1):
    return np.clip(dY, -clip, clip)

# %% train_sign | ste_back is asked about the outputs of the sign, which are all within the clip
def sign_gradients(X, y, w):
    def loss(v):
        return np.mean((ste_forward(X @ v) - y) ** 2)

    h = 1e-5
    nudged = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = h
        nudged[i] = (loss(w + e) - loss(w - e)) / (2 * h)
    out = ste_forward(X @ w)
    dY = 2 * (out - y) / len(y)
    return nudged, X.T @ ste_back(dY, out)


def train_sign(X, y, w, lr, steps):
    w = np.array(w, dtype=float)
    for _ in range(steps):
        w = w - lr * sign_gradients(X, y, w)[1]
    return w


verdict = "c"

# %% train_sign | the slopes of the examples are added up instead of averaged
def sign_gradients(X, y, w):
    w = np.array(w, dtype=float)
    h = 1e-5
    nudged = []
    for i in range(w.size):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        nudged.append(
            (np.mean((ste_forward(X @ up) - y) ** 2) - np.mean((ste_forward(X @ down) - y) ** 2)) / (2 * h)
        )
    z = X @ w
    dz = ste_back(2 * (ste_forward(z) - y), z)
    return np.array(nudged), dz @ X


def train_sign(X, y, w, lr, steps):
    for _ in range(steps):
        w = w - lr * sign_gradients(X, y, w)[1]
    return np.array(w, dtype=float)


verdict = "c"

# %% idle_units | the next layer is given the sums, not what the activation makes of them
def idle_units(params, X, tol, act):
    idle = []
    z = X
    for W, b in params[:-1]:
        z = z @ W + b
        if act == "relu":
            idle.append(np.all(z <= 0, axis=0))
        else:
            idle.append(np.all(1 - np.tanh(z) ** 2 < tol, axis=0))
    return idle

# ---------------------------------------------------------------- w4
# %% outer_products | the two thin tables are counted as one table dout times r times din
def outer_products(B, A):
    tables = []
    for k in range(B.shape[1]):
        tables.append(B[:, k : k + 1] @ A[k : k + 1, :])
    return tables


def count(dout, din, r):
    return dout * din, dout * r * din


break_even = "1"
my_largest_rank = 0

# %% lora_forward | the rank is read from the wrong side of A: its columns, which are the inputs
def lora_forward(X, W, A, B, alpha):
    rank = A.shape[1]
    H = np.dot(X, A.T)
    return np.dot(X, W.T) + (alpha / rank) * np.dot(H, B.T)

# %% lora_backward | the scale is put in twice in dA, once at B and once more at A
slope_a = "g*s*s*b*x"
slope_b = "g*s*a*x"


def lora_backward(X, W, A, B, alpha, dY):
    s = alpha / A.shape[0]
    arrived = s * dY
    dB = arrived.T @ (X @ A.T)
    dH = s * arrived @ B
    return dH.T @ X, dB


both_zero = "a"

# %% train_lora | B is moved first, and the slope of A is then taken with the new B
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    dout, din = W.shape
    A = rng.normal(size=(r, din)) / np.sqrt(din)
    B = np.zeros((dout, r))
    losses = []
    for _ in range(steps):
        out = lora_forward(X, W, A, B, alpha)
        losses.append(float(np.mean((out - Y) ** 2)))
        dY = 2 * (out - Y) / out.size
        B = B - lr * lora_backward(X, W, A, B, alpha, dY)[1]
        A = A - lr * lora_backward(X, W, A, B, alpha, dY)[0]
    losses.append(float(np.mean((lora_forward(X, W, A, B, alpha) - Y) ** 2)))
    return A, B, losses


alpha_doubled = "c"

# %% train_lora | the slope of the mean is divided by the number of rows only
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    dout, din = W.shape
    n = len(X)
    A = rng.normal(size=(r, din)) / np.sqrt(din)
    B = np.zeros((dout, r))
    losses = []
    for step in range(steps + 1):
        miss = lora_forward(X, W, A, B, alpha) - Y
        losses.append(float((miss**2).mean()))
        if step < steps:
            dA, dB = lora_backward(X, W, A, B, alpha, 2 * miss / n)
            A, B = A - lr * dA, B - lr * dB
    return A, B, losses


alpha_doubled = "c"

# %% merge | the correction is added into W itself
def merge(W, A, B, alpha):
    W += alpha / A.shape[0] * (B @ A)
    return W


def unmerge(W2, A, B, alpha):
    W2 -= alpha / A.shape[0] * (B @ A)
    return W2

# %% best_rank | the sizes are put into both thin tables
def best_rank(D, r):
    U, values, V = np.linalg.svd(D, full_matrices=False)
    B = U[:, :r] * values[:r]
    A = values[:r, None] * V[:r]
    return B, A


def tail(D):
    s = np.linalg.svd(D, full_matrices=False)[1]
    rest = []
    for r in range(len(s) + 1):
        rest.append(float(np.sum(s[r:] ** 2)))
    return rest


def rank_plot(D):
    figure, ax = plt.subplots()
    t = tail(D)
    ax.plot(np.arange(len(t)), t, "o-", label="left over")
    ax.set_xlabel("rank")
    return ax


my_rest = sum(v**2 for v in my_values["values"][my_values["r"] :])

# ---------------------------------------------------------------- w5
# %% one_draw | the generator is started anew for each of the n draws, so all draws are the same one
def draw_slope(draw, p, seed, h):
    right = draw(p + h, np.random.default_rng(seed))
    left = draw(p - h, np.random.default_rng(seed))
    return (right - left) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    slopes = [draw_slope(draw, p, seed, h) for _ in range(n)]
    return sum(slopes) / n


dual_says = "b"

# %% reparam | e^logvar is used as the width, although it is the squared width
def reparam(mu, logvar, eps):
    return mu + np.exp(logvar) * eps


def reparam_back(mu, logvar, eps, dz):
    return dz.copy(), dz * eps * np.exp(logvar)


dz_dl = "n*exp(l)"

# %% two_estimators | the score is the noise of a bell around 0: f(z)*z instead of f(z)*(z - mu)
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = f(z) * z
    return float(values.mean()), float(np.std(values) / np.sqrt(n))


def path_grad(df, mu, n, rng):
    values = df(mu + rng.standard_normal(n))
    return float(values.mean()), float(np.std(values) / np.sqrt(n))


d_log = "(z - mu)/s^2"
d_mean = f"{2 * my_f['a']}*mu + {my_f['b']}"

# %% gumbel_max | the noise is added to the probabilities of the softmax instead of the logits
def gumbel(rng, shape):
    u = np.maximum(rng.random(shape), 1e-300)
    return -np.log(-np.log(u))


def gumbel_max(logits, g):
    e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return np.argmax(p + g, axis=-1)

# %% gumbel_max | one logarithm only: -ln(u) is used as the noise
def gumbel(rng, shape):
    u = np.maximum(rng.random(shape), 1e-300)
    return -np.log(u)


def gumbel_max(logits, g):
    return (logits + g).argmax(axis=-1)

# %% gumbel_softmax | only the logits are divided by tau, and the noise is added afterwards
def gumbel_softmax(logits, tau, g):
    z = logits / tau + g
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)

# %% gumbel_softmax_back | the plain mean of the row is taken away, not the one weighted by y
own_slope = "yi*(1 - yi)/tau"
other_slope = "-yi*yj/tau"


def gumbel_softmax_back(y, tau, dy):
    return y * (dy - dy.mean(axis=1, keepdims=True)) / tau

# %% train_choice | the noise is drawn once, before the loop
def train_choice(rewards, lr, steps, tau, rng):
    k = len(rewards)
    logits = np.zeros(k)
    g = gumbel(rng, (64, k))
    history = []
    for _ in range(steps):
        y = gumbel_softmax(np.tile(logits, (64, 1)), tau, g)
        history.append(float((y @ rewards).mean()))
        dy = np.tile(rewards, (64, 1))
        logits = logits + lr * gumbel_softmax_back(y, tau, dy).mean(axis=0)
    return logits, history


tau_tiny = "b"

# ---------------------------------------------------------------- w6
# %% margin | divides by w.w, the squared length of w
def margin(w, b, X, y):
    w = np.asarray(w, dtype=float)
    if not w.any():
        raise ValueError("no line")
    return y * (X @ w + b) / (w @ w)


_w, _b, _x = my_line["w"], my_line["b"], my_line["point"]
my_margin = f"-({_w[0] * _x[0] + _w[1] * _x[1] + _b})/{_w[0] ** 2 + _w[1] ** 2}"

# %% hinge | only points on the wrong side push; those on the street, but on their own side, do not
slope_on_street = "-x*y"
slope_beyond = "0"


def hinge(w, b, X, y, C):
    right = y * (X @ w + b)
    lack = np.where(right < 0, 1 - right, 0.0)
    wrong = right < 0
    dw = w - C * (y[wrong, None] * X[wrong]).sum(axis=0)
    db = -C * y[wrong].sum()
    return float(0.5 * (w @ w) + C * lack.sum()), dw, float(db)

# %% lift | the 2 of the middle term is given whole to each point instead of its root
middle_term = "2*x1*y1*x2*y2"


def lift(X):
    a, b = X[:, 0], X[:, 1]
    return np.column_stack([a**2, 2 * a * b, b**2])


def circle_plane(r):
    return np.array([1.0, 0.0, 1.0]), -(r**2)

# %% rbf_kernel | the distance is not squared
def rbf_kernel(X, Y, gamma):
    K = np.zeros((len(X), len(Y)))
    for i, x in enumerate(X):
        for j, y in enumerate(Y):
            K[i, j] = np.exp(-gamma * np.linalg.norm(x - y))
    return K


gamma_of_width = "1/(2*s^2)"

# %% decision | only the nearest bump counts
def decision(alpha, y, X, gamma, Xnew):
    K = rbf_kernel(Xnew, X, gamma)
    nearest = K.argmax(axis=1)
    out = []
    for i, j in enumerate(nearest):
        out.append(alpha[j] * y[j] * K[i, j])
    return np.array(out)


half_way = f"sqrt(ln(2)/{my_gamma})"
spikes = "c"

# %% decision | the exponent is thought to have the plain distance: no root is drawn
def decision(alpha, y, X, gamma, Xnew):
    total = np.zeros(len(Xnew))
    for a, label, x in zip(alpha, y, X):
        total += a * label * np.exp(-gamma * ((Xnew - x) ** 2).sum(axis=1))
    return total


half_way = f"ln(2)/{my_gamma}"
spikes = "c"

# %% bump_plot | the places of the grid are built as (second, first), so the border is mirrored
def bump_plot(alpha, y, X, gamma):
    (x0, y0), (x1, y1) = X.min(axis=0) - 1, X.max(axis=0) + 1
    xx, yy = np.meshgrid(np.linspace(x0, x1, 100), np.linspace(y0, y1, 100))
    places = np.column_stack([yy.ravel(), xx.ravel()])
    values = decision(alpha, y, X, gamma, places).reshape(xx.shape)
    figure, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    holds = alpha > 0
    ax.scatter(X[holds, 0], X[holds, 1], s=90, facecolors="none", edgecolors="k", label="support vectors")
    ax.contour(xx, yy, values, levels=[0])
    return ax

# %% fit_dual | the weights are clipped once, after all the steps
def fit_dual(K, y, C, steps):
    Q = y[:, None] * y[None, :] * K
    rate = 1 / np.linalg.eigvalsh(Q)[-1]
    alpha = np.zeros(len(y))
    for _ in range(steps):
        alpha = alpha + rate * (1 - Q @ alpha)
    return np.clip(alpha, 0, C)


d_alpha1 = "1 - a1 - y1*y2*k*a2"
two_alike = "1/(1 + k)"

# %% fit_dual | never below 0, but the upper end C is forgotten
def fit_dual(K, y, C, steps):
    Q = np.outer(y, y) * K
    lr = 1.0 / np.linalg.eigvalsh(Q).max()
    alpha = np.zeros(K.shape[0])
    for _ in range(steps):
        alpha = np.maximum(alpha + lr * (1 - Q @ alpha), 0)
    return alpha


d_alpha1 = "1 - a1 - y1*y2*k*a2"
two_alike = "1/(1 + k)"

# %% taylor_rbf | range(order) leaves out the last power
def taylor_rbf(x, y, gamma, order):
    t = 2 * gamma * np.outer(x, y)
    term = np.ones(t.shape)
    total = np.zeros(t.shape)
    for k in range(order):
        total += term
        term = term * t / (k + 1)
    return np.exp(-gamma * np.asarray(x) ** 2)[:, None] * np.exp(-gamma * np.asarray(y) ** 2)[None, :] * total


feature_two = "sqrt(2)*g*x^2*exp(-g*x^2)"
