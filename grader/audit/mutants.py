"""Mutants: every small change of a function, and which of them the hidden tests notice.

A *trial* replaces one function with a changed copy and runs the hidden tests until one fails. Each trial runs in a fork
with limits on CPU time and memory, since a mutated loop may never end.
"""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.audit.forks import run_in_forks
from grader.jail.inside.cells import Namespace
from grader.results import Outcome
from grader.testing.plugin import Run
from grader.testing.student import Student

_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.MatMult: ast.Mult,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def mutations(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every small change of `tree`, one at a time: (what was changed where, the changed copy).

    The mutation operators are the usual ones: replace an operator or a comparison, add 1 to a number, drop a minus,
    force a condition to true or to false, return None.
    """
    places = [node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)]
    for number, node in enumerate(places):
        for what, change in _changes(node):
            mutant = copy.deepcopy(tree)
            twin = [part for part in ast.walk(mutant) if isinstance(part, ast.expr | ast.stmt)][number]
            change(twin)
            yield f"line {getattr(node, 'lineno', 0)}: {what} in `{ast.unparse(node).splitlines()[0][:60]}`", mutant


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        new = _ARITHMETIC[type(node.op)]
        yield f"{type(node.op).__name__} -> {new.__name__}", lambda twin: setattr(twin, "op", new())
    elif isinstance(node, ast.Compare):
        other = _COMPARE[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} -> {other.__name__}", lambda twin: setattr(twin, "ops", [other()])
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield "number + 1", lambda twin: setattr(twin, "value", twin.value + 1)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "minus dropped", lambda twin: setattr(twin, "op", ast.UAdd())
    elif isinstance(node, ast.If | ast.IfExp):
        yield "always", lambda twin: setattr(twin, "test", ast.copy_location(ast.Constant(True), twin.test))
        yield "never", lambda twin: setattr(twin, "test", ast.copy_location(ast.Constant(False), twin.test))
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "returns None", lambda twin: setattr(twin, "value", ast.copy_location(ast.Constant(None), twin))


def killed_in_forks(trials: list[tuple[ast.Module, ast.AST, ast.AST]], path: Path, run: Run) -> list[bool]:
    """For each (tree, function, mutant): whether a hidden test fails or the mutant crashes."""
    jobs = [functools.partial(_survives, *trial, path, run) for trial in trials]
    return [said != b"survives" for said in run_in_forks(jobs)]


def _survives(tree: ast.Module, function: ast.AST, mutant: ast.AST, path: Path, run: Run) -> bytes:
    """Run the hidden tests on the mutant until one fails."""
    changed = _Exchange(function, mutant).visit(copy.deepcopy(tree))
    code = compile(ast.fix_missing_locations(changed), str(path), "exec")

    def open_student(_: str) -> Student:
        namespace: Namespace = {"__name__": "mutant", "__file__": str(path)}
        exec(code, namespace)  # noqa: S102 - our own reference, mutated
        return Student.local(namespace)

    ran = run(open_student, until_failure=True)
    return b"survives" if all(case.result.outcome is Outcome.PASSED for case in ran) else b"killed"


class _Exchange(ast.NodeTransformer):
    """Replaces one function definition, identified by its position, with another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._at = (getattr(old, "lineno", 0), getattr(old, "col_offset", 0))
        self._new = new

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if (node.lineno, node.col_offset) == self._at:
            return self._new
        return self.generic_visit(node)
