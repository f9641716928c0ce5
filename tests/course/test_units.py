"""Every unit: the audit finds no fault, the public checks say what to do, the notebook is built and runs.

What only one unit has is tested in tests/<id>/.
"""

import ast
import json
import re

import matplotlib.pyplot as plt
import pytest
from kit.check import is_satisfied, verdict
from units import COURSE, UNITS, each_unit

from grader.audit import questions
from grader.audit.worthless import stub_of
from grader.course import build, leaks
from grader.diagnosis.mistakes import load_mistakes
from grader.testing.authoring import load_module

TASKS = [pytest.param(unit, task.id, id=f"{unit.id}-{task.id}") for unit in UNITS for task in unit.tasks]


@pytest.mark.slow
@each_unit
def test_the_audit_finds_no_fault_but_for_the_mutants_which_it_is_not_asked_for(unit):
    found = questions.audit_unit(COURSE, unit.id, fast=True)
    assert found.faults == []
    assert all(found.of(look) for look in ("right", "mistakes", "rewritten", "worthless", "repeats", "messages"))
    assert {finding.task for finding in found.of("time")} == {task.id for task in unit.tasks}  # each has a hidden test


@pytest.mark.slow
@each_unit
def test_each_task_has_a_known_mistake_and_each_hidden_test_a_sentence(unit):
    assert {known.task for known in load_mistakes(unit.solutions_dir)} == {task.id for task in unit.tasks}
    hidden = ast.parse((unit.solutions_dir / f"test_{unit.id}_hidden.py").read_text(encoding="utf-8"))
    tests = [node for node in hidden.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    assert tests
    assert [test.name for test in tests if not (ast.get_docstring(test) or "").endswith((".", "?"))] == []


@pytest.mark.parametrize(("unit", "task"), TASKS)
def test_the_public_checks_pass_for_the_reference(unit, task):
    """benchmarks/units.py prints how long they take; a tenth of a second is meant."""
    said = verdict(task, load_module(unit.solutions_dir / "reference.py"), unit.exercises_dir)
    assert is_satisfied(said), said


@pytest.mark.parametrize(("unit", "task"), TASKS)
def test_the_public_checks_say_what_to_do_with_an_untouched_stub(unit, task):
    said = verdict(task, stub_of(unit), unit.exercises_dir)
    assert said.startswith(f"✗ {task}")
    assert "..." in said or "None" in said or "yet" in said, said


@pytest.mark.slow
@each_unit
def test_a_unit_is_built_and_nothing_secret_is_in_what_students_get(unit, tmp_path):
    build.build_unit(COURSE, unit.id, tmp_path)
    assert not leaks.find_leaks(COURSE, unit.id, unit.exercises_dir)


@pytest.mark.slow
@each_unit
def test_the_notebook_runs_with_the_reference_in_it_and_all_its_checks_pass(unit, tmp_path, monkeypatch, capsys):
    folder = build.build_unit(COURSE, unit.id, tmp_path)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    monkeypatch.setenv("KIT_REHEARSING", "1")  # long training is cut short
    names = {"__name__": "__main__"}
    with plt.rc_context():
        for cell in json.loads((folder / f"{unit.id}.ipynb").read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    said = capsys.readouterr().out
    assert len(re.findall("^[✓·] ", said, re.M)) == len(unit.tasks), said
    assert "First make its check pass" not in said, said[-3000:]
