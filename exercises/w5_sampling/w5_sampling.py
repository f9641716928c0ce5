# %% [markdown]
# # On demand: slopes through a throw of dice
#
# *On demand. Sections 1 and 2 need only the slopes of units 1 and 2. Section 3 adds the bell of "Why squared error?",
# and sections 4 to 7 the softmax of unit 3. About two and a half hours, in two parts.*
#
# **A puzzle to begin with.** Here are 64 dice, one for each pixel. Each die has three sides, white, grey and black,
# and three knobs that make a side more or less likely. All 64 are thrown, and out comes a picture. It should be the
# heart on the left. Gradient descent could turn the knobs, if only it knew the slopes. But between the knobs and the
# picture there is a *throw*. What is the slope of a throw? And yet networks that end in dice are trained by gradient
# descent every day. How?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import bring, check, greet, hint, needed, pictures, recall, variant

plt.rcParams["figure.dpi"] = 90
greet()
needed()

# %% folded="heart"
HEART = np.array(
    [
        [int(side) for side in row]
        for row in (
            "00000000",
            "01200210",
            "12222221",
            "12222221",
            "01222210",
            "00122100",
            "00012000",
            "00000000",
        )
    ]
)

# %%
pictures.dice(HEART)

# %% [markdown]
# It goes as before: **read, predict, write, check**; `hint("one_draw")` in a new cell helps when you are stuck.
# `rng` is always a generator that somebody made with `np.random.default_rng(seed)`. The same seed gives the same
# random numbers, in the same order.
#
# ## 1. The slope of one draw
#
# Take a coin that shows 1 with probability `p`, and 0 otherwise:
#
# ```python
# def coin(p, rng):
#     return 1.0 if rng.random() < p else 0.0
# ```
#
# `rng.random()` is a number between 0 and 1, each equally likely. So it lies below `p` with probability `p`.
#
# What is the slope of the coin with respect to `p`? Measure it by a **central difference**: nudge `p` by `h` to the
# right and to the left, and divide the rise by the run, $2h$. For a fair measurement *both sides need the same luck*:
# start the generator anew, with the same seed, for each side. Otherwise you measure the luck.
#
# **One worked out.** `p = 0.5`, `h = 0.1`, and the seed gives the number 0.774. On the right the coin asks whether
# 0.774 < 0.6: no, so 0. On the left whether 0.774 < 0.4: no, 0. The slope is $(0 - 0)/0.2 = 0$. Only a number between
# 0.4 and 0.6 would have made a difference.
#
# ### Predict
# Make `h` tiny. What is the slope of one draw, for nearly every seed? And the slope of the *mean* of very many draws?
#
# ### Your turn
# - `draw_slope(draw, p, seed, h)`: the central difference of *one* draw: `draw(p + h, rng)` and `draw(p - h, rng)`,
#   each with a new generator `np.random.default_rng(seed)`.
# - `mean_slope(draw, p, n, seed, h)`: the same for the mean of `n` draws. On each side, one new generator makes all
#   the `n` draws, one after the other.
# - `dual_says`: a Dual knows its slope (unit 1). You want to send `p = Dual(1.5, 1)` through `rng.normal(p, 2)`. That
#   is a draw from a **bell** with its middle at `p` and the width 2: most draws are near the middle, few are more than
#   two widths away. The generator takes plain numbers only, so you give it `p.real`. How much
#   `eps` does the result carry? `"a"`: 1; `"b"`: none; `"c"`: a random amount. The letter is judged when you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# `draw` takes a number and a generator, and returns a number; it may be a coin, a bell or something else. With the
# same seed your slope must be ours, so make the draws in the order that is given here. `n` is at least 1.
#
# </details>

# %% task="one_draw"
def draw_slope(draw, p, seed, h):
    """The central difference of one draw, with the same luck on both sides."""
    ...


def mean_slope(draw, p, n, seed, h):
    """The central difference of the mean of n draws, with the same luck on both sides."""
    ...


dual_says = (
    ...
)

# %% check="one_draw"
check("one_draw")

