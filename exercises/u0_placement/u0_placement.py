# %% [markdown]
# # Placement: what do you know already?
#
# *Fifteen minutes, five exercises, nothing to learn. It is for people who have met derivatives before. Each exercise
# that you solve crosses out what it shows you know, and your path through the course gets shorter.*
#
# There are no lessons here and no hints, and nothing is lost if an exercise stays empty: then you simply do the units
# that teach it. Answer what you can do at once, from memory and with pencil and paper. Where you have to guess, leave
# it: a wrong guess would let you skip what you will need later.
#
# Hand it in like any other unit. Then `grader path` (ask your instructor) and the first lines of each unit say what is
# left for you.

# %%
import numpy as np
from kit import check, greet, variant

greet()

# %% folded="numbers"
RULES = [
    {"n": 3, "c": 2, "k": 4},
    {"n": 4, "c": 3, "k": 2},
    {"n": 5, "c": 2, "k": 3},
    {"n": 3, "c": 5, "k": 6},
    {"n": 4, "c": 7, "k": 5},
]
LOSSES = [{"n": 3, "k": 2}, {"n": 4, "k": 3}, {"n": 5, "k": 2}, {"n": 3, "k": 4}, {"n": 4, "k": 5}]
mine = variant("rules", RULES)
my_loss = variant("partials", LOSSES)
print("Exercise 1: n = {n}, c = {c}, k = {k}".format(**mine))
print("Exercise 2: L(p, q) = p^{n}*q^2 + exp({k}*p)".format(**my_loss))

# %% [markdown]
# ## 1. Rules
#
# ### Your turn
#
# With *your* numbers from above, type the derivatives of
#
# $$x^n \ln x, \qquad \frac{k\,x}{x^2 + c}, \qquad e^{-k x^2}$$
#
# as texts with `x`, such as `"2*x + exp(x)"`. (Solved: you know the rules of unit 2.)
#
# <details><summary>Exactly what is tested</summary>
#
# - `d_product`, `d_quotient` and `d_chain` are texts with `x`, in any form that is equal for all $x > 0$.
# - Write your numbers instead of `n`, `c` and `k`.
#
# </details>

# %% task="rules"
d_product = (
    ...
)
d_quotient = (
    ...
)
d_chain = (
    ...
)

# %% check="rules"
check("rules")

# %% [markdown]
# ## 2. Many inputs
#
# ### Your turn
#
# Type the two partial derivatives of *your* loss $L(p, q)$, printed above. Then one by hand, backwards through a chain:
# what is $\partial E/\partial w$ for $E = (\tanh(w\,x) - y)^2$? (Solved: you know gradients, and backpropagation by
# hand.)
#
# <details><summary>Exactly what is tested</summary>
#
# - `dL_dp` and `dL_dq` are texts with `p` and `q`; `dE_dw` is a text with `w`, `x` and `y`.
# - `tanh(...)` can be typed as it is.
#
# </details>

# %% task="partials"
dL_dp = (
    ...
)
dL_dq = (
    ...
)
dE_dw = (
    ...
)

# %% check="partials"
check("partials")

# %% [markdown]
# ## 3. Downhill
#
# ### Your turn
#
# `walk(df, x, lr, steps)` takes `steps` steps of gradient descent from the number `x`, where `df` gives the slope, and
# returns the place where it ends. (Solved: you know gradient descent.)
#
# <details><summary>Exactly what is tested</summary>
#
# - Each step subtracts `lr` times the slope at the place where you stand, and nothing stops the walk early.
# - With `steps=0` it ends where it began.
#
# </details>

# %% task="walk"
def walk(df, x, lr, steps):
    """The place after `steps` steps of gradient descent from x."""
    ...


# %% check="walk"
check("walk")

# %% [markdown]
# ## 4. Slopes by nudging
#
# ### Your turn
#
# `nudged(f, x, h=1e-5)`: the gradient of `f` at the array `x` (one dimension, floats) by central differences, as an
# array. `f` takes such an array and returns a number. (Solved: you know the numerical gradient.)
#
# <details><summary>Exactly what is tested</summary>
#
# - Entry by entry, $(f(x + h) - f(x - h))/2h$ with only that entry nudged, to both sides by the given `h`.
# - `x` holds afterwards what it held before.
#
# </details>

# %% task="nudged"
def nudged(f, x, h=1e-5):
    """The gradient of f at x by central differences, an array of the shape of x."""
    ...


# %% check="nudged"
check("nudged")

# %% [markdown]
# ## 5. Back through a layer
#
# ### Your turn
#
# A linear layer computes `Y = X @ W + b`: each row of `X` is an example. `dY` holds the gradient of a loss for each
# number of `Y`. `layer_back(X, W, dY)` returns the three gradients `dX, dW, db`. (Solved: you know the layer, and how
# to go back through it.)
#
# <details><summary>Exactly what is tested</summary>
#
# - Each gradient has the shape of what it belongs to; `db` has one number for each column of `Y`.
# - The three arrays that are handed over stay as they are.
#
# </details>

# %% task="layer_back"
def layer_back(X, W, dY):
    """dX, dW, db of  Y = X @ W + b,  where dY holds the gradient for each number of Y."""
    ...


# %% check="layer_back"
check("layer_back")

# %% [markdown]
# That is all. Hand it in, and begin with the first unit that your path still holds.
