"""Equality is proved, refuted with a witness, or left to a person; the same every time, either way round, in time."""

import contextlib
import resource
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from kit.symbolic import Add, Mul, Num, Sub, Var
from test_reading import HOSTILE, TREES

from grader.symbolic import AnswerError, Decision, diagnose, equivalent, in_form, parse
from grader.symbolic.equivalent import NO_VALUE, NOTHING_COMPUTED, same

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
PAIRS = [BENCHMARKS / "symbolic_pairs.tsv", BENCHMARKS / "symbolic_textbook.tsv"]
NAMES = ["x", "y", "t", "p", "a", "b", "c", "m", "s", "w"]


PROVED = [
    ("sqrt(x^2)", "|x|"),
    ("ln(x^2)", "2ln(x)"),
    ("sin(x)^2 + cos(x)^2 - 1", "0"),
    ("(x^2-1)/(x-1)", "x+1"),
    ("1/x", "x/x^2"),
    ("tanh(x)", "2sigmoid(2x) - 1"),
    ("softplus(x)", "ln(1+e^x)"),
    ("acosh(x)", "ln(x + sqrt(x^2-1))"),
    ("sqrt(1-x^2-y^2)", "sqrt(1-y^2-x^2)"),
    ("e^x/(e^x+e^y)", "sigmoid(x-y)"),
    ("[x, 2y]", "[x, y+y]"),
    ("diff(x^3, x)", "3x^2"),
    ("0.1 + 0.2", "3/10"),
]
REFUTED = [
    ("sqrt(x^2)", "x"),
    ("x + 10^(-50)", "x"),
    ("10^(-30)*x", "0"),
    ("e^(-x^2)", "0"),
    ("relu(x-50)", "0"),
    ("max(x, -1000)", "x"),
    ("1 - 10^(-40)", "1"),
    ("e^(1000x)", "e^(1000x) + 1"),
    ("pi", "3.14159265358979323846264338327950288419"),
    ("[x, y]", "[y, x]"),
    ("[x, y]", "x"),
    ("sigmoid(40 + x^2)", "1"),
]


@pytest.mark.parametrize(("one", "other"), PROVED)
def test_proves(one, other):
    for a, b in ((one, other), (other, one)):
        assert equivalent(a, b, ["x", "y"]).decision is Decision.PROVED


@pytest.mark.parametrize(("one", "other"), REFUTED)
def test_refutes_with_a_witness(one, other):
    for a, b in ((one, other), (other, one)):
        verdict = equivalent(a, b, ["x", "y"])
        assert verdict.decision is Decision.REFUTED
        assert verdict.witness is not None or "shape" in verdict.rule


@pytest.mark.parametrize(("one", "other"), [("1/0", "1/0 + 1"), ("ln(-x^2)", "ln(-x^2) + 1"), ("sqrt(-1-x^2)", "1/0")])
def test_two_answers_without_a_value_are_left_to_a_person(one, other):
    assert equivalent(one, other, ["x"]).decision is Decision.UNDECIDED


WITHOUT_A_VALUE = ["1/0", "sqrt(-1)", "x/0", "ln(0)", "1/(x - x)", "ln(-x^2)", "x + 0/0", "acos(2)*x", "(x - x)^-1"]
WITHOUT_A_VALUE += ["1/(sin(x)^2 + cos(x)^2 - 1)", "ln(x) + ln(-x)", "sqrt(-1 - e^x)", "(-2)^(1/2)", "1/(y*x - x*y)"]


@pytest.mark.parametrize("right", ["2x", "3", "x*y", "0", "x/y"])
@pytest.mark.parametrize("text", WITHOUT_A_VALUE)
def test_an_answer_without_a_value_where_the_right_one_has_one_is_wrong(text, right):
    verdict = equivalent(text, right, ["x", "y"])
    assert (verdict.decision, verdict.rule) == (Decision.REFUTED, NO_VALUE)
    assert equivalent(right, text, ["x", "y"]).decision is Decision.REFUTED


@pytest.mark.parametrize(("one", "other"), [("2ln(x)", "ln(x^2)"), ("sqrt(x)^2", "x"), ("x^2/x", "x")])
def test_what_agrees_wherever_both_have_a_value_is_equal(one, other):
    assert equivalent(one, other, ["x"]).decision is Decision.PROVED


def test_the_domain_decides():
    assert equivalent("sqrt(x^2)", "x", ["x"], {"x": (0, None)}).decision is Decision.PROVED
    assert equivalent("|x - 9|", "9 - x", ["x"], {"x": (0, 1)}).decision is Decision.PROVED


def test_a_verdict_repeats_exactly():
    assert len({repr(equivalent("x^2", "x^3", ["x"], seed="task")) for _ in range(5)}) == 1


