# %% [markdown]
# # On demand: how an RBF-kernel SVM works
#
# *On demand. It builds on slopes and kinks (unit 1), $e^x$ and going down by steps (unit 2), and partial derivatives
# and the neuron's `X @ w` (unit 3). Two and a half hours, with a good place for a break after section 3.*
#
# **A puzzle to begin with.** A machine looked at the 80 points below and learned a border between the two kinds.
# Then somebody threw away most of the points and let it learn again. The new border was the same as the old one,
# everywhere. Which points can be thrown away, and how would you know?

# %%
import matplotlib.pyplot as plt
import numpy as np
from kit import check, greet, hint, needed, pictures, recall, variant
from kit.data import digits, moons, rings

plt.rcParams["figure.dpi"] = 90
greet()
needed()

# %% folded="numbers"
RINGS = [
    {"inner": 1.0, "outer": 2.0, "noise": 0.15},
    {"inner": 0.9, "outer": 2.0, "noise": 0.16},
    {"inner": 1.1, "outer": 2.1, "noise": 0.14},
    {"inner": 1.0, "outer": 1.9, "noise": 0.13},
    {"inner": 0.8, "outer": 1.9, "noise": 0.17},
    {"inner": 0.9, "outer": 1.8, "noise": 0.12},
]
my_rings = variant("fit_dual", RINGS)
rings_X, rings_y = rings(80, np.random.default_rng(3), **my_rings)

# %%
pictures.two_rings(rings_X, rings_y)
# %% [markdown]
# The machine is called a *support vector machine* with an *RBF kernel*. You will build all of it, and at the end it
# tells two handwritten digits apart. It goes as before: **read, predict, write, check**; `hint("margin")` in a new
# cell helps when you are stuck. Answers in letters are texts between quotes, such as `"sqrt(2)/3"`.
#
# ## 1. Which side, and how far?
#
# Begin with a straight line. A point $x$ gets the **score** $w \cdot x + b$, the same as in a neuron. The line is
# where the score is 0. On one side of it scores are positive, on the other negative.
#
# How far is a point from the line? Walk straight away from the line, in the direction of $w$. With each unit that you
# walk, the score grows by $|w|$, the length of $w$ (`np.linalg.norm(w)`). So
#
# $$\text{distance} = \frac{w \cdot x + b}{|w|}, \qquad |w| = \sqrt{w_1^2 + w_2^2 + \dots}$$
#
# Each point has a label $y$, which is 1 or $-1$. Multiply by it: then the distance is positive when the point is on
# the side where it belongs, and negative when it is on the wrong side. This is the point's **margin**.
#
# **One worked out.** $w = (3, 4)$, $b = -5$, and the point $(2, 1)$. The score is $3 \cdot 2 + 4 \cdot 1 - 5 = 5$, and
# $|w| = \sqrt{9 + 16} = 5$. So the distance is 1. If the label is $-1$, the margin is $-1$: wrong side.
#
# ### Predict
# Multiply both $w$ and $b$ by 3. Which of these change: the line, the scores, the distances?

# %% folded="numbers"
LINES = [
    {"w": [2, 3], "b": -4, "point": [5, 1]},
    {"w": [1, 2], "b": 3, "point": [2, 4]},
    {"w": [3, 1], "b": -5, "point": [4, 2]},
    {"w": [1, 4], "b": 2, "point": [3, 2]},
    {"w": [3, 2], "b": -6, "point": [2, 7]},
    {"w": [2, 5], "b": 4, "point": [3, 1]},
]
my_line = variant("margin", LINES)
print("Your line has w = ({}, {}) and b = {}.".format(*my_line["w"], my_line["b"]))
print("Your point is ({}, {}), with the label -1.".format(*my_line["point"]))

# %% [markdown]
# ### Your turn
# - `margin(w, b, X, y)`: the margins of the points in the rows of `X`, as an array.
# - `my_margin`: the margin of *your* point, printed above, as a text with `sqrt`. Its label is $-1$.
#
# <details><summary>Exactly what is tested</summary>
#
# - `w` has the shape `(d,)`, `X` `(n, d)` and `y` `(n,)`, where `d` may be 1, 2 or 5; `(n,)` comes back. The numbers
#   may be whole. Nothing that is given changes.
# - If all of `w` is 0, there is no line: raise a `ValueError`.
# - `my_margin` is exact. Decimals are taken exactly, so a rounded one is not right.
#
# </details>

