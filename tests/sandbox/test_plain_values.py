"""Plain values on the wire: what is sent comes back as it was, however it is grouped."""

import math

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.jail.inside.wire import decode, encode
from grader.testing.sizes import dimensions_in

INTS = st.integers() | st.sampled_from([-(1 << 63), (1 << 63) - 1, 1 << 63, 1 << 64, -(1 << 63) - 1, 1 << 200])
LEAVES = INTS | st.floats(allow_nan=False) | st.booleans() | st.none() | st.text(max_size=3) | st.binary(max_size=3)
VALUES = st.recursive(
    LEAVES | st.lists(INTS), lambda inner: st.lists(inner) | st.lists(inner).map(tuple), max_leaves=30
)


def over_the_wire(value):
    return decode(msgspec.msgpack.decode(msgspec.msgpack.encode(encode(value, None))), None)


def kinds(value):
    return [kinds(item) for item in value] if isinstance(value, list | tuple) else type(value)


@given(VALUES)
def test_a_value_comes_back_with_all_its_types(value):
    back = over_the_wire(value)
    assert back == value
    assert kinds(back) == kinds(value)


def one_by_one(given):
    """The sizes in some arguments, looked at one by one."""
    if type(given) is int:
        return {given}
    if isinstance(given, list | tuple):
        return {len(given)}.union(*map(one_by_one, given))
    return set(given.shape) if isinstance(given, np.ndarray) else set()


@given(VALUES)
def test_the_sizes_in_lists_are_those_of_everything_in_them(value):
    assert dimensions_in(value) == one_by_one(value)
    assert dimensions_in([np.ones((2, 3)), value, math.pi]) == {3, 2} | one_by_one(value)
