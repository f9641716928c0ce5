"""What students type is read as they mean it, refused with both readings, or refused with a caret."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.symbolic import (
    FUNCTIONS,
    Add,
    AnswerError,
    Const,
    Div,
    FunctionCall,
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
    "x^3/2": "x^3/2",
    "x¹/2": "x^(1)/2",
    "x^(1)/2": "x^(1)/2",
    "x⁻²/3": "x^(-2)/3",
    "x^-2/y": "x^(-2)/y",
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
    "\\hat y - y": "ŷ - y",
    "\\frac{1}{2}~x": "1/2*x",
    "\\frac{1}{2}x^{2}": "1/2*x^2",
    "\\frac12 \\cdot \\sqrt{x}": "1/2*sqrt(x)",
    "\\left(x+1\\right)^2 \\sin(x)": "(x + 1)^2*sin(x)",
    "e^x sin(x)": "e^x*sin(x)",
    "0.5": "0.5",
    "[[x, 2], [y, 3]]": "[[x, 2], [y, 3]]",
    "-x^2": "-x^2",
    "3ˣ": "3^x",
    "yʷ": "y^w",
    "eˣ": "e^x",
    "e⁻ˣ": "e^(-x)",
    "e²ˣ y": "e^(2*x)*y",
    "(x+1)⁻²": "(x + 1)^(-2)",
    "2e - 1": "2*e - 1",
    "5x^2y": "5*x^2*y",
    "3x^2y^3w": "3*x^2*y^3*w",
    "x^2sin x": "x^2*sin(x)",
    "2ˣ⁺¹y": "2^(x + 1)*y",
    "e⁻²ˣ⁻ʸ": "e^(-2*x - y)",
    "\\frac{x}{2}\\ y": "x/2*y",
    "e^x(x+1)": "e^x*(x + 1)",
    "e^-x(x+1)": "e^(-x)*(x + 1)",
    "2^x(x+1)": "2^x*(x + 1)",
    "sin x cos x": "sin(x)*cos(x)",
    "2 sin x cos x": "2*sin(x)*cos(x)",
    "ln x sin 2x": "ln(x)*sin(2*x)",
    "\\left|x - \\left|y\\right|\\right|": "abs(x - abs(y))",
    "\\lvert x \\rvert": "abs(x)",
    "\\(2x\\)": "2*x",
    "\\[2x\\]": "2*x",
    "$$2x$$": "2*x",
    "$2x$": "2*x",
    "\\boxed{2x}": "2*x",
    "$$ \\boxed{\\frac{x}{y}} $$": "x/y",
    "½x": "1/2*x",
    "⅔": "2/3",
    "2•x∙y": "2*x*y",
    "（x＋1）y": "(x + 1)*y",
    "∛x": "cbrt(x)",
    "x ‧ y — 1": "x*y - 1",
    "2(x-y)/(wx)": "2*(x - y)/(w*x)",
    "2(x-y)(wx)^-1": "2*(x - y)*(w*x)^(-1)",
    "w(x-y)": "w*(x - y)",
    "x(y)": "x*y",
}


@pytest.mark.parametrize("text", READ)
def test_reads(text):
    assert to_text(parse(text, NAMES).tree) == READ[text]


TWO_READINGS = {
    "x^1/2": ("x^(1/2)", "x/2"),
    "2x^-2/3": ("x^(-2/3)", "x^(-2)/3"),
    "e^-1/2": ("e^(-1/2)", "e^(-1)/2"),
    "1/2x": ("1/2*x", "1/(2*x)"),
    "e^2x": ("e^(2*x)", "e^2*x"),
    "x^y^w": ("x^(y^w)", "(x^y)^w"),
    "sin x/y": ("sin(x/y)", "sin(x)/y"),
    "e^-x^2": ("e^(-x^2)", "(e^(-x))^2"),
    "e^-x^2/2": ("e^(-(x^2/2))", "e^(-x^2)/2"),
    "e^-x^2/(2w^2)": ("e^(-(x^2/(2*w^2)))", "e^(-x^2)/(2*w^2)"),
    "y e^-x^2/w": ("e^(-(x^2/w))", "e^(-x^2)/w"),
    "e^-2x": ("e^(-(2*x))", "e^(-2)*x"),
    "x^-2y": ("x^(-(2*y))", "x^(-2)*y"),
    "e^2(x+1)": ("e^(2*(x + 1))", "e^2*(x + 1)"),
    "e^xy": ("e^(x*y)", "e^x*y"),
    "x/wy": ("x/w*y", "x/(w*y)"),
    "1/x^2y": ("1/x^2*y", "1/(x^2*y)"),
    "sin x e^x": ("sin(x*e^x)", "sin(x)*e^x"),
    "sin^-1 x": ("asin(x)", "1/sin(x)"),
    "tanh^-1(2x)": ("atanh(2*x)", "1/tanh(2*x)"),
    "ln^-1 x": ("exp(x)", "1/ln(x)"),
    "√2x": ("sqrt(2*x)", "sqrt(2)*x"),
    "sin x^2": ("sin(x^2)", "sin(x)^2"),
    "2(x-y)/wx": ("2*(x - y)/w*x", "2*(x - y)/(w*x)"),
    "2(x-y)/w(x)": ("2*(x - y)/w*x", "2*(x - y)/(w*x)"),
    "2(x-y)/(w)(x)": ("2*(x - y)/w*x", "2*(x - y)/(w*x)"),
    "2/(wx)(x-y)": ("2/(w*x)*(x - y)", "2/(w*x*(x - y))"),
}


@pytest.mark.parametrize("text", TWO_READINGS)
def test_refuses_what_has_two_readings_and_writes_both(text):
    with pytest.raises(AnswerError) as refused:
        parse(text, NAMES)
    assert refused.value.readings == TWO_READINGS[text]
    assert all(reading in refused.value.says for reading in TWO_READINGS[text])


@pytest.mark.parametrize("text", TWO_READINGS)
def test_both_readings_that_are_offered_can_be_read(text):
    for reading in TWO_READINGS[text]:
        assert to_text(parse(reading, NAMES).tree) == reading


@st.composite
def unbracketed(draw):
    """Letters joined by powers, signs, / and * without a bracket; and the same text as Python writes it."""
    text = python = ""
    for number in range(draw(st.integers(2, 5))):
        join = draw(st.sampled_from(["^", "^-", "/", "*", ""])) if number else ""
        letter = draw(st.sampled_from("xyw"))
        text += join + letter
        python += (join.replace("^", "**") or "*" * bool(number)) + letter
    return text, python


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(unbracketed())
def test_one_of_the_offered_readings_is_the_standard_one(texts):
    """The standard: powers from the right, then signs, then products and fractions from the left, as in Python."""
    text, python = texts
    at = {"x": 1.3, "y": 0.7, "w": 1.9}
    try:
        readings = [str(parse(text, NAMES))]
    except AnswerError as error:
        readings = list(error.readings)
        assert len(readings) == 2
        # The readings are of the part of the text where it splits: without *, it is a run of `text`.
        bare = "".join(c for c in readings[0] if c not in "*() ")
        assert bare in text.replace("*", "")
        start = text.replace("*", "").index(bare)
        if start or len(bare) < len(text.replace("*", "")):
            assert [str(parse(reading, NAMES)) for reading in readings] == readings
            return
    values = [parse(reading, NAMES).at(**at) for reading in readings]
    assert any(value == pytest.approx(eval(python, {}, at)) for value in values)


CARETS = {
    "cosx": (0, "cos(x)"),
    "x2": (0, "x^2"),
    "0,5": (1, "0.5"),
    "y = 2x": (2, "right-hand side: leave out y ="),
    "f'(x) = 2x": (6, "right-hand side: leave out f'(x) ="),
    "dy/dx = 2x": (6, "right-hand side: leave out dy/dx ="),
    "\\frac{dy}{dx} = 2x": (14, "right-hand side"),
    "x + 1 = 2": (6, "without a relation"),
    "x < 2": (2, "without a relation"),
    "2e3": (1, "Write 2000 or 2*10^3."),
    "7e-1*x": (1, "Write 0.7 or 7*10^-1."),
    "1E-3": (1, "Write 0.001 or 1*10^-3."),
    "x _ y": (2, "joins nothing"),
    "x_": (1, "joins nothing"),
    "x__1": (1, "joins nothing"),
    "xˣ²": (1, "raised exponent"),
    "2½": (1, "mixed number"),
    "x½": (1, "A number stands after a factor"),
    "ln3": (0, "Do you mean ln(3)?"),
    "sin2x": (0, "Do you mean sin(2x)?"),
    "log2x": (0, "Do you mean log(2x)? Or log_2(x)?"),
    "(x, y)": (2, "square brackets: [x, y]"),
    "x, y": (1, "square brackets: [x, y]"),
    "(0,25)x": (2, "0.5, not 0,5"),
    "sin(0,5x)": (5, "0.5, not 0,5"),
    "np.tanh(x)": (0, "Leave out np."),
    "Sin(x)": (0, "Do you mean sin?"),
    "X": (0, "Do you mean x?"),
    "log(x, 3)": (0, "write log_3(x) or ln(x)/ln(3)"),
    "5 cm": (2, "Leave out units"),
    "2x for all x": (3, "without words"),
    "x^2 + C": (6, "no constant of integration"),
    "2x dx": (3, "Leave out dx"),
    "than(x)": (0, "Do you mean tan( )?"),
    "sqrt^-1(x)": (0, "Write 1/sqrt(x)"),
    "x$": (1, "leave it out"),
    "\\left x": (0, "before a bracket"),
    "(x": (2, "missing"),
    "x)": (1, "closes nothing"),
    "x!": (1, "Factorials"),
    "|x|y|x|": (3, "abs( )"),
    "2 +": (3, "ends too early"),
    "2x,": (2, "Leave out this comma"),
    "(x + 1,)": (6, "Leave out this comma"),
    "1,000x": (1, "Write 1000 without a comma, or 1.000 with a point"),
    "0,500": (1, "Write decimals with a point"),
    "1,0000": (1, "Write decimals with a point"),
    "1 000x": (2, "Write a number without spaces, 1000"),
    "2 3": (2, "write * or ^ before it"),
    "1'000": (1, "without marks between its digits"),
    "'2x'": (0, "Leave out the quotation marks"),
    '"2x"': (0, "Leave out the quotation marks"),
    "x'": (1, "A prime ' is not read here"),
    "50%": (2, "Write per cent as a number: 0.5"),
    "max(0; x)": (5, "Write a comma between"),
    "~2x": (0, "Leave out ~"),
    "x \\ y": (2, "A backslash starts"),
    "xˣ⁺": (1, "This raised exponent"),
    "Σ x": (0, "write out the terms"),
    "∑ x": (0, "write out the terms"),
    "∫ x": (0, "Integrals are not read"),
    "[x y]": (3, "separated by commas"),
    "d/dx x^2": (0, "Leave out d/dx"),
    "∂y/∂x": (0, "Leave out d/dx"),
    "2x + C1": (5, "Leave out + C1"),
    "x_12": (0, "Use these names"),
    "xlny": (0, "Do you mean x*ln(y)?"),
    "2 + xsinx": (4, "Do you mean x*sin(x)?"),
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
            st.builds(lambda name, a: FunctionCall(name, (a,)), st.sampled_from(ONE_ARGUMENT), inner),
            st.builds(lambda name, a, b: FunctionCall(name, (a, b)), st.sampled_from(["max", "min"]), inner, inner),
        ),
        max_leaves=max_leaves,
    )


TREES = trees(LEAVES)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(TREES)
def test_what_is_printed_reads_back_as_the_same_tree(tree):
    try:
        again = parse(to_text(tree), ["x", "y"]).tree
    except AnswerError as error:
        if "larger or smaller than any number" in error.says:
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


@pytest.mark.slow
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


CHARACTERS = [
    "x",
    "y",
    "2",
    "0",
    ".",
    "(",
    ")",
    "[",
    "]",
    "|",
    "^",
    "/",
    "*",
    "+",
    "-",
    ",",
    " ",
    "sin",
    "e",
    "ln ",
    "w",
]
CHARACTERS += [
    "ˣ",
    "²",
    "⁻",
    "₁",
    "_",
    "'",
    "½",
    "√",
    "•",
    "（",
    "）",
    "$",
    "\\left|",
    "\\right|",
    "ŷ",
    "λ",
    "ⓧ",
    "\u0308",
]
MAY_GO = set(" ~*•+.0$\\")  # a space, a sign or a digit that changes nothing: the tree is the same without it


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=12).map("".join))
def test_every_character_is_a_part_of_the_tree_or_in_a_refusal(text):
    try:
        tree = parse(text, NAMES, ["f"]).tree
    except AnswerError:
        return
    for at, c in enumerate(text):
        joins = c == "_" and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()  # x_1 is x1
        if c in MAY_GO or joins:
            continue
        try:
            without = parse(text[:at] + text[at + 1 :], NAMES, ["f"]).tree
        except AnswerError:
            continue
        assert without != tree, (text, at, c)


@pytest.mark.parametrize(
    ("text", "alphabet"),
    [("2*\u0430", "Cyrillic"), ("\u0441os(x)", "Cyrillic"), ("l\u03bfg(x)", "Greek"), ("\u057d*x", "Armenian")],
)
def test_a_letter_that_only_looks_like_another_is_told_by_its_alphabet(text, alphabet):
    """Typed with a keyboard that has both, `2*a` is refused, and the names to use look the same."""
    with pytest.raises(AnswerError, match=f"a {alphabet} letter"):
        parse(text, ["x", "a"])
