"""Known mistakes of `u5_mlp_training`, made once more by other students: renamed, restructured, vectorised or looped.

The functions use only names that a notebook has: numpy, pyplot, math, and other answers.
"""

import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module, rewritten

_NAMES = load_module(Path(__file__).with_name("reference.py"))
forward, backward, mse, dmse = (_NAMES[name] for name in ("forward", "backward", "mse", "dmse"))
ce = _NAMES["ce"]
init_params, Value, my_sizes = (_NAMES[name] for name in ("init_params", "Value", "my_sizes"))

# ------------------------------------------------------------------------------------------------------ mse


@rewritten("slope_without_the_2")
def half_slopes_in_a_loop():
    def dmse(P, Y):
        if P.shape != Y.shape:
            raise ValueError("shapes")
        result = np.zeros_like(P, dtype=float)
        for place in np.ndindex(P.shape):
            result[place] = (P[place] - Y[place]) / P.size
        return result

    return {"dmse": dmse}


@rewritten("slope_over_rows")
def slopes_by_the_count_of_rows():
    def dmse(predicted, target):
        if not predicted.shape == target.shape:
            raise ValueError
        rows = predicted.shape[0]
        return (predicted - target) * 2.0 / rows

    return {"dmse": dmse}


@rewritten("slope_of_the_sum")
def slopes_not_divided():
    def dmse(P, Y):
        if P.shape != Y.shape:
            raise ValueError("no")
        return (P - Y) + (P - Y)

    return {"dmse": dmse}


@rewritten("slope_turned_around")
def slopes_target_first():
    def dmse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        difference = np.subtract(Y, P)
        return difference * (2 / difference.size)

    return {"dmse": dmse}


@rewritten("mean_over_rows")
def mean_of_row_sums():
    def mse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        squares = np.square(P - Y)
        if squares.ndim == 1:
            return float(np.mean(squares))
        return float(np.mean(np.sum(squares, axis=1)))

    return {"mse": mse}


@rewritten("both_over_rows")
def both_with_n():
    def mse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        n = len(Y)
        total = 0.0
        for p, y in zip(P.ravel(), Y.ravel(), strict=True):
            total += (p - y) ** 2
        return total / n

    def dmse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        n = len(Y)
        return 2 / n * (P - Y)

    return {"mse": mse, "dmse": dmse}


@rewritten("half_of_the_mean")
def half_and_no_2():
    def mse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        return 0.5 * np.average((Y - P) ** 2)

    def dmse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        return np.divide(P - Y, P.size)

    return {"mse": mse, "dmse": dmse}


@rewritten("sum_of_squares")
def added_up():
    def mse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        return sum(float(p - y) ** 2 for p, y in zip(P.flat, Y.flat, strict=True))

    return {"mse": mse}


@rewritten("root_of_the_mean")
def rmse():
    def mse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        return math.sqrt(np.mean((P - Y) ** 2))

    return {"mse": mse}


@rewritten("mean_of_sizes")
def mae():
    def mse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        return sum(abs(p - y) for p, y in zip(P.flat, Y.flat, strict=True)) / P.size

    return {"mse": mse}


@rewritten("a_mean_for_each_column")
def columns():
    def mse(P, Y):
        if P.shape != Y.shape:
            raise ValueError
        return np.sum((P - Y) ** 2, axis=0) / P.shape[0]

    return {"mse": mse}


@rewritten("shapes_not_compared")
def no_look_at_shapes():
    def mse(P, Y):
        D = P - Y
        return np.sum(D * D) / D.size

    def dmse(P, Y):
        D = P - Y
        return D / P.size * 2

    return {"mse": mse, "dmse": dmse}


# ---------------------------------------------------------------------------------------------- init_params


@rewritten("all_zeros")
def zeros_in_a_loop():
    def init_params(sizes, rng):
        net = []
        for at in range(1, len(sizes)):
            net.append((np.zeros([sizes[at - 1], sizes[at]]), np.zeros(sizes[at])))
        return net

    return {"init_params": init_params}


@rewritten("generator_of_its_own")
def default_seed():
    def init_params(sizes, rng):
        own, net = np.random.default_rng(0), []
        for at in range(len(sizes) - 1):
            if at:
                own = np.random.default_rng(0)
            net.append((own.standard_normal((sizes[at], sizes[at + 1])) * sizes[at] ** -0.5, np.zeros(sizes[at + 1])))
        return net

    return {"init_params": init_params}


