"""Known mistakes of `w6_rbf_svm`: what each does, and what to ask."""

import math

import matplotlib.pyplot as plt
import numpy as np

from grader.testing import mistake, wrong_function


def scores(w, b, X):
    return X @ w + b


def length(w):
    size = np.linalg.norm(w)
    if size == 0:
        raise ValueError("w = 0 gives no line")
    return size


# ---------------------------------------------------------------------------------------------------- margin


@wrong_function("margin", says="That is the score. A distance does not change when you scale w and b: divide by |w|.")
def margin_is_the_score(w, b, X, y):
    length(w)
    return y * scores(w, b, X)


@wrong_function("margin", says="|w| is the root of the sum of the squares. Is there a root in yours?")
def margin_without_the_root(w, b, X, y):
    return y * scores(w, b, X) / length(w) ** 2


@wrong_function("margin", says="|w| is the root of the sum of the squares, not the sum of the entries.")
def margin_by_the_sum(w, b, X, y):
    length(w)
    return y * scores(w, b, X) / np.abs(w).sum()


@wrong_function("margin", says="On which side does the point belong? The label is not in your answer.")
def margin_without_the_label(w, b, X, y):
    return scores(w, b, X) / length(w)


@wrong_function("margin", says="A point on the wrong side has a negative margin. Where did the sign go?")
def margin_always_positive(w, b, X, y):
    return np.abs(scores(w, b, X)) / length(w)


@wrong_function("margin", says="The line is where w.x + b is 0. Where is your b?")
def margin_without_b(w, b, X, y):
    return y * (X @ w) / length(w)


@wrong_function("margin", says="Where is the line: at w.x + b = 0, or at w.x - b = 0?")
def margin_minus_b(w, b, X, y):
    return y * (X @ w - b) / length(w)


@wrong_function("margin", says="Divide the whole score by |w|, b as well.")
def margin_b_not_divided(w, b, X, y):
    return y * (X @ w / length(w) + b)


@wrong_function("margin", says="w = 0: there is no line to be far from. Raise a ValueError.")
def margin_of_no_line(w, b, X, y):
    return y * scores(w, b, X) / max(np.linalg.norm(w), 1e-12)


my_margin_unsigned = mistake(
    "margin", {"my_margin": "9/sqrt(13)"}, says="my_margin: the label is -1. On which side does the point lie?"
)

# ----------------------------------------------------------------------------------------------------- hinge


def parts(w, b, X, y):
    missing = 1 - y * scores(w, b, X)
    return missing, missing > 0, np.maximum(0, missing)


@wrong_function("margin", says="You refuse a w whose numbers add up to 0, or that is short. When is all of w 0?")
def margin_refuses_a_line(w, b, X, y):
    if abs(np.sum(w)) < 1e-6:
        raise ValueError("no line")
    return y * (X @ w + b) / np.linalg.norm(w)


@wrong_function("hinge", says="The slope comes from all points here. Only points whose hinge is above 0 push.")
def hinge_all_points_push(w, b, X, y, C):
    _, _, cost = parts(w, b, X, y)
    return w @ w / 2 + C * cost.sum(), w - C * y @ X, -C * y.sum()


