# %% [markdown]
# # On demand: why squared error?
#
# *On demand. It builds on the slopes of units 1 and 2 and on partial derivatives (unit 3, section 1). Two hours and
# three quarters, in two parts.*
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
from kit import check, greet, hint, needed, pictures, recall, variant

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
# It goes as before: **read, predict, write, check**; `hint("gaussian_nll")` in a new cell helps when you are stuck.
# Answers in letters are texts between quotes, such as `"ln(2) + y^2"`, and `ln` is always the natural logarithm.
# Numbers that you type are compared to six digits, what your functions return to nine.
#
# ## 1. A bell over every guess
#
# You measure the same thing again and again, and the numbers scatter around the truth `mu`. Small misses are common,
# large ones rare. The usual model of that is a bell, the **Gaussian density**:
#
# $$p(y) = \frac{1}{\sigma\sqrt{2\pi}}\; e^{-\frac{(y-\mu)^2}{2\sigma^2}}$$
#
# `mu`, the centre, is your guess at the truth. `sigma`, above zero, is the width of the bell. The factor in front makes
# the area under it 1, so a wider bell must be lower. The height of the bell above a measurement says how believable
# that measurement is.
#
# How believable are *all* the measurements together? They do not know of each other, so their densities multiply. The
# product is called the **likelihood**, and the best guess is the `mu` that makes it largest: **maximum likelihood**.
#
# A product of a thousand numbers below 1 is `0.0` in a computer. So take its logarithm, which turns the product into a
# sum, and put a minus in front, so that better means lower. That is the **negative log-likelihood**, NLL for short.
#
# **One worked out.** A coin shows heads with probability 1/2. Three heads in a row have the likelihood
# `1/2 * 1/2 * 1/2`, and so the NLL `ln(2) + ln(2) + ln(2) = 3 ln(2)`: one `ln(2)` for each throw.
#
# Three measurements, and a bell over the guess `mu = 3`. Move `sigma`, and look for the lowest NLL. Why does a very
# narrow bell lose, and why does a very wide one?

# %%
pictures.bells(3.0, [0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0], [2.2, 3.1, 4.4])
# %% [markdown]
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
# `y` may be long (5,000 numbers), hold whole numbers or a single one, and lie far from `mu`. Nothing that is given
# changes. A `sigma` that is zero or negative raises a `ValueError`. A plain number comes back.
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
# **One worked out.** A single measurement, `y = 3`, and `sigma = 2`. At `mu = 1` the NLL is `ln(2) + ln(2 pi)/2 + 4/8 =
# 2.112`, and the squared error, divided, is `4/8 = 0.5`. At `mu = 3` they are `1.612` and `0`. Both times the
# difference is `1.612`.
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
# The lines have a point at each of the `mus`, in their order, whether or not they rise. Anything else that you draw is
# welcome. `y` may have one entry or many.
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
# ### Predict
# Measurements 1, 2 and 9, all with the same bell. Where is their NLL lowest: at 2, the one in the middle, or at 4,
# their mean?
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
# <details><summary>Compare your prediction</summary>
#
# At 4. Each measurement pulls `mu` towards itself, and the harder the further away it is. At 2 the 9 pulls to the right
# with 7, and the 1 pulls to the left with only 1. At 4 the pulls -3, -2 and 5 add up to 0.
# </details>
#
# So the best guess is the *mean*, and the best `sigma` squared, the **variance**, is the *mean* squared distance from
# it. Nobody had to tell you to take a mean: the bell did.

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 2 is behind you (about 75 minutes); part 2 takes about 90. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 4. A line by likelihood
#
# Now let the centre of the bell move along a line: `mu = a*x + b` for each point. That is linear regression, and
# with a network in place of the line it is how unit 5 trains.
#
# Take the NLL of all points, **divided by their number** (the mean), and go downhill from `a = 0`, `b = 0`. Of the
# slopes you know all but the last step: `mu` moves `x` times as fast as `a`, and just as fast as `b`.
#
# **One worked out.** A single point, `x = 2`, `y = 3`, with `sigma = 1`. At `a = b = 0` the line says `mu = 0`. The
# slope of the NLL in `mu` is `-(3 - 0)/1 = -3`. So it is `2*(-3) = -6` in `a` and `-3` in `b`, and with `lr = 0.1`
# the first step leads to `a = 0.6`, `b = 0.3`.
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
# The numbers after no step, one, a few and many steps; `lr` is used as it is given, even if it is too large. There may
# be a single point, and whole numbers. `x` and `y` stay as they were.
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
# The **Laplace density** is a tent with a sharp peak at `m` and long tails. Far points surprise it much less than they
# surprise a bell. `b`, above zero, is its width.
#
# $$p(y) = \frac{1}{2b}\; e^{-\frac{|y - m|}{b}}$$
#
# And a label that is 0 or 1, like that of the moons in unit 5, has no bell at all: it is 1 with probability `p` and 0
# with probability `1 - p`. In one line: $p^y (1-p)^{1-y}$.
#
# **One worked out.** Suppose a measurement may be anywhere from `m - b` to `m + b`, everywhere with the same density
# `1/(2b)`, and never outside. Its NLL is `ln(2b)` inside and infinite outside. Under this noise a small miss costs
# nothing more than none, and no miss may be larger than `b`: a quite different loss.
#
# ### Predict
# Measurements 1, 2 and 9, Laplace noise. Which `m` makes `|1 - m| + |2 - m| + |9 - m|` smallest: 2, 4, or 9?
#
# ### Your turn
# - `laplace_nll`: the NLL of one measurement with Laplace noise, as a text with `y`, `m` and `b`. Write `|y - m|` or
#   `abs(y - m)`.
# - `label_nll`: the NLL of one label, as a text with `y` and `p`. (Units 3 and 5 train with it. What is its name
#   there?)
# - `best_location(y, noise)`: the most likely location of the measurements `y (n,)` if the noise is `"gauss"` or
#   `"laplace"`, as one number.
#
# <details><summary>Exactly what is tested</summary>
#
# `y` is in no order, may hold whole numbers or a single one, and stays as it was. One measurement may be far away from
# the others. With an even number of them the lowest point for Laplace noise is a whole stretch: any number in it is
# right. Another word for `noise` raises a `ValueError`. A plain number comes back.
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
# ## The puzzle, solved
#
# One fitter believed in a bell. Under a bell of that width, a galaxy 4000 km/s off is next to impossible, and any line
# that comes closer to it is better. The other believed in long tails, and shrugged. A loss is a *statement about the
# noise*.
#
# Now with *your* function. `velocity / distance` is the slope that a single galaxy votes for, and `best_location` turns
# all votes into one, before the slip and after it. (The six nearest galaxies may not vote: they move about so much on
# their own that, divided by such small distances, their slopes mean nothing.)

