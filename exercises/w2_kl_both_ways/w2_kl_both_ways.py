# %% [markdown]
# # On demand: KL and reverse KL
#
# *On demand. It builds on units 1 and 2 and on the bell of "Why squared error?"; section 5 also needs the softmax of
# unit 3. Three hours and a quarter, in two parts.*
#
# **A puzzle to begin with.** Guests come to a café around nine and around one, and hardly anybody comes at eleven. Two
# planners were asked for a waiter's shift. A shift has to be *one* bell: a middle and a width. Both planners made the
# same number, the *KL divergence* between guests and shift, as small as they could. One put most of the shift at
# eleven, when the café is empty. The other ignored half of the guests. Neither made a mistake. What was the difference
# between them?

# %%
import math

import matplotlib.pyplot as plt
import numpy as np
from kit import check, greet, needed, pictures, recall, variant

plt.rcParams["figure.dpi"] = 90
pictures.cafe()
greet()
needed()

# %% [markdown]
# Keep the two shifts in mind. They are the whole unit, and at the end your own code will draw them.
#
# Answers in letters are texts between quotes, such as `"ln(2) + y^2"`, and `ln` is always the natural logarithm. If
# you are stuck, type `hint("kl")` in a new cell, with the name from the check. Hints cost nothing.
#
# ## 1. Surprise
#
# Something that you gave the probability $p$ happens. How surprised are you? If $p = 1$, not at all. If $p$ is tiny,
# very much. And two independent surprises should add up. One function does all of that: $-\ln p$.

# %%
pictures.surprise([1, 1 / 2, 1 / 4, 1 / 8])
# %% [markdown]
# Each time the probability is halved, you get $\ln 2$ more surprised.
#
# Now average. Guests order coffee, tea or cake with the true probabilities $p$. You believe in $q$. In the long run
# your surprise per guest is
#
# $$H(p, q) = -\sum_i p_i \ln q_i \qquad \text{(the cross-entropy)}$$
#
# because guests come from the *world*, $p$, and the surprise comes from your *belief*, $q$. Somebody who knows $p$ is
# surprised as well, though less: by $H(p) = -\sum_i p_i \ln p_i$, the **entropy**. What you pay on top, because you
# believe in the wrong thing, is the **KL divergence**:
#
# $$\mathrm{KL}(p\,\|\,q) \;=\; H(p, q) - H(p) \;=\; \sum_i p_i \ln \frac{p_i}{q_i}$$
#
# **One worked out.** The world is a fair coin, $p = (1/2, 1/2)$. You believe $q = (1/4, 3/4)$.
#
# | side | $p_i$ | your surprise $-\ln q_i$ | of somebody who knows $-\ln p_i$ | extra |
# |---|---|---|---|---|
# | heads | 1/2 | 1.386 | 0.693 | +0.693 |
# | tails | 1/2 | 0.288 | 0.693 | −0.405 |
#
# Half of the time you pay 0.693 too much, half of the time 0.405 too little: on average
# $\mathrm{KL} = (0.693 - 0.405)/2 = 0.144$. A single term may be negative. The sum never is.
#
# ### Predict
# Nobody ever orders the soup: $p_i = 0$. What does the soup add to the KL divergence? And what if *you* say that soup
# is impossible, $q_i = 0$, and then somebody orders it?
#
# ### Your turn
# Write the three functions, for arrays of probabilities. Use natural logarithms, so the results are in *nats*.
#
# <details><summary>Exactly what is tested</summary>
#
# - `entropy(p)`, `cross_entropy(p, q)` and `kl(p, q)` take arrays of shape `(k,)` and return one plain number.
# - An outcome with `p[i] == 0` adds 0. An outcome with `q[i] == 0` and `p[i] > 0` makes cross-entropy and KL infinite:
#   return `np.inf`. Neither causes a warning.
# - `kl(p, p)` is 0, and `kl` is never below 0 (apart from rounding).
# - If `p` or `q` is not a distribution (the sum is off by more than a millionth, or an entry is negative), raise a
#   `ValueError`.
# - The arrays stay as they were. Numbers are compared to nine digits, so adding a tiny number everywhere shows.
#
# </details>


# %% task="kl"
def entropy(p):
    """The average surprise of somebody who knows p (k,), in nats."""
    ...