# %% task="margin"
def margin(w, b, X, y):
    """The signed distances (n,) of the points X (n, d) from the line w.x + b = 0: positive on the right side."""
    ...


my_margin = (
    ...
)

# %% check="margin"
check("margin")

# %%
pictures.sides(margin)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Only the scores. The line is where the score is 0, and 3 times 0 is 0. The distances are divided by $|w|$, which is 3
# times larger as well.
#
# </details>
#
# ## 2. The street and the hinge
#
# Since the scale of $w$ is free, we choose it: let the scores 1 and $-1$ be the two edges, the **curbs**, of a
# **street** along the line. The distance from the line to a curb is $1/|w|$, so a *short* $w$ makes a *wide* street.
# We want a wide street with every point off it, on its own side. That means $y\,(w \cdot x + b) \ge 1$ for every
# point.
#
# A point pays for what it lacks to reach that 1. What it pays is called the **hinge**:
#
# $$\text{hinge} = \max\big(0,\; 1 - y\,(w \cdot x + b)\big)$$

# %%
pictures.flat_hinge()
# %% [markdown]
# Beyond the curb the hinge is flat. Flat means no signal: a point that is right by enough does not push at all.
#
# The loss weighs both wishes against each other. $C$ says what a point on the street costs, compared with a narrow
# street:
#
# $$\text{loss} = \tfrac12\, w \cdot w \;+\; C \sum_i \max\big(0,\; 1 - y_i\,(w \cdot x_i + b)\big)$$
#
# **One worked out.** $w = (1, 0)$, $b = 0$, $C = 2$, and two points with the label 1. The point $(3, 1)$ has the score
# 3, so its hinge is 0 and it does not push. The point $(0.5, 2)$ has the score 0.5, so its hinge is 0.5. The loss is
# $\frac12 \cdot 1 + 2 \cdot 0.5 = 1.5$. The slope of that hinge by $w$ is $-y\,x = (-0.5, -2)$, and by $b$ it is
# $-y = -1$. So the slopes of the loss are
#
# $$dw = (1, 0) + 2 \cdot (-0.5, -2) = (0, -4), \qquad db = 2 \cdot (-1) = -2$$
#
# ### Predict
# You move the point $(3, 1)$ to $(30, 1)$. What happens to the loss, and to `dw`?
#
# ### Your turn
# - `slope_on_street`: for *one number* `x`, the slope of `max(0, 1 - y*(w*x + b))` with respect to `w` while the
#   hinge is above 0. Type a text with `x`, `y`, `w` and `b` (not all of them occur).
# - `slope_beyond`: the same where the hinge is flat.
# - `hinge(w, b, X, y, C)`: the loss and its slopes, `(loss, dw, db)`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `loss` and `db` are plain numbers, and `dw` has the shape of `w`, `(d,)`. The hinges are *added up*; only then
#   comes `C`. `b` does not occur in $\frac12 w \cdot w$.
# - Points beyond the curb add exactly 0. With `C = 0` only $\frac12 w \cdot w$ is left.
# - No point lies exactly on a curb. Nothing that is given changes.
#
# </details>

# %% task="hinge"
slope_on_street = (
    ...
)
slope_beyond = (
    ...
)


def hinge(w, b, X, y, C):
    """(loss, dw, db): half w.w plus C times the sum of max(0, 1 - y (w.x + b)), with its slopes."""
    ...


