"""The answers of public calls as pictures: an array entry by entry beside the right one, a long list as a curve.

Both are made of numbers that the student's code gave, so they may be anything: nan, infinite, or too large for an axis.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from grader.report.plot import HEIGHT, WIDTH, Axis, dot_of, path_of, ticks
from grader.report.words import said
from grader.results import ShownCall, TaskResult

MAX_PICTURE = 120_000  # characters of base64
_MOST_DRAWN = 3  # of one task
_SLIGHT, _CLEAR = 0.01, 0.1  # relative errors from which on an entry is marked more strongly
_SAME = 1e-7  # two numbers that differ by rounding
_ABSOLUTE = 1e-12
_HUGE = 1e300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 12, 40


class ArrayEntry(msgspec.Struct, frozen=True):
    """One entry of an array: what was given, what was expected, and how far apart they are."""

    given: str
    expected: str  # "" if it is right
    error: str  # "" too where one of them is not finite
    level: int  # of the heat: 0 is right, 3 the worst


class Drawing(msgspec.Struct, frozen=True):
    """A public call as a template shows it: the rows of an array, a curve, or the student's figure."""

    call: Markup  # empty if the example above names it
    rows: list[list[ArrayEntry]] = []
    curve: Markup = Markup("")
    compared: bool = False
    broken_off: str = ""
    picture: str = ""


def drawings(result: TaskResult) -> Iterator[Drawing]:
    """The answers of public calls that are drawn."""
    for shown in result.shown[:_MOST_DRAWN]:
        call = said(f"`{shown.call.replace('`', '')}`") if shown.call not in result.example else Markup("")
        if shown.kind == "entries":
            yield Drawing(call, rows=entries(shown))
        elif shown.kind == "series":
            curve = Markup(series(shown))  # noqa: S704 - made of our numbers
            yield Drawing(call, curve=curve, compared=bool(shown.expected), broken_off=broken_off(shown))
        elif picture := checked_png(shown.picture):
            yield Drawing(call, picture=picture)


def checked_png(png: str) -> str:
    """The picture, if it is a PNG in base64 of a bearable size."""
    if not png or len(png) > MAX_PICTURE:
        return ""
    try:
        is_png = base64.b64decode(png, validate=True).startswith(b"\x89PNG\r\n\x1a\n")
    except (binascii.Error, ValueError):
        return ""
    return png if is_png else ""


def entries(call: ShownCall) -> list[list[ArrayEntry]]:
    """The entries of an array, in rows."""
    pairs = (zip(given, expected, strict=True) for given, expected in zip(call.given, call.expected, strict=True))
    return [[_entry(given, expected) for given, expected in row] for row in pairs]


def _entry(given: float | str, expected: float | str) -> ArrayEntry:
    error = relative_error(given, expected)
    if error == 0:
        return ArrayEntry(shown_number(given), "", "", 0)
    level = 1 if error < _SLIGHT else 2 if error < _CLEAR else 3
    if isinstance(given, str) or isinstance(expected, str):
        return ArrayEntry(shown_number(given), shown_number(expected), "", level)
    off = f"{100 * error:.0f}\u00a0%" if error >= _CLEAR else f"{100 * error:.2g}\u00a0%"
    digits = next((n for n in (4, 6, 9) if shown_number(given, n) != shown_number(expected, n)), 17)
    return ArrayEntry(shown_number(given, digits), shown_number(expected, digits), off, level)


def relative_error(given: float | str, expected: float | str) -> float:
    """|given - expected| / (|given| + |expected|), as unit 4 defines it: from 0 (up to rounding) to 1."""
    if given == expected:
        return 0.0
    if isinstance(given, str) or isinstance(expected, str):
        return 1.0
    largest = max(abs(given), abs(expected))
    if abs(given - expected) <= _ABSOLUTE + _SAME * abs(expected):
        return 0.0
    one, other = given / largest, expected / largest  # so that their sum is never infinite
    return abs(one - other) / (abs(one) + abs(other))


def shown_number(value: float | str, digits: int = 4) -> str:
    """A number with few digits, as a learner reads it."""
    if isinstance(value, str):
        return value.replace("inf", "∞").replace("-", "−")
    text = f"{value:.{digits}g}"
    mantissa, e, power = text.partition("e")
    return (f"{mantissa}e{int(power)}" if e else text).replace("-", "−")


