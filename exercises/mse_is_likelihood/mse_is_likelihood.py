# %% [markdown]
# # On demand: why squared error?
#
# Every network you have trained was told to make a *squared* error small. Why squared? Why not the plain distance, or
# its fourth power? "Because it works" is not a reason, and there is a better one.
#
# **The puzzle.** These are Hubble's galaxies from unit 2, with one slip of the pen: somebody wrote 5000 for 500. Two
# lines were fitted to them. One hardly noticed the slip; the other was torn upwards by it. Both fitters did exactly
# what they were told, and both were told something sensible. What did each of them *believe*?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import check, greet, needed, pictures, variant

plt.rcParams["figure.dpi"] = 90
greet()
needed()

# %%
# megaparsecs, and kilometres per second; E. Hubble, Proc. Natl. Acad. Sci. 15 (1929) 168, table 1
galaxies = [
    (0.032, 170), (0.034, 290), (0.214, -130), (0.263, -70), (0.275, -185), (0.275, -220),
    (0.45, 200), (0.5, 290), (0.5, 270), (0.63, 200), (0.8, 300), (0.9, -30),
    (0.9, 650), (0.9, 150), (0.9, 500), (1.0, 920), (1.1, 450), (1.1, 500),
    (1.4, 500), (1.7, 960), (2.0, 500), (2.0, 850), (2.0, 800), (2.0, 1090),
]
distance, velocity = np.array(galaxies).T
with_a_slip = velocity.copy()
with_a_slip[20] = 5000
pictures.two_fits(distance, velocity, with_a_slip)

# %% [markdown]
# Numbers that you type are compared to six digits, what your functions return to nine. Typed answers are texts, such
# as `"ln(2) + y^2"`. In all of them `ln` is the natural logarithm.
#
# ## 1. A bell over every guess
#
# You measure the same thing again and again, and the numbers scatter around the truth `mu`. Small misses are common,
# large ones rare. The usual model of that is a bell, the **Gaussian density**:
#
# $$p(y) = \frac{1}{\sigma\sqrt{2\pi}}\; e^{-\frac{(y-\mu)^2}{2\sigma^2}}$$
#
# `sigma`, above zero, is the width of the bell. The factor in front makes the area under it 1, so a wider bell must be
# lower.

# %%
pictures.bells(3.0, [0.5, 1.0, 2.0], [2.2, 3.1, 4.4])
# %% [markdown]
# How believable are *all* the measurements together, if `mu` is the truth? They do not know of each other, so their
# densities multiply. The product is called the **likelihood** of `mu`, and the best guess is the `mu` that makes it
# largest: **maximum likelihood**.
#
# A product of a thousand numbers below 1 is `0.0` in a computer. So take its logarithm, which turns the product into a
# sum, and put a minus in front, so that better means lower. That is the **negative log-likelihood**, NLL for short.
#
# **One worked out.** A coin shows heads with probability 1/2. Three heads in a row have the likelihood
# `1/2 * 1/2 * 1/2`, and so the NLL `ln(2) + ln(2) + ln(2) = 3 ln(2)`: one `ln(2)` for each throw.
#
# ### Predict
# Two measurements, `mu` fixed. You halve `sigma`. Does the NLL of a point far from `mu` rise or fall? And of a point
# exactly at `mu`?
#
# ### Your turn
# - `nll_of_one`: the NLL of *one* measurement, the logarithms worked out, as a text with `y`, `mu` and `sigma`.
#   There is no `exp` left in it.
# - `gaussian_nll(y, mu, sigma)`: the NLL of all measurements `y`, an array of shape `(n,)`, as one number: the
#   *sum*, with the constant. `mu` is a number, or an array with a guess for each measurement.
#
# <details><summary>Exactly what is tested</summary>
#
# `y` may be long (5,000 numbers) and far from `mu`; it stays as it was. A `sigma` that is zero or negative raises a
# `ValueError`. A plain number comes back.
# </details>

# %% task="gaussian_nll"
nll_of_one = (
    ...
)


def gaussian_nll(y, mu, sigma):
    """The negative log-likelihood of all measurements y (n,) for the guess mu and the width sigma, as one number."""
    ...


# %% check="gaussian_nll"
check("gaussian_nll")

# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# Far away the NLL rises: a narrow bell does not believe in far points, and the squared term grows by four. At `mu` it
# falls by `ln(2)`, because a narrow bell is higher in the middle.
# </details>
#
# ## 2. The same valley
#
# Now hold `sigma` fixed and move `mu`. Put the NLL of every `mu` into a curve, and beside it the sum of squared
# errors, divided by `2*sigma^2`.
#
# ### Predict
# Where are their lowest points: at the same `mu`, or side by side?

