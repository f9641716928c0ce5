"""Every command that writes to a gradebook with grades keeps a copy first, and can be interrupted at its question."""

import contextlib
import shutil
import sqlite3

import pytest

from grader.nbgrader import apps, copies
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
    copy = SmallCourse(tmp_path, request.config.rootpath)
    shutil.copytree(graded.folder, copy.folder, dirs_exist_ok=True)
    copy.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE, of={"unit_1": DUE})
    config = copy.folder / "nbgrader_config.py"
    text = config.read_text().replace(str(graded.root), str(copy.root))
    config.write_text(text.replace(str(graded.folder), str(copy.folder)))
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
