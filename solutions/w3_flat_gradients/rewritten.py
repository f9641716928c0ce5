"""Mistakes of `w3_flat_gradients` in other words: as other students would write them, they must still be named.

They use only what the notebook has (np, plt, math), so that each can be pasted.
"""

import math

import numpy as np

from grader.testing import rewritten

# -------------------------------------------------------------------------------------------------- slope_of


@rewritten("slope_of_the_size_of_the_jump")
def slope_of_the_size_of_the_jump():
    def slope_of(f, xs):
        slopes = []
        for x in xs:
            slopes.append(f(x + 1e-7) - f(x - 1e-7))
        return slopes

    return {"slope_of": slope_of}


@rewritten("slope_of_zero_everywhere")
def slope_of_zero_everywhere():
    return {"slope_of": lambda f, xs: np.zeros(len(xs))}


@rewritten("slope_of_infinite")
def slope_of_infinite():
    def slope_of(f, xs):
        return [math.inf if f(x + 1e-8) != f(x) or f(x - 1e-8) != f(x) else 0.0 for x in xs]

    return {"slope_of": slope_of}


@rewritten("slope_of_looks_right_only")
def slope_of_looks_right_only():
    def slope_of(f, xs):
        return [math.nan if f(x + 1e-8) - f(x) else 0.0 for x in xs]

    return {"slope_of": slope_of}


# ------------------------------------------------------------------------------------------------- staircase


@rewritten("accuracy_counts_the_knob")
def accuracy_counts_the_knob():
    def accuracy(w, X, y):
        return sum((1 if x >= w else 0) == label for x, label in zip(X, y, strict=True)) / len(y)

    return {"accuracy": accuracy}


@rewritten("accuracy_counts")
def accuracy_counts():
    return {"accuracy": lambda w, X, y: int(sum((w < X) == y))}


@rewritten("accuracy_wrong_answers")
def accuracy_wrong_answers():
    return {"accuracy": lambda w, X, y: float(np.mean(np.abs((w < X) - y)))}


@rewritten("log_loss_the_sum")
def log_loss_the_sum():
    def log_loss(w, X, y):
        return sum(np.logaddexp(0, -(x - w) if label else x - w) for x, label in zip(X, y, strict=True))

    return {"log_loss": log_loss}


@rewritten("log_loss_labels_swapped")
def log_loss_labels_swapped():
    return {"log_loss": lambda w, X, y: np.mean(np.logaddexp(0, (2 * y - 1) * (X - w)))}


@rewritten("log_loss_of_ones_only")
def log_loss_of_ones_only():
    return {"log_loss": lambda w, X, y: float((y * np.logaddexp(0, w - X)).sum() / len(y))}


# ------------------------------------------------------------------------------------------------ descend_on


@rewritten("descend_on_uphill")
def descend_on_uphill():
    def descend_on(loss, w0, lr, steps):
        h, path = 1e-5, [w0]
        for step in range(steps):
            w = path[step]
            path.append(w + lr * (loss(w + h) - loss(w - h)) / (2 * h))
        return path

    return {"descend_on": descend_on}


@rewritten("descend_on_half_the_run")
def descend_on_half_the_run():
    def descend_on(loss, w0, lr, steps):
        w, path, h = w0, [w0], 1e-5
        for _ in range(steps):
            w = w - lr * ((loss(w + h) - loss(w - h)) / h)
            path.append(w)
        return path

    return {"descend_on": descend_on}


@rewritten("descend_on_without_the_start")
def descend_on_without_the_start():
    def descend_on(loss, w0, lr, steps):
        w, h = w0, 1e-5
        return [w := w - lr * (loss(w + h) - loss(w - h)) / (2 * h) for _ in range(steps)]

    return {"descend_on": descend_on}


# ------------------------------------------------------------------------------------------------- soft_step


@rewritten("soft_step_slope_without_k")
def soft_step_slope_without_k():
    def soft_step(x, k):
        t = np.tanh(k * np.asarray(x) / 2)
        return (1 + t) / 2, (1 - t * t) / 4

    return {"soft_step": soft_step}


@rewritten("soft_step_overflows")
def soft_step_overflows():
    def soft_step(x, k):
        e = np.exp(-k * np.asarray(x))
        s = 1 / (1 + e)
        return s, k * s * (1 - s)

    return {"soft_step": soft_step}


@rewritten("soft_step_twice_as_sharp")
def soft_step_twice_as_sharp():
    def soft_step(x, k):
        t = np.tanh(k * np.asarray(x))
        return (1 + t) / 2, k * (1 - t * t) / 2

    return {"soft_step": soft_step}


# ------------------------------------------------------------------------------------------------ noisy_step


@rewritten("noisy_step_deviation")
def noisy_step_deviation():
    def noisy_step(x, s, n, rng):
        results = np.where(x + s * rng.standard_normal(n) > 0, 1.0, 0.0)
        return results.mean(), results.std()

    return {"noisy_step": noisy_step}


