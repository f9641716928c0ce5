"""General slips that need no list of mistakes: a factor, a sign, a transpose, two arguments swapped, one too few.

`recognise` compares a submission's answers in the tests that it fails with the reference's answers to the same calls.
If *all* differing numbers differ in the same simple way, that is the slip. This module knows no task and no formula.
The sentences are for the student: words, a tiny example of our own, a question; never a number from a hidden test.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.testing.student import Entry

RELATIVE, ABSOLUTE = 1e-7, 1e-12  # tolerances within which two answers are the same up to rounding
OPPOSITE = "opposite_sign"
_COMPARED = ("call", "apply", "method", "eval", "items", "get")  # typed answers are compared by what they mean


class Slip(msgspec.Struct, frozen=True):
    """A way to differ from the right answer, and the sentence for the student."""

    name: str
    says: str


class Pair(msgspec.Struct, frozen=True):
    """One part of an answer and the reference's, as float arrays. `where` names the part."""

    found: Any
    right: Any
    where: str
    sizes: frozenset[int]  # the dimensions of the call's arguments
    name: str = ""  # the function that was called


def recognise(
    tests: Iterable[tuple[Sequence[Entry], Sequence[Entry]]], passed: Iterable[Sequence[Entry]] = ()
) -> Slip | None:
    """The slip that explains every difference between the answers and the reference's; None if there is none.

    `tests` yields, for each test, the transcripts of the submission and of the reference; `passed` those of the
    submission in the tests that it passes.
    """
    different: list[Pair] = []
    agreeing: list[Pair] = []
    for found, right in tests:
        pairs = _compared(found, right)
        if pairs is None:
            return None  # not comparable
        wrong = [pair for pair in pairs if not _same(pair.found, pair.right)]
        if not wrong:
            return None  # it failed for a reason other than a number
        different += wrong
        agreeing += [pair for pair in pairs if _same(pair.found, pair.right)]
    if not different:
        return None
    wrong_parts = {(pair.name, pair.where) for pair in different if pair.name}
    for explains in _EXPLANATIONS:
        if explains in _ALWAYS and any(
            (pair.name, pair.where) in wrong_parts and np.any(pair.right) for pair in agreeing
        ):
            continue  # a flipped sign or a wrong factor would show in every call
        slip = explains(different)
        if slip is not None:
            parts = {pair.where for pair in different}
            part = parts.pop() if len(parts) == 1 else ""
            return msgspec.structs.replace(slip, says=f"{part} {slip.says}".strip()) if part else slip
    names = {pair.name for pair in different}
    agreeing += [pair for found in passed for pair in _compared(found, found) or () if pair.name in names]
    return _always_the_same(different, agreeing)


def _compared(found: Sequence[Entry], right: Sequence[Entry]) -> list[Pair] | None:
    """The numbers in one failing test, up to the first wrong answer; None if they cannot be compared."""
    result: list[Pair] = []
    for ours, theirs in zip(found, right, strict=False):
        if (ours.verb, ours.name, ours.kind) != (theirs.verb, theirs.name, theirs.kind):
            return None
        if ours.kind != "value" or ours.verb not in _COMPARED:
            continue
        parts = list(_parts(ours.value, theirs.value))
        for found_part, right_part, where in parts:
            if found_part is None:
                return None
            name = {"call": ours.name, "apply": "()"}.get(ours.verb, "")
            result.append(Pair(found_part, right_part, where, frozenset(ours.sizes), name))
    return result


_ORDINALS = ("The first", "The second", "The third", "The fourth", "The fifth")


