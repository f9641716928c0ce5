"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kept, several, shown, typed
from kit.hints import Question
from kit.measured import slope_of

HINTS = {
    "outer_products": [
        "`B[:, k]` is column k of B, and `A[k]` is row k of A. Which entry has the outer product at [i, j]?",
        "np.outer(column, row) makes the table. For the count: B has dout rows and r columns.",
        "[np.outer(B[:, k], A[k]) for k in range(len(A))], and (dout*din, r*(dout + din)).\n"
        "On paper: solve r*(dout + din) = dout*din for r.",
    ],
    "lora_forward": [
        "What does the frozen layer give? And what does X become when it goes through A?",
        "H = X @ A.T has one number for each example and rank. Then B.T. How is it scaled?",
        "X @ W.T + alpha/r * (X @ A.T) @ B.T, with r = len(A).",
    ],
    "lora_backward": [
        "For the single numbers: in s*b*a*x, which factors stay when a is nudged? Then times g.",
        "H = X @ A.T came in at B, and there arrives s*dY. At A came in X. What arrives there?",
        "What arrives at A is dH = s * dY @ B, and a slope is (what arrives).T @ (what came in): dA = dH.T @ X,\n"
        "dB = (s*dY).T @ H.",
    ],
    "train_lora": [
        "A = rng.normal(size=(r, din)) / np.sqrt(din), B = np.zeros((dout, r)). Then the loop of unit 5.",
        "In each step: P = lora_forward(...), the loss, dY = 2*(P - Y)/P.size, then both slopes, then both updates.",
        "dA, dB = lora_backward(X, W, A, B, alpha, dY);  A = A - lr*dA;  B = B - lr*dB. One more loss at the end.\n"
        "The letter: B becomes -lr*dB, and dB has alpha in it. Then B is multiplied by alpha again.",
    ],
    "merge": [
        "The correction is a table of the shape of W. Which product makes it?",
        "alpha/r * B @ A. Which sign has it in merge, and which in unmerge?",
        "W + alpha/len(A) * B @ A, and W2 - alpha/len(A) * B @ A: new arrays, no +=.",
    ],
    "best_rank": [
        "U, values, V = np.linalg.svd(D, full_matrices=False). Which columns of U, and which rows of V, are kept?",
        "B = U[:, :r] * values[:r] and A = V[:r]. For tail: squares = values**2. What does rank r leave of them?",
        "[squares[r:].sum() for r in range(len(squares) + 1)]; ax.plot(range(len(left)), left, label='left over').\n"
        "my_rest: square the values after the first r, and add them up.",
    ],
}

RECALL = {
    1: Question("b", "B = 0 makes the correction 0, and A is random, so that dB is not 0.", "See section 4."),
    2: Question("5", "1 + 4: the squares of what is dropped.", "See section 6: what is left is a sum of squares."),
    3: Question("b", "What arrives, times what came in: dY.T @ X, if W is (dout, din).", "See section 8 of unit 3."),
}
SLOPES = {
    "slope_a": slope_of(lambda g, s, a, b, x: g * s * b * a * x, by="a", b=(-3, 3), g=2, s=0.5, a=3, x=2),
    "slope_b": slope_of(lambda g, s, a, b, x: g * s * b * a * x, by="b", a=(-3, 3), g=2, s=0.5, b=5, x=2),
}


# ------------------------------------------------------------------------------------------------- 1 outer_products


@pytest.mark.task("outer_products")
def test_tables(student):
    """one table for each column and row"""
    B, A = np.array([[1.0, 4.0], [2.0, 0.0], [0.0, 5.0]]), np.array([[3.0, 1.0], [1.0, -1.0]])
    for place, (left, right) in enumerate([(B[:, :1], A[:1]), (B, A)]):
        call = f"outer_products(np.array({left.tolist()}), np.array({right.tolist()}))"
        got = student.outer_products(left, right)
        assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
        listed = isinstance(got, list | tuple) or hasattr(got, "shape")
        assert listed, f"`{call}` should give a list of tables."
        got = list(got)
        many = f"B has {place + 1} column{'s' * place}: is there a table for each?"
        assert len(got) == place + 1, f"`{call}` gave {len(got)} tables. {many}"
        for k, table in enumerate(got):
            ask = f"Entry [i, j] is B[i, {k}] * A[{k}, j]."
            all_close(f"{call}[{k}]", table, [[b * a for a in right[k]] for b in left[:, k]], ask)


