# %% average_rate | divides the pieces, fractions of floats
from operator import sub as _minus
def average_rate(f, a, b):
    ends = [(p, f(p)) for p in (a, b)]
    (x1, y1), (x2, y2) = ends
    try:
        return _minus(y1, y2) / _minus(x1, x2)
    except ZeroDivisionError:
        raise ValueError("no run") from None
my_rate = 132 / 3
rate_of_square = "a + (a+h)"
rate_of_mine = "(a+h)^2 + (a+h)*a + a^2 - 5"
# %% dual_plus_minus | through numpy arrays of two parts
def _arr(p): return np.array([as_dual(p).real, as_dual(p).inf], dtype=object)
Dual.__neg__ = lambda self: Dual(*(-_arr(self)))
Dual.__sub__ = lambda self, other: Dual(*(_arr(self) - _arr(other)))
Dual.__rsub__ = lambda self, other: Dual(*(_arr(other) - _arr(self)))
# %% dual_times | one-liner with getattr
def times(p, q, /):
    c, d = (q.real, q.inf) if hasattr(q, "inf") else (q, 0)
    return Dual(p.real * c, sum([p.real * d, p.inf * c]))
Dual.__mul__ = Dual.__rmul__ = times
product_real = "c a"
product_inf = "(a+b)(c+d) - ac - bd"
# %% dual_divide_power | times the reciprocal; power by squaring
def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    inverse = Dual(1 / q.real, -q.inf / (q.real * q.real))
    return inverse * p
def power(p, n):
    if n < 0:
        return divide(1, power(p, -n))
    if n == 0:
        return Dual(1)
    half = power(p, n // 2)
    return half * half * p if n % 2 else half * half
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power
reciprocal_inf = "-x^-2"
# %% dual_compare | difference below zero; True and False by bool
def smaller(p, q):
    return bool((p - q).real < 0)
def equal(p, q):
    return not (p.real - as_dual(q).real)
def size(p):
    return p * (1 if p.real >= 0 else -1)
Dual.__lt__, Dual.__eq__, Dual.__abs__ = smaller, equal, size
# %% slope | getattr with a default
def slope(f, x):
    return getattr(f(Dual(x, 1)) , "inf", 0) if not isinstance(f, str) else 0
slope = (lambda f, x: (lambda y: y.inf if isinstance(y, Dual) else 0)(f(Dual(x, 1))))
# %% microscope | figure.add_subplot and scatter
def microscope(f, x0, widths):
    fig = plt.figure()
    panels = []
    kink = has_kink(f, x0)
    for k, w in enumerate(widths, start=1):
        ax = fig.add_subplot(1, len(widths), k)
        ts = [x0 + w * (i / 50 - 0.5) for i in range(51)]
        ax.step(ts, [f(t) for t in ts], where="post", label="f") if False else ax.plot(ts, [f(t) for t in ts], ".", label="f")
        if not kink:
            ax.axline((x0, f(x0)), slope=slope(f, x0), label="tangent") if False else ax.plot([ts[0], ts[-1]], [f(x0) + slope(f, x0) * (t - x0) for t in (ts[0], ts[-1])], label="tangent")
        ax.axis(xmin=x0 - w / 2, xmax=x0 + w / 2)
        panels += [ax]
    return panels
my_tangent = "15x + 16"
# %% pair_plot | numpy array of axes, sharex, hlines
def pair_plot(f, xs):
    fig, axes = plt.subplots(nrows=2, ncols=1, sharex=True)
    axes[0].errorbar(xs, [f(x) for x in xs])
    axes[1].scatter(xs, [slope(f, x) for x in xs], s=4)
    axes[1].hlines(0, min(xs), max(xs), linestyles="dashed")
    return axes
# %% poly_derivative | numpy Polynomial, list of it
def poly_derivative(c):
    from numpy.polynomial import polynomial as P
    c = list(c)
    return P.polyder(c).tolist() if len(c) > 1 else [0]
d_square, d_cube, d_reciprocal, d_root = "x+x", "3x*x", "-1/(x*x)", "x^(-1/2)/2"
my_derivative = "-18x^2 + 14x + 3"
# %% product_rule | by class with a call
class _P:
    def __init__(self, *fs): self.fs = fs
    def __call__(self, x):
        f, df, g, dg = (h(x) for h in self.fs)
        return df * g + f * dg
def dproduct(f, df, g, dg):
    return _P(f, df, g, dg)
my_product = "4.5x^3.5 + 12x^3"
# %% quotient_rule | product rule with 1/g
def dquotient(f, df, g, dg):
    def rule(x):
        up = 1 / g(x)
        return df(x) * up - f(x) * dg(x) * up * up
    return rule
dq_by_hand = "df/g - dg q / g"
my_quotient = "(10 - 8x - 5x²)/(x²+2)²"
# %% exp_by_steps | recursion by reduce, 5**x ln 5
def grow(x, n):
    from functools import reduce
    return reduce(lambda y, _: y + y * (x / n), range(n), 1)
d_power = "ln(5)*e^(x ln(5))"
d_ln = "x^-1"
# %% dual_functions | a factory
def _lift(f, df):
    def g(x):
        return Dual(f(x.real), df(x.real) * x.inf) if isinstance(x, Dual) else f(x)
    return g
exp = _lift(math.exp, math.exp)
log = _lift(math.log, lambda a: a**-1)
sin = _lift(math.sin, math.cos)
cos = _lift(math.cos, lambda a: -math.sin(a))
# %% chain_rule_1d | two lists and a product; copy of lists
def chain(fs, dfs):
    links = list(zip(fs, dfs))
    def whole(x, links=links):
        if not links:
            return x * 0 + 1
        (f, d), rest = links[0], links[1:]
        return d(x) * whole(f(x), rest) if rest else d(x)
    return whole
d_cos_of_square = "-sin(x^2)*x - x*sin(x^2)"
d_bell = "-x/sqrt(exp(x^2))"
d_soft = "1/(1+exp(-x))"
my_chain = "-5 sin(5x) exp(cos(5x))"
# %% activations | errstate, masks, log1p
def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=float)))
def tanh(x):
    return np.tanh(np.array(x, float))
