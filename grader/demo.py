"""`make demo`: the whole nbgrader cycle through a real exchange, with a sample class, graded by our engine.

Every step runs nbgrader's own application with its own command line. Forks of this process, one for each core, run them
one after another. It has imported nbgrader once: that takes seconds, and a class of thirty would pay sixty times.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import importlib
import json
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from grader.course import build, leaks, manifest
from grader.course.folder import CourseFolder, notebook_name
from grader.errors import GraderError
from grader.nbgrader import apps, class_grading, class_report, setup
from grader.nbgrader.collection import read_findings
from grader.report.table import print_class
from grader.results import Report

ROOT = Path(__file__).resolve().parents[1]
_NUMBER = 2  # bytes of a job's number


def main() -> int:
    """Run the demo in ./demo of the repository. Exit status 1 if a sample did not get its expected result."""
    console = Console(width=max(Console().width, 126))
    apps.never_wait_for_the_disk()  # nbgrader would for every cell, and a demo need not survive a power cut
    cycle = Cycle(ROOT, ROOT / "demo", console)
    started = time.perf_counter()
    reports = cycle.run()
    for unit in cycle.units:
        print_class(reports[unit], console)
    wrong = cycle.complaints(reports)
    for line in wrong:
        console.print(f"[red]wrong:[/red] {line}")
    count = sum(map(len, reports.values()))
    students = len({report.student for graded in reports.values() for report in graded})
    took = time.perf_counter() - started
    console.print(f"\n{count} submissions of {students} students, the whole cycle in {took:.0f} s. Look at:")
    console.print(f"  the class, all units    {CourseFolder(cycle.folder).course_page}", soft_wrap=True)
    for unit in cycle.units:
        console.print(f"  the class page of {unit:21} {cycle.class_page(unit)}", soft_wrap=True)
    console.print(f"  one student's feedback  {cycle.feedback_page(cycle.fetches, cycle.units[0])}", soft_wrap=True)
    console.print(f"  the gradebook           {CourseFolder(cycle.folder).gradebook}", soft_wrap=True)
    console.print(f"  the export              {CourseFolder(cycle.folder).export}", soft_wrap=True)
    return 1 if wrong else 0


class Cycle:
    """One run of the cycle in `place`: the instructor's course folder, the exchange and the students' homes.

    `units` selects the units to run; by default all units of the course.
    """

    def __init__(
        self, root: Path, place: Path, console: Console | None = None, *, units: Sequence[str] | None = None
    ) -> None:
        self.root, self.place = root, place
        self.folder, self.exchange, self.homes = place / "course", place / "exchange", place / "students"
        self.console = console or Console(quiet=True)
        self.course = manifest.load(root)
        self.units = list(units) if units is not None else [unit.id for unit in self.course.units]
        self._sample_class = load_sample_class(root)
        self.samples: dict[str, Any] = {unit: self._sample_class.samples_of(unit) for unit in self.units}
        self.fetches = self.samples[self.units[0]][0].name  # the student who fetches the feedback
        self.log = place / "nbgrader.log"

    def run(self) -> dict[str, Sequence[Report]]:
        """Run every step in order; return the reports by unit."""
        self.prepare()
        self.release()
        self.students_work()
        self.collect()
        reports = self.grade()
        self.give_feedback()
        return reports

    def prepare(self) -> None:
        """Set up an empty place and a course folder as `grader init` makes it."""
        if self.place.exists():
            aside = self.place.with_name(f".{self.place.name}.old")
            shutil.rmtree(aside, ignore_errors=True)  # left by an interrupted demo
            self.place.rename(aside)
            self.place.mkdir()
            old = aside.rename(self.place / "old")
            # Beside everything else, because it waits for the disk; this process ends after it.
            multiprocessing.get_context("fork").Process(target=shutil.rmtree, args=(old, True)).start()
        for path in (self.folder, self.exchange, self.homes):
            path.mkdir(parents=True)
        self.exchange.chmod(0o777)
        setup.init_course_folder(self.course, self.folder, exchange=self.exchange)

    def release(self) -> None:
        """Build each unit, and let nbgrader strip it and put it into the exchange."""
        apps.warm_up()
        jobs = [functools.partial(self._release, unit) for unit in self.units]
        self._at_once(jobs, meanwhile=functools.partial(self._sample_class.warm_up, self.units))
        self.console.print(f"built and released {', '.join(self.units)}")

    def _release(self, unit: str) -> None:
        # Already rehearsed: the demo uses the course's own units, which the tests have built.
        build.build_unit(self.course, unit, self.folder, rehearsed=True)
        with self._in_turn("gradebook"):
            self.nbgrader("generate_assignment", unit)
        found = leaks.find_leaks(self.course, unit, CourseFolder(self.folder).release(unit))
        if found:
            raise GraderError("the release holds secrets:\n" + "\n".join(map(str, found)))
        with self._in_turn("exchange"):
            self.nbgrader("release_assignment", unit)

    def students_work(self) -> None:
        """Each student fetches the assignments, works on them, and submits them; one student per core at a time."""
        names = list(dict.fromkeys(sample.name for samples in self.samples.values() for sample in samples))
        self._at_once([functools.partial(self._student_works, name) for name in names])
        self.console.print(f"{len(names)} students fetched, worked and submitted")

    def _student_works(self, name: str) -> None:
        home = self.homes / name
        home.mkdir()
        own = {unit: sample for unit in self.units for sample in self.samples[unit] if sample.name == name}
        self.nbgrader("fetch_assignment", *own, student=name)
        for unit, sample in own.items():
            notebook = home / unit / notebook_name(unit)
            content = json.loads(notebook.read_text(encoding="utf-8"))
            if self._sample_class.hand_in(sample, content, home / unit):
                notebook.write_text(json.dumps(content), encoding="utf-8")
            self.nbgrader("submit", unit, student=name)

    def collect(self) -> None:
        """Bring the submissions from the exchange into the course folder."""
        self._at_once([functools.partial(self._collect, unit) for unit in self.units])
        for unit in self.units:
            for finding in read_findings(self.folder, unit):
                said = "; ".join((*finding.refused, *finding.notes))
                self.console.print(f"{unit}: {finding.student}: {said}", markup=False)

    def _collect(self, unit: str) -> None:
        # All sample students are this one operating-system user, so checking the owner is pointless here.
        apps.collect_unit(unit, self.folder, any_owner=True, log=self.log)

    def grade(self) -> dict[str, Sequence[Report]]:
        """Grade with our own engine, on all cores."""
        with Progress(console=self.console, transient=True) as progress:
            bars = {
                unit: progress.add_task(
                    f"grading {unit}", total=class_grading.count_submissions(self.course, unit, self.folder)
                )
                for unit in self.units
            }
            return class_grading.grade_units(
                self.course, self.units, self.folder, on_report=lambda report: progress.advance(bars[report.unit])
            )

    def give_feedback(self) -> None:
        """Write the class pages, export the grades, generate and release feedback, and have a student fetch it."""
        pages = [functools.partial(class_report.write_class_report, self.course, self.folder, u) for u in self.units]
        self._at_once(
            [
                functools.partial(class_report.write_course_report, self.course, self.folder),
                functools.partial(self.nbgrader, "export", "--to=grades.csv"),
                *(functools.partial(self._give_feedback, unit) for unit in self.units),
                *pages,
            ]
        )
        self._at_once([functools.partial(self.nbgrader, "fetch_feedback", *self.units, student=self.fetches)])

    def _give_feedback(self, unit: str) -> None:
        self.nbgrader("generate_feedback", unit)
        with self._in_turn("exchange"):
            self.nbgrader("release_feedback", unit)

    def class_page(self, unit: str) -> Path:
        """The path of a unit's class page."""
        return CourseFolder(self.folder).class_page(unit)

    def feedback_page(self, student: str, unit: str) -> Path:
        """The page that `student` fetched."""
        pages = sorted((self.homes / student / unit / "feedback").rglob("*.html"))
        if not pages:
            raise GraderError(f"{student} fetched no feedback; see {self.log}")
        return pages[0]

    def complaints(self, reports: Mapping[str, Sequence[Report]]) -> list[str]:
        """Differences from the expected results, each with the unit and the student's name."""
        found = []
        for unit, graded in reports.items():
            by_student = {report.student: report for report in graded}
            for sample in self.samples[unit]:
                who = f"{unit}: {sample.name}"
                report = by_student.get(sample.name)
                if report is None:
                    found.append(f"{who}: has no report")
                    continue
                got = {task.task: (task.points, task.max_points) for task in report.tasks}
                looks = [task.diagnosis for task in report.tasks]
                wrong = self._sample_class.complaints(sample, got, looks, report.problem)
                found += [f"{who}: {line}" for line in wrong]
                if not CourseFolder(self.folder).feedback_page(sample.name, unit).is_file():
                    found.append(f"{who}: has no feedback page")
        return found

    def nbgrader(self, command: str, *arguments: str, student: str = "") -> None:
        """Run `nbgrader command ...` as the instructor, or as `student`, in the current fork.

        Raises GraderError with its output.
        """
        where = self.homes / student if student else self.folder
        options = list(arguments)
        if student:
            options += [
                f"--course={self.course.id}",
                f"--Exchange.root={self.exchange}",
                f"--Exchange.cache={self.homes / student / '.cache'}",
                f"--CourseDirectory.student_id={student}",
            ]
        apps.run_nbgrader(command, options, where=where, log=self.log, fork=False)

    @contextlib.contextmanager
    def _in_turn(self, at: str) -> Iterator[None]:
        """Let one fork at a time use the `gradebook`, or make folders in the `exchange`: nbgrader fails if two do."""
        with (self.place / f".{at}").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _at_once(self, jobs: Sequence[Callable[[], object]], *, meanwhile: Callable[[], None] | None = None) -> None:
        """Run jobs in as many forks as there are cores; each takes up the next one when it has done one.

        `meanwhile` runs in this process. Raises GraderError with the first error; then no further job is taken up.
        """
        left, numbers = os.pipe()
        os.write(numbers, b"".join(number.to_bytes(_NUMBER) for number in range(len(jobs))))
        os.close(numbers)
        complaint = self.place / "failed.txt"
        forks = [_fork(jobs, left, complaint) for _ in range(min(len(jobs), os.cpu_count() or 1))]
        os.close(left)
        if meanwhile:
            meanwhile()
        statuses = [os.waitpid(fork, 0)[1] for fork in forks]  # wait for all of them
        if any(statuses):
            raise GraderError(complaint.read_text(encoding="utf-8"))


def _fork(jobs: Sequence[Callable[[], object]], left: int, complaint: Path) -> int:
    """Run jobs in a fork, those whose numbers it reads from the pipe `left`.

    If one raises, nobody takes up another; the error is written to `complaint`, and the exit status is 1.
    """
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        while number := os.read(left, _NUMBER):
            jobs[int.from_bytes(number)]()
        code = 0
    except Exception as error:
        complaint.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
        while os.read(left, 1 << 16):
            pass
    finally:
        os._exit(code)


def load_sample_class(root: Path) -> Any:
    """The sample class of the course at `root`. Raises GraderError if there is none."""
    folder = root / "solutions" / "sample_class"
    if not (folder / "sample_class.py").is_file():
        raise GraderError(f"{folder}: no sample class there")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return importlib.import_module("sample_class")


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    sys.exit(main())
