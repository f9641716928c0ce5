"""Coverage-guided fuzzing of what reads a student's bytes: python benchmarks/fuzz.py {wire,answer} --seconds 600

Needs atheris (the extra `fuzz`: `pip install -e .[fuzz]`). Ends with a traceback and the input if anything but our own
error class comes out, if an input takes longer than five seconds, or if memory grows past 1 GB. `make test` runs the
same two targets for a while with hypothesis (tests/student/test_wire.py, tests/symbolic).
"""

import argparse
import sys

import atheris

with atheris.instrument_imports(include=["kit", "grader"]):
    import msgspec
    from kit.symbolic import AnswerError, parse

    from grader.inside.wire import WireError, decode, encode
    from grader.symbolic import Decision, equivalent


def refuse(value):
    """A reference that nobody gave."""
    raise WireError("a reference that was never given")


def wire(data):
    """Any bytes are a value that survives the way there and back, or a WireError."""
    try:
        value = decode(msgspec.msgpack.decode(data), refuse)
    except (WireError, msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, WireError | msgspec.DecodeError | UnicodeDecodeError):
            return
        raise
    encode(value, refuse)


def answer(data):
    """Any text is refused, or it is equal to itself, however often one asks."""
    text = atheris.FuzzedDataProvider(data).ConsumeUnicode(400)
    try:
        read = parse(text, ["x", "y", "a"])
    except AnswerError:
        return
    verdict = equivalent(read, read, ["x", "y", "a"]).decision
    if verdict is Decision.REFUTED:
        raise AssertionError(f"{text!r} is not equal to itself")


def main():
    """Run one target for so many CPU seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("target", choices=["wire", "answer"])
    parser.add_argument("--seconds", type=int, default=600)
    options = parser.parse_args()
    limits = [f"-max_total_time={options.seconds}", "-timeout=5", "-rss_limit_mb=1024", "-max_len=2000"]
    quiet = ["-verbosity=0", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, *quiet], {"wire": wire, "answer": answer}[options.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
