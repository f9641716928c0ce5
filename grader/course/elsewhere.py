"""Find work in other notebooks of the submitted folder, such as `unit-Copy1.ipynb`."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path

from grader.course.matching import match
from grader.course.notebooks import Json, SubmissionProblem, more_of, read_submission

MAX_NOTEBOOKS = 5  # the most notebooks to read
MAX_ENTRIES = 2000  # the most folder entries to look at
MAX_BYTES = 5 << 20  # of each notebook


def work_elsewhere(notebook: Path, release: Json) -> dict[str, tuple[str, ...]]:
    """The notebooks beside `notebook` that hold work, by task.

    A folder is searched only if its notebook is named for the unit, as in a submission. Nothing found is trusted or
    run: a teacher decides what it is worth.
    """
    names: list[str] = []
    with contextlib.suppress(OSError), os.scandir(notebook.parent) as entries:
        names = [entry.name for entry in itertools.islice(entries, MAX_ENTRIES)]
    ours = {notebook.name, *(f"{name}.ipynb" for name in more_of(release))}
    others = sorted(
        name for name in names if name.lower().endswith(".ipynb") and not name.startswith(".") and name not in ours
    )
    found: dict[str, list[str]] = {}
    for name in others[:MAX_NOTEBOOKS]:
        with contextlib.suppress(SubmissionProblem):
            matched = match(release, read_submission(notebook.parent / name, MAX_BYTES))
            for task in matched.checks.keys() - matched.untouched:
                found.setdefault(task, []).append(name)
    return {task: tuple(names) for task, names in found.items()}
