"""The far side of a conversation about one submission: run its cells once, then answer verbs over its namespace.

Theory of operation. `serve` is called in the confined child. It runs the student's cells and reports the errors and the
globals that are plain strings. Then it forks a *grandchild* with a separate socket whenever the near side wants one:
for each hidden test, or for all those that may share a process. The grandchild sees a fresh copy of the state after the
last cell. It answers one request at a time with `Session`; while the student's function runs, it may *ask* (call back a
function that the test passed in) before it answers.

`Session` itself uses no socket: the local fake of the `student` fixture uses the same class in one process. Everything
here runs beside student code and is at its mercy: it holds no secret, and the near side trusts none of it.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Container, Iterable
from typing import Any

import msgspec

from . import confine, garbage
from .cells import KINDS, Namespace, NullStream, describe, fresh_namespace, run_cells, sendable
from .drawn import axes_data, picture_of
from .inlined import TEST, compiled
from .messages import (
    TO_NOTEBOOK,
    TO_TEST,
    Answer,
    Answered,
    Apply,
    Axes,
    Broken,
    Call,
    Callback,
    Cell,
    Eval,
    File,
    Fork,
    Function,
    Get,
    Has,
    InTurn,
    Items,
    Kit,
    Method,
    NoSuchName,
    Opened,
    Picture,
    Plain,
    Raised,
    Replies,
    Reply,
    Request,
    Returned,
    RunCells,
    Value,
)
from .moments import Moments, WatchedTask
from .wire import Frames, Reference, WireError, decode, encode

Ask = Callable[[Callback], Answer]
ERRORS_LIMIT = 20  # the most failing cells to report
TEXT_LIMIT = 4000  # characters; a longer global is not reported
FILE_LIMIT = 1 << 20  # bytes of a file that a test reads
FORK_SECONDS = 3  # time for threads that block a fork to end
PLAIN_LIMIT = 64_000  # bytes of all reported globals together
ITEMS_LIMIT = 50  # of a reported container; a larger one is read in a process of a test


class FunctionOf:
    """A function made by a hidden test from an expression; it counts its calls and the types of their arguments."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self.calls = 0
        self.last_types: list[str] = []

    def __call__(self, *args: object) -> Any:
        self.calls += 1
        self.last_types = [type(arg).__name__ for arg in args]
        return self._call(*args)


class NearSideRefused(BaseException):
    """The near side broke off the call (its budget is spent). A student's `except Exception` does not catch it."""


