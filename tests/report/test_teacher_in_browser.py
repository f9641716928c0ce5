"""A teacher's way in formgrader, in Chromium: both paths of grading, hand grading with a rubric, our feedback."""

import json
import re

import pytest

from grader.course import build, manifest, notebooks
from grader.course.folder import CourseFolder
from grader.nbgrader import apps, class_grading, setup
from tests.report.jupyter_lab import Lab, picture, watched
from tests.report.test_browser import browser, needs_chromium  # noqa: F401 - `browser` is a fixture

pytestmark = [pytest.mark.slow, needs_chromium]
UNIT, BY_HAND = "study", "judgement"
PATIENCE = 90_000
NO_FORMULAS = "const deep = new Proxy(() => deep, { get: () => deep }); window.MathJax = deep"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, request):
    """examples/statistics: ann is graded by `grader grade`, bea has handed in and is not graded."""
    folder = tmp_path_factory.mktemp("course")
    course = manifest.load(request.config.rootpath / "examples" / "statistics")
    layout = CourseFolder(folder)
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder, rehearsed=True)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    right = json.loads((layout.source(UNIT) / f"{UNIT}.ipynb").read_text())
    for cell in right["cells"]:
        cell["source"] = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", notebooks.source_of(cell))
        if notebooks.grade_id(cell) == BY_HAND:
            cell["source"] = "Because **nobody** who stayed away was asked."
    for student in ("ann", "bea"):
        layout.submitted(student, UNIT).mkdir(parents=True)
        (layout.submitted(student, UNIT) / f"{UNIT}.ipynb").write_text(json.dumps(right))
        if student == "ann":
            class_grading.grade_unit(course, UNIT, folder, workers=1)
    return folder


def points(folder, student):
    """The points that the gradebook has for a student."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        return gradebook.find_submission(UNIT, student).score


class Formgrader:
    """What a teacher does in formgrader."""

    def __init__(self, lab, page):
        self.lab, self.page = lab, page
        # Formgrader's page of a submission loads MathJax from elsewhere; the formulas are not what this test is about.
        page.route("**/mathjax/**", lambda route: route.fulfill(body=NO_FORMULAS, content_type="text/javascript"))
        page.goto(lab.page("login"))  # from here on a cookie says who it is

    def submissions(self):
        """Open the list of who has handed in."""
        self.page.goto(self.lab.page(f"formgrader/manage_submissions/{UNIT}"))
        self.row("ann").wait_for()

    def row(self, student):
        return self.page.locator("#main-table tr", has_text=student)

    def press(self, column, student):
        """Press the icon in a column of a student's row, and wait until formgrader says that it worked."""
        self.row(student).locator(f".{column} a").click()
        modal = self.page.locator("#success-modal, #error-modal")
        modal.wait_for()
        said = modal.inner_text()
        assert "Successfully" in said, said
        modal.locator("button.close, .btn").first.click()
        modal.wait_for(state="detached")

    def look_at(self, number):
        """Open a submitted notebook, and wait for its grades: formgrader saves nothing before it has them."""
        self.page.goto(self.lab.page(f"formgrader/submissions/{number}"))
        self.page.locator(f"input.score#{BY_HAND}").wait_for()
        self.page.wait_for_function("formgrader.grades?.loaded && formgrader.comments?.loaded")

    def give(self, selector, text):
        """Type into a field, leave it, and wait until formgrader has saved it."""
        with self.page.expect_response(
            lambda answer: "/formgrader/api/" in answer.url and answer.request.method == "PUT"
        ):
            self.page.locator(selector).fill(text)
            self.page.keyboard.press("Tab")


def numbers(folder):
    """The number of each student's notebook in the gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook:
        return {
            submission.student.id: submission.notebooks[0].id for submission in gradebook.assignment_submissions(UNIT)
        }


def test_a_teacher_grades_by_hand_and_releases_our_feedback(folder, browser):  # noqa: F811
    with Lab(folder) as lab:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE)
        said = watched(page)
        formgrader = Formgrader(lab, page)
        formgrader.submissions()
        formgrader.press("autograde", "bea")
        assert points(folder, "bea") == points(folder, "ann") == 1.0  # both paths, the same engine
        number = numbers(folder)
        formgrader.look_at(number["ann"])
        picture(page, "formgrader", 1000)
        text = page.locator("body").inner_text()
        assert "2: says what was measured, and on whom" in text
        assert page.locator("strong", has_text="nobody").count() == 1
        formgrader.give(f"input.score#{BY_HAND}", "2.5")
        formgrader.give(f"#{BY_HAND}-comment", "Whom would you <b>ask</b>?")
        formgrader.look_at(number["bea"])
        formgrader.give("input.score#test_difference", "0.25")
        assert (points(folder, "ann"), points(folder, "bea")) == (3.5, 0.25)
        formgrader.submissions()
        for student in ("ann", "bea"):
            formgrader.press("generate-feedback", student)
        assert said == []
        for student, expected in (("ann", "3.5"), ("bea", "0.25")):
            page.goto((folder / "feedback" / student / UNIT / f"{UNIT}.html").as_uri())
            text = page.locator("body").inner_text()
            assert expected in text.partition("What to")[0]
            assert ("Whom would you <b>ask</b>?" in text) is (student == "ann")
        assert said == []
        page.close()
