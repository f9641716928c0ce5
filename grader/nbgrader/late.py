"""nbgrader's plug for late penalties, with the policies of the manifest (named in nbgrader_config.py).

nbgrader says how late a submission is (an extension counts already) and keeps what we return. `nbgrader autograde`,
formgrader's button and `grader grade` all come through here.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

from grader.course import manifest
from grader.course.policies import spend_late_days


class LatePolicy(LateSubmissionPlugin):  # type: ignore[misc] # nbgrader ships no types
    """The penalty that `[policies]` gives. Without policies nbgrader's own `penalty_method` decides, as before."""

    course_root = Unicode("", help="The repository that holds course/course.toml").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The points that a student loses. `self.parent` is nbgrader's preprocessor, which knows the unit."""
        course = self._course() if self.course_root else None
        unit = next((unit for unit in course.units if unit.id == self.parent.assignment_id), None) if course else None
        if course is None or unit is None or not unit.policies.late_work_costs:
            own: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return own
        free = self._free_days(course, student_id).get(unit.id, 0) if unit.policies.late_days else 0
        return unit.policies.penalty(score, total_seconds_late, free_days=free)

    def _course(self) -> manifest.Course:
        path = Path(self.course_root) / "course" / "course.toml"
        return _loaded(self.course_root, path.stat().st_mtime_ns if path.is_file() else 0)

    def _free_days(self, course: manifest.Course, student: str) -> dict[str, int]:
        """The late days that the budget pays in each unit that the student has handed in."""
        session: Any = self.parent.gradebook.db
        rows = session.query(Assignment.name, SubmittedAssignment).filter(
            SubmittedAssignment.assignment_id == Assignment.id, SubmittedAssignment.student_id == student
        )
        late = {name: submission.total_seconds_late for name, submission in rows}
        return spend_late_days((unit.id, late[unit.id], unit.policies) for unit in course.units if unit.id in late)


@functools.lru_cache(maxsize=4)
def _loaded(root: str, _modified: int) -> manifest.Course:
    return manifest.load(Path(root))
