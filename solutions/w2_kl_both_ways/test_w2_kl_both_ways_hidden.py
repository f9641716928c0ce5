"""Hidden tests of `w2_kl_both_ways`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. All results of a test are made in one expression
where a shared result could pass. Truths are computed here, never by the student's own functions.
"""

import functools
import math
from fractions import Fraction

import numpy as np
import pytest
from kit import variant

from grader.testing import (
    Hint,
    Recognised,
    array,
    axes,
    choices,
    inputs,
    letter,
    listed,
    number,
    refused,
    symbolic,
    unchanged,
)

BELLS = ["m1", "s1", "m2", "s2"]
WIDTHS = {"s1": (0.3, 3.0), "s2": (0.3, 3.0)}
PARTS = {"p": (0.05, 0.95), "q": (0.05, 0.95)}
STRICT = "np.errstate(divide='raise', invalid='raise')"  # a warning becomes an error over there


# ------------------------------------------------------------------------------------------------------- kl


def distribution(seed, size, zeros=0):
    """Random probabilities that add up to 1, the first few of them 0, in no order."""
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.1, 1, size) ** 2
    weights[:zeros] = 0
    return rng.permutation(weights / weights.sum())


def crossed(p, q):
    """The cross-entropy; an outcome with p = 0 adds nothing."""
    if np.any((p > 0) & (q == 0)):
        return math.inf
    return -math.fsum(a * math.log(b) for a, b in zip(p, q, strict=True) if a > 0)


DISTRIBUTIONS = [(distribution(600 + size, size), distribution(650 + size, size)) for size in (2, 3, 5, 9)]
DISTRIBUTIONS += [(np.array([1.0]), np.array([1.0])), (np.array([0.25, 0.75]), np.array([3e-19, 1.0]))]


@pytest.mark.task("kl", weight=2)
def test_entropy_and_cross_entropy(student):
    """The average surprise of somebody who knows p, and of somebody who believes q, in nats."""
    made = student.eval("[(entropy(p), cross_entropy(p, q)) for p, q in given]", given=DISTRIBUTIONS)
    for got, (p, q) in zip(listed(made, len(DISTRIBUTIONS)), DISTRIBUTIONS, strict=True):
        own, other = listed(got, 2)
        number(own, crossed(p, p), what="entropy")
        number(other, crossed(p, q), what="cross_entropy")


@pytest.mark.task("kl", weight=2)
def test_kl_is_the_difference(student):
    """KL is the cross-entropy less the entropy, with p asked; p stays p, and q stays q."""
    made = student.eval("[kl(p, q) for p, q in given]", given=DISTRIBUTIONS)
    for got, (p, q) in zip(listed(made, len(DISTRIBUTIONS)), DISTRIBUTIONS, strict=True):
        number(got, crossed(p, q) - crossed(p, p), what="kl")
    p, q = DISTRIBUTIONS[1]
    number(unchanged(student, "kl(p, q)", p=p, q=q), crossed(p, q) - crossed(p, p), what="kl")


@pytest.mark.task("kl", weight=2)
def test_what_never_happens_adds_nothing(student):
    """An outcome with p = 0 adds 0, without a warning, whatever q is."""
    cases = [
        (distribution(671, 4, zeros=1), distribution(672, 4)),
        (distribution(673, 7, zeros=3), distribution(674, 7)),
        (np.array([0.0, 0.25, 0.75, 0.0]), np.array([0.0, 0.5, 0.25, 0.25])),
    ]
    for p, q in cases:
        source = f"{STRICT}(lambda: [entropy(p), cross_entropy(p, q), kl(p, q)])()"
        own, other, extra = listed(student.eval(source, p=p, q=q), 3)
        for name, got in (("entropy", own), ("cross_entropy", other), ("kl", extra)):
            if got == math.inf:
                raise Recognised(f"{name} is infinite where p is 0. Only what happens can surprise: how often is that?")
        number(own, crossed(p, p), what="entropy")
        number(other, crossed(p, q), what="cross_entropy")
        number(extra, crossed(p, q) - crossed(p, p), what="kl")


