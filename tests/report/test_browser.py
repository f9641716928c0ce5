"""Feedback, formgrader and class pages never run script of a student: shown in a real Chromium, by a page that tries.

MathJax, which formgrader's page loads from a CDN, is here answered from the copy that setup/debian.sh installs: the
same code runs over the same page.
"""

import base64
import importlib.util
import json
import os
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import msgspec
import pytest

from grader.course import build, manifest, notebooks
from grader.nbgrader import apps, class_grading, setup
from grader.report.class_facts import unit_facts
from grader.report.class_page import write_class_page, write_course_page

pytestmark = pytest.mark.slow
UNIT = "u1_derivative_intuition"
MATHJAX = Path("/usr/share/javascript/mathjax")
ELSEWHERE = "http://elsewhere.invalid"


def data(text, kind="text/html"):
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode()}"


def pwn(name):
    return f"top.pwned=[].concat(top.pwned||[],'{name}')"


SVG = f"<svg xmlns='http://www.w3.org/2000/svg' id='s'><script>{pwn('svg in data')}</script></svg>"
# Each of these runs, loads or leads away without a click where a page is careless: the second test shows it.
RUNS = {
    "script": f"<script>{pwn('script')}</script>",
    "module": f"<script type=module>{pwn('module')}</script>",
    "img onerror": f'<img src=x onerror="{pwn("img onerror")}">',
    "svg onload": f'<svg onload="{pwn("svg onload")}"></svg>',
    "svg script": f"<svg><script>{pwn('svg script')}</script></svg>",
    "svg animate": f'<svg><animate onbegin="{pwn("svg animate")}" attributeName=x dur=1s></svg>',
    "details": f'<details open ontoggle="{pwn("details")}">x</details>',
    "focus": f'<input autofocus onfocus="{pwn("focus")}">',
    "video": f'<video><source onerror="{pwn("video")}"></video>',
    "iframe srcdoc": f'<iframe srcdoc="<script>{pwn("iframe srcdoc")}</script>"></iframe>',
    "iframe javascript": f'<iframe src="javascript:{pwn("iframe javascript")}"></iframe>',
    "closes what it is in": f"</pre></div></code></script></style></textarea><script>{pwn('closes what it is in')}</script>",  # noqa: E501
    "loads css": f'<style>@import url("{ELSEWHERE}/loads-css");</style>',
    "links css": f'<link rel=stylesheet href="{ELSEWHERE}/links-css">',
    "loads an image": f'<img src="{ELSEWHERE}/loads-an-image">',
    "style url": f'<p style="background:url({ELSEWHERE}/style-url)">x</p>',
}
# These need a click, an old browser, or MathJax; or they hide or replace the page.
TRIES = {
    "javascript link": f'<a href="javascript:{pwn("javascript link")}">click</a>',
    "data link": f'<a href="{data("<script>1</script>")}">click</a>',
    "svg link": f'<svg><a xlink:href="javascript:{pwn("svg link")}"><text y=9>click</text></a></svg>',
    "svg use": f'<svg><use href="{data(SVG, "image/svg+xml")}#s"/></svg>',
    "object": f'<object data="{data("<script>1</script>")}"></object><embed src="{data(SVG, "image/svg+xml")}">',
    "form": f'<form action="{ELSEWHERE}/form"><button formaction="javascript:{pwn("form")}">click</button></form>',
    "base": f'<base href="{ELSEWHERE}/">',
    "refresh": f'<meta http-equiv=refresh content="0;url={ELSEWHERE}/refresh">',
    "hide": "<style>body { display: none }</style>",
    "markdown link": f"[click](javascript:{pwn('markdown-link')}) ![x](javascript:{pwn('markdown-image')})",
    "markdown autolink": f"<javascript:{pwn('autolink')}> [click][1]\n\n[1]: javascript:{pwn('reference')}",
    "markdown image": f"![x]({data(SVG, 'image/svg+xml')})",
    "fence": f"```\n<script>{pwn('fence')}</script>\n````\n<script>{pwn('fence of four')}</script>\n~~~\n",
    "mathjax href": f"$\\href{{javascript:{pwn('mathjax href')}}}{{click}}$",
    "mathjax require": f"\\[\\require{{action}}\\require{{html}}\\href{{javascript:{pwn('require')}}}{{click}}\\]",
    "mathjax style": f"$$\\style{{background:url({ELSEWHERE}/mathjax-style)}}{{x}}\\cssId{{notebook}}{{x}}\\class{{y}}{{z}}$$",  # noqa: E501
    "mathjax unicode": "\\(\\unicode[url(" + ELSEWHERE + "/unicode)]{x41}\\unicode{x3c}script\\unicode{x3e}\\)",
    "mathjax environment": f"\\begin{{equation}}\\href{{javascript:{pwn('environment')}}}{{click}}\\end{{equation}}",
    "mathjax config": f'<script type="text/x-mathjax-config">{pwn("mathjax config")}</script>',
    "mathjax script": f'<script type="math/tex">\\href{{javascript:{pwn("mathjax script")}}}{{click}}</script>',
    "mathml": f'<math><maction actiontype="statusline#x" xlink:href="javascript:{pwn("mathml")}">click</maction></math>',  # noqa: E501
}
EVIL = "\n".join([*RUNS.values(), *TRIES.values()])
# What an error message holds is cut after a few hundred characters, so each gets a few of them.
SHORT = ["<script>top.pwned=1</script><img src=x onerror=top.pwned=1>", "$\\href{javascript:top.pwned=1}{click}$"]
CODE = f"""EVIL = {EVIL!r}
# {EVIL.replace(chr(10), " ")}
def slope(f, x):
    raise ValueError({SHORT[0]!r})  # {SHORT[0]} {SHORT[1]}
def average_rate(f, a, b):
    raise type({SHORT[0]!r}, (ValueError,), {{}})({SHORT[1]!r})
def power(p, n):
    return EVIL
rate_of_square = EVIL
"""