def _parts(one: object, other: object, where: str = "") -> Iterator[tuple[Any, Any, str]]:
    """The numeric parts of two answers, side by side; (None, None, ...) where their structures differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            yield None, None, where
            return
        for key in other:
            yield from _parts(one[key], other[key], where or f"`{key}`:")
        return
    ours, theirs = _numbers(one), _numbers(other)
    if ours is not None and theirs is not None:
        yield ours, theirs, where
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            inner = where
            if not where and len(other) <= len(_ORDINALS) and isinstance(other, tuple):
                inner = f"{_ORDINALS[number]} of the things that you return:"
            yield from _parts(a, b, inner)
    elif ours is not None or theirs is not None:
        yield None, None, where


def _numbers(value: object) -> Any:
    """A number, an array or a list of plain numbers as a float array; None for anything else."""
    if isinstance(value, bool | str) or value is None:
        return None
    if isinstance(value, tuple) and any(isinstance(part, np.ndarray | list | tuple) for part in value):
        return None
    if not isinstance(value, int | float | np.ndarray | list | tuple):
        return None
    try:
        numbers = np.asarray(value)
    except ValueError:
        return None
    return numbers.astype(float) if numbers.dtype.kind in "iuf" and numbers.size else None


def _same(one: Any, other: Any) -> bool:
    return bool(one.shape == other.shape and np.allclose(one, other, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True))


def _ratios(pairs: Sequence[Pair]) -> list[float] | None:
    """For each pair, the ratio of the answer to the right one; None if some pair has no constant ratio."""
    ratios = []
    for pair in pairs:
        if pair.found.shape != pair.right.shape or not np.any(pair.right):
            return None
        place = np.unravel_index(np.argmax(np.abs(pair.right)), pair.right.shape)
        ratio = float(pair.found[place] / pair.right[place])
        if not np.isfinite(ratio) or ratio == 0 or not _same(pair.found, ratio * pair.right):
            return None
        ratios.append(ratio)
    return ratios


def _enough(pairs: Sequence[Pair]) -> bool:
    """Whether there are three distinct numbers: one always has *some* ratio, three do not share one by accident."""
    return len({float(number) for pair in pairs for number in pair.right.flat}) >= 3


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= RELATIVE * abs(other)


def _sign(pairs: Sequence[Pair]) -> Slip | None:
    ratios = _ratios(pairs)
    if ratios is None or not all(_close(ratio, -1) for ratio in ratios):
        return None
    says = "The wrong numbers have the opposite sign (-3 where 3 belongs). Which subtraction decides it?"
    return Slip(OPPOSITE, says)


def _factor(pairs: Sequence[Pair]) -> Slip | None:
    ratios = _ratios(pairs)
    if ratios is None or not _enough(pairs):
        return None
    if all(_close(ratio, 2) for ratio in ratios):
        return Slip(
            "twice",
            "The wrong numbers are exactly twice too large (6 where 3 belongs). Which factor is there once too often?",
        )
    if all(_close(ratio, 0.5) for ratio in ratios):
        return Slip(
            "half",
            "The wrong numbers are exactly half of the right ones (3 where 6 belongs). Which factor of 2 is missing?",
        )
    return None


def _size(pairs: Sequence[Pair]) -> Slip | None:
    """The ratio is a dimension of an argument, or its reciprocal: a sum instead of a mean, or vice versa."""
    ratios = _ratios(pairs)
    if ratios is None or not _enough(pairs):
        return None
    for name, turn, says in (
        ("size_too_large", 1.0, "The wrong numbers are too large by exactly the number of things that were added up"
         " (12 for the mean of 3, 4 and 5). Does the task want a sum or a mean?"),
        ("size_too_small", -1.0, "The wrong numbers are too small by exactly the number of things that were handed in"
         " (4/3 for 4). Has somebody divided by it already?"),
    ):  # fmt: skip
        if all(any(_close(ratio**turn, length) for length in _lengths(pair)) for ratio, pair in _both(ratios, pairs)):
            return Slip(name, says)
    return None


def _both(ratios: list[float], pairs: Sequence[Pair]) -> Iterable[tuple[float, Pair]]:
    return zip(ratios, pairs, strict=True)


def _lengths(pair: Pair) -> set[int]:
    lengths = {size for size in pair.sizes if size > 1}
    return lengths | {a * b for a, b in itertools.combinations(sorted(lengths), 2)}


def _transposed(pairs: Sequence[Pair]) -> Slip | None:
    if all(pair.right.ndim == 2 and _same(pair.found.T, pair.right) for pair in pairs):
        says = "Rows and columns have changed places. What does a row stand for in the text, and what in your result?"
        return Slip("transposed", says)
    return None


def _shape(pairs: Sequence[Pair]) -> Slip | None:
    if all(pair.found.shape != pair.right.shape and _same(pair.found.ravel(), pair.right.ravel()) for pair in pairs):
        says = "The numbers are right, but the shape is not ((3, 1) is not (3,)). Which shape does the task ask for?"
        return Slip("other_shape", says)
    return None


def _one_more_or_less(pairs: Sequence[Pair]) -> Slip | None:
    """One entry more or fewer along the first axis; all others are right."""
    for name, says, long, short in (
        ("one_too_few", "One entry is missing at an end; the others are right. Count fence posts, not gaps: does the"
         " first or the last one count?", "right", "found"),
        ("one_too_many", "There is one entry too many at an end; the others are right. Where does your loop end?",
         "found", "right"),
    ):  # fmt: skip
        if all(_cut(getattr(pair, long), getattr(pair, short)) for pair in pairs):
            return Slip(name, says)
    return None


def _cut(long: Any, short: Any) -> bool:
    if long.ndim == 0 or long.ndim != short.ndim or len(long) != len(short) + 1 or len(short) < 2:
        return False
    return bool(_same(long[1:], short) or _same(long[:-1], short))


def _shifted(pairs: Sequence[Pair]) -> Slip | None:
    """Integers (positions, counts) that are all one too large, or all one too small."""
    if not _enough(pairs) or not all(pair.found.shape == pair.right.shape for pair in pairs):
        return None
    whole = all(np.all(pair.right == np.round(pair.right)) for pair in pairs)
    for step in (1, -1):
        if whole and all(_same(pair.found, pair.right + step) for pair in pairs):
            way = "large" if step == 1 else "small"
            return Slip(
                "off_by_one", f"The wrong numbers are exactly one too {way}. Is the first thing counted as 0 or as 1?"
            )
    return None


def _lost_sign(pairs: Sequence[Pair]) -> Slip | None:
    if _alike(pairs, np.abs) and any(np.any(pair.right < 0) for pair in pairs):
        says = (
            "Where a negative number belongs, you have it without its sign (3 where -3 belongs). What tells the sign?"
        )
        return Slip("sign_lost", says)
    return None


def _rounded(pairs: Sequence[Pair]) -> Slip | None:
    if _enough(pairs) and any(_alike(pairs, cut) for cut in (np.floor, np.trunc)) and _varied(_beyond_one(pairs)):
        return Slip(
            "cut_to_whole", "Your numbers are cut to whole ones (2 where 2.75 belongs). Is it a `//`, or an int?"
        )
    for digits in range(9):
        if _enough(pairs) and _alike(pairs, functools.partial(np.round, decimals=digits), rtol=1e-12):
            return Slip("rounded", "Your numbers are right, but rounded (2.7 where 2.71 belongs). Where is it rounded?")
    return None


def _beyond_one(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, of the right numbers beyond -1 and 1 only: any other is cut to what many slips lead to."""
    far = [(pair, np.abs(pair.right) > 1) for pair in pairs]
    return [msgspec.structs.replace(pair, found=pair.found[which], right=pair.right[which]) for pair, which in far]


