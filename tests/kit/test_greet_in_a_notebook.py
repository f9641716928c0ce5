"""The name under which a notebook was run stands in it, and feedback reads it from there."""

from pathlib import Path

import kit
import nbformat
import pytest
from nbclient import NotebookClient

from grader.grading.names import worked_as

pytestmark = pytest.mark.slow


def test_the_name_is_stored_by_a_real_kernel(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTERHUB_USER", "zoë o'hara")
    (tmp_path / "kit").symlink_to(Path(kit.__file__).parent)  # released beside the notebook
    cells = [nbformat.v4.new_code_cell("from kit import greet\ngreet()")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    saved = nbformat.writes(notebook)
    assert worked_as(nbformat.reads(saved, as_version=4)) == "zoë o'hara"
    (output,) = notebook.cells[0].outputs
    assert output.data["text/plain"].startswith("Hello zoë o'hara.")


ODD = {
    "no outputs": {},
    "outputs of another kind": {"outputs": "x"},
    "an output that is not a dict": {"outputs": [1, None]},
    "metadata that is a list": {"outputs": [{"metadata": []}]},
    "a name that is a number": {"outputs": [{"metadata": {"just-enough-calculus": {"name": 3}}}]},
    "a name of spaces": {"outputs": [{"metadata": {"just-enough-calculus": {"name": "  "}}}]},
}


@pytest.mark.parametrize("cell", [*ODD.values(), None, 3], ids=[*ODD, "no cell", "a number"])
def test_odd_outputs_say_no_name(cell):
    assert worked_as({"cells": [cell]}) == ""


def test_a_name_cannot_steer_a_terminal():
    evil = {"outputs": [{"metadata": {"just-enough-calculus": {"name": "a\x1b[31m\nb" + "x" * 1000}}}]}
    assert "\x1b" not in (said := worked_as({"cells": [evil]}))
    assert "\n" not in said
    assert len(said) <= 60
