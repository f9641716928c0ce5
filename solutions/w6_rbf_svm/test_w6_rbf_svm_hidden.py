"""Hidden tests of `w6_rbf_svm`. A docstring is what the student reads: words, never a hidden number.

Each test tries what the notebook's text asks for, and nothing else. Truths are computed here, never by the student's
own functions. Weights are judged by the gap between the loss and the dual, never one by one.
"""

import functools
import math
from itertools import pairwise

import numpy as np
import pytest
from kit import variant
from kit.data import rings

from grader.testing import Hint, array, axes, choices, inputs, letter, listed, number, refused, symbolic, unchanged

DECISION = "decision(alpha, y"


# ---------------------------------------------------------------------------------------------------- margin

LINES = [  # w, b, X, y
    (np.array([2.0, -1.0, 0.5, 3.0, -2.5]), 0.75, inputs.array(801, (4, 5)), np.array([1.0, -1.0, -1.0, 1.0])),
    (np.array([-1.5]), 2.0, inputs.array(802, (6, 1)), np.array([1.0, 1.0, -1.0, -1.0, -1.0, 1.0])),
    (np.array([0.3, -0.4]), -1.25, inputs.array(803, (3, 2)), np.array([-1.0, 1.0, -1.0])),
    (np.array([4, 0]), 3, inputs.whole_array(804, (1, 2)), np.array([-1])),
]


def right_margin(w, b, X, y):
    return y * (X @ w + b) / math.sqrt(w @ w)


@pytest.mark.task("margin", weight=3)
def test_the_signed_distances(student):
    """The distances from the line, with the sign of the side, in one, two and five dimensions."""
    found = listed(student.eval("[margin(*args) for args in given]", given=LINES), len(LINES))
    for got, case in zip(found, LINES, strict=True):
        array(got, right_margin(*case), what="margin")


@pytest.mark.task("margin", weight=2)
def test_the_scale_of_the_line(student):
    """Three times w and three times b is the same line: the margins stay, and labels turned over turn them over."""
    w, b, X, y = LINES[0]
    source = "[margin(w, b, X, y), margin(3 * w, 3 * b, X, y), margin(w, b, X, -y)]"
    same, scaled, turned = listed(student.eval(source, w=w, b=b, X=X, y=y), 3)
    for got, sign in ((same, 1), (scaled, 1), (turned, -1)):
        array(got, sign * right_margin(w, b, X, y), what="margin")
    array(unchanged(student, "margin(w, b, X, y)", w=w, b=b, X=X, y=y), right_margin(w, b, X, y), what="margin")


@pytest.mark.task("margin", weight=0.5)
def test_no_line(student):
    """w = 0 describes no line: a ValueError. Any other w is one."""
    assert refused(student, "margin(w, 1.5, X, y)", w=np.zeros(2), X=LINES[2][2], y=LINES[2][3])
    array(student.margin(*LINES[2]), right_margin(*LINES[2]), what="margin")
    for w, b in (([2.5, -2.5], 0.5), ([3e-19, 4e-19], -1e-18), ([0.0, -1.25], 0.0)):
        line = np.array(w), b, *LINES[2][2:]
        array(student.margin(*line), right_margin(*line), what="margin")


@pytest.mark.task("margin")
def test_the_margin_of_your_point(student):
    """my_margin: the margin of your own point, whose label is -1."""
    mine = variant("margin", choices(__file__)["LINES"], student=student.id)
    (p, q), (x, y), b = mine["w"], mine["point"], mine["b"]
    score = p * x + q * y + b
    wrong = {
        f"{score}/sqrt({p * p + q * q})": "my_margin: the label is -1. On which side does the point lie?",
        f"-{score}": "my_margin: that is the score. Divide it by the length of w.",
        f"{score}": "my_margin: that is the score. Divide it by the length of w; and the label is -1.",
        f"-{score}/{p * p + q * q}": "my_margin: the length of w is the *root* of the sum of the squares.",
        f"-{score}/{p + q}": "my_margin: the length of w is the root of the sum of the squares.",
        f"-({p * x + q * y})/sqrt({p * p + q * q})": "my_margin: where is b?",
    }
    symbolic(student, "my_margin", f"-({score})/sqrt({p * p + q * q})", [], wrong=wrong)


