"""Run a hub on this machine, and a class of three through it: sudo .venv/bin/python examples/hub/try_hub.py FOLDER

FOLDER is made by `sh setup/hub.sh FOLDER`. Needs root, and changes nothing on the machine: the three accounts exist in
the mount namespace of this process only. The students' servers run as these accounts, and know nothing of this
repository. Two students hand in and one only fetches; whoever runs this script is the teacher. Each step is checked,
then printed.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
UNIT, COURSE = "describing", "statistics"
ANSWERS = {"hub-ada": "return sum(numbers) / len(numbers)", "hub-bob": "return sum(numbers)"}  # they hand in
WATCHES = "hub-cleo"  # fetches, and hands nothing in
ACCOUNTS = {name: 47001 + place for place, name in enumerate((*ANSWERS, WATCHES))}
CLONE_NEWNS = 0x20000
MINUTES = 5  # until the slowest machine has started a server
TRIAL = """
# The lines below differ from a real hub: ports, a test authenticator, and a service that starts the users' servers.
c.JupyterHub.bind_url = "{base}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {users!r}
c.JupyterHub.services = [{{"name": "trial", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{"name": "trial", "services": ["trial"], "scopes": ["admin:users", "servers", "tokens"]}}]
c.Spawner.start_timeout = c.Spawner.http_timeout = {seconds}
c.Spawner.env_keep = ["PATH", "LANG"]
c.Spawner.environment = {{"JUPYTER_CONFIG_PATH": "{config}", "PYTHONWARNINGS": "ignore"}}
"""


class Hub:
    """The hub's processes, and requests to it."""

    def __init__(self, place: Path, programs: Path) -> None:
        self.place, self.programs = place, programs
        self.tokens = {"trial": secrets.token_hex(16)}
        with contextlib.ExitStack() as stack:
            free = [stack.enter_context(socket.socket()) for _ in range(3)]
            for listener in free:
                listener.bind(("127.0.0.1", 0))
            front, hub, proxy = (listener.getsockname()[1] for listener in free)
        self.base = f"http://127.0.0.1:{front}"
        trial = TRIAL.format(
            base=self.base,
            hub=hub,
            proxy=proxy,
            users=set(ACCOUNTS),
            token=self.tokens["trial"],
            seconds=60 * MINUTES,
            config=place / "etc",
        )
        real = (HERE / "jupyterhub_config.py").read_text(encoding="utf-8")
        (place / "jupyterhub_config.py").write_text(real + trial, encoding="utf-8")

    def __enter__(self) -> Hub:
        path = f"{self.programs / 'bin'}{os.pathsep}{os.environ['PATH']}"
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"PATH": path}
        command = [self.programs / "bin" / "jupyterhub", "--config", "jupyterhub_config.py"]
        with (self.place / "hub.log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=self.place, env=env, stdout=log, stderr=log)  # noqa: S603 - ours
        self.until(lambda: self.ask("trial", "GET", "/hub/api/"), "the hub")
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(60)

    def ask(self, user: str, method: str, path: str, **data: str) -> Any:
        """What the hub, or a user's server behind it, returns to a request of `user`. Raises urllib's HTTPError."""
        body = urllib.parse.urlencode(data).encode() if data else b"" if method == "POST" else None
        head = {"Authorization": f"token {self.tokens[user]}"}
        request = urllib.request.Request(self.base + path, method=method, headers=head, data=body)  # noqa: S310 - http, to this machine
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - http, to this machine
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            error.msg = f"{method} {path}: {error.msg} {error.read()[:500].decode(errors='replace')}"
            raise

    def start(self, user: str) -> None:
        """Log the user in by a token, and start the user's server."""
        self.tokens[user] = self.ask("trial", "POST", f"/hub/api/users/{user}/tokens")["token"]
        self.ask(user, "POST", f"/hub/api/users/{user}/server")

    def until(self, true: Callable[[], object], what: str) -> None:
        """Wait until `true()` returns something. Raises SystemExit."""
        ends = time.monotonic() + 60 * MINUTES
        while True:
            try:
                if true():
                    return
            except (OSError, ValueError) as error:
                if time.monotonic() > ends or self.process.poll() is not None:
                    log = (self.place / "hub.log").read_text(errors="replace")[-3000:]
                    raise SystemExit(f"{what} did not start: {error}\n{log}") from None
            time.sleep(0.3)

    def assignments(self, user: str, action: str) -> Any:
        """What nbgrader's extension in the user's server returns: fetch, submit or fetch_feedback."""
        said = self.ask(user, "POST", f"/user/{user}/assignments/{action}", course_id=COURSE, assignment_id=UNIT)
        check(said["success"], said)
        return said


def check(true: object, found: object) -> None:
    """Stop with what was found unless it is true. Raises SystemExit."""
    if not true:
        raise SystemExit(f"not as expected: {found}")


def say(text: str) -> None:
    """Print a step that was checked."""
    print(f"ok  {text}", flush=True)


def own_accounts(place: Path) -> None:
    """Put lists with our accounts over /etc/passwd and /etc/group, for this process and those that it starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise SystemExit(f"no mount namespace here: {os.strerror(ctypes.get_errno())}; run this as root")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)  # noqa: S607 - found as root finds it
    for name, line in (("passwd", "{user}:x:{id}:{id}::{home}:/bin/sh\n"), ("group", "{user}:x:{id}:\n")):
        text = Path("/etc", name).read_text(encoding="utf-8")
        for user, number in ACCOUNTS.items():
            text += line.format(user=user, id=number, home=place / "home" / user)
        (place / name).write_text(text, encoding="utf-8")
        subprocess.run(["mount", "--bind", place / name, f"/etc/{name}"], check=True)  # noqa: S603, S607 - as above
    (place / "home").mkdir()
    for user, number in ACCOUNTS.items():
        (place / "home" / user).mkdir(mode=0o700)
        os.chown(place / "home" / user, number, number)


def may_list(user: str, folder: Path) -> bool:
    """Whether an account may list a folder."""
    number = ACCOUNTS[user]
    run = subprocess.run(  # noqa: S603 - ours
        ["ls", folder],  # noqa: S607 - found as root finds it
        user=number,
        group=number,
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    return run.returncode == 0


def teacher(place: Path, *words: str) -> None:
    """Run a command of the teacher in the course folder. Raises SystemExit if it fails."""
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    run = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", *words], cwd=place / "course", env=env, capture_output=True, text=True, check=False
    )
    check(run.returncode == 0, f"{' '.join(words)}: {run.stdout[-2000:]}{run.stderr[-2000:]}")


def releases(place: Path) -> None:
    """Make a course folder with `grader init`, and release a unit of examples/statistics into the exchange."""
    exchange = place / "exchange"
    for name in ("exchange", "etc", "course"):
        (place / name).mkdir()
    exchange.chmod(0o1777)
    everybody = (HERE / "nbgrader_config.py").read_text(encoding="utf-8")
    everybody = everybody.replace("/srv/nbgrader/exchange", str(exchange)).replace("just_enough_calculus", COURSE)
    (place / "etc" / "nbgrader_config.py").write_text(everybody, encoding="utf-8")
    repository = str(ROOT / "examples" / "statistics")
    teacher(place, "just_enough_calculus", "init", ".", "--root", repository, "--exchange", str(exchange))
    teacher(place, "just_enough_calculus", "build", UNIT)
    teacher(place, "nbgrader", "release_assignment", UNIT)
    say(f"the teacher released {UNIT}")


def works(hub: Hub, user: str) -> None:
    """Fetch, and hand in unless the user only watches."""
    hub.until(lambda: hub.ask(user, "GET", f"/user/{user}/api/status"), f"the server of {user}")
    listed = hub.ask(user, "GET", f"/user/{user}/assignments?course_id={COURSE}")["value"]
    check([assignment["assignment_id"] for assignment in listed] == [UNIT], listed)
    hub.assignments(user, "fetch")
    notebook = hub.place / "home" / user / UNIT / f"{UNIT}.ipynb"
    check(notebook.stat().st_uid == ACCOUNTS[user], f"{notebook} belongs to {notebook.stat().st_uid}")
    if user == WATCHES:
        say(f"{user} fetched {UNIT}, and hands nothing in")
        return
    cells = json.loads(notebook.read_text(encoding="utf-8"))
    (cell,) = [cell for cell in cells["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "mean"]
    cell["source"] = f"def mean(numbers):\n    {ANSWERS[user]}\n"
    notebook.write_text(json.dumps(cells), encoding="utf-8")
    hub.assignments(user, "submit")
    say(f"{user} fetched {UNIT} and handed it in")


def grades(place: Path) -> None:
    """Collect with the guard, grade, and release feedback."""
    teacher(place, "just_enough_calculus", "collect", UNIT)
    collected = sorted(path.name for path in (place / "course" / "submitted").iterdir())
    check(collected == sorted(ANSWERS), collected)
    teacher(place, "just_enough_calculus", "grade", UNIT)
    teacher(place, "nbgrader", "generate_feedback", UNIT)
    teacher(place, "nbgrader", "release_feedback", UNIT)
    points = {}
    for user in ANSWERS:
        report = json.loads((place / "course" / "reports" / UNIT / f"{user}.json").read_text(encoding="utf-8"))
        points[user] = next(task["points"] for task in report["tasks"] if task["task"] == "mean")
    check(points["hub-ada"] > points["hub-bob"], points)
    say(f"the teacher collected and graded {len(collected)}, released the feedback; points of `mean`: {points}")


def reads_feedback(hub: Hub, user: str) -> None:
    """A user who handed in gets one page, with this user's name alone; nobody lists or reads what is not theirs."""
    if user in ANSWERS:
        hub.assignments(user, "fetch_feedback")
    home = hub.place / "home"
    pages = list((home / user / UNIT).rglob("feedback/**/*.html"))
    check(len(pages) == (user in ANSWERS), pages)
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    others = [name for name in ACCOUNTS if name != user]
    check(not pages or user in text, "a page without its reader's name")
    check(not any(other in text for other in others), "a page with another student's name")
    exchange = hub.place / "exchange" / COURSE
    for folder in (exchange / "feedback", exchange / "inbound", *(home / other for other in others)):
        check(not may_list(user, folder), f"{user} may list {folder}")
    for other in others:
        try:
            read = hub.ask(user, "GET", f"/user/{other}/api/contents")
        except urllib.error.HTTPError as error:
            check(error.code in (403, 404), error)
        else:
            check(False, f"{user} read {other}'s files: {read}")
    found = "read one page of feedback" if pages else "has no feedback"
    say(f"{user} {found}, and saw nothing of {' and '.join(others)}")


def main() -> None:
    """Run all steps."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="made by setup/hub.sh")
    programs = parser.parse_args().folder.resolve()
    if not (programs / "bin" / "jupyterhub").exists():
        raise SystemExit(f"{programs}: no JupyterHub there; run `sh setup/hub.sh {programs}`")
    with tempfile.TemporaryDirectory(prefix="hub-", dir="/var/tmp") as name:  # all may enter it
        place = Path(name)
        place.chmod(0o755)
        own_accounts(place)
        releases(place)
        with Hub(place, programs) as hub:
            for user in ACCOUNTS:
                hub.start(user)
            for user in ACCOUNTS:
                works(hub, user)
            grades(place)
            for user in ACCOUNTS:
                reads_feedback(hub, user)


if __name__ == "__main__":
    main()