class Session:
    """The verbs of the `student` fixture over one namespace."""

    def __init__(
        self, namespace: Namespace, sources: dict[str, list[str]] | None = None, asked: Container[str] | None = None
    ) -> None:
        """`asked` are the names that the exercises ask for; without it, none of Python's names is put back."""
        self.namespace = namespace
        self.sources = sources if sources is not None else {}
        self._asked = asked
        self._handles: list[Any] = []

    def answer(self, request: Request, ask: Ask) -> Reply:
        """Carry out one request; any exception in the student's code becomes data."""
        try:
            return Returned(encode(self._carry_out(request, ask), self._refer))
        except _MissingName as error:
            return self._missing(str(error))
        except NameError as error:
            if _raised_by_the_test(error) and isinstance(error.name, str):
                return self._missing(error.name)
            return describe(error, self.sources)
        except BaseException as error:
            return describe(error, self.sources)

    def _carry_out(self, request: Request, ask: Ask) -> object:
        def value(data: object) -> Any:
            return self._value(data, ask)

        match request:
            case Call():
                return self._named(request.name)(*value(request.args), **value(request.kwargs))
            case Value():
                return self._named(request.name)
            case Has():
                return request.name in self.namespace
            case Function():
                shadowed = self._shadowed()  # passed in: the function's globals must be the notebook's own
                source = f"lambda {', '.join(shadowed)}: lambda {request.parameters}: ({request.source})"
                code = compile(source, TEST, "eval")
                made = eval(code, self.namespace)  # noqa: S307 - the test's text, in the student's process
                return FunctionOf(made(*shadowed.values()))
            case Eval():
                names = {**self.namespace, **self._shadowed(), **value(request.names)}
                code = compile(request.source, TEST, "eval")
                return eval(code, names)  # noqa: S307 - the test's text, in the student's process
            case Get():
                return getattr(value(request.handle), request.name)
            case Method():
                args, kwargs = value(request.args), value(request.kwargs)
                return getattr(value(request.handle), request.name)(*args, **kwargs)
            case Apply():
                args, kwargs = value(request.args), value(request.kwargs)
                return value(request.handle)(*args, **kwargs)
            case Items():
                return list(value(request.handle))
            case Axes():
                return axes_data(value(request.handle))
            case Picture():
                return picture_of(value(request.handle))
            case File():
                with open(request.name, "rb") as file:  # noqa: PTH123 - relative to the submission's folder
                    return file.read(FILE_LIMIT)
            case Kit():
                return getattr(importlib.import_module("kit"), request.name)

    def _shadowed(self) -> Namespace:
        """Python's functions whose names the student has used for something else, such as `sum = 0.0` or `list = [3]`.

        In an expression of a test they mean what they mean in Python, unless the exercise asks for that name.
        """
        if self._asked is None:
            return {}
        python = vars(builtins)
        own = [name for name in self.namespace if isinstance(name, str) and name in python]
        return {name: python[name] for name in own if not name.startswith("_") and name not in self._asked}

    def _missing(self, wanted: str) -> NoSuchName:
        near = ""
        with contextlib.suppress(Exception):  # whatever the student put in the kit's place, the name is missing
            near = importlib.import_module("kit.spelling").most_alike(wanted, self.namespace)
        return NoSuchName(wanted, near)

    def _refer(self, value: object) -> Reference:
        self._handles.append(value)
        name = type(value).__name__[:80]
        return {"t": "handle", "id": len(self._handles) - 1, "type": name, "callable": callable(value)}

    def _value(self, data: object, ask: Ask) -> Any:
        def resolve(reference: Reference) -> Any:
            if reference["t"] == "handle":
                return self._handles[reference["id"]]
            if reference["t"] == "inline":
                return compiled(reference["v"], reference["parameters"], self._value(reference["names"], ask))
            return self._callback(reference["id"], ask)

        return decode(data, resolve)

    def _callback(self, number: int, ask: Ask) -> Callable[..., Any]:
        def callback(*args: object, **kwargs: object) -> Any:
            named = encode(kwargs, self._refer) if kwargs else None
            answer = ask(Callback(number, encode(args, self._refer), named))
            if isinstance(answer, Answered):
                return self._value(answer.value, ask)
            if answer.kind in KINDS:
                raise getattr(builtins, answer.kind)(answer.message)
            raise NearSideRefused(answer.message)

        return callback

    def _named(self, name: str) -> Any:
        if name not in self.namespace:
            raise _MissingName(name)
        return self.namespace[name]


def until_one_raises(calls: Iterable[Call | Apply], answer: Callable[[Call | Apply], Reply]) -> list[Reply]:
    """The replies to calls made one after another; those behind one that raises are not made."""
    replies: list[Reply] = []
    for call in calls:
        replies.append(answer(call))
        if not isinstance(replies[-1], Returned):
            break
    return replies


class _MissingName(Exception):
    """The submission has no such name."""


