"""Panels that stand side by side, cut apart: in a row they wrap like words, so that a phone need not shrink them."""

from __future__ import annotations

import base64
import io
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imsave
from matplotlib.transforms import Bbox

MOST = 4  # columns; where there are more, each panel is small anyway
MARGIN = 8  # pixels around the panels of a column


def columns(figure: Figure) -> list[tuple[list[Axes], Bbox]]:
    """The panels of each column and the pixels that they take, from left to right.

    [] if the figure has a single column or more than MOST, or if something in it belongs to several columns.
    """
    specs = [ax.get_subplotspec() for ax in figure.axes]
    if None in specs or len({spec.get_gridspec() for spec in specs}) != 1 or _across(figure):
        return []
    starts = sorted({spec.colspan.start for spec in specs})
    if not 2 <= len(starts) <= MOST or any(len(spec.colspan) > 1 for spec in specs):
        return []
    canvas: Any = figure.canvas
    canvas.draw()
    boxes = {ax: box for ax in figure.axes if (box := ax.get_tightbbox(canvas.get_renderer())) is not None}
    groups = [[ax for ax in boxes if ax.get_subplotspec().colspan.start == start] for start in starts]
    if not all(groups):
        return []
    low, high = (edge(getattr(box, name) for box in boxes.values()) for edge, name in ((min, "y0"), (max, "y1")))
    found = [Bbox.union([boxes[ax] for ax in group]) for group in groups]
    if any(one.x1 > other.x0 for one, other in pairwise(found)):
        return []
    return [(group, Bbox.from_extents(box.x0, low, box.x1, high)) for group, box in zip(groups, found, strict=True)]


def _across(figure: Figure) -> bool:
    """Whether something is drawn on the figure itself, apart from its title."""
    texts = [text for text in figure.texts if text.get_text() != figure.get_suptitle()]
    return bool(texts or figure.legends or figure.lines or figure.patches or figure.images or figure.artists)


def cut(figure: Figure, box: Bbox) -> str:
    """The pixels of `box` and a margin around it as a PNG, in base64. `columns` has drawn the figure."""
    canvas: Any = figure.canvas
    pixels = np.asarray(canvas.buffer_rgba())
    height, width = pixels.shape[:2]
    top, bottom = max(0, round(height - box.y1) - MARGIN), min(height, round(height - box.y0) + MARGIN)
    left, right = max(0, round(box.x0) - MARGIN), min(width, round(box.x1) + MARGIN)
    image = io.BytesIO()
    imsave(image, np.ascontiguousarray(pixels[top:bottom, left:right]), format="png")
    return base64.b64encode(image.getvalue()).decode("ascii")
