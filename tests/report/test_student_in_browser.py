"""A student's way from the list of assignments to the feedback: JupyterLab with nbgrader's extensions, in Chromium."""

import json
import re
import time

import pytest
from playwright.sync_api import TimeoutError

from grader.course import build, manifest, notebooks
from grader.nbgrader import apps, class_grading, setup
from tests.report.jupyter_lab import Lab, picture, watched
from tests.report.test_browser import browser, needs_chromium  # noqa: F401 - `browser` is a fixture

pytestmark = [pytest.mark.slow, needs_chromium]
UNIT = "u1_derivative_intuition"
TASK = "average_rate"
STUDENT = "agnesi"  # who has the same numbers in TASK as the reference
PATIENCE = 60_000  # milliseconds, for one thing to appear on a busy machine


@pytest.fixture(scope="module")
def released(tmp_path_factory, request):
    """A course folder with one unit in its exchange, and the home of a student with the file that set_up.md shows."""
    place = tmp_path_factory.mktemp("class")
    folder, exchange, home = place / "course", place / "exchange", place / "home"
    for path in (folder, exchange, home):
        path.mkdir()
    exchange.chmod(0o777)
    course = manifest.load(request.config.rootpath)
    setup.init_course_folder(course, folder, exchange=exchange)
    build.build_unit(course, UNIT, folder, rehearsed=True)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    apps.run_nbgrader("release_assignment", [UNIT], where=folder, log=folder / "log")
    page = (request.config.rootpath / "docs" / "set_up.md").read_text(encoding="utf-8")
    (config,) = re.findall(r":caption: nbgrader_config.py\n\n(.*?)```", page, re.DOTALL)
    assert "/srv/exchange" in config
    config = config.replace("/srv/exchange", str(exchange))
    cache = f"c.Exchange.cache = {str(place / 'cache')!r}\n"  # not the cache of whoever runs the tests
    (home / "nbgrader_config.py").write_text(config + cache)
    return course, folder, home


def right_answer(folder, task):
    """The reference's answer, as a student would type it."""
    cells = json.loads((folder / "source" / UNIT / f"{UNIT}.ipynb").read_text())["cells"]
    (source,) = [notebooks.source_of(cell) for cell in cells if notebooks.grade_id(cell) == task]
    return "\n".join(line for line in source.splitlines() if "### " not in line)


class Student:
    """What a student does in the browser."""

    def __init__(self, page):
        self.page = page

    def assignments(self):
        """Open the list of assignments from the menu."""
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.get_by_role("menuitem", name="Assignment List").click()

    def row(self, which, text=UNIT):
        return self.page.locator(f"#{which}_assignments_list .list_item", has_text=text).first

    @property
    def cell(self):
        """The active cell."""
        return self.page.locator(".jp-Notebook-cell.jp-mod-active")

    def run_until(self, text):
        """Run cells, one after another, until the one that has the text is active."""
        for _ in range(60):
            cell = self.cell
            if text in cell.inner_text():
                return
            ran = cell.element_handle()
            self.page.keyboard.press("Shift+Enter")
            if "jp-CodeCell" in ran.get_attribute("class"):
                self.wait_until_run(ran)
            self.page.wait_for_timeout(100)
        pytest.fail(f"no cell with {text!r}")

    def wait_until_run(self, cell):
        """Wait until the cell has run; again, if JupyterLab dropped it, as it does while the kernel starts."""
        done = "cell => /\\d/.test(cell.querySelector('.jp-InputPrompt').innerText)"
        for _ in range(6):
            try:
                return self.page.wait_for_function(done, arg=cell, timeout=PATIENCE / 6)
            except TimeoutError:
                cell.query_selector(".jp-InputPrompt").click()
                self.page.keyboard.press("Shift+Enter")
        return pytest.fail("the cell does not run")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.insert_text(text)

    def run(self):
        """Run the active cell; its output as text, and the milliseconds until it was there."""
        cell = self.cell.element_handle()
        before = cell.query_selector(".jp-InputPrompt").inner_text()
        started = time.perf_counter()
        self.page.keyboard.press("Shift+Enter")
        done = """([cell, before]) => {
            const prompt = cell.querySelector('.jp-InputPrompt').innerText;
            return prompt !== before && /\\d/.test(prompt) && cell.querySelector('.jp-OutputArea-output');
        }"""
        self.page.wait_for_function(done, arg=[cell, before], timeout=PATIENCE)
        taken = 1000 * (time.perf_counter() - started)
        return cell.query_selector(".jp-OutputArea").inner_text(), taken


