"""Grades for other systems: the columns they ask for, names from a roster, no formula, nothing that is still open."""

import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course import manifest
from grader.course.policies import Policies
from grader.errors import GraderError
from grader.exports import bundle, cells, roster, run_gradescope
from grader.exports.forms import FORMS
from grader.exports.grades import GradeTable, Row
from grader.exports.roster import Person
from grader.files import write_atomically
from grader.nbgrader.changes import Score, UnitStanding
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from tests.ordinary_user import AS_NOBODY, environment_for, python_for_everyone, why_not
from tests.term.small_course import SmallCourse

ADA = Person("ada", "Ada", "Lovelace", "ada@uni.example", "A", "11", "ada1", "s11", "m11", "g11")


def table(*rows, drop=0):
    tasks = (manifest.Task("double", "Double", 3.0), manifest.Task("triple", "Triple", 3.0))
    root = Path("/")
    units = tuple(manifest.Unit(name, name.title(), tasks, root) for name in ("first", "second"))
    course = manifest.Course(root, "small", "Small", "1", units, policies=Policies(drop_lowest=drop))
    return GradeTable(course, units, rows)


def standing(double, triple, penalty=0.0):
    tasks = {"double": Score(double, None, 0.0, 3.0), "triple": Score(triple, None, 0.0, 3.0)}
    return UnitStanding(tasks, penalty, "2026-01-10 12:00:00.000000")


ROWS = (
    Row(ADA, {"first": standing(3.0, 1.5, 0.5), "second": standing(3.0, 3.0)}),
    Row(Person("=HYPERLINK(1)"), {"first": standing(2.0, None)}),
)


def read(text):
    return list(csv.reader(io.StringIO(text)))


def test_canvas_gets_its_five_columns_and_the_points_possible():
    head, possible, ada, other = read(FORMS["canvas"](table(*ROWS)))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "First", "Second"]
    assert possible == ["    Points Possible", "", "", "", "", "6", "6"]
    assert ada == ["Lovelace, Ada", "11", "s11", "ada1", "A", "4", "6"]
    assert other == ["'=HYPERLINK(1)", "", "", "'=HYPERLINK(1)", "", "", ""]  # pending, and not handed in
    assert read(FORMS["canvas"](table(*ROWS), tasks=True))[2][5:] == ["3", "1.5", "4", "3", "3", "6"]


def test_moodle_and_gradescope_get_theirs():
    head, ada, _ = read(FORMS["moodle"](table(*ROWS)))
    assert head == ["username", "ID number", "First name", "Last name", "Email address", "First", "Second"]
    assert ada == ["ada", "m11", "Ada", "Lovelace", "ada@uni.example", "4", "6"]
    head, ada, other = read(FORMS["gradescope"](table(*ROWS), tasks=True))
    assert head[:8] == ["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status"]
    assert head[9:] == ["1: Double (3 pts)", "2: Triple (3 pts)"]
    assert ada[2:8] == ["g11", "ada@uni.example", "A", "4", "6", "Graded"]
    assert ada[9:] == ["3", "1.5"]
    assert other[5:8] == ["", "6", "Ungraded"]
    assert other[9:] == ["2", ""]


def test_our_own_forms_have_everything():
    head, ada, _ = read(FORMS["csv"](table(*ROWS), tasks=True))
    line = dict(zip(head, ada, strict=True))
    assert line["first: double /3"] == "3"
    assert (line["first: earned"], line["first: late penalty"], line["first: total /6"]) == ("4.5", "0.5", "4")
    assert line["course %"] == "83.3333"
    assert read(FORMS["csv"](table(*ROWS, drop=1)))[1][-1] == "100"
    told = json.loads(FORMS["json"](table(*ROWS)))
    assert told["students"][0]["units"]["first"] == {
        "tasks": {"double": 3, "triple": 1.5},
        "late_penalty": 0.5,
        "total": 4,
        "pending": False,
        "handed_in": "2026-01-10 12:00:00.000000",
    }
    assert told["students"][1]["student"] == "=HYPERLINK(1)"
    assert told["students"][1]["units"]["first"]["total"] is None
    assert table(*ROWS).pending == [("=HYPERLINK(1)", "first")]


def test_units_of_practice_alone_same_titles_and_units_that_are_gone_are_exported():
    practice = manifest.Unit("warm", "First", (manifest.Task("free", "Free", 0.0),), Path("/"))
    first = table().units[0]
    course = msgspec.structs.replace(table().course, units=(first, practice))
    row = Row(ADA, {"first": standing(3.0, 1.5), "warm": UnitStanding({"free": Score(0.0, None, 0.0, 0.0)})})
    of_both = GradeTable(course, course.units, (row,))
    assert of_both.percent(row) == 75
    assert GradeTable(course, (practice,), (Row(ADA, {"warm": row.units["warm"]}),)).percent(Row(ADA, {})) is None
    for form in ("canvas", "moodle"):
        assert read(FORMS[form](of_both))[0][5:] == ["First (first)", "First (warm)"]
        heads = read(FORMS[form](of_both, tasks=True))[0]
        assert len(set(heads)) == len(heads)


