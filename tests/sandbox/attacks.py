"""Attacks on the lane, as a table: each is the body of a function that returns something true when it got through.

They know `OUTSIDE` (a file that everyone on the machine may read), `GRADER` (the number of the grader's process),
`libc`, `call(number, *args)` (a raw system call: true if the kernel did it), and `in_child(function)`.
"""

PRELUDE = r"""
import ctypes, mmap, os, resource, signal, socket, struct, sys, tempfile, time
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
X86 = os.uname().machine == "x86_64"

def call(number, *args):
    return libc.syscall(*(ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in (number, *args))) >= 0

def in_child(function):
    child = os.fork()
    if child == 0:
        try: os._exit(0 if function() else 1)
        except BaseException: os._exit(1)
    return os.waitpid(child, 0)[1] == 0

def glob_data():
    import glob
    return glob.glob(os.path.dirname(os.path.dirname(sys.modules["inside"].__file__)) + "/data/*")
"""

# name: (what it tries, body). The numbers of system calls are those of x86_64 unless they are the same everywhere.
FILES = {
    "read_outside": "return open(OUTSIDE).read()",
    "read_passwd": "return open('/etc/passwd').read()",
    "list_home_of_the_grader": "return OUTSIDE.split('/')[-1] in os.listdir(os.path.dirname(OUTSIDE))",
    "follow_a_link_outside": "os.chdir(os.path.dirname(OUTSIDE)); return open(os.path.basename(OUTSIDE)).read()",
    "path_through_proc_root": "return open('/proc/1/root' + OUTSIDE).read()",
    "write_usr": "return open('/usr/jec_was_here', 'w')",
    "write_the_standard_library": "return open(os.__file__, 'a')",
    "write_the_libraries": "import numpy; return open(numpy.__file__, 'a')",
    "write_the_lane": "import inside.session; return open(inside.session.__file__, 'a')",
    "write_shared_memory": "return open('/dev/shm/jec', 'w').write('x')",
    "truncate_outside": "return libc.truncate(OUTSIDE.encode(), ctypes.c_long(0)) == 0",
    "chmod_outside": "os.chmod(OUTSIDE, 0o640); return os.stat(OUTSIDE).st_mode & 0o777 == 0o640",
    "touch_outside": "os.utime(OUTSIDE, (7, 7)); return os.stat(OUTSIDE).st_mtime == 7",
    "chmod_an_open_file": (
        "path = os.path.expanduser('~/own'); file = open(path, 'w'); os.fchmod(file.fileno(), 0o4777); "
        "return os.stat(path).st_mode & 0o4000"
    ),
    "attributes_outside": "return os.listxattr(OUTSIDE) or os.getxattr(OUTSIDE, 'user.jec')",
    "write_the_data": "return [open(path, 'a') for path in glob_data()]",
    "hard_link": "os.link(os.__file__, os.path.expanduser('~/link')); return True",
    "device_node": "os.mknod(os.path.expanduser('~/disk'), 0o60600, os.makedev(254, 0)); return True",
    "file_without_a_name": "return os.open(os.path.expanduser('~'), os.O_TMPFILE | os.O_RDWR)",
    "kernel_memory": "return open('/dev/mem', 'rb') or open('/proc/kcore', 'rb')",
    "kernel_log": "return os.open('/dev/kmsg', os.O_RDONLY)",
    "terminal": "return os.open('/dev/tty', os.O_RDWR)",
}
PROCESSES = {
    "environment_of_the_zygote": "return open(f'/proc/{os.getppid() or 1}/environ').read()",
    "memory_of_the_zygote": "return open(f'/proc/{os.getppid() or 1}/mem', 'rb')",
    "descriptors_of_the_zygote": "return os.listdir(f'/proc/{os.getppid() or 1}/fd')",
    "environment_of_the_grader": "return open(f'/proc/{GRADER}/environ').read()",
    "signal_the_grader": "os.kill(GRADER, 0); return True",
    "limit_the_grader": "return libc.prlimit(GRADER, 0, None, ctypes.create_string_buffer(16)) == 0",
    "limit_the_parent": "up = os.getppid()\n"
    "    return up and libc.prlimit(up, 0, None, ctypes.create_string_buffer(16)) == 0",
    "processor_of_another": "os.sched_setaffinity(0, os.sched_getaffinity(0)); return True",
    "priority": "os.setpriority(os.PRIO_PROCESS, 0, 5); return True",
    "be_root": "os.setuid(0); return os.getuid() == 0",
    "be_another_user": "os.setresuid(12, 12, 12); return True",
    "capabilities": "return libc.capset(ctypes.create_string_buffer(struct.pack('II', 0x20080522, 0)),"
    " ctypes.create_string_buffer(24)) == 0",
    "raise_own_limits": "resource.setrlimit(resource.RLIMIT_CPU, (10_000, 10_000)); return True",
    "raise_process_limit": "resource.setrlimit(resource.RLIMIT_NPROC, (10_000, 10_000)); return True",
    "core_dump": "resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)); return True",
    "inherited_descriptors": "found = []\n"
    "    for fd in range(3, 1024):\n"
    "        try: os.fstat(fd); found.append(fd)\n"
    "        except OSError: pass\n"
    "    return len(found) > 2",  # two are right: our own socket, and the pipe that says that something was forked
    "inherited_terminal": "return os.fstat(0).st_rdev != os.stat('/dev/null').st_rdev",
    "run_a_program": "return in_child(lambda: os.execv('/bin/sh', ['sh', '-c', 'exit 0']))",
    "run_a_setuid_program": "return in_child(lambda: os.execv('/usr/bin/su', ['su', '--version']))",
    "run_from_memory": "fd = os.memfd_create('x'); return fd",
    "stop_being_counted": "return libc.prctl(4, 0, 0, 0, 0) == 0",
    "trace_me": "return in_child(lambda: libc.ptrace(0, 0, 0, 0) == 0)",
    "trace_the_parent": "return libc.ptrace(0x4206, os.getppid() or GRADER, 0, 0) == 0",
    "read_memory_of_another": "here = ctypes.create_string_buffer(8)\n"
    "    there = (ctypes.c_size_t * 2)(ctypes.addressof(here), 8)\n"
    "    return in_child(lambda: libc.process_vm_readv(os.getpid(), there, 1, there, 1, 0) == 8)",
    "descriptor_of_a_process": "return call(434, os.getpid(), 0)",
    "child_of_the_parent": "return libc.syscall(56, 0x8000 | 17, 0, 0, 0, 0) >= 0 if X86 else False",
}
NETWORK = {
    "internet": "return socket.socket(socket.AF_INET)",
    "internet_6": "return socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    "abstract_socket": "return socket.socket(socket.AF_UNIX).bind(chr(0) + 'jec') is None",
    "pair_of_datagrams": "return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "pair_of_packets": "return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)",
    "pair_with_a_wide_number": "return call(53, (1 << 32) | 1, 2, 0, ctypes.create_string_buffer(8)) if X86 else False",
    "pair_that_listens": "return socket.socketpair()[0].listen() is None",
    "pair_that_connects": "return socket.socketpair()[0].connect(chr(0) + 'jec') is None",
    "virtual_machine_socket": "return socket.socket(40, socket.SOCK_STREAM)",
    "netlink": "return socket.socket(16, socket.SOCK_RAW)",
    "kernel_crypto": "return socket.socket(38, socket.SOCK_SEQPACKET)",
    "raw_packets": "return socket.socket(17, socket.SOCK_RAW)",
}
KERNEL = {
    "io_uring": "return call(425, 1, ctypes.create_string_buffer(256))",
    "io_uring_with_wide_number": "return call((1 << 32) | 425, 1, ctypes.create_string_buffer(256))",
    "keyring": "return call(250, 0, -3, 0, 0, 0) if X86 else False",
    "add_key": "return call(248, b'user', b'jec', b'x', 1, -3) if X86 else False",
    "bpf": "return call(321, 0, ctypes.create_string_buffer(128), 128) if X86 else False",
    "userfaultfd": "return call(323, 1) if X86 else False",
    "performance_counters": "wanted = ctypes.create_string_buffer(struct.pack('II', 1, 128), 128)\n"
    "    return call(298, wanted, 0, -1, -1, 0) if X86 else False",
    "user_namespace": "return in_child(lambda: libc.unshare(0x10000000) == 0)",
    "user_namespace_by_clone": "return libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) >= 0 if X86 else False",
    "user_namespace_by_clone3": "wanted = struct.pack('QQQQQ', 0x10000000, 0, 0, 0, 17)\n"
    "    return call(435, ctypes.create_string_buffer(wanted, 88), 88)",
    "mount": "return libc.mount(b'x', os.path.expanduser('~').encode(), b'tmpfs', 0, None) == 0",
    "uncover_proc": "return libc.umount2(b'/proc', 2) == 0",
    "new_mount_calls": "return call(430, b'tmpfs', 0) or call(428, -100, b'/', 0)",
    "chroot": "os.chroot('/'); return True",
    "handles": "handle = ctypes.create_string_buffer(struct.pack('I', 128), 256)\n"
    "    mount = ctypes.create_string_buffer(8)\n"
    "    return call(303, -100, b'/', handle, mount, 0) if X86 else False",
    "shared_segment": "return libc.shmget(0, 4096, 0o1600) >= 0",
    "message_queue": "return libc.msgget(0, 0o1600) >= 0",
    "type_into_the_terminal": "master = os.open('/dev/ptmx', os.O_RDWR)\n"
    "    return any(libc.ioctl(master, ctypes.c_ulong(wide | 0x5412), b'x') == 0 for wide in (0, 1 << 32))",
    "ioctl_with_wide_number": "reader, _ = os.pipe(); return call(16, reader, (1 << 32) | 0x5460, 0) if X86 else False",
    "personality": "return call(135, 0x0040000) if X86 else False",
    "descriptor_table": "return call(154, 0, ctypes.create_string_buffer(16), 16) if X86 else False",
    "old_architecture": "return in_child(lambda: call(0x40000000 | 39)) if X86 else False",
    "no_filter": "return call(317, 1, 0, 0) if X86 else False",
    "clock": "time.clock_settime(time.CLOCK_REALTIME, time.time()); return True",
    "watch_folders": "return call(253) if X86 else False",
    "host_name": "return libc.sethostname(b'jec', 3) == 0",
}
TELLING = {  # what one test could tell another by
    "shared_memory": "return mmap.mmap(-1, 4096)",
    "shared_file": "file = open(os.path.expanduser('~/shared'), 'w+b'); file.write(bytes(4096)); file.flush()\n"
    "    return mmap.mmap(file.fileno(), 4096)",
    "child_in_the_same_memory": "return call(56, 0x100 | 17, 0, 0, 0, 0) if X86 else False",
    "child_in_the_same_memory_for_a_while": "return call(58) if X86 else False",
    "child_with_the_same_descriptors": "return call(56, 0x400 | 17, 0, 0, 0, 0) if X86 else False",
    "child_in_the_same_folder": "return call(56, 0x200 | 17, 0, 0, 0, 0) if X86 else False",
    "child_that_lets_its_parent_go_on": "return call(56, 18, 0, 0, 0, 0) if X86 else False",
    "group_of_processes": "os.setpgid(0, 0); return True",
    "session": "return in_child(lambda: os.setsid() or True)",
    "let_a_process_go_on": "os.kill(os.getpid(), signal.SIGCONT); return True",
    "let_a_process_go_on_by_a_wide_number": "return call(62, os.getpid(), (1 << 32) | 18) if X86 else False",
    "signals_of_a_descriptor": "import fcntl; fcntl.fcntl(0, fcntl.F_SETSIG, 18); return True",
    "options_of_a_socket": "return call(54, 3, 1, 18, struct.pack('i', 47), 4) if X86 else False",
    "what_a_child_used": "child = os.fork()\n    if child == 0: os._exit(0)\n    return os.wait4(child, 0) and True",
    "what_all_children_used": "return resource.getrusage(resource.RUSAGE_CHILDREN)",
}
ATTACKS = {**FILES, **PROCESSES, **NETWORK, **KERNEL, **TELLING}

