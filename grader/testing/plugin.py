"""Run one unit's hidden tests many times: collected once, then run for each submission, reference or mistake.

Collection costs pytest far more than running a test. So each worker starts pytest once, and the worker's loop runs
*inside* pytest's run loop: `run_inside_pytest(paths, body)` calls `body(run)`, and `run(open_student)` runs every
collected item with a separate student and returns the results.
"""

from __future__ import annotations

import base64
import gc
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Container, Generator, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from kit.exceptions import what_is_not_there

from grader.environment import environment
from grader.errors import GraderError
from grader.jail.channel import Died, OutOfTime, plain_text
from grader.printable import LONGEST_LINE
from grader.results import Outcome, TestResult, numbered_line
from grader.testing.budget import OverBudget
from grader.testing.expect import Hint, Recognised, Undecided
from grader.testing.student import Entry, Missing, Student, StudentError

OpenStudent = Callable[[str], Student]
Run = Callable[..., list["TestRun"]]
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # different in each run: a report must be the same
_DIGITS = re.compile(r"[-+]?\d[\d.,_]*(?:e[-+]?\d+)?")
_A_NAME_IS_MISSING = "A name that this task needs is not in the notebook."
_OVER_BUDGET = {
    "bytes": "Your code hands over far more than it should: how large is what it returns, or calls f with?",
    "computing": "Checking what your code returned took too long: is it much larger than the task asks for?",
    "memory": "What your code returned, or called f with, needs more memory than there is: how large is it?",
}


class TestRun:
    """One run of a hidden test: its result, and the transcript used to recognise mistakes.

    `recognised` is the hint for a wrong answer that the test itself recognises, or "". `where` is where the test
    failed: the exception type and the line numbers. In a `free` test the answers themselves are not evidence.
    `asked_for_name` says whether the test read the student's name, as every test of a variant does. An `alone` test
    shares no process with others.
    """

    __test__ = False

    def __init__(
        self,
        result: TestResult,
        transcript: tuple[Entry, ...],
        recognised: str = "",
        where: tuple[Any, ...] = (),
        *,
        free: bool = False,
        asked_for_name: bool = False,
        alone: bool = False,
    ) -> None:
        self.result, self.transcript, self.recognised = result, transcript, recognised
        self.where, self.free, self.asked_for_name, self.alone = where, free, asked_for_name, alone


