"""The order in which the hidden tests of a unit run."""

import pytest

from grader.errors import GraderError
from grader.testing import Student
from grader.testing.plugin import run_inside_pytest

TESTS = """
import pytest
@pytest.mark.task("slope")
def test_first(student): pass
@pytest.mark.task("plot")
def test_second(student): pass
@pytest.mark.task("slope")
def test_third(student): pass
@pytest.mark.task("area")
def test_fourth(student): pass
@pytest.mark.task("plot")
def test_fifth(student): pass
"""


def ran(path):
    names = []
    run_inside_pytest([path], lambda run: names.extend(case.result.name for case in run(lambda _: Student.local({}))))
    return names


def test_the_tests_of_a_task_run_one_after_another(tmp_path):
    """A process answers the tests of one task: with others between them, it would have to be forked again."""
    path = tmp_path / "test_unit_hidden.py"
    path.write_text(TESTS)
    assert ran(path) == ["test_first", "test_third", "test_second", "test_fifth", "test_fourth"]


def test_a_test_that_names_no_task_is_told(tmp_path):
    path = tmp_path / "test_unit_hidden.py"
    path.write_text(TESTS.replace('@pytest.mark.task("area")\n', ""))
    with pytest.raises(GraderError, match="test_fourth: the test names no task"):
        ran(path)
