# Wrong answers to the tasks of `u4_gradient_check`, a seventh set; see ../fresh/README.md.

# %% relative_error | divides by the sum of the sizes
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        raise ValueError("shapes")
    if np.isnan(a).any() or np.isnan(b).any():
        return float("nan")
    size = np.abs(a) + np.abs(b)
    error = np.abs(a - b) / np.where(size == 0, 1, size)
    return float(error.max()) if error.size else 0.0


# %% kinks | strictly positive numbers are called safe whatever the step
def safe(pre, step):
    return np.asarray(pre) > 0


# %% random_directions | a separate direction is judged for each name and the worst is given
def directional_check(loss, grads, params, rng):
    h = 1e-5
    worst = 0.0
    for name in params:
        v = rng.standard_normal(params[name].shape)
        old = params[name]
        params[name] = old + h * v
        up = loss()
        params[name] = old - h * v
        down = loss()
        params[name] = old
        worst = max(worst, relative_error((up - down) / (2 * h), np.sum(grads[name] * v)))
    return float(worst)
