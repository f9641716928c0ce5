"""Answers that nobody had seen when the hidden tests of `u5_mlp_training` were written: only wrong ones lose.

If you change a hidden test, add to wrong_answers.py and odd_answers.py what the change should see, and what it must
not mistake for it.
"""

from pathlib import Path

import pytest
from kit.check import is_satisfied, verdict

from grader.diagnosis.mistakes import load_mistakes
from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "u5_mlp_training"
WRONG = load_module(Path(__file__).with_name("wrong_answers.py"))["WRONG"]
RIGHT = load_module(Path(__file__).with_name("odd_answers.py"))["RIGHT"]
TASKS = [
    pytest.param(task, marks=[pytest.mark.slow] if task in ("moons", "fit_digits", "own_digit") else [])
    for task in (
        "mse",
        "init_params",
        "forward",
        "backward",
        "train",
        "moons",
        "two_engines",
        "fit_digits",
        "own_digit",
    )
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

    run_inside_pytest([SOLUTION / "test_u5_mlp_training_hidden.py"], body)
    assert found.keys() == answers.keys()
    return found


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_right_answer_in_an_odd_style_loses_nothing(task):
    right = {name: entry for name, entry in RIGHT.items() if entry[0] == task}
    assert len(right) >= 5
    assert {name: sorted(failed) for name, (failed, _) in graded(right).items() if failed} == {}


# -------------------------------------------------------------------------------------------- the public checks

PUBLIC = ROOT / "exercises" / "u5_mlp_training"
TICKED = {  # wrong answers that the public checks tick all the same, and why: the hidden tests see them
    "dmse_by_a_complex_step": "every number is right, but for those that are too small for a step",
    "the_complex_step": "every number is right, but for those that are too small for a step",
    "the_complex_step_before_dout": "every number is right, but for those that are too small for a step",
    "small_steps_with_the_own_forward": "the public check measures as well, and asks for no more digits",
    "small_steps_with_a_better_rule": "the public check measures as well, and asks for no more digits",
    "outputs_rounded": "at the ninth digit",
    "bends_rounded": "at the ninth digit",
    "straight_for_small_sums": "at the ninth digit",
    "remembers_the_output_for_a_net": "whoever remembers by the net was told so for X",
    "stops_where_the_loss_stays": "the public walks are too short for it",
}


def said(task, changed):
    """What `check(task)` prints for the reference with some of its names changed."""
    names = load_module(SOLUTION / "reference.py")
    names.update(changed)
    return verdict(task, names, PUBLIC)


def ticked(task, changed):
    """Whether a wrong answer gets a tick: not where all that is changed is only noted, to be judged later."""
    return is_satisfied(said(task, changed), changed)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_public_checks_tick_no_known_mistake():
    known = load_mistakes(SOLUTION)
    assert len(known) > 100
    assert [mistake.name for mistake in known if ticked(mistake.task, mistake.replace())] == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_public_checks_tick_one_wrong_answer_in_ten_at_most_each_for_a_reason():
    found = {name for name, (task, write, _, _) in WRONG.items() if ticked(task, write())}
    assert found <= set(TICKED)
    assert len(TICKED) <= 0.1 * len(WRONG)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_public_checks_tick_right_answers_in_odd_styles_after_wrong_ones():
    for name, (task, write, _, _) in WRONG.items():
        if task in ("forward", "backward") and "widths_agree" in name:
            assert not is_satisfied(said(task, write()))  # and it wrote into what it was given
    values = load_module(Path(__file__).with_name("odd_answers.py"))
    for name, (task, write) in values["RIGHT"].items():
        assert is_satisfied(said(task, {"Value": values["Value"], **write()})), name
