"""What `check("task")` looks at. These examples are public; the hidden checks try other inputs of the same kind."""

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import agrees, all_close, chosen, close, drawn, kept, several, shown, typed
from kit.data import rings
from kit.hints import Question
from kit.measured import slope_of

HINTS = {
    "margin": [
        "The score of all points at once is X @ w + b. What is it divided by, and what is it multiplied by?",
        "np.linalg.norm(w) is the length of w. Check that it is not 0 before you divide.",
        "y * (X @ w + b) / np.linalg.norm(w).\n"
        "On paper: the score of your point, times -1, divided by sqrt(w1^2 + w2^2).",
    ],
    "hinge": [
        "missing = 1 - y * (X @ w + b) is what each point lacks. Which points push?",
        "Each pushing point adds -y*x to the slope by w, and -y to that by b. Add them up, then times C.",
        "on = missing > 0; dw = w - C * (y * on) @ X; db = -C * np.sum(y * on); the loss has np.maximum(0, missing).",
    ],
    "lift": [
        "(p + q)^2 = p^2 + 2pq + q^2, with p = x1*y1 and q = x2*y2.",
        "The middle term is (something of x) times (the same of y). Who gets the 2? Each a square root of it.",
        "np.column_stack([X[:, 0]**2, np.sqrt(2)*X[:, 0]*X[:, 1], X[:, 1]**2]). On the circle x1^2 + x2^2 - r^2 is 0.",
    ],
    "rbf_kernel": [
        "All differences at once: X[:, None, :] - Y[None, :, :], of the shape (n, m, d).",
        "Square them and add them up over the last axis. Then e to the minus gamma times that.",
        "np.exp(-gamma * ((X[:, None, :] - Y[None, :, :])**2).sum(axis=2)).\n"
        "On paper: gamma*d^2 = d^2/(2*s^2) for every d.",
    ],
    "decision": [
        "The kernel of every new point with every old one is a table (m, n). What is each column multiplied by?",
        "A table (m, n) @ an array (n,) adds up over the old points.",
        "rbf_kernel(Xnew, X, gamma) @ (alpha * y). Half way: e^(-gamma*d^2) = 1/2, so gamma*d^2 = ln(2).",
    ],
    "bump_plot": [
        "Copy the circle of the section, and use your decision instead of its values.",
        "alpha > 0 is an array of True and False: X[alpha > 0] are the rows to mark.",
        "values = decision(alpha, y, X, gamma, places); ax.scatter(X[:, 0], X[:, 1]) for all, and once more with\n"
        "held = X[alpha > 0] and label='support vectors'. Let the grid begin a little below X.min(axis=0).",
    ],
    "fit_dual": [
        "Q = K * np.outer(y, y). Before the loop: alpha = np.zeros(len(y)), and the step length.",
        "In each step: go uphill along 1 - Q @ alpha, then np.clip(..., 0, C).",
        "alpha = np.clip(alpha + lr * (1 - Q @ alpha), 0, C), with lr = 1 / np.linalg.eigvalsh(Q)[-1].\n"
        "On paper: D = a1 + a2 - (a1^2 + 2*y1*y2*k*a1*a2 + a2^2)/2. Two alike come to rest at a + k*a = 1.",
    ],
    "taylor_rbf": [
        "t = 2*gamma*x*y for all pairs is np.outer. The term k is the term k - 1, times t, divided by k.",
        "Start with term = 1 and total = 1, both of the shape (n, m).",
        "for k in range(1, order + 1): term = term * t / k; total = total + term. Then times both factors in front.\n"
        "On paper: (2*g*x*y)^2/2 = (sqrt(2)*g*x^2) * (sqrt(2)*g*y^2), and then the factor in front.",
    ],
}

RECALL = {
    1: Question("c", "Its hinge is flat there, so it does not push.", "See sections 2 and 7."),
    2: Question("10", "1/(1 - 0.9): the closer they are, the harder both push.", "See the worked one in section 7."),
    3: Question("0", "The chain rule gives -2x times e^(-x^2): level on top.", "See section 6 of unit 2."),
}
SLOPES = {
    "slope_on_street": slope_of(lambda x, y, w, b: 1 - y * (w * x + b), by="w", x=(-3, 3), y=-1, w=0.4, b=0.1),
    "d_alpha1": slope_of(
        lambda a1, a2, y1, y2, k: a1 + a2 - (a1 * a1 + a2 * a2 + 2 * y1 * y2 * k * a1 * a2) / 2,
        **{"a1": (0, 3), "a2": 2, "y1": 1, "y2": -1, "k": 0.3},
    ),
}


