"""Notebooks as students leave them: each edits a notebook of right answers, and says what must come of it.

The docstring is what happened. `pending` are tasks that a teacher must decide, `lost` those that lose points; all
others get all their points. `says` is, by task, what the feedback must say there.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit import formula, variant
from kit.variants import STORED_AS

from grader.course.notebooks import choices
from grader.demo import load_sample_class

_sample_class = load_sample_class(Path(__file__).parents[2])
append, cell, write = _sample_class.append, _sample_class.cell, _sample_class.write

UNIT = "u1_derivative_intuition"
TASKS = ["average_rate", "dual_plus_minus", "dual_times", "dual_divide_power", "dual_compare"]
TASKS += ["slope", "microscope", "pair_plot", "signal"]
ROOT = Path(__file__).parents[2]
CUBICS = choices(str(ROOT / "solutions" / UNIT / "reference.py"))["CUBICS"]
Notebook = dict[str, Any]
Edit = Callable[[Notebook, Path], Any]


class Left:
    """One notebook, and what must come of it."""

    def __init__(self, edit: Edit, pending: list[str], lost: list[str], says: dict[str, str]) -> None:
        self.edit, self.pending, self.lost, self.says = edit, pending, lost, says
        self.name = edit.__name__


LEFT: list[Left] = []


def left(*, pending: list[str] | None = None, lost: list[str] | None = None, **says: str) -> Callable[[Edit], Edit]:
    """Declare a notebook; without arguments it gets all points, and nothing need be said."""

    def declare(edit: Edit) -> Edit:
        LEFT.append(Left(edit, pending or [], lost or [], says))
        return edit

    return declare


def scratch(source: str, kind: str = "code") -> dict[str, Any]:
    """A cell of the student's own."""
    new = {"cell_type": kind, "metadata": {}, "source": source, "id": f"mine-{abs(hash(source)) % 10**9}"}
    return {**new, "outputs": [], "execution_count": None} if kind == "code" else new


def at_the_end(notebook: Notebook, source: str) -> None:
    """Add a cell at the bottom."""
    notebook["cells"].append(scratch(source))


def split(notebook: Notebook, task: str, before: str, *between: dict[str, Any]) -> None:
    """Split an answer cell before the line that begins with a text, as JupyterLab does: both halves keep the metadata.

    `between` are cells to stand between the halves.
    """
    whole = cell(notebook, task)
    lines = whole["source"].split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(before))
    other = {**copy.deepcopy(whole), "source": "\n".join(lines[at:]).strip("\n"), "id": "other-half"}
    whole["source"] = "\n".join(lines[:at]).strip("\n")
    place = notebook["cells"].index(whole) + 1
    notebook["cells"][place:place] = [*between, other]


def beside(folder: Path, name: str, notebook: Notebook) -> None:
    """Write another notebook into the folder."""
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def stub(notebook: Notebook, task: str, text: str) -> str:
    """Put `text`, the stub, in place of an answer: the answer."""
    answer = cell(notebook, task)
    written: str = answer["source"]
    answer["source"] = text
    return written


# ------------------------------------------------------------------------------------------------ split and copied


@left(average_rate="stands in 2 cells")
def split_between_two_answers(notebook, folder):
    """A cell was split between the function and the typed answers."""
    split(notebook, "average_rate", "my_rate")


@left(average_rate="stands in 2 cells")
def split_within_a_function(notebook, folder):
    """A cell was split in the middle of a function, and not run again."""
    split(notebook, "average_rate", "    return (f(b)")


@left(dual_plus_minus="stands in 3 cells")
def split_in_three_with_scratch_cells_between(notebook, folder):
    """A cell was split twice, within a class, and scratch cells stand between the pieces."""
    split(notebook, "dual_plus_minus", "    def __sub__", scratch("print('what is a class?')"))
    split(notebook, "dual_plus_minus", "class Dual", scratch("2 + 2"))


@left(average_rate="stands in 2 cells")
def split_by_a_tool_that_copies_no_metadata(notebook, folder):
    """A function was split in the middle, and its lower half is a cell without any metadata."""
    split(notebook, "average_rate", "    return (f(b)")
    next(cell for cell in notebook["cells"] if cell.get("id") == "other-half")["metadata"] = {}


