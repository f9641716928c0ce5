# %% [markdown]
# # Unit 2 · Rules of differentiation
#
# *Second of five. Before it: unit 1, rate of change and the infinitesimal. Next: unit 3, the chain rule on graphs.*
#
# **A puzzle to begin with.** In 1929 Edwin Hubble plotted 24 galaxies: how far away each one is, and how fast it
# moves away from us. The dots lie more or less along a straight line. From that line you can read how old the
# universe is. How?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import bring, check, formula, greet, hint, pictures, recall, variant

plt.rcParams["figure.dpi"] = 90

# %% folded="galaxies"
# megaparsecs, and kilometres per second; E. Hubble, Proc. Natl. Acad. Sci. 15 (1929) 168, table 1
galaxies = [
    (0.032, 170), (0.034, 290), (0.214, -130), (0.263, -70), (0.275, -185), (0.275, -220),
    (0.45, 200), (0.5, 290), (0.5, 270), (0.63, 200), (0.8, 300), (0.9, -30),
    (0.9, 650), (0.9, 150), (0.9, 500), (1.0, 920), (1.1, 450), (1.1, 500),
    (1.4, 500), (1.7, 960), (2.0, 500), (2.0, 850), (2.0, 800), (2.0, 1090),
]
distance, velocity = np.array(galaxies).T
pictures.galaxies(distance, velocity)
greet()

# %% [markdown]
# To answer, you need the *best* line through the dots, and to find it, you need slopes of formulas. In unit 1 your
# machine gave you slopes as numbers. A **rule** gives you the formula, and shows where the slope comes from. In this
# unit you read the rules off $x + \varepsilon$, one after the other. At the end a single number learns from Hubble's
# measurements, in a loop of five lines.
#
# It goes as before: **read, predict, write, check**. `hint("poly_derivative")` in a new cell helps when you are
# stuck. Typed answers are texts, such as `"5x^4 + 2/x"`; `sqrt(x)`, `exp(x)`, `ln(x)`, `sin(x)` and `cos(x)` are
# understood.
#
# <details><summary>How exactly are numbers compared?</summary>
#
# What your functions give is compared to nine digits, and a number that you type to six. A formula is right in
# whatever form you write it.
#
# </details>
#
# First, fetch your own machine from unit 1. (You can do every task without it; only two pictures stay empty.)

# %% bring="Dual as_dual divide power slope"
# Run this cell: it looks for your notebook of unit 1 in the folder beside this one. If it is somewhere else, paste
# your Dual, your functions and the lines that begin with Dual. in place of the dots.
...
bring("u1_derivative_intuition", "Dual as_dual times divide power slope")

# %% folded="without"
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
# The dots of $x^2$ lie on a straight line, and those of $x^3$ on a parabola: there must be a rule behind them. To
# find it, put in a *letter* instead of a number. Here is $x^4$, worked out:
#
# $$(x + \varepsilon)^4 = (x + \varepsilon)(x + \varepsilon)(x + \varepsilon)(x + \varepsilon)$$
#
# When you multiply out, you take $x$ or $\varepsilon$ from each bracket. Taking $x$ from all four gives $x^4$. Taking
# $\varepsilon$ from *one* bracket, and $x$ from the other three, gives $x^3\varepsilon$, and there are four brackets
# to take it from. Everything else has $\varepsilon\varepsilon$ in it, and is gone:
#
# $$(x + \varepsilon)^4 = x^4 + 4x^3\varepsilon$$
#
# So the slope of $x^4$ is $4x^3$. The same counting works for any whole number $n$. With $n$ brackets you get the
# **power rule**:
#
# $$\text{the slope of } x^n \text{ is } n\,x^{n-1}$$
#
# For a square root, find the unknown, as you did for division. Let $r = \sqrt{x}$, and call the root of $x +
# \varepsilon$ by the name $r + s\varepsilon$. What does it mean to be a root?
#
# $$(r + s\varepsilon)(r + s\varepsilon) = x + \varepsilon$$
#
# Multiply out, and compare the numbers in front of $\varepsilon$. You get $s$; then put $\sqrt{x}$ for $r$. And the
# slope of $1/x$ you have found already: it was `reciprocal_inf` in unit 1.
#
# Two more facts take you from powers to polynomials. A factor in front stays in front: $5f$ changes five times as
# fast as $f$. And a sum changes by the sum of the changes. For example, the slope of $2 + 3x + 5x^2$ is $0 + 3 +
# 10x$.
#
# ### Predict
# $7 + 4x$ and $2 + 4x$: which of them climbs faster?