# --------------------------------------------------------------------------------------------------------- 1 margin


@pytest.mark.task("margin")
def test_distances(student):
    """how far from the line, and on which side"""
    for w, b, X, y, expected, ask in [
        ([3.0, 4.0], -5.0, [[2.0, 1.0]], [-1.0], [-1.0], "The worked one: the label is -1."),
        (
            [3.0, 4.0],
            -5.0,
            [[2.0, 1.0], [1.0, -2.0]],
            [1.0, 1.0],
            [1.0, -2.0],
            "The score, divided by the length of w.",
        ),
        ([9.0, 12.0], -15.0, [[2.0, 1.0]], [1.0], [1.0], "w and b are 3 times as large: the distance is the same."),
        ([-2.0], 3.0, [[4.0], [0.0]], [-1.0, -1.0], [2.5, -1.5], "One dimension: the length of w is 2."),
        ([3.0, -3.0], 0.0, [[2.0, 0.0]], [1.0], [math.sqrt(2)], "The numbers of w add up to 0, and it is a line."),
    ]:
        call = f"margin(np.array({w}), {b}, np.array({X}), np.array({y}))"
        all_close(call, student.margin(np.array(w), b, np.array(X), np.array(y)), expected, ask)
    try:
        got = student.margin(np.zeros(2), 1.0, np.ones((1, 2)), np.ones(1))
    except ValueError:
        return
    raise AssertionError(f"`margin(np.zeros(2), ...)` gave {got}. There is no line: raise a ValueError.")


@pytest.mark.task("margin")
def test_my_margin(student):
    """the margin of your own point"""
    found, mine = typed(student, "my_margin", []), student.value("my_line")
    score = sum(w * x for w, x in zip(mine["w"], mine["point"], strict=True)) + mine["b"]
    ask = "The score, times the label -1, divided by the length of w."
    agrees("my_margin", found(), -score / math.hypot(*mine["w"]), "", ask)


# ---------------------------------------------------------------------------------------------------------- 2 hinge


@pytest.mark.task("hinge")
def test_on_paper(student):
    """the slope of one hinge, on the street and beyond"""
    inside, outside = (typed(student, name, ["x", "y", "w", "b"]) for name in ("slope_on_street", "slope_beyond"))
    for x, y, w, b in [(2.0, -1.0, 0.4, 0.1), (-1.5, 1.0, 0.3, 0.2)]:
        where = f"x = {x:g}, y = {y:g}, w = {w:g}, b = {b:g}"
        agrees("slope_on_street", inside(x=x, y=y, w=w, b=b), -y * x, where, "Which part of 1 - y*(w*x + b) has a w?")
        agrees("slope_beyond", outside(x=x, y=y, w=w, b=b), 0, where, "How does a flat line move?")


@pytest.mark.task("hinge")
def test_loss_and_slopes(student):
    """the loss and its slopes"""
    w, b = np.array([1.0, 0.0]), 0.0
    X, y = np.array([[3.0, 1.0], [0.5, 2.0]]), np.array([1.0, 1.0])
    X3, y3 = np.array([[3.0, 1.0], [0.5, 2.0], [-0.25, 1.0]]), np.array([1.0, 1.0, -1.0])
    for X_, y_, b_, C, right in [
        (X, y, b, 2.0, (1.5, [0.0, -4.0], -2.0)),
        (X[:1], y[:1], b, 5.0, (0.5, [1.0, 0.0], 0.0)),
        (X, y, b, 0.0, (0.5, [1.0, 0.0], 0.0)),
        (X3, y3, 0.25, 2.0, (3.0, [-0.5, -2.0], 0.0)),
        (X3, y3, 0.25, 1.0, (1.75, [0.25, -1.0], 0.0)),
        (X3[2:], y3[2:], 0.0, 3.0, (2.75, [0.25, 3.0], 3.0)),
    ]:
        call = f"hinge(np.array([1.0, 0.0]), {b_:g}, np.array({X_.tolist()}), np.array({y_.tolist()}), {C:g})"
        got = student.hinge(w, b_, X_, y_, C)
        several(call, got, "loss", "dw", "db")
        close(f"{call}[0]", got[0], right[0], "Half w.w, plus C times the sum of the hinges.")
        all_close(f"{call}[1]", got[1], right[1], "w, minus C times the sum of y*x over the points that push.")
        close(f"{call}[2]", got[2], right[2], "Minus C times the sum of y over the points that push.")
    kept("hinge(w, ...)", w, [1.0, 0.0])


