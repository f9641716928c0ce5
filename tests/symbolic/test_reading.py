"""What students type is read as they mean it, refused with both readings, or refused with a caret."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.symbolic import (
    FUNCTIONS,
    Add,
    AnswerError,
    Call,
    Const,
    Div,
    Mul,
    Neg,
    Num,
    Pow,
    Sub,
    Var,
    parse,
    to_latex,
    to_text,
)

NAMES = ["x", "y", "x1", "ŷ", "w", "λ"]

READ = {
    "2x cos(x^2)": "2*x*cos(x^2)",
    "2*x*cos(x**2)": "2*x*cos(x^2)",
    "x(x+1)": "x*(x + 1)",
    "e^(-x)": "e^(-x)",
    "e^-x": "e^(-x)",
    "exp(-x)": "exp(-x)",
    "sin^2 x": "sin(x)^2",
    "√x": "sqrt(x)",
    "2|x||y|": "2*abs(x)*abs(y)",
    "log(x)": "ln(x)",
    "log_2(x)": "ln(x)/ln(2)",
    "σ(x)": "sigmoid(x)",
    "x₁ + x_1 + x1": "x1 + x1 + x1",
    "y_hat - \\hat{y}": "ŷ - ŷ",
    "π·x × y − 1": "pi*x*y - 1",
    "x²y": "x^2*y",
    "xy": "x*y",
    "xe^x": "x*e^x",
    "lambda w": "λ*w",
    "sin 2x": "sin(2*x)",
    "\\frac{1}{2}x^{2}": "1/2*x^2",
    "\\frac12 \\cdot \\sqrt{x}": "1/2*sqrt(x)",
    "\\left(x+1\\right)^2 \\sin(x)": "(x + 1)^2*sin(x)",
    "e^x sin(x)": "e^x*sin(x)",
    "0.5": "0.5",
    "[[x, 2], [y, 3]]": "[[x, 2], [y, 3]]",
    "-x^2": "-x^2",
}


@pytest.mark.parametrize("text", READ)
def test_reads(text):
    assert to_text(parse(text, NAMES).tree) == READ[text]


TWO_READINGS = {
    "1/2x": ("1/2*x", "1/(2*x)"),
    "e^2x": ("e^(2*x)", "e^2*x"),
    "x^y^w": ("x^(y^w)", "(x^y)^w"),
    "sin x/y": ("sin(x/y)", "sin(x)/y"),
    "sin x cos x": ("sin(x*cos(x))", "sin(x)*cos(x)"),
    "sin x^2": ("sin(x^2)", "sin(x)^2"),
}


@pytest.mark.parametrize("text", TWO_READINGS)
def test_refuses_what_has_two_readings_and_writes_both(text):
    with pytest.raises(AnswerError) as refused:
        parse(text, NAMES)
    assert all(reading in refused.value.says for reading in TWO_READINGS[text])


CARETS = {
    "cosx": (0, "cos(x)"),
    "x2": (0, "x^2"),
    "0,5": (1, "0.5"),
    "y = 2x": (2, "without a relation"),
    "2e3": (1, "*10^3"),
    "sin^-1 x": (0, "arcsin"),
    "(x": (2, "missing"),
    "x)": (1, "closes nothing"),
    "x!": (1, "Factorials"),
    "|x|y|x|": (3, "abs( )"),
    "2 +": (3, "ends too early"),
    "q + 1": (0, "'q'"),
    "1.2.3": (3, "two points"),
    "": (0, "Nothing is written"),
}


@pytest.mark.parametrize("text", CARETS)
def test_a_refusal_has_a_caret_and_says_what_to_type(text):
    with pytest.raises(AnswerError) as refused:
        parse(text, NAMES)
    at, says = CARETS[text]
    assert refused.value.at == at
    assert says in str(refused.value)
    assert str(refused.value).splitlines()[-1] == " " * (2 + at) + "^"


HOSTILE = {
    "code": "__import__('os').system('x')",
    "a point before a raised digit": "x.²",  # found by fuzzing
    "digits of another script": "x^٣ + ٣.٣",
    "attribute chain": "x.__class__.__mro__[1]",
    "dunder": "__builtins__",
    "lambda": "(lambda: 1)()",
    "power tower": "9**9**9**9",
    "bracketed tower": "9^(9^(9^9))",
    "nested powers": "((9^9999)^9999)^9999",
    "factorial": "factorial(10**9)",
    "parentheses": "(" * 100_000,
    "closed parentheses": "(" * 900 + "x" + ")" * 900,
    "megabyte": "x+" * 500_000 + "x",
    "long number": "9" * 1900,
    "null": "x\0",
    "right to left": "\u202ex",
    "lone combining mark": "\u0301",
    "zero width": "x\u200b+1",
    "lone surrogate": "\ud800",
    "full-width operator": "x＋1",
    "half": "½",
    "minus signs": "-" * 1000 + "x",
    "bars": "|" * 500,
    "roots": "√" * 500 + "x",
    "fractions": "\\frac" * 200,
    "nested fractions": "\\frac{" * 200,
    "backslashes": "\\" * 500,
    "braces": "{[(|" * 100,
    "relation": "x == x or 1",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused(name):
    with pytest.raises(AnswerError) as refused:
        parse(HOSTILE[name], NAMES)
    assert len(str(refused.value)) < 600


def numbers():
    """Decimals that can be typed."""
    return st.builds(lambda n, d: Num(Fraction(n, d)), st.integers(0, 99), st.sampled_from([1, 2, 10]))


ONE_ARGUMENT = [name for name in FUNCTIONS if name not in ("max", "min")]
LEAVES = st.one_of(numbers(), st.sampled_from([Var("x"), Var("y"), Const("e"), Const("pi")]))


def trees(leaves, max_leaves=12):
    """Scalar trees over these leaves, as they can be typed."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda join, a, b: join(a, b), st.sampled_from([Add, Sub, Mul, Div]), inner, inner),
            st.builds(Pow, inner, st.sampled_from([Num(Fraction(2)), Var("x")])),
            st.builds(Neg, inner),
            st.builds(lambda name, a: Call(name, (a,)), st.sampled_from(ONE_ARGUMENT), inner),
            st.builds(lambda name, a, b: Call(name, (a, b)), st.sampled_from(["max", "min"]), inner, inner),
        ),
        max_leaves=max_leaves,
    )


