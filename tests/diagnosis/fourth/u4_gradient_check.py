# Wrong answers to the tasks of `u4_gradient_check`, a fourth set; see ../fresh/README.md.

# %% finite_differences | central: the run is h, not 2h
def central_diff(f, x, h):
    rise = f(x + h) - f(x - h)
    return rise / h


# %% finite_differences | forward: the wrong order, the sign
def forward_diff(f, x, h):
    return (f(x) - f(x + h)) / h


# %% finite_differences | forward: divided by x + h
def forward_diff(f, x, h):
    return (f(x + h) - f(x)) / (x + h)


# %% finite_differences | letters: what is left over is forgotten
central_of_cube = "3x^2"

# %% finite_differences | letters: the forward difference
central_of_cube = "3x^2 + 3x*h + h^2"

# %% finite_differences | letters: divided by h only
central_of_cube = "6x^2 + 2h^2"


# %% finite_differences | two slips: forward has the wrong sign, central runs h
def forward_diff(f, x, h):
    return (f(x) - f(x + h)) / h


def central_diff(f, x, h):
    return (f(x + h) - f(x - h)) / h


# %% error_curve | the error with its sign
def error_curve(f, df, x, hs):
    figure, ax = plt.subplots()
    for name, rate in (("forward", forward_diff), ("central", central_diff)):
        errors = [rate(f, x, float(h)) - df(x) for h in hs]
        errors = [e if e > 0 else 1e-17 for e in errors]
        ax.plot(hs, errors, label=name)
        best = int(np.argmin(errors))
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax


