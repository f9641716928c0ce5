"""Hints and recall questions, and work brought from an earlier unit."""

import json
import re
from pathlib import Path

import kit
import pytest
from kit import bring, hint, hints, recall
from kit.check import Answers, NotDone, close, verdict

AUTHORED = '''
import pytest
from kit.hints import Question

HINTS = {"double": ["Nudge.", "Idea.", "Nearly."]}
RECALL = {1: Question("b", "Because it is.", "Look at section 2.")}

@pytest.mark.task("double")
def test_double(student):
    """twice the number"""
    assert student.double(4) == 8, "What is twice four?"

@pytest.mark.task("half")
def test_half(student):
    """half the number"""
    assert student.half(4) == 2, "What is half of four?"
'''
EARLIER = [
    "import math\nimport numpy as np\nfrom kit import check",
    "%matplotlib inline\nEPS = 1e-9\n\ndef twice(x):\n    return 2 * x\n\ndef unused(x):\n    return x",
    "class Dual:\n    def __init__(self, real):\n        self.real = real\n    def __neg__(self):\n        ...",
    "def power(p, n):\n    return math.pow(p, n)",
    "def power(p, n):\n    '''a later attempt'''\n    return twice(p) ** n + EPS\nDual.__pow__ = power",
    "this is not python",
    "def slope(f, x):\n    '''still to do'''\n    ...",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "test_unit.py").write_text(AUTHORED, encoding="utf-8")
    monkeypatch.setattr(hints, "_opened", {})
    return tmp_path


def test_hints_come_one_by_one_and_the_last_one_stays(folder, capsys):
    said = []
    for _ in range(4):
        hint("double", folder)
        said.append(capsys.readouterr().out)
    assert [text.count("Hint") for text in said] == [1, 2, 3, 3]
    assert ["Nearly." in text for text in said] == [False, False, True, True]
    hint("halve", folder)
    assert "There are hints for: double" in capsys.readouterr().out


def test_what_was_opened_is_stored_beside_the_name(folder, monkeypatch):
    stored = []
    monkeypatch.setattr(hints, "print_or_display", lambda text, metadata: stored.append(metadata))
    hint("double", folder)
    hint("double", folder)
    assert stored[-1] == {"just-enough-calculus": {"hint": {"task": "double", "step": 2}}}


def test_a_failing_check_says_where_the_hints_are_if_there_are_any(folder):
    assert 'hint("double")' in verdict("double", {"double": lambda x: x}, folder)
    assert "hint(" not in verdict("half", {"half": lambda x: x}, folder)
    assert "hint(" not in verdict("double", {"double": lambda x: 2 * x}, folder)


@pytest.mark.parametrize(
    ("answer", "said"),
    [("b", "1: ✓ Because"), (" B ", "1: ✓"), ("a", "a is not it. Look"), ("", "between the quotes"), (..., "between")],
)
def test_a_recall_question_is_answered(folder, capsys, answer, said):
    recall(1, answer, folder)
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("call", [lambda: hint("double"), lambda: recall(1, "b"), lambda: bring("unit", "Dual")])
def test_nothing_is_said_or_fetched_while_a_submission_is_graded(call, monkeypatch, capsys):
    monkeypatch.setenv("KIT_GRADING", "1")
    call()
    assert capsys.readouterr().out == ""


