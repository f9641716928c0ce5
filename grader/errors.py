"""Problems that a person can fix. Each message says where, what was found, what was expected, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GraderError(Exception):
    """Wrong usage or bad input; the message is complete and is shown without a traceback."""


class Unavailable(GraderError):
    """Something that this machine or another program must provide is unavailable (a locked gradebook, a sandbox)."""


class Interrupted(GraderError):
    """Someone pressed Ctrl-C; the message says what was written and what was not."""


def did_you_mean(wanted: str, known: Iterable[str], *, otherwise: str = "", cutoff: float = 0.6) -> str:
    """ "Did you mean 'x'?", with the name in `known` that looks most like `wanted`; `otherwise` if none is close."""
    near = difflib.get_close_matches(wanted, list(known), n=1, cutoff=cutoff)
    return f"Did you mean {near[0]!r}?" if near else otherwise
