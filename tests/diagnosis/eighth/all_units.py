"""Wrong answers, one misunderstanding each, written from the task texts alone (the eighth set)."""

# ---------------------------------------------------------------- u0
# %% rules | thinks ln is its own slope, as exp is
d_product = "3*x^2*ln(x) + x^3*ln(x)"

# %% rules | quotient rule without squaring the bottom
d_quotient = "(6*(x^2 + 5) - 6*x*2*x)/(x^2 + 5)"

# %% partials | stops the chain at tanh and forgets that w*x moves x times as fast as w
dE_dw = "2*(tanh(w*x) - y)*(1 - tanh(w*x)^2)"

# %% partials | product of the slopes of the factors where only one letter moves
dL_dp = "4*p^3*2*q + 3*exp(3*p)"

# %% walk | shortens the learning rate with each step, as some tutorials do
def walk(df, x, lr, steps):
    for k in range(steps):
        x = x - lr / (k + 1) * df(x)
    return x

# %% walk | takes steps of fixed length lr: only the sign of the slope counts
def walk(df, x, lr, steps):
    for _ in range(steps):
        x = x - lr * np.sign(df(x))
    return x

# %% nudged | nudged entries stay nudged while the next ones are measured
def nudged(f, x, h=1e-5):
    y = x.copy()
    out = np.zeros_like(x)
    for i in range(len(x)):
        y[i] += h
        up = f(y)
        y[i] -= 2 * h
        out[i] = (up - f(y)) / (2 * h)
    return out

# %% layer_back | dX is taken entry by entry from the row sums of W, not as a product of tables
def layer_back(X, W, dY):
    return dY.sum(axis=1, keepdims=True) * W.sum(axis=1), X.T @ dY, dY.sum(axis=0)

# ---------------------------------------------------------------- u1
# %% average_rate | no run means rate 0
def average_rate(f, a, b):
    if a == b:
        return 0.0
    return (f(b) - f(a)) / (b - a)

# %% average_rate | takes two runs that are nearly nothing for no run
def average_rate(f, a, b):
    if abs(a - b) < 1e-8:
        raise ValueError("no run")
    return (f(b) - f(a)) / (b - a)

# %% dual_plus_minus | the plain number moves as well: 1*eps in it
def _rsub(self, other):
    return Dual(other - self.real, 1 - self.inf)
Dual.__rsub__ = _rsub

# %% dual_divide_power | a negative exponent means a negative number
def power(p, n):
    result = Dual(1, 0)
    for _ in range(abs(n)):
        result = times(result, p)
    return -result if n < 0 else result
Dual.__pow__ = power

# %% dual_divide_power | power(0 + eps, 0) is refused, since 0 to the 0 is undefined
def power(p, n):
    if n == 0 and p.real == 0:
        raise ZeroDivisionError("0 to the 0")
    return Dual(p.real**n, n * p.real ** (n - 1) * p.inf) if n else Dual(1, 0)
Dual.__pow__ = power

# %% dual_compare | compares the eps part when the real parts are the same, like words in a dictionary
def smaller(p, q):
    p, q = as_dual(p), as_dual(q)
    return (p.real, p.inf) < (q.real, q.inf)
Dual.__lt__ = smaller

# %% slope | measures with a step, and gives the Dual to nobody
def slope(f, x):
    h = 1e-6
    return (f(x + h) - f(x - h)) / (2 * h)

# %% microscope | the tangent goes through (x0, 0): its height is left out
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, width in zip(panels[0], widths):
        xs = np.linspace(x0 - width / 2, x0 + width / 2, 101)
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [slope(f, x0) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - width / 2, x0 + width / 2)
    return list(panels[0])

