"""The messages of the three conversations that cross into the jail, one section for each.

A message is a struct; in a frame it is a map whose "op" names the struct in lower case. The decoders at the end of a
section read what one side may say: `Frames.receive` turns anything else into a WireError. Fields of type Any hold wire
data (`wire.encode`).
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec
from msgspec.msgpack import Decoder


class _Message(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="op", tag=str.lower):
    pass


# ------------------------------------------------------------------------------- between a lane and its zygote


class Setup(_Message, frozen=True):
    """How the zygote confines itself and its children. `drop_to` is a user id (0: none), `bpf` a seccomp filter.

    `separate_pids` says whether the submission's processes have a pid namespace that only the zygote shares. Unless
    `warm`, nothing is imported for the notebooks.
    """

    drop_to: int
    shared_user: bool
    namespaces: bool
    separate_pids: bool
    landlock: bool
    readable: list[str]
    bpf: bytes
    tmp_mb: int
    warm: bool
    sympy: bool
    imports: tuple[str, ...] = ()


class Ready(_Message, frozen=True):
    """The zygote is warm; `landlock` is the kernel's version of it (0: none)."""

    landlock: int


class Open(_Message, frozen=True):
    """Fork a child for one submission. `files` is the folder with the data that it may read."""

    home: str
    cpu_seconds: int
    cpu_seconds_in_all: float
    memory_mb: int
    processes: int
    files: str = ""


class Started(_Message, frozen=True):
    """The child is there."""


class Refused(_Message, frozen=True):
    """The kernel refused to fork the child."""

    why: str


class Next(_Message, frozen=True):
    """End the process of the last test and let the child fork the next."""


class Forking(_Message, frozen=True):
    """How that went: "forked", "changed", "late" or "gone" (`Jailed.next_process`)."""

    how: str


class Ended(_Message, frozen=True):
    """Ask how the test's process ended, waiting up to `patience` seconds."""

    patience: float


class TestEnd(_Message, frozen=True):
    """The signal that ended it (0: none) and its CPU time; `alone`: the submission's own process is still there."""

    alone: bool
    signal: int
    cpu_seconds: float


class Measure(_Message, frozen=True):
    """Ask how busy the submission has been, and set how much its processes may compute in total."""

    cpu_seconds_in_all: float


class Used(_Message, frozen=True):
    """Seconds of CPU time and of waiting for a CPU, summed over its processes."""

    cpu: float
    queued: float


class Kill(_Message, frozen=True):
    """End everything that the submission started."""


class Killed(_Message, frozen=True):
    """`how` is the limit that had ended it before, or ""; `left` counts the processes that could not be ended."""

    how: str
    left: int
    cpu: float


Order: TypeAlias = Open | Next | Ended | Measure | Kill
ZygoteReply: TypeAlias = Ready | Started | Refused | Forking | TestEnd | Used | Killed
TO_ZYGOTE_FIRST: Decoder[Setup] = Decoder(Setup)
TO_ZYGOTE: Decoder[Order] = Decoder(Order)
FROM_ZYGOTE: Decoder[ZygoteReply] = Decoder(ZygoteReply)

# ------------------------------------------------------------------------ with the submission's own process


class TaskCells(msgspec.Struct, frozen=True, array_like=True):
    """The numbers of a task's first cell and of its check, and the functions and values that it asks for."""

    name: str
    first: int
    check: int
    functions: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


class RunCells(_Message, frozen=True):
    """The cells (number, source) of a submission; `given` are the numbers of our own cells."""

    student: str
    cells: list[tuple[int, str]]
    tasks: list[TaskCells] = []
    given: list[int] = []


class Fork(_Message, frozen=True):
    """Fork a process for tests, with the names as `task` has them; its socket comes with the frame."""

    cpu_seconds: int
    spare_seconds: int
    task: str | None = None
    at_end: bool = False


class Raised(_Message, frozen=True):
    """An exception of the student's: the nearest built-in kind, and the student's own line.

    `own`: whether the message may be shown to the student. Only the near side sets it.
    """

    kind: str = ""
    message: str = ""
    line: str = ""
    lineno: int = 0
    place: str = ""
    seq: int = 0
    own: bool = True


class Cell(_Message, frozen=True):
    """This cell runs next."""

    number: int


