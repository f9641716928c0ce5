"""Hidden tests of `w5_sampling`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. All results of a test are made in one expression
where a shared result could pass. Truths are computed here, never by the student's own functions. All generators are
seeded, and the text settles which numbers are drawn, so most random results are compared exactly. The three tests of
shares and means (five standard errors, 20,000 draws) use fixed seeds, for which right answers pass: no false alarms.
"""

import functools
import math

import numpy as np
import pytest
from kit import variant

from grader.testing import Hint, array, choices, inputs, letter, listed, number, symbolic, unchanged

STRICT = "np.errstate(all='raise', under='ignore')"  # a warning becomes an error over there

NUMPY = "np.random"  # the module that draws, as the notebook names it


# ------------------------------------------------------------------------------------------------- one_draw


def coin(p, rng):
    return 1.0 if rng.random() < p else 0.0


def bell(p, rng):
    return p + 2.5 * rng.standard_normal()


def square(p, rng):
    return (p + 0.5 * rng.standard_normal()) ** 2


def pair_of_coins(p, rng):
    return sum(rng.random(2) < p)


SOURCES = {
    coin: "lambda p, rng: 1.0 if rng.random() < p else 0.0",
    bell: "lambda p, rng: p + 2.5 * rng.standard_normal()",
    square: "lambda p, rng: (p + 0.5 * rng.standard_normal()) ** 2",
    pair_of_coins: "lambda p, rng: sum(rng.random(2) < p)",
}
DRAWS = [  # a draw, p, seed, h
    (coin, 0.35, 41, 0.001),
    (coin, 0.5, 7, 0.35),
    (bell, -1.25, 42, 0.05),
    (square, 1.5, 43, 0.125),
    (pair_of_coins, 0.6, 45, 0.3),
]
MEANS = [  # a draw, p, n, seed, h
    (coin, 0.35, 400, 51, 0.15),
    (square, -0.75, 30, 52, 0.25),
    (pair_of_coins, 0.5, 120, 53, 0.1),
    (bell, 2.0, 1, 54, 0.5),
]


def nudged(draw, p, n, seed, h):
    right, left = (np.random.default_rng(seed) for _ in range(2))
    rise = sum(draw(p + h, right) for _ in range(n)) / n - sum(draw(p - h, left) for _ in range(n)) / n
    return float(rise) / (2 * h)


@pytest.mark.task("one_draw", weight=3)
def test_the_slope_of_one_draw(student):
    """draw_slope: the same luck on both sides, and the rise divided by the whole run."""
    source = ", ".join(f"draw_slope({SOURCES[draw]}, {p}, {seed}, {h})" for draw, p, seed, h in DRAWS)
    for got, (draw, p, seed, h) in zip(listed(student.eval(f"[{source}]"), len(DRAWS)), DRAWS, strict=True):
        number(got, nudged(draw, p, 1, seed, h), what="draw_slope")


@pytest.mark.task("one_draw", weight=3)
def test_the_slope_of_the_mean(student):
    """mean_slope: on each side the mean of n draws from one generator, which is new on each side."""
    source = ", ".join(f"mean_slope({SOURCES[draw]}, {p}, {n}, {seed}, {h})" for draw, p, n, seed, h in MEANS)
    for got, (draw, p, n, seed, h) in zip(listed(student.eval(f"[{source}]"), len(MEANS)), MEANS, strict=True):
        number(got, nudged(draw, p, n, seed, h), rel=1e-8, what="mean_slope")


@pytest.mark.task("one_draw")
def test_one_is_flat_and_the_mean_is_not(student):
    """A coin: the slope of one draw is 0 for a tiny nudge, the slope of the mean is close to 1."""
    source = f"[draw_slope({SOURCES[coin]}, 0.25, seed, 1e-6) for seed in range(30)]"
    array(listed(student.eval(source), 30), np.zeros(30), what="draw_slope")
    steep = student.eval(f"draw_slope({SOURCES[coin]}, 0.5, 7, 0.35)")  # always flat is not an answer
    number(steep, nudged(coin, 0.5, 1, 7, 0.35), what="draw_slope")
    got = number(student.eval(f"mean_slope({SOURCES[coin]}, 0.25, 4000, 61, 0.1)"), what="mean_slope")
    assert abs(nudged(coin, 0.25, 4000, 61, 0.1) - 1) < 0.2
    number(got, nudged(coin, 0.25, 4000, 61, 0.1), rel=1e-8, what="mean_slope")


