"""Wrong answers, one misunderstanding each, written from the task texts alone (the tenth set)."""

# ---------------------------------------------------------------- w6
# %% margin | b belongs to the vector as well: divides by the length of (w, b) instead of that of w
def margin(w, b, X, y):
    w = np.asarray(w, dtype=float)
    if not np.any(w):
        raise ValueError("no line")
    length = np.sqrt(np.sum(w**2) + b**2)
    return y * (X @ w + b) / length


my_margin = "-({w1}*{x1} + {w2}*{x2} + ({b}))/sqrt({w1}^2 + {w2}^2 + ({b})^2)".format(
    w1=my_line["w"][0], w2=my_line["w"][1], b=my_line["b"], x1=my_line["point"][0], x2=my_line["point"][1]
)

# %% hinge | only points on the wrong side push: a point that is right but on the street adds nothing to the slopes
slope_on_street = "-y*x"
slope_beyond = "0"


def hinge(w, b, X, y, C):
    m = y * (X @ w + b)
    loss = 0.5 * w @ w + C * np.maximum(0, 1 - m).sum()
    wrong = m < 0
    dw = w - C * (y[wrong][:, None] * X[wrong]).sum(axis=0)
    db = -C * y[wrong].sum()
    return float(loss), dw, float(db)

# %% hinge | takes the slope on the street with respect to x instead of w: -y*w
slope_on_street = "-y*w"
slope_beyond = "0"


def hinge(w, b, X, y, C):
    lack = np.maximum(0, 1 - y * (X @ w + b))
    on = (lack > 0).astype(float)
    loss = w @ w / 2 + C * lack.sum()
    dw = w - C * (on * y) @ X
    db = -C * (on * y).sum()
    return float(loss), dw, float(db)

# %% lift | takes the root of the whole middle term: sqrt(2*x1*x2) (nan where the two have different signs)
middle_term = "2*x1*x2*y1*y2"


def lift(X):
    x1, x2 = X[:, 0], X[:, 1]
    return np.column_stack([x1**2, np.sqrt(2 * x1 * x2), x2**2])


def circle_plane(r):
    return np.array([1.0, 0.0, 1.0]), -(r**2)

# %% rbf_kernel | makes the table with the type of X, so whole-number points cut all likenesses down to 0 or 1
def rbf_kernel(X, Y, gamma):
    K = np.zeros((len(X), len(Y)), dtype=X.dtype)
    for i, a in enumerate(X):
        for j, b in enumerate(Y):
            K[i, j] = np.exp(-gamma * np.sum((a - b) ** 2))
    return K


gamma_of_width = "1/(2*s**2)"

# %% decision | makes a weighted average of the labels of it: divides by the sum of the bumps
def decision(alpha, y, X, gamma, Xnew):
    bumps = alpha * rbf_kernel(Xnew, X, gamma)
    return (bumps * y).sum(axis=1) / bumps.sum(axis=1)


half_way = f"sqrt(ln(2)/{my_gamma})"
spikes = "c"

# %% bump_plot | fills the table of values the wrong way round (first index for the horizontal place): the border is mirrored
def bump_plot(alpha, y, X, gamma):
    _, ax = plt.subplots()
    low, high = X.min() - 0.5, X.max() + 0.5
    side = np.linspace(low, high, 80)
    values = np.zeros((80, 80))
    for i, u in enumerate(side):
        row = np.column_stack([np.full(80, u), side])
        values[i] = decision(alpha, y, X, gamma, row)
    ax.contour(side, side, values, levels=[0])
    ax.scatter(X[:, 0], X[:, 1], c=y)
    holds = alpha > 0
    ax.scatter(X[holds, 0], X[holds, 1], s=80, facecolors="none", edgecolors="black", label="support vectors")
    ax.legend()
    return ax

# %% fit_dual | clips once, after all the steps, and not in each of them
d_alpha1 = "1 - a1 - a2*y1*y2*k"
two_alike = "1/(1 + k)"


def fit_dual(K, y, C, steps):
    Q = np.outer(y, y) * K
    step = 1 / np.linalg.eigvalsh(Q)[-1]
    alpha = np.zeros(len(y))
    for _ in range(steps):
        alpha = alpha + step * (1 - Q @ alpha)
    return np.clip(alpha, 0, C)

# %% fit_dual | keeps the 1/2 with the cross term: forgets that the double sum holds each pair twice
d_alpha1 = "1 - a1 - 1/2*a2*y1*y2*k"
two_alike = "1/(1 + k)"


def fit_dual(K, y, C, steps):
    Q = y[:, None] * y[None, :] * K
    lr = 1.0 / np.linalg.eigvalsh(Q).max()
    a = np.zeros(len(y))
    for _ in range(steps):
        a = np.clip(a + lr * (1 - Q @ a), 0, C)
    return a

# %% taylor_rbf | divides by k instead of k!, since each term is made anew from the power
feature_two = "sqrt(2)*g*x^2*exp(-g*x^2)"


def taylor_rbf(x, y, gamma, order):
    t = 2 * gamma * x[:, None] * y[None, :]
    power, total = np.ones_like(t), np.ones_like(t)
    for k in range(1, order + 1):
        power = power * t
        total = total + power / k
    return np.exp(-gamma * (x[:, None] ** 2 + y[None, :] ** 2)) * total

# ---------------------------------------------------------------- w5
# %% one_draw | each of the n draws gets a separate generator (seed, seed + 1, ...), instead of one for all of them
def draw_slope(draw, p, seed, h):
    right = draw(p + h, np.random.default_rng(seed))
    left = draw(p - h, np.random.default_rng(seed))
    return (right - left) / (2 * h)


def mean_slope(draw, p, n, seed, h):
    return sum(draw_slope(draw, p, seed + i, h) for i in range(n)) / n


dual_says = "b"

# %% reparam | halves outside of the exponential: the width is e^logvar / 2
def reparam(mu, logvar, eps):
    return mu + np.exp(logvar) / 2 * eps


def reparam_back(mu, logvar, eps, dz):
    return dz.copy(), dz * np.exp(logvar) / 2 * eps


dz_dl = "exp(l)/2*n"

# %% two_estimators | takes the mean of f away first (a baseline, as in reinforcement learning), so the mean is another
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = f(z)
    g = (values - values.mean()) * (z - mu)
    return float(g.mean()), float(np.std(g) / np.sqrt(n))


def path_grad(df, mu, n, rng):
    g = df(mu + rng.standard_normal(n))
    return float(g.mean()), float(np.std(g) / np.sqrt(n))


d_log = "(z - mu)/s^2"
d_mean = f"2*{my_f['a']}*mu + {my_f['b']}"

# %% two_estimators | keeps the 1 of mu^2 + 1 in the slope: 2*mu + 1
def score_grad(f, mu, n, rng):
    z = rng.standard_normal(n) + mu
    g = f(z) * (z - mu)
    return float(g.mean()), float(g.std() / n**0.5)


def path_grad(df, mu, n, rng):
    g = df(rng.standard_normal(n) + mu)
    return float(g.mean()), float(g.std() / n**0.5)


d_log = "(z - mu)/s^2"
d_mean = f"{my_f['a']}*(2*mu + 1) + {my_f['b']}"

# %% gumbel_max | argmax without an axis: counts through the whole table and gives one number for n throws
def gumbel(rng, shape):
    u = rng.random(shape)
    u = np.maximum(u, 1e-300)
    return -np.log(-np.log(u))


def gumbel_max(logits, g):
    return np.argmax(np.asarray(logits) + g)

# %% gumbel_softmax | sharpens the softmax by the power 1/tau, and the rows do not add up to 1 any more
def gumbel_softmax(logits, tau, g):
    z = logits + g
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p ** (1 / tau)

