# %% [markdown]
# # On demand: flat means no signal
#
# *On demand. Sections 1 to 3 need only the slopes of unit 1, going down by steps (unit 2) and the central difference
# of unit 4. Section 4 adds the activations of unit 2, section 5 the bell of "Why squared error?", section 7 the
# neuron of unit 3 and the gradient check of unit 4, and section 8 the net of unit 5. Three hours and three quarters,
# in two parts.*
#
# **A puzzle to begin with.** A machine has one knob, `w`. It says 1 for every number above `w`, and 0 for the others.
# Below is the share of right answers for each setting of the knob. Anyone can see where the knob belongs. Gradient
# descent starts at the orange dot, takes a million steps, and ends at the orange dot. And yet there are networks
# whose neurons are switches, on or off, and *they are trained by gradient descent*. How?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import bring, check, greet, hint, needed, pictures, recall, variant

plt.rcParams["figure.dpi"] = 90
greet()
needed()

# %%
X = np.array([0.4, 1.1, 1.6, 2.3, 2.9, 3.4, 3.8, 4.5, 5.2, 5.6])
y = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
pictures.stairs(X, y, 0.7)

# %% [markdown]
# It goes as before: **read, predict, write, check**; `hint("slope_of")` in a new cell helps when you are stuck.
#
# ## 1. Flat, flat, flat, jump
#
# The **step** is 0 for negative numbers and 1 for positive ones. What is its slope?
#
# **One worked out.** At $x = 2$ the step is 1. Nudge `x` by a little, to the left or to the right: still 1. The
# output does not move at all, so the slope is 0. The same holds at every other number, large or small, except at the
# jump.
#
# At the jump there is *no* slope. On the left it is 0, on the right it is 0, and the jump itself happens over no
# distance. Python has a number for "there is none": `math.nan`, not a number.
#
# So zero is not a bug in somebody's program. It is the slope.
#
# ### Predict
# What does a central difference say if it reaches over the jump? Take the step at 0 and $h = 0.1$, and then
# $h = 0.01$.

# %% folded="numbers"
HEIGHTS = [{"height": 3}, {"height": 5}, {"height": 7}, {"height": 6}, {"height": 9}, {"height": 11}]
height = variant("slope_of", HEIGHTS)["height"]
print(f"Your step jumps from 0 up to {height}.")

# %% [markdown]
# ### Your turn
# - `slope_of(f, xs)`: for each of the places `xs`, the slope of the step-like function `f`: 0 where it is level,
#   `math.nan` where it jumps. Return a list, or an array.
# - `across_jump`: *your* step jumps at 0 from 0 up to the number printed above. What is its central difference at 0?
#   Type it as a text with `h`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `f` takes one number. It is level between its jumps; `math.floor`, `round` and `np.sign` are of this kind.
# - Each place is either exactly on a jump or at least 0.001 away from it. At a jump the values just left and just
#   right of it differ; the value *at* the jump may be that of either side, or another one.
# - `xs` may be empty.
#
# </details>

# %% task="slope_of"
def slope_of(f, xs):
    """The slope of a step-like function at each of the xs: 0 where it is level, nan where it jumps."""
    ...


across_jump = (
    ...
)

# %% check="slope_of"
check("slope_of")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# It says 5, and then 50: the jump is 1 high and the run is $2h$. It grows without end as `h` shrinks. A number that
# depends on how you measured it is not a slope.
#
# </details>

