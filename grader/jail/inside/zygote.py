"""The warm process of a lane: it has imported what notebooks import, and forks a confined child for each submission.

It runs no student code, holds no secret, and has one descriptor: the control socket. Orders come one at a time:
`open` (with the child's socket), `usage` and `kill`. While a child lives, the zygote watches how much memory, disk and
CPU time the submission's processes use together, and kills them all when it is too much.

Where no pid namespace surrounds the lane, a *keeper* stands above the zygote: orphans become its children, and when
the zygote ends, or the keeper is told to end, it kills whatever is left.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pkgutil
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import confine, session
from .wire import Frames

WATCH_SECONDS = 0.02
COUNT_SECONDS = 0.1  # between two looks at the CPU time of all processes
FILES_LIMIT = 4096
DEPTH_LIMIT = 64  # folders in folders: below a path that is too long for the kernel nothing could be counted
PAGE, TICKS = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")


def main(fd: int, *, keeper: bool) -> None:
    """Serve the control socket `fd` until it is closed."""
    if keeper:
        _keep(fd)
    control = Frames(socket.socket(fileno=fd))
    setup = control.receive()
    if setup["drop_to"]:
        os.setgroups([])
        os.setresgid(setup["drop_to"], setup["drop_to"], setup["drop_to"])
        os.setresuid(setup["drop_to"], setup["drop_to"], setup["drop_to"])
        if keeper:
            confine.die_with_parent()  # a change of user forgets it
    for path in filter(os.path.isabs, sys.path):
        if not os.access(path, os.R_OK | os.X_OK) and not path.endswith(".zip"):
            sys.exit(f"user {os.getuid()} cannot read {path}: a folder above it is closed to others")
    confine.no_new_privileges()
    confine.be_reaper()
    confine.hide_memory()
    Path(os.environ["HOME"]).mkdir(exist_ok=True)
    _warm_up(with_sympy=setup["sympy"])
    shutil.rmtree(os.environ["HOME"], ignore_errors=True)  # what the imports cached is no one's to find
    gc.collect()
    gc.freeze()
    confine.gather_pages()
    confine.small_pages()
    control.send({"op": "ready", "landlock": confine.landlock_abi() if setup["landlock"] else 0})
    Zygote(control, setup).run()


def _keep(fd: int) -> None:
    """Become the keeper of a forked zygote; only the zygote returns."""
    confine.be_reaper()
    zygote = os.fork()
    if zygote == 0:
        confine.die_with_parent()
        return
    os.close(fd)
    signal.signal(signal.SIGTERM, lambda number, frame: os.kill(zygote, signal.SIGKILL))
    confine.die_with_parent(signal.SIGTERM)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, 0)[0] != zygote:
            pass
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while _kill_descendants():  # whoever is left when the keeper goes would belong to nobody
        pass
    os._exit(0)


def _warm_up(*, with_sympy: bool) -> None:
    """Import what notebooks import. Each fork copies what is held here, so IPython and sympy wait to be asked for."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.contour([[0, 1], [1, 0]])  # what draws contours is imported by the first of them
    plt.close(figure)  # nothing is drawn: a font would keep its file open, and the child closes all
    if with_sympy:
        import sympy

        sympy.simplify(sympy.sin(sympy.Symbol("x")) ** 2)
    with contextlib.suppress(ImportError):
        import kit

        for module in pkgutil.walk_packages(kit.__path__, "kit."):  # no bytecode is kept: else each notebook compiles
            importlib.import_module(module.name)


