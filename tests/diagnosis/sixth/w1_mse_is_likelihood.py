# Wrong answers to the tasks of `w1_mse_is_likelihood`, a sixth set; see ../fresh/README.md.

# %% gaussian_nll | constant left out
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    return float(np.sum((y - mu) ** 2 / (2 * sigma**2) + math.log(sigma)))
# %% gaussian_nll | mean instead of sum
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    return float(np.mean((y - mu) ** 2 / (2 * sigma**2) + math.log(sigma * math.sqrt(2 * math.pi))))
# %% gaussian_nll | multiplies the densities first
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    p = np.exp(-((y - mu) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
    with np.errstate(all="ignore"):
        return float(-np.log(np.prod(p)))
# %% gaussian_nll | sign of the logarithm lost
nll_of_one = "(y-mu)^2/(2sigma^2) - ln(sigma) - 1/2*ln(2*pi)"
# %% gaussian_nll | the factor 2 under the square forgotten
nll_of_one = "ln(sigma*sqrt(2pi)) + (y-mu)^2/sigma^2"
# %% valley_plot | divides by sigma squared without the 2
def valley_plot(y, mus, sigma):
    _, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, m, sigma) for m in mus], label="nll")
    ax.plot(mus, [np.sum((y - m) ** 2) / sigma**2 for m in mus], label="squared error")
    return ax
# %% valley_plot | the mean of the squares
def valley_plot(y, mus, sigma):
    _, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, m, sigma) for m in mus], label="nll")
    ax.plot(mus, [np.mean((y - m) ** 2) / (2 * sigma**2) for m in mus], label="squared error")
    return ax
# %% mle | mean square minus square of the mean
def mle(y):
    mu = float(np.mean(y))
    return mu, float(np.mean(np.square(y)) - mu**2)
# %% mle | slope in sigma: power rule off by one
d_sigma = "1/sigma - (y-mu)^2/sigma^2"
# %% fit_line | b moves with the new a
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        a -= lr * float(np.mean((a * x + b - y) * x)) / sigma**2
        b -= lr * float(np.mean(a * x + b - y)) / sigma**2
    return a, b
# %% fit_line | sum over the points
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        r = (a * x + b - y) / sigma**2
        a, b = a - lr * float(np.sum(r * x)), b - lr * float(np.sum(r))
    return a, b
# %% fit_line | sigma left out
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        r = a * x + b - y
        a, b = a - lr * float(np.mean(r * x)), b - lr * float(np.mean(r))
    return a, b
# %% hetero_nll | sum instead of mean in the slopes
def hetero_nll(y, mu, log_sigma):
    w = np.exp(-2 * log_sigma)
    loss = float(np.mean(log_sigma + (y - mu) ** 2 / 2 * w))
    return loss, (mu - y) * w, 1 - (y - mu) ** 2 * w
# %% hetero_nll | weight with one sigma only
def hetero_nll(y, mu, log_sigma):
    w, n = np.exp(-log_sigma), len(y)
    loss = float(np.mean(log_sigma + (y - mu) ** 2 / 2 * w))
    return loss, (mu - y) * w / n, (1 - (y - mu) ** 2 * w / 2) / n
# %% hetero_nll | the inner slope -2 forgotten
d_s = "1 + (y-mu)^2/2*e^(-2s)"