# ----------------------------------------------------------------------------------------------------- hinge


def labelled(seed, n, d, b=0.4):
    """Points, labels and a line with none of them near a curb, and some on the street."""
    rng = np.random.default_rng(seed)
    X, w = rng.uniform(-2, 2, (4 * n, d)), rng.uniform(0.4, 1.2, d) * rng.choice([-1, 1], d)
    y = rng.choice([-1.0, 1.0], 4 * n)
    far = np.abs(1 - y * (X @ w + b)) > 0.05
    return w, b, X[far][:n], y[far][:n]


STREETS = [
    (*labelled(811, 9, 2), 1.5),
    (*labelled(812, 5, 3, -0.7), 0.25),
    (*labelled(813, 12, 1, 0.1), 4.0),
    (*labelled(814, 1, 4, -2.0), 3.0),
    (
        np.array([0.5, -0.25]),
        0.0,
        np.array([[2.0, 2**-30], [1.0, -2.0], [-2.0, 2**-30]]),
        np.array([1.0, 1.0, -1.0]),
        2.0,
    ),
]


def right_hinge(w, b, X, y, C):
    missing = 1 - y * (X @ w + b)
    on = C * y * (missing > 0)
    return w @ w / 2 + C * np.maximum(0, missing).sum(), w - on @ X, -on.sum()


def hinged(student, at):
    found = listed(student.eval("[hinge(*args) for args in given]", given=STREETS), len(STREETS))
    return [
        (listed(got, 3, what="hinge")[at], right_hinge(*case)[at]) for got, case in zip(found, STREETS, strict=True)
    ]


@pytest.mark.task("hinge", weight=2)
def test_the_loss(student):
    """loss: half w.w, plus C times the sum of the hinges."""
    for got, right in hinged(student, 0):
        number(got, right, what="loss")


@pytest.mark.task("hinge", weight=3)
def test_the_slope_by_w(student):
    """dw: the slope of the loss with respect to each entry of w."""
    for got, right in hinged(student, 1):
        array(got, right, what="dw")


@pytest.mark.task("hinge", weight=2)
def test_the_slope_by_b(student):
    """db: the slope of the loss with respect to b."""
    for got, right in hinged(student, 2):
        number(got, right, what="db")


@pytest.mark.task("hinge", weight=2)
def test_points_beyond_the_curb_do_not_push(student):
    """A point that is right by enough adds exactly nothing, and with C = 0 no point does."""
    w, b = np.array([1.5, -0.5]), 0.25
    X, y = np.array([[3.0, 1.0], [-2.0, 2.0], [0.25, 0.5]]), np.array([1.0, -1.0, -1.0])
    source = "[hinge(w, b, X[:2], y[:2], 7.0), hinge(w, b, X, y, 0.0), hinge(w, b, X, y, 7.0)]"
    far, free, pushed = listed(student.eval(source, w=w, b=b, X=X, y=y), 3)
    for got in (far, free):
        loss, dw, db = listed(got, 3, what="hinge")
        number(loss, float(w @ w / 2), what="loss")
        assert np.array_equal(array(dw, shape=w.shape, what="dw"), w)
        assert number(db, what="db") == 0
    array(listed(pushed, 3, what="hinge")[1], right_hinge(w, b, X, y, 7.0)[1], what="dw")
    got = unchanged(student, "hinge(w, b, X, y, 7.0)", w=w, b=b, X=X, y=y)
    number(listed(got, 3, what="hinge")[0], right_hinge(w, b, X, y, 7.0)[0], what="loss")


@pytest.mark.task("hinge")
def test_the_slope_on_the_street(student):
    """slope_on_street: the slope of one hinge while it is above 0."""
    wrong = {
        "y*x": "slope_on_street: which way does the hinge go when w*x grows and y is 1?",
        "-x": "slope_on_street: where is the label?",
        "-y": "slope_on_street: that is the slope with respect to b.",
        "1 - y*x": "slope_on_street: how fast does the 1 change with w?",
        "-y*w": "slope_on_street: that is the slope with respect to x.",
        "1 - y*(w*x + b)": "slope_on_street: that is the hinge itself. How fast does it change with w?",
        "0": "slope_on_street: on the street the hinge is not flat.",
    }
    symbolic(student, "slope_on_street", "-y*x", ["x", "y", "w", "b"], wrong=wrong)