# %%
pictures.two_slopes(draw_slope, mean_slope)

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# One draw: 0. A result is 0 or 1, and a tiny nudge does not change it. The mean: 1, since on average a coin with `p`
# shows `p`. **The average knows what no single draw knows.** A network sees single draws. That is the problem of this
# unit.
#
# With a bell it is a different problem with the same end. Nudge the middle of a bell, with the same luck, and the
# draw moves along. But the *program* does not know it: `rng` hands back a bare number, which has forgotten where it
# came from.
#
# </details>
#
# Ask the machine that you built. Run this cell: it fetches your Dual from unit 1. (If it is not there, go on.)

# %% bring="Dual as_dual"
# from unit 1
...
bring("u1_derivative_intuition", "Dual as_dual")

# %%
if "Dual" in globals():
    middle = Dual(1.5, 1)
    drawn = np.random.default_rng(7).normal(middle.real, 2)
    print("drawn by rng.normal:   ", drawn)
    noise = np.random.default_rng(7).standard_normal()
    print("middle + noise*2:      ", middle + noise * 2)

# %% [markdown]
# Both lines show *the same number*, to the last digit. The first has no `eps`. The second has kept it. Look closely
# at how it was made: that is section 2.
#
# ## 2. Put the dice aside
#
# A draw from a bell with the middle $\mu$ and the width $\sigma$ can be made in two steps. First draw $\varepsilon$
# from *the* bell, middle 0 and width 1. Then stretch it and shift it:
#
# $$z = \mu + \sigma\,\varepsilon$$
#
# All the luck is in $\varepsilon$, which depends on no knob. It is data, like a measured number. What is left is plain
# arithmetic, and you have known its slopes since unit 2. This is called the **reparameterisation trick**.
#
# (This $\varepsilon$ is a random number, as in the papers. It is not the `eps` of the Duals.)
#
# One more thing from the papers. A width must stay above 0, and a knob can be turned anywhere. So the knob is the
# logarithm of the *squared* width, `logvar` $= \ln \sigma^2$. Then $\sigma = e^{\text{logvar}/2}$, which is above 0
# whatever the knob says.
#
# **One worked out.** $\mu = 1$, $\text{logvar} = \ln 9$, $\varepsilon = -0.5$. Then $\sigma = e^{\ln(9)/2} = 3$, and
# $z = 1 + 3 \cdot (-0.5) = -0.5$. Later on a loss is computed from $z$, and it moves 4 times as fast as $z$ does: $dz =
# 4$, the gradient that arrives at $z$. As $\mu$ grows, $z$ grows as fast, so $d\mu = 4$.
#
# ### Predict
# And `logvar`? In the example, does `z` grow or fall when `logvar` grows? By how much?
#
# ### Your turn
# - `reparam(mu, logvar, eps)`: the draws `z`. All three are arrays of the same shape.
# - `reparam_back(mu, logvar, eps, dz)`: the pair `(dmu, dlogvar)`: `dz` is the gradient of the loss with respect to
#   `z`, and you pass it on.
# - `dz_dl`: the slope of `z` with respect to `logvar`, as a text with `m` (the middle), `l` (the logvar) and `n` (the
#   noise).
#
# <details><summary>Exactly what is tested</summary>
#
# - Arrays of any shape, entry by entry. `logvar` lies between -6 and 6.
# - No random number is drawn: the noise is given. Nothing that is given changes.
#
# </details>

# %% task="reparam"
def reparam(mu, logvar, eps):
    """Draws from bells with the middles mu and the squared widths e^logvar, made from the noise eps."""
    ...


def reparam_back(mu, logvar, eps, dz):
    """(dmu, dlogvar): the gradients of the loss, from its gradient dz with respect to the draws."""
    ...


dz_dl = (
    ...
)