class Fact(msgspec.Struct, frozen=True):
    """What happened to a name: for `task` it is "changed" after its check, or written "elsewhere", in `cell`.

    "changed for another task" marks a name that another task asks for and that this one may use. The report comes from
    the student's process, but it only decides what that student reads, and whether tests are rerun.
    """

    task: str
    name: str
    what: str
    cell: int
    callable: bool


Plain: TypeAlias = str | bool | int | float | list[Any] | dict[str, Any]  # wire data without references


class Opened(_Message, frozen=True):
    """All cells have run.

    `errors` are those that raised, with their numbers; `plain` the globals that are strings, or numbers and small
    containers that a task asks for, at the end, and `other_plain`, by task, those that were different at its check
    (None: not plain). `facts` may be forged, so the near side compares them with the notebook
    (`grader.grading.remarks`).
    """

    errors: list[tuple[int, Raised]] = []
    plain: dict[str, Plain] = {}
    other_plain: dict[str, dict[str, Plain | None]] = {}
    facts: list[Fact] = []


NotebookOrder: TypeAlias = RunCells | Fork
NotebookReply: TypeAlias = Cell | Opened
TO_NOTEBOOK: Decoder[NotebookOrder] = Decoder(NotebookOrder)
FROM_NOTEBOOK: Decoder[NotebookReply] = Decoder(NotebookReply)

# ---------------------------------------------------------- between a hidden test and the process that answers it


class _Request(_Message, frozen=True, kw_only=True):
    """`seq` numbers the requests. `begins`: the task of a test that begins here, after others in the same process."""

    seq: int = 0
    begins: str | None = None


class Call(_Request, frozen=True):
    """Call the global `name`."""

    name: str
    args: Any
    kwargs: Any


class Value(_Request, frozen=True):
    """The global `name` itself."""

    name: str


class Has(_Request, frozen=True):
    """Whether there is a global `name`."""

    name: str


class Function(_Request, frozen=True):
    """Compile a function there."""

    source: str
    parameters: str


class Eval(_Request, frozen=True):
    """Evaluate an expression with the student's names and those given."""

    source: str
    names: Any


class Get(_Request, frozen=True):
    """An attribute of an object."""

    handle: Any
    name: str


class Method(_Request, frozen=True):
    """Call a method of an object."""

    handle: Any
    name: str
    args: Any
    kwargs: Any


class Apply(_Request, frozen=True):
    """Call an object."""

    handle: Any
    args: Any
    kwargs: Any


class InTurn(_Request, frozen=True):
    """Make these calls one after another, until one of them raises."""

    calls: list[Call | Apply]


class Items(_Request, frozen=True):
    """The items of an iterable object."""

    handle: Any


class Axes(_Request, frozen=True):
    """What is drawn in matplotlib Axes."""

    handle: Any


class Picture(_Request, frozen=True):
    """What is drawn, as the bytes of an image."""

    handle: Any


class File(_Request, frozen=True):
    """The bytes of a file in the submission's folder."""

    name: str


class Kit(_Request, frozen=True):
    """A function of the kit."""

    name: str


class Returned(_Message, frozen=True):
    """The value that a request asked for."""

    value: Any
    seq: int = 0


class NoSuchName(_Message, frozen=True):
    """The student has no such global; `near` is a similar one, or ""."""

    name: str
    near: str = ""
    seq: int = 0


class Replies(_Message, frozen=True):
    """The replies to calls made in turn; only the last may be an exception, and then there may be fewer of them."""

    replies: list[Returned | NoSuchName | Raised]
    seq: int = 0


class Callback(_Message, frozen=True):
    """The student's code calls a function of the test, which the near side answers before anything else."""

    id: int
    args: Any
    kwargs: Any = None


class Answered(_Message, frozen=True):
    """What the function of the test returned."""

    value: Any


class Broken(_Message, frozen=True):
    """The function of the test raised `kind`; with kind "", the near side broke the call off."""

    kind: str
    message: str


Request: TypeAlias = Call | Value | Has | Function | Eval | Get | Method | Apply | Items | Axes | Picture | File | Kit
Reply: TypeAlias = Returned | NoSuchName | Raised
Answer: TypeAlias = Answered | Broken
TO_TEST: Decoder[Request | InTurn | Answer] = Decoder(Request | InTurn | Answer)
FROM_TEST: Decoder[Reply | Replies | Callback] = Decoder(Reply | Replies | Callback)