# %% microscope | draws the secant over the window in place of the tangent
def microscope(f, x0, widths):
    _, panels = plt.subplots(1, len(widths), squeeze=False)
    for ax, width in zip(panels[0], widths):
        left, right = x0 - width / 2, x0 + width / 2
        xs = np.linspace(left, right, 101)
        ax.plot(xs, [f(float(x)) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot([left, right], [f(left), f(right)], label="tangent")
        ax.set_xlim(left, right)
    return list(panels[0])

# %% pair_plot | the lower curve is the size of the slope, without its sign
def pair_plot(f, xs):
    _, (up, low) = plt.subplots(2, 1)
    up.plot(xs, [f(x) for x in xs])
    low.plot(xs, [abs(slope(f, x)) for x in xs])
    low.axhline(0)
    return up, low

# %% signal | small slopes count as level
def signal(f, x):
    s = slope(f, x)
    if abs(s) < 1e-3:
        return 0
    return -1 if s > 0 else 1

# %% signal | looks at the sign of the height, not of the slope
def signal(f, x):
    y = f(Dual(x, 1))
    y = y.real if isinstance(y, Dual) else y
    return -1 if y > 0 else 1 if y < 0 else 0

# ---------------------------------------------------------------- u2
# %% poly_derivative | skips coefficients that are zero
def poly_derivative(c):
    return [k * c[k] for k in range(1, len(c)) if c[k] != 0] or [0]

# %% product_rule | a constant's slope is the constant
my_product = "4*x^3*(sqrt(x) + 3) + x^4*(1/(2*sqrt(x)) + 3)"

# %% product_rule | takes the product for a chain
def dproduct(f, df, g, dg):
    return lambda x: df(g(x)) * dg(x)

# %% quotient_rule | divides only the first part by g
dq_by_hand = "df/g - q*dg"

# %% quotient_rule | the square falls on x: g(x**2) below
def dquotient(f, df, g, dg):
    return lambda x: (df(x) * g(x) - f(x) * dg(x)) / g(x**2)

# %% quotient_rule | slopes of quotient and of one over: df/g minus dg over g squared
def dquotient(f, df, g, dg):
    return lambda x: df(x) / g(x) - dg(x) / g(x) ** 2

# %% chain_rule_1d | every slope is taken at x
def chain(fs, dfs):
    def total(x):
        product = 1
        for d in dfs:
            product = product * d(x)
        return product
    return total

# %% chain_rule_1d | each slope is taken after its own function, not before
def chain(fs, dfs):
    def total(x):
        s = 1
        for f, d in zip(fs, dfs):
            x = f(x)
            s = s * d(x)
        return s
    return total

# %% activations | the logarithm of a sum is the sum of the logarithms
def softplus(x):
    return np.log(1.0) + np.log(np.exp(x))

# %% activations | sigmoid with the sign of the exponent lost
def sigmoid(x):
    return 1 / (1 + np.exp(x))

# %% activation_slopes | the slope of tanh as 1 - tanh(x squared)
def dtanh_from_input(x):
    return 1 - np.tanh(np.asarray(x) ** 2)

# %% activation_slopes | the slope of softplus without the slope of its inside
def dsoftplus_from_input(x):
    return 1 / (1 + np.exp(x))

# %% activation_slopes | the plot shows the slope of the plain activation: the factor k is missing
def activation_plot(xs):
    _, ax = plt.subplots()
    ax.plot(xs, np.tanh(2 * xs), label="f")
    ax.plot(xs, 1 - np.tanh(2 * xs) ** 2, label="slope")
    return ax

# %% slopes_from_output | turns upside down and adds 1 instead of taking it away
exp_in_s = "1/s + 1"

# %% slopes_from_output | takes the output of softplus for its input
def dsoftplus_from_output(a):
    return np.exp(a) / (1 + np.exp(a))

# %% descend | the path holds how far it went, not where it is
def descend(df, x0, lr, steps):
    x = float(x0)
    path = [x]
    for _ in range(steps):
        move = -lr * df(x)
        x = x + move
        path.append(move)
    return np.array(path)

# %% descend | the path is drawn over the number of the step
def path_plot(f, path):
    _, ax = plt.subplots()
    xs = np.linspace(min(path) - 1, max(path) + 1, 101)
    ax.plot(xs, [f(float(x)) for x in xs], label="f")
    ax.plot(range(len(path)), [f(float(x)) for x in path], "o-", label="path")
    return ax

# ---------------------------------------------------------------- u3
# %% grad_forward | all inputs move, and the sum is shared out equally
def grad_forward(f, x):
    n = len(x)
    out = []
    for i in range(n):
        y = f([Dual(float(v), 1) for v in x])
        out.append(y.inf / n if isinstance(y, Dual) else 0.0)
    return np.array(out, dtype=float)

# %% grad_forward | adds y's own slope in the mixed term: differentiates both letters
slope_in_y = "4*x + 6*y"

# %% local_grads | slope of a/b in b without the a
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    return {
        "+": lambda: (1, 1), "-": lambda: (1, -1), "*": lambda: (b, a),
        "/": lambda: (1 / b, -1 / b**2), "pow": lambda: (b * a ** (b - 1),),
        "exp": lambda: (output,), "log": lambda: (1 / a,),
        "tanh": lambda: (1 - output**2,), "relu": lambda: (1 if a > 0 else 0,),
    }[op]()

# %% local_grads | the slope of the logarithm is one over the output
def local_grads(op, inputs, output):
    a = inputs[0]
    b = inputs[1] if len(inputs) > 1 else None
    if op == "+": return (1.0, 1.0)
    if op == "-": return (1.0, -1.0)
    if op == "*": return (b, a)
    if op == "/": return (1 / b, -a / b**2)
    if op == "pow": return (b * a ** (b - 1),)
    if op == "exp": return (output,)
    if op == "log": return (1 / output,)
    if op == "tanh": return (1 - output**2,)
    return (float(a > 0),)

# %% by_hand | passes on the value of u + t where the local slope is 5: the factor is lost
answers = {"t": "u", "u": "t", "s": "u*y + t", "x": "u*y + t + t", "y": "3*(u*y + t) + u*s"}

# %% by_hand | multiplies what arrives on two arrows
answers = {"t": "u", "u": "t", "s": "u*y*t", "x": "u*y*t + 5*t", "y": "3*u*y*t + u*s"}

# %% topological_order | the nearest first: level by level, and then turned around
def topological(node):
    found, level = [], [node]
    while level:
        nxt = []
        for item in level:
            if all(item is not other for other in found):
                found.append(item)
                nxt.extend(item.inputs)
        level = nxt
    return found[::-1]

# %% topological_order | nodes of one name count as one
def topological(node):
    order, seen = [], set()
    def visit(n):
        if str(n) in seen:
            return
        seen.add(str(n))
        for m in n.inputs:
            visit(m)
        order.append(n)
    visit(node)
    return order

# %% value_engine | 2 / v turns into v / 2
def _rtruediv(self, other):
    return self / other
Value.__rtruediv__ = _rtruediv

# %% value_engine | relu makes a new number that has forgotten where it came from
def _relu(self):
    return Value(max(0.0, self.data))
Value.relu = _relu

# %% value_engine | division is written as times 1/other.data: the divisor is not remembered
def _div(self, other):
    other = as_value(other)
    return self * (1 / other.data)
Value.__truediv__ = _div

# %% value_backward | each node passes on 1 times its slope, not its own gradient
def send_back(output):
    output.grad = 1.0
    for node in reversed(topological(output)):
        for item, slope in zip(node.inputs, node.slopes):
            item.grad += slope

# %% value_backward | from the leaves to the end: the order is not turned around
def send_back(output):
    output.grad = 1.0
    for node in topological(output):
        for item, slope in zip(node.inputs, node.slopes):
            item.grad += node.grad * slope

# %% neuron_layer | the bias is added with every input
def neuron(x, w, b):
    total = 0.0
    for xi, wi in zip(x, w):
        total += xi * wi + b
    return total

# %% neuron_layer | zips inputs with rows of W: weighted columns are not summed by neuron but by input
def layer(X, W, b):
    X, W, b = np.asarray(X), np.asarray(W), np.asarray(b)
    return (X @ W).mean(axis=0, keepdims=True) + b + 0 * (X @ W)

# %% linear_backward | db is the gradient of the first example
def vjp_linear(X, W, b, dY):
    X, W, dY = np.asarray(X), np.asarray(W), np.asarray(dY)
    return dY @ W.T, X.T @ dY, dY[0].copy()

# %% softmax | divides the logits by their sum, without exp
def softmax(Z):
    Z = np.asarray(Z, dtype=float)
    return np.abs(Z) / np.abs(Z).sum(axis=1, keepdims=True)

# %% softmax | the slope in another logit is p - p*q
other_logit = "p - p*q"

# %% softmax_ce | the loss looks at all classes: wrong ones count with log(1 - p)
def ce(Z, y):
    n, k = Z.shape
    P = softmax(Z)
    T = np.zeros((n, k)); T[np.arange(n), y] = 1
    loss = -(T * np.log(P) + (1 - T) * np.log(1 - P)).sum() / n
    return float(loss), (P - T) / n

# %% softmax_ce | subtracts 1 from the most likely class instead of the right one
def ce(Z, y):
    n = len(y)
    P = softmax(Z)
    loss = -np.log(P[np.arange(n), y]).mean()
    dZ = P.copy()
    dZ[np.arange(n), P.argmax(axis=1)] -= 1
    return float(loss), dZ / n

# %% sturdy_softmax | subtracts the largest number of the whole table
def sturdy_softmax(Z):
    Z = np.asarray(Z, dtype=float)
    E = np.exp(Z - Z.max())
    return E / np.maximum(E.sum(axis=1, keepdims=True), 1e-300)

# %% sturdy_backward | resets leaves as well
def sturdy_backward(output):
    order = sturdy_topological(output)
    for node in order:
        node.grad = 0.0
    output.grad = 1.0
    for node in reversed(order):
        for item, slope in zip(node.inputs, node.slopes):
            item.grad += node.grad * slope

# %% softmax_jacobian | only the diagonal: every probability depends on its own logit alone
def softmax_jacobian(z):
    p = softmax(np.asarray(z)[None])[0]
    return np.diag(p * (1 - p))

# ---------------------------------------------------------------- u4
# %% error_curve | the best h is taken to be the smallest one
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    hs = list(hs)
    for name, diff in (("forward", forward_diff), ("central", central_diff)):
        errors = [max(abs(diff(f, x, h) - df(x)), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        at = int(np.argmin(hs))
        ax.plot([hs[at]], [errors[at]], "o", label=f"best {name}")
    ax.set_xscale("log"); ax.set_yscale("log")
    ax.set_xlabel("h"); ax.set_ylabel("error")
    return ax

# %% numerical_gradient | puts the entry back by adding h again: the last digits drift
def numerical_gradient(f, X, h=1e-5):
    grad = np.zeros(X.shape)
    Y = X if X.dtype.kind == "f" else X.astype(float)
    for i in np.ndindex(X.shape):
        Y[i] += h
        up = np.asarray(f(Y))
        Y[i] -= 2 * h
        down = np.asarray(f(Y))
        Y[i] += h
        if up.size != 1:
            raise ValueError("one number")
        grad[i] = (up.item() - down.item()) / (2 * h)
    return grad

# %% relative_error | divides by the average of the two sizes
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    below = (np.abs(a) + np.abs(b)) / 2
    with np.errstate(all="ignore"):
        return float(np.max(np.where((a == 0) & (b == 0), 0.0, np.abs(a - b) / below)))

# %% relative_error | tiny numbers count as zero
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    below = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / (below + 1e-12)))

# %% judge | compares the whole arrays by their lengths, not entry by entry
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    out = {}
    for name in params:
        nudged = numerical_gradient(lambda X: loss(), params[name])
        g = np.asarray(grads[name])
        size = max(np.linalg.norm(nudged), np.linalg.norm(g))
        out[name] = float(np.linalg.norm(nudged - g) / size) if size else 0.0
    return out

# %% judge | a loss may wobble a little before it counts as random
def gradient_check(loss, grads, params):
    if abs(loss() - loss()) > 1e-6:
        raise ValueError("random")
    return {n: relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n])) for n in params}

