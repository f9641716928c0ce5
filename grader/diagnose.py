"""Name the misunderstanding: which known mistake does a wrong submission behave like?

A mistake is a known wrong solution. It is run once through the same hidden tests as the students, and what it answered
is kept, call by call. A student whose answers on *every* failing test of the task are the mistake's answers is told the
mistake's sentence. The comparison is of behaviour, so renamed, restructured or vectorised code is still recognised, and
a correct answer, which fails no test, is never diagnosed.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.errors import GraderError
from grader.pytest_plugin import Ran, Run
from grader.results import Outcome
from grader.student import Entry, Handle, Student

RELATIVE, ABSOLUTE = 1e-7, 1e-12


class Mistake(msgspec.Struct, frozen=True):
    """A known wrong solution of `task`: `replace()` gives the names that replace the reference's."""

    name: str
    task: str
    fails: tuple[str, ...]
    says: str
    replace: Callable[[], dict[str, Any]]


def mistake(task: str, *, fails: Iterable[str], says: str) -> Callable[[Callable[[], dict[str, Any]]], Mistake]:
    """Declare a known mistake of `task`, the hidden tests that it fails, and its sentence for the student."""

    def declare(replace: Callable[[], dict[str, Any]]) -> Mistake:
        return Mistake(replace.__name__, task, tuple(fails), says, replace)

    return declare


def load_mistakes(folder: Path) -> list[Mistake]:
    """The mistakes in `folder/mistakes.py`, in the order of the file; none if there is no such file."""
    path = folder / "mistakes.py"
    if not path.exists():
        return []
    return [thing for thing in load_module(path).values() if isinstance(thing, Mistake)]


class Rewritten(msgspec.Struct, frozen=True):
    """The known mistake `of` in other words (renamed, restructured, vectorised, looped): it must still be named."""

    of: str
    replace: Callable[[], dict[str, Any]]


def rewritten(of: str) -> Callable[[Callable[[], dict[str, Any]]], Rewritten]:
    """Declare that the mistake `of` was written once more, as another student would; see tests/unit_*/rewritten.py."""
    return lambda replace: Rewritten(of, replace)


