"""What must be the same on every machine that grades a class: a grade rests on it (`grader.grading.basis`)."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import kit

from grader.grading.basis import software


@functools.cache
def installed() -> dict[str, str]:
    """The engine, the kit that our own side uses, Python and the libraries: a version or a hash by name."""
    return {**software(), "kit": _hash_of_the_kit()}


def mismatches(theirs: dict[str, str]) -> list[str]:
    """What differs on another machine, in words."""
    ours = installed()
    names = sorted(ours.keys() | theirs.keys())
    return [
        f"{name} {_short(theirs.get(name, 'missing'))} (here {_short(ours.get(name, 'missing'))})"
        for name in names
        if ours.get(name) != theirs.get(name)
    ]


def _short(value: str) -> str:
    """A value with its hash cut to twelve digits."""
    return " ".join(word[:12] for word in value.split())


def _hash_of_the_kit() -> str:
    digest = hashlib.sha256()
    folder = Path(kit.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
