"""The hostile notebooks of tests/submissions/hostile/: reading a file, and handing it in.

A file is percent text below a docstring, whose first sentence says what it tries and whose second what must happen.
`# keeps: rate formula` names the tasks that are answered honestly (`all` of them: those that no cell below answers) and
must score full; every other task must score nothing. `# may lose: curve` names kept tasks whose points depend on how
much time the attacker's own children had computed when their tests came. `# problem: ...` is a part of what the report
says of the whole; `# held: ...` is a part of why collection holds it back, which leaves its points to a person;
`# without a jail: home` names the secrets that it gets where nothing stops it. `# jail: left alone` says that it only
returns, raises or draws something: what judges that is outside of the jail, and the same at every level. Its cells:

- `# %% task="rate"` is the answer to a task; `# %%` is a cell that the student added at the end, `# %% first` on top;
- `# %% folder` is not a cell: it says how the attacker edits what is handed in. It is run by the tests with `notebook`
  (what will be saved as JSON), its `path`, its `folder`, `submitted` (where all folders stand), `root` (the course's).

`@COURSE@`, `@FOLDER@` and `@HOME@` stand for where the attacked course, nbgrader's course folder and the grader's home
are: this attacker knows the grading machine. A line `FRAMES` stands for a prelude that finds the process's own socket.
"""

import ast
import copy
import json
import os
import re
from pathlib import Path

from target import RIGHT, TASKS, UNIT

FOLDER = Path(__file__).parents[1] / "submissions" / "hostile"
FRAMES = '''
import os, socket, stat, struct, threading, time
import msgspec
def sockets():
    found = []
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): found.append(fd)
        except OSError: pass
    return found
def frame(message):
    body = msgspec.msgpack.encode(message)
    return struct.pack("<I", len(body)) + body
def shout(data):
    """Raw bytes on the socket to the grader."""
    for fd in sockets()[-1:]: socket.socket(fileno=os.dup(fd)).sendall(data)
def reply(ok, seq=1):
    shout(frame({"op": "returned", "seq": seq, "value": ok}))
'''


class Attack:
    """One file: `says` what it tries and what must happen, and the tasks that it `keeps`."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        head, *parts = re.split(r"^# %%(.*)\n", text, flags=re.MULTILINE)
        self.name, self.path = path.stem, path
        self.says = ast.get_docstring(ast.parse(text.split("# %%")[0])) or ""
        self.cells = list(zip([part.strip() for part in parts[::2]], parts[1::2], strict=True))
        self.tasks = {match[1]: body for kind, body in self.cells if (match := re.match(r'task="(\w+)"', kind))}

        def said(what: str) -> str:
            found = re.search(f"^# {what}: (.*)$", head, re.MULTILINE)
            return found[1] if found else ""

        named = said("keeps").split()
        self.keeps = tuple(task for task in TASKS if task not in self.tasks) if named == ["all"] else tuple(named)
        self.may_lose = said("may lose").split()
        self.tries_the_jail = said("jail") != "left alone"
        self.at_l0, self.problem, self.held = said("without a jail"), said("problem"), said("held")

    def hand_in(self, released: dict, submitted: Path, places: dict[str, str]) -> Path:
        """Write the submission below `submitted`. Returns the notebook's path."""

        def fill(text: str) -> str:
            for name, value in places.items():
                text = text.replace(f"@{name}@", value)
            return re.sub("^FRAMES$", lambda _: FRAMES, text, flags=re.MULTILINE).strip()

        notebook = copy.deepcopy(released)
        folder = submitted / self.name / UNIT
        folder.mkdir(parents=True)
        for name, text in (("timestamp.txt", "2026-10-01 12:00:00.000000 UTC"), ("submission_secret.txt", "s" * 32)):
            (folder / name).write_text(text)
        for cell in notebook["cells"]:
            task = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if task in self.tasks:
                cell["source"] = fill(self.tasks[task])
            elif task in self.keeps:
                cell["source"] = RIGHT[task].strip()
        for kind, text in self.cells:
            if kind in ("", "first"):
                new = {
                    "cell_type": "code",
                    "metadata": {},
                    "source": fill(text),
                    "outputs": [],
                    "execution_count": None,
                }
                notebook["cells"].insert(0 if kind else len(notebook["cells"]), new)
        path = folder / f"{UNIT}.ipynb"
        names = {
            "notebook": notebook,
            "folder": folder,
            "submitted": submitted,
            "root": Path(places["FOLDER"]),
            "path": path,
        }
        for kind, text in self.cells:
            if kind == "folder":
                exec(compile(fill(text), self.path, "exec"), names)
        if not os.path.lexists(path):
            path.write_text(json.dumps(notebook))
        return path


ATTACKS = [Attack(path) for path in sorted(FOLDER.glob("*.py"))]
