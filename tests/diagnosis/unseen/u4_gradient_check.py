# Wrong answers to the tasks of `u4_gradient_check`, written after the fresh ones; see ../fresh/README.md.

# %% finite_differences | the error with one h
central_of_cube = "3x^2 + h"

# %% error_curve | errors with their sign
def error_curve(f, df, x, hs):
    fig, ax = plt.subplots()
    hs = list(hs)
    for name, diff in (("forward", forward_diff), ("central", central_diff)):
        errors = [max(diff(f, x, h) - df(x), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        k = int(np.argmin(errors))
        ax.plot([hs[k]], [errors[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | best is the smallest h
def error_curve(f, df, x, hs):
    fig, ax = plt.subplots()
    hs = list(hs)
    for name, diff in (("forward", forward_diff), ("central", central_diff)):
        errors = [max(abs(diff(f, x, h) - df(x)), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        k = hs.index(min(hs))
        ax.plot([hs[k]], [errors[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% numerical_gradient | whole numbers cut the nudge off
def numerical_gradient(f, X, h=1e-5):
    G = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        old = X[i]
        try:
            X[i] = old + h
            up = f(X)
            X[i] = old - h
            down = f(X)
        finally:
            X[i] = old
        if np.size(up) > 1:
            raise ValueError("one number")
        G[i] = (np.asarray(up).item() - np.asarray(down).item()) / (2 * h)
    return G

# %% numerical_gradient | forward difference
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    G = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        old = Z[i]
        Z[i] = old + h
        up = np.asarray(f(Z))
        Z[i] = old
        down = np.asarray(f(Z))
        if up.size != 1:
            raise ValueError("one number")
        G[i] = (up.item() - down.item()) / h
    return G

# %% relative_error | divided by the first
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    worst = 0.0
    for x, y in zip(a.ravel(), b.ravel()):
        if x == y:
            e = 0.0
        elif x == 0:
            e = float("inf")
        else:
            e = abs(x - y) / abs(x)
        if not e <= worst:
            worst = e
    return float(worst)

# %% relative_error | divided by the sum
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    size = np.abs(a) + np.abs(b)
    return float(np.max(np.abs(a - b) / np.where(size == 0, 1, size)))

# %% judge | one error for all the names
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    errors = {name: relative_error(grads[name], numerical_gradient(lambda X: loss(), params[name])) for name in params}
    worst = max(errors.values())
    return {name: worst for name in params}

# %% judge | compares once only
def gradient_check(loss, grads, params):
    return {name: relative_error(grads[name], numerical_gradient(lambda X: loss(), params[name])) for name in params}

# %% kinks | only positive numbers are safe
def safe(pre, step):
    return pre > step

# %% kinks | half a step
def safe(pre, step):
    return np.abs(pre) > step / 2

# %% random_directions | the direction is always positive
def directional_check(loss, grads, params, rng):
    h = 1e-5
    v = {name: rng.random(params[name].shape) for name in params}
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
    return relative_error((up - down) / (2 * h), sum(float(np.sum(grads[n] * v[n])) for n in params))

# %% find_the_bug | a node passes on once for every path
class Value(Broken):
    def backward(self):
        self.grad = 1.0
        def send(node, amount):
            for child, s in node.edges:
                child.grad += amount * s
                send(child, amount * s)
        send(self, 1.0)