# %% [markdown]
# ## 2. Accuracy is a staircase
#
# Back to the machine with one knob. Its **accuracy** is the share of right answers. When you turn the knob it can
# only change when `w` passes one of the data points; between two points nothing happens.
#
# The remedy, which unit 5 uses for the moons, is to let the machine be *unsure*. It says 1 with the probability $p =
# \frac{1}{1 + e^{-(x - w)}}$, close to 1 far above the knob and 1/2 exactly at it. The **log-loss** of one point is
# $-\ln p$ if its label is 1, and $-\ln(1 - p)$ if it is 0.
#
# **One worked out.** `w = 2`, and two points: 3 with the label 1, and 5 with the label 0. The machine says 1 to both,
# so the accuracy is 1/2. The first has $p = 1/(1 + e^{-1}) = 0.731$ and costs $-\ln 0.731 = 0.313$. The second has $p
# = 0.953$ and costs $-\ln 0.047 = 3.049$. Their mean is 1.681.
#
# ### Predict
# There are 10 points. How many different heights can the accuracy have?
#
# ### Your turn
# - `accuracy(w, X, y)`: the share of points whose label is right, if the machine says 1 where `x > w` and 0
#   elsewhere.
# - `log_loss(w, X, y)`: the mean log-loss. Use `np.logaddexp(0, t)`, which is $\ln(1 + e^t)$ without an overflow:
#   $-\ln p = \ln(1 + e^{-(x-w)})$, and $-\ln(1 - p) = \ln(1 + e^{x-w})$.
# - `staircase(ws, X, y)`: two panels, `[left, right]`. The left one has a line labelled `"accuracy"` over the `ws`,
#   the right one a line labelled `"log-loss"`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `X` and `y` have the shape `(n,)`, `y` holds zeros and ones. `x` equal to `w` counts as 0. Both functions return
#   one number.
# - A point may be 1,000 away from the knob: the log-loss is then about 1,000 and not `inf`.
# - Each line has a point at every one of the `ws`, in their order. Whatever else you draw is welcome.
#
# </details>

# %% task="staircase"
def accuracy(w, X, y):
    """The share of right answers of the machine that says 1 where x > w."""
    ...


def log_loss(w, X, y):
    """The mean log-loss of the machine that says 1 with the probability 1/(1 + e^-(x - w))."""
    ...


def staircase(ws, X, y):
    """Two Axes: the accuracy and the log-loss over the settings ws of the knob."""
    ...


# %% check="staircase"
check("staircase")

# %%
pictures.look(staircase, np.linspace(-1, 7, 321), X, y)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# At most 11: no point right, one, two, up to all ten. Every height is a multiple of 1/10, and between them the line
# is level. The log-loss is smooth, and its valley is where the staircase is high. That is why we train on it and only
# *report* the accuracy.
#
# </details>

# %% [markdown]
# ## 3. Nothing moves
#
# Now let descent try both. It needs a slope; you measure it, with the central difference of unit 4.
#
# **One worked out.** The loss $w^2$ from `w = 3` with `lr = 0.1`. The slope at 3 is 6, so the first step goes to $3 -
# 0.1 \cdot 6 = 2.4$. The path so far is `[3, 2.4]`.
#
# ### Predict
# The loss is now `1 - accuracy`. Where is the knob after 1,000 steps?
#
# ### Your turn
# - `descend_on(loss, w0, lr, steps)`: gradient descent on the function `loss` of one number, from `w0`. Measure the
#   slope by a central difference with `h = 1e-5`. Return the path: a list of all places, from `w0` to the last one.
# - `larger_lr`: the path on the accuracy did not move with `lr = 0.1`. Which change makes it move? `"a"`: `lr = 10`;
#   `"b"`: a million steps; `"c"`: a better measured slope, by a smaller `h`; `"d"`: none of these. Write the letter;
#   it is judged when you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# The path has `steps + 1` places, also for 0 steps. On a level piece it stays *exactly* where it was. `lr` is used as
# it is given.
#
# </details>

# %% task="descend_on"
def descend_on(loss, w0, lr, steps):
    """The path of gradient descent from w0, with slopes that are measured: [w0, ...], steps + 1 places."""
    ...


larger_lr = (
    ...
)

# %% check="descend_on"
check("descend_on")

# %%
pictures.two_paths(descend_on, accuracy, log_loss, X, y, 0.7)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Where it was. A million times 0 is 0, and 10 times 0 is 0. Descent does not see that the knob is wrong; it only
# feels the ground under its feet, and the ground is level. **Flat means no signal.**
#
# </details>

# %% [markdown]
# ## 4. A soft step
#
# The first way out: do not use the step, but something smooth that looks like it. The **soft step** is the sigmoid
# with a sharpness `k`:
#
# $$s(x) = \frac{1}{1 + e^{-kx}}$$
#
# **One worked out.** The sigmoid $\sigma$ has the slope $\sigma(1 - \sigma)$ (unit 2). With $k = 2$ the inside is
# $2x$, which moves twice as fast as $x$. So at $x = 0$, where $\sigma = 1/2$, the slope is $2 \cdot \frac12 \cdot
# \frac12 = \frac12$.
#
# ### Predict
# You make `k` ten times larger. Is the slope at 0 larger or smaller? And at $x = 1$?
#
# ### Your turn
# - `soft_step(x, k)`: the pair `(value, slope)` for an array `x`, both of the same shape as `x`.
# - `steepest`: the largest slope of the soft step, as a text with `k`.
# - `nearly_on`: the `x` at which it reaches 0.9, as a text with `k`. (Between `-nearly_on` and `nearly_on` the soft
#   step is off by more than 0.1: the price of being smooth.)
#
# <details><summary>Exactly what is tested</summary>
#
# - `k` is above 0 and need not be whole. `x` may be a plain number, too.
# - `k = 1000` and `x = -10` or `10`: no overflow, not even as a warning. One form that has none: $s(x) = \frac{1 +
#   \tanh(kx/2)}{2}$.
#
# </details>

