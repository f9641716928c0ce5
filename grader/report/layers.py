"""Lay out a dependency graph in rows from top to bottom: where to put each box and each line.

How it works (after Sugiyama): a line that passes through rows gets an invisible narrow node, a *stop*, in each of them,
so that every link joins two neighbouring rows. All lines from one port share their stops: they leave as one and branch.
Rows are sorted by the mean position of their neighbours, sweeping down and up, and the order with the fewest crossings
is kept. Then every node moves as close to its neighbours as the order and the gaps allow, and lines are straightened.

The same course gives the same drawing everywhere: sums use `math.fsum`, because `sum` rounds differently from Python
3.12 on.
"""

from __future__ import annotations

import bisect
import itertools
import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

STARTS = 12
SWEEPS = 30  # over the order within the rows, from each start
ROUNDS = 120  # over the positions within the rows
STRAIGHTENED = 4  # passes that straighten the lines
GAP = 10.0  # between neighbours in a row
STRAIGHT = 6.0  # the pull of a line to run straight, relative to the pull of a box towards its lines


class Port(msgspec.Struct, frozen=True):
    """Where lines leave a box: a name, the box, the offset from its middle, and the boxes that the lines reach."""

    name: str
    box: str
    offset: float
    reaches: tuple[str, ...]


class Stop(msgspec.Struct, frozen=True):
    """Where the lines of a port pass through a row."""

    port: str
    row: int


Node = str | Stop  # a box is given by its name


class Link(msgspec.Struct, frozen=True):
    """A line between two neighbouring rows; `offset` is where it leaves, from the middle of `upper`."""

    port: str
    upper: Node
    offset: float
    lower: Node


class Placed(msgspec.Struct, frozen=True):
    """The ordered rows, all links, and the x coordinate of each node's middle."""

    rows: tuple[tuple[Node, ...], ...]
    links: tuple[Link, ...]
    middle: Mapping[Node, float]


def place(rows: Sequence[Sequence[str]], ports: Sequence[Port], widths: Mapping[Node, float], *, line: float) -> Placed:
    """Place the boxes in `rows`. `widths` has every box, and each stop that must be wider than `line`.

    A port may only reach boxes in rows below its own.
    """
    nodes, links = _with_stops(rows, ports)
    order = _fewest_crossings(nodes, links)
    middle = _middles(order, links, {node: widths.get(node, line) for row in order for node in row})
    return Placed(tuple(map(tuple, order)), tuple(links), middle)


def _with_stops(rows: Sequence[Sequence[str]], ports: Sequence[Port]) -> tuple[list[list[Node]], list[Link]]:
    row_of = {box: r for r, row in enumerate(rows) for box in row}
    nodes: list[list[Node]] = [list(row) for row in rows]
    links = []
    for port in ports:
        upper: Node = port.box
        offset = port.offset
        deepest = max((row_of[box] for box in port.reaches), default=0)
        for r in range(row_of[port.box] + 1, deepest + 1):
            links += [Link(port.name, upper, offset, box) for box in port.reaches if row_of[box] == r]
            if r < deepest:
                stop = Stop(port.name, r)
                nodes[r].append(stop)
                links.append(Link(port.name, upper, offset, stop))
                upper, offset = stop, 0.0
    return nodes, links


def _fewest_crossings(rows: list[list[Node]], links: Sequence[Link]) -> list[list[Node]]:
    """The best of several starts: the given order, and shuffled ones that are the same in every run."""
    shuffle = random.Random(0)  # noqa: S311 -- not secret; only random() is guaranteed stable across Python versions
    nodes = [node for row in rows for node in row]
    number = {node: at for at, node in enumerate(nodes)}  # many times faster to look up than nodes
    above: list[list[tuple[int, float]]] = [[] for _ in nodes]
    below: list[list[int]] = [[] for _ in nodes]
    for link in links:
        above[number[link.lower]].append((number[link.upper], link.offset / 1000))
        below[number[link.upper]].append(number[link.lower])
    given = [[number[node] for node in row] for row in rows]
    orders = [_fewer_crossings(given, above, below)]
    for _ in range(STARTS - 1):
        orders.append(_fewer_crossings([sorted(row, key=lambda _: shuffle.random()) for row in given], above, below))
    return [[nodes[at] for at in row] for row in min(orders, key=lambda order: _crossings(order, above))]


def _fewer_crossings(
    rows: list[list[int]], above: Sequence[Sequence[tuple[int, float]]], below: Sequence[Sequence[int]]
) -> list[list[int]]:
    """The best order found from one start. `above` has the upper node of each link and where it leaves that node."""
    rows = [list(row) for row in rows]
    best, least = [list(row) for row in rows], _crossings(rows, above)
    seen = set()
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for r in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            place = {node: i for i, node in enumerate(rows[r - 1 if down else r + 1])}
            mean = {}
            for i, node in enumerate(rows[r]):
                ends: list[float] = (
                    [place[upper] + leaves for upper, leaves in above[node]]
                    if down
                    else [place[n] for n in below[node]]
                )
                mean[node] = math.fsum(ends) / len(ends) if ends else float(i)
            rows[r].sort(key=mean.__getitem__)
        _swap_neighbours(rows, above, below)
        count = _crossings(rows, above)
        if count < least:
            best, least = [list(row) for row in rows], count
        if (state := (down, *map(tuple, rows))) in seen:
            break  # from here on it goes round in a circle
        seen.add(state)
    return best


