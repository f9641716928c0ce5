"""Text from others on our pages: cleaned, cut and escaped, with `code` between backticks, and nothing else rendered."""

from __future__ import annotations

import functools
import re
from html import escape

from markupsafe import Markup

MOST = 700  # characters of a message that are shown
# Control characters, and those that change the direction of the text around them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile(r"`([^`\n]{1,300})`")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.?!]) ")


def clean(text: str) -> str:
    """`text` with a visible mark in place of each character that could mislead a reader."""
    return _UNSEEN.sub("\ufffd", text)


def cut(text: str, most: int) -> str:
    """At most `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@functools.lru_cache(maxsize=4096)  # a class shares most of what is said
def said(text: str, most: int = MOST) -> Markup:
    """A message as HTML: escaped, isolated from the direction of our own text, with `code` in backticks as code."""
    html = _CODE.sub(r"<code>\1</code>", escape(clean(cut(text.strip(), most))))
    if "\n" in html:  # a caret below the place of an error
        return Markup(f'<span class="lines" dir="auto">{html}</span>')  # noqa: S704 - escaped above
    return Markup(f"<bdi>{html}</bdi>")  # noqa: S704 - escaped above


def sentence(text: str, most: int = 240) -> str:
    """The first sentence of a message, or two if the first is very short."""
    line = " ".join(text[: 4 * most].split())
    first, *others = _BETWEEN_SENTENCES.split(line, maxsplit=2)
    return cut(f"{first} {others[0]}" if len(first) < 40 and others else first, most)


def points(value: float) -> str:
    """Points with at most two decimals."""
    return f"{round(value + 0.0, 2):g}"


def duration_late(seconds: float) -> str:
    """How late something is, in words."""
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' * (count > 1)}"
    return "less than a minute"
