"""What a worker needs to grade a unit, as one archive: the same files give the same bytes, so a hash names it.

It holds secrets (the reference, the hidden tests), so it is unpacked only into a private folder.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.cluster.orders import Sent
from grader.course import manifest
from grader.course.elsewhere import MAX_NOTEBOOKS, other_files
from grader.course.folder import CourseFolder
from grader.course.notebooks import MAX_BYTES

UNIT = "unit"  # the file in a bundle that holds the id of its unit
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the time of every entry; an archive of the same files is the same archive
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}


def pack(course: manifest.Course, unit: manifest.Unit, release: Path) -> tuple[str, bytes]:
    """The unit as an archive, and its SHA-256. `release` is its released notebook."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(UNIT, _OLDEST), unit.id)
        for name, path in sorted(_files(course, unit, release)):
            archive.writestr(zipfile.ZipInfo(name, _OLDEST), path.read_bytes(), zipfile.ZIP_DEFLATED)
    content = packed.getvalue()
    return hashlib.sha256(content).hexdigest(), content


def unpack(content: bytes, into: Path) -> None:
    """Write the files of a bundle below the private folder `into`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            inside = PurePosixPath(entry.filename)
            if inside.is_absolute() or ".." in inside.parts:
                raise ValueError(entry.filename)
            path = into / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(archive.read(entry))


def released_in(root: Path, unit: manifest.Unit) -> Path:
    """The released notebook in an unpacked bundle."""
    return CourseFolder(root / "class").released_notebook(unit.id)


def _files(course: manifest.Course, unit: manifest.Unit, release: Path) -> Iterator[tuple[str, Path]]:
    """Each file that decides a grade of `unit`, by its path in the bundle."""
    yield "course/course.toml", course.root / "course" / "course.toml"
    for where, folder in (
        (f"exercises/{unit.id}", unit.exercises_dir),
        (f"solutions/{unit.id}", unit.solutions_dir),
        ("exercises/kit", course.kit_dir),
        (released_in(Path(), unit).parent.as_posix(), release.parent),
    ):
        for path in folder.rglob("*"):
            inside = path.relative_to(folder)
            if path.is_file() and not _LEFT_OUT.intersection(inside.parts):
                yield f"{where}/{inside.as_posix()}", path
    for other in course.units:  # a lane loads what any unit of the course imports
        if other.id != unit.id:
            yield from ((f"exercises/{other.id}/{path.name}", path) for path in other.stubs if path.is_file())


def read_submission_folder(notebook: Path, ours: tuple[str, ...]) -> list[Sent]:
    """What grading reads of the folder of `notebook`: the unit's notebooks `ours`, and some of what is beside them."""
    try:
        names = os.listdir(notebook.parent)  # noqa: PTH208 - names, not paths
    except OSError:
        return []
    found = [name for name in names if name in ours]
    return [_sent(notebook.parent, name) for name in found + other_files(notebook, ours)[:MAX_NOTEBOOKS]]


def _sent(folder: Path, inside: str) -> Sent:
    name, path = os.fsencode(inside), folder / inside
    try:
        fd = os.open(path, _READ)
    except OSError:
        return Sent(name, "link" if path.is_symlink() else "closed")
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        os.close(fd)
        return Sent(name, "folder" if stat.S_ISDIR(facts.st_mode) else "special")
    with os.fdopen(fd, "rb") as file:
        if facts.st_size > MAX_BYTES:
            return Sent(name, "too large", size=facts.st_size)
        return Sent(name, "file", file.read(MAX_BYTES + 1))


def write_submission_folder(files: list[Sent], into: Path) -> None:
    """Make a folder that grading reads as it would the submitted one."""
    into.mkdir()
    for sent in files:
        inside = PurePosixPath(os.fsdecode(sent.name))
        if inside.is_absolute() or ".." in inside.parts:
            raise ValueError(inside)
        path = into / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        if sent.kind == "link":
            path.symlink_to("nowhere")
        elif sent.kind == "folder":
            path.mkdir()
        elif sent.kind == "special":
            os.mkfifo(path)
        else:
            with path.open("wb") as file:
                file.write(sent.content)
                file.truncate(max(sent.size, len(sent.content)))  # one that is too large is all hole
            path.chmod(0 if sent.kind == "closed" else 0o600)
