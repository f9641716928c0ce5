"""The only top-level name that an installed course claims. Importing it makes the engine and the kit importable.

The engine is called `grader` and the students' kit `kit`, and so are projects on PyPI. Installed side by side, they
would overwrite each other's files. So a wheel keeps both in `_engine/`, and this module puts that folder on `sys.path`:
after what the caller put there (PYTHONPATH, the current folder), before everything that is installed. In a checkout the
folders are the repository, with `grader/`, and its `exercises/`, with `kit/`.

`grader` imports this module, so whoever finds the engine finds the kit. An editor finds both in FOLDERS.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
FOLDERS = [_HERE / "_engine"] if (_HERE / "_engine").is_dir() else [_HERE.parent, _HERE.parent / "exercises"]


def put_on_path() -> None:
    """Put FOLDERS on `sys.path`, before the first folder of installed packages."""
    names = [Path(entry).name for entry in sys.path]
    at = next((at for at, name in enumerate(names) if name in ("site-packages", "dist-packages")), len(names))
    sys.path[at:at] = [str(folder) for folder in FOLDERS if str(folder) not in sys.path]


def strangers() -> list[str]:
    """A message for each of our two names under which Python finds another project's package."""
    said = []
    for name in ("grader", "kit"):
        spec = importlib.util.find_spec(name)
        found = spec and (spec.origin or next(iter(spec.submodule_search_locations or []), ""))
        if not found or not any(Path(found).resolve().is_relative_to(folder) for folder in FOLDERS):
            said.append(
                f"expected the package `{name}` of Just Enough Calculus, in {FOLDERS[-1 if name == 'kit' else 0]}, but "
                f"found {found or 'none'}: remove that folder from PYTHONPATH, or run from another folder"
            )
    return said


def run() -> None:
    """The command `grader`. Exits with 2 if another project's `grader` or `kit` hides ours."""
    if said := strangers():
        sys.stderr.write("".join(f"grader: {message}\n" for message in said))
        sys.exit(2)
    from grader.jail.inside import garbage

    garbage.collect_rarely()  # before anything large is imported
    garbage.end_quickly()
    from grader.cli import run as run_command

    run_command()


def on_worker(order: bytes) -> bytes:
    """What a Dask worker runs for `grader grade --scheduler`: Dask finds it here by name, and so the engine."""
    from grader.cluster.supervisor import carry_out

    return carry_out(order)


async def ask_worker(order: bytes) -> bytes:
    """`on_worker` beside what the Dask worker is doing."""
    import asyncio

    return await asyncio.to_thread(on_worker, order)


put_on_path()
