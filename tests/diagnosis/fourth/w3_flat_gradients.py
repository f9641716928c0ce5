# Wrong answers to the tasks of `w3_flat_gradients`, a fourth set; see ../fresh/README.md.

# %% slope_of | the central difference is taken for the slope at a jump
def slope_of(f, xs):
    h = 1e-4
    return [(f(x + h) - f(x - h)) / (2 * h) for x in xs]


# %% slope_of | always 0
def slope_of(f, xs):
    return [0.0 for _ in xs]


# %% slope_of | infinity at a jump
def slope_of(f, xs):
    h = 1e-4
    return [0.0 if f(x - h) == f(x + h) else math.inf for x in xs]


# %% slope_of | looks to the right only: the value at the jump belongs to the right
def slope_of(f, xs):
    h = 1e-4
    return [0.0 if f(x) == f(x + h) else math.nan for x in xs]


# %% slope_of | looks too far: a step of 0.1
def slope_of(f, xs):
    return [0.0 if f(x - 0.1) == f(x + 0.1) else math.nan for x in xs]


# %% slope_of | the two cases exchanged
def slope_of(f, xs):
    h = 1e-4
    return [math.nan if f(x - h) == f(x + h) else 0.0 for x in xs]


# %% slope_of | letters: the run is h
across_jump = "9/h"

# %% slope_of | letters: the slope is believed to be 0
across_jump = "0"

# %% slope_of | letters: half the jump, without the run
across_jump = "9/2"


# %% staircase | x equal to w counts as 1
def accuracy(w, X, y):
    return float(np.mean((X >= w) == (y == 1)))


# %% staircase | the machine says 1 below the knob
def accuracy(w, X, y):
    return float(np.mean((X < w) == (y == 1)))


# %% staircase | counted, not the share
def accuracy(w, X, y):
    return float(np.sum((X > w) == (y == 1)))


# %% staircase | only the ones are counted
def accuracy(w, X, y):
    return float(np.mean((X > w) & (y == 1)))


# %% staircase | the share of wrong answers
def accuracy(w, X, y):
    return float(np.mean((X > w) != (y == 1)))


# %% staircase | the sum of the log-loss
def log_loss(w, X, y):
    t = X - w
    return float(np.sum(np.where(y == 1, np.logaddexp(0, -t), np.logaddexp(0, t))))


# %% staircase | the two labels exchanged
def log_loss(w, X, y):
    t = X - w
    return float(np.mean(np.where(y == 1, np.logaddexp(0, t), np.logaddexp(0, -t))))


# %% staircase | only the ones cost
def log_loss(w, X, y):
    t = X - w
    return float(np.mean(y * np.logaddexp(0, -t)))


# %% staircase | without the minus: the mean log of the probabilities
def log_loss(w, X, y):
    t = X - w
    return -float(np.mean(np.where(y == 1, np.logaddexp(0, -t), np.logaddexp(0, t))))


# %% staircase | overflow: log of a p that has become 0
def log_loss(w, X, y):
    p = 1 / (1 + np.exp(-(X - w)))
    return float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)))


# %% staircase | the panels are exchanged
def staircase(ws, X, y):
    figure, (left, right) = plt.subplots(1, 2)
    left.plot(ws, [log_loss(w, X, y) for w in ws], label="log-loss")
    right.plot(ws, [accuracy(w, X, y) for w in ws], label="accuracy")
    return [left, right]


# %% descend_on | uphill
def descend_on(loss, w0, lr, steps):
    path, w, h = [w0], w0, 1e-5
    for _ in range(steps):
        w = w + lr * (loss(w + h) - loss(w - h)) / (2 * h)
        path.append(w)
    return path


# %% descend_on | the run is h: steps twice as long
def descend_on(loss, w0, lr, steps):
    path, w, h = [w0], w0, 1e-5
    for _ in range(steps):
        w = w - lr * (loss(w + h) - loss(w - h)) / h
        path.append(w)
    return path


# %% descend_on | the start is missing in the path
def descend_on(loss, w0, lr, steps):
    path, w, h = [], w0, 1e-5
    for _ in range(steps):
        w = w - lr * (loss(w + h) - loss(w - h)) / (2 * h)
        path.append(w)
    return path


# %% descend_on | the slope at the start for all steps
def descend_on(loss, w0, lr, steps):
    h = 1e-5
    s = (loss(w0 + h) - loss(w0 - h)) / (2 * h)
    return [w0 - k * lr * s for k in range(steps + 1)]


# %% descend_on | only the last place
def descend_on(loss, w0, lr, steps):
    w, h = w0, 1e-5
    for _ in range(steps):
        w = w - lr * (loss(w + h) - loss(w - h)) / (2 * h)
    return w


