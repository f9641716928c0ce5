"""Hidden tests of `w4_lora_from_scratch`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. All results of a test are made in one expression
where a shared result could pass. Truths are computed here, never by the student's own functions. The path of
`train_lora` is compared with the one that follows from the student's own start, so any way of drawing A is right.
"""

import numpy as np
import pytest
from kit import variant

from grader.testing import (
    Hint,
    Recognised,
    answer,
    array,
    axes,
    choices,
    inputs,
    letter,
    listed,
    number,
    symbolic,
    unchanged,
)

# No two sizes of a case are equal, r is not 1, alpha is not r, and B is not 0: n, din, dout, r, alpha.
SIZES = [(5, 4, 3, 2, 3.0), (2, 6, 7, 3, 0.5), (7, 3, 8, 2, 5.0), (4, 7, 2, 5, 1.5)]


def layer(place, n, din, dout, r):
    """X, W, A and B of these sizes, with both signs, zeros and ties in them."""
    shapes = ((n, din), (dout, din), (r, din), (dout, r))
    return [inputs.array(400 + 10 * place + at, shape, low=-2, high=2) for at, shape in enumerate(shapes)]


CASES = [(*layer(place, *sizes), alpha) for place, (*sizes, alpha) in enumerate(SIZES)]

# -------------------------------------------------------------------------------------------- outer_products


@pytest.mark.task("outer_products", weight=3)
def test_one_table_for_each_column_and_row(student):
    """outer_products: r tables, each of them one column of B times the row of A with the same number."""
    pairs = [(B, A) for _, _, A, B, _ in CASES]
    pairs += [(inputs.array(451, (3, 1)), inputs.array(452, (1, 4)))]
    found = listed(student.eval("[list(outer_products(*args)) for args in given]", given=pairs), len(pairs))
    for got, (B, A) in zip(found, pairs, strict=True):
        tables = listed(got, len(A), what="outer_products")
        for place, table in enumerate(tables):
            array(table, B[:, [place]] * A[[place]], what="outer_products")


@pytest.mark.task("outer_products")
def test_how_many_numbers(student):
    """count: the numbers in the whole table, and the numbers in the two thin ones."""
    sizes = [(7, 5, 2), (64, 64, 1), (10, 300, 4), (4096, 1024, 16)]
    found = listed(student.eval("[list(count(*args)) for args in given]", given=sizes), len(sizes))
    for got, (dout, din, r) in zip(found, sizes, strict=True):
        full, thin = listed(got, 2, what="count")
        number(full, dout * din, what="full")
        number(thin, r * dout + r * din, what="lora")


@pytest.mark.task("outer_products")
def test_where_both_have_as_many(student):
    """break_even: the rank at which the thin tables have as many numbers as the whole one."""
    wrong = {
        "dout*din/2": "break_even: both thin tables have r in their size, but not both sizes of the whole one.",
        "(dout + din)/(dout*din)": "break_even: upside down. Solve r*(dout + din) = dout*din for r.",
        "dout*din/(dout*din)": "break_even: two thin tables: one has r*dout numbers. And the other?",
        "dout + din": "break_even: that is how many numbers one rank costs. How many may it cost in all?",
        "dout*din - dout - din": "break_even: r is a factor in r*(dout + din). How do you get rid of a factor?",
        "din": "break_even: two thin tables, of r*dout and of r*din numbers. How many together?",
        "dout": "break_even: two thin tables, of r*dout and of r*din numbers. How many together?",
    }
    symbolic(student, "break_even", "dout*din/(dout + din)", ["dout", "din"], domain=POSITIVE, wrong=wrong)


POSITIVE = {"dout": (1.0, 50.0), "din": (1.0, 50.0)}


@pytest.mark.task("outer_products", weight=0.5)
def test_your_own_layer(student):
    """my_largest_rank: the largest whole rank for which your own layer has fewer numbers."""
    sizes = variant("outer_products", choices(__file__)["SIZES"], student=student.id)
    full, one = sizes["dout"] * sizes["din"], sizes["dout"] + sizes["din"]
    found = number(answer(student, "my_largest_rank"), what="my_largest_rank")
    if found == full / one:
        raise Hint("my_largest_rank: a rank is a whole number. Which is the last one below yours?")
    assert found == (full - 1) // one


# ---------------------------------------------------------------------------------------------- lora_forward


def forward(X, W, A, B, alpha):
    return X @ (W + alpha / len(A) * B @ A).T


