"""Wrong answers to the tasks of `u5_mlp_training`, written from its text alone, without a look at the known mistakes.

Each loses something, a worthless one nearly everything: no rule was applied, whatever comes out. All other names are
the reference's. `fails` are the hidden tests that see it for what it is (any, where it is left out).
"""

import copy
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import load_module

REFERENCE = load_module(Path(__file__).parents[2] / "solutions" / "u5_mlp_training" / "reference.py")
layer, vjp_linear, Value = REFERENCE["layer"], REFERENCE["vjp_linear"], REFERENCE["Value"]
mse, dmse, init_params = REFERENCE["mse"], REFERENCE["dmse"], REFERENCE["init_params"]
forward, backward, train = REFERENCE["forward"], REFERENCE["backward"], REFERENCE["train"]
fit, boundary_plot = REFERENCE["fit"], REFERENCE["boundary_plot"]
WRONG = {}  # name -> (task, the names that are replaced, the hidden tests that must fail, the largest share of points)


def wrong(task, fails="", share=0.99):
    """Declare a wrong answer of `task`."""

    def declare(write):
        WRONG[write.__name__] = (task, write, frozenset(fails.split()), share)
        return write

    return declare


def same_shape(P, Y):
    if P.shape != Y.shape:
        raise ValueError("make the shapes alike first")


# ------------------------------------------------------------------------------------------------------ mse

MEAN = "test_mse_is_the_mean_over_all_entries"
ENTRY = "test_dmse_is_the_slope_of_each_entry"


@wrong("mse", MEAN)
def mse_rounded():
    def mse(P, Y):
        same_shape(P, Y)
        return round(float(np.mean((P - Y) ** 2)), 9)

    return {"mse": mse}


@wrong("mse", MEAN)
def mse_in_single_precision():
    def mse(P, Y):
        same_shape(P, Y)
        return float(np.mean((P.astype("float32") - Y.astype("float32")) ** 2))

    return {"mse": mse}


@wrong("mse", MEAN)
def mse_of_sorted_numbers():
    def mse(P, Y):
        same_shape(P, Y)
        return float(np.mean((np.sort(P, axis=None) - np.sort(Y, axis=None)) ** 2))

    return {"mse": mse}


@wrong("mse", MEAN)
def mse_of_clipped_errors():
    def mse(P, Y):
        same_shape(P, Y)
        return float(np.mean(np.clip(P - Y, -10, 10) ** 2))

    return {"mse": mse}


@wrong("mse", MEAN)
def mse_of_the_errors_that_are_not_zero():
    def mse(P, Y):
        same_shape(P, Y)
        E = (P - Y)[P != Y]
        return float(np.mean(E**2)) if E.size else 0.0

    return {"mse": mse}


@wrong("mse", MEAN)
def mse_of_rows_and_columns_alone():
    def mse(P, Y):
        same_shape(P, Y)
        return float(((P - Y) ** 2).sum() / (P.shape[0] * P.shape[-1]))

    return {"mse": mse}


@wrong("mse", ENTRY)
def dmse_by_small_steps():
    def dmse(P, Y):
        same_shape(P, Y)
        slopes, h = np.empty(P.shape), 1e-5
        for at in np.ndindex(P.shape):
            up, down = P.astype(float), P.astype(float)
            up[at] += h
            down[at] -= h
            slopes[at] = (mse(up, Y) - mse(down, Y)) / (2 * h)
        return slopes

    return {"dmse": dmse}


@wrong("mse", ENTRY)
def dmse_by_a_complex_step():
    def dmse(P, Y):
        same_shape(P, Y)
        slopes = np.empty(P.shape)
        for at in np.ndindex(P.shape):
            moved = P.astype(complex)
            moved[at] += 1e-30j
            slopes[at] = ((moved - Y) ** 2).mean().imag / 1e-30
        return slopes

    return {"dmse": dmse}


@wrong("mse", ENTRY)
def dmse_clipped():
    def dmse(P, Y):
        same_shape(P, Y)
        return np.clip(2 * (P - Y) / P.size, -5, 5)

    return {"dmse": dmse}


@wrong("mse", ENTRY)
def dmse_rounded():
    def dmse(P, Y):
        same_shape(P, Y)
        return np.round(2 * (P - Y) / P.size, 10)

    return {"dmse": dmse}


@wrong("mse", ENTRY)
def dmse_in_one_table_for_all_calls():
    tables = {}

    def dmse(P, Y):
        same_shape(P, Y)
        out = tables.setdefault(P.shape, np.empty(P.shape))
        out[...] = 2 * (P - Y) / P.size
        return out

    return {"dmse": dmse}


@wrong("mse")
def dmse_cut_to_the_kind_of_P():
    def dmse(P, Y):
        same_shape(P, Y)
        slopes = np.empty_like(P)
        slopes[...] = 2 * (P - Y) / P.size
        return slopes

    return {"dmse": dmse}


@wrong("mse", ENTRY)
def dmse_with_a_floor_for_small_errors():
    def dmse(P, Y):
        same_shape(P, Y)
        E = P - Y
        return 2 * np.where(np.abs(E) < 1e-6, 0.0, E) / P.size

    return {"dmse": dmse}


@wrong("mse", "test_mse_and_dmse_change_nothing")
def mse_writes_into_P():
    def mse(P, Y):
        same_shape(P, Y)
        P -= Y
        return float(np.mean(P**2))

    return {"mse": mse}


@wrong("mse", "test_other_shapes_raise_a_value_error")
def refuses_other_numbers_of_axes_alone():
    def refuse(P, Y):
        if P.ndim != Y.ndim:
            raise ValueError("no")

    def mse(P, Y):
        refuse(P, Y)
        return float(np.mean((P - Y) ** 2))

    def dmse(P, Y):
        refuse(P, Y)
        return 2 * (P - Y) / P.size

    return {"mse": mse, "dmse": dmse}


@wrong("mse", "test_other_shapes_raise_a_value_error")
def refuses_where_numpy_does():
    return {
        "mse": lambda P, Y: float(np.mean((P - Y) ** 2)),
        "dmse": lambda P, Y: 2 * (P - Y) / P.size,
    }


