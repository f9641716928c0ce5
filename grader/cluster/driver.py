"""Grade batches on the workers of an existing Dask cluster.

Theory of operation. The driver asks each Dask worker what it is (`staff`), and gives each thread of those that may
grade one group of submissions after another (`work`), as a task that only this worker may run. A worker that lacks the
unit says so, and gets it. All that happens arrives as an event in one queue, and is handled in the thread that called:
no callback runs anywhere else.

A worker that the scheduler no longer lists is gone, and the leases of what it had in hand expire. Dask may run the task
again on a process that took over its address; the order's token does not fit there, so nothing is graded twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import NamedTuple

import distributed
import just_enough_calculus
import msgspec

from grader.cluster import bundle, orders
from grader.cluster.conversation import Conversation, connect
from grader.cluster.staff import Member, Staff
from grader.cluster.work import MAX_LOST, SubmissionIndex, Work
from grader.course import manifest
from grader.errors import GraderError, Unavailable
from grader.grading.batch import Batch, OnBegin, OnLost, OnReport
from grader.grading.messages import Graded
from grader.grading.verdict import fault_report
from grader.results import Level

SILENT_SECONDS = 60.0  # of the scheduler, after which it is taken for dead
KEEP_SECONDS = 120.0  # that a unit stays on a worker when the driver is silent
NOBODY_SECONDS = 120.0  # without any worker, after which the run ends
TOGETHER_SECONDS = 20.0  # that the first worker's level waits to be compared with the others'
LOOK_SECONDS = 1.0  # between two looks at which workers there are
WAITING_GROUPS = 1  # that a worker has besides those that it grades, so that it need not wait for us

News = Callable[[str], None]


class _Lease(NamedTuple):
    """A group of submissions in the hands of a worker."""

    member: Member
    batch: int
    places: list[SubmissionIndex]
    future: distributed.Future


class _TaskEnded(NamedTuple):
    """A task has ended: with an answer, or without one."""

    key: str
    answer: orders.Answer | None


class _Introduced(NamedTuple):
    answers: dict[str, tuple[int, orders.Answer | str]]


class _Listed(NamedTuple):
    """The workers that the scheduler lists, with their threads; None if it does not reply."""

    threads: dict[str, int] | None


class _Installed(NamedTuple):
    """A unit was sent to a worker; `problem` says why it could not be kept there."""

    member: Member
    digest: str
    problem: str


_Event = _TaskEnded | _Introduced | _Listed | _Installed


class Cluster:
    """The workers of the Dask cluster at `address`. Use as a context manager. Raises Unavailable, GraderError."""

    def __init__(
        self,
        address: str,
        *,
        news: News,
        keep_seconds: float = KEEP_SECONDS,
        nobody_seconds: float = NOBODY_SECONDS,
    ) -> None:
        """`news` gets a line for each worker that is refused, with the reason."""
        self.address, self._news = address, news
        self._keep_seconds, self._nobody_seconds = keep_seconds, nobody_seconds
        self._staff = Staff(os.environ.get("GRADER_LEVEL", ""))
        self._client = connect(address)
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._talk = Conversation(self._client)
        self._asking: set[str] = set()  # addresses that are introducing themselves
        self._units: dict[str, bytes] = {}  # the bundles, by digest
        self._looking = False
        self._used = self._heard = time.monotonic()
        self._looked = -LOOK_SECONDS

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Have all workers forget the units, and leave the cluster as it was."""
        with contextlib.suppress(Exception):  # the cluster may be gone
            for digest in self._units:
                told = [(member.address, orders.Forget(member.token, digest)) for member in self.members()]
                self._talk.wait_for(self._talk.tell(told))
        with contextlib.suppress(Exception):
            self._client.close(timeout=5)

    @property
    def level(self) -> Level:
        """The level at which all workers grade; waits until there is one that may. Raises GraderError, Unavailable."""
        until = time.monotonic() + self._nobody_seconds
        if not self._staff.members:
            self._news(f"{self.address}: waiting for workers to say what they are")
        while not self._staff.members:
            if self._staff.refused and not self._asking:
                return self._staff.level
            if time.monotonic() > until:
                raise self._nobody("has no workers")
            self.look()
        return self._staff.level

    def look(self) -> None:
        """See once which workers have come or gone."""
        self._look()
        self._handle_next(None)

    def grade_batches(
        self,
        course: manifest.Course,
        batches: Sequence[Batch],
        *,
        on_report: OnReport,
        on_begin: OnBegin,
        on_lost: OnLost,
    ) -> None:
        """Grade the submissions. Raises GraderError, Unavailable, and whatever a callback raises."""
        packed = [bundle.pack(course, course.unit(batch.unit), batch.release) for batch in batches]
        self._units.update(dict(packed))
        digests = [digest for digest, _ in packed]
        run = _Run(self, course, batches, digests, on_report=on_report, on_begin=on_begin, on_lost=on_lost)
        last_seen = time.monotonic()
        try:
            while not run.work.done:
                self._look()
                run.hand_out()
                self._handle_next(run)
                last_seen = time.monotonic() if self._staff.members else last_seen
                if time.monotonic() - last_seen > self._nobody_seconds:
                    raise self._nobody("has lost all its workers")
        finally:
            run.cancel()

    def _nobody(self, what: str) -> Unavailable:
        lines = "".join(f"\n  refused: {line}" for line in self._staff.reasons())
        kept = "What is graded is kept: start workers (docs/scaling.md) and run the same command again."
        return Unavailable(f"{self.address}: the cluster {what}. {kept}{lines}")

    # -------------------------------------------------------------------------------------------- events

    def _handle_next(self, run: _Run | None) -> None:
        """Wait a moment for an event, and handle all that have come."""
        with contextlib.suppress(queue.Empty):
            self._handle(self._events.get(timeout=0.2), run)
            while True:
                self._handle(self._events.get_nowait(), run)

    def _handle(self, event: _Event, run: _Run | None) -> None:
        if isinstance(event, _Introduced):
            self._asking -= event.answers.keys()
            for line in self._staff.admit(event.answers):
                self._news(f"refused: {line}")
        elif isinstance(event, _Listed):
            self._listed(event.threads, run)
        elif run is None:
            return
        elif isinstance(event, _Installed):
            run.installed(event)
        elif self._client.status != "running":
            raise self._nobody("is gone: the connection to its scheduler was lost")
        else:
            run.back(event)

    def _look(self) -> None:
        """Now and then: see which workers there are, and renew the leases of the units."""
        now = time.monotonic()
        if self._client.status != "running" or now - self._heard > SILENT_SECONDS:
            raise self._nobody("is gone: its scheduler does not reply")
        if not self._looking and now - self._looked > LOOK_SECONDS:
            self._looked, self._looking = now, True
            self._talk.start(self._list())
        if now - self._used > self._keep_seconds / 4:
            self._used = now
            kept = [(member.address, orders.KeepLonger(member.token)) for member in self.members()]
            self._talk.start(self._talk.tell(kept))

    async def _list(self) -> None:
        self._events.put(_Listed(await self._talk.threads()))

    def _listed(self, threads: dict[str, int] | None, run: _Run | None) -> None:
        self._looking = False
        if threads is None:
            return
        self._heard = time.monotonic()
        for member in self._staff.gone(list(threads)):
            if run is not None:
                run.gone(member)
        known = self._staff.members.keys() | self._staff.refused.keys() | self._asking
        if new := {address: slots for address, slots in threads.items() if address not in known}:
            self._asking |= new.keys()
            self._talk.start(self._introduce(new))

    async def _introduce(self, new: dict[str, int]) -> None:
        """Ask each new worker what it is. The first answers are told together, because the best level counts."""
        order = orders.Introduce(self._staff.wanted)
        asked = {asyncio.ensure_future(self._talk.ask(order, [address])): address for address in new}
        waiting = set(asked)
        while waiting:
            replied, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if waiting and not self._staff.members:
                others, waiting = await asyncio.wait(waiting, timeout=TOGETHER_SECONDS)
                replied |= others
            told = {asked[ask]: ask.result()[asked[ask]] for ask in replied}
            self._events.put(_Introduced({at: (new[at], answer) for at, answer in told.items()}))

    def install(self, member: Member, digest: str) -> None:
        """Send a unit to a worker; an event tells when it is there."""
        self._talk.start(self._install(member, digest))

    async def _install(self, member: Member, digest: str) -> None:
        order = orders.Install(member.token, self._units[digest], digest, self._keep_seconds)
        answer = (await self._talk.ask(order, [member.address]))[member.address]
        said = answer if isinstance(answer, str) else answer.says if isinstance(answer, orders.Failed) else ""
        self._events.put(_Installed(member, digest, said))

    def send(self, member: Member, order: orders.GradeGroup) -> distributed.Future:
        """Have a worker grade a group; an event brings the answer."""
        encoded = msgspec.msgpack.encode(order)
        function = just_enough_calculus.on_worker
        future = self._client.submit(function, encoded, workers=[member.address], pure=False, retries=0)
        future.add_done_callback(lambda done: self._talk.start(self._collect(done)))
        return future

    async def _collect(self, future: distributed.Future) -> None:
        answer = await self._talk.result(future)
        self._events.put(_TaskEnded(future.key, None if isinstance(answer, str) else answer))

    def withdraw(self, futures: list[distributed.Future]) -> None:
        """Cancel tasks."""
        self._client.cancel(futures)

    def members(self) -> list[Member]:
        """The workers that may grade."""
        return list(self._staff.members.values())

    def dismiss(self, member: Member) -> None:
        """Forget a worker; if it is there, it is asked again what it is."""
        if self._staff.members.get(member.address) is member:
            del self._staff.members[member.address]


