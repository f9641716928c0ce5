# Wrong answers to the tasks of `w2_kl_both_ways`, a fourth set; see ../fresh/README.md.

# %% kl | the entropy without its minus
def entropy(p):
    p = np.asarray(p, dtype=float)
    if abs(p.sum() - 1) > 1e-6 or (p < 0).any():
        raise ValueError("not a distribution")
    p = p[p > 0]
    return float(np.sum(p * np.log(p)))


# %% kl | logarithms to the base 2
def entropy(p):
    p = np.asarray(p, dtype=float)
    if abs(p.sum() - 1) > 1e-6 or (p < 0).any():
        raise ValueError("not a distribution")
    p = p[p > 0]
    return float(-np.sum(p * np.log2(p)))


# %% kl | the mean in place of the weighted sum
def entropy(p):
    p = np.asarray(p, dtype=float)
    if abs(p.sum() - 1) > 1e-6 or (p < 0).any():
        raise ValueError("not a distribution")
    p = p[p > 0]
    return float(-np.mean(np.log(p)))


# %% kl | a zero of p gives nan
def entropy(p):
    p = np.asarray(p, dtype=float)
    if abs(p.sum() - 1) > 1e-6 or (p < 0).any():
        raise ValueError("not a distribution")
    return float(-np.sum(p * np.log(p)))


# %% kl | a small number inside the log
def entropy(p):
    p = np.asarray(p, dtype=float)
    if abs(p.sum() - 1) > 1e-6 or (p < 0).any():
        raise ValueError("not a distribution")
    return float(-np.sum(p * np.log(p + 1e-10)))


