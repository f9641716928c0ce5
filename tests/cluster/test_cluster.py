"""A class is graded on a real Dask cluster as on this machine, whatever of it is killed meanwhile."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader.environment import python_path
from grader.errors import Unavailable
from grader.nbgrader import class_grading
from tests.cluster.dask_processes import Dask, attempts, in_hand, outputs, until
from tests.small_course import ANSWERS, UNIT, hand_in, make_folder, write_course

distributed = pytest.importorskip("distributed", reason="no Dask here: pip install 'just-enough-calculus[cluster]'")
from grader.cluster import conversation, driver  # noqa: E402 - after the check for Dask

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
RIGHT = ("2 * x", "x / 2")  # with "eve", our own grading process dies
SLEEPS = ("__import__('time').sleep(1) or 2 * x", "x / 2")
ATTACKS = ("__import__('os').system('kill -9 -1; kill -9 $PPID') and 2 * x", "x / 2")


@pytest.fixture(scope="module")
def place(tmp_path_factory, request):
    """A small course, and a folder in which a class has handed in; and the same folder, graded on this machine."""
    place = tmp_path_factory.mktemp("cluster")
    course = write_course(place / "course", request.config.rootpath / "exercises" / "kit")
    folder = make_folder(course, place / "handed_in")
    for student, answers in (*ANSWERS.items(), ("eve", RIGHT), ("flo", SLEEPS), ("kim", ATTACKS), ("mal", SLEEPS)):
        hand_in(folder, student, *answers)
    (folder / "submitted" / "dan" / UNIT / f"{UNIT}.ipynb").unlink()
    (folder / "submitted" / "dan" / UNIT / f"{UNIT}-Copy1.ipynb").write_bytes(
        (folder / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb").read_bytes()
    )
    shutil.copytree(folder, place / "graded")
    class_grading.grade_unit(course, UNIT, place / "graded", workers=1)
    return place, course


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """A scheduler and a worker with two threads."""
    cluster = Dask(tmp_path_factory.mktemp("dask"))
    cluster.worker("anna")
    yield cluster
    cluster.stop()


def grade(place, dask, name, news=None, **how):
    """Grade a fresh copy of the class on the cluster; its folder."""
    where, course = place
    folder = where / name
    if not folder.exists():
        shutil.copytree(where / "handed_in", folder)
    with driver.Cluster(dask.address, news=(news if news is not None else []).append, **how) as cluster:
        class_grading.grade_classes(course, [UNIT], folder, elsewhere=cluster)
    return folder


@contextlib.contextmanager
def killing_all_workers_whenever(dask, folder, student):
    """Kill the workers of the cluster whenever one has this student's submission in hand."""
    over = threading.Event()

    def watch():
        killed = 0
        while not over.wait(0.05):
            if in_hand(folder, student) and len(attempts(folder, student)) > killed:
                killed += 1
                dask.kill("anna")

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_the_same_reports_as_on_this_machine_and_nothing_stays_on_the_cluster(place, dask):
    folder = grade(place, dask, "same")
    assert outputs(folder) == outputs(place[0] / "graded")
    until(lambda: not dask.private_folders())
    before = len(attempts(folder, "ada"))
    grade(place, dask, "same")
    assert len(attempts(folder, "ada")) == before, "a second run grades nothing"


def test_a_submission_with_which_workers_are_lost_is_left_to_a_person_and_the_class_goes_on(place, dask):
    """Whatever else was in their hands is graded as ever."""
    folder, expected = place[0] / "killed", outputs(place[0] / "graded")
    shutil.copytree(place[0] / "handed_in", folder)
    with killing_all_workers_whenever(dask, folder, "mal"):
        grade(place, dask, "killed")
    found = outputs(folder)
    assert {name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)} <= {
        name for name in expected if "mal" in name
    }
    (report,) = (json.loads(path.read_text()) for path in folder.glob("reports/**/mal*.json"))
    assert [task["points"] for task in report["tasks"]] == [None, None]
    assert "2 workers of the cluster were lost" in json.dumps(report)
    assert [how for how, _ in attempts(folder, "mal")] == ["lost", "lost"]
    assert [how for how, _ in attempts(folder, "ada")][-1] == "graded"


KILLED_DRIVER = """
import sys
from pathlib import Path
from grader.cluster.driver import Cluster
from grader.course import manifest
from grader.nbgrader import class_grading
root, folder, address = sys.argv[1:]
with Cluster(address, news=print, keep_seconds=2) as cluster:
    class_grading.grade_classes(manifest.load(Path(root)), ["doubling"], Path(folder), elsewhere=cluster)
"""
NO_ISOLATION = """
import errno, pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for call in ("unshare", "mount", "landlock_create_ruleset"):
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), call)
rules.load()
"""


def test_what_a_killed_driver_leaves_goes_away_and_the_next_run_goes_on_past_unfit_workers(place, dask):
    where, course = place
    folder = where / "driver"
    shutil.copytree(where / "handed_in", folder)
    command = [sys.executable, "-c", KILLED_DRIVER, str(course.root), str(folder), dask.address]
    killed = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": python_path()}, start_new_session=True)
    until(lambda: in_hand(folder, "flo") and dask.private_folders(), 120)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    until(lambda: not dask.private_folders())
    other = where / "other_version"
    for name in ("grader", "just_enough_calculus", "exercises/kit"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "grader" / "grading" / "verdict.py").open("a") as file:
        file.write("# another version\n")
    kept = os.environ.get("PYTHONPATH", "")
    dask.worker("carl", "--no-nanny", environment={"PYTHONPATH": f"{other}:{other / 'exercises'}:{kept}"})
    dask.worker("dora", "--no-nanny", before=NO_ISOLATION)
    news = []
    with driver.Cluster(dask.address, news=news.append) as cluster:
        until(lambda: cluster.look() or sum(line.startswith("refused") for line in news) == 2, 120)
        class_grading.grade_classes(course, [UNIT], folder, elsewhere=cluster)
    dask.stop("carl", "dora")
    assert outputs(folder) == outputs(where / "graded")
    refused = "\n".join(line for line in news if line.startswith("refused: tcp://127.0.0.1:"))
    assert re.search(r"other software: engine \S+ \w+ \(here ", refused), news
    assert re.search(r"isolation level L0, but L\d is needed: .*see docs/scaling.md", refused), news


def test_without_a_scheduler_the_run_ends_with_one_message_and_keeps_what_is_graded(place, dask, monkeypatch):
    folder = place[0] / "scheduler"
    shutil.copytree(place[0] / "handed_in", folder)

    def end_the_scheduler():
        until(lambda: in_hand(folder, "flo") and ("graded", 0) in attempts(folder, "ada"), 240)
        dask.started["scheduler"].kill()

    thread = threading.Thread(target=end_the_scheduler)
    thread.start()
    with pytest.raises(Unavailable, match=r"tcp://.*: the cluster is gone: .*What is graded is kept"):
        grade(place, dask, "scheduler")
    thread.join()
    assert {how for how, _ in attempts(folder, "ada")} == {"graded"}
    assert not (folder / "reports").exists(), "nothing is half written"
    monkeypatch.setattr(conversation, "CONNECT_SECONDS", 0.5)
    with pytest.raises(Unavailable, match=r"tcp://\S+: no Dask scheduler there .*Nothing was changed"):
        driver.Cluster(dask.address, news=print)
