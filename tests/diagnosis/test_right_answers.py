"""Right answers in unusual but allowed styles, written from the units' texts alone, keep every point."""

import re
from pathlib import Path

import pytest

from grader.course import manifest
from grader.results import Outcome
from grader.testing import Student, load_module
from grader.testing.plugin import run_inside_pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = manifest.load(ROOT).units
HEAD = re.compile(r"^# %% (\w+) \| (.+)$", re.M)
_sets = [ROOT / "tests" / "diagnosis" / name / "right_answers.py" for name in ("fourth", "sixth", "eighth")]
_parts = [part for path in _sets for part in HEAD.split(path.read_text(encoding="utf-8"))[1:]]
ANSWERS = list(zip(_parts[::3], _parts[1::3], _parts[2::3], strict=True))


def test_every_answer_belongs_to_a_task():
    assert {task for task, _, _ in ANSWERS} <= {task.id for unit in UNITS for task in unit.tasks}
    assert len(ANSWERS) >= 160


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_it_keeps_every_point(unit, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")
    own = [answer for answer in ANSWERS if answer[0] in {task.id for task in unit.tasks}]
    lost = []

    def body(run):
        for task, style, code in own:
            names = load_module(unit.reference)
            exec(compile(code, "<cell 1>", "exec"), names)
            ran = run(lambda _, names=names: Student.local(names, "reference"), only=frozenset([task]))
            lost.extend((style, case.result) for case in ran if case.result.outcome is not Outcome.PASSED)

    run_inside_pytest([unit.hidden_tests], body)
    assert lost == []
