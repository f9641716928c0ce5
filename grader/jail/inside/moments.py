"""What the notebook's names meant when each task was checked.

Theory of operation. A notebook has one set of globals. A helper `Node` of one task replaces the `Node` of another, and
a scratch cell `slope = 5` at the bottom replaces the function that three tasks need. So each task is graded with the
names as they were at its check, where the learner saw them pass: first the names bound by its own cells, then those
asked for or given earlier (as they were at that time), and otherwise the current ones. A name that is still a stub at
that moment is taken from wherever it is written; a stub never replaces work. A scratch cell's `sum = 0` never hides
Python's own `sum` from a task that did not bind that name itself.

The functions of a notebook look up names in its one dict of globals when they are called. Tests run in a fork, so there
the names are simply rebound, in place; at the first test of another task, all names are put back before that.
"""

from __future__ import annotations

import builtins
import types
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from .cells import Namespace
from .messages import Fact

FACTS_LIMIT = 100  # the most changes to report
LARGE = 1 << 20  # bytes; a larger array is not kept alive just because it existed
PYTHONS_OWN = frozenset(name for name, value in vars(builtins).items() if callable(value) and name[0] != "_")
_GONE = object()


class WatchedTask:
    """A task: its own cells, from the number `first` up to its `check`, and the globals that it asks for."""

    def __init__(self, name: str, first: int, check: int, functions: Iterable[str], values: Iterable[str]) -> None:
        self.name, self.first, self.check = name, first, check
        self.values = frozenset(values)
        self.asked = self.values.union(functions)
        self.written_in: dict[str, int] = {}  # requested name -> the cell with the definition that counts
        self.own: Namespace = {}  # what its own cells bound, as it was at the check
        self.view: Namespace = {}  # all names, with the values that count for this task
        self.bind: Namespace = {}  # those of them that are bound differently at the end
        self.hide: tuple[str, ...] = ()  # names of Python's functions that are bound at the end, and not for this task


