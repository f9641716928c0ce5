"""Give up everything that a submission must not have: called in the child, before any of the student's code.

Order matters: namespaces and mounts first (they need capabilities inside the new user namespace), then limits, then
capabilities, Landlock, and seccomp last (it forbids what the others needed).
"""

from __future__ import annotations

import ctypes
import importlib.abc
import importlib.machinery
import os
import random
import resource
import sys
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC_WITH_GIL = ctypes.PyDLL(None, use_errno=True)
LINUX = os.uname().sysname == "Linux"

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
_SIGCHLD = 17
_MADV_COLLAPSE, _HUGE = 25, 2 << 20
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 4, 24
_PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS, _PR_SET_THP_DISABLE = 22, 36, 38, 41
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_NOATIME, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 1024, 16384, 1 << 18
_SYSCALLS = {
    "x86_64": {"clone": 56, "capset": 126, "landlock": 444},
    "aarch64": {"clone": 220, "capset": 91, "landlock": 444},
}.get(os.uname().machine, {"clone": -1, "capset": -1, "landlock": -1})  # elsewhere these fail, and the rung with them
STUDENT_UID = 1000  # inside the namespace; outside it stays what the lane is


def check(result: int, what: str) -> int:
    """Raise OSError where a system call failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int, pointer: Any = 0) -> None:
    """One prctl call; raises OSError. Does nothing on a system that has none (there only L0 is offered)."""
    if LINUX:
        check(_LIBC.prctl(option, ctypes.c_ulong(value), pointer, 0, 0), f"prctl {option}")


def be_reaper() -> None:
    """Orphans of this process's descendants become its own children, and so can be found and killed."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def hide_memory() -> None:
    """No other process of the same user may trace this one or look into its /proc entries."""
    prctl(_PR_SET_DUMPABLE, 0)


def show_memory() -> None:
    """The opposite of `hide_memory`."""
    prctl(_PR_SET_DUMPABLE, 1)


