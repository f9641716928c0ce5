"""Every unit: answers that are nearly right lose points, answers that nobody worked for get next to none, and odd ones
that are right keep all.

`tests/unit_<id>/wrong_answers.py` and `odd_answers.py` hold functions named `task__what`, which give the names that
replace the reference's. `task__trick_what` is an answer without work: the rest of the task is not answered then.
"""

import os

import pytest
from units import ROOT, UNITS, inside

from grader.course import notebooks
from grader.course.stubs import asked_names
from grader.results import Outcome
from grader.testing import Student, load_module

TRICKS_GET = 0.05  # of a task's points at most


def answers(file):
    """(unit, task, name, function) for each answer in the units' files of this name."""
    found = []
    for unit in UNITS:
        path = ROOT / "tests" / f"unit_{unit.id}" / file
        tasks = {task.id for task in unit.tasks}
        for name, made in (load_module(path) if path.is_file() else {}).items():
            task, _, what = name.partition("__")
            if what and callable(made) and not name.startswith("__"):
                assert task in tasks, f"{path.name}: {name} is of no task of {unit.id}"
                found.append((unit, task, name, made))
    return found


def shares(unit, chosen):
    """name -> (share of its task's weight that the answer gets, {hidden test that it loses: why})."""
    os.environ["JUPYTERHUB_USER"] = "reference"
    got = {}

    def body(run):
        for task, name, made in chosen:
            ran = run(
                lambda _, task=task, name=name, made=made: exchanged(unit, task, name, made), only=frozenset([task])
            )
            weight = sum(case.result.weight for case in ran)
            passed = [case for case in ran if case.result.outcome is Outcome.PASSED]
            lost = {
                case.result.name: case.result.hint or case.result.staff
                for case in ran
                if case.result.outcome is not Outcome.PASSED
            }
            got[name] = sum(case.result.weight for case in passed) / weight, lost

    inside(unit, body)
    return got


def exchanged(unit, task, name, made):
    """The reference with the answer in it; around a trick nothing else of its task is answered."""
    names = load_module(unit.solutions_dir / "reference.py")
    if "__trick_" in name:
        names.update({asked: ... for asked in asked_names_of(unit, task) if "." not in asked})
    names.update(made())
    return Student.local(names)


def asked_names_of(unit, task):
    """The names that the notebook asks for in the cell of a task."""
    cells = notebooks.read_percent((unit.exercises_dir / f"{unit.id}.py").read_text(encoding="utf-8"))
    return [name for cell in cells if cell.task == task for name in asked_names(cell.source)]


def by_unit(file):
    found = answers(file)
    return [
        pytest.param(unit, [answer[1:] for answer in found if answer[0] is unit], id=unit.id)
        for unit in UNITS
        if any(answer[0] is unit for answer in found)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "chosen"), by_unit("wrong_answers.py"))
def test_wrong_answers_lose_points_and_tricks_nearly_all(unit, chosen):
    got = shares(unit, chosen)
    assert {name for name, (share, _) in got.items() if share == 1} == set()
    tricks = {name: share for name, (share, _) in got.items() if "__trick_" in name}
    assert {name: share for name, share in tricks.items() if share > TRICKS_GET} == {}


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "chosen"), by_unit("odd_answers.py"))
def test_right_answers_in_odd_styles_lose_nothing(unit, chosen):
    got = shares(unit, chosen)
    assert {name: lost for name, (_, lost) in got.items() if lost} == {}
