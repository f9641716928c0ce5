"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import functools
import math
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kept, several, shown, typed
from kit.hints import Question
from kit.measured import slope_at, slope_of, value_of

HINTS = {
    "kl": [
        "Start with cross_entropy: multiply p[i] by -ln(q[i]), and add up. Which q has somebody who knows p?",
        "entropy(p) is cross_entropy(p, p), and kl(p, q) is the difference. For the zeros, keep only the outcomes\n"
        "that can happen:  asked = p > 0,  then p[asked] and q[asked].",
        "if np.any(q[asked] == 0): return np.inf\n"
        "return -float(np.sum(p[asked] * np.log(q[asked])))\n"
        "Before that:  if np.min(p) < 0 or abs(np.sum(p) - 1) > 1e-6: raise ValueError(...), and the same for q.",
    ],
    "two_directions": [
        "Write one line for each side of the coin: the probability of the one that is asked, times ln of a fraction.",
        "In KL(p || q) the p stands in front *and* on top of the fraction. In KL(q || p), the q does both.",
        'For p = (1/2, 1/2) and q = (1/4, 3/4):  my_forward = "1/2*ln((1/2)/(1/4)) + 1/2*ln((1/2)/(3/4))".\n'
        "For the dice, ask the one that has the zero: its impossible side adds nothing.",
    ],
    "kl_gauss": [
        "Take the last line of the text, ln p(x) - ln q(x), and put in the two averages.",
        "The first fraction becomes s1^2/(2 s1^2) = 1/2. The second becomes (s1^2 + (m1 - m2)^2)/(2 s2^2).",
        "KL is ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2)^2)/(2 s2^2). For d_m2 only one term moves.\n"
        "For to_standard put in m1 = m, s1^2 = e^l, m2 = 0, s2 = 1; and ln(s1) = l/2.",
    ],
    "one_bell": [
        "Forward needs no search: mu = sum(x*p)*dx, and sigma**2 is the mean squared distance from it.\n"
        "For reverse, write a function first that gives the reverse KL of one bell. Then look for its lowest value.",
        "Compute ln q as a formula, never log(q):  log_q = -np.log(sigma*np.sqrt(2*np.pi)) - ((x - mu)/sigma)**2/2.\n"
        "Try many mu along the grid, each with many sigma from 2*dx on. Keep the best. Then try again around it, with\n"
        "smaller steps.",
        "best = min((cost(m, s), m, s) for m in many_mus for s in many_sigmas)\n"
        "Then, while the step is above 0.002: try the eight neighbours of the best, take the lowest, and halve the\n"
        "step when no neighbour is lower. cover: the squares of d and s add up. price: q is n times as high as p.",
    ],
    "kl_slopes": [
        "forward_slope was worked out in the text. For reverse_slope put q_i*([i = j] - q_j) in and add up over i.",
        "The part with [i = j] leaves one term: q*ln(q/p). The other part is -q_j times the sum of all\n"
        "q_i*ln(q_i/p_i). What is that sum called?",
        'reverse_slope = "q*(ln(q/p) - K)". In code:\n'
        "z = logits - logits.max();  log_q = z - np.log(np.exp(z).sum());  q = np.exp(log_q)\n"
        "K is the sum of q*(log_q - np.log(p)).",
    ],
    "kl_estimate": [
        "Both functions take the whole array. What do you get if you subtract what they return?",
        "values = logp(samples) - logq(samples). You want their mean, and np.std(values) over the root of n.",
        "return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))\n"
        "to_estimate: the one that stands first in KL(p || q) is asked. only_data: only the part with ln q moves.",
    ],
}
agrees_to_nine_digits = functools.partial(agrees, rel=1e-9)

RECALL = {
    1: Question(
        "a",
        "Forward covers everything that may be asked for, and is sharp nowhere.",
        "Which direction covers, and which one hides? Section 2.",
    ),
    2: Question(
        "b",
        "It was called impossible, and it happens: an infinite surprise.",
        "See the soup of section 1: which zero is harmless?",
    ),
    3: Question(
        "c",
        "The gradient check of unit 4: only measuring is independent of your formula.",
        "Which of the three would still notice if you had derived it wrongly?",
    ),
}


