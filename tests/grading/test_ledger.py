"""The ledger: what it stores, in which order, and what it says when its file is damaged."""

import resource
import shutil
import signal
import sqlite3
import stat
import zlib
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course import manifest
from grader.errors import GraderError, Unavailable
from grader.grading import basis, ledger
from grader.grading.basis import Basis, basis_of, grade_key, hash_of_submission
from grader.grading.ledger import Ledger
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from tests.small_course import UNIT, write_course

BASIS = Basis(UNIT, {"level": "L3"})


def report_of(student="ada", points=1.0, outcome=Outcome.WRONG):
    test = TestResult("t", "double", 1, outcome, staff="2 == 3")
    return Report(student, UNIT, (TaskResult("double", "Double", points, 2, (test,)),), Level.L3)


def keep(book, report, key="k"):
    return book.keep(report, key=key, basis=BASIS, submission="s")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.db"


def test_a_grade_comes_back_whole_and_the_last_one_counts(path):
    with Ledger(path) as book:
        book.begin_run("grade doubling")
        keep(book, report_of(points=0.0), "old")
        new = keep(book, report_of(points=2.0), "new")
        keep(book, report_of("bob"))
    with Ledger(path) as book:
        assert book.latest(UNIT)["ada"] == new
        assert book.report(new.id) == report_of(points=2.0)
        log = book.history("ada")
        assert [entry.says for entry in log] == ["0 of 2 points", "2 of 2 points"]
        assert book.history("ada", "another_unit") == []
        told = book.graded(log[1])
        assert (told.report, told.basis, told.submission, told.final) == (report_of(points=2.0), BASIS, "s", True)


def test_what_is_pending_through_our_fault_is_not_final(path):
    with Ledger(path) as book:
        assert not keep(book, report_of(points=None, outcome=Outcome.INTERNAL)).final
        assert keep(book, report_of(points=None, outcome=Outcome.UNDECIDED)).final


def test_order_is_the_order_of_insertion_when_the_clock_jumps_back(path, monkeypatch):
    with Ledger(path) as book:
        for moment, points in (("2026-11-29T12:00:00", 1.0), ("1970-01-01T00:00:00", 2.0)):
            monkeypatch.setattr(ledger, "now", lambda moment=moment: moment)
            keep(book, report_of(points=points))
        assert [entry.says for entry in book.history("ada")] == ["1 of 2 points", "2 of 2 points"]
        assert book.report(book.latest(UNIT)["ada"].id).points == 2.0


def test_an_attempt_is_lost_with_its_run_unless_the_run_was_stopped(path):
    for how in ("killed", "stopped", "killed"):
        with Ledger(path) as book:
            book.begin_run("grade")
            book.begin(UNIT, "ada", "k", alone=how == "killed")
            if how == "stopped":
                book.end_run(how)
    with Ledger(path) as book:
        assert book.lost(UNIT) == {"k": (1, 1)}  # the last run may still be alive
        book.begin_run("grade")
        assert book.lost(UNIT) == {"k": (2, 2)}
        keep(book, report_of())
        assert book.lost(UNIT) == {"k": (2, 2)}


def test_what_people_change_is_logged_once(path):
    with Ledger(path) as book:
        score = ("ada", "test_double", "manual score", 1.5)
        assert book.by_hand(UNIT, [score]) == 1
        assert book.by_hand(UNIT, [score]) == 0
        assert book.by_hand(UNIT, [(*score[:3], 2.0)]) == 1
        assert book.by_hand(UNIT, []) == 1
        assert [entry.says for entry in book.history("ada")] == [
            "manual score of test_double: nothing -> 1.5",
            "manual score of test_double: 1.5 -> 2.0",
            "manual score of test_double: 2.0 -> nothing",
        ]


def test_only_its_owner_may_read_it(path):
    with Ledger(path) as book:
        keep(book, report_of())
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert path.name in modes
    assert set(modes.values()) == {0o600}


def test_a_ledger_of_a_newer_version_is_left_alone(path):
    Ledger(path).close()
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version=99")
    before = path.read_bytes()
    with pytest.raises(GraderError, match=r"newer version of grader \(ledger 99, this one reads 1\).*update grader"):
        Ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["no database", "a page of zeros", "cut short"])
