"""A class is graded once, whatever is killed meanwhile: the driver, a worker, a lane, at any instant.

`GRADER_KILLS=200` kills that many processes of each kind, instead of one.
"""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.errors import GraderError
from grader.grading import pool, warm
from grader.grading.ledger import Ledger
from grader.nbgrader import class_grading, replay
from grader.report.history import history_lines
from tests.processes import commands_naming, descendants
from tests.small_course import ANSWERS, UNIT, hand_in, make_folder, write_course

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("GRADER_KILLS", "1"))
ROWS = """
select s.student_id, s.timestamp, c.name, g.auto_score, g.manual_score, g.needs_manual_grade, k.auto_comment
from grade g join base_cell c on c.id = g.cell_id join submitted_notebook n on n.id = g.notebook_id
join submitted_assignment s on s.id = n.assignment_id
left join comment k on k.notebook_id = n.id and 'test_' || (select name from base_cell where id = k.cell_id) = c.name
order by 1, 3
"""
SLOW = ("sum(1 for _ in range(10**6)) and 2 * x", "x / 2")  # long enough to be killed in the middle of it


@pytest.fixture(scope="module")
def place(tmp_path_factory, request):
    """A small course, a class that handed in, a folder graded without any disturbance, and one not graded at all."""
    place = tmp_path_factory.mktemp("killed")
    course = write_course(place / "course_of_killed", request.config.rootpath / "exercises" / "kit")
    folder = make_folder(course, place / "untouched")
    for student, answers in (*ANSWERS.items(), ("flo", SLOW)):
        hand_in(folder, student, *answers)
    shutil.copytree(folder, place / "graded")
    class_grading.grade_unit(course, UNIT, place / "graded", workers=1)
    return place, course


def outputs(folder):
    """All that a class gets: rows, reports and graded notebooks, without the times; and nothing may lie about."""
    with sqlite3.connect(folder / "gradebook.db") as db:
        rows = db.execute(ROWS).fetchall()
    found = {}
    for path in sorted([*folder.glob("reports/**/*"), *folder.glob("autograded/**/*")]):
        if path.is_file():
            found[str(path.relative_to(folder))] = re.sub(r'"(milliseconds|timestamp)": [^,\n]+', "", path.read_text())
    left = [str(path) for path in folder.rglob(".*") if path.suffix in (".new", ".old", ".part")]
    assert left == []
    return rows, found


def graded_in(folder):
    with Ledger(CourseFolder(folder).ledger) as ledger:
        return [entry for student in (*ANSWERS, "flo", "eve") for entry in ledger.history(student)]


