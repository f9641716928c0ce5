"""Find the earlier work that each task builds on, by following names through the reference solution.

A mistake costs points only once, in its own task. So later tasks are retried with the reference's work under the names
of earlier tasks and earlier units (`testing.stand_ins`). This module finds those names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from grader.course import notebooks
from grader.course.manifest import Unit
from grader.course.stubs import asked_names
from grader.files import read_text

BROUGHT = ""  # stands for work brought from an earlier unit, in place of a task


class Earlier(NamedTuple):
    """What a task builds on: the functions and classes of earlier tasks, each with its task; and the task's own.

    `not_yet` has, for each class, the methods that only later tasks give it: they may compute what this task asks.
    """

    owners: dict[str, str]
    own: frozenset[str]
    not_yet: dict[str, frozenset[str]]


def earlier_work(unit: Unit) -> dict[str, Earlier]:
    """What each task builds on, judging by the reference."""
    cells = notebooks.percent_cells(*unit.stubs)
    owners = {name: BROUGHT for cell in cells for name in cell.bring}
    own: dict[str, set[str]] = {}
    for cell in cells:
        if cell.task:
            own[cell.task] = {name.partition(".")[0] for name in asked_names(cell.source)}
            own[cell.task] |= {node.name for node in ast.parse(cell.source).body if isinstance(node, ast.ClassDef)}
            owners |= dict.fromkeys(own[cell.task], cell.task)
    order = [task.id for task in unit.tasks]
    tree = ast.parse(read_text(unit.solutions_dir / "reference.py"))
    uses = _uses(tree)
    built = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    found: dict[str, Earlier] = {}
    for at, task in enumerate(order):
        before = {BROUGHT, *order[:at]}
        reached = sorted(_reached(own.get(task, set()), uses) & built)
        theirs = {name: owners[name] for name in reached if owners.get(name, task) in before}
        later = {name for other in order[at + 1 :] for name in own.get(other, ())}
        found[task] = Earlier(theirs, frozenset(own.get(task, set())), _methods_given(tree, later))
    return found


def _methods_given(tree: ast.Module, names: set[str]) -> dict[str, frozenset[str]]:
    """For each class, the methods that a statement `Dual.__pow__ = power` makes of one of these names."""
    given: dict[str, frozenset[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and names & {p.id for p in ast.walk(node.value) if isinstance(p, ast.Name)}:
            for target in node.targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    given[target.value.id] = given.get(target.value.id, frozenset()) | {target.attr}
    return given


def _uses(tree: ast.Module) -> dict[str, set[str]]:
    """For each global name of a module, the global names used where it is defined or later changed."""
    uses: dict[str, set[str]] = {}
    for node in tree.body:
        for name in _defined(node):
            uses.setdefault(name, set()).update(
                part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id != name
            )
    return uses


def _defined(node: ast.stmt) -> Iterator[str]:
    """The global names that a statement defines or changes: `Dual.__pow__ = power` changes Dual."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            while isinstance(target, ast.Attribute):
                target = target.value
            for part in ast.walk(target):
                if isinstance(part, ast.Name):
                    yield part.id


def _reached(names: set[str], uses: dict[str, set[str]]) -> set[str]:
    """All names reachable from `names`."""
    reached, waiting = set(names), list(names)
    while waiting:
        for name in uses.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached
