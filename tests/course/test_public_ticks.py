"""Public checks say no ✓ to what the hidden tests refuse on sight: of the known mistakes to one in ten at most."""

import matplotlib.pyplot as plt
import pytest
from kit.check import verdict
from units import UNITS, names_in

from grader.diagnosis.mistakes import load_mistakes
from grader.testing import load_module
from tests.written import named

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
        names.update(made(names))
        try:
            return verdict(task, names, unit.exercises_dir).startswith("✓")
        finally:
            plt.close("all")

    return says


@pytest.mark.slow
@each_measured
def test_known_mistakes_get_a_public_tick_only_for_a_reason(unit, ticked):
    known = load_mistakes(unit.solutions_dir)
    found = {one.name for one in known if ticked(unit, one.task, lambda _, one=one: one.replace())}
    assert found <= set(TICKED)
    assert len(found) <= len(known) / 10


@pytest.mark.slow
@each_measured
def test_answers_written_to_be_hard_to_see_rarely_get_it_and_odd_right_ones_always(unit, ticked):
    wrong = named(names_in(unit, "wrong_answers.py"), right=False)
    assert sum(ticked(unit, answer.task, answer.change) for answer in wrong) <= 0.2 * len(wrong)
    odd = named(names_in(unit, "odd_answers.py"), right=True)
    assert [answer.name for answer in odd if not ticked(unit, answer.task, answer.change)] == []
