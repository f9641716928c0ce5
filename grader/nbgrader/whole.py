"""Put a submission in its place whole: neither a full disk nor a kill leaves part of one, or loses an earlier one.

Theory of operation. The copy is made beside its target, under the name `.<unit>.new`, which nothing takes for a
submission. Then the earlier one becomes `.<unit>.old`, the copy gets its name, and the old one goes. After a kill at
any instant, `put_back_killed` restores the earlier one, or removes what is left over.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from grader.errors import GraderError
from grader.files import discard, put_back

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextlib.contextmanager
def in_place_of(target: Path) -> Iterator[Path]:
    """Yield where to make the folder that then replaces `target`. Raises GraderError if that cannot be written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    put_back(target)
    part, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    try:
        yield part
        if os.path.lexists(target):
            target.rename(old)
        part.rename(target)
        discard(old)  # from here on, the new one stays
    except OSError as error:
        raise GraderError(_cannot_write(target.parent, error)) from error
    finally:  # what has failed is removed, and the earlier one returns
        put_back(target)
        with contextlib.suppress(OSError):  # it holds other units
            target.parent.rmdir()


def _cannot_write(folder: Path, error: OSError) -> str:
    said = str(error)  # of all files that could not be copied, if several could not
    stays = "what was collected before stays as it was"
    if is_full(said):
        return f"{folder}: its disk is full; {stays}. Make room (see `df -h {folder.parent}`) and collect again."
    return f"{folder}: a submission cannot be written ({said[:300]}); {stays}. Mend that and collect again."


def is_full(said: str) -> bool:
    """Whether an error's message says that a disk, or a user's share of it, is full."""
    return any(f"[Errno {number}]" in said or os.strerror(number) in said for number in _FULL)


def put_in_place(made: Path, target: Path) -> None:
    """Put a copy of the folder `made` in place of `target`, whole. Raises GraderError."""
    with in_place_of(target) as part:
        shutil.copytree(made, part)


def put_back_killed(all_submitted: Path, unit_id: str) -> None:
    """Restore what a killed collection of a unit has left half done, for every student."""
    for student in os.listdir(all_submitted) if all_submitted.is_dir() else ():  # noqa: PTH208 - names, of a large class
        left = [f"{all_submitted}/{student}/.{unit_id}.{end}" for end in ("old", "new", "old.gone")]
        if any(os.path.lexists(path) for path in left) and not (all_submitted / student).is_symlink():
            put_back(all_submitted / student / unit_id)


def move_whole(source: Path, target: Path) -> None:
    """Move a folder or a link, from another disk too; `target` appears whole."""
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_name(f".{target.name}.new")
        shutil.rmtree(part, ignore_errors=True)
        shutil.move(source, part)
        part.rename(target)