@rewritten("noisy_step_without_s")
def noisy_step_without_s():
    def noisy_step(x, s, n, rng):
        results = (rng.standard_normal(n) > -x).astype(float)
        return results.mean(), results.std() / n**0.5

    return {"noisy_step": noisy_step}


@rewritten("sampled_slope_half_the_run")
def sampled_slope_half_the_run():
    def sampled_slope(x, s, n, seed, h):
        z = s * np.random.default_rng(seed).standard_normal(n)
        return (np.mean(z > -x - h) - np.mean(z > h - x)) / h

    return {"sampled_slope": sampled_slope}


@rewritten("d_noisy_narrow")
def d_noisy_narrow():
    return {"d_noisy": "exp(-0.5*(x/s)^2)/sqrt(2pi)"}


# ------------------------------------------------------------------------------------------ straight_through


@rewritten("ste_forward_zero_or_one")
def ste_forward_zero_or_one():
    return {"ste_forward": lambda x: (x >= 0).astype(float)}


@rewritten("ste_back_all_passes")
def ste_back_all_passes():
    return {"ste_back": lambda dout, x, clip=1: 1.0 * dout}


@rewritten("ste_back_without_the_ends")
def ste_back_without_the_ends():
    return {"ste_back": lambda dout, x, clip=1: dout * ((x > -clip) & (x < clip))}


@rewritten("ste_back_clips_dout")
def ste_back_clips_dout():
    return {"ste_back": lambda dout, x, clip=1: np.minimum(np.maximum(dout, -clip), clip)}


# ------------------------------------------------------------------------------------------------ train_sign


@rewritten("sign_gradients_of_the_sum")
def sign_gradients_of_the_sum():
    def sign_gradients(X, y, w):
        z = X @ w
        return np.zeros(len(w)), (2 * (np.where(z >= 0, 1, -1) - y) * (np.abs(z) <= 1)) @ X

    return {"sign_gradients": sign_gradients}


@rewritten("sign_gradients_without_the_clip")
def sign_gradients_without_the_clip():
    def sign_gradients(X, y, w):
        return np.zeros_like(w), 2 * X.T @ (np.where(X @ w >= 0, 1, -1) - y) / len(y)

    return {"sign_gradients": sign_gradients}


# ------------------------------------------------------------------------------------------------ idle_units


@rewritten("idle_units_any_row")
def idle_units_any_row():
    def idle_units(params, X, tol, act):
        found = []
        for W, b in params[:-1]:
            z = X @ W + b
            X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
            found.append(np.any(X <= 0 if act == "relu" else tol > 1 - X**2, axis=0))
        return found

    return {"idle_units": idle_units}


@rewritten("idle_units_counts_the_last")
def idle_units_counts_the_last():
    def idle_units(params, X, tol, act):
        found = []
        for W, b in params:
            z = X @ W + b
            X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
            found.append(np.all(X <= 0 if act == "relu" else tol > 1 - X**2, axis=0))
        return found

    return {"idle_units": idle_units}


@rewritten("idle_units_first_row")
def idle_units_first_row():
    def idle_units(params, X, tol, act):
        X, found = X[:1], []
        for W, b in params[:-1]:
            z = X @ W + b
            X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
            found.append((z <= 0)[0] if act == "relu" else (1 - X[0] ** 2 < tol))
        return found

    return {"idle_units": idle_units}


@rewritten("idle_units_the_busy_ones")
def idle_units_the_busy_ones():
    def idle_units(params, X, tol, act):
        found = []
        for W, b in params[:-1]:
            z = X @ W + b
            X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
            found.append(np.any(z > 0 if act == "relu" else tol <= 1 - X**2, axis=0))
        return found

    return {"idle_units": idle_units}


@rewritten("idle_units_output_near_one")
def idle_units_output_near_one():
    def idle_units(params, X, tol, act):
        found = []
        for W, b in params[:-1]:
            z = X @ W + b
            X = np.maximum(z, 0) if act == "relu" else np.tanh(z)
            found.append(np.all(z <= 0 if act == "relu" else 1 - abs(X) < tol, axis=0))
        return found

    return {"idle_units": idle_units}


@rewritten("sign_gradients_copied")
def sign_gradients_copied():
    def sign_gradients(X, y, w):
        z = X @ w
        dz = 2 * (np.where(z >= 0, 1, -1) - y) / len(y) * (abs(z) <= 1)
        return dz @ X, dz @ X

    return {"sign_gradients": sign_gradients}


@rewritten("sign_gradients_uphill")
def sign_gradients_uphill():
    def sign_gradients(X, y, w):
        z = X @ w
        return 0 * w, X.T @ (2 * (y - np.where(z >= 0, 1, -1)) / len(y) * (abs(z) <= 1))

    return {"sign_gradients": sign_gradients}