@contextlib.contextmanager
def driver(course, folder, scratch):
    """A process that grades the class; it is killed and gone afterwards, and so are its workers and lanes."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
            class_grading.grade_unit(course, UNIT, folder, workers=1)
            status = 0
        finally:
            os._exit(status)
    try:
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
        ends = time.monotonic() + 60
        while (left := commands_naming(str(course.root)) + commands_naming(str(scratch))) and time.monotonic() < ends:
            time.sleep(0.05)
        assert left == []


def attempts(folder):
    """How many submissions were taken up so far, seen from outside."""
    with contextlib.suppress(sqlite3.Error), sqlite3.connect(f"file:{folder}/ledger.db?mode=ro", uri=True) as db:
        return db.execute("select count(*) from attempts").fetchone()[0]
    return 0


def wait_for_attempts(child, folder, count):
    """Wait until the driver has taken up so many submissions. False if it has ended."""
    while attempts(folder) < count:
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            return False
        time.sleep(0.002)
    return True


def victims(kind, child):
    """The processes of one kind below the driver."""
    if kind == "driver":
        return [child]
    marks = {"worker": b"grader.grading.worker", "lane": b"inside.zygote"}
    below = descendants(child)
    return [pid for pid in below if marks[kind] in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.parametrize("number", range(KILLS))
@pytest.mark.parametrize("kind", ["driver", "worker", "lane"])
def test_a_run_that_is_killed_and_repeated_ends_like_an_undisturbed_one(kind, number, place, tmp_path):
    where, course = place
    folder, scratch = tmp_path / "folder", tmp_path / "scratch"
    shutil.copytree(where / "untouched", folder)
    scratch.mkdir()
    chance = random.Random(f"{kind} {number}")
    with driver(course, folder, scratch) as child:
        if wait_for_attempts(child, folder, chance.randint(1, len(ANSWERS) + 1)):
            time.sleep(chance.random() * 0.1)
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                os.kill(chance.choice(victims(kind, child) or [0x3FFFFF]), signal.SIGKILL)
            if kind != "driver":
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    before = len(graded_in(folder))
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        class_grading.grade_unit(course, UNIT, folder, workers=1, on_report=said.append)
    assert outputs(folder) == outputs(where / "graded")
    assert len(said) == len(ANSWERS) + 1 - before  # nothing is graded twice
    if kind != "driver":
        assert said == []
    assert list(scratch.iterdir()) == []
    assert not [line for line in Path("/proc/mounts").read_text().splitlines() if str(tmp_path) in line]


def killed_at(number, course, folder):
    """Save the class in a fork that is killed at its `number`th touch of the disk. False if it never is."""
    child = os.fork()
    if child == 0:
        try:
            left = number

            def count(event, arguments):
                nonlocal left
                if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "open"):
                    left -= 1
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            class_grading.grade_unit(course, UNIT, folder, workers=1)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_a_run_may_be_killed_at_each_step_of_writing(place, tmp_path):
    where, course = place
    graded, start = where / "graded", tmp_path / "start"
    shutil.copytree(graded, start)
    hand_in(start, "ada", "x", "x")  # what is written now differs from what is there
    hand_in(start, "gus", "2 * x", "x / 2")
    done = tmp_path / "done"
    shutil.copytree(start, done)
    class_grading.grade_unit(course, UNIT, done, workers=1)
    shutil.copy(done / "ledger.db", start / "ledger.db")  # all is graded, nothing of it is written
    with sqlite3.connect(start / "ledger.db") as db:
        db.execute("delete from saved")
        db.execute("delete from facts where name like '%gradebook'")
    number, step, folder = 1, 1 if KILLS > 1 else 61, tmp_path / "folder"
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(start, folder)
        killed = killed_at(number, course, folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pool, "Worker", None)  # nothing is graded
            class_grading.grade_unit(course, UNIT, folder)
        assert outputs(folder) == outputs(done), f"killed at step {number}"
        if not killed:
            break
        number += step
    assert number > step * 3


def test_an_unchanged_class_is_not_graded_again_and_what_changed_is(place, tmp_path):
    where, course = place
    folder = tmp_path / "folder"
    shutil.copytree(where / "graded", folder)
    said = []

    def again(**options):
        said.clear()
        with pytest.MonkeyPatch.context() as patch:
            if options.pop("nothing", False):
                patch.setattr(pool, "Worker", None)
            class_grading.grade_unit(
                course, UNIT, folder, workers=1, on_report=lambda r: said.append(r.student), **options
            )
        return sorted(said)

    clean = outputs(folder)
    again(nothing=True)  # the copy has new times, so its files are written once more
    assert outputs(folder) == clean
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if not path.name.startswith("ledger.db")}
    again(nothing=True)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    (folder / "reports" / UNIT / "ada.json").unlink()
    shutil.rmtree(folder / "autograded" / "bob")
    with sqlite3.connect(folder / "gradebook.db") as db:
        db.execute("update grade set auto_score = 99, manual_score = 1.25 where rowid = 1")
    again(nothing=True)  # what others damaged is mended, and what a person wrote stays
    rows, found = outputs(folder)
    assert found == clean[1]
    assert [row[3] for row in rows] == [row[3] for row in clean[0]]
    assert [row[4] for row in rows if row[4]] == [1.25]
    assert ["manual score" in entry.says for entry in graded_in(folder) if entry.kind == "changed by hand"] == [True]
    hand_in(folder, "cyd", "2 * x", "x / 2")
    assert again() == ["cyd"]
    assert json.loads((folder / "reports" / UNIT / "cyd.json").read_text())["tasks"][0]["points"] == 2
    assert again(fresh=True) == sorted((*ANSWERS, "flo"))


def test_a_changed_hidden_test_regrades_its_unit_and_a_worker_that_dies_leaves_one_pending(place, tmp_path):
    where, course = place
    folder = tmp_path / "folder"
    shutil.copytree(where / "graded", folder)
    shutil.copytree(course.root, tmp_path / "course_of_killed", ignore=shutil.ignore_patterns("__pycache__"))
    changed = manifest.load(tmp_path / "course_of_killed")
    hidden = changed.unit(UNIT).hidden_tests
    hidden.write_text(hidden.read_text().replace("student.double(5) == 10", "student.double(7) == 14"))
    hand_in(folder, "eve", "2 * x", "x / 2")
    said = []
    class_grading.grade_unit(changed, UNIT, folder, workers=1, on_report=said.append)
    assert sorted(report.student for report in said) == sorted((*ANSWERS, "flo", "eve"))
    assert [report.student for report in said if report.our_fault] == ["eve"]
    said.clear()
    class_grading.grade_unit(changed, UNIT, folder, workers=1, on_report=said.append)  # it is tried again
    assert [report.student for report in said] == ["eve"]
    with Ledger(CourseFolder(folder).ledger) as ledger:
        for _ in range(4):  # four runs die with it, two of them with nothing else in hand
            ledger.begin_run("grade")
            key = ledger.latest(UNIT)["eve"].key
            ledger.begin(UNIT, "eve", key, alone=True)
    said.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "Worker", None)  # it is not even tried
        reports = class_grading.grade_unit(changed, UNIT, folder, workers=1, on_report=said.append)
    (eve,) = [report for report in reports if report.student == "eve"]
    assert eve.our_fault
    assert "4 runs ended" in eve.tasks[0].tests[0].staff


def test_a_grade_is_told_and_replayed(place, tmp_path):
    where, course = place
    folder = tmp_path / "folder"
    shutil.copytree(where / "graded", folder)
    told = list(history_lines(replay.history(CourseFolder(folder), "bob")))
    assert "graded: 3.5 of 5 points" in told[0]
    assert "in edition 2026" in told[1]
    assert [line.strip() for line in told[3:]] == [
        "double: 2/2 (1 of 1 tests passed)",
        "halve: 1.5/3 (1 of 2 tests passed, test_minus wrong, looks like opposite_sign)",
    ]
    try:
        again = replay.replay(course, UNIT, "bob", CourseFolder(folder))
        assert (again.same, again.changed) == (True, ())
        hand_in(folder, "bob", "3 * x", "x / 2")
        again = replay.replay(course, UNIT, "bob", CourseFolder(folder))
    finally:
        warm._warm.pop(course.root).close()
    assert again.changed == ("submission",)
    assert "tasks[double].points: 2.0 -> 0.0" in again.differences
    kinds = [entry.kind for entry, _ in replay.history(CourseFolder(folder), "bob")]
    assert kinds == ["graded", "replayed", "replayed"]
    with pytest.raises(GraderError, match=r"nothing about 'zed'. It knows: ada, bob"):
        replay.history(CourseFolder(folder), "zed")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM][:KILLS])
def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(how, place, tmp_path):
    where, course = place
    command = [sys.executable, "-m", "just_enough_calculus", "grade", UNIT, "--json", "--workers=1"]
    for attempt in range(20):  # where we are slow to read, the class may be done before the signal comes
        folder = tmp_path / f"folder-{attempt}"
        shutil.copytree(where / "untouched", folder)
        places = ["-C", str(folder), "--root", str(course.root)]
        with subprocess.Popen([*command, *places], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
            plan, first = (json.loads(run.stdout.readline()) for _ in range(2))
            run.send_signal(how)
            rest, said = run.communicate()
        if run.returncode != 0:
            break
    assert plan == {"event": "plan", "unit": UNIT, "to_grade": len(ANSWERS) + 1, "graded": 0}
    assert (first["event"], first["student"], first["points"], first["our_fault"]) == ("graded", "ada", 5, False)
    stopped = json.loads(rest.splitlines()[-1])
    assert (stopped["event"], stopped["graded"], run.returncode) == ("stopped", len(graded_in(folder)), 130)
    assert f"interrupted. {stopped['graded']} of {len(ANSWERS) + 1} submissions are graded, and kept." in said
    assert "Traceback" not in said
    assert not (folder / "reports").exists()
    assert commands_naming(str(course.root)) == []
    with Ledger(CourseFolder(folder).ledger) as ledger:
        ledger.begin_run("grade")
        assert ledger.lost(UNIT) == {}
