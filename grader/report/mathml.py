"""A typed formula in MathML, in the order it was typed, so that a page can typeset it without any script."""

from __future__ import annotations

from html import escape

from kit.symbolic import Add, Const, Diff, Div, FunctionCall, Mul, Neg, Num, Pow, Sub, Tree, Var, Vector, to_text
from kit.symbolic.render import needs_brackets
from kit.symbolic.words import GREEK, parts_of

_LETTERS = {name: letter for letter, name in reversed(GREEK.items())}
_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~"}
_TIMES = "<mo>&#8290;</mo>"  # an invisible product, which screen readers say


def mathml(tree: Tree, name: str = "") -> str:
    """A `<math>` element that shows the tree; with `name`, the equation name = tree."""
    left = f"<mi mathvariant='normal'>{escape(name)}</mi><mo>=</mo>" if name else ""
    said = escape(f"{name} = {to_text(tree)}" if name else to_text(tree), quote=True)
    return f'<math display="block" tabindex="0" aria-label="{said}"><mrow>{left}{_shown(tree)}</mrow></math>'


def _shown(tree: Tree) -> str:
    match tree:
        case Num():
            return f"<mn>{to_text(tree).strip('()')}</mn>"
        case Const(name):
            return f"<mi>{'π' if name == 'pi' else 'e'}</mi>"
        case Var(name):
            return _name(name)
        case FunctionCall(name, parts):
            return _call(name, parts)
        case Diff(body, variable):
            over = f"<mfrac><mi>d</mi><mrow><mi>d</mi>{_name(variable)}</mrow></mfrac>"
            return over + _brackets(_shown(body))
        case Vector(rows):
            cells = [row.entries if isinstance(row, Vector) else (row,) for row in rows]
            table = "".join(f"<mtr>{''.join(f'<mtd>{_shown(cell)}</mtd>' for cell in row)}</mtr>" for row in cells)
            return _brackets(f"<mtable>{table}</mtable>")
        case Neg(inner):
            return f"<mo>−</mo>{_held(inner, 0 if isinstance(inner, Div) else 3)}"
        case Div(a, b):
            return f"<mfrac><mrow>{_shown(a)}</mrow><mrow>{_shown(b)}</mrow></mfrac>"
        case Pow(base, exponent):
            return f"<msup><mrow>{_held(base, 5)}</mrow><mrow>{_shown(exponent)}</mrow></msup>"
        case Mul(a, b):
            right = _held(b, 3)
            return _held(a, 2) + ("<mo>·</mo>" if right.startswith("<mn>") else _TIMES) + right
        case Add(a, b):
            return f"{_held(a, 1)}<mo>+</mo>{_held(b, 2)}"
        case Sub(a, b):
            return f"{_held(a, 1)}<mo>−</mo>{_held(b, 2)}"


def _held(tree: Tree, least: int) -> str:
    return _brackets(_shown(tree)) if needs_brackets(tree, least, typeset=True) else _shown(tree)


def _brackets(inside: str) -> str:
    return f"<mrow><mo>(</mo>{inside}<mo>)</mo></mrow>"


def _call(name: str, parts: tuple[Tree, ...]) -> str:
    inside = "<mo>,</mo>".join(map(_shown, parts))
    match name:
        case "abs":
            return f"<mrow><mo>|</mo>{inside}<mo>|</mo></mrow>"
        case "sqrt":
            return f"<msqrt>{inside}</msqrt>"
        case "cbrt":
            return f"<mroot><mrow>{inside}</mrow><mn>3</mn></mroot>"
    shown = "σ" if name == "sigmoid" else escape(name)
    return f"<mi>{shown}</mi><mo>&#8289;</mo>{_brackets(inside)}"


def _name(name: str) -> str:
    """A variable, with its Greek letter, its accent and its index: `theta_1`, `yhat`."""
    head, mark, low = parts_of(name)
    shown = f"<mi>{escape(_LETTERS.get(head, head))}</mi>"
    if mark:
        shown = f'<mover accent="true">{shown}<mo>{_ACCENTS[mark]}</mo></mover>'
    return f"<msub>{shown}<mi>{escape(low)}</mi></msub>" if low else shown