class Moments:
    """The globals of a notebook, watched while its cells run. `given` are the numbers of our own cells."""

    def __init__(self, namespace: Namespace, tasks: Iterable[WatchedTask], given: Iterable[int]) -> None:
        self._namespace, self._given = namespace, frozenset(given)
        self._tasks = sorted(tasks, key=lambda task: task.check)
        self._waiting = list(self._tasks)
        self._asked = frozenset().union(*(task.asked for task in self._tasks))
        self._before: dict[Any, Any] = dict(namespace)
        self._pythons_own = PYTHONS_OWN - self._asked - namespace.keys()  # the jail replaces `input`
        self._cell = 0  # the cell that is running
        self._bound_by: dict[str, int] = {}  # name -> the cell that bound it last
        self._written: dict[str, tuple[Any, int]] = {}  # requested name -> its last value that is not a stub
        self._kept: Namespace = {}  # the given and required names, as they were then
        self._at_end: dict[Any, Any] = {}  # the globals when all cells had run
        self._shown = False  # whether they have been rebound since, in a fork

    def reach(self, number: int) -> None:
        """Called before each piece of cell `number`: record what the last one bound, and the tasks checked since."""
        self._look()
        while self._waiting and self._waiting[0].check <= number:
            self._keep(self._waiting.pop(0))
        if number != self._cell and (number in self._given or any(task.first == number for task in self._tasks)):
            self._mend()
        self._cell = number

    def _mend(self) -> None:
        """In given cells and answers, a number never replaces a function that a task required, a module, or `sum`."""
        calm()
        for name, value in self._kept.items():
            now = self._namespace.get(name, _GONE)
            lost = name in self._asked and callable(value) and now is not _GONE and not callable(now)
            if lost or (type(value) is types.ModuleType and type(now) is not types.ModuleType):
                self._namespace[name] = self._before[name] = value
        for name in self._pythons_own:
            if not callable(self._namespace.get(name, print)):
                del self._namespace[name]
                self._before.pop(name, None)

    def end(self) -> None:
        """Called when all cells have run."""
        self._look()
        for task in self._waiting:
            self._keep(task)
        self._waiting = []
        self._at_end = dict(self._namespace)
        for task in self._tasks:  # before any fork: looking at all values there would copy the pages they are on
            task.bind = {name: value for name, value in task.view.items() if self._at_end.get(name, _GONE) is not value}
            task.hide = tuple((self._pythons_own & self._at_end.keys()) - task.view.keys())

    def _look(self) -> None:
        now = dict(self._namespace)
        for name, value in now.items():
            if type(name) is not str or self._before.get(name, _GONE) is value:
                continue
            if name in self._asked and not is_stub(value):
                self._written[name] = (value, self._cell)
            elif name in self._written:  # a stub never replaces work
                now[name] = self._namespace[name] = self._written[name][0]
                continue
            self._bound_by[name] = self._cell
            if self._cell in self._given:
                self._kept[name] = value
        for name in self._before:
            if type(name) is str and name not in now:
                self._bound_by[name] = self._cell
        self._before = now

    def _keep(self, task: WatchedTask) -> None:
        now = {
            name: value
            for name, value in self._before.items()
            if type(name) is str and not self._hides(name, value, but_in=task.first)
        }
        task.own = {name: now[name] for name, cell in self._bound_by.items() if cell >= task.first and name in now}
        self._kept.update({name: now[name] for name in task.asked if name in now})
        view = {name: value for name, value in now.items() if not _is_large(value)}
        view.update(self._kept)
        view.update(task.own)
        task.written_in = {name: self._written[name][1] for name in task.asked if name in self._written}
        task.view = {name: value for name, value in view.items() if name not in self._asked or not is_stub(value)}

    def _hides(self, name: str, value: object, *, but_in: int) -> bool:
        """Whether a value that is not callable hides one of Python's own functions, and `but_in` did not bind it."""
        return name in self._pythons_own and not callable(value) and self._bound_by.get(name) != but_in

    def show(self, task: str | None, *, at_end: bool) -> None:
        """Bind the names as they count for a task: all as at its check or, with `at_end`, only its values.

        What tests of another task have bound is undone.
        """
        calm()
        if self._shown:
            self._namespace.clear()
            self._namespace.update(self._at_end)
        self._shown = True
        for known in self._tasks:
            if known.name == task:
                names = known.values.intersection(known.bind) if at_end else known.bind
                self._namespace.update({name: known.bind[name] for name in names})
                for name in () if at_end else known.hide:
                    self._namespace.pop(name, None)

    def other_values(self) -> dict[str, Namespace]:
        """By task: the values that count for it, where they differ from those at the end."""
        return {task.name: task.bind for task in self._tasks}

    def facts(self) -> list[Fact]:
        """Names that were bound outside a task's own cells, to tell the student."""
        found: list[Fact] = []
        for task in self._tasks:
            for name in sorted({*task.own, *self._asked} - self._pythons_own):
                final = self._namespace.get(name, _GONE)
                counts = task.view.get(name, final)
                cell = task.written_in.get(name) or self._written.get(name, (None, 0))[1]
                if name in task.asked and cell and not task.first <= cell < task.check:
                    what = "elsewhere"
                elif counts is not final and not _equal(counts, final):
                    what = "changed" if name in task.own or name in task.asked else "changed for another task"
                    cell = self._bound_by.get(name, 0)
                else:
                    continue
                found.append(Fact(task.name, _sendable(name), what, cell, callable(final) or callable(counts)))
        return found[:FACTS_LIMIT]


def calm() -> None:
    """Undo what a scratch cell may have set for the whole process: numbers and warnings that raise."""
    if {"raise", "call"}.intersection(np.geterr().values()):
        np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")  # as numpy begins
    if any(action == "error" for action, *_ in warnings.filters):
        warnings.resetwarnings()


def is_stub(value: Any) -> bool:
    """Whether a value is still what a stub has: `...`, a function without a body, a class with such a method.

    Runs none of the student's code: it looks only at types, whatever a value claims to be.
    """
    kind = type(value)
    if value is ... or kind is not types.FunctionType:
        parts = type.__getattribute__(value, "__dict__").values() if issubclass(kind, type) else ()
        return value is ... or any(is_stub(part) for part in list(parts) if type(part) is types.FunctionType)
    code = value.__code__
    return code.co_code in _EMPTY and code.co_consts in ((None,), (value.__doc__, None))


def _is_large(value: object) -> bool:
    return type(value) is np.ndarray and value.nbytes > LARGE


def _nothing() -> None: ...
def _nothing_said() -> None:
    """Nothing."""


_EMPTY = {_nothing.__code__.co_code, _nothing_said.__code__.co_code}


def _sendable(name: str) -> str:
    return name[:80].encode(errors="replace").decode()


def _equal(one: object, other: object) -> bool:
    """Whether two plain values are equal; never calls a method of the student's objects."""
    return type(one) is type(other) and type(one) in (str, int, float, bool) and bool(one == other)