def cross_entropy(p, q):
    """The average surprise of somebody who believes q (k,) in a world p (k,), in nats."""
    ...


def kl(p, q):
    """The extra surprise from believing q (k,) in a world p (k,), in nats."""
    ...


# %% check="kl"
check("kl")

# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# The soup that nobody orders adds nothing: it never gets a chance to surprise you. The soup that *cannot* be ordered,
# and then is, surprises you without limit. One such guest, however rare, and the average is infinite. The two zeros
# are very different, and everything below comes from that.
#
# </details>
#
# ## 2. Two directions
#
# $\mathrm{KL}(p\,\|\,q)$ looks like a distance, but it is not: swap the two, and you get another number. The swap
# changes *who is asked*.
#
# - $\mathrm{KL}(p\,\|\,q)$, **forward**: ask the *guests*. Every guest (from $p$) looks for a waiter. Guests without a
#   waiter complain loudly. Hours without guests say nothing, since nobody is there.
# - $\mathrm{KL}(q\,\|\,p)$, **reverse**: ask the *waiters*. Every waiter (from $q$) looks for a guest. Waiters without
#   guests complain loudly. Guests without a waiter are never asked.
#
# Move the shift, and watch where each of the two complaints comes from:

# %%
pictures.who_complains()
# %% [markdown]
# **One worked out.** The two coins again, the other way round. Now $q$ is asked:
#
# $$\mathrm{KL}(q\,\|\,p) = \tfrac14 \ln\frac{1/4}{1/2} + \tfrac34 \ln\frac{3/4}{1/2}
# = -\tfrac14 \ln 2 + \tfrac34 \ln\tfrac32 = 0.131$$
#
# It was 0.144 before. Both the weights in front and the ratio in the logarithm were swapped.
#
# Here are two coins of your own, and two three-sided dice `u` and `v`.

# %% folded="numbers"
PAIRS = [
    {"p": "(1/3, 2/3)", "q": "(1/4, 3/4)", "u": "(1/2, 1/2, 0)", "v": "(1/8, 1/8, 3/4)"},
    {"p": "(1/5, 4/5)", "q": "(1/3, 2/3)", "u": "(1/3, 2/3, 0)", "v": "(1/6, 1/3, 1/2)"},
    {"p": "(1/4, 3/4)", "q": "(2/5, 3/5)", "u": "(1/4, 3/4, 0)", "v": "(1/12, 1/4, 2/3)"},
    {"p": "(2/3, 1/3)", "q": "(1/5, 4/5)", "u": "(3/4, 1/4, 0)", "v": "(3/20, 1/20, 4/5)"},
    {"p": "(3/4, 1/4)", "q": "(1/3, 2/3)", "u": "(2/3, 1/3, 0)", "v": "(2/15, 1/15, 4/5)"},
    {"p": "(2/5, 3/5)", "q": "(3/4, 1/4)", "u": "(1/5, 4/5, 0)", "v": "(1/15, 4/15, 2/3)"},
]
my_pair = variant("two_directions", PAIRS)
print("Yours: the coins p = {p} and q = {q}, and the dice u = {u} and v = {v}.".format(**my_pair))

# %% [markdown]
# ### Predict
# One of $\mathrm{KL}(u\,\|\,v)$ and $\mathrm{KL}(v\,\|\,u)$ is infinite. Which? Whom would you have to ask?
#
# ### Your turn
# - `my_forward` and `my_reverse`: $\mathrm{KL}(p\,\|\,q)$ and $\mathrm{KL}(q\,\|\,p)$ of *your* coins, as texts with
#   `ln`.
# - `infinite_way`: `"a"` if $\mathrm{KL}(u\,\|\,v)$ is infinite, `"b"` if $\mathrm{KL}(v\,\|\,u)$ is.
# - `my_finite`: the other one, as a text with `ln`.
#
# <details><summary>Exactly what is tested</summary>
#
# The three texts are exact: fractions and `ln`, such as `"1/2*ln(2) + 1/3*ln(4/5)"`. Decimals are not exact. The form
# does not matter. The letter is judged when you hand in.
#
# </details>