def test_a_student_goes_from_the_list_to_the_feedback(released, browser):  # noqa: F811
    course, folder, home = released
    with Lab(home, account=STUDENT, JUPYTERHUB_USER=STUDENT) as lab:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE)
        said = watched(page)
        student = Student(page)
        page.goto(lab.page("lab"))
        student.assignments()
        student.row("released").get_by_role("button", name="Fetch").click()
        student.row("fetched").wait_for()
        assert (home / UNIT / f"{UNIT}.ipynb").is_file()
        student.row("fetched").locator(".assignment-notebooks-link").click()
        student.row("fetched").locator(".nested_list_item a", has_text=UNIT).click()
        page.locator(".jp-NotebookPanel-toolbar [data-status=idle]").wait_for()  # JupyterLab drops what is run earlier
        page.locator(".jp-Notebook-cell").first.click()
        works_on_a_task(student, folder)
        plays_with_the_slider(student)
        picture(page, "notebook", 860)
        validates(student, len(course.unit(UNIT).tasks))
        page.get_by_role("tab", name="Assignments").click()
        student.row("fetched").get_by_role("button", name="Submit").click()
        student.row("submitted").wait_for()
        picture(page, "assignments", 420)
        gives_feedback(course, folder)
        student.row("submitted").get_by_role("button", name="Fetch Feedback").click()
        page.get_by_text("(view feedback)").last.click()
        page.locator(".jp-DirListing-item", has_text=f"{UNIT}.html").dblclick()
        feedback = page.frame_locator(".jp-HTMLViewer iframe")
        feedback.get_by_text("Average rate").first.wait_for()
        told = feedback.locator("body").inner_text()
        assert "of 30" in told
        assert f"made from the name {STUDENT}." in told
        assert "was run under the name" not in told
        picture(page, "feedback_in_jupyterlab", 860)
        moves_the_sliders_of_the_units_on_demand(student, lab, home / UNIT)
        assert said == []
        page.close()


def works_on_a_task(student, folder):
    """The check fails on the stub, a hint helps, and the check succeeds on the right answer."""
    student.run_until(f'check("{TASK}")')
    output, first = student.run()
    assert "`...`" in output
    student.press("a", "Enter")
    student.type(f'hint("{TASK}")')
    output, _ = student.run()
    assert len(output) > 20
    student.press("k", "k", "k", "Enter", "Control+a")
    student.type(right_answer(folder, TASK))
    student.press("Shift+Enter")
    output, second = student.run()
    assert output.startswith("✓"), output
    print(
        f"from Shift+Enter to the verdict: {first:.0f} ms on the stub (the first check), {second:.0f} ms on the answer"
    )


def plays_with_the_slider(student):
    """Its figure changes when it moves."""
    page = student.page
    student.run_until("chord_slider")
    student.press("Shift+Enter")
    slider = page.locator(".jupyter-widgets [role=slider], .jupyter-widgets .noUi-handle").first
    figure = page.locator(".jupyter-widgets .jp-OutputArea img").first
    before = figure.get_attribute("src")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('.jupyter-widgets .jp-OutputArea img')?.src !== before", arg=before
    )