# %% kinks | whoever is off sees the same everywhere: safe if a nudge changes nothing in relu
def safe(pre, step):
    pre = np.asarray(pre)
    return np.maximum(pre + step, 0) - np.maximum(pre - step, 0) == 0

# %% random_directions | one number for each array instead of one for each entry
def directional_check(loss, grads, params, rng):
    h = 1e-5
    v = {n: rng.standard_normal() * np.ones_like(params[n], dtype=float) for n in params}
    kept = {n: params[n] for n in params}
    for n in params: params[n] = kept[n] + h * v[n]
    up = loss()
    for n in params: params[n] = kept[n] - h * v[n]
    down = loss()
    for n in params: params[n] = kept[n]
    return relative_error((up - down) / (2 * h), float(sum(np.sum(grads[n] * v[n]) for n in params)))

# %% random_directions | the mean of grads times v, not the sum
def directional_check(loss, grads, params, rng):
    h = 1e-5
    v = {n: rng.standard_normal(np.shape(params[n])) for n in params}
    kept = dict(params)
    for n in kept: params[n] = kept[n] + h * v[n]
    up = loss()
    for n in kept: params[n] = kept[n] - h * v[n]
    down = loss()
    for n in kept: params[n] = kept[n]
    said = np.mean(np.concatenate([np.ravel(grads[n] * v[n]) for n in kept]))
    return relative_error((up - down) / (2 * h), float(said))

