"""Panels that stand side by side, cut apart: in a row they wrap like words, so that a phone need not shrink them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

MOST = 4  # columns; where there are more, each panel is small anyway
MARGIN = 0.09  # inches around the panels of a column


def columns(figure: Figure) -> list[tuple[list[Axes], Bbox]]:
    """The panels of each column and the inches that they take, from left to right.

    [] if the figure has a single column or more than MOST, or if something in it belongs to several columns.
    """
    specs = {ax: spec for ax in figure.axes if (spec := ax.get_subplotspec()) is not None}
    grids = {spec.get_gridspec() for spec in specs.values()}
    if len(specs) < len(figure.axes) or len(grids) != 1 or _across(figure):
        return []
    starts = sorted({spec.colspan.start for spec in specs.values()})
    if not 2 <= len(starts) <= MOST or any(len(spec.colspan) > 1 for spec in specs.values()):
        return []
    boxes = _boxes(figure)
    groups = [[ax for ax in boxes if specs[ax].colspan.start == start] for start in starts]
    if not all(groups):
        return []
    found = [Bbox.union([boxes[ax] for ax in group]) for group in groups]
    gaps = [other.x0 - one.x1 for one, other in pairwise(found)]
    if min(gaps) < 0:
        return []
    low, high = min(box.y0 for box in found) - MARGIN, max(box.y1 for box in found) + MARGIN
    room = [MARGIN, *(min(MARGIN, gap / 2) for gap in gaps), MARGIN]  # left of each column, and right of the last
    return [
        (group, Bbox.from_extents(box.x0 - room[at], low, box.x1 + room[at + 1], high))
        for at, (group, box) in enumerate(zip(groups, found, strict=True))
    ]


def _across(figure: Figure) -> bool:
    """Whether something is drawn on the figure itself, apart from its title."""
    texts = [text for text in figure.texts if text.get_text() != figure.get_suptitle()]
    return bool(texts or figure.legends or figure.lines or figure.patches or figure.images or figure.artists)


def _boxes(figure: Figure) -> dict[Axes, Bbox]:
    """The place of each panel in inches, with everything that is written around it."""
    canvas: Any = figure.canvas
    canvas.draw()
    drawn = {ax: ax.get_tightbbox(canvas.get_renderer()) for ax in figure.axes}
    inches = figure.dpi_scale_trans.inverted()
    return {ax: box.transformed(inches) for ax, box in drawn.items() if box is not None}
