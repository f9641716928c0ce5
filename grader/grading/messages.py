"""The messages between a class's grading (`pool`) and its workers (`worker`)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from msgspec.msgpack import Decoder

from grader.grading.verdict import Graded
from grader.results import Level
from grader.testing.budget import SECONDS, WAITING_SECONDS


class _Message(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="op", tag=str.lower):
    pass


class Enter(_Message, frozen=True):
    """Start a lane of this level; sent once, first."""

    level: Level


class TakeUp(_Message, frozen=True):
    """Load a unit, and grade its submissions until the next such order. `release` is its released notebook."""

    unit: str
    release: str


class Order(_Message, frozen=True):
    """Grade one submission. The fields with defaults are set when it is regraded alone."""

    student: str
    notebook: str
    release: str
    waiting_seconds: float = WAITING_SECONDS
    cpu_seconds_left: float | None = None
    seconds_left: float = SECONDS
    gave_up: tuple[str, ...] = ()


class UnitReady(_Message, frozen=True):
    """The unit is loaded, and the reference passes its hidden tests."""


class Fault(_Message, frozen=True):
    """The unit cannot be graded."""

    says: str


class Done(_Message, frozen=True):
    """The result for a submission."""

    graded: Graded


WorkerOrder: TypeAlias = Enter | TakeUp | Order
WorkerReply: TypeAlias = UnitReady | Fault | Done
TO_WORKER: Decoder[WorkerOrder] = Decoder(WorkerOrder)
FROM_WORKER: Decoder[WorkerReply] = Decoder(WorkerReply)
