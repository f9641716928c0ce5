"""What a class's reports say about a unit: figures, misunderstandings, and the students who need help.

Everything counts students, not tests. A student is in `names` lists in the order of their ids. Difficulty is the mean
share of a task's points; discrimination is the corrected item-total correlation: between the points of a task and those
of all other tasks, over the students whose points are all decided. Both leave out those who tried no task of the unit:
files that are damaged or untouched say nothing about a task, and their zeros would make every task seem to
discriminate.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from grader.course.elsewhere import ANOTHER_ANSWER
from grader.course.progress import PASS
from grader.report.banner import HELD, STUB
from grader.report.similarity import AlikePair
from grader.results import Outcome, Report, TaskResult

FEWEST = 5  # students that a correlation needs to mean anything
_OPEN = (Outcome.UNDECIDED, Outcome.INTERNAL)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_LEADS = (
    ("over a week", 168.0),
    ("3 to 7 days", 72.0),
    ("1 to 3 days", 24.0),
    ("the last day", 1.0),
    ("the last hour", 0.0),
)
TRIED = ("right", "partly", "wrong")
STATES = (*TRIED, "untouched", "pending")


class Misunderstanding(msgspec.Struct, frozen=True):
    """A known mistake that students made in a task."""

    task: str
    title: str
    name: str
    asks: str  # the question for the student
    names: tuple[str, ...]
    example: str = ""  # a public call, and what it gave in one of them


class Unrecognised(msgspec.Struct, frozen=True):
    """Wrong answers to one task that fail the same hidden tests with the same hint, up to numbers."""

    task: str
    title: str
    fails: tuple[str, ...]  # the sentences of the tests
    hint: str
    names: tuple[str, ...]

    @property
    def example(self) -> str:
        """The student whose answer is shown."""
        return self.names[0]


class TaskFacts(msgspec.Struct, frozen=True):
    """One task of the unit."""

    task: str
    title: str
    max_points: float
    states: dict[str, tuple[str, ...]]  # students by state: see STATES
    difficulty: float | None  # None if nobody's points are decided
    discrimination: float | None  # None if there are too few students, or all have the same points
    hardest: str  # the sentence of the hidden test that most of those who wrote what it asks for fail
    hardest_missed: int  # how many of them fail it
    hardest_tried: int  # how many they are
    below: tuple[str, ...]  # the students who tried and have not passed
    gives: tuple[str, ...]
    example: str = ""  # a public call, and what it gave for most of those who fail the hardest test
    hints: tuple[str, ...] = ()  # the students who opened a hint

    @property
    def lost(self) -> tuple[str, ...]:
        """The students who tried and lost points."""
        return tuple(sorted((*self.states["partly"], *self.states["wrong"])))

    @property
    def passed(self) -> float:
        """The share of all students who have passed the task."""
        count = sum(map(len, self.states.values()))
        return (len(self.states["right"]) + len(self.lost) - len(self.below)) / count if count else 0.0


class Attention(msgspec.Struct, frozen=True):
    """A student, or several who share it, and what somebody should look at."""

    names: tuple[str, ...]
    why: str


class UnitFacts(msgspec.Struct, frozen=True):
    """Everything that the class page says about one unit."""

    unit: str
    title: str
    max_points: float
    reports: tuple[Report, ...]
    tasks: tuple[TaskFacts, ...]
    misunderstandings: tuple[Misunderstanding, ...]
    unrecognised: tuple[Unrecognised, ...]
    needs_person: tuple[Attention, ...]
    notable: tuple[Attention, ...]
    leads: dict[str, int]  # students by how long before the deadline they handed in
    stuck: dict[str, tuple[str, ...]]  # students who tried and have not passed, by the concept that the task gives
    pairs: tuple[AlikePair, ...] = ()  # students whose answers share what few others wrote
    counts: Mapping[str, float] = {}  # what counts in the gradebook, by student: with extra credit and late penalty

    @property
    def shares(self) -> list[float]:
        """Each student's share of the points that are decided, from 0 to 1 (more with bonus points).

        Students of whom nothing is decided have none.
        """
        most = [(report, _decided(report)) for report in self.reports]
        return [report.points / decided for report, decided in most if decided]

    @property
    def to_decide(self) -> int:
        """How many decisions wait for a person."""
        return sum(len(reason.names) for reason in self.needs_person)

    @property
    def held(self) -> bool:
        """Whether anything is held back."""
        return any(report.problem.startswith(HELD) for report in self.reports)

    @property
    def other_counts(self) -> bool:
        """Whether what counts differs from the sum of the tasks for any student."""
        return any(
            abs(self.counts.get(report.student, report.points) - report.points) > 1e-6 for report in self.reports
        )


def unit_facts(
    unit_id: str,
    title: str,
    reports: Sequence[Report],
    *,
    gives: Mapping[str, tuple[str, ...]] | None = None,
    handed_in: Mapping[str, datetime | None] | None = None,
    due: datetime | None = None,
    hints: Mapping[str, Collection[str]] | None = None,
    pairs: Sequence[AlikePair] = (),
    counts: Mapping[str, float] | None = None,
) -> UnitFacts:
    """The facts of a unit. `gives` are the concepts of each task; `handed_in` and `due` are aware datetimes.

    `hints` are the tasks for which each student opened a hint; `pairs` come from `similarity`.
    """
    ordered = tuple(sorted(reports, key=lambda report: report.student))
    tasks = tuple(_task_facts(task, ordered, gives or {}, hints or {}) for task in _tasks_of(ordered))
    stuck = {concept: task.below for task in tasks for concept in task.gives if task.below}
    return UnitFacts(
        unit=unit_id,
        title=title,
        max_points=_newest(ordered).max_points if ordered else 0.0,
        reports=ordered,
        tasks=tasks,
        misunderstandings=_misunderstandings(ordered),
        unrecognised=_unrecognised(ordered),
        needs_person=_shared(_needs_person(ordered)),
        notable=_shared(_notable(ordered)),
        leads=_leads(handed_in or {}, due),
        stuck=stuck,
        pairs=tuple(pairs),
        counts=counts or {},
    )


def _decided(report: Report) -> float:
    """The maximum points of the tasks that are decided, without bonus tasks."""
    return sum(task.max_points for task in report.tasks if task.points is not None and not task.bonus)


def _tried(report: Report) -> bool:
    """Whether the student tried any task of the unit."""
    return any(state_of(task) in TRIED for task in report.tasks)


def state_of(task: TaskResult) -> str:
    """One of STATES."""
    if task.points is None:
        return "pending"
    if not task.max_points:  # practice: its checks say whether it is right
        passed = sum(test.outcome is Outcome.PASSED for test in task.tests)
        if passed:
            return "right" if passed == len(task.tests) else "partly"
    elif task.points >= task.max_points - 1e-9:
        return "right"
    if _untouched(task):
        return "untouched"
    return "partly" if task.points > 0 else "wrong"


def _untouched(task: TaskResult) -> bool:
    """Whether nothing is written, even if a test passes with the stub, as one that wants something refused may."""
    missing = [test for test in task.tests if test.outcome is Outcome.MISSING]
    return len(missing) == len(task.tests) or any(test.hint.startswith(STUB) for test in missing)


def _passed(task: TaskResult) -> bool:
    if not task.max_points:
        return state_of(task) == "right"
    return task.points is not None and task.points >= PASS * task.max_points - 1e-9


def _newest(reports: Sequence[Report]) -> Report:
    return max(reports, key=lambda report: (report.timestamp, len(report.tasks)))


def _tasks_of(reports: Sequence[Report]) -> list[str]:
    """The ids of the tasks, as in the newest report.

    Where a unit has changed and not everybody was graded since, older reports have other tasks, or another order.
    """
    return [task.task for task in _newest(reports).tasks] if reports else []


def task_of(report: Report, task_id: str) -> TaskResult | None:
    """The result of a task in a report; None if the report is older than the task."""
    return next((task for task in report.tasks if task.task == task_id), None)


def _task_facts(
    task_id: str,
    reports: Sequence[Report],
    gives: Mapping[str, tuple[str, ...]],
    hints: Mapping[str, Collection[str]],
) -> TaskFacts:
    results = [(report.student, task) for report in reports if (task := task_of(report, task_id)) is not None]
    first = task_of(_newest(reports), task_id) or results[0][1]
    working = {report.student for report in reports if _tried(report)}
    states: dict[str, list[str]] = {state: [] for state in STATES}
    for student, task in results:
        states[state_of(task)].append(student)
    decided = [
        task.points / task.max_points
        for student, task in results
        if task.points is not None and task.max_points and student in working
    ]
    sentence, missed, tried = _hardest([task for _, task in results if state_of(task) in TRIED])
    return TaskFacts(
        first.task,
        first.title,
        first.max_points,
        {state: tuple(names) for state, names in states.items()},
        statistics.fmean(decided) if decided else None,
        _discrimination(task_id, reports),
        sentence,
        missed,
        tried,
        tuple(student for student, task in results if state_of(task) in ("partly", "wrong") and not _passed(task)),
        gives.get(first.task, ()),
        _usual_example(task for _, task in results if sentence in _missed(task)),
        tuple(student for student, _ in results if task_id in hints.get(student, ())),
    )


def _usual_example(tasks: Iterable[TaskResult]) -> str:
    """The example that most of the results have."""
    found = Counter(task.example for task in tasks if task.example)
    return min(found, key=lambda example: (-found[example], example)) if found else ""


def _discrimination(task_id: str, reports: Sequence[Report]) -> float | None:
    decided = [report for report in reports if _tried(report) and all(task.points is not None for task in report.tasks)]
    whole = [(report, task) for report in decided if (task := task_of(report, task_id)) is not None]
    item = [task.points or 0.0 for _, task in whole]
    rest = [report.points - points for (report, _), points in zip(whole, item, strict=True)]
    if len(whole) < FEWEST or max(item) - min(item) < 1e-9 or max(rest) - min(rest) < 1e-9:
        return None
    return statistics.correlation(item, rest)


def _hardest(tried: Sequence[TaskResult]) -> tuple[str, int, int]:
    """The sentence of the test that most students fail, how many do, and how many have written what it asks for.

    A task may ask for several functions: a test of one that is not written tells nothing about how hard it is.
    """
    order = dict.fromkeys(test.says or test.name for task in tried for test in task.tests)
    left_out = [_sentences(task, (Outcome.MISSING,)) for task in tried]
    failed = Counter(name for task, out in zip(tried, left_out, strict=True) for name in _missed(task) - out)
    if not failed:  # whoever lost points has not written a part
        left_out, failed = [frozenset()] * len(tried), Counter(name for task in tried for name in _missed(task))
    if not failed:
        return "", 0, 0
    sentence = max(order, key=failed.__getitem__)  # the first of several: the plain case comes before the odd ones
    return sentence, failed[sentence], sum(sentence not in out for out in left_out)


def _missed(task: TaskResult) -> frozenset[str]:
    """The sentences of the tests that were failed."""
    return _sentences(task, set(Outcome) - {Outcome.PASSED, *_OPEN})


def _sentences(task: TaskResult, outcomes: Collection[Outcome]) -> frozenset[str]:
    """The sentences of the tests that ended so."""
    return frozenset(test.says or test.name for test in task.tests if test.outcome in outcomes)


# ------------------------------------------------------------------------------------------------------- wrong answers


def _misunderstandings(reports: Sequence[Report]) -> tuple[Misunderstanding, ...]:
    """The known mistakes, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    about: dict[tuple[str, str], list[TaskResult]] = defaultdict(list)
    for report in reports:
        for task in report.tasks:
            if task.diagnosis and state_of(task) != "right":
                found[task.task, task.diagnosis].append(report.student)
                about[task.task, task.diagnosis].append(task)
    made = [
        Misunderstanding(
            key[0], about[key][0].title, key[1], about[key][0].explanation, tuple(names), _usual_example(about[key])
        )
        for key, names in found.items()
    ]
    return tuple(sorted(made, key=lambda mistake: (-len(mistake.names), mistake.task, mistake.name)))


