"""A picture that a submission drew, written anew: only its pixels are the student's.

matplotlib writes PNG with 8 bits for each of red, green, blue and alpha, so nothing else is read. Text, profiles, other
chunks, and whatever follows the pixels are gone, and a picture that would grow when it is unpacked is refused.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

WIDTH, HEIGHT = 640, 480  # the most points of a picture
MOST_BYTES = 90_000  # of a picture that is kept
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">IIBBBBB")
_EIGHT_BITS_RGBA = (8, 6, 0, 0, 0)


def repacked(data: bytes) -> bytes:
    """The pixels of the PNG `data` as a new PNG. Raises ValueError if it is not one that we would have drawn."""
    chunks = list(_chunks(data))
    heads = [content for kind, content in chunks if kind == b"IHDR"]
    if len(heads) != 1 or len(heads[0]) != _HEAD.size:
        raise ValueError("not a PNG with one head")
    width, height, *form = _HEAD.unpack(heads[0])
    if tuple(form) != _EIGHT_BITS_RGBA or not (0 < width <= WIDTH and 0 < height <= HEIGHT):
        raise ValueError("another kind of PNG, or a larger one")
    row = 1 + 4 * width
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    try:
        pixels = zlib.decompressobj().decompress(packed, height * row)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(pixels) != height * row or max(pixels[::row]) > 4:  # each row begins with the number of its filter
        raise ValueError("not as many pixels as its head says")
    parts = ((b"IHDR", heads[0]), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    new = _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)
    if len(new) > MOST_BYTES:
        raise ValueError("too many bytes")
    return new


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