def forward_of(z, p):
    """What moves of the forward KL if the logit z of a class with p moves; the other exponentials add up to 1."""
    return -p * z + math.log(1 + math.exp(z))


SLOPES = {
    "d_m2": slope_of(lambda m1, s1, m2, s2: float(bells(m1, s1, m2, s2)), m2=(-3, 4), m1=1, s1=1, s2=2),
    "forward_slope": value_of(
        lambda p, q: slope_at(lambda z: forward_of(z, p), math.log(q / (1 - q))), q=(0.02, 0.98), p=0.3
    ),
}


def refuses(call, attempt, ask):
    """A ValueError is raised."""
    try:
        attempt()
    except ValueError:
        return
    raise AssertionError(f"`{call}` should raise a ValueError. {ask}")


# ---------------------------------------------------------------------------------------------------------- 1 kl

FAIR, BENT, SURE = [0.5, 0.5], [0.25, 0.75], [0.0, 1.0]


def crossed(p, q):
    return -sum(a * math.log(b) if b else -math.inf for a, b in zip(p, q, strict=True) if a)


@pytest.mark.task("kl")
def test_surprise(student):
    """the average surprise, your own and that of somebody who knows"""
    for p, q in [(FAIR, BENT), ([0.2, 0.5, 0.3], [0.6, 0.3, 0.1])]:
        call = f"entropy(np.array({p}))"
        close(call, student.entropy(np.array(p)), crossed(p, p), "Somebody who knows believes p, in a world p.")
        call = f"cross_entropy(np.array({p}), np.array({q}))"
        ask = "The world is p, so its probabilities stand in front. The surprise is -ln(q), with the natural logarithm."
        close(call, student.cross_entropy(np.array(p), np.array(q)), crossed(p, q), ask)


@pytest.mark.task("kl")
def test_divergence(student):
    """the extra surprise"""
    for p, q in [(FAIR, BENT), (BENT, FAIR), (FAIR, FAIR), ([0.2, 0.5, 0.3], [0.6, 0.3, 0.1])]:
        call, given = f"kl(np.array({p}), np.array({q}))", np.array(p)
        close(call, student.kl(given, np.array(q)), crossed(p, q) - crossed(p, p), "Cross-entropy less entropy.")
        kept(call, given, p)


@pytest.mark.task("kl")
def test_zeros(student):
    """two kinds of zeros"""
    with np.errstate(divide="raise", invalid="raise"):
        student.if_it_raises = (
            "Was the logarithm of 0 taken? Keep only the outcomes with p > 0, and look for q == 0 first."
        )
        close(f"entropy(np.array({SURE}))", student.entropy(np.array(SURE)), 0.0, "0 times ln(0) counts as 0 here.")
        ask = "An outcome that never happens adds 0."
        close(f"kl(np.array({SURE}), np.array({FAIR}))", student.kl(np.array(SURE), np.array(FAIR)), math.log(2), ask)
        call, got = f"kl(np.array({FAIR}), np.array({SURE}))", student.kl(np.array(FAIR), np.array(SURE))
        assert isinstance(got, float | np.floating), f"`{call}` gave {got!r}; np.inf was expected."
        assert got == math.inf, f"`{call}` gave {got:.6g}. The first one happens, and q called it impossible: np.inf."
    student.if_it_raises = ""
    for bad in ([0.5, 0.6], [1.5, -0.5]):
        ask = "Do they add up to 1, and is none of them negative?"
        refuses(
            f"kl(np.array({bad}), np.array({FAIR}))", lambda bad=bad: student.kl(np.array(bad), np.array(FAIR)), ask
        )
        refuses(f"entropy(np.array({bad}))", lambda bad=bad: student.entropy(np.array(bad)), ask)


# ---------------------------------------------------------------------------------------------- 2 two_directions


def sides(text):
    return [Fraction(part) for part in text.strip("()").split(", ")]


