"""Known mistakes of `w2_kl_both_ways`: what each does, and what to ask."""

import math
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices, mistake, wrong_function

PAIRS = choices(__file__)["PAIRS"]

# ------------------------------------------------------------------------------------------------------- kl


def checked(*distributions):
    for p in distributions:
        if np.min(p) < 0 or abs(np.sum(p) - 1) > 1e-6:
            raise ValueError("not a distribution")


def crossed(p, q, log=np.log):
    asked = p > 0
    if np.any(q[asked] == 0):
        return np.inf
    return -float(np.sum(p[asked] * log(q[asked])))


def three(entropy, cross_entropy, kl):
    return {"entropy": entropy, "cross_entropy": cross_entropy, "kl": kl}


@mistake("kl", says="0 times ln(0) counts as 0 here. Which outcomes may be left out of the sum?")
def kl_nan_at_zero():
    def cross_entropy(p, q):
        checked(p, q)
        with np.errstate(all="ignore"):
            return float(-np.sum(p * np.log(q)))

    def kl(p, q):
        checked(p, q)
        with np.errstate(all="ignore"):
            return float(np.sum(p * np.log(p / q)))

    return three(lambda p: cross_entropy(p, p), cross_entropy, kl)


@mistake("kl", says="The model says impossible, the world says it happens: is that no surprise, or an infinite one?")
def kl_drops_the_impossible():
    def cross_entropy(p, q):
        checked(p, q)
        both = (p > 0) & (q > 0)
        return float(-np.sum(p[both] * np.log(q[both])))

    def kl(p, q):
        checked(p, q)
        both = (p > 0) & (q > 0)
        return float(np.sum(p[both] * np.log(p[both] / q[both])))

    return three(lambda p: cross_entropy(p, p), cross_entropy, kl)


@mistake("kl", says="A tiny number added everywhere changes every value. Can you handle the zeros instead?")
def kl_adds_a_tiny_number():
    def cross_entropy(p, q):
        checked(p, q)
        return float(-np.sum(p * np.log(q + 1e-5)))

    def kl(p, q):
        checked(p, q)
        return float(np.sum(p * np.log((p + 1e-5) / (q + 1e-5))))

    return three(lambda p: cross_entropy(p, p), cross_entropy, kl)


@mistake("kl", says="Rare is not impossible: only where q is exactly 0 is the surprise infinite.")
def kl_calls_the_rare_impossible():
    def cross_entropy(p, q):
        checked(p, q)
        return crossed(p, np.where(q < 1e-12, 0.0, q))

    return three(lambda p: cross_entropy(p, p), cross_entropy, lambda p, q: cross_entropy(p, q) - crossed(p, p))


@mistake("kl", says="Nats are asked for: the natural logarithm. What do you get with log2?")
def kl_in_bits():
    def cross_entropy(p, q):
        checked(p, q)
        return crossed(p, q, np.log2)

    return three(lambda p: cross_entropy(p, p), cross_entropy, lambda p, q: cross_entropy(p, q) - cross_entropy(p, p))


@mistake("kl", says="The world is p: which probabilities stand in front, and of which is the logarithm taken?")
def kl_the_other_way():
    def cross_entropy(p, q):
        checked(p, q)
        return crossed(q, p)

    return three(lambda p: cross_entropy(p, p), cross_entropy, lambda p, q: cross_entropy(p, q) - crossed(q, q))


@wrong_function("kl", says="p stands in front, and it stands on top of the fraction, too. Are both in your sum?")
def kl_ratio_upside_down(p, q):
    checked(p, q)
    return crossed(p, p) - crossed(p, q)


@wrong_function("kl", says="Which entropy is taken away: that of the world p, or that of the belief q?")
def kl_less_the_other_entropy(p, q):
    checked(p, q)
    return crossed(p, q) - crossed(q, q)


@wrong_function("kl", says="That is the cross-entropy. Somebody who knows p is surprised too: how much is on top?")
def kl_is_the_cross_entropy(p, q):
    checked(p, q)
    return crossed(p, q)


@wrong_function("kl", says="A single term may be negative, and it takes away from the sum. Why the absolute value?")
def kl_of_absolute_terms(p, q):
    checked(p, q)
    asked = p > 0
    if np.any(q[asked] == 0):
        return np.inf
    return float(np.sum(np.abs(p[asked] * np.log(p[asked] / q[asked]))))


