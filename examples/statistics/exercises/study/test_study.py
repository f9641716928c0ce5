"""The public checks of `study`."""

import pytest


@pytest.mark.task("difference")
def test_two_groups(student):
    assert student.difference([3, 5], [1, 1]) == 3, "The means are 4 and 1."
