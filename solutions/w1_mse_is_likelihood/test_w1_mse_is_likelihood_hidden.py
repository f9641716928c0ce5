"""Hidden tests of `w1_mse_is_likelihood`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. All results of a test are made in one expression
where a shared result could pass. Truths are computed here, never by the student's own functions.
"""

import math

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

WIDE = {"sigma": (0.2, 4.0)}
BELL = ["y", "mu", "sigma"]
HALF_LOG = math.log(2 * math.pi) / 2
NLL = "ln(sigma) + ln(2*pi)/2 + (y - mu)^2/(2*sigma^2)"


def nll(y, mu, sigma):
    return float(np.sum(math.log(sigma) + HALF_LOG + ((np.asarray(y) - mu) / sigma) ** 2 / 2))


# --------------------------------------------------------------------------------------------- gaussian_nll

SAMPLES = [
    (inputs.array(501 + place, (size,)), 1.7 - place, 0.6 + 0.45 * place) for place, size in enumerate((1, 4, 7, 12))
]


@pytest.mark.task("gaussian_nll", weight=2)
def test_the_sum_over_all_measurements(student):
    """The NLL of all measurements: one for each is added up, the constant included."""
    found = listed(student.eval("[gaussian_nll(*args) for args in given]", given=SAMPLES), len(SAMPLES))
    for got, (y, mu, sigma) in zip(found, SAMPLES, strict=True):
        number(got, nll(y, mu, sigma), what="gaussian_nll")


@pytest.mark.task("gaussian_nll", weight=2)
def test_many_measurements_and_far_ones(student):
    """Thousands of measurements, or one that is far away: the logarithms are added, nothing is multiplied."""
    y = np.random.default_rng(511).normal(2.0, 1.5, 5000)
    number(student.gaussian_nll(y, 2.2, 1.3), nll(y, 2.2, 1.3), what="gaussian_nll")
    far = np.array([80.0, -260.0])
    number(student.gaussian_nll(far, 1.0, 0.5), nll(far, 1.0, 0.5), what="gaussian_nll")


@pytest.mark.task("gaussian_nll")
def test_a_guess_for_each_measurement(student):
    """mu may be an array with a guess for each measurement, and y stays as it was."""
    y, mu = inputs.array(512, (6,)), inputs.array(513, (6,))
    number(unchanged(student, "gaussian_nll(y, mu, 0.8)", y=y, mu=mu), nll(y, mu, 0.8), what="gaussian_nll")
    whole = np.array([3, -2, 5])
    number(student.gaussian_nll(whole, 0.5, 1.5), nll(whole, 0.5, 1.5), what="gaussian_nll")


@pytest.mark.task("gaussian_nll")
def test_a_width_that_is_not_above_zero(student):
    """A sigma that is zero or negative raises a ValueError; a positive one does not."""
    for sigma, y in ((0.25, [1.0, 2.5]), (3e-11, [1.0, 1.0 + 2**-35])):
        number(student.gaussian_nll(np.array(y), 1.0, sigma), nll(y, 1.0, sigma))
    for sigma in (0.0, -1.5, 0):
        if not refused(student, "gaussian_nll(y, 1.0, sigma)", y=np.array([1.0, 2.5]), sigma=sigma):
            raise Hint("gaussian_nll should raise a ValueError where sigma is not above 0.")


@pytest.mark.task("gaussian_nll", weight=2)
def test_one_measurement_on_paper(student):
    """nll_of_one: minus the logarithm of the density, worked out."""
    wrong = {
        "ln(sigma) + (y - mu)^2/(2*sigma^2)": "The area under the bell is 1. Where is ln(sqrt(2 pi))?",
        "ln(2*pi)/2 + (y - mu)^2/(2*sigma^2)": "Without ln(sigma) a wider bell always wins. Which factor has sigma?",
        "(y - mu)^2/(2*sigma^2)": "That is the exponent. What is the logarithm of the factor in front?",
        "ln(sigma) + ln(2*pi)/2 + (y - mu)^2/(2*sigma)": "Halve sigma: by how much must the squared term grow?",
        "ln(sigma) + ln(2*pi)/2 + (y - mu)^2/sigma^2": "Look at the exponent of the bell: is there a 2 below?",
        "-ln(sigma) - ln(2*pi)/2 - (y - mu)^2/(2*sigma^2)": "That is the logarithm itself. Lower should mean better.",
        "ln(sigma) + ln(2*pi) + (y - mu)^2/(2*sigma^2)": "What does a logarithm do with the power 1/2?",
        "ln(sigma) + ln(2*pi)/2 - (y - mu)^2/(2*sigma^2)": "Move y away from mu: should the NLL rise or fall?",
        "-ln(sigma) - ln(2*pi)/2 + (y - mu)^2/(2*sigma^2)": "A wider bell is lower: does the NLL at its peak fall?",
        "ln(sigma) + sqrt(ln(2*pi)) + (y - mu)^2/(2*sigma^2)": "ln of a root is not the root of ln.",
        "2*ln(sigma) + ln(2*pi)/2 + (y - mu)^2/(2*sigma^2)": "Below the bell stands sigma, not sigma^2.",
    }
    symbolic(student, "nll_of_one", NLL, BELL, domain=WIDE, wrong=wrong, form="no exp")


