"""A separate JupyterLab on the loopback, with nothing of the machine's configuration, for tests in a real browser."""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

STARTS_IN = 120  # seconds, on a busy machine
# nbgrader asks for files that only Notebook 6 had, and Chromium tells of every 404.
# What nbgrader asks for the name of whoever hands in.
ACCOUNT = """
import os, pwd
found = pwd.getpwuid
def getpwuid(uid):
    entry = list(found(uid))
    return pwd.struct_passwd([{name!r}, *entry[1:]] if uid == os.getuid() else entry)
pwd.getpwuid = getpwuid
"""
OURS_IS_FINE = re.compile(r"favicon|/static/|ResizeObserver loop")


class Lab:
    """The server in `folder`; `address` has the token. With `account`, whoever runs the tests has that name there."""

    def __init__(self, folder, account="", **env):
        self.folder, self.token = folder, secrets.token_hex(8)
        self.env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | env
        if account:
            beside = folder / ".account"
            beside.mkdir()
            (beside / "sitecustomize.py").write_text(ACCOUNT.format(name=account))
            self.env["PYTHONPATH"] = str(beside)

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        own = {f"JUPYTER_{kind}_DIR": str(self.folder / ".jupyter" / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
        options = {
            "ServerApp.port": port,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.root_dir": self.folder,
            "IdentityProvider.token": self.token,
            "LabApp.news_url": "None",
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self.folder / ".server.log").open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env={**self.env, **own, "PYTHONWARNINGS": "ignore"}, stdout=log, stderr=log
            )
        self.base = f"http://127.0.0.1:{port}"
        ends = time.monotonic() + STARTS_IN
        while True:
            try:
                urllib.request.urlopen(f"{self.base}/api/status?token={self.token}", timeout=5).close()
                return self
            except OSError:
                if time.monotonic() > ends or self.process.poll() is not None:
                    pytest.fail((self.folder / ".server.log").read_text()[-3000:])
                time.sleep(0.3)

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait(30)

    def page(self, path):
        """The address of one of its pages."""
        return f"{self.base}/{path}?token={self.token}"


def picture(page, name, height):
    """Keep a picture for the documentation, if PICTURES names a folder (see docs/site/pictures.py)."""
    if folder := os.environ.get("PICTURES"):
        page.wait_for_timeout(1000)  # what slides in has arrived
        whole = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height}
        page.screenshot(path=Path(folder) / f"{name}.png", clip=whole)


def watched(page):
    """The list into which every error in the page's console goes."""
    said = []
    page.on(
        "console", lambda message: said.append(f"{message.text} {message.location}") if message.type == "error" else 0
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
