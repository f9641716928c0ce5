"""The contents of one matplotlib Axes as plain data, whichever function drew them; and its figure as a picture.

All points are in data coordinates, including those of `axhline` and `axvline`, whose other coordinate runs from one
edge of the Axes to the other.

    lines      plot, step, stairs, errorbar, hlines, vlines, axhline, axvline: a line each; {"label", "xy"}
    scatters   scatter
    bars       bar, barh, hist: the middle of the end of each bar
    areas      fill_between, fill, axhspan, axvspan, polygons: the outline
    contours   contour; the label is the level
    images     imshow, pcolormesh: {"label", "extent": [left, right, bottom, top], "values"}, bottom row first
    texts      text, annotate: {"text", "xy"}
    legend     the texts of the legend
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

Floats = np.ndarray[Any, np.dtype[np.float64]]

ARTISTS_LIMIT = 5000  # artists in one Axes
POINTS_LIMIT = 400_000  # points and pixels of all artists together
TEXT_LIMIT = 400  # characters of a text


def axes_data(axes: Axes) -> dict[str, Any]:
    """The contents of `axes`. Raises ValueError if there is too much, AttributeError if it is not an Axes."""
    groups, adorns = _containers(axes)
    found: dict[str, list[dict[str, Any]]] = {
        kind: [] for kind in ("lines", "scatters", "bars", "areas", "contours", "images", "texts")
    }
    artists = [*axes.lines, *axes.patches, *axes.collections, *axes.images, *axes.texts]
    if len(artists) > ARTISTS_LIMIT:
        raise ValueError(f"{len(artists)} things are drawn in these Axes")
    points = 0
    for artist in artists:
        if id(artist) not in adorns:
            for kind, record in _records(artist, axes, groups.get(id(artist))):
                points += sum(value.size for value in record.values() if isinstance(value, np.ndarray))
                if points > 2 * POINTS_LIMIT:
                    raise ValueError("too many points are drawn in these Axes")
                found[kind].append(record)
    legend = axes.get_legend()
    return {
        **found,
        "legend": [_text(text) for text in legend.get_texts()] if legend is not None else [],
        "title": str(axes.get_title())[:TEXT_LIMIT],
        "xlabel": str(axes.get_xlabel())[:TEXT_LIMIT],
        "ylabel": str(axes.get_ylabel())[:TEXT_LIMIT],
        "xscale": str(axes.get_xscale()),
        "yscale": str(axes.get_yscale()),
        "xlim": [float(x) for x in axes.get_xlim()],
        "ylim": [float(y) for y in axes.get_ylim()],
    }


class Group(NamedTuple):
    """Artists drawn together: bars, the line of an errorbar."""

    label: str
    lies: bool  # horizontal bars


def _containers(axes: Axes) -> tuple[dict[int, Group], set[int]]:
    """The group of each artist that was drawn with others, by id, and the ids of mere decoration (caps, stems)."""
    groups: dict[int, Group] = {}
    adorns: set[int] = set()
    for container in axes.containers:
        label = str(container.get_label())[:TEXT_LIMIT]
        group = Group(label, getattr(container, "orientation", "") == "horizontal")
        if type(container).__name__ == "BarContainer":
            if label.startswith("_") and len(container):  # `hist` gives its label to the first bar
                group = group._replace(label=str(container[0].get_label())[:TEXT_LIMIT])
            groups.update({id(bar): group for bar in container})
        else:  # a line first, then its decoration: one artist, or several
            line, *others = container
            groups[id(line)] = group
            adorns.update(id(part) for other in others for part in (other if isinstance(other, tuple) else (other,)))
    return groups, adorns


def _records(artist: Any, axes: Axes, group: Group | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """What one artist shows: its kind and its data."""
    label = group.label if group else str(artist.get_label())[:TEXT_LIMIT]
    kinds = {kind.__name__ for kind in type(artist).__mro__}
    if hasattr(artist, "levels"):  # contours; filled ones are an area without a line
        if not artist.filled:
            for level, path in zip(artist.levels, artist.get_paths(), strict=False):
                yield "contours", {"label": str(float(level)), "xy": _numbers(path.vertices)}
    elif "Line2D" in kinds:
        yield "lines", {"label": label, "xy": _in_data(artist, axes, artist.get_xydata())}
    elif "LineCollection" in kinds:
        for segment in artist.get_segments():
            yield "lines", {"label": label, "xy": _in_data(artist, axes, segment)}
    elif "StepPatch" in kinds:
        data = artist.get_data()
        xy = np.column_stack([np.repeat(data.edges, 2)[1:-1], np.repeat(data.values, 2)])
        yield "lines", {"label": label, "xy": _numbers(xy)}
    elif "Rectangle" in kinds and group is not None:
        yield "bars", {"label": label, "xy": _end_of_bar(artist, lies=group.lies)}
    elif "PathCollection" in kinds:
        yield "scatters", {"label": label, "xy": _numbers(artist.get_offsets())}
    elif "QuadMesh" in kinds:
        corners = _numbers(artist.get_coordinates()).reshape(-1, 2)
        yield "images", _image(label, [*_ends(corners[:, 0]), *_ends(corners[:, 1])], artist.get_array())
    elif "AxesImage" in kinds:
        values = np.asarray(artist.get_array())
        yield "images", _image(label, artist.get_extent(), values[::-1] if artist.origin == "upper" else values)
    elif "Text" in kinds:
        yield "texts", {"text": _text(artist), "xy": _numbers([_place(artist)])[0]}
    elif hasattr(artist, "get_paths"):
        for path in artist.get_paths():
            yield "areas", {"label": label, "xy": _in_data(artist, axes, path.vertices)}
    elif hasattr(artist, "get_path"):
        yield "areas", {"label": label, "xy": _in_data(artist, axes, artist.get_path().vertices)}


def _numbers(values: object) -> Floats:
    """Points as floats; masked values become nan."""
    return np.ma.filled(np.ma.asarray(values).astype(float), np.nan)


def _in_data(artist: Artist, axes: Axes, xy: Any) -> Floats:
    """Points in data coordinates; `axhline` has its x as a fraction of the width, and its y is kept exactly."""
    points, transform = _numbers(xy).reshape(-1, 2), artist.get_transform()
    if transform == axes.transData:
        return points
    if transform == axes.get_yaxis_transform():
        kept = (False, True)
    elif transform == axes.get_xaxis_transform():
        kept = (True, False)
    else:
        kept = (False, False)
    return np.where(kept, points, _numbers((transform - axes.transData).transform(points)))


def _end_of_bar(bar: Rectangle, *, lies: bool) -> Floats:
    """The middle of the end of a bar, as (1, 2): of its top, or of its right end if it is horizontal."""
    (left, bottom), width, height = bar.get_xy(), bar.get_width(), bar.get_height()
    return _numbers([[left + width, bottom + height / 2] if lies else [left + width / 2, bottom + height]])


def _image(label: str, extent: Any, values: Any) -> dict[str, Any]:
    return {"label": label, "extent": [float(edge) for edge in extent], "values": _numbers(values)}


def _ends(values: Any) -> list[float]:
    return [float(np.nanmin(values)), float(np.nanmax(values))] if values.size else [0.0, 0.0]


def _text(artist: Text) -> str:
    return str(artist.get_text())[:TEXT_LIMIT]


def _place(text: Text) -> Any:
    """What an annotation points at, or the position of a text."""
    return getattr(text, "xy", text.get_position())


def picture_of(axes: Any, width: int = 640, height: int = 480) -> bytes:
    """The figure of these Axes as a PNG of at most `width` times `height` points."""
    figure = axes.get_figure()
    wide, high = figure.get_size_inches()
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=min(width / wide, height / high), bbox_inches=None)
    return file.getvalue()
