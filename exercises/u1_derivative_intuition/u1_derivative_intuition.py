# %% [markdown]
# # Unit 1 · Rate of change and the infinitesimal
#
# *First of five. You need school algebra and a little Python. Next comes unit 2, the rules of differentiation.*
#
# **A puzzle to begin with.** A car drives along a country road from two o'clock to five. The graph shows how far
# along the road it was. At what time was it fastest, and how fast was it then?

# %%
import matplotlib.pyplot as plt
import numpy as np
from kit import check, formula, greet, hint, pictures, recall, show_answer, variant

plt.rcParams["figure.dpi"] = 90
greet()


# %% folded="drive"
def drive(t):
    """How many kilometres along the road the car is, t hours after two o'clock."""
    return 20 + 200 / 7 * (3 * t * t / 2 - 7 * t * t * t / 3 + 5 * t * t * t * t / 4 - t * t * t * t * t / 5)


pictures.drive_graph(drive)

# %% [markdown]
# You can point at the place: where the curve is steepest. But *how* steep is it there, exactly, at one instant, when
# no time passes and the car does not move? At the end of this unit, code that you wrote will tell you.
#
# The same question is behind every neural network. A network is a function with many numbers inside it, its
# *weights*. To learn, it asks about each weight: *if I nudge you a little, does the result get better or worse, and
# how fast?*
#
# ### How this notebook works
# Every section is the same: **read, predict, write, check**. Where a cell has `...`, write your answer in place
# of the dots. Run the cell (Shift+Enter), then run the `check` below it. Try as often as you like: nothing is lost by
# trying. If you are stuck, type `hint("average_rate")` in a new cell (with the name from the check); each call gives
# a bigger hint, and hints cost nothing.
#
# When you hand in, hidden checks run your code on other inputs. They ask for nothing that is not written under
# *Exactly what is tested*. (Cells whose code is folded away, behind three dots, hold numbers and drawings. Run them,
# and read on: you need not open them.)

# %% [markdown]
# ## 1. How steep? Rise and run
#
# The car was at kilometre 20 at two o'clock, and at kilometre 110 at five. That is 90 kilometres in 3 hours:
#
# $$\text{average rate} = \frac{\text{rise}}{\text{run}} = \frac{110 - 20}{5 - 2} = 30 \text{ kilometres per hour.}$$
#
# It does not matter where the car stopped for coffee. Only the two ends count.
#
# The same works for any function `f`. Go from `a` to `b`. The input changes by the **run**, `b - a`. The output
# changes by the **rise**, `f(b) - f(a)`. The **average rate** is rise divided by run: how much the output changes for
# each unit of input.
#
# Short functions are written in one line here. `lambda x: 3 - x` is the function that takes `x` and gives back `3 - x`.
# It does the same as a `def` with one `return`, but it needs no name.

# %%
pictures.rise_over_run(lambda x: x * x / 4, 2, 6)
# %% [markdown]
# The sign matters. A rate of −2 says: for each step to the right, `f` goes *down* by two.
#
# ### Predict
# The rate in the picture, from 2 to 6, is 2. What is it from 6 back to 2?
#
# <details><summary>Compare with your prediction</summary>
#
# The same, 2. The run is now $2 - 6 = -4$, and the rise is $1 - 9 = -8$. Both have changed sign, and $-8 / -4 = 2$.
# It does not matter which way you walk.
#
# </details>
#
# ### Answers in letters
# Some answers in this course are formulas. You write them as *text, between quotes*. Here is one, worked out: the
# average rate of $3x$ from $a$ to $a + h$.
#
# $$\frac{3(a + h) - 3a}{h} = \frac{3a + 3h - 3a}{h} = \frac{3h}{h} = 3$$
#
# So the answer is typed `"3"`, with the quotes. If there are letters in it, write it as you would on paper: `2a`,
# `2*a`, `a^2` and `a**2` are all understood. `show_answer` shows how a text is read:

# %%
show_answer("3a(h + 1)^2 / 2", "a", "h")

# %% [markdown]
# Here is a function of your own, with a place to start and a place to end. (Other students have other numbers.)

# %% folded="numbers"
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
# Write `average_rate(f, a, b)`. Then give the rate of *your* function as a number, and find two rates with letters:
# of `x**2` and of your own function, both from `a` to `a + h`. Simplify them until no division is left.
#
# <details><summary>Exactly what is tested</summary>
#
# - `average_rate(f, a, b)` calls `f` at `a` and at `b` only. The sign of the rate counts, and so do short runs and
#   runs from right to left. If `a == b` there is no run, and so no rate: `raise ValueError("no run")`. (`raise` stops
#   the function there and then, with an error that says why.)
# - `my_rate` is a number: the average rate of *your* function from *your* `a` to *your* `b`.
# - `rate_of_square` is a text with `a` and `h`: the average rate of `x**2` from `a` to `a + h`, without a division.
# - `rate_of_mine` is the same for *your* function. (Multiply out `(a + h)**3` first.)
#
# </details>

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
# **Look at `rate_of_square` again.** It has one part that depends on `a` alone, and one that depends on the step `h`.
# Make the step shorter, and the second part matters less:

# %%
pictures.chord_slider(lambda x: x * x / 4, 2)
# %% [markdown]
# What we want is the first part: how fast `f` changes *at* `a`, whatever the step. But we cannot simply put `h = 0`:
# then there is no run. The next section makes the second part vanish honestly.

# %% [markdown]
# ## 2. A number whose square is zero
#
# Let a square of side $x$ grow by a little $dx$. It gains a strip on two sides, and one small square in the corner.

# %%
pictures.square_grows(3, [1, 0.25])
# %% [markdown]
# When $dx$ shrinks, the strips shrink, but the corner shrinks *much* faster. Make $dx$ a hundred times smaller: each
# strip is then a hundred times smaller, and the corner ten thousand times.
#
# So let us go all the way. We add one new number to the numbers we know, the **infinitesimal** $\varepsilon$ (say
# *epsilon*; in code we call it `eps`). It is not zero. But its square is:
#
# $$\varepsilon \cdot \varepsilon = 0$$
#
# Everything else is school algebra. Multiply out, and drop whatever has $\varepsilon \cdot \varepsilon$ in it:
#
# $$(3 + \varepsilon)(3 + \varepsilon) = 9 + 6\varepsilon + \varepsilon\varepsilon = 9 + 6\varepsilon$$
#
# Read the result aloud: *at 3 the square is 9, and it changes 6 times as fast as its input.* The number in front of
# $\varepsilon$ is the rate of change. We chose no step and rounded nothing.
#
# ### A Dual has two parts
# A number $a + b\varepsilon$ has a **real** part $a$ and an **infinitesimal** part $b$. In code it is `Dual(a, b)`,
# and its parts are called `real` and `inf`. (`inf` is short for *infinitesimal*. It has nothing to do with infinity.)
# A plain number such as 5 is $5 + 0\varepsilon$.
#
# In Python, a **class** is a new kind of thing, here a new kind of number. The functions inside it are its
# **methods**. `__init__` stores the two parts, and `__repr__` says how a Dual is printed. The names with two
# underscores on each side are those that Python looks for by itself.
#
# Adding is done for you, so that you can see how it goes. Python turns `p + q` into `p.__add__(q)`, with `p` as
# `self` and `q` as `other`:
#
# $$(1 + 2\varepsilon) + (10 + 20\varepsilon) = 11 + 22\varepsilon$$
#
# ```python
# def __add__(self, other):
#     other = as_dual(other)             # a plain number becomes a Dual
#     return Dual(self.real + other.real, self.inf + other.inf)
# ```
#
# ### Predict
# On paper, before you write code: what is $3 - (1 + \varepsilon)$?
#
# ### Your turn
# Write three methods: `__neg__` for `-p`, `__sub__` for `p - q`, and `__rsub__` for `3 - p`, where a plain number
# comes first. In `__rsub__` the plain number is `other`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `-p`, `p - q`, `p - 3` and `3 - p` give a *new* Dual with the right two parts.
# - `p + q`, `p + 3` and `3 + p` still work.
# - No operation changes the Duals that it is given.
#
# </details>

