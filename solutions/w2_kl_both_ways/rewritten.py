"""Mistakes of `w2_kl_both_ways` in other words: as other students would write them, they must still be named.

They use only what the notebook has (np, plt, math), so that each can be pasted.
"""

import math

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import rewritten

# ------------------------------------------------------------------------------------------------ kl


@rewritten("kl_calls_the_rare_impossible")
def kl_calls_the_rare_impossible():
    def entropy(p):
        return cross_entropy(p, p)

    def cross_entropy(p, q):
        for probabilities in (p, q):
            if abs(sum(probabilities) - 1) > 1e-6 or min(probabilities) < 0:
                raise ValueError("no distribution")
        total = 0.0
        for pi, qi in zip(p, q, strict=True):
            if pi > 0 and np.isclose(qi, 0):
                return np.inf
            if pi > 0:
                total -= pi * math.log(qi)
        return float(total)

    def kl(p, q):
        return cross_entropy(p, q) - entropy(p)

    return {"entropy": entropy, "cross_entropy": cross_entropy, "kl": kl}


@rewritten("kl_nan_at_zero")
def kl_nan_at_zero():
    def check_sum(p):
        if min(p) < 0 or not math.isclose(sum(p), 1, abs_tol=1e-6):
            raise ValueError("no distribution")

    def entropy(p):
        check_sum(p)
        with np.errstate(divide="ignore", invalid="ignore"):
            return -(p @ np.log(p))

    def cross_entropy(p, q):
        check_sum(p)
        check_sum(q)
        with np.errstate(divide="ignore", invalid="ignore"):
            return -(p @ np.log(q))

    def kl(p, q):
        return cross_entropy(p, q) - entropy(p)

    return {"check_sum": check_sum, "entropy": entropy, "cross_entropy": cross_entropy, "kl": kl}


@rewritten("kl_drops_the_impossible")
def kl_drops_the_impossible():
    def fine(p):
        if any(share < 0 for share in p) or abs(sum(p) - 1) > 1e-6:
            raise ValueError("no distribution")

    def cross_entropy(p, q):
        fine(p)
        fine(q)
        total = 0.0
        for a, b in zip(p, q, strict=True):
            if a > 0 and b > 0:
                total -= a * math.log(b)
        return total

    def entropy(p):
        return cross_entropy(p, p)

    def kl(p, q):
        fine(p)
        fine(q)
        return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True) if a > 0 and b > 0)

    return {"fine": fine, "cross_entropy": cross_entropy, "entropy": entropy, "kl": kl}


@rewritten("kl_in_bits")
def kl_in_bits():
    def fine(p):
        if any(share < 0 for share in p) or abs(sum(p) - 1) > 1e-6:
            raise ValueError("no distribution")

    def cross_entropy(p, q):
        fine(p)
        fine(q)
        if any(a > 0 and b == 0 for a, b in zip(p, q, strict=True)):
            return math.inf
        return -sum(a * math.log2(b) for a, b in zip(p, q, strict=True) if a > 0)

    def entropy(p):
        return cross_entropy(p, p)

    def kl(p, q):
        return cross_entropy(p, q) - entropy(p)

    return {"fine": fine, "cross_entropy": cross_entropy, "entropy": entropy, "kl": kl}


@rewritten("kl_ratio_upside_down")
def kl_ratio_upside_down():
    def kl(p, q):
        for shares in (p, q):
            if (shares < 0).any() or abs(shares.sum() - 1) > 1e-6:
                raise ValueError("no distribution")
        total = 0.0
        for a, b in zip(p, q, strict=True):
            if a > 0:
                total += a * math.log(b / a) if b > 0 else -math.inf
        return total

    return {"kl": kl}