# %% check="hinge"
check("hinge")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Nothing happens to either. The point is far beyond the curb, where the hinge is flat. You could even throw it away.
# That is the first half of the answer to the puzzle.
#
# </details>
#
# **Now think of descent, starting at $w = 0$.** In each step $w$ first shrinks a little (the slope of $\frac12 w \cdot
# w$ is $w$), and then a bit of $y_i x_i$ is added for every point that pushes. So whatever happens, $w$ is a *sum of
# data points*:
#
# $$w = \sum_i \alpha_i\, y_i\, x_i$$
#
# where $\alpha_i$ says how much the point $i$ has pushed. It is 0 for points that never do. Put that into the score:
#
# $$w \cdot x + b = \sum_i \alpha_i\, y_i\, (x_i \cdot x) + b$$
#
# Look at what is left of the data: only products $x_i \cdot x$ of *two points*. Remember this.
#
# ## 3. A circle becomes a plane
#
# No straight line separates two rings. But give each point more numbers than it has, and a straight cut may do. This
# is a **lift**.
#
# **One worked out.** On a number line, let the label be 1 between $-1$ and 1, and $-1$ outside. No single cut
# separates that. Now lift each $x$ to the two numbers $(\sqrt2\,x,\; x^2)$. In that plane the straight line "second
# number = 1" is the border. And what is the product of two lifted points?
#
# $$(\sqrt2\,x,\; x^2) \cdot (\sqrt2\,y,\; y^2) = 2xy + x^2y^2 = (1 + xy)^2 - 1$$
#
# It can be computed from $xy$ alone, without ever lifting anything. A product of lifted points, computed from the
# points themselves, is called a **kernel**.
#
# ### Predict
# Your lift below takes 2 numbers to 3. Its kernel is $(x \cdot y)^2$. Images have 64 numbers or a million. How long
# would the lift be, and how much longer does the kernel take?
#
# ### Your turn
# For points in the plane, $(x \cdot y)^2 = (x_1 y_1 + x_2 y_2)^2 = x_1^2 y_1^2 + \;?\; + x_2^2 y_2^2$.
#
# - `middle_term`: the term in the middle, as a text with `x1`, `x2`, `y1` and `y2`.
# - `lift(X)`: lift each row of `X` to three numbers, such that the product of two lifted points is $(x \cdot y)^2$.
#   Each term above is something of $x$ times *the same* something of $y$.
# - `circle_plane(r)`: the pair `(w, b)` for which `lift(X) @ w + b` is 0 on the circle of radius `r` around $(0, 0)$,
#   negative inside and positive outside.
#
# <details><summary>Exactly what is tested</summary>
#
# - `lift` takes `(n, 2)` to `(n, 3)`, also for whole numbers, and does not change `X`. The order of the three numbers,
#   and their signs, are up to you.
# - `w` has the shape `(3,)`. `b` is a number. Any scale will do. It must fit your own `lift`.
#
# </details>

# %% task="lift"
middle_term = (
    ...
)


def lift(X):
    """The points X (n, 2) as rows of three numbers (n, 3), so that lift(x).lift(y) = (x.y)**2."""
    ...


def circle_plane(r):
    """(w, b), w (3,): the plane in the lift that is the circle of radius r. Positive is outside."""
    ...


# %% check="lift"
check("lift")

