"""Checking gradients: nudges, rounding error, the error curve, kinks, random directions, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, Function, Point, curve, finish, panels, picture

__all__ = ["digits", "directions", "kink", "matrix_and_gradient", "nudges", "two_errors", "two_walks", "verdicts"]


class Differentiable(Protocol):
    """A value with a gradient, as an engine computes it."""

    data: float
    grad: float

    def backward(self) -> None: ...


Engine: TypeAlias = Callable[[float], Differentiable]
Build: TypeAlias = Callable[..., Differentiable]
Params: TypeAlias = Mapping[str, Array]
Loss: TypeAlias = Callable[[Params], float]
Gradients: TypeAlias = Callable[[Params], Params]


@picture
def nudges(f: Function, slope: float, x: float, h: float) -> None:
    """The tangent at x and two secants that need no derivative: from x to x + h, and from x - h to x + h."""
    here = f(x)
    for ax, (left, title) in zip(panels(2), [(x, "forward"), (x - h, "central")], strict=True):
        xs = curve(ax, f, x - 1.6 * h, x + 1.6 * h)
        ax.plot(xs, [here + slope * (at - x) for at in xs], color=QUIET, ls="--", lw=1.4, label=f"slope {slope:.4g}")
        steep = (f(x + h) - f(left)) / (x + h - left)
        ax.plot([left, x + h], [f(left), f(x + h)], "o-", color=LINE, lw=2, label=f"{title} {steep:.4g}")
        ax.plot([x], [here], "o", color=CURVE)
        ax.set_xticks([x - h, x, x + h], ["x − h", "x", "x + h"])
        finish(ax, title)


@picture
def digits(f: Function, x: float, widths: Sequence[float] = (1e-2, 1e-15)) -> None:
    """How far f moves from f(x), one panel per step width: a straight line until the digits of a float run out."""
    for ax, width in zip(panels(len(widths), width=4.2), widths, strict=True):
        steps = np.linspace(-width, width, 401).tolist()
        ax.plot([step / width for step in steps], [f(x + step) - f(x) for step in steps], color=CURVE, lw=1.6)
        ax.set_xticks([-1, 0, 1], [f"−{width:g}", "0", f"{width:g}"])
        ax.set(xlabel="step away from x", ylabel="f(x + step) − f(x)")
        finish(ax, f"steps up to {width:g}", legend=False)


@picture
def two_errors() -> None:
    """Why the error curve is a V: the curvature error grows with h, the rounding error grows as h shrinks."""
    hs = np.logspace(-16, 0, 161)
    for ax, (title, power) in zip(panels(2), [("forward", 1), ("central", 2)], strict=True):
        bend, rounding = hs**power, 1e-16 / hs
        ax.loglog(hs, bend, color=CURVE, ls="--", lw=1.4, label=f"the curve bends: {'h' if power == 1 else 'h·h'}")
        ax.loglog(hs, rounding, color=LINE, ls="--", lw=1.4, label="digits run out: 1e-16/h")
        ax.loglog(hs, bend + rounding, color="black", lw=1.6, label="together")
        best = hs[np.argmin(bend + rounding)]
        ax.axvline(best, color=QUIET, lw=1, ls=":")
        ax.set(xlabel="h", ylabel="error", ylim=(1e-18, 1e6))
        ax.legend(framealpha=1, edgecolor="white", fontsize=8, loc="upper center")
        finish(ax, f"{title}: best near h = {best:.0e}", legend=False)


@picture
def matrix_and_gradient(X: Array, gradient: Callable[[Array], Array]) -> None:
    """A matrix and, beside it, the slope of each entry; prints one line if the gradient is not written yet."""
    X = np.asarray(X, dtype=float)
    try:
        G = np.asarray(gradient(X), dtype=float)
        if G.shape != X.shape:
            raise ValueError(f"shape {X.shape} in, shape {G.shape} out")
    except Exception as error:  # the learner's function may do anything
        print(f"Nothing to look at yet ({type(error).__name__}: {error}). First make its check pass.")
        return
    reach = float(np.abs(G).max()) or 1.0
    colours = [np.zeros_like(X), G / reach]
    for ax, numbers, colour, title in zip(panels(2, height=2.4), [X, G], colours, ["X", "slope of f"], strict=True):
        ax.imshow(colour, cmap="coolwarm", vmin=-1.6, vmax=1.6)
        for (row, column), number in np.ndenumerate(numbers):
            ax.text(column, row, f"{number:.3g}", ha="center", va="center")
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, fontsize=10)


@picture
def kink(offset: float, step: float = 1.0) -> None:
    """relu near its kink: the point at offset·step, and the nudges to its left and right."""
    (ax,) = panels(1, width=6.0)
    xs = np.linspace(-1.4, 1.9, 300)
    ax.plot(xs, np.maximum(xs, 0), color=CURVE, lw=2, label="relu")
    ends = [offset - 1, offset, offset + 1]
    ax.plot(ends, np.maximum(ends, 0), "o", color=LINE, ms=7)
    for at, name in zip(ends, ["x − step", "x", "x + step"], strict=True):
        ax.annotate(name, (at, max(at, 0)), (-6, 9), textcoords="offset points", ha="right", color=LINE)
    ax.set_xticks([0, *ends], ["0", *(f"{end:+.2g} step" for end in ends)], fontsize=8, rotation=20)
    ax.set_ylim(-0.3, 2.1)
    finish(ax, "one nudge to each side, and a corner between them", legend=False)


@picture
def directions(L: Callable[[float, float], float], p: Point, count: int = 5, h: float = 1e-5) -> None:
    """A loss of two weights as a contour map, with random directions at `p` and the slope along each."""
    (ax,) = panels(1, width=6.4, height=5.0)
    x, y = (float(part) for part in p)
    side = np.linspace(-1.6, 1.6, 81)
    heights = [[L(x + across, y + up) for across in side] for up in side]
    ax.contourf(x + side, y + side, heights, levels=22, cmap="Blues", alpha=0.5)

    def along(u: float, w: float) -> float:
        return (L(x + h * u, y + h * w) - L(x - h * u, y - h * w)) / (2 * h)

    turns = (np.arange(count) + np.random.default_rng(1).uniform(0, 0.7, count)) * 2 * np.pi / count
    for turn in turns.tolist():
        u, w = np.cos(turn), np.sin(turn)
        _arrow(ax, (x, y), (u, w), LINE)
        place = (x + 1.25 * u, y + 1.25 * w)
        box = {"facecolor": "white", "edgecolor": LINE, "boxstyle": "round,pad=0.2"}
        ax.text(*place, f"{along(u, w):+.2f}", ha="center", va="center", fontsize=9, bbox=box)
    g = np.array([along(1, 0), along(0, 1)])
    right, up = 1.4 * g / (np.linalg.norm(g) or 1.0)
    _arrow(ax, (x, y), (float(right), float(up)), CORNER)
    ax.plot([x], [y], "o", color="black")
    ax.set(xlabel="p", ylabel="q", aspect="equal")
    finish(ax, "random directions, and the slope along each; green: the gradient", legend=False)


def _arrow(ax: Axes, start: Point, way: Point, color: str) -> None:
    end = (start[0] + way[0], start[1] + way[1])
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": color, "lw": 2.2, "shrinkA": 0, "shrinkB": 0})


@picture
def two_walks(
    failing_graph: Callable[[], tuple[Sequence[float], Build]], broken: Engine, repaired: Engine, h: float = 1e-6
) -> None:
    """The slope of each input of your graph by nudging, by the broken engine and by the fixed one."""
    try:
        inputs, build = failing_graph()
        slopes = {"nudged": _nudged(build, broken, inputs, h)}
        for name, engine in (("broken", broken), ("repaired", repaired)):
            nodes = [engine(x) for x in inputs]
            build(*nodes).backward()
            slopes[name] = [node.grad for node in nodes]
    except Exception as error:  # the learner's graph and engine may do anything
        print(f"Nothing to look at yet ({type(error).__name__}: {error}). First make its check pass.")
        return
    (ax,) = panels(1, width=6.0)
    places = np.arange(len(inputs))
    for shift, (name, color) in enumerate([("nudged", QUIET), ("broken", LINE), ("repaired", CORNER)]):
        bars = ax.bar(places + 0.27 * (shift - 1), slopes[name], 0.25, color=color, label=name)
        ax.bar_label(bars, fmt="%.3g", fontsize=8, padding=2)
    ax.axhline(0, color=QUIET, lw=1)
    ax.set_xticks(places, [f"input {number + 1}" for number in places])
    ax.margins(y=0.15)
    finish(ax, "the slope of each input of your graph")


def _nudged(build: Build, engine: Engine, inputs: Sequence[float], h: float) -> list[float]:
    slopes = []
    for at in range(len(inputs)):
        up, down = ([x + way * h * (at == i) for i, x in enumerate(inputs)] for way in (1, -1))
        slopes.append((build(*map(engine, up)).data - build(*map(engine, down)).data) / (2 * h))
    return slopes


@picture
def verdicts(
    judge: Callable[[Loss, Gradients, Params], Mapping[str, float]],
    loss: Loss,
    passes: Mapping[str, Gradients],
    params: Params,
    threshold: float = 1e-5,
) -> None:
    """What your judge says about each backward pass: one row per pass, one column per parameter."""
    try:
        found = {title: judge(loss, grads, params) for title, grads in passes.items()}
        errors = np.array([[float(row[name]) for name in params] for row in found.values()])
    except Exception as error:  # the learner's judge may do anything
        print(f"Nothing to look at yet ({type(error).__name__}: {error}). First make its check pass.")
        return
    _, ax = plt.subplots(figsize=(2.6 + 1.5 * len(params), 1.0 + 0.42 * len(passes)), layout="constrained")
    right = errors < threshold
    colours = np.array([[0.96, 0.80, 0.72], [0.78, 0.90, 0.80]])[right.astype(int)]
    ax.imshow(colours, aspect="auto")
    for (row, column), size in np.ndenumerate(errors):
        ax.text(column, row, f"{size:.1g}", ha="center", va="center", fontsize=10)
    titles = [f"{'✓' if row.all() else '✗'}  {title}" for row, title in zip(right, passes, strict=True)]
    ax.set_yticks(range(len(passes)), titles)
    ax.set_xticks(range(len(params)), list(params))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlabel(f"relative error; red: {threshold:.0e} or more", color=QUIET)
