"""Wrong answers close to the right one: the reference with one small change of the kind that students make.

A flipped sign, a missing factor, term or square, one step too many, a forgotten transpose or `abs`, the other axis: a
submission with such a slip behaves like the reference with this one change, however the code is written. So if no
known mistake fits, each change is tried. The sentence tells the student what such an answer does and in which
function, but never how the reference is written.
"""

from __future__ import annotations

import ast
import copy
import functools
import re
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.course import notebooks, stubs
from grader.jail.inside.cells import Namespace
from grader.testing.authoring import Mistake

Change = Callable[[Any], ast.expr | None]  # returns what replaces a copy of the node; None: changed in place
MOST = 80  # changes tried for one task's functions
_TAKEN_FOR = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}
_DROPPED = ("abs", "tanh", "sqrt", "exp", "log", "sign", "round", "asarray", "array", "squeeze")
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}


def neighbours(folder: Path) -> dict[str, list[Mistake]]:
    """By task: changed versions of the functions that it asks for, in the unit whose solutions are in `folder`."""
    stub = folder.parents[1] / "exercises" / folder.name / f"{folder.name}.py"
    reference = folder / "reference.py"
    if not stub.is_file():
        return {}
    tree = ast.parse(reference.read_text(encoding="utf-8"))
    found: dict[str, list[Mistake]] = {}
    for cell in notebooks.read_percent(stub.read_text(encoding="utf-8")):
        if cell.task:
            asked = set(stubs.asked_names(cell.source))
            own = [(name, node) for name, node in stubs.functions(tree) if name in asked]
            made = (one for name, node in own for one in _of_function(cell.task, name, node, tree, reference))
            found[cell.task] = [one for one, _ in zip(made, range(MOST), strict=False)]
    return found


def _of_function(
    task: str, name: str, function: stubs.Function, tree: ast.Module, reference: Path
) -> Iterator[Mistake]:
    """The changed versions of one function."""
    loops = {part for node in ast.walk(function) if isinstance(node, ast.While) for part in ast.walk(node)}
    inside = set(ast.walk(function)) - loops  # a changed `while` may never end
    for number, node in enumerate(ast.walk(tree)):
        if node not in inside:
            continue
        for at, (says, change) in enumerate(_changes(node)):
            shown = name.rpartition(".")[2]
            place = f"{getattr(node, 'lineno', 0)}_{getattr(node, 'col_offset', 0)}_{at}"
            yield Mistake(
                f"{shown}_{'_'.join(re.findall('[a-z]+', says))}_{place}",
                task,
                f"`{shown}` does what the right one would do {says}. Where does that happen in yours?",
                functools.partial(_names, tree, number, change, reference),
            )


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """The small changes of one node, each with a description."""
    match node:
        case ast.BinOp():
            yield from _other_operators(node)
        case ast.UnaryOp(op=ast.USub()):
            yield "with a minus sign left out", lambda twin: twin.operand
        case ast.Compare(ops=[operator]) if type(operator) in _TURNED:
            yield "with a comparison turned around", lambda twin: _turned(twin)
        case ast.Attribute(attr="T"):
            yield "without exchanging rows and columns (`.T`)", lambda twin: twin.value
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _TAKEN_FOR:
            yield f"with a {_TAKEN_FOR[name]} where a {name} belongs", lambda twin: _renamed(twin)
            if any(word.arg == "axis" for word in node.keywords):
                yield "along the other axis", _other_axis
                yield "with the sum, mean or maximum of everything", _no_axis
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[_]) if name in _DROPPED:
            yield f"without `{name}`", lambda twin: twin.args[0]
        case ast.Call(func=ast.Name(id="range")):
            yield "with one step too many", lambda twin: _range(twin, ast.Add)
            yield "with one step too few", lambda twin: _range(twin, ast.Sub)
        case ast.AugAssign(op=ast.Add()):
            yield "with the last one kept where they are added up", lambda twin: setattr(twin, "replace", True)


def _other_operators(node: ast.BinOp) -> Iterator[tuple[str, Change]]:
    match node.op:
        case ast.Add():
            yield "with a minus where a plus belongs", _operator(ast.Sub)
            yield "with one of the terms left out", lambda twin: twin.left
            yield "with one of the terms left out", lambda twin: twin.right
        case ast.Sub():
            yield "with a plus where a minus belongs", _operator(ast.Add)
            yield "with the two sides of a minus exchanged", _exchanged
            yield "with what is subtracted left out", lambda twin: twin.left
            yield "with only what is subtracted", lambda twin: twin.right
        case ast.Mult():
            yield "with one of the factors left out", lambda twin: twin.left
            yield "with one of the factors left out", lambda twin: twin.right
            yield "with a plus where two things are multiplied", _operator(ast.Add)
            yield "with a division where two things are multiplied", _operator(ast.Div)
        case ast.Div():
            yield "without dividing", lambda twin: twin.left
            yield "with a multiplication where it divides", _operator(ast.Mult)
            yield "with a fraction turned upside down", _exchanged
            yield "with a division that cuts off the decimals", _operator(ast.FloorDiv)
        case ast.Pow():
            yield "without raising to a power (a square left out)", lambda twin: twin.left
            yield "with an exponent that is one too large", lambda twin: _power(twin, 1)
            yield "with an exponent that is one too small", lambda twin: _power(twin, -1)
        case ast.MatMult():
            yield "with the two sides of `@` exchanged", _exchanged


def _operator(new: type[ast.operator]) -> Change:
    return lambda twin: setattr(twin, "op", new())


def _exchanged(twin: ast.BinOp) -> None:
    twin.left, twin.right = twin.right, twin.left


def _power(twin: ast.BinOp, by: int) -> None:
    twin.right = ast.BinOp(twin.right, ast.Add(), ast.Constant(by))


def _turned(twin: ast.Compare) -> None:
    twin.ops = [_TURNED[type(twin.ops[0])]()]


def _renamed(twin: Any) -> None:
    function = twin.func
    if isinstance(function, ast.Attribute):
        function.attr = _TAKEN_FOR[function.attr]
    else:
        function.id = _TAKEN_FOR[function.id]


def _other_axis(twin: ast.Call) -> None:
    for word in twin.keywords:
        if word.arg == "axis":
            word.value = ast.BinOp(ast.Constant(1), ast.Sub(), word.value)


def _no_axis(twin: ast.Call) -> None:
    twin.keywords = [word for word in twin.keywords if word.arg not in ("axis", "keepdims")]


def _range(twin: ast.Call, by: type[ast.operator]) -> None:
    end = 0 if len(twin.args) == 1 else 1
    twin.args[end] = ast.BinOp(twin.args[end], by(), ast.Constant(1))


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


def _names(tree: ast.Module, number: int, change: Change, reference: Path) -> Namespace:
    """The reference's namespace, with the node of this number changed."""
    twin = copy.deepcopy(tree)
    changed = _Change(list(ast.walk(twin))[number], change).visit(twin)
    code = compile(ast.fix_missing_locations(changed), str(reference), "exec", dont_inherit=True)
    module = types.ModuleType(f"_{reference.parent.name}_changed")
    module.__file__ = str(reference)
    exec(code, vars(module))  # noqa: S102 - our own reference, changed
    return vars(module)
