"""No answer is proved equal because what it lacks is hidden behind numbers too large or too small to be seen."""

from fractions import Fraction

import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.symbolic import (
    Add,
    AnswerError,
    Div,
    FunctionCall,
    Mul,
    Neg,
    Num,
    Pow,
    Sub,
    Tree,
    Var,
    children,
    parse,
    with_children,
)

from grader.symbolic import Decision, equivalent
from grader.symbolic.derivative import derivative
from grader.symbolic.equivalent import AtPoint, _seed, _told, same, sample_points

X = Var("x")
REFUSED = {
    "a huge number, there and back": "(x + 10^9999) - 10^9999",
    "a smaller one": "(x + 10^400) - 10^400",
    "a difference quotient": "((x + 10^-9999)^2 - x^2)/10^-9999",
    "a tiny rest": "x + 10^-400*x^3",
    "an exponential": "x + e^(-100000)",
    "one within a function": "x*tanh(e^400)",
    "in small steps": "(x + 10^50*10^50) - 10^50*10^50",
    "as a root": "x + sqrt(10^-300)",
    "as a decimal": f"x + 0.{'0' * 60}1*x^3",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_numbers_that_no_learner_types_are_refused_in_one_sentence(text):
    with pytest.raises(AnswerError, match=r"larger or smaller than any|more than 40 digits"):
        parse(text, ["x"])


BUILT = {  # each numeral is ordinary; only together do they vanish
    "step by step": "x + (10^-50*y)*(10^-50/y)*(10^-50*y)*(10^-50/y)*(10^-50*y)*(10^-50/y)*(10^-50*y)*(10^-50/y)*x^3",
    "there and back": "(x^3 + ((10^50*y)*(10^50/y))^9) - ((10^50*y)*(10^50/y))^9",
    "an exponential of a variable": "(x^3 + e^(900 + y^2)) - e^(900 + y^2)",
    "a saturated function": "x + (1 - tanh(900 + y^2))*x^3",
    "one over nothing much": "((x + e^(-2000 - y^2))^2 - x^2)/e^(-2000 - y^2)",
    "on all whole points": "x + sin(1495950000*pi*x)",
    "on all points of one denominator": f"x + sin({10**39}*pi*x)",
}


@pytest.mark.parametrize("text", BUILT.values(), ids=BUILT)
@pytest.mark.parametrize("right", ["x", "2x", "x^2", "cos(x)"])
def test_what_vanishes_only_together_is_not_proved_equal(text, right):
    assert equivalent(text, right, ["x", "y"]).decision is not Decision.PROVED


NO_NUMBER = {  # of none of them anything is known, at any point
    "one over what is 0": "1/(sin(x)^2 + cos(x)^2 - 1)",
    "0 over what is 0": "x + 0/(e^x*e^(-x) - 1)",
    "the sign of what is 0": "y*sign(e^x*e^(-x) - 1)",
    "a pole": "2x + tan(pi/2 + sin(x)^2 + cos(x)^2 - 1)^(-1)/(e^x*e^(-x) - 1)",
    "numbers that cancel": "(x^3 + ((10^50*y)*(10^50/y))^30) - ((10^50*y)*(10^50/y))^30",
    "a tower": "e^(e^(e^(e^(x^2 + 9))))",
}


@pytest.mark.parametrize("text", NO_NUMBER.values(), ids=NO_NUMBER)
@pytest.mark.parametrize("right", ["2x", "cos(x)", "e^x + y"])
def test_an_answer_of_which_nothing_can_be_computed_is_wrong_and_not_left_to_a_person(text, right):
    assert equivalent(text, right, ["x", "y"]).decision is Decision.REFUTED


@pytest.mark.parametrize("text", ["1/(ln(2) + ln(3) - ln(6))", "sign(ln(6) - ln(2) - ln(3))"])
def test_nor_is_a_number_of_which_nothing_can_be_computed(text):
    assert equivalent(text, "2").decision is Decision.REFUTED
    assert equivalent("2 + ln(6) - ln(2) - ln(3)", "2").decision is Decision.PROVED


@pytest.mark.parametrize("text", ["ln(e^x*e^(-x))", "sqrt(sin(x)^2 + cos(x)^2 - 1)"])
def test_what_may_be_0_where_0_is_right_is_left_to_a_person(text):
    assert equivalent(text, "0", ["x"]).decision is Decision.UNDECIDED


def test_honest_sums_of_large_and_small_terms_are_still_equal():
    for one, other in [
        ("ln(1 + e^x)", "x + ln(1 + e^(-x))"),
        ("e^(20x) + 1", "1 + (e^x)^20"),
        ("x^40 + x", "x*(x^39 + 1)"),
        ("cosh(x) - sinh(x)", "e^(-x)"),
        ("x + (sin(x)^2 + cos(x)^2 - 1)", "x"),
        ("x + (y - y)", "x"),
    ]:
        assert equivalent(one, other, ["x", "y"]).decision is Decision.PROVED, (one, other)


QUESTIONS = ["x^2", "sin(x)", "x^3 - 2x", "e^(-x^2)", "1/x", "ln(x^2 + 1)", "x*tanh(x)", "sqrt(x^2 + 4)"]
WRONG = ["x", "0", "17", "x^2", "cos(x)", "e^x", "2x + 1", "-1/x", "tanh(x)"]


def whole(n):
    """A whole number as a tree."""
    return Num(Fraction(n)) if n >= 0 else Neg(Num(Fraction(-n)))


def ten_to(n):
    """10^n: the reader's limits do not hold here."""
    return Pow(whole(10), whole(n))


MAGNITUDES = st.integers(-12_000, 12_000)
SIZES = st.integers(1, 3000)
HUGE = st.one_of(
    MAGNITUDES.map(ten_to),
    MAGNITUDES.map(lambda n: FunctionCall("exp", (whole(n),))),
    SIZES.map(lambda n: Mul(ten_to(n), Add(Pow(X, whole(2)), whole(1)))),
    SIZES.map(lambda n: Sub(whole(1), FunctionCall("tanh", (Add(whole(n), Pow(X, whole(2))),)))),
    st.integers(1, 600).map(lambda n: Pow(FunctionCall("cosh", (X,)), whole(n))),
)


@st.composite
def hidden(draw, tree):
    """`tree` behind noise that is nothing in the end, or too small to matter; one layer or several."""
    for _ in range(draw(st.integers(1, 3))):
        noise = draw(HUGE)
        tree = draw(
            st.sampled_from(
                [
                    Sub(Add(tree, noise), noise),
                    Add(Sub(tree, noise), noise),
                    Sub(noise, Sub(noise, tree)),
                    Div(Sub(Add(Mul(tree, noise), noise), noise), noise),
                    FunctionCall("ln", (FunctionCall("exp", (Sub(Add(tree, noise), noise),)),)),
                    Mul(Sub(Add(whole(1), noise), noise), tree),
                ]
            )
        )
    return tree


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_wrong_answer_behind_noise_of_any_size_is_never_proved_equal(data):
    right = derivative(parse(data.draw(st.sampled_from(QUESTIONS)), ["x"]).tree, "x")
    wrong = parse(data.draw(st.sampled_from(WRONG)), ["x"]).tree
    if same(wrong, right).decision is not Decision.REFUTED:
        return
    assert same(data.draw(hidden(wrong)), right).decision is not Decision.PROVED


def put(tree: Tree, inner: Tree) -> Tree:
    """`tree` with `inner` in place of x."""
    return inner if tree == X else with_children(tree, tuple(put(part, inner) for part in children(tree)))


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.sampled_from(QUESTIONS[1:]), st.integers(1, 12_000), st.booleans())  # a parabola's quotient is exact
def test_the_question_as_a_quotient_of_differences_is_never_the_derivative(question, digits, central):
    tree, step = parse(question, ["x"]).tree, ten_to(-digits)
    back = Sub(X, step) if central else X
    wide = Mul(whole(2), step) if central else step
    quotient = Div(Sub(put(tree, Add(X, step)), put(tree, back)), wide)
    assert same(quotient, derivative(tree, "x")).decision is not Decision.PROVED


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.sampled_from(QUESTIONS), st.integers(1, 12_000), st.sampled_from(["x^3", "1", "sin(x)", "e^x"]))
def test_a_right_answer_with_a_rest_is_never_the_right_answer(question, digits, rest):
    right = derivative(parse(question, ["x"]).tree, "x")
    other = Add(right, Mul(ten_to(-digits), parse(rest, ["x"]).tree))
    assert same(other, right).decision is not Decision.PROVED


def test_the_points_depend_on_the_answer_and_share_no_denominator():
    seeds = [_seed(parse(text, ["x"]).tree, X, ["x"], {}, "task") for text in ("2x", "2x + 0", "x*2")]
    drawn = [[next(places)["x"] for _ in range(26)] for places in (sample_points(["x"], {}, seed) for seed in seeds)]
    assert len({tuple(places) for places in drawn}) == 3
    assert all(len({place.denominator for place in places}) == 26 for places in drawn)


def test_balls_agree_only_if_each_is_narrow_beside_its_own_size_or_zero():
    wide, tiny, half = arb(0, 1), arb(0, 2.0**-60), arb(0.5)
    told = {
        "a wide one and a number in it": (wide, half),
        "two wide ones": (wide, wide),
        "one around zero and zero": (tiny, arb(0)),
        "two around zero": (tiny, tiny),
    }
    assert {name: _told(a, b) for name, (a, b) in told.items()} == dict.fromkeys(told, AtPoint.SILENT)
    assert _told(arb(0), arb(0)) is _told(half, half) is _told(arb(1, 2.0**-60), arb(1)) is AtPoint.EQUAL
    assert _told(half, arb(0.75)) is AtPoint.DIFFERENT
