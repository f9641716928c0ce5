"""Training a network: errors, initial weights, the net, the loss surface with a path on it, boundaries."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, Point, finish, panels, picture, slider

__all__ = [
    "agreement",
    "boundary_moves",
    "descent",
    "held_out",
    "judged",
    "loss_curve",
    "loss_surface",
    "network",
    "residuals",
    "saturation",
    "two_classes",
]

Params: TypeAlias = list[tuple[Array, Array]]  # (W, b) of each layer
Losses: TypeAlias = Sequence[float]
Errors: TypeAlias = Mapping[str, float]
Train: TypeAlias = Callable[[Params, Array, Array, float, int], tuple[Params, Losses]]

TWO_CLASSES = (CURVE, LINE)


@contextlib.contextmanager
def theirs() -> Iterator[None]:
    """Run the learner's functions; an exception they raise is printed as one line."""
    try:
        yield
    except Exception as error:
        plt.close("all")
        raised = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        print(f"Nothing to look at yet: your code raised {raised}. First make its check pass.")


@picture
def residuals(x: Array, P: Array, Y: Array) -> None:
    """Targets Y over x, predictions P as a line, and each difference drawn as a square: mse is the mean area."""
    (ax,) = panels(1, width=5.2, height=3.6)
    ax.plot(x, P, color=CURVE, lw=2, label="prediction p")
    ax.plot(x, Y, "o", color=LINE, label="target y")
    for place, p, y in zip(x, P, Y, strict=True):
        side = abs(p - y)
        ax.add_patch(plt.Rectangle((place, min(p, y)), side, side, facecolor=LINE, alpha=0.25, edgecolor=LINE))
    ax.set_aspect("equal")
    finish(ax, "each error p − y, squared")


@picture
def saturation(widths: Sequence[int] = (4, 64, 1024), rows: int = 400) -> None:
    """400 random rows after tanh, for layers with more and more inputs and two ways to choose the weights."""
    rng = np.random.default_rng(3)
    drawn = panels(2 * len(widths), columns=len(widths), width=3.0, height=2.1)
    for number, din in enumerate(widths):
        X, W = rng.normal(size=(rows, din)), rng.normal(size=(din, 10))
        for ax, scaled, what in [
            (drawn[number], W, "spread 1"),
            (drawn[number + len(widths)], W / np.sqrt(din), f"spread 1/√{din}"),
        ]:
            ax.hist(
                np.tanh(X @ scaled).ravel(),
                bins=np.linspace(-1, 1, 25).tolist(),
                color=CURVE if what[-1] != "1" else LINE,
            )
            ax.set_yticks([])
            finish(ax, f"{din} inputs, weights of {what}", legend=False)
    for ax in drawn[-len(widths) :]:
        ax.set_xlabel("output of tanh")


@picture
def network(sizes: Sequence[int], back: bool = False) -> None:
    """A net with layers of these sizes: each circle is a number, each line a weight. `back`: the slopes."""
    (ax,) = panels(1, width=1.4 * len(sizes) + 0.6, height=3.6)
    tallest = max(sizes)
    spots = [[(2.0 * at, (count - 1) / 2 - row) for row in range(count)] for at, count in enumerate(sizes)]
    for left, right in itertools.pairwise(spots):
        for x0, y0 in left:
            for x1, y1 in right:
                ax.plot([x0, x1], [y0, y1], color=QUIET, lw=0.7, zorder=1)
    last = len(sizes) - 1
    for at, spot in enumerate(spots):
        color = CORNER if at == 0 else LINE if at == last else CURVE
        ax.scatter([x for x, _ in spot], [y for _, y in spot], s=230, color=color, zorder=2)
        name = "X" if at == 0 else "out" if at == last else f"a{at}"
        if back:
            name = "dX: not needed" if at == 0 else "dout" if at == last else f"da{at}"
        ax.text(2.0 * at, tallest / 2 + 0.35, f"{name}\n(n, {sizes[at]})", ha="center", fontsize=10)
    for at, (din, dout) in enumerate(itertools.pairwise(sizes), start=1):
        middle, floor = 2.0 * at - 1, -tallest / 2 - 0.3
        if back:
            text, arrow = f"dW{at} ({din}, {dout})\ndb{at} ({dout},)", "<|-"
            text = f"da{at} × slope of tanh\ngives " + text if at < last else "dout gives " + text
        else:
            text, arrow = f"W{at} ({din}, {dout})\nb{at} ({dout},)" + ("\ntanh" if at < last else ""), "-|>"
        style = {"arrowstyle": arrow, "color": LINE if back else CURVE, "lw": 1.8}
        ax.annotate("", (middle + 0.55, floor), (middle - 0.55, floor), arrowprops=style)
        ax.text(middle, floor - 0.2, text, ha="center", va="top", fontsize=9)
    ax.set(xlim=(-0.8, 2.0 * last + 0.8), ylim=(-tallest / 2 - 2.0, tallest / 2 + 1.4))
    ax.axis("off")


