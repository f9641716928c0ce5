"""The hidden tests of `chance`."""

import pytest
from kit import variant

from grader.course.notebooks import choices
from grader.testing import expect

COINS = choices(__file__)["COINS"]


@pytest.mark.task("no_six")
def test_no_six_in_n_throws(student):
    """The chance of no six in n throws."""
    expect.symbolic(student, "no_six", "(5/6)**n", ["n"])


@pytest.mark.task("own_coin")
def test_two_heads_of_own_coin(student):
    """Heads twice in a row, with your coin."""
    expect.number(expect.answer(student, "two_heads"), variant("own_coin", COINS, student=student.id) ** 2)


@pytest.mark.task("fair")
def test_what_follows(student):
    """What follows from 53 heads."""
    expect.letter(
        student, "fair", "c", {"a": "Would 47 heads have shown the same?", "b": "How often is it exactly 50?"}
    )


@pytest.mark.task("independent")
def test_what_is_independent(student):
    """All that is independent, and nothing else."""
    expect.letters(student, "independent", "ac", {"b": "Which cards are left for the second draw?"})