# %% check="reparam"
check("reparam")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# It falls: a wider bell carries a draw that is left of the middle further to the left. $\sigma = e^{l/2}$ has the
# slope $\frac12 e^{l/2} = 1.5$, times $\varepsilon$: $-0.75$. With $dz = 4$ arriving, $d\,\text{logvar} = -3$.
#
# </details>
#
# ## 3. Two ways to ask
#
# You want to know how the *average* of $f(z)$ moves with $\mu$, where $z$ comes from a bell of width 1. There are two
# ways, and both are right.
#
# **The path.** Move every draw along: $z = \mu + \varepsilon$, so the slope is the average of $f'(z)$. This is
# section 2. It needs the slope of $f$.
#
# **The score.** Leave the draws where they are, and change *how likely* they are. Shift the bell a little to the
# right: draws on its right get more likely, draws on its left less. How fast, in proportion? That is the slope of
# $\ln p(z)$ with respect to $\mu$, called the **score**. For the bell of width 1 it is $z - \mu$. Every draw counts
# with its $f(z)$, and with how fast it gets more likely. So the slope of the average is the average of
#
# $$f(z) \cdot (z - \mu)$$
#
# The score needs no slope of $f$. `f` may be a game that is won or lost, a step, a person who says yes. (In papers:
# the score function estimator, or REINFORCE.)
#
# **One worked out.** $\mu = 1$, $f(z) = z^2$, and the noise is $0.5$ and $-1$. So the draws are $1.5$ and $0$. Path:
# $f'(z) = 2z$ gives 3 and 0, the mean is 1.5. Score: $2.25 \cdot 0.5 = 1.125$ and $0 \cdot (-1) = 0$, the mean is
# 0.5625. The true slope is 2. With two draws both are far off.
#
# ### Predict
# With $\mu = 1.5$ and $f(z) = z^2$: which of the two scatters more from draw to draw, and how many times as much?

# %% folded="numbers"
FUNCTIONS = [{"a": 3, "b": 5}, {"a": 4, "b": 3}, {"a": 5, "b": 2}, {"a": 2, "b": 7}, {"a": 6, "b": 5}, {"a": 7, "b": 4}]
my_f = variant("two_estimators", FUNCTIONS)
print(f"Your function: f(z) = {my_f['a']}*z^2 + {my_f['b']}*z")

# %% [markdown]
# ### Your turn
# - `score_grad(f, mu, n, rng)`: draw `z = mu + rng.standard_normal(n)` once; return `(mean, error)` of
#   `f(z)*(z - mu)`: the mean, and its **standard error**, `np.std` of the `n` numbers divided by `sqrt(n)`.
# - `path_grad(df, mu, n, rng)`: the same for `df(z)`, the slope of `f` at the draws.
# - `d_log`: the score of a bell of any width: the slope of $\ln p(z)$ with respect to $\mu$, as a text with `z`, `mu`
#   and `s` (the width). The bell is $p(z) = \frac{1}{s\sqrt{2\pi}}\,e^{-(z-\mu)^2/(2s^2)}$.
# - `d_mean`: the true slope of the average of *your* function printed above, with respect to `mu`, as a text with
#   `mu`. (The average of $z$ is $\mu$, and that of $z^2$ is $\mu^2 + 1$.)
#
# <details><summary>Exactly what is tested</summary>
#
# - `f` and `df` take an array of draws and return an array. `mu` is a number, `n` at least 1. Both functions return
#   plain numbers.
# - The draws come from the generator that is given, in one go: with the same generator your mean must be ours.
# - With 20,000 draws both are within five standard errors of the truth.
#
# </details>

# %% task="two_estimators"
def score_grad(f, mu, n, rng):
    """(mean, standard error) of f times the score, over n draws from the bell with the middle mu and width 1."""
    ...


def path_grad(df, mu, n, rng):
    """(mean, standard error) of the slope df of f, over n draws from the bell with the middle mu and width 1."""
    ...


d_log = (
    ...
)
d_mean = (
    ...
)

# %% check="two_estimators"
check("two_estimators")

