"""The beginning of a known mistake, as `grader mistake new` writes it for an author to fill in.

A student's answer is shown to the author as comments only. `mistakes.py` runs on this side, so no line of a student may
become code in it.
"""

from __future__ import annotations

import ast
import keyword
from pathlib import Path

from grader.course import notebooks, stubs
from grader.course.manifest import Unit
from grader.diagnosis.mistakes import TO_WRITE
from grader.errors import GraderError, did_you_mean
from grader.files import read_text, write_atomically
from grader.printable import one_line

_LONGEST = 80  # lines of the student's answer
_HEAD = '"""Known mistakes of `{unit}`: what each does, and what to ask."""\n'


def new_mistake(unit: Unit, task_id: str, name: str, *, answer: str = "") -> Path:
    """Append the beginning of a mistake to the unit's mistakes.py, and return that file.

    `answer` is a student's, shown as comments. Raises GraderError for a name that is taken or cannot be one, and for a
    task without a stub.
    """
    tasks = [task.id for task in unit.tasks]
    if task_id not in tasks:
        advice = did_you_mean(task_id, tasks, otherwise=f"There are: {', '.join(tasks)}.")
        raise GraderError(f"{unit.id}: there is no task {one_line(task_id)}. {advice}")
    path = unit.mistakes
    text = read_text(path) if path.exists() else _HEAD.format(unit=unit.id)
    taken = _names(text)
    if not name.isidentifier() or keyword.iskeyword(name) or name in taken:
        why = "that name is taken" if name in taken else "expected a Python name, such as forgets_the_square"
        raise GraderError(f"{path}: {one_line(name)}: {why}")
    shown = "".join(f"# | {one_line(line, 110)}\n" for line in answer.splitlines()[:_LONGEST])
    write_atomically(path, f"{text.rstrip()}\n{_imports(text)}\n\n{shown}{_declaration(unit, task_id, name)}")
    return path


def _names(text: str) -> frozenset[str]:
    """The names that the file defines or imports."""
    tree = ast.parse(text)
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    imports = (node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    imported = [alias.asname or alias.name for node in imports for alias in node.names]
    return frozenset((*defined, *imported, *stubs.values(tree)))


def _imports(text: str) -> str:
    """The line that imports what a declaration needs and the file does not have."""
    missing = sorted({"mistake", "wrong_function"} - _names(text))
    return f"\nfrom grader.testing import {', '.join(missing)}\n" if missing else ""


def _declaration(unit: Unit, task_id: str, name: str) -> str:
    """A wrong function with the reference's parameters; or, for other answers, the names, each with `...`."""
    cells = [cell for stub in unit.stubs for cell in notebooks.read_percent(read_text(stub), stub.name)]
    asked = [stubs.asked_globals(cell.source) for cell in cells if cell.task == task_id]
    reference = dict(stubs.functions_in(ast.parse(read_text(unit.reference))))
    functions = [function for stub in asked for function in stub.functions if function in reference]
    if functions:
        which = "" if functions[0] == task_id else f' replaces="{functions[0]}",'
        head = f'@wrong_function("{task_id}",{which} says="{TO_WRITE}")\n'
        return f"{head}def {name}({ast.unparse(reference[functions[0]].args)}):\n    ...\n"
    names = [asked_name for stub in asked for asked_name in (*stub.functions, *stub.values)] or [task_id]
    wrong = ", ".join(f'"{asked_name}": ...' for asked_name in dict.fromkeys(names))
    return f'{name} = mistake("{task_id}", {{{wrong}}}, says="{TO_WRITE}")\n'
