"""The submissions of one unit in the course folder: which grades the ledger has, and what must be written.

Nothing is graded here. `HandedIn` compares what was handed in with the ledger, gives the pool a batch of what is new,
and writes autograded/, reports/ and the gradebook. A run may be killed while it writes: the ledger then says so, and
the next run puts back what was moved aside and writes all of the unit again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from grader import results
from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.course.notebooks import read_ours, read_whole, tasks_added_later
from grader.course.places import edition_in
from grader.errors import GraderError, Interrupted, Unavailable, did_you_mean
from grader.files import Swap, put_back
from grader.grading import verdict
from grader.grading.basis import Basis, basis_of, grade_key, hash_folder, hash_of_submission, hash_of_text
from grader.grading.batch import Batch
from grader.grading.ledger import ALONE_AFTER, PENDING_AFTER, Grade, Ledger
from grader.nbgrader import collection, extensions, students
from grader.nbgrader.autograded import timestamp_of, write_autograded
from grader.nbgrader.changes import Agree, Change, ChangeRefused
from grader.nbgrader.class_reports import ClassReports
from grader.nbgrader.collection import SECRET, STAMP
from grader.nbgrader.copies import ready_to_write
from grader.nbgrader.gradebook import not_on_the_roster, save_class
from grader.nbgrader.gradebook_place import gradebook_file
from grader.nbgrader.gradebook_rows import unit_rows
from grader.printable import one_line
from grader.results import Level, Report


def release_of(folder: Path, unit_id: str) -> Path:
    """The released notebook, which defines the cells of every submission. Raises GraderError."""
    path = CourseFolder(folder).released_notebook(unit_id)
    if not path.is_file():
        raise GraderError(f"{path}: not released yet; run `grader build {unit_id}`")
    return path


class Options(msgspec.Struct, frozen=True):
    """Whom to grade, and what to write. `agree` is asked before grades that stood change (None: it is agreed)."""

    students: tuple[str, ...] = ()  # only these; all if empty
    dry_run: bool = False  # leave gradebook, autograded/ and reports/ as they are
    agree: Agree | None = None


class HandedIn:
    """The submissions of one unit in the course folder. Raises GraderError if they cannot be graded."""

    def __init__(
        self,
        course: manifest.Course,
        unit: manifest.Unit,
        folder: Path,
        options: Options = Options(),  # noqa: B008 - a frozen record
    ) -> None:
        self.unit, self._course, self._folder, self._options = unit, course, folder, options
        self._release = release_of(folder, unit.id)
        check_release(course, unit, self._release)
        _guard(folder, unit.id, options.students)
        self._held = collection.held(folder, unit.id)
        self._layout = CourseFolder(folder)
        there = {student: self._layout.submitted(student, unit.id) for student in collection.submitted(folder, unit.id)}
        self._places = there | {student: self._layout.held(unit.id, student) for student in self._held}
        if not self._places:
            raise GraderError(
                f"{self._layout.all_submitted}: nobody has handed in {unit.id}; run `grader collect {unit.id}`"
            )
        self._everybody = list(self._places)
        for left_out in self._left_out():
            del self._places[left_out]
            there.pop(left_out, None)
            self._held.pop(left_out, None)
        self._stamps = {student: timestamp_of(place) for student, place in self._places.items()}
        aliases = students.read(folder)
        named = {student: students.id_at(aliases, student, self._stamps[student]) for student in there}
        # as the work was made
        self._named = {student: student if old in there else old for student, old in named.items()}
        self._now = {old: student for student, old in self._named.items()}
        self._notebooks = {student: place / unit.notebook_name for student, place in there.items()}
        self._submissions = {student: hash_of_submission(notebook) for student, notebook in self._notebooks.items()}
        self._submissions |= {student: hash_of_text(f"held: {reason}") for student, reason in self._held.items()}
        self._tests_hash = hash_folder(Path(unit.solutions_dir))
        self._bases: dict[Level, Basis] = {}
        self._reports: dict[str, Report] = {}  # that no stored grade holds
        self._known: dict[str, Grade] = {}  # the grades that count, from the ledger

    def _left_out(self) -> list[str]:
        """Students who are not graded now: not on the roster, or not among those asked for. Raises GraderError."""
        wanted = self._options.students or tuple(self._places)
        for student in wanted:
            if student not in self._places:
                meant = did_you_mean(student, self._places, otherwise="Run `grader list` for those who have.")
                raise GraderError(f"{one_line(student)} has not handed in {self.unit.id}. {meant}")
        unknown = not_on_the_roster(self._folder, self._places)
        return sorted({*unknown, *(self._places.keys() - set(wanted))})

    def under_the_current_id(self, report: Report) -> Report:
        """`report` under the student's current id: variants are made from the id that the work was made under."""
        return msgspec.structs.replace(report, student=self._now.get(report.student, report.student))

    @property
    def count(self) -> int:
        """How many submissions get a report."""
        return len(self._places)

    @property
    def graded(self) -> int:
        """How many of them have one so far."""
        return len(self._known.keys() | self._reports.keys())

    def to_grade(self, ledger: Ledger, level: Level | None, *, fresh: bool = False) -> Batch:
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
        batch = [(self._named[student], notebook) for student, notebook in todo]
        return Batch(self.unit.id, batch, self._release, {self._named[student] for student in alone})

    def begin(self, ledger: Ledger, student: str, level: Level, *, alone: bool) -> None:
        """Note that a worker takes up a submission."""
        student = self._now.get(student, student)
        ledger.begin(self.unit.id, student, self._key(student, level), alone=alone)

    def expire(self, ledger: Ledger, student: str, level: Level) -> None:
        """Note that the worker that had a submission in hand is gone."""
        ledger.expire(self._key(self._now.get(student, student), level))

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

    def reports(self, ledger: Ledger) -> ClassReports:
        """The reports that count, by student."""
        added = tasks_added_later(read_whole(self._release))

        def finish(student: str, report: Report) -> Report:
            report = verdict.excused(report, added, self.unit, self._stamps[student])
            return msgspec.structs.replace(report, file_hash=self._submissions[student])

        grades = {student: self._reports.get(student) or self._known[student].id for student in sorted(self._places)}
        open_ones = {student for student in grades if student in self._reports or not self._known[student].final}
        return ClassReports(ledger.path, grades, finish, open_ones)

    def _basis(self, level: Level) -> Basis:
        if level not in self._bases:
            self._bases[level] = basis_of(self._course, self.unit, self._release, level)
        return self._bases[level]

    def _key(self, student: str, level: Level) -> str:
        return grade_key(self._basis(level), student, self._submissions[student])

    # -------------------------------------------------------------------------------------------- writing

    def save(self, ledger: Ledger, reports: ClassReports) -> list[Change]:
        """Write what differs from `reports`, all or nothing: autograded/, reports/, the gradebook.

        Returns the grades that change. Raises Unavailable, and GraderError if they are not agreed to.
        """
        if self._options.dry_run:
            return self._save_rows(reports, then=lambda: None)
        path, unit_id = gradebook_file(self._folder), self.unit.id
        whole = ledger.fact(_writing(unit_id)) == ""
        if not whole:
            self._put_back()
        before = ledger.saved(unit_id)
        stale = [student for student in reports.students if not whole or self._is_stale(student, before)]
        rows = unit_rows(path, unit_id)
        if rows is not None:
            ledger.by_hand(unit_id, rows.by_hand)
        others_right = whole and rows is not None and ledger.fact(_gradebook(unit_id)) == self._digest(rows.digest)
        if others_right and not stale:
            return []
        ready_to_write(self._folder)  # before files are staged: a copy needs room more than they do
        ledger.note_fact(_writing(unit_id), "begun")
        try:
            with Swap() as swap:
                for report in reports.of(stale):
                    self._stage(swap, report)
                written = reports.of(stale) if others_right else reports
                changes = self._save_rows(written, then=swap.put)
        except (ChangeRefused, Interrupted, Unavailable):  # the swap has undone all that it did
            ledger.note_fact(_writing(unit_id), "" if whole else "begun")
            raise
        except OSError as error:
            why = (
                f"{unit_id} could not be written ({error.strerror}); nothing was changed of it, and its grades are kept"
            )
            advice = "Make room, or allow writing there, and run the same command again."
            raise Unavailable(f"{error.filename or self._folder}: {why}. {advice}") from error
        rows = unit_rows(path, unit_id) if others_right or not self._options.students else None
        facts = {_writing(unit_id): "", _gradebook(unit_id): self._digest(rows.digest) if rows else "unknown"}
        ledger.save(unit_id, {student: self._looks(student) for student in stale}, facts)
        return changes

    def _save_rows(self, reports: ClassReports, *, then: Callable[[], None]) -> list[Change]:
        paths = {student: self._layout.report(self.unit.id, student) for student in reports.students}
        last = {student: old for student, path in paths.items() if (old := results.read_last(path)) is not None}
        return save_class(
            self._folder,
            self.unit,
            reports,
            stamps=self._stamps,
            then=then,
            last=last,
            units=self._course.units if self.unit.policies.late_days else (),
            new_work=[
                student for student, old in last.items() if old.file_hash not in ("", self._submissions[student])
            ],
            agree=self._options.agree,
            dry_run=self._options.dry_run,
        )

    def _stage(self, swap: Swap, report: Report) -> None:
        student, unit_id = report.student, self.unit.id
        notebook, target = self._places[student] / self.unit.notebook_name, self._layout.autograded(student, unit_id)
        stamp = self._stamps[student]
        write_autograded(swap.new(target), notebook, self._release, report, stamp=stamp, before=target)
        path = self._layout.report(unit_id, student)
        last = read_report(path)
        if last is not None and not _same(last, report):
            results.write(last, swap.new(self._layout.last_report(unit_id, student)))
        results.write(report, swap.new(path))

    def _put_back(self) -> None:
        """Undo what a run that was killed had begun to write, perhaps for students who are left out of this one."""
        for student in self._everybody:
            put_back(self._layout.autograded(student, self.unit.id))
            put_back(self._layout.report(self.unit.id, student))
            put_back(self._layout.last_report(self.unit.id, student))

    def _is_stale(self, student: str, saved: Mapping[str, tuple[int, str]]) -> bool:
        """Whether the files of a student do not hold the grade that counts, as it was `saved`."""
        return student not in self._known or saved.get(student) != self._looks(student)

    def _looks(self, student: str) -> tuple[int, str]:
        """The grade of a student, and what its files look like now: changed times, sizes, and what was handed in."""
        known = self._known.get(student)
        place, graded = self._places[student], self._layout.autograded(student, self.unit.id)
        looks = [str(self._stamps[student]), collection.small_file(f"{place}/{SECRET}")]
        report = self._layout.report(self.unit.id, student)
        for path in (str(report), *(f"{graded}/{name}" for name in (*self.unit.notebook_names, STAMP, SECRET))):
            try:
                facts = os.lstat(path)
                looks.append(f"{facts.st_ino} {facts.st_size} {facts.st_mtime_ns}")
            except OSError:
                looks.append("missing")
        return known.id if known else 0, hashlib.sha256("\0".join(looks).encode(errors="replace")).hexdigest()

    def _digest(self, rows: str) -> str:
        """What a unit in the gradebook rests on: its rows, the manifest's due date, and the course's configuration."""
        config = self._layout.config
        text = config.read_text(encoding="utf-8", errors="replace") if config.is_file() else ""
        until = extensions.read(self._folder).get(self.unit.id, {})
        return hash_of_text(f"{rows}\0{self.unit.due}\0{self.unit.policies}\0{until}\0{text}")