@pytest.mark.task("lora_forward", weight=3)
def test_the_layer_and_its_correction(student):
    """lora_forward: what the frozen layer gives, plus alpha / r times what goes through A and then through B."""
    cases = [*CASES, (CASES[0][0][:1], *CASES[0][1:])]  # a single row as well
    found = listed(student.eval("[lora_forward(*args) for args in given]", given=cases), len(cases))
    for got, case in zip(found, cases, strict=True):
        array(got, forward(*case), what="lora_forward")


@pytest.mark.task("lora_forward")
def test_the_large_table_is_never_built(student):
    """lora_forward: X goes through A first, so that the large table B @ A is never needed."""
    rng = np.random.default_rng(461)
    X, A, B = (
        scale * rng.uniform(0.5, 2, shape) for scale, shape in ((1e300, (3, 5)), (1e-200, (2, 5)), (1e-150, (4, 2)))
    )
    got = array(student.lora_forward(X, np.zeros((4, 5)), A, B, 3.0), shape=(3, 4), what="lora_forward")
    if not np.any(got):
        raise Hint("lora_forward: an entry of B @ A would be so small that it is 0. Which product can come first?")
    array(got, 1.5 * (X @ A.T) @ B.T, abs=0, what="lora_forward")


@pytest.mark.task("lora_forward", weight=0.5)
def test_forward_changes_nothing_that_it_is_given(student):
    """lora_forward: X, W, A and B are left as they were."""
    X, W, A, B, alpha = CASES[1]
    got = unchanged(student, f"lora_forward(X, W, A, B, {alpha})", X=X, W=W, A=A, B=B)
    array(got, forward(*CASES[1]), what="lora_forward")


# --------------------------------------------------------------------------------------------- lora_backward

SLOPES = {"g": (-3.0, 3.0), "s": (0.2, 4.0), "a": (-3.0, 3.0), "b": (-3.0, 3.0), "x": (-3.0, 3.0)}
UPSTREAM = [inputs.array(470 + place, (n, dout)) for place, (n, _, dout, _, _) in enumerate(SIZES)]


def backward(X, W, A, B, alpha, dY):
    whole = alpha / len(A) * dY.T @ X  # the slope by the product B @ A
    return B.T @ whole, whole @ A.T


def both(student, at, cases):
    """The slope by A (at 0) or by B (at 1) for each case, with the right one."""
    source = "[lora_backward(X, W, A, B, alpha, dY) for X, W, A, B, alpha, dY in given]"
    found = listed(student.eval(source, given=cases), len(cases))
    for got, case in zip(found, cases, strict=True):
        yield listed(got, 2, what="lora_backward")[at], backward(*case)[at]


def slopes_of_one_number(student, name, right, other, its):
    wrong = {
        f"s*{its}*x": f"{name}: where is g, the slope that arrives from the loss?",
        f"g*{its}*x": f"{name}: the scale s stands in front of the correction. Where is it?",
        f"g*s*{other}*x": f"{name}: nudge it a little: what is it multiplied by?",
        f"g*s*{its}": f"{name}: the input x is a factor of the correction, too.",
        f"g*s*{its}*x + g*s*{other}*x": f"{name}: only one of the two is nudged here, the other stays.",
        f"g*s*a*{its}*x": f"{name}: that is the correction itself. What remains if you take away the one you nudge?",
        "g*s*x": f"{name}: the correction has one more factor, which stays as it is.",
        f"g*{its}*x*s^2": f"{name}: how often is the scale a factor of the correction?",
    }
    symbolic(student, name, right, list(SLOPES), domain=SLOPES, wrong=wrong)


@pytest.mark.task("lora_backward")
def test_the_slope_by_a_single_a(student):
    """slope_a: how fast the loss moves with a, for a layer of single numbers."""
    slopes_of_one_number(student, "slope_a", "g*s*b*x", "a", "b")


@pytest.mark.task("lora_backward")
def test_the_slope_by_a_single_b(student):
    """slope_b: how fast the loss moves with b, for a layer of single numbers."""
    slopes_of_one_number(student, "slope_b", "g*s*a*x", "b", "a")


@pytest.mark.task("lora_backward", weight=3)
def test_the_slope_by_the_table_a(student):
    """dA: what arrives at the output, scaled, goes back through B, and meets what came in."""
    for got, right in both(student, 0, [(*case, dY) for case, dY in zip(CASES, UPSTREAM, strict=True)]):
        array(got, right, what="dA")


@pytest.mark.task("lora_backward", weight=3)
def test_the_slope_by_the_table_b(student):
    """dB: what arrives at the output, scaled, meets what came out of A."""
    for got, right in both(student, 1, [(*case, dY) for case, dY in zip(CASES, UPSTREAM, strict=True)]):
        array(got, right, what="dB")


