"""The measured slopes of a question's own function, at many places: the feedback draws them beside a typed formula.

A unit declares them as `SLOPES` beside its public checks (`kit.measured`), so they hold nothing that a student does not
have. A function may use names of the notebook; these are made here, from its given cells and the student's name, and
never taken from the student's own notebook.
"""

from __future__ import annotations

import ast
import functools
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from kit.check import Answers, modules_of_checks
from kit.measured import Measured
from kit.variants import edition_of

from grader.course.manifest import Course, Unit
from grader.course.notebooks import percent_cells
from grader.environment import environment
from grader.testing.authoring import authored

PLACES = 25


class Slopes(msgspec.Struct, frozen=True):
    """What was measured for one typed formula: along one letter, while the others are held."""

    along: str
    low: float
    high: float
    fixed: Mapping[str, float] = {}
    places: tuple[tuple[float, float], ...] = ()  # each with what was measured there

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the formula."""
        return (self.along, *self.fixed)


def slopes_for(course: Course, unit: Unit, student: str) -> dict[str, Slopes]:
    """The measured slopes for each typed formula that the unit declares some for, with the student's own numbers.

    Raises GraderError if a declaration cannot be used.
    """
    declared = _declared(unit)
    if not declared:
        return {}
    with authored(unit.public_checks), edition_of(course.edition), environment({"JUPYTERHUB_USER": student}):
        names = Answers(_given(unit, {name for measured in declared.values() for name in measured.needs}))
        return {
            name: _measure(measured, names) if measured.needs else _same_for_all(measured)
            for name, measured in declared.items()
        }


def _declared(unit: Unit) -> dict[str, Measured]:
    if not unit.public_checks.is_file():
        return {}
    with authored(unit.public_checks):
        modules = list(modules_of_checks(unit.exercises_dir))
    return {name: measured for names in modules for name, measured in names.get("SLOPES", {}).items()}


_kept: dict[Callable[..., float], Slopes] = {}  # a page of a class is made every few milliseconds


def _same_for_all(measured: Measured) -> Slopes:
    """The slopes of a function without a student's own numbers; measured once."""
    if measured.rate not in _kept:
        _kept[measured.rate] = _measure(measured, Answers({}))
    return _kept[measured.rate]


def _measure(measured: Measured, names: Answers) -> Slopes:
    """The measured rate at places from one end of the range to the other; none where the function has no value."""
    rate, found = measured.of(names), []
    for number in range(PLACES):
        x = measured.low + (measured.high - measured.low) * number / (PLACES - 1)
        try:
            value = float(rate(**{**measured.fixed, measured.along: x}))
        except (ArithmeticError, ValueError):
            continue
        if math.isfinite(value):
            found.append((x, value))
    return Slopes(measured.along, measured.low, measured.high, measured.fixed, tuple(found))


# ------------------------------------------------------------------------------------------- the names of the notebook


def _given(unit: Unit, wanted: set[str]) -> dict[str, Any]:
    """These names of the notebook, made from its given cells, for the student whose name is set."""
    statements = _statements(unit.stubs, tuple(path.stat().st_mtime_ns for path in unit.stubs)) if wanted else {}
    made: dict[str, Any] = {}
    begun: set[str] = set()

    def make(name: str) -> None:
        if name in begun or name not in statements:
            return
        begun.add(name)
        for used in ast.walk(statements[name]):
            if isinstance(used, ast.Name):
                make(used.id)
        code = compile(ast.Module([statements[name]], []), str(unit.stub), "exec")
        exec(code, made)  # noqa: S102 - our own notebook

    for name in sorted(wanted):
        make(name)
    return made


@functools.lru_cache(maxsize=32)
def _statements(stubs: tuple[Path, ...], changed: tuple[int, ...]) -> dict[str, ast.stmt]:
    """The statement that binds each global of the given cells."""
    found: dict[str, ast.stmt] = {}
    for cell in percent_cells(*stubs):
        if cell.kind != "code" or cell.task or cell.check or cell.bring or cell.own:
            continue
        for statement in ast.parse(cell.source).body:
            found |= dict.fromkeys(_bound(statement), statement) if not isinstance(statement, _IMPORT) else {}
            if isinstance(statement, _IMPORT):
                found |= {alias.asname or alias.name: _alone(statement, alias) for alias in statement.names}
    return found


_IMPORT = ast.Import | ast.ImportFrom


def _bound(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]


def _alone(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    """The import of this name only: a notebook's imports include matplotlib."""
    if isinstance(statement, ast.Import):
        return ast.copy_location(ast.Import([alias]), statement)
    return ast.copy_location(ast.ImportFrom(statement.module, [alias], statement.level), statement)