# %% gumbel_softmax_back | divides the weighted sum by the number of sides as well, since it is called a mean
own_slope = "yi*(1-yi)/tau"
other_slope = "-yi*yj/tau"


def gumbel_softmax_back(y, tau, dy):
    weighted_mean = np.mean(y * dy, axis=1, keepdims=True)
    return y * (dy - weighted_mean) / tau

# %% train_choice | draws the noise once, before the loop, so each step sees the same throws
def train_choice(rewards, lr, steps, tau, rng):
    k = len(rewards)
    logits = np.zeros(k)
    g = gumbel(rng, (64, k))
    history = []
    for _ in range(steps):
        y = gumbel_softmax(np.tile(logits, (64, 1)), tau, g)
        history.append(float((y @ rewards).mean()))
        grad = gumbel_softmax_back(y, tau, np.tile(rewards, (64, 1)))
        logits = logits + lr * grad.mean(axis=0)
    return logits, history


tau_tiny = "b"

# %% train_choice | passes on the rewards weighted by y, which are in the mean reward already, instead of the rewards
def train_choice(rewards, lr, steps, tau, rng):
    rewards = np.asarray(rewards, dtype=float)
    logits, history = np.zeros(len(rewards)), []
    for _ in range(steps):
        noise = gumbel(rng, (64, len(rewards)))
        y = gumbel_softmax(logits + np.zeros((64, 1)), tau, noise)
        history.append(float(np.mean(y @ rewards)))
        dy = y * rewards
        logits = logits + lr * gumbel_softmax_back(y, tau, dy).mean(axis=0)
    return logits, history


tau_tiny = "b"

# ---------------------------------------------------------------- w4
# %% outer_products | the list holds the sums so far (rank 1, rank 2, ...), not the single tables
def outer_products(B, A):
    tables, so_far = [], np.zeros((B.shape[0], A.shape[1]))
    for i in range(B.shape[1]):
        so_far = so_far + np.outer(B[:, i], A[i])
        tables.append(so_far)
    return tables


def count(dout, din, r):
    return dout * din, r * (dout + din)


break_even = "dout*din/(dout + din)"
my_largest_rank = -(-my_layer["dout"] * my_layer["din"] // (my_layer["dout"] + my_layer["din"])) - 1

# %% lora_forward | divides alpha by the root of the rank, as a later paper does
def lora_forward(X, W, A, B, alpha):
    scale = alpha / np.sqrt(len(A))
    return X @ W.T + scale * ((X @ A.T) @ B.T)

# %% lora_backward | scales dY by alpha/r first, and then multiplies dA by it once more
slope_a = "g*s*b*x"
slope_b = "g*s*a*x"


def lora_backward(X, W, A, B, alpha, dY):
    s = alpha / A.shape[0]
    dY = s * dY
    dB = dY.T @ (X @ A.T)
    dA = s * (dY @ B).T @ X
    return dA, dB


both_zero = "a"

# %% train_lora | moves B first and computes the slope of A with the new B
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    dout, din = W.shape
    A = rng.normal(size=(r, din)) / np.sqrt(din)
    B = np.zeros((dout, r))
    losses = []
    for _ in range(steps):
        out = lora_forward(X, W, A, B, alpha)
        losses.append(float(np.mean((out - Y) ** 2)))
        dY = 2 * (out - Y) / Y.size
        B = B - lr * lora_backward(X, W, A, B, alpha, dY)[1]
        A = A - lr * lora_backward(X, W, A, B, alpha, dY)[0]
    losses.append(float(np.mean((lora_forward(X, W, A, B, alpha) - Y) ** 2)))
    return A, B, losses


alpha_doubled = "c"

# %% train_lora | averages the slopes over the rows only, the loss over all entries
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    n, din = X.shape
    dout = Y.shape[1]
    A, B = rng.normal(size=(r, din)) / np.sqrt(din), np.zeros((dout, r))
    losses = []
    for step in range(steps + 1):
        error = lora_forward(X, W, A, B, alpha) - Y
        losses.append(float((error**2).mean()))
        if step == steps:
            break
        dA, dB = lora_backward(X, W, A, B, alpha, 2 * error / n)
        A, B = A - lr * dA, B - lr * dB
    return A, B, losses


alpha_doubled = "c"

# %% merge | takes the correction off without its scale
def merge(W, A, B, alpha):
    r = A.shape[0]
    return W + (alpha / r) * B @ A


def unmerge(W2, A, B, alpha):
    return W2 - B @ A

# %% best_rank | puts the sizes into both B and A, so the product has them squared
def best_rank(D, r):
    U, values, V = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] * values[:r], values[:r, None] * V[:r]


def tail(D):
    squares = np.linalg.svd(D, compute_uv=False) ** 2
    return np.array([squares[r:].sum() for r in range(len(squares) + 1)])


def rank_plot(D):
    _, ax = plt.subplots()
    rest = tail(D)
    ax.plot(range(len(rest)), rest, label="left over")
    return ax


my_rest = sum(v**2 for v in my_values["values"][my_values["r"]:])

# %% best_rank | adds the remaining singular values first and squares the sum (as if there were cross terms)
def best_rank(D, r):
    U, s, V = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] @ np.diag(s[:r]), V[:r, :]


def tail(D):
    s = np.linalg.svd(D, compute_uv=False)
    return [float(np.sum(s[r:]) ** 2) for r in range(len(s) + 1)]


def rank_plot(D):
    fig, ax = plt.subplots()
    left = tail(D)
    ax.plot(list(range(len(left))), left, "o-", label="left over")
    ax.set_xlabel("rank")
    return ax


my_rest = sum(my_values["values"][my_values["r"]:]) ** 2

# ---------------------------------------------------------------- w3
# %% slope_of | looks only to the right: a jump whose value belongs to the right side (floor at a whole number) is missed
def slope_of(f, xs):
    out = []
    for x in xs:
        out.append(0 if f(x + 1e-6) == f(x) else math.nan)
    return out


across_jump = f"{height}/(2*h)"

# %% staircase | draws over the number of the setting (0, 1, 2, ...) instead of the ws
def accuracy(w, X, y):
    return float(((X > w).astype(int) == y).mean())


def log_loss(w, X, y):
    return float(np.mean(y * np.logaddexp(0, w - X) + (1 - y) * np.logaddexp(0, X - w)))


def staircase(ws, X, y):
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
    left.plot([accuracy(w, X, y) for w in ws], label="accuracy")
    right.plot([log_loss(w, X, y) for w in ws], label="log-loss")
    return [left, right]

# %% soft_step | solves e^(-kx) = 0.1 for the place where the step reaches 0.9, without the 1 + in the divisor
def soft_step(x, k):
    s = 0.5 * (1 + np.tanh(0.5 * k * np.asarray(x, dtype=float)))
    return s, k * s * (1 - s)


steepest = "k/4"
nearly_on = "ln(10)/k"

# %% noisy_step | one generator for both sides, so each side has other noise
def noisy_step(x, s, n, rng):
    eps = rng.standard_normal(n)
    steps = np.where(x + s * eps > 0, 1.0, 0.0)
    return float(np.mean(steps)), float(np.std(steps) / math.sqrt(n))


def sampled_slope(x, s, n, seed, h):
    rng = np.random.default_rng(seed)
    return (noisy_step(x + h, s, n, rng)[0] - noisy_step(x - h, s, n, rng)[0]) / (2 * h)


d_noisy = "exp(-x^2/(2*s^2))/(s*sqrt(2*pi))"

