"""Lanes: warm jailed processes from which submissions are forked, and the ladder of isolation.

Theory of operation. A `Lane` is a bubblewrap jail with one process in it, the zygote (`inside/zygote.py`). It is warm:
numpy, matplotlib and the kit are imported, and sympy if the notebook mentions it. For each submission it forks a child
in separate namespaces, confined further by Landlock, seccomp and resource limits. The near side holds two sockets: one
to the zygote (orders), one to the child (frames). To kill a submission, we kill the child's pid namespace; if the
zygote itself does not respond, the whole jail.

The ladder, best first: L3, a lane and nested namespaces; L2, Landlock and seccomp without namespaces; L1, one cold
bubblewrap jail for each submission; L0, a plain process with limits. docs/security.md has layers and remaining risks.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

from grader.course.places import INSTALLED_KIT, write_edition
from grader.errors import Unavailable
from grader.files import scratch_prefix
from grader.jail.bubblewrap import (
    SCRATCH,
    TMP_MB,
    WARM_HOME,
    bubblewrap_command,
    interpreter,
    lane_environment,
    python_folder,
    readable_paths,
)
from grader.jail.channel import seconds_from_now
from grader.jail.folders import copy_inside, open_to_all, remove_tree
from grader.jail.inside.messages import (
    FROM_ZYGOTE,
    Ended,
    Forking,
    Kill,
    Killed,
    Measure,
    Next,
    Open,
    Order,
    Ready,
    Refused,
    Setup,
    Started,
    TestEnd,
    Used,
    ZygoteReply,
)
from grader.jail.inside.wire import Frames, WireError
from grader.jail.seccomp import seccomp_filter
from grader.jail.users import NOBODY, user_of_a_lane
from grader.results import Level

START_SECONDS, ORDER_SECONDS, STOP_SECONDS = 120, 10, 5
KEEPER_SECONDS = 120  # time for a keeper on a busy machine to end a fork bomb; without the keeper, nobody would end it
_TROUBLE = (OSError, EOFError, TimeoutError, WireError)


class ResourceLimits(Protocol):
    """The limits in `grader.course.manifest.Limits`."""

    @property
    def cpu_seconds(self) -> float: ...
    @property
    def wall_seconds(self) -> float: ...
    @property
    def memory_mb(self) -> int: ...
    @property
    def processes(self) -> int: ...


class Jailed:
    """One submission in a lane. `sock` carries frames to and from the confined child."""

    def __init__(self, lane: Lane, sock: socket.socket) -> None:
        self._lane, self.sock = lane, sock
        self._how: str | None = None
        self.cpu_seconds = 0.0  # the total of all its processes, known once it has ended

    def usage(self, *, cpu_seconds_in_all: float) -> tuple[float, float]:
        """How long its processes have computed, and how long they waited for a processor, summed over processes.

        From now on they may compute `cpu_seconds_in_all` together.
        """
        return self._lane._usage(cpu_seconds_in_all) if self._how is None else (0.0, 0.0)

    def kill(self) -> str:
        """End everything that the submission started.

        Returns "memory", "disk" or "cpu" if the watch ended it first, "anomaly" if the lane had to be discarded, or "".
        """
        if self._how is None:
            self.sock.close()
            self._how, self.cpu_seconds = self._lane._kill()
        return self._how

    def next_process(self) -> str:
        """End the process of the last test, and let the submission's own process fork the next one, as ordered.

        Returns "forked"; "changed" if a test has left something behind, so that a fork would not be what the cells
        made; "late" if it is still busy with something else; or "gone".
        """
        reply = self._lane._ask(Next())
        return reply.how if isinstance(reply, Forking) else "gone"

    def how_the_test_ended(self, *, patience: float) -> tuple[int, float] | None:
        """The signal that ended the test's process (0 for none), and its CPU seconds. Waits up to `patience` seconds.

        None if it did not end alone: the whole submission is gone.
        """
        reply = self._lane._ask(Ended(patience))
        return (reply.signal, reply.cpu_seconds) if isinstance(reply, TestEnd) and reply.alone else None


class Lane:
    """A warm jail, one submission at a time. Use as a context manager.

    It ends with the thread that entered it (the kernel ties the jail's lifetime to the thread that started it).
    """

    def __init__(
        self,
        level: Level,
        *,
        warm: bool = True,
        wait: bool = True,
        sympy: bool = False,
        kit_folder: Path | None = None,
        imports: Sequence[str] = (),
    ) -> None:
        """`kit_folder` is the course's kit, released with its notebooks; the default is the engine's kit.

        `imports` are modules to preload: those of the packages that the course declares. Unless `warm`, nothing is
        preloaded: a second less for a lane with a single submission that draws nothing. Unless `wait`, entering it
        does not wait until it is warm, nor find out whether it will be: `wait_until_warm` does.
        """
        self.level = level
        self.edition = ""  # the course's, which seeds variants; to set before the lane is entered
        self._kit = kit_folder or INSTALLED_KIT
        self._imports = list(imports)
        self._shared: tuple[tuple[str, int, int], ...] = ()  # the files in the lane: path, size, time
        self._warm, self._wait = warm, wait
        self._sympy = sympy  # whether sympy is preloaded; otherwise importing it takes a third of a second
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Frames | None = None
        self._ready = False
        self._user = 0
        self._folder = Path(tempfile.mkdtemp(prefix=f"{scratch_prefix()}{os.getpid()}-"))
        self._home: Path | None = None

    @property
    def _inside(self) -> str:
        """Where a submission finds the lane's folder."""
        return "/lane" if self._jailed else str(self._folder)

    @property
    def _jailed(self) -> bool:
        return self.level in (Level.L3, Level.L1)

    def __enter__(self) -> Lane:
        try:
            copy_inside(self._folder, self._kit)
            write_edition(self._folder / "kit", self.edition)
            self._launch()
            if self._wait:
                self.wait_until_warm()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._remove()

    def share(self, source: Path, files: Sequence[Path]) -> None:
        """From now on, submissions have copies of `files` (relative paths in `source`) in their working folder.

        They are read-only, and copied again only if something about them has changed.
        """
        facts = [(path, (source / path).stat()) for path in files]
        now = tuple((str(source / path), fact.st_size, fact.st_mtime_ns) for path, fact in facts)
        if now == self._shared:
            return
        data = self._folder / "data"  # a jail has mounted this very folder, so it is emptied, not replaced
        for old in data.iterdir():
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        for path in files:
            copy = data / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, copy)
        open_to_all(data)
        self._shared = now

    def open(self, limits: ResourceLimits, *, cpu_seconds_in_all: float = math.inf) -> Jailed:
        """A confined child for one submission, whose processes may use `cpu_seconds_in_all` of CPU time together.

        Raises Unavailable if the lane cannot be restarted.
        """
        if self._process is None or self._process.poll() is not None:
            self._relaunch()
        try:
            return self._open(limits, cpu_seconds_in_all)
        except (*_TROUBLE, Unavailable):
            self._relaunch()  # an anomaly: start a fresh lane and try once more
        try:
            return self._open(limits, cpu_seconds_in_all)
        except _TROUBLE as error:
            self._stop()
            raise Unavailable(f"the lane does not open: {type(error).__name__}: {error}") from None

    def _open(self, limits: ResourceLimits, cpu_seconds_in_all: float) -> Jailed:
        self.wait_until_warm()
        assert self._control is not None
        order = Open(
            home=self._fresh_home(),
            cpu_seconds=max(1, int(limits.cpu_seconds)),
            cpu_seconds_in_all=cpu_seconds_in_all,
            memory_mb=int(limits.memory_mb),
            processes=int(limits.processes),
            files=f"{self._inside}/data" if self._shared else "",
        )
        ours, theirs = socket.socketpair()
        try:
            self._control.send(order, fds=[theirs.fileno()], deadline=seconds_from_now(ORDER_SECONDS))
            reply = self._control.receive(FROM_ZYGOTE, seconds_from_now(ORDER_SECONDS))
            if not isinstance(reply, Started):
                raise WireError(reply.why if isinstance(reply, Refused) else f"it replied {reply}")
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return Jailed(self, ours)

    def _fresh_home(self) -> str:
        if self._jailed:
            return SCRATCH
        self._home = Path(tempfile.mkdtemp(prefix="home-", dir=self._folder))
        if self._user:
            os.chown(self._home, self._user, self._user)
        return str(self._home)

    def _ask(self, order: Order) -> ZygoteReply | None:
        """The zygote's reply, or None. Then the jail is discarded, as after every anomaly."""
        if self._control is None:
            return None
        try:
            self._control.send(order, deadline=seconds_from_now(ORDER_SECONDS))
            return self._control.receive(FROM_ZYGOTE, seconds_from_now(ORDER_SECONDS))
        except _TROUBLE:
            self._stop()
            return None

    def _usage(self, cpu_seconds_in_all: float) -> tuple[float, float]:
        reply = self._ask(Measure(cpu_seconds_in_all))
        return (reply.cpu, reply.queued) if isinstance(reply, Used) else (0.0, 0.0)

    def _kill(self) -> tuple[str, float]:
        """How it ended, and how much CPU time it used."""
        if self._control is None:  # discarded because it did not answer
            return "anomaly", 0.0
        try:
            self._control.send(Kill(), deadline=seconds_from_now(ORDER_SECONDS))
            reply = self._control.receive(FROM_ZYGOTE, seconds_from_now(ORDER_SECONDS))
            if not isinstance(reply, Killed) or reply.left:
                raise WireError("something is left over")
            how, used = reply.how, reply.cpu
        except _TROUBLE:
            self._stop()  # nothing survives the jail; the next `open` starts another
            how, used = "anomaly", 0.0
        if self._home is not None:
            remove_tree(self._home)
            self._home = None
        if self.level is Level.L1:  # cold: a submission never sees what an earlier one has seen
            with contextlib.suppress(Unavailable):  # the next `open` will report it
                self._relaunch()
        return how, used

    def _relaunch(self) -> None:
        self._stop()
        self._launch()

    def _launch(self) -> None:
        """Start the process without waiting until it is warm."""
        ours, theirs = socket.socketpair()
        lane_dir = self._inside
        home = WARM_HOME if self._jailed else str(self._folder / "warm")
        paths = [lane_dir, *map(python_folder, ("purelib", "platlib"))]  # no installed `kit` may hide the course's
        code = (
            f"import sys; sys.path += {list(dict.fromkeys(paths))!r}; sys.dont_write_bytecode = True; "
            f"from inside.zygote import main; main({theirs.fileno()}, keeper={not self._jailed})"
        )
        command = [interpreter(), "-I", "-S", "-c", code]
        if self._jailed:
            command = [*bubblewrap_command(self._folder), *command]
        self._ready = False
        self._user = user_of_a_lane() if os.getuid() == 0 else 0
        self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=lane_environment(home),
            cwd="/",
            start_new_session=True,
        )
        theirs.close()
        self._control = Frames(ours)
        try:
            self._control.send(self._setup(), deadline=seconds_from_now(START_SECONDS))
        except _TROUBLE as error:
            raise self._does_not_start(error) from None

    def _setup(self) -> Setup:
        maps = ["/proc/self/maps"] if self._imports and self.level is Level.L3 else []  # the copy in an empty /proc
        return Setup(
            drop_to=self._user,
            shared_user=not self._jailed and self._user in (0, NOBODY),
            namespaces=self.level is Level.L3,
            separate_pids=self._jailed,
            landlock=self.level in (Level.L3, Level.L2),
            readable=[*readable_paths(self._inside), *maps],
            bpf=b"" if self.level is Level.L0 else seccomp_filter(),
            tmp_mb=TMP_MB,
            warm=self._warm,
            sympy=self._sympy,
            imports=tuple(self._imports),
        )

    def wait_until_warm(self) -> None:
        """Wait until submissions can be opened without delay. Raises Unavailable if it does not start."""
        if self._ready or self._control is None:
            return
        try:
            ready = self._control.receive(FROM_ZYGOTE, seconds_from_now(START_SECONDS))
            if not isinstance(ready, Ready):
                raise WireError("not ready")
        except _TROUBLE as error:
            raise self._does_not_start(error) from None
        if self.level in (Level.L3, Level.L2) and not ready.landlock:
            self._stop()
            raise Unavailable(
                f"the {self.level} lane does not start: this kernel has no Landlock "
                "(it needs Linux 5.13, and `landlock` among its lsm=)"
            )
        self._ready = True

    def _does_not_start(self, error: Exception) -> Unavailable:
        said = self._stop()
        return Unavailable(f"the {self.level} lane does not start: {said or f'{type(error).__name__}: {error}'}")

    def _stop(self) -> str:
        """End the process and everything below it. Returns the end of what it wrote to stderr."""
        if self._control is not None:
            self._control.sock.close()
            self._control = None
        process, self._process = self._process, None
        if process is None:
            return ""
        if self._jailed:
            process.kill()  # when bwrap dies, the kernel ends the jail's first process, and with it everything inside
        else:
            process.terminate()  # the keeper ends everything below it, then itself
        try:
            process.wait(STOP_SECONDS if self._jailed else KEEPER_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stderr is not None
        with process.stderr as stderr:
            os.set_blocking(stderr.fileno(), False)
            said = stderr.read() or b""
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1][-400:] if lines else ""

    def _remove(self) -> None:
        self._stop()
        remove_tree(self._folder)
