# Wrong answers to the tasks of `u4_gradient_check`, written from the unit's text alone; see README.md.

# %% finite_differences | central: divided by h only
def central_diff(f, x, h):
    return (f(x + h) - f(x - h)) / h

# %% finite_differences | central: precedence of / 2*h
def central_diff(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h

# %% finite_differences | forward: brackets missing
def forward_diff(f, x, h):
    return f(x + h) - f(x) / h

# %% finite_differences | forward: one step back
def forward_diff(f, x, h):
    return (f(x) - f(x - h)) / h

# %% finite_differences | forward: not divided
def forward_diff(f, x, h):
    return f(x + h) - f(x)

# %% finite_differences | central: a sum in place of the difference
def central_diff(f, x, h):
    return (f(x + h) + f(x - h)) / (2 * h)

# %% finite_differences | central: h/2 to each side and still 2h below
def central_diff(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / (2 * h)

# %% finite_differences | central: the same as forward
def central_diff(f, x, h):
    return (f(x + h) - f(x)) / h

# %% finite_differences | the distance without its sign
def forward_diff(f, x, h):
    return abs(f(x + h) - f(x)) / h

# %% finite_differences | central: the sides exchanged
def central_diff(f, x, h):
    return (f(x - h) - f(x + h)) / (2 * h)

# %% finite_differences | changes the array
def forward_diff(f, x, h):
    y = f(x)
    x += h
    return (f(x) - y) / h

# %% finite_differences | rounded to six digits
def central_diff(f, x, h):
    return np.round((f(x + h) - f(x - h)) / (2 * h), 6)

# %% finite_differences | the error forgotten: the exact slope
central_of_cube = "3*x^2"

# %% finite_differences | h in place of h squared
central_of_cube = "3*x^2 + h"

# %% error_curve | the error with its sign
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        e = [diff(f, x, h) - df(x) or 1e-17 for h in hs]
        ax.plot(hs, e, label=name)
        k = int(np.argmin(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | the differences themselves
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        e = [abs(diff(f, x, h)) or 1e-17 for h in hs]
        ax.plot(hs, e, label=name)
        k = int(np.argmin(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | the relative error
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        e = [abs(diff(f, x, h) - df(x)) / abs(df(x)) or 1e-17 for h in hs]
        ax.plot(hs, e, label=name)
        k = int(np.argmin(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | zeros are left at zero
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        e = [abs(diff(f, x, h) - df(x)) for h in hs]
        ax.plot(hs, e, label=name)
        k = int(np.argmin(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | only one axis is logarithmic
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        e = [abs(diff(f, x, h) - df(x)) or 1e-17 for h in hs]
        ax.plot(hs, e, label=name)
        k = int(np.argmin(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | the best h is the smallest one
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        e = [abs(diff(f, x, h) - df(x)) or 1e-17 for h in hs]
        ax.plot(hs, e, label=name)
        k = int(np.argmin(hs))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | the worst h is marked
def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    for name, diff in [("forward", forward_diff), ("central", central_diff)]:
        e = [abs(diff(f, x, h) - df(x)) or 1e-17 for h in hs]
        ax.plot(hs, e, label=name)
        k = int(np.argmax(e))
        ax.plot([hs[k]], [e[k]], "o", label="best " + name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax

# %% error_curve | the curve bends
left_side = "a"

# %% numerical_gradient | not put back
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        X[i] += h
        up = f(X)
        X[i] -= 2 * h
        down = f(X)
        g[i] = (up - down) / (2 * h)
    return g

# %% numerical_gradient | put back by adding
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        X[i] += h
        up = float(f(X))
        X[i] -= 2 * h
        down = float(f(X))
        X[i] += h
        g[i] = (up - down) / (2 * h)
    return g

# %% numerical_gradient | forward difference
def numerical_gradient(f, X, h=1e-5):
    X = np.array(X, dtype=float)
    g = np.zeros(X.shape)
    here = f(X)
    for i in np.ndindex(X.shape):
        Y = X.copy()
        Y[i] += h
        g[i] = (f(Y) - here) / h
    return g

# %% numerical_gradient | whole numbers swallow the nudge
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        U, D = X.copy(), X.copy()
        U[i] = U[i] + h
        D[i] = D[i] - h
        g[i] = np.asarray(f(U)).item() - np.asarray(f(D)).item()
        g[i] /= 2 * h
    return g

# %% numerical_gradient | all entries at once
def numerical_gradient(f, X, h=1e-5):
    X = np.array(X, dtype=float)
    s = (f(X + h) - f(X - h)) / (2 * h)
    return np.full(X.shape, s)

# %% numerical_gradient | divided by h only
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        U, D = np.array(X, dtype=float), np.array(X, dtype=float)
        U[i] += h
        D[i] -= h
        up, down = np.asarray(f(U)), np.asarray(f(D))
        if up.size != 1:
            raise ValueError("one number")
        g[i] = (up.item() - down.item()) / h
    return g

# %% numerical_gradient | more than one number is summed up
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        U, D = np.array(X, dtype=float), np.array(X, dtype=float)
        U[i] += h
        D[i] -= h
        g[i] = (np.sum(f(U)) - np.sum(f(D))) / (2 * h)
    return g

# %% numerical_gradient | the gradient has the type of X
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros_like(X)
    for i in np.ndindex(X.shape):
        U, D = np.array(X, dtype=float), np.array(X, dtype=float)
        U[i] += h
        D[i] -= h
        up, down = np.asarray(f(U)), np.asarray(f(D))
        if up.size != 1:
            raise ValueError("one number")
        g[i] = (up.item() - down.item()) / (2 * h)
    return g

# %% numerical_gradient | a flat list of slopes
def numerical_gradient(f, X, h=1e-5):
    g = []
    for i in np.ndindex(X.shape):
        U, D = np.array(X, dtype=float), np.array(X, dtype=float)
        U[i] += h
        D[i] -= h
        up, down = np.asarray(f(U)), np.asarray(f(D))
        if up.size != 1:
            raise ValueError("one number")
        g.append((up.item() - down.item()) / (2 * h))
    return np.array(g)

# %% numerical_gradient | the earlier entries stay nudged
def numerical_gradient(f, X, h=1e-5):
    Y = np.array(X, dtype=float)
    g = np.zeros(X.shape)
    for i in np.ndindex(X.shape):
        Y[i] += h
        up = np.asarray(f(Y))
        Y[i] -= 2 * h
        down = np.asarray(f(Y))
        if up.size != 1:
            raise ValueError("one number")
        g[i] = (up.item() - down.item()) / (2 * h)
    return g

# %% numerical_gradient | only the rows
def numerical_gradient(f, X, h=1e-5):
    g = np.zeros(X.shape)
    for i in range(len(X)):
        U, D = np.array(X, dtype=float), np.array(X, dtype=float)
        U[i] += h
        D[i] -= h
        g[i] = (np.asarray(f(U)).item() - np.asarray(f(D)).item()) / (2 * h)
    return g

# %% relative_error | by the first size
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    d = np.abs(a - b)
    return float(np.max(np.where(d == 0, 0, d / np.where(d == 0, 1, np.abs(a)))))

# %% relative_error | by the sum of the sizes
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    size = np.abs(a) + np.abs(b)
    return float(np.max(np.where(size == 0, 0, np.abs(a - b) / np.where(size == 0, 1, size))))

# %% relative_error | a tiny number below against 0/0
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    return float(np.max(np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-8)))

# %% relative_error | the mean of the entries
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.mean(np.where(size == 0, 0, np.abs(a - b) / np.where(size == 0, 1, size))))

# %% relative_error | the largest difference by the largest size
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    size = max(np.abs(a).max(), np.abs(b).max())
    return float(np.abs(a - b).max() / size) if size else 0.0

# %% relative_error | without absolute values below
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    size = np.maximum(a, b)
    return float(np.max(np.where(size == 0, 0, np.abs(a - b) / np.where(size == 0, 1, size))))

# %% relative_error | nothing for 0 beside 0
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))))

# %% relative_error | nan is overlooked
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.nanmax(np.where(size == 0, 0, np.abs(a - b) / np.where(size == 0, 1, size))))

# %% relative_error | shapes are not compared
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.where(size == 0, 0, np.abs(a - b) / np.where(size == 0, 1, size))))

# %% relative_error | the absolute error
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    return float(np.max(np.abs(a - b)))

# %% relative_error | small differences count as none
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    if np.allclose(a, b):
        return 0.0
    size = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.where(size == 0, 0, np.abs(a - b) / np.where(size == 0, 1, size))))

# %% relative_error | by the smaller size
def relative_error(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError
    size = np.minimum(np.abs(a), np.abs(b))
    return float(np.max(np.where(a == b, 0, np.abs(a - b) / np.where(size == 0, 1e-300, size))))

# %% judge | one number for all names
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    errors = [relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n])) for n in params]
    return {n: max(errors) for n in params}

