# %% [markdown]
# # On demand: what LoRA is doing
#
# *On demand. It builds on the layer and its way back (unit 3), going down by steps (unit 2) and the mean squared error
# (unit 5, section 1). About two and a half hours, with a good place for a break after section 3.*
#
# **A puzzle to begin with.** A reader of digits as in unit 5, with 26,122 numbers, reads 98 of 100 digits. Turn the
# paper by 30 degrees, and it reads one in three. You could train all of it again; then it reads turned digits, and has
# forgotten many of the upright ones. Or you could leave every number of it as it is, down to the last bit, and put a
# twentieth as many new numbers *beside* them. It reads the turned digits just as well, and the old reader is still
# there. This is how language models with billions of numbers are taught new skills on a single computer. Where do so
# few numbers get their power from?

# %%
import matplotlib.pyplot as plt
import numpy as np
from kit import bring, check, greet, hint, needed, pictures, recall, variant
from kit.data import digits, turned

plt.rcParams["figure.dpi"] = 90
learn, held_back = digits()
pictures.turned_paper(held_back[0], turned(held_back[0], 30))
greet()
needed()

# %% [markdown]
# It goes as before: **read, predict, write, check**; `hint("outer_products")` in a new cell helps when you are stuck.
#
# ## 1. Thin tables
#
# A layer with 4,096 inputs and 4,096 outputs has a table of 17 million weights. To change it, you add another table,
# and that one has 17 million numbers as well. Unless it is of a simple kind.
#
# The simplest kind is *one column times one row*, the **outer product**: entry `[i, j]` is the column's number `i`
# times the row's number `j`.
#
# **One worked out.** The column $(1, 2)$ and the row $(3, 0, 1)$ give
#
# $$\begin{pmatrix} 1 \\ 2 \end{pmatrix} \begin{pmatrix} 3 & 0 & 1 \end{pmatrix} =
# \begin{pmatrix} 3 & 0 & 1 \\ 6 & 0 & 2 \end{pmatrix}$$
#
# Five numbers made six. With 4,096 each, 8,192 numbers make 17 million. The price: every row of such a table is a
# multiple of the *same* row. It can do only one thing. It has **rank 1**.
#
# Two such tables added up can do two things: rank 2. Now put `r` columns side by side into a tall table `B`, and `r`
# rows below each other into a wide table `A`. Then the product `B @ A` is the sum of all `r` outer products. That is
# what multiplying tables *is*, seen from the other side.

# %%
pictures.thin_tables()
# %% [markdown]
# ### Predict
# A square table, 4,096 × 4,096. From which rank on do the two thin tables have *more* numbers than the whole one?

# %% folded="numbers"
SIZES = [
    {"dout": 50, "din": 30},
    {"dout": 40, "din": 70},
    {"dout": 90, "din": 35},
    {"dout": 45, "din": 80},
    {"dout": 55, "din": 25},
    {"dout": 64, "din": 36},
]
my_layer = variant("outer_products", SIZES)
print(f"Your layer: {my_layer['din']} inputs, {my_layer['dout']} outputs.")

# %% [markdown]
# ### Your turn
# - `outer_products(B, A)`: the list of the `r` tables whose sum is `B @ A`, the first column and row first.
# - `count(dout, din, r)`: the pair `(full, lora)`: how many numbers has a whole table `(dout, din)`, and how many have
#   the two thin ones together?
# - `break_even`: the rank at which both have equally many, as a text with `dout` and `din`.
# - `my_largest_rank`: the largest rank for which *your* layer (printed above) has fewer numbers in the thin tables. A
#   whole number.
#
# <details><summary>Exactly what is tested</summary>
#
# - `B` has the shape `(dout, r)`, `A` has `(r, din)`. Each table in the list has the shape `(dout, din)`. A loop over
#   `r` is fine.
# - `my_largest_rank` counts *fewer*, not equally many.
#
# </details>

# %% task="outer_products"
def outer_products(B, A):
    """The r tables (dout, din) that add up to B @ A: each is one column of B times one row of A."""
    ...


def count(dout, din, r):
    """(full, lora): how many numbers the whole table has, and how many B and A have together."""
    ...


break_even = (
    ...
)
my_largest_rank = (
    ...
)

# %% check="outer_products"
check("outer_products")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# From 2,049 on. Nobody goes there: 8 or 16 is usual. Rank 8 costs 65,536 numbers instead of 17 million, one part in
# 256.
#
# </details>