# %% folded="numbers"
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
# Type the slopes of $x^2$, $x^3$, $1/x$ and $\sqrt{x}$, and that of *your* polynomial. Then write
# `poly_derivative(c)` for all polynomials at once. A polynomial is the list of its coefficients: `c[k]` belongs to
# `x**k`, so `[5, 0, 2]` is $5 + 0x + 2x^2$.
#
# <details><summary>Exactly what is tested</summary>
#
# - `d_square`, `d_cube`, `d_reciprocal`, `d_root` and `my_derivative` are texts with `x`.
# - `poly_derivative(c)` gives the coefficients of the slope in the same way, as a **list**. It is one shorter than
#   `c`, and zeros stay in their places: `[5, 0, 2]` becomes `[0, 4]`. Only a constant is special: its slope is the
#   polynomial `[0]`.
# - `c` has at least one coefficient. It may be a list, a tuple or a numpy **array** (many numbers in one thing, made by
#   `np.array([5, 0, 2])`), and stays as it was.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# Neither. Both have the slope 4 everywhere. The 7 and the 2 say where they start, and not how fast they climb: the
# slope of a constant is 0.
#
# </details>

# %% [markdown]
# ## 2. Products: the growing rectangle
#
# A rectangle has the sides $f$ and $g$, and both grow. How fast does its area grow?

# %%
pictures.rectangle_grows(lambda x: 2 + x, lambda x: x * x / 2, 2, [0.5, 0.1])
# %% [markdown]
# It gains a strip on two sides, and a small piece in the corner. You have seen this before, with numbers: in unit 1
# you multiplied out $(a + b\varepsilon)(c + d\varepsilon)$. Now the four numbers get names. The sides are $f$ and
# $g$, and $df$ and $dg$ are the slopes, the speeds at which they grow:
#
# $$(f + df\,\varepsilon)(g + dg\,\varepsilon) = fg + (\;?\;)\,\varepsilon$$
#
# What belongs in the bracket is the **product rule**.
#
# Here it is once with numbers. The sides are 2 and 3, and grow at speeds 100 and 1000. One strip is 3 long and grows
# at 100, the other is 2 long and grows at 1000. So the area grows at $3 \cdot 100 + 2 \cdot 1000 = 2300$.
#
# From here on you write functions that take functions and *give back a new function*. That looks like this:

# %%
def twice(f):
    """The function that is twice f."""

    def doubled(x):
        return 2 * f(x)

    return doubled


twice(math.sqrt)(9.0)

# %% [markdown]
# ### Predict
# When the side $g$ stands still, so that $dg = 0$: which of the two strips is left?
#
# A product of your own, for $x > 0$:

# %% folded="numbers"
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
# Type the slope of *your* product. Then write `dproduct(f, df, g, dg)`: it gives back a function of `x`, the slope of
# $f \cdot g$ at `x`. Here `df` is the slope of `f`, and `dg` the slope of `g`; both are functions.
#
# <details><summary>Exactly what is tested</summary>
#
# - `my_product` is a text with `x`.
# - `dproduct` uses `df` and `dg` as they are given, even if they are not the slopes of `f` and `g`: the rule is
#   tested, not the functions.
# - `x` may be an array (then each of the four gives an array or a plain number, and you need not do anything about
#   it), and stays as it was.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# Only the strip along $g$ is left: $g \cdot df$. It is as long as the side that stands still, and gets wider at the
# speed of the side that grows.
#
# </details>