@pytest.mark.task("hinge", weight=0.5)
def test_the_slope_beyond(student):
    """slope_beyond: the slope of one hinge where it is flat."""
    wrong = {"-y*x": "slope_beyond: beyond the curb the hinge is 0, whatever w does. How fast does it change?"}
    symbolic(student, "slope_beyond", "0", ["x", "y", "w", "b"], wrong=wrong)


# ------------------------------------------------------------------------------------------------------ lift

PLACES = [inputs.array(821, (5, 2)), np.array([[1.5, -2.0]]), inputs.whole_array(822, (4, 2))]


@pytest.mark.task("lift", weight=4)
def test_products_of_lifted_points(student):
    """The product of two lifted points is the square of their product, for every pair."""
    for got, X in zip(listed(student.eval("[lift(X) for X in given]", given=PLACES), len(PLACES)), PLACES, strict=True):
        lifted = array(got, shape=(len(X), 3), what="lift")
        array(lifted @ lifted.T, (X @ X.T) ** 2, what="lift")
    X = PLACES[0]
    lifted = array(unchanged(student, "lift(X)", X=X), shape=(len(X), 3), what="lift")
    array(lifted @ lifted.T, (X @ X.T) ** 2, what="lift")


@pytest.mark.task("lift", weight=2)
def test_a_circle_is_a_plane(student):
    """circle_plane: 0 on the circle, negative inside and positive outside, in your own lift."""
    angles = np.array([0.2, 1.1, 2.0, 3.3, 4.4, 5.9])
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    for r in (0.75, 2.5):
        w, b = listed(student.circle_plane(r), 2, what="circle_plane")
        w, b = array(w, shape=(3,), what="w"), number(b, what="b")
        on, inside, outside = (
            array(student.lift(by * r * circle), shape=(6, 3), what="lift") @ w + b for by in (1, 0.9, 1.1)
        )
        assert np.allclose(on, 0, atol=1e-9 * np.abs(w).max())
        assert np.all(inside < 0)
        assert np.all(outside > 0)


@pytest.mark.task("lift", weight=2)
def test_the_middle_term(student):
    """middle_term: the term in the middle of the square."""
    wrong = {
        "x1*x2*y1*y2": "middle_term: (p + q)^2 has its middle term twice.",
        "2*x1*y1": "middle_term: p is x1*y1, and q is x2*y2. What is 2*p*q?",
        "2*x1*x2": "middle_term: p is x1*y1, and q is x2*y2. What is 2*p*q?",
        "x1*y2 + x2*y1": "middle_term: p is x1*y1, and q is x2*y2. What is 2*p*q?",
        "sqrt(2)*x1*x2*y1*y2": "middle_term: the root is what one of the two points gets. The term has both.",
        "sqrt(2)*x1*x2": "middle_term: that is what one of the two points gets. The term has both.",
    }
    symbolic(student, "middle_term", "2*x1*x2*y1*y2", ["x1", "x2", "y1", "y2"], wrong=wrong)


# ------------------------------------------------------------------------------------------------ rbf_kernel

NEAR = [
    (inputs.array(831, (4, 3), low=-2, high=2), inputs.array(832, (6, 3), low=-2, high=2), 0.35),
    (inputs.array(833, (5, 1)), inputs.array(834, (2, 1)), 1.7),
    (inputs.array(835, (1, 4), low=-1, high=1), inputs.array(836, (3, 4), low=-1, high=1), 0.8),
]


def right_kernel(X, Y, gamma):
    return np.exp(-gamma * ((X[:, None] - Y[None]) ** 2).sum(axis=2))


@pytest.mark.task("rbf_kernel", weight=3)
def test_every_point_with_every_other(student):
    """The table: row i and column j for the points X[i] and Y[j], also with more of one than of the other."""
    found = listed(student.eval("[rbf_kernel(*args) for args in given]", given=NEAR), len(NEAR))
    for got, case in zip(found, NEAR, strict=True):
        array(got, right_kernel(*case), what="rbf_kernel")