@pytest.mark.task("outer_products")
def test_counting(student):
    """how many numbers"""
    for dout, din, r, expected in [(7, 5, 2, (35, 24)), (100, 20, 3, (2000, 360))]:
        call = f"count({dout}, {din}, {r})"
        got = several(call, student.count(dout, din, r), "full", "lora", arrays=True)
        close(f"{call}[0]", got[0], expected[0], "A whole table has dout rows of din numbers.")
        close(f"{call}[1]", got[1], expected[1], "B is (dout, r) and A is (r, din). How many numbers in each?")


@pytest.mark.task("outer_products")
def test_even(student):
    """where it breaks even, and for your layer"""
    found = typed(student, "break_even", ["dout", "din"])
    for dout, din in [(10.0, 10.0), (6.0, 3.0)]:
        where = f"dout = {dout:g}, din = {din:g}"
        agrees("break_even", found(dout=dout, din=din), dout * din / (dout + din), where, "r*(dout + din) = dout*din.")
    mine = student.value("my_layer")
    got = student.value("my_largest_rank")
    close("my_largest_rank", got, got)
    assert got == int(got), f"`my_largest_rank` is {got:g}: a rank is a whole number."
    dout, din = mine["dout"], mine["din"]
    thin, more = int(got) * (dout + din), (int(got) + 1) * (dout + din)
    says = (
        f"`my_largest_rank`: with rank {int(got)} the thin tables have {thin} numbers, the whole one has {dout * din}."
    )
    assert thin < dout * din, f"{says} Fewer are wanted."
    assert more >= dout * din, f"{says} With one rank more, they still have fewer: {more}."


# --------------------------------------------------------------------------------------------------- 2 lora_forward

W, X = np.array([[1.0, 0.5], [0.0, 2.0], [-1.0, 1.0]]), np.array([[3.0, 2.0], [1.0, -1.0], [0.0, 4.0], [2.0, 2.0]])
A, B = np.array([[1.0, -1.0]]), np.array([[2.0], [0.0], [1.0]])
A2, B2 = np.array([[1.0, -1.0], [0.0, 1.0]]), np.array([[2.0, 0.0], [1.0, 1.0], [0.0, -3.0]])


@pytest.mark.task("lora_forward")
def test_layer_and_correction(student):
    """the frozen layer plus the scaled correction"""
    eye = np.eye(2)
    call = "lora_forward(np.array([[3, 2]]), np.eye(2), np.array([[1, -1], [0, 1]]), np.array([[2, 0], [1, 1]]), 1)"
    got = student.lora_forward(np.array([[3.0, 2.0]]), eye, A2, B2[:2], 1.0)
    all_close(call, got, [[4.0, 3.5]], "The worked instance: [[3, 2]] from W, and [[1, 1.5]] from the correction.")
    for a, b, alpha in [(A, B, 3.0), (A2, B2, 5.0), (A2, 0 * B2, 5.0)]:
        r = len(a)
        before = [part.copy() for part in (X, W, a, b)]
        got = student.lora_forward(X, W, a, b, alpha)
        says = f"Rank {r}, alpha {alpha:g}: what stands in front of (X @ A.T) @ B.T, and what is added to it?"
        what = "lora_forward(X, W, A, B, alpha)"
        for given, old in zip((X, W, a, b), before, strict=True):
            kept(what, given, old)
        all_close(f"{what}, A = {a.tolist()}, B = {b.tolist()}", got, X @ W.T + alpha / r * (X @ a.T @ b.T), says)


@pytest.mark.task("lora_forward")
def test_order(student):
    """X goes through A first"""
    got = student.lora_forward(np.array([[2e250]]), np.zeros((1, 1)), np.array([[3e-180]]), np.array([[5e-170]]), 1.0)
    call = "lora_forward([[2e250]], [[0]], [[3e-180]], [[5e-170]], 1)"
    ask = "The product B @ A is too small for the computer, and becomes 0. X @ A.T is not. Which comes first?"
    assert got is not None, f"`{call}` gave None. Is there still a `...`, or is the `return` missing?"
    assert np.shape(got) == (1, 1), f"`{call}` gave the shape {np.shape(got)}, expected (1, 1)."
    assert abs(np.ravel(got)[0] / 3e-99 - 1) < 1e-9, f"`{call}` gave {np.ravel(got)[0]:.6g}, expected 3e-99.\n{ask}"


# -------------------------------------------------------------------------------------------------- 3 lora_backward


@pytest.mark.task("lora_backward")
def test_single_numbers(student):
    """the slopes for single numbers"""
    by_a, by_b = typed(student, "slope_a", [*"gsabx"]), typed(student, "slope_b", [*"gsabx"])
    for g, s, a, b, x in [(10.0, 0.5, 3.0, 5.0, 2.0), (-1.0, 2.0, 7.0, 3.0, 4.0)]:
        where = f"g = {g:g}, s = {s:g}, a = {a:g}, b = {b:g}, x = {x:g}"
        ask = "Which factors of the correction stay, and what arrives?"
        agrees("slope_a", by_a(g=g, s=s, a=a, b=b, x=x), g * s * b * x, where, ask)
        agrees("slope_b", by_b(g=g, s=s, a=a, b=b, x=x), g * s * a * x, where, ask)


