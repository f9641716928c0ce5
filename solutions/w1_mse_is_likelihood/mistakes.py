"""Known mistakes of `w1_mse_is_likelihood`: what each does, and what to ask."""

import math

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices, mistake, wrong_function

HALF_LOG = math.log(2 * math.pi) / 2


def each(y, mu, sigma):
    return math.log(sigma) + HALF_LOG + ((y - mu) / sigma) ** 2 / 2


def checked(sigma):
    if sigma <= 0:
        raise ValueError("sigma must be above 0")


# --------------------------------------------------------------------------------------------- gaussian_nll


@wrong_function("gaussian_nll",
    says="The product of many densities is 0.0 in a computer. Can you add their logarithms?")
def gaussian_nll_log_of_the_product(y, mu, sigma):
    checked(sigma)
    with np.errstate(divide="ignore", over="ignore"):
        return float(-np.log(np.prod(np.exp(-(((y - mu) / sigma) ** 2) / 2) / (sigma * math.sqrt(2 * math.pi)))))


@wrong_function("gaussian_nll",
    says="A far point has the density 0.0 in a computer. Take the logarithm on paper first?")
def gaussian_nll_log_of_each_density(y, mu, sigma):
    checked(sigma)
    with np.errstate(divide="ignore"):
        return float(-np.sum(np.log(np.exp(-(((y - mu) / sigma) ** 2) / 2) / (sigma * math.sqrt(2 * math.pi)))))


@wrong_function("gaussian_nll", says="Halve sigma: by how much must the squared term grow?")
def gaussian_nll_sigma_not_squared(y, mu, sigma):
    checked(sigma)
    return float(np.sum(math.log(sigma) + HALF_LOG + (y - mu) ** 2 / (2 * sigma)))


@wrong_function("gaussian_nll",
    says="If no ln(sigma) is paid, the widest bell always wins. Which factor has sigma in it?")
def gaussian_nll_without_log_sigma(y, mu, sigma):
    checked(sigma)
    return float(np.sum(HALF_LOG + ((y - mu) / sigma) ** 2 / 2))


@wrong_function("gaussian_nll", says="The constant ln(sqrt(2 pi)) belongs to each measurement. How many are there?")
def gaussian_nll_without_the_constant(y, mu, sigma):
    checked(sigma)
    return float(np.sum(math.log(sigma) + ((y - mu) / sigma) ** 2 / 2))


@wrong_function("gaussian_nll", says="The logarithms are the same for each measurement. How often are they added?")
def gaussian_nll_constant_added_once(y, mu, sigma):
    checked(sigma)
    return float(math.log(sigma) + HALF_LOG + np.sum(((y - mu) / sigma) ** 2) / 2)


@wrong_function("gaussian_nll", says="This is the mean. The text asks for the sum: it grows with each measurement.")
def gaussian_nll_the_mean(y, mu, sigma):
    checked(sigma)
    return float(np.mean(each(y, mu, sigma)))


@wrong_function("gaussian_nll", says="Lower should mean better. Which sign has the logarithm of a density below 1?")
def gaussian_nll_without_the_minus(y, mu, sigma):
    checked(sigma)
    return -float(np.sum(each(y, mu, sigma)))


@wrong_function("gaussian_nll", says="In the exponent of the bell there is a 2 below. Where is yours?")
def gaussian_nll_without_the_half(y, mu, sigma):
    checked(sigma)
    return float(np.sum(math.log(sigma) + HALF_LOG + ((y - mu) / sigma) ** 2))


@wrong_function("gaussian_nll", says="What does a bell of width 0 look like? Such a sigma should raise a ValueError.")
def gaussian_nll_any_width(y, mu, sigma):
    if sigma == 0:
        return math.inf
    return float(np.sum(math.log(abs(sigma)) + HALF_LOG + ((y - mu) / sigma) ** 2 / 2))


paper_without_log_sigma = mistake("gaussian_nll", {"nll_of_one": "ln(2 pi)/2 + (y - mu)^2/(2 sigma^2)"},
    says="Without ln(sigma) a wider bell always wins. Which factor has sigma?")
