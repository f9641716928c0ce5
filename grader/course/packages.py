"""The packages that a course declares: whether they are installed, what to import, and how students install them."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterable, Mapping, Sequence

from grader.course.manifest import Course
from grader.errors import did_you_mean
from grader.files import read_text


def not_installed(course: Course) -> list[str]:
    """A message if declared packages are missing here: then notebooks that need them could not be graded."""
    missing = [name for name in course.packages if not _version(name)]
    if not missing:
        return []
    here = sorted(_provided())
    meant = {name: near for name in missing if (near := did_you_mean(_plain(name), here, cutoff=0.8))}
    found = [f"course/course.toml: course.packages: not installed here: {name}. {near}" for name, near in meant.items()]
    if rest := [name for name in missing if name not in meant]:  # a slip is nothing to install
        found.append(
            f"course/course.toml: course.packages: not installed here: {', '.join(rest)}. Install what students "
            f"import, in the environment of grader: python -m pip install {' '.join(rest)}"
        )
    return found


def is_installed(module: str) -> bool:
    """Whether a top-level module belongs to an installed distribution, or is the kit."""
    return module == "kit" or any(module in modules for modules in _provided().values())


def imports_of(packages: Iterable[str]) -> list[str]:
    """The modules that the packages provide ("sklearn" for "scikit-learn"); none for one that is not installed."""
    provided = _provided()
    return [module for name in packages for module in provided.get(_plain(name), ())]


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
