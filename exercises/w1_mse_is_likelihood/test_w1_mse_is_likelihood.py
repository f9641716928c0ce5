"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kept, several, shown, typed
from kit.hints import Question
from kit.measured import slope_of
from kit.symbolic import Const, parse, walk

HALF_LOG = 0.5 * math.log(2 * math.pi)

HINTS = {
    "gaussian_nll": [
        "The density is a product of three factors: 1/sigma, 1/sqrt(2*pi) and a power of e. What is -ln of each?",
        "-ln(1/sigma) is ln(sigma), -ln(1/sqrt(2*pi)) is ln(2*pi)/2, and -ln(e^(-t)) is t.",
        "Each measurement costs np.log(sigma) + np.log(2*np.pi)/2 + (y - mu)**2/(2*sigma**2). np.sum adds them up,\n"
        "and float(...) makes a plain number. First of all: if sigma <= 0: raise ValueError.",
    ],
    "valley_plot": [
        "Call `gaussian_nll(y, mu, sigma)` once for each mu. A list of the results is the height of one line.",
        "_, ax = plt.subplots(), then ax.plot(places, heights, label=...) once for each line, and return ax.",
        "ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label='nll'), and the other one likewise.\n"
        "On paper: without the square, one measurement has ln(sigma) + ln(2*pi)/2 left, and there are n of them.",
    ],
    "mle": [
        "For d_mu, the two logarithms stand still. For d_sigma, write the last term as (y - mu)^2/2 * sigma^(-2).",
        "The slope of sigma^(-2) is -2*sigma^(-3), that of ln(sigma) is 1/sigma. All d_mu together are 0 where the\n"
        "distances y - mu add up to 0: which mu is that?",
        "mu = np.mean(y). All d_sigma together are 0 where n/sigma = sum((y - mu)^2)/sigma^3.\n"
        "So sigma^2 is np.mean((y - mu)**2).",
    ],
    "fit_line": [
        "How fast does the NLL of one point move with its mu? That is d_mu. How fast does mu move with a and b?",
        "error = (a*x + b - y)/sigma**2, one number a point. Its mean is the slope in b. For a, each is times x.",
        "da, db = np.mean(error*x), np.mean(error); then a, b = a - lr*da, b - lr*db: both from the same error.",
    ],
    "best_location": [
        "-ln of a product is a sum. What is -ln(1/(2*b)), and what is -ln(e^(-t))?",
        "For labels: ln(p^y) is y*ln(p). For Laplace noise, step from one measurement to the next: how many distances\n"
        "grow, and how many shrink?",
        "laplace_nll is ln(2*b) + abs(y - m)/b. Its lowest point is the one in the middle: float(np.median(y)).",
    ],
    "hetero_nll": [
        "For d_s, (y - mu)^2/2 stands still. What is the slope of e^(-2*s)?",
        "d_s is 1 - (y - mu)^2*e^(-2*s). The mean over n points divides every slope by n.",
        "weight = np.exp(-2*log_sigma); dmu = (mu - y)*weight/n, and dlog_sigma = (1 - (y - mu)**2*weight)/n.",
    ],
}

RECALL = {
    1: Question("b", "A product of many numbers below 1 is smaller than any float but 0.", "See section 1."),
    2: Question(
        "0", "The 2 stays in the middle, however far away the 9 goes.", "See section 5: the one in the middle."
    ),
    3: Question("-2", "e^(-2s) is 1 there, times the slope of the inside, -2.", "See the chain rule, in unit 2."),
}
SLOPES = {
    "d_mu": slope_of(lambda y, mu, sigma: nll(y, mu, sigma), mu=(-2, 4), y=1, sigma=2),
    "d_sigma": slope_of(lambda y, mu, sigma: nll(y, mu, sigma), sigma=(0.8, 5), y=3, mu=1),
    "d_s": slope_of(lambda y, mu, s: nll(y, mu, math.exp(s)), s=(-1, 2), y=3, mu=1),
}


def nll(y, mu, sigma):
    """The NLL of one measurement."""
    return math.log(sigma) + HALF_LOG + (y - mu) ** 2 / (2 * sigma**2)


