"""Every command has an example in its help, and a test that runs it; exit statuses are as documented."""

import subprocess
import sys

import pytest

from grader import results
from grader.course import concepts

COMMANDS = ["init", "build", "collect", "grade", "show", "audit", "path", "map", "doctor"]
COMMANDS += ["list", "extend", "diff", "student", "roster", "export", "bundle"]


def grader(*arguments, cwd=None):
    command = [sys.executable, "-m", "just_enough_calculus", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example(command):
    done = grader(command, "--help")
    assert done.returncode == 0
    assert f"Example: grader {command}" in " ".join(done.stdout.split())


def test_help_names_every_command():
    done = grader("--help")
    assert all(command in done.stdout for command in COMMANDS)


@pytest.mark.slow
def test_doctor_says_how_well_code_is_isolated():
    done = grader("doctor")
    assert "isolation: L" in done.stdout


@pytest.mark.slow
def test_init_and_build_make_a_course_folder_and_keep_what_the_instructor_wrote(tmp_path, root):
    folder = tmp_path / "calculus"
    assert grader("init", folder, "--root", root).returncode == 0
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Validator.indent = '  '\n")
    assert grader("init", folder, "--root", root).returncode == 0
    assert config.read_text().count("c.Autograde.sanitize_preprocessors") == 1
    assert "c.Validator.indent" in config.read_text()
    assert grader("build", "u1_derivative_intuition", "--folder", folder, "--root", root).returncode == 0
    assert (folder / "source" / "u1_derivative_intuition" / "u1_derivative_intuition.ipynb").is_file()


def row(course, task_id):
    """The unit, title and minutes of a task, as `grader path` prints them."""
    unit, task = next((unit, task) for unit in course.units for task in unit.tasks if task.id == task_id)
    return f"{unit.id} {task.title} {task.minutes:g}"


def test_path_lists_the_tasks_to_a_concept_with_minutes(root, course):
    done = grader("path", "mlp-train", "--root", root)
    assert done.returncode == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    steps = concepts.path_to(course, "mlp-train").steps
    minutes = round(sum(step.task.minutes for step in steps))
    assert lines[1] == row(course, "average_rate")
    assert lines[-1] == f"concept mlp-train: {len(steps)} tasks, {minutes // 60} h {minutes % 60:02}"
    assert len(lines) == 1 + len(steps) + 2


def test_path_says_what_a_student_has_passed_and_what_is_left(root, course, tmp_path):
    tasks = (
        results.TaskResult("average_rate", "Average rate", points=3, max_points=3),
        results.TaskResult("dual_times", "Dual", points=4, max_points=6),
    )
    report = results.Report("ada", "u1_derivative_intuition", tasks, results.Level.L3)
    results.write(report, tmp_path / "reports" / "u1_derivative_intuition" / "ada.json")
    done = grader("path", "slope", "--student", "ada", "--folder", tmp_path, "--root", root)
    assert done.returncode == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[1:5] == [
        f"{row(course, 'average_rate')} passed",
        f"{row(course, 'dual_plus_minus')} not graded",
        f"{row(course, 'dual_times')} not yet passed",
        f"{row(course, 'slope')} not graded",
    ]
    assert lines[-2:] == ["task slope: 4 tasks, 1 h 10", "1 passed, 3 left: 55 min"]


def test_path_to_what_is_known_at_the_start_is_nothing_to_do(root):
    assert grader("path", "algebra", "--root", root).stdout == "concept algebra: known at the start, nothing to do\n"


@pytest.mark.slow
def test_map_prints_the_text_and_writes_the_picture_and_the_page(root, course, tmp_path):
    printed = grader("map", "--root", root)
    assert printed.returncode == 0
    neuron = next(task for unit in course.units for task in unit.tasks if task.id == "neuron_layer")
    assert f"neuron_layer, {neuron.minutes:g} min" in printed.stdout
    written = grader("map", "--svg", tmp_path / "new" / "a.svg", "--page", tmp_path / "b.md", "--root", root)
    assert (written.returncode, written.stdout) == (0, "")
    assert (tmp_path / "new" / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert "](b.svg)" in (tmp_path / "b.md").read_text()
    assert printed.stdout in (tmp_path / "b.md").read_text()
    assert grader("map", "--svg", tmp_path / "c.svg", "--text", "--root", root).stdout == printed.stdout


WRONG = {
    "an unknown unit": (["build", "derivative_intution"], "Did you mean 'u1_derivative_intuition'?"),
    "not released": (["grade", "u1_derivative_intuition"], "run `grader build u1_derivative_intuition`"),
    "no such report": (["show", "u1_derivative_intuition", "nobody"], "no such report"),
    "an unknown goal": (["path", "mlp-trian"], "Did you mean 'mlp-train'"),
    "a student without reports": (["path", "mlp-train", "--student", "nobody"], "no report of 'nobody'"),
    "a folder for a picture": (["map", "--svg", "/"], "is a directory"),
    "an unknown command": (["grde"], "No such command"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "says"), WRONG.values(), ids=WRONG.keys())
def test_wrong_use_is_status_2_with_one_message(tmp_path, root, arguments, says):
    if arguments[0] not in ("grde", "map"):
        arguments = [*arguments, "--folder", tmp_path]
    if arguments[0] not in ("grde", "show"):
        arguments = [*arguments, "--root", root]
    done = grader(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
