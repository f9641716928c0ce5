"""Collection from the zips of Moodle and Canvas, and from a plain folder, in the schemes of their file names."""

import io
import json
import re
import shutil
import stat
import unicodedata
import zipfile
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.nbgrader import collection, from_lms
from tests.term.small_course import SmallCourse

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}], "metadata": {}, "nbformat": 4})
ROSTER = """student,first_name,last_name,email,canvas_id
ada,Ada,Lovelace,ada@x,41
zoë,Zoë,d'Été,zoe@x,42
bob,Bob,Bäcker,bob@x,43
"""


@pytest.fixture
def small(tmp_path, request):
    small = SmallCourse(tmp_path, request.config.rootpath)
    small.write({"unit_1": {"double": 3}})
    (small.folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return small


def make_zip(path, files, *, year=2026):
    with zipfile.ZipFile(path, "w") as file:
        for name, text in files.items():
            file.writestr(zipfile.ZipInfo(name, (year, 1, 2, 3, 4, 6)), text)
    return path


def test_moodles_folders_and_files_are_found_by_name(small, tmp_path):
    files = {
        "Ada Lovelace_43_assignsubmission_file_/unit_1.ipynb": NOTEBOOK,  # bob's number in Canvas
        "Ada Lovelace_43_assignsubmission_file_/data/own.csv": "1,2",
        "Zoë d'Été_4712_assignsubmission_file_my notebook.ipynb": NOTEBOOK,
        "Eve Nobody_9_assignsubmission_file_/unit_1.ipynb": NOTEBOOK,
    }
    done = small.run("collect", "unit_1", "--from", make_zip(tmp_path / "moodle.zip", files), root=False)
    assert done.exit_code == 1  # one is nobody's
    assert "Eve Nobody / moodle 9: not brought in: nobody on the roster" in done.output
    assert "2 submissions from" in done.output
    ada = small.folder / "submitted" / "ada" / "unit_1"
    assert (ada / "unit_1.ipynb").read_text() == NOTEBOOK
    assert (ada / "data" / "own.csv").read_text() == "1,2"
    assert (ada / "timestamp.txt").read_text().startswith("2026-01-02 03:04:06")
    assert collection.is_secret((ada / "submission_secret.txt").read_text())
    assert (small.folder / "submitted" / "zoë" / "unit_1" / "unit_1.ipynb").is_file()


def test_canvas_is_found_by_id_and_the_newest_attempt_counts(small, tmp_path):
    other = NOTEBOOK.replace("1", "2")
    with zipfile.ZipFile(tmp_path / "canvas.zip", "w") as file:
        file.writestr(zipfile.ZipInfo("lovelaceada_41_1001_unit_1.ipynb", (2026, 1, 2, 0, 0, 0)), NOTEBOOK)
        file.writestr(zipfile.ZipInfo("lovelaceada_41_1002_unit_1-1.ipynb", (2026, 1, 3, 0, 0, 0)), other)
        file.writestr(zipfile.ZipInfo("backerbob_LATE_43_1003_unit_1.ipynb", (2026, 1, 9, 0, 0, 0)), NOTEBOOK)
    (small.folder / "roster.csv").write_text(ROSTER.replace("canvas_id", "canvas_id,sis_id") + "eve,Eve,E,e@x,44,41\n")
    done = small.run("collect", "unit_1", "--from", tmp_path / "canvas.zip", root=False)
    assert done.exit_code == 0, done.output  # 41 is ada in Canvas, whoever has the number elsewhere
    assert (small.folder / "submitted" / "ada" / "unit_1" / "unit_1.ipynb").read_text() == other
    assert (small.folder / "submitted" / "bob" / "unit_1").is_dir()
    again = small.run("collect", "unit_1", "--from", tmp_path / "canvas.zip", root=False)
    assert "--update takes a newer one" in again.output
    newer = make_zip(tmp_path / "newer.zip", {"lovelaceada_41_1004_unit_1-2.ipynb": NOTEBOOK})
    small.run("collect", "unit_1", "--from", newer, "--update", "--at", "2026-02-01T10:00", root=False)
    place = small.folder / "submitted" / "ada" / "unit_1"
    assert (place / "unit_1.ipynb").read_text() == NOTEBOOK
    assert (place / "timestamp.txt").read_text().startswith("2026-02-01 10:00:00")


def test_names_are_found_as_macos_moodle_teams_canvas_and_browsers_write_them(small, tmp_path):
    (small.folder / "roster.csv").write_text(
        ROSTER + "eve,Eve,van der Meer,eve@x,44\nfay,राम,कि,fay@x,45\ngil,रमा,का,gil@x,46\nmary,Mary,Jones,m@x,47\n"
    )
    team = "Team 1-Eve van der Meer_4_assignsubmission_file_/unit_1.ipynb"
    files = {
        f"Calculus-unit 1-99/{name}": NOTEBOOK
        for name in (
            unicodedata.normalize("NFD", "Zoë d'Été_2_assignsubmission_file_/Unit_1 (3).IPYNB"),
            "Bob Bäcker_3_assignsubmission_file_/unit_1.ipynb.json",  # as Safari saves it
            team,
            "राम कि_5_assignsubmission_file_unit_1.ipynb",
            "Anna Lee-Mary Jones_7_assignsubmission_file_unit_1.ipynb",  # not a team: Mary Jones is there herself
            "Mary Jones_8_assignsubmission_file_unit_1.ipynb",
        )
    }
    path = make_zip(tmp_path / "packed again.zip", files)
    path.write_bytes(path.read_bytes().replace(b"\x00\x08", b"\x00\x00"))  # the flag of UTF-8, which macOS leaves out
    done = small.run("collect", "unit_1", "--from", path, root=False)
    assert "Anna Lee-Mary Jones / moodle 7: not brought in" in done.output
    places = small.folder.glob("submitted/*/unit_1/unit_1.ipynb")
    assert {path.parts[-3] for path in places} == {"zoë", "bob", "eve", "fay", "mary"}, done.output
    folder = tmp_path / "unpacked"
    for name in ("ada", "nobody"):
        (folder / "of the year" / name).mkdir(parents=True)
        (folder / "of the year" / name / "unit_1.ipynb").write_text(NOTEBOOK)
    files = {"lovelaceada_41_text.html": "I could not upload", "backerbob_LATE_43_link.html": "", "gil_46_1_a.zip": ""}
    for source in (folder, make_zip(tmp_path / "canvas.zip", files)):
        done = small.run("collect", "unit_1", "--from", source, root=False)
        said = " ".join(done.output.split())
    assert (small.folder / "submitted" / "ada" / "unit_1" / "unit_1.ipynb").is_file()
    assert "ada: refused (an admitted one counts): there is no notebook (.ipynb) in it, only text.html" in said
    assert "gil: held back: there is no notebook (.ipynb) in it, only a.zip; unpack it into a folder" in said


def test_a_plain_folder_needs_no_roster(small, tmp_path):
    (small.folder / "roster.csv").unlink()
    source = tmp_path / "handed in"
    (source / "ada").mkdir(parents=True)
    (source / "ada" / "unit_1.ipynb").write_text(NOTEBOOK)
    (source / "bob.ipynb").write_text(NOTEBOOK)
    (source / "cy").mkdir()
    (source / "cy" / "notes.txt").write_text("forgot it")
    (source / "dan").mkdir()
    (source / "dan" / "unit_1.ipynb").symlink_to("/etc/passwd")
    done = small.run("collect", "unit_1", "--from", source, root=False)
    assert done.exit_code == 1
    assert {path.name for path in (small.folder / "submitted").iterdir()} == {"ada", "bob"}
    assert "cy: held back: there is no notebook" in done.output
    assert "dan: held back: 'unit_1.ipynb' is a symbolic link" in done.output
    assert "--admit STUDENT" in done.output
    assert (
        "grader collect unit_1 --admit dan"
        in (small.folder / "quarantine" / "unit_1" / "dan" / "reason.txt").read_text()
    )
    let = small.run("collect", "unit_1", "--admit", "dan", root=False)
    assert "dan: let through, without unit_1.ipynb" in let.output
    assert not (small.folder / "submitted" / "dan" / "unit_1" / "unit_1.ipynb").exists()
    with pytest.raises(GraderError, match="Did you mean 'cy'"):
        small.run("collect", "unit_1", "--admit", "cyy", root=False)


def test_a_hostile_zip_writes_nothing_outside_and_stops_nobody(small, tmp_path):
    link = zipfile.ZipInfo("Bob Bäcker_2_assignsubmission_file_/unit_1.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("Ada Lovelace_1_assignsubmission_file_/../../../../evil.ipynb", NOTEBOOK)
        file.writestr("/etc/evil.ipynb", NOTEBOOK)
        file.writestr("Ada Lovelace_1_assignsubmission_file_/unit_1.ipynb", NOTEBOOK)
        file.writestr(link, "/etc/passwd")
        file.writestr("Zoë d'Été_3_assignsubmission_file_/unit_1.ipynb", NOTEBOOK)
        file.writestr("Zoë d'Été_3_assignsubmission_file_/bomb.bin", b"\0" * 120_000_000)
    before = {path for path in tmp_path.rglob("*") if "folder" not in path.parts}
    done = small.run("collect", "unit_1", "--from", tmp_path / "x.zip", root=False)
    assert done.exit_code == 1
    assert {path.name for path in (small.folder / "submitted").iterdir()} == {"ada"}
    assert not list(small.folder.rglob("evil*"))
    assert {path for path in tmp_path.rglob("*") if "folder" not in path.parts} == before
    assert "bob: held back" in done.output
    assert "zoë: held back: it has more than 2000 files or 100 MB" in done.output  # before anything is unpacked


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_bytes(b"PK no"), "not a zip that can be read"),
        (lambda path: path.with_suffix(".none"), "no such file or folder"),
        (lambda path: path.parent / "folder" / "submitted" / "ada", "in the course folder already"),
    ],
)
def test_what_cannot_be_collected_from_is_said(small, tmp_path, make, says):
    path = tmp_path / "a.zip"
    (small.folder / "submitted" / "ada").mkdir(parents=True)
    made = make(path)
    with pytest.raises(GraderError, match=says):
        small.run("collect", "unit_1", "--from", made if hasattr(made, "name") else path, root=False)
    with pytest.raises(GraderError, match="--at yesterday: expected a date"):
        small.run("collect", "unit_1", "--from", tmp_path, "--at", "yesterday", root=False)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader_of_zips(content):
    with pytest.raises(GraderError):
        list(from_lms._zip_pieces(_Bytes(content), "unit_1", {}))


