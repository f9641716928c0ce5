"""How `nbgrader generate_feedback` makes a class's pages (named in nbgrader_config.py): the same bytes, made once.

nbconvert colours and renders each cell, and reads every finished page again with Beautiful Soup, which is two thirds
of its work. The pages of a class share nearly all of their cells. So a piece (what a filter made of one cell) is put
on a shelf, as Beautiful Soup would write it, and in the page that nbconvert finishes there stands a comment instead;
the pieces take their places again at the end. What was made is kept by all of the text that it was made from. What is
left of the page is its head, which the class shares as well, and a body of plain elements, which is one more piece.

A piece may be read apart from its page only if it is whole: every tag that it opens is closed in it, and it holds
nothing but plain elements, so that what stands around it cannot matter. If one piece of a page is not, or a comment
is not found again exactly as it was put, the page is made as nbconvert makes it.

The points are read from one gradebook: each opening compiles all queries anew.
"""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Callable, Hashable, Iterator
from typing import Any
from unittest import mock

import nbconvert.exporters.html
from bs4 import BeautifulSoup
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML, strip_files_prefix
from nbgrader.api import Gradebook
from nbgrader.preprocessors import getgrades

MAX_KEPT = 20_000_000  # characters; then all is forgotten and made anew
_SPACES = " \n\t\f\r"  # of which Beautiful Soup leaves one between two tags
_EMPTY = {"br", "hr", "img"}
_PLAIN = re.compile(
    "a|b|blockquote|body|code|del|div|em|h[1-6]|i|li|main|[ou]l|p|pre|s|small|span|strong|su[bp]|table|t(body|d|h|head|r)"
    "|u"
)
# Written as what they stand for.
_READ = {"&quot;": '"', "&#39;": "'", "&#x27;": "'", "&#182;": "\xb6", "&nbsp;": "\xa0"}
_ODD_TEXT = re.compile(r"&(?!(?:lt|gt|amp|quot|#39|#x27|#182|nbsp);)|[>\0]")
_ATTRIBUTE = re.compile(r' (class|href|id|name|style|tabindex)="((?:[^"&]|&amp;)*)"')
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9-]*="[^"<>]*")*)\s*(/?)>|<!--[0-9a-f]{32}:[0-9]+-->')
_MENDED = re.compile("<img|jp-")  # what nbconvert adds attributes to
_NO_BODY = "<body></body>"


class _Written(str):
    """A page that needs no reading: nothing in it is what nbconvert looks for."""

    def select(self, selector: str) -> list[Any]:
        return []


class OpenGradebook(Gradebook):  # type: ignore[misc] # nbgrader ships no types
    """A gradebook that keeps what it has learned of its database; each page reads it afresh all the same."""

    def close(self) -> None:
        self.db.remove()


_opened = functools.cache(OpenGradebook)


