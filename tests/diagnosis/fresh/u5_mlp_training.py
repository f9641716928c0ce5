# Wrong answers to the tasks of `u5_mlp_training`, written from the unit's text alone; see README.md.

# %% mse | the sum of the squares
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return float(((P - Y) ** 2).sum())

# %% mse | averaged over the rows only
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return float(((P - Y) ** 2).sum() / len(P))

# %% mse | half of it, for a nicer slope
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return float(0.5 * ((P - Y) ** 2).mean())

# %% mse | absolute values in place of squares
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return float(np.abs(P - Y).mean())

# %% mse | the root of the mean
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return float(np.sqrt(((P - Y) ** 2).mean()))

# %% mse | the square of the mean
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return float((P - Y).mean() ** 2)

# %% mse | shapes are not compared
def mse(P, Y):
    return float(((P - Y) ** 2).mean())

# %% mse | one number for each row
def mse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return ((P - Y) ** 2).mean(axis=1)

# %% mse | the slopes without the mean
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return 2 * (P - Y)

# %% mse | the slopes without the 2
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return (P - Y) / P.size

# %% mse | the slopes divided by the rows only
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return 2 * (P - Y) / len(P)

# %% mse | the slopes with their sign turned
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return 2 * (Y - P) / P.size

# %% mse | the slopes are averaged to one number
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return (2 * (P - Y)).mean()

# %% mse | the squares in the slopes
def dmse(P, Y):
    if P.shape != Y.shape:
        raise ValueError
    return 2 * (P - Y) ** 2 / P.size

# %% mse | slope with the sign turned
slope_of_entry = "2*(y - p)/(n*k)"

# %% mse | slope divided by n only
slope_of_entry = "2*(p - y)/n"

