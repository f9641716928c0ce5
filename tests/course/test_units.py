"""Every unit: the reference passes, every mistake fails exactly what it says and is named, stubs get nothing."""

import os

import pytest

from grader import notebooks, pytest_plugin
from grader.diagnose import Casebook, load_module
from grader.results import Outcome
from grader.student import Student

UNITS = ["derivative_intuition"]


@pytest.fixture(params=UNITS)
def unit(request, course, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    return course.unit(request.param)


def inside(unit, body):
    """Run `body(casebook, run)` where the unit's hidden tests are collected."""
    done = []

    def wrapped(run):
        body(Casebook(unit.solutions_dir, run), run)
        done.append(True)

    pytest_plugin.serve([unit.solutions_dir / f"test_{unit.id}_hidden.py"], wrapped)
    assert done


def failed(ran):
    return {case.result.name for case in ran if case.result.outcome is not Outcome.PASSED}


def test_the_reference_passes_and_every_mistake_fails_exactly_what_it_says(unit):
    def body(casebook, run):
        assert casebook.unsound() == []
        assert casebook.mistakes
        for known in casebook.mistakes:
            assert failed(casebook.cases[known.name].values()) == set(known.fails), known.name
            named = casebook.name_mistake(known.task, list(casebook.cases[known.name].values()))
            assert named is not None  # perhaps another name for the same behaviour
            assert set(named.fails) == set(known.fails)

    inside(unit, body)


def test_every_task_has_hidden_tests_with_a_sentence(unit):
    def body(casebook, run):
        assert {case.result.task for case in casebook.reference} == {task.id for task in unit.tasks}
        assert all(case.result.says.endswith((".", "?")) for case in casebook.reference)

    inside(unit, body)


def test_hidden_tests_are_deterministic(unit):
    def body(casebook, run):
        reference = unit.solutions_dir / "reference.py"
        first = [(case.result.name, case.transcript) for case in casebook.reference]
        for _ in range(3):
            again = run(lambda _: Student.local(load_module(reference)))
            assert failed(again) == set()
            assert [name for name, _ in first] == [case.result.name for case in again]

    inside(unit, body)


def test_stubs_get_no_point(unit):
    def body(casebook, run):
        text = (unit.exercises_dir / f"{unit.id}.py").read_text()
        names = {}
        os.environ["KIT_GRADING"] = "1"
        try:
            for cell in notebooks.read_percent(text):
                if cell.kind == "code" and not cell.check:
                    try:
                        exec(cell.source, names)
                    except Exception:  # what builds on a stub
                        continue
        finally:
            del os.environ["KIT_GRADING"]
        ran = run(lambda _: Student.local(names))
        assert failed(ran) == {case.result.name for case in ran}

    inside(unit, body)
