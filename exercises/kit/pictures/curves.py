"""Curves and their slopes: a drive, rise over run, the growing square, the microscope, which way is down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import matplotlib.pyplot as plt
import numpy as np

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Function, curve, finish, panels, picture, rate_of, slider

__all__ = [
    "advice",
    "chord_slider",
    "drive_graph",
    "match",
    "places",
    "rise_over_run",
    "square_grows",
    "zoom",
    "zoom_slider",
]


Measure: TypeAlias = Callable[[Function, float], float]  # the learner's slope(f, x), or signal(f, x)


@picture
def drive_graph(drive: Function, slope: Measure | None = None, hours: float = 3.0, start: int = 2) -> None:
    """Where a car was at each minute; with the learner's `slope`, its speed below, and when it was fastest."""
    minutes = range(round(60 * hours) + 1)
    ticks = [0.5 * half for half in range(round(2 * hours) + 1)]
    clock = [f"{start + int(t)}:{round(t % 1 * 60):02d}" for t in ticks]
    axes = panels(1 if slope is None else 2, columns=1, width=5.4, height=2.7)
    axes[0].plot([m / 60 for m in minutes], [drive(m / 60) for m in minutes], color=CURVE, lw=2.5)
    finish(axes[0], "where the car was", legend=False)
    axes[0].set_ylabel("kilometre")
    for ax in axes:
        ax.set_xticks(ticks, clock)
    if slope is None:
        return
    try:
        speeds = [float(slope(drive, m / 60)) for m in minutes]
    except Exception as error:  # the learner's slope may do anything
        plt.close("all")
        print(f"`slope` raised {type(error).__name__}: {error}. First make its check pass.")
        return
    best = max(minutes, key=lambda m: speeds[m])
    when = f"{start + best // 60}:{best % 60:02d}"
    axes[1].plot([m / 60 for m in minutes], speeds, color=LINE, lw=2.5)
    axes[1].set_ylabel("km/h")
    for ax, height in zip(axes, (drive(best / 60), speeds[best]), strict=True):
        ax.axvline(best / 60, color=QUIET, ls="--", lw=1.2)
        ax.plot([best / 60], [height], "o", color=CORNER, ms=9)
    finish(axes[1], f"its slope, which is its speed: fastest at {when}, at {speeds[best]:.0f} km/h", legend=False)


@picture
def rise_over_run(f: Function, a: float, b: float) -> None:
    """The curve of f, and a step from (a, f(a)) to (b, f(b)): across by the run, up by the rise."""
    (ax,) = panels(1)
    margin = 0.25 * abs(b - a)
    curve(ax, f, min(a, b) - margin, max(a, b) + margin)
    ya, yb = f(a), f(b)
    ax.plot([a, b, b], [ya, ya, yb], color=QUIET, ls="--", lw=1.2)
    ax.plot([a, b], [ya, yb], "o-", color=LINE, lw=2, label=f"rate = {yb - ya:g}/{b - a:g} = {(yb - ya) / (b - a):g}")
    ax.annotate(f"run {b - a:g}", ((a + b) / 2, ya), (0, -14), textcoords="offset points", ha="center", color=QUIET)
    ax.annotate(f"rise {yb - ya:g}", (b, (ya + yb) / 2), (8, 0), textcoords="offset points", va="center", color=QUIET)
    finish(ax, "rise over run")


@picture
def square_grows(x: float, steps: Sequence[float] = (1.0, 0.25)) -> None:
    """A square of side x that grows by dx: two strips x·dx, and dx·dx in the corner."""
    squares = panels(len(steps), width=3.6, height=3.9)
    size = x + max(steps)
    for ax, dx in zip(squares, steps, strict=True):
        for left, low, wide, high, color, text in [
            (0, 0, x, x, CURVE, "x·x"),
            (x, 0, dx, x, LINE, "x·dx"),
            (0, x, x, dx, LINE, "x·dx"),
            (x, x, dx, dx, CORNER, "dx·dx" if dx > 0.2 * x else ""),
        ]:
            ax.add_patch(plt.Rectangle((left, low), wide, high, facecolor=color, alpha=0.3, edgecolor=color, lw=1.2))
            turn = 90 if high > wide else 0
            ax.text(left + wide / 2, low + high / 2, text, ha="center", va="center", rotation=turn)
        ax.set(xlim=(-0.03 * size, 1.03 * size), ylim=(-0.03 * size, 1.03 * size), aspect="equal")
        ax.axis("off")
        ax.set_title(f"dx = {dx:g}\neach strip {x * dx:g}, corner {dx * dx:g}", fontsize=10)