@left(average_rate="stands in 2 cells")
def the_first_piece_fails(notebook, folder):
    """A cell was split, and its first piece ends with a line that raises: the second one runs all the same."""
    split(notebook, "average_rate", "my_rate")
    cell(notebook, "average_rate")["source"] += "\naverage_rate(1, 2, 3)"


@left(slope="stands in 2 cells")
def an_old_attempt_above(notebook, folder):
    """An answer cell was copied; the copy above holds an old attempt."""
    place = notebook["cells"].index(cell(notebook, "slope"))
    old = {**copy.deepcopy(notebook["cells"][place]), "source": "def slope(f, x):\n    return f(x)", "id": "old"}
    notebook["cells"].insert(place, old)


@left(slope="stands in 2 cells")
def an_old_attempt_that_is_no_python_above(notebook, folder):
    """An answer cell was copied; the copy above holds notes that are not Python."""
    place = notebook["cells"].index(cell(notebook, "slope"))
    old = {**copy.deepcopy(notebook["cells"][place]), "source": "f(x + eps) = f(x) + f'(x) eps", "id": "old"}
    notebook["cells"].insert(place, old)


@left(average_rate="stands in 2 cells")
def half_of_an_answer_in_each_of_two_copies(notebook, folder):
    """An answer cell was copied; the upper copy holds the function, and the lower one what is typed."""
    whole = cell(notebook, "average_rate")
    stub_lines = "".join(cell(json.loads((folder / "released.json").read_text()), "average_rate")["source"]).split("\n")
    lines = whole["source"].split("\n")
    typed, dotted = (
        next(n for n, line in enumerate(source) if line.startswith("my_rate")) for source in (lines, stub_lines)
    )
    lower = "\n".join([*stub_lines[:dotted], *lines[typed:]])
    whole["source"] = "\n".join([*lines[:typed], *stub_lines[dotted:]])
    place = notebook["cells"].index(whole) + 1
    notebook["cells"].insert(place, {**copy.deepcopy(whole), "source": lower, "id": "lower-copy"})


@left()
def copies_of_the_stub(notebook, folder):
    """The untouched stub was kept twice, above and below the answer."""
    place = notebook["cells"].index(cell(notebook, "signal"))
    released = json.loads((folder / "released.json").read_text())
    old = cell(released, "signal")
    notebook["cells"][place + 1 : place + 1] = [{**old, "id": "below"}]
    notebook["cells"].insert(place, {**old, "id": "above"})


# ------------------------------------------------------------------------------------------------ other notebooks


@left(pending=TASKS, slope=f"work on this task.*in {UNIT}-Copy1.ipynb")
def all_work_in_a_copy(notebook, folder):
    """All work is in `unit-Copy1.ipynb`, beside the untouched notebook."""
    beside(folder, f"{UNIT}-Copy1.ipynb", notebook)
    notebook["cells"] = json.loads((folder / "released.json").read_text())["cells"]


@left(pending=["signal"], signal="my work.ipynb")
def one_task_in_another_notebook(notebook, folder):
    """One task was done in another notebook."""
    beside(folder, "my work.ipynb", notebook)
    released = json.loads((folder / "released.json").read_text())
    cell(notebook, "signal")["source"] = "".join(cell(released, "signal")["source"])


@left(pending=TASKS, slope="final.ipynb")
def renamed(notebook, folder):
    """The notebook was handed in under another name."""
    beside(folder, "final.ipynb", notebook)
    return False


@left(pending=TASKS, slope="final.ipynb")
def damaged_beside_a_copy(notebook, folder):
    """The notebook is damaged, and a copy is not."""
    beside(folder, "final.ipynb", notebook)
    (folder / f"{UNIT}.ipynb").write_text("{", encoding="utf-8")
    return False


@left()
def an_older_copy_beside(notebook, folder):
    """An older copy lies beside the notebook that has everything."""
    beside(folder, f"{UNIT}-Copy1.ipynb", notebook)


