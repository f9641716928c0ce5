"""What a student drew in one Axes, as plain data, and how to look for a curve or a guide line in it.

There are many ways to draw the same thing: a curve with `plot`, `step`, `errorbar`, `scatter` or point by point in a
loop, a level line with `axhline`, `hlines` or `plot`. Hidden tests ask with `curves`, `levels` and `uprights`, which
accept them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

FLAT = 1e-9  # of the height of the picture: a line is level if it climbs by no more than that


class LineData(msgspec.Struct, frozen=True):
    """One line, scatter, contour or outline, or the end of a bar; `xy` has the shape (n, 2). "" is no label."""

    label: str
    xy: Any

    def __post_init__(self) -> None:
        if not isinstance(self.xy, np.ndarray) or self.xy.shape[1:] != (2,) or self.xy.dtype != float:
            raise ValueError("`xy` is no array of points")


class ImageData(msgspec.Struct, frozen=True):
    """An image: its values, the bottom row first, and the edges left, right, bottom, top."""

    label: str
    extent: list[float]
    values: Any

    def __post_init__(self) -> None:
        if not isinstance(self.values, np.ndarray) or self.values.dtype != float or len(self.extent) != 4:
            raise ValueError("`values` is no array of numbers")


class TextData(msgspec.Struct, frozen=True):
    """A text in the picture, and the place (2,) that it stands at or points at."""

    text: str
    xy: Any

    def __post_init__(self) -> None:
        if not isinstance(self.xy, np.ndarray) or self.xy.shape != (2,) or self.xy.dtype != float:
            raise ValueError("`xy` is no point")


class AxesData(msgspec.Struct, frozen=True):
    """What stands in one Axes, in the coordinates of the data; `jail/inside/drawn.py` says what was drawn with what."""

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
    """All that can be read as a curve: lines, scatters, the ends of bars; in the order of x, or `as_drawn`.

    Single points with the same label (or with none) are one curve: somebody drew them in a loop. Lines that go
    straight up are none. With a `label`, only the curves that bear it, whatever its case and the spaces around it.
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
    """The heights of the level lines, whatever they were drawn with."""
    return _straight(axes, along=0, scale=axes.ylim)


def uprights(axes: AxesData) -> list[float]:
    """Where lines go straight up, whatever they were drawn with."""
    return _straight(axes, along=1, scale=axes.xlim)


def _straight(axes: AxesData, *, along: int, scale: Sequence[float]) -> list[float]:
    """The one coordinate that is the same in all points of a line which goes along the other one."""
    flat = FLAT * abs(scale[1] - scale[0]) if len(scale) == 2 else 0.0
    found = []
    for line in axes.lines:
        xy = line.xy[np.isfinite(line.xy).all(axis=1)]
        if len(xy) >= 2 and np.ptp(xy[:, along]) > 0 and np.ptp(xy[:, 1 - along]) <= flat:
            found.append(float(xy[0, 1 - along]))
    return found


def _label(drawn: LineData) -> str:
    """The label that a student gave; matplotlib's own begin with an underscore."""
    return "" if drawn.label.startswith("_") else drawn.label


def _by_x(xy: Any) -> Any:
    return xy[np.argsort(xy[:, 0], kind="stable")]
