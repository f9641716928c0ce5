"""The record of one misconception."""

from __future__ import annotations

import msgspec


class Label(msgspec.Struct, frozen=True):
    """One misconception. `question`, `wrong` and `variables` form an example of it."""

    group: str
    rule: str
    says: str
    question: str
    wrong: str
    variables: tuple[str, ...] = ("x",)
