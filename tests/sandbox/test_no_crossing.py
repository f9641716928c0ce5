"""No test of a submission hears of another: whatever a test's process leaves behind, the next one meets none of it."""

import pytest

from grader.grading.submission import JailedSubmission
from grader.jail import lane as lane_module
from grader.results import Level

PRELUDE = r"""
import ctypes, fcntl, glob, mmap, os, signal, socket, struct, threading, time
libc = ctypes.CDLL(None, use_errno=True)
HOME = os.path.expanduser("~")
def at_home(name): return os.path.join(HOME, name)
def answer(): return 1
"""
# What the cells get ready, how a test keeps a number below 100, and how a later one recalls it.
WAYS = {
    "a file": (
        "",
        "open(at_home('kept'), 'w').write(str(number))",
        "open(at_home('kept')).read()",
    ),
    "the name of a folder": (
        "",
        "os.mkdir(at_home(f'kept-{number}'))",
        "glob.glob(at_home('kept-*'))[0].rpartition('-')[2]",
    ),
    "a file that the cells made": (
        "open(at_home('made'), 'w').write('0')",
        "open(at_home('made'), 'w').write(str(number))",
        "open(at_home('made')).read().replace('0', '') or None",
    ),
    "a file that the cells opened": (
        "file = open(at_home('made'), 'w+b', buffering=0)",
        "file.write(bytes([number]))",
        "os.pread(file.fileno(), 1, 0)[0]",
    ),
    "an open file without a name": (
        "file = open(at_home('made'), 'w+b', buffering=0)\ntry: os.remove(at_home('made'))\nexcept OSError: pass",
        "file.write(bytes([number]))",
        "os.pread(file.fileno(), 1, 0)[0]",
    ),
    "how far an open library was read": (
        "file = open(os.__file__, 'rb', buffering=0)",
        "file.seek(number)",
        "file.tell() or None",
    ),
    "the flags of a descriptor": (
        "file = open(os.__file__, 'rb', buffering=0)",
        "fcntl.fcntl(file, fcntl.F_SETFL, os.O_NONBLOCK)",
        "47 if fcntl.fcntl(file, fcntl.F_GETFL) & os.O_NONBLOCK else None",
    ),
    "a lock": (
        "file, other = open(at_home('made'), 'w'), open(at_home('made'))",
        "fcntl.flock(file, fcntl.LOCK_EX)",
        "locked_by_another(other)",
    ),
    "a pipe": (
        "reader, writer = os.pipe(); os.set_blocking(reader, False)",
        "os.write(writer, bytes([number]))",
        "os.read(reader, 1)[0]",
    ),
    "a pair of sockets": (
        "reader, writer = socket.socketpair(); reader.setblocking(False)",
        "writer.send(bytes([number]))",
        "reader.recv(1)[0]",
    ),
    "a descriptor on its way through a pair of sockets": (
        "reader, writer = socket.socketpair(); file = open(at_home('made'), 'w+b', buffering=0)\n"
        "socket.send_fds(writer, [b'x'], [file.fileno()]); file.close()",
        "pass_it_on(lambda one: os.write(one, bytes([number])))",
        "pass_it_on(lambda one: os.pread(one, 1, 0)[0])",
    ),
    "the mode of a file": (
        "open(at_home('made'), 'w').write('0')",
        "os.chmod(at_home('made'), number)",
        "os.stat(at_home('made')).st_mode & 0o777 if os.stat(at_home('made')).st_mode & 0o777 < 100 else None",
    ),
    "the time of a file": (
        "open(at_home('made'), 'w').write('0')",
        "os.utime(at_home('made'), (number, number))",
        "int(os.stat(at_home('made')).st_mtime) if os.stat(at_home('made')).st_mtime < 100 else None",
    ),
    "a counter of events": (
        "counter = os.eventfd(0, os.EFD_NONBLOCK)",
        "os.eventfd_write(counter, number)",
        "os.eventfd_read(counter)",
    ),
    "shared memory": (
        "memory = mmap.mmap(-1, 4096)",
        "memory.__setitem__(0, number)",
        "memory[0] or None",
    ),
    "a mapped file": (
        "file = open(at_home('made'), 'w+b'); file.write(bytes(4096)); file.flush()\n"
        "memory = mmap.mmap(file.fileno(), 4096)",
        "memory.__setitem__(0, number)",
        "memory[0] or None",
    ),
    "which pages of a library are in memory": (
        "pages = sorted(glob.glob(os.path.dirname(os.__file__) + '/*.py'), key=os.path.getsize)[-7:]\n"
        "for page in pages: use_page(page, forget)",
        "[use_page(page, touch) for place, page in enumerate(pages) if number >> place & 1]",
        "sum(use_page(page, in_memory) << place for place, page in enumerate(pages)) or None",
    ),
    "a thread that watches the home": (
        "seen = []; threading.Thread(target=watch, args=(seen,), daemon=True).start()",
        "tell_the_thread(number)",
        "seen[0].rpartition('-')[2]",
    ),
    "a signal to the process above": (
        "told = []\nfor number in (6, 10): signal.signal(number, lambda number, frame: told.append(47))",
        "signal_above()",
        "told[0]",
    ),
    "a signal that lets the process above go on": (
        "seen = []; threading.Thread(target=watch, args=(seen,), daemon=True).start()",
        "[signal_above(signal.SIGCONT), tell_the_thread(number)]",
        "seen[0].rpartition('-')[2]",
    ),
    "how many processes there have been": (
        "above = os.getpid()",
        "[os.waitpid(os.fork() or os._exit(0), 0) for _ in range(number)]",
        "os.getpid() - above - 2 if os.getpid() > above + 2 else None",
    ),
    "how many threads there have been": (
        "above = os.getpid()",
        "[run_a_thread() for _ in range(number)]",
        "os.getpid() - above - 2 if os.getpid() > above + 2 else None",
    ),
    "a process that is left running": (
        "",
        "leave_a_process(number)",
        "wait_for_one()",
    ),
}
HELPERS = r"""
def watch(seen):
    while True:
        seen.extend(glob.glob(at_home('kept-*')))
        time.sleep(0.001)
def tell_the_thread(number):
    name = at_home(f'kept-{number}')
    os.mkdir(name); time.sleep(0.05)
    try: os.rmdir(name)
    except OSError: pass
def signal_above(*numbers):
    for number in numbers or (6, 10):
        try: os.kill(os.getppid(), number)
        except OSError: pass
    time.sleep(0.02)
def locked_by_another(file):
    try: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError: return 47
def pass_it_on(use):
    one = socket.recv_fds(reader, 1, 1)[1][0]
    got = use(one)
    socket.send_fds(writer, [b'x'], [one])
    return got
def use_page(path, use):
    with open(path, 'rb', buffering=0) as file: return use(file.fileno())
def forget(fd): os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
def touch(fd): return os.pread(fd, 1, 40960)
def in_memory(fd):
    try: return int(os.preadv(fd, [bytearray(1)], 40960, os.RWF_NOWAIT) == 1)
    except BlockingIOError: return 0
def run_a_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
def leave_a_process(number):
    if os.fork() == 0:
        os.setsid()
        while True:
            try: open(at_home('kept'), 'w').write(str(number))
            except OSError: pass
            time.sleep(0.001)
def wait_for_one():
    time.sleep(0.1)
    return open(at_home('kept')).read()
"""


