"""The messages between a class's grading (`pool`) and its workers (`worker`)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec
from msgspec.msgpack import Decoder

from grader.results import Level, Report
from grader.testing.budget import SECONDS, WAITING_SECONDS

NAME_BYTES, LEFT_BYTES = 200, 20  # the sizes, in a file, of the current test's name and of the seconds left before it


class Graded(msgspec.Struct, frozen=True):
    """A worker's result for one submission: the report, and whether it is final."""

    report: Report
    slow: bool = False  # a wall limit, or the end of its lane, cost it a test: it is regraded alone
    cpu_seconds_left: float | None = None  # for all its processes in the regrade; the full limit if None
    seconds_left: float = SECONDS  # of CPU time and waiting, for the regrade
    worn: bool = False  # the worker failed, ran out of memory or uses too much, and grades nothing else
    gave_up: tuple[str, ...] = ()  # tests in which our own computing ended only when the worker was killed

    @property
    def again(self) -> bool:
        """Whether it must be regraded alone."""
        return self.slow or self.report.our_fault


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
