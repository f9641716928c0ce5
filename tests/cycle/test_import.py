"""What every command of ours waits for: imports, and trying how well submissions can be isolated."""

import os
import subprocess
import sys

import pytest

from grader.environment import python_path
from grader.grading.ledger import Ledger
from grader.nbgrader import class_grading
from grader.results import Level


@pytest.fixture
def imports(tmp_path):
    """`imports(modules)`: whether they import the reader of IRIs, where pip installs it. (The lock leaves it out.)"""
    nothing_to_compile = "def is_valid_syntax(term, value): return True\n"
    (tmp_path / "rfc3987_syntax.py").write_text(nothing_to_compile)
    path = os.pathsep.join([str(tmp_path), python_path()])

    def imported(modules):
        code = f"import sys, {modules}; print(sys.modules.get('rfc3987_syntax') is not None)"
        env = {**os.environ, "PYTHONPATH": path}
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env).stdout

    return imported


@pytest.mark.slow
def test_nbgrader_is_imported_without_the_grammar_that_it_never_asks(imports):
    """If the second line fails, nbgrader's own import is quick: what grader/nbgrader/__init__.py does can go."""
    assert imports("grader.nbgrader.class_grading, nbgrader.apps") == "False\n"
    assert imports("nbgrader.apps") == "True\n"


def test_a_class_that_is_graded_already_waits_for_no_import_that_only_grading_needs():
    modules = "class_commands, grader.nbgrader.class_grading, grader.report.grading_progress, grader.report.table"
    code = f"import sys, grader.{modules}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {"pytest", "nbgrader", "sqlalchemy", "nbformat", "markdown_it", "nh3", "matplotlib", "sympy"}
    assert slow.isdisjoint(said.stdout.split())


def test_the_workers_are_started_before_anything_is_imported_that_only_they_need():
    said = subprocess.run(
        [sys.executable, "-c", "import sys, grader.grading.pool; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"pytest", "matplotlib", "sympy", "nbgrader"}.isdisjoint(said.stdout.split())


def test_our_commands_collect_garbage_rarely_and_not_at_their_end():
    """That is half of the time in which nbgrader is imported, and most of the time in which a command ends."""
    code = (
        "import atexit, gc, just_enough_calculus\n"
        "atexit.register(lambda: print(gc.get_threshold()[0] > 10_000, gc.get_freeze_count() > 10_000))\n"  # is last
        "just_enough_calculus.run()"
    )
    said = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "True True"


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
