"""`grader watch`: from handing in through the real nbgrader to feedback in the exchange, with stops and kills."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.utils import notebook_hash

from grader.course import manifest
from grader.course.folder import CourseFolder
from grader.course.policies import Policies
from grader.errors import GraderError
from grader.grading.ledger import Ledger
from grader.nbgrader import apps, class_grading, collection, inbound, setup
from grader.nbgrader.gradebook import all_standings
from grader.nbgrader.inbound import Exchange
from grader.nbgrader.watch_signals import Signals, serve_status
from tests.cycle.test_bad_places import fill, small_disk
from tests.processes import commands_naming
from tests.small_course import UNIT, hand_in, make_folder, write_course

RIGHT = ("2 * x", "x / 2")


class Place:
    """A released unit of a small course, its exchange, and students who hand in with the real nbgrader."""

    def __init__(self, place, kit):
        self.place, self.exchange = place, place / "exchange"
        self.course = write_course(place / "course_of_watch", kit)
        toml = self.course.root / "course" / "course.toml"
        toml.write_text(toml.read_text().replace("[limits]", "[policies]\nattempts = 2\n[limits]"))
        self.course = manifest.load(self.course.root)
        self.exchange.mkdir(mode=0o777)
        self.exchange.chmod(0o777)
        self.folder = make_folder(self.course, place / "folder")
        setup.init_course_folder(self.course, self.folder, exchange=self.exchange)
        apps.run_nbgrader("release_assignment", [UNIT], where=self.folder, log=place / "log")
        self.running = []

    def submit(self, student, *answers):
        """Hand in; returns the secret under which the feedback appears."""
        home = self.place / "homes" / student
        hand_in(self.folder, f".{student}", *answers)
        shutil.rmtree(home / UNIT, ignore_errors=True)
        home.mkdir(parents=True, exist_ok=True)
        shutil.move(self.folder / "submitted" / f".{student}" / UNIT, home / UNIT)
        (self.folder / "submitted" / f".{student}").rmdir()
        options = [UNIT, f"--course={self.course.id}", f"--Exchange.cache={home / '.cache'}"]
        options += [f"--Exchange.root={self.exchange}", f"--CourseDirectory.student_id={student}"]
        apps.run_nbgrader("submit", options, where=home, log=self.place / "log")
        newest = Exchange(self.folder).newest(UNIT)[student].name
        return (self.exchange / self.course.id / "inbound" / newest / "submission_secret.txt").read_text()

    def feedback(self, secret):
        """The page that the student gets."""
        name = f"{notebook_hash(secret=secret, notebook_id=UNIT)}.html"
        return (self.exchange / self.course.id / "feedback" / name).read_text()

    @contextlib.contextmanager
    def watching(self):
        """A watcher that has started: the process, and the list of the events it has logged so far."""
        command = [
            sys.executable,
            "-m",
            "just_enough_calculus",
            "watch",
            UNIT,
            "--any-owner",
            "--port=0",
            "--every=0.2",
        ]
        places = ["-C", str(self.folder), "--root", str(self.course.root)]
        with subprocess.Popen([*command, *places], stderr=subprocess.PIPE, text=True) as run:
            events = []

            def listen():
                for line in run.stderr:
                    events.append(json.loads(line) if line.startswith("{") else {"event": "said", "says": line})

            ears = threading.Thread(target=listen)
            ears.start()
            try:
                until(lambda: any(event["event"] == "started" for event in events), run)
                yield run, events
            finally:
                run.kill()
                ears.join()


def until(holds, run=None, seconds=300):
    """Wait until something holds."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        assert run is None or run.poll() is None, "the watcher has ended"
        time.sleep(0.05)


def fed_back(events):
    return [(event["student"], event["points"]) for event in events if event["event"] == "fed back"]


@pytest.fixture(scope="module")
def place(tmp_path_factory, request):
    return Place(tmp_path_factory.mktemp("watch"), request.config.rootpath / "exercises" / "kit")


