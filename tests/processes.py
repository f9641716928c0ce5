"""Processes as the kernel lists them, seen from outside of whatever they run in."""

import contextlib
from pathlib import Path


def descendants(ancestor: int) -> set[int]:
    """The numbers of all living processes below `ancestor`."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(entry.name)] = int(parent)
    found, wave = set(), {ancestor}
    while wave:
        wave = {pid for pid, parent in parents.items() if parent in wave}
        found |= wave
    return found


def commands_naming(text: str) -> list[int]:
    """The numbers of all processes whose command line has `text` in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if text.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def running(pid: int) -> bool:
    """Whether there is such a process, other than a dead one that nobody reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
