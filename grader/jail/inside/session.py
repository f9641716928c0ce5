"""The far side of a conversation about one submission: run its cells once, then answer verbs over its namespace.

Theory of operation. `serve` is called in the confined child. It runs the student's cells and reports the errors and the
globals that are plain strings. Then it forks a *grandchild* with a separate socket whenever the near side wants one:
for each hidden test, or for all tests of a task. The grandchild sees a fresh copy of the state after the last cell. It
answers one request at a time with `Session`; while the student's function runs, it may *ask* (call back a function that
the test passed in) before it answers.

`Session` itself uses no socket: the local fake of the `student` fixture uses the same class in one process. Everything
here runs beside student code and is at its mercy: it holds no secret, and the near side trusts none of it.
"""

from __future__ import annotations

import builtins
import contextlib
import difflib
import functools
import gc
import importlib
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from . import confine
from .cells import KINDS, NullStream, describe, fresh_namespace, run_cells, sendable
from .drawn import axes_data, picture_of
from .moments import Moments, Task
from .wire import Frames, WireError, decode, encode

Ask = Callable[[dict[str, Any]], dict[str, Any]]
ERRORS_LIMIT = 20  # the most failing cells to report
TEXT_LIMIT = 4000  # characters; a longer global is not reported
FILE_LIMIT = 1 << 20  # bytes of a file that a test reads
FORK_SECONDS = 3  # time for threads that block a fork to end
TEXTS_LIMIT = 64_000  # bytes of all reported globals together


class FunctionOf:
    """A function made by a hidden test from an expression; it counts its calls and the types of their arguments."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self.calls = 0
        self.last_types: list[str] = []

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        self.last_types = [type(arg).__name__ for arg in args]
        return self._call(*args)


class NearSideRefused(BaseException):
    """The near side broke off the call (its budget is spent). A student's `except Exception` does not catch it."""


class Session:
    """The verbs of the `student` fixture over one namespace."""

    def __init__(self, namespace: dict[str, Any], sources: dict[str, list[str]] | None = None) -> None:
        self.namespace = namespace
        self.sources = sources if sources is not None else {}
        self._handles: list[Any] = []

    def answer(self, message: dict[str, Any], ask: Ask) -> dict[str, Any]:
        """Carry out one request; any exception in the student's code becomes data."""
        try:
            verb = self._VERBS.get(message.get("op"))
            if verb is None:
                raise WireError("unknown verb")
            result = verb(self, message, ask)
            return {"ok": encode(result, self._refer)}
        except _MissingName as error:
            own = [name for name in self.namespace if isinstance(name, str)]
            near = difflib.get_close_matches(str(error), own, n=1, cutoff=0.75)
            return {"missing": str(error), "near": near[0] if near else ""}
        except BaseException as error:
            return {"error": describe(error, self.sources)}

    def _refer(self, value: Any) -> dict[str, Any]:
        self._handles.append(value)
        name = type(value).__name__[:80]
        return {"t": "handle", "id": len(self._handles) - 1, "type": name, "callable": callable(value)}

    def _value(self, data: Any, ask: Ask) -> Any:
        def resolve(reference: dict[str, Any]) -> Any:
            if reference["t"] == "handle":
                return self._handles[reference["id"]]
            return self._callback(reference["id"], ask)

        return decode(data, resolve)

    def _callback(self, number: int, ask: Ask) -> Callable[..., Any]:
        def callback(*args: Any, **kwargs: Any) -> Any:
            message = {"op": "callback", "id": number, "args": encode(args, self._refer)}
            if kwargs:
                message["kwargs"] = encode(kwargs, self._refer)
            reply = ask(message)
            if "ok" in reply:
                return self._value(reply["ok"], ask)
            kind = reply.get("raise")
            if kind in KINDS:
                raise getattr(builtins, kind)(str(reply.get("message", "")))
            raise NearSideRefused(str(reply.get("message", "")))

        return callback

    def _named(self, name: Any) -> Any:
        if name not in self.namespace:
            raise _MissingName(str(name))
        return self.namespace[name]

    def _arguments(self, message: dict[str, Any], ask: Ask) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return self._value(message["args"], ask), self._value(message["kwargs"], ask)

    def _do_call(self, message: dict[str, Any], ask: Ask) -> Any:
        function = self._named(message["name"])
        args, kwargs = self._arguments(message, ask)
        return function(*args, **kwargs)

    def _do_value(self, message: dict[str, Any], ask: Ask) -> Any:
        return self._named(message["name"])

    def _do_has(self, message: dict[str, Any], ask: Ask) -> bool:
        return message["name"] in self.namespace

    def _do_function(self, message: dict[str, Any], ask: Ask) -> Any:
        code = compile(f"lambda {message['parameters']}: ({message['source']})", "<test>", "eval")
        return FunctionOf(eval(code, self.namespace))  # noqa: S307 - the test's text, in the student's own process

    def _do_eval(self, message: dict[str, Any], ask: Ask) -> Any:
        names = self._value(message["names"], ask)
        code = compile(message["source"], "<test>", "eval")
        return eval(code, {**self.namespace, **names})  # noqa: S307 - the test's text, in the student's own process

    def _do_get(self, message: dict[str, Any], ask: Ask) -> Any:
        return getattr(self._value(message["handle"], ask), message["name"])

    def _do_method(self, message: dict[str, Any], ask: Ask) -> Any:
        args, kwargs = self._arguments(message, ask)
        return getattr(self._value(message["handle"], ask), message["name"])(*args, **kwargs)

    def _do_apply(self, message: dict[str, Any], ask: Ask) -> Any:
        args, kwargs = self._arguments(message, ask)
        return self._value(message["handle"], ask)(*args, **kwargs)

    def _do_items(self, message: dict[str, Any], ask: Ask) -> Any:
        return list(self._value(message["handle"], ask))

    def _do_axes(self, message: dict[str, Any], ask: Ask) -> Any:
        return axes_data(self._value(message["handle"], ask))

    def _do_picture(self, message: dict[str, Any], ask: Ask) -> bytes:
        return picture_of(self._value(message["handle"], ask))

    def _do_file(self, message: dict[str, Any], ask: Ask) -> bytes:
        with open(message["name"], "rb") as file:  # noqa: PTH123 - relative to the submission's folder
            return file.read(FILE_LIMIT)

    def _do_kit(self, message: dict[str, Any], ask: Ask) -> Any:
        return getattr(importlib.import_module("kit"), message["name"])

    _VERBS: dict[Any, Callable[[Any, dict[str, Any], Ask], Any]] = {  # noqa: RUF012 - a constant table
        "call": _do_call,
        "value": _do_value,
        "has": _do_has,
        "function": _do_function,
        "eval": _do_eval,
        "get": _do_get,
        "method": _do_method,
        "apply": _do_apply,
        "items": _do_items,
        "axes": _do_axes,
        "kit": _do_kit,
        "file": _do_file,
        "picture": _do_picture,
    }


