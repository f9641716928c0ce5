# %% [markdown]
# # Unit 4 · Gradient check
#
# *Fourth of five. Before it: unit 3, the chain rule on graphs. Next: unit 5, an MLP from scratch.*
#
# **A puzzle to begin with.** Five people were asked for the slope of $f(x) = x^3 \tanh x$. Below are their answers.
# Four of them are right, and one is not. Which? (`cosh(x)`, in Ben's answer, is the mean of $e^x$ and $e^{-x}$.)

# %%
import inspect
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import check, formula, greet, hint, pictures, recall, variant, walks

plt.rcParams["figure.dpi"] = 90


def cube_times_tanh(x):
    return x**3 * math.tanh(x)


FIVE = {
    "Ann": lambda x: 3 * x**2 * math.tanh(x) + x**3 * (1 - math.tanh(x) ** 2),
    "Ben": lambda x: x**2 * (3 * math.tanh(x) + x / math.cosh(x) ** 2),
    "Cleo": lambda x: x**3 * (1 - math.tanh(x * x)) + 3 * x * x * math.tanh(x),
    "Dan": lambda x: 3 * cube_times_tanh(x) / x + x**3 * (1 - math.tanh(x)) * (1 + math.tanh(x)),
    "Eve": lambda x: x**3 + 3 * x**2 * math.tanh(x) - x * (x * math.tanh(x)) ** 2,
}
greet()

# %% [markdown]
# You could check all five on paper. But nobody can do that for the backward pass of a network. A wrong gradient
# raises no error. The network still learns, a little worse, and you never find out why. So there is a rule: **never
# trust a derivative that you have not nudged.**
#
# In this unit you build the instrument that does the nudging: first for one number, then for a whole array, and then
# a judge that tells right backward passes from wrong ones. At the end it goes to work, and hunts a bug in an engine.
#
# It goes as before: read, predict, write, check; `hint("finite_differences")` in a new cell helps when you are stuck.

# %% [markdown]
# ## 1. A small number instead of eps
#
# $\varepsilon$ gave exact slopes, but only of functions that can calculate with a `Dual`. What if `f` is a black box
# that takes plain numbers only? Then nudge its input by a small number $h$, and see how far the output moves. That is
# rise over run, from $x$ to $x + h$: the **forward difference**.
#
# $$\frac{f(x + h) - f(x)}{h}$$
#
# Or take one step to each side of $x$, and go from $x - h$ to $x + h$. The run is $2h$. That is the **central
# difference**.
#
# $$\frac{f(x + h) - f(x - h)}{2h}$$

# %%
pictures.nudges(lambda x: x * x * x / 2 - x, 0.5, 1, 0.8)
# %% [markdown]
# The dashed line has the true slope. Which of the two is closer to it?
#
# How far off are they? Take $x^2$, forward:
#
# $$\frac{(x + h)^2 - x^2}{h} = \frac{2xh + h^2}{h} = 2x + h$$
#
# The slope is $2x$; the rest, $h$, is the error. With $\varepsilon$ instead of $h$ nothing was left over, because
# $\varepsilon \cdot \varepsilon = 0$. The square of a small number is small, but it is not 0: that is the price.
#
# ### Predict
# On paper: the central difference of $x^3$. What is left over besides $3x^2$?
#
# ### Your turn
# Write the two differences, and type the central difference of $x^3$.
#
# <details><summary>Exactly what is tested</summary>
#
# - `forward_diff(f, x, h)` and `central_diff(f, x, h)`: the two differences. Each calls `f` exactly twice. `x` may be
#   a number, whole or not, or an array of numbers: then `f` takes the array, every entry is nudged at once, and an
#   array of slopes comes back. `x` itself is left as it was.
# - `central_of_cube`: the central difference of `x**3`, as a text with `x` and `h`. Multiply out, and simplify until
#   there is no division and no negative power left in it.
#
# </details>

# %% task="finite_differences"
def forward_diff(f, x, h):
    """The rate of f from x to x + h."""
    ...


def central_diff(f, x, h):
    """The rate of f from x - h to x + h."""
    ...


central_of_cube = (
    ...
)

# %% check="finite_differences"
check("finite_differences")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# $h^2$ is left over, not $h$. For $h = 0.001$ that is a millionth instead of a thousandth. And the central difference
# of $x^2$ has no error at all: what is too much on the right is too little on the left.
#
# </details>

