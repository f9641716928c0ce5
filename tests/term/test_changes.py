"""What happens in a term, through the real nbgrader: each change with submissions there before and after."""

import datetime
import json
import sqlite3
from pathlib import Path

import msgspec
import pytest
from kit import variants
from kit.variants import edition_of

from grader.course import manifest
from grader.errors import GraderError
from grader.grading import warm
from grader.grading.turn import turn
from grader.grading.verdict import ADDED_LATER, excused, result_by_hand
from grader.nbgrader import apps, extensions, setup, students
from grader.nbgrader.gradebook import open_gradebook
from grader.nbgrader.last_grading import differences
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from tests.term.small_course import SmallCourse

DUE = "due = 2026-01-10T12:00:00Z"
LATE = "[policies]\ngrace_minutes = 15\npercent_per_day = 10\ncut_off_days = 5\n"


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    """A class, graded: ada is right and on time, bob knows one task and is 30 hours late, cy wrote nothing."""
    small = SmallCourse(tmp_path_factory.mktemp("term"), request.config.rootpath)
    small.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE, of={"unit_1": DUE})
    small.release("unit_1")
    small.hand_in("ada", "unit_1", {"double": 2, "triple": 3})
    small.hand_in("bob", "unit_1", {"double": 2, "triple": 7}, late=30)
    small.hand_in("cy", "unit_1", {})
    small.grade("unit_1")
    return small


@pytest.fixture
def small(graded, tmp_path, request):
    """A copy of it to change."""
    copy = graded.copied_to(tmp_path, request.config.rootpath)
    copy.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE, of={"unit_1": DUE})
    return copy


pytestmark = pytest.mark.slow


def test_late_work_costs_what_the_manifest_says_and_a_moved_due_date_is_said_and_counts(small):
    assert (small.standing("bob", "unit_1").earned, small.standing("bob", "unit_1").penalty) == (3, pytest.approx(0.6))
    head = json.loads((small.folder / "release" / "unit_1" / "unit_1.ipynb").read_text())["cells"][0]["source"]
    assert "**Due Saturday, 10 January 2026, 12:00 UTC.** Late work loses 10 % of its points per day." in "".join(head)
    small.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE, of={"unit_1": "due = 2026-01-11T12:00:00Z"})
    done = small.run("grade", "unit_1", "--dry-run")
    assert done.exit_code == 0, done.output
    assert "due date 2026-01-10 12:00 UTC -> 2026-01-11 12:00 UTC" in done.output
    assert "bob" in done.output
    assert "late penalty: 0.6 -> 0.3" in " ".join(done.output.split())
    assert small.standing("bob", "unit_1").penalty == pytest.approx(0.6)  # nothing was written
    with pytest.raises(GraderError, match="nothing was written"):
        small.run("grade", "unit_1")  # nobody is there to agree
    assert small.standing("bob", "unit_1").penalty == pytest.approx(0.6)
    assert small.run("grade", "unit_1", "--yes").exit_code == 0
    assert small.standing("bob", "unit_1").penalty == pytest.approx(0.3)
    assert small.standing("ada", "unit_1").total == 6


def test_points_that_change_scale_what_was_earned_and_are_asked_about(small):
    with sqlite3.connect(small.folder / "gradebook.db") as connection:
        connection.execute("update grade set manual_score = 1.5, extra_credit = 0.5 where auto_score = 0")
    small.write({"unit_1": {"double": 6, "triple": 3}}, head=LATE, of={"unit_1": DUE})
    with pytest.raises(GraderError, match=r"double has 6 points .* and 3 in the release. Run `grader build unit_1`"):
        small.grade("unit_1")
    asked = []
    with pytest.raises(GraderError, match="nothing was written"):
        small.release("unit_1", agree=lambda changes: asked.extend(changes) or False)
    assert [change.student for change in asked if change.asked] == ["ada", "bob", "cy"]
    assert small.standing("ada", "unit_1").most == 6
    released = small.folder / "release" / "unit_1" / "unit_1.ipynb"
    assert '"points": 6' not in released.read_text()
    done = small.run("build", "unit_1", "--yes")
    assert done.exit_code == 0, done.output
    assert (small.standing("ada", "unit_1").total, small.standing("ada", "unit_1").most) == (9, 9)
    assert small.points("cy", "unit_1") == {"double": 3.5, "triple": 2}  # 1.5 of 3 given by hand, and extra credit
    assert small.standing("bob", "unit_1").penalty == pytest.approx((6 + 2) * 0.2)
    assert "No grade would change." in small.run("grade", "unit_1", "--dry-run").output