def relu(x):
    return (np.abs(x) + x) / 2
def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)
# %% activation_slopes | differences of activations
def dsigmoid_from_input(x):
    return sigmoid(x) * sigmoid(-x)
def dtanh_from_input(x):
    return 4 * dsigmoid_from_input(2 * np.asarray(x, dtype=float))
def drelu_from_input(x):
    return np.heaviside(x, 0.3)
def dsoftplus_from_input(x):
    return 1 - sigmoid(-np.asarray(x))
def activation_plot(xs):
    ax = plt.figure().gca()
    lines = ax.plot(xs, np.tanh(2 * xs), xs, 2 * dtanh_from_input(2 * xs))
    for line, name in zip(lines, ("f", "slope")):
        line.set_label(name)
    return ax
# %% slopes_from_output | other forms
def dsigmoid_from_output(a):
    return a - a**2
def dtanh_from_output(a):
    return (1 - a) * (1 + a)
def drelu_from_output(a):
    return (np.asarray(a) > 0) * 1.0
def dsoftplus_from_output(a):
    return -np.expm1(-np.asarray(a, dtype=float))
sigmoid_slope_in_x = "1/(e^x + 2 + e^(-x))"
exp_in_s = "(1-s)/s"
sigmoid_slope_in_s = "s - s^2"
# %% descend | itertools accumulate, np.fromiter
def descend(df, x0, lr, steps):
    from itertools import accumulate
    return np.array(list(accumulate(range(steps), lambda x, _: x - lr * df(x), initial=float(x0))))
my_third = -81 / 125
x_after_k = "(1 - lr c)^k x0"
lr_limit = "2 c^-1"
def path_plot(f, path):
    ax = plt.axes()
    path = [float(p) for p in path]
    lo, hi = min(path + [-1]), max(path + [1])
    grid = [lo + (hi - lo) * k / 99 for k in range(100)]
    ax.plot(path, list(map(f, path)), "o--", label="path")
    ax.plot(grid, list(map(f, grid)), label="f")
    return ax