class _Bytes(io.BytesIO):
    def __str__(self):
        return "bytes"


@given(st.text(max_size=60))
@example("Ada Lovelace_1_assignsubmission_file_/../../../evil.ipynb")
@example("ada/../../evil.ipynb")
@example("/ada/evil.ipynb")
def test_no_name_of_a_file_leads_out_of_its_folder(name):
    whose = from_lms.owner(name)
    if whose is not None:
        assert not PurePosixPath(whose[1]).is_absolute()
        assert ".." not in whose[1].split("/")


def test_a_name_that_two_share_is_nobodys():
    people = [
        {"student": "a", "first_name": "Jo", "last_name": "Li"},
        {"student": "b", "first_name": "Jo", "last_name": "Li"},
    ]
    known = from_lms.names_of(people, ["a", "b"])
    assert "joli" not in known
    assert known["a"] == "a"


def test_a_class_without_a_roster_may_grow_and_ids_count_as_they_are_written(small, tmp_path):
    (small.folder / "roster.csv").unlink()
    source = tmp_path / "handed in"
    source.mkdir()
    (source / ".DS_Store").write_bytes(b"\0")
    for student in ("ada", "Ada", "a.da", "a.b.c", ".dot"):
        (source / student).mkdir(parents=True)
        (source / student / "unit_1.ipynb").write_text(NOTEBOOK.replace("x = 1", f"x = '{student}'"))
    (source / "bob_unit_1.ipynb").write_text(NOTEBOOK)
    done = small.run("collect", "unit_1", "--from", source, root=False)
    assert re.findall("(.*): (?:held back|not brought in)", done.output) == [".dot"]  # which is said
    shutil.rmtree(source / ".dot")
    (source / "dan").mkdir()  # who joins late
    (source / "dan" / "unit_1.ipynb").write_text(NOTEBOOK)
    done = small.run("collect", "unit_1", "--from", source, root=False)
    assert "6 submissions" in done.output
    there = {
        path.name: (path / "unit_1" / "unit_1.ipynb").read_text() for path in (small.folder / "submitted").iterdir()
    }
    assert set(there) == {"ada", "Ada", "a.da", "a.b.c", "bob", "dan"}
    assert all(f"'{student}'" in there[student] for student in ("ada", "Ada", "a.da", "a.b.c"))