def measured(f, x):
    """The slope of f at x, from a small step to either side: good to six digits, enough for a check."""
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


def plain(call, got):
    """A plain number came back."""
    close(call, got, got)
    return float(got)


# ------------------------------------------------------------------------------------------------ 1 gaussian_nll


@pytest.mark.task("gaussian_nll")
def test_one(student):
    """the NLL of one measurement, on paper"""
    letters = ["y", "mu", "sigma"]
    found = typed(student, "nll_of_one", letters)
    parts = list(walk(parse(student.nll_of_one, letters).tree))
    assert not any(part == Const("e") or getattr(part, "name", "") == "exp" for part in parts), (
        "`nll_of_one`: work it out until no exp is left. What does a logarithm do with e to some power?"
    )
    for y, mu, sigma in [(3.0, 1.0, 2.0), (-1.0, 0.5, 0.5)]:
        got = found(y=y, mu=mu, sigma=sigma)
        ask = "The logarithm of a product is the sum of the logarithms. Which three factors are there?"
        agrees("nll_of_one", got, nll(y, mu, sigma), f"y = {y:g}, mu = {mu:g}, sigma = {sigma:g}", ask)


@pytest.mark.task("gaussian_nll")
def test_all(student):
    """the sum over all measurements"""
    for y, mu, sigma, ask in [
        ([3.0], 1.0, 2.0, "One measurement: the same as `nll_of_one`."),
        ([3.0, 1.0, -2.0], 1.0, 2.0, "Add up one NLL for each measurement, the constant included."),
        ([3.0, 1.0, -2.0], [2.0, 1.5, -1.0], 0.5, "Each measurement has its own guess here."),
    ]:
        call = f"gaussian_nll(np.array({y}), {mu if isinstance(mu, float) else f'np.array({mu})'}, {sigma:g})"
        given = np.array(y)
        centre = mu if isinstance(mu, float) else np.array(mu)
        got = student.gaussian_nll(given, centre, sigma)
        each = mu if isinstance(mu, list) else [mu] * len(y)
        close(call, got, sum(nll(value, at, sigma) for value, at in zip(y, each, strict=True)), ask)
        kept(call, given, y)
    far = plain("gaussian_nll(np.array([300.0]), 0.0, 1.0)", student.gaussian_nll(np.array([300.0]), 0.0, 1.0))
    assert abs(far - nll(300, 0, 1)) < 1e-6, (
        "300 away from mu the density is 0.0 in a computer, and the logarithm of that is not there. "
        "Can you take the logarithm on paper first?"
    )
    try:
        student.gaussian_nll(np.array([1.0]), 0.0, 0.0)
    except ValueError:
        return
    raise AssertionError("A bell of width 0 is not a bell: raise a ValueError where sigma is 0 or below.")


# ------------------------------------------------------------------------------------------------- 2 valley_plot


@pytest.mark.task("valley_plot")
def test_two_lines(student):
    """two lines, each at its own height"""
    y, mus, sigma = np.array([1.0, 2.5, 4.0]), np.linspace(0, 5, 11), 1.5
    call = "valley_plot(np.array([1.0, 2.5, 4.0]), np.linspace(0, 5, 11), 1.5)"
    try:
        (ax,) = drawn(call, student.valley_plot(y, mus, sigma), 1)
        squares = [float(((y - mu) ** 2).sum() / (2 * sigma**2)) for mu in mus]
        for label, heights in (
            ("nll", [sum(nll(value, mu, sigma) for value in y) for mu in mus]),
            ("squared error", squares),
        ):
            lines = [xy for xy in shown(ax, label) if len(xy) == len(mus)]
            assert lines, f'`{call}`: there is no line with the label "{label}" that has a point at each of the mus.'
            all_close(f'the places of "{label}"', lines[0][:, 0], mus)
            all_close(f'the heights of "{label}"', lines[0][:, 1], heights, "Nothing is shifted and nothing is scaled.")
    finally:
        plt.close("all")


