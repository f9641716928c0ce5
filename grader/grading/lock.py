"""Taking turns between the workers of a class: many grade at once, or one alone.

Theory of operation. Two bytes of one file carry the kernel's record locks, which end with their process. Whoever is in
the room shares byte 1; to be alone is to hold it exclusively. Byte 0 is the door: everyone passes it, and who wants to
be alone holds it shut meanwhile, so that nobody new comes in while the others finish.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator

_DOOR, _ROOM = 0, 1


class Room:
    """One worker's view of the room; `fd` is a file that all workers have open for reading and writing."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    @contextlib.contextmanager
    def among_others(self) -> Iterator[None]:
        """Be in the room, with whoever else is there."""
        self._lock(fcntl.LOCK_EX, _DOOR)
        self._lock(fcntl.LOCK_SH, _ROOM)
        self._lock(fcntl.LOCK_UN, _DOOR)
        try:
            yield
        finally:
            self._lock(fcntl.LOCK_UN, _ROOM)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Be alone in the room; to be called among others. Waits until each of them has left."""
        self._lock(fcntl.LOCK_UN, _ROOM)  # two that want to be alone must not wait for each other
        self._lock(fcntl.LOCK_EX, _DOOR)
        self._lock(fcntl.LOCK_EX, _ROOM)
        try:
            yield
        finally:
            self._lock(fcntl.LOCK_SH, _ROOM)
            self._lock(fcntl.LOCK_UN, _DOOR)

    def _lock(self, how: int, byte: int) -> None:
        fcntl.lockf(self._fd, how, 1, byte)