@pytest.mark.task("rbf_kernel", weight=2)
def test_a_set_with_itself(student):
    """For Y = X: exactly 1 on the diagonal, nothing above 1, symmetric, and no eigenvalue below 0."""
    X = inputs.array(837, (8, 5), low=-1, high=1) + 3.0
    got = array(unchanged(student, "rbf_kernel(X, X, 0.45)", X=X), right_kernel(X, X, 0.45), what="rbf_kernel")
    assert np.all(np.diag(got) == 1)
    assert got.max() <= 1
    assert np.allclose(got, got.T, atol=1e-12)
    assert np.linalg.eigvalsh(got).min() >= -1e-10


@pytest.mark.task("rbf_kernel")
def test_whole_numbers(student):
    """Points with whole numbers."""
    X, Y = inputs.whole_array(838, (4, 2), low=-2, high=2), inputs.whole_array(839, (3, 2), low=-2, high=2)
    array(student.rbf_kernel(X, Y, 0.3), right_kernel(X, Y, 0.3), what="rbf_kernel")


@pytest.mark.task("rbf_kernel", weight=2)
def test_points_far_out(student):
    """Points that are far out and close together: no digit is lost if you subtract first."""
    X = np.array([[1.3e7, -8.1e6], [1.3e7 + 0.3, -8.1e6], [1.3e7 + 1.1, -8.1e6 - 0.7]])
    got = array(student.rbf_kernel(X, X, 0.6), right_kernel(X, X, 0.6), what="rbf_kernel")
    assert np.all(np.diag(got) == 1)


@pytest.mark.task("rbf_kernel", weight=2)
def test_the_gamma_of_a_width(student):
    """gamma_of_width: which gamma a bell of that width has."""
    wrong = {
        "1/s^2": "gamma_of_width: there is a 2 in the exponent of the bell.",
        "1/s": "gamma_of_width: the width is squared in the bell.",
        "1/(2*s)": "gamma_of_width: the width is squared in the bell.",
        "2*s^2": "gamma_of_width: does a wider bump have a larger gamma?",
        "s": "gamma_of_width: gamma is not the width. Compare the two exponents.",
        "-1/(2*s^2)": "gamma_of_width: the minus stands in front of gamma already.",
        "1/(4*s^2)": "gamma_of_width: (x - y)^2/(2*s^2) = gamma*(x - y)^2. What is gamma?",
    }
    symbolic(student, "gamma_of_width", "1/(2*s^2)", ["s"], domain={"s": (0.1, 8.0)}, wrong=wrong)


# -------------------------------------------------------------------------------------------------- decision


def bumps(seed, n, d, m, gamma):
    rng = np.random.default_rng(seed)
    alpha = np.where(rng.uniform(size=n) < 0.3, 0.0, rng.uniform(0.2, 3.0, n))
    return alpha, rng.choice([-1.0, 1.0], n), rng.uniform(-2, 2, (n, d)), gamma, rng.uniform(-2, 2, (m, d))


SUMS = [bumps(841, 7, 2, 5, 0.6), bumps(842, 4, 1, 1, 2.5), bumps(843, 9, 3, 4, 0.3), bumps(844, 1, 2, 3, 1.2)]


def right_sum(alpha, y, X, gamma, Xnew):
    return right_kernel(Xnew, X, gamma) @ (alpha * y)


@pytest.mark.task("decision", weight=4)
def test_the_sum_of_bumps(student):
    """The sum of the signed bumps, at one place or at many."""
    found = listed(student.eval("[decision(*args) for args in given]", given=SUMS), len(SUMS))
    for got, case in zip(found, SUMS, strict=True):
        array(got, right_sum(*case), what="decision")


@pytest.mark.task("decision", weight=2)
def test_points_without_weight(student):
    """Points with the weight 0 make no difference, small weights do; far away from all points the sum is 0."""
    alpha, y, X, gamma, Xnew = SUMS[2]
    held = alpha > 0
    source = "[decision(a, y, X, gamma, new), decision(a[held], y[held], X[held], gamma, new), "
    source += "decision(a, y, X, gamma, new + 300)]"
    whole, without, far = listed(student.eval(source, a=alpha, y=y, X=X, gamma=gamma, new=Xnew, held=held), 3)
    for got in (whole, without):
        array(got, right_sum(*SUMS[2]), what="decision")
    array(far, np.zeros(len(Xnew)), what="decision")
    given = dict(zip(("alpha", "y", "X", "Xnew"), (alpha, y, X, Xnew), strict=True))
    array(unchanged(student, f"{DECISION}, X, {gamma}, Xnew)", **given), right_sum(*SUMS[2]), what="decision")
    for scale in (1e-4, 1e-9):
        small = SUMS[0][0] * scale, *SUMS[0][1:]
        array(student.decision(*small), right_sum(*small), abs=scale * 1e-9, what="decision")