# %% [markdown]
# ## 2. How small is small?
#
# So if you take `h` as small as you can, is the error as small as can be? Python keeps about 16 digits of a number.
# Look at what is left of `f(x + step) - f(x)` when the steps get tiny.

# %% folded="numbers"
BENDS = [
    {"f": "x*x*x - 2*x", "df": "3*x*x - 2", "x": 1.3},
    {"f": "x*x*x + x", "df": "3*x*x + 1", "x": -0.7},
    {"f": "1/(1 + x*x)", "df": "-2*x/(1 + x*x)/(1 + x*x)", "x": 0.6},
    {"f": "x*x*x*x - x", "df": "4*x*x*x - 1", "x": 1.2},
    {"f": "3/(2 + x)", "df": "-3/(2 + x)/(2 + x)", "x": -0.9},
    {"f": "x*x*x - 4*x", "df": "3*x*x - 4", "x": 1.7},
]
bend = variant("error_curve", BENDS)
bend_f, bend_df, bend_x = formula(bend["f"]), formula(bend["df"]), bend["x"]
pictures.digits_run_out(bend_f, bend_x)
print(f"Yours: {bend_f}, its slope is {bend['df']}, at x = {bend_x}")

# %% [markdown]
# On the left there is a line, as it should be. On the right there is a staircase: between two neighbouring floats
# there is no other number.
#
# The **error** of a difference is how far it is from the true slope, without its sign: `abs(difference - slope)`. To
# see it for large and tiny `h` at once we need a **logarithmic** axis, on which each step is *ten times* as much:
# `ax.set_xscale("log")`.
#
# ### Predict
# - `error_at_1e_17`: at `h = 1e-17`, `x + h` *is* `x` for Python. How large is then the error of `forward_diff` for
#   *your* `f` and `x`? A number, to two decimals. (If `left_side`, below, is right, a wrong prediction costs
#   nothing.)
#
# ### Your turn
# Write `error_curve(f, df, x, hs)`: draw the errors of your two differences at `x` against `h`, and return the Axes.
#
# Then choose a letter for `left_side`: why does the error *grow* where `h` gets very small? One letter:
#
# - `"a"` closer to `x` the curve bends more and more
# - `"b"` `f(x + h)` and `f(x)` agree in almost all of their digits: what was rounded off is divided by a tiny `h`
# - `"c"` for a float `h*h` is not 0, as it was for `eps`
# - `"d"` it does not grow: the smaller `h`, the better
#
# <details><summary>Exactly what is tested</summary>
#
# - `error_curve(f, df, x, hs)`: draw the errors of your two differences at `x` against `h`, and return the Axes.
#   `df(x)` is the true slope. Give `f` and `df` one plain number at a time.
#     - One line for each, labelled `"forward"` and `"central"`, with one point for every `h` of `hs` (a list or an
#       array, in any order; leave it as it is).
#     - Both axes logarithmic, and both with a label that says what is on them: `ax.set_xlabel(...)` and
#       `ax.set_ylabel(...)`.
#     - A logarithmic axis cannot show an error of 0: draw it at `1e-17`.
#     - Mark the best `h` of each line, where the error is smallest, with a dot; the labels are `"best forward"` and
#       `"best central"`. A dot is a plot of one point: `ax.plot([h], [error], "o", label=...)`.
#
# </details>

# %% task="error_curve"
error_at_1e_17 = (
    ...
)


def error_curve(f, df, x, hs):
    """The errors of forward_diff and central_diff at x, against h, with both axes logarithmic."""
    ...


left_side = (
    ...
)

# %% check="error_curve"
check("error_curve")

# %%
HS = [10 ** (-k / 4) for k in range(69)]
pictures.look(error_curve, bend_f, bend_df, bend_x, HS)
# %% [markdown]
# It is a V. Read it from right to left: each time `h` gets 10 times smaller, the forward error gets 10 times smaller,
# and the central one 100 times. Then both turn, and climb. Two errors are at work, and the V is their sum:

# %%
pictures.two_errors()
# %% [markdown]
# That is why people use **central differences with `h = 1e-5`**: about ten digits are right, and you cannot get many
# more.
#
# <details><summary>Compare with your prediction</summary>
#
# At `h = 1e-17` the two values of `f` are the same number. Their difference is 0, so the "slope" is 0, and the error
# is the whole true slope, without its sign.
#
# </details>

