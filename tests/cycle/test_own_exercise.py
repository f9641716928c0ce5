"""A new instructor writes a second tiny unit by following the README alone."""

import json
import re
import shutil
import textwrap

import pytest

from grader.course import build, manifest
from grader.grading import pool
from grader.nbgrader import apps, setup

pytestmark = pytest.mark.slow


def blocks(readme):
    """The indented code blocks of the README's section, dedented."""
    section = readme.split("## Write your own exercise")[1].split("\n## ")[0]
    found = re.findall(r"\n\n((?:       [^\n]*\n|\n)+)", section)
    return [textwrap.dedent(text).strip() + "\n" for text in found]


def test_following_the_readme_gives_a_unit_that_grades(tmp_path, root):
    toml, notebook, public, hidden = blocks((root / "README.md").read_text())
    course_root = tmp_path / "mine"
    shutil.copytree(root / "exercises" / "kit", course_root / "exercises" / "kit")
    (course_root / "course").mkdir()
    (course_root / "course" / "course.toml").write_text('[course]\nid = "mine"\ntitle = "Mine"\n' + toml)
    for folder in ("exercises/doubling", "solutions/doubling"):
        (course_root / folder).mkdir(parents=True)
    (course_root / "exercises/doubling/doubling.py").write_text(notebook)
    (course_root / "exercises/doubling/test_doubling.py").write_text(public)
    (course_root / "solutions/doubling/reference.py").write_text("def double(x): return 2 * x\n")
    (course_root / "solutions/doubling/test_doubling_hidden.py").write_text(hidden)
    course = manifest.load(course_root)
    folder = tmp_path / "folder"
    setup.init_course_folder(course, folder)
    source = build.build_unit(course, "doubling", folder) / "doubling.ipynb"
    apps.run_nbgrader("generate_assignment", ["doubling"], where=folder, log=tmp_path / "log")
    released = folder / "release" / "doubling" / "doubling.ipynb"
    assert "2 * x" not in released.read_text()
    right, stub = pool.grade_class(course, "doubling", [("ann", source), ("bea", released)], released)
    assert (right.points, stub.points) == (2, 0)
    assert json.loads(released.read_text())["nbformat"] == 4