@wrong_function("kl", says="The probabilities are the weights already. Why divide by how many there are?")
def kl_the_mean(p, q):
    checked(p, q)
    return (crossed(p, q) - crossed(p, p)) / len(p)


@wrong_function("kl", says="p log p - log q is not p (log p - log q). Where do the brackets belong?")
def kl_missing_brackets(p, q):
    checked(p, q)
    asked = p > 0
    if np.any(q[asked] == 0):
        return np.inf
    return float(np.sum(p[asked] * np.log(p[asked]) - np.log(q[asked])))


@mistake("kl", says="Lower surprise for what is likelier: which sign makes -ln(p) positive?")
def kl_without_the_minus():
    def cross_entropy(p, q):
        checked(p, q)
        return -crossed(p, q)

    return {"entropy": lambda p: cross_entropy(p, p), "cross_entropy": cross_entropy}


@mistake("kl", says="What do you return for numbers that do not add up to 1, or are negative? Ask for a ValueError.")
def kl_takes_anything():
    def cross_entropy(p, q):
        with np.errstate(all="ignore"):
            return crossed(p, q)

    return three(lambda p: cross_entropy(p, p), cross_entropy, lambda p, q: cross_entropy(p, q) - cross_entropy(p, p))


# ------------------------------------------------------------------------------------------- two_directions


def sides(text):
    return [Fraction(share) for share in text.strip("()").split(", ")]


def in_logs(asked, top, below):
    terms = zip(sides(asked), sides(top), sides(below), strict=True)
    return " + ".join(f"{a}*ln({b / c})" for a, b, c in terms if a and b and c)


def mine():
    return variant("two_directions", PAIRS)


@mistake("two_directions", says="my_reverse: swap what is averaged over as well as the ratio.")
def reverse_swaps_only_the_ratio():
    return {"my_reverse": in_logs(mine()["p"], mine()["q"], mine()["p"])}


@mistake("two_directions", says="my_reverse: that is the other direction. Who is asked first, and what stands on top?")
def the_same_number_twice():
    return {"my_reverse": in_logs(mine()["p"], mine()["p"], mine()["q"])}


@mistake("two_directions", says="my_forward: that is the other direction. Who is asked first, and what stands on top?")
def forward_is_the_reverse():
    return {"my_forward": in_logs(mine()["q"], mine()["q"], mine()["p"])}


@mistake("two_directions", says="my_forward: KL is never below 0. Which of the two stands on top in the logarithm?")
def forward_below_zero():
    return {"my_forward": in_logs(mine()["p"], mine()["q"], mine()["p"])}


@mistake("two_directions", says="my_finite: that leaves out the side that u calls impossible. Ask u instead.")
def finite_leaves_out_a_side():
    return {"my_finite": in_logs(mine()["v"], mine()["v"], mine()["u"])}


infinite_the_other_way = mistake(
    "two_directions",
    {"infinite_way": "a"},
    says="infinite_way: u never throws a three. Who has to be asked, so that the three comes up?",
)

# ------------------------------------------------------------------------------------------------- kl_gauss


def bells(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)


@wrong_function("kl_gauss", says="s is the standard deviation: where must it be squared?")
def kl_gauss_variances(m1, s1, m2, s2):
    return np.log(s2 / s1) / 2 - 0.5 + (s1 + (m1 - m2) ** 2) / (2 * s2)


@wrong_function("kl_gauss", says="In the exponent of the bell s2 stands squared. Is it squared in your last term?")
def kl_gauss_s2_not_squared(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2)


@wrong_function("kl_gauss", says="Bell 1 is asked. Which width stands below the squares, and which is averaged?")
def kl_gauss_the_other_way(m1, s1, m2, s2):
    return bells(m2, s2, m1, s1)


@wrong_function("kl_gauss", says="Make bell 2 wider: those who believe in it are more surprised. By which ln?")
def kl_gauss_log_upside_down(m1, s1, m2, s2):
    return np.log(s1 / s2) - 0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)


@wrong_function("kl_gauss", says="For two equal bells 0 should come out. What is yours? Check both averages.")
def kl_gauss_without_the_half(m1, s1, m2, s2):
    return np.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)


