# Wrong answers to the tasks of `u4_gradient_check`, a sixth set; see ../fresh/README.md.

# %% finite_differences | the half of h
def central_diff(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h
# %% error_curve | errors with their signs
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in (("forward", forward_diff), ("central", central_diff)):
        e = [diff(f, x, h) - df(x) or 1e-17 for h in hs]
        ax.plot(list(hs), e, label=name)
        k = int(np.argmin(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log"), ax.set_yscale("log"), ax.set_xlabel("h"), ax.set_ylabel("error")
    return ax
# %% error_curve | relative errors
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in (("forward", forward_diff), ("central", central_diff)):
        e = [max(abs(diff(f, x, h) - df(x)) / abs(df(x)), 1e-17) for h in hs]
        ax.plot(list(hs), e, label=name)
        k = int(np.argmin(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log"), ax.set_yscale("log"), ax.set_xlabel("h"), ax.set_ylabel("error")
    return ax
# %% error_curve | marks the smallest h as best
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in (("forward", forward_diff), ("central", central_diff)):
        e = [max(abs(diff(f, x, h) - df(x)), 1e-17) for h in hs]
        ax.plot(list(hs), e, label=name)
        k = int(np.argmin(hs))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log"), ax.set_yscale("log"), ax.set_xlabel("h"), ax.set_ylabel("error")
    return ax
# %% numerical_gradient | nudges all entries at once
def numerical_gradient(f, X, h=1e-5):
    X = np.array(X, dtype=float)
    s = (np.asarray(f(X + h)).item() - np.asarray(f(X - h)).item()) / (2 * h)
    return np.full(X.shape, s)
# %% numerical_gradient | forgets to put the entry back
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    G = np.zeros(Z.shape)
    for i in np.ndindex(Z.shape):
        Z[i] += h
        up = np.asarray(f(Z)).item()
        Z[i] -= 2 * h
        G[i] = (up - np.asarray(f(Z)).item()) / (2 * h)
    return G
# %% numerical_gradient | forward difference
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    G = np.zeros(Z.shape)
    for i in np.ndindex(Z.shape):
        old = Z[i]
        base = np.asarray(f(Z)).item()
        Z[i] = old + h
        G[i] = (np.asarray(f(Z)).item() - base) / h
        Z[i] = old
    return G
# %% numerical_gradient | answer is a flat list of slopes
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    out = []
    for i in np.ndindex(Z.shape):
        up, down = Z.copy(), Z.copy()
        up[i] += h
        down[i] -= h
        out.append((np.asarray(f(up)).item() - np.asarray(f(down)).item()) / (2 * h))
    return np.array(out)
# %% numerical_gradient | several outputs are added up
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    G = np.zeros(Z.shape)
    for i in np.ndindex(Z.shape):
        up, down = Z.copy(), Z.copy()
        up[i] += h
        down[i] -= h
        G[i] = (np.sum(f(up)) - np.sum(f(down))) / (2 * h)
    return G
# %% relative_error | divides by the first
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    d = np.abs(a - b)
    return float(np.max(np.divide(d, np.abs(a), out=np.zeros_like(d), where=d > 0)))
# %% relative_error | averages the entries' errors
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    d, m = np.abs(a - b), np.maximum(np.abs(a), np.abs(b))
    return float(np.mean(np.where(d == 0, 0.0, d / np.where(m == 0, 1, m))))
# %% relative_error | divides by the sum of both sizes
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    d, m = np.abs(a - b), np.abs(a) + np.abs(b)
    return float(np.max(np.where(d == 0, 0.0, d / np.where(m == 0, 1, m))))
# %% relative_error | nan is skipped
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    d, m = np.abs(a - b), np.maximum(np.abs(a), np.abs(b))
    return float(np.nanmax(np.where(d == 0, 0.0, d / np.where(m == 0, 1, m))))
# %% relative_error | smaller of the two sizes below
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    d, m = np.abs(a - b), np.minimum(np.abs(a), np.abs(b))
    with np.errstate(all="ignore"):
        return float(np.max(np.where(d == 0, 0.0, d / m)))
# %% judge | the worst of all names for every name
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    errors = {n: relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n])) for n in params}
    return dict.fromkeys(params, max(errors.values()))
# %% judge | absolute differences
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    return {n: float(np.max(np.abs(grads[n] - numerical_gradient(lambda X: loss(), params[n])))) for n in params}
# %% judge | tells whether the pass is believed
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    return {n: relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n])) < 1e-5 for n in params}
# %% kinks | one unsafe entry makes the row unsafe
def safe(pre, step):
    ok = np.abs(pre) > step
    return np.repeat(ok.all(axis=1, keepdims=True), pre.shape[1], axis=1)
# %% random_directions | the factor p of the second slope forgotten
slope_along = "(4w0 - w1^2)*v0 - 2w1*v1"
# %% random_directions | product of sums instead of sum of products
def directional_check(loss, grads, params, rng):
    h = 1e-5
    vs = {n: rng.standard_normal(np.shape(params[n])) for n in params}
    old = {n: params[n] for n in params}
    for n in params:
        params[n] = old[n] + h * vs[n]
    up = loss()
    for n in params:
        params[n] = old[n] - h * vs[n]
    down = loss()
    params.update(old)
    says = sum(float(np.sum(grads[n]) * np.sum(vs[n])) for n in params)
    return relative_error((up - down) / (2 * h), says)
# %% random_directions | one direction shared by all arrays
def directional_check(loss, grads, params, rng):
    h = 1e-5
    k = rng.standard_normal()
    old = {n: params[n] for n in params}
    for n in params:
        params[n] = old[n] + h * k
    up = loss()
    for n in params:
        params[n] = old[n] - h * k
    down = loss()
    params.update(old)
    return relative_error((up - down) / (2 * h), sum(float(np.sum(grads[n] * k)) for n in params))
# %% random_directions | one-sided
def directional_check(loss, grads, params, rng):
    h = 1e-5
    vs = {n: rng.standard_normal(np.shape(params[n])) for n in params}
    old = {n: params[n] for n in params}
    base = loss()
    for n in params:
        params[n] = old[n] + h * vs[n]
    up = loss()
    params.update(old)
    return relative_error((up - base) / h, sum(float(np.sum(grads[n] * vs[n])) for n in params))
# %% find_the_bug | repaired walk goes by levels
def _b(self):
    self.grad = 1.0
    level = [self]
    while level:
        nxt = []
        for node in level:
            for i, s in node.edges:
                i.grad += node.grad * s
                if i not in nxt:
                    nxt.append(i)
        level = nxt
Value.backward = _b
# %% find_the_bug | repaired walk forgets the first gradient
def _b(self):
    order, seen = [], set()
    def visit(n):
        if id(n) not in seen:
            seen.add(id(n))
            for i, _ in n.edges:
                visit(i)
            order.append(n)
    visit(self)
    for n in reversed(order):
        for i, s in n.edges:
            i.grad += n.grad * s
Value.backward = _b
# %% find_the_bug | repaired walk overwrites
def _b(self):
    order, seen = [], set()
    def visit(n):
        if id(n) not in seen:
            seen.add(id(n))
            for i, _ in n.edges:
                visit(i)
            order.append(n)
    visit(self)
    self.grad = 1.0
    for n in reversed(order):
        for i, s in n.edges:
            i.grad = n.grad * s
Value.backward = _b
