"""The measured slope that a typed formula should have: a unit's `SLOPES`, beside its public checks.

    SLOPES = {
        "d_square": slope_of(lambda x: x * x, x=(-3, 3)),
        "slope_in_x": slope_of(lambda x, y, surface: surface([x, y]), x=(-3, 3), y=2),
        "rate_of_square": value_of(lambda a, h: ((a + h) ** 2 - a * a) / h, a=(-3, 3), h=0.5),
    }

`slope_of` gets the question's function and nudges one letter (`by`); `value_of` gets what is to be measured itself. The
letter with a range is the one along which the feedback draws; the others are held at their number. Any other argument
is a name of the notebook, such as the learner's own numbers. The right formula is nowhere.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

STEP = 1e-5  # to either side: good to six digits or more, enough for a check and a picture


class Measured(NamedTuple):
    """What is measured for one typed formula, and where."""

    rate: Callable[..., float]  # of the letters and of `needs`, all by name
    needs: tuple[str, ...]  # names of the notebook
    along: str
    low: float
    high: float
    fixed: dict[str, float]

    def of(self, student: Any) -> Callable[..., float]:
        """The measured rate as a function of the letters, with this learner's numbers."""
        return functools.partial(self.rate, **{name: getattr(student, name) for name in self.needs})


def slope_at(f: Callable[[float], float], x: float) -> float:
    """The slope of `f` at `x`, from a small step to either side."""
    return (f(x + STEP) - f(x - STEP)) / (2 * STEP)


def slope_of(of: Callable[..., float], /, by: str = "", **at: float | tuple[float, float]) -> Measured:
    """Measure the slope of `of` in the letter `by`, which is the one with a range unless another is named."""
    measured = value_of(of, **at)
    by = by or measured.along

    def nudge(**given: Any) -> float:
        return slope_at(lambda moved: of(**{**given, by: moved}), given[by])

    return measured._replace(rate=nudge)


def value_of(of: Callable[..., float], /, **at: float | tuple[float, float]) -> Measured:
    """Measure `of` itself, along the letter with a range."""
    ranges = {letter: ends for letter, ends in at.items() if isinstance(ends, tuple)}
    if len(ranges) != 1:
        raise ValueError(f"expected one letter with a range, such as x=(-3, 3), got {at}")
    ((along, (low, high)),) = ranges.items()
    fixed = {letter: float(number) for letter, number in at.items() if not isinstance(number, tuple)}
    asked = inspect.signature(of).parameters.values()
    needs = tuple(each.name for each in asked if each.name not in at and each.kind is not each.VAR_KEYWORD)
    return Measured(of, needs, along, float(low), float(high), fixed)
