"""Every unit: right answers in other styles score in full, mistakes are written in other words, tricks get nothing.

A unit's right answers in other styles lie in solutions/<id>/right_answers/, its mistakes in other words in
solutions/<id>/rewritten.py.
"""

import pytest
from units import ROOT, each_unit, failed, inside

from grader.diagnosis.casebook import Casebook
from grader.diagnosis.mistakes import load_mistakes
from grader.testing.authoring import Rewritten, load_module
from grader.testing.student import Student

pytestmark = pytest.mark.slow
STUDENTS = ("ada", "bo", "chidi", "dora")


def right_answers(unit):
    return sorted((unit.solutions_dir / "right_answers").glob("*.py"))


@each_unit
def test_right_answers_in_three_other_styles_score_in_full_and_are_never_diagnosed(unit, monkeypatch):
    assert len(right_answers(unit)) >= 3

    def body(run):
        casebook = Casebook(unit.solutions_dir, run)
        for number, path in enumerate(right_answers(unit)):  # "reference" is the audit's
            student = STUDENTS[number % len(STUDENTS)]
            monkeypatch.setenv("JUPYTERHUB_USER", student)
            ran = run(lambda _, path=path, student=student: Student.local(load_module(path), student))
            lost = {case.result.name: case.result.staff for case in ran if case.result.name in failed(ran)}
            assert lost == {}, (path.stem, student)
            by_task = [[case for case in ran if case.result.task == task.id] for task in unit.tasks]
            assert [casebook.diagnose(cases[0].result.task, cases, student) for cases in by_task] == [None] * len(
                by_task
            )

    inside(unit, body)


@each_unit
def test_at_least_half_of_the_mistakes_are_written_in_other_words(unit):
    """And not only the easy ones. That nine in ten of them are named is a question of the audit."""
    again = load_module(unit.solutions_dir / "rewritten.py").values()
    known = load_mistakes(unit.solutions_dir)
    assert len({mistake.of for mistake in again if isinstance(mistake, Rewritten)}) >= 0.5 * len(known)


@each_unit
def test_tricks_get_no_point(unit):
    path = ROOT / "tests" / unit.id / "tricks.py"

    def body(run):
        ran = run(lambda _: Student.local(load_module(path)))
        assert failed(ran) == {case.result.name for case in ran}

    inside(unit, body)
