"""The known mistakes of a unit, loaded."""

from __future__ import annotations

from pathlib import Path

from grader.testing.authoring import Mistake, load_module


def load_mistakes(folder: Path) -> list[Mistake]:
    """The mistakes in `folder/mistakes.py`, in the order of the file; none if there is no such file."""
    path = folder / "mistakes.py"
    if not path.exists():
        return []
    return [thing for thing in load_module(path).values() if isinstance(thing, Mistake)]