@pytest.mark.task("lora_backward")
def test_the_slopes_at_the_usual_start(student):
    """At B = 0 nothing moves A, exactly, and B does move; where both are 0, nothing moves at all."""
    X, W, A, B, alpha = CASES[2]
    starts = [(X, W, A, 0 * B, alpha, UPSTREAM[2]), (X, W, 0 * A, 0 * B, alpha, UPSTREAM[2])]
    for got, right in both(student, 1, starts):
        array(got, right, what="dB")
    for got, right in both(student, 0, starts):
        assert not np.any(array(got, shape=right.shape, what="dA"))


@pytest.mark.task("lora_backward", weight=0.5)
def test_beside_a_huge_frozen_table(student):
    """The slopes come from the formulas, exact also where W is huge, and nothing that was given changes."""
    X, W, A, B, alpha = CASES[3]
    given = {"X": X, "W": 1e7 * W, "A": A, "B": B, "dY": UPSTREAM[3]}
    got = listed(unchanged(student, f"lora_backward(X, W, A, B, {alpha}, dY)", **given), 2, what="lora_backward")
    for found, right, name in zip(got, backward(*CASES[3], UPSTREAM[3]), ("dA", "dB"), strict=True):
        array(found, right, what=name)


@pytest.mark.task("lora_backward", weight=0.5)
def test_a_start_from_zeros(student):
    """both_zero: what descent does if A and B both start at 0."""
    asks = {
        "b": "the slope by B has X @ A.T in it. What is that, if A is 0?",
        "c": "the slope by A has dY @ B in it. What is that, if B is 0?",
        "d": "each slope has the other table as a factor. What are both factors here?",
    }
    letter(student, "both_zero", "a", asks)


# ------------------------------------------------------------------------------------------------ train_lora


def problem(seed, n, din, dout):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(dout, din)), rng.normal(size=(n, din)), rng.normal(size=(n, dout))


RUNS = [  # W, X, Y, r, alpha, lr, seed
    (*problem(481, 6, 4, 3), 2, 3.0, 0.1, 21),
    (*problem(482, 3, 5, 7), 3, 1.5, 0.3, 22),
    (*problem(483, 9, 2, 4), 1, 2.5, 0.2, 23),
]
TRAINED = "train_lora(W, X, Y, r, alpha, lr, {steps}, np.random.default_rng(seed))"


def error(W, X, Y, A, B, alpha):
    return float(np.mean((forward(X, W, A, B, alpha) - Y) ** 2))


def walked(W, X, Y, A, B, alpha, lr, steps):
    """A, B and the losses after some steps from A and B."""
    losses = [error(W, X, Y, A, B, alpha)]
    for _ in range(steps):
        dA, dB = backward(X, W, A, B, alpha, 2 * (forward(X, W, A, B, alpha) - Y) / Y.size)
        A, B = A - lr * dA, B - lr * dB
        losses.append(error(W, X, Y, A, B, alpha))
    return A, B, losses


def started(got, W, r):
    """A, B and the losses of what came back from a run, in the right shapes."""
    A, B, losses = listed(got, 3, what="train_lora")
    return (
        array(A, shape=(r, W.shape[1]), what="A"),
        array(B, shape=(len(W), r), what="B"),
        listed(losses, what="losses"),
    )


@pytest.mark.task("train_lora", weight=2)
def test_the_start(student):
    """No step: B is 0, A is random and of the right size, and the only loss is that of W alone."""
    W, X, Y = problem(484, 5, 60, 40)
    made = ", ".join(f"train_lora(W, X, Y, 30, 2.0, 0.1, 0, np.random.default_rng({seed}))" for seed in (1, 2, 1))
    runs = [started(got, W, 30) for got in listed(student.eval(f"[{made}]", W=W, X=X, Y=Y), 3)]
    for A, B, losses in runs:
        if np.any(B) and not np.any(A):
            raise Recognised("train_lora: your start is the other way round. Which of A and B is to be random?")
        if not np.any(A):
            raise Recognised("train_lora: A and B are both 0 at the start. Which slope is not 0 then?")
        if np.any(B):
            raise Recognised(
                "train_lora: B is not 0 at the start. What has the layer become, before anything is learned?"
            )
        array(losses, [float(np.mean((X @ W.T - Y) ** 2))], what="losses")
        if abs(np.std(A) * np.sqrt(60) - 1) > 0.2:
            raise Hint("train_lora: the numbers of A should have the spread 1/sqrt(din), as in unit 5.")
        assert abs(np.mean(A)) < 0.02  # 1,800 numbers: 6 standard errors
    if np.array_equal(runs[0][0], runs[1][0]) or not np.array_equal(runs[0][0], runs[2][0]):
        raise Hint("train_lora: draw A from the rng that is given: another one gives another A, the same the same.")


