"""Check a unit's hidden tests: they accept right answers, reject wrong ones and notice every small change.

Everything run here is the course's own code, so it runs in this process and in forks of it (`mutants`), never in a
lane. The whole audit uses one pytest session.
"""

from __future__ import annotations

import ast
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from kit.variants import edition_of

from grader.audit.crossing import what_crosses
from grader.audit.earlier import slips_that_cost_once
from grader.audit.finding import Finding
from grader.audit.mutants import killed_in_forks, mutations
from grader.audit.public_checks import ticked_mistakes
from grader.audit.single_names import worthless_names
from grader.audit.worthless import worthless_answers
from grader.course import build, manifest, notebooks, stubs
from grader.course.data import working_beside
from grader.course.rehearsal import rehearse
from grader.diagnosis.casebook import Casebook
from grader.diagnosis.mistakes import read_record, record_of, write_record
from grader.environment import environment
from grader.errors import GraderError
from grader.files import read_text
from grader.results import Outcome, TestResult
from grader.symbolic import told_apart
from grader.testing import plugin
from grader.testing.authoring import Rewritten, load_module
from grader.testing.plugin import Run, TestRun
from grader.testing.student import Student

RUNS = 20
NAMES = ("ada", "bob", "eve", "zoe")  # the given cells are also run with these names' variants, besides "reference"


LOOKS = {
    "given": "The cells that are given run without an exception, untouched and with right answers",
    "right": "The reference, and right answers in other styles, score in full",
    "mistakes": "Each known mistake fails exactly the tests recorded for it, and gets its explanation",
    "rewritten": "Nine in ten known mistakes are named when they are written differently",
    "public": "The public checks tick at most one known mistake in ten, each with a reason",
    "mutants": "Each small change of the reference is noticed by a hidden test, or explained as no change",
    "worthless": "Stubs earn nothing; constants, echoes and tricks at most 5 % of a task",
    "single": "A worthless answer for one name of a task loses what that name is worth, but for 5 % of the task",
    "earlier": "A slip in an earlier task costs once: what builds on it passes with right work in its place",
    "questions": "The misconceptions that a typed answer tells apart",
    "repeats": "Hidden tests come to the same outcomes every time",
    "apart": "No test hands over what another test in the same process asks for",
    "messages": "No message tells a hidden input or number, or begins twice with the same name",
    "time": "Milliseconds of each task's hidden tests",
}


class Audit(msgspec.Struct, frozen=True):
    """All findings about one unit."""

    unit: str
    findings: tuple[Finding, ...]
    mutants: int
    seconds: float

    @property
    def faults(self) -> list[Finding]:
        """The findings that are not OK."""
        return [finding for finding in self.findings if not finding.ok]

    def of(self, look: str) -> list[Finding]:
        """The findings of one of LOOKS, faults first."""
        return sorted((finding for finding in self.findings if finding.look == look), key=lambda finding: finding.ok)


def audit_unit(course: manifest.Course, unit_id: str, *, fast: bool = False) -> Audit:
    """Audit one unit. Raises GraderError.

    `fast` skips the mutants, most repeated runs and worthless answers, and every other rewritten mistake.
    """
    unit = course.unit(unit_id)
    findings: list[Finding] = []
    tried = 0
    started = time.perf_counter()

    def body(run: Run) -> None:
        nonlocal tried
        seen: list[TestResult] = []  # every failure with a hint: no message may reveal a secret

        def hear(result: TestResult) -> None:
            if result.hint:
                seen.append(result)

        def watched(*args: object, **kwargs: object) -> list[TestRun]:
            ran = run(*args, **kwargs)
            for case in ran:
                hear(case.result)
            return ran

        casebook = Casebook(unit.solutions_dir, watched)
        for look, found in _looks(course, unit, casebook, run, watched, hear=hear, seen=seen, fast=fast):
            findings.extend(msgspec.structs.replace(finding, look=look) for finding in found)
        if not fast and not casebook.unsound():
            mutants = _mutants(unit, run)
            tried = len(mutants)
            telling = (finding for finding in mutants if not finding.ok or finding.says)  # skip killed mutants
            findings.extend(msgspec.structs.replace(finding, look="mutants") for finding in telling)

    _with_the_reference(course, unit, body)
    return Audit(unit_id, tuple(findings), tried, time.perf_counter() - started)


