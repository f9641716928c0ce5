"""Run audit jobs in forks of this process, so that a job that loops or fills the memory harms only itself."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

SECONDS = 20  # CPU time for one job
BYTES = 4 << 30  # address space


def run_in_forks(jobs: Sequence[Callable[[], bytes]]) -> list[bytes | None]:
    """What each job returns; None if it raised, or ran out of time or memory. Runs one job per core at a time."""
    found: list[bytes | None] = [None] * len(jobs)
    running: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as place:

        def await_one() -> None:
            child, status = os.wait()
            if child in running:
                number = running.pop(child)
                if status == 0:
                    found[number] = (Path(place) / str(number)).read_bytes()

        for number, job in enumerate(jobs):
            if len(running) >= (os.cpu_count() or 1):
                await_one()
            running[_fork(job, Path(place) / str(number))] = number
        while running:
            await_one()
    return found


def _fork(job: Callable[[], bytes], result: Path) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        result.write_bytes(job())
        status = 0
    finally:
        os._exit(status)
