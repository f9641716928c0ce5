"""Every kind of task of examples/statistics: built, released, graded, fed back, with the real nbgrader."""

import base64
import json
import re
import shutil

import pytest
from nbgrader.api import Gradebook

from grader import results
from grader.course import build, manifest
from grader.course.assembly import FREE_TEXT
from grader.course.folder import CourseFolder
from grader.nbgrader import apps, class_grading, setup
from grader.results import Outcome
from grader.testing.png import repacked

pytestmark = pytest.mark.slow

UNITS = ("describing", "chance", "study")
HOSTILE = (
    "I would **ask** whom they measured.\n\n"
    "<img src=x onerror=\"document.title='got you'\"><script>alert(1)</script>\n\n"
    "[click](javascript:alert(1)) [page](https://example.org) ![x](https://example.org/x.png) $\\href{javascript:1}{x}$"
)


def with_answer(notebook, name, text):
    """The notebook (JSON text) with another text in the cell `name`."""
    data = json.loads(notebook)
    for cell in data["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == name:
            cell["source"] = text
    return json.dumps(data)


@pytest.fixture(scope="module")
def graded(tmp_path_factory, request):
    """The course folder after a class of four was graded, and the reports by unit and student."""
    folder = tmp_path_factory.mktemp("kinds")
    course = manifest.load(request.config.rootpath / "examples" / "statistics")
    layout = CourseFolder(folder)
    setup.init_course_folder(course, folder)
    for unit in UNITS:
        build.build_unit(course, unit, folder)
        apps.run_nbgrader("generate_assignment", [unit], where=folder, log=folder / "log")
        right = (layout.source(unit) / f"{unit}.ipynb").read_text()
        released = layout.released_notebook(unit).read_text()
        other = right
        if unit == "describing":
            other = with_answer(right, "mean", "def mean(numbers):\n    return max(numbers)")
            bars = "def histogram(n):\n    _, ax = plt.subplots()\n    ax.hist(n)\n    return ax"
            other = with_answer(other, "histogram", bars)
        if unit == "chance":
            right = with_answer(right, "own_coin", "two_heads = my_coin**2")  # the reference's number is not ann's
            other = with_answer(right, "independent", 'independent = "a, b and c"'.replace(" and", ","))
        if unit == "study":
            other = with_answer(
                with_answer(right, "judgement", HOSTILE), "difference", "def difference(a, b): return 0"
            )
        for student, text in {"ann": right, "bea": released, "cid": other}.items():
            layout.submitted(student, unit).mkdir(parents=True)
            (layout.submitted(student, unit) / f"{unit}.ipynb").write_text(text)
    graded = class_grading.grade_units(course, UNITS, folder, workers=1)
    return folder, {unit: {report.student: report for report in reports} for unit, reports in graded.items()}


def points(report):
    return {task.task: task.points for task in report.tasks}


def test_the_right_answers_get_their_points_and_the_stubs_none(graded):
    _, reports = graded
    ann, bea = reports["describing"]["ann"], reports["describing"]["bea"]
    assert points(ann) == {"mean": 2, "running": 3, "histogram": 2, "summary": 2, "weekday": 0, "trimmed": 1}
    assert all(test.outcome is Outcome.PASSED for task in ann.tasks for test in task.tests)
    assert (ann.points, ann.max_points, bea.points, ann.problem) == (10, 9, 0, "")  # a bonus point comes on top
    assert points(reports["chance"]["ann"]) == {"no_six": 2, "own_coin": 1, "fair": 1, "independent": 1}
    assert reports["chance"]["bea"].points == 0


def test_a_choice_of_several_is_all_of_them_and_no_other(graded):
    cid = reports_of(graded, "chance", "cid")
    assert points(cid)["independent"] == 0
    assert "Which cards are left for the second draw?" in cid.tasks[3].tests[0].hint


def reports_of(graded, unit, student):
    return graded[1][unit][student]


def test_a_free_text_is_pending_and_nothing_written_is_nothing(graded):
    assert points(reports_of(graded, "study", "ann")) == {"difference": 1, "judgement": None}
    assert points(reports_of(graded, "study", "bea")) == {"difference": 0, "judgement": 0}


def test_a_unit_is_passed_or_not_or_waits_for_a_teacher(graded):
    ann, bea = (reports_of(graded, "study", student) for student in ("ann", "bea"))
    assert (ann.needed, ann.passed, bea.passed) == (2.0, None, False)
    assert reports_of(graded, "chance", "ann").passed is None  # no such verdict there


def test_the_gradebook_has_a_manual_cell_and_extra_credit(graded):
    folder, _ = graded
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        manual = {
            cell.name
            for cell in gradebook.find_submission("study", "ann").notebooks[0].grades
            if cell.needs_manual_grade
        }
        assert manual == {"judgement"}
        ours = gradebook.find_submission("describing", "ann")
        assert (ours.score, ours.max_score) == (10, 9)
        rows = {row.name: row for row in ours.notebooks[0].grades}
        assert (rows["test_trimmed"].extra_credit, rows["test_weekday"].max_score) == (1, 0)


def test_feedback_shows_the_free_text_without_running_it(graded):
    folder, _ = graded
    layout = CourseFolder(folder)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for row in gradebook.find_submission("study", "cid").notebooks[0].grades:
            if row.name == "judgement":
                row.manual_score, row.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    apps.run_nbgrader("generate_feedback", ["study"], where=folder, log=folder / "log")
    page = layout.feedback_page("cid", "study").read_text()
    assert "<strong>ask</strong> whom they measured" in page
    shown = layout.autograded("cid", "study") / "study.ipynb"  # what formgrader renders
    for text in (page.partition("<body")[2], shown.read_text()):
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert 'href="javascript' not in text
        assert 'href=\\"javascript' not in text
        assert "example.org/x.png" not in text or "&lt;" in text
    assert 'href="https://example.org"' in page
    assert "A teacher set this score by hand: 2.5 of 3 points" in page
    assert "A teacher reads this answer" not in page  # that is done
    assert "What the points are for: 2: says what was measured, and on whom" in page
    assert "This unit is passed: 2 points are needed." in page
    assert results.read(layout.report("study", "cid")).passed is None


def test_feedback_shows_the_figure_that_the_student_drew(graded):
    folder, _ = graded
    apps.run_nbgrader("generate_feedback", ["describing"], where=folder, log=folder / "log")
    for student, count in (("ann", 1), ("bea", 0)):
        page = CourseFolder(folder).feedback_page(student, "describing").read_text()
        pictures = re.findall(r'alt="The figure that your code drew"[^>]*src="data:image/png;base64,([^"]+)"', page)
        assert len(pictures) == count
        assert re.search(rf"Trimmed mean</span> <span class=.score.>{count} / 1 bonus", page)
        assert ("1 point of extra credit is included" in page) == (student == "ann")
    tests = [test for task in reports_of(graded, "describing", "ann").tasks for test in task.tests]
    (drawn,) = [test.picture for test in tests if test.picture]
    assert repacked(base64.b64decode(drawn)) == base64.b64decode(drawn)


def test_feedback_shows_the_public_calls_that_the_course_lists(graded):
    tasks = {task.task: task for task in reports_of(graded, "describing", "cid").tasks}
    assert tasks["mean"].example == "`mean([2.0, 5.5])` gave 5.5; expected 3.75."
    (shown,) = tasks["histogram"].shown
    assert (shown.call, shown.kind) == ("histogram([166, 171, 172, 179])", "figure")
    assert repacked(base64.b64decode(shown.picture)) == base64.b64decode(shown.picture)
    assert not any(task.shown or task.example for task in reports_of(graded, "describing", "ann").tasks)


def test_the_release_is_the_stub(graded):
    folder, _ = graded
    cells = json.loads(CourseFolder(folder).released_notebook("study").read_text())["cells"]
    (answer,) = [cell for cell in cells if cell["metadata"]["nbgrader"]["grade_id"] == "judgement"]
    assert "".join(answer["source"]) == FREE_TEXT
    assert "whom" not in json.dumps(answer)
    assert answer["metadata"]["nbgrader"]["points"] == 3


WRONG = {
    "a rubric that does not add up": ('"1: names', '"2: names', "lines that add up to the task's 3 points"),
    "a rubric without points": ('"1: names', '"names', "lines with their points"),
    "a rubric of what is graded by tests": ("by_hand = true\n", "", "no rubric, since"),
    "less than nothing": ("points = 3", "points = -3", "a positive number, or 0 for practice"),
    "no number": ("points = 3", "points = nan", "a positive number, or 0 for practice"),
    "without end": ("points = 3", "points = inf", "a positive number, or 0 for practice"),
    "a share above one": ("pass_at = 0.5", "pass_at = 50", "at most 1"),
}


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=WRONG)
def test_a_manifest_that_cannot_be_meant_is_refused(root, tmp_path, old, new, says):
    shutil.copytree(root / "examples" / "statistics" / "course", tmp_path / "course")
    toml = tmp_path / "course" / "course.toml"
    assert old in toml.read_text()
    toml.write_text(toml.read_text().replace(old, new))
    with pytest.raises(manifest.ManifestError) as caught:
        manifest.load(tmp_path)
    assert says in str(caught.value)


