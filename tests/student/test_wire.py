"""Values survive the wire; whatever else comes over it is refused with our own error."""

import math
import socket
import struct
import threading
import time

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.jail.inside import wire
from grader.jail.inside.wire import Frames, WireError, decode, encode

ANY_MAP = msgspec.msgpack.Decoder(dict[str, object])


def no_reference(value):
    raise WireError(f"{value!r} is not a plain value")


def there_and_back(value):
    data = msgspec.msgpack.decode(msgspec.msgpack.encode(encode(value, no_reference)))
    return decode(data, no_reference)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_a_plain_value_comes_back_as_it_went(value):
    assert there_and_back(value) == value


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float32", "float64", "complex128", ">f8"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4)])
def test_an_array_keeps_its_values_and_its_shape(dtype, shape):
    array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    back = there_and_back(array)
    assert back.shape == shape
    assert np.array_equal(back, array)


def test_a_subclass_of_a_plain_type_does_not_cross_as_itself():
    class Liar(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    assert type(there_and_back(Liar(2.0))) is float


LIES = {
    "shape and bytes disagree": {"t": "array", "d": "<f8", "s": [1000000], "v": b"\0" * 8},
    "a negative size": {"t": "array", "d": "<f8", "s": [-1, -1], "v": b"\0" * 8},
    "an object dtype": {"t": "array", "d": "|O", "s": [1], "v": b"\0" * 8},
    "a huge int": {"t": "int", "v": b"\1" * 100_000},
    "an unknown tag": {"t": "pickle", "v": b"cos\nsystem\n"},
    "an unhashable key": {"t": "dict", "v": [[[], 1]]},
    "a pair of three": {"t": "dict", "v": [[1, 2, 3]]},
    "a complex of texts": {"t": "complex", "v": ["a", "b"]},
    "a plain map": {"a": 1},
    "a tag that is nested": {"t": [[[]]]},
    "no bytes, and more than all memory": {"t": "array", "d": "<f8", "s": [0, 2**62, 2**62], "v": b""},
    "a size of more than 64 bits": {"t": "array", "d": "|b1", "s": [0, 2**64 - 1], "v": b""},
    "keys that collide": {"t": "dict", "v": [[{"t": "tuple", "v": [n]}, 1] for n in range(1100)]},
    "huge keys that collide": {"t": "dict", "v": [[{"t": "int", "v": bytes([n % 256] * 9)}, 1] for n in range(1100)]},
}


@pytest.mark.parametrize("data", LIES.values(), ids=LIES.keys())
def test_a_lie_is_refused(data):
    with pytest.raises(WireError):
        decode(data, no_reference)


def test_deep_nesting_is_refused_not_followed():
    data = []
    for _ in range(500):
        data = [data]
    with pytest.raises(WireError, match="deeply"):
        decode(data, no_reference)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Frames(ours, limit=1 << 16), theirs


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack("<I", 1 << 31),
        struct.pack("<I", 3) + b"\xc1\xc1\xc1",
        struct.pack("<I", 1) + b"\x90",
        struct.pack("<I", 5000) + b"\x91" * 5000,
        struct.pack("<I", 3) + b"\x81\x01\x02",
    ],
    ids=["endless", "malformed", "a list", "nested 5000 deep", "a number as key"],
)
def test_a_bad_frame_is_a_wire_error(pair, raw):
    frames, far = pair
    far.sendall(raw)
    far.shutdown(socket.SHUT_WR)
    with pytest.raises((WireError, EOFError)):
        frames.receive(ANY_MAP, time.monotonic() + 5)


FLOODS = {
    "a million empty lists": b"\xdd\x00\x10\x00\x00" + b"\x90" * (1 << 20),
    "a million empty maps": b"\xdd\x00\x10\x00\x00" + b"\x80" * (1 << 20),
    "lists in lists": b"\x91" * (1 << 20),
    "numbers as keys": b"\xde\x80\x00" + b"\x01\xc0" * 32768,
    "tuples as keys": b"\xde\x40\x00" + b"\x91\x01\xc0" * 16384,
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_frame_that_would_grow_when_read_is_refused_before_it_is_read(flood):
    body = b"\x81\xa2ok" + flood
    never_asked = None
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sender = threading.Thread(target=theirs.sendall, args=(struct.pack("<I", len(body)) + body,))
        sender.start()
        with pytest.raises(WireError, match=r"values|keys"):
            Frames(ours, limit=len(body)).receive(never_asked, time.monotonic() + 20)
        sender.join()


@pytest.mark.slow
@given(st.recursive(PLAIN, lambda inner: st.lists(inner), max_leaves=30), st.binary(max_size=40))
def test_every_honest_frame_passes_the_survey(value, tail):
    message = {"ok": encode(value, no_reference), "array": encode(np.arange(9.0), no_reference), "tail": tail}
    wire._survey(bytearray(msgspec.msgpack.encode(message)))


def test_a_frame_that_never_ends_is_left_at_the_deadline(pair):
    frames, far = pair
    far.sendall(struct.pack("<I", 1000) + b"x")
    with pytest.raises(TimeoutError):
        frames.receive(ANY_MAP, time.monotonic() + 0.05)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_frame_or_our_own_error(raw):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack("<I", len(raw)) + raw)
        try:
            message = Frames(ours).receive(ANY_MAP, time.monotonic() + 5)
            decode(message.get("ok"), no_reference)
        except WireError:
            pass
