"""The layout of an nbgrader course folder, and the names of its notebooks, defined only here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec


def notebook_name(name: str) -> str:
    """The file name of a unit's notebook, which has the unit's id, or of one of its further notebooks."""
    return f"{name}.ipynb"


def released_folder(notebook: Path) -> Path | None:
    """The folder of what students got, if `notebook` is a released notebook in a course folder; None if it is not."""
    if len(notebook.parts) < 3:
        return None
    unit = notebook.parent
    return unit if CourseFolder(unit.parent.parent).released_notebook(unit.name) == notebook else None


class CourseFolder(msgspec.Struct, frozen=True):
    """The paths of a class below `root`, the folder that `grader init` makes."""

    root: Path

    @property
    def config(self) -> Path:
        """nbgrader's configuration."""
        return self.root / "nbgrader_config.py"

    @property
    def gradebook(self) -> Path:
        """The gradebook's default path, unless the configuration changes it."""
        return self.root / "gradebook.db"

    @property
    def ledger(self) -> Path:
        """What was graded, from what, and when."""
        return self.root / "ledger.db"

    @property
    def copies(self) -> Path:
        """Copies of the gradebook, each from before a write."""
        return self.root / "gradebook_copies"

    @property
    def extensions(self) -> Path:
        """Students who may hand in later, and until when."""
        return self.root / "extensions.json"

    @property
    def students(self) -> Path:
        """What changed about students during the term: new ids, and who has left."""
        return self.root / "students.json"

    @property
    def roster(self) -> Path:
        """The students with their names and their ids in other systems; optional."""
        return self.root / "roster.csv"

    @property
    def turn(self) -> Path:
        """The lock that says who is at work in this folder."""
        return self.root / ".grader.turn"

    @property
    def watch(self) -> Path:
        """The lock of the one `grader watch` in this folder."""
        return self.root / ".grader.watch"

    @property
    def export(self) -> Path:
        """The grades that nbgrader exports."""
        return self.root / "grades.csv"

    def source(self, unit: str) -> Path:
        """The folder with the instructor's version of a unit."""
        return self.root / "source" / unit

    def release(self, unit: str) -> Path:
        """The folder that students get for a unit."""
        return self.root / "release" / unit

    def released_notebook(self, unit: str) -> Path:
        """The notebook as students get it."""
        return self.release(unit) / notebook_name(unit)

    @property
    def all_submitted(self) -> Path:
        """The collected submissions: a folder for each student."""
        return self.root / "submitted"

    def submitted(self, student: str, unit: str) -> Path:
        """The folder that a student submitted."""
        return self.all_submitted / student / unit

    def autograded(self, student: str, unit: str) -> Path:
        """The folder with the graded copy, from which nbgrader makes feedback."""
        return self.root / "autograded" / student / unit

    def feedback_page(self, student: str, unit: str) -> Path:
        """The page that a student reads."""
        return self.root / "feedback" / student / unit / f"{unit}.html"

    def reports(self, unit: str = "") -> Path:
        """The folder of the reports of a unit, or of all units."""
        return self.root / "reports" / unit

    def report(self, unit: str, student: str) -> Path:
        """The full record of one grade, as JSON."""
        return self.reports(unit) / f"{student}.json"

    def last_report(self, unit: str, student: str) -> Path:
        """The report that the newest one has replaced: `grader diff` compares the two."""
        return self.reports(unit) / "last" / f"{student}.json"

    def students_with_reports(self, unit: str = "*") -> list[str]:
        """The students who have a report on a unit, or on any unit."""
        return sorted({path.stem for path in self.reports().glob(f"{unit}/*.json")})

    @property
    def quarantine(self) -> Path:
        """Submissions held back until someone reviews them."""
        return self.root / "quarantine"

    def held(self, unit: str, student: str) -> Path:
        """The folder with a student's quarantined submission."""
        return self.quarantine / unit / student

    def class_page(self, unit: str) -> Path:
        """The page with every student's points in one unit."""
        return self.root / f"class_{unit}.html"

    @property
    def course_page(self) -> Path:
        """The page about the class in the whole course."""
        return self.root / "class.html"

    def of_student(self, student: str) -> Iterator[Path]:
        """Every folder and file that is named for a student."""
        name = re.sub(r"([*?[])", r"[\1]", student)
        for place in ("submitted", "autograded", "feedback", "quarantine/*"):
            yield from self.root.glob(f"{place}/{name}")
        for place in ("reports/*", "reports/*/last"):
            yield from self.root.glob(f"{place}/{name}.json")
