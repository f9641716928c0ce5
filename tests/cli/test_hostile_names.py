"""What others wrote reaches a terminal, reason.txt or a report only without what steers a terminal or an eye."""

import io
import json

import pytest
from rich.console import Console

from grader import results
from grader.course import build
from grader.nbgrader import collection, setup
from grader.printable import MARK, one_line, printable
from grader.report.table import print_class, print_report
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from tests.cli.test_cli import grader

UNIT = "u1_derivative_intuition"
STEERS = [
    "\x1b[2J",
    "\x1b]0;owned\x07",
    "\x9b31m",
    "\r",
    "\x08",
    "\u202e",
    "\u2066",
    "\u200b",
    "\x00",
    "\x7f",
    "\u2028",
]
HOSTILE = "ada\x1b]0;owned\x07\x1b[2J\r\u202ebob\nPASSED eve"


def is_clean(text):
    """Nothing but printable characters and line breaks of ours: no line of theirs."""
    return all(character.isprintable() or character in "\n\t" for character in text) and "\nPASSED" not in text


@pytest.mark.parametrize("steers", STEERS, ids=ascii)
def test_what_steers_becomes_a_mark(steers):
    assert is_clean(printable(f"a{steers}b"))
    assert MARK in printable(f"a{steers}b")


def test_a_name_is_one_line():
    assert "\n" not in one_line(HOSTILE)
    assert one_line("x" * 1000) == "x" * 200


def report_of(text):
    test = TestResult(text, text, 1.0, Outcome.ERROR, says=text, hint=text, line=text, staff=text)
    task = TaskResult(text, text, 0.0, 1.0, (test,), diagnosis=text, explanation=text)
    return Report(text, UNIT, (task,), Level.L3, problem=text)


@pytest.mark.parametrize("prints", ["class", "report"])
def test_tables_print_no_hostile_text_raw(prints):
    console = Console(file=io.StringIO(), width=400)
    report = report_of(HOSTILE)
    print_class([report], console) if prints == "class" else print_report(report, console)
    printed = console.file.getvalue()
    assert is_clean(printed)
    assert "bob" in printed


@pytest.fixture
def folder(course, tmp_path):
    """A course folder with a released unit, and submissions with hostile names."""
    folder = tmp_path / "course"
    setup.init_course_folder(course, folder, exchange=tmp_path / "exchange")
    release = folder / "release" / UNIT
    release.mkdir(parents=True)
    (release / f"{UNIT}.ipynb").write_text(json.dumps(build.stub_notebook(course.unit(UNIT))))
    for name in (HOSTILE, "odd\x1b[2J"):
        place = folder / "submitted" / name / UNIT
        place.mkdir(parents=True)
        (place / f"link{HOSTILE}").symlink_to("/etc/passwd")
    place = folder / "submitted" / "ada" / UNIT
    place.mkdir(parents=True)
    (place / f"link{HOSTILE}").symlink_to("/etc/passwd")
    reports = folder / "reports" / UNIT
    reports.mkdir(parents=True)
    results.write(report_of(HOSTILE), reports / "bob.json")
    results.write(report_of(HOSTILE), reports / f"{one_line(HOSTILE, 3)}{HOSTILE}.json")
    return folder


@pytest.mark.slow
def test_no_command_prints_a_hostile_name_raw(folder, root):
    inside = ["--folder", folder]
    rooted = [*inside, "--root", root]
    for command in (
        ["show", UNIT, "bob", *inside],
        ["show", UNIT, f"nobody{HOSTILE.replace(chr(0), '')}", *inside],
        ["path", "mlp-train", "--student", HOSTILE, *rooted],
        ["grade", HOSTILE, *rooted],
        ["build", HOSTILE, *rooted],
        ["collect", HOSTILE, *inside],
        ["audit", HOSTILE, "--root", root],
        ["map", "--text", "--root", f"{root}/no{HOSTILE}"],
        ["init", folder.parent / f"new{HOSTILE}", "--root", root],
    ):
        done = grader(*command)
        assert is_clean(done.stdout), command
        assert is_clean(done.stderr), command


def test_what_is_held_back_says_so_without_hostile_text(folder):
    collection.guard(folder, UNIT)
    reasons = [*(folder / "quarantine" / UNIT).glob("*/reason.txt")]
    assert len(reasons) == 3
    assert all(is_clean(path.read_text()) for path in reasons)
    assert all(is_clean(student + reason) for student, reason in collection.held(folder, UNIT).items())