# %%
pictures.two_spreads(score_grad, path_grad)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# The score, 3.6 times as much: 7.2 against 2.0. Both are right on average, but one shouts. To be as sure as the path,
# the score needs $3.6^2 \approx 13$ times as many draws. Use the path where you can, and the score where you must.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 2 is behind you (about 75 minutes); part 2 takes about 75. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 4. A throw is noise and a race
#
# Now dice. The sides have **logits** $l_1, l_2, \dots$, and side $i$ comes up with the probability of the softmax,
# $p_i = \frac{e^{l_i}}{\sum_j e^{l_j}}$ (unit 3). Can the luck be put aside here, too?
#
# It can. Add noise to each logit, and *let the largest win*. With the right kind of noise, side $i$ wins exactly with
# probability $p_i$. The right kind is **Gumbel noise**: take $u$ between 0 and 1, each equally likely, and
#
# $$g = -\ln(-\ln u)$$
#
# **One worked out.** Three sides with the logits `[1, 0, 0]`, so $p = (0.58, 0.21, 0.21)$. The numbers $u$ are `0.2`,
# `0.9`, `0.5`. They give $-\ln(-\ln 0.2) = -0.476$, then $2.250$ and $0.367$. The sums are $0.524$, $2.250$, $0.367$:
# the second side wins this time.
#
# <details><summary>Why this noise?</summary>
#
# Think of a race in which runner $i$ may arrive at any moment, with a chance in proportion to $e^{l_i}$. Then whenever
# the first one arrives, it is runner $i$ with the probability $e^{l_i}/\sum_j e^{l_j}$, the softmax. The time of such a
# runner can be made as $-\ln u \,/\, e^{l_i}$: a runner with twice the chance needs half the time. Now take minus the
# logarithm of all times. The *shortest* time becomes the *largest* number, and that number is $l_i - \ln(-\ln u)$: the
# logit plus Gumbel noise.
#
# </details>
#
# ### Predict
# Somebody uses noise from the bell, `rng.standard_normal`, instead of Gumbel noise. Does the likely side win too
# often, too rarely, or just as often as it should?
#
# ### Your turn
# - `gumbel(rng, shape)`: an array of Gumbel noise, made from `u = rng.random(shape)`. Very rarely `u` is exactly 0,
#   and then there is no $\ln u$. So put `u = np.maximum(u, 1e-300)` first.
# - `gumbel_max(logits, g)`: the number of the side that wins, counted from 0. For logits and noise of the shape
#   `(k,)` it is one number; for the shape `(n, k)`, one throw in each row, an array of `n` numbers.
#
# <details><summary>Exactly what is tested</summary>
#
# - `rng.random(shape)` is called once. `shape` is a number or a tuple. A `u` of 0 gives a finite number, without a
#   warning.
# - In 20,000 throws each side wins as often as the softmax says, within five standard errors.
# - Nothing that is given changes.
#
# </details>

# %% task="gumbel_max"
def gumbel(rng, shape):
    """Gumbel noise -ln(-ln u), from u = rng.random(shape)."""
    ...


def gumbel_max(logits, g):
    """The side that wins, with the noise g added: a number for (k,), an array of them for (n, k)."""
    ...


# %% check="gumbel_max"
check("gumbel_max")

# %%
pictures.races(gumbel, gumbel_max, [0.6, 0.25, 0.1, 0.05])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Too often. Gumbel noise has a long tail to the right: now and then a small side gets a great push. The bell has no
# such tail, and the likely side wins 68 % where 60 % is right.
#
# </details>
#
# ## 5. A soft winner
#
# The luck is aside. But "let the largest win" is a step: a small nudge of a logit does not change the winner, so the
# slope is 0. Replace the winner by a softmax, of the noisy logits this time. It is sharpened by a **temperature**
# $\tau$ (tau):
#
# $$y_i = \frac{e^{(l_i + g_i)/\tau}}{\sum_j e^{(l_j + g_j)/\tau}}$$
#
# This is **Gumbel-softmax**. For a small $\tau$ the row $y$ is close to "1 for the winner, 0 for the others". For a
# large one it is a mixture of all.
#
# **One worked out.** The noisy logits of a two-sided die are 1 and 0, $\tau = 0.5$. Divided by $\tau$ they are 2 and
# 0; $e^2 = 7.39$ and $e^0 = 1$. So $y = (7.39/8.39,\; 1/8.39) = (0.88, 0.12)$. With $\tau = 1$ it would be $(0.73,
# 0.27)$.
#
# ### Predict
# You turn $\tau$ down from 3 to 0.1, with the same noise. Can the winner change?
#
# ### Your turn
# - `gumbel_softmax(logits, tau, g)`: the rows `y`. `logits`, `g` and `y` have the shape `(n, k)`, one throw in each
#   row.
#
# <details><summary>Exactly what is tested</summary>
#
# - `tau` is above 0, and hardly ever 1. The logits may be whole numbers. Each row adds up to 1. Nothing that is given
#   changes.
# - Logits of 1,000: no overflow, not even as a warning. (Subtract the largest of each row before $e$, as in unit 3.)
#
# </details>

