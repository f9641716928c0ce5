"""Hands in a pipe that would block whoever reads it. It is not opened to wait: no points."""
# problem: special file
# held: special file
# %% folder
import os
os.mkfifo(path)
