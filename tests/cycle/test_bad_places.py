"""A course folder in a bad place: each trouble gets one clear message, nothing is lost, and the next run completes.

Real small disks that fill (tmpfs), real read-only mounts and other users' files; a file system without locks is one for
whose calls the kernel refuses locks (seccomp), since none is at hand.
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from grader.course import manifest
from grader.environment import python_path
from grader.nbgrader import class_grading, setup
from tests import ordinary_user
from tests.cycle.test_killed import outputs
from tests.small_course import ANSWERS, UNIT, hand_in, make_folder, write_course

pytestmark = pytest.mark.slow
RIGHT = ("2 * x", "x / 2")
GRADE = ("grade", UNIT, "--workers=1", "--yes")


@pytest.fixture(scope="module")
def place(tmp_path_factory, request):
    """A small course, a class that is graded but for "cyd", who handed in again, and the same class graded."""
    place = tmp_path_factory.mktemp("places")
    course = write_course(place / "course", request.config.rootpath / "exercises" / "kit")
    folder = make_folder(course, place / "before")
    for student, answers in ANSWERS.items():
        hand_in(folder, student, *answers)
    class_grading.grade_unit(course, UNIT, folder, workers=1)
    hand_in(folder, "cyd", *RIGHT)
    shutil.copytree(folder, place / "after")
    class_grading.grade_unit(course, UNIT, place / "after", workers=1)
    return place


def run(place, folder, *command, program=(sys.executable, "-m", "just_enough_calculus"), **how):
    """Run a command of ours in a course folder."""
    root = ["--root", str(place / "course")] if command[0] in ("grade", "replay", "report", "watch") else []
    env = {**os.environ, "PYTHONPATH": python_path(), **how.pop("env", {})}
    words = [*program, *command, "-C", str(folder), *root]
    return subprocess.run(words, capture_output=True, text=True, check=False, env=env, timeout=300, **how)


def is_one_message(done, *says, status=2):
    """Whether a command said one thing, with all of these words, and not that it is our fault."""
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert sum(line.startswith("grader: ") for line in done.stderr.splitlines()) == 1, done.stderr
    for words in says:
        assert words in done.stderr


def the_next_run_completes(place, folder, *, graded_anew=False):
    """The folder then holds what an undisturbed run gives; if all was `graded_anew`, all have an earlier report."""
    class_grading.grade_unit(manifest.load(place / "course"), UNIT, folder, workers=1)
    (rows, found), (expected_rows, expected) = outputs(folder), outputs(place / "after")
    earlier = {name for name in found if "/last/" in name} if graded_anew else set()
    assert rows == expected_rows
    assert {name: found[name] for name in found.keys() - earlier} == {
        name: expected[name] for name in expected.keys() - earlier
    }


@contextlib.contextmanager
def mounted(path, *options):
    """Mount something on `path`."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    done = subprocess.run(["mount", *options, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)


@contextlib.contextmanager
def small_disk(path, megabytes=8):
    """A separate disk at `path`, which may hold files already."""
    moved = path.with_name(f"{path.name}-moved")
    path.rename(moved)
    path.mkdir(mode=moved.stat().st_mode & 0o777)
    with mounted(path, "-t", "tmpfs", "-o", f"size={megabytes}m", "calculus"):
        shutil.copytree(moved, path, dirs_exist_ok=True)
        yield
        shutil.rmtree(moved)
        shutil.copytree(path, moved)
    path.rmdir()
    moved.rename(path)


def fill(disk, but=0):
    """Fill a disk up to some bytes; returns the file that does it, to be removed before anything is compared."""
    there = os.statvfs(disk)
    with (disk / "filler").open("wb") as file:
        if (size := there.f_bavail * there.f_frsize - but) > 0:
            os.posix_fallocate(file.fileno(), 0, size)
    return disk / "filler"


@pytest.fixture
def folder(place, tmp_path):
    shutil.copytree(place / "before", tmp_path / "folder")
    return tmp_path / "folder"


