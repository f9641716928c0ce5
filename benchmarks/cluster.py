"""How much of their time a cluster's workers grade: python benchmarks/cluster.py [workers[:stretch[:each]] ...].

The driver, the messages, the notebooks and the scheduler (a process of Dask's) are the real ones. The workers are
Dask's own too, up to a hundred in one process, with their heartbeats; but instead of grading they wait for as long as
grading has taken: times that `--record` has measured with the sample class, in `cluster_times.tsv`. `100:5:12` is a
hundred workers, times stretched by five, and 12 submissions for each worker. Where all of the simulation shares a few
cores, stretch the times until the scheduler and the driver have what they need. Prints

- the efficiency: the sum of the waits, over workers x time. Once for the whole run, and once for the part in which
  there was work for everyone, until the last group was handed out: a larger class spends a larger part of its time
  there, and at the end nobody can help with the last slow submission;
- the CPU time that driver and scheduler use for each submission; the larger of both is what bounds the submissions a
  second, whatever the number of workers;
- the load average of the machine, for the share of it that others had.

It does not show a network's latency, a grading process's start, nor units of hundreds of megabytes.
"""

import asyncio
import functools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
import msgspec
import psutil

import grader.cluster.driver as driver
from grader.cluster import orders, software
from grader.course import build, manifest
from grader.course.folder import CourseFolder
from grader.environment import python_path
from grader.grading.batch import Batch
from grader.grading.messages import Graded
from grader.results import Level, Outcome, Report, TaskResult, TestResult

ROOT = Path(__file__).resolve().parents[1]
UNIT = "u1_derivative_intuition"
TIMES = Path(__file__).with_name("cluster_times.tsv")  # unit, sample, milliseconds
DEFAULT = ("10", "100:2:20", "1000:5:6")
EACH = "30"  # submissions for each simulated worker
IN_A_PROCESS = 100  # simulated workers
# What Dask's workers do for themselves many times a second: watch their memory, profile their tasks, time their event
# loop. On a cluster each has a core for it; a thousand of them on this machine would use all of it.
QUIET = {
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "1 minute",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "1 minute",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "10 s",
}

# A Dask worker looks up `just_enough_calculus` by name. In the process of the simulated ones, it finds this one.
SIMULATED = """
import asyncio, sys
import just_enough_calculus
sys.path.insert(0, {here!r})
import cluster
just_enough_calculus.on_worker, just_enough_calculus.ask_worker = cluster.pretend, cluster.pretend_to_know
asyncio.run(cluster.work(sys.argv[1], int(sys.argv[2])))
"""


@functools.cache
def recorded():
    """The recorded times, in milliseconds."""
    return [int(line.split("\t")[2]) for line in TIMES.read_text(encoding="utf-8").splitlines() if line[0] != "#"]


def milliseconds(student):
    """How long the grading of this student's submission takes; the id ends in the stretch."""
    return random.Random(student).choice(recorded()) * float(student.partition("x")[2])  # noqa: S311 - not secret


def report_of(student):
    """A report as large as a real one."""
    tests = tuple(TestResult(f"test_{n}", f"test {n}", 1.0, Outcome.PASSED, says="x" * 120) for n in range(6))
    tasks = tuple(TaskResult(f"task_{n}", f"Task {n}", 3.0, 3.0, tests=tests) for n in range(8))
    return Report(student, UNIT, tasks, Level.L3, milliseconds=milliseconds(student))


async def pretend(order):
    """Wait as long as grading takes, and send as much as a worker would. Notes the waits of this process in a file."""
    group = orders.TO_SUPERVISOR.decode(order)
    began = time.monotonic()
    await asyncio.sleep(sum(milliseconds(piece.student) for piece in group.pieces) / 1e3)
    with Path(f"waits-{os.getpid()}").open("a", encoding="utf-8") as file:
        file.write(f"{began} {time.monotonic()}\n")
    return msgspec.msgpack.encode(orders.GroupGraded([Graded(report_of(piece.student)) for piece in group.pieces]))


async def pretend_to_know(order):
    """Introduce the worker; everything else is done."""
    if isinstance(orders.TO_SUPERVISOR.decode(order), orders.Introduce):
        return msgspec.msgpack.encode(orders.Introduction("simulated", software.installed(), Level.L3, ()))
    return msgspec.msgpack.encode(orders.CarriedOut())


async def work(address, count):
    """`count` Dask workers in this process, until it is killed."""
    from distributed import Worker

    workers = [await Worker(address, nthreads=1) for _ in range(count)]
    await asyncio.gather(*(worker.finished() for worker in workers))