# %% [markdown]
# ## 3. One nudge for each entry
#
# Now `f` takes an array `X`, and gives back one number: for example the loss of a network (how wrong its answers
# are), as a function of one of its weight matrices. The **gradient** has the shape of `X`. In each place it has the
# slope of `f` if *that* entry moves and all others stay.
#
# So: take an entry, nudge it up, ask `f`, nudge it down, ask `f`, put it back. Then the next. Slow, and so simple
# that hardly anything can go wrong. That is what an instrument should be like.
#
# Three things can go wrong, though.
#
# - In an array of whole numbers, `X[0] += 1e-5` changes nothing: numpy cuts the fraction off. So nudge a copy made of
#   floats: `np.array(X, dtype=float)`. An array of floats, though, you nudge *itself*. A copy would be no use if `f`
#   reads the original array and not what you give it (the loss of section 5 does that). `X.dtype.kind` is `"f"` if `X`
#   holds floats, and `"i"` if it holds whole numbers.
# - `X[0] += h` and later `X[0] -= h` does *not* give back exactly what was there. Keep the old number, and put it
#   back.
# - If you forget to put an entry back, you measure the next one at another place.
#
# **Cleaning up for certain.** Python has a form for "do this, and whatever happens, do that afterwards":
#
# ```python
# old = X[index]
# try:
#     ...            # nudge, and call f, which may raise an error
# finally:
#     X[index] = old  # done in any case; an error then goes on to the caller
# ```
#
# ### Predict
# How often is `f` called for a matrix of 3 rows and 4 columns?
#
# ### Your turn
# Write `numerical_gradient(f, X, h=1e-5)`: the central difference for each entry of `X`, as an array of floats of the
# shape of `X`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `X` is an array of any shape, of floats or whole numbers. The shape may be `()`: a single number that is an array,
#   such as `np.array(3.0)`. `X` may also be a *view*, a window on another array, such as `A.T`.
# - `f` is given an array of that shape, and called exactly twice for each entry.
# - Whatever happens, `X` is in the end exactly, to the last bit, what it was. Also if `f` raises an error: that error
#   then goes on to whoever called you. (`try: ... finally: ...`)
# - `f` gives a number, or an array with one number in it. If it gives more than one, raise a `ValueError`: a gradient
#   needs *one* number out.
#
# `for index in np.ndindex(X.shape)` runs through the places of any array; `X[index]` is the entry there.
# `np.zeros(X.shape)` is an array of the same shape for you to fill in. And `np.asarray(y).item()` takes the only
# number out of `y`; if there are more, it raises a `ValueError` by itself.
#
# </details>

# %% task="numerical_gradient"
def numerical_gradient(f, X, h=1e-5):
    """The slope of f in each entry of X, by nudging one at a time."""
    ...


# %% check="numerical_gradient"
check("numerical_gradient")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# 24 times: 12 entries, and two calls for each.
#
# </details>

# %%
def products(Z):
    return (Z[0] * Z[1]).sum()


pictures.matrix_and_gradient([[1, 2, 3], [0, -1, 2]], lambda X: numerical_gradient(products, X))
# %% [markdown]
# Here `f` multiplies each upper entry with the one below it, and adds up the three products. Red is uphill, blue
# downhill. Can you see where each slope comes from?

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 3 is behind you (about 115 minutes); part 2 takes about 110. Your work is
# kept: save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 4. How wrong is 0.001?
#
# Your backward pass says 0.501, and the nudge says 0.500. They differ by 0.001. Is that wrong? 600.001 and 600.000
# differ by 0.001 as well, and so do 0.002 and 0.001, which is a factor of two. An error means nothing without the
# size of what was measured. So divide by it, and you get the **relative error**:
#
# $$\frac{|a - b|}{\max(|a|, |b|)}$$
#
# For 0.501 and 0.500 that is $0.001 / 0.501 = 0.002$. We divide by the *larger* of the two sizes, so that it does not
# matter which of them comes first.
#
# For arrays: the relative error of each entry, and of these **the largest**. One wrong entry among a thousand good
# ones is still a bug.
#
# ### Predict
# What is the relative error of 3 beside −3? Of 5 beside 0? And of 0 beside 0?
#
# ### Your turn
# Write `relative_error(a, b)`: the largest relative error of the entries, a plain number.
#
# <details><summary>Exactly what is tested</summary>
#
# - `a` and `b` are two numbers, or two arrays of the same shape. Different shapes: raise a `ValueError`. (NumPy would
#   quietly compare each with each: `(3,)` and `(3, 1)` make nine pairs.)
# - 0 and 0 agree: error 0. There is no other exception, however small the numbers are.
# - Where there is `nan`, nothing agrees: the result is not a finite number, whatever the other entries say. (`nan`,
#   *not a number*, is what numpy gives for 0/0. It is carried along by everything that is computed from it.)
#
# </details>