# %% task="dual_plus_minus"
def as_dual(x):
    """A plain number x is the Dual x + 0*eps."""
    return x if isinstance(x, Dual) else Dual(x, 0)


class Dual:
    """The number  real + inf*eps,  where eps*eps = 0."""

    def __init__(self, real, inf=0):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf}*eps"

    # given, as an example
    def __add__(self, other):
        other = as_dual(other)
        return Dual(self.real + other.real, self.inf + other.inf)

    __radd__ = __add__  # for 3 + p, where the plain number comes first

    def __neg__(self):
        """-self"""
        ...

    def __sub__(self, other):
        """self - other"""
        ...

    def __rsub__(self, other):
        """other - self, where other is a plain number"""
        ...


# %% check="dual_plus_minus"
check("dual_plus_minus")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# $3 - (1 + \varepsilon) = 3 - 1 - \varepsilon = 2 - \varepsilon$. The minus in front of the bracket flips *every*
# sign inside it. In words: if the number that you subtract grows, the result shrinks just as fast.
#
# </details>

# %% [markdown]
# ## 3. Times
#
# Now the product, the heart of this unit. Here is one with numbers. Multiply each part with each part, then drop
# $\varepsilon\varepsilon$:
#
# $$(2 + 3\varepsilon)(5 + 7\varepsilon) = 10 + 14\varepsilon + 15\varepsilon + 21\varepsilon\varepsilon = 10 +
# 29\varepsilon$$
#
# ### Predict
# On paper: multiply out $(a + b\varepsilon)(c + d\varepsilon)$ in the same way. Which of the four products have
# exactly one $\varepsilon$ in them?
#
# ### Your turn
# Type your two parts as texts with `a`, `b`, `c`, `d`. Then write them as code: `times(p, q)` gives the Dual `p`
# times `q`. The line below it teaches Python's `*` to use it.
#
# <details><summary>Exactly what is tested</summary>
#
# - `product_real` and `product_inf`: the part without $\varepsilon$, and the number in front of $\varepsilon$.
# - `p * q`, `p * 3` and `3 * p`, with any numbers in both parts, and products of three and more.
# - The result is a *new* Dual; `p` and `q` stay as they were.
#
# </details>

# %% task="dual_times"
product_real = (
    ...
)
product_inf = (
    ...
)


def times(p, q):
    """p * q, with eps*eps = 0. Here p is a Dual, and q is a Dual or a plain number."""
    ...


# given: teach Python's * to Dual
Dual.__mul__ = Dual.__rmul__ = times

# %% check="dual_times"
check("dual_times")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# $a \cdot d\varepsilon$ and $b\varepsilon \cdot c$ have one $\varepsilon$ each. They are the two strips of the
# growing square. $b\varepsilon \cdot d\varepsilon$ is the corner, and it is gone.
#
# </details>