def read_report(path: Path) -> Report | None:
    """The report in a file; None if there is none that can be read."""
    with contextlib.suppress(OSError, GraderError):
        return results.read(path)
    return None


def _same(report: Report, other: Report) -> bool:
    """Whether two reports are of one grading: what is only written again replaces no last report."""
    return (report.timestamp, report.milliseconds) == (other.timestamp, other.milliseconds)


def _writing(unit_id: str) -> str:
    return f"{unit_id}: writing"


def _gradebook(unit_id: str) -> str:
    return f"{unit_id}: gradebook"


def check_release(course: manifest.Course, unit: manifest.Unit, release: Path) -> None:
    """Raises GraderError if the release has other tasks, points or variants than the manifest says."""
    released = {
        cell["metadata"]["nbgrader"]["grade_id"].removeprefix("test_"): float(cell["metadata"]["nbgrader"]["points"])
        for notebook in sorted(release.parent.glob("*.ipynb"))
        for cell in read_ours(notebook)["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    differ = [
        f"{task.id} has {task.counted:g} points in course/course.toml and "
        + (f"{released[task.id]:g} in the release" if task.id in released else "is not in the release")
        for task in unit.tasks
        if task.counted and released.get(task.id) != task.counted
    ]
    released_for = edition_in(release.parent / "kit")
    if (release.parent / "kit").is_dir() and released_for != course.edition:
        raise GraderError(
            f"{unit.id}: released for edition {released_for!r}, but course/course.toml says {course.edition!r}, which "
            f"gives every student other numbers. Put {released_for!r} back; or, if nobody has begun, run "
            f"`grader build {unit.id}` and release it again."
        )
    if differ:
        raise GraderError(f"{unit.id}: {'; '.join(differ)}. Run `grader build {unit.id}`, which says what changes.")


def _guard(folder: Path, unit_id: str, students: Sequence[str]) -> None:
    try:
        collection.guard(folder, unit_id, students)
    except OSError as error:
        where = f"{folder}: a submission could not be put into the quarantine ({error.strerror})"
        raise Unavailable(f"{where}; nothing was graded. Do you have permission to write there?") from error
