"""One thing that an audit looked at."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """`ok` says whether it is right."""

    what: str
    task: str
    ok: bool
    says: str
    look: str = ""  # one of LOOKS
