"""A support vector machine: the margin, the hinge, a lift, bumps and their sum, the climb, borders and digits.

A picture that needs a learner's function prints one line with what to do first if that is not written yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from kit.pictures.drawing import (
    CORNER,
    CURVE,
    LINE,
    QUIET,
    Array,
    finish,
    not_yet,
    panels,
    picture,
    slider,
)

__all__ = [
    "borders",
    "bumps",
    "climb",
    "fading",
    "flat_hinge",
    "held_by",
    "lifted",
    "sides",
    "thrown_away",
    "two_rings",
]

Kernel: TypeAlias = Callable[[Array, Array, float], Array]
Decision: TypeAlias = Callable[[Array, Array, Array, float, Array], Array]
Fit: TypeAlias = Callable[[Array, Array, float, int], Array]
Digits: TypeAlias = tuple[Array, NDArray[np.int64]]
C, STEPS = 10.0, 3000
COUNTS = 1e-6  # a weight above it makes a support vector
SHADES = ["#f3e3d8", "#dbe6f2"]


class Machine(NamedTuple):
    """The learner's functions, and what they learned."""

    decision: Decision
    alpha: Array
    y: Array
    X: Array
    gamma: float

    @property
    def held(self) -> NDArray[np.bool_]:
        """Which of the points are support vectors."""
        return self.alpha > COUNTS

    def at(self, places: Array) -> Array:
        """The sum of the bumps of the support vectors."""
        held = self.held
        found = self.decision(self.alpha[held], self.y[held], self.X[held], self.gamma, places)
        return np.asarray(found[:], dtype=float)


@picture
def two_rings(X: Array, y: Array) -> None:
    """The points of the puzzle."""
    (ax,) = panels(1, width=4.8, height=4.2)
    _dots(ax, X, y)
    finish(ax, "80 points. Which of them does the border need?", legend=False)
    ax.figure.legend(loc="outside lower center", ncols=2, frameon=False, fontsize=9)  # in the middle it looks like data


@picture
def sides(margin: Callable[[Array, float, Array, Array], Array]) -> None:
    """A line, some points with their labels, and the learner's margin beside each."""
    w, b = np.array([3.0, 4.0]), -5.0
    X = np.array([[2.0, 1.0], [-0.5, 0.5], [1.0, 2.5], [-1.5, 1.5], [2.6, -0.4], [1.0, -0.9]])
    y = np.array([1.0, -1.0, 1.0, -1.0, -1.0, -1.0])
    try:
        found = [float(given) for given in margin(w, b, X.copy(), y.copy())]
    except Exception as error:
        not_yet("margin", error)
        return
    (ax,) = panels(1, width=6.0, height=4.2)
    xs = np.array([-2.2, 3.4])
    ax.plot(xs, -(w[0] * xs + b) / w[1], color=CORNER, lw=2, label="the line: 3x + 4y − 5 = 0")
    feet = X - ((X @ w + b) / (w @ w))[:, None] * w
    for x, foot, distance in zip(X, feet, found, strict=True):
        ax.plot(*zip(x, foot, strict=True), ":", color=QUIET)
        ax.annotate(
            f"{distance:+.2f}".replace("-", "−"),
            x,
            (8, 4),
            textcoords="offset points",
            color=LINE if distance < 0 else CORNER,
        )
    _dots(ax, X, y)
    ax.set(xlim=(-2.2, 3.6), ylim=(-1.6, 3.2))
    finish(ax, "your margins: negative on the wrong side", legend=False)
    ax.legend(frameon=False, fontsize=9, loc="lower left")


@picture
def flat_hinge() -> None:
    """What a point costs, over its score times its label."""
    (ax,) = panels(1, width=6.0, height=3.0)
    s = np.linspace(-2, 3.5, 221)
    ax.axvspan(-1, 1, color=QUIET, alpha=0.15, label="the street")
    ax.plot(s, np.maximum(0, 1 - s), color=CURVE, lw=2.5, label="hinge")
    ax.plot([1], [0], "o", color=LINE, ms=8, label="the curb: a kink")
    ax.annotate("flat: no signal", (2.2, 0), (0, 10), textcoords="offset points", ha="center", color=CORNER)
    ax.annotate("slope −1: pushes", (-1.3, 2.3), (10, 4), textcoords="offset points", color=CORNER)
    ax.set(xlabel="y (w·x + b)", ylabel="cost")
    finish(ax, "the hinge")


