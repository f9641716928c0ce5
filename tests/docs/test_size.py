"""How long functions and modules may be, and how much `Any` the annotations hold. The bounds are in CONTRIBUTING.md."""

import ast
import json
import re

import pytest

FUNCTION_LINES, MODULE_LINES = 45, 450
LINES_FOR_A_MISTAKE = 7  # on average over all mistakes.py, helpers and blank lines included
MOST_ANY = 0.05  # of the annotations; what is left reads wire data, JSON of a notebook, or a student's values


@pytest.fixture(scope="module")
def sources(request):
    """The modules of the engine and the kit: name -> source."""
    root = request.config.rootpath
    paths = [path for top in ("grader", "exercises/kit", "just_enough_calculus") for path in (root / top).rglob("*.py")]
    assert len(paths) > 100
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.slow
def test_functions_and_modules_fit_on_a_screen_or_a_few(sources, request):
    long = {name: lines for name, text in sources.items() if (lines := len(text.splitlines())) > MODULE_LINES}
    tops = ("benchmarks", "docs", "examples", "exercises", "solutions", "tests")
    others = [path for top in tops for path in (request.config.rootpath / top).rglob("*.py")]
    others = {path.name: path.read_text(encoding="utf-8") for path in others if "submissions" not in path.parts}
    for name, text in (sources | others).items():
        for node in functions(ast.parse(text)):
            if (lines := node.end_lineno - node.lineno + 1) > FUNCTION_LINES:
                long[f"{name}: {node.name}"] = lines
    assert long == {}


def annotations(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.returns


@pytest.mark.slow
def test_annotations_say_more_than_any(sources):
    found = [
        any(isinstance(part, ast.Name) and part.id == "Any" for part in ast.walk(annotation))
        for text in sources.values()
        for annotation in annotations(ast.parse(text))
        if annotation is not None
    ]
    assert len(found) > 3000
    assert sum(found) / len(found) < MOST_ANY


def test_known_mistakes_are_short(request):
    files = [*request.config.rootpath.glob("solutions/*/mistakes.py")]
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    known = sum(len(json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))) for file in files)
    assert known > 600
    assert lines / known < LINES_FOR_A_MISTAKE


def test_a_switched_off_rule_carries_its_reason_on_the_line(request):
    bare = re.compile(r"# (?:noqa|type: ignore)(?:: ?[A-Z\d, ]+|\[[a-z, -]+\])?\s*$", re.MULTILINE)
    root = request.config.rootpath
    tops = ("grader", "exercises", "just_enough_calculus", "benchmarks", "docs", "examples")
    paths = [path for top in tops for path in (root / top).rglob("*.py")]
    assert bare.search("x = 1  # noqa: S603")
    assert not bare.search("x = 1  # noqa: S603 - no shell")
    assert [path.name for path in paths if bare.search(path.read_text(encoding="utf-8"))] == []
