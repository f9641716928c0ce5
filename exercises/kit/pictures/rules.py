"""The differentiation rules: growing rectangles, stretched steps, stepwise growth, the first descent.

A picture that needs a learner's function prints one line with what to do first if that is not written yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import matplotlib.pyplot as plt
import numpy as np

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, Function, curve, finish, panels, picture

__all__ = [
    "activations",
    "descents",
    "growing",
    "learned_line",
    "measured_slopes",
    "on_the_circle",
    "rectangle_grows",
    "stretches",
]


OnArrays: TypeAlias = Callable[[Array], Array | None]
Descend: TypeAlias = Callable[[Function, float, float, int], Sequence[float]]


@picture
def measured_slopes(
    functions: Mapping[str, Function],
    slope: Callable[[Function, float], float] | None,
    low: float = -2.0,
    high: float = 2.0,
    count: int = 9,
) -> None:
    """The slopes of each of `functions` (keyed by text) as dots, measured by your `slope`."""
    if slope is None:
        print("Nothing to look at: bring `slope` from the first unit, in the second cell above.")
        return
    xs = np.linspace(low, high, count).tolist()
    for ax, (text, f) in zip(panels(len(functions), width=4.2), functions.items(), strict=True):
        try:
            curve(ax, _in_floats(f), low, high)
            measured = [float(slope(f, x)) for x in xs]
            ax.plot(xs, measured, "o", color=LINE, label="slope, measured")
        except Exception as error:  # the learner's functions may do anything
            _not_yet(f"slope` or `{text}", error)
            return
        ax.axhline(0, color=QUIET, lw=0.8)
        finish(ax, f"f = {text}")


@picture
def rectangle_grows(f: Function, g: Function, x: float, steps: Sequence[float] = (0.5, 0.1)) -> None:
    """A rectangle with sides f(x) and g(x), and what it gains when x grows by dx: two strips and a corner."""
    wide, high = f(x), g(x)
    across, up = f(x + max(steps)), g(x + max(steps))
    for ax, dx in zip(panels(len(steps), width=4.4, height=3.4), steps, strict=True):
        df, dg = f(x + dx) - wide, g(x + dx) - high
        for left, low, width, height, color, text in [
            (0, 0, wide, high, CURVE, "f·g"),
            (wide, 0, df, high, LINE, "g·(growth of f)"),
            (0, high, wide, dg, LINE, "f·(growth of g)"),
            (wide, high, df, dg, CORNER, ""),
        ]:
            ax.add_patch(plt.Rectangle((left, low), width, height, facecolor=color, alpha=0.3, edgecolor=color, lw=1.2))
            if min(width, height) > 0.07 * max(across, up):
                turn = 90 if height > width else 0
                ax.text(left + width / 2, low + height / 2, text, ha="center", va="center", rotation=turn, fontsize=9)
        ax.set(xlim=(-0.03 * across, 1.03 * across), ylim=(-0.03 * up, 1.03 * up), aspect="equal")
        ax.axis("off")
        ax.set_title(f"dx = {dx:g}\nstrips {df * high:.3g} and {dg * wide:.3g}, corner {df * dg:.3g}", fontsize=10)


@picture
def growing(grow: Callable[[float, int], float], x: float, counts: Sequence[int] = (1, 2, 4, 16)) -> None:
    """exp, and how your `grow` takes 1 there in a few steps."""
    try:
        paths = [
            ([k * x / n for k in range(n + 1)], [1.0, *(grow(k * x / n, k) for k in range(1, n + 1))]) for n in counts
        ]
        drawable = all(math.isfinite(y) for _, ys in paths for y in ys)
    except Exception as error:  # the learner's grow may do anything
        _not_yet("grow", error)
        return
    if not drawable:
        print("`grow` gave something that is not a finite number. First make its check pass.")
        return
    (ax,) = panels(1, width=5.6)
    curve(ax, math.exp, min(0, x), max(0, x))
    ax.get_lines()[0].set_label("exp")
    for number, (n, (xs, ys)) in enumerate(zip(counts, paths, strict=True), start=1):
        many = f"{n} step{'s' * (n > 1)}"
        ax.plot(xs, ys, "o-", ms=3, lw=1.2, color=LINE, alpha=0.25 + 0.75 * number / len(counts), label=many)
    finish(ax, "growth by steps, and exp")


@picture
def on_the_circle(t: float, step: float) -> None:
    """The unit circle at arc length t: how a small step along it changes the height and the horizontal position."""
    (ax,) = panels(1, width=4.8, height=4.4)
    turn = np.linspace(-0.15, math.pi / 2 + 0.15, 120)
    ax.plot(np.cos(turn), np.sin(turn), color=CURVE, lw=2)
    x, y = math.cos(t), math.sin(t)
    dx, dy = -y * step, x * step  # the step along the tangent
    ax.fill([0, x, x], [0, 0, y], color=CURVE, alpha=0.12, lw=0)
    ax.plot([0, x, x, 0], [0, 0, y, 0], color=CURVE, lw=1.2)
    ax.fill([x, x, x + dx], [y, y + dy, y + dy], color=LINE, alpha=0.25, lw=0)
    ax.plot([x, x, x + dx], [y, y + dy, y + dy], color=LINE, lw=1.2)
    ax.annotate("", (x + dx, y + dy), (x, y), arrowprops={"arrowstyle": "-|>", "color": LINE, "lw": 2})
    for text, place, offset, where, color in [
        ("cos(t)", (x / 2, 0), (0, -14), "center", CURVE),
        ("sin(t)", (x, y / 2), (-5, -8), "right", CURVE),
        ("1", (x / 2, y / 2), (-8, 4), "center", CURVE),
        ("the step", (x + dx / 2, y + dy / 2), (-6, -4), "right", LINE),
        ("change of sin(t)", (x, y + dy / 2), (5, 0), "left", LINE),
        ("change of cos(t)", (x + dx / 2, y + dy), (0, 6), "center", LINE),
    ]:
        ax.annotate(text, place, offset, textcoords="offset points", ha=where, va="center", color=color, fontsize=9)
    ax.set(xlim=(-0.08, 1.4), ylim=(-0.16, 1.2), aspect="equal")
    ax.axis("off")
    ax.set_title("a little step along the circle", fontsize=10)


@picture
def stretches(links: Sequence[tuple[str, Function]], x: float, dx: float) -> None:
    """A small step dx at x, and its length after each of `links`, pairs (text, function)."""
    rows, value, end = [("x", x, dx)], x, x + dx
    for text, f in links:
        value, end = f(value), f(end)
        rows.append((text, value, end - value))
    (ax,) = panels(1, width=7.0, height=0.9 * len(rows) + 0.4)
    longest = max(abs(length) for _, _, length in rows)
    for row, (text, start, length) in enumerate(rows):
        ax.plot([0, length], [-row, -row], color=LINE, lw=7, solid_capstyle="butt")
        ax.text(-0.06 * longest, -row, f"{text}   (here {start:g})", ha="right", va="center")
        ax.text(length + 0.03 * longest, -row, f"{length:.3g} long", va="center", color=LINE)
        if row:
            before = rows[row - 1][2]
            ax.text(0, 0.5 - row, f"× {length / before:.3g}", va="center", color=QUIET)
    ax.set(xlim=(-0.75 * longest, 1.25 * longest), ylim=(0.5 - len(rows), 0.5))
    ax.axis("off")
    ax.set_title(f"a step of {dx:g} through the chain: {rows[-1][2] / dx:.3g} times as long in the end", fontsize=10)


@picture
def activations(
    functions: Mapping[str, Sequence[OnArrays]] | None = None, low: float = -4.0, high: float = 4.0
) -> None:
    """The four activations, or your own `functions` by name, each with its slope."""
    xs = np.linspace(low, high, 161)
    shown = functions or {name: [f] for name, f in _ACTIVATIONS.items()}
    drawn = panels(len(shown), columns=min(2, len(shown)), width=4.2, height=2.3)
    for ax, (name, made) in zip(drawn, shown.items(), strict=False):
        lines = zip([name, "slope"], [CURVE, LINE], made, strict=False)
        try:
            for label, color, f in lines:
                ys = f(xs)
                if ys is None:
                    _not_yet(name)
                    return
                ax.plot(xs, ys, color=color, lw=2, label=label)
        except Exception as error:  # the learner's functions may do anything
            _not_yet(name, error)
            return
        ax.axhline(0, color=QUIET, lw=0.8)
        finish(ax, name, legend=bool(functions))


_ACTIVATIONS: dict[str, OnArrays] = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "relu": lambda x: x * (x > 0),
    "softplus": lambda x: np.log(1 + np.exp(x)),
}


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
    for number, (rate, path) in enumerate(zip(rates, paths, strict=True)):
        still = [(k, far) for k, far in enumerate(np.abs(path).tolist()) if far > 0]  # a log scale cannot show 0
        last.plot(*zip(*still, strict=True), "o-", ms=3, color=plt.cm.viridis(number / len(rates)), label=f"{rate:g}")
    last.set(yscale="log", xlabel="steps", xlim=(-0.5, 1.35 * steps))
    finish(last, "how far from the bottom")
    last.legend(frameon=False, fontsize=8, title="lr", loc="center right")


@picture
def learned_line(
    xs: Sequence[float],
    ys: Sequence[float],
    error: Function,
    d_error: Function,
    descend: Descend,
    lr: float,
    steps: int,
) -> None:
    """Left: the error as a function of w, with your path on it. Right: the data, and the line w*x after some steps."""
    paths = _paths(descend, d_error, 0.0, [lr], steps)
    if paths is None:
        return
    (path,) = paths
    left, right = panels(2, width=5.0, height=3.6)
    reach = max(abs(path - path[-1])) or 1.0
    curve(left, error, path[-1] - 1.15 * reach, path[-1] + 1.15 * reach)
    left.get_lines()[0].set_label("error")
    left.plot(path, [error(w) for w in path.tolist()], "o-", color=LINE, ms=4, lw=1, label="your path")
    left.set_xlabel("w")
    finish(left, f"the error, and {steps} steps on it")
    right.plot(xs, ys, "o", color=CURVE)
    ends = np.array([0.0, 1.05 * max(xs)])
    shown = sorted({k for k in (0, 1, 2, 4, steps) if k <= steps})
    for number, k in enumerate(shown, start=1):
        right.plot(ends, path[k] * ends, color=LINE, lw=1.6, alpha=number / len(shown))
        says = f"{k} step{'s' * (k != 1)}: w = {path[k]:.0f}"
        right.annotate(says, (ends[1], path[k] * ends[1]), (4, 0), textcoords="offset points", va="center", fontsize=9)
    right.set(xlabel="distance (megaparsecs)", ylabel="velocity (km/s)", xlim=(-0.05 * ends[1], 1.45 * ends[1]))
    finish(right, "the line learns", legend=False)


def _paths(descend: Descend, df: Function, x0: float, rates: Sequence[float], steps: int) -> list[Array] | None:
    """The paths of the learner's `descend` as arrays. If one cannot be drawn, prints why and returns None."""
    paths = []
    for rate in rates:
        try:
            path = np.asarray(descend(df, x0, rate, steps), dtype=float)
        except Exception as error:  # the learner's descend may do anything
            _not_yet("descend", error)
            return None
        if path.shape != (steps + 1,) or not np.isfinite(path).all():
            print(f"`descend` should give {steps + 1} finite numbers. First make its check pass.")
            return None
        paths.append(path)
    return paths


def _in_floats(f: Function) -> Function:
    """f with its values as plain floats (the learner's may return a Dual without an infinitesimal part)."""
    return lambda x: float(f(x))


def _not_yet(name: str, error: Exception | None = None) -> None:
    plt.close("all")
    if error is None or "NoneType" in str(error):  # a stub returns None
        print(f"`{name}` returned None: nothing to look at yet. First make its check pass.")
    else:
        print(f"`{name}` raised {type(error).__name__}: {error}. First make its check pass.")
