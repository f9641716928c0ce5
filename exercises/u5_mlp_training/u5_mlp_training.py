# %% [markdown]
# # Unit 5 · An MLP from scratch
#
# *Last of five. Before it: unit 4, the gradient check. After it, in any order: the units on demand.*
#
# **A puzzle to begin with.** Below are 16 images of handwritten digits, 8 × 8 points each. You can read them. How can
# a list of 64 numbers become a digit, if all you have is sums, tanh, and slopes?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import bring, check, greet, hint, pictures, recall, variant
from kit.data import digits, moons

plt.rcParams["figure.dpi"] = 90
learn, held_back = digits()
pictures.handwriting(*learn, count=16)
greet()

# %% [markdown]
# Layers of weighted sums, with an activation between them: that is a **multilayer perceptron**, MLP for short. In
# this unit you build one out of nothing but arrays, train it with a `for` loop, and look at what it learned. At the
# end it reads these digits.
#
# Nothing is hidden, and you have met every piece: a layer and its way back (unit 3), the slope of tanh and gradient
# descent (unit 2), the judge of gradients (unit 4). Here they come together.
#
# It goes as before: **read, predict, write, check**; `hint("mse")` in a new cell helps when you are stuck. A slip in
# one section does not cost you the next one.
#
# ### What you bring
# Run the next two cells: they fetch your work from the notebooks of units 3 and 4, in the folders beside this one. It
# is not graded again. If something is missing, go on. The picture of section 4 needs `gradient_check`, section 7
# needs your `Value` to be tried out, and section 8 needs `ce`; everything else you can write without.

# %% bring="layer vjp_linear ce Value"
# from unit 3; if your notebook is somewhere else, paste these and whatever of yours they call
...
bring("u3_chain_rule", "layer vjp_linear ce Value")

# %% bring="numerical_gradient gradient_check"
# from unit 4
...
bring("u4_gradient_check", "numerical_gradient gradient_check")

# %% folded="missing"
for name in ["layer", "vjp_linear", "ce", "Value", "gradient_check"]:
    if name not in globals():
        print(f"`{name}` is not here yet. Go on without it, and bring it when you need it.")

# %% [markdown]
# ### Three habits for the whole unit
# - **Rows are examples.** `X` has the shape `(n, d)`: n examples, d numbers each. They may be whole numbers, zeros,
#   tiny or huge.
# - **A net is a list of pairs** `(W, b)`, one for each layer, the first layer first. `W` has the shape `(din, dout)`:
#   as many rows as numbers come in, as many columns as go out. `b` has the shape `(dout,)`. We call the list
#   `params`.
# - **No function changes the arrays that it is given.** It makes new ones; what an earlier call gave stays as it was,
#   too. Nothing is rounded, clipped or left out on the way.

# %% [markdown]
# ## 1. How wrong is it?
#
# The net predicts `P`, and the data says `Y`: tables of the same shape, n rows with k numbers each. To get better, we
# need *one* number that says how wrong the predictions are. Take each error `p - y`, square it, and average over all
# `n*k` entries. That is the **mean squared error**, the **loss** of this section.

# %%
pictures.residuals([0.5, 1.5, 2.5, 3.5, 4.5], [1.0, 1.5, 2.0, 2.5, 3.0], [1.6, 1.0, 2.3, 1.8, 3.4])
# %% [markdown]
# Now the question of the whole course: nudge *one* prediction `p`, and leave all others alone. How fast does the loss
# change? Each prediction has such a slope. So the slopes fill a table of the same shape as `P`.
#
# With numbers: the predictions 4 and 1 and the targets 1 and 2 have the errors 3 and −1, and the loss $(9 + 1)/2 = 5$.
#
# A trap: take `P` of the shape `(n, 1)` and `Y` of the shape `(n,)`. For numpy `P - Y` is then an n × n table,
# *everything minus everything*, and the mean of its squares looks quite innocent. So refuse it.
#
# ### Predict
# One prediction is off by 1, another one by 3. Compare their shares of the loss, and compare the slopes of the loss in
# these two predictions.
#
# ### Your turn
# Type the slope of the loss in one prediction, and write `mse(P, Y)` and `dmse(P, Y)`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `slope_of_entry`: the slope of the loss in one prediction `p` whose target is `y`, as a text with `p`, `y`, `n`
#   and `k`. The 2 from the square stays.
# - `mse(P, Y)`: the mean of the squared errors over all entries, as one plain number.
# - `dmse(P, Y)`: the table of slopes, in the shape of `P`.
#
# Arrays of any shape are welcome, but both of the same: where the shapes differ, both functions raise a `ValueError`.
#
# </details>

