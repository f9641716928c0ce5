"""The operating-system user that a lane runs as."""

from __future__ import annotations

import functools
import itertools
import os
from pathlib import Path

NOBODY = 65534
FIRST_LANE_USER = 1_900_000_000  # as root, each lane runs as a separate user: this plus the lane's number
_numbers = itertools.count()


@functools.cache
def _many_users() -> bool:
    """Whether root here may become any user (not possible in some containers)."""
    try:
        ranges = [line.split() for line in Path("/proc/self/uid_map").read_text().splitlines()]
    except OSError:
        return False
    return any(int(first) == 0 and int(count) > FIRST_LANE_USER + (1 << 27) for first, _, count in ranges)


def user_of_a_lane() -> int:
    """As root: a user for this lane alone, so that lanes cannot touch each other and limits count per lane."""
    if not _many_users():
        return NOBODY
    return FIRST_LANE_USER + os.getpid() % (1 << 22) * 16 + next(_numbers) % 16