# %% [markdown]
# ## 2. A frozen layer, and a thin correction
#
# LoRA, **low-rank adaptation**, keeps the table `W` as it was trained, *frozen*, and adds a thin correction. In
# symbols, for one input `x`:
#
# $$y = W x + \frac{\alpha}{r}\, B A x$$
#
# The number $\alpha$ ("alpha") says how loud the correction is. It is divided by the rank, so that you need not tune it
# again when you change the rank. Here `W` has the shape `(dout, din)`, the other way round than in unit 3, because the
# papers write it so. With examples as rows, the frozen layer gives `X @ W.T`. And the correction?
#
# **One worked out.** One example with two inputs, two outputs, rank 2, `alpha = 1`:
#
# ```
# X = [[3, 2]]    A = [[1, -1],    B = [[2, 0],
#                      [0,  1]]         [1, 1]]
# ```
#
# First through `A`: $3 \cdot 1 - 2 \cdot 1 = 1$ and $3 \cdot 0 + 2 \cdot 1 = 2$, so `[[1, 2]]`: one number for each
# rank. Then through `B`: $1 \cdot 2 + 2 \cdot 0 = 2$ and $1 \cdot 1 + 2 \cdot 1 = 3$. Scaled by 1/2, the correction is
# `[[1, 1.5]]`. It is added to what `W` gives.
#
# The large table `B @ A` was never built. With 4,096 inputs and outputs it would take 134 MB of memory, and far more
# multiplications than the two thin tables.
#
# ### Predict
# `B` is all zeros. What does the layer give?
#
# ### Your turn
# - `lora_forward(X, W, A, B, alpha)`: what the layer gives with its correction, of the shape `(n, dout)`.
#
# <details><summary>Exactly what is tested</summary>
#
# - Shapes: `X` `(n, din)`, `W` `(dout, din)`, `A` `(r, din)`, `B` `(dout, r)`. The rank `r` is that of `A` and `B`;
#   `alpha` is a number, usually not equal to `r`. There is no bias.
# - `X` goes through `A` first. One test has `A` and `B` so small that an entry of `B @ A` would be 0 for the computer,
#   and `X` so large that the right order gives ordinary numbers.
# - Nothing that is given changes.
#
# </details>

# %% task="lora_forward"
def lora_forward(X, W, A, B, alpha):
    """The layer with its thin correction: X (n, din), W (dout, din), A (r, din), B (dout, r) -> (n, dout)."""
    ...


# %% check="lora_forward"
check("lora_forward")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# What it gave before, `X @ W.T`, as if nothing had been added. Keep that in mind for the start of training.
#
# </details>

# %% [markdown]
# ## 3. Two thin slopes
#
# `W` is frozen, so nobody asks for its slope. You want the slopes of the loss by `A` and by `B`.
#
# **First with single numbers.** One input, one output, rank 1, and `s` for the scale: $y = w x + s\,b\,a\,x$.
#
# **One worked out.** $x = 2$, $a = 3$, $b = 5$, $s = 1/2$. Nudge $a$ by eps: the correction becomes $\frac12 \cdot 5
# \cdot (3 + \varepsilon) \cdot 2 = 15 + 5\varepsilon$. It moves 5 times as fast as $a$. And if the loss moves 10 times
# as fast as $y$ (the slope that arrives from the right, call it $g$), it moves 50 times as fast as $a$.
#
# **Then with tables.** The correction is two layers in a row, without an activation between them: `H = X @ A.T`, and
# then `s * H @ B.T`. So it is unit 3 twice: *what arrives* meets *what came in*. Here `W` is `(dout, din)`, so the
# slope by `W` of a layer `Y = X @ W.T` is `dY.T @ X`, and the slope by `X` is `dY @ W`.
#
# **One worked out.** The numbers of section 2: `H = [[1, 2]]`, $s = 1/2$, and `dY = [[10, 0]]` arrives from the
# right. At `B` it arrives scaled, as `[[5, 0]]`, and what came in there was `H`. So
#
# $$dB = \begin{pmatrix} 5 \\ 0 \end{pmatrix} \begin{pmatrix} 1 & 2 \end{pmatrix} = \begin{pmatrix} 5 & 10 \\ 0 & 0
# \end{pmatrix}$$
#
# ### Predict
# `B` is 0 and `A` is not, as at the usual start. Which of the two slopes is 0?
#
# ### Your turn
# - `slope_a`, `slope_b`: for single numbers, the slope of the loss by `a` and by `b`, as texts with `g`, `s`, `a`, `b`
#   and `x`.
# - `lora_backward(X, W, A, B, alpha, dY)`: the pair `(dA, dB)`.
# - `both_zero`: somebody starts with `A` *and* `B` at 0. After 1,000 steps **(a)** both are still 0, **(b)** only `B`
#   has moved, **(c)** only `A` has moved, **(d)** both have moved. Write the letter; it is judged when you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# `dY` has the shape `(n, dout)`; if the loss is a mean, the 1/n is in it already. `dA` has the shape of `A`, `dB` that
# of `B`. They come from formulas, exact to rounding, also where `W` is a million times larger than all the rest
# (measuring with small steps is not, there). Nothing that is given changes.
#
# </details>