@pytest.mark.task("one_draw", weight=0.35)
def test_how_much_eps_a_draw_carries(student):
    """dual_says: how much eps is left in a number that a generator has made."""
    asks = {
        "a": "the *average* moves with p. But what does the generator hand back: a Dual, or a bare number?",
        "c": "the value is random. But is there an eps in a bare number that the generator hands back?",
    }
    letter(student, "dual_says", "b", asks, letters="abc")


# -------------------------------------------------------------------------------------------------- reparam


def knobs(seed, shape):
    """mu, logvar, eps and dz of one shape; no logvar near 0, where the squared width and the width agree."""
    rng = np.random.default_rng(seed)
    logvar = rng.uniform(0.6, 3.0, shape) * rng.choice([-1, 1], shape)
    return (inputs.array(seed, shape), logvar, rng.standard_normal(shape), inputs.array(seed + 50, shape))


KNOBS = [knobs(801, (4,)), knobs(802, (3, 2)), knobs(803, (1,)), knobs(804, (2, 3, 2))]
KNOBS.append((np.array([0.5]), np.array([-2.0]), np.array([1.5]), np.array([-3.0])))
ENDS = np.array([-6.0, 6.0, -5.5, 5.5])  # as far as the text lets logvar go
KNOBS.append(
    (np.array([0.5, -1.5, 2.0, 0.25]), ENDS, np.array([1.25, -0.75, 0.5, 2.5]), np.array([-3.0, 2.0, 0.4, -1.0]))
)


@pytest.mark.task("reparam", weight=3)
def test_the_draws(student):
    """reparam: the middle, plus the width times the noise that is given."""
    found = listed(student.eval("[reparam(*args[:3]) for args in given]", given=KNOBS), len(KNOBS))
    for got, (mu, logvar, eps, _) in zip(found, KNOBS, strict=True):
        array(got, mu + np.exp(logvar / 2) * eps, what="reparam")


def passed_back(student, at):
    found = listed(student.eval("[reparam_back(*args) for args in given]", given=KNOBS), len(KNOBS))
    return [(listed(got, 2, what="reparam_back")[at], case) for got, case in zip(found, KNOBS, strict=True)]


@pytest.mark.task("reparam", weight=0.5)
def test_the_gradient_of_the_middle(student):
    """dmu: what arrives at the draws is passed on, times how fast they move with the middle."""
    # It weighs little, because to hand back what was given is right.
    for got, (*_, dz) in passed_back(student, 0):
        array(got, dz, what="dmu")


@pytest.mark.task("reparam", weight=4)
def test_the_gradient_of_the_squared_width(student):
    """dlogvar: agrees with nudges of logvar, with the noise held fixed."""
    h = 1e-4
    for got, (mu, logvar, eps, dz) in passed_back(student, 1):
        right, left = (mu + np.exp((logvar + nudge) / 2) * eps for nudge in (h, -h))
        array(got, dz * eps * np.exp(logvar / 2) / 2, what="dlogvar")
        assert np.allclose(dz * (right - left) / (2 * h), dz * eps * np.exp(logvar / 2) / 2, atol=1e-6)


@pytest.mark.task("reparam")
def test_nothing_given_changes_and_nothing_is_drawn(student):
    """The same noise gives the same draws again, and all that is given stays as it was."""
    mu, logvar, eps, dz = knobs(811, (5,))
    got = listed(
        unchanged(student, "[reparam(mu, logvar, eps), reparam(mu, logvar, eps)]", mu=mu, logvar=logvar, eps=eps), 2
    )
    for part in got:
        array(part, mu + np.exp(logvar / 2) * eps, what="reparam")
    call = "reparam_back(mu, logvar, eps, dz)"
    got = listed(unchanged(student, call, mu=mu, logvar=logvar, eps=eps, dz=dz), 2, what="reparam_back")
    array(got[1], dz * eps * np.exp(logvar / 2) / 2, what="dlogvar")


