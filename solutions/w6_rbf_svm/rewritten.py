"""Mistakes of `w6_rbf_svm` in other words: as other students would write them, they must still be named.

They use only what the notebook has (np, plt), so that each can be pasted.
"""

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import rewritten

# ---------------------------------------------------------------------------------------------------- margin


@rewritten("margin_is_the_score")
def margin_is_the_score():
    def margin(w, b, X, y):
        if not np.any(w):
            raise ValueError("no line")
        return np.array([label * (sum(w * x) + b) for x, label in zip(X, y, strict=True)])

    return {"margin": margin}


@rewritten("margin_without_the_root")
def margin_without_the_root():
    def margin(w, b, X, y):
        total = sum(w**2)
        if total == 0:
            raise ValueError("no line")
        return y * (X.dot(w) + b) / total

    return {"margin": margin}


@rewritten("margin_without_the_label")
def margin_without_the_label():
    def margin(w, b, X, y):
        if np.all(w == 0):
            raise ValueError("w must not be 0")
        return (X @ w + b) / np.sqrt(w @ w)

    return {"margin": margin}


@rewritten("margin_always_positive")
def margin_always_positive():
    def margin(w, b, X, y):
        if np.linalg.norm(w) == 0:
            raise ValueError("w must not be 0")
        return np.sqrt((X @ w + b) ** 2 / (w @ w))

    return {"margin": margin}


@rewritten("margin_without_b")
def margin_without_b():
    def margin(w, b, X, y):
        n = np.sqrt(sum(w**2))
        if n == 0:
            raise ValueError("w must not be 0")
        return np.array([y[i] * np.dot(X[i], w) / n for i in range(len(y))])

    return {"margin": margin}


@rewritten("margin_b_not_divided")
def margin_b_not_divided():
    def margin(w, b, X, y):
        n = np.sqrt(sum(w**2))
        if n == 0:
            raise ValueError("w must not be 0")
        direction = w / n
        return np.array([label * (x @ direction + b) for x, label in zip(X, y, strict=True)])

    return {"margin": margin}


@rewritten("margin_of_no_line")
def margin_of_no_line():
    def margin(w, b, X, y):
        n = np.sqrt(sum(w**2))
        return y * (X @ w + b) / (n if n > 0 else 1)

    return {"margin": margin}


# ----------------------------------------------------------------------------------------------------- hinge


@rewritten("hinge_all_points_push")
def hinge_all_points_push():
    def hinge(w, b, X, y, C):
        loss, dw, db = 0.5 * np.dot(w, w), w.copy(), 0.0
        for x, label in zip(X, y, strict=True):
            loss += C * max(0, 1 - label * (x @ w + b))
            dw = dw - C * label * x
            db -= C * label
        return loss, dw, db

    return {"hinge": hinge}


@rewritten("hinge_sign_of_db")
def hinge_sign_of_db():
    def hinge(w, b, X, y, C):
        loss, dw, db = 0.5 * np.dot(w, w), w.copy(), 0.0
        for x, label in zip(X, y, strict=True):
            missing = 1 - label * (x @ w + b)
            if missing > 0:
                loss += C * missing
                dw = dw - C * label * x
                db += C * label
        return loss, dw, db

    return {"hinge": hinge}


@rewritten("hinge_sign_of_dw")
def hinge_sign_of_dw():
    def hinge(w, b, X, y, C):
        loss, dw, db = 0.5 * np.dot(w, w), w.copy(), 0.0
        for x, label in zip(X, y, strict=True):
            missing = 1 - label * (x @ w + b)
            if missing > 0:
                loss += C * missing
                dw = dw + C * label * x
                db -= C * label
        return loss, dw, db

    return {"hinge": hinge}


@rewritten("hinge_the_mean")
def hinge_the_mean():
    def hinge(w, b, X, y, C):
        m = 1 - y * (X @ w + b)
        on = np.where(m > 0, 1.0, 0.0)
        return 0.5 * w @ w + C * np.mean(m * on), w - C * np.mean((on * y)[:, None] * X, axis=0), -C * np.mean(on * y)

    return {"hinge": hinge}


