"""Cells for the students' own use have no nbgrader metadata, so nothing locks or empties them; folded cells hide."""

from types import SimpleNamespace

import pytest

from grader.course.assembly import notebooks_of
from grader.course.matching import code_cells
from grader.course.notebooks import read_percent, source_of

OWN = '# %% own="recall"\nrecall(1, "")\n\n# %% folded="numbers"\nNUMBERS = [1]\n\n# %%\nprint("given")\n'


@pytest.fixture
def released(tmp_path):
    stub = tmp_path / "own.py"
    stub.write_text(OWN)
    unit = SimpleNamespace(stubs=(stub,), more_notebooks=(), tasks=(), packages=(), due=None)
    (notebook,) = notebooks_of(unit)
    return read_percent(OWN), notebook


def test_an_own_cell_is_plain_and_a_folded_one_hides_its_source(released):
    cells, notebook = released
    assert [(cell.own, cell.folded) for cell in cells] == [(True, False), (False, True), (False, False)]
    own, folded, given = (cell["metadata"] for cell in notebook["cells"])
    assert own == {}
    assert folded["jupyter"] == {"source_hidden": True}
    assert folded["nbgrader"]["locked"]
    assert "jupyter" not in given


def test_what_a_student_wrote_above_everything_runs_once_although_own_cells_have_no_id(released):
    _, notebook = released
    added = {"cell_type": "code", "metadata": {}, "source": "mine = 1", "id": "new"}
    handed_in = {**notebook, "cells": [added, *notebook["cells"]]}
    sources = [source_of({"source": cell.source}) for cell in code_cells(notebook, handed_in)]
    assert sources.count("mine = 1") == 1
    assert sources.count('recall(1, "")') == 1
