# Wrong answers to the tasks of `w2_kl_both_ways`, a sixth set; see ../fresh/README.md.

# %% kl | adds a tiny number to q
def kl(p, q):
    if abs(np.sum(p) - 1) > 1e-6 or abs(np.sum(q) - 1) > 1e-6 or np.min(p) < 0 or np.min(q) < 0:
        raise ValueError("no distribution")
    return float(np.sum(p * np.log((p + 1e-12) / (q + 1e-12))))
# %% kl | leaves out outcomes that either says are impossible
def kl(p, q):
    if abs(np.sum(p) - 1) > 1e-6 or abs(np.sum(q) - 1) > 1e-6 or np.min(p) < 0 or np.min(q) < 0:
        raise ValueError("no distribution")
    both = (p > 0) & (q > 0)
    return float(np.sum(p[both] * np.log(p[both] / q[both])))
# %% kl | bits
def entropy(p):
    if abs(np.sum(p) - 1) > 1e-6 or np.min(p) < 0:
        raise ValueError("no distribution")
    some = p > 0
    return float(-np.sum(p[some] * np.log2(p[some])))
# %% kl | the logarithm of the wrong one
def cross_entropy(p, q):
    if abs(np.sum(p) - 1) > 1e-6 or abs(np.sum(q) - 1) > 1e-6 or np.min(p) < 0 or np.min(q) < 0:
        raise ValueError("no distribution")
    some = q > 0
    if np.any(p[some] == 0):
        return np.inf
    return float(-np.sum(q[some] * np.log(p[some])))
# %% two_directions | the two directions exchanged
my_forward, my_reverse = "3/4*ln((3/4)/(2/5)) + 1/4*ln((1/4)/(3/5))", "2/5*ln((2/5)/(3/4)) + 3/5*ln((3/5)/(1/4))"
# %% two_directions | ratio upside down in the logarithm
my_forward = "2/5*ln((3/4)/(2/5)) + 3/5*ln((1/4)/(3/5))"
# %% kl_gauss | widths taken as variances
def kl_gauss(m1, s1, m2, s2):
    out = np.log(np.divide(s2, s1)) / 2 + (np.asarray(s1) + (np.asarray(m1) - m2) ** 2) / (2 * np.asarray(s2)) - 0.5
    return float(out) if np.ndim(out) == 0 else out
# %% kl_gauss | logarithm upside down
kl_bells = "ln(s1/s2) + (s1^2 + (m1-m2)^2)/(2s2^2) - 1/2"
# %% kl_gauss | l taken as ln s
to_standard = "-l + (e^(2l) + m^2)/2 - 1/2"
# %% one_bell | reverse uses the forward formula
def fit(direction, x, p):
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)
    dx = x[1] - x[0]
    mu = float(np.sum(p * x) * dx)
    return mu, float(np.sqrt(np.sum(p * (x - mu) ** 2) * dx))
# %% one_bell | cover: widths added
cover = "d + s"
# %% one_bell | cover: distance between the hills
cover = "sqrt(s^2 + 4d^2)"
# %% kl_slopes | truth minus belief
def dforward(logits, p):
    z = logits - np.max(logits)
    q = np.exp(z) / np.sum(np.exp(z))
    return p - q
# %% kl_slopes | the K is not taken off
def dreverse(logits, p):
    if np.min(p) <= 0:
        raise ValueError("infinite")
    z = logits - np.max(logits)
    lq = z - np.log(np.sum(np.exp(z)))
    q = np.exp(lq)
    return q * (lq - np.log(p))
# %% kl_estimate | standard deviation not divided by the root
def kl_estimate(samples, logp, logq):
    d = np.asarray(logp(samples)) - np.asarray(logq(samples))
    return float(np.mean(d)), float(np.std(d))
# %% kl_estimate | divided by n
def kl_estimate(samples, logp, logq):
    d = np.asarray(logp(samples)) - np.asarray(logq(samples))
    return float(np.mean(d)), float(np.std(d) / len(d))
# %% kl_estimate | belief minus truth
def kl_estimate(samples, logp, logq):
    d = np.asarray(logq(samples)) - np.asarray(logp(samples))
    return float(np.mean(d)), float(np.std(d) / math.sqrt(len(d)))
