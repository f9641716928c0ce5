"""Two people, one folder: the second one learns who is at work; Ctrl-C says what was written; faults have owners."""

import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from rich.console import Console

from grader.audit.questions import audit_unit
from grader.errors import GraderError, Unavailable
from grader.grading.turn import turn
from grader.jail import causes
from grader.report.table import print_class
from grader.results import Level, Report, TaskResult
from grader.testing.authoring import load_module
from tests.term.small_course import SmallCourse


def grader(*arguments, **options):
    command = [sys.executable, "-m", "grader.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_the_second_is_told_who_is_at_work_and_since_when_and_may_wait(tmp_path):
    heard = []
    who = rf"process {os.getpid()}\), grading unit_1, since 2\d\d\d-.* UTC is at work"
    with turn(tmp_path, "grading unit_1"):
        with pytest.raises(Unavailable, match=who), turn(tmp_path, "grading unit_2"):
            pass
        waits = threading.Thread(target=lambda: _take(tmp_path, heard))
        waits.start()
        while not heard:
            time.sleep(0.01)
        assert "grading unit_1" in heard[0]
        assert heard[0].startswith("waiting: ")
    waits.join(30)
    assert heard[1:] == ["mine"]


def _take(folder, heard):
    with turn(folder, "grading unit_2", wait=True, news=heard.append):
        heard.append("mine")


def test_the_turn_of_a_process_that_was_killed_is_taken_over_and_said(tmp_path):
    script = f"""
import time
from pathlib import Path
from grader.grading.turn import turn
with turn(Path({str(tmp_path)!r}), "grading unit_1"):
    print("mine", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"mine\n"
        with pytest.raises(Unavailable, match=f"process {other.pid}"), turn(tmp_path, "grading"):
            pass
        other.kill()
    heard = []
    with turn(tmp_path, "grading", news=heard.append):
        pass
    assert len(heard) == 1
    assert f"process {other.pid}" in heard[0]
    with turn(tmp_path, "grading", news=heard.append):  # and then nothing is left to say
        pass
    assert len(heard) == 1


def test_a_damaged_lock_or_a_missing_folder_has_one_message(tmp_path):
    (tmp_path / ".grader.turn").write_bytes(b"\xff{")
    with turn(tmp_path, "grading"):
        pass
    with pytest.raises(GraderError, match="no such course folder"), turn(tmp_path / "none", "grading"):
        pass


AUTHORS = {
    "a missing package": (
        "import no_such_package",
        "reference.py:2: ModuleNotFoundError",
        "pip install no_such_package",
    ),
    "a relative path": ("open('data.csv')", "reference.py:2: FileNotFoundError", "Path(__file__).parent"),
    "not Python": ("def f(:", "reference.py:2: SyntaxError", ""),
    "a division": ("1 / 0", "reference.py:2: ZeroDivisionError", ""),
    "an exit": ("raise SystemExit(3)", "reference.py:2: SystemExit", ""),
}


@pytest.mark.parametrize(("line", "says", "advice"), AUTHORS.values(), ids=AUTHORS.keys())
def test_what_the_courses_own_code_raises_is_one_line_for_its_author(tmp_path, line, says, advice):
    path = tmp_path / "reference.py"
    path.write_text(f"x = 1\n{line}\n")
    with pytest.raises(GraderError) as raised:
        load_module(path)
    assert says in str(raised.value)
    assert advice in str(raised.value)
    assert "\n" not in str(raised.value)


def report_of(student, count):
    tasks = tuple(TaskResult(f"a_long_name_of_task_{number}", "t", number + 0.25, 30) for number in range(count))
    return Report(student, "a_unit", tasks, Level.L3, problem="something went wrong with this one in many words")


@pytest.mark.parametrize("count", [1, 4, 8, 14])
@pytest.mark.parametrize("width", [60, 80, 126])
def test_the_class_fits_the_terminal_and_shows_every_point(count, width):
    console = Console(width=width, record=True, file=io.StringIO())
    reports = [report_of("ada", count), report_of("a_name_of_thirty_characters_xx", count)]
    print_class(reports, console)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= width
    for number in range(count):
        assert text.count(f"{number + 0.25:.3g}") >= 2
    assert f"{sum(number + 0.25 for number in range(count)):.4g}" in text


NAMESPACES = {
    "user.max_user_namespaces": ({"sys/user/max_user_namespaces": "0"}, "unshare", 28),
    "kernel.apparmor_restrict_unprivileged_userns": (
        {"sys/kernel/apparmor_restrict_unprivileged_userns": "1", "self/status": "Seccomp:\t0\n"},
        "mount",
        13,
    ),
    "--security-opt seccomp=unconfined": ({"self/status": "x\nSeccomp:\t2\n", ".dockerenv": ""}, "unshare", 1),
    "the kernel (Operation not permitted)": ({}, "unshare", 1),
}


@pytest.mark.parametrize(("says", "case"), NAMESPACES.items(), ids=NAMESPACES.keys())
def test_the_cause_that_doctor_names_is_the_setting_that_forbids(tmp_path, says, case):
    files, failed, error = case
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    cause = causes._why_no_namespaces(failed, error, tmp_path, tmp_path)
    assert says in cause.what + cause.remedy


def test_a_filter_that_forbids_namespaces_is_seen_by_trying():
    script = """
import pyseccomp, errno
filtered = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
filtered.add_rule(pyseccomp.ERRNO(errno.EPERM), "unshare")
filtered.load()
from grader.jail import causes
print([cause.what for cause in causes.causes() if "namespaces" in cause.what])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "are forbidden by" in done.stdout, done.stderr
    assert "seccomp filter" in done.stdout


def test_a_closed_home_above_the_interpreter_is_named():
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        home = Path(place) / "home"
        (home / "bin").mkdir(parents=True)
        for folder in (Path(place), home):
            folder.chmod(0o755)
        assert causes.closed_above(home / "bin" / "python") is None
        home.chmod(0o700)
        assert causes.closed_above(home / "bin" / "python") == home


@pytest.fixture(scope="module")
def small(tmp_path_factory, request):
    small = SmallCourse(tmp_path_factory.mktemp("small"), request.config.rootpath)
    small.write({"unit_1": {"double": 2}})
    small.release("unit_1")
    small.hand_in("ada", "unit_1", {"double": 2})
    return small


@pytest.mark.slow
def test_two_graders_and_an_interrupted_one_leave_the_folder_as_it_was(small):
    place = small.hand_in("zoe", "unit_1", {"double": 2})
    notebook = place / "unit_1.ipynb"
    notebook.write_text(notebook.read_text().replace("return 2 * x", "import time; time.sleep(x); return 2 * x"))
    command = [sys.executable, "-m", "grader.cli", "grade", "unit_1", "-C", small.folder, "--root", small.root]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as first:
        while not (small.folder / ".grader.turn").exists() or not (small.folder / ".grader.turn").read_text():
            assert first.poll() is None, first.stderr.read()
            time.sleep(0.05)
        second = grader("grade", "unit_1", "-C", small.folder, "--root", small.root)
        assert second.returncode == 2
        assert f"process {first.pid}" in second.stderr
        assert len(second.stderr.splitlines()) == 1
        time.sleep(2)
        first.send_signal(signal.SIGINT)
        said = first.communicate(timeout=60)[1]
    assert first.returncode == 130
    assert re.search(r"interrupted.*othing was written", said), said
    assert "Traceback" not in said
    assert not (small.folder / "reports").exists()
    assert not (small.folder / "autograded").exists()


@pytest.mark.slow
def test_a_fault_of_the_instructor_is_status_2_and_one_line(small):
    reference = small.root / "solutions" / "unit_1" / "reference.py"
    before = reference.read_text()
    try:
        reference.write_text("import no_such_package\n" + before)
        for use in (lambda: small.grade("unit_1"), lambda: audit_unit(small.course, "unit_1", fast=True)):
            with pytest.raises(GraderError, match=r"reference\.py:1: ModuleNotFoundError") as raised:
                use()
            assert "\n" not in str(raised.value)
    finally:
        reference.write_text(before)
    hidden = small.root / "solutions" / "unit_1" / "test_unit_1_hidden.py"
    before = hidden.read_text()
    try:
        hidden.write_text("import no_such_package\n" + before)
        done = grader("grade", "unit_1", "-C", small.folder, "--root", small.root)
        assert done.returncode == 2
        assert "No module named 'no_such_package'" in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) <= 2
    finally:
        hidden.write_text(before)
