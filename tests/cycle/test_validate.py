"""nbgrader's own validation, which only sees exceptions: an untouched notebook must not be called a success."""

import os
import shutil
import subprocess
import sys

import pytest

from grader.course import build, manifest
from grader.nbgrader import apps, setup

UNIT = "u1_derivative_intuition"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("course")
    course = manifest.load(request.config.rootpath)
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    return folder


def validate(folder, place):
    """What `nbgrader validate` prints for the notebook in `place`, in one line."""
    home = folder / f"home-{place}"
    shutil.copytree(folder / place / UNIT, home)
    # The reference has the variants of the student "reference"; a learner has the released kit, and nothing of ours.
    env = {**os.environ, "JUPYTERHUB_USER": "reference", "PYTHONPATH": str(home)}
    env.pop("KIT_GRADING", None)
    command = [sys.executable, "-m", "nbgrader", "validate", f"{UNIT}.ipynb"]
    done = subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_an_untouched_notebook_fails_in_each_of_its_tasks(folder, course):
    said = validate(folder, "release")
    assert f"VALIDATION FAILED ON {len(course.unit(UNIT).tasks)} CELL(S)" in said
    assert "`matching` is still `...`: write your answer in its place." in said
    assert "Traceback" not in said


def test_right_answers_are_a_success(folder):
    assert "Success! Your notebook passes all the tests." in validate(folder, "source")