# ---------------------------------------------------------------------------------------------- valley_plot

VALLEYS = choices(__file__)["VALLEYS"]
PLOTS = [
    (
        np.array([2.5, -1.0, 4.0, 4.0]),
        np.linspace(-3, 6, 13),
        1.7,
    ),  # not near a root of 2: then *sigma^2/2 changes nothing
    (np.array([0.75]), np.array([0.5, -2.0, 1.5, 3.0]), 0.6),
    (inputs.array(521, (9,)), np.linspace(-5, 5, 7), 2.5),
]


def heights(student, plot, label):
    """The heights of the line with this label over the places of PLOTS[plot]. Raises Hint if there is none."""
    y, mus, sigma = PLOTS[plot]
    ax = student.once(plot, lambda: axes(student, student.valley_plot(y, mus, sigma), what="valley_plot"))
    fitting = [
        xy
        for line in ax.lines
        if line.label.strip().lower() == label and (xy := np.asarray(line.xy)).shape == (len(mus), 2)
    ]
    for xy in fitting:
        if np.allclose(xy[:, 0], mus):
            return xy[:, 1]
    raise Hint(f'valley_plot: there is no line labelled "{label}" with a point at each of the mus.')


@pytest.mark.task("valley_plot", weight=3)
def test_the_line_of_the_nll(student):
    """The line "nll" has the height of the NLL at each guess, nothing shifted."""
    for plot, (y, mus, sigma) in enumerate(PLOTS):
        array(heights(student, plot, "nll"), [nll(y, mu, sigma) for mu in mus], what="nll")


@pytest.mark.task("valley_plot", weight=3)
def test_the_line_of_the_squared_error(student):
    """The line "squared error" has the height of the squared errors over 2*sigma^2, nothing shifted."""
    for plot, (y, mus, sigma) in enumerate(PLOTS):
        right = [float(np.sum((y - mu) ** 2)) / (2 * sigma**2) for mu in mus]
        array(heights(student, plot, "squared error"), right, what="squared error")


@pytest.mark.task("valley_plot", weight=2)
def test_the_gap_on_paper(student):
    """gap: how much higher the NLL lies, for n measurements."""
    wrong = {
        "ln(sigma) + ln(2*pi)/2": "gap: that is the gap for one measurement. How many are added up?",
        "n*ln(sigma)": "gap: what else of the NLL has no mu in it?",
        "n*ln(2*pi)/2": "gap: what else of the NLL has no mu in it?",
        "ln(n) + ln(sigma) + ln(2*pi)/2": "gap: the same number n times. Is that ln(n) more, or n times as much?",
    }
    symbolic(
        student, "gap", "n*(ln(sigma) + ln(2*pi)/2)", ["n", "sigma"], domain={**WIDE, "n": (1.0, 9.0)}, wrong=wrong
    )


# ------------------------------------------------------------------------------------------------------ mle

MEASURED = [*(inputs.array(531 + size, (size,)) for size in (1, 2, 5, 8)), inputs.array(530, (4,)) * 1e-9]


def pair(found, what):
    return [number(value, what=what) for value in listed(found, 2, what=what)]


@pytest.mark.task("mle", weight=2)
def test_the_best_guess_and_the_best_variance(student):
    """The mean, and the mean squared distance from it, also for a single measurement."""
    for got, y in zip(
        listed(student.eval("[mle(y) for y in given]", given=MEASURED), len(MEASURED)), MEASURED, strict=True
    ):
        mu, sigma2 = pair(got, "mle")
        number(mu, float(np.mean(y)))
        number(sigma2, float(np.var(y)))


