"""Every unit: right answers in other styles score in full, known mistakes in other words are named, tricks get nothing.

A unit's right answers in other styles lie in solutions/<id>/right_answers/, its mistakes in other words in
solutions/<id>/rewritten.py.
"""

import pytest
from units import ROOT, each_unit, failed, inside

from grader.diagnosis.casebook import Casebook
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
        for number, path in enumerate(right_answers(unit)):  # each in another variant as well
            for student in ("reference", STUDENTS[number % len(STUDENTS)]):
                monkeypatch.setenv("JUPYTERHUB_USER", student)
                ran = run(lambda _, path=path, student=student: Student.local(load_module(path), student))
                assert {case.result.name: case.result.staff for case in ran if case.result.name in failed(ran)} == {}, (
                    path.stem,
                    student,
                )
                by_task = [[case for case in ran if case.result.task == task.id] for task in unit.tasks]
                assert [casebook.diagnose(cases[0].result.task, cases, student) for cases in by_task] == [None] * len(
                    by_task
                )

    inside(unit, body)


@each_unit
def test_nine_in_ten_mistakes_are_named_when_written_in_other_words(unit):
    again = list(load_module(unit.solutions_dir / "rewritten.py").values())
    again = [one for one in again if isinstance(one, Rewritten)]

    def body(run):
        casebook = Casebook(unit.solutions_dir, run)
        says = {known.name: known.says for known in casebook.mistakes}
        named = {(one.of, number): casebook.name_rewritten(one) for number, one in enumerate(again)}
        lost = [key for key, found in named.items() if found is None or says[key[0]] != found.says]
        assert len(lost) <= 0.1 * len(again), lost
        assert {one.of for one in again} <= set(says)
        assert len({one.of for one in again}) >= 0.5 * len(says)  # and not only the easy ones were rewritten

    inside(unit, body)


@each_unit
def test_tricks_get_no_point(unit):
    path = ROOT / "tests" / f"unit_{unit.id}" / "tricks.py"

    def body(run):
        ran = run(lambda _: Student.local(load_module(path)))
        assert failed(ran) == {case.result.name for case in ran}

    inside(unit, body)
