"""Checking gradients: nudges, rounding error, the error curve, kinks, random directions, verdicts."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

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
)
from kit.pictures.graphs import GraphNode, graph

__all__ = [
    "both_gradients",
    "digits_run_out",
    "directions",
    "kink",
    "matrix_and_gradient",
    "nudges",
    "two_errors",
    "two_walks",
    "verdicts",
    "wrong_layer",
]


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
def digits_run_out(f: Function, x: float, widths: Sequence[float] = (1e-2, 1e-15)) -> None:
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
    (ax,) = panels(1, width=5.4)
    xs = np.linspace(-1.4, 1.9, 300)
    ax.plot(xs, np.maximum(xs, 0), color=CURVE, lw=2, label="relu")
    ends = [offset - 1, offset, offset + 1]
    ax.plot(ends, np.maximum(ends, 0), "o", color=LINE, ms=7, zorder=3)
    for chord, color, style, name in ((ends[1:], LINE, "-", "forward"), (ends[::2], CORNER, "--", "central")):
        ax.plot(chord, np.maximum(chord, 0), style, color=color, lw=1.8, label=name)
    for at, name in zip(ends, ["x − step", "x", "x + step"], strict=True):
        ax.annotate(name, (at, max(at, 0)), (-6, 9), textcoords="offset points", ha="right", color=LINE)
    ax.set_xticks([0, *ends], ["0", *(f"{end:+.2g} step" for end in ends)], fontsize=8, rotation=20)
    ax.set_ylim(-0.3, 2.1)
    finish(ax, "one nudge to each side, and a corner between them")


@picture
def directions(L: Callable[[float, float], float], p: Point, count: int = 5, h: float = 1e-5) -> None:
    """A loss of two weights as a contour map, dark where it is low, with random directions and the slope along each."""
    (ax,) = panels(1, width=5.2, height=4.8)
    x, y = (float(part) for part in p)
    side = np.linspace(-1.6, 1.6, 81)
    heights = [[L(x + across, y + up) for across in side] for up in side]
    ax.contourf(x + side, y + side, heights, levels=22, cmap="Blues_r", alpha=0.5)
    ax.clabel(ax.contour(x + side, y + side, heights, levels=9, colors=QUIET, linewidths=0.7), fontsize=7)

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
    ax.set(xlabel="w0", ylabel="w1", aspect="equal")
    finish(ax, "the slope along each direction; green: the gradient\ngrey numbers: the loss, dark is low", legend=False)


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
    (ax,) = panels(1, width=5.4)
    places = np.arange(len(inputs))
    for shift, (name, color) in enumerate([("nudged", QUIET), ("broken", LINE), ("repaired", CORNER)]):
        bars = ax.bar(places + 0.27 * (shift - 1), slopes[name], 0.25, color=color, label=name)
        ax.bar_label(bars, fmt="%.3g", fontsize=8, padding=2)
    ax.axhline(0, color=QUIET, lw=1)
    ax.set_xticks(places, [f"input {number + 1}" for number in places])
    ax.margins(y=0.15)
    finish(ax, "the slope of each input of your graph")


@picture
def both_gradients(
    failing_graph: Callable[[], tuple[Sequence[float], Build]], broken: Engine, repaired: Engine
) -> None:
    """Your graph with the gradient of the repaired engine on each node; in bold, what the broken one says instead."""
    try:
        inputs, build = failing_graph()
        wrong, right = (build(*map(engine, inputs)) for engine in (broken, repaired))
        wrong.backward()
        right.backward()
        graph(_side_by_side(wrong, right, {}))
    except Exception as error:  # the learner's graph and engine may do anything
        print(f"Nothing to look at yet ({type(error).__name__}: {error}). First make its check pass.")


@dataclasses.dataclass
class _Both:
    """A node of a graph that two engines have walked back through."""

    name: str
    data: float
    grad: float
    inputs: Sequence[GraphNode]


def _side_by_side(wrong: Any, right: Any, made: dict[int, _Both]) -> _Both:
    """The nodes of two copies of one graph, with both gradients; a node that is used twice is made once."""
    if id(wrong) not in made:
        parts = zip(wrong.edges, right.edges, strict=True)
        inputs = [_side_by_side(one, other, made) for (one, _), (other, _) in parts]
        agrees = np.isclose(wrong.grad, right.grad, rtol=1e-6)
        name = "" if agrees else f"broken {wrong.grad:.3g}"
        made[id(wrong)] = _Both(name, float(wrong.data), float(right.grad), inputs)
    return made[id(wrong)]


@picture
def wrong_layer(gradient_check: Callable[..., Mapping[str, float]], limit: float = 1e-5) -> None:
    """A net of three layers whose backward pass has a bug in one: the layer that your judge finds wrong lights up."""
    sizes, rng = (3, 5, 4, 2), np.random.default_rng(8)
    params = {f"W{at + 1}": rng.normal(size=size) / 2 for at, size in enumerate(itertools.pairwise(sizes))}
    rows, wanted = rng.normal(size=(6, sizes[0])), rng.normal(size=(6, sizes[-1]))

    def loss(numbers: Params = params) -> Any:
        out = rows
        for name, W in numbers.items():
            out = np.einsum("ni,io->no", out, W)
            out = out if name == "W3" else np.tanh(out)
        return ((out - wanted) ** 2).mean()

    grads = {name: _slopes(loss, params, name) for name in params}
    grads["W2"] = grads["W2"] * np.where(np.arange(sizes[2]) == 1, 0.5, 1.0)  # the bug: one column, half of its slope
    try:
        errors = gradient_check(loss, grads, params)
        found = [float(errors[name]) for name in params]
    except Exception as error:  # the learner's judge may do anything
        not_yet("gradient_check", error)
        return
    (ax,) = panels(1, width=5.2, height=3.2)
    spots = [[(2.0 * at, (count - 1) / 2 - row) for row in range(count)] for at, count in enumerate(sizes)]
    for (left, right), size, name in zip(itertools.pairwise(spots), found, params, strict=True):
        color, width = (QUIET, 0.7) if size < limit else (LINE, 2.0)
        for x0, y0 in left:
            for x1, y1 in right:
                ax.plot([x0, x1], [y0, y1], color=color, lw=width, zorder=1)
        mark = "✓" if size < limit else "✗"
        ax.text(
            left[0][0] + 1, -3.1, f"{mark} {name}: {size:.1g}", ha="center", color="black" if size < limit else LINE
        )
    dots = np.array([spot for layer in spots for spot in layer])
    ax.scatter(dots[:, 0], dots[:, 1], s=150, color=CURVE, zorder=2)
    ax.set(ylim=(-3.6, 2.6))
    ax.axis("off")
    ax.set_title("where is the bug? the relative error of each layer, by your judge", fontsize=10)


def _slopes(loss: Callable[[Params], Any], params: Params, name: str, step: float = 1e-30) -> Array:
    """The slope of the loss by each entry of params[name], by a complex step: exact to rounding."""
    found = np.empty(params[name].shape)
    for place in np.ndindex(found.shape):
        moved = params[name].astype(complex)
        moved[place] += 1j * step
        found[place] = loss({**params, name: moved}).imag / step
    return found


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
    _, ax = plt.subplots(figsize=(2.6 + 1.0 * len(params), 1.0 + 0.42 * len(passes)), layout="constrained")
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