def test_each_of_several_notebooks_is_told_by_its_name_and_what_tools_keep_is_not_taken(small, tmp_path):
    release = small.folder / "release" / "lab"
    release.mkdir(parents=True)
    whole = json.loads(NOTEBOOK)
    (release / "lab.ipynb").write_text(json.dumps({**whole, "metadata": {"grader": {"more": ["second_lab"]}}}))

    def work(text):
        return NOTEBOOK.replace("x = 1", text)

    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as file:
        pieces = {
            "lab.ipynb": (3, "first"),
            "second_lab.ipynb": (9, "second"),  # ends like the first, and is newer
            ".ipynb_checkpoints/lab-checkpoint.ipynb": (20, "checkpoint"),
            "__MACOSX/._lab.ipynb": (20, "macOS"),
            "run.csv": (3, "1"),
            "run-2.csv": (4, "2"),
        }
        for name, (day, text) in pieces.items():
            place = f"Ada Lovelace_4711_assignsubmission_file_/{name}"
            file.writestr(zipfile.ZipInfo(place, (2026, 1, day, 0, 0, 0)), work(text))
        only = zipfile.ZipInfo("Zoë d'Été_4712_assignsubmission_file_/second_lab (1).ipynb", (2026, 1, 3, 0, 0, 0))
        file.writestr(only, work("second"))
        file.writestr("Bob Bäcker_4713_assignsubmission_file_/all.zip", "PK")
    done = small.run("collect", "lab", "--from", tmp_path / "moodle.zip", root=False)
    assert "there is no notebook (.ipynb) in it, only all.zip" in done.output
    ada, zoe = small.folder / "submitted" / "ada" / "lab", small.folder / "submitted" / "zoë" / "lab"
    assert {path.name: path.read_text() for path in ada.glob("*.ipynb")} == {
        "lab.ipynb": work("first"),
        "second_lab.ipynb": work("second"),
    }
    assert (ada / "run.csv").read_text() != (ada / "run-2.csv").read_text()
    assert (ada / "timestamp.txt").read_text().startswith("2026-01-09")  # of the newest
    assert [path.name for path in zoe.glob("*.ipynb")] == ["second_lab.ipynb"]


