"""A tree as text that parses back to the same tree, and as LaTeX in the order it was typed."""

from __future__ import annotations

from fractions import Fraction

from kit.symbolic.tree import Add, Const, Diff, Div, FunctionCall, Mul, Neg, Num, Pow, Sub, Tree, Var, Vector
from kit.symbolic.words import GREEK, parts_of

_LATEX_FUNCTIONS = (
    *("exp", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sec", "csc", "cot", "coth", "max", "min"),
)


def to_text(tree: Tree) -> str:
    """The tree as text that parses back to the same tree."""
    match tree:
        case Num(value):
            return _number(value)
        case Var(name) | Const(name):
            return name
        case FunctionCall(name, parts):
            return f"{name}({', '.join(map(to_text, parts))})"
        case Diff(body, variable):
            return f"diff({to_text(body)}, {variable})"
        case Vector(parts):
            return f"[{', '.join(map(to_text, parts))}]"
        case Neg(inner):
            return f"-{_held(inner, 3)}"
        case Add(a, b):
            return f"{_held(a, 1)} + {_held(b, 2)}"
        case Sub(a, b):
            return f"{_held(a, 1)} - {_held(b, 2)}"
        case Mul(a, b):
            return f"{_held(a, 2)}*{_held(b, 3)}"
        case Div(a, b):
            return f"{_held(a, 2)}/{_held(b, 3)}"
        case Pow(a, Num(Fraction(numerator=1, denominator=1))):
            return f"{_held(a, 5)}^(1)"  # x^1/2 would have two readings
        case Pow(a, b):
            return f"{_held(a, 5)}^{_held(b, 5)}"


def _strength(tree: Tree) -> int:
    """How tightly the outermost operation binds: 1 for a sum, 2 for a product, 4 for a power, 9 for an atom."""
    match tree:
        case Add() | Sub():
            return 1
        case Neg() | Mul() | Div():
            return 2
        case Pow():
            return 4
    return 9


def needs_brackets(tree: Tree, least: int, *, typeset: bool = False) -> bool:
    """Whether the outermost operation binds less tightly than `least`; `typeset`: the bar of a fraction groups it."""
    if typeset and isinstance(tree, Div) and least < 5:
        return False
    return _strength(tree) < least


def _held(tree: Tree, least: int) -> str:
    return f"({to_text(tree)})" if needs_brackets(tree, least) else to_text(tree)


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"({value.numerator}/{value.denominator})"
    digits = max(twos, fives)
    whole = str(abs(value.numerator) * 10**digits // value.denominator).rjust(digits + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


def to_latex(tree: Tree) -> str:
    """The tree as LaTeX, in the order it was typed."""
    match tree:
        case Num(value):
            return _number(value)
        case Const(name):
            return "e" if name == "e" else "\\pi"
        case Var(name):
            return _latex_name(name)
        case FunctionCall(name, parts):
            return _latex_call(name, parts)
        case Diff(body, variable):
            return f"\\frac{{d}}{{d {_latex_name(variable)}}}\\left({to_latex(body)}\\right)"
        case Vector(rows):
            lines = [" & ".join(map(to_latex, row.entries if isinstance(row, Vector) else (row,))) for row in rows]
            return "\\begin{pmatrix}" + " \\\\ ".join(lines) + "\\end{pmatrix}"
        case Neg(inner):
            return f"-{_latex_held(inner, 0 if isinstance(inner, Div) else 3)}"
        case Div(a, b):
            return f"\\frac{{{to_latex(a)}}}{{{to_latex(b)}}}"
        case Pow(base, exponent):
            return f"{_latex_base(base)}^{{{to_latex(exponent)}}}"
        case Mul(a, b):
            left, right = _latex_held(a, 2), _latex_held(b, 3)
            dot = " \\cdot " if right[:1].isdigit() else " "
            return f"{left}{dot}{right}"
        case Add(a, b):
            return f"{_latex_held(a, 1)} + {_latex_held(b, 2)}"
        case Sub(a, b):
            return f"{_latex_held(a, 1)} - {_latex_held(b, 2)}"


def _latex_base(base: Tree) -> str:
    if not isinstance(base, Var | Const | Num):
        return _latex_held(base, 5)
    text = to_latex(base)
    return text if len(text) == 1 else f"{{{text}}}"


def _latex_held(tree: Tree, least: int) -> str:
    shown = to_latex(tree)
    return f"\\left({shown}\\right)" if needs_brackets(tree, least, typeset=True) else shown


def _latex_call(name: str, parts: tuple[Tree, ...]) -> str:
    inside = ", ".join(map(to_latex, parts))
    match name:
        case "abs":
            return f"\\left|{inside}\\right|"
        case "sqrt":
            return f"\\sqrt{{{inside}}}"
        case "cbrt":
            return f"\\sqrt[3]{{{inside}}}"
        case "sigmoid":
            return f"\\sigma\\left({inside}\\right)"
    plain = name if len(name.rstrip("'")) == 1 else f"\\operatorname{{{name}}}"
    shown = f"\\{name}" if name in _LATEX_FUNCTIONS else plain
    return f"{shown}\\left({inside}\\right)"


def _latex_name(name: str) -> str:
    head, mark, low = parts_of(name)
    shown = f"\\{head}" if head in GREEK.values() else head if len(head) == 1 else f"\\mathrm{{{head}}}"
    shown = f"\\{mark}{{{shown}}}" if mark else shown
    return f"{shown}_{{{low}}}" if low else shown