# %%
pictures.two_locations(best_location, distance[6:], velocity[6:], with_a_slip[6:])
# %% [markdown]
# ## 6. Where the equality ends
#
# As long as every point has the *same* `sigma`, the lowest NLL and the lowest squared error are in the same place.
# Let each point have its own `sigma`, and they are not. A network can even *predict* how sure it is: beside `mu` it
# puts out a second number `s = ln(sigma)`. Then `sigma = e^s` is above 0, whatever the network says.
#
# Leave out the constant that has neither `mu` nor `s` in it. Then the loss is the mean over the points of
#
# $$s + \frac{(y - \mu)^2}{2}\, e^{-2s}$$
#
# **One worked out.** A point misses by 2. With `s = 0`, which is `sigma = 1`, it costs `0 + 4/2 = 2`. With `s = ln(2)`,
# which is `sigma = 2`, it costs `0.693 + 2/4 = 1.193`: it is cheaper to admit that one is not sure. With `sigma = 4` it
# is `1.386 + 2/16 = 1.511`: too much modesty costs as well.
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
# The slopes are those of the *mean*. There may be a single point. `log_sigma` may be as low as -20 and as high as 20.
# Nothing that is given changes. Three things come back: a plain number and two arrays. (In statistics, noise of unequal
# size is called heteroscedastic; hence the name.)
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
# **To show somebody:** put another number for the 5000 at the top, up to a million, and run the notebook once more.
# Which of your two lines gives way?
#
# ## In five lines
# 1. The likelihood multiplies densities; its negative logarithm adds them up, and lower is better.
# 2. A bell has the squared error in its exponent: least squares *is* maximum likelihood under a bell of fixed width.
# 3. Under a bell the best location is the mean, and the best variance the mean squared distance from it.
# 4. Another noise, another loss: Laplace noise gives the absolute error and the median, labels the cross-entropy.
# 5. Where each point has its own width, it weighs the point by `1/sigma^2`.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. Why does nobody multiply a thousand densities in a computer? **(a)** It is slow. **(b)** The product becomes `0.0`.
#    **(c)** The order matters.
# 2. Of the measurements 1, 2 and 9, the 9 becomes 1,000,009. By how much does the best location move under
#    Laplace noise?
# 3. *From unit 2:* what is the slope of $e^{-2s}$ at $s = 0$?

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")
