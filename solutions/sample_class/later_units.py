"""The sample class in the units after the first: the same students, each after their habit.

Students who are right in unit 1 are right here, in one of the unit's styles. Those who make mistakes make known ones,
written differently (`solutions/<id>/rewritten.py`). Those who leave a stub, leave Python or attack do so here as well.
The one whose code looped forever has learned from it: a loop costs the whole time limit, and one in a demo is enough.
"""

from __future__ import annotations

import ast
import functools
import textwrap
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from grader.course.notebooks import grade_id, is_answer, source_of
from grader.testing.authoring import load_module

Notebook = dict[str, Any]
Edit = tuple[Callable[[Notebook, Path], bool], dict[str, Any]]
Style = Callable[[], "Answers"]  # made when the student writes: in the demo that is many students at once
SOLUTIONS = Path(__file__).parents[1]
LAST = "the last task"
FAULTY = ("ito", "kepler", "noether", "poincare", "ramanujan", "stokes", "venn", "weyl", "pascal", "riemann")
_NOT_IN_A_NOTEBOOK = {"Path", "choices", "load_module", "__file__"}

LIAR = """class Yes:
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    __hash__ = object.__hash__
    __bool__ = lambda self: True
for name in NAMES: globals()[name] = Yes()"""
THIEF = """import glob, os
found = []
for top in ("/", "..", "../..", os.path.expanduser("~")):
    for pattern in ("**/reference.py", "**/*hidden*", "**/gradebook.db"):
        found += glob.glob(os.path.join(top, pattern))
for path in found: exec(open(path).read(), globals())"""


def edits_of(unit: str, names: list[str], there: Container[str]) -> dict[str, Edit]:
    """What each student who is there does to the notebook (True if it is then to be saved), and the report expected.

    Each of those who are right writes in the same style in all units, and those who are wrong in a quick one.
    """
    styles = styles_of(unit)
    quick = next((style for style in styles if style.stem == "vectorised"), styles[0])
    mistakes = iter(self_contained(SOLUTIONS / unit / "rewritten.py"))
    result: dict[str, Edit] = {}
    for number, name in enumerate(names):
        if name not in there:
            continue
        style = functools.partial(answers_in, quick if name in FAULTY else styles[number % len(styles)], name)
        habit = HABITS.get(name)
        if habit is not None:
            result[name] = habit(unit, style)
        elif name in FAULTY:
            result[name] = _mistaken(style, next(mistakes, None))
        else:
            result[name] = _right(style)
    return result


def styles_of(unit: str) -> list[Path]:
    """The files with right answers to a unit, each in a different style."""
    return sorted((SOLUTIONS / unit / "right_answers").glob("*.py"))


def definitions(text: str) -> dict[str, str]:
    """The source of everything that `text` defines at its top, by name (`Dual.__pow__` for an attribute)."""
    found = {}
    for node in ast.parse(text).body:
        name = getattr(node, "name", "")
        if isinstance(node, ast.Assign):
            name = ast.unparse(node.targets[0])
        if name:
            found[name] = _source(node, text.splitlines())
    return found


