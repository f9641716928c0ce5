"""What a hidden test hands over and another one asks for: a submission that keeps it could answer with it.

Tests that share a process of the submission run in a fixed order, so only what was handed over earlier counts, or what
belongs to the same task. Two things are looked for: values, and functions that compute what another test asks for.

Calls in one message (`Student.in_turn`) arrive together: no call may ask for what a later one hands over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.audit.finding import Finding
from grader.course import manifest
from grader.jail.channel import OnCallback
from grader.jail.inside.messages import Answer, Answered, Apply, Call, Callback, Reply, Request, Returned
from grader.jail.inside.wire import Reference, WireError, decode, encode
from grader.testing.authoring import load_module
from grader.testing.local import LocalChannel
from grader.testing.plugin import Run
from grader.testing.student import Student, functions_passed_to

MOST_FUNCTIONS = 20  # of one test that are tried; the others are like them
_Asked = tuple[Any, Any, Any]  # the arguments of a call, those by keyword, and what it returned: wire data


def what_crosses(unit: manifest.Unit, run: Run) -> Iterator[Finding]:
    """Find what one test passes in and another asks for.

    Within one process that is a fault. Tests in separate processes share nothing (each has a fresh home and no shared
    memory; tests/sandbox checks that), so there it is only reported.
    """
    heard: dict[str, _Overheard] = {}

    def open_student(test: str) -> Student:
        heard[test] = _Overheard(unit.reference)
        heard[test].student = Student(heard[test], "reference")
        return heard[test].student

    ran = run(open_student)
    place = {case.result.name: number for number, case in enumerate(ran)}
    task = {case.result.name: case.result.task for case in ran}
    sharing = {case.result.name for case in ran if unit.one_process and not case.alone}
    together: list[str] = []
    separate: list[str] = []
    for test, asks in heard.items():
        for other, hands in heard.items():
            if test == other or not (what := _what_is_told(asks, hands)):
                continue
            in_reach = place[other] < place[test] or task[other] == task[test]
            same_process = {test, other} <= sharing and in_reach
            (together if same_process else separate).append(f"{test} asks for {what} {other} hands over")
    if sharing:
        yield Finding(f"{len(sharing)} tests in one process", "", not together, "; ".join(together))
    yield Finding(f"{len(heard) - len(sharing)} tests in separate processes", "", True, "; ".join(separate))
    early = [
        f"{test} asks for what a later call of the same message hands over" for test, its in heard.items() if its.early
    ]
    if messages := sum(its.messages for its in heard.values()):
        yield Finding(f"{messages} messages with several calls", "", not early, "; ".join(early))


def _what_is_told(asks: _Overheard, hands: _Overheard) -> str:
    """In words: whether a test asks for a value that another hands over, or that a function of it gives; or ""."""
    if (asks.asked_for - asks.handed_over) & hands.handed_over:
        return "what"
    own = {id(function) for function in asks.functions}
    for function in hands.functions:
        if id(function) not in own and any(_computes(function, calls) for calls in asks.calls.values()):
            return "what a function gives that"
    return ""


def _computes(function: Callable[..., Any], calls: list[_Asked]) -> bool:
    """Whether a function gives what each of these calls returned, and one of these values cannot match by chance."""
    try:
        for args, kwargs, returned in calls:
            found = function(*_plain(args), **_plain(kwargs))
            if not _alike(_plain(encode(found, _refuse)), _plain(returned)):
                return False
    except Exception:  # it takes other arguments, or has nothing more to say
        return False
    return any(telling(returned) for _, _, returned in calls)


def _alike(found: Any, returned: Any) -> bool:
    """Whether two values are equal, numbers to nine digits."""
    if isinstance(returned, list | tuple):
        same = type(found) is type(returned) and len(found) == len(returned)
        return same and all(map(_alike, found, returned))
    if isinstance(returned, dict):
        same = type(found) is dict and found.keys() == returned.keys()
        return same and all(_alike(found[key], returned[key]) for key in returned)
    if isinstance(returned, np.ndarray | float | int):
        numbers = isinstance(found, np.ndarray | float | int) and np.shape(found) == np.shape(returned)
        return numbers and bool(np.allclose(found, returned, rtol=1e-9, atol=0, equal_nan=True))
    return bool(found == returned)


def _plain(data: Any) -> Any:
    return decode(data, _refuse)


def _refuse(reference: object) -> Any:
    raise WireError("an object, which only the far side has")


class _Overheard(LocalChannel):
    """The reference, recording every revealing value that a test passes to it or receives from it."""

    student: Student

    def __init__(self, reference: Path) -> None:
        super().__init__(load_module(reference))
        self.handed_over: set[Any] = set()
        self.asked_for: set[Any] = set()
        self.calls: dict[str, list[_Asked]] = {}  # those of the submission's functions, by name
        self.messages = 0  # of several calls
        self.early = False  # whether an answer was handed over in the message that asked for it

    @property
    def functions(self) -> Iterable[Callable[..., Any]]:
        """The test's own functions that it passed in."""
        return functions_passed_to(self.student)[:MOST_FUNCTIONS]

    def request(self, request: Request, on_callback: OnCallback) -> Reply:
        def called_back(call: Callback) -> Answer:
            answer = on_callback(call)
            given = telling(call.args)
            self.asked_for |= given
            if isinstance(answer, Answered):
                self.handed_over |= telling(answer.value) - given
            return answer

        for name in ("args", "kwargs", "names"):
            self.handed_over |= telling(getattr(request, name, None))
        reply = super().request(request, called_back)
        if isinstance(reply, Returned):
            self.asked_for |= telling(reply.value)
            if isinstance(request, Call):
                self.calls.setdefault(request.name, []).append((request.args, request.kwargs, reply.value))
        return reply

    def in_turn(self, calls: Sequence[Call | Apply], on_callback: OnCallback) -> Sequence[Reply]:
        self.messages += 1
        known = set(self.handed_over)
        replies = super().in_turn(calls, on_callback)
        given = [telling(call.args) for call in calls]
        for place, reply in enumerate(replies):
            known |= given[place]
            asked = telling(reply.value) if isinstance(reply, Returned) else set()
            self.early |= not (asked - known).isdisjoint(set().union(*given[place + 1 :]))
        return replies


def telling(data: object) -> set[Any]:
    """The parts of a wire value that cannot match by chance: numbers with several digits, strings, number lists."""
    found: set[Any] = set()

    def look(value: object) -> None:
        if isinstance(value, np.ndarray):
            value = value.tolist()
        if isinstance(value, float) and abs(value - round(value, 3)) > 1e-9 and value != float(f"{value:.3g}"):
            found.add(f"{value:.9g}")
        elif isinstance(value, str) and len(value) > 3:
            found.add(value)
        elif isinstance(value, dict):
            look(list(value.values()))
        elif isinstance(value, list | tuple):
            if (
                len(value) > 2
                and len(set(map(repr, value))) > 2
                and all(isinstance(item, int | float) for item in value)
            ):
                found.add(tuple(f"{item:.9g}" for item in value))
            for item in value:
                look(item)

    def inside(reference: Reference) -> Any:
        return decode(reference["names"], inside) if reference["t"] == "inline" else None

    look(decode(data, inside))
    return found
