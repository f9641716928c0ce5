"""`make demo`: the whole cycle of nbgrader through a real exchange, with a sample class, graded by our engine.

Every step is nbgrader's own application with its own command line; each runs in a process forked from this one, which
has imported nbgrader once (its import costs seconds, and a class of thirty would pay it sixty times).
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from grader import build, manifest
from grader.errors import GraderError
from grader.integrations import nbgrader as integration
from grader.report.class_page import write_class_page
from grader.report.table import print_class
from grader.results import Report

UNIT = "derivative_intuition"
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the demo in ./demo of the repository. Exit status 1 if a sample did not get what it must get."""
    console = Console(width=max(Console().width, 126))
    cycle = Cycle(ROOT, ROOT / "demo", console)
    started = time.perf_counter()
    reports = cycle.run()
    print_class(reports, console)
    wrong = cycle.complaints(reports)
    for line in wrong:
        console.print(f"[red]not as it must be:[/red] {line}")
    first = cycle.samples[0].name
    console.print(f"\n{len(reports)} submissions, the whole cycle in {time.perf_counter() - started:.0f} s. Look at:")
    console.print(f"  one student's feedback  {cycle.feedback_page(first)}")
    console.print(f"  the class page          {cycle.folder / 'class.html'}")
    console.print(f"  the gradebook           {cycle.folder / 'gradebook.db'}")
    console.print(f"  the export              {cycle.folder / 'grades.csv'}", soft_wrap=True)
    return 1 if wrong else 0


class Cycle:
    """One run of the cycle in `place`: the instructor's course folder, the exchange and the students' homes."""

    def __init__(self, root: Path, place: Path, console: Console | None = None) -> None:
        self.root, self.place = root, place
        self.folder, self.exchange, self.homes = place / "course", place / "exchange", place / "students"
        self.console = console or Console(quiet=True)
        self.course = manifest.load(root)
        self._sample_class = _load_samples(root)
        self.samples: Any = self._sample_class.CLASS
        self.log = place / "nbgrader.log"

    def run(self) -> list[Report]:
        """Everything, in order."""
        self.prepare()
        self.release()
        self.students_work()
        self.collect()
        reports = self.grade()
        self.give_feedback()
        return reports

    def prepare(self) -> None:
        """An empty place, and a course folder that `grader init` made."""
        shutil.rmtree(self.place, ignore_errors=True)
        for path in (self.folder, self.exchange, self.homes):
            path.mkdir(parents=True)
        self.exchange.chmod(0o777)
        integration.init_course_folder(self.course, self.folder, exchange=self.exchange)

    def release(self) -> None:
        """Build the unit, and let nbgrader strip it and put it into the exchange."""
        build.build_unit(self.course, UNIT, self.folder)
        self.nbgrader("generate_assignment", UNIT)
        leaks = build.find_leaks(self.course, UNIT, self.folder / "release" / UNIT)
        if leaks:
            raise GraderError("the release holds secrets:\n" + "\n".join(map(str, leaks)))
        self.nbgrader("release_assignment", UNIT)
        self.console.print(f"built and released {UNIT}")

    def students_work(self) -> None:
        """Each student fetches the assignment, works on it, and submits it."""
        for sample in self.samples:
            home = self.homes / sample.name
            home.mkdir()
            self.nbgrader("fetch_assignment", UNIT, student=sample.name)
            notebook = home / UNIT / f"{UNIT}.ipynb"
            content = json.loads(notebook.read_text(encoding="utf-8"))
            if self._sample_class.hand_in(sample, content, home / UNIT):
                notebook.write_text(json.dumps(content), encoding="utf-8")
            self.nbgrader("submit", UNIT, student=sample.name)
        self.console.print(f"{len(self.samples)} students fetched, worked and submitted")

    def collect(self) -> None:
        """Bring the submissions from the exchange into the course folder."""
        # Every sample student is this one user of the operating system, so the owner says nothing here.
        for finding in integration.collect_unit(UNIT, self.folder, any_owner=True, log=self.log):
            self.console.print(f"{finding.student}: {'; '.join((*finding.refused, *finding.notes))}", markup=False)

    def grade(self) -> list[Report]:
        """Our own grading, on all cores."""
        total = integration.count_submissions(self.course, UNIT, self.folder)
        with Progress(console=self.console, transient=True) as progress:
            bar = progress.add_task("grading", total=total)
            reports = integration.grade_unit(
                self.course, UNIT, self.folder, on_report=lambda report: progress.advance(bar)
            )
        write_class_page(reports, self.folder / "class.html")
        return reports

    def give_feedback(self) -> None:
        """Feedback is made, released, and fetched back by a student; then the grades are exported."""
        self.nbgrader("generate_feedback", UNIT)
        self.nbgrader("release_feedback", UNIT)
        self.nbgrader("fetch_feedback", UNIT, student=self.samples[0].name)
        self.nbgrader("export", "--to=grades.csv")

    def feedback_page(self, student: str) -> Path:
        """The page that `student` fetched."""
        pages = sorted((self.homes / student / UNIT / "feedback").rglob("*.html"))
        if not pages:
            raise GraderError(f"{student} fetched no feedback; see {self.log}")
        return pages[0]

    def complaints(self, reports: Sequence[Report]) -> list[str]:
        """What is not as the samples say, each with the student's name."""
        by_student = {report.student: report for report in reports}
        found = []
        for sample in self.samples:
            report = by_student.get(sample.name)
            if report is None:
                found.append(f"{sample.name}: has no report")
                continue
            got = {task.task: (task.points, task.max_points) for task in report.tasks}
            looks = [task.diagnosis for task in report.tasks]
            wrong = self._sample_class.complaints(sample, got, looks, report.problem)
            found += [f"{sample.name}: {line}" for line in wrong]
            if not (self.folder / "feedback" / sample.name / UNIT / f"{UNIT}.html").is_file():
                found.append(f"{sample.name}: has no feedback page")
        return found

    def nbgrader(self, command: str, *arguments: str, student: str = "") -> None:
        """Run `nbgrader command ...` as the instructor, or as `student`. Raises GraderError with what it said."""
        where = self.homes / student if student else self.folder
        options = list(arguments)
        if student:
            options += [
                f"--course={self.course.id}",
                f"--Exchange.root={self.exchange}",
                f"--Exchange.cache={self.homes / student / '.cache'}",
                f"--CourseDirectory.student_id={student}",
            ]
        integration.run_nbgrader(command, options, where=where, log=self.log)


def _load_samples(root: Path) -> Any:
    path = root / "tests" / "submissions" / "sample_class.py"
    spec = importlib.util.spec_from_file_location("sample_class", path)
    if spec is None or spec.loader is None:
        raise GraderError(f"{path}: no sample class there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    sys.exit(main())