@left(pending=TASKS, slope="work on this task.*in drafts/my work.ipynb")
def all_work_in_a_folder(notebook, folder):
    """The work is in a notebook in a folder, and the one that is graded holds stubs."""
    (folder / "drafts").mkdir()
    beside(folder, "drafts/my work.ipynb", copy.deepcopy(notebook))
    notebook["cells"] = json.loads((folder / "released.json").read_text())["cells"]


def as_script(notebook: Notebook) -> str:
    """A notebook as nbconvert exports it."""
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cells = (f"\n\n# In[{number}]:\n\n\n{source}\n" for number, source in enumerate(code))
    return "#!/usr/bin/env python\n" + "".join(cells)


@left(pending=["signal"], signal=f"work on this task.*in {UNIT}.py")
def one_task_exported_as_a_script(notebook, folder):
    """The notebook was exported as a script, and one of its answers is back at the stub."""
    (folder / f"{UNIT}.py").write_text(as_script(notebook), encoding="utf-8")
    stub(notebook, "signal", "".join(cell(json.loads((folder / "released.json").read_text()), "signal")["source"]))


@left(lost=["signal"], signal="still the stub")
def stubs_exported_as_a_script(notebook, folder):
    """One task was not done, and a script beside it holds only stubs."""
    released = json.loads((folder / "released.json").read_text())
    (folder / f"{UNIT}.py").write_text(as_script(released), encoding="utf-8")
    stub(notebook, "signal", "".join(cell(released, "signal")["source"]))


@left(lost=["signal"], signal="still the stub")
def an_untouched_copy_beside(notebook, folder):
    """One task was not done, and the copy beside it is untouched."""
    released = json.loads((folder / "released.json").read_text())
    beside(folder, f"{UNIT}-Copy1.ipynb", released)
    cell(notebook, "signal")["source"] = "".join(cell(released, "signal")["source"])


@left(lost=["signal"], signal=f"another answer to this task in {UNIT}-Copy1.ipynb, which was not graded")
def a_wrong_attempt_beside_right_work_in_a_copy(notebook, folder):
    """One task is wrong, and right in the copy: the grade stands, and it is said where the other answer is."""
    beside(folder, f"{UNIT}-Copy1.ipynb", notebook)
    cell(notebook, "signal")["source"] += "\n\ndef signal(f, x):\n    return 1\n"


@left(lost=["signal"], signal=r"^(?!.*another answer)")
def a_wrong_attempt_beside_its_copy(notebook, folder):
    """One task is wrong, and the copy holds the same answer: there is nothing to say about the copy."""
    cell(notebook, "signal")["source"] += "\n\ndef signal(f, x):\n    return 1\n"
    beside(folder, f"{UNIT}-Copy1.ipynb", notebook)


# ------------------------------------------------------------------------------------------------ names bound again


@left(signal="Cell [0-9]+ asks Python to stop .*ran all the same.*Cell [0-9]+ asks Python to stop")
def python_ended_in_scratch_cells(notebook, folder):
    """Two scratch cells call `exit()` and `quit()`."""
    at_the_end(notebook, "exit()")
    at_the_end(notebook, "quit()")


@left(signal="`zero_means` is changed further down.*zero_means = ")
def a_letter_overwritten_at_the_end(notebook, folder):
    """A scratch cell at the end tries another letter."""
    at_the_end(notebook, 'zero_means = "d"')


@left(slope="`slope` is changed further down.*slope = 5")
def a_function_overwritten_by_a_number(notebook, folder):
    """A scratch cell at the end uses the name of a function for a number; three tasks need the function."""
    at_the_end(notebook, "slope = 5\nf = 3\nx = 'x'")


@left()
def names_of_pythons_own_functions_used_for_numbers(notebook, folder):
    """Scratch cells, one in the middle and one at the end, add up and count under the names `sum`, `abs` and so on."""
    append(notebook, "test_dual_plus_minus", "sum = 0\nfor len in [1, 2]:\n    sum += len\nmax = abs = 3")
    at_the_end(notebook, "isinstance = float = range = 5\nlist = [1, 2]\nimport numpy\nnp = 3")


@left()
def a_function_overwritten_before_it_is_needed(notebook, folder):
    """The scratch cell stands above the tasks that need the function."""
    append(notebook, "test_slope", "slope = 5")


