"""Public checks find fault with what the hidden tests refuse on sight; of the known mistakes, the audit counts them."""

import matplotlib.pyplot as plt
import pytest
from kit.check import is_satisfied, verdict
from units import UNITS, names_in

from grader.testing import load_module
from tests.written import named

MEASURED = [unit for unit in UNITS if unit.id in ("u1_derivative_intuition", "u2_derivative_rules")]
each_measured = pytest.mark.parametrize("unit", MEASURED, ids=lambda unit: unit.id)


@pytest.fixture
def ticked(monkeypatch):
    """Whether `check(task)` finds no fault with a unit's reference with some names exchanged, which it looks at."""
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")

    def says(unit, task, made, right=False):
        names = load_module(unit.solutions_dir / "reference.py")
        changed = made(names)
        names.update(changed)
        try:
            return is_satisfied(verdict(task, names, unit.exercises_dir), () if right else changed)
        finally:
            plt.close("all")

    return says


@pytest.mark.slow
@each_measured
def test_answers_written_to_be_hard_to_see_rarely_get_it_and_odd_right_ones_always(unit, ticked):
    wrong = named(names_in(unit, "wrong_answers.py"), right=False)
    assert sum(ticked(unit, answer.task, answer.change) for answer in wrong) <= 0.2 * len(wrong)
    odd = named(names_in(unit, "odd_answers.py"), right=True)
    assert [answer.name for answer in odd if not ticked(unit, answer.task, answer.change, right=True)] == []
