# Wrong answers to the tasks of `w5_sampling`, a seventh set; see ../fresh/README.md.

# %% one_draw | a fresh generator for each of the n draws
def mean_slope(draw, p, n, seed, h):
    total = 0.0
    for _ in range(n):
        total += draw(p + h, np.random.default_rng(seed)) - draw(p - h, np.random.default_rng(seed))
    return total / n / (2 * h)


# %% two_estimators | the score is not multiplied by f
def score_grad(f, mu, n, rng):
    z = mu + rng.standard_normal(n)
    values = z - mu
    return float(values.mean()), float(values.std() / np.sqrt(n))


# %% gumbel_max | one minus missing: the noise has the wrong sign
def gumbel(rng, shape):
    u = np.maximum(rng.random(shape), 1e-300)
    return np.log(-np.log(u))