@pytest.mark.slow
def test_feedback_comes_as_students_hand_in_and_survives_stops_and_kills(place):
    with place.watching() as (run, events):
        warm = f"grader.grading.worker\0{place.course.root}"  # started before there is anything to grade
        until(lambda: commands_naming(warm), run)
        secret = place.submit("ada", "2 * x", "x")
        until(lambda: fed_back(events) == [("ada", 2.0)], run)
        assert "Halve" in place.feedback(secret)
        base = f"http://127.0.0.1:{events[0]['port']}"
        assert urllib.request.urlopen(f"{base}/healthz").read() == b"ok\n"
        metrics = urllib.request.urlopen(f"{base}/metrics").read().decode()
        assert f'grader_watch_submissions_total{{outcome="graded",unit="{UNIT}"}} 1\n' in metrics
        assert "ada" not in metrics
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{base}/anything")
        second = subprocess.run(run.args, capture_output=True, text=True, check=False)
        assert second.returncode != 0
        assert "watching doubling" in second.stderr
        assert "Traceback" not in second.stderr
        secret = place.submit("ada", *RIGHT)
        until(lambda: fed_back(events)[1:] == [("ada", 5.0)], run)
        again = place.feedback(secret)
        place.submit("ada", "x", "x")  # the manifest allows two
        until(lambda: events[-1]["event"] == "attempts used up", run)
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 0
    assert (events[-1]["event"], place.feedback(secret)) == ("stopped", again)
    burst = {f"s{number}": place.submit(f"s{number}", *RIGHT) for number in range(6)}
    with place.watching() as (run, events):
        until(lambda: any(path.is_dir() for path in place.folder.glob(f"submitted/s*/{UNIT}")), run)
        run.kill()
    with place.watching() as (run, events):
        until(lambda: all(inbound.released_stamp(place.folder, UNIT, student) for student in burst), run)
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 0
    assert all("Halve" in place.feedback(secret) for secret in burst.values())
    with Ledger(CourseFolder(place.folder).ledger) as ledger:
        assert [len(ledger.history(student)) for student in burst] == [1] * len(burst)
        assert ledger.attempts(UNIT)["ada"][0] == 2
    until(lambda: commands_naming(str(place.course.root)) == [])


@pytest.mark.slow
def test_a_full_disk_of_the_exchange_is_logged_and_the_feedback_comes_when_there_is_room(place):
    pages = place.exchange / place.course.id / "feedback"
    pages.mkdir(mode=0o711, exist_ok=True)
    with small_disk(pages, megabytes=1):
        filler = fill(pages)
        with place.watching() as (run, events):
            secret = place.submit("flo", *RIGHT)
            until(lambda: any(event["event"] == "error" for event in events), run)
            (said,) = (event["says"] for event in events if event["event"] == "error")
            assert f"{pages}/" in said
            assert said.endswith("No space left on device")
            assert not list(pages.glob("*.part"))
            filler.unlink()
            run.send_signal(signal.SIGTERM)
            assert run.wait(60) == 0
        assert not any(event["event"] == "said" for event in events), "no traceback"
        with place.watching() as (run, events):
            until(lambda: fed_back(events) == [("flo", 5.0)], run)
        assert "Halve" in place.feedback(secret)
    with Ledger(CourseFolder(place.folder).ledger) as ledger:
        assert len(ledger.history("flo")) == 1, "graded once"


@pytest.mark.parametrize(
    ("attempts", "minutes_ago", "left"),
    [(0, None, 0), (1, 1, 4), (1, 5, 0), (1, -60, 0), (2, 60, None), (3, 1, None)],
    ids=["first", "cooling down", "cooled down", "the clock was put back", "used up", "more than allowed"],
)
def test_the_manifest_limits_attempts_and_the_pause_between_them(attempts, minutes_ago, left):
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    last = None if minutes_ago is None else now - timedelta(minutes=minutes_ago)
    found = Policies(attempts=2, cooldown_minutes=5).next_attempt(attempts, last, now)
    assert found == (None if left is None else timedelta(minutes=left))
    assert Policies().next_attempt(100, now, now) == timedelta()