class GetGrades(getgrades.GetGrades):  # type: ignore[misc] # nbgrader ships no types
    """nbgrader's own, with one gradebook for all pages."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        with mock.patch.object(getgrades, "Gradebook", _opened):
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]


class FeedbackExporter(HTMLExporter):  # type: ignore[misc] # nbconvert ships no types
    """nbconvert's own exporter, which remembers what it has made of a cell."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._kept: dict[Hashable, str] = {}
        self._room = MAX_KEPT
        self._shelf: list[str] = []
        self._mark = ""  # none while a page is made as nbconvert makes it
        super().__init__(*args, **options)

    def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> tuple[str, Any]:
        if not self.sanitize_html:  # what is sanitised must stand in the page
            self._shelf, self._mark = [], secrets.token_hex(16)
            with mock.patch.object(nbconvert.exporters.html, "BeautifulSoup", self._read):
                page, about = super().from_notebook_node(nb, resources, **options)
            texts = re.split(f"<!--{self._mark}:([0-9]+)-->", page)
            if self._mark and texts[1::2] == [str(place) for place in range(len(self._shelf))]:
                texts[1::2] = self._shelf
                return "".join(texts), about
            self._mark = ""
        return super().from_notebook_node(nb, resources, **options)  # type: ignore[no-any-return]

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()
        yield "strip_files_prefix", lambda text: self._put_on_shelf(strip_files_prefix(text))

    def register_filter(self, name: str, jinja_filter: Any) -> Any:
        """nbconvert registers its highlighter anew for each page."""
        if name == "highlight_code" and type(jinja_filter) is Highlight2HTML:
            jinja_filter = self._highlighter(jinja_filter)
        return super().register_filter(name, jinja_filter)

    def _highlighter(self, stock: Highlight2HTML) -> Callable[..., str]:
        def highlight_code(source: str, language: str | None = None, metadata: Any = None) -> str:
            magics = (metadata or {}).get("magics_language")
            key = ("code", stock.pygments_lexer, language, magics, source)
            return self._put_on_shelf(self._once(key, lambda: stock(source, language, metadata)))

        return highlight_code

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        if self.embed_images or context.get("cell", {}).get("attachments"):  # then the source is not all that counts
            return str(super().markdown2html(context, source))
        return self._once(("markdown", source), lambda: super(FeedbackExporter, self).markdown2html(context, source))

    def _put_on_shelf(self, piece: str) -> str:
        """What stands for a piece until its page is finished."""
        html = piece.strip(_SPACES)
        if not self._mark or not html:
            return piece
        finished = self._once(("finished", html), lambda: _finished(html))
        if not finished:
            self._mark = ""
        if not self._mark or "<img" in html or "jp-" in html:  # in pictures, and in JupyterLab's, nbconvert adds to it
            return piece
        before, after = piece.split(html, 1)
        self._shelf.append(finished)
        return f"{before}<!--{self._mark}:{len(self._shelf) - 1}-->{after}"

    def _read(self, page: str, **options: Any) -> Any:
        """A page as nbconvert reads it; or only what Beautiful Soup would write of it, where nothing is to be added."""
        head, start, rest = page.partition("<body>")
        body, end, tail = rest.rpartition("</body>")
        if self._mark and not _MENDED.search(body):
            around = f"{head}{_NO_BODY}{tail}"
            frame = self._once(("frame", around), lambda: str(BeautifulSoup(around, **options))).split(_NO_BODY)
            written = _finished(f"{start}{body}{end}")
            if written and len(frame) == 2:
                return _Written(f"{frame[0]}{written}{frame[1]}")
        return BeautifulSoup(page, **options)

    def _once(self, key: tuple[Any, ...], make: Callable[[], str]) -> str:
        if key not in self._kept:
            made = make()
            self._room -= len(made) + len(key[-1])
            if self._room < 0:
                self._kept, self._room = {}, MAX_KEPT
            self._kept[key] = made
        return self._kept[key]


def _finished(piece: str) -> str:
    """The piece as Beautiful Soup writes it, wherever it stands; nothing if that depends on where it stands.

    It is whole if it begins and ends with a tag, is made of plain elements, and closes exactly what it opens. What
    Beautiful Soup leaves as it is, or nearly so, is written here, which takes far less time than to read it.
    """
    opened: list[str] = []
    written: list[str] = []
    end, odd = 0, False
    for tag in _TAG.finditer(piece):
        text = piece[end : tag.start()]
        if "<" in text:
            return ""
        end = tag.end()
        odd = odd or bool(_ODD_TEXT.search(text))
        if text and not text.strip(_SPACES) and "pre" not in opened:
            text = "\n" if "\n" in text else " "
        for entity, character in _READ.items():
            text = text.replace(entity, character)
        written.append(text)
        closes, name, attributes, is_empty = tag.groups()
        if name is None:
            written.append(tag[0])  # what stands for another piece
            continue
        known = dict(_ATTRIBUTE.findall(attributes))
        odd = odd or attributes != "".join(f' {key}="{known[key]}"' for key in known)
        if "class" in known:
            known["class"] = " ".join(known["class"].split())
        inside = "".join([name, *(f' {key}="{value}"' for key, value in sorted(known.items()))])
        if closes:
            if attributes or is_empty or not opened or opened.pop() != name:
                return ""
            written.append(f"</{name}>")
        elif name in _EMPTY:
            written.append(f"<{inside}/>")
        elif _PLAIN.fullmatch(name) and not is_empty:
            opened.append(name)
            written.append(f"<{inside}>")
        else:
            return ""
    if not end or end != len(piece) or not piece.startswith("<") or opened:
        return ""
    return _read_and_written(piece) if odd else "".join(written)


def _read_and_written(piece: str) -> str:
    return str(BeautifulSoup(f"<div>{piece}</div>", features="html.parser"))[5:-6]
