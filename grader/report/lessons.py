"""What the released notebook says about each task: what is asked, and the lesson before it.

The text is rendered by us, with nothing that a page would have to fetch: formulas are MathML, and of raw HTML only
`<details>` and `<summary>` without attributes stay, because our notebooks fold text away with them.
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
_FORMULA = re.compile(
    r"(?P<code>^(```|~~~).*?^\2|`+[^`]+`+)|\$\$(?P<block>.+?)\$\$"
    r"|\$(?=[^\s$])(?P<inline>(?:[^$\\\n]|\\.|\n(?!\s*\n))+?)(?<!\s)\$(?!\d)",
    re.DOTALL | re.MULTILINE,
)
_MARK = "\ue000"  # in no text of ours: it stands where a formula was
_PLACE = f"{_MARK}{{}}{_MARK}"
_FOLDS = re.compile(r"<details>\s*<summary>([^<>]*)</summary>|</details>")


class Lesson(msgspec.Struct, frozen=True):
    """The part of the notebook that belongs to one task."""

    heading: Markup
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

    def block_html(self, html: str) -> str:
        if fold := _FOLDS.fullmatch(html.strip()):
            return "</details>\n" if fold[1] is None else f"<details><summary>{escape(fold[1])}</summary>\n"
        return super().block_html(html)


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
    title = re.sub("</?h1>", "", rendered_lesson(f"# {headings[0]}").strip()) if headings else ""
    heading = Markup(title)  # noqa: S704 - rendered by us
    return Lesson(heading, _headings_in_order(shown), text, stub, asked_globals(stub))


def _headings_in_order(html: Markup) -> Markup:
    """The headings below that of a task (h2), without a gap, as a screen reader needs them."""
    before = 2

    def fitted(tag: re.Match[str]) -> str:
        nonlocal before
        before = min(max(3, int(tag[1])), before + 1)
        return f"<h{before}>{tag[2]}</h{before}>"

    return Markup(re.sub(r"<h(\d)>(.*?)</h\1>", fitted, html, flags=re.DOTALL))  # noqa: S704 - rendered by us


def rendered_lesson(markdown: str) -> Markup:
    """Markdown of ours as HTML; every tag in it is escaped, except that of a fold which is closed in the same text.

    As in Jupyter, formulas are taken out before: a line of a formula that begins with `+` is not a list item.
    """
    formulas: list[str] = []

    def aside(found: re.Match[str]) -> str:
        if found["code"] is not None:
            return found[0]
        formulas.append(_formula(found["block"] or found["inline"], "block" if found["block"] else "inline"))
        return _PLACE.format(len(formulas) - 1)

    html = str(_markdown(_FORMULA.sub(aside, markdown.replace(_MARK, ""))))
    if not _closed(html):
        html = re.sub(r"</?(?:details|summary)>", lambda tag: escape(tag[0]), html)
    return Markup(re.sub(_PLACE.format(r"(\d+)"), lambda place: formulas[int(place[1])], html))  # noqa: S704 - all escaped


def _formula(text: str, display: str) -> str:
    """A formula of the lesson as MathML; as it was typed if it cannot be read, or would lead somewhere."""
    from latex2mathml.converter import convert  # only a page needs it

    try:
        made = re.sub(r' xmlns="[^"]*"', "", str(convert(" ".join(text.split()), display=display)))  # HTML knows MathML
    except Exception:  # the parser raises errors of many kinds
        made = ""
    if not made or "href=" in made:
        return f"<code>{escape(text)}</code>"
    return made.replace("<math ", '<math tabindex="0" ', 1) if display == "block" else made  # it scrolls, on a phone


def _closed(html: str) -> bool:
    """Whether every fold in it ends, and none ends before it began."""
    depth = 0
    for tag in re.findall(r"</?details>", html):
        depth += 1 if tag == "<details>" else -1
        if depth < 0:
            return False
    return not depth