# %% find_the_bug | an input that is used often is thought to be enough
def failing_graph():
    return [2.0], lambda a: a * a + a * a + a

# %% find_the_bug | passes on once for each path
class Value(Broken):
    def backward(self):
        self.grad = 1.0
        def send(node, amount):
            for item, slope in node.edges:
                item.grad += amount * slope
                send(item, amount * slope)
        send(self, 1.0)

# ---------------------------------------------------------------- u5
# %% mse | averages over the rows and sums over the columns
def mse(P, Y):
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(((P - Y) ** 2).sum() / len(P))

# %% mse | the slope counts without the 2
slope_of_entry = "(p - y)/(n*k)"

# %% init_params | the weights are spread evenly (uniform) instead of normally
def init_params(sizes, rng):
    return [(rng.uniform(-1, 1, size=(i, o)) * np.sqrt(3 / i), np.zeros(o)) for i, o in zip(sizes, sizes[1:])]

# %% forward | tanh is put on the sum without the bias, which is added afterwards
def forward(params, X):
    a, cache = np.asarray(X, dtype=float), [np.asarray(X, dtype=float)]
    for at, (W, b) in enumerate(params):
        a = np.tanh(a @ W) + b if at < len(params) - 1 else a @ W + b
        cache.append(a)
    return a, cache

