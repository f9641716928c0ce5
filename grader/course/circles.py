"""Find circles among things that need each other."""

from __future__ import annotations

import graphlib


def circles(needs: dict[str, list[str]]) -> list[list[str]]:
    """Cycles, each starting and ending at its first name; each is cut at one edge to find the next."""
    order = list(needs)
    needs = {name: list(needed) for name, needed in needs.items()}
    found = []
    while True:
        try:
            graphlib.TopologicalSorter(needs).prepare()
        except graphlib.CycleError as error:
            circle = error.args[1][:-1]
            first = circle.index(min(circle, key=order.index))
            circle = circle[first:] + circle[:first]
            found.append([*circle, circle[0]])
            needs[circle[0]].remove(circle[-1])
        else:
            return found
