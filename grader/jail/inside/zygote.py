"""The warm process of a lane: it has imported what notebooks import, and forks a confined child for each submission.

It runs no student code, holds no secret, and has one descriptor: the control socket. Orders arrive one at a time:
`open` (with the child's socket), `usage` and `kill`, and for each test `next` and `ended`. While a child lives, the
zygote watches how much memory, disk and CPU time the submission's processes use together, and kills them above the
limits.

The child forks a process for each test, and by then the student's code may have taken it over. To keep tests isolated
from each other, it is stopped as soon as it has forked. It resumes, to fork the next (`next`), only after all other
processes have been killed, and only if it is as it was before the first test: its files, its open descriptors, and its
pending signals (`traces`). Otherwise the near side runs the cells again in a fresh child.

If the lane has no pid namespace around it, a *keeper* is the zygote's parent. Orphans become its children, and when the
zygote ends, or the keeper is told to end, it kills everything that is left.
"""

from __future__ import annotations

import contextlib
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

import numpy as np

from . import confine, garbage, session
from .drawn import axes_data
from .messages import (
    TO_ZYGOTE,
    TO_ZYGOTE_FIRST,
    Ended,
    Forking,
    Kill,
    Killed,
    Measure,
    Next,
    Open,
    Ready,
    Refused,
    Setup,
    Started,
    TestEnd,
    Used,
    ZygoteReply,
)
from .processes import (
    children_of,
    end_all_but,
    is_running,
    kill_descendants,
    number_in_namespace,
    own_children_of,
    process_ids,
    read_proc,
    stat_of,
    wait_for_end,
)
from .traces import traces
from .usage import TICKS, Usage, memory_of, pages_of, too_much_below
from .wire import Frames

WATCH_SECONDS = 0.02
FORKED_SECONDS = 6  # time for the child to fork, however many threads it has to wait for
COUNT_SECONDS = 0.1  # the interval between two checks of the total CPU time


def main(fd: int, *, keeper: bool) -> None:
    """Serve the control socket `fd` until it is closed."""
    if keeper:
        _keep(fd)
    control = Frames(socket.socket(fileno=fd))
    setup = control.receive(TO_ZYGOTE_FIRST)
    if setup.drop_to:
        os.setgroups([])
        os.setresgid(setup.drop_to, setup.drop_to, setup.drop_to)
        os.setresuid(setup.drop_to, setup.drop_to, setup.drop_to)
        if keeper:
            confine.die_with_parent()  # changing the user resets this
    for path in filter(os.path.isabs, sys.path):
        if not os.access(path, os.R_OK | os.X_OK) and not path.endswith(".zip"):
            sys.exit(f"user {os.getuid()} cannot read {path}: a folder above it is closed to others")
    confine.no_new_privileges()
    confine.be_reaper()
    confine.hide_memory()
    Path(os.environ["HOME"]).mkdir(exist_ok=True)
    garbage.collect_rarely()
    if setup.warm:
        _warm_up(with_sympy=setup.sympy, imports=setup.imports)
    shutil.rmtree(os.environ["HOME"], ignore_errors=True)  # no submission may find what the imports cached
    garbage.keep_what_is_there()
    confine.gather_pages()
    confine.small_pages()
    control.send(Ready(confine.landlock_abi() if setup.landlock else 0))
    Zygote(control, setup).run()


def _keep(fd: int) -> None:
    """Become the keeper of a forked zygote; only the zygote returns."""
    confine.be_reaper()
    zygote = os.fork()
    if zygote == 0:
        confine.die_with_parent()
        return
    os.close(fd)

    def end(number: int, frame: object) -> None:
        with contextlib.suppress(ProcessLookupError):  # it may have ended by itself, and said why
            os.kill(zygote, signal.SIGKILL)

    signal.signal(signal.SIGTERM, end)
    confine.die_with_parent(signal.SIGTERM)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, 0)[0] != zygote:
            pass
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while kill_descendants():  # without the keeper, nobody would kill these processes
        pass
    os._exit(0)


def _warm_up(*, with_sympy: bool, imports: tuple[str, ...]) -> None:
    """Import what notebooks import. Every fork copies it all, so IPython and sympy are loaded only when needed.

    `imports` are the course's own packages; one that does not load is left to the notebooks, which will say so.
    """
    for fonts in Path(__file__).parent.glob("fontlist-*.json"):
        shutil.copy(fonts, os.environ["MPLCONFIGDIR"])

    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (axes, others) = plt.subplots(1, 2, layout="constrained")  # of each kind once: the first one is slow
    axes.plot([1, 2], [1, 2], "o", label="line")
    axes.scatter([1], [2])
    axes.fill_between([1, 2], [1, 2])
    axes.text(1, 1, "text")
    axes.axhline(1)
    axes.set(xscale="log", yscale="log", xlabel="x", ylabel="y", title="title")
    axes.legend()
    others.bar([1], [1])
    others.imshow([[0, 1], [1, 0]])
    others.contour([[0, 1], [1, 0]])
    for drawn in (axes, others):
        axes_data(drawn)
    plt.close(figure)  # nothing is drawn: a font would keep its file open, and the child closes every descriptor
    np.empty(31 << 20, "u1")  # freed: from now on malloc reuses arrays up to this size, the most that it can
    if with_sympy:
        import sympy

        sympy.simplify(sympy.sin(sympy.Symbol("x")) ** 2)
    for name in imports:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        import kit

        for module in pkgutil.walk_packages(kit.__path__, "kit."):  # without bytecode, each notebook would compile it
            importlib.import_module(module.name)


