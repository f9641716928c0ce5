"""The folders of lanes on disk: what a jail may see of our code, and removing what a submission left there."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

from grader.files import scratch_prefix

_HERE = Path(__file__).parent


def remove_left_lanes() -> None:
    """Remove the folders of lanes whose process was killed before it could."""
    prefix = scratch_prefix()
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*-*"):
        owner = folder.name.removeprefix(prefix).partition("-")[0]
        with contextlib.suppress(OSError):
            facts = folder.lstat()
            if (
                owner.isdigit()
                and stat.S_ISDIR(facts.st_mode)
                and facts.st_uid == os.getuid()
                and not _lives(int(owner))
            ):
                remove_tree(folder)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def remove_tree(folder: Path) -> None:
    """Remove what a submission left, whatever its depth and permissions. Follows no link.

    Each folder is emptied into `folder` itself first, so no path is ever too long for the kernel.
    """
    number, prefix = 0, secrets.token_hex(8)  # a name that no submission can have taken
    with contextlib.suppress(OSError):
        while waiting := _entries(folder):
            for entry in waiting:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108 - names, not paths
                    continue
                os.chmod(entry.path, 0o700)  # noqa: PTH101 - names, not paths
                for below in _entries(entry.path):
                    if below.is_dir(follow_symlinks=False):
                        os.chmod(below.path, 0o700)  # noqa: PTH101 - moving a folder requires write permission on it
                    number += 1
                    os.rename(below.path, folder / f"{prefix}-{number}")  # noqa: PTH104 - as above
                os.rmdir(entry.path)  # noqa: PTH106 - as above
    shutil.rmtree(folder, ignore_errors=True)


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def copy_inside(folder: Path, kit_folder: Path) -> None:
    """Copy the only code of ours that a lane sees: `inside` and the student's kit."""
    folder.chmod(0o755)
    ignore = shutil.ignore_patterns("test_*")  # compiled files too; otherwise each lane would compile the kit
    shutil.copytree(_HERE / "inside", folder / "inside", ignore=ignore)
    _copy_fonts(folder / "inside")
    shutil.copytree(kit_folder, folder / "kit", ignore=ignore)
    (folder / "data").mkdir()
    for name in ("inside", "kit", "data"):
        open_to_all(folder / name)
    (folder / "warm").mkdir()
    (folder / "warm").chmod(0o777)  # matplotlib's cache, if there is no jail (L2, L0)


def _copy_fonts(into: Path) -> None:
    """Copy matplotlib's list of fonts, if this user has one: without it, each lane reads them all, a third of a second.

    Only the fonts that matplotlib brings along: pictures are alike on all machines, and no path of this user is told.
    """
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    for path in Path(os.environ.get("MPLCONFIGDIR") or Path(cache, "matplotlib")).glob("fontlist-*.json"):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):  # not one, or of another version
            fonts = json.loads(path.read_text(encoding="utf-8"))
            for kind in ("ttflist", "afmlist"):
                fonts[kind] = [font for font in fonts[kind] if not Path(font["fname"]).is_absolute()]
            (into / path.name).write_text(json.dumps(fonts), encoding="utf-8")


def open_to_all(folder: Path) -> None:
    """Whatever the umask, the lane's user must be able to read it."""
    for below in (folder, *folder.rglob("*")):
        below.chmod(0o755 if below.is_dir() else 0o644)