# %% judge | the loss is never asked twice
def gradient_check(loss, grads, params):
    return {n: relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n])) for n in params}

# %% judge | nudges a copy that loss does not see
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    return {n: relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n].copy())) for n in params}

# %% judge | True and False
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    return {
        n: bool(relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n])) < 1e-5) for n in params
    }

# %% judge | the numerical gradients themselves
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    return {n: numerical_gradient(lambda X: loss(), params[n]) for n in params}

# %% judge | asks loss once too often
def gradient_check(loss, grads, params):
    loss()
    if loss() != loss():
        raise ValueError("dice")
    return {n: relative_error(grads[n], numerical_gradient(lambda X: loss(), params[n])) for n in params}

# %% judge | forward differences
def gradient_check(loss, grads, params):
    here = loss()
    if loss() != here:
        raise ValueError("dice")
    result = {}
    for name, X in params.items():
        g = np.zeros(X.shape)
        for i in np.ndindex(X.shape):
            old = X[i]
            X[i] = old + 1e-5
            g[i] = (loss() - here) / 1e-5
            X[i] = old
        result[name] = relative_error(grads[name], g)
    return result

# %% judge | the average of the entries hides one wrong entry
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    result = {}
    for n in params:
        g = numerical_gradient(lambda X: loss(), params[n])
        result[n] = float(np.mean(np.abs(g - grads[n]) / np.maximum(np.abs(g), np.abs(grads[n]))))
    return result

