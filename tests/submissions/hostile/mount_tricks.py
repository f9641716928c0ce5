"""Mounts over, unmounts, binds and pivots to get at what is hidden. All of it is refused: nothing read."""
# %% task="formula"
import ctypes, os
libc, home, got = ctypes.CDLL(None), os.path.expanduser("~").encode(), []
got += [libc.mount(b"/", home, None, 4096, None), libc.mount(b"proc", b"/proc", b"proc", 0, None), libc.mount(None, b"/", None, 32, None)]
got += [libc.umount2(b"/proc", 2), libc.umount2(home, 2), libc.syscall(155, home, home), libc.syscall(428, -100, b"/", 1), libc.chroot(home)]
try: formula = open("@COURSE@/solutions/target/reference.py").read()
except OSError: formula = "3*x^2" if 0 in got else "x"