# %% task="two_directions"
my_forward = (
    ...
)
my_reverse = (
    ...
)
infinite_way = (
    ...
)
my_finite = (
    ...
)

# %% check="two_directions"
check("two_directions")

# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# `u` never shows its third side, `v` often does. Ask `v`: it throws a three, and `u` says "impossible". That is
# infinite, and it is $\mathrm{KL}(v\,\|\,u)$, because the world that is asked comes first. Ask `u`: it only ever throws
# one and two, and `v` allows both. For these dice every ratio is the same, so the sum is a single logarithm.
#
# </details>
#
# So, when you look for a $q$ and make KL small:
#
# - forward, $q$ must not be (nearly) 0 anywhere that $p$ is not: it has to **cover** everything;
# - reverse, $q$ must not be anywhere that $p$ is (nearly) 0: it may **hide** in a part.
#
# ## 3. Two bells
#
# Shifts are bells, so let us find the KL divergence between two bells once and for all. For a density the sum becomes
# an average over many measurements $x$ from the first bell, which has the middle $m_1$ and the width $s_1$:
#
# $$\mathrm{KL} = \text{average of } \big(\ln p(x) - \ln q(x)\big), \qquad
# -\ln p(x) = \ln s_1 + \tfrac12\ln 2\pi + \frac{(x - m_1)^2}{2 s_1^2}$$
#
# The last formula is the one from "Why squared error?", and $-\ln q(x)$ is the same with $m_2$ and $s_2$. Subtract:
#
# $$\ln p(x) - \ln q(x) = \ln\frac{s_2}{s_1} - \frac{(x - m_1)^2}{2 s_1^2} + \frac{(x - m_2)^2}{2 s_2^2}$$
#
# Only two averages are missing. By the meaning of width, $(x - m_1)^2$ is $s_1^2$ on average. Measured from
# another middle, it is more:
#
# $$\text{average of } (x - m_2)^2 = s_1^2 + (m_1 - m_2)^2$$
#
# (Write $x - m_2$ as $(x - m_1) + (m_1 - m_2)$ and square it. The middle term has the factor $x - m_1$, which is 0 on
# average.)
#
# **One worked out.** Bell 1 has $m_1 = 0, s_1 = 1$. Bell 2 has $m_2 = 3, s_2 = 2$. The first fraction is $1/2$ on
# average, the second $(1 + 9)/8 = 5/4$, and so $\mathrm{KL} = \ln 2 - 1/2 + 5/4 = 1.443$.
#
# ### Predict
# Bell 1 is narrow and bell 2 is wide, both in the same place. Which costs more: the wide one where the narrow one is
# true, or the narrow one where the wide one is true?
#
# ### Your turn
# - `kl_bells`: the KL divergence of bell 1 and bell 2 as a text with `m1`, `s1`, `m2` and `s2`.
# - `d_m2`: its slope with respect to `m2`, as a text.
# - `kl_gauss(m1, s1, m2, s2)`: the same as a function.
# - `to_standard`: a network that makes pictures (a *variational autoencoder*) puts out `m` and `l`, where `l` is the
#   logarithm of the *squared* width, $l = \ln s^2$. Give $\mathrm{KL}$ of the bell with `m` and `l` and the standard
#   bell (middle 0, width 1), as a text with `m` and `l`.
#
# <details><summary>Exactly what is tested</summary>
#
# - The widths `s1` and `s2` are standard deviations, above 0, and may be as small as 0.001.
# - `kl_gauss` takes numbers, arrays, or some of each. With an array among them it returns an array, one KL for each
#   entry. For numbers it returns a plain number.
# - `d_m2` has no derivative left in it.
#
# </details>

# %% task="kl_gauss"
kl_bells = (
    ...
)
d_m2 = (
    ...
)


def kl_gauss(m1, s1, m2, s2):
    """KL of the bell (m1, s1) and the bell (m2, s2), where s1 and s2 are standard deviations."""
    ...


to_standard = (
    ...
)

# %% check="kl_gauss"
check("kl_gauss")

# %%
pictures.kl_of_bells(kl_gauss)
# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# Believing in a narrow bell is dangerous. If the world is wide, most guests come where the narrow bell says "next to
# impossible", and the square divided by a tiny $s_2^2$ explodes. Believing in a wide bell costs little more than
# $\ln(s_2/s_1)$: everything that happens was thought possible.
#
# </details>

