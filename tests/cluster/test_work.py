"""What goes to a cluster's worker, how much at once, and who may be one; without a cluster."""

import os
import re
import zipfile
from pathlib import Path

import pytest

from grader.cluster import bundle, driver, orders, software
from grader.cluster.staff import Staff
from grader.cluster.work import MOST, SubmissionIndex, Work
from grader.course import elsewhere, notebooks
from grader.errors import GraderError, Unavailable
from grader.grading.batch import Batch
from grader.grading.messages import Graded
from grader.results import Level, Report


def graded(milliseconds=100.0, *, slow=False):
    return Graded(Report("ada", "doubling", (), Level.L3, milliseconds=milliseconds), slow=slow)


def work(count, alone=()):
    submissions = [(f"s{number}", Path(f"s{number}.ipynb")) for number in range(count)]
    return Work([Batch("doubling", submissions, Path("release.ipynb"), alone)])


@pytest.mark.parametrize("slots", [1, 2, 64, 1000])
def test_every_submission_is_given_once_in_groups_of_bounded_time(slots):
    todo, seen, sizes = work(5000), [], []
    while not todo.done:
        places = todo.take(0, slots)
        assert places
        sizes.append(len(places))
        for place in places:
            assert todo.graded(place, graded())
        seen += places
    assert sorted(seen) == [SubmissionIndex(0, number) for number in range(5000)]
    assert sizes[0] == 1, "nothing is known of the first one's time"
    assert max(sizes) <= max(5, min(MOST, slots // 10)), "half a second, or a hundred groups a second"
    assert sizes[-1] == 1, "towards the end, no worker waits for another's group"


def test_nothing_waits_behind_a_slow_submission_when_others_would_have_no_work():
    todo = work(100)
    assert not todo.is_plenty(slots=2), "nothing is known"
    for milliseconds in (1000.0, 1000.0, 7000.0):
        (place,) = todo.take(0, 2)
        todo.graded(place, graded(milliseconds))
    assert todo.is_plenty(slots=2), "two workers need 145 s for the 97 that are left, and the slow one needed 7"
    while todo.is_plenty(slots=2):
        for place in todo.take(0, 2):
            todo.graded(place, graded(3000.0))
    left = 0
    while places := todo.take(0, 2):
        left += len(places)
    assert 1 <= left <= 5, "two times 7 s are less than five times 3 s"


def test_what_is_slow_or_lost_comes_back_alone_and_once():
    todo = work(4, alone=("s3",))
    first, second, third = (place for _ in range(3) for place in todo.take(0, 1))
    assert not todo.graded(first, graded(slow=True))
    assert not todo.lost(second)
    assert todo.take_alone() is None, "another is still being graded"
    assert todo.graded(third, graded())
    assert [todo.take_alone() for _ in range(4)] == [SubmissionIndex(0, 3), first, second, None]
    assert todo.before == {first: graded(slow=True)}
    assert todo.graded(SubmissionIndex(0, 3), graded(slow=True)), "that was its last attempt"
    todo.not_begun(first)
    assert todo.take_alone() == first
    assert not todo.lost(first), "its first loss; the slow attempt was none"
    assert todo.lost(second), "the second"
    assert todo.take_alone() == first
    assert todo.lost(first)
    assert todo.done


def machine(level, software_there=None):
    found = {**software.installed(), **(software_there or {})}
    return 2, orders.Introduction("token", found, level, ("no namespaces",))


@pytest.mark.parametrize(
    ("wanted", "allowed", "there", "level", "refused"),
    [
        ("", "", {"a": machine(Level.L3), "b": machine(Level.L1)}, "L3", {"b": "isolation level L1, but L3 is needed"}),
        ("L1", "", {"a": machine(Level.L0), "b": machine(Level.L1)}, "L1", {"a": "but L1 is needed: no namespaces"}),
        ("", "", {"a": machine(Level.L0)}, None, {"a": "isolation level L0, but at least L1 is needed"}),
        ("", "1", {"a": machine(Level.L0)}, "L0", {}),
        ("", "", {"a": machine(Level.L3, {"numpy": "1.0"})}, None, {"a": r"other software: numpy 1\.0 \(here \d"}),
        ("", "", {"a": (1, "it did not reply")}, None, {"a": "it did not reply"}),
    ],
)
def test_who_may_grade(wanted, allowed, there, level, refused, monkeypatch):
    monkeypatch.setenv("GRADER_ALLOW_L0", allowed)
    staff = Staff(wanted)
    lines = staff.admit(there)
    assert set(staff.members) == there.keys() - refused.keys()
    assert [line.partition(": ")[0] for line in lines] == sorted(refused)
    for line in lines:
        assert re.search(refused[line.partition(": ")[0]], line), line
    if level:
        assert staff.level == level
    else:
        with pytest.raises(GraderError, match=r"no worker may grade:\n  a: "):
            _ = staff.level
    there_before = set(staff.members)
    assert {member.address for member in staff.gone([])} == there_before
    assert not staff.members
    assert not staff.refused


def test_an_unknown_level_is_named():
    with pytest.raises(GraderError, match="GRADER_LEVEL=L9: expected one of L3, L2, L1, L0"):
        Staff("L9")


def read(path, release):
    """What grading reads of a submission, or why not."""
    try:
        found = notebooks.read_handed_in(path, release)
    except notebooks.SubmissionProblem as error:
        found = str(error)
    return found, elsewhere.work_elsewhere(path, release)


KINDS = ("file", "copy", "script", "old folder", "missing", "no folder", "link", "folder", "pipe", "too large")


@pytest.mark.parametrize("kind", [*KINDS, "odd name"])
def test_a_worker_reads_what_the_driver_would(kind, tmp_path, course):
    unit = course.unit("u0_placement")
    release = {"cells": [], "metadata": {}}
    here, there = tmp_path / "here" / unit.notebook_name, tmp_path / "there"
    if kind != "no folder":
        here.parent.mkdir()
    content = b'{"cells": [{"cell_type": "code", "source": "x = 1"}], "metadata": {}}'
    make = {
        "file": lambda: here.write_bytes(content),
        "copy": lambda: here.with_name("u0_placement-Copy1.ipynb").write_bytes(content),
        "script": lambda: here.with_suffix(".py").write_bytes(content),
        "old folder": lambda: (
            (here.parent / "a/b").mkdir(parents=True) or (here.parent / "a/b/old.ipynb").write_bytes(content)
        ),
        "link": lambda: here.symlink_to("/etc/passwd"),
        "folder": here.mkdir,
        "pipe": lambda: os.mkfifo(here),
        "too large": lambda: here.write_bytes(b"") or os.truncate(here, 30 << 20),
        "odd name": lambda: Path(os.fsdecode(bytes(here.parent) + b"/\xff.ipynb")).write_bytes(content),
    }
    make.get(kind, lambda: None)()
    sent = bundle.read_submission_folder(here, unit.notebook_names)
    assert sum(len(message.content) for message in sent) <= len(content)
    bundle.write_submission_folder(sent, there)
    assert read(there / unit.notebook_name, release) == read(here, release)
    assert elsewhere.other_files(there / unit.notebook_name) == elsewhere.other_files(here)


def test_a_bundle_is_the_same_for_the_same_files_and_has_no_other_units_secrets(tmp_path, course):
    unit = course.unit("u0_placement")
    release = tmp_path / "release" / unit.id / unit.notebook_name
    release.parent.mkdir(parents=True)
    release.write_text("{}")
    digest, content = bundle.pack(course, unit, release)
    os.utime(release, (1, 1))
    assert bundle.pack(course, unit, release) == (digest, content)
    bundle.unpack(content, tmp_path / "unpacked")
    root = tmp_path / "unpacked"
    assert bundle.released_in(root, unit).read_text() == "{}"
    assert {path.name for path in (root / "solutions").iterdir()} == {unit.id}
    release.write_text("{ }")
    assert bundle.pack(course, unit, release)[0] != digest
    (tmp_path / "evil").mkdir()
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../out", "")
    with pytest.raises(ValueError, match=r"\.\./out"):
        bundle.unpack((tmp_path / "evil.zip").read_bytes(), tmp_path / "evil")


@pytest.mark.parametrize("address", ["ftp//x", "tcp://127.0.0.1", "carrier-pigeon://loft:1"])
def test_a_malformed_address_is_refused_before_dask_tries_it(address, monkeypatch):
    monkeypatch.setattr(driver.distributed, "Client", None)
    with pytest.raises(Unavailable, match="no Dask scheduler there"):
        driver.Cluster(address, news=print)