# %% [markdown]
# ## 3. Quotients: find the unknown once more
#
# What is the slope of $f/g$? Give the quotient a name, $q$. What dividing means is a *product*: $q \cdot g = f$. You
# own a rule for products, so let both sides grow:
#
# $$dq \cdot g + q \cdot dg = df$$
#
# Everything in it is known except $dq$. With numbers: if $f = 6$, $g = 2$, $df = 100$, $dg = 10$, then $q = 3$, and
# $dq \cdot 2 + 3 \cdot 10 = 100$. So $dq = 70/2 = 35$. With letters, what you get for $dq$ is the **quotient rule**.
#
# ### Predict
# $f$ stands still and $g$ grows, both above zero. Does the quotient grow or shrink?

# %% folded="numbers"
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
# Solve the line above for $dq$ with letters. Type the slope of *your* quotient. Then write `dquotient(f, df, g, dg)`,
# which gives back the function for the slope of $f/g$.
#
# <details><summary>Exactly what is tested</summary>
#
# - `dq_by_hand` is a text with `df`, `dg`, `q` and `g`; `my_quotient` is a text with `x`.
# - `dquotient`: as before, `df` and `dg` are used as they are given, and `x` may be an array, which stays as it was.
#   `g` may be negative, but it is never 0.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# It shrinks: the same cake for more and more guests. In $dq = (df - q \cdot dg)/g$, put $df = 0$: a minus is left.
#
# </details>

# %% [markdown]
# ## 4. Growth by steps
#
# Put 1 coin into a bank that promises 100 % a year. Paid once, at the end, you have 2. Paid in two steps of 50 %, you
# have $1.5 \cdot 1.5 = 2.25$, because the second step also pays for what the first one brought.
#
# ### Predict
# In twelve steps it is more, and in 365 more again. Does it grow beyond all bounds, if only there are enough steps?
#
# ### The steps in code
# Below, you will write `grow(x, n)`: start from `y = 1`, take `n` steps of `y += y*(x/n)`, and return `y`. Here `x`
# is how much growth there is in all: 1 for 100 %.
#
# ### What it comes to
# With more and more steps the result hardly changes any more. What it comes to is called $e^x$, in code `exp(x)`; and
# `exp(1)` is the number $e = 2.718...$
#
# Look at a single step. It is $x/n$ wide, and adds $y \cdot x/n$. Rise divided by run: the slope of that step is $y$,
# the height that is already there. This holds for every step, however short. So `exp` is the curve that starts at
# height 1 and whose slope is, everywhere, its own height. **`exp` is its own slope:**
#
# $$e^{x + \varepsilon} = e^x + e^x \varepsilon \qquad\text{and, at } 0\text{,}\quad e^{\varepsilon} = 1 + \varepsilon$$
#
# The same holds for $2\varepsilon$, or any $b\varepsilon$: its square is 0 as well. So $e^{b\varepsilon} = 1 +
# b\varepsilon$. Two more slopes follow from this.
#
# - **Another base.** The natural logarithm $\ln$ undoes `exp`, so a number $a$ is $e^{\ln a}$, and $a^x$ is $e^{x \ln
#   a}$. Now let $x$ become $x + \varepsilon$: you get $e^{x \ln a}$ times $e^{\varepsilon \ln a}$, and that second
#   factor is $1 + \varepsilon \ln a$.
# - **The logarithm itself.** Swap the roles of input and output. If $y = \ln x$, then $e^y = x$. Call the slope of
#   the logarithm $s$: then $e^{y + s\varepsilon} = x + \varepsilon$. The left side is $e^y$ times $e^{s\varepsilon}$.
#   Work it out, and compare.

# %% folded="numbers"
BASES = [{"a": 2}, {"a": 3}, {"a": 5}, {"a": 6}, {"a": 7}, {"a": 10}]
my_base = variant("exp_by_steps", BASES)["a"]
print(f"Your power: {my_base}**x")

# %% [markdown]
# ### Your turn
# Write `grow(x, n)` as above. Then type the slopes of *your* power and of `ln(x)`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `grow(x, n)` takes `n` steps, without `exp`: you are making it. `x` may be negative (then something is lost in
#   each step), and `n` is at least 1.
# - `d_power` and `d_ln` are texts with `x`. Write `ln` for the natural logarithm.
#
# </details>

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
for n, paid in [(1, "once a year"), (12, "every month"), (365, "every day"), (100_000, "every five minutes")]:
    print(f"paid {paid:<18} grow(1, {n}) = {grow(1, n)}")
