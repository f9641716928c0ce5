"""Name the misunderstanding: which known mistake does a wrong submission behave like?

A mistake is a known wrong solution. It is run once through the same hidden tests as the students, and its answers are
recorded, call by call. Students whose answers on *every* failing test of the task match the mistake's get the mistake's
sentence. The comparison is by behaviour, so renamed, restructured or vectorised code is still recognised, and a correct
answer, which fails no test, is never diagnosed. If no known mistake fits, general slips are tried: two arguments
swapped, a factor, a sign, a transpose (`slips`).

The student chooses how long a comparison takes, so a submission has a budget for it (`begin`); when it is used up,
nothing is named. Running the reference and the mistakes is not charged: it takes as long for everyone.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import math
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from grader.diagnosis import slips
from grader.diagnosis.evidence import STRONG, fit, of_cases, wrong_parts
from grader.diagnosis.mistakes import load_mistakes
from grader.diagnosis.naming import closest
from grader.diagnosis.neighbours import neighbours
from grader.environment import environment
from grader.files import read_text
from grader.jail.inside.cells import Namespace
from grader.results import Outcome
from grader.testing import budget
from grader.testing.authoring import Mistake, Rewritten, load_module
from grader.testing.plugin import Run, TestRun
from grader.testing.student import Entry, Known, Student

ASKS_FOR_NAME = ("my_name", "variant(", "JUPYTERHUB_USER")  # in a file of the unit: any of its answers may depend on it
FIXED_NAME = 'student="reference"'  # ... unless the line asks for this one
SLOW_MILLISECONDS = 500  # if the reference needs longer than this for a test, small changes are not tried
MOST_DRAWINGS = 50  # changes tried where a test draws
MOST_ALIKE = 24  # changes that explain some of one test, and are tried on all others


class TooLong(Exception):
    """Comparing the answers of a task took longer than the submission's budget allows."""