@pytest.mark.task("lora_backward")
def test_slopes(student):
    """the two slopes"""
    dY = np.array([[10.0, 0.0, 1.0], [1.0, -2.0, 0.0], [0.0, 1.0, 3.0], [0.5, 0.0, -1.0]])
    for a, b, alpha, huge in [(A2, B2, 1.0, 1.0), (A2, 0 * B2, 3.0, 1.0), (A, B, 0.5, 1e9)]:
        s, r = alpha / len(a), len(a)
        before = dY.copy()
        call = f"lora_backward(X, W, A, B, {alpha:g}, dY)"
        got = several(call, student.lora_backward(X, huge * W, a, b, alpha, dY), "dA", "dB", arrays=True)
        kept(call, dY, before)
        ask = f"Rank {r}, so the scale is {s:g}. At A came in X, and there arrives s * dY @ B."
        all_close(f"{call}[0]", got[0], s * np.einsum("no,or,ni->ri", dY, b, X), ask)
        ask = f"Rank {r}, so the scale is {s:g}. At B came in X @ A.T, and there arrives s * dY."
        all_close(f"{call}[1]", got[1], s * np.einsum("no,ni,ri->or", dY, X, a), ask)


@pytest.mark.task("lora_backward")
def test_letter(student):
    """a start from zeros"""
    chosen(student, "both_zero")


# ----------------------------------------------------------------------------------------------------- 4 train_lora


def run(student, r, steps, seed=3, *, alpha=3.0, lr=0.2):
    """A, B and the losses of the learner's training on a small problem."""
    rng = np.random.default_rng(seed)
    X, W, Y = rng.normal(size=(5, 40)), rng.normal(size=(3, 40)), rng.normal(size=(5, 3))
    before = [X.copy(), W.copy(), Y.copy()]
    call = f"train_lora(W, X, Y, {r}, {alpha:g}, {lr:g}, {steps}, np.random.default_rng({seed}))"
    got = several(
        call,
        student.train_lora(W, X, Y, r, alpha, lr, steps, np.random.default_rng(seed)),
        "A",
        "B",
        "losses",
        arrays=True,
    )
    for name, given, old in zip("XWY", (X, W, Y), before, strict=True):
        assert np.array_equal(given, old), (
            f"`{call}` has changed {name}. Only A and B move, and each step makes new ones."
        )
    a, b, losses = got
    for name, part, shape in (("A", a, (r, 40)), ("B", b, (3, r))):
        assert np.shape(part) == shape, f"`{call}`: {name} has the shape {np.shape(part)}, expected {shape}."
    says = f"`{call}` gave {len(losses)} losses: one before each step is wanted, and the last one after all of them."
    assert len(losses) == steps + 1, says
    return call, X, W, Y, np.asarray(a), np.asarray(b), losses


@pytest.mark.task("train_lora")
def test_begin(student):
    """the start, before any step"""
    call, X, W, Y, a, b, losses = run(student, 20, 0)
    assert np.any(a), f"`{call}`: A is all zeros. Which slope is not 0 then, if B is 0 as well?"
    assert not np.any(b), f"`{call}`: B is not 0 at the start. What has the layer become, before anything is learned?"
    close(f"{call}[2][0]", losses[0], np.mean((X @ W.T - Y) ** 2), "With B = 0 it is the loss of W alone, a mean.")
    spread = np.std(a) * np.sqrt(40)
    assert 0.8 < spread < 1.2, f"`{call}`: the spread of A is {np.std(a):.3f}, expected about 1/√40 = 0.158."
    again = run(student, 20, 0, seed=4)[4]
    assert not np.array_equal(a, again), "Another rng, and the same A. Is it drawn from the rng that you are given?"


