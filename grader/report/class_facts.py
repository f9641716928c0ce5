"""What a class's reports say about a unit: figures, misunderstandings, and the students who need somebody.

Everything counts students, not tests. A student is in `names` lists in the order of their ids. Difficulty is the mean
share of a task's points; discrimination is the corrected item-total correlation: between the points of a task and those
of all other tasks, over the students whose points are all decided.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from grader.course.progress import PASS
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
STATES = ("right", "partly", "wrong", "untouched", "pending")


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
    hardest: str  # the sentence of the hidden test that most of those who tried fail
    hardest_share: float
    below: tuple[str, ...]  # the students who tried and have not passed
    gives: tuple[str, ...]
    example: str = ""  # a public call, and what it gave for most of those who lost points
    hints: tuple[str, ...] = ()  # the students who opened a hint

    @property
    def missing_hardest(self) -> int:
        """How many students fail the hardest test."""
        return round(self.hardest_share * (len(self.states["right"]) + len(self.lost)))

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
    """A student, and what somebody should look at."""

    student: str
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

    @property
    def shares(self) -> list[float]:
        """The share of the unit's points of each student, from 0 to 1 (more with extra credit)."""
        return [report.points / report.max_points if report.max_points else 0.0 for report in self.reports]


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
) -> UnitFacts:
    """The facts of a unit. `gives` are the concepts of each task; `handed_in` and `due` are aware datetimes.

    `hints` are the tasks of which each student opened a hint; `pairs` come from `similarity`.
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
        needs_person=tuple(_needs_person(ordered)),
        notable=tuple(_notable(ordered)),
        leads=_leads(handed_in or {}, due),
        stuck=stuck,
        pairs=tuple(pairs),
    )


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
    if task.points > 0:
        return "partly"
    return "untouched" if all(test.outcome is Outcome.MISSING for test in task.tests) else "wrong"


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
    states: dict[str, list[str]] = {state: [] for state in STATES}
    for student, task in results:
        states[state_of(task)].append(student)
    decided = [task.points / task.max_points for _, task in results if task.points is not None and task.max_points]
    sentence, share = _hardest([task for _, task in results if state_of(task) in ("right", "partly", "wrong")])
    return TaskFacts(
        first.task,
        first.title,
        first.max_points,
        {state: tuple(names) for state, names in states.items()},
        statistics.fmean(decided) if decided else None,
        _discrimination(task_id, reports),
        sentence,
        share,
        tuple(student for student, task in results if state_of(task) in ("partly", "wrong") and not _passed(task)),
        gives.get(first.task, ()),
        _usual_example(task for _, task in results if state_of(task) in ("partly", "wrong")),
        tuple(student for student, _ in results if task_id in hints.get(student, ())),
    )


def _usual_example(tasks: Iterable[TaskResult]) -> str:
    """The example that most of the results have."""
    found = Counter(task.example for task in tasks if task.example)
    return min(found, key=lambda example: (-found[example], example)) if found else ""


def _discrimination(task_id: str, reports: Sequence[Report]) -> float | None:
    decided = [report for report in reports if all(task.points is not None for task in report.tasks)]
    whole = [(report, task) for report in decided if (task := task_of(report, task_id)) is not None]
    item = [task.points or 0.0 for _, task in whole]
    rest = [report.points - points for (report, _), points in zip(whole, item, strict=True)]
    if len(whole) < FEWEST or max(item) - min(item) < 1e-9 or max(rest) - min(rest) < 1e-9:
        return None
    return statistics.correlation(item, rest)


def _hardest(tried: Sequence[TaskResult]) -> tuple[str, float]:
    """The sentence of the test that most of those who tried fail, and their share."""
    failed: Counter[str] = Counter()
    for task in tried:
        failed.update({test.says or test.name for test in task.tests if test.outcome not in (Outcome.PASSED, *_OPEN)})
    if not failed:
        return "", 0.0
    sentence, count = min(failed.items(), key=lambda item: (-item[1], item[0]))
    return sentence, count / len(tried)


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


def _needs_person(reports: Iterable[Report]) -> Iterable[Attention]:
    for report in reports:
        pending = [task for task in report.tasks if task.points is None]
        if report.problem and len(pending) == len(report.tasks):
            yield Attention(report.student, report.problem)
            continue
        for task in pending:
            why = [f"{test.says} {test.hint or test.staff}".strip() for test in task.tests if test.outcome in _OPEN]
            yield Attention(
                report.student, f"{task.title}: {'; '.join(dict.fromkeys(why)) or 'nobody has graded it yet'}"
            )


def _notable(reports: Sequence[Report]) -> Iterable[Attention]:
    """What is unusual, as a fact: it may have a harmless reason."""
    everyone = {report.student for report in reports}
    same: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        if report.submission_hash and any(state_of(task) in ("right", "partly", "wrong") for task in report.tasks):
            same[report.submission_hash].append(report.student)
    for report in reports:
        others = [name for name in same.get(report.submission_hash, ()) if name != report.student]
        if others:
            yield Attention(report.student, f"The code is the same, letter for letter, as that of {', '.join(others)}.")
        if report.worked_as != report.student and report.worked_as in everyone:
            yield Attention(
                report.student, f"The notebook was run under the name of another student: {report.worked_as}."
            )
        if report.problem.startswith("Held back: "):
            yield Attention(report.student, report.problem)
        ended = sum(test.outcome is Outcome.DIED for task in report.tasks for test in task.tests)
        if ended:
            yield Attention(
                report.student, f"The process ended during {ended} hidden checks (memory, an exit, a signal)."
            )


def _leads(handed_in: Mapping[str, datetime | None], due: datetime | None) -> dict[str, int]:
    if due is None:
        return {}
    counts = dict.fromkeys([*(name for name, _ in _LEADS), "late"], 0)
    for when in handed_in.values():
        if when is not None:
            hours = (due - when).total_seconds() / 3600
            counts[next((name for name, least in _LEADS if hours >= least), "late")] += 1
    return counts
