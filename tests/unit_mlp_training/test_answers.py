"""Answers that nobody had seen when the hidden tests of `mlp_training` were written: only wrong ones lose.

Whoever changes a hidden test adds to wrong_answers.py and odd_answers.py what the change should see, and what it must
not mistake for it.
"""

from pathlib import Path

import pytest

from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import serve

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "mlp_training"
WRONG = load_module(Path(__file__).with_name("wrong_answers.py"))["WRONG"]
RIGHT = load_module(Path(__file__).with_name("odd_answers.py"))["RIGHT"]
TASKS = [
    pytest.param(task, marks=[pytest.mark.slow] if task == "moons" else [])
    for task in ("mse", "init_params", "forward", "backward", "train", "moons", "two_engines")
]


def graded(answers):
    """For each answer (name -> task, write): the hidden tests that it fails, and its share of the task's points."""
    found = {}

    def body(run):
        for name, (task, write) in answers.items():

            def open_student(_, write=write):
                names = load_module(SOLUTION / "reference.py")
                names.update(write())
                return Student.local(names)

            ran = run(open_student, only=frozenset([task]))
            failed = {case.result.name for case in ran if case.result.outcome is not Outcome.PASSED}
            got = sum(case.result.weight for case in ran if case.result.name not in failed)
            found[name] = failed, got / sum(case.result.weight for case in ran)

    serve([SOLUTION / "test_mlp_training_hidden.py"], body)
    assert found.keys() == answers.keys()
    return found


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # what wrong answers compute may overflow
def test_a_wrong_answer_loses_the_test_that_is_about_it_and_a_worthless_one_nearly_all(task):
    wrong = {name: entry for name, entry in WRONG.items() if entry[0] == task}
    assert len(wrong) >= 12
    found = graded({name: (task, write) for name, (_, write, _, _) in wrong.items()})
    missed = {name: fails - found[name][0] for name, (_, _, fails, _) in wrong.items() if fails - found[name][0]}
    assert missed == {}
    shares = {name: found[name][1] for name, (_, _, _, largest) in wrong.items() if found[name][1] > largest}
    assert shares == {}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_right_answer_in_an_odd_style_loses_nothing(task):
    right = {name: entry for name, entry in RIGHT.items() if entry[0] == task}
    assert len(right) >= 5
    assert {name: sorted(failed) for name, (failed, _) in graded(right).items() if failed} == {}