def _swap_neighbours(
    rows: list[list[int]], above: Sequence[Sequence[tuple[int, float]]], below: Sequence[Sequence[int]]
) -> None:
    """Swap neighbours wherever that reduces the crossings."""
    for r, row in enumerate(rows):
        up = {node: i for i, node in enumerate(rows[r - 1])} if r else {}
        down = {node: i for i, node in enumerate(rows[r + 1])} if r + 1 < len(rows) else {}
        upper = {node: [up[other] + leaves for other, leaves in above[node]] for node in row}
        lower = {node: [down[other] for other in below[node]] for node in row}
        for i in range(len(row) - 1):
            left, right = row[i], row[i + 1]
            pairs = [*itertools.product(upper[left], upper[right]), *itertools.product(lower[left], lower[right])]
            if sum(a < b for a, b in pairs) < sum(a > b for a, b in pairs):
                row[i], row[i + 1] = right, left


def _crossings(rows: Sequence[Sequence[int]], above: Sequence[Sequence[tuple[int, float]]]) -> int:
    """How many pairs of links cross, with the rows in this order."""
    count = 0
    for upper, lower in itertools.pairwise(rows):
        place = {node: i for i, node in enumerate(upper)}
        ends = sorted((place[other] + leaves, i) for i, node in enumerate(lower) for other, leaves in above[node])
        seen: list[int] = []
        for _, i in ends:
            count += len(seen) - bisect.bisect_right(seen, i)
            bisect.insort(seen, i)
    return count


def _middles(rows: Sequence[Sequence[Node]], links: Sequence[Link], widths: Mapping[Node, float]) -> dict[Node, float]:
    pulls: dict[Node, list[tuple[Node, float, float]]] = defaultdict(list)  # node, offset, strength
    for link in links:
        strength = STRAIGHT if isinstance(link.upper, Stop) and isinstance(link.lower, Stop) else 1.0
        pulls[link.lower].append((link.upper, link.offset, strength))
        pulls[link.upper].append((link.lower, -link.offset, strength))
    middle: dict[Node, float] = {}
    spaced = [(row, _distances(row, widths)) for row in rows]
    for row, distances in spaced:
        middle.update(zip(row, apart([0.0] * len(row), [1.0] * len(row), distances), strict=True))
    for sweep in range(ROUNDS):
        for row, distances in spaced if sweep % 2 == 0 else reversed(spaced):
            wish, weight = [], []
            for node in row:
                strength = math.fsum(pull for _, _, pull in pulls[node])
                wanted = math.fsum((middle[other] + beside) * pull for other, beside, pull in pulls[node])
                wish.append(wanted / strength if strength else middle[node])
                weight.append(strength or 0.1)
            middle.update(zip(row, apart(wish, weight, distances), strict=True))
    _straighten(rows, widths, middle)
    left = min((middle[node] - widths[node] / 2 for row in rows for node in row), default=0.0)
    return {node: x - left for node, x in middle.items()}


def _straighten(rows: Sequence[Sequence[Node]], widths: Mapping[Node, float], middle: dict[Node, float]) -> None:
    """Make every line run straight down as far as its neighbours leave room."""
    ports = dict.fromkeys(node.port for row in rows for node in row if isinstance(node, Stop))
    for port in [*ports] * STRAIGHTENED:
        run: list[Stop] = []
        low, high = -math.inf, math.inf  # the range shared by the whole run
        for row in rows:
            for node, (least, most) in zip(row, _rooms(row, _distances(row, widths), middle), strict=True):
                if isinstance(node, Stop) and node.port == port:
                    if run and max(low, least) > min(high, most):
                        _line_up(run, low, high, middle)
                        run, low, high = [], -math.inf, math.inf
                    run.append(node)
                    low, high = max(low, least), min(high, most)
        _line_up(run, low, high, middle)


def _line_up(run: Sequence[Stop], low: float, high: float, middle: dict[Node, float]) -> None:
    mean = math.fsum(middle[stop] for stop in run) / len(run)
    middle.update(dict.fromkeys(run, min(max(mean, low), high)))


def _rooms(row: Sequence[Node], distances: Sequence[float], middle: Mapping[Node, float]) -> list[tuple[float, float]]:
    """The range in which each node of a row can move while its neighbours stay where they are."""
    least = [-math.inf, *(middle[node] + room for node, room in zip(row, distances, strict=False))]
    most = [*(middle[node] - room for node, room in zip(row[1:], distances, strict=True)), math.inf]
    return list(zip(least, most, strict=True))


def _distances(row: Sequence[Node], widths: Mapping[Node, float]) -> list[float]:
    """The minimum distances between neighbours' middles. A wide stop may overlap the next stop, but not its line."""
    return [
        max(widths[one], widths[other]) / 2 + GAP / 2
        if isinstance(one, Stop) and isinstance(other, Stop)
        else (widths[one] + widths[other]) / 2 + GAP
        for one, other in itertools.pairwise(row)
    ]


def apart(wish: Sequence[float], weight: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The positions nearest to `wish` (weighted least squares) with these distances: pool adjacent violators."""
    shifts = list(itertools.accumulate(distances, initial=0.0))
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    for place, weighs, shift in zip(wish, weight, shifts, strict=False):
        pool = (place - shift, weighs, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, heavy, count = pools.pop()
            together = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / together, together, count + pool[2])
        pools.append(pool)
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + shift for mean, shift in zip(means, shifts, strict=False)]
