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
