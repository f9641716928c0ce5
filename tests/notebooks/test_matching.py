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


def test_an_answer_that_stands_in_full_above_its_stub_replaces_it():
    """A stub may do more than leave a name empty: `Dual.__pow__ = power` would attach the empty one."""
    work = cell("def f(x):\n    return x", "mine")
    assert codes(RELEASE["cells"][0], work, STUB) == [("release", "import math"), ("added", work["source"])]
    assert codes(RELEASE["cells"][0], STUB, work) == [
        ("release", "import math"),
        ("answer", STUB["source"]),
        ("added", work["source"]),
    ]


def test_what_is_written_nowhere_is_untouched_and_what_is_written_anywhere_is_not():
    head, work = RELEASE["cells"][0], "def f(x):\n    return x"
    notebooks = {
        "nowhere": [head, STUB],
        "deleted": [head],
        "in its cell": [head, {**STUB, "source": work}],
        "in a new cell": [head, STUB, cell(work, "mine")],
        "in a new cell alone": [head, cell(work, "mine")],
        "in a given cell": [{**head, "source": "import math\n" + work}, STUB],
        "in Markdown": [head, STUB, {**cell(work, "mine"), "cell_type": "markdown"}],
        "with line ends of Windows": [head, {**STUB, "source": STUB["source"].replace("\n", "\r\n")}],
    }
    untouched = {name for name, cells in notebooks.items() if matching.match_cells(RELEASE, {"cells": cells}).untouched}
    assert untouched == {"nowhere", "deleted", "with line ends of Windows"}


def test_an_indented_cell_right_below_an_unfinished_function_belongs_to_it():
    """A tool that splits a cell without copying its metadata leaves the lower half to nobody."""
    above = cell("def f(x):\n    y = x", "f", "f", solution=True)
    assert codes(RELEASE["cells"][0], above, cell("    return y", "z"))[1:] == [
        ("answer", "def f(x):\n    y = x\n    return y")
    ]
    finished = cell("def f(x):\n    return x\n\n\nz = f(1)", "f", "f", solution=True)
    assert [origin for origin, _ in codes(finished, cell("    print(z)", "z"))][1:] == ["answer", "added"]
    assert [origin for origin, _ in codes(above, cell("z = 1", "z"))][1:] == ["answer", "added"]
