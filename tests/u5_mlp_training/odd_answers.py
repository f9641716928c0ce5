"""Right answers to single tasks of `u5_mlp_training` in styles that a grader may not expect. None loses a point.

All other names are the reference's. Whole submissions in other styles are in right_answers/.
"""

import functools
import itertools
import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module

REFERENCE = load_module(Path(__file__).parents[2] / "solutions" / "u5_mlp_training" / "reference.py")
Value, mse, dmse = REFERENCE["Value"], REFERENCE["mse"], REFERENCE["dmse"]
init_params, forward, backward = REFERENCE["init_params"], REFERENCE["forward"], REFERENCE["backward"]
RIGHT = {}  # name -> (task, the names that are replaced)


def right(task):
    """Declare a right answer of `task`."""

    def declare(write):
        RIGHT[write.__name__] = (task, write)
        return write

    return declare


def alike(P, Y):
    if np.shape(P) != np.shape(Y):
        raise ValueError(np.shape(P))


# ------------------------------------------------------------------------------------------------------ mse


@right("mse")
def a_loop_over_all_entries():
    def mse(P, Y):
        alike(P, Y)
        total = 0.0
        for p, y in zip(P.flat, Y.flat, strict=True):
            total += (p - y) ** 2
        return total / P.size

    def dmse(P, Y):
        alike(P, Y)
        return [2 * (p - y) / P.size for p, y in zip(P, Y, strict=True)]

    return {"mse": mse, "dmse": dmse}


@right("mse")
def a_length_and_an_einsum():
    def mse(P, Y):
        alike(P, Y)
        E = (np.asarray(Y, dtype=float) - P).ravel()
        return np.einsum("i,i->", E, E) / E.size

    def dmse(P, Y):
        alike(P, Y)
        return np.subtract(Y, P) * (-2.0 / np.prod(P.shape))

    return {"mse": mse, "dmse": dmse, "slope_of_entry": "-2(y-p)/n/k"}


@right("mse")
def squares_multiplied_out():
    def mse(P, Y):
        alike(P, Y)
        return np.mean(P * P - 2.0 * P * Y + Y * Y)

    return {"mse": mse, "slope_of_entry": "2p/(n k) - 2y/(n k)"}


@right("mse")
def the_mean_of_the_means():
    def mse(P, Y):
        alike(P, Y)
        return np.square(P - Y).reshape(len(P), -1).mean(axis=1).mean()

    return {"mse": mse, "slope_of_entry": "(p-y)*2/k/n"}


@right("mse")
def plain_python_numbers():
    def flat(P):
        return list(itertools.chain.from_iterable(map(flat, P))) if isinstance(P, list) else [P]

    def mse(P, Y):
        alike(P, Y)
        return math.fsum((p - y) ** 2 for p, y in zip(flat(P.tolist()), flat(Y.tolist()), strict=True)) / P.size

    return {"mse": mse}


# ---------------------------------------------------------------------------------------------- init_params


@right("init_params")
def spread_given_to_the_generator():
    def init_params(sizes, rng):
        return [(rng.normal(0, i**-0.5, (i, o)), np.zeros((o,))) for i, o in np.transpose([sizes[:-1], sizes[1:]])]

    return {"init_params": init_params}


@right("init_params")
def standard_normal_and_a_scale():
    def init_params(sizes, rng):
        return [
            [rng.standard_normal((i, o)) * math.sqrt(1 / i), 0.0 * np.ones(o)] for i, o in itertools.pairwise(sizes)
        ]

    return {"init_params": init_params, "why_zeros": " C ", "after_zeros": "A"}


@right("init_params")
def all_numbers_drawn_at_once():
    def init_params(sizes, rng):
        counts = [i * o for i, o in itertools.pairwise(sizes)]
        cut = np.split(rng.normal(size=sum(counts)), np.cumsum(counts)[:-1])
        return [
            (part.reshape(i, o) / np.sqrt(i), np.zeros(o))
            for part, (i, o) in zip(cut, itertools.pairwise(sizes), strict=True)
        ]

    return {"init_params": init_params}


