"""A worthless answer for one name of a task, while all others are right: it must lose what that name is worth.

What a name is worth follows from the hidden tests: the weight of each test is divided among the names without which it
fails. A worthless answer that loses less has passed a test that should have looked at it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

import msgspec

from grader.audit.finding import Finding
from grader.audit.forks import run_in_forks
from grader.audit.worthless import LIMIT, STYLES, Style, asked, results_with, typed_value
from grader.course import manifest
from grader.results import Outcome, TestResult
from grader.testing.authoring import load_module
from grader.testing.plugin import Run

EVERY = 20  # `fast` tries one style in so many for each name
Passed = Mapping[str, bool]  # by test


def _not_written(*given: object, **named: object) -> NoReturn:
    raise NotImplementedError("not written")


MISSING = Style("is missing", lambda right: _not_written, typed=...)


def worthless_names(
    unit: manifest.Unit, run: Run, *, fast: bool = False, seen: Callable[[TestResult], None] | None = None
) -> Iterator[Finding]:
    """For each name of a task with several, the styles that keep more than its tests are worth without it.

    `fast` tries a few styles for each name, starting elsewhere at the next. `seen` is called with every result.
    """
    tasks = {task: names for task, names in asked(unit).items() if len(names) > 1}
    values = load_module(unit.reference)
    trials = [
        (task, name, style)
        for number, (task, name) in enumerate((task, name) for task, names in tasks.items() for name in names)
        for style in (MISSING, *_styles(name, values)[number % EVERY if fast else 0 :: EVERY if fast else 1])
    ]
    jobs = [functools.partial(results_with, unit, run, task, [name], style) for task, name, style in trials]
    weights: dict[str, float] = {}
    passed: dict[tuple[str, str], dict[str, Passed]] = {}
    for (task, name, style), said in zip(trials, run_in_forks(jobs), strict=True):
        results = msgspec.json.decode(said, type=list[TestResult]) if said is not None else []
        for result in results:
            weights[result.name] = result.weight
            if seen is not None and style is not MISSING:
                seen(result)
        passed.setdefault((task, name), {})[style.name] = {
            result.name: result.outcome is Outcome.PASSED for result in results
        }
    for task, names in tasks.items():
        without = {name: passed[task, name].pop(MISSING.name) for name in names}
        for name in names:
            yield _kept(task, name, passed[task, name], without, weights)


def _styles(name: str, values: Mapping[str, object]) -> list[Style]:
    """The styles that differ for this name and may not be right."""
    right = values.get(name)
    if "." in name or callable(right):
        return [style for style in STYLES if not style.may_be_right]
    typed = {repr(typed_value(style, right)): style for style in STYLES if style.typed is not None}
    return [style for value, style in typed.items() if value != repr(right)]


def _kept(
    task: str, name: str, tried: Mapping[str, Passed], without: Mapping[str, Passed], weights: Mapping[str, float]
) -> Finding:
    """The styles that keep more of what a name is worth than LIMIT of the task's points; there should be none."""
    if not without[name]:
        return Finding(f"{name} alone worthless", task, False, "without it, the hidden tests ran out of time or memory")
    total = sum(weights[test] for test in without[name])
    needed = {
        test: [other for other, passed in without.items() if not passed.get(test, True)] for test in without[name]
    }
    worth = sum(weights[test] / len(names) for test, names in needed.items() if name in names)
    says = []
    for style, passed in tried.items():
        lost = sum(weights[test] for test, well in passed.items() if not well) if passed else total
        if worth - lost > LIMIT * total:
            kept = [test for test, names in needed.items() if name in names and passed[test]]
            says.append(f"{style} loses {lost / total:.0%} of {worth / total:.0%}: passes {kept}")
    return Finding(f"{name} alone worthless, {len(tried)} styles", task, not says, "; ".join(says))