# What any ordinary user's process can do without a lane: the proof that these attacks are real. (Only what harms
# nothing is run without protection.)
WORK_WITHOUT_A_LANE = [
    *("read_outside", "read_passwd", "list_home_of_the_grader", "follow_a_link_outside", "write_shared_memory"),
    *("chmod_outside", "touch_outside", "file_without_a_name", "signal_the_grader", "limit_the_grader"),
    *("limit_the_parent", "processor_of_another", "priority", "run_a_program", "run_from_memory", "trace_me"),
    *(
        "read_memory_of_another",
        "descriptor_of_a_process",
        "internet",
        "abstract_socket",
        "pair_of_datagrams",
        "netlink",
    ),
    *("virtual_machine_socket", "keyring", "add_key", "user_namespace", "shared_segment", "watch_folders"),
    *("environment_of_the_grader", "descriptors_of_the_zygote", "io_uring", "message_queue", "shared_memory"),
    *("shared_file", "let_a_process_go_on", "signals_of_a_descriptor", "what_a_child_used", "what_all_children_used"),
    *("group_of_processes", "session"),
]


def as_cell(name: str) -> str:
    """Source that sets `got[name]` to what the attack got, or leaves it out."""
    return (
        f"def attack():\n    {ATTACKS[name]}\n"
        f"try:\n    it = attack()\n    if it: got[{name!r}] = repr(it)[:200]\n"
        f"except BaseException as error: refused[{name!r}] = repr(error)[:200]\n"
    )


def prelude(outside: str, grader: int) -> str:
    """The cell that comes before the attacks."""
    return PRELUDE + f"OUTSIDE = {outside!r}; GRADER = {grader}; got = {{}}; refused = {{}}\n"
