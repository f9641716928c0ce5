"""Find the course repository and the course folder from wherever a command is run.

A *course repository* holds course/course.toml. A *course folder* is nbgrader's; `grader init` writes into its
configuration which repository it belongs to. `grader new course` makes one folder that is both.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import kit
from kit.variants import EDITION_FILE, FIRST_EDITION

from grader.course.folder import CourseFolder
from grader.errors import GraderError

INSTALLED_KIT = Path(kit.__file__).parent  # for a course that has no kit itself
_COURSE_ROOT = re.compile(r"^c\.IsolatedGrade\.course_root = (.+)$", re.MULTILINE)


def find_root(given: Path | None = None, *, folder: Path | None = None, here: Path | None = None) -> Path:
    """The course repository: `given`, or that of the course folder `folder`, or the nearest one upwards.

    Raises GraderError.
    """
    if given is not None:
        return given
    if folder is not None and (named := repository_of(folder)):
        return named
    start = here or Path.cwd()
    for place in _upwards(start):
        if (place / "course" / "course.toml").is_file():
            return place
        if named := repository_of(place):
            return named
    raise GraderError(
        f"{start}: no course/course.toml here or in a folder above. Run this inside a course, name it with --root, "
        "or make one: grader new course FOLDER"
    )


def find_folder(*, here: Path | None = None) -> Path:
    """The nearest course folder upwards. Raises GraderError."""
    start = here or Path.cwd()
    for place in _upwards(start):
        if repository_of(place):
            return place
    raise GraderError(
        f"{start}: no course folder here or above. Run this inside one, name it with --folder, or make one: "
        "grader init FOLDER"
    )


def repository_of(folder: Path) -> Path | None:
    """The course repository that a course folder belongs to; None if `grader init` did not make it."""
    config = CourseFolder(folder).config
    if not config.is_file():
        return None
    found = _COURSE_ROOT.search(config.read_text(encoding="utf-8", errors="replace"))
    try:
        return Path(ast.literal_eval(found[1])) if found else None
    except (SyntaxError, ValueError, TypeError):
        raise GraderError(f"{config}: c.IsolatedGrade.course_root is not a path; run `grader init` again") from None


def write_edition(kit_folder: Path, edition: str) -> None:
    """Write into a copy of the kit which edition seeds its variants; "" leaves it as it is."""
    if not edition:
        return
    path = kit_folder / EDITION_FILE
    path.write_text(edition + "\n", encoding="utf-8")
    path.chmod(0o644)


def edition_in(kit_folder: Path) -> str:
    """The edition that seeds the variants of a copy of the kit."""
    path = kit_folder / EDITION_FILE
    return path.read_text(encoding="utf-8").strip() if path.is_file() else FIRST_EDITION


def _upwards(start: Path) -> Iterator[Path]:
    yield from (start, *start.resolve().parents)
