# Wrong answers to the tasks of `w4_lora_from_scratch`, a sixth set; see ../fresh/README.md.

# %% outer_products | rows of B times columns of A
def outer_products(B, A):
    r = B.shape[1]
    return [np.outer(B.ravel()[k * B.shape[0]:(k + 1) * B.shape[0]], A[k]) for k in range(r)]
# %% outer_products | thin numbers multiplied
def count(dout, din, r):
    return dout * din, dout * r * din
# %% outer_products | one table only
break_even = "dout*din/(2*dout)"
# %% outer_products | rounded up
my_largest_rank = 24
# %% lora_forward | alpha not divided by the rank
def lora_forward(X, W, A, B, alpha):
    return X @ W.T + alpha * (X @ A.T) @ B.T
# %% lora_forward | builds the big table
def lora_forward(X, W, A, B, alpha):
    return X @ (W + alpha / A.shape[0] * (B @ A)).T
# %% lora_forward | divides by the inputs
def lora_forward(X, W, A, B, alpha):
    return X @ W.T + alpha / A.shape[1] * (X @ A.T) @ B.T
# %% lora_backward | scale missing in dA
def lora_backward(X, W, A, B, alpha, dY):
    s = alpha / A.shape[0]
    return (dY @ B).T @ X, s * dY.T @ (X @ A.T)
# %% lora_backward | slope by a is a's own
slope_a = "g*s*a*x"
# %% lora_backward | what arrives is left out
slope_b = "s*a*x"
# %% lora_backward | letter: only B moves
both_zero = "b"
# %% lora_backward | averages over the rows
def lora_backward(X, W, A, B, alpha, dY):
    s, n = alpha / A.shape[0], len(X)
    return s * (dY @ B).T @ X / n, s * dY.T @ (X @ A.T) / n
# %% train_lora | B moves with the new A
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    A, B = rng.normal(size=(r, W.shape[1])) / np.sqrt(W.shape[1]), np.zeros((W.shape[0], r))
    losses = []
    for _ in range(steps):
        out = lora_forward(X, W, A, B, alpha)
        losses.append(float(np.mean((out - Y) ** 2)))
        d = 2 * (out - Y) / Y.size
        A = A - lr * lora_backward(X, W, A, B, alpha, d)[0]
        B = B - lr * lora_backward(X, W, A, B, alpha, d)[1]
    losses.append(float(np.mean((lora_forward(X, W, A, B, alpha) - Y) ** 2)))
    return A, B, losses
# %% train_lora | B random, A zero
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    A, B = np.zeros((r, W.shape[1])), rng.normal(size=(W.shape[0], r)) / np.sqrt(W.shape[1])
    losses = []
    for _ in range(steps):
        out = lora_forward(X, W, A, B, alpha)
        losses.append(float(np.mean((out - Y) ** 2)))
        dA, dB = lora_backward(X, W, A, B, alpha, 2 * (out - Y) / Y.size)
        A, B = A - lr * dA, B - lr * dB
    losses.append(float(np.mean((lora_forward(X, W, A, B, alpha) - Y) ** 2)))
    return A, B, losses
# %% train_lora | mean over the rows only in the slope
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    A, B = rng.normal(size=(r, W.shape[1])) / np.sqrt(W.shape[1]), np.zeros((W.shape[0], r))
    losses = []
    for _ in range(steps):
        out = lora_forward(X, W, A, B, alpha)
        losses.append(float(np.mean((out - Y) ** 2)))
        dA, dB = lora_backward(X, W, A, B, alpha, 2 * (out - Y) / len(Y))
        A, B = A - lr * dA, B - lr * dB
    losses.append(float(np.mean((lora_forward(X, W, A, B, alpha) - Y) ** 2)))
    return A, B, losses
# %% train_lora | letter: half
alpha_doubled = "b"
# %% merge | takes off unscaled
def unmerge(W2, A, B, alpha):
    return W2 - B @ A
# %% merge | A before B, transposed
def merge(W, A, B, alpha):
    return W + alpha / A.shape[0] * np.resize((A.T @ B.T), W.shape)
# %% best_rank | sizes in both tables
def best_rank(D, r):
    U, s, V = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] * s[:r], s[:r, None] * V[:r]
# %% best_rank | keeps the smallest
def best_rank(D, r):
    U, s, V = np.linalg.svd(D, full_matrices=False)
    k = len(s) - r
    return U[:, k:] * s[k:], V[k:]
# %% best_rank | sizes not squared
def tail(D):
    s = np.linalg.svd(D, compute_uv=False)
    return np.array([s[k:].sum() for k in range(len(s) + 1)])
# %% best_rank | what is kept instead of what is left
def tail(D):
    s = np.linalg.svd(D, compute_uv=False)
    return np.array([(s[:k] ** 2).sum() for k in range(len(s) + 1)])
# %% best_rank | square of the sum
my_rest = 16