@picture
def lifted(lift: Callable[[Array], Array], X: Array, y: Array) -> None:
    """The rings in the plane, and the squares that the learner's lift makes of them."""
    try:
        high = np.asarray(lift(X.copy())[:], dtype=float)  # None has no [:], and says so
        columns = [
            max(range(3), key=lambda column: abs(np.corrcoef(high[:, column], X[:, at] ** 2)[0, 1])) for at in (0, 1)
        ]
    except Exception as error:
        not_yet("lift", error)
        return
    left, right = panels(2, width=3.4, height=3.4)
    _dots(left, X, y)
    _dots(right, high[:, columns], y)
    reach = (X**2).sum(axis=1)
    cut = (reach[y > 0].max() + reach[y < 0].min()) / 2
    right.plot([0, cut], [cut, 0], color="black", lw=1.6)
    left.set(xlabel="x₁", ylabel="x₂")
    right.set(xlabel="x₁²", ylabel="x₂²")
    finish(left, "no straight line separates them", legend=False)
    finish(right, "two numbers of your lift: one does", legend=False)


@picture
def fading(rbf_kernel: Kernel, gammas: Sequence[float]) -> None:
    """The learner's kernel over the distance.

    A slider for gamma; three gammas without sliders.
    """
    distances = np.linspace(0, 4, 161)
    try:
        found = {
            gamma: np.asarray(rbf_kernel(distances[:, None], np.zeros((1, 1)), gamma)[:], dtype=float)[:, 0]
            for gamma in gammas
        }
    except Exception as error:
        not_yet("rbf_kernel", error)
        return

    def show(*some: float) -> None:
        (ax,) = panels(1, width=6.0, height=3.0)
        for gamma, colour, style in zip(some, (CURVE, LINE, CORNER), ("-", "--", "-."), strict=False):
            ax.plot(distances, found[gamma], style, color=colour, lw=2.2, label=f"gamma = {gamma:g}")
        ax.set(xlabel="distance", ylabel="kernel", ylim=(0, 1.05))
        finish(ax, "likeness fades with the distance")

    if not slider(show, "gamma", gammas):
        show(*gammas[::2][:3])


@picture
def bumps(decision: Decision, gammas: Sequence[float]) -> None:
    """Bumps on a number line, up for the label 1 and down for -1, and their sum.

    A slider for gamma; two gammas without sliders.
    """
    X = np.array([[-2.6], [-1.2], [-0.4], [0.9], [1.7], [3.0]])
    y = np.array([-1.0, 1.0, 1.0, -1.0, -1.0, 1.0])
    alpha = np.array([1.0, 0.8, 1.2, 1.1, 0.7, 1.0])
    xs = np.linspace(-4, 4.4, 421)[:, None]

    def show(*some: float) -> None:
        panes = panels(len(some), columns=1, width=6.4, height=3.0)
        for ax, gamma in zip(panes, some, strict=True):
            for i in range(len(X)):
                single = decision(alpha[i : i + 1], y[i : i + 1], X[i : i + 1], gamma, xs)
                ax.plot(xs, single, color=CURVE if y[i] > 0 else LINE, lw=1.1, ls="-" if y[i] > 0 else "--")
            ax.plot(xs, decision(alpha, y, X, gamma, xs), color="black", lw=2.2, label="the sum, f")
            ax.axhline(0, color=QUIET, lw=0.8)
            ax.plot(X[y > 0], 0 * X[y > 0], "o", color=CURVE, label="label 1: up")
            ax.plot(X[y < 0], 0 * X[y < 0], "s", color=LINE, label="label −1: down")
            ax.set(xlabel="x", ylim=(-1.9, 1.9))
            finish(ax, f"gamma = {gamma:g}", legend=False)
        handles, names = panes[0].get_legend_handles_labels()
        panes[0].figure.legend(handles, names, loc="outside lower center", ncols=3, frameon=False, fontsize=9)

    try:
        decision(alpha, y, X, 1.0, xs)[0]
    except Exception as error:
        not_yet("decision", error)
        return
    if not slider(show, "gamma", gammas):
        show(*gammas[1::2][:2])