class Casebook:
    """How the reference and every mistake of a unit answered the hidden tests."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._reference, self._run = folder / "reference.py", run
        self.reference = run(lambda _: Student.local(load_module(self._reference)))
        self.mistakes = load_mistakes(folder)
        paths = [self._reference, folder / "mistakes.py"]  # files that a mistake's exception may point into
        self._lines = {str(path): read_text(path).splitlines() for path in paths if path.exists()}
        self._of_all_names = self._tests_of_all_names()
        self._tried: dict[str, dict[str, TestRun]] = {}
        self._varying: dict[str, bool] = {}  # test -> whether its right answers depend on the student's name
        self._swapped: dict[str, list[tuple[Mistake, dict[str, TestRun]]]] = {}
        self._seconds_left = math.inf  # to compare the answers of the current submission
        self._stop_at = math.inf  # the CPU time of this process at which the current task is given up
        self._too_late = False

    def begin(self, *, used: float = 0.0) -> None:
        """Give the next submission its budget. Without this, comparing may take as long as it likes.

        Nothing is named for a submission that has `used` too many seconds: the class would wait for the known mistakes
        as well.
        """
        self._seconds_left = budget.DIAGNOSIS_SECONDS
        self._too_late = used > budget.MOST_SECONDS_BEFORE_DIAGNOSIS

    @contextlib.contextmanager
    def _one_task(self) -> Iterator[None]:
        """Limit the comparisons for one task to half of what is left. Raises TooLong."""
        seconds = max(budget.LEAST_DIAGNOSIS_SECONDS, self._seconds_left / 2)
        self._stop_at = time.process_time() + seconds
        try:
            yield
        finally:
            if seconds < math.inf:
                self._seconds_left -= seconds - (self._stop_at - time.process_time())
            self._stop_at = math.inf

    def _still_in_time(self) -> None:
        if time.process_time() > self._stop_at:
            raise TooLong

    @contextlib.contextmanager
    def _uncharged(self) -> Iterator[None]:
        """Our own code at work, as for every submission."""
        began = time.process_time()
        try:
            yield
        finally:
            self._stop_at += time.process_time() - began

    def _tests_of_all_names(self) -> frozenset[str]:
        """The tests whose right and wrong answers are the same in every variant: they never ask for the name."""
        lines = [line for lines in self._lines.values() for line in lines if FIXED_NAME not in line]
        if any(word in line for line in lines for word in ASKS_FOR_NAME):
            return frozenset()
        return frozenset(case.result.name for case in self.reference if not case.asked_for_name)

    def cases(self, known: Mistake, tests: Iterable[str] | None = None) -> dict[str, TestRun]:
        """The runs of a mistake on `tests`, or on all tests of its task. Run once and cached. Raises TooLong."""
        self._still_in_time()
        if tests is None:
            tests = [ran.result.name for ran in self.reference if ran.result.task == known.task]
        tried = self._tried.setdefault(known.name, {})
        missing = frozenset(tests) - tried.keys()
        if missing:
            tried |= self._try(known, "reference", missing)
        return {name: tried[name] for name in tests if name in tried}

    def _try(self, known: Mistake, student: str, tests: Container[str] | None = None) -> dict[str, TestRun]:
        """Run a mistake on the hidden tests of its task (or on `tests`), as if `student` had made it."""

        def mistaken() -> Namespace:
            names = load_module(self._reference)
            # In place, so that the reference's other functions use the replacements.
            names.update(known.names(self._reference.with_name("mistakes.py")))
            return names

        return self._as_student(student, mistaken, known.task, tests, sources=self._lines)

    def _as_student(
        self,
        student: str,
        names: Callable[[], Namespace],
        task: str,
        tests: Container[str] | None,
        *,
        sources: dict[str, list[str]] | None = None,
    ) -> dict[str, TestRun]:
        """The runs of the `tests` of a task, each on fresh `names`.

        Code that asks for the user's name gets the student's.
        """
        drawn: Known = {}  # as in a submission, several tests may look at one figure

        def open_student(_: str) -> Student:
            return Student.local(names(), student, sources=sources, known=drawn)

        with self._uncharged(), environment({"JUPYTERHUB_USER": student}):
            ran = self._run(open_student, only=frozenset([task]), tests=tests)
            return {case.result.name: case for case in ran}

    def depends_on_name(self, task: str, tests: Iterable[str], student: str = "reference") -> frozenset[str]:
        """The `tests` whose right answers depend on the name: what is right for "reference" is wrong for others.

        An answer may be right for most names; so `student` is asked about as well.
        """
        tests = frozenset(tests)
        unknown = frozenset(tests) - self._varying.keys() - self._of_all_names
        if unknown:
            ran = [self._answers_of_reference(task, f"anybody-{number}", unknown) for number in range(4)]
            self._varying |= {
                name: any(found[name].result.outcome is not Outcome.PASSED for found in ran if name in found)
                for name in unknown
            }
        varying = frozenset(name for name in tests if self._varying.get(name))
        asking = {case.result.name for case in self.reference if case.asked_for_name} & tests - varying
        if student != "reference" and asking:
            of_student = self._answers_of_reference(task, student, asking)
            varying |= {name for name, case in of_student.items() if case.result.outcome is not Outcome.PASSED}
        return varying

    def name_rewritten(self, again: Rewritten) -> Mistake | None:
        """The mistake that a rewritten one is recognised as; None if it is not recognised."""
        (original,) = (known for known in self.mistakes if known.name == again.of)
        cases = self._try(msgspec.structs.replace(original, replace=again.replace), "reference")
        return self.name_mistake(original.task, list(cases.values()))

    def unsound(self) -> list[str]:
        """The hidden tests that the reference itself fails: our fault, so they must not be used to grade."""
        return [
            f"{ran.result.name}: {ran.result.outcome}: {ran.result.staff}"
            for ran in self.reference
            if ran.result.outcome is not Outcome.PASSED
        ]

    def diagnose(self, task: str, ran: list[TestRun], student: str = "reference") -> slips.Slip | None:
        """The known mistake, or otherwise the general slip, that explains the `ran` tests of `task`; None if neither.

        Returns None if all tests passed, or if comparing takes too long or would begin too late.
        """
        failing = _failing(ran)
        if not failing or self._too_late:
            return None
        try:
            with self._one_task():
                passed = [case.transcript for case in ran if not _lost(case)]
                return self._closest(task, failing, student, passed)
        except TooLong:
            return None

    def _closest(
        self, task: str, failing: dict[str, TestRun], student: str, passed: Sequence[Sequence[Entry]]
    ) -> slips.Slip | None:
        """What explains the `failing` tests of `task`; None if nothing does. Raises TooLong."""
        named = self._name(task, failing, student)
        if named:
            return _said(named)
        right = self._right(task, student, failing)
        slip = slips.recognise(((case.transcript, right[name].transcript) for name, case in failing.items()), passed)
        if slip is not None and slip.name == slips.OPPOSITE:
            return slip  # several small changes turn a sign around
        of_one_name = student != "reference" and self.depends_on_name(task, failing, student)
        named = () if of_one_name else self._small_change(task, failing, right)
        return _said(named) if named else slip

    def _small_change(self, task: str, failing: dict[str, TestRun], right: dict[str, TestRun]) -> tuple[Mistake, ...]:
        """Two swapped arguments or a small change of the reference that explain the `failing` tests.

        Both are tried with the numbers of "reference". So where a test has numbers of the student's own, any of them
        would explain an answer that is right for those numbers.
        """
        swapped = {known.name: (known, cases) for known, cases in self._swapped_arguments(task)}
        swaps = [known for known, _ in swapped.values()]
        self._still_in_time()
        named = closest(swaps, failing, lambda known: swapped[known.name][1], right, whole_only=True)
        self._still_in_time()
        named = named or self._neighbour(task, failing, right)
        self._still_in_time()
        return named

    def _neighbour(self, task: str, failing: dict[str, TestRun], right: dict[str, TestRun]) -> tuple[Mistake, ...]:
        """The small change of the reference that explains the `failing` tests, or two slips that do; () if none."""
        wrong = of_cases(failing, right)
        if {place[0] for place in wrong.parts} != failing.keys():
            return ()
        took = {case.result.name: case.result.milliseconds for case in self.reference if case.result.task == task}
        if max(took.values()) > SLOW_MILLISECONDS:
            return ()
        alike = self._changes_like(task, failing, right, min(failing, key=lambda test: took[test]))
        whole = closest(alike, failing, lambda known: self.cases(known, failing), right, whole_only=True)
        return whole or self._two_slips(task, failing, right, alike)

    def _two_slips(
        self, task: str, failing: dict[str, TestRun], right: dict[str, TestRun], alike: Sequence[Mistake]
    ) -> tuple[Mistake, ...]:
        """Two mistakes, or a mistake and a small change, that explain together what neither does alone."""
        wrong = of_cases(failing, right)
        known = [mistake for mistake in self.mistakes if mistake.task == task and _shared(mistake, failing)]
        pool = [*known, *alike]
        fits = [fit(wrong, of_cases(self.cases(mistake, failing), right)) for mistake in pool]
        best = max(fits, key=lambda found: (not found.spared, len(found.explained), found.strength), default=None)
        if best is None or best.spared or best.strength < STRONG or not best.missed:
            return ()
        left = {place[0] for place in best.missed}
        seen = {mistake.name for mistake in pool}
        others = self._changes_like(task, failing, right, min(left))
        pool += [mistake for mistake in others if mistake.name not in seen]
        return closest(pool, failing, lambda mistake: self.cases(mistake, failing), right, pairs_only=True)

    def _changes_like(
        self, task: str, failing: dict[str, TestRun], right: dict[str, TestRun], test: str
    ) -> list[Mistake]:
        """The changes of the reference that get something wrong in `test` as the submission does, and nothing else.

        Every change is tried on this one test, and the other tests only on changes that explain some of it.
        """
        ours = of_cases({test: failing[test]}, right)
        most = MOST_DRAWINGS if any(entry.verb == "axes" for entry in right[test].transcript) else None
        alike = []
        for known in self._neighbours.get(task, ())[:most]:
            found = fit(ours, of_cases(self._changed(known, test), right))
            if (found.explained and not found.missed) or (found.strength >= STRONG and not found.spared):
                alike.append(known)
        return [
            known
            for known in alike[:MOST_ALIKE]
            if {name for name, case in self.cases(known).items() if _lost(case)} <= failing.keys()
        ]

    def _changed(self, known: Mistake, test: str) -> dict[str, TestRun]:
        """The run of a changed reference on a test; {} if the changed reference cannot be loaded."""
        try:
            return self.cases(known, [test])
        except TooLong:
            raise
        except Exception:
            return {}

    @functools.cached_property
    def _neighbours(self) -> dict[str, list[Mistake]]:
        with self._uncharged():
            return neighbours(self._reference.parent)

    def _right(self, task: str, student: str, tests: Container[str]) -> dict[str, TestRun]:
        """The reference's runs of `tests`, in the variant of `student`."""
        right = {case.result.name: case for case in self.reference if case.result.task == task}
        right = {test: case for test, case in right.items() if test in tests}
        if own := right.keys() - self._of_all_names:
            right |= self._as_student(student, lambda: load_module(self._reference), task, own)
        return right

    def _answers_of_reference(self, task: str, student: str, tests: Container[str]) -> dict[str, TestRun]:
        """The runs of `tests` if `student` handed in what is right for the student called "reference"."""

        def of_reference() -> Namespace:
            with environment({"JUPYTERHUB_USER": "reference"}):
                return load_module(self._reference)

        return self._as_student(student, of_reference, task, tests)

    def _swapped_arguments(self, task: str) -> list[tuple[Mistake, dict[str, TestRun]]]:
        """The reference's runs with two arguments swapped, for each function of `task` and each pair of arguments."""
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

    def name_mistake(self, task: str, ran: list[TestRun], student: str = "reference") -> Mistake | None:
        """The single mistake that explains the submission's `ran` tests of `task`; None if there is none, or two."""
        named = self._name(task, _failing(ran), student)
        return named[0] if len(named) == 1 else None

    def _name(self, task: str, failing: dict[str, TestRun], student: str) -> tuple[Mistake, ...]:
        """The mistake, or the two mistakes, that explain the `failing` tests of `task`; () if none.

        If that finds nothing and the tests depend on the student's variant, each mistake is run in that variant.
        """
        known = [mistake for mistake in self.mistakes if mistake.task == task and _shared(mistake, failing)]
        here = {case.result.name: case for case in self.reference if case.result.name in failing}
        named = closest(known, failing, lambda mistake: self.cases(mistake, failing), here)
        if not named and student != "reference" and self._depends_on_variant(task, student, failing):
            right = self._right(task, student, failing)
            named = closest(known, failing, lambda mistake: self._as_made_by(student, mistake, failing), right)
        return named

    def _as_made_by(self, student: str, known: Mistake, tests: Iterable[str]) -> dict[str, TestRun]:
        """The runs of a mistake on `tests`, in the variant of `student`."""
        own = frozenset(tests) - self._of_all_names
        return self.cases(known, frozenset(tests) - own) | (self._try(known, student, own) if own else {})

    def _depends_on_variant(self, task: str, student: str, tests: Container[str]) -> bool:
        """Whether the reference answers any of `tests` differently in the variant of `student`."""
        here = self._right(task, student, tests)
        return any(
            bool(wrong_parts("", case.transcript, here[case.result.name].transcript))
            for case in self.reference
            if case.result.name in here
        )


