"""Run nbgrader's own applications, and its collection after our guard."""

from __future__ import annotations

import functools
import json
import os
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.nbgrader import collection
from grader.nbgrader.collection import GuardFinding
from grader.nbgrader.gradebook import (
    patch_alembic_version,
)


def collect_unit(
    unit_id: str,
    folder: Path,
    *,
    update: bool = False,
    any_owner: bool = False,
    students: Sequence[str] = (),
    log: Path | None = None,
) -> list[GuardFinding]:
    """Run nbgrader's collection after our guard; return what was refused or mended. Raises GraderError.

    Collects from these `students` only, if any are given.
    """
    options = [unit_id, "--ExchangeFactory.collect=grader.nbgrader.exchange.GuardedCollect"]
    options += ["--update"] * update + ["--ExchangeCollect.check_owner=False"] * any_owner
    options += [f"--GuardedCollect.only={json.dumps(list(students))}"] * bool(students)
    with tempfile.TemporaryDirectory() as place:
        run_nbgrader("collect", options, where=folder, log=log or Path(place) / "log")
    return collection.read_findings(folder, unit_id)


# ------------------------------------------------------------------------------------------------ its applications


def run_nbgrader(command: str, arguments: Sequence[str], *, where: Path, log: Path, fork: bool = True) -> None:
    """Run `nbgrader command arguments` in the folder `where`. Raises GraderError.

    Runs in a fork of this process. With `fork=False`, this process stays in `where` and keeps writing to `log`.
    """
    import nbgrader.apps

    patch_alembic_version()
    name = "".join(word.title() for word in command.split("_")) + "App"
    app = getattr(nbgrader.apps, name)
    log = log.absolute()  # the application runs elsewhere
    start = log.stat().st_size if log.exists() else 0
    if fork:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = _launch(app, arguments, where, log)
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    else:
        status = _launch(app, arguments, where, log)
    if status:
        said = log.read_bytes()[start:].decode(errors="replace")[-3000:] if log.exists() else ""
        raise GraderError(f"nbgrader {command} ended with status {status} in {where}:\n{said}")


def _launch(app: Any, arguments: Sequence[str], where: Path, log: Path) -> int:
    """Run one of nbgrader's applications; return its exit status."""
    os.chdir(where)
    warnings.resetwarnings()  # warnings of nbgrader and its dependencies go to its log
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    try:
        app.launch_instance(list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        app.clear_instance()  # otherwise the next application would reuse this instance
    return 0


def never_wait_for_the_disk() -> None:
    """Let no SQLite database that this process or a fork of it opens wait for the disk: a power cut may damage it."""
    import sqlalchemy

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", lambda opened, _: opened.execute("PRAGMA synchronous=OFF"))


@functools.cache
def warm_up() -> None:
    """Do once, before forking, the work that each nbgrader command does at its start."""
    import nbformat
    import nbgrader.apps
    import nbgrader.exchange.default  # noqa: F401 - the applications import it by name

    import grader.nbgrader.feedback  # noqa: F401 - the same

    empty = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})
    nbformat.validate(empty)  # compiles its schemas
