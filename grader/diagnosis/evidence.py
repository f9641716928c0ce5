"""What a wrong submission and a known mistake have in common, part by part.

A hidden test makes several requests, and an answer may have several parts: the arrays of a tuple, the entries of a
dict. A part is *wrong* if it differs from the reference's. A mistake explains a submission's wrong part if it gives
the same answer there. What the student may choose freely (how often a function of the test is called, and everything
in a test marked `free`) is not compared. An exception explains another if both have the same message on the same kind
of line. The weight of a match depends on what matches: three uneven numbers cannot agree by accident, a 0 or a True
can.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from grader.diagnosis.compare import alike, same_picture
from grader.diagnosis.slips import ABSOLUTE, RELATIVE
from grader.results import Outcome
from grader.testing.plugin import TestRun
from grader.testing.student import Entry, Handle

STRONG, MIDDLING, WEAK = 1.0, 0.5, 0.25  # the weight of a matching part
_COMMON = (0.0, 1.0, -1.0, 2.0, 0.5, float("inf"), float("-inf"))  # numbers that many slips lead to
MANY = 32  # so many numbers of at least three kinds are strong evidence
FEW = 4  # a list or array of up to this many numbers is compared entry by entry
MORE_PARTS = 50  # that an answer may have beyond twice those of the right one; what comes after them is not compared
_CONTAINERS = (list, tuple, dict)

Place = tuple[Any, ...]  # the test, the index of the entry in its transcript, and the path into the value


class RaisedAnswer(NamedTuple):
    """An exception raised by the student's code, treated as an answer."""

    kind: str
    message: str
    line: str


class Part(NamedTuple):
    """One part of an answer (a number, array, text, figure or exception), and the function that was called."""

    value: Any
    picture: bool = False
    function: str = ""
    right: Any = None  # what belongs there, if that is an array of the same shape


class Shared(NamedTuple):
    """The entries of a wrong array that a mistake gets wrong in the same way: index -> weight, `of` so many."""

    entries: Mapping[int, float]
    of: int


class Fit(NamedTuple):
    """How a mistake fits a submission's wrong parts; a failing test without a wrong part counts as one part."""

    explained: Mapping[Place, float]  # parts where the mistake gives the same answer, with their weights
    missed: frozenset[Place]  # parts that the mistake does not explain
    spared: int  # parts that only the mistake gets wrong
    fickle: bool = (
        False  # whether the submission gets a part wrong in some calls and right in others where the mistake is wrong
    )
    partly: Mapping[Place, Shared] = {}  # of the missed parts: arrays of which the mistake explains some entries
    astray: int = 0  # how many of the spared parts are in tests where it misses nothing

    @property
    def weight(self) -> float:
        """The total weight of the explained parts."""
        return sum(self.explained.values())

    @property
    def strength(self) -> float:
        """The total weight of the explained parts, and of arrays of which some entries are explained."""
        return self.weight + sum(max(shared.entries.values()) for shared in self.partly.values())

    @property
    def whole_tests_only(self) -> bool:
        """Whether it misses nothing in any test of which it explains some."""
        return not {place[0] for place in self.missed} & {place[0] for place in self.explained}


def wrong_parts(test: str, found: Iterable[Entry], right: Iterable[Entry]) -> dict[Place, Part]:
    """The parts of the answers in one test that differ from the reference's, as long as the requests are the same."""
    wrong: dict[Place, Part] = {}
    for number, (ours, theirs) in enumerate(asked_alike(found, right)):
        truth = dict(_parts(theirs))
        # The student chooses the size, and each part is compared with hundreds of mistakes.
        mine = dict(itertools.islice(_parts(ours), 2 * len(truth) + MORE_PARTS))
        for way, part in mine.items():
            if way not in truth or not _as_it_should_be(part, truth[way]):
                wrong[(test, number, *way)] = _beside(part, truth.get(way))
    return wrong


def _as_it_should_be(part: Part, truth: Part) -> bool:
    """Whether a part is the reference's; where that raises, the kind of exception counts, whatever it says."""
    both = isinstance(part.value, RaisedAnswer) and isinstance(truth.value, RaisedAnswer)
    return part.value.kind == truth.value.kind if both else same_part(part, truth)