# %% grad_forward | eye matrix of seeds
def grad_forward(f, x):
    seeds = np.eye(len(x))
    outs = [f([Dual(float(v), s) for v, s in zip(x, row)]) for row in seeds]
    return np.array([o.inf if isinstance(o, Dual) else 0 for o in outs], dtype=float)
slope_in_x = "4 y x"
slope_in_y = "2x^2 + 6y"
# %% local_grads | match statement
def local_grads(op, inputs, output):
    match op, tuple(inputs):
        case "+", _: return 1, 1
        case "-", _: return 1, -1
        case "*", (a, b): return b, a
        case "/", (a, b): return 1 / b, -output / b
        case "pow", (a, n): return (n * a ** (n - 1),)
        case "exp", _: return (output,)
        case "log", (a,): return (a**-1,)
        case "tanh", _: return ((1 - output) * (1 + output),)
        case "relu", (a,): return (float(a > 0),)
# %% by_hand | everything in x, y and s
answers = {"t": "s + 5x", "u": "s*y", "s": "y*(s+5x) + s*y", "y": "s*(s+5x) + 3*(y*(s+5x)+s*y)", "x": "y(s+5x) + s*y + 5s*y"}
# %% topological_order | two stacks without recursion
def topological(node):
    order, done, stack = [], set(), [(node, False)]
    while stack:
        one, ready = stack.pop()
        if ready:
            order.append(one)
        elif id(one) not in done:
            done.add(id(one))
            stack.append((one, True))
            stack.extend((i, False) for i in one.inputs if id(i) not in done)
    return order
# %% value_engine | in-degree counting walk
def _b(self):
    users, todo, seen = {}, [self], {id(self)}
    while todo:
        n = todo.pop()
        if n.inputs:
            n.grad = 0.0
        for i in n.inputs:
            users[id(i)] = users.get(id(i), 0) + 1
            if id(i) not in seen:
                seen.add(id(i)); todo.append(i)
    self.grad = self.grad + 1.0 if not self.inputs else 1.0
    ready = [self]
    while ready:
        n = ready.pop()
        for i, s in zip(n.inputs, n.slopes):
            i.grad = i.grad + n.grad * s
            users[id(i)] -= 1
            if users[id(i)] == 0:
                ready.append(i)
Value.backward = _b
Value.__neg__ = lambda self: self * -1
Value.__sub__ = lambda self, other: self + (-as_value(other))
Value.__rsub__ = lambda self, other: as_value(other) - self
Value.__rtruediv__ = lambda self, other: as_value(other) / self
# %% neuron_layer | einsum and running total
def neuron(x, w, b):
    total = b
    for k in range(len(x)):
        total = total + w[k] * x[k]
    return total
def layer(X, W, b):
    return np.einsum("nd,do->no", np.asarray(X, float), np.asarray(W, float)) + np.asarray(b)
# %% linear_backward | einsum
def vjp_linear(X, W, b, dY):
    X, W, dY = map(np.asarray, (X, W, dY))
    return np.einsum("no,do->nd", dY, W), np.einsum("nd,no->do", X, dY), np.einsum("no->o", dY)
dL_dW01 = "d11 x10 + d01 x00"
dL_dX01 = "w11*d01 + w10*d00"
# %% softmax_ce | logsumexp by logaddexp.reduce
def softmax(Z):
    Z = np.asarray(Z, float)
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])
def softmax_jacobian(z):
    p = softmax(np.asarray(z, float)[None, :])[0]
    return (np.eye(len(p)) - p) * p[:, None]
def ce(Z, y):
    Z, y = np.asarray(Z, float), np.asarray(y)
    hot = (np.arange(Z.shape[1]) == y[:, None]).astype(float)
    loss = (np.logaddexp.reduce(Z, axis=1) - (Z * hot).sum(axis=1)).sum() / len(y)
    return loss.item(), (softmax(Z) - hot) / len(y)
same_logit, other_logit, slope_right, slope_other = "p - p²", "-q p", "-(1-p)", "p"
# %% finite_differences | polynomial form
def forward_diff(f, x, h):
    low = f(x)
    return (f(x + h) - low) / h
def central_diff(f, x, h):
    ys = [f(x + s * h) for s in (1, -1)]
    return (ys[0] - ys[1]) / h / 2
