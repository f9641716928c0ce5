"""Mistakes of `w5_sampling` in other words: as other students would write them, they must still be named.

They use only what the notebook has (np, math), so that each can be pasted.
"""

import math

import numpy as np

from grader.testing import rewritten

# ------------------------------------------------------------------------------------------------- one_draw


@rewritten("draw_slope_half_the_run")
def draw_slope_half_the_run():
    def draw_slope(draw, p, seed, h):
        up = draw(p + h, np.random.default_rng(seed))
        down = draw(p - h, np.random.default_rng(seed))
        return (up - down) / h

    return {"draw_slope": draw_slope}


@rewritten("reparam_squared_width")
def reparam_squared_width():
    def reparam(mu, logvar, eps):
        sigma = np.exp(logvar)
        return sigma * eps + mu

    return {"reparam": reparam}


@rewritten("score_without_the_score")
def score_without_the_score():
    def score_grad(f, mu, n, rng):
        values = f(rng.normal(mu, 1, n))
        return values.mean(), values.std() / np.sqrt(n)

    return {"score_grad": score_grad}


@rewritten("gumbel_max_minus_noise")
def gumbel_max_minus_noise():
    def gumbel_max(logits, g):
        return (logits - g).argmax(-1)

    return {"gumbel_max": gumbel_max}


@rewritten("gumbel_softmax_logits_over_tau")
def gumbel_softmax_logits_over_tau():
    def gumbel_softmax(logits, tau, g):
        x = g + logits / tau
        x = np.exp(x - x.max(axis=1).reshape(-1, 1))
        return x / x.sum(axis=1).reshape(-1, 1)

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("back_of_its_own_side")
def back_of_its_own_side():
    def gumbel_softmax_back(y, tau, dy):
        return dy * (y - y * y) / tau

    return {"gumbel_softmax_back": gumbel_softmax_back}


@rewritten("draw_slope_one_generator")
def draw_slope_one_generator():
    def draw_slope(draw, p, seed, h):
        rng = np.random.default_rng(seed)
        right = draw(p + h, rng)
        left = draw(p - h, rng)
        return (right - left) / (2 * h)

    return {"draw_slope": draw_slope}


@rewritten("draw_slope_forward")
def draw_slope_forward():
    def draw_slope(draw, p, seed, h):
        a, b = (draw(at, np.random.default_rng(seed)) for at in (p, p + h))
        return (b - a) / h

    return {"draw_slope": draw_slope}


@rewritten("draw_slope_always_zero")
def draw_slope_always_zero():
    return {"draw_slope": lambda draw, p, seed, h: 0}


@rewritten("mean_slope_one_generator")
def mean_slope_one_generator():
    def mean_slope(draw, p, n, seed, h):
        rng = np.random.default_rng(seed)
        ups = [draw(p + h, rng) for _ in range(n)]
        downs = [draw(p - h, rng) for _ in range(n)]
        return (np.mean(ups) - np.mean(downs)) / (2 * h)

    return {"mean_slope": mean_slope}


@rewritten("mean_slope_same_draw")
def mean_slope_same_draw():
    def mean_slope(draw, p, n, seed, h):
        total = 0
        for _ in range(n):
            total += draw(p + h, np.random.default_rng(seed)) - draw(p - h, np.random.default_rng(seed))
        return total / n / (2 * h)

    return {"mean_slope": mean_slope}


@rewritten("mean_slope_of_the_sum")
def mean_slope_of_the_sum():
    def mean_slope(draw, p, n, seed, h):
        def total(p):
            rng = np.random.default_rng(seed)
            return sum(draw(p, rng) for _ in range(n))

        return (total(p + h) - total(p - h)) / (2 * h)

    return {"mean_slope": mean_slope}


# -------------------------------------------------------------------------------------------------- reparam


@rewritten("reparam_logvar_as_width")
def reparam_logvar_as_width():
    return {"reparam": lambda mu, logvar, eps: eps * logvar + mu}


@rewritten("reparam_stretches_the_middle")
def reparam_stretches_the_middle():
    return {"reparam": lambda mu, logvar, eps: np.sqrt(np.exp(logvar)) * (eps + mu)}


