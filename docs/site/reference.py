"""Write the pages of reference that are made from the code: python docs/site/reference.py (they are committed).

`tests/docs/test_reference.py` compares them with the code as it is.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import tempfile
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import just_enough_calculus  # noqa: F401 - makes grader and kit importable
import kit
import msgspec
import typer

from grader import results, testing
from grader.cli import app
from grader.course import manifest
from grader.course.manifest import Limits, Task, Unit
from grader.course.policies import Policies
from grader.results import Report, TaskResult, TestResult

ROOT = Path(__file__).resolve().parents[2]
MADE = "<!-- Made by docs/site/reference.py from the code; change it there. -->\n"
_LEAST = """\
[course]
id = "least"
title = "Least"
[[units]]
id = "unit"
title = "Unit"
[[units.tasks]]
id = "task"
points = 1
"""
# Keys whose reader turns them into something that the record does not hold as it is.
_COURSE_KEYS = {
    "id": ("text", "what nbgrader calls `course_id`"),
    "title": ("text", "shown at the head of pages"),
    "edition": ("text", "seeds the variants: change it each year, and everyone gets different numbers"),
    "packages": ("list of text", "what students may import besides numpy, sympy and matplotlib, as pip names it"),
}
_TYPES = {"str": "text", "float": "number", "int": "whole number", "bool": "true or false"}


def main() -> None:
    """Write all pages."""
    for name, text in pages().items():
        (ROOT / "docs" / "reference" / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The text of each page, by its name below docs/reference/."""
    return {
        "cli.md": cli_page(),
        "manifest.md": manifest_page(),
        "test_api.md": test_api_page(),
        "kit.md": kit_page(),
        "report.md": report_page(),
        "report.schema.json": json.dumps(report_schema(), indent=1, ensure_ascii=False) + "\n",
    }


# ------------------------------------------------------------------------------------------------ comments of fields


def comments(record: type) -> dict[str, str]:
    """What the source says about each field of a record: the comment behind it."""
    lines = textwrap.dedent(inspect.getsource(record)).splitlines()
    found = {}
    for node in ast.parse("\n".join(lines)).body[0].body:  # type: ignore[attr-defined] # a class
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            _, _, said = lines[(node.end_lineno or 1) - 1].partition("  # ")
            found[node.target.id] = said
    return found


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows)])


# ------------------------------------------------------------------------------------------------ the command line


def cli_page() -> str:
    """Every command with its arguments and options, from typer."""
    parts = [
        MADE + "# The command line",
        "Exit status: 0 fine; 1 something was graded below `--below`, or a check failed; 2 wrong use or bad input, and "
        "nothing was written; 3 our fault; 130 interrupted, and the message says what was written. `--root` and "
        "`--folder` are found upwards from the current folder.",
    ]
    for name, command in _commands(typer.main.get_command(app), "grader"):
        arguments = [param for param in command.params if param.param_type_name == "argument"]
        options = [param for param in command.params if param.param_type_name == "option"]
        usage = " ".join([name, *map(_metavar, arguments)])
        text, _, example = (command.help or "").partition("Example: ")
        parts += [f"## {name}", f"```text\n{usage}{' [OPTIONS]' if options else ''}\n```", _help(text)]
        rows = [(f"`{argument.name.upper()}`", getattr(argument, "help", "") or "") for argument in arguments]
        rows += [
            (f"`{', '.join([*option.opts, *option.secondary_opts])}`", _help(option.help or "")) for option in options
        ]
        if rows:
            parts.append(_table(("argument or option", "meaning"), iter(rows)))
        if example:
            parts.append(f"For example:\n\n    {' '.join(example.split())}")
    return "\n\n".join(parts) + "\n"


def _metavar(argument: Any) -> str:
    shown = argument.name.upper() + ("..." if argument.nargs != 1 else "")
    return shown if argument.required else f"[{shown}]"