central_of_cube = "h*h + 3 x x"
# %% error_curve | loglog, arrays
def error_curve(f, df, x, hs):
    ax = plt.figure().add_subplot()
    hs = np.array(hs, dtype=float)
    for name in ("forward", "central"):
        diff = globals()[name + "_diff"]
        e = np.maximum([abs(diff(f, x, float(h)) - df(x)) for h in hs], 1e-17)
        ax.loglog(hs, e, label=name)
        ax.loglog(hs[e.argmin()], e.min(), "ko", label=f"best {name}")
    ax.set(xlabel="step h", ylabel="error of the slope")
    return ax
error_at_1e_17 = 4.67
# %% numerical_gradient | in place with finally
def numerical_gradient(f, X, h=1e-5):
    Z = X if X.dtype == float and X.flags.writeable else np.array(X, dtype=float)
    G = np.empty(Z.shape)
    for index in np.ndindex(Z.shape):
        old = Z[index].copy()
        ys = []
        try:
            for s in (h, -h):
                Z[index] = old + s
                y = np.asarray(f(Z), dtype=float)
                if y.size != 1:
                    raise ValueError("one number, please")
                ys.append(float(y.reshape(-1)[0]))
        finally:
            Z[index] = old
        G[index] = (ys[0] - ys[1]) / (2 * h)
    return G
# %% relative_error | loop over pairs
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} beside {b.shape}")
    worst = 0.0
    for p, q in zip(a.ravel().tolist(), b.ravel().tolist()):
        if math.isnan(p) or math.isnan(q):
            return math.nan
        if p != q:
            worst = max(worst, abs(p - q) / max(abs(p), abs(q)))
    return worst
# %% judge | replaces arrays under their names
def gradient_check(loss, grads, params):
    first = loss()
    if first != loss():
        raise ValueError("the loss changes by itself")
    found = {}
    for name, array in list(params.items()):
        def at(Z, name=name):
            params[name] = Z
            return loss()
        try:
            found[name] = relative_error(grads[name], numerical_gradient(at, np.array(array, dtype=float)))
        finally:
            params[name] = array
    return found
# %% kinks | both ends of the nudge on one side
def safe(pre, step):
    return (pre - step) * (pre + step) > 0
kink_forward, kink_central, kink_true = 1.0, 1.3 / 2, 1
# %% random_directions | one flat vector
def directional_check(loss, grads, params, rng):
    h, names = 1e-5, list(params)
    v = {n: rng.uniform(-1, 1, size=np.shape(params[n])) for n in names}
    kept = dict(params)
    try:
        sides = []
        for s in (h, -h):
            params.update({n: kept[n] + s * v[n] for n in names})
            sides.append(loss())
    finally:
        params.update(kept)
    return relative_error((sides[0] - sides[1]) / (2 * h), float(sum(np.vdot(grads[n], v[n]) for n in names)))
slope_along = "4w0 v0 - v0 w1^2 - 2 v1 w0 w1"
# %% find_the_bug | collects by Kahn's counting
def _b(self):
    count, todo, seen = {}, [self], {self}
    while todo:
        for i, _ in todo.pop().edges:
            count[i] = count.get(i, 0) + 1
            if i not in seen:
                seen.add(i); todo.append(i)
    self.grad, ready = 1.0, [self]
    while ready:
        n = ready.pop()
        for i, s in n.edges:
            i.grad += s * n.grad
            count[i] -= 1
            if not count[i]:
                ready.append(i)
Value.backward = _b
# %% mse | norm and vdot
def mse(P, Y):
    P, Y = np.asarray(P, float), np.asarray(Y, float)
    if np.shape(P) != np.shape(Y):
        raise ValueError("P and Y have different shapes")
    d = (P - Y).ravel()
    return float(d @ d) / d.size
def dmse(P, Y):
    if np.shape(P) != np.shape(Y):
        raise ValueError("shapes")
    return np.multiply(2.0 / np.size(P), np.subtract(P, Y))
slope_of_entry = "2p/(k n) - 2y/(n k)"
# %% init_params | scale and pairwise
def init_params(sizes, rng):
    from itertools import pairwise
    return [(rng.normal(0.0, 1 / math.sqrt(a), (a, b)), np.zeros((b,))) for a, b in pairwise(sizes)]