# %% task="mse"
slope_of_entry = (
    ...
)


def mse(P, Y):
    """The mean of the squared errors, over all entries."""
    ...


def dmse(P, Y):
    """The slope of mse in each entry of P."""
    ...


# %% check="mse"
check("mse")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# The one that is off by 3 has 9 times the share, because errors are squared. Its slope is 3 times as large, because the
# slope of a square is twice what is squared. So large errors pull hardest.
#
# </details>

# %% [markdown]
# ## 2. Where to start
#
# Before a net can learn, its weights must be *something*. Why not all 0?
#
# ### Predict
# A net with two layers and a tanh between them: all weights 0, all biases 0. It is trained for 500 steps, with targets
# far from 0. The last bias moves, towards the average of the targets. And the *weights*?
#
# `after_zeros`, one letter:
# - `"a"` all of them are still exactly 0
# - `"b"` they have all become the same number, and it is not 0
# - `"c"` those of the first layer are still 0, those of the second have moved
# - `"d"` they differ from each other, as after any training
#
# Then think of unit 3. The slope of a weight is *what comes in* at its layer, times *what comes back* from the loss.
# tanh(0) is 0.
#
# `why_zeros`, one letter. What is the reason?
# - `"a"` tanh has the slope 0 at 0, and lets nothing through
# - `"b"` the loss is as small as it can be already
# - `"c"` at the second layer zeros come in; to the first layer zeros come back
# - `"d"` 500 steps are too few
#
# (A wrong prediction costs nothing if the reason is right. In section 5 your own loop shows what happens.)
#
# ### How large?
# So the weights start at random, and differ. But a sum of many random numbers gets large. Not *as* large as their
# count: some are positive, some negative, and most cancel. A hundred of size 1 add up to about 10, which is √100. If
# such sums go into tanh, it gives ±1 for nearly everything, and there it is flat: *no signal*. Divide by √din, and
# its slope stays well above 0, however wide the layer is.

# %%
pictures.saturation()
# %% [markdown]
# `rng.normal(size=(din, dout))` is a table of random numbers around 0, of **spread** 1 (their *standard deviation*).
# Divided by √din, they have the spread 1/√din. The biases can start at 0: the random weights already make the neurons
# of a layer different from each other.
#
# `rng` is a **generator** of random numbers, made with `np.random.default_rng(seed)` by whoever calls your function.
# All randomness comes from it: with the same seed the same net is made again, and a second call with the same `rng`
# makes another.

# %% folded="numbers"
SIZES = [
    {"sizes": [3, 6, 2]},
    {"sizes": [4, 5, 2]},
    {"sizes": [3, 7, 2]},
    {"sizes": [5, 4, 3]},
    {"sizes": [4, 6, 3]},
    {"sizes": [5, 3, 2]},
]
my_sizes = variant("init_params", SIZES)["sizes"]
print(f"Your net: {' > '.join(map(str, my_sizes))}. It has {len(my_sizes) - 1} layers of weights.")

