"""Looks for memory that it shares with the zygote and others, and fills it. There is none, or only its own: nobody notices."""
# %%
import ctypes, mmap, os
libc = ctypes.CDLL(None)
for path in ("/dev/shm/jec_was_here", "/dev/shm/sem.jec_was_here", "/dev/mqueue/jec_was_here"):
    try: open(path, "w").write("x")
    except OSError: pass
for key in (0, 0x6A6563):
    for size in (4096, 1 << 20):
        identity = libc.shmget(key, size, 0o1666)
        if identity >= 0: libc.shmat(identity, None, 0)
    libc.semget(key, 1, 0o1666); libc.msgget(key, 0o1666)
libc.mq_open(b"/jec_was_here", os.O_CREAT | os.O_RDWR, 0o666, None)
import numpy, inside.wire
for module in (numpy, inside.wire):
    try: mmap.mmap(os.open(module.__file__, os.O_RDWR), 0)[:10] = b"x" * 10
    except OSError: pass
