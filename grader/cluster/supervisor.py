"""What runs in a Dask worker: it keeps units in a private folder, and grading processes that grade them.

Student code never runs in this process, exactly as in the driver of a local run:
each submission is graded by a process of `grader.grading.pool`, in its lane.

The folder is removed when the driver says so, when a driver that was killed has not been heard of for a while, when
this process ends, and, by a small process that waits for its end, even when it is killed. A folder
that outlives all of them, as in a job whose whole group is killed, is removed by the next lane on that machine
(`remove_left_lanes`).
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.cluster import bundle, orders, software
from grader.course import manifest
from grader.errors import GraderError
from grader.files import scratch_prefix
from grader.grading.messages import Graded
from grader.grading.pool import Worker, grade_once, regrade_alone
from grader.jail.folders import remove_left_lanes
from grader.jail.self_test import probe
from grader.results import Level

_WAIT_FOR_THE_END = "import shutil, sys; sys.stdin.buffer.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"
_TICK_SECONDS = 0.5


def carry_out(order: bytes) -> bytes:
    """Decode an order, carry it out in this process, and encode the answer."""
    answer = _carry_out(orders.TO_SUPERVISOR.decode(order))
    return msgspec.msgpack.encode(answer)


def _carry_out(order: orders.Order) -> orders.Answer:
    here = _supervisor()
    if isinstance(order, orders.Introduce):
        return here.introduce(order.level)
    if order.token != here.token:
        return orders.WrongProcess()
    try:
        if isinstance(order, orders.Install):
            here.install(order.bundle, order.digest, order.seconds)
        elif isinstance(order, orders.KeepLonger):
            here.use()
        elif isinstance(order, orders.Forget):
            here.remove(order.digest)
        else:
            return here.grade(order)
    except (GraderError, OSError) as error:
        return orders.Failed(str(error))
    return orders.CarriedOut()


class _Unit:
    """A unit in the private folder, and its idle grading processes."""

    def __init__(self, root: Path, course: manifest.Course, unit_id: str, seconds: float) -> None:
        self.root, self.course, self.id, self.seconds = root, course, unit_id, seconds
        self.release = bundle.released_in(root, course.unit(unit_id))
        self.idle: list[Worker] = []
        self.busy = 0
        self.used = time.monotonic()

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()
        shutil.rmtree(self.root, ignore_errors=True)


class Supervisor:
    """The units and the grading processes of this Dask worker. Used by several threads."""

    def __init__(self) -> None:
        remove_left_lanes()
        self.token = secrets.token_hex(8)
        self._folder = Path(tempfile.mkdtemp(prefix=f"{scratch_prefix()}{os.getpid()}-cluster-"))  # mode 0700
        self._janitor = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            [sys.executable, "-I", "-S", "-c", _WAIT_FOR_THE_END, str(self._folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # what ends this process's group leaves it alone
        )
        self._units: dict[str, _Unit] = {}
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        atexit.register(self.close)
        threading.Thread(target=self._forget_what_is_idle, daemon=True).start()

    def introduce(self, wanted: str) -> orders.Introduction:
        """What this process is, and the level that holds here. Takes seconds."""
        level, reasons = probe((Level(wanted),)) if wanted else probe()
        return orders.Introduction(self.token, software.installed(), level, reasons)

    def install(self, content: bytes, digest: str, seconds: float) -> None:
        """Unpack a unit, unless it is here. Raises GraderError, OSError."""
        with self._lock:
            if digest in self._units:
                return
            root = self._folder / f"{digest[:16]}-{next(self._numbers)}"
            root.mkdir(mode=0o700)
            bundle.unpack(content, root)
            unit_id = (root / bundle.UNIT).read_text(encoding="utf-8")
            self._units[digest] = _Unit(root, manifest.load(root), unit_id, seconds)

    def use(self) -> None:
        """Keep all units longer."""
        with self._lock:
            for unit in self._units.values():
                unit.used = time.monotonic()

    def remove(self, digest: str) -> None:
        """Forget a unit; its folder goes with the last submission that is being graded."""
        with self._lock:
            unit = self._units.pop(digest, None)
            over = unit is not None and not unit.busy
        if unit is not None and over:
            unit.close()

    def close(self) -> None:
        """Forget everything, and remove the folder."""
        for digest in list(self._units):
            self.remove(digest)
        if self._janitor.stdin is not None:
            self._janitor.stdin.close()
        self._janitor.wait()

    def grade(self, order: orders.GradeGroup) -> orders.Answer:
        """Grade some submissions of one unit, one after another. Raises GraderError if the unit cannot be graded."""
        with self._borrowed(order.digest) as unit:
            if unit is None:
                return orders.NoSuchUnit()
            return orders.GroupGraded([self._grade(unit, order.level, piece) for piece in order.pieces])

    @contextlib.contextmanager
    def _borrowed(self, digest: str) -> Iterator[_Unit | None]:
        with self._lock:
            unit = self._units.get(digest)
            if unit is not None:
                unit.busy += 1
        try:
            yield unit
        finally:
            over = False
            with self._lock:
                if unit is not None:
                    unit.busy -= 1
                    unit.used = time.monotonic()
                    over = not unit.busy and self._units.get(digest) is not unit  # removed meanwhile
            if unit is not None and over:
                unit.close()

    def _grade(self, unit: _Unit, level: Level, piece: orders.ToGrade) -> Graded:
        def fresh() -> Worker:
            worker = Worker(unit.course)
            worker.enter(level)
            return worker

        with self._lock:
            worker = unit.idle.pop() if unit.idle else None
        worker = worker or fresh()
        place = self._folder / f"submission-{next(self._numbers)}"
        what = (unit.id, piece.student, place / unit.course.unit(unit.id).notebook_name, unit.release)
        try:
            bundle.write_submission_folder(piece.files, place)
            graded = piece.before
            if graded is None:
                worker, graded = grade_once(worker, fresh, *what)
            if piece.alone:
                worker, report = regrade_alone(worker, fresh, graded, *what)
                graded = Graded(report)
        finally:
            shutil.rmtree(place, ignore_errors=True)
            with self._lock:
                if worker.alive():
                    unit.idle.append(worker)
        return graded

    def _forget_what_is_idle(self) -> None:
        """Remove units whose driver has not been heard of for as long as it said."""
        while True:
            time.sleep(_TICK_SECONDS)
            with self._lock:
                now = time.monotonic()
                units = self._units.items()
                old = [digest for digest, unit in units if not unit.busy and now - unit.used > unit.seconds]
            for digest in old:
                self.remove(digest)


_here: list[Supervisor] = []
_making = threading.Lock()


def _supervisor() -> Supervisor:
    with _making:
        if not _here:
            _here.append(Supervisor())
        return _here[0]
