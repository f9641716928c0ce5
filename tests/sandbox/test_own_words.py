"""What a student reads of their exception is their own or Python's, never what a test has said in whatever spelling."""

import builtins
import itertools
import math
import signal
from string import ascii_letters

import numpy as np
import pytest

from grader.course.notebooks import MAX_CODE
from grader.grading.own_words import _MESSAGES, MOST_PIECES, OwnWords
from grader.grading.submission import JailedSubmission
from grader.jail.inside.cells import MESSAGE_LIMIT
from grader.jail.inside.messages import NoSuchName
from grader.testing import expect
from grader.testing.expect import LARGEST_SIZE, MOST_SIZES, Hint
from grader.testing.plugin import outcome_of
from grader.testing.student import Missing

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


@pytest.mark.parametrize("known", [known for known in _MESSAGES if "#" in known])
@pytest.mark.parametrize("number", ["…" * 40, "x…" * 20, "(" * 20 + "…" * 20, "1, " * 13])
def test_a_message_that_is_forged_to_be_read_in_many_ways_is_read_at_once(known, number):
    """One of 200 characters once took hours: each number of a known message could be matched in many ways."""
    plain = known.replace("\\", "").replace("?", "").replace("N", "np").replace("O", "+")
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it takes too long"))  # the matcher looks for signals
    signal.alarm(30)
    try:
        assert not WORDS.holds(plain.replace("#", number) + "!")
        assert not WORDS.holds("no step" + " " * MESSAGE_LIMIT)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_a_missing_name_is_told_only_if_the_notebook_has_it():
    """A forged one may be any word of an expression that a hidden test has sent."""
    assert WORDS.reply(NoSuchName("slope", "rate")) == NoSuchName("slope", "rate")
    assert WORDS.reply(NoSuchName("SimpleNamespace", "hidden")) == NoSuchName("", "")
    assert "`" not in outcome_of(Missing(""))["hint"]


@pytest.mark.parametrize("message", NOT_OWN, ids=repr)
def test_any_other_message_may_hold_what_the_test_said(message):
    assert not WORDS.holds(message)


SPELLS = """
def word(c): return "zero one two three four five".split()[int(c) % 6] if c.isdigit() else "point"
def tells(x):
    raise ValueError(" ".join(map(word, str(x))))
def forges(x):
    import inside.session
    told = inside.session.Raised(f"K{x}", str(x) + word(str(x)[0]), f"x = {x}", 1)
    inside.session.describe = lambda error, sources: told
    raise ValueError
def forges_the_number(x):
    import inside.session
    told = inside.session.Raised("ValueError", "", "def honest(x):", int(x * 100))
    inside.session.describe = lambda error, sources: told
    raise ValueError
def honest(x):
    raise ValueError("this is not done")
def looks_for(x):
    return [][3]
"""


class ResourceLimits:
    cpu_seconds, wall_seconds, memory_mb, processes = 1.0, 30.0, 256, 12


@pytest.fixture(params=["a call", "calls in turn"])
def hint(lane, request):
    submission = JailedSubmission(lane, ResourceLimits, "ada", [(1, SPELLS)])
    assert submission.open() == ""
    asks = {
        "a call": lambda student, name: getattr(student, name)(1.25),
        "calls in turn": lambda student, name: student.in_turn((name, 1.25), (name, 2.5)),
    }

    def shown(name):
        try:
            asks[request.param](submission.student(name), name)
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
    assert hint("forges_the_number") == ("Your code raised ValueError.", "")


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (np.zeros((2, 3)), "(2, 3)"),
        (np.zeros((0, 9999, 10_000)), "(0, 9999, …)"),
        (np.zeros((1, 2, 3, 4, 5, 0)), "(1, 2, 3, 4, …)"),
    ],
)
def test_the_sizes_in_a_hint_are_those_of_ordinary_answers(found, shown):
    """An array without entries may have any sizes: hundreds of bits that its process could choose."""
    with pytest.raises(Hint) as said:
        expect.array(found, np.zeros(7))
    assert f"and {shown} came back" in str(said.value)
    with pytest.raises(Hint, match="and … came back"):
        expect.listed([0.0] * 12_345, 2)


def test_the_name_of_a_type_is_shown_if_the_notebook_or_a_library_has_it(lane):
    cell = "class Dual: pass\ndef own(): return Dual()\ndef forged(): return type('_'.join('onetwofive'), (), {})()"
    submission = JailedSubmission(lane, ResourceLimits, "ada", [(1, cell + "\ndef known(): return {}.keys()")])
    assert submission.open() == ""
    student = submission.student("test")
    types = [getattr(student, name)().type_name for name in ("own", "known", "forged")]
    assert types == ["Dual", "dict_keys", "object"]
    submission.close()


def test_what_a_submission_can_still_tell_is_some_bytes_for_each_test():
    """The notebook with the most to choose from: short words in quotes, each on its own line."""
    words = ("".join(letters) for count in (1, 2, 3, 4) for letters in itertools.product(ascii_letters, repeat=count))
    lines = [f'"{word}"' for word in itertools.islice(words, MAX_CODE // 6)]
    size = itertools.accumulate(len(line) + 1 for line in lines)
    lines = [line for line, end in zip(lines, size, strict=True) if end <= MAX_CODE]
    kinds = [kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, BaseException)]
    choices = [len(lines), len(kinds), *[len(lines)] * MOST_PIECES]
    own = OwnWords([(1, "\n".join(lines))])
    said = " 1 ".join(line.strip('"') for line in lines[: MOST_PIECES + 1])
    assert own.holds(said.rpartition(" 1 ")[0])
    assert not own.holds(said)
    assert sum(map(math.log2, choices)) < 80
    assert MOST_SIZES * math.log2(LARGEST_SIZE + 2) + math.log2(len(lines)) < 80