def test_a_damaged_ledger_is_said_and_left_alone(path, damage):
    with Ledger(path) as book:
        for number in range(200):
            keep(book, report_of(f"student{number}"), str(number))
    content = path.read_bytes()
    path.write_bytes(
        {
            "no database": b"x" * len(content),
            "a page of zeros": content[:4096] + bytes(4096 * 5) + content[4096 * 6 :],
            "cut short": content[: len(content) // 2],
        }[damage]
    )
    before = path.read_bytes()
    with pytest.raises(GraderError, match=r"damaged .*not affected.*mv ledger\.db ledger\.db\.damaged"):
        Ledger(path)
    assert path.read_bytes() == before


def test_a_full_disk_is_said_and_what_was_stored_stays(path):
    with Ledger(path) as book:
        keep(book, report_of())
        before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.parent.joinpath("ledger.db-wal").stat().st_size, before[1]))
        try:
            with pytest.raises(Unavailable, match="kept; run the same command again"):
                keep(book, report_of(points=2.0))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)
        assert book.report(book.latest(UNIT)["ada"].id).points == 1.0
        keep(book, report_of(points=2.0))
        assert book.report(book.latest(UNIT)["ada"].id).points == 2.0


@pytest.mark.parametrize("there", ["a folder", "a link to nowhere", "no folder above it"])
def test_a_place_that_cannot_be_written_is_said(path, there):
    if there == "a folder":
        path.mkdir()
    elif there == "a link to nowhere":
        path.symlink_to(path.parent / "gone" / "ledger.db")
    else:
        path = path.parent / "gone" / "ledger.db"
    with pytest.raises(
        Unavailable, match=r"cannot be written .*Do you have permission to write it|is a folder, not a file. Move"
    ):
        Ledger(path)


# ------------------------------------------------------------------------------------------------ what a grade rests on


@pytest.fixture(scope="module")
def small(tmp_path_factory, request):
    """A small course, and a file that stands for its release."""
    place = tmp_path_factory.mktemp("basis")
    course = write_course(place, request.config.rootpath / "exercises" / "kit")
    (place / "release.ipynb").write_text('{"cells": [{"metadata": {}}], "metadata": {}}')
    return course, place / "release.ipynb"


def parts(course, release, level=Level.L3):
    return basis_of(course, course.unit(UNIT), release, level)


FILES = (
    "solutions/doubling/test_doubling_hidden.py",
    "solutions/doubling/reference.py",
    "exercises/doubling/doubling.py",
    "exercises/kit/check.py",
    "release.ipynb",
)


@pytest.mark.parametrize("name", FILES)
def test_every_file_counts(small, name):
    course, release = small
    before, path = parts(course, release), course.root / name
    text = path.read_bytes()
    path.write_bytes(text + b"\n")
    try:
        (changed,) = parts(course, release).differences(before)
    finally:
        path.write_bytes(text)
    assert changed == {"exercises/kit/check.py": "kit/check.py", "release.ipynb": "release"}.get(
        name, name.replace("/doubling/", "/")
    )
    assert parts(course, release) == before


def test_a_new_file_the_level_and_the_limits_count(small):
    course, release = small
    before = parts(course, release)
    data = course.unit(UNIT).exercises_dir / "data.csv"
    data.write_text("1,2\n")
    try:
        assert parts(course, release).differences(before) == ["exercises/data.csv"]
    finally:
        data.unlink()
    assert parts(course, release, Level.L1).differences(before) == ["level"]
    text = (course.root / "course" / "course.toml").read_text()
    for old, new, part in (("cpu_seconds = 1", "cpu_seconds = 2", "limits"), ("points = 2", "points = 4", "points")):
        (course.root / "course" / "course.toml").write_text(text.replace(old, new))
        assert parts(manifest.load(course.root), release).differences(before) == [part]
    (course.root / "course" / "course.toml").write_text(text)


def test_other_libraries_and_another_engine_count(small, monkeypatch):
    course, release = small
    before = parts(course, release)
    monkeypatch.setattr(basis, "_versions", lambda: {**dict.fromkeys(basis._LIBRARIES, "1"), "numpy": "0.1"})
    monkeypatch.setattr(basis, "_hash_of_the_engine", lambda: "another")
    assert {"numpy", "engine"} <= set(parts(course, release).differences(before))