@picture
def judged(errors: Errors | Callable[[], Errors], limit: float = 1e-5) -> None:
    """The relative error of each array in a gradient check. `errors` is that dict, or a function that returns it.

    Left of the dashed line the slopes are as good as the measurement. Right of it something is wrong.
    """
    with theirs():
        errors = errors() if callable(errors) else errors
        names, sizes = list(errors), [max(float(error), 1e-16) for error in errors.values()]
        (ax,) = panels(1, width=5.2, height=0.35 * len(names) + 1.3)
        ax.barh(names, sizes, left=1e-17, color=[CORNER if size < limit else LINE for size in sizes])
        ax.axvline(limit, color=QUIET, ls="--", lw=1.2)
        ax.set(xscale="log", xlim=(1e-13, 10), xlabel="relative error")
        ax.invert_yaxis()
        finish(ax, "the verdict of your judge", legend=False)


@picture
def loss_surface(
    loss: Callable[[float, float], float], path: Sequence[Point], names: Sequence[str] = ("w", "b")
) -> None:
    """The loss over two numbers as a contour map, with the `path` (a list of pairs) of a descent on it."""
    (ax,) = panels(1, width=5.2, height=4.2)
    places = np.asarray(path, dtype=float)
    low, high = places.min(axis=0), places.max(axis=0)
    margin = 0.35 * (high - low).max() + 1e-9
    xs, ys = (np.linspace(low[i] - margin, high[i] + margin, 81) for i in (0, 1))
    heights = np.array([[loss(x, y) for x in xs.tolist()] for y in ys.tolist()])
    least = max(heights.min(), heights.max() * 1e-4)
    ax.contourf(xs, ys, heights, levels=np.geomspace(least, heights.max(), 15), cmap="Blues_r", extend="min")
    ax.plot(*places.T, "o-", color=LINE, ms=3.5, lw=1.2, label=f"{len(path) - 1} steps")
    ax.plot(*path[0], "s", color=LINE, ms=8, label="start")
    ax.set(xlabel=names[0], ylabel=names[1])
    finish(ax, "the loss, dark is low", legend=False)
    ax.legend(fontsize=9)


@picture
def descent(train: Train, X: Array, Y: Array, start: Point, lr: float = 0.1, steps: int = 40) -> None:
    """The path of your `train`, step by step, on the loss surface of a net with one weight and one bias."""
    with theirs():
        params, path = [(np.array([[start[0]]]), np.array([start[1]]))], [start]
        for _ in range(steps):
            params, _ = train(params, X, Y, lr, 1)
            (W, b) = params[0]
            path.append((W.item(), b.item()))
        loss_surface(lambda w, b: float(np.mean((X * w + b - Y) ** 2)), path)


@picture
def loss_curve(losses: Losses | Callable[[], Losses], title: str = "the loss, step by step") -> None:
    """The loss at each step, on a log scale. `losses` may be a function that returns them."""
    with theirs():
        seen = np.asarray(losses() if callable(losses) else losses, dtype=float)
        finite = np.isfinite(seen)
        first = int(finite.argmin())  # the first that is not
        if not finite.all():
            print(f"From step {first} on the loss is {seen[first]}: the steps were too large.")
        if not finite.any():
            return
        (ax,) = panels(1, width=5.2)
        ax.plot(seen, color=CURVE, lw=1.4)
        if not finite.all():
            ax.axvline(first, color=LINE, ls="--", lw=1.2)
        ax.set(yscale="log", xlabel="step", ylabel="loss")
        finish(ax, title, legend=False)


@picture
def two_classes(X: Array, y: Array) -> None:
    """Points of two classes, 0 and 1."""
    (ax,) = panels(1, width=5.0, height=3.8)
    _scatter(ax, X, y)
    finish(ax, f"{len(X)} points, two classes")


def _scatter(ax: Axes, X: Array, y: Array) -> None:
    for label, color in enumerate(TWO_CLASSES):
        ax.scatter(X[y == label, 0], X[y == label, 1], s=14, color=color, label=f"y = {label}")
    ax.set_aspect("equal")


