"""What we fail at is pending, costs nobody anything, and is said; a fresh worker is tried before that."""

import json
import shutil
import subprocess
import sys

import pytest

from grader.course import build, manifest
from grader.errors import GraderError
from grader.grading import pool
from grader.nbgrader import apps, setup

pytestmark = pytest.mark.slow

TOML = """
[course]
id = "mine"
title = "Mine"
[[units]]
id = "doubling"
title = "Doubling"
[[units.tasks]]
id = "double"
title = "Double"
points = 2
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
"""
PUBLIC = """
import pytest

@pytest.mark.task("double")
def test_three(student):
    \"""The double of 3 is 6.\"""
    assert student.double(3) == 6
"""
HIDDEN = """
import pathlib
import pytest
from grader.errors import GraderError

FAILS = pathlib.Path(__file__).parent / "fails"

@pytest.mark.task("double")
def test_three(student):
    \"""The double of 3 is 6.\"""
    if student.id == "eve":
        raise GraderError("ours")
    if student.id == "reference" and FAILS.exists():
        left = FAILS.read_text()[1:]
        FAILS.write_text(left) if left else FAILS.unlink()
        raise GraderError("not yet")
    assert student.double(3) == 6
"""


@pytest.fixture
def mine(tmp_path, root):
    """A course whose hidden test fails by itself for eve, and for the reference as often as `fails` has letters."""
    shutil.copytree(root / "exercises" / "kit", tmp_path / "exercises" / "kit")
    files = {
        "course/course.toml": TOML,
        "exercises/doubling/doubling.py": NOTEBOOK.lstrip(),
        "exercises/doubling/test_doubling.py": PUBLIC,
        "solutions/doubling/reference.py": "def double(x):\n    return 2 * x\n",
        "solutions/doubling/test_doubling_hidden.py": HIDDEN,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return manifest.load(tmp_path)


def test_what_is_pending_by_our_fault_is_named_and_the_exit_status_says_so(mine, tmp_path):
    folder = tmp_path / "folder"
    setup.init_course_folder(mine, folder)
    source = build.build_unit(mine, "doubling", folder) / "doubling.ipynb"
    apps.run_nbgrader("generate_assignment", ["doubling"], where=folder, log=tmp_path / "log")
    for student in ("ada", "eve", "bob"):
        (folder / "submitted" / student / "doubling").mkdir(parents=True)
        shutil.copy(source, folder / "submitted" / student / "doubling")
    command = [
        sys.executable,
        "-m",
        "just_enough_calculus",
        "grade",
        "doubling",
        "-C",
        str(folder),
        "--root",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "doubling: eve: pending" in done.stderr
    assert not {name for name in ("ada", "bob") if f"{name}:" in done.stderr}
    points = {
        path.stem: [task.get("points") for task in json.loads(path.read_text())["tasks"]]
        for path in (folder / "reports" / "doubling").glob("*.json")
    }
    assert points == {"ada": [2], "bob": [2], "eve": [None]}


@pytest.mark.parametrize(("times", "fatal"), [(1, False), (2, True)])
def test_a_worker_that_cannot_take_up_a_unit_is_replaced_once(mine, tmp_path, times, fatal):
    source = build.build_unit(mine, "doubling", tmp_path / "out") / "doubling.ipynb"
    (tmp_path / "solutions" / "doubling" / "fails").write_text("x" * times)
    submissions = [("ada", source), ("bob", source)]
    if fatal:
        with pytest.raises(GraderError, match="fails its own hidden tests"):
            pool.grade_class(mine, "doubling", submissions, source, workers=1)
    else:
        reports = pool.grade_class(mine, "doubling", submissions, source, workers=1)
        assert [report.points for report in reports] == [2, 2]