# %% task="soft_step"
def soft_step(x, k):
    """(value, slope) of the sigmoid of sharpness k, for an array x."""
    ...


steepest = (
    ...
)
nearly_on = (
    ...
)

# %% check="soft_step"
check("soft_step")

# %%
pictures.soft_steps(soft_step, [1, 2, 5, 10, 20])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# At 0 ten times larger, $k/4$. At 1 smaller, much smaller: with $k = 2$ it is 0.21, with $k = 20$ it is 0.00000004.
# The sharper the step, the narrower the place where anything can be felt. Smoothness costs bias, sharpness costs
# signal.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 2 is behind you (about 95 minutes); part 2 takes about 130. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 5. Noise makes it smooth
#
# The second way out keeps the hard step and shakes its input: $\text{step}(x + s\varepsilon)$, where $\varepsilon$
# comes from a bell of width 1. Each single result is 0 or 1. But the *average* is the share of results that landed
# above 0, and that share grows smoothly with `x`.
#
# How fast? Move $x$ up by a little. The results that flip are those whose noisy input was just below 0. How many
# there are is told by the density of the noise: the average moves as fast as the bell of width $s$ is high at $x$.
#
# **One worked out.** With $s = 1$ and $x = 0$ half of the results are 1. The bell of width 1 has the height
# $\frac{1}{\sqrt{2\pi}} = 0.399$ in its middle. So the average at $x = 0.1$ is about $0.5 + 0.1 \cdot 0.399 = 0.54$.
#
# ### Predict
# You take the slope of each single result, and average the slopes. What comes out?
#
# ### Your turn
# - `noisy_step(x, s, n, rng)`: draw `rng.standard_normal(n)` once, and return the pair `(mean, error)`: the mean of
#   the `n` steps, and its **standard error**, `np.std` of them divided by `sqrt(n)`. The step is 1 above 0, and 0
#   elsewhere.
# - `sampled_slope(x, s, n, seed, h)`: the central difference of that mean. *Use the same noise on both sides*: draw
#   it from `np.random.default_rng(seed)`.
# - `d_noisy`: the slope of the true average, as a text with `x` and `s`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `x` is a number, `s` is above 0. The random numbers are drawn in one go, and only from what is given: with the
#   same generator your mean must be exactly ours.
# - `d_noisy` has no sum and no derivative in it: it is the bell.
#
# </details>

# %% task="noisy_step"
def noisy_step(x, s, n, rng):
    """(mean, standard error) of n steps whose input x was shaken by noise of width s."""
    ...


def sampled_slope(x, s, n, seed, h):
    """The central difference of the mean of n noisy steps, with the same noise on both sides."""
    ...


d_noisy = (
    ...
)

# %% check="noisy_step"
check("noisy_step")

# %%
pictures.shaken(noisy_step, [0.1, 0.5, 1.5])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# 0: every single slope is 0. Average first, then ask for the slope. The order matters, because a jump is what the
# slope cannot see and the average can.
#
# </details>

# %% [markdown]
# ## 6. Straight through
#
# The third way out is a white lie. Forward, use the hard step (here the **sign**: -1 or 1). Backward, *pretend it was
# the identity*: what comes from above, `dY` (the slope of the loss for each output of the step), passes as if nothing
# had been there. But only near the jump: a neuron whose input is far away will not flip by a small push, so there
# nothing passes. This is the **straight-through estimator**.
#
# **One worked out.** Inputs `[0.3, -2.0, 0]`, dY `[5, 6, 7]`, clip 1. Forward gives `[1, -1, 1]`, with
# the sign of 0 settled as 1. Backward, the first and the last pass, and the second is further out than the clip: `[5,
# 0, 7]`.
#
# ### Predict
# The true gradient instead of `[5, 0, 7]`: what is it at the first two inputs?
#
# ### Your turn
# - `ste_forward(x)`: 1 where `x` is 0 or above, -1 elsewhere.
# - `ste_back(dY, x, clip=1)`: `dY` where `x` lies between `-clip` and `clip`, the ends included, and 0 elsewhere.
#
# <details><summary>Exactly what is tested</summary>
#
# Arrays of any shape; `dY` and `x` are left as they were.
#
# </details>

