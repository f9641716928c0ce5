"""Differentiate a tree by the rules, or with one named rule broken at one place or everywhere.

`derivative(tree, "x")` is right. `broken(tree, "x")` yields the answers of people who break one rule: a first run
collects the places where each rule could be broken, and each later run breaks one of them (see `rules`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from kit.symbolic import Diff, Tree, Vector, children, names, walk, with_children

from grader.symbolic.rules import EVERYWHERE, Rules, Site


class BrokenRule(NamedTuple):
    """The derivative `tree` with the rule `label` broken; `parts` are the parts of the question at that place."""

    label: str
    tree: Tree
    parts: dict[str, Tree]


def derivative(tree: Tree, variable: str) -> Tree:
    """The derivative, lightly tidied; entry by entry for a vector."""
    if isinstance(tree, Vector):
        return Vector(tuple(derivative(part, variable) for part in tree.entries))
    return Rules(variable).d(tree)


def resolved(tree: Tree) -> Tree:
    """The tree with every `diff(…, x)` worked out."""
    if not any(isinstance(node, Diff) for node in walk(tree)):
        return tree
    if isinstance(tree, Diff):
        return derivative(resolved(tree.body), tree.variable)
    return with_children(tree, tuple(resolved(part) for part in children(tree)))


def broken(tree: Tree, variable: str, everywhere: bool = False) -> Iterator[BrokenRule]:
    """Every derivative with one rule broken: at each single place and, if there are several, at all of them."""
    rules = Rules(variable)
    rules.d(tree)
    if names(tree) - {variable}:
        rules.hit("other-variables-not-constant", u=tree)
    counts: Counter[tuple[str, int]] = Counter()
    first: dict[tuple[str, int], dict[str, Tree]] = {}
    for label, form, parts in rules.places:
        number = counts[label, form]
        counts[label, form] += 1
        first.setdefault((label, form), parts)
        if not everywhere:
            yield BrokenRule(label, Rules(variable, Site(label, form, number)).d(tree), parts)
    for (label, form), count in counts.items():
        if count > 1 or everywhere:
            yield BrokenRule(label, Rules(variable, Site(label, form, EVERYWHERE)).d(tree), first[label, form])