@rewritten("hinge_dw_without_w")
def hinge_dw_without_w():
    def hinge(w, b, X, y, C):
        m = 1 - y * (X @ w + b)
        push = np.where(m > 0, -C * y, 0.0)
        return 0.5 * w @ w + C * sum(m[m > 0]), X.T @ push, sum(push)

    return {"hinge": hinge}


@rewritten("hinge_slopes_without_C")
def hinge_slopes_without_C():
    def hinge(w, b, X, y, C):
        m = 1 - y * (X @ w + b)
        push = np.where(m > 0, -y, 0.0)
        return 0.5 * w @ w + C * sum(m[m > 0]), w + X.T @ push, sum(push)

    return {"hinge": hinge}


@rewritten("hinge_without_the_half")
def hinge_without_the_half():
    def hinge(w, b, X, y, C):
        m = 1 - y * (X @ w + b)
        push = np.where(m > 0, -C * y, 0.0)
        return sum(w * w) + C * sum(m[m > 0]), 2 * w + X.T @ push, sum(push)

    return {"hinge": hinge}


@rewritten("hinge_curb_at_zero")
def hinge_curb_at_zero():
    def hinge(w, b, X, y, C):
        s = y * (X @ w + b)
        push = np.where(s < 0, -C * y, 0.0)
        return 0.5 * w @ w - C * sum(s[s < 0]), w + X.T @ push, sum(push)

    return {"hinge": hinge}


@rewritten("hinge_squared")
def hinge_squared():
    def hinge(w, b, X, y, C):
        loss, dw, db = 0.5 * np.dot(w, w), w.copy(), 0.0
        for x, label in zip(X, y, strict=True):
            missing = max(0.0, 1 - label * (x @ w + b))
            loss += C * missing**2
            dw = dw - 2 * C * missing * label * x
            db -= 2 * C * missing * label
        return loss, dw, db

    return {"hinge": hinge}


# ------------------------------------------------------------------------------------------------------ lift


@rewritten("lift_without_the_root")
def lift_without_the_root():
    def lift(X):
        return np.array([[p * p, p * q, q * q] for p, q in X])

    return {"lift": lift}


@rewritten("lift_two_for_each")
def lift_two_for_each():
    def lift(X):
        return np.array([[p * p, 2 * p * q, q * q] for p, q in X])

    return {"lift": lift}


@rewritten("lift_without_squares")
def lift_without_squares():
    def lift(X):
        return np.array([[p, 2**0.5 * p * q, q] for p, q in X])

    return {"lift": lift}


@rewritten("circle_plane_r_not_squared")
def circle_plane_r_not_squared():
    def circle_plane(r):
        return [1, 0, 1], -r

    return {"circle_plane": circle_plane}


@rewritten("circle_plane_inside_out")
def circle_plane_inside_out():
    def circle_plane(r):
        w = -np.array([1, 0, 1])
        return w, r * r

    return {"circle_plane": circle_plane}


@rewritten("circle_plane_with_the_middle")
def circle_plane_with_the_middle():
    def circle_plane(r):
        return np.ones(3), -(r**2)

    return {"circle_plane": circle_plane}


# ------------------------------------------------------------------------------------------------ rbf_kernel


@rewritten("rbf_kernel_gamma_is_sigma")
def rbf_kernel_gamma_is_sigma():
    def rbf_kernel(X, Y, gamma):
        table = np.zeros((len(X), len(Y)))
        for i, x in enumerate(X):
            for j, y in enumerate(Y):
                table[i, j] = np.exp(-0.5 * np.sum(((x - y) / gamma) ** 2))
        return table

    return {"rbf_kernel": rbf_kernel}


@rewritten("rbf_kernel_divides")
def rbf_kernel_divides():
    def rbf_kernel(X, Y, gamma):
        return np.array([[np.exp(-np.sum((x - y) ** 2) / gamma) for y in Y] for x in X])

    return {"rbf_kernel": rbf_kernel}


@rewritten("rbf_kernel_distance_not_squared")
def rbf_kernel_distance_not_squared():
    def rbf_kernel(X, Y, gamma):
        return np.array([[np.exp(-gamma * np.linalg.norm(x - y)) for y in Y] for x in X])

    return {"rbf_kernel": rbf_kernel}


@rewritten("rbf_kernel_expands")
def rbf_kernel_expands():
    def rbf_kernel(X, Y, gamma):
        d2 = np.array([[x @ x + y @ y - 2 * (x @ y) for y in Y] for x in X])
        return np.exp(-gamma * d2)

    return {"rbf_kernel": rbf_kernel}


@rewritten("rbf_kernel_clips")
def rbf_kernel_clips():
    def rbf_kernel(X, Y, gamma):
        d2 = np.sum(X * X, axis=1, keepdims=True) - 2 * X @ Y.T + np.sum(Y * Y, axis=1)
        d2[d2 < 0] = 0
        return np.exp(-gamma * d2)

    return {"rbf_kernel": rbf_kernel}


@rewritten("rbf_kernel_turned")
def rbf_kernel_turned():
    def rbf_kernel(X, Y, gamma):
        return np.array([[np.exp(-gamma * np.sum((x - y) ** 2)) for x in X] for y in Y])

    return {"rbf_kernel": rbf_kernel}


@rewritten("rbf_kernel_square_of_the_sum")
def rbf_kernel_square_of_the_sum():
    def rbf_kernel(X, Y, gamma):
        return np.array([[np.exp(-gamma * np.sum(x - y) ** 2) for y in Y] for x in X])

    return {"rbf_kernel": rbf_kernel}


# -------------------------------------------------------------------------------------------------- decision


@rewritten("decision_without_labels")
def decision_without_labels():
    def decision(alpha, y, X, gamma, Xnew):
        return np.array([sum(alpha * np.exp(-gamma * np.sum((X - new) ** 2, axis=1))) for new in Xnew])

    return {"decision": decision}


@rewritten("decision_without_weights")
def decision_without_weights():
    def decision(alpha, y, X, gamma, Xnew):
        return np.array([sum(y * np.exp(-gamma * np.sum((X - new) ** 2, axis=1))) for new in Xnew])

    return {"decision": decision}


@rewritten("decision_is_the_sign")
def decision_is_the_sign():
    def decision(alpha, y, X, gamma, Xnew):
        f = np.array([sum(alpha * y * np.exp(-gamma * np.sum((X - new) ** 2, axis=1))) for new in Xnew])
        return np.where(f > 0, 1, -1)

    return {"decision": decision}


@rewritten("decision_is_the_mean")
def decision_is_the_mean():
    def decision(alpha, y, X, gamma, Xnew):
        return np.array([np.mean(alpha * y * np.exp(-gamma * np.sum((X - new) ** 2, axis=1))) for new in Xnew])

    return {"decision": decision}


@rewritten("decision_of_plain_products")
def decision_of_plain_products():
    def decision(alpha, y, X, gamma, Xnew):
        w = sum((alpha * y)[:, None] * X)
        return Xnew @ w

    return {"decision": decision}


@rewritten("half_way_squared")
def half_way_squared():
    return {"half_way": "-ln(1/2)/3"}


@rewritten("spikes_are_sharper")
def spikes_are_sharper():
    return {"spikes": "B"}


# ------------------------------------------------------------------------------------------------- bump_plot


def drawn(alpha, y, X, f, marked, *, levels=(0,), count=80):
    """A figure with the border of f."""
    _, ax = plt.subplots()
    xs = np.linspace(min(X[:, 0]) - 1, max(X[:, 0]) + 1, count)
    ys = np.linspace(min(X[:, 1]) - 1, max(X[:, 1]) + 1, count)
    xx, yy = np.meshgrid(xs, ys)
    ax.contour(xx, yy, f(np.c_[xx.ravel(), yy.ravel()]).reshape(count, count), levels=list(levels))
    ax.plot(X[:, 0], X[:, 1], "k.")
    ax.plot(marked[:, 0], marked[:, 1], "ro", ms=9, fillstyle="none", label="support vectors")
    return ax


def summed(alpha, y, X, gamma):
    return lambda places: np.exp(-gamma * ((places[:, None] - X) ** 2).sum(axis=2)) @ (alpha * y)


@rewritten("bump_plot_marks_all")
def bump_plot_marks_all():
    return {"bump_plot": lambda alpha, y, X, gamma: drawn(alpha, y, X, summed(alpha, y, X, gamma), X[alpha >= 0])}


@rewritten("bump_plot_marks_the_others")
def bump_plot_marks_the_others():
    return {"bump_plot": lambda alpha, y, X, gamma: drawn(alpha, y, X, summed(alpha, y, X, gamma), X[alpha <= 0])}


@rewritten("bump_plot_level_of_the_curb")
def bump_plot_level_of_the_curb():
    def bump_plot(alpha, y, X, gamma):
        return drawn(alpha, y, X, summed(alpha, y, X, gamma), X[alpha > 0], levels=(1,))

    return {"bump_plot": bump_plot}


@rewritten("bump_plot_axes_swapped")
def bump_plot_axes_swapped():
    def bump_plot(alpha, y, X, gamma):
        f = summed(alpha, y, X, gamma)
        return drawn(alpha, y, X, lambda places: f(places[:, ::-1]), X[alpha > 0])

    return {"bump_plot": bump_plot}


@rewritten("bump_plot_coarse")
def bump_plot_coarse():
    return {
        "bump_plot": lambda alpha, y, X, gamma: drawn(alpha, y, X, summed(alpha, y, X, gamma), X[alpha > 0], count=11)
    }


# -------------------------------------------------------------------------------------------------- fit_dual


@rewritten("fit_dual_not_clipped")
def fit_dual_not_clipped():
    def fit_dual(K, y, C, steps):
        Q = y[:, None] * y[None, :] * K
        lr = 1 / max(np.linalg.eigvalsh(Q))
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha += lr * (1 - Q @ alpha)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_clipped_below_only")
def fit_dual_clipped_below_only():
    def fit_dual(K, y, C, steps):
        Q = y[:, None] * y[None, :] * K
        lr = 1 / max(np.linalg.eigvalsh(Q))
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha += lr * (1 - Q @ alpha)
            alpha[alpha < 0] = 0
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_clipped_at_the_end")
def fit_dual_clipped_at_the_end():
    def fit_dual(K, y, C, steps):
        Q = y[:, None] * y[None, :] * K
        lr = 1 / max(np.linalg.eigvalsh(Q))
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha += lr * (1 - Q @ alpha)
        return np.minimum(np.maximum(alpha, 0), C)

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_step_too_long")
def fit_dual_step_too_long():
    def fit_dual(K, y, C, steps):
        Q = y[:, None] * y[None, :] * K
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha = np.minimum(np.maximum(alpha + 1 - Q @ alpha, 0), C)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_step_too_short")
def fit_dual_step_too_short():
    def fit_dual(K, y, C, steps):
        Q = np.diag(y) @ K @ np.diag(y)
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha = np.clip(alpha + 0.001 * (1 - Q @ alpha), 0, C)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_without_labels")
def fit_dual_without_labels():
    def fit_dual(K, y, C, steps):
        lr = 1 / max(np.linalg.eigvalsh(K))
        alpha = np.zeros(len(K))
        for _ in range(steps):
            alpha = np.minimum(np.maximum(alpha + lr * (1 - K @ alpha), 0), C)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_one_label")
def fit_dual_one_label():
    def fit_dual(K, y, C, steps):
        lr = 1 / max(np.linalg.eigvalsh(K))
        alpha = np.zeros(len(K))
        for _ in range(steps):
            f = K @ (y * alpha)
            alpha = np.minimum(np.maximum(alpha + lr * (1 - f), 0), C)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_downhill")
