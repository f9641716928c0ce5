"""A far side that says anything at all, and a near side that asks whatever a hidden test may: only our errors come out.

`FarSide` is a state machine: each rule lets the far side put frames (honest ones, structured garbage, raw bytes) on
the wire, and then lets the test ask something. `python benchmarks/fuzz.py machine` runs it for as long as one likes.
"""

import contextlib
import os
import socket
import struct
import subprocess
import sys
import time

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from grader.jail.channel import Died, FrameChannel, OutOfTime
from grader.jail.inside.wire import Frames, WireError, encode
from grader.testing.student import TRANSCRIPT_LIMIT, AxesData, Handle, Missing, Student, StudentError

OURS = (WireError, StudentError, Died, OutOfTime, Missing)
LIMIT = 1 << 16

leaf = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9)
leaf |= st.binary(max_size=24)
tags = st.sampled_from(["tuple", "dict", "complex", "int", "array", "handle", "callback", "pickle", ""]) | leaf
dtypes = st.sampled_from(["<f8", "|b1", "<i8", "<c16", "|O", "<U4", ">f8"]) | leaf


def tagged(inner):
    shapes = st.lists(st.integers(-2, 2**64 - 1) | st.integers(0, 3), max_size=9)
    return st.fixed_dictionaries(
        {},
        optional={
            "t": tags,
            "v": inner,
            "id": inner,
            "d": dtypes,
            "s": shapes | inner,
            "type": inner,
            "callable": inner,
        },
    )


wire = st.recursive(leaf, lambda inner: st.lists(inner, max_size=4) | tagged(inner), max_leaves=12)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**100), 2**100) | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
picture = st.fixed_dictionaries(dict.fromkeys(AxesData.__struct_fields__, wire))
ASK = {
    "call": lambda student, handle: student.f(lambda x: x, 1.0, [2, "x"]),
    "value": lambda student, handle: student.value("x"),
    "has": lambda student, handle: student.has("x"),
    "function": lambda student, handle: student.function("x * x"),
    "eval": lambda student, handle: student.eval("x", x=handle),
    "get": lambda student, handle: handle.get("x"),
    "method": lambda student, handle: handle.call("x", lambda *args, **kwargs: [args, kwargs]),
    "apply": lambda student, handle: handle.apply(handle, 3),
    "items": lambda student, handle: handle.items(),
    "in turn": lambda student, handle: student.in_turn(("f", 1.0), (handle, lambda x: x), ("g",)),
    "axes": lambda student, handle: student.axes(handle),
    "kit": lambda student, handle: student.kit("x"),
}
asks = st.sampled_from(sorted(ASK))
FIELDS = ["seq", "value", "name", "near", "kind", "id", "args", "kwargs"]


def framed(message):
    body = msgspec.msgpack.encode(message)
    return struct.pack("<I", len(body)) + body


