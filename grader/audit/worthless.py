"""Answers without work: constants, echoes, tricks that know nothing about the task. They must earn almost nothing.

Each style answers everything that a task asks for in the same way: it returns a function where one is required (which
may call the reference for the *shape* of an answer, as the exercise states it), and types a fixed value for texts and
numbers.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np

from grader.audit.finding import Finding
from grader.audit.forks import run_in_forks
from grader.course import manifest, notebooks, stubs
from grader.environment import environment
from grader.jail.inside.cells import Namespace
from grader.results import Outcome, TestResult
from grader.testing.authoring import load_module
from grader.testing.plugin import Run
from grader.testing.student import Student

LIMIT = 0.05  # the share of a task's points that such an answer may earn
Given = tuple[Any, ...]  # the arguments of a call
Function = Callable[..., Any]


class Style(msgspec.Struct, frozen=True):
    """One way to answer without work: `answer(right)` returns the function that replaces the function `right`.

    A style that computes something (`may_be_right`) may be the right answer to some task, and may then earn all points.
    """

    name: str
    answer: Callable[[Function], Function]
    typed: Any = None
    may_be_right: bool = False


def _constant(name: str, value: object, typed: object = None) -> Style:
    return Style(name, lambda right: lambda *given, **named: value, value if typed is None else typed)


def _of_inputs(name: str, combine: Callable[[Given], Any], *, may_be_right: bool = False) -> Style:
    """A style that builds its answer from the inputs, or returns 0 if it cannot."""

    def answer(right: Function) -> Function:
        def guess(*given: object, **named: object) -> Any:
            with contextlib.suppress(Exception), np.errstate(all="ignore"):
                return combine((*given, *named.values()))
            return 0

        return guess

    return Style(name, answer, may_be_right=may_be_right)


def _shaped(name: str, fill: Callable[[Any, Given], Any]) -> Style:
    """A style whose answer has the structure of the right one, filled with other numbers.

    `fill` gets each array of the right answer and the arguments of the call. The given functions are never called: to
    find the structure, the right answer gets one that returns 0 in their place.
    """

    def fill_in(value: object, given: Given) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(fill_in(item, given) for item in value)
        if isinstance(value, dict):
            return {key: fill_in(item, given) for key, item in value.items()}
        if isinstance(value, np.ndarray | int | float) and not isinstance(value, bool):
            filled = fill(np.asarray(value, dtype=float), given)
            return filled if isinstance(value, np.ndarray) else float(filled)
        return value if value is None else 0

    def answer(right: Function) -> Function:
        asking = False

        def guess(*given: object, **named: object) -> Any:
            nonlocal asking
            if asking:
                return 0.0  # otherwise the right answer calls itself, which is work
            asking = True
            try:
                # Copies, because it may change its arguments.
                args, kwargs = copy.deepcopy([*map(_idle, given)]), copy.deepcopy(named)
                return fill_in(right(*args, **{key: _idle(value) for key, value in kwargs.items()}), given)
            except Exception:  # inputs that the right answer rejects are accepted here
                return 0.0
            finally:
                asking = False

        return guess

    return Style(name, answer)


def _idle(given: object) -> object:
    """The argument itself, or a function that returns 0 in place of a function."""
    return (lambda *args, **named: 0.0) if callable(given) and not isinstance(given, type) else given


def _raising(kind: type[Exception]) -> Style:
    def refuse(*given: object, **named: object) -> None:
        raise kind("never")

    return Style(f"raises {kind.__name__}", lambda right: refuse)


def _numbers(given: Given) -> list[Any]:
    return [value for value in given if isinstance(value, int | float | np.ndarray) and not isinstance(value, bool)]


def _function(given: Given) -> Any:
    return next(value for value in given if callable(value))


def _place(given: Given) -> Any:
    return _numbers(given)[0]


def _small_step(given: Given) -> Any:
    function, place = _function(given), _place(given)
    return (function(place + 1e-6) - function(place)) * 1e6


def _drawn(name: str, draw: Callable[[Any, Given], Any]) -> Style:
    """A style that returns Axes with something in them."""

    def combine(given: Given) -> Any:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots()
        with contextlib.suppress(Exception):
            draw(ax, given)
        return ax

    return _of_inputs(name, combine)


def _under_every_name(ax: Any, xs: Any, ys: Any) -> None:
    for label in ("f", "tangent", "path", "loss", "forward", "central"):
        ax.plot(xs, ys, label=label)
    ax.legend()


def _lines_everywhere(ax: Any, given: Given) -> None:
    ax.axhline(0)
    _under_every_name(ax, [-1.0, 0.0, 1.0], [0.0, 0.0, 0.0])


def _inputs_everywhere(ax: Any, given: Given) -> None:
    ys = np.concatenate([np.ravel(value) for value in _numbers(given)])
    _under_every_name(ax, np.arange(len(ys)), ys)


def _echo_of_the_shape(value: Any, given: Given) -> Any:
    return next((number for number in _numbers(given) if np.shape(number) == value.shape), np.zeros_like(value))


def _falling(given: Given) -> list[float]:
    steps = max(value for value in given if isinstance(value, int) and not isinstance(value, bool))
    return [1 / (number + 1) for number in range(min(steps, 10_000) + 1)]


def _log_axes(ax: Any, given: Given) -> None:
    ax.loglog()
    ax.set(xlabel="x", ylabel="y", title="title")


STYLES = (
    _constant("gives None", None),
    _constant("gives 0", 0, "0"),
    _constant("gives 1.0", 1.0, "1"),
    _constant("gives -1.0", -1.0, "-1"),
    _constant("gives 2", 2, "2"),
    _constant("gives 0.5", 0.5, "1/2"),
    _constant("gives nan", math.nan),
    _constant("gives inf", math.inf),
    _constant("gives 1e300", 1e300),
    _constant("gives True", True),
    _constant("gives False", False),
    _constant("gives ''", ""),
    _constant("gives []", []),
    _constant("gives ()", ()),
    _constant("gives {}", {}),
    _constant("gives [0.0]", [0.0], "[0]"),
    _constant("gives (0, 0)", (0, 0), "[0, 0]"),
    _constant("gives an empty array", np.zeros(0)),
    _constant("gives a zero of one row", np.zeros((1, 1))),
    _constant("gives the type float", float),
    *(_constant(f"gives {letter!r}", letter) for letter in "abcd"),
    _constant("gives a variable", "x"),
    _constant("gives another variable", "a", "w"),
    _constant("gives a function that gives 0", lambda *given: 0.0),
    _constant("gives the identity", lambda *given: given[0] if given else 0),
    _of_inputs("echoes its first input", lambda given: given[0]),
    _of_inputs("echoes its last input", lambda given: given[-1]),
    _of_inputs("echoes all inputs", lambda given: given),
    _of_inputs("gives a copy of its first array", lambda given: np.array(_place(given))),
    _of_inputs("negates its first number", lambda given: -_place(given), may_be_right=True),
    _of_inputs("adds its numbers", lambda given: sum(_numbers(given)), may_be_right=True),
    _of_inputs("multiplies its numbers", lambda given: math.prod(_numbers(given)), may_be_right=True),
    _of_inputs("gives the length of its first input", lambda given: len(given[0]), may_be_right=True),
    _of_inputs("gives zeros like its first array", lambda given: np.zeros_like(_place(given), dtype=float)),
    _of_inputs("gives ones like its first array", lambda given: np.ones_like(_place(given), dtype=float)),
    _of_inputs("gives a number that falls with each step", _falling),
    _of_inputs("gives the function that it got", _function),
    _of_inputs("calls the function that it got", lambda given: _function(given)(_place(given)), may_be_right=True),
    _of_inputs("takes a complex step", lambda given: _function(given)(_place(given) + 1e-30j).imag / 1e-30),
    _of_inputs("takes a small step", _small_step),
    _shaped("gives zeros of the right shape", lambda value, given: np.zeros_like(value)),
    _shaped("gives ones of the right shape", lambda value, given: np.ones_like(value)),
    _shaped("gives halves of the right shape", lambda value, given: np.full_like(value, 0.5)),
    _shaped("gives nan in the right shape", lambda value, given: np.full_like(value, math.nan)),
    _shaped("gives next to nothing in the right shape", lambda value, given: np.full_like(value, 1e-200)),
    _shaped("echoes an input of the right shape", _echo_of_the_shape),
    _shaped("repeats its first number in the right shape", lambda value, given: np.full_like(value, _place(given))),
    _shaped("gives dice of the right shape", lambda value, given: np.random.default_rng(1).normal(size=value.shape)),
    _shaped("gives 0, 1, 2, ... of the right shape", lambda value, given: np.arange(value.size).reshape(value.shape)),
    _drawn("draws nothing", lambda ax, given: None),
    _drawn("draws flat lines under every name", _lines_everywhere),
    _drawn("draws its inputs under every name", _inputs_everywhere),
    _drawn("draws log axes without a line", _log_axes),
    _raising(ValueError),
    _raising(ZeroDivisionError),
    _raising(TypeError),
    _raising(NotImplementedError),
)  # fmt: skip


def worthless_answers(
    unit: manifest.Unit, run: Run, *, fast: bool = False, seen: Callable[[TestResult], None] | None = None
) -> Iterator[Finding]:
    """What each style earns in each task, and whether the untouched stub earns nothing.

    `fast` tries every fifth style in each task, starting elsewhere in the next. `seen` is called with every result.
    """
    ran = run(lambda _: Student.local(stub_of(unit)))
    passed = [case.result.name for case in ran if case.result.outcome is Outcome.PASSED]
    yield Finding("the untouched stub", "", not passed, f"passes {passed}" if passed else "")
    every = 5 if fast else 1
    trials = [
        (task, names, style)
        for number, (task, names) in enumerate(asked(unit).items())
        for style in STYLES[number % every :: every]
    ]
    jobs = [functools.partial(results_with, unit, run, *trial) for trial in trials]
    for (task, _, style), said in zip(trials, run_in_forks(jobs), strict=True):
        if said is None:
            yield Finding(f"all {style.name}", task, True, "earns nothing: out of time or memory")
            continue
        results = msgspec.json.decode(said, type=list[TestResult])
        for result in results:
            if seen is not None:
                seen(result)
        yield _earned(style, task, results)


def results_with(unit: manifest.Unit, run: Run, task: str, names: list[str], style: Style) -> bytes:
    """The results of a task's hidden tests for the reference with `names` replaced in this style, as JSON."""
    ran = run(lambda _: _worthless(unit, names, style), only=frozenset([task]))
    return msgspec.json.encode([case.result for case in ran])


