"""Grade a whole class in an nbgrader course folder.

nbgrader keeps release, exchange, collection, late penalties, manual grading and feedback. We replace only its kernel
execution, by configuration alone: `nbgrader autograde` (and formgrader's button) runs `CanonicalNotebook`,
`IsolatedGrade` and `SaveReport`; `grade_units` is the fast path for a whole class and writes the same rows. Importing
nbgrader takes seconds, so the functions here import it only when called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import results
from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError, Unavailable
from grader.files import Swap
from grader.grading import pool, verdict
from grader.nbgrader import collection
from grader.nbgrader.autograded import timestamp_of, write_autograded
from grader.nbgrader.gradebook import (
    gradebook_file,
    not_on_the_roster,
    save_class,
    wait_for_gradebook,
)
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
        raise GraderError(f"{path}: not released yet; run `nbgrader generate_assignment {unit_id}` in {folder}")
    return path


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
    """Grade everything in `folder`/submitted/*/<unit>, and write gradebook.db, autograded/ and reports/.

    Submissions in quarantine/, and those that must go there, get a report that leaves the decision to a person.
    Students who are not on the course's roster are left out (`unknown_students` lists them). The gradebook changes at
    the end, in one transaction for each unit; manual scores, extra credit and manual comments stay. Raises GraderError,
    Unavailable (the gradebook stays locked).
    """
    classes = [_HandedIn(course.unit(unit_id), folder) for unit_id in dict.fromkeys(unit_ids)]
    graded = pool.grade_batches(
        course, [handed_in.batch for handed_in in classes], workers=workers, on_report=on_report
    )
    level = next((report.level for reports in graded for report in reports), Level.L0)
    for handed_in, reports in zip(classes, graded, strict=True):
        for report in handed_in.held_reports(level):
            reports.append(report)
            if on_report:
                on_report(report)
        reports.sort(key=lambda report: report.student)
        handed_in.save(reports)
    return {handed_in.unit.id: reports for handed_in, reports in zip(classes, graded, strict=True)}


class _HandedIn:
    """The submissions of one unit in the course folder. Raises GraderError if they cannot be graded."""

    def __init__(self, unit: manifest.Unit, folder: Path) -> None:
        self.unit, self._folder = unit, folder
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
        notebooks = [(student, place / unit.notebook_name) for student, place in there.items()]
        self.batch = pool.Batch(unit.id, notebooks, self._release)

    def held_reports(self, level: Level) -> Iterator[Report]:
        """A report for each quarantined submission. `level` is that of the class."""
        return (verdict.held_report(self.unit, student, reason, level) for student, reason in self._held.items())

    def save(self, reports: Sequence[Report]) -> None:
        """Write autograded/, reports/ and the gradebook, all or nothing. Raises Unavailable."""
        folder, unit_id = self._folder, self.unit.id
        wait_for_gradebook(gradebook_file(folder))
        try:
            with Swap() as swap:
                for report in reports:
                    student = report.student
                    notebook, target = self.notebook_of(student), self._layout.autograded(student, unit_id)
                    stamp = self._stamps[student]
                    write_autograded(swap.new(target), notebook, self._release, report, stamp=stamp, before=target)
                    results.write(report, swap.new(self._layout.report(unit_id, student)))
                save_class(folder, self.unit, reports, stamps=self._stamps, then=swap.put)
        except OSError as error:
            why = f"{unit_id} could not be written ({error.strerror}); nothing was changed of it"
            raise Unavailable(f"{folder}: {why}") from error

    def notebook_of(self, student: str) -> Path:
        """The notebook that `student` handed in."""
        return self._places[student] / self.unit.notebook_name


def unknown_students(folder: Path, unit_id: str) -> list[str]:
    """Students who have handed in the unit, or are quarantined, but are not on the roster: they are not graded."""
    return not_on_the_roster(folder, {*collection.submitted(folder, unit_id), *collection.held(folder, unit_id)})


def _guard(folder: Path, unit_id: str) -> None:
    try:
        collection.guard(folder, unit_id)
    except OSError as error:
        where = f"{folder}: a submission could not be put into the quarantine ({error.strerror})"
        raise Unavailable(f"{where}; nothing was graded. May you write there?") from error
