"""`grader mistake new`: a beginning that the author fills in, from which no line of a student can run."""

import ast

import pytest
from typer.testing import CliRunner

from grader.cli import app
from grader.course import manifest, starter
from grader.diagnosis.mistakes import TO_WRITE, load_mistakes
from grader.diagnosis.scaffold import new_mistake
from grader.errors import GraderError

HOSTILE = (
    "def mean(numbers):\r    import os\x0cos._exit(3)\u2028print('\x1b[2J')\x85raise SystemExit\n'''\n\"\"\"\n# \\\n"
    * 3
)


@pytest.fixture
def unit(tmp_path):
    starter.write_course(tmp_path)
    return manifest.load(tmp_path).units[0]


def test_it_is_written_filled_in_and_loaded(unit):
    before = [known.name for known in load_mistakes(unit.solutions_dir)]
    path = new_mistake(unit, "mean", "drops_one", answer="def mean(numbers):\n    return sum(numbers) / 3\n")
    text = path.read_text()
    assert "# | def mean(numbers):\n# |     return sum(numbers) / 3\n" in text
    assert '@wrong_function("mean", says="' in text
    with pytest.raises(GraderError, match=r"mistakes.py: mistake drops_one: says is still to be written"):
        load_mistakes(unit.solutions_dir)
    path.write_text(text.replace(TO_WRITE, "How many are there?").replace("    ...\n", "    return sum(numbers) / 3\n"))
    found = {known.name: known for known in load_mistakes(unit.solutions_dir)}
    assert set(found) == {*before, "drops_one"}
    assert found["drops_one"].names(path)["mean"]([3.0, 3.0]) == 2.0


def test_no_line_of_a_student_is_code(unit):
    plain = ast.dump(ast.parse(new_mistake(unit, "mean", "one").read_text()))
    path = new_mistake(unit, "mean", "two", answer=HOSTILE)
    added = ast.dump(ast.parse(path.read_text().replace("def one(", "def other(")))
    assert added.count("FunctionDef") == plain.count("FunctionDef") + 1
    assert "_exit" not in added
    assert "\x1b" not in path.read_text()


@pytest.mark.parametrize(
    ("task", "name", "says"),
    [
        ("maen", "x", "there is no task maen. Did you mean 'mean'?"),
        ("mean", "not a name", "expected a Python name"),
        ("mean", "class", "expected a Python name"),
        ("mean", "twice", "that name is taken"),
        ("mean", "mistake", "that name is taken"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_changes(unit, task, name, says):
    path = new_mistake(unit, "mean", "twice")
    before = path.read_bytes()
    with pytest.raises(GraderError, match=says.replace("?", r"\?")):
        new_mistake(unit, task, name)
    assert path.read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("which", ["u1_derivative_intuition", "u5_mlp_training", "w1_mse_is_likelihood"])
def test_every_kind_of_task_has_a_beginning_that_is_python(root, tmp_path, which):
    import shutil

    for name in ("course", "exercises", "solutions"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    unit = manifest.load(tmp_path).unit(which)
    for number, task in enumerate(unit.tasks):
        tree = ast.parse(new_mistake(unit, task.id, f"scaffold_{number}").read_text())
        new = tree.body[-1]
        names = new.name if isinstance(new, ast.FunctionDef) else new.targets[0].id
        assert names == f"scaffold_{number}"
        assert task.id in ast.unparse(new)


def test_the_command_shows_a_students_answer_or_says_that_there_is_none(unit, tmp_path):
    words = ["mistake", "new", unit.id, "mean", "drops_one", "--root", str(tmp_path)]
    run = CliRunner().invoke(app, [*words, "--student", "ada", "--folder", str(tmp_path)])
    assert "there is no graded answer to mean; is ada the id?" in str(run.exception)
    run = CliRunner().invoke(app, words)
    assert run.exit_code == 0, run.output
    assert "drops_one is at its end" in run.output
