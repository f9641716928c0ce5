# Wrong answers to the tasks of `u5_mlp_training`, a sixth set; see ../fresh/README.md.

# %% mse | mean over the rows only
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(np.sum((P - Y) ** 2) / len(P))
# %% mse | half of the squares
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(np.mean((P - Y) ** 2) / 2)
# %% mse | root of the mean
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return float(np.sqrt(np.mean((P - Y) ** 2)))
# %% mse | slope is not averaged
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return 2 * (P - Y)
# %% mse | squares stay in the slope
slope_of_entry = "2(p-y)^2/(nk)"
# %% mse | shapes are not compared
def dmse(P, Y):
    return 2 * (P - Y) / np.size(P)
# %% init_params | spread by the number of outputs
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) / np.sqrt(b), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]
# %% init_params | uniform numbers between 0 and 1
def init_params(sizes, rng):
    return [(rng.random((a, b)) / np.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]
# %% forward | tanh after the last layer too
def forward(params, X):
    cache, a = [X], X
    for W, b in params:
        a = np.tanh(a @ W + b)
        cache.append(a)
    return a, cache
# %% forward | no activation anywhere
def forward(params, X):
    cache, a = [X], X
    for W, b in params:
        a = a @ W + b
        cache.append(a)
    return a, cache
# %% forward | activation before the layer
def forward(params, X):
    cache, a = [X], X
    for W, b in params:
        a = np.tanh(a) @ W + b
        cache.append(a)
    return a, cache
# %% forward | bias goes in after tanh
def forward(params, X):
    cache, a = [X], X
    for k, (W, b) in enumerate(params):
        a = a @ W
        if k < len(params) - 1:
            a = np.tanh(a)
        a = a + b
        cache.append(a)
    return a, cache
# %% backward | no slope of the activation
def forward(params, X):
    cache, a = [X], X
    for k, (W, b) in enumerate(params):
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
            cache.append(a)
    return a, cache
def backward(params, cache, dout):
    grads, d = [], dout
    for (W, b), a in zip(params[::-1], cache[::-1]):
        grads.insert(0, (a.T @ d, d.sum(axis=0)))
        d = d @ W.T
    return grads
# %% backward | tanh slope from the output taken as from the input
def forward(params, X):
    cache, a = [X], X
    for k, (W, b) in enumerate(params):
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
            cache.append(a)
    return a, cache
def backward(params, cache, dout):
    grads, d = [], dout
    for k in range(len(params) - 1, -1, -1):
        a = cache[k]
        grads.insert(0, (a.T @ d, d.sum(axis=0)))
        if k:
            d = (d @ params[k][0].T) * (1 - np.tanh(a) ** 2)
    return grads
# %% backward | list from the last layer to the first
def forward(params, X):
    cache, a = [X], X
    for k, (W, b) in enumerate(params):
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
            cache.append(a)
    return a, cache
def backward(params, cache, dout):
    grads, d = [], dout
    for k in range(len(params) - 1, -1, -1):
        a = cache[k]
        grads.append((a.T @ d, d.sum(axis=0)))
        d = (d @ params[k][0].T) * (1 - a**2)
    return grads
# %% backward | gradients averaged over the rows once more
def forward(params, X):
    cache, a = [X], X
    for k, (W, b) in enumerate(params):
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
            cache.append(a)
    return a, cache
def backward(params, cache, dout):
    grads, d, n = [], dout, len(dout)
    for k in range(len(params) - 1, -1, -1):
        a = cache[k]
        grads.insert(0, (a.T @ d / n, d.sum(axis=0) / n))
        d = (d @ params[k][0].T) * (1 - a**2)
    return grads
# %% backward | tanh slope also for the last layer
def forward(params, X):
    cache, a = [X], X
    for k, (W, b) in enumerate(params):
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
        cache.append(a)
    return a, cache
def backward(params, cache, dout):
    grads, d = [], dout
    for k in range(len(params) - 1, -1, -1):
        d = d * (1 - cache[k + 1] ** 2)
        grads.insert(0, (cache[k].T @ d, d.sum(axis=0)))
        d = d @ params[k][0].T
    return grads
# %% train | loss noted after the step only
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y)))]
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses
# %% train | steps uphill
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        params = [(W + lr * dW, b + lr * db) for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y)))]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses
# %% train | biases stay where they are
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        params = [(W - lr * dW, b) for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y)))]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses
# %% train | slopes are computed once and used for all steps
def train(params, X, Y, lr, steps):
    out, cache = forward(params, X)
    slopes = backward(params, cache, dmse(out, Y))
    losses = [mse(out, Y)]
    for _ in range(steps):
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes)]
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses
# %% train | hands the error itself to backward
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, backward(params, cache, out - Y))]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses
# %% moons | boundary at the height one half
def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 80), np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 80))
    z = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, z, levels=[0.5])
    ax.scatter(X[:, 0], X[:, 1], c=y)
    return ax
