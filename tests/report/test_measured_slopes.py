"""The slopes that are measured on a question's own function, and drawn beside the formula that a student typed."""

import itertools
import json
import re
from xml.etree import ElementTree

import msgspec
import pytest
from kit.measured import slope_of, value_of
from kit.symbolic import parse
from kit.variants import variant
from markupsafe import Markup

from grader import results
from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.course.notebooks import choices
from grader.course.stubs import Asked
from grader.environment import environment
from grader.errors import GraderError
from grader.nbgrader import feedback_facts
from grader.report import plot
from grader.report.feedback_page import Feedback, feedback_page
from grader.report.lessons import Lesson
from grader.report.measured_slopes import PLACES, Slopes, slopes_for
from grader.report.typed_formulas import Typed
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from grader.testing import expect
from grader.testing.authoring import load_module

SQUARE = Slopes("x", -3.0, 3.0, {}, tuple((x / 4, x / 2) for x in range(-12, 13)))


@pytest.fixture
def course(root):
    return manifest.load(root)


@pytest.fixture
def small_unit(course, tmp_path):
    """A unit with nothing but public checks."""

    def made(slopes):
        unit = msgspec.structs.replace(course.units[0], id="plain", root=tmp_path, more_notebooks=())
        unit.exercises_dir.mkdir(parents=True)
        unit.stub.write_text("# %%\n", encoding="utf-8")
        unit.public_checks.write_text(f"import math\nfrom kit.measured import slope_of\n{slopes}\n", encoding="utf-8")
        return unit

    return made


def test_a_unit_without_declarations_has_nothing_measured(course, small_unit):
    assert slopes_for(course, small_unit(""), "anna") == {}


def test_what_is_measured_is_the_reference_s_typed_answer_at_every_place(course):
    seen = 0
    for unit in course.units:
        slopes = slopes_for(course, unit, "reference")
        with environment({"JUPYTERHUB_USER": "reference"}):
            reference = load_module(unit.reference)
        for name, measured in slopes.items():
            answer = parse(reference[name], measured.letters)
            assert len(measured.places) == PLACES, name
            for x, y in measured.places:
                given = answer.at(**measured.fixed, **{measured.along: x})
                assert given == pytest.approx(y, rel=1e-5, abs=1e-5), f"{name} at {measured.along} = {x}"
        seen += len(slopes)
    assert seen >= 50


@pytest.mark.parametrize("student", ["anna", "bo", "chris"])
def test_the_numbers_are_those_of_the_student(course, root, student):
    unit = course.unit("u2_derivative_rules")
    lists = choices(str(unit.reference))["POLYNOMIALS"]
    c = variant("poly_derivative", lists, student=student, edition=course.edition)["c"]
    for x, y in slopes_for(course, unit, student)["my_derivative"].places:
        assert y == pytest.approx(sum(k * a * x ** (k - 1) for k, a in enumerate(c) if k), abs=1e-6)


def test_functions_of_the_notebook_are_made_with_all_that_they_use(course):
    unit = course.unit("u3_chain_rule")
    mine = variant("grad_forward", choices(str(unit.reference))["SURFACES"], student="anna", edition=course.edition)
    slopes = slopes_for(course, unit, "anna")["slope_in_x"]
    assert slopes.fixed == {"y": 2.0}
    assert all(y == pytest.approx(4 * mine["a"] * x, abs=1e-5) for x, y in slopes.places)


def test_a_place_without_a_value_is_left_out(course, small_unit):
    unit = small_unit('SLOPES = {"d": slope_of(lambda x: math.sqrt(x), x=(-1, 1))}')
    places = slopes_for(course, unit, "anna")["d"].places
    assert len(places) == PLACES // 2
    assert all(x > 0 for x, _ in places)


def test_a_declaration_that_cannot_be_used_is_told_to_the_author(course, small_unit):
    unit = small_unit('SLOPES = {"d": slope_of(lambda x: unknown(x), x=(-1, 1))}')
    with pytest.raises(GraderError, match=r"test_plain\.py"):
        slopes_for(course, unit, "anna")


@pytest.mark.parametrize("at", [{}, {"x": 1.0}, {"x": (0, 1), "y": (0, 1)}])
def test_one_letter_has_a_range(at):
    with pytest.raises(ValueError, match="one letter with a range"):
        value_of(lambda x, y: x, **at)


def test_a_letter_may_be_nudged_while_the_picture_runs_along_another():
    measured = slope_of(lambda w, x: w * x, by="w", x=(-3, 3), w=5)
    assert measured.along == "x"
    assert measured.of(None)(w=5, x=2.0) == pytest.approx(2)


# ----------------------------------------------------------------------------------------------------------- pictures


def marks_of(svg):
    found = next(part for part in ElementTree.fromstring(svg).iter("path") if part.get("class") == "measured")
    return [tuple(map(float, pair)) for pair in re.findall(r"M([\d.]+) ([\d.]+)l", found.get("d"))]


def curve_of(svg):
    found = next(part for part in ElementTree.fromstring(svg).iter("path") if part.get("class") == "curve")
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.]+) ([\d.]+)", found.get("d"))]


def apart(svg):
    """How far each mark lies from the nearest point of the curve, in pixels."""
    curve = curve_of(svg)
    return [min(abs(x - a) + abs(y + 4 - b) for a, b in curve) for x, y in marks_of(svg)]


def drawn(text, slopes=SQUARE, **hint):
    return plot.beside_measured(Typed("d", parse(text, slopes.letters), **hint), slopes)


