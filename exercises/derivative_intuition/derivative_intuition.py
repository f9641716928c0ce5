# %% [markdown]
# # Rate of change and the infinitesimal
#
# A neural network learns by asking one question, over and over, of every number inside it:
# **if I nudge you a little, how much does the error change, and which way?**
#
# The answer to that question is called a *derivative*. In this notebook you build one, from nothing but school algebra
# and a dozen lines of Python. There is one idea, one picture and one task at a time. After each task, run the cell with
# `check(...)`: it tells you at once what holds and what to try next. You can try as often as you like.

# %%
import matplotlib.pyplot as plt  # noqa: F401 - for what you will draw
import numpy as np
from kit import check, my_name, pictures, show_answer, variant

print("Your own numbers are made for:", my_name())

# %% [markdown]
# If this is not the name under which you hand in your work, ask your teacher: your numbers below depend on it.
#
# ## 1. How much per step
#
# A tap fills a bucket. After 2 minutes there are 3 litres in it, after 6 minutes there are 11. How fast does it fill?
# The water *rose* by 11 - 3 = 8 litres while the clock *ran* 6 - 2 = 4 minutes: 2 litres per minute.
#
# That is all a rate of change is: **change of the output, per unit of change of the input.** On a picture it is the
# rise over the run. If the output falls, the rate is negative, and that sign is half of what we want to know.

# %%
pictures.rise_over_run(lambda x: x * x / 4, 1.0, 4.0)
# %% [markdown]
# ### Task 1: `average_rate`
#
# Write the rate of change of `f` between the inputs `a` and `b`. Ask `f` only at `a` and at `b`. It must not matter
# which of the two is the larger. If `a` equals `b` there is no step at all: raise a `ValueError`.
#
# Then two questions to answer on paper:
#
# * `rate_of_square`: for `f(x) = x^2`, the rate between `a` and `a + w`, simplified. Type it as
#   text, such as `"3a - w"`.
# * `my_rate`: a number, the rate of *your* function between *your* two inputs (the cell below prints them).

# %%
k, start, stop = variant("average_rate", [(2, 1, 4), (3, 1, 5), (4, 2, 5), (5, 2, 4), (2, 3, 7), (3, 2, 6)])
print(f"For {my_name()}: f(x) = x^2 + {k} x, from x = {start} to x = {stop}")


# %% task="average_rate"
def average_rate(f, a, b):
    """Change of f per unit of its input, between a and b."""
    ...


rate_of_square = (
    ...
)

my_rate = (
    ...
)

# %% check="average_rate"
check("average_rate")

# %%
show_answer(rate_of_square, "a", "w")

# %% [markdown]
# ## 2. A step so small that its square is nothing
#
# The rate *between* two points still depends on how far apart they are: you found `2a + w`, and the `w` is in the way.
# We want the rate *at* a point. So look at the curve through a microscope.

# %%
pictures.zoom(lambda x: x * x, 1.0)
# %% [markdown]
# The curve gets straighter and straighter. So let us invent a step `eps` so small that, seen through it, every smooth
# curve simply *is* straight. What would that mean for `x^2`? A square of side `x` grows by a step on each side:

# %%
pictures.square_grows()

# %% [markdown]
# Two strips, `x·eps` each, and a corner `eps·eps`. Seen from the strips the corner is nothing. So we make it a rule:
#
# $$ \varepsilon \cdot \varepsilon = 0, \qquad \text{although } \varepsilon \text{ itself is not } 0. $$
#
# Such a step is called an *infinitesimal*. Then $(x + \varepsilon)^2 = x^2 + 2x\,\varepsilon$, exactly. And what stands
# beside `eps`, here `2x`, is how many times faster the output moves than the input: **the rate of change at x.**
#
# A number with such a step, `a + b·eps`, is called a *dual number*. Python has none, so you make them: `real` holds `a`
# and `inf` (for infinitesimal) holds `b`.


# %%
def as_dual(x):
    """A plain number is a dual number that does not move: its eps part is 0."""
    return x if isinstance(x, Dual) else Dual(x, 0.0)


# %% [markdown]
# ### Task 2: plus, minus, times
#
# Fill in the methods. Each one gives back a new `Dual`; `other` may be a `Dual` or a plain number (`as_dual` helps).
# `3 - d` is not `d - 3`: Python calls `d.__rsub__(3)` for the first.
#
# And on paper: multiply out `(a + b*eps)*(c + d*eps)` with `eps*eps = 0`. What stands alone (`product_real`), and what
# stands beside eps (`product_inf`)?


# %% task="dual_plus_times"
class Dual:
    """real + inf*eps, with eps*eps = 0."""

    def __init__(self, real, inf):
        self.real, self.inf = real, inf

    def __repr__(self):
        return f"{self.real} + {self.inf} eps"

    def __add__(self, other):
        """self + other"""
        ...

    def __sub__(self, other):
        """self - other"""
        ...

    def __rsub__(self, other):
        """other - self"""
        ...

    def __mul__(self, other):
        """self * other"""
        ...

    # Given: the rest follows from what you wrote, and comparisons look at the real part.
    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return 0 - self

    def __abs__(self):
        return -self if self.real < 0 else self

    def __lt__(self, other):
        return self.real < as_dual(other).real

    def __gt__(self, other):
        return self.real > as_dual(other).real


product_real = (
    ...
)

product_inf = (
    ...
)

# %% check="dual_plus_times"
check("dual_plus_times")