@pytest.mark.task("kl", weight=2)
def test_what_was_called_impossible_and_happens(student):
    """An outcome with q = 0 that does happen is an infinite surprise, without a warning."""
    p, q = distribution(681, 5), distribution(682, 5, zeros=2)
    source = f"{STRICT}(lambda: [cross_entropy(p, q), kl(p, q), cross_entropy(q, p), kl(q, p)])()"
    other, extra, back, finite = listed(student.eval(source, p=p, q=q), 4)
    known, own = p[q > 0] @ np.log(q[q > 0]), -p[q > 0] @ np.log(p[q > 0])
    for name, got, lesses in (("cross_entropy", other, [0.0]), ("kl", extra, [crossed(p, p), own])):
        if number(got, what=name) != math.inf:
            for less in lesses:
                impossible_as_rare(name, (got + known + less) / p[q == 0].sum())
            raise Hint(f"{name}: believing that something is impossible, and then it happens: how surprised are you?")
    number(back, crossed(q, p), what="cross_entropy")
    number(finite, crossed(q, p) - crossed(q, q), what="kl")


def impossible_as_rare(name, surprise):
    """Raise Recognised if the `surprise` at what cannot happen is 0, or the logarithm of some tiny number."""
    if abs(surprise) < 1e-6:
        raise Recognised(f"{name}: the model says impossible, the world says it happens: is that no surprise?")
    if 6 < surprise < 800:
        raise Recognised(f"{name}: a tiny number in the logarithm makes the impossible rare. How surprising is it?")


@functools.cache  # the same for all submissions
def many_pairs():
    pairs = [(distribution(7000 + i, 2 + i % 5), distribution(7500 + i, 2 + i % 5)) for i in range(200)]
    return pairs + [(p, p.copy()) for p, _ in pairs[:5]]


@pytest.mark.task("kl")
def test_never_below_zero(student):
    """KL is never below 0, and it is 0 for two equal distributions."""
    pairs = many_pairs()
    found = [number(got, what="kl") for got in listed(student.eval("[kl(p, q) for p, q in g]", g=pairs), 205)]
    assert min(found) > -1e-12
    array(found, [crossed(p, q) - crossed(p, p) for p, q in pairs])


RAISED = """
def raised(call):
    try:
        call()
    except Exception as error:
        return "ValueError" if isinstance(error, ValueError) else type(error).__name__
"""
# What each of these raises for probabilities that do not add up to 1, or are negative: all in one request.
REFUSED = """(lambda bads, good, names: exec(text, names) or [[names['raised'](call) for call in (
    lambda: entropy(bad.copy()), lambda: cross_entropy(bad.copy(), good.copy()),
    lambda: kl(good.copy(), bad.copy()), lambda: kl(bad.copy(), good.copy()))] for bad in bads])(bads, good, {})"""


@pytest.mark.task("kl")
def test_what_is_not_a_distribution(student):
    """Probabilities that do not add up to 1, or are negative, raise a ValueError; right ones do not."""
    good = distribution(691, 3)
    number(student.kl(good, good + np.array([1e-9, -1e-9, 0.0])), 0.0, abs=1e-8, what="kl")
    bads = [good * 1.01, good - 0.02, np.array([0.75, -0.25, 0.5]), np.array([0.5, 0.5, 0.0001])]
    for said in listed(student.eval(REFUSED, bads=bads, good=good, text=RAISED), len(bads)):
        for name, kind in zip(("entropy", "cross_entropy", "kl", "kl"), listed(said, 4), strict=True):
            if kind != "ValueError":
                raise Hint(f"{name} should raise a ValueError for what is not a distribution.")


# ------------------------------------------------------------------------------------------- two_directions

PAIRS = choices(__file__)["PAIRS"]


def sides(text):
    return [Fraction(share) for share in text.strip("()").split(", ")]


def in_logs(asked, ratio_of, ratio_to):
    """The sum of asked*ln(ratio_of/ratio_to), as an exact text."""
    terms = zip(sides(asked), sides(ratio_of), sides(ratio_to), strict=True)
    return " + ".join(f"{a}*ln({b / c})" for a, b, c in terms if a and b and c)


def wrong_kl(name, p, q):
    """Known wrong answers for KL(p || q)."""
    minus = "-1*(" + in_logs(p, p, q) + ")"
    return {
        in_logs(q, q, p): f"{name}: that is the other direction. Who is asked first, and what stands on top?",
        in_logs(q, p, q): f"{name}: swap what is averaged over as well as the ratio.",
        minus: f"{name}: KL is never below 0. Which of the two stands on top in the logarithm?",
        in_logs(p, "(" + ", ".join("1" for _ in sides(p)) + ")", q): (
            f"{name}: that is the cross-entropy. How surprised is somebody who knows better?"
        ),
    }


@pytest.mark.task("two_directions", weight=2)
def test_forward_by_hand(student):
    """my_forward: KL of your two coins, p asked."""
    mine = variant("two_directions", PAIRS, student=student.id)
    p, q = mine["p"], mine["q"]
    symbolic(student, "my_forward", in_logs(p, p, q), [], wrong=wrong_kl("my_forward", p, q))


