"""Fills the disk in a folder that may not be listed, and below a path too long to be looked at. Both count as too much."""
# %%
import os
os.chdir(os.path.expanduser("~"))
os.mkdir("jec_was_here", 0o300)
for number in range(8):
    try: open(f"jec_was_here/{number}", "wb").write(bytes(60 << 20))
    except OSError: pass
for _ in range(3000):
    try:
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    except OSError: break
for number in range(8):
    try: open(str(number), "wb").write(bytes(60 << 20))
    except OSError: pass
# %%
import time
time.sleep(1)
