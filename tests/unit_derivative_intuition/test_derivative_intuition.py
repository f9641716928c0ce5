"""The unit is right: right answers score in full, mistakes fail as declared, variants agree, checks are instant."""

import ast
import time
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from kit.check import verdict

from grader import build, manifest, notebooks
from grader.diagnose import load_mistakes, load_module
from grader.pytest_plugin import serve
from grader.results import Outcome
from grader.student import Student

ROOT = Path(__file__).parents[2]
UNIT = "derivative_intuition"
EXERCISE, SOLUTION = ROOT / "exercises" / UNIT, ROOT / "solutions" / UNIT
RIGHT = sorted((Path(__file__).parent / "right_answers").glob("*.py"))
TASKS = [task.id for task in manifest.load(ROOT).unit(UNIT).tasks]
LISTS = {"CUBICS", "CURVES", "TRIPLES", "WALKS"}


@pytest.fixture(autouse=True)
def _figures(monkeypatch):
    plt.switch_backend("Agg")
    monkeypatch.setitem(plt.rcParams, "figure.max_open_warning", 0)
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def hidden():
    """What each kind of namespace gets: name -> {test: outcome}; all in one run of pytest's collection."""
    found = {}
    plt.rcParams["figure.max_open_warning"] = 0

    def outcomes(run, names, student="reference", only=None):
        ran = run(lambda _: Student.local(names(), student), only=only)
        plt.close("all")
        return {one.result.name: one.result for one in ran}

    def body(run):
        reference = SOLUTION / "reference.py"
        found["reference"] = outcomes(run, lambda: load_module(reference))
        found["stub"] = outcomes(run, stub)
        for known in load_mistakes(SOLUTION):
            names = load_module(reference)
            names.update(known.replace())
            found[known.name] = outcomes(run, lambda names=names: names, only=frozenset([known.task]))
        with pytest.MonkeyPatch.context() as patch:
            for path in RIGHT:
                for student in ("ada", "bo", "chidi", "dora"):
                    patch.setenv("JUPYTERHUB_USER", student)
                    found[path.stem, student] = outcomes(run, lambda path=path: load_module(path), student)

    serve([SOLUTION / f"test_{UNIT}_hidden.py"], body)
    return found


def stub():
    """The untouched notebook, after its cells."""
    names = {"__name__": "stub"}
    for cell in notebooks.read_percent((EXERCISE / f"{UNIT}.py").read_text(encoding="utf-8")):
        if cell.kind == "code" and cell.task:
            exec("from kit import variant, formula\n" + cell.source, names)
    return names


def wrong(results):
    return {name for name, result in results.items() if result.outcome is not Outcome.PASSED}


def test_the_reference_scores_in_full(hidden):
    assert not wrong(hidden["reference"])


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_a_right_answer_in_another_style_scores_in_full(hidden, path):
    for student in ("ada", "bo", "chidi", "dora"):
        assert not wrong(hidden[path.stem, student]), student


@pytest.mark.parametrize("known", load_mistakes(SOLUTION), ids=lambda known: known.name)
def test_a_mistake_fails_exactly_the_tests_that_it_names(hidden, known):
    assert wrong(hidden[known.name]) == set(known.fails)


def test_every_hidden_test_of_the_untouched_stub_fails(hidden):
    assert set(hidden["stub"]) - wrong(hidden["stub"]) == set()


def test_no_hint_tells_a_hidden_number_or_the_answer(hidden):
    for results in hidden.values():
        for result in results.values():
            assert "expected 2" not in result.hint
            assert "approx" not in result.hint


def test_a_wrong_prediction_costs_nothing_if_the_explanation_is_right():
    results = {}

    def body(run):
        for label, meaning in (("understood", "c"), ("not understood", "a")):
            names = load_module(SOLUTION / "reference.py") | {"my_prediction": [1, 1, 1], "zero_means": meaning}
            ran = run(lambda _, names=names: Student.local(names), only=frozenset(["signal"]))
            results[label] = {one.result.name for one in ran if one.result.outcome is not Outcome.PASSED}

    serve([SOLUTION / f"test_{UNIT}_hidden.py"], body)
    assert results == {"understood": set(), "not understood": {"test_prediction", "test_what_zero_means"}}


def lists_in(text):
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in LISTS
    }


def test_notebook_reference_and_hidden_tests_choose_from_the_same_lists():
    texts = [EXERCISE / f"{UNIT}.py", SOLUTION / "reference.py", SOLUTION / f"test_{UNIT}_hidden.py"]
    notebook, reference, hidden_tests = (lists_in(path.read_text(encoding="utf-8")) for path in texts)
    assert set(notebook) == LISTS
    assert notebook == reference == hidden_tests


@pytest.mark.parametrize("task", TASKS)
def test_the_public_checks_pass_for_the_reference_and_are_instant(task):
    names = load_module(SOLUTION / "reference.py")
    verdict(task, names, EXERCISE)
    started = time.perf_counter()
    said = verdict(task, names, EXERCISE)
    assert said.startswith("✓"), said
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize("task", TASKS)
def test_the_public_checks_say_what_to_do_with_an_untouched_stub(task):
    said = verdict(task, stub(), EXERCISE)
    assert said.startswith(f"✗ {task}")
    assert "..." in said or "None" in said or "yet" in said, said


def test_the_unit_is_built_and_nothing_secret_is_in_what_students_get(tmp_path):
    course = manifest.load(ROOT)
    build.build_unit(course, UNIT, tmp_path)
    assert not build.find_leaks(course, UNIT, EXERCISE)


def test_the_notebook_runs_with_the_reference_in_it(tmp_path, monkeypatch, capsys):
    import json

    folder = build.build_unit(manifest.load(ROOT), UNIT, tmp_path)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    names = {"__name__": "__main__"}
    with plt.rc_context():
        for cell in json.loads((folder / f"{UNIT}.ipynb").read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    said = capsys.readouterr().out
    assert said.count("✓") == len(TASKS)
    assert "First make its check pass" not in said
    assert len(plt.get_fignums()) == 3  # those below the last check that draws (and closes) figures