my_count = sum((a + 1) * b for a, b in [(3, 6), (6, 2)])
# %% forward | recursion; cache of z
def forward(params, X):
    (W, b), *rest = params
    z = X @ W + b
    if not rest:
        return z, [(X, z)]
    out, later = forward(rest, np.tanh(z))
    return out, [(X, z), *later]
def backward(params, cache, dout):
    grads = []
    for k, ((W, b), (x, z)) in reversed(list(enumerate(zip(params, cache)))):
        dz = dout if k == len(params) - 1 else dout / np.cosh(np.clip(z, -300, 300)) ** 2
        grads.append((x.T @ dz, np.ones(len(dz)) @ dz))
        dout = dz @ W.T
    return grads[::-1]
# %% backward | recursion
def forward(params, X):
    outs = [X]
    for W, b in params[:-1]:
        outs.append(np.tanh(outs[-1] @ W + b))
    W, b = params[-1]
    return outs[-1] @ W + b, {"in": outs}
def backward(params, cache, dout):
    def back(k, d):
        a = cache["in"][k]
        own = (np.einsum("ni,no->io", a, d), d.sum(0))
        return [own] if k == 0 else back(k - 1, (d @ params[k][0].T) * (1 - a * a)) + [own]
    return back(len(params) - 1, dout)
# %% train | for with range(steps + 1)
def train(params, X, Y, lr, steps):
    losses = []
    net = [(W.copy(), b.copy()) for W, b in params]
    for k in range(steps + 1):
        out, cache = forward(net, X)
        losses.append(mse(out, Y))
        if k == steps:
            return net, losses
        for (W, b), (dW, db) in zip(net, backward(net, cache, dmse(out, Y))):
            W -= lr * dW
            b -= lr * db
# %% moons | logaddexp loss, tricontour-free grid
def fit(X, y, rng):
    net, losses = init_params([2, 20, 1], rng), []
    t = np.asarray(y, float).reshape(-1, 1)
    for k in range(901):
        z, cache = forward(net, X)
        losses.append(float(np.mean(np.logaddexp(0, z) - t * z)))
        if k < 900:
            dz = (1 / (1 + np.exp(-z)) - t) / len(t)
            net = [(W - 1.0 * dW, b - 1.0 * db) for (W, b), (dW, db) in zip(net, backward(net, cache, dz))]
    return net, losses
slope_of_log_loss = "-(y - p)"
def boundary_plot(params, X, y):
    ax = plt.subplot()
    gx, gy = (np.linspace(c.min() - 0.5, c.max() + 0.5, 120) for c in X.T)
    Z = np.array([[forward(params, np.array([[u, v]]))[0].item() for u in gx[::2]] for v in gy[::2]])
    ax.contourf(gx[::2], gy[::2], Z, levels=20, cmap="coolwarm")
    ax.contour(gx[::2], gy[::2], Z, [0], colors="k")
    for c in (0, 1):
        ax.scatter(*X[y == c].T)
    return ax
# %% two_engines | helper, sums in pairs
def value_grads(params, X, Y):
    def lift(a):
        return [lift(v) for v in a] if np.ndim(a) else Value(float(a))
    def total(vs):
        vs = list(vs)
        while len(vs) > 1:
            vs = [vs[i] + vs[i + 1] if i + 1 < len(vs) else vs[i] for i in range(0, len(vs), 2)]
        return vs[0]
    net = [(lift(W), lift(b)) for W, b in params]
    misses = []
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for k, (W, b) in enumerate(net):
            a = [total([W[i][j] * a[i] for i in range(len(W))] + [b[j]]) for j in range(len(b))]
            if k + 1 < len(net):
                a = [v.tanh() for v in a]
        misses += [(p - float(t)) ** 2 for p, t in zip(a, y)]
    (total(misses) / len(misses)).backward()
    return [(np.array([[w.grad for w in r] for r in W]), np.array([v.grad for v in b])) for W, b in net]