@picture
def climb(
    fit_dual: Fit,
    loss_and_dual: Callable[[Array, Array, Array, float], tuple[float, float]],
    rbf_kernel: Kernel,
    X: Array,
    y: Array,
) -> None:
    """The dual rising and the loss falling towards each other, over the steps of the learner's ascent."""
    steps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, STEPS]
    try:
        K = np.asarray(rbf_kernel(X.copy(), X.copy(), 1.0)[:], dtype=float)
        found = np.array([loss_and_dual(np.asarray(fit_dual(K.copy(), y.copy(), C, n)[:]), K, y, C) for n in steps])
    except Exception as error:
        not_yet("fit_dual", error)
        return
    (ax,) = panels(1, width=6.4, height=3.2)
    ax.plot(steps, found[:, 0], "--", color=LINE, lw=2, label="the loss")
    ax.plot(steps, found[:, 1], color=CURVE, lw=2, label="the dual")
    ax.fill_between(steps, found[:, 1], found[:, 0], color=QUIET, alpha=0.2, label="the gap")
    ax.set(xscale="log", yscale="log", xlabel="steps")
    finish(ax, f"the best lies between: after {STEPS} steps the gap is {found[-1, 0] - found[-1, 1]:.2g}")


@picture
def borders(fit_dual: Fit, decision: Decision, rbf_kernel: Kernel, X: Array, y: Array, gammas: Sequence[float]) -> None:
    """The learner's machine: the border, the curbs (dashed), and rings around the support vectors.

    A slider for gamma; up to four gammas without sliders.
    """
    made: dict[float, Machine] = {}

    def show(*some: float) -> None:
        columns = min(2, len(some))
        panes = panels(len(some), columns=columns, width=5.4 if columns == 1 else 3.4, height=4.6 / columns**0.5)
        for ax, gamma in zip(panes, some, strict=True):
            made[gamma] = made.get(gamma) or _machine(fit_dual, decision, rbf_kernel, X, y, gamma)
            _border(ax, made[gamma], curbs=True)
            held = int(made[gamma].held.sum())
            finish(ax, f"gamma = {gamma:g}: {held} of {len(y)} support vectors", legend=False)

    try:
        made[gammas[3]] = _machine(fit_dual, decision, rbf_kernel, X, y, gammas[3])
    except Exception as error:
        not_yet("fit_dual", error)
        return
    if not slider(show, "gamma", gammas):
        show(*gammas[::2])


@picture
def thrown_away(fit_dual: Fit, decision: Decision, rbf_kernel: Kernel, X: Array, y: Array) -> None:
    """The border of all points, and that of a machine that learned from the support vectors alone."""
    try:
        whole = _machine(fit_dual, decision, rbf_kernel, X, y, 1.0)
        few = _machine(fit_dual, decision, rbf_kernel, X[whole.held], y[whole.held], 1.0)
        places = np.stack(np.meshgrid(*[np.linspace(-2.5, 2.5, 41)] * 2), axis=-1).reshape(-1, 2)
        apart = float(np.abs(whole.at(places) - few.at(places)).max())
    except Exception as error:
        not_yet("fit_dual", error)
        return
    left, right = panels(2, width=3.4, height=3.4)
    _border(left, whole)
    _border(right, few)
    right.set(xlim=left.get_xlim(), ylim=left.get_ylim())
    finish(left, f"learned from all {len(y)} points", legend=False)
    finish(right, f"learned from these {len(few.y)} alone", legend=False)
    print(f"Nowhere do the two sums differ by more than {apart:.1g}.")


