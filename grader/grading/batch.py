"""What a class's grading (`pool`) is given, and the callbacks that follow it."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from grader.course import manifest
from grader.results import Level, Report

OnReport = Callable[[Report], None]
OnBegin = Callable[[str, str, Level, bool], None]  # unit, student, level, and whether nothing else is being graded
OnLost = Callable[[str, str], None]  # unit, student: the worker that had it in hand is gone


class Batch(NamedTuple):
    """One unit's submissions (student, notebook), and the released notebook whose cells they must contain.

    The students in `alone` are graded when all others are done.
    """

    unit: str
    submissions: Sequence[tuple[str, Path]]
    release: Path
    alone: Container[str] = ()


class RemoteWorkers(Protocol):
    """Workers on other machines, which grade batches as `pool.grade_batches` does."""

    @property
    def level(self) -> Level:
        """The isolation level at which all of them grade."""
        ...

    def grade_batches(
        self,
        course: manifest.Course,
        batches: Sequence[Batch],
        *,
        on_report: OnReport,
        on_begin: OnBegin,
        on_lost: OnLost,
    ) -> None:
        """Grade the submissions; each callback is called in this thread. Raises GraderError."""
        ...