class Zygote:
    """One child at a time."""

    def __init__(self, control: Frames, setup: dict[str, Any]) -> None:
        self._control, self._setup = control, setup
        self._child = 0
        self._how = ""
        self._status = 0
        self._memory_limit = 0
        self._cpu_limit = 0.0
        self._usage = Usage()
        self._watched_folder = ""

    def run(self) -> None:
        """Until the control socket ends."""
        while True:
            ready, _, _ = select.select([self._control.sock], [], [], WATCH_SECONDS if self._child else None)
            if not ready:
                self._watch()
                continue
            try:
                order, fds = self._control.receive_with_fds()
            except (EOFError, OSError):
                self._kill()
                return
            if order["op"] == "open":
                self._open(order, fds[0])
            elif order["op"] == "usage":
                usage = self._count()
                self._control.send({"op": "usage", "cpu": usage.cpu_seconds, "queued": usage.queued_seconds})
            elif order["op"] == "kill":
                used = self._count().cpu_seconds
                left = self._kill()
                facts = {"how": self._how, "status": self._status, "left": left, "cpu": used}
                self._control.send({"op": "killed", **facts})

    def _open(self, order: dict[str, Any], fd: int) -> None:
        self._kill()
        self._how, self._status, self._memory_limit = "", 0, int(order["memory_mb"]) << 20
        self._cpu_limit, self._usage = float(order["cpu_seconds_in_all"]), Usage()
        self._watched_folder = "" if self._setup["namespaces"] else str(order["home"])
        uid, gid = os.getuid(), os.getgid()
        limits = {
            "cpu_seconds": int(order["cpu_seconds"]),
            "address_space": _pages_of(os.getpid(), 0) + self._memory_limit,
            "processes": int(order["processes"]) + (_tasks_of(uid) if self._setup["shared_user"] else 0),
            "file_bytes": int(self._setup["tmp_mb"]) << 20,
        }
        try:
            pid = confine.fork_into_namespaces() if self._setup["namespaces"] else os.fork()
        except OSError as error:
            os.close(fd)
            self._control.send({"op": "refused", "why": str(error)})
            return
        if pid == 0:
            try:
                _child(str(order["home"]), limits, self._setup, fd, uid, gid)
            finally:
                os._exit(0)
        os.close(fd)
        self._child = pid
        self._control.send({"op": "opened"})

    def _tree(self) -> list[int]:
        """The submission's processes, its own first."""
        tree = [self._child, *_children_of(self._child)]
        return tree + [pid for pid in _children_of(os.getpid()) if pid not in tree]  # orphans, where they come to us

    def _count(self) -> Usage:
        if self._child:
            self._usage.count(self._tree())
        return self._usage

    def _watch(self) -> None:
        tree = self._tree()
        if time.monotonic() > self._usage.counted + COUNT_SECONDS:
            self._usage.count(tree)
        if _memory_of(tree, self._memory_limit) > self._memory_limit:
            self._how = how = "memory"
            if len(tree) == 2 and _pages_of(self._child, 1) <= self._memory_limit:
                # One hidden test's process: it goes, and the notebook's own stays with its other tests.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(tree[1], signal.SIGKILL)
                return
        elif self._usage.cpu_seconds > self._cpu_limit:
            how = "cpu"
        elif self._watched_folder and _too_much_below(self._watched_folder, int(self._setup["tmp_mb"]) << 20):
            how = "disk"
        else:
            return
        self._kill()
        self._how = how

    def _kill(self) -> int:
        """Kill the child, and with the first process of a pid namespace all in it. Answers how many are left."""
        if self._child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                self._status = os.waitpid(self._child, 0)[1]
            self._child = 0
        return _kill_descendants()