# %% kl | the cross-entropy asks q: the weights are q
def cross_entropy(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for shares in (p, q):
        if abs(shares.sum() - 1) > 1e-6 or (shares < 0).any():
            raise ValueError("not a distribution")
    if ((p == 0) & (q > 0)).any():
        return math.inf if "math" in globals() else np.inf
    on = q > 0
    return float(-np.sum(q[on] * np.log(p[on])))


# %% kl | impossible outcomes of q are left out
def cross_entropy(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for shares in (p, q):
        if abs(shares.sum() - 1) > 1e-6 or (shares < 0).any():
            raise ValueError("not a distribution")
    on = (p > 0) & (q > 0)
    return float(-np.sum(p[on] * np.log(q[on])))


# %% kl | the other direction
def kl(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for shares in (p, q):
        if abs(shares.sum() - 1) > 1e-6 or (shares < 0).any():
            raise ValueError("not a distribution")
    if ((p == 0) & (q > 0)).any():
        return np.inf
    on = q > 0
    return float(np.sum(q[on] * np.log(q[on] / p[on])))


# %% kl | the ratio upside down: negative
def kl(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for shares in (p, q):
        if abs(shares.sum() - 1) > 1e-6 or (shares < 0).any():
            raise ValueError("not a distribution")
    if ((q == 0) & (p > 0)).any():
        return np.inf
    on = p > 0
    return float(np.sum(p[on] * np.log(q[on] / p[on])))


# %% kl | the cross-entropy without taking off the entropy
def kl(p, q):
    return cross_entropy(p, q)


# %% kl | each term by its size: no negative terms
def kl(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for shares in (p, q):
        if abs(shares.sum() - 1) > 1e-6 or (shares < 0).any():
            raise ValueError("not a distribution")
    if ((q == 0) & (p > 0)).any():
        return np.inf
    on = p > 0
    return float(np.sum(np.abs(p[on] * np.log(p[on] / q[on]))))


# %% kl | made symmetric
def kl(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    for shares in (p, q):
        if abs(shares.sum() - 1) > 1e-6 or (shares < 0).any():
            raise ValueError("not a distribution")
    if ((q == 0) & (p > 0)).any():
        return np.inf
    on = (p > 0) & (q > 0)
    return float(np.sum(p[on] * np.log(p[on] / q[on])) + np.sum(q[on] * np.log(q[on] / p[on]))) / 2


# %% kl | not a distribution is made one
def kl(p, q):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p / p.sum(), q / q.sum()
    if ((q == 0) & (p > 0)).any():
        return np.inf
    on = p > 0
    return float(np.sum(p[on] * np.log(p[on] / q[on])))


# %% two_directions | forward: the other direction
my_forward = "3/4*ln(15/8) + 1/4*ln(5/12)"

# %% two_directions | forward: the ratio upside down
my_forward = "2/5*ln(15/8) + 3/5*ln(5/12)"

# %% two_directions | forward: the second term with a minus
my_forward = "2/5*ln(8/15) - 3/5*ln(12/5)"

# %% two_directions | forward: without the weights
my_forward = "ln(8/15) + ln(12/5)"

# %% two_directions | reverse: the weights stay those of p
my_reverse = "2/5*ln(15/8) + 3/5*ln(5/12)"

# %% two_directions | reverse: cross-entropy only
my_reverse = "-3/4*ln(2/5) - 1/4*ln(3/5)"

# %% two_directions | reverse is minus forward
my_reverse = "-2/5*ln(8/15) - 3/5*ln(12/5)"

# %% two_directions | the finite one: upside down
my_finite = "ln(1/3)"

# %% two_directions | the finite one: ln 2/3, what is left of v
my_finite = "ln(2/3)"

# %% two_directions | the world that is asked is the second
infinite_way = "a"

# %% two_directions | two slips: both exchanged, and the letter
my_forward = "3/4*ln(15/8) + 1/4*ln(5/12)"
my_reverse = "2/5*ln(8/15) + 3/5*ln(12/5)"
infinite_way = "a"

# %% kl_gauss | letters: the logarithm upside down
kl_bells = "ln(s1/s2) - 1/2 + (s1^2 + (m1-m2)^2)/(2s2^2)"

# %% kl_gauss | letters: the -1/2 is left out
kl_bells = "ln(s2/s1) + (s1^2 + (m1-m2)^2)/(2s2^2)"

# %% kl_gauss | letters: the spread of bell 1 is left out of the average
kl_bells = "ln(s2/s1) - 1/2 + (m1-m2)^2/(2s2^2)"

# %% kl_gauss | letters: s1 below
kl_bells = "ln(s2/s1) - 1/2 + (s1^2 + (m1-m2)^2)/(2s1^2)"

# %% kl_gauss | letters: the two bells exchanged
kl_bells = "ln(s1/s2) - 1/2 + (s2^2 + (m1-m2)^2)/(2s1^2)"

# %% kl_gauss | letters: the slope with the wrong sign
d_m2 = "(m1 - m2)/s2^2"

# %% kl_gauss | letters: the 2 of the square is not cancelled
d_m2 = "2(m2 - m1)/s2^2"

# %% kl_gauss | letters: divided by s1
d_m2 = "(m2 - m1)/s1^2"

# %% kl_gauss | letters: l taken for ln s
to_standard = "(e^(2l) + m^2 - 1)/2 - l"

# %% kl_gauss | letters: the sign of l
to_standard = "(e^l + m^2 - 1 + l)/2"

# %% kl_gauss | letters: l itself in place of the squared width
to_standard = "(l + m^2 - 1 - ln(l))/2"


# %% kl_gauss | code: widths taken for variances
def kl_gauss(m1, s1, m2, s2):
    return 0.5 * (np.log(s2 / s1) - 1 + (s1 + (m1 - m2) ** 2) / s2)


# %% kl_gauss | code: brackets: only s1^2 is not divided
def kl_gauss(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + s1**2 + (m1 - m2) ** 2 / (2 * s2**2)


# %% kl_gauss | code: the distance is not squared
def kl_gauss(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (s1**2 + abs(m1 - m2)) / (2 * s2**2)


# %% kl_gauss | code: divided by s2 twice in place of 2 s2 squared
def kl_gauss(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / s2**2


# %% kl_gauss | code: the other direction
def kl_gauss(m1, s1, m2, s2):
    return np.log(s1 / s2) - 0.5 + (s2**2 + (m1 - m2) ** 2) / (2 * s1**2)


# %% one_bell | letters: the width is added
cover = "s + d"

# %% one_bell | letters: the hills' own width is left out
cover = "d"

# %% one_bell | letters: the squared width
cover = "s^2 + d^2"

# %% one_bell | letters: nothing is lost by hiding
price = "0"

# %% one_bell | letters: the share, not its logarithm
price = "1/n"

# %% one_bell | letters: minus ln n
price = "-ln(n)"


# %% one_bell | forward finds the highest hill
def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError("direction")
    dx = x[1] - x[0]
    if direction == "forward":
        mu = float(x[np.argmax(p)])
        return mu, float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))
    return reverse_fit(x, p)


def reverse_fit(x, p):
    dx, best = x[1] - x[0], None
    for mu in x[::4]:
        for sigma in np.geomspace(2 * dx, (x[-1] - x[0]) / 4, 40):
            found = _reverse(x, p, mu, sigma)
            if best is None or found < best[0]:
                best = (found, mu, sigma)
    _, mu, sigma = best
    step = max(4 * dx, 0.1)
    while step > 1e-3:
        for m, s in [(mu + step, sigma), (mu - step, sigma), (mu, sigma * (1 + step)), (mu, sigma / (1 + step))]:
            if (
                x[0] <= m <= x[-1]
                and 2 * dx <= s <= (x[-1] - x[0]) / 4
                and _reverse(x, p, m, s) < _reverse(x, p, mu, sigma)
            ):
                mu, sigma = m, s
                break
        else:
            step /= 2
    return float(mu), float(sigma)


def _reverse(x, p, mu, sigma):
    dx = x[1] - x[0]
    logq = -(((x - mu) / sigma) ** 2) / 2 - np.log(sigma) - np.log(2 * np.pi) / 2
    q = np.exp(logq)
    return float(np.sum(q * (logq - np.log(p))) * dx)


# %% one_bell | forward: the variance is returned for the width
def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError("direction")
    dx = x[1] - x[0]
    mu = float(np.sum(p * x) * dx)
    if direction == "forward":
        return mu, float(np.sum(p * (x - mu) ** 2) * dx)
    return reverse_fit(x, p)


def reverse_fit(x, p):
    dx, best = x[1] - x[0], None
    for mu in x[::4]:
        for sigma in np.geomspace(2 * dx, (x[-1] - x[0]) / 4, 40):
            found = _reverse(x, p, mu, sigma)
            if best is None or found < best[0]:
                best = (found, mu, sigma)
    _, mu, sigma = best
    step = max(4 * dx, 0.1)
    while step > 1e-3:
        for m, s in [(mu + step, sigma), (mu - step, sigma), (mu, sigma * (1 + step)), (mu, sigma / (1 + step))]:
            if (
                x[0] <= m <= x[-1]
                and 2 * dx <= s <= (x[-1] - x[0]) / 4
                and _reverse(x, p, m, s) < _reverse(x, p, mu, sigma)
            ):
                mu, sigma = m, s
                break
        else:
            step /= 2
    return float(mu), float(sigma)


def _reverse(x, p, mu, sigma):
    dx = x[1] - x[0]
    logq = -(((x - mu) / sigma) ** 2) / 2 - np.log(sigma) - np.log(2 * np.pi) / 2
    q = np.exp(logq)
    return float(np.sum(q * (logq - np.log(p))) * dx)


# %% one_bell | reverse by the forward formula
def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError("direction")
    dx = x[1] - x[0]
    mu = float(np.sum(p * x) * dx)
    return mu, float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))


# %% one_bell | forward: dx is forgotten
reference_fit = fit


def fit(direction, x, p):
    if direction != "forward":
        return reference_fit(direction, x, p)
    mu = float(np.mean(x * p))
    return mu, float(np.sqrt(np.mean((x - mu) ** 2 * p)))


# %% one_bell | reverse: downhill from the middle only
def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError("direction")
    dx = x[1] - x[0]
    mu = float(np.sum(p * x) * dx)
    sigma = float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))
    if direction == "forward":
        return mu, sigma

    def cost(m, s):
        logq = -(((x - m) / s) ** 2) / 2 - np.log(s) - np.log(2 * np.pi) / 2
        return float(np.sum(np.exp(logq) * (logq - np.log(p))) * dx)

    step = 0.2
    while step > 1e-3:
        for m, s in [(mu + step, sigma), (mu - step, sigma), (mu, sigma * (1 + step)), (mu, sigma / (1 + step))]:
            if cost(m, s) < cost(mu, sigma):
                mu, sigma = m, s
                break
        else:
            step /= 2
    return mu, sigma


# %% one_bell | the overlay: labels exchanged
def overlay(x, p):
    figure, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for direction, label in (("forward", "reverse"), ("reverse", "forward")):
        mu, sigma = fit(direction, x, p)
        ax.plot(x, np.exp(-(((x - mu) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi)), label=label)
    return ax


# %% one_bell | the overlay: bells without their height
def overlay(x, p):
    figure, ax = plt.subplots()
    ax.plot(x, p, label="p")
    for direction in ("forward", "reverse"):
        mu, sigma = fit(direction, x, p)
        ax.plot(x, np.exp(-(((x - mu) / sigma) ** 2) / 2), label=direction)
    return ax


# %% kl_slopes | letters: the sign
forward_slope = "p - q"

# %% kl_slopes | letters: the slope of ln q only
forward_slope = "-p/q"

# %% kl_slopes | letters: reverse without K
reverse_slope = "q*ln(q/p)"

# %% kl_slopes | letters: reverse weighted with p
reverse_slope = "p*(ln(q/p) - K)"

# %% kl_slopes | letters: the ratio upside down
reverse_slope = "q*(ln(p/q) - K)"

# %% kl_slopes | letters: plus K
reverse_slope = "q*(ln(q/p) + K)"

# %% kl_slopes | letters: the +1 stays
reverse_slope = "q*(ln(q/p) + 1 - K)"


# %% kl_slopes | code: p - q
def dforward(logits, p):
    e = np.exp(logits - np.max(logits))
    return p - e / e.sum()


# %% kl_slopes | code: the largest is not taken off
def dforward(logits, p):
    e = np.exp(logits)
    return e / e.sum() - p


# %% kl_slopes | code: the slopes by q, not by the logits
def dforward(logits, p):
    e = np.exp(logits - np.max(logits))
    q = e / e.sum()
    return -p / q


# %% kl_slopes | code: reverse as forward
def dreverse(logits, p):
    if (np.asarray(p) <= 0).any():
        raise ValueError("infinite")
    e = np.exp(logits - np.max(logits))
    return e / e.sum() - p


# %% kl_slopes | code: reverse without K
def dreverse(logits, p):
    if (np.asarray(p) <= 0).any():
        raise ValueError("infinite")
    z = logits - np.max(logits)
    logq = z - np.log(np.exp(z).sum())
    q = np.exp(logq)
    return q * (logq - np.log(p))


# %% kl_slopes | code: p of 0 is let through
def dreverse(logits, p):
    z = logits - np.max(logits)
    logq = z - np.log(np.exp(z).sum())
    q = np.exp(logq)
    with np.errstate(all="ignore"):
        r = logq - np.log(p)
        K = np.sum(q * r)
        return q * (r - K)


# %% kl_slopes | two slips: forward's sign and reverse without K
def dforward(logits, p):
    e = np.exp(logits - np.max(logits))
    return p - e / e.sum()


def dreverse(logits, p):
    if (np.asarray(p) <= 0).any():
        raise ValueError("infinite")
    z = logits - np.max(logits)
    logq = z - np.log(np.exp(z).sum())
    return np.exp(logq) * (logq - np.log(p))


# %% kl_estimate | the ratio upside down
def kl_estimate(samples, logp, logq):
    d = logq(samples) - logp(samples)
    return float(np.mean(d)), float(np.std(d) / np.sqrt(len(d)))


# %% kl_estimate | the standard deviation, not divided
def kl_estimate(samples, logp, logq):
    d = logp(samples) - logq(samples)
    return float(np.mean(d)), float(np.std(d))


# %% kl_estimate | divided by n
def kl_estimate(samples, logp, logq):
    d = logp(samples) - logq(samples)
    return float(np.mean(d)), float(np.std(d) / len(d))


# %% kl_estimate | weighted with p once more
def kl_estimate(samples, logp, logq):
    d = np.exp(logp(samples)) * (logp(samples) - logq(samples))
    return float(np.mean(d)), float(np.std(d) / np.sqrt(len(d)))


# %% kl_estimate | the spread of the samples
def kl_estimate(samples, logp, logq):
    d = logp(samples) - logq(samples)
    return float(np.mean(d)), float(np.std(samples) / np.sqrt(len(d)))


# %% kl_estimate | the ratio of the logarithms
def kl_estimate(samples, logp, logq):
    d = logp(samples) / logq(samples)
    return float(np.mean(d)), float(np.std(d) / np.sqrt(len(d)))


# %% kl_estimate | samples from q
to_estimate = "b"

# %% kl_estimate | the reverse KL from data alone
only_data = "a"
