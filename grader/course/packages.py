"""The packages that a course declares: whether they are installed, what to import, and how students install them."""

from __future__ import annotations

import ast
import functools
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from grader.course.manifest import Course
from grader.errors import did_you_mean
from grader.files import read_text

_STUDENTS_HAVE = ("numpy", "sympy", "matplotlib", "pytest", "jupyterlab", "notebook", "ipykernel", "ipywidgets")


def not_installed(course: Course) -> list[str]:
    """A message if declared packages are missing here: then notebooks that need them could not be graded."""
    missing = [name for name in course.packages if not _version(name)]
    if not missing:
        return []
    if pythons := [name for name in missing if name in sys.stdlib_module_names]:
        return [f"course/course.toml: course.packages: part of Python, so leave it out: {', '.join(pythons)}"]
    here = sorted(_provided())
    meant = {name: near for name in missing if (near := did_you_mean(_plain(name), here, cutoff=0.8))}
    found = [f"course/course.toml: course.packages: not installed here: {name}. {near}" for name, near in meant.items()]
    if rest := [name for name in missing if name not in meant]:  # a slip is nothing to install
        found.append(
            f"course/course.toml: course.packages: not installed here: {', '.join(rest)}. Install what students "
            f"import, in the environment of grader: python -m pip install {' '.join(rest)}"
        )
    return found


def undeclared(course: Course, notebooks: Mapping[Path, ast.Module]) -> list[str]:
    """A message on each package that a notebook imports and that the course does not declare, so students lack it."""
    theirs = {"kit", *imports_of(needed_by((*_STUDENTS_HAVE, *course.packages)))}
    owners = {module: name for name, modules in _provided().items() for module in modules}
    return [
        f"{path}: imports {module!r} of the package {owners[module]}, which students are not told to install; "
        f'add "{owners[module]}" to packages in course/course.toml'
        for path, tree in notebooks.items()
        for module in sorted(_top_modules(tree) - theirs)
        if module in owners
    ]


def _top_modules(tree: ast.Module) -> set[str]:
    """The modules that code imports, without what comes after a dot."""
    imports = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    froms = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in (*imports, *froms)}


def needed_by(packages: Iterable[str]) -> dict[str, str]:
    """The versions of packages, and of all that they need in turn, except for what is not installed."""
    wanted, found = list(packages), dict[str, str]()
    while wanted:
        name = wanted.pop()
        if (key := _plain(name)) in found or not (version := _version(name)):
            continue
        found[key] = version
        for line in importlib.metadata.requires(name) or ():
            requirement, _, marker = line.partition(";")
            if "extra" not in marker:
                wanted.append(re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0])
    return found


def is_installed(module: str) -> bool:
    """Whether a top-level module belongs to an installed distribution, or is the kit."""
    return module == "kit" or any(module in modules for modules in _provided().values())


def imports_of(packages: Iterable[str]) -> list[str]:
    """The modules that the packages provide ("sklearn" for "scikit-learn"); none for one that is not installed."""
    return [module for name in packages for module in _provided().get(_plain(name), ())]  # reading them all takes long


def preloaded(course: Course) -> list[str]:
    """What a lane imports beforehand: the course's packages, and those of their modules that its notebooks import.

    `import scipy` alone loads next to nothing; `scipy.stats` takes a second.
    """
    modules = imports_of(course.packages)
    files = [stub for unit in course.units for stub in unit.stubs if stub.is_file()]
    named = {module for stub in files for module in _modules_in(read_text(stub))}
    found = [module for module in sorted(named) if module.partition(".")[0] in modules and "." in module]
    return modules + [module for module in found if _is_module(module)]


def _modules_in(text: str) -> set[str]:
    """The modules that lines of Python import, as written."""
    return set(re.findall(r"^[ \t]*(?:import|from)[ \t]+([\w.]*\w)", text, re.MULTILINE))


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ImportError:
        return False


def install_line(packages: Sequence[str]) -> str:
    """The command with which students install the packages, in the versions that are graded with."""
    wanted = [f"{name}=={version}" if (version := _version(name)) else name for name in packages]
    return f"python -m pip install {' '.join(wanted)}"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _plain(name: str) -> str:
    """A distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@functools.cache
def _provided() -> Mapping[str, list[str]]:
    """The public top-level modules of each installed distribution."""
    found: dict[str, list[str]] = {}
    for module, names in importlib.metadata.packages_distributions().items():
        for name in set(names):
            if not module.startswith("_") and module.isidentifier():
                found.setdefault(_plain(name), []).append(module)
    return found
