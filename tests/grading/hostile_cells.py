"""What to add to a right notebook of any unit, whose functions then do something to the grader beside their work.

Each is named for what it does. `ATTACK` below is what a wrapped function does with what it was called with; whatever of
the unit calls back, keeps inputs, or stands in for something is met by all of them.
"""

import copy

WRAP = '''
import functools as _functools, os as _os, time as _time, types as _types
import numpy as _np
def _called_back(args, kwargs):
    """The functions of the test among the arguments that it answers itself, and those that stand in for ours."""
    things = [*args, *kwargs.values(), *globals().values()]
    return [thing for thing in things if getattr(thing, "__name__", "") == "callback"]
_times = [1, 2, 3]  # in each process: what only uses up its own CPU time is another attack
def _wrapped(work):
    @_functools.wraps(work)
    def wrapper(*args, **kwargs):
        if _times:
            _times.pop()
            _attack(args, kwargs)
        return work(*args, **kwargs)
    return wrapper
def _attack(args, kwargs):
@ATTACK@
for _name, _thing in list(globals().items()):
    if isinstance(_thing, _types.FunctionType) and not _name.startswith("_") and _thing.__module__ == "__main__" \\
            and not hasattr(_thing, "__wrapped__"):
        globals()[_name] = _wrapped(_thing)
'''


def wrapping(attack: str) -> str:
    """A cell that makes each function of the notebook do `attack` before its work."""
    return WRAP.replace("@ATTACK@", "\n".join(f"    {line}" for line in attack.strip().splitlines()))


CALLING = {  # what the functions of the test are called with, again and again
    "large arrays": "_np.full(1_900_000, 1.5)",
    "many lists": "[[]] * 30_000",
    "half floats": "_np.ones((1400, 1400), dtype='float16')",
    "true and false": "_np.ones((2000, 2000), dtype=bool)",
    "long texts": "'x' * 15_000_000",
    "huge ints": "[(1 << 16_000) + n for n in range(1500)]",
    "many layers": "[2] * 900_000",
    "wide layers": "[30_000, 30_000]",
    "dicts of arrays": "{n: _np.ones(1000) for n in range(1500)}",
}
CELLS = {
    f"calls back with {name}": wrapping(f"""
thing, functions = {thing}, _called_back(args, kwargs)
if not functions: _times.append(0)  # this call can do nothing
for f in functions:
    for several in ((thing,), (thing, thing), (thing, thing, thing)):
        for _ in range(40):
            try: f(*several)
            except Exception: break
""")
    for name, thing in CALLING.items()
}
CELLS["sleeps in its functions"] = wrapping("_time.sleep(1000)")
CELLS["sleeps for a second in its functions"] = wrapping("_time.sleep(1)")
CELLS["sleeps when a process is forked"] = (
    "import os, threading, time\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    "os.register_at_fork(before=lambda: time.sleep(1000))"
)
CELLS["computes for ever in its functions"] = wrapping("while True: pass")
CELLS["sleeps, then computes for ever"] = wrapping("_time.sleep(6)\nwhile True: pass")
CELLS["has children compute"] = wrapping("""
while True:
    try:
        if _os.fork() == 0:
            while True: pass
    except OSError:
        _os.wait()
""")
CELLS["sleeps beside a child that computes"] = wrapping("""
while True:
    if _os.fork() == 0:
        while True: pass
    _time.sleep(0.5)
""")
CELLS["returns large arrays"] = """
import types
for _name, _thing in list(globals().items()):
    if isinstance(_thing, types.FunctionType) and not _name.startswith("_") and _thing.__module__ == "__main__":
        globals()[_name] = lambda *args, **kwargs: __import__("numpy").ones((1_900_000, 1))
"""
CELLS["returns an object for everything"] = """
class _Everything:
    def __getattr__(self, name): return lambda *args: [1.0] * 900_000
    def __iter__(self): return iter([[1.0] * 900_000])
import types
for _name, _thing in list(globals().items()):
    if isinstance(_thing, types.FunctionType) and not _name.startswith("_") and _thing.__module__ == "__main__":
        globals()[_name] = lambda *args, **kwargs: _Everything()
"""
# Where an answer fails, some tests try it once more with ours in place of what it builds on.
CELLS["needs ours, and calls it with many layers"] = wrapping("""
thing = [2] * 900_000
for f in _called_back(args, kwargs):
    for several in ((thing,), (thing, 0), (thing, thing), ([3000, 3000, 3000], 0)):
        try: f(*several)
        except Exception: pass
""").replace("return work(*args, **kwargs)", "return None")
CELLS["four cells that sleep"] = "import time; time.sleep(1000)"


def attacked(notebook: dict, name: str, *, task: str = "") -> dict:
    """The notebook with `CELLS[name]` below each answer, or below that to `task`.

    Below each, because names count as they were when their task was checked.
    """
    made = copy.deepcopy(notebook)
    if name == "four cells that sleep":
        added = {"cell_type": "code", "metadata": {}, "source": CELLS[name], "outputs": [], "execution_count": None}
        made["cells"] += [copy.deepcopy(added) for _ in range(4)]
        return made
    for cell in made["cells"]:
        facts = cell["metadata"].get("nbgrader", {})
        if facts.get("solution") and cell["cell_type"] == "code" and task in ("", facts["grade_id"]):
            cell["source"] = "".join(cell["source"]) + "\n" + CELLS[name]
    return made