@pytest.mark.task("train_lora", weight=4)
def test_the_path(student):
    """After a few steps: A, B and every loss are those of descent on the mean squared error, from your own start."""
    for W, X, Y, r, alpha, lr, seed in RUNS:
        made = ", ".join(TRAINED.format(steps=steps) for steps in (0, 1, 6))
        runs = student.eval(f"[{made}]", W=W, X=X, Y=Y, r=r, alpha=alpha, lr=lr, seed=seed)
        first, *later = [started(got, W, r) for got in listed(runs, 3)]
        for (A, B, losses), steps in zip(later, (1, 6), strict=True):
            right = walked(W, X, Y, *first[:2], alpha, lr, steps)
            array(losses, right[2], what="losses")
            array(B, right[1], what="B")
            array(A, right[0], what="A")
            # From a start that is next to nothing (or at rest) no step can be seen, and standing still would be right.
            assert np.abs(B - first[1]).max() > 1e-6


@pytest.mark.task("train_lora")
def test_w_is_frozen(student):
    """W is the same to the last bit after training, and so are X and Y."""
    W, X, Y, r, alpha, lr, seed = RUNS[0]
    call = f"train_lora(W, X, Y, {r}, {alpha}, {lr}, 3, np.random.default_rng({seed}))"
    A, B, losses = started(unchanged(student, call, W=W, X=X, Y=Y), W, r)
    if len(losses) != 4:
        raise Hint("train_lora: one loss before each step, and the last one after all of them.")
    assert np.isclose(losses[-1], error(W, X, Y, A, B, alpha))  # what was learned is in A and B, not in a copy of W
    assert not np.isclose(losses[-1], losses[0], rtol=1e-6)  # and something was


def with_values(seed, dout, din, values):
    """A table with these singular values."""
    rng = np.random.default_rng(seed)
    U, V = (np.linalg.qr(rng.normal(size=(size, len(values))))[0] for size in (dout, din))
    return U * values @ V.T


LONG_WALKS = ((1, 2500), (2, 2500), (2, 1))  # rank and steps


@pytest.mark.task("train_lora", weight=2)
def test_what_rank_two_reaches_and_rank_one_leaves(student):
    """The layer is to change by a table of rank 2: rank 2 learns it all, rank 1 leaves the smaller part."""
    mine = variant("train_lora", choices(__file__)["TARGETS"], student=student.id)
    for seed, (large, small) in ((491, (2.0, 1.0)), (492, (mine["large"], mine["small"]))):
        W = np.random.default_rng(seed).normal(size=(4, 6))
        Y = (W + with_values(seed, 4, 6, [large, small])).T
        made = [f"train_lora(W, np.eye(6), Y, {r}, {1.25 * r}, 0.8, {steps}, rng({seed}))" for r, steps in LONG_WALKS]
        runs = listed(student.eval(f"(lambda rng: [{', '.join(made)}])(np.random.default_rng)", W=W, Y=Y), 3)
        A, B, _ = started(runs.pop(), W, 2)
        assert error(W, np.eye(6), Y, A, B, 2.5) * Y.size > 0.01  # a table that is right at once was not walked to
        for got, r, left in zip(runs, (1, 2), (small**2, 0.0), strict=True):
            A, B, losses = started(got, W, r)
            for loss in (number(losses[-1], what="losses"), error(W, np.eye(6), Y, A, B, 1.25 * r)):
                assert abs(loss * Y.size - left) < 1e-6


@pytest.mark.task("train_lora", weight=0.4)
def test_a_larger_alpha(student):
    """alpha_doubled: how lr and alpha work together in the first step."""
    asks = {
        "a": "after the first step, B has lr * alpha / r in it. How often is alpha in what the layer gives then?",
        "b": "alpha is in the slope by B. Is it once more in what the layer makes of B?",
        "d": "does a larger alpha make the first step of the output longer or shorter?",
    }
    letter(student, "alpha_doubled", "c", asks)


# ----------------------------------------------------------------------------------------------------- merge


