"""The packages that a course declares: whether they are installed, what to import, and how students install them."""

from __future__ import annotations

import functools
import importlib.metadata
import re
from collections.abc import Iterable, Mapping, Sequence

from grader.course.manifest import Course


def not_installed(course: Course) -> list[str]:
    """A message if declared packages are missing here: then notebooks that need them could not be graded."""
    missing = [name for name in course.packages if not _version(name)]
    if not missing:
        return []
    names = ", ".join(missing)
    return [
        f"course/course.toml: course.packages: not installed here: {names}. Install what students import, "
        f"in the environment of grader: python -m pip install {' '.join(missing)}"
    ]


def imports_of(packages: Iterable[str]) -> list[str]:
    """The modules that the packages provide ("sklearn" for "scikit-learn"); none for one that is not installed."""
    provided = _provided()
    return [module for name in packages for module in provided.get(_plain(name), ())]


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