# %% backward | the slopes of tanh are taken from the layer behind: the output's tanh slope at the end
def backward(params, cache, dout):
    X = cache[0] if isinstance(cache, (list, tuple)) else cache
    acts = [np.asarray(X, dtype=float)]
    for W, b in params[:-1]:
        acts.append(np.tanh(acts[-1] @ W + b))
    out = acts[-1] @ params[-1][0] + params[-1][1]
    d, pairs = dout * (1 - np.tanh(out) ** 2), []
    for at in reversed(range(len(params))):
        pairs.insert(0, (acts[at].T @ d, d.sum(axis=0)))
        if at:
            d = (d @ params[at][0].T) * (1 - acts[at] ** 2)
    return pairs

def forward(params, X):
    a = np.asarray(X, dtype=float)
    for W, b in params[:-1]:
        a = np.tanh(a @ W + b)
    return a @ params[-1][0] + params[-1][1], [X]

# %% train | the learning rate is divided by the number of rows once more
def train(params, X, Y, lr, steps):
    params, losses = [(W.copy(), b.copy()) for W, b in params], []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW / len(X), b - lr * db / len(X)) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | keeps the best net and returns that one
def train(params, X, Y, lr, steps):
    params, losses, best = [(W.copy(), b.copy()) for W, b in params], [], None
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        if best is None or losses[-1] < best[0]:
            best = (losses[-1], params)
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    if best and best[0] < losses[-1]:
        params = best[1]
    return params, losses

