"""Why a level of isolation does not hold on this machine, and what its administrator can do about it.

Nothing here is guessed from a name or a version: a child process tries what bubblewrap does first, and the kernel's own
settings say which of them forbids it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from grader.jail.bubblewrap import interpreter

_NEW_USER, _NEW_MOUNTS = 0x10000000, 0x00020000
_SYS_ADMIN = 21  # the number of the capability
_RECURSIVE, _PRIVATE = 16384, 1 << 18
CONTAINER_FLAGS = (
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined"
)


class Cause(NamedTuple):
    """What is in the way, and what removes it."""

    what: str
    remedy: str


def causes(*, proc: Path = Path("/proc"), root: Path = Path("/")) -> list[Cause]:
    """Obstacles to the levels that need namespaces, or an interpreter that everyone can read."""
    failed, error = _try_namespaces()
    found = [] if not failed else [_why_no_namespaces(failed, error, proc, root)]
    if not failed and _root_without_mounting(proc):
        found.append(
            Cause(
                "root here may not make namespaces (it lacks CAP_SYS_ADMIN, as in most containers)",
                "run grader as an ordinary user: USER in the Containerfile, or su",
            )
        )
    closed = closed_above(Path(interpreter()))
    if closed is not None:
        found.append(
            Cause(
                f"the interpreter {interpreter()} lies below {closed}, which other users may not enter",
                f"make the environment from a system interpreter (/usr/bin/python3 -m venv ...), or chmod o+x {closed}",
            )
        )
    return found


def _try_namespaces() -> tuple[str, int]:
    """Make a user namespace and mount in it, in a child. Returns the step that failed ("" if none), and errno."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        failed, number = "", 0
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.unshare(_NEW_USER | _NEW_MOUNTS):
                failed, number = "unshare", ctypes.get_errno()
            elif libc.mount(b"none", b"/", None, _RECURSIVE | _PRIVATE, None):
                failed, number = "mount", ctypes.get_errno()
            os.write(writing, f"{failed} {number}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        failed, _, number_said = answer.read().partition(" ")
    os.waitpid(child, 0)
    return failed, int(number_said or 0)


def _why_no_namespaces(failed: str, error: int, proc: Path, root: Path) -> Cause:
    """The setting that forbids namespaces. `failed` is "unshare" or "mount"."""
    names = "user namespaces, which bubblewrap needs, are forbidden"
    if _number(proc / "sys/user/max_user_namespaces") == 0 or error in (errno.ENOSPC, errno.EUSERS):
        return Cause(f"{names} by the sysctl user.max_user_namespaces = 0", _sysctl("user.max_user_namespaces=15000"))
    if _number(proc / "sys/kernel/unprivileged_userns_clone") == 0 and os.geteuid() != 0:
        setting = "kernel.unprivileged_userns_clone"
        return Cause(f"{names} by the sysctl {setting} = 0", _sysctl(f"{setting}=1"))
    if _number(proc / "sys/kernel/apparmor_restrict_unprivileged_userns") == 1 and not _filtered(proc):
        setting = "kernel.apparmor_restrict_unprivileged_userns"
        return Cause(
            f"{names} by AppArmor (the sysctl {setting} = 1)",
            f"{_sysctl(f'{setting}=0')}; or give bwrap an AppArmor profile that has `userns,`",
        )
    if any((root / name).exists() for name in (".dockerenv", "run/.containerenv")):
        by = "the container's seccomp filter" if failed == "unshare" else "the container's AppArmor profile"
        return Cause(f"{names} by {by}", f"start the container with {CONTAINER_FLAGS}")
    by = "a seccomp filter" if _filtered(proc) else f"the kernel ({os.strerror(error)})"
    return Cause(f"{names} by {by}", "run grader outside of what started it with that filter, or on another machine")


def closed_above(path: Path) -> Path | None:
    """The first folder above `path`, from the top, that other users may not enter; None if there is none."""
    for folder in reversed(path.parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def _root_without_mounting(proc: Path) -> bool:
    """Whether this is root without CAP_SYS_ADMIN. An ordinary user gets it in a new user namespace, root uses none."""
    try:
        status = (proc / "self/status").read_text()
    except OSError:
        return False
    effective = int(status.partition("\nCapEff:\t")[2].partition("\n")[0] or "0", 16)
    return status.partition("\nUid:\t")[2].split()[:2] == ["0", "0"] and not effective >> _SYS_ADMIN & 1


def _filtered(proc: Path) -> bool:
    try:
        status = (proc / "self/status").read_text()
    except OSError:
        return False
    return "\nSeccomp:\t2" in status


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _sysctl(setting: str) -> str:
    return f"sysctl -w {setting} (and a line in /etc/sysctl.d/ to keep it)"