@pytest.mark.slow
def test_a_slip_in_the_name_of_a_unit_is_said(small, tmp_path):
    small.release("unit_1")
    (tmp_path / "empty").mkdir()
    for more in ([], ["--from", tmp_path / "empty"]):
        with pytest.raises(GraderError, match="Did you mean 'unit_1'"):
            small.run("collect", "unt_1", *more, root=False)


def test_work_on_another_unit_is_not_taken_for_this_one(small, tmp_path):
    for unit in ("unit_1", "unit_2"):
        (small.folder / "release" / unit).mkdir(parents=True)
        (small.folder / "release" / unit / f"{unit}.ipynb").write_text(NOTEBOOK)
    other = NOTEBOOK.replace("1", "2")
    source = tmp_path / "whole course"
    for student, names in {"ada": ("unit_1", "unit_2"), "bob": ("unit_2",)}.items():
        (source / student).mkdir(parents=True)
        for name in names:
            (source / student / f"{name}.ipynb").write_text(NOTEBOOK if name == "unit_1" else other)
    done = small.run("collect", "unit_1", "--from", source, root=False)
    assert done.exit_code == 0, done.output
    assert "bob: kept: there is work on other units only (unit_2.ipynb); nothing was taken" in done.output
    assert [path.parent.parent.name for path in small.folder.rglob("submitted/*/*/*.ipynb")] == ["ada"]
    assert (small.folder / "submitted" / "ada" / "unit_1" / "unit_1.ipynb").read_text() == NOTEBOOK
    files = {"Bob Bäcker_4713_assignsubmission_file_/unit_2 (1).ipynb": other}
    done = small.run("collect", "unit_1", "--from", make_zip(tmp_path / "moodle.zip", files), root=False)
    assert "bob: held back: there is work on other units only (unit_2.ipynb)" in done.output
    assert small.run("collect", "unit_1", "--admit", "bob", root=False).exit_code == 0
    assert (small.folder / "submitted" / "bob" / "unit_1" / "unit_1.ipynb").read_text() == other