def test_a_figure_is_not_shown_where_it_could_tell_of_other_tests(root, tmp_path):
    copy = tmp_path / "statistics"
    shutil.copytree(root / "examples" / "statistics", copy)
    toml = copy / "course" / "course.toml"
    toml.write_text(toml.read_text().replace("[[units.tasks]]", "one_process = true\n\n[[units.tasks]]", 1))
    with pytest.raises(build.BuildError, match=r'test_labels shows a figure.* mark it with "alone=True"'):
        build.build_unit(manifest.load(copy), "describing", tmp_path)
    tests = copy / "solutions" / "describing" / "test_describing_hidden.py"
    tests.write_text(tests.read_text().replace('task("histogram"', 'task("histogram", alone=True'))
    assert build.build_unit(manifest.load(copy), "describing", tmp_path).is_dir()


FITS = {
    "a check for a free text": (
        "study.py",
        "# ...\n",
        '# ...\n\n# %% check="judgement"\ncheck("judgement")\n',
        "graded by hand, so",
    ),
    "code for a free text": (
        "study.py",
        '# %% [markdown] task="judgement"\n# ...',
        '# %% task="judgement"\n...',
        "other kind",
    ),
    "words in the stub": ("study.py", "# ...\n", "# Write here.\n", "write `# ...` alone"),
}


@pytest.mark.parametrize(("name", "old", "new", "says"), FITS.values(), ids=FITS)
def test_a_notebook_that_does_not_fit_is_refused(root, tmp_path, name, old, new, says):
    copy = tmp_path / "statistics"
    shutil.copytree(root / "examples" / "statistics", copy)
    path = copy / "exercises" / "study" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(build.BuildError) as caught:
        build.build_unit(manifest.load(copy), "study", tmp_path)
    assert says in str(caught.value)
