"""Show a student one call of a function that lost points, what it gave, and what was expected; draw larger answers.

The calls are public: `solutions/<unit>/shown_calls.toml` lists them by task, always the same for everyone, and none
with the arguments of a hidden test (`tests/grading/test_shown_calls.py` compares). They are made in a separate fork of
the submission, which has met no hidden test. So the text holds nothing that a test knows, and handing in again gains
nothing. In words, only what a learner can check by hand is shown: numbers, short lists, True and False. An array is
drawn entry by entry, a long list (the losses of a training) as a curve. `[figures]` lists calls whose figure, or long
list of numbers, is drawn as it is, whatever it should be.
"""

from __future__ import annotations

import ast
import base64
import functools
import math
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.course.manifest import Unit
from grader.diagnosis.compare import alike
from grader.errors import GraderError
from grader.grading.submission import JailedSubmission
from grader.jail.channel import Died, OutOfTime
from grader.results import Outcome, ShownCall
from grader.testing.authoring import load_module
from grader.testing.budget import OverBudget
from grader.testing.plugin import TestRun
from grader.testing.student import Handle, Missing, Student, StudentError

MOST_NUMBERS = 9  # in an answer that is shown in words
MOST_ROWS, MOST_COLUMNS = 12, 8  # of an array that is drawn
MOST_IN_SERIES = 2000
_LEAST_ENTRIES = 4  # fewer are read as fast in words
FIGURES = "figures"
_WRONG = (Outcome.WRONG, Outcome.ERROR)
_UNSEEN = (Outcome.TIMEOUT, Outcome.DIED, Outcome.INTERNAL, Outcome.UNDECIDED, Outcome.MISSING)


def calls_file(unit: Unit) -> Path:
    """The file that lists a unit's calls; it is optional."""
    return unit.solutions_dir / "shown_calls.toml"


class Calls(msgspec.Struct, frozen=True):
    """The calls of a unit, by task: those with a right answer, and those that are shown as they are."""

    compared: dict[str, tuple[str, ...]] = {}
    figures: dict[str, tuple[str, ...]] = {}


class Shown(msgspec.Struct, frozen=True):
    """What the feedback on a task shows of its calls."""

    example: str = ""
    drawn: tuple[ShownCall, ...] = ()


@functools.lru_cache(maxsize=32)
def _calls(path: Path, modified: int) -> Calls:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert({"figures": found.pop(FIGURES, {}), "compared": found}, Calls)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise GraderError(f'{path}: expected lines such as task = ["f(2.5)", "g([1, 2])"]; {error}') from None


def calls_of(unit: Unit) -> Calls:
    """The calls of each task of a unit, if it lists any. Raises GraderError for a broken file."""
    path = calls_file(unit)
    calls = _calls(path, path.stat().st_mtime_ns) if path.is_file() else Calls()
    for task, texts in (*calls.compared.items(), *calls.figures.items()):
        unit.task(task)
        for text in texts:
            try:
                as_expression(text)
            except (SyntaxError, ValueError) as error:
                raise GraderError(f"{path}: {task}: {text!r} cannot be shown as a call: {error}") from None
    return calls


def shown_calls(unit: Unit, task: str, ran: Sequence[TestRun], handed_in: JailedSubmission) -> Shown:
    """What to show of a task that lost points, such as "`slope(f, 3.0)` gave 5; expected 6.", if there is anything."""
    lost = [case for case in ran if case.result.outcome is not Outcome.PASSED]
    calls = calls_of(unit)
    compared, figures = calls.compared.get(task, ()), calls.figures.get(task, ())
    if not compared + figures or not any(case.result.outcome in _WRONG for case in lost):
        return Shown()
    if any(case.result.outcome in _UNSEEN for case in lost):
        return Shown()
    found = Shown()
    student = handed_in.student_apart(lost[0].result.name)
    try:
        found = first_difference(compared, student, unit.reference)
        if figures:
            student = handed_in.student_apart(lost[0].result.name)
            found = msgspec.structs.replace(found, drawn=(*found.drawn, *_as_they_are(figures, student)))
    except (Died, OutOfTime, OverBudget):
        pass
    return found


def first_difference(calls: Iterable[str], student: Student, reference: Path) -> Shown:
    """A sentence about the first of `calls` that the student answers differently; and the first that can be drawn."""
    example = ""
    for call in calls:
        right = right_answer(reference, reference.stat().st_mtime_ns, call)
        try:
            given = student.eval(as_expression(call))
        except StudentError as error:
            example = example or f"`{call}` stopped with {_article(error.kind)}; expected {_in_words(right)}."
            continue
        except Missing:
            continue
        if not alike(given, right):
            drawn = _drawn(call, given, right)
            example = example or _sentence(call, given, right, drawn)
            if drawn:
                return Shown(example, drawn)
    return Shown(example)


