"""Computation graphs with the values of the forward pass and the gradients of the backward pass; shapes; pushes.

A node is any object with `inputs`. Its `name`, `op`, `data`, `grad` and `slopes` are shown if present. The drawing
reads from left to right: every node is in a column to the right of all its inputs. An arrow that passes a column has a
slot reserved there, so it never crosses a box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, Function, Point, curve, finish, panels, picture

__all__ = ["firing_order", "graph", "hold_one", "jacobian", "pushes", "shapes"]

WIDE, HIGH = 0.7, 0.62  # size of a box; columns and rows are 1 apart
MOST = 60  # maximum number of boxes in a picture


class GraphNode(Protocol):
    """A value in a computation, and the inputs it was computed from."""

    inputs: Sequence[GraphNode]


OfTwo: TypeAlias = Callable[[list[float]], float]
Stop: TypeAlias = int | tuple[str, int, int]  # a node's id, or ("pass", id of the arrow's first node, column)
Places: TypeAlias = dict[int, tuple[GraphNode, Point]]
Routes: TypeAlias = list[tuple[GraphNode, int, list[Point]]]


@picture
def graph(thing: GraphNode | Callable[[], Mapping[str, GraphNode]], slopes: bool = False) -> None:
    """The graph that ends in the node `thing`, or in the last node of the {name: node} that your function returns.

    With `slopes`, the arrows are labelled with the local slopes.
    """
    nodes = _made(thing)
    if not nodes:
        return
    names = {id(node): name for name, node in nodes.items()}
    output = list(nodes.values())[-1]
    places, routes = _layout(output)
    ax = _canvas(places, routes)
    for node, number, points in routes:
        _arrow(ax, points)
        known: Sequence[float] = getattr(node, "slopes", None) or ()
        if slopes and len(known) > number:
            _on_arrow(ax, points, number, f"{known[number]:.3g}")
    for node, (x, y) in places.values():
        name, op = names.get(id(node)) or getattr(node, "name", ""), getattr(node, "op", "")
        head = f"{name} = {op}" if name and op else name or op
        value, grad = _short(getattr(node, "data", None)), _short(getattr(node, "grad", None))
        leaf = not node.inputs
        _box(ax, x, y, CORNER if leaf else LINE if node is output else CURVE)
        lines = [(head, "black", True), (value, "black", False), (grad and f"grad {grad}", LINE, False)]
        lines = [line for line in lines if line[0]]
        for row, (text, color, bold) in enumerate(lines):
            height = y + 0.19 * ((len(lines) - 1) / 2 - row)
            ax.text(x, height, text, color=color, ha="center", va="center", fontsize=9, fontweight=_weight(bold))


@picture
def firing_order(node: GraphNode, topological: Callable[[GraphNode], Iterable[GraphNode]]) -> None:
    """The graph of `node`, numbered in the order of *your* `topological`; arrows that break it are highlighted."""
    try:
        order = list(topological(node))
    except Exception as error:  # the learner's function may do anything
        print(f"`topological` raised {type(error).__name__}: {error}. First make its check pass.")
        return
    turns: dict[int, list[float]] = {}
    for turn, spoken in enumerate(order, start=1):
        turns.setdefault(id(spoken), []).append(turn)
    places, routes = _layout(node)
    ax = _canvas(places, routes)
    for user, number, points in routes:
        first = min(turns.get(id(user), [np.inf]))
        early = first < min(turns.get(id(user.inputs[number]), [0]))
        _arrow(ax, points, LINE if early else QUIET, 2.2 if early else 1.1)
    for drawn, (x, y) in places.values():
        listed = turns.get(id(drawn), [])
        _box(ax, x, y, CURVE if len(listed) == 1 else LINE)
        ax.text(x, y + 0.12, getattr(drawn, "name", ""), ha="center", va="center", fontsize=9, fontweight="bold")
        said = "not listed" if not listed else "turn " + ", ".join(map(str, listed))
        ax.text(x, y - 0.12, said, ha="center", va="center", fontsize=8.5, color=LINE if len(listed) != 1 else "black")


@picture
def hold_one(
    f: OfTwo,
    x: float,
    y: float,
    gradient: Callable[[OfTwo, list[float]], Sequence[float]] | None = None,
    reach: float = 1.5,
) -> None:
    """f(x, y) as a map with two cuts, and the two slices: one where only x varies, one where only y does.

    If your gradient(f, [x, y]) is given, its two slopes are drawn as tangents.
    """
    try:
        slopes = [None, None] if gradient is None else [float(slope) for slope in gradient(f, [x, y])]
        along_x, along_y = slopes
    except Exception as error:  # the learner's function and Dual may do anything
        print(f"No tangents yet ({type(error).__name__}: {error}).")
        return
    above, left, right = panels(3, width=3.3, height=2.9)
    _map_with_cuts(above, f, x, y, reach)
    slices: list[tuple[Axes, str, float, float | None, str, Function]] = [
        (left, "x", x, along_x, f"y = {y:g} is held", lambda t: f([t, y])),
        (right, "y", y, along_y, f"x = {x:g} is held", lambda t: f([x, t])),
    ]
    for ax, name, at, slope, held, slice_ in slices:
        curve(ax, slice_, at - reach, at + reach)
        if slope is not None:
            ends = [at - reach / 2, at + reach / 2]
            ax.plot(ends, [slice_(at) + slope * (end - at) for end in ends], color=LINE, lw=1.6)
            held = f"{held}: slope {slope:g}"
        ax.plot([at], [slice_(at)], "o", color=LINE, ms=7)
        ax.set_xlabel(f"{name} moves")
        finish(ax, held, legend=False)


def _map_with_cuts(ax: Axes, f: OfTwo, x: float, y: float, reach: float) -> None:
    """Lines of equal height of f around (x, y), and the two lines through it along which one input moves."""
    xs, ys = np.linspace(x - reach, x + reach, 31), np.linspace(y - reach, y + reach, 31)
    heights = np.array([[float(f([x, other])) for x in xs.tolist()] for other in ys.tolist()])
    lines = ax.contour(xs, ys, heights, levels=9, colors=QUIET, linewidths=0.8)
    ax.clabel(lines, fontsize=7)
    ax.plot([xs[0], xs[-1]], [y, y], color=LINE, lw=2)
    ax.plot([x, x], [ys[0], ys[-1]], color=CORNER, lw=2)
    ax.plot([x], [y], "o", color=CURVE, ms=7)
    ax.set(xlabel="x", ylabel="y")
    finish(ax, "from above: two cuts", legend=False)


@picture
def shapes(*rows: Sequence[str | tuple[str, int | str, int | str]]) -> None:
    """Matrices side by side, to scale: each row is a list of (name, rows, columns) and signs such as "@" and "="."""
    figure = plt.figure()
    ax = figure.add_axes((0, 0, 1, 1))
    widest = 0.0
    for line, row in enumerate(rows):
        middle, x = -3.1 * line, 0.0
        for part in row:
            if isinstance(part, str):
                ax.text(x + 0.15, middle, part, ha="center", va="center", fontsize=12)
                x += 1.15
                continue
            name, down, along = part
            high, wide = _length(down), _length(along)
            color = LINE if name.startswith("d") else CURVE
            table = plt.Rectangle((x, middle - high / 2), wide, high, facecolor=color, alpha=0.2, edgecolor=color)
            ax.add_patch(table)
            ax.text(x + wide / 2, middle, name, ha="center", va="center", fontsize=12, fontweight="bold")
            ax.text(x + wide / 2, middle + high / 2 + 0.1, str(along), ha="center", va="bottom", fontsize=11)
            ax.text(x - 0.08, middle, str(down), ha="right", va="center", fontsize=11)
            x += wide + 0.5
        widest = max(widest, x)
    left, right, low, high = -0.7, widest - 0.2, -3.1 * (len(rows) - 1) - 1.2, 1.6
    ax.set(xlim=(left, right), ylim=(low, high), aspect="equal")
    figure.set_size_inches(0.62 * (right - left), 0.62 * (high - low))
    ax.axis("off")


@picture
def jacobian(softmax_jacobian: Callable[[Array], Array], z: Sequence[float]) -> None:
    """Your Jacobian, the slope of every probability (rows) in every logit (columns), in colours and numbers."""
    try:
        table = np.asarray(softmax_jacobian(np.array(z, dtype=float)), dtype=float)
        if table.shape != (len(z), len(z)):
            raise ValueError(f"a table of shape {(len(z), len(z))} was expected")
    except Exception as error:  # the learner's function may do anything
        print(f"`softmax_jacobian`: {type(error).__name__}: {error}. First make its check pass.")
        return
    _, ax = plt.subplots(figsize=(4.6, 3.9), layout="constrained")
    reach = max(abs(table).max(), 1e-12)
    ax.imshow(table, cmap="RdBu_r", vmin=-1.6 * reach, vmax=1.6 * reach)
    for (row, column), slope in np.ndenumerate(table):
        ax.text(column, row, f"{slope:.3f}", ha="center", va="center", fontsize=10)
    ax.set_xticks(range(len(z)), [f"logit {number}" for number in range(len(z))])
    ax.set_yticks(range(len(z)), [f"p{number}" for number in range(len(z))])
    ax.tick_params(length=0)
    ax.set_title("raise one logit: how fast does each probability grow?", fontsize=10)


@picture
def pushes(
    softmax: Callable[[Array], Array],
    ce: Callable[[Array, NDArray[np.int64]], tuple[float, Array]],
    Z: ArrayLike,
    y: ArrayLike,
) -> None:
    """The probabilities of each row of Z, with arrows that push each logit against your gradient."""
    Z, y = np.array(Z, dtype=float), np.array(y)
    try:
        p = np.asarray(softmax(Z.copy()), dtype=float).reshape(Z.shape)
        _, dZ = ce(Z.copy(), y)
        push = -np.asarray(dZ, dtype=float).reshape(Z.shape) * len(Z)
    except Exception as error:  # the learner's functions may do anything
        print(f"`softmax` and `ce`: {type(error).__name__}: {error}. First make their check pass.")
        return
    drawn = panels(len(Z), width=3.0, height=3.0)
    for row, ax in enumerate(drawn):
        places = np.arange(Z.shape[1])
        ax.bar(places, p[row], color=[CORNER if k == y[row] else CURVE for k in places], alpha=0.35, width=0.6)
        for k in places:
            if abs(push[row, k]) > 0.01:
                arrow = {"arrowstyle": "-|>", "color": LINE, "lw": 2, "shrinkA": 0, "shrinkB": 0}
                ax.annotate("", (k, p[row, k] + push[row, k]), (k, p[row, k]), arrowprops=arrow)
        ax.set(ylim=(-0.08, 1.12), xlim=(-0.6, Z.shape[1] - 0.4))
        ax.set_xticks(places, [f"class {k}" + ("\n(right)" if k == y[row] else "") for k in places], fontsize=8)
        finish(ax, f"logits {', '.join(f'{z:g}' for z in Z[row])}", legend=False)
    drawn[0].set_ylabel("probability")


# ---------------------------------------------------------------------------------------------------- the layout


def _made(thing: GraphNode | Callable[[], Mapping[str, GraphNode]]) -> Mapping[str, GraphNode]:
    """{name: node} with the output last; empty if there is nothing to draw yet."""
    if not callable(thing):
        return {getattr(thing, "name", ""): thing}
    name = getattr(thing, "__name__", "your function")
    try:
        nodes = thing()
        if not nodes or not all(hasattr(node, "inputs") for node in nodes.values()):
            raise TypeError("no graph came back")
    except Exception as error:  # built with the learner's own class
        print(f"`{name}` cannot be drawn yet ({type(error).__name__}: {error}). First make the check above pass.")
        return {}
    return nodes


def _columns(output: GraphNode) -> list[tuple[GraphNode, int]]:
    """[(node, column)]: right of all inputs; a node without inputs goes just left of its first user.

    Sweeps over all nodes until none moves, which is fast enough for pictures.
    """
    nodes, seen = [output], {id(output)}
    for user in nodes:
        for given in user.inputs:
            if id(given) not in seen:
                seen.add(id(given))
                nodes.append(given)
        if len(nodes) > MOST:
            raise ValueError(f"more than {MOST} boxes cannot be read in one picture: draw a part of it")
    column, moved = dict.fromkeys(seen, 0), True
    while moved:
        moved = False
        for user in nodes:
            for given in user.inputs:
                if column[id(user)] <= column[id(given)]:
                    column[id(user)], moved = column[id(given)] + 1, True
    for node in nodes:
        if not node.inputs:
            users = [column[id(user)] for user in nodes if any(given is node for given in user.inputs)]
            column[id(node)] = min(users, default=1) - 1
    return [(node, column[id(node)]) for node in nodes]


def _layout(output: GraphNode) -> tuple[Places, Routes]:
    """({id: (node, (x, y))}, [(user, index of its input, points of the arrow)]).

    Each column is a list of node ids and of slots for passing arrows. A few sweeps in both directions sort each column
    by the neighbours of its entries in the adjacent columns.
    """
    order, column = [], {}
    for node, place in _columns(output):
        order.append(node)
        column[id(node)] = place
    rows: list[list[Stop]] = [[] for _ in range(max(column.values()) + 1)]
    for node in order:
        rows[column[id(node)]].append(id(node))
    joined: dict[Stop, list[Stop]] = {}
    passes: dict[tuple[int, int], list[Stop]] = {}  # (id of the user, index of its input) -> slots of its arrow
    for user in order:
        for number, given in enumerate(user.inputs):
            stops: list[Stop] = [id(given)]
            for between in range(column[id(given)] + 1, column[id(user)]):
                stop: Stop = ("pass", id(given), between)  # arrows from the same node share their slots
                if stop not in rows[between]:
                    rows[between].append(stop)
                stops.append(stop)
            passes[id(user), number] = stops
            for a, b in zip(stops, [*stops[1:], id(user)], strict=True):
                joined.setdefault(a, []).append(b)
                joined.setdefault(b, []).append(a)
    y: dict[Stop, float] = {}
    for row in rows:
        _spread(row, y)
    for sweep in range(12):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wish = {stop: np.mean([y[other] for other in joined.get(stop, [stop])]) for stop in row}
            row.sort(key=wish.__getitem__, reverse=True)
            _spread(row, y, float(np.mean(list(wish.values()))) if len(row) < max(map(len, rows)) else 0.0)
    places = {id(node): (node, (float(column[id(node)]), y[id(node)])) for node in order}
    return places, _routes(order, places, passes, y)


def _routes(
    order: list[GraphNode], places: Places, passes: dict[tuple[int, int], list[Stop]], y: dict[Stop, float]
) -> Routes:
    """The points of every arrow. Arrows into the same node are stacked in the order of where they come from."""
    routes: Routes = []
    for user in order:
        come_from = sorted(range(len(user.inputs)), key=lambda k: (-y[passes[id(user), k][-1]], k))
        for entry, number in enumerate(come_from):
            stops = passes[id(user), number][1:]
            (_, (x0, y0)), (_, (x1, y1)) = places[id(user.inputs[number])], places[id(user)]
            into = y1 + 0.5 * HIGH * (0.5 - (entry + 0.5) / len(come_from))
            way = [(float(stop[2]), y[stop]) for stop in stops if isinstance(stop, tuple)]
            routes.append((user, number, [(x0 + WIDE / 2, y0), *way, (x1 - WIDE / 2, into)]))
    return routes


def _spread(row: Sequence[Stop], y: dict[Stop, float], centre: float = 0.0) -> None:
    """Set the heights of a column's entries: 1 apart, around `centre`, first on top."""
    for number, stop in enumerate(row):
        y[stop] = centre + (len(row) - 1) / 2 - number


