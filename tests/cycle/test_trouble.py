"""Trouble that must get one clear message and lose nothing: a full disk, formgrader's button, forged timestamps."""

import contextlib
import resource
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from grader import build, manifest, results
from grader.errors import Unavailable
from grader.integrations import nbgrader as integration
from grader.results import Level, Outcome, Report, TaskResult, TestResult

UNIT = "derivative_intuition"


@contextlib.contextmanager
def no_file_larger_than(size):
    """A real refusal to write (EFBIG), as a full disk refuses (ENOSPC)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, request):
    """A course folder with a release, made by the real nbgrader, and one submission."""
    folder = tmp_path_factory.mktemp("course")
    course = manifest.load(request.config.rootpath)
    integration.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder)
    integration.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    submitted = folder / "submitted" / "ada" / UNIT
    submitted.mkdir(parents=True)
    shutil.copy(folder / "release" / UNIT / f"{UNIT}.ipynb", submitted)
    return folder


def report_of(course, points=1.0):
    wrong = TestResult("t", "any", 1, Outcome.WRONG, says="x" * 999)
    tasks = tuple(TaskResult(task.id, task.title, points, task.points, (wrong,)) for task in course.unit(UNIT).tasks)
    return Report("ada", UNIT, tasks, Level.L3)


def files(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def write(folder, report):
    paths = (folder / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb", folder / "release" / UNIT / f"{UNIT}.ipynb")
    integration.write_autograded(folder, UNIT, "ada", *paths, report)


def test_a_full_disk_leaves_the_old_feedback_whole(folder, course):
    write(folder, report_of(course))
    before = files(folder / "autograded")
    with no_file_larger_than(2000), pytest.raises(Unavailable, match="could not be written"):
        write(folder, report_of(course, 2.0))
    assert files(folder / "autograded") == before


def test_a_full_disk_leaves_the_old_report_whole(tmp_path, course):
    path = tmp_path / "ada.json"
    results.write(report_of(course), path)
    with no_file_larger_than(100), pytest.raises(OSError, match="large"):
        results.write(report_of(course, 2.0), path)
    assert results.read(path) == report_of(course)
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_gradebook_as_it_was(folder, course, tmp_path):
    other = tmp_path / "course"
    shutil.copytree(folder, other)
    with sqlite3.connect(other / "gradebook.db") as connection:
        dump = list(connection.iterdump())
    size = (other / "gradebook.db").stat().st_size
    reports = [report_of(course)] + [
        Report(f"student{number}", UNIT, report_of(course).tasks, Level.L3) for number in range(200)
    ]
    with no_file_larger_than(size), pytest.raises(Unavailable, match="nothing was written"):
        integration._save_class(other, course.unit(UNIT), reports)
    with sqlite3.connect(other / "gradebook.db") as connection:
        assert list(connection.iterdump()) == dump


@pytest.mark.slow
def test_formgraders_button_grades_with_our_engine(folder, tmp_path, root):
    other = tmp_path / "course"
    shutil.copytree(folder, other)
    integration.init_course_folder(manifest.load(root), other)
    script = f"""
import os, warnings
warnings.simplefilter("ignore")
os.chdir({str(other)!r})
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
app = NbGrader()
app.load_config_file()
api = NbGraderAPI(config=app.config)  # what formgrader's handlers call
answer = api.autograde({UNIT!r}, "ada")
assert answer["success"], answer
print(api.get_submission({UNIT!r}, "ada")["autograded"])
"""
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr[-2000:]
    assert results.read(other / "reports" / UNIT / "ada.json").level is not Level.L0
    with sqlite3.connect(other / "gradebook.db") as connection:
        assert {score for (score,) in connection.execute("select auto_score from grade")} == {0.0}


FORGED = ["2026-11-24 10:00:00.5 UTC", "9999-99-99 00:00:00 UTC", "rm -rf /", "", "2026-11-24 10:00:00 UTC\n" * 1000]


@pytest.mark.parametrize("text", FORGED)
def test_a_forged_timestamp_never_stops_the_class(tmp_path, text):
    (tmp_path / "timestamp.txt").write_text(text)
    moment = integration.timestamp_of(tmp_path)
    assert moment.tzinfo is None
    assert 2026 <= moment.year < 9999


def test_a_timestamp_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "timestamp.txt").symlink_to(Path("/etc/passwd"))
    assert integration._small_file(tmp_path / "timestamp.txt") == ""
