"""Every limit that a student's work can meet: twice the usual size gets full points, and more than the limit is theirs.

docs/security.md lists the limits. `ROWS` has for each: the usual size, and what is too much. A size beyond a limit
costs its own test and nothing else.
"""

import json
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from kit.symbolic import AnswerError, parse

from grader.course import build, elsewhere, manifest, notebooks
from grader.grading import pool
from grader.grading.basis import hash_of_submission
from grader.grading.submission import MAX_REOPENINGS, JailedSubmission
from grader.jail.channel import Died
from grader.jail.lane import Lane
from grader.jail.self_test import probe
from grader.testing.budget import Budget, OverBudget
from grader.testing.student import StudentError


class Far:
    """The limits of the lane's submission."""

    cpu_seconds, wall_seconds, memory_mb, processes = 2.0, 60.0, 512, 16


# name: (twice the usual size, more than the limit, what a test meets then); both are expressions on the far side.
ROWS = {
    "wire.FRAME_LIMIT": ("np.ones(20_000)", "np.ones(2_200_000)", StudentError),
    "wire.ITEM_LIMIT": ("[[1.0]] * 2000", "[[1.0]] * 600_000", (Died, OverBudget)),
    "wire.DEPTH_LIMIT": ("nested(8)", "nested(30)", StudentError),
    "wire.INT_BITS_LIMIT": ("1 << 200", "1 << 17_000", StudentError),
    "wire.NDIM_LIMIT": ("np.ones((1,) * 6)", "np.ones((1,) * 9).tolist", None),
    "wire.ODD_KEY_COST": ("{(n, n): n for n in range(200)}", "{(n, n): n for n in range(2000)}", Died),
    "budget.TEST_BYTES": ("[1.0] * 20_000", "[2.0] * 900_000, [3.0] * 900_000", (OverBudget, Died)),
    "budget.CALL_BYTES": ("callback(np.ones(20_000))", "callback(np.ones(600_000))", OverBudget),
    "student.CALLBACK_BUDGET": ("[callback(1.0) for _ in range(2000)][0]", "None", None),
    "drawn.ARTISTS_LIMIT": ("drawn(40, 10)", "drawn(5001, 1)", StudentError),
    "drawn.POINTS_LIMIT": ("drawn(2, 5000)", "drawn(1, 400_001)", StudentError),
    "confine.DESCRIPTORS_LIMIT": ("opened(20)", "opened(100)", StudentError),
    "bubblewrap.TMP_MB": ("written(8)", "written(80)", StudentError),
    "usage.FILES_LIMIT": ("filled(100)", "filled(5000)", StudentError),
    "limits.processes": ("threads(4)", "threads(40)", StudentError),
    "limits.memory_mb": ("len(bytes(100_000_000))", "len(bytes(900_000_000))", StudentError),
    "limits.cpu_seconds": ("sum(range(3_000_000))", "sum(iter(int, 1))", Exception),
}
CELL = """
import itertools, threading
import matplotlib.pyplot as plt
import numpy as np
def nested(depth): return [nested(depth - 1)] if depth else 1.0
def drawn(artists, points):
    figure, axes = plt.subplots()
    line = axes.add_line(plt.Line2D(np.zeros(points), np.zeros(points)))
    axes._children.extend([line] * (artists - 1))  # to make each would use up the CPU time of a slow machine
    return axes
def opened(count): return len([open(np.__file__) for _ in range(count)])
def written(mb): return open('large', 'wb').write(bytes(mb << 20))
def filled(count):
    for number in range(count): open(str(number), 'w').close()
    return count
def threads(count):
    stop = threading.Event()
    started = [threading.Thread(target=stop.wait, daemon=True) for _ in range(count)]
    try:
        for thread in started: thread.start()
    finally: stop.set()
    return count
"""


@pytest.fixture(scope="module")
def submission():
    functions = [
        f"def {size}_{number}(callback=None): return {row[size == 'large']}"
        for number, row in enumerate(ROWS.values())
        for size in ("usual", "large")
    ]
    with Lane(probe()[0]) as lane:
        submission = JailedSubmission(lane, Far, "ada", [(1, CELL), (2, "\n".join(functions))], budget=Budget())
        assert submission.open() == ""
        yield submission
        submission.close()