def _canvas(places: Places, routes: Routes) -> Axes:
    wide = max(x for _, (x, _) in places.values()) + 1.0
    tops = [y + side * HIGH / 2 for _, (_, y) in places.values() for side in (-1, 1)]
    tops += [y for _, _, points in routes for _, y in points]
    low, high = min(tops) - 0.15, max(tops) + 0.15
    figure = plt.figure(figsize=(1.15 * wide, 0.92 * (high - low)))
    ax: Axes = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(-0.5, wide - 0.5), ylim=(low, high))
    ax.axis("off")
    return ax


def _box(ax: Axes, x: float, y: float, color: str) -> None:
    ax.add_patch(
        plt.Rectangle(
            (x - WIDE / 2, y - HIGH / 2), WIDE, HIGH, facecolor=color, alpha=0.16, edgecolor=color, lw=1.4, zorder=2
        )
    )


def _arrow(ax: Axes, points: Sequence[Point], color: str = QUIET, width: float = 1.1) -> None:
    *way, tip = points
    if len(way) > 1:
        ax.plot(*zip(*way, strict=True), color=color, lw=width, zorder=1)
    arrow = {"arrowstyle": "-|>", "color": color, "lw": width, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", tip, way[-1], arrowprops=arrow, zorder=1)


def _on_arrow(ax: Axes, points: Sequence[Point], number: int, text: str) -> None:
    (x0, y0), (x1, y1) = points[-2:]
    part = 0.3 + 0.4 * (number % 2)  # keeps the labels of adjacent arrows apart
    at = (x0 + part * (x1 - x0), y0 + part * (y1 - y0))
    ax.text(*at, text, fontsize=8, color=CORNER, ha="center", va="center", zorder=3, bbox=_WHITE)


def _length(size: int | str) -> float:
    """The drawn length of a matrix side, given as a number or as the letter that stands for it."""
    return {"n": 2.0, "din": 1.45, "dout": 1.0, "k": 1.2, "1": 0.35}.get(str(size)) or 0.42 * float(size)


def _short(number: object) -> str:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return ""
    return f"{number:.3g}"


def _weight(bold: bool) -> str:
    return "bold" if bold else "normal"


_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85}
