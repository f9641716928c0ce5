"""`most_alike`: which known name a misspelled or missing one was probably meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def most_alike(word: str, known: Iterable[object], likeness: float = 0.75) -> str:
    """The one of the `known` names that is spelled most like `word`, or "" if none is this like (1: the same).

    `known` may hold a notebook's globals, among which there can be a key that is not a text.
    """
    near = difflib.get_close_matches(word, [name for name in known if isinstance(name, str)], 1, likeness)
    return near[0] if near else ""
