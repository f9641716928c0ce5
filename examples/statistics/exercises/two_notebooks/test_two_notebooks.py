"""The public checks of `two_notebooks`, for both."""

import pytest


@pytest.mark.task("spread")
def test_three_numbers(student):
    assert student.spread([3, 7, 4]) == 4, "7 is 4 more than 3."


@pytest.mark.task("relative")
def test_two_numbers(student):
    assert student.relative([1, 3]) == 1, "They are 2 apart, and their mean is 2."