class _Run:
    """The grading of some batches: who has what in hand."""

    def __init__(
        self,
        cluster: Cluster,
        course: manifest.Course,
        batches: Sequence[Batch],
        digests: list[str],
        *,
        on_report: OnReport,
        on_begin: OnBegin,
        on_lost: OnLost,
    ) -> None:
        self.work = Work(batches)
        self._cluster, self._course, self._batches, self._digests = cluster, course, batches, digests
        self._on_report, self._on_begin, self._on_lost = on_report, on_begin, on_lost
        self._leases: dict[str, _Lease] = {}
        self._last: dict[str, int] = {}  # by token, the batch that a worker was on
        self._installing: set[str] = set()  # tokens
        self._there: set[tuple[str, int]] = set()  # token, batch: whose unit was sent to the worker

    def hand_out(self) -> None:
        """Keep each worker supplied with groups; at the end, one submission at a time on each host."""
        members = [member for member in self._cluster.members() if member.token not in self._installing]
        slots = sum(member.slots for member in members)
        waiting = WAITING_GROUPS if self.work.is_plenty(slots) else 0
        for member in members:
            enough = member.slots + waiting
            while member.in_hand < enough and (places := self.work.take(self._last.get(member.token), slots)):
                if not self._give(member, places, alone=False):
                    break
        busy = {member.host for member in members if member.in_hand}
        for member in members:
            if member.host not in busy and (place := self.work.take_alone()):
                busy.add(member.host)
                self._give(member, [place], alone=True)

    def _give(self, member: Member, places: list[SubmissionIndex], *, alone: bool) -> bool:
        """Give a group to a worker, or first the unit if it is not there; returns whether the group was given."""
        at = places[0].batch
        if (member.token, at) not in self._there:
            self._send_unit(member, at, places)
            return False
        batch, pieces = self._batches[at], []
        ours = self._course.unit(batch.unit).notebook_names
        for place in places:
            student, notebook = batch.submissions[place.number]
            files = bundle.read_submission_folder(notebook, ours)
            pieces.append(orders.ToGrade(student, files, alone, self.work.before.get(place)))
            self._on_begin(batch.unit, student, self._cluster.level, alone)
        order = orders.GradeGroup(member.token, self._digests[at], self._cluster.level, pieces)
        future = self._cluster.send(member, order)
        member.in_hand += 1
        self._last[member.token] = at
        self._leases[future.key] = _Lease(member, at, places, future)
        return True

    def _send_unit(self, member: Member, batch: int, not_begun: list[SubmissionIndex]) -> None:
        for place in reversed(not_begun):
            self.work.not_begun(place)
        if member.token not in self._installing:
            self._installing.add(member.token)
            self._there.add((member.token, batch))
            self._cluster.install(member, self._digests[batch])

    def back(self, event: _TaskEnded) -> None:
        """Handle the end of a task. Raises GraderError if the unit cannot be graded."""
        lease = self._leases.pop(event.key, None)
        if lease is None:  # given up before
            return
        lease.member.in_hand -= 1
        answer = event.answer
        if isinstance(answer, orders.GroupGraded) and self._fits(answer.graded, lease):
            for place, graded in zip(lease.places, answer.graded, strict=True):
                if self.work.graded(place, graded):
                    self._on_report(graded.report)
        elif isinstance(answer, orders.NoSuchUnit):
            self._send_unit(lease.member, lease.batch, lease.places)
        elif isinstance(answer, orders.Failed):
            raise GraderError(f"{lease.member.address}: {answer.says}")
        else:
            self._cluster.dismiss(lease.member)
            self._lost(lease)
            self.gone(lease.member)

    def _fits(self, graded: list[Graded], lease: _Lease) -> bool:
        """Whether the results are those of the submissions that were given."""
        batch = self._batches[lease.batch]
        expected = [(batch.unit, batch.submissions[place.number][0]) for place in lease.places]
        return [(result.report.unit, result.report.student) for result in graded] == expected

    def installed(self, event: _Installed) -> None:
        """A unit has arrived at a worker, or could not be kept there."""
        self._installing.discard(event.member.token)
        if event.problem:
            self._cluster.dismiss(event.member)

    def gone(self, member: Member) -> None:
        """The leases of a worker that is gone expire."""
        for key in [key for key, lease in self._leases.items() if lease.member is member]:
            self._lost(self._leases.pop(key))

    def _lost(self, lease: _Lease) -> None:
        lease.future.cancel()
        batch = self._batches[lease.batch]
        for place in lease.places:
            student = batch.submissions[place.number][0]
            self._on_lost(batch.unit, student)
            if self.work.lost(place):
                why = f"{MAX_LOST} workers of the cluster were lost while they graded this"
                self._on_report(fault_report(self._course.unit(batch.unit), student, why))

    def cancel(self) -> None:
        """Take back what is in hand."""
        with contextlib.suppress(Exception):
            self._cluster.withdraw([lease.future for lease in self._leases.values()])