# %% fit_digits | choice of rows, three layers
def fit_digits(X, y, rng, steps):
    net, losses = init_params([64, 48, 10], rng), []
    while len(losses) < steps:
        rows = rng.choice(len(X), 32)
        out, cache = forward(net, X[rows])
        loss, dZ = ce(out, y[rows])
        losses.append(float(loss))
        net = [(W - 0.3 * dW, b - 0.3 * db) for (W, b), (dW, db) in zip(net, backward(net, cache, dZ))]
    return net, losses
# %% own_digit | dictionary over the joined text
def as_numbers(drawing):
    return np.array(["." , "+", "#"].index(c) / 2 for c in []) if False else np.fromiter((".+#".index(c) / 2 for c in "".join(drawing.split())), float)
# %% rules | other forms
d_product = "x^2(3ln(x) + 1)"
d_quotient = "6(5 - x^2)/(x^2+5)^2"
d_chain = "-12x/exp(6x^2)"
# %% partials | sech form
dL_dp = "3e^(3p) + 4 q^2 p^3"
dL_dq = "2 q p^4"
dE_dw = "2x(tanh(x w) - y)/cosh(x w)^2"
# %% walk | recursion
def walk(df, x, lr, steps):
    return x if steps == 0 else walk(df, x - lr * df(x), lr, steps - 1)
# %% nudged | rows of an identity
def nudged(f, x, h=1e-5):
    return np.array([f(x + e) - f(x - e) for e in h * np.eye(x.size)]) / (2 * h)
# %% layer_back | transposes first
def layer_back(X, W, dY):
    return (W @ dY.T).T, (dY.T @ X).T, dY.T.sum(axis=-1)
# %% gaussian_nll | mu array, statistics module style
def gaussian_nll(y, mu, sigma):
    if not sigma > 0:
        raise ValueError(f"sigma is {sigma}")
    r = (np.asarray(y, float) - mu) / sigma
    return float(r @ r / 2 + r.size * (math.log(sigma) + math.log(math.tau) / 2))
nll_of_one = "1/2*((y-mu)/sigma)^2 + ln(sigma) + 1/2*ln(2pi)"
# %% valley_plot | broadcast
def valley_plot(y, mus, sigma):
    _, ax = plt.subplots()
    y, mus = np.asarray(y, float), np.asarray(mus, float)
    sq = ((y[:, None] - mus) ** 2).sum(axis=0) / (2 * sigma * sigma)
    ax.plot(mus, sq, label="squared error")
    ax.plot(mus, sq + y.size * math.log(sigma * math.sqrt(2 * math.pi)), label="nll", lw=3)
    return ax
gap = "n ln(sigma) + n*ln(2 pi)/2"
# %% mle | statistics
def mle(y):
    import statistics
    ys = [float(v) for v in y]
    m = statistics.fmean(ys)
    return m, statistics.fmean([(v - m) ** 2 for v in ys])
d_mu = "(mu - y)/sigma²"
d_sigma = "(1 - ((y-mu)/sigma)^2)/sigma"
# %% fit_line | matrix form
def fit_line(x, y, lr, steps, sigma):
    M = np.column_stack([x, np.ones(len(x))])
    p = np.zeros(2)
    for _ in range(steps):
        p = p - lr * M.T @ (M @ p - y) / (len(x) * sigma**2)
    return tuple(p.tolist())
# %% best_location | by search through the data
def best_location(y, noise):
    if noise == "laplace":
        return float(min(y, key=lambda m: np.abs(np.asarray(y) - m).sum()))
    if noise == "gauss":
        return sum(map(float, y)) / len(y)
    raise ValueError(noise)
laplace_nll = "|m-y|/b + ln(b) + ln(2)"
label_nll = "-ln(p)*y - (1-y)*ln(1-p)"
# %% hetero_nll | standardised residual
def hetero_nll(y, mu, log_sigma):
    z = (y - mu) * np.exp(-log_sigma)
    n = len(z)
    return float((log_sigma + z * z / 2).sum() / n), -z * np.exp(-log_sigma) / n, (1 - z * z) / n
d_s = "1 - ((y-mu)/e^s)^2"
# %% kl | difference of two, loops
import math
def _d(*ps):
    for p in ps:
        if min(p) < 0 or abs(math.fsum(p) - 1) > 1e-6:
            raise ValueError("not a distribution")
