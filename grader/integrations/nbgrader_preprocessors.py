"""The three preprocessors with which `nbgrader autograde` grades in our jail (named in nbgrader_config.py)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from grader import grade, manifest, notebooks, results
from grader.integrations import nbgrader as integration


def _folder(preprocessor: Any) -> Any:
    """nbgrader's CourseDirectory: exporter -> converter -> course directory."""
    return preprocessor.parent.parent.coursedir


class CanonicalNotebook(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader ships no types
    """Rebuild the notebook from the release; of the submission only the answers and the added cells are taken."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        facts = resources["nbgrader"]
        folder = Path(_folder(self).root)
        release = json.loads(integration.release_of(folder, facts["assignment"]).read_text(encoding="utf-8"))
        submission = json.loads(json.dumps(nb))
        return from_dict(notebooks.canonical_notebook(release, submission)), resources


class IsolatedGrade(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader ships no types
    """Grade the notebook in a lane, and put the student's feedback into its grade cells."""

    course_root = Unicode("", help="The repository that holds course/course.toml").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        facts = resources["nbgrader"]
        folder = Path(_folder(self).root)
        unit, student = facts["assignment"], facts["student"]
        course = manifest.load(Path(self.course_root))
        report = grade.grade_submission(
            course,
            unit,
            student,
            folder / "submitted" / student / unit / f"{unit}.ipynb",
            integration.release_of(folder, unit),
        )
        results.write(report, folder / "reports" / unit / f"{student}.json")
        resources["grader_report"] = report
        return from_dict(integration.with_feedback(json.loads(json.dumps(nb)), report)), resources


class SaveReport(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader ships no types
    """Write the report's rows, in one transaction a notebook."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[Any, Any]:
        facts = resources["nbgrader"]
        with integration.open_gradebook(Path(_folder(self).root)) as gradebook:
            submission = gradebook.find_submission(facts["assignment"], facts["student"])
            integration.save_rows(submission, facts["assignment"], resources["grader_report"])
            gradebook.db.commit()
        return nb, resources