TREES = trees(LEAVES)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_what_is_printed_reads_back_as_the_same_tree(tree):
    try:
        again = parse(to_text(tree), ["x", "y"]).tree
    except AnswerError as error:
        if "too large" in error.says:
            return
        raise
    assert again == tree
    assert to_latex(tree)


PIECES = ["x", "y", "2", ".5", "(", ")", "[", "]", "{", "}", "|", "^", "**", "/", "*", "+", "-", ",", " ", "sin", "e"]
PIECES += [
    "\\frac",
    "\\sqrt",
    "\\hat",
    "√",
    "²",
    "₁",
    "π",
    "σ",
    "_",
    "'",
    "=",
    "!",
    "\0",
    "\u202e",
    "ŷ",
    "log_",
    "9",
    "$",
]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    at, answer = 0, None
    try:
        answer = parse(text, ["x", "y"], ["f"])
    except AnswerError as error:
        at = error.at
    assert 0 <= at <= len(text)
    assert answer is None or answer.latex()


def test_the_notebook_shows_an_answer_typeset():
    assert parse("x^2/ŷ_1", ["x", "ŷ_1"])._repr_latex_() == r"$\frac{x^{2}}{\hat{y}_{1}}$"


def test_an_answer_becomes_a_sympy_expression_without_sympify():
    import sympy

    x = sympy.Symbol("x", real=True)
    assert parse("2x cos(x^2)", ["x"]).sympy() == 2 * x * sympy.cos(x**2)
