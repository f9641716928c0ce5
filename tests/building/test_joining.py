"""Answers join their stubs without changing what they mean, and leaks are found however they are hidden."""

import json
import shutil
from pathlib import Path

import pytest

from grader.course import build, leaks, manifest

KIT = Path(__file__).parents[2] / "exercises" / "kit"
TOML = """
[course]
id = "c"
title = "C"
[[units]]
id = "u"
title = "U"
[[units.tasks]]
id = "f"
points = 1
"""
STUB = 'def f(x):\n    """F."""\n    ...'
SECRET = "numerator = (x(3.0) - x(1.0)) * 7 + helper"
TIGHT = "numerator=(x(3.0)-\n   x(1.0))*7+helper"


def course(root, reference, stub=STUB, check='check("f")'):
    files = {
        "course/course.toml": TOML,
        "exercises/kit/tests/test_kit.py": "",
        "exercises/u/u.py": f'# %% task="f"\n{stub}\n\n# %% check="f"\n{check}\n',
        "exercises/u/test_u.py": 'import pytest\n@pytest.mark.task("f")\ndef test_f(student): ...\n',
        "exercises/u/data/points.csv": "1,2\n",
        "solutions/u/reference.py": reference,
        "solutions/u/test_u_hidden.py": 'import pytest\n@pytest.mark.task("f")\ndef test_f(student): ...\n',
    }
    shutil.copytree(KIT, root / "exercises" / "kit", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return manifest.load(root)


def joined(root, reference, stub=STUB):
    folder = build.build_unit(course(root, reference, stub), "u", root)
    return "".join(json.loads((folder / "u.ipynb").read_text())["cells"][0]["source"])


REFERENCES = {
    "a string over several lines": 'def f(x):\n    text = """a\n  b\n"""\n    return text',
    "a comment first": "def f(x):\n    # why\n    return x",
    "a comment after the docstring": 'def f(x):\n    """F."""\n\n    # why\n    return x',
    "one line": "def f(x): return x",
    "a wider indentation": "def f(x):\n        if x:\n            return x\n",
    "a decorated function inside": "def f(x):\n    @staticmethod\n    def g(y):\n        return y\n    return g(x)",
}


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
def test_the_joined_answer_answers_what_the_reference_answers(tmp_path, reference):
    source = joined(tmp_path, reference)
    ours, theirs = {}, {}
    exec(reference, theirs)
    exec(source, ours)
    assert ours["f"](1) == theirs["f"](1)
    assert ("# why" in source) == ("# why" in reference)


def test_a_value_with_a_type_is_joined_too(tmp_path):
    source = joined(tmp_path, "v = 3\ndef f(x):\n    return x", "v: float = (\n    ...\n)\n" + STUB)
    assert "(\n    ### BEGIN SOLUTION\n    3\n    ### END SOLUTION\n)" in source


def test_dots_that_share_their_line_are_refused(tmp_path):
    with pytest.raises(build.BuildError, match="on a separate line"):
        joined(tmp_path, "def f(x):\n    return x", "def f(x): ...")


def test_a_check_cell_that_checks_something_else_is_refused(tmp_path):
    with pytest.raises(build.BuildError, match=r'expected check\("f"\)'):
        build.build_unit(course(tmp_path, "def f(x):\n    return x", check='check("g")'), "u", tmp_path)


def test_folders_of_data_travel_and_the_kits_own_tests_stay(tmp_path):
    folder = build.build_unit(course(tmp_path, "def f(x):\n    return x"), "u", tmp_path)
    assert (folder / "data" / "points.csv").is_file()
    assert not (folder / "kit" / "tests").exists()


def notebook(source="", **metadata):
    return json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": source}], "metadata": metadata})


HIDDEN = {
    "as it is": ("a.py", SECRET),
    "reformatted": ("a.py", TIGHT),
    "in a comment": ("a.py", f"# {SECRET}"),
    "reformatted in a comment": ("a.py", "# " + TIGHT.replace("\n", "")),
    "in a docstring": ("a.py", f'"""\nhint: {TIGHT}\n"""'),
    "after a quotation mark in a text": ("notes.txt", f"don't tell:\n{TIGHT}"),
    "quoted in Markdown": ("notes.md", f"> {SECRET}"),
    "in a cell with a magic": ("a.ipynb", notebook(f"%matplotlib inline\n{TIGHT}")),
    "in a notebook's metadata": ("a.ipynb", notebook(note=SECRET)),
    "in a notebook that is none": ("a.ipynb", SECRET),
    "a secret file's name": ("reference.py", ""),
    "the marks of a solution": ("a.py", "### BEGIN SOLUTION"),
}


@pytest.mark.parametrize(("name", "text"), HIDDEN.values(), ids=HIDDEN)
def test_a_leak_is_found(tmp_path, name, text):
    here = course(tmp_path, f"def f(x):\n    {SECRET}\n    return numerator / (3.0 - 1.0)\n")
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / name).write_text(text)
    assert leaks.find_leaks(here, "u", tmp_path / "release")


def test_what_the_exercise_says_itself_is_no_leak(tmp_path):
    here = course(tmp_path, f"def f(x):\n    {SECRET}\n    return numerator\n", f"# {SECRET}\n{STUB}")
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "a.ipynb").write_text(notebook(f"# {SECRET}\n{STUB}"))
    assert leaks.find_leaks(here, "u", tmp_path / "release") == []


def test_a_cell_for_earlier_work_holds_the_references_and_is_released_as_dots(tmp_path):
    reference = "class Dual:\n    pass\n\n\ndef f(x):\n    return x\n\n\nDual.__pow__ = f\nother = 1\n"
    made = course(tmp_path, reference)
    path = tmp_path / "exercises/u/u.py"
    path.write_text('# %% bring="Dual"\n# Yours, of unit 1:\n...\n\n' + path.read_text())
    built = json.loads((build.build_unit(made, "u", tmp_path) / "u.ipynb").read_text())["cells"][0]
    assert built["metadata"]["nbgrader"] | {"solution": True, "locked": False} == built["metadata"]["nbgrader"]
    source = "".join(built["source"])
    assert source.startswith(f"# Yours, of unit 1:\n{leaks.BEGIN}\nclass Dual:\n")
    assert "Dual.__pow__ = f" in source
    assert "other" not in source
    path.write_text(path.read_text().replace('bring="Dual"', 'bring="Value"'))
    with pytest.raises(build.BuildError, match=r"brings Value, which .* does not define"):
        build.build_unit(made, "u", tmp_path)
