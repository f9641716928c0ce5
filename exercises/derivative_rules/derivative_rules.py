# %% [markdown]
# # Rules of derivation
#
# In the first unit you made a number whose square is nothing, and with it a machine that reads off slopes. The
# machine gives a number. A *rule* gives you the formula, and shows where the slope comes from.
#
# In this notebook you read the rules off `x + eps`, one after the other: sums, products, quotients, growth, waves,
# and functions inside functions. At the end a single number learns from real measurements, in a loop of five lines.
#
# Every section is the same: **read, predict, write, check**. A prediction is a thought, on paper or in your head,
# before you calculate. Try the checks as often as you like. When you hand in, hidden checks try your code on other
# inputs, and ask for nothing that is not written here. Numbers are compared to nine digits, those that you type to six.
#
# Typed answers are texts, such as `"5x^4 + 2/x"`. `2x`, `2*x`, `x^2` and `x**2` are all understood, and so are
# `sqrt(x)`, `exp(x)`, `ln(x)`, `sin(x)` and `cos(x)`.

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import check, formula, greet, pictures, variant

plt.rcParams["figure.dpi"] = 90
greet()

# %% bring="Dual as_dual divide power slope"
# From the first unit, in the place of the dots: your as_dual, Dual, divide and power, the three
# lines below them that begin with Dual., and your slope. You can do every task without them;
# only two pictures stay empty.
...

# %%
if "Dual" not in globals():  # nothing was brought: a Dual with its two parts, which cannot calculate

    class Dual:
        """The number  real + inf*eps,  where eps*eps = 0."""

        def __init__(self, real, inf=0):
            self.real, self.inf = real, inf

        def __repr__(self):
            return f"{self.real} + {self.inf}*eps"


if "slope" not in globals():
    slope = None

# %% [markdown]
# ## 1. Powers and sums
#
# Your machine is a measuring instrument. Let it measure: each dot below is the slope of a power at one place.

# %%
pictures.measured_slopes({"x**2": lambda x: x * x, "x**3": lambda x: x * x * x}, slope)
# %% [markdown]
# Dots on a straight line, and dots on a parabola: there is a rule behind them. To find it, put in a *letter* instead
# of a number. Multiply out `(x + eps)*(x + eps)`, drop `eps*eps`, and look at what stands beside `eps`. Once more
# times `(x + eps)`, and you have the cube.
#
# For a square root, find the unknown, as you did for division. Let `r` be the root of `x`, and call the root of
# `x + eps` by the name `r + s*eps`. What does it mean to be a root?
#
# `(r + s*eps) * (r + s*eps) = x + eps`
#
# Multiply out and compare what stands beside `eps`: you get `s`, and then put `sqrt(x)` for `r`.
#
# Two more facts, and every polynomial is yours. A factor in front stays in front: `5*f` changes five times as fast as
# `f`. And a sum changes by the sum of the changes.
#
# ### Predict
# `7 + 4*x` and `2 + 4*x`: which of them climbs faster?

# %%
POLYNOMIALS = [
    {"f": "7 - 5*x + 3*x**2 + 2*x**3", "c": [7, -5, 3, 2]},
    {"f": "4 + 6*x - 2*x**2 + 5*x**3", "c": [4, 6, -2, 5]},
    {"f": "3 + 8*x + 5*x**2 - 4*x**3", "c": [3, 8, 5, -4]},
    {"f": "9 - 7*x + 4*x**2 + 3*x**3", "c": [9, -7, 4, 3]},
    {"f": "5 + 2*x - 6*x**2 + 7*x**3", "c": [5, 2, -6, 7]},
    {"f": "8 + 3*x + 7*x**2 - 6*x**3", "c": [8, 3, 7, -6]},
]
my_polynomial = variant("poly_derivative", POLYNOMIALS)
print("Yours:", formula(my_polynomial["f"]))

