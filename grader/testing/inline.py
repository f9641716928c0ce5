"""Functions of a test that run where they are called: `inline("x**3 - 2*x")`.

Any other function that a test hands to a submission stays on this side and is called back, once for each call of the
student's code, which takes longer than most functions do. An inline function is sent as text and data, like any other
input, so its calls stay within the student's process. Use it where the function need not stay secret and the test does
not depend on how it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.jail.inside.inlined import compiled


class Inline:
    """A function that is known by its text, on both sides."""

    def __init__(self, source: str, parameters: str, names: dict[str, object]) -> None:
        self.source, self.parameters, self.names = source, parameters, names
        self._here: Callable[..., Any] = compiled(source, parameters, names)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """What it returns, computed on this side."""
        return self._here(*args, **kwargs)

    def __repr__(self) -> str:
        return f"inline({self.source!r}, {self.parameters!r})"


def inline(source: str, parameters: str = "x", **names: object) -> Inline:
    """A function whose result is the expression `source` of its `parameters`.

    The expression may use `np`, `math`, Python's own functions, and `names`: plain values that may cross to a
    submission, such as arrays. None of the student's names is visible in it. Raises SyntaxError.

        >>> inline("a * x**2 + b", a=3, b=1)(2)
        13
    """
    return Inline(source, parameters, names)