@pytest.mark.task("two_directions", weight=2)
def test_reverse_by_hand(student):
    """my_reverse: KL of your two coins, q asked."""
    mine = variant("two_directions", PAIRS, student=student.id)
    p, q = mine["p"], mine["q"]
    symbolic(student, "my_reverse", in_logs(q, q, p), [], wrong=wrong_kl("my_reverse", q, p))


@pytest.mark.task("two_directions", weight=2)
def test_the_finite_one_of_the_dice(student):
    """my_finite: the KL of your two dice that is not infinite."""
    mine = variant("two_directions", PAIRS, student=student.id)
    u, v = mine["u"], mine["v"]
    wrong = {
        in_logs(v, v, u): "my_finite: that leaves out the side that u calls impossible. Ask u instead.",
        "-1*(" + in_logs(u, u, v) + ")": "my_finite: KL is never below 0. Which one stands on top in the logarithm?",
    }
    symbolic(student, "my_finite", in_logs(u, u, v), [], wrong=wrong)


@pytest.mark.task("two_directions", weight=0.3)
def test_which_one_is_infinite(student):
    """infinite_way: which of the two is infinite."""
    asks = {"a": "u never throws a three. Who has to be asked, so that the three comes up?"}
    letter(student, "infinite_way", "b", asks, letters="ab")


# ------------------------------------------------------------------------------------------------- kl_gauss


def bells(m1, s1, m2, s2):
    return np.log(s2 / s1) - 0.5 + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2)


QUADRUPLES = [
    (0.5, 0.7, -1.25, 1.6),
    (-2.0, 2.5, 1.0, 0.8),
    (1.5, 1.2, 1.5, 0.4),
    (3.0, 0.9, -1.0, 0.9),
    (2, 3, -1, 2),
    (0.25, 0.001, 0.2505, 0.002),
    (0.0, 0.3, 0.1, 0.001),
]


@pytest.mark.task("kl_gauss", weight=3)
def test_two_bells(student):
    """KL of two bells, with widths that are standard deviations, the first bell asked."""
    made = student.eval("[kl_gauss(*args) for args in given]", given=QUADRUPLES)
    for got, four in zip(listed(made, len(QUADRUPLES)), QUADRUPLES, strict=True):
        number(got, float(bells(*four)), what="kl_gauss")


@pytest.mark.task("kl_gauss")
def test_against_a_sum(student):
    """The formula agrees with a sum over a fine grid, in both directions, and is 0 for equal bells."""
    x = np.linspace(-30, 30, 6001)
    first, second = (-np.log(s * np.sqrt(2 * np.pi)) - ((x - m) / s) ** 2 / 2 for m, s in ((0.75, 1.3), (-0.5, 2.1)))
    there, back, same = listed(
        student.eval("[kl_gauss(0.75, 1.3, -0.5, 2.1), kl_gauss(-0.5, 2.1, 0.75, 1.3), kl_gauss(2.0, 1.7, 2.0, 1.7)]"),
        3,
    )
    number(there, float(np.sum(np.exp(first) * (first - second)) * 0.01), rel=1e-7)
    number(back, float(np.sum(np.exp(second) * (second - first)) * 0.01), rel=1e-7)
    number(same, 0.0)


@pytest.mark.task("kl_gauss")
def test_arrays_of_bells(student):
    """With arrays, one KL comes back for each entry."""
    m1, s1, m2, s2 = (
        inputs.array(711, (6,)),
        np.linspace(0.4, 2.9, 6),
        inputs.array(712, (6,)),
        np.linspace(1.9, 0.6, 6),
    )
    got = unchanged(student, "kl_gauss(m1, s1, m2, s2)", m1=m1, s1=s1, m2=m2, s2=s2)
    array(got, bells(m1, s1, m2, s2), what="kl_gauss")
    array(student.kl_gauss(0.5, s1, m2, 1.5), bells(0.5, s1, m2, 1.5), what="kl_gauss")


