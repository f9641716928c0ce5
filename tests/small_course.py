"""A course of one small unit, in which two tasks are graded in milliseconds; and a class that hands it in."""

import json
import shutil

from grader.course import build, manifest
from grader.nbgrader import apps, setup

UNIT = "doubling"
TOML = """
[course]
id = "mine"
title = "Mine"
[limits]
cpu_seconds = 1
[[units]]
id = "doubling"
title = "Doubling"
[[units.tasks]]
id = "double"
title = "Double"
points = 2
[[units.tasks]]
id = "halve"
title = "Halve"
points = 3
"""
NOTEBOOK = """
# %%
from kit import check

# %% task="double"
def double(x):
    \"""Twice x.\"""
    ...

# %% check="double"
check("double")

# %% task="halve"
def halve(x):
    \"""Half of x.\"""
    ...

# %% check="halve"
check("halve")
"""
PUBLIC = """
import pytest

@pytest.mark.task("double")
def test_three(student):
    \"""The double of 3 is 6.\"""
    assert student.double(3) == 6

@pytest.mark.task("halve")
def test_six(student):
    \"""Half of 6 is 3.\"""
    assert student.halve(6) == 3
"""
HIDDEN = """
import os
import pathlib
import pytest

FAILS = pathlib.Path(__file__).parent / "fails"

@pytest.mark.task("double")
def test_five(student):
    \"""The double of 5 is 10.\"""
    if student.id == "eve":
        os._exit(9)  # our own process dies, as it never should
    assert student.double(5) == 10

@pytest.mark.task("halve")
def test_four(student):
    \"""Half of 4 is 2.\"""
    assert student.halve(4) == 2

@pytest.mark.task("halve")
def test_minus(student):
    \"""Half of -4 is -2.\"""
    assert student.halve(-4) == -2
"""
REFERENCE = "def double(x):\n    return 2 * x\n\n\ndef halve(x):\n    return x / 2\n"
ANSWERS = {  # by student: how `double` and `halve` are answered; None for a stub
    "ada": ("2 * x", "x / 2"),
    "bob": ("x + x", "abs(x) / 2"),
    "cyd": ("x + 2", None),
    "dan": (None, "x / 2"),
}


def write_course(root, kit):
    """Write the course into the folder `root`, with a copy of `kit`; returns its manifest."""
    shutil.copytree(kit, root / "exercises" / "kit", ignore=shutil.ignore_patterns("__pycache__"))
    files = {
        "course/course.toml": TOML,
        "exercises/doubling/doubling.py": NOTEBOOK.lstrip(),
        "exercises/doubling/test_doubling.py": PUBLIC,
        "solutions/doubling/reference.py": REFERENCE,
        "solutions/doubling/test_doubling_hidden.py": HIDDEN,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return manifest.load(root)


def make_folder(course, folder):
    """Make a course folder in which the unit is released, by the real nbgrader."""
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder.parent / "log")
    return folder


def hand_in(folder, student, double, halve):
    """Put a submission into the course folder, as collected."""
    notebook = json.loads((folder / "release" / UNIT / f"{UNIT}.ipynb").read_text())
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        for name, answer in (("double", double), ("halve", halve)):
            if f"def {name}(" in source and answer is not None:
                cell["source"] = source.replace("...", f"return {answer}")
    place = folder / "submitted" / student / UNIT
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{UNIT}.ipynb").write_text(json.dumps(notebook))
    (place / "timestamp.txt").write_text("2026-11-24 10:00:00.000000 UTC")
    (place / "submission_secret.txt").write_text(student.ljust(64, "0"))
