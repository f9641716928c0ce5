"""Run a unit's notebook as learners will: no given cell may raise, with or without their answers.

A given cell that raises is our fault, and learners cannot fix it. So before release the cells run once in the released
folder, with the kit that is in it. They run in a separate process because they draw, import and change global state.
Check cells are left out: nothing in a notebook depends on them.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.course.data import link_folder
from grader.course.notebooks import grade_id, is_answer, source_of
from grader.environment import python_path

MINUTES = 10  # for all runs of a unit together; one notebook takes seconds


def rehearse(
    folder: Path,
    runs: Mapping[str, Any],
    *,
    names: Iterable[str] = ("reference",),
    kit: Path | None = None,
    without: Iterable[Path] = (),
) -> list[str]:
    """Run notebooks as in `folder` under each of `names`; return a message for authors on each given cell that raised.

    They run in a temporary folder with links to its files, so what they write is in nobody's release.
    `runs` maps a label ("untouched", "with right answers") to a notebook. `kit` is the kit's folder, if it is not in
    `folder`, and `without` are files there that students do not get.
    """
    asked = json.dumps([(what, name, list(_cells(notebook))) for what, notebook in runs.items() for name in names])
    kept = {name: value for name, value in os.environ.items() if name not in ("KIT_GRADING", "NBGRADER_VALIDATING")}
    path = python_path(*([kit.parent] if kit else []))
    ours = {"KIT_REHEARSING": "1", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
    env = {**kept, **ours, "PYTHONPATH": path}
    command = [sys.executable, "-m", "grader.course.rehearsal"]
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as place:
        link_folder(folder.absolute(), Path(place), without=without)
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
                command,
                cwd=place,
                env=env,
                input=asked,
                capture_output=True,
                text=True,
                check=False,
                timeout=60 * MINUTES,
            )
        except subprocess.TimeoutExpired:
            return [f"the notebook was still running after {MINUTES} minutes"]
    if done.returncode:
        return [f"the notebook could not be run: {done.stderr.strip()[-400:] or f'exit status {done.returncode}'}"]
    said: list[str] = json.loads(done.stdout)
    return list(dict.fromkeys(said))


def _cells(notebook: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """The source of each code cell except the checks, and whether it is given."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not grade_id(cell).startswith("test_"):
            yield source_of(cell), not is_answer(cell)


# ---------------------------------------------------------------------------------------------- in the process


def _run(what: str, name: str, cells: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Run the cells under a student's name; yield an error for each given cell that raises."""
    os.environ["JUPYTERHUB_USER"] = name  # this process does nothing else
    names: dict[str, Any] = {"__name__": "__main__", "display": lambda *args, **kwargs: None}
    for source, given in cells:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(source, names)  # noqa: S102 - our own notebook
        except BaseException as error:
            if given:
                begins = next(line.strip() for line in source.splitlines() if line.strip())[:60]
                yield f"the given cell that begins `{begins}` raises {type(error).__name__}: {error} ({what})"
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")


if __name__ == "__main__":
    print(json.dumps([text for run in json.load(sys.stdin) for text in _run(*run)]))