# %% descend_on | stops on level ground
def descend_on(loss, w0, lr, steps):
    path, w, h = [w0], w0, 1e-5
    for _ in range(steps):
        s = (loss(w + h) - loss(w - h)) / (2 * h)
        if s == 0:
            break
        w = w - lr * s
        path.append(w)
    return path


# %% descend_on | a larger rate is believed to move it
larger_lr = "a"

# %% descend_on | two slips: uphill, and a smaller h
larger_lr = "c"


def descend_on(loss, w0, lr, steps):
    path, w, h = [w0], w0, 1e-5
    for _ in range(steps):
        w += lr * (loss(w + h) - loss(w - h)) / (2 * h)
        path.append(w)
    return path


# %% soft_step | the k of the inside is forgotten in the slope
def soft_step(x, k):
    s = (1 + np.tanh(k * np.asarray(x) / 2)) / 2
    return s, s * (1 - s)


# %% soft_step | k without the half in tanh
def soft_step(x, k):
    s = (1 + np.tanh(k * np.asarray(x))) / 2
    return s, k * s * (1 - s)


# %% soft_step | overflows
def soft_step(x, k):
    s = 1 / (1 + np.exp(-k * np.asarray(x)))
    return s, k * s * (1 - s)


# %% soft_step | the slope: k^2
def soft_step(x, k):
    s = (1 + np.tanh(k * np.asarray(x) / 2)) / 2
    return s, k * k * s * (1 - s)


# %% soft_step | the value alone
def soft_step(x, k):
    return (1 + np.tanh(k * np.asarray(x) / 2)) / 2


# %% soft_step | letters: without k
steepest = "1/4"

# %% soft_step | letters: k, not a quarter of it
steepest = "k"

# %% soft_step | letters: k/2
steepest = "k/2"

# %% soft_step | letters: ln 0.9 in place of ln 9
nearly_on = "ln(0.9)/k"

# %% soft_step | letters: times k
nearly_on = "k*ln(9)"

# %% soft_step | letters: minus
nearly_on = "-ln(9)/k"


# %% noisy_step | a new draw for each of the two results
def noisy_step(x, s, n, rng):
    m = np.mean(x + s * rng.standard_normal(n) > 0)
    e = np.std(x + s * rng.standard_normal(n) > 0) / np.sqrt(n)
    return float(m), float(e)


# %% noisy_step | the error is not divided by the root of n
def noisy_step(x, s, n, rng):
    steps = (x + s * rng.standard_normal(n) > 0) * 1.0
    return float(steps.mean()), float(steps.std())


# %% noisy_step | divided by n
def noisy_step(x, s, n, rng):
    steps = (x + s * rng.standard_normal(n) > 0) * 1.0
    return float(steps.mean()), float(steps.std() / n)


# %% noisy_step | noise of width 1 whatever s
def noisy_step(x, s, n, rng):
    steps = (x + rng.standard_normal(n) > 0) * 1.0
    return float(steps.mean()), float(steps.std() / np.sqrt(n))


# %% noisy_step | the step of the mean, not the mean of the steps
def noisy_step(x, s, n, rng):
    z = x + s * rng.standard_normal(n)
    return float(z.mean() > 0), float(z.std() / np.sqrt(n))


# %% noisy_step | the noise shakes the output
def noisy_step(x, s, n, rng):
    steps = float(x > 0) + s * rng.standard_normal(n)
    return float(steps.mean()), float(steps.std() / np.sqrt(n))