# %% judge | the absolute difference
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    result = {}
    for n in params:
        g = numerical_gradient(lambda X: loss(), params[n])
        result[n] = float(np.max(np.abs(g - grads[n])))
    return result

# %% judge | only the first entry of each is nudged
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("dice")
    result = {}
    for n, X in params.items():
        i = (0,) * X.ndim
        old = X[i]
        X[i] = old + 1e-5
        up = loss()
        X[i] = old - 1e-5
        down = loss()
        X[i] = old
        result[n] = relative_error(grads[n][i], (up - down) / 2e-5)
    return result

# %% judge | 1.0 whatever it is
def gradient_check(loss, grads, params):
    return {n: 1.0 for n in params}

# %% kinks | the sign is forgotten: only numbers above the step
def safe(pre, step):
    return np.asarray(pre) > step

# %% kinks | safe where it is close
def safe(pre, step):
    return np.abs(pre) < step

# %% kinks | every number but 0
def safe(pre, step):
    return np.asarray(pre) != 0

# %% kinks | one answer for all
def safe(pre, step):
    return bool(np.all(np.abs(pre) > step))

# %% kinks | twice the step
def safe(pre, step):
    return np.abs(pre) > 2 * step

# %% kinks | the judge is right
at_a_kink = "a"

# %% kinks | the forward difference of relu is 1
kink_forward = 1
kink_central = 1
at_a_kink = "d"

# %% random_directions | directions of one sign
def directional_check(loss, grads, params, rng):
    v = {n: rng.random(X.shape) for n, X in params.items()}
    old = {n: X.copy() for n, X in params.items()}
    for n in params:
        params[n][...] = old[n] + 1e-5 * v[n]
    up = loss()
    for n in params:
        params[n][...] = old[n] - 1e-5 * v[n]
    down = loss()
    for n in params:
        params[n][...] = old[n]
    return relative_error((up - down) / 2e-5, sum((grads[n] * v[n]).sum() for n in params))

# %% random_directions | one direction for each name, one at a time
def directional_check(loss, grads, params, rng):
    worst = 0
    for n in params:
        v = rng.standard_normal(params[n].shape)
        old = params[n].copy()
        params[n][...] = old + 1e-5 * v
        up = loss()
        params[n][...] = old - 1e-5 * v
        down = loss()
        params[n][...] = old
        worst = max(worst, relative_error((up - down) / 2e-5, (grads[n] * v).sum()))
    return worst

# %% random_directions | numpy's own dice
def directional_check(loss, grads, params, rng):
    v = {n: np.random.standard_normal(X.shape) for n, X in params.items()}
    old = {n: X.copy() for n, X in params.items()}
    for n in params:
        params[n][...] = old[n] + 1e-5 * v[n]
    up = loss()
    for n in params:
        params[n][...] = old[n] - 1e-5 * v[n]
    down = loss()
    for n in params:
        params[n][...] = old[n]
    return relative_error((up - down) / 2e-5, sum((grads[n] * v[n]).sum() for n in params))

# %% random_directions | the same direction every time
def directional_check(loss, grads, params, rng):
    rng = np.random.default_rng(0)
    v = {n: rng.standard_normal(X.shape) for n, X in params.items()}
    old = {n: X.copy() for n, X in params.items()}
    for n in params:
        params[n][...] = old[n] + 1e-5 * v[n]
    up = loss()
    for n in params:
        params[n][...] = old[n] - 1e-5 * v[n]
    down = loss()
    for n in params:
        params[n][...] = old[n]
    return relative_error((up - down) / 2e-5, sum((grads[n] * v[n]).sum() for n in params))