def _varied(pairs: Sequence[Pair]) -> bool:
    """Whether the answers hold at least two numbers other than 0: zeros are also what rounding and cutting make."""
    return len({float(number) for pair in pairs for number in pair.found.flat} - {0.0}) >= 2


def _always_the_same(different: Sequence[Pair], agreeing: Sequence[Pair]) -> Slip | None:
    """One number everywhere, in every call, even where it happens to be right."""
    pairs = [*different, *agreeing]
    found = [float(number) for pair in pairs for number in pair.found.flat]
    if len(found) < 4 or len(set(found)) > 1 or any(pair.found.shape != pair.right.shape for pair in pairs):
        return None
    if len({float(number) for pair in different for number in pair.right.flat} - set(found)) < 2:
        return None
    says = "The same number came back each time, whatever was handed in. Does it depend on what you are given?"
    return Slip("always_the_same", says)


def _turned_over(pairs: Sequence[Pair]) -> Slip | None:
    """1/x, x*x or sqrt(x) instead of x."""
    for name, change, says in (
        (
            "reciprocal",
            lambda x: 1 / x,
            "Wrong numbers are upside down (1/4 where 4 belongs). What is divided by what?",
        ),
        ("squared", lambda x: x * x, "The wrong numbers are squared (9 where 3 belongs). Is a root missing?"),
        ("root", np.sqrt, "The wrong numbers are the square roots (3 where 9 belongs). Is a square missing?"),
    ):
        if _enough(pairs) and _alike(pairs, change):
            return Slip(name, says)
    return None


def _one_number(pairs: Sequence[Pair]) -> Slip | None:
    """One number instead of many: their sum or their mean."""
    if not all(pair.found.ndim == 0 < pair.right.ndim and pair.right.size > 1 for pair in pairs):
        return None
    for name, change in (("sum", np.sum), ("mean", np.mean)):
        if all(_same(pair.found, np.asarray(change(pair.right))) for pair in pairs):
            says = f"One number came back, the {name} of what should be many. Does each entry keep its own?"
            return Slip(f"only_the_{name}", says)
    return None


def _rows_alike(pairs: Sequence[Pair]) -> Slip | None:
    """The same array appended repeatedly: every row equals the last one."""
    if all(
        pair.found.shape == pair.right.shape
        and pair.right.ndim >= 1
        and len(pair.right) > 1
        and _same(pair.found, np.broadcast_to(pair.right[-1], pair.right.shape))
        for pair in pairs
    ):
        says = "All entries are the last one. Is it one and the same object that you append, and change afterwards?"
        return Slip("all_are_the_last", says)
    return None


def _alike(pairs: Sequence[Pair], change: Callable[[Any], Any], rtol: float = RELATIVE) -> bool:
    """Whether each answer equals `change` applied to the right one, entry by entry."""
    with np.errstate(all="ignore"):
        return all(
            pair.found.shape == pair.right.shape
            and np.allclose(pair.found, change(pair.right), rtol=rtol, atol=ABSOLUTE, equal_nan=False)
            for pair in pairs
        )


_ALWAYS = (_sign, _factor, _size)
_EXPLANATIONS = (
    _sign,
    _lost_sign,
    _factor,
    _size,
    _transposed,
    _shape,
    _one_more_or_less,
    _shifted,
    _rounded,
    _turned_over,
    _one_number,
    _rows_alike,
)


def swapped(function: Callable[..., Any], first: int, second: int) -> Callable[..., Any]:
    """`function` with two of its arguments swapped."""

    def call(*args: object, **kwargs: object) -> Any:
        changed = list(args)
        if second < len(changed):
            changed[first], changed[second] = changed[second], changed[first]
        return function(*changed, **kwargs)

    return call
