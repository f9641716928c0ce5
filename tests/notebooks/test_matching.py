"""Which of a student's cells is which of ours, when tools and copying have changed more than the text."""

from grader.course import matching


def cell(source, id, grade_id="", *, solution=False):
    metadata = {"nbgrader": {"grade_id": grade_id, "solution": solution, "grade": False}} if grade_id else {}
    return {"cell_type": "code", "id": id, "metadata": metadata, "source": source}


STUB = cell("def f(x):\n    ...", "f", "f", solution=True)
RELEASE = {"cells": [cell("import math", "text_1", "text_1"), STUB]}


def codes(*cells):
    return [(found.origin, found.source) for found in matching.code_cells(RELEASE, {"cells": list(cells)})]


def test_an_answer_counts_when_a_tool_dropped_the_metadata_but_kept_the_cell_ids():
    found = codes(cell("import math", "text_1"), cell("def f(x):\n    return x", "f"))
    assert found == [("release", "import math"), ("answer", "def f(x):\n    return x")]


def test_a_given_cell_copied_and_made_into_a_helper_still_runs():
    helper = cell("def helper(x):\n    return x", "copy", "text_1")
    answer = cell("def f(x):\n    return helper(x)", "f", "f", solution=True)
    found = codes(RELEASE["cells"][0], helper, answer)
    assert [source for _, source in found] == ["import math", helper["source"], answer["source"]]


def test_a_cell_id_that_is_no_text_is_nobodys():
    assert codes({**cell("y = 1", "z"), "id": ["f"]})[0] == ("added", "y = 1")