def test_work_that_is_not_graded_yet_is_no_zero_in_the_share_of_the_course():
    due = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    units = tuple(msgspec.structs.replace(unit, due=due) for unit in table().units)
    course = msgspec.structs.replace(table().course, units=units)
    row = Row(ADA, {"first": standing(3.0, 1.5)})
    assert GradeTable(course, units, (row,)).percent(row) == pytest.approx(37.5)  # not handed in, and due
    assert GradeTable(course, units, (row,), (), frozenset({("ada", "second")})).percent(row) is None


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_every_text_comes_back_and_none_is_a_formula(texts):
    texts = ["x", *texts]  # a line of blanks is none
    (row,) = csv.reader(io.StringIO(cells.csv_text([texts]), newline=""))
    assert [cells.plain(cell) for cell in row] == texts
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)


def test_an_apostrophe_that_somebody_typed_stays():
    assert cells.plain("'t Hooft") == "'t Hooft"  # ours stands only before what a spreadsheet would compute
    assert cells.plain(cells.safe("'t Hooft")) == "'t Hooft"


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_points_make_the_way_to_canvas_and_back(double, triple):
    row = Row(ADA, {"first": standing(double, triple)})
    back = read(FORMS["canvas"](table(row), tasks=True))[2][5:8]
    assert [float(cell) for cell in back] == pytest.approx([double, triple, double + triple], abs=1e-4)


def test_a_roster_makes_the_way_there_and_back(tmp_path):
    odd = Person("ö.müller@uni", "=Ömer", 'O\'Brien, "X"', "o@x", sis_id="-7")
    path = tmp_path / "roster.csv"
    people = [msgspec.to_builtins(person) for person in (ADA, odd)]
    path.write_bytes(
        b"\xef\xbb\xbf" + cells.csv_text([list(people[0]), *(list(person.values()) for person in people)]).encode()
    )
    assert roster.read(path) == {"ada": ADA, "ö.müller@uni": odd}


