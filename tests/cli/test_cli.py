"""Every command has an example in its help, and a test that runs it; exit statuses are as documented."""

import subprocess
import sys

import pytest

COMMANDS = ["init", "build", "collect", "grade", "show", "audit", "doctor"]


def grader(*arguments, cwd=None):
    command = [sys.executable, "-m", "grader.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example(command):
    done = grader(command, "--help")
    assert done.returncode == 0
    assert f"Example: grader {command}" in " ".join(done.stdout.split())


def test_help_names_every_command():
    done = grader("--help")
    assert all(command in done.stdout for command in COMMANDS)


def test_doctor_says_how_well_code_is_isolated():
    done = grader("doctor")
    assert "isolation: L" in done.stdout


def test_init_and_build_make_a_course_folder_and_keep_what_the_instructor_wrote(tmp_path, root):
    folder = tmp_path / "calculus"
    assert grader("init", folder, "--root", root).returncode == 0
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Validator.indent = '  '\n")
    assert grader("init", folder, "--root", root).returncode == 0
    assert config.read_text().count("c.Autograde.sanitize_preprocessors") == 1
    assert "c.Validator.indent" in config.read_text()
    assert grader("build", "derivative_intuition", "--folder", folder, "--root", root).returncode == 0
    assert (folder / "source" / "derivative_intuition" / "derivative_intuition.ipynb").is_file()


WRONG = {
    "an unknown unit": (["build", "derivative_intution"], "Did you mean 'derivative_intuition'?"),
    "not released": (["grade", "derivative_intuition"], "generate_assignment"),
    "no such report": (["show", "derivative_intuition", "nobody"], "no such report"),
    "an unknown command": (["grde"], "No such command"),
}


@pytest.mark.parametrize(("arguments", "says"), WRONG.values(), ids=WRONG.keys())
def test_wrong_use_is_status_2_with_one_message(tmp_path, root, arguments, says):
    if arguments[0] != "grde":
        arguments = [*arguments, "--folder", tmp_path]
        if arguments[0] != "show":
            arguments += ["--root", root]
    done = grader(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
