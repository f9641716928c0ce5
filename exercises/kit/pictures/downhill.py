"""Gradient descent with one number: paths in a bowl, and the line through Hubble's galaxies.

A picture that needs a learner's function prints one line with what to do first if that is not written yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from kit.pictures.drawing import (
    CURVE,
    LINE,
    QUIET,
    Array,
    Function,
    curve,
    finish,
    not_yet,
    panels,
    picture,
    rate_of,
    slider,
)

__all__ = ["age_of_universe", "compare_slopes", "descent_slider", "descents", "galaxies", "learned_line"]


Descend: TypeAlias = Callable[[Function, float, float, int], Sequence[float]]
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56420f")  # told apart by colour-blind readers, too
_MARKERS = "os^Dv"
_AT_THE_BOTTOM = 1e-6


@picture
def galaxies(distance: Sequence[float], velocity: Sequence[float]) -> None:
    """Hubble's measurements as dots."""
    (ax,) = panels(1, width=5.4)
    ax.plot(distance, velocity, "o", color=CURVE)
    ax.axhline(0, color=QUIET, lw=0.8)
    ax.set(xlabel="distance (megaparsecs)", ylabel="velocity (km/s)")
    finish(ax, "24 galaxies: how far away, and how fast they move away", legend=False)


@picture
def descents(f: Function, df: Function, descend: Descend, x0: float, rates: Sequence[float], steps: int) -> None:
    """The paths of your `descend` on the curve of f, one panel per learning rate, then all of them over the steps."""
    paths = _paths(descend, df, x0, rates, steps)
    if paths is None:
        return
    drawn = panels(len(rates) + 1, columns=3, width=3.1, height=2.6)
    for spare in drawn[len(rates) + 1 :]:
        spare.axis("off")
    window = 1.15 * abs(x0)
    for ax, rate, path in zip(drawn, rates, paths, strict=False):
        curve(ax, f, -window, window)
        ax.plot(path, [f(x) for x in path.tolist()], "o-", color=LINE, ms=4, lw=1, label="path")
        ax.set(xlim=(-1.1 * window, 1.1 * window), ylim=(-0.08 * f(window), 1.15 * f(window)))
        finish(ax, f"lr = {rate:g}", legend=False)
    last = drawn[len(rates)]
    for color, marker, rate, path in zip(_COLOURS, _MARKERS, rates, paths, strict=False):
        far = np.maximum(np.abs(path), _AT_THE_BOTTOM)  # a scale of powers of ten cannot show 0
        last.plot(range(len(far)), far, marker=marker, ms=4, lw=1.2, color=color, label=f"lr = {rate:g}")
    last.axhline(_AT_THE_BOTTOM, color=QUIET, lw=1, ls=":")
    last.annotate("at the bottom", (0, _AT_THE_BOTTOM), (2, 4), textcoords="offset points", color=QUIET, fontsize=8)
    last.set(yscale="log", xlabel="steps", xlim=(-0.5, 1.75 * steps))
    finish(last, "how far from the bottom", legend=False)
    last.legend(frameon=False, fontsize=8, loc="center right")