@left(average_rate="`rise` is changed further down.*def slope")
def helpers_of_one_name(notebook, folder):
    """Two tasks have a helper of the same name, and of different meaning."""
    answer = cell(notebook, "average_rate")
    answer["source"] = answer["source"].replace("return (f(b) - f(a)) / (b - a)", "return rise(f, a, b) / (b - a)")
    answer["source"] += "\n\n\ndef rise(f, a, b):\n    return f(b) - f(a)"
    cell(notebook, "slope")["source"] = """def slope(f, x):
    return rise(f(Dual(x, 1)))


def rise(d):
    return d.inf if isinstance(d, Dual) else 0"""


@left(dual_plus_minus="`Dual` is changed further down")
def a_class_redefined_in_a_scratch_cell(notebook, folder):
    """A scratch cell at the end defines a class of the name of the learner's own."""
    at_the_end(notebook, "class Dual:\n    pass\n\n\ndef as_dual(x):\n    return Dual()")


@left(slope="`slope` is written again further down.*That counts")
def a_function_mended_below_its_check(notebook, folder):
    """The answer cell holds a wrong attempt; the right function is in a new cell below the check."""
    right = cell(notebook, "slope")["source"]
    cell(notebook, "slope")["source"] = "def slope(f, x):\n    return f(x)"
    append(notebook, "test_slope", right)


@left(slope="`slope` is written again further down.*That counts")
def a_function_mended_at_the_end(notebook, folder):
    """The right function is at the end; what was computed by it in between is right, as it was run again."""
    right = cell(notebook, "slope")["source"]
    cell(notebook, "slope")["source"] = "def slope(f, x):\n    return f(x) / 0"
    for task in (cell(notebook, "microscope"), cell(notebook, "signal")):
        task["source"] = task["source"].replace("slope(", "the_slope(")
    append(notebook, "test_slope", right.replace("def slope", "def the_slope"))
    at_the_end(notebook, right)


@left(lost=["signal"], signal="`zero_means` is changed")
def a_letter_is_not_read_twice(notebook, folder):
    """A wrong letter in the task's own cell, and the right one at the end: the one in its place counts."""
    answer = cell(notebook, "signal")
    right = next(line for line in answer["source"].split("\n") if line.startswith("zero_means"))
    wrong = 'zero_means = "d"' if '"d"' not in right else 'zero_means = "a"'
    answer["source"] = answer["source"].replace(right, wrong)
    at_the_end(notebook, right + "\n\n\ndef signal(f, x):\n    return 7")


# ------------------------------------------------------------------------------------------------ cells in odd places


@left(slope="`slope` is written in the cell that begins “def slope")
def work_in_a_new_cell_below(notebook, folder):
    """The stub is untouched, the work is in a new cell below."""
    released = json.loads((folder / "released.json").read_text())
    right = stub(notebook, "slope", "".join(cell(released, "slope")["source"]))
    append(notebook, "test_slope", right)


@left()
def work_in_a_new_cell_above(notebook, folder):
    """The stub is untouched, the work is in a new cell above: from top to bottom the stub would replace it."""
    released = json.loads((folder / "released.json").read_text())
    right = stub(notebook, "slope", "".join(cell(released, "slope")["source"]))
    place = notebook["cells"].index(cell(notebook, "slope"))
    notebook["cells"].insert(place, scratch(right))


@left(slope="Its own cell is not in the notebook")
def work_in_a_new_cell_and_the_own_one_deleted(notebook, folder):
    """The answer cell was replaced by a new one."""
    place = notebook["cells"].index(cell(notebook, "slope"))
    notebook["cells"][place] = scratch(notebook["cells"][place]["source"])


@left(lost=["slope", "microscope", "signal"], slope="Its cell is not in the notebook")
def an_answer_cell_deleted(notebook, folder):
    """An answer cell was deleted, and with it the work; two other tasks compute with it when they are run."""
    notebook["cells"].remove(cell(notebook, "slope"))


@left()
def given_cells_and_checks_deleted(notebook, folder):
    """Everything but the answers was deleted."""
    solution = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]
    notebook["cells"] = solution + [c for c in notebook["cells"] if not c["metadata"].get("nbgrader")]


@left()
def reordered(notebook, folder):
    """All cells were put into another order."""
    notebook["cells"].reverse()


