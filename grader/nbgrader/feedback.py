"""Speed up `nbgrader generate_feedback` for a class (named in nbgrader_config.py): the same bytes, each made once.

nbconvert colours and renders each cell, and parses every finished page again with Beautiful Soup, which is two thirds
of its work. The pages of a class share nearly all of their cells. So each piece (what a filter made of one cell) is put
on a shelf in the form that Beautiful Soup would write, and a comment replaces it in the page that nbconvert finishes;
the pieces are put back at the end. Results are cached by all the text that they depend on. The rest of the page is its
head, which the class shares too, and a body of plain elements, which is one more piece.

A piece can be parsed apart from its page only if it is whole: it closes every tag that it opens and contains only plain
elements, so that its surroundings cannot matter. If one piece of a page is not whole, or a comment is not found exactly
where it was put, the page is made as nbconvert makes it.

The points are read through one gradebook connection, since each new one would compile all queries again.
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

MAX_KEPT = 20_000_000  # characters; when they are used up, the cache is cleared
_SPACES = " \n\t\f\r"  # Beautiful Soup leaves one of these between two tags
_EMPTY = {"br", "hr", "img"}
_PLAIN = re.compile(
    "a|b|blockquote|body|code|del|div|em|h[1-6]|i|li|main|[ou]l|p|pre|s|small|span|strong|su[bp]|table|t(body|d|h|head|r)"
    "|u"
)
# Entities that are written as their characters.
_READ = {"&quot;": '"', "&#39;": "'", "&#x27;": "'", "&#182;": "\xb6", "&nbsp;": "\xa0"}
_ODD_TEXT = re.compile(r"&(?!(?:lt|gt|amp|quot|#39|#x27|#182|nbsp);)|[>\0]")
_ATTRIBUTE = re.compile(r' (class|href|id|name|style|tabindex)="((?:[^"&]|&amp;)*)"')
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z0-9-]*="[^"<>]*")*)\s*(/?)>|<!--[0-9a-f]{32}:[0-9]+-->')
_MENDED = re.compile("<img|jp-")  # elements to which nbconvert adds attributes
_NO_BODY = "<body></body>"


class _Written(str):
    """A page that needs no parsing: it contains nothing that nbconvert looks for."""

    def select(self, selector: str) -> list[Any]:
        return []


class OpenGradebook(Gradebook):  # type: ignore[misc] # nbgrader ships no types
    """A gradebook that keeps its engine and compiled queries; each page still reads the data afresh."""

    def close(self) -> None:
        self.db.remove()


_opened = functools.cache(OpenGradebook)


class GetGrades(getgrades.GetGrades):  # type: ignore[misc] # nbgrader ships no types
    """nbgrader's own preprocessor, with one gradebook for all pages."""

    def preprocess(self, nb: object, resources: object) -> tuple[object, object]:
        with mock.patch.object(getgrades, "Gradebook", _opened):
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]


class FeedbackExporter(HTMLExporter):  # type: ignore[misc] # nbconvert ships no types
    """nbconvert's own exporter, with a cache of rendered cells."""

    def __init__(self, *args: object, **options: object) -> None:
        self._kept: dict[Hashable, str] = {}
        self._room = MAX_KEPT
        self._shelf: list[str] = []
        self._mark = ""  # empty while a page is made as nbconvert makes it
        super().__init__(*args, **options)

    def from_notebook_node(self, nb: object, resources: object = None, **options: object) -> tuple[str, object]:
        if not self.sanitize_html:  # sanitised text must be in the page itself
            self._shelf, self._mark = [], secrets.token_hex(16)
            with mock.patch.object(nbconvert.exporters.html, "BeautifulSoup", self._read):
                page, about = super().from_notebook_node(nb, resources, **options)
            texts = re.split(f"<!--{self._mark}:([0-9]+)-->", page)
            if self._mark and texts[1::2] == [str(place) for place in range(len(self._shelf))]:
                texts[1::2] = self._shelf
                return "".join(texts), about
            self._mark = ""
        return super().from_notebook_node(nb, resources, **options)  # type: ignore[no-any-return]

    def default_filters(self) -> Iterator[tuple[str, object]]:
        yield from super().default_filters()
        yield "strip_files_prefix", lambda text: self._put_on_shelf(strip_files_prefix(text))

    def register_filter(self, name: str, jinja_filter: object) -> Any:
        """Wrap the highlighter, which nbconvert registers again for each page."""
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
        if self.embed_images or context.get("cell", {}).get("attachments"):  # then the source is not the whole input
            return str(super().markdown2html(context, source))
        return self._once(("markdown", source), lambda: super(FeedbackExporter, self).markdown2html(context, source))

    def _put_on_shelf(self, piece: str) -> str:
        """The placeholder for a piece until its page is finished."""
        html = piece.strip(_SPACES)
        if not self._mark or not html:
            return piece
        finished = self._once(("finished", html), lambda: _finished(html))
        if not finished:
            self._mark = ""
        if not self._mark or "<img" in html or "jp-" in html:  # nbconvert adds attributes to these
            return piece
        before, after = piece.split(html, 1)
        self._shelf.append(finished)
        return f"{before}<!--{self._mark}:{len(self._shelf) - 1}-->{after}"

    def _read(self, page: str, **options: Any) -> Any:
        """A page as nbconvert parses it; if nothing is to be added, only the text that Beautiful Soup would write."""
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
    """The piece as Beautiful Soup writes it in any context; "" if that depends on the context.

    It is whole if it begins and ends with a tag, has only plain elements, and closes exactly what it opens. Pieces that
    Beautiful Soup leaves (nearly) unchanged are written here, which is far faster than parsing them.
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
            written.append(tag[0])  # the placeholder of another piece
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
