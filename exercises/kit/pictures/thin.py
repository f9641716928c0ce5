"""Thin tables: outer products that add up, what a rank leaves, a word of low rank, and a reader of digits adapted."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes

from kit.data import Labels, Net, turned
from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, finish, not_yet, panels, picture, slider

__all__ = ["adapted", "thin_tables", "turned_paper", "what_rank_leaves", "word_of_rank"]

Labelled: TypeAlias = tuple[Array, Labels]  # images (n, 64) and their digits (n,)
Train: TypeAlias = Callable[[Net, Array, Labels, np.random.Generator, float, int], Net]
Adapt: TypeAlias = Callable[..., tuple[Array, Array]]
SIZES, RANKS, STEPS = (64, 128, 128, 10), (1, 2, 4, 6), 2500
GLYPHS = (  # LoRA, seven points high
    "#..........####....##.",
    "#..........#...#..#..#",
    "#.....##...#...#.#....#",
    "#....#..#..####..#....#",
    "#....#..#..#.#...######",
    "#....#..#..#..#..#....#",
    "####..##...#...#.#....#",
)


@picture
def turned_paper(upright: Array, aslant: Array, count: int = 10) -> None:
    """The same images twice: as they were scanned, and with the paper turned."""
    drawn = panels(2 * count, columns=count, width=0.75, height=0.9)
    for ax, image in zip(drawn, [*upright[:count], *aslant[:count]], strict=True):
        _grey(ax, image)
    drawn[0].set_title("read well", loc="left", fontsize=9, color=CORNER)
    drawn[count].set_title("read badly", loc="left", fontsize=9, color=LINE)


def _grey(ax: Axes, image: Array) -> None:
    ax.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
    ax.axis("off")


@picture
def thin_tables() -> None:
    """Two columns times two rows: two tables of rank 1, and their sum, of rank 2."""
    B = np.array([[1.0, 0.0], [2.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
    A = np.array([[1.0, 2.0, 0.0, 1.0, 0.0], [0.0, 1.0, -1.0, 0.0, 2.0]])
    tables = [np.outer(B[:, 0], A[0]), np.outer(B[:, 1], A[1]), B @ A]
    titles = ["column 0 of B × row 0 of A", "column 1 of B × row 1 of A", "their sum is B @ A"]
    for ax, table, title in zip(panels(3, width=2.25, height=2.2), tables, titles, strict=True):
        ax.imshow(table, cmap="RdBu_r", vmin=-6, vmax=6)
        for (i, j), value in np.ndenumerate(table):
            ax.text(j, i, f"{value + 0.0:g}", ha="center", va="center", color="black", fontsize=9)
        _bare(ax, title)


def _bare(ax: Axes, title: str) -> None:
    """A table as an image: a title, and nothing else around it."""
    finish(ax, title, legend=False)
    ax.grid(visible=False)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


@picture
def what_rank_leaves(train_lora: Callable[..., Sequence[object]], large: float, small: float) -> None:
    """The total squared error through training with rank 1 and rank 2, for a target that is two outer products away."""
    rng = np.random.default_rng(6)
    W = rng.normal(size=(5, 8))
    U, V = (np.linalg.qr(rng.normal(size=(size, 2)))[0] for size in (5, 8))
    Y = (W + U * [large, small] @ V.T).T
    try:
        totals = {
            r: np.asarray(train_lora(W, np.eye(8), Y, r, float(r), 1.0, 1500, np.random.default_rng(1))[2], float)
            * Y.size
            for r in (1, 2)
        }
    except Exception as error:  # the learner's function may do anything
        not_yet("train_lora", error)
        return
    (ax,) = panels(1, width=6.4, height=3.4)
    for (r, total), colour, style in zip(totals.items(), (LINE, CURVE), ("-", "--"), strict=True):
        ax.plot(total, style, color=colour, lw=2, label=f"rank {r}: {total[-1]:.6f} left after {len(total) - 1} steps")
    ax.axhline(small**2, color=QUIET, lw=1, ls=":", label=f"{small:g}² = {small**2:g}")
    ax.set(xlabel="step", ylabel="total squared error", xlim=(-2, 120))
    finish(ax, f"two outer products, of the sizes {large:g} and {small:g}")


@picture
def word_of_rank(best_rank: Callable[[Array, int], tuple[Array, Array]], tail: Callable[[Array], Array]) -> None:
    """A word as a table: the learner's best table of rank r.

    A slider for r; four ranks without sliders.
    """
    wide = max(map(len, GLYPHS))
    small = np.array([[float(point == "#") for point in row.ljust(wide, ".")] for row in GLYPHS])
    D = np.pad(np.kron(small, np.ones((3, 2))), 2)
    try:
        left = np.asarray(tail(D), dtype=float)
        tables = [np.asarray(B, float) @ np.asarray(A, float) for B, A in (best_rank(D, r) for r in range(8))]
    except Exception as error:  # the learner's functions may do anything
        not_yet("best_rank", error)
        return

    def show(*ranks: int) -> None:
        columns = min(2, len(ranks))
        for ax, r in zip(panels(len(ranks), columns=columns, width=6.8 / columns, height=2.2), ranks, strict=True):
            ax.imshow(tables[r], cmap="gray_r", vmin=0, vmax=1)
            numbers = r * sum(D.shape)
            _bare(ax, f"rank {r}: {numbers} numbers, {left[r] / left[0]:.1%} left over")

    if not slider(lambda r: show(int(r)), "r", list(range(1, 8))):
        show(1, 2, 4, 7)


@picture
def adapted(adapt: Adapt, train: Train | None, learn: Labelled, held_back: Labelled, degrees: float = 30) -> None:
    """How many held-back digits are read: by a reader as it was, by all of it trained again, by LoRA of some ranks.

    `train(net, X, y, rng, lr, steps)` is made of the learner's own functions of unit 5; None if they are not there.
    """
    (X, y), (X_held, y_held) = learn, held_back
    steps = 3 if os.environ.get("KIT_REHEARSING") else STEPS  # a rehearsal asks only whether it runs
    net = _fresh(np.random.default_rng(0))
    try:
        adapt(net, X, y, 1, 1.0, 0.2, 1, np.random.default_rng(3))  # fails at once while something is not written yet
        net = (train or _trained)(net, X, y, np.random.default_rng(1), 0.2, steps)
        before = [part.copy() for layer in net for part in layer]
        X, X_turned = turned(X, degrees), turned(X_held, degrees)
        again = (train or _trained)(net, X, y, np.random.default_rng(2), 0.1, steps)
        thin = {r: adapt(net, X, y, r, float(r), 0.2, steps, np.random.default_rng(3)) for r in RANKS}
    except Exception as error:  # the learner's functions may do anything
        not_yet("lora_forward or lora_backward", error)
        return
    same = all(map(np.array_equal, before, [part for layer in net for part in layer]))
    print(
        "This is a reader of yours." if train else "Your forward and backward are not here: this is a reader of ours."
    )
    print(
        f"Its {_size(net):,} numbers are {'the same to the last bit' if same else 'CHANGED: they were to be frozen'}."
    )
    nets = {"as it was": (0, net), "trained again": (_size(net), again)}
    for r, (A, B) in thin.items():
        (W, b), *later = net
        nets[f"LoRA, rank {r}"] = (A.size + B.size, [(W + (B @ A).T, b), *later])  # alpha = r: the scale is 1
    _bars(
        {
            f"{name}\n{count:,}": [_right(net, at, y_held) for at in (X_turned, X_held)]
            for name, (count, net) in nets.items()
        }
    )


def _size(net: Net) -> int:
    return sum(W.size + b.size for W, b in net)


def _bars(shares: dict[str, list[float]]) -> None:
    (ax,) = panels(1, width=6.8, height=3.8)
    at = np.arange(len(shares))
    for place, colour, label in ((0, LINE, "turned digits"), (1, QUIET, "upright digits")):
        heights = [both[place] for both in shares.values()]
        bars = ax.bar(at + 0.4 * place - 0.2, heights, 0.38, color=colour, label=label)
        ax.bar_label(bars, [f"{height:.0%}" for height in heights], fontsize=8)
    ax.set(xticks=at, xticklabels=list(shares), ylim=(0, 1.15), yticks=[0, 0.5, 1], ylabel="share read right")
    ax.tick_params(labelsize=8)
    finish(ax, "360 held-back digits; below each bar: how many numbers were trained", legend=False)
    ax.legend(frameon=False, fontsize=9, ncols=2, loc="upper center")


def _fresh(rng: np.random.Generator) -> Net:
    """A net with two hidden layers before any training."""
    return [(rng.normal(size=(din, dout)) / np.sqrt(din), np.zeros(dout)) for din, dout in pairwise(SIZES)]


def _forward(net: Net, X: Array) -> list[Array]:
    """What comes in at each layer, and last the scores: tanh after every layer but the last."""
    came_in = [X]
    for place, (W, b) in enumerate(net, start=1):
        Z = came_in[-1] @ W + b
        came_in.append(np.tanh(Z) if place < len(net) else Z)
    return came_in


def _right(net: Net, X: Array, y: Labels) -> float:
    return float(np.mean(_forward(net, X)[-1].argmax(axis=1) == y))


def _trained(net: Net, X: Array, y: Labels, rng: np.random.Generator, lr: float, steps: int) -> Net:
    """The net after training all of it by mini-batches of 32, for learners who did not come by unit 5."""
    for _ in range(steps):
        rows = rng.integers(len(X), size=32)
        came_in = _forward(net, X[rows])
        push = np.exp(came_in[-1] - came_in[-1].max(axis=1, keepdims=True))
        push /= push.sum(axis=1, keepdims=True)
        push[np.arange(32), y[rows]] -= 1
        slopes, push = [], push / 32
        for (W, _), a in zip(reversed(net), reversed(came_in[:-1]), strict=True):
            slopes.append((a.T @ push, push.sum(axis=0)))
            push = push @ W.T * (1 - a**2)
        moves = [(lr * dW, lr * db) for dW, db in reversed(slopes)]
        net = [(W - move, b - shift) for (W, b), (move, shift) in zip(net, moves, strict=True)]
    return net
