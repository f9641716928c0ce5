# Wrong answers to the tasks of `u5_mlp_training`, a fourth set; see ../fresh/README.md.

# %% mse | the sum in place of the mean
def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(((P - Y) ** 2).sum())


# %% mse | averaged over the rows only
def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(((P - Y) ** 2).sum() / len(P))


# %% mse | the absolute error
def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(np.mean(np.abs(P - Y)))


# %% mse | the root of the mean
def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(np.sqrt(np.mean((P - Y) ** 2)))


# %% mse | the square of the mean error
def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(np.mean(P - Y) ** 2)


# %% mse | different shapes are not refused
def mse(P, Y):
    return float(np.mean((P - Y) ** 2))


# %% mse | dmse: y - p
def dmse(P, Y):
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return 2 * (Y - P) / P.size


# %% mse | dmse: not divided by the number of entries
def dmse(P, Y):
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return 2 * (P - Y)


# %% mse | dmse: divided by n only
def dmse(P, Y):
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return 2 * (P - Y) / len(P)


# %% mse | dmse: without the 2
def dmse(P, Y):
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return (P - Y) / P.size


# %% mse | dmse: one number, the mean slope
def dmse(P, Y):
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return np.mean(2 * (P - Y))


# %% mse | letters: the sign
slope_of_entry = "2(y - p)/(n*k)"

# %% mse | letters: the mean over n only
slope_of_entry = "2(p - y)/n"

# %% mse | letters: the square is not differentiated
slope_of_entry = "(p - y)^2/(n*k)"

# %% mse | letters: the other side of the bar: k is above
slope_of_entry = "2(p - y)/n*k"


# %% mse | two slips: dmse without 2, mse a sum
def mse(P, Y):
    P, Y = np.asarray(P), np.asarray(Y)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(np.sum((P - Y) ** 2))


def dmse(P, Y):
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return (P - Y) / P.size