@pytest.mark.task("kl_gauss", weight=2)
def test_the_formula_on_paper(student):
    """kl_bells: the KL of two bells as a formula."""
    square = "(s1^2 + (m1 - m2)^2)/(2*s2^2)"
    wrong = {
        f"ln(s1/s2) - 1/2 + {square}": "Make bell 2 wider: the surprise of those who believe in it grows by which ln?",
        f"ln(s2/s1) + {square}": "Put two equal bells in: it should be 0. Which average is missing?",
        "ln(s2/s1) - 1/2 + (m1 - m2)^2/(2*s2^2)": "(x - m2)^2 is more than (m1 - m2)^2 on average. By how much?",
        f"{square} - 1/2": "Make both middles 0. Which logarithm is left of the factors in front of the bells?",
        "ln(s2/s1) - 1/2 + (s1 + (m1 - m2)^2)/(2*s2)": "s is the standard deviation: where must it be squared?",
        "ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2)^2)/s2^2": "In the exponent of the bell there is a 2 below.",
        "ln(s1/s2) - 1/2 + (s2^2 + (m1 - m2)^2)/(2*s1^2)": "That is the other direction: bell 1 is asked.",
        "2*ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2)^2)/(2*s2^2)": "ln(s^2) is 2 ln(s). Which of them is left of the bells?",
        "ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2))/(2*s2^2)": "Is the distance of the middles squared as well?",
        "ln(s2/s1) - 1/2 + (s1^2 + (m1 - m2)^2)/(2*s1^2)": "The second fraction is that of bell 2. What is below?",
        "ln(s2/s1)/2 - 1/2 + (s1^2 + (m1 - m2)^2)/(2*s2^2)": "Widths are given, not their squares: is there a half?",
    }
    symbolic(student, "kl_bells", f"ln(s2/s1) - 1/2 + {square}", BELLS, domain=WIDTHS, wrong=wrong)


@pytest.mark.task("kl_gauss")
def test_the_slope_on_paper(student):
    """d_m2: how KL moves with the middle of the second bell."""
    wrong = {
        "(m1 - m2)/s2^2": "d_m2: move m2 further away from m1. Does KL rise or fall?",
        "(m2 - m1)/(2*s2^2)": "d_m2: the slope of a square brings a 2. What does it do to the 2 below?",
        "2*(m2 - m1)/s2^2": "d_m2: there is a 2 below already. What is left of both?",
        "(m2 - m1)/s2": "d_m2: s2 does not change here. What was below stays below.",
        "(m2 - m1)/s1^2": "d_m2: which of the two widths stands below the square?",
    }
    symbolic(student, "d_m2", "(m2 - m1)/s2^2", BELLS, domain=WIDTHS, wrong=wrong, form="no derivative")


@pytest.mark.task("kl_gauss")
def test_the_standard_bell_on_paper(student):
    """to_standard: KL of a bell and the standard bell, with the logarithm of the squared width."""
    wrong = {
        "(e^(2*l) + m^2 - 1)/2 - l": "to_standard: l is the logarithm of the *squared* width. What is e^l, then?",
        "(e^l + m^2 - 1)/2 - l": "to_standard: l is ln(s^2). What is ln(s)?",
        "(e^l + m^2 - 1 + l)/2": "to_standard: m = 0, and s grows from tiny to 1: does KL rise or fall?",
        "(l^2 + m^2 - 1)/2 - ln(l)": "to_standard: l is not the width, but the logarithm of its square.",
        "(l + m^2 - 1 - ln(l))/2": "to_standard: l is not the squared width, but its logarithm.",
        "e^l + m^2 - 1 - l": "to_standard: each part has a half in front of it. Where is yours?",
        "(e^(-l) + m^2*e^(-l) - 1 + l)/2": "to_standard: that is the other direction. Which of the bells is asked?",
        "(e^l + m^2 - l)/2": "to_standard: put in m = 0 and l = 0, the standard bell itself. What should come out?",
    }
    symbolic(student, "to_standard", "(e^l + m^2 - 1 - l)/2", ["m", "l"], wrong=wrong)


# ------------------------------------------------------------------------------------------------- one_bell

GRID = np.linspace(-9, 9, 241)
HILLS = {  # weight, middle, width of each
    "equal": [(0.5, -2.0, 0.6), (0.5, 2.0, 0.6)],
    "one higher": [(0.3, -3.0, 0.9), (0.7, 2.5, 0.5)],
    "overlapping": [(0.6, -0.7, 0.8), (0.4, 1.1, 0.6)],
    "three": [(0.3, -4.0, 0.7), (0.25, 0.5, 0.5), (0.45, 3.5, 0.8)],
    "one": [(1.0, 1.25, 1.7)],
}


def log_bell(x, mu, sigma):
    return -math.log(sigma * math.sqrt(2 * math.pi)) - ((x - mu) / sigma) ** 2 / 2


def density(hills, x=GRID):
    p = sum(weight * np.exp(log_bell(x, mu, sigma)) for weight, mu, sigma in hills)
    return p / (p.sum() * (x[1] - x[0]))