# %%
pictures.lifted(lift, rings_X, rings_y)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# One number for each pair of inputs: 2,080 for 64 inputs, and half a million million for a million of them. The kernel
# multiplies the two points as they are, and squares one number. This is the **kernel trick**: where only products of
# points are needed, let a kernel compute them, and never lift.
#
# </details>
#
# *A good place for a break. Save the notebook: everything up to here stays.*
#
# ## 4. Likeness that fades
#
# So we may replace $x_i \cdot x$ in the score by any kernel. The one that is used most asks how *near* two points are:
#
# $$k(x, y) = e^{-\gamma\,|x - y|^2}$$
#
# It is 1 for a point and itself, and fades to 0 with the distance. $|x - y|^2$ is the *squared* distance: the sum of
# the squared differences. $\gamma$ (gamma) says how fast it fades. This is the **RBF kernel** (radial basis function),
# and as a function of $x$ it is a bump around $y$.
#
# **One worked out.** $x = (0, 0)$, $y = (3, 4)$ and $\gamma = 0.1$. The squared distance is $9 + 16 = 25$, so
# $k = e^{-2.5} = 0.082$.
#
# ### Predict
# Statistics has a bell of the same form, with a width $s$: its height at $x$ is proportional to $e^{-(x -
# y)^2/(2s^2)}$. (You may know it from "Why squared error?".) Does a large gamma make a wide bump or a narrow one?
#
# ### Your turn
# - `rbf_kernel(X, Y, gamma)`: the kernel of every row of `X` with every row of `Y`, as a table.
# - `gamma_of_width`: which gamma gives a bump of width `s`? Type a text with `s`.
#
# <details><summary>Exactly what is tested</summary>
#
# - `X` is `(n, d)`, `Y` is `(m, d)`, and `(n, m)` comes back. Entry `[i, j]` belongs to `X[i]` and `Y[j]`. `n` and `m`
#   may be equal or not, and the numbers may be whole.
# - For `Y = X` the diagonal is exactly 1, and the table is symmetric: `[i, j]` and `[j, i]` are equal. As a table of
#   products of lifted points must, it has no eigenvalue below 0, apart from rounding. (You need not do anything for
#   that. It means: for any list of numbers `v`, the number `v @ K @ v` is not negative.)
# - Points may be far out, near 10,000,000, with small differences between them. **Subtract first, then square.** The
#   other way, $|x|^2 + |y|^2 - 2\,x \cdot y$, loses all digits there. (`X[:, None, :] - Y[None, :, :]` has the shape
#   `(n, m, d)`: all differences at once.)
#
# </details>

# %% task="rbf_kernel"
def rbf_kernel(X, Y, gamma):
    """How alike each point of X (n, d) is to each of Y (m, d): e^(-gamma * squared distance), (n, m)."""
    ...


gamma_of_width = (
    ...
)

# %% check="rbf_kernel"
check("rbf_kernel")

# %%
pictures.fading(rbf_kernel, [0.1, 0.3, 1, 3, 10, 30])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# A narrow one. Gamma stands where $1/(2s^2)$ stands in the bell: it is *not* the width. A width ten times larger is a
# gamma a hundred times smaller.
#
# </details>
#
# ## 5. A sum of bumps
#
# Put the kernel into the score of section 2, and leave out $b$ (bumps can do without it):
#
# $$f(x) = \sum_i \alpha_i\, y_i\; e^{-\gamma\,|x - x_i|^2}$$
#
# This is the whole machine. On every point with $\alpha_i > 0$ sits a bump of height $\alpha_i$. It points up if the
# label is 1, and down if it is $-1$. Add the bumps up. Where the sum is positive the machine says 1, elsewhere $-1$.
#
# **One worked out.** On a number line, with $\gamma = 1$: a bump of height 2 at 0, label 1, and one of height 1 at 3,
# label $-1$. At $x = 1$ the sum is $2e^{-1} - 1e^{-4} = 0.736 - 0.018 = 0.717$: the machine says 1.
#
# ### Predict
# Very far away from all points, what is $f$?

# %% folded="numbers"
GAMMAS = [3, 5, 6, 7, 10, 11]
my_gamma = variant("decision", GAMMAS)
print(f"Your gamma is {my_gamma}.")

# %% [markdown]
# ### Your turn
# - `decision(alpha, y, X, gamma, Xnew)`: the sum `f` at each row of `Xnew`.
# - `half_way`: with *your* gamma, at which distance from its middle has a bump fallen to half of its height? Type a
#   text with `ln` and `sqrt`.
# - `spikes`: with gamma = 1000 and all weights 1, the sum is 1 or $-1$ at each of the points that the machine has
#   learned from, even if their labels came from tossing a coin. What is the sum at a *new* point, 0.2 away from the
#   nearest old one? `"a"`: 1 or $-1$ as well; `"b"`: about one half; `"c"`: next to nothing, far below a millionth;
#   `"d"`: above 1. The letter is judged when you hand in.
#
# <details><summary>Exactly what is tested</summary>
#
# `alpha` and `y` have the shape `(n,)`, `X` `(n, d)` and `Xnew` `(m, d)`, where `m` may be 1 and `d` may be 1, 2 or 3;
# `(m,)` comes back. Points with `alpha = 0` may be left out without any change.
#
# </details>