# %% [markdown]
# ☕ **A good place to stop.** Part 1 of 2 is behind you (about 85 minutes); part 2 takes about 110. Your work is kept:
# save the notebook. When you come back, put the cursor here and choose *Run › Run All Above Selected Cell*.

# %% [markdown]
# ## 4. One bell for two hills
#
# Back to the café. The guests, $p$, have two hills. Your shift, $q$, is one bell with `mu` and `sigma`. On a grid of
# hours `x`, with the step `dx` between neighbours, an average is a sum:
#
# $$\mathrm{KL}(p\,\|\,q) \approx \sum_i p_i \ln\frac{p_i}{q_i}\,dx \qquad\qquad
# \mathrm{KL}(q\,\|\,p) \approx \sum_i q_i \ln\frac{q_i}{p_i}\,dx$$
#
# **Forward has a formula.** Only $-\sum p_i \ln q_i\,dx$ depends on the bell, and that is an old friend: the negative
# log-likelihood of the bell, with the guests as data. Where is it lowest? Its slope in `mu` is the average of $(\mu -
# x)/\sigma^2$ over the guests, and that is 0 where `mu` is the *mean* of `p`. Its slope in `sigma` is the average of
# $1/\sigma - (x - \mu)^2/\sigma^3$, and that is 0 where `sigma**2` is the *mean squared distance* from `mu`.
#
# **Reverse has none.** So search: try bells, go downhill, or zoom in. But beware. Here is the reverse KL of all bells,
# as a map. Dark is low:

# %%
pictures.reverse_map()
# %% [markdown]
# There are three hollows. If you start in the middle and go downhill, you end in the middle hollow, at `mu = 0`,
# `sigma = 1.79`, with KL 1.138. It is the lowest place *nearby*, and not the lowest of all: the two others, at
# `mu = -2` and `mu = 2` with `sigma = 0.6`, have only 0.693. Remember the hilltop of unit 1: a slope knows its own
# neighbourhood only. So **start in several places, and keep the best**.
#
# **One worked out.** Where does the 0.693 come from? Hide in the right hill. There `q` is one whole bell, and `p` is
# half a bell of the same form (the other half of the guests are elsewhere). So $q_i/p_i = 2$ wherever `q` is, and
# $\mathrm{KL}(q\,\|\,p) = \ln 2 = 0.693$.
#
# ### Predict
# Two equal hills at $-2$ and $2$. Where will the forward bell be highest? How many guests come there?
#
# ### Your turn
# - `fit(direction, x, p)`: the `(mu, sigma)` of the bell with the lowest KL, where `direction` is `"forward"` or
#   `"reverse"`.
# - `overlay(x, p)`: one `Axes` with three lines over `x`, labelled `"p"`, `"forward"` and `"reverse"`: the density `p`
#   and the densities of your two bells.
# - `cover`: the width of the *forward* bell for two equal hills at `-d` and `d`, both of width `s`, as a text with `d`
#   and `s`.
# - `price`: the reverse KL of hiding in one of `n` equal hills far apart from each other, as a text with `n`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `x` has shape `(n,)` and is an even grid, in rising order. `p` has shape `(n,)` too: a density on it, above 0
#   everywhere, with `sum(p)*dx` equal to 1. Both stay as they were.
# - There may be one hill, two or three, of any height, overlapping or apart. They are at least four grid steps wide and
#   end well before the grid does.
# - `mu` and `sigma` may be off by 0.02. If two bells are equally good, either is right.
# - Search with `mu` on the grid, and `sigma` from two steps to a quarter of the grid. A bell beside the grid, between
#   two of its points, or much wider than all of it has a sum near 0 instead of 1, and its KL means nothing.
# - Another word for `direction` raises a `ValueError`.
# - `overlay` draws the bells that *your* `fit` finds; anything else that you draw is welcome.
#
# </details>


# %% task="one_bell"
def fit(direction, x, p):
    """(mu, sigma) of the bell with the lowest KL to the density p (n,) on the grid x (n,), forward or reverse."""
    ...


def overlay(x, p):
    """Axes with the density p over the grid x, and the best bells in both directions."""
    ...


