# Wrong answers to the tasks of `w1_mse_is_likelihood`, a seventh set; see ../fresh/README.md.

# %% gaussian_nll | the mean in place of the sum
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    y = np.asarray(y, dtype=float)
    return float(np.mean(np.log(sigma) + 0.5 * np.log(2 * np.pi) + (y - mu) ** 2 / (2 * sigma**2)))


# %% mle | the slope in sigma without the first term
d_sigma = "-(y - mu)^2/sigma^3"
# %% valley_plot | the gap of one measurement only
gap = "ln(sigma) + ln(2*pi)/2"


# %% fit_line | the slopes are not divided by sigma squared
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        miss = a * x + b - y
        a, b = a - lr * np.mean(miss * x), b - lr * np.mean(miss)
    return float(a), float(b)


# %% best_location | takes the middle of the list as it comes
def best_location(y, noise):
    y = np.asarray(y, dtype=float)
    if noise == "gauss":
        return float(y.mean())
    if noise == "laplace":
        return float(y[len(y) // 2])
    raise ValueError(noise)