# %% task="decision"
def decision(alpha, y, X, gamma, Xnew):
    """The sum (m,) of the signed bumps on the points X (n, d), at each of the places Xnew (m, d)."""
    ...


half_way = (
    ...
)
spikes = (
    ...
)

# %% check="decision"
check("decision")

# %%
pictures.bumps(decision, [0.3, 1, 3, 10, 30, 100])
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# It is 0, because all bumps have faded. So the machine has no opinion far away from everything that it has seen. With a
# large gamma, "far away" begins right beside each point: every point sits on a spike, and the places between are empty.
# Such a machine has learned the points by heart.
#
# </details>
#
# ## 6. The border and its support vectors
#
# The border is where $f$ is 0. The points with $\alpha_i > 0$ hold it up, and they are called the **support vectors**.
#
# **One worked out.** `ax.contour` draws a line where a table of values is 0. The table needs a grid of places. Here it
# is for a circle, with two points marked by larger rings:

# %%
def circle():
    """The places where x*x + y*y - 1 is 0, and two points that are marked."""
    xx, yy = np.meshgrid(np.linspace(-1.5, 1.5, 101), np.linspace(-1.5, 1.5, 101))  # two tables, 101 x 101
    places = np.column_stack([xx.ravel(), yy.ravel()])  # all places as rows: (101*101, 2)
    values = places[:, 0] ** 2 + places[:, 1] ** 2 - 1
    _, ax = plt.subplots()
    ax.contour(xx, yy, values.reshape(xx.shape), levels=[0])
    ax.scatter([0.5, -0.5], [0, 0.8], s=80, facecolors="none", edgecolors="black", label="marked")
    ax.set_aspect("equal")
    return ax


pictures.look(circle)
# %% [markdown]
# ### Your turn
# `bump_plot(alpha, y, X, gamma)`: one `Axes` with every point as a dot (`ax.scatter`), the support vectors among them
# marked by a second `ax.scatter` with the label `"support vectors"`, and the border.
#
# <details><summary>Exactly what is tested</summary>
#
# - Every row of `X` is there as a dot. The dots labelled `"support vectors"` are exactly the rows with `alpha > 0`.
# - The border is made with `ax.contour` and `levels=[0]`, from a grid of at least 50 × 50 places that covers all of
#   `X`. Whatever else you draw is welcome.
#
# </details>

# %% task="bump_plot"
def bump_plot(alpha, y, X, gamma):
    """Axes with the points X (n, 2), the support vectors among them, and the line where the decision is 0."""
    ...


# %% check="bump_plot"
check("bump_plot")