cover = (
    ...
)
price = (
    ...
)

# %% check="one_bell"
check("one_bell")

# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# In the middle, at 0, where next to nobody comes. The forward bell covers all guests, and the price is a waiter who
# mostly stands in an empty café. A network that gives such an average gives a *blurred* picture. A reverse one
# picks one sharp possibility, and forgets that there are others.
#
# </details>

# %%
hours = np.linspace(-9, 9, 241)
guests = (np.exp(-(((hours + 2) / 0.6) ** 2) / 2) + np.exp(-(((hours - 2) / 0.6) ** 2) / 2)) / (
    2 * 0.6 * math.sqrt(2 * math.pi)
)
pictures.look(overlay, hours, guests)
# %% [markdown]
# ## 5. The slopes of both
#
# A classifier has no bell. It has logits $z$, one for each class, and $q = \mathrm{softmax}(z)$. What do the two
# directions tell it to do? From unit 3 you know how $q$ moves with a logit:
#
# $$\frac{\partial q_i}{\partial z_j} = q_i\,([i = j] - q_j) \qquad\text{where } [i = j] \text{ is 1 if } i = j,
# \text{ and 0 if not}$$
#
# **One worked out: forward.** Only $-\sum_i p_i \ln q_i$ depends on $z$. The slope of $\ln q_i$ with respect to $z_j$
# is $[i = j] - q_j$. So the slope of the whole is $-\sum_i p_i ([i = j] - q_j) = -p_j + q_j \sum_i p_i$, and the $p_i$
# add up to 1. With numbers: $p = (1/2, 1/4, 1/4)$ and $z = (0, 0, 0)$ give $q = (1/3, 1/3, 1/3)$, and the slopes are
# $(-1/6, 1/12, 1/12)$. Downhill, the first logit goes up.
#
# **Reverse** is $K = \sum_i q_i \ln(q_i/p_i)$. Now $q$ is in two places. The product rule gives, for each $i$,
#
# $$\frac{\partial}{\partial z_j}\, q_i \ln\frac{q_i}{p_i}
# = \frac{\partial q_i}{\partial z_j}\Big(\ln\frac{q_i}{p_i} + 1\Big)$$
#
# Put in $\partial q_i/\partial z_j$, and add up over $i$. (The $+1$ drops out: all $q_i$ together stay 1, so their
# slopes add up to 0.)
#
# ### Predict
# A class has $q_i$ nearly 0, although $p_i = 1/2$. Which direction pushes its logit hard, and which hardly at all?
#
# ### Your turn
# - `forward_slope`: the slope of the forward KL with respect to one logit, as a text with `p` and `q` (the
#   probabilities of that class).
# - `reverse_slope`: that of the reverse KL, as a text with `p`, `q` and `K`, the reverse KL itself.
# - `dforward(logits, p)` and `dreverse(logits, p)`: the slopes with respect to all logits.
#
# <details><summary>Exactly what is tested</summary>
#
# - `logits` and `p` have shape `(k,)`, and so have the results. Nothing that you are given changes.
# - Logits may be whole numbers, and they may be as large as 1000 or as low as -1000. A `q` that is then 0.0 in the
#   computer adds 0. (Compute `ln q` as `z - max - ln(sum(exp(z - max)))`; `log(0.0)` is never needed.)
# - A `p[i]` may be 0. `dforward` does not mind. For `dreverse`, which then has an infinite KL, raise a `ValueError`.
#
# </details>

# %% task="kl_slopes"
forward_slope = (
    ...
)
reverse_slope = (
    ...
)


def dforward(logits, p):
    """The slopes (k,) of KL(p || softmax(logits)) with respect to the logits (k,)."""
    ...


def dreverse(logits, p):
    """The slopes (k,) of KL(softmax(logits) || p) with respect to the logits (k,)."""
    ...


# %% check="kl_slopes"
check("kl_slopes")