@wrong_function("hinge", says="db: which way does b help a point with the label 1? Look at the sign.")
def hinge_sign_of_db(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return w @ w / 2 + C * cost.sum(), w - C * (y * on) @ X, C * (y * on).sum()


@wrong_function("hinge", says="dw: more of y*x makes the hinge smaller. Which sign has its slope?")
def hinge_sign_of_dw(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return w @ w / 2 + C * cost.sum(), w + C * (y * on) @ X, -C * (y * on).sum()


@wrong_function("hinge", says="The text asks for the sum of the hinges. This is the mean.")
def hinge_the_mean(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    n = len(y)
    return w @ w / 2 + C * cost.sum() / n, w - C * (y * on) @ X / n, -C * (y * on).sum() / n


@wrong_function("hinge", says="How fast does half w.w change with w? The slope of it is missing in dw.")
def hinge_dw_without_w(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return w @ w / 2 + C * cost.sum(), -C * (y * on) @ X, -C * (y * on).sum()


@wrong_function("hinge", says="Where is C in the slopes?")
def hinge_slopes_without_C(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return w @ w / 2 + C * cost.sum(), w - (y * on) @ X, -(y * on).sum()


@wrong_function("hinge", says="C stands in front of the hinges, not in front of half w.w.")
def hinge_C_at_the_width(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return C * (w @ w) / 2 + cost.sum(), C * w - (y * on) @ X, -(y * on).sum()


@wrong_function("hinge", says="C multiplies the hinges only. Your half w.w is multiplied as well.")
def hinge_C_before_everything(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return C * (w @ w / 2 + cost.sum()), C * (w - (y * on) @ X), -C * (y * on).sum()


@wrong_function("hinge", says="Half w.w: the half is missing.")
def hinge_without_the_half(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return w @ w + C * cost.sum(), 2 * w - C * (y * on) @ X, -C * (y * on).sum()


@wrong_function("hinge", says="The curb is at 1, not at 0: right is not enough, a point has to be right by 1.")
def hinge_curb_at_zero(w, b, X, y, C):
    missing = -y * scores(w, b, X)
    on = missing > 0
    return w @ w / 2 + C * np.maximum(0, missing).sum(), w - C * (y * on) @ X, -C * (y * on).sum()


@wrong_function("hinge", says="Points on the street push too, on their own side: where does a hinge begin to cost?")
def hinge_only_the_wrong_side(w, b, X, y, C):
    missing, _, _ = parts(w, b, X, y)
    wrong = missing > 1
    return w @ w / 2 + C * missing[wrong].sum(), w - C * (y * wrong) @ X, -C * (y * wrong).sum()


@wrong_function("hinge", says="Points on the street push too, on their own side: where does the slope end?")
def hinge_slopes_of_the_wrong_side(w, b, X, y, C):
    missing, _, cost = parts(w, b, X, y)
    wrong = missing > 1
    return w @ w / 2 + C * cost.sum(), w - C * (y * wrong) @ X, -C * (y * wrong).sum()


@wrong_function("hinge", says="This is the hinge squared. The text asks for the hinge as it is.")
def hinge_squared(w, b, X, y, C):
    _, _, cost = parts(w, b, X, y)
    return w @ w / 2 + C * (cost**2).sum(), w - 2 * C * (y * cost) @ X, -2 * C * (y * cost).sum()


@wrong_function("hinge", says="Where is the 0 of the hinge? A point beyond the curb must not pay anything back.")
def hinge_never_flat(w, b, X, y, C):
    missing, _, _ = parts(w, b, X, y)
    return w @ w / 2 + C * missing.sum(), w - C * y @ X, -C * y.sum()


@wrong_function("hinge", says="Where is the label in the slopes? The two classes push in opposite directions.")
def hinge_slopes_without_labels(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return w @ w / 2 + C * cost.sum(), w - C * on @ X, -C * float(on.sum())


@wrong_function("hinge", says="b has no part in the width of the street. What stands in the loss: w.w, or w.w + b*b?")
def hinge_with_b_in_the_width(w, b, X, y, C):
    _, on, cost = parts(w, b, X, y)
    return (w @ w + b * b) / 2 + C * cost.sum(), w - C * (y * on) @ X, float(b - C * (y * on).sum())


slope_on_street_positive = mistake(
    "hinge", {"slope_on_street": "y*x"}, says="slope_on_street: which way does the hinge go when w*x grows and y is 1?"
)
slope_on_street_without_y = mistake("hinge", {"slope_on_street": "-x"}, says="slope_on_street: where is the label?")
slope_beyond_the_same = mistake(
    "hinge",
    {"slope_beyond": "-y*x"},
    says="slope_beyond: beyond the curb the hinge is 0, whatever w does. How fast does it change?",
)

# ------------------------------------------------------------------------------------------------------ lift


@wrong_function("lift", says="Expand (x1*y1 + x2*y2)^2: the middle term has a 2. How much of it does each point get?")
def lift_without_the_root(X):
    return np.column_stack([X[:, 0] ** 2, X[:, 0] * X[:, 1], X[:, 1] ** 2])


@wrong_function("lift", says="Both points get the 2, so the product has it squared: 4. What does each get, to make 2?")
def lift_two_for_each(X):
    return np.column_stack([X[:, 0] ** 2, 2 * X[:, 0] * X[:, 1], X[:, 1] ** 2])


@wrong_function("lift", says="The two numbers as they are give a plain product. Which of them has squares?")
def lift_keeps_the_point(X):
    return np.column_stack([X, X[:, 0] * X[:, 1]])


@wrong_function("lift", says="x1 and x2 need their squares: x1^2 times y1^2 is the first term.")
def lift_without_squares(X):
    return np.column_stack([X[:, 0], np.sqrt(2) * X[:, 0] * X[:, 1], X[:, 1]])


@wrong_function("lift", says="Rows are points: (n, 3). Yours lie in columns.")
def lift_in_columns(X):
    return np.array([X[:, 0] ** 2, np.sqrt(2) * X[:, 0] * X[:, 1], X[:, 1] ** 2])


@wrong_function("lift", replaces="circle_plane", says="On the circle x1^2 + x2^2 = r^2. Is r squared in your b?")
def circle_plane_r_not_squared(r):
    return np.array([1.0, 0.0, 1.0]), -float(r)


@wrong_function("lift", replaces="circle_plane", says="Which side is positive? The outside should be.")
def circle_plane_inside_out(r):
    return np.array([-1.0, 0.0, -1.0]), float(r) ** 2


@wrong_function("lift", replaces="circle_plane", says="The middle number, x1*x2, is not in the equation of a circle.")
def circle_plane_with_the_middle(r):
    return np.array([1.0, 1.0, 1.0]), -float(r) ** 2


@wrong_function("lift", replaces="circle_plane", says="w.lift + b is 0 on the circle. Which sign has b?")
def circle_plane_sign_of_b(r):
    return np.array([1.0, 0.0, 1.0]), float(r) ** 2


middle_term_once = mistake(
    "lift", {"middle_term": "x1*x2*y1*y2"}, says="middle_term: (p + q)^2 has its middle term twice."
)
middle_term_crossed = mistake(
    "lift", {"middle_term": "x1*y2 + x2*y1"}, says="middle_term: p is x1*y1, and q is x2*y2. What is 2*p*q?"
)

# ------------------------------------------------------------------------------------------------ rbf_kernel


def squares(X, Y):
    return ((X[:, None, :] - Y[None, :, :]) ** 2).sum(axis=2)


@wrong_function("rbf_kernel", says="Here gamma multiplies: e^(-gamma*d2). You took it for the width of the bump.")
def rbf_kernel_gamma_is_sigma(X, Y, gamma):
    return np.exp(-squares(X, Y) / (2 * gamma**2))


@wrong_function("rbf_kernel", says="Here gamma multiplies the squared distance. You divide by it.")
def rbf_kernel_divides(X, Y, gamma):
    return np.exp(-squares(X, Y) / gamma)


@wrong_function("rbf_kernel", says="The distance is not squared here: that is the Laplacian kernel.")
def rbf_kernel_distance_not_squared(X, Y, gamma):
    return np.exp(-gamma * np.sqrt(squares(X, Y)))


@wrong_function("rbf_kernel", says="There is no half in this kernel.")
def rbf_kernel_with_a_half(X, Y, gamma):
    return np.exp(-gamma * squares(X, Y) / 2)


@wrong_function("rbf_kernel", says="|x|^2 + |y|^2 - 2x.y loses its digits far out. Subtract first, then square.")
def rbf_kernel_expands(X, Y, gamma):
    d2 = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1) - 2 * X @ Y.T
    with np.errstate(over="ignore"):
        return np.exp(-gamma * d2)


@wrong_function("rbf_kernel", says="Clipping at 0 hides that digits were lost. Subtract first, then square.")
def rbf_kernel_clips(X, Y, gamma):
    d2 = (X**2).sum(axis=1)[:, None] + (Y**2).sum(axis=1) - 2 * X @ Y.T
    return np.exp(-gamma * np.maximum(d2, 0))


@wrong_function("rbf_kernel", says="It should fade with the distance. Which sign is in the exponent?")
def rbf_kernel_grows(X, Y, gamma):
    with np.errstate(over="ignore"):
        return np.exp(gamma * squares(X, Y))


@wrong_function("rbf_kernel", says="Rows belong to X, columns to Y. Yours is turned over.")
def rbf_kernel_turned(X, Y, gamma):
    return np.exp(-gamma * squares(Y, X))


@wrong_function("rbf_kernel", says="The squares are added up, not averaged: 64 inputs count 64 times.")
def rbf_kernel_mean_of_squares(X, Y, gamma):
    return np.exp(-gamma * ((X[:, None, :] - Y[None, :, :]) ** 2).mean(axis=2))


@wrong_function("rbf_kernel", says="Is every difference squared before you add them up?")
def rbf_kernel_square_of_the_sum(X, Y, gamma):
    return np.exp(-gamma * (X[:, None, :] - Y[None, :, :]).sum(axis=2) ** 2)


@wrong_function("rbf_kernel", says="The bump should be 1 in its middle. This one has the area 1 instead.")
def rbf_kernel_a_density(X, Y, gamma):
    return np.sqrt(gamma / math.pi) * np.exp(-gamma * squares(X, Y))


gamma_without_the_two = mistake(
    "rbf_kernel", {"gamma_of_width": "1/s^2"}, says="gamma_of_width: there is a 2 in the exponent of the bell."
)
gamma_not_squared = mistake(
    "rbf_kernel", {"gamma_of_width": "1/(2s)"}, says="gamma_of_width: the width is squared in the bell."
)
gamma_upside_down = mistake(
    "rbf_kernel", {"gamma_of_width": "2s^2"}, says="gamma_of_width: does a wider bump have a larger gamma?"
)

# -------------------------------------------------------------------------------------------------- decision


def near(X, Y, gamma):
    return np.exp(-gamma * squares(X, Y))


@wrong_function("decision", says="You leave small weights out. A small bump is a bump: only 0 makes no difference.")
def decision_without_small_weights(alpha, y, X, gamma, Xnew):
    on = np.asarray(alpha) > 1e-3
    return near(Xnew, X[on], gamma) @ (alpha[on] * y[on])


@wrong_function("decision", says="Only the nearest bump counts here. What do the others add, further away?")
def decision_of_the_nearest_bump(alpha, y, X, gamma, Xnew):
    K = near(Xnew, X, gamma)
    nearest = K.argmax(axis=1)
    return alpha[nearest] * y[nearest] * K.max(axis=1)


@wrong_function("decision", says="No label: bumps of the other class point down.")
def decision_without_labels(alpha, y, X, gamma, Xnew):
    return near(Xnew, X, gamma) @ alpha


@wrong_function("decision", says="No weights: each bump has the height alpha.")
def decision_without_weights(alpha, y, X, gamma, Xnew):
    return near(Xnew, X, gamma) @ y


@wrong_function("decision", says="You return the class. Return the sum itself; its sign is the class.")
def decision_is_the_sign(alpha, y, X, gamma, Xnew):
    return np.sign(near(Xnew, X, gamma) @ (alpha * y))


@wrong_function("decision", says="That is the mean of the bumps. They are added up.")
def decision_is_the_mean(alpha, y, X, gamma, Xnew):
    return near(Xnew, X, gamma) @ (alpha * y) / len(alpha)


@wrong_function("decision", says="You divide by the sum of the weights: a mean of labels. The bumps are added up.")
def decision_is_a_weighted_mean(alpha, y, X, gamma, Xnew):
    return near(Xnew, X, gamma) @ (alpha * y) / max(np.sum(alpha), 1e-300)


@wrong_function("decision", says="Only the bump that is nearest counts here. All of them are added up.")
def decision_of_the_nearest(alpha, y, X, gamma, Xnew):
    table = near(Xnew, X, gamma) * (alpha * y)
    return table[np.arange(len(Xnew)), np.abs(table).argmax(axis=1)]


@wrong_function("decision", says="These are plain products, without the kernel: the straight line of section 2.")
def decision_of_plain_products(alpha, y, X, gamma, Xnew):
    return Xnew @ X.T @ (alpha * y)


@wrong_function("decision", says="A table came back. Add it up over the old points.")
def decision_not_added_up(alpha, y, X, gamma, Xnew):
    return near(Xnew, X, gamma) * (alpha * y)


half_way_squared = mistake("decision", {"half_way": "ln(2)/3"}, says="half_way: that is the squared distance.")
half_way_times = mistake(
    "decision", {"half_way": "sqrt(3*ln(2))"}, says="half_way: does a larger gamma make a bump wider or narrower?"
)
spikes_are_sharper = mistake(
    "decision", {"spikes": "b"}, says="spikes: e^(-1000 * 0.2^2) is e^(-40). How much is that?"
)
spikes_on_all = mistake(
    "decision",
    {"spikes": "a"},
    says="spikes: each point sits on its own spike. How wide is that, and where is the new point?",
)

# ------------------------------------------------------------------------------------------------- bump_plot


def figure(alpha, y, X, gamma, *, level=0.0, held=None, count=101, pad=0.5, swap=False, filled=False, dots=None):
    """A figure as asked for, but for what is given."""
    _, ax = plt.subplots()
    low, high = X.min(axis=0) - pad, X.max(axis=0) + pad
    xx, yy = np.meshgrid(np.linspace(low[0], high[0], count), np.linspace(low[1], high[1], count))
    places = np.column_stack([yy.ravel(), xx.ravel()] if swap else [xx.ravel(), yy.ravel()])
    f = (near(places, X, gamma) @ (alpha * y)).reshape(xx.shape)
    (ax.contourf if filled else ax.contour)(xx, yy, f, levels=[level, level + 99] if filled else [level])
    shown = X if dots is None else dots
    ax.scatter(shown[:, 0], shown[:, 1], s=14)
    held = X[alpha > 0] if held is None else held
    ax.scatter(held[:, 0], held[:, 1], s=80, facecolors="none", edgecolors="black", label="support vectors")
    return ax


@wrong_function("bump_plot", says="Those are all points. The support vectors are those with alpha > 0.")
def bump_plot_marks_all(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, held=X)


@wrong_function("bump_plot", says="You leave small weights out. Every point with a weight above 0 is a support vector.")
def bump_plot_without_small_weights(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, held=X[alpha > 1e-6])


@wrong_function("bump_plot", says="Those are the points *without* weight. Which ones hold the border?")
def bump_plot_marks_the_others(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, held=X[alpha == 0])


@wrong_function("bump_plot", says="Only one of the two classes is marked. Support vectors have either label.")
def bump_plot_marks_one_class(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, held=X[alpha * y > 0])


@wrong_function("bump_plot", says="The border is where the sum is 0. Which level have you drawn?")
def bump_plot_level_of_the_curb(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, level=1.0)


@wrong_function("bump_plot", says="x and y are the wrong way round in your grid of places.")
def bump_plot_axes_swapped(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, swap=True)


@wrong_function("bump_plot", says="The grid is coarse: 50 × 50 places at least.")
def bump_plot_coarse(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, count=9)


@wrong_function("bump_plot", says="The sum in your picture has no labels: bumps of the other class point down.")
def bump_plot_without_labels(alpha, y, X, gamma):
    return figure(alpha, np.where(np.arange(len(y)) == len(y) - 1, -1.0, 1.0), X, gamma)


@wrong_function("bump_plot", says="ax.contourf fills areas. Draw the line itself with ax.contour, levels=[0].")
def bump_plot_filled(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, filled=True)


@wrong_function("bump_plot", says="Only the support vectors are there. Show the other points as well.")
def bump_plot_without_the_others(alpha, y, X, gamma):
    return figure(alpha, y, X, gamma, dots=X[alpha > 0])


# -------------------------------------------------------------------------------------------------- fit_dual


def ascent(Q, steps, *, lr=None, clip=lambda alpha: alpha, slope=None, start=0.0):
    """Ascent on the dual of Q, but for what is given."""
    lr = 1 / np.linalg.eigvalsh(Q)[-1] if lr is None else lr
    alpha = np.full(len(Q), start)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            alpha = clip(alpha + lr * (1 - Q @ alpha if slope is None else slope(alpha)))
    return np.nan_to_num(alpha, nan=0.0, posinf=1e9, neginf=-1e9)


def box(C):
    return lambda alpha: np.clip(alpha, 0, C)


@wrong_function("fit_dual", says="alpha < 0 has no meaning: clip in each step.")
def fit_dual_not_clipped(K, y, C, steps):
    return ascent(K * np.outer(y, y), steps)


@wrong_function("fit_dual", says="Never above C: clip at both ends.")
def fit_dual_clipped_below_only(K, y, C, steps):
    return ascent(K * np.outer(y, y), steps, clip=lambda alpha: np.maximum(alpha, 0))


@wrong_function("fit_dual", says="alpha < 0 has no meaning: clip at both ends.")
def fit_dual_clipped_above_only(K, y, C, steps):
    return ascent(K * np.outer(y, y), steps, clip=lambda alpha: np.minimum(alpha, C))


@wrong_function("fit_dual", says="Clipped once, at the end: the steps before went through places that do not count.")
def fit_dual_clipped_at_the_end(K, y, C, steps):
    return np.clip(ascent(K * np.outer(y, y), steps), 0, C)


@wrong_function("fit_dual", says="The dual oscillates: the step is too long. Use 1/largest eigenvalue of Q.")
def fit_dual_step_too_long(K, y, C, steps):
    return ascent(K * np.outer(y, y), steps, lr=1.0, clip=box(C))


@wrong_function("fit_dual", says="So short a step hardly gets anywhere. Which step length is safe, and no shorter?")
def fit_dual_step_too_short(K, y, C, steps):
    return ascent(K * np.outer(y, y), steps, lr=1e-3, clip=box(C))


@wrong_function("fit_dual", says="The quadratic term carries y[i]*y[j]: Q is not K.")
def fit_dual_without_labels(K, y, C, steps):
    return ascent(K, steps, clip=box(C))


@wrong_function("fit_dual", says="One label is not enough: the entry [i, j] of Q has y[i] *and* y[j].")
def fit_dual_one_label(K, y, C, steps):
    Q = K * np.outer(y, y)
    return ascent(Q, steps, clip=box(C), slope=lambda alpha: 1 - (K * y) @ alpha)


@wrong_function("fit_dual", says="Downhill? The dual is to become as large as it can.")
def fit_dual_downhill(K, y, C, steps):
    Q = K * np.outer(y, y)
    return ascent(Q, steps, clip=box(C), slope=lambda alpha: Q @ alpha - 1)


@wrong_function("fit_dual", says="The slope of the double sum has no half left: each pair occurs twice.")
def fit_dual_half_slope(K, y, C, steps):
    Q = K * np.outer(y, y)
    return ascent(Q, steps, clip=box(C), slope=lambda alpha: 1 - Q @ alpha / 2)


@wrong_function("fit_dual", says="Start from zeros: with 0 steps no point has pushed yet.")
def fit_dual_starts_at_C(K, y, C, steps):
    return ascent(K * np.outer(y, y), steps, clip=box(C), start=float(C))


@wrong_function("fit_dual", says="You clip to 0..1. The upper end is C.")
def fit_dual_clipped_at_one(K, y, C, steps):
    return ascent(K * np.outer(y, y), steps, clip=box(1.0))


@wrong_function("fit_dual", says="That solves Q alpha = 1 in one go: it knows nothing of 0 and C.")
def fit_dual_solved(K, y, C, steps):
    return np.clip(np.linalg.lstsq(K * np.outer(y, y), np.ones(len(y)), rcond=None)[0], 0, C) * (steps > 0)


d_alpha1_without_labels = mistake(
    "fit_dual", {"d_alpha1": "1 - a1 - k*a2"}, says="d_alpha1: the double sum carries y1*y2."
)
d_alpha1_pair_once = mistake(
    "fit_dual",
    {"d_alpha1": "1 - a1 - y1*y2*k*a2/2"},
    says="d_alpha1: the pair occurs twice in the double sum, as (1, 2) and as (2, 1).",
)
d_alpha1_alone = mistake("fit_dual", {"d_alpha1": "1 - a1"}, says="d_alpha1: the neighbour's bump is missing.")
two_alike_as_rivals = mistake(
    "fit_dual",
    {"two_alike": "1/(1-k)"},
    says="two_alike: that is for different labels. Does the neighbour help here, or hinder?",
)

# ------------------------------------------------------------------------------------------------ taylor_rbf


def powers(x, y, gamma, order, *, factor=2.0, front=2, below=lambda k: math.factorial(min(k, 170)), first=0):
    """The table as asked for, but for what is given."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    t = factor * gamma * np.outer(x, y)
    with np.errstate(all="ignore"):
        total = sum((t**k / below(k) for k in range(first, order + 1)), np.zeros(t.shape))
    total = total * np.exp(-gamma * x**2)[:, None] if front else total
    return total * np.exp(-gamma * y**2) if front == 2 else total


@wrong_function("taylor_rbf", says="The exponent is 2*gamma*x*y. Where is the 2?")
def taylor_rbf_without_the_two(x, y, gamma, order):
    return powers(x, y, gamma, order, factor=1.0)


@wrong_function("taylor_rbf", says="The two factors in front are missing: e^(-gamma*x^2) and e^(-gamma*y^2).")
def taylor_rbf_without_the_front(x, y, gamma, order):
    return powers(x, y, gamma, order, front=0)


@wrong_function("taylor_rbf", says="One of the two factors in front is missing.")
def taylor_rbf_half_the_front(x, y, gamma, order):
    return powers(x, y, gamma, order, front=1)


@wrong_function("taylor_rbf", says="Each power t^k is divided by k!.")
def taylor_rbf_without_factorials(x, y, gamma, order):
    return powers(x, y, gamma, order, below=lambda k: 1)


@wrong_function("taylor_rbf", says="t^k is divided by k!, the product of 1 to k, not by k.")
def taylor_rbf_divided_by_k(x, y, gamma, order):
    return powers(x, y, gamma, order, below=lambda k: max(k, 1))


@wrong_function("taylor_rbf", says="The power `order` is included: range(order + 1).")
def taylor_rbf_stops_early(x, y, gamma, order):
    return powers(x, y, gamma, order - 1)


@wrong_function("taylor_rbf", says="The sum begins with the power 0, which is 1.")
def taylor_rbf_without_the_one(x, y, gamma, order):
    return powers(x, y, gamma, order, first=1)


@wrong_function("taylor_rbf", says="200! is too large for a float. Get each term from the one before it.")
def taylor_rbf_overflows(x, y, gamma, order):
    return powers(x, y, gamma, order, below=lambda k: float(math.factorial(k)))


@wrong_function("taylor_rbf", says="That is the RBF kernel itself. Only the powers up to `order` are asked for.")
def taylor_rbf_exact(x, y, gamma, order):
    return np.exp(-gamma * np.subtract.outer(x, y) ** 2)


feature_two_no_root = mistake(
    "taylor_rbf",
    {"feature_two": "2 g^2 x^2 e^(-g x^2)"},
    says="feature_two: both points get the *root* of that factor; together they make the term.",
)
feature_two_without_the_front = mistake(
    "taylor_rbf", {"feature_two": "sqrt(2) g x^2"}, says="feature_two: the factor in front belongs to it, too."
)
feature_two_of_one = mistake(
    "taylor_rbf",
    {"feature_two": "sqrt(2 g) x^2 e^(-g x^2)"},
    says="feature_two: that is the factor of k = 1. For k = 2 it is the root of (2g)^2/2!.",
)


@wrong_function("margin", says="b moves the line and does not turn it. Is b in the length of w?")
def margin_with_b_in_the_length(w, b, X, y):
    length(w)
    return y * scores(w, b, X) / np.sqrt(w @ w + b**2)


@mistake("lift", says="The root belongs to the 2 alone: what does sqrt(2*x1*x2) give where x1 is negative?")
def lift_root_of_the_whole_term():
    def lift(X):
        with np.errstate(invalid="ignore"):
            return np.column_stack([X[:, 0] ** 2, np.sqrt(2 * X[:, 0] * X[:, 1]), X[:, 1] ** 2])

    return {"lift": lift}


@wrong_function("rbf_kernel", says="Your table holds whole numbers if X does: what is then left of 0.6?")
def rbf_kernel_of_the_type_of_x(X, Y, gamma):
    table = np.exp(-gamma * ((X[:, None, :] - Y[None, :, :]) ** 2).sum(axis=2))
    return table.astype(X.dtype)


@wrong_function("decision", says="f is the sum of the bumps. Why divide by them? Far away it should be nearly 0.")
def decision_weighted_mean(alpha, y, X, gamma, Xnew):
    bumps = alpha * np.exp(-gamma * ((Xnew[:, None, :] - X[None, :, :]) ** 2).sum(axis=2))
    with np.errstate(all="ignore"):
        return bumps @ y / bumps.sum(axis=1)
