"""What `grader watch` tells machines: a log of JSON lines, and health and metrics (Prometheus text) on loopback.

Metrics name no student.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from grader.errors import GraderError
from grader.grading.verdict import now

SECONDS = (1, 2, 5, 10, 20, 60, 300)  # bounds of the histogram
STUCK_SECONDS = 300  # without a sign of life, after which we are not healthy
_HELP = {
    "grader_watch_submissions_total": "counter Submissions that got their feedback, by unit and outcome.",
    "grader_watch_errors_total": "counter Batches that failed and are tried again, by unit.",
    "grader_watch_waiting": "gauge Submissions seen and not yet fed back, by unit.",
    "grader_watch_seconds": "histogram Seconds from handing in to feedback in the exchange.",
    "grader_watch_last_look_seconds": "gauge Unix time of the last look into the exchange.",
}


def log(event: str, **facts: Any) -> None:
    """Write one line to standard error. ASCII only: no name can steer a terminal."""
    sys.stderr.write(json.dumps({"at": now(), "event": event, **facts}) + "\n")
    sys.stderr.flush()


class Signals:
    """Counts and times, which the endpoint shows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, str], float] = {}
        self._buckets: Counter[float] = Counter()
        self._sum, self._looked, self._wall = 0.0, time.monotonic(), time.time()

    def count(self, name: str, **labels: str) -> None:
        """Add one to a counter."""
        with self._lock:
            key = (name, _labels(labels))
            self._values[key] = self._values.get(key, 0.0) + 1

    def set(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""
        with self._lock:
            self._values[name, _labels(labels)] = value

    def fed_back(self, seconds: float) -> None:
        """Note how long one submission waited for its feedback."""
        with self._lock:
            self._sum += max(0.0, seconds)
            self._buckets[next((bound for bound in SECONDS if seconds <= bound), float("inf"))] += 1

    def alive(self) -> None:
        """Note a sign of life."""
        with self._lock:
            self._looked, self._wall = time.monotonic(), time.time()

    def healthy(self) -> bool:
        """Whether there was a sign of life lately."""
        with self._lock:
            return time.monotonic() - self._looked < STUCK_SECONDS

    def text(self) -> str:
        """Everything, in the text format of Prometheus."""
        with self._lock:
            values = {**self._values, ("grader_watch_last_look_seconds", ""): self._wall}
            buckets, total = dict(self._buckets), self._sum
        lines = []
        for name, said in _HELP.items():
            kind, _, about = said.partition(" ")
            lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
            lines += [f"{name}{labels} {value:.15g}" for (of, labels), value in sorted(values.items()) if of == name]
            if kind == "histogram":
                so_far = 0
                for bound in (*SECONDS, float("inf")):
                    so_far += buckets.get(bound, 0)
                    shown = "+Inf" if bound == float("inf") else f"{bound:g}"
                    lines.append(f'{name}_bucket{{le="{shown}"}} {so_far}')
                lines += [f"{name}_sum {total:.15g}", f"{name}_count {so_far}"]
        return "\n".join([*lines, ""])


def _labels(labels: dict[str, str]) -> str:
    inside = ",".join(f"{name}={json.dumps(value)}" for name, value in sorted(labels.items()))
    return f"{{{inside}}}" if inside else ""


def serve_status(signals: Signals, port: int) -> ThreadingHTTPServer:
    """Serve /healthz and /metrics on 127.0.0.1, in a thread. Port 0 takes any free port. Raises GraderError."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._reply(200, signals.text(), "text/plain; version=0.0.4; charset=utf-8")
            elif self.path == "/healthz":
                well = signals.healthy()
                self._reply(200 if well else 503, "ok\n" if well else f"no sign of life for {STUCK_SECONDS} s\n")
            else:
                self._reply(404, "there are /healthz and /metrics\n")

        def _reply(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The log has events only."""

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise GraderError(f"--port {port}: {error.strerror}; name another one (0: any that is free)") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