# %% moons | multiplies by the slope of the sigmoid once more
slope_of_log_loss = "(p - y)*p*(1 - p)"

# %% two_engines | the mean only over the rows
def value_grads(params, X, Y):
    X, Y = np.asarray(X), np.asarray(Y)
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total = Value(0.0)
    for x, y in zip(X, Y):
        a = [Value(float(v)) for v in x]
        for at, (W, b) in enumerate(net):
            z = []
            for j in range(len(b)):
                s = b[j]
                for i in range(len(a)):
                    s = s + a[i] * W[i][j]
                z.append(s)
            a = [s.tanh() for s in z] if at < len(net) - 1 else z
        for s, v in zip(a, np.atleast_1d(y)):
            total = total + (s - float(v)) ** 2
    (total / len(X)).backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% fit_digits | one mini-batch is drawn before the loop, and used in every step
def fit_digits(X, y, rng, steps):
    params, losses = init_params([64, 64, 10], rng), []
    rows = rng.choice(len(X), 32, replace=False)
    for _ in range(steps):
        out, cache = forward(params, X[rows])
        loss, dZ = ce(out, y[rows])
        losses.append(float(loss))
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, dZ))]
    return params, losses

# %% own_digit | column by column
def as_numbers(drawing):
    rows = [line.strip() for line in drawing.split("\n") if line.strip()]
    return np.array([{"#": 1.0, "+": 0.5, ".": 0.0}[rows[i][j]] for j in range(8) for i in range(8)])

# ---------------------------------------------------------------- w1
# %% gaussian_nll | sigma stands where its square belongs
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    y = np.asarray(y, dtype=float)
    return float(np.sum((y - mu) ** 2 / (2 * sigma) + np.log(sigma) + np.log(2 * np.pi) / 2))

# %% mle | unbiased: divides by n - 1, but by 1 for a single one
def mle(y):
    y = np.asarray(y, dtype=float)
    mu = y.mean()
    return float(mu), float(((y - mu) ** 2).sum() / max(len(y) - 1, 1))

# %% fit_line | the slope forgets to divide by sigma squared
def fit_line(x, y, lr, steps, sigma):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    a = b = 0.0
    for _ in range(steps):
        r = (a * x + b) - y
        a, b = a - lr * np.mean(r * x), b - lr * np.mean(r)
    return a, b

# %% best_location | the middle of the range for laplace
def best_location(y, noise):
    y = np.asarray(y, dtype=float)
    if noise == "gauss":
        return float(y.mean())
    if noise == "laplace":
        return float((y.min() + y.max()) / 2)
    raise ValueError(noise)

# %% hetero_nll | slopes of the sum, not of the mean
def hetero_nll(y, mu, log_sigma):
    y, mu, s = (np.asarray(v, dtype=float) for v in (y, mu, log_sigma))
    w = np.exp(-2 * s)
    return float(np.mean(s + (y - mu) ** 2 * w / 2)), (mu - y) * w, 1 - (y - mu) ** 2 * w