# %% task="gumbel_softmax"
def gumbel_softmax(logits, tau, g):
    """Soft throws (n, k): the softmax of each row of logits + g, at the temperature tau."""
    ...


# %% check="gumbel_softmax"
check("gumbel_softmax")

# %%
pictures.temperatures(gumbel_softmax, [0.1, 0.3, 1, 3, 10])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# No. Everything is divided by the same number, so the order stays. Only how clearly it wins changes.
#
# </details>
#
# ## 6. Its slope
#
# Now there is a slope. The noise is data again, and the softmax has the slopes that you know from unit 3: nudge the
# logit of one side, and *all* sides move, since they share. Dividing by $\tau$ brings one more factor, by the chain
# rule.
#
# **One worked out.** $y = (0.8, 0.2)$ and $\tau = 0.5$. The first logit moves its own side by $0.8 \cdot (1 - 0.8) /
# 0.5 = 0.32$ and the other by $-0.8 \cdot 0.2 / 0.5 = -0.32$. The gradient that arrives is $dy = (5, 1)$. The first
# logit gets $5 \cdot 0.32 + 1 \cdot (-0.32) = 1.28$, and the second $-1.28$.
#
# ### Predict
# Make $\tau$ tiny. Are the slopes large, small, or both?
#
# ### Your turn
# - `own_slope` and `other_slope`: the slopes of $y_i$ with respect to the logit $l_i$ of the same side, and with
#   respect to $l_j$, another one. Texts with `yi`, `yj` and `tau`.
# - `gumbel_softmax_back(y, tau, dy)`: the gradient with respect to the logits, `(n, k)`. `y` are the soft throws, `dy`
#   is the gradient that arrives, both `(n, k)`. In words: from each entry of `dy` take away the mean of its row,
#   weighted by `y`; multiply by `y`; divide by `tau`.
#
# <details><summary>Exactly what is tested</summary>
#
# It agrees with central differences, row by row. The gradients of a row add up to 0. `tau` is not 1. Nothing that is
# given changes.
#
# </details>

# %% task="gumbel_softmax_back"
own_slope = (
    ...
)
other_slope = (
    ...
)


def gumbel_softmax_back(y, tau, dy):
    """The gradient (n, k) with respect to the logits, from the gradient dy with respect to the soft throws y."""
    ...


# %% check="gumbel_softmax_back"
check("gumbel_softmax_back")

# %%
pictures.slope_sizes(gumbel_softmax, gumbel_softmax_back)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Both. In most throws the winner is clear, $y$ is next to 0 or 1, and the slope is next to 0. In a few the race is
# close, and there it is huge, up to $\frac{1}{4\tau}$. A small $\tau$ is honest and noisy; a large one is smooth, and
# answers a different question.
#
# </details>
#
# ## 7. Learn to choose
#
# Three slot machines, or **arms**. Each pays its own reward, and a program is to learn which one to play. It has a
# logit for each arm, all 0 at first. In each step it makes 64 soft throws. The reward of a throw is the mixture $y_1
# r_1 + y_2 r_2 + \dots$, in code `y @ rewards`. And rewards should *grow*: so it goes uphill.
#
# **One worked out.** Rewards `[1, 0]`, and a step with a single throw, $y = (0.8, 0.2)$, $\tau = 0.5$. The reward is
# $0.8 \cdot 1 + 0.2 \cdot 0 = 0.8$. The gradient that arrives is $dy = (1, 0)$: the rewards themselves. The logits get
# $0.8 \cdot (1 - 0.8)/0.5 = 0.32$ and $-0.32$. With `lr = 0.5` they become $0.16$ and $-0.16$.
#
# ### Predict
# What if $\tau$ is very large, say 100?
#
# ### Your turn
# - `train_choice(rewards, lr, steps, tau, rng)`: the pair `(logits, history)`. In each step: fresh noise `gumbel(rng,
#   (64, k))`; 64 soft throws; note their mean reward in `history`; then move the logits *uphill*, by `lr` times the
#   mean of the 64 gradients.
# - `tau_tiny`: what happens with `tau = 0.001`? `"a"`: it learns faster; `"b"`: nearly every slope is 0, and a rare
#   one is enormous; `"c"`: nothing changes. The letter is judged when you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# - `rewards` is an array of the shape `(k,)`, in any order, of any sign; it does not change. `logits` has the shape
#   `(k,)`, `history` is a list of `steps` numbers. With 0 steps the logits are 0.
# - With the same generator your logits must be ours. On five seeds the best arm ends with a probability between
#   0.995 and 0.9995, though another is nearly as good, the steps are long and `tau` is small.
#
# </details>