class _MissingName(Exception):
    """The submission has no such name."""


def texts_of(namespace: dict[Any, Any], limit: int = TEXTS_LIMIT) -> dict[str, str]:
    """The globals that are short plain strings: a test that asks for nothing else needs no process."""
    texts: dict[str, str] = {}
    left = limit
    for name, value in namespace.items():
        if type(name) is str and type(value) is str and len(value) <= TEXT_LIMIT and sendable(value) == value:
            left -= len(name.encode(errors="replace")) + len(value.encode())
            if left < 0:
                break
            texts[sendable(name)] = value
    return texts


def serve(frames: Frames, start: dict[str, Any], *, forked: int) -> None:
    """Serve one submission until the near side hangs up. `start`: op, cells, student, tasks, given.

    Writes a byte to `forked` for each process forked for a test: the zygote waits for it.
    """
    os.environ["JUPYTERHUB_USER"] = str(start["student"])
    namespace = fresh_namespace()
    sources: dict[str, list[str]] = {}
    errors = []
    nowhere = sys.stdout = sys.stderr = NullStream()
    # By default, this signal does not end the first process of a pid namespace.
    signal.signal(signal.SIGXCPU, lambda number, frame: os._exit(1))
    moments = Moments(namespace, [Task(*task) for task in start["tasks"]], start["given"])
    for number, error in run_cells([(int(n), str(text)) for n, text in start["cells"]], namespace, sources):
        if error is None:
            moments.reach(number)
            frames.send({"op": "cell", "number": number})
        else:
            errors.append({"number": number, **error})
    moments.end()
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    gc.freeze()  # a collection in a test's process would write to everything that the cells made, and so copy it
    texts, others = texts_of(namespace), moments.other_values()
    other_texts = {
        task: {**{name: None for name in values if name in texts}, **texts_of(values, TEXTS_LIMIT // len(others))}
        for task, values in others.items()
    }
    told = {"errors": errors[:ERRORS_LIMIT], "texts": texts, "other_texts": other_texts}
    frames.send({"op": "opened", **told, "facts": moments.facts()})
    session = Session(namespace, sources)
    while True:
        try:
            message, fds = frames.receive_with_fds()
        except (EOFError, OSError):
            return
        if message["op"] == "fork":
            _reap_all()
            limit = int(message["cpu_seconds"]), int(message["cpu_seconds"]) + int(message["spare_seconds"]) + 1
            show = functools.partial(moments.show, message.get("task"), at_end=bool(message.get("at_end")))
            _fork(frames, (fds[0], forked), limit, session, nowhere, show)
            os.close(fds[0])
            os.write(forked, b"1")


def _fork(
    frames: Frames,
    fds: tuple[int, int],
    cpu_limit: tuple[int, int],
    session: Session,
    nowhere: NullStream,
    show: Callable[[], None],
) -> None:
    """Fork the process of a hidden test, with the names as its task has them.

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
        show()
        _answer_all(Frames(socket.socket(fileno=os.dup(test))), session)
    finally:
        os._exit(0)


def _answer_all(frames: Frames, session: Session) -> None:
    def ask(message: dict[str, Any]) -> dict[str, Any]:
        frames.send(message)
        while "op" in (answer := frames.receive()):  # a request in return, before the answer
            reply(answer)
        return answer

    def reply(message: dict[str, Any]) -> None:
        answer = session.answer(message, ask)
        try:
            frames.send({"op": "reply", "seq": message.get("seq"), **answer})
        except WireError as error:
            frames.send({"op": "reply", "seq": message.get("seq"), "error": describe(error, {})})

    while True:
        try:
            message = frames.receive()
        except (EOFError, OSError):
            return None
        if message.get("another_test"):  # it gets as much time as the one before it
            _, hard = resource.getrlimit(resource.RLIMIT_CPU)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_CPU, (hard - 1, hard))
        reply(message)


def _reap_all() -> None:
    """Reap the processes of earlier tests, which the zygote has killed: zombies count towards the limit."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
