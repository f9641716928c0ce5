"""The pages that teach an author: every command on them runs, in order, with the files as they stand on them."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from grader import results
from grader.cli import app
from grader.nbgrader import apps

pytestmark = pytest.mark.slow

EXERCISE, COURSE = "exercise_in_15_minutes.md", "course_in_an_hour.md"
SEEN_ELSEWHERE = ("jupyter lab", "grader doctor")  # tests/report/test_student_in_browser.py, tests/cli/test_cli.py
FILE = re.compile(r"```\{code-block\} \w+\n:caption: ([\w./]+)(?:, (the end of it))?\n\n(.*?)\n```", re.DOTALL)


def steps(page):
    """The files and commands of a page in their order: (file, how, text) or a command."""
    for part in re.split(r"(^```\{code-block\}.*?^```$)", page, flags=re.MULTILINE | re.DOTALL):
        if found := FILE.match(part):
            yield found.groups()
        else:
            yield from (line.partition("  #")[0].strip() for line in re.findall(r"^ {4}(\S.*)$", part, re.MULTILINE))


def write(path, how, text):
    """Write a file as the page shows it, or what it shows as the end of one."""
    if how:
        before = path.read_text(encoding="utf-8")
        first = next(line for line in text.splitlines() if line.startswith("id = "))
        text = before[: before.index(first)].rpartition("[[units]]")[0] + text
    path.write_text(text + "\n", encoding="utf-8")


def type_it(command, log):
    """Run a command of a page as a shell would in the current folder."""
    words = shlex.split(command)
    if command.startswith(SEEN_ELSEWHERE):
        return
    if words[0] == "grader":
        done = CliRunner().invoke(app, words[1:])
        assert done.exit_code == 0, (command, done.output)
    elif words[0] == "nbgrader":
        apps.run_nbgrader(words[1], words[2:], where=os.curdir, log=log)
    elif words[0] == "cd":
        os.chdir(words[1])
    elif words[0] == "mkdir":
        Path(words[1]).mkdir()
    else:
        assert words[:2] == ["cp", "-r"], f"this test does not know {command}"
        shutil.copytree(words[2], words[3])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, request):
    """The folder that the first page makes, with what the commands of both pages left."""
    place = tmp_path_factory.mktemp("author")
    exchange = place / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    before = Path.cwd()
    os.chdir(place)
    try:
        for name in (EXERCISE, COURSE):
            page = (request.config.rootpath / "docs" / name).read_text(encoding="utf-8")
            for step in steps(page):
                if isinstance(step, tuple):
                    write(place / "statistics" / step[0], step[1], step[2])
                else:
                    type_it(step.replace("/srv/exchange", str(exchange)), place / "log")
    finally:
        os.chdir(before)
    return place / "statistics"


def test_every_command_of_the_two_pages_runs_in_its_order(folder):
    for made in ("release/spread/spread.ipynb", "class_spread.html", "map.md", "solutions/spread/mistakes.json"):
        assert (folder / made).is_file(), made
    assert (folder.parent / "exchange" / "statistics" / "outbound" / "spread").is_dir()
    report = results.read(folder / "reports" / "spread" / "ada.json")
    assert (report.points, report.max_points, report.problem) == (0.0, 4.0, "")


def test_the_mistakes_of_the_page_are_told_apart_by_its_tests(folder):
    recorded = (folder / "solutions" / "spread" / "mistakes.json").read_text()
    assert "one_fewer" in recorded
    assert "no_root" in recorded
