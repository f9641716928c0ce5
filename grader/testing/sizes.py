"""How large the values are that cross between a hidden test and a submission, and what is done with odd ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.jail.inside.wire import WireError

EXACT_LIMIT = 100_000  # larger ints are passed to the test's functions as floats: 10**9 ** 10**9 would never end
_NO_SIZES = frozenset([float, str, bool, type(None)])
_SMALL = frozenset([float, bool, type(None)])
_USUAL = dict.fromkeys(("|i1", "|u1", "<i2", "<u2", "<i4", "<u4"), "<i8") | {"<f2": "<f8", "<f4": "<f8", "<c8": "<c16"}


def dimensions_in(given: object) -> set[int]:
    """The dimensions of the arrays and lists in some arguments, and the ints among them (a count, a rank)."""
    if type(given) is int:
        return {given}
    if isinstance(given, np.ndarray):
        return set(given.shape)
    if isinstance(given, dict):
        return {size for value in given.values() for size in dimensions_in(value)}
    if isinstance(given, list | tuple):
        sizes = {len(given)}
        kinds = set(map(type, given)) - _NO_SIZES
        if kinds == {int}:
            sizes.update(item for item in given if type(item) is int)
        elif kinds:
            sizes.update(*map(dimensions_in, given))
        return sizes
    return set()


def modest(value: Any) -> Any:
    """`value` with large ints converted to floats, and arrays of small dtypes to the usual ones.

    The student chooses the arguments of a test's function, and multiplying matrices of half floats is slow.
    """
    if type(value) is int and abs(value) > EXACT_LIMIT:
        try:
            return float(value)
        except OverflowError:
            raise WireError("a number that no function of a test takes") from None
    if type(value) is np.ndarray and value.dtype.str in _USUAL:
        return value.astype(_USUAL[value.dtype.str])
    if type(value) in (list, tuple):
        return value if _NO_SIZES.issuperset(map(type, value)) else type(value)(map(modest, value))
    if type(value) is dict:
        return {key: modest(item) for key, item in value.items()}
    return value


def size_of(value: Any) -> int:
    """The approximate size of a value in bytes; an array counts at least 8 bytes per entry."""
    kind = type(value)
    if kind is np.ndarray:
        return 96 + max(int(value.nbytes), 8 * int(value.size))
    if kind in (list, tuple):
        if _SMALL.issuperset(map(type, value)):
            return 64 + 32 * len(value)
        return 64 + sum(map(size_of, value))
    if kind is dict:
        return 64 + sum(48 + size_of(key) + size_of(item) for key, item in value.items())
    if kind is int:
        return 32 + int(value.bit_length()) // 8
    return 64 + (len(value) if kind in (str, bytes) else 0)
