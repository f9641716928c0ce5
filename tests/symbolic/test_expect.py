"""What a symbolic task says to the student, in one line of a hidden test."""

from types import SimpleNamespace

import pytest

from grader.testing import expect
from grader.testing.expect import Recognised


def answering(text):
    return SimpleNamespace(value=lambda name: text)


def says(text, expected="2x*cos(x^2)", **more):
    with pytest.raises(expect.Hint) as hint:
        expect.symbolic(answering(text), "slope", expected, ["x"], **more)
    return str(hint.value)


def test_a_right_answer_passes():
    expect.symbolic(answering("cos(x*x)*(x + x)"), "slope", "2x*cos(x^2)", ["x"])


@pytest.mark.parametrize("nothing", [None, ..., "", "  ", SimpleNamespace(type_name="ellipsis")])
def test_nothing_is_answered_yet(nothing):
    assert says(nothing) == "slope: nothing is answered yet."


def test_an_answer_is_a_text():
    assert "text between quotes" in says(3)


def test_what_cannot_be_read_shows_the_caret():
    assert says("cosx").endswith("^")


def test_a_wrong_answer_is_told_apart_without_revealing_the_right_one():
    told = says("cos(x^2)", question="sin(x^2)", variable="x")
    assert "what is the derivative of x^2 ?" in told
    plain = says("17x")
    assert plain == "slope: your answer reads as 17*x, which is not equal to what was asked for."


def test_the_author_s_own_known_mistakes_come_first():
    assert says("cos(x^2)", wrong={"cos(x^2)": "And inside?"}, question="sin(x^2)") == "And inside?"


def test_value_first_form_second():
    assert "not equal" in says("x", form="expanded")
    assert "the value is right" in says("2(x+1)", expected="2x + 2", form="expanded")


@pytest.mark.parametrize("form", [None, "expanded"])
def test_a_derivative_that_is_left_to_us_is_no_answer(form):
    says = r"^slope: the value is right\. A derivative is still to be worked out: what is diff\(x\^2, x\) \?"
    with pytest.raises(Recognised, match=says):
        expect.symbolic(answering("diff(x^2, x)"), "slope", "2x", ["x"], form=form)
    expect.symbolic(answering("2x f'(x^2)"), "slope", "diff(f(x^2), x)", ["x"], functions=["f"])


@pytest.mark.parametrize("text", ["1/0", "sqrt(-1)", "x/0", "ln(-x^2)", "1/(x - x)"])
def test_an_answer_without_a_value_is_wrong_with_that_sentence(text):
    assert "which has no value. Is something divided by 0" in says(text, question="sin(x^2)", variable="x")


def test_what_nobody_can_decide_goes_to_a_person():
    with pytest.raises(expect.Undecided):
        expect.symbolic(answering("ln(-x^2)"), "slope", "ln(-x^2) + 1", ["x"])


RECOGNISED = {
    "an answer that the test's author knows": ("cos(x^2)", "2x*cos(x^2)", {"wrong": {"cos(x*x)": "And inside?"}}),
    "a broken rule": ("cos(x^2)", "2x*cos(x^2)", {"question": "sin(x^2)", "variable": "x"}),
    "the right value in another form": ("2(x+1)", "2x + 2", {"form": "expanded"}),
}


@pytest.mark.parametrize(("text", "expected", "more"), RECOGNISED.values(), ids=RECOGNISED)
def test_a_known_wrong_answer_is_recognised_however_it_is_written(text, expected, more):
    hints = set()
    for spelt in (text, f"0 + {text}"):
        with pytest.raises(expect.Recognised) as hint:
            expect.symbolic(answering(spelt), "slope", expected, ["x"], **more)
        hints.add(str(hint.value))
    assert len(hints) == 1


def test_an_answer_that_nobody_knows_is_not_recognised():
    with pytest.raises(expect.Hint) as hint:
        expect.symbolic(answering("17x"), "slope", "2x*cos(x^2)", ["x"])
    assert not isinstance(hint.value, expect.Recognised)
