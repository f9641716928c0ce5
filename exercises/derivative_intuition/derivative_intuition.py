# %% [markdown]
# # Rate of change and the infinitesimal
#
# A neural network is a function with many numbers inside it, its *weights*. To learn, it asks about each weight: *if
# I nudge you a little, does my error go up or down, and how fast?* The answer to that question is called a
# **derivative**, and this notebook is about nothing else.
#
# You need school algebra and a little Python. You do not need limits: we shall calculate with a number so small that
# its square is nothing.
#
# Every section is the same: **read, predict, write, check**. A cell with `...` is yours: write in the place of the
# dots. Then run the `check` below it. Try as often as you like; nothing is lost by trying. When you hand in, hidden
# checks try your code on other inputs. They ask for nothing that is not written here.

# %%
import matplotlib.pyplot as plt
import numpy as np
from kit import check, formula, greet, pictures, variant

plt.rcParams["figure.dpi"] = 90
greet()

# %% [markdown]
# ## 1. How much up for how much along?
#
# You drive from kilometre 20 to kilometre 200 between two o'clock and five. That is 180 kilometres in 3 hours: 60
# kilometres per hour. Nobody needs to know where you stopped for coffee.
#
# The same for any function `f`. Go from `a` to `b`. The input changes by the **run**, `b - a`. The output changes by
# the **rise**, `f(b) - f(a)`. The **average rate** is rise per run: how much the output changes for each unit of
# input.

# %%
pictures.rise_over_run(lambda x: x * x / 4, 2, 6)
# %% [markdown]
# The sign belongs to the answer. A rate of −2 says: for each step to the right, `f` goes *down* by two. If you walk
# the other way, from `b` to `a`, the run is negative and so is the rise, and the rate stays what it was.
#
# Here is a function of your own, with a place to start and a place to end.

# %%
CUBICS = [
    {"f": "x*x*x + 4*x", "c": 4, "a": 2, "b": 5},
    {"f": "x*x*x + 6*x", "c": 6, "a": -4, "b": 3},
    {"f": "x*x*x - 5*x", "c": -5, "a": 3, "b": 5},
    {"f": "x*x*x - 7*x", "c": -7, "a": -2, "b": 4},
    {"f": "x*x*x + 9*x", "c": 9, "a": -3, "b": 2},
    {"f": "x*x*x - 8*x", "c": -8, "a": 2, "b": 7},
]
mine = variant("average_rate", CUBICS)
my_f = formula(mine["f"])
print(f"Yours: {my_f}, from {mine['a']} to {mine['b']}")

# %% [markdown]
# ### Your turn
# - `average_rate(f, a, b)`: the rate from `a` to `b`. Call `f` at `a` and at `b` only. Where `a == b` there is no
#   run, and so no rate: raise a `ValueError`.
# - `my_rate`: the average rate of *your* function from *your* `a` to *your* `b`, as a number.
# - `rate_of_square`: now with letters. What is the average rate of `x**2` from `a` to `a + w`? Write a text with `a`
#   and `w`, and simplify until there is no division left in it.
# - `rate_of_mine`: the same for *your* function, again without a division. (Multiply out `(a + w)**3` first.)
#
# `2a`, `2*a`, `a^2` and `a**2` are all understood.

# %% task="average_rate"
def average_rate(f, a, b):
    """Rise over run of f from a to b."""
    ...


my_rate = (
    ...
)
rate_of_square = (
    ...
)
rate_of_mine = (
    ...
)

# %% check="average_rate"
check("average_rate")

# %% [markdown]
# **Look at `rate_of_square` again.** It has one part that depends on `a` alone, and one that depends on how wide your
# step `w` was. The shorter the step, the less that second part matters. What we are after is the first part: how fast
# `f` changes *at* `a`, whatever the step. The next section makes the second part vanish, honestly.

# %% [markdown]
# ## 2. A number whose square is nothing
#
# Let a square of side `x` grow by a little `dx`. Two strips come along its sides, and one small square in the corner.

