"""What the pages tell people to type exists: commands, their options, files, targets of make."""

import re
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from grader import __version__
from grader.cli import app

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md"]
PAGES += sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
COMMANDS = typer.main.get_command(app).commands


@pytest.fixture(params=PAGES)
def page(request, root):
    return (root / request.param).read_text(encoding="utf-8")


def typed(page):
    """Every `grader ...` that stands in code on the page: the command and its options."""
    code = re.findall(r"(?:^ {4,}|&& |`|/)grader (\w+)([^`#\n]*)", page, re.MULTILINE)
    return [(command, re.findall(r"--[\w-]+", rest)) for command, rest in code]


def test_every_command_and_option_that_a_page_tells_to_type_exists(page):
    for command, options in typed(page):
        assert command in COMMANDS, command
        inner = getattr(COMMANDS[command], "commands", {}).values()  # of a group, such as `new`
        known = {
            option
            for known_command in (COMMANDS[command], *inner)
            for parameter in known_command.params
            for option in parameter.opts
        }
        assert set(options) <= known, command


def test_every_application_of_nbgrader_that_a_page_names_exists(root):
    from nbgrader.apps import NbGraderApp

    known = set(NbGraderApp().subcommands)
    pages = "\n".join((root / name).read_text(encoding="utf-8") for name in PAGES)
    named = set(re.findall(r"(?:^ {4,}|&& |`)nbgrader ([a-z_]+)", pages, re.MULTILINE))
    assert {"release_assignment", "submit", "list"} <= named <= known


def test_every_line_that_a_page_tells_to_type_has_the_arguments_that_its_command_needs(page):
    for line in re.findall(r"^ {4}(?:\S*/)?grader ([^#\n]+)", page, re.MULTILINE):
        command, words = COMMANDS[line.split()[0]], line.split()[1:]
        if hasattr(command, "commands"):
            command, words = command.commands[words[0]], words[1:]
        takes = {
            name for parameter in command.params for name in parameter.opts if not getattr(parameter, "is_flag", False)
        }
        plain = [word for before, word in zip(["", *words], words, strict=False) if before not in takes]
        given = [word for word in plain if not word.startswith("-")]
        needed = [
            parameter for parameter in command.params if parameter.param_type_name == "argument" and parameter.required
        ]
        assert len(given) >= len(needed), line


def test_the_readme_says_every_command(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert {command for command, _ in typed(readme)} == set(COMMANDS)


def test_every_file_that_a_page_names_exists(root):
    """What lies below one of the repository's folders, but for the exercises that the pages show how to write."""
    folders = "|".join(path.name for path in root.iterdir() if path.is_dir() and path.name not in ("demo", ".git"))
    found = 0
    for name in (*PAGES, "CHANGELOG.md", "DECISIONS.md"):
        page = (root / name).read_text(encoding="utf-8")
        beside = re.findall(r"\]\(([\w./-]+)\)", page)
        named = re.findall(rf"`((?:{folders})/[\w./-]+|[A-Z-]+\.md|LICENSE[A-Z-]*)`", page)
        there = [(root / name).parent / link for link in beside]
        there += [root / path for path in named if not re.search(r"/(sampling|spread)\b", path)]
        assert [str(path) for path in there if not path.exists()] == [], name
        found += len(there)
    assert found > 20


def test_every_target_of_make_that_the_readme_names_exists(root):
    targets = re.findall(r"^([\w-]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:^    |`)make ([\w-]+)", (root / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"demo", "test", "test-fast"} <= set(named) <= set(targets)


def test_the_readme_says_which_python_is_needed(root):
    needed = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert f"Python {needed.removeprefix('>=')} or newer" in (root / "README.md").read_text(encoding="utf-8")


def test_where_is_answers_each_first_question_with_one_file_or_folder_that_exists(root):
    page = (root / "docs" / "where_is.md").read_text(encoding="utf-8")
    answers = dict(re.findall(r"^\| (.*\?) \| `([\w./-]+)`", page, re.MULTILINE))
    assert len(answers) == 11
    for question, path in answers.items():
        assert (root / path).exists(), question


def test_the_version_stands_in_one_place(root):
    assert "version" in tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dynamic"]
    said = CliRunner().invoke(app, ["--version"])
    assert (said.exit_code, said.output) == (0, f"grader {__version__}\n")


def test_the_changelog_has_the_current_version_with_a_date_or_as_unreleased(root):
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\S+)\](?: - (\d{4}-\d\d-\d\d))?$", text, re.MULTILINE)
    assert versions[0] == ("Unreleased", "")
    assert all(date for _, date in versions[1:])
    kinds = set(re.findall(r"^### (.*)$", text, re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_pictures_are_small(root):
    sizes = {path.name: path.stat().st_size for path in (root / "docs" / "pictures").iterdir()}
    assert max(sizes.values()) < 70_000, "make them small: python docs/site/pictures.py"
    assert sum(sizes.values()) < 250_000
