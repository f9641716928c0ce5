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

from grader import slips
from grader.diagnosis import evidence
from grader.diagnosis.compare import alike
from grader.errors import GraderError
from grader.pytest_plugin import OpenStudent, Ran, Run
from grader.results import Outcome
from grader.student import Student


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
        right = self._right(task, student, failing)
        named = _closest([one for one, _ in swapped.values()], failing, lambda one: swapped[one.name][1], right)
        if named is not None:
            return slips.Slip(named.name, named.says)
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
        here = {case.result.name: case for case in self.reference if case.result.name in failing}
        named = _closest(known, failing, lambda one: self.cases(one, failing.keys() & set(one.fails)), here)
        if named is None and student != "reference" and self._depends_on_variant(task, student, failing):
            named = _closest(known, failing, lambda one: self._try(one, student, failing.keys() & set(one.fails)), self._right(task, student, failing))
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
    mistakes: list[Mistake],
    failing: dict[str, Ran],
    fares: Callable[[Mistake], dict[str, Ran]],
    right: dict[str, Ran],
) -> Mistake | None:
    """The mistake that explains the `failing` tests best. `fares` runs one in those tests."""
    ours = evidence.of_cases(failing, right)
    best: tuple[tuple[float, ...], Mistake] | None = None
    for known in mistakes:
        if known.fails and failing.keys().isdisjoint(known.fails):
            continue
        found = evidence.fit(ours, evidence.of_cases(fares(known), right))
        extra = len(set(known.fails) - failing.keys())  # tests that the mistake fails and the submission does not
        if not _named(found, extra):
            continue
        rank = (-found.missed, found.explained, -extra, -found.spared, found.weight)
        if best is None or rank > best[0]:
            best = (rank, known)
    return best[1] if best else None


def _named(found: evidence.Fit, extra: int) -> bool:
    """Whether a mistake that fits so is the one."""
    if not found.explained:
        return False
    if not found.missed:
        return found.weight >= evidence.ENOUGH or not (found.spared or extra)
    return found.weight >= 2 * evidence.ENOUGH and found.missed <= found.explained and not found.spared


def _same_transcript(one: Ran, other: Ran) -> bool:
    return len(one.transcript) == len(other.transcript) and not evidence.wrong_parts("", one.transcript, other.transcript)
