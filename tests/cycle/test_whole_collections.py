"""A collection that ends at any instant loses nobody's work, and one student's odd folder stops nobody else's."""

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.nbgrader import apps, collection, from_lms, whole
from grader.nbgrader.collection import GuardFinding
from grader.nbgrader.student_ids import safe_name

UNIT = "limits"
EARLY, LATE = "2026-11-24 10:00:00.000000 UTC", "2026-11-25 10:00:00.000000 UTC"


def submission(folder, stamp=EARLY, *, text='{"cells": []}'):
    folder.mkdir(parents=True)
    (folder / f"{UNIT}.ipynb").write_text(text)
    (folder / collection.STAMP).write_text(stamp)
    (folder / collection.SECRET).write_text("0123456789abcdef")
    return folder


@pytest.fixture
def course(tmp_path):
    """A course folder with an exchange: the folder, and the exchange's inbound."""
    inbound = tmp_path / "exchange" / "mine" / "inbound"
    inbound.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'mine'\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
        f"c.CourseDirectory.root = {str(tmp_path)!r}\n"
    )
    return tmp_path, inbound


def collect(folder):
    return apps.collect_unit(UNIT, folder, update=True, any_owner=True)


def stamp_of(folder, student):
    return (folder / "submitted" / student / UNIT / collection.STAMP).read_text()


def test_a_full_disk_in_mid_copy_leaves_the_earlier_submission(course, monkeypatch, capfd):
    folder, inbound = course
    submission(folder / "submitted" / "ada" / UNIT, text='{"cells": [], "first": 1}')
    for student in ("ada", "bob"):
        submission(inbound / f"{student}+{UNIT}+{LATE}+x", LATE)

    def full(source, target, **_):
        Path(target).mkdir()
        (Path(target) / "part").touch()
        raise shutil.Error([(source, target, f"[Errno {errno.ENOSPC}] No space left on device")])

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", full)
        with pytest.raises(GraderError, match="ended with status 1"):
            collect(folder)
    assert re.search(r"submitted/\w+: its disk is full; .*Make room", capfd.readouterr().err)
    assert [path.name for path in (folder / "submitted" / "ada").iterdir()] == [UNIT]
    assert stamp_of(folder, "ada") == EARLY
    assert not (folder / "submitted" / "bob").exists()
    collect(folder)
    assert (stamp_of(folder, "ada"), stamp_of(folder, "bob")) == (LATE, LATE)


KILLED = """
import os, pathlib, sys
from grader.nbgrader import whole
real, left = pathlib.Path.rename, int(sys.argv[3])
def rename(path, target):
    global left
    if not left:
        os.kill(os.getpid(), 9)
    left -= 1
    return real(path, target)
pathlib.Path.rename = rename
def rmtree(path, **_):  # in the middle of a removal
    os.unlink(os.path.join(path, sorted(os.listdir(path))[0]))
    os.kill(os.getpid(), 9)
if left == 3:
    whole.shutil.rmtree = rmtree
whole.put_in_place(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
"""


@pytest.mark.parametrize("renames", [0, 1, 2, 3])
def test_the_earlier_submission_returns_after_a_kill_between_the_renames(tmp_path, renames):
    new, target = submission(tmp_path / "new", LATE), submission(tmp_path / "submitted" / "ada" / UNIT)
    command = [sys.executable, "-c", KILLED, str(new), str(target), str(renames)]
    assert subprocess.run(command, check=False).returncode == -9
    assert target.exists() == (renames != 1)
    assert collection.submitted(tmp_path, UNIT) == ["ada"]
    collection.guard(tmp_path, UNIT)  # every command that collects or grades does this first
    assert [path.name for path in target.parent.iterdir()] == [UNIT]
    assert stamp_of(tmp_path, "ada") == (LATE if renames == 3 else EARLY)
    assert len([*target.iterdir()]) == 3
    whole.put_in_place(new, target)
    assert stamp_of(tmp_path, "ada") == LATE


def test_who_is_refused_is_held_with_a_reason_before_the_evidence_moves(tmp_path, monkeypatch):
    (submission(tmp_path / "submitted" / "ada" / UNIT) / "x").symlink_to("/etc/passwd")

    def killed(source, target):
        assert (tmp_path / "quarantine" / UNIT / "ada" / "reason.txt").is_file()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(collection, "move_whole", killed)
        with pytest.raises(KeyboardInterrupt):
            collection.guard(tmp_path, UNIT)
    assert collection.submitted(tmp_path, UNIT) == ["ada"]
    collection.guard(tmp_path, UNIT)
    assert list(collection.held(tmp_path, UNIT)) == ["ada"]
    assert (tmp_path / "quarantine" / UNIT / "ada" / "submission-1" / "x").is_symlink()


def test_evidence_moves_from_another_disk_too(tmp_path, monkeypatch):
    made, real = submission(tmp_path / "made"), type(tmp_path).rename

    def rename(path, target):
        if path == made:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        return real(path, target)

    monkeypatch.setattr(type(tmp_path), "rename", rename)
    whole.move_whole(made, tmp_path / "there")
    assert (tmp_path / "there" / collection.STAMP).is_file()
    assert not made.exists()


def test_what_changes_while_it_is_copied_stays_held(course, monkeypatch):
    from grader.nbgrader.exchange import GuardedCollect

    folder, inbound = course
    collection.hold(folder, UNIT, "ada", ["a link"], secret="", evidence=inbound)
    submission(inbound / f"ada+{UNIT}+{LATE}+x", LATE)
    monkeypatch.setattr(GuardedCollect, "do_copy", lambda *_: None)
    collect(folder)
    assert collection.held(folder, UNIT) == {"ada": "a link"}


def test_odd_names_in_the_exchange_stop_nobody_else(course):
    folder, inbound = course
    odd = ["collection.json", "Collection.json.part", "好" * 60 + "é" * 15, "reason.txt"]
    for student in [*odd, "ada"]:
        submission(inbound / f"{student}+{UNIT}+{LATE}+x", LATE)
    (inbound / f"\udcffbad+{UNIT}+{LATE}").mkdir()
    found = {finding.student for finding in collect(folder) if finding.refused}
    assert collection.submitted(folder, UNIT) == ["ada", "reason.txt"]
    assert found == {safe_name(student) for student in [*odd[:3], "\udcffbad"]} == collection.held(folder, UNIT).keys()
    assert any("\\xffbad" in finding.source for finding in collection.read_findings(folder, UNIT))


def test_a_watcher_collects_from_a_student_whose_name_is_not_utf_8_too(course):
    folder, inbound = course
    (inbound / f"\udcffbad+{UNIT}+{LATE}").mkdir()
    submission(inbound / f"ada+{UNIT}+{LATE}+x", LATE)
    apps.collect_unit(UNIT, folder, update=True, any_owner=True, students=["\udcffbad", "ada"])
    assert collection.submitted(folder, UNIT) == ["ada"]
    assert list(collection.held(folder, UNIT)) == [safe_name("\udcffbad")]


def test_a_folder_that_an_earlier_version_made_in_place_of_the_findings_is_moved_aside(tmp_path):
    (tmp_path / "quarantine" / UNIT / "collection.json").mkdir(parents=True)
    findings = [GuardFinding("ada", "x", ("a link",))]
    collection.write_findings(tmp_path, UNIT, findings)
    assert collection.read_findings(tmp_path, UNIT) == findings


def test_a_brought_in_submission_is_put_in_place_by_the_same_steps():
    assert from_lms.put_in_place is whole.put_in_place