@pytest.mark.task("merge", weight=2)
def test_merged_tables(student):
    """merge: one table that gives what the layer and its correction give together."""
    given = [case[1:] for case in CASES]
    found = listed(student.eval("[merge(*args) for args in given]", given=given), len(given))
    for got, (X, W, A, B, alpha) in zip(found, CASES, strict=True):
        array(X @ array(got, shape=W.shape, what="merge").T, forward(X, W, A, B, alpha), rel=1e-10, what="merge")


@pytest.mark.task("merge")
def test_and_taken_apart_again(student):
    """unmerge: the frozen table again, from one that was merged."""
    given = [(*layer(10 + place, *sizes)[1:], alpha) for place, (*sizes, alpha) in enumerate(SIZES)]
    found = listed(student.eval("[unmerge(*args) for args in given]", given=given), len(given))
    for got, (merged, A, B, alpha) in zip(found, given, strict=True):
        array(got, merged - alpha / len(A) * B @ A, rel=1e-9, abs=1e-9, what="unmerge")


@pytest.mark.task("merge", weight=0.5)
def test_merging_changes_nothing_that_it_is_given(student):
    """Both make a new table; W, A and B are left as they were."""
    for place, (name, sign) in enumerate((("merge", 1), ("unmerge", -1)), start=20):
        _, W, A, B = layer(place, *SIZES[1][:-1])
        got = unchanged(student, f"{name}(W, A, B, 2.5)", W=W, A=A, B=B)
        array(got, W + sign * 2.5 / len(A) * B @ A, what=name)


# ------------------------------------------------------------------------------------------------- best_rank

TABLES = [inputs.array(501, (4, 6)), inputs.array(502, (5, 3)), with_values(503, 7, 5, [6.0, 2.5, 0.5])]
TABLES.append(inputs.array(504, (3, 4)) * 1e-9)


def left_over(D):
    squares = np.linalg.svd(D, compute_uv=False) ** 2
    return np.append(np.cumsum(squares[::-1])[::-1], 0)


@pytest.mark.task("best_rank", weight=3)
def test_as_close_as_the_rank_allows(student):
    """best_rank: thin tables of the right shapes, and their product is as close as any of this rank, 0 included."""
    given = [(D, r) for D in TABLES for r in range(min(D.shape) + 1)]
    found = listed(student.eval("[best_rank(*args) for args in given]", given=given), len(given))
    for got, (D, r) in zip(found, given, strict=True):
        B, A = listed(got, 2, what="best_rank")
        B, A = array(B, shape=(len(D), r), what="B"), array(A, shape=(r, D.shape[1]), what="A")
        assert abs(np.sum((D - B @ A) ** 2) - left_over(D)[r]) < 1e-9 * np.sum(D**2)


@pytest.mark.task("best_rank", weight=2)
def test_what_each_rank_leaves(student):
    """tail: for each rank, from 0 to the full one, the sum of the squared singular values that are left."""
    found = listed(student.eval("[tail(D) for D in given]", given=TABLES), len(TABLES))
    for got, D in zip(found, TABLES, strict=True):
        array(listed(got, what="tail"), left_over(D), abs=1e-9, what="tail")


@pytest.mark.task("best_rank")
def test_the_plot_of_what_is_left(student):
    """rank_plot: what is left over, over the rank."""
    for D in TABLES[:2]:
        ax = axes(student, student.rank_plot(D), what="rank_plot")
        lines = [np.asarray(line.xy) for line in ax.lines if line.label.strip().lower() == "left over"]
        fitting = [xy for xy in lines if xy.shape == (min(D.shape) + 1, 2)]
        if not fitting:
            raise Hint('rank_plot: there is no line labelled "left over" with a point at each rank from 0 on.')
        array(fitting[0], np.column_stack([range(min(D.shape) + 1), left_over(D)]), abs=1e-9, what="rank_plot")


@pytest.mark.task("best_rank")
def test_what_is_left_of_yours(student):
    """my_rest: what the best thin tables leave of your own change."""
    mine = variant("best_rank", choices(__file__)["VALUES"], student=student.id)
    rest = mine["values"][mine["r"] :]
    found = number(answer(student, "my_rest"), what="my_rest")
    if found == sum(rest):
        raise Hint("my_rest: the error is a sum of squares. What is done to each value before they are added?")
    if found == sum(value**2 for value in mine["values"][: mine["r"]]):
        raise Hint("my_rest: these are the ones that the rank catches. Which ones does it leave?")
    if found == rest[0] ** 2:
        raise Hint("my_rest: that is what the next one holds. What about those after it?")
    number(found, sum(value**2 for value in rest), what="my_rest")