paper_sigma_not_squared = mistake("gaussian_nll", {"nll_of_one": "ln(sigma) + ln(2 pi)/2 + (y - mu)^2/(2 sigma)"},
    says="Halve sigma: by how much must the squared term grow?")

# ---------------------------------------------------------------------------------------------- valley_plot


def drawn(mus, first, second):
    _, ax = plt.subplots()
    ax.plot(mus, first, label="nll")
    ax.plot(mus, second, label="squared error")
    return ax


def squares(y, mus):
    return np.array([np.sum((y - mu) ** 2) for mu in mus])


def nlls(y, mus, sigma):
    return np.array([np.sum(each(y, mu, sigma)) for mu in mus])


@wrong_function("valley_plot", says="The squared errors should be divided by 2*sigma^2. Which of the three is missing?")
def valley_plot_not_divided(y, mus, sigma):
    return drawn(mus, nlls(y, mus, sigma), squares(y, mus))


@wrong_function("valley_plot",
    says="Python reads / 2 * sigma**2 as (.../2)*sigma**2. What has to stand in parentheses?")
def valley_plot_divides_and_multiplies(y, mus, sigma):
    return drawn(mus, nlls(y, mus, sigma), squares(y, mus) / 2 * sigma**2)


@wrong_function("valley_plot", says="Is the squared error divided by the square of sigma?")
def valley_plot_divided_by_sigma(y, mus, sigma):
    return drawn(mus, nlls(y, mus, sigma), squares(y, mus) / (2 * sigma))


@wrong_function("valley_plot",
    says="You moved the lines so that both begin at 0. The text asks for the heights as they are.")
def valley_plot_both_shifted(y, mus, sigma):
    first, second = nlls(y, mus, sigma), squares(y, mus) / (2 * sigma**2)
    return drawn(mus, first - first.min(), second - second.min())


@wrong_function("valley_plot", says="Are these the sums over all measurements, or their means?")
def valley_plot_means(y, mus, sigma):
    return drawn(mus, nlls(y, mus, sigma) / len(y), squares(y, mus) / (2 * sigma**2) / len(y))


@wrong_function("valley_plot", says="Which of your two lines is which? Look at their labels.")
def valley_plot_labels_swapped(y, mus, sigma):
    return drawn(mus, squares(y, mus) / (2 * sigma**2), nlls(y, mus, sigma))


gap_for_one = mistake("valley_plot", {"gap": "ln(sigma) + ln(2 pi)/2"},
    says="gap: that is the gap for one measurement. How many are added up?")
gap_without_pi = mistake("valley_plot", {"gap": "n*ln(sigma)"}, says="gap: what else of the NLL has no mu in it?")

# ------------------------------------------------------------------------------------------------------ mle


@wrong_function("mle", says="That is the unbiased estimate. Set the slopes to 0: do you divide by n, or by n - 1?")
def mle_divides_by_one_fewer(y):
    return float(np.mean(y)), float(np.sum((y - np.mean(y)) ** 2) / max(1, len(y) - 1))


@wrong_function("mle",
    says="At an offset of 1e8 the difference of two huge squares has no digits left. Subtract first?")
def mle_difference_of_squares(y):
    return float(np.mean(y)), float(np.mean(y * y) - np.mean(y) ** 2)


@wrong_function("mle", says="The text asks for sigma *squared*. Is this sigma?")
def mle_sigma_itself(y):
    return float(np.mean(y)), float(np.std(y))


@wrong_function("mle", says="Is this the mean squared distance, or the sum of all of them?")
def mle_sum_of_squares(y):
    return float(np.mean(y)), float(np.sum((y - np.mean(y)) ** 2))


@wrong_function("mle",
    says="The slopes -(y - mu) add up to 0: which mu does that? It need not be one of the measurements.")
def mle_the_median(y):
    return float(np.median(y)), float(np.mean((y - np.median(y)) ** 2))


@wrong_function("mle", says="From where are the distances measured: from 0, or from mu?")
def mle_around_zero(y):
    return float(np.mean(y)), float(np.mean(y**2))


slope_of_mu_uphill = mistake("mle", {"d_mu": "(y - mu)/sigma^2"},
    says="d_mu: move mu towards y. Does the NLL rise or fall?")
