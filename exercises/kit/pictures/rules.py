"""The differentiation rules: growing rectangles, stretched steps, stepwise growth.

A picture that needs a learner's function prints one line with what to do first if that is not written yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from kit.pictures.drawing import (
    CORNER,
    CURVE,
    LINE,
    QUIET,
    Array,
    Function,
    Point,
    curve,
    finish,
    not_yet,
    panels,
    picture,
    slider,
)

__all__ = [
    "activations",
    "growing",
    "growing_slider",
    "measured_slopes",
    "on_the_circle",
    "rectangle_grows",
    "stretches",
]


OnArrays: TypeAlias = Callable[[Array], Array | None]


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
            not_yet(f"slope` or `{text}", error)
            return
        ax.axhline(0, color=QUIET, lw=0.8)
        finish(ax, f"f = {text}")


@picture
def rectangle_grows(f: Function, g: Function, x: float, steps: Sequence[float] = (0.5, 0.1)) -> None:
    """A rectangle with sides f(x) and g(x), and what it gains when they grow by df and dg: two strips and a corner."""
    wide, high = f(x), g(x)
    across, up = f(x + max(steps)), g(x + max(steps))
    for ax, dx in zip(panels(len(steps), width=4.4, height=3.6), steps, strict=True):
        df, dg = f(x + dx) - wide, g(x + dx) - high
        for left, low, width, height, color, text in [
            (0, 0, wide, high, CURVE, "f·g"),
            (wide, 0, df, high, LINE, "df·g"),
            (0, high, wide, dg, LINE, "f·dg"),
            (wide, high, df, dg, CORNER, ""),
        ]:
            ax.add_patch(plt.Rectangle((left, low), width, height, facecolor=color, alpha=0.3, edgecolor=color, lw=1.2))
            if min(width, height) > 0.04 * max(across, up):
                turn = 90 if height > width else 0
                ax.text(left + width / 2, low + height / 2, text, ha="center", va="center", rotation=turn)
        for text, place, shift in [
            ("f", (wide / 2, 0), (0, -10)),
            ("df", (wide + df / 2, 0), (0, -10)),
            ("g", (0, high / 2), (-10, 0)),
            ("dg", (0, high + dg / 2), (-12, 0)),
        ]:
            ax.annotate(text, place, shift, textcoords="offset points", ha="center", va="center", color=QUIET)
        ax.set(xlim=(-0.1 * across, 1.03 * across), ylim=(-0.12 * up, 1.03 * up), aspect="equal")
        ax.axis("off")
        ax.set_title(
            f"df = {df:.3g}, dg = {dg:.3g}\nstrips {df * high:.3g} and {dg * wide:.3g}, corner {df * dg:.3g}",
            fontsize=10,
        )


@picture
def growing(grow: Callable[[float, int], float], x: float, counts: Sequence[int] = (1, 2, 4, 16)) -> None:
    """exp, and how your `grow` takes 1 there in a few steps."""
    try:
        paths = [
            ([k * x / n for k in range(n + 1)], [1.0, *(grow(k * x / n, k) for k in range(1, n + 1))]) for n in counts
        ]
        drawable = all(math.isfinite(y) for _, ys in paths for y in ys)
    except Exception as error:  # the learner's grow may do anything
        not_yet("grow", error)
        return
    if not drawable:
        print("`grow` gave something that is not a finite number. First make its check pass.")
        return
    (ax,) = panels(1, width=5.2)
    curve(ax, math.exp, min(0, x), max(0, x))
    ax.get_lines()[0].set_label("exp")
    for number, (n, (xs, ys)) in enumerate(zip(counts, paths, strict=True), start=1):
        many = f"{n} step{'s' * (n > 1)}"
        ax.plot(xs, ys, "o-", ms=3, lw=1.2, color=LINE, alpha=0.25 + 0.75 * number / len(counts), label=many)
    finish(ax, "growth by steps, and exp")


@picture
def growing_slider(grow: Callable[[float, int], float], x: float) -> None:
    """`growing` with a slider for the number of steps, or nothing more than `growing` shows if there is none."""

    def show(n: float) -> None:
        growing(grow, x, [int(n)])

    if not slider(show, "steps", [1, 2, 3, 4, 6, 8, 12, 24, 100]):
        print("(There are no sliders here: the picture above shows 1, 2, 4 and 16 steps.)")


@picture
def on_the_circle(t: float, step: float) -> None:
    """The unit circle at arc length t: how a small step along it changes the height and the horizontal position."""
    (ax,) = panels(1, width=4.8, height=4.4)
    turn = np.linspace(-0.15, math.pi / 2 + 0.15, 120)
    ax.plot(np.cos(turn), np.sin(turn), color=CURVE, lw=2)
    x, y = math.cos(t), math.sin(t)
    dx, dy = -y * step, x * step  # the step along the tangent
    arc = np.linspace(0, t, 40)
    ax.plot(np.cos(arc), np.sin(arc), color=CORNER, lw=4)
    _right_angle(ax, (x, 0), (-1, 0), (0, 1))
    _right_angle(ax, (x, y), (-x, -y), (-y, x))
    ax.fill([0, x, x], [0, 0, y], color=CURVE, alpha=0.12, lw=0)
    ax.plot([0, x, x, 0], [0, 0, y, 0], color=CURVE, lw=1.2)
    ax.fill([x, x, x + dx], [y, y + dy, y + dy], color=LINE, alpha=0.25, lw=0)
    ax.plot([x, x, x + dx], [y, y + dy, y + dy], color=LINE, lw=1.2)
    ax.annotate("", (x + dx, y + dy), (x, y), arrowprops={"arrowstyle": "-|>", "color": LINE, "lw": 2})
    for text, place, offset, where, color in [
        ("cos(t)", (x / 2, 0), (0, -14), "center", CURVE),
        ("sin(t)", (x, y / 2), (-5, -8), "right", CURVE),
        ("1", (x / 2, y / 2), (-8, 4), "center", CURVE),
        ("t, along the circle", (math.cos(t / 2), math.sin(t / 2)), (6, 0), "left", CORNER),
        ("the step", (x + dx / 2, y + dy / 2), (-6, -4), "right", LINE),
        ("change of sin(t)", (x, y + dy / 2), (5, 0), "left", LINE),
        ("change of cos(t)", (x + dx / 2, y + dy), (0, 6), "center", LINE),
    ]:
        ax.annotate(text, place, offset, textcoords="offset points", ha=where, va="center", color=color, fontsize=9)
    ax.set(xlim=(-0.08, 1.5), ylim=(-0.16, 1.2), aspect="equal")
    ax.axis("off")
    ax.set_title("a little step along the circle", fontsize=10)


def _right_angle(ax: Axes, at: Point, one: Point, other: Point, size: float = 0.06) -> None:
    """Mark the right angle at a corner between two directions of length 1."""
    steps = [one, (one[0] + other[0], one[1] + other[1]), other]
    ax.plot([at[0] + size * dx for dx, _ in steps], [at[1] + size * dy for _, dy in steps], color=QUIET, lw=1)


@picture
def stretches(links: Sequence[tuple[str, Function]], x: float, dx: float) -> None:
    """A small step dx at x, and its length after each of `links`, pairs (text, function)."""
    rows, value, end = [("x", x, dx)], x, x + dx
    for text, f in links:
        value, end = f(value), f(end)
        rows.append((text, value, end - value))
    (ax,) = panels(1, width=5.6, height=0.9 * len(rows) + 0.4)
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
                    not_yet(name)
                    return
                ax.plot(xs, ys, color=color, lw=2, label=label)
        except Exception as error:  # the learner's functions may do anything
            not_yet(name, error)
            return
        ax.axhline(0, color=QUIET, lw=0.8)
        finish(ax, name, legend=bool(functions))


_ACTIVATIONS: dict[str, OnArrays] = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "relu": lambda x: x * (x > 0),
    "softplus": lambda x: np.log(1 + np.exp(x)),
}


def _in_floats(f: Function) -> Function:
    """f with its values as plain floats (the learner's may return a Dual without an infinitesimal part)."""
    return lambda x: float(f(x))