def _said(named: tuple[Mistake, ...]) -> slips.Slip:
    """One mistake, or two at once, as a slip with its sentence for the student."""
    return slips.Slip("+".join(mistake.name for mistake in named), " ".join(mistake.says for mistake in named))


def _shared(known: Mistake, failing: dict[str, TestRun]) -> frozenset[str]:
    """The `failing` tests that the mistake fails too, or may fail."""
    return frozenset(failing) & frozenset(known.fails or failing)


def _lost(case: TestRun) -> bool:
    return case.result.outcome is not Outcome.PASSED


def _failing(ran: list[TestRun]) -> dict[str, TestRun]:
    """The tests that failed by an answer or took too long; {} if any failed otherwise (memory, a missing name)."""
    lost = list(filter(_lost, ran))
    if any(case.result.outcome not in (Outcome.WRONG, Outcome.ERROR, Outcome.TIMEOUT) for case in lost):
        return {}
    return {case.result.name: case for case in lost}


def _swaps(task: str, name: str, function: object, reference: Path) -> list[Mistake]:
    """For each pair of arguments of a reference function, the mistake of swapping them."""
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

        def replace(first: int = first, second: int = second) -> Namespace:
            return {name: slips.swapped(load_module(reference)[name], first, second)}

        says = f"`{name}` does what it would do with `{one}` and `{other}` swapped. Which of them is which in the text?"
        made.append(Mistake(f"swapped_{one}_{other}_of_{name}", task, says, replace))
    return made