# A slider of each unit on demand, with right answers: its name, and the cell that makes it.
SLIDERS = {
    "sigma": "pictures.bells(3.0, [0.5, 1.0, 2.0], [2.2, 3.1, 4.4])",
    "middle": "pictures.who_complains()",  # both directions of KL
    "gamma": """\
def kernel(X, Y, gamma):
    return np.exp(-gamma * ((X[:, None] - Y) ** 2).sum(axis=2))
def fit(K, y, C, steps):
    return np.ones(len(y))
def decision(alpha, y, X, gamma, new):
    return kernel(new, X, gamma) @ (alpha * y)
pictures.borders(fit, decision, kernel, *rings(12, np.random.default_rng(3)), [0.1, 0.3, 1, 3])""",
    "r": """\
def best_rank(D, r):
    U, values, V = np.linalg.svd(D, full_matrices=False)
    return U[:, :r] * values[:r], V[:r]
pictures.word_of_rank(best_rank, lambda D: np.arange(8.0)[::-1])""",
    "tau": """\
def soft(logits, tau, g):
    raised = np.exp((logits + g) / tau)
    return raised / raised.sum(axis=1, keepdims=True)
pictures.temperatures(soft, [1, 3, 10])""",
    "k": "pictures.soft_steps(lambda x, k: [(s := 1 / (1 + np.exp(-k * x))), k * s * (1 - s)], [1, 5, 20])",
}


def moves_the_sliders_of_the_units_on_demand(student, lab, folder):
    """In one small notebook beside the kit: each figure changes when its slider moves, and still says what it shows."""
    page = student.page
    sources = ["import numpy as np\nfrom kit import pictures\nfrom kit.data import rings", *SLIDERS.values()]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for n, source in enumerate(sources)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / "sliders.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    page.goto(lab.page(f"doc/tree/{UNIT}/sliders.ipynb"))
    page.locator(".jp-NotebookPanel-toolbar [data-status=idle]").wait_for()
    page.locator(".jp-Notebook-cell .jp-InputPrompt").first.click()
    ran = student.cell.element_handle()
    page.keyboard.press("Shift+Enter")
    student.wait_until_run(ran)
    for place, name in enumerate(SLIDERS, start=1):
        page.locator(".jp-Notebook-cell .jp-InputPrompt").nth(place).click()  # a slider activates its own cell
        cell = student.cell.element_handle()
        student.run()
        cell.wait_for_selector(f".widget-label:has-text('{name}')")
        figure = cell.wait_for_selector(".jupyter-widgets .jp-OutputArea img")
        before, told = figure.get_attribute("src"), figure.get_attribute("alt")
        cell.wait_for_selector("[role=slider], .noUi-handle").focus()
        page.keyboard.press("ArrowRight")
        moved = "([cell, before]) => cell.querySelector('.jupyter-widgets .jp-OutputArea img')?.src !== before"
        page.wait_for_function(moved, arg=[cell, before])
        figure = cell.wait_for_selector(".jupyter-widgets .jp-OutputArea img")
        assert figure.get_attribute("alt").partition(".")[0] == told.partition(".")[0]


def validates(student, tasks):
    """Validate names what is not done: all tasks but one."""
    page = student.page
    page.get_by_role("button", name="Validate").first.click()
    dialog = page.locator(".jp-Dialog", has_text="Validation Results")
    dialog.wait_for()
    said = dialog.inner_text()
    assert said.count("The following cell failed:") == tasks - 1, said
    assert f'check("{TASK}")' not in said
    dialog.get_by_role("button", name="Ok").click()


def gives_feedback(course, folder):
    """What the teacher does, on the command line."""
    apps.collect_unit(UNIT, folder, any_owner=True)  # the file belongs to whoever runs the tests
    class_grading.grade_unit(course, UNIT, folder, workers=1)
    for command in ("generate_feedback", "release_feedback"):
        apps.run_nbgrader(command, [UNIT], where=folder, log=folder / "log")