# ------------------------------------------------------------------------------------------------ a full disk


@pytest.mark.parametrize(
    ("kilobytes", "full"), [(0, ".grader.turn"), (8, "ledger.db"), (40, "ledger.db"), (120, "gradebook_copies")]
)
def test_a_full_disk_is_named_and_changes_nothing(place, folder, kilobytes, full):
    with small_disk(folder):
        before = outputs(folder)
        filler = fill(folder, but=kilobytes << 10)
        is_one_message(run(place, folder, *GRADE), full, "No space left" if "turn" in full else "full")
        filler.unlink()
        assert outputs(folder) == before
        the_next_run_completes(place, folder)


FULL = {
    "reports": ("reports/doubling", "doubling could not be written (No space left", "Make room"),
    "autograded": ("folder: doubling could not be written (No space left", "Make room"),
    "gradebook_copies": ("gradebook_copies: the gradebook could not be copied there", "full", "make room"),
    "gradebook": ("gradebook.db: the disk is full", "Make room"),
}


@pytest.mark.parametrize("part", FULL)
def test_a_disk_of_one_part_that_fills_leaves_the_others_as_they_were(place, folder, part):
    disk = folder / part
    disk.mkdir(exist_ok=True)
    if part == "gradebook":
        (folder / "gradebook.db").rename(disk / "gradebook.db")
        with (folder / "nbgrader_config.py").open("a") as config:
            config.write(f"c.CourseDirectory.db_url = 'sqlite:///{disk}/gradebook.db'\n")
        (folder / "gradebook.db").symlink_to(disk / "gradebook.db")  # for `outputs`
    with small_disk(disk):
        before = outputs(folder)
        filler = fill(disk)
        is_one_message(run(place, folder, *GRADE), *FULL[part])
        filler.unlink()
        assert outputs(folder) == before
        the_next_run_completes(place, folder)


def test_a_full_temporary_folder_costs_nobody_a_point(place, folder, tmp_path):
    """Python looks for another one."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with small_disk(scratch):
        filler = fill(scratch)
        done = run(place, folder, *GRADE, env={"TMPDIR": str(scratch)})
        filler.unlink()
    assert done.returncode == 0, done.stderr
    assert outputs(folder) == outputs(place / "after")


def test_pages_on_a_full_disk_stay_whole(place, folder):
    with small_disk(folder):
        assert run(place, folder, "report", UNIT).returncode == 0
        pages = {path: path.read_bytes() for path in folder.glob("class*.html")}
        the_next_run_completes(place, folder)
        filler = fill(folder)
        is_one_message(run(place, folder, "report", UNIT), "No space left")
        assert {path: path.read_bytes() for path in folder.glob("class*.html")} == pages
        assert not list(folder.glob("*.part"))
        filler.unlink()
        assert run(place, folder, "report", UNIT).returncode == 0


def generate_feedback(folder):
    """Run nbgrader's own command."""
    words = [sys.executable, "-m", "nbgrader", "generate_feedback", UNIT]
    env = {**os.environ, "PYTHONPATH": python_path()}
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=env, timeout=300)


def pages(folder):
    """The feedback pages, by name."""
    found = (folder / "feedback").rglob("*")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found if path.is_file()}


def test_nbgraders_feedback_on_a_full_disk_is_said_and_the_next_run_completes(place, folder):
    setup.init_course_folder(manifest.load(place / "course"), folder)  # it is a copy: nbgrader writes to the original
    the_next_run_completes(place, folder)
    assert generate_feedback(folder).returncode == 0
    expected = pages(folder)
    assert len(expected) >= len(ANSWERS)
    shutil.rmtree(folder / "feedback")
    (folder / "feedback").mkdir()
    with small_disk(folder / "feedback", megabytes=1):
        filler = fill(folder / "feedback", but=24 << 10)
        done = generate_feedback(folder)
        assert done.returncode != 0
        assert "No space left on device" in done.stderr
        filler.unlink()
        whole = {name for name, page in pages(folder).items() if page == expected.get(name)}
        assert whole  # one fitted
        assert whole == pages(folder).keys()
        assert generate_feedback(folder).returncode == 0
        assert pages(folder) == expected