# %% [markdown]
# ## 4. Dividing: find the unknown
#
# What is $\dfrac{6 + 4\varepsilon}{2 + \varepsilon}$? You do not have to remember a formula. Call the answer $u +
# v\varepsilon$, and use what dividing *means*: the answer times the divisor gives back what was divided.
#
# $$(u + v\varepsilon)(2 + \varepsilon) = 6 + 4\varepsilon$$
#
# Multiply out the left side: $2u + (u + 2v)\varepsilon$. Both sides must agree in the real part and in the number in
# front of $\varepsilon$:
#
# $$2u = 6 \quad\text{so}\quad u = 3, \qquad\qquad u + 2v = 4 \quad\text{so}\quad 2v = 4 - 3 \quad\text{and}\quad v =
# \tfrac{1}{2}$$
#
# The answer is $3 + \tfrac{1}{2}\varepsilon$. Two equations, two unknowns: the first gives you $u$, then the second
# gives you $v$. With letters it goes exactly the same way:
#
# $$(u + v\varepsilon)(c + d\varepsilon) = a + b\varepsilon$$
#
# ### Predict
# Do it for the easiest case, $1/(x + \varepsilon)$. Which number is in front of $\varepsilon$: does it have a minus?
#
# ### Your turn
# Type the number in front of `eps` in `1/(x + eps)`. Then write `divide(p, q)`, and `power(p, n)`: the Dual `p` times
# itself, `n` times. Is your `power` right? Ask your own `*`: `power(p, 3)` must agree with `p * p * p`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `reciprocal_inf` is a text with `x`.
# - `divide(p, q)` is `p / q`; each of the two may be a Dual or a plain number.
# - `power(p, n)` takes a Dual and a whole number. A negative `n` means 1 divided by the power. `power(p, 0)` is the
#   Dual 1 for *every* `p`, even where its real part is 0.
# - Dividing by a real part of 0 raises a `ZeroDivisionError`, and so does a negative power of it. (Python does that
#   by itself when it divides by 0.)
# - Both give a *new* Dual and leave what they are given as it was.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# $(u + v\varepsilon)(x + \varepsilon) = ux + (u + vx)\varepsilon$ must be $1 + 0\varepsilon$. So $u = 1/x$, and $vx =
# -u$. There is a minus, and there should be: if $x$ grows, then $1/x$ shrinks.
#
# </details>

# %% [markdown]
# ## 5. Comparing
#
# Many functions ask a question on the way: `if x > 0: ...`. So Python has to know which of two Duals is smaller. Only
# the real part decides. However large $b$ is, $b\varepsilon$ is too small to change the order: $2 + 500\varepsilon$
# is less than $3$.
#
# ### Predict
# `abs` makes a number positive: `abs(-4)` is 4. What is `abs(-4 + 3*eps)`?
#
# ### Your turn
# Write three short functions. `smaller` and `equal` give `True` or `False`. `size` is what `abs` uses: it gives `p`,
# or `-p` if the real part of `p` is negative.
#
# <details><summary>Exactly what is tested</summary>
#
# - `p < q`, `p > q`, `p <= q`, `p >= q` and `p == q`, where either may be a plain number. Only the real parts count:
#   `Dual(2, 5) < 3` and `Dual(2, 5) == 2` are true.
# - `abs(p)` flips the sign of *both* parts if the real part is negative, and of neither if it is positive. (At a real
#   part of 0, nothing is tested.)
# - None of them changes its Dual.
#
# </details>

# %% task="dual_compare"
def smaller(p, q):
    """Is the real part of p smaller than that of q? p is a Dual, q a Dual or a plain number."""
    ...


def equal(p, q):
    """Are the real parts of p and q equal?"""
    ...


def size(p):
    """p or -p, whichever has a real part that is not negative."""
    ...


# given: teach <, ==, abs and their relatives to Dual
Dual.__lt__ = smaller
Dual.__eq__ = equal
Dual.__abs__ = size
Dual.__gt__ = lambda self, other: as_dual(other) < self
Dual.__le__ = lambda self, other: self < other or self == other
Dual.__ge__ = lambda self, other: self > other or self == other

# %% check="dual_compare"
check("dual_compare")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# $4 - 3\varepsilon$. The real part is negative, so `abs` gives $-(-4 + 3\varepsilon)$, and that minus flips both
# signs. If −4 grows, it comes closer to 0, and so its size shrinks.
#
# </details>

