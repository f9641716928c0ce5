"""The student's kit: it travels with every notebook and needs numpy, sympy, matplotlib and pytest alone.

    from kit import check, variant, show_answer, microscope_view

sympy and matplotlib are loaded when they are first needed.
"""

from kit.check import check
from kit.variants import my_name, variant

__all__ = ["check", "my_name", "parse", "pictures", "show_answer", "variant"]


def __getattr__(name: str):
    if name == "pictures":
        import importlib

        return importlib.import_module("kit.pictures")
    if name == "parse":
        from kit.symbolic import parse

        return parse
    raise AttributeError(name)


def show_answer(text, *variables):
    """Show how a typed answer is read, typeset; or say what cannot be read."""
    from kit.symbolic import AnswerError, parse

    if text is ...:
        print("Nothing is written here yet.")
        return None
    try:
        return parse(text, variables)
    except AnswerError as error:
        print(error)
        return None