# ----------------------------------------------------------------------------------------------------------- 3 lift


@pytest.mark.task("lift")
def test_middle_term(student):
    """the term in the middle"""
    found = typed(student, "middle_term", ["x1", "x2", "y1", "y2"])
    got = found(x1=2.0, x2=3.0, y1=0.5, y2=-1.0)
    agrees("middle_term", got, -6, "x1 = 2, x2 = 3, y1 = 0.5, y2 = -1", "(p + q)^2 = p^2 + ? + q^2.")


@pytest.mark.task("lift")
def test_products(student):
    """the product of two lifted points"""
    X = np.array([[1.0, 2.0], [3.0, -0.5], [-2.0, 1.5]])
    call = "lift(np.array([[1, 2], [3, -0.5], [-2, 1.5]]))"
    got = student.lift(X.copy())
    all_close(call, np.shape(got) if got is not None else None, (3, 3), "Rows of three numbers.")
    products = np.asarray(got, dtype=float) @ np.asarray(got, dtype=float).T
    ask = "Entry [i, j] should be (x_i . x_j)^2. Expand (x1*y1 + x2*y2)^2: the middle term has a 2."
    all_close(f"L @ L.T, where L = {call},", products, (X @ X.T) ** 2, ask)


@pytest.mark.task("lift")
def test_circle(student):
    """the plane that is a circle"""
    for r in (1.5, 0.5):
        got = student.circle_plane(r)
        several(f"circle_plane({r:g})", got, "w", "b")
        w, b = np.asarray(got[0], dtype=float), float(got[1])
        assert w.shape == (3,), f"`circle_plane({r:g})[0]` has the shape {w.shape}, expected (3,)."
        for angle in (0.3, 1.2, 2.6, 5.0):
            place = r * np.array([[math.cos(angle), math.sin(angle)]])
            lifted = [float((np.asarray(student.lift(place * by), dtype=float) @ w + b)[0]) for by in (1, 0.5, 1.5)]
            where = f"lift(x) @ w + b, with (w, b) = circle_plane({r:g}),"
            assert abs(lifted[0]) < 1e-9, f"`{where}` is {lifted[0]:.4g} at a place on the circle. It should be 0."
            assert lifted[1] < 0 < lifted[2], f"`{where}` should be negative inside the circle, and positive outside."


# ----------------------------------------------------------------------------------------------------- 4 rbf_kernel


@pytest.mark.task("rbf_kernel")
def test_table(student):
    """the kernel of every point with every other"""
    X, Y = np.array([[0.0, 0.0], [1.0, 2.0]]), np.array([[3.0, 4.0], [1.0, 2.0], [0.0, 1.0]])
    for gamma in (0.1, 0.5):
        right = np.exp(-gamma * np.array([[25.0, 5.0, 1.0], [8.0, 0.0, 2.0]]))
        call = f"rbf_kernel(np.array([[0, 0], [1, 2]]), np.array([[3, 4], [1, 2], [0, 1]]), {gamma:g})"
        all_close(call, student.rbf_kernel(X, Y, gamma), right, "e^(-gamma * squared distance).")
        all_close(f"{call} (whole numbers)", student.rbf_kernel(X.astype(int), Y.astype(int), gamma), right)
    far = np.array([[1.1e7, 9e6], [1.1e7 + 0.3, 9e6]])
    call = "rbf_kernel(X, X, 1), where X = np.array([[1.1e7, 9e6], [1.1e7 + 0.3, 9e6]]),"
    right = np.exp(-((far[:, None, 0] - far[None, :, 0]) ** 2))
    all_close(call, student.rbf_kernel(far, far, 1), right, "Far out: subtract first, then square.")
    kept("rbf_kernel(X, ...)", far, [[1.1e7, 9e6], [1.1e7 + 0.3, 9e6]])


@pytest.mark.task("rbf_kernel")
def test_width(student):
    """the gamma of a width"""
    found = typed(student, "gamma_of_width", ["s"])
    for s in (2.0, 0.5):
        agrees(
            "gamma_of_width", found(s=s), 1 / (2 * s * s), f"s = {s:g}", "Compare e^(-d^2/(2*s^2)) with e^(-gamma*d^2)."
        )


# ------------------------------------------------------------------------------------------------------- 5 decision