def test_a_task_is_added_renamed_reordered_and_removed_and_old_work_keeps_what_it_earned(small):
    with sqlite3.connect(small.folder / "gradebook.db") as connection:
        connection.execute("update comment set manual_comment = 'well tried'")
    before = {who: small.points(who, "unit_1") for who in ("ada", "bob", "cy")}
    tasks = {"twice": 'was = ["double"]', "quadruple": 'added_later = "excused"'}
    small.write(
        {"unit_1": {"triple": 3, "quadruple": 4, "twice": 3}}, head=LATE, of={"unit_1": DUE}, tasks=tasks
    )  # added, renamed, and in another order
    mistakes = small.root / "solutions" / "unit_1" / "mistakes.py"
    text = 'from grader.testing import mistake\nhalf = mistake("{}", {{"double": max}}, says="Which?")\n'
    for task, says in {"double": "It is 'twice' now", "tripple": "Did you mean 'triple'"}.items():
        mistakes.write_text(text.format(task))
        with pytest.raises(GraderError, match=rf"mistakes\.py:2: task '{task}' is not in .*{says}"):
            small.release("unit_1")
    mistakes.unlink()
    small.release("unit_1", agree=lambda changes: True)
    assert small.points("bob", "unit_1") == {"triple": 0, "twice": 3, "quadruple": None}
    small.hand_in("dan", "unit_1", {"twice": 2, "triple": 3, "quadruple": 4})  # joins late, with the new release
    small.grade("unit_1")
    for who, points in before.items():
        after = small.points(who, "unit_1")
        assert (after["twice"], after["triple"]) == (points["double"], points["triple"])
        earned = points["double"] + points["triple"]
        assert after["quadruple"] == pytest.approx(4 * earned / 6)  # excused: the share that the others earned
    assert small.points("dan", "unit_1") == {"twice": 3, "triple": 3, "quadruple": 4}
    with sqlite3.connect(small.folder / "gradebook.db") as connection:
        assert connection.execute("select count(*) from comment where manual_comment = 'well tried'").fetchone() == (6,)
    # Somebody who deletes the cell of a task that was added does not gain by it: a person decides.
    place = small.hand_in("eve", "unit_1", {"twice": 2, "triple": 3}, due=datetime.datetime.now(datetime.UTC))
    notebook = json.loads((place / "unit_1.ipynb").read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if "quadruple" not in json.dumps(cell["metadata"])]
    (place / "unit_1.ipynb").write_text(json.dumps(notebook))
    small.grade("unit_1")
    assert small.points("eve", "unit_1")["quadruple"] is None
    small.write({"unit_1": {"triple": 3, "twice": 3}}, head=LATE, of={"unit_1": DUE}, tasks={"twice": tasks["twice"]})
    gone = []
    small.release("unit_1", agree=lambda changes: gone.extend(changes) or True)
    assert "quadruple: 4 of 4 -> not there" in next(change for change in gone if change.student == "dan").what
    assert small.points("ada", "unit_1") == {"twice": 3, "triple": 3}
    apps.run_nbgrader("generate_assignment", ["unit_1", "--force"], where=small.folder, log=small.folder / "log")
    # Before the next grading, autograded/ still has the removed cell, at which nbgrader alone stops for the class.
    apps.run_nbgrader("generate_feedback", ["unit_1"], where=small.folder, log=small.folder / "log")
    assert (small.folder / "feedback" / "ada" / "unit_1" / "unit_1.html").is_file()


def test_a_build_that_fails_leaves_everything_as_it_was(small):
    files = {
        path: path.read_bytes()
        for folder in ("source", "release")
        for path in sorted((small.folder / folder).rglob("*"))
        if path.is_file()
    }
    reference = small.root / "solutions" / "unit_1" / "reference.py"
    reference.write_text("def double(y): return 2 * y\n")
    with pytest.raises(GraderError, match="double"):
        small.release("unit_1")
    assert {path: path.read_bytes() for path in files} == files
    assert small.standing("ada", "unit_1").total == 6
    assert not list(small.folder.glob(".build*"))