def load_module(path: Path) -> dict[str, Any]:
    """A fresh namespace with what the file at `path` defines (never kept in sys.modules)."""
    spec = importlib.util.spec_from_file_location(f"_{path.parent.name}_{path.stem}", path)
    if spec is None or spec.loader is None or not path.exists():
        raise GraderError(f"{path}: expected a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


class Casebook:
    """How the reference and every mistake of a unit answered the hidden tests."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._reference, self._run = folder / "reference.py", run
        self.reference = run(lambda _: Student.local(load_module(self._reference)))
        self.mistakes = load_mistakes(folder)
        self.cases = {known.name: self._try(known, "reference") for known in self.mistakes}

    def _try(self, known: Mistake, student: str) -> dict[str, Ran]:
        """How a mistake fares in the hidden tests of its task, as if `student` had made it."""

        def open_student(_: str) -> Student:
            names = load_module(self._reference)
            names.update(known.replace())  # in place: the reference's other functions see what replaces their own
            return Student.local(names, student)

        before = os.environ.get("JUPYTERHUB_USER")
        os.environ["JUPYTERHUB_USER"] = student
        try:
            return {case.result.name: case for case in self._run(open_student, only=frozenset([known.task]))}
        finally:
            if before is None:
                del os.environ["JUPYTERHUB_USER"]
            else:
                os.environ["JUPYTERHUB_USER"] = before

    def name_rewritten(self, again: Rewritten) -> Mistake | None:
        """The mistake that a rewritten one is taken for; None if it is not recognised."""
        (original,) = (known for known in self.mistakes if known.name == again.of)
        cases = self._try(msgspec.structs.replace(original, replace=again.replace), "reference")
        return self.name_mistake(original.task, list(cases.values()))

    def unsound(self) -> list[str]:
        """The hidden tests that the reference itself does not pass: a fault of ours, and nobody may be graded by it."""
        return [
            f"{ran.result.name}: {ran.result.outcome}: {ran.result.staff}"
            for ran in self.reference
            if ran.result.outcome is not Outcome.PASSED
        ]

    def name_mistake(self, task: str, ran: list[Ran], student: str = "reference") -> Mistake | None:
        """The mistake that the submission's `ran` tests of `task` look like, the closest first; None says nothing.

        Tests that depend on the student's own variant are compared with the mistake in that variant, when all else
        names nothing: it costs as many runs as the task has mistakes.
        """
        failing = {case.result.name: case for case in ran if case.result.outcome in (Outcome.WRONG, Outcome.ERROR)}
        others = [case for case in ran if case.result.outcome is not Outcome.PASSED and case.result.name not in failing]
        if not failing or others:
            return None
        known = [one for one in self.mistakes if one.task == task]
        named = _closest(known, failing, self.cases)
        if named is None and student != "reference":
            named = _closest(known, failing, {one.name: self._try(one, student) for one in known})
        return named


def _closest(mistakes: list[Mistake], failing: dict[str, Ran], all_cases: dict[str, dict[str, Ran]]) -> Mistake | None:
    best: tuple[int, int, Mistake] | None = None
    for known in mistakes:
        ran = all_cases[known.name]
        cases = {name: case for name, case in ran.items() if case.result.outcome is not Outcome.PASSED}
        explained = sum(_same_failure(case, cases.get(name)) for name, case in failing.items())
        # It explains every failing test; or all that it would fail itself, and most of what failed.
        if explained == len(failing) or (explained == len(cases) and 2 * explained > len(failing)):
            rank = (explained, -len(cases))
            if best is None or rank > best[:2]:
                best = (*rank, known)
    return best[2] if best else None


def _same_failure(ours: Ran, theirs: Ran | None) -> bool:
    if theirs is None or theirs.result.outcome is Outcome.PASSED or len(ours.transcript) != len(theirs.transcript):
        return False
    return bool(ours.transcript) and all(
        _same_entry(one, other) for one, other in zip(ours.transcript, theirs.transcript, strict=True)
    )


def _same_entry(one: Entry, other: Entry) -> bool:
    if (one.verb, one.name, one.kind) != (other.verb, other.name, other.kind):
        return False
    if one.verb == "axes" and one.kind == "value":
        return _same_picture(one.value, other.value)
    return alike(one.value, other.value)


def _same_picture(one: Any, other: Any) -> bool:
    """Whether two figures show the same curves, however many points they are drawn with, to 1 % of their height."""
    ours, theirs = _curves(one), _curves(other)
    return all(any(_same_curve(a, b) for b in theirs) for a in ours) and all(
        any(_same_curve(a, b) for a in ours) for b in theirs
    )


def _curves(picture: Any) -> list[tuple[float, float, Any]]:
    """(left, right, heights at 33 places) of what is drawn; marks and vertical lines are decoration."""
    found = []
    drawn = [*picture["lines"], *picture["scatters"]] if isinstance(picture, dict) else []
    for line in drawn:
        xy = np.asarray(line["xy"], dtype=float)
        if xy.ndim == 2 and len(xy) >= 2 and np.isfinite(xy).all() and np.ptp(xy[:, 0]) > 0:
            x, y = xy[np.argsort(xy[:, 0], kind="stable")].T
            if line["label"].startswith("_") and np.ptp(y) == 0:
                continue  # a line to guide the eye
            found.append((x[0], x[-1], np.interp(np.linspace(x[0], x[-1], 33), x, y)))
    return found


def _same_curve(one: tuple[float, float, Any], other: tuple[float, float, Any]) -> bool:
    height = max(np.ptp(one[2]), np.ptp(other[2]), 1e-12)
    width = max(one[1] - one[0], other[1] - other[0])
    ends = abs(one[0] - other[0]) + abs(one[1] - other[1])
    return bool(ends <= 0.01 * width and np.abs(one[2] - other[2]).max() <= 0.01 * height)


def alike(one: Any, other: Any) -> bool:
    """Whether two answers are the same up to rounding, in value and in structure (handles count by their being one)."""
    if isinstance(one, Handle) or isinstance(other, Handle):
        return isinstance(one, Handle) and isinstance(other, Handle)
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return bool(type(one) is type(other) and one == other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    numeric = (int, float, complex, np.ndarray)
    if isinstance(one, numeric) and isinstance(other, numeric):
        try:
            a, b = np.asarray(one), np.asarray(other)
            return a.shape == b.shape and bool(np.allclose(a, b, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True))
        except (TypeError, ValueError, OverflowError):
            return False
    return bool(type(one) is type(other) and one == other)
