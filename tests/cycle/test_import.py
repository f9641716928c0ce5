"""What is imported with nbgrader, which every command of ours that needs it waits for."""

import subprocess
import sys

import pytest


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
