"""Which of a student's submissions counts: the newest, or the best one where the manifest says so.

nbgrader keeps one submission for each student. Where the best counts, collection also keeps the notebook and time of
the earlier ones, in attempts/<unit>/<student>/. `grader grade` then grades all of them; `nbgrader autograde` and
formgrader's button grade the newest alone.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Sequence
from pathlib import Path

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.course.places import repository_of
from grader.errors import GraderError
from grader.nbgrader.autograded import timestamp_of
from grader.nbgrader.collection import STAMP, STAMP_FORMAT
from grader.nbgrader.gradebook import as_in_gradebook
from grader.results import Report

_NAME = "%Y%m%dT%H%M%S"


def best_counts(folder: Path, unit_id: str) -> bool:
    """Whether the manifest of a course folder says that the best submission of a unit counts."""
    root = repository_of(folder)
    try:
        return root is not None and manifest.load(root).unit(unit_id).policies.attempts == "best"
    except GraderError:  # collection does not depend on the manifest
        return False


def keep(submitted: Path, folder: Path, unit_id: str, student: str) -> None:
    """Keep a checked submission as an earlier attempt, unless it is kept already. Nothing but its notebook is read."""
    stamp, notebook = timestamp_of(submitted), submitted / f"{unit_id}.ipynb"
    if stamp is None or notebook.is_symlink() or not notebook.is_file():
        return
    place = CourseFolder(folder).attempts(unit_id, student) / stamp.strftime(_NAME)
    if place.exists():
        return
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    shutil.copyfile(notebook, part / notebook.name)
    (part / STAMP).write_text(stamp.strftime(STAMP_FORMAT), encoding="utf-8")
    part.rename(place)


def earlier(folder: Path, unit: manifest.Unit, student: str, newest: Path) -> list[Path]:
    """The folders of a student's earlier attempts, if the best one counts; the `newest` is not among them."""
    place = CourseFolder(folder).attempts(unit.id, student)
    if unit.policies.attempts != "best" or not place.is_dir():
        return []
    stamp = timestamp_of(newest)
    name = stamp.strftime(_NAME) if stamp else ""
    return sorted(path for path in place.iterdir() if path.name != name and not path.name.startswith("."))


def choose(
    unit: manifest.Unit, graded: Sequence[tuple[Report, Path]], until: datetime.datetime | None
) -> tuple[Report, Path]:
    """The report and folder that count, out of those of one student, the newest first: the best after its penalty.

    `until` is the end of the student's extension. While something is pending in the newest, that one stays: a person
    decides first.
    """
    newest = graded[0]
    if any(task.points is None for task in newest[0].tasks):
        return newest
    return max(graded, key=lambda one: _value(unit, one[0], one[1], until))  # the first of several that are equal


def _value(unit: manifest.Unit, report: Report, place: Path, until: datetime.datetime | None) -> float:
    stamp, due = timestamp_of(place), until or unit.due
    late = (stamp - as_in_gradebook(due)).total_seconds() if stamp and due else 0.0
    return report.points - unit.policies.penalty(report.points, max(0.0, late))