@wrong_function("kl_gauss", says="(x - m2)^2 is more than (m1 - m2)^2 on average. How much do the guests scatter?")
def kl_gauss_without_the_spread(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (m1 - m2) ** 2 / (2 * s2**2)


@wrong_function("kl_gauss", says="Is there a 2 below the squares in the exponent of a bell?")
def kl_gauss_without_the_two(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / s2**2


@wrong_function("kl_gauss", says="The factors in front of the bells have logarithms, too. What is left of them?")
def kl_gauss_without_the_log(m1, s1, m2, s2):
    return -0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) + 0 * s1


@wrong_function("kl_gauss", says="For arrays one KL for each entry is wanted. Did you add them up?")
def kl_gauss_adds_up(m1, s1, m2, s2):
    return float(np.sum(bells(m1, s1, m2, s2)))


paper_log_upside_down = mistake(
    "kl_gauss",
    {"kl_bells": "ln(s1/s2) - 1/2 + (s1^2 + (m1 - m2)^2)/(2*s2^2)"},
    says="Make bell 2 wider: the surprise of those who believe in it grows by which ln?",
)
paper_without_the_half = mistake(
    "kl_gauss",
    {"kl_bells": "ln(s2/s1) + (s1^2 + (m1 - m2)^2)/(2*s2^2)"},
    says="Put two equal bells in: it should be 0. Which average is missing?",
)
paper_without_the_spread = mistake(
    "kl_gauss",
    {"kl_bells": "ln(s2/s1) - 1/2 + (m1 - m2)^2/(2*s2^2)"},
    says="(x - m2)^2 is more than (m1 - m2)^2 on average. By how much?",
)
slope_the_other_way = mistake(
    "kl_gauss", {"d_m2": "(m1 - m2)/s2^2"}, says="d_m2: move m2 further away from m1. Does KL rise or fall?"
)
slope_halved = mistake(
    "kl_gauss",
    {"d_m2": "(m2 - m1)/(2*s2^2)"},
    says="d_m2: the slope of a square brings a 2. What does it do to the 2 below?",
)
standard_log_of_the_width = mistake(
    "kl_gauss",
    {"to_standard": "(e^(2*l) + m^2 - 1)/2 - l"},
    says="to_standard: l is the logarithm of the *squared* width. What is e^l, then?",
)
standard_log_not_halved = mistake(
    "kl_gauss", {"to_standard": "(e^l + m^2 - 1)/2 - l"}, says="to_standard: l is ln(s^2). What is ln(s)?"
)

# ------------------------------------------------------------------------------------------------- one_bell


def log_bell(x, mu, sigma):
    return -np.log(sigma * math.sqrt(2 * math.pi)) - ((x - mu) / sigma) ** 2 / 2


def moments(x, p):
    dx = x[1] - x[0]
    mu = float(np.sum(x * p) * dx)
    return mu, math.sqrt(float(np.sum((x - mu) ** 2 * p) * dx))


def reverse_cost(x, p, mu, sigma):
    log_q = log_bell(x, mu, sigma)
    return float(np.sum(np.exp(log_q) * (log_q - np.log(p))) * (x[1] - x[0]))


def downhill(x, p, mu, sigma):
    """Shorter and shorter steps down the reverse KL, from one place."""
    dx, step = x[1] - x[0], 0.3
    cost = reverse_cost(x, p, mu, sigma)
    while step > 2e-3:
        tries = [(mu + a * step, sigma + b * step) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        tried = min((reverse_cost(x, p, *bell), *bell) for bell in tries if bell[1] > 2 * dx)
        if tried[0] < cost:
            cost, mu, sigma = tried
        else:
            step /= 2
    return cost, mu, sigma


def best_reverse(x, p):
    mean, spread = moments(x, p)
    starts = [mean + a * spread for a in (-1.6, -1, -0.4, 0.3, 0.9, 1.5)]
    return min(downhill(x, p, mu, spread / 3) for mu in starts)[1:]


def known(direction):
    if direction not in ("forward", "reverse"):
        raise ValueError(direction)


@wrong_function("one_bell", replaces="fit", says="You averaged over p in both: reverse averages over your own q.")
def fit_reverse_is_forward(direction, x, p):
    known(direction)
    return moments(x, p)


@wrong_function(
    "one_bell",
    replaces="fit",
    says="Lowest nearby is not lowest of all: start from several places, and keep the best.",
)
def fit_stuck_in_the_middle(direction, x, p):
    known(direction)
    mean, spread = moments(x, p)
    return (mean, spread) if direction == "forward" else downhill(x, p, mean, spread)[1:]


@wrong_function("one_bell", replaces="fit", says="Which of the two directions covers, and which one hides?")
def fit_swapped(direction, x, p):
    known(direction)
    return best_reverse(x, p) if direction == "forward" else moments(x, p)


@wrong_function(
    "one_bell", replaces="fit", says="That is sigma squared. The bell has the width sigma: the root of the mean square."
)
def fit_gives_the_variance(direction, x, p):
    known(direction)
    mu, sigma = moments(x, p) if direction == "forward" else best_reverse(x, p)
    return mu, sigma**2


@wrong_function(
    "one_bell", replaces="fit", says="The sums of a density need the step dx of the grid: does sum(p)*dx give 1?"
)
def fit_forgets_the_step(direction, x, p):
    known(direction)
    if direction == "reverse":
        return best_reverse(x, p)
    mu = float(np.sum(x * p))
    return mu, math.sqrt(float(np.sum((x - mu) ** 2 * p)))


@wrong_function(
    "one_bell", replaces="fit", says="The forward bell weighs each hour by its guests. Did you average over the hours?"
)
def fit_without_weights(direction, x, p):
    known(direction)
    return (float(np.mean(x)), float(np.std(x))) if direction == "forward" else best_reverse(x, p)


@wrong_function(
    "one_bell", replaces="fit", says="The highest point of p is not always the middle of the best bell. How wide?"
)
def fit_at_the_highest_point(direction, x, p):
    known(direction)
    if direction == "forward":
        return moments(x, p)
    return float(x[np.argmax(p)]), 1 / (float(np.max(p)) * math.sqrt(2 * math.pi))


@wrong_function(
    "one_bell", replaces="fit", says="A bell between two points of the grid has a sum near 0. Is sigma two steps wide?"
)
def fit_between_two_points(direction, x, p):
    known(direction)
    if direction == "forward":
        return moments(x, p)
    return float(x[len(x) // 2] + x[len(x) // 2 + 1]) / 2, float(x[1] - x[0]) / 20


@wrong_function(
    "one_bell", replaces="fit", says="The tails of your bell leave the grid: compare sum(q)*dx with 1. Is it too wide?"
)
def fit_wider_than_the_grid(direction, x, p):
    known(direction)
    return moments(x, p) if direction == "forward" else (float(x[len(x) // 2]), 50 * float(x[-1] - x[0]))


@wrong_function("one_bell", replaces="fit", says="The steps of your search are too wide: go on around the best one.")
def fit_on_a_coarse_grid(direction, x, p):
    known(direction)
    mu, sigma = moments(x, p) if direction == "forward" else best_reverse(x, p)
    return round(mu * 2) / 2 + 0.25, max(0.5, round(sigma * 2) / 2)


@wrong_function("one_bell", replaces="fit", says="What should come of a direction that you do not know?")
def fit_takes_any_word(direction, x, p):
    return best_reverse(x, p) if direction == "reverse" else moments(x, p)


def drawn(x, curves):
    _, ax = plt.subplots()
    for label, heights in curves.items():
        ax.plot(x, heights, label=label)
    ax.legend()
    return ax


def both_bells(x, p):
    return {"forward": moments(x, p), "reverse": best_reverse(x, p)}


def overlay_with(bell, **renamed):
    """A mistake in `overlay` alone, drawing the bells that its `fit` finds."""

    def fit(direction, x, p):
        known(direction)
        return moments(x, p) if direction == "forward" else best_reverse(x, p)

    def overlay(x, p):
        curves = {renamed.get(name, name): bell(x, *fit(name, x, p)) for name in ("forward", "reverse")}
        return drawn(x, {"p": p, **curves})

    return {"fit": fit, "overlay": overlay}


@mistake("one_bell", says="overlay: the area under a bell is 1. Where is the factor 1/(sigma*sqrt(2 pi))?")
def overlay_without_the_factor():
    return overlay_with(lambda x, mu, sigma: np.exp(-(((x - mu) / sigma) ** 2) / 2))


@mistake("one_bell", says="overlay: which of your two bells is which? Look at their labels.")
def overlay_labels_swapped():
    return overlay_with(lambda x, *bell: np.exp(log_bell(x, *bell)), forward="reverse", reverse="forward")


@mistake("one_bell", says="overlay: in the exponent there is a 2 below. Is the bell as wide as sigma says?")
def overlay_without_the_two():
    return overlay_with(lambda x, mu, sigma: np.exp(-(((x - mu) / sigma) ** 2)) / (sigma * math.sqrt(2 * math.pi)))


cover_squared = mistake("one_bell", {"cover": "d^2 + s^2"}, says="cover: that is the squared width.")
cover_added = mistake("one_bell", {"cover": "d + s"}, says="cover: squared widths add up, not the widths.")
price_of_two = mistake(
    "one_bell",
    {"price": "ln(2)"},
    says="price: that is for two hills. With n of them, how many times as high as p is q?",
)
price_is_the_ratio = mistake(
    "one_bell", {"price": "n"}, says="price: that is the ratio q/p. KL is the average of its logarithm."
)

# ------------------------------------------------------------------------------------------------ kl_slopes


def log_softmax(z):
    lowered = z - np.max(z)
    return lowered - np.log(np.sum(np.exp(lowered)))


def parts(z, p):
    if np.any(p == 0):
        raise ValueError("p is 0 where q is not")
    log_q = log_softmax(z)
    return np.exp(log_q), log_q - np.log(p)


@wrong_function("kl_slopes", replaces="dreverse", says="Same slope for both? In reverse, the weights q move too.")
def dreverse_is_dforward(logits, p):
    q, _ = parts(logits, p)
    return q - p


@wrong_function("kl_slopes", replaces="dforward", says="Where p is larger, should the logit go up or down?")
def dforward_uphill(logits, p):
    return p - np.exp(log_softmax(logits))


@wrong_function("kl_slopes", replaces="dforward", says="That is the slope with respect to q. How does q move with z?")
def dforward_with_respect_to_q(logits, p):
    with np.errstate(all="ignore"):
        return -p / np.exp(log_softmax(logits))


@wrong_function("kl_slopes", replaces="dforward", says="Logits couple all classes. What do the others add?")
def dforward_diagonal(logits, p):
    return -p * (1 - np.exp(log_softmax(logits)))


@wrong_function("kl_slopes", replaces="dforward", says="The classes are added up, not averaged. Why divide by k?")
def dforward_the_mean(logits, p):
    return (np.exp(log_softmax(logits)) - p) / len(p)


@wrong_function("kl_slopes", replaces="dreverse", says="Logits couple all classes: your entries should add up to 0.")
def dreverse_diagonal(logits, p):
    q, ratio = parts(logits, p)
    return q * (1 - q) * (ratio + 1)


@wrong_function("kl_slopes", replaces="dreverse", says="That is each class's own term. Which part does K take away?")
def dreverse_without_k(logits, p):
    q, ratio = parts(logits, p)
    return q * ratio


@wrong_function("kl_slopes", replaces="dreverse", says="Add up your entries: it should be 0. Which sign has K?")
def dreverse_k_added(logits, p):
    q, ratio = parts(logits, p)
    return q * (ratio + np.sum(q * ratio))


@wrong_function("kl_slopes", replaces="dreverse", says="If q is far above p, should the slope be above 0, or below?")
def dreverse_uphill(logits, p):
    q, ratio = parts(logits, p)
    return -q * (ratio - np.sum(q * ratio))


@wrong_function("kl_slopes", replaces="dreverse", says="Each class is weighted by its own q. Where is that factor?")
def dreverse_without_q(logits, p):
    q, ratio = parts(logits, p)
    return ratio - np.sum(q * ratio)


@wrong_function("kl_slopes", replaces="dreverse", says="K is the average over q, which is asked. Is yours?")
def dreverse_with_the_forward_k(logits, p):
    q, ratio = parts(logits, p)
    return q * (ratio + np.sum(p * ratio))


@wrong_function("kl_slopes", replaces="dreverse", says="The 1 of the product rule drops out, summed over classes.")
def dreverse_keeps_the_one(logits, p):
    q, ratio = parts(logits, p)
    return q * (ratio + 1 - np.sum(q * ratio))


@wrong_function("kl_slopes", replaces="dreverse", says="At far logits q is 0.0 in the computer. Is its log needed?")
def dreverse_log_of_zero(logits, p):
    q, _ = parts(logits, p)
    with np.errstate(all="ignore"):
        ratio = np.log(q / p)
        return q * (ratio - np.sum(q * ratio))


@mistake("kl_slopes", says="exp(1000) is infinite in a computer. What may you subtract from all logits first?")
def slopes_of_a_plain_softmax():
    def softmax(z):
        with np.errstate(all="ignore"):
            return np.exp(z) / np.sum(np.exp(z))

    def dreverse(logits, p):
        if np.any(p == 0):
            raise ValueError("p is 0")
        q = softmax(logits)
        with np.errstate(all="ignore"):
            ratio = np.log(q / p)
            return q * (ratio - np.sum(q * ratio))

    return {"dforward": lambda logits, p: softmax(logits) - p, "dreverse": dreverse}


@wrong_function("kl_slopes", replaces="dreverse", says="Where p is 0, q is not: what is the reverse KL then?")
def dreverse_takes_a_zero(logits, p):
    log_q = log_softmax(logits)
    q, ratio = np.exp(log_q), log_q - np.log(np.where(p > 0, p, 1e-300))
    return q * (ratio - np.sum(q * ratio))


paper_forward_uphill = mistake(
    "kl_slopes",
    {"forward_slope": "p - q"},
    says="forward_slope: q is larger than p. Must the logit go up or down, so which sign has the slope?",
)
paper_reverse_is_forward = mistake(
    "kl_slopes",
    {"reverse_slope": "q - p"},
    says="reverse_slope: that is the forward one. In reverse, the weights q move too.",
)
paper_reverse_without_k = mistake(
    "kl_slopes",
    {"reverse_slope": "q*ln(q/p)"},
    says="reverse_slope: that is one term of KL itself. What do the other classes take away?",
)
paper_reverse_without_q = mistake(
    "kl_slopes",
    {"reverse_slope": "ln(q/p) - K"},
    says="reverse_slope: each class is weighted by something. By what?",
)

# ---------------------------------------------------------------------------------------------- kl_estimate


def values_of(samples, logp, logq):
    return np.asarray(logp(samples) - logq(samples), dtype=float)


@wrong_function("kl_estimate", says="That is the spread of one sample. How much smaller is the error of a mean of n?")
def kl_estimate_spread_of_one(samples, logp, logq):
    values = values_of(samples, logp, logq)
    return float(np.mean(values)), float(np.std(values))


@wrong_function("kl_estimate", says="The error of a mean shrinks with the root of n, and not with n.")
def kl_estimate_divided_by_n(samples, logp, logq):
    values = values_of(samples, logp, logq)
    return float(np.mean(values)), float(np.std(values) / len(values))


@wrong_function("kl_estimate", says="That is the variance over n. The standard error is its root.")
def kl_estimate_without_the_root(samples, logp, logq):
    values = values_of(samples, logp, logq)
    return float(np.mean(values)), float(np.var(values) / len(values))


@wrong_function("kl_estimate", says="ln p - ln q, with p the one that is asked. Which did you subtract?")
def kl_estimate_upside_down(samples, logp, logq):
    values = values_of(samples, logq, logp)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))


@wrong_function("kl_estimate", says="Likely places are sampled more often already. Why weigh by p once more?")
def kl_estimate_weighs_by_p(samples, logp, logq):
    values = np.exp(logp(samples)) * values_of(samples, logp, logq)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))


@wrong_function("kl_estimate", says="KL is an average. Did you divide the sum by how many samples there are?")
def kl_estimate_the_sum(samples, logp, logq):
    values = values_of(samples, logp, logq)
    return float(np.sum(values)), float(np.std(values) / np.sqrt(len(values)))


@wrong_function("kl_estimate", says="Some samples give a negative value. Why the absolute value?")
def kl_estimate_absolute(samples, logp, logq):
    values = np.abs(values_of(samples, logp, logq))
    return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))


@wrong_function("kl_estimate", says="That is the cross-entropy. Where is ln p?")
def kl_estimate_without_logp(samples, logp, logq):
    values = -np.asarray(logq(samples), dtype=float)
    return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))


