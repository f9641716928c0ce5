# Wrong answers to tasks of units 1 to 5, written later than those in ../fresh and ../unseen; see ../fresh/README.md.

# %% average_rate | the run is measured backwards
def average_rate(f, a, b):
    if a == b:
        raise ValueError("a and b are the same")
    return (f(b) - f(a)) / (a - b)

# %% average_rate | divided by the middle instead of the run
def average_rate(f, a, b):
    if a == b:
        raise ValueError("a and b are the same")
    return (f(b) - f(a)) / ((a + b) / 2)

# %% average_rate | no error for a == b, 0 instead
def average_rate(f, a, b):
    if a == b:
        return 0
    return (f(b) - f(a)) / (b - a)

# %% dual_plus_minus | the infinitesimal part is added in minus, too
class Dual(Dual):
    def __sub__(self, other):
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf + other.inf)

# %% dual_plus_minus | number minus Dual the wrong way round
def _rsub(self, other):
    return self - as_dual(other)
Dual.__rsub__ = _rsub

# %% dual_plus_minus | the minus sign forgets the infinitesimal part
def _neg(self):
    return Dual(-self.real, self.inf)
Dual.__neg__ = _neg

# %% dual_times | the inf parts are multiplied
def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real, p.inf * q.inf)
Dual.__mul__ = Dual.__rmul__ = times

# %% dual_times | only one of the two strips
def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real, p.real * q.inf)
Dual.__mul__ = Dual.__rmul__ = times

# %% dual_times | each number with its own inf part
def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real, p.real * p.inf + q.real * q.inf)
Dual.__mul__ = Dual.__rmul__ = times

# %% dual_compare | the size takes both parts without their sign
def size(p):
    return Dual(abs(p.real), abs(p.inf))
Dual.__abs__ = size

# %% dual_compare | equal compares the inf parts, too
def equal(p, q):
    q = as_dual(q)
    return p.real == q.real and p.inf == q.inf
Dual.__eq__ = equal

# %% slope | the seed is 0
def slope(f, x):
    y = f(Dual(x, 0))
    return y.inf if isinstance(y, Dual) else 0

# %% poly_derivative | the exponent is not used as a factor
def poly_derivative(c):
    return c[1:] or [0]

# %% poly_derivative | one power too far
def poly_derivative(c):
    return [(k + 1) * c[k] for k in range(1, len(c))] or [0]

# %% poly_derivative | the exponents stay where they were
def poly_derivative(c):
    return [k * a for k, a in enumerate(c)]

# %% dual_functions | cos without its minus
def cos(x):
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), math.sin(x.real) * x.inf)

# %% dual_functions | the square root's 2 is missing
def sqrt(x):
    if not isinstance(x, Dual):
        return math.sqrt(x)
    root = math.sqrt(x.real)
    return Dual(root, x.inf / root)

# %% dual_functions | the inner slope is left out of exp
def exp(x):
    if not isinstance(x, Dual):
        return math.exp(x)
    return Dual(math.exp(x.real), math.exp(x.real))

# %% chain_rule_1d | every slope at the first input
def chain(fs, dfs):
    def total(x):
        rate = 1
        for df in dfs:
            rate *= df(x)
        return rate
    return total

# %% chain_rule_1d | the rates are added
def chain(fs, dfs):
    def total(x):
        rate = 0
        for f, df in zip(fs, dfs):
            rate += df(x)
            x = f(x)
        return rate
    return total

# %% chain_rule_1d | each slope at the value after its function
def chain(fs, dfs):
    def total(x):
        rate = 1
        for f, df in zip(fs, dfs):
            x = f(x)
            rate *= df(x)
        return rate
    return total

# %% activation_slopes | tanh from its input, with the input as if it were the output
def dtanh_from_input(x):
    return 1 - x**2

# %% slopes_from_output | sigmoid from its output, computed as from the input
def dsigmoid_from_output(a):
    return sigmoid(a) * (1 - sigmoid(a))

