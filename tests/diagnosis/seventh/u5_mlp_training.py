# Wrong answers to the tasks of `u5_mlp_training`, a seventh set; see ../fresh/README.md.

# %% init_params | divides by the number of outputs instead of inputs
def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) / np.sqrt(b), np.zeros(b)) for a, b in zip(sizes[:-1], sizes[1:])]


# %% forward | the bias is added after the activation
def forward(params, X):
    a, cache = X, []
    for at, (W, b) in enumerate(params):
        cache.append(a)
        z = a @ W
        a = (np.tanh(z) if at < len(params) - 1 else z) + b
    return a, cache


# %% train | updates with the slopes of one row only
def train(params, X, Y, lr, steps):
    losses = []
    for _ in range(steps):
        out, _ = forward(params, X)
        losses.append(float(mse(out, Y)))
        out, cache = forward(params, X[:1])
        grads = backward(params, cache, dmse(out, Y[:1]))
        params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads)]
    losses.append(float(mse(forward(params, X)[0], Y)))
    return params, losses


# %% mse | divides by the rows only
def mse(P, Y):
    if np.shape(P) != np.shape(Y):
        raise ValueError("shapes")
    P, Y = np.asarray(P, dtype=float), np.asarray(Y, dtype=float)
    return float(((P - Y) ** 2).sum() / len(P))


# %% own_digit | the drawing is read column by column
def as_numbers(drawing):
    value = {"#": 1, "+": 0.5, ".": 0}
    rows = drawing.split()
    return np.array([value[rows[i][j]] for j in range(8) for i in range(8)], dtype=float)
