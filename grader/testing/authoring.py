"""What a unit's author declares besides the hidden tests: known mistakes, and rewritten versions of them."""

from __future__ import annotations

import contextlib
import functools
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, overload

import msgspec

from grader.errors import GraderError
from grader.jail.inside.cells import Namespace


class Mistake(msgspec.Struct, frozen=True):
    """A known wrong solution of `task`: `replace()` returns the names that replace the reference's.

    `fails` are the hidden tests that it fails, as recorded by `grader audit --update`; () if nothing is recorded.
    """

    name: str
    task: str
    says: str
    replace: Callable[[], Namespace]
    fails: tuple[str, ...] = ()

    def names(self, file: Path) -> Namespace:
        """The names that replace the reference's; `file` is where it is declared. Raises GraderError."""
        with authored(file):
            found: object = self.replace()
        if isinstance(found, dict) and all(isinstance(name, str) for name in found):
            return found
        expected = f'a dict of the wrong names, such as {{"{self.task}": ...}}, or a function that returns one'
        raise GraderError(f"{file}: mistake {self.name}: expected {expected}, got {type(found).__name__}")


Names = Callable[[], Namespace]


@overload
def mistake(task: str, names: Names | Namespace, *, says: str) -> Mistake: ...
@overload
def mistake(task: str, *, says: str) -> Callable[[Names], Mistake]: ...
def mistake(task: str, names: Names | Namespace | None = None, *, says: str) -> Mistake | Callable[[Names], Mistake]:
    """Declare a known mistake of `task` and its sentence for the student.

    Pass the names that replace the reference's (a dict, or a function that returns one); the variable's name becomes
    the mistake's name. Or decorate a function that returns them:

        negated = mistake("slope", {"slope_of_square": "-2*a"}, says="Which way does it go?")

        @mistake("slope", says="Which way does it go?")
        def negated(): ...
    """
    if names is None:
        return lambda replace: Mistake(replace.__name__, task, says, replace)
    return Mistake("", task, says, names if callable(names) else functools.partial(dict, names))


def wrong_function(
    task: str, *, says: str, replaces: str = "", within: Callable[[Callable[..., Any]], Namespace] | None = None
) -> Callable[[Callable[..., Any]], Mistake]:
    """Declare the decorated function as a known mistake: it replaces the reference's function `replaces`.

    `replaces` defaults to the name of the task. If only a part of the answer is wrong, `within(function)` returns the
    names that replace the reference's:

        def plot_with(draw): ...

        @wrong_function("boundary", within=plot_with, says="Where is the line?")
        def no_line(ax, X): ...
    """
    return lambda function: Mistake(
        function.__name__, task, says, lambda: within(function) if within else {replaces or task: function}
    )


class Rewritten(msgspec.Struct, frozen=True):
    """The known mistake `of`, rewritten (renamed, restructured, vectorised, looped). It must still be recognised."""

    of: str
    replace: Callable[[], Namespace]


def rewritten(of: str) -> Callable[[Callable[[], Namespace]], Rewritten]:
    """Declare, in solutions/<unit>/rewritten.py, the mistake `of` as another student might write it."""
    return lambda replace: Rewritten(of, replace)


def load_module(path: Path) -> Namespace:
    """Run the file at `path` in a fresh namespace (never kept in sys.modules) and return it."""
    if not path.is_file():
        raise GraderError(f"{path}: expected a Python file")
    module = types.ModuleType(f"_{path.parent.name}_{path.stem}")
    module.__file__ = str(path)
    with authored(path):
        exec(_compiled(path, path.stat().st_mtime_ns), vars(module))  # noqa: S102 - our own solutions
    return vars(module)


@contextlib.contextmanager
def authored(path: Path) -> Iterator[None]:
    """Run code of the course's author, in the file `path`. What it raises becomes one line for the author."""
    try:
        yield
    except GraderError:
        raise
    except (Exception, SystemExit) as error:
        raise GraderError(_for_the_author(path, error)) from None


def _for_the_author(path: Path, error: BaseException) -> str:
    """The file, its line, what it raised, and what usually helps."""
    frames = traceback.extract_tb(error.__traceback__)
    rows = [frame.lineno for frame in frames if frame.filename == str(path)]
    row = error.lineno if isinstance(error, SyntaxError) and error.filename == str(path) else rows[-1] if rows else None
    said = " ".join(str(error).split())[:300]
    where = f"{path}:{row}" if row else str(path)
    advice = ""
    if isinstance(error, ModuleNotFoundError):
        advice = f" Install it for the interpreter that grades: {sys.executable} -m pip install {error.name}"
    elif isinstance(error, FileNotFoundError) and error.filename and not Path(str(error.filename)).is_absolute():
        advice = " A path in this file starts at the file itself: Path(__file__).parent / ..."
    return f"{where}: {type(error).__name__}: {said}.{advice}"


@functools.lru_cache(maxsize=64)
def _compiled(path: Path, modified: int) -> types.CodeType:
    """The compiled file, cached because a unit's reference is reloaded for each test of each mistake."""
    return compile(path.read_bytes(), path, "exec", dont_inherit=True)