@pytest.mark.task("reparam", weight=2)
def test_the_slope_on_paper(student):
    """dz_dl: how fast a draw moves with the logarithm of its squared width."""
    wrong = {
        "n*e^(l/2)": "dz_dl: e^(l/2) has l/2 inside. Which slope has the inside?",
        "n*e^l": "dz_dl: e^l is the *squared* width. What is the width, and what is its slope?",
        "n*e^l/2": "dz_dl: e^l is the squared width. Is the power of e still l/2 after taking the slope?",
        "e^(l/2)/2": "dz_dl: what is the width multiplied with in z?",
        "e^(l/2)": "dz_dl: that is the width itself. How fast does it move with l, and what is it multiplied with?",
        "n": "dz_dl: that is the slope with respect to the width. How fast does the width move with l?",
        "m + n*e^(l/2)/2": "dz_dl: does the middle move when l does?",
        "0": "dz_dl: is there no l in z? Where is the width?",
    }
    domain = {"l": (-2.5, 2.5)}
    symbolic(student, "dz_dl", "n*e^(l/2)/2", ["m", "l", "n"], domain=domain, wrong=wrong)


# ------------------------------------------------------------------------------------------- two_estimators

FUNCTIONS = [  # f and its slope, as they are over there and here; mu, n, seed
    ("lambda z: z ** 2", "lambda z: 2 * z", lambda z: z**2, lambda z: 2 * z, 1.5, 50, 71),
    ("lambda z: np.sin(z)", "lambda z: np.cos(z)", np.sin, np.cos, -0.75, 33, 72),
    (
        "lambda z: 3 * z ** 3 - z",
        "lambda z: 9 * z ** 2 - 1",
        lambda z: 3 * z**3 - z,
        lambda z: 9 * z**2 - 1,
        0.5,
        8,
        73,
    ),
    ("lambda z: np.exp(z)", "lambda z: np.exp(z)", np.exp, np.exp, 2.0, 1, 74),
]


def both(student, way, at):
    """The results at place `at` of the pairs, with the n numbers whose mean and error are right."""
    calls = ", ".join(
        f"{way}({f if way == 'score_grad' else df}, {mu}, {n}, {NUMPY}.default_rng({seed}))"
        for f, df, _, _, mu, n, seed in FUNCTIONS
    )
    for got, (_, _, f, df, mu, n, seed) in zip(listed(student.eval(f"[{calls}]"), 4), FUNCTIONS, strict=True):
        z = mu + np.random.default_rng(seed).standard_normal(n)
        yield listed(got, 2, what=way)[at], f(z) * (z - mu) if way == "score_grad" else df(z)


@pytest.mark.task("two_estimators", weight=3)
def test_the_mean_of_the_score(student):
    """score_grad: the mean of f times the score, over the draws from the given generator."""
    for got, values in both(student, "score_grad", 0):
        number(got, float(np.mean(values)), what="score_grad")


@pytest.mark.task("two_estimators", weight=3)
def test_the_mean_of_the_path(student):
    """path_grad: the mean slope at the draws from the given generator."""
    for got, values in both(student, "path_grad", 0):
        number(got, float(np.mean(values)), what="path_grad")


@pytest.mark.task("two_estimators", weight=2)
def test_both_standard_errors(student):
    """The standard errors: the spread of the numbers, over the root of their count."""
    for way in ("score_grad", "path_grad"):
        for got, values in both(student, way, 1):
            number(got, float(np.std(values)) / math.sqrt(len(values)), what=way)


