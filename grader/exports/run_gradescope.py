"""What `run_autograder` of a Gradescope bundle starts: grade one submission and write results/results.json.

Gradescope shows a student what stands in the results, so only what feedback may show goes there; what only staff may
read is printed, and `stdout_visibility` hides that from students. Nothing that goes wrong ends without a result: then
every task is left for a person.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from grader.course import manifest
from grader.errors import GraderError
from grader.exports import roster
from grader.files import write_atomically
from grader.grading import warm
from grader.grading.verdict import fault_report
from grader.nbgrader.student_ids import safe_name
from grader.printable import say
from grader.results import Outcome, Report, TaskResult


def main(arguments: list[str]) -> None:
    """Grade `place`/submission with `place`/source."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--unit", required=True)
    parser.add_argument("--place", type=Path, required=True)
    given = parser.parse_args(arguments)
    source, place = given.place / "source", given.place
    course = manifest.load(source)
    unit = course.unit(given.unit)
    student = student_of(place / "submission_metadata.json", source / "roster.csv")
    try:
        notebook = notebook_of(place / "submission", unit)
        report = warm.grade_submission(course, unit.id, student, notebook, source / "release.ipynb")
    except GraderError as error:
        report = fault_report(unit, student, str(error))
    finally:
        warm.close_warm()
    for task in report.tasks:
        for test in task.tests:
            if test.staff:
                say(f"{task.task}: {test.name}: {test.staff}")
    write_atomically(place / "results" / "results.json", json.dumps(results_of(report), indent=1) + "\n")


def notebook_of(submission: Path, unit: manifest.Unit) -> Path:
    """The notebook among the submitted files: that of the unit's name, or the only one there is."""
    exact = submission / unit.notebook_name
    found = sorted(path for path in submission.glob("*.ipynb") if not path.is_symlink())
    return exact if exact.exists() or len(found) != 1 else found[0]


def student_of(metadata: Path, people: Path) -> str:
    """The student's id, from which variants are made: the roster's for the e-mail, or what stands before the @."""
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        email = str(users[0]["email"])
    except (OSError, ValueError, LookupError, TypeError):
        return "student"
    if people.is_file():
        for person in roster.read(people).values():
            if person.email.casefold() == email.casefold():
                return person.student
    return safe_name(email.partition("@")[0])


def results_of(report: Report) -> dict[str, Any]:
    """The report in Gradescope's schema. Gradescope has no score that is pending: it is 0, and the text says so."""
    said = [f"Graded in isolation level {report.level}."]
    if report.problem:
        said.append(report.problem)
    open_ = [task.title for task in report.tasks if task.points is None]
    if open_:
        said.append(f"A teacher will look at: {', '.join(open_)}. Until then they show 0 points.")
    return {
        "score": round(report.points, 4),
        "execution_time": round(report.milliseconds / 1000, 3),
        "output": " ".join(said),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(number, task) for number, task in enumerate(report.tasks, 1)],
        "extra_data": {
            "isolation": str(report.level),
            "engine": report.engine,
            "pending": [task.task for task in report.tasks if task.points is None],
        },
    }


def _test(number: int, task: TaskResult) -> dict[str, Any]:
    """One task as one of Gradescope's tests."""
    lines = [task.explanation] if task.explanation else []
    lines += [f"{test.says} {test.hint}".strip() for test in task.tests if test.outcome is not Outcome.PASSED]
    lines += task.notes
    if task.points is None:
        lines.insert(0, "A teacher will look at this.")
    full = task.points is not None and task.points >= task.max_points
    return {
        "number": str(number),
        "name": task.title,
        "score": task.points or 0.0,
        "max_score": task.max_points,
        "status": "passed" if full else "failed",
        "output": "\n".join(lines),
        "visibility": "visible",
    }


if __name__ == "__main__":
    main(sys.argv[1:])
