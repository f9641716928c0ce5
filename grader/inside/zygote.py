"""The warm process of a lane: it has imported what notebooks import, and forks a confined child for each submission.

It runs no student code, holds no secret, and has one descriptor: the control socket. Orders come one at a time:
`open` (with the child's socket) and `kill`. While a child lives, the zygote watches how much memory the submission's
processes use together, and kills them all when it is too much.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from . import confine, session
from .wire import Frames

WATCH_SECONDS = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")


def main(fd: int) -> None:
    """Serve the control socket `fd` until it is closed."""
    control = Frames(socket.socket(fileno=fd))
    setup = control.receive()
    if setup["drop_to"]:
        os.setgroups([])
        os.setresgid(setup["drop_to"], setup["drop_to"], setup["drop_to"])
        os.setresuid(setup["drop_to"], setup["drop_to"], setup["drop_to"])
    confine.no_new_privileges()
    confine.be_reaper()
    confine.hide_memory()
    _warm_up()
    gc.collect()
    gc.freeze()
    control.send({"op": "ready", "landlock": confine.landlock_abi()})
    Zygote(control, setup).run()


def _warm_up() -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import sympy

    plt.close(plt.figure())
    sympy.simplify(sympy.sin(sympy.Symbol("x")) ** 2)
    with contextlib.suppress(ImportError):
        import kit

        assert kit


class Zygote:
    """One child at a time."""

    def __init__(self, control: Frames, setup: dict[str, Any]) -> None:
        self._control, self._setup = control, setup
        self._child = 0
        self._how = ""
        self._limit_bytes = 0
        self._base = _resident(os.getpid())

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
                return
            if order["op"] == "open":
                self._open(order, fds[0])
            elif order["op"] == "kill":
                self._control.send({"op": "killed", **self._kill()})

    def _open(self, order: dict[str, Any], fd: int) -> None:
        self._kill()
        self._how, self._limit_bytes = "", int(order["memory_mb"]) << 20
        space = _address_space() + self._limit_bytes
        uid, gid = os.getuid(), os.getgid()
        try:
            pid = confine.fork_into_namespaces() if self._setup["namespaces"] else os.fork()
        except OSError as error:
            os.close(fd)
            self._control.send({"op": "refused", "why": str(error)})
            return
        if pid == 0:
            try:
                _child(order, self._setup, fd, space, uid, gid)
            finally:
                os._exit(0)
        os.close(fd)
        self._child = pid
        self._control.send({"op": "opened"})

    def _watch(self) -> None:
        """Each process has its own limit (RLIMIT_AS); here it is for all of them together, with a quarter to spare."""
        used = {pid: max(0, _resident(pid) - self._base) for pid in _descendants(self._child)}
        own = max(0, _resident(self._child) - self._base)
        if own + sum(used.values()) <= self._limit_bytes * 1.25:
            return
        self._how = "memory"
        if used:  # the greediest process of a hidden test goes; the notebook's own stays, and with it the other tests
            with contextlib.suppress(ProcessLookupError):
                os.kill(max(used, key=lambda pid: used[pid]), signal.SIGKILL)
        else:
            self._kill_tree()

    def _kill(self) -> dict[str, Any]:
        if not self._child:
            return {"how": self._how, "status": 0, "left": 0}
        status = self._kill_tree()
        left = _descendants(os.getpid())
        for _ in range(100):
            if not left:
                break
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _reap_all()
            time.sleep(0.005)
            left = _descendants(os.getpid())
        self._child = 0
        return {"how": self._how, "status": status, "left": len(left)}

    def _kill_tree(self) -> int:
        """Kill the child, and with the first process of a pid namespace everything in it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            return os.waitpid(self._child, 0)[1]
        return 0


def _child(order: dict[str, Any], setup: dict[str, Any], fd: int, space: int, uid: int, gid: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    confine.close_all_but({0, 1, 2, fd})
    confine.die_with_parent()
    confine.be_reaper()
    if setup["namespaces"]:
        confine.settle_in_namespaces(uid, gid, setup["home"], int(setup["tmp_mb"]))
    os.chdir(setup["home"])
    confine.limit(
        cpu_seconds=int(order["cpu_seconds"]),
        address_space=space,
        processes=int(order["processes"]),
        file_bytes=int(setup["tmp_mb"]) << 20,
    )
    confine.settle_chance()
    if setup["namespaces"]:
        confine.drop_capabilities()
    if setup["landlock"]:
        confine.landlock(setup["readable"], [setup["home"]])
    confine.hide_memory()
    if setup["bpf"]:
        confine.seccomp(setup["bpf"])
    frames = Frames(socket.socket(fileno=fd))
    session.serve(frames, frames.receive())


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * PAGE


def _descendants(ancestor: int) -> list[int]:
    """Every process below `ancestor`."""
    parents: dict[int, int] = {}
    for entry in [path.name for path in Path("/proc").iterdir()]:
        if entry.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                stat = Path(f"/proc/{entry}/stat").read_text()
                parents[int(entry)] = int(stat.rpartition(")")[2].split()[1])
    found: list[int] = []
    wave = {ancestor}
    while wave:
        wave = {pid for pid, parent in parents.items() if parent in wave}
        found.extend(wave)
    return found


def _reap_all() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main(int(sys.argv[1]))