@wrong_function("kl_estimate", says="KL averages logarithms. Did you subtract the densities?")
def kl_estimate_of_densities(samples, logp, logq):
    values = np.exp(logp(samples)) - np.exp(logq(samples))
    return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))


samples_from_q = mistake(
    "kl_estimate",
    {"to_estimate": "b"},
    says="to_estimate: the average is under the one that stands first. Which is that?",
)
samples_from_anywhere = mistake(
    "kl_estimate", {"to_estimate": "d"}, says="to_estimate: try it: samples from somewhere else change the mean."
)
data_makes_reverse_small = mistake(
    "kl_estimate",
    {"only_data": "a"},
    says="only_data: the reverse KL needs ln p at your own samples. Is there a formula for p?",
)


# ------------------------------------------------------------------------------ entropy alone, and other slips of kl


def entropy_with(formula):
    """An `entropy` that is `formula(the entries of p above 0)`; the other two are right."""

    def entropy(p):
        checked(p)
        return float(formula(p[p > 0]))

    return {"entropy": entropy}


entropy_without_the_minus = mistake("kl", lambda: entropy_with(lambda p: np.sum(p * np.log(p))),
    says="entropy: the logarithm of a probability is negative. Which sign makes a surprise of it?")
entropy_in_bits = mistake("kl", lambda: entropy_with(lambda p: -np.sum(p * np.log2(p))),
    says="entropy: nats are asked for, the natural logarithm. What do you get with log2?")