@pytest.mark.task("valley_plot")
def test_gap(student):
    """how far apart they are"""
    found = typed(student, "gap", ["n", "sigma"])
    for n, sigma in [(1, 2.0), (4, 0.5)]:
        ask = "Which terms of `nll_of_one` are left if the square is taken away, and how many of them are added up?"
        agrees("gap", found(n=n, sigma=sigma), n * nll(0, 0, sigma), f"n = {n}, sigma = {sigma:g}", ask)


# ---------------------------------------------------------------------------------------------------------- 3 mle


@pytest.mark.task("mle")
def test_slopes(student):
    """both slopes, on paper"""
    by_mu, by_sigma = (typed(student, name, ["y", "mu", "sigma"]) for name in ("d_mu", "d_sigma"))
    for y, mu, sigma in [(3.0, 1.0, 2.0), (-1.0, 0.5, 0.5)]:
        where = f"y = {y:g}, mu = {mu:g}, sigma = {sigma:g}"
        slope = measured(lambda m, y=y, s=sigma: nll(y, m, s), mu)
        agrees(
            "d_mu", by_mu(y=y, mu=mu, sigma=sigma), slope, where, "If mu comes closer to y, does the NLL rise or fall?"
        )
        slope = measured(lambda s, y=y, m=mu: nll(y, m, s), sigma)
        ask = "Two terms have a sigma in them. What is the slope of 1/sigma^2?"
        agrees("d_sigma", by_sigma(y=y, mu=mu, sigma=sigma), slope, where, ask)


@pytest.mark.task("mle")
def test_best(student):
    """where both slopes add up to 0"""
    for y in ([4.0], [1.0, 5.0], [2.0, 2.0, 8.0], [1e8 + 0.25, 1e8 + 0.75]):
        call, given = f"mle(np.array({y}))", np.array(y)
        got = student.mle(given)
        kept(call, given, y)
        several(call, got, "mu", "sigma2")
        mean = math.fsum(y) / len(y)
        close(f"{call}[0]", got[0], mean, "The slopes -(y - mu)/sigma**2 add up to 0.")
        spread = math.fsum((value - mean) ** 2 for value in y) / len(y)
        close(
            f"{call}[1]", got[1], spread, "What do 1/sigma and the squares come to, added up over all n measurements?"
        )


@pytest.mark.task("mle")
def test_mine(student):
    """your own two numbers"""
    y = student.my_valley["y"]
    mean = sum(y) / len(y)
    for name, right in (("my_mu", mean), ("my_sigma2", sum((value - mean) ** 2 for value in y) / len(y))):
        got = student.value(name)
        assert got not in (None, ...), f"`{name}` is still empty."
        plain(name, got)
        assert abs(got - right) < 1e-6 * max(1, right), (
            f"`{name}` is {got:g}. Work it out by hand from {y}, or call `mle`."
        )


# ----------------------------------------------------------------------------------------------------- 4 fit_line


@pytest.mark.task("fit_line")
def test_steps(student):
    """the first steps, and where they lead"""
    x, y = np.array([0.0, 1.0, 3.0]), np.array([1.0, 2.0, 7.0])
    for steps, sigma, expected, ask in [
        (0, 1.0, (0.0, 0.0), "Without a step you are still at (0, 0)."),
        (1, 1.0, (23 / 30, 1 / 3), "At (0, 0) the errors are -y. Average, and divide by sigma**2."),
        (1, 2.0, (23 / 120, 1 / 12), "sigma**2 is 4 here."),
    ]:
        call = f"fit_line(np.array([0.0, 1.0, 3.0]), np.array([1.0, 2.0, 7.0]), 0.1, {steps}, {sigma:g})"
        got = student.fit_line(x, y, 0.1, steps, sigma)
        several(call, got, "a", "b")
        close(f"{call}[0]", got[0], expected[0], ask)
        close(f"{call}[1]", got[1], expected[1], f"{ask} Are both numbers moved at once, from the same errors?")
    kept("fit_line(...)", x, [0.0, 1.0, 3.0])
    a, b = student.fit_line(x, y, 0.1, 2000, 0.8)
    best = np.polyfit(x, y, 1)
    all_close("fit_line(..., 0.1, 2000, 0.8)", [a, b], best, "It should have arrived at the best line by now.", 1e-6)


