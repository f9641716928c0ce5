"""One result of an audit."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One finding. `ok` says whether it is as required."""

    what: str
    task: str
    ok: bool
    says: str
    look: str = ""  # one of LOOKS