# %% task="straight_through"
def ste_forward(x):
    """The sign of each entry of x: 1 or -1; that of 0 is 1."""
    ...


def ste_back(dY, x, clip=1):
    """What passes back: dY within the clip, and 0 outside."""
    ...


# %% check="straight_through"
check("straight_through")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# 0 and 0. What passes at the first input is not the gradient. It is a useful lie.
#
# </details>

# %% [markdown]
# ## 7. What the gradient check says
#
# A neuron with a sign: `ste_forward(X @ w)`. `X` has the shape `(n, d)`, `w` the shape `(d,)`, and each target in
# `y` is 1 or -1. The loss is the mean of `(ste_forward(X @ w) - y)**2`.
#
# **One worked out.** One example `X = [[0.5, 1]]`, `w = [0.2, 0.3]`, `y = [-1]`. The input of the sign is 0.4, its
# output 1. The slope of the loss with respect to the output is $2(1 - (-1)) = 4$. Straight through, 4 passes. Times
# the inputs: `[2, 4]`. And nudged: turn `w` by `1e-5`, the output stays 1, so the gradient is `[0, 0]`.
#
# ### Predict
# Your gradient check of unit 4 compares the two. What relative error will it report?
#
# ### Your turn
# - `sign_gradients(X, y, w)`: the pair `(nudged, through)`, both of the shape `(d,)`: the central differences of the
#   loss with `h = 1e-5`, and the straight-through gradient (clip 1).
# - `train_sign(X, y, w, lr, steps)`: `steps` steps of descent along the straight-through gradient, from `w`; return
#   the last weights.
# - `verdict`: your check says that the straight-through gradient is wrong. What is to be done? `"a"`: mend `ste_back`
#   until the check is green; `"b"`: use a larger `h`; `"c"`: nothing: the check is right, it is not the gradient. The
#   letter is judged when you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# The loss is the mean over the examples. No input lies so close to 0 that a nudge crosses the jump. Nothing that is
# given changes. With 0 steps the weights come back as they were. On small data sets that a sign can fit, the trained
# neuron gets all the targets right.
#
# </details>

# %% task="train_sign"
def sign_gradients(X, y, w):
    """(nudged, through): the measured gradient of the loss, and the straight-through gradient, both (d,)."""
    ...


def train_sign(X, y, w, lr, steps):
    """The weights after some steps of descent along the straight-through gradient, from w."""
    ...


verdict = (
    ...
)

# %% check="train_sign"
check("train_sign")

# %% [markdown]
# Now ask the instrument that you built yourself. Run this cell: it fetches your gradient check from unit 4. (If it is
# not there, go on.)

# %% bring="numerical_gradient relative_error gradient_check"
# from unit 4
...
bring("u4_gradient_check", "numerical_gradient relative_error gradient_check")

# %%
def ask_my_check():
    """What your own gradient check says of the straight-through gradient."""
    X = np.array([[0.5, 1.0], [-1.2, 0.4], [0.3, -0.8]])
    y = np.array([-1.0, 1.0, 1.0])
    params = {"w": np.array([0.2, 0.3])}

    def loss():
        return float(np.mean((ste_forward(X @ params["w"]) - y) ** 2))

    return gradient_check(loss, {"w": sign_gradients(X, y, params["w"])[1]}, params)


if "gradient_check" in globals() and sign_gradients(np.eye(2), np.ones(2), np.ones(2)) is not None:
    print("relative error:", ask_my_check())

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# 1, the worst that there is: the nudged gradient is 0 and the other is not. The check **must** be red here. Whoever
# "repairs" the backward pass until it is green gets the true gradient, all zeros, and a neuron that never learns.
#
# </details>