# %% straight_through | "within the clip" is applied to the gradient: dY itself is clipped
def ste_forward(x):
    return np.where(x >= 0, 1.0, -1.0)


def ste_back(dY, x, clip=1):
    return np.clip(dY, -clip, clip)

# %% train_sign | asks whether the output of the sign is within the clip, which it always is, instead of its input
def sign_gradients(X, y, w):
    def loss(v):
        return np.mean((ste_forward(X @ v) - y) ** 2)

    nudged = np.zeros(len(w))
    for i in range(len(w)):
        e = np.zeros(len(w))
        e[i] = 1e-5
        nudged[i] = (loss(w + e) - loss(w - e)) / 2e-5
    out = ste_forward(X @ w)
    through = X.T @ ste_back(2 * (out - y) / len(y), out)
    return nudged, through


def train_sign(X, y, w, lr, steps):
    for _ in range(steps):
        w = w - lr * sign_gradients(X, y, w)[1]
    return w


verdict = "c"

# %% train_sign | descends along the measured gradient, the first of the pair, which is all zeros
def sign_gradients(X, y, w):
    h = 1e-5
    nudged = []
    for e in np.eye(len(w)):
        up = np.mean((ste_forward(X @ (w + h * e)) - y) ** 2)
        down = np.mean((ste_forward(X @ (w - h * e)) - y) ** 2)
        nudged.append((up - down) / (2 * h))
    z = X @ w
    dz = ste_back(2 * (ste_forward(z) - y) / len(y), z)
    return np.array(nudged), dz @ X


def train_sign(X, y, w, lr, steps):
    w = np.array(w, dtype=float)
    for _ in range(steps):
        gradient, _ = sign_gradients(X, y, w)
        w = w - lr * gradient
    return w


verdict = "c"

# %% idle_units | hands the weighted sums on to the next layer, before the activation
def idle_units(params, X, tol, act):
    found = []
    a = X
    for W, b in params[:-1]:
        a = a @ W + b
        flat = a <= 0 if act == "relu" else 1 - np.tanh(a) ** 2 < tol
        found.append(flat.all(axis=0))
    return found

# %% idle_units | compares the output with 1 - tol, and not the slope with tol
def idle_units(params, X, tol, act):
    idle, a = [], np.asarray(X, dtype=float)
    for W, b in params[:-1]:
        z = a @ W + b
        if act == "relu":
            a = np.maximum(z, 0)
            idle.append(np.all(z <= 0, axis=0))
        else:
            a = np.tanh(z)
            idle.append(np.all(np.abs(a) > 1 - tol, axis=0))
    return idle

# ---------------------------------------------------------------- w2
# %% kl | an impossible outcome is left out of the sum, whether p or q is 0 there, so nothing is ever infinite
import math


def _distribution(d):
    if abs(sum(d) - 1) > 1e-6 or min(d) < 0:
        raise ValueError("must add up to 1")


def entropy(p):
    return cross_entropy(p, p)


def cross_entropy(p, q):
    _distribution(p)
    _distribution(q)
    return float(sum(-pi * math.log(qi) for pi, qi in zip(p, q) if pi > 0 and qi > 0))


def kl(p, q):
    _distribution(p)
    _distribution(q)
    return float(sum(pi * math.log(pi / qi) for pi, qi in zip(p, q) if pi > 0 and qi > 0))

# %% kl | asks that the sum be exactly 1, so ten times 0.1 is refused
def entropy(p):
    if np.sum(p) != 1 or np.min(p) < 0:
        raise ValueError
    p = p[p > 0]
    return -float(p @ np.log(p))


def cross_entropy(p, q):
    if np.sum(p) != 1 or np.sum(q) != 1 or np.min(p) < 0 or np.min(q) < 0:
        raise ValueError
    here = p > 0
    if np.any(q[here] == 0):
        return np.inf
    return -float(p[here] @ np.log(q[here]))


def kl(p, q):
    extra = cross_entropy(p, q) - entropy(p)
    return float(extra)

# %% two_directions | to reverse, swaps the weights in front only; the ratio inside ln stays
p1, p2 = my_pair["p"].strip("()").split(", ")
q1, q2 = my_pair["q"].strip("()").split(", ")
u1, u2, _ = my_pair["u"].strip("()").split(", ")
v1, v2, _ = my_pair["v"].strip("()").split(", ")
my_forward = f"{p1}*ln(({p1})/({q1})) + {p2}*ln(({p2})/({q2}))"
my_reverse = f"{q1}*ln(({p1})/({q1})) + {q2}*ln(({p2})/({q2}))"
infinite_way = "b"
my_finite = f"{u1}*ln(({u1})/({v1})) + {u2}*ln(({u2})/({v2}))"

# %% kl_gauss | the squared distance from the other middle has both widths in it: s1^2 + s2^2 + (m1 - m2)^2
kl_bells = "ln(s2/s1) - 1/2 + (s1^2 + s2^2 + (m1 - m2)^2)/(2*s2^2)"
d_m2 = "-(m1 - m2)/s2^2"


def kl_gauss(m1, s1, m2, s2):
    k = np.log(s2 / s1) - 1 / 2 + (s1**2 + s2**2 + (m1 - m2) ** 2) / (2 * s2**2)
    return k if isinstance(k, np.ndarray) else float(k)


to_standard = "-l/2 - 1/2 + (exp(l) + 1 + m^2)/2"

# %% one_bell | goes downhill from one start, the mean of the guests, and stays in the hollow in the middle
def fit(direction, x, p):
    dx = x[1] - x[0]
    mu = float(np.sum(p * x) * dx)
    sigma = float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))
    if direction == "forward":
        return mu, sigma
    if direction != "reverse":
        raise ValueError("forward or reverse")

    def reverse_kl(m, s):
        logq = -((x - m) ** 2) / (2 * s * s) - np.log(s * np.sqrt(2 * np.pi))
        return np.sum(np.exp(logq) * (logq - np.log(p))) * dx

    sigma = min(sigma, (x[-1] - x[0]) / 4)
    step = 0.2
    here = reverse_kl(mu, sigma)
    while step > 1e-4:
        moved = False
        for m, s in [(mu + step, sigma), (mu - step, sigma), (mu, sigma + step), (mu, sigma - step)]:
            if x[0] <= m <= x[-1] and 2 * dx <= s <= (x[-1] - x[0]) / 4 and reverse_kl(m, s) < here:
                mu, sigma, here, moved = m, s, reverse_kl(m, s), True
        if not moved:
            step /= 2
    return float(mu), float(sigma)


def overlay(x, p):
    fig, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for name in ["forward", "reverse"]:
        m, s = fit(name, x, p)
        ax.plot(x, np.exp(-((x - m) ** 2) / (2 * s * s)) / (s * np.sqrt(2 * np.pi)), label=name)
    return ax


cover = "sqrt(s^2 + d^2)"
price = "ln(n)"

# %% one_bell | widths add up: the forward bell of two hills reaches d to the middle and s beyond it, so its width is d + s
def gauss(x, m, s):
    return np.exp(-0.5 * ((x - m) / s) ** 2) / (s * np.sqrt(2 * np.pi))