@rewritten("spread_one")
def standard_normal():
    def init_params(sizes, rng):
        net = []
        for din, dout in zip(sizes, sizes[1:], strict=False):  # noqa: RUF007
            net += [(rng.standard_normal((din, dout)), np.zeros(dout))]
        return net

    return {"init_params": init_params}


@rewritten("divided_by_din")
def scale_of_one_over_din():
    def init_params(sizes, rng):
        return [
            (rng.normal(0, 1 / sizes[at], (sizes[at], sizes[at + 1])), np.zeros(sizes[at + 1]))
            for at in range(len(sizes) - 1)
        ]

    return {"init_params": init_params}


@rewritten("divided_by_root_of_dout")
def scale_of_the_outputs():
    def init_params(sizes, rng):
        net = []
        for at in range(len(sizes) - 1):
            inputs, units = sizes[at], sizes[at + 1]
            net.append((rng.normal(scale=units**-0.5, size=(inputs, units)), np.zeros(units)))
        return net

    return {"init_params": init_params}


@rewritten("times_root_of_din")
def larger_when_wider():
    def init_params(sizes, rng):
        net = []
        for at in range(len(sizes) - 1):
            W = rng.normal(size=(sizes[at], sizes[at + 1]))
            W *= math.sqrt(sizes[at])
            net.append((W, np.zeros(sizes[at + 1])))
        return net

    return {"init_params": init_params}


@rewritten("all_positive")
def uniform_from_zero():
    def init_params(sizes, rng):
        net = []
        for at in range(len(sizes) - 1):
            net.append((rng.random((sizes[at], sizes[at + 1])) * sizes[at] ** -0.5, np.zeros(sizes[at + 1])))
        return net

    return {"init_params": init_params}


@rewritten("rows_for_outputs")
def turned_shapes():
    def init_params(sizes, rng):
        net = []
        for at in range(1, len(sizes)):
            W = rng.normal(size=(sizes[at], sizes[at - 1])) * (1 / math.sqrt(sizes[at - 1]))
            net.append((W, np.zeros((sizes[at],))))
        return net

    return {"init_params": init_params}


@rewritten("random_biases")
def biases_too():
    def init_params(sizes, rng):
        net = []
        for at in range(len(sizes) - 1):
            W = rng.normal(0, sizes[at] ** -0.5, size=(sizes[at], sizes[at + 1]))
            b = rng.normal(0, sizes[at + 1] ** -0.5, size=sizes[at + 1])
            net.append((W, b))
        return net

    return {"init_params": init_params}


@rewritten("biases_in_a_row")
def row_vectors():
    def init_params(sizes, rng):
        net = []
        for at in range(len(sizes) - 1):
            W = rng.standard_normal((sizes[at], sizes[at + 1])) / math.sqrt(sizes[at])
            net.append((W, np.array([[0.0] * sizes[at + 1]])))
        return net

    return {"init_params": init_params}


@rewritten("biases_not_counted")
def weights_only():
    return {"my_count": my_sizes[0] * my_sizes[1] + my_sizes[1] * my_sizes[2]}


# -------------------------------------------------------------------------------------------------- forward


@rewritten("tanh_at_the_end")
def tanh_everywhere():
    def forward(params, X):
        steps, a = [], X
        for W, b in params:
            steps.append(a)
            a = np.tanh(np.dot(a, W) + b)
        return a, steps

    return {"forward": forward}


@rewritten("no_tanh")
def straight_through():
    def forward(params, X):
        outputs = [X]
        for W, b in params:
            outputs.append(np.matmul(outputs[-1], W) + b)
        return outputs[-1], outputs

    return {"forward": forward}


@rewritten("no_bias")
def weights_alone():
    def forward(params, X):
        cache = {0: X}
        for at, (W, _) in enumerate(params):
            z = cache[at] @ W
            cache[at + 1] = z if at == len(params) - 1 else np.tanh(z)
        return cache[len(params)], cache

    return {"forward": forward}


@rewritten("sigmoid_inside")
def logistic():
    def forward(params, X):
        sigmoid = lambda z: 0.5 * (1 + np.tanh(z / 2))
        a = X
        for W, b in params[:-1]:
            a = sigmoid(a @ W + b)
        return a @ params[-1][0] + params[-1][1], [X]

    return {"forward": forward}


