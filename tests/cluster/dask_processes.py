"""A Dask scheduler and its workers as processes, and what a course folder holds after they have graded."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from grader.course.folder import CourseFolder
from grader.environment import python_path
from tests.processes import descendants


class Dask:
    """A scheduler and its workers, as processes."""

    def __init__(self, scratch, *options, environment=()):
        self.scratch, self.started, self.file = scratch, {}, scratch / "scheduler.json"
        (scratch / "tmp").mkdir()
        options = ("--port", "0", "--host", "127.0.0.1", "--no-show", *options)
        self.run("scheduler", "dask_scheduler", *options, environment=environment)
        until(lambda: self.file.exists() and self.file.read_text().endswith("}"))  # it is not written at once
        self.address = json.loads(self.file.read_text())["address"]

    def run(self, name, program, *options, environment=(), before=""):
        code = f"{before}\nimport sys; from distributed.cli.{program} import main; main(sys.argv[1:])"
        command = [sys.executable, "-c", code, "--scheduler-file", str(self.file), "--no-dashboard", *options]
        with (self.scratch / f"{name}.log").open("w") as log:
            env = {**os.environ, "PYTHONPATH": python_path(), "TMPDIR": str(self.scratch / "tmp"), **dict(environment)}
            self.started[name] = subprocess.Popen(
                command, cwd=self.scratch, env=env, stdout=log, stderr=log, start_new_session=True
            )

    def worker(self, name, *options, **how):
        self.run(name, "dask_worker", "--name", name, "--nthreads", "2", "--host", "127.0.0.1", *options, **how)

    def processes(self, name):
        """The numbers of the Dask worker's processes below its nanny, without what grades."""
        found = []
        for pid in descendants(self.started[name].pid) - {self.started[name].pid}:
            with contextlib.suppress(OSError):
                if "multiprocessing.spawn" in Path(f"/proc/{pid}/cmdline").read_text():
                    found.append(pid)
        return found

    def kill(self, name):
        """Kill a Dask worker's process; its nanny starts another."""
        for pid in self.processes(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self, *names):
        for name in names or list(self.started):
            process = self.started.pop(name)
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    close = stop

    def private_folders(self):
        return list((self.scratch / "tmp").glob("lane-*-cluster-*/*-*"))


def until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def outputs(folder):
    """What a class gets, without times."""
    found = {}
    for path in sorted([*folder.glob("reports/**/*"), *folder.glob("autograded/**/*")]):
        if path.is_file():
            found[str(path.relative_to(folder))] = re.sub(r'"(milliseconds|timestamp)": [^,\n]+', "", path.read_text())
    return found


def attempts(folder, student):
    path = CourseFolder(folder).ledger
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(path)) as db, contextlib.suppress(sqlite3.OperationalError):
        query = "select how, alone from attempts where student = ? order by id"
        return db.execute(query, (student,)).fetchall()
    return []


def in_hand(folder, student):
    found = attempts(folder, student)
    return bool(found) and found[-1][0] is None
