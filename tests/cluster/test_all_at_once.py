"""The driver talks to all workers of a cluster at once: one that does not reply holds up nobody but itself.

A stopped process (SIGSTOP) stands for a worker that is slow or hangs: its connections stay open and idle.
"""

import contextlib
import os
import signal
import threading

import pytest

from grader.cluster import orders
from grader.course.folder import CourseFolder
from grader.grading.batch import Batch
from tests.cluster.dask_processes import Dask, until
from tests.small_course import UNIT, hand_in, make_folder, write_course

pytest.importorskip("distributed", reason="no Dask here: pip install 'just-enough-calculus[cluster]'")
from grader.cluster import bundle, conversation, driver

pytestmark = pytest.mark.slow
NAMES = ("anna", "bert", "carl")
STUDENTS = [f"s{number}" for number in range(12)]


class Staffed(Dask):
    """A scheduler and three workers with one thread each, any of which can be stopped for a while."""

    def __init__(self, scratch):
        super().__init__(scratch)
        for name in NAMES:
            self.worker(name, "--no-nanny", "--nthreads", "1")

    def names(self, cluster):
        """The workers' names by address, once all are listed."""

        def listed():
            return cluster._client.sync(cluster._client.scheduler.identity)["workers"]

        until(lambda: len(listed()) == len(NAMES))
        return {address: worker["name"] for address, worker in listed().items()}

    def pause(self, name):
        os.kill(self.started[name].pid, signal.SIGSTOP)

    def resume(self, name):
        os.kill(self.started[name].pid, signal.SIGCONT)

    @contextlib.contextmanager
    def paused(self, name):
        self.pause(name)
        try:
            yield
        finally:
            self.resume(name)

    def has_unit(self, name):
        """Whether a worker's private folder holds a unit."""
        return any(f"-{self.started[name].pid}-cluster-" in str(folder) for folder in self.private_folders())


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    cluster = Staffed(tmp_path_factory.mktemp("dask"))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory, request):
    """A small course, and the batch that a class has handed in."""
    place = tmp_path_factory.mktemp("class")
    course = write_course(place / "course", request.config.rootpath / "exercises" / "kit")
    folder = make_folder(course, place / "folder")
    for student in STUDENTS:
        hand_in(folder, student, "2 * x", "x / 2")
    layout, notebook = CourseFolder(folder), course.unit(UNIT).notebook_name
    submissions = [(student, layout.submitted(student, UNIT) / notebook) for student in STUDENTS]
    return course, Batch(UNIT, submissions, layout.release(UNIT) / notebook)


class Noting(driver.Cluster):
    """Notes what happens; `on_install` and `on_end` get a worker's address before it is sent the unit, and when it
    has ended a group that nobody has collected yet.
    """

    def __init__(self, dask):
        super().__init__(dask.address, news=lambda line: None)
        self.given, self.keys = {}, {}  # students by address, addresses by key of their groups
        self.installed, self.reports, self.lost = [], [], []  # addresses, students, students; each as it happened
        self.on_install = self.on_end = lambda address: None

    def install(self, member, digest):
        self.on_install(member.address)
        super().install(member, digest)

    async def _install(self, member, digest):
        await super()._install(member, digest)
        self.installed.append(member.address)

    def send(self, member, order):
        self.given.setdefault(member.address, []).extend(piece.student for piece in order.pieces)
        future = super().send(member, order)
        self.keys[future.key] = member.address
        return future

    async def _collect(self, future):
        if future.key in self.keys:
            self.on_end(self.keys[future.key])
        await super()._collect(future)

    def grade(self, course, batch):
        self.grade_batches(
            course,
            [batch],
            on_report=lambda report: self.reports.append(report.student),
            on_begin=lambda *begun: None,
            on_lost=lambda unit, student: self.lost.append(student),
        )


def all_introduced(cluster):
    until(lambda: cluster.look() or len(cluster.members()) == len(NAMES), 120)


def test_a_worker_that_does_not_say_what_it_is_is_not_waited_for(dask, handed_in, monkeypatch):
    """The others grade the class meanwhile."""
    monkeypatch.setattr(driver, "TOGETHER_SECONDS", 3.0)
    with Noting(dask) as cluster:
        names = dask.names(cluster)
        with dask.paused("bert"):
            assert cluster.level
            cluster.grade(*handed_in)
            assert sorted(cluster.reports) == sorted(STUDENTS)
            assert "bert" not in {names[address] for address in cluster.given}
        all_introduced(cluster)  # it may grade as soon as it has replied


class FirstOnly(list):
    """Pauses the first worker for which it is called."""

    def __init__(self, dask, names):
        super().__init__()
        self.pause = lambda address: dask.pause(names[address])

    def __call__(self, address):
        if not self:
            self.append(address)
            self.pause(address)


def test_a_worker_that_does_not_take_the_unit_is_not_waited_for(dask, handed_in):
    """The one that is sent the unit first is stopped at that moment."""
    with Noting(dask) as cluster:
        names = dask.names(cluster)
        all_introduced(cluster)
        cluster.on_install = paused = FirstOnly(dask, names)
        try:
            cluster.grade(*handed_in)
        finally:
            dask.resume(names[paused[0]])
        assert sorted(cluster.reports) == sorted(STUDENTS)
        assert set(cluster.installed[:2]) == names.keys() - {paused[0]}, "the others did not wait for it"
    until(lambda: not dask.private_folders())


def test_a_worker_that_does_not_hand_over_its_results_is_not_waited_for(dask, handed_in, monkeypatch):
    """The first that has ended a group is stopped at that moment; only what it has in hand waits for it."""
    monkeypatch.setattr(conversation, "COLLECT_SECONDS", 200.0)
    with Noting(dask) as cluster:
        names = dask.names(cluster)
        all_introduced(cluster)
        cluster.on_end = paused = FirstOnly(dask, names)
        reported = []

        def resume_when_the_others_are_done():
            try:
                until(lambda: paused and set(cluster.reports) >= set(STUDENTS) - set(cluster.given[paused[0]]), 100)
                reported.extend(cluster.reports)
            finally:
                dask.resume(names[paused[0]])

        thread = threading.Thread(target=resume_when_the_others_are_done)
        thread.start()
        cluster.grade(*handed_in)
        thread.join()
        assert sorted(reported) == sorted(set(STUDENTS) - set(cluster.given[paused[0]]))
        assert sorted(cluster.reports) == sorted(STUDENTS)
        assert not cluster.lost


def test_all_workers_are_told_at_once(dask, handed_in):
    """Each of three must hear it, in whatever order they are told, although the first does not listen."""
    course, batch = handed_in
    digest, content = bundle.pack(course, course.unit(UNIT), batch.release)
    with Noting(dask) as cluster:
        names, talk = dask.names(cluster), cluster._talk
        all_introduced(cluster)
        first, *others = cluster.members()
        installs = [(m.address, orders.Install(m.token, content, digest, 600.0)) for m in (first, *others)]
        talk.wait_for(talk.tell(installs))
        assert all(dask.has_unit(name) for name in NAMES)
        with dask.paused(names[first.address]):
            talk.start(talk.tell([(m.address, orders.Forget(m.token, digest)) for m in (first, *others)]))
            until(lambda: not any(dask.has_unit(names[member.address]) for member in others))
            assert dask.has_unit(names[first.address])
        until(lambda: not dask.private_folders())