@pytest.mark.task("fit_line")
def test_letter(student):
    """what a wider bell does to a step"""
    chosen(student, "with_twice_sigma")


# ------------------------------------------------------------------------------------------------ 5 best_location


@pytest.mark.task("best_location")
def test_losses(student):
    """the two other losses, on paper"""
    found = typed(student, "laplace_nll", ["y", "m", "b"])
    for y, m, b in [(3.0, 1.0, 2.0), (-1.0, 0.5, 0.5)]:
        right = math.log(2 * b) + abs(y - m) / b
        ask = "The logarithm of 1/(2b), and the exponent. Which sign does each get?"
        agrees("laplace_nll", found(y=y, m=m, b=b), right, f"y = {y:g}, m = {m:g}, b = {b:g}", ask)
    found = typed(student, "label_nll", ["y", "p"])
    for y, p in [(1.0, 0.2), (0.0, 0.2)]:
        right = -math.log(p if y else 1 - p)
        ask = "The logarithm of p^y is y*ln(p). What is that of (1-p)^(1-y)?"
        agrees("label_nll", found(y=y, p=p), right, f"y = {y:g}, p = {p:g}", ask)


@pytest.mark.task("best_location")
def test_locations(student):
    """the mean for a bell, the middle for a tent"""
    for y, noise, low, high, ask in [
        ([9.0, 1.0, 2.0], "gauss", 4, 4, "You found the best location under a bell in section 3."),
        ([9.0, 1.0, 2.0], "laplace", 2, 2, "Where is |1 - m| + |2 - m| + |9 - m| lowest?"),
        ([9.0, 1.0, 2.0, 4.0], "laplace", 2, 4, "Between 2 and 4 any number will do."),
        ([-5.0], "laplace", -5, -5, "A single one is where it is."),
    ]:
        call, given = f'best_location(np.array({y}), "{noise}")', np.array(y)
        got = plain(call, student.best_location(given, noise))
        kept(call, given, y)
        assert low - 1e-9 <= got <= high + 1e-9, f"`{call}` gave {got:g}. {ask}"
    try:
        student.best_location(np.array([1.0]), "cauchy")
    except ValueError:
        return
    raise AssertionError('Another word for the noise, such as "cauchy", should raise a ValueError.')


# --------------------------------------------------------------------------------------------------- 6 hetero_nll


@pytest.mark.task("hetero_nll")
def test_d_s(student):
    """the slope with respect to s, on paper"""
    found = typed(student, "d_s", ["y", "mu", "s"])
    for y, mu, s in [(3.0, 1.0, 0.5), (-1.0, 0.5, -0.7)]:
        right = 1 - (y - mu) ** 2 * math.exp(-2 * s)
        ask = "e^(-2s) is its own slope, times the slope of -2s."
        agrees("d_s", found(y=y, mu=mu, s=s), right, f"y = {y:g}, mu = {mu:g}, s = {s:g}", ask)


@pytest.mark.task("hetero_nll")
def test_hetero(student):
    """the mean and its slopes"""
    y, mu, s = np.array([3.0, -1.0, 0.5]), np.array([1.0, 0.5, 0.5]), np.array([0.5, -0.7, 2.0])
    call = "hetero_nll(np.array([3.0, -1.0, 0.5]), np.array([1.0, 0.5, 0.5]), np.array([0.5, -0.7, 2.0]))"
    got = student.hetero_nll(y, mu, s)
    kept(call, s, [0.5, -0.7, 2.0])
    several(call, got, "loss", "dmu", "dlog_sigma")
    weight = np.exp(-2 * s)
    close(f"{call}[0]", got[0], float(np.mean(s + (y - mu) ** 2 / 2 * weight)), "The mean over the points.")
    all_close(f"{call}[1]", got[1], (mu - y) * weight / 3, "Which way must mu go? And is it the slope of the *mean*?")
    all_close(f"{call}[2]", got[2], (1 - (y - mu) ** 2 * weight) / 3, "`d_s` for each point, as a slope of the mean.")
