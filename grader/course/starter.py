"""A working course and a working unit to start from, as `grader new` writes them.

The starter unit has one of everything: text, a stub, its picture, a public check, hidden tests and a known mistake.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from pathlib import Path

from grader.course import manifest
from grader.errors import GraderError
from grader.files import read_text, write_atomically

FIRST_UNIT = "first_unit"

_MANIFEST = """\
# The one place for units, order, titles, points, due dates and limits.

[course]
id = "{id}"
title = "{title}"
edition = "1" # seeds the variants
"""
_IGNORED = """\
# what nbgrader and grader make; it holds students' work and grades
/source/
/release/
/submitted/
/quarantine/
/autograded/
/feedback/
/reports/
/gradebook.db*
/gradebook_copies/
/ledger.db*
/extensions.json
/students.json
/.grader.turn
/.build-*/
/*.html
/*.csv
/*.zip
/*.json
/*.log
__pycache__/
"""
_UNIT = """
[[units]]
id = "{id}"
title = "{title}"
minutes = 30

[[units.tasks]]
id = "mean"
title = "Mean"
points = 4
minutes = 15
"""
_NOTEBOOK = '''\
# %% [markdown]
# # {title}
#
# The *mean* of some numbers is their sum, shared equally among them.

# %%
import matplotlib.pyplot as plt
from kit import check

# %% task="mean"
def mean(numbers):
    """The mean of a list of numbers."""
    ...

# %% check="mean"
check("mean")

# %% [markdown]
# The dots are the numbers. As soon as `mean` is written, the line is at their mean.

# %%
numbers = [2, 3, 7, 4]
figure, axes = plt.subplots()
axes.plot(numbers, "o", label="numbers")
if mean(numbers) is not None:
    axes.axhline(mean(numbers), color="tab:orange", label="mean")
axes.set_ylim(0, 8)
axes.legend()
plt.show()
'''
_PUBLIC = '''\
"""The checks that students have; `check("mean")` in the notebook runs them."""

import pytest


@pytest.mark.task("mean")
def test_two_numbers(student):
    """the mean of 2 and 4 is 3"""
    assert student.mean([2, 4]) == 3, "What is half of 2 + 4?"
'''
_REFERENCE = '''\
"""The right answers. Only staff have this file."""


def mean(numbers):
    return sum(numbers) / len(numbers)
'''
_HIDDEN = '''\
"""The tests that decide. Students read only the docstring of a test that failed."""

import pytest

from grader.testing import expect


@pytest.mark.task("mean")
def test_several_numbers(student):
    """The mean of several numbers."""
    expect.number(student.mean([1.0, 2.5, 5.0, 9.5]), 4.5, what="mean")


@pytest.mark.task("mean")
def test_negative_numbers(student):
    """Negative numbers have a mean as well."""
    expect.number(student.mean([-3.0, 1.0, -7.0]), -3.0, what="mean")


@pytest.mark.task("mean")
def test_a_single_number(student):
    """The mean of a single number is that number."""
    expect.number(student.mean([7.25]), 7.25, what="mean")


@pytest.mark.task("mean")
def test_the_list_stays_as_it_was(student):
    """The mean of the same list is the same the second time."""
    numbers = [5.0, 9.0]
    expect.number(student.mean(numbers), 7.0, what="mean")
    expect.number(student.mean(numbers), 7.0, what="mean")
'''
_MISTAKES = '''\
"""Known mistakes; a submission that behaves like one is shown its sentence."""

from grader.testing import wrong_function


@wrong_function("mean", says="You shared the sum among one fewer than there are. How many numbers are there?")
def one_fewer(numbers):
    return sum(numbers) / max(1, len(numbers) - 1)
'''


def write_course(folder: Path) -> str:
    """Write a course with one unit into `folder`, new or empty. Returns the unit's id. Raises GraderError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise GraderError(f"{folder}: there is something already; name a folder that does not exist or is empty")
    name = folder.resolve().name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()  # é becomes e
    course_id = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not course_id[:1].isalpha():
        course_id = f"course_{course_id}".rstrip("_")
    title = re.sub(r'[\x00-\x1f\x7f"\\]', " ", name.replace("_", " ")).strip() or course_id
    title = title[0].upper() + title[1:]
    (folder / "course").mkdir(parents=True)
    write_atomically(folder / ".gitignore", _IGNORED)
    manifest_text = _MANIFEST.format(id=course_id, title=title)
    _write(_files(folder, FIRST_UNIT))
    write_atomically(_manifest_of(folder), manifest_text + _table_of(FIRST_UNIT))
    return FIRST_UNIT


def write_unit(root: Path, name: str) -> list[Path]:
    """Write the unit `name` into the course at `root` and enter it in its manifest. Returns the files written.

    Raises GraderError, and then nothing was written.
    """
    course = manifest.load(root)
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise GraderError(f"{name!r}: a unit's id has lower-case letters, digits and _, for example 'random_walks'")
    if name in {unit.id for unit in course.units}:
        raise GraderError(f"{_manifest_of(root)}: there is a unit {name!r} already")
    if name == "kit":
        raise GraderError("'kit': this folder of exercises/ belongs to the course's kit; choose another id")
    files = _files(root, name)
    if there := [str(path) for path in files if path.exists()]:
        raise GraderError(f"there already, so nothing was written: {', '.join(there)}")
    before = read_text(_manifest_of(root))
    _write(files)
    write_atomically(_manifest_of(root), before.rstrip("\n") + "\n" + _table_of(name))
    try:
        manifest.load(root)
    except GraderError:
        write_atomically(_manifest_of(root), before)
        _remove(files)
        raise
    return [*files, _manifest_of(root)]


def _manifest_of(root: Path) -> Path:
    return root / "course" / "course.toml"


def _table_of(name: str) -> str:
    return _UNIT.format(id=name, title=_title(name))


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _files(root: Path, name: str) -> dict[Path, str]:
    """The unit's files and what they hold."""
    exercises, solutions = root / "exercises" / name, root / "solutions" / name
    return {
        exercises / f"{name}.py": _NOTEBOOK.format(title=_title(name)),
        exercises / f"test_{name}.py": _PUBLIC,
        solutions / "reference.py": _REFERENCE,
        solutions / manifest.hidden_tests_name(name): _HIDDEN,
        solutions / "mistakes.py": _MISTAKES,
    }


def _write(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text)


def _remove(files: dict[Path, str]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty: something else is in it
            path.parent.rmdir()
