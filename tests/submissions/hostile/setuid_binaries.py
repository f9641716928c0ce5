"""Runs su, sudo, mount and others that would make it root. Nothing can be executed, and none would help: no points."""
# %% task="formula"
import os
got = []
for name in ("su", "sudo", "mount", "passwd", "newgrp", "chsh", "fusermount3", "pkexec"):
    child = os.fork()
    if child == 0:
        try: os.execv(f"/usr/bin/{name}", [name, "--help"])
        except OSError: os._exit(77)
    if os.waitpid(child, 0)[1] != 77 << 8: got.append(name)
for call in (os.setuid, os.setgid, os.seteuid):
    try: got.append(call(0))
    except OSError: pass
formula = "3*x^2" if got else "x"