# %% [markdown]
# ## 6. The slope is the number in front of eps
#
# Give a function the input $x + \varepsilon$. Out comes $f(x)$, and in front of $\varepsilon$ the rate at which $f$
# changes *at* $x$:
#
# $$f(x + \varepsilon) = f(x) + \text{slope} \cdot \varepsilon$$
#
# That rate is the **derivative** of $f$ at $x$. In this course we mostly call it the **slope**, because in the
# picture it is how steep the curve is. It is exact, and one call of $f$ is enough. Anything that Python can calculate
# with `+ - * /` and whole powers has a slope that you can read off in this way. A function may even ask an `if` on
# the way.
#
# For example: $f(x) = x \cdot x$ at $3$. You saw $(3 + \varepsilon)(3 + \varepsilon) = 9 + 6\varepsilon$, so the
# slope at 3 is 6. In code, `Dual(3, 1) * Dual(3, 1)` has the `inf` part 6.
#
# ### Predict
# What is the slope of `lambda x: 7`? It never even looks at its input.
#
# ### Your turn
# Write `slope(f, x)`: give `f` a Dual, and return the number in front of `eps`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `slope(f, x)` is a plain number and exact, for tiny and huge slopes as well.
# - It calls `f` exactly *once*, with a `Dual`. No small steps: nothing is approximated.
# - If `f` gives back a plain number, then `f` did not depend on its input, and the slope is 0. (`isinstance(y, Dual)`
#   says whether `y` is a Dual.)
#
# </details>

# %% task="slope"
def slope(f, x):
    """The number in front of eps in f(x + eps)."""
    ...


# %% check="slope"
check("slope")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# It is 0. Whatever the input does, the output stays 7: it does not change at all. It comes back as a plain `7`, without
# an `inf` part, and so your `slope` has to look at what it got.
#
# </details>
#
# Here is a cell to play with. Try other functions and other places. (This cell is yours: change it as you like.)

# %% own="play"
for x in [-2, -1, 0, 1, 2]:
    print(x, slope(lambda x: x * x * x, x))

# %% [markdown]
# **How others write it.** In books and papers the slope of $f$ has several names, which all mean the number that you
# have just calculated: $f'(x)$, say *f prime of x*, and $\dfrac{dy}{dx}$, say *dy by dx*, for $y = f(x)$: how much
# $y$ changes for each bit that $x$ changes.

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 2 is behind you (about 115 minutes); part 2 takes about 70. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 7. Under the microscope
#
# Look at a curve closer and closer. Each panel magnifies the framed part of the one before. Does it go on bending?

# %%
pictures.zoom(lambda x: x * x * x / 4 - x, 1.75, [4, 1, 0.1])

# %% [markdown]
# Close enough, a smooth curve *is* a straight line: the dashed one, which goes through the point $(x_0, f(x_0))$ and
# has the slope of the curve there. That line is the **tangent**. Its height at $x$ is the height at which you start,
# plus steepness times how far you went:
#
# $$f(x_0) + \text{slope} \cdot (x - x_0)$$
#
# For example: $x^2$ at $x_0 = 3$ has the height 9 and the slope 6. Its tangent is $9 + 6(x - 3)$, typed `"9 + 6*(x -
# 3)"`.
#
# Not every curve becomes straight. `abs(x)` has a **kink** at 0: a corner, however close you look. To the left of it
# the slope is −1, to the right +1, and *at* 0 there is no tangent to draw. That is how the next function finds a
# kink: it asks for the slopes a hair to the left and a hair to the right.

# %%
def has_kink(f, x0, h=1e-6):
    """True if the slopes a hair to the left and a hair to the right of x0 disagree."""
    return abs(slope(f, x0 - h) - slope(f, x0 + h)) > 0.001


pictures.zoom(abs, 0, [4, 1, 0.25])
# %% [markdown]
# Where your Jupyter has sliders, you can turn the magnification by hand:

# %%
pictures.zoom_slider(lambda x: abs(x * x - 1), 1)
# %% [markdown]
# Your own curve for this section:

# %% folded="numbers"
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
# divided by the width*, which is what you see on the screen: does it stay the same, or get 10 times smaller, or 100
# times?
#
# ### Drawing, in four lines
# matplotlib calls a panel an *Axes*. This draws two panels side by side, with a line in each:
#
# ```python
# figure, panels = plt.subplots(1, 2, squeeze=False)   # 1 row, 2 columns; the row is panels[0]
# for ax in panels[0]:
#     ax.plot([0, 1, 2], [0, 1, 4], label="f")         # the xs, then the ys
#     ax.set_xlim(0, 2)                                # from where to where
# ```
#
# (`squeeze=False` keeps the panels in rows, even if there is only one.) `np.linspace(left, right, 101)` gives 101
# numbers from left to right. And `for ax, width in zip(panels[0], widths):` goes through two lists side by side.
#
# ### Your turn
# Write `microscope(f, x0, widths)`: one panel for each width, with the curve and, unless there is a kink, the
# tangent. Return the list of panels. Then type the tangent of *your* curve at *your* `x0`.
#
# <details><summary>Exactly what is tested</summary>
#
# - One panel for each width, in the order of `widths`, returned as a list. Its window goes from `x0 - width/2` to
#   `x0 + width/2`.
# - In each panel the curve, with at least 20 points and the label `"f"`, and the tangent over the same stretch with
#   the label `"tangent"`. No tangent if `has_kink(f, x0)` says so.
# - To draw, `f` is given one plain number at a time.
# - `my_tangent` is a text with `x`.
#
# </details>

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
pictures.look(microscope, lens_f, lens_x0, [2, 0.5, 0.1], target=[lens_f])
pictures.look(microscope, lambda x: abs(x - 1) + 1, 1, [2, 0.5, 0.1])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Ten times smaller. When you come ten times closer, the gap itself is a *hundred* times smaller, for the same reason
# as the corner of the square: it grows with the step times the step. The window is ten times narrower, so what you
# *see* of the gap is ten times less. Go on, and the curve is its tangent. At the kink every panel looks the same: the
# corner does not go away.
#
# </details>

# %% [markdown]
# ## 8. The slope is a function, too
#
# At every $x$ the curve has a slope, so the slope is itself a function of $x$. (Its usual name is $f'$.) Draw it
# below the curve, and you can read one from the other: where the curve climbs, the slope is above zero; where the
# curve falls, it is below.
#
# ### Predict
# What does the slope do at the top of a hill, and at the bottom of a valley? Run your finger along a curve.
#
# Then match by eye. Above: three graphs. Below: their three slopes, shuffled.

# %% folded="numbers"
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
# `matching`: three letters, for graph 1, 2 and 3: which slope belongs to it? For example `"abc"`. Then write
# `pair_plot(f, xs)`, which draws `f` above and its slope below, with a level line at height 0.
#
# <details><summary>Exactly what is tested</summary>
#
# - `matching` is a text of three letters.
# - `pair_plot(f, xs)` returns two Axes: the upper one first. They are one below the other, over the same `xs`:
#   `figure, (upper, lower) = plt.subplots(2, 1)`.
# - Above are the points `(x, f(x))`, below the points `(x, slope(f, x))`, as they are, not rescaled.
# - In the lower panel there is a level line at height 0: `ax.axhline(0)`.
#
# </details>

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
def hill_and_valley(x):
    return x * x * x - 3 * x


pictures.look(
    pair_plot,
    hill_and_valley,
    np.linspace(-2.5, 2.5, 101).tolist(),
    target=[hill_and_valley, pictures.rate_of(hill_and_valley)],
)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# On a hilltop and at the bottom of a valley the curve is level for an instant, and the slope is 0: the lower curve
# crosses the level line. From left to right, it goes down through the line at a hill, and up through it in a valley.
#
# </details>

# %% [markdown]
# ## 9. Which way is down?
#
# Now the reason why we want slopes at all. A network has a **loss**: one number that says how wrong its answers are.
# Let `f` be the loss, and `x` one of the weights. You stand at `x` in thick fog: you can see nothing but the slope
# under your feet. Which way do you move `x` to make `f` *smaller*?