# %% [markdown]
# ## 7. Every point finds its weight
#
# Only the weights $\alpha_i$ are missing. Let every point find its own. A point wants $y_i f(x_i)$ to be 1 or more,
# because that is where its hinge becomes flat. So:
#
# - while $y_i f(x_i) < 1$, make $\alpha_i$ larger; while it is above 1, make it smaller;
# - never below 0: a point does not vote against its own label. Never above $C$: no point may shout louder.
#
# Move $\alpha_i$ in proportion to $1 - y_i f(x_i)$. Is that a slope of something? Yes, of
#
# $$D(\alpha) = \sum_i \alpha_i - \tfrac12 \sum_i \sum_j \alpha_i \alpha_j\, y_i y_j\, K_{ij}$$
#
# with $K_{ij} = k(x_i, x_j)$. This is called the **dual**. We want it as *large* as possible, so we go uphill:
# **gradient ascent**, and after each step we clip the weights to 0 … $C$. Let $Q$ be the table with the entries $y_i
# y_j K_{ij}$. Then all slopes at once are `1 - Q @ alpha`. A step length that is always safe is 1 divided by the
# largest eigenvalue of $Q$ (the most that $Q$ can stretch a vector): `np.linalg.eigvalsh(Q)[-1]`.
#
# **One worked out.** Two points with *different* labels and the kernel $k$ between them. By symmetry both have the same
# weight $a$. At point 1 its own bump gives $a$ and the other one takes away $k\,a$. The weights stop moving when $a -
# k\,a = 1$, at $a = \frac{1}{1 - k}$. With $k = 0.5$ that is 2. The closer the two are, the harder both must push.
#
# ### Predict
# Two points with the *same* label, and the same $k$. Is each weight larger than 1, or smaller?
#
# ### Your turn
# - `d_alpha1`: for two points, with $K_{11} = K_{22} = 1$ and $K_{12} = K_{21} = k$, the slope of $D$ with respect to
#   $\alpha_1$. Type a text with `a1`, `a2`, `y1`, `y2` and `k`.
# - `two_alike`: the weight of two points with the same label, as a text with `k`.
# - `fit_dual(K, y, C, steps)`: the weights after so many steps of gradient ascent, from zeros.
#
# <details><summary>Exactly what is tested</summary>
#
# - `K` is `(n, n)`, `y` is `(n,)`, and `(n,)` comes back. All weights are from 0 to `C`. With 0 steps they are all 0.
# - Use `@`; loops over pairs of points are slow. Nothing that is given changes.
# - More steps never make $D$ smaller.
# - How good are the weights? The loss of section 2 is never below $D$, and the two meet where both are best. Their
#   difference is the **gap**. On 80 points of two rings, with gamma = 1 and `C = 10`, it must be below 0.1 after
#   3,000 steps. (On 200 such sets of rings, ours left 0.04 or less.) Your weights need not be ours one by one.
# - Elsewhere, too: on other sets of points, with a smaller `C`, with some labels that cannot be right, and with `K =
#   X @ X.T`, the gap must be below 2 % of the loss after 3,000 steps.
# - Support vectors are counted as weights above 0.000001. On such rings, after 3,000 steps with `C = 10`: at most 30
#   of 80 with gamma = 1, and at least 75 of 80 with gamma = 1000.
#
# </details>

# %% task="fit_dual"
d_alpha1 = (
    ...
)
two_alike = (
    ...
)


def fit_dual(K, y, C, steps):
    """alpha (n,): gradient ascent on the dual from zeros, clipped to 0..C in each step."""
    ...


# %% check="fit_dual"
check("fit_dual")

# %% [markdown]
# How does one know that it has arrived, without knowing the destination? By the gap. This cell computes both ends of
# it:

# %% folded="loss and dual"
def loss_and_dual(alpha, K, y, C):
    """The loss of section 2 for the weights alpha, and the dual: the best value lies between the two."""
    f = K @ (alpha * y)
    half = (alpha * y) @ f / 2  # half w.w, in the lift
    return half + C * np.maximum(0, 1 - y * f).sum(), alpha.sum() - half


# %%
pictures.climb(fit_dual, loss_and_dual, rbf_kernel, rings_X, rings_y)
# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# Smaller: the neighbour helps. They share the work. That is why points deep inside their own class end with the weight
# 0: the others have done it all.
#
# </details>
#
# ## The puzzle solved
#
# Here is your machine on your rings, and on two moons. Move gamma. Only the ringed points hold the border; throw away
# all the others, and nothing moves.

# %%
pictures.borders(fit_dual, decision, rbf_kernel, rings_X, rings_y, [0.1, 0.3, 1, 3, 10, 100, 1000])
# %%
moons_X, moons_y = moons(80, np.random.default_rng(5), noise=0.1)
pictures.borders(fit_dual, decision, rbf_kernel, moons_X, 2 * moons_y - 1, [0.1, 0.3, 1, 3, 10, 100, 1000])
# %%
pictures.thrown_away(fit_dual, decision, rbf_kernel, rings_X, rings_y)
# %% [markdown]
# So these are the points that can go: all whose hinge is flat, with room to spare. They do not push, their weight is 0,
# and the border does not know about them. You know which ones they are *after* the machine has learned: it tells you.
#
# ### Two digits
#
# Now the same machine, unchanged, on handwritten digits: points with 64 numbers each. Which images hold the border
# between 4 and 9? (The digits are the test data of *Optical Recognition of Handwritten Digits* by E. Alpaydin and C.
# Kaynak, UCI Machine Learning Repository, under the licence CC BY 4.0.)

