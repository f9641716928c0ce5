"""In every unit: the reference's notebook, changed as a learner changes it without meaning to, keeps all its points."""

import ast
import builtins
import copy
import json

import pytest

from grader.course import build, manifest, matching
from grader.course.notebooks import grade_id, is_answer, source_of
from grader.grading import pool

pytestmark = pytest.mark.slow
UNITS = [unit.id for unit in manifest.load(manifest.Path(__file__).parents[2]).units]


def answers(notebook):
    return [cell for cell in notebook["cells"] if grade_id(cell) and is_answer(cell)]


def scratch(source):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def asked(release):
    return {name for cell in answers(release) for name in matching.asked_globals(source_of(cell)).names}


def cut(notebook, release):
    """Every answer cell is cut in half, and then the second half again, wherever that is."""
    for _ in range(2):
        cells = []
        for cell in notebook["cells"]:
            lines = source_of(cell).split("\n")
            if not (grade_id(cell) and is_answer(cell)) or len(lines) < 2:
                cells.append(cell)
                continue
            middle = len(lines) // 2
            halves = ["\n".join(lines[:middle]), "\n".join(lines[middle:])]
            cells += [{**copy.deepcopy(cell), "source": half} for half in halves]
        notebook["cells"] = cells


def overwritten_at_the_end(notebook, release):
    """A scratch cell at the end binds what the tasks ask for and Python's own functions, and makes numbers raise."""
    loud = "import warnings, numpy\nwarnings.simplefilter('error')\nnumpy.seterr(all='raise')"
    notebook["cells"].append(scratch(loud))
    names = asked(release) | {name for name, value in vars(builtins).items() if callable(value) and name[0] != "_"}
    notebook["cells"].append(scratch("\n".join(f"{name} = 5" for name in sorted(names))))


def every_helper_overwritten_at_the_end(notebook, release):
    """A scratch cell at the end binds every function and class that the answers define."""
    names = {
        node.name
        for cell in answers(notebook)
        for node in ast.parse(source_of(cell)).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    notebook["cells"].append(scratch("\n".join(f"def {name}(*args):\n    return None" for name in sorted(names))))


def without_ids(notebook, release):
    """A tool has dropped the metadata and the ids."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def only_answers(notebook, release):
    """All else was deleted, and the answers are in another order."""
    notebook["cells"] = answers(notebook)[::-1]


def beside_the_stubs(notebook, release):
    """Each answer stands in a new cell above its untouched stub: from top to bottom the stub would replace it."""
    stubs = {grade_id(cell): cell for cell in answers(release)}
    cells = []
    for cell in notebook["cells"]:
        if grade_id(cell) in stubs:
            cells.append(scratch(source_of(cell)))
            cell = copy.deepcopy(stubs[grade_id(cell)])
        cells.append(cell)
    notebook["cells"] = cells


def timed(notebook, release):
    """Each answer is timed."""
    for cell in answers(notebook):
        cell["source"] = "%%time\n" + source_of(cell)


CHANGES = [
    cut,
    overwritten_at_the_end,
    every_helper_overwritten_at_the_end,
    without_ids,
    only_answers,
    beside_the_stubs,
    timed,
]


@pytest.mark.parametrize("unit", UNITS)
def test_no_point_is_lost(unit, course, tmp_path):
    release = build.stub_notebook(course.unit(unit))
    right = build.right_notebook(course.unit(unit))
    path = tmp_path / "release.ipynb"
    path.write_text(json.dumps(release), encoding="utf-8")
    handed_in = []
    for change in CHANGES:
        notebook = copy.deepcopy(right)
        change(notebook, release)
        (tmp_path / f"{change.__name__}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        handed_in.append(("reference", tmp_path / f"{change.__name__}.ipynb"))
    for change, report in zip(CHANGES, pool.grade_class(course, unit, handed_in, path), strict=True):
        lost = {task.task: (task.points, task.notes) for task in report.tasks if task.points != task.max_points}
        assert lost == {}, (change.__name__, report.problem)