def test_a_stricter_hidden_test_is_shown_before_it_counts_and_diff_says_by_which_change(small):
    hidden = small.root / "solutions" / "unit_1" / "test_unit_1_hidden.py"
    hidden.write_text(hidden.read_text().replace("== 15", "in (15, 35)"))  # repaired: bob's triple(5) = 35 is right too
    small.hand_in("cy", "unit_1", {"double": 2, "triple": 3})  # and meanwhile cy hands in again
    done = small.run("grade", "unit_1", "--dry-run")
    said = " ".join(done.output.split())
    assert "triple: 0 of 3 -> 1.5 of 3" in said, said
    assert "2 gain, 0 lose" in said
    assert small.points("bob", "unit_1")["triple"] == 0
    small.run("grade", "unit_1", "--yes")
    assert small.points("bob", "unit_1")["triple"] == 1.5
    assert small.points("cy", "unit_1") == {"double": 3, "triple": 3}
    said = " ".join(small.run("diff", "unit_1", root=False).output.split())
    assert "hidden tests or the reference" in said
    assert "other work was handed in" in said
    assert "ada" not in said


def test_a_hand_graded_cell_stays_graded_after_a_regrade_unless_its_answer_changed(small):
    with sqlite3.connect(small.folder / "gradebook.db") as connection:
        connection.execute("update grade set manual_score = 2.5, needs_manual_grade = 0")
    small.hand_in("cy", "unit_1", {"double": 2})  # one of the two answers is new
    small.run("grade", "unit_1", "--student", "cy", "--yes")
    small.run("grade", "unit_1", "--yes")
    open_ = {
        (who, task)
        for who in ("ada", "bob", "cy")
        for task, score in small.standing(who, "unit_1").tasks.items()
        if score.open
    }
    assert open_ == {("cy", "double")}
    done = small.run("show", "unit_1", "bob", root=False)
    assert "by hand 2.5" in done.output
    assert "late penalty" in done.output
    with pytest.raises(GraderError, match="Did you mean 'bob'"):
        small.run("show", "unit_1", "bobb", root=False)
    with pytest.raises(GraderError, match="Did you mean 'ada'"):
        small.run("grade", "unit_1", "--student", "adda")


def test_an_extension_counts_at_once_and_is_listed(small):
    done = small.run("extend", "bob", "unit_1", "--until", "2026-01-12", "--yes")
    assert done.exit_code == 0, done.output
    assert small.standing("bob", "unit_1").penalty == 0
    assert "unit_1: bob: until 2026-01-12 23:59 UTC" in small.run("extend", "--list").output
    assert "2026-01-10 12:00 UTC" in small.run("list").output
    small.run("grade", "unit_1", "--yes")
    assert small.standing("bob", "unit_1").penalty == 0  # and a regrade keeps it
    small.run("extend", "bob", "unit_1", "--remove", "--yes")
    assert small.standing("bob", "unit_1").penalty == pytest.approx(0.6)
    for arguments, says in {
        ("bob", "unit_1", "--until", "2026-01-01"): "an extension ends after the due date",
        ("bob", "unit_1", "--until", "tomorrow"): "expected a date",
        ("bobb", "unit_1", "--until", "2026-02-01"): "Did you mean 'bob'",
        ("somebody else", "unit_1", "--until", "2026-02-01"): "are added with `grader roster FILE`",
        ("bob", "unit_2", "--until", "2026-02-01"): "unknown unit",
        ("bob", "unit_1", "--remove"): "has no extension",
    }.items():
        with pytest.raises(GraderError, match=says):
            small.run("extend", *arguments)
    (small.folder / "extensions.json").write_text("{")
    with pytest.raises(GraderError, match="restore it"):
        extensions.read(small.folder)


