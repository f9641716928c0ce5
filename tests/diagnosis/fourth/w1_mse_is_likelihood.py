# Wrong answers to the tasks of `w1_mse_is_likelihood`, a fourth set; see ../fresh/README.md.

# %% gaussian_nll | letters: the log of the likelihood, no minus
nll_of_one = "-ln(sigma) - ln(2pi)/2 - (y-mu)^2/(2sigma^2)"

# %% gaussian_nll | letters: the exponent's sign
nll_of_one = "ln(sigma) + ln(2pi)/2 - (y-mu)^2/(2sigma^2)"

# %% gaussian_nll | letters: sigma not squared
nll_of_one = "ln(sigma) + ln(2pi)/2 + (y-mu)^2/(2sigma)"

# %% gaussian_nll | letters: the root is not halved by ln
nll_of_one = "ln(sigma) + ln(2pi) + (y-mu)^2/(2sigma^2)"

# %% gaussian_nll | letters: no constant
nll_of_one = "ln(sigma) + (y-mu)^2/(2sigma^2)"

# %% gaussian_nll | letters: the 2 below is lost
nll_of_one = "ln(sigma) + ln(2pi)/2 + (y-mu)^2/sigma^2"


# %% gaussian_nll | the mean in place of the sum
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    return float(np.mean(np.log(sigma) + np.log(2 * np.pi) / 2 + (y - mu) ** 2 / (2 * sigma**2)))


# %% gaussian_nll | the constant once, not for each
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    return float(np.log(sigma) + np.log(2 * np.pi) / 2 + np.sum((y - mu) ** 2) / (2 * sigma**2))