def _commands(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for word, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


def _help(text: str) -> str:
    return " ".join(text.split())


# ------------------------------------------------------------------------------------------------ the manifest


def manifest_page() -> str:
    """Every key of course.toml, with its type, its default as the reader gives it, and its meaning."""
    course = _least_course()
    unit = course.units[0]
    sections: list[tuple[str, str, type | None, Any]] = [
        ("[course]", "", None, course),
        (
            "[limits] and [units.limits]",
            "For each hidden test, and for the run of the notebook's cells as a whole.",
            Limits,
            course.limits,
        ),
        ("[policies] and [units.policies]", "What late work costs. See the page on a term.", Policies, course.policies),
        ("[[units]]", "", Unit, unit),
        ("[[units.tasks]]", "", Task, unit.tasks[0]),
    ]
    parts = [
        MADE + "# The manifest: course/course.toml",
        "A key that is not on this page is an error, and the message suggests the nearest one. All errors of a "
        "manifest are reported at once, each with its place: `course/course.toml: units[0].tasks[2].points: "
        "expected a positive number, or 0 for practice, found -1`.",
    ]
    for title, about, record, example in sections:
        rows = _course_rows(course) if record is None else _rows(record, example)
        parts += [f"## `{title}`", *([about] if about else []), _table(("key", "value", "default", "meaning"), rows)]
    parts += [
        "## `[concepts]`",
        _table(
            ("key", "value", "default", "meaning"),
            iter([("`starting`", "list of text", "`[]`", "concepts that everybody brings along; tasks may need them")]),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _least_course() -> manifest.Course:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "course", "course.toml")
        path.parent.mkdir()
        path.write_text(_LEAST, encoding="utf-8")
        return manifest.load(path.parent.parent)


def _course_rows(course: manifest.Course) -> Iterator[tuple[str, ...]]:
    for key, (kind, meaning) in _COURSE_KEYS.items():
        default = "required" if key in ("id", "title") else f"`{_toml(getattr(course, key))}`"
        yield f"`{key}`", kind, default, meaning


def _rows(record: type, example: Any) -> Iterator[tuple[str, ...]]:
    given = tomllib.loads(_LEAST)["units"][0]
    required = {"id", "title"} if record is Unit else {"id", "points"} if record is Task else set()
    assert required <= {*given, *given["tasks"][0]}
    kinds = {field.name: field.type for field in msgspec.structs.fields(record)}
    for key, meaning in comments(record).items():
        if record is Unit and key in ("root", "packages", "tasks", "limits", "policies"):
            continue  # not keys of the table, or tables with a section of this page
        default = "required" if key in required else f"`{_toml(getattr(example, key))}`"
        if record is Task and key == "title":
            default = "the id"
        yield f"`{key}`", _kind(kinds[key]), default, meaning


def _kind(kind: Any) -> str:
    text = getattr(kind, "__name__", str(kind)) if isinstance(kind, type) else str(kind)
    if "datetime" in text:
        return "date, or date and time"
    if text.startswith("tuple"):
        return "list of text"
    return _TYPES.get(text.partition(" ")[0], text)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return f"{value:g}" if isinstance(value, float) else json.dumps(value)


# ------------------------------------------------------------------------------------------------ python


def test_api_page() -> str:
    """What `grader.testing` offers, with signatures and docstrings."""
    head = (
        MADE
        + "# Hidden tests and mistakes: grader.testing\n\nA hidden test is plain pytest: a function with the fixture "
        '`student`, marked `@pytest.mark.task("id", weight=1)`. Students read its docstring, and what a `Hint` says.'
    )
    return "\n\n".join([head, *_described(testing, testing.__all__)]) + "\n"


def kit_page() -> str:
    """What `kit` offers in a notebook."""
    head = MADE + "# In the notebook: kit\n\nThe kit is released with every notebook."
    names = [name for name in kit.__all__ if name != "pictures"]
    pictures = kit.pictures
    more = [f"## kit.pictures\n\n{inspect.getdoc(pictures)}"]
    more += [_described_one(f"pictures.{name}", getattr(pictures, name), "###") for name in sorted(dir(pictures))]
    return "\n\n".join([head, *_described(kit, names), *more]) + "\n"


def _described(module: Any, names: list[str]) -> Iterator[str]:
    for name in sorted(names, key=str.lower):
        thing = getattr(module, name)
        if inspect.ismodule(thing):
            yield f"## {name}\n\n{_text(thing)}"
            public = [key for key in vars(thing) if key[0] != "_" and inspect.isfunction(getattr(thing, key))]
            for key in sorted(public):
                if getattr(thing, key).__module__ == thing.__name__:
                    yield _described_one(f"{name}.{key}", getattr(thing, key), "###")
        else:
            yield _described_one(name, thing, "##")
            if inspect.isclass(thing) and not issubclass(thing, BaseException):
                yield from _members(name, thing)


def _described_one(name: str, thing: Any, level: str) -> str:
    return f"{level} {name}\n\n```python\n{name}{_signature(thing)}\n```\n\n{_text(thing)}"


def _members(name: str, thing: type) -> Iterator[str]:
    rows = []
    for member, value in vars(thing).items():
        function: Callable[..., object] | None = (
            value.fget if isinstance(value, property) else value if inspect.isfunction(value) else None
        )
        if member[0] != "_" and function is not None and function.__doc__:
            shown = member if isinstance(value, property) else f"{member}{_signature(function, bound=True)}"
            rows.append((f"`{shown}`", _text(function).partition("\n\n")[0]))
    if rows:
        yield _table((f"of {name}", "meaning"), iter(rows))


def _signature(thing: Any, *, bound: bool = False) -> str:
    try:
        signature = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    plain = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    text = str(signature.replace(parameters=plain[1:] if bound else plain, return_annotation=inspect.Signature.empty))
    return re.sub(r"<([\w.]+)[^<>]*>", r"\1", text)


def _text(thing: Any) -> str:
    return re.sub(r"^ {4,}(?=\S)", "    ", inspect.getdoc(thing) or "", flags=re.MULTILINE)


# ------------------------------------------------------------------------------------------------ the report


def report_schema() -> dict[str, Any]:
    """The JSON schema of reports/<unit>/<student>.json, with what the source says about each key."""
    schema = msgspec.json.schema(Report)
    for record in (Report, TaskResult, TestResult):
        known = schema["$defs"][record.__name__]
        known["description"] = " ".join((inspect.getdoc(record) or "").split())
        for key, said in comments(record).items():
            if said:
                known["properties"][key]["description"] = said
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A report of grader", **schema}


def report_page() -> str:
    """The keys of a report, for scripts that read it."""
    parts = [
        MADE + "# The report: reports/UNIT/STUDENT.json",
        "`grader grade` writes one for each submission. Its JSON schema is `docs/reference/report.schema.json`. A key "
        "at its default may be missing. New keys may be added; no key changes its meaning.",
        "Reports hold the assertions of hidden tests: they are for staff only.",
    ]
    for record in (Report, TaskResult, TestResult):
        rows = ((f"`{key}`", said) for key, said in comments(record).items())
        parts += [
            f"## {record.__name__}",
            " ".join((inspect.getdoc(record) or "").split()),
            _table(("key", "meaning"), rows),
        ]
    for record in (results.Outcome, results.Level):
        lines = inspect.getsource(record).splitlines()
        found = [re.match(r'\s+(\w+) = "(\w+)"(?:  # (.*))?', line) for line in lines]
        rows = ((f"`{member[2]}`", member[3] or "") for member in found if member)
        parts += [
            f"## {record.__name__}",
            " ".join((inspect.getdoc(record) or "").split()),
            _table(("value", "meaning"), rows),
        ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