@pytest.mark.task("decision", weight=2)
def test_half_way_down(student):
    """half_way: at which distance a bump with your gamma has fallen to one half."""
    gamma = variant("decision", choices(__file__)["GAMMAS"], student=student.id)
    wrong = {
        f"ln(2)/{gamma}": "half_way: that is the squared distance.",
        f"sqrt(ln(2)*{gamma})": "half_way: does a larger gamma make a bump wider or narrower?",
        f"sqrt(ln(2))/{gamma}": "half_way: gamma belongs under the root as well.",
        f"sqrt(ln(1/2)/{gamma})": "half_way: e^(-gamma*d^2) = 1/2. Where does the minus go?",
        f"sqrt(2*ln(2)/{gamma})": "half_way: here gamma multiplies the whole squared distance. Is there a 2?",
        f"sqrt(1/(2*{gamma}))": "half_way: take the logarithm of both sides: what is ln(1/2)?",
        f"1/sqrt({gamma})": "half_way: there the bump has fallen to 1/e.",
        "1/2": "half_way: that is the height. At which distance?",
    }
    symbolic(student, "half_way", f"sqrt(ln(2)/{gamma})", [], wrong=wrong)


@pytest.mark.task("decision", weight=0.4)
def test_spikes(student):
    """spikes: what a machine with a very large gamma says of new points."""
    asks = {
        "a": "each point sits on its own spike. How wide is that, and where is the new point?",
        "b": "e^(-1000 * 0.2^2) is e^(-40). How much is that?",
        "d": "how high is a bump beside its middle, compared with its middle?",
    }
    letter(student, "spikes", "c", asks)


# ------------------------------------------------------------------------------------------------- bump_plot


def solved(X, y, gamma, C=10.0, steps=2000):
    """Good weights, with those that are next to nothing set to 0; one that is not 0 is small."""
    Q = right_kernel(X, X, gamma) * np.outer(y, y)
    alpha, lr = np.zeros(len(y)), 1 / np.linalg.eigvalsh(Q)[-1]
    for _ in range(steps):
        alpha = np.clip(alpha + lr * (1 - Q @ alpha), 0, C)
    alpha = np.where(alpha > 1e-3, alpha, 0)
    alpha[np.argmin(alpha)] = 3e-9
    return alpha


def drawing(seed, gamma, stretch=(1.0, 1.0), n=30):
    X, y = rings(n, np.random.default_rng(seed))
    return solved(X, y, gamma), y, X * np.array(stretch) + np.array([0.4, -1.0]), gamma


FIGURES = [drawing(851, 1.0), drawing(852, 0.7, (1.3, 0.8))]


def figures(student):
    """Each case of FIGURES, and what the student's function draws for it."""
    for which, case in enumerate(FIGURES):
        yield case, student.once(which, lambda case=case: axes(student, student.bump_plot(*case), what="bump_plot"))


@pytest.mark.task("bump_plot", weight=0.25)
def test_every_point(student):
    """Every point of X is a dot in the figure, in its place."""
    # It weighs little, because to draw what was given takes no work.
    for case, shown in figures(student):
        dots = np.concatenate([np.empty((0, 2)), *(np.asarray(drawn.xy) for drawn in (*shown.scatters, *shown.lines))])
        assert all(np.isclose(dots, point, atol=1e-9).all(axis=1).any() for point in case[2])


@pytest.mark.task("bump_plot", weight=2)
def test_the_support_vectors_are_marked(student):
    """The dots labelled "support vectors" are the points with a weight above 0, all of them and no others."""
    for case, shown in figures(student):
        marked = [
            np.asarray(drawn.xy)
            for drawn in (*shown.scatters, *shown.lines)
            if drawn.label.strip().lower() == "support vectors"
        ]
        if not marked:
            raise Hint('bump_plot: there are no dots with the label "support vectors".')
        held = case[2][case[0] > 0]
        found = np.concatenate(marked)
        apart = np.linalg.norm(found[:, None] - held[None], axis=2)
        assert apart.min(axis=0).max() < 1e-9
        assert apart.min(axis=1).max() < 1e-9


