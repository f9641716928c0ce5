"""The prerequisite map as an SVG picture: a band for each unit, a box with its concepts for each task, and arrows.

`layers` does the layout. An arrow that others imply is not drawn (`concepts.arrows`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from html import escape

from grader.course import concepts
from grader.course.concepts import Step
from grader.course.manifest import Course
from grader.report import layers
from grader.report.layers import Link, Port, Stop
from grader.report.map_colours import DONE, HEAD, SHEET, UNITS, map_style

_BOX, _CHIP, _BETWEEN, _EDGE, _SIDE = 46, 21, 46, 18, 40  # heights, the margin, and the strip with the unit's name
_LINE = 14  # the width that a line takes
_WIDEST = 5  # boxes in a row
_START = ""  # the name of the box of starting concepts; unlike a task's, it has no slash


def svg(course: Course, passed: Mapping[str, float] | None = None, *, links: Mapping[str, str] | None = None) -> str:
    """The map as one self-contained SVG: a band for each unit, and a box with its concepts for each task.

    With `passed`, the share of a class that has passed each task (by unit/task), a box is filled that far. With
    `links`, the address of each task (by unit/task), a box is a link.
    """
    return MapPicture(course, passed, links).drawn()


class MapPicture:
    """What the parts of the picture share: rows, ports, positions, colours."""

    def __init__(
        self, course: Course, passed: Mapping[str, float] | None = None, links: Mapping[str, str] | None = None
    ) -> None:
        course = concepts.without_placement(course)
        self.course = course
        self.passed = passed
        self.links = links or {}
        self.steps = {step.name: step for step in concepts.steps(course)}
        self.users = concepts.arrows(course)
        starting = [concept for concept in course.starting if concept in self.users]
        self.chips = {_START: starting} if starting else {}
        self.chips |= {name: list(step.task.gives) for name, step in self.steps.items()}
        self.bands: list[tuple[int, int, str, int]] = []  # first row, number of rows, title, number of the colour
        self.rows = self.lay_rows()
        self.colour = {_START: 0}
        for u, unit in enumerate(course.units):
            colour = _colour_of(u)
            self.colour |= {f"{unit.id}/{task.id}": colour for task in unit.tasks}
        self.ports = self.all_ports()
        self.widths: dict[layers.Node, float] = {name: self.width(name) for name in self.chips}
        self.labels = self.all_labels()
        self.widths |= {stop: _wide(stop.port, 5.9) + 10 for stop in self.labels}
        self.placed = layers.place(self.rows, self.ports, self.widths, line=_LINE)

    def lay_rows(self) -> list[list[str]]:
        """Rows of tasks: within a unit, each task stands below the tasks that it needs."""
        giver = concepts.givers(self.course)
        rows: list[list[str]] = [[_START]] if _START in self.chips else []
        if rows:
            self.bands.append((0, 1, "", 0))
        for u, unit in enumerate(self.course.units):
            depth: dict[str, int] = {}
            for step in (Step(unit, task) for task in unit.tasks):
                inside = [giver[need].name for need in step.task.needs if need in giver]
                depth[step.name] = 1 + max((depth[name] for name in inside if name in depth), default=-1)
            first = len(rows)
            for level in range(1 + max(depth.values())):
                row = [name for name, deep in depth.items() if deep == level]
                rows += [row[i : i + _WIDEST] for i in range(0, len(row), _WIDEST)]
            self.bands.append((first, len(rows) - first, unit.title, _colour_of(u)))
        return rows

    def width(self, name: str) -> float:
        chips = math.fsum(_wide(concept, 7.4) + 12 for concept in self.chips[name]) + 6 * len(self.chips[name]) + 6
        step = self.steps.get(name)
        return max(chips, _wide(step.task.id, 6.4) + 66 if step else 0)

    def chip_places(self, name: str) -> dict[str, tuple[float, float]]:
        """For each concept of a box, the offset of its middle from the box's middle, and its width."""
        wide = {concept: _wide(concept, 7.4) + 12 for concept in self.chips[name]}
        x = -(math.fsum(wide.values()) + 6 * (len(wide) - 1)) / 2
        found = {}
        for concept, width in wide.items():
            found[concept] = (x + width / 2, width)
            x += width + 6
        return found

    def all_ports(self) -> list[Port]:
        return [
            Port(concept, name, middle, self.users[concept])
            for name in self.chips
            for concept, (middle, _) in self.chip_places(name).items()
            if concept in self.users
        ]

    def all_labels(self) -> set[Stop]:
        """The stops that get a label: a line repeats its name in the first row of each unit that it passes."""
        row_of = {name: r for r, row in enumerate(self.rows) for name in row}
        firsts = {first for first, _, _, _ in self.bands}
        return {
            Stop(port.name, r)
            for port in self.ports
            for r in range(row_of[port.box] + 1, max(row_of[name] for name in port.reaches))
            if r in firsts
        }

    def drawn(self) -> str:
        middle = {node: x + _SIDE + _EDGE for node, x in self.placed.middle.items()}
        right = max((middle[node] + self.widths.get(node, _LINE) / 2 for node in middle), default=0.0)
        width, height = round(right + _EDGE), len(self.rows) * (_BOX + _BETWEEN)
        title = escape(f"Prerequisite map: {self.course.title}")
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="{"group" if self.links else "img"}" class="course-map" font-family="Helvetica, Arial, sans-serif">',
            f"<title>{title}</title>",
            map_style(),
            f'<rect width="{width}" height="{height}" {_FILLED}/>',
            *(self.band(width, *band) for band in self.bands),
            *self.lines(middle),
            *(self.box(name, middle[name], _top(r)) for r, row in enumerate(self.rows) for name in row),
            *self.all_drawn_labels(middle),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def band(self, width: int, first: int, count: int, title: str, colour: int) -> str:
        y, height = first * (_BOX + _BETWEEN), count * (_BOX + _BETWEEN)
        return (
            f'<rect y="{y}" width="{width}" height="{height}" {_fill(colour)} fill-opacity=".07"/>'
            f'<rect y="{y}" width="{_SIDE - 8}" height="{height - 2}" fill="{UNITS[colour]}"/>'
            f'<text transform="translate(21 {y + height / 2:g}) rotate(-90)" text-anchor="middle" font-size="14" '
            f'font-weight="bold" fill="#fff">{escape(title)}</text>'
        )

    def lines(self, middle: dict[layers.Node, float]) -> list[str]:
        row_of = {node: r for r, row in enumerate(self.placed.rows) for node in row}
        arriving: dict[str, list[Link]] = defaultdict(list)
        for link in self.placed.links:
            if isinstance(link.lower, str):
                arriving[link.lower].append(link)
        ends: dict[Link, float] = {}
        for name, links in arriving.items():
            links.sort(key=lambda link: middle[link.upper] + link.offset)
            step = min(26.0, (self.widths[name] - 24) / max(1, len(links) - 1))
            for i, link in enumerate(links):
                ends[link] = middle[name] + (i - (len(links) - 1) / 2) * step
        drawn: dict[str, list[str]] = defaultdict(list)
        heads: dict[str, list[str]] = defaultdict(list)
        for link in self.placed.links:
            x1, y1 = middle[link.upper] + link.offset, _top(row_of[link.upper]) + _BOX
            x2, y2 = ends.get(link, middle[link.lower]), _top(row_of[link.lower])
            arrives = isinstance(link.lower, str)
            bottom = y2 - 6 if arrives else y2
            half = (y1 + bottom) / 2
            drawn[link.port].append(f"M{x1:.0f} {y1}C{x1:.0f} {half:g} {x2:.0f} {half:g} {x2:.0f} {bottom}")
            if arrives:
                heads[link.port].append(f"M{x2 - 4:.0f} {y2 - 8}h8l-4 8z")
            else:
                drawn[link.port].append(f"M{x2:.0f} {y2}v{_BOX}")
        reaches = {port.name: ", ".join(name.split("/")[1] for name in port.reaches) for port in self.ports}
        return [
            f"<g><title>{escape(port.name)} is needed by {reaches[port.name]}</title>"
            f'<path d="{"".join(drawn[port.name])}" fill="none" stroke="{SHEET}" class="s-sheet" stroke-width="5"/>'
            f'<path d="{"".join(drawn[port.name])}" fill="none" {_stroke(self.colour[port.box])} stroke-width="1.6"/>'
            f'<path d="{"".join(heads[port.name])}" {_fill(self.colour[port.box])}/></g>'
            for port in self.ports
        ]

    def box(self, name: str, middle: float, top: int) -> str:
        width, colour = self.widths[name], self.colour[name]
        left = middle - width / 2
        step = self.steps.get(name)
        head, says = "known at the start", "known at the start"
        minutes = ""
        if step:
            head, minutes = step.task.id, f"{step.task.minutes:g} min"
            if self.passed is not None:
                minutes = f"{100 * self.passed[name]:.0f} %" if name in self.passed else "–"
            says = f"{step.task.title}; needs {', '.join(step.task.needs) or 'nothing'}"
        parts = [
            f"<g><title>{escape(says)}</title>",
            f'<rect x="{left:.0f}" y="{top}" width="{width:.0f}" height="{_BOX}" rx="6" {_outlined(colour)}/>'
            f"{self.filled(name, left, top)}"
            f'<g font-size="11" fill="{HEAD}" class="f-head">'
            f'<text x="{left + 8:.0f}" y="{top + 14}">{escape(head)}</text>'
            f'<text x="{left + width - 8:.0f}" y="{top + 14}" text-anchor="end">{minutes}</text></g>',
        ]
        for concept, (beside, wide) in self.chip_places(name).items():
            x, y = middle + beside, top + _BOX - _CHIP - 4
            parts.append(
                f'<rect x="{x - wide / 2:.0f}" y="{y}" width="{wide:.0f}" height="{_CHIP}" rx="4" '
                f'fill="{UNITS[colour]}"/>'
                f'<text x="{x:.0f}" y="{y + 15}" font-size="12" font-weight="bold" text-anchor="middle" '
                f'fill="#fff">{escape(concept)}</text>'
            )
        drawn = "".join([*parts, "</g>"])
        return f'<a href="{escape(self.links[name])}">{drawn}</a>' if name in self.links else drawn

    def filled(self, name: str, left: float, top: int) -> str:
        """The part of the box that stands for the students who have passed its task."""
        share = (self.passed or {}).get(name, 0.0)
        width = share * (self.widths[name] - 2)
        return (
            f'<rect x="{left + 1:.0f}" y="{top + 1}" width="{width:.0f}" height="17" rx="5" '
            f'fill="{DONE}" class="f-done"/>'
            if share
            else ""
        )

    def all_drawn_labels(self, middle: dict[layers.Node, float]) -> list[str]:
        """The labels, drawn alternately higher and lower because they may be wider than the gap between lines."""
        drawn = []
        for row in self.placed.rows:
            high = False
            for node in row:
                high = isinstance(node, Stop) and not high
                if isinstance(node, Stop) and node in self.labels:
                    drawn.append(self.label(node, middle[node], _top(node.row) + (12 if high else _BOX - 12)))
        return drawn

    def label(self, stop: Stop, middle: float, y: int) -> str:
        wide = self.widths[stop]
        colour = self.colour[next(port for port in self.ports if port.name == stop.port).box]
        return (
            f'<rect x="{middle - wide / 2:.0f}" y="{y - 8}" width="{wide:.0f}" height="16" rx="8" '
            f'{_outlined(colour)}/><text x="{middle:.0f}" y="{y + 4}" font-size="10.5" '
            f'text-anchor="middle" {_fill(colour)}>{escape(stop.port)}</text>'
        )


def _colour_of(unit: int) -> int:
    """The number of the colour of a unit; 0 is that of what is known at the start."""
    return 1 + unit % (len(UNITS) - 1)


_FILLED = f'fill="{SHEET}" class="f-sheet"'


def _fill(colour: int) -> str:
    return f'fill="{UNITS[colour]}" class="f-u{colour}"'


def _stroke(colour: int) -> str:
    return f'stroke="{UNITS[colour]}" class="s-u{colour}"'


def _outlined(colour: int) -> str:
    return f'fill="{SHEET}" stroke="{UNITS[colour]}" class="f-sheet s-u{colour}"'


def _top(row: int) -> int:
    return row * (_BOX + _BETWEEN) + _BETWEEN // 2


def _wide(words: str, letter: float) -> float:
    return len(words) * letter