@wrong("mse", share=0.05)
def all_the_same_loss():
    return {"mse": lambda P, Y: 1.0, "dmse": lambda P, Y: np.ones(P.shape), "slope_of_entry": "1"}


@wrong("mse", share=0.05)
def the_predictions_again():
    return {"mse": lambda P, Y: float(P.mean()), "dmse": lambda P, Y: P, "slope_of_entry": "p"}


# ---------------------------------------------------------------------------------------------- init_params


def starts(draw, bias=np.zeros):
    def init_params(sizes, rng):
        return [(draw(rng, i, o), bias(o)) for i, o in pairwise(sizes)]

    return {"init_params": init_params}


def normal(rng, i, o):
    return rng.normal(size=(i, o)) / np.sqrt(i)


SPREAD = "test_spread_of_the_weights"


@wrong("init_params", "test_weights_are_normal_and_all_different")
def uniform_of_the_right_spread():
    return starts(lambda rng, i, o: rng.uniform(-1, 1, size=(i, o)) * np.sqrt(3 / i))


@wrong("init_params", "test_weights_are_normal_and_all_different")
def weights_rounded():
    return starts(lambda rng, i, o: np.round(normal(rng, i, o), 6))


@wrong("init_params", "test_weights_are_normal_and_all_different")
def weights_clipped_at_two_spreads():
    return starts(lambda rng, i, o: np.clip(normal(rng, i, o), -2 / np.sqrt(i), 2 / np.sqrt(i)))


@wrong("init_params", "test_weights_are_normal_and_all_different")
def weights_that_are_far_out_drawn_again():
    def draw(rng, i, o):
        W = rng.normal(size=(i, o))
        while (far := np.abs(W) > 2).any():
            W[far] = rng.normal(size=far.sum())
        return W / np.sqrt(i)

    return starts(draw)


@wrong("init_params", SPREAD)
def one_more_under_the_root():
    return starts(lambda rng, i, o: rng.normal(size=(i, o)) / np.sqrt(i + 1))


@wrong("init_params", SPREAD)
def the_spread_of_both_sides():
    return starts(lambda rng, i, o: rng.normal(size=(i, o)) * np.sqrt(2 / (i + o)))


@wrong("init_params", SPREAD)
def nine_tenths_of_the_spread():
    return starts(lambda rng, i, o: 0.9 * normal(rng, i, o))


@wrong("init_params", SPREAD)
def not_divided_where_one_number_comes_in_wide():
    return starts(lambda rng, i, o: rng.normal(size=(i, o)) / (np.sqrt(i) if i > 3 else 2.0))


@wrong("init_params")
def weights_moved_up():
    return starts(lambda rng, i, o: normal(rng, i, o) + 0.3 / np.sqrt(i))


@wrong("init_params")
def weights_all_positive():
    return starts(lambda rng, i, o: np.abs(normal(rng, i, o)))


@wrong("init_params", "test_all_chance_comes_from_rng")
def a_generator_of_its_own():
    return starts(lambda rng, i, o: normal(np.random.default_rng(0), i, o))


@wrong("init_params", "test_all_chance_comes_from_rng")
def the_old_random_numbers_seeded_by_rng():
    def init_params(sizes, rng):
        np.random.seed(int(rng.integers(1 << 30)))
        return [(np.random.randn(i, o) / np.sqrt(i), np.zeros(o)) for i, o in pairwise(sizes)]

    return {"init_params": init_params}


@wrong("init_params")
def layers_of_one_shape_share_their_weights():
    def init_params(sizes, rng):
        made = {}
        for i, o in pairwise(sizes):
            made.setdefault((i, o), (normal(rng, i, o), np.zeros(o)))
        return [made[pair] for pair in pairwise(sizes)]

    return {"init_params": init_params}


@wrong("init_params")
def one_bias_for_all_layers_of_a_width():
    def init_params(sizes, rng):
        zeros = {o: np.zeros(o) for o in sizes}
        return [(normal(rng, i, o), zeros[o]) for i, o in pairwise(sizes)]

    return {"init_params": init_params}


@wrong("init_params", "test_sizes_stay_as_they_were")
def sizes_used_up():
    def init_params(sizes, rng):
        params, din = [], sizes.pop(0)
        while sizes:
            o = sizes.pop(0)
            params.append((normal(rng, din, o), np.zeros(o)))
            din = o
        return params

    return {"init_params": init_params}


@wrong("init_params", "test_biases_start_at_zero")
def small_biases():
    return starts(normal, bias=lambda o: np.full(o, 1e-9))


@wrong("init_params", share=0.05)
def nothing_but_zeros():
    answers = {"after_zeros": "d", "why_zeros": "d", "my_count": 0}
    return {**starts(lambda rng, i, o: np.zeros((i, o))), **answers}


@wrong("init_params", share=0.05)
def nothing_but_ones():
    answers = {"after_zeros": "b", "why_zeros": "b", "my_count": 1}
    return {**starts(lambda rng, i, o: np.ones((i, o))), **answers}


# -------------------------------------------------------------------------------------------------- forward


def forwards(bend=np.tanh, last=lambda z: z, sums=lambda a, W, b: a @ W + b):
    def forward(params, X):
        cache = [X]
        for W, b in params[:-1]:
            cache.append(bend(sums(cache[-1], W, b)))
        W, b = params[-1]
        return last(sums(cache[-1], W, b)), cache

    return {"forward": forward}


@wrong("forward")
def sums_clipped():
    return forwards(bend=lambda z: np.tanh(np.clip(z, -6, 6)))


@wrong("forward")
def outputs_clipped():
    return forwards(last=lambda z: np.clip(z, -20, 20))


@wrong("forward")
def outputs_rounded():
    return forwards(last=lambda z: np.round(z, 9))


@wrong("forward")
def bends_rounded():
    return forwards(bend=lambda z: np.round(np.tanh(z), 9))


