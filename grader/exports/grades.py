"""The grades of a course as one table, which each form of export writes in its own columns.

The points are those of the gradebook: scores given by hand, extra credit and late penalties are in them. A grade that
is pending is left blank, since a number that is not final would be taken for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader.course import manifest
from grader.course.policies import dropped
from grader.errors import GraderError
from grader.exports import roster
from grader.exports.roster import Person
from grader.nbgrader import collection, students
from grader.nbgrader.changes import Score, UnitStanding
from grader.nbgrader.gradebook import all_standings


class Row(msgspec.Struct, frozen=True):
    """One student's grades, by unit; a unit that was never graded for them is not there."""

    person: Person
    units: dict[str, UnitStanding]

    def total(self, unit: str) -> float | None:
        """The points that count in a unit; None while they are pending, or if nothing was handed in."""
        standing = self.units.get(unit)
        return None if standing is None or pending(standing) else standing.total

    def points(self, unit: str, task: str) -> float | None:
        """The points of one task, before any late penalty."""
        score = self.units[unit].tasks.get(task) if unit in self.units else None
        return None if score is None or _open(score) else score.points


class GradeTable(msgspec.Struct, frozen=True):
    """The grades of some units, a row for each student in the order of names."""

    course: manifest.Course
    units: tuple[manifest.Unit, ...]
    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()  # graded units that the manifest does not have (any more)
    ungraded: frozenset[tuple[str, str]] = frozenset()  # the (student, unit) that were handed in and have no grade yet

    @property
    def pending(self) -> list[tuple[str, str]]:
        """The (student, unit) that are left blank because something is pending."""
        return [
            (row.person.student, unit)
            for row in self.rows
            for unit, standing in row.units.items()
            if unit in {wanted.id for wanted in self.units} and pending(standing)
        ]

    def percent(self, row: Row) -> float | None:
        """What a student earned in the whole course, with the lowest units dropped; None while some of it is open.

        Counts the units that are graded for the student, and as zero those that are due and were not handed in.
        """
        now, earned, most = datetime.now(UTC), {}, {}
        for unit in self.course.units:
            standing = row.units.get(unit.id)
            if standing is None and (unit.due is None or unit.due > now):
                continue
            if (row.person.student, unit.id) in self.ungraded or (standing is not None and pending(standing)):
                return None
            most[unit.id], earned[unit.id] = unit.points, standing.total if standing else 0.0
        shares = {unit: earned[unit] / points for unit, points in most.items() if points}  # not of mere practice
        counted = most.keys() - dropped(shares, self.course.policies.drop_lowest)
        in_all = sum(most[unit] for unit in counted)
        return 100 * sum(earned[unit] for unit in counted) / in_all if in_all else None


def pending(standing: UnitStanding) -> bool:
    """Whether a person must still decide about one of its tasks."""
    return any(_open(score) for score in standing.tasks.values())


def _open(score: Score) -> bool:
    return score.points is None or score.open


def grade_table(course: manifest.Course, folder: Path, unit_ids: Sequence[str]) -> GradeTable:
    """The grades of these units (all graded ones if none is named). Raises GraderError if there are none."""
    units = [course.unit(unit) for unit in dict.fromkeys(unit_ids)]
    standings = all_standings(folder)
    graded = {unit for unit, _ in standings}
    for unit in units:
        if unit.id not in graded:
            raise GraderError(f"{unit.id}: nothing was graded yet; run `grader grade {unit.id}` first")
    units = units or [unit for unit in course.units if unit.id in graded]
    if not units:
        raise GraderError(f"{folder}: nothing was graded yet; run `grader grade` first")
    people = roster.of_folder(folder)
    have_left = students.read(folder).left
    names = {student for _, student in standings} | people.keys()
    rows = [
        Row(
            people.get(student, Person(student)),
            {unit.id: standings[unit.id, student] for unit in course.units if (unit.id, student) in standings},
        )
        for student in names
        if student not in have_left
    ]
    rows.sort(key=lambda row: (row.person.sort_name.casefold(), row.person.student))
    gone = () if unit_ids else sorted(graded - {unit.id for unit in course.units})
    ungraded = {
        (who, unit.id)
        for unit in course.units
        for who in collection.submitted(folder, unit.id)
        if (unit.id, who) not in standings and who not in have_left and (not people or who in people)
    }
    return GradeTable(course, tuple(units), tuple(rows), tuple(gone), frozenset(ungraded))
