"""Steps and what stands in for them: a staircase, two paths, soft and shaken steps, and three nets of switches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, finish, not_yet, panels, picture, slider

__all__ = ["shaken", "soft_steps", "stairs", "three_nets", "two_paths"]

Measure = Callable[[float, Array, Array], float]
Soft = Callable[[Array, float], tuple[Array, Array]]
Net = Callable[[Array], Array]


@picture
def stairs(x: Array, y: Array, start: float) -> None:
    """The share of right answers over the knob w, the data below it, and where descent starts."""
    (ax,) = panels(1, width=6.4, height=3.4)
    ws = np.linspace(-0.4, 6.4, 681)
    shares = np.array([np.mean((x > w) == (y == 1)) for w in ws])
    ax.plot(ws, shares, color=CURVE, lw=2, label="share of right answers")
    ax.plot([start], [np.mean((x > start) == (y == 1))], "o", color=LINE, ms=9, label="descent starts and ends here")
    ax.plot(x[y == 0], 0 * x[y == 0] + 0.1, "x", color=QUIET, label="label 0")
    ax.plot(x[y == 1], 0 * x[y == 1] + 0.1, "+", color=CORNER, ms=9, label="label 1")
    ax.set(xlabel="w", ylim=(0, 1.05))
    finish(ax, "one knob", legend=False)
    ax.legend(frameon=False, fontsize=9, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 0.18))


@picture
def two_paths(
    descend_on: Callable[..., Sequence[float]], accuracy: Measure, log_loss: Measure, x: Array, y: Array, start: float
) -> None:
    """The knob at each step, once on 1 - accuracy and once on the log-loss, both with the learner's own descent."""
    losses = {"on 1 - accuracy": lambda w: 1 - accuracy(w, x, y), "on the log-loss": lambda w: log_loss(w, x, y)}
    try:
        paths = {name: [float(w) for w in descend_on(loss, start, 0.5, 40)] for name, loss in losses.items()}
        rights = {name: [accuracy(w, x, y) for w in path] for name, path in paths.items()}
    except Exception as error:
        not_yet(descend_on.__name__, error)
        return
    left, right = panels(2, columns=1, width=6.4, height=2.4)
    for name, colour, style in zip(losses, (LINE, CURVE), ("-", "--"), strict=True):
        left.plot(paths[name], style, color=colour, lw=2, label=name)
        right.plot(rights[name], style, color=colour, lw=2, label=name)
    left.set(xlabel="step", ylabel="w")
    right.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.05))
    finish(left, "where the knob is")
    finish(right, "share of right answers", legend=False)


@picture
def soft_steps(soft_step: Soft, sharpness: Sequence[float]) -> None:
    """The learner's soft step and, below it, its slope.

    Three sharpnesses at once, and then a slider for k.
    """
    xs = np.linspace(-3, 3, 601)
    try:
        found = {k: [np.asarray(part, dtype=float) for part in soft_step(xs, k)] for k in sharpness}
    except Exception as error:
        not_yet(soft_step.__name__, error)
        return

    def show(*ks: float) -> None:
        left, right = panels(2, columns=1, width=6.4, height=2.4)
        left.plot(xs, xs > 0, color=QUIET, lw=5, alpha=0.4, label="step")
        for k, colour, style in zip(ks, (CURVE, LINE, CORNER), ("-", "--", "-."), strict=False):
            left.plot(xs, found[k][0], style, color=colour, lw=2, label=f"k = {k:g}")
            right.plot(xs, found[k][1], style, color=colour, lw=2)
        right.set(ylim=(0, 1.05 * max(slope.max() for _, slope in found.values())))
        for ax, title in ((left, "soft step"), (right, "its slope")):
            ax.set_xlabel("x")
            finish(ax, title, legend=ax is left)

    show(*sharpness[:: max(1, len(sharpness) // 2)][:3])
    slider(show, "k", sharpness)


@picture
def shaken(noisy_step: Callable[..., tuple[float, float]], widths: Sequence[float]) -> None:
    """The mean of the learner's noisy steps over x for some widths of the noise, and the bell that is its slope."""
    xs = np.linspace(-3, 3, 121)
    rng = np.random.default_rng(3)
    try:
        means = {s: [float(noisy_step(float(x), s, 2000, rng)[0]) for x in xs] for s in widths}
    except Exception as error:
        not_yet(noisy_step.__name__, error)
        return
    left, right = panels(2, columns=1, width=6.4, height=2.4)
    for s, colour, style in zip(widths, (QUIET, CURVE, LINE), (":", "-", "--"), strict=False):
        left.plot(xs, means[s], style, color=colour, lw=2, label=f"s = {s:g}")
        fine = np.linspace(-3, 3, 601)
        right.plot(fine, np.exp(-((fine / s) ** 2) / 2) / (s * np.sqrt(2 * np.pi)), style, color=colour, lw=2)
    for ax, title in ((left, "mean of 2,000 noisy steps"), (right, "slope of the true average: the bell")):
        ax.set_xlabel("x")
        finish(ax, title, legend=ax is left)


@picture
def three_nets(run: Callable[[str], tuple[Sequence[float], Net]]) -> None:
    """Three nets of switches after training: the share of right answers through training, and what each has learned."""
    ways = ("true slope", "soft", "straight-through")
    try:
        runs = {way: run(way) for way in ways}
    except Exception as error:
        not_yet("run", error)
        return
    ax, *maps = panels(4, columns=2, width=3.4, height=3.0)
    for way, colour, style in zip(ways, (LINE, CURVE, CORNER), ("-", "--", "-."), strict=True):
        ax.plot(runs[way][0], style, color=colour, lw=1.6, label=way)
    ax.set(xlabel="step", ylim=(0, 1.05))
    finish(ax, "share of right answers")
    side = np.linspace(-2, 2, 121)
    at = np.stack(np.meshgrid(side, side), axis=-1)
    turn = np.linspace(0, 2 * np.pi, 201)
    for pane, way in zip(maps, ways, strict=True):
        inside = runs[way][1](at.reshape(-1, 2)).reshape(at.shape[:2]) >= 0
        pane.contourf(side, side, inside, levels=[-0.5, 0.5, 1.5], colors=["#f3e3d8", "#a9c4e0"])
        pane.plot(1.3 * np.cos(turn), 1.3 * np.sin(turn), color=QUIET, lw=2)
        pane.set_aspect("equal")
        finish(pane, f"{way}: {runs[way][0][-1]:.0%} right", legend=False)