# %% random_directions | divided by h only
def directional_check(loss, grads, params, rng):
    v = {n: rng.standard_normal(X.shape) for n, X in params.items()}
    old = {n: X.copy() for n, X in params.items()}
    for n in params:
        params[n][...] = old[n] + 1e-5 * v[n]
    up = loss()
    for n in params:
        params[n][...] = old[n] - 1e-5 * v[n]
    down = loss()
    for n in params:
        params[n][...] = old[n]
    return relative_error((up - down) / 1e-5, sum((grads[n] * v[n]).sum() for n in params))

# %% random_directions | the gradient without the direction
def directional_check(loss, grads, params, rng):
    v = {n: rng.standard_normal(X.shape) for n, X in params.items()}
    old = {n: X.copy() for n, X in params.items()}
    for n in params:
        params[n][...] = old[n] + 1e-5 * v[n]
    up = loss()
    for n in params:
        params[n][...] = old[n] - 1e-5 * v[n]
    down = loss()
    for n in params:
        params[n][...] = old[n]
    return relative_error((up - down) / 2e-5, sum(grads[n].sum() for n in params))

# %% random_directions | params stay moved
def directional_check(loss, grads, params, rng):
    v = {n: rng.standard_normal(X.shape) for n, X in params.items()}
    for n in params:
        params[n] += 1e-5 * v[n]
    up = loss()
    for n in params:
        params[n] -= 2e-5 * v[n]
    down = loss()
    return relative_error((up - down) / 2e-5, sum((grads[n] * v[n]).sum() for n in params))

# %% random_directions | the difference and not the relative error
def directional_check(loss, grads, params, rng):
    v = {n: rng.standard_normal(X.shape) for n, X in params.items()}
    old = {n: X.copy() for n, X in params.items()}
    for n in params:
        params[n][...] = old[n] + 1e-5 * v[n]
    up = loss()
    for n in params:
        params[n][...] = old[n] - 1e-5 * v[n]
    down = loss()
    for n in params:
        params[n][...] = old[n]
    return abs((up - down) / 2e-5 - sum((grads[n] * v[n]).sum() for n in params))

# %% find_the_bug | the graph for which the broken engine is right
def failing_graph():
    return [2.0, 3.0], lambda a, b: a * b + b

# %% find_the_bug | nothing is returned but the graph
def failing_graph():
    def build(a):
        b = a * a
        return (b + a) * b
    return build

# %% find_the_bug | the last word counts
def backward(self):
    order, seen, todo = [], set(), [(self, False)]
    while todo:
        n, done = todo.pop()
        if done:
            order.append(n)
        elif id(n) not in seen:
            seen.add(id(n))
            todo.append((n, True))
            todo.extend((i, False) for i, _ in n.edges)
    self.grad = 1.0
    for n in reversed(order):
        for i, s in n.edges:
            i.grad = n.grad * s
Value.backward = backward

# %% find_the_bug | leaves first
def backward(self):
    order, seen, todo = [], set(), [(self, False)]
    while todo:
        n, done = todo.pop()
        if done:
            order.append(n)
        elif id(n) not in seen:
            seen.add(id(n))
            todo.append((n, True))
            todo.extend((i, False) for i, _ in n.edges)
    self.grad = 1.0
    for n in order:
        for i, s in n.edges:
            i.grad += n.grad * s
Value.backward = backward

# %% find_the_bug | once for each path
def backward(self):
    self.grad = 1.0
    def send(n, g):
        for i, s in n.edges:
            i.grad += g * s
            send(i, g * s)
    send(self, 1.0)
Value.backward = backward

# %% find_the_bug | level by level
def backward(self):
    self.grad = 1.0
    todo, seen = [self], {id(self)}
    while todo:
        n = todo.pop(0)
        for i, s in n.edges:
            i.grad += n.grad * s
            if id(i) not in seen:
                seen.add(id(i))
                todo.append(i)
Value.backward = backward

# %% find_the_bug | its own gradient is not set
def backward(self):
    order, seen, todo = [], set(), [(self, False)]
    while todo:
        n, done = todo.pop()
        if done:
            order.append(n)
        elif id(n) not in seen:
            seen.add(id(n))
            todo.append((n, True))
            todo.extend((i, False) for i, _ in n.edges)
    for n in reversed(order):
        for i, s in n.edges:
            i.grad += n.grad * s
Value.backward = backward