# %% [markdown]
# ### Your turn
# Write `init_params(sizes, rng)`, and count the numbers that a net of *your* sizes learns.
#
# <details><summary>Exactly what is tested</summary>
#
# - `init_params(sizes, rng)`: for `sizes = [d0, d1, ..., dL]` the list of L pairs `(W, b)`: `W` of the shape `(din,
#   dout)`, from a normal distribution around 0 with the spread 1/√din; `b` of the shape `(dout,)`, zeros. Take random
#   numbers from `rng` only.
# - `my_count`: how many numbers, weights and biases together, does a net of *your* sizes learn? Type the number.
#
# </details>

# %% task="init_params"
after_zeros = (
    ...
)
why_zeros = (
    ...
)


def init_params(sizes, rng):
    """A list of (W, b), one pair for each layer."""
    ...


my_count = (
    ...
)

# %% check="init_params"
check("init_params")

# %% [markdown]
# ## 3. Forward
#
# Put the numbers in at the left. Each layer makes weighted sums of what comes in, `z = X @ W + b`, and sends them
# through tanh: `a = tanh(z)`. That `a` goes into the next layer. After the **last** layer there is no tanh: the
# output must be able to be any number, not only one between −1 and 1.
#
# With numbers, for one row and one neuron in each of two layers: $x = 2$, $W_1 = 0.5$, $b_1 = -1$ gives $z = 0$ and
# $a = \tanh 0 = 0$. Then $W_2 = 3$, $b_2 = 4$ gives the output $0 \cdot 3 + 4 = 4$.

# %%
pictures.network([2, 4, 3, 1])
# %% [markdown]
# ### Predict
# Leave out tanh, so that the output of one layer goes straight into the next. What can two such layers do that a single
# one cannot?
#
# ### What to keep
# On the way back each layer will ask: *what came in?* Keep it now, or you must compute it all again. What you keep is
# called the **cache**. It goes to your own `backward` and to nobody else: what it looks like is up to you.
#
# ### Your turn
# Write `forward(params, X)`, which gives two things: the output and your cache. (`return out, cache`)
#
# <details><summary>Exactly what is tested</summary>
#
# `forward(params, X)` gives two things, `out, cache`: `out` has the shape `(n, dL)`, for one layer or many, and also
# for a single row (n = 1). `params` and `X` stay as they were.
#
# </details>

# %% task="forward"
def forward(params, X):
    """(out, cache): tanh after every layer but the last."""
    ...


# %% check="forward"
check("forward")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Nothing. With numbers: $2x + 1$, and then $3z - 4$, is $3(2x + 1) - 4 = 6x - 1$. A straight line after a straight line
# is a straight line. The activations bend it, and that makes it a net.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 4 is behind you (about 80 minutes); part 2 takes about 130. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 4. Backward
#
# The loss hands you `dY`: for each output of each row, how fast the loss changes with it. From there you walk back,
# layer by layer, and each time you find the same two stations.
# - **The layer.** Given the slopes of what went out, and what came in, unit 3 says `dW`, `db`, and the slopes of what
#   came in.
# - **The activation**, between this layer and the one before it. You know two ways to write the slope of tanh (unit
#   2): from what went into it, and from what came out. Take the one that fits what you kept, and multiply.
#
# Then the next layer, further to the front. Before the first layer there is no activation, and the slopes of `X` are
# not needed.

# %%
pictures.network([2, 4, 3, 1], back=True)
# %% [markdown]
# Two things that need no care here. The mean: it belongs to the loss, and `dY` carries it already. And the order of
# learning: nothing moves yet. First *all* slopes, with the weights that `forward` used.
#
# ### Predict
# In a net of three layers, how many times do you multiply by the slope of tanh on the way back?
#
# ### Your turn
# Write `backward(params, cache, dY)`: the list of pairs `(dW, db)`, the first layer first. (Walking back, you find
# them in the opposite order: `list.insert(0, pair)`, or reverse the list at the end.)
#
# <details><summary>Exactly what is tested</summary>
#
# `backward(params, cache, dY)`: the list of pairs `(dW, db)`, the first layer first, each in the shape of its `W`
# or `b`. `cache` is what *your* `forward` kept; `dY` has the shape of `out`, and may hold any numbers. `params`,
# `cache` and `dY` stay as they were: a second call with the same cache gives the same slopes. They are computed by
# the formulas, exact to rounding however small they are; measuring with small steps is the judge's work.
#
# </details>

