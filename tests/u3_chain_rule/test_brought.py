"""What later units bring from the notebook of unit 3 is a whole, working engine: the class and its way back."""

import json

import pytest
from kit import bring

from grader.course import build, manifest


@pytest.fixture(scope="module")
def folder(request, tmp_path_factory):
    """A folder that holds the notebook of unit 3 with right answers, as a student would have it."""
    made = tmp_path_factory.mktemp("home")
    (made / "u3_chain_rule").mkdir()
    notebook = build.right_notebook(manifest.load(request.config.rootpath).unit("u3_chain_rule"))
    (made / "u3_chain_rule" / "u3_chain_rule.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return made


def brought(folder, monkeypatch, names="layer vjp_linear ce Value"):
    replaced, space = [], {"bring": bring}
    monkeypatch.setattr("kit.earlier._replace_cell", replaced.append)
    exec("import math\nimport numpy as np\nfrom kit import bring", space)
    exec(f"bring('u3_chain_rule', {names!r}, {str(folder)!r})", space)
    return space, replaced[0]


def gradient(space):
    """The gradient of a in (a*a + a) * 2 - 1/a at a = 3."""
    a = space["Value"](3.0)
    ((a * a + a) * 2 - 1 / a).backward()
    return a.grad


def test_the_class_comes_with_its_way_back(folder, monkeypatch, capsys):
    space, text = brought(folder, monkeypatch)
    assert gradient(space) == pytest.approx(14 + 1 / 9)
    said = capsys.readouterr().out
    assert "Brought from u3_chain_rule: layer, vjp_linear, ce, Value" in said
    assert all(name in said.partition("what they use")[2] for name in ("send_back", "topological", "local_grads"))
    assert "..." not in said
    assert "sturdy" not in text
    alone = {}
    exec("import math\nimport numpy as np\nfrom kit import bring", alone)
    exec(text, alone)  # what the cell holds from now on works by itself
    assert gradient(alone) == pytest.approx(14 + 1 / 9)


def test_a_function_of_a_later_unit_does_not_get_in_its_way(folder, monkeypatch):
    """Unit 5 has a function called backward."""
    space, _ = brought(folder, monkeypatch)
    exec("def backward(params, cache, dout):\n    raise ZeroDivisionError", space)
    assert gradient(space) == pytest.approx(14 + 1 / 9)
