"""The build refuses what does not fit, and finds what must not be released."""

import json
import shutil
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from kit.needed import NEEDED_FILE

from grader.course import build, leaks, manifest, notebooks
from grader.course.places import write_edition
from grader.grading import worker
from grader.grading.messages import Enter
from grader.jail.folders import copy_inside
from grader.results import Level

TOML = """
[course]
id = "small"
title = "Small"
[[units]]
id = "doubling"
title = "Doubling"
[[units.tasks]]
id = "double"
points = 2
"""
NOTEBOOK = '''# %% [markdown]
# # Doubling

# %% task="double"
def double(x):
    """Twice x."""
    ...


half = (
    ...
)

# %% check="double"
check("double")
'''
PUBLIC = 'import pytest\n\n@pytest.mark.task("double")\ndef test_three(student):\n    assert student.double(3) == 6\n'
REFERENCE = '''def double(x):
    """Twice x."""
    twice = x + x  # the secret way to do it
    return twice


half = 0.5
'''
HIDDEN = """import pytest

@pytest.mark.task("double")
def test_negative_numbers(student):
    \"\"\"Negative numbers.\"\"\"
    assert student.double(-2.5) == -5.0, "the hidden input was minus two and a half"
"""


@pytest.fixture
def small(tmp_path, root):
    files = {
        "course/course.toml": TOML,
        "exercises/doubling/doubling.py": NOTEBOOK,
        "exercises/doubling/test_doubling.py": PUBLIC,
        "solutions/doubling/reference.py": REFERENCE,
        "solutions/doubling/test_doubling_hidden.py": HIDDEN,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(root / "exercises" / "kit", tmp_path / "exercises" / "kit")
    return tmp_path


def edit(small, name, old, new):
    path = small / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_the_reference_stands_between_the_marks(small):
    folder = build.build_unit(manifest.load(small), "doubling", small / "out")
    cells = json.loads((folder / "doubling.ipynb").read_text())["cells"]
    answer = notebooks.source_of(cells[1])
    assert "    ### BEGIN SOLUTION\n    twice = x + x" in answer
    assert "half = (\n    ### BEGIN SOLUTION\n    0.5\n    ### END SOLUTION\n)" in answer
    assert "..." not in answer
    assert cells[2]["metadata"]["nbgrader"]["points"] == 2
    assert (folder / "kit" / "check.py").is_file()
    assert (folder / "test_doubling.py").is_file()


ASKED = "    ...\n\n\nhalf = (\n    ...\n)"
REFUSED = {
    "another name": ("solutions/doubling/reference.py", "def double(x)", "def dubble(x)", "double has no function"),
    "another signature": ("solutions/doubling/reference.py", "def double(x)", "def double(x, y)", "(x) in the stub"),
    "no value": ("solutions/doubling/reference.py", "half = 0.5", "", "half has no value"),
    "no hidden test": ("solutions/doubling/test_doubling_hidden.py", 'task("double")', 'task("other")', "no test has"),
    "no public check": ("exercises/doubling/test_doubling.py", 'task("double")', 'task("other")', "no check has"),
    "no points": ("course/course.toml", 'id = "double"', 'id = "triple"', "has no points"),
    "no check cell": ("exercises/doubling/doubling.py", 'check="double"', "", "expected one cell `# %% check="),
    "nothing asked": ("exercises/doubling/doubling.py", ASKED, "    return x", "asks for nothing"),
    "no Python": ("exercises/doubling/doubling.py", "def double(x):", "def double(x)", "expected ':'"),
}


@pytest.mark.parametrize(("name", "old", "new", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_fit_is_refused(small, name, old, new, says):
    edit(small, name, old, new)
    with pytest.raises(build.BuildError) as caught:
        build.build_unit(manifest.load(small), "doubling", small / "out")
    assert says in str(caught.value)
    assert not (small / "out").exists()


RAISE = {
    "whatever is written": (
        "# %% task=",
        "# %%\nimport no_such_module\n\n# %% task=",
        "`import no_such_module` raises Mod",
    ),
    "only untouched": ("# %% check=", "# %%\nprint(half + 1)\n\n# %% check=", "unsupported operand"),
    "only with right answers": (
        "# %% check=",
        "# %%\nif half is not ...:\n    half.no\n\n# %% check=",
        "with right ans",
    ),
    "by leaving Python": ("# %% task=", "# %%\nraise SystemExit(3)\n\n# %% task=", "raises SystemExit: 3"),
}


@pytest.mark.parametrize(("old", "new", "says"), RAISE.values(), ids=RAISE.keys())
def test_a_given_cell_that_raises_is_refused(small, old, new, says):
    edit(small, "exercises/doubling/doubling.py", old, new)
    with pytest.raises(build.BuildError) as caught:
        build.build_unit(manifest.load(small), "doubling", small / "out")
    assert says in str(caught.value)
    assert list((small / "out" / "source").iterdir()) == []


def test_the_rehearsal_has_the_released_kit_and_the_notebooks_folder_and_leaves_nothing_there(small, monkeypatch):
    monkeypatch.setenv("KIT_GRADING", "1")  # a learner's machine does not set it
    asks = """# %%
import os, kit
from pathlib import Path
assert Path(kit.__file__).parents[1] == Path.cwd(), kit.__file__
assert Path("test_doubling.py").is_file() and "KIT_GRADING" not in os.environ
print("a" * 100_000)

# %% task="""
    edit(small, "exercises/doubling/doubling.py", "# %% task=", asks)
    folder = build.build_unit(manifest.load(small), "doubling", small / "out")
    assert sorted(path.name for path in folder.iterdir()) == ["doubling.ipynb", "kit", "test_doubling.py"]


GIVEN_AWAY = {
    "in a hint": ("# # Doubling", "# # Doubling\n# Try `twice = x + x  # the secret way to do it return twice`."),
    "in a given cell": ("# %% task=", "# %%\ndef easy(x):\n    twice = x + x\n    return twice\n\n# %% task="),
}


@pytest.mark.parametrize(("old", "new"), GIVEN_AWAY.values(), ids=GIVEN_AWAY.keys())
def test_an_answer_in_the_exercise_itself_is_refused(small, old, new):
    edit(small, "exercises/doubling/doubling.py", old, new)
    edit(small, "solutions/doubling/reference.py", "  # the secret way to do it", "")
    if "secret" in new:
        edit(small, "exercises/doubling/doubling.py", "  # the secret way to do it", "")
    with pytest.raises(build.BuildError, match="gives away the answer"):
        build.build_unit(manifest.load(small), "doubling", small / "out")


LEAKS = {
    "a line": ("x.py", "    twice = x + x  # the secret way to do it\n"),
    "reformatted": ("x.py", "if 1:\n  assert student . double ( - 2.5\n   ) == - 5.0 , \\\n 'x'\n"),
    "in a text file": (
        "notes.txt",
        "psst: the hidden input was minus two and a half\n"
        'assert student.double(-2.5) == -5.0, "the hidden input was minus two and a half"\n',
    ),
}


@pytest.mark.parametrize(("name", "text"), LEAKS.values(), ids=LEAKS.keys())
def test_a_planted_leak_is_found(small, name, text):
    released = small / "release"
    released.mkdir()
    (released / name).write_text(text)
    assert leaks.find_leaks(manifest.load(small), "doubling", released)


def test_a_clean_release_raises_no_alarm(small):
    released = small / "release"
    shutil.copytree(small / "exercises", released)
    assert leaks.find_leaks(manifest.load(small), "doubling", released) == []


@pytest.mark.slow
def test_a_new_build_leaves_nothing_of_an_older_one(small):
    folder = build.build_unit(manifest.load(small), "doubling", small / "out")
    (folder / "answers.txt").write_text("left over")
    build.build_unit(manifest.load(small), "doubling", small / "out")
    assert sorted(path.name for path in folder.iterdir()) == ["doubling.ipynb", "kit", "test_doubling.py"]
    assert [path.name for path in folder.parent.iterdir()] == ["doubling"]


def test_a_course_whose_kit_lacks_a_module_is_told(root, tmp_path):
    for name in ("course", "exercises", "solutions"):
        shutil.copytree(root / name, tmp_path / name)
    (tmp_path / "exercises" / "kit" / "walks.py").unlink()
    with pytest.raises(build.BuildError, match=r"exercises/kit: lacks walks\.py, which the engine's kit has"):
        build.build_unit(manifest.load(tmp_path), "u1_derivative_intuition", tmp_path / "out")


def test_the_kit_that_is_released_is_the_one_in_the_jail(small, tmp_path, monkeypatch):
    """The course's own kit, file by file, and not the engine's."""
    course = manifest.load(small)
    mine = course.kit_dir / "variants.py"
    mine.write_text(mine.read_text(encoding="utf-8") + "\nOF_THIS_COURSE = True\n", encoding="utf-8")
    released = build.build_unit(course, "doubling", tmp_path / "out") / "kit"
    given = []
    monkeypatch.setattr(worker, "Lane", lambda level, *, kit_folder, **_: given.append(kit_folder) or nullcontext())
    frames = SimpleNamespace(receive=iter([Enter(Level.L3), None]).__next__)
    monkeypatch.setattr(worker, "_next", lambda frames: frames.receive())
    worker.work(small, frames, 0)
    copy_inside(tmp_path, *given)
    write_edition(tmp_path / "kit", course.edition)  # as a lane does when it is entered
    (released / NEEDED_FILE).unlink()  # what the notebook's head prints; grading has no use for it
    assert contents(tmp_path / "kit") == contents(released)
    assert b"OF_THIS_COURSE" in contents(released)["variants.py"]


def contents(folder):
    files = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