@pytest.mark.task("two_estimators", weight=2)
def test_twenty_thousand_draws(student):
    """With many draws both are within five standard errors, and the score scatters 3.6 times as much."""
    mu, n = 1.5, 20_000
    source = (
        f"[score_grad(lambda z: z ** 2, {mu}, {n}, np.random.default_rng(81)), "
        f"path_grad(lambda z: 2 * z, {mu}, {n}, np.random.default_rng(82))]"
    )
    errors = []
    for got, spread in zip(listed(student.eval(source), 2), (7.18, 2.0), strict=True):
        mean, error = (number(part) for part in listed(got, 2))
        assert abs(error - spread / math.sqrt(n)) < 0.05 * spread / math.sqrt(n)
        assert abs(mean - 2 * mu) < 5 * error
        errors.append(error)
    assert abs(errors[0] / errors[1] - 3.59) < 0.15


@pytest.mark.task("two_estimators", weight=2)
def test_the_score_on_paper(student):
    """d_log: the slope of the logarithm of the bell with respect to its middle."""
    wrong = {
        "z - mu": "d_log: that is right for width 1. What does the s^2 in the exponent do?",
        "(mu - z)/s^2": "d_log: shift the bell to the right: do draws on its right get more likely, or less?",
        "(z - mu)/s": "d_log: which power of s stands in the exponent of the bell?",
        "(z - mu)/(2*s^2)": "d_log: the slope of a square brings a 2. What does it cancel?",
        "2*(z - mu)/s^2": "d_log: there is a 2 below in the exponent, too.",
        "-(z - mu)^2/(2*s^2)": "d_log: that is what stands in the exponent. What is its slope with respect to mu?",
        "1/s^2": "d_log: the slope of a square, (z - mu)^2: what is left of it?",
    }
    symbolic(
        student, "d_log", "(z - mu)/s^2", ["z", "mu", "s"], domain={"s": (0.4, 3.0)}, wrong=wrong, form="no derivative"
    )


@pytest.mark.task("two_estimators", weight=2)
def test_the_true_slope_of_the_average(student):
    """d_mean: how fast the average of your own function moves with the middle of the bell."""
    mine = variant("two_estimators", choices(__file__)["FUNCTIONS"], student=student.id)
    a, b = mine["a"], mine["b"]
    wrong = {
        "0": "d_mean: a single draw does not know of mu. But the average does: write it down with mu, then the slope.",
        "1": "d_mean: that is the slope of the average of z itself. What is the average of your f?",
        f"{2 * a}*mu": "d_mean: your function has two parts. What is the slope of the average of the second?",
        f"{a}*mu + {b}": "d_mean: what is the slope of mu^2?",
        f"{a}*mu^2 + {b}*mu": "d_mean: that is nearly the average itself. What is its slope with respect to mu?",
        f"{a}*(mu^2 + 1) + {b}*mu": "d_mean: that is the average. What is its slope with respect to mu?",
        f"{2 * a}*mu + {b} + 1": "d_mean: how fast does the 1 in mu^2 + 1 move with mu?",
        f"{2 * a}*mu + {b} + {a}": "d_mean: how fast does the 1 in mu^2 + 1 move with mu?",
    }
    symbolic(student, "d_mean", f"{2 * a}*mu + {b}", ["mu"], wrong=wrong)


# ----------------------------------------------------------------------------------------------- gumbel_max


def noise(seed, shape):
    return -np.log(-np.log(np.random.default_rng(seed).random(shape)))


def soft(x):
    raised = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return raised / np.sum(raised, axis=-1, keepdims=True)


@pytest.mark.task("gumbel_max", weight=3)
def test_gumbel_noise(student):
    """gumbel: made from the even numbers of the given generator, in the given shape, anew in each call."""
    source = "(lambda r: [gumbel(r, 5), gumbel(r, 5), gumbel(r, (2, 3)), gumbel(r, (4,))])(np.random.default_rng(91))"
    rng = np.random.default_rng(91)
    for got, shape in zip(listed(student.eval(source), 4), (5, 5, (2, 3), (4,)), strict=True):
        array(got, -np.log(-np.log(rng.random(shape))), what="gumbel")


