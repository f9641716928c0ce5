"""What each worker of a cluster has in hand, step by step: the driver runs, and workers reply as the test says."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

pytest.importorskip("distributed", reason="no Dask here: pip install 'just-enough-calculus[cluster]'")
from grader.cluster import conversation, driver, orders, supervisor
from grader.cluster.staff import Member
from grader.environment import python_path
from grader.errors import GraderError, Unavailable
from grader.grading.batch import Batch
from grader.grading.messages import Graded
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from tests.small_course import UNIT, write_course


class Workers:
    """Stands for the cluster: notes what is sent to which worker; `threads` by address."""

    level = Level.L3

    def __init__(self, threads):
        self.there = [Member(address, f"token of {address}", slots) for address, slots in threads.items()]
        self.sent, self.units, self.cancelled = [], [], []  # (member, order, key); (member, digest); keys

    def members(self):
        return self.there

    def dismiss(self, member):
        self.there = [there for there in self.there if there is not member]

    def install(self, member, digest):
        self.units.append((member, digest))

    def send(self, member, order):
        key = f"group {len(self.sent)}"
        self.sent.append((member, order, key))
        return SimpleNamespace(key=key, cancel=lambda: self.cancelled.append(key))


class Class:
    """A class of some students on some workers, and what the driver tells about it."""

    def __init__(self, course, place, students, threads, alone=()):
        submissions = [(student, place / student / f"{UNIT}.ipynb") for student in students]
        batch = Batch(UNIT, submissions, place / "release.ipynb", alone)
        self.workers, self.reports, self.begun, self.lost, self.kept = Workers(threads), [], [], [], 0
        self.run = driver._Run(
            self.workers,
            course,
            [batch],
            ["digest"],
            on_report=self.reports.append,
            on_begin=lambda unit, student, level, alone: self.begun.append((student, alone)),
            on_lost=lambda unit, student: self.lost.append(student),
        )

    def hand_out(self):
        """Hand out, with all units in place; returns what was sent just now."""
        before = len(self.workers.sent)
        self.run.hand_out()
        for member, digest in self.workers.units[self.kept :]:
            self.run.installed(driver._Installed(member, digest, ""))
        self.kept = len(self.workers.units)
        self.run.hand_out()
        return self.workers.sent[before:]

    def reply(self, sent, answer=None, **changes):
        """Let a worker reply to a group: as it should, with changes in its reports, or with another answer."""
        _, order, key = sent
        graded = [Graded(report(piece.student, **changes)) for piece in order.pieces]
        self.run.back(driver._TaskEnded(key, answer if answer is not None else orders.GroupGraded(graded)))


def report(student, outcome=Outcome.PASSED, unit=UNIT, milliseconds=5.0):
    test = TestResult("t", "double", 1, outcome)
    tasks = (TaskResult("double", "Double", 1.0, 2, (test,)),)
    return Report(student, unit, tasks, Level.L3, milliseconds=milliseconds)


@pytest.fixture(scope="module")
def course(tmp_path_factory, request):
    return write_course(tmp_path_factory.mktemp("course") / "course", request.config.rootpath / "exercises" / "kit")


def test_a_unit_is_sent_once_to_each_worker_before_any_submission(course, tmp_path):
    of = Class(course, tmp_path, ["ada", "bob", "cyd"], {"tcp://a:1": 1, "tcp://b:1": 1})
    of.run.hand_out()
    of.run.hand_out()
    assert [member.address for member, _ in of.workers.units] == ["tcp://a:1", "tcp://b:1"]
    assert of.begun == []
    sent = of.hand_out()
    assert {order.token for _, order, _ in sent} <= {"token of tcp://a:1", "token of tcp://b:1"}
    assert all(order.token == member.token for member, order, _ in sent)


def test_a_worker_that_forgot_the_unit_gets_it_again_and_nothing_counts_as_lost(course, tmp_path):
    of = Class(course, tmp_path, ["ada"], {"tcp://a:1": 1})
    for _ in range(5):
        (sent,) = of.hand_out()
        of.reply(sent, orders.NoSuchUnit())
    (sent,) = of.hand_out()
    of.reply(sent)
    assert (len(of.workers.units), of.lost, [report.student for report in of.reports]) == (6, [], ["ada"])
    assert of.run.work.done


def test_towards_the_end_no_group_waits_behind_another(course, tmp_path):
    of = Class(course, tmp_path, [f"s{number}" for number in range(4)], {"tcp://a:1": 1})
    (sent,) = of.hand_out()
    of.reply(sent)  # 5 ms: there is plenty to do
    given = of.hand_out()
    assert [member.in_hand for member, _, _ in given] == [2, 2]
    of.reply(given[0], milliseconds=5000.0)
    assert of.hand_out() == [], "one group is in hand, and no other waits"
    of.reply(given[1], milliseconds=5000.0)
    assert [member.in_hand for member, _, _ in of.hand_out()] == [1]


@pytest.mark.parametrize("wrong", ["another student", "another unit", "too few", "a stranger", "nothing"])
def test_a_reply_that_does_not_fit_is_a_lost_worker(wrong, course, tmp_path):
    of = Class(course, tmp_path, ["ada"], {"tcp://a:1": 1, "tcp://b:1": 1})
    (sent,) = of.hand_out()
    reply = {
        "another student": orders.GroupGraded([Graded(report("bob"))]),
        "another unit": orders.GroupGraded([Graded(report("ada", unit="other"))]),
        "too few": orders.GroupGraded([]),
        "a stranger": orders.WrongProcess(),
    }
    of.run.back(driver._TaskEnded(sent[2], reply.get(wrong)))
    assert (of.reports, of.lost) == ([], ["ada"])
    assert sent[0] not in of.workers.members()
    (again,) = of.hand_out()
    assert (again[0].address, again[1].pieces[0].alone) == ("tcp://b:1", True)
    of.reply(again)
    assert [report.student for report in of.reports] == ["ada"]
    of.reply(sent)  # what a worker that was given up sends later is not taken
    assert len(of.reports) == 1


def test_a_unit_that_cannot_be_graded_is_said_with_the_worker(course, tmp_path):
    of = Class(course, tmp_path, ["ada"], {"tcp://a:1": 1})
    (sent,) = of.hand_out()
    with pytest.raises(GraderError, match=r"tcp://a:1: the reference fails"):
        of.reply(sent, orders.Failed("the reference fails"))


def test_the_leases_of_a_worker_that_is_gone_expire_and_twice_is_for_a_person(course, tmp_path):
    of = Class(course, tmp_path, ["ada", "bob"], {"tcp://a:1": 2, "tcp://b:1": 2})
    sent = of.hand_out()
    for member in {message[0].address: message[0] for message in sent}.values():
        of.workers.dismiss(member)
        of.run.gone(member)
    assert sorted(of.lost) == ["ada", "bob"]
    assert sorted(of.workers.cancelled) == sorted(key for _, _, key in sent)
    assert of.reports == []
    of.workers.there = [Member("tcp://c:1", "new", 2)]
    while not of.run.work.done:
        (one,) = of.hand_out()  # two threads, but one submission at a time
        student = one[1].pieces[0].student
        if student == "ada":
            of.reply(one, orders.WrongProcess())
            of.workers.there = [Member("tcp://d:1", "newer", 2)]
        else:
            of.reply(one)
    pending = {report.student: [task.points for task in report.tasks] for report in of.reports}
    assert pending == {"bob": [1.0], "ada": [None, None]}
    assert next(report for report in of.reports if report.student == "ada").our_fault
    assert of.begun.count(("ada", True)) == 1


def test_what_is_graded_alone_has_its_host_for_itself(course, tmp_path):
    of = Class(course, tmp_path, ["ada", "bob", "cyd"], {"tcp://a:1": 2, "tcp://a:2": 2}, alone=("bob", "cyd"))
    (first,) = of.hand_out()
    assert (first[1].pieces[0].student, first[1].pieces[0].alone) == ("ada", False)
    of.reply(first)
    (second,) = of.hand_out()
    assert second[1].pieces[0].alone
    assert of.hand_out() == []
    of.reply(second)
    (third,) = of.hand_out()
    assert third[1].pieces[0].alone


def test_a_worker_that_cannot_keep_the_unit_gets_no_submission(course, tmp_path):
    of = Class(course, tmp_path, ["ada"], {"tcp://a:1": 1})
    of.run.hand_out()
    ((member, digest),) = of.workers.units
    of.run.installed(driver._Installed(member, digest, "no space left on device"))
    of.run.hand_out()
    assert (of.workers.members(), of.begun) == ([], [])


# ------------------------------------------------------------------------------------------------ on the other side


def test_a_worker_carries_out_nothing_that_is_meant_for_another(monkeypatch):
    monkeypatch.setattr(supervisor, "_supervisor", lambda: SimpleNamespace(token="mine"))
    for order in (
        orders.Install("another", b"", "digest", 1.0),
        orders.KeepLonger("another"),
        orders.Forget("another", "digest"),
        orders.GradeGroup("another", "digest", Level.L3, []),
    ):
        reply = supervisor.carry_out(msgspec.msgpack.encode(order))
        assert isinstance(orders.FROM_SUPERVISOR.decode(reply), orders.WrongProcess)


LIVES = """
import sys
from grader.cluster.supervisor import Supervisor
print(Supervisor()._folder, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["kill -9", "an end"])
def test_a_workers_folder_is_private_and_ends_with_it(how, tmp_path):
    env = {**os.environ, "PYTHONPATH": python_path(), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", LIVES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as lives:
        folder = Path(lives.stdout.readline().strip())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "hidden").write_text("a secret")
        time.sleep(0.5)
        assert folder.exists(), "while it lives"
        if how == "kill -9":
            lives.send_signal(signal.SIGKILL)
    ends = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < ends
        time.sleep(0.05)


# ------------------------------------------------------------------------------------------------ who is there


def test_where_something_else_listens_there_is_no_scheduler(monkeypatch):
    """A client of Dask's would wait for ever."""
    monkeypatch.setattr(conversation, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(conversation.distributed, "Client", None)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unavailable, match=r"no Dask scheduler there \(nothing of Dask's replied .*Nothing was"):
            driver.Cluster(address, news=print)
    with pytest.raises(Unavailable, match=r"TLS settings do not fit: no distributed\.comm\.tls\.ca-file"):
        driver.Cluster("tls://127.0.0.1:9", news=print)


def test_a_workers_address_is_not_taken_for_the_schedulers(monkeypatch):
    async def worker(address, security):
        return "Worker"

    monkeypatch.setattr(conversation, "_who_is_there", worker)
    with pytest.raises(Unavailable, match=r"no Dask scheduler there \(a Dask worker replied\)"):
        driver.Cluster("tcp://127.0.0.1:9", news=print)