@pytest.fixture(scope="module")
def course_folder(tmp_path_factory, request):
    """A graded course folder with a student who tries everything, everywhere."""
    folder = tmp_path_factory.mktemp("course")
    course = manifest.load(request.config.rootpath)
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    released = folder / "release" / UNIT / f"{UNIT}.ipynb"
    notebook = json.loads(released.read_text())
    text = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    text["source"] = notebooks.source_of(text) + "\n\nA formula of ours: $x^2$"
    released.write_text(json.dumps(notebook))
    huge = base64.b64encode(os.urandom(6_000_000)).decode()
    mimes = {"text/html": EVIL, "application/javascript": EVIL, "image/svg+xml": SVG}
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = CODE
        cell["outputs"] = [
            {
                "output_type": "display_data",
                "data": mimes | {"text/markdown": EVIL, "text/latex": EVIL},
                "metadata": {},
            },
            {"output_type": "stream", "name": "stdout", "text": EVIL},
            {"output_type": "error", "ename": EVIL, "evalue": EVIL, "traceback": [EVIL]},
        ]
    picture = {"output_type": "display_data", "data": {"image/png": huge}, "metadata": {}}
    notebook["cells"][-1]["outputs"].append(picture)
    for kind in ("markdown", "code", "raw"):
        cell = {"cell_type": kind, "source": EVIL, "metadata": {}, "id": f"evil-{kind}"}
        notebook["cells"].insert(3, cell | {"attachments": {"x": {"text/html": EVIL}}})
    for text in SHORT:  # problems with the cells are shown as well
        raises = {
            "cell_type": "code",
            "source": f"raise ValueError({text!r})",
            "metadata": {},
            "id": secrets.token_hex(4),
        }
        notebook["cells"].insert(3, raises)
    notebook["metadata"]["title"] = EVIL
    submitted = folder / "submitted" / "mallory" / UNIT
    submitted.mkdir(parents=True)
    (submitted / f"{UNIT}.ipynb").write_text(json.dumps(notebook))
    (submitted / "page.html").write_text(EVIL)
    return course, folder


@pytest.fixture(scope="module")
def our_pages(course_folder):
    """Where each of our pages is: the feedback, the class page, the page of the course."""
    course, folder = course_folder
    reports = class_grading.grade_unit(course, UNIT, folder, workers=1)
    apps.run_nbgrader("generate_feedback", [UNIT], where=folder, log=folder / "log")
    feedback = folder / "feedback" / "mallory" / UNIT / f"{UNIT}.html"
    said = [reports[0].problem] + [test.hint for task in reports[0].tasks for test in task.tests]
    assert all(any(text in message for message in said) for text in SHORT)
    assert "top.pwned" in feedback.read_text()  # it is all there, as text
    evil = msgspec.structs.replace(reports[0], student=EVIL, problem=EVIL)
    tasks = tuple(msgspec.structs.replace(task, diagnosis=EVIL, explanation=EVIL) for task in evil.tasks)
    evil = msgspec.structs.replace(evil, tasks=tasks)
    facts = unit_facts(UNIT, EVIL, [*reports, evil], gives={task.task: (EVIL,) for task in tasks})
    answers = {(report.student, task.task): EVIL for report in (*reports, evil) for task in tasks}
    write_class_page(facts, folder / "class.html", code=answers)
    write_course_page(course, [facts], folder / "course.html")
    shown = {"feedback": feedback, "class": folder / "class.html", "course": folder / "course.html"}
    return {name: path.as_uri() for name, path in shown.items()}


