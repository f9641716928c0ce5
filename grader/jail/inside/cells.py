"""Run a notebook's cells: the shell that they see, their discarded output, and the report of those that fail."""

from __future__ import annotations

import ast
import builtins
import contextlib
import itertools
import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .messages import Raised

Namespace = dict[str, Any]  # the globals of a notebook or a module
MESSAGE_LIMIT = 400  # characters of an exception's message
RUN_THE_CELL, RUN_THE_LINE = frozenset({"time", "capture", "prun"}), frozenset({"time", "prun"})  # magics
KINDS = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}


def sendable(text: str) -> str:
    """`text` without lone surrogates, which no frame can hold."""
    return str.encode(text, errors="replace").decode()


def describe(error: BaseException, sources: dict[str, list[str]]) -> Raised:
    """A student's exception as data: the nearest built-in type, its message, and the student's own line."""
    kind = next((base.__name__ for base in type(error).__mro__ if base.__name__ in KINDS), "Exception")
    try:
        message = sendable(str(error)[:MESSAGE_LIMIT])
    except BaseException:  # the exception's own __str__ may do anything
        message = ""
    line, number, place = "", 0, ""
    if isinstance(error, SyntaxError) and error.filename in sources:
        place, number = str(error.filename), int(error.lineno or 0)
    traceback = error.__traceback__
    for _ in range(5000):
        if traceback is None:
            break
        if traceback.tb_frame.f_code.co_filename in sources:
            place, number = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
    if place and 0 < number <= len(sources[place]):
        line = sources[place][number - 1].strip()[:200]
    return Raised(kind, message, line, number, place)


class NullStream:
    """Discards everything printed."""

    encoding = "utf-8"

    def write(self, text: object) -> int:
        return len(str(text))

    def flush(self) -> None:
        """Nothing is buffered."""

    def isatty(self) -> bool:
        return False


class StandInShell:
    """`get_ipython()` in the jail: magics and displays do nothing, except magics that run the notebook's code."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace

    def run_cell_magic(self, name: str, line: str, body: str) -> None:
        """`%%time` and the like run the rest of the cell, so timing a cell costs learners nothing."""
        if name in RUN_THE_CELL:
            place = sys._getframe(1).f_code.co_filename
            exec(compile("\n" + body, place, "exec", dont_inherit=True), self._namespace)  # noqa: S102 - the jail

    def run_line_magic(self, name: str, line: str, *args: object, **kwargs: object) -> Any:
        """`%time f(3)` is `f(3)`."""
        if name not in RUN_THE_LINE:
            return None
        place = sys._getframe(1).f_code.co_filename
        with contextlib.suppress(SyntaxError):
            return eval(compile(line, place, "eval", dont_inherit=True), self._namespace)  # noqa: S307 - the jail
        exec(compile(line, place, "exec", dont_inherit=True), self._namespace)  # noqa: S102 - the jail

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None


def nobody_to_ask(prompt: object = "") -> str:
    """`input()` in the jail."""
    raise EOFError("input() has nobody to ask while your notebook is graded")


def end_the_cell(code: object = None) -> None:
    """`exit()` and `quit()` in the jail: the site module, which defines Python's own, is not imported."""
    raise SystemExit(code)


def run_cells(
    cells: Iterable[tuple[int, str]], namespace: Namespace, sources: dict[str, list[str]]
) -> Iterator[tuple[int, Raised | None]]:
    """Run the cells in order; yield `(number, None)` before each and `(number, error)` after each that fails.

    As in a notebook run cell by cell, a failing cell does not stop those below it. Cells with the same number are
    pieces of one cell, and each piece that can run by itself is announced like a cell.
    """
    for number, group in itertools.groupby(cells, key=lambda cell: cell[0]):
        pieces = [text for _, text in group]
        place = f"<cell {number}>"
        sources[place] = "\n".join(pieces).splitlines()
        for text in _put_together(pieces, place):
            yield number, None
            try:
                exec(_code_of(text, place), namespace)  # noqa: S102 - this is the jail
            except BaseException as error:
                yield number, describe(error, sources)


def _put_together(pieces: list[str], place: str) -> list[str]:
    """The pieces of a cell that was split or copied: separate if each is complete, otherwise joined.

    Each piece keeps the line numbers that it has when all are joined.
    """
    joined = "\n".join(pieces)
    if len(pieces) == 1:
        return [joined]
    apart, line = [], 0
    for piece in pieces:
        apart.append("\n" * line + piece)
        line += piece.count("\n") + 1
    with contextlib.suppress(SyntaxError, ValueError):
        if sum(len(ast.parse(piece).body) for piece in pieces) == len(ast.parse(joined).body):
            return apart
    with contextlib.suppress(SyntaxError, ValueError):
        _code_of(joined, place)
        return [joined]
    return apart


def _code_of(text: str, place: str) -> types.CodeType:
    """A cell as IPython compiles it.

    Only cells that are not valid Python (`%time f()`, `!ls`, `f?`, a `>>>`), or that contain IPython's own prompt, go
    through IPython, which is imported only for them.
    """
    if "In [" not in text:
        with contextlib.suppress(SyntaxError):
            return compile(text, place, "exec", dont_inherit=True)
    with contextlib.suppress(ImportError):
        from IPython.core.inputtransformer2 import TransformerManager

        text = TransformerManager().transform_cell(text)
    return compile(text, place, "exec", dont_inherit=True)


def fresh_namespace() -> Namespace:
    """The globals in which a notebook's cells run: a real module, so that pickles, dataclasses and typing work."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    namespace = vars(module)
    shell = StandInShell(namespace)
    namespace["get_ipython"] = lambda: shell
    namespace["input"] = nobody_to_ask
    namespace["exit"] = namespace["quit"] = end_the_cell
    namespace["display"] = lambda *args, **kwargs: None
    return namespace