def reverse_kl(x, p, mu, sigma):
    log_q = log_bell(x, mu, sigma)
    return float(np.sum(np.exp(log_q) * (log_q - np.log(p))) * (x[1] - x[0]))


@functools.cache
def lowest_reverse(name):
    """The lowest reverse KL: downhill, with shorter and shorter steps, from each hill and from their mean."""
    p, hills = density(HILLS[name]), HILLS[name]
    middle = sum(weight * mu for weight, mu, _ in hills)
    found = []
    for mu, sigma in [*((mu, sigma) for _, mu, sigma in hills), (middle, 1.2)]:
        cost, step = reverse_kl(GRID, p, mu, sigma), 0.3
        while step > 1e-3:
            tries = [(mu + a * step, sigma + b * step) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))]
            tried = min((reverse_kl(GRID, p, *bell), *bell) for bell in tries if bell[1] > 0.2)
            if tried[0] < cost:
                cost, mu, sigma = tried
            else:
                step /= 2
        found.append(cost)
    return min(found)


def bell_of(found):
    """A (mu, sigma) that came back, as two numbers. Raises a Hint if it is anything else, without its size."""
    got = listed(found, what="fit")
    if len(got) != 2:
        raise Hint("fit: return two numbers, the pair (mu, sigma).")
    return tuple(number(part, what="fit") for part in got)


def fits(student, x, *asked):
    """What `fit` gives for each (direction, p) asked for, as two numbers each; all are computed at once."""
    source = "[fit(direction, x.copy(), p) for direction, p in asked]"
    found = listed(student.eval(source, x=x, asked=list(asked)), len(asked), what="fit")
    return [bell_of(got) for got in found]


def fitted(student, direction, *names):
    """The (mu, sigma) that came back for each of some hills. Raises Hint if a width is not above 0."""
    found = fits(student, GRID, *((direction, density(HILLS[name])) for name in names))
    for name, (mu, sigma) in zip(names, found, strict=True):
        if not sigma > 0:
            raise Hint("fit: the width of a bell is above 0.")
        if direction == "reverse":
            nearby_only(name, mu, sigma)
    return found


def nearby_only(name, mu, sigma):
    """Raise Recognised for a reverse bell that is lower than all near it, and not the lowest of all."""
    p = density(HILLS[name])
    cost = reverse_kl(GRID, p, mu, sigma)
    near = [(mu + 0.1, sigma), (mu - 0.1, sigma), (mu, sigma + 0.1), (mu, sigma - 0.1)]
    hollow = 0.2 < sigma < 4 and all(reverse_kl(GRID, p, *bell) > cost for bell in near)
    if hollow and abs(mu) < 7 and cost > lowest_reverse(name) + 0.005:
        raise Recognised("Lowest nearby is not lowest of all: start from several places, and keep the best.")


@pytest.mark.task("one_bell", weight=3)
def test_forward_covers_all_hills(student):
    """Forward: the mean and the spread of everything, for one, two or three hills."""
    dx = GRID[1] - GRID[0]
    for name, (mu, sigma) in zip(HILLS, fitted(student, "forward", *HILLS), strict=True):
        p = density(HILLS[name])
        mean = float((GRID * p).sum() * dx)
        number(mu, mean, rel=0, abs=0.0201)
        number(sigma, math.sqrt(float((p * (GRID - mean) ** 2).sum() * dx)), rel=0, abs=0.0201)


@pytest.mark.task("one_bell", weight=3)
def test_reverse_hides_in_one_of_two_equal_hills(student):
    """Reverse, two equal hills far apart: the bell of one of them, whichever. Nearby is not lowest of all."""
    ((mu, sigma),) = fitted(student, "reverse", "equal")
    number(abs(mu), 2.0, rel=0, abs=0.0201)
    number(sigma, 0.6, rel=0, abs=0.0201)
    number(reverse_kl(GRID, density(HILLS["equal"]), mu, sigma), math.log(2), rel=0, abs=0.005)


@pytest.mark.task("one_bell", weight=3)
def test_reverse_finds_the_lowest_of_all(student):
    """Reverse, hills of unequal weight, overlapping ones, three or one: the lowest KL of all bells."""
    names = ("one higher", "overlapping", "three", "one")
    for name, bell in zip(names, fitted(student, "reverse", *names), strict=True):
        cost = reverse_kl(GRID, density(HILLS[name]), *bell)
        assert cost < lowest_reverse(name) + 0.005  # which is what an error of 0.02 makes of it
        assert cost > lowest_reverse(name) - 0.005, "a bell between two points, or beside the grid"


