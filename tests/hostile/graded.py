"""Grading the corpus at one level, with an eye on everything that a submission could reach.

`Watched` is the near side of a real worker process (recorded_worker.py), with the interface of
`grader.grading.pool.Worker`.
After each hostile submission it looks at what is left, and grades an honest student in the same lane.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
from corpus import ATTACKS
from target import RIGHT, UNIT, new_canaries, write_course

from grader.course import build, manifest
from grader.course.notebooks import grade_id
from grader.grading.messages import FROM_WORKER, Enter, Fault, Graded, Order, TakeUp
from grader.jail.channel import seconds_from_now
from grader.jail.inside.wire import Frames
from grader.nbgrader import apps, collection, setup
from grader.nbgrader.gradebook import open_gradebook
from grader.results import Level
from grader.testing.budget import SECONDS, WAITING_SECONDS, WAITING_SECONDS_ALONE
from tests.ordinary_user import AS_NOBODY, NOBODY, python_for_everyone
from tests.processes import commands_naming, descendants, running

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MARK = "jec_was_here"
# How much less time a submission may take than in a class: sleepers would hold up the tests for minutes, and learn
# nothing more. benchmarks/worst_cost.py measures what they cost a class.
LESS = 3


class Place:
    """A grading machine: the attacked course, nbgrader's folder with all submissions, a home, an environment."""

    def __init__(self, *, whole: bool = True) -> None:
        """`whole`: released by nbgrader itself, and with a gradebook."""
        self.top = Path(tempfile.mkdtemp(prefix="attacked-"))
        self.top.chmod(0o755)
        self.canaries = new_canaries()
        self.root, self.folder, self.home = self.top / "course-root", self.top / "folder", self.top / "home"
        self.home.mkdir()
        (self.home / "notes.txt").write_text(self.canaries["home"])
        write_course(self.root, ROOT / "exercises" / "kit", self.canaries)
        self.course = manifest.load(self.root)
        setup.init_course_folder(self.course, self.folder, exchange=self.top / "exchange")
        with (self.folder / "nbgrader_config.py").open("a") as config:
            config.write("c.Autograde.create_student = True\n")  # the roster below is for a canary
        built = build.build_unit(self.course, UNIT, self.folder) / f"{UNIT}.ipynb"
        self.release = self.folder / "release" / UNIT / f"{UNIT}.ipynb"
        if whole:
            apps.run_nbgrader("generate_assignment", [UNIT], where=self.folder, log=self.top / "log")
            with open_gradebook(self.folder) as gradebook:
                gradebook.add_student("canary", last_name=self.canaries["gradebook"])
        else:
            self.release.parent.mkdir(parents=True)
            cells = json.loads(built.read_text())
            for cell in cells["cells"]:
                text = "".join(cell["source"])
                cell["source"] = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "...", text, flags=re.DOTALL)
            self.release.write_text(json.dumps(cells))
        released = json.loads(self.release.read_text())
        places = {
            "COURSE": str(self.root),
            "FOLDER": str(self.folder),
            "HOME": str(self.home),
        }
        submitted = self.folder / "submitted"
        self.honest = self._honest(released, submitted / "honest" / UNIT)
        for attack in ATTACKS:
            attack.hand_in(released, submitted, places)
        collection.guard(self.folder, UNIT)  # once, before all levels read what is there
        for path in (self.folder / "quarantine" / UNIT).iterdir():
            path.chmod(0o755)  # a worker that is nobody reads it too

    def notebook_of(self, student: str) -> Path:
        """What `student` handed in."""
        held = self.folder / "quarantine" / UNIT / student / "submission-1"  # as it was handed in
        folder = held if os.path.lexists(held) else self.folder / "submitted" / student / UNIT
        return folder if folder.is_symlink() else folder / f"{UNIT}.ipynb"

    def _honest(self, released: dict, folder: Path) -> Path:
        folder.mkdir(parents=True)
        secret = self.canaries["other_submission"]
        cells = [
            cell | {"source": f"# {secret}\n{RIGHT[task].strip()}"} if (task := grade_id(cell)) in RIGHT else cell
            for cell in released["cells"]
        ]
        path = folder / f"{UNIT}.ipynb"
        path.write_text(json.dumps({**released, "cells": cells}))
        return path

    def environment(self, scratch: Path) -> dict[str, str]:
        """What a worker finds: a canary, the home, a separate folder for temporary files."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "CI") if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "exercises")]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GRADER_CANARY": self.canaries["environment"],
            "HOME": str(self.home),
            "TMPDIR": str(scratch),
            "JUPYTERHUB_USER": "reference",
            "MPLBACKEND": "Agg",
            "MPLCONFIGDIR": str(scratch.parent / "matplotlib"),
        }

    def remove(self) -> None:
        """Away with all of it."""
        shutil.rmtree(self.top, ignore_errors=True)


class Watched:
    """A worker at `level`. `honest_after`: every so many submissions an honest student is graded in the same lane."""

    def __init__(self, place: Place, level: str, *, as_nobody: bool = False, honest_after: int = 1) -> None:
        self.place, self.level, self.honest_after = place, level, honest_after
        self.alarms: dict[str, list[str]] = {}
        self.seconds: dict[str, float] = {}
        self._count = 0
        self.scratch = Path(tempfile.mkdtemp(prefix=f"scratch-{level}-", dir=place.top))
        as_nobody = as_nobody and os.getuid() == 0
        python = python_for_everyone(self.scratch / "python") if as_nobody else sys.executable
        for name in ("tmp", "matplotlib"):
            self.scratch.joinpath(name).mkdir()
        self.received = self.scratch / "received"
        self.received.touch()
        if as_nobody:
            self.scratch.chmod(0o755)
            for path in (self.scratch / "tmp", self.scratch / "matplotlib", self.received):
                os.chown(path, NOBODY, NOBODY)
        ours, theirs = socket.socketpair()
        self._frames = Frames(ours)
        current = os.memfd_create("current")  # for the name of the current test
        fds = [theirs.fileno(), current]
        self._process = subprocess.Popen(
            [python, HERE / "recorded_worker.py", place.root, *map(str, fds), self.received],
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=place.environment(self.scratch / "tmp"),
            cwd=place.top,
            **(AS_NOBODY if as_nobody else {}),
        )
        theirs.close()
        os.close(current)
        self._frames.send(Enter(Level(level)))
        self._frames.send(TakeUp(UNIT, ""))
        hello = self._frames.receive(FROM_WORKER, seconds_from_now(300))
        if isinstance(hello, Fault):
            self.close()
            raise RuntimeError(hello.says)

    def enter(self, level: str) -> None:
        assert level == self.level  # it has entered it already

    def alive(self) -> bool:
        return not self.closed and self._process.poll() is None

    @property
    def closed(self) -> bool:
        return self._frames.sock.fileno() < 0

    def take_up(self, unit: str, release: Path) -> None:
        assert unit == UNIT  # it has taken it up already

    def grade(self, unit: str, student: str, notebook: Path, release: Path, *, before: Graded | None = None) -> Graded:
        """What comes of one submission of UNIT; what went wrong around it is added to `alarms`."""
        size, started = self.received.stat().st_size, time.monotonic()
        graded = self._ask(student, notebook, release, before)
        self.seconds[student] = self.seconds.get(student, 0) + time.monotonic() - started
        alarms = self.alarms.setdefault(student, [])
        with self.received.open("rb") as file:
            file.seek(size)
            sent = file.read()
        alarms += [f"sent the canary of {place}" for place in canaries_in(sent, self.place.canaries)]
        alarms += [f"left {what}" for what in left_behind(self.scratch / "tmp")]
        alarms += [f"left process {pid}" for pid in self._strays()]
        self._count += 1
        if student != "honest" and self._count % self.honest_after == 0 and not graded.worn:
            after = self._ask("honest", self.place.honest, release).report
            if after.points != after.max_points:
                alarms.append(f"the next student got {after.points} of {after.max_points}: {after.problem}")
        return graded

    def _strays(self) -> list[int]:
        """Processes of our lanes (their command line names the lane's folder, at L2) that are not below the worker."""
        deadline = time.monotonic() + 5
        while True:  # what is being ended, or has just been started, is seen otherwise at the next look
            named = commands_naming(str(self.scratch / "tmp"))
            mine = {self._process.pid, *descendants(self._process.pid)}
            strays = [pid for pid in named if pid not in mine and running(pid)]
            if not strays or time.monotonic() > deadline:
                return strays
            time.sleep(0.05)

    def _ask(self, student: str, notebook: Path, release: Path, before: Graded | None = None) -> Graded:
        order = Order(
            student, str(notebook), str(release), waiting_seconds=WAITING_SECONDS / LESS, seconds_left=SECONDS / LESS
        )
        if before:
            order = msgspec.structs.replace(
                order,
                waiting_seconds=WAITING_SECONDS_ALONE / LESS,
                cpu_seconds_left=before.cpu_seconds_left,
                seconds_left=before.seconds_left,
            )
        self._frames.send(order)
        return self._frames.receive(FROM_WORKER, seconds_from_now(300)).graded

    def peak_memory(self) -> int:
        """The most memory that the grading process itself ever held, in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) << 10

    def close(self) -> None:
        """End it; `left` says what is left of it and of its lane, `peak` how much memory it ever held."""
        if self.closed:
            return
        self.peak = self.peak_memory() if self.alive() else 0
        below = descendants(self._process.pid)
        self._frames.sock.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        deadline = time.monotonic() + 5
        while (alive := [pid for pid in below if running(pid)]) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.left = [f"process {pid}" for pid in {*alive, *commands_naming(str(self.scratch / "tmp"))}]
        self.left += [f"file {path}" for path in (self.scratch / "tmp").iterdir()]


def canaries_in(data: bytes, canaries: dict[str, str]) -> list[str]:
    """The secret places whose canary is found in `data`, plain, as UTF-16, backwards, in hexadecimal or in base64."""
    import base64

    found = []
    for place, word in canaries.items():
        plain = word.encode()
        shapes = [plain, word.encode("utf-16-le"), plain[::-1], plain.hex().encode()]
        shapes += [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
        if any(shape in data for shape in shapes):
            found.append(place)
    return found


def left_behind(scratch: Path) -> list[str]:
    """What with the attackers' mark is found in the places where all may write, and in the kernel."""
    found = []
    for top in ("/dev/shm", "/dev/mqueue", "/tmp", "/var/tmp", str(Path.home())):
        if Path(top).is_dir():
            found += [str(path) for path in Path(top).iterdir() if MARK in path.name]
    found += [str(path) for path in scratch.glob("lane-*/home-*")]
    found += [f"a socket {line}" for line in Path("/proc/net/unix").read_text().splitlines() if MARK in line]
    for kind in ("shm", "msg", "sem"):
        path = Path("/proc/sysvipc") / kind
        found += [f"{kind} {line}" for line in path.read_text().splitlines() if line.split()[0] == str(0x6A6563)]
    if Path("/proc/keys").exists():
        found += [f"a key {line}" for line in Path("/proc/keys").read_text().splitlines() if MARK in line]
    return found
