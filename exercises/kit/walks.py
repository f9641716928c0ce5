"""Six broken backward passes through a graph: the engines of "find the bug".

A walk is a method `backward(self)` of a node that has `.grad` and `.edges`, the pairs (input, slope) it was made from.
Each gives the right gradients for some graphs and wrong ones for others. The exercise is to find which.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

__all__ = ["first_come", "from_a_stack", "level_by_level", "send_again", "two_levels", "whenever_reached"]


class Node(Protocol):
    """A node of the graph. `edges` are the pairs (input, slope) that it was made from."""

    grad: float
    edges: Sequence[tuple[Node, float]]


def send_again(self: Node) -> None:
    self.grad = 1.0

    def send(node: Node) -> None:
        for before, slope in node.edges:
            before.grad += slope * node.grad
            send(before)

    send(self)


def level_by_level(self: Node) -> None:
    self.grad = 1.0
    level: list[Node] = [self]
    for node in level:
        for before, slope in node.edges:
            before.grad += slope * node.grad
            if before not in level:
                level.append(before)


def first_come(self: Node) -> None:
    self.grad = 1.0
    seen: list[Node] = []

    def visit(node: Node) -> None:
        seen.append(node)
        for before, slope in node.edges:
            before.grad += slope * node.grad
        for before, _ in node.edges:
            if before not in seen:
                visit(before)

    visit(self)


def from_a_stack(self: Node) -> None:
    self.grad = 1.0
    stack, seen = [self], [self]
    while stack:
        node = stack.pop()
        for before, slope in node.edges:
            before.grad += slope * node.grad
            if before not in seen:
                seen.append(before)
                stack.append(before)


def two_levels(self: Node) -> None:
    self.grad = 1.0
    for before, slope in self.edges:
        before.grad += slope * self.grad
        for further, steepness in before.edges:
            further.grad += steepness * slope


def whenever_reached(self: Node) -> None:
    self.grad = 1.0
    waiting = [self]
    for node in waiting:
        for before, slope in node.edges:
            before.grad += slope * node.grad
            waiting.append(before)