@pytest.fixture(scope="module")
def pages(our_pages, course_folder):
    """Our pages and formgrader's, from its real server on this machine."""
    with formgrader(course_folder[1]) as address:
        yield our_pages | {"formgrader": address}


class formgrader:
    """The real server of formgrader on the loopback; gives the address of the submission's page."""

    def __init__(self, folder):
        self.folder, self.token = folder, secrets.token_hex(8)

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        own = {f"JUPYTER_{kind}_DIR": str(self.folder / ".jupyter" / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
        options = {
            "ServerApp.port": port,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.root_dir": self.folder,
            "ServerApp.jpserver_extensions": "nbgrader.server_extensions.formgrader=True",
            "IdentityProvider.token": self.token,
        }
        command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"]
        command += [f"--{name}={value}" for name, value in options.items()]
        env = {**os.environ, **own, "PYTHONWARNINGS": "ignore"}
        with (self.folder / "server.log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=env, stdout=log, stderr=log)
        with sqlite3.connect(self.folder / "gradebook.db") as connection:
            ((number,),) = connection.execute("select id from submitted_notebook").fetchall()
        address = f"http://127.0.0.1:{port}/formgrader/submissions/{number}?token={self.token}"
        ends = time.monotonic() + 240
        while True:
            try:
                with urllib.request.urlopen(address, timeout=60) as page:
                    assert b"Submission" in page.read()
                return address
            except OSError:
                if time.monotonic() > ends or self.process.poll() is not None:
                    self.__exit__()
                    pytest.fail((self.folder / "server.log").read_text()[-3000:])
                time.sleep(0.3)

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait(30)


def chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


needs_chromium = pytest.mark.skipif(not chromium(), reason="no Chromium here; on Debian: apt-get install chromium")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        yield (browser := playwright.chromium.launch(executable_path=chromium(), args=quiet))
        browser.close()


def look(browser, address):
    """Open the page, let MathJax finish, click what can be clicked; the page, and every address it asked for."""
    asked: list[str] = []
    page = browser.new_page()

    def answer(route):
        url = route.request.url
        asked.append(url)
        name = url.partition("/mathjax/2.7.7/")[2].partition("?")[0]
        if name == "latest.js":  # it loads the file that knows by its name where the others are
            real = url.replace("latest.js", "MathJax.js")
            loads = f"document.head.appendChild(document.createElement('script')).src = {real!r}"
            route.fulfill(body=loads, content_type="text/javascript")
        elif name and (MATHJAX / name).is_file():
            route.fulfill(path=MATHJAX / name)
        elif url.startswith(("file:", "data:", "http://127.0.0.1:")):
            route.continue_()
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_timeout(500)
    if "latest.js" in page.content() and MATHJAX.is_dir():
        page.wait_for_function("window.MathJax && MathJax.isReady")
        page.evaluate("() => new Promise(done => MathJax.Hub.Queue(() => done(1)))")
    for link in page.query_selector_all("a, button"):
        where = (link.get_attribute("href") or link.get_attribute("xlink:href") or "").strip().lower()
        if where.startswith(("javascript", "data")) or "click" in (link.text_content() or ""):
            link.dispatch_event("click")
    page.wait_for_timeout(200)
    return page, asked


@needs_chromium
@pytest.mark.parametrize("which", ["feedback", "class", "formgrader"])
def test_no_script_of_a_student_runs(pages, browser, which):
    page, asked = look(browser, pages[which])
    assert page.url.partition("?")[0].rstrip("/") == pages[which].partition("?")[0]
    assert [frame.evaluate("window.pwned") for frame in page.frames] == [None]
    found = (
        "svg script, svg animate, iframe, object, embed, form[action*=invalid], [onerror], [onload], [ontoggle], base"
    )
    assert page.query_selector(found) is None
    bad = (
        "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /pwned|elsewhere/.test(a.value)))"
    )
    assert page.evaluate(f"{bad}.map(e => e.outerHTML.slice(0, 200))") == []
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
    assert not [url for url in asked if ELSEWHERE in url]
    if which != "formgrader":
        assert len(asked) == 1, "our pages ask for nothing but themselves"
    assert len(page.content()) < 8_000_000
    page.close()


FAINT = """() => {
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const paper = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = parts(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const faint = [];
  let seen = 0;
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.getClientRects().length || element.tagName === "SCRIPT") continue;
    const style = getComputedStyle(element);
    const [ink, back] = [parts(element.closest("svg") ? style.fill : style.color), paper(element)].map(light);
    seen += 1;
    const contrast = (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${element.outerHTML.slice(0, 80)}`);
  }
  return [seen, faint];
}"""


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", ["feedback", "class"])
def test_a_phone_shows_it_all_in_readable_colours(our_pages, browser, which, scheme):
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(our_pages[which])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    seen, faint = page.evaluate(FAINT)
    assert seen > 50
    assert faint == []  # WCAG 2, level AA
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), "the page itself scrolls sideways"
    if scheme == "dark":  # on paper: nothing is left out, and the paper is white
        page.emulate_media(media="print", color_scheme=scheme)
        page.set_viewport_size({"width": 720, "height": 1000})
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), "a printed page is cut off"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not said
    page.close()


def serious(page):
    """What axe-core finds on an open page that is moderate, serious or critical."""
    axe = Path(importlib.util.find_spec("axe_playwright_python").origin).with_name("axe.min.js")
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({ preload: false })")["violations"]  # without: it would fetch our style sheets again
    grave = ("moderate", "serious", "critical")
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found if fault["impact"] in grave]


