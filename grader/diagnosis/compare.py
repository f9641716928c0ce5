"""Are two answers, or two figures, the same up to rounding and drawing style?"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import msgspec
import numpy as np

from grader.diagnosis.slips import ABSOLUTE, RELATIVE
from grader.testing.drawn import AxesData, curves
from grader.testing.student import Handle

FAR_BELOW_ROUNDING = 1e-40  # what rounding leaves of a 0 is larger, also where two such rests are multiplied
MOST_CURVES = 60  # in a figure; a busier one is like no other


def same_picture(one: object, other: object) -> bool:
    """Whether two figures show the same curves to about 1 % of their height, whatever points they are drawn with.

    If both have the same labels, each curve must have its own: otherwise exchanged labels would go unseen.
    """
    ours, theirs = _curves(one), _curves(other)
    if max(len(ours), len(theirs)) > MOST_CURVES:
        return False
    if {curve.label for curve in ours} != {curve.label for curve in theirs}:  # free choices
        ours, theirs = ([curve._replace(label="") for curve in curves] for curves in (ours, theirs))
    same = all(any(_same_curve(a, b) for b in theirs) for a in ours) and all(
        any(_same_curve(a, b) for a in ours) for b in theirs
    )
    return same and _same_contours(one, other)


def _same_contours(one: object, other: object) -> bool:
    """Whether the contours of two figures follow the same points to within 5 % of their size, whatever their grids.

    One may cover a larger region than the other; only the common region is compared.
    """
    ours, theirs = _places(one), _places(other)
    if not len(ours) or not len(theirs):
        return len(ours) == len(theirs)
    low, high = np.maximum(ours.min(axis=0), theirs.min(axis=0)), np.minimum(ours.max(axis=0), theirs.max(axis=0))
    ours, theirs = (places[((places >= low) & (places <= high)).all(axis=1)] for places in (ours, theirs))
    if not len(ours) or not len(theirs):
        return False
    apart = np.linalg.norm(ours[:, None] - theirs[None], axis=2)
    size = np.ptp(np.concatenate([ours, theirs]), axis=0).max()
    return bool(max(apart.min(axis=0).max(), apart.min(axis=1).max()) <= 0.05 * size)


def _places(picture: object) -> Any:
    """About 500 points at most on the contours of a figure, shape (n, 2)."""
    drawn = [line["xy"] for line in picture["contours"]] if isinstance(picture, dict) else []
    found = [xy for xy in drawn if isinstance(xy, np.ndarray) and xy.dtype.kind == "f" and xy.shape[1:] == (2,)]
    places = np.concatenate([np.empty((0, 2)), *found])
    places = places[np.isfinite(places).all(axis=1)]
    return places[:: len(places) // 500 + 1]


class _Curve(NamedTuple):
    left: float
    right: float
    heights: Any  # at 33 points
    label: str


def _curves(picture: object) -> list[_Curve]:
    """The curves of a figure; unlabelled horizontal lines and vertical lines are ignored."""
    try:
        axes = msgspec.convert(picture, AxesData)
    except msgspec.ValidationError:  # forged data
        return []
    found: list[_Curve] = []
    for curve in curves(axes):
        if len(found) > MOST_CURVES:
            break
        x, y = curve.xy.T
        if np.isfinite(curve.xy).all() and not (curve.label == "" and np.ptp(y) == 0):
            found.append(_Curve(x[0], x[-1], np.interp(np.linspace(x[0], x[-1], 33), x, y), curve.label))
    return found


def _same_curve(one: _Curve, other: _Curve) -> bool:
    height = max(np.ptp(one.heights), np.ptp(other.heights), 1e-12)
    width = max(one.right - one.left, other.right - other.left)
    ends = abs(one.left - other.left) + abs(one.right - other.right)
    apart = np.abs(one.heights - other.heights)
    # few points cut off a corner, where a curve may be far off, and nowhere else
    return bool(
        one.label == other.label
        and ends <= 0.01 * width
        and apart.mean() <= 0.01 * height
        and apart.max() <= 0.06 * height
    )


def alike(one: object, other: object) -> bool:
    """Whether two answers have the same values, up to rounding, and the same structure. Any two handles are alike.

    A list and an array of the same numbers are alike: no misunderstanding depends on the difference.
    """
    if isinstance(one, Handle) or isinstance(other, Handle):
        return isinstance(one, Handle) and isinstance(other, Handle)
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return bool(type(one) is type(other) and one == other)
    if isinstance(one, list | tuple) and isinstance(other, np.ndarray):
        return alike(one, other.tolist())
    if isinstance(one, np.ndarray) and isinstance(other, list | tuple):
        return alike(one.tolist(), other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if type(one) is float and type(other) is float:  # what numpy says below, in a fiftieth of its time
        near = abs(one - other) <= ABSOLUTE + RELATIVE * abs(other) < math.inf
        return near or one == other or (math.isnan(one) and math.isnan(other))
    numeric = (int, float, complex, np.ndarray)
    if isinstance(one, numeric) and isinstance(other, numeric):
        try:
            a, b = np.asarray(one), np.asarray(other)
            if a.dtype == b.dtype and a.dtype.kind in "fi" and a.shape == b.shape and a.tobytes() == b.tobytes():
                return True  # nearly always; numpy's comparison takes twenty times as long
            return a.shape == b.shape and bool(np.allclose(a, b, rtol=RELATIVE, atol=_absolute(b), equal_nan=True))
        except (TypeError, ValueError, OverflowError):  # an int that no array of numbers holds
            return not isinstance(one, np.ndarray) and not isinstance(other, np.ndarray) and one == other
    return bool(type(one) is type(other) and one == other)


def _absolute(right: np.ndarray) -> float:
    """What two numbers may differ by. Nothing where all are far smaller than what rounding leaves of a 0."""
    return 0.0 if 0 < np.max(np.abs(right), initial=0.0) < FAR_BELOW_ROUNDING else ABSOLUTE