@rewritten("kl_less_the_other_entropy")
def kl_less_the_other_entropy():
    def kl(p, q):
        return cross_entropy(p, q) - entropy(q)

    def entropy(p):
        return cross_entropy(p, p)

    def cross_entropy(p, q):
        for shares in (p, q):
            if (shares < 0).any() or abs(shares.sum() - 1) > 1e-6:
                raise ValueError("no distribution")
        if any((p > 0) & (q == 0)):
            return math.inf
        return -sum(a * math.log(b) for a, b in zip(p, q, strict=True) if a > 0)

    return {"kl": kl, "entropy": entropy, "cross_entropy": cross_entropy}


@rewritten("kl_is_the_cross_entropy")
def kl_is_the_cross_entropy():
    def kl(p, q):
        for shares in (p, q):
            if (shares < 0).any() or abs(shares.sum() - 1) > 1e-6:
                raise ValueError("no distribution")
        return sum(a * (-math.log(b) if b > 0 else math.inf) for a, b in zip(p, q, strict=True) if a > 0)

    return {"kl": kl}


@rewritten("kl_the_mean")
def kl_the_mean():
    def kl(p, q):
        for shares in (p, q):
            if (shares < 0).any() or abs(shares.sum() - 1) > 1e-6:
                raise ValueError("no distribution")
        terms = [0.0 if a == 0 else math.inf if b == 0 else a * math.log(a / b) for a, b in zip(p, q, strict=True)]
        return float(np.mean(terms))

    return {"kl": kl}


@rewritten("kl_of_absolute_terms")
def kl_of_absolute_terms():
    def kl(p, q):
        for shares in (p, q):
            if (shares < 0).any() or abs(shares.sum() - 1) > 1e-6:
                raise ValueError("no distribution")
        total = 0.0
        for a, b in zip(p, q, strict=True):
            if a > 0:
                total += a * abs(math.log(a / b)) if b > 0 else math.inf
        return total

    return {"kl": kl}


@rewritten("kl_takes_anything")
def kl_takes_anything():
    def cross_entropy(p, q):
        total = 0.0
        for a, b in zip(p, q, strict=True):
            if a > 0:
                total += a * -math.log(b) if b > 0 else math.inf
        return total

    def entropy(p):
        return cross_entropy(p, p)

    def kl(p, q):
        return cross_entropy(p, q) - entropy(p)

    return {"cross_entropy": cross_entropy, "entropy": entropy, "kl": kl}


# ------------------------------------------------------------------------------------------ kl_gauss


@rewritten("kl_gauss_variances")
def kl_gauss_variances():
    def kl_gauss(m1, s1, m2, s2):
        return 0.5 * (np.log(s2) - np.log(s1) + s1 / s2 + (m1 - m2) ** 2 / s2 - 1)

    return {"kl_gauss": kl_gauss}


@rewritten("kl_gauss_the_other_way")
def kl_gauss_the_other_way():
    def kl_gauss(m1, s1, m2, s2):
        d = m2 - m1
        return np.log(s1) - np.log(s2) + (s2 * s2 + d * d) / s1 / s1 / 2 - 0.5

    return {"kl_gauss": kl_gauss}


@rewritten("kl_gauss_log_upside_down")
def kl_gauss_log_upside_down():
    def kl_gauss(m1, s1, m2, s2):
        r = s1 / s2
        return np.log(r) + r * r / 2 + ((m1 - m2) / s2) ** 2 / 2 - 0.5

    return {"kl_gauss": kl_gauss}


@rewritten("kl_gauss_without_the_half")
def kl_gauss_without_the_half():
    def kl_gauss(m1, s1, m2, s2):
        r = s1 / s2
        return -np.log(r) + (r * r + ((m1 - m2) / s2) ** 2) * 0.5

    return {"kl_gauss": kl_gauss}


@rewritten("kl_gauss_without_the_spread")
def kl_gauss_without_the_spread():
    def kl_gauss(m1, s1, m2, s2):
        return np.log(s2) - np.log(s1) + ((m1 - m2) / s2) ** 2 * 0.5 - 0.5

    return {"kl_gauss": kl_gauss}


