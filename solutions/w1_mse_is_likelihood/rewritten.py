"""Mistakes of `w1_mse_is_likelihood` in other words: as other students would write them, they must still be named.

They use only what the notebook has (np, plt, math), so that each can be pasted.
"""

import math

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import rewritten

# -------------------------------------------------------------------------------------- gaussian_nll


@rewritten("gaussian_nll_log_of_the_product")
def gaussian_nll_log_of_the_product():
    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError("sigma")
        likelihood = 1.0
        for number in np.asarray(y) - mu:
            likelihood *= math.exp(-number * number / (2 * sigma**2)) / math.sqrt(2 * math.pi * sigma**2)
        return -math.log(likelihood) if likelihood > 0 else math.inf

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_sigma_not_squared")
def gaussian_nll_sigma_not_squared():
    def gaussian_nll(y, mu, sigma):
        if not sigma > 0:
            raise ValueError
        total = len(y) * (math.log(sigma) + 0.5 * math.log(2 * math.pi))
        for number in np.asarray(y) - mu:
            total += number**2 / sigma / 2
        return float(total)

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_without_log_sigma")
def gaussian_nll_without_log_sigma():
    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError(sigma)
        z = (y - mu) / sigma
        return float(z @ z / 2 + len(y) * math.log(math.sqrt(2 * math.pi)))

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_without_the_constant")
def gaussian_nll_without_the_constant():
    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError("too narrow")
        return float(len(y) * np.log(sigma) + ((y - mu) ** 2).sum() / (2 * sigma**2))

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_constant_added_once")
def gaussian_nll_constant_added_once():
    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError("too narrow")
        total = math.log(math.sqrt(2 * math.pi) * sigma)
        for number in np.asarray(y) - mu:
            total += (number / sigma) ** 2 / 2
        return float(total)

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_the_mean")
def gaussian_nll_the_mean():
    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError("too narrow")
        return math.log(sigma) + math.log(2 * math.pi) / 2 + float(((y - mu) ** 2).mean()) / (2 * sigma**2)

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_without_the_minus")
def gaussian_nll_without_the_minus():
    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError("too narrow")
        logs = -np.log(sigma) - np.log(2 * np.pi) / 2 - (y - mu) ** 2 / (2 * sigma**2)
        return float(logs.sum())

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_without_the_half")
def gaussian_nll_without_the_half():
    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError("too narrow")
        z = (y - mu) / sigma
        return float(z @ z + len(y) * (math.log(sigma) + math.log(2 * math.pi) / 2))

    return {"gaussian_nll": gaussian_nll}


@rewritten("gaussian_nll_any_width")
def gaussian_nll_any_width():
    def gaussian_nll(y, mu, sigma):
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(abs(sigma)) + np.log(2 * np.pi) / 2 + (y - mu) ** 2 / (2 * np.float64(sigma) ** 2)
        return float(np.nan_to_num(logs.sum(), posinf=math.inf, neginf=-math.inf))

    return {"gaussian_nll": gaussian_nll}


# --------------------------------------------------------------------------------------- valley_plot


@rewritten("valley_plot_not_divided")
def valley_plot_not_divided():
    def valley_plot(y, mus, sigma):
        _, ax = plt.subplots()
        ax.plot(mus, [gaussian_nll(y, mu, sigma) for mu in mus], label="nll")
        ax.plot(mus, [sum((number - mu) ** 2 for number in y) for mu in mus], label="squared error")
        return ax

    def gaussian_nll(y, mu, sigma):
        if sigma <= 0:
            raise ValueError
        return float(np.sum(math.log(sigma) + math.log(2 * math.pi) / 2 + (y - mu) ** 2 / (2 * sigma**2)))

    return {"valley_plot": valley_plot, "gaussian_nll": gaussian_nll}


@rewritten("valley_plot_labels_swapped")
def valley_plot_labels_swapped():
    def valley_plot(y, mus, sigma):
        square = ((np.asarray(y)[None, :] - np.asarray(mus)[:, None]) ** 2).sum(axis=1) / 2 / sigma**2
        ax = plt.figure().add_subplot()
        ax.plot(mus, square, "--", label="nll")
        ax.plot(mus, square + len(y) * math.log(sigma * math.sqrt(2 * math.pi)), label="squared error")
        return ax

    return {"valley_plot": valley_plot}