@pytest.mark.task("one_bell")
def test_a_direction_that_there_is_not(student):
    """Another word for the direction raises a ValueError, and the arrays stay as they were."""
    p = density(HILLS["one"])
    mu, _ = bell_of(unchanged(student, "fit('forward', x, p)", x=GRID, p=p))
    number(mu, 1.25, rel=0, abs=0.0201)
    for word in ("backward", ""):
        if not refused(student, "fit(word, x, p)", x=GRID, p=p, word=word):
            raise Hint("fit should raise a ValueError for a direction that it does not know.")


@pytest.mark.task("one_bell", weight=2)
def test_three_curves(student):
    """overlay: p, and the densities of the two bells that your fit finds, each with its label."""
    x = np.linspace(-7, 8, 161)
    p = density([(0.35, -2.2, 0.7), (0.65, 1.9, 0.8)], x)
    found = student.overlay(x, p)
    if isinstance(found, np.ndarray):
        raise Hint("overlay: the Axes that you draw in were expected. Return `ax`.")
    ax = axes(student, found, what="overlay")
    wanted = {"p": p}
    asked = [(direction, given) for given in (p, p[::-1]) for direction in ("forward", "reverse")]
    *own, other_forward, other_reverse = fits(student, x, *asked)
    for direction, (mu, sigma) in zip(("forward", "reverse"), own, strict=True):
        wanted[direction] = np.exp(log_bell(x, mu, max(sigma, 1e-9)))
        if not wanted[direction].sum() * (x[1] - x[0]) > 0.1:
            # Otherwise a bell far away, or as flat as the axis, would make a line of zeros right.
            raise Hint(f"overlay: nothing can be seen of the {direction} bell that fit finds: where is it, how wide?")
    # A wrong bell costs nothing here, but a bell that every p would get says nothing about p.
    if own == [other_forward, other_reverse]:
        raise Hint("overlay: your fit finds the same bells for every p, so there is nothing to compare p with.")
    for label, heights in wanted.items():
        lines = [np.asarray(line.xy) for line in ax.lines if line.label.strip().lower() == label]
        lines = [xy for xy in lines if xy.shape == (len(x), 2)]
        if not lines:
            raise Hint(f'overlay: there is no line labelled "{label}" with a point at each x.')
        array(lines[0], np.column_stack([x, heights]), rel=1e-6, abs=1e-6)


@pytest.mark.task("one_bell")
def test_what_covering_and_hiding_cost(student):
    """cover and price: how wide the forward bell is, and what hiding in one of n hills costs."""
    wide = {
        "d^2 + s^2": "cover: that is the squared width.",
        "d + s": "cover: squared widths add up, not the widths.",
        "d": "cover: each hill has a width, too.",
        "2*d + s": "cover: the width is measured from the middle, and it is squares that add up.",
        "sqrt(d + s)": "cover: squared widths add up. Are yours squared before they are added?",
        "sqrt(2*d^2 + s^2)": "cover: how far is a guest from the middle, squared and on *average*?",
        "sqrt(2*d^2 + 2*s^2)": "cover: the mean over both hills, not the sum.",
        "sqrt(4*d^2 + s^2)": "cover: from the middle to a hill it is d, not 2d.",
    }
    symbolic(student, "cover", "sqrt(d^2 + s^2)", ["d", "s"], domain={"d": (0.5, 4.0), "s": (0.2, 2.0)}, wrong=wide)
    cost = {
        "ln(2)": "price: that is for two hills. With n of them, how many times as high as p is q?",
        "n": "price: that is the ratio q/p. KL is the average of its logarithm.",
        "-ln(n)": "price: KL is never below 0. Is q higher or lower than p where it hides?",
        "n*ln(n)": "price: all of q is in one hill. How many hills does the average run over?",
        "n*ln(2)": "price: with n hills q/p is not 2, but what?",
        "ln(n)/n": "price: averaged over q, and all of q is in that one hill.",
    }
    symbolic(student, "price", "ln(n)", ["n"], domain={"n": (2.0, 9.0)}, wrong=cost)


# ------------------------------------------------------------------------------------------------ kl_slopes


def log_softmax(z):
    lowered = np.asarray(z, dtype=float) - np.max(z)
    return lowered - math.log(float(np.sum(np.exp(lowered))))


def forward_slopes(z, p):
    return np.exp(log_softmax(z)) - p


