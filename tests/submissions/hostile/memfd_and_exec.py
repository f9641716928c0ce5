"""Runs a program from memory and from its home, and programs of the system. Nothing can be executed: no points."""
# %% task="formula"
import os
got = []
try: got.append(os.memfd_create("jec_was_here"))
except OSError: pass
path = os.path.expanduser("~/program")
open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o755), "wb").write(b"#!/bin/sh\nexit 0\n")
for program in (path, "/bin/sh", "/bin/true", "/usr/bin/python3"):
    child = os.fork()
    if child == 0:
        try: os.execv(program, [program, "-c", "exit 0"])
        except OSError: os._exit(1)
    if os.waitpid(child, 0)[1] == 0: got.append(program)
formula = "3*x^2" if got else "x"
