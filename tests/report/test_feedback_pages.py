"""The pages of our exporter are nbconvert's, byte for byte, whatever stands in a notebook and in whatever order."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import nbconvert.filters.highlight
import nbgrader
import pytest
from bs4 import BeautifulSoup
from hypothesis import strategies
from nbconvert.exporters import HTMLExporter
from nbformat import from_dict, v4

from grader.nbgrader import feedback as nbgrader_feedback
from grader.nbgrader.feedback import FeedbackExporter

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
OPTIONS = {
    "template_name": "feedback",
    "extra_template_basedirs": [str(FORMGRADER / "templates")],
    "extra_template_paths": [str(FORMGRADER / "static/node_modules/bootstrap/dist/css")],
}

SHARED = {  # what stands in nearly every page: its pieces are whole
    "a lesson": "# What `dx` is\n\nA *small* step, $f'(x) \\approx \\frac{df}{dx}$:\n\n- one\n- two <b>bold</b>\n",
    "a table": "| x | y |\n|---|---|\n| 1 | 2 |\n",
    "code in a lesson": "```python\ndef f(x):\n    return x < 2 and x > '1'\n```",
    "a break": "one<br>two<br/>three\n\n***\n\n> quoted",
    "signs": "a & b &amp; c &lt d &#39; &quot; &nosuch; \u00e9 \u2192 &eacute",
    "a link": "[here](files/there.html) and <https://example.org/?a=1&b=2>",
}
ODD = {  # what Beautiful Soup mends, or what changes how it reads the rest of the page
    "a tag left open": "<div><b>bold\n",
    "a tag that was never open": "text</div></b></br>\n",
    "a tag left open around a whole one": "<div>\n<b>bold</b>",
    "a list left open": "<ul><li>one<li>two</ul>",
    "crossed tags": "<b><i>both</b></i>",
    "a comment left open": "<!-- from here on",
    "a comment": "one <!-- two --> three",
    "a script": "<script>if (a < b && c) { d }</script>",
    "a script left open": "<script>if (a < b)",
    "a style left open": "<style>p {",
    "an area left open": "<textarea>\n   two   spaces",
    "preformatted, left open": "<pre>\n   \n  a",
    "a picture": '<img src="files/a.png"> ![](b.png)',
    "a drawing": "<svg><path d='M0 0'/></svg>",
    "an attribute": "<a href=x title='\"<'>a</a> <p class='a  b' class=c>",
    "JupyterLab's own": '<div class="jp-Notebook"><div class="jp-Cell-inputWrapper">a</div></div>',
    "JupyterLab's, left open": '<div class="jp-Notebook">',
    "a cell of JupyterLab's": '<div class="jp-OutputArea-output">a</div>',
    "half a tag": "<p\n",
    "half a sign": "&am",
    "CDATA": "<![CDATA[ a ]]> <?php echo 1 ?> <!DOCTYPE html>",
    "empty": " ",
    "large letters": "<B>a</b><P>",
    "a mark that looks like ours": "<!--0123456789abcdef0123456789abcdef:0-->",
}
CODE = ["x = 1", "%%html\n<b>no</b>", "", "s = '<div>' + \"&amp;\" # <!--", "def f(x):\n\n    return x\n\n\n", "\t\n"]


def page(exporter: HTMLExporter, cells: list, name: str = "ada") -> str:
    """What `nbgrader generate_feedback` would write, without a gradebook."""
    numbered = [from_dict({**cell, "id": f"cell-{number}"}) for number, cell in enumerate(cells)]
    notebook = v4.new_notebook(
        cells=numbered, metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    )
    facts = {"notebook": name, "score": 1, "max_score": 2, "late_penalty": 0}
    return exporter.from_notebook_node(notebook, resources={"nbgrader": facts, "inlining": {"css": []}})[0]


def graded(source: str, comment: str = "") -> dict:
    """A code cell as nbgrader's GetGrades leaves it, with our feedback in its output."""
    facts = {"grade": True, "solution": True, "grade_id": "t", "score": 1.0, "points": 2.0, "comment": comment}
    shown = v4.new_output(
        "display_data", data={"text/html": "<h4>t: 1 of 2</h4><br><code>a &lt; b</code> what&#x27;s that"}
    )
    return v4.new_code_cell(source, metadata={"nbgrader": facts}, outputs=[shown])


@pytest.fixture(scope="module")
def stock() -> HTMLExporter:
    return HTMLExporter(**OPTIONS)


@pytest.fixture(scope="module")
def ours() -> FeedbackExporter:
    """One for all tests: what it remembers of one page must not show in another."""
    return FeedbackExporter(**OPTIONS)


@pytest.mark.parametrize("source", (SHARED | ODD).values(), ids=SHARED | ODD)
def test_each_markdown_cell_is_as_nbconvert_makes_it(stock, ours, source):
    around = [v4.new_markdown_cell(text) for text in SHARED.values()]
    cells = [*around, graded("a = 1"), v4.new_markdown_cell(source), graded("b = 2", source), *around]
    assert page(ours, cells) == page(stock, cells)


@pytest.mark.parametrize("source", CODE)
def test_each_code_cell_is_as_nbconvert_makes_it(stock, ours, source):
    cells = [v4.new_code_cell(source), graded(source, "Look *again*."), v4.new_markdown_cell("# after")]
    assert page(ours, cells) == page(stock, cells)