@rewritten("relu_inside")
def half_waves():
    def forward(params, X):
        a = X
        for W, b in params[:-1]:
            z = a @ W + b
            a = z * (z > 0)
        return a @ params[-1][0] + params[-1][1], ()

    return {"forward": forward}


@rewritten("tanh_of_the_input")
def bend_first():
    def forward(params, X):
        a, kept = X, []
        for W, b in params:
            a = np.tanh(a)
            kept.append(a)
            a = a @ W + b
        return a, kept

    return {"forward": forward}


@rewritten("bias_after_the_bend")
def bias_late():
    def forward(params, X):
        h = [X]
        for at in range(len(params)):
            W, b = params[at]
            s = h[-1] @ W
            if at < len(params) - 1:
                s = np.tanh(s)
            h.append(s + b)
        return h[-1], h

    return {"forward": forward}


@rewritten("only_the_first_is_bent")
def one_bend():
    def forward(params, X):
        a, bent = X, False
        for at, (W, b) in enumerate(params):
            a = a @ W + b
            if at == 0 and len(params) > 1:
                a, bent = np.tanh(a), True
        return a, bent

    return {"forward": forward}


@rewritten("no_cache")
def only_out():
    def forward(params, X):
        def rec(params, a):
            W, b = params[0]
            z = a @ W + b
            return z if len(params) == 1 else rec(params[1:], np.tanh(z))

        return rec(params, X)

    return {"forward": forward}


@rewritten("an_axis_dropped")
def squeezed():
    def forward(params, X):
        a = X
        for W, b in params[:-1]:
            a = np.tanh(a @ W + b)
        out = a @ params[-1][0] + params[-1][1]
        if out.shape[1] == 1:
            out = out[:, 0]
        if out.shape[0] == 1:
            out = out[0]
        return out, None

    return {"forward": forward}


# -------------------------------------------------------------------------------------------------- backward


@rewritten("no_slope_of_tanh")
def linear_net_backwards():
    def backward(params, cache, dout):
        d, grads = dout, []
        for at in reversed(range(len(params))):
            grads.insert(0, (np.dot(cache[at].T, d), d.sum(0)))
            d = np.dot(d, params[at][0].T)
        return grads

    return {"backward": backward}


@rewritten("slope_of_tanh_twice")
def two_slopes():
    def backward(params, cache, dout):
        grads = [None] * len(params)
        for at in range(len(params) - 1, -1, -1):
            W, a = params[at][0], cache[at]
            grads[at] = (a.T @ dout, np.sum(dout, axis=0))
            dout = (dout @ W.T) * (1 - a * a)
            dout = dout * (1 - a * a)
        return grads

    return {"backward": backward}


@rewritten("slope_of_tanh_from_the_wrong_variable")
def tanh_of_tanh():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(params[::-1], cache[::-1], strict=True):
            grads.append((a.T @ dout, dout.sum(axis=0)))
            dout = (dout @ W.T) / np.cosh(a) ** 2
        grads.reverse()
        return grads

    return {"backward": backward}


@rewritten("slope_of_the_sigmoid")
def sigmoid_slopes():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(params[::-1], cache[::-1], strict=True):
            grads = [(a.T @ dout, dout.sum(axis=0)), *grads]
            dout = (dout @ W.T) * (a - a * a)
        return grads

    return {"backward": backward}


@rewritten("times_tanh_itself")
def values_for_slopes():
    def backward(params, cache, dout):
        grads = []
        while len(grads) < len(params):
            at = len(params) - 1 - len(grads)
            grads.append((cache[at].T @ dout, dout.sum(axis=0)))
            dout = np.multiply(cache[at], dout @ params[at][0].T)
        return list(reversed(grads))

    return {"backward": backward}


@rewritten("square_forgotten")
def one_minus_a():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(params[::-1], cache[::-1], strict=True):
            grads = [(a.T @ dout, dout.sum(axis=0)), *grads]
            back = dout @ W.T
            dout = back - back * a
        return grads

    return {"backward": backward}


@rewritten("divided_by_n")
def average_of_rows():
    def backward(params, cache, dout):
        n = dout.shape[0]
        return [(dW / n, db / n) for dW, db in _right(params, cache, dout)]

    def _right(params, cache, dout):
        grads = []
        for (W, _), a in zip(params[::-1], cache[::-1], strict=True):
            grads = [(a.T @ dout, dout.sum(axis=0)), *grads]
            dout = (dout @ W.T) * (1 - a**2)
        return grads

    return {"backward": backward}


