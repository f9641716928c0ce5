"""What gradients can do: find the wrong one of a thousand knobs, and fit a curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from kit.pictures.drawing import CORNER, CURVE, LINE, QUIET, Array, Function, finish, not_yet, panels, picture

__all__ = ["before_and_after", "thousand_knobs"]

SIZE, COUNT, WRONG = 32, 1000, 617  # pixels along an edge, knobs, and the one that is turned too far


@picture
def thousand_knobs(vjp_linear: Callable[..., Any] | None = None) -> None:
    """The picture as it should be and as it is; with the learner's `vjp_linear`, each knob's slope and the repair."""
    patterns = _patterns()
    wanted = _face().ravel() @ patterns.T  # the knobs of the right picture, since the patterns do not overlap
    knobs = wanted.copy()
    knobs[WRONG] += 4.0
    right, wrong = wanted @ patterns, knobs @ patterns
    if vjp_linear is None:
        shown = panels(2, width=3.0, height=3.2)
        _show(shown[0], right, "as it should be")
        _show(shown[1], wrong, "as it is: one knob of 1,000 is wrong")
        return
    try:
        (slopes, _, _) = vjp_linear(knobs[None], patterns, np.zeros(SIZE * SIZE), (wrong - right)[None])
        slopes = np.asarray(slopes, dtype=float).reshape(COUNT)
    except Exception as error:  # the learner's function may do anything
        not_yet("vjp_linear", error)
        return
    left, middle = panels(2, width=4.2, height=3.2)
    worst = int(np.argmax(np.abs(slopes)))
    left.plot(slopes, color=LINE, lw=1)
    left.plot([worst], [slopes[worst]], "o", color=CORNER, ms=8)
    left.axhline(0, color=QUIET, lw=0.8)
    left.set_xlabel("knob")
    finish(left, f"the slope of the loss in each knob: it is number {worst}", legend=False)
    repaired = knobs - slopes
    _show(middle, repaired @ patterns, "one step against the slopes")


@picture
def before_and_after(
    fit: Callable[[list[float], list[float], int], Sequence[float]],
    truth: Function,
    counts: Sequence[int],
    low: float = -3.0,
    high: float = 3.0,
) -> None:
    """Points of the function `truth`, and what `fit(xs, ys, steps)` makes of them after some steps."""
    xs: list[float] = np.linspace(low, high, 13).tolist()
    ys = [truth(x) for x in xs]
    axes = panels(len(counts), width=3.2, height=2.8)
    for ax, steps in zip(axes, counts, strict=True):
        try:
            made = [float(y) for y in fit(xs, ys, steps)]
        except Exception as error:  # the learner's engine may do anything
            not_yet("Value` or `neuron", error)
            return
        ax.plot(xs, ys, "o", color=CURVE, label="data")
        ax.plot(xs, made, color=LINE, lw=2, label="network")
        ax.set_ylim(-1.6, 1.6)
        loss = float(np.mean((np.array(made) - ys) ** 2))
        finish(ax, f"after {steps} steps: loss {loss:.2g}", legend=steps == counts[0])


def _show(ax: Any, image: Array, title: str) -> None:
    ax.imshow(image.reshape(SIZE, SIZE), cmap="gray", vmin=0, vmax=1)
    ax.axis("off")
    ax.set_title(title, fontsize=10)


def _patterns() -> Array:
    """Waves of all widths and heights, of length 1 and at right angles to each other: (COUNT, SIZE * SIZE)."""
    k, x = np.arange(SIZE)[:, None], np.arange(SIZE) + 0.5
    waves = np.cos(np.pi * k * x / SIZE) * np.where(k == 0, np.sqrt(1 / SIZE), np.sqrt(2 / SIZE))
    flat: Array = np.einsum("ax,by->abxy", waves, waves).reshape(SIZE * SIZE, SIZE * SIZE)
    return flat[:COUNT]


def _face() -> Array:
    """A round face with two eyes and a smile, bright on dark."""
    y, x = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    face = 0.15 + 0.7 * (x * x + y * y < 0.8)
    face[(np.abs(np.abs(x) - 0.35) < 0.12) & (np.abs(y + 0.25) < 0.14)] = 0.1
    face[(np.abs(np.hypot(x, y) - 0.55) < 0.07) & (y > 0.2)] = 0.1
    return np.asarray(face, dtype=float)