# %% gaussian_nll | underflow: the log of the product
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    p = np.exp(-((y - mu) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    return float(-np.log(np.prod(p)))


# %% gaussian_nll | underflow: the log of each density
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    p = np.exp(-((y - mu) ** 2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    return float(-np.sum(np.log(p)))


# %% gaussian_nll | sigma of 0 is not refused
def gaussian_nll(y, mu, sigma):
    return float(np.sum(np.log(sigma) + np.log(2 * np.pi) / 2 + (y - mu) ** 2 / (2 * sigma**2)))


# %% gaussian_nll | log-likelihood: the minus is forgotten
def gaussian_nll(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma")
    return float(-np.sum(np.log(sigma) + np.log(2 * np.pi) / 2 + (y - mu) ** 2 / (2 * sigma**2)))


# %% valley_plot | the labels are exchanged
def valley_plot(y, mus, sigma):
    figure, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label="squared error")
    ax.plot(mus, [np.sum((y - mu) ** 2) / (2 * sigma**2) for mu in mus], label="nll")
    return ax


# %% valley_plot | the squared error is not divided
def valley_plot(y, mus, sigma):
    figure, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label="nll")
    ax.plot(mus, [np.sum((y - mu) ** 2) for mu in mus], label="squared error")
    return ax


# %% valley_plot | the mean of the squared errors
def valley_plot(y, mus, sigma):
    figure, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label="nll")
    ax.plot(mus, [np.mean((y - mu) ** 2) / (2 * sigma**2) for mu in mus], label="squared error")
    return ax


# %% valley_plot | brackets: divided by 2, times sigma squared
def valley_plot(y, mus, sigma):
    figure, ax = plt.subplots()
    ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label="nll")
    ax.plot(mus, [np.sum((y - mu) ** 2) / 2 * sigma**2 for mu in mus], label="squared error")
    return ax


# %% valley_plot | the lines are lifted onto each other
def valley_plot(y, mus, sigma):
    figure, ax = plt.subplots()
    nll = np.array([gaussian_nll(y, mu, sigma) for mu in mus])
    squared = np.array([np.sum((y - mu) ** 2) / (2 * sigma**2) for mu in mus])
    ax.plot(mus, nll - nll.min(), label="nll")
    ax.plot(mus, squared - squared.min(), label="squared error")
    return ax


# %% valley_plot | letters: for one measurement
gap = "ln(sigma) + ln(2pi)/2"

# %% valley_plot | letters: ln of sigma*2pi, root forgotten
gap = "n*ln(2pi*sigma)"

# %% valley_plot | letters: no gap
gap = "0"

# %% valley_plot | letters: the sign
gap = "-n*(ln(sigma) + ln(2pi)/2)"

# %% mle | letters: the inside's minus
d_mu = "(y - mu)/sigma^2"

# %% mle | letters: the 2 remains
d_mu = "-2(y - mu)/sigma^2"

# %% mle | letters: not divided by sigma squared
d_mu = "-(y - mu)"

# %% mle | letters: d_sigma without 1/sigma
d_sigma = "-(y-mu)^2/sigma^3"

# %% mle | letters: d_sigma plus
d_sigma = "1/sigma + (y-mu)^2/sigma^3"

# %% mle | letters: d_sigma: the power goes the wrong way
d_sigma = "1/sigma - (y-mu)^2/sigma"

# %% mle | letters: d_sigma: the slope of ln sigma forgotten as 1
d_sigma = "1 - (y-mu)^2/sigma^3"


# %% mle | divided by n - 1
def mle(y):
    mu = float(np.mean(y))
    return mu, float(np.sum((y - mu) ** 2) / max(len(y) - 1, 1))


# %% mle | sigma in place of sigma squared
def mle(y):
    return float(np.mean(y)), float(np.std(y))


# %% mle | the median
def mle(y):
    mu = float(np.median(y))
    return mu, float(np.mean((y - mu) ** 2))


# %% mle | mean of squares minus square of the mean loses the digits
def mle(y):
    mu = float(np.mean(y))
    return mu, float(np.mean(np.asarray(y) ** 2) - mu**2)


# %% mle | the sum in place of the mean square
def mle(y):
    mu = float(np.mean(y))
    return mu, float(np.sum((y - mu) ** 2))


# %% mle | number: divided by n - 1
my_sigma2 = 4.0625

# %% mle | number: sigma, not squared
my_sigma2 = 1.745530

# %% mle | number: the median
my_mu = 4.0


# %% fit_line | one after the other: b sees the new a
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        a -= lr * np.mean((a * x + b - y) * x) / sigma**2
        b -= lr * np.mean(a * x + b - y) / sigma**2
    return float(a), float(b)


# %% fit_line | the sum in place of the mean
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        e = a * x + b - y
        a, b = a - lr * np.sum(e * x) / sigma**2, b - lr * np.sum(e) / sigma**2
    return float(a), float(b)


# %% fit_line | sigma is left out
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        e = a * x + b - y
        a, b = a - lr * np.mean(e * x), b - lr * np.mean(e)
    return float(a), float(b)


# %% fit_line | sigma not squared
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        e = a * x + b - y
        a, b = a - lr * np.mean(e * x) / sigma, b - lr * np.mean(e) / sigma
    return float(a), float(b)


# %% fit_line | the factor 2 of the square
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        e = a * x + b - y
        a, b = a - lr * 2 * np.mean(e * x) / sigma**2, b - lr * 2 * np.mean(e) / sigma**2
    return float(a), float(b)


# %% fit_line | the slope in a without x
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        e = a * x + b - y
        a, b = a - lr * np.mean(e) / sigma**2, b - lr * np.mean(e) / sigma**2
    return float(a), float(b)


# %% fit_line | uphill
def fit_line(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        e = a * x + b - y
        a, b = a + lr * np.mean(e * x) / sigma**2, b + lr * np.mean(e) / sigma**2
    return float(a), float(b)


# %% fit_line | the best line at once
def fit_line(x, y, lr, steps, sigma):
    a, b = np.polyfit(x, y, 1)
    return float(a), float(b)


# %% fit_line | half as long
with_twice_sigma = "b"

# %% best_location | letters: squared in place of the size
laplace_nll = "ln(2b) + (y-m)^2/b"

# %% best_location | letters: minus the log of the front is lost
laplace_nll = "-ln(2b) + |y-m|/b"

# %% best_location | letters: the 2 is lost
laplace_nll = "ln(b) + |y-m|/b"

# %% best_location | letters: without the bars
laplace_nll = "ln(2b) + (y-m)/b"

# %% best_location | letters: the likelihood of the label
label_nll = "p^y*(1-p)^(1-y)"

# %% best_location | letters: without the minus
label_nll = "y*ln(p) + (1-y)*ln(1-p)"

# %% best_location | letters: ones only
label_nll = "-y*ln(p)"


# %% best_location | the two noises exchanged
def best_location(y, noise):
    if noise == "gauss":
        return float(np.median(y))
    if noise == "laplace":
        return float(np.mean(y))
    raise ValueError(noise)


# %% best_location | the mean for both
def best_location(y, noise):
    if noise not in ("gauss", "laplace"):
        raise ValueError(noise)
    return float(np.mean(y))


# %% best_location | the middle entry without sorting
def best_location(y, noise):
    if noise == "gauss":
        return float(np.mean(y))
    if noise == "laplace":
        return float(y[len(y) // 2])
    raise ValueError(noise)


# %% best_location | the middle between the ends
def best_location(y, noise):
    if noise == "gauss":
        return float(np.mean(y))
    if noise == "laplace":
        return float((np.min(y) + np.max(y)) / 2)
    raise ValueError(noise)


# %% best_location | any other word counts as laplace
def best_location(y, noise):
    return float(np.mean(y)) if noise == "gauss" else float(np.median(y))


# %% hetero_nll | letters: the 2 of e^(-2s) does not come down
d_s = "1 - (y-mu)^2*e^(-2s)/2"

# %% hetero_nll | letters: plus
d_s = "1 + (y-mu)^2*e^(-2s)"

# %% hetero_nll | letters: the 1 is lost
d_s = "-(y-mu)^2*e^(-2s)"


# %% hetero_nll | the slopes of the sum
def hetero_nll(y, mu, log_sigma):
    e = y - mu
    w = np.exp(-2 * log_sigma)
    return float(np.mean(log_sigma + e**2 / 2 * w)), -e * w, 1 - e**2 * w


# %% hetero_nll | the sign of dmu
def hetero_nll(y, mu, log_sigma):
    e, n = y - mu, len(y)
    w = np.exp(-2 * log_sigma)
    return float(np.mean(log_sigma + e**2 / 2 * w)), e * w / n, (1 - e**2 * w) / n


# %% hetero_nll | log_sigma taken for sigma
def hetero_nll(y, mu, log_sigma):
    e, n, s = y - mu, len(y), log_sigma
    return float(np.mean(np.log(np.abs(s)) + e**2 / (2 * s**2))), -e / s**2 / n, (1 / s - e**2 / s**3) / n


# %% hetero_nll | slopes with respect to sigma, not its logarithm
def hetero_nll(y, mu, log_sigma):
    e, n, s = y - mu, len(y), np.exp(log_sigma)
    return float(np.mean(log_sigma + e**2 / (2 * s**2))), -e / s**2 / n, (1 / s - e**2 / s**3) / n


# %% hetero_nll | e^-s in place of e^-2s
def hetero_nll(y, mu, log_sigma):
    e, n = y - mu, len(y)
    w = np.exp(-log_sigma)
    return float(np.mean(log_sigma + e**2 / 2 * w)), -e * w / n, (1 - e**2 * w) / n


# %% hetero_nll | the sum as the loss
def hetero_nll(y, mu, log_sigma):
    e, n = y - mu, len(y)
    w = np.exp(-2 * log_sigma)
    return float(np.sum(log_sigma + e**2 / 2 * w)), -e * w / n, (1 - e**2 * w) / n


# %% hetero_nll | the three in another order
def hetero_nll(y, mu, log_sigma):
    e, n = y - mu, len(y)
    w = np.exp(-2 * log_sigma)
    return float(np.mean(log_sigma + e**2 / 2 * w)), (1 - e**2 * w) / n, -e * w / n


# %% hetero_nll | two slips: slopes of the sum, and the sign of dmu
def hetero_nll(y, mu, log_sigma):
    e = y - mu
    w = np.exp(-2 * log_sigma)
    return float(np.mean(log_sigma + e**2 / 2 * w)), e * w, 1 - e**2 * w