# %% [markdown]
# ### Your turn
# - `d_square`, `d_cube`, `d_reciprocal`, `d_root`: the slopes of `x**2`, `x**3`, `1/x` and `sqrt(x)`, as texts with
#   `x`.
# - `my_derivative`: the slope of *your* polynomial, as a text with `x`.
# - `poly_derivative(c)`: now for all of them. A polynomial is the list of its coefficients: `c[k]` belongs to `x**k`,
#   so `[5, 0, 2]` is `5 + 2*x**2`. Give back the coefficients of its slope in the same way, as a **list**. It is one
#   shorter than `c`, and zeros stay in their places. Only a constant is special: its slope is the polynomial `[0]`.
#   `c` has at least one coefficient; it may be a list, a tuple or an array, and stays as it was.

# %% task="poly_derivative"
d_square = (
    ...
)
d_cube = (
    ...
)
d_reciprocal = (
    ...
)
d_root = (
    ...
)
my_derivative = (
    ...
)


def poly_derivative(c):
    """The coefficients of the slope of  c[0] + c[1]*x + c[2]*x**2 + ..."""
    ...


# %% check="poly_derivative"
check("poly_derivative")

# %% [markdown]
# ## 2. Products: the growing rectangle
#
# A rectangle has the sides `f` and `g`, and both grow. How fast does its area grow?

# %%
pictures.rectangle_grows(lambda x: 2 + x, lambda x: x * x / 2, 2, [0.5, 0.1])
# %% [markdown]
# Two strips come along the sides, and a small piece in the corner. You have seen this before, with numbers: in the
# first unit you multiplied out `(a + b*eps) * (c + d*eps)`. Now the four numbers get names. `f` and `g` are the
# sides, `df` and `dg` the speeds at which they grow:
#
# `(f + df*eps) * (g + dg*eps)`
#
# What stands beside `eps` is the **product rule**.
#
# From here on functions get functions, and give back a new one. That looks like this:

# %%
def twice(f):
    """The function that is twice f."""

    def doubled(x):
        return 2 * f(x)

    return doubled


twice(math.sqrt)(9.0)

# %% [markdown]
# ### Predict
# When one side stands still, `dg = 0`: which of the two strips is left?
#
# A product of your own, for `x > 0`:

# %%
PRODUCTS = [
    {"n": 2, "c": 5},
    {"n": 3, "c": 7},
    {"n": 4, "c": 3},
    {"n": 5, "c": 2},
    {"n": 3, "c": 4},
    {"n": 2, "c": 7},
]
my_factors = variant("product_rule", PRODUCTS)
print("Yours: x**{n} * (sqrt(x) + {c})".format(**my_factors))

# %% [markdown]
# ### Your turn
# - `my_product`: the slope of *your* product, as a text with `x`.
# - `dproduct(f, df, g, dg)`: give back a function of `x`: the slope of `f*g` at `x`. `df` is the slope of `f`, and
#   `dg` the slope of `g`. Use them as they are given to you, even if they look wrong: you are asked for the rule. `x`
#   may be an array. Then each of the four gives an array or a plain number, and you need not do anything about it,
#   but leave `x` as it was.

# %% task="product_rule"
my_product = (
    ...
)


def dproduct(f, df, g, dg):
    """The function that gives the slope of f*g."""
    ...


# %% check="product_rule"
check("product_rule")

# %% [markdown]
# ## 3. Quotients: find the unknown once more
#
# What is the slope of `f/g`? Give the quotient a name, `q`. Then what dividing means is a *product*: `q * g = f`. You
# own a rule for products, so let both sides grow:
#
# `dq*g + q*dg = df`
#
# Everything in it is known but `dq`.
#
# ### Predict
# `f` stands still and `g` grows, both above zero. Does the quotient grow or shrink?

# %%
QUOTIENTS = [
    {"a": 2, "b": 5, "c": 3},
    {"a": 3, "b": 2, "c": 5},
    {"a": 4, "b": 3, "c": 7},
    {"a": 5, "b": 4, "c": 2},
    {"a": 3, "b": 7, "c": 4},
    {"a": 2, "b": 7, "c": 5},
]
my_fraction = variant("quotient_rule", QUOTIENTS)
print("Yours: ({a}*x + {b}) / (x**2 + {c})".format(**my_fraction))

