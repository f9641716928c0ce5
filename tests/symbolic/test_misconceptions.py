"""Every misconception is named from the answer that it leads to; right answers are never diagnosed."""

import doctest
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from kit.symbolic import parse, to_text

from grader.symbolic import diagnose, in_form, told_apart
from grader.symbolic.derivative import broken, derivative
from grader.symbolic.diagnose import misconception
from grader.symbolic.equivalent import Decision, same
from grader.symbolic.labels import LABELS

ROOT = Path(__file__).resolve().parents[2]


def named(label):
    """The misconceptions found in a label's own example."""
    example = LABELS[label]
    by = example.variables if len(example.variables) > 1 else example.variables[0]
    return diagnose(example.question, example.wrong, by, variables=["x", "y", "t", "a", "b", "s", "p"])


@pytest.mark.parametrize("label", LABELS)
def test_the_example_is_named_and_the_sentence_asks(label):
    found = {slip.label: slip.says for slip in named(label)}
    assert label in found
    assert "?" in found[label]
    assert "{" not in found[label]


@pytest.mark.parametrize("label", LABELS)
def test_a_sentence_never_holds_the_answer(label):
    example = LABELS[label]
    if len(example.variables) == 1:
        right = to_text(
            derivative(parse(example.question, ["x", "y", "t", "a", "b", "s", "p"]).tree, example.variables[0])
        )
        says = next(slip.says for slip in named(label) if slip.label == label)
        assert len(right) < 4 or right not in says


QUESTIONS = [
    "sin(x^2)",
    "x^2*sin(x)",
    "e^(-x^2)",
    "(x^2+1)/(x-3)",
    "ln(1+e^x)",
    "3x^4 - 2x + y",
    "tanh(w*x)^2",
    "2^(3x)",
]
QUESTIONS += ["sigmoid(w*x + 1)", "(sigmoid(x) - y)^2/2", "sqrt(x^2 + y^2)", "x^x", "cos(ln(x))", "e^x/(e^x + e^y)"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_right_answers_are_never_diagnosed(question):
    tree = parse(question, ["x", "y", "w"]).tree
    assert diagnose(question, to_text(derivative(tree, "x")), "x", variables=["y", "w"]) == []


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(QUESTIONS), st.data())
def test_a_generated_mistake_is_diagnosed_with_its_label(question, data):
    tree = parse(question, ["x", "y", "w"]).tree
    slip = data.draw(st.sampled_from(list(broken(tree, "x"))))
    assume(same(slip.tree, derivative(tree, "x")).decision is Decision.REFUTED)
    assert slip.label in [found.label for found in diagnose(question, to_text(slip.tree), "x", variables=["y", "w"])]


def test_an_answer_wrong_in_no_known_way_says_nothing_about_the_cause():
    assert diagnose("sin(x^2)", "17x + sin(x)", "x") == []


def test_authors_see_which_misconceptions_a_question_shows():
    assert ["sign-sin", "negated"] in told_apart("sin(x)", "x")


def test_a_place_that_a_rule_does_not_name_is_called_it():
    assert misconception("coefficient-dropped", {}).says == "Where did the factor it go?"


FORMS = [
    ("x^2 + 2x + 1", "expanded", True),
    ("2(x + 1)", "expanded", False),
    ("(x+1)^2", "factored", True),
    ("x^2 - 1", "factored", False),
    ("2x cos(x) + x^2 sin(x)", "factored", False),
    ("x(2cos(x) + x sin(x))", "factored", True),
    ("1/x + 1/y", "single fraction", False),
    ("(x+y)/(x y)", "single fraction", True),
    ("(x^2-1)/(x-1)", "lowest terms", False),
    ("(x+1)/(x-1)", "lowest terms", True),
    ("s(1-s)", "in terms of s and x only", True),
    ("s(1-y)", "in terms of s and x only", False),
    ("diff(x^2, x)", "no derivative", False),
    ("2x", "no derivative", True),
    ("x^2*(y + 0.5) - x*-y", "no division", True),
    ("x/2", "no division", False),
    ("x^2 + ln(y) - e*x", "no exp", True),
    ("x - ln(exp(-y^2)/2)", "no exp", False),
    ("x - ln(e^(-y^2))", "no exp", False),
    ("x*y^-1", "no division", False),
    ("x*y^(1 - 2)", "no division", False),
    ("x*y⁻¹", "no division", False),
    ("x*y*(y^4)^(-1/2)", "no division", False),
    ("x*exp(-ln(y))", "no division", False),
    ("x*e^(-ln(y))", "no division", False),
    ("cos(x^2)*x*2", "like 2x cos(x^2)", True),
    ("cos(x*x)*x*2", "like 2x cos(x^2)", False),
    ("y*(y - 5 + 6/y)", "factored", False),
    ("y^2*(1 - 5/y + 6*y^-2)", "factored", False),
    ("(x + 1)*(x + 2/(x + 1))", "factored", False),
    ("e^x*(1/x + ln(x))", "factored", True),
    ("(y - 2)(y - 3)", "factored", True),
    ("-1/-7", "lowest terms", False),
    ("1/(-7)", "lowest terms", False),
    ("x/(2*(-y))", "lowest terms", False),
    ("(-x - 1)/(-x - 2)", "lowest terms", False),
    ("-1/7", "lowest terms", True),
    ("1/(1 - x)", "lowest terms", True),
    ("0.5x/3", "lowest terms", False),
    ("6/4", "lowest terms", False),
    ("-y*-s", "like y*s", False),
    ("x - -y", "like x + y", False),
    ("1*x", "like x", False),
    ("x*(-y)", "like -x*y", True),
    ("y + x - s", "like x - s + y", True),
    ("1/(1+x^2)*2*x", "like 2x/(1+x^2)", True),
]