@pytest.mark.task("two_directions")
def test_by_hand(student):
    """three of them by hand"""
    mine = student.my_pair
    for name, p, q in (("my_forward", "p", "q"), ("my_reverse", "q", "p"), ("my_finite", "u", "v")):
        got = typed(student, name, [])()
        right = sum(float(a) * math.log(a / b) for a, b in zip(sides(mine[p]), sides(mine[q]), strict=True) if a)
        if name == "my_finite":
            ask = "Which of the dice can be asked without an impossible throw?"
        else:
            ask = f"Ask {p}: its probabilities stand in front, and on top of the fractions."
        assert abs(got - right) < 1e-9, f"`{name}`: you say {got:.6g}; it should be {right:.6g}. {ask}"


@pytest.mark.task("two_directions")
def test_infinite(student):
    """which one is infinite"""
    chosen(student, "infinite_way", "ab")


# ---------------------------------------------------------------------------------------------------- 3 kl_gauss


def bells(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)


@pytest.mark.task("kl_gauss")
def test_paper(student):
    """the formula and its slope, on paper"""
    variables = ["m1", "s1", "m2", "s2"]
    formula, slope = typed(student, "kl_bells", variables), typed(student, "d_m2", variables)
    for m1, s1, m2, s2 in [(1.0, 2.0, 1.0, 2.0), (0.0, 1.0, 3.0, 2.0), (1.0, 3.0, -1.0, 0.5)]:
        at = {"m1": m1, "s1": s1, "m2": m2, "s2": s2}
        where = ", ".join(f"{name} = {value:g}" for name, value in at.items())
        ask = "Put the two averages into the line ln p(x) - ln q(x)."
        agrees_to_nine_digits("kl_bells", formula(**at), float(bells(m1, s1, m2, s2)), where, ask)
        ask = "Only one square moves. If m2 goes away from m1, does KL rise or fall?"
        agrees_to_nine_digits("d_m2", slope(**at), (m2 - m1) / s2**2, where, ask)


@pytest.mark.task("kl_gauss")
def test_code(student):
    """the function, for numbers and arrays"""
    for four in [(0.0, 1.0, 3.0, 2.0), (1.0, 2.0, 1.0, 2.0), (1.0, 3.0, -1.0, 0.5)]:
        call = f"kl_gauss({', '.join(f'{value:g}' for value in four)})"
        close(call, student.kl_gauss(*four), float(bells(*four)), "Bell 1 is asked. s1 and s2 are standard deviations.")
    widths = np.array([0.5, 1.0, 2.0])
    got = student.kl_gauss(0.0, 1.0, 1.0, widths)
    ask = "One KL for each width: use np.log, not math.log."
    all_close("kl_gauss(0, 1, 1, np.array([0.5, 1.0, 2.0]))", got, bells(0, 1, 1, widths), ask)


@pytest.mark.task("kl_gauss")
def test_standard(student):
    """the network's bell and the standard bell"""
    found = typed(student, "to_standard", ["m", "l"])
    for m, log in [(0.0, 0.0), (2.0, 0.0), (1.0, 1.5), (0.0, -2.0)]:
        ask = "The squared width is e^l. What is the logarithm of the width, then?"
        agrees_to_nine_digits(
            "to_standard", found(m=m, l=log), float(bells(m, math.exp(log / 2), 0, 1)), f"m = {m:g}, l = {log:g}", ask
        )


# ---------------------------------------------------------------------------------------------------- 4 one_bell

GRID = np.linspace(-8, 8, 161)


def log_bell(x, mu, sigma):
    return -math.log(sigma * math.sqrt(2 * math.pi)) - ((x - mu) / sigma) ** 2 / 2


def hills(*of):
    return sum(weight * np.exp(log_bell(GRID, mu, sigma)) for weight, mu, sigma in of)


def reverse_kl(p, mu, sigma):
    log_q = log_bell(GRID, mu, sigma)
    return float(np.sum(np.exp(log_q) * (log_q - np.log(p))) * (GRID[1] - GRID[0]))


TWO = ((0.5, -2, 0.6), (0.5, 2, 0.6))
ONE_HIGHER = ((0.75, -1.5, 0.5), (0.25, 3.0, 0.8))


