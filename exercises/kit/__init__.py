"""The student's kit. It ships with every notebook and needs only numpy, sympy, matplotlib and pytest.

    from kit import bring, check, formula, greet, hint, needed, pictures, recall, show_answer, variant

The parts that need matplotlib (`pictures`) or the answer parser (`parse`, `show_answer`) are loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kit.check import check
from kit.earlier import bring
from kit.hints import hint, recall
from kit.needed import needed
from kit.variants import formula, greet, my_name, variant

if TYPE_CHECKING:
    from kit.symbolic import Answer

__all__ = [
    "bring",
    "check",
    "formula",
    "greet",
    "hint",
    "my_name",
    "needed",
    "parse",
    "pictures",
    "recall",
    "show_answer",
    "variant",
]


def __getattr__(name: str) -> Any:
    if name == "pictures":
        return importlib.import_module("kit.pictures")
    if name == "parse":
        return importlib.import_module("kit.symbolic").parse
    raise AttributeError(f"the kit has no {name!r}; it has {', '.join(__all__)}")


def show_answer(text: Any, *variables: str) -> Answer | None:
    """Show a typed answer typeset as the parser reads it, or print why it cannot be read."""
    from kit.symbolic import AnswerError, parse

    if text is ...:
        print("Nothing is written here yet.")
        return None
    try:
        return parse(text, variables)
    except AnswerError as error:
        print(error)
        return None
