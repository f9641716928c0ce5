"""Prove that a unit's hidden tests are right: they accept right answers, reject wrong ones, notice every small change.

Everything here is the course's own code, so it runs in this process and in forks of it, never in a lane. One pytest
session serves the whole audit; a *trial* runs some namespace through the hidden tests of some tasks. Mutants run in
forks with a CPU limit, since a mutated loop may never end.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from grader import build, manifest, notebooks, pytest_plugin
from grader.diagnose import Casebook, load_module
from grader.errors import GraderError
from grader.pytest_plugin import Run
from grader.results import Outcome
from grader.student import Student
from grader.symbolic import told_apart

MUTANT_SECONDS = 5
RUNS = 20


class Finding(msgspec.Struct, frozen=True):
    """One thing that an audit looked at: `ok` says whether it is as it must be."""

    what: str
    task: str
    ok: bool
    says: str


class Audit(msgspec.Struct, frozen=True):
    """All that was found about one unit."""

    unit: str
    findings: tuple[Finding, ...]
    mutants: int
    seconds: float

    @property
    def faults(self) -> list[Finding]:
        """What is not as it must be."""
        return [finding for finding in self.findings if not finding.ok]


def audit_unit(course: manifest.Course, unit_id: str, *, fast: bool = False) -> Audit:
    """Audit one unit; `fast` leaves out the mutants and most of the repeated runs. Raises GraderError."""
    unit = course.unit(unit_id)
    folder = unit.solutions_dir
    findings: list[Finding] = []
    mutants = 0
    started = time.perf_counter()
    os.environ.setdefault("MPLBACKEND", "Agg")
    os.environ["JUPYTERHUB_USER"] = "reference"

    def body(run: Run) -> None:
        nonlocal mutants
        casebook = Casebook(folder, run)
        findings.extend(_reference(casebook))
        if casebook.unsound():
            return
        findings.extend(_mistakes(casebook))
        findings.extend(_right_answers(course, unit, run))
        findings.extend(_worthless(unit, run))
        findings.extend(_repeated(folder, run, 3 if fast else RUNS))
        findings.extend(_times(casebook))
        findings.extend(_told_apart(folder / f"test_{unit_id}_hidden.py"))
        if not fast:
            found = list(_mutants(unit, run))
            mutants = len(found)
            findings.extend(finding for finding in found if not finding.ok)

    pytest_plugin.serve([folder / f"test_{unit_id}_hidden.py"], body)
    return Audit(unit_id, tuple(findings), mutants, time.perf_counter() - started)


def _failed(ran: list[Any]) -> dict[str, str]:
    return {case.result.name: case.result.task for case in ran if case.result.outcome is not Outcome.PASSED}


def _reference(casebook: Casebook) -> Iterator[Finding]:
    unsound = casebook.unsound()
    yield Finding("reference", "", not unsound, "; ".join(unsound) or f"passes {len(casebook.reference)} hidden tests")


def _mistakes(casebook: Casebook) -> Iterator[Finding]:
    for known in casebook.mistakes:
        cases = list(casebook.cases[known.name].values())
        failed = set(_failed(cases))
        named = casebook.name_mistake(known.task, cases)
        if failed != set(known.fails):
            says = f"fails {sorted(failed)}, declared {sorted(known.fails)}"
        elif named is None:
            says = "is not named"
        elif named is not known and set(named.fails) != set(known.fails):
            says = f"is taken for {named.name}"
        else:
            says = "" if named is known else f"behaves like {named.name}"
        yield Finding(f"mistake {known.name}", known.task, named is not None and failed == set(known.fails), says)


def _right_answers(course: manifest.Course, unit: manifest.Unit, run: Run) -> Iterator[Finding]:
    for path in sorted((course.root / "tests" / f"unit_{unit.id}" / "right_answers").glob("*.py")):
        failed = _failed(run(lambda _, path=path: Student.local(load_module(path))))
        yield Finding(f"right answer {path.stem}", "", not failed, f"loses {sorted(failed)}" if failed else "")


def _asked(unit: manifest.Unit) -> dict[str, list[str]]:
    """The names that each task asks for (`Dual.__add__` for a method)."""
    cells = notebooks.read_percent((unit.exercises_dir / f"{unit.id}.py").read_text(encoding="utf-8"))
    return {cell.task: build.asked_names(cell.source) for cell in cells if cell.task}


WORTHLESS: dict[str, Callable[..., Any]] = {
    "gives None": lambda *a, **k: None,
    "gives 0": lambda *a, **k: 0,
    "gives 1.0": lambda *a, **k: 1.0,
    "gives True": lambda *a, **k: True,
    "gives ''": lambda *a, **k: "",
    "gives []": lambda *a, **k: [],
    "echoes its last input": lambda *a, **k: a[-1] if a else None,
}


def _worthless(unit: manifest.Unit, run: Run) -> Iterator[Finding]:
    """Answers that nobody worked for get nothing."""
    for task, names in _asked(unit).items():
        for what, answer in WORTHLESS.items():

            def open_student(_: str, names: list[str] = names, answer: Callable[..., Any] = answer) -> Student:
                namespace = load_module(unit.solutions_dir / "reference.py")
                for name in names:
                    owner, _dot, attribute = name.rpartition(".")
                    if owner and owner in namespace:
                        setattr(namespace[owner], attribute, answer)
                    else:
                        namespace[name] = answer if callable(namespace.get(name)) else answer()
                return Student.local(namespace)

            ran = run(open_student, only=frozenset([task]))
            passed = sorted(case.result.name for case in ran if case.result.outcome is Outcome.PASSED)
            yield Finding(f"all {what}", task, not passed, f"passes {passed}" if passed else "")


def _repeated(folder: Path, run: Run, times: int) -> Iterator[Finding]:
    odd: set[str] = set()
    for _ in range(times):
        odd |= set(_failed(run(lambda _: Student.local(load_module(folder / "reference.py")))))
    yield Finding(f"{times} runs alike", "", not odd, f"differs: {sorted(odd)}" if odd else "")


def _times(casebook: Casebook) -> Iterator[Finding]:
    by_task: dict[str, float] = {}
    for case in casebook.reference:
        by_task[case.result.task] = by_task.get(case.result.task, 0.0) + case.result.milliseconds
    for task, milliseconds in by_task.items():
        yield Finding("time of its hidden tests", task, milliseconds < 2000, f"{milliseconds:.0f} ms")


def _told_apart(path: Path) -> Iterator[Finding]:
    """For each `expect.symbolic(..., question="...")`: which misconceptions the question can tell apart."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) in ("expect.symbolic", "symbolic")):
            continue
        options = {one.arg: one.value for one in node.keywords if isinstance(one.value, ast.Constant)}
        question, variable = options.get("question"), options.get("variable")
        if question is None or not isinstance(node.args[1], ast.Constant):
            continue
        variables = ast.literal_eval(node.args[3])
        by = variable.value if variable is not None else variables[0]
        groups = told_apart(str(question.value), str(by), variables)
        says = f"{len(groups)} kinds of wrong answer: " + "; ".join(" = ".join(group) for group in groups)
        yield Finding(f"question {node.args[1].value!s}", "", bool(groups), says)