@pytest.mark.task("one_bell")
def test_forward(student):
    """forward: one bell that covers all"""
    for of, mu, sigma, what in [
        (TWO, 0.0, math.sqrt(4.36), "two equal hills at -2 and 2, of width 0.6"),
        (ONE_HIGHER, -0.375, math.sqrt(0.75 * (0.25 + 1.125**2) + 0.25 * (0.64 + 3.375**2)), "hills of unequal weight"),
    ]:
        got = student.fit("forward", GRID, hills(*of))
        several('fit("forward", x, p)', got, "mu", "sigma", arrays=True)
        right = max(abs(got[0] - mu), abs(got[1] - sigma)) <= 0.02
        ask = "The mean of p, and the root of the mean squared distance from it. Is the sum multiplied by dx?"
        assert right, f"For {what} it gave ({got[0]:.3f}, {got[1]:.3f}), expected ({mu:.3f}, {sigma:.3f}). {ask}"


@pytest.mark.task("one_bell")
def test_reverse(student):
    """reverse: one bell that hides in a hill"""
    for of, lowest, what in [
        (TWO, math.log(2), "two equal hills at -2 and 2"),
        (ONE_HIGHER, 0.2877, "a high hill, a low one"),
    ]:
        p = hills(*of)
        before = p.copy()
        got = student.fit("reverse", GRID, p)
        several('fit("reverse", x, p)', got, "mu", "sigma", arrays=True)
        kept('fit("reverse", x, p)', p, before)
        mu, sigma = (float(found) for found in got)
        assert sigma > 0, f"For {what} it gave the width {sigma:g}; a width is above 0."
        cost = reverse_kl(p, mu, sigma)
        middle = "Is it the lowest of all, or only of those nearby? Start in several places, and keep the best."
        ask = "Is its sum on the grid still 1? See which sigma to search." if cost < lowest else middle
        found = f"For {what} it gave ({mu:.3f}, {sigma:.3f}), where the reverse KL is {cost:.4f}"
        assert abs(cost - lowest) < 0.005, f"{found}; the lowest is {lowest:.4f}. {ask}"
    ask = 'Only "forward" and "reverse" are directions.'
    refuses('fit("sideways", x, p)', lambda: student.fit("sideways", GRID, hills(*TWO)), ask)


@pytest.mark.task("one_bell")
def test_overlay(student):
    """three curves in one picture"""
    p = hills(*ONE_HIGHER)
    try:
        (ax,) = drawn("overlay(x, p)", student.overlay(GRID, p), 1)
        wanted = {"p": p}
        for direction in ("forward", "reverse"):
            wanted[direction] = np.exp(log_bell(GRID, *(float(found) for found in student.fit(direction, GRID, p))))
        for label, heights in wanted.items():
            lines = [xy for xy in shown(ax, label) if len(xy) == len(GRID)]
            assert lines, f'`overlay(x, p)`: there is no line with the label "{label}" that has a point at each x.'
            ask = "The density of a bell has the factor 1/(sigma*sqrt(2 pi)) in front."
            all_close(f'the heights of "{label}"', lines[0][:, 1], heights, ask, 1e-6)
    finally:
        plt.close("all")


@pytest.mark.task("one_bell")
def test_costs(student):
    """what covering and hiding cost"""
    found = typed(student, "cover", ["d", "s"])
    for d, s in [(2.0, 0.6), (0.0, 1.5)]:
        ask = "How far is a guest from the middle, squared and on average?"
        agrees_to_nine_digits("cover", found(d=d, s=s), math.hypot(d, s), f"d = {d:g}, s = {s:g}", ask)
    found = typed(student, "price", ["n"])
    for n in (2, 5):
        ask = "p is shared among n hills, and q is all in one. How many times as high is it?"
        agrees_to_nine_digits("price", found(n=n), math.log(n), f"n = {n}", ask)


# --------------------------------------------------------------------------------------------------- 5 kl_slopes


def both_slopes(z, p):
    q = np.exp(z - np.max(z)) / np.exp(z - np.max(z)).sum()
    ratio = np.log(np.where(q > 0, q, 1) / np.where(p > 0, p, 1))
    return q - p, q * (ratio - q @ ratio)