@right("init_params")
def one_weight_after_another():
    def init_params(sizes, rng):
        params = []
        for i, o in itertools.pairwise(sizes):
            rows = [[rng.normal() / i**0.5 for _ in range(o)] for _ in range(i)]
            params.append((np.array(rows), np.array([0.0] * o)))
        return tuple(params)

    return {"init_params": init_params}


@right("init_params")
def the_last_layer_drawn_first():
    def init_params(sizes, rng):
        if len(sizes) < 2:
            return []
        W = rng.normal(loc=0.0, scale=1 / np.sqrt(sizes[-2]), size=(sizes[-2], sizes[-1]))
        return [*init_params(sizes[:-1], rng), (W, np.zeros_like(W[0]))]

    return {"init_params": init_params, "my_count": float(REFERENCE["my_count"])}


# -------------------------------------------------------------------------------------------------- forward


@right("forward")
def recursion():
    def forward(params, X):
        (W, b), *others = params
        z = X @ W + b
        if not others:
            return z, (X, None)
        out, cache = forward(others, np.tanh(z))
        return out, (X, cache)

    return {"forward": forward}


@right("forward")
def tanh_by_exponentials():
    def forward(params, X):
        cache = [X]
        for k, (W, b) in enumerate(params):
            z = cache[-1].dot(W) + b
            cache.append(z if k == len(params) - 1 else 2 / (1 + np.exp(-2 * z)) - 1)
        return cache.pop(), cache

    return {"forward": forward}


@right("forward")
def bias_added_in_place():
    def forward(params, X):
        a, cache = X, {"a": [X], "z": []}
        for k, (W, b) in enumerate(params):
            z = np.dot(a, W)
            z += b
            a = z if k + 1 == len(params) else np.tanh(z)
            cache["z"].append(z)
            cache["a"].append(a)
        return a, cache

    return {"forward": forward}


@right("forward")
def row_by_row_in_plain_numbers():
    def forward(params, X):
        rows, kept = [], []
        for x in np.asarray(X, dtype=float).tolist():
            a, passed = x, [x]
            for k, (W, b) in enumerate(params):
                z = [sum(W[i][j] * a[i] for i in range(len(a))) + b[j] for j in range(len(b))]
                a = z if k == len(params) - 1 else [math.tanh(v) for v in z]
                passed.append(a)
            rows.append(a)
            kept.append(passed)
        return rows, kept

    return {"forward": forward}


@right("forward")
def a_column_of_ones_for_the_bias():
    def forward(params, X):
        cache = []
        a = np.asarray(X, dtype=float)
        for k, (W, b) in enumerate(params):
            wide = np.hstack([a, np.ones((len(a), 1))])
            cache.append(wide)
            a = wide @ np.vstack([W, b])
            if k < len(params) - 1:
                a = np.sinh(a) / np.cosh(a)
        return a, cache

    return {"forward": forward}


# ------------------------------------------------------------------------------------------------- backward


@right("backward")
def by_what_went_into_tanh():
    def forward(params, X):
        a, cache = X, []
        for k, (W, b) in enumerate(params):
            z = a @ W + b
            cache.append((a, z))
            a = z if k == len(params) - 1 else np.tanh(z)
        return a, cache

    def backward(params, cache, dout):
        grads, d = [None] * len(params), dout
        for k in reversed(range(len(params))):
            a, _ = cache[k]
            grads[k] = (a.T @ d, d.sum(0))
            if k:
                d = d @ params[k][0].T / np.cosh(cache[k - 1][1]) ** 2
        return grads

    return {"forward": forward, "backward": backward}


@right("backward")
def closures():
    def forward(params, X):
        steps, a = [], X
        for k, (W, b) in enumerate(params):

            def back(d, a=a, W=W, bent=k > 0):
                return (a.T @ d, d.sum(axis=0)), d @ W.T * (1 - a**2 if bent else 1.0)

            steps.append(back)
            a = a @ W + b
            a = np.tanh(a) if k < len(params) - 1 else a
        return a, steps

    def backward(params, cache, dout):
        grads = []
        for back in cache[::-1]:
            pair, dout = back(dout)
            grads.insert(0, pair)
        return grads

    return {"forward": forward, "backward": backward}