def _unrecognised(reports: Sequence[Report]) -> tuple[Unrecognised, ...]:
    """The wrong answers without a diagnosis, grouped by the tests they fail and their first hint, numbers apart."""
    groups: dict[tuple[str, frozenset[str], str], list[str]] = defaultdict(list)
    about: dict[tuple[str, frozenset[str], str], TaskResult] = {}
    for report in reports:
        for task in report.tasks:
            failed = [test for test in task.tests if test.outcome not in (Outcome.PASSED, Outcome.MISSING, *_OPEN)]
            if task.diagnosis or not failed or state_of(task) not in ("partly", "wrong"):
                continue
            hint = next((test.hint for test in failed if test.hint), "")
            key = task.task, frozenset(test.name for test in failed), _NUMBER.sub("#", hint)
            groups[key].append(report.student)
            about.setdefault(key, task)
    made = []
    for key, names in groups.items():
        failed = [test for test in about[key].tests if test.name in key[1]]
        hint = next((test.hint for test in failed if test.hint), "")
        says = tuple(dict.fromkeys(test.says or test.name for test in failed))
        made.append(Unrecognised(key[0], about[key].title, says, hint, tuple(names)))
    return tuple(sorted(made, key=lambda group: (-len(group.names), group.task, group.names)))


# ------------------------------------------------------------------------------------------------------------ students


