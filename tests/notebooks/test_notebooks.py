"""A submission's notebook is only a source of code cells; a damaged one gets one clear sentence."""

import json
import os

import pytest

from grader.course import matching, notebooks


def code(source, **nbgrader):
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [{"x": 1}], "execution_count": 3}


RELEASE = {
    "cells": [
        code("import math", grade_id="head", locked=True, solution=False, grade=False),
        code("def f(x):\n    ...", grade_id="f", solution=True, grade=False),
        code('check("f")', grade_id="test_f", solution=False, grade=True, points=2),
    ]
}
ANSWER = code("def f(x):\n    return x", grade_id="f", solution=True)


def sources(*cells):
    return [(cell.source, cell.origin) for cell in matching.code_cells(RELEASE, {"cells": list(cells)})]


HEAD, DONE = ("import math", "release"), ("def f(x):\n    return x", "answer")


def test_the_answer_is_taken_and_test_cells_are_not_run():
    assert sources(*RELEASE["cells"][:1], ANSWER, RELEASE["cells"][2]) == [HEAD, DONE]


def test_locked_cells_come_from_the_release():
    assert sources(code("import cheat", grade_id="head"), ANSWER) == [HEAD, DONE]


def test_deleted_cells_are_restored():
    assert sources(ANSWER) == [HEAD, DONE]


def test_a_cell_that_the_student_added_runs_in_its_place():
    helper = code("def helper(): pass")
    assert sources(RELEASE["cells"][0], helper, ANSWER) == [HEAD, ("def helper(): pass", "added"), DONE]


@pytest.mark.parametrize("first", [True, False])
def test_of_duplicates_the_one_that_is_no_stub_counts(first):
    pair = [RELEASE["cells"][1], ANSWER]
    assert sources(*(pair if first else pair[::-1])) == [HEAD, DONE]


def test_marking_a_test_cell_as_an_answer_changes_nothing():
    assert sources(ANSWER, code("cheat()", grade_id="test_f", solution=True, grade=False, points=1000)) == [HEAD, DONE]


def test_odd_cells_and_metadata_steer_nothing():
    odd = [None, 3, {}, {"cell_type": "code"}, {"cell_type": "code", "source": [1, "x = 1"], "metadata": None}]
    assert sources(*odd, ANSWER) == [("x = 1", "added"), HEAD, DONE]


def test_markdown_that_a_student_added_is_shown_as_text():
    evil = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "```\n<script>alert(1)</script> [x](javascript:alert(1))",
    }
    cells = matching.canonical_notebook(RELEASE, {"cells": [ANSWER, evil]})["cells"]
    added = next(cell for cell in cells if cell["cell_type"] == "markdown")
    assert added["source"].startswith("````text\n")
    assert added["source"].endswith("\n````")


def test_outputs_of_the_student_are_dropped():
    canonical = matching.canonical_notebook(RELEASE, {"cells": [ANSWER]})
    assert all(cell["outputs"] == [] for cell in canonical["cells"])


WHOLE = json.dumps(RELEASE, indent=1).encode()
CONFLICT = WHOLE.replace(b"\n", b"\n<<<<<<< mine\n=======\n>>>>>>> theirs\n", 1)
BAD = {  # what lies in the file, and what the student is told
    "not JSON": (b"my homework", "its text is damaged in line 1"),
    "damaged": (WHOLE.replace(b"{", b"{,", 2), "its text is damaged in line 1"),
    "breaks off": (WHOLE[:-40], "it breaks off, as if saving it had been interrupted"),
    "breaks off in a text": (WHOLE[: WHOLE.index(b'"cell_type"') + 5], "it breaks off"),
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\n", "is empty"),
    "zeros": (bytes(4096), "is empty"),
    "a merge conflict": (CONFLICT, "the marks of a merge conflict"),
    "a PDF": (b"%PDF-1.7\n\xff", "is a PDF file, not a notebook"),
    "a zip": (b"PK\x03\x04\x14\0", "is a zip or Office file, not a notebook"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "is a picture, not a notebook"),
    "a page": (b"\n<!DOCTYPE html><html>", "is a web page, not a notebook"),
    "no notebook": (b'{"a": 1}', "it has no list of cells"),
    "no cells": (b'{"cells": []}', "has no cells at all"),
    "deep": (b"[" * 100_000, "nested too deeply"),
    "cells of another kind": (b'{"cells": {"a": 1}}', "it has no list of cells"),
    "not text": (b"\xff\xfe\x00", "bytes that are not text"),
}


@pytest.mark.parametrize(("raw", "says"), BAD.values(), ids=BAD.keys())
def test_what_is_no_notebook_is_refused_with_a_sentence(tmp_path, raw, says):
    path = tmp_path / "unit.ipynb"
    path.write_bytes(raw)
    with pytest.raises(notebooks.SubmissionProblem, match=rf"unit\.ipynb .*{says}"):
        notebooks.read_submission(path)


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "unit.ipynb"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(notebooks.SubmissionProblem, match="210 MB"):
        notebooks.read_submission(path)


def test_links_folders_and_fifos_are_never_followed(tmp_path):
    real = tmp_path / "real.ipynb"
    real.write_text(json.dumps(RELEASE))
    link, folder, fifo = tmp_path / "link.ipynb", tmp_path / "folder.ipynb", tmp_path / "fifo.ipynb"
    link.symlink_to(real)
    folder.mkdir()
    os.mkfifo(fifo)
    for path in (link, folder, fifo, tmp_path / "missing.ipynb"):
        with pytest.raises(notebooks.SubmissionProblem):
            notebooks.read_submission(path)