@right("backward")
def the_inputs_alone_are_kept():
    def forward(params, X):
        return REFERENCE["forward"](params, X)[0], X

    def backward(params, X, dout):
        inputs = [X]
        for W, b in params[:-1]:
            inputs.append(np.tanh(inputs[-1] @ W + b))
        grads = []
        for (W, _), a in zip(params[::-1], inputs[::-1], strict=True):
            grads.append((np.einsum("ni,no->io", a, dout), np.einsum("no->o", dout)))
            dout = np.einsum("no,io->ni", dout, W) * (1 - a) * (1 + a)
        return list(reversed(grads))

    return {"forward": forward, "backward": backward}


@right("backward")
def forward_runs_once_more():
    def own(params, X):
        return REFERENCE["forward"](params, X)

    def backward(params, X, dout):
        return REFERENCE["backward"](params, own(params, X)[1], dout)

    return {"forward": lambda params, X: (own(params, X)[0], X), "backward": backward}


@right("backward")
def outer_products_row_by_row():
    def backward(params, cache, dout):
        grads = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]
        for row in range(len(dout)):
            d = np.array(dout[row], dtype=float)
            for k in range(len(params) - 1, -1, -1):
                a = cache[k][row]
                grads[k] = (grads[k][0] + np.outer(a, d), grads[k][1] + d)
                if k:
                    d = (params[k][0] @ d) * (1 - a * a)
        return grads

    return {"backward": backward}


@right("backward")
def dout_copied_and_changed_in_place():
    def backward(params, cache, dout):
        d, grads = dout.copy(), []
        for k in range(len(params) - 1, -1, -1):
            grads = [(cache[k].T.dot(d), d.sum(axis=0)), *grads]
            if k:
                d = d @ params[k][0].T
                d *= 1 - cache[k] ** 2
        return grads

    return {"backward": backward}


@right("backward")
def plain_lists_come_back():
    def backward(params, cache, dout):
        return [[dW.tolist(), db.tolist()] for dW, db in REFERENCE["backward"](params, cache, dout)]

    return {"backward": backward}


# ---------------------------------------------------------------------------------------------------- train


@right("train")
def copies_that_are_changed_in_place():
    def train(params, X, Y, lr, steps):
        params = [(W.copy(), b.copy()) for W, b in params]
        losses = [mse(forward(params, X)[0], Y)]
        for _ in range(steps):
            out, cache = forward(params, X)
            for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(out, Y)), strict=True):
                W -= lr * dW
                b -= lr * db
            losses.append(mse(forward(params, X)[0], Y))
        return params, losses

    return {"train": train}


@right("train")
def recursion_over_the_steps():
    def train(params, X, Y, lr, steps):
        out, cache = forward(params, X)
        loss = mse(out, Y)
        if steps == 0:
            return list(params), [loss]
        grads = backward(params, cache, dmse(out, Y))
        moved = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        end, losses = train(moved, X, Y, lr, steps - 1)
        return end, [loss, *losses]

    return {"train": train}


@right("train")
def everything_inside():
    def train(params, X, Y, lr, steps):
        Ws, bs = [np.array(W, dtype=float) for W, _ in params], [np.array(b, dtype=float) for _, b in params]
        losses = np.empty(steps + 1)
        for step in range(steps + 1):
            a = [X]
            for k in range(len(Ws)):
                z = a[k] @ Ws[k] + bs[k]
                a.append(np.tanh(z) if k < len(Ws) - 1 else z)
            losses[step] = ((a[-1] - Y) ** 2).sum() / Y.size
            if step == steps:
                break
            d, new = 2 / Y.size * (a[-1] - Y), []
            for k in range(len(Ws) - 1, -1, -1):
                new.append((k, a[k].T @ d, d.sum(0)))
                d = d @ Ws[k].T * (1 - a[k] ** 2)
            for k, dW, db in new:
                Ws[k], bs[k] = Ws[k] - lr * dW, bs[k] - lr * db
        return list(zip(Ws, bs, strict=True)), losses

    return {"train": train}


