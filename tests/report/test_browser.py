"""Feedback and class pages never run script of a student: shown in a real Chromium, by a page that tries."""

import json
import shutil
from pathlib import Path

import pytest

from grader import build, manifest
from grader.integrations import nbgrader as integration
from grader.report.class_page import write_class_page

pytestmark = pytest.mark.slow
UNIT = "derivative_intuition"
EVIL = """<script>window.pwned = 1</script>
<img src=x onerror="window.pwned = 2">
<svg onload="window.pwned = 3"><script>window.pwned = 4</script></svg>
<style>@import url("http://127.0.0.1:9/x.css"); body { display: none }</style>
<a id="evil" href="javascript:window.pwned = 5">click me</a>
[and me](javascript:window.pwned=6) <iframe srcdoc="<script>parent.pwned = 7</script>"></iframe>
<object data="data:text/html,<script>parent.pwned = 8</script>"></object>
$\\href{javascript:window.pwned=9}{x}$ $\\style{background:url(http://127.0.0.1:9/y)}{x}$
</pre></div></code><script>window.pwned = 10</script>
```
<script>window.pwned = 11</script>
````
<script>window.pwned = 12</script>
"""
CODE = f"""EVIL = {EVIL!r}
# {EVIL.replace(chr(10), " ")}
def slope(f, x):
    raise ValueError(EVIL)
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory, request):
    """The feedback page and the class page of a student who tries everything."""
    folder = tmp_path_factory.mktemp("course")
    course = manifest.load(request.config.rootpath)
    integration.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder)
    integration.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    released = folder / "release" / UNIT / f"{UNIT}.ipynb"
    notebook = json.loads(released.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = CODE
        cell["outputs"] = [{"output_type": "display_data", "data": {"text/html": EVIL}, "metadata": {}}]
    for kind in ("markdown", "code", "raw"):
        notebook["cells"].insert(3, {"cell_type": kind, "source": EVIL, "metadata": {}, "id": f"evil-{kind}"})
    student = "mallory"
    submitted = folder / "submitted" / student / UNIT
    submitted.mkdir(parents=True)
    (submitted / f"{UNIT}.ipynb").write_text(json.dumps(notebook))
    reports = integration.grade_unit(course, UNIT, folder, workers=1)
    integration.run_nbgrader("generate_feedback", [UNIT], where=folder, log=folder / "log")
    write_class_page(reports, folder / "class.html")
    feedback = folder / "feedback" / student / UNIT / f"{UNIT}.html"
    assert "window.pwned" in feedback.read_text()  # it is all there, as text
    return {"feedback": feedback, "class": folder / "class.html"}


def chromium():
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(not chromium(), reason="no Chromium here; on Debian: apt-get install chromium")
@pytest.mark.parametrize("which", ["feedback", "class"])
def test_no_script_of_a_student_runs(pages, which):
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=quiet)
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(Path(pages[which]).as_uri(), wait_until="domcontentloaded")
        page.wait_for_timeout(500)
        for link in page.query_selector_all("a[href^='javascript']"):
            link.dispatch_event("click")
        for frame in page.frames:
            assert frame.evaluate("window.pwned") is None
        assert page.query_selector("#evil, svg script, iframe, object") is None
        assert page.evaluate("getComputedStyle(document.body).display") != "none"
        browser.close()
    assert not [url for url in asked if "127.0.0.1" in url]


def test_the_test_itself_would_see_a_script_that_runs(tmp_path):
    if not chromium():
        pytest.skip("no Chromium here; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    page_file = tmp_path / "evil.html"
    page_file.write_text(EVIL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(page_file.as_uri(), wait_until="domcontentloaded")
        page.wait_for_timeout(300)
        assert page.evaluate("window.pwned") is not None
        browser.close()
