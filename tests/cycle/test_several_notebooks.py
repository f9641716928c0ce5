"""A unit of two notebooks, through the real nbgrader: built, released, graded, fed back and counted as one."""

import json
import shutil

import pytest
from nbgrader.api import Gradebook

from grader.course import build, manifest, places
from grader.course.folder import CourseFolder
from grader.course.notebooks import source_of
from grader.errors import GraderError
from grader.exports.grades import grade_table as exported
from grader.nbgrader import apps, class_grading, setup
from grader.nbgrader.release import release_unit
from grader.results import Outcome

UNIT, SECOND = "two_notebooks", "two_notebooks_report"


def course_of(folder):
    return manifest.load(places.repository_of(folder))


def points(report):
    return {task.task: task.points for task in report.tasks}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, request):
    """The course folder, with what six students handed in: {student: (the first notebook, the second)}."""
    folder = tmp_path_factory.mktemp("several")
    course = manifest.load(request.config.rootpath / "examples" / "statistics")
    layout = CourseFolder(folder)
    setup.init_course_folder(course, folder)
    release_unit(course, UNIT, folder)
    right = [(layout.source(UNIT) / f"{name}.ipynb").read_text() for name in (UNIT, SECOND)]
    stub = [(layout.release(UNIT) / f"{name}.ipynb").read_text() for name in (UNIT, SECOND)]
    moved = json.loads(stub[0])  # the answer of the second notebook, written into the first
    moved["cells"].insert(3, next(cell for cell in json.loads(right[1])["cells"] if cell["id"] == "relative"))
    handed = {
        "ann": right,
        "bea": stub,
        "cid": [right[0], None],
        "dan": [right[0], "{"],
        "eve": [stub[0], right[1]],
        "fay": [json.dumps(moved), stub[1]],
        "gil": ["", right[1]],
    }
    for student, texts in handed.items():
        place = layout.submitted(student, UNIT)
        place.mkdir(parents=True)
        for name, text in zip((UNIT, SECOND), texts, strict=True):
            if text is not None:
                (place / f"{name}.ipynb").write_text(text)
    return course, folder


@pytest.fixture(scope="module")
def graded(handed_in):
    course, folder = handed_in
    return folder, {report.student: report for report in class_grading.grade_unit(course, UNIT, folder, workers=1)}


@pytest.mark.slow
def test_each_notebook_is_graded(graded):
    _, reports = graded
    assert {student: points(report) for student, report in reports.items()} == {
        "ann": {"spread": 2, "relative": 1, "report": None},
        "bea": {"spread": 0, "relative": 0, "report": 0},
        "cid": {"spread": 2, "relative": 0, "report": 0},
        "dan": {"spread": 2, "relative": 0, "report": 0},
        "eve": {"spread": 0, "relative": 1, "report": None},
        "fay": {"spread": 0, "relative": 1, "report": 0},
        "gil": {"spread": 0, "relative": 1, "report": None},
    }


@pytest.mark.slow
def test_a_notebook_that_cannot_be_read_is_named_and_costs_nothing_in_the_other(graded):
    _, reports = graded
    assert f"no file {SECOND}.ipynb" in reports["cid"].problem
    assert f"{SECOND}.ipynb is not JSON" in reports["dan"].problem
    assert f"{UNIT}.ipynb is empty" in reports["gil"].problem
    assert [reports[student].problem for student in ("ann", "bea", "eve", "fay")] == [""] * 4
    assert all(test.outcome is Outcome.MISSING for test in reports["cid"].tasks[1].tests)


@pytest.mark.slow
def test_both_are_in_the_gradebook_and_count(graded):
    folder, _ = graded
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert {book.name for book in gradebook.find_assignment(UNIT).notebooks} == {UNIT, SECOND}
        ann, cid = (gradebook.find_submission(UNIT, student) for student in ("ann", "cid"))
        assert (ann.score, ann.max_score, cid.score) == (3, 5, 2)
        waits = {cell.name for book in ann.notebooks for cell in book.grades if cell.needs_manual_grade}
        assert waits == {"report"}
        assert not any(book.needs_manual_grade for book in cid.notebooks)
    table = exported(course_of(folder), folder, [UNIT])
    (cid,) = (row for row in table.rows if row.person.student == "cid")
    assert {task.id: cid.points(UNIT, task.id) for task in table.units[0].tasks} == {
        "spread": 2,
        "relative": 0,
        "report": 0,
    }