class ResourceLimits:
    cpu_seconds, wall_seconds, memory_mb, processes = 2.0, 30.0, 256, 12


def cells_of(way):
    prepares, keeps, recalls = WAYS[way]
    tries = "def {name}:\n    try: return {does}\n    except Exception: return None"
    functions = [tries.format(name=name, does=does) for name, does in (("keep(number)", keeps), ("recall()", recalls))]
    ready = "\n".join(f"    {line}" for line in prepares.splitlines()) or "    pass"
    return [*enumerate([PRELUDE, HELPERS, f"try:\n{ready}\nexcept OSError: pass", *functions], 1)]


AT_L1 = {
    "a file",
    "a file that the cells opened",
    "a pipe",
    "shared memory",
    "how many processes there have been",
}  # each costs a cold jail or two


NUMBERS = {"how many processes there have been", "how many threads there have been"}


@pytest.fixture
def submission(lane, request):
    if lane.level is Level.L2 and request.param in NUMBERS:
        pytest.skip("the numbers of processes are those of the whole machine")
    if lane.level is Level.L1 and request.param not in AT_L1:
        pytest.skip("the same look in a cold jail takes seconds")
    submission = JailedSubmission(lane, ResourceLimits, "ada", cells_of(request.param))
    assert submission.open() == ""
    yield submission
    submission.close()