@pytest.mark.task("gumbel_max")
def test_an_even_number_of_zero(student):
    """gumbel: a 0 from the generator becomes a finite number, without a warning."""
    fake = "type('Zeros', (), {'random': lambda self, shape: np.array([0.0, 0.5, 0.25])})()"
    got = array(student.eval(f"{STRICT}(gumbel)({fake}, 3)"), shape=(3,), what="gumbel")
    if not np.all(np.isfinite(got)):
        raise Hint("gumbel: a u of exactly 0 should give a finite number. Which line of the text takes care of it?")
    array(got[1:], -np.log(-np.log(np.array([0.5, 0.25]))), what="gumbel")


RACES = [
    (inputs.array(821 + place, shape), noise(831 + place, shape)) for place, shape in enumerate([(4,), (2,), (7,)])
]
ROWS = [
    (inputs.array(825 + place, shape), noise(835 + place, shape))
    for place, shape in enumerate([(6, 3), (1, 5), (9, 2)])
]


@pytest.mark.task("gumbel_max", weight=3)
def test_the_winner(student):
    """gumbel_max: the side with the largest sum of logit and noise, in one throw and in rows of throws."""
    given = RACES + ROWS
    found = listed(student.eval("[gumbel_max(*args) for args in given]", given=given), len(given))
    for got, (logits, g) in zip(found, given, strict=True):
        array(got, np.argmax(logits + g, axis=-1), what="gumbel_max")
    logits, g = ROWS[0]
    array(unchanged(student, "gumbel_max(logits, g)", logits=logits, g=g), np.argmax(logits + g, axis=1))


@pytest.mark.task("gumbel_max", weight=2)
def test_how_often_each_side_wins(student):
    """In 20,000 throws each side wins as often as the softmax says, within five standard errors."""
    n, source = 20_000, "gumbel_max(np.tile(logits, (20000, 1)), gumbel(np.random.default_rng(seed), (20000, 4)))"
    for seed, p in ((101, [0.6, 0.25, 0.1, 0.05]), (102, [0.5, 0.3, 0.15, 0.05])):
        p = np.array(p)
        won = array(student.eval(source, logits=np.log(p) - 2.5, seed=seed), shape=(n,), what="gumbel_max")
        shares = np.array([np.mean(won == side) for side in range(4)])
        assert np.all(np.abs(shares - p) < 5 * np.sqrt(p * (1 - p) / n))


# ------------------------------------------------------------------------------------------- gumbel_softmax

THROWS = [
    (inputs.array(841, (4, 3)), 0.3, noise(851, (4, 3))),
    (inputs.array(842, (2, 5)), 3.0, noise(852, (2, 5))),
    (inputs.array(843, (1, 2)), 0.7, noise(853, (1, 2))),
    (inputs.whole_array(844, (3, 4)), 2, noise(854, (3, 4))),
]


@pytest.mark.task("gumbel_softmax", weight=4)
def test_soft_throws(student):
    """The softmax of logits and noise, both divided by the temperature, row by row."""
    found = listed(student.eval("[gumbel_softmax(*args) for args in given]", given=THROWS), len(THROWS))
    for got, (logits, tau, g) in zip(found, THROWS, strict=True):
        array(got, soft((logits + g) / tau), what="gumbel_softmax")


@pytest.mark.task("gumbel_softmax", weight=2)
def test_the_winner_stays_the_winner(student):
    """At a very low temperature each row is 1 for the winner of the throw and 0 for the others."""
    cases = [(logits, 1e-3, g) for logits, _, g in THROWS[:3]]
    found = listed(student.eval("[gumbel_softmax(*args) for args in given]", given=cases), len(cases))
    for got, (logits, _, g) in zip(found, cases, strict=True):
        sides = np.argmax(logits + g, axis=1)
        array(got, np.eye(logits.shape[1])[sides], abs=1e-6, what="gumbel_softmax")


@pytest.mark.task("gumbel_softmax", weight=2)
def test_large_logits(student):
    """Logits of a thousand, to either side: finite, and without an overflow on the way."""
    logits = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1000.5, -999.0], [0.0, 1000.0, 1000.25]])
    g = noise(861, (3, 3))
    got = student.eval(f"{STRICT}(gumbel_softmax)(logits, 0.5, g)", logits=logits, g=g)
    array(got, soft((logits + g) / 0.5), what="gumbel_softmax")