@rewritten("kl_gauss_without_the_two")
def kl_gauss_without_the_two():
    def kl_gauss(m1, s1, m2, s2):
        z = (m1 - m2) / s2
        return np.log(s2) - np.log(s1) + (s1 / s2) ** 2 + z * z - 1 / 2

    return {"kl_gauss": kl_gauss}


@rewritten("kl_gauss_without_the_log")
def kl_gauss_without_the_log():
    def kl_gauss(m1, s1, m2, s2):
        z = (m1 - m2) / s2
        return ((s1 / s2) ** 2 + z * z - 1) / 2

    return {"kl_gauss": kl_gauss}


@rewritten("paper_log_upside_down")
def paper_log_upside_down():
    return {"kl_bells": "ln(s1) - ln(s2) + ((s1/s2)^2 + ((m1-m2)/s2)^2 - 1)/2"}


@rewritten("paper_without_the_half")
def paper_without_the_half():
    return {"kl_bells": "ln(s2) - ln(s1) + ((s1/s2)^2 + ((m1-m2)/s2)^2)/2"}


@rewritten("paper_without_the_spread")
def paper_without_the_spread():
    return {"kl_bells": "ln(s2) - ln(s1) + (((m1-m2)/s2)^2 - 1)/2"}


@rewritten("slope_the_other_way")
def slope_the_other_way():
    return {"d_m2": "-(m2 - m1)/(s2*s2)"}


@rewritten("slope_halved")
def slope_halved():
    return {"d_m2": "0.5*(m2 - m1)/s2^2"}


@rewritten("standard_log_not_halved")
def standard_log_not_halved():
    return {"to_standard": "e^l/2 + m^2/2 - 1/2 - l"}


@rewritten("standard_log_of_the_width")
def standard_log_of_the_width():
    return {"to_standard": "-l + (e^l)^2/2 + m^2/2 - 0.5"}


# ------------------------------------------------------------------------------------------ one_bell


@rewritten("fit_reverse_is_forward")
def fit_reverse_is_forward():
    def fit(direction, x, p):
        if direction not in {"forward", "reverse"}:
            raise ValueError
        w = p / p.sum()
        mu = w @ x
        return mu, (w @ (x - mu) ** 2) ** 0.5

    return {"fit": fit}


@rewritten("fit_stuck_in_the_middle")
def fit_stuck_in_the_middle():
    def fit(direction, x, p):
        dx = x[1] - x[0]
        mu = (x * p).sum() * dx
        sigma = math.sqrt(((x - mu) ** 2 * p).sum() * dx)
        if direction == "forward":
            return mu, sigma
        if direction != "reverse":
            raise ValueError(direction)
        for _ in range(400):
            z = (x - mu) / sigma
            q = np.exp(-z * z / 2) / (sigma * math.sqrt(2 * math.pi)) * dx
            extra = -z * z / 2 - math.log(sigma * math.sqrt(2 * math.pi)) - np.log(p)
            mu, sigma = mu - 0.1 * sigma * (q * extra * z).sum(), sigma - 0.1 * sigma * (q * extra * (z * z - 1)).sum()
        return mu, sigma

    return {"fit": fit}


@rewritten("fit_gives_the_variance")
def fit_gives_the_variance():
    def fit(direction, x, p):
        dx = x[1] - x[0]
        mu = (x * p).sum() * dx
        variance = ((x - mu) ** 2 * p).sum() * dx
        if direction == "forward":
            return mu, variance
        if direction != "reverse":
            raise ValueError(direction)

        def cost(bell):
            m, s = bell
            log_q = -((x - m) ** 2) / (2 * s * s) - math.log(s * math.sqrt(2 * math.pi))
            return (np.exp(log_q) * (log_q - np.log(p))).sum() * dx

        best = min(((m, s) for m in np.linspace(-6, 6, 61) for s in np.linspace(2 * dx, 3, 30)), key=cost)
        step = 0.1
        while step > 0.002:
            near = min(((best[0] + a * step, best[1] + b * step) for a in (-1, 0, 1) for b in (-1, 0, 1)), key=cost)
            best, step = (near, step) if cost(near) < cost(best) else (best, step / 2)
        return best[0], best[1] ** 2

    return {"fit": fit}