# %% task="backward"
def backward(params, cache, dY):
    """A list of (dW, db), the first layer first."""
    ...


# %% check="backward"
check("backward")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Twice: once between the third layer and the second, and once between the second and the first. After the last layer
# there was no tanh, and in front of the first there is none.
#
# </details>
#
# **Do not trust it. Judge it.** Here is a net of three layers, with random data, all sizes different. Your
# `gradient_check` of unit 4 nudges every single number and compares. The bars that end left of the dashed line agree.

# %%
def my_errors():
    """The relative error of each array in a net of three layers, as your judge sees it."""
    rng = np.random.default_rng(4)
    net = init_params([3, 5, 4, 2], rng)
    X, Y = rng.normal(size=(6, 3)), rng.normal(size=(6, 2))
    out, cache = forward(net, X)
    slopes = backward(net, cache, dmse(out, Y))
    numbers, grads = {}, {}
    for at in range(3):
        numbers[f"W{at + 1}"], numbers[f"b{at + 1}"] = net[at]
        grads[f"W{at + 1}"], grads[f"b{at + 1}"] = slopes[at]

    def loss():
        again = [(numbers[f"W{at}"], numbers[f"b{at}"]) for at in (1, 2, 3)]
        return mse(forward(again, X)[0], Y)

    return gradient_check(loss, grads, numbers)


pictures.judged(my_errors)
# %% [markdown]
# ## 5. The training loop
#
# In unit 2 you walked down a curve: look at the slope, step against it, look again. Here it is the same walk, with
# all weights and biases at once. One **step** is four things, in this order:
#
# 1. forward: what does it predict?
# 2. the loss: how wrong is that? Write it down.
# 3. backward: all slopes.
# 4. update: every number goes a little *against* its slope, by `lr` times the slope.
#
# `lr` is the **learning rate**. Each step looks at all rows; later you will meet a cheaper way.
#
# ### Predict
# Make `lr` ten times as large. Does the net learn ten times as fast?
#
# ### Your turn
# Write `train(params, X, Y, lr, steps)`, which gives two things: the new params and the list of losses.
#
# <details><summary>Exactly what is tested</summary>
#
# `train(params, X, Y, lr, steps)` gives two things, `params, losses`. All steps are made, even where the loss hardly
# changes, or grows. The loss is your `mse`. `losses` is a list of `steps + 1` plain numbers: the loss before the
# first step, before the second, and so on, and last the loss of the net that you return. The `params` of the caller
# stay as they were, down to the last digit: make new arrays.
#
# </details>

# %% task="train"
def train(params, X, Y, lr, steps):
    """(new params, losses): forward, loss, backward, update; `steps` times, on all rows."""
    ...


# %% check="train"
check("train")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Perhaps, if `lr` was much too small. But you know from the bowl of unit 2 that there is a limit: beyond it, each step
# jumps across the valley and lands higher than before, and the losses grow.
#
# </details>

# %% [markdown]
# **See it walk.** The smallest net there is: one weight, one bias, no activation. With two numbers, its loss is a
# landscape that can be drawn, and your `train` walks in it.

# %%
line_x = np.linspace(-1, 2, 12)[:, None]
pictures.descent(train, line_x, 1.5 * line_x - 0.5, (-1.0, 1.5))
# %% [markdown]
# And a net with activations, on a wave. Twelve hidden neurons, and it was never told what a sine is.

# %%
wave_x = np.linspace(-3, 3, 60)[:, None]


