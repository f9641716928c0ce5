"""Problems that a person can fix: one clear message that says where, what was found, what was expected, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GraderError(Exception):
    """Wrong use or bad input; the message is complete and is shown without a traceback."""


class Unavailable(GraderError):
    """Something that this machine or another program must provide is not there (a locked gradebook, a sandbox)."""


def did_you_mean(wanted: str, known: Iterable[str], *, otherwise: str = "", cutoff: float = 0.6) -> str:
    """ "Did you mean 'x'?", with the name in `known` that looks most like `wanted`; `otherwise` where none does."""
    near = difflib.get_close_matches(wanted, list(known), n=1, cutoff=cutoff)
    return f"Did you mean {near[0]!r}?" if near else otherwise
