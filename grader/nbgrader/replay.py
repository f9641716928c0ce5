"""Grade a submission again as the ledger says it was graded, and say whether the outcome is the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.environment import environment
from grader.errors import GraderError
from grader.grading import warm
from grader.grading.basis import basis_of, hash_of_submission
from grader.grading.ledger import GradeInLog, Ledger, LogEntry
from grader.nbgrader import students
from grader.nbgrader.autograded import timestamp_of
from grader.nbgrader.handed_in import release_of
from grader.results import Report


class Replay(msgspec.Struct, frozen=True):
    """One grade, given again."""

    before: GradeInLog
    now: Report
    changed: tuple[str, ...]  # what the grade rests on and is no longer as it was
    differences: tuple[str, ...]  # between the two reports, except for times

    @property
    def same(self) -> bool:
        """Whether the report is the same, byte for byte, except for times."""
        return not self.differences


def history(folder: CourseFolder, student: str, unit_id: str = "") -> list[tuple[LogEntry, GradeInLog | None]]:
    """A student's log, oldest first, from before a change of id as well. Raises GraderError if there is none."""
    if not folder.ledger.exists():
        raise GraderError(f"{folder.ledger}: no such file; `grader grade` makes it")
    aliases = students.read(folder.root)
    with Ledger(folder.ledger) as ledger:
        entries = [
            entry
            for name in {student, *(alias.old for alias in aliases.renamed.get(student, ()))}
            for entry in ledger.history(name, unit_id)
            if students.id_now(aliases, name, datetime.fromisoformat(entry.at).replace(tzinfo=None)) == student
        ]
        log = [(entry, ledger.graded(entry)) for entry in sorted(entries, key=lambda entry: entry.id)]
        if not log:
            known = ", ".join(ledger.students(unit_id)[:20])
            of = f" in {unit_id}" if unit_id else ""
            raise GraderError(f"{folder.ledger}: nothing about {student!r}{of}. It knows: {known or 'nobody'}")
    return log


def replay(course: manifest.Course, unit_id: str, student: str, folder: CourseFolder) -> Replay:
    """Grade the student's submission again, at the level of the last grade, and compare. Raises GraderError."""
    unit = course.unit(unit_id)
    before = next((graded for _, graded in reversed(history(folder, student, unit_id)) if graded is not None), None)
    notebook = folder.submitted(student, unit_id) / unit.notebook_name
    if before is None or not notebook.parent.is_dir():
        raise GraderError(f"{notebook.parent}: nothing to grade again there; `grader history {student}` has the log")
    release, level = release_of(folder.root, unit_id), before.report.level
    changed = before.basis.differences(basis_of(course, unit, release, level))
    if hash_of_submission(notebook) != before.submission:
        changed = ["submission", *changed]
    with environment({"GRADER_LEVEL": level}):
        made_by = students.id_at(students.read(folder.root), student, timestamp_of(notebook.parent))
        now = warm.grade_submission(course, unit_id, made_by, notebook, release)
        now = msgspec.structs.replace(now, student=before.report.student)
    differences = tuple(_differences("", _plain(before.report), _plain(now)))
    with Ledger(folder.ledger) as ledger:
        ledger.note(unit_id, student, "replayed", "the same" if not differences else "; ".join(differences)[:2000])
    return Replay(before, now, tuple(changed), differences)


def _plain(report: Report) -> dict[str, Any]:
    """The report as plain data without the times, which are different in each run."""
    tasks = [
        msgspec.structs.replace(
            task, tests=tuple(msgspec.structs.replace(test, milliseconds=0.0) for test in task.tests)
        )
        for task in report.tasks
    ]
    still = msgspec.structs.replace(report, tasks=tuple(tasks), milliseconds=0.0, timestamp="")
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(still))
    return plain


def _differences(where: str, before: Any, now: Any) -> list[str]:
    """Where two trees of plain data differ, and how."""
    if isinstance(before, dict) and isinstance(now, dict):
        keys = [*before, *(key for key in now if key not in before)]
        return [line for key in keys for line in _differences(f"{where}.{key}", before.get(key), now.get(key))]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [line for at, pair in pairs for line in _differences(f"{where}[{_name(pair[0], at)}]", *pair)]
    return [] if before == now else [f"{where.removeprefix('.')}: {before!r} -> {now!r}"]


def _name(item: Any, at: int) -> str:
    return str(item.get("name") or item.get("task") or at) if isinstance(item, dict) else str(at)