# %% moons | x and y of the grid exchanged
def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 80), np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 80))
    z = forward(params, np.column_stack([yy.ravel(), xx.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, z, levels=[0])
    ax.scatter(X[:, 0], X[:, 1], c=y)
    return ax
# %% moons | trains on the squared error of the probability
def fit(X, y, rng):
    params, losses = init_params([2, 16, 1], rng), []
    t = y[:, None]
    for _ in range(1000):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float(np.mean((p - t) ** 2)))
        d = 2 * (p - t) * p * (1 - p) / len(X)
        params = [(W - 1.0 * dW, b - 1.0 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, d))]
    losses.append(float(np.mean((1 / (1 + np.exp(-forward(params, X)[0])) - t) ** 2)))
    return params, losses
# %% two_engines | looks at the first row only
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    a = [Value(float(v)) for v in X[0]]
    for k, (W, b) in enumerate(net):
        z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]) for j in range(len(b))]
        a = [v.tanh() for v in z] if k < len(net) - 1 else z
    loss = sum(((p - float(t)) ** 2 for p, t in zip(a, Y[0])), Value(0.0)) / len(a)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]
# %% two_engines | sum of squares instead of their mean
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [Value(float(v)) for v in x]
        for k, (W, b) in enumerate(net):
            z = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if k < len(net) - 1 else z
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]
# %% two_engines | tanh on the output as well
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [Value(float(v)) for v in x]
        for W, b in net:
            a = [sum((a[i] * W[i][j] for i in range(len(a))), b[j]).tanh() for j in range(len(b))]
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
    loss = loss / np.size(Y)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]
# %% fit_digits | loss noted after the step
def fit_digits(X, y, rng, steps):
    params, losses = init_params([64, 64, 10], rng), []
    for _ in range(steps):
        rows = rng.integers(len(X), size=32)
        z, cache = forward(params, X[rows])
        d = ce(z, y[rows])[1]
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, d))]
        losses.append(float(ce(forward(params, X[rows])[0], y[rows])[0]))
    return params, losses
# %% fit_digits | rows of X and y drawn separately
def fit_digits(X, y, rng, steps):
    params, losses = init_params([64, 64, 10], rng), []
    for _ in range(steps):
        xs, ys = X[rng.integers(len(X), size=32)], y[rng.integers(len(X), size=32)]
        z, cache = forward(params, xs)
        loss, d = ce(z, ys)
        losses.append(float(loss))
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, d))]
    return params, losses
# %% fit_digits | draws the batch once
def fit_digits(X, y, rng, steps):
    params, losses = init_params([64, 64, 10], rng), []
    rows = rng.integers(len(X), size=32)
    for _ in range(steps):
        z, cache = forward(params, X[rows])
        loss, d = ce(z, y[rows])
        losses.append(float(loss))
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, backward(params, cache, d))]
    return params, losses
# %% own_digit | column by column
def as_numbers(drawing):
    lines = drawing.split()
    return np.array([{"#": 1.0, "+": 0.5, ".": 0.0}[lines[i][j]] for j in range(8) for i in range(8)])
# %% own_digit | grey counts as ink
def as_numbers(drawing):
    return np.array([0.0 if c == "." else 1.0 for line in drawing.split() for c in line])
# %% own_digit | keeps the table of 8 by 8
def as_numbers(drawing):
    return np.array([[{"#": 1.0, "+": 0.5, ".": 0.0}[c] for c in line] for line in drawing.split()])
