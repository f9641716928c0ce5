"""What the released notebook says about each task: what is asked, and the lesson before it.

The text is rendered by us, with every raw HTML tag escaped and nothing that a page would have to fetch.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import mistune
import msgspec
from markupsafe import Markup
from mistune.util import escape

from grader.course.notebooks import grade_id, is_answer, read_whole, source_of
from grader.course.stubs import Asked, asked_globals

_TURN = re.compile(r"^#{1,6} +your turn.*$", re.IGNORECASE | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_LINKS = ("https://", "http://", "#")


class Lesson(msgspec.Struct, frozen=True):
    """The part of the notebook that belongs to one task."""

    heading: str
    asks: Markup
    text: Markup
    stub: str  # the code of the answer cell as released
    asked: Asked


class _Renderer(mistune.HTMLRenderer):
    """No pictures, and no links that lead to files."""

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre tabindex="0"><code>{escape(code)}</code></pre>\n'  # it scrolls, so a keyboard must reach it

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return f"<em>[picture: {escape(text)}]</em>"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        return f'<a href="{escape(url)}" rel="noopener noreferrer">{text}</a>' if url.startswith(_LINKS) else text


_markdown = mistune.create_markdown(renderer=_Renderer(escape=True), plugins=["table", "strikethrough"])


def lessons(released: Path) -> dict[str, Lesson]:
    """The lesson of each answer cell of a released notebook, by its id; nothing if there is no such file."""
    try:
        return _lessons(released, released.stat().st_mtime_ns)
    except OSError:
        return {}


@functools.lru_cache(maxsize=32)
def _lessons(released: Path, changed: int) -> dict[str, Lesson]:
    found: dict[str, Lesson] = {}
    since: list[dict[str, Any]] = []
    for cell in read_whole(released)["cells"]:
        if is_answer(cell):
            found[grade_id(cell)] = _lesson(since, source_of(cell))
            since = []
        elif not grade_id(cell).startswith("test_"):
            since.append(cell)
    return found


def _lesson(cells: list[dict[str, Any]], stub: str) -> Lesson:
    texts = [source_of(cell) for cell in cells if cell["cell_type"] == "markdown"]
    asks = texts[-1] if texts else ""
    turn = _TURN.search(asks)
    headings = [heading.strip() for text in texts for heading in _HEADING.findall(text)]
    parts: list[Markup] = []
    for cell in cells:
        source = source_of(cell)
        if cell["cell_type"] == "code":
            parts.append(Markup('<pre tabindex="0">{}</pre>').format(source))
        else:
            parts.append(rendered_lesson(source[: turn.start()] if turn and source == asks else source))
    shown = rendered_lesson(asks[turn.end() :]) if turn else Markup("")  # otherwise the whole lesson says what is asked
    text = _headings_in_order(Markup("\n").join(parts))
    return Lesson(headings[0] if headings else "", _headings_in_order(shown), text, stub, asked_globals(stub))


def _headings_in_order(html: Markup) -> Markup:
    """The headings below that of a task (h2), without a gap, as a screen reader needs them."""
    before = 2

    def fitted(tag: re.Match[str]) -> str:
        nonlocal before
        before = min(max(3, int(tag[1])), before + 1)
        return f"<h{before}>{tag[2]}</h{before}>"

    return Markup(re.sub(r"<h(\d)>(.*?)</h\1>", fitted, html, flags=re.DOTALL))  # noqa: S704 - rendered by us


def rendered_lesson(markdown: str) -> Markup:
    """Markdown of ours as HTML, with every tag in it escaped."""
    return Markup(_markdown(markdown))  # noqa: S704 - mistune escapes
