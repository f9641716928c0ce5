"""Every unit: right answers score in full, each mistake fails exactly what it says and is named, stubs get nothing.

A unit's right answers in other styles lie in tests/unit_<id>/right_answers/, its mistakes in other words in
tests/unit_<id>/rewritten.py; what only one unit has is tested in that folder.
"""

import json
import time
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from kit.check import verdict

from grader import build, manifest, pytest_plugin
from grader.audit import stub_of
from grader.diagnose import Casebook, Rewritten, load_module
from grader.results import Outcome
from grader.student import Student

ROOT = Path(__file__).parents[2]
COURSE = manifest.load(ROOT)
UNITS = [unit for unit in COURSE.units if unit.exercises_dir.is_dir()]
TASKS = [pytest.param(unit, task.id, id=f"{unit.id}-{task.id}") for unit in UNITS for task in unit.tasks]
STUDENTS = ("reference", "ada", "bo", "chidi", "dora")
each_unit = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)


@pytest.fixture(autouse=True)
def _quiet_figures(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "reference")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    plt.switch_backend("Agg")
    monkeypatch.setitem(plt.rcParams, "figure.max_open_warning", 0)
    yield
    plt.close("all")


def inside(unit, body):
    """Run `body(run)` where the unit's hidden tests are collected."""
    done = []

    def wrapped(run):
        body(run)
        done.append(True)

    pytest_plugin.serve([unit.solutions_dir / f"test_{unit.id}_hidden.py"], wrapped)
    assert done


def failed(ran):
    return {case.result.name for case in ran if case.result.outcome is not Outcome.PASSED}


def right_answers(unit):
    return sorted((ROOT / "tests" / f"unit_{unit.id}" / "right_answers").glob("*.py"))


@pytest.mark.slow
@each_unit
def test_the_reference_passes_and_every_mistake_fails_exactly_what_it_says_and_is_named(unit):
    def body(run):
        casebook = Casebook(unit.solutions_dir, run)
        assert casebook.unsound() == []
        assert {known.task for known in casebook.mistakes} == {task.id for task in unit.tasks}
        for known in casebook.mistakes:
            assert failed(casebook.cases(known).values()) == set(known.fails), known.name
            named = casebook.name_mistake(known.task, list(casebook.cases(known).values()))
            assert named is not None, known.name  # perhaps another name for the same behaviour
            assert set(named.fails) == set(known.fails), (known.name, named.name)
        assert {case.result.task for case in casebook.reference} == {task.id for task in unit.tasks}
        assert all(case.result.says.endswith((".", "?")) for case in casebook.reference)

    inside(unit, body)


@pytest.mark.slow
@each_unit
def test_right_answers_in_three_other_styles_score_in_full_and_are_never_diagnosed(unit, monkeypatch):
    assert len(right_answers(unit)) >= 3

    def body(run):
        casebook = Casebook(unit.solutions_dir, run)
        for path in right_answers(unit):
            for student in STUDENTS:
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


@pytest.mark.slow
@each_unit
def test_nine_in_ten_mistakes_are_named_when_written_in_other_words(unit):
    again = list(load_module(right_answers(unit)[0].parents[1] / "rewritten.py").values())
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


@pytest.mark.slow
@each_unit
def test_hidden_tests_are_deterministic(unit):
    def body(run):
        reference = unit.solutions_dir / "reference.py"
        for _ in range(3):
            assert failed(run(lambda _: Student.local(load_module(reference)))) == set()

    inside(unit, body)


@pytest.mark.slow
@each_unit
def test_stubs_get_no_point(unit):
    def body(run):
        ran = run(lambda _: Student.local(stub_of(unit)))
        assert failed(ran) == {case.result.name for case in ran}

    inside(unit, body)


@pytest.mark.slow
@each_unit
def test_tricks_get_no_point(unit):
    path = ROOT / "tests" / f"unit_{unit.id}" / "tricks.py"

    def body(run):
        ran = run(lambda _: Student.local(load_module(path)))
        assert failed(ran) == {case.result.name for case in ran}

    inside(unit, body)


@pytest.mark.parametrize(("unit", "task"), TASKS)
def test_the_public_checks_pass_for_the_reference_and_are_instant(unit, task):
    names = load_module(unit.solutions_dir / "reference.py")
    verdict(task, names, unit.exercises_dir)
    started = time.process_time()
    said = verdict(task, names, unit.exercises_dir)
    assert said.startswith("✓"), said
    assert time.process_time() - started < 0.5  # benchmarks/units.py prints the figure; a tenth of a second is meant


@pytest.mark.parametrize(("unit", "task"), TASKS)
def test_the_public_checks_say_what_to_do_with_an_untouched_stub(unit, task):
    said = verdict(task, stub_of(unit), unit.exercises_dir)
    assert said.startswith(f"✗ {task}")
    assert "..." in said or "None" in said or "yet" in said, said


@each_unit
def test_a_unit_is_built_and_nothing_secret_is_in_what_students_get(unit, tmp_path):
    build.build_unit(COURSE, unit.id, tmp_path)
    assert not build.find_leaks(COURSE, unit.id, unit.exercises_dir)


@pytest.mark.slow
@each_unit
def test_the_notebook_runs_with_the_reference_in_it_and_all_its_checks_pass(unit, tmp_path, monkeypatch, capsys):
    folder = build.build_unit(COURSE, unit.id, tmp_path)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    names = {"__name__": "__main__"}
    with plt.rc_context():
        for cell in json.loads((folder / f"{unit.id}.ipynb").read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    said = capsys.readouterr().out
    assert said.count("✓") == len(unit.tasks), said
    assert "First make its check pass" not in said
