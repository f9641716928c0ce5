"""Shared by all pictures: colours, panels, sliders, and `picture`: no drawing in the jail, alt text everywhere."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from kit.pictures.spoken import caption, first_sentence, spoken

__all__ = ["look", "rate_of"]

P = ParamSpec("P")
Function: TypeAlias = Callable[[float], float]
Array: TypeAlias = NDArray[np.float64]
Point: TypeAlias = tuple[float, float]

_drawing: list[str] = []  # the sentences of the pictures being drawn, the outermost first

CURVE, LINE, CORNER, QUIET = "#1f5a96", "#d9622b", "#2f8f5b", "#7d838c"


def picture(draw: Callable[P, None]) -> Callable[P, None]:
    """Decorator for drawing functions: they do nothing during grading, and their docstring is the figure's alt text."""

    sentence = first_sentence(draw)

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        if not os.environ.get("KIT_GRADING"):
            _drawing.append(sentence)
            try:
                spoken(sentence, draw, *args, **kwargs)
            finally:
                _drawing.pop()

    return drawn


@picture
def look(draw: Callable[..., object], *args: object, target: Sequence[Function] = ()) -> None:
    """Call a drawing function that *you* wrote, and tidy its panels; or print one line if there is nothing to draw yet.

    `target` holds a function for each panel (or one for all): what its main curve should be, drawn in grey below yours.
    """
    name, before = getattr(draw, "__name__", "your function"), plt.get_fignums()
    try:
        made = draw(*args)
    except Exception as error:
        plt.close("all")
        print(f"`{name}` raised {type(error).__name__}: {error}. First make its check pass.")
        return
    if made is None:
        plt.close("all")
        print(f"`{name}` returned None: nothing to look at yet. First make its check pass.")
        return
    for number in plt.get_fignums():
        if number not in before:
            _tidy(plt.figure(number), target)
            caption(plt.figure(number), first_sentence(draw))


def _tidy(figure: Figure, target: Sequence[Function]) -> None:
    """Give a learner's figure room, a grid and a legend, and draw the target in grey below their curves."""
    axes = figure.axes
    columns = len({round(ax.get_position().x0, 3) for ax in axes})
    figure.set_size_inches(max(5.4, 3.4 * columns), 3.0 * -(-len(axes) // max(columns, 1)))
    figure.set_layout_engine("constrained")
    for ax, wanted in zip(axes, list(target) * (len(axes) if len(target) == 1 else 1), strict=False):
        low, high = ax.get_xlim()
        xs = np.linspace(low, high, 201).tolist()
        ax.plot(xs, [wanted(x) for x in xs], color=QUIET, alpha=0.35, lw=7, zorder=0, label="target")
        ax.set_xlim(low, high)
    for ax in axes:
        ax.grid(alpha=0.25)
        ax.spines[["top", "right"]].set_visible(False)
        if ax.get_legend_handles_labels()[0] and ax.get_legend() is None:
            ax.legend(frameon=False, fontsize=9)


def rate_of(f: Function, h: float = 1e-6) -> Function:
    """The slope of f as a function of x, measured with two points very close together: for pictures only."""
    return lambda x: (f(x + h) - f(x - h)) / (2 * h)


def slider(show: Callable[[float], None], name: str, values: Sequence[float]) -> bool:
    """Call `show` with the value of a slider whenever it moves. False if there is no ipywidgets to make one."""
    try:
        import ipywidgets
    except ImportError:
        return False
    sentence = _drawing[0] if _drawing else ""  # the slider is moved when its picture's function has long returned
    ipywidgets.interact(
        lambda value: spoken(sentence, show, value),
        value=ipywidgets.SelectionSlider(options=list(values), description=name),
    )
    return True


def panels(count: int, *, columns: int | None = None, width: float = 4.8, height: float = 3.2) -> list[Axes]:
    """`count` Axes in a new figure, in rows of `columns`. `width` and `height` are inches per panel."""
    columns = columns or count
    rows = -(-count // columns)
    _, grid = plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False, layout="constrained")
    for spare in grid.flat[count:]:
        spare.remove()
    return list(grid.flat[:count])


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


def not_yet(name: str, error: Exception | None = None) -> None:
    """Say that a learner's function is not ready to be drawn. A stub returns None."""
    plt.close("all")
    if error is None or "NoneType" in str(error):
        print(f"`{name}` returned None: nothing to look at yet. First make its check pass.")
    else:
        print(f"`{name}` raised {type(error).__name__}: {error}. First make its check pass.")