# %% noisy_step | different noise on the two sides
def sampled_slope(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    up, _ = noisy_step(x + h, s, n, rng)
    down, _ = noisy_step(x - h, s, n, rng)
    return (up - down) / (2 * h)


# %% noisy_step | the run is h
def sampled_slope(x, s, n, seed, h):
    up, _ = noisy_step(x + h, s, n, np.random.default_rng(seed))
    down, _ = noisy_step(x - h, s, n, np.random.default_rng(seed))
    return (up - down) / h


# %% noisy_step | letters: the bell of width 1
d_noisy = "e^(-x^2/2)/sqrt(2pi)"

# %% noisy_step | letters: no square on s in the exponent
d_noisy = "e^(-x^2/(2s))/(s*sqrt(2pi))"

# %% noisy_step | letters: the height is not divided by s
d_noisy = "e^(-x^2/(2s^2))/sqrt(2pi)"

# %% noisy_step | letters: no minus in the exponent
d_noisy = "e^(x^2/(2s^2))/(s*sqrt(2pi))"


# %% straight_through | the sign of 0 is 0
def ste_forward(x):
    return np.sign(x)


# %% straight_through | the step of 0 and 1
def ste_forward(x):
    return np.where(x >= 0, 1.0, 0.0)


# %% straight_through | the sign of 0 is -1
def ste_forward(x):
    return np.where(x > 0, 1.0, -1.0)


# %% straight_through | dout is clipped in place of x
def ste_back(dout, x, clip=1):
    return np.clip(dout, -clip, clip)


# %% straight_through | passes outside, blocks inside
def ste_back(dout, x, clip=1):
    return np.where(np.abs(x) > clip, dout, 0.0)


# %% straight_through | the ends do not pass
def ste_back(dout, x, clip=1):
    return np.where(np.abs(x) < clip, dout, 0.0)


# %% straight_through | one-sided: below the clip
def ste_back(dout, x, clip=1):
    return np.where(x <= clip, dout, 0.0)


# %% straight_through | everything passes
def ste_back(dout, x, clip=1):
    return np.array(dout)


# %% straight_through | the true gradient
def ste_back(dout, x, clip=1):
    return 0.0 * dout


# %% straight_through | multiplied by x
def ste_back(dout, x, clip=1):
    return np.where(np.abs(x) <= clip, dout * x, 0.0)


# %% train_sign | the sum in place of the mean
def sign_gradients(X, y, w):
    z = X @ w
    nudged = np.zeros(len(w))
    dout = 2 * (ste_forward(z) - y)
    return nudged, X.T @ ste_back(dout, z)


# %% train_sign | the pair is exchanged
def sign_gradients(X, y, w):
    z = X @ w
    dout = 2 * (ste_forward(z) - y) / len(y)
    return X.T @ ste_back(dout, z), np.zeros(len(w))


# %% train_sign | without the 2 of the square
def sign_gradients(X, y, w):
    z = X @ w
    dout = (ste_forward(z) - y) / len(y)
    return np.zeros(len(w)), X.T @ ste_back(dout, z)


# %% train_sign | target minus output
def sign_gradients(X, y, w):
    z = X @ w
    dout = 2 * (y - ste_forward(z)) / len(y)
    return np.zeros(len(w)), X.T @ ste_back(dout, z)


# %% train_sign | the clip is forgotten
def sign_gradients(X, y, w):
    z = X @ w
    dout = 2 * (ste_forward(z) - y) / len(y)
    return np.zeros(len(w)), X.T @ dout


# %% train_sign | along the nudged gradient: nothing moves
def train_sign(X, y, w, lr, steps):
    w = np.array(w, dtype=float)
    for _ in range(steps):
        nudged, through = sign_gradients(X, y, w)
        w = w - lr * nudged
    return w


# %% train_sign | uphill
def train_sign(X, y, w, lr, steps):
    w = np.array(w, dtype=float)
    for _ in range(steps):
        nudged, through = sign_gradients(X, y, w)
        w = w + lr * through
    return w


# %% train_sign | the weights of the caller are changed
def train_sign(X, y, w, lr, steps):
    for _ in range(steps):
        nudged, through = sign_gradients(X, y, w)
        w -= lr * through
    return w


# %% train_sign | mend until green
verdict = "a"


# %% idle_units | idle on some row
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            out.append((z <= 0).any(axis=0))
            a = np.maximum(z, 0)
        else:
            a = np.tanh(z)
            out.append((1 - a**2 < tol).any(axis=0))
    return out


# %% idle_units | along the rows: which examples, not which neurons
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            out.append((z <= 0).all(axis=1))
            a = np.maximum(z, 0)
        else:
            a = np.tanh(z)
            out.append((1 - a**2 < tol).all(axis=1))
    return out


# %% idle_units | the last layer counts
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params:
        z = a @ W + b
        if act == "relu":
            out.append((z <= 0).all(axis=0))
            a = np.maximum(z, 0)
        else:
            a = np.tanh(z)
            out.append((1 - a**2 < tol).all(axis=0))
    return out


# %% idle_units | the second layer gets the input of the activation
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        a = a @ W + b
        if act == "relu":
            out.append((a <= 0).all(axis=0))
        else:
            out.append((1 - np.tanh(a) ** 2 < tol).all(axis=0))
    return out


# %% idle_units | relu at 0 counts as on
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            out.append((z < 0).all(axis=0))
            a = np.maximum(z, 0)
        else:
            a = np.tanh(z)
            out.append((1 - a**2 < tol).all(axis=0))
    return out


# %% idle_units | tanh: the output is compared with tol
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            out.append((z <= 0).all(axis=0))
            a = np.maximum(z, 0)
        else:
            a = np.tanh(z)
            out.append((np.abs(a) < tol).all(axis=0))
    return out


# %% idle_units | which neurons are alive
def idle_units(params, X, tol, act):
    out, a = [], X
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            out.append((z > 0).any(axis=0))
            a = np.maximum(z, 0)
        else:
            a = np.tanh(z)
            out.append((1 - a**2 >= tol).any(axis=0))
    return out