@pytest.mark.task("gumbel_softmax")
def test_the_given_arrays_stay(student):
    """The logits and the noise are left as they were."""
    logits, tau, g = THROWS[0]
    got = unchanged(student, f"gumbel_softmax(logits, {tau}, g)", logits=logits, g=g)
    array(got, soft((logits + g) / tau), what="gumbel_softmax")


# -------------------------------------------------------------------------------------- gumbel_softmax_back

BACK = [(soft((logits + g) / tau), tau, inputs.array(870 + n, g.shape)) for n, (logits, tau, g) in enumerate(THROWS)]


def gradient(y, tau, dy):
    return y * (dy - np.sum(y * dy, axis=1, keepdims=True)) / tau


@pytest.mark.task("gumbel_softmax_back", weight=4)
def test_the_gradient(student):
    """gumbel_softmax_back: all sides of a row count, and the temperature too."""
    found = listed(student.eval("[gumbel_softmax_back(*args) for args in given]", given=BACK), len(BACK))
    for got, case in zip(found, BACK, strict=True):
        array(got, gradient(*case), what="gumbel_softmax_back")


@pytest.mark.task("gumbel_softmax_back", weight=2)
def test_central_differences(student):
    """It agrees with nudging each logit, with the noise held fixed, and each row adds up to 0."""
    logits, tau, g = THROWS[0]
    dy = inputs.array(881, logits.shape)
    y = soft((logits + g) / tau)
    got = unchanged(student, f"gumbel_softmax_back(y, {tau}, dy)", y=y, dy=dy)
    found = array(got, shape=logits.shape, what="gumbel_softmax_back")
    for row, column in np.ndindex(logits.shape):
        nudge = np.zeros(logits.shape)
        nudge[row, column] = 1e-5
        right, left = (np.sum(dy * soft((logits + side * nudge + g) / tau)) for side in (1, -1))
        number(float(found[row, column]), float(right - left) / 2e-5, rel=1e-6, abs=1e-7)
    array(found.sum(axis=1), np.zeros(len(found)), abs=1e-9)


PARTS = {"yi": (0.05, 0.9), "yj": (0.05, 0.9), "tau": (0.2, 3.0)}


@pytest.mark.task("gumbel_softmax_back", weight=2)
def test_the_slope_of_its_own_side(student):
    """own_slope: how fast a side moves with its own logit."""
    wrong = {
        "yi*(1 - yi)": "own_slope: tau divides before the softmax. What does the chain rule make of it?",
        "yi*(1 - yi)*tau": "own_slope: the inside is (l + g)/tau. Does tau stand above or below in its slope?",
        "yi/tau": "own_slope: the logit stands in the sum below the fraction, too.",
        "(1 - yi)/tau": "own_slope: that is the slope of ln yi. What is that of yi?",
        "-yi^2/tau": "own_slope: that is what the sum below the fraction does. What about the one above?",
        "yi*(1 - yj)/tau": "own_slope: the slope of a side in its own logit has nothing of another side in it.",
    }
    symbolic(student, "own_slope", "yi*(1 - yi)/tau", ["yi", "yj", "tau"], domain=PARTS, wrong=wrong)


@pytest.mark.task("gumbel_softmax_back", weight=2)
def test_the_slope_of_another_side(student):
    """other_slope: how fast a side moves with the logit of another one."""
    wrong = {
        "0": "other_slope: the sides share 1. If another one grows, can this one stay?",
        "yi*yj/tau": "other_slope: if another side grows, does this one grow or shrink?",
        "-yi*yj": "other_slope: tau divides before the softmax. What does the chain rule make of it?",
        "-yi*yj*tau": "other_slope: the inside is (l + g)/tau. Does tau stand above or below in its slope?",
        "-yj/tau": "other_slope: that is the slope of ln yi. What is that of yi?",
        "-yi/tau": "other_slope: two sides meet here. Where is the other one?",
        "-yi*(1 - yj)/tau": "other_slope: put numbers in: the slopes of all sides in one logit add up to 0.",
    }
    symbolic(student, "other_slope", "-yi*yj/tau", ["yi", "yj", "tau"], domain=PARTS, wrong=wrong)


