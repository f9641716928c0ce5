"""What `nbgrader generate_feedback` runs for a class (see nbgrader_config.py): our page for each graded submission.

nbgrader finds the submissions, calls the exporter with each notebook under autograded/, and writes what comes back; so
everything that shows or releases feedback shows our page (`grader.report.feedback_page`). A notebook that our engine
has not graded gets nbgrader's own page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter

from grader.course.places import find_root
from grader.nbgrader.feedback_facts import page_of


class FeedbackExporter(HTMLExporter):  # type: ignore[misc] # nbconvert ships no types
    """Makes our page in place of nbconvert's."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> tuple[str, Any]:
        facts, folder = resources["nbgrader"], Path(self.parent.coursedir.root)
        root = find_root(folder=folder)
        page = page_of(folder, facts["assignment"], facts["student"], root=root, db_url=facts["db_url"])
        if page is None:
            return super().from_filename(filename, resources=resources, **options)  # type: ignore[no-any-return] # untyped too
        return page, {**resources, "output_extension": self.file_extension}
