"""What makes `nbgrader autograde` grade in our jail: an exporter and two preprocessors (see nbgrader_config.py)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from nbconvert.exporters.notebook import NotebookExporter
from nbformat import NotebookNode, from_dict
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from grader import results
from grader.course import manifest, notebooks
from grader.course.folder import CourseFolder
from grader.course.notebooks import tasks_added_later
from grader.errors import GraderError
from grader.grading.verdict import excused
from grader.jail.inside import garbage
from grader.nbgrader import autograded, class_grading, extensions, handed_in
from grader.nbgrader.copies import ready_to_write
from grader.nbgrader.gradebook import not_on_the_roster, open_gradebook, save_rows, set_due
from grader.printable import one_line

Resources = dict[str, Any]  # what nbconvert hands from one preprocessor to the next


garbage.end_quickly()  # `nbgrader autograde` ends with ours: a third of a second


def _folder(preprocessor: Any) -> Any:
    """nbgrader's CourseDirectory: exporter -> converter -> course directory."""
    return preprocessor.parent.parent.coursedir


class SubmissionExporter(NotebookExporter):  # type: ignore[misc] # nbconvert ships no types
    """Rebuilds the notebook from the release, taking only answers and added cells from the submission.

    It is read with our own reader: nothing that a student hands in reaches nbformat's. If it is not a notebook, the
    released one is read instead, so that it is graded (with zero). nbgrader makes the exporter before it creates any
    student, so this is where those who are not on the roster are left out: the button of formgrader ignores
    `create_student`.
    """

    def __init__(self, **kwargs: Any) -> None:
        """Raises NbGraderException if nobody to be graded is on the roster, or the gradebook cannot be copied."""
        super().__init__(**kwargs)
        if self.parent is not None:
            students = _leave_out_unknown_students(self.parent)
            root, place = Path(str(self.config.IsolatedGrade.course_root)), self.parent.coursedir
            class_grading.expect(root, place.assignment_id, students, Path(place.root))
            try:
                ready_to_write(Path(place.root))  # one copy for all students
            except GraderError as error:
                raise NbGraderException(str(error)) from None

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        facts, path = resources["nbgrader"], Path(filename)  # maybe a link, which must not be followed
        layout = CourseFolder(Path(self.parent.coursedir.root))
        if path.parent.resolve() == layout.autograded(facts["student"], facts["assignment"]).resolve():  # ours
            found = json.loads(path.read_text(encoding="utf-8"))
        else:
            release = handed_in.release_of(layout.root, facts["assignment"])
            parts = notebooks.split(autograded.read_canonical(path.with_name(release.name), release), release.name)
            found = parts[path.name] if path.name in parts else autograded.read_canonical(path, release)
        return self.from_notebook_node(from_dict(found), resources=resources, **kwargs)


def _leave_out_unknown_students(app: Any) -> set[str]:
    """Drop those who are not on the roster from what nbgrader's `autograde` is about to grade; return the others."""
    place = re.compile(app._format_source(r"(?P<unit>.*)", r"(?P<student>.*)", escape=True))
    students = {folder: found["student"] for folder in app.assignments if (found := place.match(folder))}
    unknown = not_on_the_roster(Path(app.coursedir.root), set(students.values()))
    app.assignments = {
        folder: found for folder, found in app.assignments.items() if students.get(folder) not in unknown
    }
    if unknown:
        names = ", ".join(one_line(name, 80) for name in unknown[:20]) + ", …" * (len(unknown) > 20)
        said = f"{len(unknown)} not on the roster, so not graded: {names}. Add them to the gradebook to grade them."
        app.log.error(said)
        if not app.assignments:
            raise NbGraderException(said)
    return set(students.values()).difference(unknown)


class IsolatedGrade(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader ships no types
    """Grade the notebook in a lane, and put the student's feedback into its grade cells."""

    course_root = Unicode("", help="The repository that holds course/course.toml").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        facts = resources["nbgrader"]
        folder = Path(_folder(self).root)
        unit, student = facts["assignment"], facts["student"]
        course, layout = manifest.load(Path(self.course_root)), CourseFolder(folder)
        report = class_grading.grade_student(course, unit, student, folder)
        submitted = layout.submitted(student, unit)
        release = notebooks.read_whole(handed_in.release_of(folder, unit))
        report = excused(report, tasks_added_later(release), course.unit(unit), autograded.timestamp_of(submitted))
        path = layout.report(unit, student)
        resources["grader_last"] = results.read_last(path)
        results.write(report, path)
        resources["grader_report"], resources["grader_unit"] = report, course.unit(unit)
        return from_dict(autograded.with_feedback(json.loads(json.dumps(nb)), report)), resources


class SaveReport(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader ships no types
    """Write the report's rows, in one transaction for each notebook. `SubmissionExporter` has kept a copy."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        facts = resources["nbgrader"]
        with open_gradebook(Path(_folder(self).root), facts["db_url"], copy=False) as gradebook:
            submission = gradebook.find_submission(facts["assignment"], facts["student"])
            set_due(submission.assignment, resources["grader_unit"])
            until = extensions.read(Path(_folder(self).root)).get(facts["assignment"], {})
            extensions.set_extension(submission, resources["grader_unit"], until)
            save_rows(submission, resources["grader_report"], resources["grader_last"])
            gradebook.db.commit()
        layout = CourseFolder(Path(_folder(self).root))
        into = layout.autograded(facts["student"], facts["assignment"])
        autograded.drop_files_of_the_student(into, layout.source(facts["assignment"]))
        autograded.complete_autograded(into)
        return nb, resources