@pytest.mark.task("bump_plot", weight=3)
def test_the_border(student):
    """The line runs where the sum of bumps is 0, and nowhere else, across all of the data, and is fine enough."""
    for which, (_, shown) in enumerate(figures(student)):
        drawn = shown.contours
        if not drawn:
            raise Hint("No line made with `ax.contour` was found. (`ax.contourf` fills areas: draw the line as well.)")
        _on_the_border(drawn, *border(which))


@functools.cache  # the same for all submissions
def border(which):
    """The corners of the data of a figure, and the places on a fine grid where the sum of bumps changes its sign."""
    alpha, y, X, gamma = FIGURES[which]
    low, high = X.min(axis=0), X.max(axis=0)
    grid = np.stack(np.meshgrid(*(np.linspace(low[i], high[i], 241) for i in (0, 1))), axis=-1)
    above = (right_kernel(grid.reshape(-1, 2), X, gamma) @ (alpha * y)).reshape(241, 241) > 0
    return low, high, np.concatenate([grid[:, 1:][above[:, 1:] != above[:, :-1]], grid[1:][above[1:] != above[:-1]]])


def _on_the_border(contours, low, high, true):
    size = float((high - low).max())
    says = "The line is not where the sum is 0. Is the sum asked for at every place of a fine grid that covers X?"
    for call in _calls(contours):
        for line in call:
            xy = np.asarray(line.xy, dtype=float)
            inside = xy[((xy >= low) & (xy <= high)).all(axis=1)]
            if len(inside) < 20:
                continue
            apart = np.linalg.norm(inside[:, None] - true[None], axis=2)
            if apart.min(axis=1).max() < 0.02 * size and apart.min(axis=0).max() < 0.06 * size:
                if len(call) <= 3 and len(inside) >= 60:
                    return
                says = "The line is in its place, and coarse: is the grid 50 × 50 at least?"
                if len(call) > 3:
                    says = "There are many lines, and nothing shows which is the border. Draw the one where it is 0."
    raise Hint(f"bump_plot: {says}")


def _calls(contours):
    """The lines of each call of `contour` (whose levels rise)."""
    calls = []
    for line in contours:
        if not calls or float(line.label) <= float(calls[-1][-1].label):
            calls.append([])
        calls[-1].append(line)
    return calls


# -------------------------------------------------------------------------------------------------- fit_dual


def ringed(seed, n, gamma):
    X, y = rings(n, np.random.default_rng(seed))
    return right_kernel(X, X, gamma), y


def ends(alpha, K, y, C):
    """The loss that these weights give, and the dual."""
    f = K @ (alpha * y)
    half = (alpha * y) @ f / 2
    return float(half + C * np.maximum(0, 1 - y * f).sum()), float(alpha.sum() - half)


def weights(student, K, y, C, *steps):
    """The student's weights after each number of steps, within the box."""
    source = "[fit_dual(K, y, C, steps) for steps in many]"
    found = listed(student.eval(source, K=K, y=y, C=C, many=list(steps)), len(steps))
    made = [array(got, shape=y.shape, what="fit_dual") for got in found]
    for alpha in made:
        if alpha.min() < 0:
            raise Hint("fit_dual: a weight came out below 0. Is every step clipped?")
        if alpha.max() > C:
            raise Hint("fit_dual: a weight came out above C. Is every step clipped?")
    return made


@pytest.mark.task("fit_dual", weight=3)
def test_the_gap_on_rings(student):
    """On two rings the gap between the loss and the dual is small after 3,000 steps."""
    for seed in (861, 862, 863):
        K, y = ringed(seed, 80, 1.0)
        (alpha,) = weights(student, K, y, 10.0, 3000)
        loss, dual = ends(alpha, K, y, 10.0)
        assert loss - dual < 0.1


