"""The documentation as a site: it builds without a warning, leads nowhere wrong, fetches nothing, tells no secret."""

import ast
import html.parser
import json
import re
import subprocess
import sys
from urllib.parse import unquote, urldefrag

import pytest

from tests.report.test_browser import FAINT, browser, needs_axe, needs_chromium, serious  # noqa: F401 - `browser` is a fixture

pytestmark = pytest.mark.slow
UNIT = "u1_derivative_intuition"  # the unit whose notebook is run for its pictures
LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("object", "data")}


ELSEWHERE = r"https://(www\.sphinx-doc\.org|pradyunsg\.me|\w+\.dask\.org|github\.com/pradyunsg/furo)"


class Page(html.parser.HTMLParser):
    """The ids, links and loaded files of a page, and its text."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads, self.text = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids |= {given[key] for key in ("id", "name") if given.get(key)}
        if tag == "a" and given.get("href") is not None:
            self.links.append(given["href"])
        self.loads += [
            given[key] for kind, key in LOADS if kind == tag and given.get(key) and given.get("rel") != "canonical"
        ]

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory, request):
    """The folder of the site, as `make docs` builds it, with the pictures of one notebook."""
    pytest.importorskip("sphinx", reason="no Sphinx here: pip install --no-deps --require-hashes -r requirements.lock")
    folder = tmp_path_factory.mktemp("docs") / "site"
    build = request.config.rootpath / "docs" / "site" / "build.py"
    done = subprocess.run([sys.executable, build, folder, "--only", UNIT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return folder


@pytest.fixture(scope="module")
def pages(site):
    """Every page by its path below the site."""
    found = {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    return {name: Page(text) for name, text in found.items()}


def test_every_link_leads_to_a_page_and_a_place_that_is_there(site, pages):
    wrong, seen = [], 0
    for name, page in pages.items():
        for link in page.links:
            if link.startswith(("http://", "https://")):
                assert re.match(ELSEWHERE, link), link
                continue
            path, place = urldefrag(link)
            target = (site / name).parent.joinpath(unquote(path)).resolve() if path else site / name
            shown = target.relative_to(site.resolve()).as_posix() if path else name
            seen += 1
            if not target.is_file() or (place and shown in pages and unquote(place) not in pages[shown].ids):
                wrong.append(f"{name}: {link}")
    assert wrong == []
    assert seen > 2000


def test_nothing_is_fetched_from_elsewhere_and_everything_that_is_loaded_is_there(site, pages):
    for name, page in pages.items():
        for loaded in page.loads:
            assert not re.match(r"(\w+:)?//", loaded), f"{name} loads {loaded}"
            if not loaded.startswith(("data:", "#")):
                assert ((site / name).parent / urldefrag(loaded)[0].partition("?")[0]).is_file(), f"{name}: {loaded}"
    for path in site.rglob("*.css"):
        assert re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")) == [], path


def test_every_page_is_in_the_search_index(site, pages):
    index = json.loads(re.search(r"Search\.setIndex\((.*)\)", (site / "searchindex.js").read_text(), re.DOTALL)[1])
    found = {f"{name}.html" for name in index["docnames"]}
    assert found == set(pages) - {"genindex.html", "search.html"}
    assert {"comparison.html", "reference/cli.html", f"course/{UNIT}.html", "project/changelog.html"} <= found


def test_the_map_leads_to_every_task_and_the_syllabus_too(site, pages, course):
    for unit in course.units:
        for task in (taught for taught in unit.tasks if not taught.proves):  # a placement test teaches nothing
            place = f"{unit.id}-{task.id}".replace("_", "-")
            assert f"course/{unit.id}.html#{place}" in pages["map.html"].links
            assert f"{unit.id}.html#{place}" in pages["course/syllabus.html"].links


def test_captions_have_a_level_and_code_that_scrolls_can_be_reached(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert text.count('role="heading"') == text.count('role="heading" aria-level="2"'), path
        assert "<pre>" not in text, path
    assert 'role="group"' in (site / "map.html").read_text(encoding="utf-8")  # links within an image are not read


def test_a_notebook_is_a_page_with_its_pictures(site):
    text = (site / "course" / f"{UNIT}.html").read_text(encoding="utf-8")
    assert len(re.findall(r'<img [^>]*alt="[^"]{20,}"', text)) > 8
    assert text.count("<math") > 40
    assert "Traceback" not in text


def test_no_page_tells_a_line_of_a_right_answer(pages, course, root):
    """Every statement of a reference that is not in what students get anyway."""
    everything = "\n".join("".join(page.text) for page in pages.values())
    squeezed = re.sub(r"\s+", "", everything)
    given = "".join(path.read_text(encoding="utf-8") for path in (root / "exercises").rglob("*.py"))
    given = re.sub(r"\s+", "", given)
    checked, told = 0, []
    for unit in course.units:
        for node in ast.walk(ast.parse(unit.reference.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.For):
                line = re.sub(r"\s+", "", ast.unparse(node))
                if len(line) > 25 and line not in given:
                    checked += 1
                    told += [f"{unit.id}: {ast.unparse(node)}"] if line in squeezed else []
    assert checked > 100
    assert told == []


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_it_all_and_finds_it_without_a_server(site, browser, scheme):  # noqa: F811
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in ("index", "comparison", f"course/{UNIT}", "reference/cli", "map"):
        page.goto((site / f"{name}.html").as_uri())
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), f"{name} scrolls sideways"
        page.evaluate("document.querySelectorAll('.map svg').forEach((one) => one.remove())")  # has its own test
        seen, faint = page.evaluate(FAINT)
        assert seen > 50, name
        assert faint == [], name
    page.goto((site / "search.html").as_uri() + "?q=quarantine")
    page.wait_for_selector("#search-results a")
    found = page.locator("#search-results ul.search a").all_inner_texts()
    assert any("keeps a grade honest" in title for title in found), found
    assert said == []
    page.close()


@needs_chromium
@needs_axe
def test_axe_finds_nothing_serious_on_the_site(site, browser):  # noqa: F811
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    for name in ("index", "map", f"course/{UNIT}", "reference/cli", "comparison"):
        page.goto((site / f"{name}.html").as_uri())
        assert serious(page) == [], name
    page.close()