TAGS = [
    "<b>",
    "</b>",
    "<p>",
    "</p>",
    "<br>",
    "<br/>",
    "<hr/>",
    "<pre>",
    "</pre>",
    "<i/>",
    "<i>",
    "</i>",
    "&lt;",
    "x",
    "\n",
]
_CELLS = strategies.one_of(
    strategies.sampled_from([*SHARED.values(), *ODD.values()]).map(v4.new_markdown_cell),
    strategies.sampled_from(CODE).map(graded),
    strategies.text(alphabet="<>/&;!-=\"'` \n#ab1", max_size=30).map(v4.new_markdown_cell),
    strategies.text(alphabet="<>/&;!-=\"'` \n#ab1", max_size=30).map(graded),
    strategies.lists(
        strategies.sampled_from(TAGS),
        max_size=12,
    ).map(lambda parts: v4.new_markdown_cell("".join(parts))),
)


@hypothesis.settings(max_examples=60, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(cells=strategies.lists(_CELLS, min_size=1, max_size=4))
def test_any_cells_in_any_order_are_as_nbconvert_makes_them(stock, ours, cells):
    assert page(ours, cells) == page(stock, cells)


_ATTRIBUTES = [
    "",
    ' class="a  b "',
    ' class=""',
    ' id=" a "',
    ' href="#&amp;"',
    ' href="a" class="b"',
    ' id="1" id="2"',
    ' class="a"  id="b"',
    ' title="t"',
    ' data-x=""',
]
_TEXTS = [
    " ",
    " \n ",
    "a",
    "&lt;b&gt;",
    "&amp;amp;",
    "&quot;'\"",
    "&#39;",
    "&#x27;",
    "&#182;",
    "&nbsp;",
    "&#150;",
    "&",
    "&lt",
    ">",
    "\r\n",
    "é",
]
_PIECES = strategies.recursive(
    strategies.sampled_from([*_TEXTS, "<br>", '<hr class=" x">', "<br/>"]),
    lambda inside: strategies.builds(
        lambda tag, attributes, parts: f"<{tag}{attributes}>{''.join(parts)}</{tag}>",
        strategies.sampled_from(["p", "pre", "span", "b", "table", "h2"]),
        strategies.sampled_from(_ATTRIBUTES),
        strategies.lists(inside, max_size=4),
    ),
    max_leaves=12,
)


@hypothesis.settings(max_examples=400, deadline=None)
@hypothesis.given(piece=_PIECES)
def test_a_piece_is_written_as_beautiful_soup_writes_it(piece):
    finished = nbgrader_feedback._finished(piece)
    assert finished in ("", str(BeautifulSoup(f"<div>{piece}</div>", features="html.parser"))[5:-6])


def test_what_every_page_holds_is_not_read_again(monkeypatch):
    monkeypatch.setattr(nbgrader_feedback, "_read_and_written", None)
    ours = FeedbackExporter(**OPTIONS)
    page(ours, [])  # the head is read once
    monkeypatch.setattr(nbgrader_feedback, "BeautifulSoup", None)
    for source in SHARED.values():
        page(ours, [v4.new_markdown_cell(source), graded("def f(x): return x > '1'")])


def test_a_class_is_made_once_and_a_changed_cell_gets_its_own_html(ours, stock, monkeypatch):
    made = []
    real = nbconvert.filters.highlight._pygments_highlight
    monkeypatch.setattr(
        nbconvert.filters.highlight,
        "_pygments_highlight",
        lambda source, *more: made.append(source) or real(source, *more),
    )
    monkeypatch.setattr(ours, "_kept", {})
    given = [v4.new_markdown_cell(text) for text in SHARED.values()] + [v4.new_code_cell("given = 1")]
    pages = [page(ours, [*given, graded(f"mine = {number}", f"comment {number}")]) for number in (1, 2, 1, 3)]
    assert made == ["given = 1", "mine = 1", "mine = 2", "mine = 3"]
    assert pages[0] == pages[2]
    for number, got in zip((1, 2, 1, 3), pages, strict=True):
        assert got == page(stock, [*given, graded(f"mine = {number}", f"comment {number}")])


def test_the_parts_that_make_a_piece_another_are_told_apart(ours, stock):
    picture = {"a.png": {"image/png": "QQ=="}}
    for cell in (
        v4.new_markdown_cell("![a](attachment:a.png)", attachments=picture),
        v4.new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {"image/png": "Qg=="}}),
        v4.new_code_cell("a = 1", metadata={"magics_language": "html"}),
        v4.new_code_cell("a = 1"),
    ):
        assert page(ours, [cell]) == page(stock, [cell])


def test_what_is_remembered_has_a_limit(stock, monkeypatch):
    monkeypatch.setattr(nbgrader_feedback, "MAX_KEPT", 600_000)
    small = FeedbackExporter(**OPTIONS)
    for number in range(20):
        cells = [v4.new_markdown_cell(f"# {number}\n{'word ' * 50}"), graded(f"a = {number}")]
        assert page(small, cells, f"unit {number}") == page(stock, cells, f"unit {number}")
        assert sum(map(len, small._kept.values())) <= 600_000


def test_where_a_course_has_pages_sanitised_they_are():
    cells = [v4.new_markdown_cell("<b onclick='x()'>a</b><script>x()</script>"), v4.new_code_cell("a = 1")]
    options = OPTIONS | {"template_name": "classic", "sanitize_html": True}
    ours = FeedbackExporter(**options)
    got = page(ours, cells)
    assert not [key for key in ours._kept if key[0] == "finished"], "a piece went round the sanitiser"
    assert got == page(HTMLExporter(**options), cells)
    assert "x()</script>" not in got
    assert "onclick" not in got


def test_a_template_that_sanitises_a_piece_by_itself_gets_the_piece():
    cells = [v4.new_markdown_cell("# a"), v4.new_code_cell("a = 1")]
    options = OPTIONS | {"template_name": "classic"}  # its code cells go through `clean_html`
    assert page(FeedbackExporter(**options), cells) == page(HTMLExporter(**options), cells)
