"""An autograder for Gradescope: a zip with `setup.sh`, `run_autograder` and all that they need to grade one unit.

Gradescope builds a container with `setup.sh`, and starts `run_autograder` for each submission. Its containers forbid
user namespaces, so student code runs at L2 (Landlock and seccomp) or L1; the result says which. Where neither holds, no
student code is run and every task is left for a person: without isolation it could read the hidden tests.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import grader
from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.course.packages import needed_by, not_installed
from grader.errors import GraderError
from grader.files import write_atomically

_SKIP = {"__pycache__", ".git"}
SETUP = """#!/usr/bin/env bash
# Made by `grader bundle gradescope {unit}`. Gradescope runs it once, as root, when the container is built.
set -e
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv bubblewrap libseccomp2
python3 -c 'import sys; sys.exit("choose a newer base image, with Python 3.11" if sys.version_info < (3, 11) else 0)'
python3 -m venv /autograder/venv
/autograder/venv/bin/python -m pip install --no-cache-dir -r /autograder/source/requirements.txt
"""
RUN = """#!/usr/bin/env bash
# Made by `grader bundle gradescope {unit}`. Gradescope runs it for each submission.
place="${{AUTOGRADER:-/autograder}}"
python="${{AUTOGRADER_PYTHON:-$place/venv/bin/python}}"
export PYTHONPATH="$place/source:$place/source/exercises"
mkdir -p "$place/results"
cd /
exec "$python" -m grader.exports.run_gradescope --unit {unit} --place "$place"
"""


def bundle_gradescope(course: manifest.Course, unit_id: str, folder: Path, into: Path) -> Path:
    """Write the zip and return its path. Raises GraderError if the unit is not released yet."""
    unit = course.unit(unit_id)
    release = CourseFolder(folder).released_notebook(unit_id)
    if not release.is_file():
        raise GraderError(f"{release}: not released yet; run `grader build {unit_id}` first")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in (("setup.sh", SETUP), ("run_autograder", RUN)):
            _add(file, name, text.format(unit=unit_id).encode(), mode=0o755)
        _add(file, "requirements.txt", _requirements(course).encode())
        _add(file, "release.ipynb", release.read_bytes())
        for name in unit.notebook_names[1:]:
            _add(file, name, release.with_name(name).read_bytes())
        roster = CourseFolder(folder).roster
        if roster.is_file():
            _add(file, "roster.csv", roster.read_bytes())
        for name, path in _sources(course, unit):
            _add(file, name, path.read_bytes())
    write_atomically(into, out.getvalue())
    return into


def _add(file: zipfile.ZipFile, name: str, content: bytes, *, mode: int = 0o644) -> None:
    """Add a file with a fixed time, so that the same course gives the same zip."""
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(entry, content)


def _sources(course: manifest.Course, unit: manifest.Unit) -> Iterator[tuple[str, Path]]:
    """The engine, the kit, the manifest, and everything of the unit: (name in the zip, path)."""
    engine = Path(grader.__file__).parent
    folders = {
        "grader": engine,
        "exercises/kit": course.kit_dir,
        f"exercises/{unit.id}": unit.exercises_dir,
        f"solutions/{unit.id}": unit.solutions_dir,
    }
    yield "course/course.toml", course.root / "course" / "course.toml"
    for name, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            below = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and not _SKIP & set(below.parts) and path.suffix != ".pyc":
                yield f"{name}/{below}", path


def _requirements(course: manifest.Course) -> str:
    """What the engine imports, and what students may, at the versions that are installed here. Raises GraderError."""
    if problems := not_installed(course):
        raise GraderError("\n".join(problems))
    found = needed_by(("just-enough-calculus", *course.packages))
    return "\n".join(sorted(f"{name}=={found[name]}" for name in found if name != "just-enough-calculus")) + "\n"