@pytest.mark.slow
def test_both_get_feedback_and_a_changed_second_notebook_is_graded_again(graded, handed_in):
    course, folder = handed_in
    layout = CourseFolder(folder)
    autograded = layout.autograded("ann", UNIT)
    assert {path.name for path in autograded.glob("*.ipynb")} == {f"{UNIT}.ipynb", f"{SECOND}.ipynb"}
    apps.run_nbgrader("generate_feedback", [UNIT], where=folder, log=folder / "log")
    for name in (UNIT, SECOND):
        page = (layout.feedback_page("ann", UNIT).parent / f"{name}.html").read_text()
        assert "Spread" in page
        assert "Relative spread" in page
        assert "max(numbers) - min(numbers)" in page
    shutil.copy(layout.submitted("ann", UNIT) / f"{SECOND}.ipynb", layout.submitted("cid", UNIT) / f"{SECOND}.ipynb")
    again = {report.student: report for report in class_grading.grade_unit(course, UNIT, folder, workers=1)}
    assert points(again["cid"]) == {"spread": 2, "relative": 1, "report": None}
    assert again["cid"].problem == ""


@pytest.mark.slow
def test_nbgraders_own_autograde_writes_the_same_rows(graded):
    folder, _ = graded

    def rows():
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
            books = gradebook.find_submission(UNIT, "eve").notebooks
            return {
                (book.name, cell.name): (cell.auto_score, cell.needs_manual_grade)
                for book in books
                for cell in book.grades
            }

    before = rows()
    files = {
        path: json.loads(path.read_text()) for path in CourseFolder(folder).autograded("eve", UNIT).glob("*.ipynb")
    }
    apps.run_nbgrader("autograde", [UNIT, "--student=eve", "--force"], where=folder, log=folder / "log")
    assert rows() == before
    for path, notebook in files.items():
        now = json.loads(path.read_text())
        assert [*map(source_of, now["cells"])] == [*map(source_of, notebook["cells"])]


@pytest.fixture
def copy(tmp_path, request):
    course = tmp_path / "statistics"
    shutil.copytree(request.config.rootpath / "examples" / "statistics", course)
    return course


def edited(course, old, new):
    path = course / "course" / "course.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return course


def test_a_notebook_that_is_not_there_and_a_task_that_is_twice_there_stop_the_build(copy, tmp_path):
    second = copy / "exercises" / UNIT / f"{SECOND}.py"
    second.write_text(second.read_text() + '\n# %% task="spread"\ndef spread(numbers):\n    ...\n')
    with pytest.raises(build.BuildError, match=r"task 'spread'.*: expected one cell .*, found 2"):
        build.build_unit(manifest.load(copy), UNIT, tmp_path)
    second.unlink()
    with pytest.raises(build.BuildError, match=rf"{SECOND}.py: no such file"):
        build.build_unit(manifest.load(copy), UNIT, tmp_path)


@pytest.mark.slow
def test_a_given_cell_of_the_second_that_raises_stops_the_build(copy, tmp_path):
    second = copy / "exercises" / UNIT / f"{SECOND}.py"
    second.write_text(second.read_text() + "\n# %%\n1 / 0\n")
    with pytest.raises(build.BuildError, match=rf"{SECOND}.py: .*ZeroDivisionError"):
        build.build_unit(manifest.load(copy), UNIT, tmp_path)


@pytest.mark.parametrize("names", ['["two_notebooks"]', '["test_a"]', '["a/b"]', '"two"', "[3]"])
def test_names_of_notebooks_that_cannot_be(copy, names):
    edited(copy, '["two_notebooks_report"]', names)
    with pytest.raises(GraderError, match="more_notebooks"):
        manifest.load(copy)