class Zygote:
    """Serves the orders, for one child at a time."""

    def __init__(self, control: Frames, setup: Setup) -> None:
        self._control, self._setup = control, setup
        self._child = 0
        self._how = ""
        self._memory_limit = 0
        self._cpu_limit = 0.0
        self._usage = Usage()
        self._watched_folder = ""
        self._home = ""
        self._forked = -1  # yields a byte for each process that the child has forked
        self._ends: frozenset[int] = frozenset()  # the inodes of the child's own socket and pipe
        self._held = self._stopping = False
        self._test = 0  # the process that answers tests while the child is stopped
        self._number = 0  # that of the last test's process in the submission's pid namespace
        self._before: list[object] | None = None  # the child's traces before the first test

    def run(self) -> None:
        """Serve orders until the control socket closes."""
        while True:
            ready, _, _ = select.select([self._control.sock], [], [], WATCH_SECONDS if self._child else None)
            if not ready:
                self._watch()
                continue
            try:
                order, fds = self._control.receive_with_fds(TO_ZYGOTE)
            except (EOFError, OSError):
                self._kill()
                return
            self._control.send(self._open(order, fds[0]) if isinstance(order, Open) else self._carry_out(order))

    def _carry_out(self, order: Next | Ended | Measure | Kill) -> ZygoteReply:
        match order:
            case Next():
                return Forking(self._next())
            case Ended():
                ended_by, used = self._how_the_test_ended(order.patience)
                return TestEnd(alone=self._child != 0, signal=ended_by, cpu_seconds=used)
            case Measure():
                usage, self._cpu_limit = self._count(), order.cpu_seconds_in_all
                return Used(usage.cpu_seconds, usage.queued_seconds)
            case Kill():
                used = self._count().cpu_seconds
                return Killed(left=self._kill(), how=self._how, cpu=used)

    def _open(self, order: Open, fd: int) -> ZygoteReply:
        self._kill()
        self._how, self._memory_limit = "", order.memory_mb << 20
        self._home = order.home
        self._watched_folder = "" if self._setup.namespaces else self._home
        self._held, self._test, self._number, self._before = False, 0, 0, []
        self._forked, forked = os.pipe()
        self._ends = frozenset(os.fstat(end).st_ino for end in (fd, forked))
        self._cpu_limit, self._usage = order.cpu_seconds_in_all, Usage()
        uid, gid = os.getuid(), os.getgid()
        limits = {
            "cpu_seconds": order.cpu_seconds,
            "address_space": pages_of(os.getpid(), 0) + self._memory_limit,
            "processes": order.processes + (_tasks_of(uid) if self._setup.shared_user else 0),
            "file_bytes": self._setup.tmp_mb << 20,
        }
        try:
            pid = confine.fork_into_namespaces() if self._setup.namespaces else os.fork()
        except OSError as error:
            os.close(fd)
            os.close(forked)
            return Refused(str(error))
        if pid == 0:
            try:
                _child(self._home, limits, self._setup, (fd, forked), (uid, gid), order.files)
            finally:
                os._exit(0)
        os.close(fd)
        os.close(forked)
        self._child = pid
        return Started()

    def _tree(self) -> list[int]:
        """The submission's processes, the child first."""
        orphans = [pid for pid in own_children_of(os.getpid()) if pid != self._child]  # that became our children
        return [pid for parent in (self._child, *orphans) for pid in (parent, *children_of(parent))]

    def _count(self) -> Usage:
        if self._child:
            self._usage.count(self._tree())
        return self._usage

    def _watch(self) -> None:
        tree = self._tree()
        if time.monotonic() > self._usage.counted + COUNT_SECONDS:
            self._usage.count(tree)
        if memory_of(tree, self._memory_limit) > self._memory_limit:
            self._how = how = "memory"
            if len(tree) == 2 and pages_of(self._child, 1) <= self._memory_limit:
                # It is the process of a hidden test. Kill only that: the other tests need the notebook's own process.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(tree[1], signal.SIGKILL)
                return
        elif self._usage.cpu_seconds > self._cpu_limit:
            how = "cpu"
        elif self._watched_folder and too_much_below(self._watched_folder, self._setup.tmp_mb << 20):
            how = "disk"
        else:
            return
        self._kill()
        self._how = how

    def _next(self) -> str:
        """Let the child fork for the next test: "forked"; "changed" if a test has left a trace; "late" or "gone"."""
        if self._held and not self._is_as_it_was():
            return "changed"
        if self._held:
            while select.select([self._forked], [], [], 0)[0] and os.read(self._forked, 1 << 12):
                pass  # a test may have written to it
            os.kill(self._child, signal.SIGCONT)
            self._held = False
        if not self._wait_for_the_fork():
            return "late" if is_running(self._child) else "gone"
        os.kill(self._child, signal.SIGSTOP)
        self._held = self._stopping = True
        self._test = max(filter(is_running, own_children_of(self._child)), default=0)
        if not self._before and self._before is not None:
            self._before = traces(self._child, self._home, self._ends) if self._await_stop() else None
        if self._test and not self._is_the_next_in_number():
            return "changed"
        return "forked" if self._test else "gone"

    def _is_the_next_in_number(self) -> bool:
        """Whether no process or thread was started since the last test's process: their number can carry a message.

        Without a separate pid namespace, the numbers are those of the whole machine.
        """
        try:
            number = number_in_namespace(self._test)
        except (OSError, StopIteration):  # it has ended
            return False
        last, self._number = self._number, number
        return last in (0, number - 1) or not self._setup.separate_pids

    def _is_as_it_was(self) -> bool:
        """End all processes but the child. False if the child is not as it was before the first test.

        A test's process that ended by itself has told its parent something: its exit status, and when it ended.
        """
        self._count()
        alive = is_running(self._test)
        if not self._await_stop() or not end_all_but(self._child) or not alive or self._before is None:
            return False
        return traces(self._child, self._home, self._ends) == self._before

    def _await_stop(self) -> bool:
        """Wait until the child is stopped, which only its end can prevent. False if it has ended."""
        if self._child and self._stopping:
            self._stopping = False
            status = os.waitpid(self._child, os.WUNTRACED)[1]
            if not os.WIFSTOPPED(status):
                self._child = 0
        return self._child != 0

    def _wait_for_the_fork(self) -> bool:
        deadline = time.monotonic() + FORKED_SECONDS
        while self._child and time.monotonic() < deadline:
            if select.select([self._forked], [], [], WATCH_SECONDS)[0]:
                return os.read(self._forked, 1) != b""
            self._watch()
        return False

    def _how_the_test_ended(self, patience: float) -> tuple[int, float]:
        """The signal that ended the test's process and the CPU time it used, if it has ended or soon does.

        It closes its socket a moment before it ends, so this waits up to `patience` seconds.
        """
        if self._test and wait_for_end(self._test, patience):
            with contextlib.suppress(OSError, IndexError, ValueError):
                fields = stat_of(self._test)
                ticks = int(fields[11]) + int(fields[12])
                return int(fields[49]) & 0x7F, ticks / TICKS
        return 0, 0.0

    def _kill(self) -> int:
        """Kill the child, and with it everything in its pid namespace. Returns how many processes are left."""
        if self._child:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            self._child = 0
        if self._forked >= 0:
            os.close(self._forked)
            self._forked = -1
        return kill_descendants()


