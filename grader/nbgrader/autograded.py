"""autograded/: the folder from which nbgrader makes feedback."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

from grader.course import matching, notebooks
from grader.course.notebooks import Json
from grader.nbgrader import collection
from grader.nbgrader.collection import SECRET, STAMP, STAMP_FORMAT, small_file
from grader.report.feedback_cell import feedback_outputs
from grader.results import Report


def write_autograded(
    into: Path, notebook: Path, release: Path, report: Report, *, stamp: datetime.datetime | None, before: Path
) -> None:
    """Write the folder for nbgrader's feedback: the canonical notebook with our outputs. `before` is the last one."""
    into.mkdir()
    whole = with_feedback(read_canonical(notebook, release), report)
    for name, part in notebooks.split(whole, release.name).items():
        (into / name).write_text(json.dumps(part, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (into / STAMP).write_text(stamp.strftime(STAMP_FORMAT) if stamp else "", encoding="utf-8")
    (into / SECRET).write_text(_secret_of(notebook.parent, before), encoding="utf-8")


def drop_files_of_the_student(folder: Path, source: Path) -> None:
    """Keep only the files under autograded/ that nbgrader, or the instructor's `source`, has put there.

    Formgrader serves every file in it to browsers, so a student's .html would be a page on the server's origin.
    """
    keep = {STAMP, SECRET}
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder)
        if path.is_symlink() or (path.is_file() and str(name) not in keep and not (source / name).is_file()):
            path.unlink()


def complete_autograded(folder: Path) -> None:
    """Add what the release of feedback needs: if one submission lacks it, nbgrader stops for the whole class."""
    for name, text in ((STAMP, ""), (SECRET, collection.new_secret())):
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")


def read_canonical(notebook: Path, release: Path) -> Json:
    """The canonical notebook of a submission (all of them as one); if none can be read, the release itself."""
    released = notebooks.read_whole(release)
    try:
        return matching.canonical_notebook(released, notebooks.read_handed_in(notebook, released)[0])
    except notebooks.SubmissionProblem:
        return matching.canonical_notebook(released, {"cells": []})


def with_feedback(notebook: Json, report: Report) -> Json:
    """The notebook, with the student's feedback in the output of each grade cell."""
    tasks = {f"test_{task.task}": task for task in report.tasks}
    cells = []
    for cell in notebook["cells"]:
        task = tasks.get(notebooks.grade_id(cell))
        cells.append({**cell, "outputs": feedback_outputs(task, report)} if task else cell)
    return {**notebook, "cells": cells}


def timestamp_of(submitted: Path) -> datetime.datetime | None:
    """When a submission was handed in, in UTC without a zone, as in the gradebook.

    None if no time is given (as in nbgrader: then it is not late); now if the time cannot be read. It is read as
    nbgrader reads it, because formgrader counts a submission as graded only if both times agree.
    """
    text = small_file(f"{submitted}/{STAMP}").strip()
    return (collection.read_moment(text) or collection.now_in_utc()) if text else None


def _secret_of(submitted: Path, before: Path) -> str:
    """The secret that protects the feedback from other readers; a new one if the submission has none."""
    for path in (submitted / SECRET, before / SECRET):
        text = small_file(path).strip()
        if collection.is_secret(text):
            return text
    return collection.new_secret()