def test_a_new_id_moves_all_of_a_student_and_keeps_grade_and_variant(small):
    small.run("extend", "bob", "unit_1", "--until", "2026-01-12", "--yes")
    before = small.standing("bob", "unit_1")
    done = small.run("student", "bob", "--rename", "bob.bäcker@uni", root=False)
    assert done.exit_code == 0, done.output
    assert small.standing("bob.bäcker@uni", "unit_1").total == before.total
    with open_gradebook(small.folder) as gradebook:
        assert {student.id for student in gradebook.students} == {"ada", "bob.bäcker@uni", "cy"}
    assert not list(small.folder.rglob("bob"))
    report = next(report for report in small.grade("unit_1")["unit_1"] if report.student == "bob.bäcker@uni")
    assert report.points == before.earned
    assert small.standing("bob.bäcker@uni", "unit_1").total == before.total
    said = small.run("history", "bob.bäcker@uni", root=False).output
    assert said.count("graded: 3 of 6") == 2  # under the old id, and under the current one
    other = students.Aliases({"b.b": [students.Alias("bob", datetime.datetime(2026, 1, 5))]})
    assert [students.id_now(other, "bob", datetime.datetime(2026, 1, day)) for day in (4, 5)] == ["b.b", "bob"]
    for bad in ("ada", "a/b", "x" * 300, "", " "):
        with pytest.raises(GraderError):
            small.run("student", "cy", "--rename", bad or "\n", root=False)
    assert small.standing("cy", "unit_1").total == 0


def test_a_folder_of_an_older_version_is_named_with_what_to_run_and_migrates_without_loss(small):
    config = small.folder / "nbgrader_config.py"
    config.write_text(config.read_text().replace(setup.FORMAT + "\n", "") + "c.Own.line = 1\n")
    with pytest.raises(GraderError, match="grader init"):
        small.grade("unit_1")
    before = small.standing("bob", "unit_1")
    assert small.run("init", str(small.folder)).exit_code in (0, 2)
    apps_config = config.read_text()
    assert "c.Own.line = 1" in apps_config
    assert small.standing("bob", "unit_1") == before


def test_the_real_autograde_gives_the_same_penalty(small):
    with sqlite3.connect(small.folder / "gradebook.db") as connection:
        connection.execute("update submitted_notebook set late_submission_penalty = 0")
    apps.run_nbgrader("autograde", ["unit_1", "--student=bob", "--force"], where=small.folder, log=small.folder / "log")
    assert small.standing("bob", "unit_1").penalty == pytest.approx(0.6)


def test_the_edition_seeds_the_variants_of_students_the_jail_and_the_hidden_tests_alike(small):
    tasks = {"unit_1": {"double": 3, "triple": 3}}
    small.write(tasks, head='edition = "autumn"\n' + LATE, of={"unit_1": DUE})
    with pytest.raises(GraderError, match=r"released for edition '2026', but course/course\.toml says 'autumn'"):
        small.grade("unit_1")
    variant = "from kit.variants import variant\n"
    test = '@pytest.mark.task("double")\ndef test_variant(student):\n    """the variant"""\n'
    test += '    assert student.value("mine") == variant("n", range(10**6), student=student.id)\n'
    for path, text in {
        "exercises/unit_1/unit_1.py": f'\n# %%\n{variant}mine = variant("n", range(10**6))\n',
        "solutions/unit_1/reference.py": f'\n{variant}mine = variant("n", range(10**6), student="reference")\n',
        "solutions/unit_1/test_unit_1_hidden.py": f"\n{variant}\n{test}",
    }.items():
        with (small.root / path).open("a") as file:
            file.write(text)
    small.release("unit_1")
    assert (small.folder / "release" / "unit_1" / "kit" / "edition.txt").read_text() == "autumn\n"
    small.hand_in("ada", "unit_1", {"double": 2})
    small.grade("unit_1")
    assert small.points("ada", "unit_1") == {"double": 3, "triple": 0}
    with edition_of("autumn"):
        autumn = variants.variant("n", range(10**6), student="ada")
    assert autumn != variants.variant("n", range(10**6), student="ada")
    small.run("student", "ada", "--rename", "ada.l", root=False)  # work keeps the variant that it was made with
    done = small.run("replay", "ada.l", "unit_1")
    warm.close_warm()
    assert "ada.l: the same as" in done.output, done.output


def test_a_task_becomes_a_bonus_and_is_one_no_longer_and_its_points_count_once(small):
    def with_triple(line):
        small.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE, of={"unit_1": DUE}, tasks={"triple": line})
        small.release("unit_1")
        built = small.standing("ada", "unit_1")
        small.grade("unit_1")
        graded = small.standing("ada", "unit_1")
        assert (built.total, built.most) == (graded.total, graded.most)
        return graded.total, graded.most

    with sqlite3.connect(small.folder / "gradebook.db") as connection:  # a teacher's gift, which stays
        connection.execute(
            "update grade set extra_credit = 0.5 where cell_id in (select id from base_cell where name = 'test_double')"
        )
    assert with_triple("bonus = true") == (6.5, 3)
    assert with_triple("bonus = true") == (6.5, 3)
    assert with_triple("") == (6.5, 6)
    assert with_triple("") == (6.5, 6)