@picture
def agreement(
    one: Params | Callable[[], Params],
    other: Params | Callable[[], Params],
    names: Sequence[str] = ("matrices", "Value"),
) -> None:
    """Every slope computed in two ways, one against the other. `one` and `other` are lists of (dW, db), or functions
    that return them."""
    with theirs():
        pair = [made() if callable(made) else made for made in (one, other)]
        x, y = (np.concatenate([np.ravel(part) for grads in made for part in grads]) for made in pair)
        (ax,) = panels(1, width=4.6, height=4.2)
        ends = [min(x.min(), y.min()), max(x.max(), y.max())]
        ax.plot(ends, ends, color=QUIET, lw=1)
        ax.plot(x, y, "o", color=LINE, ms=5)
        ax.set(xlabel=f"slope by {names[0]}", ylabel=f"slope by {names[1]}")
        finish(ax, f"{len(x)} slopes, the largest difference is {np.abs(x - y).max():.1e}", legend=False)


@picture
def boundary_moves(fit: FunctionType, X: Array, y: Array, seed: int = 1) -> None:
    """The learner's boundary at the start, early, later and at the end of training; a slider where there are widgets.

    The nets on the way are those that `fit` shows to `forward`, so nothing has to be added to `fit` for this.
    """
    with theirs():
        nets = _on_the_way(fit, X, y, seed)
        forward = fit.__globals__["forward"]
        if len(nets) < 2:
            print("Nothing moves yet: `fit` should ask `forward` once in each step. First make its check pass.")
            return
        at = sorted({0, *(int(step) for step in np.geomspace(1, len(nets) - 1, 8)), len(nets) - 1})

        def show(*steps: float) -> None:
            axes = panels(len(steps), width=2.9 if len(steps) > 1 else 4.6, height=2.9 if len(steps) > 1 else 3.6)
            for ax, step in zip(axes, steps, strict=True):
                _halves(ax, functools.partial(_scores, forward, nets[int(step)]), X)
                _scatter(ax, X, y)
                finish(ax, f"after {int(step)} steps", legend=False)

        if os.environ.get("KIT_REHEARSING") or not slider(show, "steps", at):
            show(*(at[round(share * (len(at) - 1))] for share in (0, 0.5, 0.75, 1)))


@picture
def held_out(fit: FunctionType, X: Array, y: Array, new_X: Array, new_y: Array, seed: int = 1) -> None:
    """Points that the learner's net was not trained on; a cross marks each one on the wrong side of its boundary."""
    with theirs():
        forward = fit.__globals__["forward"]
        params, _ = fit(X, y, np.random.default_rng(seed))
        wrong = (_scores(forward, params, new_X) > 0) != (new_y == 1)
        (ax,) = panels(1, width=4.6, height=3.6)
        _halves(ax, functools.partial(_scores, forward, params), new_X)
        _scatter(ax, new_X, new_y)
        ax.plot(*new_X[wrong].T, "x", color="black", ms=9, mew=2)
        share = f"{np.mean(~wrong):.1%} of {len(new_y)} new points"
        finish(ax, f"{share} are on the right side", legend=False)


def _on_the_way(fit: FunctionType, X: Array, y: Array, seed: int) -> list[Params]:
    """A copy of the net at each step of `fit`: while it runs, the notebook's `forward` also writes down its params."""
    nets: list[Params] = []
    space = fit.__globals__
    forward = space["forward"]

    def watched(params: Params, X: Array) -> object:
        nets.append([(np.array(W), np.array(b)) for W, b in params])
        return forward(params, X)

    space["forward"] = watched
    try:
        fit(X, y, np.random.default_rng(seed))
    finally:
        space["forward"] = forward
    return nets


def _scores(forward: Callable[[Params, Array], Sequence[Array]], params: Params, places: Array) -> Array:
    return np.asarray(forward(params, places)[0])[:, 0]


def _halves(ax: Axes, score: Callable[[Array], Array], X: Array) -> None:
    """Colour the places where the score is below and above 0, with a line between them."""
    across, up = (np.linspace(side.min() - 0.25, side.max() + 0.25, 81) for side in X.T)
    xx, yy = np.meshgrid(across, up)
    z = np.asarray(score(np.stack([xx, yy], axis=-1).reshape(-1, 2))).reshape(xx.shape)
    ax.contourf(xx, yy, z, levels=[-np.inf, 0, np.inf], colors=list(TWO_CLASSES), alpha=0.18)
    if z.min() < 0 < z.max():
        ax.contour(xx, yy, z, levels=[0], colors="black", linewidths=1.5)