@left()
def two_answers_merged(notebook, folder):
    """The cells from one answer to the next were merged into one, which has the metadata of the first."""
    first, last = (notebook["cells"].index(cell(notebook, task)) for task in ("microscope", "pair_plot"))
    codes = [c["source"] for c in notebook["cells"][first : last + 1] if c["cell_type"] == "code"]
    codes = ["".join(source) for source in codes]
    notebook["cells"][first]["source"] = "\n".join(codes)
    del notebook["cells"][first + 1 : last + 1]


@left()
def an_answer_in_the_check(notebook, folder):
    """The answer was written into the cell of the check, below its call."""
    released = json.loads((folder / "released.json").read_text())
    right = stub(notebook, "slope", "".join(cell(released, "slope")["source"]))
    cell(notebook, "test_slope")["source"] = 'check("slope")\n\n' + right


@left()
def an_answer_in_a_given_cell(notebook, folder):
    """The answer was written into a given cell above, in an editor that does not keep it locked."""
    released = json.loads((folder / "released.json").read_text())
    right = stub(notebook, "slope", "".join(cell(released, "slope")["source"]))
    place = notebook["cells"].index(cell(notebook, "slope"))
    given = next(c for c in reversed(notebook["cells"][:place]) if c["cell_type"] == "code")
    given["source"] = "".join(given["source"]) + "\n\n" + right


@left(slope="turned into Markdown", signal="turned into Raw")
def answers_turned_into_markdown_and_raw(notebook, folder):
    """Answer cells were turned into Markdown and raw text by a slip of the keyboard."""
    for task, kind in (("slope", "markdown"), ("signal", "raw")):
        answer = cell(notebook, task)
        answer["cell_type"] = kind
        del answer["outputs"], answer["execution_count"]


# ------------------------------------------------------------------------------------------------ names of students


def answers_for(notebook: Notebook, student: str) -> None:
    """Type the answers of the first task that depend on the name for `student`."""
    mine = variant("average_rate", CUBICS, student=student)
    rate = (formula(mine["f"])(mine["b"]) - formula(mine["f"])(mine["a"])) / (mine["b"] - mine["a"])
    typed = {"my_rate": repr(rate), "rate_of_mine": repr(f"3a^2 + 3a*h + h^2 + ({mine['c']})")}
    lines = cell(notebook, "average_rate")["source"].split("\n")
    lines = [f"{name} = {typed[name]}" if (name := line.partition(" = ")[0]) in typed else line for line in lines]
    cell(notebook, "average_rate")["source"] = "\n".join(lines)


def greeted(notebook: Notebook, *names: str) -> None:
    """Have the output of greet() in the notebook, as it is when it was run under each of `names`."""
    first = next(c for c in notebook["cells"] if c["cell_type"] == "code" and "greet()" in c["source"])
    shown = {"output_type": "display_data", "data": {"text/plain": "Hello."}}
    first["outputs"] = [{**shown, "metadata": {STORED_AS: {"name": name}}} for name in names]


@left(lost=["average_rate"], average_rate="right for the numbers of another name. Yours are made")
def worked_as_root(notebook, folder):
    """The answers are right for root, and handed in under another name."""
    answers_for(notebook, "root")


@left(
    lost=["average_rate"],
    average_rate="numbers of the name .{1,6}noether.*run under the name .{1,6}noether.{1,6}: there you saw",
)
def worked_as_noether_and_it_says_so(notebook, folder):
    """The answers are right for the name that is stored in the notebook, and handed in under another one."""
    answers_for(notebook, "noether")
    greeted(notebook, "noether")


@left(
    lost=["average_rate"],
    average_rate="answered with numbers of your own would be right for the numbers of the name .{1,6}noether",
)
def worked_as_noether_and_slipped(notebook, folder):
    """The numbers are right for the name that was set and greeted last, and the function has a slip."""
    answers_for(notebook, "noether")
    greeted(notebook, "root", "noether")
    answer = cell(notebook, "average_rate")
    answer["source"] = answer["source"].replace("(f(b) - f(a)) / (b - a)", "(f(b) - f(a)) / abs(b - a)")