@rewritten("sign_gradients_without_the_two")
def sign_gradients_without_the_two():
    def sign_gradients(X, y, w):
        z = X @ w
        return 0 * w, ((np.where(z >= 0, 1, -1) - y) * (abs(z) <= 1)) @ X / len(X)

    return {"sign_gradients": sign_gradients}


@rewritten("train_sign_stays")
def train_sign_stays():
    return {"train_sign": lambda X, y, w, lr, steps: w - lr * steps * np.zeros(len(w))}


@rewritten("ste_forward_zero_at_zero")
def ste_forward_zero_at_zero():
    return {"ste_forward": lambda x: 1.0 * (x > 0) - 1.0 * (x < 0)}


@rewritten("ste_forward_soft")
def ste_forward_soft():
    return {"ste_forward": lambda x: 2 / (1 + np.exp(-2 * x)) - 1}


@rewritten("ste_back_clip_one")
def ste_back_clip_one():
    return {"ste_back": lambda dout, x, clip=1: dout * (x * x <= 1)}


@rewritten("ste_back_true_slope")
def ste_back_true_slope():
    return {"ste_back": lambda dout, x, clip=1: 0.0 * dout}


@rewritten("ste_back_one_side")
def ste_back_one_side():
    return {"ste_back": lambda dout, x, clip=1: dout * (x <= clip)}


@rewritten("sampled_slope_of_each")
def sampled_slope_of_each():
    return {"sampled_slope": lambda x, s, n, seed, h: float(np.mean(np.zeros(n)))}


@rewritten("sampled_slope_forward")
def sampled_slope_forward():
    def sampled_slope(x, s, n, seed, h):
        z = x + s * np.random.default_rng(seed).standard_normal(n)
        return (np.mean(z > -h) - np.mean(z > 0)) / h

    return {"sampled_slope": sampled_slope}


@rewritten("noisy_step_error_over_n")
def noisy_step_error_over_n():
    def noisy_step(x, s, n, rng):
        p = np.mean(x + s * rng.standard_normal(n) > 0)
        return p, math.sqrt(p * (1 - p)) / n

    return {"noisy_step": noisy_step}


@rewritten("d_noisy_without_the_two")
def d_noisy_without_the_two():
    return {"d_noisy": "exp(-(x/s)^2)/(s*sqrt(2*pi))"}


@rewritten("d_noisy_zero")
def d_noisy_zero():
    return {"d_noisy": "0*x"}


@rewritten("steepest_without_k")
def steepest_without_k():
    return {"steepest": "0.5*0.5"}


@rewritten("steepest_is_k")
def steepest_is_k():
    return {"steepest": "2k/2"}


@rewritten("nearly_on_times_k")
def nearly_on_times_k():
    return {"nearly_on": "2*k*ln(3)"}


@rewritten("nearly_on_left")
def nearly_on_left():
    return {"nearly_on": "ln(1/9)/k"}


@rewritten("descend_on_one_slope")
def descend_on_one_slope():
    def descend_on(loss, w0, lr, steps):
        slope, path = (loss(w0 + 1e-5) - loss(w0 - 1e-5)) / 2e-5, [w0]
        for _ in range(steps):
            path.append(path[-1] - lr * slope)
        return path

    return {"descend_on": descend_on}


@rewritten("soft_step_downwards")
def soft_step_downwards():
    def soft_step(x, k):
        t = np.tanh(k * np.asarray(x) / 2)
        return (1 - t) / 2, -k * (1 - t * t) / 4

    return {"soft_step": soft_step}


@rewritten("accuracy_other_side")
def accuracy_other_side():
    return {"accuracy": lambda w, X, y: float(np.mean(np.where(w > X, 1, 0) == y))}


@rewritten("log_loss_in_bits")
def log_loss_in_bits():
    return {"log_loss": lambda w, X, y: float(np.mean(np.logaddexp(0, np.where(y == 1, w - X, X - w)) / np.log(2)))}


@rewritten("idle_units_on_the_average")
def idle_units_on_the_average():
    def idle_units(params, X, tol, act):
        answers, a = [], X
        for number in range(len(params) - 1):
            W, b = params[number]
            z = np.dot(a, W) + b
            if act == "relu":
                a, off = z * (z > 0), np.average(z, axis=0) <= 0
            else:
                a = np.tanh(z)
                off = (1 - a * a).sum(axis=0) / len(a) < tol
            answers.append(off)
        return answers

    return {"idle_units": idle_units}


@rewritten("idle_units_barely_on")
def idle_units_barely_on():
    def idle_units(params, X, tol, act):
        found = []
        for W, b in params[:-1]:
            z = X.dot(W) + b
            if act == "relu":
                X = np.where(z > 0, z, 0)
                found.append(np.isclose(X, 0).all(axis=0))
            else:
                X = np.tanh(z)
                found.append(np.all(tol > 1 - X**2, axis=0))
        return found

    return {"idle_units": idle_units}