class FarSide(RuleBasedStateMachine):
    @initialize()
    def connect(self):
        self.teardown()
        ours, self.far = socket.socketpair()
        self.far.setblocking(False)
        self.channel = FrameChannel(Frames(ours, limit=LIMIT))
        self.student = Student(self.channel, "x")
        self.handle = Handle(self.student, 0, "object", True)
        self.sequence, self.gone = 1, False

    def teardown(self):
        if hasattr(self, "far"):
            self.far.close()
            self.channel._frames.sock.close()

    def near(self, ask, data, *, hang_up):
        """Let the far side say `data` (and be gone), and the test `ask`. Returns what came back, or None."""
        if self.gone:
            self.connect()
        with contextlib.suppress(BlockingIOError):
            self.far.recv(1 << 20)
        self.far.sendall(data)
        if hang_up:
            self.far.shutdown(socket.SHUT_WR)
        self.channel.deadline = time.monotonic() + 60
        started = time.monotonic()
        try:
            found = ASK[ask](self.student, self.handle)
        except OURS as error:
            found = None
            self.gone = isinstance(error, Died | OutOfTime | WireError)
        self.gone |= hang_up
        self.sequence += 1
        assert time.monotonic() - started < 30, "it waited for what would never come"
        if isinstance(found, Handle):
            self.handle = found
            assert len(repr(found)) < 200
        return found

    @rule(value=plain, ask=st.sampled_from(["call", "value", "eval", "get", "method", "apply", "kit"]))
    def an_honest_answer_arrives_as_it_is(self, value, ask):
        if self.gone:
            self.connect()
        data = framed({"op": "returned", "seq": self.sequence, "value": encode(value, lambda _: {})})
        assert self.near(ask, data, hang_up=False) == value

    @rule(ok=wire | picture, ask=asks)
    def any_answer(self, ok, ask):
        if self.gone:
            self.connect()
        self.near(ask, framed({"op": "returned", "seq": self.sequence, "value": ok}), hang_up=True)

    @rule(
        error=st.dictionaries(st.sampled_from(["kind", "message", "line", "lineno", "place", "own"]), wire),
        ask=asks,
    )
    def any_exception(self, error, ask):
        if self.gone:
            self.connect()
        self.near(ask, framed({"op": "raised", "seq": self.sequence, **error}), hang_up=True)

    @rule(values=st.lists(plain, min_size=3, max_size=3))
    def honest_answers_in_turn(self, values):
        if self.gone:
            self.connect()
        replies = [{"op": "returned", "value": encode(value, lambda _: {})} for value in values]
        data = framed({"op": "replies", "seq": self.sequence, "replies": replies})
        assert self.near("in turn", data, hang_up=False) == values

    @rule(
        replies=st.lists(
            st.fixed_dictionaries({"op": st.sampled_from(["returned", "raised", "nosuchname", "replies"])})
            | st.fixed_dictionaries({"op": st.just("returned"), "value": wire}),
            max_size=5,
        ),
        ask=asks,
    )
    def any_replies(self, replies, ask):
        if self.gone:
            self.connect()
        self.near(ask, framed({"op": "replies", "seq": self.sequence, "replies": replies}), hang_up=True)

    @rule(calls=st.lists(st.tuples(wire, wire, wire), max_size=5), ok=wire, ask=asks)
    def any_callbacks_before_it(self, calls, ok, ask):
        if self.gone:
            self.connect()
        data = b"".join(framed({"op": "callback", "id": n, "args": a, "kwargs": k}) for n, a, k in calls)
        self.near(ask, data + framed({"op": "returned", "seq": self.sequence, "value": ok}), hang_up=True)

    @rule(arguments=plain, number=st.integers(-1, 3), ask=st.sampled_from(["call", "method"]))
    def a_well_formed_callback(self, arguments, number, ask):
        message = {
            "op": "callback",
            "id": number,
            "args": encode((arguments,), lambda _: {}),
            "kwargs": encode({}, dict),
        }
        self.near(ask, framed(message) * 3, hang_up=True)

    @rule(
        op=st.sampled_from(["returned", "nosuchname", "raised", "replies", "callback", "opened", "call"]) | wire,
        message=st.dictionaries(
            st.sampled_from(["seq", "value", "name", "near", "kind", "id", "args", "kwargs"]), wire
        ),
        ask=asks,
    )
    def any_message(self, op, message, ask):
        self.near(ask, framed({"op": op, **message}), hang_up=True)

    @rule(raw=st.binary(max_size=300), length=st.none() | st.integers(0, 2**32 - 1), ask=asks)
    def any_bytes(self, raw, length, ask):
        head = struct.pack("<I", len(raw) if length is None else length)
        self.near(ask, head + raw, hang_up=True)

    @invariant()
    def what_it_remembers_is_bounded(self):
        if hasattr(self, "student"):
            kept = sum(len(repr(entry)) for entry in self.student.transcript)
            assert kept <= 4 * TRANSCRIPT_LIMIT
            assert len(self.student._callbacks) <= 2 * self.sequence


TestFarSide = pytest.mark.slow(FarSide.TestCase)
TestFarSide.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["wire", "frames", "proxy"])
def test_a_few_seconds_of_coverage_guided_fuzzing_find_nothing(target, root, tmp_path):
    pytest.importorskip("atheris", reason="atheris is not installed (the extra `fuzz`)")
    command = [sys.executable, root / "benchmarks" / "fuzz.py", target, "--seconds", "4"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "exercises")])}
    ran = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, timeout=120)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "nothing found" in ran.stdout
