"""Build a unit: join its stubs with the reference into the instructor's notebook, and search releases for secrets.

`exercises/` has no answers to strip, so the instructor's notebook is *made*. Each `...` of a stub is replaced by the
reference's body of the same qualified name, between nbgrader's solution markers; nbgrader's `generate_assignment` (with
`ClearSolutions.code_stub = {"python": "..."}`) then turns it back into exactly the stub.
"""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import textwrap
import tokenize
from pathlib import Path

from kit.needed import NEEDED_FILE, NeededUnit
from kit.variants import EDITION_FILE, FIRST_EDITION

from grader.course import concepts, notebooks
from grader.course.assembly import FREE_TEXT, notebooks_of
from grader.course.data import files_beside, problems_of_files
from grader.course.folder import CourseFolder
from grader.course.leaks import BEGIN, END, answers_given_away
from grader.course.manifest import Course, Unit
from grader.course.notebooks import Json
from grader.course.packages import not_installed, undeclared
from grader.course.places import INSTALLED_KIT, write_edition
from grader.course.rehearsal import rehearse
from grader.course.stubs import Function, functions_in, is_dots, values
from grader.errors import GraderError, did_you_mean
from grader.files import read_text

_SKIP = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "tests")


class BuildError(GraderError):
    """All the reasons why a unit cannot be built."""


