"""A submission of some cells in a lane, as a hidden test meets it."""

import contextlib

from grader.jail import self_test
from grader.testing import Student


@contextlib.contextmanager
def running(lane, cells, limits):
    """The `Student` of a fork of a submission of these `cells`."""
    with self_test.running(lane, cells, limits) as channel:
        yield Student(channel, "probe")
