"""Every student gets a variant with different numbers, the same in the notebook and during grading.

SHA-256 of the student's name, the exercise and the edition of the course selects the variant. The edition is that of
the manifest: a build writes it beside this file, so that each term's variants are new.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
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


EDITION_FILE = "edition.txt"  # beside this file, in a release and in the jail
FIRST_EDITION = "2026"  # where nothing says otherwise


def _written_edition() -> str:
    path = Path(__file__).with_name(EDITION_FILE)
    return path.read_text(encoding="utf-8").strip() if path.is_file() else FIRST_EDITION


_edition = _written_edition()


@contextlib.contextmanager
def edition_of(course_edition: str) -> Iterator[None]:
    """Choose the variants of another edition, where the kit is not the one that was released with the course."""
    global _edition
    before, _edition = _edition, course_edition
    try:
        yield
    finally:
        _edition = before


class NoName(Exception):
    """The student's name is unknown, so no variant can be chosen."""

    def _render_traceback_(self) -> list[str]:
        """The message alone, for the notebook to show instead of a traceback through the kit."""
        return [str(self)]


def variant(exercise: str, choices: Sequence[T], *, student: str | None = None, edition: str | None = None) -> T:
    """The variant from `choices` that belongs to `student` (default: you) in an edition (default: the course's).

    All variants are equally difficult by construction: the list holds only those that the reference has solved.
    """
    student = my_name() if student is None else student
    digest = hashlib.sha256(f"{edition or _edition}/{exercise}/{student}".encode()).digest()
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
    print_or_display("\n".join([*lines, f"    {HOW_TO_SET}"]), {STORED_AS: {"name": name}})


def print_or_display(text: str, metadata: Mapping[str, object]) -> None:
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

    def __call__(self, *values: object) -> Any:
        return self._call(*values)

    def __repr__(self) -> str:
        return f"f({self.variables}) = {self.text}"
