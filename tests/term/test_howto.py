"""The page about a term: every command on it runs, in order, and every piece of a manifest is one."""

import json
import re
import shutil
import tomllib
import zipfile

import pytest

from grader.course import manifest
from tests.term.small_course import SmallCourse

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}], "metadata": {}, "nbformat": 4})


@pytest.mark.slow
def test_every_command_on_the_page_runs_in_its_order(tmp_path, root, monkeypatch):
    small = SmallCourse(tmp_path, root)
    head = "[policies]\ngrace_minutes = 15\npercent_per_day = 10\n"
    small.write({"unit_1": {"double": 3}}, head=head, of={"unit_1": "due = 2026-01-10T12:00:00Z"})
    small.release("unit_1")
    for student, late in (("ada", 0), ("bob", 30), ("cy", 0)):
        small.hand_in(student, "unit_1", {"double": 2}, late=late)
    small.grade("unit_1")
    monkeypatch.chdir(small.folder)
    (small.folder / "students.csv").write_text("student,first_name,last_name\nada,Ada,L\nbob,Bob,B\ncy.young,Cy,Y\n")
    with zipfile.ZipFile("moodle.zip", "w") as file:
        file.writestr("Ada L_1_assignsubmission_file_/unit_1.ipynb", NOTEBOOK)
    shutil.copytree(small.folder / "submitted" / "bob" / "unit_1", small.folder / "handed_in" / "bob")
    page = (root / "docs" / "term.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    grader (.+)$", page, re.MULTILINE)
    assert len(commands) > 20
    for command in commands:
        done = small.bare(*command.split())
        assert done.exit_code == 0, (command, done.output)
    for name in ("canvas.csv", "moodle.csv", "gradescope.csv", "grades.csv", "grades.json", "autograder.zip"):
        assert (small.folder / name).stat().st_size > 0, name
    assert "Y, Cy" in (small.folder / "canvas.csv").read_text()


def test_every_piece_of_a_manifest_on_the_page_is_one(tmp_path, root):
    page = (root / "docs" / "term.md").read_text(encoding="utf-8")
    pieces = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(pieces) == 2
    text = '[course]\nid = "c"\ntitle = "C"\n' + pieces[0] + '[[units]]\nid = "u"\ntitle = "U"\n' + pieces[1]
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.toml").write_text(text)
    course = manifest.load(tmp_path)
    assert tomllib.loads(text)["policies"]["late_days"] == course.policies.late_days == 3
    assert [task.was for task in course.units[0].tasks] == [("average",), ()]
    assert course.units[0].tasks[1].added_later == "excused"