# ------------------------------------------------------------------------------------------------ no right to write


@pytest.mark.parametrize("command", [GRADE, ("history", "bob"), ("report", UNIT)])
def test_a_read_only_course_folder_is_said(place, folder, command):
    with mounted(folder, "--bind", str(folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        is_one_message(run(place, folder, *command), str(folder))
    the_next_run_completes(place, folder)


OWNED = {  # what another user owns: what is said
    ".": (".grader.turn: Permission denied", "Do you have permission to write there?"),
    "ledger.db": ("ledger.db: cannot be written", "Do you have permission to write it, and in"),
    "gradebook.db": ("gradebook.db: cannot be written", "Do you have permission to write it, and in"),
    "reports/doubling": ("reports/doubling/", "Permission denied", "allow writing there"),
    "autograded/cyd": ("autograded/cyd/", "Permission denied", "allow writing there"),
    "gradebook_copies": ("gradebook_copies: the gradebook could not be copied there (Permission denied)",),
}


@pytest.mark.parametrize("owned", OWNED)
def test_what_another_user_owns_is_said_to_an_ordinary_user(place, folder, owned):
    if os.geteuid() != 0 or (why := ordinary_user.why_not()):
        pytest.skip(why if os.geteuid() == 0 else "only root may give files away")
    (folder / "gradebook_copies").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        there = Path(name)
        there.chmod(0o755)
        shutil.copytree(place / "course", there / "course")
        shutil.move(folder, there / "folder")
        for path in [there / "folder", *there.rglob("folder/**/*")]:
            os.chown(path, ordinary_user.NOBODY, ordinary_user.NOBODY)
        taken = there / "folder" / owned
        os.chown(taken, 0, 0)
        taken.chmod(0o755 if taken.is_dir() else 0o644)
        before = outputs(there / "folder")
        program = (ordinary_user.python_for_everyone(there / "venv"), "-m", "just_enough_calculus")
        how = {"env": ordinary_user.environment_for(there / "scratch"), "cwd": "/", **ordinary_user.AS_NOBODY}
        is_one_message(run(there, there / "folder", *GRADE, program=program, **how), *OWNED[owned])
        assert outputs(there / "folder") == before
        shutil.move(there / "folder", folder)
    the_next_run_completes(place, folder, graded_anew=True)


# ------------------------------------------------------------------------------------------------ no locks

NO_LOCKS = """
import errno, fcntl, pyseccomp, sys
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for command in (fcntl.F_SETLK, fcntl.F_SETLKW, fcntl.F_OFD_SETLK, fcntl.F_OFD_SETLKW) if "fcntl" in sys.argv[1] else ():
    rules.add_rule(pyseccomp.ERRNO(errno.{error}), "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, command))
if "flock" in sys.argv.pop(1):
    rules.add_rule(pyseccomp.ERRNO(errno.{error}), "flock")
rules.load()
from grader.cli import run
run()
"""


@pytest.mark.parametrize(
    ("calls", "error", "says"),
    [
        ("flock fcntl", "ENOLCK", (".grader.turn: this file system has no locks", "No locks available")),
        ("flock fcntl", "EOPNOTSUPP", (".grader.turn: this file system has no locks", "Operation not supported")),
        ("fcntl", "EOPNOTSUPP", (".db: this file system does not support SQLite's locks", "local disk")),
    ],
)
def test_a_file_system_without_locks_is_said(place, folder, calls, error, says):
    before = outputs(folder)
    program = (sys.executable, "-c", NO_LOCKS.replace("{error}", error), calls)
    is_one_message(run(place, folder, *GRADE, program=program), *says)
    assert outputs(folder) == before
    the_next_run_completes(place, folder)


# ------------------------------------------------------------------------------------------------ a damaged file


def page_of_garbage(path):
    content = bytearray(path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 4096] = os.urandom(4096)
    path.write_bytes(content)


def become_a_folder(path):
    path.unlink()
    path.mkdir()


def of_a_newer_version(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("pragma user_version=99")


def log_of_another(path):
    """The write-ahead log of a run that was killed, beside a ledger that was moved away."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("pragma journal_mode=wal")
        db.execute("insert into facts values ('x', 'y')")
        log = path.with_name("ledger.db-wal").read_bytes()
    path.unlink()
    path.with_name("ledger.db-wal").write_bytes(log)


DAMAGE = {
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a page of garbage": page_of_garbage,
    "no database": lambda path: path.write_bytes(b"x" * 9000),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "a folder": become_a_folder,
}
OF_THE_LEDGER = {
    "of a newer version": of_a_newer_version,
    "garbage for a log": lambda path: path.with_name("ledger.db-wal").write_bytes(os.urandom(50_000)),
    "only a log": log_of_another,
}
WELL = ("empty", "gone", "garbage for a log", "only a log")  # these are graded anew, or go on


@pytest.mark.parametrize("damage", [*DAMAGE, *OF_THE_LEDGER])
def test_a_damaged_ledger_is_said_and_the_advice_helps(place, folder, damage):
    ledger = folder / "ledger.db"
    (DAMAGE | OF_THE_LEDGER)[damage](ledger)
    if damage not in WELL:
        before, content = outputs(folder), ledger.read_bytes() if ledger.is_file() else b""
        newer, moved = "written by a newer version of grader", "is a folder, not a file. Move it away"
        says = {"of a newer version": newer, "a folder": moved}.get(damage, "(`mv ledger.db ledger.db.damaged`)")
        is_one_message(run(place, folder, *GRADE), str(ledger), says)
        is_one_message(run(place, folder, "history", "bob"), str(ledger), says)
        assert outputs(folder) == before
        assert not ledger.is_file() or ledger.read_bytes() == content
        ledger.rename(folder / "ledger.db.damaged")
    the_next_run_completes(place, folder, graded_anew=True)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_gradebook_is_said_and_a_copy_can_be_restored(place, folder, damage):
    done = run(place, folder, *GRADE)
    assert done.returncode == 0, done.stderr
    (copy,) = (folder / "gradebook_copies").glob("*.db")
    hand_in(folder, "cyd", "x", "x")
    hand_in(folder, "cyd", *RIGHT)
    gradebook = folder / "gradebook.db"
    DAMAGE[damage](gradebook)
    if damage != "gone":
        is_one_message(run(place, folder, *GRADE, "--fresh"), "grader restore")
    done = run(place, folder, "restore", copy.stem)
    assert done.returncode == 0, done.stderr
    assert ("gradebook.db.damaged" in done.stdout) == (damage not in ("empty", "gone"))
    the_next_run_completes(place, folder, graded_anew=True)


# ------------------------------------------------------------------------------------------------ two drivers at once


def test_of_two_drivers_the_second_is_told_who_the_first_is(place, folder):
    words = [sys.executable, "-m", "just_enough_calculus", *GRADE, "-C", str(folder), "--root", str(place / "course")]
    env = {**os.environ, "PYTHONPATH": python_path()}
    hand_in(folder, "flo", "sum(1 for _ in range(10**6)) and 2 * x", "x / 2")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env) as first:
        turn = folder / ".grader.turn"
        while not (turn.exists() and turn.read_bytes()) and first.poll() is None:
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)
        try:
            is_one_message(run(place, folder, *GRADE), f"process {first.pid}), grading doubling", "or with --wait")
            is_one_message(run(place, folder, "restore", "1"), "no copy '1'")
        finally:
            first.send_signal(signal.SIGCONT)
        said = first.communicate()[0]
    assert first.returncode == 0, said
