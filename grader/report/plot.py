"""The curve of a typed formula as a small picture (SVG), with the value it gives and the right one at one point.

Where the slopes of the question's function were measured, they are drawn beside it, one mark at each place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

import msgspec

from grader.report.measured_slopes import Slopes
from grader.report.typed_formulas import Typed

WIDTH, HEIGHT = 340, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 12, 24
_POINTS, _POINTS_BESIDE = 97, 73
_HALF = 3.0  # the curve runs this far to either side of zero, and further if the point lies outside
_REACH = 1.5  # a wrong curve is cut this many heights of the measured slopes above and below them


class DrawnFormula(msgspec.Struct, frozen=True):
    """An `<svg>`, or "" if there is nothing to draw, and what a caption has to explain in it."""

    svg: str = ""
    dotted: bool = False  # the value at the point of the hint, and the right one
    beside: bool = False  # the measured slopes are drawn as well
    cut: bool = False  # parts of the curve lie above or below the picture


def beside_measured(typed: Typed, slopes: Slopes) -> DrawnFormula:
    """The curve of a typed formula with the measured slopes of the question's function; empty if it has no values."""
    step = (slopes.high - slopes.low) / (_POINTS_BESIDE - 1)
    xs = [slopes.low + step * number for number in range(_POINTS_BESIDE)]
    ys = [_value(typed, slopes.along, x, slopes.fixed) for x in xs]
    known = [y for y in ys if y is not None]
    if len(known) < _POINTS_BESIDE // 8 or not slopes.places:
        return DrawnFormula()
    here = typed.at.get(slopes.along) if typed.at.keys() == {slopes.along} else None
    low, high = _beside([y for _, y in slopes.places], known)
    dots = [(here, typed.given, "given"), (here, typed.wanted, "wanted")]
    known_dots = [(x, y, kind) for x, y, kind in dots if x is not None and y is not None]
    inside = all(xs[0] <= x <= xs[-1] and low <= y <= high for x, y, _ in known_dots)
    marked = known_dots if inside else []
    svg = _svg(slopes.along, xs, ys, (low, high), marked, typed, slopes.places)
    return DrawnFormula(svg, bool(marked), beside=True, cut=not all(low <= y <= high for y in known))


def _beside(measured: Sequence[float], known: Sequence[float]) -> tuple[float, float]:
    """The heights to show: all of the measured slopes, and of the curve what is not far from them."""
    low, high = min(0.0, *measured), max(0.0, *measured)
    reach = _REACH * (high - low) or 1.0
    near = [y for y in known if low - reach <= y <= high + reach] or known
    low, high = min(low, *near), max(high, *near)
    pad = 0.08 * (high - low) or 1.0
    return low - pad, high + pad


def formula_curve(typed: Typed) -> str:
    """The picture as an `<svg>`, or "" if there is no curve to draw: no variable, a list, or hardly any value."""
    letters = [letter for letter in typed.answer.variables if letter in typed.at] if typed.at else []
    letters = letters or list(typed.answer.variables)
    if not letters or (len(typed.answer.variables) > 1 and set(typed.answer.variables) - set(typed.at)):
        return ""
    along = letters[0]
    here = typed.at.get(along)
    reach = max(_HALF, 1.5 * abs(here)) if here is not None else _HALF
    xs = [-reach + 2 * reach * step / (_POINTS - 1) for step in range(_POINTS)]
    ys = [_value(typed, along, x, typed.at) for x in xs]
    dots = [(here, typed.given, "given"), (here, typed.wanted, "wanted")]
    marked = [(x, y, kind) for x, y, kind in dots if x is not None and y is not None]
    known = sorted(y for y in ys if y is not None)
    if len(known) < _POINTS // 8:
        return ""
    return _svg(along, xs, ys, _span(known, [y for _, y, _ in marked]), marked, typed)


def _value(typed: Typed, along: str, x: float, others: Mapping[str, float]) -> float | None:
    try:
        y = typed.answer.at(**{**others, along: x})
    except (ArithmeticError, ValueError, TypeError, KeyError):
        return None
    return y if math.isfinite(y) and abs(y) < 1e9 else None