def fit(direction, x, p):
    dx = x[1] - x[0]
    if direction == "forward":
        mu = np.sum(x * p) * dx
        return float(mu), float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))
    if direction == "reverse":
        logp = np.log(p)

        def cost(m, s):
            logq = -0.5 * ((x - m) / s) ** 2 - np.log(s * np.sqrt(2 * np.pi))
            return np.sum(np.exp(logq) * (logq - logp)) * dx

        s_min, s_max = 2 * dx, (x[-1] - x[0]) / 4
        best = (np.inf, 0, 0)
        for m in x:
            for s in np.linspace(s_min, s_max, 40):
                best = min(best, (cost(m, s), m, s))
        size_m, size_s = dx, (s_max - s_min) / 39
        for _ in range(10):
            _, m0, s0 = best
            for m in np.linspace(m0 - size_m, m0 + size_m, 7):
                for s in np.linspace(s0 - size_s, s0 + size_s, 7):
                    if x[0] <= m <= x[-1] and s_min <= s <= s_max:
                        best = min(best, (cost(m, s), m, s))
            size_m, size_s = size_m / 2, size_s / 2
        return float(best[1]), float(best[2])
    raise ValueError("unknown direction")


def overlay(x, p):
    fig, ax = plt.subplots()
    ax.plot(x, p, label="p")
    ax.plot(x, gauss(x, *fit("forward", x, p)), label="forward")
    ax.plot(x, gauss(x, *fit("reverse", x, p)), label="reverse")
    ax.legend()
    return ax


cover = "d + s"
price = "ln(n)"

# %% kl_slopes | a logit moves its own probability only: q(1 - q) times what the product rule gives
forward_slope = "q - p"
reverse_slope = "q*(1 - q)*(ln(q/p) + 1)"


def _log_softmax(z):
    z = np.asarray(z, dtype=float)
    shifted = z - z.max()
    return shifted - np.log(np.exp(shifted).sum())


def dforward(logits, p):
    return np.exp(_log_softmax(logits)) - p


def dreverse(logits, p):
    if np.any(p == 0):
        raise ValueError("infinite")
    logq = _log_softmax(logits)
    q = np.exp(logq)
    return q * (1 - q) * (logq - np.log(p) + 1)

# %% kl_slopes | the K in the reverse slope is computed as the forward KL, weighted by p
forward_slope = "q - p"
reverse_slope = "q*(ln(q/p) - K)"


def dforward(logits, p):
    z = logits - np.max(logits)
    e = np.exp(z)
    return e / e.sum() - p


def dreverse(logits, p):
    if (p <= 0).any():
        raise ValueError("p must be above 0")
    z = logits - np.max(logits)
    logq = z - np.log(np.sum(np.exp(z)))
    q = np.exp(logq)
    K = np.sum(p * (np.log(p) - logq))
    return q * (logq - np.log(p) - K)

# %% kl_estimate | weighs each sample by its probability once more, although the samples come from p already
def kl_estimate(samples, logp, logq):
    lp, lq = logp(samples), logq(samples)
    values = np.exp(lp) * (lp - lq)
    return float(values.mean()), float(values.std() / np.sqrt(len(samples)))


to_estimate = "a"
only_data = "b"

# ---------------------------------------------------------------- w1
# %% gaussian_nll | the logarithm of a root is the root of the logarithm: ln(sqrt(2 pi)) = sqrt(ln(2 pi))
nll_of_one = "ln(sigma) + sqrt(ln(2*pi)) + (y - mu)^2/(2*sigma^2)"


def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("width")
    return float(np.sum(np.log(sigma) + np.sqrt(np.log(2 * np.pi)) + (y - mu) ** 2 / (2 * sigma**2)))

# %% valley_plot | writes /2*sigma**2 for division by 2 sigma^2
def valley_plot(y, mus, sigma):
    _, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, m, sigma) for m in mus], label="nll")
    ax.plot(mus, [np.sum((y - m) ** 2) / 2 * sigma**2 for m in mus], label="squared error")
    ax.legend()
    return ax


gap = "n*(ln(sigma) + ln(2*pi)/2)"

# %% fit_line | moves a first, and b with the line that has the new a
def fit_line(x, y, lr, steps, sigma):
    a, b = 0.0, 0.0
    for _ in range(steps):
        a = a - lr * np.mean(-(y - (a * x + b)) * x) / sigma**2
        b = b - lr * np.mean(-(y - (a * x + b))) / sigma**2
    return float(a), float(b)


with_twice_sigma = "c"

# %% best_location | everything that is not "gauss" is taken for Laplace
laplace_nll = "abs(y - m)/b + ln(2) + ln(b)"
label_nll = "-(y*ln(p) + (1-y)*ln(1-p))"


def best_location(y, noise):
    if noise == "gauss":
        return float(np.mean(y))
    else:
        return float(np.median(y))

# %% hetero_nll | e to a power is its own slope: the inside -2s brings no factor
d_s = "1 + (y - mu)^2/2*exp(-2*s)"


def hetero_nll(y, mu, log_sigma):
    n = len(y)
    w = np.exp(-2 * log_sigma)
    miss = y - mu
    loss = np.mean(log_sigma + miss**2 / 2 * w)
    return float(loss), -miss * w / n, (1 + miss**2 / 2 * w) / n

# %% hetero_nll | weighs a miss by 1/sigma instead of 1/sigma^2
d_s = "1 - (y - mu)^2*exp(-2s)"


def hetero_nll(y, mu, log_sigma):
    sigma = np.exp(log_sigma)
    loss = float((log_sigma + (y - mu) ** 2 / (2 * sigma)).mean())
    dmu = -(y - mu) / sigma / len(y)
    dlog_sigma = (1 - (y - mu) ** 2 / (2 * sigma)) / len(y)
    return loss, dmu, dlog_sigma

# ---------------------------------------------------------------- u5
# %% mse | compares how many numbers there are and not the shapes, so (n, 1) and (n,) pass
slope_of_entry = "2*(p - y)/(n*k)"


def mse(P, Y):
    if P.size != Y.size:
        raise ValueError("different sizes")
    return float(np.mean((P - Y) ** 2))


def dmse(P, Y):
    if P.size != Y.size:
        raise ValueError("different sizes")
    return 2 * (P - Y) / P.size

# %% init_params | counts a bias for each input number as well
after_zeros = "a"
why_zeros = "c"


def init_params(sizes, rng):
    return [(rng.normal(size=(a, b)) / np.sqrt(a), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]


my_count = sum(a * b for a, b in zip(my_sizes, my_sizes[1:])) + sum(my_sizes)

# %% forward | puts tanh in front of each layer, the first one too: the inputs are squeezed
def forward(params, X):
    came_in = []
    out = X
    for W, b in params:
        a = np.tanh(out)
        came_in.append(a)
        out = a @ W + b
    return out, came_in

# %% backward | takes the slope of tanh from its input, but holds its output: 1 - tanh(a)^2
def forward(params, X):
    cache = [X]
    for W, b in params[:-1]:
        cache.append(np.tanh(cache[-1] @ W + b))
    W, b = params[-1]
    return cache[-1] @ W + b, cache


def backward(params, cache, dY):
    grads = []
    for i in range(len(params) - 1, -1, -1):
        W, b = params[i]
        a = cache[i]
        grads.insert(0, (a.T @ dY, dY.sum(axis=0)))
        if i > 0:
            dY = dY @ W.T * (1 - np.tanh(a) ** 2)
    return grads

# %% backward | sends the slopes through a tanh after the last layer, too, which is not there
def forward(params, X):
    outs = [X]
    for k, (W, b) in enumerate(params):
        z = outs[-1] @ W + b
        outs.append(np.tanh(z) if k < len(params) - 1 else z)
    return outs[-1], outs


def backward(params, cache, dY):
    result = []
    for k in reversed(range(len(params))):
        dZ = dY * (1 - cache[k + 1] ** 2)
        result.insert(0, (cache[k].T @ dZ, dZ.sum(axis=0)))
        dY = dZ @ params[k][0].T
    return result

# %% train | asks for the slopes at the start of the walk in every step, not at the place where it stands
def train(params, X, Y, lr, steps):
    losses = []
    new = [(W.copy(), b.copy()) for W, b in params]
    for _ in range(steps):
        losses.append(mse(forward(new, X)[0], Y))
        out, cache = forward(params, X)
        grads = backward(params, cache, dmse(out, Y))
        new = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(new, grads)]
    losses.append(mse(forward(new, X)[0], Y))
    return new, losses