@rewritten("reparam_narrower")
def reparam_narrower():
    return {"reparam": lambda mu, logvar, eps: mu + eps / np.exp(logvar / 2)}


@rewritten("reparam_twice")
def reparam_twice():
    return {"reparam": lambda mu, logvar, eps: mu + np.exp(logvar) ** 2 * eps}


@rewritten("back_without_the_half")
def back_without_the_half():
    def reparam_back(mu, logvar, eps, dz):
        sigma = np.sqrt(np.exp(logvar))
        return dz * 1.0, sigma * dz * eps

    return {"reparam_back": reparam_back}


@rewritten("back_without_the_noise")
def back_without_the_noise():
    return {"reparam_back": lambda mu, logvar, eps, dz: (dz, 0.5 * np.exp(0.5 * logvar) * dz)}


@rewritten("back_of_sigma")
def back_of_sigma():
    return {"reparam_back": lambda mu, logvar, eps, dz: (np.array(dz), eps * dz)}


@rewritten("back_squared_width")
def back_squared_width():
    return {"reparam_back": lambda mu, logvar, eps, dz: (dz, np.exp(logvar) * dz * eps)}


@rewritten("back_without_dz")
def back_without_dz():
    return {"reparam_back": lambda mu, logvar, eps, dz: (np.ones_like(mu), np.exp(logvar / 2) * eps * 0.5)}


@rewritten("back_swapped")
def back_swapped():
    def reparam_back(mu, logvar, eps, dz):
        return 0.5 * eps * np.exp(logvar / 2) * dz, dz

    return {"reparam_back": reparam_back}


@rewritten("dz_dl_without_the_half")
def dz_dl_without_the_half():
    return {"dz_dl": "exp(l/2)*n"}


@rewritten("dz_dl_is_the_noise")
def dz_dl_is_the_noise():
    return {"dz_dl": "1*n"}


# ------------------------------------------------------------------------------------------- two_estimators


@rewritten("score_backwards")
def score_backwards():
    def score_grad(f, mu, n, rng):
        noise = rng.standard_normal(n)
        values = -noise * f(mu + noise)
        return np.mean(values), np.std(values) / math.sqrt(n)

    return {"score_grad": score_grad}


@rewritten("score_from_zero")
def score_from_zero():
    def score_grad(f, mu, n, rng):
        z = rng.normal(mu, 1, n)
        return (z * f(z)).mean(), (z * f(z)).std() / n**0.5

    return {"score_grad": score_grad}


@rewritten("score_of_the_noise")
def score_of_the_noise():
    def score_grad(f, mu, n, rng):
        z = rng.standard_normal(n)
        values = z * f(z)
        return values.mean(), values.std() / n**0.5

    return {"score_grad": score_grad}


@rewritten("score_drawn_twice")
def score_drawn_twice():
    def score_grad(f, mu, n, rng):
        z = mu + rng.standard_normal(n)
        values = rng.standard_normal(n) * f(z)
        return values.mean(), values.std() / n**0.5

    return {"score_grad": score_grad}


@rewritten("score_own_generator")
def score_own_generator():
    def score_grad(f, mu, n, rng):
        rng = np.random.default_rng(0)
        noise = rng.standard_normal(n)
        values = noise * f(mu + noise)
        return values.mean(), values.std() / n**0.5

    return {"score_grad": score_grad}


@rewritten("score_spread_of_one")
def score_spread_of_one():
    def score_grad(f, mu, n, rng):
        noise = rng.standard_normal(n)
        values = noise * f(mu + noise)
        return values.mean(), values.var() ** 0.5

    return {"score_grad": score_grad}


@rewritten("path_of_the_noise")
def path_of_the_noise():
    def path_grad(df, mu, n, rng):
        slopes = df(rng.standard_normal(n))
        return slopes.mean(), slopes.std() / n**0.5

    return {"path_grad": path_grad}


@rewritten("path_times_the_score")
def path_times_the_score():
    def path_grad(df, mu, n, rng):
        noise = rng.standard_normal(n)
        slopes = noise * df(noise + mu)
        return slopes.mean(), slopes.std() / n**0.5

    return {"path_grad": path_grad}


@rewritten("path_spread_of_one")
def path_spread_of_one():
    def path_grad(df, mu, n, rng):
        slopes = df(rng.normal(mu, 1, n))
        return slopes.mean(), slopes.std()

    return {"path_grad": path_grad}