def _raised_by_the_test(error: BaseException) -> bool:
    """Whether the innermost frame is an expression of the test, not the student's code."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_code.co_filename == TEST


def plain_of(namespace: dict[Any, Any], asked: Container[str], limit: int = PLAIN_LIMIT) -> dict[str, Plain]:
    """The globals that are short strings and, of those in `asked`, the numbers and small containers, as wire data.

    A test that asks for nothing else needs no process.
    """
    plain: dict[str, Plain] = {}
    left = limit
    for name, value in namespace.items():
        if type(name) is str and (type(value) is str or name in asked) and _is_plain(value):
            data = encode(value, _refuse)
            left -= len(name.encode(errors="replace")) + len(msgspec.msgpack.encode(data))
            if left < 0:
                break
            plain[sendable(name)] = data
    return plain


def all_plain(
    namespace: dict[Any, Any], asked: Container[str], moments: Moments
) -> tuple[dict[str, Plain], dict[str, dict[str, Plain | None]]]:
    """`plain_of` at the end and, by task, where it was different at the task's check (None: it was not plain)."""
    plain, others = plain_of(namespace, asked), moments.other_values()
    return plain, {
        task: {
            **{name: None for name in values if name in plain},
            **plain_of(values, asked, PLAIN_LIMIT // len(others)),
        }
        for task, values in others.items()
    }


def _is_plain(value: Any, depth: int = 2) -> bool:
    """Whether a value is a short string, a number, or a small container of them."""
    kind = type(value)
    if kind is str:
        return len(value) <= TEXT_LIMIT and sendable(value) == value
    if kind not in (list, tuple, dict):
        return kind in (float, bool) or (kind is int and -(1 << 63) <= value < 1 << 63)
    if not depth or len(value) > ITEMS_LIMIT:
        return False
    items = [*value, *value.values()] if kind is dict else value
    return all(_is_plain(item, depth - 1) for item in items)


def _refuse(value: object) -> Reference:
    raise WireError(f"a {type(value).__name__} is not plain")


def serve(frames: Frames, *, forked: int) -> None:
    """Serve one submission, from its cells until the near side hangs up.

    Writes a byte to `forked` for each process forked for a test: the zygote waits for it.
    """
    start = frames.receive(TO_NOTEBOOK)
    assert isinstance(start, RunCells)
    os.environ["JUPYTERHUB_USER"] = start.student
    namespace = fresh_namespace()
    sources: dict[str, list[str]] = {}
    errors: list[tuple[int, Raised]] = []
    nowhere = sys.stdout = sys.stderr = NullStream()
    # By default, this signal does not end the first process of a pid namespace.
    signal.signal(signal.SIGXCPU, lambda number, frame: os._exit(1))
    moments = Moments(namespace, [WatchedTask(*msgspec.structs.astuple(task)) for task in start.tasks], start.given)
    garbage.collect_as_usual()
    for number, error in run_cells(start.cells, namespace, sources):
        if error is None:
            moments.reach(number)
            frames.send(Cell(number))
        else:
            errors.append((number, error))
    moments.end()
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    garbage.keep_what_is_there()  # a collection in a test's process would write to all that the cells made, and copy it
    values = frozenset(name for task in start.tasks for name in task.values)
    plain, other_plain = all_plain(namespace, values, moments)
    frames.send(Opened(errors[:ERRORS_LIMIT], plain, other_plain, moments.facts()))
    asked = values.union(*(task.functions for task in start.tasks))
    session = Session(namespace, sources, asked)
    while True:
        try:
            order, fds = frames.receive_with_fds(TO_NOTEBOOK)
        except (EOFError, OSError):
            return
        if isinstance(order, Fork):
            _reap_all()
            limit = order.cpu_seconds, order.cpu_seconds + order.spare_seconds + 1
            show = functools.partial(moments.show, at_end=order.at_end)
            _fork(frames, (fds[0], forked), limit, session, nowhere, order.task, show)
            os.close(fds[0])
            os.write(forked, b"1")


def _fork(
    frames: Frames,
    fds: tuple[int, int],
    cpu_limit: tuple[int, int],
    session: Session,
    nowhere: NullStream,
    task: str | None,
    show: Callable[[str | None], None],
) -> None:
    """Fork a process for hidden tests; `show` binds the names as a task has them, at first `task`.

    The work before the first answer is repeated for every test, so it is kept short.
    """
    deadline = time.monotonic() + FORK_SECONDS
    child = None
    while child is None:
        try:
            child = confine.fork_unchanged()
        except BlockingIOError:  # too many threads; a thread counts until it has ended
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    if child:
        return
    try:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, cpu_limit)
        test, forked = fds
        os.close(frames.sock.detach())
        os.close(forked)
        sys.stdout = sys.stderr = nowhere
        show(task)
        _answer_all(Frames(socket.socket(fileno=os.dup(test)), from_us=True), session, task, show)
    finally:
        os._exit(0)


def _answer_all(frames: Frames, session: Session, task: str | None, show: Callable[[str | None], None]) -> None:
    def ask(callback: Callback) -> Answer:
        frames.send(callback)
        while not isinstance(said := frames.receive(TO_TEST), Answered | Broken):  # a request before the answer
            reply(said)
        return said

    def reply(request: Request | InTurn) -> None:
        said: Reply | Replies
        if isinstance(request, InTurn):
            said = Replies(until_one_raises(request.calls, lambda call: session.answer(call, ask)))
        else:
            said = session.answer(request, ask)
        try:
            frames.send(msgspec.structs.replace(said, seq=request.seq))
        except WireError as error:
            frames.send(msgspec.structs.replace(describe(error, {}), seq=request.seq))

    while True:
        try:
            request = frames.receive(TO_TEST)
        except (EOFError, OSError):
            return
        assert not isinstance(request, Answered | Broken)
        if request.begins is not None:  # another test: it gets as much time as the one before it
            _, hard = resource.getrlimit(resource.RLIMIT_CPU)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_CPU, (hard - 1, hard))
            if request.begins != task:
                task = request.begins
                show(task)
        reply(request)


def _reap_all() -> None:
    """Reap the processes of earlier tests, which the zygote has killed: zombies count towards the limit."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