# %% init_params | multiplied by the root of din
def init_params(sizes, rng):
    return [(rng.normal(size=(i, o)) * np.sqrt(i), np.zeros(o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | divided by din, without the root
def init_params(sizes, rng):
    return [(rng.normal(size=(i, o)) / i, np.zeros(o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | the root of dout
def init_params(sizes, rng):
    return [(rng.normal(size=(i, o)) / np.sqrt(o), np.zeros(o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | evenly spread numbers
def init_params(sizes, rng):
    return [(rng.uniform(-1, 1, size=(i, o)) / np.sqrt(i), np.zeros(o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | not divided at all
def init_params(sizes, rng):
    return [(rng.normal(size=(i, o)), np.zeros(o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | its own generator
def init_params(sizes, rng):
    rng = np.random.default_rng(0)
    return [(rng.normal(size=(i, o)) / np.sqrt(i), np.zeros(o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | W is (dout, din)
def init_params(sizes, rng):
    return [(rng.normal(size=(o, i)) / np.sqrt(i), np.zeros(o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | biases of size (1, dout)
def init_params(sizes, rng):
    return [(rng.normal(size=(i, o)) / np.sqrt(i), np.zeros((1, o))) for i, o in zip(sizes, sizes[1:])]


# %% init_params | random biases
def init_params(sizes, rng):
    return [(rng.normal(size=(i, o)) / np.sqrt(i), rng.normal(size=o)) for i, o in zip(sizes, sizes[1:])]


# %% init_params | the count: biases forgotten
my_count = 30

# %% init_params | the count: neurons
my_count = 11

# %% init_params | zeros: all differ after training, the slope of tanh at 0
after_zeros = "d"
why_zeros = "a"


# %% forward | tanh after the last layer as well
def forward(params, X):
    a, kept = X, []
    for W, b in params:
        kept.append(a)
        a = np.tanh(a @ W + b)
    return a, kept


# %% forward | no tanh at all
def forward(params, X):
    a, kept = X, []
    for W, b in params:
        kept.append(a)
        a = a @ W + b
    return a, kept


# %% forward | tanh before the layer
def forward(params, X):
    a, kept = X, []
    for W, b in params:
        kept.append(np.tanh(a))
        a = np.tanh(a) @ W + b
    return a, kept


# %% forward | the bias after tanh
def forward(params, X):
    a, kept = X, [X]
    for W, b in params[:-1]:
        a = np.tanh(a @ W) + b
        kept.append(a)
    W, b = params[-1]
    return a @ W + b, kept


# %% forward | every layer gets X
def forward(params, X):
    kept = []
    for W, b in params[:-1]:
        a = np.tanh(X @ W + b)
        kept.append(a)
    W, b = params[-1]
    return a @ W + b, kept


# %% forward | relu in place of tanh
def forward(params, X):
    a, kept = X, [X]
    for W, b in params[:-1]:
        a = np.maximum(a @ W + b, 0)
        kept.append(a)
    W, b = params[-1]
    return a @ W + b, kept


# %% backward | the slope of tanh is left out
def forward(params, X):
    a, kept = np.asarray(X, dtype=float), []
    for at, (W, b) in enumerate(params):
        kept.append(a)
        z = a @ W + b
        a = np.tanh(z) if at < len(params) - 1 else z
    return a, kept


def backward(params, cache, dout):
    grads, d = [], dout
    for (W, b), a in zip(params[::-1], cache[::-1]):
        grads.insert(0, (a.T @ d, d.sum(axis=0)))
        d = d @ W.T
    return grads


# %% backward | the slope of tanh from the output as if it were the input
def forward(params, X):
    a, kept = np.asarray(X, dtype=float), []
    for at, (W, b) in enumerate(params):
        kept.append(a)
        z = a @ W + b
        a = np.tanh(z) if at < len(params) - 1 else z
    return a, kept


def backward(params, cache, dout):
    grads, d = [], dout
    for at in range(len(params) - 1, -1, -1):
        W, b = params[at]
        a = cache[at]
        grads.insert(0, (a.T @ d, d.sum(axis=0)))
        d = (d @ W.T) * (1 - np.tanh(a) ** 2)
    return grads


# %% backward | 1 - a in place of 1 - a^2
def forward(params, X):
    a, kept = np.asarray(X, dtype=float), []
    for at, (W, b) in enumerate(params):
        kept.append(a)
        z = a @ W + b
        a = np.tanh(z) if at < len(params) - 1 else z
    return a, kept


def backward(params, cache, dout):
    grads, d = [], dout
    for at in range(len(params) - 1, -1, -1):
        W, b = params[at]
        a = cache[at]
        grads.insert(0, (a.T @ d, d.sum(axis=0)))
        d = (d @ W.T) * (1 - a)
    return grads


# %% backward | the list is the wrong way round
def forward(params, X):
    a, kept = np.asarray(X, dtype=float), []
    for at, (W, b) in enumerate(params):
        kept.append(a)
        z = a @ W + b
        a = np.tanh(z) if at < len(params) - 1 else z
    return a, kept


def backward(params, cache, dout):
    grads, d = [], dout
    for at in range(len(params) - 1, -1, -1):
        W, b = params[at]
        a = cache[at]
        grads.append((a.T @ d, d.sum(axis=0)))
        d = (d @ W.T) * (1 - a * a)
    return grads


# %% backward | divided by n once more
def forward(params, X):
    a, kept = np.asarray(X, dtype=float), []
    for at, (W, b) in enumerate(params):
        kept.append(a)
        z = a @ W + b
        a = np.tanh(z) if at < len(params) - 1 else z
    return a, kept


def backward(params, cache, dout):
    grads, d, n = [], dout, len(dout)
    for at in range(len(params) - 1, -1, -1):
        W, b = params[at]
        a = cache[at]
        grads.insert(0, (a.T @ d / n, d.sum(axis=0) / n))
        d = (d @ W.T) * (1 - a * a)
    return grads


# %% backward | the slope of tanh at the output, too
def forward(params, X):
    a, kept = np.asarray(X, dtype=float), []
    for at, (W, b) in enumerate(params):
        kept.append(a)
        z = a @ W + b
        a = np.tanh(z) if at < len(params) - 1 else z
    return a, (kept, a)


def backward(params, cache, dout):
    kept, out = cache
    grads, d = [], dout * (1 - out**2)
    for at in range(len(params) - 1, -1, -1):
        W, b = params[at]
        a = kept[at]
        grads.insert(0, (a.T @ d, d.sum(axis=0)))
        d = (d @ W.T) * (1 - a * a)
    return grads


# %% backward | db along the rows' mean
def forward(params, X):
    a, kept = np.asarray(X, dtype=float), []
    for at, (W, b) in enumerate(params):
        kept.append(a)
        z = a @ W + b
        a = np.tanh(z) if at < len(params) - 1 else z
    return a, kept


def backward(params, cache, dout):
    grads, d = [], dout
    for at in range(len(params) - 1, -1, -1):
        W, b = params[at]
        a = cache[at]
        grads.insert(0, (a.T @ d, d.mean(axis=0)))
        d = (d @ W.T) * (1 - a * a)
    return grads


# %% train | uphill
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [(W + lr * dW, b + lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses


# %% train | the last loss is missing
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses


# %% train | in place: the caller's net is changed
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y))):
            W -= lr * dW
            b -= lr * db
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses


# %% train | always from the start: the net does not move on
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        new = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(new, X)[0], Y))
    return new, losses


# %% train | stops where the loss hardly changes
def train(params, X, Y, lr, steps):
    losses = [mse(forward(params, X)[0], Y)]
    for _ in range(steps):
        out, cache = forward(params, X)
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
        losses.append(mse(forward(params, X)[0], Y))
        if abs(losses[-1] - losses[-2]) < 1e-6:
            break
    return params, losses


# %% train | the loss after each step, not before
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps + 1):
        out, cache = forward(params, X)
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses


# %% moons | letters: the sigmoid's slope stays
slope_of_log_loss = "(p - y)*p*(1-p)"

# %% moons | letters: only by p
slope_of_log_loss = "-y/p + (1-y)/(1-p)"


# %% moons | fit: squared error
def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    return train(params, X, y[:, None].astype(float), 0.3, 2000)


# %% moons | fit: the trap, (n,1) minus (n,)
def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    losses = []
    for _ in range(300):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))))
        d = (p - y) / len(y)
        grads = backward(params, cache, d.sum(axis=1, keepdims=True))
        params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads)]
    z, cache = forward(params, X)
    p = 1 / (1 + np.exp(-z))
    losses.append(float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))))
    return params, losses


# %% moons | boundary: the line at 0.5
def boundary_plot(params, X, y):
    xs = np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 80)
    ys = np.linspace(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5, 80)
    xx, yy = np.meshgrid(xs, ys)
    z = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    figure, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    ax.contour(xx, yy, z, levels=[0.5])
    return ax


# %% moons | boundary: the two columns exchanged in the grid
def boundary_plot(params, X, y):
    xs = np.linspace(X[:, 0].min() - 0.5, X[:, 0].max() + 0.5, 80)
    ys = np.linspace(X[:, 1].min() - 0.5, X[:, 1].max() + 0.5, 80)
    xx, yy = np.meshgrid(xs, ys)
    z = forward(params, np.column_stack([yy.ravel(), xx.ravel()]))[0].reshape(xx.shape)
    figure, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    ax.contour(xx, yy, z, levels=[0])
    return ax


# %% two_engines | the sum of squares is not divided
def value_grads(params, X, Y):
    layers = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total = Value(0.0)
    for row, target in zip(X, Y):
        a = [float(v) for v in row]
        for at, (W, b) in enumerate(layers):
            z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if at < len(layers) - 1 else z
        for out, t in zip(a, target):
            total = total + (out - float(t)) ** 2
    total.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in layers]


# %% two_engines | divided by the rows only
def value_grads(params, X, Y):
    layers = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total = Value(0.0)
    for row, target in zip(X, Y):
        a = [float(v) for v in row]
        for at, (W, b) in enumerate(layers):
            z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if at < len(layers) - 1 else z
        for out, t in zip(a, target):
            total = total + (out - float(t)) ** 2
    total = total / len(X)
    total.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in layers]


# %% two_engines | tanh on the output, too
def value_grads(params, X, Y):
    layers = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total, count = Value(0.0), 0
    for row, target in zip(X, Y):
        a = [float(v) for v in row]
        for W, b in layers:
            z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z]
        for out, t in zip(a, target):
            total, count = total + (out - float(t)) ** 2, count + 1
    total = total / count
    total.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in layers]


# %% two_engines | each row has its own Values: only the last row's slopes remain
def value_grads(params, X, Y):
    total, count = Value(0.0), 0
    for row, target in zip(X, Y):
        layers = [([[Value(float(w)) for w in r] for r in W], [Value(float(v)) for v in b]) for W, b in params]
        a = [float(v) for v in row]
        for at, (W, b) in enumerate(layers):
            z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if at < len(layers) - 1 else z
        for out, t in zip(a, target):
            total, count = total + (out - float(t)) ** 2, count + 1
    total = total / count
    total.backward()
    return [(np.array([[w.grad for w in r] for r in W]), np.array([v.grad for v in b])) for W, b in layers]


# %% two_engines | the values in place of the slopes
def value_grads(params, X, Y):
    layers = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total, count = Value(0.0), 0
    for row, target in zip(X, Y):
        a = [float(v) for v in row]
        for at, (W, b) in enumerate(layers):
            z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if at < len(layers) - 1 else z
        for out, t in zip(a, target):
            total, count = total + (out - float(t)) ** 2, count + 1
    total = total / count
    total.backward()
    return [(np.array([[w.data for w in row] for row in W]), np.array([v.data for v in b])) for W, b in layers]
