"""Known mistakes of `w4_lora_from_scratch`: what each does, and what to ask."""

import matplotlib.pyplot as plt
import numpy as np
from kit import variant

from grader.testing import choices, mistake, wrong_function

LAYER = variant("outer_products", choices(__file__)["SIZES"])
CHANGE = variant("best_rank", choices(__file__)["VALUES"])

# -------------------------------------------------------------------------------------------- outer_products


@wrong_function("outer_products", says="That is the sum of them. Which tables are added up in it? Give the list.")
def outer_products_summed(B, A):
    return B @ A


@wrong_function("outer_products", says="One table is their sum. How many columns has B? There is one table for each.")
def outer_products_the_sum_in_a_list(B, A):
    return [B @ A]


@wrong_function("outer_products", says="Which way round? The column of B stands upright: B has the dout rows.")
def outer_products_transposed(B, A):
    return [np.outer(A[k], B[:, k]) for k in range(len(A))]


@wrong_function("outer_products", says="Column k of B belongs to row k of A, not to every row.")
def outer_products_every_pair(B, A):
    return [np.outer(B[:, k], row) for k in range(len(A)) for row in A]


@wrong_function("outer_products", says="Column k of B belongs to row k of A. In which order do yours meet?")
def outer_products_opposite_order(B, A):
    return [np.outer(B[:, k], A[-1 - k]) for k in range(len(A))]


@wrong_function("outer_products", says="These add up as they go. Each table is one column times one row, by itself.")
def outer_products_running_sums(B, A):
    return [B[:, : k + 1] @ A[: k + 1] for k in range(len(A))]


@wrong_function("outer_products", says="The first column and row have the number 0. Did they get lost?")
def outer_products_without_the_first(B, A):
    return [np.outer(B[:, k], A[k]) for k in range(1, len(A))]


@wrong_function("outer_products", replaces="count", says="Two thin tables: one has r*dout numbers. And the other?")
def count_wide_for_each_rank(dout, din, r):
    return dout * din, r * dout * din


@wrong_function("outer_products", replaces="count", says="The frozen table is not learned: it does not count here.")
def count_with_the_frozen_ones(dout, din, r):
    return dout * din, dout * din + r * (dout + din)


@wrong_function("outer_products", replaces="count", says="Both thin tables have the r in their size.")
def count_rank_once(dout, din, r):
    return dout * din, r * dout + din


@wrong_function("outer_products", replaces="count", says="Which comes first? (full, lora).")
def count_swapped(dout, din, r):
    return r * (dout + din), dout * din


@wrong_function("outer_products", replaces="count", says="Each table by itself, then added: they are not multiplied.")
def count_multiplied(dout, din, r):
    return dout * din, r * dout * r * din


break_even_upside_down = mistake("outer_products", {"break_even": "(dout + din)/(dout*din)"},
    says="break_even: upside down. Solve r*(dout + din) = dout*din for r.")
break_even_of_a_square = mistake("outer_products", {"break_even": "din/2"},
    says="break_even: that holds for a square table. What if dout and din differ?")
break_even_difference = mistake("outer_products", {"break_even": "dout*din - dout - din"},
    says="break_even: r is a factor in r*(dout + din). How do you get rid of a factor?")
largest_rank_not_whole = mistake("outer_products",
    {"my_largest_rank": LAYER["dout"] * LAYER["din"] / (LAYER["dout"] + LAYER["din"])},
    says="my_largest_rank: a rank is a whole number. Which is the last one below yours?")