@right("train")
def one_long_vector_of_numbers():
    def train(params, X, Y, lr, steps):
        shapes = [part.shape for pair in params for part in pair]
        cuts = np.cumsum([math.prod(shape) for shape in shapes])[:-1]

        def net(v):
            parts = [part.reshape(shape) for part, shape in zip(np.split(v, cuts), shapes, strict=True)]
            return list(zip(parts[::2], parts[1::2], strict=True))

        def flat(pairs):
            return np.concatenate([part.ravel() for pair in pairs for part in pair])

        v, losses = flat(params), []
        for _ in range(steps):
            out, cache = forward(net(v), X)
            losses += [mse(out, Y)]
            v = v - lr * flat(backward(net(v), cache, dmse(out, Y)))
        return net(v), [*losses, mse(forward(net(v), X)[0], Y)]

    return {"train": train}


@right("train")
def a_while_loop_and_tuples():
    def train(params, X, Y, lr, steps):
        losses, done = (), 0
        while True:
            out, cache = forward(params, X)
            losses += (mse(out, Y),)
            if done == steps:
                return tuple(params), losses
            grads = backward(params, cache, dmse(out, Y))
            params = [tuple(x - lr * d for x, d in zip(*two, strict=True)) for two in zip(params, grads, strict=True)]
            done += 1

    return {"train": train}