def _child(
    home: str, limits: dict[str, int], setup: Setup, ends: tuple[int, int], user: tuple[int, int], files: str
) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    confine.close_all_but({0, 1, 2, *ends})
    confine.die_with_parent()
    confine.be_reaper()
    if setup.namespaces:
        confine.settle_in_namespaces(*user, home, setup.tmp_mb, with_maps=bool(setup.imports))
    os.chdir(home)
    sys.path.insert(0, "")  # as in a notebook: modules beside it can be imported
    if files:
        _link_files(files)
    tempfile.tempdir = home
    os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"), home))
    confine.limit(**limits)
    confine.settle_chance()
    if setup.namespaces:
        confine.drop_capabilities()
    confine.show_memory()  # lets the zygote measure it
    if setup.landlock:
        confine.landlock(setup.readable, [home], may_remove=setup.namespaces)
    if setup.bpf:
        confine.seccomp(setup.bpf)
    session.serve(Frames(socket.socket(fileno=ends[0]), from_us=True), forked=ends[1])


def _link_files(files: str) -> None:
    """Link everything below `files` into the working folder, in real folders: new files can be made beside them."""
    for where, folders, names in os.walk(files):
        beside = os.path.relpath(where, files)
        for name in folders:
            os.mkdir(f"{beside}/{name}")  # noqa: PTH102 - short, and on the way to every submission
        for name in names:
            os.symlink(f"{where}/{name}", f"{beside}/{name}")  # noqa: PTH211 - as above


def _tasks_of(uid: int) -> int:
    """How many threads this user already runs: the kernel's process limit counts them all."""
    count = 0
    for entry in process_ids():
        with contextlib.suppress(OSError, IndexError):
            if f"\nUid:\t{uid}\t" in read_proc(f"/proc/{entry}/status"):
                count += len(os.listdir(f"/proc/{entry}/task"))  # noqa: PTH208 - names, not paths
    return count