# ------------------------------------------------------------------------------------------------- mutants

_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.MatMult: ast.Mult,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def mutations(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every small change of `tree`, one at a time: (what was changed where, the changed copy).

    The operators are those of the usual mutation tools: arithmetic and comparison exchanged, a number off by one, a
    sign or a `not` dropped, a condition forced, an argument left out, a statement deleted.
    """
    places = [node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)]
    for number, node in enumerate(places):
        for what, change in _changes(node):
            mutant = copy.deepcopy(tree)
            twin = [one for one in ast.walk(mutant) if isinstance(one, ast.expr | ast.stmt)][number]
            change(twin)
            yield f"line {getattr(node, 'lineno', 0)}: {what} in `{ast.unparse(node).splitlines()[0][:60]}`", mutant


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        new = _ARITHMETIC[type(node.op)]
        yield f"{type(node.op).__name__} -> {new.__name__}", lambda twin: setattr(twin, "op", new())
    elif isinstance(node, ast.Compare):
        other = _COMPARE[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} -> {other.__name__}", lambda twin: setattr(twin, "ops", [other()])
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield "number + 1", lambda twin: setattr(twin, "value", twin.value + 1)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "minus dropped", lambda twin: setattr(twin, "op", ast.UAdd())
    elif isinstance(node, ast.If | ast.IfExp):
        yield "always", lambda twin: setattr(twin, "test", ast.copy_location(ast.Constant(True), twin.test))
        yield "never", lambda twin: setattr(twin, "test", ast.copy_location(ast.Constant(False), twin.test))
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "returns None", lambda twin: setattr(twin, "value", ast.copy_location(ast.Constant(None), twin))


def _mutants(unit: manifest.Unit, run: Run) -> Iterator[Finding]:
    """Every mutant of what the tasks ask for is killed by a hidden test, or explained in equivalent_mutants.json."""
    path = unit.solutions_dir / "reference.py"
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    explained: dict[str, str] = {}
    listed = unit.solutions_dir / "equivalent_mutants.json"
    if listed.exists():
        explained = json.loads(listed.read_text(encoding="utf-8"))
    asked = {name for names in _asked(unit).values() for name in names}
    for name, function in build.functions(tree):
        if name not in asked:
            continue
        for what, mutant in mutations(function):
            key = f"{name}: {what.partition(': ')[2]}"
            killed = _killed(tree, function, mutant, path, run)
            says = explained.get(key, "") if not killed else ""
            yield Finding(f"mutant of {name}", name, killed or bool(says), says or f"survives: {what}")
    unknown = [key for key in explained if key.partition(":")[0] not in asked]
    if unknown:
        raise GraderError(f"{listed}: explains mutants of what no task asks for: {unknown}")


def _killed(tree: ast.Module, function: ast.AST, mutant: ast.AST, path: Path, run: Run) -> bool:
    """Whether a hidden test fails for the reference with `function` exchanged for `mutant`; in a fork."""
    changed = _Exchange(function, mutant).visit(copy.deepcopy(tree))
    code = compile(ast.fix_missing_locations(changed), str(path), "exec")
    child = os.fork()
    if child == 0:
        survived = False
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (MUTANT_SECONDS, MUTANT_SECONDS))
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)

            def open_student(_: str) -> Student:
                namespace: dict[str, Any] = {"__name__": "mutant", "__file__": str(path)}
                exec(code, namespace)  # noqa: S102 - our own reference, mutated
                return Student.local(namespace)

            survived = not _failed(run(open_student))
        finally:
            os._exit(0 if survived else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


class _Exchange(ast.NodeTransformer):
    """Puts one function definition in the place of another, known by where it stands."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._at = (getattr(old, "lineno", 0), getattr(old, "col_offset", 0))
        self._new = new

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if (node.lineno, node.col_offset) == self._at:
            return self._new
        return self.generic_visit(node)


def write_page(audit: Audit, path: Path) -> None:
    """A self-contained page with every finding."""
    from html import escape

    rows = "".join(
        f"<tr><td>{'✓' if one.ok else '✗'}</td><td>{escape(one.task)}</td><td>{escape(one.what)}</td>"
        f"<td>{escape(one.says)}</td></tr>"
        for one in sorted(audit.findings, key=lambda one: one.ok)
    )
    head = f"<!doctype html><meta charset='utf-8'><title>audit of {escape(audit.unit)}</title>"
    counts = f"{len(audit.findings)} findings, {len(audit.faults)} faults, {audit.mutants} mutants"
    summary = f"{counts}, {audit.seconds:.0f} s"
    path.write_text(f"{head}<h1>{escape(audit.unit)}</h1><p>{summary}</p><table>{rows}</table>", encoding="utf-8")