# --------------------------------------------------------------------------------------------- train_choice


def learned(rewards, lr, steps, tau, seed):
    rng, logits, history = np.random.default_rng(seed), np.zeros(len(rewards)), []
    for _ in range(steps):
        y = soft((logits - np.log(-np.log(rng.random((64, len(rewards)))))) / tau)
        history.append(float(np.mean(y @ rewards)))
        logits = logits + lr * gradient(y, tau, np.tile(rewards, (64, 1))).mean(axis=0)
    return logits, history


RUNS = [
    (np.array([0.3, -1.0, 0.8]), 0.4, 3, 0.6, 111),
    (np.array([2.0, 1.5]), 0.25, 1, 2.0, 112),
    (np.array([-0.5, 0.0, 1.25, 0.75]), 0.1, 12, 0.35, 113),
    (np.array([1.0, 2.0, 0.5]), 0.7, 0, 0.5, 114),
]


def trained(student, at):
    source = "[train_choice(r, lr, steps, tau, np.random.default_rng(seed)) for r, lr, steps, tau, seed in given]"
    found = listed(student.eval(source, given=RUNS), len(RUNS))
    return [
        (listed(got, 2, what="train_choice")[at], learned(*case)[at]) for got, case in zip(found, RUNS, strict=True)
    ]


@pytest.mark.task("train_choice", weight=3)
def test_the_logits_after_some_steps(student):
    """The logits after no step, one and several: uphill, by the mean gradient of 64 fresh throws."""
    for got, right in trained(student, 0):
        array(got, right, rel=1e-8, abs=1e-9, what="logits")


@pytest.mark.task("train_choice", weight=2)
def test_the_history(student):
    """history: the mean reward of the soft throws in each step."""
    for got, right in trained(student, 1):
        array(listed(got, len(right), what="history"), right, rel=1e-8, abs=1e-9, what="history")


@pytest.mark.task("train_choice")
def test_the_rewards_stay(student):
    """The rewards are left as they were."""
    rewards, lr, steps, tau, seed = RUNS[0]
    call = f"train_choice(rewards, {lr}, {steps}, {tau}, {NUMPY}.default_rng({seed}))"
    got = listed(unchanged(student, call, rewards=rewards), 2, what="train_choice")
    array(got[0], learned(*RUNS[0])[0], rel=1e-8, abs=1e-9, what="logits")


HARD = (np.array([0.98, 0.2, 1.0]), 30.0, 300, 0.1)  # which answers miss the bar, and by how much: tests/w5_sampling
BAR, TOP = 0.995, 0.9995  # to name the arm with the largest reward takes no throws: that would be 1
SEEDS = (121, 122, 123, 124, 125)


@functools.cache  # the same for all submissions
def sure(seed):
    return soft(learned(*HARD, seed)[0])[2]


@pytest.mark.task("train_choice", weight=2)
def test_the_best_arm_is_found(student):
    """On each of five seeds the best arm ends above the bar, and nothing is certain yet."""
    rewards, lr, steps, tau = HARD
    source = f"[train_choice(r, {lr}, {steps}, {tau}, np.random.default_rng(seed))[0] for seed in seeds]"
    for got, seed in zip(listed(student.eval(source, r=rewards, seeds=SEEDS), len(SEEDS)), SEEDS, strict=True):
        surest = soft(array(got, shape=(3,), what="logits"))[2]
        assert BAR < surest < TOP
        assert abs(surest - sure(seed)) < 0.05 * (1 - sure(seed))  # some number between the two takes no throws either


@pytest.mark.task("train_choice", weight=0.4)
def test_a_tiny_temperature(student):
    """tau_tiny: what a very small temperature does to the slopes."""
    asks = {
        "a": "at a tiny temperature nearly every soft throw is 0 or 1. What is yi*(1 - yi) then?",
        "c": "tau stands in the slopes, and it decides how sharp a throw is. What is yi*(1 - yi) at a tiny tau?",
    }
    letter(student, "tau_tiny", "b", asks, letters="abc")