def reverse_slopes(z, p):
    log_q = log_softmax(z)
    ratio = np.where(np.exp(log_q) > 0, log_q - np.log(p), 0)
    return np.exp(log_q) * (ratio - float(np.sum(np.exp(log_q) * ratio)))


LOGITS = [(inputs.array(720 + size, (size,)), distribution(740 + size, size)) for size in (2, 3, 6)]
LOGITS.append((np.array([2, -1, 0, 3]), distribution(749, 4)))


@pytest.mark.task("kl_slopes", weight=2)
def test_forward_slopes(student):
    """dforward: the slopes of the forward KL with respect to all logits, for the right p."""
    made = listed(student.eval("[dforward(z, p) for z, p in given]", given=LOGITS), len(LOGITS))
    for got, (z, p) in zip(made, LOGITS, strict=True):
        array(got, forward_slopes(z, p), what="dforward")


@pytest.mark.task("kl_slopes", weight=3)
def test_reverse_slopes(student):
    """dreverse: the slopes of the reverse KL; each logit moves all of q."""
    made = listed(student.eval("[dreverse(z, p) for z, p in given]", given=LOGITS), len(LOGITS))
    for got, (z, p) in zip(made, LOGITS, strict=True):
        array(got, reverse_slopes(z, p), what="dreverse")


@pytest.mark.task("kl_slopes", weight=2)
def test_central_differences(student):
    """Both agree with how KL changes when each logit is nudged a little, and their entries add up to 0."""
    z, p = inputs.array(751, (5,)), distribution(752, 5)
    forward, reverse = (
        array(slopes, shape=(5,))
        for slopes in listed(unchanged(student, "[dforward(z, p), dreverse(z, p)]", z=z, p=p), 2)
    )
    for place in range(5):
        nudge = 1e-5 * (np.arange(5) == place)
        sure, unsure = log_softmax(z + nudge), log_softmax(z - nudge)
        number(forward[place], -float(p @ (sure - unsure)) / 2e-5, rel=1e-6, abs=1e-8)
        higher, lower = (float(np.exp(q) @ (q - np.log(p))) for q in (sure, unsure))
        number(reverse[place], (higher - lower) / 2e-5, rel=1e-6, abs=1e-8)
    number(float(forward.sum()), 0.0, abs=1e-9)
    number(float(reverse.sum()), 0.0, abs=1e-9)


@pytest.mark.task("kl_slopes")
def test_extreme_logits(student):
    """Logits of a thousand to either side: what is 0.0 in the computer adds 0."""
    p = distribution(761, 4)
    for z in (np.array([1000.0, 998.5, -1000.0, 0.0]), np.array([-1000.0, -999.0, -998.0, -1000.5])):
        forward, reverse = listed(student.eval("[dforward(z, p), dreverse(z, p)]", z=z, p=p), 2)
        array(forward, forward_slopes(z, p), what="dforward")
        array(reverse, reverse_slopes(z, p), what="dreverse")


@pytest.mark.task("kl_slopes")
def test_a_zero_in_p(student):
    """A p of 0: dforward does not mind, and dreverse raises a ValueError."""
    z, p = inputs.array(771, (4,)), distribution(772, 4, zeros=1)
    array(student.dforward(z, p), forward_slopes(z, p), what="dforward")
    array(student.dreverse(z, distribution(773, 4)), shape=(4,), what="dreverse")  # it does not refuse everything
    if not refused(student, "dreverse(z, p)", z=z, p=p):
        raise Hint("dreverse should raise a ValueError where p is 0: q is above 0 there, and KL is infinite.")