# %%
pictures.square_grows(3, [1, 0.25])
# %% [markdown]
# When `dx` shrinks, the strips shrink, but the corner shrinks *much* faster. Make `dx` a hundred times smaller: each
# strip is then a hundred times smaller, the corner ten thousand times. So let us go all the way. We add one new number
# to our numbers, the **infinitesimal** `eps`. It is not zero. But its square is:
#
# `eps * eps = 0`
#
# Everything else is school algebra. Multiply out, and throw away whatever has `eps*eps` in it:
#
# `(3 + eps) * (3 + eps) = 9 + 6*eps + eps*eps = 9 + 6*eps`
#
# Read the result aloud: *at 3 the square is 9, and it changes 6 times as fast as its input.* What stands beside `eps`
# is the rate of change. No step was chosen, and nothing was rounded.
#
# A number `a + b*eps` has a **real** part `a` and an **inf**initesimal part `b`. We call it a `Dual`.
#
# ### Predict
# On paper, before you write code: multiply out `(a + b*eps) * (c + d*eps)`. What stands alone, and what beside `eps`?
# And: what is `3 - (1 + eps)`?
#
# ### Your turn
# - `product_real` and `product_inf`: your two results, as texts with `a`, `b`, `c`, `d`.
# - The methods of `Dual`. The other number may be a plain number, on either side: `as_dual` makes a Dual of it. Each
#   method returns a *new* Dual and leaves the old ones as they were. `real` and `inf` are plain numbers.
# - `__abs__`: turn the sign around (of both parts!) where the real part is negative.
# - Comparing looks at the real parts only: `Dual(2, 5) < 3` is true, and `Dual(2, 5) == 2` is true.
#
# Python calls `p.__add__(q)` for `p + q`, and `q.__rsub__(3)` for `3 - q`. `__mul__` is `*`, `__neg__` is `-p`,
# `__lt__` is `<`. The rest is there already.

# %% task="dual_plus_times"
product_real = (
    ...
)
product_inf = (
    ...
)