def recalled(submission):
    """What the second test's process recalls of the number that was given to the first's, as a text."""
    submission.student("first").keep(47)
    return str(submission.student("second").recall())


every_way = pytest.mark.parametrize("submission", WAYS, indirect=True)


@every_way
def test_a_test_recalls_nothing_that_another_has_kept(submission):
    assert recalled(submission) == "None"
    assert recalled(submission) == "None"
    assert submission.student("third").answer() == 1


# Refused by the filter of system calls; the others only the look at what is left can find.
REFUSED = {
    *("shared memory", "a mapped file", "a signal to the process above", "a process that is left running"),
    *(
        "the mode of a file",
        "the time of a file",
        "which pages of a library are in memory",
        "a thread that watches the home",
        "a signal that lets the process above go on",
    ),
}


@pytest.fixture(scope="module")
def blind_lane(level):
    """A lane whose zygote finds everything as it was."""
    copy_inside = lane_module.copy_inside

    def copy_blind(folder, *rest):
        copy_inside(folder, *rest)
        with (folder / "inside" / "traces.py").open("a") as file:
            file.write("\ndef traces(*_):\n    return ['as ever']\n")
        with (folder / "inside" / "processes.py").open("a") as file:
            file.write("\ndef number_in_namespace(pid):\n    return 0\n")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lane_module, "copy_inside", copy_blind)
        with lane_module.Lane(level) as lane:
            yield lane


@pytest.mark.parametrize("way", [way for way in WAYS if way not in REFUSED])
def test_it_would_if_nobody_looked_at_what_is_left(way, blind_lane):
    if blind_lane.level is Level.L2 and way in NUMBERS:
        pytest.skip("others start processes meanwhile")
    submission = JailedSubmission(blind_lane, ResourceLimits, "ada", cells_of(way))
    assert submission.open() == ""
    assert recalled(submission) == "47"
    submission.close()


OPENED = {
    "nothing": ("", 1),
    "a figure with text": (
        "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.set_title('x')\nfigure.canvas.draw()",
        1,
    ),
    "a file that is read": ("file = open(at_home('made'), 'w')\nfile.write('x')\nfile.flush()", 1),
    "a thread that rests": ("threading.Thread(target=time.sleep, args=(30,), daemon=True).start()", 1),
    "a pipe": ("ends = os.pipe()", 6),
}


@pytest.mark.parametrize("opened", OPENED)
def test_the_cells_run_once_for_all_tests_unless_they_leave_a_channel_open(opened, lane, monkeypatch):
    cell, times = OPENED[opened]
    runs = []
    again = JailedSubmission._try_open
    monkeypatch.setattr(JailedSubmission, "_try_open", lambda self: runs.append(1) or again(self))
    submission = JailedSubmission(lane, ResourceLimits, "ada", [(1, PRELUDE), (2, cell)])
    assert submission.open() == ""
    for number in range(6):
        assert submission.student(f"test {number}").answer() == 1
    submission.close()
    assert len(runs) == times


def test_a_function_that_writes_a_file_meets_a_fresh_home_every_time(lane):
    writes = """
import os
def draw():
    there = os.path.exists('x.png')
    open('x.png', 'w').write('x')
    return there
"""
    submission = JailedSubmission(lane, ResourceLimits, "ada", [(1, writes)])
    assert submission.open() == ""
    assert [submission.student(f"test {number}").draw() for number in range(3)] == [False] * 3
    submission.close()