@rewritten("mean_of_the_biases")
def average_biases():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(params[::-1], cache[::-1], strict=True):
            grads = [(a.T @ dout, np.average(dout, axis=0)), *grads]
            dout = (dout @ W.T) * (1 - a**2)
        return grads

    return {"backward": backward}


@rewritten("last_layer_first")
def not_reversed():
    def backward(params, cache, dout):
        grads = []
        for at in range(len(params))[::-1]:
            W, a = params[at][0], cache[at]
            grads += [(np.einsum("ni,no->io", a, dout), np.einsum("no->o", dout))]
            dout = np.einsum("no,io->ni", dout, W) * (1 - a**2)
        return grads

    return {"backward": backward}


@rewritten("slopes_turned_over")
def outputs_first():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(params[::-1], cache[::-1], strict=True):
            grads = [(np.einsum("ni,no->oi", a, dout), dout.sum(axis=0)), *grads]
            dout = (dout @ W.T) * (1 - a**2)
        return grads

    return {"backward": backward}


@rewritten("slopes_with_a_minus")
def downhill_already():
    def backward(params, cache, dout):
        grads, d = [], -dout
        for (W, _), a in zip(params[::-1], cache[::-1], strict=True):
            grads = [(a.T @ d, d.sum(axis=0)), *grads]
            d = (d @ W.T) * (1 - a**2)
        return grads

    return {"backward": backward}


@rewritten("takes_from_the_cache")
def eats_the_cache():
    def backward(params, cache, dout):
        grads = []
        for at in reversed(range(len(params))):
            a = cache[-1]
            del cache[-1]
            grads.append((a.T @ dout, dout.sum(axis=0)))
            dout = dout @ params[at][0].T * (1 - a * a)
        return grads[::-1]

    return {"backward": backward}


@rewritten("weights_not_turned")
def no_transpose():
    def backward(params, cache, dout):
        grads = [None for _ in params]
        for at in reversed(range(len(params))):
            W = params[at][0]
            grads[at] = cache[at].T @ dout, dout.sum(0)
            if at > 0:
                dout = np.dot(dout, W) * (1 - cache[at] ** 2)
        return grads

    return {"backward": backward}


# ---------------------------------------------------------------------------------------------------- train


@rewritten("uphill")
def adds_the_slopes():
    def train(params, X, Y, lr, steps):
        losses = []
        for step in range(steps + 1):
            out, cache = forward(params, X)
            losses.append(mse(out, Y))
            if step < steps:
                grads = backward(params, cache, dmse(out, Y))
                new = []
                for (W, b), (dW, db) in zip(params, grads, strict=True):
                    new.append((W + lr * dW, b + lr * db))
                params = new
        return params, losses

    return {"train": train}


@rewritten("last_loss_missing")
def losses_of_the_steps_only():
    def train(params, X, Y, lr, steps):
        losses = [0.0] * steps
        for step in range(steps):
            out, cache = forward(params, X)
            losses[step] = mse(out, Y)
            grads = backward(params, cache, dmse(out, Y))
            params = [
                (params[at][0] - lr * grads[at][0], params[at][1] - lr * grads[at][1]) for at in range(len(params))
            ]
        return params, losses

    return {"train": train}


@rewritten("first_loss_too_late")
def notes_after_the_step():
    def train(params, X, Y, lr, steps):
        losses = []
        while len(losses) < steps:
            out, cache = forward(params, X)
            grads = backward(params, cache, dmse(out, Y))
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
            losses += [mse(forward(params, X)[0], Y)]
        return params, losses

    return {"train": train}


@rewritten("in_the_callers_arrays")
def minus_equals():
    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            out, cache = forward(params, X)
            losses.append(mse(out, Y))
            for at, (dW, db) in enumerate(backward(params, cache, dmse(out, Y))):
                params[at][0][:] = params[at][0] - lr * dW
                params[at][1][:] = params[at][1] - lr * db
        losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@rewritten("biases_never_move")
def weights_only_learn():
    def train(params, X, Y, lr, steps):
        params, losses = [list(pair) for pair in params], []
        for _ in range(steps):
            out, cache = forward(params, X)
            losses.append(mse(out, Y))
            for pair, grad in zip(params, backward(params, cache, dmse(out, Y)), strict=True):
                pair[0] = pair[0] - lr * grad[0]
        return params, [*losses, mse(forward(params, X)[0], Y)]

    return {"train": train}