# %% [markdown]
# ### Your turn
# - `dq_by_hand`: solve the line above for `dq`, as a text with `df`, `dg`, `q` and `g`.
# - `my_quotient`: the slope of *your* quotient, as a text with `x`.
# - `dquotient(f, df, g, dg)`: give back a function of `x`: the slope of `f/g` at `x`. Put `f/g` for `q` in what you
#   found. As before, `df` and `dg` are used as they are given, and `x` may be an array, which stays as it was. `g` may
#   be negative, but it is never 0.

# %% task="quotient_rule"
dq_by_hand = (
    ...
)
my_quotient = (
    ...
)


def dquotient(f, df, g, dg):
    """The function that gives the slope of f/g."""
    ...


# %% check="quotient_rule"
check("quotient_rule")

# %% [markdown]
# ## 4. Growth by steps
#
# Put 1 coin into a bank that promises 100 % a year. Paid once, at the end, you have 2. Paid in two steps of 50 % you
# have `1.5 * 1.5 = 2.25`, because the second step also counts what the first one brought.
#
# ### Predict
# In twelve steps it is more, in 365 more again. Does it grow beyond all bounds, if only the steps are many enough?
#
# ### How it goes on
# With a growth of `x` in all, and `n` steps, each step adds `x/n` of *what is there*: `y += y*(x/n)`. With more and
# more steps the result hardly changes any more. What it comes to is called `exp(x)`, and `exp(1)` is the number
# `e = 2.718...`.
#
# At every moment it grows by exactly as much as is there. So `exp` is **its own slope**. You can also read that off:
# with `x = eps`, the `n` steps give `(1 + eps/n)` times itself `n` times, and whatever has `eps*eps` in it is gone:
#
# `exp(eps) = 1 + eps`, and therefore `exp(x + eps) = exp(x) * exp(eps) = exp(x) + exp(x)*eps`
#
# Two more slopes follow from this one.
# - **Another base.** The natural logarithm `ln` undoes `exp`, so a number `a` is `exp(ln(a))`, and `a**x` is
#   `exp(x*ln(a))`. Now let `x` become `x + eps`.
# - **The logarithm itself.** Swap the roles of input and output. If `y = ln(x)`, then `exp(y) = x`. Call the slope
#   of the logarithm `s`: then `exp(y + s*eps) = x + eps`. Work out the left side, and compare.

# %%
BASES = [{"a": 2}, {"a": 3}, {"a": 5}, {"a": 6}, {"a": 7}, {"a": 10}]
my_base = variant("exp_by_steps", BASES)["a"]
print(f"Your power: {my_base}**x")

# %% [markdown]
# ### Your turn
# - `grow(x, n)`: start from `y = 1`, take `n` steps of `y += y*(x/n)`, and give back `y`. No `exp` here: you are
#   making it. `x` may be negative (then something is lost in each step), and `n` is at least 1.
# - `d_power`: the slope of *your* power, as a text with `x`. Write `ln` for the natural logarithm.
# - `d_ln`: the slope of `ln(x)`, as a text with `x`.

# %% task="exp_by_steps"
def grow(x, n):
    """What 1 becomes after n steps, each of which adds x/n of what is there."""
    ...


d_power = (
    ...
)
d_ln = (
    ...
)

# %% check="exp_by_steps"
check("exp_by_steps")

# %%
pictures.growing(grow, 2.0, [1, 2, 4, 16])
# %% [markdown]
# Your `grow`, step by step, against `exp`. Ten times as many steps leave a tenth of the gap: try
# `math.exp(2) - grow(2, 100)` and then 1000 steps.

