"""Clean everything that we print: text from others must not control a terminal or mislead a reader.

Escape sequences, carriage returns and bidirectional control characters become a visible mark. A name is a single line
(`one_line`); only our own text may span several.
"""

from __future__ import annotations

import sys
from typing import Any

MARK = "\ufffd"  # replaces each unprintable character
LONGEST_LINE = 4000  # characters


def printable(text: str, *, keep: str = "\n\t") -> str:
    """`text` with everything but printable characters and those in `keep` replaced."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() or character in keep else MARK for character in text)


def one_line(text: str, limit: int = 200) -> str:
    """`text` for use within a line: truncated, and without line breaks."""
    return printable(text[:limit], keep="")


class Cleaned:
    """A stream that passes what is written through `printable`, for output that is not ours (tracebacks)."""

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