@pytest.mark.task("kl_slopes", weight=2)
def test_both_slopes_on_paper(student):
    """forward_slope and reverse_slope: with respect to the logit of one class."""
    forward = {
        "p - q": "forward_slope: q is larger than p. Must the logit go up or down, so which sign has the slope?",
        "-p/q": "forward_slope: that is the slope with respect to q. How does q move with the logits?",
        "q": "forward_slope: what becomes of the p that does happen in this class?",
        "-p": "forward_slope: a logit moves all the classes. What becomes of the others?",
        "-p*(1 - q)": "forward_slope: that is the diagonal alone. A logit moves all the other classes as well.",
    }
    symbolic(student, "forward_slope", "q - p", ["p", "q"], domain=PARTS, wrong=forward, form="no derivative")
    reverse = {
        "q - p": "reverse_slope: that is the forward one. In reverse, the weights q move too.",
        "p - q": "reverse_slope: that is close to the forward one. In reverse, the weights q move too.",
        "q*ln(q/p)": "reverse_slope: that is one term of KL itself. What do the other classes take away?",
        "q*(ln(q/p) + K)": "reverse_slope: add it up over all classes: it should be 0. Which sign has K?",
        "q*(ln(p/q) - K)": "reverse_slope: in reverse, which one stands on top in the logarithm?",
        "q*(K - ln(q/p))": "reverse_slope: if q is far above p, should the slope be above 0 or below?",
        "q*(ln(q/p) + 1)": "reverse_slope: that is the slope with respect to q times q. The others move as well.",
        "q*(ln(q/p) + 1 - K)": "reverse_slope: what does the 1 come to, added up with all the slopes of q?",
        "q*(1 - q)*(ln(q/p) + 1)": "reverse_slope: that is the diagonal alone. A logit moves all classes.",
        "q*(1 - q)*ln(q/p)": "reverse_slope: that is the diagonal alone. A logit moves all classes.",
        "ln(q/p) - K": "reverse_slope: each class is weighted by something. By what?",
        "p*(ln(q/p) - K)": "reverse_slope: which of the two is asked in reverse?",
    }
    symbolic(
        student, "reverse_slope", "q*(ln(q/p) - K)", ["p", "q", "K"], domain=PARTS, wrong=reverse, form="no derivative"
    )


# ---------------------------------------------------------------------------------------------- kl_estimate

ESTIMATE = "kl_estimate(samples, lambda x: -(x - 0.5)**2 / 2, lambda x: -(x + 0.3)**2 / 4.5 - np.log(1.5))"


def values_at(x):
    return -((x - 0.5) ** 2) / 2 + (x + 0.3) ** 2 / 4.5 + math.log(1.5)


def both(got):
    return [number(part, what="kl_estimate") for part in listed(got, 2, what="kl_estimate")]


@pytest.mark.task("kl_estimate", weight=2)
def test_the_mean(student):
    """The mean of ln p - ln q over the samples; they stay as they were."""
    for samples in (inputs.array(781, (7,)), inputs.array(782, (30,)), np.array([0.25, -1.5])):
        got, _ = both(unchanged(student, ESTIMATE, samples=samples))
        number(got, float(np.mean(values_at(samples))))


@pytest.mark.task("kl_estimate", weight=2)
def test_the_standard_error(student):
    """The standard error of that mean, with n or n - 1 in the standard deviation."""
    for samples in (inputs.array(783, (6,)), inputs.array(784, (40,))):
        _, got = both(student.eval(ESTIMATE, samples=samples))
        values = values_at(samples)
        errors = [float(np.std(values, ddof=less)) / math.sqrt(len(values)) for less in (0, 1)]
        assert any(np.isclose(got, error, rtol=1e-9) for error in errors)


@pytest.mark.task("kl_estimate", weight=2)
def test_twenty_thousand_samples(student):
    """With many samples from p the estimate is within five standard errors of the formula."""
    samples = np.random.default_rng(785).normal(0.5, 1.0, 20_000)
    mean, error = both(student.eval(ESTIMATE, samples=samples))
    assert abs(mean - float(bells(0.5, 1.0, -0.3, 1.5))) < 5 * error
    number(error, float(np.std(values_at(samples))) / math.sqrt(20_000), rel=0.1)


@pytest.mark.task("kl_estimate")
def test_classes(student):
    """Samples may be classes: whole numbers that look something up."""
    p, q = distribution(791, 4), distribution(792, 4)
    samples = np.random.default_rng(793).choice(4, 50, p=p)
    source = "kl_estimate(samples, lambda i: np.log(p)[i], lambda i: np.log(q)[i])"
    mean, error = both(student.eval(source, samples=samples, p=p, q=q))
    values = np.log(p / q)[samples]
    number(mean, float(np.mean(values)))
    number(error, float(np.std(values)) / math.sqrt(50), rel=0.02)


@pytest.mark.task("kl_estimate", weight=0.3)
def test_where_the_samples_come_from(student):
    """to_estimate and only_data: which distribution must you be able to sample from?"""
    asks = {
        "b": "the average is under the one that stands first. Which is that?",
        "c": "a mean over both is neither average. Which one is asked?",
        "d": "try it: samples from somewhere else change the mean.",
    }
    letter(student, "to_estimate", "a", asks)
    asks = {
        "a": "the reverse KL needs ln p at your own samples. Is there a formula for p?",
        "c": "is there a formula for p, which the reverse KL needs at your own samples?",
        "d": "write the forward KL as cross-entropy less entropy. Which of the two depends on the network?",
    }
    letter(student, "only_data", "b", asks)