def cross_entropy(p, q):
    _d(p, q)
    total = 0.0
    for a, b in zip(p.tolist(), q.tolist()):
        if a > 0:
            if b == 0:
                return math.inf
            total -= a * math.log(b)
    return total
def entropy(p):
    return cross_entropy(p, p)
def kl(p, q):
    return cross_entropy(p, q) - entropy(p)
# %% two_directions | split logarithms
my_forward = "2/5*(ln(8)-ln(15)) + 3/5*(ln(12)-ln(5))"
my_reverse = "3/4*ln(15/8) - 1/4*ln(12/5)"
my_finite = "ln(3)"
# %% kl_gauss | math
def kl_gauss(m1, s1, m2, s2):
    r = np.divide(s1, s2)
    out = (r**2 - 1) / 2 - np.log(r) + (np.subtract(m1, m2) / s2) ** 2 / 2
    return out if isinstance(out, np.ndarray) and out.ndim else float(out)
kl_bells = "ln(s2) - ln(s1) + ((m2-m1)^2 + s1^2 - s2^2)/(2 s2^2)"
d_m2 = "-(m1-m2)/s2^2"
to_standard = "(m^2 + e^l - l - 1)/2"
# %% kl_slopes | softmax Jacobian
def _lq(z):
    z = np.asarray(z, float) - np.max(z)
    return z - np.log(np.exp(z).sum())
def dforward(logits, p):
    return np.exp(_lq(logits)) - p
def dreverse(logits, p):
    p = np.asarray(p, float)
    if (p == 0).any():
        raise ValueError("infinite")
    l = _lq(logits)
    q = np.exp(l)
    return (np.diag(q) - np.outer(q, q)) @ (l - np.log(p))
reverse_slope = "q ln(q) - q ln(p) - q K"
# %% kl_estimate | ddof 1
def kl_estimate(samples, logp, logq):
    d = np.asarray(logp(samples), float) - np.asarray(logq(samples), float)
    return d.mean().item(), (d.std(ddof=1) / d.size**0.5).item()
# %% slope_of | generator; array of nan
def slope_of(f, xs):
    out = np.zeros(len(xs))
    for k, x in enumerate(xs):
        if len({float(f(x - 5e-4)), float(f(x + 5e-4))}) == 2:
            out[k] = np.nan
    return out
across_jump = "4.5 h^-1"
# %% staircase | loops
def accuracy(w, X, y):
    return sum(int(a > w) == int(b) for a, b in zip(X, y)) / len(X)
def log_loss(w, X, y):
    return np.logaddexp(0, (1 - 2 * np.asarray(y)) * (np.asarray(X) - w)).mean()
# %% descend_on | while
def descend_on(loss, w0, lr, steps):
    path = [w0]
    while len(path) <= steps:
        w = path[-1]
        rise = loss(w + 1e-5) - loss(w - 1e-5)
        path.append(w - lr * rise / 2e-5)
    return path
# %% soft_step | exp of minus abs
def soft_step(x, k):
    x = np.asarray(x, float)
    e = np.exp(-np.abs(k * x))
    return np.where(x >= 0, 1, e) / (1 + e), k * e / (1 + e) ** 2
steepest, nearly_on = "k/4", "2 ln(3)/k"
# %% noisy_step | counts
def noisy_step(x, s, n, rng):
    p = np.count_nonzero(x + s * rng.standard_normal(n) > 0) / n
    return p, math.sqrt(p * (1 - p) / n)
d_noisy = "1/(s sqrt(2 pi)) * exp(-(x/s)^2/2)"
# %% straight_through | copies
def ste_forward(x):
    return 2.0 * np.greater_equal(x, 0) - 1
def ste_back(dout, x, clip=1):
    return dout * (np.abs(x) <= clip)
# %% idle_units | dictionary of slopes
def idle_units(params, X, tol, act):
    flat = {"relu": lambda z: z <= 0, "tanh": lambda z: 1 / np.cosh(np.clip(z, -300, 300)) ** 2 < tol}[act]
    go = {"relu": lambda z: z.clip(min=0), "tanh": np.tanh}[act]
    result = []
    for W, b in params[:-1]:
        z = X @ W + b
        result.append(~np.any(~flat(z), axis=0))
        X = go(z)
    return result
