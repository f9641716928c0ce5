"""Show a student one call of a function that lost points, what it gave, and what was expected.

The calls are public: `solutions/<unit>/shown_calls.toml` lists them by task, always the same for everyone, and none
with the arguments of a hidden test (`tests/grading/test_shown_calls.py` compares). They are made in a separate fork of
the submission, which has met no hidden test. So the text holds nothing that a test knows, and handing in again gains
nothing. Only what a learner can check by hand is shown: numbers, short lists, True and False.
"""

from __future__ import annotations

import ast
import functools
import math
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.course.manifest import Unit
from grader.diagnosis.compare import alike
from grader.errors import GraderError
from grader.grading.submission import JailedSubmission
from grader.jail.channel import Died, OutOfTime
from grader.results import Outcome
from grader.testing.authoring import load_module
from grader.testing.budget import OverBudget
from grader.testing.plugin import TestRun
from grader.testing.student import Missing, Student, StudentError

MOST_NUMBERS = 9  # in an answer that is shown
_WRONG = (Outcome.WRONG, Outcome.ERROR)
_UNSEEN = (Outcome.TIMEOUT, Outcome.DIED, Outcome.INTERNAL, Outcome.UNDECIDED, Outcome.MISSING)


def path_of(unit: Unit) -> Path:
    """The file that lists a unit's calls; it is optional."""
    return unit.solutions_dir / "shown_calls.toml"


@functools.lru_cache(maxsize=32)
def _calls(path: Path, modified: int) -> dict[str, tuple[str, ...]]:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), dict[str, tuple[str, ...]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise GraderError(f'{path}: expected lines such as task = ["f(2.5)", "g([1, 2])"]; {error}') from None


def calls_of(unit: Unit) -> dict[str, tuple[str, ...]]:
    """The calls of each task of a unit; {} if it lists none. Raises GraderError for a broken file."""
    path = path_of(unit)
    calls = _calls(path, path.stat().st_mtime_ns) if path.is_file() else {}
    for task, texts in calls.items():
        unit.task(task)
        for text in texts:
            try:
                as_expression(text)
            except (SyntaxError, ValueError) as error:
                raise GraderError(f"{path}: {task}: {text!r} cannot be shown as a call: {error}") from None
    return calls


def shown_call(unit: Unit, task: str, ran: Sequence[TestRun], handed_in: JailedSubmission) -> str:
    """A sentence such as "`slope(f, 3.0)` gave 5; expected 6." for a task that lost points; "" if there is none."""
    lost = [case for case in ran if case.result.outcome is not Outcome.PASSED]
    calls = calls_of(unit).get(task, ())
    if not calls or not any(case.result.outcome in _WRONG for case in lost):
        return ""
    if any(case.result.outcome in _UNSEEN for case in lost):
        return ""
    student = handed_in.student_apart(lost[0].result.name)
    try:
        return first_difference(calls, student, unit.reference)
    except (Died, OutOfTime, OverBudget):
        return ""


def first_difference(calls: Iterable[str], student: Student, reference: Path) -> str:
    """The sentence about the first of `calls` that the student answers differently; "" if there is none."""
    for call in calls:
        right = right_answer(reference, reference.stat().st_mtime_ns, call)
        expected = _shown(right)
        try:
            given = student.eval(as_expression(call))
        except StudentError as error:
            return f"`{call}` stopped with {_article(error.kind)}; expected {expected}."
        except Missing:
            continue
        gave = _shown(given)
        if gave and gave != expected and not alike(given, right):
            return f"`{call}` gave {gave}; expected {expected}."
    return ""


@functools.lru_cache(maxsize=512)
def right_answer(reference: Path, modified: int, call: str) -> Any:
    """The reference's answer to a call."""
    return Student.local(load_module(reference)).eval(as_expression(call))


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


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < 10**12 else f"{float(value):.6g}" if abs(value) < 10**300 else ""
    text = f"{value:.6g}"
    return f"{value:.1f}" if math.isfinite(value) and float(text) == round(value) and abs(value) < 1e6 else text


def _size(value: Any) -> int:
    return sum(map(_size, value)) if isinstance(value, list | tuple) else 1
