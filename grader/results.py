"""The records of grading: frozen, plain data, with an outcome from a closed list.

Our faults are never the student's: `INTERNAL` costs no points and alerts a teacher.
"""

from __future__ import annotations

import contextlib
import re
from enum import StrEnum
from pathlib import Path

import msgspec

from grader.errors import GraderError
from grader.files import write_atomically

_NUMBERED = re.compile(r"(.*?)\s+\(line (\d+) of its cell\)", re.DOTALL)
BY_HAND = "by_hand"  # the name of the one test of a free text: a teacher


class Outcome(StrEnum):
    """How one hidden test ended."""

    PASSED = "passed"
    WRONG = "wrong"  # an assertion of the test failed
    ERROR = "error"  # the student's code raised
    MISSING = "missing"  # the requested name is missing, or is still the stub
    TIMEOUT = "timeout"  # CPU or wall-clock limit
    DIED = "died"  # the process ended (memory limit, os._exit, a signal), or sent too much data
    UNDECIDED = "undecided"  # a person decides; costs no points until then
    INTERNAL = "internal"  # our fault


class Level(StrEnum):
    """How well the student's code was isolated, best first."""

    L3 = "L3"  # bubblewrap lane, and a nested namespace for each submission
    L2 = "L2"  # Landlock and seccomp, no namespaces
    L1 = "L1"  # one cold bubblewrap jail for each submission
    L0 = "L0"  # a plain process with limits; never for official grades


class TestResult(msgspec.Struct, frozen=True):
    """One hidden test against one submission."""

    __test__ = False

    name: str  # of the function; for staff only
    task: str  # the id of the task
    weight: float  # its share of the task's points, relative to the other tests
    outcome: Outcome  # how it ended
    says: str = ""  # the test's docstring, shown to the student
    hint: str = ""  # further text that the student may read
    line: str = ""  # the line of the student's code that raised
    staff: str = ""  # the assertion's text; never shown to a student
    milliseconds: float = 0.0  # of wall time
    picture: str = ""  # the student's figure, if the test shows it: a PNG in base64


class ShownCall(msgspec.Struct, frozen=True):
    """What one public call gave, to be drawn. A number that is not finite is the text "nan", "inf" or "-inf"."""

    call: str  # as one would type it
    kind: str  # "entries" of an array, a "series" of numbers, or a "figure"
    given: tuple[tuple[float | str, ...], ...] = ()  # rows of numbers; a series has one row
    expected: tuple[tuple[float | str, ...], ...] = ()  # the right numbers; none where they are a free choice
    picture: str = ""  # the student's figure: a PNG in base64


class TaskResult(msgspec.Struct, frozen=True):
    """One task of one submission. `points` is None while a person must decide."""

    task: str  # its id
    title: str  # what people read
    points: float | None  # null while a person must decide
    max_points: float  # what it is worth
    tests: tuple[TestResult, ...] = ()  # each hidden test
    diagnosis: str = ""  # the name of the mistake, or ""
    explanation: str = ""  # the mistake's sentence for the student
    example: str = ""  # one public call, what it gave and what was expected
    shown: tuple[ShownCall, ...] = ()  # public calls whose answers are drawn
    notes: tuple[str, ...] = ()  # how the task's cells were read, if they were not simply in their place
    answer: str = ""  # a hash of the student's answer cell, to see whether it has changed
    bonus: bool = False  # its points count above the unit's maximum


class Report(msgspec.Struct, frozen=True):
    """Everything about one graded submission."""

    student: str  # the id
    unit: str  # the id
    tasks: tuple[TaskResult, ...]  # in the order of the manifest
    level: Level  # how well the code was isolated
    problem: str = ""  # what went wrong with the submission as a whole (not a notebook, cell 4 has a syntax error, ...)
    worked_as: str = ""  # the name under which the notebook says it was run
    milliseconds: float = 0.0  # that grading took
    submission_hash: str = ""  # of the code that was run
    file_hash: str = ""  # of the notebook's bytes, as it was handed in
    tests_hash: str = ""  # of the hidden tests
    engine: str = ""  # the version of grader
    timestamp: str = ""  # when it was graded, in UTC
    needed: float = 0.0  # the points with which the unit as a whole is passed; 0 if there is no such verdict

    @property
    def our_fault(self) -> bool:
        """Whether a grade is pending because of an error of ours."""
        return any(test.outcome is Outcome.INTERNAL for task in self.tasks for test in task.tests)

    @property
    def points(self) -> float:
        """The points decided so far."""
        return sum(task.points or 0.0 for task in self.tasks)

    @property
    def max_points(self) -> float:
        """The maximum points of the unit; bonus points come on top."""
        return sum(task.max_points for task in self.tasks if not task.bonus)

    @property
    def passed(self) -> bool | None:
        """Whether the unit as a whole is passed; None without such a verdict, or while pending points decide it."""
        if not self.needed:
            return None
        pending = sum(task.max_points for task in self.tasks if task.points is None)
        if self.points >= self.needed - 1e-9:
            return True
        return None if self.points + pending >= self.needed - 1e-9 else False


def numbered_line(line: str, number: int) -> str:
    """A line of a student's code for `TestResult.line`: with its number in its cell."""
    return f"{line}   (line {number} of its cell)" if line else ""


def line_and_number(said: str) -> tuple[str, int]:
    """The line that `numbered_line` was given, and its number; 0 if `said` has none."""
    found = _NUMBERED.fullmatch(said)
    return (found[1], int(found[2])) if found else (said, 0)


class LastAnswer(msgspec.Struct, frozen=True):
    """One task in `LastGrading`: a hash of the student's answer."""

    task: str
    answer: str = ""


class LastGrading(msgspec.Struct, frozen=True):
    """What is needed of a report when a new one replaces it: a small part, because a class has many."""

    tasks: tuple[LastAnswer, ...] = ()
    file_hash: str = ""


def write(report: Report, path: Path) -> None:
    """Write `report` as JSON, atomically."""
    write_atomically(path, msgspec.json.format(msgspec.json.encode(report), indent=1))


def read(path: Path) -> Report:
    """Read a report that `write` wrote. Raises GraderError if something has damaged it, and OSError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except msgspec.MsgspecError as error:
        again = f"Run `grader grade {path.parent.name}` again"  # reports lie in the folder of their unit
        raise GraderError(f"{path}: expected a report of grading, got {error}. {again}.") from None


def read_last(path: Path) -> LastGrading | None:
    """What is needed of a report that is to be replaced; None if there is none that can be read."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(path.read_bytes(), type=LastGrading)
    return None