# %% task="relative_error"
def relative_error(a, b):
    """The worst of the entries' relative errors: abs(a - b) divided by the larger of abs(a) and abs(b)."""
    ...


# %% check="relative_error"
check("relative_error")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# 3 and −3: $6/3 = 2$, the largest that there is. 5 and 0: $5/5 = 1$. And 0 and 0 agree, so 0, although the formula
# would divide by 0.
#
# </details>

# %%
for a, b in [(0.501, 0.500), (600.001, 600.000), (0.002, 0.001), (2e-8, 1e-8), (3.0, -3.0)]:
    print(f"{a:10} beside {b:10}:  {relative_error(a, b)}")

# %% [markdown]
# ## 5. The judge
#
# Here is a machine that learns. It adds up three bumps, each with a `height`, a `centre` and a `width`, and compares
# the sum with what was measured. What can be learned is kept in a dict of arrays, `params`. `loss()` takes no
# argument: it reads `params` as it is at that moment. It gives one number that is 0 if the sum fits perfectly, and
# grows the further off it is. `backward()` gives a dict of gradients under the same names.
#
# You need not follow the arithmetic in the next cell: your judge will not either. (The loss is the mean of $\ln \cosh$
# of what is missing at each point. It looks like a bowl, and its slope is simply $\tanh$.)

# %%
params = {
    "height": np.array([1.2, -0.7, 0.4]),
    "centre": np.array([-1.1, 0.3, 1.5]),
    "width": np.array([0.8, 1.3, 0.6]),
}
points = np.linspace(-2, 2, 9)
measured = np.sin(2 * points)


def loss():
    """How far the sum of the bumps is from what was measured: the mean of log(cosh(missing))."""
    away = (points[:, None] - params["centre"]) / params["width"]
    missing = np.exp(-(away**2)) @ params["height"] - measured
    return np.mean(np.log(np.cosh(missing)))


def backward(inner=2.0, count=9):
    """The gradient of the loss for each of the params. (`inner` and `count` are there to be got wrong.)"""
    away = (points[:, None] - params["centre"]) / params["width"]
    bumps = np.exp(-(away**2))
    pull = np.tanh(bumps @ params["height"] - measured)[:, None] / count
    along = pull * params["height"] * bumps * inner * away / params["width"]
    return {"height": (pull * bumps).sum(0), "centre": along.sum(0), "width": (along * away).sum(0)}


# Six backward passes. One of them is right.
PASSES = {"as above": backward(), "centre has the wrong sign": backward()}
PASSES["centre has the wrong sign"]["centre"] *= -1
PASSES["one width is a little off"] = backward()
PASSES["one width is a little off"]["width"][1] *= 1.001
PASSES["a factor n too large"] = backward(count=1)
PASSES["the slope inside exp forgotten"] = backward(inner=1.0)
heights = params["height"]
params["height"] = heights + 0.01
PASSES["taken after the weights moved"] = backward()
params["height"] = heights

# %% [markdown]
# Five of the six are wrong, and neither a shape nor an error message gives them away. Your judge will. For each name
# it compares the gradient with the nudged one, and gives the relative error. Below `1e-5` the pass is believed; from
# there on it is not.
#
# ### Predict
# Three arrays with three entries: how often will `loss` be called?
#
# ### Your turn
# Write `gradient_check(loss, grads, params)`: a dict that gives, for each name in `params`, the relative error
# between `grads[name]` and the nudged gradient.
#
# <details><summary>Exactly what is tested</summary>
#
# - Each relative error is a plain number, with central differences and `h = 1e-5`.
# - *Every* entry is nudged, and every name has its own answer: a large matrix must not hide a wrong bias.
# - The arrays in `params` hold floats, and `loss()` reads `params["..."]` anew at every call: nudge the array in
#   place, or put another array under the name. In the end `params` holds exactly what it held before. `grads` is not
#   changed.
# - A loss that uses random numbers cannot be nudged: it changes by itself. So first call `loss()` twice without
#   touching anything, and raise a `ValueError` if the two differ. In all that makes 2 calls, and 2 more for each
#   entry.
#
# Your `numerical_gradient` wants a function of an array. `lambda X: loss()` is one.
#
# </details>