def _with_the_reference(course: manifest.Course, unit: manifest.Unit, body: Callable[[Run], None]) -> None:
    """Run `body` on the hidden tests as the student called "reference", in this course's edition, beside its data."""
    named = environment({"JUPYTERHUB_USER": "reference", "MPLBACKEND": os.environ.get("MPLBACKEND", "Agg")})
    with named, working_beside(unit), edition_of(course.edition):
        plugin.run_inside_pytest([unit.hidden_tests], body)


def _looks(
    course: manifest.Course,
    unit: manifest.Unit,
    casebook: Casebook,
    run: Run,
    watched: Run,
    *,
    hear: Callable[[TestResult], None],
    seen: list[TestResult],
    fast: bool,
) -> Iterator[tuple[str, Iterable[Finding]]]:
    """The questions in order, except for the mutants; if the reference is unsound, only the first two."""
    yield "given", _given_cells(course, unit, () if fast else NAMES)
    yield "right", _reference(casebook)
    if casebook.unsound():
        return
    yield "right", _right_answers(course, unit, watched)
    yield "mistakes", _mistakes(casebook, unit.solutions_dir)
    yield "rewritten", _rewritten(casebook, unit.solutions_dir, every=2 if fast else 1)
    yield "public", ticked_mistakes(unit, casebook.mistakes)
    yield "worthless", worthless_answers(unit, watched, fast=fast, seen=hear)
    yield "single", worthless_names(unit, watched, fast=fast, seen=hear)
    yield "earlier", slips_that_cost_once(unit, run)
    yield "questions", _told_apart(unit.hidden_tests)
    yield "repeats", _repeated(unit.solutions_dir, run, 3 if fast else RUNS)
    yield "apart", what_crosses(unit, run)
    yield "messages", _messages(seen, casebook, unit.hidden_tests)
    yield "time", _times(casebook)


def _failed(ran: list[TestRun]) -> dict[str, str]:
    return {case.result.name: case.result.task for case in ran if case.result.outcome is not Outcome.PASSED}


def _reference(casebook: Casebook) -> Iterator[Finding]:
    unsound = casebook.unsound()
    yield Finding("reference", "", not unsound, "; ".join(unsound) or f"passes {len(casebook.reference)} hidden tests")


def record_mistakes(course: manifest.Course, unit_id: str) -> dict[str, tuple[list[str], list[str]]]:
    """Record which hidden tests each mistake of a unit fails. Returns (old, new) for each mistake that changed.

    Raises GraderError if the reference fails its own hidden tests, or a mistake fails none.
    """
    folder = course.unit(unit_id).solutions_dir
    changed: dict[str, tuple[list[str], list[str]]] = {}

    def body(run: Run) -> None:
        casebook = Casebook(folder, run)
        if casebook.unsound():
            raise GraderError(f"{unit_id}: the reference fails its own hidden tests: {'; '.join(casebook.unsound())}")
        fails = {known.name: list(_failed(list(casebook.cases(known).values()))) for known in casebook.mistakes}
        unnoticed = [name for name, tests in fails.items() if not tests]
        if unnoticed:
            raise GraderError(f"{folder / 'mistakes.py'}: pass every hidden test: {', '.join(unnoticed)}")
        before = read_record(folder)
        changed.update(
            {name: (before.get(name, []), tests) for name, tests in fails.items() if before.get(name) != tests}
        )
        write_record(folder, fails)

    _with_the_reference(course, course.unit(unit_id), body)
    return changed


