"""Trouble that must get one clear message and lose nothing: a full disk, formgrader's button, forged timestamps."""

import contextlib
import json
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from grader import results
from grader.course import build, manifest
from grader.errors import Unavailable
from grader.files import Swap
from grader.nbgrader import apps, autograded, class_grading, collection, setup
from grader.nbgrader.gradebook import open_gradebook, save_class
from grader.nbgrader.gradebook_place import Damaged, gradebook_file
from grader.results import Level, Outcome, Report, TaskResult, TestResult

UNIT = "u1_derivative_intuition"


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
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    submitted = folder / "submitted" / "ada" / UNIT
    submitted.mkdir(parents=True)
    shutil.copy(folder / "release" / UNIT / f"{UNIT}.ipynb", submitted)
    return folder


def report_of(course, points=1.0):
    wrong = TestResult("t", "any", 1, Outcome.WRONG, says="x" * 999)
    tasks = tuple(TaskResult(task.id, task.title, points, task.points, (wrong,)) for task in course.unit(UNIT).tasks)
    return Report("ada", UNIT, tasks, Level.L3)


def files(folder):
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("ledger.db"))
    return {path: path.read_bytes() for path in found}


def ledger_bytes(folder):
    return sum(path.stat().st_size for path in folder.glob("ledger.db*"))


def write(folder, report):
    paths = (folder / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb", folder / "release" / UNIT / f"{UNIT}.ipynb")
    target = folder / "autograded" / "ada" / UNIT
    with Swap() as swap:
        autograded.write_autograded(swap.new(target), *paths, report, stamp=None, before=target)
        swap.put()


@pytest.mark.slow
def test_a_full_disk_leaves_the_old_feedback_whole(folder, course):
    write(folder, report_of(course))
    before = files(folder / "autograded")
    with no_file_larger_than(2000), pytest.raises(OSError, match="large"):
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
    stamps = dict.fromkeys(report.student for report in reports)
    with no_file_larger_than(size), pytest.raises(Unavailable, match="Nothing was written"):
        save_class(other, course.unit(UNIT), reports, stamps=stamps, then=lambda: None)
    with sqlite3.connect(other / "gradebook.db") as connection:
        assert list(connection.iterdump()) == dump


@pytest.mark.slow
def test_formgraders_button_grades_with_our_engine(folder, tmp_path, root):
    other = tmp_path / "course"
    shutil.copytree(folder, other)
    setup.init_course_folder(manifest.load(root), other)
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


FORGED = [
    "2026-11-24 10:00:00.5 UTC",
    "9999-99-99 00:00:00 UTC",
    "rm -rf /",
    "2026-11-24 10:00:00 /etc/passwd",
    "2026-11-24 10:00:00 UTC\n" * 1000,
]


@pytest.mark.parametrize("text", FORGED)
def test_a_forged_timestamp_never_stops_the_class(tmp_path, text):
    (tmp_path / "timestamp.txt").write_text(text)
    moment = autograded.timestamp_of(tmp_path)
    assert moment.tzinfo is None
    assert 2026 <= moment.year < 9999


def test_a_timestamp_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "timestamp.txt").symlink_to(Path("/etc/passwd"))
    assert collection.small_file(tmp_path / "timestamp.txt") == ""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("2026-11-24 10:00:00.5 UTC", "2026-11-24 10:00:00.500000"),
        ("2026-11-24 10:00:00 America/Los_Angeles", "2026-11-24 18:00:00"),
        ("2026-11-24T10:00:00-03:00", "2026-11-24 13:00:00"),
        ("2026-11-24 10:00:00 XYZ", "2026-11-24 10:00:00"),
    ],
)
def test_a_timestamp_is_read_as_nbgrader_reads_it(tmp_path, text, moment):
    (tmp_path / "timestamp.txt").write_text(text)
    found = autograded.timestamp_of(tmp_path)
    assert (found and str(found)) == moment


def test_a_submission_without_a_timestamp_has_none_and_is_not_late(tmp_path):
    assert autograded.timestamp_of(tmp_path) is None


ODD = {
    "cells-without-type": lambda nb: {"cells": [{}], "nbformat": 4, "nbformat_minor": 5, "metadata": {}},
    "no-format": lambda nb: {"cells": nb["cells"]},
    "format-of-the-future": lambda nb: {**nb, "nbformat": 99},
    "format-is-text": lambda nb: {**nb, "nbformat": "x", "nbformat_minor": "y"},
    "metadata-is-a-list": lambda nb: {**nb, "metadata": []},
    "cell-metadata-is-a-list": lambda nb: {**nb, "cells": [{**cell, "metadata": []} for cell in nb["cells"]]},
    "source-is-a-number": lambda nb: {**nb, "cells": [{**cell, "source": 5} for cell in nb["cells"]]},
    "outputs-are-odd": lambda nb: {**nb, "cells": [{**cell, "outputs": [3, {}]} for cell in nb["cells"]]},
}
EVERYTHING = """
select sa.student_id, sa.timestamp, bc.name, g.auto_score, g.needs_manual_grade
from grade g join base_cell bc on bc.id = g.cell_id join submitted_notebook sn on sn.id = g.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id order by 1, 3
"""


