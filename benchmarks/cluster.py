"""What Dask adds to grading, with a real scheduler: python benchmarks/cluster.py [workers ...] (1 100 by default).

The driver, the messages, the notebooks and the scheduler are the real ones. The workers are Dask's own too, many in one
process, but instead of grading they wait for as long as grading may take on a real one: 0.12 s to 1.9 s, drawn from ten
times that are assumed, not measured. Prints the efficiency (the sum of the waits, over workers x time) and the overhead
a submission; then the CPU time that driver and scheduler together use for each.
"""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import psutil

import grader.cluster.driver as driver
from grader.cluster import orders, software
from grader.course import manifest
from grader.environment import python_path
from grader.grading.batch import Batch
from grader.grading.messages import Graded
from grader.results import Level, Outcome, Report, TaskResult, TestResult

ROOT = Path(__file__).resolve().parents[1]
UNIT = "u1_derivative_intuition"
ASSUMED = (
    120,
    130,
    140,
    160,
    180,
    230,
    300,
    420,
    700,
    1900,
)  # ms a submission, assumed: an honest notebook takes 120 to 400, an endless loop its limit
SECONDS_EACH = 20  # that every simulated worker is busy

# A Dask worker looks up `just_enough_calculus` by name. In the process of the simulated ones, it finds this one.
SIMULATED = """
import asyncio, sys, types
import just_enough_calculus
sys.path.insert(0, {here!r})
import cluster
just_enough_calculus.on_worker, just_enough_calculus.ask_worker = cluster.pretend, cluster.pretend_to_know
asyncio.run(cluster.work(sys.argv[1], int(sys.argv[2])))
"""


def milliseconds(student):
    """How long the grading of this student's submission takes."""
    return random.Random(student).choice(ASSUMED)  # noqa: S311 - not secret


def report_of(student):
    """A report as large as a real one."""
    tests = tuple(TestResult(f"test_{n}", f"test {n}", 1.0, Outcome.PASSED, says="x" * 120) for n in range(6))
    tasks = tuple(TaskResult(f"task_{n}", f"Task {n}", 3.0, 3.0, tests=tests) for n in range(8))
    return Report(student, UNIT, tasks, Level.L3, milliseconds=milliseconds(student))


async def pretend(order):
    """Wait as long as grading takes, and send as much as a worker would."""
    group = orders.TO_SUPERVISOR.decode(order)
    await asyncio.sleep(sum(milliseconds(piece.student) for piece in group.pieces) / 1e3)
    return msgspec.msgpack.encode(orders.GroupGraded([Graded(report_of(piece.student)) for piece in group.pieces]))


async def pretend_to_know(order):
    """Introduce the worker; everything else is done."""
    if isinstance(orders.TO_SUPERVISOR.decode(order), orders.Introduce):
        return msgspec.msgpack.encode(orders.Introduction("simulated", software.installed(), Level.L3, ()))
    return msgspec.msgpack.encode(orders.CarriedOut())


async def work(address, count):
    """`count` Dask workers in this process, until it is killed."""
    from distributed import Worker

    workers = await asyncio.gather(*(Worker(address, nthreads=1, heartbeat_interval="20s") for _ in range(count)))
    await asyncio.gather(*(worker.finished() for worker in workers))


def start(*arguments, scratch):
    """A Python process of ours."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", *arguments],
        cwd=scratch,
        env={"PYTHONPATH": python_path(), "PATH": "/usr/bin:/bin", "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False"},
        stderr=subprocess.DEVNULL,
    )


def simulate(workers, scratch):
    """Grade a class of pretended submissions on this many pretended workers."""
    file = scratch / f"scheduler-{workers}.json"
    main = "import sys; from distributed.cli.dask_scheduler import main; main(sys.argv[1:])"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    processes = [start(main, *options, scratch=scratch)]
    code = SIMULATED.format(here=str(Path(__file__).parent))
    try:
        while not (file.exists() and file.read_text().endswith("}")):  # it is not written at once
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        groups = [min(100, workers - first) for first in range(0, workers, 100)]
        processes += [start(code, address, str(count), scratch=scratch) for count in groups]
        with driver.Cluster(address, news=lambda line: None) as cluster:
            while len(cluster.members()) < workers:
                cluster.look()
            time_one_class(cluster, workers, scratch, psutil.Process(processes[0].pid))
    finally:
        for process in processes:
            process.kill()
            process.wait()


def time_one_class(cluster, workers, scratch, scheduler):
    """Print the figures of one class."""
    course = manifest.load(ROOT)
    count = int(workers * SECONDS_EACH / (sum(ASSUMED) / len(ASSUMED) / 1e3))
    release = scratch / "class" / "release" / UNIT / f"{UNIT}.ipynb"
    release.parent.mkdir(parents=True, exist_ok=True)
    release.write_text("{}")
    notebook = scratch / "submitted" / f"{UNIT}.ipynb"
    notebook.parent.mkdir(exist_ok=True)
    notebook.write_bytes(b"x" * 60_000)
    submissions = [(f"s{number:06}", notebook) for number in range(count)]
    busy = sum(milliseconds(student) for student, _ in submissions) / 1e3
    reports, leases = set(), []
    before, began, cpu = sum(scheduler.cpu_times()[:2]), time.perf_counter(), time.process_time()
    cluster.grade_batches(
        course,
        [Batch(UNIT, submissions, release)],
        on_report=lambda report: reports.add(report.student),
        on_begin=lambda *_: leases.append(1),
        on_lost=lambda *_: sys.exit("a worker was lost"),
    )
    took = time.perf_counter() - began
    assert reports == {student for student, _ in submissions}
    assert len(leases) == count
    ours, theirs = time.process_time() - cpu, sum(scheduler.cpu_times()[:2]) - before
    print(
        f"{workers:5} workers {count:7} submissions {took:7.1f} s  efficiency {busy / workers / took:5.1%}  overhead "
        f"{(took * workers - busy) / count * 1e3:6.1f} ms of a worker a submission  CPU a submission: driver "
        f"{ours / count * 1e3:5.2f} ms, scheduler {theirs / count * 1e3:5.2f} ms",
        flush=True,
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for number in map(int, sys.argv[1:] or ("1", "100")):
            simulate(number, Path(folder))
