"""The options that several commands share: the course repository, the course folder, and a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grader.printable import LONGEST_LINE, one_line, say


def _find_root(context: typer.Context, option: typer.CallbackParam, value: Path) -> Path:
    """The value of --root; without the option, the course repository found upwards, named on stderr."""
    from grader.course import places

    given = _given(context, option)
    folder = context.params.get("folder") if option.name == "root" else None
    found = places.find_root(value if given else None, folder=folder if isinstance(folder, Path) else None)
    if not given:
        say(one_line(f"course: {found}", LONGEST_LINE), error=True)
    return found.absolute()


def _find_folder(context: typer.Context, option: typer.CallbackParam, value: Path) -> Path:
    """The value of --folder; without the option, the course folder found upwards, named on stderr."""
    from grader.course import places

    if _given(context, option):
        return value.absolute()
    found = places.find_folder()
    say(one_line(f"course folder: {found}", LONGEST_LINE), error=True)
    return found


def _given(context: typer.Context, option: typer.CallbackParam) -> bool:
    source = context.get_parameter_source(option.name or "")
    return source is not None and source.name not in ("DEFAULT", "DEFAULT_MAP")


_ROOT_HELP = "The repository that holds course/course.toml; found upwards from the current folder."
FOLDER_HELP = "The course folder of nbgrader (made by `grader init`); found upwards from the current folder."
Root = Annotated[Path, typer.Option("--root", help=_ROOT_HELP, callback=_find_root)]
Folder = Annotated[Path, typer.Option("--folder", "-C", help=FOLDER_HELP, callback=_find_folder)]
UnitId = Annotated[str, typer.Argument(help="The id of a unit in course/course.toml.")]
HERE = Path()  # what an option holds until its callback has found the real folder
