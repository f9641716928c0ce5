"""sympy's proof of equality, in a process that can be killed: it has limits on time and memory of its own.

Theory of operation. `proves_equal` sends two trees as JSON to one warm child (`python -m grader.symbolic.worker`),
waits for one line, and kills the child when the time is over; the next question starts another. Trees are made into
sympy expressions with sympy's constructors; no text reaches `sympify`. A child belongs to the process that started it:
after a fork, the new process starts its own.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import resource
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from kit.symbolic import (
    Add,
    Call,
    Const,
    Diff,
    Div,
    Mul,
    Neg,
    Num,
    Pow,
    Sub,
    Tree,
    Var,
    Vector,
    children,
    to_sympy,
)

Plain: TypeAlias = str | list["Plain"]

SECONDS, MEGABYTES = 1.4, 400
START_SECONDS = 60
_guard = threading.Lock()
_child: tuple[int, subprocess.Popen[bytes]] | None = None  # and the process that it belongs to


def proves_equal(left: Tree, right: Tree) -> bool:
    """Whether sympy proves, within the limits, that two trees are equal for all real values."""
    question = json.dumps([_to_plain(left), _to_plain(right)]).encode() + b"\n"
    with _guard:
        answer = _ask(question)
    return answer == b"equal\n"


def warm() -> None:
    """Have a child that has imported sympy, so that the first question has as much time as every other."""
    with _guard:
        _ready_child()


def close() -> None:
    """End the child, if there is one."""
    global _child
    if _child is None:
        return
    owner, child = _child
    _child = None
    if owner == os.getpid():
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _ask(question: bytes) -> bytes:
    child = _ready_child()
    if child is None:
        return b""
    try:
        assert child.stdin is not None
        child.stdin.write(question)
        child.stdin.flush()
        line = _line(child, SECONDS)
    except OSError:
        line = b""
    if not line:
        close()
    return line


def _ready_child() -> subprocess.Popen[bytes] | None:
    """A child that waits for a question; its start is on nobody's clock, so that verdicts do not depend on it."""
    global _child
    if _child is not None and (_child[0] != os.getpid() or _child[1].poll() is not None):
        close()
    if _child is None:
        command = [sys.executable, "-m", "grader.symbolic.worker"]
        started = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        _child = (os.getpid(), started)
        atexit.register(close)
        if _line(started, START_SECONDS) != b"ready\n":
            close()
            return None
    return _child[1]


def _line(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    """The child's next line, or nothing when the time is over."""
    assert child.stdout is not None
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        return child.stdout.readline() if ready.select(seconds) else b""


def _to_plain(tree: Tree) -> Plain:
    """A tree as JSON: the name of the node, then what it holds."""
    match tree:
        case Num(value):
            return ["Num", str(value)]
        case Var(name) | Const(name):
            return [type(tree).__name__, name]
        case Call(name, arguments):
            return ["Call", name, *map(_to_plain, arguments)]
        case Diff(body, variable):
            return ["Diff", variable, _to_plain(body)]
    return [type(tree).__name__, *map(_to_plain, children(tree))]


def _to_tree(plain: Plain) -> Tree:
    match plain:
        case ["Num", str(value)]:
            return Num(Fraction(value))
        case ["Var", str(name)]:
            return Var(name)
        case ["Const", "e" | "pi" as name]:
            return Const(name)
        case ["Call", str(name), *arguments]:
            return Call(name, tuple(map(_to_tree, arguments)))
        case ["Diff", str(variable), body]:
            return Diff(_to_tree(body), variable)
        case ["Vector", *entries]:
            return Vector(tuple(map(_to_tree, entries)))
        case ["Neg", inner]:
            return Neg(_to_tree(inner))
        case [str(kind), left, right]:
            return _BINARY[kind](_to_tree(left), _to_tree(right))
    raise ValueError(f"no tree: {plain!r}")


_BINARY: dict[str, Callable[[Tree, Tree], Tree]] = {"Add": Add, "Sub": Sub, "Mul": Mul, "Div": Div, "Pow": Pow}


def _proof(left: Tree, right: Tree) -> bool:
    import sympy

    difference = to_sympy(left) - to_sympy(right)
    attempts = (sympy.expand, sympy.together, sympy.simplify)
    return difference == 0 or any(attempt(difference) == 0 for attempt in attempts)


def _serve() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import sympy  # noqa: F401 - warm before the first question

    print("ready", flush=True)

    for line in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + 3  # ends by itself should the parent be gone
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        left, right = map(_to_tree, json.loads(line))
        try:
            verdict = "equal" if _proof(left, right) else "unknown"
        except Exception:  # whatever sympy stumbles over proves nothing
            verdict = "unknown"
        print(verdict, flush=True)


if __name__ == "__main__":
    _serve()
