"""What every command of ours waits for: imports, and trying how well submissions can be isolated."""

import subprocess
import sys

import pytest

from grader.grading.ledger import Ledger
from grader.nbgrader import class_grading
from grader.results import Level


@pytest.mark.slow
def test_nbgrader_is_imported_without_compiling_a_grammar_that_it_never_asks():
    code = "import sys, grader.nbgrader.class_grading, nbgrader.apps; print('lark' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


@pytest.mark.slow
def test_without_us_it_is_compiled():
    """If this fails, nbgrader's own import has become quick: the line in grader/nbgrader/__init__.py can go."""
    code = "import sys, nbgrader.apps; print('lark' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "True"


def test_a_class_that_is_graded_already_waits_for_no_import_that_only_grading_needs():
    modules = "class_commands, grader.nbgrader.class_grading, grader.report.grading_progress, grader.report.table"
    code = f"import sys, grader.{modules}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"pytest", "nbgrader", "sqlalchemy", "nbformat", "markdown_it", "nh3", "matplotlib", "sympy"}
    assert slow.isdisjoint(said.stdout.split())


def test_the_isolation_level_is_tried_once_on_a_machine_and_not_for_each_look_at_a_graded_class(tmp_path, monkeypatch):
    """After an update of ours or a restart, nothing may be left to grade, so no grading tells the ledger the level."""
    tried = []
    monkeypatch.setattr(class_grading, "_level_for_grading", lambda: tried.append("") or Level.L3)
    for _ in range(2):
        with Ledger(tmp_path / "ledger.db") as ledger:
            assert class_grading._level_here(ledger) is Level.L3
    monkeypatch.setattr(class_grading, "this_machine", lambda: "another")
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert class_grading._level_here(ledger) is Level.L3
    assert len(tried) == 2
