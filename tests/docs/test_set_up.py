"""What set_up.md tells students works: a zip of the release, in a kernel that knows nothing of this repository."""

import os
import re
import shutil
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient

from grader.course import build, manifest, starter
from grader.nbgrader import apps, setup

pytestmark = pytest.mark.slow
UNIT = starter.FIRST_UNIT  # the page says u1_derivative_intuition; any unit will do, and this one is quick


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    """The zip that the page tells teachers to make."""
    folder = tmp_path_factory.mktemp("course")
    starter.write_course(folder)
    course = manifest.load(folder)
    setup.init_course_folder(course, folder)
    build.build_unit(course, UNIT, folder, rehearsed=True)
    apps.run_nbgrader("generate_assignment", [UNIT], where=folder, log=folder / "log")
    return shutil.make_archive(str(folder / UNIT), "zip", folder / "release", UNIT)


def code(page, containing):
    """The block of Python on the page that has this text."""
    (found,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if containing in block]
    return found.replace("u1_derivative_intuition", UNIT)


def run(notebook, where):
    """Run a notebook as a student's Jupyter does; the text that its cells print."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "JUPYTERHUB_USER")}
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(where)}}).execute(env=kept)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)


def test_the_notebook_of_the_zip_runs_wherever_it_is_opened(zipped, tmp_path, root):
    """It is opened beside the zip, as in Colab; from the page's `%cd` on, it is in the unit's folder."""
    page = (root / "docs" / "set_up.md").read_text(encoding="utf-8")
    shutil.copy(zipped, tmp_path)
    with zipfile.ZipFile(zipped) as file:
        notebook = nbformat.reads(file.read(f"{UNIT}/{UNIT}.ipynb").decode(), as_version=4)
    first = [code(page, words) for words in ("%cd", "JUPYTERHUB_USER")]
    last = "import kit; kit.greet()"
    cells = [nbformat.v4.new_code_cell(text) for text in (*first, last)]
    notebook.cells = [*cells[:2], *notebook.cells, cells[2]]
    said = run(notebook, tmp_path)
    assert "Hello your name in the course." in said
    assert "✗ mean: Next: the mean of 2 and 4 is 3" in said  # what its check says
    assert "<Figure" in said
    assert (tmp_path / UNIT / "kit").is_dir()
