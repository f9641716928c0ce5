"""Parse a typed answer such as `2x cos(x^2)`, typeset it, compute with it.

    >>> print(parse("e^(-x)/(1 + e^(-x))^2", ["x"]).latex())
    \\frac{e^{-x}}{\\left(1 + e^{-x}\\right)^{2}}
    >>> match parse("2x", ["x"]).tree:
    ...     case Mul(Num(factor), Var(name)):
    ...         print(factor, name)
    2 x

The same code reads the answer in the notebook, which shows it typeset, and again during grading. From the bottom up:
`tree` (the nodes), `words` (names and their meanings), `render` (tree to text and LaTeX), `evaluate` (tree to number,
tree to sympy), `tokens` (text to tokens), `parser` (tokens to tree).
"""

from kit.symbolic.evaluate import StillToDerive, to_sympy
from kit.symbolic.parser import Answer, parse
from kit.symbolic.render import to_latex, to_text
from kit.symbolic.tokens import AnswerError
from kit.symbolic.tree import (
    FUNCTIONS,
    Add,
    Const,
    Diff,
    Div,
    FunctionCall,
    Mul,
    Neg,
    Num,
    Pow,
    Sub,
    Tree,
    Var,
    Vector,
    children,
    names,
    walk,
    with_children,
)

__all__ = [
    "FUNCTIONS",
    "Add",
    "Answer",
    "AnswerError",
    "Const",
    "Diff",
    "Div",
    "FunctionCall",
    "Mul",
    "Neg",
    "Num",
    "Pow",
    "StillToDerive",
    "Sub",
    "Tree",
    "Var",
    "Vector",
    "children",
    "names",
    "parse",
    "to_latex",
    "to_sympy",
    "to_text",
    "walk",
    "with_children",
]
