"""Shared by all pictures: colours, panels, and `picture`, which turns drawing off in the jail."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import ParamSpec, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

__all__ = ["look"]

P = ParamSpec("P")
Function: TypeAlias = Callable[[float], float]
Array: TypeAlias = NDArray[np.float64]
Point: TypeAlias = tuple[float, float]

CURVE, LINE, CORNER, QUIET = "#1f5a96", "#d9622b", "#2f8f5b", "#7d838c"


def picture(draw: Callable[P, None]) -> Callable[P, None]:
    """Decorator for drawing functions: they do nothing during grading."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        if not os.environ.get("KIT_GRADING"):
            draw(*args, **kwargs)

    return drawn


@picture
def look(draw: Callable[..., object], *args: object) -> None:
    """Call a drawing function that *you* wrote, or print one line if there is nothing to draw yet."""
    name = getattr(draw, "__name__", "your function")
    try:
        made = draw(*args)
    except Exception as error:
        plt.close("all")
        print(f"`{name}` raised {type(error).__name__}: {error}. First make its check pass.")
        return
    if made is None:
        print(f"`{name}` returned None: nothing to look at yet. First make its check pass.")


def panels(count: int, *, columns: int | None = None, width: float = 4.8, height: float = 3.2) -> list[Axes]:
    """`count` Axes in a new figure, in rows of `columns`. `width` and `height` are inches per panel."""
    columns = columns or count
    rows = -(-count // columns)
    _, grid = plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False, layout="constrained")
    return list(grid.flat)


def curve(ax: Axes, f: Function, low: float, high: float, points: int = 201) -> list[float]:
    """Draw f from low to high, calling it with one plain number at a time. Returns the x values."""
    xs: list[float] = np.linspace(low, high, points).tolist()
    ax.plot(xs, [f(x) for x in xs], color=CURVE, lw=2, label="f")
    return xs


def finish(ax: Axes, title: str, legend: bool = True) -> None:
    """Add the title, grid and legend, in the same style for every picture."""
    ax.set_title(title, fontsize=10)
    ax.grid(alpha=0.25)
    ax.spines[["top", "right"]].set_visible(False)
    if legend:
        ax.legend(frameon=False, fontsize=9)