@wrong("forward")
def single_precision():
    return forwards(sums=lambda a, W, b: a.astype("float32") @ W.astype("float32") + b)


@wrong("forward")
def straight_for_small_sums():
    return forwards(bend=lambda z: np.where(np.abs(z) < 1e-3, z, np.tanh(z)))


@wrong("forward")
def a_made_up_tanh():
    return forwards(bend=lambda z: z * (27 + z * z) / (27 + 9 * z * z))


@wrong("forward")
def bends_into_what_came_in_where_widths_agree():
    def forward(params, X):
        a, cache = X, [X]
        for W, b in params[:-1]:
            z = a @ W + b
            a = np.tanh(z, out=a if z.shape == a.shape else None)
            cache.append(a)
        W, b = params[-1]
        return a @ W + b, cache

    return {"forward": forward}


@wrong("forward")
def one_output_table_for_all_calls():
    tables = {}

    def forward(params, X):
        out, cache = REFERENCE["forward"](params, X)
        table = tables.setdefault(out.shape, np.empty(out.shape))
        table[...] = out
        return table, cache

    return {"forward": forward}


@wrong("forward")
def remembers_the_output_for_an_X():
    seen = {}

    def forward(params, X):
        return seen.setdefault(X.tobytes(), REFERENCE["forward"](params, X))

    return {"forward": forward}


@wrong("forward")
def remembers_the_output_for_a_net():
    seen = {}

    def forward(params, X):
        out, cache = REFERENCE["forward"](params, X)
        kept = seen.setdefault(params[0][0].tobytes(), out)
        return (kept if kept.shape == out.shape else out), cache

    return {"forward": forward}


@wrong("forward")
def sums_cut_to_the_kind_of_X():
    def sums(a, W, b):
        z = np.zeros((len(a), len(b)), dtype=a.dtype)
        z[...] = a @ W + b
        return z

    return forwards(sums=sums)


@wrong("forward")
def no_bias_where_it_is_alike_for_all():
    return forwards(sums=lambda a, W, b: a @ W + (b if len(b) > 1 else 0))


@wrong("forward")
def zeros_let_no_layer_through():
    return forwards(sums=lambda a, W, b: a @ W + b if W.all() else a @ W)


@wrong("forward")
def rows_in_order():
    def forward(params, X):
        order = np.argsort(X[:, 0])
        out, cache = REFERENCE["forward"](params, X[order])
        return out, cache

    return {"forward": forward}


@wrong("forward")
def a_single_row_loses_its_axis():
    def forward(params, X):
        out, cache = REFERENCE["forward"](params, X)
        return out.squeeze(), cache

    return {"forward": forward}


@wrong("forward")
def one_bend_for_a_single_output():
    def forward(params, X):
        out, cache = REFERENCE["forward"](params, X)
        return (np.tanh(out) if out.shape[1] == 1 else out), cache

    return {"forward": forward}


@wrong("forward", share=0.05)
def what_came_in_again():
    return {"forward": lambda params, X: (X, None)}


@wrong("forward", share=0.05)
def zeros_for_every_row():
    return {"forward": lambda params, X: (np.zeros((len(X), len(params[-1][1]))), None)}


@wrong("forward", share=0.05)
def a_sum_of_all_there_is():
    def forward(params, X):
        total = sum(W.sum() + b.sum() for W, b in params) + X.sum()
        return np.full((len(X), len(params[-1][1])), total), None

    return {"forward": forward}


@wrong("forward", share=0.05)
def products_of_all_there_is():
    """No net, but bent in every number, and no unit to which nobody listens counts."""

    def forward(params, X):
        a = X
        for W, b in params:
            a = (a @ W + b) ** 2
        return a, None

    return {"forward": forward}


# ------------------------------------------------------------------------------------------------- backward


def backwards(bend=lambda a: 1 - a * a, back=lambda d, W: d @ W.T, slopes=lambda a, d: (a.T @ d, d.sum(axis=0))):
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
            grads.append(slopes(a, dout))
            dout = back(dout, W) * bend(a)
        return grads[::-1]

    return {"backward": backward}


@wrong("backward")
def slopes_clipped():
    return backwards(slopes=lambda a, d: (np.clip(a.T @ d, -100, 100), np.clip(d.sum(axis=0), -100, 100)))


@wrong("backward")
def slopes_rounded():
    return backwards(slopes=lambda a, d: (np.round(a.T @ d, 10), np.round(d.sum(axis=0), 10)))


@wrong("backward")
def small_slopes_forgotten():
    def cut(x):
        return np.where(np.abs(x) < 1e-9, 0, x)

    return backwards(slopes=lambda a, d: (cut(a.T @ d), cut(d.sum(axis=0))))


@wrong("backward")
def what_comes_back_clipped():
    return backwards(back=lambda d, W: np.clip(d @ W.T, -50, 50))


@wrong("backward")
def asleep_where_tanh_is_nearly_flat():
    return backwards(bend=lambda a: np.where(np.abs(a) > 0.99, 0, 1 - a * a))


@wrong("backward")
def a_floor_under_the_bend():
    return backwards(bend=lambda a: np.maximum(1 - a * a, 1e-3))


@wrong("backward")
def the_slope_of_a_bend_by_absolute_values():
    return backwards(bend=lambda a: 1 - np.abs(a))


@wrong("backward")
def transposed_where_it_must_be_alone():
    return backwards(back=lambda d, W: d @ (W if W.shape[0] == W.shape[1] else W.T))


@wrong("backward")
def one_sum_over_all_biases():
    return backwards(slopes=lambda a, d: (a.T @ d, np.full(d.shape[1], d.sum())))


@wrong("backward")
def slopes_cut_to_the_kind_of_what_came_in():
    def slopes(a, d):
        dW, db = np.zeros((a.shape[1], d.shape[1]), dtype=a.dtype), np.zeros(d.shape[1], dtype=d.dtype)
        dW[...] = a.T @ d
        db[...] = d.sum(axis=0)
        return dW, db

    return backwards(slopes=slopes)


