"""The hidden tests of `study`."""

import pytest

from grader.testing import expect


@pytest.mark.task("difference")
def test_difference_of_means(student):
    """The difference of two groups of different sizes."""
    expect.number(student.difference([2.0, 9.0, 4.0], [1.0, 2.0]), 3.5, what="difference")


@pytest.mark.task("difference")
def test_difference_the_other_way(student):
    """The difference may be negative."""
    expect.number(student.difference([1.0], [2.5, 3.5]), -2.0, what="difference")