def asked(submission, name, test):
    """What a test gets from the function: a value, or the data of a picture."""
    student = submission.student(test)
    with student.budget.within():
        found = getattr(student, name)(lambda x: 1.0)
        return student.axes(found) if getattr(found, "type_name", "") == "Axes" else found


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS)
def test_beyond_a_limit_a_test_is_the_students_and_the_others_go_on(row, submission):
    number = list(ROWS).index(row)
    _, _, meets = ROWS[row]
    asked(submission, f"usual_{number}", f"{row}: before")
    if meets is not None:
        with pytest.raises(meets) as caught:
            asked(submission, f"large_{number}", f"{row}: beyond")
        assert not isinstance(caught.value, MemoryError)
    asked(submission, f"usual_{number}", f"{row}: after")


@pytest.mark.slow
def test_cells_that_end_the_process_are_left_out_up_to_a_few():
    outcomes = []
    with Lane(probe()[0]) as lane:
        for ending in (2, MAX_REOPENINGS, MAX_REOPENINGS + 1):
            cells = [*["import os; os._exit(0)"] * ending, "def fine(): return 1"]
            submission = JailedSubmission(lane, Far, "ada", list(enumerate(cells, 1)))
            submission.open()
            try:
                outcomes.append(submission.student("test").fine())
            except Died:
                outcomes.append("died")
            submission.close()
    assert outcomes == [1, 1, "died"]


TYPED = {
    "parser.MAX_CHARACTERS": ("2x + " * 8 + "1", "x + " * 600 + "1"),
    "tokens.MAX_TOKENS": ("+".join("x" * 20), "+".join("x" * 300)),
    "tokens.MAX_DIGITS": ("3.14159265358979", "1" * 50),
    "parser.MAX_DEPTH": ("(" * 8 + "x" + ")" * 8, "(" * 50 + "x" + ")" * 50),
    "parser.MAX_LEVELS": ("sin(" * 6 + "x" + ")" * 6, "+".join("x" * 125)),
    "parser.MAX_DIFFERENTIATED": ("diff(x^3*sin(x)+x*cos(2*x), x)", f"diff({'+'.join('x' * 40)}, x)"),
    "size.LARGEST": ("6.02*10^23*x", "10^70*x"),
    "size.MAX_EXPONENT": ("x^20", "x^2000"),
    "size.MAX_HEIGHT": ("(x+1)^6*(x-1)^6", "((x+1)^900)^900"),
}


@pytest.mark.parametrize("row", TYPED)
def test_a_typed_answer_of_twice_the_usual_size_is_read_and_one_beyond_the_limit_is_refused(row):
    usual, large = TYPED[row]
    assert parse(usual, ["x"]).text == usual
    with pytest.raises(AnswerError) as caught:
        parse(large, ["x"])
    assert str(caught.value).strip()


def notebook_of(path, *, cells=1, code=10, outputs=0):
    """A notebook with so many cells, characters of code in the first, and bytes of output."""
    streams = [{"output_type": "stream", "name": "stdout", "text": "x" * outputs}] if outputs else []
    made = [{"cell_type": "code", "source": "#" * code, "metadata": {}, "outputs": streams}]
    made += [{"cell_type": "code", "source": "1", "metadata": {}, "outputs": []} for _ in range(cells - 1)]
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


FILES = {
    "notebooks.MAX_BYTES": ({"outputs": 8 << 20}, {"outputs": notebooks.MAX_BYTES}),
    "notebooks.MAX_CELLS": ({"cells": 400}, {"cells": notebooks.MAX_CELLS + 1}),
    "notebooks.MAX_CODE": ({"code": 600_000}, {"code": notebooks.MAX_CODE + 1}),
}