# %%
VALLEYS = [
    {"y": [2.0, 3.5, 7.0, 4.5], "sigma": 2.0},
    {"y": [1.5, 6.0, 5.0, 3.0], "sigma": 1.5},
    {"y": [4.0, 8.5, 6.0, 3.5], "sigma": 3.0},
    {"y": [2.5, 2.0, 9.0, 5.5], "sigma": 2.5},
    {"y": [7.5, 3.0, 4.0, 8.0], "sigma": 1.6},
    {"y": [6.5, 1.0, 3.5, 5.0], "sigma": 2.2},
]
my_valley = variant("valley_plot", VALLEYS)
print("Your measurements: {y}, sigma = {sigma}".format(**my_valley))

# %% [markdown]
# ### Your turn
# - `valley_plot(y, mus, sigma)`: draw two lines over the guesses `mus` in one `Axes` and return it. The one labelled
#   `"nll"` has the height `gaussian_nll(y, mu, sigma)` at each `mu`; the one labelled `"squared error"` has the height
#   `sum((y - mu)**2) / (2*sigma**2)`. Nothing is shifted and nothing scaled.
# - `gap`: how much higher the first line lies than the second, the same everywhere, as a text with `n` (how many
#   measurements there are) and `sigma`.
#
# <details><summary>Exactly what is tested</summary>
#
# The lines have a point at each of the `mus`, in their order. Anything else that you draw is welcome. `y` may have one
# entry or many.
# </details>


# %% task="valley_plot"
def valley_plot(y, mus, sigma):
    """Axes with the lines "nll" and "squared error" over the guesses mus."""
    ...


gap = (
    ...
)

# %% check="valley_plot"
check("valley_plot")

# %%
pictures.look(valley_plot, np.array(my_valley["y"]), np.linspace(0, 10, 81), my_valley["sigma"])
# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# At the same `mu`. One line is the other, lifted: the gap has no `mu` in it. So whoever makes the squared error small
# has made the likelihood large. **That is the reason for the square**: it is what the exponent of the bell holds.
# </details>
#
# ## 3. Solve for the best
#
# At the bottom of a valley the slope is 0. Here you can solve that by hand, once and for all.
#
# **One worked out.** For one measurement `y`, the slope of `(y - mu)^2` with respect to `mu` is `-2*(y - mu)`: the
# outside gives `2*(y - mu)`, and the inside, `y - mu`, falls by 1 when `mu` grows by 1.
#
# ### Your turn
# - `d_mu` and `d_sigma`: the slopes of `nll_of_one` with respect to `mu` and to `sigma`, as texts with `y`, `mu` and
#   `sigma`.
# - `mle(y)`: add up the slopes of all measurements, set each sum to 0, and solve. Return the pair `(mu, sigma2)`: the
#   best guess, and the best `sigma` *squared*.
# - `my_mu` and `my_sigma2`: the two numbers for your own measurements.
#
# <details><summary>Exactly what is tested</summary>
#
# `y` has at least one entry and stays as it was. A single measurement has `sigma2 = 0`. Measurements such as
# `100000000.3` and `100000000.7`, which differ only in their last digits, must not lose them on the way.
# </details>

# %% task="mle"
d_mu = (
    ...
)
d_sigma = (
    ...
)


def mle(y):
    """The pair (mu, sigma2) that makes the likelihood of the measurements y (n,) largest."""
    ...


my_mu = (
    ...
)
my_sigma2 = (
    ...
)

# %% check="mle"
check("mle")

# %% [markdown]
# So the best guess for a location is the *mean*, and the best variance the *mean* squared distance from it. Nobody
# had to tell you to take a mean: the bell did.

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 2 is behind you (about 75 minutes); part 2 takes about 90. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 4. A line by likelihood
#
# Now let the centre of the bell move along a line: `mu = a*x + b` for each point. That is linear regression, and
# with a network instead of the line it is what you did in unit 5.
#
# Take the NLL of all points, **divided by their number** (the mean), and go downhill from `a = 0`, `b = 0`. Of the
# slopes you know all but the last step: `mu` moves `x` times as fast as `a`, and just as fast as `b`.
#
# ### Predict
# You run it twice with the same `lr`, once with `sigma = 1` and once with `sigma = 2`. Does the second one end at
# another line? Does it get there faster or slower?
#
# ### Your turn
# - `fit_line(x, y, lr, steps, sigma)`: start at `a = b = 0`, take `steps` steps of gradient descent with learning rate
#   `lr` on the *mean* NLL, moving both numbers at once, and return the pair `(a, b)`. `x` and `y` have shape `(n,)`.
# - `with_twice_sigma`: when `sigma` is doubled, and `lr` is not, what happens to each step? `"a"`: it is twice as
#   long; `"b"`: half as long; `"c"`: a quarter; `"d"`: nothing. The letter is judged when you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# The numbers after no step, one, a few and many steps; `lr` is used as it is given. `x` and `y` stay as they were.
# </details>


# %% task="fit_line"
def fit_line(x, y, lr, steps, sigma):
    """(a, b) after some steps of gradient descent on the mean NLL of the line a*x + b, from (0, 0)."""
    ...


with_twice_sigma = (
    ...
)

# %% check="fit_line"
check("fit_line")

# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# The same line. `sigma` only changes how long the steps are, so with the same `lr` it is reached later.
# </details>
#
# ## 5. Another noise, another loss
#
# The square came out of the exponent of the bell. So another noise has another loss.
#
# The **Laplace density** is a tent with a sharp peak at `m` and long tails: it takes far points for much less of a
# miracle.
#
# $$p(y) = \frac{1}{2b}\; e^{-\frac{|y - m|}{b}}$$
#
# And a label that is 0 or 1, like the moons, has no bell at all: it is 1 with probability `p` and 0 with probability
# `1 - p`. In one line: $p^y (1-p)^{1-y}$.
#
# ### Predict
# Measurements 1, 2 and 9, Laplace noise. Which `m` makes `|1 - m| + |2 - m| + |9 - m|` smallest: 2, 4, or 9?
#
# ### Your turn
# - `laplace_nll`: the NLL of one measurement with Laplace noise, as a text with `y`, `m` and `b`. Write `|y - m|` or
#   `abs(y - m)`.
# - `label_nll`: the NLL of one label, as a text with `y` and `p`. You have trained with it before: what was its name?
# - `best_location(y, noise)`: the most likely location of the measurements `y (n,)` if the noise is `"gauss"` or
#   `"laplace"`, as one number.
#
# <details><summary>Exactly what is tested</summary>
#
# With an even number of measurements the lowest point for Laplace noise is a whole stretch: any number in it is
# right. A single one may be far away. `y` is in no order and stays as it was. Another word for `noise` raises a
# `ValueError`.
# </details>

# %% task="best_location"
laplace_nll = (
    ...
)
label_nll = (
    ...
)


def best_location(y, noise):
    """The most likely location of the measurements y (n,), for the noise "gauss" or "laplace"."""
    ...


# %% check="best_location"
check("best_location")

# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# 2, the one in the middle. Step to the right of it and two distances grow while one shrinks; step to the left and it
# is the other way round. How far away the 9 is does not matter at all.
# </details>
#
# **The puzzle is solved.** One fitter believed in a bell. Under a bell of that width, a galaxy 4000 km/s off is next
# to impossible, and any line that comes closer to it is better. The other believed in long tails, and shrugged. A
# loss is a *statement about the noise*. Here are your two locations for `velocity / distance`, before and after the
# slip:

# %%
pictures.two_locations(best_location, velocity[6:] / distance[6:], with_a_slip[6:] / distance[6:])
# %% [markdown]
# ## 6. Where the equality ends
#
# As long as every point has the *same* `sigma`, minimising the NLL and minimising squared error is one thing. Let each
# point have its own, and it is not. A good network can even *predict* how sure it is: beside `mu` it puts out a second
# number `s = ln(sigma)`, whose `exp` is above 0 whatever it is.
#
# Leave out the constant that has neither `mu` nor `s` in it. Then the loss is the mean over the points of
#
# $$s + \frac{(y - \mu)^2}{2}\, e^{-2s}$$
#
# ### Predict
# Two points miss by the same amount, one with a small `sigma`, one with a large one. Which of them pulls harder at its
# `mu`?
#
# ### Your turn
# - `d_s`: the slope of that line with respect to `s`, as a text with `y`, `mu` and `s`.
# - `hetero_nll(y, mu, log_sigma)`: all three have shape `(n,)`. Return `(loss, dmu, dlog_sigma)`: the mean, and its
#   slopes with respect to each entry of `mu` and of `log_sigma`, both of shape `(n,)`.
#
# <details><summary>Exactly what is tested</summary>
#
# The slopes are those of the *mean*. `log_sigma` may be as low as -20 and as high as 20. Nothing that you are given
# changes. The three results are three things: a plain number and two arrays. (In statistics, noise of unequal size is
# called heteroscedastic; hence the name.)
# </details>

# %% task="hetero_nll"
d_s = (
    ...
)


def hetero_nll(y, mu, log_sigma):
    """(loss, dmu, dlog_sigma): the mean NLL without its constant, and its slopes; all inputs have shape (n,)."""
    ...


# %% check="hetero_nll"
check("hetero_nll")

# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# The sure one: the slope has `1/sigma^2` in it. A point that is known to be noisy is listened to less. With one
# `sigma` for all, that factor is the same everywhere, and squared error is back.
# </details>
#
# ## What you take with you
#
# 1. The likelihood multiplies densities; its negative logarithm adds them up, and lower is better.
# 2. A Gaussian has the squared error in its exponent: least squares *is* maximum likelihood under a bell of fixed
# width. 3. The best location under a bell is the mean, the best variance the mean squared distance.
# 4. Another noise has another loss: Laplace the absolute error and the median, 0-or-1 labels the cross-entropy.
# 5. Where each point has its own width, it weighs the point by `1/sigma^2`.
#
# **Recall**, without looking: why does nobody multiply a thousand densities in a computer? What becomes of a mean
# when one value is moved to a million, and of a median? From unit 4: how would you find out whether your
# `dlog_sigma` is right?