# %% init_params | spread 1/din
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) / a, np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | not divided
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | by the root of what goes out
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) / math.sqrt(b), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | multiplied by the root
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) * math.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | rows and columns exchanged
def init_params(sizes, rng):
    return [(rng.normal(size=(b, a)) / math.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | biases of din
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) / math.sqrt(a), np.zeros(a)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | random biases
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) / math.sqrt(a), rng.normal(size=b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | uniform numbers, all positive
def init_params(sizes, rng):
    return [(rng.random((a, b)) / math.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | numpy's own dice
def init_params(sizes, rng):
    return [(np.random.normal(size=(a, b)) / math.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | one layer too many
def init_params(sizes, rng):
    sizes = list(sizes)
    return [(rng.normal(size=(a, b)) / math.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:] + sizes[-1:])]

# %% init_params | zeros everywhere
def init_params(sizes, rng):
    return [(np.zeros((a, b)), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | a fixed seed
def init_params(sizes, rng):
    rng = np.random.default_rng(0)
    return [(rng.normal(size=(a, b)) / math.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]

# %% init_params | the count without the biases
my_count = sum(a * b for a, b in zip(my_sizes, my_sizes[1:]))

# %% init_params | tanh is flat at 0
why_zeros = "a"

# %% forward | tanh after the last layer as well
def forward(params, X):
    cache, A = [], X
    for W, b in params:
        cache.append(A)
        A = np.tanh(A @ W + b)
    return A, cache

# %% forward | no tanh at all
def forward(params, X):
    cache, A = [], X
    for W, b in params:
        cache.append(A)
        A = A @ W + b
    return A, cache

# %% forward | every layer sees X
def forward(params, X):
    for k, (W, b) in enumerate(params):
        Z = X @ W + b
        A = np.tanh(Z) if k < len(params) - 1 else Z
    return A, [X]

# %% forward | the bias is left out
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

# %% forward | tanh before the bias
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = np.tanh(A @ W) + b if k < len(params) - 1 else A @ W + b
    return A, cache

# %% forward | the last layer is left out
def forward(params, X):
    cache, A = [X], X
    for W, b in params[:-1]:
        A = np.tanh(A @ W + b)
        cache.append(A)
    return A, cache

# %% forward | exactly two layers
def forward(params, X):
    (W1, b1), (W2, b2) = params
    H = np.tanh(X @ W1 + b1)
    return H @ W2 + b2, [X, H]

# %% forward | the sigmoid bends
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = 1 / (1 + np.exp(-A))
    return A, cache

# %% forward | relu bends
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.maximum(A, 0)
    return A, cache

# %% forward | only the output
def forward(params, X):
    A = X
    for k, (W, b) in enumerate(params):
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A

# %% forward | tanh of the first layer only
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k == 0 and len(params) > 1:
            A = np.tanh(A)
    return A, cache

# %% backward | the bend is forgotten
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    for (W, b), A in zip(reversed(params), reversed(cache)):
        grads.append((A.T @ dout, dout.sum(axis=0)))
        dout = dout @ W.T
    return grads[::-1]

# %% backward | last layer first
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    for (W, b), A in zip(reversed(params), reversed(cache)):
        grads.append((A.T @ dout, dout.sum(axis=0)))
        dout = (dout @ W.T) * (1 - A**2)
    return grads

# %% backward | tanh once more of what came out
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    for (W, b), A in zip(reversed(params), reversed(cache)):
        grads.append((A.T @ dout, dout.sum(axis=0)))
        dout = (dout @ W.T) * (1 - np.tanh(A) ** 2)
    return grads[::-1]

# %% backward | 1 - a in place of 1 - a*a
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    for (W, b), A in zip(reversed(params), reversed(cache)):
        grads.append((A.T @ dout, dout.sum(axis=0)))
        dout = (dout @ W.T) * (1 - A)
    return grads[::-1]

# %% backward | the mean a second time
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    n = len(dout)
    for (W, b), A in zip(reversed(params), reversed(cache)):
        grads.append((A.T @ dout / n, dout.sum(axis=0) / n))
        dout = (dout @ W.T) * (1 - A**2)
    return grads[::-1]

# %% backward | the biases by their mean
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    for (W, b), A in zip(reversed(params), reversed(cache)):
        grads.append((A.T @ dout, dout.mean(axis=0)))
        dout = (dout @ W.T) * (1 - A**2)
    return grads[::-1]

# %% backward | the bend at the output, too
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, [*cache, A]

def backward(params, cache, dout):
    grads = []
    for k in range(len(params) - 1, -1, -1):
        dout = dout * (1 - cache[k + 1] ** 2)
        grads.append((cache[k].T @ dout, dout.sum(axis=0)))
        dout = dout @ params[k][0].T
    return grads[::-1]

# %% backward | the slopes are not handed on
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    for (W, b), A in zip(reversed(params), reversed(cache)):
        grads.append((A.T @ np.ones_like(dout) if W.shape[1] != dout.shape[1] else A.T @ dout, dout.sum(axis=0)))
        dout = np.ones((len(A), W.shape[0])) * (1 - A**2)
    return grads[::-1]

# %% backward | weights are moved on the way
def forward(params, X):
    cache, A = [], X
    for k, (W, b) in enumerate(params):
        cache.append(A)
        A = A @ W + b
        if k < len(params) - 1:
            A = np.tanh(A)
    return A, cache

def backward(params, cache, dout):
    grads = []
    for (W, b), A in zip(reversed(params), reversed(cache)):
        dW, db = A.T @ dout, dout.sum(axis=0)
        grads.append((dW, db))
        W = W - 0.1 * dW
        dout = (dout @ W.T) * (1 - A**2)
    return grads[::-1]

# %% train | uphill
def train(params, X, Y, lr, steps):
    params = [(W.copy(), b.copy()) for W, b in params]
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
    params = [(W.copy(), b.copy()) for W, b in params]
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses

# %% train | the biases stay
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | the caller's arrays are moved
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        for (W, b), (dW, db) in zip(params, grads):
            W -= lr * dW
            b -= lr * db
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | the last loss is written twice
def train(params, X, Y, lr, steps):
    losses = []
    loss = mse(forward(params, X)[0], Y)
    for _ in range(steps):
        out, cache = forward(params, X)
        loss = mse(out, Y)
        losses.append(loss)
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(loss)
    return params, losses

# %% train | the learning rate is divided by n once more
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW / len(X), b - lr * db / len(X)) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | the slopes of the start for all steps
def train(params, X, Y, lr, steps):
    losses = []
    out, cache = forward(params, X)
    grads = backward(params, cache, dmse(out, Y))
    for _ in range(steps):
        losses.append(mse(forward(params, X)[0], Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | one step too many
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps + 1):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses

# %% train | the error itself is handed to backward
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, out - Y)
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | stops when it is good enough
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        if losses[-1] < 0.01:
            break
        grads = backward(params, cache, dmse(out, Y))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% train | slopes are clipped
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, cache = forward(params, X)
        losses.append(mse(out, Y))
        grads = backward(params, cache, dmse(out, Y))
        params = [
            (W - lr * np.clip(dW, -1, 1), b - lr * np.clip(db, -1, 1)) for (W, b), (dW, db) in zip(params, grads)
        ]
    losses.append(mse(forward(params, X)[0], Y))
    return params, losses

# %% moons | the slope of the loss by p instead of z
slope_of_log_loss = "(p - y)/(p*(1 - p))"

# %% moons | sign turned
slope_of_log_loss = "y - p"

# %% moons | the trap: scores minus y as a table
def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    losses = []
    for step in range(301):
        out, cache = forward(params, X)
        p = 1 / (1 + np.exp(-np.clip(out, -30, 30)))
        losses.append(float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))))
        if step == 300:
            break
        d = ((p - y) / len(y)).mean(axis=1, keepdims=True)
        params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, backward(params, cache, d))]
    return params, losses

# %% moons | the mean squared error for the loss
def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    return train(params, X, y[:, None].astype(float), 0.3, 1500)

# %% moons | points are exchanged in the plot: one class only
def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    ax.scatter(X[y == 1, 0], X[y == 1, 1])
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min(), X[:, 0].max(), 80), np.linspace(X[:, 1].min(), X[:, 1].max(), 80))
    Z = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, Z, levels=[0])
    return ax

