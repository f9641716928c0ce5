"""What a symbolic task says to the student, in one line of a hidden test."""

import re
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
    assert plain == (
        "slope: you typed 17*x. At x = 3 it gives 51; the right answer gives -5.467. "
        "Put these numbers into your own calculation: where does it differ?"
    )


ONE_CHANGE = {
    ("3a^2 + 3aw + w^2 - 5", "3a^2 + 3aw + w^2 + 5"): "One sign",
    ("a/b + c", "a/b - c"): "One sign",
    ("a*w + b*c", "-(a*w + b*c)"): "whole answer",
    ("a*w + b*c", "2aw + 2bc"): "factor of 2",
    ("a^2 + b*c - 1", "a^2 + b*c"): "One term is missing",
    ("a^2 + b*c", "a^2 + b*c + a"): "One term is too many",
    ("a*b*c + w", "a*c + w"): "One factor is missing",
    ("1/a - (b - c)^2/a^3", "1 - (b - c)^2/a^3"): "not divided",
    ("1/a - (b - c)^2/a^3", "1/a - (b - c)/a^3"): "One exponent",
    ("1/a - (b - c)^2/a^3", "1/a - (b - c)^2/a^2"): "One exponent",
    ("3a + 2b", "3a + 4b"): "One number",
    ("a*b + c*w", "a*b + c*c"): "One letter",
    ("a*b^2 + c", "a^2*b + c"): "Two letters",
    ("a*b + a/c", "a*b + c/a"): "upside down",
    ("2(a - b)/(c*w)", "2(a - b)/c*w"): "brackets",
    ("b*ln(a + c)", "b*(a + c)"): "A function",
}


@pytest.mark.parametrize(("right", "typed"), ONE_CHANGE)
def test_a_formula_that_is_right_but_for_one_change_hears_which_kind(right, typed):
    letters = ["a", "b", "c", "w"]
    with pytest.raises(expect.Hint, match=ONE_CHANGE[right, typed]):
        expect.symbolic(answering(typed), "formula", right, letters)


@pytest.mark.parametrize(("right", "typed"), [("1/4", "1/2"), ("a*b + c", "w^3 - 7"), ("2*a", "b*c*w")])
def test_a_formula_that_is_further_away_hears_no_kind(right, typed):
    with pytest.raises(expect.Hint, match=r"does it differ|not equal"):
        expect.symbolic(answering(typed), "formula", right, ["a", "b", "c", "w"])


def test_the_author_s_own_known_mistakes_come_first():
    assert says("cos(x^2)", wrong={"cos(x^2)": "And inside?"}, question="sin(x^2)").endswith(". And inside?")


def test_value_first_form_second():
    assert "where does it differ?" in says("x", form="expanded")
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
        hints.add(hint.value.says)
    assert len(hints) == 1


def test_an_answer_that_nobody_knows_is_not_recognised():
    with pytest.raises(expect.Hint) as hint:
        expect.symbolic(answering("17x"), "slope", "2x*cos(x^2)", ["x"])
    assert not isinstance(hint.value, expect.Recognised)


def test_a_wrong_slope_is_shown_beside_the_right_one_at_one_point_with_a_question():
    told = says("1/x^2", expected="-1/x^2", question="1/x", variable="x")
    shown = "slope: you typed 1/x^2. At x = 3 it gives 0.1111; the slope there is -0.1111."
    assert told == f"{shown} When x grows, which way does one over it go?"


@pytest.mark.parametrize("expected", ["3", "x", "-x", "2", "e"])
def test_one_value_must_not_give_the_answer_away(expected):
    assert "it gives" not in says("x^2 + 1", expected=expected)


def test_the_point_lies_in_the_domain_and_is_the_same_each_time():
    told = {says("ln(x)", expected="x*ln(x) + 1", domain={"x": (0.2, 0.9)}) for _ in range(3)}
    (at,) = {re.search(r"At x = ([0-9.]+) it", line)[1] for line in told}
    assert 0.2 < float(at) < 0.9


ROUNDED = [
    ("0.333x", "x/3"),
    ("2.718^x", "e^x"),
    ("3.14x^2", "pi*x^2"),
    ("0.6931*2^x", "ln(2)*2^x"),
    ("0.67/x", "2/(3x)"),
]


@pytest.mark.parametrize(("text", "expected"), ROUNDED)
def test_a_rounded_number_is_called_rounded(text, expected):
    assert "Decimals are taken exactly" in says(text, expected=expected)


@pytest.mark.parametrize(("text", "expected"), [("0.3x", "x/3"), ("0.5x", "x"), ("x/3 + 1", "x/3"), ("0.333x", "x")])
def test_another_number_is_not(text, expected):
    assert "Decimals" not in says(text, expected=expected)


SENTENCES = [("slope: the sign", "The sign"), ("slope: x stands still", "x stands"), ("slope: exp is taken", "exp is")]


@pytest.mark.parametrize(("ask", "begins"), SENTENCES)
def test_a_sentence_after_the_value_begins_with_a_capital_and_a_name_does_not(ask, begins):
    assert re.search(rf"the right answer gives [\d.]+\. {begins}", says("2*x", expected="3*x", wrong={"2*x": ask}))
