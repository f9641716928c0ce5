"""Whatever stands in a name, an answer or a message: our pages stay whole, small, free of other markup than ours."""

import base64
import os
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grader.report.class_facts import unit_facts
from grader.report.class_page import class_page, course_page
from grader.report.feedback_page import MAX_BYTES, Feedback, Mark, feedback_page
from grader.results import Level, Outcome, Report, TaskResult, TestResult
from tests.report.test_feedback_page import TAGS

VOID = {"meta", "img", "input", "br", "link", "path", "rect", "circle", "hr"}
OF_TABLES = {"script", "input", "label", "button", "th", "thead", "tbody", "caption", "rect"}
PIECES = [
    *("</pre>", "</details>", "</table><td>", "<!--", "-->", "]]>", "<![CDATA[", "</style><style>*{display:none}"),
    *("<script>", "</script>", "<base href=//x.invalid>", "<plaintext>", "<xmp>", "<noscript>", "&lt;b&gt;", "&#60;b>"),
    *(
        "&amp;amp;",
        "{{ 7*7 }}",
        "{% raw %}",
        "$\\href{javascript:1}{x}$",
        "`",
        "``` html\n<b>\n```",
        "[a](javascript:1)",
    ),
    *(
        "=cmd|' /C calc'!A0",
        "+1",
        "@SUM(A1)",
        "a,b;c",
        'say "no"',
        "O'Neil",
        "Müller-Łukasiewicz",
        "ﷺ",
        "א\u202eב\u2066",
        "👩\u200d🔬",
    ),
    *("Z̸̡a̵l̷g̸o̶" * 3, "\x00\x07\x1b[2J", "\ud800", "\ufeff", "\u2028", "x" * 300, " ", "\t", "..", "/", "\\"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), min_size=1, max_size=6).map("".join)
OUTCOMES = st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.INTERNAL])


@st.composite
def reports(draw):
    """A report in which every text is somebody's who means no good."""
    tasks = []
    for number in range(draw(st.integers(1, 3))):
        tests = tuple(
            TestResult(
                f"test_{n}", f"t{number}", 1.0, draw(OUTCOMES), draw(TEXTS), draw(TEXTS), draw(TEXTS), "secret 4711"
            )
            for n in range(draw(st.integers(1, 8)))
        )
        points = draw(st.sampled_from([None, 0.0, 1.5, 3.0]))
        more = {"diagnosis": "known_mistake", "explanation": draw(TEXTS), "example": draw(TEXTS)}
        tasks.append(TaskResult(f"t{number}", draw(TEXTS), points, 3.0, tests, notes=(draw(TEXTS),), **more))
    name, worked_as, problem = draw(TEXTS), draw(TEXTS), draw(st.just("") | TEXTS)
    return Report(name, "unit", tuple(tasks), Level.L3, problem=problem, worked_as=worked_as)


class Whole(HTMLParser):
    """Raises AssertionError at a tag that is not ours, an attribute that acts, or an end that fits no beginning."""

    def __init__(self, page, tags):
        super().__init__()
        self.tags, self.open = tags, []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert tag in self.tags, tag
        given = dict(attributes)
        assert not any(name.startswith("on") or name in ("srcdoc", "formaction", "action") for name in given), given
        assert (given.get("href") or "#").startswith(("#", "class_")), given
        assert (given.get("src") or "data:image/png;base64,").startswith("data:image/png;base64,"), given
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


# Without shrinking: it takes minutes here, and the first page that fails shows enough.
SOME = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)


@SOME
@given(reports(), TEXTS, TEXTS, TEXTS)
def test_a_feedback_page_is_whole_whatever_stands_in_it(report, code, comment, title):
    marks = {report.tasks[0].task: Mark(1.0, 3.0, by_hand=True, comment=comment)}
    others = {title: Mark(None, 2.0, comment=comment)}
    cells = {task.task: code for task in report.tasks}
    facts = {"code": cells, "added": (code,), "marks": marks, "others": others, "cell_begins": (code, comment)}
    page = feedback_page(Feedback(report, title, title, **facts))
    Whole(page, TAGS)
    assert len(page.encode()) <= MAX_BYTES
    assert "4711" not in page
    assert "known_mistake" not in page
    assert not any(mark in page for mark in "\x00\x07\x1b\u202e\u2066")


@pytest.mark.slow
@SOME
@given(st.lists(reports(), min_size=1, max_size=4), TEXTS)
def test_class_pages_are_whole_whatever_stands_in_them(class_of, code):
    facts = unit_facts("unit", code, class_of, gives={"t0": (code,)})
    answers = {(report.student, task.task): code for report in class_of for task in report.tasks}
    for page in (class_page(facts, code=answers), course_page(code, [facts], [code])):
        Whole(page, TAGS | OF_TABLES)
        assert not any(mark in page for mark in "\x00\x07\x1b\u202e\u2066")


def test_a_figure_of_a_hundred_megabytes_is_left_out_and_the_rest_stays():
    huge = base64.b64encode(b"\x89PNG\r\n\x1a\n" + os.urandom(1000) * 100_000).decode()
    tests = (TestResult("t", "t", 1.0, Outcome.WRONG, "Its curve.", "The curve is not there.", picture=huge),)
    page = feedback_page(Feedback(Report("ada", "u", (TaskResult("t", "Plot", 0.0, 3.0, tests),), Level.L3), "C", "U"))
    assert "The curve is not there." in page
    assert len(page.encode()) < MAX_BYTES