@wrong("backward")
def single_precision_back():
    return backwards(slopes=lambda a, d: (a.T.astype("float32") @ d.astype("float32"), d.sum(axis=0)))


def numeric(slope_of):
    """A backward that measures, number by number, whatever the net is."""

    def forward(params, X):
        return REFERENCE["forward"](params, X)[0], X

    def backward(params, X, dout):
        grads = []
        for at, pair in enumerate(params):
            both = []
            for which, part in enumerate(pair):
                table = np.empty(part.shape)
                for place in np.ndindex(part.shape):

                    def moved(step, at=at, which=which, place=place):
                        again = [[np.array(x, dtype=np.result_type(step, float)) for x in two] for two in params]
                        again[at][which][place] += step
                        return again

                    table[place] = slope_of(moved, X, dout)
                both.append(table)
            grads.append(tuple(both))
        return grads

    return {"forward": forward, "backward": backward}


def plain_out(params, X):
    a = X
    for W, b in params[:-1]:
        a = np.tanh(a @ W + b)
    return a @ params[-1][0] + params[-1][1]


@wrong("backward", share=0.05)
def the_complex_step():
    return numeric(lambda moved, X, dout: (plain_out(moved(1e-30j), X) * dout).sum().imag / 1e-30)


@wrong("backward", share=0.05)
def the_complex_step_before_dout():
    return numeric(lambda moved, X, dout: ((plain_out(moved(1e-100j), X).imag / 1e-100) * dout).sum())


@wrong("backward", share=0.05)
def small_steps_with_the_own_forward():
    def slope(moved, X, dout):
        h = 1e-5
        return ((forward(moved(h), X)[0] - forward(moved(-h), X)[0]) * dout).sum() / (2 * h)

    return numeric(slope)


@wrong("backward", share=0.05)
def small_steps_with_a_better_rule():
    def slope(moved, X, dout):
        h = 1e-3
        far, near = ((plain_out(moved(k * h), X) - plain_out(moved(-k * h), X)) / k for k in (2, 1))
        return ((4 * near - far) * dout).sum() / (6 * h)

    return numeric(slope)


@wrong("backward")
def only_the_last_cache_counts():
    kept = {}

    def forward(params, X):
        out, kept["cache"] = REFERENCE["forward"](params, X)
        return out, None

    def backward(params, cache, dout):
        return REFERENCE["backward"](params, kept["cache"], dout)

    return {"forward": forward, "backward": backward}


@wrong("backward")
def the_cache_is_one_table_for_all_calls():
    tables = {}

    def forward(params, X):
        out, cache = REFERENCE["forward"](params, X)
        kept = []
        for at, a in enumerate(cache):
            table = tables.setdefault((at, a.shape), np.empty(a.shape))
            table[...] = a
            kept.append(table)
        return out, kept

    return {"forward": forward}


@wrong("backward")
def slopes_are_one_table_for_all_calls():
    tables = {}

    def backward(params, cache, dout):
        grads = REFERENCE["backward"](params, cache, dout)
        kept = []
        for at, pair in enumerate(grads):
            both = tuple(tables.setdefault((at, x.shape), np.empty(x.shape)) for x in pair)
            for table, x in zip(both, pair, strict=True):
                table[...] = x
            kept.append(both)
        return kept

    return {"backward": backward}


@wrong("backward", "test_backward_changes_nothing")
def the_cache_is_used_up():
    def backward(params, cache, dout):
        grads = []
        for W, _ in reversed(params):
            a = cache.pop()
            grads.append((a.T @ dout, dout.sum(axis=0)))
            dout = dout @ W.T * (1 - a * a)
        return grads[::-1]

    return {"backward": backward}


@wrong("backward", "test_backward_changes_nothing")
def the_cache_becomes_its_slopes():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
            grads.append((a.T @ dout, dout.sum(axis=0)))
            a *= -a
            a += 1
            dout = dout @ W.T * a
        return grads[::-1]

    return {"backward": backward}


@wrong("backward", "test_backward_changes_nothing")
def dout_is_bent_in_place_where_widths_agree():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
            grads.append((a.T @ dout, dout.sum(axis=0)))
            d = dout @ W.T
            if d.shape == dout.shape:
                dout[...] = d * (1 - a * a)
            else:
                dout = d * (1 - a * a)
        return grads[::-1]

    return {"backward": backward}


@wrong("backward")
def steps_while_it_walks():
    def backward(params, cache, dout):
        grads = []
        for (W, _), a in zip(reversed(params), reversed(cache), strict=True):
            grads.append((a.T @ dout, dout.sum(axis=0)))
            dout = dout @ (W - 1e-4 * grads[-1][0]).T * (1 - a * a)
        return grads[::-1]

    return {"backward": backward}


@wrong("backward", share=0.05)
def constant_slopes_for_a_forward_that_is_a_sum():
    """Bent in every number at the places that are looked at, straight where slopes are measured."""

    def forward(params, X):
        total = sum(W.sum() + b.sum() for W, b in params)
        return np.full((len(X), len(params[-1][1])), total + np.tanh(X.sum()) + np.round(total, 2) ** 2), None

    def backward(params, cache, dout):
        return [(np.full(W.shape, dout.sum()), np.full(b.shape, dout.sum())) for W, b in params]

    return {"forward": forward, "backward": backward}


@wrong("backward", share=0.05)
def no_slopes_for_a_forward_of_steps():
    def forward(params, X):
        out, cache = REFERENCE["forward"]([(np.round(W, 3), np.round(b, 3)) for W, b in params], X)
        return out, cache

    def backward(params, cache, dout):
        return [(0 * W, 0 * b) for W, b in params]

    return {"forward": forward, "backward": backward}


@wrong("backward", share=0.05)
def the_weights_again():
    return {"backward": lambda params, cache, dout: params}


@wrong("backward", share=0.05)
def slopes_of_one():
    return {"backward": lambda params, cache, dout: [(np.ones(W.shape), np.ones(b.shape)) for W, b in params]}


# ---------------------------------------------------------------------------------------------------- train