@pytest.mark.parametrize("row", FILES)
def test_a_notebook_of_twice_the_usual_size_is_read_and_one_beyond_the_limit_gets_a_sentence(row, tmp_path):
    usual, large = FILES[row]
    assert notebooks.read_submission(notebook_of(tmp_path / "usual.ipynb", **usual))["cells"]
    with pytest.raises(notebooks.SubmissionProblem, match=r"large\.ipynb"):
        notebooks.read_submission(notebook_of(tmp_path / "large.ipynb", **large))


def test_of_other_notebooks_in_the_folder_the_first_few_that_are_not_too_large_are_read(tmp_path, monkeypatch):
    read, without_work = [], SimpleNamespace(checks={}, untouched=set())
    monkeypatch.setattr(elsewhere, "match_cells", lambda release, found: read.append(found) or without_work)
    for number in range(elsewhere.MAX_NOTEBOOKS + 3):
        notebook_of(tmp_path / f"{number}.ipynb", outputs=elsewhere.MAX_BYTES if number == 0 else 0)
    assert elsewhere.work_elsewhere(tmp_path / "unit.ipynb", {}) == {}
    assert len(read) == elsewhere.MAX_NOTEBOOKS - 1


def test_work_is_found_two_folders_down_and_is_part_of_what_is_graded(tmp_path):
    notebook = notebook_of(tmp_path / "unit.ipynb")
    hashes = [hash_of_submission(notebook)]
    for name in ("a/old.ipynb", "a/b/unit.py", "a/b/c/unit.ipynb", "a/notes.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
        hashes.append(hash_of_submission(notebook))
    assert elsewhere.other_files(notebook, {"unit.ipynb"}) == ["a/b/unit.py", "a/old.ipynb"]
    # A grade is kept while the hash is the same, so whatever may hold work changes it, and nothing else.
    assert [one != other for one, other in pairwise(hashes)] == [True, True, False, False]


def test_folders_count_as_entries_too(tmp_path, monkeypatch):
    monkeypatch.setattr(elsewhere, "MAX_ENTRIES", 10)
    for number in range(36):
        path = tmp_path / f"{number // 6}" / f"{number % 6}" / "unit.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    assert elsewhere.other_files(tmp_path / "unit.ipynb") == []


LONG = """
import sys, threading, matplotlib.pyplot as _plt, numpy as _np
sys.setrecursionlimit(20_000)
def _deep(n): return n and 1 + _deep(n - 1)
assert _deep(3000) == 3000
print("x" * 20_000_000)
print(*range(100_000))
large_array = _np.ones(12_000_000)
TABLE = large_array[:1_000_000].tolist()
NOTES = {f"note_{n}": "n" * 3900 for n in range(40)}
globals().update(NOTES)  # more text than is sent back: typed answers are read one by one
for _n in range(30): threading.Thread(target=int).start()
for _n in range(20): open(f"picture-{_n}.txt", "w").write("x" * 500_000)
_plt.figure(figsize=(12, 12)); _plt.plot(_np.zeros((1000, 60))); _plt.savefig("large.png")
"""


@pytest.mark.slow
def test_an_honest_notebook_of_twice_the_usual_size_in_everything_gets_full_points(tmp_path):
    course = manifest.load(Path(__file__).parents[2])
    unit = course.units[2]
    right = build.build_unit(course, unit.id, tmp_path) / f"{unit.id}.ipynb"
    (tmp_path / "release.ipynb").write_text(json.dumps(build.stub_notebook(unit)))
    notebook = json.loads(right.read_text())
    extra = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    added = [{**extra, "source": LONG}, {**extra, "source": "# a long remark\n" * 40_000}]
    added += [{**extra, "source": f"scratch_{n} = {n}"} for n in range(300)]
    added += [{**extra, "source": f"1 / {n - n}"} for n in range(30)]
    notebook["cells"] = [notebook["cells"][0], *added, *notebook["cells"][1:]]
    (tmp_path / "long.ipynb").write_text(json.dumps(notebook))
    report = pool.grade_class(course, unit.id, [("reference", tmp_path / "long.ipynb")], tmp_path / "release.ipynb")[0]
    assert [task for task in report.tasks if task.points != task.max_points] == []