# %% task="lora_backward"
slope_a = (
    ...
)
slope_b = (
    ...
)


def lora_backward(X, W, A, B, alpha, dY):
    """(dA, dB): the slopes of the loss by A and by B, when those by the output are dY (n, dout)."""
    ...


both_zero = (
    ...
)

# %% check="lora_backward"
check("lora_backward")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# `dA`: it has `B` as a factor, and `dB` has `A`. So in the first step only `B` moves; then `B` is not 0 any more, and
# both move.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 2 is behind you (about 75 minutes); part 2 takes about 75. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 4. Learning the correction
#
# The start: `A` random, `B` zero. Then the correction is 0, the layer is the one that you know, and yet there is a
# slope to follow. From there each step does four things, as in unit 5: **forward** (what does the layer give?), the
# **loss** (how wrong is that?), **backward** (which slopes follow?), and **update** (every number goes a little against
# its slope). Only `A` and `B` move.
#
# **One worked out.** One step with single numbers: $w = 1$, $x = 1$, the target is 3, $s = 2$; $a = 0.5$, $b = 0$,
# `lr = 0.1`. Forward: $y = 1$, the loss is $(1 - 3)^2 = 4$, and $g = 2 \cdot (1 - 3) = -4$. The slope by $a$ is 0, the
# slope by $b$ is $g\,s\,a\,x = -4$. So $b$ becomes 0.4, and $y$ becomes $1 + 2 \cdot 0.4 \cdot 0.5 = 1.4$.

# %% folded="numbers"
TARGETS = [
    {"large": 3, "small": 2},
    {"large": 4, "small": 3},
    {"large": 4, "small": 1.5},
    {"large": 3, "small": 1.2},
    {"large": 5, "small": 2.5},
    {"large": 5, "small": 3},
]
my_change = variant("train_lora", TARGETS)
print(f"Your layer is to change by two outer products, of the sizes {my_change['large']} and {my_change['small']}.")

# %% [markdown]
# ### Predict
# The target is a layer that differs from `W` by *two* outer products. One is larger and one is smaller; the sizes are
# printed above. You train with rank 1. Which of the two will it learn? And how much squared error will be left, as a
# sum over all entries?
#
# ### Your turn
# - `train_lora(W, X, Y, r, alpha, lr, steps, rng)`: start, then `steps` steps of descent on the mean squared error
#   between `lora_forward` and `Y`, on all rows. Return `(A, B, losses)`.
# - `alpha_doubled`: you double `alpha`. Which `lr` changes what the layer *gives* as much as before, in the first step?
#   **(a)** the same, **(b)** half of it, **(c)** a quarter, **(d)** twice as much. Write the letter; it is judged when
#   you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# - The start: `A` of the shape `(r, din)`, from a normal distribution around 0 with the spread 1/√din, drawn from `rng`
#   and nothing else: `rng.normal(size=(r, din)) / np.sqrt(din)`. `B` of the shape `(dout, r)`, zeros.
# - The loss is the mean over all `n*dout` entries. `losses` has `steps + 1` numbers: before the first step, before the
#   second, and so on, and last that of the `A` and `B` that you return.
# - `W`, `X` and `Y` are the same to the last bit afterwards.
# - A target that is two outer products away: rank 2 reaches it, and rank 1 leaves what it must.
#
# </details>

# %% task="train_lora"
def train_lora(W, X, Y, r, alpha, lr, steps, rng):
    """(A, B, losses): `steps` steps of descent on the mean squared error; W stays frozen."""
    ...


alpha_doubled = (
    ...
)

# %% check="train_lora"
check("train_lora")

# %%
pictures.what_rank_leaves(train_lora, my_change["large"], my_change["small"])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Rank 1 learns the larger one. What is left is the *square* of the smaller one, to all digits, and no training removes
# it. Rank 2 leaves nothing. You could have known that before the first step; section 6 says how.
#
# </details>