# %% error_curve | the best h is the smallest
def error_curve(f, df, x, hs):
    figure, ax = plt.subplots()
    for name, rate in (("forward", forward_diff), ("central", central_diff)):
        errors = [max(abs(rate(f, x, float(h)) - df(x)), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        best = int(np.argmin(hs))
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax


# %% error_curve | the relative error is drawn
def error_curve(f, df, x, hs):
    figure, ax = plt.subplots()
    for name, rate in (("forward", forward_diff), ("central", central_diff)):
        errors = [max(abs(rate(f, x, float(h)) - df(x)) / abs(df(x)), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        best = int(np.argmin(errors))
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax


# %% error_curve | only the axis of h is logarithmic
def error_curve(f, df, x, hs):
    figure, ax = plt.subplots()
    for name, rate in (("forward", forward_diff), ("central", central_diff)):
        errors = [max(abs(rate(f, x, float(h)) - df(x)), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        best = int(np.argmin(errors))
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set_xscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax


# %% error_curve | errors of 0 are left as they are
def error_curve(f, df, x, hs):
    figure, ax = plt.subplots()
    for name, rate in (("forward", forward_diff), ("central", central_diff)):
        errors = [abs(rate(f, x, float(h)) - df(x)) for h in hs]
        ax.loglog(hs, errors, label=name)
        best = int(np.argmin(errors))
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax


# %% error_curve | the two lines have each other's labels
def error_curve(f, df, x, hs):
    figure, ax = plt.subplots()
    for name, rate in (("central", forward_diff), ("forward", central_diff)):
        errors = [max(abs(rate(f, x, float(h)) - df(x)), 1e-17) for h in hs]
        ax.loglog(hs, errors, label=name)
        best = int(np.argmin(errors))
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    return ax


# %% numerical_gradient | the entry is not put back
def numerical_gradient(f, X, h=1e-5):
    X = np.array(X, dtype=float)
    grad = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        X[index] += h
        up = np.asarray(f(X))
        if up.size != 1:
            raise ValueError("one number")
        X[index] -= 2 * h
        down = np.asarray(f(X))
        grad[index] = (up.item() - down.item()) / (2 * h)
    return grad


# %% numerical_gradient | all entries nudged at once
def numerical_gradient(f, X, h=1e-5):
    X = np.array(X, dtype=float)
    grad = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        up = np.asarray(f(X + h))
        down = np.asarray(f(X - h))
        if up.size != 1:
            raise ValueError("one number")
        grad[index] = (up.item() - down.item()) / (2 * h)
    return grad


# %% numerical_gradient | whole numbers cannot be nudged
def numerical_gradient(f, X, h=1e-5):
    grad = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        old = X[index]
        try:
            X[index] = old + h
            up = np.asarray(f(X))
            X[index] = old - h
            down = np.asarray(f(X))
        finally:
            X[index] = old
        if up.size != 1:
            raise ValueError("one number")
        grad[index] = (up.item() - down.item()) / (2 * h)
    return grad


# %% numerical_gradient | forward differences
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    grad = np.zeros(Z.shape)
    for index in np.ndindex(Z.shape):
        old = Z[index]
        here = np.asarray(f(Z))
        Z[index] = old + h
        up = np.asarray(f(Z))
        Z[index] = old
        if up.size != 1:
            raise ValueError("one number")
        grad[index] = (up.item() - here.item()) / h
    return grad


# %% numerical_gradient | put back by subtracting
def numerical_gradient(f, X, h=1e-5):
    Z = X if X.dtype.kind == "f" else np.array(X, dtype=float)
    grad = np.zeros(Z.shape)
    for index in np.ndindex(Z.shape):
        Z[index] += h
        up = np.asarray(f(Z))
        Z[index] -= 2 * h
        down = np.asarray(f(Z))
        Z[index] += h
        if up.size != 1:
            raise ValueError("one number")
        grad[index] = (up.item() - down.item()) / (2 * h)
    return grad


# %% numerical_gradient | the gradient is flat
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    grad = []
    for index in np.ndindex(Z.shape):
        old = Z[index]
        Z[index] = old + h
        up = np.asarray(f(Z))
        Z[index] = old - h
        down = np.asarray(f(Z))
        Z[index] = old
        if up.size != 1:
            raise ValueError("one number")
        grad.append((up.item() - down.item()) / (2 * h))
    return np.array(grad)


# %% numerical_gradient | several numbers out are added up
def numerical_gradient(f, X, h=1e-5):
    Z = np.array(X, dtype=float)
    grad = np.zeros(Z.shape)
    for index in np.ndindex(Z.shape):
        old = Z[index]
        Z[index] = old + h
        up = np.sum(f(Z))
        Z[index] = old - h
        down = np.sum(f(Z))
        Z[index] = old
        grad[index] = (up - down) / (2 * h)
    return grad


# %% relative_error | divided by the first
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    with np.errstate(all="ignore"):
        e = np.where(a == b, 0.0, np.abs(a - b) / np.abs(a))
    return float(np.max(e))


# %% relative_error | divided by the sum of both sizes
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    with np.errstate(all="ignore"):
        e = np.where(a == b, 0.0, np.abs(a - b) / (np.abs(a) + np.abs(b)))
    return float(np.max(e))


# %% relative_error | the mean over the entries
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    with np.errstate(all="ignore"):
        e = np.where(a == b, 0.0, np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))
    return float(np.mean(e))


# %% relative_error | a small number below against division by zero
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    return float(np.max(np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-8)))


# %% relative_error | the largest difference over the largest size
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    size = max(np.abs(a).max(), np.abs(b).max())
    return 0.0 if size == 0 else float(np.abs(a - b).max() / size)


# %% relative_error | nan is passed over
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    worst = 0.0
    for x, y in zip(a.ravel(), b.ravel()):
        size = max(abs(x), abs(y))
        if size > 0:
            worst = max(worst, abs(x - y) / size)
    return worst


# %% relative_error | the maximum without the sizes: max(a, b)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    with np.errstate(all="ignore"):
        e = np.where(a == b, 0.0, np.abs(a - b) / np.maximum(a, b))
    return float(np.max(e))


# %% judge | one number for all names: the worst
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    errors = {k: relative_error(grads[k], numerical_gradient(lambda X: loss(), params[k])) for k in params}
    worst = max(errors.values())
    return {k: worst for k in params}


# %% judge | the absolute difference
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    out = {}
    for k in params:
        nudged = numerical_gradient(lambda X: loss(), params[k])
        out[k] = float(np.max(np.abs(grads[k] - nudged)))
    return out


# %% judge | random losses are not noticed
def gradient_check(loss, grads, params):
    return {k: relative_error(grads[k], numerical_gradient(lambda X: loss(), params[k])) for k in params}


# %% judge | a copy is nudged, which the loss does not see
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    return {k: relative_error(grads[k], numerical_gradient(lambda X: loss(), params[k].copy())) for k in params}


# %% judge | only the first entry of each array
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    out = {}
    for k, P in params.items():
        index = (0,) * P.ndim
        old = P[index]
        P[index] = old + 1e-5
        up = loss()
        P[index] = old - 1e-5
        down = loss()
        P[index] = old
        out[k] = relative_error(grads[k][index], (up - down) / 2e-5)
    return out


# %% judge | True or False in place of the error
def gradient_check(loss, grads, params):
    if loss() != loss():
        raise ValueError("random")
    return {k: bool(relative_error(grads[k], numerical_gradient(lambda X: loss(), params[k])) < 1e-5) for k in params}


# %% kinks | the kink: central is half, whatever x
kink_central = 0.5
at_a_kink = "d"

# %% random_directions | letters: the slopes are not multiplied by the speeds
slope_along = "4w0 - w1^2 - 2w0*w1"

# %% random_directions | letters: u and w exchanged
slope_along = "(4w0 - w1^2)*v1 - 2w0*w1*v0"

# %% random_directions | letters: q's minus is lost
slope_along = "(4w0 - w1^2)*v0 + 2w0*w1*v1"


# %% random_directions | a fresh generator inside: the same direction every time
def directional_check(loss, grads, params, rng):
    rng = np.random.default_rng(0)
    vs = {k: rng.standard_normal(P.shape) for k, P in params.items()}
    old = {k: P.copy() for k, P in params.items()}
    h = 1e-5
    for k in params:
        params[k][...] = old[k] + h * vs[k]
    up = loss()
    for k in params:
        params[k][...] = old[k] - h * vs[k]
    down = loss()
    for k in params:
        params[k][...] = old[k]
    said = sum(float(np.sum(grads[k] * vs[k])) for k in params)
    return relative_error((up - down) / (2 * h), said)


# %% random_directions | only positive directions, all ones
def directional_check(loss, grads, params, rng):
    vs = {k: np.ones(P.shape) for k, P in params.items()}
    old = {k: P.copy() for k, P in params.items()}
    h = 1e-5
    for k in params:
        params[k][...] = old[k] + h * vs[k]
    up = loss()
    for k in params:
        params[k][...] = old[k] - h * vs[k]
    down = loss()
    for k in params:
        params[k][...] = old[k]
    said = sum(float(np.sum(grads[k] * vs[k])) for k in params)
    return relative_error((up - down) / (2 * h), said)


# %% random_directions | the slope along is the sum of the gradients, without v
def directional_check(loss, grads, params, rng):
    vs = {k: rng.standard_normal(P.shape) for k, P in params.items()}
    old = {k: P.copy() for k, P in params.items()}
    h = 1e-5
    for k in params:
        params[k][...] = old[k] + h * vs[k]
    up = loss()
    for k in params:
        params[k][...] = old[k] - h * vs[k]
    down = loss()
    for k in params:
        params[k][...] = old[k]
    said = sum(float(np.sum(grads[k])) for k in params)
    return relative_error((up - down) / (2 * h), said)


# %% random_directions | one direction for each param, of which only the last moves
def directional_check(loss, grads, params, rng):
    h = 1e-5
    worst = 0.0
    for k, P in params.items():
        v = rng.standard_normal(P.shape)
        old = P.copy()
        P[...] = old + h * v
        up = loss()
        P[...] = old - h * v
        down = loss()
        P[...] = old
        worst = max(worst, relative_error((up - down) / (2 * h), float(np.sum(grads[k] * v))))
    return worst


# %% find_the_bug | a graph that the engine gets right
def failing_graph():
    return [2.0, 3.0], lambda a, b: a * b + a


# %% find_the_bug | the gradient is set, not added
class Value(Broken):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for before, _ in node.edges:
                    visit(before)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for before, s in node.edges:
                before.grad = node.grad * s


# %% find_the_bug | recursion over all paths
class Value(Broken):
    def backward(self, message=1.0):
        self.grad += message
        for before, s in self.edges:
            Value.backward(before, message * s)


# %% find_the_bug | level by level from the end
class Value(Broken):
    def backward(self):
        self.grad = 1.0
        queue, seen = [self], {id(self)}
        while queue:
            node = queue.pop(0)
            for before, s in node.edges:
                before.grad += node.grad * s
                if id(before) not in seen:
                    seen.add(id(before))
                    queue.append(before)


# %% find_the_bug | each input is visited before the node, in the wrong order
class Value(Broken):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                order.append(node)
                for before, _ in node.edges:
                    visit(before)

        visit(self)
        self.grad = 1.0
        for node in order:
            for before, s in node.edges:
                before.grad += node.grad * s


# %% find_the_bug | two slips: a harmless graph, and gradients set
def failing_graph():
    return [1.0], lambda a: a.tanh()


class Value(Broken):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for before, _ in node.edges:
                    visit(before)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for before, s in node.edges:
                before.grad = node.grad * s
