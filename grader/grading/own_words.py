"""Which words of an exception a student may see: their own and Python's, but nothing that comes from a test.

Messages, lines and names come from a process that knows the tests' inputs, and may be forged to smuggle them into the
feedback in any encoding. So nothing is shown just because it looks harmless. Only these are shown: a line of the
notebook, a string in quotes in it (numbers masked), or one of the known messages of Python and numpy, with names that
the notebook uses. The choice among these can still leak: some twenty bits for each.
"""

from __future__ import annotations

import builtins
import functools
import itertools
import re
from collections.abc import Iterable

import msgspec

from grader.jail.channel import plain_text
from grader.jail.inside.cells import MESSAGE_LIMIT
from grader.jail.inside.messages import NoSuchName, Raised, Reply

_MESSAGES_KEPT = 100
MOST_PIECES = 3  # pieces of a message, between its numbers
_KINDS = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}
_NUMBERS = re.compile(r"[-+]?\d(?:[\d.,_]*\d)?(?:e[-+]?\d+)?")
_NAMES_KNOWN = {*dir(builtins), "NoneType", "ellipsis", "function", "method", "module", "generator", "ndarray"}
_NAMES_KNOWN |= {"float64", "int64", "builtin_function_or_method", "Axes", "Figure", "numpy", "np", "math", "self"}
_TYPES_KNOWN = {"Line2D", "PathCollection", "BarContainer", "QuadContourSet", "Text", "Legend", "Fraction", "Decimal"}
_TYPES_KNOWN |= {"dict_keys", "dict_values", "dict_items", "matrix", "MaskedArray", "Polynomial", "DataFrame", "Series"}
_TYPES_KNOWN |= {"Symbol", "Add", "Mul", "Pow", "Integer", "Float", "Generator", "Random", "RandomState", "partial"}
_NAME = r"['\"]?([A-Za-z_][\w.]{0,40})['\"]?"
_OPERATOR = r"'?(?:[-+*/%@<>=!&|^~]{1,3}|\*\* or pow\(\)|abs\(\)|unary [-+~]|divmod\(\)|[<>]=?|[-+*/@%]=)'?"
# `N` is a name, `O` an operator, `#` any numbers with brackets, commas and colons.
_MESSAGES = [
    *("name N is not defined", "N object is not callable", "N object is not subscriptable", "N object is not iterable"),
    *("N object has no attribute N", "module N has no attribute N", "type object N has no attribute N"),
    *("N object does not support item assignment", r"unsupported operand type\(s\) for O: N and N"),
    *("bad operand type for O: N", "O not supported between instances of N and N", r"object of type N has no len\(\)"),
    *(r"N\(\) missing # required positional arguments?: N(?:,? and N)?", r"N\(\) got an unexpected keyword argument N"),
    *(r"N\(\) takes # positional arguments? but # (?:was|were) given", r"N\(\) takes no arguments"),
    *(r"N\(\) got multiple values for argument N", r"can only concatenate N \(not N\) to N"),
    *("must be real number, not N", r"N\(\) argument must be a string or a real number, not N"),
    "cannot unpack non-iterable N object",
    *(r"not enough values to unpack \(expected #, got #\)", r"too many values to unpack \(expected #\)"),
    *("list index out of range", "tuple index out of range", "string index out of range", "pop from empty list"),
    *("list indices must be integers or slices, not N", "list assignment index out of range", "math domain error"),
    *("division by zero", "float division by zero", "float floor division by zero", "float modulo", "math range error"),
    *("expected a nonnegative input, got #", "expected a positive input, got #", "complex division by zero"),
    *("maximum recursion depth exceeded(?: in comparison| while calling a Python object)?", "N has no attribute N"),
    *("cannot access local variable N where it is not associated with a value", "No module named N"),
    *("local variable N referenced before assignment", "operands could not be broadcast together with shapes #"),
    *(r"shapes # and # not aligned: # \(dim #\) != # \(dim #\)", "index # is out of bounds for axis # with size #"),
    r"matmul: Input operand # has a mismatch in its core dimension #, with gufunc signature \(n\?,k\),\(k,m\?\)->"
    r"\(n\?,m\?\) \(size # is different from #\)",
    "cannot reshape array of size # into shape #",
    r"setting an array element with a sequence\. The requested array has an inhomogeneous shape after # dimensions\."
    r" The detected shape was # \+ inhomogeneous part\.",
    "The truth value of an array with more than one element is ambiguous. Use a.any\\(\\) or a.all\\(\\)",
    "only (?:length-1|size-1|….{0,10}) arrays can be converted to Python scalars",
    *("x and y must have same first dimension, but have shapes # and #", "invalid syntax", "expected ':'"),
]  # fmt: skip