# %% [markdown]
# ## 5. Teaching the machine
#
# Your machine can add, multiply and divide. It has never heard of `exp` or of waves. Somebody has to tell it their
# slopes, once. Those of `exp` and `ln` and of the root you have found. For the waves, walk along a circle of radius 1.

# %%
pictures.on_the_circle(0.6, 0.35)
# %% [markdown]
# After a way `t` along the circle you are at height `sin(t)`, and `cos(t)` to the right. Take a little step on. It
# goes at a right angle to the radius. So the small triangle is the big one, made smaller and turned by a quarter: the
# long and the short leg have changed places, and what pointed up points left. Read off: how fast does the height
# change? How fast does the way to the right change, and with which sign?
#
# Now a `Dual` whose eps part is not 1. It says: `x` moves 3 times as fast as something further in front. Then `f(x)`
# moves 3 times as fast as it would otherwise:
#
# `f(a + b*eps) = f(a) + (slope of f at a) * b*eps`
#
# ### Predict
# What is `exp(Dual(0, 3))`? It has two parts.
#
# ### Your turn
# `exp`, `log`, `sin`, `cos` and `sqrt`. Each takes a `Dual` and gives back a `Dual`; or it takes a plain number and
# gives back a plain number. (`isinstance(x, Dual)` tells which it is.) `log` is the natural logarithm `ln`. For plain
# numbers, `math.exp`, `math.log` and so on are yours to use. The logarithm of a number that is not above 0 does not
# exist: raise a `ValueError` (`math.log` does so by itself), also for a Dual with such a real part. The Dual that you
# get stays as it was.

# %% task="dual_functions"
def exp(x):
    """The exponential of a Dual or of a plain number."""
    ...


def log(x):
    """The natural logarithm of a Dual or of a plain number."""
    ...


def sin(x):
    """The sine of a Dual or of a plain number."""
    ...


def cos(x):
    """The cosine of a Dual or of a plain number."""
    ...


def sqrt(x):
    """The square root of a Dual or of a plain number."""
    ...


# %% check="dual_functions"
check("dual_functions")

# %% [markdown]
# Now your machine measures the slopes of waves and of bells, exact, and of everything that you put together from them.

# %%
pictures.measured_slopes({"sin(2*x)": lambda x: sin(2 * x), "exp(-x*x)": lambda x: exp(-x * x)}, slope, count=25)
# %% [markdown]
# ## 6. The chain rule
#
# A network is a long chain: the output of one function is the input of the next. How fast does the end move when you
# move the start?

# %%
pictures.stretches([("u = 3*x", lambda x: 3 * x), ("y = u*u/6", lambda u: u * u / 6)], 1.5, 0.001)
# %% [markdown]
# The first function stretches every little step to 3 times its length. The second stretches what *arrives* there, and
# how much depends on where it arrives: at `u = 4.5`, not at `x = 1.5`. A stretched step is stretched again. So
#
# **rates multiply, each taken at the value that arrives there.**
#
# This is the **chain rule**. On paper, for `cos(x^2)`: the inside is `x^2`. Take the slope of the outside *at the
# inside*, and multiply by the slope of the inside.
#
# ### Predict
# One gear turns 3 times for every turn of the one before. Two such gears, one after the other: how many turns?

# %%
CHAINS = [
    {"outer": "exp", "inner": "sin", "k": 3},
    {"outer": "exp", "inner": "cos", "k": 2},
    {"outer": "sin", "inner": "exp", "k": 2},
    {"outer": "cos", "inner": "exp", "k": 3},
    {"outer": "exp", "inner": "sin", "k": 4},
    {"outer": "exp", "inner": "cos", "k": 5},
]
my_links = variant("chain_rule_1d", CHAINS)
print("Yours: {outer}({inner}({k}*x))".format(**my_links))