# %% [markdown]
# ## 5. Merge
#
# After training, every layer has two more tables and a sum, and that costs time whenever the net is used. It need not.
# The correction is a table like `W`, of the same shape. Add it to `W`, once, and throw `A` and `B` away. Or keep them,
# and take the correction off again: one net with ten corrections for ten tasks, each of them a small file.
#
# **One worked out.** For the numbers of section 2, `B @ A` is $\begin{pmatrix} 2 & -2 \\ 1 & 0 \end{pmatrix}$, and half
# of it is added to `W`.
#
# ### Your turn
# - `merge(W, A, B, alpha)`: the one table that does what `W` and the correction do together.
# - `unmerge(W2, A, B, alpha)`: the `W` that was there before.
#
# <details><summary>Exactly what is tested</summary>
#
# Both return a new table; what is given stays as it was. `X @ merge(...).T` agrees with the layer and its correction to
# ten digits.
#
# </details>

# %% task="merge"
def merge(W, A, B, alpha):
    """One table (dout, din) that does what W and the correction do together."""
    ...


def unmerge(W2, A, B, alpha):
    """The table W from which `merge` made W2."""
    ...


# %% check="merge"
check("merge")

# %% [markdown]
# ## 6. How good can rank r be?
#
# Every table `D` is a sum of outer products; there are many such sums. One of them is the best. Its columns have the
# length 1, which means that their squares add up to 1. They are **perpendicular** to each other: multiply two of them
# entry by entry, and the products add up to 0. Its rows are like that as well. And in front of each outer product
# stands its size, the largest first. The sizes are called the **singular values**. numpy finds them:
#
# `U, values, V = np.linalg.svd(D, full_matrices=False)`
#
# The columns are those of `U`, the rows those of `V`, and `D` is `(U * values) @ V`. To be as close to `D` as rank `r`
# allows, keep the first `r` of them and drop the others. (Nothing of rank `r` comes closer: that is a theorem by Eckart
# and Young. Try to beat it.)
#
# And what is left? A column and a row of length 1 make a table whose squares add up to 1. With the size in front, they
# add up to the size squared. And since the dropped tables are perpendicular, no cross terms appear when their sum is
# squared: what they hold just adds up.
#
# **One worked out.**
#
# $$\begin{pmatrix} 3 & 0 \\ 0 & 1 \end{pmatrix} = 3 \begin{pmatrix} 1 \\ 0 \end{pmatrix} \begin{pmatrix} 1 & 0
# \end{pmatrix} + 1 \begin{pmatrix} 0 \\ 1 \end{pmatrix} \begin{pmatrix} 0 & 1 \end{pmatrix}$$
#
# The singular values are 3 and 1. Rank 0 leaves $9 + 1 = 10$, rank 1 leaves 1, rank 2 leaves nothing.

# %% folded="numbers"
VALUES = [
    {"values": [5, 3, 2, 1], "r": 2},
    {"values": [6, 4, 3, 1], "r": 2},
    {"values": [7, 4, 3, 2], "r": 2},
    {"values": [9, 5, 4, 1], "r": 2},
    {"values": [8, 6, 4, 2], "r": 2},
    {"values": [6, 5, 4, 3], "r": 2},
]
my_values = variant("best_rank", VALUES)
print(f"A change with the singular values {my_values['values']}, and the rank {my_values['r']}.")

# %% [markdown]
# ### Predict
# A picture of 25 × 50 points that shows a word is a table, too. How many outer products does it take until you can read
# it?
#
# ### Your turn
# - `best_rank(D, r)`: the pair `(B, A)`, whose product is as close to `D` as rank `r` allows.
# - `tail(D)`: what rank 0, 1, 2, ... leave, up to the full rank: sums of squared singular values.
# - `rank_plot(D)`: the Axes, with a line labelled `"left over"`: `tail(D)` over the rank.
# - `my_rest`: a layer should change by a table with the singular values printed above. How much squared error must the
#   rank that is printed leave? A number.
#
# <details><summary>Exactly what is tested</summary>
#
# - `D` has the shape `(m, n)`. `B` has `(m, r)`, `A` has `(r, n)`, and `r` is anything from 0 to the smaller of m
#   and n. Where you put the sizes, into `B` or into `A`, is up to you.
# - `tail(D)` has `min(m, n) + 1` numbers; the first is the sum of all squares, the last is 0 (up to rounding).
# - The line has a point at each rank. Whatever else you draw is welcome.
#
# </details>

# %% task="best_rank"
def best_rank(D, r):
    """(B, A), (m, r) and (r, n): the thin tables whose product is as close to D (m, n) as rank r can be."""
    ...


def tail(D):
    """What rank 0, 1, 2, ..., min(m, n) leave of D (m, n): the sum of the squares of the remaining singular values."""
    ...


