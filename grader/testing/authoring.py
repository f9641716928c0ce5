"""What the author of a unit declares beside the hidden tests: known mistakes, and the same in other words."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import GraderError


class Mistake(msgspec.Struct, frozen=True):
    """A known wrong solution of `task`: `replace()` gives the names that replace the reference's."""

    name: str
    task: str
    fails: tuple[str, ...]
    says: str
    replace: Callable[[], dict[str, Any]]


def mistake(task: str, *, fails: Iterable[str], says: str) -> Callable[[Callable[[], dict[str, Any]]], Mistake]:
    """Declare a known mistake of `task`, the hidden tests that it fails, and its sentence for the student."""

    def declare(replace: Callable[[], dict[str, Any]]) -> Mistake:
        return Mistake(replace.__name__, task, tuple(fails), says, replace)

    return declare


class Rewritten(msgspec.Struct, frozen=True):
    """The known mistake `of` in other words (renamed, restructured, vectorised, looped): it must still be named."""

    of: str
    replace: Callable[[], dict[str, Any]]


def rewritten(of: str) -> Callable[[Callable[[], dict[str, Any]]], Rewritten]:
    """Declare that the mistake `of` was written once more, as another student would; see tests/unit_*/rewritten.py."""
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
