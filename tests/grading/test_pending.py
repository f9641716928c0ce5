"""What we fail at is pending, costs nobody anything, and is reported; a fresh worker is tried before that."""

import json
import shutil
import subprocess
import sys

import pytest

from grader.course import build, manifest
from grader.errors import GraderError
from grader.grading import pool
from grader.nbgrader import apps, setup
from grader.results import Outcome

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
import itertools
import pathlib
import pytest
from grader.errors import GraderError
from grader.testing import budget

budget.COMPUTING_SECONDS, budget.LONG_CALL_SECONDS = 1.0, 1  # what never ends is ended soon

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

@pytest.mark.task("double")
def test_four(student):
    \"""The double of 4 is 8.\"""
    doubled = student.double(4)
    assert sum(itertools.repeat(1, doubled)) == 8  # one call of C code, which no timer interrupts
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


def test_a_test_in_which_our_own_computing_cannot_be_stopped_is_given_up_and_costs_nothing_else(mine, tmp_path):
    """The kernel ends the worker in the middle of a call of C code; the regrade leaves out the test that made it."""
    source = build.build_unit(mine, "doubling", tmp_path / "out") / "doubling.ipynb"
    endless = json.loads(source.read_text())
    for cell in endless["cells"]:
        cell["source"] = "".join(cell["source"]).replace("return 2 * x", "return 2 * x if x < 4 else 10**13")
    (tmp_path / "mal.ipynb").write_text(json.dumps(endless))
    submissions = [("mal", tmp_path / "mal.ipynb"), ("ada", source)]
    mal, ada = pool.grade_class(mine, "doubling", submissions, source, workers=1)
    assert (ada.points, ada.our_fault) == (2, False)
    assert (mal.points, mal.our_fault, mal.problem) == (1, False, "")
    outcomes = {test.name: test.outcome for test in mal.tasks[0].tests}
    assert outcomes == {"test_three": Outcome.PASSED, "test_four": Outcome.DIED}