def _sentence(call: str, given: Any, right: Any, drawn: Sequence[ShownCall]) -> str:
    gave, expected = _shown(given), _shown(right)
    if not expected or (drawn and not gave):
        gave, expected = _in_words(given), _in_words(right)
    if gave and gave != expected:
        return f"`{call}` gave {gave}; expected {expected}."
    return _how_many_differ(drawn[0]) if drawn else ""


def _as_they_are(calls: Iterable[str], student: Student) -> Iterator[ShownCall]:
    """The figures and the series of these calls, without a right answer beside them."""
    for call in calls:
        try:
            given = student.eval(as_expression(call))
        except (StudentError, Missing):
            continue
        if isinstance(given, Handle):
            if picture := student.figure(given):
                yield ShownCall(call, "figure", picture=base64.b64encode(picture).decode())
        elif (numbers := _numbers(given)) is not None and numbers.ndim == 1 and len(numbers) > MOST_NUMBERS:
            yield ShownCall(call, "series", given=_rows(numbers[:MOST_IN_SERIES]))


def _drawn(call: str, given: Any, right: Any) -> tuple[ShownCall, ...]:
    """What to draw of an answer, beside the right one: an array of bearable size, or a long list."""
    ours, wanted = _numbers(given), _numbers(right)
    if ours is None or wanted is None or ours.ndim != wanted.ndim or not 1 <= wanted.ndim <= 2:
        return ()
    if wanted.ndim == 1 and len(wanted) > MOST_COLUMNS:
        kind, fits = "series", 0 < len(ours) <= MOST_IN_SERIES
    else:
        rows, columns = wanted.shape if wanted.ndim == 2 else (1, len(wanted))
        bearable = rows <= MOST_ROWS and columns <= MOST_COLUMNS and wanted.size >= _LEAST_ENTRIES
        kind, fits = "entries", bearable and ours.shape == wanted.shape
    return (ShownCall(call, kind, _rows(ours), _rows(wanted)),) if fits else ()


def _numbers(value: Any) -> Any:
    """A float array of the value; None if it is none."""
    if not isinstance(value, list | tuple | np.ndarray):
        return None
    try:
        made = np.asarray(value)
        return made.astype(float) if made.dtype.kind in "iuf" else None
    except (ValueError, OverflowError):
        return None


def _rows(numbers: Any) -> tuple[tuple[float | str, ...], ...]:
    return tuple(tuple(n if math.isfinite(n) else str(n) for n in row) for row in np.atleast_2d(numbers).tolist())


def _how_many_differ(drawn: ShownCall) -> str:
    pairs = [
        pair for rows in zip(drawn.given, drawn.expected, strict=True) for pair in zip(rows[0], rows[1], strict=True)
    ]
    count = sum(not alike(given, right) for given, right in pairs)
    return f"`{drawn.call}`: {count} of {len(pairs)} numbers differ{'s' * (count == 1)} from what was expected."


@functools.lru_cache(maxsize=512)
def right_answer(reference: Path, modified: int, call: str) -> Any:
    """The reference's answer to a call."""
    return Student.local(load_module(reference)).eval(as_expression(call))


@functools.lru_cache(maxsize=1024)
def as_expression(call: str) -> str:
    """`a = f(2); a.g(); a.h` as one expression that does the same. Raises SyntaxError, ValueError."""
    *before, last = ast.parse(call).body
    parts: list[ast.expr] = []
    for statement in (*before, last):
        match statement:
            case ast.Assign(targets=[ast.Name() as name], value=value) if statement is not last:
                parts.append(ast.NamedExpr(name, value))
            case ast.Expr(value=value):
                parts.append(value)
            case _:
                raise ValueError("only expressions and assignments to one name, and an expression at the end")
    return ast.unparse(parts[0] if len(parts) == 1 else ast.Subscript(ast.List(parts), ast.Constant(len(before))))


def _article(kind: str) -> str:
    return f"an {kind}" if kind[:1] in "AEIOU" else f"a {kind}"


def _shown(value: Any) -> str:
    """A number, True, None or a short list as a learner would read it; "" for anything else."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, tuple | list):
        parts = [_shown(part) for part in value]
        if not all(parts) or _size(value) > MOST_NUMBERS:
            return ""
        inside = ", ".join(parts)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(parts) == 1 else ''})"
    return ""


def _in_words(value: Any) -> str:
    """The value if it is short, otherwise its size or kind."""
    if short := _shown(value):
        return short
    numbers = _numbers(value)
    if numbers is None:
        return "something else"
    if isinstance(value, np.ndarray):
        return f"an array of shape {numbers.shape}"
    return f"a list of {len(value)} {'numbers' if numbers.ndim == 1 else 'rows'}"


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < 10**12 else f"{float(value):.6g}" if abs(value) < 10**300 else ""
    text = f"{value:.6g}"
    return f"{value:.1f}" if math.isfinite(value) and float(text) == round(value) and abs(value) < 1e6 else text


def _size(value: Any) -> int:
    return sum(map(_size, value)) if isinstance(value, list | tuple) else 1
