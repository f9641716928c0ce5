# Wrong answers to the tasks of `w5_sampling`, a sixth set; see ../fresh/README.md.

# %% one_draw | one generator for both sides
def draw_slope(draw, p, seed, h):
    rng = np.random.default_rng(seed)
    return (draw(p + h, rng) - draw(p - h, rng)) / (2 * h)
# %% one_draw | a new generator for each draw of the mean
def mean_slope(draw, p, n, seed, h):
    up = np.mean([draw(p + h, np.random.default_rng(seed)) for _ in range(n)])
    down = np.mean([draw(p - h, np.random.default_rng(seed)) for _ in range(n)])
    return float(up - down) / (2 * h)
# %% one_draw | forward difference
def draw_slope(draw, p, seed, h):
    return (draw(p + h, np.random.default_rng(seed)) - draw(p, np.random.default_rng(seed))) / h
# %% one_draw | Dual passes through
dual_says = "a"
# %% reparam | logvar taken as ln sigma
def reparam(mu, logvar, eps):
    return mu + np.exp(logvar) * eps
# %% reparam | slope without the half
def reparam_back(mu, logvar, eps, dz):
    return dz * 1.0, dz * eps * np.exp(logvar / 2)
# %% reparam | noise forgotten in the slope
dz_dl = "e^(l/2)/2"
# %% reparam | slope of the draw with m in it
dz_dl = "m + 1/2*e^(l/2)*n"
# %% two_estimators | score not centred
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    g = f(z) * z
    return float(np.mean(g)), float(np.std(g) / np.sqrt(n))
# %% two_estimators | path at the noise, not at the draw
def path_grad(df, mu, n, rng):
    g = np.asarray(df(rng.standard_normal(n)), float) * np.ones(n)
    return float(np.mean(g)), float(np.std(g) / np.sqrt(n))
# %% two_estimators | width not squared
d_log = "(z - mu)/s"
# %% two_estimators | slope of the function at mu plus one
d_mean = "6*mu + 5 + 3"
# %% two_estimators | error over n
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    g = f(z) * (z - mu)
    return float(np.mean(g)), float(np.std(g) / n)
# %% gumbel_max | one logarithm only
def gumbel(rng, shape):
    u = np.maximum(rng.random(shape), 1e-300)
    return -np.log(u)
# %% gumbel_max | noise from the bell
def gumbel(rng, shape):
    return rng.standard_normal(shape)
# %% gumbel_max | winner of each column
def gumbel_max(logits, g):
    s = np.asarray(logits) + g
    return np.argmax(s, axis=0)
# %% gumbel_max | multiplies the noise
def gumbel_max(logits, g):
    return np.argmax(np.asarray(logits) * g, axis=-1)
# %% gumbel_softmax | only the logits divided by tau
def gumbel_softmax(logits, tau, g):
    s = logits / tau + g
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
# %% gumbel_softmax | multiplies by tau
def gumbel_softmax(logits, tau, g):
    s = (logits + g) * tau
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
# %% gumbel_softmax_back | tau forgotten
def gumbel_softmax_back(y, tau, dy):
    return y * (dy - (y * dy).sum(axis=1, keepdims=True))
# %% gumbel_softmax_back | plain mean of the row
def gumbel_softmax_back(y, tau, dy):
    return y * (dy - dy.mean(axis=1, keepdims=True)) / tau
# %% gumbel_softmax_back | others with a plus
other_slope = "yi*yj/tau"
# %% gumbel_softmax_back | only the own side
def gumbel_softmax_back(y, tau, dy):
    return y * (1 - y) * dy / tau
# %% train_choice | downhill
def train_choice(rewards, lr, steps, tau, rng):
    l, h = np.zeros(len(rewards)), []
    for _ in range(steps):
        y = gumbel_softmax(np.tile(l, (64, 1)), tau, gumbel(rng, (64, len(l))))
        h.append(float((y @ rewards).mean()))
        l = l - lr * gumbel_softmax_back(y, tau, np.tile(rewards, (64, 1))).mean(axis=0)
    return l, h
# %% train_choice | sum of the gradients
def train_choice(rewards, lr, steps, tau, rng):
    l, h = np.zeros(len(rewards)), []
    for _ in range(steps):
        y = gumbel_softmax(np.tile(l, (64, 1)), tau, gumbel(rng, (64, len(l))))
        h.append(float((y @ rewards).mean()))
        l = l + lr * gumbel_softmax_back(y, tau, np.tile(rewards, (64, 1))).sum(axis=0)
    return l, h
# %% train_choice | same noise in every step
def train_choice(rewards, lr, steps, tau, rng):
    l, h = np.zeros(len(rewards)), []
    g = gumbel(rng, (64, len(l)))
    for _ in range(steps):
        y = gumbel_softmax(np.tile(l, (64, 1)), tau, g)
        h.append(float((y @ rewards).mean()))
        l = l + lr * gumbel_softmax_back(y, tau, np.tile(rewards, (64, 1))).mean(axis=0)
    return l, h
# %% train_choice | letter: faster
tau_tiny = "a"