class HiddenTests:
    """The plugin: the `student` fixture, and a run loop that replaces pytest's."""

    def __init__(self, body: Callable[[Run], None]) -> None:
        self._body = body
        self._open: OpenStudent | None = None
        self._student: Student | None = None
        self._caught: BaseException | None = None  # what the current test raised
        self._items: list[pytest.Item] = []
        self.broken: list[str] = []
        self.fault: Exception | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "task(id, weight=1): the task that the test belongs to")

    @pytest.fixture
    def student(self) -> Student:
        """The submission under test."""
        assert self._student is not None
        return self._student

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            said = [line.removeprefix("E ").strip() for line in str(report.longrepr).splitlines() if line[:2] == "E "]
            self.broken.append(f"{report.nodeid}: {said[-1] if said else str(report.longrepr).strip()[-300:]}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.broken:
            try:
                self._items = _by_task(session.items)
                self._body(self.run)
            except Exception as error:  # otherwise pytest reports it as an internal error
                self.fault = error
        return True

    def run(
        self,
        open_student: OpenStudent,
        *,
        only: frozenset[str] | None = None,
        tests: Container[str] | None = None,
        until_failure: bool = False,
    ) -> list[TestRun]:
        """Run every hidden test with the student that `open_student(test name)` returns.

        `only` restricts the run to these tasks, `tests` to these test names.
        """
        done = []
        for item in self._items:
            task, weight = task_and_weight(item)
            if (only is not None and task not in only) or (tests is not None and item.name not in tests):
                continue
            done.append(self._run_one(item, task, weight, open_student))
            if until_failure and done[-1].result.outcome is not Outcome.PASSED:
                break
        return done

    def _run_one(self, item: pytest.Item, task: str, weight: float, open_student: OpenStudent) -> TestRun:
        started = time.perf_counter()
        says = " ".join((getattr(getattr(item, "obj", None), "__doc__", "") or item.name).split())
        recognised, where = "", ()
        self._student = open_student(item.name)
        if hasattr(item, "_initrequest"):
            item._initrequest()  # fresh fixtures, as if the item had never run
        self._caught = None
        reports = runtestprotocol(item, log=False, nextitem=None)
        setup, call = reports[0], next((r for r in reports if r.when == "call"), None)
        facts: dict[str, Any] = {"outcome": Outcome.PASSED}
        if not setup.passed or call is None:
            facts = {"outcome": Outcome.INTERNAL, "staff": str(setup.longrepr)}
        elif not call.passed:
            raised = self._caught or AssertionError(str(call.longrepr))
            facts = outcome_of(raised)
            recognised = raised.says if isinstance(raised, Recognised) else ""
            where = _where(raised, item.path)
            del raised
        if "matplotlib.pyplot" in sys.modules:  # what a reference or a mistake drew in this process
            sys.modules["matplotlib.pyplot"].close("all")
        elapsed = (time.perf_counter() - started) * 1e3
        facts |= {"says": says, "milliseconds": elapsed, "picture": base64.b64encode(self._student._picture).decode()}
        result = TestResult(name=item.name, task=task, weight=weight, **facts)
        transcript, asked = tuple(self._student.transcript), self._student.id_was_read
        self._forget()
        free, alone = _marked(item, "free"), _marked(item, "alone")
        return TestRun(result, transcript, recognised, where, free=free, asked_for_name=asked, alone=alone)

    def _forget(self) -> None:
        """Drop everything the test held, or the data of past submissions would fill this process's memory."""
        assert self._student is not None
        large = self._student.budget.test_was_large
        error, self._student, self._caught = self._caught, None, None
        while error is not None:  # pytest's frames are part of reference cycles
            traceback.clear_frames(error.__traceback__)
            error = error.__cause__ or error.__context__
        for name in ("last_exc", "last_type", "last_value", "last_traceback"):  # pytest keeps these for a debugger
            if hasattr(sys, name):
                delattr(sys, name)
        if large:
            gc.collect()

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self) -> Generator[None, object, object]:
        """Run the test's own code within the submission's budget."""
        assert self._student is not None
        with self._student.budget.within():
            return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
        """Keep the exception and skip pytest's traceback rendering, which cost 50 ms for every failing test."""
        if call.when == "collect" or (call.excinfo is not None and call.when != "call"):
            return None
        if call.excinfo is None:
            return pytest.TestReport(item.nodeid, item.location, {}, "passed", None, call.when)
        self._caught = call.excinfo.value
        return pytest.TestReport(item.nodeid, item.location, {}, "failed", None, "call")