def _beside(part: Part, truth: Part | None) -> Part:
    """A wrong part with the right array beside it, if both are arrays of numbers of one shape."""
    found, right = part.value, truth.value if truth else None
    if not (isinstance(found, np.ndarray) and isinstance(right, np.ndarray) and found.shape == right.shape):
        return part
    return part._replace(right=right) if found.dtype.kind in "if" and right.dtype.kind in "if" else part


def asked_alike(found: Iterable[Entry], right: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """The entries of two transcripts side by side, as long as the test made the same requests."""
    for ours, theirs in zip(found, right, strict=False):
        if (ours.verb, ours.name) != (theirs.verb, theirs.name):
            return
        yield ours, theirs
        if ours.kind != theirs.kind:
            return  # later requests may depend on it


def _parts(entry: Entry) -> Iterator[tuple[Place, Part]]:
    """The parts of one answer, each with the path into it."""
    if entry.kind != "value":
        yield (), Part(RaisedAnswer(entry.kind, entry.message, entry.line))
    elif entry.verb == "axes":
        yield (), Part(entry.value, picture=True)
    else:
        for way, value in _leaves(entry.value):
            yield way, Part(value, function={"call": entry.name, "apply": "()"}.get(entry.verb, ""))


def _leaves(value: object) -> Iterator[tuple[Place, Any]]:
    """The arrays, numbers and texts in a value. Lists of numbers count as arrays; up to FEW are yielded one by one."""
    value = _as_array(value)
    if isinstance(value, np.ndarray) and value.ndim == 1 and len(value) <= FEW:
        value = value.tolist()
    if not isinstance(value, _CONTAINERS):
        yield (), value
        return
    yield ("size",), len(value)
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        for way, leaf in _leaves(item):
            yield (key, *way), leaf


def _as_array(value: object) -> Any:
    """A list of numbers, or of equally long rows of numbers, as an array; anything else unchanged."""
    if not isinstance(value, list | tuple) or not value:
        return value
    rows = [_as_array(item) for item in value]
    numbers = all(type(item) in (int, float) for item in rows)
    if not numbers and not (type(value) is list and all(isinstance(row, np.ndarray) for row in rows)):
        return value
    try:
        array = np.array(rows)
    except (ValueError, OverflowError):  # rows of different lengths, numbers too large for a float
        return value
    return array if array.dtype.kind in "if" else value


def same_part(one: Part, other: Part) -> bool:
    """Whether two parts are the same answer."""
    if isinstance(one.value, RaisedAnswer) or isinstance(other.value, RaisedAnswer):
        return (
            isinstance(one.value, RaisedAnswer)
            and isinstance(other.value, RaisedAnswer)
            and _same_raised(one.value, other.value)
        )
    if one.picture or other.picture:
        return one.picture and other.picture and same_picture(one.value, other.value)
    return alike(one.value, other.value)


_SHAPES = re.compile(r"mismatch|not aligned")
_VAGUE = {"ZeroDivisionError", "IndexError", "KeyError", "RecursionError", "OverflowError", "StopIteration"}


def _same_raised(one: RaisedAnswer, other: RaisedAnswer) -> bool:
    """Whether two exceptions have one cause: same kind and message or, if those are vague, lines that do the same."""
    if one.kind != other.kind:
        return False
    does, also = line_does(one.line), line_does(other.line)
    if does and also and ("raise" in does) != ("raise" in also):
        return False
    if "raise" in does and "raise" in also:
        return True  # both raised explicitly, so the messages may differ
    if one.message != other.message and one.kind not in ("KeyError", "RecursionError"):
        return one.kind == "ValueError" and _sizes(one.message) == _sizes(other.message) != frozenset()
    if one.kind == "RecursionError":  # the lines call functions that each student names freely
        return True
    return one.kind not in _VAGUE or not does or not also or _overlap(does, also) >= 0.5


def _sizes(message: str) -> frozenset[str]:
    """The two mismatched sizes in numpy's message about a product of arrays; the wording differs by function."""
    if not _SHAPES.search(message):
        return frozenset()
    for pattern in (r"size (\d+) is different from (\d+)", r"(\d+) \(dim \d\) != (\d+)"):
        if found := re.search(pattern, message):
            return frozenset(found.groups())
    return frozenset()


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the shorter line's operations that the other has too: a lambda has a whole function on one line."""
    return len(one & other) / min(len(one), len(other))


def line_does(line: str) -> frozenset[str]:
    """What a line of Python does, ignoring its variables: "Div", "Subscript", "call sum", "raise"; empty if unknown."""
    text = line.strip()
    for attempt in (
        text,
        f"{text}\n    pass",
        f"if 1: pass\n{text}\n    pass",
        text.removeprefix("return ").rstrip(","),
    ):
        try:
            tree = ast.parse(attempt)
        except (SyntaxError, ValueError):
            continue
        return frozenset(_deeds(tree))
    return frozenset()


def _deeds(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Raise():
                yield "raise"
            case ast.BinOp(op=operator) | ast.UnaryOp(op=operator) | ast.AugAssign(op=operator):
                yield type(operator).__name__
            case ast.Subscript():
                yield "Subscript"
            case ast.Attribute(attr=name):
                yield f".{name}"
            case ast.Call(func=ast.Name(id=name)):
                yield f"call {name}"


def says_much(part: Part) -> float:
    """The weight of the evidence if two submissions share this wrong part."""
    value = part.value
    if part.picture:
        return STRONG
    if isinstance(value, RaisedAnswer):
        return WEAK if value.kind in _VAGUE or "raise" in line_does(value.line) else MIDDLING
    if isinstance(value, bool | Handle) or value is None or not isinstance(value, int | float | np.ndarray | list):
        return WEAK
    try:
        numbers = np.abs(np.asarray(value, dtype=float)).ravel()
    except (TypeError, ValueError, OverflowError):
        return WEAK
    uneven = numbers[np.isfinite(numbers) & ~np.isin(numbers, _COMMON)]
    return STRONG if len(uneven) or _motley(numbers) else WEAK


def _motley(numbers: np.ndarray) -> bool:
    """Whether many numbers, though each is a common one, cannot agree by accident: 64 of three kinds, in no order."""
    return len(numbers) >= MANY and len(np.unique(numbers)) > 2


class Wrong(NamedTuple):
    """What is wrong in some failing tests: for a submission, or for a mistake in the same tests.

    `where` says at which lines each test failed, `recognised` which known wrong answer the test itself recognised.
    """

    parts: Mapping[Place, Part]
    where: Mapping[str, Any]
    recognised: Mapping[str, str]
    asked: Mapping[str, int]  # how many answers each test got before it ended, or an exception changed its requests
    calls: bool  # whether any function that these tests pass in was ever called
    endless: Mapping[str, bool]  # whether a mistake raised TimeoutError in place of computing without end


def of_cases(cases: Mapping[str, TestRun], right: Mapping[str, TestRun]) -> Wrong:
    """What is wrong in `cases`; `right` has the reference's runs of these tests.

    A test may pass although its answers differ from the reference's: it leaves that choice free, or asks less.
    """
    cases = {name: case for name, case in cases.items() if name in right}
    lost = {name: case for name, case in cases.items() if case.result.outcome is not Outcome.PASSED}
    parts: dict[Place, Part] = {}
    for name, case in cases.items():
        if not case.free and not case.recognised:
            parts |= wrong_parts(name, case.transcript, right[name].transcript)
    return Wrong(
        parts,
        {name: case.where for name, case in lost.items()},
        {name: case.recognised for name, case in lost.items()},
        {name: len(case.transcript) for name, case in cases.items()} | _up_to_an_exception(parts),
        any(
            ours.asked
            for name, case in cases.items()
            for ours, _ in asked_alike(case.transcript, right[name].transcript)
        ),
        {name: bool(case.transcript) and case.transcript[-1].kind == "TimeoutError" for name, case in lost.items()},
    )


def fit(ours: Wrong, theirs: Wrong) -> Fit:
    """How the mistake `theirs` fits the submission `ours`, in the tests that the submission fails."""
    explained: dict[Place, float] = {}
    missed: set[Place] = set()
    partly: dict[Place, Shared] = {}
    if ours.calls != theirs.calls and ours.where.keys() == theirs.where.keys():
        return Fit({}, frozenset(), 0)  # one calls the function it is given, the other makes its answer up
    with_parts = {place[0] for place in ours.parts}
    answered = _answered(theirs)
    for test, where in ours.where.items():
        weight = 0.0
        if test not in theirs.where:
            weight = 0.0
        elif ours.recognised[test] or theirs.recognised[test]:
            weight = STRONG * (ours.recognised[test] == theirs.recognised[test])
        elif test in with_parts:
            continue  # part by part, below
        elif where[:1] == ("OutOfTime",) and theirs.endless[test]:
            weight = MIDDLING
        elif where == theirs.where[test] and not any(place[0] == test for place in theirs.parts):
            weight = WEAK  # it failed by a side effect: a call too many, a changed array
        if weight:
            explained[test,] = weight
        elif test not in with_parts:
            missed.add((test,))
    for place, part in ours.parts.items():
        other = theirs.parts.get(place)
        if other is not None and same_part(part, other):
            explained[place] = says_much(part)
        elif place[:2] in answered and isinstance(part.value, RaisedAnswer) != answered[place[:2]]:
            pass  # one raises where the other computes: evidence neither way
        elif place[0] not in theirs.asked or _was_asked(theirs, place):
            missed.add(place)
            if other is not None and (shared := _shared(part, other)):
                partly[place] = shared
    spared = _spared(ours, theirs)
    wrong = {(part.function, *place[2:]) for place, part in ours.parts.items() if part.function}
    fickle = any((theirs.parts[place].function, *place[2:]) in wrong for place in spared)
    torn = {place[0] for place in missed}
    astray = sum(place[0] not in torn for place in spared)
    return Fit(explained, frozenset(missed), len(spared), fickle, partly, astray)


def _spared(ours: Wrong, theirs: Wrong) -> list[Place]:
    """The places that the mistake gets wrong and the submission right, where both got that far."""
    answered, mine = _answered(theirs), _answered(ours)
    return [
        place
        for place in theirs.parts.keys() - ours.parts.keys()
        if place[0] in ours.where.keys() & theirs.where.keys()
        and _was_asked(ours, place)
        and mine.get(place[:2]) in (None, answered[place[:2]])
    ]


def _answered(wrong: Wrong) -> dict[Place, bool]:
    """For each wrong answer (the test and the index of the entry), whether it is an exception."""
    return {place[:2]: isinstance(part.value, RaisedAnswer) for place, part in wrong.parts.items()}


def _shared(ours: Part, theirs: Part) -> Shared | None:
    """What two wrong arrays share; None if the mistake gets an entry wrong that the submission has otherwise."""
    if ours.right is None or theirs.right is None or ours.value.shape != theirs.value.shape:
        return None
    found, other, right = (np.asarray(x, dtype=float).ravel() for x in (ours.value, theirs.value, ours.right))
    wrong, also, same = (~_near(found, right), ~_near(other, right), _near(found, other))
    if not also.any() or (also & ~(wrong & same)).any():
        return None
    uneven = np.isfinite(found) & ~np.isin(np.abs(found), _COMMON)
    return Shared({int(at): STRONG if uneven[at] else WEAK for at in np.flatnonzero(also)}, int(wrong.sum()))


def _near(one: Any, other: Any) -> Any:
    return np.isclose(one, other, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)


def _up_to_an_exception(parts: Mapping[Place, Part]) -> dict[str, int]:
    """For each test with an exception among its wrong `parts`, how many answers it got up to the first one."""
    first: dict[str, int] = {}
    for (test, number, *_), part in parts.items():
        if isinstance(part.value, RaisedAnswer):
            first[test] = min(first.get(test, number + 1), number + 1)
    return first


def _was_asked(wrong: Wrong, place: Place) -> bool:
    """Whether the test reached this place before it ended, or before an exception changed its requests."""
    return bool(place[1] < wrong.asked[place[0]])
