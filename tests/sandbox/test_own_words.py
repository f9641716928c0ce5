"""What a student reads of their exception is their own or Python's, never what a test has said in whatever spelling."""

import pytest

from grader.grading.own_words import OwnWords
from grader.grading.submission import JailedSubmission
from grader.testing.plugin import outcome_of

CELL = """
import numpy as np
class Dual: pass
def rate(f, a, b):
    if a == b:
        raise ValueError("no step")
    if b < a:
        raise ValueError(f"b is {b}, below a = {a}, so turn them")
    return slope(f)
"""
WORDS = OwnWords([(1, CELL)])
OWN = [
    "",
    "no step",
    "b is -3.25, below a = 1e-9, so turn them",
    "name 'slope' is not defined",
    "division by zero",
    "'NoneType' object is not subscriptable",
    "'Dual' object has no attribute 'step'",
    "unsupported operand type(s) for +: 'NoneType' and 'float'",
    "unsupported operand type(s) for ** or pow(): 'Dual' and 'int'",
    "rate() missing 1 required positional argument: 'b'",
    "rate() takes 2 positional arguments but 3 were given",
    "operands could not be broadcast together with shapes (3,) (4,) ",
    "index 5 is out of bounds for axis 0 with size 5",
    "list index out of range",
]
NOT_OWN = [
    "one point two five",
    "n.o.s.t.e.p",
    "no step 1 no step 2 no step 3 no step",
    "x**2 + 3*x",
    "MS4yNQ==",
    "'one_point_two_five' object is not callable",
    "name 'three' is not defined",
    "\u200b\u200c\u200b",
    "no steps",
]


@pytest.mark.parametrize("message", OWN)
def test_a_message_in_the_students_own_words_or_pythons_is_shown(message):
    assert WORDS.holds(message)


@pytest.mark.parametrize("message", NOT_OWN, ids=repr)
def test_any_other_message_may_hold_what_the_test_said(message):
    assert not WORDS.holds(message)


SPELLS = """
def word(c): return "zero one two three four five".split()[int(c) % 6] if c.isdigit() else "point"
def tells(x):
    raise ValueError(" ".join(map(word, str(x))))
def forges(x):
    import inside.session
    told = {"kind": f"K{x}", "message": str(x) + word(str(x)[0]), "line": f"x = {x}", "lineno": 1, "place": ""}
    inside.session.describe = lambda error, sources: told
    raise ValueError
def honest(x):
    raise ValueError("this is not done")
def looks_for(x):
    return [][3]
"""


@pytest.fixture
def hint(lane):
    class ResourceLimits:
        cpu_seconds, wall_seconds, memory_mb, processes = 1.0, 30.0, 256, 12

    submission = JailedSubmission(lane, ResourceLimits, "ada", [(1, SPELLS)])
    assert submission.open() == ""

    def shown(name):
        try:
            getattr(submission.student(name), name)(1.25)
        except Exception as error:
            facts = outcome_of(error)
            return facts["hint"], facts.get("line", "")

    yield shown
    submission.close()


@pytest.mark.parametrize(
    ("name", "said", "line"),
    [
        ("tells", "Your code raised ValueError.", "raise ValueError("),
        ("honest", "Your code raised ValueError: this is not done", 'raise ValueError("this is not done")'),
        ("looks_for", "Your code raised IndexError: list index out of range", "return [][3]"),
    ],
)
def test_an_exception_of_a_test_shows_its_kind_and_the_students_own_line(name, said, line, hint):
    found, where = hint(name)
    assert found == said
    assert where.startswith(line)


def test_a_forged_kind_and_line_are_not_shown(hint):
    assert hint("forges") == ("Your code raised Exception.", "")
