"""The wheel installs all of the engine and the kit below one name, and nothing of the solutions."""

import ast
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from grader import __version__ as grader_version

pytestmark = pytest.mark.slow

STRANGER = 'raise SystemExit("another project named {name} was imported")'
IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import just_enough_calculus
import grader, kit
for package in (grader, kit):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        assert importlib.import_module(module.name).__file__.startswith(sys.argv[1]), module.name
"""


@pytest.fixture(scope="module")
def installed(request, tmp_path_factory):
    """The wheel that pip makes of the repository, unpacked."""
    place = tmp_path_factory.mktemp("wheel")
    ignore = shutil.ignore_patterns(".*", "demo", "build", "*.egg-info", "__pycache__")
    shutil.copytree(request.config.rootpath, place / "repository", ignore=ignore)  # pip writes beside the sources
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*command, "--wheel-dir", place, place / "repository"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place / "lib" / "site-packages")
    return place / "lib" / "site-packages"


@pytest.fixture(scope="module")
def beside_strangers(installed, tmp_path_factory):
    """A copy of what is installed, among other projects' packages `grader` and `kit`."""
    place = tmp_path_factory.mktemp("lib") / "site-packages"
    shutil.copytree(installed, place)
    for name in ("grader", "kit"):
        place.joinpath(name).mkdir()
        place.joinpath(name, "__init__.py").write_text(STRANGER.format(name=name))
    return place


def test_the_only_name_that_a_wheel_claims_is_the_project_s(installed):
    """PyPI has other projects called grader and kit; pip would let one overwrite the other."""
    names = {path.name for path in installed.iterdir() if path.suffix != ".dist-info"}
    assert names == {"just_enough_calculus"}
    (metadata,) = installed.glob("*.dist-info")
    commands = (metadata / "entry_points.txt").read_text().split("\n")
    assert [line for line in commands if "=" in line] == ["grader = just_enough_calculus:run"]


def test_everything_that_is_installed_can_be_imported_without_the_repository(beside_strangers, tmp_path):
    command = [sys.executable, "-I", "-c", IMPORT_EVERYTHING, str(beside_strangers)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_command_works_where_other_projects_have_our_names_and_says_when_one_hides_ours(beside_strangers, tmp_path):
    def grader(*path):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
        command = [sys.executable, "-m", "just_enough_calculus", "--version"]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)

    assert grader(beside_strangers).stdout == f"grader {grader_version}\n"
    mine = tmp_path / "mine"
    shutil.copytree(beside_strangers / "kit", mine / "kit")
    done = grader(mine, beside_strangers)
    assert done.returncode == 2
    assert done.stderr.startswith("grader: expected the package `kit` of Just Enough Calculus, in ")
    assert f"but found {mine / 'kit' / '__init__.py'}: remove that folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wheel_holds_every_file_of_the_engine_and_the_kit_and_no_other(installed, root):
    engine = "just_enough_calculus/_engine"
    sources = {
        "just_enough_calculus": root / "just_enough_calculus",
        f"{engine}/grader": root / "grader",
        f"{engine}/kit": root / "exercises" / "kit",
    }
    wanted = {
        f"{package}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for package, folder in sources.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    found = {path.relative_to(installed).as_posix(): path for path in installed.rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in found.items() if ".dist-info/" not in name} == wanted


def test_no_sentence_of_a_reference_a_hidden_test_or_a_mistake_reaches_an_installed_package(installed, root):
    files = [path for path in (root / "solutions").rglob("*.py") if "__pycache__" not in path.parts]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    units = {"just_enough_calculus", *(path.name for path in (root / "exercises").iterdir())}  # names are not secret
    units |= {f"{unit}.ipynb" for unit in units}
    secrets = {
        path: {text for text in map(said, ast.walk(tree)) if len(text) >= 20} - units for path, tree in trees.items()
    }
    assert sum(map(len, secrets.values())) > 1000
    for path in (path for path in installed.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        assert {
            str(secret) for secret, texts in secrets.items() if any(secret_text in text for secret_text in texts)
        } == set(), path


def said(node):
    """The text that a piece of Python says: of a string, or the name of a function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return getattr(node, "name", None) or ""
