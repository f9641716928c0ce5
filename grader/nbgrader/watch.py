"""`grader watch`: collect, grade and release feedback as students hand in.

Theory of operation. A look compares the newest submission of each student in the exchange with what was collected, and
what was collected with what was fed back. Whatever differs is done in batches: collected by nbgrader after our guard,
graded, written, and its feedback put into the exchange. The time beside a feedback page is written last, so after a
kill at any instant the next look finds what is left. Everything else that must survive is in the ledger.

A grade that would change for the same work, because a hidden test has, stays as it is: `grader grade` asks a person.

One watcher at a time holds the folder's watch lock; each batch waits for the turn, so people's commands work beside it.
A few submissions are graded by a worker that is kept warm, more of them by one worker for each core.
"""

from __future__ import annotations

import contextlib
import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError, Interrupted, Unavailable
from grader.grading.basis import basis_of
from grader.grading.ledger import Ledger
from grader.grading.turn import turn
from grader.grading.warm import close_warm, keep_warm
from grader.nbgrader import class_grading, collection
from grader.nbgrader.apps import collect_unit, warm_up
from grader.nbgrader.autograded import timestamp_of
from grader.nbgrader.changes import Change, ChangeRefused
from grader.nbgrader.collection import STAMP, small_file
from grader.nbgrader.feedback_facts import page_of
from grader.nbgrader.gradebook import not_on_the_roster
from grader.nbgrader.handed_in import Options, read_report, release_of
from grader.nbgrader.inbound import Exchange, HandIn, released_stamp
from grader.nbgrader.watch_signals import Signals, log
from grader.printable import one_line
from grader.results import Level, Report

AT_ONCE = 50  # submissions in one batch: a stop waits for the batch in hand
BY_THE_WARM_WORKER = 4  # submissions, for which starting other workers would take longer
AGAIN_SECONDS = 30.0  # after an error


