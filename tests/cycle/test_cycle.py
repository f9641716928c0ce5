"""The whole cycle through the real nbgrader, both ways of grading, regrading, and what must survive it."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest

from grader.course import manifest, notebooks
from grader.demo import Cycle
from grader.errors import Unavailable
from grader.nbgrader import apps, class_grading, class_report, feedback_facts, setup
from grader.nbgrader.gradebook_place import wait_for_gradebook
from grader.report.banner import WHOLE_FILE
from tests.course_folder import copy_with

pytestmark = pytest.mark.slow
UNIT = "u1_derivative_intuition"
ROWS = """
select sa.student_id, gc.name, g.auto_score, g.manual_score, g.needs_manual_grade
from grade g join base_cell gc on gc.id = g.cell_id join submitted_notebook sn on sn.id = g.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id order by 1, 2
"""
PENALTIES = """
select sa.student_id, sn.late_submission_penalty
from submitted_notebook sn join submitted_assignment sa on sa.id = sn.assignment_id order by 1
"""
COMMENTS = """
select sa.student_id, gc.name, c.auto_comment, c.manual_comment
from comment c join base_cell gc on gc.id = c.cell_id join submitted_notebook sn on sn.id = c.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id order by 1, 2
"""


# One of each kind, for grading once more: right, late, stub, mistakes, no Python, dies, unreadable, odd files, hostile.
KINDS = (
    *("ada", "boole", "hilbert", "noether", "ito", "markov", "riemann", "shannon", "turing"),
    *("mallory_forger", "mallory_renamer", "mallory_link"),
)


def rows(folder, query=ROWS):
    with sqlite3.connect(folder / "gradebook.db") as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    """The cycle of the first unit; that of all others is in test_later_units.py."""
    cycle = Cycle(request.config.rootpath, tmp_path_factory.mktemp("cycle") / "demo", units=[UNIT])
    return cycle, cycle.run()[UNIT]


def test_every_sample_student_gets_what_they_earned(graded):
    cycle, reports = graded
    assert cycle.complaints({UNIT: reports}) == []
    assert len(reports) >= 24
    assert cycle.feedback_page("ada", UNIT).is_file()


def test_the_released_notebook_is_the_stub(graded):
    cycle, _ = graded
    released = json.loads((cycle.folder / "release" / UNIT / f"{UNIT}.ipynb").read_text())
    text = (cycle.course.unit(UNIT).exercises_dir / f"{UNIT}.py").read_text()
    stubs = [cell.source.rstrip() for cell in notebooks.read_percent(text)]
    first, *rest = (notebooks.source_of(cell).rstrip() for cell in released["cells"])
    assert rest == stubs[1:]
    assert first == f"{stubs[0]}\n\n**Due Thursday, 31 December 2026, 23:59 UTC.**"


def test_feedback_shows_the_sentence_and_nothing_for_staff(graded):
    cycle, reports = graded
    page = (cycle.folder / "feedback" / "noether" / UNIT / f"{UNIT}.html").read_text()
    assert "how many units of input did it take?" in page
    assert page.count('made from the name <bdi class="name">noether</bdi>') == 1  # so the variant can be made again
    assert not re.search(r"https?://|<script", page)  # nothing is fetched from elsewhere
    for report in reports:
        shown = cycle.folder / "feedback" / report.student / UNIT / f"{UNIT}.html"
        assert shown.stat().st_size < 400_000
        names = [test.name for task in report.tasks for test in task.tests if test.name not in WHOLE_FILE]
        assert not any(name in shown.read_text() for name in names)
    staff = [test.staff for report in reports for task in report.tasks for test in task.tests if len(test.staff) > 40]
    assert staff
    assert not any(text in page for text in staff)


def test_nbgrader_autograde_writes_the_same_rows(graded, tmp_path):
    cycle, _ = graded
    other = tmp_path / "course"
    copy_with(KINDS, cycle.folder, other)
    shutil.rmtree(other / "autograded")
    (other / "gradebook.db").unlink()
    due_in_2020 = tmp_path / "repository"
    (due_in_2020 / "course").mkdir(parents=True)
    for name in ("exercises", "solutions"):
        (due_in_2020 / name).symlink_to(cycle.root / name)
    text = (cycle.root / "course" / "course.toml").read_text()
    (due_in_2020 / "course" / "course.toml").write_text(
        text.replace("due = 2026-12-31T23:59", "due = 2020-01-02T00:00")
    )
    course = manifest.load(due_in_2020)
    setup.init_course_folder(course, other, exchange=cycle.exchange)
    log = tmp_path / "log"
    with (other / "nbgrader_config.py").open("a") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    for place in (other / "submitted").iterdir():  # two were handed in a day late
        day = 3 if place.name in ("boole", "noether") else 1
        (place / UNIT / "timestamp.txt").write_text(f"2020-01-0{day} 00:00:00.000000 UTC")
    bulk = tmp_path / "bulk"
    shutil.copytree(other, bulk, symlinks=True)
    setup.init_course_folder(course, bulk, exchange=cycle.exchange)
    for folder in (bulk, other):
        apps.run_nbgrader("generate_assignment", [UNIT, "--force"], where=folder, log=log)
    class_grading.grade_unit(course, UNIT, bulk)
    apps.run_nbgrader("autograde", [UNIT], where=other, log=log)
    for query in (ROWS, COMMENTS, PENALTIES):
        assert rows(other, query) == rows(bulk, query)
    assert {student for student, _ in rows(other, PENALTIES)} == set(KINDS)
    assert {student for student, penalty in rows(other, PENALTIES) if penalty} == {"boole", "noether"}
    for student in KINDS:
        assert (other / "autograded" / student / UNIT / f"{UNIT}.ipynb").is_file()


def test_a_regrade_replaces_scores_and_leaves_manual_ones(graded, tmp_path):
    cycle, _ = graded
    folder = tmp_path / "course"
    again = ("ada", "hilbert", "noether", "riemann", "shannon")
    copy_with(again, cycle.folder, folder)
    before = rows(folder)
    with sqlite3.connect(folder / "gradebook.db") as connection:
        connection.execute("update grade set auto_score = 99, manual_score = 1.25, extra_credit = 0.5")
        connection.execute("update comment set manual_comment = 'well tried'")
    ada, bob = (folder / "submitted" / name / UNIT / f"{UNIT}.ipynb" for name in ("ada", "hilbert"))
    shutil.copy(ada, bob)  # a resubmission: now it is right
    class_grading.grade_unit(cycle.course, UNIT, folder)
    after = rows(folder)
    assert {row[3] for row in after} == {1.25}
    by = {(row[0], row[1]): row[2] for row in after}
    scores = {row[1]: row[2] for row in before if row[0] == "ada"}
    assert all(by["hilbert", name] == score for name, score in scores.items())
    unchanged = {row[:3] for row in before if row[0] in again and row[0] != "hilbert"}
    assert {row[:3] for row in after if row[0] in again and row[0] != "hilbert"} == unchanged
    assert {row[2] for row in after if row[0] not in again} == {99}  # who handed nothing in keeps what there was
    assert {row[3] for row in rows(folder, COMMENTS)} == {"well tried"}


def test_a_locked_gradebook_is_waited_for_and_then_said(graded, tmp_path):
    cycle, _ = graded
    path = tmp_path / "gradebook.db"
    shutil.copy(cycle.folder / "gradebook.db", path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Unavailable, match="locked by another program"):
        wait_for_gradebook(path, seconds=1.5)
    holder.execute("ROLLBACK")
    wait_for_gradebook(path, seconds=1.5)
    holder.close()


def test_the_command_line_grades_shows_and_says_what_is_below(graded, tmp_path, request):
    cycle, _ = graded
    folder = tmp_path / "course"
    copy_with(("ada", "noether"), cycle.folder, folder)

    def grader(*arguments):
        command = [sys.executable, "-m", "just_enough_calculus", *map(str, arguments), "--folder", folder]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    root = request.config.rootpath
    done = grader("grade", UNIT, "--root", root)
    assert done.returncode == 0, done.stderr
    assert "noether" in done.stdout
    assert grader("grade", UNIT, "--root", root, "--below", "0.99").returncode == 1
    shown = grader("show", UNIT, "noether")
    assert shown.returncode == 0
    assert "looks like change_only" in shown.stdout
    assert "staff:" in shown.stdout
    page = tmp_path / "page.html"
    assert grader("show", "noether", UNIT, "--html", page).returncode == 0  # in either order
    assert page.read_text() == feedback_facts.page_of(folder, UNIT, "noether", root=root)
    assert grader("show", UNIT, "nobody", "--html", page).returncode == 2


def test_hand_scores_comments_and_penalties_are_on_the_page_as_in_the_gradebook(graded, tmp_path, request):
    cycle, _ = graded
    folder = tmp_path / "course"
    copy_with(("noether",), cycle.folder, folder)
    setup.init_course_folder(cycle.course, folder)
    with sqlite3.connect(folder / "gradebook.db") as connection:
        connection.execute("update grade set manual_score = 1, extra_credit = 0.5")
        connection.execute("update comment set manual_comment = 'Well <b>tried</b>'")
        connection.execute("update submitted_notebook set late_submission_penalty = 2")
        connection.execute("update assignment set duedate = '2020-01-01 00:00:00.000000'")
        connection.execute("update submitted_assignment set timestamp = '2020-01-02 12:00:00.000000'")
        connection.execute("update submitted_assignment set extension = '1970-01-01 12:00:00.000000'")
    apps.run_nbgrader("generate_feedback", [UNIT, "--student=noether"], where=folder, log=tmp_path / "log")
    page = (folder / "feedback" / "noether" / UNIT / f"{UNIT}.html").read_text()
    text = " ".join(re.sub("<[^>]+>", "", page).split())
    tasks = len(cycle.course.unit(UNIT).tasks)
    assert f"{1.5 * tasks - 2:g} of {cycle.course.unit(UNIT).points:g} points" in text
    assert f"{1.5 * tasks:g} points, less 2 for handing in late (1 day)" in text
    assert "The deadline was 1 January 2020, 12:00 UTC." in text
    assert page.count("Well &lt;b&gt;tried&lt;/b&gt;") >= tasks
    facts = class_report.facts_of(cycle.course.unit(UNIT), folder)
    assert {report.student: report.points for report in facts.reports}["noether"] == tasks
    done = subprocess.run(
        [sys.executable, "-m", "just_enough_calculus", "report", "--root", request.config.rootpath, "--folder", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"Nobody has been graded in: {cycle.course.units[1].title}" in (folder / "class.html").read_text()
