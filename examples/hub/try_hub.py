"""Run a hub on this machine, and a class of two through it: sudo python examples/hub/try_hub.py

Needs root, jupyterhub (pip), configurable-http-proxy (npm), and an interpreter that every account can read. It changes
nothing on the machine: the three accounts exist in a mount namespace of this process only. Two students fetch, hand in
and fetch their feedback through their own servers behind the hub; the teacher collects and grades. Every step is
checked.
"""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNIT, COURSE = "describing", "statistics"
ACCOUNTS = {"hub-ada": 47001, "hub-bob": 47002, "hub-teacher": 47003}
STUDENTS = ("hub-ada", "hub-bob")
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 4096, 16384, 1 << 18
MINUTES = 5  # until the slowest machine has started a server


class Hub:
    """The hub's processes, and requests to it."""

    def __init__(self, place: Path) -> None:
        self.place, self.token = place, secrets.token_hex(16)
        with socket.socket() as one, socket.socket() as two, socket.socket() as three:
            for free in (one, two, three):
                free.bind(("127.0.0.1", 0))
            self.ports = [free.getsockname()[1] for free in (one, two, three)]
        self.base = f"http://127.0.0.1:{self.ports[0]}"
        config = (ROOT / "examples" / "hub" / "jupyterhub_config.py").read_text(encoding="utf-8")
        (place / "jupyterhub_config.py").write_text(config + self.trial(), encoding="utf-8")

    def trial(self) -> str:
        """The lines that differ from a real hub: ports, a test authenticator, and a service that acts for the users."""
        return f"""
c.JupyterHub.bind_url = "{self.base}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{self.ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{self.ports[2]}"
c.ConfigurableHTTPProxy.command = ["configurable-http-proxy"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {set(ACCOUNTS)!r}
c.LocalAuthenticator.allowed_groups = set()
c.LocalAuthenticator.admin_groups = set()
c.JupyterHub.services = [{{"name": "trial", "api_token": "{self.token}"}}]
c.JupyterHub.load_roles = [
    {{"name": "trial", "services": ["trial"], "scopes": ["admin:users", "admin:servers", "access:servers"]}}
]
c.Spawner.start_timeout = c.Spawner.http_timeout = {60 * MINUTES}
c.Spawner.args = ["--ServerApp.disable_check_xsrf=True"]
c.Spawner.env_keep = ["PATH", "LANG"]
c.Spawner.environment = {{"JUPYTER_CONFIG_PATH": "{self.place / "etc"}", "PYTHONWARNINGS": "ignore"}}
"""

    def __enter__(self) -> Hub:
        with (self.place / "hub.log").open("wb") as log:
            command = [sys.executable, "-m", "jupyterhub", "--config", "jupyterhub_config.py"]
            self.process = subprocess.Popen(command, cwd=self.place, stdout=log, stderr=log)  # noqa: S603
        until(lambda: self.ask("GET", "/hub/api/")["version"], "the hub")
        return self

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(60)

    def ask(self, method: str, path: str, **data: str) -> dict:
        """The answer to a request."""
        body = "&".join(f"{name}={value}" for name, value in data.items()).encode() or None
        head = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.base + path, method=method, headers=head, data=body)  # noqa: S310
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
            return json.loads(answer.read() or b"{}")

    def start(self, user: str) -> None:
        """Make the account known to the hub and start its server."""
        self.ask("POST", f"/hub/api/users/{user}")
        self.ask("POST", f"/hub/api/users/{user}/server")
        until(lambda: self.ask("GET", f"/user/{user}/api/status")["started"], f"the server of {user}")


def until(true, what: str) -> None:
    """Wait until `true()` returns something. Raises SystemExit."""
    ends = time.monotonic() + 60 * MINUTES
    while True:
        try:
            if true():
                return
        except (OSError, KeyError, ValueError) as error:
            if time.monotonic() > ends:
                raise SystemExit(f"{what} did not start: {error}") from None
        time.sleep(0.5)


def say(text: str) -> None:
    """Print a step that was checked."""
    print(f"ok  {text}", flush=True)


