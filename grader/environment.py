"""Temporary environment variables, and the PYTHONPATH of our own processes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import just_enough_calculus


@contextlib.contextmanager
def environment(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Set these environment variables (None: unset them), and restore them all afterwards, even after an exception."""
    before = {name: os.environ.get(name) for name in variables}
    try:
        _put(variables)
        yield
    finally:
        _put(before)


def python_path(*first: Path) -> str:
    """A PYTHONPATH for a process of ours: these folders, then the engine's and the kit's, then today's PYTHONPATH."""
    kept = os.environ.get("PYTHONPATH", "")
    return os.pathsep.join([*map(str, [*first, *just_enough_calculus.FOLDERS]), *([kept] if kept else [])])


def _put(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
