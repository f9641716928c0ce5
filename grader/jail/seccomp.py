"""The seccomp filter: the system calls that a submission may make, compiled to BPF."""

from __future__ import annotations

import contextlib
import errno
import functools
import tempfile
from collections.abc import Collection
from typing import Any

from grader.errors import Unavailable

# The system calls of a numerical program that computes, draws, and reads and writes files. Everything else is refused,
# including calls added by later kernels. Deliberately left out: creating sockets (AF_VSOCK and abstract sockets ignore
# every namespace), exec, mounts, namespaces, ptrace, keys, bpf, io_uring, userfaultfd, memfd, System V IPC;
# chown and truncate by path, which Landlock does not see; limits, priorities and processors of other processes.
# Also left out: anything that would let a test pass a message to the next one around `inside/traces.py`. That includes
# memory shared between processes (vfork is one way), which pages are in memory (mincore), options of an inherited
# socket, the time and memory that a child has used, and process groups (the kernel resumes a stopped process when its
# group is orphaned).
_ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev creat close close_range lseek
    stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getcwd chdir fchdir
    getdents getdents64 mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 umask
    ftruncate fallocate fsync fdatasync sync_file_range flock dup dup2 dup3 pipe pipe2 sendfile
    copy_file_range poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
    munmap mprotect mremap madvise brk msync membarrier
    fork exit exit_group getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid
    getgroups getpgrp getpgid getsid getrlimit sysinfo uname
    sched_yield sched_getaffinity getpriority getcpu arch_prctl set_tid_address set_robust_list rseq futex
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause alarm
    setitimer getitimer restart_syscall nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time
    recvmsg sendmsg recvfrom sendto shutdown getsockopt getsockname getpeername getrandom
""".split()  # noqa: SIM905 - a table to read
# Neither done nor denied: libraries ask for these in passing (shutil.copy, copytree) and stop if they are denied.
# Nothing changes, so they carry no message.
_IGNORED = "chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat fadvise64".split()  # noqa: SIM905 - as above
# As on an old kernel. With fadvise and these, one could make the kernel forget pages of a library, read some of them
# in one test, and see in the next which are in memory. libc falls back to preadv where no such flag is given.
_UNKNOWN = "clone3 preadv2 pwritev2".split()  # noqa: SIM905 - as above
_NO_ATTRIBUTES = "listxattr llistxattr flistxattr getxattr lgetxattr fgetxattr".split()  # noqa: SIM905 - as above
_AF_UNIX, _SOCK_STREAM, _SOCK_FLAGS = 1, 1, 0o2004000  # non-blocking, close on exec
_O_TMPFILE = 0o20000000  # an unnamed file: its bytes could not be counted in any folder
_CLONE_FORBIDDEN = 0x7E020000 | 0x80 | 0x8000 | 0x2000  # every namespace, CLONE_PARENT, CLONE_PTRACE
_CLONE_THREAD, _CLONE_SHARES = 0x10000, 0x100 | 0x200 | 0x400 | 0x800  # memory, folder, descriptors, signal handlers
_CLONE_SIGNAL, _SIGCHLD = 0xFF, 17  # the signal sent to the parent at exit; not SIGCONT
_MAP_KIND, _MAP_PRIVATE = 15, 2
_SIGNALS = (0, 9)  # 0 probes, 9 kills. Not SIGCONT: a stopped process stays stopped; nor signals with a handler
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 1030)  # duplicates, flags and locks; not the owner that receives signals
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # isatty, window size, FIONREAD, blocking, cloexec
_PRCTLS = (2, 3, 15, 16, 0x53564D41)  # get the death signal and dumpable; thread name; names of memory areas


# A call, the number of an argument, and the values of it that are allowed.
_BY_VALUE: tuple[tuple[str, int, Collection[int]], ...] = (
    ("prlimit64", 0, (0,)),
    ("getrusage", 0, (0, 1)),
    ("ioctl", 1, _IOCTLS),
    ("prctl", 0, _PRCTLS),
    ("fcntl", 1, _FCNTLS),
    ("kill", 1, _SIGNALS),
    ("tkill", 1, _SIGNALS),
    ("tgkill", 2, _SIGNALS),
)


@functools.cache
def seccomp_filter() -> bytes:
    """The system calls that a submission may make, as BPF. Raises Unavailable without libseccomp."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise Unavailable(f"no libseccomp: {error}; on Debian: apt-get install libseccomp2") from None
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))

    def allow(name: str, *conditions: object) -> None:
        try:
            rules.add_rule(pyseccomp.ALLOW, name, *conditions)
        except (OSError, ValueError, RuntimeError):
            return  # unknown to this architecture or libseccomp, so it stays refused

    def masked(argument: int, mask: int, value: int) -> Any:
        return pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, mask, value)

    for name in _ALLOWED:
        allow(name)
    allow("open", masked(1, _O_TMPFILE, 0))
    allow("openat", masked(2, _O_TMPFILE, 0))
    allow("clone", masked(0, _CLONE_FORBIDDEN | _CLONE_SHARES | _CLONE_SIGNAL, _SIGCHLD))
    allow("clone", masked(0, _CLONE_FORBIDDEN | _CLONE_THREAD, _CLONE_THREAD))
    allow("mmap", masked(3, _MAP_KIND, _MAP_PRIVATE))
    allow("wait4", pyseccomp.Arg(3, pyseccomp.EQ, 0))
    allow("waitid", pyseccomp.Arg(4, pyseccomp.EQ, 0))
    _ignore(rules)
    # asyncio's loop wakes itself through a pair. Like a pipe, it joins only processes of one submission, and `traces`
    # takes a process that holds one for changed.
    allow(
        "socketpair",
        masked(0, 0xFFFFFFFF, _AF_UNIX),
        masked(1, 0xFFFFFFFF & ~_SOCK_FLAGS, _SOCK_STREAM),
        masked(2, 0xFFFFFFFF, 0),
    )
    for name, argument, values in _BY_VALUE:
        for value in values:  # the kernel reads 32 bits of these, so the filter must too
            allow(name, masked(argument, 0xFFFFFFFF, value))
    for name in _UNKNOWN:  # a filter cannot read the flags of clone3; libc falls back to clone
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), name)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _ignore(rules: Any) -> None:
    """Make the kernel skip the calls that libraries make in passing."""
    import pyseccomp

    for names, number in ((_IGNORED, 0), (_NO_ATTRIBUTES, errno.ENOTSUP)):
        for name in names:
            with contextlib.suppress(OSError, ValueError, RuntimeError):  # unknown here, so it stays refused
                rules.add_rule(pyseccomp.ERRNO(number), name)
