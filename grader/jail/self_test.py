"""The self-test: try to escape from each level of isolation, and take the best level that holds."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader.errors import Unavailable
from grader.jail.channel import FrameChannel, seconds_from_now
from grader.jail.inside.messages import (
    FROM_NOTEBOOK,
    Answer,
    Callback,
    Fork,
    Opened,
    Returned,
    RunCells,
    Value,
)
from grader.jail.inside.wire import Frames, Reference, WireError, decode
from grader.jail.lane import Lane, ResourceLimits
from grader.results import Level


class _ProbeLimits:
    cpu_seconds, wall_seconds, memory_mb, processes = 5.0, 20.0, 512, 16


# The first things that a submission might try. Each name that ends up in `escaped` is a hole. It runs as a student's
# cell.
ESCAPES = r"""
import ctypes, os, signal, socket, time
escaped = []
libc = ctypes.CDLL(None, use_errno=True)
def tries(name, attempt):
    try:
        if attempt() is not False: escaped.append(name)
    except (OSError, ValueError, MemoryError, AttributeError): pass
def fork_bomb():
    children = []
    try:
        for _ in range(100):
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
    except OSError: pass
    for child in children: os.kill(child, 9)
    for child in children: os.waitpid(child, 0)
    return len(children) >= 100
def in_child(does):
    child = os.fork()
    if child == 0:
        try: os._exit(0 if does() else 1)
        finally: os._exit(1)
    return os.waitpid(child, 0)[1] == 0
tries("read outside", lambda: [open(path).read(1) for path in SECRETS] and len(SECRETS) > 0)
tries("list home", lambda: sorted(os.listdir(HOME_OUTSIDE)) == ENTRIES_OUTSIDE)
tries("write /usr", lambda: open("/usr/x", "w"))
tries("write the libraries", lambda: open(os.__file__, "a"))
tries("socket", lambda: socket.socket(socket.AF_INET))
tries("vsock", lambda: socket.socket(40))
tries("netlink", lambda: socket.socket(16, socket.SOCK_RAW))
tries("fork bomb", fork_bomb)
tries("ptrace", lambda: in_child(lambda: libc.ptrace(0, 0, 0, 0) == 0))
tries("user namespace", lambda: in_child(lambda: libc.unshare(0x10000000) == 0))
tries("mount", lambda: libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) == 0)
tries("keyring", lambda: libc.syscall(250 if os.uname().machine == "x86_64" else 219, 0, -3, 0, 0, 0) >= 0)
tries("io_uring", lambda: libc.syscall(425, 1, ctypes.create_string_buffer(256)) >= 0)
tries("exec", lambda: in_child(lambda: os.execv("/bin/true", ["true"])))
tries("signal outside", lambda: [os.kill(pid, 0) for pid in OUTSIDE])
tries("uid 0", lambda: os.getuid() == 0)
tries("capabilities", lambda: "CapEff:\t0000000000000000" not in open("/proc/self/status").read())
"""


@functools.cache
def probe(rungs: tuple[Level, ...] = (Level.L3, Level.L2, Level.L1)) -> tuple[Level, tuple[str, ...]]:
    """The first of `rungs` (best first) that holds on this machine, and why those before it fail. Fails closed."""
    reasons: list[str] = []
    for level in filter(Level.L0.__ne__, rungs):
        try:
            holes = escapes_from(level)
        except Unavailable as error:
            reasons.append(f"{level}: {error}")
            continue
        except Exception as error:
            reasons.append(f"{level}: the self-test broke down: {type(error).__name__}: {error}")
            continue
        if not holes:
            return level, tuple(reasons)
        reasons.append(f"{level}: the self-test got out: {', '.join(holes)}")
    return Level.L0, tuple(reasons)


def escapes_from(level: Level) -> list[str]:
    """Try to escape from a lane of `level`; return what succeeded. Raises Unavailable if the rung cannot be built."""
    with tempfile.NamedTemporaryFile("w", suffix=".secret") as secret:
        secret.write("secret")
        secret.flush()
        Path(secret.name).chmod(0o644)
        home = Path.home()
        entries = sorted(entry.name for entry in home.iterdir()) if home.is_dir() else [""]
        prelude = f"SECRETS = [{secret.name!r}]; HOME_OUTSIDE = {str(home)!r}; ENTRIES_OUTSIDE = {entries!r}\n"
        prelude += f"OUTSIDE = [{os.getpid()}]"
        with Lane(level, warm=False) as lane, running(lane, [prelude, ESCAPES], _ProbeLimits) as channel:
            reply = channel.request(Value("escaped"), _no_callback)
            if not isinstance(reply, Returned):
                raise WireError(f"the self-test replied {reply}")
            return [str(name) for name in decode(reply.value, _no_handle)]


def _no_callback(callback: Callback) -> Answer:
    raise WireError("the self-test hands no function over")


def _no_handle(reference: Reference) -> None:
    raise WireError("the self-test returns names only")


@contextlib.contextmanager
def running(lane: Lane, cells: list[str], limits: ResourceLimits) -> Iterator[FrameChannel]:
    """Run these cells as a submission and yield a channel to a fork of it, for probes and tests.

    Raises WireError if a cell fails: the cells are ours.
    """
    deadline = seconds_from_now(limits.wall_seconds)
    jailed = lane.open(limits)
    try:
        frames = Frames(jailed.sock)
        frames.send(RunCells("probe", list(enumerate(cells, 1))), deadline=deadline)
        while not isinstance(message := frames.receive(FROM_NOTEBOOK, deadline), Opened):
            pass
        if message.errors:
            raise WireError(f"a cell failed: {message.errors!r:.300}")
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                order = Fork(int(limits.cpu_seconds), spare_seconds=0)
                frames.send(order, fds=[theirs.fileno()], deadline=deadline)
                jailed.next_process()
            yield FrameChannel(Frames(ours), deadline=deadline)
    finally:
        jailed.kill()