class Watch:
    """Watches the exchange for some units of a course folder. Raises GraderError if it cannot."""

    def __init__(
        self, root: Path, unit_ids: Sequence[str], folder: Path, signals: Signals, *, any_owner: bool = False
    ) -> None:
        self._root, self._unit_ids, self._folder, self._signals = root, list(unit_ids), folder, signals
        self._any_owner, self._layout = any_owner, CourseFolder(folder)
        self._exchange = Exchange(folder)
        self._basis = self._basis_now()
        self._done: dict[tuple[str, str], str] = {}  # (unit, student): the folder in the exchange that is dealt with
        self._left_standing = defaultdict[str, set[str]](set)  # by unit: who waits for a person, as logged
        self._logged: set[str] = set()  # folders in the exchange of which the log says that they are passed over
        self._waits_for = ""  # whose turn it is, as it was last logged
        self._not_before: dict[tuple[str, str], float] = {}  # when to look at a student again, on the monotonic clock

    def _basis_now(self) -> list[str]:
        """What grades rest on, as hashes. The course is read again as well."""
        self._course = manifest.load(self._root)
        units = [self._course.unit(unit_id) for unit_id in self._unit_ids]
        return [basis_of(self._course, unit, release_of(self._folder, unit.id), Level.L0).hash for unit in units]

    def run(self, stopped: Callable[[], bool], *, every: float) -> None:
        """Look again and again until `stopped()`. Raises Interrupted."""
        try:
            self._warm_up()
            while not stopped():
                busy = [self.look(unit_id) for unit_id in self._unit_ids if not stopped()]
                if not any(busy) and not stopped():
                    time.sleep(every)
        finally:
            close_warm()

    def _warm_up(self) -> None:
        """Start what the first submission would have to wait for: a worker with its lane, and nbgrader's imports."""
        first = self._unit_ids[0]
        with contextlib.suppress(GraderError):  # a unit that cannot be graded is named when there is work to grade
            worker = keep_warm(self._course)
            warm_up()  # each collection is a fork of this process; the worker starts meanwhile
            worker.take_up(first, release_of(self._folder, first))
        warm_up()

    def look(self, unit_id: str) -> bool:
        """Deal with one batch of what is new in a unit. False if nothing is."""
        new = sorted(self._new(unit_id))
        self._signals.alive()
        self._signals.set("grader_watch_waiting", len(new), unit=unit_id)
        if not new:
            return False
        with contextlib.ExitStack() as in_turn:
            try:
                in_turn.enter_context(turn(self._folder, f"grading {unit_id} as students hand in"))
            except Unavailable as error:
                if str(error) != self._waits_for:
                    log("waiting", says=str(error))
                self._waits_for = str(error)
                return False
            self._waits_for = ""
            self._deal_with(unit_id, new[:AT_ONCE])
        return True

    # -------------------------------------------------------------------------------------------- what is new

    def _new(self, unit_id: str) -> Iterator[str]:
        """The students with work to collect, or with collected work whose feedback is not released."""
        there = self._newest(unit_id)
        allowed = self._allowed(unit_id)
        for student in {*there, *collection.submitted(self._folder, unit_id)}:
            key, found = (unit_id, student), there.get(student)
            if self._done.get(key) == (found.name if found else "") or time.monotonic() < self._not_before.get(key, 0):
                continue
            place = self._layout.submitted(student, unit_id)
            stamp, collected = small_file(place / STAMP).strip(), timestamp_of(place)
            if stamp and stamp != released_stamp(self._folder, unit_id, student):
                yield student
            elif found is None or (found.stamp and collected and found.stamp <= collected):
                self._done[key] = found.name if found else ""
            elif self._exchange.is_whole(found) and allowed(student, found):
                yield student

    def _newest(self, unit_id: str) -> dict[str, HandIn]:
        """Each student's newest submission. Folders that collection would refuse are logged once."""
        there = self._exchange.newest(unit_id, any_owner=self._any_owner)
        for name in self._exchange.passed_over.keys() - self._logged:
            log("passed over", unit=unit_id, folder=one_line(name), says=self._exchange.passed_over[name])
        self._logged |= self._exchange.passed_over.keys()
        return there

    def _allowed(self, unit_id: str) -> Callable[[str, HandIn], bool]:
        """Whether a student may have another attempt now, by the policies of the manifest."""
        rules = self._course.unit(unit_id).policies

        @functools.cache
        def given() -> dict[str, tuple[int, str]]:
            with Ledger(self._layout.ledger) as ledger:
                return ledger.attempts(unit_id)

        def allowed(student: str, found: HandIn) -> bool:
            if not rules.attempts and not rules.cooldown_minutes:
                return True
            attempts, last = given().get(student, (0, ""))
            left = rules.next_attempt(attempts, datetime.fromisoformat(last) if last else None, datetime.now(UTC))
            if left is None:
                self._done[unit_id, student] = found.name
                log("attempts used up", unit=unit_id, student=student, attempts=attempts)
            elif left:
                self._not_before[unit_id, student] = time.monotonic() + left.total_seconds()
                log("cooling down", unit=unit_id, student=student, seconds=round(left.total_seconds()))
            return left == timedelta()

        return allowed

    # -------------------------------------------------------------------------------------------- deal with it

    def _deal_with(self, unit_id: str, students: Sequence[str]) -> None:
        """Collect, grade and feed back. What fails is tried again later, each student alone."""
        try:
            self._batch(unit_id, students)
        except Interrupted:
            raise
        except (GraderError, OSError) as error:  # a full disk is an OSError
            says = f"{error.filename or 'the disk'}: {error.strerror}" if isinstance(error, OSError) else str(error)
            self._signals.count("grader_watch_errors_total", unit=unit_id)
            log("error", unit=unit_id, students=len(students), says=says)
            if len(students) > 1 and not isinstance(error, Unavailable | OSError):
                for student in students:
                    self._deal_with(unit_id, [student])
            else:
                self._not_before |= dict.fromkeys(((unit_id, s) for s in students), time.monotonic() + AGAIN_SECONDS)

    def _batch(self, unit_id: str, students: Sequence[str]) -> None:
        there = self._newest(unit_id)
        self._forget_what_has_changed()
        collect_unit(unit_id, self._folder, update=True, any_owner=self._any_owner, students=students)
        collected = set(collection.submitted(self._folder, unit_id)).intersection(students)
        present = collected.union(collection.held(self._folder, unit_id)).intersection(students)
        unknown = not_on_the_roster(self._folder, present)
        if unknown:
            log("not on the roster", unit=unit_id, students=unknown)
        present -= set(unknown)
        if present:
            if len(present) <= BY_THE_WARM_WORKER:
                for student in sorted(collected & present):
                    class_grading.grade_student(self._course, unit_id, student, self._folder)
            for report in self._graded(unit_id, present):
                self._feed_back(report, there.get(report.student))
        for student in students:
            self._done[unit_id, student] = there[student].name if student in there else ""

    def _graded(self, unit_id: str, students: set[str]) -> Iterator[Report]:
        """Grade them; but a grade that would change for the same work stays, because a person must agree to that."""
        standing: set[str] = set()

        def agree(changes: list[Change]) -> bool:
            asked = {change.student for change in changes if change.asked and change.unit == unit_id}
            more = asked.intersection(students) - standing  # of others, only penalties change
            standing.update(more)
            return not more

        while left := tuple(sorted(students - standing)):
            options = Options(students=left, agree=agree)
            with contextlib.suppress(ChangeRefused):
                yield from class_grading.grade_classes(self._course, [unit_id], self._folder, options)[unit_id].reports
                break
        if new := sorted(standing - self._left_standing[unit_id]):
            self._left_standing[unit_id].update(new)
            says = f"would change for the same work; see `grader grade {unit_id} --dry-run`, agree without --dry-run"
            log("left as they stand", unit=unit_id, students=new, says=says)
        for student in sorted(standing):
            if (report := read_report(self._layout.report(unit_id, student))) is not None:
                yield report

    def _forget_what_has_changed(self) -> None:
        """End the warm worker if hidden tests, the manifest or a release have changed since it read them."""
        basis = self._basis_now()
        if basis != self._basis:
            close_warm()
            self._basis = basis

    def _feed_back(self, report: Report, found: HandIn | None) -> None:
        unit = self._course.unit(report.unit)
        page = page_of(self._folder, unit.id, report.student, root=self._root)
        if page is None:
            return
        self._exchange.release(unit, report.student, page, self._folder)
        pending = any(task.points is None for task in report.tasks)
        outcome = "our fault" if report.our_fault else "pending" if pending else "graded"
        self._signals.count("grader_watch_submissions_total", unit=unit.id, outcome=outcome)
        took = (collection.now_in_utc() - found.stamp).total_seconds() if found and found.stamp else 0.0
        self._signals.fed_back(took)
        facts = {"points": report.points, "max_points": report.max_points, "seconds": round(took, 2)}
        log("fed back", unit=unit.id, student=report.student, outcome=outcome, **facts)