@picture
def held_by(
    fit_dual: Fit, decision: Decision, rbf_kernel: Kernel, learn: Digits, held_back: Digits, pair: tuple[int, int]
) -> None:
    """The learner's machine on two digits: the images with the largest weights, and some with the weight 0."""
    X, y = _two_of(learn, pair)
    new, labels = _two_of(held_back, pair)
    try:
        machine = _machine(fit_dual, decision, rbf_kernel, X, y, 0.1)
        share = float(np.mean(np.sign(machine.at(new)) == labels))
        sure = np.where(machine.held, -np.inf, y * machine.at(X))
    except Exception as error:
        not_yet("fit_dual", error)
        return
    count = int(machine.held.sum())
    print(f"{count} of {len(y)} images are support vectors. {share:.1%} of {len(new)} held-back images are right.")
    rows = [
        (
            "They hold the border: the largest weights. (Above each image: its digit, its weight.)",
            np.argsort(-machine.alpha)[:10],
        ),
        ("Weight 0: nobody would miss them.", np.argsort(-sure)[:10]),
    ]
    figure = plt.figure(figsize=(6.8, 3.2), layout="constrained")
    for part, (title, chosen) in zip(figure.subfigures(2, 1), rows, strict=True):
        part.suptitle(title, fontsize=10)
        for ax, i in zip(part.subplots(1, 10), chosen, strict=True):
            ax.imshow(X[i].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
            ax.set_title(f"{pair[1] if y[i] > 0 else pair[0]}\n{machine.alpha[i]:.1f}", fontsize=9)
            ax.axis("off")


def _two_of(data: Digits, pair: tuple[int, int]) -> tuple[Array, Array]:
    """The images of the two digits, and the labels -1 for the first and 1 for the second."""
    X, y = data
    either = (y == pair[0]) | (y == pair[1])
    return X[either], np.where(y[either] == pair[1], 1.0, -1.0)


def _machine(fit_dual: Fit, decision: Decision, rbf_kernel: Kernel, X: Array, y: Array, gamma: float) -> Machine:
    """The learner's machine after training. Raises ValueError for weights or sums that cannot be drawn."""
    alpha = np.asarray(fit_dual(rbf_kernel(X.copy(), X.copy(), gamma), y.copy(), C, STEPS)[:], dtype=float)
    if alpha.shape != y.shape or not (alpha > COUNTS).any():
        raise ValueError("a weight for each point was expected, and some of them above 0")
    machine = Machine(decision, alpha, y, X, gamma)
    if machine.at(X).shape != y.shape:
        raise ValueError("`decision` should give one number for each place")
    return machine


def _border(ax: Axes, machine: Machine, *, curbs: bool = False) -> None:
    """The two sides, the border, perhaps the curbs, the points, and rings around the support vectors."""
    X = machine.X
    middle, reach = (X.max(axis=0) + X.min(axis=0)) / 2, float((X.max(axis=0) - X.min(axis=0)).max()) / 2 + 0.4
    xs, ys = (np.linspace(at - reach, at + reach, 121) for at in middle)
    places = np.stack(np.meshgrid(xs, ys), axis=-1)
    f = machine.at(places.reshape(-1, 2)).reshape(places.shape[:2])
    ax.contourf(xs, ys, f, levels=[-np.inf, 0, np.inf], colors=SHADES)
    if curbs:
        ax.contour(xs, ys, f, levels=[-1, 1], colors=QUIET, linestyles="dashed", linewidths=0.9)
    ax.contour(xs, ys, f, levels=[0], colors="black", linewidths=1.6)
    _dots(ax, X, machine.y)
    ax.plot(*X[machine.held].T, "o", color="black", ms=10, fillstyle="none", ls="", label="support vectors")


def _dots(ax: Axes, X: Array, y: Array) -> None:
    for label, colour, mark in ((1, CURVE, "o"), (-1, LINE, "s")):
        ax.plot(*X[y == label].T, mark, color=colour, ms=4.5, label=f"label {label}".replace("-", "−"))
    ax.set_aspect("equal")