@pytest.mark.task("mle")
def test_digits_at_a_large_offset(student):
    """Measurements that differ only in their last digits keep their variance, and y stays as it was."""
    y = 1e8 + np.array([0.25, 0.75, -0.5, 1.0])
    mu, sigma2 = pair(unchanged(student, "mle(y)", y=y), "mle")
    number(mu, float(np.mean(y)))
    assert sigma2 > 0.1
    number(sigma2, float(np.var(y - 1e8)), rel=1e-5)


@pytest.mark.task("mle", weight=2)
def test_both_slopes_on_paper(student):
    """d_mu and d_sigma: the slopes of nll_of_one."""
    by_mu = {
        "(y - mu)/sigma^2": "d_mu: move mu towards y. Does the NLL rise or fall?",
        "-(y - mu)/(2*sigma^2)": "d_mu: the slope of a square brings a 2. What does it do to the 2 below?",
        "-2*(y - mu)/sigma^2": "d_mu: there is a 2 below already. What is left of both?",
        "-(y - mu)/sigma": "d_mu: sigma does not change here. What was below stays below.",
    }
    symbolic(student, "d_mu", "-(y - mu)/sigma^2", BELL, domain=WIDE, wrong=by_mu, form="no derivative")
    by_sigma = {
        "1/sigma + (y - mu)^2/sigma^3": "d_sigma: a wider bell makes the square smaller. Which sign is that?",
        "1/sigma - (y - mu)^2/(2*sigma^3)": "d_sigma: sigma^(-2) brings its -2 down. What does it do to the 2 below?",
        "1/sigma - (y - mu)^2/sigma^2": "d_sigma: the slope of sigma^(-2) has a power that is one lower: which?",
        "-(y - mu)^2/sigma^3": "d_sigma: what is the slope of ln(sigma)?",
        "ln(sigma) - (y - mu)^2/sigma^3": "d_sigma: what is the slope of ln(sigma)?",
    }
    symbolic(
        student, "d_sigma", "1/sigma - (y - mu)^2/sigma^3", BELL, domain=WIDE, wrong=by_sigma, form="no derivative"
    )


@pytest.mark.task("mle")
def test_your_own_numbers(student):
    """my_mu and my_sigma2, for your own measurements."""
    y = np.array(variant("valley_plot", VALLEYS, student=student.id)["y"])
    number(student.value("my_mu"), float(np.mean(y)), rel=1e-6, what="my_mu")
    found = number(student.value("my_sigma2"), what="my_sigma2")
    if np.isclose(found, np.var(y, ddof=1), rtol=1e-6):
        raise Recognised("my_sigma2: that divides by n - 1. What does it come to if the slopes are set to 0?")
    if np.isclose(found, np.std(y), rtol=1e-6):
        raise Recognised("my_sigma2: that is sigma itself. Its square is wanted.")
    number(found, float(np.var(y)), rel=1e-6)


# ------------------------------------------------------------------------------------------------- fit_line