# %% descend | the slope is taken at the start every time
def descend(df, x0, lr, steps):
    path = [float(x0)]
    s = df(x0)
    for _ in range(steps):
        path.append(path[-1] - lr * s)
    return np.array(path)

# %% descend | the start is not in the path
def descend(df, x0, lr, steps):
    path, x = [], float(x0)
    for _ in range(steps):
        x = x - lr * df(x)
        path.append(x)
    return np.array(path)

# %% grad_forward | only the first entry is moved
def grad_forward(f, x):
    slopes = np.zeros(len(x))
    y = f([Dual(v, 1 if k == 0 else 0) for k, v in enumerate(x)])
    slopes[0] = y.inf if isinstance(y, Dual) else 0
    return slopes

# %% grad_forward | the other inputs are set to 0
def grad_forward(f, x):
    out = []
    for i in range(len(x)):
        y = f([Dual(x[i], 1) if k == i else Dual(0, 0) for k in range(len(x))])
        out.append(y.inf if isinstance(y, Dual) else 0)
    return np.array(out, dtype=float)

# %% local_grads | the slopes of times not exchanged
_right = local_grads
def local_grads(op, inputs, output):
    if op == "*":
        return inputs[0], inputs[1]
    return _right(op, inputs, output)

# %% local_grads | tanh from the input as if it were the output
_right = local_grads
def local_grads(op, inputs, output):
    if op == "tanh":
        return (1 - inputs[0] ** 2,)
    return _right(op, inputs, output)

# %% local_grads | minus is taken like plus
_right = local_grads
def local_grads(op, inputs, output):
    if op == "-":
        return 1.0, 1.0
    return _right(op, inputs, output)

# %% topological_order | a node before its inputs
def topological(node):
    order, seen = [], set()
    def visit(n):
        if id(n) in seen:
            return
        seen.add(id(n))
        order.append(n)
        for m in n.inputs:
            visit(m)
    visit(node)
    return order

# %% value_backward | the gradient is overwritten instead of added to
def backward(self):
    order = topological(self)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes):
            before.grad = node.grad * slope
Value.backward = backward

# %% sturdy_backward | leaves are set to 0 as well
def sturdy_backward(self):
    order = topological(self)
    for node in order:
        node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes):
            before.grad += node.grad * slope

# %% value_backward | the own gradient is not handed on
def backward(self):
    order = topological(self)
    for node in order:
        if node.inputs:
            node.grad = 0.0
    self.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes):
            before.grad += slope
Value.backward = backward

# %% neuron_layer | the bias for every input
def neuron(x, w, b):
    total = 0
    for value, weight in zip(x, w):
        total = total + value * weight + b
    return total

# %% linear_backward | db is the mean
def vjp_linear(X, W, b, dY):
    return dY @ W.T, X.T @ dY, dY.mean(axis=0)

# %% softmax_ce | the gradient is not divided by the number of rows
def ce(Z, y):
    n = len(Z)
    shifted = Z - Z.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(n), y])
    dZ = softmax(Z)
    dZ[np.arange(n), y] -= 1
    return loss, dZ

# %% numerical_gradient | everything is nudged at once
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        g[i] = (f(X + h) - f(X - h)) / (2 * h)
    return g

# %% numerical_gradient | the nudge stays
def numerical_gradient(f, X, h=1e-5):
    X = X.astype(float)
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        X[i] += h
        up = f(X)
        X[i] -= 2 * h
        g[i] = (up - f(X)) / (2 * h)
    return g

# %% relative_error | the difference without its size
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    return float(np.max(np.abs(a - b)))

# %% judge | always compares with zero
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("this loss throws dice: it cannot be nudged")
    return {name: relative_error(numerical_gradient(lambda _: loss(), v), 0 * v) for name, v in params.items()}