def trains(slopes=lambda grads, losses: grads, stop=lambda losses, grads: False, loss=lambda x: x):
    """A training loop, with a change of the slopes, or that stops early."""

    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            P, cache = forward(params, X)
            losses.append(loss(mse(P, Y)))
            grads = backward(params, cache, dmse(P, Y))
            if stop(losses, grads):
                losses += losses[-1:] * (steps - len(losses))
                break
            moves = slopes(grads, losses)
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, moves, strict=True)]
        losses.append(loss(mse(forward(params, X)[0], Y)))
        return params, losses

    return {"train": train}


def each(change):
    return lambda grads, losses: [(change(dW), change(db)) for dW, db in grads]


def largest(grads):
    return max(np.abs(part).max() for pair in grads for part in pair)


@wrong("train")
def steps_clipped_at_one():
    return trains(slopes=each(lambda d: np.clip(d, -1, 1)))


@wrong("train")
def steps_clipped_at_a_hundred():
    return trains(slopes=each(lambda d: np.clip(d, -100, 100)))


@wrong("train")
def steps_of_a_largest_length():
    return trains(slopes=lambda grads, _: [(dW / max(1, largest(grads) / 50), db) for dW, db in grads])


@wrong("train")
def steps_rounded():
    return trains(slopes=each(lambda d: np.round(d, 8)))


@wrong("train")
def small_steps_not_made():
    return trains(slopes=each(lambda d: np.where(np.abs(d) < 1e-6, 0, d)))


@wrong("train")
def stops_where_it_is_nearly_flat():
    return trains(stop=lambda losses, grads: largest(grads) < 0.01)


@wrong("train")
def stops_where_the_loss_is_small():
    return trains(stop=lambda losses, grads: losses[-1] < 1e-4)


@wrong("train")
def stops_where_the_loss_rises():
    return trains(stop=lambda losses, grads: len(losses) > 1 and losses[-1] > losses[-2])


@wrong("train")
def stops_where_the_loss_stays():
    return trains(stop=lambda losses, grads: len(losses) > 1 and abs(losses[-1] - losses[-2]) < 1e-3 * losses[-1])


@wrong("train")
def stops_where_the_loss_is_huge():
    return trains(stop=lambda losses, grads: losses[-1] > 1e3)


@wrong("train")
def losses_rounded():
    return trains(loss=lambda x: round(x, 8))


@wrong("train")
def losses_that_are_never_zero():
    return trains(loss=lambda x: max(x, 1e-12))


@wrong("train")
def smaller_steps_as_it_goes():
    return trains(slopes=lambda grads, losses: [(dW / len(losses), db / len(losses)) for dW, db in grads])


@wrong("train")
def the_best_net_of_all():
    def train(params, X, Y, lr, steps):
        _, losses = REFERENCE["train"](params, X, Y, lr, steps)
        at = int(np.argmin(losses))
        return REFERENCE["train"](params, X, Y, lr, at)[0], losses

    return {"train": train}


@wrong("train")
def goes_on_where_the_last_call_ended():
    kept = {}

    def train(params, X, Y, lr, steps):
        key = tuple(W.shape for W, _ in params)
        params, losses = REFERENCE["train"](kept.get(key, params), X, Y, lr, steps)
        kept[key] = params
        return params, losses

    return {"train": train}


@wrong("train")
def steps_with_a_momentum_that_stays():
    kept = {}

    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            P, cache = forward(params, X)
            losses.append(mse(P, Y))
            grads = backward(params, cache, dmse(P, Y))
            key = tuple(W.shape for W, _ in params)
            old = kept.get(key, [(0, 0)] * len(grads))
            grads = [(dW + 0.1 * v, db + 0.1 * w) for (dW, db), (v, w) in zip(grads, old, strict=True)]
            kept[key] = grads
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        return params, [*losses, mse(forward(params, X)[0], Y)]

    return {"train": train}


@wrong("train")
def weights_decay():
    return trains_with_params(lambda W: 1e-4 * W)


def trains_with_params(more):
    def train(params, X, Y, lr, steps):
        losses = []
        for _ in range(steps):
            P, cache = forward(params, X)
            losses.append(mse(P, Y))
            grads = backward(params, cache, dmse(P, Y))
            params = [(W - lr * (dW + more(W)), b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]
        return params, [*losses, mse(forward(params, X)[0], Y)]

    return {"train": train}


@wrong("train")
def no_rate_is_a_small_one():
    def train(params, X, Y, lr, steps):
        return REFERENCE["train"](params, X, Y, lr or 0.01, steps)

    return {"train": train}


@wrong("train")
def at_least_one_step():
    def train(params, X, Y, lr, steps):
        net, losses = REFERENCE["train"](params, X, Y, lr, max(1, steps))
        return net, losses[: steps + 1]

    return {"train": train}


@wrong("train", "test_train_changes_nothing_of_the_caller")
def steps_into_the_callers_biases():
    def train(params, X, Y, lr, steps):
        params, losses = [(W.copy(), b) for W, b in params], []
        for _ in range(steps):
            P, cache = forward(params, X)
            losses.append(mse(P, Y))
            for (W, b), (dW, db) in zip(params, backward(params, cache, dmse(P, Y)), strict=True):
                W -= lr * dW
                b -= lr * db
        return params, [*losses, mse(forward(params, X)[0], Y)]

    return {"train": train}


@wrong("train")
def the_first_layer_waits():
    def slopes(grads, losses):
        return [(dW * (at > 0 or len(grads) == 1), db) for at, (dW, db) in enumerate(grads)]

    return trains(slopes=slopes)


@wrong("train", share=0.05)
def the_net_as_it_came():
    return {"train": lambda params, X, Y, lr, steps: (params, [1.0] * (steps + 1))}


@wrong("train", share=0.05)
def a_little_less_of_everything():
    def train(params, X, Y, lr, steps):
        return [(W * (1 - lr) ** steps, b * (1 - lr) ** steps) for W, b in params], [
            1.0 / (k + 1) for k in range(steps + 1)
        ]

    return {"train": train}


@wrong("train", share=0.05)
def a_step_of_signs():
    def train(params, X, Y, lr, steps):
        first = mse(forward(params, X)[0], Y)
        return [(W - lr, b - lr) for W, b in params], [first * 0.9**k for k in range(steps + 1)]

    return {"train": train}


# ---------------------------------------------------------------------------------------------------- moons


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def log_loss(z, y):
    return float(np.mean(np.logaddexp(0, z) - y * z))


def fits(sizes=(2, 16, 1), steps=1000, lr=1.0, loss=log_loss, target=lambda y: y, draw=lambda rng: rng):
    def fit(X, y, rng):
        params, losses = init_params(list(sizes), draw(rng)), []
        t = target(y)[:, None]
        for step in range(steps + 1):
            z, cache = forward(params, X)
            losses.append(loss(z, t))
            if step == steps:
                return params, losses
            grads = backward(params, cache, (sigmoid(z) - t) / len(X))
            params = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]

    return {"fit": fit}