@pytest.mark.slow
def test_odd_notebooks_are_graded_alike_both_ways_and_get_feedback(folder, tmp_path, root):
    course = manifest.load(root)
    released = json.loads((folder / "release" / UNIT / f"{UNIT}.ipynb").read_text())
    rows = []
    for way in ("autograde", "grade_unit"):
        other = tmp_path / way
        shutil.copytree(folder, other, ignore=shutil.ignore_patterns("autograded"))
        setup.init_course_folder(course, other, exchange=tmp_path / f"{way}-exchange")
        (tmp_path / f"{way}-exchange").mkdir()
        for name, make in ODD.items():
            submitted = other / "submitted" / name / UNIT
            submitted.mkdir(parents=True)
            (submitted / f"{UNIT}.ipynb").write_text(json.dumps(make(released)))
        if way == "autograde":
            apps.run_nbgrader("autograde", [UNIT], where=other, log=other / "log")
        else:
            class_grading.grade_unit(course, UNIT, other)
        # None of these has a timestamp or a secret, and one such submission stops nbgrader's release for all.
        apps.run_nbgrader("generate_feedback", [UNIT], where=other, log=other / "log")
        apps.run_nbgrader("release_feedback", [UNIT], where=other, log=other / "log")
        pages = list((tmp_path / f"{way}-exchange" / course.id / "feedback").glob("*.html"))
        assert len(pages) == len(ODD) + 1
        with sqlite3.connect(other / "gradebook.db") as connection:
            rows.append(connection.execute(EVERYTHING).fetchall())
    assert rows[0] == rows[1]
    assert {row[0] for row in rows[0]} == {"ada", *ODD}
    assert {row[1:2] + row[3:] for row in rows[0]} == {(None, 0.0, 0)}


@pytest.mark.slow
def test_a_disk_that_fills_while_a_class_is_saved_changes_nothing(folder, tmp_path, root):
    other = tmp_path / "course"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("autograded"))
    course = manifest.load(root)
    class_grading.grade_unit(course, UNIT, other)
    submitted = other / "submitted"
    shutil.copytree(submitted / "ada", submitted / "bob")
    before = files(other)
    graded = [report_of(course, 2.0), msgspec.structs.replace(report_of(course, 2.0), student="bob")]
    with pytest.MonkeyPatch.context() as patch:
        there = "grader.grading.pool.grade_batches"
        patch.setattr(there, lambda *_, on_report, **__: list(map(on_report, graded)))
        with no_file_larger_than(200), pytest.raises(Unavailable, match="Earlier grades are kept"):
            class_grading.grade_unit(course, UNIT, other)  # the ledger itself has no room
        assert files(other) == before
        with no_file_larger_than(20_000 + ledger_bytes(other)), pytest.raises(Unavailable, match="nothing was"):
            class_grading.grade_unit(course, UNIT, other)
        assert files(other) == before
        # The gradebook refuses at the very end.
        patch.setattr("grader.nbgrader.class_rows._INDEXES", {"no_such_table": "id"})
        with pytest.raises(Damaged, match="nothing was written"):
            class_grading.grade_unit(course, UNIT, other)
    assert {path: text for path, text in files(other).items() if path.suffix != ".db"} == {
        path: text for path, text in before.items() if path.suffix != ".db"
    }
    with sqlite3.connect(other / "gradebook.db") as connection:
        assert {student for student, *_ in connection.execute(EVERYTHING)} == {"ada"}


@pytest.mark.slow
@pytest.mark.parametrize("roster", ["create_student = False", "a student with a name"])
def test_who_is_not_on_the_roster_is_left_out_and_listed(roster, folder, tmp_path, root):
    other = tmp_path / "course"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("autograded"))
    setup.init_course_folder(manifest.load(root), other)
    for number in range(400):
        shutil.copytree(other / "submitted" / "ada", other / "submitted" / f"phantom{number}")
    with open_gradebook(other) as gradebook:
        gradebook.add_student("ada", **({"last_name": "Lovelace"} if "name" in roster else {}))
    if "create" in roster:
        with (other / "nbgrader_config.py").open("a") as config:
            config.write(f"c.Autograde.{roster}\n")
    reports = class_grading.grade_unit(manifest.load(root), UNIT, other)
    assert [report.student for report in reports] == ["ada"]
    assert len(class_grading.unknown_students(other, UNIT)) == 400
    if "name" in roster:
        command = [sys.executable, "-m", "nbgrader", "autograde", UNIT]
        for options, status, says in ((["--force"], 0, "400 not"), (["--student=phantom7"], 1, "1 not")):
            done = subprocess.run([*command, *options], cwd=other, capture_output=True, text=True, check=False)
            assert done.returncode == status, done.stderr
            assert f"{says} on the roster" in done.stderr
        said = json.loads(subprocess.check_output([sys.executable, "-c", BUTTON, UNIT, "phantom7"], cwd=other))
        assert not said["success"]
        assert "1 not on the roster" in said["error"] + said["log"]
    with open_gradebook(other) as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


# What formgrader's button calls: it creates the student, whatever the configuration says.
BUTTON = """
import json, sys
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
app = NbGrader()
app.load_config_file()
print(json.dumps(NbGraderAPI(config=app.config).autograde(*sys.argv[1:], create=True)))
"""


def test_a_gradebook_elsewhere_is_the_one_that_is_used(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:////srv/g.db'\n")
    assert gradebook_file(tmp_path) == Path("/srv/g.db")


def test_init_again_keeps_the_exchange_and_the_instructors_own_lines(tmp_path, course):
    setup.init_course_folder(course, tmp_path, exchange=Path("/srv/exchange"))
    path = tmp_path / "nbgrader_config.py"
    path.write_text(path.read_text() + "c.Own.line = 1\n")
    before = path.read_text()
    setup.init_course_folder(course, tmp_path)
    assert path.read_text() == before
    setup.init_course_folder(course, tmp_path, exchange=Path("/srv/other"))
    assert path.read_text() == before.replace("/srv/exchange", "/srv/other")