# ---------------------------------------------------------------------------------------------------- moons


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@right("moons")
def mini_batches_and_two_hidden_layers():
    def fit(X, y, rng):
        params = init_params([2, 12, 8, 1], rng)
        t = np.reshape(y, (-1, 1))

        def loss():
            p = np.clip(sigmoid(forward(params, X)[0]), 1e-15, 1 - 1e-15)
            return float((-t * np.log(p) - (1 - t) * np.log(1 - p)).mean())

        losses = [loss()]
        for _ in range(1500):
            at = rng.integers(len(X), size=32)
            z, cache = forward(params, X[at])
            grads = backward(params, cache, (sigmoid(z) - t[at]) / 32)
            params = [(W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        losses.append(loss())
        return params, losses

    return {"fit": fit, "slope_of_log_loss": "-y + p"}


@right("moons")
def stops_when_it_is_good_enough():
    def fit(X, y, rng):
        params, losses, sign = init_params([2, 20, 1], rng), [], 2 * y[:, None] - 1
        for _ in range(3000):
            z, cache = forward(params, X)
            losses.append(float(np.logaddexp(0, -sign * z).mean()))
            if losses[-1] < 0.02:
                break
            grads = backward(params, cache, -sign * sigmoid(-sign * z) / len(X))
            params = [(W - 1.5 * dW, b - 1.5 * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        else:
            losses.append(float(np.logaddexp(0, -sign * forward(params, X)[0]).mean()))
        return params, losses

    return {"fit": fit, "slope_of_log_loss": "p(1-y) - y(1-p)"}


@right("moons")
def momentum():
    def fit(X, y, rng):
        params, losses = init_params([2, 16, 1], rng), []
        speed = [(0 * W, 0 * b) for W, b in params]
        t = y[:, np.newaxis].astype(float)
        for step in range(401):
            z, cache = forward(params, X)
            losses.append(float(np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - t * z)))
            if step < 400:
                grads = backward(params, cache, (sigmoid(z) - t) / len(t))
                speed = [(0.9 * v + dW, 0.9 * w + db) for (v, w), (dW, db) in zip(speed, grads, strict=True)]
                params = [(W - 0.2 * v, b - 0.2 * w) for (W, b), (v, w) in zip(params, speed, strict=True)]
        return params, losses

    return {"fit": fit}


@right("moons")
def points_by_plot_and_margins():
    def boundary_plot(params, X, y):
        fig = plt.figure()
        ax = fig.add_subplot()
        for k, style in ((0, "bo"), (1, "r^")):
            ax.plot(*X[y == k].T, style)
        gx, gy = (
            np.linspace(X[:, 0].min() - 1, X[:, 0].max() + 1, 120),
            np.linspace(X[:, 1].min() - 1, X[:, 1].max() + 1, 90),
        )
        z = np.array([[float(forward(params, np.array([[a, b]]))[0][0, 0]) for a in gx] for b in gy])
        ax.contour(gx, gy, z, levels=[-1, 0, 1], linestyles=["--", "-", "--"])
        return ax

    return {"boundary_plot": boundary_plot}


@right("moons")
def the_probability_one_half_on_the_current_axes():
    def boundary_plot(params, X, y):
        plt.figure()
        lo, hi = X.min() - 0.5, X.max() + 0.5
        yy, xx = np.mgrid[lo:hi:150j, lo:hi:150j]
        p = sigmoid(forward(params, np.c_[xx.ravel(), yy.ravel()])[0].reshape(150, 150))
        plt.pcolormesh(xx, yy, p, cmap="coolwarm", shading="auto")
        plt.contour(xx, yy, p, [0.5])
        plt.scatter(X[:, 0], X[:, 1], c=y, edgecolors="k")
        plt.title("moons")
        return plt.gca()

    return {"boundary_plot": boundary_plot}


@right("moons")
def heights_in_grey_and_the_boundary_in_black():
    def boundary_plot(params, X, y):
        _, ax = plt.subplots()
        xx, yy = np.meshgrid(
            np.linspace(X[:, 0].min(), X[:, 0].max(), 50), np.linspace(X[:, 1].min(), X[:, 1].max(), 50)
        )
        z = forward(params, np.stack([xx, yy], axis=-1).reshape(-1, 2))[0][:, 0].reshape(50, 50)
        ax.contour(xx, yy, z, levels=12, colors="lightgray")
        ax.contour(xx, yy, z, levels=[0], colors="black")
        ax.contourf(xx, yy, z > 0, alpha=0.1)
        ax.scatter(*X.T, c=np.where(y == 1, "red", "blue"))
        return ax

    return {"boundary_plot": boundary_plot}


# ---------------------------------------------------------------------------------------------- two_engines


def values_of(params):
    return [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]


def slopes_of(net):
    return [(np.array([[w.grad for w in row] for row in W]), np.array([v.grad for v in b])) for W, b in net]


def row_out(net, x):
    for k, (W, b) in enumerate(net):
        x = [sum((x[i] * W[i][j] for i in range(len(x))), b[j]) for j in range(len(b))]
        x = x if k == len(net) - 1 else [z.tanh() for z in x]
    return x


@right("two_engines")
def one_walk_for_each_row():
    def value_grads(params, X, Y):
        net = values_of(params)
        for x, y in zip(X, Y, strict=True):
            errors = [(p - float(t)) ** 2 for p, t in zip(row_out(net, list(map(float, x))), y, strict=True)]
            (sum(errors) * (1 / Y.size)).backward()
        return slopes_of(net)

    return {"value_grads": value_grads}


@right("two_engines")
def inputs_and_targets_are_values_too():
    def value_grads(params, X, Y):
        net, terms = values_of(params), []
        for x, y in zip(X, Y, strict=True):
            out = row_out(net, [Value(float(v)) for v in x])
            terms += [(Value(float(t)) - p) * (Value(float(t)) - p) for p, t in zip(out, y, strict=True)]
        while len(terms) > 1:  # in pairs, so that no chain gets long
            terms = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)] + terms[len(terms) // 2 * 2 :]
        (terms[0] / Value(float(Y.size))).backward()
        return slopes_of(net)

    return {"value_grads": value_grads}


@right("two_engines")
def arrays_of_values():
    def value_grads(params, X, Y):
        net = [(np.vectorize(Value, otypes=[object])(W), np.vectorize(Value, otypes=[object])(b)) for W, b in params]
        a = X
        for k, (W, b) in enumerate(net):
            a = np.array(
                [[sum(a[n, i] * W[i, j] for i in range(len(W))) + b[j] for j in range(len(b))] for n in range(len(a))]
            )
            if k < len(net) - 1:
                a = np.vectorize(lambda z: z.tanh(), otypes=[object])(a)
        loss = functools.reduce(lambda s, t: s + t, ((a - Y) ** 2).ravel()) / Y.size
        loss.backward()
        grad = np.vectorize(lambda v: v.grad, otypes=[float])
        return [(grad(W), grad(b)) for W, b in net]

    return {"value_grads": value_grads}


@right("two_engines")
def a_dictionary_of_values_and_lists_of_slopes():
    def value_grads(params, X, Y):
        named = {}
        for k, (W, b) in enumerate(params):
            for i, j in np.ndindex(W.shape):
                named[k, i, j] = Value(W[i, j])
            for j in range(len(b)):
                named[k, j] = Value(b[j])
        loss = 0
        for n in range(len(X)):
            a = [X[n, i] for i in range(X.shape[1])]
            for k, (W, _) in enumerate(params):
                a = [named[k, j] + sum(named[k, i, j] * a[i] for i in range(len(W))) for j in range(W.shape[1])]
                if k < len(params) - 1:
                    a = [z.tanh() for z in a]
            for j in range(Y.shape[1]):
                loss = loss + (-a[j] + Y[n, j]) ** 2 / Y.size
        loss.backward()
        return [
            [
                [[named[k, i, j].grad for j in range(W.shape[1])] for i in range(len(W))],
                [named[k, j].grad for j in range(len(b))],
            ]
            for k, (W, b) in enumerate(params)
        ]

    return {"value_grads": value_grads}


@right("two_engines")
def tanh_only_where_a_layer_follows():
    def value_grads(params, X, Y):
        net, loss = values_of(params), Value(0)
        for x, y in zip(X.tolist(), Y.tolist(), strict=True):
            a = x
            for W, b in net[:-1]:
                a = [
                    (sum(w * v for w, v in zip(column, a, strict=True)) + c).tanh()
                    for column, c in zip(zip(*W, strict=True), b, strict=True)
                ]
            W, b = net[-1]
            for column, c, t in zip(zip(*W, strict=True), b, y, strict=True):
                p = sum(w * v for w, v in zip(column, a, strict=True)) + c
                loss += (p - t) ** 2
        loss = loss * (1.0 / (len(X) * len(Y[0])))
        loss.backward()
        return slopes_of(net)

    return {"value_grads": value_grads}


# ----------------------------------------------------------------------------------------------- fit_digits

ce = REFERENCE["ce"]


@right("fit_digits")
def the_pack_is_shuffled_and_dealt():
    def fit_digits(X, y, rng, steps):
        net, losses, pack = init_params([64, 50, 10], rng), [], []
        while len(losses) < steps:
            pack = pack if len(pack) else rng.permutation(len(X)).tolist()
            now, pack = pack[:32], pack[32:]
            out, cache = forward(net, X[now])
            loss, slopes = ce(out, y[now])
            losses += [loss]
            net = [(W - 0.3 * g, b - 0.3 * h) for (W, b), (g, h) in zip(net, backward(net, cache, slopes), strict=True)]
        return net, losses

    return {"fit_digits": fit_digits}


@right("fit_digits")
def with_momentum_and_two_hidden_layers():
    def fit_digits(X, y, rng, steps):
        net = init_params([64, 48, 32, 10], rng)
        speed, losses = [(0 * W, 0 * b) for W, b in net], np.zeros(steps)
        for t in range(steps):
            at = rng.choice(len(X), size=32, replace=False)
            out, cache = forward(net, X[at])
            losses[t], slopes = ce(out, y[at])
            grads = backward(net, cache, slopes)
            speed = [(0.8 * v - 0.1 * g, 0.8 * w - 0.1 * h) for (v, w), (g, h) in zip(speed, grads, strict=True)]
            net = [(W + v, b + w) for (W, b), (v, w) in zip(net, speed, strict=True)]
        return net, list(losses)

    return {"fit_digits": fit_digits}


@right("fit_digits")
def arrays_of_its_own_changed_in_place():
    def fit_digits(X, y, rng, steps):
        params, losses = [list(pair) for pair in init_params([64, 64, 10], rng)], []
        for _ in itertools.repeat(None, steps):
            rows = rng.integers(0, X.shape[0], 64)
            scores, cache = forward(params, np.take(X, rows, axis=0))
            loss, slopes = ce(scores, np.take(y, rows))
            for pair, slope in zip(params, backward(params, cache, slopes), strict=True):
                for part, d in zip(pair, slope, strict=True):
                    part -= 0.25 * d
            losses.append(np.float64(loss))
        return [params, losses]

    return {"fit_digits": fit_digits}


@right("fit_digits")
def the_rate_falls_with_time():
    def step(net, X, y, lr):
        out, cache = forward(net, X)
        loss, slopes = ce(out, y)
        grads = backward(net, cache, slopes)
        return loss, [tuple(p - lr * d for p, d in zip(*two, strict=True)) for two in zip(net, grads, strict=True)]

    def fit_digits(X, y, rng, steps):
        net, losses = init_params([64, 100, 10], rng), []
        for t in range(steps):
            now = rng.random(len(X)).argsort()[:32]
            loss, net = step(net, X[now], y[now], 0.4 / (1 + t / 100))
            losses.append(float(loss))
        return tuple(net), tuple(losses)

    return {"fit_digits": fit_digits}


@right("fit_digits")
def the_slopes_of_softmax_written_out():
    def fit_digits(X, y, rng, steps):
        net, losses, hot = init_params([64, 64, 10], rng), [], np.eye(10)[y]
        for _ in range(steps):
            at = rng.integers(len(X), size=40)
            z, cache = forward(net, X[at])
            logs = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
            losses.append(-(hot[at] * logs).sum() / 40)
            grads = backward(net, cache, (np.exp(logs) - hot[at]) / 40)
            net = [(W - 0.2 * dW, b - 0.2 * db) for (W, b), (dW, db) in zip(net, grads, strict=True)]
        return net, losses

    return {"fit_digits": fit_digits}


# ------------------------------------------------------------------------------------------------ own_digit


@right("own_digit")
def a_ring_with_grey_edges():
    ring = "  ..+##+..\n  .##++##.\n  .#+..+#.\n  +#....#+\n  +#....#+\n  .#+..+#.\n  .##++##.\n  ..+##+..\n\n"
    return {"my_drawing": ring, "my_digit": 0}


@right("own_digit")
def looked_up_by_position():
    return {"as_numbers": lambda drawing: np.array([".+#".index(mark) / 2 for mark in "".join(drawing.split())])}


@right("own_digit")
def bytes_and_masks():
    def as_numbers(drawing):
        marks = np.frombuffer("".join(drawing.split()).encode(), dtype=np.uint8)
        return (marks == ord("#")) + 0.5 * (marks == ord("+"))

    return {"as_numbers": as_numbers}


@right("own_digit")
def filled_in_place_by_place():
    def as_numbers(drawing):
        found = np.zeros((8, 8))
        for i, line in enumerate(filter(None, map(str.strip, drawing.splitlines()))):
            for j, mark in enumerate(line):
                if mark != ".":
                    found[i][j] = 1 if mark == "#" else 0.5
        return found.flatten()

    return {"as_numbers": as_numbers}


@right("own_digit")
def a_plain_list_of_numbers():
    def as_numbers(drawing):
        text = drawing.translate({ord("#"): "2", ord("+"): "1", ord("."): "0"})
        return [int(mark) / 2 for mark in text if not mark.isspace()]

    return {"as_numbers": as_numbers}