def start(*arguments, scratch):
    """A Python process of ours."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", *arguments],
        cwd=scratch,
        env={"PYTHONPATH": python_path(), "PATH": "/usr/bin:/bin", **QUIET},
        stderr=subprocess.DEVNULL,
    )


def simulate(workers, stretch, each, scratch):
    """Grade a class of pretended submissions on this many pretended workers."""
    file = scratch / "scheduler.json"
    main = "import sys; from distributed.cli.dask_scheduler import main; main(sys.argv[1:])"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    processes = [start(main, *options, scratch=scratch)]
    code = SIMULATED.format(here=str(Path(__file__).parent))
    try:
        while not (file.exists() and file.read_text().endswith("}")):  # it is not written at once
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        groups = [min(IN_A_PROCESS, workers - first) for first in range(0, workers, IN_A_PROCESS)]
        processes += [start(code, address, str(count), scratch=scratch) for count in groups]
        with driver.Cluster(address, news=lambda line: None) as cluster:
            while len(cluster.members()) < workers:
                cluster.look()
            time_one_class(cluster, (workers, stretch, each), scratch, psutil.Process(processes[0].pid))
    finally:
        for process in processes:
            process.kill()
            process.wait()


def time_one_class(cluster, asked, scratch, scheduler):
    """Print the figures of one class."""
    workers, stretch, each = asked
    count = workers * each
    release = CourseFolder(scratch / "class").released_notebook(UNIT)
    release.parent.mkdir(parents=True)
    release.write_text("{}")
    notebook = scratch / "submitted" / f"{UNIT}.ipynb"
    notebook.parent.mkdir()
    notebook.write_bytes(b"x" * 60_000)
    submissions = [(f"s{number:06}x{stretch:g}", notebook) for number in range(count)]
    seconds = sum(milliseconds(student) for student, _ in submissions) / 1e3 / count
    reports, leases = set(), []
    before, began, cpu = sum(scheduler.cpu_times()[:2]), time.monotonic(), time.process_time()
    cluster.grade_batches(
        manifest.load(ROOT),
        [Batch(UNIT, submissions, release)],
        on_report=lambda report: reports.add(report.student),
        on_begin=lambda *_: leases.append(time.monotonic()),
        on_lost=lambda *_: sys.exit("a worker was lost"),
    )
    ends = time.monotonic()
    assert reports == {student for student, _ in submissions}
    assert len(leases) == count
    ours, theirs = time.process_time() - cpu, sum(scheduler.cpu_times()[:2]) - before
    waits = [tuple(map(float, line.split())) for file in scratch.glob("waits-*") for line in file.open()]
    whole, best = (busy(waits, began, until) / workers for until in (ends, max(leases)))
    print(
        f"{workers:5} workers {count:6} submissions of {seconds:5.1f} s in {len(waits)} groups, {ends - began:.0f} s: "
        f"efficiency {whole:.1%}, with work for all {best:.1%}; CPU a submission: driver {ours / count * 1e3:.2f} ms, "
        f"scheduler {theirs / count * 1e3:.2f} ms; load average {os.getloadavg()[1]:.0f} on {os.cpu_count()} cores",
        flush=True,
    )


def busy(waits, begins, ends):
    """How many workers waited, on average, between two moments."""
    return sum(max(0.0, min(end, ends) - began) for began, end in waits if began < ends) / (ends - begins)


def record(units):
    """Grade the sample class of these units with one worker, and write down how long each submission took."""
    from grader.demo import load_sample_class
    from grader.nbgrader import apps, class_grading, setup

    course, sample_class = manifest.load(ROOT), load_sample_class(ROOT)
    lines = [f"# recorded on {os.cpu_count()} cores, load average {os.getloadavg()[1]:.0f} when it began"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "class"
        setup.init_course_folder(course, folder)
        for unit in units or [unit.id for unit in course.units]:
            build.build_unit(course, unit, folder, rehearsed=True)
            apps.run_nbgrader("generate_assignment", [unit], where=folder, log=folder / "log")
            released = CourseFolder(folder).released_notebook(unit)
            for sample in sample_class.samples_of(unit):
                content, into = json.loads(released.read_text()), CourseFolder(folder).submitted(sample.name, unit)
                into.mkdir(parents=True)
                (into / released.name).write_bytes(released.read_bytes())
                if sample_class.hand_in(sample, content, into):
                    (into / released.name).write_text(json.dumps(content), encoding="utf-8")
            reports = class_grading.grade_unit(course, unit, folder, workers=1)
            lines += [f"{unit}\t{report.student}\t{report.milliseconds:.0f}" for report in reports]
    TIMES.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--record"]:
        record(sys.argv[2:])
    else:
        for asked in sys.argv[1:] or DEFAULT:
            number, factor, each = [*asked.split(":"), *("1", EACH)[asked.count(":") :]]
            with tempfile.TemporaryDirectory() as folder:
                simulate(int(number), float(factor), int(each), Path(folder))