def self_contained(path: Path) -> list[tuple[str, dict[str, str]]]:
    """(mistake, source by name) of the rewritten mistakes that are plain functions and nothing else."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    found, seen = [], set()
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        call = node.decorator_list[0]
        inner = [definition for definition in node.body if isinstance(definition, ast.FunctionDef | ast.ClassDef)]
        last = node.body[-1]
        plain = (
            isinstance(call, ast.Call)
            and ast.unparse(call.func) == "rewritten"
            and isinstance(last, ast.Return)
            and isinstance(last.value, ast.Dict)
            and len(inner) == len(node.body) - 1
            and {ast.unparse(key) for key in last.value.keys if key} == {repr(definition.name) for definition in inner}
        )
        if plain and isinstance(call, ast.Call) and isinstance(call.args[0], ast.Constant):
            name = str(call.args[0].value)
            sources = {definition.name: textwrap.dedent(_source(definition, lines)) for definition in inner}
            if name not in seen:
                found.append((name, sources))
            seen.add(name)
    return found


class Answers(NamedTuple):
    """A right answer: what each name stands for, and what else it needs, as source."""

    by_name: dict[str, str]
    else_needed: list[tuple[str, str]]


def answers_in(path: Path, student: str) -> Answers:
    """The right answers in the file `path` as `student` would write them into a notebook.

    A typed answer is written as its value, since the file finds it in its own way from the student's variant.
    """
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERHUB_USER", student)
        patch.setenv("MPLBACKEND", "Agg")
        values = load_module(path)
    strange = set(_NOT_IN_A_NOTEBOOK)
    by_name: dict[str, str] = {}
    needed: list[tuple[str, str]] = []
    for node in ast.parse(text).body:
        names = _bound(node)
        used = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        imported = getattr(node, "module", "") or ""
        if imported.startswith(("grader", "pathlib")) or isinstance(node, ast.Expr):
            continue
        source = _source(node, lines)
        if isinstance(node, ast.Import | ast.ImportFrom):
            needed.append(("", source))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            by_name[node.name] = source
            needed.append((node.name, source))
        elif used & strange and all(map(str.isupper, names)):
            strange |= names
        elif names and all(_is_plain(values.get(name, ...)) for name in names):
            for name in sorted(names):
                by_name[name] = f"{name} = {values[name]!r}"
                needed.append((name, by_name[name]))
        elif used & strange or not names:
            strange |= names  # what is made of it is strange, too
        else:
            for name in sorted(names):
                by_name[name] = source
            needed.append((min(names), source))
    return Answers(by_name, needed)


def _source(node: ast.stmt, lines: list[str]) -> str:
    """The whole lines of `node`, decorators included."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return "\n".join(lines[first - 1 : node.end_lineno])


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module gives a value, also below an `if` or in a loop."""
    assigns = [part for part in ast.walk(node) if isinstance(part, ast.Assign)]
    targets = [name for assign in assigns for target in assign.targets for name in ast.walk(target)]
    return {name.id for name in targets if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, [*value.keys(), *value.values()]))
    return value is None or type(value) in (bool, int, float, str)


def write(notebook: Notebook, right: Answers, instead: dict[str, str] | None = None) -> None:
    """Fill every answer cell with right answers, but for the names in `instead`; what else they need is brought."""
    answers = right.by_name | (instead or {})
    given: set[str] = set()
    asked: set[str] = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            given |= definitions(source_of(cell)).keys()
    for cell in notebook["cells"]:
        if is_for_a_task(cell):
            names = definitions(source_of(cell))
            asked |= names.keys()
            cell["source"] = "\n\n\n".join(answers.get(name, stub) for name, stub in names.items())
    needed = [source for name, source in right.else_needed if name not in given]
    needed += [source for name, source in (instead or {}).items() if name not in asked]  # its own helpers
    place = next((cell for cell in notebook["cells"] if grade_id(cell).startswith("bring_")), None)
    if place is None:
        first = next(n for n, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code")
        place = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "id": "mine"}
        notebook["cells"].insert(first + 1, place)
    place["source"] = "\n\n\n".join(needed)


def is_for_a_task(cell: dict[str, Any]) -> bool:
    """Whether a cell of the released notebook is the answer to a task, and no place for earlier work."""
    return is_answer(cell) and not grade_id(cell).startswith("bring_")


def _right(style: Style) -> Edit:
    def edit(notebook: Notebook, folder: Path) -> bool:
        write(notebook, style())
        return True

    return edit, {"full": True}


def _mistaken(style: Style, mistake: tuple[str, dict[str, str]] | None) -> Edit:
    if mistake is None:
        return _right(style)
    name, sources = mistake

    def edit(notebook: Notebook, folder: Path) -> bool:
        write(notebook, style(), sources)
        return True

    return edit, {"looks_like": [name]}


def _last_answer(source: str, **expected: Any) -> Callable[[str, Style], Any]:
    """Right, but for the last answer."""

    def habit(unit: str, style: Style) -> Any:
        def edit(notebook: Notebook, folder: Path) -> bool:
            write(notebook, style())
            [cell for cell in notebook["cells"] if is_for_a_task(cell)][-1]["source"] = source
            return True

        return edit, {"lost": LAST, **expected}

    return habit


def _untouched(unit: str, style: Style) -> Any:
    return (lambda notebook, folder: True), {"zero": True}


def _attack(source: str) -> Callable[[str, Style], Any]:
    """Every answer a stub, and other code in the last."""

    def habit(unit: str, style: Style) -> Any:
        def edit(notebook: Notebook, folder: Path) -> bool:
            cells = [cell for cell in notebook["cells"] if is_for_a_task(cell)]
            names = [name for cell in cells for name in definitions(source_of(cell))]
            cells[-1]["source"] = f"NAMES = {names!r}\n{source}"
            return True

        return edit, {"zero": True}

    return habit


def _file(what: Callable[[Path], Any], problem: str) -> Callable[[str, Style], Any]:
    """Something else in place of the notebook."""

    def habit(unit: str, style: Style) -> Any:
        def edit(notebook: Notebook, folder: Path) -> bool:
            path = folder / f"{unit}.ipynb"
            path.unlink()
            what(path)
            return False

        return edit, {"zero": True, "problem": problem}

    return habit


HABITS: dict[str, Callable[[str, Style], Any]] = {
    "hilbert": _untouched,
    "markov": _last_answer("import os\nos._exit(0)"),
    "shannon": _file(lambda path: path.write_text("my homework", encoding="utf-8"), "not JSON"),
    "mallory_equal": _attack(LIAR),
    "mallory_thief": _attack(THIEF),
    "mallory_link": _file(lambda path: path.symlink_to("/etc/passwd"), "not JSON"),
}  # fmt: skip
