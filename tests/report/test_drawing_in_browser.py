"""A digit drawn with the mouse in JupyterLab: what is clicked is the text beside the grid, and what Python reads."""

import json
import shutil

import pytest

from tests.report.jupyter_lab import Lab, watched
from tests.report.test_browser import browser, needs_chromium  # noqa: F401 - `browser` is a fixture
from tests.report.test_student_in_browser import PATIENCE, Student

pytestmark = [pytest.mark.slow, needs_chromium]

CELLS = [
    "from kit import pictures",
    "pictures.drawing_grid()",
    "my_drawing = (\n    ...\n)",
    'print([[{".": 0, "+": 0.5, "#": 1}[mark] for mark in line] for line in my_drawing.split()])',
]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
CLICKS = {(0, 3): 1, (1, 3): 1, (1, 4): 2, (7, 7): 1, (4, 4): 3}  # (line, place) from 0: how often
LINES = ["...#....", "...#+...", *["........"] * 5, ".......#"]


@pytest.fixture
def home(tmp_path, request):
    """A folder with the kit and a notebook of four cells."""
    shutil.copytree(request.config.rootpath / "exercises" / "kit", tmp_path / "kit")
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for n, source in enumerate(CELLS)
    ]
    notebook = {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "draw.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return tmp_path


def open_cell(page, at):
    """Make a cell active, in command mode."""
    page.locator(".jp-Notebook-cell .jp-InputPrompt").nth(at).click()


def test_what_is_drawn_with_the_mouse_is_what_python_sees(home, browser):  # noqa: F811 - the fixture imported above
    with Lab(home) as lab:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE)
        said = watched(page)
        student = Student(page)
        page.goto(lab.page("doc/tree/draw.ipynb"))
        page.locator(".jp-NotebookPanel-toolbar [data-status=idle]").wait_for()
        open_cell(page, 0)
        student.press("Shift+Enter")
        student.wait_until_run(page.locator(".jp-Notebook-cell").first.element_handle())
        open_cell(page, 1)
        student.run()
        buttons, text = page.locator(".jupyter-widgets button"), page.locator(".jupyter-widgets textarea")
        assert buttons.count() == 64
        for (line, place), clicks in CLICKS.items():
            for _ in range(clicks):
                buttons.nth(8 * line + place).click()
        drawn = "wanted => document.querySelector('.jupyter-widgets textarea').value === wanted"
        page.wait_for_function(drawn, arg="\n".join(LINES))
        text.click()
        student.press("Control+a", "Control+c")  # as the learner is told to
        open_cell(page, 2)
        student.press("Enter", "Control+a")
        student.type('my_drawing = """\n')
        student.press("Control+v")
        student.type('\n"""')
        student.press("Shift+Enter")
        open_cell(page, 3)
        seen, _ = student.run()
        assert json.loads(seen) == [[{".": 0, "+": 0.5, "#": 1}[mark] for mark in line] for line in LINES]
        assert said == []
        page.close()