# %% task="judge"
def gradient_check(loss, grads, params):
    """For each name: how far grads[name] is from the nudged gradient, as a relative error."""
    ...


# %% check="judge"
check("judge")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# 20 times: twice to see whether the loss changes by itself, and then 9 entries, with two calls for each.
#
# </details>

# %%
pictures.verdicts(gradient_check, loss, PASSES, params)
# %% [markdown]
# **Read the table.** In which rows is one column green and another red? There you know not only *that* something is
# wrong, but where to look. One number for all the parameters together would not have told you.

# %% [markdown]
# ## 6. When the judge is wrong
#
# The activation `relu(x)` is `x` above 0, and 0 below: it has a kink at 0. Suppose an input of relu is a little above
# 0, so close that a nudge crosses the kink.

# %% folded="numbers"
KINKS = [{"offset": 0.3}, {"offset": 0.2}, {"offset": 0.4}, {"offset": 0.6}, {"offset": 0.7}, {"offset": 0.8}]
offset = variant("kinks", KINKS)["offset"]
pictures.kink(offset)
print(f"Yours: x = {offset} * step")

# %% [markdown]
# ### Predict
# At *your* `x`, with nudges of one `step`. Look at the picture, and calculate with `step = 1`:
# - `kink_forward`: what does the forward difference of relu say?
# - `kink_central`: what does the central difference say?
# - `kink_true`: what is the slope of relu at `x`?
#
# (If `at_a_kink`, below, is right, wrong predictions cost nothing.)
#
# ### Your turn
# Write `safe(pre, step)`: where can no nudge carry the input of relu across 0?
#
# Then choose a letter for `at_a_kink`: your backward pass says what `kink_true` is, the judge says what
# `kink_central` is, and shows red. What do you do? One letter:
#
# - `"a"` change the backward pass until it agrees with the judge
# - `"b"` use a larger step, to get away from the kink
# - `"c"` leave the backward pass alone, and check it at another point, where every input of relu is safe
# - `"d"` raise the threshold of the judge until all is green
#
# <details><summary>Exactly what is tested</summary>
#
# - `safe(pre, step)`: `pre` is a table of the numbers that go into relu, one row for each example. A nudge moves each
#   of them by at most `step`, up or down. Return a table of True and False in the same shape: True where no nudge can
#   carry the number across 0. A number at 0 is not safe. (If it is *exactly* `step` away from 0, both answers count as
#   right.)
#
# </details>

# %% task="kinks"
kink_forward = (
    ...
)
kink_central = (
    ...
)
kink_true = (
    ...
)


def safe(pre, step):
    """Where no nudge of at most step can carry the input of relu across 0."""
    ...


at_a_kink = (
    ...
)

# %% check="kinks"
check("kinks")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# `x` is above 0, so the true slope is 1, and to the right of `x` relu climbs all the way. The central difference
# starts to the left of the kink, where relu is still 0: part of its run is flat, so it is less than 1. Neither of the
# two is a bug in your backward pass.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 2 of 3 is behind you (about 110 minutes); part 3 takes about 85. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 7. All weights at once
#
# A million weights, two calls each: two million calls. But two calls alone can tell you a lot. Choose a random
# **direction** $v$: for each weight a number that says how far to move it. Then move *all* the weights along it, by
# $s \cdot v$. Now the loss depends on one number, $s$, and has a slope there. Each weight moves at its own speed and
# contributes its own slope times its speed, and these add up:
#
# $$\text{slope along } v = \text{sum over all weights of (gradient} \cdot v)$$
#
# With numbers: if the gradient is $(3, -1)$ and the direction is $(2, 5)$, the slope along it is $3 \cdot 2 + (-1)
# \cdot 5 = 1$.
#
# Here is a loss $L$ of your own, with two weights, $w_0$ and $w_1$:

# %% folded="numbers"
SURFACES = [
    {"L": "w0*w0*w1 + 3*w1", "w0": 0.8, "w1": 1.3},
    {"L": "w0*w1*w1 - 2*w0", "w0": 1.4, "w1": 0.9},
    {"L": "2*w0*w0 - w0*w1*w1", "w0": 1.2, "w1": 0.7},
    {"L": "w0*w0*w0 + 2*w0*w1", "w0": 0.6, "w1": -1.1},
    {"L": "w1*w1*w1 - 3*w0*w1", "w0": -0.9, "w1": 1.2},
    {"L": "w0*w0*w1 - 4*w0", "w0": 1.3, "w1": -0.8},
]
surface = variant("random_directions", SURFACES)
L = formula(surface["L"], "w0, w1")
pictures.directions(L, (surface["w0"], surface["w1"]))
print(f"Yours: L(w0, w1) = {L.text}")

# %% [markdown]
# Along an arrow that agrees with the gradient the loss climbs fast. At a right angle to the gradient it is level, and
# against the gradient it falls.
#
# ### Predict
# In your picture: in which direction would a wrong slope in `w1` go unnoticed?
#
# ### Your turn
# Type the slope of *your* `L` along a direction, and write `directional_check(loss, grads, params, rng)`. Here `rng`
# is a numpy generator of random numbers, as `np.random.default_rng(7)` makes one; `rng.standard_normal(shape)` draws
# an array from it.
#
# <details><summary>Exactly what is tested</summary>
#
# - `slope_along`: for *your* `L`, the slope of `L(w0 + s*v0, w1 + s*v1)` at `s = 0`, where `v0` and `v1` say how fast
#   `w0` and `w1` move. A text with `w0`, `w1`, `v0`, `v1`.
# - `directional_check(loss, grads, params, rng)`: `loss`, `grads`, `params` as in section 5. Draw a direction `v` for
#   *all* entries of all the params from `rng`. Call `loss()` once with `h*v` added to all the params, and once with
#   `h*v` subtracted, where `h = 1e-5`. Their difference divided by `2*h` is the slope along `v`. Compare it with the
#   sum of `grads * v`. Return the relative error, a plain number.
#     - `loss` is called exactly twice. `params` is in the end exactly what it was, and `grads` is not changed.
#     - A new direction at each call, and the same one from an `rng` that starts from the same seed. Draw from `rng` and
#       from nothing else. `rng.standard_normal(shape)` gives numbers of either sign.
#
# </details>

# %% task="random_directions"
slope_along = (
    ...
)


def directional_check(loss, grads, params, rng):
    """The relative error between the slope along a random direction and what grads says of it."""
    ...


# %% check="random_directions"
check("random_directions")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# In a direction that does not move `w1` at all: straight along `w0`. Then `w1` contributes nothing, right or wrong.
# That is why the direction is random.
#
# </details>

# %%
dice = np.random.default_rng(7)
for title, grads in PASSES.items():
    print(f"{title:34}", directional_check(loss, grads, params, dice))

# %% [markdown]
# Two calls for each line, instead of twenty. All five wrong passes are caught. What you no longer learn is *where*
# the bug is. So use both: directions to notice that something is wrong, and the judge to find out what.

# %% [markdown]
# ## 8. Find the bug
#
# Here is a small engine. A node remembers the nodes it was made from, and with each of them the slope: how fast it
# moves when that one moves. These pairs are its `edges`. The operations are right; you can believe them.

# %%
class Broken:
    """A number in a graph. Its .edges are the pairs (input, slope) that it was made from."""

    def __init__(self, data, edges=()):
        self.data, self.grad, self.edges = data, 0.0, edges

    def __add__(self, other):
        other = self.node(other)
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = self.node(other)
        return type(self)(self.data * other.data, [(self, other.data), (other, self.data)])

    def tanh(self):
        t = math.tanh(self.data)
        return type(self)(t, [(self, 1 - t * t)])

    def node(self, other):
        return other if isinstance(other, Broken) else type(self)(other)

    __radd__, __rmul__ = __add__, __mul__


# %% [markdown]
# The way back is another matter. Six people wrote a `backward`, and each got it wrong in a different way. One of them
# is yours:

# %%
WALKS = ["send_again", "level_by_level", "first_come", "from_a_stack", "two_levels", "whenever_reached"]
Broken.backward = getattr(walks, variant("find_the_bug", WALKS))
print(inspect.getsource(Broken.backward))

