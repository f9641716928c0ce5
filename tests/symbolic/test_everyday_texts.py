"""229 everyday texts: each is read as what is meant, or refused with a sentence that says what to type instead.

tests/diagnosis/fourth/typed.tsv has the text, its letters, and `= reading` or `! words`, any of which the advice has.
They were written from the units' texts alone, without looking at the reader.
"""

import math
from pathlib import Path

import pytest
from kit.symbolic import AnswerError, Vector, parse

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "diagnosis" / "fourth" / "typed.tsv").read_text("utf-8").splitlines()
]
POINTS = (0.37, 1.61)


def values(answer):
    """The answer's values at two points, entry by entry for a list; None where it has none."""
    entries = answer.tree.entries if isinstance(answer.tree, Vector) else (answer.tree,)
    found = []
    for start in POINTS:
        at = {name: start + 0.23 * number for number, name in enumerate(answer.variables)}
        for entry in entries:
            try:
                found.append(type(answer)("", entry, answer.variables).at(**at))
            except (ArithmeticError, ValueError):
                found.append(None)
    return found


@pytest.mark.parametrize(("text", "letters", "wanted"), ROWS)
def test_an_everyday_text_is_read_or_refused_with_the_right_remedy(text, letters, wanted):
    kind, _, rest = wanted.partition(" ")
    names = letters.split()
    if kind == "!":
        with pytest.raises(AnswerError) as refused:
            parse(text, names)
        assert any(words in refused.value.says for words in rest.split("|")), refused.value.says
        return
    for found, right in zip(values(parse(text, names)), values(parse(rest, names)), strict=True):
        assert found == right or math.isclose(found, right, rel_tol=1e-12)


STUDENTS = Path(__file__).with_name("typed_by_students.tsv")


def test_what_students_type_is_read_as_meant_or_refused_with_the_right_remedy():
    """680 more texts (LaTeX, Unicode, calculators, programs, other languages), each judged by hand, in one go."""
    wrong = []
    for text, letters, wanted in (line.split("\t") for line in STUDENTS.read_text("utf-8").splitlines()):
        kind, _, rest = wanted.partition(" ")
        try:
            found = parse(text, letters.split())
        except AnswerError as refused:
            if kind == "=" or rest not in refused.says:
                wrong.append((text, wanted, refused.says))
            continue
        right = kind == "=" and list(map(repr, values(found))) == list(map(repr, values(parse(rest, letters.split()))))
        if not right:
            wrong.append((text, wanted, str(found)))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "letters", "one", "other"),
    [("absx", "a b s x", "abs(x)", "a*b*s*x"), ("expq", "e p q x", "exp(q)", "e*x*p*q")],
)
def test_letters_that_begin_like_a_function_are_refused_with_both_readings(text, letters, one, other):
    with pytest.raises(AnswerError) as refused:
        parse(text, letters.split())
    assert refused.value.readings == (one, other)
    assert [parse(reading, letters.split()) for reading in refused.value.readings]