def my_wave():
    """The wave, and what your net makes of it after more and more steps."""
    params = init_params([1, 12, 1], np.random.default_rng(2))
    _, ax = plt.subplots(figsize=(6.5, 3.4))
    ax.plot(wave_x, np.sin(1.5 * wave_x), ".", color="gray", label="data")
    for steps in (0, 300, 3000):
        params, losses = train(params, wave_x, np.sin(1.5 * wave_x), 0.05, steps)
        ax.plot(wave_x, forward(params, wave_x)[0], label=f"{steps} more steps, loss {losses[-1]:.2g}")
    ax.legend(fontsize=8, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1), frameon=False)
    return ax


pictures.look(my_wave)
# %% [markdown]
# What about the start from zeros, in section 2? Here it is, 500 steps of your own loop. Was your prediction right?

# %%
def from_zeros():
    """The first weights after 500 steps from a start of zeros."""
    zeros = [(np.zeros((1, 3)), np.zeros(3)), (np.zeros((3, 1)), np.zeros(1))]
    (params, _) = train(zeros, wave_x, np.cos(wave_x) + 2, 0.1, 500)
    for at, (W, b) in enumerate(params, start=1):
        print(f"layer {at}: W = {W.ravel()}, b = {b}")
    return params


pictures.look(from_zeros)
# %% [markdown]
# ☕ **A good place to stop.** Part 2 of 4 is behind you (about 130 minutes); part 3 takes about 120. Your work is
# kept: save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 6. Moons
#
# Now there are two kinds of points, class 0 and class 1, and no straight line separates them. These are yours:

# %% folded="numbers"
MOONS = [
    {"turn": 25, "mirror": True, "noise": 0.08},
    {"turn": 70, "mirror": False, "noise": 0.09},
    {"turn": 115, "mirror": True, "noise": 0.07},
    {"turn": 160, "mirror": False, "noise": 0.08},
    {"turn": 205, "mirror": True, "noise": 0.09},
    {"turn": 250, "mirror": False, "noise": 0.07},
]
my_moons = variant("moons", MOONS)
my_X, my_y = moons(200, np.random.default_rng(0), **my_moons)
pictures.two_classes(my_X, my_y)
# %% [markdown]
# The net has two inputs and **one** output, the **score** `z`. The sigmoid makes a probability of it: `p =
# sigmoid(z)` is how sure the net is of class 1. A point is counted as class 1 where `z > 0`, which is where `p >
# 0.5`. (The sigmoid of unit 2 is not here. Where you need it, write `1 / (1 + np.exp(-z))`: these scores stay small.)
#
# As in unit 3, the loss of a point is minus the logarithm of the probability that the net gave to the *right* class:
# $-\ln p$ if $y$ is 1, $-\ln(1 - p)$ if $y$ is 0. In one line:
#
# $$-y \ln p - (1 - y) \ln(1 - p)$$
#
# The loss of all points is the mean of it.
#
# ### Predict
# On paper: the slope of that loss in the score `z`, when `p = sigmoid(z)`. Use the slope of the sigmoid from unit 2,
# and the chain rule. Nearly everything cancels.
#
# ### To draw a boundary
# Where does the net change its mind? Ask it for its score at every place of a fine grid, and let matplotlib draw the
# line where the score is 0. Here is how it goes for `x*x + y*y - 1`, a circle:

# %%
def circle():
    """The places where x*x + y*y - 1 is 0."""
    xx, yy = np.meshgrid(np.linspace(-1.5, 1.5, 101), np.linspace(-1.5, 1.5, 101))  # two tables, 101 x 101
    places = np.column_stack([xx.ravel(), yy.ravel()])  # all places as rows: (101*101, 2)
    values = places[:, 0] ** 2 + places[:, 1] ** 2 - 1
    _, ax = plt.subplots(figsize=(3, 3))
    ax.contour(xx, yy, values.reshape(xx.shape), levels=[0])
    ax.set_aspect("equal")
    return ax