def gather_pages() -> None:
    """Move this process's memory into pages of 2 MB: a fork copies one entry for each, instead of 512.

    Whoever writes to one after a fork gets 4 KB of it as ever. An older kernel (before Linux 6.1) refuses.
    """
    for line in Path("/proc/self/maps").read_text().splitlines() if LINUX else ():
        bounds, rights, _, _, inode, *name = line.split()
        if rights != "rw-p" or inode != "0" or name not in ([], ["[heap]"]):
            continue
        first, end = (int(bound, 16) for bound in bounds.split("-"))
        for start in range(-(-first // _HUGE) * _HUGE, end - _HUGE + 1, _HUGE):
            _LIBC.madvise(ctypes.c_void_p(start), ctypes.c_size_t(_HUGE), _MADV_COLLAPSE)  # fails where nothing lies


def small_pages() -> None:
    """No huge pages from now on: each is 2 MB to clear for who needs 4 KB (30 ms a submission instead of 3)."""
    prctl(_PR_SET_THP_DISABLE, 1)


def no_new_privileges() -> None:
    """A setuid program gives nothing any more."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def fork_into_namespaces() -> int:
    """Like os.fork, but the child is the first process of fresh namespaces (user, pid, mount, ipc, uts, net)."""
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    pid: int = _LIBC_WITH_GIL.syscall(_SYSCALLS["clone"], ctypes.c_ulong(NAMESPACES | _SIGCHLD), 0, 0, 0, 0)
    if pid == 0:
        python.PyOS_AfterFork_Child()
        return 0
    error = ctypes.get_errno()
    python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(error, f"clone with namespaces: {os.strerror(error)}")
    return pid


def fork_unchanged() -> int:
    """Like os.fork, but the child goes on as its parent was: not even `random` is seeded anew.

    Python's own hooks after a fork write to 250 pages, each of which is copied for it: 1 of the 5 ms that a hidden test
    takes. They are there for other threads, so where there are any, it is os.fork. Raises OSError.
    """
    if len(sys._current_frames()) > 1:
        return os.fork()
    return check(_LIBC_WITH_GIL.fork(), "fork")


def settle_in_namespaces(uid: int, gid: int, home: str, home_mb: int) -> None:
    """In the child of `fork_into_namespaces`: map one ordinary user, hide /proc, put a fresh `home` of `home_mb` MB."""
    show_memory()  # else /proc/self/uid_map belongs to root
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{STUDENT_UID} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{STUDENT_UID} {gid} 1")
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    options = f"size={home_mb}m,nr_inodes=4096,mode=700"
    _mount("tmpfs", home, "tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC | _MS_NOATIME, options)
    _mount("tmpfs", "/proc", "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "size=4k,mode=555")
    _mount("tmpfs", "/dev/shm", "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "size=4k,mode=555")  # noqa: S108


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    check(_LIBC.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def die_with_parent(by: int = 9) -> None:
    """The kernel sends this process the signal `by` when the one that started it ends."""
    prctl(_PR_SET_PDEATHSIG, by)


def limit(*, cpu_seconds: int, address_space: int, processes: int, file_bytes: int) -> None:
    """Resource limits of the process and of all that it starts.

    At the end of its CPU time it is told, and a second later killed; a fork that answers several tests has one more.
    """
    for what, soft, hard in (
        (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 2),
        (resource.RLIMIT_AS, address_space, address_space),
        (resource.RLIMIT_FSIZE, file_bytes, file_bytes),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))


def drop_capabilities() -> None:
    """No capability, not even inside the new user namespace."""
    for number in range(64):
        _LIBC.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0)  # fails past the last one, and unprivileged
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    check(_LIBC.syscall(_SYSCALLS["capset"], header, data), "capset")


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("fd", ctypes.c_int32))


def landlock_abi() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    return max(0, int(_LIBC.syscall(_SYSCALLS["landlock"], None, 0, 1)))


def landlock(readable: list[str], writable: list[str], *, may_remove: bool) -> None:
    """From now on only what lies below these folders can be opened; no TCP, no signal or abstract socket outside.

    Without `may_remove` a file stays once it is made, so that whoever counts the folder's bytes sees them all.
    """
    abi = landlock_abi()
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    read = (1 << 0) | (1 << 2) | (1 << 3)  # execute (to map libraries), read file, read folder
    special = (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11)  # make character device, socket, fifo, block device
    write = rights & ~(1 << 0) & ~special
    if not may_remove:
        write &= ~(1 << 4) & ~(1 << 5)  # remove folder, remove file
    rules = _Ruleset(rights, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = check(_LIBC.syscall(_SYSCALLS["landlock"], ctypes.byref(rules), size, 0), "landlock_create_ruleset")
    for paths, access in ((readable, read), ([*writable, os.devnull], write)):
        for path in paths:
            if not Path(path).exists():
                continue
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            allowed = access if Path(path).is_dir() else access & (1 | 2 | 4 | (1 << 14) | (1 << 15))
            rule = _PathBeneath(allowed & rights, fd)
            check(_LIBC.syscall(_SYSCALLS["landlock"] + 1, ruleset, 1, ctypes.byref(rule), 0), f"landlock {path}")
            os.close(fd)
    check(_LIBC.syscall(_SYSCALLS["landlock"] + 2, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def seccomp(bpf: bytes) -> None:
    """Load a prepared filter of system calls."""
    buffer = ctypes.create_string_buffer(bpf, len(bpf))
    program = _Program(len(bpf) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program))


def close_all_but(keep: set[int]) -> None:
    """Close every inherited descriptor."""
    low = 0
    for fd in sorted(keep):
        if low < fd:  # closerange(0, 0) would close everything (CPython hands 0 and -1 to close_range)
            os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 4096)


def settle_chance() -> None:
    """The same random numbers for everyone, every time."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)  # the global state is what students' code draws from
    if "sympy.core.random" in sys.modules:
        sys.modules["sympy.core.random"].seed(0)
    else:
        sys.meta_path.insert(0, _SettlesSympy())


class _SettlesSympy(importlib.abc.MetaPathFinder):
    """Seeds sympy's own generator when a notebook imports it: the system's randomness would seed it else."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != "sympy.core.random":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec is not None
        loader: Any = spec.loader
        load = loader.exec_module

        def load_and_seed(module: Any) -> None:
            load(module)
            module.seed(0)

        loader.exec_module = load_and_seed
        return spec
