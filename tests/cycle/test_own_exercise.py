"""A new instructor starts a course with `grader new`, and runs it with the real nbgrader from inside its folder."""

import json
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from grader import results
from grader.audit.questions import _given_cells, audit_unit
from grader.cli import app
from grader.course import build, manifest, places, starter
from grader.course.folder import CourseFolder
from grader.errors import GraderError
from grader.nbgrader import apps

UNIT = "sampling"


def grader(*arguments, where):
    return subprocess.run(
        [sys.executable, "-m", "just_enough_calculus", *map(str, arguments)], cwd=where, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A course as `grader new course` and `grader new unit` write it, with the release of its unit."""
    folder = tmp_path_factory.mktemp("own") / "Statistics I"
    said = grader("new", "course", folder, where=folder.parent)
    assert said.returncode == 0, said.stderr
    inside = folder / "exercises"
    for command in (["new", "unit", UNIT], ["build", UNIT]):
        said = grader(*command, where=inside)
        assert said.returncode == 0, said.stderr
        assert f"course: {folder}" in said.stderr
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder.parent / "log")
    return folder


@pytest.mark.slow
def test_what_new_writes_builds_audits_and_grades_as_it_is(mine):
    course, layout = manifest.load(mine), CourseFolder(mine)
    assert course.id == "statistics_i"
    assert [unit.id for unit in course.units] == ["first_unit", UNIT]
    audited = audit_unit(course, UNIT)
    assert audited.mutants
    assert [str(finding) for finding in audited.faults] == []
    assert "len(numbers)" not in layout.released_notebook(UNIT).read_text()
    source = layout.source(UNIT) / f"{UNIT}.ipynb"
    slip = source.read_text().replace("/ len(numbers)", "/ max(1, len(numbers) - 1)")
    handed_in = {"ann": source.read_text(), "bea": layout.released_notebook(UNIT).read_text(), "cid": slip}
    for student, text in handed_in.items():
        layout.submitted(student, UNIT).mkdir(parents=True)
        (layout.submitted(student, UNIT) / f"{UNIT}.ipynb").write_text(text)
    said = grader("grade", UNIT, where=layout.submitted("ann", UNIT))
    assert said.returncode == 0, said.stderr
    assert f"course folder: {mine}" in said.stderr
    reports = {student: results.read(layout.report(UNIT, student)) for student in ("ann", "bea", "cid")}
    assert (reports["ann"].points, reports["bea"].points) == (4, 0)
    assert reports["cid"].tasks[0].diagnosis == "one_fewer"
    assert grader("extend", "--list", where=mine).returncode == 0
    assert grader("student", "bea", "--left", where=mine).returncode == 0
    for name in ("grades.csv", "grades.json"):
        assert grader("export", name[7:], "--to", name, where=mine).returncode == 0
    apps.run_nbgrader("generate_feedback", [UNIT], where=mine, log=mine.parent / "log")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=mine, check=True)
    listed = subprocess.run(["git", "ls-files"], cwd=mine, check=True, capture_output=True, text=True).stdout
    kept = {line.partition("/")[0] for line in listed.splitlines()}  # no student's work, grade or name
    assert kept == {".gitignore", "course", "exercises", "nbgrader_config.py", "solutions"}
    assert "How many numbers are there?" in layout.feedback_page("cid", UNIT).read_text()


@pytest.mark.slow
def test_a_course_without_a_kit_releases_the_installed_one(mine):
    assert manifest.load(mine).kit_dir == places.INSTALLED_KIT
    released = CourseFolder(mine).release(UNIT)
    assert (released / "kit" / "check.py").read_bytes() == (places.INSTALLED_KIT / "check.py").read_bytes()
    assert json.loads((released / f"{UNIT}.ipynb").read_text())["nbformat"] == 4


# ---------------------------------------------------------------------------------------------- finding both upwards


@pytest.fixture
def started(tmp_path):
    """A course and, elsewhere, a course folder that belongs to it."""
    starter.write_course(tmp_path / "course_of_mine")
    apart = tmp_path / "term"
    apart.mkdir()
    config = f"c.IsolatedGrade.course_root = {str(tmp_path / 'course_of_mine')!r}\n"
    (apart / "nbgrader_config.py").write_text(config)
    return tmp_path


def test_the_course_is_found_upwards_from_the_course_and_from_its_folder(started):
    course, apart = started / "course_of_mine", started / "term"
    below = apart / "submitted" / "ann"
    below.mkdir(parents=True)
    assert places.find_root(here=course / "exercises" / "first_unit") == course
    assert places.find_root(here=below) == course
    assert places.find_folder(here=below) == apart
    assert places.find_root(folder=apart, here=started) == course
    assert places.find_root(started, folder=apart, here=course) == started  # what is given wins
    for find in (places.find_root, places.find_folder):
        with pytest.raises(GraderError, match="here or "):
            find(here=started)


@pytest.mark.parametrize("name", ["Two", "zwölf", "1st", "a-b", "", "first_unit", "kit", "../x"])
def test_a_unit_that_cannot_be_is_refused_and_nothing_is_written(started, name):
    root = started / "course_of_mine"
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(GraderError):
        starter.write_unit(root, name)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_a_course_never_overwrites_what_is_there(started):
    with pytest.raises(GraderError, match="there is something already"):
        starter.write_course(started / "course_of_mine")
    (started / "a file").write_text("mine")
    with pytest.raises(GraderError, match="there is something already"):
        starter.write_course(started / "a file")
    shutil.rmtree(started / "course_of_mine" / "solutions")
    (started / "course_of_mine" / "solutions" / "second").mkdir(parents=True)
    (started / "course_of_mine" / "solutions" / "second" / "reference.py").write_text("mine = 1\n")
    with pytest.raises(GraderError, match="there already"):
        starter.write_unit(started / "course_of_mine", "second")
    assert not (started / "course_of_mine" / "exercises" / "second").exists()


def test_a_course_of_any_folder_name_loads(tmp_path):
    for name in ("Übung 2026", "2026", "---"):
        starter.write_course(tmp_path / name)
        assert build.right_notebook(manifest.load(tmp_path / name).unit("first_unit"))["cells"]
    course = manifest.load(tmp_path / "Übung 2026")
    assert (course.id, course.title) == ("ubung_2026", "Übung 2026")


@pytest.mark.slow
def test_a_unit_may_have_the_name_of_a_module_of_python(started):
    root = started / "course_of_mine"
    starter.write_unit(root, "random")
    course = manifest.load(root)
    (given,) = _given_cells(course, course.unit("random"), ())
    assert given.ok, given.says


def test_a_command_that_is_recommended_can_be_pasted(tmp_path):
    said = CliRunner().invoke(app, ["new", "course", str(tmp_path / "my course")])
    assert f"cd '{tmp_path}/my course' && grader build first_unit" in said.output
