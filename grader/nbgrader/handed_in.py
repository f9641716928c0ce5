"""The submissions of one unit in the course folder: which grades the ledger has, and what must be written.

Nothing is graded here. `HandedIn` compares what was handed in with the ledger, gives the pool a batch of what is new,
and writes autograded/, reports/ and the gradebook. A run may be killed while it writes: the ledger then says so, and
the next run puts back what was moved aside and writes all of the unit again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader import results
from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError, Unavailable
from grader.files import Swap, put_back
from grader.grading import pool, verdict
from grader.grading.basis import Basis, basis_of, hash_of_submission, hash_of_text, key_of
from grader.grading.ledger import ALONE_AFTER, PENDING_AFTER, Grade, Ledger
from grader.grading.worker import hash_folder
from grader.nbgrader import collection
from grader.nbgrader.autograded import timestamp_of, write_autograded
from grader.nbgrader.collection import SECRET, STAMP
from grader.nbgrader.copies import ready_to_write
from grader.nbgrader.gradebook import gradebook_file, not_on_the_roster, save_class
from grader.nbgrader.gradebook_rows import unit_rows
from grader.results import Level, Report


def release_of(folder: Path, unit_id: str) -> Path:
    """The released notebook, which defines the cells of every submission. Raises GraderError."""
    path = CourseFolder(folder).released_notebook(unit_id)
    if not path.is_file():
        raise GraderError(f"{path}: not released yet; run `nbgrader generate_assignment {unit_id}` in {folder}")
    return path


class HandedIn:
    """The submissions of one unit in the course folder. Raises GraderError if they cannot be graded."""

    def __init__(self, course: manifest.Course, unit: manifest.Unit, folder: Path) -> None:
        self.unit, self._course, self._folder = unit, course, folder
        self._release = release_of(folder, unit.id)
        _guard(folder, unit.id)
        self._held = collection.held(folder, unit.id)
        self._layout = CourseFolder(folder)
        there = {student: self._layout.submitted(student, unit.id) for student in collection.submitted(folder, unit.id)}
        self._places = there | {student: self._layout.held(unit.id, student) for student in self._held}
        if not self._places:
            raise GraderError(
                f"{self._layout.all_submitted}: nobody has handed in {unit.id}; run `grader collect {unit.id}`"
            )
        for unknown in not_on_the_roster(folder, self._places):
            del self._places[unknown]
            there.pop(unknown, None)
            self._held.pop(unknown, None)
        self._stamps = {student: timestamp_of(place) for student, place in self._places.items()}
        self._notebooks = {student: place / unit.notebook_name for student, place in there.items()}
        self._submissions = {student: hash_of_submission(notebook) for student, notebook in self._notebooks.items()}
        self._submissions |= {student: hash_of_text(f"held: {reason}") for student, reason in self._held.items()}
        self._tests_hash = hash_folder(Path(unit.solutions_dir))
        self._bases: dict[Level, Basis] = {}
        self._reports: dict[str, Report] = {}  # that no stored grade holds
        self._known: dict[str, Grade] = {}  # the grades that count, from the ledger

    @property
    def count(self) -> int:
        """How many submissions get a report."""
        return len(self._places)

    @property
    def graded(self) -> int:
        """How many of them have one so far."""
        return len(self._known.keys() | self._reports.keys())

    def to_grade(self, ledger: Ledger, level: Level | None, *, fresh: bool = False) -> pool.Batch:
        """The submissions for which the ledger has no grade at this level; all if it is not known, or if `fresh`."""
        latest = ledger.latest(self.unit.id)
        self._known = {}
        if level is not None and not fresh:
            keys = {student: self._key(student, level) for student in self._places}
            self._known = {
                student: latest[student]
                for student, key in keys.items()
                if student in latest and latest[student].key == key and latest[student].final
            }
        lost = {} if fresh or level is None else ledger.lost(self.unit.id)
        alone = set()
        todo = [place for place in self._notebooks.items() if place[0] not in self._known]
        for student, _ in list(todo):
            attempts, on_their_own = lost.get(self._key(student, level or Level.L0), (0, 0))
            if attempts >= ALONE_AFTER:
                alone.add(student)
            if on_their_own >= PENDING_AFTER:
                why = f"{attempts} runs ended while this was graded, {on_their_own} of them with nothing else in hand"
                self._reports[student] = verdict.fault_report(self.unit, student, why)
        todo = [place for place in todo if place[0] not in self._reports]
        return pool.Batch(self.unit.id, todo, self._release, alone)

    def begin(self, ledger: Ledger, student: str, level: Level, *, alone: bool) -> None:
        """Note that a worker takes up a submission."""
        ledger.begin(self.unit.id, student, self._key(student, level), alone=alone)

    def keep(self, ledger: Ledger, report: Report, level: Level) -> None:
        """Store a new grade, given at `level`, unless what it rests on was changed while it was graded."""
        student = report.student
        self._reports[student] = report
        notebook = self._notebooks.get(student)
        if report.tests_hash not in ("", self._tests_hash):
            return
        if notebook is not None and hash_of_submission(notebook) != self._submissions[student]:
            return
        basis, submission = self._basis(level), self._submissions[student]
        self._known[student] = ledger.keep(report, key=self._key(student, level), basis=basis, submission=submission)
        del self._reports[student]

    def keep_held(self, ledger: Ledger, level: Level) -> Iterator[Report]:
        """A new report for each quarantined submission that has none. `level` is that of the class."""
        for student, reason in self._held.items():
            if student not in self._known:
                report = verdict.held_report(self.unit, student, reason, level)
                self.keep(ledger, report, level)
                yield report

    def reports(self, ledger: Ledger) -> list[Report]:
        """The reports that count, by student."""
        return [
            self._reports[student] if student in self._reports else ledger.report(self._known[student].id)
            for student in sorted(self._places)
        ]

    def _basis(self, level: Level) -> Basis:
        if level not in self._bases:
            self._bases[level] = basis_of(self._course, self.unit, self._release, level)
        return self._bases[level]

    def _key(self, student: str, level: Level) -> str:
        return key_of(self._basis(level), student, self._submissions[student])

    # -------------------------------------------------------------------------------------------- writing

    def save(self, ledger: Ledger, reports: Sequence[Report]) -> bool:
        """Write what differs from `reports`, all or nothing: autograded/, reports/, the gradebook.

        Returns whether anything did. Raises Unavailable.
        """
        path, unit_id = gradebook_file(self._folder), self.unit.id
        whole = ledger.fact(_writing(unit_id)) == ""
        if not whole:
            self._put_back()
        before = ledger.saved(unit_id)
        stale = [report for report in reports if not whole or self._is_stale(report.student, before)]
        rows = unit_rows(path, unit_id)
        if rows is not None:
            ledger.by_hand(unit_id, rows.by_hand)
        if whole and not stale and rows is not None and ledger.fact(_gradebook(unit_id)) == self._digest(rows.digest):
            return False
        ready_to_write(self._folder)
        ledger.note_fact(_writing(unit_id), "begun")
        try:
            with Swap() as swap:
                for report in stale:
                    self._stage(swap, report)
                save_class(self._folder, self.unit, reports, stamps=self._stamps, then=swap.put)
        except OSError as error:
            why = f"{unit_id} could not be written ({error.strerror}); nothing was changed of it"
            raise Unavailable(f"{self._folder}: {why}") from error
        rows = unit_rows(path, unit_id)
        facts = {_writing(unit_id): "", _gradebook(unit_id): self._digest(rows.digest) if rows else "unknown"}
        ledger.save(unit_id, {report.student: self._looks(report.student) for report in stale}, facts)
        return True

    def _stage(self, swap: Swap, report: Report) -> None:
        student, unit_id = report.student, self.unit.id
        notebook, target = self._places[student] / self.unit.notebook_name, self._layout.autograded(student, unit_id)
        stamp = self._stamps[student]
        write_autograded(swap.new(target), notebook, self._release, report, stamp=stamp, before=target)
        results.write(report, swap.new(self._layout.report(unit_id, student)))

    def _put_back(self) -> None:
        """Undo what a run that was killed had begun to write."""
        for student in self._places:
            put_back(self._layout.autograded(student, self.unit.id))
            put_back(self._layout.report(self.unit.id, student))

    def _is_stale(self, student: str, saved: Mapping[str, tuple[int, str]]) -> bool:
        """Whether the files of a student do not hold the grade that counts, as it was `saved`."""
        return student not in self._known or saved.get(student) != self._looks(student)

    def _looks(self, student: str) -> tuple[int, str]:
        """The grade of a student, and what its files look like now: changed times, sizes, and what was handed in."""
        known = self._known.get(student)
        place, graded = self._places[student], self._layout.autograded(student, self.unit.id)
        looks = [str(self._stamps[student]), collection.small_file(place / SECRET)]
        report = self._layout.report(self.unit.id, student)
        for path in (report, graded / f"{self.unit.id}.ipynb", graded / STAMP, graded / SECRET):
            try:
                facts = path.lstat()
                looks.append(f"{facts.st_ino} {facts.st_size} {facts.st_mtime_ns}")
            except OSError:
                looks.append("missing")
        return known.id if known else 0, hashlib.sha256("\0".join(looks).encode(errors="replace")).hexdigest()

    def _digest(self, rows: str) -> str:
        """What a unit in the gradebook rests on: its rows, the manifest's due date, and the course's configuration."""
        config = self._layout.config
        text = config.read_text(encoding="utf-8", errors="replace") if config.is_file() else ""
        return hash_of_text(f"{rows}\0{self.unit.due}\0{text}")


def _writing(unit_id: str) -> str:
    return f"{unit_id}: writing"


def _gradebook(unit_id: str) -> str:
    return f"{unit_id}: gradebook"


def _guard(folder: Path, unit_id: str) -> None:
    try:
        collection.guard(folder, unit_id)
    except OSError as error:
        where = f"{folder}: a submission could not be put into the quarantine ({error.strerror})"
        raise Unavailable(f"{where}; nothing was graded. May you write there?") from error
