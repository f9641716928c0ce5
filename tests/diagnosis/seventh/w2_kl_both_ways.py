# Wrong answers to the tasks of `w2_kl_both_ways`, a seventh set; see ../fresh/README.md.

# %% kl | takes logarithms to base 2
def entropy(p):
    p = np.asarray(p, dtype=float)
    if abs(p.sum() - 1) > 1e-6 or (p < 0).any():
        raise ValueError("not a distribution")
    return float(-(p[p > 0] * np.log2(p[p > 0])).sum())


# %% kl_gauss | the widths are swapped in the logarithm
kl_bells = "ln(s1/s2) + (s1^2 + (m1 - m2)^2)/(2*s2^2) - 1/2"
# %% kl_slopes | forward is p minus q
def dforward(logits, p):
    z = np.asarray(logits, dtype=float)
    e = np.exp(z - z.max())
    return np.asarray(p, dtype=float) - e / e.sum()


# %% kl_estimate | the standard deviation is given, not divided by the root of n
def kl_estimate(samples, logp, logq):
    values = logp(samples) - logq(samples)
    return float(np.mean(values)), float(np.std(values))