@left(lost=["average_rate"], average_rate="right for the numbers of another name")
def worked_under_a_name_that_nobody_knows(notebook, folder):
    """The answers are right for somebody's numbers, and nothing says whose."""
    answers_for(notebook, "zora")


@left(lost=["average_rate"], average_rate="✗.*rate_of_mine")
def right_for_nobody(notebook, folder):
    """A wrong answer that is right for no name."""
    answer = cell(notebook, "average_rate")
    right, wrong = '"3a^2 + 3a*h', '"3a^2 + 5a*h'
    assert right in answer["source"]
    answer["source"] = answer["source"].replace(right, wrong)


@left()
def worked_under_the_right_name(notebook, folder):
    """The name in the notebook is the one under which it is handed in."""
    answers_for(notebook, "worked_under_the_right_name")
    greeted(notebook, "worked_under_the_right_name")


# ------------------------------------------------------------------------------------------------ tools


@left()
def no_metadata(notebook, folder):
    """A tool dropped nbgrader's metadata, and kept the ids of the cells."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}


@left(slope="Its own cell is not in the notebook")
def neither_metadata_nor_ids(notebook, folder):
    """A tool dropped nbgrader's metadata and the ids: nbformat 4.4."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    notebook["nbformat_minor"] = 4


@left(slope="Its own cell is not in the notebook")
def new_ids(notebook, folder):
    """A tool dropped nbgrader's metadata and gave every cell a separate id."""
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"id": f"colab{number}", "colab": {"base_uri": "https://localhost:8080/"}}
        cell["id"] = f"new-{number}"


@left()
def old_format(notebook, folder):
    """Saved as nbformat 4.0, without ids of cells."""
    for cell in notebook["cells"]:
        cell.pop("id", None)
    notebook["nbformat_minor"] = 0


@left()
def windows(notebook, folder):
    """Saved on Windows: a byte order mark, and line ends of two characters, also in a list of lines."""
    for cell in notebook["cells"]:
        lines = "".join(cell["source"]).split("\n")
        cell["source"] = [line + "\r\n" for line in lines[:-1]] + lines[-1:]
    (folder / f"{UNIT}.ipynb").write_text(json.dumps(notebook), encoding="utf-8-sig")
    return False


@left(lost=["signal"], signal="still the stub")
def an_untouched_stub_of_windows(notebook, folder):
    """A stub with line ends of Windows is untouched anyway."""
    released = json.loads((folder / "released.json").read_text())
    cell(notebook, "signal")["source"] = "".join(cell(released, "signal")["source"]).replace("\n", "\r\n")


# ------------------------------------------------------------------------------------------------ what cells do


@left()
def magics(notebook, folder):
    """Answers are timed, in their cell and in a line."""
    cell(notebook, "slope")["source"] = "%%time\n" + cell(notebook, "slope")["source"]
    cell(notebook, "signal")["source"] = "%%capture\n" + cell(notebook, "signal")["source"]
    answer = cell(notebook, "average_rate")
    answer["source"] = answer["source"].replace("my_rate = ", "%time my_rate = ")


@left()
def scratch_cells_that_fail(notebook, folder):
    """Scratch cells with a syntax error, an exception, input(), and an endless print."""
    append(notebook, "average_rate", "def broken(:\n")
    append(notebook, "slope", "1 / 0")
    append(notebook, "signal", 'name = input("Who are you?")')
    append(notebook, "pair_plot", "while True:\n    print('still here')")


@left()
def an_exam_question_asked(notebook, folder):
    """An answer cell ends with a call of input() whose text is used."""
    cell(notebook, "slope")["source"] += '\n\nx = float(input("where?"))\nprint(slope(lambda x: x * x, x))'


def hand_in(student: Left, released: Notebook, place: Path) -> Path:
    """Let a student work on the released notebook, and hand it in at `place`/<name>: the path of the notebook."""
    folder = place / student.name
    folder.mkdir()
    path = folder / f"{UNIT}.ipynb"
    (folder / "released.json").write_text(json.dumps(released), encoding="utf-8")
    notebook = copy.deepcopy(released)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    write(notebook)
    if student.edit(notebook, folder) is not False:
        path.write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "released.json").unlink()
    return path