@pytest.mark.parametrize(("text", "form", "holds"), FORMS)
def test_forms_are_decided_on_what_was_typed(text, form, holds):
    shape = in_form(parse(text, ["x", "y", "s"]), form)
    assert bool(shape) is holds
    assert bool(shape.says) is not holds


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("y^2 - 1", "For which values is y^2 - 1 zero"),
        ("x^2 + x", "share?"),
        ("4x + 2", "share?"),
        ("x^2 + 2x + 1", "zero"),
    ],
)
def test_the_advice_to_factor_suits_the_sum(text, asks):
    assert asks in in_form(text, "factored", ("x", "y")).says


NAMED = [
    ("5/x", "5/x^2", "x", "reciprocal-sign"),
    ("3/(x^2+1)", "6x/(x^2+1)^2", "x", "reciprocal-sign"),
    ("5/x^2", "10/x^3", "x", "reciprocal-sign"),
    ("e^(-(x-y)^2/(2s^2))", "(x-y)/s^2*e^(-(x-y)^2/(2s^2))", "x", "lost-minus-term"),
    ("sqrt((x-y)^2 + 1)", "2(y-x)/(2sqrt((x-y)^2 + 1))", "x", "negated"),
    ("(x-y)^2", "2(y-x)", "x", "mse-sign"),
    ("1/(1+e^(-4x))", "sigmoid(4x)*(1-sigmoid(4x))", "x", "chain-no-inner"),
    ("1/(e^(-4x)+1)", "1/(1+e^(-4x))*(1-1/(1+e^(-4x)))", "x", "chain-no-inner"),
    ("e^(3x)/(1+e^(3x))", "sigmoid(3x)*(1-sigmoid(3x))", "x", "chain-no-inner"),
    ("(1+e^(-2x))^-1", "sigmoid(2x)*(1-sigmoid(2x))", "x", "chain-no-inner"),
    ("1/(1+e^(-x))", "1 - 1/(1+e^(-x))", "x", "sigmoid-one-minus-s"),
    ("(e^x-e^(-x))/(e^x+e^(-x))", "1 + tanh(x)^2", "x", "quotient-plus"),
    ("sin(x*y)", "[cos(x*y), x*cos(x*y)]", ("x", "y"), "chain-no-inner"),
    ("x^2*y + e^(x*y)", "[2x*y + y*e^(x*y), x^2 + e^(x*y)]", ("x", "y"), "chain-no-inner"),
    ("x^3*y", "[3x^3*y, x^3]", ("x", "y"), "power-exponent-kept"),
    ("[x^2*y, sin(x*y)]", "[[2x*y, x^2], [cos(x*y), x*cos(x*y)]]", ("x", "y"), "chain-no-inner"),
    ("[x^2, cos(x)]", "[2x, sin(x)]", "x", "sign-cos"),
]


@pytest.mark.parametrize(("question", "wrong", "by", "label"), NAMED)
def test_the_first_that_is_named_is_what_happened(question, wrong, by, label):
    assert [cause.label for cause in diagnose(question, wrong, by, variables=["x", "y", "s"])][:1] == [label]


def test_a_wrong_entry_is_pointed_at():
    (cause, *_) = diagnose("sin(x*y)", "[cos(x*y), x*cos(x*y)]", ("x", "y"))
    assert cause.says.startswith("Entry 1: It looks as if")


def test_a_vector_with_one_entry_wrong_in_no_known_way_says_nothing():
    assert diagnose("x^2*y", "[x*y, x^2 + 17*sin(x)]", ("x", "y")) == []


def test_an_unknown_form_is_the_author_s_mistake():
    with pytest.raises(ValueError, match="expected one of expanded"):
        in_form("x", "pretty", ("x",))


def test_the_documentation_and_the_docstrings_are_true():
    for name in ("kit", "grader"):
        for module in [module for key, module in sys.modules.items() if key.startswith(f"{name}.symbolic")]:
            assert doctest.testmod(module).failed == 0
    result = doctest.testfile(str(ROOT / "docs" / "symbolic.md"), module_relative=False)
    assert result.failed == 0
    assert result.attempted >= len(LABELS)