needs_axe = pytest.mark.skipif(
    not importlib.util.find_spec("axe_playwright_python"), reason="no axe-core here: pip install axe-playwright-python"
)


@needs_chromium
@needs_axe
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_serious(our_pages, browser, width, scheme):
    for which in ("feedback", "class", "course"):
        page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
        page.goto(our_pages[which])
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert serious(page) == [], which
        page.close()


@needs_chromium
def test_the_students_of_a_class_are_sorted_and_filtered(our_pages, browser):
    page = browser.new_page()
    page.goto(our_pages["class"])
    rows = "[...document.querySelectorAll('#students tbody tr')].filter((row) => !row.hidden)"
    names = f"{rows}.map((row) => row.cells[0].textContent.slice(0, 7))"
    assert len(page.evaluate(names)) == 2
    page.get_by_placeholder("a name, a problem").fill("MALL")
    assert "mallory" in page.evaluate(names)
    page.get_by_placeholder("a name, a problem").fill("nobody of this name")
    assert page.evaluate(names) == []
    page.get_by_placeholder("a name, a problem").fill("")
    head = page.locator("#students thead button").first
    head.click()
    first = page.evaluate(names)
    head.click()
    assert page.evaluate(names) == first[::-1]
    assert page.locator("#students th").first.get_attribute("aria-sort") == "descending"
    page.close()


@needs_chromium
@pytest.mark.skipif(not MATHJAX.is_dir(), reason="no MathJax here; on Debian: apt-get install libjs-mathjax")
def test_mathjax_sets_our_formulas_and_nothing_of_a_student(pages, browser, course_folder):
    page, asked = look(browser, pages["formgrader"])
    assert any("Safe" in url for url in asked if "mathjax" in url.lower())
    formulas = page.evaluate("MathJax.Hub.getAllJax().map(one => one.originalText)")
    _, folder = course_folder
    cells = json.loads((folder / "release" / UNIT / f"{UNIT}.ipynb").read_text())["cells"]
    ours = "\n".join(notebooks.source_of(cell) for cell in cells if cell["cell_type"] == "markdown")
    assert "x^2" in formulas
    assert [formula for formula in formulas if formula not in ours] == []
    page.close()


@needs_chromium
@pytest.mark.parametrize("name", RUNS)
def test_each_of_them_works_where_a_page_is_careless(browser, tmp_path, name):
    (tmp_path / "page.html").write_text("<!doctype html><body>" + RUNS[name])
    page, asked = look(browser, (tmp_path / "page.html").as_uri())
    assert page.evaluate("window.pwned") == [name] or f"{ELSEWHERE}/{name.replace(' ', '-')}" in asked
    page.close()


@needs_chromium
@pytest.mark.skipif(not MATHJAX.is_dir(), reason="no MathJax here; on Debian: apt-get install libjs-mathjax")
def test_mathjax_works_where_a_page_is_careless(browser, tmp_path):
    """Without its Safe extension a student's formula holds script: this is what the pages must not let through."""
    script = '<script src="https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/latest.js?config=TeX-AMS_CHTML-full"></script>'
    text = f"<p>\\(\\href{{javascript:{pwn('mathjax')}}}{{click}}\\)</p>"
    (tmp_path / "page.html").write_text(f"<!doctype html>{script}<body>{text}")
    page, _ = look(browser, (tmp_path / "page.html").as_uri())
    assert page.evaluate("window.pwned") == ["mathjax"]
    page.close()


def test_nbgrader_autograde_leaves_no_page_of_a_student_for_formgrader_to_serve(course_folder, tmp_path):
    course, folder = course_folder
    other = tmp_path / "course"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("autograded", ".jupyter"))
    setup.init_course_folder(course, other)
    apps.run_nbgrader("autograde", [UNIT], where=other, log=other / "log")
    left = {path.name for path in (other / "autograded" / "mallory" / UNIT).iterdir()}
    assert {f"{UNIT}.ipynb", "timestamp.txt", "submission_secret.txt"} <= left
    assert "page.html" not in left
