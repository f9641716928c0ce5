"""The reports of a class, read from the ledger one after another: a large class does not fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import overload

from grader.grading.ledger import stored_reports
from grader.results import Report

Finish = Callable[[str, Report], Report]


class ClassReports(Sequence[Report]):
    """The reports that count, in the order of `grades`: for each student the grade's number in the ledger at `path`.

    Where there is none, a report instead. Each report is passed through `finish(student, report)` when it is read.
    `not_final` are the students whose grade may be pending through our fault.
    """

    def __init__(
        self, path: Path, grades: Mapping[str, int | Report], finish: Finish, not_final: Collection[str] = ()
    ) -> None:
        self._path, self._grades, self._finish, self._not_final = path, grades, finish, not_final
        self.students = tuple(grades)

    def of(self, students: Sequence[str]) -> ClassReports:
        """The reports of these students only."""
        grades = {student: self._grades[student] for student in students}
        return ClassReports(self._path, grades, self._finish, self._not_final)

    def not_final(self) -> ClassReports:
        """The reports that may be pending through our fault: reading all of a large class takes a second."""
        return self.of([student for student in self.students if student in self._not_final])

    def __len__(self) -> int:
        return len(self.students)

    @overload
    def __getitem__(self, at: int) -> Report: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Report]: ...
    def __getitem__(self, at: int | slice) -> Report | Sequence[Report]:
        if isinstance(at, slice):
            return self.of(self.students[at])
        return next(iter(self.of([self.students[at]])))

    def __iter__(self) -> Iterator[Report]:
        stored = stored_reports(self._path, [grade for grade in self._grades.values() if isinstance(grade, int)])
        for student, grade in self._grades.items():
            yield self._finish(student, next(stored) if isinstance(grade, int) else grade)