def _given_cells(course: manifest.Course, unit: manifest.Unit, names: Iterable[str]) -> Iterator[Finding]:
    """Check that the notebook runs untouched and with right answers, and untouched under each of the `names`."""
    folder, kit = unit.exercises_dir, course.kit_dir
    try:
        untouched, right = build.stub_notebook(unit), build.right_notebook(unit)
        runs, stubs_of = {"untouched": untouched, "with right answers": right}, unit.stubs  # `random.py` hides Python's
        problems = rehearse(folder, runs, kit=kit, without=stubs_of)
        if names:
            problems += rehearse(folder, {"untouched": untouched}, names=names, kit=kit, without=stubs_of)
    except build.BuildError as error:
        problems = str(error).splitlines()
    yield Finding("given cells", "", not problems, "; ".join(problems))


def _mistakes(casebook: Casebook, folder: Path) -> Iterator[Finding]:
    recorded = record_of(folder).exists()
    for known in casebook.mistakes:
        cases = list(casebook.cases(known).values())
        failed = set(_failed(cases))
        named = casebook.name_mistake(known.task, cases)
        ok = False
        if not failed:
            says = "passes every hidden test"
        elif recorded and failed != set(known.fails):
            says = f"fails {sorted(failed)}, recorded {sorted(known.fails)}; if that is right, `grader audit --update`"
        elif named is None:
            says = "is not named"
        elif set(_failed(list(casebook.cases(named).values()))) != failed:
            says = f"is taken for {named.name}"
        else:
            ok, says = True, "" if named is known else f"behaves like {named.name}"
        yield Finding(f"mistake {known.name}", known.task, ok, says)


def _rewritten(casebook: Casebook, folder: Path, *, every: int) -> Iterator[Finding]:
    """Check that mistakes written differently (`rewritten.py`, if there is one), or one in `every`, are still named."""
    path = folder / "rewritten.py"
    again = [found for found in load_module(path).values() if isinstance(found, Rewritten)] if path.exists() else []
    says = {known.name: known.says for known in casebook.mistakes}
    unknown = sorted({mistake.of for mistake in again} - says.keys())
    if unknown:
        yield Finding("rewritten mistakes", "", False, f"{path}: no known mistake is called {', '.join(unknown)}")
    elif again:
        asked = again[::every]
        named = [casebook.name_rewritten(mistake) for mistake in asked]
        pairs = zip(asked, named, strict=True)
        lost = [mistake.of for mistake, found in pairs if not found or found.says != says[mistake.of]]
        told = f"{len(asked) - len(lost)} of {len(asked)} are named" + f"; not {', '.join(lost)}" * bool(lost)
        yield Finding("rewritten mistakes", "", len(lost) <= 0.1 * len(again), told)


def _right_answers(course: manifest.Course, unit: manifest.Unit, run: Run) -> Iterator[Finding]:
    """Check that right answers in other styles than the reference's pass."""
    paths = sorted((unit.solutions_dir / "right_answers").glob("*.py"))
    yield Finding("right answers", "", len(paths) >= 3 or not paths, f"{len(paths)} styles; at least 3 are needed")
    for path in paths:
        failed = _failed(run(lambda _, path=path: Student.local(load_module(path))))
        yield Finding(f"right answer {path.stem}", "", not failed, f"loses {sorted(failed)}" if failed else "")