# %%
pictures.both_pushes(dforward, dreverse)
# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# Forward pushes with $q - p$, nearly $-1/2$: hard. Reverse multiplies by $q_i$, which is nearly 0, so it hardly pushes
# at all. A class that $q$ has forgotten is not asked any more, and stays forgotten. That is the second hill of the
# café.
#
# </details>
#
# ## 6. By sampling
#
# Real data have no grid. A photograph has a million numbers, and nobody can sum over all photographs. But KL is an
# *average*, and averages can be estimated: draw samples, and take the mean of $\ln p(x) - \ln q(x)$ over them.
#
# How far is such a mean off? Its **standard error** is the standard deviation of the single values, divided by
# $\sqrt{n}$.
#
# **One worked out.** Four samples give the values 1, 3, 1 and 3. Their mean is 2, their standard deviation 1 (each is
# 1 away from the mean). The standard error is $1/\sqrt4 = 0.5$: the estimate is $2 \pm 0.5$.
#
# ### Predict
# You want $\mathrm{KL}(p\,\|\,q)$. Must the samples come from $p$ or from $q$, or does it not matter?
#
# ### Your turn
# - `kl_estimate(samples, logp, logq)`: the mean and the standard error, as a pair. `logp` and `logq` are functions:
#   they take the array of all samples and return the logarithms of the densities there.
# - `to_estimate`: for an estimate of $\mathrm{KL}(p\,\|\,q)$, the samples must come from `"a"`: $p$; `"b"`: $q$;
#   `"c"`: half from each; `"d"`: anywhere.
# - `only_data`: you have a million photographs from $p$, and no formula for $p$ at all. Your network can compute
#   $\ln q$. What can you make small? `"a"`: the reverse KL; `"b"`: the forward KL, since the part with $\ln p$ does
#   not depend on the network; `"c"`: both; `"d"`: neither.
#
# <details><summary>Exactly what is tested</summary>
#
# `samples` has shape `(n,)`, with `n` at least 2, and stays as it was. Samples may be whole numbers (classes). Two
# plain numbers come back. In the standard deviation you may divide by `n` or by `n - 1`. The letters are judged when
# you hand in.
#
# </details>


# %% task="kl_estimate"
def kl_estimate(samples, logp, logq):
    """(mean, standard error) of ln p - ln q over the samples (n,): an estimate of KL(p || q) if they come from p."""
    ...


to_estimate = (
    ...
)
only_data = (
    ...
)

# %% check="kl_estimate"
check("kl_estimate")

# %%
pictures.estimates(kl_estimate)
# %% [markdown]
# <details><summary>Compare your prediction</summary>
#
# From $p$, the world that is asked. Samples from $q$ give the average of the same logarithms *under $q$*: that is minus
# the reverse KL. The function cannot notice that the samples came from the wrong place. You have to know.
#
# This is why networks that learn from data are trained by forward KL (it is the cross-entropy of unit 3), and why
# reverse KL is used where you can draw from your own $q$ and have a formula for $p$.
#
# </details>
#
# ## The puzzle, solved
#
# Both planners made a KL divergence small. One asked the guests, and covered them all. The other asked the waiters, and
# hid in one hill. Here are both, side by side, from *your* `fit`. Pull the hills apart, and watch when the reverse
# bell makes up its mind:

# %%
pictures.both_ways(fit)
# %% [markdown]
# ## In five lines
# 1. Surprise is $-\ln q$. KL is the extra surprise from believing $q$ where $p$ is true.
# 2. It is not a distance: $\mathrm{KL}(p\,\|\,q)$ asks $p$, and $\mathrm{KL}(q\,\|\,p)$ asks $q$.
# 3. Forward covers: it gives the mean and the spread of everything. Reverse hides in one hill.
# 4. The slopes say so too: $q - p$ forward; reverse $q\,(\ln(q/p) - K)$, where a forgotten class stays forgotten.
# 5. Both are averages, so samples will do, if they come from the distribution that is asked.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter between the quotes.
#
# 1. A speech program writes "I don't know" whatever you ask: sure to be possible, never sharp. Was it trained
#    **(a)** forward or **(b)** reverse?
# 2. $\mathrm{KL}(p\,\|\,q)$ is infinite. Then for some $i$ **(a)** $p_i = 0 < q_i$ or **(b)** $q_i = 0 < p_i$.
# 3. From unit 4: how do you find out whether your `dreverse` is right? **(a)** compare it with `dforward`, **(b)** add
#    up its entries, **(c)** nudge each logit a little and measure how the KL changes

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")
