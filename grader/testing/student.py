"""`Student`: what a hidden test talks to.

The same test code runs against a plain namespace in this process (the reference, a mistake) and against a jailed
submission. Both are a `Channel`, which sends one request and returns one reply, with the same
`inside.session.Session` at the far end. Only plain data comes back; the verdict is computed here. The replies are kept
in a transcript, which is used to recognise known mistakes.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

import msgspec

from grader.jail.channel import Channel, Died, plain_text
from grader.jail.inside.cells import MESSAGE_LIMIT, Namespace
from grader.jail.inside.messages import (
    Answer,
    Answered,
    Apply,
    Axes,
    Broken,
    Call,
    Callback,
    Eval,
    File,
    Function,
    Get,
    Has,
    Items,
    Kit,
    Method,
    NoSuchName,
    Picture,
    Raised,
    Reply,
    Request,
    Returned,
    Value,
)
from grader.jail.inside.wire import Reference, WireError, decode, encode
from grader.testing.budget import CALL_BYTES, Budget, OverBudget
from grader.testing.drawn import AxesData
from grader.testing.inline import Inline
from grader.testing.local import LocalChannel
from grader.testing.png import repacked
from grader.testing.sizes import dimensions_in, modest, size_of

CALLBACK_BUDGET = 200_000
TRANSCRIPT_LIMIT = 4 << 20  # bytes of answers kept for one test
_NAME = re.compile(r"[A-Za-z_]\w*")
T = TypeVar("T")
TOO_LARGE = "too large to be kept"
_PLAIN_KINDS = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)
} - {"AssertionError"}


class StudentError(Exception):
    """The student's code raised. `kind` is the nearest built-in exception's name; `line` is the student's own line.

    Unless `own_words`, the message may contain data from a test and is for staff only.
    """

    def __init__(
        self, kind: str, message: str, line: str = "", lineno: int = 0, place: str = "", *, own_words: bool = True
    ) -> None:
        super().__init__(f"{kind}: {message}")
        self.own_words = own_words
        self.kind, self.message, self.line, self.lineno, self.place = kind, message, line, lineno, place


class Missing(Exception):
    """The submission has no such name. `near` is a similar name that it does have, or ""."""

    def __init__(self, name: str, near: str = "") -> None:
        super().__init__(name)
        self.near = near


class Entry(msgspec.Struct, frozen=True):
    """One entry of a transcript: a request and its reply (`kind` is "value" or the exception's kind).

    `sizes` are the dimensions of the arguments, used to recognise a factor n. `asked` says whether a function of the
    test was called during the request; `message` and `line` belong to an exception.
    """

    verb: str
    name: str
    kind: str
    value: Any = None
    sizes: tuple[int, ...] = ()
    asked: bool = False
    message: str = ""
    line: str = ""


Known = dict[Hashable, tuple[object, tuple[Entry, ...]]]  # what `Student.once` has made, with its entries


class Handle:
    """An object on the far side. Operators are not forwarded: use `student.eval("a * 3", a=handle)`."""

    def __init__(self, student: Student, number: int, type_name: str, is_callable: bool) -> None:
        self._student, self._number = student, number
        self.type_name, self.is_callable = type_name, is_callable

    def get(self, name: str) -> Any:
        """The attribute `name` of the object."""
        return self._student._ask(Get(self._reference(), name))

    def call(self, name: str, *args: object, **kwargs: object) -> Any:
        """Call the method `name` of the object."""
        return self._student._call(functools.partial(Method, self._reference(), name), args, kwargs)

    def apply(self, *args: object, **kwargs: object) -> Any:
        """Call the object itself (a function that the student's code returned)."""
        return self._student._call(functools.partial(Apply, self._reference()), args, kwargs)

    def items(self) -> list[Any]:
        """The items of an iterable object."""
        result = self._student._ask(Items(self._reference()))
        return result if isinstance(result, list) else [result]

    def _reference(self) -> Reference:
        return {"t": "handle", "id": self._number}

    def __bool__(self) -> bool:
        # Otherwise any object would pass `assert student.is_steep(f)`: a hidden test must compare values.
        raise TypeError(f"a {self.type_name} of the student is neither true nor false here")

    def __repr__(self) -> str:
        return f"<{self.type_name} of the student>"


class Student:
    """One submission, as a hidden test sees it: `student.slope(f, 3.0)` calls the student's `slope`."""

    def __init__(
        self,
        channel: Channel,
        student_id: str,
        budget: Budget | None = None,
        *,
        shown_type: Callable[[str], str] = str,
        known: Known | None = None,
    ) -> None:
        """`shown_type` gives the name by which a student is told of a type that the far side names.

        `known` is what `once` has found for other tests, and keeps what it finds.
        """
        self._id = student_id
        self.id_was_read = False
        self._shown_type = shown_type
        self.budget = budget or Budget(unlimited=True)
        self.budget.begin_test()
        self.transcript: list[Entry] = []
        self._channel = channel
        self._callbacks: list[Callable[..., Any]] = []
        self._inline: list[Inline] = []  # functions of the test that were sent as text
        self._calls_left = CALLBACK_BUDGET
        self._room = min(TRANSCRIPT_LIMIT, self.budget.transcript_bytes_left)
        self._pending: BaseException | None = None
        self._ours: set[int] = set()  # callbacks that are not functions of the test
        self._aside = 0  # nesting depth of requests that are not part of the test
        self._asked = False  # whether a function of the test was called in the current request
        self._written: set[str] = set()  # the names in the expressions that the test has sent
        self._known = {} if known is None else known
        self._picture = b""  # a PNG of ours, with the student's pixels
        self._at_first: Callable[[], None] | None = None

    @classmethod
    def local(
        cls,
        namespace: Namespace,
        student_id: str = "reference",
        *,
        sources: dict[str, list[str]] | None = None,
        known: Known | None = None,
    ) -> Student:
        """A student backed by a plain namespace in this process. `sources` maps file names to lines of its code."""
        return cls(LocalChannel(namespace, sources), student_id, known=known)

    @property
    def id(self) -> str:
        """The student's name, which selects the variant."""
        self.id_was_read = True
        return self._id

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: object, **kwargs: object) -> Any:
            return self._call(functools.partial(Call, name), args, kwargs)

        return call

    def in_turn(self, *calls: Sequence[Any]) -> list[Any]:
        """What each of these calls gives: `student.in_turn(("slope", f, 1.0), ("slope", f, 2.0))`.

        A call is the name of a function, or a Handle, and the arguments. They are made one after another, as by
        separate calls of `student`, but all in one message, which takes a fraction of the time. Raises what the first
        one raises that does; those behind it are not made.
        """
        requests: list[Call | Apply] = []
        for called, *args in calls:
            given = encode(tuple(args), self._refer), encode({}, self._refer)
            requests.append(Call(called, *given) if isinstance(called, str) else Apply(called._reference(), *given))
        if requests:
            self._prepare(requests[0])
        replies, asked = self._reply(lambda: self._channel.in_turn(requests, self._on_callback))
        made = zip(requests, replies, calls, strict=False)
        return [self._take(request, reply, call[1:], asked) for request, reply, call in made]

    def value(self, name: str) -> Any:
        """The student's global `name` itself. Raises Missing."""
        return self._ask(Value(name))

    def has(self, name: str) -> bool:
        """Whether the student has a global `name`."""
        return self._ask(Has(name)) is True

    def function(self, source: str, parameters: str = "x") -> Any:
        """A function compiled on the far side, to work on the student's own objects; counts its `calls`."""
        return self._ask(Function(source, parameters))

    def eval(self, source: str, **names: object) -> Any:
        """Evaluate the test's expression on the far side, with the student's names and those given."""
        return self._ask(Eval(source, encode(names, self._refer)), names.values())

    def kit(self, name: str) -> Any:
        """A function of the kit on the far side."""
        return self._ask(Kit(name))

    def file(self, path: str) -> bytes:
        """The bytes of a file that the submission has written into its folder. Raises StudentError without one."""
        found = self._ask(File(path))
        if not isinstance(found, bytes):
            raise StudentError("TypeError", "the file could not be read")
        return found

    def axes(self, handle: object) -> AxesData:
        """The data in the student's matplotlib Axes. Raises StudentError if it is not an Axes."""
        if not isinstance(handle, Handle):
            raise StudentError("TypeError", "expected matplotlib Axes")
        data = self._ask(Axes(handle._reference()))
        try:
            return msgspec.convert(data, AxesData)
        except msgspec.ValidationError as error:
            self.transcript[-1] = Entry("axes", "", "TypeError")
            raise StudentError("TypeError", f"not the data of Axes: {error}") from None

    def show(self, axes: Any) -> None:
        """Show the figure of these Axes in the feedback; it decides nothing. Only a submission's is drawn."""
        if not isinstance(self._channel, LocalChannel) and isinstance(axes, Handle):
            self._picture = self.figure(axes)

    def figure(self, axes: Handle) -> bytes:
        """The figure of these Axes, drawn on the far side; b"" if it cannot be, or is not a picture of ours."""
        before, found = len(self.transcript), b""
        with contextlib.suppress(StudentError, ValueError):
            found = repacked(drawn) if isinstance(drawn := self._ask(Picture(axes._reference())), bytes) else b""
        del self.transcript[before:]  # the reference's has no such request
        return found

    def once(self, what: Hashable, make: Callable[[], T]) -> T:
        """What `make()` gives, made once for all tests of the task that run in one process.

        `what` names it, for example a function and its arguments. What is made must be data, such as that of a figure:
        drawing takes longer than most tests, and several may look at the same one. Its entries are in each transcript.
        """
        if what in self._known:
            found, entries = self._known[what]
            for entry in entries:
                self._note(entry)
            return cast(T, found)
        before = len(self.transcript)
        made = make()
        self._known[what] = made, tuple(self.transcript[before:])
        return made

    @contextlib.contextmanager
    def raises(self, kind: str) -> Iterator[None]:
        """Expect the student's code to raise `kind` (the name of a built-in exception)."""
        try:
            yield
        except StudentError as error:
            if error.kind != kind:
                raise
        else:
            raise AssertionError(f"expected {kind}, nothing was raised")

    def _call(self, request: Callable[[Any, Any], Request], args: tuple[object, ...], kwargs: dict[str, object]) -> Any:
        """Ask for a call with these arguments; `request` takes them as wire data."""
        message = request(encode(args, self._refer), encode(kwargs, self._refer))
        return self._ask(message, [*args, *kwargs.values()])

    def _ask(self, request: Request, given: Iterable[object] = ()) -> Any:
        """The value that a request asks for; `given` are our values in it. Raises StudentError, Missing, Died."""
        self._prepare(request)
        self._written.update(_NAME.findall(getattr(request, "source", "")))
        reply, asked = self._reply(lambda: self._channel.request(request, self._on_callback))
        return self._take(request, reply, given, asked)

    def _prepare(self, request: Request) -> None:
        if self._at_first is not None and not isinstance(request, Value | Has):
            prepare, self._at_first = self._at_first, None
            prepare()

    def _reply(self, ask: Callable[[], T]) -> tuple[T, bool]:
        """What `ask()` gives, and whether a function of the test was called meanwhile. Raises what that raised."""
        before, self._asked = self._asked, False
        reply = ask()
        asked, self._asked = self._asked, before or self._asked
        if self._pending is not None:
            pending, self._pending = self._pending, None
            raise pending
        return reply, asked

    def _take(self, request: Request, reply: Reply, given: Iterable[object], asked: bool) -> Any:
        """The value in a reply, kept in the transcript. Raises StudentError, Missing, Died."""
        verb, name = str(request.__struct_config__.tag), getattr(request, "name", "")
        match reply:
            case Returned():
                return self._returned(verb, name, reply.value, given, asked)
            case NoSuchName(near=near):
                self._note(Entry(verb, name, "missing"))
                name = reply.name if reply.name in self._written else name  # in an expression of the test
                raise Missing(name, near if near.isidentifier() and len(near) < 60 else "")
            case Raised():
                kind, message, line, place = (
                    plain_text(text, MESSAGE_LIMIT) for text in (reply.kind, reply.message, reply.line, reply.place)
                )
                self._note(Entry(verb, name, kind, asked=asked, message=message, line=line))
                raise StudentError(kind, message, line, reply.lineno, place, own_words=reply.own)

    def _returned(self, verb: str, name: str, data: object, given: Iterable[object], asked: bool) -> Any:
        """The value that came back as wire data, charged to the budget and kept in the transcript."""
        try:
            value = decode(data, self._resolve)
        except WireError as error:
            raise Died(f"the process answered in a way that cannot be read: {error}") from None
        self.budget.charge(size := size_of(value))
        dimensions = set().union(*map(dimensions_in, given))
        self._keep(Entry(verb, name, "value", value, tuple(sorted(dimensions)), asked), size)
        return value

    def _keep(self, entry: Entry, size: int) -> None:
        """Add an answer to the transcript while there is room: 40 tests with large answers would fill the memory."""
        if self._aside:
            return
        if size > self._room:
            entry = msgspec.structs.replace(entry, value=TOO_LARGE)
        else:
            self._room -= size
            self.budget.transcript_bytes_left -= size
        self._note(entry)

    def _note(self, entry: Entry) -> None:
        if not self._aside:
            self.transcript.append(entry)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Keep requests made in this context out of the transcript: they are not part of the test."""
        self._aside += 1
        try:
            yield
        finally:
            self._aside -= 1

    def at_first(self, prepare: Callable[[], None]) -> None:
        """Call `prepare()` before the first request that does more than read a global."""
        self._at_first = prepare

    def answering(self, answer: Callable[..., Any]) -> _Callback:
        """`answer` as a callback to pass to the far side that does not count as a function of the test."""
        self._callbacks.append(answer)
        self._ours.add(len(self._callbacks) - 1)
        return _Callback(len(self._callbacks) - 1)

    def _refer(self, value: object) -> Reference:
        if isinstance(value, _Callback):
            return {"t": "callback", "id": value.number}
        if isinstance(value, Handle):
            return value._reference()
        if isinstance(value, Inline):
            self._inline.append(value)
            names = encode(value.names, self._refer)
            return {"t": "inline", "v": value.source, "parameters": value.parameters, "names": names}
        if callable(value):
            self._callbacks.append(value)
            return {"t": "callback", "id": len(self._callbacks) - 1}
        raise TypeError(f"a {type(value).__name__} cannot be handed to a submission")

    def _resolve(self, reference: Reference) -> Any:
        if reference["t"] != "handle":
            # A test's function sent back would be compared with itself. Honest code never sends one: on the far side
            # it is an ordinary object of the student's process, so it comes back as a handle.
            raise WireError("a callback is not the student's to give")
        type_name = self._shown_type(plain_text(reference.get("type"), 80)) or "object"
        return Handle(self, reference["id"], type_name, reference.get("callable") is True)

    def _on_callback(self, call: Callback) -> Answer:
        """Answer one callback. The test's own assertions are re-raised in the test; plain errors go to the student."""
        if self._pending is not None:
            return Broken("", "the call was broken off")
        self._calls_left -= 1
        try:
            if self._calls_left < 0:
                raise AssertionError(f"the function was called back more than {CALLBACK_BUDGET} times")
            if not 0 <= call.id < len(self._callbacks):
                raise WireError("a callback that was never given")
            args = decode(call.args, self._resolve)
            kwargs = {} if call.kwargs is None else decode(call.kwargs, self._resolve)
            if type(args) is not tuple or type(kwargs) is not dict or not all(type(key) is str for key in kwargs):
                raise WireError("malformed arguments")
            self.budget.charge(size := size_of((args, kwargs)))
            if size > CALL_BYTES:
                raise OverBudget("bytes")
            self._asked = self._asked or call.id not in self._ours
            answer = self._callbacks[call.id](*modest(args), **modest(kwargs))
            self.budget.charge(size_of(answer))
            return Answered(encode(answer, self._refer))
        except MemoryError:
            self.budget.memory_ran_out = True
            raise OverBudget("memory") from None
        except Exception as error:
            if type(error).__name__ in _PLAIN_KINDS:
                return Broken(type(error).__name__, str(error)[:MESSAGE_LIMIT])
            self._pending = error
            return Broken("", "the call was broken off")


def functions_passed_to(student: Student) -> list[Callable[..., Any]]:
    """The functions that a test has passed to a submission, in order; first those that were called back."""
    return [*student._callbacks, *student._inline]


class _Callback:
    """A callback that already has a number."""

    def __init__(self, number: int) -> None:
        self.number = number
