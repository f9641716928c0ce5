"""Through the real nbgrader: copies, split cells and lost ids, graded alike by `nbgrader autograde` and by us."""

import json
import shutil
import sqlite3

import pytest

from grader import results
from grader.course import build, manifest
from grader.nbgrader import apps, class_grading, setup
from tests.as_students_leave_them.notebooks_left import LEFT, UNIT, hand_in

pytestmark = pytest.mark.slow
NAMES = [
    "all_work_in_a_copy",
    "damaged_beside_a_copy",
    "split_within_a_function",
    "neither_metadata_nor_ids",
    "worked_as_root",
]
ROWS = """
select sa.student_id, bc.name, g.auto_score, g.needs_manual_grade
from grade g join base_cell bc on bc.id = g.cell_id join submitted_notebook sn on sn.id = g.notebook_id
join submitted_assignment sa on sa.id = sn.assignment_id order by 1, 2
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, request):
    """A course folder in which these students handed in."""
    folder = tmp_path_factory.mktemp("course")
    course = manifest.load(request.config.rootpath)
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    released = json.loads((folder / "release" / UNIT / f"{UNIT}.ipynb").read_text())
    place = tmp_path_factory.mktemp("work")
    for student in LEFT:
        if student.name in NAMES:
            work = hand_in(student, released, place).parent
            shutil.copytree(work, folder / "submitted" / student.name / UNIT)
    return folder


def test_both_ways_give_the_same_points_and_the_same_feedback(folder, course, tmp_path):
    rows, pages = [], []
    for way in ("autograde", "grade_unit"):
        other = tmp_path / way
        shutil.copytree(folder, other)  # nbgrader's own command knows no folder without the notebook ("renamed")
        setup.init_course_folder(course, other)
        if way == "autograde":
            apps.run_nbgrader("autograde", [UNIT], where=other, log=other / "log")
        else:
            class_grading.grade_unit(course, UNIT, other)
        with sqlite3.connect(other / "gradebook.db") as connection:
            rows.append(connection.execute(ROWS).fetchall())
        reports = {name: results.read(other / "reports" / UNIT / f"{name}.json") for name in NAMES}
        pages.append({name: [(task.points, task.notes) for task in report.tasks] for name, report in reports.items()})
        apps.run_nbgrader("generate_feedback", [UNIT], where=other, log=other / "log")
        page = (other / "feedback" / "all_work_in_a_copy" / UNIT / f"{UNIT}.html").read_text()
        assert f"It is in {UNIT}-Copy1.ipynb, beside the notebook that is graded" in page
        page = (other / "feedback" / "worked_as_root" / UNIT / f"{UNIT}.html").read_text()
        assert "would be right for the numbers of another name" in page
    assert pages[0] == pages[1]
    assert rows[0] == rows[1]
    waiting = {student for student, _, _, needs in rows[0] if needs}
    assert waiting == {"all_work_in_a_copy", "damaged_beside_a_copy"}