# %% train | stops when the loss grows, to keep the best net
def train(params, X, Y, lr, steps):
    out, cache = forward(params, X)
    losses = [mse(out, Y)]
    for _ in range(steps):
        slopes = backward(params, cache, dmse(out, Y))
        tried = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes)]
        out, cache = forward(tried, X)
        loss = mse(out, Y)
        if loss > losses[-1]:
            break
        params = tried
        losses.append(loss)
    return params, losses

# %% moons | draws the line where the score is 0.5, because that is where p changes its mind
slope_of_log_loss = "p - y"


def fit(X, y, rng):
    target = y[:, None]
    params = init_params([2, 16, 1], rng)
    losses = []
    for step in range(1001):
        z, cache = forward(params, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(float(np.mean(-target * np.log(p) - (1 - target) * np.log(1 - p))))
        if step < 1000:
            grads = backward(params, cache, (p - target) / len(X))
            params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads)]
    return params, losses


def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    ax.scatter(X[:, 0], X[:, 1], c=y)
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    xx, yy = np.meshgrid(np.linspace(low[0], high[0], 101), np.linspace(low[1], high[1], 101))
    score = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0]
    ax.contour(xx, yy, score.reshape(xx.shape), levels=[0.5])
    return ax

# %% moons | writes down the squared error of the probabilities as the loss, and trains on the other one
slope_of_log_loss = "p - y"


def fit(X, y, rng):
    t = y[:, None].astype(float)
    net = init_params([2, 16, 1], rng)
    losses = []
    for k in range(1200):
        z, cache = forward(net, X)
        p = 1 / (1 + np.exp(-z))
        losses.append(mse(p, t))
        grads = backward(net, cache, (p - t) / len(t))
        net = [(W - dW, b - db) for (W, b), (dW, db) in zip(net, grads)]
    losses.append(mse(1 / (1 + np.exp(-forward(net, X)[0])), t))
    return net, losses


def boundary_plot(params, X, y):
    _, ax = plt.subplots()
    a = np.linspace(X.min() - 1, X.max() + 1, 150)
    xx, yy = np.meshgrid(a, a)
    scores = forward(params, np.column_stack([xx.ravel(), yy.ravel()]))[0].reshape(xx.shape)
    ax.contour(xx, yy, scores, levels=[0])
    ax.scatter(*X.T, c=y)
    return ax

# %% two_engines | makes new Values of the weights for each row, and reads the slopes of the last ones only
def value_grads(params, X, Y):
    total = Value(0.0)
    for x, y in zip(X, Y):
        net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
        a = [Value(float(v)) for v in x]
        for at, (W, b) in enumerate(net):
            sums = []
            for j, bias in enumerate(b):
                s = bias
                for i, v in enumerate(a):
                    s = s + v * W[i][j]
                sums.append(s)
            a = [s.tanh() for s in sums] if at + 1 < len(net) else sums
        for v, target in zip(a, y):
            total = total + (v - float(target)) ** 2
    total = total / (Y.shape[0] * Y.shape[1])
    total.backward()
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

# %% fit_digits | draws rows for X and for y separately, so images and digits do not belong together
def fit_digits(X, y, rng, steps):
    params = init_params([64, 64, 10], rng)
    losses = []
    for _ in range(steps):
        images = X[rng.integers(len(X), size=32)]
        labels = y[rng.integers(len(X), size=32)]
        scores, cache = forward(params, images)
        loss, dscores = ce(scores, labels)
        losses.append(float(loss))
        slopes = backward(params, cache, dscores)
        params = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(params, slopes)]
    return params, losses

# %% own_digit | reads the drawing column by column
my_drawing = """
..###...
.##.##..
.#...#..
.#...#..
.#...#..
.#...#..
.##.##..
..###...
"""
my_digit = 0


def as_numbers(drawing):
    ink = {"#": 1.0, "+": 0.5, ".": 0.0}
    lines = drawing.split()
    return np.array([ink[lines[row][column]] for column in range(8) for row in range(8)])

# ---------------------------------------------------------------- u4
# %% finite_differences | central means half a step to each side, and divides by h
def forward_diff(f, x, h):
    return (f(x + h) - f(x)) / h