def _earned(style: Style, task: str, results: list[TestResult]) -> Finding:
    passed = [result for result in results if result.outcome is Outcome.PASSED]
    share = sum(result.weight for result in passed) / sum(result.weight for result in results)
    says = f"earns {share:.0%}: passes {sorted(result.name for result in passed)}" if passed else ""
    right = style.may_be_right and len(passed) == len(results)
    return Finding(f"all {style.name}", task, share <= LIMIT or right, says)


def _worthless(unit: manifest.Unit, names: list[str], style: Style) -> Student:
    """The reference, with these names replaced in this style."""
    namespace, right = load_module(unit.reference), load_module(unit.reference)
    for name in names:
        owner, _, attribute = name.rpartition(".")
        if owner and owner in namespace:
            setattr(namespace[owner], attribute, style.answer(getattr(right[owner], attribute)))
        elif callable(namespace.get(name)):
            original, namespace[name] = namespace[name], style.answer(right[name])
            for kind in [value for value in namespace.values() if isinstance(value, type)]:
                for attached in [key for key, value in vars(kind).items() if value is original]:
                    setattr(kind, attached, namespace[name])  # as after `Dual.__mul__ = times`
        else:
            namespace[name] = typed_value(style, right.get(name))
    return Student.local(namespace)


def typed_value(style: Style, right: object) -> object:
    """What this style types for a value: the style's own number, if it has one and the right value is a number."""
    if style.typed is None or style.typed is ... or not isinstance(right, int | float):
        return style.typed
    number = style.answer(lambda: 0)()
    return number if isinstance(number, int | float) else style.typed


def asked(unit: manifest.Unit) -> dict[str, list[str]]:
    """The names that each task asks for (such as `Dual.__add__` for a method)."""
    cells = notebooks.percent_cells(*unit.stubs)
    return {cell.task: stubs.asked_names(cell.source) for cell in cells if cell.task}


def stub_of(unit: manifest.Unit) -> Namespace:
    """The namespace after running the untouched notebook; cells that build on a stub may fail."""
    names: Namespace = {"__name__": "stub"}
    with environment({"KIT_GRADING": "1"}):
        for cell in notebooks.percent_cells(*unit.stubs):
            if cell.kind == "code" and not cell.check:
                with contextlib.suppress(Exception), contextlib.redirect_stdout(None):
                    exec(cell.source, names)  # noqa: S102 - our own notebook
    return names