# %% moons | the line where the score is 0.5
def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min(), X[:, 0].max(), 80), np.linspace(X[:, 1].min(), X[:, 1].max(), 80))
    Z = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, Z, levels=[0.5])
    return ax

# %% moons | the axes are exchanged
def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    xx, yy = np.meshgrid(np.linspace(X[:, 0].min(), X[:, 0].max(), 80), np.linspace(X[:, 1].min(), X[:, 1].max(), 80))
    Z = forward(params, np.column_stack([yy.ravel(), xx.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, Z, levels=[0])
    return ax

# %% moons | the grid is too small
def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    xx, yy = np.meshgrid(np.linspace(0, 1, 80), np.linspace(0, 1, 80))
    Z = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, Z, levels=[0])
    return ax

# %% moons | losses of every class summed
def fit(X, y, rng):
    params = init_params([2, 16, 1], rng)
    Y = y[:, None].astype(float)
    losses = []
    for step in range(601):
        out, cache = forward(params, X)
        p = 1 / (1 + np.exp(-np.clip(out, -30, 30)))
        losses.append(float(np.sum(-Y * np.log(p) - (1 - Y) * np.log(1 - p))))
        if step == 600:
            break
        params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, backward(params, cache, (p - Y) / len(Y)))]
    return params, losses

# %% two_engines | the mean is forgotten
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for k, (W, b) in enumerate(net):
            z = [sum((a[i] * W[i][j] for i in range(len(W))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if k < len(net) - 1 else z
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% two_engines | backward for every row, without adding the rows up
def value_grads(params, X, Y):
    n, k_out = np.shape(Y)
    for x, y in zip(X, Y):
        net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
        a = [float(v) for v in x]
        for k, (W, b) in enumerate(net):
            z = [sum((a[i] * W[i][j] for i in range(len(W))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if k < len(net) - 1 else z
        loss = Value(0.0)
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
        loss = loss / (n * k_out)
        loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% two_engines | divided by the rows only
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for k, (W, b) in enumerate(net):
            z = [sum((a[i] * W[i][j] for i in range(len(W))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if k < len(net) - 1 else z
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
    loss = loss / len(X)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% two_engines | tanh after the last layer, too
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for W, b in net:
            a = [sum((a[i] * W[i][j] for i in range(len(W))), b[j]).tanh() for j in range(len(b))]
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
    loss = loss / np.size(Y)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% two_engines | the bias is left out
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for k, (W, b) in enumerate(net):
            z = [sum((a[i] * W[i][j] for i in range(len(W))), Value(0.0)) for j in range(len(b))]
            a = [v.tanh() for v in z] if k < len(net) - 1 else z
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
    loss = loss / np.size(Y)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% two_engines | the data in place of the slopes
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for k, (W, b) in enumerate(net):
            z = [sum((a[i] * W[i][j] for i in range(len(W))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if k < len(net) - 1 else z
        for p, t in zip(a, y):
            loss = loss + (p - float(t)) ** 2
    loss = loss / np.size(Y)
    loss.backward()
    return [(np.array([[w.data for w in row] for row in W]), np.array([v.data for v in b])) for W, b in net]

# %% two_engines | no squares
def value_grads(params, X, Y):
    net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
    loss = Value(0.0)
    for x, y in zip(X, Y):
        a = [float(v) for v in x]
        for k, (W, b) in enumerate(net):
            z = [sum((a[i] * W[i][j] for i in range(len(W))), b[j]) for j in range(len(b))]
            a = [v.tanh() for v in z] if k < len(net) - 1 else z
        for p, t in zip(a, y):
            loss = loss + (p - float(t))
    loss = loss / np.size(Y)
    loss.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% two_engines | the matrix formulas again
def value_grads(params, X, Y):
    out, cache = forward(params, X)
    return backward(params, cache, dmse(out, Y))