# %% folded="numbers"
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
# `my_prediction`: a list of three numbers, for A, B and C. Write `+1` if `x` should grow, `-1` if it should shrink,
# and `0` if the slope does not say. Only look at the picture. (A wrong prediction costs nothing if `zero_means`,
# below, is right.)
#
# ### Your turn
# Write `signal(f, x)`, which gives the way to move `x` so that `f` gets smaller: `-1`, `0` or `+1`. Then choose a
# letter for `zero_means`: when `signal` says 0, what do you know about the place?
#
# - `"a"` it is the lowest place around: we have arrived
# - `"b"` it is the highest place around: any step leads down
# - `"c"` `f` is level right there, and that is all: it may be a valley, a hilltop, a ledge or a plain
# - `"d"` `f` has a kink there
#
# <details><summary>Exactly what is tested</summary>
#
# - `signal(f, x)` is `-1`, `0` or `+1`, and 0 only where the slope is exactly 0, however small the slope is.
# - It uses your `slope`, so that `f` is given a Dual.
# - `my_prediction` is a list of three, and `zero_means` is a letter. You will see whether they are right when your
#   work is graded.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# Let your own code answer. In a new cell, type `[signal(walk_f, x) for x in walk["at"]]`: that is the advice for A, B
# and C. Where it differs from `my_prediction`, look at the picture once more: does the curve climb or fall there, from
# left to right?
#
# </details>
#
# Two landscapes, and at thirteen places the advice of *your* `signal`. On the left the loss changes smoothly. On the
# right it is a *count* of mistakes: 0, 1 or 2, with jumps in between.

# %%
def smooth(x):
    return x * x * x * x / 8 - x * x + 2


def counted(x):
    return 0 if abs(x) < 1 else 1 if abs(x) < 2 else 2


pictures.advice([smooth, counted], signal)

# %% [markdown]
# On the left, follow the arrows, and you get to one of the two valleys. One dot sits on the hilltop in the middle: it
# is level there, and the slope gives no advice although both valleys are near. On the right the slope is 0 nearly
# everywhere. It is not wrong: a step *is* level. But it does not tell you where to go. That is why a network is not
# trained on the number of its mistakes, but on a loss that changes smoothly, so that at every place the slope can
# give advice.

# %% [markdown]
# ## The puzzle, solved
#
# At what time was the car fastest? Its speed is the slope of its graph. Your `slope` can ask for it at every minute:

# %%
pictures.drive_graph(drive, slope)

# %% [markdown]
# No step, no rounding, and no formula for the speed: `drive` was never told what a speed is. You now own a machine
# that knows the slope of everything that Python can add, multiply and divide.
#
# ## In five lines
# 1. The average rate is rise divided by run; the sign tells which way `f` goes.
# 2. $\varepsilon$ is not zero, but $\varepsilon \cdot \varepsilon = 0$. All other rules are school algebra.
# 3. $f(x + \varepsilon) = f(x) + f'(x)\,\varepsilon$: the number in front of $\varepsilon$ is the slope, or
#    derivative.
# 4. Under the microscope, a smooth curve is its tangent. At a kink it is not.
# 5. Go against the sign of the slope to make $f$ smaller. A slope of 0 gives no advice.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter, or a number, between the quotes.
#
# 1. $f(4 + \varepsilon) = 7 - 2\varepsilon$. What is the slope of $f$ at 4?
# 2. A curve has its highest point at $x = 5$. Its slope there is **(a)** large, **(b)** zero, **(c)** negative?
# 3. Why does $\varepsilon \cdot \varepsilon$ vanish in the growing square? **(a)** because $\varepsilon$ is zero,
#    **(b)** because the corner is so much smaller than the strips, **(c)** because of rounding

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")

# %% [markdown]
# **Next: unit 2, the rules of differentiation.** You will read them off your own Dual, and find the age of the
# universe with them.