# %% task="train_choice"
def train_choice(rewards, lr, steps, tau, rng):
    """(logits, history): uphill on the mean reward of 64 soft throws in each step, from logits of 0."""
    ...


tau_tiny = (
    ...
)

# %% check="train_choice"
check("train_choice")

# %%
pictures.choices_learned(train_choice, [0.2, 1.0, 0.5])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Every soft throw is then close to the even mixture, and the slopes have $1/\tau$ in them: next to nothing happens.
# With a tiny $\tau$ it is the other extreme: 0, 0, 0, and now and then a jump. With 64 throws in each step it still
# gets there, because the slopes are right on average. With one throw a step it would be tossed about.
#
# </details>
#
# ## The puzzle solved
#
# Back to the 64 dice, with the functions that *you* wrote. In each step all the dice are thrown 16 times, softly, and
# the loss is the squared distance to the heart. Beside it, the same with hard throws and their true slope.

# %% folded="dice"
SHADES = np.array([0.0, 0.5, 1.0])  # white, grey, black


def train_dice(way, steps=150, lr=1.0, tau=0.7, throws=16):
    """Throws of all the dice after 0, 10, 40 and all steps, as pictures (8, 8) of the sides 0, 1, 2."""
    rng, target = np.random.default_rng(3), SHADES[HEART].ravel()
    logits, shown = np.zeros((64, 3)), []
    for step in range(steps + 1):
        if step in (0, 10, 40, steps):
            shown.append(gumbel_max(logits, gumbel(rng, (64, 3))).reshape(8, 8))
        gradient = np.zeros((64, 3))
        for _ in range(throws):
            y = gumbel_softmax(logits, tau, gumbel(rng, (64, 3)))
            dy = 2 * np.outer(y @ SHADES - target, SHADES) / throws
            gradient += gumbel_softmax_back(y, tau, dy) if way == "soft" else 0 * dy  # the slope of a hard throw
        logits = logits - lr * gradient
    return shown


# %%
pictures.dice_learn(train_dice)
# %% [markdown]
# The upper row is the true slope of a hard throw: 0, and the dice learn nothing. The lower row learned through *soft*
# throws, and what you see is *hard*: real throws of the trained dice. The luck was put aside, the winner was made
# soft, and the slope came through. That is how a network learns that ends in dice.
#
# Change `tau` in `train_dice`, or draw another picture into `HEART`, and look again.
#
# ## In five lines
# 1. A single draw gives no slope: a coin is flat, and a number from `rng` has forgotten where it came from.
# 2. The *average* of many draws has a slope. There are two ways to estimate it from draws.
# 3. The path: put the luck aside, $z = \mu + \sigma\varepsilon$, and the chain rule goes on as usual.
# 4. The score: $f$ times the slope of $\ln p$. It needs no slope of $f$, and it scatters more.
# 5. Dice: Gumbel noise and "the largest wins" is the softmax; make the winner soft, and there is a slope.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. Your $f$ is a game that a person wins or loses. Which way gives you a slope: **(a)** the path, **(b)** the score?
# 2. A draw has the noise $\varepsilon = 2$. How fast does $z = \mu + \sigma\varepsilon$ move with $\sigma$?
# 3. *From unit 3:* the logits of a softmax all grow by 5. By how much does the first probability change?

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")
