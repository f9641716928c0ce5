"""Frames and values: the only language that the two sides speak.

A frame is four bytes of length (little-endian) and that many bytes of msgpack, always a map with string keys. A value
is one of a closed union: None, bool, int, float, complex, str, bytes, list, tuple, dict, numpy array of a plain dtype,
or a *reference* (a handle of the far side; a callback or an inline function of the near side). There is no pickle, and
neither side can name a class or a path of the other; anything else is a `WireError`.

The cost of a frame is bounded before it is decoded: its size in bytes and, by a walk over it (`_survey`), the number of
values in it. The walk also checks that map keys are strings (numbers and tuples can be chosen to collide).

On the wire None, bool, int (64 bit), float, str, bytes and list stand for themselves; everything else is a map with one
tag: `{"t": "tuple", "v": [...]}`.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np

FRAME_LIMIT = 16 << 20  # bytes
SURVEY_FROM = 1 << 14  # bytes; a smaller frame is harmless whatever it contains
DEPTH_LIMIT = 24
ITEM_LIMIT = 1_000_000  # values in one frame
ODD_KEY_COST = 1000  # a tuple or a huge int as a key counts as this many values: such keys can be chosen to collide
INT_BITS_LIMIT = 16_384
NDIM_LIMIT = 8
_NAMES = ("|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
_DTYPES = {name: np.dtype(name) for name in _NAMES}
_NAME_OF = {dtype: name for name, dtype in _DTYPES.items()}
_PLAIN = frozenset([float, str, bytes, bool, type(None)])  # sent unchanged, whatever the value
_RECEIVED = _PLAIN | {int}  # what is received is no longer than 64 bits
_ENCODER = msgspec.msgpack.Encoder()
Reference = dict[str, Any]  # a map with the tag "handle" or "callback" and an "id", or "inline" and a source
Refer = Callable[[Any], Reference]
Resolve = Callable[[Reference], Any]
T = TypeVar("T")


class WireError(Exception):
    """A message on the wire is malformed or not allowed."""


class Frames:
    """Frames over one stream socket. `limit` is the largest frame, in bytes, that is received.

    Sent frames have only the limit of the wire: they are ours, and a limit on the far side's frames must not stop them.

    `from_us` is for the far side, where whatever arrives is ours: it is not surveyed.

    Incoming bytes are read ahead and buffered. This is safe for descriptors, which are sent only to a side that has
    answered everything before them.
    """

    def __init__(self, sock: socket.socket, *, limit: int = FRAME_LIMIT, from_us: bool = False) -> None:
        self.sock = sock
        self.limit = limit
        self._from_us = from_us
        self._arrived = bytearray()

    def send(self, message: object, *, fds: Sequence[int] = (), deadline: float | None = None) -> None:
        """Send a message as one frame, optionally with open descriptors. Raises WireError, OSError, TimeoutError."""
        try:
            body = _ENCODER.encode(message)
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise WireError(f"this cannot be sent: {error}") from None
        if len(body) > FRAME_LIMIT:
            raise WireError(f"a frame of {len(body)} bytes is over the limit of {FRAME_LIMIT}")
        head = struct.pack("<I", len(body))
        self._wait_until(deadline)
        if fds:
            socket.send_fds(self.sock, [head], list(fds))
            self.sock.sendall(body)
        else:
            self.sock.sendall(head + body)

    def receive(self, decoder: msgspec.msgpack.Decoder[T], deadline: float | None = None) -> T:
        """The next message. Raises EOFError at the end, TimeoutError past `deadline` (time.monotonic), WireError."""
        message, fds = self._receive(decoder, deadline, 0)
        assert not fds
        return message

    def receive_with_fds(self, decoder: msgspec.msgpack.Decoder[T]) -> tuple[T, list[int]]:
        """The next message and the descriptors that came with it (the caller closes them)."""
        return self._receive(decoder, None, 4)

    def _receive(
        self, decoder: msgspec.msgpack.Decoder[T], deadline: float | None, max_fds: int
    ) -> tuple[T, list[int]]:
        arrived = self._arrived
        fds: list[int] = []
        if max_fds and not arrived:
            self._wait_until(deadline)
            head, fds, _, _ = socket.recv_fds(self.sock, 4, max_fds)
            if not head:
                raise EOFError
            arrived += head
        if len(arrived) < 4:
            self._fill(4, deadline)
        end = 4 + int.from_bytes(arrived[:4], "little")
        if end - 4 > self.limit:
            raise WireError(f"a frame of {end - 4} bytes is over the limit of {self.limit}")
        if len(arrived) < end:
            self._fill(end, deadline)
        body = arrived[4:end]
        del arrived[:end]
        if len(body) > SURVEY_FROM and not self._from_us:
            _survey(body)
        try:
            return decoder.decode(body), fds
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError) as error:
            raise WireError(f"malformed, or not a message that is due here: {error}") from None

    def _fill(self, size: int, deadline: float | None) -> None:
        """Wait until `size` bytes have arrived."""
        # Grows with what has arrived, never with the announced size: a header alone costs us nothing.
        arrived = self._arrived
        while len(arrived) < size:
            self._wait_until(deadline)
            part = self.sock.recv(min(max(size - len(arrived), 1 << 12), 1 << 16))
            if not part:
                raise EOFError
            arrived += part

    def _wait_until(self, deadline: float | None) -> None:
        if deadline is None:
            if self.sock.gettimeout() is not None:
                self.sock.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)


# After the first byte of a msgpack value: the bytes of its length or number, and the further bytes that follow.
_LENGTHS = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xC7: 1, 0xC8: 2, 0xC9: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
_ARRAYS, _MAPS = {0xDC: 2, 0xDD: 4}, {0xDE: 2, 0xDF: 4}
_FIXED = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
_FIXED |= {0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8, 0xD4: 2, 0xD5: 3, 0xD6: 5, 0xD7: 9, 0xD8: 17}


def _survey(body: bytearray) -> None:
    """Raise WireError for a frame that would become more than `ITEM_LIMIT` values, or has keys that are not strings.

    An empty list is one byte on the wire and 64 in memory. Whether the frame is well-formed is left to the decoder.
    """
    at, left, end = 0, 1, len(body)  # `left`: values still to come in the innermost container
    keyed = False  # whether it is a map: then every second value, from the first, is a key
    outer: list[tuple[int, bool]] = []
    for _ in range(ITEM_LIMIT):
        while not left:
            if not outer:
                return
            left, keyed = outer.pop()
        if at >= end:
            return
        first = body[at]
        at += 1
        if keyed and not left & 1 and not (0xA0 <= first <= 0xBF or 0xD9 <= first <= 0xDB):
            raise WireError("a map with keys that are not text")
        left -= 1
        if first in _FIXED:
            at += _FIXED[first]
        elif first in _LENGTHS:
            wide = _LENGTHS[first]
            at += wide + int.from_bytes(body[at : at + wide], "big") + (0xC7 <= first <= 0xC9)
        elif 0xA0 <= first <= 0xBF:
            at += first & 31
        elif 0x80 <= first <= 0x9F or first in _ARRAYS or first in _MAPS:
            wide = _ARRAYS.get(first, 0) or _MAPS.get(first, 0)
            count = int.from_bytes(body[at : at + wide], "big") if wide else first & 15
            at += wide
            outer.append((left, keyed))
            keyed = first <= 0x8F or first in _MAPS
            left = 2 * count if keyed else count
    raise WireError(f"more than {ITEM_LIMIT} values")


def holds_a_reference(data: object, *, depth: int = 0) -> bool:
    """Whether wire data contains a reference (then it is more than plain data), or is nested deeper than any value."""
    if type(data) is dict:
        if data.get("t") in ("handle", "callback", "inline"):
            return True
        data = list(data.values())
    if type(data) is not list:
        return False
    return depth > 2 * DEPTH_LIMIT or any(holds_a_reference(part, depth=depth + 1) for part in data)


def encode(value: Any, refer: Refer, *, depth: int = 0) -> Any:
    """`value` as wire data; anything that is not a plain value is passed to `refer`, which returns a reference.

    Subclasses of plain types lose their class: only the data is sent. Raises WireError.
    """
    if depth > DEPTH_LIMIT:
        raise WireError("nested too deeply")
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is int:
        if -(1 << 63) <= value < 1 << 63:
            return value
        if value.bit_length() > INT_BITS_LIMIT:
            raise WireError(f"an int of more than {INT_BITS_LIMIT} bits")
        return {"t": "int", "v": value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)}
    if kind is list:
        return _encode_all(value, refer, depth)
    if kind is tuple:
        return {"t": "tuple", "v": _encode_all(value, refer, depth)}
    if kind is dict:
        pairs = [
            [encode(key, refer, depth=depth + 1), encode(item, refer, depth=depth + 1)] for key, item in value.items()
        ]
        return {"t": "dict", "v": pairs}
    if kind is np.ndarray:
        name = _NAME_OF.get(value.dtype) or _NAME_OF.get(value.dtype.newbyteorder("<"))
        if name is not None and value.ndim <= NDIM_LIMIT:
            data = value if value.dtype == _DTYPES[name] else value.astype(_DTYPES[name])
            return {"t": "array", "d": name, "s": list(value.shape), "v": data.tobytes()}
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.floating):
        return float(value)
    if kind is complex or isinstance(value, np.complexfloating):
        value = complex(value)
        return {"t": "complex", "v": [value.real, value.imag]}
    return refer(value)


def _encode_all(items: Sequence[Any], refer: Refer, depth: int) -> list[Any]:
    if depth < DEPTH_LIMIT:
        kinds = set(map(type, items))
        if _PLAIN.issuperset(kinds) or (kinds == {int} and min(items) >= -(1 << 63) and max(items) < 1 << 63):
            return list(items)
    return [encode(item, refer, depth=depth + 1) for item in items]


def decode(data: object, resolve: Resolve) -> Any:
    """Wire data as a value; references are passed to `resolve`. On bad data, raises WireError and nothing else."""
    budget = [ITEM_LIMIT]
    return _decode(data, resolve, 0, budget)


def _decode(data: Any, resolve: Resolve, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise WireError(f"more than {ITEM_LIMIT} values")
    if depth > DEPTH_LIMIT:
        raise WireError("nested too deeply")
    kind = type(data)
    if kind in _RECEIVED:
        return data
    if kind is list:
        return _decode_all(data, resolve, depth, budget)
    if kind is not dict:
        raise WireError(f"a {kind.__name__} is not a value")
    tag, body = data.get("t"), data.get("v")
    if tag == "array" and type(body) is bytes:
        return _decode_array(data, body)
    if tag == "tuple" and type(body) is list:
        return tuple(_decode_all(body, resolve, depth, budget))
    if tag == "dict" and type(body) is list:
        return _decode_dict(body, resolve, depth, budget)
    if tag == "complex" and type(body) is list and len(body) == 2 and all(type(part) is float for part in body):
        return complex(*body)
    if tag == "int" and type(body) is bytes and len(body) <= INT_BITS_LIMIT // 8 + 1:
        return int.from_bytes(body, "little", signed=True)
    if (tag in ("handle", "callback") and type(data.get("id")) is int) or (tag == "inline" and type(body) is str):
        return resolve(data)
    raise WireError(f"unknown or malformed value with the tag {tag[:20] if type(tag) is str else type(tag)!r}")


def _decode_all(items: list[Any], resolve: Resolve, depth: int, budget: list[int]) -> list[Any]:
    if depth < DEPTH_LIMIT and len(items) <= budget[0] and _RECEIVED.issuperset(map(type, items)):
        budget[0] -= len(items)
        return items
    return [_decode(item, resolve, depth + 1, budget) for item in items]


def _decode_dict(body: list[Any], resolve: Resolve, depth: int, budget: list[int]) -> dict[Any, Any]:
    result = {}
    for pair in body:
        if type(pair) is not list or len(pair) != 2:
            raise WireError("a dict is a list of pairs")
        key = _decode(pair[0], resolve, depth + 1, budget)
        if type(key) is tuple or (type(key) is int and not -(1 << 63) <= key < 1 << 64):
            budget[0] -= ODD_KEY_COST
        try:
            result[key] = _decode(pair[1], resolve, depth + 1, budget)
        except TypeError:
            raise WireError(f"a {type(key).__name__} cannot be the key of a dict") from None
    return result


def _decode_array(data: Reference, body: bytes) -> Any:
    name, shape = data.get("d"), data.get("s")
    dtype = _DTYPES.get(name) if type(name) is str else None
    if dtype is None:
        raise WireError("an array of a dtype that may not cross")
    if type(shape) is not list or len(shape) > NDIM_LIMIT:
        raise WireError("an array with a malformed shape")
    size = dtype.itemsize
    for length in shape:
        if type(length) is not int or length < 0:
            raise WireError("an array with a malformed shape")
        size *= length
    if size != len(body):
        raise WireError("an array whose shape and bytes disagree")
    try:
        if name == "|b1":  # any other byte would be a bool that is neither True nor False
            return (np.frombuffer(body, "|u1") != 0).reshape(shape)
        return np.ndarray(shape, dtype, bytearray(body))
    except (ValueError, OverflowError, MemoryError):  # not bytes, or a size that no array may have
        raise WireError("an array with an impossible shape") from None
