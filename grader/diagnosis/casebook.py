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
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any

import msgspec

from grader.diagnosis import slips
from grader.diagnosis.evidence import fit, of_cases, wrong_parts
from grader.diagnosis.mistakes import load_mistakes
from grader.diagnosis.naming import closest
from grader.diagnosis.neighbours import neighbours
from grader.environment import environment
from grader.results import Outcome
from grader.testing.authoring import Mistake, Rewritten, load_module
from grader.testing.plugin import OpenStudent, Ran, Run
from grader.testing.student import Student

SLOW_MILLISECONDS = 500  # a test that takes the reference so long is not run for each small change


class Casebook:
    """How the reference and every mistake of a unit answered the hidden tests."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._reference, self._run = folder / "reference.py", run
        self.reference = run(lambda _: Student.local(load_module(self._reference)))
        self.mistakes = load_mistakes(folder)
        paths = [self._reference, folder / "mistakes.py"]  # whose lines an exception of a mistake may name
        self._lines = {str(path): path.read_text(encoding="utf-8").splitlines() for path in paths if path.exists()}
        self._tried: dict[str, dict[str, Ran]] = {}
        self._varying: dict[str, bool] = {}  # test -> whether it asks for something that depends on the name
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
            return Student.local(names, student, sources=self._lines)

        return self._as_student(student, open_student, known.task, tests)

    def _as_student(
        self, student: str, open_student: OpenStudent, task: str, tests: Container[str] | None
    ) -> dict[str, Ran]:
        with environment({"JUPYTERHUB_USER": student}):  # what asks for the user's name is told the student's
            ran = self._run(open_student, only=frozenset([task]), tests=tests)
            return {case.result.name: case for case in ran}

    def depends_on_name(self, task: str, tests: Iterable[str]) -> frozenset[str]:
        """Those of `tests` for which the reference's answers, those of "reference", are not right for every name."""
        unknown = frozenset(tests) - self._varying.keys()
        if unknown:
            ran = [self._right(task, f"anybody-{number}", unknown) for number in range(4)]
            self._varying |= {
                name: any(found[name].result.outcome is not Outcome.PASSED for found in ran if name in found)
                for name in unknown
            }
        return frozenset(name for name in tests if self._varying[name])

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
        failing = _failing(ran)
        if not failing:
            return None
        named = self._name(task, failing, student)
        if named:
            return _said(named)
        right = self._right(task, student, failing)
        swapped = {known.name: (known, cases) for known, cases in self._swapped_arguments(task)}
        named = closest([known for known, _ in swapped.values()], failing, lambda known: swapped[known.name][1], right)
        if named:
            return _said(named)
        named = self._neighbour(task, failing, right)
        if named:
            return _said(named)
        return slips.recognise((case.transcript, right[name].transcript) for name, case in failing.items())

    def _neighbour(self, task: str, failing: dict[str, Ran], right: dict[str, Ran]) -> tuple[Mistake, ...]:
        """The small change of the reference that explains the `failing` tests; () if there is none.

        All are tried in one of the tests, and in the others what explains that one.
        """
        wrong = of_cases(failing, right)
        if {place[0] for place in wrong.parts} != failing.keys():
            return ()
        took = {case.result.name: case.result.milliseconds for case in self.reference if case.result.task == task}
        if max(took.values()) > SLOW_MILLISECONDS:
            return ()
        first = min(failing, key=lambda test: took[test])
        one_test = {first: failing[first]}
        alike = [
            known
            for known in self._neighbours.get(task, ())
            if not fit(of_cases(one_test, right), of_cases(self._changed(known, first), right)).missed
        ]
        alike = [
            known
            for known in alike
            if {test for test, case in self.cases(known).items() if _lost(case)} <= failing.keys()
        ]
        return closest(alike, failing, lambda known: self.cases(known, failing), right, whole_only=True)

    def _changed(self, known: Mistake, test: str) -> dict[str, Ran]:
        """How a changed reference fares in a test; nothing where it cannot even be loaded."""
        try:
            return self.cases(known, [test])
        except Exception:
            return {}

    @functools.cached_property
    def _neighbours(self) -> dict[str, list[Mistake]]:
        return neighbours(self._reference.parent)

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
                (swap, self._try(swap, "reference"))
                for name in sorted(called)
                for swap in _swaps(task, name, load_module(self._reference).get(name), self._reference)
            ]
            self._swapped[task] = tried
        return self._swapped[task]

    def name_mistake(self, task: str, ran: list[Ran], student: str = "reference") -> Mistake | None:
        """The one mistake that the submission's `ran` tests of `task` look like; None where it is none, or two."""
        named = self._name(task, _failing(ran), student)
        return named[0] if len(named) == 1 else None

    def _name(self, task: str, failing: dict[str, Ran], student: str) -> tuple[Mistake, ...]:
        """The mistake that explains what is wrong in the `failing` tests of `task`, or two that do; () says nothing.

        Failing tests that depend on the student's own variant are compared with each mistake in that variant, when all
        else names nothing.
        """
        known = [mistake for mistake in self.mistakes if mistake.task == task and _shared(mistake, failing)]
        here = {case.result.name: case for case in self.reference if case.result.name in failing}
        named = closest(known, failing, lambda mistake: self.cases(mistake, _shared(mistake, failing)), here)
        if not named and student != "reference" and self._depends_on_variant(task, student, failing):
            right = self._right(task, student, failing)
            named = closest(
                known, failing, lambda mistake: self._try(mistake, student, _shared(mistake, failing)), right
            )
        return named

    def _depends_on_variant(self, task: str, student: str, tests: Container[str]) -> bool:
        """Whether the reference answers one of `tests` otherwise when `student` is asked."""
        here = self._right(task, student, tests)
        return any(
            bool(wrong_parts("", case.transcript, here[case.result.name].transcript))
            for case in self.reference
            if case.result.name in here
        )


def _said(named: tuple[Mistake, ...]) -> slips.Slip:
    """What the student hears of one mistake, or of two at once."""
    return slips.Slip("+".join(mistake.name for mistake in named), " ".join(mistake.says for mistake in named))


def _shared(known: Mistake, failing: dict[str, Ran]) -> frozenset[str]:
    """The `failing` tests that a mistake may fail as well."""
    return frozenset(failing) & frozenset(known.fails or failing)


def _lost(case: Ran) -> bool:
    return case.result.outcome is not Outcome.PASSED


def _failing(ran: list[Ran]) -> dict[str, Ran]:
    """The tests that failed by what was answered; none if any ended otherwise (time, memory, a missing name)."""
    lost = list(filter(_lost, ran))
    if any(case.result.outcome not in (Outcome.WRONG, Outcome.ERROR) for case in lost):
        return {}
    return {case.result.name: case for case in lost}


def _swaps(task: str, name: str, function: Any, reference: Path) -> list[Mistake]:
    """For each two arguments of a function of the reference, the mistake of swapping them."""
    if not inspect.isfunction(function):
        return []
    parameters = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    made = []
    for first, second in itertools.combinations(range(len(parameters)), 2):
        one, other = parameters[first].name, parameters[second].name

        def replace(first: int = first, second: int = second) -> dict[str, Any]:
            return {name: slips.swapped(load_module(reference)[name], first, second)}

        says = f"`{name}` does what it would do with `{one}` and `{other}` swapped. Which of them is which in the text?"
        made.append(Mistake(f"swapped_{one}_{other}_of_{name}", task, says, replace))
    return made