def central_diff(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h


central_of_cube = "3*x^2 + h^2"

# %% error_curve | draws the relative error (divided by the slope) instead of the error
error_at_1e_17 = round(abs(bend_df(bend_x)), 2)


def error_curve(f, df, x, hs):
    _, ax = plt.subplots()
    true = df(x)
    for diff, name in [(forward_diff, "forward"), (central_diff, "central")]:
        errors = [max(abs((diff(f, x, h) - true) / true), 1e-17) for h in hs]
        ax.plot(hs, errors, label=name)
        best = int(np.argmin(errors))
        ax.plot([hs[best]], [errors[best]], "o", label=f"best {name}")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("h")
    ax.set_ylabel("error")
    ax.legend()
    return ax


left_side = "b"

# %% numerical_gradient | nudges X.ravel(), which is a copy if X is a transposed view: then nothing moves for f
def numerical_gradient(f, X, h=1e-5):
    if X.dtype.kind != "f":
        X = np.array(X, dtype=float)
    flat = X.ravel()
    grad = np.zeros(X.size)
    for i in range(X.size):
        old = flat[i]
        try:
            flat[i] = old + h
            up = np.asarray(f(X)).item()
            flat[i] = old - h
            down = np.asarray(f(X)).item()
        finally:
            flat[i] = old
        grad[i] = (up - down) / (2 * h)
    return grad.reshape(X.shape)

# %% relative_error | compares the lengths of the whole arrays (norm of a - b over the larger norm)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes differ")
    size = max(np.linalg.norm(a), np.linalg.norm(b))
    if size == 0:
        return 0.0
    return float(np.linalg.norm(a - b) / size)

# %% judge | the worst of all names goes to each name
def gradient_check(loss, grads, params):
    first, second = loss(), loss()
    if first != second:
        raise ValueError("loss is not the same twice")
    worst = 0.0
    for name in params:
        nudged = numerical_gradient(lambda _: loss(), params[name])
        worst = max(worst, relative_error(grads[name], nudged))
    return {name: worst for name in params}

# %% kinks | only inputs above 0 are safe, since relu does nothing below
kink_forward = 1
kink_central = (1 + offset) / 2
kink_true = 1


def safe(pre, step):
    return pre > step


at_a_kink = "c"

# %% random_directions | steps forward by h*v and back by h*v, so that the second call is at the start and not on the other side
slope_along = {
    "w0*w0*w1 + 3*w1": "2*w0*w1*v0 + (w0^2 + 3)*v1",
    "w0*w1*w1 - 2*w0": "(w1^2 - 2)*v0 + 2*w0*w1*v1",
    "2*w0*w0 - w0*w1*w1": "(4*w0 - w1^2)*v0 - 2*w0*w1*v1",
    "w0*w0*w0 + 2*w0*w1": "(3*w0^2 + 2*w1)*v0 + 2*w0*v1",
    "w1*w1*w1 - 3*w0*w1": "-3*w1*v0 + (3*w1^2 - 3*w0)*v1",
    "w0*w0*w1 - 4*w0": "(2*w0*w1 - 4)*v0 + w0^2*v1",
}[surface["L"]]


def directional_check(loss, grads, params, rng):
    h = 1e-5
    v = {name: rng.standard_normal(params[name].shape) for name in params}
    old = {name: params[name].copy() for name in params}
    for name in params:
        params[name][...] = old[name] + h * v[name]
    up = loss()
    for name in params:
        params[name][...] = params[name] - h * v[name]
    down = loss()
    for name in params:
        params[name][...] = old[name]
    expected = sum(float(np.sum(grads[name] * v[name])) for name in params)
    return relative_error((up - down) / (2 * h), expected)

# %% find_the_bug | an input that is used three times is hard enough (but an input has nothing to pass on)
def failing_graph():
    return [2.0], lambda x: x * x * x


class Value(Broken):
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for before, _ in node.edges:
                visit(before)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for before, slope in node.edges:
                before.grad += slope * node.grad

# %% find_the_bug | the last user wins: sets the gradient of an input instead of adding to it
def failing_graph():
    def build(a, b):
        s = a * b
        t = s.tanh()
        return t + s if variant("find_the_bug", WALKS) == "from_a_stack" else s + t

    return [0.5, 0.8], build


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
        for node in order[::-1]:
            for before, slope in node.edges:
                before.grad = slope * node.grad

# ---------------------------------------------------------------- u3
# %% grad_forward | makes the result with the type of x, so a list of whole numbers gives whole slopes
def grad_forward(f, x):
    x = np.asarray(x)
    g = np.zeros_like(x)
    for i in range(len(x)):
        y = f([Dual(v, 1 if j == i else 0) for j, v in enumerate(x)])
        g[i] = y.inf if isinstance(y, Dual) else 0
    return g


slope_in_x = f"2*{mine['a']}*x*y"
slope_in_y = f"{mine['a']}*x^2 + 2*{mine['b']}*y"

# %% local_grads | the slope in b of a/b is -1/b^2, whatever a is
def local_grads(op, inputs, output):
    if op in ("exp", "log", "tanh", "relu"):
        (a,) = inputs
        return {
            "exp": lambda: (output,),
            "log": lambda: (1 / a,),
            "tanh": lambda: (1 - output**2,),
            "relu": lambda: (1 if a > 0 else 0,),
        }[op]()
    a, b = inputs
    if op == "pow":
        return (b * a ** (b - 1),)
    if op == "/":
        return 1 / b, -1 / b**2
    if op == "*":
        return b, a
    return (1, 1) if op == "+" else (1, -1)

# %% by_hand | s hears only t, its first user; the arrow to u is forgotten
twice, once = sheet["twice"], sheet["once"]
hears_s = f"(u*{twice})"
answers = {
    "t": "u",
    "u": "t",
    "s": hears_s,
    twice: f"{hears_s}*{sheet['a']} + u*s",
    once: f"{hears_s} + t*{sheet['b']}",
}

# %% topological_order | goes by distance from the end, and turns the list around
def topological(node):
    found, seen = [node], {id(node)}
    for n in found:
        for before in n.inputs:
            if id(before) not in seen:
                seen.add(id(before))
                found.append(before)
    return found[::-1]

# %% value_engine | -v is a new Value of the negative number, which has forgotten where it came from
def as_value(x):
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    numbers = [value.data if isinstance(value, Value) else value for value in inputs]
    values = tuple(value for value in inputs if isinstance(value, Value))
    shown = " ".join([op, *(str(value) for value in inputs if not isinstance(value, Value))])
    return Value(output, values, shown, local_grads(op, numbers, output))


class Value:
    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data
        self.inputs = inputs
        self.op = op
        self.slopes = slopes
        self.grad = 0.0

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        return as_value(other) - self

    def __neg__(self):
        return Value(-self.data)

    def __mul__(self, other):
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        return as_value(other) / self

    def __pow__(self, n):
        return computed("pow", self.data**n, self, n)

    def exp(self):
        return computed("exp", math.exp(self.data), self)

    def log(self):
        return computed("log", math.log(self.data), self)

    def tanh(self):
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        return computed("relu", max(0.0, self.data), self)

    def backward(self):
        send_back(self)

    __radd__ = __add__
    __rmul__ = __mul__

# %% value_engine | relu hands the Value itself on if it is positive, and a plain 0 otherwise
def as_value(x):
    return x if isinstance(x, Value) else Value(x)


def computed(op, output, *inputs):
    numbers = [value.data if isinstance(value, Value) else value for value in inputs]
    values = tuple(value for value in inputs if isinstance(value, Value))
    shown = " ".join([op, *(str(value) for value in inputs if not isinstance(value, Value))])
    return Value(output, values, shown, local_grads(op, numbers, output))


class Value:
    def __init__(self, data, inputs=(), op="", slopes=()):
        self.data = data
        self.inputs = inputs
        self.op = op
        self.slopes = slopes
        self.grad = 0.0

    def __repr__(self):
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    def __add__(self, other):
        other = as_value(other)
        return computed("+", self.data + other.data, self, other)

    def __sub__(self, other):
        other = as_value(other)
        return computed("-", self.data - other.data, self, other)

    def __rsub__(self, other):
        other = as_value(other)
        return computed("-", other.data - self.data, other, self)

    def __neg__(self):
        return 0 - self

    def __mul__(self, other):
        other = as_value(other)
        return computed("*", self.data * other.data, self, other)

    def __truediv__(self, other):
        other = as_value(other)
        return computed("/", self.data / other.data, self, other)

    def __rtruediv__(self, other):
        other = as_value(other)
        return computed("/", other.data / self.data, other, self)

    def __pow__(self, n):
        return computed("pow", self.data**n, self, n)

    def exp(self):
        return computed("exp", math.exp(self.data), self)

    def log(self):
        return computed("log", math.log(self.data), self)

    def tanh(self):
        return computed("tanh", math.tanh(self.data), self)

    def relu(self):
        return self if self.data > 0 else Value(0.0)

    def backward(self):
        send_back(self)

    __radd__ = __add__
    __rmul__ = __mul__

# %% value_backward | puts inputs and slopes into a dict, so an input that goes in twice (b*b) is heard once
def send_back(output):
    output.grad = 1.0
    for node in reversed(topological(output)):
        heard = dict(zip(node.inputs, node.slopes))
        for before, slope in heard.items():
            before.grad += node.grad * slope

# %% neuron_layer | adds the bias with every input, inside the loop
def neuron(x, w, b):
    total = 0
    for xi, wi in zip(x, w):
        total += xi * wi + b
    return total


def layer(X, W, b):
    return np.asarray(X) @ np.asarray(W) + np.asarray(b)

# %% linear_backward | reads the row of W that has the same number as the row of X: x01 hears w00 and w01
dL_dW01 = "x00*d01 + x10*d11"
dL_dX01 = "w00*d00 + w01*d01"


def vjp_linear(X, W, b, dY):
    dX = dY @ W.T
    dW = X.T @ dY
    db = np.sum(dY, axis=0)
    return dX, dW, db

# %% softmax | gives the slopes of ln p, as in the papers, for those of p
same_logit = "1 - p"
other_logit = "-q"


def softmax(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)

# %% softmax_ce | the slope of -ln p is -1/p, and stops there: the softmax behind it is forgotten
slope_right = "-1/p"
slope_other = "0"


def ce(Z, y):
    n = len(Z)
    P = softmax(Z)
    right = P[np.arange(n), y]
    dZ = np.zeros(P.shape)
    dZ[np.arange(n), y] = -1 / right / n
    return float(np.mean(-np.log(right))), dZ

# %% softmax_ce | counts the classes from y itself, so a class that is missing has no column in the one-hot table
slope_right = "p - 1"
slope_other = "p"


def ce(Z, y):
    P = softmax(Z)
    truth = np.zeros(P.shape)
    for column, kind in enumerate(sorted(set(y.tolist()))):
        truth[y == kind, column] = 1
    loss = -np.sum(truth * np.log(P)) / len(y)
    return float(loss), (P - truth) / len(y)

# %% sturdy_topological | the note says "inputs done", but nodes that are done get appended again for every user
def sturdy_topological(node):
    order, opened = [], set()
    stack = [(node, False)]
    while stack:
        n, done = stack.pop()
        if done or id(n) in opened:
            order.append(n)
            continue
        opened.add(id(n))
        stack.append((n, True))
        for before in n.inputs:
            stack.append((before, False))
    return order

# %% sturdy_backward | clears the computed nodes afterwards, so that they start from 0 the next time
def sturdy_backward(output):
    order = sturdy_topological(output)
    output.grad = 1.0
    for node in reversed(order):
        for before, slope in zip(node.inputs, node.slopes):
            before.grad += node.grad * slope
    for node in order:
        if node.inputs:
            node.grad = 0.0

# %% sturdy_softmax | cuts the logits off at 500 on both sides, so 1000 and 999 become equal
def sturdy_softmax(Z):
    E = np.exp(np.clip(Z, -500, 500))
    return E / E.sum(axis=1, keepdims=True)


def sturdy_ce(Z, y):
    rows = np.arange(len(y))
    C = np.clip(Z, -500, 500)
    loss = np.mean(np.log(np.exp(C).sum(axis=1)) - C[rows, y])
    dZ = sturdy_softmax(Z)
    dZ[rows, y] -= 1
    return float(loss), dZ / len(y)

# %% softmax_jacobian | subtracts the row p from the diagonal table instead of the outer product
def softmax_jacobian(z):
    p = softmax(z[None])[0]
    return np.diag(p) - p

# ---------------------------------------------------------------- u2
# %% poly_derivative | writes 1/2*sqrt(x) and means 1 over 2 roots of x
d_square = "2*x"
d_cube = "3*x**2"
d_reciprocal = "-1/x**2"
d_root = "1/2*sqrt(x)"
my_derivative = "({}) + 2*({})*x + 3*({})*x**2".format(*my_polynomial["c"][1:])


def poly_derivative(c):
    slope = []
    for k, ck in enumerate(c):
        if k > 0:
            slope.append(k * ck)
    return slope or [0]

# %% product_rule | the constant beside the root stays in its slope: df/dx of sqrt(x) + c is 1/(2 sqrt(x)) + c
my_product = "{n}*x^({n}-1)*(sqrt(x) + {c}) + x^{n}*(1/(2*sqrt(x)) + {c})".format(**my_factors)


def dproduct(f, df, g, dg):
    return lambda x: df(x) * g(x) + f(x) * dg(x)

# %% quotient_rule | forgets the brackets when solving for dq: only q*dg is divided by g
dq_by_hand = "df - q*dg/g"
my_quotient = "{a} - ({a}*x + {b})/(x^2 + {c})*2*x/(x^2 + {c})".format(**my_fraction)


def dquotient(f, df, g, dg):
    def dq(x):
        q = f(x) / g(x)
        return df(x) - q * dg(x) / g(x)

    return dq

# %% exp_by_steps | each step adds x/n of the coin at the beginning, not of what is there
def grow(x, n):
    y = 1
    start = y
    for _ in range(n):
        y += start * (x / n)
    return y


d_power = f"{my_base}^x*ln({my_base})"
d_ln = "1/x"

# %% dual_functions | applies the function to both parts: exp(a + b*eps) = exp(a) + exp(b)*eps
def sqrt(x):
    if not isinstance(x, Dual):
        return math.sqrt(x)
    r = math.sqrt(x.real)
    return Dual(r, 1 / (2 * r) * x.inf)


def exp(x):
    if not isinstance(x, Dual):
        return math.exp(x)
    return Dual(math.exp(x.real), math.exp(x.inf))


def log(x):
    if not isinstance(x, Dual):
        return math.log(x)
    return Dual(math.log(x.real), x.inf / x.real)


def sin(x):
    if not isinstance(x, Dual):
        return math.sin(x)
    return Dual(math.sin(x.real), math.cos(x.real) * x.inf)


def cos(x):
    if not isinstance(x, Dual):
        return math.cos(x)
    return Dual(math.cos(x.real), -math.sin(x.real) * x.inf)

# %% chain_rule_1d | x is overwritten by f(x) first, and the slope is taken at what comes out
_in = f"{my_links['inner']}({my_links['k']}*x)"
_slope = {"exp": "exp({})", "sin": "cos({})", "cos": "-1*sin({})"}
d_cos_of_square = "-2*x*sin(x^2)"
d_bell = "-x*exp(-x^2/2)"
d_soft = "1/(1 + exp(-x))"
my_chain = f"{my_links['k']}*({_slope[my_links['outer']].format(_in)})*({_slope[my_links['inner']].format(str(my_links['k']) + '*x')})"


def chain(fs, dfs):
    def d(x):
        s = 1.0
        for i in range(len(fs)):
            x = fs[i](x)
            s = s * dfs[i](x)
        return s

    return d

# %% chain_rule_1d | fs[0] is the outermost, as one reads f(g(x)): the chain is run from the end of the list
_u = "{inner}({k}*x)".format(**my_links)
_du = {"exp": "exp({k}*x)", "sin": "cos({k}*x)", "cos": "(-sin({k}*x))"}[my_links["inner"]].format(**my_links)
_dy = {"exp": "exp({u})", "sin": "cos({u})", "cos": "(-sin({u}))"}[my_links["outer"]].format(u=_u)
d_cos_of_square = "-2x*sin(x^2)"
d_bell = "-x*exp(-x^2/2)"
d_soft = "exp(x)/(1+exp(x))"
my_chain = f"{_dy}*{_du}*{my_links['k']}"


def chain(fs, dfs):
    def slope(x):
        value, total = x, 1.0
        for f, df in zip(reversed(fs), reversed(dfs)):
            total = total * df(value)
            value = f(value)
        return total

    return slope

# %% activations | tanh is the sigmoid stretched to -1 ... 1: 2*sigmoid(x) - 1 (the inside is not doubled)
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def tanh(x):
    return 2 * sigmoid(x) - 1


def relu(x):
    return np.maximum(x, 0)


def softplus(x):
    return np.log(1 + np.exp(x))

# %% activation_slopes | in the plot the slope has its factor k, but is taken at x and not at k*x
def dsigmoid_from_input(x):
    e = np.exp(-x)
    return e / (1 + e) ** 2


def dtanh_from_input(x):
    return 1 - np.tanh(x) ** 2


def drelu_from_input(x):
    return np.where(x > 0, 1.0, 0.0)


def dsoftplus_from_input(x):
    return 1 / (1 + np.exp(-x))


def activation_plot(xs):
    f = {"sigmoid": sigmoid, "tanh": tanh, "softplus": softplus}[steep["name"]]
    df = {"sigmoid": dsigmoid_from_input, "tanh": dtanh_from_input, "softplus": dsoftplus_from_input}[steep["name"]]
    k = steep["k"]
    _, ax = plt.subplots()
    ax.plot(xs, f(k * xs), label="f")
    ax.plot(xs, k * df(xs), label="slope")
    ax.legend()
    return ax

# %% slopes_from_output | puts e^a where e^x belongs, for softplus: does not undo the activation
sigmoid_slope_in_x = "exp(-x)/(1 + exp(-x))**2"
exp_in_s = "(1 - s)/s"
sigmoid_slope_in_s = "s - s^2"


def dsigmoid_from_output(a):
    return a * (1 - a)


def dtanh_from_output(a):
    return 1 - np.square(a)


def drelu_from_output(a):
    return (np.asarray(a) > 0).astype(float)


def dsoftplus_from_output(a):
    return np.exp(a) / (1 + np.exp(a))

# %% descend | k steps take k times as much away: x0*(1 - k*lr*c)
_factor = 1 - bowl["lr"] * bowl["c"]
my_guess = "a" if _factor > 0 else "b" if _factor > -1 else "c"


def descend(df, x0, lr, steps):
    path = [float(x0)]
    for _ in range(steps):
        path.append(path[-1] - lr * float(df(path[-1])))
    return np.array(path)


my_third = bowl["x0"] * _factor**3
x_after_k = "x0*(1 - k*lr*c)"
lr_limit = "2/c"


def path_plot(f, path):
    _, ax = plt.subplots()
    xs = np.linspace(min(path) - 1, max(path) + 1, 100)
    ax.plot(xs, [f(x) for x in xs], label="f")
    ax.plot(path, [f(x) for x in path], "o-", label="path")
    return ax

# %% descend | draws the path over the number of the step, not over x
_q = 1 - bowl["lr"] * bowl["c"]
my_guess = "a" if _q > 0 else "b" if _q > -1 else "c"


def descend(df, x0, lr, steps):
    path = np.zeros(steps + 1)
    path[0] = x0
    for i in range(steps):
        path[i + 1] = path[i] - lr * df(path[i])
    return path


my_third = bowl["x0"] * _q**3
x_after_k = "x0*(1 - lr*c)^k"
lr_limit = "2/c"


def path_plot(f, path):
    _, ax = plt.subplots()
    xs = np.linspace(min(path) - 1, max(path) + 1, 80)
    ax.plot(xs, [f(x) for x in xs], label="f")
    ax.plot(range(len(path)), [f(x) for x in path], "o-", label="path")
    return ax

# ---------------------------------------------------------------- u1

# %% average_rate | cubes and squares the two parts by themselves: (a + h)^3 = a^3 + h^3
def average_rate(f, a, b):
    if a == b:
        raise ValueError("no run")
    return (f(b) - f(a)) / (b - a)


my_rate = average_rate(my_f, mine["a"], mine["b"])
rate_of_square = "h"
rate_of_mine = f"h^2 + ({mine['c']})"

# %% dual_plus_minus | 3 - p flips the real part only; the 3 has no eps, so nothing is subtracted there
def as_dual(x):
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__

    def __neg__(self):
        return Dual(-self.real, -self.inf)

    def __sub__(self, other):
        other = as_dual(other)
        return Dual(self.real - other.real, self.inf - other.inf)

    def __rsub__(self, other):
        return Dual(other - self.real, self.inf)

# %% dual_times | calculates as with the i of complex numbers: eps*eps = -1
product_real = "a*c - b*d"
product_inf = "a*d + b*c"


def times(p, q):
    q = as_dual(q)
    return Dual(p.real * q.real - p.inf * q.inf, p.real * q.inf + p.inf * q.real)


Dual.__mul__ = Dual.__rmul__ = times

# %% dual_divide_power | uses the power rule for every n: 0 * 0**(-1) fails for n = 0 and the real part 0
reciprocal_inf = "-1/x^2"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    u = p.real / q.real
    return Dual(u, (p.inf - u * q.inf) / q.real)


def power(p, n):
    return Dual(p.real**n, n * p.real ** (n - 1) * p.inf)


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_divide_power | v*x = -u gives v = -u/x, but puts 1 for u instead of 1/x
reciprocal_inf = "-1/x"


def divide(p, q):
    p, q = as_dual(p), as_dual(q)
    a, b, c, d = p.real, p.inf, q.real, q.inf
    return Dual(a / c, (b * c - a * d) / (c * c))


def power(p, n):
    if n < 0:
        return divide(1, power(p, -n))
    out = as_dual(1)
    for _ in range(n):
        out = out * p
    return out


Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% dual_compare | if the real parts are equal, the eps decides
def smaller(p, q):
    p, q = as_dual(p), as_dual(q)
    return (p.real, p.inf) < (q.real, q.inf)


def equal(p, q):
    return as_dual(p).real == as_dual(q).real


def size(p):
    return -p if p.real < 0 else Dual(p.real, p.inf)


Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# %% slope | a plain number that comes back is given back as the slope
def slope(f, x):
    result = f(Dual(x, 1))
    if isinstance(result, Dual):
        return result.inf
    return result

# %% microscope | takes the slope anew at every x: the "tangent" bends along with the curve
def microscope(f, x0, widths):
    fig, panels = plt.subplots(1, len(widths), squeeze=False)
    result = []
    for i in range(len(widths)):
        ax, half = panels[0][i], widths[i] / 2
        xs = [float(x) for x in np.linspace(x0 - half, x0 + half, 51)]
        ax.plot(xs, [f(x) for x in xs], label="f")
        if not has_kink(f, x0):
            ax.plot(xs, [f(x0) + slope(f, x) * (x - x0) for x in xs], label="tangent")
        ax.set_xlim(x0 - half, x0 + half)
        result.append(ax)
    return result


my_tangent = f"({lens_f(lens_x0)}) + ({slope(lens_f, lens_x0)})*(x - ({lens_x0}))"

# %% pair_plot | stretches the slope to the height of the curve, so that both look equally large
_left = [formula(text)(-2.999) - formula(text)(-3.0) for text in puzzle]
matching = "".join("abc"[sorted(_left).index(v)] for v in _left)


def pair_plot(f, xs):
    figure, (upper, lower) = plt.subplots(2, 1)
    ys = [f(x) for x in xs]
    slopes = [slope(f, x) for x in xs]
    scale = max(abs(y) for y in ys) / max(max(abs(s) for s in slopes), 1e-12)
    upper.plot(xs, ys)
    lower.plot(xs, [s * scale for s in slopes])
    lower.axhline(0)
    return upper, lower

# %% signal | moves towards 0 where the slope is positive: looks at the sign of x as well (slope times x)
my_prediction = [0 if slope(walk_f, x) == 0 else -1 if slope(walk_f, x) > 0 else 1 for x in walk["at"]]


def signal(f, x):
    s = slope(f, x) * x
    if s > 0:
        return -1
    if s < 0:
        return 1
    return 0


zero_means = "c"

# ---------------------------------------------------------------- u0
# %% rules | takes e^(...) for a power: the exponent comes to the front and is made smaller by 1
d_product = "{n}*x^({n}-1)*ln(x) + x^({n}-1)".format(**mine)
d_quotient = "{k}*({c} - x^2)/(x^2 + {c})^2".format(**mine)
d_chain = "-{k}*x^2*exp(-{k}*x^2 - 1)".format(**mine)

# %% partials | uses 1 - t^2 with the input of tanh for t
dL_dp = "{n}*p^({n}-1)*q^2 + {k}*exp({k}*p)".format(**my_loss)
dL_dq = "p^{n}*2*q".format(**my_loss)
dE_dw = "2*(tanh(w*x) - y)*(1 - (w*x)^2)*x"

# %% walk | adds momentum, as the optimisers of libraries do
def walk(df, x, lr, steps):
    speed = 0.0
    for _ in range(steps):
        speed = 0.9 * speed - lr * df(x)
        x = x + speed
    return x

# %% nudged | up and down are two names of the same array, and the nudges cancel
def nudged(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in range(x.size):
        up = down = x.copy()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad

# %% layer_back | averages dW and db over the examples
def layer_back(X, W, dY):
    n = X.shape[0]
    return dY @ W.T, X.T @ dY / n, dY.mean(axis=0)