slope_of_sigma_without_log = mistake("mle", {"d_sigma": "-(y - mu)^2/sigma^3"},
    says="d_sigma: what is the slope of ln(sigma)?")
slope_of_sigma_uphill = mistake("mle", {"d_sigma": "1/sigma + (y - mu)^2/sigma^3"},
    says="d_sigma: a wider bell makes the square smaller. Which sign is that?")

# ------------------------------------------------------------------------------------------------- fit_line


def descend(x, y, lr, steps, slopes):
    a = b = 0.0
    with np.errstate(over="ignore", invalid="ignore"):  # some run away
        for _ in range(steps):
            da, db = slopes(a, b, a * x + b - y)
            a, b = a - lr * float(da), b - lr * float(db)
    return a, b


@wrong_function("fit_line", says="Where did sigma go? It stands in the NLL, squared, below each squared error.")
def fit_line_without_sigma(x, y, lr, steps, sigma):
    return descend(x, y, lr, steps, lambda a, b, error: (np.mean(error * x), np.mean(error)))


@wrong_function("fit_line", says="You divide by sigma. In the NLL it stands squared.")
def fit_line_sigma_not_squared(x, y, lr, steps, sigma):
    return descend(x, y, lr, steps, lambda a, b, error: (np.mean(error * x) / sigma, np.mean(error) / sigma))


@wrong_function("fit_line",
    says="This goes down the sum. The text asks for the mean: divide by how many points there are.")
def fit_line_of_the_sum(x, y, lr, steps, sigma):
    return descend(x, y, lr, steps, lambda a, b, error: (np.sum(error * x) / sigma**2, np.sum(error) / sigma**2))


@wrong_function("fit_line", says="The square brings a 2, and there is a 2 below already. What is left of both?")
def fit_line_twice_the_slope(x, y, lr, steps, sigma):
    return descend(
        x, y, lr, steps, lambda a, b, error: (2 * np.mean(error * x) / sigma**2, 2 * np.mean(error) / sigma**2)
    )


@wrong_function("fit_line", says="Which way is downhill? Look at the sign of your step.")
def fit_line_uphill(x, y, lr, steps, sigma):
    return descend(x, y, lr, steps, lambda a, b, error: (-np.mean(error * x) / sigma**2, -np.mean(error) / sigma**2))


@wrong_function("fit_line",
    says="When a is moved first, the errors for b are new ones. Compute both slopes, then move both.")