@picture
def chord_slider(f: Function, a: float, widths: Sequence[float] = (4.0, 2.0, 1.0, 0.5, 0.1)) -> None:
    """A step from a to a + h with a slider for h; without ipywidgets, one panel for the widest, a middle, the least."""

    def show(h: float, chosen: Sequence[float] = ()) -> None:
        axes = panels(len(chosen) or 1, width=3.4 if chosen else 4.8, height=3.0)
        for ax, width in zip(axes, chosen or [h], strict=True):
            curve(ax, f, a - 1, a + 1.1 * max(widths))
            rate = (f(a + width) - f(a)) / width
            ends = [a - 1, a + 1.1 * max(widths)]
            ax.plot(ends, [f(a) + rate * (x - a) for x in ends], color=QUIET, lw=1.2, ls="--")
            ax.plot([a, a + width], [f(a), f(a + width)], "o-", color=LINE, lw=2)
            finish(ax, f"h = {width:g}:  rate {rate:g}", legend=False)

    if not slider(show, "h", widths):
        show(0, [widths[0], widths[len(widths) // 2], widths[-1]])


@picture
def zoom(f: Function, x0: float, widths: Sequence[float] = (4.0, 1.0, 0.25)) -> None:
    """The same curve at higher and higher magnification, the same in both directions; each next window is framed.

    The dashed line is the tangent, measured; there is none where the sides disagree.
    """
    y0, rate, widest = f(x0), rate_of(f), widths[0]
    kink = abs(rate(x0 - 2e-6) - rate(x0 + 2e-6)) > 1e-3
    xs = np.linspace(x0 - widest / 2, x0 + widest / 2, 201).tolist()
    tall = 2.2 * max([abs(f(x) - y0) for x in xs] + [widest / 20])
    drawn = panels(len(widths), width=3.2, height=2.9)
    for number, (ax, width) in enumerate(zip(drawn, widths, strict=True)):
        left, high = x0 - width / 2, tall * width / widest
        if not kink:
            ends = [left, left + width]
            ax.plot(ends, [y0 + rate(x0) * (x - x0) for x in ends], color=QUIET, lw=1.5, ls="--", label="tangent")
        curve(ax, f, left, left + width)
        ax.plot([x0], [y0], "o", color=LINE)
        ax.set(xlim=(left, left + width), ylim=(y0 - high / 2, y0 + high / 2))
        for smaller in widths[number + 1 : number + 2]:
            low = tall * smaller / widest
            box = plt.Rectangle((x0 - smaller / 2, y0 - low / 2), smaller, low, fill=False, edgecolor=LINE, lw=1.2)
            ax.add_patch(box)
        ax.ticklabel_format(useOffset=False)
        ax.locator_params(nbins=4)
        finish(ax, f"{width:g} wide" if number == 0 else f"{widest / width:g} times closer", legend=False)


@picture
def zoom_slider(f: Function, x0: float, widest: float = 4.0) -> None:
    """`zoom` with a slider for the magnification, or static panels if ipywidgets is not installed."""

    def show(times: float) -> None:
        zoom(f, x0, (widest,) if times == 1 else (widest, widest / times))

    if not slider(show, "zoom ×", [1, 3, 10, 30, 100, 1000]):
        zoom(f, x0, (widest, widest / 10, widest / 100))


@picture
def match(
    functions: Sequence[Function], slope: Callable[[Function, float], float], low: float = -3.0, high: float = 3.0
) -> None:
    """Graphs 1, 2, 3 in the top row; their slopes a, b, c in another order below, for matching."""
    count = len(functions)
    drawn = panels(2 * count, columns=count, width=3.2, height=2.2)
    xs = np.linspace(low, high, 181).tolist()
    for number, (ax, f) in enumerate(zip(drawn[:count], functions, strict=True), start=1):
        ax.plot(xs, [f(x) for x in xs], color=CURVE, lw=2)
        finish(ax, f"graph {number}", legend=False)
    others = sorted(functions, key=lambda f: f(low + 1e-3) - f(low))  # sorted by slope at the left end
    for letter, ax, f in zip("abcdef", drawn[count:], others, strict=False):
        ax.axhline(0, color=QUIET, lw=1)
        try:
            ax.plot(xs, [slope(f, x) for x in xs], color=LINE, lw=2)
        except Exception:  # the learner's slope may do anything
            ax.text(0.5, 0.6, "write `slope` first", transform=ax.transAxes, ha="center", color=QUIET)
        finish(ax, f"slope {letter}", legend=False)


@picture
def places(f: Function, at: Sequence[float], low: float = -3.5, high: float = 3.5) -> None:
    """The curve of f, with the places `at` marked A, B, C."""
    (ax,) = panels(1, width=5.4)
    curve(ax, f, low, high)
    for name, x in zip("ABCDEFGH", at, strict=False):
        ax.plot([x], [f(x)], "o", color=LINE, ms=7)
        ax.annotate(name, (x, f(x)), (0, 9), textcoords="offset points", ha="center", color=LINE, fontweight="bold")
    ax.margins(y=0.15)
    finish(ax, "which way is down?", legend=False)


@picture
def advice(
    functions: Sequence[Function],
    signal: Callable[[Function, float], float],
    low: float = -3.0,
    high: float = 3.0,
    count: int = 13,
) -> None:
    """Curves, with the output of your `signal` along them: an arrow, or a dot where it is 0."""
    length = 0.7 * (high - low) / count
    for ax, f in zip(panels(len(functions), width=5.0, height=3.4), functions, strict=True):
        curve(ax, f, low, high, points=901)
        silent = []
        for x in np.linspace(low, high, count + 2)[1:-1].tolist():
            try:
                way, y = signal(f, x), f(x)
            except Exception as error:  # the learner's signal may do anything
                plt.close("all")
                print(f"`signal` raised {type(error).__name__}: {error}. First make its check pass.")
                return
            if way is None or way not in (-1, 0, 1):
                plt.close("all")
                print(f"`signal` gave {way!r} at {x:.3g}, not -1, 0 or 1. First make its check pass.")
                return
            if way:
                arrow = {"arrowstyle": "-|>", "color": LINE, "lw": 2, "shrinkA": 0, "shrinkB": 0}
                ax.annotate("", (x + way * length, y), (x, y), arrowprops=arrow)
            else:
                silent.append((x, y))
        if silent:
            ax.plot(*zip(*silent, strict=True), "o", color=QUIET, ms=8, label="no advice")
        finish(ax, getattr(f, "__name__", repr(f)), legend=bool(silent))
