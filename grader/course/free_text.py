"""A student's free text, rendered so that pages which staff read can show it: no HTML of the student's survives.

Markdown becomes HTML here, once, and the result goes into the canonical notebook as one line of HTML, which nbconvert
and Jupyter hand through unchanged. Raw HTML is escaped, pictures are dropped, and links lead to http, https or mailto.
MathJax is kept away from it, since its macros can make links and styles.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em"),
    *("strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
MAX_CHARACTERS = 100_000  # of a text; the rest is cut off, with a note


def rendered(text: str) -> str:
    """The text as safe HTML, in one line (a blank line would end the HTML within Markdown)."""
    cut = "\n\n(The rest is too long to be shown.)" if len(text) > MAX_CHARACTERS else ""
    html = _markdown().render(text[:MAX_CHARACTERS] + cut)
    return f'<div class="tex2jax_ignore mathjax_ignore">{cleaned(html)}</div>'.replace("\n", "&#10;")


@functools.cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # only a free text needs it, and importing it takes a sixth of a second

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def cleaned(html: str) -> str:
    """HTML with plain elements and links only. Of what `rendered` returned, just the frame is dropped."""
    import nh3

    schemes = {"http", "https", "mailto"}
    return nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=schemes).strip()