# %%
learn, held_back = digits()
pictures.held_by(fit_dual, decision, rbf_kernel, learn, held_back, (4, 9))
# %% [markdown]
# The images with the largest weights are the ones that *you* would hesitate about. Those with the weight 0 are clear
# cases, and nobody would miss them. Try another pair: `(3, 8)`, `(1, 7)` or `(5, 9)`. Whom would you show it to?
#
# ## 8. For the curious: infinitely many features
#
# *This section is optional, and its points come on top.*
#
# A kernel is a product of lifted points. How long is the lift of the RBF kernel? For two numbers,
#
# $$e^{-\gamma(x - y)^2} = e^{-\gamma x^2}\, e^{-\gamma y^2}\, e^{2\gamma x y}$$
#
# The last factor is a sum of powers, since
#
# $$e^t = 1 + t + \frac{t^2}{2!} + \frac{t^3}{3!} + \dots \qquad (k! = 1 \cdot 2 \cdots k)$$
#
# (Take the slope term by term: each becomes the one before it, so the sum is its own slope, just like $e^t$.) Each
# term $\frac{(2\gamma xy)^k}{k!}$ is something of $x$ times the same of $y$. That something is one number of the lift,
# a **feature**. There is one for every power.
#
# **One worked out.** The term with $k = 1$ is $2\gamma x y = (\sqrt{2\gamma}\,x)(\sqrt{2\gamma}\,y)$. With the factor
# in front, the feature is $\sqrt{2\gamma}\;x\,e^{-\gamma x^2}$.
#
# ### Predict
# You stop after the power 5. Where is the result close to the RBF kernel: for small $xy$, or for large?
#
# ### Your turn
# - `feature_two`: the feature for $k = 2$, without a minus in front. Type a text with `x` and `g` (for gamma).
# - `taylor_rbf(x, y, gamma, order)`: the kernel of all numbers in `x` with all in `y`, with the powers 0 to `order`
#   only.
#
# <details><summary>Exactly what is tested</summary>
#
# - `x` is `(n,)`, `y` is `(m,)`, and `(n, m)` comes back. `order` is 0, 1, 5 or 30, and once 200: then $k!$ is larger
#   than any number that a computer's floats can hold. (Get each term from the one before it.)
# - For `gamma = 0.5` and numbers from $-2$ to 2, `order = 30` is off the RBF kernel by less than $10^{-10}$.
#
# </details>

# %% task="taylor_rbf"
feature_two = (
    ...
)


def taylor_rbf(x, y, gamma, order):
    """The RBF kernel (n, m) of numbers x (n,) and y (m,), with the powers of 2*gamma*x*y up to `order` only."""
    ...


# %% check="taylor_rbf"
check("taylor_rbf")

# %% [markdown]
# <details><summary>Compare with your prediction</summary>
#
# For small $xy$: then high powers are tiny, and nothing is missed. The RBF kernel itself has all the powers. Its lift
# is infinitely long, and the kernel computes a product of two such lifts in one line.
#
# </details>
#
# ## In five lines
# 1. The margin is the score divided by $|w|$, times the label: how far a point is on its own side.
# 2. The hinge is flat beyond the curb of the street: points that are right by enough do not push.
# 3. So $w$ is a sum of data points, and the data occur only in products: replace them by a kernel.
# 4. With the RBF kernel the score is a sum of signed bumps. Gamma says how narrow they are.
# 5. The weights come from ascent with clipping. Most end at 0; the rest are the support vectors.
#
# ## Three questions to take with you
# Nothing is graded here. Write a letter or a number between the quotes.
#
# 1. A point has $y f(x) = 2.5$. You move it a little. The border moves **(a)** towards it, **(b)** away from it,
#    **(c)** not at all?
# 2. Two points with different labels have the kernel 0.9 between them. What are their weights, if $C$ is large?
# 3. *From unit 2:* what is the slope of $e^{-x^2}$ at $x = 0$, in the middle of a bump?

# %% own="recall"
recall(1, "")
recall(2, "")
recall(3, "")