def _by_task(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests of each task one after another, in the order of the file otherwise: their names are bound only once.

    Tests that share no process with others come last, as they end the one that the others share. Raises GraderError if
    a test names no task.
    """
    first: dict[str, int] = {}
    places = [(_marked(item, "alone"), first.setdefault(task_and_weight(item)[0], len(first))) for item in items]
    return [item for _, item in sorted(zip(places, items, strict=True), key=lambda pair: pair[0])]


def _marked(item: pytest.Item, key: str) -> bool:
    """Whether a test is marked with `key=True` beside its task."""
    mark = item.get_closest_marker("task")
    return mark is not None and mark.kwargs.get(key) is True


def task_and_weight(item: pytest.Item) -> tuple[str, float]:
    """The task that a test belongs to, and the test's weight. Raises GraderError if the test names no task."""
    mark = item.get_closest_marker("task")
    if mark is None or not mark.args:
        raise GraderError(f'{item.nodeid}: the test names no task; write @pytest.mark.task("id") above it')
    return str(mark.args[0]), float(mark.kwargs.get("weight", mark.args[1] if len(mark.args) > 1 else 1.0))


def _where(error: BaseException, path: Path) -> tuple[Any, ...]:
    """The type of the exception that ended a test, and the lines of the test's file in its traceback."""
    lines = []
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return (type(error).__name__, *lines)


def outcome_of(error: BaseException) -> dict[str, Any]:
    """The outcome, hint and staff note for an exception that ended a hidden test.

    The reference passes every hidden test, so an unexpected exception in the test's own code (None has no len) was
    caused by an unexpected answer and counts as `WRONG`. Only exceptions from our own engine are `INTERNAL`.
    """
    staff = _ADDRESS.sub("", plain_text(f"{type(error).__name__}: {error}", LONGEST_LINE))
    if isinstance(error, Missing):
        renamed = f" There is a `{error.near}`: was it renamed?" if error.near else ""
        return {
            "outcome": Outcome.MISSING,
            "hint": f"There is no `{error}` in the notebook yet.{renamed}" if str(error) else _A_NAME_IS_MISSING,
            "staff": staff,
        }
    if isinstance(error, StudentError):
        hint = f"Your code raised {error.kind}."
        if error.own_words and error.message:
            hint = _what_is_not_there(error) or f"Your code raised {error.kind}: {error.message}"
        # A number may come from the hidden test, so it is masked unless it appears in the student's own line.
        own = {number.strip(",._") for number in _DIGITS.findall(error.line)}
        hint = _DIGITS.sub(lambda number: number[0] if number[0].strip(",._") in own else "…", hint)
        line = numbered_line(error.line, error.lineno)
        return {"outcome": Outcome.ERROR, "hint": hint, "line": line, "staff": staff}
    if isinstance(error, OutOfTime):
        hint = "Your code was still running when its time was up: is there a loop that never ends?"
        return {"outcome": Outcome.TIMEOUT, "hint": hint, "staff": staff}
    if isinstance(error, Died):
        hint = "Your code's process ended before it answered: does it leave Python, or need very much memory?"
        return {"outcome": Outcome.DIED, "hint": hint, "staff": staff}
    if isinstance(error, OverBudget):
        return {"outcome": Outcome.DIED, "hint": _OVER_BUDGET[error.by], "staff": staff}
    if isinstance(error, Undecided):
        return {"outcome": Outcome.UNDECIDED, "hint": "A person will look at this answer.", "staff": staff}
    if isinstance(error, Hint):
        return {"outcome": Outcome.WRONG, "hint": plain_text(str(error), LONGEST_LINE), "staff": staff}
    if isinstance(error, GraderError | OSError | MemoryError) or not isinstance(error, Exception):
        return {"outcome": Outcome.INTERNAL, "staff": staff}
    return {"outcome": Outcome.WRONG, "staff": staff}


def _what_is_not_there(error: StudentError) -> str:
    """The kit's check() message for a None or for a class that lacks an attribute; "" for anything else."""
    if error.line and (error.kind == "TypeError" or "NoneType" in error.message):
        return ""  # the student should look at that line
    said: str = what_is_not_there(error.kind, error.message)
    return said


def run_inside_pytest(paths: list[Path], body: Callable[[Run], None]) -> None:
    """Start pytest on the hidden tests in `paths` and run `body(run)` inside it. Raises GraderError on broken files."""
    plugin = HiddenTests(body)
    for path in paths:  # otherwise pytest reuses a file of the same name that this process collected before
        sys.modules.pop(path.stem, None)
    off = [
        word
        for name in ("terminal", "cacheprovider", "faulthandler", "logging", "doctest", "unraisableexception")
        for word in ("-p", f"no:{name}")
    ]
    arguments = [
        "--import-mode=importlib",
        f"--rootdir={paths[0].parent}",
        "-c",
        os.devnull,
        "--capture=no",
        "--noconftest",
    ]
    # The same pytest on every machine, whatever the shell of an instructor sets for another project.
    with environment({"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": None, "PYTEST_PLUGINS": None}):
        code = pytest.main([*map(str, paths), *arguments, *off], plugins=[plugin])
    if plugin.fault is not None:
        raise plugin.fault
    if plugin.broken:
        raise GraderError("the hidden tests cannot be collected:\n" + "\n".join(plugin.broken))
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.TESTS_FAILED):
        raise GraderError(f"pytest could not run the hidden tests of {paths[0].parent.name} ({code!r})")