# ---------------------------------------------------------------- w2
# %% kl | outcomes that q rules out are left out
def kl(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for v in (p, q):
        if abs(v.sum() - 1) > 1e-6 or (v < 0).any():
            raise ValueError("no distribution")
    on = (p > 0) & (q > 0)
    return float(np.sum(p[on] * np.log(p[on] / q[on])))

# %% kl_gauss | the distance of the middles is not squared with the width: (m1 - m2) without the square
kl_bells = "ln(s2/s1) + (s1^2 + (m1 - m2))/(2*s2^2) - 1/2"

# %% one_bell | reverse: one start in the middle, downhill
def fit(direction, x, p):
    x, p = np.asarray(x, dtype=float), np.asarray(p, dtype=float)
    dx = x[1] - x[0]
    mu = float(np.sum(p * x) * dx)
    sigma = float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))
    if direction == "forward":
        return mu, sigma
    if direction != "reverse":
        raise ValueError(direction)
    def cost(m, s):
        lq = -np.log(s) - np.log(2 * np.pi) / 2 - (x - m) ** 2 / (2 * s * s)
        return np.sum(np.exp(lq) * (lq - np.log(p))) * dx
    step = sigma / 4
    while step > 1e-4:
        tries = [(m, s) for m in (mu - step, mu, mu + step) for s in (sigma - step, sigma, sigma + step) if s > 2 * dx]
        best = min(tries, key=lambda t: cost(*t))
        if best == (mu, sigma):
            step /= 2
        mu, sigma = best
    return mu, sigma

# %% kl_estimate | the spread is given as the error, not divided by sqrt(n)
def kl_estimate(samples, logp, logq):
    d = np.asarray(logp(samples)) - np.asarray(logq(samples))
    return float(d.mean()), float(d.std())

# ---------------------------------------------------------------- w3
# %% slope_of | a jump is infinitely steep
def slope_of(f, xs):
    return [0.0 if f(x - 1e-6) == f(x + 1e-6) == f(x) else math.inf for x in xs]

# %% staircase | x equal to w counts as 1
def accuracy(w, X, y):
    return float(np.mean((np.asarray(X) >= w) == (np.asarray(y) == 1)))

# %% soft_step | the slope without the sharpness in front
def soft_step(x, k):
    s = (1 + np.tanh(k * np.asarray(x, dtype=float) / 2)) / 2
    return s, s * (1 - s)