def test_unknown_functions_are_any_function():
    read = [parse(text, ["x"], ["f"]) for text in ("diff(f(x^2), x)", "2x f'(x^2)", "2x f(x^2)")]
    assert equivalent(read[0], read[1]).decision is Decision.PROVED
    assert equivalent(read[0], read[2]).decision is Decision.REFUTED


@pytest.mark.slow
def test_all_pairs_of_the_benchmark_are_decided_rightly():
    rows = [line.split("\t") for path in PAIRS for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 700
    wrong = []
    for typed, right, truth in rows:
        try:
            verdict = equivalent(typed, right, NAMES).decision.value
        except AnswerError:
            verdict = "refused"
        if verdict != {"equal": "proved", "different": "refuted", "refused": "refused"}[truth]:
            wrong.append((typed, right, truth, verdict))
    assert wrong == []


COSTLY = [
    "+".join(["sin(x)"] * 60),
    "*".join(["(x+1)"] * 60),
    "exp(" * 15 + "x" + ")" * 15,
    "x^(x^(x^(x^(x^x))))",
    "tan(x^99)^99",
    "*".join(["erf(x)"] * 40),
    "+".join(f"tan({n}x^{n})" for n in range(2, 40)),
    "1/(" * 12 + "x - x" + ")" * 12,
    "ln(1 - tanh(x^9)^9)^9",
    "ln(" * 18 + "x" + ")" * 18,
    "erf(" * 18 + "x" + ")" * 18,
    "sqrt(-1-x^2)+" * 30 + "x",
    "(1+x)^(10^3)*(ln(-x^2)+1)^(10^3)",
    "1/(x-x)",
    "diff(" * 12 + "sin(x)^9" + ",x)" * 12,
    "diff(diff(" + "*".join(["sin(x)"] * 40) + ",x),x)",
    "diff(" + "exp(" * 15 + "x" + ")" * 15 + ",x)",
]


@pytest.mark.parametrize("text", [*HOSTILE.values(), *COSTLY])
def test_no_text_costs_more_than_seconds_and_megabytes(text):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for other in ("sqrt(-2 - x^2) + 2x cos(x^2)", text + "+0"):
        started = time.process_time()
        with contextlib.suppress(AnswerError):
            equivalent(text, other, ["x"])
        assert time.process_time() - started < 8  # two are promised; this must hold on a machine four times slower
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(TREES)
def test_equality_is_reflexive(tree):
    assert same(Add(tree, Var("x")), Add(Var("x"), tree)).decision is not Decision.REFUTED


@settings(max_examples=150, deadline=None)
@given(TREES, TREES)
def test_equality_is_symmetric(one, other):
    found, turned = same(one, other), same(other, one)
    assume(NOTHING_COMPUTED not in (found.rule, turned.rule))  # asked of the answer alone
    assert found.decision is turned.decision


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_a_slip_in_a_factor_is_never_accepted(tree):
    zero = same(tree, Sub(tree, tree)).decision
    assume(zero is Decision.REFUTED)  # neither zero nor undefined
    # Where hardly any point is defined (acos(x + e)), a person may have to look.
    assert same(tree, Mul(Num(Fraction(3)), tree)).decision is not Decision.PROVED


DEEPEST = {
    "product": " ".join(["x"] * 120),
    "sum": "+".join(["x"] * 120),
    "fractions": "/".join(["x"] * 120),
    "signs": "-" * 39 + "x",
    "calls": "exp(" * 19 + "x" + ")" * 19,
}


def further_down(levels, do):
    """Call `do` with so many frames above it, as a notebook or a worker has."""
    return do() if levels == 0 else further_down(levels - 1, do)


@pytest.mark.parametrize("text", DEEPEST.values(), ids=DEEPEST)
def test_the_deepest_trees_that_are_read_are_within_the_reach_of_everything(text):
    answer = parse(text, ["x"])
    for use in (
        lambda: answer.at(x=1.1),
        answer.latex,
        lambda: str(answer),
        lambda: hash(answer.tree),
        lambda: equivalent(answer, parse("x + 1", ["x"])),
        lambda: diagnose("sin(x^2)", answer, "x"),
        *(lambda form=form: in_form(answer, form) for form in ("expanded", "factored", "lowest terms", "like x")),
    ):
        with contextlib.suppress(ArithmeticError):
            further_down(100, use)


@pytest.mark.parametrize("text", [" ".join(["x"] * 499), "+".join(["x"] * 249), "/".join(["x"] * 249)])
def test_what_is_deeper_is_refused(text):
    with pytest.raises(AnswerError, match="too long to be read"):
        parse(text, ["x"])