largest_rank_rounded_up = mistake("outer_products",
    {"my_largest_rank": LAYER["dout"] * LAYER["din"] // (LAYER["dout"] + LAYER["din"]) + 1},
    says="my_largest_rank: with this rank the thin tables have more numbers. Which one is below the break-even?",
)

# ---------------------------------------------------------------------------------------------- lora_forward


def with_scale(scale):
    return lambda X, W, A, B, alpha: X @ W.T + scale(alpha, len(A)) * (X @ A.T) @ B.T


@wrong_function("lora_forward", says="Off by exactly r: the scale is alpha / r.")
def forward_alpha_alone(X, W, A, B, alpha):
    return with_scale(lambda alpha, r: alpha)(X, W, A, B, alpha)


@wrong_function("lora_forward",
    says="No scale: that is right only where alpha = r. The correction is scaled by alpha / r.")
def forward_no_scale(X, W, A, B, alpha):
    return with_scale(lambda alpha, r: 1)(X, W, A, B, alpha)


@wrong_function("lora_forward", says="1 / r is only half of the scale. Where is alpha?")
def forward_without_alpha(X, W, A, B, alpha):
    return with_scale(lambda alpha, r: 1 / r)(X, W, A, B, alpha)


@wrong_function("lora_forward", says="The scale is upside down: a larger alpha makes the correction louder.")
def forward_scale_upside_down(X, W, A, B, alpha):
    return with_scale(lambda alpha, r: r / alpha)(X, W, A, B, alpha)


@wrong_function("lora_forward", says="alpha times r? A larger rank should not make the correction louder.")
def forward_alpha_times_r(X, W, A, B, alpha):
    return with_scale(lambda alpha, r: alpha * r)(X, W, A, B, alpha)


@wrong_function("lora_forward", says="Which size is the rank? A has the shape (r, din): you divided by din.")
def forward_divided_by_din(X, W, A, B, alpha):
    return X @ W.T + alpha / A.shape[1] * (X @ A.T) @ B.T


@wrong_function("lora_forward", says="Which size is the rank? B has the shape (dout, r): you divided by dout.")
def forward_divided_by_dout(X, W, A, B, alpha):
    return X @ W.T + alpha / len(B) * (X @ A.T) @ B.T


@wrong_function("lora_forward", says="This is the frozen layer alone. Where is the correction?")
def forward_frozen_alone(X, W, A, B, alpha):
    return X @ W.T


@wrong_function("lora_forward", says="This is the correction alone. Where is what the frozen layer gives?")
def forward_correction_alone(X, W, A, B, alpha):
    return alpha / len(A) * (X @ A.T) @ B.T


@wrong_function("lora_forward", says="The frozen layer is scaled as well. What does alpha / r stand in front of?")
def forward_all_scaled(X, W, A, B, alpha):
    return alpha / len(A) * (X @ W.T + (X @ A.T) @ B.T)


@wrong_function("lora_forward", says="The correction has the opposite sign: it is added.")
def forward_subtracts(X, W, A, B, alpha):
    return X @ W.T - alpha / len(A) * (X @ A.T) @ B.T


@wrong_function("lora_forward",
    says="The right numbers, by the large table B @ A. X comes first: through A, then through B.")
def forward_builds_the_large_table(X, W, A, B, alpha):
    return X @ (W + alpha / len(A) * (B @ A)).T


@wrong_function("lora_forward", says="The caller's W has changed: `+=` writes into it. Make a new array.")
def forward_merges_in_place(X, W, A, B, alpha):
    W += alpha / len(A) * B @ A
    return X @ W.T


@wrong_function("lora_forward", says="There is an activation in your correction. A and B follow each other directly.")
def forward_with_tanh(X, W, A, B, alpha):
    return X @ W.T + alpha / len(A) * np.tanh(X @ A.T) @ B.T


@wrong_function("lora_forward", says="The second layer gets what the first gives? No: W and the correction both get X.")
def forward_one_after_the_other(X, W, A, B, alpha):
    Y = X @ W.T
    return Y + alpha / len(A) * (Y @ B) @ B.T


# --------------------------------------------------------------------------------------------- lora_backward


def slopes(X, A, B, s_a, s_b, dY):
    return s_a * (dY @ B).T @ X, s_b * dY.T @ (X @ A.T)


@wrong_function("lora_backward", says="Both slopes carry alpha / r. Look at dA.")
def backward_a_without_scale(X, W, A, B, alpha, dY):
    return slopes(X, A, B, 1, alpha / len(A), dY)


@wrong_function("lora_backward", says="Both slopes carry alpha / r. Look at dB.")
def backward_b_without_scale(X, W, A, B, alpha, dY):
    return slopes(X, A, B, alpha / len(A), 1, dY)


@wrong_function("lora_backward",
    says="The scale is missing in both slopes: the correction moves alpha / r times as fast.")
def backward_without_scale(X, W, A, B, alpha, dY):
    return slopes(X, A, B, 1, 1, dY)


@wrong_function("lora_backward", says="Off by exactly r: the scale is alpha / r.")
def backward_alpha_alone(X, W, A, B, alpha, dY):
    return slopes(X, A, B, alpha, alpha, dY)


@wrong_function("lora_backward", says="The scale stands in each slope once, not twice.")
def backward_scale_twice(X, W, A, B, alpha, dY):
    s = (alpha / len(A)) ** 2
    return slopes(X, A, B, s, s, dY)


@wrong_function("lora_backward", says="W is frozen: only two slopes are wanted, by A and by B.")
def backward_with_dw(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    return dY.T @ X, *slopes(X, A, B, s, s, dY)


@wrong_function("lora_backward", says="(dA, dB): which of the two comes first?")
def backward_swapped(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    return slopes(X, A, B, s, s, dY)[::-1]


@wrong_function("lora_backward", says="dY carries the 1/n of the loss already. Why divide once more?")
def backward_divides_by_n(X, W, A, B, alpha, dY):
    s = alpha / len(A) / len(X)
    return slopes(X, A, B, s, s, dY)


@wrong_function("lora_backward",
    says="Which way does the loss go, and which way the step? These are the slopes, unchanged.")
def backward_negative(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    return slopes(X, A, B, -s, -s, dY)


@wrong_function("lora_backward", says="What arrives at B meets what came in there. Was that X, or X @ A.T?")
def backward_b_without_h(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    ones = X.sum(axis=1, keepdims=True) * np.ones((1, len(A)))
    return s * (dY @ B).T @ X, s * dY.T @ ones


@wrong_function("lora_backward",
    says="What arrives at the output goes back through B before it meets X. Where is B in dA?")
def backward_a_without_b(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    through = dY.sum(axis=1, keepdims=True) * np.ones((1, len(A)))
    return s * through.T @ X, s * dY.T @ (X @ A.T)


@wrong_function("lora_backward", says="Transposed: a slope has the shape of what it belongs to.")
def backward_transposed(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    dA, dB = slopes(X, A, B, s, s, dY)
    return dA.T, dB.T


@wrong_function("lora_backward",
    says="At B = 0 your dA is not 0. Which factor of the correction stays when A is nudged?")
def backward_through_w(X, W, A, B, alpha, dY):
    s = alpha / len(A)
    H = X @ A.T
    return s * (dY @ (W @ np.linalg.pinv(A))).T @ X, s * dY.T @ H


@wrong_function("lora_backward", says="Measured, not derived: beside a huge W the digits of the correction are lost.")
def backward_measured(X, W, A, B, alpha, dY):
    def loss(A, B):
        return np.sum(dY * (X @ W.T + alpha / len(A) * (X @ A.T) @ B.T))

    dA, dB = np.zeros(A.shape), np.zeros(B.shape)
    for place in np.ndindex(A.shape):
        nudge = np.zeros(A.shape)
        nudge[place] = 1e-5
        dA[place] = (loss(A + nudge, B) - loss(A - nudge, B)) / 2e-5
    for place in np.ndindex(B.shape):
        nudge = np.zeros(B.shape)
        nudge[place] = 1e-5
        dB[place] = (loss(A, B + nudge) - loss(A, B - nudge)) / 2e-5
    return dA, dB


@wrong_function("lora_backward", says="The caller's dY has changed: `*=` writes into it. Make a new array.")
def backward_in_place(X, W, A, B, alpha, dY):
    dY *= alpha / len(A)
    return (dY @ B).T @ X, dY.T @ (X @ A.T)


slope_a_with_a = mistake("lora_backward", {"slope_a": "g*s*a*x"},
    says="slope_a: nudge it a little: what is it multiplied by?")
slope_a_without_scale = mistake("lora_backward", {"slope_a": "g*b*x"},
    says="slope_a: the scale s stands in front of the correction. Where is it?")
slope_b_without_g = mistake("lora_backward", {"slope_b": "s*a*x"},
    says="slope_b: where is g, the slope that arrives from the loss?")
slope_b_without_a = mistake("lora_backward", {"slope_b": "g*s*x"},
    says="slope_b: the correction has one more factor, which stays as it is.")
both_zero_b_moves = mistake("lora_backward", {"both_zero": "b"},
    says="both_zero: the slope by B has X @ A.T in it. What is that, if A is 0?")
both_zero_both_move = mistake("lora_backward", {"both_zero": "d"},
    says="both_zero: each slope has the other table as a factor. What are both factors here?")

# ------------------------------------------------------------------------------------------------ train_lora


@np.errstate(all="ignore")
def trained(W, X, Y, A, B, alpha, lr, steps, *, frozen=True, factor=2.0, size=None, uphill=False, late=False, turn=0):
    """The loop with one thing in it that can be wrong."""
    losses, W, s = [], np.array(W), alpha / len(A)
    for _ in range(steps):
        error = X @ W.T + s * (X @ A.T) @ B.T - Y
        losses.append(float(np.mean(error**2)))
        dY = (-1 if uphill else 1) * factor * error / (size or Y.size)
        dA, dB = s * (dY @ B).T @ X, s * dY.T @ (X @ A.T)
        if late:
            B = B - lr * dB
            dA = s * (dY @ B).T @ X
            A = A - lr * dA
        else:
            A, B = A - lr * dA * (turn != 1), B - lr * dB * (turn != 2)
        if not frozen:
            W = W - lr * dY.T @ X
    losses.append(float(np.mean((X @ W.T + s * (X @ A.T) @ B.T - Y) ** 2)))
    return A, B, losses


def lora(X, W, A, B, s):
    return X @ W.T + s * (X @ A.T) @ B.T


def start(W, r, rng):
    return rng.normal(size=(r, W.shape[1])) / np.sqrt(W.shape[1]), np.zeros((len(W), r))


@wrong_function("train_lora", says="A and B both zero: both slopes are 0, for ever. Start with A random and B zero.")
def train_from_zeros(W, X, Y, r, alpha, lr, steps, rng):
    A, B = start(W, r, rng)
    return trained(W, X, Y, 0 * A, B, alpha, lr, steps)


@wrong_function("train_lora", says="A and B both random: then you change the model before anything is learned.")
def train_from_noise(W, X, Y, r, alpha, lr, steps, rng):
    A, B = start(W, r, rng)
    return trained(W, X, Y, A, rng.normal(size=B.shape), alpha, lr, steps)


@wrong_function("train_lora", says="The other way round: A is random, B is zero.")
def train_with_b_random(W, X, Y, r, alpha, lr, steps, rng):
    A, B = start(W, r, rng)
    return trained(W, X, Y, 0 * A, rng.normal(size=B.shape) / np.sqrt(r), alpha, lr, steps)


@wrong_function("train_lora", says="How widely are the numbers of A spread? The text says 1/√din.")
def train_with_wide_a(W, X, Y, r, alpha, lr, steps, rng):
    A, B = start(W, r, rng)
    return trained(W, X, Y, A * np.sqrt(W.shape[1]), B, alpha, lr, steps)


@wrong_function("train_lora", says="Every call starts with the same A. Draw it from the rng that you are given.")
def train_with_its_own_rng(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, np.random.default_rng(0)), alpha, lr, steps)


@wrong_function("train_lora", says="W learns as well: but it is frozen. Update A and B only.")
def train_with_w_too(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, frozen=False)


@wrong_function("train_lora", says="The caller's W has moved. It is frozen: update A and B only.")
def train_moves_w(W, X, Y, r, alpha, lr, steps, rng):
    A, B = start(W, r, rng)
    A, B, losses = trained(W, X, Y, A, B, alpha, lr, steps)
    W += alpha / r * B @ A
    return A, B, losses


@wrong_function("train_lora", says="Downhill is against the slope. Look at the sign of your step.")
def train_uphill(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, uphill=True)


@wrong_function("train_lora", says="The slope of a square brings a 2.")
def train_without_the_two(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, factor=1.0)


@wrong_function("train_lora", says="Your mean goes over the rows only. The loss is the mean over all n*dout entries.")
def train_on_the_mean_of_the_rows(W, X, Y, r, alpha, lr, steps, rng):
    A, B, losses = trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, size=len(X))
    return A, B, [loss * Y.shape[1] for loss in losses]


@wrong_function("train_lora", says="The loss is the mean over all n*dout entries: its slope is divided by n*dout.")
def train_divides_by_n(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, size=len(Y))


@wrong_function("train_lora", says="The loss is a mean: its slope is divided by the number of entries.")
def train_on_the_sum(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, size=1)


@wrong_function("train_lora", says="First both slopes, then both updates: your dA was computed with the new B.")
def train_one_after_the_other(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, late=True)


@wrong_function("train_lora", says="First both slopes, then both updates: your dB was computed with the new A.")
def train_a_before_b(W, X, Y, r, alpha, lr, steps, rng):
    A, B = start(W, r, rng)
    losses, s = [], alpha / r
    for _ in range(steps):
        error = lora(X, W, A, B, s) - Y
        losses.append(float(np.mean(error**2)))
        dY = 2 * error / Y.size
        A = A - lr * s * (dY @ B).T @ X
        B = B - lr * s * dY.T @ (X @ A.T)
    return A, B, [*losses, float(np.mean((lora(X, W, A, B, s) - Y) ** 2))]


@wrong_function("train_lora", says="A never moves. It has a slope as well, from the second step on.")
def train_b_only(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, turn=1)


@wrong_function("train_lora", says="B never moves, so the correction stays 0.")
def train_a_only(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, steps, turn=2)


@wrong_function("train_lora", says="The last loss is missing: that of the A and B that you return.")
def train_without_the_last_loss(W, X, Y, r, alpha, lr, steps, rng):
    A, B, losses = trained(W, X, Y, *start(W, r, rng), alpha, lr, steps)
    return A, B, losses[:-1] if steps else losses


@wrong_function("train_lora", says="The losses are sums. The text asks for the mean over all entries.")
def train_reports_the_sum(W, X, Y, r, alpha, lr, steps, rng):
    A, B, losses = trained(W, X, Y, *start(W, r, rng), alpha, lr, steps)
    return A, B, [loss * Y.size for loss in losses]


@wrong_function("train_lora", says="(A, B, losses): in which order do you return them?")
def train_returns_b_first(W, X, Y, r, alpha, lr, steps, rng):
    A, B, losses = trained(W, X, Y, *start(W, r, rng), alpha, lr, steps)
    return B, A, losses


@wrong_function("train_lora", says="`steps` steps: how many do you take?")
def train_one_step(W, X, Y, r, alpha, lr, steps, rng):
    return trained(W, X, Y, *start(W, r, rng), alpha, lr, min(steps, 1))


alpha_doubled_same = mistake("train_lora", {"alpha_doubled": "a"},
    says="alpha_doubled: after the first step, B has lr * alpha / r in it. How often is alpha in what the layer gives "
    "then?")
alpha_doubled_half = mistake("train_lora", {"alpha_doubled": "b"},
    says="alpha_doubled: alpha is in the slope by B. Is it once more in what the layer makes of B?")

# ----------------------------------------------------------------------------------------------------- merge


def both_ways(scale):
    return {
        "merge": lambda W, A, B, alpha: W + scale(alpha, len(A)) * B @ A,
        "unmerge": lambda W2, A, B, alpha: W2 - scale(alpha, len(A)) * B @ A,
    }


merge_alpha_alone = mistake("merge", both_ways(lambda alpha, r: alpha),
    says="Off by exactly r: the scale is alpha / r.")
merge_no_scale = mistake("merge", both_ways(lambda alpha, r: 1),
    says="No scale: that is right only where alpha = r. The correction is scaled by alpha / r.")


@wrong_function("merge", says="The caller's W changed: make a new array.")
def merge_in_place(W, A, B, alpha):
    W += alpha / len(A) * B @ A
    return W


@wrong_function("merge", replaces="unmerge", says="The caller's W2 changed: make a new array.")
def unmerge_in_place(W2, A, B, alpha):
    W2 -= alpha / len(A) * B @ A
    return W2


@wrong_function("merge", replaces="unmerge", says="To take the correction off, subtract what was added.")
def unmerge_adds_again(W2, A, B, alpha):
    return W2 + alpha / len(A) * B @ A


@wrong_function("merge", replaces="unmerge", says="The scale was put on when merging. Is it taken off as well?")
def unmerge_without_scale(W2, A, B, alpha):
    return W2 - B @ A


@wrong_function("merge", says="The correction has the opposite sign: it is added to W.")
def merge_subtracts(W, A, B, alpha):
    return W - alpha / len(A) * B @ A


@wrong_function("merge", says="That is the correction alone. What is it added to?")
def merge_without_w(W, A, B, alpha):
    return alpha / len(A) * B @ A


@wrong_function("merge", says="W is scaled as well. What does alpha / r stand in front of?")
def merge_scales_w(W, A, B, alpha):
    return alpha / len(A) * (W + B @ A)


# ------------------------------------------------------------------------------------------------- best_rank


def taken_apart(D):
    return np.linalg.svd(D, full_matrices=False)


@wrong_function("best_rank", says="Where are the sizes? Put the singular values into B or into A.")
def best_rank_without_sizes(D, r):
    U, _, V = taken_apart(D)
    return U[:, :r], V[:r]


@wrong_function("best_rank", says="The sizes are in B and in A: then each counts twice. Put them into one of the two.")
def best_rank_sizes_twice(D, r):
    U, values, V = taken_apart(D)
    return U[:, :r] * values[:r], values[:r, None] * V[:r]


@wrong_function("best_rank", says="You kept the smallest ones. numpy gives the largest first.")
def best_rank_keeps_the_smallest(D, r):
    U, values, V = taken_apart(D)
    kept = slice(len(values) - r, None)
    return U[:, kept] * values[kept], V[kept]


@wrong_function("best_rank", says="The rows are those of numpy's V, as it comes. Did you take its columns?")
def best_rank_columns_of_v(D, r):
    U, values, V = np.linalg.svd(D)
    values = np.append(values, np.zeros(10))[:r]
    return U[:, :r] * values, V[:, :r].T


@wrong_function("best_rank", says="(B, A): which of the two comes first?")
def best_rank_swapped(D, r):
    U, values, V = taken_apart(D)
    return V[:r], U[:, :r] * values[:r]


@wrong_function("best_rank", says="The first r rows are r of many. Are they the r that leave the least?")
def best_rank_first_rows(D, r):
    return np.eye(len(D))[:, :r], D[:r]


@wrong_function("best_rank", says="Not cut off: B has r columns and A has r rows.")
def best_rank_not_cut(D, r):
    U, values, V = taken_apart(D)
    return U * values, V


@wrong_function("best_rank", replaces="tail", says="A sum of squares is left. You added up the values themselves.")
def tail_of_values(D):
    values = taken_apart(D)[1]
    return np.array([values[r:].sum() for r in range(len(values) + 1)])


@wrong_function("best_rank", replaces="tail", says="That is what the rank catches. What does it leave?")
def tail_of_what_is_caught(D):
    squares = taken_apart(D)[1] ** 2
    return np.array([squares[:r].sum() for r in range(len(squares) + 1)])


@wrong_function("best_rank", replaces="tail",
    says="That is the largest one that is left. The others behind it are left, too.")
def tail_next_only(D):
    return np.append(taken_apart(D)[1] ** 2, 0)


@wrong_function("best_rank", replaces="tail",
    says="From rank 0 to the full one: how many ranks are these? One is missing.")
def tail_without_the_full_rank(D):
    squares = taken_apart(D)[1] ** 2
    return np.array([squares[r:].sum() for r in range(len(squares))])


@wrong_function("best_rank", replaces="tail",
    says="The first number is for rank 0, which leaves everything. Yours begins with rank 1.")
def tail_without_rank_zero(D):
    squares = taken_apart(D)[1] ** 2
    return np.array([squares[r:].sum() for r in range(1, len(squares) + 1)])


@wrong_function("best_rank", replaces="tail", says="This is the root of it. The text asks for the sum of the squares.")
def tail_root(D):
    squares = taken_apart(D)[1] ** 2
    return np.sqrt([squares[r:].sum() for r in range(len(squares) + 1)])


@wrong_function("best_rank", replaces="tail",
    says="A share? The text asks for the sum itself, not divided by the whole.")
def tail_as_a_share(D):
    squares = taken_apart(D)[1] ** 2
    return np.array([squares[r:].sum() for r in range(len(squares) + 1)]) / squares.sum()


def plotted(ranks, heights):
    _, ax = plt.subplots()
    ax.plot(ranks, heights, label="left over")
    return ax


def right_tail(D):
    squares = taken_apart(D)[1] ** 2
    return np.append(np.cumsum(squares[::-1])[::-1], 0)


@wrong_function("best_rank", replaces="rank_plot",
    says="Your line is over 1, 2, 3, ...: the first point belongs to rank 0.")
def plot_from_rank_one(D):
    left = right_tail(D)
    return plotted(range(1, len(left) + 1), left)


@wrong_function("best_rank", replaces="rank_plot",
    says="Those are the singular values. What is left over is a sum of squares.")
def plot_of_the_values(D):
    values = np.append(taken_apart(D)[1], 0)
    return plotted(range(len(values)), values)


@wrong_function("best_rank", replaces="rank_plot", says="What is plotted over what? The rank goes along the bottom.")
def plot_turned(D):
    left = right_tail(D)
    return plotted(left, range(len(left)))


rest_not_squared = mistake("best_rank", {"my_rest": sum(CHANGE["values"][CHANGE["r"] :])},
    says="my_rest: the error is a sum of squares. What is done to each value before they are added?")
rest_caught = mistake("best_rank", {"my_rest": sum(value**2 for value in CHANGE["values"][: CHANGE["r"]])},
    says="my_rest: these are the ones that the rank catches. Which ones does it leave?")
rest_square_of_the_sum = mistake("best_rank", {"my_rest": sum(CHANGE["values"][CHANGE["r"] :]) ** 2},
    says="my_rest: which comes first, squaring or adding up? (3 + 1)^2 is not 3^2 + 1^2.")
rest_next_only = mistake("best_rank", {"my_rest": CHANGE["values"][CHANGE["r"]] ** 2},
    says="my_rest: that is what the next one holds. What about those after it?")