def test_what_is_still_being_copied_is_not_collected_and_the_newest_counts(tmp_path):
    inbound = tmp_path / "exchange" / "mine" / "inbound"
    config = (
        f"c = get_config()\nc.CourseDirectory.course_id = 'mine'\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    )
    (tmp_path / "nbgrader_config.py").write_text(config)
    with pytest.raises(GraderError, match="nobody can hand in yet"):
        Exchange(tmp_path)
    for day in (24, 25):
        (inbound / f"ada+{UNIT}+2026-11-{day} 10:00:00.000000 UTC+x").mkdir(parents=True)
    (inbound / f"bob+{UNIT}+nonsense").mkdir()
    (inbound / f"eve+{UNIT}_2+2026-11-24 10:00:00.000000 UTC").mkdir()
    exchange = Exchange(tmp_path)
    found = exchange.newest(UNIT)
    assert {student: entry.stamp and entry.stamp.day for student, entry in found.items()} == {"ada": 25, "bob": None}
    assert not exchange.is_whole(found["ada"])
    for name in ("timestamp.txt", "submission_secret.txt"):
        (inbound / found["ada"].name / name).write_text("x")
    assert exchange.is_whole(found["ada"])
    (tmp_path / "nbgrader_config.py").write_text(
        config + "c.ExchangeFactory.submit = 'ngshare_exchange.ExchangeSubmit'\n"
    )
    with pytest.raises(GraderError, match="this course uses ngshare_exchange"):
        Exchange(tmp_path)


def test_a_folder_that_collection_would_refuse_hides_no_submission(tmp_path, monkeypatch):
    arrived = tmp_path / "exchange" / "mine" / "inbound"
    config = (
        f"c = get_config()\nc.CourseDirectory.course_id = 'mine'\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
    )
    (tmp_path / "nbgrader_config.py").write_text(config)
    foreign = arrived / f"fay+{UNIT}+2026-11-25 10:00:00.000000 UTC+x"
    ahead = arrived / f"fay+{UNIT}+2999-01-01 10:00:00.000000 UTC+x"
    good = arrived / f"fay+{UNIT}+2026-11-24 10:00:00.000000 UTC+x"
    for place in (foreign, ahead, good):
        place.mkdir(parents=True)
    owners = {foreign.lstat().st_uid: "fay", 65534: "mallory"}
    os.chown(foreign, 65534, 65534)
    monkeypatch.setattr(collection, "user_name", owners.__getitem__)
    exchange = Exchange(tmp_path)
    assert exchange.newest(UNIT, any_owner=False)["fay"].name == good.name
    assert exchange.passed_over == {
        foreign.name: "it belongs to the user mallory",
        ahead.name: "its time lies in the future",
    }
    assert exchange.newest(UNIT, any_owner=True)["fay"].name == foreign.name
    good.rmdir()  # as in collection, the refused one is then held
    assert exchange.newest(UNIT, any_owner=False)["fay"].name == ahead.name


def test_metrics_are_in_the_format_of_prometheus():
    signals = Signals()
    for _ in range(2):
        signals.count("grader_watch_errors_total", unit=UNIT)
    for seconds in (0.5, 4.0, 1000.0):
        signals.fed_back(seconds)
    lines = signals.text().splitlines()
    assert f'grader_watch_errors_total{{unit="{UNIT}"}} 2' in lines
    assert [line.rpartition(" ")[2] for line in lines if "_bucket" in line] == ["1", "1", "2", "2", "2", "2", "2", "3"]
    assert 'grader_watch_seconds_bucket{le="+Inf"} 3' in lines
    assert "grader_watch_seconds_sum 1004.5" in lines
    assert signals.healthy()
    server = serve_status(signals, 0)
    with pytest.raises(GraderError, match="name another one"):
        serve_status(signals, server.server_address[1])
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_grade_of_unchanged_work_stays_when_a_hidden_test_was_changed_before(place):
    place.submit("zoe", "2 * x", "x / 2 if x < 100 else 0")
    apps.collect_unit(UNIT, place.folder, any_owner=True, students=["zoe"])
    class_grading.grade_unit(place.course, UNIT, place.folder, workers=1)
    assert all_standings(place.folder)[UNIT, "zoe"].total == 5
    tests = place.course.root / "solutions" / UNIT / f"test_{UNIT}_hidden.py"
    lenient = tests.read_text()
    tests.write_text(lenient.replace("assert student.halve(4) == 2", "assert student.halve(400) == 200"))
    try:
        place.submit("yan", *RIGHT)
        with place.watching() as (run, events):
            until(lambda: {"zoe", "yan"} <= {student for student, _ in fed_back(events)}, run)
            assert all_standings(place.folder)[UNIT, "zoe"].total == 5
            place.submit("zoe", "2 * x", "x / 2 if x < 90 else 0")  # new work counts as it is graded now
            until(lambda: len([student for student, _ in fed_back(events) if student == "zoe"]) == 2, run)
            assert all_standings(place.folder)[UNIT, "zoe"].total == 3.5
    finally:
        tests.write_text(lenient)
    assert {("zoe", 5.0), ("yan", 5.0), ("zoe", 3.5)} <= set(fed_back(events))
    (left,) = (event for event in events if event["event"] == "left as they stand")
    assert left["students"] == ["zoe"]
    assert f"`grader grade {UNIT} --dry-run`" in left["says"]
