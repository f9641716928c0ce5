"""Grade a whole class in an nbgrader course folder.

nbgrader keeps release, exchange, collection, late penalties, manual grading and feedback. We replace only its kernel
execution, by configuration alone: `nbgrader autograde` (and formgrader's button) runs `CanonicalNotebook`,
`IsolatedGrade` and `SaveReport`; `grade_units` is the fast path for a whole class and writes the same rows. Importing
nbgrader takes seconds, so the functions here import it only when called.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader import results
from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.course.notebooks import tasks_added_later
from grader.course.places import edition_in
from grader.errors import GraderError, Interrupted, Unavailable, did_you_mean
from grader.files import Swap, undisturbed
from grader.grading import pool, verdict
from grader.nbgrader import attempts, collection, extensions, setup, students
from grader.nbgrader.autograded import timestamp_of, write_autograded
from grader.nbgrader.changes import Agree, Change
from grader.nbgrader.gradebook import (
    gradebook_file,
    not_on_the_roster,
    save_class,
    wait_for_gradebook,
)
from grader.printable import one_line
from grader.results import Level, Report

# ------------------------------------------------------------------------------------------------ grade a class


def count_submissions(course: manifest.Course, unit_id: str, folder: Path) -> int:
    """How many students have handed in `unit_id`."""
    course.unit(unit_id)
    return len(collection.submitted(folder, unit_id)) + len(collection.held(folder, unit_id))


def release_of(folder: Path, unit_id: str) -> Path:
    """The released notebook, which defines the cells of every submission. Raises GraderError."""
    path = CourseFolder(folder).released_notebook(unit_id)
    if not path.is_file():
        raise GraderError(f"{path}: not released yet; run `grader build {unit_id}`")
    return path


class Options(msgspec.Struct, frozen=True):
    """How to grade a class. `agree` is asked before grades that stood change (None: it is agreed)."""

    workers: int | None = None
    students: tuple[str, ...] = ()  # only these; all if empty
    dry_run: bool = False  # write nothing
    agree: Agree | None = None
    on_report: pool.OnReport | None = None


class GradedClass(msgspec.Struct, frozen=True):
    """The reports of one unit, and the grades that changed (or would have)."""

    reports: list[Report]
    changes: list[Change]


def grade_unit(
    course: manifest.Course,
    unit_id: str,
    folder: Path,
    *,
    workers: int | None = None,
    on_report: pool.OnReport | None = None,
) -> list[Report]:
    """`grade_units` for one unit."""
    return grade_units(course, [unit_id], folder, workers=workers, on_report=on_report)[unit_id]


def grade_units(
    course: manifest.Course,
    unit_ids: Sequence[str],
    folder: Path,
    *,
    workers: int | None = None,
    on_report: pool.OnReport | None = None,
) -> dict[str, list[Report]]:
    """The reports of `grade_classes`, which agrees to every change."""
    graded = grade_classes(course, unit_ids, folder, Options(workers=workers, on_report=on_report))
    return {unit: found.reports for unit, found in graded.items()}


def grade_classes(
    course: manifest.Course, unit_ids: Sequence[str], folder: Path, options: Options
) -> dict[str, GradedClass]:
    """Grade everything in `folder`/submitted/*/<unit>, and write gradebook.db, autograded/ and reports/.

    Submissions in quarantine/, and those that must go there, get a report that leaves the decision to a person.
    Students who are not on the course's roster are left out (`unknown_students` lists them). The gradebook changes at
    the end, in one transaction for each unit; manual scores, extra credit and manual comments stay. Raises GraderError,
    Unavailable (the gradebook stays locked), Interrupted (Ctrl-C; says what was written).
    """
    unit_ids, done = list(dict.fromkeys(unit_ids)), 0
    classes: list[_HandedIn] = []

    def count(report: Report) -> None:
        nonlocal done
        done += 1
        if options.on_report:
            options.on_report(report)

    saved: dict[str, GradedClass] = {}
    try:
        setup.check_format(folder)
        classes += (_HandedIn(course, course.unit(unit_id), folder, options) for unit_id in unit_ids)
        graded = pool.grade_batches(
            course, [handed_in.batch for handed_in in classes], workers=options.workers, on_report=count
        )
        level = next((report.level for reports in graded for report in reports), Level.L0)
        for handed_in, reports in zip(classes, graded, strict=True):
            final = handed_in.final(reports, level, count)
            with undisturbed():
                saved[handed_in.unit.id] = GradedClass(final, handed_in.save(final))
    except KeyboardInterrupt:
        in_all = sum(handed_in.count for handed_in in classes)
        written = [] if options.dry_run else list(saved)
        raise Interrupted(_interrupted(written, unit_ids, done, in_all)) from None
    return saved


def _interrupted(saved: Sequence[str], units: Sequence[str], done: int, in_all: int) -> str:
    """What an interrupted run has written and what it has not."""
    left = [unit for unit in units if unit not in saved]
    if not left:
        return f"interrupted after everything was written: {', '.join(saved)}"
    written = f"Written: {', '.join(saved)}. " if saved else ""
    return (
        f"interrupted. {written}Nothing was written of {', '.join(left)} (gradebook.db, autograded/ and reports/ are "
        f"as they were); {done} of {in_all} submissions had been graded. Run the same command again."
    )


class _HandedIn:
    """The submissions of one unit in the course folder. Raises GraderError if they cannot be graded."""

    def __init__(self, course: manifest.Course, unit: manifest.Unit, folder: Path, options: Options) -> None:
        self.unit, self._course, self._folder, self._options = unit, course, folder, options
        self._release = release_of(folder, unit.id)
        _check_release(course, unit, self._release)
        _guard(folder, unit.id)
        self._held = collection.held(folder, unit.id)
        self._layout = CourseFolder(folder)
        there = {student: self._layout.submitted(student, unit.id) for student in collection.submitted(folder, unit.id)}
        self._places = there | {student: self._layout.held(unit.id, student) for student in self._held}
        if not self._places:
            raise GraderError(
                f"{self._layout.all_submitted}: nobody has handed in {unit.id}; run `grader collect {unit.id}`"
            )
        for left_out in self._left_out():
            del self._places[left_out]
            there.pop(left_out, None)
            self._held.pop(left_out, None)
        self._stamps = {student: timestamp_of(place) for student, place in self._places.items()}
        aliases = students.read(folder)
        self._graded = [  # what is graded: the student, and each folder of theirs, the newest first
            (student, attempt)
            for student, place in there.items()
            for attempt in (place, *attempts.earlier(folder, unit, student, place))
        ]
        notebooks = [
            (students.id_at(aliases, student, timestamp_of(place)), place / unit.notebook_name)
            for student, place in self._graded
        ]
        self.batch = pool.Batch(unit.id, notebooks, self._release)

    def _left_out(self) -> list[str]:
        """Students who are not graded now: not on the roster, or not among those asked for. Raises GraderError."""
        wanted = self._options.students or tuple(self._places)
        for student in wanted:
            if student not in self._places:
                meant = did_you_mean(student, self._places, otherwise="Run `grader list` for those who have.")
                raise GraderError(f"{one_line(student)} has not handed in {self.unit.id}. {meant}")
        unknown = not_on_the_roster(self._folder, self._places)
        return sorted({*unknown, *(student for student in self._places if student not in wanted)})

    @property
    def count(self) -> int:
        """How many submissions get a report."""
        return len(self._graded) + len(self._held)

    def final(self, graded: Sequence[Report], level: Level, count: pool.OnReport) -> list[Report]:
        """All reports, by student: with those of quarantined submissions, and excused where the manifest says so."""
        graded = self._that_count(graded)
        held = [verdict.held_report(self.unit, student, reason, level) for student, reason in self._held.items()]
        for report in held:
            count(report)
        added = tasks_added_later(json.loads(self._release.read_text(encoding="utf-8")))
        reports = [
            verdict.excused(report, added, self.unit, self._stamps[report.student]) for report in (*graded, *held)
        ]
        hashed = [msgspec.structs.replace(one, file_hash=file_hash(self.notebook_of(one.student))) for one in reports]
        return sorted(hashed, key=lambda report: report.student)

    def _that_count(self, graded: Sequence[Report]) -> list[Report]:
        """One report for each student, under the id of now: of the submission that counts."""
        until = extensions.read(self._folder).get(self.unit.id, {})
        by_student: dict[str, list[tuple[Report, Path]]] = {}
        for (student, place), report in zip(self._graded, graded, strict=True):
            by_student.setdefault(student, []).append((msgspec.structs.replace(report, student=student), place))
        chosen = {name: attempts.choose(self.unit, of, until.get(name)) for name, of in by_student.items()}
        self._places |= {student: place for student, (_, place) in chosen.items()}
        self._stamps |= {student: timestamp_of(place) for student, (_, place) in chosen.items()}
        return [report for report, _ in chosen.values()]

    def save(self, reports: Sequence[Report]) -> list[Change]:
        """Write autograded/, reports/ and the gradebook, all or nothing. Raises Unavailable."""
        folder, unit_id = self._folder, self.unit.id
        wait_for_gradebook(gradebook_file(folder))
        last = {report.student: old for report in reports if (old := self._last(report.student)) is not None}
        new_work = [report.student for report in reports if _is_new(report, last.get(report.student))]
        try:
            with Swap() as swap:
                for report in () if self._options.dry_run else reports:
                    student = report.student
                    notebook, target = self.notebook_of(student), self._layout.autograded(student, unit_id)
                    stamp = self._stamps[student]
                    write_autograded(swap.new(target), notebook, self._release, report, stamp=stamp, before=target)
                    results.write(report, swap.new(self._layout.report(unit_id, student)))
                    if student in last:
                        results.write(last[student], swap.new(self._layout.last_report(unit_id, student)))
                return save_class(
                    folder,
                    self.unit,
                    reports,
                    stamps=self._stamps,
                    then=swap.put,
                    last=last,
                    units=self._course.units if self.unit.policies.late_days else (),
                    new_work=new_work,
                    agree=self._options.agree,
                    dry_run=self._options.dry_run,
                )
        except OSError as error:
            why = f"{unit_id} could not be written ({error.strerror}); nothing was changed of it"
            raise Unavailable(f"{folder}: {why}") from error

    def _last(self, student: str) -> Report | None:
        """The report of the last grading; None if there is none that can be read."""
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            return results.read(self._layout.report(self.unit.id, student))
        return None

    def notebook_of(self, student: str) -> Path:
        """The notebook that `student` handed in."""
        return self._places[student] / self.unit.notebook_name


def _check_release(course: manifest.Course, unit: manifest.Unit, release: Path) -> None:
    """Raises GraderError if the release has other tasks, points or variants than the manifest says."""
    released = {
        cell["metadata"]["nbgrader"]["grade_id"].removeprefix("test_"): float(cell["metadata"]["nbgrader"]["points"])
        for notebook in sorted(release.parent.glob("*.ipynb"))
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    differ = [
        f"{task.id} has {task.points:g} points in course/course.toml and "
        + (f"{released[task.id]:g} in the release" if task.id in released else "is not in the release")
        for task in unit.tasks
        if task.points and released.get(task.id) != task.points
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


def file_hash(notebook: Path) -> str:
    """SHA-256 of a handed-in notebook's bytes, never through a link; "" if it cannot be read."""
    try:
        fd = os.open(notebook, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return ""
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_new(report: Report, last: Report | None) -> bool:
    """Whether other work was handed in than when `last` was written."""
    return last is not None and bool(last.file_hash) and last.file_hash != report.file_hash


def unknown_students(folder: Path, unit_id: str) -> list[str]:
    """Students who have handed in the unit, or are quarantined, but are not on the roster: they are not graded."""
    return not_on_the_roster(folder, {*collection.submitted(folder, unit_id), *collection.held(folder, unit_id)})


def _guard(folder: Path, unit_id: str) -> None:
    try:
        collection.guard(folder, unit_id)
    except OSError as error:
        where = f"{folder}: a submission could not be put into the quarantine ({error.strerror})"
        raise Unavailable(f"{where}; nothing was graded. May you write there?") from error