@rewritten("rate_ignored")
def full_slopes():
    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            out, cache = forward(params, X)
            losses.append(mse(out, Y))
            grads = backward(params, cache, dmse(out, Y))
            params = [(W - dW, b - db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@rewritten("gives_back_the_start")
def returns_the_wrong_name():
    def train(params, X, Y, lr, steps):
        net, losses = [(W.copy(), b.copy()) for W, b in params], []
        for _ in range(steps):
            out, cache = forward(net, X)
            losses.append(mse(out, Y))
            net = [
                (W - lr * g, b - lr * h) for (W, b), (g, h) in zip(net, backward(net, cache, dmse(out, Y)), strict=True)
            ]
        losses.append(mse(forward(net, X)[0], Y))
        return params, losses

    return {"train": train}


@rewritten("slopes_only_once")
def slopes_before_the_loop():
    def train(params, X, Y, lr, steps):
        out, cache = forward(params, X)
        slopes = backward(params, cache, dmse(out, Y))
        losses, step = [mse(out, Y)], 0
        while step < steps:
            step += 1
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, slopes, strict=True)]
            losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@rewritten("divided_once_more")
def mean_of_means():
    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            out, cache = forward(params, X)
            losses.append(mse(out, Y))
            grads = backward(params, cache, dmse(out, Y) / len(Y))
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@rewritten("row_by_row")
def stochastic():
    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            losses.append(mse(forward(params, X)[0], Y))
            for x, y in zip(X, Y, strict=True):
                out, cache = forward(params, x[None])
                grads = backward(params, cache, dmse(out, y[None]))
                params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


# ---------------------------------------------------------------------------------------------------- moons


@rewritten("nothing_learned")
def untrained():
    def fit(X, y, rng):
        params = init_params([2, 16, 1], rng)
        z = forward(params, X)[0][:, 0]
        return params, [float(np.mean(np.logaddexp(0, np.where(y == 1, -z, z))))]

    return {"fit": fit}


@rewritten("line_from_the_points")
def triangles():
    def boundary_plot(params, X, y):
        ax = plt.figure().gca()
        z = np.array([forward(params, x[None])[0][0, 0] for x in X])
        ax.tricontour(X[:, 0], X[:, 1], z, levels=[0.0], colors="k")
        for label in (0, 1):
            ax.plot(X[y == label, 0], X[y == label, 1], "o")
        return ax

    return {"boundary_plot": boundary_plot}


@rewritten("line_at_one_half")
def half_of_the_score():
    def boundary_plot(params, X, y):
        fig, ax = plt.subplots(1, 1)
        xs = np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 200)
        ys = np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 200)
        table = [forward(params, np.column_stack([xs, np.full(200, height)]))[0][:, 0] for height in ys]
        ax.contour(xs, ys, table, levels=[0.5])
        ax.scatter(X[:, 0], X[:, 1], color=["r" if label else "b" for label in y])
        return fig.axes[0]

    return {"boundary_plot": boundary_plot}


@rewritten("axes_of_the_grid_swapped")
def columns_exchanged():
    def boundary_plot(params, X, y):
        _, ax = plt.subplots()
        a = np.linspace(X[:, 0].min() - 0.3, X[:, 0].max() + 0.3, 101)
        b = np.linspace(X[:, 1].min() - 0.3, X[:, 1].max() + 0.3, 101)
        xx, yy = np.meshgrid(a, b)
        rows = np.array([[q, p] for p, q in zip(xx.flat, yy.flat, strict=True)])
        ax.contour(xx, yy, forward(params, rows)[0].reshape(xx.shape), levels=[0])
        ax.scatter(*X.T, c=y)
        return ax

    return {"boundary_plot": boundary_plot}


@rewritten("one_class_shown")
def ones_only():
    def boundary_plot(params, X, y):
        _, ax = plt.subplots()
        xx, yy = np.meshgrid(*(np.linspace(c.min() - 0.4, c.max() + 0.4, 150) for c in X.T))
        zz = forward(params, np.stack([xx, yy], axis=-1).reshape(-1, 2))[0].reshape(xx.shape)
        ax.contour(xx, yy, zz, levels=[0])
        ax.plot(*X[np.flatnonzero(y)].T, "s")
        return ax

    return {"boundary_plot": boundary_plot}