@rewritten("valley_plot_both_shifted")
def valley_plot_both_shifted():
    def valley_plot(y, mus, sigma):
        square = ((np.asarray(y)[None, :] - np.asarray(mus)[:, None]) ** 2).sum(axis=1) / 2 / sigma**2
        ax = plt.figure().add_subplot()
        for label in ("nll", "squared error"):
            ax.plot(mus, square - min(square), label=label)
        return ax

    return {"valley_plot": valley_plot}


# ----------------------------------------------------------------------------------------------- mle


@rewritten("mle_divides_by_one_fewer")
def mle_divides_by_one_fewer():
    def mle(y):
        mu = sum(y) / len(y)
        total = sum((number - mu) ** 2 for number in y)
        return float(mu), float(total / (len(y) - 1)) if len(y) > 1 else 0.0

    return {"mle": mle}


@rewritten("mle_difference_of_squares")
def mle_difference_of_squares():
    def mle(y):
        mu = float(sum(y) / len(y))
        return mu, float(sum(number * number for number in y)) / len(y) - mu * mu

    return {"mle": mle}


@rewritten("mle_sigma_itself")
def mle_sigma_itself():
    def mle(y):
        mu = y.mean()
        return mu, math.sqrt(((y - mu) ** 2).mean())

    return {"mle": mle}


@rewritten("mle_sum_of_squares")
def mle_sum_of_squares():
    def mle(y):
        mu, total = y.mean(), 0.0
        for number in y:
            total += (number - mu) ** 2
        return mu, total

    return {"mle": mle}


@rewritten("mle_around_zero")
def mle_around_zero():
    def mle(y):
        return sum(y) / len(y), sum(number**2 for number in y) / len(y)

    return {"mle": mle}


# ------------------------------------------------------------------------------------------ fit_line


@rewritten("fit_line_without_sigma")
def fit_line_without_sigma():
    def fit_line(x, y, lr, steps, sigma):
        w = np.zeros(2)
        X = np.stack([x, np.ones(len(x))], axis=1)
        for _ in range(steps):
            w -= lr * X.T @ (X @ w - y) / len(x)
        return w[0], w[1]

    return {"fit_line": fit_line}


@rewritten("fit_line_sigma_not_squared")
def fit_line_sigma_not_squared():
    def fit_line(x, y, lr, steps, sigma):
        a, b = 0.0, 0.0
        for _ in range(steps):
            z = (a * x + b - y) / sigma
            a, b = a - lr * (z * x).mean(), b - lr * z.mean()
        return a, b

    return {"fit_line": fit_line}


@rewritten("fit_line_twice_the_slope")
def fit_line_twice_the_slope():
    def fit_line(x, y, lr, steps, sigma):
        a, b = 0.0, 0.0
        for _ in range(steps):
            z = 2 * (a * x + b - y) / sigma**2
            a, b = a - lr * (z * x).mean(), b - lr * z.mean()
        return a, b

    return {"fit_line": fit_line}


@rewritten("fit_line_one_after_the_other")
def fit_line_one_after_the_other():
    def fit_line(x, y, lr, steps, sigma):
        a, b, n = 0.0, 0.0, len(x)
        for _ in range(steps):
            a = a - lr * sum((a * xi + b - yi) * xi for xi, yi in zip(x, y, strict=True)) / n / sigma**2
            b = b - lr * sum((a * xi + b - yi) for xi, yi in zip(x, y, strict=True)) / n / sigma**2
        return a, b

    return {"fit_line": fit_line}


@rewritten("fit_line_forgets_x")
def fit_line_forgets_x():
    def fit_line(x, y, lr, steps, sigma):
        a, b = 0.0, 0.0
        for _ in range(steps):
            push = lr * np.mean(a * x + b - y) / sigma**2
            a, b = a - push, b - push
        return a, b

    return {"fit_line": fit_line}


# ------------------------------------------------------------------------------------- best_location


@rewritten("best_location_mean_for_both")
def best_location_mean_for_both():
    def best_location(y, noise):
        if noise in ("gauss", "laplace"):
            return sum(y) / len(y)
        raise ValueError(noise)

    return {"best_location": best_location}


