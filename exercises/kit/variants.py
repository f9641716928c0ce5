"""Every student gets a variant with different numbers, the same in the notebook and during grading.

SHA-256 of the student's name, the exercise and the edition of the course selects the variant.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
HOW_TO_SET = "import os; os.environ['JUPYTERHUB_USER'] = 'your name in the course'"
SHARED_NAMES = frozenset(
    [
        "admin",
        "codespace",
        "guest",
        "jovyan",
        "mambauser",
        "nobody",
        "root",
        "runner",
        "student",
        "ubuntu",
        "user",
        "vscode",
    ]
)  # default user names in container images and on shared computers
STORED_AS = "just-enough-calculus"  # metadata key of what greet and hint print, which the grader reads


class NoName(Exception):
    """The student's name is unknown, so no variant can be chosen."""

    def _render_traceback_(self) -> list[str]:
        """The message alone, for the notebook to show instead of a traceback through the kit."""
        return [str(self)]


def variant(exercise: str, choices: Sequence[T], *, student: str | None = None, edition: str = "2026") -> T:
    """The variant from `choices` that belongs to `student` (default: you).

    All variants are equally difficult by construction: the list holds only those that the reference has solved.
    """
    student = my_name() if student is None else student
    digest = hashlib.sha256(f"{edition}/{exercise}/{student}".encode()).digest()
    return choices[int.from_bytes(digest[:8], "big") % len(choices)]


def my_name() -> str:
    """The name that the work is submitted under: JupyterHub's, or the operating system's user name. Raises NoName."""
    name = os.environ.get("JUPYTERHUB_USER", "").strip()
    if not name:
        with contextlib.suppress(OSError, KeyError, ImportError):
            name = getpass.getuser().strip()
    if not name:
        raise NoName(f"I do not know your name. Put this line into a cell and run it first:  {HOW_TO_SET}")
    return name


def greet() -> None:
    """Print the name behind this notebook's variants, and how to change it if it is wrong.

    The name is saved in the metadata of this output, so that feedback can say which name the work was done under.
    """
    try:
        name = my_name()
    except NoName as error:
        print(error)
        return
    lines = [f"Hello {name}. Some numbers in this notebook are yours alone: they are made from this name."]
    if name.lower() in SHARED_NAMES:
        lines = [
            f"!! Your name here is {name!r}, as it is on many computers. Some numbers in this notebook are made from",
            "!! your name. If you hand in under another one, right answers to these numbers will be wrong.",
        ]
    lines += ["If it is not your name in the course, run this line first, and then all cells again:"]
    show("\n".join([*lines, f"    {HOW_TO_SET}"]), {STORED_AS: {"name": name}})


def show(text: str, metadata: Mapping[str, object]) -> None:
    """Print `text`, or in a notebook display it as an output with this metadata."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(text)
    else:
        ipython.display.display({"text/plain": text}, metadata=metadata, raw=True)


class formula:  # lowercase because it is used like a function: f = formula("x*x + 1"), L = formula("p*p*q", "p, q")
    """A callable function of x (or of `variables`), given as text; its repr shows that text."""

    def __init__(self, text: str, variables: str = "x") -> None:
        self.text, self.variables = text, variables
        self._call = eval(f"lambda {variables}: {text}", {"__builtins__": {"abs": abs}})  # noqa: S307 - the course's own text

    def __call__(self, *values: Any) -> Any:
        return self._call(*values)

    def __repr__(self) -> str:
        return f"f({self.variables}) = {self.text}"
