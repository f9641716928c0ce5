"""Fuzz the readers of a student's bytes: python benchmarks/fuzz.py {wire,frames,proxy,answer,machine} --seconds 600

`wire`, `frames`, `proxy` and `answer` are coverage-guided by atheris (the extra `fuzz`: `pip install -e .[fuzz]`).
`machine` is the hypothesis state machine of tests/student/test_proxy_machine.py, run until that many CPU seconds are
used. Each target stops with a traceback and the input if anything but our own error classes is raised, if an input
takes longer than a minute, or if memory exceeds 1 GB. `make test` runs all but `answer` for a few seconds.
"""

import argparse
import contextlib
import os
import socket
import struct
import sys
import time
from pathlib import Path

try:
    import atheris
except ImportError:  # `machine` works without it
    atheris = None

with atheris.instrument_imports(include=["kit", "grader"]) if atheris else contextlib.nullcontext():
    import just_enough_calculus  # noqa: F401 - makes grader and kit importable
    import msgspec
    import numpy as np
    from kit.symbolic import AnswerError, parse

    from grader.jail.channel import Died, FrameChannel, OutOfTime
    from grader.jail.inside.wire import Frames, WireError, decode, encode
    from grader.symbolic import Decision, equivalent
    from grader.testing.student import Handle, Missing, Student, StudentError

LIMIT = 1 << 16  # frame size here; inputs are far smaller
ROOT = Path(__file__).resolve().parents[1]
ANY_MAP = msgspec.msgpack.Decoder(dict[str, object])


def refuse(value):
    """Reject a reference: none was ever handed out."""
    raise WireError("a reference that was never given")


def wire(data):
    """Any msgpack is a value that survives the round trip, or a WireError."""
    try:
        read = msgspec.msgpack.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    try:
        value = decode(read, refuse)
    except WireError:
        return
    encode(value, refuse)


def frames(data):
    """Any bytes on the socket are messages, the end of the stream, or a WireError."""
    with _said(data) as (ours, _):
        reader = Frames(ours, limit=LIMIT)
        with contextlib.suppress(WireError, EOFError):
            while True:
                message = reader.receive(ANY_MAP, time.monotonic() + 2)
                assert type(message) is dict


def proxy(data):
    """Whatever bytes the far side sends, a hidden test sees only the documented errors."""
    given = atheris.FuzzedDataProvider(data)
    said = b""
    for sequence in range(1, given.ConsumeIntInRange(1, 6) + 1):
        kind = given.ConsumeIntInRange(0, 3)
        body = given.ConsumeBytes(given.ConsumeIntInRange(0, 300))
        number = bytes([sequence])
        if kind == 0:
            body = b"\x83\xa2op\xa8returned\xa3seq" + number + b"\xa5value" + body
        elif kind == 1:
            body = b"\x84\xa2op\xa8callback\xa2id\x00\xa6kwargs\x82\xa1t\xa4dict\xa1v\x90\xa4args" + body
        elif kind == 2:
            body = b"\x83\xa2op\xa6raised\xa3seq" + number + b"\xa7message" + body
        said += struct.pack("<I", len(body)) + body
    with _said(said) as (ours, far):
        student = Student(FrameChannel(Frames(ours, limit=LIMIT), deadline=time.monotonic() + 2), "x")
        handle = Handle(student, 0, "object", True)
        for ask in (
            lambda _: student.f(lambda x: x, 1.0, np.ones(2)),
            student.axes,
            lambda handle: handle.get("x"),
            lambda handle: handle.call("m", lambda x, y=1: [x, y]),
            Handle.items,
            lambda _: student.has("x"),
        ):
            with contextlib.suppress(WireError, StudentError, Died, OutOfTime, Missing):
                found = ask(handle)
                handle = found if isinstance(found, Handle) else handle
            with contextlib.suppress(BlockingIOError):
                far.recv(1 << 20)


@contextlib.contextmanager
def _said(data):
    """Both ends of a socket, ours first, after the far side sent `data` and hung up."""
    ours, far = socket.socketpair()
    with ours, far:
        far.sendall(data)
        far.shutdown(socket.SHUT_WR)
        far.setblocking(False)
        yield ours, far


def answer(data):
    """Any text is either refused or equal to itself, every time."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicode(400)
    try:
        read = parse(text, ["x", "y", "a"])
    except AnswerError:
        return
    verdict = equivalent(read, read, ["x", "y", "a"]).decision
    if verdict is Decision.REFUTED:
        raise AssertionError(f"{text!r} is not equal to itself")


def machine(seconds):
    """Run the state machine repeatedly with fresh random choices."""
    sys.path.insert(0, str(ROOT / "tests" / "student"))
    import test_proxy_machine
    from hypothesis import HealthCheck, settings
    from hypothesis.stateful import run_state_machine_as_test

    wanted = settings(
        max_examples=200, stateful_step_count=50, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    runs, started = 0, time.process_time()
    while time.process_time() - started < seconds:
        run_state_machine_as_test(test_proxy_machine.FarSide, settings=wanted)
        runs += 200
    _report("machine", f"{runs} conversations")


def _report(name, what):
    status = Path("/proc/self/status").read_text()  # ru_maxrss would include the process that started this one
    peak = int(status.partition("VmHWM:")[2].split()[0]) >> 10
    assert peak < 1024, f"{peak} MB"
    print(f"{name}: {what} in {time.process_time():.0f} CPU seconds, nothing found, peak {peak} MB", flush=True)


def _until(seconds, name):
    """The target `name`, ending the process after this many CPU seconds (libFuzzer only measures wall time)."""
    runs = 0

    def one(data):
        nonlocal runs
        TARGETS[name](data)
        runs += 1
        if runs % 64 == 0 and time.process_time() > seconds:
            _report(name, f"{runs} inputs")
            os._exit(0)

    return one


TARGETS = {"wire": wire, "frames": frames, "proxy": proxy, "answer": answer}


def main():
    """Run one target for a number of CPU seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=[*TARGETS, "machine"])
    parser.add_argument("--seconds", type=int, default=600)
    options = parser.parse_args()
    if options.target == "machine":
        return machine(options.seconds)
    if atheris is None:
        sys.exit("atheris is not installed: pip install -e .[fuzz]; `machine` works without it")
    # libFuzzer takes the peak from getrusage, which includes the process that started this one: _report looks instead.
    limits = ["-timeout=60", "-rss_limit_mb=0", "-max_len=2000", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits], _until(options.seconds, options.target))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
