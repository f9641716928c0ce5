"""Give up everything that a submission must not have. Called in the child, before any of the student's code.

Order matters: namespaces and mounts first (they need capabilities inside the new user namespace), then limits, then
capabilities, Landlock, and seccomp last (it forbids what the others need).
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

from .usage import FILES_LIMIT

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
_MS_REMOUNT = 32
_SYSCALLS = {
    "x86_64": {"clone": 56, "capset": 126, "landlock": 444},
    "aarch64": {"clone": 220, "capset": 91, "landlock": 444},
}.get(os.uname().machine, {"clone": -1, "capset": -1, "landlock": -1})  # elsewhere these fail, and the rung with them
DESCRIPTORS_LIMIT = 64  # open files of one process
STUDENT_UID = 1000  # inside the namespace; outside, it remains the lane's user


def checked(result: int, what: str) -> int:
    """Raise OSError if a system call failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int, pointer: object = 0) -> None:
    """One prctl call. Raises OSError. Does nothing on a system without prctl (only L0 is offered there)."""
    if LINUX:
        checked(_LIBC.prctl(option, ctypes.c_ulong(value), pointer, 0, 0), f"prctl {option}")


def be_reaper() -> None:
    """Make orphaned descendants children of this process, so that they can be found and killed."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def hide_memory() -> None:
    """Keep other processes of the same user from tracing this one or reading its /proc entries."""
    prctl(_PR_SET_DUMPABLE, 0)


def show_memory() -> None:
    """The opposite of `hide_memory`."""
    prctl(_PR_SET_DUMPABLE, 1)


def gather_pages() -> None:
    """Move this process's memory into pages of 2 MB: a fork copies one entry for each, instead of 512.

    A write after a fork still copies only 4 KB. Kernels before Linux 6.1 refuse the call.
    """
    for line in Path("/proc/self/maps").read_text().splitlines() if LINUX else ():
        bounds, rights, _, _, inode, *name = line.split()
        if rights != "rw-p" or inode != "0" or name not in ([], ["[heap]"]):
            continue
        first, end = (int(bound, 16) for bound in bounds.split("-"))
        for start in range(-(-first // _HUGE) * _HUGE, end - _HUGE + 1, _HUGE):
            _LIBC.madvise(ctypes.c_void_p(start), ctypes.c_size_t(_HUGE), _MADV_COLLAPSE)  # fails if nothing is mapped


def small_pages() -> None:
    """Disable huge pages from now on: clearing 2 MB where 4 KB are needed takes 30 ms a submission instead of 3."""
    prctl(_PR_SET_THP_DISABLE, 1)


def no_new_privileges() -> None:
    """Setuid programs no longer grant privileges."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def fork_into_namespaces() -> int:
    """Like `fork_unchanged`, but the child is the first process of fresh namespaces (user, pid, mount, ipc, uts, net).

    Raises OSError. There must be no other thread: the zygote has none.
    """
    flags = ctypes.c_ulong(NAMESPACES | _SIGCHLD)
    return checked(_LIBC_WITH_GIL.syscall(_SYSCALLS["clone"], flags, 0, 0, 0, 0), "clone with namespaces")


def fork_unchanged() -> int:
    """Like os.fork, but the child continues as its parent was: not even `random` is reseeded.

    Python's own hooks after a fork write to 250 pages, and each is copied: 1 of the 5 ms that a hidden test takes. The
    hooks are needed only for other threads, so if there are any, this calls os.fork. Raises OSError.
    """
    if len(sys._current_frames()) > 1:
        return os.fork()
    return checked(_LIBC_WITH_GIL.fork(), "fork")