def as_dual(x):
    """A plain number x is the Dual x + 0*eps."""
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    """The number  real + inf*eps,  where eps*eps = 0."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    def __add__(self, other):
        """self + other"""
        ...

    def __neg__(self):
        """-self"""
        ...

    def __sub__(self, other):
        """self - other"""
        ...

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        ...

    def __mul__(self, other):
        """self * other, with eps*eps = 0"""
        ...

    def __abs__(self):
        """self or -self, whichever has a real part that is not negative"""
        ...

    def __eq__(self, other):
        """Are the real parts equal?"""
        ...

    def __lt__(self, other):
        """Is the real part of self smaller?"""
        ...

    # given: everything else follows from yours
    def __gt__(self, other):
        return as_dual(other) < self

    def __le__(self, other):
        return self < other or self == other

    def __ge__(self, other):
        return self > other or self == other

    __radd__ = __add__
    __rmul__ = __mul__


# %% check="dual_plus_times"
check("dual_plus_times")

# %% [markdown]
# ## 3. Dividing: find the unknown
#
# What is `(a + b*eps) / (c + d*eps)`? Nobody has to remember a formula. Call the answer `u + v*eps`, with `u` and `v`
# unknown, and use what dividing *means*: the answer times the divisor gives back what was divided.
#
# `(u + v*eps) * (c + d*eps) = a + b*eps`
#
# Multiply out the left side. Then compare: what stands alone must be equal on both sides, and what stands beside
# `eps` must be equal on both sides. Two equations, two unknowns; the first gives you `u`, and then the second gives
# you `v`.
#
# ### Predict
# Try it with the easiest case, `1 / (x + eps)`: what stands beside `eps`?
#
# ### Your turn
# - `reciprocal_inf`: what stands beside `eps` in `1/(x + eps)`, as a text with `x`.
# - `divide(p, q)`: `p / q`; each of them may be a Dual or a plain number. Where the real part of `q` is 0, a
#   `ZeroDivisionError` is raised (Python does so by itself when it divides by 0).
# - `power(p, n)`: the Dual `p` times itself, `n` times, for a whole number `n`; a negative `n` means 1 divided by
#   that, and raises a `ZeroDivisionError` if the real part is 0. `power(p, 0)` is 1 for *every* `p`, also where the
#   real part is 0.
#
# Both give back a *new* Dual, and leave what they are given as it was.
#
# Is your `power` right? Ask your own `*`: both parts of `power(p, 3)` must agree with `p * p * p`.

# %% task="dual_divide_power"
reciprocal_inf = (
    ...
)


def divide(p, q):
    """p / q, where each is a Dual or a plain number."""
    ...


def power(p, n):
    """The Dual p to the whole number n."""
    ...


# given: teach the operators / and ** to Dual
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

# %% check="dual_divide_power"
check("dual_divide_power")

# %% [markdown]
# ## 4. The derivative is what stands beside eps
#
# Give a function the input `x + eps`. Out comes `f(x)`, and beside `eps` the rate at which `f` changes *at* `x`. That
# rate is the **derivative** of `f` at `x`. We also call it the **slope**, because in the picture it is the steepness
# of the curve.
#
# `f(x + eps) = f(x) + slope * eps`
#
# Anything that Python can calculate with `+ - * / **`, and even with an `if`, has its slope read off in this way.
# Exact, and in a single call.
#
# ### Predict
# What is the slope of `lambda x: 7`? It never even looks at its input, and returns a plain number.
#
# ### Your turn
# `slope(f, x)`: the slope of `f` at `x`, a plain number. Call `f` exactly **once**, with a `Dual`. If a plain number
# comes back, `f` did not depend on its input: the slope is 0.

# %% task="slope"
def slope(f, x):
    """What stands beside eps in f(x + eps)."""
    ...


# %% check="slope"
check("slope")

# %% [markdown]
# ## 5. Under the microscope
#
# Look at a curve closer and closer. Does it go on bending?

# %%
pictures.zoom(lambda x: x * x * x / 4 - x, 1.75, [4, 1, 0.1])

# %% [markdown]
# Close enough, a smooth curve *is* a straight line: through the point `(x0, f(x0))`, as steep as the slope there.
# That line is the **tangent**. The height of the tangent at `x` is where you start, plus steepness times how far you
# went:
#
# `f(x0) + slope * (x - x0)`
#
# Not every curve gives in. `abs(x)` has a **kink** at 0: it looks the same however close you look, a corner. Left of
# it the slope is −1, right of it +1, and *at* it there is no tangent to draw. That is how the next function finds a
# kink: it asks for the slopes a hair to the left and a hair to the right.

# %%
def has_kink(f, x0, h=1e-6):
    """True if the slopes a hair to the left and a hair to the right of x0 disagree."""
    return abs(slope(f, x0 - h) - slope(f, x0 + h)) > 0.001


pictures.zoom(abs, 0, [4, 1, 0.25])
# %% [markdown]
# Try it with any function that you like. Where your Jupyter has sliders, you can turn the strength by hand.

# %%
pictures.zoom_slider(lambda x: abs(x * x - 1), 1)
# %% [markdown]
# Your own curve for this section:

# %%
CURVES = [
    {"f": "x*x*x - 7*x", "x0": 2},
    {"f": "x*x*x + 2*x", "x0": -3},
    {"f": "5*x - x*x*x", "x0": -3},
    {"f": "x*x*x - 6*x", "x0": 3},
    {"f": "4*x - x*x*x", "x0": 3},
    {"f": "x*x*x + 3*x", "x0": -2},
]
under_lens = variant("microscope", CURVES)
lens_f, lens_x0 = formula(under_lens["f"]), under_lens["x0"]
print(f"Yours: {lens_f}, at x0 = {lens_x0}")

# %% [markdown]
# ### Predict
# Zoom in ten times, from width 1 to width 0.1. The gap between curve and tangent shrinks, of course. But the *gap
# divided by the width*, what you would see on the screen: does it stay, become 10 times smaller, or 100 times?
#
# ### Your turn
# - `microscope(f, x0, widths)`: one panel for each width `w` (matplotlib calls a panel an *Axes*); return the list of
#   them, in the order of the widths. Each panel shows `x` from `x0 - w/2` to `x0 + w/2`. Draw the curve (label it
#   `"f"`), and the tangent over the same stretch (label it `"tangent"`), but no tangent where `has_kink(f, x0)` says
#   so. Give each curve at least 20 points. To draw, give `f` one plain number at a time.
# - `my_tangent`: the tangent of *your* curve at *your* `x0`, as a text with `x`.
#
# `plt.subplots(1, 3)` makes a figure with three panels; `ax.plot(xs, ys, label="f")` draws a line, `ax.set_xlim(left,
# right)` sets the window. With `squeeze=False` you always get a table of panels, whose first row is `panels[0]`, even
# if there is only one.

# %% task="microscope"
def microscope(f, x0, widths):
    """One panel for each width: the curve of f around x0, and its tangent unless f has a kink there."""
    ...


my_tangent = (
    ...
)

# %% check="microscope"
check("microscope")

# %%
pictures.look(microscope, lens_f, lens_x0, [2, 0.5, 0.1])
pictures.look(microscope, lambda x: abs(x - 1) + 1, 1, [2, 0.5, 0.1])
# %% [markdown]
# **Compare with your prediction.** Ten times closer, the gap itself is a hundred times smaller, for the same reason as
# the corner of the square: it grows with the step times the step. The window is ten times narrower, so what you *see*
# of the gap is ten times less. Go on, and the curve is its tangent. At the kink you see the same in every panel: there
# is nothing that shrinks.

# %% [markdown]
# ## 6. The slope is a function, too
#
# At every `x` the curve has a slope, so the slope is itself a function of `x`. Draw it below the curve, and you can
# read one from the other: where the curve climbs, the slope is above zero; where the curve falls, below. And at the
# top of a hill or the bottom of a valley? Run your finger along the curve and say what the slope does.
#
# Before you draw your own, match by eye. Above: three graphs. Below: their three slopes, shuffled.

# %%
TRIPLES = [
    ["x*x*x - 3*x", "3*x - x*x*x", "x*x - 4"],
    ["x*x - 1", "x*x*x/3 - 3*x", "4*x - x*x*x"],
    ["x*x*x/2 - 2*x", "2*x - x*x*x/2", "2 - x*x/2"],
    ["x*x/2 + x", "x*x*x - 4*x", "x - x*x*x/3"],
    ["1 - x*x", "3*x - x*x*x/4", "x*x*x/4 - 2*x"],
    ["x - x*x/2", "x*x*x - 2*x", "5*x - x*x*x"],
]
puzzle = variant("pair_plot", TRIPLES)
pictures.match([formula(text) for text in puzzle], slope)
# %% [markdown]
# ### Your turn
# - `matching`: three letters, for graph 1, graph 2, graph 3: which slope belongs to it? For example `"abc"`.
# - `pair_plot(f, xs)`: return two Axes, `f` above and its slope below, one under the other over the same `xs`. The
#   values are drawn as they are, not rescaled. In the lower panel draw a level line at height 0 as well
#   (`ax.axhline(0)`), so that one sees where the slope changes its sign.

# %% task="pair_plot"
matching = (
    ...
)


def pair_plot(f, xs):
    """Two Axes: the curve of f above, its slope below with a line at 0."""
    ...


# %% check="pair_plot"
check("pair_plot")

# %%
pictures.look(pair_plot, lambda x: x * x * x - 3 * x, np.linspace(-2.5, 2.5, 101).tolist())
# %% [markdown]
# **Read it from top to bottom.** Where the upper curve turns, on its hill and in its valley, the lower one crosses the
# level line. From left to right: down through the line at a hill, up through it in a valley.

# %% [markdown]
# ## 7. Which way is down?
#
# Now the reason why we want slopes at all. Let `f` be the error of a network and `x` one of its weights. You stand at
# `x`, in thick fog: you see nothing but the slope under your feet. Which way do you move `x` so that `f` gets
# *smaller*?

# %%
WALKS = [
    {"f": "x*x/2 - x", "at": [-2, 1, 2]},
    {"f": "3 - x*x/2 - x", "at": [-1, 2, -2]},
    {"f": "x*x*x/3 - x", "at": [1, -2, 0]},
    {"f": "x - x*x*x/3", "at": [0, -1, 2]},
    {"f": "x*x/2 + 2*x", "at": [1, -3, -2]},
    {"f": "x*x*x/3 - 4*x", "at": [2, 0, 3]},
]
walk = variant("signal", WALKS)
walk_f = formula(walk["f"])
pictures.places(walk_f, walk["at"])
# %% [markdown]
# ### Predict
# `my_prediction`: a list of three, for A, B and C in this order: `+1` if `x` should grow, `-1` if it should shrink,
# `0` if the slope does not say. Only look at the picture. (A wrong prediction costs nothing if you answer the last
# question well.)
#
# ### Your turn
# - `signal(f, x)`: `-1`, `0` or `+1`: the way to move `x` so that `f` gets smaller; `0` where the slope is 0. Use
#   your `slope`, so that `f` is given a Dual.
# - `zero_means`: when `signal` says 0, what do you know about the place? One letter:
#     - `"a"` it is the lowest place around: we have arrived
#     - `"b"` it is the highest place around: any step leads down
#     - `"c"` `f` is level right there, and that is all: valley, hilltop, ledge or plain
#     - `"d"` `f` has a kink there

# %% task="signal"
my_prediction = (
    ...
)


def signal(f, x):
    """The way to move x so that f gets smaller: -1, 0 or +1."""
    ...


zero_means = (
    ...
)

# %% check="signal"
check("signal")

# %% [markdown]
# ## What you have made
#
# Two landscapes, and at thirteen places the advice of *your* `signal`, out of *your* `slope`, out of *your* `Dual`.
# On the left the error changes smoothly. On the right the error is *counted*: it is 0, 1 or 2, and jumps from one to
# the next.

# %%
def smooth(x):
    return x * x * x * x / 8 - x * x + 2


def counted(x):
    return 0 if abs(x) < 1 else 1 if abs(x) < 2 else 2


pictures.advice([smooth, counted], signal)

# %% [markdown]
# On the left, follow the arrows from anywhere, and you get to one of the valleys; one dot sits on the hilltop, level
# and yet at its worst. On the right the slope is 0 nearly everywhere. It is not wrong: a step *is* level. But it
# tells nobody where to go. That is why networks are not trained on the number of their mistakes, but on an error that
# changes smoothly: so that at every place there is a slope, and the slope gives advice.
#
# You now own a machine that knows the slope of everything that Python can add, multiply and divide. In the next unit
# you will read the rules of derivation off it.

