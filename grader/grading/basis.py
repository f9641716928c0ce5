"""What a grade rests on, as hashes: two grades with the same key are the same grade.

A key covers the student's name (variants depend on it), the submitted notebooks, and the unit's `Basis`: each file of
the unit's solutions, exercises and kit, the release, the limits and points, the engine, the libraries, and the
isolation level. A file that turns out not to matter costs a regrade; a file left out would cost a wrong grade.
"""

from __future__ import annotations

import functools
import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from grader import __version__
from grader.course import manifest, notebooks
from grader.course.elsewhere import other_files
from grader.course.folder import notebook_name
from grader.results import Level

_ENGINE = Path(__file__).parents[1]
_NOT_GRADING = (
    "audit",
    "cluster",
    "nbgrader",
    "report",
    "cli.py",
    "demo.py",
)  # parts of the engine that decide no grade
_LIBRARIES = ("ipython", "matplotlib", "msgspec", "numpy", "pytest", "python-flint", "sympy")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_CHUNK = 1 << 20
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Basis(msgspec.Struct, frozen=True):
    """Everything but the submission that the grades of a unit rest on: a SHA-256 hash or a value by name."""

    unit: str
    parts: dict[str, str]

    @property
    def hash(self) -> str:
        """One hash for all parts."""
        return _sha256(msgspec.json.encode([self.unit, sorted(self.parts.items())]))

    def differences(self, other: Basis) -> list[str]:
        """The names of the parts that are not the same in `other`, in order."""
        names = sorted(self.parts.keys() | other.parts.keys())
        return [name for name in names if self.parts.get(name) != other.parts.get(name)]


def basis_of(course: manifest.Course, unit: manifest.Unit, release: Path, level: Level) -> Basis:
    """What the grades of `unit` rest on now, at this isolation level."""
    parts = {
        "edition": course.edition,
        "level": str(level),
        "limits": msgspec.json.encode(unit.limits).decode(),
        "points": msgspec.json.encode(
            [unit.one_process, [(task.id, task.points, task.title) for task in unit.tasks]]
        ).decode(),
        "release": _hash_of_release(release),
        **software(),
        **_files("solutions", unit.solutions_dir),
        **_files("exercises", unit.exercises_dir),
        **_files("kit", course.kit_dir),
    }
    return Basis(unit.id, parts)


def software() -> dict[str, str]:
    """The engine, Python and the libraries of this process: a version or a hash by name."""
    return {"engine": f"{__version__} {_hash_of_the_engine()}", "python": sys.version.split()[0], **_versions()}


def _hash_of_release(release: Path) -> str:
    """The hash of a unit's released notebook; of the hashes of all, if it has several."""
    others = notebooks.more_of(notebooks.read_ours(release))
    hashes = [
        _sha256(path.read_bytes()) for path in (release, *(release.with_name(notebook_name(name)) for name in others))
    ]
    return _sha256(" ".join(hashes).encode()) if others else hashes[0]


def this_machine() -> str:
    """What the isolation level depends on; while it is the same, the level need not be tried to look up a grade."""
    wanted = [os.environ.get(name, "") for name in ("GRADER_LEVEL", "GRADER_ALLOW_L0", "PATH")]
    boot = _BOOT.read_text().strip() if _BOOT.exists() else ""
    return _sha256("\0".join([boot, str(os.getuid()), *wanted, _hash_of_the_engine()]).encode())


def grade_key(basis: Basis, student: str, submission: str) -> str:
    """The key of one grade. `submission` is a hash, from `hash_of_submission` or `hash_of_text`."""
    return _sha256("\0".join((basis.hash, student, submission)).encode())


def hash_of_submission(notebook: Path) -> str:
    """A hash of the notebook and of everything beside it that may hold work; "" if there is none. Follows no link."""
    digest = hashlib.sha256()
    try:
        names = {name for name in os.listdir(notebook.parent) if name.lower().endswith(".ipynb")}  # noqa: PTH208 - names
    except OSError:
        return ""
    for name in sorted(names.union(other_files(notebook))):
        digest.update(name.encode(errors="surrogateescape") + b"\0")
        for part in _bytes_of(notebook.parent / name):
            digest.update(part)
        digest.update(b"\0")
    return digest.hexdigest()


def hash_folder(folder: Path) -> str:
    """SHA-256 over the names and bytes of the Python files in `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def hash_of_text(text: str) -> str:
    """The hash that stands for a submission whose notebook is not read, such as a quarantined one."""
    return _sha256(text.encode(errors="surrogateescape"))


def _bytes_of(path: Path) -> Iterator[bytes]:
    try:
        fd = os.open(path, _READ)
    except OSError:
        return
    with os.fdopen(fd, "rb", buffering=0) as file:
        if stat.S_ISREG(os.fstat(fd).st_mode):
            while part := file.read(_CHUNK):
                yield part


def _files(what: str, folder: Path) -> dict[str, str]:
    """The hash of each file below `folder`, by a name that begins with `what`."""
    return {f"{what}/{path.relative_to(folder).as_posix()}": _sha256(path.read_bytes()) for path in _below(folder)}


def _below(folder: Path, *, left_out: Iterable[str] = ()) -> list[Path]:
    left_out = {"__pycache__", *left_out}
    found = (path for path in folder.rglob("*") if not left_out.intersection(path.relative_to(folder).parts))
    return sorted(path for path in found if path.is_file())


@functools.cache
def _hash_of_the_engine() -> str:
    digest = hashlib.sha256()
    for path in _below(_ENGINE, left_out=_NOT_GRADING):
        if path.suffix == ".py":
            digest.update(path.relative_to(_ENGINE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