pictures.look(circle)
# %% [markdown]
# ### Your turn
# Type the slope of the loss of one point. Write `fit(X, y, rng)`, which trains a net, and `boundary_plot(params, X,
# y)`, which draws what it learned.
#
# <details><summary>Exactly what is tested</summary>
#
# - `slope_of_log_loss`: the slope of the loss of one point in its score, as a text with `p` and `y`.
# - `fit(X, y, rng)` trains a net on the points `X` (n, 2) and their classes `y` (n,), zeros and ones, and gives two
#   things, `params, losses`. The loss is the one above. `losses` holds it as plain numbers, as in `train`: the first
#   before the first step, the last one for the net that you return. Take random numbers from `rng` only. Sizes,
#   learning rate and number of steps are up to you; 2 > 16 > 1, 1.0 and 1000 do well. Mind the trap of section 1: `y`
#   is `(n,)`, and the scores are `(n, 1)`. `y[:, None]` is `y` as a column, `(n, 1)`.
# - `boundary_plot(params, X, y)` draws what a net with two inputs and one output has learned, and returns the Axes:
#   every point of `X` as a dot (`ax.scatter(X[:, 0], X[:, 1], c=y)`), and the line where the score is 0, with
#   `ax.contour`, from a grid of at least 50 × 50 places that covers all of `X`. Whatever else you draw is welcome, as
#   long as one can see which line is the boundary: `levels=[0]`.
#
# Your net is graded by what it learned: trained on 120 of your moons, in at most 40 seconds, it must be right on at
# least 95 of 100 new ones.
#
# </details>

# %% task="moons"
slope_of_log_loss = (
    ...
)


def fit(X, y, rng):
    """(params, losses) of a net that tells the two classes apart."""
    ...


def boundary_plot(params, X, y):
    """The points, and the line where the score is 0, in one Axes."""
    ...


# %% check="moons"
check("moons")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# For $y = 1$ the loss is $-\ln p$. Its slope in $p$ is $-1/p$, and $p$ has the slope $p(1 - p)$ in the score. Multiply:
# the $p$ cancels. Do the same for $y = 0$, and look for one formula that covers both.
#
# </details>

# %%
def my_boundary():
    """What your net says about your moons."""
    params, losses = fit(my_X, my_y, np.random.default_rng(1))
    pictures.loss_curve(losses)
    return boundary_plot(params, my_X, my_y)


pictures.look(my_boundary)
# %% [markdown]
# **See it learn.** The boundary begins as a nearly straight line, in the wrong place. Watch it bend.

# %%
pictures.boundary_moves(fit, my_X, my_y)


# %% [markdown]
# **And new points?** Here are 200 that your net has never seen. Those on the wrong side are marked with a cross.

# %%
new_X, new_y = moons(200, np.random.default_rng(99), **my_moons)
pictures.held_out(fit, my_X, my_y, new_X, new_y)

# %% [markdown]
# ## 7. The same net, two engines
#
# Your `backward` is made of matrix formulas. Your `Value` of unit 3 knows nothing of matrices: single numbers, a
# graph of all that was computed, and one walk back through it. The two engines do not have a single line in common.
# If they agree to the last digits, it is hard to believe that both are wrong.
#
# So build the net once more, in plain loops: each weight and each bias becomes a `Value`, and for each row you add,
# multiply and take the tanh, number by number. The loss is the `mse` of all rows and outputs. After one `backward()`
# from the loss, every weight has its `grad`.
#
# ### Your turn
# Write `value_grads(params, X, Y)`: the slopes of the mean squared error, computed with Values in plain loops.
#
# <details><summary>Exactly what is tested</summary>
#
# `value_grads(params, X, Y)`: the list of pairs `(dW, db)` of the slopes of the mean squared error, as arrays, in the
# order and the shapes of `backward`.
#
# - Write `Value(...)` inside your function, and use only what unit 3 asked for: `+ - * / **` with Values and plain
#   numbers, `.tanh()`, `.backward()`, `.data` and `.grad`. When you hand in, an engine of ours takes the place of
#   yours under the name `Value`, so that a slip in unit 3 does not cost twice. It keeps the graph, and there we look:
#   each row must meet each weight.
# - The slopes must agree to 12 digits. (Measuring with small steps does not.)
# - Does your own engine say `RecursionError`? A sum over many rows, one added after the other, is a long chain. Take
#   fewer rows here, or add in pairs.
#
# </details>

