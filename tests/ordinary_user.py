"""Letting an ordinary user grade when the tests run as root: L2 mounts nothing, so it cannot reach root's home."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[1]
NOBODY = 65534
SYSTEM_PYTHON = "/usr/bin/python3"
AS_NOBODY = {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def why_not() -> str:
    """Why root cannot let an ordinary user grade here, or ""."""
    same = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    readable = [str(ROOT / "grader" / "cli.py"), str(Path(msgspec.__file__).parent)]
    reach = f"import os, sys; sys.exit(not all(os.access(path, os.R_OK) for path in {readable!r}))"
    for program, reason in (
        (same, f"{SYSTEM_PYTHON} is not the Python of this environment"),
        (reach, "the repository or its libraries lie in a folder that is closed to others"),
    ):
        try:
            done = subprocess.run([SYSTEM_PYTHON, "-I", "-c", program], cwd="/", check=False, **AS_NOBODY)
        except OSError as error:
            return f"{SYSTEM_PYTHON}: {error}"
        if done.returncode:
            return reason
    return ""


def python_for_everyone(folder: Path) -> str:
    """A virtual environment in `folder` that every user may run, with the libraries of this one. Returns its python."""
    libraries = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    libraries.mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(SYSTEM_PYTHON)
    (folder / "pyvenv.cfg").write_text(f"home = {Path(SYSTEM_PYTHON).parent}\n")
    (libraries / "site-packages").symlink_to(Path(msgspec.__file__).parents[1])
    return str(folder / "bin" / "python")


def environment_for(scratch: Path) -> dict[str, str]:
    """What such a process needs to find the repository, and a separate folder to write in (made here)."""
    scratch.mkdir()
    if os.getuid() == 0:
        os.chown(scratch, NOBODY, NOBODY)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "exercises")]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