a, b = Broken(2.0), Broken(3.0)
(a * b + b).backward()
print("the slopes of a*b + b at a = 2, b = 3:", a.grad, b.grad)

# %% [markdown]
# For `a*b + b` it is right. That is how such a bug lives for years. A test is an argument: *here* is a graph for
# which the engine is wrong, and you can see it with your own eyes. The smaller the graph, the better the argument.
#
# ### Predict
# Read your `backward` slowly. When does a node pass on its `.grad`? Is that `.grad` complete by then? Does each node
# pass it on exactly once? For which graph would it go wrong? Reuse a node that was itself made from others; or let
# two ways to it have different lengths.
#
# ### Your turn
# Write `failing_graph()`: a graph for which your broken engine is wrong. Then repair the way back, in the class
# `Value`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `failing_graph()`: return `(inputs, build)`, a list of one to four numbers, and a function that takes as many
#   nodes and returns one node. It is called as `build(*[Broken(x) for x in inputs])`, and then `.backward()` on what
#   comes back. The slopes of the inputs must be wrong: at least one is off by more than a thousandth of its size. Use
#   `+`, `*` and `tanh`, and plain numbers where you need constants; at most ten operations, and **at most three for
#   the last point**. No random numbers: it must fail every time.
# - `backward` in `class Value`: the repaired way back. For every node that `self` depends on, it adds d self / d node
#   to its `.grad`; `self.grad` becomes 1. It is called once for each graph, when all `.grad` are 0. Graphs may be 200
#   operations deep, and each node may be used often: pass on once for each node, not once for each path, or forty
#   doublings in a row will never end.
#
# </details>

# %% task="find_the_bug"
def failing_graph():
    """(inputs, build): a small graph whose slopes the broken engine gets wrong."""
    ...


class Value(Broken):
    """The engine, repaired."""

    def backward(self):
        """Fill in .grad of self and of every node that it was made from."""
        ...


# %% check="find_the_bug"
check("find_the_bug")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# In `a*b + b` only the input `b` is used twice, and an input passes nothing on. So none of the six can go wrong there,
# whatever they do too early, too often, or not at all. A failing graph needs a longer way back: a node that was itself
# made from others and is used more than once, or simply one more operation.
#
# </details>

# %%
pictures.two_walks(failing_graph, Broken, Value)
# %% [markdown]
# And here is your graph. Each node shows its value and its gradient. Where the broken engine says something else, its
# answer is in bold: follow the arrows to the right from there, and you see which node passed on too little, too much,
# or too early.

# %%
pictures.both_gradients(failing_graph, Broken, Value)
# %% [markdown]
# ## The puzzle, solved
#
# Who was wrong? Nudge, and compare, at a few places:

# %%
for name, slope in FIVE.items():
    errors = []
    for x in (0.5, 1.0, 2.0):
        nudged = central_diff(cube_times_tanh, x, 1e-5)
        errors.append(None if nudged is None else relative_error(slope(x), nudged))
    print(f"{name:5}", errors)

# %% [markdown]
# One of them wrote `tanh(x*x)` for `tanh(x)**2`. Did you see it?
#
# You have an instrument. It needs nothing but a loss that can be called, and it does not care how clever the backward
# pass is. So here it meets what it was built for: a network of three layers, as you will write one in unit 5. Each line
# is a weight. In its backward pass somebody has hidden a bug. No error is raised, and the loss still goes down. Which
# layer is it? Your judge says:

# %%
pictures.wrong_layer(gradient_check)
# %% [markdown]
# From now on you never have to take a backward pass on trust.
#
# ## In five lines
# 1. Central difference: one step to each side; its error shrinks with $h^2$.
# 2. Too small an `h` loses digits. `1e-5` is a good choice.
# 3. Nudge one entry at a time, and put back exactly what was there.
# 4. Compare by *relative* error, the worst entry, one answer for each array.
# 5. A random direction tells you *that* something is wrong, with two calls; the judge tells you *where*.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. `h` becomes 10 times smaller (and is not tiny yet). How many times smaller is the error of the central
#    difference?
# 2. Your gradient says 2, the nudge says 1. What is the relative error?
# 3. *From unit 3:* a node is used twice. Its gradients from the two users are **(a)** multiplied, **(b)** added,
#    **(c)** averaged?

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")

# %% [markdown]
# **Next: unit 5, an MLP from scratch.** There you write a backward pass for a whole network, and this instrument is
# the first to see it.