def fit_line_one_after_the_other(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        a -= lr * float(np.mean((a * x + b - y) * x)) / sigma**2
        b -= lr * float(np.mean(a * x + b - y)) / sigma**2
    return a, b


@wrong_function("fit_line", says="mu moves x times as fast as a. Does your slope for a have the x in it?")
def fit_line_forgets_x(x, y, lr, steps, sigma):
    return descend(x, y, lr, steps, lambda a, b, error: (np.mean(error) / sigma**2, np.mean(error) / sigma**2))


@wrong_function("fit_line",
    says="You scale lr by sigma squared, so that sigma no longer matters. Use lr as it is given.")
def fit_line_scales_lr(x, y, lr, steps, sigma):
    return descend(
        x, y, lr * sigma**4, steps, lambda a, b, error: (np.mean(error * x) / sigma**2, np.mean(error) / sigma**2)
    )


# --------------------------------------------------------------------------------------------- best_location


def known(noise):
    if noise not in ("gauss", "laplace"):
        raise ValueError(noise)


@wrong_function("best_location", says="Draw |y - m| summed for 1, 2 and 9. Where is it lowest?")
def best_location_mean_for_both(y, noise):
    known(noise)
    return float(np.mean(y))


@wrong_function("best_location", says="Which of the two belongs to the square, and which to the distance?")
def best_location_swapped(y, noise):
    known(noise)
    return float(np.median(y) if noise == "gauss" else np.mean(y))


@wrong_function("best_location",
    says="The one in the middle: of the *sorted* measurements. In which order did they come?")
def best_location_middle_as_they_came(y, noise):
    known(noise)
    return float(np.mean(y)) if noise == "gauss" else float(y[len(y) // 2])


@wrong_function("best_location",
    says="Halfway between the smallest and the largest: how many measurements lie on each side?")
def best_location_middle_of_the_range(y, noise):
    known(noise)
    return float(np.mean(y)) if noise == "gauss" else float((np.min(y) + np.max(y)) / 2)


@wrong_function("best_location", says="Is y still in the order in which it came? Sort a copy.")
def best_location_sorts_in_place(y, noise):
    known(noise)
    if noise == "gauss":
        return float(np.mean(y))
    y.sort()
    return float(y[len(y) // 2])


@wrong_function("best_location", says="What should come of a noise that you do not know?")
def best_location_takes_any_word(y, noise):
    return float(np.mean(y)) if noise == "gauss" else float(np.median(y))


laplace_without_the_factor = mistake("best_location", {"laplace_nll": "|y - m|/b"},
    says="laplace_nll: that is the exponent. The tent has a factor in front as well.")
label_one_half = mistake("best_location", {"label_nll": "-y*ln(p)"},
    says="label_nll: with y = 0 nothing is left of it. What does a label of 0 cost?")

# ------------------------------------------------------------------------------------------------- hetero_nll


def parts(y, mu, log_sigma):
    weight = np.exp(-2 * log_sigma)
    missed = y - mu
    loss = float(np.mean(log_sigma + missed**2 / 2 * weight))
    return loss, -missed * weight / len(y), (1 - missed**2 * weight) / len(y)


@wrong_function("hetero_nll",
    says="Each point has its own sigma: it weighs the point. Where is e^(-2s) in your slopes of mu?")
def hetero_nll_every_point_alike(y, mu, log_sigma):
    loss, _, ds = parts(y, mu, log_sigma)
    return loss, (mu - y) / len(y), ds


@wrong_function("hetero_nll", says="The loss is a mean. How often does each point's own slope go into it?")
def hetero_nll_slopes_of_the_sum(y, mu, log_sigma):
    loss, dmu, ds = parts(y, mu, log_sigma)
    return loss, dmu * len(y), ds * len(y)


@wrong_function("hetero_nll", says="This is the sum over the points. The text asks for the mean.")
def hetero_nll_the_sum(y, mu, log_sigma):
    loss, dmu, ds = parts(y, mu, log_sigma)
    return loss * len(y), dmu * len(y), ds * len(y)


@wrong_function("hetero_nll", says="If mu comes closer to y, does the loss rise or fall? Look at the sign of dmu.")
def hetero_nll_dmu_the_other_way(y, mu, log_sigma):
    loss, dmu, ds = parts(y, mu, log_sigma)
    return loss, -dmu, ds


@wrong_function("hetero_nll", says="What is handed in is the *logarithm* of sigma. Which sigma is e^s?")
def hetero_nll_log_sigma_as_sigma(y, mu, log_sigma):
    sigma = np.where(log_sigma == 0, 1e-300, log_sigma)
    with np.errstate(all="ignore"):
        weight = 1 / sigma**2
        missed = y - mu
        loss = float(np.mean(np.log(np.abs(sigma)) + missed**2 / 2 * weight))
        return loss, -missed * weight / len(y), (1 - missed**2 * weight) / len(y)


@wrong_function("hetero_nll", says="sigma is e^s, and it stands in the loss squared. What is the square of e^s?")
def hetero_nll_sigma_not_squared(y, mu, log_sigma):
    weight, missed = np.exp(-log_sigma), y - mu
    loss = float(np.mean(log_sigma + missed**2 / 2 * weight))
    return loss, -missed * weight / len(y), (1 - missed**2 * weight / 2) / len(y)


@wrong_function("hetero_nll",
    says="A factor 2 comes out of -2s, and there is a 2 below. What is left of both in dlog_sigma?")
def hetero_nll_half_in_ds(y, mu, log_sigma):
    loss, dmu, _ = parts(y, mu, log_sigma)
    return loss, dmu, (1 - (y - mu) ** 2 * np.exp(-2 * log_sigma) / 2) / len(y)


@wrong_function("hetero_nll",
    says="s itself stands in the loss. What is its slope, and where is it in your dlog_sigma?")
def hetero_nll_forgets_s(y, mu, log_sigma):
    loss, dmu, _ = parts(y, mu, log_sigma)
    return loss, dmu, -((y - mu) ** 2) * np.exp(-2 * log_sigma) / len(y)


d_s_uphill = mistake("hetero_nll", {"d_s": "1 + (y - mu)^2*e^(-2*s)"},
    says="d_s: a wider bell makes the second term smaller. Which sign has its slope?")
d_s_half = mistake("hetero_nll", {"d_s": "1 - (y - mu)^2*e^(-2*s)/2"},
    says="d_s: -2s falls twice as fast as s rises. What does the 2 do to the 2 below?")


@wrong_function("hetero_nll",
    says="dlog_sigma is the slope with respect to s, not to sigma = e^s. What does the chain rule put in front?")
def hetero_nll_slope_of_sigma(y, mu, log_sigma):
    loss, dmu, ds = parts(y, mu, log_sigma)
    return loss, dmu, ds * np.exp(-log_sigma)


@wrong_function("hetero_nll", says="First dmu, then dlog_sigma: in which order do you return them?")
def hetero_nll_slopes_exchanged(y, mu, log_sigma):
    loss, dmu, ds = parts(y, mu, log_sigma)
    return loss, ds, dmu


@wrong_function("valley_plot", says="The NLL is a sum over the measurements. Is your squared error a sum, too?")
def valley_plot_mean_of_the_squares(y, mus, sigma):
    return drawn(mus, nlls(y, mus, sigma), squares(y, mus) / (2 * sigma**2) / len(y))


@wrong_function("valley_plot", says="Python reads / 2*sigma**2 as (.../2)*sigma**2. What has to stand in brackets?")
def valley_plot_multiplied_by_sigma(y, mus, sigma):
    return drawn(mus, nlls(y, mus, sigma), squares(y, mus) / 2 * sigma**2)


@wrong_function("fit_line", says="That is the best line at once. Asked for is where so many steps of descent lead.")
def fit_line_solved(x, y, lr, steps, sigma):
    (a, b), *_ = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)
    return float(a), float(b)


gap_without_the_root = mistake("valley_plot", {"gap": "n*ln(2 pi*sigma)"},
    says="gap: the 2 pi stands under a root in the bell. What does the logarithm make of a root?")
gap_of_nothing = mistake("valley_plot", {"gap": "0"},
    says="gap: the bell has a factor in front of its exponential. Where did its logarithm go?")
slope_of_mu_not_divided = mistake("mle", {"d_mu": "-(y - mu)"},
    says="d_mu: what stands below the squared error in the NLL?")


@mistake("mle", says="my_mu: that is the middle one. Which mu makes the slopes -(y - mu) add up to 0?")
def my_mu_is_the_median():
    return {"my_mu": float(np.median(variant("valley_plot", choices(__file__)["VALLEYS"])["y"]))}


@wrong_function("gaussian_nll", says="ln is the natural logarithm: e stands in the bell. Which one is your log10?")
def gaussian_nll_log_to_the_base_10(y, mu, sigma):
    checked(sigma)
    return float(np.sum(math.log10(sigma) + math.log10(2 * math.pi) / 2 + ((y - mu) / sigma) ** 2 / 2))


@wrong_function("fit_line", says="One point after the other makes as many steps as there are points. Take their mean.")
def fit_line_point_by_point(x, y, lr, steps, sigma):
    a = b = 0.0
    for _ in range(steps):
        for one, other in zip(x, y, strict=True):
            error = float(a * one + b - other) / sigma**2
            a, b = a - lr * error * float(one), b - lr * error
    return a, b


@wrong_function("hetero_nll", says="The text leaves the constant ln(2 pi)/2 out of this loss. It is still in yours.")
def hetero_nll_with_the_constant(y, mu, log_sigma):
    part = (y - mu) ** 2 * np.exp(-2.0 * log_sigma)
    loss = float(np.mean(log_sigma + part / 2 + HALF_LOG))
    return loss, (mu - y) * np.exp(-2.0 * log_sigma) / len(y), (1 - part) / len(y)