def _span(known: Sequence[float], also: Sequence[float]) -> tuple[float, float]:
    """The heights to show: nearly all of the curve but not its poles, and every marked value."""
    cut = len(known) // 12
    low, high = min(known[cut], *also, 0.0), max(known[-1 - cut], *also, 0.0)
    pad = 0.08 * (high - low) or 1.0
    return low - pad, high + pad


def _svg(
    along: str,
    xs: Sequence[float],
    ys: Sequence[float | None],
    span: tuple[float, float],
    marked: Sequence[tuple[float, float, str]],
    typed: Typed,
    measured: Sequence[tuple[float, float]] = (),
) -> str:
    low, high = span
    across, down = Axis(xs[0], xs[-1], _LEFT, WIDTH - _RIGHT), Axis(low, high, HEIGHT - _BOTTOM, _TOP)

    upright = across(min(max(0.0, xs[0]), xs[-1]))
    parts = [
        f'<path class="axis" d="M{_LEFT} {down(0):.1f}H{WIDTH - _RIGHT}M{upright:.1f} {_TOP}V{HEIGHT - _BOTTOM}"/>'
    ]
    for x in ticks(xs[0], xs[-1]):
        parts.append(f'<text x="{across(x):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{_plain(x)}</text>')
    for y in ticks(low, high):
        parts.append(f'<text x="{_LEFT - 6}" y="{down(y) + 4:.1f}" text-anchor="end">{_plain(y)}</text>')
        parts.append(f'<path class="grid" d="M{_LEFT} {down(y):.1f}H{WIDTH - _RIGHT}"/>')
    shown = [None if y is None or not low <= y <= high else down(y) for y in ys]
    path = path_of(zip(map(across, xs), shown, strict=True))
    parts.append(f'<path class="curve" d="{path}"/>')
    if measured:
        marks = "".join(_mark(across(x), down(y)) for x, y in measured)
        parts.append(f'<path class="measured" d="{marks}"/>')
    for x, y, kind in marked:
        parts.append(dot_of(across(x), down(y), kind))
    beside = f", and the slope measured at {len(measured)} places" if measured else ""
    label = escape(f"The curve of {typed.name} over {along}{beside}", quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


class Axis(msgspec.Struct, frozen=True):
    """Where numbers from `low` to `high` lie in a picture, from `begins` to `ends`."""

    low: float
    high: float
    begins: float
    ends: float

    def __call__(self, value: float) -> float:
        return self.begins + (value - self.low) / (self.high - self.low) * (self.ends - self.begins)


def path_of(points: Iterable[tuple[float, float | None]]) -> str:
    """The curve through the points; it is interrupted where there is no value, or one outside the picture."""
    return "".join(_pieces(points))


def _pieces(points: Iterable[tuple[float, float | None]]) -> Iterator[str]:
    pen_is_down = False
    for x, y in points:
        if y is not None:
            yield f"{'L' if pen_is_down else 'M'}{x:.1f} {y:.1f}"
        pen_is_down = y is not None


def dot_of(x: float, y: float, kind: str) -> str:
    """A round dot for what was given, a diamond for what was wanted: the colour alone says nothing in print."""
    if kind == "given":
        return f'<circle class="given" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    return f'<path class="wanted" d="M{x:.1f} {y - 6.5:.1f}l6.5 6.5l-6.5 6.5l-6.5 -6.5z"/>'


def _mark(x: float, y: float) -> str:
    """A small diamond: the same shape as what was wanted at the point of a hint."""
    return f"M{x:.1f} {y - 4:.1f}l4 4l-4 4l-4 -4z"


def ticks(low: float, high: float) -> list[float]:
    """Three to eight round numbers between the bounds."""
    step = 10.0 ** math.floor(math.log10(high - low))
    if (high - low) / step > 7:
        step *= 2
    for factor in (1.0, 0.5, 0.2):
        if (high - low) / (step * factor) >= 3:
            step *= factor
            break
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step) + 1)][:8]


def _plain(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