@rewritten("d_log_backwards")
def d_log_backwards():
    return {"d_log": "mu/s^2 - z/s^2"}


@rewritten("d_log_of_width_one")
def d_log_of_width_one():
    return {"d_log": "-(mu - z)"}


@rewritten("d_mean_zero")
def d_mean_zero():
    return {"d_mean": "0*mu"}


# ----------------------------------------------------------------------------------------------- gumbel_max


@rewritten("gumbel_without_the_outer_minus")
def gumbel_without_the_outer_minus():
    def gumbel(rng, shape):
        u = np.maximum(rng.random(shape), 1e-300)
        return np.log(np.log(1 / u))

    return {"gumbel": gumbel}


@rewritten("gumbel_one_logarithm")
def gumbel_one_logarithm():
    return {"gumbel": lambda rng, shape: np.log(1 / np.clip(rng.random(shape), 1e-300, 1))}


@rewritten("gumbel_from_the_bell")
def gumbel_from_the_bell():
    return {"gumbel": lambda rng, shape: rng.normal(0, 1, shape)}


@rewritten("gumbel_own_generator")
def gumbel_own_generator():
    def gumbel(rng, shape):
        rng = np.random.default_rng(0)
        return -np.log(-np.log(rng.random(shape).clip(1e-300)))

    return {"gumbel": gumbel}


@rewritten("gumbel_of_zero")
def gumbel_of_zero():
    def gumbel(rng, shape):
        u = rng.random(shape)
        return -np.log(-np.log(u))

    return {"gumbel": gumbel}


@rewritten("gumbel_even")
def gumbel_even():
    return {"gumbel": lambda rng, shape: rng.random(shape)}


@rewritten("gumbel_max_without_noise")
def gumbel_max_without_noise():
    return {"gumbel_max": lambda logits, g: logits.argmax(axis=-1)}


@rewritten("gumbel_max_of_probabilities")
def gumbel_max_of_probabilities():
    def gumbel_max(logits, g):
        e = np.exp(logits)
        p = e / e.sum(axis=-1, keepdims=True)
        return (g + p).argmax(axis=-1)

    return {"gumbel_max": gumbel_max}


@rewritten("gumbel_max_of_the_table")
def gumbel_max_of_the_table():
    return {"gumbel_max": lambda logits, g: (g + logits).argmax()}


@rewritten("gumbel_max_the_value")
def gumbel_max_the_value():
    return {"gumbel_max": lambda logits, g: (logits + g).max(axis=-1)}


# ------------------------------------------------------------------------------------------- gumbel_softmax


@rewritten("gumbel_softmax_noise_over_tau")
def gumbel_softmax_noise_over_tau():
    def gumbel_softmax(logits, tau, g):
        x = g / tau + logits
        e = np.exp(x - np.max(x, axis=1, keepdims=True))
        return e / np.sum(e, axis=1, keepdims=True)

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("gumbel_softmax_without_tau")
def gumbel_softmax_without_tau():
    def gumbel_softmax(logits, tau, g):
        x = logits + g
        e = np.exp(x - x.max(1)[:, None])
        return e / e.sum(1)[:, None]

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("gumbel_softmax_without_noise")
def gumbel_softmax_without_noise():
    def gumbel_softmax(logits, tau, g):
        x = logits / tau
        e = np.exp(x - x.max(1)[:, None])
        return e / e.sum(1)[:, None]

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("gumbel_softmax_columns")
def gumbel_softmax_columns():
    def gumbel_softmax(logits, tau, g):
        x = (logits + g) / tau
        e = np.exp(x - x.max(0))
        return e / e.sum(0)

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("gumbel_softmax_whole_table")
def gumbel_softmax_whole_table():
    def gumbel_softmax(logits, tau, g):
        x = (logits + g) / tau
        e = np.exp(x - x.max())
        return e / e.sum()

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("gumbel_softmax_hard")
def gumbel_softmax_hard():
    def gumbel_softmax(logits, tau, g):
        y = np.zeros(g.shape)
        for row, best in enumerate((logits + g).argmax(axis=1)):
            y[row, best] = 1
        return y

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("gumbel_softmax_overflows")
def gumbel_softmax_overflows():
    def gumbel_softmax(logits, tau, g):
        e = np.exp(logits / tau + g / tau)
        return e / e.sum(axis=1)[:, None]

    return {"gumbel_softmax": gumbel_softmax}


