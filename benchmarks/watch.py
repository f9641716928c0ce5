"""A burst of submissions under `grader watch`: python benchmarks/watch.py [submissions] [seconds] (300 in 60).

Folders appear in the exchange as `nbgrader submit` writes them, spread over the time. Prints how long each waited from
then until its feedback was in the exchange (median, p95, longest), first for one alone, and whether anything was lost.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from scale import ROOT, UNIT, make_folder, name_of

from grader.course import manifest
from grader.nbgrader import apps, setup
from grader.nbgrader.collection import STAMP_FORMAT


def submit(inbound, number, text):
    """One folder in the exchange: its files first, time and secret last."""
    stamp = datetime.now(UTC).strftime(STAMP_FORMAT)
    place = inbound / f"{name_of(number)}+{UNIT}+{stamp}+x"
    place.mkdir()
    (place / f"{UNIT}.ipynb").write_text(text, encoding="utf-8")
    (place / "timestamp.txt").write_text(stamp)
    (place / "submission_secret.txt").write_text(f"{random.Random(number).getrandbits(256):064x}")  # noqa: S311 - a trial


def listen(run, waited, events):
    """Collect what the watcher says."""
    for line in run.stderr:
        event = json.loads(line) if line.startswith("{") else {"event": "said", "says": line}
        events.append(event)
        if event["event"] == "fed back":
            waited[event["student"]] = event["seconds"]


def wait_for(waited, count, run, seconds=900):
    """Wait until so many were fed back."""
    ends = time.monotonic() + seconds
    while len(waited) < count and time.monotonic() < ends and run.poll() is None:
        time.sleep(0.2)


def report(waited, events, count, took, status):
    """Print how long those of the burst waited, and what was lost."""
    burst = sorted(waited[name] for name in map(name_of, range(2, count + 2)) if name in waited)
    errors = sum(event["event"] == "error" for event in events)
    print(f"all fed back after {took:.0f} s; lost {count - len(burst)}; errors {errors}; status {status}")
    p95 = burst[int(0.95 * (len(burst) - 1))]
    print(f"waited: median {statistics.median(burst):.1f} s, p95 {p95:.1f} s, longest {burst[-1]:.1f} s")


def main():
    """Measure and print."""
    numbers = [int(word) for word in sys.argv[1:]]
    count, seconds = (*numbers, *(300, 60)[len(numbers) :])
    course = manifest.load(ROOT)
    with tempfile.TemporaryDirectory() as place:
        folder, exchange = Path(place) / "course", Path(place) / "exchange"
        exchange.mkdir(mode=0o777)
        exchange.chmod(0o777)
        folder.mkdir()
        texts = make_folder(course, folder)
        setup.init_course_folder(course, folder, exchange=exchange)
        apps.run_nbgrader("release_assignment", [UNIT], where=folder, log=folder / "log")
        inbound = exchange / course.id / "inbound"
        command = [sys.executable, "-m", "just_enough_calculus", "watch", UNIT, "--any-owner", "--port=0"]
        command += ["-C", str(folder), "--root", str(ROOT)]
        waited, events = {}, []
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as run:  # noqa: S603 - our own command
            threading.Thread(target=listen, args=(run, waited, events), daemon=True).start()
            while not any(event["event"] == "started" for event in events):
                time.sleep(0.1)
            for number in (0, 1):
                submit(inbound, number, texts[number])
                wait_for(waited, number + 1, run)
                print(
                    f"{('first' if number == 0 else 'one more') + ' alone':30} {waited[name_of(number)]:8.2f} s",
                    flush=True,
                )
            started = time.monotonic()
            for number in range(2, count + 2):
                time.sleep(max(0.0, started + seconds * (number - 2) / count - time.monotonic()))
                submit(inbound, number, texts[number % len(texts)])
            print(
                f"{count} handed in over {time.monotonic() - started:.0f} s; {len(waited) - 2} fed back by then",
                flush=True,
            )
            wait_for(waited, count + 2, run)
            took = time.monotonic() - started
            run.terminate()
            run.wait()
        report(waited, events, count, took, run.returncode)


if __name__ == "__main__":
    main()
