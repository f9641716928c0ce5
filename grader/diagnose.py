"""Name the misunderstanding: which known mistake does a wrong submission behave like?

A mistake is a known wrong solution. It is run once through the same hidden tests as the students, and what it answered
is kept, call by call. A student whose answers on *every* failing test of the task are the mistake's answers is told the
mistake's sentence. The comparison is of behaviour, so renamed, restructured or vectorised code is still recognised, and
a correct answer, which fails no test, is never diagnosed. Where no known mistake fits, slips that can be made anywhere
are tried: two arguments swapped, a factor, a sign, a transpose (`slips`).
"""

from __future__ import annotations

import functools
import inspect
import itertools
import os
import types
from collections.abc import Callable, Container, Iterable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader import slips
from grader.errors import GraderError
from grader.pytest_plugin import OpenStudent, Ran, Run
from grader.results import Outcome
from grader.slips import ABSOLUTE, RELATIVE
from grader.student import Entry, Handle, Student


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
    if not path.is_file():
        raise GraderError(f"{path}: expected a Python file")
    module = types.ModuleType(f"_{path.parent.name}_{path.stem}")
    module.__file__ = str(path)
    exec(_compiled(path, path.stat().st_mtime_ns), vars(module))  # noqa: S102 - our own solutions
    return vars(module)


@functools.lru_cache(maxsize=64)
def _compiled(path: Path, modified: int) -> types.CodeType:
    """The code of a file: a unit's reference is loaded anew for each test of each mistake."""
    return compile(path.read_bytes(), path, "exec", dont_inherit=True)


