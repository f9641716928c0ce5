# Wrong answers to the tasks of `w6_rbf_svm`, a seventh set; see ../fresh/README.md.

# %% margin | without the label
def margin(w, b, X, y):
    w = np.asarray(w, dtype=float)
    if not w.any():
        raise ValueError("no line")
    return (X @ w + b) / np.linalg.norm(w)


# %% hinge | C stands before the half of w squared as well
def hinge(w, b, X, y, C):
    w = np.asarray(w, dtype=float)
    short = 1 - y * (X @ w + b)
    on = short > 0
    loss = C * (0.5 * w @ w + short[on].sum())
    dw = C * (w - (y[on, None] * X[on]).sum(axis=0))
    return float(loss), dw, float(-C * y[on].sum())


# %% rbf_kernel | the distance is not squared
def rbf_kernel(X, Y, gamma):
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    return np.exp(-gamma * np.sqrt(((X[:, None] - Y[None]) ** 2).sum(axis=-1)))


# %% fit_dual | clipped only at the end
def fit_dual(K, y, C, steps):
    Q = np.outer(y, y) * K
    lr = 1 / np.linalg.eigvalsh(Q)[-1]
    alpha = np.zeros(len(y))
    for _ in range(steps):
        alpha = alpha + lr * (1 - Q @ alpha)
    return np.clip(alpha, 0, C)