def rank_plot(D):
    """The Axes with what each rank leaves of D, over the rank."""
    ...


my_rest = (
    ...
)

# %% check="best_rank"
check("best_rank")

# %%
pictures.word_of_rank(best_rank, tail)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Three or four, and the title says in advance how much is missing. The rows of a word repeat themselves, so it is
# nearly of low rank. That is the bet of LoRA: *the change* that a new task needs is nearly of low rank, even though
# `W` itself is not.
#
# </details>

# %% [markdown]
# ## The puzzle, solved
#
# Your reader of digits, with two hidden layers (64 > 128 > 128 > 10), trained and trained again with *your own*
# functions of unit 5. Run this cell, it fetches them. (If they are not there, a reader of ours takes its place.)

# %% bring="forward backward"
# from unit 5
...
bring("u5_mlp_training", "forward backward")

# %% folded="training"
def softmax_slopes(Z, y):
    """The slopes of the cross-entropy by the scores Z (n, 10), where y (n,) holds the right classes (unit 3)."""
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


def train(net, X, y, rng, lr, steps):
    """The net after training all of it on mini-batches of 32, with your forward and backward."""
    for _ in range(steps):
        rows = rng.integers(len(X), size=32)
        scores, cache = forward(net, X[rows])
        slopes = backward(net, cache, softmax_slopes(scores, y[rows]))
        net = [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(net, slopes, strict=True)]
    return net


# %% [markdown]
# Turned paper changes what comes in, so the *first* layer gets the correction, and the others stay as they are, too.
# Read it: it is the loop of unit 5 once more, and the three lines that matter are yours.

# %%
def adapt(net, X, y, r, alpha, lr, steps, rng):
    """A and B beside the first layer of the net, learned on the images X (n, 64) and their digits y (n,)."""
    (W, b), *later = net
    W = W.T  # (dout, din)
    A, B, _ = train_lora(W, X[:1], X[:1] @ W.T, r, alpha, lr, 0, rng)  # no step: your start
    for _ in range(steps):
        rows = rng.integers(len(X), size=32)
        came_in = [np.tanh(lora_forward(X[rows], W, A, B, alpha) + b)]  # at the second layer
        for V, c in later:
            came_in.append(np.tanh(came_in[-1] @ V + c))
        dY = softmax_slopes(came_in[-2] @ V + c, y[rows])  # the last layer has no tanh
        for (V, _), a in zip(later[::-1], came_in[-2::-1], strict=True):
            dY = dY @ V.T * (1 - a**2)
        dA, dB = lora_backward(X[rows], W, A, B, alpha, dY)
        A, B = A - lr * dA, B - lr * dB
    return A, B


# %%
pictures.adapted(adapt, train if "backward" in globals() else None, learn, held_back)
# %% [markdown]
# Three things to see. As it was, the reader is lost on turned paper. Trained again, all of it, it reads turned paper,
# and has *forgotten* much of the upright one: its old numbers are gone. With LoRA it gets better with the rank, and at
# rank 6, with less than a twentieth of the numbers, it is as good as if all of it had been trained again. The grey bars
# fall here, too. But nothing is lost: take the correction off (`unmerge`), and the old reader is back.
#
# And where do so few numbers get their power from? They are not 1,152 weights picked out of 26,122. Each row of `A` is
# a *direction* that listens to all 64 points of the image, and each column of `B` speaks to all 128 neurons of the
# layer. A new task needs a few new directions, and the rank counts exactly those.
#
# **To show somebody:** put `degrees=60` or `degrees=-30` behind `held_back`, and run the cell again.
#
# ## In five lines
# 1. A column times a row is a table of rank 1; `B @ A` is the sum of `r` of them, for `r*(dout + din)` numbers.
# 2. LoRA: $y = Wx + \frac{\alpha}{r} B A x$, through `A` first. `W` is frozen, and the large table is never built.
# 3. Both slopes carry $\alpha/r$, and each has the other table as a factor: start with `A` random and `B` zero.
# 4. Afterwards add the scaled large table to `W`, and the correction costs nothing more. It can be taken off again.
# 5. What rank `r` leaves is known in advance: the sum of the squares of the singular values after the first `r`.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. The usual start of LoRA: **(a)** `A` and `B` random, **(b)** `A` random and `B` zero, **(c)** both zero?
# 2. A change has the singular values 4, 2 and 1. How much squared error does rank 1 leave?
# 3. *From unit 3:* a layer `Y = X @ W.T`, and `dY` arrives. The slope by `W` is **(a)** `X.T @ dY`, **(b)** `dY.T @ X`,
#    **(c)** `dY @ X`?

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")