# ---------------------------------------------------------------------------------------------- two_engines


@rewritten("sum_of_all")
def adds_up_the_squares():
    def value_grads(params, X, Y):
        weights = [[[Value(w) for w in row] for row in W.tolist()] for W, _ in params]
        biases = [[Value(v) for v in b.tolist()] for _, b in params]
        loss = Value(0)
        for x, y in zip(X.tolist(), Y.tolist(), strict=True):
            for at in range(len(weights)):
                z = []
                for j, s in enumerate(biases[at]):
                    for i, v in enumerate(x):
                        s = s + weights[at][i][j] * v
                    z.append(s if at == len(weights) - 1 else s.tanh())
                x = z
            for p, t in zip(x, y, strict=True):
                loss += (p - t) ** 2
        loss.backward()
        return [
            (np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b]))
            for W, b in zip(weights, biases, strict=True)
        ]

    return {"value_grads": value_grads}


@rewritten("mean_of_rows")
def divided_by_rows():
    def value_grads(params, X, Y):
        make = np.vectorize(lambda number: Value(number), otypes=[object])
        net = [(make(W), make(b)) for W, b in params]
        a = X
        for at, (W, b) in enumerate(net):
            a = a @ W + b
            if at < len(net) - 1:
                a = np.array([[v.tanh() for v in row] for row in a])
        loss = sum(((a - Y) ** 2).ravel()) / len(X)
        loss.backward()
        grad = np.vectorize(lambda v: v.grad, otypes=[float])
        return [(grad(W), grad(b)) for W, b in net]

    return {"value_grads": value_grads}


@rewritten("values_without_a_bend")
def all_linear():
    def value_grads(params, X, Y):
        make = np.vectorize(lambda number: Value(number), otypes=[object])
        net = [(make(W), make(b)) for W, b in params]
        a = X
        for W, b in net:
            a = a @ W + b
        (np.sum((a - Y) ** 2) / Y.size).backward()
        grad = np.vectorize(lambda v: v.grad, otypes=[float])
        return [(grad(W), grad(b)) for W, b in net]

    return {"value_grads": value_grads}


@rewritten("values_bent_at_the_end")
def tanh_on_every_layer():
    def value_grads(params, X, Y):
        make = np.vectorize(lambda number: Value(number), otypes=[object])
        net = [(make(W), make(b)) for W, b in params]
        a = X
        for W, b in net:
            a = np.vectorize(lambda v: v.tanh(), otypes=[object])(a @ W + b)
        (np.sum((a - Y) ** 2) / Y.size).backward()
        grad = np.vectorize(lambda v: v.grad, otypes=[float])
        return [(grad(W), grad(b)) for W, b in net]

    return {"value_grads": value_grads}


@rewritten("matrices_again")
def calls_backward():
    def value_grads(params, X, Y):
        out, cache = forward(params, X)
        return [tuple(pair) for pair in backward(params, cache, 2 * (out - Y) / Y.size)]

    return {"value_grads": value_grads}


@rewritten("data_for_grad")
def reads_data():
    def value_grads(params, X, Y):
        make = np.vectorize(lambda number: Value(number), otypes=[object])
        net, a = [(make(W), make(b)) for W, b in params], X
        for at, (W, b) in enumerate(net):
            a = a @ W + b
            if at < len(net) - 1:
                a = np.array([[v.tanh() for v in row] for row in a])
        (np.sum((a - Y) ** 2) / Y.size).backward()
        data = np.vectorize(lambda v: v.data, otypes=[float])
        return [(data(W), data(b)) for W, b in net]

    return {"value_grads": value_grads}


# ----------------------------------------------------------------------- digits, sizes and arrays of all calls


@rewritten("slopes_to_some_digits")
def slopes_by_small_steps():
    def dmse(P, Y):
        if P.shape != Y.shape:
            raise ValueError("shapes")
        slopes, h = np.empty(P.shape), 1e-5
        for at in np.ndindex(P.shape):
            up, down = P.astype(float), P.astype(float)
            up[at] += h
            down[at] -= h
            slopes[at] = (mse(up, Y) - mse(down, Y)) / (2 * h)
        return slopes

    return {"dmse": dmse}


@rewritten("slopes_of_the_kind_of_P")
def slopes_written_into_a_copy():
    def dmse(P, Y):
        if P.shape != Y.shape:
            raise ValueError("shapes")
        table = P.copy()
        for at in np.ndindex(P.shape):
            table[at] = 2 * (P[at] - Y[at]) / P.size
        return table

    return {"dmse": dmse}


