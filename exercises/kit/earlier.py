"""`bring("u1_derivative_intuition", "Dual slope")` fetches your own work from the notebook of an earlier unit.

Theory of operation. The earlier notebook lies in the folder beside this one. Its code cells are parsed, never run: we
take the last definition of each wanted name, whatever was attached to it (`Dual.__pow__ = power`), and the helpers that
these use. That source then *replaces the cell* that called `bring`, so the submitted notebook holds it and grading
needs nothing else. During grading, and when a unit is rehearsed before its release, `bring` does nothing.
"""

from __future__ import annotations

import ast
import builtins
import json
import linecache
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeGuard


class _Statement(NamedTuple):
    """A statement at the top of a cell: the names that it defines or adds to, the names it uses, and its text."""

    node: ast.stmt
    defines: frozenset[str]
    extends: frozenset[str]
    uses: frozenset[str]
    source: str


def bring(unit: str, names: str, folder: str | Path | None = None) -> None:
    """Fetch your own `names` (separated by spaces) from `unit`'s notebook, which lies in the folder beside this one."""
    if os.environ.get("KIT_GRADING") or os.environ.get("KIT_REHEARSING"):
        return
    space = sys._getframe(1).f_globals
    path = Path(folder or Path.cwd().parent) / unit / f"{unit}.ipynb"
    wanted = names.split()
    if own := _written_here(wanted):
        print(f"This cell already holds your {_listed(own)}, so nothing was fetched.")
        return
    try:
        statements = list(_statements(json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        print(
            f"There is no {path}.\nPut your folder {unit} beside this one and run this cell again, or paste your "
            f"{_listed(wanted)} in place of the dots. You can also go on without."
        )
        return
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        print(f"{path} cannot be read as a notebook ({type(error).__name__}). Does it open in Jupyter?")
        return
    chosen = _chosen(wanted, statements, space)
    _report(unit, wanted, chosen)
    source = "\n\n\n".join(statement.source for statement in chosen)
    if source and _run(source, unit, space):
        _replace_cell(f"# To fetch it again, take away the # here and run:\n# bring({unit!r}, {names!r})\n\n{source}\n")


def _statements(notebook: dict[str, Any]) -> Iterator[_Statement]:
    """The statements at the top of the notebook's code cells; cells that are not Python are left out."""
    for cell in notebook["cells"]:
        if cell.get("cell_type") != "code":
            continue
        text = "".join(cell["source"])
        text = re.sub(r"^[%!].*$", "", text, flags=re.MULTILINE)
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue
        lines = text.splitlines()
        for node in tree.body:
            first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
            source = "\n".join(lines[first - 1 : node.end_lineno])
            uses = frozenset(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
            yield _Statement(node, frozenset(_defined(node)), frozenset(_extended(node)), uses, source)


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
            yield from (part.id for part in parts if isinstance(part, ast.Name))


def _extended(node: ast.stmt) -> Iterator[str]:
    """The names to which a statement attaches something: Dual for `Dual.__pow__ = power`."""
    for target in node.targets if isinstance(node, ast.Assign) else []:
        for part in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                yield part.value.id


def _chosen(wanted: Iterable[str], statements: list[_Statement], space: dict[str, Any]) -> list[_Statement]:
    """What to bring, in the notebook's order: the wanted names, and all of the learner's own that these use."""
    last = {name: number for number, statement in enumerate(statements) for name in statement.defines}
    numbers: set[int] = set()
    waiting, seen = list(wanted), set(wanted)
    while waiting:
        name = waiting.pop()
        if name not in last or (name not in wanted and _is_there(name, space)):
            continue
        found = {last[name]}
        found |= {at for at, statement in enumerate(statements) if name in statement.extends and at > last[name]}
        for at in found - numbers:
            waiting += [used for used in statements[at].uses if used not in seen]
            seen |= statements[at].uses
        numbers |= found
    return [statement for at, statement in enumerate(statements) if at in numbers and not _is_stub(statement.node)]


def _is_there(name: str, space: dict[str, Any]) -> bool:
    """Whether this notebook has a name already: a built-in, a module, or a part of the kit."""
    found = space.get(name)
    of_kit = str(getattr(found, "__module__", "")).partition(".")[0] in ("kit", "numpy", "matplotlib", "math")
    return hasattr(builtins, name) or isinstance(found, ModuleType) or (found is not None and of_kit)


def _is_stub(node: ast.AST) -> bool:
    """Whether a function, or a value, is still `...`."""
    if isinstance(node, ast.Assign):
        return _is_dots(node.value)
    return isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Expr) and _is_dots(node.body[-1].value)


def _is_dots(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and node.value is ...


def _report(unit: str, wanted: list[str], chosen: list[_Statement]) -> None:
    brought = {name for statement in chosen for name in statement.defines}
    helpers = sorted(brought - set(wanted))
    if brought:
        also = f" (and what they use: {', '.join(helpers)})" if helpers else ""
        print(f"Brought from {unit}: {', '.join(name for name in wanted if name in brought)}{also}.")
    if missing := [name for name in wanted if name not in brought]:
        print(f"Not written there yet: {', '.join(missing)}. Finish that there and run this again, or go on without.")
    for statement in chosen:
        node = statement.node
        if isinstance(node, ast.ClassDef) and (open_ := [part.name for part in _methods(node)]):
            print(f"In your {node.name}, still `...`: {', '.join(open_)}.")


def _methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """The methods of a class that are still `...`."""
    return (part for part in node.body if isinstance(part, ast.FunctionDef) and _is_stub(part))


def _run(source: str, unit: str, space: dict[str, Any]) -> bool:
    """Define the brought work in the notebook; False, with a message, if it raises."""
    name = f"<brought from {unit}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)  # for tracebacks
    try:
        exec(compile(source, name, "exec"), space)  # noqa: S102 - the learner's own code, in the learner's own notebook
    except Exception as error:
        print(f"Your code from {unit} raised {type(error).__name__}: {error}. Does that notebook run from the top?")
        return False
    return True


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _written_here(wanted: list[str]) -> list[str]:
    """The wanted names that the running cell defines itself, because they were pasted into it."""
    shell = _shell()
    cells = shell.user_ns.get("In", [""]) if shell is not None else [""]
    defined = re.findall(r"^(?:def|class) (\w+)", cells[-1], re.MULTILINE)
    return [name for name in wanted if name in defined]


def _replace_cell(text: str) -> None:
    if (shell := _shell()) is not None:
        shell.set_next_input(text, replace=True)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