class Casebook:
    """How the reference and every mistake of a unit answered the hidden tests."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._reference, self._run = folder / "reference.py", run
        self.reference = run(lambda _: Student.local(load_module(self._reference)))
        self.mistakes = load_mistakes(folder)
        self._tried: dict[str, dict[str, Ran]] = {}
        self._swapped: dict[str, list[tuple[Mistake, dict[str, Ran]]]] = {}

    def cases(self, known: Mistake, tests: Iterable[str] | None = None) -> dict[str, Ran]:
        """How a mistake fares in `tests`, or in all of its task. Found out when it is first asked for, and kept."""
        if tests is None:
            tests = [ran.result.name for ran in self.reference if ran.result.task == known.task]
        tried = self._tried.setdefault(known.name, {})
        missing = frozenset(tests) - tried.keys()
        if missing:
            tried |= self._try(known, "reference", missing)
        return {name: tried[name] for name in tests if name in tried}

    def _try(self, known: Mistake, student: str, tests: Container[str] | None = None) -> dict[str, Ran]:
        """How a mistake fares in the hidden tests of its task (or in `tests`), as if `student` had made it."""

        def open_student(_: str) -> Student:
            names = load_module(self._reference)
            names.update(known.replace())  # in place: the reference's other functions see what replaces their own
            return Student.local(names, student)

        return self._as_student(student, open_student, known.task, tests)

    def _as_student(
        self, student: str, open_student: OpenStudent, task: str, tests: Container[str] | None
    ) -> dict[str, Ran]:
        before = os.environ.get("JUPYTERHUB_USER")
        os.environ["JUPYTERHUB_USER"] = student  # what asks for the user's name is told the student's
        try:
            ran = self._run(open_student, only=frozenset([task]), tests=tests)
            return {case.result.name: case for case in ran}
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

    def diagnose(self, task: str, ran: list[Ran], student: str = "reference") -> slips.Slip | None:
        """What the submission's `ran` tests of `task` look like: a known mistake, else a general slip; None if neither.

        Submissions whose tests all passed are not looked at.
        """
        known = self.name_mistake(task, ran, student)
        if known is not None:
            return slips.Slip(known.name, known.says)
        failing = _failing(ran)
        if not failing:
            return None
        swapped = {one.name: (one, cases) for one, cases in self._swapped_arguments(task)}
        named = _closest([one for one, _ in swapped.values()], failing, lambda one: swapped[one.name][1])
        if named is not None:
            return slips.Slip(named.name, named.says)
        right = self._right(task, student, failing)
        return slips.recognise((case.transcript, right[name].transcript) for name, case in failing.items())

    def _right(self, task: str, student: str, tests: Container[str]) -> dict[str, Ran]:
        """The reference in `tests`, in the variant of `student`."""
        return self._as_student(student, lambda _: Student.local(load_module(self._reference), student), task, tests)

    def _swapped_arguments(self, task: str) -> list[tuple[Mistake, dict[str, Ran]]]:
        """How the reference fares with two arguments of a function of `task` swapped, for each function and pair."""
        if task not in self._swapped:
            called = {
                entry.name
                for case in self.reference
                if case.result.task == task
                for entry in case.transcript
                if entry.verb == "call"
            }
            tried = [
                (one, self._try(one, "reference"))
                for name in sorted(called)
                for one in _swaps(task, name, load_module(self._reference).get(name), self._reference)
            ]
            self._swapped[task] = tried
        return self._swapped[task]

    def name_mistake(self, task: str, ran: list[Ran], student: str = "reference") -> Mistake | None:
        """The mistake that the submission's `ran` tests of `task` look like, the closest first; None says nothing.

        Failing tests that depend on the student's own variant are compared with each mistake in that variant, when all
        else names nothing.
        """
        failing = _failing(ran)
        if not failing:
            return None
        known = [one for one in self.mistakes if one.task == task]
        named = _closest(known, failing, lambda one: self.cases(one, one.fails))
        if named is None and student != "reference" and self._depends_on_variant(task, student, failing):
            named = _closest(known, failing, lambda one: self._try(one, student, failing))
        return named

    def _depends_on_variant(self, task: str, student: str, tests: Container[str]) -> bool:
        """Whether the reference answers one of `tests` otherwise when `student` is asked."""
        here = self._right(task, student, tests)
        return any(
            not _same_transcript(case, here[case.result.name]) for case in self.reference if case.result.name in here
        )


def _failing(ran: list[Ran]) -> dict[str, Ran]:
    """The tests that failed by what was answered; none if any ended otherwise (time, memory, a missing name)."""
    lost = [case for case in ran if case.result.outcome is not Outcome.PASSED]
    if any(case.result.outcome not in (Outcome.WRONG, Outcome.ERROR) for case in lost):
        return {}
    return {case.result.name: case for case in lost}


def _swaps(task: str, name: str, function: Any, reference: Path) -> list[Mistake]:
    """For each two arguments of a function of the reference, the mistake of swapping them."""
    if not inspect.isfunction(function):
        return []
    parameters = [
        one for one in inspect.signature(function).parameters.values() if one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    made = []
    for first, second in itertools.combinations(range(len(parameters)), 2):
        one, other = parameters[first].name, parameters[second].name

        def replace(first: int = first, second: int = second) -> dict[str, Any]:
            return {name: slips.swapped(load_module(reference)[name], first, second)}

        says = f"`{name}` does what it would do with `{one}` and `{other}` swapped. Which of them is which in the text?"
        made.append(Mistake(f"swapped_{one}_{other}_of_{name}", task, (), says, replace))
    return made


def _closest(
    mistakes: list[Mistake], failing: dict[str, Ran], fares: Callable[[Mistake], dict[str, Ran]]
) -> Mistake | None:
    """The mistake that explains the `failing` tests best. `fares` runs one in the tests that it says to fail."""
    best: tuple[int, int, Mistake] | None = None
    for known in mistakes:
        if known.fails and not _explains(len(failing.keys() & set(known.fails)), len(known.fails), len(failing)):
            continue  # whatever it answers; most need not be run
        cases = {name: case for name, case in fares(known).items() if case.result.outcome is not Outcome.PASSED}
        explained = sum(_same_failure(case, cases.get(name)) for name, case in failing.items())
        if _explains(explained, len(cases), len(failing)):
            rank = (explained, -len(cases))
            if best is None or rank > best[:2]:
                best = (*rank, known)
    return best[2] if best else None


def _explains(explained: int, own: int, failing: int) -> bool:
    """Every failing test is explained; or all `own` that the mistake fails itself, and most of what failed."""
    return explained == failing or (explained == own and 2 * explained > failing)


def _same_failure(ours: Ran, theirs: Ran | None) -> bool:
    if theirs is None or theirs.result.outcome is Outcome.PASSED:
        return False
    if ours.recognised or theirs.recognised:  # the test itself knows this wrong answer, in whatever form it came
        return ours.recognised == theirs.recognised
    return bool(ours.transcript) and _same_transcript(ours, theirs)


def _same_transcript(one: Ran, other: Ran) -> bool:
    return len(one.transcript) == len(other.transcript) and all(map(_same_entry, one.transcript, other.transcript))


def _same_entry(one: Entry, other: Entry) -> bool:
    if (one.verb, one.name, one.kind) != (other.verb, other.name, other.kind):
        return False
    if one.verb == "axes" and one.kind == "value":
        return _same_picture(one.value, other.value)
    return alike(one.value, other.value)


def _same_picture(one: Any, other: Any) -> bool:
    """Whether two figures show the same curves, however many points they are drawn with, to 1 % of their height."""
    ours, theirs = _curves(one), _curves(other)
    same = all(any(_same_curve(a, b) for b in theirs) for a in ours) and all(
        any(_same_curve(a, b) for a in ours) for b in theirs
    )
    return same and _same_contours(one, other)


def _same_contours(one: Any, other: Any) -> bool:
    """Whether the contours of two figures run along the same places, to 5 % of their size, whatever their grids.

    One may be drawn further than the other: where both are, they are compared.
    """
    ours, theirs = _places(one), _places(other)
    if not len(ours) or not len(theirs):
        return len(ours) == len(theirs)
    low, high = np.maximum(ours.min(axis=0), theirs.min(axis=0)), np.minimum(ours.max(axis=0), theirs.max(axis=0))
    ours, theirs = (places[((places >= low) & (places <= high)).all(axis=1)] for places in (ours, theirs))
    if not len(ours) or not len(theirs):
        return False
    apart = np.linalg.norm(ours[:, None] - theirs[None], axis=2)
    size = np.ptp(np.concatenate([ours, theirs]), axis=0).max()
    return bool(max(apart.min(axis=0).max(), apart.min(axis=1).max()) <= 0.05 * size)


def _places(picture: Any) -> Any:
    """Up to 500 places on the contours of a picture, as (n, 2)."""
    drawn = [line["xy"] for line in picture["contours"]] if isinstance(picture, dict) else []
    found = [xy for xy in drawn if isinstance(xy, np.ndarray) and xy.dtype.kind == "f" and xy.shape[1:] == (2,)]
    places = np.concatenate([np.empty((0, 2)), *found])
    places = places[np.isfinite(places).all(axis=1)]
    return places[:: len(places) // 500 + 1]


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
    """Whether two answers are the same up to rounding, in value and in structure (handles count by their being one).

    A list and an array of the same numbers are alike: nobody's misunderstanding depends on that.
    """
    if isinstance(one, Handle) or isinstance(other, Handle):
        return isinstance(one, Handle) and isinstance(other, Handle)
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        return bool(type(one) is type(other) and one == other)
    if isinstance(one, list | tuple) and isinstance(other, np.ndarray):
        return alike(one, other.tolist())
    if isinstance(one, np.ndarray) and isinstance(other, list | tuple):
        return alike(one.tolist(), other)
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