@pytest.fixture
def earlier(tmp_path):
    """A folder that holds the earlier unit's notebook."""
    cells = [{"cell_type": "code", "source": text.splitlines(keepends=True)} for text in EARLIER]
    (tmp_path / "unit").mkdir()
    notebook = {"cells": [{"cell_type": "markdown", "source": "# words"}, *cells]}
    (tmp_path / "unit" / "unit.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return tmp_path


def fetched(folder, names, **space):
    exec(f"bring('unit', {names!r}, {str(folder)!r})", space | {"bring": bring})
    return space


def test_the_last_definition_comes_with_what_it_uses_and_what_was_attached_to_it(earlier, capsys, monkeypatch):
    replaced = []
    monkeypatch.setattr("kit.earlier._replace_cell", replaced.append)
    space = {"bring": bring}
    exec(f"bring('unit', 'Dual power', {str(earlier)!r})", space)
    assert space["power"](3, 2) == 36 + 1e-9
    assert space["Dual"].__pow__ is space["power"]
    said = capsys.readouterr().out
    assert "Brought from unit: Dual, power (and what they use: EPS, twice)." in said
    assert "In your Dual, still `...`: __neg__." in said
    assert not {"unused", "check"} & space.keys()
    (text,) = replaced  # what the cell holds from now on defines the same by itself
    alone = {}
    exec(text, alone)
    assert alone["power"](3, 2) == 36 + 1e-9
    assert "# bring('unit', 'Dual power')" in text


def test_what_is_not_written_there_is_said(earlier, capsys):
    fetched(earlier, "slope power")
    said = capsys.readouterr().out
    assert "Brought from unit: power" in said
    assert "Not written there yet: slope" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "There is no"), ("my homework", "cannot be read as a notebook"), ("[1]", "cannot be read as a notebook")],
)
def test_without_a_notebook_one_line_says_what_to_do(tmp_path, capsys, content, said):
    (tmp_path / "unit").mkdir()
    if content is not None:
        (tmp_path / "unit" / "unit.ipynb").write_text(content, encoding="utf-8")
    fetched(tmp_path, "Dual")
    assert said in capsys.readouterr().out


def test_brought_code_that_raises_is_named_and_the_cell_is_left_alone(earlier, capsys, monkeypatch):
    monkeypatch.setattr("kit.earlier._replace_cell", lambda text: pytest.fail("replaced"))
    notebook = {"cells": [{"cell_type": "code", "source": "def power(p, n, at=1 / 0):\n    return p"}]}
    (earlier / "unit" / "unit.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    fetched(earlier, "power")
    assert "raised ZeroDivisionError" in capsys.readouterr().out


@pytest.mark.slow
def test_in_a_real_kernel_the_cell_is_replaced_and_work_that_was_pasted_is_kept(earlier, monkeypatch):
    from jupyter_client.manager import start_new_kernel

    (earlier / "later").mkdir()
    (earlier / "later" / "kit").symlink_to(Path(kit.__file__).parent)  # released beside the notebook
    manager, client = start_new_kernel(cwd=str(earlier / "later"))
    try:
        payloads = []
        for code in (
            "from kit import bring",
            "...\nbring('unit', 'power')",
            "def power(p, n):\n    return 'pasted'\n\n\nbring('unit', 'power')",
            "assert power(3, 2) == 'pasted'",
        ):
            reply = client.execute_interactive(code, timeout=60, output_hook=lambda _: None)
            assert reply["content"]["status"] == "ok", reply["content"]
            payloads.append(reply["content"]["payload"])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    (payload,) = payloads[1]
    assert payload["replace"]
    assert "def power(p, n)" in payload["text"]
    assert payloads[2] == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("rate = (\n    2*a + w\n)\nother = 1", 'put it between quotes: "2*a + w"'),
        ("rate = 2a + w", 'put it between quotes: "2a + w"'),
        ("rate = (\n    ...\n)", "`rate` is still `...`"),
        ('rate = "2*a"', "`rate` is still `...`"),
    ],
)
def test_a_formula_without_quotes_is_named_although_its_cell_raised(cell, said):
    with pytest.raises(NotDone, match=re.escape(said)):
        Answers({"In": ["", "rate = (\n    ...\n)", cell], "rate": ...}).value("rate")


def test_an_answer_that_is_not_there_gets_no_question_about_it():
    with pytest.raises(AssertionError) as error:
        close("f(1)", None, 2, "Which way is down?")
    assert "Which way" not in str(error.value)
