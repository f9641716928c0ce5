"""Every command that writes to a gradebook with grades keeps a copy first, and can be interrupted at its question."""

import contextlib
import json
import os
import pty
import shutil
import signal
import sqlite3
import sys
import time

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.errors import Interrupted
from grader.files import Swap, disturbed, undisturbed
from grader.nbgrader import apps, class_grading, copies
from grader.nbgrader.changes import ChangeRefused
from grader.nbgrader.handed_in import Options
from tests.term.small_course import SmallCourse

pytestmark = pytest.mark.slow
DUE = "due = 2026-01-10T12:00:00Z"
LATE = "[policies]\npercent_per_day = 10\ncut_off_days = 5\n"


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    """A class, graded: ada is right and on time, bob knows one task and is 30 hours late."""
    small = SmallCourse(tmp_path_factory.mktemp("writes"), request.config.rootpath)
    small.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE, of={"unit_1": DUE})
    small.release("unit_1")
    small.hand_in("ada", "unit_1", {"double": 2, "triple": 3})
    small.hand_in("bob", "unit_1", {"double": 2, "triple": 7}, late=30)
    small.grade("unit_1")
    return small


@pytest.fixture
def small(graded, tmp_path, request):
    """A copy of it to change."""
    copy = graded.copied_to(tmp_path, request.config.rootpath)
    copy.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE, of={"unit_1": DUE})
    return copy


def by_hand(path, score=None):
    """The scores that a person gave, after giving one."""
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        if score is not None:
            db.execute("update grade set manual_score = ?, extra_credit = ?", (score, score))
        return {given for (given,) in db.execute("select manual_score from grade")}


def test_each_command_that_writes_keeps_a_copy_of_what_a_person_gave(small):
    assert copies.copies(small.folder) == []  # there were no grades
    roster = small.root / "roster.csv"
    roster.write_text("student,first_name\nada,Ada\nbob,Bob\nzed,Zed\n")
    fewer = {"unit_1": {"double": 3}}

    def autograde():
        apps.run_nbgrader("autograde", ["unit_1", "--force"], where=small.folder, log=small.folder / "log")

    def build():
        small.write(fewer, head=LATE, of={"unit_1": DUE})
        assert small.run("build", "unit_1", "--yes").exit_code == 0

    commands = {
        "autograde": autograde,
        "grade": lambda: small.run("grade", "unit_1", "--yes", "--fresh"),
        "extend": lambda: small.run("extend", "bob", "unit_1", "--until", "2026-01-12", "--yes"),
        "rename": lambda: small.run("student", "bob", "--rename", "bobby", root=False),
        "roster": lambda: small.run("roster", roster, root=False),
        "build": build,
    }
    for number, (name, command) in enumerate(commands.items(), start=1):
        by_hand(small.folder / "gradebook.db", score=number / 8)
        if name == "grade":
            small.hand_in("ada", "unit_1", {"double": 2, "triple": 5})
        command()
        kept = copies.copies(small.folder)
        assert len(kept) == number, name  # one for all students
        assert by_hand(kept[-1].path) == {number / 8}, name
    assert len(by_hand(small.folder / "gradebook.db")) == 1
    copies.restore(small.folder, kept[-1].name)
    assert len(small.points("ada", "unit_1")) == 2  # what the build removed is back


def test_what_writes_nothing_keeps_no_copy(small):
    small.hand_in("ada", "unit_1", {"double": 2, "triple": 5})
    small.run("grade", "unit_1", "--dry-run")
    small.run("list")
    small.run("show", "unit_1", "bob", root=False)
    assert copies.copies(small.folder) == []


