"""What a student drew in one Axes, as plain data, and how to find a curve or a guide line in it.

There are many ways to draw the same thing: a curve with `plot`, `step`, `errorbar`, `scatter` or point by point in a
loop; a horizontal line with `axhline`, `hlines` or `plot`. Hidden tests use `curves`, `levels` and `uprights`, which
accept them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

FLAT = 1e-9  # share of the axis range by which a line may deviate and still count as straight


class LineData(msgspec.Struct, frozen=True):
    """One line, scatter, contour or outline, or the end of a bar. `xy` has shape (n, 2); `label` "" means none."""

    label: str
    xy: Any

    def __post_init__(self) -> None:
        if not isinstance(self.xy, np.ndarray) or self.xy.shape[1:] != (2,) or self.xy.dtype != float:
            raise ValueError("`xy` is not an array of points")


class ImageData(msgspec.Struct, frozen=True):
    """An image: its values, bottom row first, and its extent as left, right, bottom, top."""

    label: str
    extent: list[float]
    values: Any

    def __post_init__(self) -> None:
        if not isinstance(self.values, np.ndarray) or self.values.dtype != float or len(self.extent) != 4:
            raise ValueError("`values` is not an array of numbers")


class TextData(msgspec.Struct, frozen=True):
    """A text in the figure, and the position (shape (2,)) where it stands or points."""

    text: str
    xy: Any

    def __post_init__(self) -> None:
        if not isinstance(self.xy, np.ndarray) or self.xy.shape != (2,) or self.xy.dtype != float:
            raise ValueError("`xy` is not a point")


class AxesData(msgspec.Struct, frozen=True):
    """The contents of one Axes, in data coordinates. `jail/inside/drawn.py` maps matplotlib artists to these fields."""

    lines: list[LineData]
    scatters: list[LineData]
    bars: list[LineData]
    areas: list[LineData]
    contours: list[LineData]  # the label is the level
    images: list[ImageData]
    texts: list[TextData]
    legend: list[str]
    title: str
    xlabel: str
    ylabel: str
    xscale: str
    yscale: str
    xlim: list[float]
    ylim: list[float]


def curves(axes: AxesData, label: str | None = None, *, as_drawn: bool = False) -> list[LineData]:
    """Everything that can be read as a curve: lines, scatters, the ends of bars; sorted by x unless `as_drawn`.

    Single points with the same label (or without one) form one curve, as if drawn in a loop. Vertical lines are left
    out. With a `label`, only the curves with that label are returned, ignoring case and surrounding spaces.
    """
    found: list[LineData] = []
    for kind in (axes.lines, axes.scatters, axes.bars):
        single: dict[str, list[LineData]] = {}
        for drawn in kind:
            if len(drawn.xy) == 1:
                single.setdefault(_label(drawn), []).append(drawn)
            elif len(drawn.xy) > 1 and np.ptp(drawn.xy[:, 0]) != 0:
                found.append(LineData(_label(drawn), drawn.xy))
        found += [LineData(name, np.concatenate([dot.xy for dot in dots])) for name, dots in single.items()]
    if label is not None:
        found = [curve for curve in found if curve.label.strip().lower() == label.strip().lower()]
    return found if as_drawn else [LineData(curve.label, _by_x(curve.xy)) for curve in found]


def levels(axes: AxesData) -> list[float]:
    """The heights of the horizontal lines, however they were drawn."""
    return _straight(axes, along=0, scale=axes.ylim)


def uprights(axes: AxesData) -> list[float]:
    """The x positions of the vertical lines, however they were drawn."""
    return _straight(axes, along=1, scale=axes.xlim)


def _straight(axes: AxesData, *, along: int, scale: Sequence[float]) -> list[float]:
    """The constant coordinate of each line that runs along the axis `along`."""
    flat = FLAT * abs(scale[1] - scale[0]) if len(scale) == 2 else 0.0
    found = []
    for line in axes.lines:
        xy = line.xy[np.isfinite(line.xy).all(axis=1)]
        if len(xy) >= 2 and np.ptp(xy[:, along]) > 0 and np.ptp(xy[:, 1 - along]) <= flat:
            found.append(float(xy[0, 1 - along]))
    return found


def _label(drawn: LineData) -> str:
    """The student's label; matplotlib's default labels begin with an underscore."""
    return "" if drawn.label.startswith("_") else drawn.label


def _by_x(xy: Any) -> Any:
    return xy[np.argsort(xy[:, 0], kind="stable")]
