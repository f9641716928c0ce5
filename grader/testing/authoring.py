"""What the author of a unit declares beside the hidden tests: known mistakes, and the same in other words."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, overload

import msgspec

from grader.errors import GraderError


class Mistake(msgspec.Struct, frozen=True):
    """A known wrong solution of `task`: `replace()` gives the names that replace the reference's.

    `fails` are the hidden tests that it fails, as `grader audit --update` recorded them; () where nothing is recorded.
    """

    name: str
    task: str
    says: str
    replace: Callable[[], dict[str, Any]]
    fails: tuple[str, ...] = ()


Names = Callable[[], dict[str, Any]]


@overload
def mistake(task: str, names: Names | dict[str, Any], *, says: str) -> Mistake: ...
@overload
def mistake(task: str, *, says: str) -> Callable[[Names], Mistake]: ...
def mistake(
    task: str, names: Names | dict[str, Any] | None = None, *, says: str
) -> Mistake | Callable[[Names], Mistake]:
    """Declare a known mistake of `task`, with its sentence for the student.

    In one line, with the names that replace the reference's (a dict, or a function that returns one); the variable is
    the mistake's name. Or as the decorator of a function that returns them:

        negated = mistake("slope", {"slope_of_square": "-2*a"}, says="Which way does it go?")

        @mistake("slope", says="Which way does it go?")
        def negated(): ...
    """
    if names is None:
        return lambda replace: Mistake(replace.__name__, task, says, replace)
    return Mistake("", task, says, names if callable(names) else functools.partial(dict, names))


def wrong_function(task: str, *, says: str, replaces: str = "") -> Callable[[Callable[..., Any]], Mistake]:
    """Declare the decorated function as a known mistake: it replaces the reference's function `replaces`.

    Left out, `replaces` is the name of the task.
    """
    return lambda function: Mistake(function.__name__, task, says, lambda: {replaces or task: function})


class Rewritten(msgspec.Struct, frozen=True):
    """The known mistake `of` in other words (renamed, restructured, vectorised, looped): it must still be named."""

    of: str
    replace: Callable[[], dict[str, Any]]


def rewritten(of: str) -> Callable[[Callable[[], dict[str, Any]]], Rewritten]:
    """Declare in solutions/<unit>/rewritten.py that the mistake `of` was written again, as another student would."""
    return lambda replace: Rewritten(of, replace)


def load_module(path: Path) -> dict[str, Any]:
    """A fresh namespace with what the file at `path` defines (never kept in sys.modules)."""
    if not path.is_file():
        raise GraderError(f"{path}: expected a Python file")
    module = types.ModuleType(f"_{path.parent.name}_{path.stem}")
    module.__file__ = str(path)
    exec(_compiled(path, path.stat().st_mtime_ns), vars(module))  # noqa: S102 - our own solutions
    return vars(module)


@functools.lru_cache(maxsize=64)
def _compiled(path: Path, modified: int) -> types.CodeType:
    """The code of a file: a unit's reference is loaded anew for each test of each mistake."""
    return compile(path.read_bytes(), path, "exec", dont_inherit=True)