@wrong("moons", share=0.47)
def no_hidden_layer():
    return fits(sizes=(2, 1))


@wrong("moons", share=0.47)
def output_weights_of_zero():
    def fit(X, y, rng):
        (W, b), (V, c) = init_params([2, 16, 1], rng)
        p = y.mean()
        net = [(W, b), (0 * V, c + np.log(p / (1 - p)) if 0 < p < 1 else c + 5)]
        z = forward(net, X)[0]
        return net, [1.0, log_loss(z, y[:, None])]

    return {"fit": fit}


@wrong("moons", share=0.47)
def least_squares():
    def fit(X, y, rng):
        A = np.column_stack([X, np.ones(len(X))])
        w = np.linalg.lstsq(A, 2 * y - 1, rcond=None)[0]
        net = [(4 * w[:2, None] + 1e-9 * rng.normal(size=(2, 1)), 4 * w[2:])]
        return net, [5.0, log_loss(forward(net, X)[0], y[:, None])]

    return {"fit": fit}


@wrong("moons", share=0.47)
def least_squares_behind_a_bend_that_bends_nothing():
    def fit(X, y, rng):
        A = np.column_stack([X, np.ones(len(X))])
        w = np.linalg.lstsq(A, 2 * y - 1, rcond=None)[0]
        small = 1e-4 * np.eye(2) + 1e-9 * rng.normal(size=(2, 2))
        net = [(small, np.zeros(2)), (4e4 * w[:2, None], 4 * w[2:])]
        return net, [5.0, log_loss(forward(net, X)[0], y[:, None])]

    return {"fit": fit}


@wrong("moons", share=0.47)  # its figure and its formula are right
def the_start_again():
    def fit(X, y, rng):
        net = init_params([2, 16, 1], rng)
        loss = log_loss(forward(net, X)[0], y[:, None])
        return net, [loss + 1, loss]

    return {"fit": fit}


@wrong("moons", "test_the_loss_falls_and_is_that_of_the_net")
def losses_are_squares():
    return fits(loss=lambda z, t: float(np.mean((sigmoid(z) - t) ** 2)))


@wrong("moons", "test_the_loss_falls_and_is_that_of_the_net")
def losses_are_sums():
    return fits(loss=lambda z, t: log_loss(z, t) * len(z))


@wrong("moons", "test_the_loss_falls_and_is_that_of_the_net")
def losses_are_rounded():
    return fits(loss=lambda z, t: round(log_loss(z, t), 4))


@wrong("moons", "test_fit_takes_chance_from_rng_and_changes_nothing")
def chance_of_its_own():
    return fits(draw=lambda rng: np.random.default_rng(3))


@wrong("moons")
def too_few_steps():
    return fits(steps=20)


@wrong("moons")
def uphill():
    return fits(lr=-0.01, steps=50)


@wrong("moons")
def classes_called_by_the_others_name():
    return fits(target=lambda y: 1 - y)


@wrong("moons", "test_fit_takes_chance_from_rng_and_changes_nothing")
def moves_the_points_of_the_caller():
    made = fits()["fit"]

    def fit(X, y, rng):
        net, losses = made(X, y, rng)
        X += 1e-9
        return net, losses

    return {"fit": fit}


def draws(points=True, level=0.0, places=101, margin=0.3, turned=False, of=lambda net, at: forward(net, at)[0]):
    def boundary_plot(params, X, y):
        _, ax = plt.subplots()
        low, high = X.min(axis=0) - margin, X.max(axis=0) + margin
        xx, yy = np.meshgrid(np.linspace(low[0], high[0], places), np.linspace(low[1], high[1], places))
        at = np.column_stack([yy.ravel(), xx.ravel()] if turned else [xx.ravel(), yy.ravel()])
        if level is None:
            ax.contour(xx, yy, of(params, at).reshape(xx.shape), levels=20)
        else:
            ax.contour(xx, yy, of(params, at).reshape(xx.shape), levels=[level])
        if points:
            ax.scatter(X[:, 0], X[:, 1], c=y)
        return ax

    return {"boundary_plot": boundary_plot}


BOUNDARY = "test_the_boundary_is_where_the_score_is_zero"


@wrong("moons", "test_the_figure_shows_every_point")
def no_points():
    return draws(points=False)


@wrong("moons", "test_the_figure_shows_every_point")
def points_of_class_one_alone():
    made = draws(points=False)["boundary_plot"]

    def boundary_plot(params, X, y):
        ax = made(params, X, y)
        ax.scatter(X[y == 1, 0], X[y == 1, 1])
        return ax

    return {"boundary_plot": boundary_plot}


@wrong("moons", BOUNDARY)
def a_score_of_one_half():
    return draws(level=0.5)


@wrong("moons", BOUNDARY)
def twenty_heights():
    return draws(level=None)


@wrong("moons", BOUNDARY)
def a_grid_of_twenty():
    return draws(places=20)


@wrong("moons", BOUNDARY)
def a_grid_inside_the_points():
    return draws(margin=-0.8)


