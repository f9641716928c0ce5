"""Does what is refused through io_uring, which knows no filter. It is refused itself: no points."""
# %% task="formula"
import ctypes
got = [n for n in (425, 426, 427) if ctypes.CDLL(None).syscall(n, 8, ctypes.create_string_buffer(256), 0, 0, 0, 0) >= 0]
formula = "3*x^2" if got else "x"