@rewritten("fit_takes_any_word")
def fit_takes_any_word():
    def fit(direction, x, p):
        dx = x[1] - x[0]
        mu = (x * p).sum() * dx
        if direction != "reverse":
            return mu, math.sqrt(((x - mu) ** 2 * p).sum() * dx)

        def cost(bell):
            m, s = bell
            log_q = -((x - m) ** 2) / (2 * s * s) - math.log(s * math.sqrt(2 * math.pi))
            return (np.exp(log_q) * (log_q - np.log(p))).sum() * dx

        best = min(((m, s) for m in np.linspace(-6, 6, 61) for s in np.linspace(2 * dx, 3, 30)), key=cost)
        step = 0.1
        while step > 0.002:
            near = min(((best[0] + a * step, best[1] + b * step) for a in (-1, 0, 1) for b in (-1, 0, 1)), key=cost)
            best, step = (near, step) if cost(near) < cost(best) else (best, step / 2)
        return best

    return {"fit": fit}


@rewritten("fit_forgets_the_step")
def fit_forgets_the_step():
    def fit(direction, x, p):
        if direction not in ("forward", "reverse"):
            raise ValueError(direction)
        dx = x[1] - x[0]
        if direction == "forward":
            mu = sum(x * p)
            return mu, sum((x - mu) ** 2 * p) ** 0.5

        def cost(bell):
            m, s = bell
            log_q = -((x - m) ** 2) / (2 * s * s) - math.log(s * math.sqrt(2 * math.pi))
            return (np.exp(log_q) * (log_q - np.log(p))).sum() * dx

        best = min(((m, s) for m in np.linspace(-6, 6, 61) for s in np.linspace(2 * dx, 3, 30)), key=cost)
        step = 0.1
        while step > 0.002:
            near = min(((best[0] + a * step, best[1] + b * step) for a in (-1, 0, 1) for b in (-1, 0, 1)), key=cost)
            best, step = (near, step) if cost(near) < cost(best) else (best, step / 2)
        return best

    return {"fit": fit}


@rewritten("overlay_without_the_factor")
def overlay_without_the_factor():
    def overlay(x, p):
        ax = plt.figure().add_subplot()
        ax.plot(x, p, label="p")
        for direction in ("forward", "reverse"):
            mu, sigma = fit(direction, x, p)
            ax.plot(x, [math.exp(-((place - mu) ** 2) / 2 / sigma**2) for place in x], label=direction)
        return ax

    def fit(direction, x, p):
        if direction not in ("forward", "reverse"):
            raise ValueError(direction)
        dx = x[1] - x[0]
        if direction == "forward":
            mu = sum(x * p) * dx
            return mu, (sum((x - mu) ** 2 * p) * dx) ** 0.5

        def cost(bell):
            m, s = bell
            log_q = -((x - m) ** 2) / (2 * s * s) - math.log(s * math.sqrt(2 * math.pi))
            return (np.exp(log_q) * (log_q - np.log(p))).sum() * dx

        best = min(((m, s) for m in np.linspace(-6, 6, 61) for s in np.linspace(2 * dx, 3, 30)), key=cost)
        step = 0.1
        while step > 0.002:
            near = min(((best[0] + a * step, best[1] + b * step) for a in (-1, 0, 1) for b in (-1, 0, 1)), key=cost)
            best, step = (near, step) if cost(near) < cost(best) else (best, step / 2)
        return best

    return {"overlay": overlay, "fit": fit}


@rewritten("cover_squared")
def cover_squared():
    return {"cover": "s^2 + d*d"}


@rewritten("cover_added")
def cover_added():
    return {"cover": "s + d"}


