"""Run one unit's hidden tests again and again: collected once, run for each submission (or reference, or mistake).

pytest's collection costs far more than a test. So pytest is started once for each worker, and the worker's loop runs
*inside* its run loop: `run_inside_pytest(paths, body)` calls `body(run)`, and `run(open_student)` runs every collected
item with a separate student and returns what happened.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Container, Generator
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from kit.check import what_is_not_there

from grader.environment import environment
from grader.errors import GraderError
from grader.jail.channel import Died, OutOfTime, plain_text
from grader.results import Outcome, TestResult
from grader.testing.budget import OverBudget
from grader.testing.expect import Hint, Recognised, Undecided
from grader.testing.student import Entry, Missing, Student, StudentError

OpenStudent = Callable[[str], Student]
Run = Callable[..., list["TestRun"]]
_DIGITS = re.compile(r"[-+]?\d[\d.,_]*(?:e[-+]?\d+)?")


_OVER_BUDGET = {
    "bytes": "Your code hands over far more than was asked for: how large is what it returns, or calls f with?",
    "computing": "Checking what your code returned took too long: is it much larger than what was asked for?",
    "memory": "What your code returned, or called f with, needs more memory than there is: how large is it?",
}


class TestRun:
    """One hidden test that was run: its result, and the transcript by which a mistake is recognised.

    `recognised` is the hint to a wrong answer that the test itself knows, or "". `where` is the place in the test at
    which it failed: the kind of what was raised, and the lines. In a `free` test the answers themselves say nothing.
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
    ) -> None:
        self.result, self.transcript, self.recognised = result, transcript, recognised
        self.where, self.free = where, free


class HiddenTests:
    """The plugin: the `student` fixture, and the loop in place of pytest's own."""

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
            self.broken.append(str(report.longrepr))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = list(session.items)
        if not self.broken:
            try:
                self._body(self.run)
            except Exception as error:  # pytest would print it as an error of its own
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
        """Run every hidden test with the student that `open_student(test name)` gives.

        `only` are the tasks, `tests` the names of the tests that are run, all if left out.
        """
        done = []
        for item in self._items:
            task, weight = task_of(item)
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
            item._initrequest()  # fresh fixtures, as for an item that was never run
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
        result = TestResult(name=item.name, task=task, weight=weight, says=says, milliseconds=elapsed, **facts)
        transcript = tuple(self._student.transcript)
        self._forget()
        mark = item.get_closest_marker("task")
        free = mark is not None and mark.kwargs.get("free") is True
        return TestRun(result, transcript, recognised, where, free=free)

    def _forget(self) -> None:
        """Nothing of a test outlives it: what it remembered of a submission would fill the memory of this process."""
        assert self._student is not None
        large = self._student.budget.test_was_large
        error, self._student, self._caught = self._caught, None, None
        while error is not None:  # pytest's own frames refer to what refers to them
            traceback.clear_frames(error.__traceback__)
            error = error.__cause__ or error.__context__
        for name in ("last_exc", "last_type", "last_value", "last_traceback"):  # pytest keeps them for a debugger
            if hasattr(sys, name):
                delattr(sys, name)
        if large:
            gc.collect()

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self) -> Generator[None, object, object]:
        """The test's own text runs within the submission's budget."""
        assert self._student is not None
        with self._student.budget.within():
            return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
        """Keep what a test raised; pytest would draw its traceback, for which a wrong submission paid 50 ms a test."""
        if call.when == "collect" or (call.excinfo is not None and call.when != "call"):
            return None
        if call.excinfo is None:
            return pytest.TestReport(item.nodeid, item.location, {}, "passed", None, call.when)
        self._caught = call.excinfo.value
        return pytest.TestReport(item.nodeid, item.location, {}, "failed", None, "call")


def task_of(item: pytest.Item) -> tuple[str, float]:
    """The task that a test names, and its weight. Raises GraderError where it names none."""
    mark = item.get_closest_marker("task")
    if mark is None or not mark.args:
        raise GraderError(f'{item.nodeid}: the test names no task; write @pytest.mark.task("id") above it')
    return str(mark.args[0]), float(mark.kwargs.get("weight", mark.args[1] if len(mark.args) > 1 else 1.0))


def _where(error: BaseException, path: Path) -> tuple[Any, ...]:
    """The kind of what ended a test, and the lines of the test's own file that it came through."""
    lines = []
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return (type(error).__name__, *lines)


def outcome_of(error: BaseException) -> dict[str, Any]:
    """What an exception that ended a hidden test says about the submission.

    The reference passes every hidden test, so an odd exception in the test's own text (None has no len) was caused by
    an odd answer: it is `WRONG`. Only what our own engine raises is `INTERNAL`.
    """
    staff = plain_text(f"{type(error).__name__}: {error}", 4000)
    if isinstance(error, Missing):
        renamed = f" There is a `{error.near}`: was it renamed?" if error.near else ""
        return {"outcome": Outcome.MISSING, "hint": f"There is no `{error}` in the notebook.{renamed}", "staff": staff}
    if isinstance(error, StudentError):
        hint = f"Your code raised {error.kind}."
        if error.own_words and error.message:
            hint = _what_is_not_there(error) or f"Your code raised {error.kind}: {error.message}"
        # A number may be one that only the hidden test knows; one that stands in the student's own line is theirs.
        own = {number.strip(",._") for number in _DIGITS.findall(error.line)}
        hint = _DIGITS.sub(lambda number: number[0] if number[0].strip(",._") in own else "…", hint)
        line = f"{error.line}   (line {error.lineno} of its cell)" if error.line else ""
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
        return {"outcome": Outcome.WRONG, "hint": plain_text(str(error), 4000), "staff": staff}
    if isinstance(error, GraderError | OSError | MemoryError) or not isinstance(error, Exception):
        return {"outcome": Outcome.INTERNAL, "staff": staff}
    return {"outcome": Outcome.WRONG, "staff": staff}


def _what_is_not_there(error: StudentError) -> str:
    """In words, what the kit's check() would say as well: a None, a class that lacks something; "" for all else."""
    if error.line and (error.kind == "TypeError" or "NoneType" in error.message):
        return ""  # that line is to be looked at
    said: str = what_is_not_there(error.kind, error.message)
    return said


def run_inside_pytest(paths: list[Path], body: Callable[[Run], None]) -> None:
    """Start pytest on the hidden tests in `paths` and run `body(run)` inside it. Raises GraderError on broken files."""
    plugin = HiddenTests(body)
    for path in paths:  # pytest would take a file of the same name, collected before in this process, for this one
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
    with environment({"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}):  # a hidden test sees the same pytest on every machine
        code = pytest.main([*map(str, paths), *arguments, *off], plugins=[plugin])
    if plugin.fault is not None:
        raise plugin.fault
    if plugin.broken:
        raise GraderError("the hidden tests cannot be collected:\n" + "\n".join(plugin.broken))
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.TESTS_FAILED):
        raise GraderError(f"pytest could not run the hidden tests of {paths[0].parent.name} ({code!r})")