pictures.growing(grow, 2.0, [1, 2, 4, 16])
# %% [markdown]
# Where your Jupyter has sliders, you can add the steps by hand:

# %%
pictures.growing_slider(grow, 2.0)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# No. From every day to every five minutes there is hardly any difference: the coin becomes 2.718..., and no more. Ten
# times as many steps leave a tenth of the gap.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 3 is behind you (about 90 minutes); part 2 takes about 80. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 5. Teaching the machine
#
# Your machine can add, multiply and divide. It has never heard of `exp` or of waves, so you have to tell it their
# slopes, once. You have found those of `exp`, `ln` and the root. For the waves, walk along a circle of radius 1.

# %%
pictures.on_the_circle(0.6, 0.35)
# %% [markdown]
# After a distance $t$ along the circle you are at the height $\sin t$, and $\cos t$ to the right of the centre. Take
# one little step more. It goes at a right angle to the radius. So the small triangle is the big one, shrunk and
# turned by a quarter: the long side and the short side have changed places, and what pointed up now points left.
#
# Read off: how fast does the height change? How fast does the distance to the right change, and with which sign?
#
# So far, the input was $x + \varepsilon$. Now let it be $a + b\varepsilon$: the input moves $b$ times as fast. Then
# the output moves $b$ times as fast, too:
#
# $$f(a + b\varepsilon) = f(a) + f'(a) \cdot b\,\varepsilon$$
#
# For example, the root at $4 + 3\varepsilon$: the root of 4 is 2, and its slope there is $1/(2 \cdot 2) = 0.25$, so
# the result is $2 + 0.75\varepsilon$. In code, with plain numbers treated separately:
#
# ```python
# def sqrt(x):
#     if not isinstance(x, Dual):
#         return math.sqrt(x)                         # a plain number for a plain number
#     r = math.sqrt(x.real)
#     return Dual(r, 1 / (2 * r) * x.inf)             # the slope at x.real, times how fast x moves
# ```
#
# ### Predict
# What is `exp(Dual(0, 3))`? It has two parts.
#
# ### Your turn
# `sqrt` is given. Write `exp`, `log`, `sin` and `cos` in the same way. `log` is the natural logarithm $\ln$.
#
# <details><summary>Exactly what is tested</summary>
#
# - Each takes a `Dual` and gives back a new `Dual`; or it takes a plain number and gives back a plain number.
#   `math.exp`, `math.log`, `math.sin` and `math.cos` are yours to use.
# - There is no logarithm of 0 or of a negative number: a `ValueError` (`math.log` raises it by itself), also for a
#   Dual with such a real part.
# - The Dual that you get stays as it was.
#
# </details>

# %% task="dual_functions"
def sqrt(x):
    """The square root of a Dual or of a plain number (given)."""
    if not isinstance(x, Dual):
        return math.sqrt(x)
    r = math.sqrt(x.real)
    return Dual(r, 1 / (2 * r) * x.inf)


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


# %% check="dual_functions"
check("dual_functions")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# `1 + 3*eps`. At 0, `exp` is 1, and its slope there is 1 as well. The input moves three times as fast, so the output
# does, too.
#
# </details>
#
# Now your machine measures exactly the slopes of waves and of bells, and of everything that you put together from
# them:

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
# The first function stretches every little step to 3 times its length. The second one stretches what *arrives* there,
# and how much depends on where it arrives: at $u = 4.5$, not at $x = 1.5$. A stretched step is stretched again. So
#
# **slopes multiply, each taken at the value that arrives there.**
#
# This is the **chain rule**. In the usual notation, for $y = f(u)$ and $u = g(x)$:
#
# $$\frac{dy}{dx} = \frac{dy}{du} \cdot \frac{du}{dx}$$
#
# An example on paper: $\sin(x^3)$. The inside is $x^3$, with the slope $3x^2$. The outside is $\sin$, with the slope
# $\cos$, taken *at the inside*: $\cos(x^3)$. Together: $\cos(x^3) \cdot 3x^2$, typed `"cos(x^3) * 3x^2"`.
#
# ### Predict
# One gear turns 3 times for every turn of the one before it. Two such gears, one after the other: how many turns?

