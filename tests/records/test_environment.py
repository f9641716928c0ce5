"""Environment variables are set for a while, in one way, and put back come what may."""

import ast
import contextlib
import os

import pytest

from grader.environment import environment
from grader.testing import plugin
from grader.testing.student import Student


def test_variables_are_set_and_removed_for_a_while(monkeypatch):
    monkeypatch.setenv("WAS", "1")
    monkeypatch.delenv("WAS_NOT", raising=False)
    with environment({"WAS": None, "WAS_NOT": "2"}):
        assert ("WAS" in os.environ, os.environ["WAS_NOT"]) == (False, "2")
    assert (os.environ["WAS"], "WAS_NOT" in os.environ) == ("1", False)


def test_they_are_put_back_after_an_exception_and_after_others_changed_them(monkeypatch):
    monkeypatch.setenv("WAS", "1")

    with contextlib.suppress(ValueError), environment({"WAS": "2", "WAS_NOT": "2"}):
        os.environ["WAS"] = "3"
        del os.environ["WAS_NOT"]
        raise ValueError
    assert (os.environ["WAS"], "WAS_NOT" in os.environ) == ("1", False)


OWN_PROCESS = {"demo", "environment", "course/rehearsal"}  # two are the main module of a process; one is the way itself


@pytest.mark.slow
def test_nothing_else_of_the_engine_changes_the_environment(root):
    """Processes in the jail have a separate environment."""
    for path in sorted((root / "grader").rglob("*.py")):
        name = str(path.relative_to(root / "grader").with_suffix(""))
        if name in OWN_PROCESS or name.startswith("jail/inside/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            target = ast.unparse(node) if isinstance(node, ast.Subscript | ast.Attribute) else ""
            stores = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
            methods = tuple(f"os.environ.{method}" for method in ("setdefault", "update", "pop", "clear", "popitem"))
            assert not (stores and target.startswith("os.environ")), f"{path}:{getattr(node, 'lineno', 0)}"
            assert not target.startswith((*methods, "os.putenv", "os.unsetenv")), f"{path}:{getattr(node, 'lineno', 0)}"


def test_what_an_instructor_sets_for_other_tests_does_not_reach_the_hidden_ones(tmp_path, monkeypatch):
    """With -x, for example, all tests after the first that a student fails would have been left out."""
    hidden = tmp_path / "test_unit_hidden.py"
    hidden.write_text('import pytest\n\n@pytest.mark.task("add")\ndef test_add(student):\n    """Adds."""\n')
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x -p no_such_plugin")
    monkeypatch.setenv("PYTEST_PLUGINS", "another_that_is_not_there")
    ran = []
    plugin.run_inside_pytest([hidden], lambda run: ran.extend(run(lambda _: Student.local({}))))
    assert [case.result.name for case in ran] == ["test_add"]


@pytest.mark.slow
def test_an_audit_leaves_the_environment_as_it_was(course, monkeypatch):
    from grader.audit import questions, worthless

    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    monkeypatch.setenv("KIT_GRADING", "")
    monkeypatch.delenv("MPLBACKEND", raising=False)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # pytest's own, and a pytest in this process takes it away
    before = dict(os.environ)
    monkeypatch.setattr(questions, "_reference", lambda casebook: iter([]))
    monkeypatch.setattr("grader.diagnosis.casebook.Casebook.unsound", lambda self: ["enough for this test"])
    questions.audit_unit(course, "u1_derivative_intuition", fast=True)
    worthless.stub_of(course.unit("u1_derivative_intuition"))
    assert dict(os.environ) == before