entropy_the_mean = mistake("kl", lambda: entropy_with(lambda p: -np.mean(np.log(p))),
    says="entropy: not every outcome is as likely as the others. With which weights is the surprise averaged?")
entropy_without_weights = mistake("kl", lambda: entropy_with(lambda p: -np.sum(np.log(p))),
    says="entropy: that adds up the surprises. How often does each of them happen?")


@mistake("kl", says="0 times ln(0) counts as 0 here. Which outcomes may be left out of the sum?")
def entropy_nan_at_zero():
    def entropy(p):
        checked(p)
        return float(-np.sum(p * np.log(p)))

    return {"entropy": entropy}


def divergence(formula):
    """A `kl` that is `formula(p, q)`; infinite where it should be."""

    def kl(p, q):
        checked(p, q)
        if np.any(q[p > 0] == 0):
            return np.inf
        return float(formula(p, q))

    return {"kl": kl}


def one_way(p, q):
    on = (p > 0) & (q > 0)
    return np.sum(p[on] * np.log(p[on] / q[on]))


kl_made_symmetric = mistake("kl", lambda: divergence(lambda p, q: (one_way(p, q) + one_way(q, p)) / 2),
    says="kl: that is the mean of both directions. KL asks one of the two: which one comes first?")
kl_squared_distance = mistake("kl", lambda: divergence(lambda p, q: np.sum((p - q) ** 2)),
    says="kl: that is a squared distance. Where are the surprises, the logarithms?")