# %% folded="numbers"
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
# Type the slopes of $\cos(x^2)$, $e^{-x^2/2}$, $\ln(1 + e^x)$ and of *your* chain, which has three links. Then write
# `chain(fs, dfs)`: `fs` is a list of functions, `fs[0]` acts first, and `dfs` is the list of their slopes. Give back
# a function of `x`: the slope of the whole chain.
#
# <details><summary>Exactly what is tested</summary>
#
# - `d_cos_of_square`, `d_bell`, `d_soft` and `my_chain` are texts with `x`.
# - `chain` uses the slopes as they are given. For one slope it calls each function of `fs` at most **once**. The
#   function that it gives back can be used again and again, and the two lists stay as they are.
# - An empty chain changes nothing: what goes in comes out, so its slope is 1.
# - `x` may be an array, which stays as it was.
#
# </details>

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
# <details><summary>Compare with your prediction</summary>
#
# Nine. The first gear makes 3 turns, and the second makes 3 for each of them. Rates of a chain multiply; they do not
# add.
#
# </details>

# %% [markdown]
# ## 7. Activations: four curves that networks are made of
#
# Between its sums, a network sends every number through an **activation**, a curve that is not straight. Four of them
# do most of the work:
#
# | name | formula | its values |
# |---|---|---|
# | sigmoid | $1/(1 + e^{-x})$ | between 0 and 1 |
# | tanh | $(e^x - e^{-x}) / (e^x + e^{-x})$ | between −1 and 1 |
# | relu | $x$ if $x$ is above 0, otherwise 0 | 0 or more |
# | softplus | $\ln(1 + e^x)$ | above 0 |

# %%
pictures.activations()
# %% [markdown]
# **All numbers of an array at once.** A network has thousands of numbers, so these functions take numpy arrays. An
# array may be a row of numbers or a table; its **shape** says how many rows and columns there are. `np.exp(x)` takes
# the exponential of every entry, `np.log(x)` the natural logarithm (your own `log` takes one number only), and
# `np.maximum(x, 0)` the larger of each entry and 0. `np.where(x < 0, this, that)` takes `this` for the entries below
# 0 and `that` for the others.
#
# ### Predict
# Without a computer: about how much is the softplus of 20, $\ln(1 + e^{20})$?
#
# ### Your turn
# Write the four activations.
#
# <details><summary>Exactly what is tested</summary>
#
# - They take an array of any shape, also of whole numbers, and give back a *new* array of the same shape; the array
#   that they get stays as it was.
# - The inputs lie between −30 and 30: the formulas may stand as they are. (Section 11 is for those who want more.)
#
# </details>

# %% task="activations"
def sigmoid(x):
    """1/(1 + exp(-x))"""
    ...


def tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))"""
    ...


def relu(x):
    """x where it is above 0, otherwise 0"""
    ...


def softplus(x):
    """ln(1 + exp(x))"""
    ...


# %% check="activations"
check("activations")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# It is 20. Beside $e^{20}$, half a billion, the 1 does not matter, and $\ln(e^{20})$ is 20. Far to the right, softplus
# is relu; they differ only around 0, where relu has its kink.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 2 of 3 is behind you (about 80 minutes); part 3 takes about 90. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 8. Their slopes, from the input
#
# You know all that you need: the quotient rule, the chain rule, and the slope of `exp`. For the sigmoid:
#
# $$\frac{1}{1 + e^{-x}} \quad\text{has the slope}\quad
# \frac{0 \cdot (1 + e^{-x}) - 1 \cdot (-e^{-x})}{(1 + e^{-x})^2} = \frac{e^{-x}}{(1 + e^{-x})^2}$$
#
# For tanh, use the quotient rule on the formula in the table, and look for $\tanh x$ in the result. For softplus you
# found the slope in section 6: it is one of the four curves. And relu has only two slopes; look at its picture.

# %% folded="numbers"
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
# Compare $\tanh(3x)$ with $\tanh(x)$. How steep is it in the middle, at $x = 0$?
#
# ### Your turn
# Write the four slopes `d..._from_input(x)`. Then write `activation_plot(xs)`: *your* activation, the one with the
# number in it, and its slope, in one picture over the array `xs`. Return the Axes.
#
# <details><summary>Exactly what is tested</summary>
#
# - The slopes take and give arrays as the activations do. The slope of relu *at* 0, where it has its kink, may be any
#   number from 0 to 1.
# - `activation_plot(xs)` has two lines of points `(x, value)`, one for the activation and one for its slope; label
#   them `"f"` and `"slope"`. (`figure, ax = plt.subplots()` gives you the Axes.)
#
# </details>

# %% task="activation_slopes"
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


def activation_plot(xs):
    """Your activation and its slope over xs, in one picture."""
    ...


# %% check="activation_slopes"
check("activation_slopes")

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
# <details><summary>Compare with your prediction</summary>
#
# Three times as steep: $\tanh$ has the slope 1 at 0, and the inside, $3x$, has the slope 3. The chain rule multiplies
# them.
#
# </details>
#
# Look at both ends of the sigmoid and of tanh: far out, the slope is nearly 0. There it gives hardly any advice, as
# you saw at the end of unit 1.

# %% [markdown]
# ## 9. Their slopes, from the output
#
# A network has computed the **output** of every activation already. If the slope can be found from the output alone,
# without any `exp`, it costs nearly nothing. Every library does that. But you must know which of the two numbers you
# hold, the input $x$ or the output $a$!
#
# For the sigmoid, here are the three steps. Write $s$ for its output.
#
# 1. The slope in terms of $x$: you saw it in section 8.
# 2. From $s = 1/(1 + e^{-x})$: what is $e^{-x}$ in terms of $s$? (Turn both sides upside down first.)
# 3. Put the second into the first, and simplify: the slope in terms of $s$.
#
# For softplus: its slope is $e^x/(1 + e^x)$, and from $a = \ln(1 + e^x)$ you get $e^x = e^a - 1$.
#
# ### Predict
# The output of a sigmoid is 0.5. How steep is it there? And the output of a tanh is 0?
#
# ### Your turn
# Type the three steps. Then write the four slopes from the output.
#
# <details><summary>Exactly what is tested</summary>
#
# - `sigmoid_slope_in_x` is a text with `x`; `exp_in_s` and `sigmoid_slope_in_s` are texts with `s`.
# - `d..._from_output(a)` takes an array of outputs of the activation, with the same rules as before.
#
# </details>

# %% task="slopes_from_output"
sigmoid_slope_in_x = (
    ...
)
exp_in_s = (
    ...
)
sigmoid_slope_in_s = (
    ...
)


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


# %% check="slopes_from_output"
check("slopes_from_output")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# $0.5 \cdot (1 - 0.5) = 0.25$: the sigmoid is never steeper than that. And tanh, where its output is 0, has the slope
# $1 - 0^2 = 1$.
#
# </details>

# %% [markdown]
# ## 10. Downhill
#
# You have slopes. Now use them. You stand at $x$, and want $f$ to become smaller. The slope says which way is up, and
# how steep it is. So go a little way *against* it:
#
# `x = x - lr * slope`
#
# `lr` is the **learning rate**: how far to go for how much slope. Where it is steep, the step is long; where it is
# nearly level, it is short. Do that again and again, and you have **gradient descent**. (*Gradient* is another word
# for the slope, used when there are many inputs. You will meet it in unit 3.) Networks of all sizes are trained with
# this one line.
#
# Three steps with numbers: $f(x) = x^2$ has the slope $2x$. Start at $x = 5$, with `lr = 0.1`. The slope is 10, so
# $x$ becomes $5 - 0.1 \cdot 10 = 4$. Then $4 - 0.1 \cdot 8 = 3.2$. Then $3.2 - 0.1 \cdot 6.4 = 2.56$. Every step
# multiplies by 0.8.
#
# How large may `lr` be? Look at the bowl $c\,x^2/2$. Its slope is $c\,x$. One step takes $x$ to $x - lr \cdot c\,x$.
# That is $x$ times a fixed factor, and the next step multiplies by the same factor again.

# %% folded="numbers"
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
#
# - `"a"` it comes down on one side, closer and closer to the bottom
# - `"b"` it jumps from side to side, closer and closer to the bottom
# - `"c"` it jumps from side to side, further and further away
#
# ### Your turn
# Write `descend(df, x0, lr, steps)`: the path from `x0`, as an array of `steps + 1` numbers. Say where *your* bowl
# takes you in three steps, and find two formulas for the bowl $c\,x^2/2$: where you are after `k` steps, and the
# learning rate beyond which you run away from the bottom. Then draw a path with `path_plot(f, path)`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `descend`: the start counts as the first number of the path. `df` gives the slope; it is called exactly **once**
#   for each step, at the place where you stand. `x0` may be a whole number or an array without dimensions, such as
#   `np.array(3.0)`, and stays as it was. `steps` may be 0.
# - `my_third` is a number. `x_after_k` is a text with `x0`, `lr`, `c` and `k`; `lr_limit` is a text with `c`.
# - `path_plot(f, path)` returns Axes with the curve of `f`, at least 20 points over a stretch that holds the whole
#   path, and the points `(x, f(x))` of the path in their order. The two lines have the labels `"f"` and `"path"`. `f`
#   is given one plain number at a time.
#
# </details>

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
# <details><summary>Compare with your guess</summary>
#
# The picture below shows the path. Does it stay on one side of the bottom, or does it jump across? Do the steps get
# shorter or longer? And your formula says the same: what is the factor by which a step multiplies `x`, with your
# numbers?
#
# </details>
#
# Your bowl, and your path in it:

# %%
def my_descent():
    """Your bowl, and the path of your `descend` in it."""
    return path_plot(bowl_f, descend(lambda x: bowl["c"] * x, bowl["x0"], bowl["lr"], 8))


pictures.look(my_descent)
rates = [0.1, 0.4, 0.8, 1.0, 1.5, 1.9, 2.0, 2.1]
pictures.descent_slider(lambda x: x * x / 2, lambda x: x, descend, x0=3.0, rates=rates)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Each step multiplies $x$ by $1 - lr \cdot c$. If that is above 0, you come down on one side. If it is below 0, each
# step jumps to the other side: closer to the bottom while it is above $-1$, and further away once it is below.
#
# </details>
#
# And one bowl, $x^2/2$, with five learning rates. The last picture shows the same five paths: how far from the bottom
# you still are after each step. Each line of its grid is ten times closer than the line above.

# %%
pictures.descents(lambda x: x * x / 2, lambda x: x, descend, x0=3.0, rates=[0.1, 0.6, 1.0, 1.8, 2.1], steps=12)

# %% [markdown]
# Too small, and you are still on your way. Too large, and you jump across, or even away. In this bowl `lr = 1`
# happens to land on the bottom in one step. There is no rate that is right for everything: it depends on how strongly
# the valley bends.

# %% [markdown]
# ## The puzzle, solved
#
# Back to Hubble's galaxies. A straight line through the origin is `velocity = w * distance`, with one number `w`. For
# every `w` there is a **loss**: how far the line is from the dots, squared, on average over the galaxies.
#
# $$L(w) = \text{mean of } (w \cdot d - v)^2$$
#
# Let `w` be *learned*. For that you need the slope of the loss. For one galaxy it is a chain: the inside is $w \cdot
# d - v$, and the outside is the square. Write it down for all of them at once, with `np.mean`. (Nothing is graded
# here.)

# %%
def loss(w):
    return np.mean((w * distance - velocity) ** 2)


# %% own="d_loss"
def d_loss(w):
    """The slope of the loss: the mean of (slope of the outside) * (slope of the inside)."""
    ...


# %% [markdown]
# <details><summary>One way to write it</summary>
#
# For one galaxy the slope of the outside is $2(w \cdot d - v)$, and the slope of the inside is $d$. The mean of their
# products over all galaxies: `return np.mean(2 * (w * distance - velocity) * distance)`.
#
# </details>

# %%
pictures.compare_slopes(loss, d_loss, [0.0, 300.0])
pictures.learned_line(distance, velocity, loss, d_loss, descend, lr=0.1, steps=25)
# %% [markdown]
# The first line is wrong, the second is better, and after a few steps hardly anything changes: `w` has been learned,
# about 424 kilometres per second for each megaparsec.
#
# **And the age of the universe?** If a galaxy has always moved at its speed $v$, it needed the time $d/v$ to get
# where it is. On the line, $v = w\,d$, so $d/v = 1/w$: *the same time for all galaxies*. That long ago they were all
# in one place.

# %%
KM_PER_MEGAPARSEC, SECONDS_PER_YEAR = 3.086e19, 3.156e7
pictures.age_of_universe(d_loss, descend, KM_PER_MEGAPARSEC / SECONDS_PER_YEAR)
# %% [markdown]
# That is younger than the oldest rocks on earth, which puzzled people for years. Hubble's distances turned out to be
# too short. With today's value, near 70, the same division gives 14 billion years. Your loop was right; it believes
# its data.
#
# ## 11. If you want more: numbers of any size
#
# *This section is optional, and its points come on top. Nothing later needs it.*
#
# `np.exp(1000)` is too large for a float: it *overflows*, and prints a warning. But the sigmoid of −1000 is simply
# 0, and a network should not stumble over it. The sigmoid can be written in two ways, and one of them is good for each
# sign:
#
# $$\frac{1}{1 + e^{-x}} = \frac{e^x}{1 + e^x}$$
#
# For $x$ above 0 take the left one, for $x$ below 0 the right one: then `exp` only ever sees numbers up to 0. (Both
# fractions inside one `np.where` would not do: it computes both of them for every number, and then chooses.) Both
# have $e^{-|x|}$ in them, in code `e = np.exp(-np.abs(x))`. Then above the line is `1` or `e`, and below it `1 + e`.
# And `np.tanh(x)` and `np.logaddexp(0, x)`, which is $\ln(e^0 + e^x)$, cope with every number.
#
# ### Predict
# The slope of the sigmoid is $e^{-x}/(1 + e^{-x})^2$. Which of these is the same for $x$ and $-x$: the sigmoid, or its
# slope?
#
# ### Your turn
# Write the four functions once more, for numbers of any size. They have names of their own, so that
# nothing that works gets broken. If one of yours is sturdy already, say so: `sturdy_tanh = tanh` is an answer.
#
# <details><summary>Exactly what is tested</summary>
#
# - The same as for `sigmoid`, `tanh`, `softplus` and `dsigmoid_from_input`, for arrays of numbers up to ±1000.
# - Nothing overflows, and nothing is cut off: the sigmoid of −45 is small, and smaller than that of −30.
#
# </details>

# %% task="sturdy_activations"
def sturdy_sigmoid(x):
    """Like sigmoid, for numbers of any size."""
    ...


def sturdy_tanh(x):
    """Like tanh, for numbers of any size."""
    ...


def sturdy_softplus(x):
    """Like softplus, for numbers of any size."""
    ...


def sturdy_dsigmoid(x):
    """Like dsigmoid_from_input, for numbers of any size."""
    ...


# %% check="sturdy_activations"
check("sturdy_activations")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Its slope: the curve is equally steep on both sides of 0. So you may put $-|x|$ in place of $-x$, and the slope is
# `e / (1 + e)**2`.
#
# </details>
#
# ## In five lines
# 1. Put a letter into $f(x + \varepsilon)$, and the rule is in front of $\varepsilon$: $x^n$ has the slope
#    $n\,x^{n-1}$.
# 2. Product: two strips, each side times the growth of the other. Quotient: name it, multiply, and solve.
# 3. `exp` is its own slope. Those of $\ln$, $\sin$ and $\cos$ you found yourself.
# 4. Chain: slopes multiply, each taken at the value that arrives there.
# 5. Gradient descent: `x = x - lr * slope`, again and again. Too large an `lr` runs away.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. The slope of $\sin(5x)$ at $x = 0$ is **(a)** 1, **(b)** 5, **(c)** 0?
# 2. You hold the *output* $a = 0.8$ of a sigmoid. What is its slope there? (A number.)
# 3. *From unit 1:* `signal` says 0 at some place. Is it the lowest place around? **(a)** yes, **(b)** not necessarily

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")

# %% [markdown]
# **Next: unit 3, the chain rule on graphs.** A network is Hubble's line with many numbers instead of one `w`.
# You need the slopes of *all* of them, and the chain rule will find them in a single pass.
