"""Load the known mistakes of a unit: `mistakes.py`, and `mistakes.json` with the hidden tests that each one fails.

The record is written by `grader audit --update` and reviewed like any other change: if a mistake suddenly fails
different tests, the tests have changed.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from grader.errors import GraderError
from grader.files import read_text, write_atomically
from grader.testing.authoring import Mistake, load_module

TO_WRITE = "WRITE HERE what to ask a student who did this"  # stands in what `grader mistake new` writes


def load_mistakes(folder: Path) -> list[Mistake]:
    """The mistakes in `folder/mistakes.py`, in file order; [] if there is no such file.

    Raises GraderError for one whose question is still to be written, and for two of the same name.
    """
    path = folder / "mistakes.py"
    if not path.exists():
        return []
    _refuse_twins(path)
    recorded = read_record(folder)
    found = [
        msgspec.structs.replace(thing, name=name, fails=tuple(recorded.get(name, ())))
        for name, thing in load_module(path).items()
        if isinstance(thing, Mistake)
    ]
    for known in found:
        if known.says == TO_WRITE:
            raise GraderError(f"{path}: mistake {known.name}: says is still to be written; or take the mistake out")
    return found


def _refuse_twins(path: Path) -> None:
    """Raise GraderError for a name that is given twice in `path`: Python would keep the second one only."""
    lines: dict[str, int] = {}
    for node in ast.parse(read_text(path)).body:
        named = [node.name] if isinstance(node, ast.FunctionDef) else []
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            named = [target.id for target in node.targets if isinstance(target, ast.Name)]
        for name in named:
            if name in lines:
                raise GraderError(
                    f"{path}:{node.lineno}: {name} is there already, in line {lines[name]}, and would be lost. "
                    "Give each mistake a name that no other has."
                )
            lines[name] = node.lineno


def record_of(folder: Path) -> Path:
    """The path of the record of hidden tests that each mistake fails."""
    return folder / "mistakes.json"


def read_record(folder: Path) -> dict[str, list[str]]:
    """For each mistake, the hidden tests that it fails; {} if nothing is recorded. Raises GraderError."""
    path = record_of(folder)
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, list[str]])
    except msgspec.DecodeError as error:
        raise GraderError(
            f"{path}: expected the names of hidden tests for each mistake, got what cannot be read ({error}). "
            "Run `grader audit --update` to write it again."
        ) from None


def write_record(folder: Path, fails: Mapping[str, Sequence[str]]) -> None:
    """Record the hidden tests that each mistake fails, one line per mistake."""
    lines = (f" {_json(name)}: {_json(list(tests))}" for name, tests in fails.items())
    write_atomically(record_of(folder), "{\n" + ",\n".join(lines) + "\n}\n")


def _json(value: str | list[str]) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()