@wrong_function("kl", says="kl: what is not a distribution should be refused. Why do you make one of it?")
def kl_normalises(p, q):
    p, q = p / np.sum(p), q / np.sum(q)
    return np.inf if np.any(q[p > 0] == 0) else float(one_way(p, q))


kl_gauss_distance_not_squared = mistake(
    "kl_gauss",
    lambda: {"kl_gauss": lambda m1, s1, m2, s2: np.log(s2 / s1) - 0.5 + (s1**2 + np.abs(m1 - m2)) / (2 * s2**2)},
    says="kl_gauss: twice as far away costs four times as much. Is the distance squared?",
)
price_of_nothing = mistake("one_bell", {"price": "0"},
    says="price: where it hides, q is higher than p. How surprised is a waiter who looks for guests?")
price_is_the_share = mistake("one_bell", {"price": "1/n"},
    says="price: that is the share of the guests. KL is the average of a logarithm: of which ratio?")


@wrong_function("kl_estimate", says="Take ln p - ln q, the logarithm of a ratio, not the ratio of logarithms.")
def kl_estimate_ratio_of_logarithms(samples, logp, logq):
    d = logp(samples) / logq(samples)
    return float(np.mean(d)), float(np.std(d) / np.sqrt(len(d)))


@mistake("kl", says="Ten times 0.1 is not exactly 1 in a computer. How far may the sum be off?")
def kl_asks_for_exactly_one():
    def cross_entropy(p, q):
        for shares in (p, q):
            if np.min(shares) < 0 or np.sum(shares) != 1:
                raise ValueError("not a distribution")
        return crossed(p, q)

    return three(lambda p: cross_entropy(p, p), cross_entropy, lambda p, q: cross_entropy(p, q) - cross_entropy(p, p))


@wrong_function("kl_estimate", says="The logarithm comes first, then the mean. Which of the two is yours?")
def kl_estimate_log_of_the_mean(samples, logp, logq):
    values = values_of(samples, logp, logq)
    return float(np.log(np.mean(np.exp(values)))), float(np.std(values) / np.sqrt(len(values)))