def walked(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        error = (a * x + b - y) / sigma**2
        a, b = a - lr * float(np.mean(error * x)), b - lr * float(np.mean(error))
    return a, b


LINES = [
    (inputs.array(541, (5,)), inputs.array(542, (5,)), 0.07, 3, 1.3),
    (inputs.array(543, (8,), low=-2, high=2), inputs.array(544, (8,)), 0.2, 7, 0.7),
    (np.array([2.0]), np.array([-3.0]), 0.05, 4, 2.2),
    (np.array([1, -2, 3, 0]), np.array([2, 2, -1, 4]), 0.1, 1, 1.6),
    (np.array([1.5, 1.5, 1.5]), np.array([0.5, 2.5, 0.0]), 0.03, 2, 0.5),
    (np.array([1.5, -0.5, 2.0]), np.array([0.5, 2.5, -1.0]), 2e11, 5, 1e6),  # tiny slopes, a large lr
]


@pytest.mark.task("fit_line", weight=4)
def test_the_first_steps(student):
    """The two numbers after a few steps on the mean NLL, each with its own slope, moved at once."""
    found = listed(student.eval("[fit_line(*args) for args in given]", given=LINES), len(LINES))
    for got, line in zip(found, LINES, strict=True):
        for value, right in zip(pair(got, "fit_line"), walked(*line), strict=True):
            number(value, right)


@pytest.mark.task("fit_line", weight=2)
def test_the_same_destination_for_every_width(student):
    """With enough steps every sigma leads to the same line, the one of least squares."""
    x, y = inputs.array(545, (9,), low=-2, high=2), inputs.array(546, (9,))
    best = np.polyfit(x, y, 1)
    soon = pair(student.fit_line(x, y, 0.2, 2, 1.0), "fit_line")
    assert not np.allclose(soon, best, rtol=1e-3)  # to solve for the line at once is not to walk there
    for sigma, lr, steps in ((0.5, 0.05, 2000), (1.0, 0.2, 2000), (2.0, 0.4, 4000)):
        got = pair(student.fit_line(x, y, lr, steps, sigma), "fit_line")
        array(got, best, rel=1e-6, abs=1e-8)


@pytest.mark.task("fit_line", weight=2)
def test_no_step_and_a_step_that_is_too_long(student):
    """No step leaves (0, 0); lr is used as it is given, even if it is too large."""
    x, y = inputs.array(547, (4,)), inputs.array(548, (4,))
    some = pair(unchanged(student, "fit_line(x, y, 1.5, 6, 1.0)", x=x, y=y), "fit_line")
    array(some, walked(x, y, 1.5, 6, 1.0))
    array(pair(student.fit_line(x, y, 0.3, 0, 1.0), "fit_line"), [0.0, 0.0])


@pytest.mark.task("fit_line", weight=0.4)
def test_what_a_wider_bell_does_to_a_step(student):
    """with_twice_sigma: what becomes of the steps if sigma is doubled."""
    asks = {
        "a": "in the NLL, is what is squared multiplied by sigma or divided?",
        "b": "sigma stands there squared. What is the square of 2?",
        "d": "try it: one step with sigma = 1 and one with sigma = 2.",
    }
    letter(student, "with_twice_sigma", "c", asks)


# --------------------------------------------------------------------------------------------- best_location

ODD = [inputs.array(551, (5,)), inputs.array(552, (9,)), np.array([3.5]), np.array([1e6, -2.0, 4.0, 1.0, 0.5])]
EVEN = [inputs.array(553, (6,)), np.array([7.0, -1.0]), np.array([2.0, 8.0, 8.0, 2.0]), np.array([5, 1, -4, 2])]


@pytest.mark.task("best_location", weight=2)
def test_the_mean_under_a_bell(student):
    """Gaussian noise: the mean, which a single far measurement moves."""
    given = [*ODD, *EVEN]
    for got, y in zip(
        listed(student.eval("[best_location(y, 'gauss') for y in given]", given=given), 8), given, strict=True
    ):
        number(got, float(np.mean(y)), what="best_location")


@pytest.mark.task("best_location", weight=3)
def test_the_middle_under_a_tent(student):
    """Laplace noise: the one in the middle, in whatever order they come; between the two middle ones any is right."""
    given = [*ODD, *EVEN]
    for got, y in zip(
        listed(student.eval("[best_location(y, 'laplace') for y in given]", given=given), 8), given, strict=True
    ):
        low, high = np.sort(y)[[(len(y) - 1) // 2, len(y) // 2]]
        assert low - 1e-9 <= number(got, what="best_location") <= high + 1e-9


@pytest.mark.task("best_location")
def test_another_noise_is_refused(student):
    """Another word for the noise raises a ValueError, and y stays as it was."""
    y = np.array([4.0, -2.0, 1.0])
    number(unchanged(student, "best_location(y, 'laplace')", y=y), 1.0)
    for word in ("uniform", "", "Gauss?"):
        if not refused(student, "best_location(y, word)", y=y, word=word):
            raise Hint("best_location should raise a ValueError for a noise that it does not know.")


@pytest.mark.task("best_location", weight=2)
def test_two_other_losses_on_paper(student):
    """laplace_nll and label_nll: minus the logarithm of each."""
    tent = {
        "|y - m|/b": "laplace_nll: that is the exponent. The tent has a factor in front as well.",
        "ln(2*b) - |y - m|/b": "laplace_nll: move y away from m: should the NLL rise or fall?",
        "-ln(2*b) + |y - m|/b": "laplace_nll: a wider tent is lower. Does its NLL at the peak rise or fall?",
        "ln(b) + |y - m|/b": "laplace_nll: the factor in front is 1/(2b). What is minus its logarithm?",
        "ln(2*b) + (y - m)^2/b": "laplace_nll: is the distance squared in the exponent?",
        "ln(2*b) + (y - m)/b": "laplace_nll: y may lie on either side of m. What became of the | |?",
        "ln(2*b) + |y - m|/(2*b)": "laplace_nll: the 2 belongs to the factor in front. Does it stand in the exponent?",
    }
    symbolic(student, "laplace_nll", "ln(2*b) + |y - m|/b", ["y", "m", "b"], domain={"b": (0.2, 4.0)}, wrong=tent)
    label = {
        "y*ln(p) + (1 - y)*ln(1 - p)": "label_nll: that is the logarithm itself. Lower should mean better.",
        "-y*ln(p)": "label_nll: with y = 0 nothing is left of it. What does a label of 0 cost?",
        "-ln(p)": "label_nll: and if y is 0?",
        "-(1 - y)*ln(p) - y*ln(1 - p)": "label_nll: p is the probability of label 1. Which logarithm goes with y?",
        "(y - p)^2": "label_nll: that is the squared error. What is minus the logarithm of the line in the text?",
        "-y*ln(p) + (1 - y)*ln(1 - p)": "label_nll: which sign makes both costs positive?",
        "-ln(y*p + (1 - y)*(1 - p))": "label_nll: take the logarithm of the line in the text, power by power.",
    }
    symbolic(student, "label_nll", "-y*ln(p) - (1 - y)*ln(1 - p)", ["y", "p"], domain={"p": (0.05, 0.95)}, wrong=label)


# ------------------------------------------------------------------------------------------------- hetero_nll

POINTS = [
    tuple(inputs.array(561 + 3 * place + turn, (size,), low=-low, high=low) for turn, low in enumerate((4, 4, 1.5)))
    for place, size in enumerate((1, 5, 8))
]


def hetero(y, mu, s):
    weight = np.exp(-2 * s)
    return (
        float(np.mean(s + (y - mu) ** 2 / 2 * weight)),
        (mu - y) * weight / len(y),
        (1 - (y - mu) ** 2 * weight) / len(y),
    )


def threes(student):
    """For each case, what came back (three things) and what is right. All of them are alive together."""
    found = listed(student.eval("[hetero_nll(*args) for args in given]", given=POINTS), len(POINTS))
    return [(listed(got, 3, what="hetero_nll"), hetero(*case)) for got, case in zip(found, POINTS, strict=True)]


@pytest.mark.task("hetero_nll", weight=2)
def test_the_loss(student):
    """The mean over the points, each with its own sigma."""
    for got, right in threes(student):
        number(got[0], right[0], what="loss")


@pytest.mark.task("hetero_nll", weight=3)
def test_the_slopes_of_mu(student):
    """dmu: the slopes of the mean; a point with a small sigma pulls harder."""
    for got, right in threes(student):
        array(got[1], right[1], what="dmu")


@pytest.mark.task("hetero_nll", weight=3)
def test_the_slopes_of_log_sigma(student):
    """dlog_sigma: the slopes of the mean; what is certain but wrong is pushed most."""
    for got, right in threes(student):
        array(got[2], right[2], what="dlog_sigma")


@pytest.mark.task("hetero_nll", weight=2)
def test_very_narrow_and_very_wide_bells(student):
    """log_sigma may be very low or very high, and nothing that was given changes."""
    y, mu, s = np.array([1.0, -2.0, 0.5]), np.array([1.0, -1.0, 0.25]), np.array([-20.0, 20.0, -19.5])
    got = listed(unchanged(student, "hetero_nll(y, mu, s)", y=y, mu=mu, s=s), 3, what="hetero_nll")
    right = hetero(y, mu, s)
    number(got[0], right[0], what="loss")
    array(got[1], right[1], what="dmu", abs=0)
    array(got[2], right[2], what="dlog_sigma", abs=0)


@pytest.mark.task("hetero_nll", weight=2)
def test_the_slope_on_paper(student):
    """d_s: the slope of one point's loss with respect to s."""
    wrong = {
        "1 + (y - mu)^2*e^(-2*s)": "d_s: a wider bell makes the second term smaller. Which sign has its slope?",
        "1 - (y - mu)^2*e^(-2*s)/2": "d_s: -2s falls twice as fast as s rises. What does the 2 do to the 2 below?",
        "1 + (y - mu)^2*e^(-2*s)/2": "d_s: how fast does -2s change when s moves? Its minus counts, too.",
        "1 - 2*(y - mu)^2*e^(-2*s)": "d_s: a 2 comes from -2s, and a 2 is below. What is left?",
        "-(y - mu)^2*e^(-2*s)": "d_s: what is the slope of s itself?",
        "s - (y - mu)^2*e^(-2*s)": "d_s: what is the slope of s itself?",
    }
    symbolic(student, "d_s", "1 - (y - mu)^2*e^(-2*s)", ["y", "mu", "s"], wrong=wrong, form="no derivative")
