"""What is handed in is looked at before it is trusted: one test for each reason, on real folders."""

import datetime
import json
import os
import pwd
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course import build, manifest
from grader.nbgrader import apps, class_grading, collection, setup
from grader.nbgrader.collection import FolderName, SurveyedFolder, admit
from grader.nbgrader.student_ids import safe_name
from grader.results import Outcome

UNIT = "u1_derivative_intuition"
NOTEBOOK = f"{UNIT}.ipynb"
NOW = datetime.datetime(2020, 11, 24, 12, 0)
STAMP = "2020-11-24 10:00:00.500000 UTC"
SECRET = "0123456789abcdef"
ME = pwd.getpwuid(os.getuid()).pw_name


def hand_in(folder, *, stamp=STAMP, secret=SECRET):
    folder.mkdir(parents=True)
    (folder / NOTEBOOK).write_text('{"cells": []}')
    for name, text in ((collection.STAMP, stamp), (collection.SECRET, secret)):
        if text is not None:
            (folder / name).write_text(text)
    return folder


def judged(folder, *, student="ada", **facts):
    return admit(collection.survey(folder), UNIT, student=student, now=NOW, **facts)


def a_link_in_place_of_the_notebook(folder):
    (folder / NOTEBOOK).unlink()
    (folder / NOTEBOOK).symlink_to("/etc/passwd")


def a_dangling_link_far_below(folder):
    (folder / "data" / "more").mkdir(parents=True)
    (folder / "data" / "more" / "x").symlink_to("/nowhere")


def a_link_to_a_folder(folder):
    (folder / "data").symlink_to("/etc")


def a_hard_link(folder):
    (folder.parent / "elsewhere").write_text("another student's work")
    (folder / "mine.txt").hardlink_to(folder.parent / "elsewhere")


def a_fifo_in_place_of_the_notebook(folder):
    (folder / NOTEBOOK).unlink()
    os.mkfifo(folder / NOTEBOOK)


def a_folder_in_place_of_the_timestamp(folder):
    (folder / collection.STAMP).unlink()
    (folder / collection.STAMP).mkdir()


def too_many_bytes(folder):
    with (folder / "data.bin").open("wb") as file:
        file.truncate(collection.MAX_BYTES + 1)  # sparse: it costs no room


def too_many_files(folder):
    for number in range(collection.MAX_ENTRIES + 1):
        (folder / f"{number}.txt").touch()


def too_deep(folder):
    folder.joinpath(*["d"] * 40).mkdir(parents=True)


def the_future(folder):
    (folder / collection.STAMP).write_text("2099-11-25 10:00:00 UTC")


REFUSED = {
    a_link_in_place_of_the_notebook: "'u1_derivative_intuition.ipynb' is a symbolic link",
    a_dangling_link_far_below: "'data/more/x' is a symbolic link",
    a_link_to_a_folder: "'data' is a symbolic link",
    a_hard_link: "'mine.txt' is a hard link",
    a_fifo_in_place_of_the_notebook: "is a special file, not a regular file",
    a_folder_in_place_of_the_timestamp: "'timestamp.txt' is a folder",
    too_many_bytes: "more than 100",
    too_many_files: "more than 2000 files",
    too_deep: "20 deep",
    the_future: "its time lies in the future",
}


@pytest.mark.parametrize("spoil", REFUSED, ids=lambda one: one.__name__)
def test_is_refused_with_its_reason(tmp_path, spoil):
    folder = hand_in(tmp_path / "x")
    assert judged(folder) == collection.Admission()
    spoil(folder)
    assert any(REFUSED[spoil] in reason for reason in judged(folder).refused)


def test_a_folder_that_is_a_link_or_no_folder_is_refused(tmp_path):
    hand_in(tmp_path / "x")
    (tmp_path / "link").symlink_to(tmp_path / "x")
    assert judged(tmp_path / "link").refused == ("its folder is a symbolic link",)
    (tmp_path / "file").touch()
    assert judged(tmp_path / "file").refused == ("it is not a folder",)


def test_another_students_name_in_the_folder_is_refused_unless_owners_are_not_checked(tmp_path):
    folder = hand_in(tmp_path / "x")
    assert "belongs to the user mallory" in judged(folder, owner="mallory").refused[0]
    assert not judged(folder, owner="ada").refused
    assert not judged(folder, owner=None).refused


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_in_the_folder_is_refused(tmp_path):
    folder = hand_in(tmp_path / "x")
    os.chown(folder / NOTEBOOK, 65534, 65534)
    assert "belongs to another user than the folder" in judged(folder, owner="ada").refused[0]


