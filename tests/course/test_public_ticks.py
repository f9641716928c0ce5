"""Public checks say no ✓ to what the hidden tests refuse on sight: of the known mistakes to one in ten at most."""

import matplotlib.pyplot as plt
import pytest
from kit.check import verdict
from test_wrong_and_odd_answers import answers
from units import UNITS

from grader.diagnosis.mistakes import load_mistakes
from grader.testing import load_module

TICKED = {  # known mistake: why the public check does not see it
    "matched_in_order": "letters are noted, and judged when the work is handed in",
    "zero_read_as_arrived": "letters are noted, and judged when the work is handed in",
}
MEASURED = [unit for unit in UNITS if unit.id in ("derivative_intuition", "derivative_rules")]
each_measured = pytest.mark.parametrize("unit", MEASURED, ids=lambda unit: unit.id)


@pytest.fixture
def ticked(monkeypatch):
    """Whether `check(task)` says ✓ to a unit's reference with some names exchanged."""
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")

    def says(unit, task, made):
        names = load_module(unit.solutions_dir / "reference.py")
        names.update(made())
        try:
            return verdict(task, names, unit.exercises_dir).startswith("✓")
        finally:
            plt.close("all")

    return says


@pytest.mark.slow
@each_measured
def test_known_mistakes_get_a_public_tick_only_for_a_reason(unit, ticked):
    known = load_mistakes(unit.solutions_dir)
    found = {one.name for one in known if ticked(unit, one.task, one.replace)}
    assert found <= set(TICKED)
    assert len(found) <= len(known) / 10


@pytest.mark.slow
@each_measured
def test_answers_written_to_be_hard_to_see_rarely_get_it_and_odd_right_ones_always(unit, ticked):
    wrong = [(task, name, made) for own, task, name, made in answers("wrong_answers.py") if own is unit]
    assert sum(ticked(unit, task, made) for task, _, made in wrong) <= 0.2 * len(wrong)
    odd = [(task, name, made) for own, task, name, made in answers("odd_answers.py") if own is unit]
    assert [name for task, name, made in odd if not ticked(unit, task, made)] == []