def _child(home: str, limits: dict[str, int], setup: dict[str, Any], fd: int, uid: int, gid: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    confine.close_all_but({0, 1, 2, fd})
    confine.die_with_parent()
    confine.be_reaper()
    if setup["namespaces"]:
        confine.settle_in_namespaces(uid, gid, home, int(setup["tmp_mb"]))
    os.chdir(home)
    tempfile.tempdir = home
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"), home))
    confine.limit(**limits)
    confine.settle_chance()
    if setup["namespaces"]:
        confine.drop_capabilities()
    confine.show_memory()  # to the zygote, which counts it
    if setup["landlock"]:
        confine.landlock(setup["readable"], [home], may_remove=setup["namespaces"])
    if setup["bpf"]:
        confine.seccomp(setup["bpf"])
    frames = Frames(socket.socket(fileno=fd))
    session.serve(frames, frames.receive())


class Usage:
    """What all processes of a submission have used, those that have ended among them.

    `queued_seconds` is how long they waited for a processor: whoever waits for that is not idle.
    """

    def __init__(self) -> None:
        self.counted = time.monotonic()
        self._last: dict[tuple[int, int], tuple[float, float]] = {}  # by process and when it started

    @property
    def cpu_seconds(self) -> float:
        return sum(cpu for cpu, _ in self._last.values())

    @property
    def queued_seconds(self) -> float:
        return sum(queued for _, queued in self._last.values())

    def count(self, pids: list[int]) -> None:
        """Look at the processes that are there."""
        self.counted = time.monotonic()
        for pid in pids:
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                cpu = (int(fields[11]) + int(fields[12])) / TICKS
                self._last[pid, int(fields[19])] = cpu, _queued(pid)


def _queued(pid: int) -> float:
    """How long the process waited for a processor, in seconds; 0 where the kernel does not count that."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def _memory_of(pids: list[int], limit: int) -> int:
    """Bytes that these processes hold together. Who shares pages with whom is only asked where it could matter."""
    plain = sum(_pages_of(pid, 1) for pid in pids)
    return plain if plain <= limit else sum(_proportional(pid) for pid in pids)


def _proportional(pid: int) -> int:
    """The process's share of its pages, or all of them where it hides the shares."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    except (OSError, IndexError, ValueError):
        pass
    return _pages_of(pid, 1)


def _pages_of(pid: int, column: int) -> int:
    """From statm: 0 is the address space, 1 what is resident, in bytes."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[column]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _tasks_of(uid: int) -> int:
    """How many threads this user runs already: the kernel's process limit counts them all."""
    count = 0
    for entry in _process_ids():
        with contextlib.suppress(OSError, IndexError):
            if f"\nUid:\t{uid}\t" in Path(f"/proc/{entry}/status").read_text():
                count += len(os.listdir(f"/proc/{entry}/task"))  # noqa: PTH208 - names, not paths
    return count


def _too_much_below(folder: str, limit: int) -> bool:
    """More bytes or files than one submission may leave. Looks at no more than it must, and at no other mount.

    What cannot be looked into (a folder made without the right to read it) is too much as well.
    """
    size = files = 0
    hidden: list[OSError] = []
    with contextlib.suppress(OSError):
        device = os.lstat(folder).st_dev
        for where, folders, names in os.walk(folder, onerror=hidden.append):
            if any(not isinstance(error, FileNotFoundError) for error in hidden):
                return True
            if where.count("/") - folder.count("/") > DEPTH_LIMIT:
                return True
            for name in (*list(folders), *names):
                with contextlib.suppress(OSError):
                    found = os.lstat(f"{where}/{name}")
                    if found.st_dev == device:
                        files += 1
                        size += found.st_blocks * 512
                    elif name in folders:
                        folders.remove(name)
                if size > limit or files > FILES_LIMIT:
                    return True
    return any(not isinstance(error, FileNotFoundError) for error in hidden)


def _process_ids() -> list[int]:
    try:
        return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]  # noqa: PTH208 - names, not paths
    except OSError:
        return []


def _children_of(pid: int) -> list[int]:
    """Every process below `pid`, from the kernel's own lists (cheap: nothing else is looked at)."""
    found: list[int] = []
    wave = [pid]
    while wave:
        below: list[int] = []
        for parent in wave:
            try:
                for task in os.listdir(f"/proc/{parent}/task"):  # noqa: PTH208 - names, not paths
                    below += map(int, Path(f"/proc/{parent}/task/{task}/children").read_text().split())
            except OSError:
                continue
        found += below
        wave = below
    return found


def _descendants(ancestor: int) -> list[int]:
    """Every process below `ancestor`, dead ones that nobody reaped among them, by looking at all there are."""
    parents: dict[int, int] = {}
    for pid in _process_ids():
        with contextlib.suppress(OSError, IndexError, ValueError):
            parents[pid] = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    found: list[int] = []
    wave = {ancestor}
    while wave:
        wave = {pid for pid, parent in parents.items() if parent in wave}
        found.extend(wave)
    return found


def _kill_descendants() -> int:
    """Stop, kill and reap until nobody is below this process. Answers how many are left after two seconds.

    A fork bomb grows again in the gap that each killed process leaves. One that is stopped forks no more and keeps its
    place among those that are counted, so all are stopped first, and killed when a look finds nobody new.
    """
    left = _descendants(os.getpid())
    deadline = time.monotonic() + 2
    stopped: set[int] = set()
    while left and time.monotonic() < deadline:
        new = set(left) - stopped
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP if new else signal.SIGKILL)
        if new:
            stopped |= new
            left = _descendants(os.getpid())
            continue
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        left = _descendants(os.getpid())
        if left:
            time.sleep(0.002)
    return len(left)