# %% [markdown]
# ## 3. Dividing, by asking backwards
#
# What is `1/(x + eps)`? Do not look for a formula: call the answer `p + q·eps` and multiply back.
#
# $$ (x + \varepsilon)(p + q\,\varepsilon) = xp + (xq + p)\,\varepsilon \;\text{ must be }\; 1 + 0\,\varepsilon . $$
#
# So `xp = 1` and `xq + p = 0`. Two small equations, and the unknowns fall out.
#
# ### Task 3: divide, and whole powers
#
# * `divide(a, b)`: both may be `Dual` or plain numbers. If the real part of `b` is 0, raise `ZeroDivisionError`.
# * `power(a, n)`: a `Dual` to a whole number `n`, which may be 0 or negative. Mind `n = 0` when the real part is 0.
# * `reciprocal_inf`: in `1/(x + eps) = 1/x + ?·eps`, what is the question mark? Type it as text.


# %% task="dual_divide_power"
def divide(a, b):
    """a / b for dual numbers."""
    ...


def power(a, n):
    """a ** n for a dual number a and a whole number n."""
    ...


# Given: from now on Dual knows / and **.
Dual.__truediv__ = divide
Dual.__rtruediv__ = lambda self, other: divide(other, self)
Dual.__pow__ = power

reciprocal_inf = (
    ...
)

# %% check="dual_divide_power"
check("dual_divide_power")

# %% [markdown]
# ## 4. The derivative
#
# You have the machine. Feed `x + eps` into any function made of `+ - * / **`, and read off what stands beside `eps`.
# That number is the **derivative** of `f` at `x`, written `f'(x)`: the slope of the curve there. No step size, nothing
# approximate: it is exact.
#
# ### Task 4: `slope`
#
# Write it. Call `f` once, with a `Dual`. Some functions do not care about their input at all (`lambda x: 7`) and give
# back a plain number: what is the slope of a flat line?


# %% task="slope"
def slope(f, x):
    """The derivative of f at x: what stands beside eps in f(x + eps)."""
    ...


# %% check="slope"
check("slope")

# %% [markdown]
# ## 5. The microscope
#
# Smooth means: zoomed in far enough, the curve is its *tangent*, the line through `(x0, f(x0))` with the slope
# `f'(x0)`.
# Not every curve is smooth. At a **kink** two straight pieces meet, and no zoom will ever straighten it.
#
# ### Task 5: `microscope`
#
# Draw one picture for each width and give back the list of `Axes`. Each shows `f` from `x0 - w/2` to `x0 + w/2` (at
# least 100 points, label `"f"`) and, where there is one, the tangent over the same window (label `"tangent"`).
#
# `f` is called with floats for the curve and with a `Dual` by your `slope`. A kink is recognised like this: measure the
# slope a thousandth of the smallest width to the left and to the right of `x0`; if the two differ by more than 0.01,
# there is a kink, and **no tangent is drawn** in any picture.

# %% task="microscope"
def microscope(f, x0, widths):
    """One Axes per width: f around x0, with its tangent unless there is a kink at x0."""
    ...


# %% check="microscope"
check("microscope")

# %%
microscope(lambda x: x * x * x - x, 1.0, [3.0, 0.3, 0.03])
# %%
microscope(lambda x: abs(x), 0.0, [3.0, 0.3, 0.03])
# %% [markdown]
# ## 6. The slope is a function too
#
# At every `x` there is a slope, so the slope is a new curve, drawn under the old one. Where `f` climbs, the lower curve
# is above zero; where `f` falls, below; on a hilltop or in a valley it crosses zero.
#
# ### Task 6: `pair_plot`
#
# Two panels above each other: `f` over `xs` in the upper one, its slope over the same `xs` in the lower one, and in the
# lower one a horizontal line at zero. Give back both `Axes`, upper first. Do not rescale the slope: the number matters.
#
# Then look at your own quiz below: which of a, b, c is the slope of your curve? Type the letter in `my_graph`.

# %%
pictures.graph_quiz()


# %% task="pair_plot"
def pair_plot(f, xs):
    """(upper, lower): f over xs, and its slope with a zero line."""
    ...


my_graph = (
    ...
)

# %% check="pair_plot"
check("pair_plot")

# %%
pair_plot(lambda x: x * x * x / 3 - x, np.linspace(-2, 2, 201))
# %% [markdown]
# ## 7. Where there is no signal
#
# Now the reason for all this. Let `f` be the error of a network and `x` one of its numbers. The slope is **advice**: if
# it is positive, going right makes the error larger, so go left; if it is negative, go right. Always against the slope.
#
# And if the slope is 0? Then there is no advice. It may be a valley. It may just as well be a hilltop, or a plain.
# Think of a step, "0 if x < 0, else 1": right or wrong, nothing between. Its slope is 0 on both sides, everywhere but
# at the jump. It tells nobody where to go. That is why networks are not trained on right-or-wrong, but on
# something soft.

# %%
pictures.step_and_signal()

# %% [markdown]
# ### Task 7: `signal`
#
# Give back -1, 0 or +1: the direction in which to move `x` so that `f` gets *smaller*, and 0 where the slope is 0.
#
# And in `step_slope` the slope, a number, of "0 if x < 0, else 1" at x = 5.


# %% task="signal"
def signal(f, x):
    """-1, 0 or +1: the way to move x so that f gets smaller."""
    ...


step_slope = (
    ...
)

# %% check="signal"
check("signal")

# %% [markdown]
# ## What you have made
#
# A machine that takes any formula and says exactly how fast it changes, and a way to read that number as advice. Walk
# downhill with it: the loop below does nothing but follow your `signal`, and finds the bottom of a valley. Change where
# it starts. Change the function. In the next unit the steps will get a size, too.

# %%
x, path = 3.0, []
for _ in range(40):
    path.append(x)
    x = x + 0.1 * (signal(lambda t: (t - 1) * (t - 1), x) or 0)
print("from", path[0], "to", round(path[-1], 2))