# %% task="two_engines"
def value_grads(params, X, Y):
    """A list of (dW, db) of the mean squared error, computed with Values in plain loops."""
    ...


# %% check="two_engines"
check("two_engines")

# %%
engine_rng = np.random.default_rng(5)
engine_X, engine_Y = engine_rng.normal(size=(6, 3)), engine_rng.normal(size=(6, 2))


def with_matrices():
    """The slopes by your backward."""
    net = init_params([3, 4, 2], np.random.default_rng(6))
    out, cache = forward(net, engine_X)
    return backward(net, cache, dmse(out, engine_Y))


def with_values():
    """The slopes by your Value."""
    return value_grads(init_params([3, 4, 2], np.random.default_rng(6)), engine_X, engine_Y)


pictures.agreement(with_matrices, with_values)
# %% [markdown]
# ☕ **A good place to stop.** Part 3 of 4 is behind you (about 120 minutes); part 4 takes about 50. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 8. A net that reads
#
# There are 1,797 digits in all, written by 13 people and scanned: images of 8 × 8 points, from 0 (white) to 1 (ink).
# They are the test data of *Optical Recognition of Handwritten Digits* by E. Alpaydin and C. Kaynak, UCI Machine
# Learning Repository, under the licence CC BY 4.0.
#
# 360 of them are **held back**: the net never sees them while it learns, and they alone say whether it has learned to
# read, or only learned by heart.
#
# Your `fit` becomes a reader of digits with three changes.
# - The sizes: 64 points come in, ten scores go out, one for each digit. The largest score is the answer.
# - The loss: `ce(scores, y)` of unit 3, which gives two things, the loss and its slopes in the scores. `y` (n,) holds
#   whole numbers, the right digits.
# - A cheaper step: do not look at all rows, but at 32 that you draw anew in each step, with `rows =
#   rng.integers(len(X), size=32)`. Then `X[rows]` and `y[rows]` are a **mini-batch**. Its slopes are a little off, each
#   time in another direction, and the steps are so cheap that you can take thousands.
#
# ### Your turn
# Write `fit_digits(X, y, rng, steps)`: a net that learns to read, in `steps` steps with mini-batches.
#
# <details><summary>Exactly what is tested</summary>
#
# - `fit_digits(X, y, rng, steps)` gives two things, `params, losses`. `X` has the shape (n, 64); `y` (n,) holds whole
#   numbers from 0 to 9. Random numbers come from `rng` only; `X` and `y` stay as they were.
# - `losses` has exactly `steps` plain numbers: the cross-entropy of each mini-batch, before that step moves anything.
# - Hidden sizes and learning rate are up to you: 64 > 64 > 10 and `lr = 0.2` do well. After 150 steps on 500 digits
#   your net must read at least 85 of 100 others. When it is graded, the ten digits are called by other names (every 3
#   is called 7, say), so that only a net that learns from `y` can be right.
#
# </details>

# %% task="fit_digits"
def fit_digits(X, y, rng, steps):
    """(params, losses) of a net that reads digits; each step looks at a mini-batch."""
    ...


# %% check="fit_digits"
check("fit_digits")

# %% [markdown]
# How well does it read those that it has never seen? Here are 6,000 steps on all that it may learn from; it takes a few
# seconds.

# %%
pictures.digit_errors(fit_digits, forward, learn, held_back)
# %% [markdown]
# Look at those that it reads wrong. Could you have read them?
#
# And what does it look for? Each neuron of the first layer has 64 weights, one for each point of the image. So its
# weights are an image, too. Nobody told it to look for strokes and gaps.

