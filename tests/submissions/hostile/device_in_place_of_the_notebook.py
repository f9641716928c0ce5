"""Hands in a device without end (as a link's target, where only root may make one). It is not read: no points."""
# problem: target.ipynb is
# held: target.ipynb' is a
# %% folder
import os
try: os.mknod(path, 0o20666, os.makedev(1, 5))
except OSError: path.symlink_to("/dev/zero")