@rewritten("price_is_the_ratio")
def price_is_the_ratio():
    return {"price": "n/1"}


# ----------------------------------------------------------------------------------------- kl_slopes


@rewritten("dreverse_is_dforward")
def dreverse_is_dforward():
    def dreverse(logits, p):
        if min(p) == 0:
            raise ValueError("zero")
        e = np.exp(logits - max(logits))
        return e / sum(e) - p

    return {"dreverse": dreverse}


@rewritten("dforward_uphill")
def dforward_uphill():
    def dforward(logits, p):
        e = np.exp(logits - max(logits))
        return -(e / sum(e)) + p

    return {"dforward": dforward}


@rewritten("dforward_diagonal")
def dforward_diagonal():
    def dforward(logits, p):
        e = np.exp(logits - logits.max())
        q = e / e.sum()
        return np.array([p[i] * (q[i] - 1) for i in range(len(p))])

    return {"dforward": dforward}


@rewritten("dforward_the_mean")
def dforward_the_mean():
    def dforward(logits, p):
        e = np.exp(logits - logits.max())
        return (e / e.sum() - p) / p.size

    return {"dforward": dforward}


@rewritten("dreverse_diagonal")
def dreverse_diagonal():
    def dreverse(logits, p):
        if min(p) == 0:
            raise ValueError("zero")
        z = logits - max(logits)
        log_q = z - math.log(sum(np.exp(z)))
        q = np.exp(log_q)
        return np.array([(q[i] - q[i] ** 2) * (1 + log_q[i] - math.log(p[i])) for i in range(len(p))])

    return {"dreverse": dreverse}


@rewritten("dreverse_without_k")
def dreverse_without_k():
    def dreverse(logits, p):
        if not all(p > 0):
            raise ValueError("zero")
        z = logits - max(logits)
        log_q = z - math.log(sum(np.exp(z)))
        return np.array([math.exp(a) * (a - math.log(b)) for a, b in zip(log_q, p, strict=True)])

    return {"dreverse": dreverse}


@rewritten("dreverse_k_added")
def dreverse_k_added():
    def dreverse(logits, p):
        if not all(p > 0):
            raise ValueError("zero")
        z = logits - max(logits)
        log_q = z - math.log(sum(np.exp(z)))
        q = np.exp(log_q)
        K = sum(q * (log_q - np.log(p)))
        return q * (log_q - np.log(p)) + q * K

    return {"dreverse": dreverse}


@rewritten("dreverse_uphill")
def dreverse_uphill():
    def dreverse(logits, p):
        if not all(p > 0):
            raise ValueError("zero")
        z = logits - max(logits)
        log_q = z - math.log(sum(np.exp(z)))
        q = np.exp(log_q)
        K = sum(q * (log_q - np.log(p)))
        return q * K - q * (log_q - np.log(p))

    return {"dreverse": dreverse}


@rewritten("dreverse_without_q")
def dreverse_without_q():
    def dreverse(logits, p):
        if not all(p > 0):
            raise ValueError("zero")
        z = logits - max(logits)
        extra = z - math.log(sum(np.exp(z))) - np.log(p)
        return extra - np.exp(z) @ extra / np.exp(z).sum()

    return {"dreverse": dreverse}


@rewritten("dreverse_keeps_the_one")
def dreverse_keeps_the_one():
    def dreverse(logits, p):
        if not all(p > 0):
            raise ValueError("zero")
        z = logits - max(logits)
        extra = z - math.log(sum(np.exp(z))) - np.log(p)
        q = np.exp(z) / np.exp(z).sum()
        return q + q * extra - q * (q @ extra)

    return {"dreverse": dreverse}


@rewritten("dreverse_takes_a_zero")
def dreverse_takes_a_zero():
    def dreverse(logits, p):
        z = logits - max(logits)
        with np.errstate(divide="ignore", invalid="ignore"):
            extra = z - math.log(sum(np.exp(z))) - np.log(p)
            q = np.exp(z) / np.exp(z).sum()
            return q * (extra - q @ extra)

    return {"dreverse": dreverse}


