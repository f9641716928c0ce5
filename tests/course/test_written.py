"""Answers that were written without sight of the hidden tests: wrong ones lose points, right ones none.

The public checks say ✓ to right ones, and to at most one wrong one in ten: what differs in the last digits only, or
only where numbers are very large or very small, is left to the hidden tests. Answers that are only noted have no ✓.
"""

import signal
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from kit.check import is_satisfied, verdict
from units import UNITS, inside, names_in

from grader.course import notebooks
from grader.course.stubs import asked_names
from grader.environment import environment
from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.local import LocalChannel
from tests.written import all_written, named

pytestmark = pytest.mark.slow


DECLARED = {unit: found for unit in UNITS if (found := all_written(names_in(unit, "written_answers.py")))}
ANSWERS = {
    unit: found
    for unit in UNITS
    if (
        found := [
            *DECLARED.get(unit, []),
            *named(names_in(unit, "wrong_answers.py"), right=False),
            *named(names_in(unit, "odd_answers.py"), right=True),
        ]
    )
}


def each(units):
    return pytest.mark.parametrize("unit", units, ids=lambda unit: unit.id)


def names_with(unit, answer):
    """The reference's names with the answer in them."""
    names = load_module(unit.solutions_dir / "reference.py")
    if answer.alone:
        cells = notebooks.read_percent(unit.stub.read_text(encoding="utf-8"))
        asked = [name for cell in cells if cell.task == answer.task for name in asked_names(cell.source)]
        names.update({name: ... for name in asked if "." not in name})
    names.update(answer.change(names))
    return names


class Patient(LocalChannel):
    """The far side with a limit on what one request computes, as in the jail: some wrong answers never end."""

    def request(self, request, on_callback):
        def over(*_):
            raise TimeoutError("still computing")

        before, depth = signal.signal(signal.SIGVTALRM, over), sys.getrecursionlimit()
        signal.setitimer(signal.ITIMER_VIRTUAL, 3, 1)
        try:
            return super().request(request, on_callback)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
            sys.setrecursionlimit(depth)  # some answers raise it, and what comes later in this process would overflow


def share_of_points(unit, answer, run):
    """How much of its task an answer earns, and which hidden tests it fails: {name: why}."""
    ran = [
        case.result
        for case in run(
            lambda _: Student(Patient(names_with(unit, answer)), "reference"), only=frozenset([answer.task])
        )
    ]
    passed = [result.weight for result in ran if result.outcome is Outcome.PASSED]
    return sum(passed) / sum(result.weight for result in ran), {
        result.name: result.hint or result.staff for result in ran if result.outcome is not Outcome.PASSED
    }


@each(ANSWERS)
def test_a_wrong_answer_loses_points_and_a_right_one_none(unit):
    assert {answer.task for answer in ANSWERS[unit]} <= {task.id for task in unit.tasks}

    def body(run):
        earned = {answer: share_of_points(unit, answer, run) for answer in ANSWERS[unit]}
        assert {answer.name: fails for answer, (_, fails) in earned.items() if answer.right and fails} == {}
        assert [answer.name for answer, (share, _) in earned.items() if not answer.right and share == 1] == []
        too_much = {
            answer.name: share
            for answer, (share, _) in earned.items()
            if answer.at_most is not None and share > answer.at_most
        }
        assert too_much == {}  # constants, echoes and tricks

    with environment({"JUPYTERHUB_USER": "reference"}):
        inside(unit, body)


@each(DECLARED)
def test_the_public_checks_tick_right_answers_and_at_most_one_wrong_one_in_ten(unit):
    ticked = {}
    for answer in DECLARED[unit]:
        names = names_with(unit, answer)
        with np.errstate(all="ignore"):
            said = verdict(answer.task, names, unit.exercises_dir)
        assert not (answer.right and not is_satisfied(said)), (answer.name, said)
        ticked[answer] = is_satisfied(said, answer.change(names))
        plt.close("all")
    wrong = [answer for answer in ticked if not answer.right]
    assert sum(ticked[answer] for answer in wrong) <= 0.1 * len(wrong)