@pytest.mark.task("decision")
def test_sum(student):
    """the sum of the signed bumps"""
    alpha, y, X = np.array([2.0, 1.0, 0.0]), np.array([1.0, -1.0, 1.0]), np.array([[0.0], [3.0], [1.0]])
    new = np.array([[1.0], [3.0]])
    for gamma in (1.0, 0.2):
        right = 2 * np.exp(-gamma * new[:, 0] ** 2) - np.exp(-gamma * (new[:, 0] - 3) ** 2)
        call = f"decision(np.array([2, 1, 0]), np.array([1, -1, 1]), np.array([[0], [3], [1]]), {gamma:g}, "
        for places in (new, new[:1]):
            got = student.decision(alpha, y, X, gamma, places)
            all_close(f"{call}np.array({places.tolist()}))", got, right[: len(places)], "Up for 1, down for -1.")
    call = "decision(np.array([0.0002]), np.array([1.0]), np.array([[0.0]]), 1, np.array([[0.0]]))"
    got = student.decision(np.array([0.0002]), np.ones(1), np.zeros((1, 1)), 1.0, np.zeros((1, 1)))
    all_close(call, got, np.array([0.0002]), "A small weight makes a small bump.")


@pytest.mark.task("decision")
def test_half_way(student):
    """where a bump has fallen to one half"""
    found, gamma = typed(student, "half_way", []), student.value("my_gamma")
    agrees("half_way", found(), math.sqrt(math.log(2) / gamma), "", "Solve e^(-gamma*d^2) = 1/2 for d.")
    chosen(student, "spikes")


# ------------------------------------------------------------------------------------------------------ 6 bump_plot


@pytest.mark.task("bump_plot")
def test_figure(student):
    """the points, the support vectors and the border"""
    X = np.array([[0.0, 0.0], [2.0, 0.5], [1.0, 2.0], [-1.0, 1.0]])
    alpha, y = np.array([1.5, 1.0, 0.0, 2.0]), np.array([1.0, -1.0, -1.0, -1.0])
    call = "bump_plot(alpha, y, X, gamma)"
    try:
        (ax,) = drawn(call, student.bump_plot(alpha, y, X, 0.8), 1)
        dots = np.concatenate([np.empty((0, 2)), *shown_dots(ax)])
        for point in X:
            assert np.isclose(dots, point).all(axis=1).any(), f"I find no dot at the point {point} of X."
        marked = shown(ax, "support vectors")
        assert marked, 'I find no dots with the label "support vectors".'
        same = sorted(np.concatenate(marked).tolist()) == sorted(X[alpha > 0].tolist())
        assert same, 'The dots labelled "support vectors" should be the points with alpha > 0, and no others.'
        sets = [drawn for drawn in ax.collections if hasattr(drawn, "levels") and not drawn.filled]
        assert sets, "I find no line made with `ax.contour` (`ax.contourf` fills areas; draw the line as well)."
        problems = [off_the_border(drawn, alpha * y, X, 0.8) for drawn in sets]
        assert None in problems, problems[0]
    finally:
        plt.close("all")


def shown_dots(ax):
    """The places of all scatters and markers."""
    return [drawn.get_offsets() for drawn in ax.collections if not hasattr(drawn, "levels")] + [
        line.get_xydata() for line in ax.get_lines()
    ]


def off_the_border(contours, signed, X, gamma):
    """What keeps one call of `contour` from showing where the sum is 0; None if nothing does."""
    if len(contours.levels) > 3:
        return f"A contour of {len(contours.levels)} heights does not show which of them is 0. Ask for levels=[0]."
    paths = [path.vertices for path in contours.get_paths() if len(path.vertices)]
    if not paths:
        return "The contour is empty. Is the level 0, and does the grid cover all of X?"
    sums = [np.exp(-gamma * ((at[:, None] - X) ** 2).sum(axis=2)) @ signed for at in paths]
    place = min(range(len(paths)), key=lambda i: np.abs(sums[i]).max())
    if np.abs(sums[place]).max() > 0.05:
        return "The line is not where the sum of bumps is 0. Is it level 0? Are xx and yy the right way round?"
    if len(paths[place]) < 40:
        return "The line is coarse, or ends too early. Has the grid 50 × 50 places or more, and does it cover all of X?"
    return None


# ------------------------------------------------------------------------------------------------------- 7 fit_dual


@pytest.mark.task("fit_dual")
def test_on_two_points(student):
    """two points, on paper"""
    slope = typed(student, "d_alpha1", ["a1", "a2", "y1", "y2", "k"])
    for a1, a2, y1, y2, k in [(0.5, 2.0, 1.0, -1.0, 0.3), (0.2, 0.4, -1.0, -1.0, 0.8)]:
        where = f"a1 = {a1:g}, a2 = {a2:g}, y1 = {y1:g}, y2 = {y2:g}, k = {k:g}"
        got = slope(a1=a1, a2=a2, y1=y1, y2=y2, k=k)
        agrees("d_alpha1", got, 1 - a1 - y1 * y2 * k * a2, where, "In the double sum the pair (1, 2) occurs twice.")
    found = typed(student, "two_alike", ["k"])
    agrees(
        "two_alike", found(k=0.5), 2 / 3, "k = 0.5", "Each gets its own bump, and the neighbour's on top: a + k*a = 1."
    )