@rewritten("best_location_swapped")
def best_location_swapped():
    def best_location(y, noise):
        if noise == "laplace":
            return y.mean()
        if noise == "gauss":
            ordered = sorted(y)
            return (ordered[(len(y) - 1) // 2] + ordered[len(y) // 2]) / 2
        raise ValueError(noise)

    return {"best_location": best_location}


@rewritten("best_location_middle_of_the_range")
def best_location_middle_of_the_range():
    def best_location(y, noise):
        if noise == "gauss":
            return y.mean()
        if noise == "laplace":
            ordered = sorted(y)
            return (ordered[0] + ordered[-1]) / 2
        raise ValueError(noise)

    return {"best_location": best_location}


@rewritten("best_location_middle_as_they_came")
def best_location_middle_as_they_came():
    def best_location(y, noise):
        if noise == "gauss":
            return sum(y) / len(y)
        if noise == "laplace":
            return list(y)[len(y) // 2]
        raise ValueError(noise)

    return {"best_location": best_location}


# ---------------------------------------------------------------------------------------- hetero_nll


@rewritten("hetero_nll_slopes_of_the_sum")
def hetero_nll_slopes_of_the_sum():
    def hetero_nll(y, mu, log_sigma):
        precision = np.exp(-log_sigma) ** 2
        loss = np.mean(log_sigma + (y - mu) ** 2 * precision / 2)
        return float(loss), precision * (mu - y), 1 - precision * (mu - y) ** 2

    return {"hetero_nll": hetero_nll}


@rewritten("hetero_nll_every_point_alike")
def hetero_nll_every_point_alike():
    def hetero_nll(y, mu, log_sigma):
        n, d = len(y), mu - y
        w = np.exp(-2 * log_sigma)
        return float((log_sigma + d * d * w / 2).sum() / n), d / n, (1 - d * d * w) / n

    return {"hetero_nll": hetero_nll}


@rewritten("hetero_nll_dmu_the_other_way")
def hetero_nll_dmu_the_other_way():
    def hetero_nll(y, mu, log_sigma):
        n, d = len(y), y - mu
        w = np.exp(-2 * log_sigma)
        return float((log_sigma + d * d * w / 2).sum() / n), d * w / n, (1 - d * d * w) / n

    return {"hetero_nll": hetero_nll}


@rewritten("hetero_nll_half_in_ds")
def hetero_nll_half_in_ds():
    def hetero_nll(y, mu, log_sigma):
        n, d = len(y), mu - y
        w = np.exp(-2 * log_sigma)
        half = d * d * w / 2
        return float((log_sigma + half).sum() / n), d * w / n, (1 - half) / n

    return {"hetero_nll": hetero_nll}


@rewritten("hetero_nll_forgets_s")
def hetero_nll_forgets_s():
    def hetero_nll(y, mu, log_sigma):
        n, z = len(y), (mu - y) / np.exp(log_sigma)
        return float((log_sigma + z * z / 2).mean()), z / np.exp(log_sigma) / n, -z * z / n

    return {"hetero_nll": hetero_nll}


@rewritten("hetero_nll_the_sum")
def hetero_nll_the_sum():
    def hetero_nll(y, mu, log_sigma):
        z = (mu - y) / np.exp(log_sigma)
        return float((log_sigma + z * z / 2).sum()), z / np.exp(log_sigma), 1 - z * z

    return {"hetero_nll": hetero_nll}


@rewritten("paper_without_log_sigma")
def paper_without_log_sigma():
    return {"nll_of_one": "0.5*ln(2pi) + ((y - mu)/sigma)^2/2"}


@rewritten("paper_sigma_not_squared")
def paper_sigma_not_squared():
    return {"nll_of_one": "ln(sqrt(2pi)*sigma) + 0.5*(y-mu)^2/sigma"}


@rewritten("gap_for_one")
def gap_for_one():
    return {"gap": "ln(sigma*sqrt(2pi))"}


@rewritten("slope_of_mu_uphill")
def slope_of_mu_uphill():
    return {"d_mu": "((y-mu)/sigma)/sigma"}


@rewritten("slope_of_sigma_without_log")
def slope_of_sigma_without_log():
    return {"d_sigma": "-((y-mu)/sigma)^2/sigma"}


@rewritten("slope_of_sigma_uphill")
def slope_of_sigma_uphill():
    return {"d_sigma": "(1 + ((y-mu)/sigma)^2)/sigma"}


@rewritten("laplace_without_the_factor")
def laplace_without_the_factor():
    return {"laplace_nll": "abs(m - y)/b"}


@rewritten("d_s_uphill")
def d_s_uphill():
    return {"d_s": "1 + ((y-mu)/e^s)^2"}


@rewritten("d_s_half")
def d_s_half():
    return {"d_s": "1 - 0.5*((mu-y)*e^(-s))^2"}
