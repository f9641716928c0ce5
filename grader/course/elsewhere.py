"""Find work in other files of the submitted folder: `unit-Copy1.ipynb`, `old/unit.ipynb`, the notebook as `unit.py`."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from collections import deque
from collections.abc import Container, Iterator
from pathlib import Path

from grader.course.folder import notebook_name
from grader.course.matching import match_cells
from grader.course.notebooks import MAX_CELLS, Json, SubmissionProblem, more_of, read_regular, read_submission

MAX_NOTEBOOKS = 5  # the most notebooks and scripts to read
MAX_LEVELS = 2  # of folders in the submitted one
MAX_ENTRIES = 2000  # the most folder entries to look at
MAX_BYTES = 5 << 20  # of each notebook
ANOTHER_ANSWER = "There is another answer to this task in "  # how the note on such a file begins


def work_elsewhere(notebook: Path, release: Json) -> dict[str, dict[str, str]]:
    """The files beside `notebook`, or in folders beside it, that hold work, by task, each with its answer's hash.

    Other notebooks count, and scripts named for the unit, such as the notebook exported as `unit.py`. A folder is
    searched only if its notebook is named for the unit, as in a submission. Nothing found is trusted or run: a teacher
    decides what it is worth.
    """
    ours = {notebook.name, *map(notebook_name, more_of(release))}
    found: dict[str, dict[str, str]] = {}
    for name in other_files(notebook, ours)[:MAX_NOTEBOOKS]:
        with contextlib.suppress(SubmissionProblem):
            matched = match_cells(release, _read(notebook.parent / name))
            for task in matched.checks.keys() - matched.untouched:
                found.setdefault(task, {})[name] = matched.answer_hash(task)
    return found


def other_files(notebook: Path, ours: Container[str] = ()) -> list[str]:
    """Where work may be besides the notebooks `ours`: paths from the notebook's folder, sorted. Follows no link."""
    return sorted(
        name
        for name in _files(notebook.parent)
        if name not in ours and (name.lower().endswith(".ipynb") or _is_script(name, notebook.stem))
    )


def _is_script(name: str, unit: str) -> bool:
    name = Path(name).name.lower()
    return name.startswith(unit.lower()) and name.endswith(".py")


def _files(folder: Path) -> Iterator[str]:
    """The files in a folder and in the folders in it, as paths relative to it; hidden ones and links are left out.

    The nearest come first, and at most MAX_ENTRIES entries are looked at in all.
    """
    folders, left = deque([("", MAX_LEVELS)]), MAX_ENTRIES
    while folders and left:
        above, levels = folders.popleft()
        with contextlib.suppress(OSError), os.scandir(folder / above) as entries:
            for entry in itertools.islice(entries, left):
                left -= 1
                if entry.name.startswith(".") or entry.is_symlink():
                    continue
                if entry.is_file(follow_symlinks=False):
                    yield f"{above}{entry.name}"
                elif levels and entry.is_dir(follow_symlinks=False):
                    folders.append((f"{above}{entry.name}/", levels - 1))


def _read(path: Path) -> Json:
    """A notebook, or a script as one: its cells begin where `# %%` or `# In[3]:` stands. Raises SubmissionProblem."""
    if path.suffix.lower() == ".ipynb":
        return read_submission(path, MAX_BYTES)
    text = read_regular(path, MAX_BYTES).decode("utf-8", "replace")
    cells = re.split(r"^# (?:%%|In ?\[).*$", text, maxsplit=MAX_CELLS, flags=re.M)
    return {"cells": [{"cell_type": "code", "metadata": {}, "source": cell.strip("\n")} for cell in cells]}