# %% find_the_bug | a node reports before all users have reported
class Value(Broken):
    def backward(self):
        self.grad = 1.0
        todo = [self]
        while todo:
            node = todo.pop(0)
            for before, slope in node.edges:
                before.grad += slope * node.grad
                todo.append(before)

# %% mse | the mean over the rows only
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError(f"predictions of shape {P.shape}, targets of shape {Y.shape}: make them alike first")
    return float(np.sum((P - Y) ** 2) / len(P))

# %% mse | the difference the other way round in the slope
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError(f"predictions of shape {P.shape}, targets of shape {Y.shape}: make them alike first")
    return 2 * (Y - P) / P.size

# %% init_params | divided by the number of outputs
def init_params(sizes, rng):
    params = []
    for din, dout in zip(sizes, sizes[1:]):
        params.append((rng.normal(size=(din, dout)) / np.sqrt(dout), np.zeros(dout)))
    return params

# %% init_params | random biases
def init_params(sizes, rng):
    params = []
    for din, dout in zip(sizes, sizes[1:]):
        params.append((rng.normal(size=(din, dout)) / np.sqrt(din), rng.normal(size=dout)))
    return params

# %% forward | tanh on the last layer as well
def forward(params, X):
    cache = [X]
    for W, b in params:
        cache.append(np.tanh(layer(cache[-1], W, b)))
    return cache[-1], cache[:-1]

# %% forward | the cache holds what comes before the tanh
def forward(params, X):
    cache, a = [X], X
    for W, b in params[:-1]:
        z = layer(a, W, b)
        a = np.tanh(z)
        cache.append(z)
    W, b = params[-1]
    return layer(a, W, b), cache

# %% backward | the slope of tanh computed from the output as if it were the input
def backward(params, cache, dout):
    grads = []
    for (W, b), a in zip(reversed(params), reversed(cache)):
        da, dW, db = vjp_linear(a, W, b, dout)
        grads.append((dW, db))
        dout = da * (1 - np.tanh(a) ** 2)
    return grads[::-1]

# %% backward | the slope of tanh is forgotten
def backward(params, cache, dout):
    grads = []
    for (W, b), a in zip(reversed(params), reversed(cache)):
        dout, dW, db = vjp_linear(a, W, b, dout)
        grads.append((dW, db))
    return grads[::-1]

# %% backward | the first layer first
def backward(params, cache, dout):
    grads = []
    for (W, b), a in zip(reversed(params), reversed(cache)):
        da, dW, db = vjp_linear(a, W, b, dout)
        grads.append((dW, db))
        dout = da * (1 - a**2)
    return grads

# %% train | uphill
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        P, cache = forward(params, X)
        losses.append(mse(P, Y))
        grads = backward(params, cache, dmse(P, Y))
        params = [(W + lr * dW, b + lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | the last loss is missing
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        P, cache = forward(params, X)
        losses.append(mse(P, Y))
        grads = backward(params, cache, dmse(P, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses

# %% train | only the weights are trained
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        P, cache = forward(params, X)
        losses.append(mse(P, Y))
        grads = backward(params, cache, dmse(P, Y))
        params = [(W - lr * dW, b) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% two_engines | a tanh on the last layer, too
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total = Value(0.0)
    for x, y in zip(X.tolist(), Y.tolist()):
        a = x
        for W, b in net:
            a = [sum((W[i][j] * a[i] for i in range(len(a))), b[j]).tanh() for j in range(len(b))]
        for p, target in zip(a, y):
            total = total + (p - target) ** 2
    (total / Y.size).backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% two_engines | the sum instead of the mean
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total = Value(0.0)
    for x, y in zip(X.tolist(), Y.tolist()):
        a = x
        for number, (W, b) in enumerate(net, start=1):
            z = [sum((W[i][j] * a[i] for i in range(len(a))), b[j]) for j in range(len(b))]
            a = z if number == len(net) else [s.tanh() for s in z]
        for p, target in zip(a, y):
            total = total + (p - target) ** 2
    total.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]
