"""Data, modules and packages: what is released beside the notebook, what the build refuses, what the jail has."""

import json
import os

import pytest

from grader.course import build, manifest
from grader.course.data import files_beside
from grader.course.folder import CourseFolder
from grader.course.packages import imports_of
from grader.grading import pool
from grader.nbgrader import apps, setup

TOML = """
[course]
id = "measured"
title = "Measured"
packages = ["python-dateutil"]
[[units]]
id = "heights"
title = "Heights"
modules = ["helpers.py", "more/units.py"]
[[units.tasks]]
id = "tallest"
points = 3
[[units.tasks]]
id = "year"
points = 1
"""
NOTEBOOK = '''# %% [markdown]
# # Heights

# %%
import json
import dateutil.parser
from kit import check
from helpers import read
from more.units import metres

# %% task="tallest"
def tallest(path="data/heights.csv"):
    """The tallest height in a file."""
    ...

# %% check="tallest"
check("tallest")

# %%
if tallest() is not None:
    open("note.txt", "w").write(f"the tallest is {tallest()}")

# %% task="year"
def year(text):
    """The year of a date."""
    ...

# %% check="year"
check("year")
'''
PUBLIC = """import pytest

@pytest.mark.task("tallest")
def test_of_the_file(student):
    assert student.tallest() == 1.9

@pytest.mark.task("year")
def test_a_year(student):
    assert student.year("1 May 1970") == 1970
"""
REFERENCE = """import dateutil.parser
from helpers import read
from more.units import metres

def tallest(path="data/heights.csv"):
    return metres(max(read(path)))

def year(text):
    return dateutil.parser.parse(text).year
"""
HIDDEN = '''import pytest
from grader.testing import expect

@pytest.mark.task("tallest")
def test_the_file_beside_the_notebook(student):
    """The tallest of the file."""
    expect.number(student.tallest(), 1.9)

@pytest.mark.task("tallest", weight=2)
def test_another_file(student):
    """The tallest of another file."""
    expect.number(student.tallest("data/others.csv"), 2.05)

@pytest.mark.task("year")
def test_a_year(student):
    """The year of a date."""
    expect.number(student.year("3 June 1999"), 1999)
'''
FILES = {
    "course/course.toml": TOML,
    "exercises/heights/heights.py": NOTEBOOK,
    "exercises/heights/test_heights.py": PUBLIC,
    "exercises/heights/helpers.py": "def read(path):\n    return [float(line) for line in open(path)]\n",
    "exercises/heights/more/units.py": "def metres(cm):\n    return cm / 100\n",
    "exercises/heights/data/heights.csv": "150\n190\n175\n",
    "exercises/heights/data/others.csv": "205\n199\n",
    "solutions/heights/reference.py": REFERENCE,
    "solutions/heights/test_heights_hidden.py": HIDDEN,
}
BESIDE = {"helpers.py", "more/units.py", "data/heights.csv", "data/others.csv"}


def write(folder):
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def measured(tmp_path):
    return write(tmp_path / "measured")


@pytest.mark.slow
def test_what_is_declared_is_released_and_what_the_notebook_writes_is_not(measured):
    course = manifest.load(measured)
    folder = build.build_unit(course, "heights", measured)
    released = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {name for name in released if not name.startswith("kit/")} == {*BESIDE, "heights.ipynb", "test_heights.py"}
    assert not list(measured.rglob("note.txt"))
    cells = json.loads((folder / "heights.ipynb").read_text())["cells"]
    assert "pip install python-dateutil==" in cells[1]["source"][0]
    assert imports_of(course.packages) == ["dateutil"]
    assert {str(path) for path in files_beside(course.unit("heights"))} == BESIDE


def linked(folder):
    (folder / "data" / "link.csv").symlink_to(folder / "data" / "others.csv")


def many(folder):
    for number in range(1001):
        (folder / "data" / f"{number}.csv").write_text("1")


def heavy(folder):
    with (folder / "data" / "heavy.npz").open("wb") as file:
        file.truncate((50 << 20) + 1)


