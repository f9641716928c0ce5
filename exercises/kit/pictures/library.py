"""How much code the learner's own functions are: counted from their source, as it stands in the notebook."""

from __future__ import annotations

import ast
import linecache
import types
from collections.abc import Iterator, Mapping

from kit.pictures.drawing import CURVE, finish, panels, picture

__all__ = ["lines_of", "own_library"]


@picture
def own_library(space: Mapping[str, object], names: str) -> None:
    """The lines of code of each of the learner's `names` (separated by spaces) as bars, with the total above."""
    counted = {name: lines_of(space[name]) for name in names.split() if name in space}
    counted = {name: lines for name, lines in counted.items() if lines}
    if not counted:
        print("Nothing of yours is here yet.")
        return
    (ax,) = panels(1, width=5.4, height=0.28 * len(counted) + 1.0)
    bars = ax.barh(list(counted), list(counted.values()), color=CURVE)
    ax.bar_label(bars, padding=3, fontsize=9)
    ax.invert_yaxis()
    finish(ax, f"your whole library: {sum(counted.values())} lines, all of them yours", legend=False)
    missing = [name for name in names.split() if name not in counted]
    if missing:
        print(f"Not counted, because it is not here: {', '.join(missing)}.")


def lines_of(thing: object) -> int:
    """The lines of code of a function or class that was written in a notebook, without comments and docstrings.

    Methods attached to a class in later cells count too. 0 for a stub, or where there is no source.
    """
    lines = [line for node in _written(thing) for line in ast.unparse(node).splitlines()]
    return sum(bool(line.strip()) for line in lines)


def _written(thing: object) -> Iterator[ast.stmt]:
    """The definitions of a function, or of a class and of what was attached to it later; no docstrings, no stubs."""
    parts = [thing] if not isinstance(thing, type) else list(vars(thing).values())
    found: dict[tuple[str, int], ast.stmt] = {}
    for code in (part.__code__ for part in parts if isinstance(part, types.FunctionType)):
        source = "".join(linecache.getlines(code.co_filename))
        try:
            body = ast.parse(source).body
        except SyntaxError:  # a cell with a line of the shell in it
            continue
        for node in body:
            first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
            if first <= code.co_firstlineno <= (node.end_lineno or first):
                found[code.co_filename, node.lineno] = node
    for node in found.values():
        stripped = _bare(node)
        if not (isinstance(stripped, ast.FunctionDef) and not stripped.body):
            yield stripped


def _bare(node: ast.stmt) -> ast.stmt:
    """The statement without docstrings and dots."""
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            part.body = [statement for statement in part.body if not _says_nothing(statement)]
    return node


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