# %% [markdown]
# ### Your turn
# - `d_cos_of_square`, `d_bell`, `d_soft`: the slopes of `cos(x^2)`, `exp(-x^2/2)` and `ln(1 + exp(x))`, as texts with
#   `x`.
# - `my_chain`: the slope of *your* chain, as a text with `x`. It has three links.
# - `chain(fs, dfs)`: `fs` is a list of functions, and `dfs` the list of their slopes. `fs[0]` acts first. Give back a
#   function of `x`: the slope of the whole chain at `x`. Use the slopes as they are given. It calls each function of
#   `fs` at most **once**, and can be used again and again, so leave the two lists as they are. An empty chain changes
#   nothing: what goes in comes out, so its slope is 1. `x` may be an array, which stays as it was.

# %% task="chain_rule_1d"
d_cos_of_square = (
    ...
)
d_bell = (
    ...
)
d_soft = (
    ...
)
my_chain = (
    ...
)


def chain(fs, dfs):
    """The function that gives the slope of  fs[-1](... fs[1](fs[0](x)))."""
    ...


# %% check="chain_rule_1d"
check("chain_rule_1d")

# %% [markdown]
# ## 7. Activations: four curves that networks are made of
#
# Between its sums a network bends its numbers with an **activation**. Four of them do most of the work:
#
# | name | what it is | comes out |
# |---|---|---|
# | sigmoid | `1/(1 + exp(-x))` | between 0 and 1 |
# | tanh | `(exp(x) - exp(-x)) / (exp(x) + exp(-x))` | between −1 and 1 |
# | relu | `x` where `x` is above 0, else 0 | 0 or more |
# | softplus | `ln(1 + exp(x))` | above 0 |

# %%
pictures.activations()
# %% [markdown]
# Their slopes can be written in two ways: with the **input** `x`, or with the **output** `a` that was computed
# already. A network has the output at hand, so it uses the second way, which costs nearly nothing. But you must know
# which of the two numbers you hold! Find the second form for the sigmoid, in three steps. Write `s` for its output.
#
# 1. The slope in terms of `x`: use the quotient rule and the chain rule on `1/(1 + exp(-x))`.
# 2. From `s = 1/(1 + exp(-x))`: what is `exp(-x)`, in terms of `s`?
# 3. Put the second into the first, and simplify: the slope in terms of `s`.
#
# For tanh use the quotient rule on the table's formula, and look for `a` in the result. For softplus, you know its
# slope as a function of `x` from section 6, and `exp(x) = exp(a) - 1`.
#
# **Large numbers.** `np.exp(1000)` is `inf` and prints a warning, while the sigmoid of −1000 is simply 0. So choose a
# form by the sign of `x`, such that only negative numbers are given to `exp`. (`1/(1 + exp(-x))` is also
# `exp(x)/(1 + exp(x))`.) `np.where(x < 0, this, that)` computes both sides, so `-np.abs(x)` is the better friend.
# `np.tanh`, `np.maximum` and `np.logaddexp(0, x)`, which is `ln(exp(0) + exp(x))`, can cope with any number.

# %%
STEEP = [
    {"name": "sigmoid", "k": 2},
    {"name": "sigmoid", "k": 3},
    {"name": "tanh", "k": 2},
    {"name": "tanh", "k": 3},
    {"name": "softplus", "k": 2},
    {"name": "softplus", "k": 3},
]
steep = variant("activations", STEEP)
print("Yours for the plot: {name}({k}*x)".format(**steep))

# %% [markdown]
# ### Predict
# `tanh(3*x)` bends three times as early as `tanh(x)`. How steep is it in the middle, compared with `tanh(x)`?
#
# ### Your turn
# - The four activations, and for each the slope `d..._from_input(x)` and the slope `d..._from_output(a)`, where `a` is
#   what the activation gave. They take an array of any shape, also of whole numbers, and give back numbers in the
#   same shape; the array that they get stays as it was. Up to ±1000 every result is right, and no overflow warning is
#   printed. The slope of relu *at* 0, where it has its kink, may be any number from 0 to 1.
# - `sigmoid_slope_in_x`, `exp_in_s`, `sigmoid_slope_in_s`: the three steps above, as texts: the first with `x`, the
#   other two with `s`.
# - `activation_plot(xs)`: *your* activation, the one with the number in it, and its slope, in one picture over the
#   array `xs`. Give back the Axes. Two lines of points `(x, value)`, one for each; label them `"f"` and `"slope"`.

# %% task="activations"
def sigmoid(x):
    """1/(1 + exp(-x))"""
    ...


def tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))"""
    ...


def relu(x):
    """x where it is above 0, else 0"""
    ...


def softplus(x):
    """ln(1 + exp(x))"""
    ...


def dsigmoid_from_input(x):
    """The slope of the sigmoid at the input x."""
    ...


def dtanh_from_input(x):
    """The slope of tanh at the input x."""
    ...


def drelu_from_input(x):
    """The slope of relu at the input x."""
    ...


def dsoftplus_from_input(x):
    """The slope of softplus at the input x."""
    ...


def dsigmoid_from_output(a):
    """The slope of the sigmoid where its output is a."""
    ...


def dtanh_from_output(a):
    """The slope of tanh where its output is a."""
    ...


def drelu_from_output(a):
    """The slope of relu where its output is a."""
    ...


def dsoftplus_from_output(a):
    """The slope of softplus where its output is a."""
    ...


sigmoid_slope_in_x = (
    ...
)
exp_in_s = (
    ...
)
sigmoid_slope_in_s = (
    ...
)


def activation_plot(xs):
    """Your activation and its slope over xs, in one picture."""
    ...


# %% check="activations"
check("activations")

# %%
pictures.look(activation_plot, np.linspace(-3, 3, 121))
pictures.activations(
    {
        "sigmoid": (sigmoid, dsigmoid_from_input),
        "tanh": (tanh, dtanh_from_input),
        "relu": (relu, drelu_from_input),
        "softplus": (softplus, dsoftplus_from_input),
    }
)
# %% [markdown]
# Look at both ends of the sigmoid and of tanh: far out the slope is nearly 0. There it gives hardly any advice, as you
# have seen in the last section of the first unit.

# %% [markdown]
# ## 8. Downhill
#
# You have slopes. Now use them. You stand at `x`, and want `f` to become smaller. The slope says which way is up, and
# how steep it is there. So go a little way *against* it:
#
# `x = x - lr * slope`
#
# `lr` is the **learning rate**: how far to go for how much slope. Where it is steep, the step is long; where it is
# nearly level, short. Do that again and again, and you have **gradient descent**. Networks of all sizes are trained
# with this one line.
#
# How far may `lr` go? Look at the simplest valley, the bowl `c*x**2/2`. Its slope is `c*x`. One step takes `x` to
# `x - lr*c*x`. That is `x` times a fixed factor, and the next step multiplies by the same factor again.

# %%
BOWLS = [
    {"c": 4, "lr": 0.4, "x0": 3},
    {"c": 3, "lr": 0.2, "x0": 5},
    {"c": 5, "lr": 0.3, "x0": 2},
    {"c": 6, "lr": 0.4, "x0": 5},
    {"c": 2, "lr": 0.3, "x0": 7},
    {"c": 4, "lr": 0.7, "x0": 5},
]
bowl = variant("descend", BOWLS)
bowl_f = formula(f"{bowl['c']}*x*x/2")
print(f"Your bowl: {bowl_f}, from x0 = {bowl['x0']}, with lr = {bowl['lr']}")

# %% [markdown]
# ### Predict
# `my_guess`: what will happen in *your* bowl? One letter. (A wrong guess costs nothing if `lr_limit` is right.)
# - `"a"` it comes down on one side, closer and closer to the bottom
# - `"b"` it jumps from side to side, closer and closer to the bottom
# - `"c"` it jumps from side to side, further and further away
#
# ### Your turn
# - `descend(df, x0, lr, steps)`: start at `x0`, take `steps` steps, and give back the whole path as an array of
#   `steps + 1` numbers: the start counts. `df` gives the slope. Call it exactly **once** for each step, at the place
#   where you stand. `x0` may be a whole number or an array without dimensions, such as `np.array(3.0)`, and stays as
#   it was. `steps` may be 0.
# - `my_third`: where you are in *your* bowl after three steps, as a number.
# - `x_after_k`: in the bowl `c*x**2/2`, where you are after `k` steps, as a text with `x0`, `lr`, `c` and `k`.
# - `lr_limit`: the learning rate beyond which it runs away from the bottom, as a text with `c`.
# - `path_plot(f, path)`: draw the curve of `f` over a stretch that holds the whole path, with at least 20 points, and
#   on it the points `(x, f(x))` of the path, in their order. Label the two lines `"f"` and `"path"`, and give back
#   the Axes. Give `f` one plain number at a time.

# %% task="descend"
my_guess = (
    ...
)


def descend(df, x0, lr, steps):
    """The path of gradient descent from x0: steps + 1 numbers."""
    ...


my_third = (
    ...
)
x_after_k = (
    ...
)
lr_limit = (
    ...
)


def path_plot(f, path):
    """The curve of f, and on it the places of the path."""
    ...


# %% check="descend"
check("descend")

# %% [markdown]
# Your bowl, and your path in it:

# %%
def my_descent():
    return path_plot(bowl_f, descend(lambda x: bowl["c"] * x, bowl["x0"], bowl["lr"], 8))


pictures.look(my_descent)
# %% [markdown]
# And one bowl, `x**2/2`, with five learning rates. The last picture shows the same five paths: how far from the bottom
# you still are, after how many steps.

# %%
pictures.descents(lambda x: x * x / 2, lambda x: x, descend, x0=3.0, rates=[0.1, 0.6, 1.0, 1.8, 2.1], steps=12)

# %% [markdown]
# Too small, and you are still on your way. Too large, and you jump across. There is no rate that is right for
# everything: it depends on how strongly the valley bends.

# %% [markdown]
# ## What you have made
#
# In 1929 Edwin Hubble published for 24 galaxies how far away they are, and how fast they move away from us. (A
# negative speed: that one comes closer.) He drew a straight line through his dots: `velocity = w * distance`. One
# number `w`, nothing else, says how fast the universe expands. Let it be *learned*.
#
# For every `w` there is an **error**: how far the line is from the dots, squared, on average over the galaxies.
# `w*d - v` is squared, so the chain rule gives the slope by `w`: `2*(w*d - v) * d`, again on average. Everything else
# is your loop. It knows nothing about galaxies.

# %%
# megaparsecs, and kilometres per second; E. Hubble, Proc. Natl. Acad. Sci. 15 (1929) 168, table 1
galaxies = [
    (0.032, 170), (0.034, 290), (0.214, -130), (0.263, -70), (0.275, -185), (0.275, -220),
    (0.45, 200), (0.5, 290), (0.5, 270), (0.63, 200), (0.8, 300), (0.9, -30),
    (0.9, 650), (0.9, 150), (0.9, 500), (1.0, 920), (1.1, 450), (1.1, 500),
    (1.4, 500), (1.7, 960), (2.0, 500), (2.0, 850), (2.0, 800), (2.0, 1090),
]
distance, velocity = np.array(galaxies).T


def error(w):
    return np.mean((w * distance - velocity) ** 2)


def d_error(w):
    return np.mean(2 * (w * distance - velocity) * distance)


pictures.learned_line(distance, velocity, error, d_error, descend, lr=0.1, steps=25)
# %% [markdown]
# The first line is wrong, the second is better, and after a few steps hardly anything changes: `w` has been learned,
# about 424 kilometres per second for each megaparsec. (Hubble's distances were too short, as was found out later:
# today's value is near 70. The loop believes its data.)
#
# The error is a bowl in `w`. With how large an `lr` does your loop run away? You have the formula; try it above.
#
# A network is this, with many numbers in the place of one `w`. For that you need the slopes of *all* of them, and the
# chain rule will find them in a single pass: that is the next unit.
