# Wrong answers to the tasks of `u5_mlp_training`, written after the fresh ones; see ../fresh/README.md.

# %% mse | the sum, not the mean
def mse(P, Y):
    if np.shape(P) != np.shape(Y):
        raise ValueError("shapes")
    return float(np.sum((P - Y) ** 2))

# %% mse | divided by the rows only
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError("shapes")
    return 2 * (P - Y) / len(P)

# %% mse | target minus prediction
slope_of_entry = "2*(y-p)/(n*k)"

# %% init_params | the spread is 1/din
def init_params(sizes, rng):
    return [(rng.normal(0, 1 / din, (din, dout)), np.zeros(dout)) for din, dout in zip(sizes, sizes[1:])]

# %% init_params | no scaling at all
def init_params(sizes, rng):
    out = []
    for din, dout in zip(sizes[:-1], sizes[1:]):
        out.append((rng.standard_normal((din, dout)), np.zeros(dout)))
    return out

# %% forward | tanh after the last layer too
def forward(params, X):
    cache = []
    a = X
    for W, b in params:
        cache.append(a)
        a = np.tanh(a @ W + b)
    cache.append(a)
    return a, cache

# %% forward | no bias
def forward(params, X):
    cache = []
    a = X
    for k, (W, b) in enumerate(params):
        cache.append(a)
        a = a @ W
        if k < len(params) - 1:
            a = np.tanh(a)
    return a, cache

# %% backward | tanh's slope taken at the output as if it were the input
def forward(params, X):
    cache, a = [], X
    for k, (W, b) in enumerate(params):
        cache.append(a)
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
    return a, cache


def backward(params, cache, dout):
    grads = []
    d = dout
    for k in reversed(range(len(params))):
        W, b = params[k]
        a = cache[k]
        grads.append((a.T @ d, d.sum(axis=0)))
        d = (d @ W.T) * (1 - np.tanh(a) ** 2)
    return grads[::-1]

# %% backward | divides by n once more
def forward(params, X):
    cache, a = [], X
    for k, (W, b) in enumerate(params):
        cache.append(a)
        a = a @ W + b
        if k < len(params) - 1:
            a = np.tanh(a)
    return a, cache


def backward(params, cache, dout):
    n = len(dout)
    grads = []
    d = dout
    for k in reversed(range(len(params))):
        W, b = params[k]
        a = cache[k]
        grads.insert(0, (a.T @ d / n, d.sum(axis=0) / n))
        d = (d @ W.T) * (1 - a ** 2)
    return grads

# %% train | losses after each step only
def train(params, X, Y, lr, steps):
    params = [(W.copy(), b.copy()) for W, b in params]
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
        losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% moons | points in one colour, boundary at a half
def boundary_plot(params, X, y):
    fig, ax = plt.subplots()
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min(), X[:, 0].max(), 80), np.linspace(X[:, 1].min(), X[:, 1].max(), 80))
    Z = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, Z, levels=[0.5])
    ax.scatter(X[:, 0], X[:, 1], c=y)
    return ax

# %% two_engines | the mean over the rows only
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    total = Value(0.0)
    for x, y in zip(X, Y):
        a = [Value(float(v)) for v in x]
        for k, (W, b) in enumerate(net):
            z = []
            for j in range(len(b)):
                s = b[j]
                for i in range(len(a)):
                    s = s + a[i] * W[i][j]
                z.append(s if k == len(net) - 1 else s.tanh())
            a = z
        for o, t in zip(a, y):
            total = total + (o - float(t)) ** 2
    loss = total / len(X)
    loss.backward()
    return [
        (np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b]))
        for W, b in net
    ]
