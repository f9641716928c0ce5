"""What one hidden test hands over and another one asks for, in a small unit: each kind is found, and nothing else."""

from types import SimpleNamespace

import pytest

from grader.audit.crossing import what_crosses
from grader.testing import plugin

REFERENCE = """
def half(x): return x / 2
def third(x): return x / 3
"""
TESTS = """
import pytest

@pytest.mark.task("one")
def test_first(student):
    FIRST

@pytest.mark.task("two")
def test_second(student):
    SECOND
"""
ASKS = "student.half(2.46912)"  # 1.23456


def faults(folder, first, second, one_process=True):
    """What is wrong in a unit with these two tests."""
    (folder / "reference.py").write_text(REFERENCE)
    tests = folder / "test_small_hidden.py"
    tests.write_text(TESTS.replace("FIRST", first).replace("SECOND", second))
    unit = SimpleNamespace(reference=folder / "reference.py", one_process=one_process)
    found = []
    plugin.run_inside_pytest([tests], lambda run: found.extend(what_crosses(unit, run)))
    return [finding.says for finding in found if not finding.ok]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ASKS, "student.third(3.7)"),
        (ASKS, "student.third(1.23456)"),  # too late
        ("student.in_turn(('half', 2.46912), ('half', 4.93824))", "student.third(1.5)"),
        ("student.in_turn(('third', 1.23456), ('half', 2.46912))", "student.third(1.5)"),  # it was known before
        ("student.in_turn(('half', 2.0), ('third', 1.0))", "student.third(1.5)"),  # 1.0 says nothing
    ],
)
def test_nothing_is_found_where_nothing_crosses(first, second, tmp_path):
    assert faults(tmp_path, first, second) == []


@pytest.mark.parametrize(
    "hands",
    [
        "student.third([1.23456])",
        "student.third(__import__('numpy').array([1.23456, 2.0]))",
        "student.in_turn(('third', 5.0), ('third', 1.23456))",
        "student.eval('x', x=[1.23456])",
    ],
)
def test_a_value_that_a_later_test_asks_for(hands, tmp_path):
    assert faults(tmp_path, hands, ASKS) == ["test_second asks for what test_first hands over"]
    assert faults(tmp_path, hands, ASKS, one_process=False) == []


@pytest.mark.parametrize("one_process", [True, False])
@pytest.mark.parametrize("answer", ["1.23456", "[0.5, 1.23456]"])
def test_an_answer_in_the_message_that_asks_for_it(answer, one_process, tmp_path):
    """All arguments of calls in one message lie in the student's process before the first call is made."""
    first = f"student.in_turn(('half', 2.46912), ('half', 8.0), ('third', __import__('numpy').array({answer})))"
    assert faults(tmp_path, first, "student.third(1.5)", one_process) == [
        "test_first asks for what a later call of the same message hands over"
    ]