@wrong("moons", BOUNDARY)
def the_axes_of_the_grid_swapped():
    return draws(turned=True)


@wrong("moons", BOUNDARY)
def a_straight_line():
    return draws(of=lambda net, at: at @ net[0][0] @ net[1][0])


@wrong("moons", BOUNDARY)
def lines_everywhere():
    def boundary_plot(params, X, y):
        _, ax = plt.subplots()
        xx, yy = np.meshgrid(*(np.linspace(X[:, i].min(), X[:, i].max(), 101) for i in (0, 1)))
        ax.contour(xx, yy, np.sin(40 * xx) * np.sin(40 * yy), levels=[0])
        ax.scatter(X[:, 0], X[:, 1])
        return ax

    return {"boundary_plot": boundary_plot}


# ---------------------------------------------------------------------------------------------- two_engines


def by_values(
    last=lambda z: z,
    bend=lambda z: z.tanh(),
    size=lambda Y: Y.size,
    error=lambda p, t: (p - t) ** 2,
    take=float,
):
    def value_grads(params, X, Y):
        net = [([[Value(float(w)) for w in row] for row in W], [Value(float(v)) for v in b]) for W, b in params]
        total = Value(0.0)
        for x, y in zip(X.tolist(), Y.tolist(), strict=True):
            a = x
            for number, (W, b) in enumerate(net, start=1):
                z = [b[j] + sum(W[i][j] * a[i] for i in range(len(a))) for j in range(len(b))]
                a = [last(s) for s in z] if number == len(net) else [bend(s) for s in z]
            for p, target in zip(a, y, strict=True):
                total = total + error(p, target)
        loss = total / size(Y)
        loss.backward()
        return [
            (np.array([[take(w.grad) for w in row] for row in W]), np.array([take(v.grad) for v in b])) for W, b in net
        ]

    return {"value_grads": value_grads}


@wrong("two_engines", share=0.45)
def a_sum_of_squares():
    return by_values(size=lambda Y: 1)


@wrong("two_engines")
def the_mean_of_the_rows():
    return by_values(size=len)


@wrong("two_engines", share=0.45)
def bent_at_the_end():
    return by_values(last=lambda z: z.tanh())


@wrong("two_engines")
def never_bent():
    return by_values(bend=lambda z: z)


@wrong("two_engines", share=0.45)
def half_of_the_square():
    return by_values(error=lambda p, t: (p - t) * (p - t) * 0.5)


@wrong("two_engines", share=0.45)
def no_errors_of_zero():
    return by_values(error=lambda p, t: p * p - t * t)


@wrong("two_engines", share=0.45)
def grads_rounded():
    return by_values(take=lambda g: round(g, 10))


@wrong("two_engines", share=0.45)
def grads_clipped():
    return by_values(take=lambda g: max(-1.0, min(1.0, g)))


@wrong("two_engines", share=0.45)
def numbers_between_the_layers():
    return by_values(bend=lambda z: Value(z.tanh().data))


@wrong("two_engines", share=0.45)
def the_last_row_alone():
    made = by_values()["value_grads"]
    return {"value_grads": lambda params, X, Y: made(params, X[-1:], Y[-1:])}


@wrong("two_engines")
def transposed_where_it_fits():
    made = by_values()["value_grads"]

    def value_grads(params, X, Y):
        return [(dW.T if dW.shape[0] == dW.shape[1] else dW, db) for dW, db in made(params, X, Y)]

    return {"value_grads": value_grads}


@wrong("two_engines", share=0.05)
def matrices_and_a_value_for_show():
    def value_grads(params, X, Y):
        show = Value(0.0)
        for _ in range(len(X)):
            for W, _b in params:
                for w in W.ravel():
                    show = show + Value(float(w)) * 1.0
        show.backward()
        out, cache = forward(params, X)
        return backward(params, cache, dmse(out, Y))

    return {"value_grads": value_grads}


@wrong("two_engines", share=0.05)
def matrices_for_the_second_engine():
    def value_grads(params, X, Y):
        out, cache = forward(params, X)
        return backward(params, cache, dmse(out, Y))

    return {"value_grads": value_grads}


@wrong("two_engines", share=0.05)
def small_steps_for_the_second_engine():
    def value_grads(params, X, Y):
        grads, h = copy.deepcopy(params), 1e-5
        for at, pair in enumerate(params):
            for which, part in enumerate(pair):
                for place in np.ndindex(part.shape):
                    losses = []
                    for step in (h, -h):
                        moved = copy.deepcopy(params)
                        moved[at][which][place] += step
                        losses.append(mse(forward(moved, X)[0], Y))
                    grads[at][which][place] = (losses[0] - losses[1]) / (2 * h)
        return grads

    return {"value_grads": value_grads}


# ----------------------------------------------------------------------------------------------- fit_digits

READS = "test_it_reads_digits_that_it_has_never_seen"
LOSSES = "test_each_loss_is_that_of_the_mini_batch"
CHANCE = "test_chance_comes_from_rng_and_nothing_is_changed"
ce = REFERENCE["ce"]


def reader(sizes=(64, 64, 10), lr=0.2, see=lambda X: X, write=lambda loss: loss, learns=lambda y, at: y[at]):
    """A `fit_digits` of the usual form: what it sees of the images, writes down, and learns may be wrong."""

    def fit_digits(X, y, rng, steps):
        net, losses, X = init_params(list(sizes), rng), [], see(X)
        for _ in range(steps):
            at = rng.integers(len(X), size=32)
            scores, cache = forward(net, X[at])
            loss, slopes = ce(scores, learns(y, at))
            losses.append(write(loss))
            grads = backward(net, cache, slopes)
            net = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(net, grads, strict=True)]
        return net, losses

    return {"fit_digits": fit_digits}


@wrong("fit_digits", READS)
def steps_of_a_snail():
    return reader(lr=0.001)


@wrong("fit_digits", READS, share=0.6)
def steps_of_a_giant():
    return reader(lr=50.0)


@wrong("fit_digits", READS)
def each_image_learns_the_digit_before_it():
    return reader(learns=lambda y, at: y[at - 1])