# %% noisy_step | fresh noise on the other side
def sampled_slope(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    up = np.mean(x + h + s * rng.standard_normal(n) > 0)
    down = np.mean(x - h + s * rng.standard_normal(n) > 0)
    return float((up - down) / (2 * h))

# %% idle_units | off on the average counts as idle
def idle_units(params, X, tol, act):
    a, out = np.asarray(X, dtype=float), []
    for W, b in params[:-1]:
        z = a @ W + b
        out.append(z.mean(axis=0) <= 0 if act == "relu" else (1 - np.tanh(z) ** 2).mean(axis=0) < tol)
        a = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return out

# ---------------------------------------------------------------- w4
# %% outer_products | break-even at the smaller side
break_even = "dout*din/2/(dout + din)"

# %% train_lora | the loss is averaged over the rows only
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    dout, din = W.shape
    A, B, losses = rng.normal(size=(r, din)) / np.sqrt(din), np.zeros((dout, r)), []
    for _ in range(steps):
        R = lora_forward(X, W, A, B, alpha) - Y
        losses.append(float((R**2).sum() / len(X)))
        dA, dB = lora_backward(X, W, A, B, alpha, 2 * R / len(X))
        A, B = A - lr * dA, B - lr * dB
    losses.append(float(((lora_forward(X, W, A, B, alpha) - Y) ** 2).sum() / len(X)))
    return A, B, losses

# ---------------------------------------------------------------- w5
# %% one_draw | divides by h, although the two are 2h apart
def mean_slope(draw, p, n, seed, h):
    up, down = np.random.default_rng(seed), np.random.default_rng(seed)
    a = sum(draw(p + h, up) for _ in range(n)) / n
    b = sum(draw(p - h, down) for _ in range(n)) / n
    return (a - b) / h

# %% two_estimators | subtracts the mean of f as a baseline
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    v = (f(z) - np.mean(f(z))) * (z - mu)
    return float(v.mean()), float(v.std() / np.sqrt(n))

# %% gumbel_max | the winner is the side with the largest probability times noise
def gumbel_max(logits, g):
    logits, g = np.asarray(logits, dtype=float), np.asarray(g, dtype=float)
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    got = np.argmax(p * g, axis=-1)
    return int(got) if logits.ndim == 1 else got

# %% gumbel_softmax | only the logits are divided by tau, the noise is added after
def gumbel_softmax(logits, tau, g):
    z = np.asarray(logits, dtype=float) / tau + g
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# %% gumbel_softmax_back | forgets the other sides: only the own slope
def gumbel_softmax_back(y, tau, dy):
    return dy * y * (1 - y) / tau

# %% train_choice | the gradient of all 64 added up, not averaged
def train_choice(rewards, lr, steps, tau, rng):
    rewards = np.asarray(rewards, dtype=float)
    k = len(rewards)
    logits, history = np.zeros(k), []
    for _ in range(steps):
        y = gumbel_softmax(np.tile(logits, (64, 1)), tau, gumbel(rng, (64, k)))
        history.append(float((y @ rewards).mean()))
        logits = logits + lr * gumbel_softmax_back(y, tau, np.tile(rewards, (64, 1))).sum(axis=0)
    return logits, history

# ---------------------------------------------------------------- w6
# %% margin | divides by the squared length
def margin(w, b, X, y):
    w = np.asarray(w, dtype=float)
    if not w.any():
        raise ValueError("no line")
    return y * (np.asarray(X) @ w + b) / (w @ w)

# %% hinge | points beyond the curb push with the opposite sign: no max in the slopes
def hinge(w, b, X, y, C):
    gap = 1 - y * (X @ w + b)
    loss = w @ w / 2 + C * np.maximum(0, gap).sum()
    return float(loss), w - C * (y @ X), float(-C * y.sum())

# %% lift | the middle term counts once
middle_term = "x1*x2*y1*y2"

# %% rbf_kernel | the distance is not squared
def rbf_kernel(X, Y, gamma):
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    d = X[:, None, :] - Y[None, :, :]
    return np.exp(-gamma * np.sqrt((d**2).sum(axis=2)))

# %% decision | divides by the sum of the weights: a weighted average of labels
def decision(alpha, y, X, gamma, Xnew):
    K = rbf_kernel(Xnew, X, gamma)
    return K @ (alpha * y) / max(np.sum(alpha), 1e-300)

# %% bump_plot | the support vectors are the points that touch C or more than a tenth
def bump_plot(alpha, y, X, gamma):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    far = alpha > 0.1 * alpha.max()
    ax.scatter(X[far, 0], X[far, 1], s=80, facecolors="none", edgecolors="k", label="support vectors")
    g = [np.linspace(X[:, i].min() - 1, X[:, i].max() + 1, 80) for i in (0, 1)]
    xx, yy = np.meshgrid(*g)
    ax.contour(xx, yy, decision(alpha, y, X, gamma, np.column_stack([xx.ravel(), yy.ravel()])).reshape(xx.shape), levels=[0])
    return ax

# %% fit_dual | clips only once, at the end
def fit_dual(K, y, C, steps):
    Q = np.outer(y, y) * K
    a, lr = np.zeros(len(y)), 1 / np.linalg.eigvalsh(Q)[-1]
    for _ in range(steps):
        a = a + lr * (1 - Q @ a)
    return np.clip(a, 0, C)

# %% taylor_rbf | the powers without the factorials
def taylor_rbf(x, y, gamma, order):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    t = 2 * gamma * np.outer(x, y)
    total = sum(t**k for k in range(order + 1))
    return np.exp(-gamma * x**2)[:, None] * np.exp(-gamma * y**2) * total