REFUSED = {
    "a link": (linked, "link.csv: a link"),
    "a linked folder": (lambda folder: (folder / "raw").symlink_to(folder / "data"), "raw: a link"),
    "a pipe": (lambda folder: os.mkfifo(folder / "pipe"), "pipe: neither a file nor a folder"),
    "a module by accident": (lambda folder: (folder / "old.py").write_text("x = 1"), 'modules = ["old.py"]'),
    "another notebook": (lambda folder: (folder / "b.ipynb").write_text("{}"), "never graded"),
    "a declared module that is not there": (lambda folder: (folder / "helpers.py").unlink(), "no such module"),
    "a notebook that is not UTF-8": (
        lambda folder: (folder / "heights.py").write_bytes(NOTEBOOK.encode() + b"# \xe9\n"),
        f"heights.py:{NOTEBOOK.count(chr(10)) + 1}: not UTF-8",
    ),
    "a byte that is 0": (
        lambda folder: (folder.parents[1] / "solutions/heights/reference.py").write_bytes(b"x = 1\0\n"),
        "null bytes",
    ),
    "a module that hides Python's": (
        lambda folder: (folder / "helpers.py").rename(folder / "random.py"),
        "random.py: hides Python's or a package's own module 'random'",
    ),
    "too many": (many, "1005 files beside the notebook; at most 1000"),
    "too much": (heavy, "50 MB beside the notebook; at most 50 MB"),
}


@pytest.mark.parametrize(("change", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_released_is_refused(measured, change, says):
    change(measured / "exercises" / "heights")
    if "random" in says:
        toml = measured / "course" / "course.toml"
        toml.write_text(TOML.replace("helpers.py", "random.py"))
    with pytest.raises(build.BuildError) as caught:
        build.build_unit(manifest.load(measured), "heights", measured)
    assert says in str(caught.value)
    assert not (measured / "source" / "heights").exists()


def test_files_as_editors_on_windows_write_them_are_read(measured):
    for name in ("exercises/heights/heights.py", "solutions/heights/reference.py", "course/course.toml"):
        path = measured / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    notebook = build.build_unit(manifest.load(measured), "heights", measured) / "heights.ipynb"
    assert "\\r" not in notebook.read_text()
    assert "\ufeff" not in notebook.read_text()


def test_a_package_that_is_misspelt_is_not_recommended(measured):
    toml = measured / "course" / "course.toml"
    toml.write_text(TOML.replace("python-dateutil", "python-dateutill"))
    with pytest.raises(build.BuildError, match=r"python-dateutill\. Did you mean 'python-dateutil'") as caught:
        build.build_unit(manifest.load(measured), "heights", measured)
    assert "pip install" not in str(caught.value)


def test_a_package_that_is_not_installed_is_one_message(measured):
    toml = measured / "course" / "course.toml"
    toml.write_text(TOML.replace("python-dateutil", "no-such-package-of-ours"))
    with pytest.raises(build.BuildError, match=r"not installed here: no-such-package-of-ours.*pip install"):
        build.build_unit(manifest.load(measured), "heights", measured)


@pytest.mark.parametrize("named", ['"pandas"', '["pandas", 3]', '["../x"]', '["a b"]', '["pandas>=2"]', '["-e"]'])
def test_packages_and_modules_are_lists_of_names(measured, named):
    toml = measured / "course" / "course.toml"
    for old in ('["python-dateutil"]', '["helpers.py", "more/units.py"]'):
        toml.write_text(TOML.replace(old, named))
        with pytest.raises(manifest.ManifestError, match="expected a list of names of"):
            manifest.load(measured)


@pytest.mark.slow
def test_the_jail_has_what_was_released_and_a_missing_package_is_told(measured):
    course, layout = manifest.load(measured), CourseFolder(measured)
    setup.init_course_folder(course, measured)
    right = build.build_unit(course, "heights", measured) / "heights.ipynb"
    apps.run_nbgrader("generate_assignment", ["heights"], where=measured, log=measured / "log")
    (measured / "exercises/heights/data/others.csv").write_text("1\n")  # after the release: students have the old one
    released = layout.released_notebook("heights")
    hard = released.read_text().replace("...", "return 1.9", 1)
    missing = right.read_text().replace('"def year(', '"import no_such_thing\\n", "def year(', 1)
    lazy = right.read_text().replace("return dateutil.parser", "import nothing_here; return dateutil.parser", 1)
    submissions = [("ann", right)]
    for student, text in {"bea": hard, "cid": missing, "dan": lazy}.items():
        (measured / student).mkdir()
        (measured / student / "heights.ipynb").write_text(text)
        submissions.append((student, measured / student / "heights.ipynb"))
    ann, bea, cid, dan = pool.grade_class(course, "heights", submissions, released, workers=1)
    assert (ann.points, bea.points, ann.problem) == (4, 1, "")
    assert "imports no_such_thing, which is not installed where notebooks are graded" in cid.problem
    assert "There is no package `nothing_here` here." in dan.tasks[1].tests[0].hint
    assert (cid.tasks[0].points, dan.tasks[0].points) == (3, 3)
