"""What a stub asks for: the functions, methods and values that it leaves as `...`."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator

import msgspec

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Asked(msgspec.Struct, frozen=True):
    """The globals that a stub asks for; for `Dual.__add__` that is `Dual`."""

    functions: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.functions, *self.values))


@functools.lru_cache(maxsize=256)
def asked_globals(source: str) -> Asked:
    """The globals that the stub cell `source` asks for; none if it is not plain Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return Asked()
    callables = dict.fromkeys(name.partition(".")[0] for name, stub in functions_in(tree) if is_dots(stub.body[-1]))
    return Asked(tuple(callables), tuple(_dotted(tree)))


def asked_names(source: str) -> list[str]:
    """The names that a stub cell asks for: functions and methods whose body is `...`, and values that are `...`."""
    tree = ast.parse(source)
    return [name for name, stub in functions_in(tree) if is_dots(stub.body[-1])] + _dotted(tree)


def _dotted(tree: ast.Module) -> list[str]:
    return [name for name, value in values(tree).items() if isinstance(value, ast.Constant) and value.value is ...]


def functions_in(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Every function and method of a module, by its qualified name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions_in(node, f"{prefix}{node.name}.")


def values(tree: ast.Module) -> dict[str, ast.expr]:
    """The globals that a module assigns, each with the last expression assigned to it."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def is_dots(node: ast.stmt) -> bool:
    """Whether a statement is `...`, the placeholder for what students write."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