def _shared(found: Iterable[Attention]) -> tuple[Attention, ...]:
    """Each reason once, with every student whom it concerns; what already concerns several together stays apart."""
    alone: dict[str, list[str]] = defaultdict(list)
    made: list[Attention | str] = []
    for reason in found:
        if len(reason.names) > 1:
            made.append(reason)
            continue
        if reason.why not in alone:
            made.append(reason.why)
        alone[reason.why] += reason.names
    return tuple(
        reason if isinstance(reason, Attention) else Attention(tuple(alone[reason]), reason) for reason in made
    )


def _needs_person(reports: Iterable[Report]) -> Iterable[Attention]:
    for report in reports:
        pending = [task for task in report.tasks if task.points is None]
        if report.problem and len(pending) == len(report.tasks):
            yield Attention((report.student,), report.problem)
            continue
        for task in pending:
            why = [f"{test.says} {test.hint or test.staff}".strip() for test in task.tests if test.outcome in _OPEN]
            said = "; ".join(dict.fromkeys(why)) or "nobody has graded it yet"
            yield Attention((report.student,), f"{task.title}: {said}")


def _notable(reports: Sequence[Report]) -> Iterable[Attention]:
    """What is unusual, as a fact: it may have a harmless reason."""
    everyone = {report.student for report in reports}
    same: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        if report.submission_hash and _tried(report):
            same[report.submission_hash].append(report.student)
    for names in same.values():
        if len(names) > 1:
            yield Attention(tuple(names), "Their code is the same, letter for letter.")
    for report in reports:
        if report.worked_as != report.student and report.worked_as in everyone:
            why = f"The notebook was run under the name of another student: {report.worked_as}."
            yield Attention((report.student,), why)
        for task in report.tasks:
            for note in task.notes:
                if note.startswith(ANOTHER_ANSWER):
                    yield Attention((report.student,), f"{task.title}: {note}")
        ended = sum(test.outcome is Outcome.DIED for task in report.tasks for test in task.tests)
        if ended:
            checks = "a hidden check" if ended == 1 else f"{ended} hidden checks"
            why = f"The process ended during {checks} (memory, an exit, a signal)."
            yield Attention((report.student,), why)


def _leads(handed_in: Mapping[str, datetime | None], due: datetime | None) -> dict[str, int]:
    if due is None:
        return {}
    counts = dict.fromkeys([*(name for name, _ in _LEADS), "late", "time unknown"], 0)
    for when in handed_in.values():
        if when is None:
            counts["time unknown"] += 1
        else:
            hours = (due - when).total_seconds() / 3600
            counts[next((name for name, least in _LEADS if hours >= least), "late")] += 1
    return counts
