"""Hands in a hard link to the reference. Its text is not a notebook, and is not repeated in the report: no points."""
# problem: not JSON
# held: hard link
# %% folder
import os
os.link("@COURSE@/solutions/target/reference.py", path)
