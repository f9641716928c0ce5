# Wrong answers to the tasks of `w3_flat_gradients`, a sixth set; see ../fresh/README.md.

# %% descend_on | slope taken at the start only
def descend_on(loss, w0, lr, steps):
    h = 1e-5
    s = (loss(w0 + h) - loss(w0 - h)) / (2 * h)
    return [w0 - lr * s * k for k in range(steps + 1)]
# %% descend_on | goes up
def descend_on(loss, w0, lr, steps):
    h, path = 1e-5, [w0]
    for _ in range(steps):
        w = path[-1]
        path.append(w + lr * (loss(w + h) - loss(w - h)) / (2 * h))
    return path
# %% soft_step | k outside
def soft_step(x, k):
    s = (1 + np.tanh(np.asarray(x) / 2)) / 2
    return k * s, k * s * (1 - s)
# %% soft_step | solves without the other side
nearly_on = "ln(10)/k"
# %% noisy_step | error not divided by the root
def noisy_step(x, s, n, rng):
    r = (x + s * rng.standard_normal(n) > 0).astype(float)
    return float(r.mean()), float(r.std())
# %% noisy_step | fresh noise on each side
def sampled_slope(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    return (noisy_step(x + h, s, n, rng)[0] - noisy_step(x - h, s, n, rng)[0]) / (2 * h)
# %% straight_through | sign of 0 is 0
def ste_forward(x):
    return np.sign(x).astype(float)
# %% straight_through | true slope, zeros
def ste_back(dout, x, clip=1):
    return np.zeros(np.shape(x))
# %% train_sign | mean forgotten in the straight-through gradient
def sign_gradients(X, y, w):
    h = 1e-5
    loss = lambda v: float(np.mean((ste_forward(X @ v) - y) ** 2))
    nudged = np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(len(w))])
    z = X @ w
    return nudged, X.T @ ste_back(2 * (ste_forward(z) - y), z)
# %% train_sign | no clip
def sign_gradients(X, y, w):
    h = 1e-5
    loss = lambda v: float(np.mean((ste_forward(X @ v) - y) ** 2))
    nudged = np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(len(w))])
    return nudged, X.T @ (2 * (ste_forward(X @ w) - y)) / len(X)
# %% train_sign | the pair in the other order
def sign_gradients(X, y, w):
    h = 1e-5
    loss = lambda v: float(np.mean((ste_forward(X @ v) - y) ** 2))
    nudged = np.array([(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(len(w))])
    z = X @ w
    return X.T @ ste_back(2 * (ste_forward(z) - y), z) / len(X), nudged
# %% idle_units | idle when off in some row
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        z = a @ W + b
        flat = z <= 0 if act == "relu" else 1 - np.tanh(z) ** 2 < tol
        out.append(flat.any(axis=0))
        a = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return out
# %% idle_units | counts the last layer too
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params:
        z = a @ W + b
        flat = z <= 0 if act == "relu" else 1 - np.tanh(z) ** 2 < tol
        out.append(flat.all(axis=0))
        a = np.maximum(z, 0) if act == "relu" else np.tanh(z)
    return out
# %% idle_units | next layer gets the sums, not the activations
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        a = a @ W + b
        flat = a <= 0 if act == "relu" else 1 - np.tanh(a) ** 2 < tol
        out.append(flat.all(axis=0))
    return out