@wrong("fit_digits", READS)
def learns_whether_it_is_a_zero():
    return reader(learns=lambda y, at: (y[at] > 0).astype(int))


@wrong("fit_digits", f"{READS} {LOSSES}")
def learns_from_images_up_to_sixteen():
    return reader(see=lambda X: 16 * X, lr=0.01)


@wrong("fit_digits", f"{READS} {LOSSES}")
def learns_from_negatives():
    return reader(see=lambda X: 1 - X)


@wrong("fit_digits", LOSSES)
def losses_rounded_for_printing():
    return reader(write=lambda loss: round(loss, 3))


@wrong("fit_digits", LOSSES)
def losses_to_the_base_of_ten():
    return reader(write=lambda loss: loss / np.log(10))


@wrong("fit_digits", LOSSES)
def losses_as_shares_of_the_first():
    def fit_digits(X, y, rng, steps):
        net, losses = reader()["fit_digits"](X, y, rng, steps)
        return net, [loss / losses[0] for loss in losses]

    return {"fit_digits": fit_digits}


@wrong("fit_digits", LOSSES)
def the_mean_of_all_losses_so_far():
    def fit_digits(X, y, rng, steps):
        net, losses = reader()["fit_digits"](X, y, rng, steps)
        return net, (np.cumsum(losses) / np.arange(1, steps + 1)).tolist()

    return {"fit_digits": fit_digits}


@wrong("fit_digits", LOSSES)
def one_more_step_than_it_tells():
    def fit_digits(X, y, rng, steps):
        net, losses = reader()["fit_digits"](X, y, rng, steps + 1)
        return net, losses[:-1]

    return {"fit_digits": fit_digits}


@wrong("fit_digits", CHANCE)
def makes_the_images_darker_where_they_lie():
    def darker(X):
        X += 0.01
        return X

    return reader(see=darker)


@wrong("fit_digits", CHANCE)
def a_seed_of_its_own():
    made = reader()["fit_digits"]
    return {"fit_digits": lambda X, y, rng, steps: made(X, y, np.random.default_rng(2026), steps)}


@wrong("fit_digits", share=0.05)
def the_net_without_its_losses():
    made = reader()["fit_digits"]
    return {"fit_digits": lambda X, y, rng, steps: made(X, y, rng, steps)[0]}


@wrong("fit_digits", share=0.2)
def a_start_and_losses_that_fall():
    return {
        "fit_digits": lambda X, y, rng, steps: (
            init_params([64, 64, 10], rng),
            (2.3 * 0.99 ** np.arange(steps)).tolist(),
        )
    }


@wrong("fit_digits", share=0.05)
def one_score_for_all_digits():
    def fit_digits(X, y, rng, steps):
        return train(init_params([64, 16, 1], rng), X, y[:, None] / 9, 0.1, steps)

    return {"fit_digits": fit_digits}


# ------------------------------------------------------------------------------------------------ own_digit

NUMBERS, MINE = "test_a_drawing_becomes_64_numbers", "test_your_net_reads_your_digit"
WORTH = {"#": 1.0, "+": 0.5, ".": 0.0}


def table_of(drawing):
    return np.array([[WORTH[mark] for mark in line] for line in drawing.split()])


def drawing_of(*lines):
    return {"my_drawing": "\n".join(lines)}


@wrong("own_digit", NUMBERS)
def half_a_turn():
    return {"as_numbers": lambda drawing: table_of(drawing).ravel()[::-1]}


@wrong("own_digit", NUMBERS)
def whole_numbers_have_no_grey():
    return {"as_numbers": lambda drawing: table_of(drawing).ravel().astype(int)}


@wrong("own_digit", NUMBERS)
def a_row_in_a_table_of_its_own():
    return {"as_numbers": lambda drawing: table_of(drawing).reshape(1, 64)}


@wrong("own_digit", NUMBERS)
def a_quarter_for_grey():
    return {"as_numbers": lambda drawing: np.where(table_of(drawing).ravel() == 0.5, 0.25, table_of(drawing).ravel())}


@wrong("own_digit", NUMBERS)
def as_dark_as_it_gets():
    return {"as_numbers": lambda drawing: table_of(drawing).ravel() / table_of(drawing).sum()}


@wrong("own_digit", NUMBERS)
def the_first_six_lines():
    return {"as_numbers": lambda drawing: table_of(drawing)[:6].ravel()}


@wrong("own_digit", NUMBERS)
def spaces_are_white_points():
    def as_numbers(drawing):
        return np.array([WORTH.get(mark, 0.0) for line in drawing.split("\n") for mark in line])

    return {"as_numbers": as_numbers}


@wrong("own_digit", NUMBERS)
def the_own_drawing_whatever_comes():
    known = table_of(REFERENCE["my_drawing"]).ravel()
    return {"as_numbers": lambda drawing: known}


@wrong("own_digit", NUMBERS)
def marks_and_not_numbers():
    return {"as_numbers": lambda drawing: list("".join(drawing.split()))}


@wrong("own_digit", MINE)
def the_digit_as_a_text():
    return {"my_digit": "7"}


@wrong("own_digit", MINE)
def a_number_that_is_no_digit():
    return {"my_digit": 17}


@wrong("own_digit", MINE)
def seven_lines():
    return drawing_of(*REFERENCE["my_drawing"].split()[:7])


@wrong("own_digit", MINE)
def nine_characters():
    return drawing_of(*(line + "." for line in REFERENCE["my_drawing"].split()))


@wrong("own_digit", MINE)
def ink_by_another_letter():
    return {"my_drawing": REFERENCE["my_drawing"].replace("#", "X")}


@wrong("own_digit", MINE)
def a_seven_that_lies_on_its_side():
    lines = REFERENCE["my_drawing"].split()
    return drawing_of(*("".join(column) for column in zip(*lines[::-1], strict=True)))


@wrong("own_digit", MINE)
def a_list_of_lines():
    return {"my_drawing": REFERENCE["my_drawing"].split()}