def own_accounts(place: Path) -> None:
    """Leave the machine's list of mounts, and put lists with our accounts over /etc/passwd and /etc/group."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
        raise SystemExit(f"no mount namespace here: {os.strerror(ctypes.get_errno())}; run this as root")
    for name, line in (("passwd", "{user}:x:{id}:{id}::{home}:/bin/sh\n"), ("group", "{user}:x:{id}:\n")):
        text = Path("/etc", name).read_text(encoding="utf-8")
        text += "".join(
            line.format(user=user, id=number, home=place / "home" / user) for user, number in ACCOUNTS.items()
        )
        (place / name).write_text(text, encoding="utf-8")
        if libc.mount(str(place / name).encode(), f"/etc/{name}".encode(), None, MS_BIND, None):
            raise SystemExit(f"/etc/{name} cannot be replaced: {os.strerror(ctypes.get_errno())}")
    for user, number in ACCOUNTS.items():
        home = place / "home" / user
        home.mkdir(parents=True, mode=0o700)
        os.chown(home, number, number)


def as_user(user: str, *command: str, where: Path, ok: bool = True) -> str:
    """Run a command as an account; its output. Raises SystemExit if it fails."""
    number = ACCOUNTS[user]
    env = {
        **os.environ,
        "HOME": str(where),
        "JUPYTER_CONFIG_PATH": str(where.parents[1] / "etc"),
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(  # noqa: S603 - commands of ours
        command,
        cwd=where,
        env=env,
        user=number,
        group=number,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    if ok and done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}"[-3000:])
    return done.stdout if ok else str(done.returncode)


def main() -> None:
    """Run all steps."""
    with tempfile.TemporaryDirectory(prefix="hub-", dir="/var/tmp") as name:
        place = Path(name)
        place.chmod(0o755)
        own_accounts(place)
        exchange = place / "exchange"
        exchange.mkdir()
        exchange.chmod(0o1777)
        (place / "etc").mkdir()
        everybody = (ROOT / "examples" / "hub" / "nbgrader_config.py").read_text(encoding="utf-8")
        everybody = everybody.replace("/srv/nbgrader/exchange", str(exchange)).replace("just_enough_calculus", COURSE)
        (place / "etc" / "nbgrader_config.py").write_text(everybody, encoding="utf-8")
        home = {user: place / "home" / user for user in ACCOUNTS}
        teacher_releases(home["hub-teacher"], exchange)
        with Hub(place) as hub:
            for user in STUDENTS:
                hub.start(user)
                student_works(hub, user, home[user])
            teacher_grades(home["hub-teacher"])
            for user in STUDENTS:
                reads_feedback(hub, user, home, exchange)
        say("done")


def grader(*words: str) -> list[str]:
    return [sys.executable, "-m", "just_enough_calculus", *words]


def nbgrader(*words: str) -> list[str]:
    return [sys.executable, "-m", "nbgrader", *words]


def teacher_releases(home: Path, exchange: Path) -> None:
    """A course folder as `grader init` makes it, and a unit of examples/statistics in the exchange."""
    shutil.copytree(ROOT / "examples" / "statistics", home / "repository")
    subprocess.run(["chown", "-R", "hub-teacher:hub-teacher", str(home)], check=True)  # noqa: S603, S607
    course = home / "course"
    as_user(
        "hub-teacher",
        *grader("init", str(course), "--root", str(home / "repository"), "--exchange", str(exchange)),
        where=home,
    )
    as_user("hub-teacher", *grader("build", UNIT, "--folder", str(course)), where=home)
    as_user("hub-teacher", "sh", "-c", f"cd course && {' '.join(nbgrader('release_assignment', UNIT))}", where=home)
    say(f"the teacher released {UNIT}")


def student_works(hub: Hub, user: str, home: Path) -> None:
    """Fetch, write something, and hand in, through nbgrader's extension in the student's server."""
    listed = hub.ask("GET", f"/user/{user}/assignments")
    assert [one["assignment_id"] for one in listed["value"]] == [UNIT], listed
    said = hub.ask("POST", f"/user/{user}/assignments/fetch", course_id=COURSE, assignment_id=UNIT)
    assert said["success"], said
    notebook = home / UNIT / f"{UNIT}.ipynb"
    assert notebook.stat().st_uid == ACCOUNTS[user]
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("mean of", f"mean (says {user}) of"), encoding="utf-8")
    said = hub.ask("POST", f"/user/{user}/assignments/submit", course_id=COURSE, assignment_id=UNIT)
    assert said["success"], said
    say(f"{user} fetched {UNIT} and handed it in")


def teacher_grades(home: Path) -> None:
    """Collect with the guard, grade, and release feedback."""
    course = home / "course"
    as_user("hub-teacher", *grader("collect", UNIT, "--folder", str(course)), where=home)
    collected = sorted(path.name for path in (course / "submitted").iterdir())
    assert collected == list(STUDENTS), collected
    as_user("hub-teacher", *grader("grade", UNIT, "--folder", str(course)), where=home)
    for command in ("generate_feedback", "release_feedback"):
        as_user("hub-teacher", "sh", "-c", f"cd course && {' '.join(nbgrader(command, UNIT))}", where=home)
    say(f"the teacher collected and graded {len(collected)}, and released the feedback")


def reads_feedback(hub: Hub, user: str, home: dict[str, Path], exchange: Path) -> None:
    """The student's own feedback arrives; another student's cannot be read or listed."""
    said = hub.ask("POST", f"/user/{user}/assignments/fetch_feedback", course_id=COURSE, assignment_id=UNIT)
    assert said["success"], said
    (page,) = (home[user] / UNIT / "feedback").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    other = next(one for one in STUDENTS if one != user)
    assert user in text
    assert other not in text
    assert as_user(user, "ls", str(exchange / COURSE / "feedback"), where=home[user], ok=False) != "0"
    assert as_user(user, "ls", str(exchange / COURSE / "inbound"), where=home[user], ok=False) != "0"
    theirs = home[other] / UNIT
    assert as_user(user, "ls", str(theirs), where=home[user], ok=False) != "0"
    asked = urllib.request.Request(f"{hub.base}/user/{other}/api/contents")  # noqa: S310 - of the loopback; no token
    try:
        urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310
        raise SystemExit("a stranger read the files of a server")
    except urllib.error.HTTPError as error:
        if error.code != 403:
            raise
    say(f"{user} read the feedback, and nobody else's")


if __name__ == "__main__":
    main()