def _repeated(folder: Path, run: Run, times: int) -> Iterator[Finding]:
    odd: set[str] = set()
    for _ in range(times):
        odd |= set(_failed(run(lambda _: Student.local(load_module(folder / "reference.py")))))
    yield Finding(f"{times} runs alike", "", not odd, f"differs: {sorted(odd)}" if odd else "")


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def _messages(seen: list[TestResult], casebook: Casebook, path: Path) -> Iterator[Finding]:
    """Find messages that reveal a number from a hidden test or from the reference's answers, or repeat a name.

    Short numbers (2, 10) occur in every text and are ignored. The student's own words (a name, an exception's message)
    are not secret.
    """
    secret = {
        f"{float(node.value):g}"
        for node in ast.walk(ast.parse(read_text(path)))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    }
    for case in casebook.reference:
        for entry in case.transcript:
            if entry.kind == "value" and isinstance(entry.value, int | float):
                secret.add(f"{float(entry.value):g}")
    secret = {number for number in secret if len(number.strip("-0.")) >= 3}
    told: dict[str, str] = {}
    for result in seen:
        numbers = {f"{float(number):g}" for number in _NUMBER.findall(result.hint)}
        if numbers & secret:
            told.setdefault(result.hint, result.name)
    doubled = {result.hint for result in seen if re.match(r"(\w+: )\1", result.hint)}
    odd = [*told, *sorted(doubled)]
    yield Finding(f"{len({result.hint for result in seen})} messages", "", not odd, "; ".join(odd))


def _times(casebook: Casebook) -> Iterator[Finding]:
    by_task: dict[str, float] = {}
    for case in casebook.reference:
        by_task[case.result.task] = by_task.get(case.result.task, 0.0) + case.result.milliseconds
    for task, milliseconds in by_task.items():
        yield Finding("time of its hidden tests", task, True, f"{milliseconds:.0f} ms")


def _told_apart(path: Path) -> Iterator[Finding]:
    """For each `expect.symbolic(..., question="...")`, the misconceptions that the question can tell apart."""
    for node in ast.walk(ast.parse(read_text(path))):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) in ("expect.symbolic", "symbolic")):
            continue
        options = {keyword.arg: keyword.value for keyword in node.keywords if isinstance(keyword.value, ast.Constant)}
        question, variable = options.get("question"), options.get("variable")
        if question is None or not isinstance(node.args[1], ast.Constant):
            continue
        variables = ast.literal_eval(node.args[3])
        by = variable.value if variable is not None else variables[0]
        groups = told_apart(str(question.value), str(by), variables)
        says = f"{len(groups)} kinds of wrong answer: " + "; ".join(" = ".join(group) for group in groups)
        yield Finding(f"question {node.args[1].value!s}", "", bool(groups), says)


def _mutants(unit: manifest.Unit, run: Run) -> list[Finding]:
    """Check that a hidden test kills every mutant of the reference, or equivalent_mutants.json explains it."""
    path = unit.reference
    tree = ast.parse(read_text(path), str(path))
    explained: dict[str, str] = {}
    listed = unit.solutions_dir / "equivalent_mutants.json"
    if listed.exists():
        explained = json.loads(read_text(listed))
    own = _own_functions(unit, tree)
    unknown = [key for key in explained if key.partition(":")[0] not in own]
    if unknown:
        raise GraderError(f"{listed}: explains mutants of functions that the reference does not define: {unknown}")
    trials = [(name, what, own[name], mutant) for name in own for what, mutant in mutations(own[name])]
    killed = killed_in_forks([(tree, function, mutant) for _, _, function, mutant in trials], path, run)
    findings = []
    for (name, what, _, _), dead in zip(trials, killed, strict=True):
        says = "" if dead else explained.get(f"{name}: {what.partition(': ')[2]}", "")
        if dead or says:
            findings.append(Finding(f"mutant of {name}: {what}", name, True, says))
        else:
            findings.append(Finding(f"mutant of {name}", name, False, f"survives: {what}"))
    return findings


def _own_functions(unit: manifest.Unit, tree: ast.Module) -> dict[str, stubs.Function]:
    """The reference's functions that answer a task or help to: not given in the notebook or brought into it."""
    cells = notebooks.percent_cells(*unit.stubs)
    brought = {name for cell in cells for name in cell.bring}
    asked = {name for cell in cells if cell.task for name in stubs.asked_names(cell.source)}
    written = {name for cell in cells if cell.kind == "code" for name, _ in stubs.functions_in(ast.parse(cell.source))}
    return {
        name: function
        for name, function in stubs.functions_in(tree)
        if name.partition(".")[0] not in brought and (name in asked or name not in written)
    }