def series(call: ShownCall) -> str:
    """The numbers as a curve (SVG), dashed beside it the expected ones; "" if there is nothing to draw."""
    given, expected = _finite(call.given), _finite(call.expected)
    if all(value is None for value in (*given, *expected)):
        return ""
    count = max(len(given), len(expected))
    low, high, log = _limits(call)
    x = Axis(0, max(count - 1, 1), _LEFT, WIDTH - _RIGHT)
    y = Axis(low, high, HEIGHT - _BOTTOM, _TOP)
    parts = list(_grid(x, y, log))
    for kind, values in (("wanted-line", expected), ("curve", given)):
        places = [None if value is None else _height(value, log) for value in values]
        inside = [None if place is None or not low <= place <= high else y(place) for place in places]
        if any(inside):
            parts.append(f'<path class="{kind}" d="{path_of(zip(map(x, range(count)), inside, strict=False))}"/>')
    ends = [place for place, value in enumerate(given) if value is not None and low <= _height(value, log) <= high]
    if ends and ends[-1] < len(given) - 1:  # from here on it cannot be drawn
        parts.append(dot_of(x(ends[-1]), y(_height(given[ends[-1]] or 0.0, log)), "given"))
    label = "The numbers that your code gave, one after the other"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def broken_off(call: ShownCall) -> str:
    """What the caption says about numbers that are not in the picture; "" if there are none."""
    (row,) = call.given
    bad = [(place, value) for place, value in enumerate(row) if isinstance(value, str)]
    if not bad:
        low, high, log = _limits(call)
        places = [_height(value, log) for value in _finite([row]) if value is not None]
        out = [place for place, height in enumerate(places) if not low <= height <= high]
        return f"Number {out[0]} is {shown_number(row[out[0]])}, far outside this picture." if out else ""
    place, value = bad[0]
    if len(bad) == len(row):
        return (
            f"All of them are {shown_number(value)}."
            if len({item for _, item in bad}) == 1
            else "None of them is finite."
        )
    return f"Number {place} is {shown_number(value)}, counted from 0."


def _finite(rows: Sequence[Sequence[float | str]]) -> list[float | None]:
    """The numbers, so small that the picture's own numbers stay finite; None for what is none."""
    return [None if isinstance(value, str) else max(-_HUGE, min(value, _HUGE)) for row in rows for value in row]


def _height(value: float, log: bool) -> float:
    if not log:
        return value
    return math.log10(value) if value > 0 else -math.inf


def _limits(call: ShownCall) -> tuple[float, float, bool]:
    """The heights to show, and whether they are logarithms.

    A log scale, as the course draws losses, where all numbers are positive. Otherwise what is far outside the expected
    numbers is cut off, or their curve would be flat.
    """
    expected = [value for value in _finite(call.expected) if value is not None]
    known = [value for value in (*_finite(call.given), *expected) if value is not None]
    log = min(known) > 0 and max(known) / min(known) > 30
    heights = [_height(value, log) for value in known]
    low, high = min(heights), max(heights)
    if expected and not log:
        least, most = min(expected), max(expected)
        reach = 10 * max(most - least, abs(most), abs(least), 1e-9)
        low, high = max(low, least - reach), min(high, most + reach)
    pad = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
    return low - pad, high + pad, log


def _grid(x: Axis, y: Axis, log: bool) -> Iterator[str]:
    for place in ticks(x.low, x.high):
        if place == int(place):
            below = HEIGHT - _BOTTOM + 16
            yield f'<text x="{x(place):.1f}" y="{below}" text-anchor="middle">{shown_number(place)}</text>'
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    yield f'<text x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">number in the list</text>'
    for place in _log_ticks(y.low, y.high) if log else ticks(y.low, y.high):
        text = shown_number(10**place if log else place) if not log or abs(place) <= 4 else f"1e{place:.0f}"
        yield f'<text x="{_LEFT - 6}" y="{y(place) + 4:.1f}" text-anchor="end">{text.replace("-", "−")}</text>'
        yield f'<path class="grid" d="M{_LEFT} {y(place):.1f}H{WIDTH - _RIGHT}"/>'
    yield f'<path class="axis" d="M{_LEFT} {_TOP}V{HEIGHT - _BOTTOM}H{WIDTH - _RIGHT}"/>'


def _log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten, as logarithms; where there are hardly two, their doubles and fivefolds as well."""
    if high - low > 2:
        return [place for place in ticks(low, high) if place == int(place)]
    steps = [power + math.log10(times) for power in range(math.floor(low), math.ceil(high)) for times in (1, 2, 5)]
    return [place for place in steps if low <= place <= high]
