"""The course folder of nbgrader: what lies where. Nothing else spells its layout."""

from __future__ import annotations

from pathlib import Path

import msgspec


class CourseFolder(msgspec.Struct, frozen=True):
    """Where everything of a class lies below `root`, the folder that `grader init` makes."""

    root: Path

    @property
    def config(self) -> Path:
        """nbgrader's configuration."""
        return self.root / "nbgrader_config.py"

    @property
    def gradebook(self) -> Path:
        """Where the gradebook lies unless the configuration says otherwise."""
        return self.root / "gradebook.db"

    @property
    def export(self) -> Path:
        """The grades that nbgrader exports."""
        return self.root / "grades.csv"

    def source(self, unit: str) -> Path:
        """The instructor's version of a unit: a folder."""
        return self.root / "source" / unit

    def release(self, unit: str) -> Path:
        """What students get of a unit: a folder."""
        return self.root / "release" / unit

    def released_notebook(self, unit: str) -> Path:
        """The notebook as students get it."""
        return self.release(unit) / f"{unit}.ipynb"

    @property
    def all_submitted(self) -> Path:
        """What was collected: a folder for each student."""
        return self.root / "submitted"

    def submitted(self, student: str, unit: str) -> Path:
        """What a student handed in: a folder."""
        return self.all_submitted / student / unit

    def autograded(self, student: str, unit: str) -> Path:
        """The graded copy, from which nbgrader makes feedback: a folder."""
        return self.root / "autograded" / student / unit

    def feedback_page(self, student: str, unit: str) -> Path:
        """What a student reads."""
        return self.root / "feedback" / student / unit / f"{unit}.html"

    def reports(self, unit: str = "") -> Path:
        """The folder of a unit's reports, or of all units'."""
        return self.root / "reports" / unit

    def report(self, unit: str, student: str) -> Path:
        """Everything about one grade, as JSON."""
        return self.reports(unit) / f"{student}.json"

    def students_with_reports(self, unit: str = "*") -> list[str]:
        """The students who have a report on a unit, or on any."""
        return sorted({path.stem for path in self.reports().glob(f"{unit}/*.json")})

    @property
    def quarantine(self) -> Path:
        """What is held back until a person decides."""
        return self.root / "quarantine"

    def held(self, unit: str, student: str) -> Path:
        """What is held back of one student: a folder."""
        return self.quarantine / unit / student

    def class_page(self, unit: str) -> Path:
        """Every student's points in one unit, as a page."""
        return self.root / f"class_{unit}.html"