@pytest.mark.task("fit_dual", weight=2)
def test_the_dual_never_falls(student):
    """More steps never make the dual smaller, and the first ones make it larger."""
    K, y = ringed(864, 40, 0.5)
    alphas = weights(student, K, y, 5.0, 0, 1, 2, 3, 5, 9, 30, 200)
    made = [ends(alpha, K, y, 5.0)[1] for alpha in alphas]
    assert made[0] == 0
    assert all(later >= before - 1e-9 for before, later in pairwise(made))
    assert made[1] > 0
    assert made[3] < made[-1]
    # One weight for all, a little larger with each step, rises as well, and knows nothing of the points.
    assert made[-1] > ends(np.full(len(y), alphas[-1].mean()), K, y, 5.0)[1] + 1e-6


@pytest.mark.task("fit_dual", weight=2)
def test_no_weight_above_C(student):
    """Where points cannot all be off the street some weights end at C, and none is above it."""
    K, y = ringed(865, 36, 0.3)
    y[:4] *= -1  # four points with the label of the other ring
    for C in (0.5, 2.0):
        start, alpha = weights(student, K, y, C, 0, 3000)
        assert not start.any()
        loss, dual = ends(alpha, K, y, C)
        assert np.sum(alpha > 0.999 * C) >= 4
        assert loss - dual < 0.02 * loss


@pytest.mark.task("fit_dual")
def test_another_kernel(student):
    """Any kernel will do, also a plain product of points, and nothing that is given changes."""
    rng = np.random.default_rng(866)
    X = rng.uniform(-2, 2, (25, 2))
    X = X[np.abs(X @ [1.0, -0.5]) > 0.3]
    K, y = X @ X.T, np.where(X @ [1.0, -0.5] > 0, 1.0, -1.0)
    alpha = array(unchanged(student, "fit_dual(K, y, 1.0, 3000)", K=K, y=y), shape=y.shape, what="fit_dual")
    loss, dual = ends(alpha, K, y, 1.0)
    assert alpha.min() >= 0
    assert alpha.max() <= 1
    assert loss - dual < 0.02 * loss


@pytest.mark.task("fit_dual", weight=2)
def test_how_many_support_vectors(student):
    """Few points keep a weight with wide bumps; with spikes nearly all do."""
    for gamma, least, most in ((1.0, 5, 30), (1000.0, 75, 80)):
        K, y = ringed(867, 80, gamma)
        (alpha,) = weights(student, K, y, 10.0, 3000)
        assert least <= np.sum(alpha > 1e-6) <= most
        assert ends(alpha, K, y, 10.0)[0] < 200  # a quarter of what no weights at all cost: they hold the border


@pytest.mark.task("fit_dual", weight=1.5)
def test_the_slope_of_the_dual(student):
    """d_alpha1: the slope of the dual of two points with respect to the first weight."""
    wrong = {
        "1 - a1 - k*a2": "d_alpha1: the double sum carries y1*y2.",
        "1 - a1 - y1*y2*k*a2/2": "d_alpha1: the pair occurs twice in the double sum, as (1, 2) and as (2, 1).",
        "1 - a1/2 - y1*y2*k*a2/2": "d_alpha1: what is the slope of a1^2/2?",
        "1 - a1/2 - y1*y2*k*a2": "d_alpha1: what is the slope of a1^2/2?",
        "1 - 2*a1 - 2*y1*y2*k*a2": "d_alpha1: the half in front is missing.",
        "1 - a1 + y1*y2*k*a2": "d_alpha1: the whole double sum is subtracted.",
        "a1 + y1*y2*k*a2": "d_alpha1: D begins with a1 + a2, and the double sum is subtracted.",
        "1 + a1 + y1*y2*k*a2": "d_alpha1: the double sum is subtracted.",
        "1 - y1*y2*k*a2": "d_alpha1: the pair (1, 1) is in the double sum as well.",
        "-a1 - y1*y2*k*a2": "d_alpha1: how fast does the first sum change with a1?",
        "1 - a1": "d_alpha1: the neighbour's bump is missing.",
    }
    symbolic(student, "d_alpha1", "1 - a1 - y1*y2*k*a2", ["a1", "a2", "y1", "y2", "k"], wrong=wrong)


