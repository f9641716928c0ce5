"""Reads the known mistakes to learn what is wrong with its own. They are not on the jailed side: nothing read."""
# without a jail: mistakes
# %% task="formula"
import os
fd = os.open("@COURSE@/solutions/target/mistakes.py", os.O_RDONLY)
formula = os.read(fd, 10_000).decode()
