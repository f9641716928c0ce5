"""The pages of reference are made from the code as it is, and say all that there is."""

import json
import runpy

import jsonschema
import msgspec
import pytest
import typer

from grader import results, testing
from grader.cli import app
from grader.course.manifest import Limits, Task, Unit
from grader.course.policies import Policies
from grader.results import Level, Outcome, Report, TaskResult, TestResult


@pytest.fixture(scope="module")
def reference(request):
    """The names of docs/site/reference.py."""
    return runpy.run_path(str(request.config.rootpath / "docs" / "site" / "reference.py"))


def test_the_committed_pages_are_made_from_the_code_as_it_is(reference, root):
    for name, text in reference["pages"]().items():
        committed = (root / "docs" / "reference" / name).read_text(encoding="utf-8")
        assert committed == text, f"docs/reference/{name} is out of date. Run: python docs/site/reference.py"


def test_every_command_key_and_name_has_its_place(reference):
    made = reference["pages"]()
    for command, given in typer.main.get_command(app).commands.items():
        for name in given.commands if hasattr(given, "commands") else [""]:
            assert f"## grader {command} {name}".rstrip() + "\n" in made["cli.md"]
    keys = {*Limits.__struct_fields__, *Policies.__struct_fields__, *Task.__struct_fields__}
    keys |= {*Unit.__struct_fields__} - {"root", "tasks", "limits", "policies"}
    assert [key for key in keys if f"| `{key}` |" not in made["manifest.md"]] == []
    assert [name for name in testing.__all__ if f"## {name}\n" not in made["test_api.md"]] == []


def test_every_key_of_a_record_has_its_meaning(reference):
    for record in (Limits, Policies, Task, Unit, Report, TaskResult, TestResult):
        said = reference["comments"](record)
        assert set(said) == set(record.__struct_fields__)
        assert [key for key, meaning in said.items() if not meaning and (record, key) not in UNSAID] == []


UNSAID = {(Unit, key) for key in ("tasks", "root", "limits", "policies")}  # not keys of its table


def test_a_report_fits_its_schema_and_a_report_with_a_wrong_key_does_not(root, tmp_path):
    schema = json.loads((root / "docs" / "reference" / "report.schema.json").read_text(encoding="utf-8"))
    test = TestResult("test_x", "x", 1.0, Outcome.WRONG, hint="<b>", line="x = 1", picture="AA==")
    task = TaskResult("x", "X", None, 3.0, (test,), notes=("moved",), bonus=True)
    results.write(Report("ada", "u", (task,), Level.L3, needed=2.0), tmp_path / "ada.json")
    written = json.loads((tmp_path / "ada.json").read_text())
    jsonschema.validate(written, schema)
    assert set(schema["$defs"]["Report"]["properties"]) == set(written)
    written["tasks"][0]["tests"][0]["outcome"] = "nearly"
    with pytest.raises(jsonschema.ValidationError, match="nearly"):
        jsonschema.validate(written, schema)
    assert msgspec.json.decode((tmp_path / "ada.json").read_bytes())["needed"] == 2.0
