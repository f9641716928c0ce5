"""The hidden tests of `two_notebooks`."""

import pytest

from grader.testing import expect


@pytest.mark.task("spread")
def test_spread(student):
    """The largest and the smallest, wherever they stand."""
    expect.number(student.spread([2.0, -9.5, 4.0, 1.0]), 13.5, what="spread")
    expect.number(student.spread([5.0]), 0.0, what="spread")


@pytest.mark.task("relative")
def test_relative_spread(student):
    """The spread of unequal numbers, as a share of their mean."""
    expect.number(student.relative([2.0, 9.0, 4.0]), 1.4, what="relative")