def fit_dual_downhill():
    def fit_dual(K, y, C, steps):
        Q = y[:, None] * y[None, :] * K
        lr = 1 / max(np.linalg.eigvalsh(Q))
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha = np.clip(alpha - lr * (1 - Q @ alpha), 0, C)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_half_slope")
def fit_dual_half_slope():
    def fit_dual(K, y, C, steps):
        Q = y[:, None] * y[None, :] * K
        lr = 1 / max(np.linalg.eigvalsh(Q))
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha = np.clip(alpha + lr * (1 - 0.5 * Q @ alpha), 0, C)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("fit_dual_clipped_at_one")
def fit_dual_clipped_at_one():
    def fit_dual(K, y, C, steps):
        Q = y[:, None] * y[None, :] * K
        lr = 1 / max(np.linalg.eigvalsh(Q))
        alpha = np.zeros(len(y))
        for _ in range(steps):
            alpha = np.clip(alpha + lr * (1 - Q @ alpha), 0, 1)
        return alpha

    return {"fit_dual": fit_dual}


@rewritten("two_alike_as_rivals")
def two_alike_as_rivals():
    return {"two_alike": "(1-k)^-1"}


# ------------------------------------------------------------------------------------------------ taylor_rbf


def with_terms(front, step, first=1.0):
    """taylor_rbf from running terms: each is `step(term, t, k)` of the one before it."""

    def taylor_rbf(x, y, gamma, order):
        t = 2 * gamma * np.outer(x, y)
        term, total = np.ones(t.shape), np.full(t.shape, first)
        for k in range(1, order + 1):
            term = step(term, t, k)
            total = total + term
        return front(x, y, gamma) * total

    return {"taylor_rbf": taylor_rbf}


def both(x, y, gamma):
    return np.exp(-gamma * x**2)[:, None] * np.exp(-gamma * y**2)


@rewritten("taylor_rbf_without_the_two")
def taylor_rbf_without_the_two():
    return with_terms(both, lambda term, t, k: term * (t / 2) / k)


@rewritten("taylor_rbf_without_the_front")
def taylor_rbf_without_the_front():
    return with_terms(lambda x, y, gamma: 1.0, lambda term, t, k: term * t / k)


@rewritten("taylor_rbf_stops_early")
def taylor_rbf_stops_early():
    def taylor_rbf(x, y, gamma, order):
        t = 2 * gamma * np.outer(x, y)
        term, total = np.ones(t.shape), np.zeros(t.shape)
        for k in range(order):
            total = total + term
            term = term * t / (k + 1)
        return np.exp(-gamma * x**2)[:, None] * np.exp(-gamma * y**2) * total

    return {"taylor_rbf": taylor_rbf}


@rewritten("taylor_rbf_without_the_one")
def taylor_rbf_without_the_one():
    return with_terms(both, lambda term, t, k: term * t / k, first=0.0)


@rewritten("taylor_rbf_exact")
def taylor_rbf_exact():
    return {"taylor_rbf": lambda x, y, gamma, order: np.exp(-gamma * (x[:, None] - y[None, :]) ** 2)}


@rewritten("taylor_rbf_without_factorials")
def taylor_rbf_without_factorials():
    return with_terms(both, lambda term, t, k: term * t)


@rewritten("decision_is_a_weighted_mean")
def decision_is_a_weighted_mean():
    def decision(alpha, y, X, gamma, Xnew):
        sums = []
        for place in Xnew:
            bumps = np.exp(-gamma * np.sum((X - place) ** 2, axis=1))
            sums.append(np.sum(bumps * alpha * y) / np.sum(alpha))
        return np.array(sums)

    return {"decision": decision}


@rewritten("bump_plot_without_small_weights")
def bump_plot_without_small_weights():
    def bump_plot(alpha, y, X, gamma):
        ax = plt.figure().add_subplot()
        ax.scatter(*X.T, c=y)
        held = X[alpha > 1e-3]
        ax.scatter(held[:, 0], held[:, 1], s=100, facecolors="none", edgecolors="k", label="support vectors")
        a, b = np.meshgrid(
            np.linspace(X[:, 0].min() - 0.3, X[:, 0].max() + 0.3, 90),
            np.linspace(X[:, 1].min() - 0.3, X[:, 1].max() + 0.3, 90),
        )
        places = np.stack([a.ravel(), b.ravel()], axis=1)
        table = np.exp(-gamma * ((places[:, None, :] - X[None]) ** 2).sum(axis=2))
        ax.contour(a, b, (table @ (alpha * y)).reshape(a.shape), levels=[0])
        return ax

    return {"bump_plot": bump_plot}
