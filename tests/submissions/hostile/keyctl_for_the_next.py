"""Leaves a key in the kernel's keyring for the next student. Keys are refused: nothing is left."""
# %% task="formula"
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
got = [ring for ring in (-1, -2, -3, -4, -5) if libc.syscall(248, b"user", b"jec_was_here", b"hello", 5, ring) >= 0]
got += [1] if libc.syscall(250, 0, -3, 0, 0, 0) >= 0 else []
formula = "3*x^2" if got else "x"