@functools.cache
def _known_messages() -> list[re.Pattern[str]]:
    def pattern(message: str) -> re.Pattern[str]:
        named = re.sub(r"\bO\b", lambda _: _OPERATOR, re.sub(r"\bN\b", lambda _: _NAME, message))
        # Only one way to match each: with several, a forged message of 200 characters would take hours.
        return re.compile(named.replace("#", r"[\[(\]),: x]*…[\[(\]),: x…]*"))

    return [*map(pattern, _MESSAGES)]


class OwnWords:
    """The text of a submission's cells, against which its exceptions are checked."""

    def __init__(self, cells: Iterable[tuple[int, str]]) -> None:
        self._cells = list(cells)
        self._text = "\n".join(source for _, source in self._cells)
        self._is_own = functools.lru_cache(maxsize=_MESSAGES_KEPT)(self._consists_of_own_words)  # many are raised again

    @functools.cached_property
    def _lines(self) -> set[tuple[str, int]]:
        """Every line and its number in its cell; cells with the same number are pieces of one."""
        cells = itertools.groupby(self._cells, key=lambda cell: cell[0])
        wholes = ["\n".join(source for _, source in pieces).splitlines() for _, pieces in cells]
        return {(line.strip()[:200], number) for lines in wholes for number, line in enumerate(lines, start=1)}

    @functools.cached_property
    def _names(self) -> set[str]:
        return set(re.findall(r"[A-Za-z_]\w*", self._text)) | _NAMES_KNOWN

    def reply(self, reply: Reply) -> Reply:
        """A reply from a test's process, without words that may come from the test."""
        match reply:
            case Raised():
                return self.told(reply)
            case NoSuchName():
                return msgspec.structs.replace(reply, name=self.name(reply.name), near=self.name(reply.near))
        return reply

    def told(self, error: Raised) -> Raised:
        """An exception as reported by the far side, without anything that is not the student's own.

        `own` says whether the message may be shown to the student; it is kept for staff and for comparison.
        """
        known = (error.line, error.lineno) in self._lines
        return msgspec.structs.replace(
            error,
            kind=error.kind if error.kind in _KINDS else "Exception",
            line=error.line if known else "",
            lineno=error.lineno if known else 0,
            own=self.holds(error.message),
        )

    def name(self, found: str) -> str:
        """`found` if it is a name that the cells use; "" otherwise."""
        return found if found in self._names else ""

    def type_name(self, found: str) -> str:
        """`found` if the cells use it or a library that learners use has a type of this name; "object" otherwise."""
        return found if found in self._names or found in _TYPES_KNOWN else "object"

    def holds(self, message: str) -> bool:
        """Whether a message consists only of the student's own words and Python's."""
        return len(message) <= MESSAGE_LIMIT and self._is_own(message)  # a longer one is forged

    def _consists_of_own_words(self, message: str) -> bool:
        masked = _NUMBERS.sub("…", message)
        for known in _known_messages():
            if found := known.fullmatch(masked):
                return all(self._names.issuperset(name.split(".")) for name in found.groups() if name)
        pieces = [piece.strip() for piece in masked.split("…") if piece.strip()]
        return len(pieces) <= MOST_PIECES and all(map(self._is_between_quotes, pieces))

    def _is_between_quotes(self, piece: str) -> bool:
        """Whether the cells contain this text in quotes, possibly next to numbers or braces."""
        ends = r"[\"'{}%…]"
        return re.search(rf"{ends}\s*{re.escape(piece)}\s*(?:{ends}|\\)", self._masked) is not None

    @functools.cached_property
    def _masked(self) -> str:
        return _NUMBERS.sub("…", self._text)


def failed_cell(number: int, error: Raised) -> str:
    """The far side's report on a failed cell, in words for the student."""
    absent = re.match(r"No module named '([\w.]{1,60})'", error.message)
    if error.kind == "ModuleNotFoundError" and absent:
        return (
            f"Cell {number} imports {absent[1]}, which is not installed where notebooks are graded. "
            "Use what the notebook itself imports, or ask your teacher to add it."
        )
    if error.kind == "SystemExit":
        return f"Cell {number} asks Python to stop (`exit`). It ended there, and the cells below it ran all the same."
    return f"Cell {number} raised {plain_text(error.kind, 60)}: {plain_text(error.message, 200)}."