@rewritten("spread_for_relu")
def spread_by_its_variance():
    def init_params(sizes, rng):
        made = []
        for at in range(1, len(sizes)):
            made.append((rng.normal(0, (2 / sizes[at - 1]) ** 0.5, sizes[at - 1 : at + 1]), np.zeros(sizes[at])))
        return made

    return {"init_params": init_params}


@rewritten("sizes_used_up")
def sizes_taken_from_the_front():
    def init_params(sizes, rng):
        made = []
        while len(sizes) > 1:
            made.append((rng.normal(size=(sizes[0], sizes[1])) * sizes[0] ** -0.5, np.zeros(sizes[1])))
            del sizes[0]
        return made

    return {"init_params": init_params}


@rewritten("outputs_to_some_digits")
def bends_rounded():
    def forward(params, X):
        a, inputs = X, []
        for W, b in params[:-1]:
            inputs.append(a)
            a = np.round(np.tanh(a @ W + b), 9)
        return a @ params[-1][0] + params[-1][1], [*inputs, a]

    return {"forward": forward}


@rewritten("one_sum_for_all_biases")
def the_sum_of_the_table():
    def backward(params, cache, dout):
        grads = []
        for (W, b), a in zip(params[::-1], cache[::-1], strict=True):
            grads.insert(0, (a.T @ dout, np.ones_like(b) * np.sum(dout)))
            dout = dout @ W.T * (1 - a * a)
        return grads

    return {"backward": backward}


@rewritten("slope_of_relu")
def lets_through_what_is_positive():
    def backward(params, cache, dout):
        grads = []
        for at in reversed(range(len(params))):
            grads.append((cache[at].T @ dout, dout.sum(0)))
            dout = np.where(cache[at] > 0, dout @ params[at][0].T, 0.0)
        return grads[::-1]

    return {"backward": backward}


@rewritten("plus_for_minus")
def one_plus_the_square():
    def backward(params, cache, dout):
        grads = []
        for at in reversed(range(len(params))):
            grads = [(np.einsum("ni,no->io", cache[at], dout), dout.sum(0)), *grads]
            dout = np.einsum("no,io->ni", dout, params[at][0]) * (np.square(cache[at]) + 1)
        return grads

    return {"backward": backward}


@rewritten("slopes_to_some_digits_back")
def slopes_to_ten_digits():
    def backward(params, cache, dout):
        return [(dW.round(10), db.round(10)) for dW, db in _NAMES["backward"](params, cache, dout)]

    return {"backward": backward}


@rewritten("the_cache_of_the_last_call")
def one_table_for_each_layer():
    tables = {}

    def forward(params, X):
        out, inputs = _NAMES["forward"](params, X)
        kept = []
        for at, a in enumerate(inputs):
            table = tables.setdefault((at, a.shape), np.empty(a.shape))
            table[...] = a
            kept.append(table)
        return out, kept

    return {"forward": forward}


@rewritten("stops_when_nearly_flat")
def leaves_the_loop_at_the_bottom():
    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            out, cache = forward(params, X)
            losses.append(mse(out, Y))
            grads = backward(params, cache, dmse(out, Y))
            if all(np.abs(part).max() < 0.01 for pair in grads for part in pair):
                losses.extend([losses[-1]] * (steps - len(losses)))
                break
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        return params, [*losses, mse(forward(params, X)[0], Y)]

    return {"train": train}


@rewritten("steps_cut_off")
def slopes_between_minus_one_and_one():
    def train(params, X, Y, lr, steps):
        def cut(slope):
            return np.maximum(-1.0, np.minimum(1.0, slope))

        losses = [mse(forward(params, X)[0], Y)]
        for _ in range(steps):
            out, cache = forward(params, X)
            grads = backward(params, cache, dmse(out, Y))
            params = [(W - lr * cut(dW), b - lr * cut(db)) for (W, b), (dW, db) in zip(params, grads, strict=True)]
            losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@rewritten("numbers_between_the_layers")