def test_a_renamed_task_is_no_change_of_a_grade(small):
    small.write(
        {"unit_1": {"twice": 3, "triple": 3}}, head=LATE, of={"unit_1": DUE}, tasks={"twice": 'was = ["double"]'}
    )
    asked = []
    assert small.release("unit_1", agree=lambda changes: asked.extend(changes) or True) == []
    assert asked == []
    small.grade("unit_1")
    assert small.points("bob", "unit_1") == {"twice": 3, "triple": 0}
    assert differences(small.folder, "unit_1", {"double": "twice"}) == []


def test_a_folder_may_be_named_from_here_and_a_roster_of_ids_alone_is_one(small, monkeypatch):
    monkeypatch.chdir(small.folder.parent)
    (small.folder / "ids.csv").write_text("student\nada\nbob\ncy\n")
    for command in (["build", "unit_1", "--yes"], ["roster", "folder/ids.csv"]):
        place = ["-C", small.folder.name, *(["--root", small.root.name] if command[0] == "build" else [])]
        done = small.bare(*command, *place)
        assert done.exit_code == 0, done.output
    small.hand_in("eve", "unit_1", {"double": 2})
    done = small.run("grade", "unit_1", "--yes")
    assert done.exit_code == 1
    assert "not on the course's roster, so not graded: eve" in done.output


def test_a_due_date_that_was_taken_out_of_the_manifest_is_said(small):
    small.write({"unit_1": {"double": 3, "triple": 3}}, head=LATE)
    done = small.run("grade", "unit_1", "--dry-run")
    assert "no due date, so that of the gradebook counts: 2026-01-10 12:00 UTC" in " ".join(done.output.split())


def test_an_excused_task_gets_the_share_of_what_was_graded_automatically():
    def result(name, points, most=4.0, *, bonus=False, later=False):
        tests = (TestResult(ADDED_LATER, name, 1.0, Outcome.UNDECIDED),) if later else ()
        return TaskResult(name, name, points, most, tests, bonus=bonus)

    tasks = (
        manifest.Task("done", "Done", 4.0),
        manifest.Task("essay", "Essay", 4.0, by_hand=True),
        manifest.Task("more", "More", 4.0, bonus=True),
        manifest.Task("new", "New", 2.0, added_later="excused"),
        manifest.Task("gift", "Gift", 2.0, added_later="excused", bonus=True),
    )
    unit = manifest.Unit("u", "U", tasks, Path("/"))
    results = [result("done", 3.0), result("essay", None), result("more", 0.0, bonus=True)]
    results += [result("new", None, 2.0, later=True), result("gift", None, 2.0, bonus=True, later=True)]
    added = dict.fromkeys(("new", "gift"), datetime.datetime(2026, 2, 1))
    told = excused(Report("ada", "u", tuple(results), Level.L3), added, unit, datetime.datetime(2026, 1, 1))
    assert {task.task: task.points for task in told.tasks} == {
        "done": 3,
        "essay": None,
        "more": 0,
        "new": 1.5,
        "gift": 0,
    }


def test_a_text_for_practice_waits_for_nobody():
    task = manifest.Task("think", "Think", 0.0, by_hand=True)
    assert [result_by_hand(task, untouched=untouched).points for untouched in (False, True)] == [0, 0]
    graded = msgspec.structs.replace(task, points=2.0)
    assert [result_by_hand(graded, untouched=untouched).points for untouched in (False, True)] == [None, 0]


def test_a_graded_unit_that_the_manifest_has_no_longer_is_said_and_who_left_is_noted_in_turn(small):
    small.write({"unit_1": {"double": 3, "triple": 3}, "unit_2": {"double": 1}}, head=LATE, of={"unit_1": DUE})
    small.release("unit_2")
    small.hand_in("ada", "unit_2", {"double": 2})
    small.grade("unit_2")
    assert "left out" not in small.run("export", "csv").output
    small.write({"unit_2": {"double": 1}}, head=LATE)
    assert "left out: unit_1 was graded, but course/course.toml has no such unit" in small.run("export", "csv").output
    with turn(small.folder, "grading"), pytest.raises(GraderError, match="is at work there"):
        small.run("student", "cy", "--left", root=False)
