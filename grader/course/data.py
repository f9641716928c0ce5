"""The files released beside a unit's notebook: data, and modules that the manifest declares.

Students find them in the notebook's folder; the jail and the reference have them under the same relative paths.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.course.manifest import Unit
from grader.course.packages import is_installed
from grader.files import scratch_prefix

MAX_MB = 50
MAX_FILES = 1000  # a submission may have 4096 files in all
_OURS = {"kit", "__pycache__", "tests"}


def files_beside(unit: Unit, folder: Path | None = None) -> tuple[Path, ...]:
    """The data and the declared modules in `folder` (exercises/<unit>/, or its release), as relative paths, sorted.

    Links, hidden files, notebooks, public checks and undeclared modules are left out.
    """
    return tuple(path for path in _all_files(folder or unit.exercises_dir) if _is_shared(unit, path))


def problems_of_files(unit: Unit) -> list[str]:
    """What is wrong with the files beside the notebook, in words for the instructor."""
    folder = unit.exercises_dir
    found = []
    for path in _walk(folder):
        if path.is_symlink():
            found.append(f"{path}: a link; put the file itself here, so that students get what you have")
        elif not (path.is_dir() or path.is_file()):
            found.append(f"{path}: neither a file nor a folder; only those can be released")
    for path in _all_files(folder):
        if path.suffix == ".py" and not _is_shared(unit, path) and path not in _known(unit):
            key, name = ("more_notebooks", path.stem) if _is_notebook(folder / path) else ("modules", path)
            says = f'released only if declared: add {key} = ["{name}"] to the unit in course/course.toml, or move it'
            found.append(f"{folder / path}: {says}")
        if path.suffix == ".ipynb":
            found.append(f"{folder / path}: a notebook that is never graded; write it as percent text, or move it")
    for module in unit.modules:
        if (top := Path(module).parts[0].removesuffix(".py")) in sys.stdlib_module_names or is_installed(top):
            found.append(f"{folder / module}: hides Python's or a package's own module {top!r}; give it another name")
        if not (folder / module).is_file() or not module.endswith(".py"):
            found.append(f"{folder / module}: no such module, but the unit's modules in course/course.toml name it")
    shared = files_beside(unit)
    size = sum((folder / path).stat().st_size for path in shared)
    if size > MAX_MB << 20:
        found.append(
            f"{folder}: {size / (1 << 20):.0f} MB beside the notebook; at most {MAX_MB} MB are released with a unit"
        )
    if len(shared) > MAX_FILES:
        found.append(
            f"{folder}: {len(shared)} files beside the notebook; at most {MAX_FILES} (pack them into one .npz or .zip)"
        )
    return found


@contextlib.contextmanager
def working_beside(unit: Unit, released: Path | None = None) -> Iterator[None]:
    """Work in a temporary folder with the unit's files, as a notebook does. For the reference, in our own process.

    The files are those in the folder `released`; in exercises/<unit>/ without it.
    """
    source = (released or unit.exercises_dir).absolute()
    prefix = f"{scratch_prefix()}{os.getpid()}-beside-"  # so that a killed worker leaves nothing for long
    with tempfile.TemporaryDirectory(prefix=prefix) as folder, contextlib.chdir(folder):
        link_all(source, files_beside(unit, source), Path(folder))
        sys.path.insert(0, folder)
        try:
            yield
        finally:
            sys.path.remove(folder)


def link_all(source: Path, files: Iterable[Path], into: Path) -> None:
    """Link `files` of `source` into the folder `into`, in real folders, so that new files can be made beside them."""
    for path in files:
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).symlink_to(source / path)


def link_folder(source: Path, into: Path, *, without: Iterable[Path] = ()) -> None:
    """Link everything in `source` that a notebook in it could use, but the files `without`, into the folder `into`."""
    kept_back = set(without)
    link_all(source, [path for path in _all_files(source) if source / path not in kept_back], into)
    if (source / "kit").is_dir():
        (into / "kit").symlink_to(source / "kit")


def _is_notebook(path: Path) -> bool:
    """Whether a Python file is the text of a notebook with tasks."""
    return re.search(rb'^# %% .*task="', path.read_bytes(), re.MULTILINE) is not None


def _known(unit: Unit) -> set[Path]:
    return {Path(path.name) for path in (*unit.stubs, unit.public_checks)}


def _is_shared(unit: Unit, path: Path) -> bool:
    if path in _known(unit) or path.suffix == ".ipynb":
        return False
    return path.suffix != ".py" or path.as_posix() in unit.modules


def _all_files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in _walk(folder) if path.is_file() and not path.is_symlink())


def _walk(folder: Path) -> Iterator[Path]:
    """Everything below `folder` but hidden files, the kit and the like. Follows no link."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _OURS)
        yield from (Path(where) / name for name in (*folders, *sorted(names)) if not name.startswith("."))
