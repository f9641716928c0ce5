"""What the pages tell people to type exists: commands, their options, files, targets of make."""

import re
import tomllib

import pytest
import typer

from grader.cli import app

PAGES = ["README.md", "docs/architecture.md", "docs/security.md", "docs/symbolic.md", "docs/map.md"]
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
        known = {option for parameter in COMMANDS[command].params for option in parameter.opts}
        assert set(options) <= known, command


def test_the_readme_says_every_command(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert {command for command, _ in typed(readme)} == set(COMMANDS)


def test_every_file_that_a_page_names_exists(root):
    """What lies below one of the repository's folders, but for the exercise that the README shows how to write."""
    folders = "|".join(path.name for path in root.iterdir() if path.is_dir() and path.name not in ("demo", ".git"))
    found = 0
    for name in (*PAGES, "CHANGELOG.md", "DECISIONS.md"):
        page = (root / name).read_text(encoding="utf-8")
        beside = re.findall(r"\]\(([\w./-]+)\)", page)
        named = re.findall(rf"`((?:{folders})/[\w./-]+|[A-Z-]+\.md|LICENSE[A-Z-]*)`", page)
        there = [(root / name).parent / one for one in beside] + [root / one for one in named if "/doubling" not in one]
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
