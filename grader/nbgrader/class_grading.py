"""Grade a whole class in an nbgrader course folder.

nbgrader keeps release, exchange, collection, late penalties, manual grading and feedback. We replace only its kernel
execution, by configuration alone: `nbgrader autograde` (and formgrader's button) runs `SubmissionExporter`,
`IsolatedGrade` and `SaveReport`; `grade_units` is the fast path for a whole class and writes the same rows. Importing
nbgrader or the pool of workers takes seconds, so the functions here import them only when they are needed: not for a
class that is graded already.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError, Interrupted
from grader.files import undisturbed
from grader.grading import verdict
from grader.grading.basis import basis_of, grade_key, hash_of_submission, hash_of_text, this_machine
from grader.grading.batch import Batch, OnReport, RemoteWorkers
from grader.grading.ledger import Ledger
from grader.nbgrader import collection, setup, students
from grader.nbgrader.autograded import timestamp_of
from grader.nbgrader.changes import Change
from grader.nbgrader.class_reports import ClassReports
from grader.nbgrader.gradebook import not_on_the_roster
from grader.nbgrader.handed_in import HandedIn, Options, release_of
from grader.results import Level, Report

OnPlan = Callable[[str, int, int], None]  # unit, how many are to be graded, how many are graded already
LEVEL = "level"  # the ledger's fact: this machine, and the isolation level that was found on it


def count_submissions(course: manifest.Course, unit_id: str, folder: Path) -> int:
    """How many students have handed in `unit_id`."""
    course.unit(unit_id)
    return len(collection.submitted(folder, unit_id)) + len(collection.held(folder, unit_id))


def grade_unit(
    course: manifest.Course,
    unit_id: str,
    folder: Path,
    *,
    workers: int | None = None,
    on_report: OnReport | None = None,
    fresh: bool = False,
) -> Sequence[Report]:
    """`grade_units` for one unit."""
    return grade_units(course, [unit_id], folder, workers=workers, on_report=on_report, fresh=fresh)[unit_id]


def grade_units(
    course: manifest.Course,
    unit_ids: Sequence[str],
    folder: Path,
    *,
    workers: int | None = None,
    on_report: OnReport | None = None,
    fresh: bool = False,
    on_plan: OnPlan | None = None,
) -> dict[str, Sequence[Report]]:
    """The reports of `grade_classes`, which agrees to every change."""
    graded = grade_classes(course, unit_ids, folder, workers=workers, on_report=on_report, fresh=fresh, on_plan=on_plan)
    return {unit: found.reports for unit, found in graded.items()}


class GradedClass(msgspec.Struct, frozen=True):
    """The reports of one unit, and the grades that changed (or would have)."""

    reports: ClassReports
    changes: list[Change]


def grade_classes(
    course: manifest.Course,
    unit_ids: Sequence[str],
    folder: Path,
    options: Options | None = None,
    *,
    workers: int | None = None,
    on_report: OnReport | None = None,
    fresh: bool = False,
    on_plan: OnPlan | None = None,
    elsewhere: RemoteWorkers | None = None,
) -> dict[str, GradedClass]:
    """Grade everything in `folder`/submitted/*/<unit>, and write gradebook.db, autograded/ and reports/.

    What the ledger has a grade for is not graded again, unless `fresh`. Each grade is in the ledger as soon as it is
    final, so a run that is killed can be repeated, and goes on. `on_plan` is called with the number of submissions
    of each unit to grade, and of those graded already. Other machines grade, if `elsewhere` is given.

    Submissions in quarantine/, and those that must go there, get a report that leaves the decision to a person.
    Students who are not on the course's roster are left out (`unknown_students` lists them). The gradebook changes at
    the end, in one transaction for each unit; manual scores, extra credit and manual comments stay. Raises GraderError,
    Unavailable (the gradebook stays locked), Interrupted (Ctrl-C; says what was written).
    """
    setup.check_format(folder)
    options = options or Options()
    classes = [HandedIn(course, course.unit(unit_id), folder, options) for unit_id in dict.fromkeys(unit_ids)]
    with Ledger(CourseFolder(folder).ledger) as ledger:
        ledger.begin_run(f"grade {' '.join(unit_ids)}")
        how = "stopped"
        run = _Run(course, classes, ledger, workers=workers, on_report=on_report, on_plan=on_plan, elsewhere=elsewhere)
        try:
            run.grade(fresh=fresh)
            graded = run.save()
            how = "done"
        except (KeyboardInterrupt, Interrupted):
            raise Interrupted(run.interrupted()) from None
        finally:
            ledger.end_run(how)
    return graded


def grade_student(course: manifest.Course, unit_id: str, student: str, folder: Path) -> Report:
    """Grade one submission, unless the ledger has its grade; write nothing else. Raises GraderError.

    This is for `nbgrader autograde`, which writes the rows itself.
    """
    unit, layout = course.unit(unit_id), CourseFolder(folder)
    submitted, release = layout.submitted(student, unit_id), release_of(folder, unit_id)
    notebook = submitted / unit.notebook_name
    named = students.id_at(students.read(folder), student, timestamp_of(submitted))  # as the work was made
    admission = collection.admit(collection.survey(submitted), unit_id, student=student, now=collection.now_in_utc())
    held = "; ".join(admission.refused)
    submission = hash_of_text(f"held: {held}") if held else hash_of_submission(notebook)
    with Ledger(layout.ledger) as ledger:
        level = _level_here(ledger)
        key = grade_key(basis_of(course, unit, release, level), student, submission)
        known = ledger.latest(unit_id).get(student)
        if known is not None and known.final and known.key == key:
            return ledger.report(known.id)
        if held:
            report = verdict.held_report(unit, student, held, level)
        else:
            from grader.grading import warm

            report = warm.grade_submission(course, unit_id, named, notebook, release)
            report = msgspec.structs.replace(report, student=student)
        basis = basis_of(course, unit, release, report.level)
        ledger.keep(report, key=grade_key(basis, student, submission), basis=basis, submission=submission)
    return report


def expect(root: Path, unit_id: str, students: Collection[str], folder: Path) -> None:
    """Get ready to grade these students, unless all have a grade already; nbgrader has other things to do first.

    Raises nothing: `grade_student` will.
    """
    with contextlib.suppress(GraderError, OSError):
        with Ledger(CourseFolder(folder).ledger) as ledger:
            graded = ledger.latest(unit_id)
        if graded.keys() >= set(students):
            return
        course, release = manifest.load(root), release_of(folder, unit_id)
        from grader.grading import warm

        warm.start_warming(course, unit_id, release)


def _level_in(ledger: Ledger) -> Level | None:
    """The level that was found on this machine, if nothing that it depends on has changed since."""
    machine, _, level = ledger.fact(LEVEL).rpartition(" ")
    return Level(level) if machine == this_machine() and level in set(Level) else None


def _level_here(ledger: Ledger) -> Level:
    """The level on this machine. If it must be tried, which takes seconds, the ledger records it for the next run."""
    level = _level_in(ledger)
    if level is None:
        level = _level_for_grading()
        ledger.note_fact(LEVEL, f"{this_machine()} {level}")
    return level


def _level_for_grading() -> Level:
    from grader.grading.pool import level_for_grading

    return level_for_grading()


def _import_nbgrader() -> None:
    """Import what the gradebook needs: it takes seconds, while we wait for the first grade."""
    with contextlib.suppress(Exception):  # whoever needs it will say so
        importlib.import_module("nbgrader.api")


class _Run:
    """One run of the grader over the submissions of some units."""

    def __init__(
        self,
        course: manifest.Course,
        classes: Sequence[HandedIn],
        ledger: Ledger,
        *,
        workers: int | None,
        on_report: OnReport | None,
        on_plan: OnPlan | None,
        elsewhere: RemoteWorkers | None,
    ) -> None:
        self._elsewhere = elsewhere
        self._course, self._ledger, self._workers = course, ledger, workers
        self._classes = {handed_in.unit.id: handed_in for handed_in in classes}
        self._on_report, self._on_plan = on_report or (lambda _: None), on_plan or (lambda *_: None)
        self._saved: list[str] = []
        self._level = elsewhere.level if elsewhere else self._level_in_the_ledger()

    def _level_in_the_ledger(self) -> Level | None:
        """The level at which grades are looked up; None if there are none. It is probed if the machine has changed."""
        if any(map(self._ledger.latest, self._classes)):
            return _level_here(self._ledger)
        return _level_in(self._ledger)

    def grade(self, *, fresh: bool) -> None:
        """Grade what the ledger does not have."""
        batches = [handed_in.to_grade(self._ledger, self._level, fresh=fresh) for handed_in in self._classes.values()]
        for batch in batches:
            to_grade = len(batch.submissions)
            self._on_plan(batch.unit, to_grade, self._classes[batch.unit].count - to_grade)
        expected = self._level
        if any(batch.submissions for batch in batches):
            self._grade(batches)
        if expected not in (None, self._level):  # what was looked up was graded at another level
            return self.grade(fresh=False)
        for handed_in in self._classes.values():
            for report in handed_in.keep_held(self._ledger, self._level or Level.L0):
                self._on_report(report)
        return None

    def _grade(self, batches: Sequence[Batch]) -> None:
        keep, begin = self._keep, self._begin
        if self._elsewhere is not None:
            self._elsewhere.grade_batches(self._course, batches, on_report=keep, on_begin=begin, on_lost=self._lost)
            return
        from grader.grading import pool

        threading.Thread(target=_import_nbgrader, daemon=True).start()
        pool.grade_batches(self._course, batches, workers=self._workers, on_report=keep, on_begin=begin, keep=False)

    def _begin(self, unit_id: str, student: str, level: Level, alone: bool) -> None:
        if level is not self._level:
            self._level = level
            self._ledger.note_fact(LEVEL, f"{this_machine()} {level}")
        self._classes[unit_id].begin(self._ledger, student, level, alone=alone)

    def _lost(self, unit_id: str, student: str) -> None:
        self._classes[unit_id].expire(self._ledger, student, self._level or Level.L0)

    def _keep(self, report: Report) -> None:
        report = self._classes[report.unit].under_the_current_id(report)
        self._classes[report.unit].keep(self._ledger, report, self._level or report.level)
        self._on_report(report)

    def save(self) -> dict[str, GradedClass]:
        """Write what is not yet in the gradebook, autograded/ and reports/. Returns all reports."""
        graded = {}
        for unit_id, handed_in in self._classes.items():
            reports = handed_in.reports(self._ledger)
            with undisturbed():
                graded[unit_id] = GradedClass(reports, handed_in.save(self._ledger, reports))
                self._saved.append(unit_id)
        return graded

    def interrupted(self) -> str:
        """What is done after Ctrl-C, and how to go on."""
        left = [unit_id for unit_id in self._classes if unit_id not in self._saved]
        if not left:
            return f"interrupted after everything was written: {', '.join(self._saved)}"
        done = sum(handed_in.graded for handed_in in self._classes.values())
        in_all = sum(handed_in.count for handed_in in self._classes.values())
        written = f"Written: {', '.join(self._saved)}. " if self._saved else ""
        return (
            f"interrupted. {done} of {in_all} submissions are graded, and kept. {written}Nothing was written of "
            f"{', '.join(left)} (gradebook.db, autograded/ and reports/ are as they were). Run the same command again: "
            "it goes on from here."
        )


def unknown_students(folder: Path, unit_id: str) -> list[str]:
    """Students who have handed in the unit, or are quarantined, but are not on the roster: they are not graded."""
    return not_on_the_roster(folder, {*collection.submitted(folder, unit_id), *collection.held(folder, unit_id)})