def test_the_engines_hash_covers_each_module_that_decides_a_grade(tmp_path, monkeypatch, request):
    engine = tmp_path / "grader"
    shutil.copytree(request.config.rootpath / "grader", engine, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(basis, "_ENGINE", engine)
    before = basis._hash_of_the_engine.__wrapped__()
    for name, counts in (("testing/expect.py", True), ("jail/inside/session.py", True), ("report/table.py", False)):
        text = (engine / name).read_bytes()
        (engine / name).write_bytes(text + b"\n")
        assert (basis._hash_of_the_engine.__wrapped__() != before) is counts, name
        (engine / name).write_bytes(text)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.binary(max_size=3), st.booleans()), min_size=2, max_size=2))
def test_two_submissions_share_a_key_only_if_they_are_the_same(two):
    keys = [grade_key(BASIS, student, basis.hash_of_text(repr((content, other)))) for student, content, other in two]
    assert (keys[0] == keys[1]) == (two[0] == two[1])


def test_the_hash_of_a_submission_covers_the_notebooks_beside_it_and_follows_no_link(tmp_path):
    notebook = tmp_path / "doubling.ipynb"
    assert hash_of_submission(tmp_path / "gone" / "doubling.ipynb") == ""
    seen = [hash_of_submission(notebook)]
    for name, content in (("doubling.ipynb", b"{}"), ("Copy.ipynb", b"{}"), ("Copy.ipynb", b"{1}")):
        (tmp_path / name).write_bytes(content)
        seen.append(hash_of_submission(notebook))
    assert len(set(seen)) == 4
    (tmp_path / "notes.txt").write_text("not graded")
    assert hash_of_submission(notebook) == seen[-1]
    (tmp_path / "secret.ipynb").symlink_to("/etc/passwd")
    linked = hash_of_submission(notebook)
    (tmp_path / "secret.ipynb").unlink()
    (tmp_path / "secret.ipynb").symlink_to("/etc/hostname")
    assert hash_of_submission(notebook) == linked


def test_a_report_with_every_field_survives(path):
    report = msgspec.structs.replace(report_of("ada"), problem="\u202e", worked_as="\0", milliseconds=1.5)
    with Ledger(path) as book:
        assert book.report(keep(book, report).id) == report


@pytest.mark.parametrize("stored", [b"\x00\x11", "text", None, zlib.compress(b"{}")])
def test_a_damaged_report_in_the_ledger_is_said(stored, path):
    """SQLite's own check does not look into it."""
    with Ledger(path) as book:
        grade = keep(book, report_of())
    with sqlite3.connect(path) as db:
        db.execute("update grades set report = ?", (stored,))
    with Ledger(path) as book:
        for read in (
            lambda: book.report(grade.id),
            lambda: book.graded(book.history("ada")[0]),
            lambda: list(ledger.stored_reports(path, [grade.id])),
        ):
            with pytest.raises(GraderError, match=r"damaged \(a report in it cannot be read.*mv ledger\.db"):
                read()


def test_another_programs_database_is_left_alone(path):
    with sqlite3.connect(path) as db:
        db.execute("create table cats (name)")
    with pytest.raises(GraderError, match=r"damaged \(it has other tables than a ledger"):
        Ledger(path)
    with sqlite3.connect(path) as db:
        assert db.execute("select name from sqlite_master").fetchall() == [("cats",)]


def test_several_processes_may_make_a_ledger_at_once(path):
    """The button and a run of the grader, on the first day."""
    with ThreadPoolExecutor(8) as threads:
        for book in threads.map(lambda _: Ledger(path), range(8)):
            book.close()


def test_the_last_attempt_is_the_last_made_when_the_clock_was_put_back(path, monkeypatch):
    """Otherwise there would be no pause until the clock is there again."""
    with Ledger(path) as book:
        for moment, submission in (("2026-11-30T12:00:00", "first"), ("2026-11-29T12:00:00", "second")):
            monkeypatch.setattr(ledger, "now", lambda moment=moment: moment)
            book.keep(report_of(), key=submission, basis=BASIS, submission=submission)
        assert book.attempts(UNIT) == {"ada": (2, "2026-11-29T12:00:00")}
