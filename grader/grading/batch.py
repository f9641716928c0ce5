"""What is given to a class's grading (`pool`), and what hears of it."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.results import Level, Report

OnReport = Callable[[Report], None]
OnBegin = Callable[[str, str, Level, bool], None]  # unit, student, level, and whether nothing else is being graded


class Batch(NamedTuple):
    """One unit's submissions (student, notebook), and the released notebook whose cells they must contain.

    The students in `alone` are graded when all others are done.
    """

    unit: str
    submissions: Sequence[tuple[str, Path]]
    release: Path
    alone: Container[str] = ()