@pytest.mark.task("kl_slopes")
def test_logit_on_paper(student):
    """one logit, on paper"""
    forward, reverse = typed(student, "forward_slope", ["p", "q"]), typed(student, "reverse_slope", ["p", "q", "K"])
    for p, q, big in [(0.5, 0.25, 0.2), (0.1, 0.6, 0.75)]:
        agrees_to_nine_digits(
            "forward_slope", forward(p=p, q=q), q - p, f"p = {p:g}, q = {q:g}", "See the end of the worked one."
        )
        ask = "Which term has [i = j] left, and what do all the others add up to?"
        where = f"p = {p:g}, q = {q:g}, K = {big:g}"
        agrees_to_nine_digits("reverse_slope", reverse(p=p, q=q, K=big), q * (math.log(q / p) - big), where, ask)


@pytest.mark.task("kl_slopes")
def test_all_logits(student):
    """all logits at once"""
    for z, p in [([0.0, 0.0, 0.0], [0.5, 0.25, 0.25]), ([2.0, -1.0, 0.5, 1.0], [0.1, 0.2, 0.3, 0.4])]:
        right = both_slopes(np.array(z), np.array(p))
        for name, expected in zip(("dforward", "dreverse"), right, strict=True):
            given = np.array(z)
            call = f"{name}(np.array({z}), np.array({p}))"
            ask = "Try it as a gradient check: nudge one logit, and see how KL moves."
            all_close(call, getattr(student, name)(given, np.array(p)), expected, ask)
            kept(call, given, z)


@pytest.mark.task("kl_slopes")
def test_far_and_zero(student):
    """far logits, and a zero in p"""
    z, p = np.array([1000.0, 0.0, -1000.0]), np.array([0.5, 0.25, 0.25])
    for name, expected in zip(("dforward", "dreverse"), both_slopes(z, p), strict=True):
        ask = "Subtract the largest logit first, and compute ln q as a difference."
        all_close(f"{name}(np.array([1000.0, 0.0, -1000.0]), ...)", getattr(student, name)(z, p), expected, ask)
    zero = np.array([0.5, 0.5, 0.0])
    got = student.dforward(np.zeros(3), zero)
    all_close("dforward(np.zeros(3), np.array([0.5, 0.5, 0.0]))", got, [-1 / 6, -1 / 6, 1 / 3])
    call = "dreverse(np.zeros(3), np.array([0.5, 0.5, 0.0]))"
    refuses(call, lambda: student.dreverse(np.zeros(3), zero), "q is above 0 where p is 0: KL is infinite.")


# ------------------------------------------------------------------------------------------------- 6 kl_estimate


@pytest.mark.task("kl_estimate")
def test_estimate(student):
    """the mean and its standard error"""
    for samples, logp, logq, text in [
        ([1.0, 3.0, 1.0, 3.0], lambda x: 2 * x, lambda x: x, "lambda x: 2*x, lambda x: x"),
        ([0.0, 2.0, -1.0], lambda x: -x, lambda x: x * x, "lambda x: -x, lambda x: x*x"),
    ]:
        call, given = f"kl_estimate(np.array({samples}), {text})", np.array(samples)
        got = student.kl_estimate(given, logp, logq)
        several(call, got, "mean", "standard error", arrays=True)
        kept(call, given, samples)
        values = logp(given) - logq(given)
        close(f"{call}[0]", got[0], float(np.mean(values)), "The mean of ln p - ln q. Which is subtracted?")
        errors = [float(np.std(values, ddof=less)) / math.sqrt(len(values)) for less in (0, 1)]
        ask = "Divide the standard deviation by the root of n."
        assert any(abs(got[1] - error) < 1e-9 for error in errors), (
            f"`{call}[1]` gave {got[1]:.6g}, expected {errors[0]:.6g} (or {errors[1]:.6g}, with n - 1). {ask}"
        )


@pytest.mark.task("kl_estimate")
def test_letters(student):
    """where the samples must come from"""
    chosen(student, "to_estimate")
    chosen(student, "only_data")