@rewritten("paper_forward_uphill")
def paper_forward_uphill():
    return {"forward_slope": "-(q - p)"}


@rewritten("paper_reverse_without_k")
def paper_reverse_without_k():
    return {"reverse_slope": "q*ln(q) - q*ln(p)"}


@rewritten("paper_reverse_without_q")
def paper_reverse_without_q():
    return {"reverse_slope": "ln(q) - ln(p) - K"}


# --------------------------------------------------------------------------------------- kl_estimate


@rewritten("kl_estimate_spread_of_one")
def kl_estimate_spread_of_one():
    def kl_estimate(samples, logp, logq):
        v = logp(samples) - logq(samples)
        m = v.sum() / len(v)
        return m, math.sqrt(((v - m) ** 2).sum() / len(v))

    return {"kl_estimate": kl_estimate}


@rewritten("kl_estimate_divided_by_n")
def kl_estimate_divided_by_n():
    def kl_estimate(samples, logp, logq):
        v = logp(samples) - logq(samples)
        n = len(samples)
        m = v.sum() / n
        return m, math.sqrt(((v - m) ** 2).sum() / n) / n

    return {"kl_estimate": kl_estimate}


@rewritten("kl_estimate_without_the_root")
def kl_estimate_without_the_root():
    def kl_estimate(samples, logp, logq):
        v = logp(samples) - logq(samples)
        n = len(samples)
        m = v.sum() / n
        return m, ((v - m) ** 2).sum() / n / n

    return {"kl_estimate": kl_estimate}


@rewritten("kl_estimate_upside_down")
def kl_estimate_upside_down():
    def kl_estimate(samples, logp, logq):
        v = logp(samples) - logq(samples)
        return -v.mean(), v.std() / len(v) ** 0.5

    return {"kl_estimate": kl_estimate}


@rewritten("kl_estimate_weighs_by_p")
def kl_estimate_weighs_by_p():
    def kl_estimate(samples, logp, logq):
        lp, lq = logp(samples), logq(samples)
        v = np.exp(lp) * (lp - lq)
        return v.mean(), v.std() / len(v) ** 0.5

    return {"kl_estimate": kl_estimate}


@rewritten("kl_estimate_the_sum")
def kl_estimate_the_sum():
    def kl_estimate(samples, logp, logq):
        v = logp(samples) - logq(samples)
        return sum(v), np.std(v) / math.sqrt(len(v))

    return {"kl_estimate": kl_estimate}


@rewritten("kl_estimate_absolute")
def kl_estimate_absolute():
    def kl_estimate(samples, logp, logq):
        v = [abs(a - b) for a, b in zip(logp(samples), logq(samples), strict=True)]
        return np.mean(v), np.std(v) / math.sqrt(len(v))

    return {"kl_estimate": kl_estimate}


@rewritten("kl_estimate_without_logp")
def kl_estimate_without_logp():
    def kl_estimate(samples, logp, logq):
        v = logq(samples)
        return -sum(v) / len(v), np.std(v) / math.sqrt(len(v))

    return {"kl_estimate": kl_estimate}


@rewritten("kl_adds_a_tiny_number")
def kl_adds_a_tiny_number():
    def refuse(p):
        if (p < 0).any() or abs(p.sum() - 1) > 1e-6:
            raise ValueError("p")

    def entropy(p):
        refuse(p)
        return -(p * np.log(p + 1e-9)).sum()

    def cross_entropy(p, q):
        refuse(p)
        refuse(q)
        return -(p * np.log(q + 1e-9)).sum()

    def kl(p, q):
        return cross_entropy(p, q) - entropy(p)

    return {"refuse": refuse, "entropy": entropy, "cross_entropy": cross_entropy, "kl": kl}