def build_unit(course: Course, unit_id: str, into: Path, *, rehearsed: bool = False) -> Path:
    """Write `into`/source/<unit>/ for nbgrader and return that folder. Raises BuildError with every problem.

    Its notebook is run once untouched and once with right answers, unless it is `rehearsed` already.
    """
    unit = course.unit(unit_id)
    sources = _joined(course, unit)
    folder = CourseFolder(into).source(unit_id)
    part = folder.with_name(f".{unit_id}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        made, untouched = notebooks_of(unit, sources), notebooks_of(unit)
        _write_folder(course, unit, made, part)
        if not rehearsed and (problems := _rehearsed(unit, part, untouched, made)):
            raise BuildError("\n".join(problems))
        shutil.rmtree(folder, ignore_errors=True)  # leftovers of an older build would be released
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def _rehearsed(unit: Unit, folder: Path, untouched: list[Json], right: list[Json]) -> list[str]:
    """What the given cells of each notebook raise, with and without right answers."""
    return [
        f"{stub}: {problem}"
        for stub, stripped, filled in zip(unit.stubs, untouched, right, strict=True)
        for problem in rehearse(folder, {"untouched": stripped, "with right answers": filled})
    ]


def _joined(course: Course, unit: Unit) -> list[str]:
    """The sources of the cells of the unit's notebooks, with the reference's answers filled in."""
    trees = _parsed(course, unit)
    cells = notebooks.percent_cells(*unit.stubs)
    problems = _check_tasks(unit, cells, trees)
    joiner = _Joiner(unit.reference)
    joined = joiner.join_all(cells)
    problems += joiner.problems
    problems += answers_given_away(course, unit, joiner.answers)
    if problems:
        raise BuildError("\n".join(problems))
    return joined


def _files(unit: Unit) -> dict[str, Path]:
    return {
        "notebook": unit.stub,
        **{f"notebook {stub.stem}": stub for stub in unit.stubs[1:]},
        "public checks": unit.public_checks,
        "reference": unit.reference,
        "hidden tests": unit.hidden_tests,
    }


def _parsed(course: Course, unit: Unit) -> dict[str, ast.Module]:
    """The files of a unit as syntax trees. Raises BuildError with every file that is missing or does not parse."""
    files = _files(unit)
    problems = [f"{path}: no such file ({what})" for what, path in files.items() if not path.is_file()]
    problems += _lacking_in_the_kit(course)
    problems += problems_of_files(unit)
    problems += not_installed(course)
    if problems:
        raise BuildError("\n".join(problems))
    trees = {}
    for what, path in files.items():
        try:
            trees[what] = ast.parse(read_text(path), str(path))
        except SyntaxError as error:
            problems.append(f"{path}:{error.lineno}: {error.msg} ({what})")
        except (GraderError, ValueError) as error:  # not UTF-8; bytes that are 0
            problems.append(f"{error} ({what})" if isinstance(error, GraderError) else f"{path}: {error} ({what})")
    problems += undeclared(course, {files[what]: tree for what, tree in trees.items() if what.startswith("notebook")})
    if problems:
        raise BuildError("\n".join(problems))
    return trees


def _lacking_in_the_kit(course: Course) -> list[str]:
    """Modules of the engine's kit that the course's kit lacks: it is what we release, and all that the jail has."""
    wanted = sorted(path.relative_to(INSTALLED_KIT) for path in INSTALLED_KIT.rglob("*.py"))
    lacking = []
    if missing := [str(path) for path in wanted if not (course.kit_dir / path).is_file()]:
        few = ", ".join(missing[:3]) + f" and {len(missing) - 3} more" * (len(missing) > 3)
        says = f"lacks {few}, which the engine's kit has (is it an older one?)"
        lacking = [f"{course.kit_dir}: {says}; copy {INSTALLED_KIT} here, or move this folder away to use that one"]
    variants = course.kit_dir / "variants.py"
    if course.edition != FIRST_EDITION and variants.is_file() and EDITION_FILE not in variants.read_text("utf-8"):
        lacking.append(f"{variants}: does not read {EDITION_FILE}, so edition {course.edition!r} would seed nothing")
    return lacking


def _needed(course: Course, unit: Unit) -> list[NeededUnit]:
    """What the kit's `needed` prints: the exercises of other units that this one builds on."""
    shown_by = concepts.shown_by(course)
    units: dict[str, NeededUnit] = {}
    for step in concepts.needed_steps(course, unit):
        of_unit = units.setdefault(step.unit.id, {"unit": step.unit.id, "title": step.unit.title, "tasks": []})
        task, shown = step.task, list(shown_by.get(step.name, ()))
        of_unit["tasks"].append({"task": task.id, "title": task.title, "minutes": task.minutes, "shown_by": shown})
    return list(units.values())


def _write_folder(course: Course, unit: Unit, made: list[Json], folder: Path) -> None:
    """Write the files to release into an empty folder."""
    for file, notebook in zip(unit.notebook_names, made, strict=True):
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        (folder / file).write_text(text, encoding="utf-8")
    shutil.copytree(course.kit_dir, folder / "kit", ignore=_SKIP)
    write_edition(folder / "kit", course.edition)
    (folder / "kit" / NEEDED_FILE).write_text(json.dumps(_needed(course, unit)) + "\n", encoding="utf-8")
    for name in (Path(unit.public_checks.name), *files_beside(unit)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(unit.exercises_dir / name, folder / name)


def stub_notebook(unit: Unit) -> Json:
    """The unit as students get it: its built notebooks, as one, after nbgrader's own stripping."""
    return _as_one(notebooks_of(unit))


def right_notebook(unit: Unit) -> Json:
    """The unit's notebooks, as one, with the reference's answers. Raises BuildError if they do not fit."""
    joiner = _Joiner(unit.reference)
    joined = joiner.join_all(notebooks.percent_cells(*unit.stubs))
    if joiner.problems:
        raise BuildError("\n".join(joiner.problems))
    return _as_one(notebooks_of(unit, joined))


def _as_one(made: list[Json]) -> Json:
    metadata = {key: value for key, value in made[0]["metadata"].items() if key != notebooks.OURS}
    return {**made[0], "metadata": metadata, "cells": [cell for notebook in made for cell in notebook["cells"]]}


def _check_tasks(unit: Unit, cells: list[notebooks.PercentCell], trees: dict[str, ast.Module]) -> list[str]:
    files = _files(unit)
    problems = []
    notebook = ", ".join(map(str, unit.stubs))
    stubs = [cell.task for cell in cells if cell.task]
    checks = [cell.check for cell in cells if cell.check]
    hidden, public = _marked_tasks(trees["hidden tests"]), _marked_tasks(trees["public checks"])
    known = [task.id for task in unit.tasks]
    by_hand = {task.id for task in unit.tasks if task.by_hand}
    for task in known:
        where = f"{notebook}: task {task!r}"
        kind = "[markdown] " * (task in by_hand)
        if stubs.count(task) != 1:
            problems.append(f'{where}: expected one cell `# %% {kind}task="{task}"`, found {stubs.count(task)}')
        if task in by_hand:
            problems += [f"{where}: graded by hand, so without `# %% check=`"] if task in checks else []
            continue
        if checks.count(task) != 1:
            problems.append(f'{where}: expected one cell `# %% check="{task}"`, found {checks.count(task)}')
        if task not in hidden:
            problems.append(f'{files["hidden tests"]}: no test has @pytest.mark.task("{task}")')
        if task not in public:
            problems.append(f'{files["public checks"]}: no check has @pytest.mark.task("{task}")')
    for cell in cells:
        for name in filter(None, (cell.task, cell.check)):
            if name not in known:
                problems.append(f"{cell.where}: task {name!r} has no points in course/course.toml")
        if cell.task and (cell.kind == "markdown") != (cell.task in by_hand):
            says = "graded by hand (by_hand = true), so it" if cell.task in by_hand else "a task to program, so it"
            problems.append(f"{cell.where}: task {cell.task!r} is {says} has a cell of the other kind")
        if cell.task in by_hand and cell.source.strip() != "...":
            problems.append(f"{cell.where}: task {cell.task!r}: write `# ...` alone; the text goes above it")
        if cell.check and not _calls_check(cell):
            problems.append(f'{cell.where}: expected check("{cell.check}") in this cell')
    for name in _shows_among_others(trees["hidden tests"]) if unit.one_process else ():
        says = 'shows a figure, which could tell what other tests in its process hand over; mark it with "alone=True"'
        problems.append(f"{files['hidden tests']}: {name} {says}")
    for what in ("hidden tests", "public checks"):
        for name in _marked_tasks(trees[what]) - set(known):
            problems.append(f"{files[what]}: task {name!r} is not in course/course.toml")
    return [*problems, *_mistakes_of_no_task(unit)]


def _mistakes_of_no_task(unit: Unit) -> list[str]:
    """Known mistakes of a task that is not there (any more): nobody would be told of them."""
    if not unit.mistakes.is_file():
        return []
    try:
        tree = ast.parse(read_text(unit.mistakes), str(unit.mistakes))
    except (SyntaxError, ValueError) as error:
        return [f"{unit.mistakes}:{getattr(error, 'lineno', None) or 1}: {error} (known mistakes)"]
    known, renamed = [task.id for task in unit.tasks], {was: task.id for task in unit.tasks for was in task.was}
    found = [
        (node.lineno, str(node.args[0].value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("mistake", "wrong_function")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    others = f"There are: {', '.join(known)}"
    return [
        f"{unit.mistakes}:{line}: task {name!r} is not in course/course.toml. "
        + (f"It is {renamed[name]!r} now" if name in renamed else did_you_mean(name, known, otherwise=others))
        for line, name in found
        if name not in known
    ]


def _calls_check(cell: notebooks.PercentCell) -> bool:
    return re.search(rf"""\bcheck\(\s*["']{re.escape(cell.check)}["']""", cell.source) is not None


def _marked_tasks(tree: ast.Module) -> set[str]:
    """The first arguments of every `pytest.mark.task(...)`."""
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "task"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def _shows_among_others(tree: ast.Module) -> list[str]:
    """The hidden tests that show the student's figure and are not marked with `alone=True`."""
    found = []
    for test in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        keywords = {call.arg for node in ast.walk(test) if isinstance(node, ast.Call) for call in node.keywords}
        if ("show" in keywords or "student.show(" in ast.unparse(test)) and "alone" not in keywords:
            found.append(test.name)
    return found


def _defines(node: ast.stmt) -> set[str]:
    """The names that a statement defines or adds to (`Dual` for `Dual.__pow__ = power`)."""
    if isinstance(node, Function | ast.ClassDef):
        return {node.name}
    if not isinstance(node, ast.Assign):
        return set()
    owners = [target.value if isinstance(target, ast.Attribute) else target for target in node.targets]
    return {owner.id for owner in owners if isinstance(owner, ast.Name)}


class _Joiner:
    """Replaces the dots of the stubs with the bodies and values of the reference."""

    def __init__(self, reference: Path) -> None:
        self.reference = reference
        self.text = read_text(reference)
        self.tree = tree = ast.parse(self.text)
        self.functions = dict(functions_in(tree))
        self.values = values(tree)
        self.inside_strings = _rows_inside_strings(self.text)
        self.problems: list[str] = []
        self.answers: list[str] = []  # what replaces the dots of each stub

    def join_all(self, cells: list[notebooks.PercentCell]) -> list[str]:
        """The sources of `cells`."""
        return [self.join(cell) if cell.task or cell.bring else cell.source for cell in cells]

    def join(self, cell: notebooks.PercentCell) -> str:
        where = cell.where
        if cell.kind == "markdown":
            model = self.reference.with_name(f"{cell.task}.md")
            return read_text(model).strip() if model.is_file() else FREE_TEXT
        if cell.bring:
            return self._bring(cell, where)
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            self.problems.append(f"{where}: the stub is not Python: {error.msg} (line {error.lineno} of the cell)")
            return cell.source
        lines = cell.source.splitlines()
        stubs = [(name, stub) for name, stub in functions_in(tree) if is_dots(stub.body[-1])]
        blanks = [
            (name, value)
            for name, value in values(tree).items()
            if isinstance(value, ast.Constant) and value.value is ...
        ]
        if not stubs and not blanks:
            self.problems.append(f"{where}: the task {cell.task!r} asks for nothing: no `...` in its cell")
        edits = [self._function(name, stub, lines, where) for name, stub in stubs]
        edits += [self._value(name, blank, lines, where) for name, blank in blanks]
        written = [edit for edit in edits if edit is not None]
        self.answers += ["\n".join(body) for _, body in written]
        for line, body in sorted(written, reverse=True):
            indent = _indent(lines[line - 1])
            lines[line - 1 : line] = [indent + BEGIN, *body, indent + END]
        return "\n".join(lines)

    def _function(self, name: str, stub: Function, lines: list[str], where: str) -> tuple[int, list[str]] | None:
        """The line of a stub's dots, and the reference's body, indented; None if something is wrong."""
        row = stub.body[-1].lineno
        reference = self.functions.get(name)
        if reference is None:
            self.problems.append(f"{where}: the stub {name} has no function of that name in {self.reference}")
            return None
        ours, theirs = ast.unparse(stub.args), ast.unparse(reference.args)
        if ours != theirs:
            self.problems.append(f"{where}: {name}({ours}) in the stub, {name}({theirs}) in {self.reference}")
        elif lines[row - 1].strip() != "...":
            self.problems.append(f"{where}: {name}: write `...` on a separate line")
        else:
            return row, self._body(reference, _indent(lines[row - 1]))
        return None

    def _value(self, name: str, blank: ast.expr, lines: list[str], where: str) -> tuple[int, list[str]] | None:
        """The line of the dots that stand for a value, and the reference's value; None if something is wrong."""
        reference = self.values.get(name)
        if reference is None:
            self.problems.append(f"{where}: {name} has no value in {self.reference}")
        elif lines[blank.lineno - 1].strip() != "...":
            self.problems.append(f"{where}: write `{name} = (`, `...` and `)` on three lines")
        else:
            text = ast.get_source_segment(self.text, reference) or ""
            indented = textwrap.indent(textwrap.dedent(text), _indent(lines[blank.lineno - 1]))
            return blank.lineno, indented.splitlines()
        return None

    def _bring(self, cell: notebooks.PercentCell, where: str) -> str:
        """A cell for work from an earlier unit, filled with everything that the reference has for these names."""
        lines = cell.source.splitlines()
        if "..." not in lines:
            self.problems.append(f"{where}: a cell that brings {', '.join(cell.bring)} needs `...` on its own line")
            return cell.source
        place = lines.index("...")
        pieces = []
        for name in cell.bring:
            found = [node for node in self.tree.body if name in _defines(node)]
            if not found:
                self.problems.append(f"{where}: brings {name}, which {self.reference} does not define")
            pieces += [(node.lineno, ast.get_source_segment(self.text, node) or "") for node in found]
        brought = [text for _, text in sorted(set(pieces))]
        return "\n".join([*lines[:place], BEGIN, "\n\n\n".join(brought), END, *lines[place + 1 :]])

    def _body(self, function: Function, indent: str) -> list[str]:
        """The statements after the docstring, with their comments; text inside strings is not reindented."""
        body = function.body
        if ast.get_docstring(function) is not None:
            body = body[1:]
        if not body:
            self.problems.append(f"{self.reference}: {function.name} has no body")
            return []
        lines = self.text.splitlines()
        first = min([body[0].lineno, *(node.lineno for node in getattr(body[0], "decorator_list", []))])
        if lines[first - 1][: body[0].col_offset].strip(" \t@"):  # def f(x): return x
            return [indent + line for node in body for line in ast.unparse(node).splitlines()]
        while lines[first - 2].strip() == "" or lines[first - 2].lstrip().startswith("#"):
            first -= 1
        while not lines[first - 1].strip():
            first += 1
        moved = []
        for row in range(first, (function.end_lineno or first) + 1):
            line = lines[row - 1]
            if row not in self.inside_strings:
                column = body[0].col_offset
                line = line.lstrip() if line[:column].strip() else line[column:]
                line = indent + line if line else ""
            moved.append(line)
        return moved


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _rows_inside_strings(text: str) -> set[int]:
    """The lines that begin inside a string: their indentation is part of a value."""
    rows: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            rows.update(range(token.start[0] + 1, token.end[0] + 1))
    return rows