@rewritten("gumbel_softmax_minus_noise")
def gumbel_softmax_minus_noise():
    def gumbel_softmax(logits, tau, g):
        x = logits / tau - g / tau
        e = np.exp(x - x.max(1)[:, None])
        return e / e.sum(1)[:, None]

    return {"gumbel_softmax": gumbel_softmax}


# -------------------------------------------------------------------------------------- gumbel_softmax_back


@rewritten("back_without_tau")
def back_without_tau():
    def gumbel_softmax_back(y, tau, dy):
        return np.array([(np.diag(row) - np.outer(row, row)) @ back for row, back in zip(y, dy, strict=True)])

    return {"gumbel_softmax_back": gumbel_softmax_back}


@rewritten("back_times_tau")
def back_times_tau():
    return {"gumbel_softmax_back": lambda y, tau, dy: tau * (y * dy - y * (y * dy).sum(1)[:, None])}


@rewritten("back_plain_mean")
def back_plain_mean():
    return {"gumbel_softmax_back": lambda y, tau, dy: (dy - dy.mean(axis=1)[:, None]) * y / tau}


@rewritten("back_without_y")
def back_without_y():
    return {"gumbel_softmax_back": lambda y, tau, dy: (dy - (dy * y).sum(1)[:, None]) / tau}


@rewritten("back_plus_the_mean")
def back_plus_the_mean():
    return {"gumbel_softmax_back": lambda y, tau, dy: y / tau * (dy + (dy * y).sum(1)[:, None])}


@rewritten("back_negative")
def back_negative():
    return {"gumbel_softmax_back": lambda y, tau, dy: y / tau * ((dy * y).sum(1)[:, None] - dy)}


@rewritten("own_slope_without_tau")
def own_slope_without_tau():
    return {"own_slope": "yi - yi^2"}


@rewritten("other_slope_positive")
def other_slope_positive():
    return {"other_slope": "yj*yi/tau"}


# --------------------------------------------------------------------------------------------- train_choice


def trains(gradient_of, fresh=True):
    """train_choice as another student writes it: gradient_of(y, tau, rewards) is what the logits follow."""

    def train_choice(rewards, lr, steps, tau, rng):
        k = len(rewards)
        logits, history, g = np.zeros(k), [], None
        for _ in range(steps):
            if fresh or g is None:
                g = -np.log(-np.log(np.maximum(rng.random((64, k)), 1e-300)))
            e = np.exp((logits + g) / tau - ((logits + g) / tau).max(1)[:, None])
            y = e / e.sum(1)[:, None]
            history.append((y @ rewards).mean())
            logits = logits + lr * gradient_of(y, tau, rewards)
        return logits, history

    return {"train_choice": train_choice}


def slopes(y, tau, rewards):
    return y * (rewards - (y @ rewards)[:, None]) / tau


@rewritten("train_downhill")
def train_downhill():
    return trains(lambda y, tau, rewards: -slopes(y, tau, rewards).sum(0) / 64)


@rewritten("train_by_the_sum")
def train_by_the_sum():
    return trains(lambda y, tau, rewards: sum(slopes(y, tau, rewards)))


@rewritten("train_with_the_noise_of_once")
def train_with_the_noise_of_once():
    return trains(lambda y, tau, rewards: slopes(y, tau, rewards).mean(0), fresh=False)


@rewritten("train_gradient_without_tau")
def train_gradient_without_tau():
    return trains(lambda y, tau, rewards: slopes(y, 1, rewards).mean(0))


@rewritten("gumbel_max_probabilities_times_noise")
def gumbel_max_probabilities_times_noise():
    def gumbel_max(logits, g):
        e = np.exp(np.array(logits, dtype=float) - np.max(logits))
        if e.ndim == 1:
            return int((e / sum(e) * g).argmax())
        return np.array([(row / sum(row) * noise).argmax() for row, noise in zip(e, g, strict=True)])

    return {"gumbel_max": gumbel_max}