# %%
pictures.first_layer(fit_digits, learn)
# %% [markdown]
# ## 9. The puzzle, solved: it reads *your* digit
#
# Now write a digit yourself. Eight lines of eight characters: `#` is ink, `+` is grey, `.` is white. Here is a 2:
#
# ```
# ..###...
# .##.##..
# .....#..
# ....##..
# ...##...
# ..##....
# .#####..
# .#####..
# ```
#
# The net needs 64 numbers in one row: first the eight of the top line from left to right, then those of the next line,
# and so on. `drawing.split()` gives the lines of a text as a list, without the line ends.
#
# ### Your turn
# Draw a digit in `my_drawing`, type which one it is in `my_digit`, and write `as_numbers(drawing)`. Draw it as people
# write: large, in the middle, with strokes one or two characters wide. If your net misreads it, draw it more clearly
# (or look at the 16 images at the top: how do those people write it?).
#
# A text of several lines stands between three quotes: `my_drawing = """`, then the eight lines, then `"""`. The line
# ends belong to the text. Where your Jupyter has widgets, you can draw on the grid below, and copy the text beside it.
#
# <details><summary>Exactly what is tested</summary>
#
# - `as_numbers(drawing)`: the 64 numbers of any such drawing as an array of the shape (64,): 1 for `#`, 0.5 for `+`, 0
#   for `.`. Spaces and empty lines around the drawing do not matter.
# - `my_drawing`: eight lines of eight characters, and not the example above. `my_digit`: a whole number from 0 to 9.
# - Your own `fit_digits` trains three nets, 150 steps each, on digits that are called by other names again. At least
#   two of them must read your drawing: if you drew a 3, and every 3 is called 7 there, they must say 7.
#
# </details>

# %%
pictures.drawing_grid()

# %% task="own_digit"
my_drawing = (
    ...
)
my_digit = (
    ...
)


def as_numbers(drawing):
    """The 64 numbers of a drawing of eight lines, row by row: 1 for #, 0.5 for +, 0 for a dot."""
    ...


# %% check="own_digit"
check("own_digit")

# %%
pictures.reads(fit_digits, forward, as_numbers, my_drawing, my_digit, learn)
# %% [markdown]
# You wrote this. Every slope in it is yours: derived on paper, written as code, judged by an instrument that you
# built yourself. No library inside knows what a derivative is. How much code is it?

# %%
OWN = "local_grads topological Value send_back layer vjp_linear ce numerical_gradient gradient_check"
OWN += " mse dmse init_params forward backward train fit boundary_plot value_grads fit_digits as_numbers"
pictures.own_library(globals(), OWN)
# %% [markdown]
# Large networks run this same loop, with more layers, more rows, and other activations.
#
# ## In five lines
# 1. The loss says how wrong the net is, in one number; its slopes start the way back.
# 2. Start with random weights, divided by √din; biases start at 0.
# 3. Forward: layer, activation, layer. Keep what came in.
# 4. Backward: the same stations in the opposite order, each with its own slope.
# 5. Train: forward, loss, backward, update, again and again. Judge on data that was held back.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. All weights start at 0, with tanh between two layers. After 100 steps the weights are **(a)** trained, **(b)**
#    still 0, **(c)** random?
# 2. A net gets 100 % of its training points right. What tells you whether it has learned by heart? **(a)** the loss,
#    **(b)** points that were held back, **(c)** more steps
# 3. *From unit 4:* your judge shows one bar far right of the line, for `b2` only. Where is the bug most likely:
#    **(a)** in the data, **(b)** in the part of `backward` that computes `b2`, **(c)** in the learning rate?

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")

# %% [markdown]
# **You have finished the course.** Now take what you need: the units on demand stand alone, in any order. Why do
# people minimise *squared* errors (`w1_mse_is_likelihood`)? Why does it matter which way round a KL divergence is taken
# (`w2_kl_both_ways`)? What do you do where every slope is 0 (`w3_flat_gradients`)? How does LoRA train a large network
# through a narrow door (`w4_lora_from_scratch`)? How can slopes pass through a throw of dice (`w5_sampling`)? And how
# does an RBF-kernel SVM draw its boundary (`w6_rbf_svm`)?
