"""The one function that cleans all that is printed: what others wrote must not steer a terminal or a reader's eye.

Escape sequences, carriage returns and characters that turn the direction of writing become a visible mark. A name is
one line (`one_line`); only a text of ours may have several.
"""

from __future__ import annotations

import sys
from typing import Any

MARK = "\ufffd"  # in the place of each character that is not printed
LONGEST_LINE = 4000  # characters


def printable(text: str, *, keep: str = "\n\t") -> str:
    """`text` with nothing in it but printable characters and those in `keep`."""
    return "".join(character if character.isprintable() or character in keep else MARK for character in text)


def one_line(text: str, limit: int = 200) -> str:
    """`text` as a part of one line: cut, and without a line break."""
    return printable(text[:limit], keep="")


class Cleaned:
    """A stream that prints what is written to it through `printable`, for what is not printed by us (tracebacks)."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the printable form; returns the length of `text`."""
        self._stream.write(printable(text))
        return len(text)

    def flush(self) -> None:
        """Pass it on."""
        self._stream.flush()


def say(text: object, *, error: bool = False) -> None:
    """Print a line on stdout, or on stderr."""
    print(printable(str(text)), file=sys.stderr if error else sys.stdout, flush=True)