@pytest.mark.task("fit_dual")
def test_two_points_alike(student):
    """two_alike: the weight of two points with the same label."""
    wrong = {
        "1/(1-k)": "two_alike: that is for different labels. Does the neighbour help here, or hinder?",
        "1/(2*(1+k))": "two_alike: both have the weight a: a + k*a = 1.",
        "1/(1+2*k)": "two_alike: there is only one neighbour.",
        "1": "two_alike: that is the weight of a point alone. What does the neighbour add at its place?",
        "1 - k": "two_alike: a + k*a = 1. What is a?",
        "1/2": "two_alike: they share the work equally only when they lie in the same place.",
        "1 + k": "two_alike: a + k*a = 1. What is a?",
    }
    symbolic(student, "two_alike", "1/(1+k)", ["k"], domain={"k": (0.01, 0.99)}, wrong=wrong)


# ------------------------------------------------------------------------------------------------ taylor_rbf


def right_powers(x, y, gamma, order):
    t = 2 * gamma * np.outer(x, y)
    return np.exp(-gamma * np.add.outer(x**2, y**2)) * sum(t**k / math.factorial(k) for k in range(order + 1))


LINE = [
    (np.array([1.5, -0.25, 0.75, -2.0]), np.array([0.5, -1.25, 1.75]), 0.5),
    (np.array([1.25]), np.array([-0.5, 0.8]), 0.8),
]


@pytest.mark.task("taylor_rbf", weight=3)
def test_a_few_powers(student):
    """The powers up to the order, neither fewer nor more, each with its factorial."""
    cases = [(*case, order) for case in LINE for order in (0, 1, 5)]
    found = listed(student.eval("[taylor_rbf(*args) for args in given]", given=cases), len(cases))
    for got, case in zip(found, cases, strict=True):
        array(got, right_powers(*case), what="taylor_rbf")


@pytest.mark.task("taylor_rbf")
def test_thirty_powers(student):
    """With thirty powers it is the RBF kernel, to ten digits; with the powers 0 and 1 its table has the rank 2."""
    x, y = inputs.array(871, (9,), low=-2, high=2), inputs.array(872, (6,), low=-2, high=2)
    found = listed(student.eval("[taylor_rbf(x, y, 0.5, 30), taylor_rbf(x, y, 0.5, 1)]", x=x, y=y), 2)
    array(found[0], np.exp(-0.5 * np.subtract.outer(x, y) ** 2), rel=0, abs=1e-10, what="taylor_rbf")
    assert np.linalg.matrix_rank(array(found[1], right_powers(x, y, 0.5, 1), what="taylor_rbf"), tol=1e-9) == 2


@pytest.mark.task("taylor_rbf")
def test_very_many_powers(student):
    """Two hundred powers: nothing overflows on the way."""
    x, y = np.array([3.0, -2.5, 0.0]), np.array([2.75, -3.25])
    many, few = listed(student.eval("[taylor_rbf(x, y, 1.5, 200), taylor_rbf(x, y, 1.5, 4)]", x=x, y=y), 2)
    array(many, np.exp(-1.5 * np.subtract.outer(x, y) ** 2), abs=1e-9, what="taylor_rbf")
    assert not np.allclose(array(few, shape=(3, 2)), many)  # the kernel itself would be right for very many powers


@pytest.mark.task("taylor_rbf", weight=1.5)
def test_the_feature_of_the_second_power(student):
    """feature_two: the number of the lift that belongs to the second power."""
    front = "*e^(-g*x^2)"
    wrong = {
        f"2*g^2*x^2{front}": "feature_two: both points get the *root* of that factor; together they make the term.",
        f"2*g*x^2{front}": "feature_two: where is the root of the 2! below?",
        f"g*x^2{front}": "feature_two: squared, the factor should be (2g)^2/2! = 2g^2.",
        f"sqrt(2*g)*x^2{front}": "feature_two: that is the factor of k = 1. For k = 2 it is the root of (2g)^2/2!.",
        f"sqrt(2)*g*x{front}": "feature_two: for k = 2, which power of x?",
        "sqrt(2)*g*x^2": "feature_two: the factor in front belongs to it, too.",
        f"-sqrt(2)*g*x^2{front}": "feature_two: without a minus, please.",
    }
    symbolic(student, "feature_two", f"sqrt(2)*g*x^2{front}", ["x", "g"], domain={"g": (0.1, 4.0)}, wrong=wrong)