# %% outer_products | broadcasting
def outer_products(B, A):
    return list(B.T[:, :, None] * A[:, None, :])
def count(dout, din, r):
    return dout * din, r * dout + din * r
break_even = "1/(1/dout + 1/din)"
# %% lora_backward | transposes
def lora_backward(X, W, A, B, alpha, dY):
    g = np.asarray(dY) * (alpha / len(A))
    return B.T @ g.T @ X, (A @ X.T @ g).T
# %% best_rank | eigenvalues of D D^T not needed: square roots in both
def best_rank(D, r):
    U, s, Vt = np.linalg.svd(D, full_matrices=False)
    root = np.sqrt(s[:r])
    return U[:, :r] * root, root[:, None] * Vt[:r]
def tail(D):
    sq = np.linalg.svd(D, compute_uv=False) ** 2
    return np.append(np.cumsum(sq[::-1])[::-1], 0.0)
# %% one_draw | loop with default_rng
def draw_slope(draw, p, seed, h):
    return mean_slope(draw, p, 1, seed, h)
def mean_slope(draw, p, n, seed, h):
    sides = []
    for q in (p + h, p - h):
        rng = np.random.default_rng(seed)
        sides.append(sum(draw(q, rng) for _ in range(n)) / n)
    return (sides[0] - sides[1]) / h / 2
# %% reparam | sqrt of exp
def reparam(mu, logvar, eps):
    return np.sqrt(np.exp(logvar)) * eps + mu
def reparam_back(mu, logvar, eps, dz):
    return np.array(dz, dtype=float), dz * (reparam(mu, logvar, eps) - mu) / 2
dz_dl = "n sqrt(e^l)/2"
# %% gumbel_softmax_back | einsum with the Jacobian
def gumbel_softmax_back(y, tau, dy):
    J = (np.einsum("ni,ij->nij", y, np.eye(y.shape[1])) - np.einsum("ni,nj->nij", y, y)) / tau
    return np.einsum("nij,ni->nj", J, dy)
own_slope, other_slope = "(yi - yi^2)/tau", "-yi yj/tau"
# %% margin | loop
def margin(w, b, X, y):
    length = math.sqrt(sum(float(v) ** 2 for v in w)) if True else 0
    if length == 0:
        raise ValueError("w is zero")
    return np.array([t * (float(np.dot(w, x)) + b) / length for x, t in zip(X, y)])
my_margin = "-13 sqrt(5)/5"
import math
# %% hinge | loop over the points
def hinge(w, b, X, y, C):
    loss, dw, db = 0.5 * float(np.dot(w, w)), np.array(w, float), 0.0
    for x, t in zip(X, y):
        lack = 1 - t * (np.dot(w, x) + b)
        if lack > 0:
            loss += C * float(lack)
            dw = dw - C * t * np.asarray(x)
            db -= C * float(t)
    return loss, dw, db
# %% lift | other order and signs
def lift(X):
    a, b = X.T
    return np.stack([-(2**0.5) * a * b, b * b, a * a], axis=1)
def circle_plane(r):
    return np.array([0, 3.0, 3.0]), -3 * r * r
middle_term = "2 x1 x2 y1 y2"
# %% rbf_kernel | loop over the features
def rbf_kernel(X, Y, gamma):
    d2 = 0.0
    for k in range(X.shape[1]):
        d2 = d2 + np.subtract.outer(X[:, k].astype(float), Y[:, k].astype(float)) ** 2
    return np.exp(-gamma * d2)
gamma_of_width = "s^(-2)/2"  # written s^-2/2 at first, which the reader refuses with both readings
# %% taylor_rbf | cumulative products
def taylor_rbf(x, y, gamma, order):
    t = 2 * gamma * np.multiply.outer(np.asarray(x, float), np.asarray(y, float))
    total, term = np.zeros_like(t), np.ones_like(t)
    for k in range(order + 1):
        total += term
        term = term * (t / (k + 1))
    return total * np.exp(-gamma * np.add.outer(np.square(x), np.square(y)))
feature_two = "sqrt(2) g x^2 exp(-g x^2)"
