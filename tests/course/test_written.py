"""Answers that were written without sight of the hidden tests: wrong ones lose points, right ones none.

The public checks say ✓ to right ones, and to at most one wrong one in ten: what differs in the last digits only, or
only where numbers are very large or very small, is left to the hidden tests. What is noted for later has no ✓.
"""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import verdict
from units import ROOT, UNITS, inside

from grader.results import Outcome
from grader.testing import Student, load_module
from tests.written import all_written

pytestmark = pytest.mark.slow
WRITTEN = {
    unit.id: all_written(load_module(path))
    for unit in UNITS
    if (path := ROOT / "tests" / f"unit_{unit.id}" / "written_answers.py").is_file()
}
each_written_unit = pytest.mark.parametrize("unit", [u for u in UNITS if u.id in WRITTEN], ids=lambda unit: unit.id)


def share_of_points(unit, answer, run):
    """How much of its task an answer earns, and which hidden tests it fails."""

    def open_student(_):
        names = load_module(unit.solutions_dir / "reference.py")
        names.update(answer.change(names))
        return Student.local(names)

    ran = [case.result for case in run(open_student, only=frozenset([answer.task]))]
    passed = [result.weight for result in ran if result.outcome is Outcome.PASSED]
    return sum(passed) / sum(result.weight for result in ran), [
        result.name for result in ran if result.outcome is not Outcome.PASSED
    ]


@each_written_unit
def test_a_wrong_answer_loses_points_and_a_right_one_none(unit):
    def body(run):
        earned = {answer: share_of_points(unit, answer, run) for answer in WRITTEN[unit.id]}
        assert {answer.name: fails for answer, (_, fails) in earned.items() if answer.right and fails} == {}
        assert [answer.name for answer, (share, _) in earned.items() if not answer.right and share == 1] == []
        too_much = {
            answer.name: share
            for answer, (share, _) in earned.items()
            if answer.at_most is not None and share > answer.at_most
        }
        assert too_much == {}  # constants, echoes and tricks

    inside(unit, body)


@each_written_unit
def test_the_public_checks_tick_right_answers_and_at_most_one_wrong_one_in_ten(unit):
    ticked = {}
    for answer in WRITTEN[unit.id]:
        names = load_module(unit.solutions_dir / "reference.py")
        names.update(answer.change(names))
        with np.errstate(all="ignore"):
            said = verdict(answer.task, names, unit.exercises_dir)
        noted = said[said.rfind("judged when you hand in") :]
        later = all(f"`{name}`" in noted for name in answer.change(names))
        ticked[answer] = "·" if said[0] == "✓" and later else said[0]
        plt.close("all")
    assert [answer.name for answer, said in ticked.items() if answer.right and said not in "✓·"] == []
    wrong = [answer for answer in ticked if not answer.right]
    assert len([answer for answer in wrong if ticked[answer] == "✓"]) <= 0.1 * len(wrong)
