"""Wrong answers close to the right one: the reference with one small change of the kind that students make.

A flipped sign, a missing factor, term or square, one step too many, a forgotten transpose or `abs`, the other axis: a
submission with such a slip behaves like the reference with this one change, however the code is written. So if no
known mistake fits, each change is tried. The sentence tells the student what such an answer does and in which
function, but never how the reference is written.
"""

from __future__ import annotations

import ast
import functools
import itertools
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.course import notebooks, stubs
from grader.diagnosis.changes import RARE, Change, changes
from grader.files import read_text
from grader.testing.authoring import Mistake

MOST = 160  # changes tried for one task's functions
MOST_NAMES = 6  # names that may stand in place of one another


def neighbours(folder: Path) -> dict[str, list[Mistake]]:
    """By task: changed versions of the functions that it asks for, in the unit whose solutions are in `folder`."""
    stubs_of_the_unit = sorted((folder.parents[1] / "exercises" / folder.name).glob("*.py"))  # others have no cells
    reference = folder / "reference.py"
    if not stubs_of_the_unit:
        return {}
    whole = _InParts(reference)
    found: dict[str, list[Mistake]] = {}
    for cell in notebooks.percent_cells(*stubs_of_the_unit):
        if cell.task:
            asked = set(stubs.asked_names(cell.source))
            own = [(name, node) for name, node in stubs.functions_in(whole.tree) if name in asked]
            made = [list(_of_function(cell.task, name, node, whole)) for name, node in own]
            # one of each function in turn, so that a long one leaves room for the others
            in_turn = [version for ones in itertools.zip_longest(*made) for version in ones if version is not None]
            found[cell.task] = in_turn[:MOST]
    return found


def _of_function(task: str, name: str, function: stubs.Function, whole: _InParts) -> Iterator[Mistake]:
    """The changed versions of one function; first those that change what it computes, then those that swap names."""
    inside = set(ast.walk(function)) - set(_never_changed(function))
    names = [] if _may_never_end(function) else _names_in(function)
    numbered = [(number, node) for number, node in enumerate(ast.walk(whole.tree)) if node in inside]
    of_names = (ast.Name, ast.Constant)
    found = [
        (number, at, says, functools.partial(whole.changed, node, change))
        for number, node in sorted(numbered, key=lambda pair: isinstance(pair[1], of_names))
        if names or not isinstance(node, ast.If | ast.Constant)
        for at, (says, change) in enumerate(changes(node, names))
    ]
    shown = name.rpartition(".")[2]
    for number, at, says, names_of_it in sorted(found, key=lambda made: made[2].endswith(RARE)):
        yield Mistake(
            f"{shown}_{'_'.join(re.findall('[a-z]+', says))}_{number}_{at}",
            task,
            f"`{shown}` does what the right one would do {says}. Where does that happen in yours?",
            names_of_it,
        )


def _never_changed(function: stubs.Function) -> Iterator[ast.AST]:
    """The nodes in a `while`, which may never end when changed, the annotations and defaults, and names in `range`."""
    for node in ast.walk(function):
        if isinstance(node, ast.While | ast.arguments):
            yield from ast.walk(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func
            if node.func.id == "range":
                yield from (inner for part in node.args for inner in ast.walk(part) if isinstance(inner, ast.Name))


def _may_never_end(function: stubs.Function) -> bool:
    """Whether the function has a `while`, or calls itself: a case left out may then never end."""
    defined = {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef)}
    called = {
        node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return bool(defined & called) or any(isinstance(node, ast.While) for node in ast.walk(function))


def _names_in(function: stubs.Function) -> list[str]:
    """The parameters of a function and the variables that it assigns, the first few."""
    arguments = [argument.arg for argument in function.args.args if argument.arg != "self"]
    assigned = [
        node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    lambdas = [node for node in ast.walk(function) if isinstance(node, ast.Lambda)]
    inner = [argument.arg for node in lambdas for argument in node.args.args]
    return list(dict.fromkeys(name for name in [*arguments, *inner, *assigned] if name != "_"))[:MOST_NAMES]


class _Change(ast.NodeTransformer):
    """Replaces one node with what `change` makes of it."""

    def __init__(self, node: ast.AST, change: Change) -> None:
        self._node, self._change = node, change

    def visit(self, node: ast.AST) -> Any:
        if node is not self._node:
            return self.generic_visit(node)
        made = self._change(node)
        if getattr(node, "replace", False) and isinstance(node, ast.AugAssign):
            return ast.Assign([node.target], node.value)
        return node if made is None else made


class _InParts:
    """The reference as the statements at its top, each compiled: most changes are tried on one test for a moment.

    Copying and compiling all of it for each change took longer than nearly every test.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = read_text(path).split("\n")
        self.tree = ast.parse("\n".join(self._lines))
        self._futures = [
            part for part in self.tree.body if isinstance(part, ast.ImportFrom) and part.module == "__future__"
        ]
        self._places = {
            node: (part, number)
            for part, statement in enumerate(self.tree.body)
            for number, node in enumerate(ast.walk(statement))
        }
        self._codes = [self._compiled(part) for part in self.tree.body]

    def changed(self, node: ast.AST, change: Change) -> dict[str, Any]:
        """The reference's namespace, with `node` changed, which is in one of its functions or classes."""
        part, number = self._places[node]
        twin = self._read_again(self.tree.body[part])
        made = _Change([*ast.walk(twin)][number], change).visit(twin)
        module = types.ModuleType(f"_{self._path.parent.name}_changed")
        module.__file__ = str(self._path)
        for code in [*self._codes[:part], self._compiled(made), *self._codes[part + 1 :]]:
            exec(code, vars(module))  # noqa: S102 - our own reference, changed
        return vars(module)

    def _read_again(self, part: ast.stmt) -> ast.stmt:
        """A copy of a function or class at the top: parsing takes a fifth of the time of `copy.deepcopy`."""
        first = min([part.lineno, *(line.lineno for line in getattr(part, "decorator_list", ()))])
        twin: ast.stmt = ast.parse("\n" * (first - 1) + "\n".join(self._lines[first - 1 : part.end_lineno])).body[0]
        return twin

    def _compiled(self, part: ast.stmt) -> types.CodeType:
        module = ast.fix_missing_locations(ast.Module([*self._futures, part], []))
        return compile(module, str(self._path), "exec", dont_inherit=True)
