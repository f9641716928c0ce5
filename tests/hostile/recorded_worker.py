"""A grading worker that also writes down every byte it receives; arguments: root, two descriptors, file."""

import sys
from pathlib import Path

from grader.grading import worker
from grader.jail.inside.wire import Frames


def record(path):
    """From now on append to `path` whatever frames bring."""
    fill = Frames._fill
    file = Path(path).open("ab", buffering=0)  # noqa: SIM115 - as long as the process

    def recorded(self, size, deadline):
        before = len(self._arrived)
        try:
            fill(self, size, deadline)
        finally:
            file.write(self._arrived[before:])

    Frames._fill = recorded


if __name__ == "__main__":
    record(sys.argv.pop())
    worker.main(sys.argv[1:])
