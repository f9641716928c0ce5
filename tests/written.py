"""Answers that were written without a look at the hidden tests or the known mistakes: wrong ones, and right ones.

A wrong answer must lose a point and a right one none. `tests/course/test_written.py` runs those of two kinds of files:

- `tests/<unit>/written_answers.py` declares them with `wrong` and `right`: functions that get the reference's names and
  return the names that replace them;
- `tests/<unit>/wrong_answers.py` and `odd_answers.py` hold functions named `task__what` that return such names. Around
  an answer without work, `task__trick_what`, the rest of its task is not answered, and it earns next to nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Names = dict[str, Any]
TRICKS_GET = 0.05  # of a task's points at most


@dataclass(frozen=True)
class Written:
    """One answer to a task: `change(names)` gives what it puts in place of the reference's names."""

    task: str
    right: bool
    change: Callable[[Names], Names]
    at_most: float | None = None  # the share of the task's points that it may keep, where that is the point
    name: str = ""
    alone: bool = False  # whether the rest of the task is not answered


def wrong(task: str, at_most: float | None = None) -> Callable[[Callable[[Names], Names]], Written]:
    """Declare a wrong answer to `task`, which may keep `at_most` this share of the points (1: any test may fail)."""
    return lambda change: Written(task, False, change, at_most, change.__name__)


def right(task: str) -> Callable[[Callable[[Names], Names]], Written]:
    """Declare a right answer to `task` in an unusual style."""
    return lambda change: Written(task, True, change, name=change.__name__)


def named(names: Names, *, right: bool) -> list[Written]:
    """The functions named `task__what` among the names of a module, as answers."""
    found = []
    for name, made in names.items():
        task, _, what = name.partition("__")
        if task and what and callable(made):
            trick = what.startswith("trick_")
            found.append(Written(task, right, lambda _, made=made: made(), TRICKS_GET if trick else None, name, trick))
    return found


def all_written(names: Names) -> list[Written]:
    """The answers among the names of a module."""
    return [thing for thing in names.values() if isinstance(thing, Written)]