@pytest.mark.task("fit_dual")
def test_first_steps(student):
    """two points, in code"""
    K = np.array([[1.0, 0.5], [0.5, 1.0]])
    for y, C, steps, right, ask in [
        ([1.0, -1.0], 10.0, 200, [2, 2], "The worked one: 1/(1 - 0.5)."),
        ([1.0, -1.0], 1.25, 200, [1.25, 1.25], "Never above C."),
        ([-1.0, -1.0], 10.0, 200, [2 / 3, 2 / 3], "Two alike."),
        ([1.0, 1.0], 10.0, 0, [0, 0], "No step: zeros."),
    ]:
        call = f"fit_dual(np.array([[1, 0.5], [0.5, 1]]), np.array({y}), {C:g}, {steps})"
        all_close(call, student.fit_dual(K, np.array(y), C, steps), right, ask, 1e-6)
    kept("fit_dual(K, ...)", K, [[1.0, 0.5], [0.5, 1.0]])


@pytest.mark.task("fit_dual")
def test_rings(student):
    """a ring within a ring"""
    X, y = rings(40, np.random.default_rng(5))
    K = np.exp(-((X[:, None] - X) ** 2).sum(axis=2))
    before, best = K.copy(), -math.inf
    for steps in (1, 3, 10, 1500):
        call = f"fit_dual(K, y, 10, {steps})"
        alpha = student.fit_dual(K, y, 10.0, steps)
        all_close(call, np.shape(alpha) if alpha is not None else None, (40,))
        assert np.min(alpha) >= 0, f"`{call}` has a weight of {np.min(alpha):.3g}: clip at 0 in each step."
        assert np.max(alpha) <= 10, f"`{call}` has a weight of {np.max(alpha):.3g}: clip at C in each step."
        f = K @ (alpha * y)
        dual = float(alpha.sum() - (alpha * y) @ f / 2)
        says = (
            f"`{call}` gives D = {dual:.4g}, less than {best:.4g} after fewer steps. Is the step 1/largest eigenvalue?"
        )
        assert dual >= best - 1e-9, says
        best = dual
    distance = float((alpha * y) @ f / 2 + 10 * np.maximum(0, 1 - y * f).sum()) - best
    assert distance < 0.5, (
        f"After 1,500 steps the gap is {distance:.3g}. Ours is below 0.1. Is each slope 1 - Q @ alpha?"
    )
    assert np.array_equal(K, before), "`fit_dual` has changed K."


# ----------------------------------------------------------------------------------------------------- 8 taylor_rbf


@pytest.mark.task("taylor_rbf")
def test_feature(student):
    """the feature of the power 2"""
    found = typed(student, "feature_two", ["x", "g"])
    for x, g in [(2.0, 0.5), (-1.0, 1.5)]:
        right = math.sqrt(2) * g * x * x * math.exp(-g * x * x)
        agrees(
            "feature_two",
            found(x=x, g=g),
            right,
            f"x = {x:g}, g = {g:g}",
            "The root of (2g)^2/2!, times x^2, and e^(-g x^2).",
        )


@pytest.mark.task("taylor_rbf")
def test_orders(student):
    """powers up to an order"""
    x, y = np.array([0.0, 1.0, -2.0]), np.array([0.5, 2.0])
    front = np.exp(-0.5 * np.add.outer(x**2, y**2))
    t = np.outer(x, y)
    given = "np.array([0, 1, -2]), np.array([0.5, 2]), 0.5"
    for order, right in [(0, front), (1, front * (1 + t)), (3, front * (1 + t + t**2 / 2 + t**3 / 6))]:
        call = f"taylor_rbf({given}, {order})"
        all_close(
            call, student.taylor_rbf(x, y, 0.5, order), right, "The powers 0 to order, k! below, both factors in front."
        )
    whole = np.exp(-0.5 * np.subtract.outer(x, y) ** 2)
    for order in (30, 200):
        call = f"taylor_rbf({given}, {order})"
        got = student.taylor_rbf(x, y, 0.5, order)
        all_close(call, got, whole, "So many powers: it should be the RBF kernel.", 1e-10)