BAD = {
    "an id given twice": ("student\nada\nbob\nada\n", "line 4: student ada is in line 2 already"),
    "a foreign id given twice": ("student,canvas_id\nada,1\nbob,1\n", "line 3: canvas_id 1 is in line 2"),
    "a quote": ('student\n"a\'b"\n', "cannot be a student's id"),
    "a path": ("student\na/../b\n", "cannot be a student's id"),
    "300 characters": (f"student\n{'x' * 300}\n", "cannot be a student's id"),
    "a blank": ("student,email\n,a@b\n", "cannot be a student's id"),
    "an unknown column": ("student,canvasid\nada,1\n", "Did you mean 'canvas_id'?"),
    "the same but for its case": ("student\nada\nAda\n", "line 3: student Ada is in line 2 already"),
    "a column twice": ("student,email,student\nada,a@b,bob\n", "column student: appears twice"),
    "a line after one of two lines": (
        'student,last_name\nada,"L\n\nM"\n\nada,X\n',
        "line 6: student ada is in line 4",
    ),
    "no ids": ("first_name\nada\n", "no column `student`"),
    "nothing": ("", "no students in it"),
    "no text": ("student\n\0\xff", "cannot be"),
}


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD.keys())
def test_a_bad_roster_is_refused_with_its_lines(tmp_path, text, says):
    (tmp_path / "roster.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(GraderError, match=re.escape(says)):
        roster.read(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    "text",
    [
        "student;first_name;email\r\nada;Ada, the first;a@b\r\n;;\r\nbob;Bob;\r\n",
        "\ufeffstudent\tfirst_name\temail\nada\tAda, the first\ta@b\nbob\tBob\t",
        'student,first_name,email\nada,"Ada, the first",a@b\n\nbob,Bob\n',
    ],
)
def test_a_roster_is_read_as_spreadsheets_of_all_countries_write_it(tmp_path, text):
    (tmp_path / "roster.csv").write_bytes(text.encode())
    ada, bob = roster.read(tmp_path / "roster.csv").values()
    assert (ada.student, ada.first_name, ada.email) == ("ada", "Ada, the first", "a@b")
    assert (bob.student, bob.first_name, bob.email) == ("bob", "Bob", "")


def test_a_renamed_student_is_found_on_the_roster_under_the_id_of_then(tmp_path):
    (tmp_path / "roster.csv").write_text("student,canvas_id\nada,41\nbob,42\n")
    (tmp_path / "students.json").write_text('{"renamed": {"bob.b": [{"old": "bob", "until": "2026-01-01T00:00:00"}]}}')
    people = roster.of_folder(tmp_path)
    assert {who.student: who.canvas_id for who in people.values()} == {"ada": "41", "bob.b": "42"}
    assert set(people) == {"ada", "bob.b"}


def test_the_bundle_installs_what_students_may_import(root):
    course = manifest.load(root / "examples" / "statistics")
    assert "python-dateutil==" in bundle._requirements(course)
    with pytest.raises(GraderError, match=r"packages: part of Python, so leave it out: json"):
        bundle._requirements(msgspec.structs.replace(course, packages=("json",)))
    with pytest.raises(GraderError, match="not installed here: no-such-package"):
        bundle._requirements(msgspec.structs.replace(course, packages=("no-such-package",)))


def test_export_before_anything_was_graded_and_unknown_forms_are_said(tmp_path, request):
    small = SmallCourse(tmp_path, request.config.rootpath)
    small.write({"unit_1": {"double": 3}})
    for arguments, says in {
        ("canvas",): "nothing was graded yet; run `grader grade`",
        ("canvas", "unit_1"): "unit_1: nothing was graded yet",
        ("canvs",): "Did you mean 'canvas'?",
        ("csv", "unit_2"): "Did you mean 'unit_1'?",
    }.items():
        with pytest.raises(GraderError, match=re.escape(says)):
            small.run("export", *arguments)
    with pytest.raises(GraderError, match="run `grader build unit_1` first"):
        small.run("bundle", "gradescope", "unit_1")
    assert not (small.folder / "gradebook.db").exists()
    assert "no copies yet" in small.run("restore", root=False).output
    (small.folder / "grades.csv").mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        write_atomically(small.folder / "grades.csv", "x")
    assert caught.value.filename == str(small.folder / "grades.csv")  # not the part that is renamed to it
    assert not list(small.folder.glob("*.part"))


def test_results_have_gradescopes_schema_and_nothing_for_staff():
    wrong = TestResult("t", "double", 1, Outcome.WRONG, says="double of 3", hint="look again", staff="SECRET")
    right = TestResult("r", "double", 1, Outcome.PASSED, says="double of 5")
    tasks = (
        TaskResult("double", "Double", 1.5, 3.0, (wrong, right)),
        TaskResult("triple", "Triple", None, 3.0, (wrong,)),
    )
    told = run_gradescope.results_of(Report("ada", "unit_1", tasks, Level.L2))
    assert told["score"] == 1.5
    assert told["tests"][0] == {
        "number": "1",
        "name": "Double",
        "score": 1.5,
        "max_score": 3.0,
        "status": "failed",
        "output": "double of 3 look again",
        "visibility": "visible",
    }
    assert told["extra_data"]["isolation"] == "L2"
    assert "Triple" in told["output"]
    assert "SECRET" not in json.dumps(told)


NO_NAMESPACES = """
import errno, os, pyseccomp, sys
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "unshare")
rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
new_user = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 0x10000000, 0x10000000)
rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", new_user)
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.slow
def test_the_gradescope_bundle_grades_in_a_container_without_namespaces_and_says_at_which_level(request):
    if why_not():
        pytest.skip(why_not())
    place = Path(tempfile.mkdtemp(prefix="gradescope-"))
    try:
        place.chmod(0o755)
        small = SmallCourse(place / "course", request.config.rootpath)
        small.write({"unit_1": {"double": 3, "triple": 3}})
        small.release("unit_1")
        (small.folder / "roster.csv").write_text("student,email\nada,ada.l@uni.example\n")
        made = small.folder / "unit_1.zip"
        assert small.run("bundle", "gradescope", "unit_1", "--to", made).exit_code == 0
        again = bundle.bundle_gradescope(small.course, "unit_1", small.folder, place / "again.zip")
        assert again.read_bytes() == made.read_bytes()
        there = place / "autograder"  # as Gradescope lays it out
        with zipfile.ZipFile(made) as file:
            file.extractall(there / "source")
        assert "numpy==" in (there / "source" / "requirements.txt").read_text()
        submission = small.hand_in("ada", "unit_1", {"double": 2, "triple": 7})
        shutil.copytree(submission, there / "submission")
        (there / "submission_metadata.json").write_text('{"users": [{"email": "ada.l@uni.example"}]}')
        for path in (there, *there.rglob("*")):
            path.chmod(0o755)
        python = python_for_everyone(place / "python")
        env = {**environment_for(place / "tmp"), "AUTOGRADER": str(there), "AUTOGRADER_PYTHON": python}
        (there / "results").mkdir(mode=0o777)
        (there / "results").chmod(0o777)
        command = [python, "-c", NO_NAMESPACES, "/bin/bash", str(there / "source" / "run_autograder")]
        done = subprocess.run(command, env=env, cwd="/", capture_output=True, text=True, check=False, **AS_NOBODY)
        assert done.returncode == 0, done.stderr[-2000:]
        told = json.loads((there / "results" / "results.json").read_text())
        assert told["extra_data"]["isolation"] in ("L2", "L1"), (told, done.stdout)
        assert f"isolation level {told['extra_data']['isolation']}" in told["output"]
        assert [test["score"] for test in told["tests"]] == [3.0, 0.0]
        assert told["score"] == 3.0
        assert str(Path(sys.executable)) not in json.dumps(told)
    finally:
        shutil.rmtree(place, ignore_errors=True)