NAMES = ["..", ".", "-rf", "a\nb", "<script>", "a/b", "x" * 200, "", "\udcff", "a;rm", "好" * 82, "collection.json"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_an_odd_name_is_refused_and_gets_one_that_is_safe(tmp_path, name):
    assert "cannot be a student's id" in judged(hand_in(tmp_path / "x"), student=name).refused[0]
    safe = safe_name(name)
    assert safe_name(safe) == safe
    assert len({safe_name(other) for other in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", ["ada", "ada.lovelace@example.org", "Ada Lovelace", "émilie", "a+b", "s1234567"])
def test_ordinary_names_stay_what_they_are(tmp_path, name):
    assert not judged(hand_in(tmp_path / "x"), student=name).refused
    assert safe_name(name) == name


def test_times_that_contradict_each_other_are_refused():
    handed = SurveyedFolder((), stamp="2020-11-24 08:00:00 UTC", secret=SECRET)
    verdict = admit(handed, UNIT, student="ada", now=NOW, named=FolderName("ada", STAMP))
    assert verdict.refused == ("timestamp.txt says 2020-11-24 08:00:00, its folder's name 2020-11-24 10:00:00 (UTC)",)
    unreadable = admit(handed, UNIT, student="ada", now=NOW, named=FolderName("ada", "yesterday"))
    assert "in its folder's name cannot be read" in unreadable.refused[0]


@pytest.mark.parametrize("stamp", ["", "long ago"])
def test_a_time_that_is_missing_or_unreadable_is_taken_from_the_folders_name(stamp):
    verdict = admit(
        SurveyedFolder((), stamp=stamp, secret=SECRET), UNIT, student="ada", now=NOW, named=FolderName("ada", STAMP)
    )
    assert (verdict.refused, verdict.stamp) == ((), STAMP)


def test_a_folder_changed_long_after_its_time_is_said_to_staff():
    changed = NOW.replace(tzinfo=datetime.UTC).timestamp()
    handed = SurveyedFolder((), stamp=STAMP, secret=SECRET, changed=changed)
    verdict = admit(handed, UNIT, student="ada", now=NOW, named=FolderName("ada", STAMP))
    assert not verdict.refused
    assert "it was last changed 2020-11-24 12:00" in verdict.notes[0]


def test_a_missing_or_empty_secret_is_made_anew_and_an_unreadable_time_is_now(tmp_path):
    for student, secret, stamp in (("ada", None, STAMP), ("bob", "", STAMP), ("eve", SECRET, "soon")):
        hand_in(tmp_path / "submitted" / student / UNIT, secret=secret, stamp=stamp)
    findings = collection.guard(tmp_path, UNIT)
    assert {finding.student: bool(finding.refused) for finding in findings} == {
        "ada": False,
        "bob": False,
        "eve": False,
    }
    places = {student: tmp_path / "submitted" / student / UNIT for student in ("ada", "bob", "eve")}
    made = {collection.small_file(places[student] / collection.SECRET) for student in ("ada", "bob")}
    assert len(made) == 2
    assert all(collection.is_secret(secret) for secret in made)
    age = collection.now_in_utc() - collection.read_moment(collection.small_file(places["eve"] / collection.STAMP))
    assert abs(age) < datetime.timedelta(minutes=1)
    assert collection.guard(tmp_path, UNIT) == []


def test_special_files_beside_the_notebook_are_left_out(tmp_path, monkeypatch):
    folder = hand_in(tmp_path / "submitted" / "ada" / UNIT)
    os.mkfifo(folder / "pipe")
    (folder / collection.SECRET).unlink()
    os.mkfifo(folder / collection.SECRET)
    (folder / "below").mkdir()
    with socket.socket(socket.AF_UNIX) as one:
        monkeypatch.chdir(folder / "below")  # a socket's path is short
        one.bind("socket")
    (finding,) = collection.guard(tmp_path, UNIT)
    assert len(finding.notes) == 4  # and there is a new secret
    assert not finding.refused
    assert not (folder / "pipe").exists()
    assert not (folder / "below" / "socket").exists()
    assert (folder / NOTEBOOK).is_file()


def test_a_copy_never_follows_a_link_and_stops_at_the_limit(tmp_path):
    folder = hand_in(tmp_path / "x")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "folder").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    (folder / "zero.bin").write_bytes(bytes(10_000))
    handed = collection.survey(folder, into=tmp_path / "copy", max_bytes=5_000)
    assert {path.name for path in (tmp_path / "copy").rglob("*")} == {NOTEBOOK, collection.STAMP, collection.SECRET}
    assert any("more than" in reason for reason in admit(handed, UNIT, student="a", now=NOW, max_bytes=5_000).refused)


def test_evidence_is_moved_and_never_overwritten(tmp_path):
    for _ in range(2):
        folder = hand_in(tmp_path / "submitted" / "ada" / UNIT)
        (folder / "x").symlink_to("/etc/passwd")
        collection.guard(tmp_path, UNIT)
    place = tmp_path / "quarantine" / UNIT / "ada"
    assert {path.name for path in place.iterdir()} == {"submission-1", "submission-2", "reason.txt", collection.SECRET}
    assert (place / "submission-1" / "x").is_symlink()
    assert "'x' is a symbolic link" in collection.held(tmp_path, UNIT)["ada"]
    hand_in(tmp_path / "submitted" / "ada" / UNIT)
    assert collection.held(tmp_path, UNIT) == {}


# ------------------------------------------------------------------------------------------------ the real nbgrader


@pytest.fixture(scope="module")
def released(tmp_path_factory, request):
    """A course folder with a release, and an exchange, by the real nbgrader."""
    place = tmp_path_factory.mktemp("collecting")
    folder, exchange = place / "course", place / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    course = manifest.load(request.config.rootpath)
    setup.init_course_folder(course, folder, exchange=exchange)
    build.build_unit(course, UNIT, folder)
    for command in ("generate_assignment", "release_assignment"):
        apps.run_nbgrader(command, [UNIT], where=folder, log=folder / "log")
    return course, folder, exchange / course.id / "inbound"


def inbound(released, student, spoil=None, *, stamp=None, named=None, secret=None, work=None):
    """What `nbgrader submit` leaves in the exchange, and then `spoil`."""
    _, folder, place = released
    now = collection.now_in_utc().strftime(collection.STAMP_FORMAT)
    target = place / f"{student}+{UNIT}+{named or now}+rnd-{len(list(place.iterdir()))}"
    own = secrets.token_hex(64) if secret is None else secret
    hand_in(target, stamp=stamp or named or now, secret=own)
    notebook = json.loads((work or folder / "release" / UNIT / NOTEBOOK).read_text())
    (target / NOTEBOOK).write_text(json.dumps(notebook))
    if spoil:
        spoil(target)
    return target


def hand_in_everything(released, right):
    """A class: three whose work counts, and everything that must be held back."""
    place = released[2]
    inbound(released, "ada", work=right)
    inbound(released, "ada", a_link_to_a_folder)  # newer, and refused: the one before counts
    inbound(released, "bob", a_link_in_place_of_the_notebook)
    inbound(released, "eve", a_hard_link)
    inbound(released, "fay", stamp="2020-01-01 00:00:00 UTC")
    inbound(released, "gus", named="2099-01-01 00:00:00 UTC")
    inbound(released, "hal", secret="", work=right)
    inbound(released, "ida", lambda target: os.mkfifo(target / "pipe"), work=right)
    inbound(released, "jon", too_many_bytes)
    inbound(released, "<b>")
    inbound(released, "..")  # hidden, so nbgrader does not even see it
    inbound(released, "kim", named="no time at all")
    (place / f"lea+{UNIT}+2026-01-01 00:00:00 UTC+x").symlink_to("/etc")
    (place / f"junk+{UNIT}+a+b+c").mkdir()


def a_person_must_decide(held, reports, folder, *, tasks):
    """No silent zero: every task of those who are `held` is pending, in the report and in the gradebook."""
    for student in held:
        outcomes = {test.outcome for task in reports[student].tasks for test in task.tests}
        assert outcomes == {Outcome.UNDECIDED}
        assert reports[student].problem.startswith("Held back: ")
    with sqlite3.connect(folder / "gradebook.db") as connection:
        rows = connection.execute(
            "select sa.student_id, sum(g.needs_manual_grade), count(g.auto_score) from grade g "
            "join submitted_notebook sn on sn.id = g.notebook_id "
            "join submitted_assignment sa on sa.id = sn.assignment_id group by 1"
        ).fetchall()
    assert {row[0]: row[1:] for row in rows if row[0] in held} == dict.fromkeys(held, (tasks, 0))


@pytest.mark.slow
def test_the_class_is_collected_graded_and_gets_feedback_whatever_one_student_hands_in(released):
    course, folder, place = released
    right = folder / "source" / UNIT / NOTEBOOK
    hand_in_everything(released, right)

    command = [sys.executable, "-m", "just_enough_calculus", "collect", UNIT, "--folder", folder, "--any-owner"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "ada: refused (an admitted one counts): 'data' is a symbolic link" in done.stdout
    assert "jon: held back: it has 100.1 MB, more than 100 MB" in done.stdout
    assert "hal: mended: submission_secret.txt" in done.stdout
    assert set(collection.submitted(folder, UNIT)) == {"ada", "hal", "ida"}
    odd = safe_name("<b>")
    held = {"bob", "eve", "fay", "gus", "jon", "kim", "lea", odd}
    assert set(collection.held(folder, UNIT)) == held
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert not (folder / UNIT).exists()  # that is where "submitted/../<unit>" would be

    reports = {report.student: report for report in class_grading.grade_unit(course, UNIT, folder)}
    assert set(reports) == held | {"ada", "hal", "ida"}
    full = course.unit(UNIT).points
    assert {student: report.points for student, report in reports.items()} == {
        **dict.fromkeys(held, 0.0),
        **dict.fromkeys(("ada", "hal", "ida"), full),
    }
    a_person_must_decide(held, reports, folder, tasks=len(course.unit(UNIT).tasks))
    for step in ("generate_feedback", "release_feedback"):
        apps.run_nbgrader(step, [UNIT], where=folder, log=folder / "log")
    assert len(list((place.parent / "feedback").glob("*.html"))) == len(reports)
    page = (folder / "feedback" / "bob" / UNIT / f"{UNIT}.html").read_text()
    assert "is a symbolic link" in page

    inbound(released, "bob", work=right)  # bob hands in again
    findings = apps.collect_unit(UNIT, folder, any_owner=True)
    assert "bob" not in {finding.student for finding in findings if finding.held}
    assert "bob" not in collection.held(folder, UNIT)
    assert "bob" in collection.submitted(folder, UNIT)


@pytest.mark.slow
def test_nbgraders_own_collect_and_autograde_have_the_guard_too(released, tmp_path):
    course, folder, _ = released
    other = tmp_path / "course"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("submitted", "quarantine", "autograded", "reports"))
    setup.init_course_folder(course, other)
    inbound(released, "zoe", a_link_to_a_folder)
    inbound(released, ME)
    inbound(released, "max", work=folder / "source" / UNIT / NOTEBOOK)  # not max's own: it belongs to this user
    apps.run_nbgrader("collect", [UNIT], where=other, log=other / "log")
    assert collection.submitted(other, UNIT) == [ME]
    held = collection.held(other, UNIT)
    assert "is a symbolic link" in held["zoe"]
    assert f"claims to be handed in by max but belongs to the user {ME}" in held["max"]
    placed = hand_in(other / "submitted" / "nan" / UNIT)  # by hand, past the exchange
    shutil.copy(folder / "source" / UNIT / NOTEBOOK, placed / NOTEBOOK)
    a_hard_link(placed)
    apps.run_nbgrader("autograde", [UNIT, "--student=nan"], where=other, log=other / "log")
    report = json.loads((other / "reports" / UNIT / "nan.json").read_text())
    assert "hard link" in report["problem"]
    assert {task["points"] for task in report["tasks"]} == {None}


@pytest.mark.slow
def test_the_collection_of_another_unit_may_make_a_students_folder_meanwhile(released, monkeypatch):
    _, folder, _ = released
    inbound(released, "ann")
    real = os.path.exists

    def exists(path):
        """nbgrader looks whether the folder is there; before it makes it, another process does."""
        there = real(path)
        if Path(path).name == "ann":
            Path(path).mkdir(parents=True, exist_ok=True)
        return there

    monkeypatch.setattr(os.path, "exists", exists)
    apps.collect_unit(UNIT, folder, any_owner=True)
    assert "ann" in collection.submitted(folder, UNIT)
