"""Run nbgrader's own applications, and its collection with our guard before it."""

from __future__ import annotations

import functools
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
    unit_id: str, folder: Path, *, update: bool = False, any_owner: bool = False, log: Path | None = None
) -> list[GuardFinding]:
    """Run nbgrader's collection with our guard before it: what was refused or mended. Raises GraderError."""
    options = [unit_id, "--ExchangeFactory.collect=grader.nbgrader.exchange.GuardedCollect"]
    options += ["--update"] * update + ["--ExchangeCollect.check_owner=False"] * any_owner
    with tempfile.TemporaryDirectory() as place:
        run_nbgrader("collect", options, where=folder, log=log or Path(place) / "log")
    return collection.read_findings(folder, unit_id)


# ------------------------------------------------------------------------------------------------ its applications


def run_nbgrader(command: str, arguments: Sequence[str], *, where: Path, log: Path, fork: bool = True) -> None:
    """Run `nbgrader command arguments` in the folder `where`. Raises GraderError.

    In a fork of this process; without one, this process is in `where` afterwards, and writes all to `log`.
    """
    import nbgrader.apps

    patch_alembic_version()
    name = "".join(word.title() for word in command.split("_")) + "App"
    app = getattr(nbgrader.apps, name)
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
    """Be one of nbgrader's applications: its exit status."""
    os.chdir(where)
    warnings.resetwarnings()  # those of nbgrader and of what it uses go to its log
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    try:
        app.launch_instance(list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        app.clear_instance()  # else the next would take this for its own
    return 0


@functools.cache
def warm_up() -> None:
    """Do once, before forking, what each of nbgrader's commands would do at its start."""
    import nbformat
    import nbgrader.apps
    import nbgrader.exchange.default  # noqa: F401 - the applications import it by name

    from grader.nbgrader.feedback import FeedbackExporter

    empty = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})
    nbformat.validate(empty)  # its schemas are compiled
    FeedbackExporter(template_name="classic").from_notebook_node(empty)  # and the expressions of what makes a page