def tanh_of_plain_numbers():
    def value_grads(params, X, Y):
        net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
        total = Value(0.0)
        for x, y in zip(X.tolist(), Y.tolist(), strict=True):
            for at, (W, b) in enumerate(net):
                x = [b[j] + sum(W[i][j] * x[i] for i in range(len(x))) for j in range(len(b))]
                x = x if at == len(net) - 1 else [math.tanh(z.data) for z in x]
            for p, t in zip(x, y, strict=True):
                total = total + (p - t) ** 2
        (total / Y.size).backward()
        return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]

    return {"value_grads": value_grads}


# ----------------------------------------------------------------------------------------------- fit_digits


@rewritten("reader_goes_up")
def ascends():
    def fit_digits(images, labels, rng, count):
        net, history = init_params([64, 32, 10], rng), []
        while len(history) < count:
            chosen = rng.choice(len(images), 32)
            out, cache = forward(net, images[chosen])
            loss, d = ce(out, labels[chosen])
            history.append(loss)
            for at, (dW, db) in enumerate(backward(net, cache, d)):
                W, b = net[at]
                net[at] = (W + 0.1 * dW, b + 0.1 * db)
        return net, history

    return {"fit_digits": fit_digits}


@rewritten("reader_never_moves")
def looks_and_stays():
    def fit_digits(X, y, rng, steps):
        net, losses = init_params([64, 40, 10], rng), []
        for _ in range(steps):
            i = rng.integers(0, len(X), 32)
            losses.append(ce(forward(net, X[i])[0], y[i])[0])
        return net, losses

    return {"fit_digits": fit_digits}


@rewritten("digits_of_other_rows")
def two_draws_of_rows():
    def fit_digits(X, y, rng, steps):
        net, losses = init_params([64, 64, 10], rng), []
        for _ in range(steps):
            scores, cache = forward(net, X[rng.integers(len(X), size=32)])
            loss, d = ce(scores, y[rng.integers(len(X), size=32)])
            net = [(W - 0.2 * g, b - 0.2 * h) for (W, b), (g, h) in zip(net, backward(net, cache, d), strict=True)]
            losses.append(loss)
        return net, losses

    return {"fit_digits": fit_digits}


@rewritten("squared_error_for_digits")
def one_hot_and_mse():
    def fit_digits(X, y, rng, steps):
        hot, net, losses = np.eye(10)[y], init_params([64, 48, 10], rng), []
        for _ in range(steps):
            i = rng.integers(len(X), size=32)
            scores, cache = forward(net, X[i])
            losses.append(mse(scores, hot[i]))
            d = dmse(scores, hot[i])
            net = [(W - 1.0 * g, b - 1.0 * h) for (W, b), (g, h) in zip(net, backward(net, cache, d), strict=True)]
        return net, losses

    return {"fit_digits": fit_digits}


# ------------------------------------------------------------------------------------------------ own_digit


@rewritten("column_by_column")
def columns_in_a_loop():
    def as_numbers(drawing):
        lines, found = drawing.split(), []
        for column in range(8):
            for row in range(8):
                found.append({"#": 1, "+": 0.5, ".": 0}[lines[row][column]])
        return np.array(found, dtype=float)

    return {"as_numbers": as_numbers}


@rewritten("grey_as_paper")
def only_ink_counts():
    def as_numbers(drawing):
        return np.array([float(mark == "#") for mark in "".join(drawing.split())])

    return {"as_numbers": as_numbers}


@rewritten("grey_as_ink")
def anything_but_dots():
    def as_numbers(drawing):
        return np.array([0.0 if mark == "." else 1.0 for line in drawing.split() for mark in line])

    return {"as_numbers": as_numbers}


@rewritten("a_table_of_eight_rows")
def rows_of_rows():
    def as_numbers(drawing):
        values = {".": 0.0, "#": 1.0, "+": 0.5}
        return np.array([list(map(values.get, line)) for line in drawing.split()])

    return {"as_numbers": as_numbers}


@rewritten("white_for_ink")
def paper_is_one():
    def as_numbers(drawing):
        return np.array([{"#": 0.0, "+": 0.5, ".": 1.0}[mark] for mark in drawing if mark in "#+."])

    return {"as_numbers": as_numbers}


@rewritten("uniform_of_that_spread")
def evenly_up_to_an_end():
    def init_params(sizes, rng):
        net = []
        for k in range(1, len(sizes)):
            end = np.sqrt(3.0) / np.sqrt(sizes[k - 1])
            net.append((rng.uniform(-end, end, (sizes[k - 1], sizes[k])), np.zeros(sizes[k])))
        return net

    return {"init_params": init_params}
