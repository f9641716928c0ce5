"""Answers that were written without a look at the hidden tests or the known mistakes: wrong ones, and right ones.

A wrong answer must lose a point and a right one none. Each is a function that gets the reference's names and returns
the names that replace them; `tests/unit_*/written_answers.py` holds them, `tests/course/test_written.py` runs them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Names = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """One answer to a task: `change(names)` gives what it puts in the place of the reference's names."""

    task: str
    right: bool
    change: Callable[[Names], Names]
    at_most: float | None = None  # the share of the task's points that it may keep, where that is the point

    @property
    def name(self) -> str:
        """Its function's name."""
        return self.change.__name__


def wrong(task: str, at_most: float | None = None) -> Callable[[Callable[[Names], Names]], Written]:
    """Declare a wrong answer to `task`, which may keep `at_most` this share of the points (1: any test may fail)."""
    return lambda change: Written(task, False, change, at_most)


def right(task: str) -> Callable[[Callable[[Names], Names]], Written]:
    """Declare a right answer to `task` in an unusual style."""
    return lambda change: Written(task, True, change)


def all_written(names: Names) -> list[Written]:
    """The answers among the names of a module."""
    return [thing for thing in names.values() if isinstance(thing, Written)]