def settle_in_namespaces(uid: int, gid: int, home: str, home_mb: int, *, with_maps: bool = False) -> None:
    """In the child of `fork_into_namespaces`: map one ordinary user, hide /proc, mount a `home` of `home_mb` MB.

    `with_maps` leaves one file in /proc: a copy of the child's own /proc/self/maps, as it is now. threadpoolctl, and so
    scikit-learn, reads there which libraries are loaded.
    """
    maps = Path("/proc/self/maps").read_bytes() if with_maps else b""
    show_memory()  # otherwise /proc/self/uid_map belongs to root
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{STUDENT_UID} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{STUDENT_UID} {gid} 1")
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    options = f"size={home_mb}m,nr_inodes={FILES_LIMIT},mode=700"
    _mount("tmpfs", home, "tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC | _MS_NOATIME, options)
    hidden = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _mount("tmpfs", "/proc", "tmpfs", hidden | (0 if maps else _MS_RDONLY), "size=2m,nr_inodes=8,mode=555")
    if maps:
        Path("/proc/self").mkdir(mode=0o555)
        Path("/proc/self/maps").write_bytes(maps)
        _mount(None, "/proc", None, hidden | _MS_RDONLY | _MS_REMOUNT)
    _mount("tmpfs", "/dev/shm", "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "size=4k,mode=555")  # noqa: S108 - ours


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    checked(_LIBC.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def die_with_parent(by: int = 9) -> None:
    """The kernel sends this process the signal `by` when its parent ends."""
    prctl(_PR_SET_PDEATHSIG, by)


def limit(*, cpu_seconds: int, address_space: int, processes: int, file_bytes: int) -> None:
    """Resource limits of the process and its descendants.

    At the end of its CPU time it gets a signal, and a second later it is killed; a fork that answers several tests gets
    one second more.
    """
    for what, soft, hard in (
        (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 2),
        (resource.RLIMIT_AS, address_space, address_space),
        (resource.RLIMIT_FSIZE, file_bytes, file_bytes),
        (resource.RLIMIT_NOFILE, DESCRIPTORS_LIMIT, DESCRIPTORS_LIMIT),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))


def drop_capabilities() -> None:
    """Drop every capability, even inside the new user namespace."""
    for number in range(64):
        _LIBC.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0)  # fails past the last one, and if unprivileged
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    checked(_LIBC.syscall(_SYSCALLS["capset"], header, data), "capset")


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("fd", ctypes.c_int32))


def landlock_abi() -> int:
    """The kernel's Landlock version, or 0 without Landlock."""
    return max(0, int(_LIBC.syscall(_SYSCALLS["landlock"], None, 0, 1)))


def landlock(readable: list[str], writable: list[str], *, may_remove: bool) -> None:
    """From now on, only paths below these folders can be opened; no TCP, and no signals or abstract sockets to outside.

    Without `may_remove`, files cannot be deleted, so whatever counts the folder's bytes sees them all.
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
    ruleset = checked(_LIBC.syscall(_SYSCALLS["landlock"], ctypes.byref(rules), size, 0), "landlock_create_ruleset")
    for paths, access in ((readable, read), ([*writable, os.devnull], write)):
        for path in paths:
            if not Path(path).exists():
                continue
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            allowed = access if Path(path).is_dir() else access & (1 | 2 | 4 | (1 << 14) | (1 << 15))
            rule = _PathBeneath(allowed & rights, fd)
            checked(_LIBC.syscall(_SYSCALLS["landlock"] + 1, ruleset, 1, ctypes.byref(rule), 0), f"landlock {path}")
            os.close(fd)
    checked(_LIBC.syscall(_SYSCALLS["landlock"] + 2, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def seccomp(bpf: bytes) -> None:
    """Load a prepared system call filter."""
    buffer = ctypes.create_string_buffer(bpf, len(bpf))
    program = _Program(len(bpf) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program))


def close_all_but(keep: set[int]) -> None:
    """Close every inherited descriptor except those in `keep`."""
    low = 0
    for fd in sorted(keep):
        if low < fd:  # closerange(0, 0) would close everything (CPython hands 0 and -1 to close_range)
            os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 4096)


def settle_chance() -> None:
    """Seed every random generator, so that everyone gets the same numbers every time."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)  # students' code draws from the global state
    if "sympy.core.random" in sys.modules:
        sys.modules["sympy.core.random"].seed(0)
    else:
        sys.meta_path.insert(0, _SettlesSympy())


class _SettlesSympy(importlib.abc.MetaPathFinder):
    """Seeds sympy's own generator when a notebook imports it; otherwise the OS would seed it."""

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
