"""A grading worker like any other that also writes down every byte it receives: arguments root, unit, two descriptors, file."""

import sys

from grader import grade
from grader.inside.wire import Frames


def record(path):
    """From now on append to `path` whatever frames bring."""
    receive = Frames._exactly
    file = open(path, "ab", buffering=0)  # noqa: SIM115 - as long as the process

    def recorded(self, size, deadline):
        data = receive(self, size, deadline)
        file.write(data)
        return data

    Frames._exactly = recorded


if __name__ == "__main__":
    record(sys.argv.pop())
    grade.main(sys.argv[1:])