@picture
def descent_slider(f: Function, df: Function, descend: Descend, x0: float, rates: Sequence[float]) -> None:
    """Your path of 8 steps on the curve of f, with a slider for the learning rate; a single panel without sliders."""

    def show(rate: float) -> None:
        paths = _paths(descend, df, x0, [rate], 8)
        if paths is None:
            return
        (ax,) = panels(1)
        window = 1.15 * max(abs(x0), *np.abs(paths[0]))
        curve(ax, f, -window, window)
        ax.plot(paths[0], [f(x) for x in paths[0].tolist()], "o-", color=LINE, ms=4, lw=1)
        finish(ax, f"lr = {rate:g}: from {x0:g} to {paths[0][-1]:.3g} in 8 steps", legend=False)

    if not slider(show, "lr", rates):
        show(rates[len(rates) // 2])


@picture
def learned_line(
    xs: Sequence[float],
    ys: Sequence[float],
    loss: Function,
    d_loss: Function,
    descend: Descend,
    lr: float,
    steps: int,
) -> None:
    """Left: the loss as a function of w, with your path on it. Right: the data, and the line w*x after some steps."""
    paths = _paths(descend, d_loss, 0.0, [lr], steps) if _is_written(d_loss) else None
    if paths is None:
        return
    (path,) = paths
    left, right = panels(2, width=5.0, height=3.6)
    reach = max(abs(path - path[-1])) or 1.0
    curve(left, loss, path[-1] - 1.15 * reach, path[-1] + 1.15 * reach)
    left.get_lines()[0].set_label("loss")
    left.plot(path, [loss(w) for w in path.tolist()], "o-", color=LINE, ms=4, lw=1, label="your path")
    left.set_xlabel("w")
    finish(left, f"the loss, and {steps} steps on it")
    right.plot(xs, ys, "o", color=CURVE)
    ends = np.array([0.0, 1.05 * max(xs)])
    shown = sorted({k for k in (0, 1, 2, 4, steps) if k <= steps})
    for number, k in enumerate(shown, start=1):
        right.plot(ends, path[k] * ends, color=LINE, lw=1.6, alpha=number / len(shown))
        says = f"{k} step{'s' * (k != 1)}: w = {path[k]:.0f}"
        right.annotate(says, (ends[1], path[k] * ends[1]), (4, 0), textcoords="offset points", va="center", fontsize=9)
    right.set(xlabel="distance (megaparsecs)", ylabel="velocity (km/s)", xlim=(-0.05 * ends[1], 1.45 * ends[1]))
    finish(right, "the line learns", legend=False)


@picture
def compare_slopes(f: Function, df: Function, places: Sequence[float]) -> None:
    """Print your slope of f beside the measured one, at some places."""
    for x in places:
        try:
            mine = df(x)
            said = "still None" if mine is None else f"{float(mine):.6g}"
        except Exception as error:  # the learner's function may do anything
            said = f"{type(error).__name__}: {error}"
        print(f"at w = {x:g} your slope is {said}; measured, it is {rate_of(f, 1e-3)(x):.6g}")


@picture
def age_of_universe(d_loss: Function, descend: Descend, years: float) -> None:
    """Galaxies on the learned line, traced back in time to where they meet. `years`: 1/w in years is `years`/w."""
    paths = _paths(descend, d_loss, 0.0, [0.1], 25) if _is_written(d_loss) else None
    if paths is None:
        return
    if not paths[0][-1] > 0:
        print(f"The line has learned w = {paths[0][-1]:.3g}, which is not above 0. Is the sign of `d_loss` right?")
        return
    w = float(paths[0][-1])
    age = years / w / 1e9
    (ax,) = panels(1, width=5.4)
    for far in (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0):
        ax.plot([-age, 0], [0, far], color=LINE, lw=1.2)
        ax.plot([0], [far], "o", color=CURVE)
    ax.set(xlabel="billions of years from today", ylabel="distance (megaparsecs)", ylim=(-0.1, 2.2))
    finish(ax, f"w = {w:.0f}: all in one place {age:.1f} billion years ago", legend=False)


def _is_written(d_loss: Function) -> bool:
    try:
        written = d_loss(0.0) is not None
    except Exception:  # said where the slope is used
        return True
    if not written:
        print("`d_loss` gives None: write it in the cell above, then run this one again.")
    return written


def _paths(descend: Descend, df: Function, x0: float, rates: Sequence[float], steps: int) -> list[Array] | None:
    """The paths of the learner's `descend` as arrays. If one cannot be drawn, prints why and returns None."""
    paths = []
    for rate in rates:
        try:
            path = np.asarray(descend(df, x0, rate, steps), dtype=float)
        except Exception as error:  # the learner's descend may do anything
            not_yet("descend", error)
            return None
        if path.shape != (steps + 1,) or not np.isfinite(path).all():
            print(f"`descend` should give {steps + 1} finite numbers. First make its check pass.")
            return None
        paths.append(path)
    return paths
