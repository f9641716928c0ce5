"""The public checks of `chance`."""

import pytest
from kit.check import chosen, typed


@pytest.mark.task("no_six")
def test_one_throw(student):
    assert abs(typed(student, "no_six", ["n"])(n=1) - 5 / 6) < 1e-9, "With one throw, how many sides are no six?"


@pytest.mark.task("own_coin")
def test_a_chance(student):
    assert 0 < student.value("two_heads") < student.value("my_coin"), "Twice is rarer than once."


@pytest.mark.task("fair")
def test_a_letter(student):
    chosen(student, "fair", "abc")


@pytest.mark.task("independent")
def test_letters(student):
    assert set(student.value("independent").lower()) <= set("abcd ,"), "Type letters from a to d."
