"""The small changes that students' slips amount to, each as a change of one node of a syntax tree.

A flipped sign, a factor too few or too many, brackets left out, one name or attribute in place of another, one
step too few, an `if` forgotten. `changes` yields them for one node of a function; `neighbours` applies them.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

RARE = "that does not belong there"  # at the end of what a change is called that is tried after all others
Change = Callable[[Any], ast.AST | None]  # returns what replaces a copy of the node; None: changed in place
_TAKEN_FOR = {
    **{"sum": ("mean", "max"), "mean": ("sum",), "max": ("min",), "min": ("max",), "argmax": ("argmin",)},
    **{"std": ("var",), "var": ("std",), "any": ("all",), "all": ("any",)},
    **{"argmin": ("argmax",), "sin": ("cos",), "cos": ("sin",), "log": ("log10", "log2")},
}
_ATTRIBUTES = {"real": "inf", "inf": "real", "data": "grad", "grad": "data"}
_DROPPED = ("abs", "tanh", "sqrt", "exp", "log", "sign", "round", "asarray", "array", "squeeze", "float")
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
_LOOSE: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.Gt: ast.GtE, ast.LtE: ast.Lt, ast.GtE: ast.Gt}
_ONE_CASE = "with one of its two cases for every input"


def changes(node: ast.AST, names: Sequence[str]) -> Iterator[tuple[str, Change]]:
    """The small changes of one node, each with a description. Any of `names` may stand where another belongs."""
    match node:
        case ast.BinOp():
            yield from _of_operation(node)
            yield from _of_twos_and_roots(node)
        case ast.UnaryOp(op=ast.USub()):
            yield "with a minus sign left out", lambda twin: twin.operand
        case ast.Compare(ops=[operator]) if type(operator) in _TURNED:
            yield "with a comparison turned around", _compared(_TURNED)
            yield "if what is equal went to the other side (`<` and `<=`)", _compared(_LOOSE)
        case ast.IfExp():
            yield _ONE_CASE, lambda twin: twin.body
            yield _ONE_CASE, lambda twin: twin.orelse
        case ast.Attribute(attr="T"):
            yield "without exchanging rows and columns (`.T`)", lambda twin: twin.value
        case ast.Attribute(attr=name) if name in _ATTRIBUTES:
            yield f"with `.{_ATTRIBUTES[name]}` where `.{name}` belongs", _attribute(_ATTRIBUTES[name])
        case ast.Call():
            yield from _of_call(node)
        case ast.Subscript():
            yield from _of_place(node)
        case ast.AugAssign(op=ast.Add()):
            yield "with the last one kept where they are added up", lambda twin: setattr(twin, "replace", True)
        case ast.FunctionDef(body=[*_, ast.For(), ast.Return()]):
            yield "with the `return` inside the loop", lambda twin: twin.body[-2].body.append(twin.body.pop())
        case ast.If() | ast.For() | ast.Return(value=ast.Tuple()):
            yield from _of_statement(node)
        case ast.Name(id=name, ctx=ast.Load()) if name in names:
            for other in names:
                if other != name:
                    yield "with one name in place of another", _named(other)
        case ast.Constant(value=0 | 1 as value) if type(value) in (int, float):
            yield f"with a {1 - value:g} where a {value:g} belongs", lambda twin: ast.Constant(1 - twin.value)
            for name in names:
                yield f"with a name where a {value:g} belongs", _named(name)


def _of_operation(node: ast.BinOp) -> Iterator[tuple[str, Change]]:
    yield from _of_brackets(node)
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
            yield f"with an `abs` below {RARE}", _abs_of_the_right
        case ast.Pow():
            yield "without raising to a power (a square left out)", lambda twin: twin.left
            yield "with an exponent that is one too large", lambda twin: _power(twin, 1)
            yield "with an exponent that is one too small", lambda twin: _power(twin, -1)
        case ast.MatMult():
            yield "with the two sides of `@` exchanged", _exchanged
    if isinstance(node.op, ast.Mult | ast.Div):
        for side in (node.left, node.right):
            if not isinstance(side, ast.Constant):
                yield "with one factor too many", _once_more(node.op, side)


def _of_twos_and_roots(node: ast.BinOp) -> Iterator[tuple[str, Change]]:
    """A term that counts twice or half, a 2 too many below a fraction, and a root there."""
    if isinstance(node.op, ast.Div) and not isinstance(node.right, ast.Constant):
        if not _has_a_two(node):
            yield f"with a 2 below {RARE}", lambda twin: _times(twin, 0.5)
        yield f"with a root below {RARE}", _root_of_the_right
    if isinstance(node.op, ast.Add | ast.Sub):
        for side in ("left", "right"):
            term = getattr(node, side)
            if not isinstance(term, ast.Constant | ast.Name) and not _has_a_two(term):
                yield "with one of the terms twice", _side(side, 2)
                yield "with one of the terms halved", _side(side, 0.5)


def _has_a_two(part: ast.expr) -> bool:
    """Whether something is multiplied or divided by 2: to leave that out is the likelier slip."""
    products = [
        node for node in ast.walk(part) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)
    ]
    return any(
        isinstance(side, ast.Constant) and side.value == 2 for node in products for side in (node.left, node.right)
    )


def _of_brackets(node: ast.BinOp) -> Iterator[tuple[str, Change]]:
    """`(a + b)/c` as `a + b/c`, and `a/(b*c)` as `a/b*c`."""
    tight = isinstance(node.op, ast.Mult | ast.Div)
    if tight and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Add | ast.Sub):
        yield (
            "with brackets left out",
            lambda twin: ast.BinOp(twin.left.left, twin.left.op, ast.BinOp(twin.left.right, twin.op, twin.right)),
        )
    if not isinstance(node.right, ast.BinOp):
        return
    inner = node.right.op
    if (tight and isinstance(inner, ast.Add | ast.Sub)) or (
        isinstance(node.op, ast.Div | ast.Sub) and isinstance(inner, ast.Mult | ast.Div if tight else ast.Add | ast.Sub)
    ):
        yield (
            "with brackets left out",
            lambda twin: ast.BinOp(ast.BinOp(twin.left, twin.op, twin.right.left), twin.right.op, twin.right.right),
        )


def _of_call(node: ast.Call) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _TAKEN_FOR:
            for other in _TAKEN_FOR[name]:
                yield f"with a {other} where a {name} belongs", _renamed(other)
            if any(word.arg == "axis" for word in node.keywords):
                yield "along the other axis", _other_axis
                yield "with the sum, mean or maximum of everything", _no_axis
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[_]) if name in _DROPPED:
            yield f"without `{name}`", lambda twin: twin.args[0]
            if name != "abs":
                yield f"with an `abs` inside `{name}` {RARE}", _abs_of_the_argument
        case ast.Call(func=ast.Attribute(attr="where"), args=[_, _, _]):
            yield _ONE_CASE, lambda twin: twin.args[1]
            yield _ONE_CASE, lambda twin: twin.args[2]
        case ast.Call(func=ast.Attribute(attr="copy"), args=[]):
            yield "without a copy", lambda twin: twin.func.value
        case ast.Call(func=ast.Name(id="reversed"), args=[_]):
            yield "in the other order", lambda twin: twin.args[0]
        case ast.Call(func=ast.Name(id="range")):
            yield "with one step too many", lambda twin: _range(twin, ast.Add)
            yield "with one step too few", lambda twin: _range(twin, ast.Sub)


def _of_place(node: ast.Subscript) -> Iterator[tuple[str, Change]]:
    """One place further to the left or right; the first left out for the last, or vice versa."""
    match node.slice:
        case ast.Slice(lower=ast.Constant(value=1), upper=None, step=None):
            yield (
                "with the last one left out, and not the first",
                _slice(None, ast.UnaryOp(ast.USub(), ast.Constant(1))),
            )
        case ast.Slice(lower=None, upper=ast.UnaryOp(), step=None):
            yield "with the first one left out, and not the last", _slice(ast.Constant(1), None)
        case ast.Name() | ast.BinOp():
            yield "at one place too far to the right", _place(ast.Add)
            yield "at one place too far to the left", _place(ast.Sub)


def _of_statement(node: ast.If | ast.For | ast.Return) -> Iterator[tuple[str, Change]]:
    match node:
        case ast.If(orelse=[]):
            yield "without one of its cases (an `if` left out)", lambda _: ast.Pass()
        case ast.For():
            yield "with only the first round of a loop", lambda twin: twin.body.append(ast.Break())
        case ast.Return(value=ast.Tuple(elts=[_, _])):
            yield "with the two things that it returns exchanged", lambda twin: twin.value.elts.reverse()


def _operator(new: type[ast.operator]) -> Change:
    return lambda twin: setattr(twin, "op", new())


def _attribute(name: str) -> Change:
    return lambda twin: setattr(twin, "attr", name)


def _named(name: str) -> Change:
    return lambda _: ast.Name(name, ast.Load())


def _exchanged(twin: Any) -> None:
    twin.left, twin.right = twin.right, twin.left


def _once_more(operator: ast.operator, factor: ast.expr) -> Change:
    return lambda twin: ast.BinOp(twin, operator, copy.deepcopy(factor))


def _absolute(value: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("abs", ast.Load()), [value], [])


def _abs_of_the_right(twin: Any) -> None:
    twin.right = _absolute(twin.right)


def _abs_of_the_argument(twin: Any) -> None:
    twin.args[0] = _absolute(twin.args[0])


def _times(value: ast.expr, factor: float) -> ast.expr:
    return ast.BinOp(value, ast.Mult(), ast.Constant(factor))


def _side(side: str, factor: float) -> Change:
    return lambda twin: setattr(twin, side, _times(getattr(twin, side), factor))


def _root_of_the_right(twin: Any) -> None:
    twin.right = ast.BinOp(twin.right, ast.Pow(), ast.Constant(0.5))


def _power(twin: Any, by: int) -> None:
    twin.right = ast.BinOp(twin.right, ast.Add(), ast.Constant(by))


def _compared(by: dict[type[ast.cmpop], type[ast.cmpop]]) -> Change:
    return lambda twin: setattr(twin, "ops", [by[type(twin.ops[0])]()])


def _renamed(name: str) -> Change:
    return lambda twin: setattr(twin.func, "attr" if isinstance(twin.func, ast.Attribute) else "id", name)


def _other_axis(twin: Any) -> None:
    for word in twin.keywords:
        if word.arg == "axis":
            word.value = ast.BinOp(ast.Constant(1), ast.Sub(), word.value)


def _no_axis(twin: Any) -> None:
    twin.keywords = [word for word in twin.keywords if word.arg not in ("axis", "keepdims")]


def _range(twin: Any, by: type[ast.operator]) -> None:
    end = 0 if len(twin.args) == 1 else 1
    twin.args[end] = ast.BinOp(twin.args[end], by(), ast.Constant(1))


def _slice(lower: ast.expr | None, upper: ast.expr | None) -> Change:
    return lambda twin: setattr(twin, "slice", ast.Slice(lower, upper))


def _place(by: type[ast.operator]) -> Change:
    return lambda twin: setattr(twin, "slice", ast.BinOp(twin.slice, by(), ast.Constant(1)))
