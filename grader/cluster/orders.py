"""The messages between the driver of a cluster's grading (`driver`) and a Dask worker (`supervisor`).

Dask carries them as bytes. We write and read them with msgspec, so nothing that a student wrote is ever pickled as an
object, and a reply can only be one of the types below.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec
from msgspec.msgpack import Decoder

from grader.grading.messages import Graded
from grader.results import Level


class _Message(msgspec.Struct, frozen=True, tag_field="op", tag=str.lower):
    pass


class Introduce(_Message, frozen=True):
    """Say what you are. `level`: the isolation level that must hold; "" for the best."""

    level: str


class Introduction(_Message, frozen=True):
    """What a Dask worker is. `token` is new for each process, so one that was restarted is not taken for the other."""

    token: str
    software: dict[str, str]  # what must be the same as the driver's: the engine, the kit, Python, the libraries
    level: Level
    reasons: tuple[str, ...]  # why a better level does not hold


class Install(_Message, frozen=True):
    """Keep a unit, for `seconds` after its last use."""

    token: str
    bundle: bytes
    digest: str
    seconds: float


class KeepLonger(_Message, frozen=True):
    """Keep all units longer: their class is still being graded."""

    token: str


class Forget(_Message, frozen=True):
    """Remove a unit and end its processes."""

    token: str
    digest: str


class Sent(msgspec.Struct, frozen=True):
    """An entry of a submitted folder. For anything but a readable file there is only its `kind`."""

    name: bytes
    kind: Literal["file", "too large", "closed", "link", "folder", "special"]
    content: bytes = b""
    size: int = 0


class ToGrade(msgspec.Struct, frozen=True):
    """One submission. `alone`: no other is being graded on this host, so the result is final."""

    student: str
    files: list[Sent]
    alone: bool = False
    before: Graded | None = None


class GradeGroup(_Message, frozen=True):
    """Grade these submissions of one unit."""

    token: str
    digest: str
    level: Level
    pieces: list[ToGrade]


class GroupGraded(_Message, frozen=True):
    """The results, in the order of the pieces."""

    graded: list[Graded]


class CarriedOut(_Message, frozen=True):
    """An order without a result was carried out."""


class NoSuchUnit(_Message, frozen=True):
    """The unit is not here (any more)."""


class WrongProcess(_Message, frozen=True):
    """The order is for another process, whose address this one now has."""


class Failed(_Message, frozen=True):
    """It cannot be done here, and not because of a submission."""

    says: str


Order: TypeAlias = Introduce | Install | KeepLonger | Forget | GradeGroup
Answer: TypeAlias = Introduction | GroupGraded | CarriedOut | NoSuchUnit | WrongProcess | Failed
TO_SUPERVISOR: Decoder[Order] = Decoder(Order)
FROM_SUPERVISOR: Decoder[Answer] = Decoder(Answer)