def test_the_marks_lie_on_the_curve_of_a_right_formula_and_off_that_of_a_wrong_one():
    right, wrong = drawn("2x"), drawn("x^2")
    assert len(marks_of(right.svg)) == len(marks_of(wrong.svg)) == len(SQUARE.places)
    assert max(apart(right.svg)) < 3
    assert max(apart(wrong.svg)) > 20


def test_a_curve_that_is_far_off_leaves_the_marks_readable():
    picture = drawn("10^6*x")
    heights = [y for _, y in marks_of(picture.svg)]
    assert picture.cut
    assert max(heights) - min(heights) > 30
    assert not drawn("2x").cut


def test_a_constant_far_away_is_drawn_all_the_same():
    assert len(curve_of(drawn("5000").svg)) > 10


@pytest.mark.parametrize("text", ["sqrt(-1 - x^2)", "ln(-7 - x^2)"])
def test_nothing_is_drawn_for_a_formula_without_values(text):
    assert drawn(text) == plot.DrawnFormula()


def test_the_other_letters_are_held():
    slopes = Slopes("x", -3.0, 3.0, {"y": 2.0}, tuple((float(x), 4.0 * x) for x in range(-3, 4)))
    assert max(apart(drawn("2*x*y", slopes).svg)) < 3
    assert max(apart(drawn("2*x*y^2", slopes).svg)) > 10


def test_the_point_of_the_hint_is_marked_only_where_it_lies_in_the_picture():
    inside = drawn("x^2", at={"x": 0.5}, given=0.25, wanted=1.0, is_slope=True)
    outside = drawn("x^2", at={"x": 5.0}, given=25.0, wanted=10.0, is_slope=True)
    assert (inside.dotted, outside.dotted) == (True, False)
    assert 'class="wanted"' in inside.svg
    assert 'class="wanted"' not in outside.svg


# --------------------------------------------------------------------------------------------------------------- pages


class Typist:
    """A student who has typed one answer."""

    def __init__(self, text):
        self.text = text

    def value(self, name):
        return self.text


def page_of(course, typed, right, name="d_square", question="x^2"):
    """The page about one typed answer of unit 2."""
    hint = ""
    try:
        expect.symbolic(Typist(typed), name, right, ["x"], question=question, form="no derivative")
    except expect.Hint as error:
        hint = str(error)
    unit = course.unit("u2_derivative_rules")
    outcome = Outcome.WRONG if hint else Outcome.PASSED
    task = TaskResult("a", "A", 0.0 if hint else 1.0, 1.0, (TestResult("t", "a", 1.0, outcome, hint=hint),))
    lesson = Lesson(Markup("A"), Markup(""), Markup(""), "", Asked((), (name,)))
    return feedback_page(
        Feedback(
            report=Report("anna", unit.id, (task,), Level.L3),
            course="C",
            unit="U",
            code={"a": f'{name} = "{typed}"'},
            lessons={"a": lesson},
            slopes=slopes_for(course, unit, "anna"),
        )
    )


@pytest.mark.parametrize("typed", ["2x", "x^2", "7x + 1"])
def test_the_page_draws_what_was_measured_beside_a_right_and_a_wrong_formula(course, typed):
    page = page_of(course, typed, "2x")
    svg = re.search("<svg.*?</svg>", page, re.DOTALL)[0]
    assert len(marks_of(svg)) == PLACES
    assert "Measured on the function of the question" in page


def test_the_right_formula_is_nowhere_on_the_page_of_a_wrong_one(course):
    page = re.sub(r"<svg.*?</svg>", "", page_of(course, "3x", "4x^3 - 2x", question="x^4 - x^2"), flags=re.DOTALL)
    told = re.sub(r"<[^>]+>|\s|&#\d+;", "", page)
    assert not any(text in told for text in ("4x^3", "4*x^3", "x^4", "4x3−2x"))


def test_a_formula_that_is_no_slope_gets_no_marks(course):
    for typed, right in itertools.product(["1 - s", "(1 - s)/s"], ["(1 - s)/s"]):
        page = page_of(course, typed.replace("s", "x"), right.replace("s", "x"), name="exp_in_s", question=None)
        assert 'class="measured"' not in page
        assert "Measured on" not in page
        assert ("<svg" in page) == (typed != right)  # a wrong one: with the right value at one point, as before


def test_the_page_of_a_graded_submission_draws_what_was_measured_with_its_student_s_numbers(course, root, tmp_path):
    folder, student = CourseFolder(tmp_path), "anna"
    unit = course.unit("u2_derivative_rules")
    task = TaskResult("poly_derivative", "A", 1.0, 1.0, (TestResult("t", "poly_derivative", 1.0, Outcome.PASSED),))
    path = folder.report(unit.id, student)
    path.parent.mkdir(parents=True)
    results.write(Report(student, unit.id, (task,), Level.L3), path)
    typed = "my_derivative = (\n    {}\n)"
    for notebook, answer in (
        (folder.released_notebook(unit.id), "..."),
        (folder.autograded(student, unit.id) / unit.notebook_name, '"3x^2"'),
    ):
        notebook.parent.mkdir(parents=True)
        about = {"nbgrader": {"grade_id": "poly_derivative", "solution": True, "grade": False, "schema_version": 3}}
        cell = {"cell_type": "code", "metadata": about, "source": typed.format(answer), "outputs": [], "id": "a"}
        notebook.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    page = feedback_facts.page_of(tmp_path, unit.id, student, root=root)
    (svg,) = re.findall("<svg.*?</svg>", page, re.DOTALL)
    alone = drawn("3x^2", slopes_for(course, unit, student)["my_derivative"]).svg
    assert marks_of(svg) == marks_of(alone)
