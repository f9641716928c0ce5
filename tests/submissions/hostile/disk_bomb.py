"""Fills the disk. What it may write is limited, and removed: nothing is left."""
# %%
import os
written = 0
for number in range(3000):
    try:
        with open(os.path.expanduser(f"~/jec_was_here-{number}"), "wb") as file:
            for _ in range(32): written += file.write(bytes(1 << 20))
    except OSError: break
