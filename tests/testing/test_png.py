"""Of a picture that a submission sends, only the pixels remain, and only as many as we would have drawn."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from grader.testing import png
from grader.testing.png import repacked


def drawn(width=40, height=30, mode="RGBA", **options):
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(file, format="PNG", **options)
    return file.getvalue()


def with_chunk(data, kind, content):
    """The PNG with one more chunk after its head."""
    chunk = struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return data[:33] + chunk + data[33:]


def pixels(data):
    return Image.open(io.BytesIO(data)).convert("RGBA").tobytes()


@pytest.mark.parametrize(("width", "height"), [(1, 1), (640, 480), (7, 480)])
def test_the_pixels_stay_and_nothing_else(width, height):
    data = drawn(width, height)
    told = with_chunk(with_chunk(data, b"tEXt", b"Comment\0<script>"), b"iCCP", b"profile") + b"<script>"
    new = repacked(told)
    assert pixels(new) == pixels(data)
    assert b"script" not in new
    assert b"profile" not in new
    assert repacked(new) == new


def noise():
    file = io.BytesIO()
    Image.effect_noise((640, 480), 90).convert("RGBA").save(file, format="PNG")
    return file.getvalue()


def too_few_pixels():
    head = struct.pack(">IIBBBBB", 640, 480, 8, 6, 0, 0, 0)
    return png._SIGNATURE + png._chunk(b"IHDR", head) + png._chunk(b"IDAT", zlib.compress(b"\0" * 100))


def a_bomb():
    """It unpacks to a gigabyte, but only as much as its head says is ever unpacked."""
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    head = struct.pack(">IIBBBBB", 10, 10, 8, 6, 0, 0, 0)
    return png._SIGNATURE + png._chunk(b"IHDR", head) + png._chunk(b"IDAT", packed)


REFUSED = {
    "nothing": lambda: b"",
    "a page": lambda: b"<html><script>alert(1)</script>",
    "a wide one": lambda: drawn(641, 10),
    "a high one": lambda: drawn(10, 481),
    "one in grey": lambda: drawn(mode="L"),
    "one in three colours": lambda: drawn(mode="RGB"),
    "one without pixels": too_few_pixels,
    "one with two heads": lambda: with_chunk(drawn(), b"IHDR", drawn()[16:29]),
    "one of noise, which has too many bytes": noise,
    "half of one": lambda: drawn()[:-60],
    "only the beginning": lambda: drawn()[:33],
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_matplotlib_would_not_write_is_refused(make):
    with pytest.raises(ValueError, match=r".+"):
        repacked(make())


def test_a_picture_that_unpacks_to_more_than_its_head_says_is_cut_there():
    assert len(repacked(a_bomb())) < 200


@given(st.binary(max_size=200), st.integers(0, 300), st.booleans())
def test_whatever_comes_is_a_picture_or_refused(rubbish, place, whole):
    data = rubbish if whole else drawn()[:place] + rubbish + drawn()[place:]
    try:
        new = repacked(data)
    except ValueError:
        return
    assert len(pixels(new)) <= 4 * 640 * 480