@pytest.mark.task("train_lora")
def test_steps(student):
    """one step, and two"""
    _, X, W, Y, a0, _, losses = run(student, 2, 0)
    error = X @ W.T - Y
    dY = 2 * error / Y.size
    b1 = -0.2 * 1.5 * np.einsum("no,ni,ri->or", dY, X, a0)
    call, *_, a1, b, losses = run(student, 2, 1)
    all_close(f"{call}[1]", b, b1, "B = 0 - lr * dB, and the slope of the mean squared error is 2*(P - Y)/P.size.")
    all_close(f"{call}[0]", a1, a0, "In the first step dA is 0, because B is 0.")
    error1 = error + 1.5 * X @ a0.T @ b1.T
    close(f"{call}[2][1]", losses[1], float(np.mean(error1**2)), "The last loss is that of the A and B you return.")
    call, *_, a2, b2, losses = run(student, 2, 2)
    a2_right = a0 - 0.2 * 1.5 * np.einsum("no,or,ni->ri", 2 * error1 / Y.size, b1, X)
    all_close(f"{call}[0]", a2, a2_right, "In the second step A moves as well.")
    b2_right = b1 - 0.2 * 1.5 * np.einsum("no,ni,ri->or", 2 * error1 / Y.size, X, a0)
    all_close(f"{call}[1]", b2, b2_right, "In each step both slopes are those before either of the two moves.")
    close(f"{call}[2][1]", losses[1], float(np.mean(error1**2)), "The second loss is that before the second step.")


@pytest.mark.task("train_lora")
def test_louder(student):
    """alpha and lr"""
    chosen(student, "alpha_doubled")


# ---------------------------------------------------------------------------------------------------------- 5 merge


@pytest.mark.task("merge")
def test_merged(student):
    """one table for both, and back"""
    for a, b, alpha in [(A, B, 3.0), (A2, B2, 5.0)]:
        wide = alpha / len(a) * np.array([[sum(b[i] * a[:, j]) for j in range(2)] for i in range(3)])
        frozen, both = W.copy(), W + wide
        call = f"merge(W, A, B, {alpha:g})"
        says = f"Rank {len(a)}: which table is added to W?"
        all_close(call, student.merge(frozen, a, b, alpha), W + wide, says)
        kept(call, frozen, W)
        call = f"unmerge(W2, A, B, {alpha:g})"
        all_close(call, student.unmerge(both, a, b, alpha), W, "What was added is taken off again.")
        kept(call, both, W + wide)


# ------------------------------------------------------------------------------------------------------ 6 best_rank

SEEN = [  # tables whose singular values can be seen, 3 and 1, 10 and 5, and what each rank leaves
    (np.array([[3.0, 0.0], [0.0, 1.0]]), [10.0, 1.0, 0.0]),
    (np.array([[0.0, 0.0], [-4.0, 3.0], [6.0, 8.0]]), [125.0, 25.0, 0.0]),
]


@pytest.mark.task("best_rank")
def test_closest(student):
    """as close as the rank allows"""
    for D, left in SEEN:
        for r in (0, 1, 2):
            call = f"best_rank(np.array({D.tolist()}), {r})"
            b, a = several(call, student.best_rank(D, r), "B", "A", arrays=True)
            for name, part, shape in (("B", b, (len(D), r)), ("A", a, (r, 2))):
                assert np.shape(part) == shape, f"`{call}`: {name} has the shape {np.shape(part)}, expected {shape}."
            rest = float(np.sum((D - np.asarray(b) @ np.asarray(a)) ** 2))
            says = f"`{call}`: B @ A leaves the squared error {rest:.4g}; rank {r} can leave {left[r]:g}."
            assert abs(rest - left[r]) < 1e-9, f"{says} Are the sizes in it, once, the largest first?"


@pytest.mark.task("best_rank")
def test_left(student):
    """what each rank leaves, and the plot"""
    for D, left in SEEN:
        call = f"tail(np.array({D.tolist()}))"
        all_close(call, student.tail(D), left, "From rank 0 to the full one: the sums of the squares that are dropped.")
    D, left = SEEN[1]
    call = f"rank_plot(np.array({D.tolist()}))"
    try:
        (ax,) = drawn(call, student.rank_plot(D), 1)
        lines = [xy for xy in shown(ax, "left over") if len(xy) == 3]
        assert lines, f'`{call}`: there is no line labelled "left over" with a point at each rank, 0, 1 and 2.'
        all_close('the ranks of "left over"', lines[0][:, 0], [0, 1, 2])
        all_close('the heights of "left over"', lines[0][:, 1], left, "tail(D), over the rank.")
    finally:
        plt.close("all")


@pytest.mark.task("best_rank")
def test_rest(student):
    """what is left of yours"""
    mine, got = student.value("my_values"), student.value("my_rest")
    whole, r = sum(value**2 for value in mine["values"]), mine["r"]
    close("my_rest", got, got)
    ask = f"Rank {r} catches the first {r} of {mine['values']}. What is the sum of the squares of the others?"
    caught = sum(value**2 for value in mine["values"][:r])
    assert abs(caught + got - whole) < 1e-9, f"`my_rest` is {got:g}. {ask}"