# %% [markdown]
# ## 8. Idle neurons
#
# The same flatness sits inside ordinary networks. A relu that is off for *every* example passes nothing back:
# **dead**. A tanh stuck near 1 or -1 for every example passes next to nothing: **saturated**. Such neurons are idle:
# whatever the loss says, they do not hear it.
#
# **One worked out.** Two examples, and a layer whose inputs to relu are `[[-1, 2], [-3, -4]]`. The first neuron is
# off in both rows: idle. The second is on in the first row: it hears something, and is not idle.
#
# ### Predict
# The biases of a relu layer all become 100 lower. How many of its neurons are idle? How can they recover?
#
# ### Your turn
# - `idle_units(params, X, tol, act)`: for each hidden layer an array of `True` and `False`, one for each neuron: is
#   it idle on all rows of `X`? `params` is a list of pairs `(W, b)` as in unit 5; the last layer has no activation
#   and does not count. `act` is `"relu"` or `"tanh"`.
#
# <details><summary>Exactly what is tested</summary>
#
# - relu is off where its input is 0 or below (`tol` does not matter). A tanh neuron is saturated where its slope,
#   `1 - tanh(z)**2`, is below `tol`.
# - A neuron that is idle on some rows only is not idle. One pair in `params` means no hidden layer: an empty list.
# - The second hidden layer gets what the first one puts out.
#
# </details>

# %% task="idle_units"
def idle_units(params, X, tol, act):
    """For each hidden layer: which neurons are flat on all rows of X? A list of arrays of True and False."""
    ...


# %% check="idle_units"
check("idle_units")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# All of them, and they cannot recover by themselves: their slope is 0, so no step moves their weights or their
# biases.
#
# </details>

# %% [markdown]
# ## The puzzle solved
#
# A whole network of switches: two inputs, twelve neurons with a sign, and a sign at the end. It is to tell the inside
# of a ring from the outside. Three ways, from the same start: the sign with its true slope, your soft step in place
# of the sign, and the sign with your straight-through.

# %% folded="net"
def run(way, steps=600, lr=0.15, k=3.0, units=12):
    """Train a net of switches on the ring. Returns (share of right answers after each step, the net)."""
    rng = np.random.default_rng(5)
    points = rng.uniform(-2, 2, (300, 2))
    target = np.where(np.hypot(points[:, 0], points[:, 1]) < 1.3, 1.0, -1.0)
    W, b = rng.normal(0, 1, (2, units)), rng.normal(0, 0.5, units)
    v, c = rng.normal(0, 0.5, units), 0.0

    def activation(z):
        return 2 * soft_step(z, k)[0] - 1 if way == "soft" else ste_forward(z)

    def back(dY, z):
        if way == "soft":
            return dY * 2 * soft_step(z, k)[1]
        return ste_back(dY, z) if way == "straight-through" else 0 * dY

    share = []
    for _ in range(steps):
        z = points @ W + b
        a = activation(z)
        out = a @ v + c
        share.append(float(np.mean((out >= 0) == (target > 0))))
        dY = back(2 * (activation(out) - target) / len(points), out)
        dz = back(np.outer(dY, v), z)
        W, b = W - lr * points.T @ dz, b - lr * dz.sum(axis=0)
        v, c = v - lr * a.T @ dY, c - lr * dY.sum()
    return share, lambda at: activation(at @ W + b) @ v + c


# %%
pictures.three_nets(run)
# %% [markdown]
# With the true slope of the sign, nothing moved at all: **flat means no signal**. The other two learn the ring, each
# at its own price. The soft net follows a true slope, but it is another net: its neurons are dimmers, not switches.
# The straight-through net does have switches, on or off. It follows a direction that is *not* its gradient, as your
# check has shown, and so it jitters, and its border is made of straight cuts. That is how networks of switches are
# trained.
#
# Change `k` in `run`, or the number of `units`, and look again.
#
# ## In five lines
# 1. A step has the slope 0 wherever it has one. That is a fact about the step, not a bug.
# 2. Accuracy is a staircase, so we descend on a smooth loss and report the accuracy.
# 3. A soft step has signal near the jump only: the sharper, the narrower.
# 4. Noise makes the *average* of a step smooth; its slope is the density of the noise.
# 5. Straight-through is not the gradient: the check is red, and the neuron learns.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. A soft step has the sharpness `k = 8`. What is its largest slope?
# 2. You average the slopes of a thousand noisy steps. What comes out?
# 3. *From unit 4:* the nudged gradient is 0 and yours is 0.001. The relative error is **(a)** 0.001, **(b)** 1,
#    **(c)** 0?

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")