def killed_before_the_commit(small):
    """Grade in another process, which is killed when all files are in place and the gradebook is not committed."""
    child = os.fork()
    if child == 0:
        try:
            put = Swap.put

            def last(swap):
                put(swap)
                os.kill(os.getpid(), signal.SIGKILL)

            Swap.put = last
            small.grade("unit_1")
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("first", [(), ("bob",)])
def test_after_a_kill_before_the_commit_the_next_run_gives_what_an_undisturbed_one_gives(first, small, tmp_path):
    by_hand(small.folder / "gradebook.db", score=2.5)
    with sqlite3.connect(small.folder / "gradebook.db") as db:
        db.execute("update grade set needs_manual_grade = 0")
        bob = "select sn.id from submitted_notebook sn join submitted_assignment sa on sa.id = sn.assignment_id"
        db.execute(f"update grade set manual_score = null where notebook_id in ({bob} where sa.student_id = 'bob')")
    small.hand_in("ada", "unit_1", {"double": 2, "triple": 5})  # a hand-graded answer is new
    small.hand_in("bob", "unit_1", {"double": 7, "triple": 7}, late=30)  # worse, but new
    start, asked = tmp_path / "start", []
    shutil.copytree(small.folder, start)

    def result(*students):
        options = Options(students=students, agree=lambda changes: asked.append(changes) or True)
        done = class_grading.grade_classes(small.course, ["unit_1"], small.folder, options, workers=1)
        return done["unit_1"].changes, {who: small.standing(who, "unit_1") for who in ("ada", "bob")}

    expected = result()
    assert [score.open for score in expected[1]["ada"].tasks.values()] == [False, True]
    shutil.rmtree(small.folder)
    shutil.copytree(start, small.folder)
    killed_before_the_commit(small)
    changes = result(*first)[0] if first else []
    again, standings = result()
    assert sorted([*changes, *again], key=lambda change: change.student) == expected[0]
    assert standings == expected[1]
    assert asked == []
    assert not [path for path in small.folder.rglob(".*") if path.suffix in (".old", ".new")]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_class_is_written_is_heard_when_it_is_written(how, small, monkeypatch):
    small.hand_in("ada", "unit_1", {"double": 2, "triple": 5})
    leave = Swap.__exit__

    def leave_disturbed(swap, *error):
        os.kill(os.getpid(), how)
        leave(swap, *error)

    monkeypatch.setattr(Swap, "__exit__", leave_disturbed)
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(Interrupted, match="interrupted after everything was written: unit_1"):
            small.run("grade", "unit_1", "--yes")
    finally:
        signal.signal(signal.SIGTERM, before)
    assert small.points("ada", "unit_1") == {"double": 3, "triple": 0}


def test_signals_are_delayed_but_not_while_a_person_is_asked(monkeypatch):
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with undisturbed(), undisturbed():
            os.kill(os.getpid(), signal.SIGTERM)
            assert heard == []
            with disturbed():
                assert len(heard) == 1
                os.kill(os.getpid(), signal.SIGTERM)
                assert len(heard) == 2
            os.kill(os.getpid(), signal.SIGTERM)
            assert len(heard) == 2
        assert len(heard) == 3
    finally:
        signal.signal(signal.SIGTERM, before)


def ctrl_c_at_the_question(small, *command):
    """What a command says after Ctrl-C at its question, and its status."""
    words = [sys.executable, "-m", "just_enough_calculus", *command, "-C", str(small.folder), "--root", str(small.root)]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(words[0], words)
    said = b""
    with contextlib.suppress(OSError):  # the terminal is gone with the command
        while read := os.read(terminal, 4096):
            said += read
            if b"[y/N]" in said and b"[y/N]" not in said[: -len(read)]:
                time.sleep(0.5)  # the question is read
                os.write(terminal, b"\x03")
    os.close(terminal)
    return said.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_ctrl_c_at_the_question_ends_the_command_and_nothing_is_written(small):
    with contextlib.closing(sqlite3.connect(small.folder / "gradebook.db")) as db, db:
        db.execute("update grade set auto_score = 2 where auto_score = 3")
    before = {who: small.standing(who, "unit_1") for who in ("ada", "bob")}
    said, status = ctrl_c_at_the_question(small, "grade", "unit_1", "--workers=1")
    assert (status, "Nothing was written of unit_1" in said) == (130, True), said
    said, status = ctrl_c_at_the_question(small, "extend", "bob", "unit_1", "--until", "2026-01-12")
    assert (status, "nothing was written" in said) == (130, True), said
    small.write({"unit_1": {"double": 3}}, head=LATE, of={"unit_1": DUE})
    said, status = ctrl_c_at_the_question(small, "build", "unit_1")
    assert (status, "nothing was written" in said) == (130, True), said
    assert {who: small.standing(who, "unit_1") for who in ("ada", "bob")} == before
    assert not (small.folder / "extensions.json").exists()
    assert not list(small.folder.glob(".build*"))


def test_every_line_for_a_machine_is_one_object_also_where_grades_change(small):
    with contextlib.closing(sqlite3.connect(small.folder / "gradebook.db")) as db, db:
        db.execute("update grade set auto_score = 2 where auto_score = 3")

    def lines(*options, status=0):
        words = ["grade", "unit_1", "--json", "--workers=1", *options, "-C", small.folder, "--root", small.root]
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == status or isinstance(done.exception, ChangeRefused), done.output
        found = [json.loads(line) for line in done.stdout.splitlines()]
        assert [line["event"] for line in found][-1] == ("done" if status == 0 else "stopped")
        return [line for line in found if line["event"] == "change"]

    ada = {"event": "change", "unit": "unit_1", "student": "ada", "from": 4, "to": 6, "written": False}
    ada["why"] = ["double: 2 of 3 -> 3 of 3", "triple: 2 of 3 -> 3 of 3"]
    for options, status in ((), 2), (("--dry-run",), 0):
        found = lines(*options, status=status)
        assert (found[0], [line["student"] for line in found]) == (ada, ["ada", "bob"])
    assert lines("--yes")[0] == {**ada, "written": True}
    assert lines("--yes") == []
